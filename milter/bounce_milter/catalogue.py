"""The rules compiled: which of them fit a reply, best first.

Rule: the order of `rules` is the order of belief among words, so it never depends on the order of files. Patterns are
matched together, in one pass over the text, in time that is linear whatever it holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any, NamedTuple

import msgspec
import re2

from bounce_milter.misfit import hinted
from bounce_milter.rule import STRENGTHS, Place, Problem, Rule, options, read
from bounce_milter.vocabulary import REASONS, Class, Reason
from bounce_milter.votes import Votes
from bounce_milter.weight import texts, weight


class Ready(NamedTuple):
    """A rule with its constraints taken apart, for the hot path. `own`: the admin wrote it or changed it."""

    rule: Rule
    reason: Reason
    token: bool
    hint: bool
    replies: tuple[str, ...]
    statuses: tuple[str, ...]
    statuses_below: tuple[str, ...]
    commands: tuple[str, ...]
    free: bool
    own: bool


class Matcher(NamedTuple):
    """Patterns compiled together: `find.Match(text)` gives places in `rules`, which are places in Catalogue.rules.

    raw   the patterns are matched against the raw text, else against the normalised words
    """

    find: Any
    rules: tuple[int, ...]
    raw: bool


class Catalogue(msgspec.Struct, frozen=True):
    """All rules that count, best first, with the compiled sets; `coded` are rules without a pattern, by code.

    votes   what single words and codes speak for
    """

    rules: tuple[Rule, ...]
    ready: tuple[Ready, ...]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]
    matchers: tuple[Matcher, ...]
    coded: Mapping[str, tuple[int, ...]]
    votes: Votes


def build(
    files: Iterable[tuple[str, str]],
    overlay: Iterable[tuple[str, str]] = (),
    votes: Votes | None = None,
    *,
    proven: bool = False,
) -> Catalogue:
    """Return the catalogue of *files*, pairs of name and TOML text, with the admin's *overlay* laid over them.

    proven   the files were checked before (`rule.read`)
    """
    overlay = tuple(overlay)
    rules, places, problems = read(files, overlay, proven=proven)
    own = frozenset(name for name, _ in overlay)
    rules.sort(key=_rank)
    _same(rules, places, problems)
    while True:
        try:
            return _compiled(tuple(rules), places, tuple(problems), own, votes or Votes())
        except re2.error:  # each compiles by itself, but not all together
            largest = max(rules, key=_size)
            rules.remove(largest)
            message = "all patterns together are too large, this one most of all"
            problems.append(Problem(*places[largest.id], largest.id, message))


def wordless(catalogue: Catalogue, own: Set[str], topics: Set[str]) -> list[Problem]:
    """Return the rules of the files *own* whose `words` are none of the *topics* that the wordings have."""
    return [
        Problem(*catalogue.places[rule.id], rule.id, f"words: no wording has {hinted(rule.words, topics)}")
        for rule in catalogue.rules
        if rule.words and rule.words not in topics and catalogue.places[rule.id].file in own
    ]


def _size(rule: Rule) -> int:
    return int(re2.compile(rule.pattern or "", options()).programsize)


def _rank(rule: Rule) -> tuple[object, ...]:
    """Return the order of belief among rules that match the same reply, best first; never equal for two rules."""
    narrowed = sum(x is not None for x in (rule.reply, rule.status, rule.command))
    literals = weight(rule.pattern or "")
    return (STRENGTHS.index(rule.strength), -rule.priority, not rule.by, -literals, -narrowed, rule.id)


def _same(rules: Sequence[Rule], places: Mapping[str, Place], problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for rule in rules:
        key = (rule.pattern, rule.reply, rule.status, rule.command, rule.by, rule.strength == "token")
        if key in seen:
            problems.append(Problem(*places[rule.id], rule.id, f"the same pattern and constraints as {seen[key]}"))
        seen.setdefault(key, rule.id)


def _compiled(
    rules: tuple[Rule, ...],
    places: Mapping[str, Place],
    problems: tuple[Problem, ...],
    own: frozenset[str],
    votes: Votes,
) -> Catalogue:
    coded: dict[str, tuple[int, ...]] = {}
    for i, rule in enumerate(rules):
        if rule.pattern is None:
            for code in (rule.status or rule.reply or "").split("|"):
                coded[code] = (*coded.get(code, ()), i)
    ready = tuple(_ready(r, own=places[r.id].file in own) for r in rules)
    return Catalogue(rules, ready, places, problems, tuple(_matchers(rules)), coded, votes)


def _ready(rule: Rule, *, own: bool) -> Ready:
    statuses = tuple(rule.status.split("|")) if rule.status else ()
    return Ready(
        rule=rule,
        reason=rule.reason,
        token=rule.strength == "token",
        hint=rule.strength == "hint",
        replies=tuple(rule.reply.split("|")) if rule.reply else (),
        statuses=statuses,
        statuses_below=tuple(s + "." for s in statuses),
        commands=tuple(rule.command.upper().split("|")) if rule.command else (),
        free=not (rule.reply or rule.status or rule.command or rule.by),
        own=own,
    )


@cache
def finder(pattern: str) -> tuple[tuple[bytes, ...], Any]:
    """Return the texts that *pattern* stands for, where they are few, and the compiled pattern.

    Made when a rule first decides: of a thousand patterns a filter needs a few dozen in its life.
    """
    return tuple(text.encode() for text in texts(pattern)), re2.compile(pattern.encode(), options())


def _matchers(rules: Sequence[Rule]) -> Iterator[Matcher]:
    """Yield the sets: by the text they are matched against, and ASCII patterns apart, which need not know UTF-8."""
    for raw in (False, True):
        for octets in (True, False):
            which = [
                (i, rule.pattern)
                for i, rule in enumerate(rules)
                if rule.pattern and (rule.strength == "token") is raw and rule.pattern.isascii() is octets
            ]
            if which:
                found = re2.Set.SearchSet(options(octets=octets))
                for _, pattern in which:
                    found.Add(pattern)
                found.Compile()
                yield Matcher(found, tuple(i for i, _ in which), raw)


def implied_class(rule: Rule) -> Class | None:
    """Return the class that the rule states or its reason implies; None: it follows the code."""
    return rule.class_ or REASONS[rule.reason].class_
