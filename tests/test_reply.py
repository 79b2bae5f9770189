"""A code counts only where a code can stand."""

import pytest

from bounce_milter import reply
from bounce_milter.reply import Reply, verbs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("550 5.1.1 User unknown", Reply("550", "5.1.1", "User unknown")),
        ("550-5.1.1 No\r\n550 5.1.1 such user", Reply("550", "5.1.1", "No such user")),
        (
            "550-A notice\n550-of the provider\n550 5.1.1 No such box",
            Reply("550", "5.1.1", "A notice of the provider No such box"),
        ),
        ("550-5.7.26 fails 550-5.7.26 to pass 550 5.7.26 DMARC", Reply("550", "5.7.26", "fails to pass DMARC")),
        ("550 5.1.1 No 550 5.1.1 such user", Reply("550", "5.1.1", "No such user")),
        ("550 5.1.1 No such user 550 5.2.2 Full", Reply("550", "5.1.1", "No such user 550 5.2.2 Full")),
        ("550", Reply("550", None, "")),
        ("5.7.26", Reply(None, "5.7.26", "")),
        ("-- 5.1.1 <bob@dest.example> User unknown", Reply(None, "5.1.1", "<bob@dest.example> User unknown")),
        ("* 5.2.1 Mailbox closed", Reply(None, "5.2.1", "Mailbox closed")),
        ("Reason - 5.2.2 Mailbox full", Reply(None, "5.2.2", "Mailbox full")),
        ("Status: 5.1.1", Reply(None, "5.1.1", "")),
        ("dsn=5.2.2, stat=Service unavailable", Reply(None, "5.2.2", "stat=Service unavailable")),
        ("Status: 5 of 5.1.1 users", Reply(None, None, "Status: 5 of 5.1.1 users")),
        ("-- 5.1 is the version", Reply(None, None, "-- 5.1 is the version")),
        ("421 4.7.0 Try again later", Reply("421", "4.7.0", "Try again later")),
        ("550 #5.1.0 Address rejected.", Reply("550", "5.1.0", "Address rejected.")),
        ("550 sorry, no mailbox here (#5.1.1)", Reply("550", "5.1.1", "sorry, no mailbox here (#5.1.1)")),
        ("550 (#5.1.1) user unknown", Reply("550", "5.1.1", "user unknown")),
        ("421 [internal] Session limit", Reply("421", None, "[internal] Session limit")),
        ('550 "closed" since May', Reply("550", None, '"closed" since May')),
        ("<" * 100 + "x", Reply(None, None, "<" * 100 + "x")),
        ("no code at all", Reply(None, None, "no code at all")),
    ],
)
def test_a_reply_is_read_from_its_start(text: str, expected: Reply) -> None:
    assert reply.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("said: 550 no (in reply to RCPT TO command)", "RCPT"),
        ("said: 552 too big (in reply to end of DATA command)", "DATA"),
        (">>> RCPT To:<bob@dest.example>", "RCPT"),
        ("SMTP error from remote server for RCPT TO command, host: mx.dest.example", "RCPT"),
        ("error while sending MAIL FROM command", "MAIL"),
        ("SMTP error from remote mail server after MAIL FROM:<a@b.example>", "MAIL"),
        ("did not like our RCPT TO:", "RCPT"),
        ("192.0.2.1 does not like recipient.", "RCPT"),
        ("192.0.2.1 does not like sender.", "MAIL"),
        ("192.0.2.1 failed after I sent the message.", "DATA"),
        ("smtplib.SMTPSenderRefused: (550, b'No', 'a@b.example')", "MAIL"),
        ("com.sun.mail.smtp.SMTPSenderFailedException: 550 No", "MAIL"),
        ("NOQUEUE: reject: RCPT from mx.b.example[192.0.2.9]: 550 No", "RCPT"),
        ("milter-reject: END-OF-MESSAGE from mx.b.example[192.0.2.9]: 5.7.1 No", "DATA"),
        ('{"response":"550 No","command":"MAIL FROM"}', "MAIL"),
        ("SMTP error from remote server for TEXT command, host: mx.dest.example", "DATA"),
        ("SMTP error from remote server after transfer of mail text:", "DATA"),
        ("550 RCPT TO:<bob@dest.example> User unknown", "RCPT"),
        ("550 5.7.1 MAIL FROM:<alice@example.org> is refused", "MAIL"),
        ("050 RCPT TO:<bob@dest.example>\n250 OK\n050 DATA\n554 No such user", None),
        ("SMTP error from remote server in greeting, host: mx.dest.example", "CONN"),
        ("SMTP error from remote server for HELO/EHLO command, host: mx.dest.example", "HELO"),
        ("Connected to 192.0.2.1 but greeting failed.", "CONN"),
        ("Connected to 192.0.2.1 but my name was rejected.", "HELO"),
        ("Connected to 192.0.2.1 but sender was rejected.", "MAIL"),
        ("Remote SMTP server has rejected return address", "MAIL"),
        ("Remote SMTP server has rejected message", "DATA"),
        ("Remote SMTP server has rejected address", None),
        (" message text rejected by mx.dest.example:", "DATA"),
        ("Error after the message text was sent to mx.dest.example", "DATA"),
        (">>> .", "DATA"),
        (">>> ... and so on", None),
        ("Phase: sender", "MAIL"),
        ("stage=rcpt", "RCPT"),
        ("lost connection after DATA from mx.b.example[192.0.2.9]", "DATA"),
        ("error after sending data block (131072 bytes written)", "DATA"),
        ("error after data command: 550 No", "DATA"),
        ("550 5.1.1 User unknown; account deleted after auth system change", None),
        ("550 5.1.1 User unknown; the mailbox was closed after mail forwarding ended", None),
        ("550 5.1.1 User unknown; the mailbox was closed after sending mail to spam traps", None),
        ("550 5.1.1 User unknown. Closed after mail from your domain was reported", None),
        ("550 5.1.1 User unknown. Removed after data protection request.", None),
        ("550 no RCPT TO:<bob@dest.example> here", None),
        ("nothing of the kind", None),
    ],
)
def test_the_command_that_was_answered(text: str, verb: str | None) -> None:
    assert verbs.command(text) == verb


