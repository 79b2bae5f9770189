"""Domino's notice where it comes without a report: "was not delivered to:", names, "because:", a sentence, and so on again.

Rule: a sentence is about the names of its own block alone. A name of Notes, "Foo Bar/Org@ORG", is no address: who bears it
is told of without one. Reports of Domino are read as such, whatever their words.
"""

import re
from collections.abc import Iterator
from typing import Final

from bounce_milter import address, kinds, limits
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_WHOM: Final = "was not delivered to:"
_WHY: Final = "because:"
# It looked in its own directory.
_OWN: Final = re.compile(r"\b(?:domino directory|name & address book)\b", re.IGNORECASE)


def claims(view: View) -> bool:
    """Claim a notice by a mail system, without a report."""
    return not view.status and _WHY in view.lower and kinds.from_daemon(view)


def read(view: View) -> Found:
    """Return a recipient for each name, with the words of his block."""
    told = [
        Recipient(
            address=who, action="failed", said=Said.NOTICE, text=why,
            doubted=_OWN.search(why) is not None and not _serves(view.house, who),
        )
        for names, why in _blocks(view.text.split("\n"))
        for who in map(_address, names)
    ]  # fmt: skip
    return Found(tuple(told[: limits.TEXT_RECIPIENTS]))


def _address(name: str) -> str | None:
    """Return the address that a name is, without brackets and quotation marks; a name of a directory is none."""
    who = address.clean(name)
    return who if who and address.IN_TEXT.fullmatch(who) else None


def _serves(house: str, who: str | None) -> bool:
    """Say whether an address may be of the domain that writes the notice: of another's nobody stands in its directory."""
    there = address.domain(who).lower()
    return not (house and there) or address.are_of_one(there, house)


def _blocks(lines: list[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the names of each block, and the paragraph that says why."""
    names: list[str] = []
    words: list[str] | None = []
    for line in (*map(str.strip, lines), ""):
        if line.lower() == _WHOM:
            names, words = [], None
        elif line.lower() == _WHY:
            words = []
        elif line and words is None:
            names.append(line)
        elif line and words is not None:
            words.append(line)
        elif names and words:
            yield names, " ".join(words)[: limits.REPLY_CHARS]
            names = []


DIALECT: Final = Dialect("domino", claims, read, (_WHOM,))
