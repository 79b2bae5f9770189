"""How names, dates and replies stand in a sentence.

Rule: as the message wrote them, but within bounds, in a form that every language reads, and without a link that
invites a click. Of a long reply the middle is left out where an address or a time of the clock, to which advice may
point, stands behind the cut. Never raises.
"""

import re
from typing import Final

from bounce_milter import address, limits


def whole(name: str | None) -> str | None:
    """Return a name that a sentence can hold: half a name is another's."""
    return name if name and len(name) <= limits.NAME_CHARS else None


def short(name: str | None) -> str | None:
    """Return a name cut to what a sentence can hold, with dots for the rest, and without links that invite a click."""
    if name is None:
        return None
    return _unlinked(name if len(name) <= limits.NAME_CHARS else name[: limits.NAME_CHARS] + "...")


# A time of the clock; a stamp in a log has seconds.
_CLOCK: Final = re.compile(r"(?<![\w:.+-])[0-2]?\d:[0-5]\d(?![\w:.])")
_SENTENCE: Final = re.compile(r"(?<=[.;!?]) |(?<=[。、])")
# Of what stands before such a thing and behind it, how much is quoted with it.
_BEFORE: Final = 60
_AFTER: Final = 16
_GAP: Final = " ... "
_LINK: Final = re.compile(r"https?://", re.IGNORECASE)
_LINK_ENDS: Final = re.compile(r"https?://\Z", re.IGNORECASE)
_LINK_CHARS: Final = len("https://")


def quoted(text: str, known: frozenset[str] = frozenset()) -> str:
    """Return the reply for quoting: cut, without links that invite a click.

    known   addresses that nobody need read in it, in lower case: the recipient's own, and the sender's
    """
    text = _unlinked(text).replace('"', "'")
    if len(text) <= limits.QUOTE_CHARS:
        return _unended(text)
    told = _told_behind(text, known)
    head = limits.QUOTE_CHARS - len(told) - len(_GAP)
    if not told or head < limits.QUOTE_CHARS // 3:
        return text[: limits.QUOTE_CHARS].rstrip() + "..."
    return text[:head].rstrip() + _GAP + told


def _unlinked(text: str) -> str:
    """Return *text* with no link in it; what is taken out of one may leave another, again and again."""
    bare = _LINK.sub("", text)
    if not _LINK.search(bare):
        return bare
    kept: list[str] = []
    for character in bare:
        kept.append(character)
        if character == "/" and (found := _LINK_ENDS.search("".join(kept[-_LINK_CHARS:]))):
            del kept[-len(found[0]) :]
    return "".join(kept)


def _unended(text: str) -> str:
    """Return *text* without its full stop: the sentence around it brings one."""
    return text if text.endswith("..") else text.removesuffix(".")


def _told_behind(text: str, known: frozenset[str]) -> str:
    """Return the words around the first address or time that a cut would take away, "" where there is none."""
    text = text[: limits.WORDS_CHARS]
    found = [
        each for look in (address.IN_TEXT, _CLOCK) for each in look.finditer(text) if each.end() > limits.QUOTE_CHARS
    ]
    new = [each for each in found if each[0].lower() not in known]
    if not new:
        return ""
    begin, end = min(each.span() for each in new)
    before = _SENTENCE.split(text[max(begin - _BEFORE, 0) : begin])[-1]
    if len(before) == _BEFORE:
        before = before.partition(" ")[2] or before
    after, more = text[end : end + _AFTER], len(text) > end + _AFTER
    return before + text[begin:end] + (after.rpartition(" ")[0] + "..." if more else _unended(after))


_DATE: Final = re.compile(
    r"(?:\w+,\s*)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d)(?::\d\d)?(?: ([+-]\d{4}|[A-Z]{1,4})\b)?", re.ASCII
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(text: str) -> str | None:
    """Return an RFC 5322 date as "2026-11-25 10:00 +0100", which every language reads; None where *text* is none.

    A sentence of ours would say as its own what else stands there.
    """
    found = _DATE.match(text)
    if not found or found[2] not in _MONTHS:
        return None
    day, month, year, clock, zone = found.groups()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02} {clock}{' ' + zone if zone else ''}"
