"""A reply is read out of the frame that a log, a program or a feed put around it."""

import time

import pytest

from bounce_milter import framed, limits, reply, resources
from bounce_milter.explain import RecipientReport, explain_reply
from bounce_milter.vocabulary import Reason

_TABLE = "<bob@dest.example>: Recipient address rejected: User unknown in relay recipient table"
_TAIL = "from=<a@b.example> to=<bob@dest.example> proto=ESMTP helo=<mx.b.example>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("550 5.1.1 User unknown", "550 5.1.1 User unknown"),
        ("delivery 9: failure: Sorry,_no_mailbox_here._(#5.1.1)/", "Sorry, no mailbox here. (#5.1.1)\n"),
        (
            "delivery 9: deferral: 192.0.2.1_does_not_like_recipient./Remote_host_said:_450-4.7.1_Wait,/"
            "450_4.7.1_see_https://dest.example/why/Giving_up_on_192.0.2.1./",
            "192.0.2.1 does not like recipient.\nRemote host said: 450-4.7.1 Wait,\n450 4.7.1 see https://dest.example/why",
        ),
        ("A1: to=<b@c.example>, relay=none, dsn=5.1.3, status=bounced (bad (address))", "5.1.3 bad (address)"),
        ("A1: to=<b@c.example>, mailer=local, dsn=5.1.1, stat=User unknown", "5.1.1 User unknown"),
        ("A1: to=<b@c.example>, dsn=2.0.0, stat=Sent (250 Ok)", "2.0.0 Sent (250 Ok)"),
        (f"reject: RCPT from a.example[192.0.2.9]: 550 5.1.1 No; {_TAIL}", "reject: RCPT from a.example[192.0.2.9]: 550 5.1.1 No"),
        ("{'b@c.example': (550, b\"5.1.1 isn't here\")}", "{'b@c.example': (550 5.1.1 isn't here"),
        ("Refused(550, '5.1.1 <b@c.example> unknown', 'b@c.example')", "Refused(550 5.1.1 <b@c.example> unknown"),
        ("(code: 550, response: 5.1.8 Domain not found)", "(code: 550 5.1.8 Domain not found)"),
        ("{'a': (452, b'4.2.2 Full'), 'b': (550, b'5.1.1 No')}", "{'a': (452, b'4.2.2 Full'), 'b': (550, b'5.1.1 No')}"),
        ("550 5.4.7 late [{LED=451 4.7.1 Wait};{MSG=};{FQDN=c.example};{IP=192.0.2.4}]", "550 5.4.7 late (451 4.7.1 Wait)"),
        ("552 5.3.4 zu gro=C3=9F: message=20exceeds=20the=20size", "552 5.3.4 zu groß: message exceeds the size"),
        ("550 5.7.1 see https://c.example/?a=20b", "550 5.7.1 see https://c.example/?a=20b"),
        ("550%205.2.2%20mailbox%20full", "550 5.2.2 mailbox full"),
        ("550 5.7.1 see https://c.example/a%20b", "550 5.7.1 see https://c.example/a%20b"),
        (
            "a.b.MessagingException: Could not connect;\n nested exception is:\n javax.net.ssl.SSLHandshakeException: no protocol",
            "\n SSL Handshake Exception: no protocol",
        ),
        (
            "Could not connect;\n nested exception is:\n java.net.UnknownHostException: c.example",
            "Could not connect;\n nested exception is:\n java.net.UnknownHostException: c.example",
        ),
        ('{"event":"failed","reason":"old","delivery-status":{"code":602,"message":"Too old"}}', "602 Too old"),
        ('{"code":550,"enhanced-code":"5.1.1","description":"Not here"}', "550 5.1.1 Not here"),
        ("550 5.1.1 User unknown >>> DATA <<< 503 5.0.0 Need RCPT (recipient)", "550 5.1.1 User unknown"),
        ("failed: b@c.example: suspended DATA command failed Detail: 503 no valid recipients", "failed: b@c.example: suspended"),
        ("DATA command failed: 503 5.5.1 Error: need RCPT command", "DATA command failed: 503 5.5.1 Error: need RCPT command"),
    ],
)  # fmt: skip
def test_a_reply_comes_out_of_its_frame(text: str, said: str) -> None:
    assert framed.bare(text) == said


