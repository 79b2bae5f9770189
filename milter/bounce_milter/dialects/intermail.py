"""InterMail (Software.com, Openwave): reasons, and below each the addresses that it is about, alone on their lines.

    This Message was undeliverable due to the following reason:

    The user(s) account is temporarily over quota.

    <bob@dest.example>

    Please reply to Postmaster@dest.example
    if you feel this message to be in error.

The report below it has no words. Other forms, with labels or with addresses amid the words, any reader understands.
"""

import re
from typing import Final

from msgspec.structs import replace

from bounce_milter import address, limits
from bounce_milter.dialects import session
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_OPENS: Final = "this message was undeliverable due to the following reason"
_ALONE: Final = re.compile(rf"[ \t]*(?:SMTP )?<({address.ADDRESS})>[ \t]*$")
# Of those above whom the reason stands.
_OF_ALL: Final = "the following recipients did not receive your message"
_ENDS: Final = "please reply to"


def read(view: View) -> Found:
    """Return each address that stands alone, with the words since the address before it; nobody where words follow the last."""
    told: list[Recipient] = []
    reason: list[str] = []
    fate: Recipient | None = None  # what the reason tells, once it is known of somebody
    for line in view.text[view.lower.find(_OPENS) :].split("\n")[1:]:
        named = _ALONE.match(line)
        if named and reason:
            if len(told) == limits.TEXT_RECIPIENTS:
                break
            fate = fate or _fate(reason)
            told.append(replace(fate, address=named[1]))
        elif line.lower().startswith(_ENDS):
            break
        elif line.strip() and not line.lower().startswith(_OF_ALL):
            reason = reason if fate is None else []
            reason.append(line.strip())
            fate = None
    return Found(tuple(told)) if fate else Found()


def _fate(reason: list[str]) -> Recipient:
    said = session.said(reason)
    return Recipient(
        action="failed", reply=said.code, status=said.status, said=None if said.code else Said.OWN,
        text=said.text[: limits.WORDS_CHARS] or None,
    )  # fmt: skip


DIALECT: Final = Dialect("intermail", by_signs, read, (_OPENS,))
