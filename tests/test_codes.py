"""The tables of codes, tested like code."""

import re

import pytest

from bounce_milter import codes
from bounce_milter.codes import ENHANCED_CODES, REPLY_CODES, Origin
from bounce_milter.vocabulary import Reason


def test_the_tables_hold_what_is_known() -> None:
    assert len(REPLY_CODES) == 81
    assert len(ENHANCED_CODES) == 81


@pytest.mark.parametrize("code", REPLY_CODES)
def test_every_reply_code_is_explained(code: str) -> None:
    info = codes.reply_code(code)
    assert info is not None
    assert info.origin is not Origin.DIGITS
    assert re.fullmatch(r"[2-5]\d\d", code)
    assert 10 < len(info.meaning) <= 160
    assert info.meaning.endswith(".")
    assert info.advice.endswith(".")
    assert info.source
    if code[0] in "23":
        assert info.advice == "Nothing to do: this is no error."
    outside = not re.fullmatch(r"[2-5][0-5]\d", code)
    assert not outside or info.origin is Origin.FOLKLORE


@pytest.mark.parametrize("key", ENHANCED_CODES)
def test_every_enhanced_code_is_explained(key: str) -> None:
    row = ENHANCED_CODES[key]
    assert re.fullmatch(r"X\.[0-7]\.\d{1,2}", key)
    info = codes.enhanced_code("5" + key[1:])
    assert info is not None
    assert info.origin is Origin.REGISTERED
    assert 10 < len(info.meaning) <= 160
    assert info.meaning.endswith(".")
    assert info.source
    assert not row.specific or row.reason is not Reason.UNKNOWN


def test_vague_details_are_not_specific() -> None:
    for key in ("X.0.0", "X.1.0", "X.2.0", "X.3.0", "X.4.0", "X.5.0", "X.6.0", "X.7.0", "X.7.1"):
        assert not ENHANCED_CODES[key].specific


def test_the_codes_used_for_everything_make_nothing_likely() -> None:
    for code in ("550", "553", "554"):
        assert REPLY_CODES[code].reason is Reason.UNKNOWN


@pytest.mark.parametrize("code", ["548", "257", "311"])
def test_a_code_outside_the_table_is_explained_by_its_digits(code: str) -> None:
    assert code not in REPLY_CODES
    info = codes.reply_code(code)
    assert info is not None
    assert info.origin is Origin.DIGITS
    assert f"First digit {code[0]}" in info.meaning
    assert f"Second digit {code[1]}" in info.meaning


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("550", "the mail system"),
        ("521", "the connection"),
        ("533", "something the standard leaves open"),
        ("511", ""),
        ("571", ""),
    ],
)
def test_of_a_code_of_the_wild_no_digit_says_what_it_is_about(code: str, subject: str) -> None:
    info = codes.reply_code(code)
    assert info is not None
    assert info.subject == subject


@pytest.mark.parametrize(
    ("code", "subject"), [("5.1.99", "an address"), ("4.7.500", "security or policy"), ("5.9.1", "a subject")]
)
def test_an_unregistered_detail_is_explained_by_class_and_subject(code: str, subject: str) -> None:
    info = codes.enhanced_code(code)
    assert info is not None
    assert info.origin is Origin.DIGITS
    assert subject in info.meaning
    assert "administrator" not in info.advice


@pytest.mark.parametrize(
    "token",
    [
        "",
        "55",
        "5501",
        "099",
        "111",
        "187",
        "599",
        "660",
        "5x0",
        "٥٥٠",
        "5.1",
        "3.1.1",
        "5.01.1",
        "5.1.1000",
        "5.1١.1",
        "5.1.1١",
        "5.1.1.1",
    ],
)
def test_what_is_outside_the_grammar_is_none(token: str) -> None:
    assert codes.reply_code(token) is None
    assert codes.enhanced_code(token) is None


@pytest.mark.parametrize(
    ("status", "key"), [("5.1.1", "X.1.1"), ("4.7.26", "X.7.26"), ("5.1.99", None), ("5.1", None), ("", None)]
)
def test_a_detail_is_registered_or_not(status: str, key: str | None) -> None:
    assert codes.registered(status) == (key and (key, ENHANCED_CODES[key]))


def test_a_sentence_says_meaning_and_source() -> None:
    info = codes.enhanced_code("5.7.26")
    assert info is not None
    assert codes.sentence(info) == f"5.7.26: {info.meaning} (RFC 7372)"
    assert "administrator" not in info.meaning  # who must act is said of the whole reply
