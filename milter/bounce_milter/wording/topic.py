"""Under which key the finest words for a verdict stand in a wording.

Rule: what the rule or the occasion names, else the status where it says what was found and the words no other thing. Words
that do not say why are told as such, whatever they may sound like.
"""

import re
from typing import Final

from bounce_milter import address
from bounce_milter.case.occasion import NOT_NOW, NOT_UNDERSTOOD, STILL_TRYING
from bounce_milter.classify.verdict import Verdict
from bounce_milter.codes import registered
from bounce_milter.facts import Recipient
from bounce_milter.vocabulary import Class, Kind, Reason

# Words that only tell that a message to somebody failed.
_ONLY_FAILED: Final = frozenset({
    "a", "address", "addresses", "all", "and", "at", "be", "been", "below", "could", "deliver", "delivered", "delivery",
    "did", "each", "email", "error", "fail", "failed", "failure", "fails", "following", "for", "has", "have", "in", "is", "it",
    "listed", "mail", "message", "messages", "not", "of", "one", "or", "permanent", "permanently", "reach", "receive",
    "received", "recipient", "recipients", "returned", "s", "sent", "the", "these", "this", "to", "transient",
    "unable", "undeliverable", "undelivered", "was", "were", "you", "your",
})  # fmt: skip
# What reports say instead of a reply, and the ends of codes that a reporter adds where it has no words (Sendmail: 4.5.0).
_NO_REPLY: Final = "delivery report unavailable"
_NO_CAUSE: Final = frozenset({"", ".0.0", ".5.0"})
# What a server says with 421 in any case (RFC 5321 4.2.2), and no more than that: "Service not available".
_ONLY_CLOSES: Final = re.compile(
    r"(?:[\w.-]{1,255} )?(?:(?:sorry, )?(?:the )?(?:smtp )?service (?:is )?(?:(?:currently|temporarily) )?(?:not available|unavailable)"
    r"|dienst (?:ist )?(?:derzeit |zurzeit |vorübergehend )?nicht verfügbar"
    r"|service (?:est )?(?:momentanément |temporairement |actuellement )?(?:non disponible|indisponible)(?: (?:momentanément|temporairement|actuellement))?"
    r"|servicio (?:temporalmente )?no disponible(?: temporalmente)?)"
    r"(?:[,;.:-]? (?:please )?(?:closing (?:transmission )?channel|closing connection|(?:re)?try (?:again )?later))?[\s.!]{0,3}",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")
# X.5.3 is said of too many recipients and, by as many servers, of too many messages in a time.
_TOO_MANY: Final = "X.5.3"
_IN_A_TIME: Final = re.compile(
    r"\b(?:hour|minute|day|week|month)(?:s|ly)?\b|\b(?:daily|today)\b|stunde|stündlich|täglich|\b(?:heute|tage?)\b|heure|horaire"
    r"|\bjour|quotidien|\bhoras?\b|\bdiari|\bdías?\b|minut[oi]|giorn|orari|\b(?:uur|dag)\b|godzin|dzień|dzienn|\bчас(?:а|ов)?\b|сут[ко]|\bд(?:ень|ня|невн)"
    r"|時間|分間|[1一]日|小时|小時|分钟|分鐘|每[日天]",
    re.IGNORECASE,
)


def of(fact: Recipient, kind: Kind, verdict: Verdict) -> str | None:
    """Return the key of the finest words: what the rule names, else the status where it says what was found.

    Big providers reuse numbers: a status speaks only where the registry means the reason that was found, and, beside
    words that decided, only where servers use it as registered.
    """
    if verdict.words == STILL_TRYING and kind is not Kind.DELAYED:
        return None if verdict.reason is Reason.DELIVERY_EXPIRED else NOT_NOW
    if verdict.reason is Reason.UNKNOWN and verdict.words is None and _says_why(fact):
        return NOT_UNDERSTOOD
    if verdict.share is not None and verdict.words is None and not _says_why(fact):
        return NOT_UNDERSTOOD
    if _only_not_now(fact, verdict):
        return NOT_NOW
    key, row = registered(fact.status or "") or (None, None)
    in_a_time = key == _TOO_MANY and _IN_A_TIME.search(fact.text or "")
    if verdict.words or row is None or row.reason is not verdict.reason or in_a_time:
        return verdict.words
    by_code = verdict.evidence == fact.status if verdict.rule is None else row.specific and not verdict.disagreement
    return key if by_code else None


def _says_why(fact: Recipient) -> bool:
    """Say whether the words on a recipient say more than that his message failed."""
    words = address.IN_TEXT.sub(" ", fact.text or "").lower().replace(_NO_REPLY, " ")
    return any(word not in _ONLY_FAILED for word in _WORD.findall(words))


def _only_not_now(fact: Recipient, verdict: Verdict) -> bool:
    """Say whether a reply only bids to try again, with its code or with words that go with that: no fault of anybody's yet."""
    by_code = verdict.rule is None and verdict.share is None and fact.text is None
    silent = verdict.words is None and (by_code or _ONLY_CLOSES.fullmatch(fact.text or "") is not None)
    vague = (fact.status or "")[1:] in _NO_CAUSE
    return silent and verdict.reason is Reason.SYSTEM_ERROR and verdict.class_ is Class.TRANSIENT and vague
