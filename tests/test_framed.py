"""A reply is read out of the frame that a log, a program or a feed put around it."""

import json
import time

import pytest

from bounce_milter import limits, resources
from bounce_milter.explain import RecipientReport, explain_reply
from bounce_milter.reply import framed, quoting, tabled
from bounce_milter.vocabulary import Kind, Reason

_TABLE = "<bob@dest.example>: Recipient address rejected: User unknown in relay recipient table"
_GREY = "Greylisted"
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
        ("A1: to=<b@c.example>, dsn=2.0.0, stat=Sent (250 Ok)", "250 Ok"),
        ("A1: to=<b@c.example>, dsn=2.0.0, stat=Sent", "2.0.0 Sent"),
        ("A1: to=<b@c.example>, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued)", "250 2.0.0 Ok: queued"),
        ("** b@c.example R=x T=y: SMTP error: 550 5.1.1 No", "SMTP error: 550 5.1.1 No"),
        ("2026-03-02 10:14:05 1abcDE-000001-2F ** b@c.example: Unrouteable address", "Unrouteable address"),
        ('1abcDE-000001-2F => b@c.example T=y H=mx.c.example [192.0.2.1] C="250 Ok"', "250 Ok"),
        ("delivery 9: success: 192.0.2.1_accepted_message./Remote_host_said:_250_ok/", "250 ok"),
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
        ('{"email":"b@c.example","event":"bounce","reason":"550 5.1.1 No","status":"5.1.1"}', "550 5.1.1 No"),
        ('{"status":"5.1.1","description":"(ex: unknown user)","details":"smtp;550 5.7.1 Listed"}', "smtp;550 5.7.1 Listed"),
        ('{"raw_reason":"550 5.1.1 <b@c.example>: No","reason":"550 5.1.1 ...: No"}', "550 5.1.1 <b@c.example>: No"),
        ('{"severity":"temporary","delivery-status":{"code":550,"message":"user unknown"}}', "550 user unknown"),
        ("Delay reason: Connection refused", "Connection refused"),
        ("host mx.c.example [192.0.2.4]\n    Delay reason: No route to host", "host mx.c.example [192.0.2.4]\n    No route to host"),
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
        '{"status":"5.1.1","error":"user unknown","command":"MAIL FROM"}',
        '{"reason":"550 5.1.1 user unknown","command":"MAIL FROM"}',
        '[{"diagnosticCode":"smtp; 550 5.1.1 No"},{"diagnosticCode":"smtp; 552 5.2.2 Full"}]',
        '{"event":"bounce","error":"user unknown"}',
        '{"port":465,"error":"user unknown"}',
        '"status":"5.1.1","error":"user unknown"',
        '{"a":' * 600 + "1" + "}" * 600,
        '{"code":' + "9" * 3_900 + "}",
    ],
)
def test_an_event_stays_where_its_fields_are_not_all_there_is_to_say(text: str) -> None:
    assert framed.bare(text) == text


_POSTFIX = (
    "to=<bob@dest.example>, orig_to=<c@d.example>, relay=mx.dest.example[192.0.2.1]:25, dsn=5.1.1, status=bounced "
)
_SENDMAIL = "sm-mta[7]: A1: to=bob@dest.example, relay=mx.dest.example. [192.0.2.1], "
_EXIM = "dan@dest.example R=dnslookup T=remote_smtp H=mx.dest.example [192.0.2.1]: SMTP error from remote mail server"


