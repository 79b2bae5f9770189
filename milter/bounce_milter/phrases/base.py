"""Phrases that are looked for together in the words of a message.

Rule: RE2, because these see whole messages: its time is linear, whatever the text holds. It keeps each state that it was in, in
every worker; so nothing is counted that a line bounds anyway, and what needs a letter beyond ASCII is looked for by itself, only
in words that have one.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import re2

# Of the states of one set so many octets are kept: a tenth is used, and a full one costs time.
_STATES: Final = 24 << 20
# What a text may lack that a phrase matches: one of a class or of a group, a letter that is said to be optional.
_MAY_LACK: Final = re.compile(r"\[[^\]]*\]|\([^()]*\)|.[?*{]")


class Phrases:
    """Phrases that are asked for together; the answer is yes or no, which costs a tenth of a place.

    before, after   patterns that stand before and after each
    denied   words that hold one of them and say the opposite: what is found there counts for nothing
    """

    __slots__ = ("_any", "_beyond", "_denied")

    def __init__(self, phrases: Sequence[str], before: str = "", after: str = "", denied: Sequence[str] = ()) -> None:
        beyond = [phrase for phrase in phrases if _is_beyond(phrase)]
        self._any = _compiled([phrase for phrase in phrases if phrase not in beyond], before, after)
        self._beyond = _compiled(beyond, before, after)
        self._denied = pattern(*denied)

    def search(self, text: str) -> bool:
        """Say whether one of the phrases stands in *text*, which is in lower case."""
        if not self._finds(text):
            return False
        # Seldom, so what is denied is compiled when it comes to it.
        return not self._denied or self._finds(re2.compile(self._denied).sub(" ", text))

    def _finds(self, text: str) -> bool:
        octets = text.encode("utf-8", "replace")
        return bool(self._any(octets) or (not text.isascii() and self._beyond(octets)))


def any_of(*phrases: str, before: str = "", after: str = "", denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds any one of the *phrases*, with what stands *before* and *after* each (`Phrases`)."""
    return Phrases(phrases, before, after, denied)


def pattern(*phrases: str, before: str = "", after: str = "") -> str:
    """Return the pattern of any one of the *phrases*, "" without one."""
    return f"{before}(?:{'|'.join(phrases)}){after}" if phrases else ""


def _compiled(phrases: Sequence[str], before: str, after: str) -> Any:
    """Return what says whether one of the phrases stands in octets."""
    if not phrases:
        return lambda _: False
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _STATES
    found = re2.Set.SearchSet(options)
    found.Add(pattern(*phrases, before=before, after=after))
    found.Compile()
    return found.Match


def _is_beyond(phrase: str) -> bool:
    """Say whether every text that the phrase matches has a letter beyond ASCII."""
    must = phrase
    while must != (must := _MAY_LACK.sub("", must)):
        pass
    return "|" not in must and not must.isascii()
