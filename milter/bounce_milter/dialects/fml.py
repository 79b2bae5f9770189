"""fml, a mailing list manager: the list refuses a post (not a member, a loop, too large).

The field `X-MLServer: fml` signs the notice; the list's address stands in angle brackets in its first sentence.
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient
from bounce_milter.view import View

_REFUSAL: Final = re.compile(
    r"you are not (?:a )?member|not (?:a )?member of this|duplicated message-id|loop (?:back )?(?:warning|alert)|"
    r"the length of your message|mail size is|too (?:big|large)|your (?:mail|post) (?:is|was) (?:rejected|refused)|rejects? your mail",
    re.IGNORECASE,
)


def claims(view: View) -> bool:
    """Claim a notice of the list server itself, not a post that it passed on."""
    return "fml" in (view.message.first("x-mlserver") or "").lower() and bool(
        _REFUSAL.search(view.subject) or _REFUSAL.search(view.text[: limits.SIGNATURE_CHARS])
    )


def read(view: View) -> Found | None:
    """Return the list as the recipient and the first sentence as its words."""
    found = re.search(r"<([^<>\s]+@[^<>\s]+)>", view.text)
    words = next((line.strip() for line in view.text.split("\n") if line.strip()), "")
    return Found((Recipient(address=address.clean(found[1]) if found else None, action="failed", text=words or None),))


DIALECT: Final = Dialect("fml", claims, read)