@pytest.mark.parametrize(
    ("text", "who", "alias", "by"),
    [
        (f"{_POSTFIX}(host mx.dest.example[192.0.2.1] said: 550 No)", "bob@dest.example", "c@d.example", "mx.dest.example"),
        (f"{_POSTFIX}(connect to mx.dest.example[192.0.2.1]:25: refused)", "bob@dest.example", "c@d.example", None),
        (f"{_POSTFIX.replace('c@d.example', 'Bob@dest.example')}(250 Ok)", "bob@dest.example", None, "mx.dest.example"),
        (f"reject: RCPT from a.example[192.0.2.9]: 550 5.1.1 No; {_TAIL}", "bob@dest.example", None, None),
        (f"{_SENDMAIL}dsn=4.2.0, stat=Deferred: 450 4.2.0 Wait", "bob@dest.example", None, "mx.dest.example"),
        (f"{_SENDMAIL}dsn=5.1.1, stat=User unknown", "bob@dest.example", None, None),
        ("A1: to=<bob@dest.example>,<carol@dest.example>, dsn=5.1.1, stat=User unknown", None, None, None),
        (f"** {_EXIM} after RCPT TO:<dan@dest.example>: 550 No", "dan@dest.example", None, "mx.dest.example"),
        ("** bob@dest.example <c@d.example>: Unrouteable address", "bob@dest.example", "c@d.example", None),
        ("1abcDE-000001-2F => bob <bob@dest.example> R=local T=maildir", "bob@dest.example", None, None),
        ("** bob <b", None, None, None),
        ('{"email":"bob@dest.example","reason":"550 5.1.1 No"}', "bob@dest.example", None, None),
        ('{"b":[{"emailAddress":"bob@dest.example","diagnosticCode":"smtp; 550 No"}]}', "bob@dest.example", None, None),
        (
            '{"recipient":"bob@dest.example","delivery-status":{"code":550,"message":"No such user","mx-host":"mx.dest.example"}}',
            "bob@dest.example", None, "mx.dest.example",
        ),
        ('{"Details":"smtp;550 No","Email":"bob@dest.example"}', "bob@dest.example", None, None),
        ('{"msys":{"m":{"raw_reason":"550 No","rcpt_to":"bob@dest.example"}}}', "bob@dest.example", None, None),
        ('[{"msg":{"diag":"smtp;550 No","email":"bob@dest.example"}}]', "bob@dest.example", None, None),
        ('[{"email":"a@b.example","reason":"550 No"},{"email":"c@d.example","reason":"550 No"}]', None, None, None),
        ("550 5.1.1 User unknown", None, None, None),
    ],
)  # fmt: skip
def test_a_frame_names_the_recipient_and_the_host(
    text: str, who: str | None, alias: str | None, by: str | None
) -> None:
    found = framed.read(text)
    assert (found.recipient, found.alias, found.by) == (who, alias, by)


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (f"dsn=4.2.0, status=deferred (host mx.dest.example[192.0.2.1] said: 450 4.2.0 {_GREY})", Kind.DELAYED, Reason.GREYLISTED),
        ("dsn=4.0.0, stat=Deferred: Connection timed out with mx.dest.example.", Kind.DELAYED, Reason.CONNECTION_FAILED),
        (f"== dan@dest.example T=remote_smtp defer (-44): SMTP error: 451 4.7.1 {_GREY}", Kind.DELAYED, Reason.GREYLISTED),
        (f"delivery 9: deferral: 192.0.2.1_does_not_like_recipient./Remote_host_said:_450_4.7.1_{_GREY}/", Kind.DELAYED, Reason.GREYLISTED),
        (f'{{"event":"deferred","response":"450 4.2.0 {_GREY}"}}', Kind.DELAYED, Reason.GREYLISTED),
        ("dsn=4.7.1, status=SOFTBOUNCE (host mx.dest.example[192.0.2.1] said: 550 5.1.1 User unknown)", Kind.DELAYED, Reason.USER_UNKNOWN),
        ("dsn=5.1.1, status=bounced (User unknown)", Kind.FAILED, Reason.USER_UNKNOWN),
        ("dsn=5.1.1, status=undeliverable (host mx.dest.example[192.0.2.1] said: 550 5.1.1 User unknown)", Kind.FAILED, Reason.USER_UNKNOWN),
        ("A1: from=<a@b.example>, status=expired, returned to sender", Kind.FAILED, Reason.DELIVERY_EXPIRED),
        ("dsn=2.1.5, status=deliverable (250 2.1.5 Ok)", Kind.DELIVERED, None),
        ("dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4XYZ)", Kind.DELIVERED, None),
        ("1abcDE-000001-2F => bob@dest.example R=dnslookup T=remote_smtp", Kind.DELIVERED, None),
        ('{"event":"delivered","response":"250 2.0.0 Ok"}', Kind.DELIVERED, None),
        ('{"event":"delivered","response":"550 5.1.1 User unknown"}', Kind.FAILED, Reason.USER_UNKNOWN),
    ],
)  # fmt: skip
def test_what_became_of_the_message_is_what_the_log_says(text: str, kind: Kind, reason: Reason | None) -> None:
    report = explain_reply(text, resources.packaged_knowledge())
    assert (report.kind, report.recipients[0].kind, report.recipients[0].reason) == (kind, kind, reason)


