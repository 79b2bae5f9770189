"""Zoho Mail: one line for a recipient, "ADDRESS Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 words".

A delay says "Temporary error" and "will be retried"; either ERROR_CODE may be empty. A short form has one, and the
reply behind it: "ADDRESS, ERROR CODE :550 - 5.1.1 words".
"""

import re
from typing import Final

from bounce_milter import address, reply
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient
from bounce_milter.view import View

_LINE: Final = re.compile(
    r"^[ \t\[]*(?P<address>[^\s@\[\],]+@[^\s@\],]+)[ \t\],]++[^\n]{0,200}?ERROR[_ ]CODE ?:? ?(?P<code>[2-5]\d\d)?"
    r"(?:[^\n]{0,40}?ERROR[_ ]CODE ?:? ?(?P<status>[245]\.[0-9]{1,3}\.[0-9]{1,3})?)?[ \t,:]*(?P<text>[^\n]*)",
    re.MULTILINE,
)


def claims(view: View) -> bool:
    """Claim by the words that only Zoho writes."""
    return "error_code" in view.lower or "error code :" in view.lower


def read(view: View) -> Found | None:
    """Return a recipient for each line of an error."""
    delayed = "will be retried" in view.lower or "delivery is delayed" in view.lower or "delay" in view.title
    told = [_fate(line, "delayed" if delayed else "failed") for line in _LINE.finditer(view.text)]
    return Found(tuple(told)) if told else None


def _fate(line: re.Match[str], action: str) -> Recipient:
    said = reply.parse(" ".join(part for part in (line["code"], line["status"], line["text"].strip()) if part))
    return Recipient(
        address=address.clean(line["address"]),
        action=action,
        reply=said.code,
        status=said.status,
        text=said.text or None,
    )


DIALECT: Final = Dialect("zoho", claims, read, ("error_code", "error code :"))
