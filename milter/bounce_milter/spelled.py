"""How names, dates and replies stand in a sentence.

Rule: as the message wrote them, but within bounds, in a form that every language reads, and without a link that
invites a click. Never raises.
"""

import re
from typing import Final

from bounce_milter import limits


def whole(name: str | None) -> str | None:
    """Return a name that a sentence can hold: half a name is another's."""
    return name if name and len(name) <= limits.NAME_CHARS else None


def short(name: str | None) -> str | None:
    """Return a name cut to what a sentence can hold, with dots for the rest."""
    return name if name is None or len(name) <= limits.NAME_CHARS else name[: limits.NAME_CHARS] + "..."


def quoted(text: str) -> str:
    """Return the reply for quoting: cut, without links that invite a click."""
    text = text.replace("https://", "").replace("http://", "").replace('"', "'")
    if len(text) > limits.QUOTE_CHARS:
        return text[: limits.QUOTE_CHARS].rstrip() + "..."
    return text if text.endswith("..") else text.removesuffix(".")  # the sentence around it brings one


_DATE: Final = re.compile(
    r"(?:\w+,\s*)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d)(?::\d\d)?(?: ([+-]\d{4}|[A-Z]{1,4})\b)?"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(text: str) -> str:
    """Return an RFC 5322 date as "2026-11-25 10:00 +0100", which every language reads; anything else as it is."""
    found = _DATE.match(text)
    if not found or found[2] not in _MONTHS:
        return text
    day, month, year, clock, zone = found.groups()
    return f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02} {clock}{' ' + zone if zone else ''}"