_SMTPD = (
    'smtpd[7]: 1f mta delivery evpid=1f2e from=<a@b.example> to=<bob@dest.example> rcpt=<{}> source="192.0.2.9" '
    'relay="192.0.2.1 (mx.dest.example)" delay=2s result="{}" stat="{}"'
)
_POWERMTA = (
    '{},2026-03-02 10:14:05+0000,2026-03-02 10:14:01+0000,a@b.example,bob@dest.example,{},x,{},"smtp;{}",'
    "mx.dest.example (192.0.2.1),other,smtp"
)
_TRACKED = (
    "2026-03-02T10:14:05.123Z,192.0.2.9,EX1,192.0.2.1,mx.dest.example,{},Out,{},{},17,<1@b.example>,9a,{},{},8110,1"
)


@pytest.mark.parametrize(
    ("text", "kind", "facts", "reason"),
    [
        (_SMTPD.format("-", "PermFail", "550 5.1.1 User unknown"), Kind.FAILED, ("bob@dest.example", None, "mx.dest.example"), Reason.USER_UNKNOWN),
        (_SMTPD.format("-", "TempFail", "Connection timeout"), Kind.DELAYED, ("bob@dest.example", None, None), Reason.CONNECTION_FAILED),
        (_SMTPD.format("rob@dest.example", "Ok", "250 2.0.0 Ok"), Kind.DELIVERED, ("bob@dest.example", "rob@dest.example", "mx.dest.example"), None),
        ("mda delivery evpid=1f from=<> to=<bob@dest.example> rcpt=<-> user=bob delay=0s result=Ok stat=Delivered", Kind.DELIVERED, ("bob@dest.example", None, None), None),
        (_POWERMTA.format("b", "", "5.2.2 (mailbox full)", "552 5.2.2 Over quota"), Kind.FAILED, ("bob@dest.example", None, "mx.dest.example"), Reason.MAILBOX_FULL),
        (_POWERMTA.format("tq", "rfc822;rob@dest.example", "4.2.0", f"450 4.2.0 {_GREY}"), Kind.DELAYED, ("bob@dest.example", "rob@dest.example", "mx.dest.example"), Reason.GREYLISTED),
        (_POWERMTA.format("d", "", "2.0.0 (success)", "250 2.0.0 Ok"), Kind.DELIVERED, ("bob@dest.example", None, "mx.dest.example"), None),
        (_TRACKED.format("", "SMTP", "FAIL", "bob@dest.example", "[{LED=550 5.1.1 User unknown};{MSG=};{FQDN=mx.dest.example}]"), Kind.FAILED, ("bob@dest.example", None, "mx.dest.example"), Reason.USER_UNKNOWN),
        (_TRACKED.format('"421 4.4.2 Connection dropped, sorry"', "SMTP", "DEFER", "bob@dest.example", ""), Kind.DELAYED, ("bob@dest.example", None, "mx.dest.example"), Reason.CONNECTION_FAILED),
        (_TRACKED.format("", "SMTP", "SEND", "bob@dest.example", "250 2.1.5 Recipient OK"), Kind.DELIVERED, ("bob@dest.example", None, "mx.dest.example"), None),
        (_TRACKED.format("", "STOREDRIVER", "DELIVER", "bob@dest.example;ann@dest.example", ""), Kind.DELIVERED, (None, None, None), None),
        ("[INFO] [5D1A] [outbound] bouncing mail: Error: 552 5.2.2 Over quota", Kind.FAILED, (None, None, None), Reason.MAILBOX_FULL),
        (f"[WARN] [5D1A] [outbound] Temp failing 17_0_5 for 64 seconds: 450 4.2.0 {_GREY}", Kind.DELAYED, (None, None, None), Reason.GREYLISTED),
        ('[NOTICE] [5D1A] [outbound] delivered file=17 host=mx.dest.example ip=192.0.2.1 response="2.0.0 OK" rcpts=1/0/0', Kind.DELIVERED, (None, None, None), None),
        ("dovecot: lmtp(7, bob@dest.example)<7><x>: msgid=<1@b.example>: save failed to INBOX: Quota exceeded", Kind.FAILED, ("bob@dest.example", None, None), Reason.MAILBOX_FULL),
        ("dovecot: lmtp(bob@dest.example): sieve: msgid=<1@b.example>: stored mail into mailbox 'INBOX'", Kind.DELIVERED, ("bob@dest.example", None, None), None),
        ("H=mx.b.example [192.0.2.9] F=<a@b.example> rejected RCPT <bob@dest.example>: relay not permitted", Kind.FAILED, ("bob@dest.example", None, None), Reason.RELAY_DENIED),
        (f"H=mx.b.example [192.0.2.9] F=<> temporarily rejected RCPT <bob@dest.example>: {_GREY}", Kind.DELAYED, ("bob@dest.example", None, None), Reason.GREYLISTED),
    ],
)  # fmt: skip
def test_logs_of_further_systems_state_whom_a_line_is_about_and_what_became_of_the_message(
    text: str, kind: Kind, facts: tuple[str | None, str | None, str | None], reason: Reason | None
) -> None:
    report = explain_reply(text, resources.packaged_knowledge())
    told = report.recipients[0]
    assert (report.kind, (told.address, told.alias, told.by), told.reason) == (kind, facts, reason)


