"""Which messages are bounces: by the evidence of the outer message alone."""

import pytest

from bounce_milter import bounce, explain, kinds
from bounce_milter.dialects import listing
from bounce_milter.vocabulary import Kind

STATUS = b"""Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; bob@dest.example
Action: %s
Status: %s
"""


def dsn(
    action: bytes = b"failed", status: bytes = b"5.1.1", head: bytes = b"From: MAILER-DAEMON@mail.example.com"
) -> bytes:
    return (
        head
        + b"\nSubject: Undelivered Mail Returned to Sender\n"
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
        + b"--B\n\nIt could not be delivered.\n--B\n"
        + STATUS % (action, status)
        + b"\n--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@a.example>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
        + b"From: Alice <alice@a.example>\nTo: bob@dest.example\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n\n--B--\n"
    )


@pytest.mark.parametrize("action", ["failed", "delayed", "delivered", "relayed", "expanded"])
def test_a_delivery_report_has_the_kind_of_its_worst_action(action: str) -> None:
    found = bounce.read(dsn(action.encode(), b"4.4.1" if action == "delayed" else b"5.1.1"))
    assert found.kind == action
    assert found.recipients[0].address == "bob@dest.example"


@pytest.mark.parametrize(
    ("action", "status", "arrival", "tried", "expired"),
    [
        (b"failed", b"4.4.1", b"Thu, 1 May 2025 09:58:00 +0200", b"Fri, 2 May 2025 07:58:00 +0000", True),
        (b"failed", b"4.4.1", b"Thu, 1 May 2025 09:58:00 +0200", b"Fri, 2 May 2025 07:57:00 +0000", False),
        (b"delayed", b"4.4.1", b"Thu, 1 May 2025 09:58:00 +0200", b"Tue, 6 May 2025 09:58:00 +0200", False),
        (b"failed", b"5.4.1", b"Thu, 1 May 2025 09:58:00 +0200", b"Tue, 6 May 2025 09:58:00 +0200", False),
        (b"failed", b"4.4.1", b"yesterday", b"Tue, 6 May 2025 09:58:00 +0200", False),
        (b"failed", b"4.4.1", b"Thu, 1 May 2025 09:58:00 +0200", b"Tue, 99 Nov 99999 99:99:99 +9999", False),
    ],
)
def test_a_day_of_trying_is_the_end_of_time(
    action: bytes, status: bytes, arrival: bytes, tried: bytes, *, expired: bool
) -> None:
    report = dsn(action, status + b"\nLast-Attempt-Date: " + tried)
    found = bounce.read(report.replace(b"\n\nFinal", b"\nArrival-Date: " + arrival + b"\n\nFinal"))
    assert found.recipients[0].expired is expired


def test_the_returned_message_is_named() -> None:
    original = bounce.read(dsn()).original
    assert (original.message_id, original.subject) == ("<1@a.example>", "Grüße")
    assert (original.from_, original.to) == ("Alice <alice@a.example>", "bob@dest.example")
    assert original.date == "Mon, 23 Nov 2026 10:00:00 +0000"


def test_whom_the_report_calls_by_no_address_is_not_the_one_that_the_message_was_addressed_to() -> None:
    found = bounce.read(dsn().replace(b"rfc822; bob@dest.example", b"rfc822; john doe@other.example"))
    assert [r.address for r in found.recipients] == [None]


def test_an_attached_bounce_does_not_make_a_bounce() -> None:
    forwarded = (
        b"From: Alice <alice@a.example>\nTo: help@a.example\nSubject: Fwd: what is this?\n"
        b"Content-Type: multipart/mixed; boundary=M\n\n--M\n\nPlease look.\n--M\nContent-Type: message/rfc822\n\n"
        + dsn()
        + b"\n--M--\n"
    )
    assert bounce.read(forwarded).kind is Kind.NOT_A_BOUNCE


