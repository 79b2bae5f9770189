"""The rules compiled: which of them fit a reply, best first.

Rule: the order of `rules` is the order of belief among words, so it never depends on the order of files. Patterns are
looked for together, by their landmarks, in time that is linear whatever the text holds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
import re2

from bounce_milter.misfit import hinted
from bounce_milter.pattern import texts
from bounce_milter.ranked import Known, Ranked, ranked
from bounce_milter.rule import Place, Problem, Rule, options
from bounce_milter.vocabulary import REASONS, Class, Reason
from bounce_milter.votes import Votes

#: So many phrases are looked for together: fewer are more passes over a text, each with states of its own, and more
#: than these do not fit into the octets that they may keep.
_TOGETHER: Final = 6000
_SHARED: Final = 24 << 20
#: A pattern of so many letters is a sentence, which means what it means: nearly all such are what one program says.
_SENTENCE: Final = 22
#: What looks at letters one by one, a class, any letter, one that may be missing: in UTF-8 they are several octets each.
_LETTERWISE: Final = re.compile(r"[^\0-\x7f][?*+{]|\[[^\]]*[^\0-\x7f]|\[\^|(?<!\\)\.|\\[DPSWXp]|\(\?[imsU]")
#: Octets for what a pattern tried by itself keeps: there are hundreds of them.
_ALONE: Final = 256 << 10


class Ready(NamedTuple):
    """A rule with its constraints taken apart, for the hot path.

    own     the admin wrote it or changed it
    exact   its pattern is all of the reply or a whole sentence, or its status is one provider's own
    """

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
    exact: bool


class Matcher(NamedTuple):
    """Landmarks compiled together: `find.Match(text)` gives places in `rules`.

    rules   (place in Catalogue.rules; what is to be tried of the rule's pattern, None where the landmark is all of it)
    """

    find: Any
    rules: tuple[tuple[int, str | None], ...]


class Catalogue(msgspec.Struct, frozen=True, eq=False):
    """All rules that count, best first, with the compiled sets; `coded` are rules without a pattern, by code.

    tokens, phrases   the sets that are looked for in the raw text, and in the normalised words
    votes   what words and codes speak for; None: nobody is asked
    """

    rules: tuple[Rule, ...]
    ready: tuple[Ready, ...]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]
    tokens: tuple[Matcher, ...]
    phrases: tuple[Matcher, ...]
    coded: Mapping[str, tuple[int, ...]]
    votes: Votes | None


def build(
    files: Iterable[tuple[str, str]],
    overlay: Iterable[tuple[str, str]] = (),
    votes: Votes | None = None,
    *,
    proven: bool = False,
    bare: bool = False,
) -> Catalogue:
    """Return the catalogue of *files*, pairs of name and TOML text, with the admin's *overlay* laid over them.

    proven, bare   the files were checked before; without samples (`rule.read`)
    """
    overlay = tuple(overlay)
    rules, problems = ranked(files, overlay, proven=proven, bare=bare)
    return compiled(rules, problems, frozenset(name for name, _ in overlay), votes)


def compiled(
    rules: Iterable[Ranked],
    problems: Iterable[Problem] = (),
    own: Set[str] = frozenset(),
    votes: Votes | None = None,
) -> Catalogue:
    """Return the catalogue of *rules*, best first; `own` are the admin's files."""
    rules, problems = list(rules), list(problems)
    while True:
        try:
            return _compiled(rules, tuple(problems), own, votes)
        except re2.error:  # each compiles by itself, but not all together
            largest = max(rules, key=lambda one: _size(one.rule))
            rules.remove(largest)
            message = "all patterns together are too large, this one most of all"
            problems.append(Problem(*largest.place, largest.rule.id, message))


def wordless(catalogue: Catalogue, own: Set[str], topics: Set[str]) -> list[Problem]:
    """Return the rules of the files *own* whose `words` are none of the *topics* that the wordings have."""
    return [
        Problem(*catalogue.places[rule.id], rule.id, f"words: no wording has {hinted(rule.words, topics)}")
        for rule in catalogue.rules
        if rule.words and rule.words not in topics and catalogue.places[rule.id].file in own
    ]


def _size(rule: Rule) -> int:
    return int(re2.compile(rule.pattern or "", options()).programsize)


def _compiled(rules: Sequence[Ranked], problems: tuple[Problem, ...], own: Set[str], votes: Votes | None) -> Catalogue:
    coded: dict[str, tuple[int, ...]] = {}
    for i, (rule, _, _) in enumerate(rules):
        if rule.pattern is None:
            for code in (rule.status or rule.reply or "").split("|"):
                coded[code] = (*coded.get(code, ()), i)
    return Catalogue(
        rules=tuple([rule for rule, _, _ in rules]),
        ready=tuple([_ready(rule, known, own=place.file in own) for rule, place, known in rules]),
        places={rule.id: place for rule, place, _ in rules},
        problems=problems,
        tokens=tuple(_matchers(rules, token=True)),
        phrases=tuple(_matchers(rules, token=False)),
        coded=coded,
        votes=votes,
    )


def _ready(rule: Rule, known: Known, *, own: bool) -> Ready:
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
        exact=known.weight >= _SENTENCE or known.whole or (bool(statuses) and all(map(_is_private, statuses))),
    )