_BOB = '"email":"bob@dest.example"'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"bob@dest.example"}]}}', Kind.FEEDBACK_REPORT),
        ('{"event-data":{"event":"complained","recipient":"bob@dest.example"}}', Kind.FEEDBACK_REPORT),
        (f'{{{_BOB},"event":"spamreport","sg_event_id":"1"}}', Kind.FEEDBACK_REPORT),
        (f'{{"RecordType":"SpamComplaint","Type":"SpamComplaint",{_BOB},"Details":"marked as spam"}}', Kind.FEEDBACK_REPORT),
        ('{"msys":{"message_event":{"type":"spam_complaint","rcpt_to":"bob@dest.example"}}}', Kind.FEEDBACK_REPORT),
        (f'[{{"event":"spam","msg":{{{_BOB},"state":"sent"}}}}]', Kind.FEEDBACK_REPORT),
        (f'{{"RecordType":"Bounce","Type":"AutoResponder",{_BOB},"Description":"Automatic email responder"}}', Kind.AUTO_REPLY),
        (f'{{"RecordType":"Bounce","Type":"ChallengeVerification",{_BOB},"Details":""}}', Kind.CHALLENGE),
        (f'{{{_BOB},"event":"open","useragent":"Mozilla/5.0"}}', Kind.NOT_A_BOUNCE),
        (f'[{{"event":"unsub","msg":{{{_BOB},"state":"sent"}}}}]', Kind.NOT_A_BOUNCE),
        ('{"msys":{"track_event":{"type":"initial_open","rcpt_to":"bob@dest.example"}}}', Kind.NOT_A_BOUNCE),
        (f'{{"RecordType":"SubscriptionChange",{_BOB}}}', Kind.NOT_A_BOUNCE),
        ('{"eventType":"Delivery","delivery":{"recipients":["bob@dest.example"],"smtpResponse":"250 2.0.0 OK"}}', Kind.DELIVERED),
        ('{"event":"delivered","recipient":"bob@dest.example","delivery-status":{"code":250,"message":"OK"}}', Kind.DELIVERED),
    ],
)  # fmt: skip
def test_an_event_that_is_no_failure_is_told_as_what_it_is(text: str, kind: Kind) -> None:
    report = explain_reply(text, resources.packaged_knowledge())
    told = report.recipients[0]
    assert (report.kind, told.address, told.reason, told.dead) == (kind, "bob@dest.example", None, False)


@pytest.mark.parametrize(
    "text",
    [
        f'{{{_BOB},"event":"bounce","type":"spam","reason":"550 5.1.1 User unknown"}}',
        f'{{{_BOB},"event":"sent","response":"550 5.1.1 User unknown"}}',
        f'[{{"event":"open"}},{{{_BOB},"event":"hard_bounce","diag":"550 5.1.1 User unknown"}}]',
    ],
)
def test_an_event_with_a_refusal_in_it_is_a_failure_whatever_else_it_is_called(text: str) -> None:
    told = _judged(text)
    assert (told.kind, told.address, told.reason) == (Kind.FAILED, "bob@dest.example", Reason.USER_UNKNOWN)


