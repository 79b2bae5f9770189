"""What is read of a message: fields, words, whom it names. A line each that nothing else holds.

The samples show whole letters; here stands what a letter does not show by itself, such as the half of a condition.
"""

import json

import pytest

from bounce_milter import address, bounce, limits, message, reply
from bounce_milter.catalogue import terms
from bounce_milter.classify import normal
from bounce_milter.dialects import session
from bounce_milter.facts import Recipient, Said, speaker
from bounce_milter.kinds import candidate
from bounce_milter.message import charset
from bounce_milter.reply import quoting
from bounce_milter.view import View, quotation
from bounce_milter.vocabulary import Kind
from tests.reports import dsn, group, knowledge
from tests.test_samples import message as sample

CLEARINGS = knowledge().catalogue.clearings
_TO_SOME = "A message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:"


def mail(
    text: str, author: str = "MAILER-DAEMON@house.example", subject: str = "Undeliverable mail", head: str = ""
) -> bytes:
    return f"From: {author}\nTo: alice@example.org\nSubject: {subject}\n{head}\n{text}".encode()


def read(*args: str, **named: str) -> list[Recipient]:
    return list(bounce.read(mail(*args, **named), sender="<>").recipients)


@pytest.mark.parametrize("word", ["mail.xn--p1ai", "dest.xn--fiqs8s"])
def test_a_domain_of_two_labels_in_another_script_is_a_host(word: str) -> None:
    assert normal.normalise(f"see {word} now", CLEARINGS).words == b"see <host> now"


def test_the_name_of_a_host_is_no_word() -> None:
    assert not normal.says_something(normal.normalise("mx.dest.example 192.0.2.1", CLEARINGS), CLEARINGS)


def test_an_encoded_equals_sign_is_decoded() -> None:
    assert address.xtext("alice+3Dbob@dest.example", None) == "alice=bob@dest.example"


@pytest.mark.parametrize(
    ("written", "final", "meant"),
    [
        ("bob+42", "bob+42@dest.example", "bob+42"),
        ("bob+40dest.example", None, "bob@dest.example"),
        ("bob+2B42@dest.example", None, "bob+42@dest.example"),
        ("bob+42@dest.example", "bobB@dest.example", "bobB@dest.example"),
    ],
)
def test_a_tag_is_no_encoded_letter(written: str, final: str | None, meant: str) -> None:
    assert address.xtext(written, final) == meant


def test_half_a_quoted_name_is_nobody() -> None:
    assert address.to_name('bob"@dest.example', "robert@dest.example") == ("robert@dest.example", None)


@pytest.mark.parametrize(
    "text",
    ["Le problème est très sérieux: accès refusé, la boîte à lettres est pleine, réessayez après", "Øre på båd så få"],
)
def test_western_letters_are_no_cyrillic(text: str) -> None:
    assert charset.decode_text(text.encode("cp1252")) == text


def test_what_a_digest_holds_is_mail() -> None:
    data = b"Content-Type: multipart/digest; boundary=B\n\n--B\n\nSubject: one\n\nhello\n--B--\n"
    assert [part.type for part in message.parse(data).parts] == ["message/rfc822"]


def test_a_report_with_a_status_alone_is_a_report() -> None:
    data = dsn("Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n")
    assert [r.status for r in bounce.read(data, sender="<>").recipients] == ["5.1.1"]


def test_who_answers_without_a_re_is_a_person() -> None:
    data = mail(
        "Your message could not be delivered: <carol@dest.example>: 550 5.1.1 User unknown\n",
        author="Bob <bob@dest.example>",
        subject="Undelivered Mail Returned to Sender",
        head="In-Reply-To: <1@example.org>\nMessage-ID: <2@dest.example>\n",
    )
    assert bounce.read(data).kind is Kind.NOT_A_BOUNCE


def exim(subject: str, words: str, head: str = "") -> bytes:
    return (
        f"From: Mail Delivery System <Mailer-Daemon@mx.example.net>\nTo: alice@example.org\nSubject: {subject}\n{head}"
        f"Auto-Submitted: auto-replied\n\nThis message was created automatically by mail delivery software.\n\n{words}\n\n"
        "  bob@dest.example\n    host mx.dest.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<bob@dest.example>:\n"
        "    550 5.1.1 User unknown\n"
    ).encode()


