"""What people see whose mail program hides X- fields: a tag in the Subject, a note before the bounce's own words.

Rule: both change what was signed, so both are off unless the admin asks. The note goes into the first text part and
nothing else of the body changes; where it cannot go in unharmed (no text part, a charset that lacks its letters, a body
that was not read to its end) or would not be seen (an HTML twin is what people read) there is none. Never raises.
"""

import binascii
import re
from base64 import b64encode
from typing import Final, NamedTuple

from bounce_milter import limits, message
from bounce_milter.encoded import encoded_words
from bounce_milter.explain import Report
from bounce_milter.header import clean
from bounce_milter.message import Fields, decode_field

_DEPTH: Final = 4
_RECIPIENTS: Final = 10
_RULE: Final = "-" * 70
#: What a tag may name.
PLACEHOLDERS: Final = ("kind", "class", "reason")
_PLACEHOLDER: Final = re.compile(rf"\{{({'|'.join(PLACEHOLDERS)})\}}")


class _Place(NamedTuple):
    """The first text part: where its content stands in the body, its transfer encoding and its charset."""

    start: int
    end: int
    encoding: str
    charset: str


def subject(value: str, report: Report, tag: str) -> str:
    """Return the Subject *value*, raw, with *tag* before it; `{kind}`, `{class}` and `{reason}` in it filled in.

    It stays as it is where the tag names what the report does not have: nothing failed.
    """
    first = report.recipients[0] if report.recipients else None
    known = {"kind": report.kind, "class": report.class_, "reason": first.reason if first else None}
    if any(not known[name] for name in _PLACEHOLDER.findall(tag)):
        return value
    text = clean(_PLACEHOLDER.sub(lambda match: str(known[match[1]]), tag), 60)
    value = value.strip()
    alone, beside = (text, text) if text.isascii() else (_encoded(text), _encoded(text + " "))
    if not text or value.startswith((alone, beside)):
        return value
    # A reader drops the space between two encoded words (RFC 2047 6.2).
    return f"{beside if value.startswith('=?') else alone} {value}"


def ascii_subject(raw: bytes) -> str:
    """Return a Subject as a field may hold it: as it is, or what stands in it as raw 8-bit letters encoded."""
    return raw.decode("ascii").strip() if raw.isascii() else _encoded(clean(decode_field(raw), limits.SENTENCE_CHARS))


def _encoded(text: str) -> str:
    return "\n ".join(encoded_words(text))


def note(report: Report) -> str:
    """Return the note: a paragraph for each recipient, worst first, between rules."""
    told = [" ".join(p for p in (r.explanation, r.what_to_do) if p) for r in report.recipients[:_RECIPIENTS]]
    more = len(report.recipients) - len(told)
    paragraphs = [*told, report.more(more)] if more > 0 else told
    return "\n".join([_RULE, *(line for p in paragraphs for line in (*_wrapped(clean(p, 1_200)), "")), _RULE, ""])


def body(fields: Fields, content: bytes, text: str) -> bytes | None:
    """Return the body *content* (line ends CRLF) with *text* before its own words; None where it cannot be put there."""
    place = _first_text(fields, content, 0, len(content), _DEPTH)
    if place is None:
        return None
    try:
        letters = text.replace("\n", "\r\n").encode(place.charset)
        inside = _prepended(content[place.start : place.end], letters, place.encoding)
    except (LookupError, ValueError):  # an unknown charset, letters that it lacks, base64 that is none
        return None
    return content[: place.start] + inside + content[place.end :]


def _prepended(content: bytes, letters: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.b2a_qp(letters, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + content
    if encoding == "base64":
        whole = b64encode(letters + binascii.a2b_base64(content))
        return b"".join(whole[at : at + 76] + b"\r\n" for at in range(0, len(whole), 76))
    if encoding in ("", "7bit") and not letters.isascii():
        raise ValueError("letters that a 7-bit part may not hold")
    return letters + content


def _first_text(fields: Fields, content: bytes, start: int, end: int, depth: int) -> _Place | None:
    type_, parameters = message.content_type(fields)
    if type_ == "text/plain":
        found = next((value for name, value in fields if name == "content-transfer-encoding"), b"")
        charset = parameters.get("charset") or "us-ascii"
        return _Place(start, end, found.decode("ascii", "replace").strip().lower(), charset)
    if type_ == "multipart/alternative":
        return None
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    if not type_.startswith("multipart/") or not boundary or depth == 0:
        return None
    opening = re.compile(rb"(?:\A|\n)--" + re.escape(boundary) + rb"[ \t]*\r?\n").search(
        content, max(0, start - 1), end
    )
    if opening is None:
        return None
    header = re.compile(rb"(?:[^\r\n]+\r?\n)*?\r?\n").match(content, opening.end(), end)
    if header is None:
        return None
    closing = content.find(b"\n--" + boundary, header.end() - 1, end)
    inner = message.parse_fields(header[0].replace(b"\r\n", b"\n"))
    return _first_text(inner, content, header.end(), closing + 1 if closing >= 0 else end, depth - 1)


def _wrapped(paragraph: str) -> list[str]:
    """Return the paragraph in lines of at most 70 characters where words allow."""
    lines = [""]
    for word in paragraph.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > len(_RULE):
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
