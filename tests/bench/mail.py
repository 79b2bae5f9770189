"""The mail that is measured with: one ordinary message, and a folder of bounces or fifty made of the common forms."""

import itertools
from collections.abc import Iterator
from pathlib import Path

ORDINARY = (
    b"""\
Received: from client.example (client.example [192.0.2.7])
\tby mail.example.com (Postfix) with ESMTPS id 4F1A2B3C4D
\tfor <alice@example.org>; Mon, 3 Mar 2025 10:00:00 +0000 (UTC)
Received: from desk.client.example (desk.client.example [198.51.100.20])
\tby client.example (Postfix) with ESMTPSA id 1A2B3C4D5E
\tfor <alice@example.org>; Mon, 3 Mar 2025 09:59:58 +0000 (UTC)
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=client.example;
\ts=mail; t=1740996000; bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;
\th=From:To:Subject:Date:Message-ID; b=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
From: Carol <carol@client.example>
To: alice@example.org
Subject: The minutes of Monday
Date: Mon, 3 Mar 2025 09:59:57 +0000
Message-ID: <20250303095957.1@client.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
User-Agent: Example 1.0

"""
    + b"We met at ten, and agreed on what is written below.\n" * 40
)

_SAID = (
    ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("5.2.2", "552 5.2.2 <{to}>: Mailbox is full"),
    ("4.2.2", "452 4.2.2 Over quota"),
    ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example"),
    ("5.4.4", "Host or domain name not found. Name service error for name=dest{n}.example type=A: Host not found"),
    ("4.4.1", "connect to mx.dest{n}.example[198.51.100.9]:25: Connection timed out"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit"),
    ("5.7.26", "550 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy"),
    ("4.7.0", "451 4.7.0 Greylisted, please try again in 300 seconds"),
    ("5.0.0", "550 Message content rejected"),
)  # fmt: skip
_REPORT = """\
From: MAILER-DAEMON@mx{n}.example.net (Mail Delivery System)
To: alice@example.org
Subject: Undelivered Mail Returned to Sender
Date: Mon, 3 Mar 2025 10:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B{n}"
Message-ID: <{n}@mx{n}.example.net>

--B{n}
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered to one or more recipients.

<{to}>: host mx.dest{n}.example[198.51.100.9] said: {said} (in reply to RCPT TO command)

--B{n}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx{n}.example.net

Final-Recipient: rfc822; {to}
Action: failed
Status: {status}
Remote-MTA: dns; mx.dest{n}.example
Diagnostic-Code: smtp; {said}

--B{n}
Content-Type: message/rfc822

From: Alice <alice@example.org>
To: {to}
Subject: Hello number {n}
Message-ID: <{n}@example.org>

Hello!

--B{n}--
"""
_QMAIL = """\
From: MAILER-DAEMON@mx{n}.example.net
To: alice@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx{n}.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
198.51.100.9 failed after I sent the message.
Remote host said: {said}

--- Below this line is a copy of the message.

From: Alice <alice@example.org>
To: {to}
Subject: Hello number {n}

Hello!
"""


def made(count: int = 50) -> Iterator[bytes]:
    """Yield bounces of the common forms: a report each, every fifth in qmail's words."""
    for n, (status, said) in zip(range(count), itertools.cycle(_SAID), strict=False):
        form = _QMAIL if n % 5 == 4 else _REPORT
        to = f"bob{n}@dest{n}.example"
        yield form.format(n=n, to=to, status=status, said=said.format(n=n, to=to)).encode()


def bounces(folder: Path | None, build: Path) -> list[Path]:
    """Return the messages of a folder, sorted; where there is none, bounces made for the purpose below *build*."""
    found = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".toml") if folder else []
    if found:
        return found
    out = build / "mail"
    out.mkdir(parents=True, exist_ok=True)
    for number, message in enumerate(made()):
        (out / f"{number:02}.eml").write_bytes(message)
    return sorted(out.glob("*.eml"))


def ordinary(build: Path) -> Path:
    """Return the file with the ordinary message."""
    build.mkdir(parents=True, exist_ok=True)
    path = build / "ordinary.eml"
    path.write_bytes(ORDINARY)
    return path
