"""A content gateway's notice to a sender that his message was stopped: known by its whole form, whatever its envelope sender.

Rule: the notice is to one reader. It says that the message was stopped, and a cause that lies in it: a virus, a file, its size,
what it says. It describes the message with the reader as its sender and somebody else as its recipient, and the gateway is of
the side of one of them; or a machine says in a sentence that what the reader sent to its own side was stopped. What
arrived in part, or waits for somebody's word, was not stopped; and a bounce that somebody pasted is none of his.
"""

import re
from typing import Final

from bounce_milter import address
from bounce_milter.phrases import any_of
from bounce_milter.view import View

_MAIL: Final = r"(?:e-?mail|message|mail)"
_STOPPED: Final = (
    r"(?:stopped|blocked|rejected|refused|deleted|discarded|destroyed|not (?:been )?delivered|not accepted)"
)
# That the message did not go on: not one of its attachments.
_STOPS: Final = any_of(
    rf"\b(?:has|have) (?:\w+ ){{0,8}}?{_STOPPED} (?:the following|the|your|this|an?) {_MAIL}\b"
    rf"|\b(?:{_MAIL}|it)\b(?: [^ .!?@]+){{0,14}}? (?:was|were|has|have|had|is)(?: been)?(?: \w+){{0,2}}? {_STOPPED}"
    rf"|\b{_MAIL} (?:not delivered|blocked|rejected|stopped)\b"
    r"|\b(?:recipients?|addressees?) (?:has|have|did|will) not (?:got|get|gotten|received?)\b|\bdid not reach (?:the|its|any) (?:recipient|addressee)"
)
_CAUSE: Final = any_of(
    r"\b(?:virus(?:es)?|malware|worm|trojan|infected|attachments?|attached|executable|scripts?|macros?|files?|spam|junk|unsolicited|phishing"
    r"|too (?:large|big|long)|larger|bigger|oversized?|size (?:limit|of)|(?:unacceptable|offensive|inappropriate) (?:language|content|material)|profan\w+"
    r"|content (?:policy|filter\w*)|(?:e-?mail|security|content) polic(?:y|ies)|password[- ]protected)\b"
)
# It arrived, if not whole, or waits; and an absent person who deletes his mail is no gateway.
_NOT_STOPPED: Final = any_of(
    r"\b(?:was|were|has been|have been|is|still|already) (?:\w+ly )?(?:delivered|sent on|passed on)\b|\bdelivered (?:\S+ ){0,4}(?:without|anyway|nonetheless)\b"
    r"|\b(?:parts?|rest|remainder|body|text) of (?:the|your|this) (?:original )?(?:e-?mail|message|mail)\b|\b(?:cleaned|disinfected|sanitized|sanitised)\b"
    r"|\b(?:attachments?|files?|items?|links?|urls?|it)(?: [^ .!?]+){0,6}? (?:was|were|has been|have been|is|are) (?:\w+ )?(?:removed|stripped|replaced|detached)\b"
    r"|\b(?:removed|stripped|detached) (?:the|an?|all|from)\b"
    r"|\b(?:held|hold|kept|waits?|waiting|awaits?|awaiting|pending|queued)\b(?: [^ .!?]+){0,8}? (?:review\w*|approv\w+|releas\w+|moderat\w+|decision|confirm\w*|justif\w+)\b"
    r"|\b(?:will|can|may|could) be (?:released|delivered|reviewed)\b|\bhas been released\b|\b(?:pending|awaiting) (?:review|approval)\b"
    r"|\b(?:click|press|reply|answer|log ?in) (?:\S+ ){0,8}?(?:to|and) (?:release|deliver|approve|confirm|send)\b"
    r"|\b(?:vacation|holidays?|on leave|out of (?:the )?office|no longer (?:works?|with us|employed)|parental leave)\b"
)
_SENDER: Final = re.compile(r"^[ \t*|]*+(?:from|sender|sent by|mail from)[ \t]*[:=]([^\n]*)", re.MULTILINE)
_RECIPIENT: Final = re.compile(
    r"^[ \t*|]*+(?:to|(?:intended )?recipients?(?: ?\(s\))?|sent to|rcpt to)[ \t]*[:=]([^\n]*)", re.MULTILINE
)
# "The message you sent to bob@dest.example", 'Your mail "plans" of Monday to bob@dest.example'.
_YOURS: Final = re.compile(
    rf"\b(?:your {_MAIL}|{_MAIL},? (?:that |which )?you (?:have )?(?:sent|addressed|tried to send))\b"
    rf"(?:[^@.!?]{{0,120}}?[^@.!?\w])?to:? [<\"']?({address.ADDRESS})"
)
# Fields that a gateway's summary of the message has not: a report or a message that somebody pasted has them.
_PASTED: Final = re.compile(
    r"^[ \t*|]*+(?:message-id|received|return-path|mime-version|content-(?:type|transfer-encoding)|reporting-mta|final-recipient|diagnostic-code):",
    re.MULTILINE,
)
# What such a sentence and the next say of it.
_SAID_CHARS: Final = 300


def tells_sender(view: View, *, by_machine: bool) -> bool:
    """Say whether a gateway tells its reader that it stopped a message of his.

    by_machine   the notice states that no person sent it
    """
    readers = address.all_in(view.message.first("to"))
    words = view.one_line
    if len(readers) != 1 or not (view.house and _STOPS.search(words) and _CAUSE.search(words)):
        return False
    if "\n>" in view.text or _PASTED.search(view.lower) or _NOT_STOPPED.search(words):
        return False
    if not by_machine and any(name == "message-id" for name, _ in view.returned):
        return False  # a person pasted it
    (reader,) = readers
    return _describes(view, reader) or (by_machine and _names(view, reader))


def _describes(view: View, reader: str) -> bool:
    """Say whether the notice shows who sent the message, the reader, and to whom, and is of the side of one of them."""
    senders = {*_listed(_SENDER, view.lower), *address.all_in(view.original.from_)}
    others = {*_listed(_RECIPIENT, view.lower), *address.all_in(view.original.to)} - {reader}
    return senders == {reader} and any(_is_of(view, who) for who in (reader, *others)) and bool(others)


def _names(view: View, reader: str) -> bool:
    """Say whether a sentence tells of mail of the reader's to somebody on the gateway's own side, and that it was stopped."""
    yours = _YOURS.search(view.one_line)
    if yours is None or yours[1] == reader or not _is_of(view, yours[1]):
        return False
    said = view.one_line[yours.start() : yours.end() + _SAID_CHARS]
    return _STOPS.search(said) and _CAUSE.search(said)


def _is_of(view: View, who: str) -> bool:
    there = address.domain(who)
    return there != "" and address.are_of_one(there, view.house)


def _listed(label: re.Pattern[str], text: str) -> set[str]:
    return {who for line in label.findall(text) for who in address.IN_TEXT.findall(line)}
