"""What a notice says around the reply, to people or behind the status: a cause that the reply hides, that the mailbox is there,
that all was a mistake.

Rule: it takes a dead address back or tells more of the cause; it never makes an address dead. Sentences that guess count
only where they speak of the mailbox, and what repeats the reply or shows the report's own fields does not count. Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import guess, phrases
from bounce_milter.bounce import Bounce
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify
from bounce_milter.facts import Recipient
from bounce_milter.verdict import Query, Verdict
from bounce_milter.vocabulary import REASONS, Act, Confidence, Reason

# What a notice may say to people of a living mailbox, while its reply says that there is none: even a guess at these counts,
_OF_MAILBOX: Final = frozenset({Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED})
_ALIVE: Final = _OF_MAILBOX | {
    Reason.SENDER_NOT_ALLOWED, Reason.SENDER_REFUSED, Reason.SYSTEM_ERROR, Reason.BLOCKLISTED, Reason.SPAM_CONTENT,
    Reason.MESSAGE_TOO_LARGE,
}  # fmt: skip
# Without one of these hardly a rule finds that; cheap, so it is asked first.
_SIGNS_OF_LIFE: Final = (
    "full", "quota", "space", "storage", "disabl", "activ", "suspend", "closed", "locked", "maintenance", "moved to", "over limit",
    "outside", "external", "filter", "block", "spam", "too large", "too big", "holiday", "vacation", "urlaub", "vacances",
    "size limit", "voll", "plein", "lleno", "piena", "cheio", "переполн", "pełn", "一杯", "已满", "停止", "unused",
    "sender", "member", "subscri", "allowed", "permi", "authori", "cannot post", "can't post", "director", "ldap", "database", "lookup",
    "temporar", "internal", "mitglied", "expéditeur", "remitente", "mittente", "remetente", "отправител", "送信者", "发件人",
)  # fmt: skip
# The reader of last resort: where it found no address, the words may be about anybody.
_LAST_RESORT: Final = "generic"
# What to do before it is sent again: the address is at fault. Not what the writer does or did himself: "we confirm", "to
# ensure delivery".
_CHECK_FIRST: Final = re.compile(
    r"\b(?:check|verify|correct (?:the|it|your|any)|spell|typ(?:o|ing|ed)|misspel|make sure|(?:ensure|confirm|look up) (?:that )?(?:the|this|his|her) (?:[\w-]{1,20} ){0,2}(?:address|spelling|name)|"
    r"pr(?:ü|ue)fe|(?:(?:ü|ue)ber|nach)pr(?:ü|ue)fen sie|kontrollieren sie|berichtigen sie|vergewissern sie|stellen sie (?:\w{1,20} ){0,2}sicher|korrig|schreibweise|"
    r"v[ée]rifi|corrig|contr[oô]lez|assurez|compr(?:ue|o)b|aseg[uú]re|revis|controll[ai]|assicur(?:arsi|ati|atevi|i)\b)"
    r"(?!\w{0,6} ?(?:now|again)\b)",
    re.IGNORECASE,
)
# Gmail on a server that the user himself entered, for an address of his elsewhere.
_SENT_AS: Final = "settings for your 'send mail as' account"
_NO_LOGIN: Final = "does not advertise auth"


def heard(
    query: Query, verdict: Verdict, fact: Recipient, message: Bounce, catalogue: Catalogue
) -> tuple[Query, Verdict]:
    """Return the verdict, or that on the words to people where these say more of the cause, of a living address, or that the
    refusal was wrong; without a dead address where the last reader found none."""
    comment = message.comments.get((fact.address or "").lower())
    if comment and (known := _by_comment(verdict, comment, query.action, catalogue)):
        return known
    told = message.words.lower()
    if verdict.confidence is Confidence.LOW and told and _is_a_name(fact):
        asked = Query(text=message.words, action=query.action, beside=True)
        other = classify(asked, catalogue, vote=False)
        if other.confidence is not Confidence.LOW:
            return asked, msgspec.structs.replace(other, dead=False)
    if _SENT_AS in told:
        words = "send-as-no-login" if _NO_LOGIN in f"{told} {fact.text}".lower() else "send-as-settings"
        return query, msgspec.structs.replace(verdict, dead=False, words=words, act=Act.SENDER)
    if not verdict.dead:
        return query, verdict
    words = _without_reply(message.words, fact)
    names_nobody = message.dialect == _LAST_RESORT and fact.address is None
    if names_nobody or _is_taken_back(words.lower()):
        return query, msgspec.structs.replace(verdict, dead=False, confidence=Confidence.LOW)
    weak = verdict.rule is None or message.recalls
    alive = _living(query, verdict, fact, words, catalogue, weak=weak) if told else None
    return alive or (query, verdict)


def _by_comment(
    verdict: Verdict, comment: str, action: str | None, catalogue: Catalogue
) -> tuple[Query, Verdict] | None:
    """Return the verdict on what the reporting system says beside a reply without words, where codes leave the cause open, or
    lay it on the address and it surely says another one; else None."""
    asked = Query(text=comment, action=action, beside=True)
    told = classify(asked, catalogue, vote=False)
    alive = REASONS[verdict.reason].may_be_dead and not REASONS[told.reason].may_be_dead
    if not ((alive or verdict.reason is Reason.UNKNOWN) and _is_sure(told)):
        return None
    return asked, msgspec.structs.replace(told, dead=False, confidence=Confidence.MEDIUM)


def _living(
    query: Query, verdict: Verdict, fact: Recipient, words: str, catalogue: Catalogue, *, weak: bool
) -> tuple[Query, Verdict] | None:
    """Return the verdict without a dead address where *words* to people surely tell another cause, else None.

    weak   a number alone calls it dead, or a reply that the message only quotes: then any cause counts; against a server's
           words, only what servers are known to hide behind them
    """
    if not (weak or _tells_of_life(words.lower())):
        return None
    whole = Query(text=words, status=fact.status, reply=fact.reply, action=query.action, beside=True)
    asked = msgspec.structs.replace(whole, text=guess.without(words))
    told = classify(asked, catalogue, vote=False)
    if _is_sure(told) and (told.reason in _ALIVE or (weak and not REASONS[told.reason].may_be_dead)):
        return asked, told
    guessed, voted = classify(whole, catalogue, vote=False), classify(asked, catalogue)
    if (_is_sure(guessed) and guessed.reason in _OF_MAILBOX) or (
        voted.reason in _ALIVE and voted.confidence is not Confidence.LOW
    ):
        return query, msgspec.structs.replace(verdict, dead=False, confidence=Confidence.MEDIUM)
    return None


def _is_taken_back(words: str) -> bool:
    """Say whether words to people say that the refusal was wrong: a fault that is mended, a valid address, "send it again"."""
    if not phrases.TAKEN_BACK.search(words) or _CHECK_FIRST.search(words):
        return False
    return phrases.TAKEN_BACK.search(guess.without(words))


def _is_sure(told: Verdict) -> bool:
    """Say whether words say it, and more than a hint does."""
    return told.rule is not None and told.confidence is not Confidence.LOW


def _without_reply(words: str, fact: Recipient) -> str:
    """Return the report's own words, without the reply that they repeat."""
    return words.replace(fact.text, " ") if fact.text else words


# The types of Diagnostic-Code under which a server's words stand, or a program's.
_QUOTED: Final = (None, "smtp", "x-unix")


def _is_a_name(fact: Recipient) -> bool:
    """Say whether the report holds a program's own name for the cause, Sympa's "send_subscriber": its words say more."""
    return fact.diagnostic_type not in _QUOTED and bool(fact.text) and " " not in (fact.text or "")


def _tells_of_life(words: str) -> bool:
    return any(sign in words for sign in _SIGNS_OF_LIFE)
