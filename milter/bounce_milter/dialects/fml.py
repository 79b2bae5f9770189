"""fml, a mailing list manager: the list refuses a post (not a member, a loop, too large).

The field `X-MLServer: fml` signs the notice; the list's address stands in angle brackets in its first sentence.
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects import addressees
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient
from bounce_milter.view import View

_REFUSAL: Final = re.compile(
    r"you (?:[^ ]{3,100} )?are not (?:a )?member|not (?:a )?member of (?:this|.{1,60} ml\b)|not member article from|duplicated message-id|loop (?:back )?(?:warning|alert)|"
    r"the length of your message|mail size is|too (?:big|large)|your (?:mail|post) (?:is|was) (?:rejected|refused)|rejects? your mail",
    re.IGNORECASE,
)

_NAMED: Final = re.compile(r"<([^<>\s@]+@[^<>\s@]+)>")


def claims(view: View) -> bool:
    """Claim a notice of the list server itself, not a post that it passed on."""
    return "fml" in (view.message.first("x-mlserver") or "").lower() and bool(
        _REFUSAL.search(view.subject) or _REFUSAL.search(view.text[: limits.SIGNATURE_CHARS])
    )


def read(view: View) -> Found:
    """Return the list as the recipient and the paragraph that refuses as its words, or the Subject."""
    own = addressees.own_addresses(view)
    named = [found for found in _NAMED.findall(view.text) if found.lower() not in own]
    paragraphs = [" ".join(text.split()) for text in view.text.strip().split("\n\n")]
    words = next(filter(_REFUSAL.search, paragraphs), "") or view.subject
    return Found(
        (
            Recipient(
                address=address.clean(named[0]) if named else _by_name(view),
                action="failed",
                text=words[: limits.CAUSE_CHARS] or None,
            ),
        )
    )


def _by_name(view: View) -> str | None:
    """Return the list by the name that fml writes into a field, where the words do not tell its address."""
    name = view.message.first("x-ml-name")
    return address.clean(f"{name}@{view.house}") if name and view.house else None


DIALECT: Final = Dialect("fml", claims, read)
