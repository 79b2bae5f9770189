"""The words of one language: built and checked from a loaded TOML table, then filled in.

Rule: wording is data. Every key of the closed vocabulary is there and no other, so that a sentence is never missing;
every text holds the placeholders that its key gives and no other. A placeholder whose value a message may lack
brings its own words for that case, `{domain|that domain}`, in whatever grammatical case the sentence needs. Texts are
taken apart once; filling one in is a dictionary look-up and a join, and never looks into the values.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.misfit import Problem, near
from bounce_milter.reply.verbs import COMMANDS
from bounce_milter.vocabulary import REPORTS, Act, Class, Kind, Reason

#: What `what` and `advice` may name. A message may lack each of them, so each needs its words for that.
OPTIONAL: Final = (
    "address", "domain", "by", "command", "about", "listed_by", "until", "sender_domain", "helo", "new_address", "contact",
    "wait", "failed_checks", "program",
)  # fmt: skip

#: A clause or a piece of advice longer than this is no longer read.
MOST_CHARS: Final = 260

_FAILS: Final = (*map(str, Class), "delayed")
_ENDS: Final = (*map(str, Class), *(str(kind) for kind in REPORTS if kind is not Kind.FAILED))

# Section -> key -> the placeholders that its text must hold.
_SENTENCES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "named": {end: ("address", "what") if end in _FAILS else ("address",) for end in _ENDS},
    "unnamed": {end: ("what",) if end in _FAILS else () for end in _ENDS},
    "frame": {
        "alias": ("address", "alias"), "unsure": ("what",), "guess": ("what",), "more": ("count",), "more_at_least": ("count",), "advice": ("who", "advice"),
        "advice_nobody": ("advice",), "passes": (), "wait": (), "wait_until": ("until",), "wait_tell": (), "both": ("first", "last"), "several": ("first", "last"),
        "after_minutes": ("count",), "after_hours": ("count",), "at_time": ("time",), "at_named_time": (), "contact": (), "recipients": ("count",),
        "returned": ("parts",), "subject": ("value",), "date": ("value",),
    },
    "evidence": {
        "by_command_text": ("by", "command", "text"), "by_text": ("by", "text"), "command_text": ("command", "text"),
        "text": ("text",), "own_by_text": ("by", "text"), "own_text": ("text",), "nothing": (), "disagree": (),
        "disagree_report": ("status",), "disagree_beside": (), "expired": (), "beside": ("words",), "lookup": ("lookup",), "size_limit": ("size_limit",),
    },
    "who": {str(act): () for act in Act if act is not Act.NOBODY},
    "command": dict.fromkeys(COMMANDS, ()),
}  # fmt: skip
_TABLES: Final = ("reason", "status", "topic")
_SAY: Final = ("what", "advice", "advice_later")
_SLOT: Final = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")


class Text(msgspec.Struct, frozen=True):
    """A text taken apart: the literals around its slots; a slot is a placeholder and the words for its absence."""

    literals: tuple[str, ...]
    slots: tuple[tuple[str, str], ...] = ()

    def fill(self, values: Mapping[str, str | None]) -> str:
        """Return the text with *values* in its slots."""
        if not self.slots:
            return self.literals[0]
        parts = [self.literals[0]]
        for (name, absent), literal in zip(self.slots, self.literals[1:], strict=True):
            parts += (values.get(name) or absent, literal)
        return "".join(parts)


class Say(msgspec.Struct, frozen=True):
    """What happened, as a clause, and what to do; `later` is what to do where the failure may pass by itself."""

    what: Text
    advice: Text
    later: Text


class Wording(msgspec.Struct, frozen=True):
    """One language. `finer` holds the words of enhanced details ("X.1.1") and of topics that rules name."""

    language: str
    named: Mapping[str, Text]
    unnamed: Mapping[str, Text]
    frame: Mapping[str, Text]
    evidence: Mapping[str, Text]
    who: Mapping[str, str]
    command: Mapping[str, str]
    reasons: Mapping[str, Say]
    finer: Mapping[str, Say]


def build(table: Mapping[str, Any], file: str) -> tuple[Wording | None, list[Problem]]:
    """Return the wording and everything that is wrong with it; None where it cannot be used."""
    problems = list(_problems(table, file))
    if problems:
        return None, problems
    reasons = {key: _say(row, None) for key, row in table["reason"].items()}
    finer = {key: _say(row, reasons[ENHANCED_CODES[key].reason]) for key, row in table["status"].items()}
    finer.update((key, _say(row, None)) for key, row in table.get("topic", {}).items())
    named, unnamed, frame, evidence = (_texts(table[name]) for name in ("named", "unnamed", "frame", "evidence"))
    who, command = table["who"], table["command"]
    return Wording(table["language"], named, unnamed, frame, evidence, who, command, reasons, finer), []


def stem(language: str) -> str:
    """Return the language without its country: "de-AT" -> "de"."""
    return re.split("[-_]", language.lower(), maxsplit=1)[0]


def _texts(section: Mapping[str, str]) -> dict[str, Text]:
    return {key: _taken_apart(text) for key, text in section.items()}


def topics(table: Mapping[str, Any]) -> set[str]:
    """Return what a rule's `words` may name in a wording: its topics, and the enhanced details that it has words for."""
    return {*_table(table, "topic"), *_table(table, "status")}


