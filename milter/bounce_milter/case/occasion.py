"""The verdict in the light of what the message is: a delay, a list manager's refusal, a bounce of a bounce.

Rule: the reason stays; what changes is whom it concerns, in which words it is told, how final it is, and how sure it can
be: never with high confidence where the words mean one of several things. Nothing here makes an address dead.
"""

import re
from typing import Final

import msgspec

from bounce_milter.bounce import Bounce
from bounce_milter.case import finer, forwarding
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import PUT_OFF, bycode
from bounce_milter.classify.verdict import Verdict
from bounce_milter.dialects import lists
from bounce_milter.facts import Recipient
from bounce_milter.reply.verbs import GREETINGS
from bounce_milter.vocabulary import Act, Class, Confidence, Kind, Reason

#: A delay whose only cause is that time passes: X.4.7 says "expired" of it, but the server has not given up.
STILL_TRYING: Final = "still-trying"
#: The topic of a list of the server's own that bars the sender.
OWN_LIST: Final = "organisation-blocked-you"
#: The topic of a list that only its members may write to.
MEMBERS: Final = "members-only"
#: The topic of a domain that may be found the next time: it is not said to be none.
NOT_FOUND: Final = "domain-not-found"
#: The topic of words that stand in the report and that nothing here knows.
NOT_UNDERSTOOD: Final = "words-not-understood"
#: The topic of a server that only says that it does not take the message now.
NOT_NOW: Final = "not-now"
#: The topic of a server that refuses the client before anything of a message is known.
UNWANTED: Final = "sending-server-unwanted"
#: The topic of a sender's address that is refused, where only the code says why.
SENDER_DOMAIN: Final = "sender-domain-perhaps"
#: The topic of a report of a mail system that could not be delivered in its turn.
OF_A_BOUNCE: Final = "bounce-of-a-bounce"

# Topics of replies that mean one of several things, whatever the server knows.
_EITHER: Final = frozenset({
    "not-there-or-blocked", "carrier-filter-or-unknown", "directory-refused", "content-refused", "no-mailbox-or-off",
    SENDER_DOMAIN, "not-a-customer", "connection-not-taken", "sending-not-switched-on", "unavailable-now",
})  # fmt: skip
# Topics beside which the words may plainly say more.
_COARSE: Final = frozenset({SENDER_DOMAIN, "X.1.8", "sender-takes-no-mail", forwarding.PROGRAM, "certificate-bad"})
# The share of a vote from which on its cause is told as probable, the same where fewer than three words spoke for it,
# and the share from which on it is told as what three words sound like.
_TOLD: Final = 0.5
_CLEAR: Final = 0.6
_SOUNDS: Final = 0.3
_FEW: Final = 3
# "Delivery to the following recipient failed permanently" (Gmail).
_FOR_GOOD: Final = re.compile(r"\b(?:failed permanently|permanent(?:ly)? (?:failed|failure|error))\b", re.IGNORECASE)
# The authors of what has no sender: nobody waits for an answer to it.
_DAEMON: Final = re.compile(r"mailer[-_. ]?daemon|mail delivery (?:sub)?system", re.IGNORECASE)
# Who reads a bounce of a bounce is the administrator of the sending side: what concerns him is told as ever.
_OTHERS: Final = frozenset({Act.SENDER, Act.RECIPIENT, Act.RECIPIENT_ADMIN})

# Words on a domain, in the languages of servers.
_OF_DOMAIN: Final = re.compile(
    r"dom(?:ai|a|ä|e|é)[nií]|dns|\bmx\b|\bhost|resol|look ?up|ドメイン|домен|域|도메인", re.IGNORECASE
)

# Where not even members may write: a moderator lets through, or only the list's owners write (Sympa).
_FOR_FEWER: Final = re.compile(
    r"moderat|(?:restricted|reserved|limited) to (?:its |the |list )*(?:owner|editor)|réservée? à ses propriétaires"
    r"|den (?:eigentümern|besitzern) vorbehalten|restringida a los propietarios|riservat[ao] ai proprietari",
    re.IGNORECASE,
)


