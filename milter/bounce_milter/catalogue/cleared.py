"""What a reply says was not why it refused: tests passed, causes denied or only possible, what nobody asks for, vain hopes.

Rule: such words are the opposite of a cause. So each of them stands as `<cleared>`, and their number stays. Which they are
is data (`clearing`); one pass finds the signs of all rows, for in nearly all replies there is none, and a row's pattern is
compiled when one of its signs is first met. Pure, and linear in the text.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

import msgspec
from ahocorasick_rs import BytesAhoCorasick

from bounce_milter.catalogue.clearing import Clearing

_WORD: Final = re.compile(r"[^\s,]+")


class Clearings(msgspec.Struct, frozen=True, eq=False):
    """The rows in their order, and what finds their signs.

    find   returns of a text (number of a sign, start, end) of all signs in it
    rows_of   of each sign the place of its row
    """

    rows: tuple[Clearing, ...]
    find: Callable[..., list[tuple[int, int, int]]]
    rows_of: tuple[int, ...]


def compiled(rows: Iterable[Clearing]) -> Clearings:
    """Return what clears by *rows*, one after the other."""
    rows = tuple(rows)
    signs = [(sign.encode(), place) for place, row in enumerate(rows) for sign in row.signs]
    find = BytesAhoCorasick([sign for sign, _ in signs]).find_matches_as_indexes
    return Clearings(rows, find, tuple([place for _, place in signs]))


def cleared(words: str, clearings: Clearings) -> str:
    """Return the lower-case *words* of a reply, those that it clears itself named `<cleared>`."""
    if found := clearings.find(words.encode(errors="replace"), overlapping=True):  # a lone surrogate is no UTF-8
        for place in sorted({clearings.rows_of[sign] for sign, _, _ in found}):
            words = finder(clearings.rows[place].words).sub(_named, words)
    return words


def clears_a_cause(words: str, clearings: Clearings) -> bool:
    """Say whether the lower-case *words* of a reply clear more than hopes, which say nothing of why it refused."""
    for row in clearings.rows:
        if row.hope:
            words = finder(row.words).sub(" ", words)
    return "<cleared>" in cleared(words, clearings)


@cache
def finder(pattern: str) -> re.Pattern[str]:
    """Return the compiled *pattern* of a row."""
    return re.compile(pattern)


def _named(found: re.Match[str]) -> str:
    """Return what was found, each word that is cleared by its kind."""
    begin, end = (place - found.start() for place in found.span(found.lastindex or 0))
    return found[0][:begin] + _WORD.sub("<cleared>", found[0][begin:end]) + found[0][end:]