@pytest.mark.parametrize(
    "text",
    [
        '{"status":"5.1.1","description":"(ex: unknown user)","details":"smtp;550 5.7.1 Listed"}',
        '{"status":"5.1.1","error":"user unknown","command":"MAIL FROM"}',
        '{"severity":"temporary","delivery-status":{"code":550,"message":"user unknown"}}',
        '{"event":"bounce","error":"user unknown"}',
        '{"port":465,"error":"user unknown"}',
        '"status":"5.1.1","error":"user unknown"',
        '{"a":' * 600 + "1" + "}" * 600,
    ],
)
def test_an_event_stays_where_its_fields_are_not_all_there_is_to_say(text: str) -> None:
    assert framed.bare(text) == text


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A1: to=<bob@dest.example>, orig_to=<c@d.example>, dsn=5.1.1, stat=User unknown", "bob@dest.example"),
        (f"reject: RCPT from a.example[192.0.2.9]: 550 5.1.1 No; {_TAIL}", "bob@dest.example"),
        ("A1: to=<bob@dest.example>,<carol@dest.example>, dsn=5.1.1, stat=User unknown", None),
        ("550 5.1.1 User unknown", None),
    ],
)
def test_a_log_names_the_recipient(text: str, who: str | None) -> None:
    assert framed.recipient(text) == who


def _judged(text: str) -> RecipientReport:
    return explain_reply(text, resources.packaged_knowledge()).recipients[0]


@pytest.mark.parametrize(
    "text",
    [
        "delivery 9: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/",
        "A1: to=<bob@dest.example>, relay=local, dsn=5.1.1, status=bounced (User unknown in virtual alias table)",
        f"NOQUEUE: reject: RCPT from mx.b.example[192.0.2.9]: 550 5.1.1 {_TABLE}; {_TAIL}",
        f"smtplib.SMTPRecipientsRefused: {{'bob@dest.example': (550, b'5.1.1 {_TABLE}')}}",
        "[{LED=550 5.1.1 User unknown};{MSG=};{FQDN=mx.dest.example};{IP=192.0.2.4};{LRT=}]",
        '{"event":"bounce","type":"hard","status":"5.1.1","error":"Recipient address rejected: user unknown"}',
        ">>> RCPT To:<bob@dest.example> <<< 550 5.1.1 <bob@dest.example>... User unknown >>> DATA <<< 503 5.0.0 Need RCPT",
    ],
)
def test_a_frame_does_not_hide_that_an_address_is_dead(text: str) -> None:
    told = _judged(text)
    assert told.verdict is not None
    assert (told.verdict.reason, told.verdict.dead, told.status) == (Reason.USER_UNKNOWN, True, "5.1.1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("smtplib.SMTPSenderRefused: (550, b'5.1.1 User unknown', 'a@b.example')", Reason.SENDER_REFUSED),
        ("com.sun.mail.smtp.SMTPSenderFailedException: 550 5.1.1 User unknown", Reason.SENDER_REFUSED),
        ('{"response":"550 5.1.1 user unknown","responseCode":550,"command":"MAIL FROM"}', Reason.SENDER_REFUSED),
        (
            "delivery 9: failure: 192.0.2.3_does_not_like_sender./Remote_host_said:_550_5.1.1_User_unknown/",
            Reason.SENDER_REFUSED,
        ),
        (
            "NOQUEUE: reject: MAIL from b.example[192.0.2.9]: 550 5.1.1 User unknown; from=<a@b.example> proto=SMTP helo=<b>",
            Reason.SENDER_REFUSED,
        ),
        (
            "A1: to=<bob@dest.example>, dsn=5.1.0, status=bounced (host mx.dest.example[192.0.2.1] said: 550 5.1.0 "
            "<a@b.example>: Sender address rejected: undeliverable address: host mx.b.example said: 550 5.1.1 User unknown)",
            Reason.SENDER_REFUSED,
        ),
        (
            "A1: to=<bob@dest.example>, relay=relay.b.example, dsn=5.1.2, "
            "stat=Host unknown (Name server: relay.b.example: host not found)",
            Reason.DNS_FAILURE,
        ),
    ],
)
def test_out_of_its_frame_a_reply_about_another_is_still_about_another(text: str, reason: Reason) -> None:
    told = _judged(text)
    assert told.verdict is not None
    assert (told.verdict.reason, told.verdict.dead) == (reason, False)


@pytest.mark.parametrize(
    "piece",
    [
        "delivery 1: failure: x", "dsn=5.1.1, status=x (", ") ", "; from=<", "550, '", "{LED=", "x=20y", "%20",
        "nested exception is: a.", "a.", "DATA ", "503 need ", '{"a":', ">>> ", " proto=x a=b",
    ],
)  # fmt: skip
def test_hostile_repeats_cost_no_time(piece: str) -> None:
    text = piece * (limits.REPLY_CHARS // len(piece))
    for lead in ("", "dsn=5.1.1, status=x (", "nested exception is: x y ", " proto= %20 503 DATA "):
        begin = time.process_time()
        reply.find(lead + text)
        assert time.process_time() - begin < 0.2