def test_a_gateways_wrapper_of_the_same_message_is_opened() -> None:
    wrapped = (
        b"From: postmaster@gw.example\nMessage-ID: <n@gw.example>\nSubject: Delivery Status Notification\n"
        b"Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: message/rfc822\n\n"
        + dsn(head=b"From: postmaster@gw.example\nMessage-ID: <n@gw.example>")
        + b"\n--M--\n"
    )
    assert bounce.read(wrapped).recipients[0].address == "bob@dest.example"


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        (b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B", b"", Kind.READ_RECEIPT),
        (b"Content-Type: multipart/report; report-type=feedback-report; boundary=B", b"", Kind.FEEDBACK_REPORT),
        (b"Content-Type: multipart/report; report-type=tlsrpt; boundary=B", b"", Kind.NOT_A_BOUNCE),
        (
            b"Return-Path: <>\nFrom: Bob <bob@b.example>\nAuto-Submitted: auto-replied (vacation)",
            b"I am away.",
            Kind.AUTO_REPLY,
        ),
        (b"From: Bob <bob@b.example>\nX-Apple-Action: VACATION", b"Back on Monday.", Kind.AUTO_REPLY),
        (b"From: Bob <bob@b.example>\nSubject: Automatische Antwort: Angebot", b"Ich bin im Urlaub.", Kind.AUTO_REPLY),
        (
            b"From: Bob <bob@b.example>\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Devis?=",
            b"Absent.",
            Kind.AUTO_REPLY,
        ),
        (b"From: f@filter.example\nSubject: Please confirm your message", b"Click to confirm.", Kind.CHALLENGE),
        (b"Return-Path: <>\nFrom: dmarc@r.example\nSubject: Report Domain: a.example", b"attached", Kind.NOT_A_BOUNCE),
        (
            b"From: Kim <kim@b.example>\nList-Id: <ops.example.org>\nSubject: [ops] Re: delivery failure?",
            b"On Monday Sam wrote:\n> Your message could not be delivered to:\n> <bob@dest.example>: 550 5.1.1 User unknown\n",
            Kind.NOT_A_BOUNCE,
        ),
        (
            b"From: Sam <sam@b.example>\nSubject: Mail delivery failed?? please help",
            b"Hello,\nevery mail fails with\n550 5.1.1 <bob@dest.example>: User unknown\n",
            Kind.NOT_A_BOUNCE,
        ),
    ],
)
def test_other_machine_mail_and_mail_about_bounces(head: bytes, body: bytes, kind: Kind) -> None:
    assert bounce.read(head + b"\nTo: alice@a.example\n\n" + body).kind is kind


def test_the_null_sender_makes_a_text_notice_a_bounce() -> None:
    notice = b"From: Mail System <mta@b.example>\nSubject: Problem\n\nYour message could not be delivered to <bob@dest.example>\n"
    assert bounce.read(notice, sender="<>").recipients[0].address == "bob@dest.example"
    assert bounce.read(notice, sender="").kind is Kind.FAILED


def test_a_report_whose_type_was_lost_is_believed_from_a_daemon_only() -> None:
    mixed = dsn().replace(b"multipart/report; report-type=delivery-status;", b"multipart/mixed;")
    assert bounce.read(mixed).kind is Kind.FAILED
    assert (
        bounce.read(mixed.replace(b"MAILER-DAEMON@mail", b"alice@mail"), sender="<alice@a.example>").kind
        is Kind.NOT_A_BOUNCE
    )


@pytest.mark.parametrize(
    "told",
    [
        "Neue Adresse: new@other.example", "Die neue E-Mail-Adresse lautet ab sofort:\nnew@other.example",
        "Bitte nutzen Sie künftig die Adresse new@other.example", "Het nieuwe adres is new@other.example",
        "His new address is <new@other.example>.", "Please use new@other.example", "User has moved to new@other.example",
        "new@other.example is my new address", "Use <new@other.example> instead", "La nouvelle adresse est new@other.example",
        "Veuillez utiliser désormais new@other.example", "La nueva dirección es new@other.example",
        "Il nuovo indirizzo è new@other.example", "新しいメールアドレスは new@other.example です", "Новый адрес: new@other.example",
    ],
)  # fmt: skip
def test_the_address_that_somebody_has_now_did_not_fail(told: str) -> None:
    notice = (
        b"From: MAILER-DAEMON@b.example\nSubject: Undeliverable\nContent-Type: text/plain; charset=utf-8\n\n"
        b"<bob@dest.example>: user unknown.\n" + told.encode()
    )
    assert [r.address for r in bounce.read(notice, sender="<>").recipients] == ["bob@dest.example"]
    alone = notice.replace(b"<bob@dest.example>: user", b"User")
    assert [r.address for r in bounce.read(alone, sender="<>").recipients] == [None]
    returned = (
        alone
        + b"\n\n------ This is a copy of your message ------\n\nFrom: alice@a.example\nTo: new@other.example\nSubject: x\nDate: x\n"
    )
    assert [r.address for r in bounce.read(returned, sender="<>").recipients] == ["new@other.example"]


@pytest.mark.parametrize(
    "junk", [b"", b"\x00" * 1000, b"\n" * 1000, b":" * 1000, b"Content-Type: multipart/report\n\n", bytes(range(256))]
)
def test_junk_is_not_a_bounce(junk: bytes) -> None:
    assert bounce.read(junk).kind is Kind.NOT_A_BOUNCE


def test_an_address_on_the_last_line_ends_the_search_for_its_reply() -> None:
    assert not listing._is_replied_to(["bob@dest.example"], 0)
    assert listing._is_replied_to(["bob@dest.example", "550 5.1.1 User unknown"], 0)