def test_the_failed_recipients_make_a_bounce_of_what_was_forwarded() -> None:
    title, head = "Fwd: Mail delivery failed: returning message to sender", "X-Failed-Recipients: bob@dest.example\n"
    data = exim(title, _TO_SOME, head)
    assert bounce.read(data, sender="<>").kind is Kind.FAILED


def test_remote_mta_passes_on_what_another_host_answered() -> None:
    words = "550 5.0.0 host mx.far.example[192.0.2.7] said: no"
    assert speaker.speaker(reply.Reply("550", "5.0.0", words[10:]), words, "smtp", "relay.dest.example", "mail.example.com", "bob@dest.example") == (
        Said.REMOTE, "relay.dest.example",
    )  # fmt: skip


def test_a_delay_is_none_where_the_reply_refuses_for_good() -> None:
    fields = "Final-Recipient: rfc822; bob@dest.example\r\nStatus: 4.0.0\r\nDiagnostic-Code: smtp; 550 User unknown\r\n"
    data = dsn(fields).replace(b"Undelivered Mail", b"Delayed Mail")
    assert [r.action for r in bounce.read(data, sender="<>").recipients] != ["delayed"]


@pytest.mark.parametrize(
    ("told", "action"),
    [
        ("Weitere Zustellversuche werden daher nicht unternommen.", "failed"),
        ("Es werden keine weiteren Zustellversuche unternommen.", "failed"),
        ("Der Server wird es nicht weiter versuchen.", "failed"),
        ("Weitere Zustellversuche werden unternommen.", "delayed"),
        ("Weitere Zustellversuche folgen. Ab Montag werden weitere Zustellversuche nicht unternommen.", "delayed"),
        ("No further delivery will be attempted.", "failed"),
        ("Le serveur ne va pas continuer à essayer.", "failed"),
        ("El servidor no seguirá intentando entregarlo.", "failed"),
        ("Il server non continuerà a tentare la consegna.", "failed"),
        ("O servidor não continuará tentando.", "failed"),
        ("Сервер не будет продолжать попытки доставки.", "failed"),
        ("Сервер продолжит попытки доставки.", "delayed"),
        ("Wiadomość nie została jeszcze dostarczona.", "delayed"),
        ("再試行は行いません。", "failed"),
        ("Mesajınız henüz teslim edilemedi.", "delayed"),
        ("Sunucu yeniden deneyecektir.", "delayed"),
        ("Teslimat yeniden denenmeyecektir.", "failed"),
        ("系统将不再继续尝试。", "failed"),
    ],
)
def test_that_it_will_not_be_tried_again_is_no_delay(told: str, action: str) -> None:
    letter = f"{told}\n\nYour message could not be sent to:\n\n  bob@dest.example\n    no answer\n"
    assert [r.action for r in read(letter)] == [action]


@pytest.mark.parametrize(
    "told",
    [
        "No further attempts will be made.", "Microsoft Exchange will not try to redeliver this message for you.",
        "Es werden keine weiteren Zustellversuche unternommen.", "Aucune nouvelle tentative ne sera effectuée.",
        "No se harán más intentos de entrega.", "Non verranno effettuati ulteriori tentativi di consegna.",
        "Não serão feitas novas tentativas de entrega.", "Er worden geen verdere bezorgpogingen ondernomen.",
        "Inga fler leveransförsök kommer att göras.", "Der vil ikke blive gjort flere leveringsforsøg.",
        "Uusia toimitusyrityksiä ei tehdä.", "Dalsze próby doręczenia nie będą podejmowane.",
        "Pokusy o doručení nebudou dále opakovány.", "Ďalšie pokusy o doručenie sa nebudú opakovať.",
        "További kézbesítési kísérlet nem lesz.", "Başka teslim denemesi yapılmayacak.",
        "Дальнейшие попытки доставки предприниматься не будут.", "Подальших спроб доставки не буде.",
    ],
)  # fmt: skip
def test_that_it_will_not_be_tried_again_is_no_cause(told: str) -> None:
    letter = f"Your message could not be delivered to:\n\n  bob@dest.example\n\nReason: nobody has that name. {told}\n"
    assert [r.text for r in read(letter)] == ["nobody has that name."]


