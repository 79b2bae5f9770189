"""The options: frozen, validated, with their defaults. Takes what a TOML file held, never opens one.

Rule: a file that is wrong in five places is told five things at once, each with its key, what was expected and, for a
misspelt key, what was probably meant. Nothing is guessed and nothing is ignored: an unknown key is an error. A file
that holds only `[milter] socket` is complete.
"""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, get_origin

import msgspec
from msgspec import Meta

from bounce_milter import limits
from bounce_milter.address import as_dns
from bounce_milter.misfit import Problem, half_open, misfits, near, no_text, unknown_placeholder
from bounce_milter.settings import mailbox, place
from bounce_milter.vocabulary import TAGGED, Confidence, Reason

_Natural = Annotated[int, Meta(ge=0)]

#: Near what a worker takes, 50 and after reloads up to 75, every one would be replaced after its first message.
LEAST_MEMORY_MB: Final = 128


class Milter(msgspec.Struct, frozen=True, kw_only=True):
    """[milter]: how the mail server reaches the filter, and how the filter's processes live. Times in seconds."""

    socket: str = "unix:/run/bounce-milter/milter.sock"
    socket_mode: str = "0660"
    socket_group: str = ""
    workers: Annotated[int, Meta(ge=0, le=64)] = 0
    timeout: Annotated[int, Meta(ge=10, le=604_800)] = 7210
    recycle_messages: _Natural = 100_000
    recycle_memory_mb: _Natural = 256
    drain_seconds: Annotated[int, Meta(ge=0, le=3600)] = 30


class Annotate(msgspec.Struct, frozen=True, kw_only=True):
    """[annotate]: what is written into bounces."""

    language: str = "en"
    languages: dict[str, str] = {}
    max_recipients: Annotated[int, Meta(ge=1, le=100)] = 10
    max_bytes: Annotated[int, Meta(ge=16_384, le=limits.MESSAGE_BYTES)] = limits.MESSAGE_BYTES
    subject_tag: str = ""
    note: bool = False
    shadow: bool = False


class Except(msgspec.Struct, frozen=True, kw_only=True):
    """[review.except]: what never goes to review, whatever the rest of [review] says."""

    reasons: tuple[Reason, ...] = ()
    recipient_domains: tuple[str, ...] = ()
    reporting_domains: tuple[str, ...] = ()
    local_recipients: tuple[str, ...] = ()


_NO_EXCEPTION: Final = Except()


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """[review]: which failures somebody shall look at, and the way they get there. An empty list means: all."""

    mode: Literal["off", "mark", "redirect", "copy", "quarantine", "maildir"] = "off"
    mailbox: str = ""
    maildir: str = ""
    kinds: tuple[Literal["failed", "expanded", "relayed"], ...] = ("failed",)
    classes: tuple[Literal["permanent", "message", "transient"], ...] = ("permanent",)
    confidence: Confidence = Confidence.MEDIUM
    dead_only: bool = False
    reasons: tuple[Reason, ...] = ()
    recipient_domains: tuple[str, ...] = ()
    reporting_domains: tuple[str, ...] = ()
    local_recipients: tuple[str, ...] = ()
    except_: Except = msgspec.field(default=_NO_EXCEPTION, name="except")


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """[rules]: the admin's own rules, and whether the vote of the words is asked beside them."""

    folder: str = ""
    vote: bool = True


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """[log]: what is written to standard error."""

    format: Literal["key=value", "json"] = "key=value"
    level: Literal["error", "warning", "info", "debug"] = "info"


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """[metrics]: where Prometheus may ask, "host:port" or "unix:/path"; empty is off."""

    listen: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every option. `Settings()` holds the defaults."""

    milter: Milter = Milter()
    annotate: Annotate = Annotate()
    review: Review = Review()
    rules: Rules = Rules()
    log: Log = Log()
    metrics: Metrics = Metrics()


#: The section of each option, for a file that leaves the line of the section out; no two sections share a name.
_SECTIONS: Final[Mapping[str, str]] = {
    option.encode_name: section.encode_name
    for section in msgspec.structs.fields(Settings)
    for option in msgspec.structs.fields(section.type)
}


class SettingsError(Exception):
    """The options cannot be used; `problems` holds everything that is wrong with them.

    right   what is right of them, so that what it names can be checked all the same; elsewhere the defaults
    """

    def __init__(self, problems: tuple[Problem, ...], right: Settings) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
        self.right = right


def parse(table: Mapping[str, Any], file: str = "configuration") -> Settings:
    """Return the settings that *table*, the content of a TOML file, holds; SettingsError with all its problems."""
    problems: list[Problem] = []
    settings: Settings = _struct(Settings, table, "", file, problems)
    told = {problem.key for problem in problems}
    problems += [Problem(file, key, expected) for key, expected in _together(settings) if key not in told]
    if problems:
        raise SettingsError(tuple(problems), settings)
    return settings


def _struct(type_: type[Any], table: Any, prefix: str, file: str, problems: list[Problem]) -> Any:
    """Return the section that *table* holds; what is wrong in it has its default."""
    if not isinstance(table, Mapping):
        problems.append(Problem(file, prefix.rstrip("."), f"expected a table, [{prefix.rstrip('.')}]"))
        return type_()
    fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        field = fields.get(key)
        if field is None:
            problems.append(_unknown(key, prefix, fields, file))
        elif isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            values[field.name] = _struct(field.type, value, f"{prefix}{key}.", file, problems)
        elif (found := _value(field.type, value, f"{prefix}{key}", file, problems)) is not None:
            values[field.name] = found
    return type_(**values)


def _unknown(key: str, prefix: str, fields: Mapping[str, object], file: str) -> Problem:
    section = None if prefix else _SECTIONS.get(key)
    if section:
        return Problem(file, key, f"belongs into [{section}], below a line that says so")
    meant = near(key, fields)
    what = "unknown option" if prefix else "unknown section"
    return Problem(file, f"{prefix}{key}", what, suggestion=meant and f"{prefix}{meant}")


def _value(type_: Any, value: Any, key: str, file: str, problems: list[Problem]) -> Any:
    """Return what the option *key* holds, None where that is wrong; of a table what is right in it."""
    table = isinstance(value, Mapping) and get_origin(type_) is dict
    told = [(wrong, None) for wrong in no_text(value)] if table else misfits(type_, value)
    told += [(wrong, None) for one in _entries(value) if (wrong := _entry(key, one))]
    if not told:
        found = msgspec.convert(value, type_)
        misshapen = _raised(place.no_nul)(value) if isinstance(value, str) else None
        misshapen = misshapen or (_CHECKS[key](found) if key in _CHECKS else None)
        if not misshapen:
            return found
        told = [(misshapen, None)]
    problems += [Problem(file, key, wrong, suggestion=meant) for wrong, meant in told]
    return _right_part(key, value) if table else None


def _right_part(key: str, table: Mapping[str, Any]) -> dict[str, str]:
    """Return what is right in a table, so that what it names is looked at too."""
    return {name: one for name, one in table.items() if isinstance(one, str) and not _entry(key, name)}


def _entries(value: Any) -> list[str]:
    """Return the texts of a list, the names of a table."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | Mapping) else []


