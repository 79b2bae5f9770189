"""What a notice, or a line before the code, says around the reply, to people or behind the status.

It may tell a cause that the reply hides or leaves open, or say that the mailbox exists, that the failure is not final, or
that it was a mistake.

Rule: it takes a dead address back or tells more of the cause; it never makes an address dead. A cause in sentences that do
not guess counts whatever the reply says, told by a rule, by the vote on all of them or on one, or by a stem (`phrases`); in
others only that the mailbox is full or disabled. What repeats the reply or shows the report's own fields does not count. A reply
that says why of a living address stands (`untold`). Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import limits, phrases
from bounce_milter.bounce import Bounce
from bounce_milter.case import ownwords, untold
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify, poll
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.dialects import generic
from bounce_milter.facts import Recipient
from bounce_milter.phrases import guess
from bounce_milter.vocabulary import REASONS, Act, Confidence, Reason

# What a notice may say to people of a living mailbox, while its reply says that there is none: even a guess at these counts,
_OF_MAILBOX: Final = frozenset({Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED})
_ALIVE: Final = _OF_MAILBOX | {
    Reason.SENDER_NOT_ALLOWED, Reason.SENDER_REFUSED, Reason.SYSTEM_ERROR, Reason.BLOCKLISTED, Reason.SPAM_CONTENT,
    Reason.MESSAGE_TOO_LARGE,
}  # fmt: skip
# What one of its sentences alone may tell where the vote is clear. Not of the mailbox: it hears "closed" as "disabled"; nor of the
# way to the server or the form of the message, of which the frames of mail systems speak.
_TOLD_ALONE: Final = frozenset({
    Reason.SENDER_NOT_ALLOWED, Reason.SENDER_REFUSED, Reason.SYSTEM_ERROR, Reason.BLOCKLISTED, Reason.SPAM_CONTENT, Reason.RELAY_DENIED,
    Reason.TLS_FAILED, Reason.POLICY_REFUSED, Reason.RATE_LIMITED, Reason.GREYLISTED,
})  # fmt: skip
# The reader of last resort: where it found no address, the words may be about anybody.
_LAST_RESORT: Final = generic.DIALECT.name
# Gmail on a server that the user himself entered, for an address of his elsewhere.
_SENT_AS: Final = "settings for your 'send mail as' account"
_NO_LOGIN: Final = "does not advertise auth"
# His address in brackets or quotation marks, with his name before it.
_IS_HELD: Final = re.compile(rf"{phrases.HIM}[>\"'“”»›’」)\]]")
_HELD: Final = re.compile(rf"(?:\"[^\"\n]{{1,80}}\" |'[^'\n]{{1,80}}' )?[<\"'“„«‹‘「(\[]{phrases.HIM}[>\"'“”»›’」)\]]")


def heard(
    query: Query, verdict: Verdict, fact: Recipient, message: Bounce, catalogue: Catalogue
) -> tuple[Query, Verdict]:
    """Return the verdict, or that on the words to people where these say more of the cause, of a living address, or that the
    refusal was wrong; without a dead address where the last reader found none."""
    comment = message.comments.get((fact.address or "").lower())
    if comment and (known := _by_comment(verdict, comment, query.action, catalogue)):
        return known
    told = message.words.lower()
    if untold.is_open(verdict, catalogue) and (found := untold.cause(query, verdict, fact, message, catalogue)):
        return found
    if _SENT_AS in told:
        words = "send-as-no-login" if _NO_LOGIN in f"{told} {fact.text}".lower() else "send-as-settings"
        return query, msgspec.structs.replace(verdict, dead=False, words=words, act=Act.SENDER)
    if not verdict.dead:
        return query, verdict
    if message.dialect == _LAST_RESORT and fact.address is None:
        return query, verdict.alive(Confidence.LOW)
    aside = message.asides.get((fact.address or "").lower())
    if aside and _doubts(query, verdict, aside, catalogue):
        return query, verdict.alive(Confidence.LOW)
    return _on_words(query, verdict, fact, message, catalogue)


def _doubts(query: Query, verdict: Verdict, aside: str, catalogue: Catalogue) -> bool:
    """Say whether what the reporting system remarks would raise doubt if it stood in the reply, behind the words that decided."""
    said = (verdict.rule and verdict.evidence) or query.text or ""
    return not classify(msgspec.structs.replace(query, text=f"{said} ({aside})"), catalogue).dead


def _on_words(
    query: Query, verdict: Verdict, fact: Recipient, message: Bounce, catalogue: Catalogue
) -> tuple[Query, Verdict]:
    """Return the verdict on a dead address, or that on the words to people where these tell another cause or take it back."""
    shown = ownwords.without_reply(message.words_on(fact.address), fact)
    words, guessed = guess.parted(shown)
    asked = Query(text=words, status=fact.status, reply=fact.reply, action=query.action, beside=True)
    weak = verdict.rule is None or message.recalls
    told = _other_cause(asked, guessed, catalogue, weak=weak) if words or guessed else None
    if told is not None and told.rule and not weak:  # what is said of any mail is not told as the cause
        asked = msgspec.structs.replace(asked, text=ownwords.on_this(shown, fact, message))
        told = _other_cause(asked, "", catalogue, weak=False) or msgspec.structs.replace(told, rule=None)
    if told is not None and told.rule:
        return asked, told
    if told is not None or _is_on_all(message.words_on_all, fact, asked, catalogue):
        return query, verdict.alive(Confidence.MEDIUM)
    taken = phrases.TAKEN.search(f"{words} {fact.text}".lower()) or is_taken_back(_marked(words, fact), guessed.lower())
    if taken or _lives(shown, fact) or _is_told_alone(words, fact, message, catalogue):
        return query, verdict.alive(Confidence.LOW)
    return query, verdict


def _is_on_all(words: str, fact: Recipient, asked: Query, catalogue: Catalogue) -> bool:
    """Say whether a report on several tells of all of them another cause, or that the refusals are wrong or not final."""
    if not words:
        return False
    told, guessed = guess.parted(words)
    if is_taken_back(told.lower(), guessed.lower()) or _lives(words, fact):
        return True
    return _other_cause(msgspec.structs.replace(asked, text=told), guessed, catalogue, weak=False) is not None


def _by_comment(
    verdict: Verdict, comment: str, action: str | None, catalogue: Catalogue
) -> tuple[Query, Verdict] | None:
    """Return the verdict on what the reporting system says beside a reply without words, where codes leave the cause open, or
    lay it on the address and it surely says another one; else None."""
    asked = Query(text=comment, action=action, beside=True)
    told = classify(asked, catalogue, vote=False)
    alive = REASONS[verdict.reason].may_be_dead and not REASONS[told.reason].may_be_dead
    if not ((alive or verdict.reason is Reason.UNKNOWN) and told.is_sure):
        return None
    return asked, told.alive(Confidence.MEDIUM)


def _other_cause(asked: Query, guessed: str, catalogue: Catalogue, *, weak: bool) -> Verdict | None:
    """Return the verdict on words to people where that surely tells another cause, by a rule or by the vote; else None.

    guessed   their sentences that only guess: of these counts alone that the mailbox is full or disabled, and proves no rule
    weak   a number alone calls it dead, or a reply that the message only quotes: then any cause counts; against a server's
           words, only what servers are known to hide behind them
    """
    told = classify(asked, catalogue, vote=len(asked.text or "") <= limits.OWN_WORDS_CHARS)
    alive = told.reason in _ALIVE or (weak and told.rule and not REASONS[told.reason].may_be_dead)
    if alive and told.confidence is not Confidence.LOW:
        return told
    whole = msgspec.structs.replace(asked, text=guessed)
    supposed = classify(whole, catalogue, vote=False) if guessed else told
    of_mailbox = supposed.is_sure and supposed.reason in _OF_MAILBOX
    return msgspec.structs.replace(supposed, rule=None) if of_mailbox else None


def _marked(words: str, fact: Recipient) -> str:
    """Return words in lower case, with a mark for each of the recipient's addresses."""
    words = words.lower()
    for who in fact.addresses:
        words = words.replace(who.lower(), phrases.HIM)
    return _HELD.sub(phrases.HIM, words) if _IS_HELD.search(words) else words


