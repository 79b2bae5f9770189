"""Many patterns looked for in one text at once, by the texts that they are found by (`needles`).

Rule: one pass finds all texts (Aho and Corasick, Efficient string matching, 1975), in time that depends on what is read
alone; what is left to be tried is tried by RE2, which is linear. What is kept of trials grows with the texts that come, up to
a bound: `limits.KNOWN_TRIALS` times what one may keep.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

import re2
from ahocorasick_rs import BytesAhoCorasick, Implementation

from bounce_milter import limits
from bounce_milter.catalogue.needles import Needles
from bounce_milter.catalogue.pattern import BEGIN, EDGE, END, WORD
from bounce_milter.catalogue.rule import options

#: Octets for what a pattern tried by itself may keep: with half of it some packaged ones do not fit.
_ALONE: Final = 256 << 10
#: Of each octet whether it belongs to a word.
_IN_WORD: Final = tuple([chr(octet) in WORD for octet in range(256)])

#: What stands for any letter, which may have several octets.
_WIDE: Final = re.compile(r"(?<!\\)\.|\[\^|\\[WSD]")

#: (place, mark before, mark behind) of a pattern of which the text is all; (place, further signs, what to try) of another.
_Whole = tuple[int, str, str]
_Tried = tuple[int, tuple[tuple[int, ...], ...], str]


class Search(NamedTuple):
    """The patterns, by the number of each text in the automaton: those of which it is all, those to be tried there.

    find     returns of a text (number, start, end) of all texts in it
    always   (place, what to try) of patterns without a sign
    """

    find: Callable[..., list[tuple[int, int, int]]]
    whole: tuple[tuple[_Whole, ...], ...]
    tried: tuple[tuple[_Tried, ...], ...]
    always: tuple[tuple[int, str], ...]

    def within(self, text: bytes) -> set[int]:
        """Return the places of the patterns that match somewhere in *text*, which is UTF-8.

        What holds the signs of more patterns than any server's reply is tried with so many and no more.
        """
        found: set[int] = set()
        there: set[int] = set()
        whole, tried = self.whole, self.tried
        for number, start, end in self.find(text, overlapping=True):
            there.add(number)
            for place, before, behind in whole[number]:
                if place not in found and _fits(text, start, end, before, behind):
                    found.add(place)
        likely = (
            (place, rest)
            for number in there
            for place, signs, rest in tried[number]
            if place not in found and not any(map(there.isdisjoint, signs))
        )
        for place, rest in islice(likely, limits.TRIALS):
            if trial(rest)(text):
                found.add(place)
        for place, rest in self.always:
            if place not in found and trial(rest)(text):
                found.add(place)
        return found


def compiled(patterns: Callable[[], Iterable[tuple[int, Needles]]]) -> Search:
    """Return the search for what *patterns* yields, each with its place; it is asked twice.

    All texts are numbered first: what is kept of the patterns shall not lie between them.
    """
    numbers: dict[bytes, int] = {}
    whole: dict[int, tuple[_Whole, ...]] = {}
    tried: dict[int, tuple[_Tried, ...]] = {}
    always: list[tuple[int, str]] = []
    shared: dict[Any, Any] = {}  # of tens of thousands of texts most are those of a pattern with many

    def number(text: str) -> int:
        return numbers.setdefault(text.encode(), len(numbers))

    def add(table: dict[int, tuple[Any, ...]], n: int, one: tuple[Any, ...]) -> None:
        those = (*table.get(n, ()), one)
        table[n] = shared.setdefault(those, those)

    for _, needles in patterns():
        for text in _texts(needles):
            number(text)
    for place, needles in patterns():
        for text, before, behind in needles.whole:
            add(whole, number(text), (place, before, behind))
        for signs, rest in needles.tried:
            if not signs:
                always.append((place, rest))
                continue
            first, *others = [tuple(map(number, sign)) for sign in signs]
            one = (place, tuple([shared.setdefault(sign, sign) for sign in others]), rest)
            for n in first:
                add(tried, n, one)
    automaton = BytesAhoCorasick(list(numbers), implementation=Implementation.ContiguousNFA)
    find, count = automaton.find_matches_as_indexes, range(len(numbers))
    return Search(
        find, tuple([whole.get(n, ()) for n in count]), tuple([tried.get(n, ()) for n in count]), tuple(always)
    )


def _texts(needles: Needles) -> Iterator[str]:
    """Yield all texts that a pattern is found by."""
    for whole in needles.whole:
        yield whole.text
    for tried in needles.tried:
        for sign in tried.signs:
            yield from sign


def _fits(text: bytes, start: int, end: int, before: str, behind: str) -> bool:
    """Say whether the marks hold beside text[start:end]."""
    if before and not (_edge(text, start) if before == EDGE else before == BEGIN and start == 0):
        return False
    return not behind or (_edge(text, end) if behind == EDGE else behind == END and end == len(text))


def _edge(text: bytes, at: int) -> bool:
    """Say whether a word begins or ends at *at*."""
    return (at > 0 and _IN_WORD[text[at - 1]]) != (at < len(text) and _IN_WORD[text[at]])


@lru_cache(limits.KNOWN_TRIALS)
def trial(pattern: str) -> Callable[[bytes], object]:
    """Return what says whether *pattern* stands in a text: by a set of one, at a tenth of a search's cost."""
    octets = pattern.isascii() and _WIDE.search(pattern) is None
    alone = re2.Set.SearchSet(options(octets=octets, memory=_ALONE))
    alone.Add(pattern)
    try:
        alone.Compile()
    except re2.error:  # it is a large one
        found: Callable[[bytes], object] = re2.compile(pattern.encode(), options()).search
        return found
    match: Callable[[bytes], object] = alone.Match
    return match
