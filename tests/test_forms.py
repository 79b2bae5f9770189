"""The same bounce in another form: what gateways, lists and encodings do to a message on its way changes nothing.

Each form is a change that real mail meets and that says nothing about the failure. Every sample is put into every
form that it can take, and must be read and judged as before.
"""

import base64
import html
import quopri
import re
from collections.abc import Callable

import pytest

import bounce_milter
from tests.test_letterhead import BANNERS, FOOTERS
from tests.test_samples import NAMES, expected, message

_PLAIN = re.compile(
    rb"^content-type:\s*text/plain(?:;\s*charset=\"?(?:us-ascii|utf-8)\"?)?\s*$", re.IGNORECASE | re.MULTILINE
)
_MIME = re.compile(rb"^content-[\w-]+:.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE)


def _split(data: bytes) -> tuple[bytes, bytes]:
    header, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    return header + b"\n", body


def _single(data: bytes) -> tuple[bytes, bytes] | None:
    """Return header without MIME fields, and body, of a message that is one plain ASCII or UTF-8 text; else None."""
    header, body = _split(data)
    fields = _MIME.findall(header)
    plain = not fields or any(_PLAIN.match(field.strip()) for field in fields)
    encoded = any(b"encoding" in field.lower() and b"bit" not in field.lower() for field in fields)
    return (_MIME.sub(b"", header), body) if plain and not encoded and not body.startswith(b"--") else None


def _encoded(name: bytes, encode: Callable[[bytes], bytes]) -> Callable[[bytes], bytes | None]:
    def form(data: bytes) -> bytes | None:
        parts = _single(data)
        if parts is None:
            return None
        kind = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + name
        return parts[0] + kind + b"\n\n" + encode(parts[1])

    return form


def _is_utf8(text: bytes) -> bool:
    try:
        return bool(text.decode())
    except UnicodeError:
        return False


def _alternative(data: bytes) -> bytes | None:
    parts = _single(data)
    if parts is None or not _is_utf8(parts[1]):
        return None
    markup = b"<html><body><p>" + html.escape(parts[1].decode()).encode() + b"</p></body></html>"
    return (
        parts[0] + b"Content-Type: multipart/alternative; boundary=A1t\n\n--A1t\n\n" + parts[1]
        + b"\n--A1t\nContent-Type: text/html; charset=utf-8\n\n" + markup + b"\n--A1t--\n"
    )  # fmt: skip


def _tagged(data: bytes) -> bytes:
    header, body = _split(data)
    return (
        re.sub(rb"^(Subject: *)(?=\S)", rb"\1[EXTERN] ", header, count=1, flags=re.IGNORECASE | re.MULTILINE)
        + b"\n"
        + body
    )


def _on_its_way(data: bytes) -> bytes:
    trace = b"Received: from a.example by b.example with ESMTPS id 550511abc;\n Mon, 2 Mar 2026 10:00:00 +0000 (UTC)\n"
    return trace + b"X-Spam-Status: No, score=-4.5 required=5.1 tests=BAYES_00\n" + data.replace(b"\r\n", b"\n")


def _shouted(data: bytes) -> bytes:
    header, body = _split(data)
    return re.sub(rb"^[\w-]+:", lambda name: name[0].upper(), header, flags=re.MULTILINE) + b"\n" + body


def _folded(data: bytes) -> bytes:
    header, body = _split(data)
    names = rb"^(Subject|From|Content-Type):[ \t]*(?=\S)"
    return re.sub(names, rb"\1:\n ", header, flags=re.IGNORECASE | re.MULTILINE) + b"\n" + body


def _spaced(data: bytes) -> bytes | None:
    parts = _single(data)
    return parts and _split(data)[0] + b"\n" + parts[1].replace(b"\n", b" \n").replace(b"\n--  \n", b"\n-- \n")


def _signed(data: bytes) -> bytes | None:
    parts = _single(data)
    return (
        parts
        and _split(data)[0]
        + b"\n"
        + parts[1]
        + b"\n-- \nChecked for viruses. Call +1 550 5551234, or see http://d.example/5.2.2\n"
    )


_FIRST_PART = re.compile(
    rb"\A--[^\n]*\n(?:content-type: text/plain[^\n]*\n|content-transfer-encoding: [78]bit\n)*\n", re.IGNORECASE
)


def _below(banner: str) -> Callable[[bytes], bytes | None]:
    """Return a form with a gateway's banner above the words."""

    def form(data: bytes) -> bytes | None:
        if not _is_utf8(data):
            return None
        if found := _first_part(data):
            before, words, behind = found
            return before + banner.encode() + b"\n\n" + words + behind
        parts = _single(data)
        return parts and data.replace(parts[1], banner.encode() + b"\n\n" + parts[1])

    return form


def _above(footer: str) -> Callable[[bytes], bytes | None]:
    """Return a form with a footer below the words of a report."""

    def form(data: bytes) -> bytes | None:
        found = _first_part(data)
        return found and b"".join([*found[:2], b"\n\n", footer.encode(), b"\n", found[2]])

    return form


def _first_part(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return what stands before the plain words of a report, these, and what follows."""
    header, body = _split(data)
    boundary = re.search(rb"boundary=\"?([^\"\n;]+)", header, re.IGNORECASE)
    begin = body.find(b"--" + boundary[1]) if boundary else -1
    opened = _FIRST_PART.match(body[begin:]) if begin >= 0 else None
    if boundary is None or opened is None:
        return None
    start = begin + opened.end()
    end = body.find(b"\n--" + boundary[1], start - 1)
    return (header + b"\n" + body[:start], body[start:end], body[end:]) if end >= start else None


def _mixed(data: bytes) -> bytes | None:
    """Return a report whose outer type some gateway has made a plain mixture."""
    return data.replace(b"multipart/report", b"multipart/mixed") if b"report-type=delivery-status" in data else None


def _in_pieces(words: bytes) -> bytes:
    """Return words in base64, each piece of them with its own padding, as programs do that encode what they read."""
    return b"".join(base64.encodebytes(words[at : at + 700]) for at in range(0, len(words), 700))


def _widened(words: bytes) -> bytes:
    """Return words in quoted-printable with the spaces that transport adds at the ends of lines (RFC 2045 6.7 3)."""
    return quopri.encodestring(words).replace(b"=\n", b"=  \n")


def _reported_first(data: bytes) -> bytes | None:
    """Return a report whose first two parts have changed places."""
    boundary = re.search(rb"boundary=\"?([^\"\n;]+)", _split(data)[0], re.IGNORECASE)
    mark = b"--" + boundary[1] + b"\n" if boundary else b""
    parts = data.split(mark) if mark else []
    swapped = len(parts) == 4 and b"delivery-status" in parts[2].partition(b"\n\n")[0]
    return mark.join([parts[0], parts[2], parts[1], parts[3]]) if swapped else None


def _on_a_list(data: bytes) -> bytes | None:
    parts = _single(data)
    footer = (
        b"\n" + b"_" * 47 + b"\nStaff mailing list\nStaff@own.example\nhttps://own.example/mailman/listinfo/staff\n"
    )
    return parts and _split(data)[0] + b"\n" + parts[1] + footer


def _on_the_wire(words: bytes) -> bytes:
    """Return words in base64 with the line ends that text has within it (RFC 2045 6.8)."""
    return base64.encodebytes(words.replace(b"\n", b"\r\n"))


FORMS: dict[str, Callable[[bytes], bytes | None]] = {
    "quoted-printable": _encoded(b"quoted-printable", quopri.encodestring),
    "base64": _encoded(b"base64", base64.encodebytes),
    "base64 of lines that end as on the wire": _encoded(b"base64", _on_the_wire),
    "base64 of padded pieces": _encoded(b"base64", _in_pieces),
    "base64 with a comment": _encoded(b"base64 (RFC 2045)", base64.encodebytes),
    "base64 above a plain footer": _encoded(
        b"base64", lambda words: base64.encodebytes(words) + b"\n-- scanned by gw.own.example --\n"
    ),
    "quoted-printable with spaces at its breaks": _encoded(b"quoted-printable", _widened),
    "the report before its words": _reported_first,
    "a list's footer below": _on_a_list,
    "text and HTML": _alternative,
    "a tag before the Subject": _tagged,
    "more trace fields": _on_its_way,
    "field names in capitals": _shouted,
    "fields folded": _folded,
    "spaces at the ends of lines": _spaced,
    "a signature below": _signed,
    "a report sent as a mixture": _mixed,
    **{f"below {banner}": _below(banner) for banner in BANNERS[::4]},
    **{f"above {footer}": _above(footer) for footer in (*FOOTERS[::4], BANNERS[0])},
}


def judged(name: str, data: bytes) -> tuple[object, ...]:
    told = bounce_milter.explain(data, sender=expected(name).get("sender"))
    facts = ("address", "action", "reply", "status", "command", "reason", "dead")
    return told.kind, [tuple(getattr(r, fact) for fact in facts) for r in told.recipients], told.original.message_id


@pytest.mark.parametrize("form", FORMS)
def test_a_sample_in_another_form_is_judged_as_before(form: str) -> None:
    changed = [(name, FORMS[form](message(name))) for name in NAMES]
    pairs = [(name, data) for name, data in changed if data is not None]
    assert len(pairs) > 20
    assert {name: judged(name, data) for name, data in pairs} == {
        name: judged(name, message(name)) for name, _ in pairs
    }
