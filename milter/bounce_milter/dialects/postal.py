"""Postal: a sentence that the message cannot be delivered, and labelled lines below it.

    This is the mail delivery service responsible for delivering mail to ROUTE.

    The message you've sent cannot be delivered. Your original message is attached to this message.

    Mail from: ADDRESS
    Rcpt To: ADDRESS

Why it failed is not told.
"""

import re
from typing import Final

from bounce_milter import address
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient
from bounce_milter.view import View

_WHOM: Final = re.compile(rf"^Mail from:[^\n]*\nRcpt To: <?({address.ADDRESS})>?[ \t]*$", re.MULTILINE)


def read(view: View) -> Found:
    """Return the one recipient."""
    named = _WHOM.search(view.text)
    return Found((Recipient(address=named[1], action="failed"),) if named else ())


DIALECT: Final = Dialect("postal", by_signs, read, ("this is the mail delivery service responsible for",))
