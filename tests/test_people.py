"""A bounce in the hands of people: forwarded, quoted, pasted, posted to a list. None of it is a bounce any more.

Who a message is from decides, not what stands in it: somebody who asks for help with a bounce gets no explanation
into his question, and no address in it is anybody's fate.
"""

import re
from collections.abc import Callable

import pytest

import bounce_milter
from bounce_milter.vocabulary import REPORTS
from tests.test_samples import NAMES, expected, message

_CAROL = b"Carol <carol@dest.example>"
_POSTMASTER = b"Postmaster <postmaster@dest.example>"
_PROGRAM = b"User-Agent: Example Mail 3.1"


def _body(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]


def _subject(data: bytes) -> bytes:
    found = re.search(rb"^subject:[ \t]*([^\r\n]*)", data, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else b""


def _mail(author: bytes, subject: bytes, body: bytes, *more: bytes) -> bytes:
    sender = author.partition(b"<")[2].rstrip(b">")
    fields = (
        b"Return-Path: <" + sender + b">",
        b"From: " + author,
        b"To: alice@example.com",
        b"Subject: " + subject,
        *more,
    )
    return b"\n".join(fields) + b"\n\n" + body


def _attached(author: bytes, subject: bytes, data: bytes, *more: bytes) -> bytes:
    body = b"--P1\n\nWhat does this mean?\n\n--P1\nContent-Type: message/rfc822\n\n" + data + b"\n--P1--\n"
    return _mail(author, subject, body, b"Content-Type: multipart/mixed; boundary=P1", *more)


def _quoted(data: bytes) -> bytes:
    return b"There it is again.\n\n" + re.sub(rb"^", b"> ", _body(data), flags=re.MULTILINE)


def _below_a_line(data: bytes) -> bytes:
    return b"See below.\n\n---------- Forwarded message ----------\nFrom: <MAILER-DAEMON@mx.example>\n\n" + _body(data)


HANDS: dict[str, Callable[[bytes], bytes]] = {
    "forwarded as an attachment": lambda data: _attached(_CAROL, b"Fwd: " + _subject(data), data),
    "attached under the bounce's own Subject": lambda data: _attached(_CAROL, _subject(data), data),
    "forwarded in the text": lambda data: _mail(_CAROL, b"Fwd: " + _subject(data), _below_a_line(data)),
    "forwarded in the text under its own Subject": lambda data: _mail(_CAROL, _subject(data), _below_a_line(data)),
    "quoted in an answer": lambda data: _mail(_CAROL, b"Re: " + _subject(data), _quoted(data), b"In-Reply-To: <1@mx.example>"),
    "pasted without a word": lambda data: _mail(_CAROL, b"mail trouble", _body(data)),
    "pasted under its own Subject": lambda data: _mail(_CAROL, _subject(data), _body(data) + b"\n\nWhat does this mean?\n"),
    "pasted, its sender unknown": lambda data: (
        _mail(_CAROL, b"mail trouble", _body(data), _PROGRAM).partition(b"\n")[2]
    ),
    "posted to a list": lambda data: (
        _mail(_CAROL, _subject(data), _body(data), b"List-Id: <ops.lists.example>").replace(b"<carol@", b"<ops-bounces@", 1)
    ),
    "answered by the postmaster": lambda data: _mail(_POSTMASTER, b"AW: " + _subject(data), _quoted(data)),
    "attached by the postmaster": lambda data: _attached(_POSTMASTER, b"Your mail of Friday", data, _PROGRAM),
    "pasted by the postmaster": lambda data: _mail(_POSTMASTER, b"Your mail of Friday", _body(data), _PROGRAM),
}  # fmt: skip


@pytest.mark.parametrize("hands", HANDS)
def test_a_bounce_in_the_hands_of_people_is_none(hands: str) -> None:
    bounces = [name for name in NAMES if expected(name)["kind"] in REPORTS]
    told = {name: bounce_milter.explain(HANDS[hands](message(name))).kind for name in bounces}
    assert len(told) > 50
    assert {name: kind for name, kind in told.items() if kind in REPORTS} == {}
