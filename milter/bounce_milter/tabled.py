"""A record of a log whose fields stand between commas -> the reply in it, and what the record states beside it.

Rule: PowerMTA's accounting file and Exchange's message tracking log, known by their first field and by what happened; fields
of theirs that stand elsewhere are not looked for. None where the text is no such record. Never raises.
"""

import csv
import re
from typing import Final

from bounce_milter.frame import Framed, another

_CODED: Final = re.compile(r"(?:smtp;\s*)?[2-5][0-9][0-9][ -]")
_TAKEN: Final = re.compile(r"(?:smtp;\s*)?2")


def read(text: str) -> Framed | None:
    """Return what a record tells of one delivery, None where *text* is none."""
    if _POWERMTA.match(text):
        return _of_powermta(_row(text))
    return _of_exchange(_row(text)) if _EXCHANGE.match(text) else None


def _row(text: str) -> list[str]:
    try:
        return [field.strip() for field in next(csv.reader([text.strip()]), [])]
    except csv.Error:
        return []


# A record begins with its type and a date: delivered, bounced, bounced later, put off, put off for a whole queue.
_POWERMTA: Final = re.compile(r"\s*(?:d|b|rb|t|tq),\d{4}-\d\d-\d\d ")
_OF_POWERMTA: Final = {"d": "delivered", "b": "failed", "rb": "failed", "t": "delayed", "tq": "delayed"}
_DSN_MTA: Final = 9


def _of_powermta(row: list[str]) -> Framed | None:
    """Read type, timeLogged, timeQueued, orig, rcpt, orcpt, dsnAction, dsnStatus, dsnDiag, dsnMta."""
    if len(row) <= _DSN_MTA or "@" not in row[4]:
        return None
    who, written, status, said = row[4], row[5].rpartition(";")[2], row[7].partition(" ")[0], row[8]
    coded = _CODED.match(said)
    return Framed(
        said if coded else f"{status} {said}".strip(),
        who,
        another(written, who) if "@" in written else None,
        _host(row[_DSN_MTA]) if coded else None,
        _OF_POWERMTA[row[0]],
        own=not coded,
    )


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