def overlaid(table: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return *table* with the keys of *over* in place of its own, at every depth."""
    merged = dict(table)
    for key, value in over.items():
        mine = merged.get(key)
        merged[key] = overlaid(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return merged


def _say(row: Mapping[str, str], base: Say | None) -> Say:
    """Return the row's words; what it does not say it takes from *base*."""
    what, advice, later = (_taken_apart(row[key]) if key in row else None for key in _SAY)
    if base is not None:
        later = later or advice or base.later
        return Say(what or base.what, advice or base.advice, later)
    assert what is not None  # noqa: S101 # the check before says so
    assert advice is not None  # noqa: S101
    return Say(what, advice, later or advice)


def _taken_apart(text: str) -> Text:
    parts = _SLOT.split(text)
    return Text(tuple(parts[::3]), tuple(zip(parts[1::3], (part or "" for part in parts[2::3]), strict=True)))


def _problems(table: Mapping[str, Any], file: str) -> Iterator[Problem]:
    yield from _keys(table, {"language", *_SENTENCES, "reason", "status"}, {"topic"}, file, "")
    if not isinstance(table.get("language"), str):
        yield Problem(file, "language", "expected a language code such as en")
    for name in (*_SENTENCES, *_TABLES):
        found = table.get(name, {})
        if not isinstance(found, Mapping):
            yield Problem(file, name, "expected a table")
        elif name in _SENTENCES:
            yield from _sentences(found, file, name)
        else:
            yield from _rows(found, file, name)


def _sentences(found: Mapping[str, Any], file: str, section: str) -> Iterator[Problem]:
    keys = _SENTENCES[section]
    yield from _keys(found, set(keys), set(), file, f"{section}.")
    for key, text in found.items():
        if key in keys:
            yield from _text(text, file, f"{section}.{key}", needed=keys[key])


def _rows(found: Mapping[str, Any], file: str, name: str) -> Iterator[Problem]:
    every: dict[str, set[str]] = {"reason": set(Reason), "status": set(ENHANCED_CODES)}
    expected = every.get(name, set(found))  # of topics, those that there are
    yield from _keys(found, expected, set(), file, f"{name}.")
    for key, row in found.items():
        if key in expected:
            yield from _row(row, file, f"{name}.{key}", inherits=name == "status")


def _table(table: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    found = table.get(section, {})
    return found if isinstance(found, Mapping) else {}


def _row(row: object, file: str, key: str, *, inherits: bool) -> Iterator[Problem]:
    """Check a row of what and advice; where it inherits, an empty one says: no more than the reason."""
    if not isinstance(row, Mapping):
        yield Problem(file, key, "expected a table with what and advice")
        return
    needed = set() if inherits else {"what", "advice"}
    yield from _keys(row, needed, set(_SAY) - needed, file, f"{key}.")
    for part, text in row.items():
        yield from _text(text, file, f"{key}.{part}", needed=None)


def _keys(found: Mapping[str, Any], needed: set[str], allowed: set[str], file: str, prefix: str) -> Iterator[Problem]:
    for key in sorted(needed - set(found)):
        yield Problem(file, prefix + key, "is missing")
    for key in sorted(set(found) - needed - allowed):
        meant = near(key, needed | allowed)
        yield Problem(file, prefix + key, "is no key of the wording", suggestion=meant and prefix + meant)


def _text(text: object, file: str, key: str, *, needed: tuple[str, ...] | None) -> Iterator[Problem]:
    """Check one text; *needed* are the placeholders it must hold, None: it may hold any that is optional."""
    if not isinstance(text, str) or not text.strip():
        yield Problem(file, key, "expected a text")
        return
    if len(text) > MOST_CHARS:
        yield Problem(file, key, f"is longer than {MOST_CHARS} characters")
    if text.rstrip().endswith((".", "。")) and needed is None:
        yield Problem(file, key, "ends in a full stop, which the sentence around it brings")
    slots = _SLOT.findall(text)
    if "{" in (rest := _SLOT.sub("", text)) or "}" in rest:
        yield Problem(file, key, "has a brace without its partner")
    known = OPTIONAL if needed is None else needed
    for name, absent in slots:
        if name not in known:
            yield Problem(file, key, f"{{{name}}} is no placeholder here; there are {', '.join(known) or 'none'}")
        elif needed is None and not absent:
            yield Problem(file, key, f"{{{name}}} needs words for its absence: {{{name}|...}}")
    for name in needed or ():
        if name not in [slot for slot, _ in slots]:
            yield Problem(file, key, f"does not use {{{name}}}")
