"""The view of a message: bounded, decoded, and never an exception."""

import base64
import quopri

import pytest

from bounce_milter import limits, message

PLAIN = b"From: a@b.example\nSubject: =?utf-8?q?f=C3=BCr?=\n dich\nContent-Type: text/plain\n\nhello\n"


def multipart(*parts: bytes, boundary: bytes = b"XX", closing: bool = True) -> bytes:
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    end = b"--" + boundary + b"--\n" if closing else b""
    return b"Content-Type: multipart/mixed; boundary=" + boundary + b"\n\npreamble\n" + body + end


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_every_line_end_gives_the_same_view(newline: bytes) -> None:
    view = message.parse(PLAIN.replace(b"\n", newline))
    assert view.first("subject") == "für dich"
    assert view.parts[0].text() == "hello\n"


def test_empty_lines_before_a_message_are_none_of_it() -> None:
    assert message.parse(b"\r\n\n" + PLAIN) == message.parse(PLAIN)


def test_parts_come_in_order_and_a_missing_end_costs_nothing() -> None:
    pieces = (b"Content-Type: text/plain\n\none", b"Content-Type: text/html\n\n<b>two</b>", b"\nthree")
    for closing in (True, False):
        view = message.parse(multipart(*pieces, closing=closing))
        assert [part.type for part in view.parts] == ["text/plain", "text/html", "text/plain"]
        assert view.parts[2].text().strip() == "three"


def test_a_part_whose_empty_line_was_forgotten_keeps_its_words() -> None:
    assert message.parse(multipart(b"hello there")).parts[0].text() == "hello there"


def test_a_boundary_that_begins_like_another_is_another() -> None:
    view = message.parse(multipart(b"\none\n--XXY\nstill one", b"\ntwo"))
    assert [part.text().strip() for part in view.parts] == ["one\n--XXY\nstill one", "two"]


def test_what_lies_inside_an_attached_message_stays_closed() -> None:
    inner = multipart(b"Content-Type: message/delivery-status\n\nAction: failed", boundary=b"YY")
    view = message.parse(multipart(b"\nsee below", b"Content-Type: message/rfc822\n\n" + inner))
    assert [part.type for part in view.parts] == ["text/plain", "message/rfc822"]


def test_transfer_encodings_and_charsets_are_undone() -> None:
    word = "Empfänger unbekannt"
    for encoding, data in (
        (b"base64", base64.encodebytes(word.encode())),
        (b"quoted-printable", quopri.encodestring(word.encode())),
        (b"8bit", word.encode()),
    ):
        head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + encoding + b"\n\n"
        assert message.parse(head + data).parts[0].text().strip() == word


def test_a_message_over_the_bound_is_read_so_far_and_marked() -> None:
    view = message.parse(PLAIN + b"x" * limits.MESSAGE_BYTES)
    assert view.truncated
    assert view.first("from") == "a@b.example"


def test_parts_and_nesting_are_bounded() -> None:
    many = message.parse(multipart(*[b"\nx"] * (limits.PARTS * 3)))
    assert len(many.parts) <= limits.PARTS + 1
    assert many.truncated
    assert not message.parse(multipart(*[b"\nx"] * limits.PARTS)).truncated
    deep = b"\nbottom"
    for number in range(limits.NESTING * 3):
        deep = multipart(deep, boundary=b"B%d" % number)
    assert message.parse(deep).truncated


def test_header_fields_are_bounded_and_odd_lines_are_passed_over() -> None:
    many = message.parse(b"X: y\n" * (limits.HEADER_FIELDS * 2) + b"\nbody")
    assert len(many.fields) == limits.HEADER_FIELDS
    odd = message.parse(b"From nobody Mon\nno colon here\nS\xc3\xb6: x\nSubject: kept\n\n")
    assert [name for name, _ in odd.fields] == ["subject"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
def test_the_last_field_of_an_empty_part_is_no_text(end: bytes) -> None:
    [part] = message.parse(multipart(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64" + end)).parts
    assert part.body.strip() == b""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("退信 =?utf-8?q?Z=C3=BC?= 漢字", "退信 Zü 漢字"),  # gave \\u9000\\u4fe1
        ("=?utf-8?q?Z=C3=BC?=\n =?utf-8?b?cmljaA==?= Łódź", "Zürich Łódź"),
        ("=?utf-8?q?f=C3?= =?utf-8?q?=BCr?=", "für"),  # a letter in two words
        ("=?utf-8?b?A?= b =?utf-8?q?=C3=BC?=", "=?utf-8?b?A?= b ü"),  # the broken one left the other as it stood
        ("=?utf-8?q?=C3=BC?= =?utf-8?q?=C3", "ü =?utf-8?q?=C3"),
        ("=?utf-8?q?=C3", "=?utf-8?q?=C3"),
    ],
)
def test_encoded_words_are_decoded_and_what_stands_beside_them_stays(value: str, text: str) -> None:
    assert message.decode_field(value.encode()) == text
