"""Gateways to X.400: "Your message was not delivered to:", the address, "for the following reason:", the reason.

The reason ends with an empty line, or where the administrator's part begins, whose lines begin with stars. That part
names the diagnostic in X.411's own words: "diagnostic Unrecognised-ORName (0)" (RFC 1327 5.3.7).
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_BLOCK: Final = re.compile(
    rf"^(?:your message was not delivered to:?)?[ \t]*<?(?P<who>{address.ADDRESS})>?[ \t]*\n[ \t]*for the following reason:[ \t]*\n(?P<why>(?:[ \t]*[^\s*][^\n]{{0,998}}(?:\n|\Z)){{1,8}})",
    re.MULTILINE | re.IGNORECASE,
)
_DIAGNOSTIC: Final = re.compile(
    rf"^\*[ \t]*Recipient-Info: <?(?P<who>(?>{address.ADDRESS}))[^\n]*(?:\n\*(?![ \t]*(?:diagnostic|recipient-info))[^\n]*){{0,8}}"
    r"\n\*[ \t]+diagnostic (?P<what>[\w /-]{1,60}\w)",
    re.MULTILINE | re.IGNORECASE,
)


def read(view: View) -> Found:
    """Return a recipient for each block: its reason, and the diagnostic where the administrator's part has one."""
    named = {row["who"].lower(): row["what"] for row in _DIAGNOSTIC.finditer(view.text)}
    told = [
        Recipient(
            address=block["who"], action="failed", said=Said.OWN,
            text="; ".join(part for part in (" ".join(block["why"].split()), named.get(block["who"].lower())) if part),
        )
        for block in list(_BLOCK.finditer(view.text))[: limits.TEXT_RECIPIENTS]
    ]  # fmt: skip
    return Found(tuple(told))


DIALECT: Final = Dialect("mhs", by_signs, read, ("this report relates to your message",))
