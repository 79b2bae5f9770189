"""The cause that a reply leaves open and the report's own words tell: "550 rejected", beside "Reason: the mailbox is full".

Rule: asked only where the reply says nothing of why, no more than a guess, or that it is a policy; what it says plainly stands. Of the
words count sentences that clearly tell a cause (`ownwords`), by a rule or the vote, where all of them agree, and before others those
that "Reason:" leads to, then those on this failure. They never make an address dead. Never raises.
"""

from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.bounce import Bounce
from bounce_milter.case import ownwords
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify, poll, supposed
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.facts import Recipient, Said
from bounce_milter.vocabulary import REASONS, Confidence, Reason

# What says no more than the reply did, and of what the frames of mail systems speak: the way to the server, the time it took.
_TELLS_NOTHING: Final = frozenset({
    Reason.UNKNOWN, Reason.POLICY_REFUSED, Reason.CONNECTION_FAILED, Reason.DELIVERY_EXPIRED
})  # fmt: skip


def is_open(verdict: Verdict, catalogue: Catalogue) -> bool:
    """Say whether a reply does not say why, or by a policy without a name, or words or codes only let it be guessed."""
    if verdict.reason is Reason.POLICY_REFUSED:
        return True
    if verdict.words or not (verdict.reason is Reason.UNKNOWN or verdict.confidence is Confidence.LOW):
        return False
    return verdict.rule is None or verdict.rule in catalogue.hints


def cause(
    query: Query, verdict: Verdict, fact: Recipient, message: Bounce, catalogue: Catalogue
) -> tuple[Query, Verdict] | None:
    """Return what the words clearly tell, of an address that is not dead, and as what they were asked; else None.

    Where the *verdict* already guesses that nobody is there, words that say so prove nothing: Sendmail derives them from the code.
    """
    asked = Query(reply=fact.reply, status=fact.status, action=query.action, beside=True)
    told = [(*clear, led) for said, led in _told(fact, message) if (clear := _clear(asked, said, catalogue))]
    # What is said of any mail is the cause only where nothing is said of this one, and a guess.
    on_this = [each for each in told if each[2]] or [
        each for each in told if ownwords.is_on_this(each[0].text or "", fact)
    ]
    told = on_this or told
    sure = [each for each in told if each[1].confidence is not Confidence.LOW]
    if not sure or len({found.reason for _, found, _ in told}) != 1:
        return None
    of_words, found, _ = sure[0]
    if fact.reply and found.reason is verdict.reason and REASONS[verdict.reason].may_be_dead:
        return None
    return of_words, found.alive(Confidence.MEDIUM if on_this else Confidence.LOW)


def _clear(asked: Query, said: str, catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return what a sentence says, told by a rule or else by a clear vote."""
    asked = msgspec.structs.replace(asked, text=said)
    few = len(said) <= limits.OWN_WORDS_CHARS
    told = classify(asked, catalogue, vote=few)
    if told.quote and told.quote.is_supposed():
        return None
    voted = few and poll.told(said, catalogue) is told.reason
    if not (told.is_sure or (voted and not supposed.may_be(said.lower()))):
        return None
    return None if told.reason in _TELLS_NOTHING or _is_idle(said, told) else (asked, told)


def _is_idle(said: str, told: Verdict) -> bool:
    """Say whether it may be the frame that speaks so: "... could not be delivered to:", "our offices have moved", "old accounts are gone"."""
    if not REASONS[told.reason].may_be_dead:
        return False
    if told.rule is None:
        return told.reason is not Reason.MAILBOX_MOVED or "@" not in said
    return said.rstrip().endswith(ownwords.LEADS)


def _told(fact: Recipient, message: Bounce) -> list[tuple[str, bool]]:
    """Return the sentences that may tell the cause: around the reply, or, where a notice quotes none, above the recipient and beside him.

    A sentence of the reply itself, which a transcript may show broken off, is not around it.
    """
    text = fact.text or ""
    if fact.said is Said.NOTICE and not (fact.reply or fact.status):
        return ownwords.causes(f"{message.words}\n{text}", fact, message)
    around = ownwords.causes(ownwords.without_reply(message.words_on(fact.address), fact), fact, message)
    return [(said, led) for said, led in around if said not in text]
