r"""Several sets of phrases, asked in one pass for the plain words by which they are found: "\bis (?:now )?mended\b" by "mended".

Rule: of each phrase one of its signs stands in every text that it matches; a phrase without any is looked for itself. Cheap, and
generous: what finds a sign asks the sets themselves. Words in which none stands, nearly all, are asked no more.
"""

import re
from collections.abc import Iterator
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from bounce_milter.phrases.base import Finds, Phrases, compiled, pattern

# A piece of a pattern: a sign by its number, an escape, a class, a bracket, what repeats the piece before, any other sign.
_PIECE: Final = re.compile(
    r"\\x\{(?P<number>[^}]*)\}|\\(?P<edge>[bAZz])|\\(?P<sign>[^\w\s])|\\[pP]\{[^}]*\}|\\.|\[\^?\]?[^\]]*\]|(?P<repeat>[?*]|\{\d*,?\d*\}|\+)\??|(?P<open>\((?:\?:)?)|[)|.^$]|(?P<plain>.)",
    re.DOTALL,
)
# Shorter words, and those of any letter on mail, stand in nearly every text.
_LEAST: Final = 4
_COMMON: Final = frozenset({
    "account", "address", "addresses", "adresse", "been", "boîte", "buzón", "compte", "could", "cuenta", "e-mail", "email", "empfänger", "from", "have",
    "ihre", "konto", "mail", "mailbox", "message", "messages", "nachricht", "postfach", "recipient", "recipients", "sender", "server", "that", "this",
    "user", "votre", "will", "with", "would", "your",
})  # fmt: skip


class Joined:
    """Several sets, of which it finds what any may find, in any line; and what these deny, too. Compiled when first asked for."""

    __slots__ = ("_rest", "_several", "_words")

    def __init__(self, *several: Phrases) -> None:
        self._several = several
        self._words: BytesAhoCorasick | None = None
        self._rest: Finds | None = None

    def search(self, text: str) -> bool:
        """Say whether one of the sets may find something in *text*, which is in lower case."""
        octets = text.encode("utf-8", "replace")
        if self._words is None or self._rest is None:
            self._words, self._rest = self._compiled()
        return bool(self._words.find_matches_as_indexes(octets) or self._rest(octets))

    def _compiled(self) -> tuple[BytesAhoCorasick, Finds]:
        words: set[str] = set()
        rest: list[str] = []
        for one in self._several:
            unsigned = []
            for phrase in one.phrases:
                found = signs(phrase)
                words.update(found)
                unsigned += [] if found else [phrase]
            rest += [pattern(*unsigned, before=one.before, after=one.after)] if unsigned else []
        return BytesAhoCorasick([word.encode() for word in sorted(words)]), compiled(pattern(*rest, before="(?m)"))


def signs(phrase: str) -> tuple[str, ...]:
    """Return plain words of which one stands in every text that *phrase* matches; none where there are no telling ones."""
    found: list[str] = []
    for alternative in _alternatives(phrase):
        best = max(_within(alternative), key=_worth, default=())
        if not _worth(best):
            return ()
        found += best
    return tuple(found)


def _worth(words: tuple[str, ...]) -> int:
    """Return how much words tell: the octets of the shortest, nothing where it is short or one of them stands in any text."""
    least = min([len(word.encode()) for word in words], default=0)
    return 0 if least < _LEAST or any(set(word.split()) <= _COMMON for word in words) else least


def _alternatives(phrase: str) -> Iterator[str]:
    """Yield what stands between the bars that are in no group."""
    depth, start = 0, 0
    for piece in _PIECE.finditer(phrase):
        depth += bool(piece["open"]) - (piece[0] == ")")
        if depth == 0 and piece[0] == "|":
            yield phrase[start : piece.start()]
            start = piece.end()
    yield phrase[start:]


def _within(alternative: str) -> Iterator[tuple[str, ...]]:
    """Yield the letters in a row, and the signs of each group, that every text holds which it matches."""
    word = ""
    for letter, group in _atoms(alternative):
        if letter:
            word += letter
            continue
        yield (word,)
        word = ""
        if group:
            yield signs(group)
    yield (word,)


def _atoms(alternative: str) -> list[tuple[str, str]]:
    """Return the pieces in order: a letter, or the inside of a group; two empty texts for anything else, and for what may be missing."""
    found: list[tuple[str, str]] = []
    depth, opened = 0, 0
    for piece in _PIECE.finditer(alternative):
        if piece["open"]:
            opened = opened if depth else piece.end()
            depth += 1
        elif piece[0] == ")":
            depth -= 1
            if depth == 0:
                found.append(("", alternative[opened : piece.start()]))
        elif depth == 0 and piece["repeat"]:
            found[-1:] = [found[-1], ("", "")] if piece["repeat"].startswith("+") else [("", "")]
        elif depth == 0 and not piece["edge"]:
            found.append((piece["plain"] or piece["sign"] or _numbered(piece["number"]), ""))
    return found


def _numbered(number: str | None) -> str:
    return chr(int(number, 16)) if number else ""
