"""What is said beside a clear reply: of any mail, and it changes no verdict; or that the address lives, and it is not called dead."""

from pathlib import Path

import pytest

from bounce_milter import explain
from bounce_milter.explain import RecipientReport
from bounce_milter.explain import explain as explained
from bounce_milter.resources import load_knowledge
from bounce_milter.settings import Rules, Settings
from bounce_milter.vocabulary import Reason

_REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.dest.example
To: alice@src.example
Subject: Undeliverable: hello
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Your message to bob@dest.example could not be delivered.{told}

{words}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.dest.example

Final-Recipient: rfc822; bob@dest.example
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} {reply}

--b--
"""

# Scanners, gateways, offices, banks and sellers, in many languages.
_IDLE = """
Your IT department has marked this message as External. The IT Service Desk will never ask you to update your mailbox.
ACHTUNG: Diese E-Mail stammt von einem unbekannten Absender. Öffnen Sie keine Anhänge und klicken Sie auf keine Links.
ATTENTION : ce message provient d'un expéditeur inconnu. Ne cliquez pas sur les liens et n'ouvrez pas les pièces jointes.
ВНИМАНИЕ: отправитель этого письма неизвестен. Не открывайте вложения и не переходите по ссылкам.
警告：发件人未知，请勿打开附件。
Spam detection software, running on the system "mail.src.example", has NOT identified this incoming email as spam.
Diese Nachricht wurde auf Viren untersucht. Es wurde kein Virus gefunden.
Messaggio controllato dal filtro antispam: nessun virus trovato.
Ta wiadomość e-mail została sprawdzona pod kątem wirusów przez oprogramowanie Avast.
このメールはウイルスチェック済みです。ウイルスは検出されませんでした。
Our office is closed from 24 December to 2 January. Messages will be answered in the new year.
Nos bureaux sont fermés du 24 décembre au 2 janvier.
We will never ask for your password. Messages that claim your mailbox is full or your account has been suspended are phishing.
Wij zijn verhuisd! Ons nieuwe adres: Havenstraat 12, Rotterdam.
"""
# What may have to do with it, and is not said of it: an address is not called dead, and the reply's cause stands.
_OPEN = """
[image: company logo] [image: mailbox full icon]
Messages larger than 25 MB are not accepted by this server.
ヒント：メールボックスがいっぱいにならないよう、古いメールを削除してください。
Tip: delete old messages regularly so that your mailbox does not get full.
Nunca más un buzón lleno con MailPlus, por solo 1,99 al mes.
Nie wieder ein volles Postfach - mit ProMail für nur 1,99 Euro im Monat!
Wij vragen nooit om uw wachtwoord. Berichten dat uw account is geblokkeerd, zijn phishing.
我们绝不会索取您的密码。声称您的帐户已停用的邮件是钓鱼邮件。
Vårt kontor är stängt 24 december till 2 januari.
Mantenimiento programado: los servidores de correo no estarán disponibles el sábado de 22 a 2 horas.
メンテナンスのお知らせ：土曜日22時から2時までメールサーバーを停止します。
Nos termos do RGPD, as contas inativas são eliminadas ao fim de dois anos.
Bitte antworten Sie nicht auf diese E-Mail. Die Adresse no-reply@src.example nimmt keine Nachrichten an.
Mailbox full? Get MailPlus with unlimited storage for only 1.99 a month!
"""


# Sentences that tell that bob@dest.example lives, or that something else was refused, in sixteen languages.
_LIVING = (Path(__file__).parent / "living-words.txt").read_text(encoding="utf-8").splitlines()


def _told(words: str, status: str, reply: str, told: str = "") -> RecipientReport:
    (found,) = explain(_REPORT.format(words=words, status=status, reply=reply, told=told).encode()).recipients
    return found


@pytest.mark.parametrize("words", _IDLE.strip().split("\n"))
def test_a_plain_reply_stands(words: str) -> None:
    found = _told(words, "5.1.1", "User unknown")
    assert (found.reason, found.dead) == (Reason.USER_UNKNOWN, True)


@pytest.mark.parametrize("words", [*_IDLE.strip().split("\n"), *_OPEN.strip().split("\n")])
def test_no_other_cause_is_told_than_the_replys(words: str) -> None:
    assert _told(words, "5.1.1", "User unknown").reason is Reason.USER_UNKNOWN


@pytest.mark.parametrize("words", [*_IDLE.strip().split("\n"), *_OPEN.strip().split("\n")])
def test_the_cause_that_is_told_of_this_message_stands(words: str) -> None:
    found = _told(words, "5.0.0", "Transaction failed", "\n\nThe mailbox of the recipient is full.")
    assert found.reason is Reason.MAILBOX_FULL


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("The mailbox of the recipient is full.", Reason.MAILBOX_FULL),
        ("Das Postfach des Empfängers ist voll.", Reason.MAILBOX_FULL),
        ("The recipient does not accept mail from your address.", Reason.SENDER_NOT_ALLOWED),
    ],
)
def test_what_is_said_of_him_is_told_before_the_reply(words: str, reason: Reason) -> None:
    found = _told(words, "5.1.1", "User unknown")
    assert (found.reason, found.dead) == (reason, False)


@pytest.mark.parametrize(
    ("words", "dead"),
    [
        ("Anna Miller no longer works for our company.", False),
        ("Mr Smith has left the company.", False),
        ("Bob Miller has left the company.", True),
    ],
)
def test_who_left_is_whom_the_words_name(words: str, *, dead: bool) -> None:
    assert _told("Regards", "5.1.1", words).dead is dead


def test_nobody_is_dead_of_whom_the_words_say_that_he_lives() -> None:
    """Whatever the vote has learnt: what it knew of sixty of them changed with each learning."""
    assert len(_LIVING) > 500
    assert [words for words in _LIVING if _told(words, "5.1.1", "User unknown").dead] == []
    alone = load_knowledge(Settings(rules=Rules(vote=False)))
    reports = [_REPORT.format(words=words, status="5.1.1", reply="User unknown", told="").encode() for words in _LIVING]
    assert [
        words
        for words, report in zip(_LIVING, reports, strict=True)
        if explained(report, knowledge=alone).recipients[0].dead
    ] == []