def test_an_event_is_looked_for_in_the_string_that_a_queue_keeps_it_in() -> None:
    bounce = (
        '{"bouncedRecipients":[{"emailAddress":"bob@dest.example","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}'
    )
    event = f'{{"notificationType":"Bounce","bounce":{bounce}}}'
    topic = json.dumps({"Type": "Notification", "Subject": "Amazon SES", "Message": event})
    for text in (topic, json.dumps({"Records": [{"body": topic}]})):
        told = _judged(text)
        assert (told.address, told.reason, told.dead) == ("bob@dest.example", Reason.USER_UNKNOWN, True)
    assert _judged('{"Type":"Notification","Message":"{550 5.1.1 User unknown"}').kind is Kind.FAILED


@pytest.mark.parametrize(
    ("kind", "detail", "reason"),
    [
        ("Transient", "General", Reason.UNKNOWN),
        ("Transient", "MessageTooLarge", Reason.MESSAGE_TOO_LARGE),
        ("Transient", "ContentRejected", Reason.SPAM_CONTENT),
        ("Transient", "AttachmentRejected", Reason.ATTACHMENT_REFUSED),
        ("Permanent", "NoEmail", Reason.USER_UNKNOWN),
        ("Permanent", "Suppressed", Reason.ACCOUNT_RESTRICTED),
    ],
)
def test_an_event_without_a_reply_has_the_type_that_ses_gives_it(kind: str, detail: str, reason: Reason) -> None:
    bounce = {"bounceType": kind, "bounceSubType": detail, "bouncedRecipients": [{"emailAddress": "bob@dest.example"}]}
    for name in ("eventType", "notificationType"):
        told = _judged(json.dumps({name: "Bounce", "bounce": bounce}))
        assert (told.address, told.reason) == ("bob@dest.example", reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("** bob@dest.example: Unrouteable address", 'The reporting system itself says "Unrouteable address".'),
        (
            "to=<b@c.example>, relay=none, dsn=4.4.1, status=deferred (connect to mx.c.example[192.0.2.1]:25: timed out)",
            'The reporting system itself says "4.4.1 connect to mx.c.example[192.0.2.1]:25: timed out".',
        ),
        (f"{_POSTFIX}(host mx.dest.example[192.0.2.1] said: 550 No)", 'mx.dest.example answered "550 No".'),
        ("User unknown", 'The answer was "User unknown".'),
    ],
)
def test_who_spoke_is_known_from_the_form_of_the_line(text: str, said: str) -> None:
    assert _judged(text).because == said


def test_which_command_was_answered_is_no_part_of_the_reply() -> None:
    told = _judged(f"{_POSTFIX}(host mx.dest.example[192.0.2.1] said: 550 5.1.1 No (in reply to RCPT TO command))")
    assert (told.command, told.text) == ("RCPT", "550 5.1.1 No")


def test_of_a_failure_that_the_feed_calls_passing_nobody_is_dead() -> None:
    event = '{{"bounceType":"{}","bouncedRecipients":[{{"diagnosticCode":"smtp; 550 5.1.1 user unknown"}}]}}'
    assert _judged(event.format("Permanent")).dead
    assert not _judged(event.format("Transient")).dead
    event = '{{"bounce_class":"{}","rcpt_to":"bob@dest.example","raw_reason":"550 5.1.1 user unknown"}}'
    assert _judged(event.format("10")).dead
    assert not _judged(event.format("20")).dead


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
        '{"email":"bob@dest.example","event":"bounce","reason":"550 5.1.1 User unknown","status":"5.1.1"}',
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
    "text",
    [
        '{"bounceType":"Undetermined","bouncedRecipients":[{"diagnosticCode":"smtp; 550 5.1.1 User unknown"}]}',
        f'{{{_BOB},"event":"bounce","hard_bounce":false,"comment":"550 5.1.1 User unknown"}}',
        f'{{"RecordType":"Bounce","Type":"SpamNotification",{_BOB},"Details":"550 5.1.1 User unknown"}}',
        f'{{"type":"activity.soft_bounced",{_BOB},"reason":"550 5.1.1 User unknown"}}',
        f'{{"status":"Error","category":"GreyListed",{_BOB},"message":"550 5.1.1 User unknown"}}',
        't,2026-03-02 10:14:05+0000,a@b.example,bob@dest.example,,delayed,4.1.1 (bad),"smtp;550 5.1.1 User unknown",mx.dest.example',
        't,2026-03-02 10:14:05+0000,a@b.example,bob@dest.example,delayed,4.1.1 (bad),"smtp;550 5.1.1 User unknown",bad-mailbox',
    ],
)
def test_a_feed_may_say_in_its_own_fields_that_a_failure_is_not_final(text: str) -> None:
    told = _judged(text)
    assert (told.reason, told.dead) == (Reason.USER_UNKNOWN, False)
    assert told.address in ("bob@dest.example", None)
    assert framed.doubts(f"A copy of what came:\n\n{text}\n\nYour team")


