"""One row of a rule file: what a server says, when it counts, what it means; read from TOML and validated.

Rule: a row that is wrong costs itself and leaves a Problem with file and line for each of its faults; the others work. A
row of an overlay (the admin's own files) replaces the row of the same id field by field, or switches it off
(`disabled = true`); one that does neither must be whole, and stand there once. All patterns are RE2: linear time whatever
they or a reply hold.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, Final, NamedTuple

import msgspec
import re2

from bounce_milter import limits, toml
from bounce_milter.catalogue.pattern import alternatives, mute, nesting, weight
from bounce_milter.misfit import Problem, did_you_mean, hinted, misfits, near
from bounce_milter.reply.verbs import COMMANDS
from bounce_milter.vocabulary import Act, Class, Reason

STRENGTHS: Final = ("token", "phrase", "hint")
_HEAD: Final = re.compile(r"\s*\[\[?\s*rule\s*\]")
# What a text of several lines holds is none of the file's own; comments and other texts are passed over.
_TOKENS: Final = re.compile(
    r"""(?P<lines>"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5})|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*""",
    re.DOTALL,
)
_ID: Final = re.compile(r"""\s*id\s*=\s*["']([^"']+)["']""")
# A repetition by number: repeated again, or of a class of letters, such a pattern may be too large to compile.
_LARGE: Final = re.compile(r"\{[0-9]")
# What of RE2's syntax has capital letters: an escaped backslash is none of it.
_SYNTAX: Final = re.compile(
    r"\\\\|\\[pP]\{\^?\w+\}|\\[pP][A-Z]|\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\[A-Z]|\(\?P<\w+>"
)
#: Groups within groups: what takes a pattern apart goes down with them, and no packaged one has more than five.
_NESTING: Final = 20
_ID_SHAPE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PAGE: Final = re.compile(r"https?://[^\s/]+\S*")
_REPLY: Final = r"[2-5](?:[0-9][0-9]?)?"
_STATUS: Final = r"[245](?:\.[0-9]{1,3}){0,2}"


