"""A report's own words on one recipient: without the reply that they repeat, sentence by sentence, and which of them tell the cause.

Rule: a paragraph, a rule and an item of a list end a sentence; what ends with a colon only leads to what is shown below, and a
sentence that names somebody else is about him. What asks, bids or supposes, lists, and what a house says below its letters speak of
full mailboxes and of spam too, and tell no cause. Pure.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bounce_milter import address, limits, phrases, reply
from bounce_milter.bounce import Bounce
from bounce_milter.classify import supposed
from bounce_milter.facts import Recipient
from bounce_milter.phrases import guess
from bounce_milter.reply import quoting

_SENTENCES: Final = re.compile(r"[.;!](?=\s|\Z)|[。！\n]|(?<=？)|(?<=[?])(?=\s|\Z)|(?<=：)|(?<=:)(?=\s|\Z)")
#: What leads to what is shown below ends so.
LEADS: Final = (":", "：")
# What it leads to stands in the paragraph below, if that is no list.
_BELOW: Final = re.compile(r"(?<=[:：])\n(?![-*+•·‣・※])")
_RULE: Final = re.compile(r"^[-=_*~#]{2,}$", re.MULTILINE)
# Who said what in a session: MDaemon, Exchange, mailing list software.
_STEP: Final = re.compile(r"(?:-->|<--|>>>|<<<) ")
_STATUS: Final = re.compile(rf"\b{reply.STATUS}")
# An item that names somebody does so at its beginning.
_ITEM_CHARS: Final = 80
# Of the message that came back, what people wrote; Exim says it in sentences.
_FIELD: Final = re.compile(
    r"\b(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|тема|konu)[ \t]*:|(?:件名|主题|主題|제목)[ \t]*[:：]"
    r"|\bmessage identifier is\b|\b(?:subject|date|size) of (?:the|your) message is\b",
    re.IGNORECASE,
)
# Whom a sentence is about, before it: in words on one line his address stands before what the next one says.
# Exchange writes his name before it, "Bob Miller (bob@dest.example)", behind which no sentence goes on.
_NAMED: Final = re.compile(
    rf"\A(?:[ *<(]*{address.ADDRESS}[>)]?(?:<[^<> ]*>)?:? |"
    rf"[^.:;!?@<>\n]{{1,80}} \({address.ADDRESS}\)(?:<[^<> ]*>)? (?-i:(?=[^\sa-zß-öø-ÿά-ώа-џ])))",
    re.IGNORECASE,
)
# Where a reply ends that stands in a sentence: "... with "550 5.1.1 User unknown". All is well again."
_ENDS: Final = re.compile(r"[\"”»)](?=[.,;:?!]{0,2}\s)")
_OPENS: Final = {'"': '"', "”": "“", "»": "«", ")": "("}


def sentences(words: str, fact: Recipient, message: Bounce) -> Iterator[str]:
    """Yield the sentences that tell something, of the recipient or of nobody."""
    own = (said for said in _SENTENCES.split(words) if not said.endswith(LEADS))
    return (said for said in own if not _is_on_another(said, fact, message))


def causes(words: str, fact: Recipient, message: Bounce) -> list[tuple[str, bool]]:
    """Return the sentences that state something of this message, and whether "Reason:" or the recipient's address leads to each.

    No item of a list, no field of the message that came back, none below a rule unless the recipient is named there, none that
    supposes, bids, shows a code or says what the house does with any mail.
    """
    told = (
        (_NAMED.sub("", said), led)
        for block in _about_him(_BELOW.sub(" ", words), fact)
        for line in block.split("\n")
        if not _is_shown(line)
        for said, led in _stated(line, fact)
        if not (_FIELD.search(said) or _shows_code(said) or _is_on_another(said, fact, message) or _tells_nothing(said))
    )
    return [*islice(told, limits.SENTENCES)]


def on_this(words: str, fact: Recipient, message: Bounce) -> str:
    """Return the sentences that state something of this failure: they name the recipient or the message, or are led to."""
    told = causes(words, fact, message)
    return "".join(f"{said}. " for said, led in told if led or is_on_this(said, fact))


def is_on_this(said: str, fact: Recipient) -> bool:
    """Say whether a sentence names the recipient, or the message or system of who wrote to him."""
    lower = said.lower()
    return any(who.lower() in lower for who in fact.addresses) or phrases.OF_THIS.search(lower)


def _is_shown(line: str) -> bool:
    """Say whether a line is an item of a list that names nobody, quotes a letter or is a step of a session."""
    item = phrases.ITEM.match(line)
    return _STEP.search(line) is not None or (
        item is not None and (item[0].strip() == ">" or "@" not in line[:_ITEM_CHARS])
    )


def _about_him(words: str, fact: Recipient) -> list[str]:
    """Return the blocks between rules: the first, and others that name the recipient."""
    blocks = list(filter(str.strip, _RULE.split(words)))
    about = (each for each in blocks[1:] if any(who.lower() in each.lower() for who in fact.addresses))
    return [*blocks[:1], *about]


def _stated(line: str, fact: Recipient) -> Iterator[tuple[str, bool]]:
    """Yield the sentences of a line, and whether "Reason:" leads to each. What leads to an address is one itself; what else only leads
    to a sentence begins it, unless it says that the message was not delivered."""
    led, lead, heading = False, "", ""
    for said in guess.unasked(filter(None, map(str.strip, _SENTENCES.split(line)))):
        lower = said.lower()
        if named := _NAMED.match(f"{said} "):
            if heading:
                yield heading, led
            lead = heading = ""
        if not said.endswith(LEADS):
            yield lead + said, led
            lead = heading = ""
        elif _leads_to_cause(lower, fact):
            led, lead, heading = True, "", ""
        elif not named:
            heading = said
            lead = "" if phrases.UNDELIVERED.search(lower) else f"{lead}{said} "


def _shows_code(said: str) -> bool:
    """Say whether a sentence quotes a reply or explains codes: "limit of 500 messages" does not."""
    return reply.may_hold_code(said) and (_STATUS.search(said) is not None or quoting.find(said).code is not None)


def _tells_nothing(said: str) -> bool:
    """Say whether a sentence only supposes, bids, or tells what the house does with any mail."""
    lower = said.lower()
    idle = (phrases.BIDS, phrases.HOUSE, phrases.OF_ANY_MAIL)
    return guess.supposes(said) or any(sign.search(lower) for sign in idle)


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
    return any(
        address.name(who) not in known
        and (who.lower() in message.addressees or address.are_of_one(address.domain(who).lower(), house))
        for who in address.IN_TEXT.findall(said)
    )


def without_reply(words: str, fact: Recipient) -> str:
    """Return the words without the reply that they repeat, with its codes: in marks that open before it, it ends with them."""
    text = fact.text or ""
    ends = _ENDS.search(text)
    if ends and _OPENS[ends[0]] not in text[: ends.start()]:
        text = text[: ends.start()]
    coded = " ".join(filter(None, (fact.reply, fact.reply_status, text)))
    return words.replace(coded, ". ").replace(text, ". ") if text else words
