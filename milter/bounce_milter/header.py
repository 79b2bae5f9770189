"""Words -> safe header fields, and the Details field back into its parts (RFC 5322 2.2.3, RFC 2047, RFC 2231).

Rule: what leaves here is ASCII, folded under 78 columns where words allow and never over 998 octets a line; nothing
of the message gets through with a control character in it, or uncut. A fold is a line feed before a space that the
value has anyway, so that unfolding gives the value back.
"""

import base64
import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from bounce_milter import limits
from bounce_milter.explain import RecipientReport, Report

EXPLANATION: Final = "X-Bounce-Explanation"
DETAILS: Final = "X-Bounce-Details"
CLASS: Final = "X-Bounce-Class"
REVIEW: Final = "X-Bounce-Review"

#: The fields that are ours: removed from every message that comes in.
OWN_FIELDS: Final = (EXPLANATION, DETAILS, CLASS, REVIEW)

_COLUMNS: Final = 77
_TOKEN: Final = re.compile(r"[!#$%&'*+\-./0-9:@A-Z\[\]^_`a-z{|}~]+")
_PART: Final = re.compile(r"\s*([a-z]+)(\*?)=(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]*))\s*(?:;|\Z)")
_ENCODED_LOOK: Final = re.compile(r"=\?|\?=")


def fields(report: Report, *, max_recipients: int = 10) -> list[tuple[str, str]]:
    """Return (name, folded value) of the fields that explain *report*, worst recipient first."""
    told, rest = report.recipients[:max_recipients], report.recipients[max_recipients:]
    found: list[tuple[str, str]] = []
    for recipient in told:
        found.append((EXPLANATION, explanation(recipient)))
        found.append((DETAILS, details(recipient)))
    if rest:
        found.append((EXPLANATION, fold(EXPLANATION, [report.more(len(rest))])))
    if report.class_ is not None:
        found.append((CLASS, str(report.class_)))
    return found


def is_own(name: str) -> bool:
    """Say whether a field of this name is one of ours, in whatever case."""
    return name.lower() in _OWN


_OWN: Final = frozenset(name.lower() for name in OWN_FIELDS)


def explanation(recipient: RecipientReport) -> str:
    """Return what happened, what to do and on what evidence, a line each."""
    sentences = (recipient.explanation, recipient.what_to_do, recipient.because)
    return fold(EXPLANATION, [sentence for sentence in sentences if sentence])


def details(recipient: RecipientReport) -> str:
    """Return the facts and the verdict as "name=value; ..." (RFC 2045 5.1, RFC 2231 4)."""
    return fold(DETAILS, ["; ".join(_part(name, value) for name, value in _facts(recipient) if value)])


def _facts(recipient: RecipientReport) -> Iterator[tuple[str, str | None]]:
    yield "rcpt", recipient.address
    yield "alias", recipient.alias
    yield "kind", recipient.action
    if recipient.class_ is not None:
        yield "class", recipient.class_
        yield "reason", recipient.reason
        yield "dead", "yes" if recipient.dead else "no"
        yield "act", recipient.act
    yield "reply", recipient.reply
    yield "status", recipient.status
    yield "command", recipient.command
    yield "by", recipient.by
    if recipient.class_ is not None:
        yield "confidence", recipient.confidence


def _part(name: str, value: str) -> str:
    value = clean(value, limits.ADDRESS_CHARS)
    if not value.isascii():
        return f"{name}*=utf-8''{quote(value, safe='@._-+')}"
    if _TOKEN.fullmatch(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def parse_details(value: str) -> dict[str, str]:
    """Return the parts of a Details field; what is not of its form is left out (the inverse of `details`)."""
    text = re.sub(r"\r?\n(?=[ \t])", "", value)
    parts: dict[str, str] = {}
    at = 0
    while match := _PART.match(text, at):
        name, extended, quoted, plain = match.groups()
        found = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
        if extended:
            found = unquote(found.split("'", 2)[-1], errors="replace")
        parts.setdefault(name, found)
        at = match.end()
    return parts


def clean(text: str, most: int) -> str:
    """Return *text* on one line: no control, format or unpaired character, spaces single, at most *most* characters."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c.isprintable() or c == " " else _harmless(c) for c in text[: most * 2])
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


def _harmless(character: str) -> str:
    """Return a space for a break, nothing for what only changes how its neighbours look (bidi, joiners, tags)."""
    return "" if unicodedata.category(character) in ("Cf", "Cs", "Co", "Cn") else " "


def fold(name: str, lines: list[str]) -> str:
    """Return *lines* as one value, each beginning a fold; ASCII, non-ASCII words encoded (RFC 2047)."""
    out: list[str] = []
    column = len(name) + 2
    for number, line in enumerate(lines):
        for position, word in enumerate(_words(clean(line, limits.SENTENCE_CHARS))):
            starts_line = number > 0 and position == 0
            if out and (starts_line or column + 1 + len(word) > _COLUMNS):
                out.append("\n ")
                column = 1
            elif out:
                out.append(" ")
                column += 1
            out.append(word)
            column += len(word)
    return "".join(out)


def _words(line: str) -> Iterator[str]:
    """Yield the words to be set with a space or a fold between them, encoded where they must be.

    Non-ASCII neighbours are encoded together with the space between them, which a reader drops otherwise.
    """
    run: list[str] = []
    for word in line.split(" "):
        plain = word.isascii() and not _ENCODED_LOOK.search(word) and len(word) <= limits.WORD_CHARS
        if plain:
            yield from _encoded(run)
            run = []
            yield word
        else:
            run.append(word)
    yield from _encoded(run)


def _encoded(run: list[str]) -> Iterator[str]:
    """Yield encoded words of at most 75 characters, never torn inside a letter (RFC 2047 2, 5)."""
    piece = b""
    for letter in " ".join(run):
        octets = letter.encode("utf-8")
        if len(piece) + len(octets) > 45:
            yield _encoded_word(piece)
            piece = b""
        piece += octets
    if piece:
        yield _encoded_word(piece)


def _encoded_word(octets: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(octets).decode('ascii')}?="
