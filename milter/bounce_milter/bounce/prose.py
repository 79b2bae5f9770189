"""What a notice says to people: its words above a report's own fields and beside a session, a paragraph a line.

Rule: each item of a list, each field and each rule between parts is a line too, for a sentence ends with it. Of a session the lines that
tell whom they are about are left out: they may be about others. Pure, and cut at `limits.WORDS_CHARS`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import takewhile
from typing import Final

from bounce_milter import address, limits, phrases, reply
from bounce_milter.dialects import dialogue, whom
from bounce_milter.report import Report

# Where words to people end and a report's own fields begin, which some systems show as words.
_FIELDS: Final = re.compile(r"^(?:reporting-mta|(?:final|original)-recipient):", re.IGNORECASE | re.MULTILINE)
# What begins a line of its own in words to people: an item of a list, a line that is a rule, a field below another or a sentence.
_OWN_LINE: Final = re.compile(
    rf"(?P<item>{phrases.ITEM.pattern})|(?P<field>[^\W\d_][^:：.,;!?]{{0,30}}[:：])|(?P<rule>[-=_*~#]{{2,}}\Z)"
)
# Whom it is on stands at its beginning.
_BEGIN: Final = 80
_RULE: Final = "rule"
_APART: Final = ("item", _RULE)
_ENDS: Final = (".", "!", "?", ":", "。", "：")


def to_people(text: str) -> str:
    """Return the words above the report's own fields and beside a session, which may be on others too, cut, each paragraph and item a line."""
    lines = text.split("\n")
    told = "\n".join(dialogue.heard(lines).without(lines))[: limits.WORDS_CHARS]
    fields = _FIELDS.search(told)
    return "\n".join(_paragraphs((told[: fields.start()] if fields else told).split("\n")))


def on_all(text: str) -> str:
    """Return the words to people above the first address of a letter on several, up to the first line that shows a code: a reply may be on
    one of them."""
    above = takewhile(lambda line: not ("@" in line or reply.may_hold_code(line)), to_people(text).split("\n"))
    return "\n".join(above)


def by_name(found: Report) -> dict[str, str]:
    """Return the addresses by what the report calls each, both in lower case: of two words, for one may begin any sentence, and of him alone."""
    if len(found.recipients) > limits.TEXT_RECIPIENTS:
        return {}
    called = [name.lower() for name in found.called]
    times = Counter(called)
    named = zip(called, (r.address for r in found.recipients), strict=True)
    return {name: who.lower() for name, who in named if who and " " in name and times[name] == 1}


def on_each(text: str, called: Mapping[str, str]) -> dict[str, str]:
    """Return the words to people by whom they are on: paragraphs and items that begin with an address, in lower case, and name no other,
    or with what the report calls him; by "" what stands above the first address, which is on all.

    called   addresses by names (`by_name`)
    """
    found: dict[str, str] = {}
    above = True
    for line in to_people(text).split("\n"):
        named = {who.lower() for who in address.IN_TEXT.findall(whom.without_help(line))} if "@" in line else set()
        above = above and not named
        name = _name(line, called)
        if name or above or (len(named) == 1 and "@" in line[:_BEGIN]):
            who = called[name] if name else "" if above else named.pop()
            found[who] = f"{found[who]}\n{line}" if who in found else line
    return found


def _name(line: str, called: Mapping[str, str]) -> str:
    """Return the name that a line begins with, "" where it begins with none."""
    lower = line.lower()
    return next(
        (name for name in called if lower.startswith(name) and not lower[len(name) : len(name) + 1].isalnum()), ""
    )


def _paragraphs(lines: list[str]) -> list[str]:
    """Return each paragraph on one line, and each item of a list, field and rule."""
    told: list[list[str]] = []
    before: str | None = _RULE
    for line in lines:
        words = " ".join(line.split())
        if not words:
            before = _RULE
            continue
        own = _OWN_LINE.match(words)
        kind = own.lastgroup if own else None
        if before == _RULE or kind in _APART or (kind and (kind == before or told[-1][-1].endswith(_ENDS))):
            told.append([words])
        else:
            told[-1].append(words)
        before = kind
    return [" ".join(each) for each in told]
