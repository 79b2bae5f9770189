"""OpenSMTPD: "This is the MAILER-DAEMON, please DO NOT REPLY", then "ADDRESS: reply" a line; some write only that list.

Its delivery report has only the class of the failure (5.0.0), so the line above it says more.
"""

import re
from itertools import takewhile
from typing import Final

from bounce_milter import address
from bounce_milter.dialects import session
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.view import View

_START: Final = re.compile(rf"^({address.ADDRESS}): \S")

# What stands above its list.
_FATES: Final = {
    "is delayed for more than": "delayed", "has been delayed": "delayed", "will keep trying": "delayed",
    "was successfully delivered to": "delivered", "was relayed to": "relayed",
}  # fmt: skip


def read(view: View) -> Found:
    """Return a recipient for each line of the list."""
    action = next((fate for words, fate in _FATES.items() if words in view.one_line), "failed")
    if action == "failed" and ("delayed" in view.title or view.title.endswith(": warning")):
        action = "delayed"
    told = []
    for who, lines in session.blocks(view.text.split("\n"), session.address_at(_START)):
        words = " ".join([lines[0].partition(": ")[2], *takewhile(str.strip, lines[1:])])
        told.append(session.fate(who, [words], action=action))
    return Found(tuple(told))


DIALECT: Final = Dialect("opensmtpd", by_signs, read, ("this is the mailer-daemon, please do not reply",))
