"""List managers that refuse a post: Mailman, LISTSERV, Sympa, groups.io, SmartList. The list is the recipient.

Rule: only the refusal of a post is read, by phrases that these programs write; what they tell owners and members is
no bounce. The list's address stands in a field, in the Subject or in the first sentence.
"""

import re
from typing import Final

from bounce_milter import address, kinds
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_TITLE: Final = re.compile(rf"rejected posting to ({address.ADDRESS})", re.IGNORECASE)
_QUOTED: Final = re.compile(r"^\"([^\"]{1,600})\"", re.MULTILINE)
# Mailman 2 (ListAdmin.py, __refuse). The Subject that it puts amid its sentence is the sender's, and what the
# moderator writes may be about anything: alone, neither tells that he refused.
_MODERATOR: Final = re.compile(
    r"rejected\s+by\s+the\s+list\s+moderator\b|rechazad[oa]\s+por\s+el\s+moderador|rejetée?\s+par\s+le\s+modérateur"
    r"|rifiutat[oa]\s+dal\s+moderatore|rejeitad[oa]\s+pelo\s+moderador|afgewezen\s+door\s+de\s+(?:lijst)?moderator\b"
    r"|\bvo(?:m|n\s+de[mr])\s+(?:listen-?)?moderator[^.]{0,40}\s+(?:abgelehnt|abgewiesen|zurückgewiesen)",
    re.IGNORECASE,
)
_NO_REASON: Final = "[No reason given]"
_NAMED: Final = re.compile(r"\b(?:list|liste|lista) '([\w.+-]{1,64})'", re.IGNORECASE)
_TO_ASK: Final = re.compile(r"-(?:owner|request|editor)@|^(?:owner-|listmaster@)", re.IGNORECASE)
# The first sentences refuse; then comes how to reach the list's owner.
_REFUSAL_CHARS: Final = 400


def claims(view: View) -> bool:
    """Claim a list manager's own notice that a post is refused."""
    return bool(_TITLE.match(view.title)) or kinds.refuses_post(view)


def read(view: View) -> Found:
    """Return the list, with the moderator's own words behind that he refused, else the first sentences."""
    title = _TITLE.search(view.subject)
    told = view.message.first("x-beenthere") or view.message.first("x-sympa-to")
    named = title[1] if title else told or _own_list(view) or _other_address(view) or view.original.to
    quoted = _QUOTED.search(view.text)
    reason = quoted[1] if quoted and quoted[1] != _NO_REASON else ""
    moderator = _MODERATOR.search(view.text)
    words = ": ".join(filter(None, (moderator[0], reason))) if moderator else reason or view.text
    return Found((
        Recipient(
            address=address.clean(named) if named else None, action="failed", said=Said.OWN,
            text=" ".join(words.split())[:_REFUSAL_CHARS] or None,
        ),
    ))  # fmt: skip


def behind_moderator(text: str) -> str:
    """Return the moderator's own words in a recipient's *text*, "" where they are none or nobody refused."""
    refused, _, words = text.partition(": ")
    return words if _MODERATOR.fullmatch(refused) else ""


def _own_list(view: View) -> str | None:
    """Return the address of the list that Sympa names without a domain: the domain is that of Sympa's own address."""
    named = _NAMED.search(view.text)
    author = address.first(view.author) or ""
    return f"{named[1]}@{view.house}" if named and author.startswith("sympa@") else None


def _other_address(view: View) -> str | None:
    """Return the first address in the words that is neither the list manager's nor the one that it writes to, nor one to ask."""
    known = set(address.IN_TEXT.findall(f"{view.author} {view.message.first('to') or ''}".lower()))
    found = address.IN_TEXT.findall(view.text)
    return next((a for a in found if not _TO_ASK.search(a) and a.lower() not in known), None)


DIALECT: Final = Dialect("lists", claims, read, (
    "authorized", "rejected", "to you unprocessed", "disallow", "not allowed", "moderat", "abgelehnt", "abgewiesen",
    "zurückgewiesen", "nicht verteilt", "nicht angenommen", "nicht weitergeleitet", "not distributed", "not been distributed",
    "not posted", "not been posted", "not accepted", "not been accepted", "not sent on", "not been sent on", "pas été d",
    "pas été accepté", "no ha sido", "no fue", "non è stato", "rejet", "refusé", "rechazad", "rifiutat", "respint", "afgekeurd", "afgewezen", "rejeitad", "拒否",
))  # fmt: skip