def test_a_line_of_quotes_where_a_recipient_should_stand_names_nobody() -> None:
    found = bounce.read(
        b"From: MAILER-DAEMON@mx.src.example\nTo: alice@src.example\nSubject: Returned mail: see transcript for details\n\n"
        b'   ----- The following addresses had permanent fatal errors -----\n""""""\n    (reason: 550 5.1.1 User unknown)\n\n'
        b"   ----- Transcript of session follows -----\n550 5.1.1 User unknown\n"
    )
    assert [told.address for told in found.recipients] == [None]


def test_a_bounce_in_a_mailbox_file_below_a_providers_words_is_read() -> None:
    head = b"Return-Path: <>\nFrom: Mail Delivery Service <mailer-daemon@provider.example>\nSubject: Not passed on\n\n"
    words = b"The following message came back to your mailbox.\n\nFrom MAILER-DAEMON Mon Mar  2 10:31:02 2026\n"
    found = bounce.read(head + words + dsn())
    assert (found.dialect, [(r.address, r.status) for r in found.recipients]) == (
        "rfc3464",
        [("bob@dest.example", "5.1.1")],
    )


@pytest.mark.parametrize(
    "words",
    [
        "this is a permanent error; i've given up. sorry it didn't work out.",
        "after 5 days the server has given up and will return the message.",
        "we tried until the retry time was exceeded and have given up, and will not try again.",
        "no further attempts will be made, if you resend it, it will be tried anew.",
        "your message has been deleted from the queue. you will have to send it again.",
        "this is not a temporary but a permanent error.",
        "sie erhalten diese nachricht, weil ihre e-mail endgültig nicht zugestellt werden konnte.",
        "hiermit werden sie informiert, dass die nachricht endgültig nicht zugestellt werden konnte.",
        "el mensaje se ha abandonado definitivamente y será devuelto.",
        "le message est abandonné définitivement, il sera détruit.",
        "if you need help write to postmaster\n\nthis is a permanent error and the message will be returned",
    ],
)
def test_what_has_come_is_the_end(words: str) -> None:
    assert kinds.has_given_up(words)


@pytest.mark.parametrize(
    "words",
    [
        "this is not a permanent error; if it becomes a permanent error i shall give up and tell you.",
        "if it can not be delivered within 2 more days you will receive a permanent failure notice.",
        "only then you will be told that delivery failed permanently.",
        "should it remain undeliverable until friday, it will be returned to you as a permanent failure.",
        "after 3 more days, the message will be returned to you as a permanent failure.",
        "the server will keep trying until the message is given up.",
        "it will be deleted from our queue if it is still there on friday.",
        "sie erhalten eine weitere nachricht, sobald die zustellung endgültig fehlgeschlagen ist.",
        "si la remise échoue définitivement, vous recevrez un autre message.",
        "si el mensaje no se puede entregar definitivamente, recibirá otro aviso.",
        "se la consegna fallisce definitivamente, riceverà un altro avviso.",
        "если доставка окончательно не удастся, вы получите уведомление.",
        "配信を断念した場合は通知します。",
        "如果最终放弃投递，您会收到通知。",
    ],
)
def test_what_is_only_announced_is_not_the_end(words: str) -> None:
    assert not kinds.has_given_up(words)


_BOUNCE = """\
From: Mail Delivery System <mailer-daemon@other.example>
Reply-To: someone@third.example
To: alice@src.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Your message to bob@dest.example could not be delivered.
{returned}--b--
"""
_RETURNED = (
    "\n--b\nContent-Type: message/rfc822\n\nFrom: alice@src.example\nTo: bob@dest.example\nSubject: plans\n\nhello\n"
)


@pytest.mark.parametrize(("returned", "kind"), [(_RETURNED, "failed"), ("\n", "not-a-bounce")])
def test_what_another_domain_sends_is_a_bounce_where_it_shows_the_message(returned: str, kind: str) -> None:
    assert explain(_BOUNCE.format(returned=returned).encode(), sender="<b@third.example>").kind == kind


_LIST = """\
From: dev-owner@lists.example
To: {to}
X-List-Administrivia: yes
Subject: Your message to dev was rejected
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

The message to the list dev@lists.example was rejected by the list moderator: only members may post to this list.
--b
Content-Type: message/rfc822

From: carol@src.example
To: dev@lists.example
Subject: plans

hello
--b--
"""


@pytest.mark.parametrize(("to", "kind"), [("carol@src.example", "failed"), ("moderator@lists.example", "not-a-bounce")])
def test_a_list_refuses_a_post_to_who_wrote_it(to: str, kind: str) -> None:
    assert explain(_LIST.format(to=to).encode(), sender="<dev-owner@lists.example>").kind == kind
