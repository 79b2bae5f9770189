"""Words -> safe header fields (RFC 5322 2.2.3, RFC 2045 5.1, RFC 2047).

Rule: what leaves here is ASCII, folded under 78 columns where words allow and never over 998 octets a line; every
field and all fields together are bounded. Nothing of the message gets through with a control character, a lone
surrogate or a character that only turns its neighbours round, and nothing of it can end a field. A fold is a line
feed before a space that the value has anyway, so that unfolding gives the value back.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from bounce_milter import address, limits
from bounce_milter.explain import RecipientReport, Report
from bounce_milter.header.encoded import encoded_words

EXPLANATION: Final = "X-Bounce-Explanation"
DETAILS: Final = "X-Bounce-Details"
CLASS: Final = "X-Bounce-Class"
REVIEW: Final = "X-Bounce-Review"
ORIGINAL_RECIPIENTS: Final = "X-Bounce-Original-Recipients"

#: The fields that are ours, by their names in lower case: removed from every message that comes in.
OWN_FIELDS: Final = {name.lower(): name for name in (EXPLANATION, DETAILS, CLASS, REVIEW, ORIGINAL_RECIPIENTS)}

_COLUMNS: Final = 77
# French sets a space before them; they begin no line all the same.
_NO_START: Final = (":", ";", "!", "?")
# What the fields after the recipients need: the one that counts the rest, in any language, the class, the review.
_LAST_FIELDS: Final = 600
# A token of RFC 2045 and, as no reader of "name=value; name=value" minds them, what addresses and hosts are made of.
_TOKEN: Final = re.compile(r"[!#$%&'*+\-./0-9:@A-Z\[\]^_`a-z{|}~]+")
_ENCODED_LOOK: Final = re.compile(r"=\?|\?=")
_LONG_WORD: Final = re.compile(rf"[^ ]{{{limits.WORD_CHARS + 1}}}")


def fields(report: Report, *, max_recipients: int = 10) -> list[tuple[str, str]]:
    """Return (name, folded value) of the fields that explain *report*, worst recipient first.

    At most *max_recipients* are told one by one, and no more than fit; one Explanation counts the rest.
    """
    found: list[tuple[str, str]] = []
    room = limits.FIELDS_OCTETS - _LAST_FIELDS
    told = 0
    for recipient in report.recipients[:max_recipients]:
        pair = [(EXPLANATION, explanation(recipient)), (DETAILS, details(recipient))]
        room -= sum(len(name) + len(": ") + len(value) + len("\r\n") for name, value in pair)
        if room < 0:  # never the first: the fields of one are far below the bound
            break
        found += pair
        told += 1
    if told < len(report.recipients):
        found.append((EXPLANATION, fold(EXPLANATION, [report.more(len(report.recipients) - told)])))
    if report.class_ is not None:
        found.append((CLASS, str(report.class_)))
    return found


def review() -> tuple[str, str]:
    """Return the field that hands the message to review."""
    return REVIEW, "yes"


def original_recipients(recipients: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the field that keeps the *recipients* (RCPT arguments) of a message; None where it cannot hold them all."""
    addresses = [address.of_path(recipient) for recipient in recipients]
    if not addresses or any(not a or a != clean(a, limits.ADDRESS_CHARS) for a in addresses):
        return None
    value = fold(ORIGINAL_RECIPIENTS, [f"<{a}>," for a in addresses[:-1]] + [f"<{addresses[-1]}>"])
    return None if value.endswith("...") else (ORIGINAL_RECIPIENTS, value)


def explanation(recipient: RecipientReport) -> str:
    """Return what happened, what to do and on what evidence, a line each."""
    return fold(EXPLANATION, [s for s in (recipient.explanation, recipient.what_to_do, recipient.because) if s])


def details(recipient: RecipientReport) -> str:
    """Return the facts and the verdict as "name=value; ..." (RFC 2045 5.1, RFC 2231 4); absent ones are left out."""
    line = "; ".join([_part(name, value) for name, value in _facts(recipient) if value])
    return "\n ".join(_folded(line, _COLUMNS - len(DETAILS) - 2))


def _facts(recipient: RecipientReport) -> Iterator[tuple[str, str | None]]:
    yield "rcpt", recipient.address
    yield "alias", recipient.alias
    yield "kind", recipient.kind
    if recipient.class_ is not None:
        yield "class", recipient.class_
        yield "reason", recipient.reason
        yield "dead", "yes" if recipient.dead else "no"
        yield "act", recipient.act
    yield "reply", recipient.reply
    yield "status", recipient.status
    yield "command", recipient.command
    yield "by", recipient.by
    yield "confidence", recipient.confidence


