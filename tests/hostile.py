"""Messages made to hurt a parser: each by the trick it plays. Read by the tests and by the benchmark."""

import random
import re
from collections.abc import Callable, Iterator

from bounce_milter.resources import packaged_knowledge

REPORT_HEAD = (
    b"From: MAILER-DAEMON@h.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
)


def _nested_multiparts() -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000))
    return heads + b"\n" + b"x\n" * 1000


def _nested_messages() -> bytes:
    return b"Content-Type: message/rfc822\n\n" * 20_000


def _status(body: bytes) -> bytes:
    return REPORT_HEAD + b"--B\n\nfailed\n--B\nContent-Type: message/delivery-status\n\n" + body + b"\n--B--\n"


def _recipients(count: int) -> bytes:
    return b"Reporting-MTA: dns; h.example\n\n" + b"".join(
        b"Final-Recipient: rfc822; user%d@d.example\nAction: failed\nStatus: 5.1.1\n\n" % n for n in range(count)
    )


def _text(body: bytes) -> bytes:
    return b"Return-Path: <>\nFrom: MAILER-DAEMON@h.example\nSubject: Undelivered mail\n\n" + body


TRICKS: dict[str, Callable[[], bytes]] = {
    "20,000 nested multiparts": _nested_multiparts,
    "20,000 nested messages": _nested_messages,
    "a million empty lines in a report": lambda: _status(b"\n" * 1_000_000),
    "a million empty lines in a text": lambda: _text(b"\n" * 1_000_000),
    "100,000 header fields": lambda: b"X-A: b\n" * 100_000 + b"\nbody",
    "100,000 folds in one field": lambda: b"Subject: a" + b"\n b" * 100_000 + b"\n\nbody",
    "30,000 recipients in a report": lambda: _status(_recipients(30_000)),
    "30,000 addresses in a text": lambda: _text(
        b"".join(b"<u%d@d.example>: user unknown\n" % n for n in range(30_000))
    ),
    "15 MB of ordinary mail": lambda: b"From: a@b.example\nSubject: hi\n\n" + b"lorem ipsum dolor\n" * 850_000,
    "a 15 MB report": lambda: _status(_recipients(2) + b"X-Pad: y\n" * 1_600_000),
    "one line of a megabyte": lambda: _text(b"a" * 1_000_000),
    "one word of failure, a megabyte of addresses": lambda: _text(b"failed " + b"a@b.example," * 90_000),
    "a megabyte of at signs": lambda: _text(b"failed\n" + b"@" * 1_000_000),
    "a megabyte of angle brackets": lambda: _text(b"failed\n" + b"<" * 1_000_000),
    "bare CRs": lambda: _text(b"failed\r" * 100_000),
    "NULs": lambda: _text(b"\x00" * 1_000_000),
    "10,000 parts": lambda: REPORT_HEAD + b"--B\n\nx\n" * 10_000,
    "boundaries that never fit": lambda: REPORT_HEAD + b"--BX\n" * 200_000,
    "open quotes in a parameter": lambda: b'Content-Type: multipart/mixed; boundary="' + b'\\"' * 100_000 + b"\n\nbody",
    "parameters without end": lambda: b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\n\nbody",
    "a field of spaces beside an encoded word": lambda: b"Subject: =?utf-8?q?=C3=BC?=" + b" " * 90_000 + b"x\n\nbody",
    "encoded words without end": lambda: b"Subject: " + b"=?utf-8?q?=C3=BC?= " * 10_000 + b"\n\nbody",
    "dashes before nothing": lambda: _text(b"-" * 500_000),
    "spaces before nothing": lambda: _text(b"failed" + b" " * 500_000 + b"x"),
    "tags without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<a " * 200_000
    ),
    "line breaks without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<br" * 80_000
    ),
    "comments without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<!--" * 100_000
    ),
    "styles without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<style>" * 60_000
    ),
    "header blocks without end": lambda: _text(b"Received: x\n" * 80_000),
    "codes without end": lambda: _status(
        b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; "
        + b"550-5.1.1 " * 20_000
    ),
    "said without end": lambda: _text(b"<a@b.example>: host x said: " * 30_000),
    "quoted-printable without end": lambda: (
        b"From: postmaster@h.example\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 400_000
    ),
    "words of all rules for 95 recipients": lambda: _many_words(),
    "base64 of nothing": lambda: (
        b"From: postmaster@h.example\nContent-Transfer-Encoding: base64\n\n" + b"!" * 1_000_000
    ),
}


def _many_words() -> bytes:
    """Return a report on 95 recipients, each refused in other words that rules speak of."""
    dice = random.Random(95)
    known = sorted(
        {word for rule in packaged_knowledge().catalogue.rules for word in re.findall("[a-z]{2,}", rule.pattern or "")}
    )
    return _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 %s\n\n"
            % (number, " ".join(dice.choices(known, k=280)).encode())
            for number in range(95)
        )
    )


def messages() -> Iterator[tuple[str, bytes]]:
    """Yield (the trick, the message)."""
    for name, make in TRICKS.items():
        yield name, make()
