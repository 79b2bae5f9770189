"""Which lines of a notice quote a letter: the message that it returns, or an older one, and not what a server answered.

Rule: lines behind ">", ">>" or "| " are a letter's. An answer that stands behind such marks is led to ("The server said:"), or begins
as replies and reports do and names nobody whom the notice's own words do not. What was written in a session with another server
(a log's ">>>") is no quotation. Whether the notice says enough without its quotations, its reader decides. Only lines that
are read anyway are looked at (`limits.TEXT_LINES`). Pure, linear, never raises.
"""

import re
from typing import Final

from bounce_milter import address, limits, phrases
from bounce_milter.reply import REFUSED, STATUS

#: What stands before the lines of a quotation.
MARK: Final = "> "
# A table's row has more bars than one.
_MARKED: Final = re.compile(r"[ \t]{0,8}(?:(?:>[ \t]?){1,20}|\|[ \t](?![^|\n]*\|))")
_ANY: Final = re.compile(r"^[ \t]{0,8}(?:>|\|[ \t])", re.MULTILINE)
# A session's log marks what was sent: ">>> RCPT TO:<bob@dest.example>", "> RCPT TO:<bob@dest.example>", ">>> .".
_COMMAND: Final = re.compile(
    r"[ \t]{0,8}(?:>{1,3}[ \t]?(?:helo|ehlo|lhlo|starttls|auth|mail from|rcpt to|data|bdat|rset|quit)\b|>>>[ \t]?\.[ \t]*\Z)",
    re.IGNORECASE,
)
# Nobody's letter either: ">>> bob@dest.example <bob@dest.example>" (Active! hunter).
_RECIPIENTS: Final = re.compile(
    rf"[ \t]{{0,8}}>{{1,3}}[ \t]?<?{address.ADDRESS}>?(?:[ \t]{{1,8}}<?{address.ADDRESS}>?)?[ \t]*"
)
# Words before an answer,
_LEADS: Final = re.compile(
    r"\b(?:said|says?|answer\w*|repl(?:y|ies|ied)|respon[ds]\w*|report\w*|returned|reasons?|causes?|because|errors?|diagnos\w+|details?|transcript|session|"
    r"sagte|antwort\w*|meld\w+|grund|ursache|fehler\w*|r[ée]pon\w+|raison|erreur|motif|respuesta|respondi[oó]|motivo|raz[oó]n|risposta|errore?|resposta|ответ\w*|причина|ошибка)\b"
    r"|理由|原因|応答|回答|返回",
    re.IGNORECASE,
)  # fmt: skip
# and before a letter, whatever else they hold.
_WROTE: Final = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribi[oó]|ha scritto|escreveu|написал\w*|original|urspr(?:ü|ue)nglich\w*|"
    r"(?:your|ihre|votre|su|tu|vostra|sua) (?:answer|reply|report|antwort|réponse|respuesta|risposta|resposta))\b",
    re.IGNORECASE,
)
# How a reply begins, or a report on a recipient.
_REPLY: Final = re.compile(
    rf"[\s>|]*+(?:(?:host|server|smtp)? ?\S{{1,255}} (?:said|says|answered|replied|responded):? {{0,3}})?#?(?:{REFUSED}(?![\w.@])|{STATUS}(?![\w.@]))",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(rf"[\s>|]*+<?{address.ADDRESS}>?:")


def marks(words: str) -> bool:
    """Say whether a line of *words* may be one of a quotation."""
    return _ANY.search(words) is not None


def without(words: str, *, answers: bool = False) -> str:
    """Return *words* without the lines that quote a letter, with *answers* also without those that quote what another system said."""
    lines = words.split("\n", limits.TEXT_LINES)
    rest = lines[limits.TEXT_LINES :]
    lines = lines[: limits.TEXT_LINES]
    marked = [_MARKED.match(line) is not None for line in lines]
    outside = {who.lower() for line, quoted in zip(lines, marked, strict=True) if not quoted for who in _named(line)}
    kept: list[str] = []
    number = 0
    while number < len(lines):
        if not marked[number]:
            kept.append(lines[number])
            number += 1
            continue
        start = number
        while number < len(lines) and marked[number]:
            number += 1
        block = lines[start:number]
        lead = next((line for line in reversed(kept[-_LEAD_LINES:]) if line.strip()), "")
        if _is_session(block) or (not answers and _is_answer(block, lead, outside)):
            kept.extend(block)
        elif kept and _WROTE.search(kept[-1]) and kept[-1].endswith(":"):
            kept.pop()  # who wrote it
    return "\n".join([*kept, *rest])


# A line that leads to what follows, and an empty one or two below it.
_LEAD_LINES: Final = 3


def _named(line: str) -> list[str]:
    return address.IN_TEXT.findall(line[: limits.LINE_CHARS]) if "@" in line else []


def _is_session(block: list[str]) -> bool:
    """Say whether a *block* of marked lines is of a session's log, or of one that names nothing but recipients."""
    return any(map(_COMMAND.match, block)) or all(map(_RECIPIENTS.fullmatch, block))


def _is_answer(block: list[str], lead: str, outside: set[str]) -> bool:
    """Say whether a *block* of marked lines, below the line *lead*, holds what a server or another system answered.

    outside   the addresses that stand in lines without a mark, in lower case
    """
    if lead.endswith(":") and _LEADS.search(lead) and not _WROTE.search(lead):
        return True
    begins = "\n".join(block).lstrip(" \t\n>|")
    if not (_REPLY.match(begins) or _ADDRESSED.match(begins) or phrases.OPENING.search(begins[:200].lower())):
        return False
    return all(who.lower() in outside for line in block for who in _named(line))
