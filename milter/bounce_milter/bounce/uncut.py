"""Replies and sentences that a report cuts off, completed from the words above it.

Rule: only where there is no doubt. Of a reply of several lines (RFC 5321 4.2.1) the report has the first or the last,
with its code; of a sentence the beginning, broken off. And the words hold one such whole: a part that may be of two, or stands
for itself too, stays as it is.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from bounce_milter import address, limits, reply
from bounce_milter.bounce.completion import BETWEEN
from bounce_milter.facts import Recipient
from bounce_milter.view import View

# A reply of several lines, each behind the marks of a transcript or none: "<<< 550-5.7.1 Not this one", "<<< 550 5.7.1 See ...".
_SEVERAL: Final = re.compile(
    r"^[^\w\n]{0,20}([45]\d\d)-[^\n]*(?:\n[^\w\n]{0,20}\1-[^\n]*){0,50}\n[^\w\n]{0,20}\1(?: [^\n]*)?$", re.MULTILINE
)
_MARKS: Final = re.compile(r"^[^\w\n]+", re.MULTILINE)
# Lines above a reply that may say to whom: an address, a host, a command.
_ABOVE_LINES: Final = 3
# The type of a Diagnostic-Code by Domino, which folds at a column, in the middle of a word, and keeps so many characters.
_DOMINO: Final = "x-notes"
# Fewer characters may be a whole, unless they end within a word above, behind the same codes.
_CUT_CHARS: Final = 40
_ENDS: Final = (".", "!", "?", ")")


class _Paragraph:
    """Words on one line, in which others are found whatever spaces those have."""

    def __init__(self, words: str) -> None:
        self._words = reply.one_line(words)
        self._letters = self._words.replace(" ", "")
        self._places = [number for number, letter in enumerate(self._words) if letter != " "]

    def sentence(self, text: str) -> str | None:
        """Return what begins with the letters of *text*, no more where that is no broken sentence; None where nothing does."""
        letters = text.replace(" ", "")
        at = self._letters.find(letters)
        if at < 0 or not letters:
            return None
        start, end = self._places[at], self._places[at + len(letters) - 1] + 1
        cut = self._words[end : end + 1].isalnum() or (len(text) >= _CUT_CHARS and not text.endswith(_ENDS))
        further = self._words[end : start + limits.CAUSE_CHARS].partition(reply.IN_REPLY)[0] if cut else ""
        return self._words[start:end] + further


def restored(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the recipients, with the whole where the report has a part of a reply or sentence, or breaks its words."""
    if len(recipients) > limits.TEXT_RECIPIENTS:
        return recipients  # of so many the words are of none
    told = view.text[: limits.JUDGED_CHARS]
    if any(f"{code}-" in told for code in {r.reply for r in recipients} if code):
        recipients = _with_lines(recipients, told)
    if not any(_may_be_cut(r, view) for r in recipients):
        return recipients
    paragraphs = [_Paragraph(words) for words in BETWEEN.split(told[: limits.REPLY_CHARS])]
    return tuple(_with_end(r, paragraphs) if _may_be_cut(r, view) else r for r in recipients)


def _with_lines(recipients: tuple[Recipient, ...], text: str) -> tuple[Recipient, ...]:
    """Return the recipients, with all lines of the reply of which the report has the first or the last."""
    replies = [(_whose(text, told.start()), reply.parse(_MARKS.sub("", told[0]))) for told in _SEVERAL.finditer(text)]
    if not 0 < len(replies) <= limits.TEXT_RECIPIENTS:
        return recipients
    alone = reply.one_line(_SEVERAL.sub(" ", text))
    shared = Counter((r.reply, r.text) for r in recipients)
    told = []
    for fact in recipients:
        found = [(who, said) for who, said in replies if _is_part(fact, said)]
        own = {said.text: said for who, said in found if who and who == (fact.address or "").lower()}
        whole = own or {said.text: said for who, said in found if who is None}
        certain = own or (shared[fact.reply, fact.text] <= len(found) and (fact.text or "") not in alone)
        told.append(_replaced(fact, *whole.values()) if certain and len(whole) == 1 else fact)
    return tuple(told)


def _whose(text: str, start: int) -> str | None:
    """Return the one address in the lines directly above a reply, in lower case, None where none or several stand there."""
    above = text[max(0, start - limits.ADDRESS_CHARS) : start].rstrip().split("\n")[-_ABOVE_LINES:]
    named = {who.lower() for who in address.IN_TEXT.findall("\n".join(above))}
    return named.pop() if len(named) == 1 else None


def _is_part(fact: Recipient, said: reply.Reply) -> bool:
    """Say whether a report's words are those with which a reply of its code begins or ends."""
    part = fact.text or ""
    if said.code != fact.reply or not part or len(part) >= len(said.text):
        return False
    return said.text.startswith(f"{part} ") or said.text.endswith(f" {part}")


def _replaced(fact: Recipient, said: reply.Reply) -> Recipient:
    """Return the facts with the whole reply, and its status where the report's is none or says nothing."""
    vague = fact.status is None or fact.status.endswith(".0.0")
    return msgspec.structs.replace(
        fact,
        text=said.text,
        in_reply=fact.in_reply or said.status,
        status=said.status if said.status and vague else fact.status,
    )


def _may_be_cut(fact: Recipient, view: View) -> bool:
    """Say whether a report's words may break off: Domino's anywhere, others' where the last of them goes on above."""
    if not fact.text or fact.diagnostic_type == _DOMINO:
        return bool(fact.text)
    end = _shown(fact)[-_CUT_CHARS:]
    if not (end[-1].isalnum() and (len(fact.text) >= _CUT_CHARS or fact.reply)):
        return False
    _, _, further = view.one_line.partition(end.lower())
    return further[:1].isalnum()


def _shown(fact: Recipient) -> str:
    """Return the words by which a reply is found: few of them with its codes, "550 5.1.1 No such mail"."""
    text = fact.text or ""
    if len(text) >= _CUT_CHARS or fact.diagnostic_type == _DOMINO:
        return text
    return " ".join(filter(None, (fact.reply, fact.reply_status, text)))


def _with_end(fact: Recipient, paragraphs: Iterable[_Paragraph]) -> Recipient:
    """Return the facts with the one sentence that begins like their words, to its end, with the spaces that it has."""
    shown = _shown(fact)
    codes = shown.removesuffix(fact.text or "")
    found = {told.removeprefix(codes).rstrip() for paragraph in paragraphs if (told := paragraph.sentence(shown))}
    return msgspec.structs.replace(fact, text=found.pop()) if len(found) == 1 else fact