@pytest.mark.parametrize("told", ["No mail to this server again.", "3 Zustellversuche wurden unternommen."])
def test_what_only_sounds_like_it_may_be_the_cause(told: str) -> None:
    letter = f"Your message could not be delivered to:\n\n  bob@dest.example\n\nReason: {told}\n"
    assert [told in (r.text or "") for r in read(letter)] == [True]


@pytest.mark.parametrize(
    "heading",
    [
        "Delivery has failed to these recipients or groups:",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
        "Échec de la remise aux destinataires ou groupes suivants :",
        "Error al entregar el mensaje a los siguientes destinatarios o listas de distribución:",
        "Recapito non riuscito ai seguenti destinatari o gruppi:", "Falha na entrega a estes destinatários ou grupos:",
        "Het bezorgen van het bericht aan de volgende geadresseerden of distributielijsten is mislukt:",
        "Det gick inte att leverera meddelandet till följande mottagare eller distributionslistor:",
        "Levering til følgende modtagere eller distributionslister mislykkedes:",
        "Dostarczenie do następujących adresatów lub grup nie powiodło się:",
        "Doručení následujícím příjemcům nebo skupinám se nezdařilo:",
    ],
)  # fmt: skip
def test_exchanges_heading_is_none_of_a_recipients_words(heading: str) -> None:
    letter = f"{heading}\n\nbob@dest.example\nnobody has that name\n\ncarl@dest.example\nhas no room\n"
    assert [(r.address, r.text) for r in read(letter, "Microsoft Exchange <postmaster@house.example>")] == [
        ("bob@dest.example", "nobody has that name"), ("carl@dest.example", "has no room"),
    ]  # fmt: skip


def test_an_alias_that_expands_to_itself_is_told_once() -> None:
    block = group() + "X-Actual-Recipient: rfc822; bob@dest.example\r\n"
    assert len(bounce.read(dsn(group(), block), sender="<>").recipients) == 1


def test_a_reply_whose_codes_contradict_each_other_leaves_the_status() -> None:
    fields = "Final-Recipient: rfc822; bob@dest.example\r\nAction: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 450 5.1.1 User unknown\r\n"
    assert [r.status for r in bounce.read(dsn(fields), sender="<>").recipients] == ["5.7.1"]


def test_x_0_0_of_a_server_says_no_more_than_the_report() -> None:
    fields = "Final-Recipient: rfc822; bob@dest.example\r\nAction: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp; 550 5.0.0 Refused\r\n"
    assert [r.status for r in bounce.read(dsn(fields), sender="<>").recipients] == ["5.2.2"]


def test_more_terms_than_the_vote_can_add_are_cut() -> None:
    letters = "".join(chr(0x4E00 + n) for n in range(600))
    assert len(terms.words(letters)) == limits.VOTING_TERMS


def test_a_return_path_of_a_daemon_is_a_sign() -> None:
    assert candidate.signs("return-path", b"<MAILER-DAEMON@mx.dest.example>")
    assert not candidate.signs("return-path", b"<alice@example.org>")


def test_a_reply_in_its_own_field_is_not_replaced_by_exchanges_notes() -> None:
    fields = (
        group(said="554 5.2.2 mailbox full; QuotaExceeded")
        + "X-Supplementary-Info: < #5.2.2 smtp;554 5.2.2 see above>\r\n"
    )
    (fact,) = bounce.read(dsn(fields), sender="<>").recipients
    assert fact.text == "mailbox full; QuotaExceeded"


def test_exim_that_tells_all_twice_is_read_once() -> None:
    twice = (
        exim("Mail delivery failed", _TO_SOME)
        + b"\n**********************\n\n  carol@dest.example\n    550 5.1.1 User unknown\n"
    )
    assert [r.address for r in bounce.read(twice, sender="<>").recipients] == ["bob@dest.example"]


