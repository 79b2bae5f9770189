"""Domino's notice, with a report or without: "was not delivered to:", names, "because:", a sentence, and so on again.

Rule: a sentence, and the reply that it quotes, is about the names of its own block alone. A name of Notes, "Foo Bar/Org@ORG", is no
address: who bears it is told of without one. Before a domain it is one, without its quotation marks.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from msgspec.structs import replace

from bounce_milter import address, kinds, limits
from bounce_milter.dialects import session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_WHOM: Final = "was not delivered to:"
_WHY: Final = "because:"
# It looked in its own directory.
_OWN: Final = re.compile(r"\b(?:domino directory|name & address book)\b", re.IGNORECASE)


def claims(view: View) -> bool:
    """Claim a notice by a mail system; where it has a report, its words fill what that leaves out."""
    return _WHY in view.lower and kinds.from_daemon(view)


def read(view: View) -> Found:
    """Return a recipient for each name, with the words of his block."""
    told = (
        _fate(_address(name), why, view.house, alone=len(names) == 1)
        for names, why in _blocks(view.text.split("\n"))
        for name in names
    )
    return Found(tuple(islice(told, limits.TEXT_RECIPIENTS)))


def _fate(who: str | None, why: str, house: str, *, alone: bool) -> Recipient:
    """Return the facts that the sentence of his block tells of a recipient; a reply is about him where he stands there *alone*."""
    told = session.fate(who, [why])
    if told.reply:
        return replace(told, shared=not alone)
    doubted = _OWN.search(why) is not None and not _serves(house, who)
    return Recipient(address=who, action="failed", said=Said.NOTICE, text=why, doubted=doubted)


def _address(name: str) -> str | None:
    """Return the address that a name is, without brackets and quotation marks; a name of a directory alone is none."""
    who = address.clean(name)
    if who and address.IN_TEXT.fullmatch(who):
        return who
    in_directory, _, there = name.rpartition("@")
    quoted = f'"{in_directory}"@{there}'  # RFC 5321 4.1.2: a blank stands within quotation marks
    return quoted if "/" in in_directory and "." in there and address.IN_TEXT.fullmatch(quoted) else None


def _serves(house: str, who: str | None) -> bool:
    """Say whether an address may be of the domain that writes the notice: of another's nobody stands in its directory."""
    there = address.domain(who).lower()
    return not (house and there) or address.are_of_one(there, house)


def _blocks(lines: list[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the names of each block, and the paragraph that says why; a block may begin with its name."""
    names: list[str] = []
    words: list[str] | None = []  # None while names are being read
    for line in (*map(str.strip, lines), ""):
        if line.lower() == _WHOM:
            names, words = [], None
        elif line.lower() == _WHY:
            if words and _address(words[-1]):  # the next name stands right below the words
                *told, following = words
                if names:
                    yield names, " ".join(told)[: limits.REPLY_CHARS]
                names = [following]
            words = []
        elif line and words is None:
            names.append(line)
        elif line and words is not None:
            words.append(line)
        elif names and words:
            yield names, " ".join(words)[: limits.REPLY_CHARS]
            names = []


DIALECT: Final = Dialect("domino", claims, read, (_WHOM,))
