"""The words of one language: built and checked from a loaded TOML table, then filled in.

Rule: wording is data. Every key of the closed vocabulary must be there and no other; a placeholder is one of a closed
set, and stands for something even where the message is silent (`[absent]`). Texts are clauses and short sentences
for a person without mail knowledge. Filling in is one dictionary look-up and one format.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.vocabulary import Act, Reason

#: What a text may name. All are always given, with the words of [absent] where the message says nothing.
PLACEHOLDERS: Final = (
    "address",
    "alias",
    "domain",
    "by",
    "command",
    "text",
    "until",
    "listed_by",
    "about",
    "count",
    "what",
    "who",
    "advice",
    "code",
)

_FRAME: Final = (
    "failed.permanent", "failed.message", "failed.transient", "failed.unknown", "delayed", "delivered", "relayed",
    "expanded", "alias", "advice", "advice_nobody", "advice_delayed", "advice_delayed_until", "more", "unnamed",
)  # fmt: skip
_EVIDENCE: Final = ("by_command_text", "by_text", "own_text", "text", "disagree", "listed")
_ABSENT: Final = ("address", "domain", "by", "listed_by", "about", "until", "command")
_COMMANDS: Final = ("CONN", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT", "RSET", "ETRN")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
#: A clause or a piece of advice longer than this is no longer read.
MOST_CHARS: Final = 260


class Problem(NamedTuple):
    """One thing that is wrong in a wording file: which file, which key, what."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


class Say(msgspec.Struct, frozen=True):
    """What happened, as a clause, and what to do, as a sentence without its full stop."""

    what: str
    advice: str


class Wording(msgspec.Struct, frozen=True):
    """One language. `finer` holds the words of enhanced details ("X.1.1") and of topics that rules name."""

    language: str
    frame: dict[str, str]
    who: dict[str, str]
    evidence: dict[str, str]
    absent: dict[str, str]
    command: dict[str, str]
    reasons: dict[str, Say]
    finer: dict[str, Say]

    def say(self, reason: Reason, finer: str | None) -> Say:
        """Return the words of a topic or an enhanced detail where there are any, else those of the reason."""
        return (self.finer.get(finer) if finer else None) or self.reasons[reason]


def build(
    table: Mapping[str, Any], file: str, topics: frozenset[str] = frozenset()
) -> tuple[Wording | None, list[Problem]]:
    """Return the wording and everything that is wrong with it; None where it cannot be used."""
    problems = list(_problems(table, file, topics))
    if problems:
        return None, problems
    reasons = {key: Say(**value) for key, value in table["reason"].items()}
    finer: dict[str, Say] = {}
    for key, row in table["status"].items():
        base = reasons[ENHANCED_CODES[key].reason]
        finer[key] = Say(row.get("what", base.what), row.get("advice", base.advice))
    for key, row in table.get("topic", {}).items():
        finer[key] = Say(row["what"], row["advice"])
    built = Wording(
        language=table["language"],
        frame=dict(_flat(table["frame"])),
        who=table["who"],
        evidence=table["evidence"],
        absent=table["absent"],
        command=table["command"],
        reasons=reasons,
        finer=finer,
    )
    return built, []


def overlaid(table: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return *table* with the keys of *over* in place of its own, at every depth."""
    merged = dict(table)
    for key, value in over.items():
        mine = merged.get(key)
        merged[key] = overlaid(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return merged


def _problems(table: Mapping[str, Any], file: str, topics: frozenset[str]) -> Iterator[Problem]:
    sections = {"language", "frame", "who", "evidence", "absent", "command", "reason", "status", "topic"}
    yield from _keys(table, sections, file, "", optional={"topic"})
    if not isinstance(table.get("language"), str):
        yield Problem(file, "language", "expected a language code such as en")
    expected: tuple[tuple[str, set[str]], ...] = (
        ("frame", set(_FRAME)),
        ("who", set(Act)),
        ("evidence", set(_EVIDENCE)),
        ("absent", set(_ABSENT)),
        ("command", set(_COMMANDS)),
    )
    for section, keys in expected:
        found = dict(_flat(table.get(section, {})))
        yield from _keys(found, keys, file, f"{section}.")
        for key, text in found.items():
            yield from _text(text, file, f"{section}.{key}")
    yield from _says(table.get("reason", {}), set(Reason), file, "reason", needed=True)
    yield from _says(table.get("status", {}), set(ENHANCED_CODES), file, "status", needed=False)
    yield from _says(table.get("topic", {}), set(topics), file, "topic", needed=True)


def _says(section: Mapping[str, Any], keys: set[str], file: str, name: str, *, needed: bool) -> Iterator[Problem]:
    yield from _keys(section, keys, file, f"{name}.")
    for key, row in section.items():
        if not isinstance(row, Mapping):
            yield Problem(file, f"{name}.{key}", "expected a table with what and advice")
            continue
        yield from _keys(
            row, {"what", "advice"}, file, f"{name}.{key}.", optional=set() if needed else {"what", "advice"}
        )
        for part, text in row.items():
            yield from _text(text, file, f"{name}.{key}.{part}")


def _keys(
    found: Mapping[str, Any], expected: set[str], file: str, prefix: str, optional: set[str] | None = None
) -> Iterator[Problem]:
    for key in sorted(expected - set(found) - (optional or set())):
        yield Problem(file, prefix + key, "is missing")
    for key in sorted(set(found) - expected):
        yield Problem(file, prefix + key, "is no key of the wording")


def _text(text: object, file: str, key: str) -> Iterator[Problem]:
    if not isinstance(text, str) or not text.strip():
        yield Problem(file, key, "expected a text")
        return
    if len(text) > MOST_CHARS:
        yield Problem(file, key, f"is longer than {MOST_CHARS} characters")
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            yield Problem(file, key, f"{{{name}}} is no placeholder; there are {', '.join(PLACEHOLDERS)}")
    if text.count("{") != text.count("}"):
        yield Problem(file, key, "has a brace without its partner")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