def test_sendmail_that_only_warns_delays() -> None:
    text = (
        "    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n"
        "   ----- The following addresses had delivery problems -----\n<bob@dest.example>\n\n"
        "   ----- Transcript of session follows -----\n451 <bob@dest.example>... Deferred: Connection timed out\n"
        "Warning: message still undelivered after 4 hours\n"
    )
    author, title = (
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
        "Warning: could not send message for past 4 hours",
    )
    assert [r.action for r in read(text, author=author, subject=title)] == ["delayed"]


def test_who_only_borrows_a_daemons_name_signs_nothing() -> None:
    data = mail(
        "Your message to bob@dest.example could not be delivered: user unknown.\n",
        author='"Mail Delivery System" <sales@shop.example>',
        subject="Newsletter",
        head="Return-Path: <sales@shop.example>\nX-Mailer: PHPMailer\n",
    )
    assert bounce.read(data, sender="sales@shop.example").kind is Kind.NOT_A_BOUNCE


def test_a_bounce_in_a_tag_counts_under_the_null_sender_only() -> None:
    data = mail(
        "<carol@dest.example>: 550 5.1.1 User unknown\n",
        author="Bob <bob@dest.example>",
        subject="[undeliverable mail] minutes",
        head="Auto-Submitted: auto-generated\n",
    )
    assert bounce.read(data).kind is Kind.NOT_A_BOUNCE


def test_a_report_that_a_person_pastes_is_no_bounce() -> None:
    text = (
        "I got this:\n\nReporting-MTA: dns; mx.example.net\n\n"
        "Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: 5.1.1\n"
    )
    data = mail(text, author="Carol <carol@example.org>", subject="what is this")
    assert bounce.read(data).kind is Kind.NOT_A_BOUNCE


def test_who_stands_below_the_reply_is_not_meant_by_it() -> None:
    text = "Your message could not be delivered.\n\nRecipient: bob@dest.example\n\nThe server said: 550 5.1.1 User unknown\n\nRecipient: carol@dest.example\n"
    assert [(r.address, r.reply) for r in read(text)] == [("bob@dest.example", "550"), ("carol@dest.example", None)]


def test_whom_the_house_itself_names_as_failed_failed() -> None:
    text = "Delivery failed.\n\nbob@far.example: 550 5.1.1 User unknown\n\ncarol@house.example: mailbox is full, not delivered\n"
    assert [r.address for r in read(text)] == ["bob@far.example", "carol@house.example"]


def test_a_line_that_sendmail_broke_is_mended_before_the_json_is_read() -> None:
    event = '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"bob@dest.exa!\n mple","status":"5.1.1"}]}}\n'
    assert [r.address for r in read(event, author="AWS Notifications <no-reply@sns.amazonaws.com>")] == [
        "bob@dest.example"
    ]


@pytest.mark.parametrize(
    ("event", "addresses"),
    [
        ({"notificationType": "Delivery", "delivery": {"recipients": 5}}, []),
        ({"notificationType": "Delivery", "delivery": {"recipients": "bob@dest.example"}}, []),
        ({"notificationType": "Delivery", "delivery": {"recipients": [5, "bob@dest.example"]}}, ["bob@dest.example"]),
        (
            {"notificationType": "Bounce", "bounce": {"bouncedRecipients": [
                {"emailAddress": "Bob <bob@dest.example>", "status": "5.1.1"}, "carol@dest.example",
            ]}},
            ["bob@dest.example"],
        ),
    ],
)  # fmt: skip
def test_an_event_of_another_shape_names_nobody_it_does_not_name(
    event: dict[str, object], addresses: list[str]
) -> None:
    """A number was no list to go through, of a text each letter was a recipient."""
    author, subject = "AWS Notifications <no-reply@sns.amazonaws.com>", "AWS Notification Message"
    found = read(json.dumps(event) + "\n", author=author, subject=subject)
    assert [r.address for r in found] == addresses


