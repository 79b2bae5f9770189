"""The cause that a reply leaves open and the report's own words tell: "550 rejected", beside "Reason: the mailbox is full".

Rule: asked only where the reply says nothing of why, no more than a guess, or that it is a policy; what it says plainly stands. Of the words count those
that are told as the cause (`ownwords`): a rule on all of them, else, where they are few, a clear vote on one that no other gainsays.
They never make an address dead. Never raises.
"""

from typing import Final

import msgspec

from bounce_milter import guess, limits, ownwords, poll, supposed
from bounce_milter.bounce import Bounce
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify
from bounce_milter.facts import Recipient, Said
from bounce_milter.verdict import Query, Verdict
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

    That nobody is there, where the *verdict* is a guess at that, the words may have from no more than the code (Sendmail).
    """
    asked = Query(reply=fact.reply, status=fact.status, action=query.action, beside=True)
    found = _in_place(asked, _told(fact, message), catalogue)
    if found is None and message.words:
        found = _of_one_mind(asked, ownwords.statements(message.words, fact, message), catalogue)
    if found is None or (fact.reply and found[1].reason is verdict.reason and REASONS[verdict.reason].may_be_dead):
        return None
    return found[0], found[1].alive(Confidence.MEDIUM)


def _in_place(asked: Query, own: list[str], catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return what the sentences say that stand where a cause is told."""
    if not own:
        return None
    asked = msgspec.structs.replace(asked, text=". ".join(own))
    few = len(asked.text or "") <= limits.OWN_WORDS_CHARS
    told = classify(asked, catalogue, vote=few)
    if not told.is_sure or told.reason in _TELLS_NOTHING:
        return _voted(asked, own, catalogue) if few else None
    return None if told.quote and told.quote.is_supposed() else (asked, told)


def _of_one_mind(asked: Query, own: list[str], catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return what a sentence says wherever it stands, where no other says otherwise."""
    told = [found for said in own if (found := _in_place(asked, [said], catalogue))]
    return told[0] if len({verdict.reason for _, verdict in told}) == 1 else None


# The types of Diagnostic-Code under which a server's words stand, or a program's.
_QUOTED: Final = (None, "smtp", "x-unix")


def _told(fact: Recipient, message: Bounce) -> list[str]:
    """Return the sentences that tell the cause: around the reply, or, where a notice quotes none, those that stand for it."""
    if not message.words:
        return ownwords.causes(fact.text or "", fact, message) if fact.said is Said.NOTICE else []
    words = ownwords.without_reply(message.words, fact)
    if _is_a_name(fact):
        return [*ownwords.sentences(guess.without(words), fact, message)]
    return ownwords.causes(words, fact, message)


def _is_a_name(fact: Recipient) -> bool:
    """Say whether the report holds a program's own name for the cause, Sympa's "send_subscriber": all its words say more."""
    return fact.diagnostic_type not in _QUOTED and bool(fact.text) and " " not in (fact.text or "")


def _voted(asked: Query, own: list[str], catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return what a sentence clearly votes for, where all do that vote clearly."""
    alone = {said: poll.told(said, catalogue) for said in own if not supposed.may_be(said.lower())}
    clear = {said: reason for said, reason in alone.items() if reason and reason not in _TELLS_NOTHING}
    if len(set(clear.values())) != 1:
        return None
    said, reason = next(iter(clear.items()))
    one = msgspec.structs.replace(asked, text=said)
    verdict = classify(one, catalogue)
    return (one, verdict) if verdict.reason is reason else None
