"""A machine's word to an author that what he wrote to somebody went no further: known by one sentence, whatever its author and Subject.

Rule: a mailbox answers for itself, a mail system for others. So the sentence speaks of "your message", names one who is neither the
reader nor who writes this, and says of the message, not of what will become of it, that it failed. Who says "I" is a person.
"""

import re
from typing import Final

from bounce_milter import address, phrases
from bounce_milter.phrases import any_of
from bounce_milter.view import View

_DONE: Final = r"(?:accepted|delivered|distributed|forwarded|handed over|passed on|posted|processed|relayed|sent|transferred|transmitted)"
_FAILED: Final = rf"(?:was|were|has|have|had|could|can) ?n[o']t (?:be |been )?(?:\w+ly )?{_DONE}\b"
_MAIL: Final = r"(?:e-?mail|mail|message|post|reply|fax|sms)"
# Directly before an address: "your message to", "your e-mail, which you sent to", and that it failed. A language a row.
_YOURS: Final = re.compile(
    rf"\b(?:your (?:\w+ ){{0,2}}{_MAIL}|{_MAIL},? (?:that |which )?you sent)\b[^@]{{0,40}} (?:to|for)\b[^@]*\Z|"
    r"\bihre (?:nachricht|e-?mail|mail|sms)\b[^@]{0,40} (?:an|für)\b[^@]*\Z|"
    r"\bvotre (?:message|courriel|e-?mail|mail|sms)\b[^@]{0,40} (?:à|pour)\b[^@]*\Z|"
    r"\bsu (?:mensaje|correo|sms)\b[^@]{0,40} (?:a|para)\b[^@]*\Z|"
    r"\bsuo (?:messaggio|sms)\b[^@]{0,40} (?:a|per)\b[^@]*\Z"
)
# Behind the address, that it failed; by the languages in which `UNDELIVERED` says so, too.
_WENT_NOT: Final = any_of(
    rf"\b{_FAILED}", r"\bdid(?: not|n['’]t) (?:arrive|get through|go through|work)\b", r"\b(?:refused|rejected) it\b",
    r"\b(?:was|has been) (?:\w+ly )?(?:blocked|discarded|refused|rejected|returned|thrown away)\b",
)  # fmt: skip
# What is only announced, or still open.
_OPEN: Final = any_of(
    r"\b(?:will|shall|may|might|would|if|wird|wenn|sera|será)\b", r"\bsarà",
    r"\b(?:yet|still|held|hold|waits?|waiting|awaits?|awaiting|pending|queued|until|unless|noch|bis|encore|aún|ancora)\b",
)  # fmt: skip
# Who speaks of himself or of his own mailbox, under whatever address; "I am sorry" says a program, too.
_I: Final = any_of(
    r"\bi(?:['’]m| am) (?:away|on|out|not|no|currently|at|in|back)\b", r"\bi (?:have|had|will|left|no longer|can|do|shall)\b", r"\bi['’](?:ve|ll)\b",
    r"\bmy (?:absence|colleague|successor|e-?mails?|mailbox|address)\b", r"\bich (?:bin|habe|werde)\b", r"\bje (?:suis|serai)\b", r"\bestoy\b",
    r"\b(?:this|dieses) (?:mailbox|inbox|postfach) ",
)  # fmt: skip
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) ")
# How far from the address it says so, and of how many addresses it is looked for.
_BEFORE_CHARS, _BEHIND_CHARS = 120, 160
_MOST: Final = 10


def tells_author(view: View) -> bool:
    """Say whether a sentence tells the reader that his message to somebody else than who writes this went no further."""
    words = view.one_line
    own = {view.reader, address.named(view.author)}
    named = [found for found, _ in zip(address.IN_TEXT.finditer(words), range(_MOST), strict=False)]
    return any(found[0] not in own and _is_told(words, *found.span()) for found in named) and not _I.search(words)


def _is_told(words: str, start: int, end: int) -> bool:
    """Say whether the sentence around the address that stands from *start* to *end* tells it."""
    before = _SENTENCE_END.split(words[max(0, start - _BEFORE_CHARS) : start])[-1]
    behind = _SENTENCE_END.split(words[end : end + _BEHIND_CHARS])[0]
    if not _YOURS.search(before) or _OPEN.search(f"{before} {behind}"):
        return False
    return any(says.search(told) for says in (_WENT_NOT, phrases.UNDELIVERED) for told in (before, behind))