def _lives(words: str, fact: Recipient) -> bool:
    """Say whether words say that the address lives, if only among what the house says of any mail; they neither ask nor suppose it."""
    return phrases.MAY_LIVE.search(_marked(words, fact)) and phrases.LIVES.search(_marked(guess.stated(words), fact))


def is_taken_back(told: str, guessed: str = "") -> bool:
    """Say whether words to people, in lower case and marked, say that the refusal was wrong or is not final: a fault,
    "not yet", "send it again"."""
    if not phrases.NOT_FINAL.search(told):  # nearly all
        return False
    if any(taken.search(told) for taken in (phrases.TAKEN_BACK, phrases.TRIES_ON, phrases.FAULT)):
        return True
    return phrases.SEND_AGAIN.search(told) and not phrases.CHECK_FIRST.search(f"{told} {guessed}")


def _is_told_alone(words: str, fact: Recipient, message: Bounce, catalogue: Catalogue) -> bool:
    """Say whether a sentence that somebody wrote himself clearly tells a cause that leaves the address alive."""
    if len(words) > limits.OWN_WORDS_CHARS:
        return False
    own = ownwords.sentences(words, fact, message)
    return any(poll.told(said, catalogue) in _TOLD_ALONE or _is_sure(said, catalogue) for said in own)


def _is_sure(said: str, catalogue: Catalogue) -> bool:
    """Say whether a sentence by itself surely tells by a rule what leaves the mailbox alive, whatever the others beside it vote for."""
    told = classify(Query(text=said, beside=True), catalogue, vote=False)
    return told.is_sure and told.reason in _ALIVE
