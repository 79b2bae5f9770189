"""What the numbers mean: reply codes and enhanced status codes, looked up or explained by their digits.

Rule: a code in the tables is told as the table says; one inside the grammar by its digits; one outside the grammar
is none. What a code makes likely is never more than likely: the words of the reply decide (see `classify`).
"""

import re
from typing import Final

import msgspec

from bounce_milter.codes import digits as digits
from bounce_milter.codes.enhanced import ENHANCED_CODES, EnhancedRow
from bounce_milter.codes.reply import REPLY_CODES, Origin, ReplyRow
from bounce_milter.vocabulary import Act, Reason

__all__ = [
    "ENHANCED_CODES",
    "OF_COMMANDS",
    "REPLY_CODES",
    "CodeInfo",
    "EnhancedRow",
    "Origin",
    "ReplyRow",
    "enhanced_code",
    "registered",
    "reply_code",
    "sentence",
]

#: Replies about the command itself, whatever they call unknown or malformed (RFC 5321 4.2.2); 501 is about its argument; and about a
#: login (RFC 4954 6).
OF_COMMANDS: Final = frozenset({"500", "502", "503", "504", "530", "534", "535", "538"})

_REPLY: Final = re.compile(r"[2-5][0-5][0-9]")
# Three numbers without leading zeros; the class is 2, 4 or 5 (RFC 3463 2).
_ENHANCED: Final = re.compile(r"([245])\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")


class CodeInfo(msgspec.Struct, frozen=True):
    """One code explained; `origin` says where from.

    subject   what its second number is about; "" of a code of the wild, whose digits are another standard's
    """

    code: str
    class_: str
    subject: str
    meaning: str
    advice: str
    source: str
    origin: Origin


def registered(status: str) -> tuple[str, EnhancedRow] | None:
    """Return the key and the row of what an enhanced status code details, "5.1.1" -> "X.1.1"; None where nobody registered it."""
    key = f"X{status[1:]}"
    row = ENHANCED_CODES.get(key)
    return (key, row) if row else None


def reply_code(code: str) -> CodeInfo | None:
    """Return what a reply code means (RFC 5321 4.2); None where it is outside the grammar and not seen in the wild."""
    row = REPLY_CODES.get(code)
    if row is None and not _REPLY.fullmatch(code):
        return None
    row = row or _by_digits(digits.explain_reply(code), "RFC 5321 4.2.1")
    subject = "" if row.origin is Origin.FOLKLORE else digits.SECOND[code[1]]
    return _info(code, digits.FIRST[code[0]], subject, row)


def enhanced_code(code: str) -> CodeInfo | None:
    """Return what an enhanced status code means (RFC 3463); None where it is outside the grammar.

    "X.1.1", as the registry writes it, is a row of the table for any class.
    """
    if code in ENHANCED_CODES:
        return _info(code, "any class", digits.subject(code.split(".")[1]), ENHANCED_CODES[code])
    match = _ENHANCED.fullmatch(code)
    if not match:
        return None
    found = registered(code)
    row = found[1] if found else _by_digits(digits.explain_enhanced(code), "RFC 3463 2")
    return _info(code, digits.CLASS[match[1]], digits.subject(match[2]), row)


def _by_digits(meaning: str, source: str) -> ReplyRow:
    return ReplyRow(Origin.DIGITS, Reason.UNKNOWN, Act.NOBODY, meaning, source)


def _info(code: str, class_: str, subject: str, row: ReplyRow | EnhancedRow) -> CodeInfo:
    return CodeInfo(code, class_, subject, row.meaning, _advice(code[0], row), row.source, row.origin)


_ADVICE: Final = {
    Act.SENDER: "You can mend it: correct what the words name, then send again.",
    Act.SENDER_ADMIN: "Your mail administrator can mend it: show him this message.",
    Act.RECIPIENT: "Only the recipient can mend it: reach him another way.",
    Act.RECIPIENT_ADMIN: "Only the recipient's mail administrator can mend it: reach the recipient another way.",
    Act.NOBODY: "The code alone does not say who can mend it: read the words beside it.",
}


def _advice(first: str, row: ReplyRow | EnhancedRow) -> str:
    """Return what the code means for the person who sent the message."""
    if first in "23":
        return "Nothing to do: this is no error."
    advice = _ADVICE[row.act]
    if first == "4" and row.reason is not Reason.DELIVERY_EXPIRED:
        wait = "Nothing to do yet: the message is tried again by the sending server itself."
        return wait if row.act is Act.NOBODY else f"{wait} If it stays: {advice[0].lower()}{advice[1:]}"
    return advice


def sentence(info: CodeInfo) -> str:
    """Return the code and its meaning as one line of text."""
    return f"{info.code}: {info.meaning} ({info.source})"
