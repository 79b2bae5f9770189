"""A mailbox's own Sieve script refuses the message: a receipt by its form, a refusal by its words (RFC 5429 2.1).

Dovecot's Pigeonhole and Cyrus write `Auto-Submitted: auto-replied (rejected)`, the reason in the first part and in the
message/disposition-notification part the recipient, whose script it is, and the alias that the sender wrote to.
"""

import re
from typing import Final

from bounce_milter import address, kinds
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient
from bounce_milter.message import decode_field, parse_fields
from bounce_milter.view import View

_REASON: Final = re.compile(
    r"was automatically rejected(?:[^:]{0,80}following reason was given)?:?\s*(.*)", re.DOTALL | re.IGNORECASE
)
# A person wrote it, who may take his time to say why.
_REASON_CHARS: Final = 1_000


def read(view: View) -> Found:
    """Return the one recipient, where it is named, and the reason that the script gave."""
    part = next((p for p in view.message.parts if p.type == "message/disposition-notification"), None)
    fields = dict(parse_fields(part.content(len(part.body)).lstrip(b"\n"))) if part else {}
    final, original = (
        address.typed(decode_field(fields[name]))[1] if name in fields else None
        for name in ("final-recipient", "original-recipient")
    )
    named, written = address.to_name(final, original)
    reason = _REASON.search(view.text)
    words = " ".join((reason[1] if reason else view.text).split())[:_REASON_CHARS]
    named = named or address.first(view.text)
    return Found((Recipient(address=named, alias=written, action="failed", text=words or None),))


DIALECT: Final = Dialect("sieve", kinds.refused, read)
