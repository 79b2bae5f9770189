"""What people see whose mail program hides X- fields: a tag in the Subject, a note before the bounce's own words.

Rule: both change what was signed, so both are off unless the admin asks. The note goes into the text that is shown, and
into its HTML twin; nothing else of the body changes. Where it cannot go in unharmed (no text part, a charset that lacks
its letters, a body that was not read to its end) there is none. Never raises.
"""

import binascii
import html
import re
import textwrap
from base64 import b64encode
from typing import Final

from bounce_milter import limits
from bounce_milter.explain import Report
from bounce_milter.header import clean, seen
from bounce_milter.header.encoded import encoded_words
from bounce_milter.message import Fields, decode_field
from bounce_milter.message.charset import python_name
from bounce_milter.vocabulary import TAGGED

_RULE: Final = "-" * 70
_FOLD: Final = "\n "
# A longer tag leaves no room for the Subject in a list of mails.
_TAG_CHARS: Final = 60
# Of what is told of one recipient: what happened, and what to do.
_TOLD_CHARS: Final = 2 * limits.SENTENCE_CHARS
# A line of a field may have 998 octets (RFC 5322 2.1.1), less "Subject: " and some room.
_LINE_OCTETS: Final = 980
_PLACEHOLDER: Final = re.compile(rf"\{{({'|'.join(TAGGED)})\}}")
# Where HTML begins to be seen; in quoted-printable it looks the same. A tag holds no other: one that does not end is none.
_SEEN: Final = re.compile(rb"<body\b[^<>]{0,2000}>", re.IGNORECASE)


def subject(value: str, report: Report, tag: str) -> str:
    """Return the Subject *value*, raw, with *tag* before it; `{kind}`, `{class}` and `{reason}` in it filled in.

    It stays as it is where the tag names what the report does not have: nothing failed.
    """
    first = report.recipients[0] if report.recipients else None
    known = {"kind": report.kind, "class": report.class_, "reason": first.reason if first else None}
    if any(not known[name] for name in _PLACEHOLDER.findall(tag)):
        return value
    text = clean(_PLACEHOLDER.sub(lambda match: str(known[match[1]]), tag), _TAG_CHARS)
    value = value.strip()
    alone, beside = (text, text) if text.isascii() else (_encoded(text), _encoded(text + " "))
    if not text or value.startswith((alone, beside)):
        return value
    # A reader drops the space between two encoded words (RFC 2047 6.2).
    tagged = beside if value.startswith("=?") else alone
    long = len(tagged) + len(value.partition("\n")[0]) > _LINE_OCTETS
    return f"{tagged}{_FOLD if long else ' '}{value}".rstrip()


def ascii_subject(raw: bytes) -> str:
    """Return a Subject as a field may hold it: as it is, or what stands in it as raw 8-bit letters encoded."""
    return raw.decode("ascii").strip() if raw.isascii() else _encoded(clean(decode_field(raw), limits.SENTENCE_CHARS))


def _encoded(text: str) -> str:
    return _FOLD.join(encoded_words(text))


def note(report: Report, *, max_recipients: int) -> str:
    """Return the note: a paragraph for each recipient, worst first, at most *max_recipients*, between rules."""
    told = [" ".join(p for p in (r.explanation, r.what_to_do) if p) for r in report.recipients[:max_recipients]]
    more = len(report.recipients) - len(told)
    paragraphs = [*told, report.more(more)] if more > 0 else told
    lines = [line for p in paragraphs for line in (*_wrapped(clean(p, _TOLD_CHARS)), "")]
    return "\n".join([_RULE, *lines, _RULE, ""])


def body(fields: Fields, content: bytes, text: str) -> bytes | None:
    """Return the body *content* (line ends CRLF) with *text* before its own words; None where it cannot be put there."""
    places = seen.places(fields, content)
    try:
        for place in reversed(places):
            noted = _noted(content[place.start : place.end], text.replace("\n", "\r\n"), place)
            content = content[: place.start] + noted + content[place.end :]
    except (LookupError, ValueError):  # no charset of text, letters that it lacks, base64 that is none
        return None
    return content if places else None


def _noted(content: bytes, text: str, place: seen.Place) -> bytes:
    charset = python_name(place.charset)
    if charset is None or "<".encode(charset) != b"<":
        raise ValueError("a charset that nobody knows, whose letters are not ASCII's, or that begins with a mark")
    if not place.html:
        return _put_in(content, text.encode(charset), place.encoding)
    return _put_in(
        content, f"<pre>{html.escape(text)}</pre>\r\n".encode("ascii", "xmlcharrefreplace"), place.encoding, _SEEN
    )


def _put_in(content: bytes, letters: bytes, encoding: str, behind: re.Pattern[bytes] | None = None) -> bytes:
    """Return the encoded *content* with *letters* at its start, or behind what is found first."""
    if encoding == "base64":
        plain = binascii.a2b_base64(
            b"".join(content.split()), strict_mode=True
        )  # else it ends where a first piece does
        whole = b64encode(_put_in(plain, letters, "8bit", behind))
        return b"".join(whole[at : at + 76] + b"\r\n" for at in range(0, len(whole), 76))
    if encoding == "quoted-printable":
        letters = binascii.b2a_qp(letters, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    elif encoding not in ("8bit", "binary") and not (encoding in ("", "7bit") and letters.isascii()):
        raise ValueError("an encoding that nobody knows, or letters that a 7-bit part may not hold")
    found = behind.search(content) if behind else None
    if found is None:
        return letters + content
    return content[: found.end()] + b"\r\n" + letters + content[found.end() :]


def _wrapped(paragraph: str) -> list[str]:
    """Return the paragraph in lines as long as the rules where words allow."""
    return textwrap.wrap(paragraph, len(_RULE), break_long_words=False, break_on_hyphens=False)