def test_a_refusal_that_only_the_subject_tells_is_told() -> None:
    found = read(
        "See the guide of <list@ml.example>.\n",
        author="fml-admin@ml.example",
        subject="You alice@example.org are not member (list ML)",
        head="X-MLServer: fml [fml 4.0]\n",
    )
    assert [(r.address, r.text) for r in found] == [
        ("list@ml.example", "You alice@example.org are not member (list ML)")
    ]


def test_no_reason_is_no_words_of_a_moderator() -> None:
    (fact,) = bounce.read(sample("306-mailman-no-reason-given")).recipients
    assert "No reason given" not in (fact.text or "")


def test_a_line_of_dashes_ends_qmails_paragraph() -> None:
    text = (
        "Hi. This is the qmail-send program at house.example.\n\n<bob@dest.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
        "=====\n452 4.2.2 Mailbox full\n"
    )
    assert [(r.reply, r.status) for r in read(text)] == [(None, "5.1.1")]


def test_a_host_that_answered_a_command_with_a_status_spoke_itself() -> None:
    lines = ["host mx.dest.example[192.0.2.1]: User unknown (#5.1.1) (in reply to RCPT TO command)"]
    assert session.fate("bob@dest.example", lines).said is Said.REMOTE


@pytest.mark.parametrize(
    "client", ["", "The original message was received at 10:11\nfrom pc.client.example [192.0.2.4]\n"]
)
def test_who_spoke_is_found_below_the_client_of_a_session(client: str) -> None:
    told = f"{client}server mx.dest.example said that the mailbox of bob is full."
    assert session.host(told, spoke=True) == "mx.dest.example"


def with_words(words: str, fields: str, returned: str) -> bytes:
    data = dsn(fields).decode().replace("Your message could not be delivered.", words.replace("\n", "\r\n"))
    return data.replace(
        "\r\n--B--", f"\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n\r\n--B--"
    ).encode()


BOTH = "From: alice@example.org\r\nTo: bob@dest.example, carol@dest.example\r\nSubject: x"


def test_a_reply_on_the_line_below_an_address_is_about_it() -> None:
    words = (
        "This is the mail system at host mx.example.net.\n\n<bob@dest.example>: host mx.dest.example[192.0.2.1] said: 550 5.1.1 User unknown\n\n"
        "<carol@dest.example>: host mx.dest.example[192.0.2.1] said:\n    550 5.1.1 User unknown\n"
    )
    assert [r.address for r in bounce.read(with_words(words, group(), BOTH), sender="<>").recipients] == [
        "bob@dest.example",
        "carol@dest.example",
    ]


def test_a_report_that_names_nobody_is_not_on_whom_the_message_was_for() -> None:
    fields = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
    data = with_words(
        "Your message could not be delivered.", fields, "From: alice@example.org\r\nTo: bob@dest.example\r\nSubject: x"
    )
    assert [r.address for r in bounce.read(data, sender="<>").recipients] == [None]


def test_a_header_block_of_a_message_on_its_way_is_the_message() -> None:
    text = (
        "Your message to bob@dest.example could not be delivered: 550 5.1.1 User unknown\n\n"
        "Received: from a by b\nFrom: alice@example.org\nTo: carol@far.example\nSubject: x\n\nReason: 552 5.2.2 our plan is full of errors\n"
    )
    (fact,) = read(text)
    assert (fact.reply, fact.status) == ("550", "5.1.1")


def test_a_quoted_reply_without_a_status_has_that_of_the_same_code_before_it() -> None:
    said = quoting.find(
        "550 5.1.1 <bob@dest.example>: undeliverable address: host mx.dest.example[192.0.2.25] said: 550 no mailbox here"
    )
    assert (said.code, said.status) == ("550", "5.1.1")
    assert quoting.find("421 4.4.0 all hosts failed; last error: 450 too many messages").status is None


def test_a_date_that_a_report_repeats_is_no_word_of_the_cause() -> None:
    told = session.said(["User unknown", "Date: Mon, 2 Mar 2020 10:00:00 +0000", "Subject: hello"])
    assert told.text == "User unknown"