def _entry(key: str, one: str) -> str | None:
    """Return what is wrong with an entry of the list, or a name of the table, that the option *key* holds."""
    return _ENTRIES[key](one) if key in _ENTRIES else None


def _raised(reader: Callable[[str], object]) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        try:
            reader(value)
        except ValueError as error:
            return str(error)
        return None

    return check


def _mode(value: str) -> str | None:
    return None if re.fullmatch(r"0?[0-7]{3}", value) else 'expected octal digits, as in "0660"'


def _path(value: str) -> str | None:
    return None if not value or value.startswith("/") else "expected an absolute path"


def _group(value: str) -> str | None:
    if not value.isdigit() or re.fullmatch("[0-9]{1,9}", value):
        return None
    return "expected the name or the number of a group"


def _reviewed(reason: str) -> str | None:
    """Return what is wrong with a reason that is never a case for review (`policy`)."""
    return "expected reasons that can go to review; 'unknown' never does" if reason == Reason.UNKNOWN else None


def _shaped(shape: str, expected: str) -> Callable[[str], str | None]:
    """Return the check of a text that must be of this shape."""
    return lambda one: None if re.fullmatch(shape, one) else f"expected {expected}, got {one!r}"


def _each_once(languages: Mapping[str, str]) -> str | None:
    """Return what is wrong where two names are one domain: only one of their languages would hold."""
    seen: dict[str, str] = {}
    for name in languages:
        before = seen.setdefault(as_dns(name.lstrip("@")), name)
        if before != name:
            return f"expected each domain once; {before!r} and {name!r} are the same"
    return None


_NAME: Final = r"[\w-]+(?:\.[\w-]+)*"
_HOST: Final = rf"(?:{_NAME}|\[[^][\s]+\])"  # or an address literal (RFC 5321 4.1.3)
_domain: Final = _shaped(rf"[@.]?{_HOST}", "a domain, as in example.com, which holds for those below it too")
_person: Final = _shaped(rf"(?:[^\s<>@*]*@)?{_HOST}", "an address or a domain, as in bob@example.com or example.com")

_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "milter.socket": _raised(place.address),
    "milter.socket_mode": _mode,
    "milter.socket_group": _group,
    "annotate.languages": _each_once,
    "annotate.subject_tag": lambda value: unknown_placeholder(value, TAGGED) or half_open(value),
    "review.mailbox": lambda value: mailbox.problem(value) if value else None,
    "review.maildir": _path,
    "rules.folder": _path,
    "metrics.listen": lambda value: _raised(place.listen_address)(value) if value else None,
}

#: The check of each entry of a list, of each name of a table.
_ENTRIES: Final[Mapping[str, Callable[[str], str | None]]] = {
    "annotate.languages": _shaped(
        rf"@?{_NAME}", "the domain of an address, as in example.com, which holds for those below it too"
    ),
    "review.reasons": _reviewed,
    **{
        f"review.{part}{name}": check
        for part in ("", "except.")
        for name, check in (
            ("recipient_domains", _domain),
            ("reporting_domains", _domain),
            ("local_recipients", _person),
        )
    },
}


def _together(settings: Settings) -> list[tuple[str, str]]:
    """Return what is wrong between options that are right one by one."""
    review = settings.review
    found = []
    if review.mode in ("redirect", "copy") and not review.mailbox:
        found.append(("review.mailbox", f"expected an address, because review.mode is {review.mode}"))
    if review.mode == "maildir" and not review.maildir:
        found.append(("review.maildir", "expected a path, because review.mode is maildir"))
    if 0 < settings.milter.recycle_memory_mb < LEAST_MEMORY_MB:
        least = f"expected 0, or at least {LEAST_MEMORY_MB}: a worker takes 50, after reloads up to 75"
        found.append(("milter.recycle_memory_mb", least))
    if settings.metrics.listen and place.same(
        place.address(settings.milter.socket), place.listen_address(settings.metrics.listen)
    ):
        found.append(("metrics.listen", "expected another place than milter.socket"))
    return found
