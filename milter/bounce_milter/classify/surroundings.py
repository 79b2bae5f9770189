"""Where the words that decided stand in a reply, and what stands around them: nothing more, an "if", something else.

Rule: looked for when somebody wants to see the words, or where they call an address dead, and known for the next reply of
the same words. Pure.
"""

import re
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import re2

from bounce_milter import limits
from bounce_milter.catalogue import terms
from bounce_milter.catalogue.pattern import texts
from bounce_milter.catalogue.rule import options
from bounce_milter.classify import supposed
from bounce_milter.classify.around import says_more

# Letters at the end and at the start of a text, of languages that have spaces between their words.
_LETTERS: Final = rf"[^\W\d_{terms.FIRST_LETTER}-\uffff]*"
_BEGUN: Final = re.compile(rf"{_LETTERS}\Z")
_GOES_ON: Final = re.compile(rf"\A{_LETTERS}")


class Surroundings(NamedTuple):
    """The words that a pattern found, and what stands around them.

    phrase     these words
    beside     the rest of the text, without the rests of words that the pattern found in part
    is_all     the text says no more than the words, names and numbers not counted
    is_supposed    they stand behind "if" or "perhaps"
    """

    phrase: str
    beside: str
    is_all: bool
    is_supposed: bool


@lru_cache(limits.KNOWN_SURROUNDINGS)
def around(pattern: str, text: bytes) -> Surroundings:
    """Return what stands around the words of a normalised *text* that the *pattern* finds."""
    start, end = span(pattern, text) or (0, 0)
    parts = text[:start], text[start:end], text[end:]
    before, phrase, after = (part.decode(errors="ignore") for part in parts)
    is_all = not (says_more(parts[0]) or says_more(parts[1], pattern) or says_more(parts[2]))
    begun = _BEGUN.sub("", before) if phrase[:1].isalpha() else before
    rest = _GOES_ON.sub("", after) if phrase[-1:].isalpha() else after
    return Surroundings(phrase, f"{begun} | {rest}", is_all, supposed.is_supposed(before, after, phrase))


def span(pattern: str, text: bytes) -> tuple[int, int] | None:
    """Return where the words begin that the *pattern* finds, and where they end."""
    for known in _spelled_out(pattern):
        start = text.find(known)
        if start >= 0:
            return start, start + len(known)
    found = _finder(pattern).search(text)
    return found.span() if found else None


@cache
def _spelled_out(pattern: str) -> tuple[bytes, ...]:
    """Return the texts that *pattern* stands for, where they are few.

    Made, as `_finder` is, when a rule first decides: of thousands of patterns a filter needs a few dozen in its life.
    """
    return tuple(text.encode() for text in texts(pattern))


@lru_cache(limits.KNOWN_TRIALS)
def _finder(pattern: str) -> Any:
    """Return the compiled *pattern*."""
    try:
        return re2.compile(pattern.encode(), options(memory=1 << 20))
    except re2.error:  # it is a large one, which only fits into what it was checked with
        return re2.compile(pattern.encode(), options())
