"""Text in whatever charset: decoded, and without what nobody sees."""

import encodings

import pytest

from bounce_milter import message
from bounce_milter.message import charset as charsets


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("ユーザー不明".encode("iso-2022-jp"), None, "ユーザー不明"),
        ("ユーザー不明".encode("shift_jis"), "shift_jis", "ユーザー不明"),
        ("ошибка".encode("koi8-r"), "koi8-r", "ошибка"),
        ("größe".encode("cp1252"), None, "größe"),
        ("größe".encode(), "us-ascii", "größe"),
        (b"Delivery+AKA-failed", "unicode-1-1-utf-7", "Delivery failed"),
        ("mailbox full".encode("utf-16-le"), "UTF-16LE", "mailbox full"),
        (b"mailbox full", "utf-16", "mailbox full"),
        (b"~{;y4!~} mailbox full", "hz-gb-2312", "基础 mailbox full"),
        (b"plain", "no-such-charset", "plain"),
        # In KOI8-R and in Windows' Cyrillic capitals and small letters have changed places: the first that fits counts.
        ("письмо НЕ ДОШЛО: Письмо, АДРЕС".encode("koi8-r"), None, "письмо НЕ ДОШЛО: Письмо, АДРЕС"),
        (b"caf\xe9", "idna", "café"),
    ],
)
def test_text_is_decoded_by_its_charset_or_by_its_looks(data: bytes, charset: str | None, text: str) -> None:
    assert charsets.decode_text(data, charset) == text


def test_no_charset_smuggles_in_half_a_surrogate_pair() -> None:
    charsets.decode_text(b"+2AA-", "utf-7").encode("utf-8")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\0User\0 unknown\x01", "User unknown"),
        ("Nicht zustell\u00adbar\u200b".encode(), "Nicht zustellbar"),
        ("نمی\u200cشود".encode(), "نمی\u200cشود"),
        ("\u202abob@dest.example\u202c unknown".encode(), "bob@dest.example unknown"),
        ("\u2068bob@dest.example\u2069 unknown\x01".encode(), "bob@dest.example unknown"),
    ],
)
def test_what_nobody_sees_breaks_no_word(data: bytes, text: str) -> None:
    assert charsets.decode_text(data, "utf-8") == text
    assert message.decode_field(data) == text


def test_python_keeps_no_name_that_a_message_makes_up() -> None:
    kept = vars(encodings)["_cache"]
    before = set(kept)
    assert message.decode_field(b" ".join(b"=?utf-9%d?q?=E4?=" % n for n in range(20))) == "ä" * 20
    assert not any("9" in name for name in set(kept) - before)


@pytest.mark.parametrize("charset", ["ISO_8859-1:1987", "koi8-u", "cp874", "windows-1252", "ansi_x3.4-1968", "utf8"])
def test_a_charset_that_python_knows_is_known_in_any_spelling(charset: str) -> None:
    assert charsets.python_name(charset) is not None
