"""A report's own words on one recipient: without the reply that they repeat, sentence by sentence, and which of them tell the cause.

Rule: a paragraph ends its last sentence; what ends with a colon only leads to what is shown below, and a sentence that names
somebody else is about him. A cause is what "Reason:" or the recipient's own address leads to, what a sentence says that begins with
that address, and what the sentence holds or leads to that says that the message was not delivered, or the next one tells: advice, and
what stands below every letter of a house, speak of full mailboxes and of spam too. Pure.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from bounce_milter import address, guess, limits, phrases, reply, supposed
from bounce_milter.bounce import Bounce
from bounce_milter.facts import Recipient

_SENTENCES: Final = re.compile(r"[.;!](?=\s|\Z)|[。！\n]|(?<=？)|(?<=[?])(?=\s|\Z)|(?<=：)|(?<=:)(?=\s|\Z)")
# The same, with what stands before a colon.
_WHOLE: Final = re.compile(r"[.;!](?=\s|\Z)|[。！]|(?<=[?？])")
_LEADS: Final = (":", "：")
# "What happened? The mailbox is full."
_ASKS_WHY: Final = re.compile(
    r"\b(?:why|what happened|what went wrong|warum|wieso|was ist (?:passiert|geschehen)|pourquoi|que s.est-il passé|por qu[eé]|"
    r"perch[eé]|cosa è successo|waarom|varför|hvorfor|dlaczego|proč|почему|что случилось)\b|なぜ|为什么|為什麼",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"^[-=_*~#]{2,}$", re.MULTILINE)
# Fields of the message that came back, whose Subject tells what people wrote.
_FIELDS: Final = re.compile(
    r"\b(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|тема|konu)[ \t]*:|(?:件名|主题|主題|제목)[ \t]*[:：]",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"(?:[-*+•·‣] |[・※])(?!.{0,80}@)")
# Whom a sentence is about, before it: in words on one line his address stands before what the next one says.
_NAMED: Final = re.compile(rf"\A[ *<(]*(?P<who>{address.ADDRESS})[>)]?(?:<mailto:[^<> ]*>)?:? ", re.IGNORECASE)
# Where a reply ends that stands in a sentence: "... with "550 5.1.1 User unknown". All is well again."
_ENDS: Final = re.compile(r"[\"”»)](?=[.,;:?!]{0,2}\s)")
_OPENS: Final = {'"': '"', "”": "“", "»": "«", ")": "("}


def sentences(words: str, fact: Recipient, message: Bounce) -> Iterator[str]:
    """Yield the sentences that tell something, of the recipient or of nobody."""
    own = (said for said in _SENTENCES.split(words) if not said.endswith(_LEADS))
    return (said for said in own if not _is_on_another(said, fact, message))


def statements(words: str, fact: Recipient, message: Bounce) -> list[str]:
    """Return the sentences that state something of this message, wherever they stand: no item of a list, none below a rule unless
    the recipient is named there, none that bids or says what the house does with any mail."""
    told = (
        said
        for block in _about_him(without_reply(words, fact), fact)
        for line in block.split("\n")
        if not (_ITEM.match(line) or _FIELDS.search(line))
        for said in _before_question(line)
        if not (said.endswith(_LEADS) or reply.may_hold_code(said) or _is_on_another(said, fact, message))
    )
    return [said for said in told if not _says_nothing(said)][: limits.SENTENCES]


def _says_nothing(said: str) -> bool:
    """Say whether a sentence only supposes, bids, or tells what the house does with any mail."""
    lower = said.lower()
    return guess.supposes(said) or phrases.BIDS.search(lower) or phrases.HOUSE.search(lower)


def _about_him(words: str, fact: Recipient) -> list[str]:
    """Return the blocks between rules, the first, and others that name the recipient."""
    blocks = list(filter(str.strip, _RULE.split(words)))
    about = (each for each in blocks[1:] if any(who.lower() in each.lower() for who in fact.addresses))
    return [*blocks[:1], *about]


def _before_question(line: str) -> Iterator[str]:
    """Yield the sentences of a line up to one that asks, unless it asks why: what follows it sells something."""
    said = filter(None, map(str.strip, _WHOLE.split(line)))
    return takewhile(lambda one: not guess.asks(one) or _ASKS_WHY.search(one), said)


def causes(words: str, fact: Recipient, message: Bounce) -> list[str]:
    """Return the sentences that are told as the cause, without those that suppose or show a code."""
    told: list[str] = []
    his = set(map(str.lower, fact.addresses))
    led = opened = False
    for said in filter(None, map(str.strip, _SENTENCES.split(words))):
        lower = said.lower()
        failed = phrases.UNDELIVERED.search(lower)
        if said.endswith(_LEADS):
            led, opened = led or _leads_to_cause(lower, fact), failed and not phrases.OPENS.search(lower)
            continue
        named = _NAMED.match(said)
        behind = led or (named["who"].lower() in his if named else opened)
        if (behind or failed) and not _is_on_another(said, fact, message):
            told.append(_NAMED.sub("", said))
        led, opened = False, failed and not phrases.OPENS.search(lower)
    return [said for said in told if not (reply.may_hold_code(said) or _says_nothing(said))]


def _leads_to_cause(said: str, fact: Recipient) -> bool:
    """Say whether what ends with a colon, in lower case, is "Reason:", and no possible one, or ends with the recipient's address."""
    if phrases.REASON_TOLD.search(said):
        return not (phrases.MAY_BE.search(said) or supposed.may_be(said))
    return said.rstrip(":： >").endswith(tuple(map(str.lower, fact.addresses)))


def _is_on_another(said: str, fact: Recipient, message: Bounce) -> bool:
    """Say whether a sentence names somebody else of the recipient's house, or who was written to: a list that has him as a member."""
    if "@" not in said:
        return False
    known, house = set(map(address.name, fact.addresses)), address.domain(fact.address).lower()
    written = (message.original.to or "").lower()
    return any(
        address.name(who) not in known
        and (who.lower() in written or address.are_of_one(address.domain(who).lower(), house))
        for who in address.IN_TEXT.findall(said)
    )


def without_reply(words: str, fact: Recipient) -> str:
    """Return the words without the reply that they repeat: in marks that open before it, it ends with them."""
    text = fact.text or ""
    ends = _ENDS.search(text)
    if ends and _OPENS[ends[0]] not in text[: ends.start()]:
        text = text[: ends.start()]
    return words.replace(text, ". ") if text else words