def test_a_message_without_such_a_field_is_not_doubted() -> None:
    assert not framed.doubts(f'{{{_BOB},"event":"bounce","reason":"550 5.1.1 User unknown"}}')
    assert not framed.doubts("The temporary {mailbox} said: 550 5.1.1 User unknown")


@pytest.mark.parametrize(
    "lead",
    [
        "Deferred:",
        "WARNING, will retry:",
        "attempt 3 of 12 failed:",
        "soft bounce:",
        "Temporary failure:",
        "queued for retry, last reply",
        "kept in queue after",
        "transient:",
        "tempfail bob@dest.example",
        "Erneuter Versuch in 30 min:",
        "Noch kein endgültiger Fehler, Antwort:",
        "Nouvelle tentative prévue, réponse :",
        "El mensaje sigue en cola. Respuesta:",
        "Resta in coda, risposta:",
        "Continua na fila, resposta:",
        "Poging 2 van 5:",
        "Próba 2 z 5:",
        "попытка 2 из 5:",
        "临时错误，稍后重试:",
        "再試行します。応答:",
        "재시도할 예정:",
        "LDAP server unreachable, answered",
        "directory offline;",
        "recipient map not loaded:",
        "Verzeichnisdienst gestört:",
        "目录服务故障:",
        "yppasswd: no response from NIS server,",
        "do_ypcall: clnt_call: RPC: Timed out,",
        "nfs server home1 not responding,",
        "forward to bob.private@else.example failed:",
        "Error forwarding mail of bob@dest.example:",
        "sieve redirect failed:",
        "archive copy failed:",
        "journal report undeliverable:",
        "bcc copy to archive@b.example failed:",
        "copie d'archive :",
        "Weiterleitung fehlgeschlagen:",
        "Ошибка пересылки:",
        "转发失败:",
        "転送エラー:",
        "auto-reply not delivered:",
        "Could not deliver vacation reply:",
    ],
)
def test_words_before_the_code_may_take_a_dead_address_back(lead: str) -> None:
    assert not _judged(f"{lead} 550 5.1.1 User unknown").dead


@pytest.mark.parametrize(
    "lead",
    [
        "The mail system could not deliver it. This is not a temporary error:",
        "No further attempts will be made:",
        "We will not try again:",
        "The address was not found in our directory:",
        "Es wird kein erneuter Zustellversuch unternommen:",
        "Aucune nouvelle tentative ne sera faite :",
        "系统将不再重试:",
        "在目录中无法找到用户:",
        "The account directory says the user cannot be found:",
        "Delivery failed permanently:",
        "final attempt, giving up:",
        "lookup in the recipient table:",
        "mailbox database says:",
        "The server of the addressee answered:",
        "Undelivered Mail Returned to Sender:",
        "Message bounced by administrator:",
        "hard bounce:",
        "permanent failure (no retry):",
        "Permanent error, message will not be retried:",
        "Дальнейшие попытки предприниматься не будут:",
        "これ以上の再試行は行いません:",
        "재시도하지 않습니다:",
        "no se volverá a intentar:",
        "non verrà ritentato:",
        "A copy of your message is attached:",
    ],
)
def test_other_words_before_the_code_leave_a_dead_address_dead(lead: str) -> None:
    assert _judged(f"{lead} 550 5.1.1 User unknown").dead