def _is_private(status: str) -> bool:
    """Tell whether it is registered nowhere: such details have three digits."""
    return status.count(".") == 2 and len(status.rpartition(".")[2]) > 2


@cache
def finder(pattern: str) -> tuple[tuple[bytes, ...], Any]:
    """Return the texts that *pattern* stands for, where they are few, and the compiled pattern.

    Made when a rule first decides: of a thousand patterns a filter needs a few dozen in its life.
    """
    return tuple(text.encode() for text in texts(pattern)), re2.compile(pattern.encode(), options())


@cache
def trial(pattern: str) -> Any:
    """Return what says by `Match(text)` whether *pattern* stands in a text: a set of one, a tenth of a search's cost."""
    octets = pattern.isascii()
    try:
        return _set([pattern], options(octets=octets, memory=_ALONE))
    except re2.error:  # it is a large one
        return _set([pattern], options(octets=octets))


def _set(patterns: Sequence[str], how: Any) -> Any:
    """Return the patterns compiled together."""
    found = re2.Set.SearchSet(how)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found


def _matchers(rules: Sequence[Ranked], *, token: bool) -> Iterator[Matcher]:
    """Yield the sets of the tokens, or of the other rules: what octets can stand for apart, what begins alike together.

    Landmarks beyond ASCII are few among the tokens; among the others they would cost six megabytes of states as octets.
    """
    octets = _in_octets if token else str.isascii
    sets: dict[bool, list[tuple[str, tuple[int, str | None]]]] = {}
    for i, (rule, _, known) in enumerate(rules):
        if (rule.strength == "token") is not token:
            continue
        shared = {rest: (i, rest) for _, rest in known.landmarks}
        for phrase, rest in known.landmarks:
            sets.setdefault(octets(phrase), []).append((phrase, shared[rest]))
    for as_octets, marks in sorted(sets.items()):
        marks.sort(key=lambda mark: (mark[0].removeprefix(r"\b"), mark[1][0]))
        passes = -(-len(marks) // _TOGETHER)
        for n in range(passes):
            some = marks[n * len(marks) // passes : (n + 1) * len(marks) // passes]
            how = options(octets=as_octets, memory=_SHARED)
            yield Matcher(_set([phrase for phrase, _ in some], how), tuple([place for _, place in some]))


def _in_octets(phrase: str) -> bool:
    """Tell whether a phrase means the same where each octet of its UTF-8 is taken for a letter: fewer states."""
    return phrase.isascii() or not _LETTERWISE.search(phrase)


def implied_class(rule: Rule) -> Class | None:
    """Return the class that the rule states or its reason implies; None: it follows the code."""
    return rule.class_ or REASONS[rule.reason].class_