class Rule(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename={"class_": "class"},
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """One row: what a server says, when it counts, and what it means.

    pattern    RE2, lower case; on the raw text for tokens, else on the normalised words; None where the code is enough
    reply status command by   constraints: alternatives with |, a prefix of a code ("5", "5.7") covers what it begins;
               `by` holds suffixes of the host that spoke, or markers in the raw text
    class_ act None: what the reason implies (vocabulary.REASONS)
    priority   breaks ties by hand; above all but strength
    follow_up  the words only tell the consequence of an earlier reply: whatever else the reply says counts instead
    dead       false: servers say it of living addresses too, so it never proves an address dead
    list lookup   name of the block list that the words name, and the page where a listing is looked up
    sample     a reply, or several, that must give this reason and class; sample_by, sample_command  said by, after
    """

    id: str
    reason: Reason
    source: str
    sample: str | tuple[str, ...]
    pattern: str | None = None
    reply: str | None = None
    status: str | None = None
    command: str | None = None
    by: tuple[str, ...] = ()
    class_: Class | None = None
    act: Act | None = None
    strength: str = "phrase"
    priority: int = 0
    follow_up: bool = False
    dead: bool = True
    list: str | None = None
    lookup: str | None = None
    words: str | None = None
    sample_by: str | None = None
    sample_command: str | None = None
    disabled: bool = False

    @property
    def samples(self) -> tuple[str, ...]:
        """The sample replies, one or several."""
        return (self.sample,) if isinstance(self.sample, str) else self.sample


_FIELDS: Final[Mapping[str, Any]] = {field.encode_name: field.type for field in msgspec.structs.fields(Rule)}
_NEEDED: Final = frozenset(field.encode_name for field in msgspec.structs.fields(Rule) if field.required)
# By one of these a rule is found.
_FOUND_BY: Final = ("pattern", "reply", "status")


class Place(NamedTuple):
    """Where a rule stands."""

    file: str
    line: int

    def problem(self, key: str, message: str) -> Problem:
        """Return what is wrong with the rule of this key."""
        return Problem(self.file, key, message, self.line)


def read(
    files: Iterable[tuple[str, str]],
    overlay: Iterable[tuple[str, str]] = (),
    *,
    proven: bool = False,
    bare: bool = False,
) -> tuple[list[Rule], Mapping[str, Place], list[Problem]]:
    """Return the rules of *files*, pairs of name and TOML text, with *overlay* laid over them; where each stands; what is wrong.

    proven   the rows of *files* were checked before (the tests do): only what the overlay touches is checked again
    bare     the samples and sources of these rows are left out: half a megabyte that only a linter asks for
    """
    overlay = tuple(overlay)
    own = {name for name, _ in overlay}
    problems: list[Problem] = []
    rows: dict[str, tuple[dict[str, Any], Place]] = {}
    for name, text in (*files, *overlay):
        _collect(name, text, rows, problems, own)
    for row, place in rows.values():
        if bare and place.file not in own:
            row.update(sample="", source="")
    rules = [
        rule
        for row, place in rows.values()
        if (rule := _rule(row, place, problems, check=not proven or place.file in own))
    ]
    return rules, {key: place for key, (_, place) in rows.items()}, problems


def _collect(
    name: str, text: str, rows: dict[str, tuple[dict[str, Any], Place]], problems: list[Problem], own: Set[str]
) -> None:
    """Add the rows of one file, each with its place; those of the admin's *own* files go over the others."""
    try:
        table = toml.read(text)
    except toml.TomlError as error:
        problems.append(Problem(name, "", str(error), error.line))
        return
    text = _without_lines(text)
    lines = _lines(text)
    unknown = [key for key in table if key != "rule"]
    problems += [Problem(name, key, "unknown table, only [[rule]] is known", _line(text, key)) for key in unknown]
    found = table.get("rule", [])
    if isinstance(found, dict):
        problems.append(
            Problem(name, "rule", "expected two brackets, [[rule]]: each is one of many", _line(text, "rule"))
        )
        return
    heads = [number for number, line in enumerate(text.split("\n"), 1) if _HEAD.match(line)]
    for at, row in enumerate(found if isinstance(found, list) else [found]):
        key = row.get("id") if isinstance(row, dict) else None
        if not isinstance(key, str) or not key:
            head = heads[at] if at < len(heads) else 0
            problems += [Problem(name, "", message, head) for message in _nameless(row)]
            continue
        place = Place(name, lines[key].pop(0) if lines.get(key) else _line(text, key))
        if no_place := _no_place(row, name, rows, own):
            problems += [place.problem(key, message) for message in (no_place, *_unfit(row))]
        else:
            rows[key] = ({**rows[key][0], **row} if key in rows else row, place)


def _nameless(row: object) -> list[str]:
    """Return what is wrong with a row that has no id, or none that is a text."""
    if not isinstance(row, dict):
        return ["expected a table, [[rule]]"]
    return [*([] if "id" in row else ["id is missing"]), *_unfit(row)]


def _no_place(
    row: Mapping[str, Any], name: str, rows: Mapping[str, tuple[dict[str, Any], Place]], own: Set[str]
) -> str | None:
    """Return why a row of the file *name* neither adds a rule to *rows* nor changes one; None where it does."""
    other = rows[row["id"]][1] if row["id"] in rows else None
    if other and (name not in own or other.file in own):
        return f"the same id stands in {other.file}:{other.line}"
    if other is None and name in own and not row.keys() >= _NEEDED:
        return _no_such(row, [key for key, (_, place) in rows.items() if place.file not in own])
    return None


def _no_such(row: Mapping[str, Any], rows: Iterable[str]) -> str:
    meant = near(row["id"], rows)
    hint = did_you_mean(meant and repr(meant))
    needed = sorted(_NEEDED - row.keys())
    if row.keys().isdisjoint(_FOUND_BY):
        needed.append(f"one of {', '.join(_FOUND_BY)}")
    return f"there is no rule of this id to change, and a new one needs {', '.join(needed)}{hint}"


def _without_lines(text: str) -> str:
    """Return a file's text with nothing but line ends in each of its texts that may have several lines."""
    if '"""' not in text and "'''" not in text:
        return text
    return _TOKENS.sub(lambda found: "\n" * found[0].count("\n") if found["lines"] else found[0], text)


def _lines(text: str) -> dict[str, list[int]]:
    """Return the lines, from 1, on which each id is given."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        given = _ID.match(line)
        if given:
            found.setdefault(given[1], []).append(number)
    return found


def _line(text: str, key: str) -> int:
    """Return the line, from 1, on which *key* is given as an id or a table, 0 where it is not found."""
    name = re.escape(key)
    given = rf"""(?:^|[{{,])\s*id\s*=\s*["']{name}["']"""  # in a table of its own, or in one that stands in a line
    at = re.search(rf"{given}|^\s*(?:\[+\s*{name}|{name}\s*=)", text, re.MULTILINE)
    return text.count("\n", 0, at.end()) + 1 if at else 0


def _rule(row: dict[str, Any], place: Place, problems: list[Problem], *, check: bool) -> Rule | None:
    """Return the row as a rule, None with a problem where it is none."""
    key = str(row["id"])
    if row.get("disabled") is True:
        return None
    try:
        rule = msgspec.convert(row, Rule)
    except msgspec.ValidationError:
        rule = None
    wrong = _wrong(row) if check or rule is None else []
    problems += [place.problem(key, message) for message in wrong]
    return None if wrong else rule


def _wrong(row: Mapping[str, Any]) -> list[str]:
    """Return all that is wrong with a row: what it lacks, and what does not fit."""
    found = [f"{name} is missing" for name in sorted(_NEEDED - row.keys())] + _unfit(row)
    if row.keys().isdisjoint(_FOUND_BY):
        found.append("neither a pattern nor a reply or status")
    return found


def _unfit(row: Mapping[str, Any]) -> list[str]:
    """Return which fields are unknown, or hold what they cannot: of every field, whatever the others hold."""
    found = []
    for name, value in row.items():
        if name not in _FIELDS:
            found.append(f"there is no field {hinted(name, _FIELDS)}")
        elif wrong := misfits(_FIELDS[name], value):
            found += [f"{name}: {told}" + did_you_mean(meant and repr(meant)) for told, meant in wrong]
        elif name in _CHECKS and (told := _CHECKS[name](value)):
            found.append(told)
    return found


def _wrong_sample(sample: str | list[str]) -> str | None:
    samples = [sample] if isinstance(sample, str) else sample
    return None if samples and all(one.strip() for one in samples) else "sample is empty"


def _wrong_code(name: str, shape: str, value: str) -> str | None:
    right = re.fullmatch(rf"{shape}(?:\|{shape})*", value)
    return None if right else f"{name} {value!r} is no code, prefix of one, or list of them with |"


def _wrong_scopes(scopes: Sequence[str]) -> str | None:
    if not all(one.strip() for one in scopes):
        return "by holds an empty text, which all hosts end in"
    return (
        None
        if all(one == one.lower() for one in scopes)
        else "by has capital letters, but hosts and texts are lower-cased"
    )


def _wrong_command(name: str, commands: Sequence[str]) -> str | None:
    wrong = next((one for one in commands if one not in COMMANDS), None)
    return None if wrong is None else f"{name} is none of {', '.join(sorted(COMMANDS))}: {hinted(wrong, COMMANDS)}"


def _wrong_pattern(pattern: str) -> str | None:
    if not pattern or len(pattern) > limits.PATTERN_CHARS:
        return f"a pattern has 1 to {limits.PATTERN_CHARS} characters"
    text = _SYNTAX.sub("", pattern)
    if text != text.lower():
        return "the pattern has capital letters, but the text is lower-cased"
    if nesting(pattern) > _NESTING:
        return f"groups stand more than {_NESTING} deep within each other"
    try:
        re2.Set.SearchSet(options()).Add(pattern)  # reads the pattern and compiles nothing: a tenth of the time
        parts = alternatives(pattern)
        # What surely holds a letter in every branch cannot match the empty text.
        empty = (weight(parts) == 0 or parts[0][0].rare) and re2.compile(pattern, options()).search("")
        refusal = _refusal(pattern) if _LARGE.search(pattern) else None
    except re2.error:
        refusal = _refusal(pattern)
    if refusal:
        return f"no RE2 pattern: {refusal}"
    if empty:
        return "the pattern matches the empty text"
    letter = None if pattern.isascii() else mute(parts)
    return letter and rf"\b never holds beside {letter!r}, RE2 knows ASCII words alone: write (?:^|\W) or (?:\W|$)"


#: What the types cannot say, by field: a value of the right type -> what is wrong with it.
_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "id": lambda value: None if _ID_SHAPE.fullmatch(value) else "an id has lower-case letters, digits and hyphens",
    "strength": lambda value: None if value in STRENGTHS else f"strength {value!r} is none of {', '.join(STRENGTHS)}",
    "source": lambda value: None if value.strip() else "source is empty",
    "sample": _wrong_sample,
    "pattern": _wrong_pattern,
    "list": lambda value: "list is blank" if value and not value.strip() else None,
    "reply": lambda value: _wrong_code("reply", _REPLY, value),
    "status": lambda value: _wrong_code("status", _STATUS, value),
    "by": _wrong_scopes,
    "command": lambda value: _wrong_command("command", value.upper().split("|")),
    "sample_command": lambda value: _wrong_command("sample_command", [value]),
    "lookup": lambda value: (
        None if _PAGE.fullmatch(value) else f"lookup {value!r} is no address of a page, https://... or http://..."
    ),
}


def _refusal(pattern: str) -> str | None:
    """Return what RE2 says against a pattern, None where it compiles."""
    try:
        re2.compile(pattern, options())
    except re2.error as error:
        told = error.args[0] if error.args else ""
        return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return None


def options(*, octets: bool = False, memory: int = 8 << 20) -> Any:
    """Return RE2's options. With *octets* a pattern sees octets, not letters, and has a fraction of the states.

    memory   octets for a compiled pattern and the states it was in; once they are full it begins anew, which costs time
    """
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    options.max_mem = memory
    if octets:
        options.encoding = re2.Options.Encoding.LATIN1
    return options
