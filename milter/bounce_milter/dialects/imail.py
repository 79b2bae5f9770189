"""IMail (Ipswitch): one line a recipient, the cause before the colon, "Invalid final delivery userid: ADDRESS".

The server says it of its own mailboxes and of its own attempts, without a code. Where it only says "undeliverable to
ADDRESS", the cause stands below: "delivery failed: 20 attempts", or the reply of a server that refused, "Body of message
generated response:", "RCPT TO generated following response:".
"""

import re
from itertools import islice
from typing import Final

from bounce_milter import address, limits, reply
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_LINE: Final = re.compile(
    rf"^(?:Unknown (?:user|host)|Invalid final delivery userid|User mailbox exceeds allowed size|"
    rf"Delivery failed \d{{1,4}} attempts|undeliverable to|Mailbox full|Account disabled):? <?(?P<who>{address.ADDRESS})>?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_RESPONSE: Final = re.compile(
    r"^(?P<after>[^\n:]{1,60}?) generated (?:the )?(?:following )?response:\s*(?P<said>[245]\d\d[ -].*(?:\n[245]\d\d[ -].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
# Below his line, with nothing but empty lines between.
_ATTEMPTS: Final = re.compile(r"\s*delivery failed:? \d{1,4} attempts[ \t]*(?=\n|$)", re.IGNORECASE)
_COMMANDS: Final = {"body of message": "DATA", "data": "DATA", "rcpt to": "RCPT", "mail from": "MAIL", "helo": "HELO"}


def claims(view: View) -> bool:
    """Claim by the Subject."""
    return view.title.startswith("undeliverable mail")


def read(view: View) -> Found:
    """Return a recipient for each line, with the reply that stands between his line and the next."""
    found = list(_LINE.finditer(view.text))
    ends = [*(line.start() for line in found), len(view.text)][1:]
    told = (_fate(line, view.text[line.end() : end]) for line, end in zip(found, ends, strict=True))
    return Found(tuple(islice(told, limits.TEXT_RECIPIENTS)))


def _fate(line: re.Match[str], below: str) -> Recipient:
    response = _RESPONSE.search(below)
    if response is None:
        cause = _ATTEMPTS.match(below) or line
        return Recipient(address=line["who"], action="failed", said=Said.OWN, text=cause[0].strip())
    said = reply.parse(response["said"])
    return Recipient(
        address=line["who"], action="failed", reply=said.code, status=said.status, text=said.text or None,
        command=_COMMANDS.get(response["after"].strip().lower()), said=Said.REMOTE,
    )  # fmt: skip


DIALECT: Final = Dialect("imail", claims, read, (
    "unknown ", "invalid final", "user mailbox", "delivery failed", "undeliverable to", "mailbox full",
    "account disabled",
))  # fmt: skip