@pytest.mark.parametrize(
    "lead",
    [
        "Sender check: ",
        "verify_sender: ",
        "Your address alice@own.example was refused with ",
        "The recipient's mail server has rejected your own address: ",
        "Stopped. Envelope-From not accepted:\n\n    ",
        "Absenderprüfung: ",
        "Votre adresse est rejetée : ",
        "Vérification de l'expéditeur : ",
        "Se rechazó al comprobar el remitente: ",
        "Il mittente è stato rifiutato: ",
        "O remetente foi recusado: ",
        "De afzender is geweigerd: ",
        "Avsändaren avvisades: ",
        "Nadawca został odrzucony: ",
        "Gönderen doğrulaması: ",
        "Проверка отправителя: ",
        "发件人校验失败: ",
        "差出人の確認: ",
        "보낸 사람 주소를 거부했습니다:",
        "رفض الخادم عنوان المرسل: ",
    ],
)
def test_words_that_lead_to_a_reply_say_that_it_is_on_the_sender(lead: str) -> None:
    assert verbs.early(lead) == "MAIL"


@pytest.mark.parametrize(
    "lead",
    [
        "",
        "Refused, and returned to sender: ",
        "Dear sender, your mail was rejected: ",
        "The sender's message was not accepted: ",
        "Sender: alice@own.example\nError: ",
        "Rejected, the sender is notified: ",
        "Please check your address and send it again.\n",
        "If the sender is refused, ask him. The server says: ",
        "Sender alice@own.example, recipient rejected: ",
        "Abgelehnt und an den Absender zurück: ",
        "Rechazado, se devuelve al remitente: ",
        "收件人地址被发件人的服务器拒绝: ",
        "发件人您好，您的邮件被拒绝：",
    ],
)
def test_words_that_name_a_sender_need_not_say_that_he_was_refused(lead: str) -> None:
    assert verbs.early(lead) is None


@pytest.mark.parametrize(
    ("lead", "verb"),
    [
        ("EHLO mail.own.example -> ", "EHLO"),
        ("The answer to HELO was ", "HELO"),
        ("SMTP AUTH failed, and the server says: STARTTLS: ", "STARTTLS"),
        ("The server refused us in its greeting: ", "CONN"),
        ("Greetings from mx.dest.example: ", None),
        ("EHLO was taken. RCPT: ", None),
    ],
)
def test_words_that_lead_to_a_reply_name_an_early_command(lead: str, verb: str | None) -> None:
    assert verbs.early(lead) == verb
