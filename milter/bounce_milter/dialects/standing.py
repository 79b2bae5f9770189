r"""Where addresses stand: whom a reply is about, and whom it only speaks of behind its verdict, "did you mean ...".

Rule: a reply is about the address that it begins with, or one that stands outside of replies too; else about the one
above it. Another that it names behind its words is a successor, a helper, one that is spelt alike: he lives, for all that
is known. No verb of any language is looked for, only the place. Where nobody stands above and nobody else was written to,
a reply names whom it is about wherever it likes: "550 No such user: bob@dest.example".
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from bounce_milter import reply
from bounce_milter.reply import REFUSED, STATUS

# What begins a reply: its status, its code at the start of a line or behind a mark, or what servers write before a reason.
_BEGINS: Final = re.compile(
    rf"(?:\A|[:;>(\[\"'])[^\w\n]{{0,8}}+{REFUSED}(?:[ -]#?{STATUS}(?![\w.@])|(?=[ -]))|(?<![\w.@-]){STATUS}(?![\w.@])|"
    r"\b(?:reason|grund|ursache|raison|motivo?|motif|causa|powód|reden|причина) ?:",
    re.IGNORECASE,
)
# These before an address are no words on it: "550 RCPT TO:<bob@dest.example>", "550 User bob@dest.example".
_NO_WORDS: Final = re.compile(
    r"\b(?:rcpt|smtp|rfc822|user|mailbox|recipient|address|account|e?mail|the|for|to)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_]{2}")
# Directly before an address it says that the reply is about that one: "552 Quota violation for bob@dest.example".
_FOR: Final = re.compile(r"\b(?:for|für|pour|para|per|voor)[ <\"']{1,3}\Z", re.IGNORECASE)
# Before an address these make it one that a line is about: marks of a list, a label.
_LABEL: Final = re.compile(r"\W{0,40}+(?:\d{1,4}\W{1,5})?(?:[^\W\d_][\w ()/-]{1,30}[:=]\s{0,20})?\W{0,3}\Z")
# A sentence, or what is no sentence of a reply, ends here.
_ENDS: Final = (".", ":", "!", "?", ")", ">")
# A line of a reply that another one follows (RFC 5321 4.2.1).
_GOES_ON: Final = re.compile(rf"(?<![\w.@-])({REFUSED})-")
# A line of a reply has so many octets at most (RFC 5321 4.5.3.1.5): where it begins is looked for no farther.
_LINE: Final = 512
# Lines in which a reply is told, and lines between an address and the reply on it.
_REPLY_LINES: Final = 4
_BETWEEN: Final = 8
# A letter that names more is a list.
_MOST_PLACES: Final = 1_000


class _Place(NamedTuple):
    """Where an address stands, and in which line the reply begins behind whose words it does; None where behind none."""

    number: int
    column: int
    who: str
    reply: int | None


def meant(
    near: list[tuple[int, str]], others: list[tuple[int, str]], lines: list[str], known: Iterable[str]
) -> list[tuple[int, str]]:
    """Return whom words of failure are about: *near*, without those whom a reply only speaks of, but with whom it is about.

    near, others   (line number, address) by words of failure, and elsewhere
    known   who is known to be written to
    """
    every = {*near, *others}
    if len(every) > _MOST_PLACES or are_none_spoken_of(near, lines):  # nearly all notices are the latter
        return near
    places = sorted(_place(number, who, lines) for number, who in every)
    sure = {who.lower() for who in known} | {place.who.lower() for place in places if place.reply is None}
    pointed_at, spoken_of, about = set(near), set[str](), set[tuple[int, str]]()
    for first, named in _replies(places):
        unsure = {place.who.lower() for place in named} - sure
        if unsure == {place.who.lower() for place in named}:
            above = _above(places[first - 1], places[first], lines, pointed_at) if first else None
            if above is None:
                continue
            about.add(above)
        spoken_of |= unsure
    return sorted(about.union(at for at in pointed_at if at[1].lower() not in spoken_of))


def are_none_spoken_of(found: Iterable[tuple[int, str]], lines: list[str]) -> bool:
    """Say whether none of the addresses that were *found* stands behind a reply's words."""
    return all(_place(number, who, lines).reply is None for number, who in dict.fromkeys(found))


def are_spoken_of(found: Iterable[tuple[int, str]], lines: list[str]) -> bool:
    """Say whether all addresses that were *found* stand behind a reply's words: it need not be about any of them."""
    return all(_place(number, who, lines).reply is not None for number, who in dict.fromkeys(found))


def _replies(places: list[_Place]) -> list[tuple[int, list[_Place]]]:
    """Return the places behind the words of each reply, and the index of the first of them."""
    found: dict[int, tuple[int, list[_Place]]] = {}
    for index, place in enumerate(places):
        if place.reply is not None:
            found.setdefault(place.reply, (index, []))[1].append(place)
    return list(found.values())


def _place(number: int, who: str, lines: list[str]) -> _Place:
    column = max(0, lines[number].find(who))
    return _Place(number, column, who, _reply(lines, number, column))


def _above(above: _Place, first: _Place, lines: list[str], near: set[tuple[int, str]]) -> tuple[int, str] | None:
    """Return whom a reply is about that names him nowhere: who stands *above* the *first* one that it names, in a line of
    his own or of failure."""
    if above.reply is not None or first.number - above.number > _BETWEEN:
        return None
    place = (above.number, above.who)
    return place if place in near or _LABEL.match(lines[above.number][: above.column]) else None


def _reply(lines: list[str], number: int, column: int) -> int | None:
    """Return in which line the reply begins behind whose words an address stands, None where it stands behind none."""
    before = lines[number][:column]
    begins = [None, *_BEGINS.finditer(before, max(0, column - _LINE))][-1]
    above = lines[number - 1] if number else ""
    if begins and not ((further := _GOES_ON.search(above)) and further[1] in begins[0]):
        words = _NO_WORDS.sub(" ", before[begins.end() :])
        return number if _WORD.search(words) and not _FOR.search(before) else None
    if begins is None and (_LABEL.match(before) or reply.may_hold_code(lines[number][column:])):
        return None
    for begin in range(number - 1, max(-1, number - 1 - _REPLY_LINES), -1):
        line = lines[begin].rstrip()
        if begins is None and (not line or line.endswith(_ENDS)):
            return None
        if _BEGINS.search(line, 0, _LINE) and not (begin and _GOES_ON.search(lines[begin - 1])):
            return begin
    return None
