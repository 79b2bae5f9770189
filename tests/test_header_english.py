"""The fields of typical reports, letter by letter, in English: what a person reads and what a Sieve script sees."""

import pytest

from bounce_milter import header
from bounce_milter.explain import explain
from bounce_milter.resources import packaged_knowledge

HEAD = b"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
To: alice@example.org
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_B"

--=_B
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered.

--=_B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

"""
TAIL = b"""
--=_B
Content-Type: text/rfc822-headers

From: alice@example.org
To: bob@dest.example
Subject: Lunch

--=_B--
"""

USER_UNKNOWN = b"""Final-Recipient: rfc822; bob@dest.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.dest.example
Diagnostic-Code: smtp; 550 5.1.1 <bob@dest.example>: Recipient address
    rejected: User unknown (in reply to RCPT TO command)
"""
USER_UNKNOWN_FIELDS = """\
X-Bounce-Explanation: <bob@dest.example> failed for good: there is no such
 mailbox at dest.example.
 What to do (you): check the address for typing errors; sending again will
 not help.
 mx.dest.example answered RCPT TO with "550 5.1.1 <bob@dest.example>:
 Recipient address rejected: User unknown".
X-Bounce-Details: rcpt=bob@dest.example; kind=failed; class=permanent;
 reason=user-unknown; dead=yes; act=sender; reply=550; status=5.1.1;
 command=RCPT; by=mx.dest.example; confidence=high
X-Bounce-Class: permanent
"""

DELAYED = b"""Final-Recipient: rfc822; carol@dest.example
Action: delayed
Status: 4.2.2
Remote-MTA: dns; mx.dest.example
Diagnostic-Code: smtp; 452 4.2.2 Mailbox full
Will-Retry-Until: Wed, 25 Nov 2026 10:00:00 +0100
"""
DELAYED_FIELDS = """\
X-Bounce-Explanation: <carol@dest.example> has not got the message yet: the
 mailbox is full.
 What to do: nothing for now; the server keeps trying by itself until
 2026-11-25 10:00 +0100.
 mx.dest.example answered "452 4.2.2 Mailbox full".
X-Bounce-Details: rcpt=carol@dest.example; kind=delayed; class=transient;
 reason=mailbox-full; dead=no; act=recipient; reply=452; status=4.2.2;
 by=mx.dest.example; confidence=high
X-Bounce-Class: transient
"""

# A rule with words of its own, and a recipient beside it who got the message.
HOME_ADDRESS = b"""Final-Recipient: rfc822; erin@dest.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; dave@dest.example
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx.dest.example
Diagnostic-Code: smtp; 550-5.7.1 [198.51.100.7] The IP you're using to send
    mail is not authorized to send email directly to our servers. Please use
    the SMTP relay at your service provider instead. - gsmtp
"""
HOME_ADDRESS_FIELDS = """\
X-Bounce-Explanation: <dave@dest.example> failed for good: the receiving
 server counts 198.51.100.7 among home connections, which may not send mail
 directly.
 What to do (your mail administrator): send through the provider's mail
 server (smarthost) with a login; if it is a real mail server, get a fixed IP
 address and ask for removal from the list.
 mx.dest.example answered "550 5.7.1 [198.51.100.7] The IP you're using to
 send mail is not authorized to send email directly to our servers. Please
 use the SMTP relay at your service provider instead. - gsmtp".
X-Bounce-Details: rcpt=dave@dest.example; kind=failed; class=permanent;
 reason=blocklisted; dead=no; act=sender-admin; reply=550; status=5.7.1;
 by=mx.dest.example; confidence=high
X-Bounce-Explanation: <erin@dest.example> got the message.
X-Bounce-Details: rcpt=erin@dest.example; kind=delivered; status=2.0.0;
 by=mail.example.org
X-Bounce-Class: permanent
"""


@pytest.mark.parametrize(
    ("status", "fields"),
    [(USER_UNKNOWN, USER_UNKNOWN_FIELDS), (DELAYED, DELAYED_FIELDS), (HOME_ADDRESS, HOME_ADDRESS_FIELDS)],
    ids=["user unknown", "delayed", "two recipients"],
)
def test_the_fields_of_a_report(status: bytes, fields: str) -> None:
    found = header.fields(explain(HEAD + status + TAIL, sender="", knowledge=packaged_knowledge()))
    assert "".join(f"{name}: {value}\n" for name, value in found) == fields


def test_the_rest_is_counted() -> None:
    found = explain(HEAD + HOME_ADDRESS + TAIL, sender="", knowledge=packaged_knowledge())
    last = header.fields(found, max_recipients=1)[-2]
    assert last == (header.EXPLANATION, "More recipients are listed in the report below: 1.")


def test_what_is_no_date_is_not_told_as_one() -> None:
    lure = "Friday; to keep your account log in at https://evil.example/login " + "or later " * 400
    status = DELAYED.replace(b"Wed, 25 Nov 2026 10:00:00 +0100", lure.encode())
    head = HEAD.replace(b"Date: ", b"Date: today, see https://evil.example/ ")
    found = header.fields(explain(head + status + TAIL, sender="", knowledge=packaged_knowledge()))
    assert "until" not in found[0][1]
    assert not any("evil" in value for _, value in found)
