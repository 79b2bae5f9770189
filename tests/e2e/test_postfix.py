"""The main job with a real Postfix: a bounce comes in and lies explained in the mailbox; nothing else is touched."""

import email
import email.policy
import signal
import subprocess
from email.message import Message
from pathlib import Path

from bounce_milter import header
from tests.details import parse_details
from tests.e2e.filter import COMMAND, FilterProcess
from tests.e2e.postfix import Postfix, attached
from tests.e2e.refusing import RefusingServer

DSN = b"""\
From: MAILER-DAEMON@mx.example.net\r
To: alice@example.org\r
Subject: Undelivered Mail Returned to Sender\r
MIME-Version: 1.0\r
X-Bounce-Class: forged\r
Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r
\r
--B\r
Content-Type: text/plain\r
\r
Your message could not be delivered.\r
--B\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.net\r
\r
Final-Recipient: rfc822; bob@dest.example\r
Action: failed\r
Status: 5.1.1\r
Remote-MTA: dns; mx.dest.example\r
Diagnostic-Code: smtp; 550 5.1.1 User unknown\r
\r
--B--\r
"""
ORDINARY = b"From: carol@example.net\r\nTo: %s@example.org\r\nSubject: hello\r\nX-Odd:  two  spaces\r\n\r\nOne line.\r\n.dot\r\n\r\nlast\r\n"


def parsed(message: bytes) -> Message:
    return email.message_from_bytes(message, policy=email.policy.compat32)


def own(message: bytes) -> list[tuple[str, str]]:
    """Return our fields of a message, unfolded."""
    found = [(name, value) for name, value in parsed(message).items() if name.lower() in header.OWN_FIELDS]
    return [(name, value.replace("\r", "").replace("\n", "")) for name, value in found]


def without_trace(message: bytes) -> bytes:
    """Return a delivered message without what delivery itself adds: Return-Path, Delivered-To, Received, Message-Id, Date."""
    lines = message.split(b"\n")
    kept: list[bytes] = []
    skip = False
    for number, line in enumerate(lines):
        if not line:
            return b"\n".join([*kept, *lines[number:]])
        if not line.startswith((b" ", b"\t")):
            skip = line.split(b":")[0].lower() in (
                b"return-path",
                b"delivered-to",
                b"received",
                b"x-original-to",
                b"message-id",
                b"date",
            )
        if not skip:
            kept.append(line)
    return b"\n".join(kept)


def test_a_bounce_by_smtp_arrives_explained(postfix: Postfix) -> None:
    postfix.send(DSN, to="dsn@example.org")
    fields = dict(own(postfix.wait_for("dsn")[0]))
    assert fields["X-Bounce-Explanation"].startswith("<bob@dest.example> failed for good: there is no such mailbox")
    details = parse_details(fields["X-Bounce-Details"])
    assert details["rcpt"] == "bob@dest.example"
    assert (details["reason"], details["dead"], details["status"]) == ("user-unknown", "yes", "5.1.1")
    assert fields["X-Bounce-Class"] == "permanent"


def test_postfix_own_bounce_arrives_explained(postfix: Postfix) -> None:
    postfix.send(b"Subject: hi\r\n\r\nhello\r\n", sender="sender@example.org", to="gone@dest.example")
    message = postfix.wait_for("sender")[0]
    assert parsed(message)["Subject"] == "Undelivered Mail Returned to Sender"
    details = parse_details(dict(own(message))["X-Bounce-Details"])
    assert (details["rcpt"], details["reason"], details["reply"]) == ("gone@dest.example", "user-unknown", "550")
    assert details["class"] == "permanent"


def test_each_recipient_of_postfix_own_bounce_is_told(postfix: Postfix) -> None:
    to = ["gone@dest.example", "full@dest.example", "blocked@dest.example"]
    postfix.send(b"Subject: hi\r\n\r\nhello\r\n", sender="many@example.org", to=to)
    fields = [field for message in postfix.wait_for("many") for field in own(message)]
    details = [parse_details(value) for name, value in fields if name == "X-Bounce-Details"]
    assert {d["rcpt"]: d["reason"] for d in details} == {
        "gone@dest.example": "user-unknown", "full@dest.example": "mailbox-full", "blocked@dest.example": "blocklisted",
    }  # fmt: skip


def test_ordinary_mail_arrives_byte_for_byte_as_without_the_filter(postfix: Postfix, bare_postfix: Postfix) -> None:
    message = ORDINARY % b"plain"
    for server in (postfix, bare_postfix):
        server.send(message, sender="carol@example.net", to="plain@example.org")
    assert without_trace(postfix.wait_for("plain")[0]) == without_trace(bare_postfix.wait_for("plain")[0])


def test_forged_fields_are_gone_from_ordinary_mail(postfix: Postfix) -> None:
    forged = (
        b"X-Bounce-Explanation: one\r\nX-Bounce-Review: yes\r\nx-bounce-explanation: two\r\n folded\r\n"
        b"X-Bounce-Kept: not ours\r\nX-BOUNCE-REVIEW: yes\r\n"
    )
    postfix.send(forged + ORDINARY % b"forged", sender="carol@example.net", to="forged@example.org")
    message = postfix.wait_for("forged")[0]
    assert own(message) == []
    assert parsed(message)["X-Bounce-Kept"] == "not ours"


def test_explain_and_annotate_write_what_the_milter_writes(postfix: Postfix) -> None:
    postfix.send(DSN, to="same@example.org")
    through_milter = own(postfix.wait_for("same")[0])
    done = subprocess.run([COMMAND, "annotate"], input=DSN, capture_output=True, check=True, timeout=60)
    assert own(done.stdout) == through_milter


def test_mail_flows_when_the_filter_is_dead(tmp_path: Path, refusing: RefusingServer) -> None:
    process = FilterProcess(tmp_path / "filter")
    process.start()
    server = Postfix(tmp_path / "postfix", attached(process.socket), refusing.transports())
    server.start()
    try:
        server.send(DSN, to="before@example.org")
        assert own(server.wait_for("before")[0])
        process.stop(signal.SIGKILL)
        server.send(DSN, to="after@example.org")
        server.send(ORDINARY % b"after", sender="carol@example.net", to="after@example.org")
        server.send(b"Subject: hi\r\n\r\nhello\r\n", sender="after@example.org", to="gone@dest.example")
        assert len(server.wait_for("after", 3)) == 3
    finally:
        server.stop()