def _part(name: str, value: str) -> str:
    """Return one part. What is no ASCII, or would be shown decoded (RFC 2047), stands in percent-encoding.

    So does what holds ";": a script that looks for "; reason=mailbox-full;" must not find it in a stranger's address.
    """
    if _TOKEN.fullmatch(value) and len(value) <= limits.DETAIL_OCTETS:
        return f"{name}={value}"
    value = detail(value)
    if not value.isascii() or ";" in value or _ENCODED_LOOK.search(value):
        return f"{name}*=utf-8''{quote(value, safe='@._-+')}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def detail(value: str) -> str:
    """Return *value* as a Details field can hold it: cleaned and cut."""
    value = clean(value, limits.DETAIL_OCTETS)
    if len(value.encode()) > limits.DETAIL_OCTETS:
        value = value.encode()[: limits.DETAIL_OCTETS].decode("utf-8", "ignore").rstrip()
    return value


def clean(text: str, most: int) -> str:
    """Return *text* on one line: no control, format or unpaired character, spaces single, at most *most* characters."""
    if not (text.isascii() and text.isprintable()):
        text = "".join([c if c.isprintable() else _harmless(c) for c in text[: most * 2]])
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."


def _harmless(character: str) -> str:
    """Return a space for a break, nothing for what only changes how its neighbours look (bidi, joiners, tags)."""
    return "" if unicodedata.category(character) in ("Cf", "Cs", "Co", "Cn") else " "


def fold(name: str, lines: list[str]) -> str:
    """Return *lines* as the value of the field *name*, each beginning a fold; words that are no ASCII encoded."""
    out: list[str] = []
    room = _COLUMNS - len(name) - 2
    left = limits.FIELD_OCTETS - len("...")
    after_encoded = False
    for line in lines:
        line = clean(line, limits.SENTENCE_CHARS)
        if line.isascii() and not _ENCODED_LOOK.search(line) and not _LONG_WORD.search(line):
            folded = _folded(line, room)
            after_encoded = False
        else:
            words = list(_words(line, room, after_encoded=after_encoded))
            after_encoded = words[-1].startswith("=?")
            folded = _filled(words, room)
        for piece in folded:
            left -= len(piece) + 2
            if left < 0:
                return "\n ".join([*out, "..."])
            out.append(piece)
        room = _COLUMNS - 1
    return "\n ".join(out)


def _folded(line: str, room: int) -> list[str]:
    """Return *line*, ASCII with single spaces, cut at spaces: the first piece has *room*, the others a whole line."""
    out: list[str] = []
    at, end = 0, len(line)
    while end - at > room:
        cut = line.rfind(" ", at, at + room + 1)
        if line.startswith(_NO_START, cut + 1):
            cut = line.rfind(" ", at, max(cut, at))
        if cut < 0 and (cut := line.find(" ", at)) < 0:
            break
        out.append(line[at:cut])
        at, room = cut + 1, _COLUMNS - 1
    out.append(line[at:])
    return out


def _filled(words: list[str], room: int) -> list[str]:
    """Return *words* joined to lines."""
    out: list[str] = []
    line = words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) <= room:
            line = f"{line} {word}"
        elif word in _NO_START and " " in line:
            kept, _, last = line.rpartition(" ")
            out.append(kept)
            line, room = f"{last} {word}", _COLUMNS - 1
        else:
            out.append(line)
            line, room = word, _COLUMNS - 1
    return [*out, line]


def _words(line: str, room: int, *, after_encoded: bool) -> Iterator[str]:
    """Yield the words to be set with a space or a fold between them, encoded where they must be.

    A reader drops the space between two encoded words (RFC 2047 6.2): neighbours are encoded together with it, also
    with the encoded word that the line before ended in. The first word must fit *room*.
    """
    run: list[str] = [""] if after_encoded else []
    for word in line.split(" "):
        if word.isascii() and not _ENCODED_LOOK.search(word) and len(word) <= limits.WORD_CHARS:
            if any(run):
                yield from encoded_words(" ".join(run), room)
            run, room = [], _COLUMNS - 1
            yield word
        else:
            run.append(word)
    if any(run):
        yield from encoded_words(" ".join(run), room)
