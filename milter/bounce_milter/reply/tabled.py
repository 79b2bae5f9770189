"""A record of a log whose fields stand between commas -> the reply in it, and what the record states beside it.

Rule: PowerMTA's accounting file and Exchange's message tracking log, known by their first field and by what happened, from
which the others are counted. None where the text is no such record. Never raises.
"""

import csv
import re
from typing import Final

from bounce_milter import limits
from bounce_milter.reply.frame import Framed, another

_CODED: Final = re.compile(r"(?:smtp;\s*)?[2-5][0-9][0-9][ -]")
_TAKEN: Final = re.compile(r"(?:smtp;\s*)?2")


def read(text: str) -> Framed | None:
    """Return what a record tells of one delivery, None where *text* is none; as much of it is read as of a reply."""
    text = text[: limits.REPLY_CHARS]
    if _POWERMTA.match(text):
        return _of_powermta(_row(text), text)
    return _of_exchange(_row(text)) if _EXCHANGE.match(text) else None


def _row(text: str) -> list[str]:
    """Return the fields of a record; csv raises on none that is so short and has no line ends."""
    return [field.strip() for field in next(csv.reader([" ".join(text.split())]), [])]


# A record begins with its type and a date: delivered, bounced, bounced later, put off, put off for a whole queue.
_POWERMTA: Final = re.compile(r"\s*(?:d|b|rb|t|tq),\d{4}-\d\d-\d\d ")
_OF_POWERMTA: Final = {"d": "delivered", "b": "failed", "rb": "failed", "t": "delayed", "tq": "delayed"}
_ACTIONS: Final = frozenset({"delivered", "relayed", "failed", "delayed", "expanded"})
# Where these stand in the usual order. What is kept of a record is the admin's choice: of another order is known whom it is about
# and what became of the message, and the rest is read as words.
_DSN_ACTION: Final = 6
_DSN_STATUS: Final = 7
_DSN_DIAG: Final = 8
_DSN_MTA: Final = 9


def _of_powermta(row: list[str], text: str) -> Framed | None:
    """Read type, timeLogged, timeQueued, orig, rcpt, orcpt, dsnAction, dsnStatus, dsnDiag, dsnMta."""
    at = next((at for at in range(3, len(row) - 1) if row[at].lower() in _ACTIONS), _DSN_ACTION)
    who, written = _whom(row[:at])
    if who is None:
        return None
    alias, action = another(written, who), _OF_POWERMTA[row[0]]
    if at != _DSN_ACTION or len(row) <= _DSN_MTA:
        return Framed(text, who, alias, action=action)
    status, said = row[_DSN_STATUS].partition(" ")[0], row[_DSN_DIAG]
    coded = _CODED.match(said)
    return Framed(
        said if coded else f"{status} {said}".strip(),
        who,
        alias,
        _host(row[_DSN_MTA]) if coded else None,
        action,
        own=not coded,
    )


def _whom(before: list[str]) -> tuple[str | None, str | None]:
    """Return rcpt, and orcpt where it is kept: it is empty, has a type, or is the third address, behind orig and rcpt."""
    named = ["@" in field for field in before[-3:]]
    kept = not named[-1] or ";" in before[-1] or all(named)
    who, written = (before[-2], before[-1].rpartition(";")[2]) if kept else (before[-1], "")
    return who if "@" in who else None, written if "@" in written else None


# Message tracking (Exchange Server): a time in UTC, four fields on who talked to whom, the context, and the event a little later.
_EXCHANGE: Final = re.compile(r"\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z,")
_EVENTS: Final = {
    "FAIL": "failed", "BADMAIL": "failed", "DEFER": "delayed", "SEND": "delivered", "SENDEXTERNAL": "delivered",
    "DELIVER": "delivered",
}  # fmt: skip
_SERVER: Final = 4
_CONTEXT: Final = 5


def _of_exchange(row: list[str]) -> Framed | None:
    """Read server-hostname, source-context, event-id and, behind it, recipient-address and recipient-status."""
    event = next((at for at in range(_CONTEXT + 1, min(_CONTEXT + 5, len(row))) if row[at] in _EVENTS), None)
    if event is None:
        return None
    # Two or three names of the message stand between, by version.
    at = next((at for at in range(event + 2, min(event + 6, len(row))) if "@" in row[at] and row[at][:1] != "<"), None)
    if at is None:
        return None
    action = _EVENTS[row[event]]
    said = (row[at + 1] if at + 1 < len(row) else "") or row[_CONTEXT]
    if action == "delivered" and not _TAKEN.match(said):
        said = ""
    by = _host(row[_SERVER]) if row[event - 1] == "SMTP" else None
    return Framed(said, row[at] if row[at].count("@") == 1 else None, by=by, action=action, own=by is None)


def _host(written: str) -> str | None:
    """Return the name in "mx.dest.example (192.0.2.1)", None where there is none with a dot."""
    name = written.partition(" ")[0].rstrip(".").lower()
    return name if "." in name and not name.replace(".", "").isdecimal() else None