def test_an_event_names_a_host_as_a_log_does_and_nothing_that_is_none() -> None:
    event = '{"mx-host":"%s","response":"550 5.1.1 User unknown"}'
    assert framed.read(event % "MX.dest.example.").by == "mx.dest.example"
    assert framed.read(event % "no host; at all").by is None


def test_an_event_of_a_delivery_is_one_whatever_the_server_said_with_its_code() -> None:
    event = '{"event":"delivered","code":%s,"message":"OK queued as 4F1"%s}'
    assert framed.read(event % (250, "")).action == "delivered"
    assert framed.read(event % (550, "")).action is None
    assert framed.read(event % (250, ',"error":"550 5.1.1 User unknown"')).action is None


@pytest.mark.parametrize(
    "piece",
    [
        "delivery 1: failure: x", "dsn=5.1.1, status=x (", ") ", "; from=<", "550, '", "{LED=", "x=20y", "%20",
        "nested exception is: a.", "a.", "DATA ", "503 need ", '{"a":', ">>> ", " proto=x a=b", "** a@b: ", "** a <",
        "status=bounced (host a[1] said: ", "dsn=4.0.0, stat=Sent (", "=> a@b H=a ", "relay=a.", '{"a":[1,', "** a@b <c> host a ",
        "evpid=1 from=<> to=<b> rcpt=<> ", "evpid=1 from=<> to=<b> rcpt=<> a=\"b\" ", "[outbound] delivered ", "lmtp(a): msgid=a saved ",
        "lmtp(a): msgid=a failed to store into ", "F=<> rejected RCPT <a>: ", "b,2026-03-02 ,", "2026-03-02T10:14:05Z,", 'b,2026-03-02 "',
        '{"message":"{',
    ],
)  # fmt: skip
def test_hostile_repeats_cost_no_time(piece: str) -> None:
    text = piece * (limits.REPLY_CHARS // len(piece))
    for lead in ("", "dsn=5.1.1, status=x (", "nested exception is: x y ", " proto= %20 503 DATA "):
        begin = time.process_time()
        quoting.find(lead + text)
        assert time.process_time() - begin < 0.2


@pytest.mark.parametrize("begin", ["b,2026-03-02 ", "2026-03-02T10:14:05Z,"])
@pytest.mark.parametrize("rest", ["", '"', '"a" b,"', "\0,\r\n", "x" * 140_000, "a," * 70_000])
def test_a_broken_record_is_read_or_none(begin: str, rest: str) -> None:
    assert tabled.read(begin + rest) is None


def test_blanks_within_the_words_of_a_log_cost_no_time() -> None:
    line = 'evpid=1 from=<> to=<b@dest.example> rcpt=<> result="PermFail" stat="550 No' + " " * 3_800 + 'x"'
    begin = time.process_time()
    for _ in range(20):
        assert framed.read(line).text.startswith("550 No")
    assert time.process_time() - begin < 0.2


def test_a_record_that_a_line_break_goes_through_is_one_all_the_same() -> None:
    record = (
        "b,2024-01-01 10:00:00+0000,2024-01-01 10:00:00+0000,a@src.example,bob@dest.example,,failed,5.1.1 (bad),"
        "smtp;550 5.1.1\nUser unknown,mx.dest.example (192.0.2.1)"
    )
    (told,) = explain_reply(record, resources.packaged_knowledge()).recipients
    assert (told.address, told.reason, told.dead) == ("bob@dest.example", Reason.USER_UNKNOWN, True)
    assert explain_reply("b,2024-01-01 10:00:00\nfoo,bar", resources.packaged_knowledge()).recipients


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"event" : "deferred", "email" : "bob@dest.example", "response" : "550 5.1.1 User unknown"}', "delayed"),
        ('{ "event" : "open", "email" : "bob@dest.example"}', "not-a-bounce"),
    ],
)
def test_an_event_may_have_blanks_before_its_colons(text: str, kind: str) -> None:
    assert explain_reply(text, resources.packaged_knowledge()).kind == kind


def test_of_events_on_two_the_one_that_arrived_is_not_told_for_both() -> None:
    report = explain_reply(
        '[{"event":"bounce","email":"a@x.example","reason":"550 5.1.1 User unknown"},'
        '{"event":"delivered","email":"b@x.example","response":"250 OK"}]',
        resources.packaged_knowledge(),
    )
    assert (report.kind, report.recipients[0].dead) == ("failed", False)
