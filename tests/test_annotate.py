"""A message through the pipe: what is ours goes, everything else stays octet by octet."""

import email
import io

import pytest

from bounce_milter import limits
from bounce_milter.cli.pipe import annotate
from bounce_milter.resources import packaged_knowledge
from tests.reports import dsn, group


def piped(message: bytes) -> bytes:
    target = io.BytesIO()
    annotate(io.BytesIO(message), target, packaged_knowledge())
    return target.getvalue()


@pytest.mark.parametrize(
    ("message", "passed_on"),
    [
        (b"Subject: x\r\nX-Bounce-Class: forged\r\n\r\nhello\r\n", b"Subject: x\r\n\r\nhello\r\n"),
        (b"Subject: x\nx-bounce-details : a;\n b\nTo: y\n\nhello\n", b"Subject: x\nTo: y\n\nhello\n"),
        (b"Subject: x\nX-Bounce-Review: yes\n more", b"Subject: x\n"),
        (b"\nX-Bounce-Class: in the body\nhello\n\nmore", b"\nX-Bounce-Class: in the body\nhello\n\nmore"),
        (b"X-Bounce-Class: x\rSubject: y\r\rhello\r", b"X-Bounce-Class: x\rSubject: y\r\rhello\r"),
        (b"", b""),
    ],
    ids=["crlf", "folded", "no-body", "no-header", "bare-cr", "empty"],
)  # fmt: skip
def test_only_own_fields_of_the_header_go(message: bytes, passed_on: bytes) -> None:
    assert piped(message) == passed_on


def test_the_line_of_an_mbox_stays_the_first() -> None:
    line = b"From MAILER-DAEMON Mon Mar  2 10:20:11 2026\r\n"
    assert piped(line + b"X-Bounce-Class: forged\r\n" + dsn()) == line + piped(dsn())
    assert piped(dsn()).startswith(b"X-Bounce-Explanation: ")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_that_would_continue_our_last_field_stays_before_it(end: bytes) -> None:
    """The class was "permanent X-Foo: a" then."""
    loose = b" X-Foo: a" + end + b"\tb" + end
    bounce = loose + b"X-Bounce-Class: forged" + end + dsn().replace(b"\r\n", end)
    annotated = piped(bounce)
    assert annotated.startswith(loose + b"X-Bounce-Explanation: ")
    assert email.message_from_bytes(annotated[len(loose) :])["X-Bounce-Class"] == "permanent"
    assert piped(b" \nX-Bounce-Class: x\nSubject: y\n\nz\n") == b" \nSubject: y\n\nz\n"


@pytest.mark.parametrize("before", [b"\r\n", b" x\r\n\r\n", b"From a Mon Mar  2 10:20:11 2026\r\n\r\n"])
def test_what_has_no_field_gets_none(before: bytes) -> None:
    """The words of its text were read as fields, and ours were its only ones then."""
    assert piped(before + dsn()) == before + dsn()


def test_a_bounce_that_is_cut_is_told_as_cut() -> None:
    report = dsn(*[group(f"u{number}@dest.example", f"550 5.1.1 User {'x' * 3_000}") for number in range(95)])
    assert len(report) > limits.MESSAGE_BYTES
    assert b"at least" in b" ".join(piped(report)[:8_000].split())


def test_fields_end_as_the_lines_of_the_message_do() -> None:
    bounce = b"From: MAILER-DAEMON@a.example\nTo: s@b.example\nSubject: Undelivered Mail Returned to Sender\n" + (
        b"X-Bounce-Class: forged\n\n<bob@dest.example>: host mx.dest.example[192.0.2.1] said: 550 5.1.1 User unknown\n"
    )
    annotated = piped(bounce.replace(b"\n", b"\r\n"))
    assert annotated.count(b"\n") == annotated.count(b"\r") == annotated.count(b"\r\n")
    assert annotated.replace(b"\r\n", b"\n") == piped(bounce)
    assert annotated.startswith(b"X-Bounce-Explanation: ")


def test_fields_end_as_the_lines_of_the_header_do_whatever_the_body_holds() -> None:
    bounce = dsn().replace(b"\r\n", b"\n").replace(b"--B--", b"x" * 3_000 + b"\r\n--B--")
    annotated = piped(bounce)
    assert annotated.startswith(b"X-Bounce-Explanation: ")
    assert annotated.count(b"\r\n") == 1