def fitted(verdict: Verdict, fact: Recipient, kind: Kind, message: Bounce, catalogue: Catalogue) -> Verdict:
    """Return the verdict as it fits the message; *kind* is what became of the recipient."""
    verdict = _as_understood(_final(verdict, fact), fact, kind)
    if kind is Kind.DELAYED and verdict.reason is Reason.DELIVERY_EXPIRED and verdict.words in (None, STILL_TRYING):
        return msgspec.structs.replace(verdict, class_=Class.TRANSIENT, act=Act.NOBODY, words=STILL_TRYING)
    if message.dialect == lists.DIALECT.name and _is_for_members(verdict, fact):
        return msgspec.structs.replace(verdict, words=MEMBERS, act=Act.SENDER)
    if kind is Kind.FAILED and verdict.act in _OTHERS and _DAEMON.search(message.original.from_ or ""):
        return msgspec.structs.replace(verdict, words=OF_A_BOUNCE, act=Act.NOBODY)
    if verdict.words is None:
        verdict = _worded(verdict, fact, catalogue)
    if verdict.words in _COARSE:
        verdict = finer.told(verdict, fact.text or "", catalogue)
    if verdict.words in _EITHER and verdict.confidence is Confidence.HIGH:
        return msgspec.structs.replace(verdict, confidence=Confidence.MEDIUM)
    return verdict


def _worded(verdict: Verdict, fact: Recipient, catalogue: Catalogue) -> Verdict:
    """Return the verdict with words of their own where more is known than its reason."""
    words: str | None = None
    if verdict.reason is Reason.DOMAIN_UNKNOWN and verdict.class_ is Class.TRANSIENT:
        words = NOT_FOUND
    elif verdict.reason is Reason.POLICY_REFUSED and fact.command in GREETINGS:
        words = UNWANTED
    elif verdict.reason is Reason.DELIVERY_EXPIRED and _only_code(fact):
        words = PUT_OFF
    elif verdict.reason is Reason.SENDER_REFUSED and _only_code_names_domain(fact):
        words = SENDER_DOMAIN
    return msgspec.structs.replace(verdict, words=words) if words else finer.told(verdict, fact.text or "", catalogue)


def _only_code_names_domain(fact: Recipient) -> bool:
    """Say whether nothing but X.1.8 says that the sender's domain was not found."""
    return fact.text is not None and (fact.status or "")[1:] == ".1.8" and not _OF_DOMAIN.search(fact.text)


def is_guess(verdict: Verdict) -> bool:
    """Say whether a vote that was not clear, or in which too few words spoke, is all that the verdict stands on.

    Three of five such are right: enough to sort by, too few to send somebody to his DNS.
    """
    if verdict.share is None or verdict.confidence is not Confidence.LOW or verdict.reason is Reason.UNKNOWN:
        return False
    return verdict.share < (_TOLD if _spoke(verdict) >= _FEW else _CLEAR)


def _spoke(verdict: Verdict) -> int:
    return (verdict.stated or "").count(" ... ") + 1


def _as_understood(verdict: Verdict, fact: Recipient, kind: Kind) -> Verdict:
    """Return the verdict with words that say so where next to nothing speaks for it; how final it is, the code tells."""
    sounds = (verdict.share or 0) >= _SOUNDS and _spoke(verdict) >= _FEW
    if sounds or verdict.words or not is_guess(verdict):
        return verdict
    final = kind is Kind.FAILED and bycode.final(fact.reply, fact.status) is Class.PERMANENT
    class_ = Class.PERMANENT if final and verdict.class_ is Class.TRANSIENT else verdict.class_
    return msgspec.structs.replace(verdict, words=NOT_UNDERSTOOD, class_=class_)


def _final(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict of what failed for good by its own words, where no code says so."""
    if verdict.class_ is Class.UNKNOWN and _FOR_GOOD.search(fact.text or ""):
        return msgspec.structs.replace(verdict, class_=Class.PERMANENT)
    return verdict


def _only_code(fact: Recipient) -> bool:
    """Say whether a server only answered that it does not take the message now: "421"."""
    return fact.text is None and (fact.reply or "").startswith("4")


def _is_for_members(verdict: Verdict, fact: Recipient) -> bool:
    """Say whether words of a list manager refuse the sender; what a moderator refuses may be about anything."""
    refused = verdict.reason is Reason.SENDER_NOT_ALLOWED and verdict.words is None
    return refused and verdict.confidence is not Confidence.LOW and not _FOR_FEWER.search(fact.text or "")
