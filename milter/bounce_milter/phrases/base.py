"""Phrases that are looked for together in the words of a message.

Rule: RE2, because these see whole messages: its time is linear, whatever the text holds. It keeps each state that it was in, in
every worker; so nothing is counted that a line bounds anyway, and what needs a letter beyond ASCII is looked for by itself, only
in words that have one.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import re2

# Of the states of one set so many octets are kept: a tenth is used, and a full one costs time.
_STATES: Final = 24 << 20
# What a text may lack that a phrase matches: one of a class or of a group, a letter that is said to be optional.
_MAY_LACK: Final = re.compile(r"\[[^\]]*\]|\([^()]*\)|.[?*{]")


#: What says of octets whether a pattern's words stand there.
Finds = Callable[[bytes], object]


class Phrases:
    """Phrases that are asked for together; the answer is yes or no, which costs a tenth of a place. Compiled when first asked for.

    before, after   patterns that stand before and after each
    denied   the pattern of words that hold one of them and say the opposite: what is found there counts for nothing
    """

    __slots__ = ("_any", "_beyond", "_denied", "after", "before", "phrases")

    def __init__(self, phrases: Sequence[str], before: str = "", after: str = "", denied: str = "") -> None:
        self.phrases, self.before, self.after, self._denied = tuple(phrases), before, after, denied
        self._any: Finds | None = None
        self._beyond: Finds | None = None

    def search(self, text: str) -> bool:
        """Say whether one of the phrases stands in *text*, which is in lower case."""
        octets = text.encode("utf-8", "replace")
        if not self._finds(octets):
            return False
        return not self._denied or self._finds(re2.compile(self._denied).sub(" ", octets.decode()).encode())

    def _finds(self, octets: bytes) -> bool:
        if self._any is None:
            self._any = self._compiled(beyond=False)
        if self._any(octets):
            return True
        if octets.isascii():
            return False
        if self._beyond is None:
            self._beyond = self._compiled(beyond=True)
        return bool(self._beyond(octets))

    def _compiled(self, *, beyond: bool) -> Finds:
        """Return what finds those of the phrases that need a letter beyond ASCII, or the others."""
        found = [phrase for phrase in self.phrases if _is_beyond(phrase) is beyond]
        return compiled(pattern(*found, before=self.before, after=self.after))


def any_of(*phrases: str, before: str = "", after: str = "", denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds any one of the *phrases* (`Phrases`)."""
    return Phrases(phrases, before, after, pattern(*denied))


def pattern(*phrases: str, before: str = "", after: str = "") -> str:
    """Return the pattern of any one of the *phrases*, "" without one."""
    return f"{before}(?:{'|'.join(phrases)}){after}" if phrases else ""


def compiled(wanted: str) -> Finds:
    """Return what says whether a pattern's words stand in octets."""
    if not wanted:
        return lambda _: False
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _STATES
    found = re2.Set.SearchSet(options)
    found.Add(wanted)
    found.Compile()
    match: Finds = found.Match
    return match


def _is_beyond(phrase: str) -> bool:
    """Say whether every text that the phrase matches has a letter beyond ASCII."""
    must = phrase
    while must != (must := _MAY_LACK.sub("", must)):
        pass
    return "|" not in must and not must.isascii()