def test_a_line_broken_behind_the_codes_goes_on_with_whom_they_are_about() -> None:
    broken = ["<bob@dest.example>: mx.dest.example svarade: 552", "<bob@dest.example>: brevlådan är full"]
    assert session.said(broken).text == "<bob@dest.example>: brevlådan är full"
    another = [broken[0], "<eve@dest.example>: okänd"]
    assert "eve" not in session.said(another).text


def test_a_list_of_statuses_explains_them() -> None:
    assert session.said(["What the codes mean:", "* 5.1.1 User unknown", "* 5.2.2 Mailbox full"]).status is None
    assert session.said(["What happened:", "* 5.1.1 User unknown"]).status == "5.1.1"


@pytest.mark.parametrize("mark", ["> ", ">> ", ">>> ", "> > > "])
def test_a_letter_that_is_quoted_three_deep_is_no_log(mark: str) -> None:
    told = "The following recipients could not be reached:\n\n   bob@dest.example\n\n"
    letter = f"{mark}On Monday carol@far.example wrote that\n{mark}dave@dest.example: 550 5.1.1 User unknown\n"
    assert [fact.address for fact in read(told + letter)] == ["bob@dest.example"]


@pytest.mark.parametrize("sent", [">>> STARTTLS", ">>> AUTH PLAIN", ">>> RCPT TO:<bob@dest.example>", ">>> ."])
def test_what_was_sent_in_a_session_is_no_quotation(sent: str) -> None:
    assert quotation.without(f"{sent}\nfailed") == f"{sent}\nfailed"


@pytest.mark.parametrize(
    ("field", "who"),
    [
        ('"info@firma.example via Forms" <Noreply@forms.example>', "noreply@forms.example"),
        ("info@firma.example via Forms <noreply@forms.example>", "noreply@forms.example"),
        (r'"a \"b@x.example\"" <bob@dest.example>, <carol@dest.example>', "bob@dest.example"),
        ("alice@example.org, Bob <bob@dest.example>", "alice@example.org"),
        ("alice@example.org (Bob <bob@dest.example>)", "alice@example.org"),
        ('"postmaster@dest.example" <>', "postmaster@dest.example"),
        ("undisclosed-recipients:;", ""),
        (None, ""),
    ],
)
def test_a_name_before_an_address_is_none(field: str | None, who: str) -> None:
    assert address.named(field) == who


def test_a_daemon_is_of_the_house_of_its_address_whatever_it_is_called() -> None:
    text = "Your message could not be delivered:\n\nbob@dest.example: 550 5.1.1 User unknown\n"
    told = bounce.read(mail(text, '"postmaster@dest.example" <mailer-daemon@relay.example>'), sender="<>")
    assert told.house == "relay.example"
    assert told.recipients[0].said is not Said.OWN


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("failed\n" * limits.TEXT_LINES, False),
        ("failed\n" * limits.TEXT_LINES + "\n", False),
        ("failed\n" * limits.TEXT_LINES + "550 5.1.1 User unknown\n", True),
        ("x" * limits.LINE_CHARS + "\n", False),
        ("x" * limits.LINE_CHARS + " bob@dest.example failed: 550 5.1.1 User unknown\n", True),
        ("failed\n\nFrom: a@b.example\nTo: c@d.example\nSubject: e\n\n" + "x" * (limits.LINE_CHARS + 1), False),
    ],
)
def test_what_stands_beyond_the_lines_that_are_read_is_told_to_be_there(text: str, cut: bool) -> None:
    assert bounce.read(mail(text), sender="<>").truncated is cut


def test_a_dash_before_a_line_that_is_signed_goes() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- From the queue: failed\n- -- \nbob\n"
        "-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"
    )
    assert View(message.parse(mail(signed))).text == "From the queue: failed"


def test_a_line_that_ends_a_sentence_is_no_title_that_is_counted() -> None:
    text = "The mail failed.\n\n" + "a copy of\nyour message follows.\n" * 4 + "\nUndelivered mail\n\nLunch at noon\n"
    assert "Lunch" not in View(message.parse(mail(text))).text
