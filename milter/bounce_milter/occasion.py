"""The verdict in the light of what the message is: a delay, a list manager's refusal, a bounce of a bounce.

Rule: the reason stays; what changes is whom it concerns, in which words it is told, and how sure it can be: never with
high confidence where the words mean one of several things. Nothing here makes an address dead.
"""

import re
from typing import Final

import msgspec

from bounce_milter.bounce import Bounce
from bounce_milter.facts import Recipient
from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Act, Class, Confidence, Kind, Reason

#: A delay whose only cause is that time passes: X.4.7 says "expired" of it, but the server has not given up.
STILL_TRYING: Final = "still-trying"
#: The topic of a list that only its members may write to.
MEMBERS: Final = "members-only"
#: The topic of a domain that may be found the next time: it is not said to be none.
NOT_FOUND: Final = "domain-not-found"
#: The topic of a report of a mail system that could not be delivered in its turn.
OF_A_BOUNCE: Final = "bounce-of-a-bounce"

# Topics of replies that mean one of several things, whatever the server knows.
_EITHER: Final = frozenset({
    "not-there-or-blocked", "carrier-filter-or-unknown", "directory-refused", "content-refused"
})  # fmt: skip
# The authors of what has no sender: nobody waits for an answer to it.
_DAEMON: Final = re.compile(r"mailer[-_. ]?daemon|mail delivery (?:sub)?system", re.IGNORECASE)
# Who reads a bounce of a bounce is the administrator of the sending side: what concerns him is told as ever.
_OTHERS: Final = frozenset({Act.SENDER, Act.RECIPIENT, Act.RECIPIENT_ADMIN})

# Where not even members may write: a moderator lets through, or only the list's owners write (Sympa).
_FOR_FEWER: Final = re.compile(
    r"moderat|(?:restricted|reserved|limited) to (?:its |the |list )*(?:owner|editor)|réservée? à ses propriétaires"
    r"|den (?:eigentümern|besitzern) vorbehalten|restringida a los propietarios|riservat[ao] ai proprietari",
    re.IGNORECASE,
)


def fitted(verdict: Verdict, fact: Recipient, kind: Kind, message: Bounce) -> Verdict:
    """Return the verdict as it fits the message; *kind* is what became of the recipient."""
    if kind is Kind.DELAYED and verdict.reason is Reason.DELIVERY_EXPIRED and verdict.words in (None, STILL_TRYING):
        return msgspec.structs.replace(verdict, class_=Class.TRANSIENT, act=Act.NOBODY, words=STILL_TRYING)
    if message.dialect == "lists" and _is_for_members(verdict, fact):
        return msgspec.structs.replace(verdict, words=MEMBERS, act=Act.SENDER)
    if kind is Kind.FAILED and verdict.act in _OTHERS and _DAEMON.search(message.original.from_ or ""):
        return msgspec.structs.replace(verdict, words=OF_A_BOUNCE, act=Act.NOBODY)
    if verdict.reason is Reason.DOMAIN_UNKNOWN and verdict.class_ is Class.TRANSIENT and verdict.words is None:
        return msgspec.structs.replace(verdict, words=NOT_FOUND)
    if verdict.words in _EITHER and verdict.confidence is Confidence.HIGH:
        return msgspec.structs.replace(verdict, confidence=Confidence.MEDIUM)
    return verdict


def _is_for_members(verdict: Verdict, fact: Recipient) -> bool:
    """Say whether words of a list manager refuse the sender; what a moderator refuses may be about anything."""
    refused = verdict.reason is Reason.SENDER_NOT_ALLOWED and verdict.words is None
    return refused and verdict.confidence is not Confidence.LOW and not _FOR_FEWER.search(fact.text or "")
