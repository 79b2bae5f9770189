"""Zoho Mail: one line for a recipient, "ADDRESS Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 words".

The address may stand on a line of its own above. A delay says "Temporary error" and "will be retried"; either ERROR_CODE
may be empty. A short form has one, and the reply behind it: "ADDRESS, ERROR CODE :550 - 5.1.1 words". What was tried,
"[Status: Error, Address: <ADDRESS>, ResponseCode 421, , words]", stands above these lines or instead of them.
"""

import re
from typing import Final

from bounce_milter import address, reply
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said, speaker
from bounce_milter.reply import STATUS
from bounce_milter.view import View

_CODE: Final = r"(?P<code>[2-5]\d\d)?"
_STATUS: Final = rf"(?P<status>{STATUS})?"
_LINE: Final = re.compile(
    r"^[ \t\[]*(?P<address>[^\s@\[\],]+@[^\s@\],]+)(?:[ \t\],]++[^\n]{0,200}?|\n[^\n@]{0,200}?)ERROR[_ ]CODE ?:? ?"
    rf"{_CODE}(?:[^\n]{{0,40}}?ERROR[_ ]CODE ?:? ?{_STATUS})?[ \t,:]*(?P<text>[^\n]*)",
    re.MULTILINE,
)
_TRIED: Final = re.compile(
    rf"^\[Status: Error, Address: <?(?P<address>[^\s@<>,]+@[^\s@<>,]+)>?, ResponseCode {_CODE}[ ,]*{_STATUS}[ ,]*(?P<text>[^\n\]]*)",
    re.MULTILINE,
)


def read(view: View) -> Found:
    """Return a recipient for each line of an error, without one for each that was tried."""
    delayed = "will be retried" in view.lower or "delivery is delayed" in view.lower or "delay" in view.title
    lines = [*_LINE.finditer(view.text)] or _TRIED.finditer(view.text)
    told = [_fate(line, "delayed" if delayed else "failed") for line in lines]
    return Found(tuple(told))


def _fate(line: re.Match[str], action: str) -> Recipient:
    said = reply.parse(" ".join(part for part in (line["code"], line["status"], line["text"].strip()) if part))
    return Recipient(
        address=address.clean(line["address"]),
        action=action,
        reply=said.code,
        status=said.status,
        said=Said.OWN if said.status is None and speaker.not_reached(said.text) else None,
        text=said.text or None,
    )


DIALECT: Final = Dialect("zoho", by_signs, read, ("error_code", "error code:", "error code :", ", responsecode "))
