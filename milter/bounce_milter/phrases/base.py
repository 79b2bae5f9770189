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


# A piece of a pattern: an escape, a class, a bracket that opens or closes a group, any other sign; and what runs over words between two.
_PIECE: Final = re.compile(
    r"(?P<run>(?:\.|\[\^[^\]]*\])\*)|\\x\{[^}]*\}|\\p\{[^}]*\}|\\.|\[\^?\]?[^\]]*\]|[()|]|.", re.DOTALL
)
# A beginning of so many signs finds little else.
_BEGINNING: Final = 6

# What says of octets which patterns stand there: none, or the one.
_Finds = Callable[[bytes], object]


class Phrases:
    """Phrases that are asked for together; the answer is yes or no, which costs a tenth of a place. Compiled when first asked for.

    plain, beyond   the pattern of any of them, and of those that need a letter beyond ASCII; "" for none
    denied   the pattern of words that hold one of them and say the opposite: what is found there counts for nothing
    beginnings   the pattern of what any of the plain ones begins with (`joined`)
    """

    __slots__ = ("_any", "_beyond", "_denied", "beginnings", "beyond", "plain")

    def __init__(self, plain: str, beyond: str, denied: str = "", beginnings: str = "") -> None:
        self.plain, self.beyond, self._denied = plain, beyond, denied
        self.beginnings = beginnings or plain
        self._any: _Finds | None = None
        self._beyond: _Finds | None = None

    def search(self, text: str) -> bool:
        """Say whether one of the phrases stands in *text*, which is in lower case."""
        octets = text.encode("utf-8", "replace")
        if not self._finds(octets):
            return False
        return not self._denied or self._finds(re2.compile(self._denied).sub(" ", octets.decode()).encode())

    def _finds(self, octets: bytes) -> bool:
        if self._any is None or self._beyond is None:
            self._any, self._beyond = _compiled(self.plain), _compiled(self.beyond)
        return bool(self._any(octets) or (not octets.isascii() and self._beyond(octets)))


def any_of(*phrases: str, before: str = "", after: str = "", denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds any one of the *phrases*.

    before, after   patterns that stand before and after each
    denied   `Phrases`
    """
    beyond = [phrase for phrase in phrases if _is_beyond(phrase)]
    plain = [phrase for phrase in phrases if phrase not in beyond]
    return Phrases(
        pattern(*plain, before=before, after=after),
        pattern(*beyond, before=before, after=after),
        pattern(*denied),
        pattern(*map(_beginning, plain), before=before),
    )


def joined(*several: Phrases) -> Phrases:
    """Return what finds in any line whatever one of *several* finds there alone, and what these deny, too.

    Words in which it finds nothing, nearly all, are asked no more: one pass costs what one of several does. Of "a.*b" it finds
    "a" alone: each of many that it had found the half of would be a state more.
    """
    return Phrases(_either([one.beginnings for one in several]), _either([one.beyond for one in several]))


def pattern(*phrases: str, before: str = "", after: str = "") -> str:
    """Return the pattern of any one of the *phrases*, "" without one."""
    return f"{before}(?:{'|'.join(phrases)}){after}" if phrases else ""


def _either(patterns: Sequence[str]) -> str:
    return pattern(*filter(None, patterns), before="(?m)")


def _beginning(phrase: str) -> str:
    """Return the pattern of what a phrase begins with, up to where it runs over any words: that of each of its alternatives."""
    kept: list[str] = []
    depth, start, cut = 0, 0, False  # within groups, of the present alternative, whether its end was left out
    for piece in _PIECE.finditer(phrase):
        sign = piece[0]
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and sign == "|":
            start, cut = len(kept) + 1, False
        elif depth == 0 and piece["run"] and len("".join(kept[start:])) >= _BEGINNING:
            cut = True
        if not cut:
            kept.append(sign)
    return "".join(kept)


def _compiled(wanted: str) -> _Finds:
    """Return what says whether a pattern's words stand in octets."""
    if not wanted:
        return lambda _: False
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _STATES
    found = re2.Set.SearchSet(options)
    found.Add(wanted)
    found.Compile()
    match: _Finds = found.Match
    return match


def _is_beyond(phrase: str) -> bool:
    """Say whether every text that the phrase matches has a letter beyond ASCII."""
    must = phrase
    while must != (must := _MAY_LACK.sub("", must)):
        pass
    return "|" not in must and not must.isascii()
