"""IMail (Ipswitch): one line a recipient, the cause before the colon, "Invalid final delivery userid: ADDRESS".

The server says it of its own mailboxes and of its own attempts; there is no code.
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_LINE: Final = re.compile(
    rf"^(?P<why>(?:Unknown (?:user|host)|Invalid final delivery userid|User mailbox exceeds allowed size|"
    rf"Delivery failed \d{{1,4}} attempts|undeliverable to|Mailbox full|Account disabled)):? <?(?P<who>{address.ADDRESS})>?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)


def claims(view: View) -> bool:
    """Claim by the Subject and a line of the form."""
    return view.subject.lower().startswith("undeliverable mail") and bool(_LINE.search(view.text))


def read(view: View) -> Found | None:
    """Return a recipient for each line."""
    told = [
        Recipient(address=line["who"], action="failed", said=Said.OWN, text=line[0].strip())
        for line in list(_LINE.finditer(view.text))[: limits.TEXT_RECIPIENTS]
    ]
    return Found(tuple(told)) if told else None


DIALECT: Final = Dialect(
    "imail",
    claims,
    read,
    (
        "unknown ",
        "invalid final",
        "user mailbox",
        "delivery failed",
        "undeliverable to",
        "mailbox full",
        "account disabled",
    ),
)
