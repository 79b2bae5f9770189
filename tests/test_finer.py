"""What a reply says more than its reason is told where it is plainly said, and not where it is denied or said of something else."""

import pytest

from bounce_milter.explain import explain_reply
from bounce_milter.finer import TOPICS
from bounce_milter.vocabulary import Act, Reason
from tests.reports import knowledge


@pytest.mark.parametrize(
    ("reply", "topic"),
    [
        ("550 5.1.1 The mailbox was deleted and no longer exists", "mailbox-deleted"),
        ("550 5.1.1 No such user. The mailbox was deleted organisation-wide in March", "mailbox-deleted"),
        ("550 5.1.1 Mail not delivered because the account has been deleted", "mailbox-deleted"),
        ("550 5.1.1 El usuario no existe, su cuenta de correo fue eliminada", "mailbox-deleted"),
        ("550 5.1.1 La persona ya no trabaja aquí y su cuenta de correo fue eliminada", "person-left"),
        ("552 5.7.0 Password-protected zip files are not allowed", "attachment-locked"),
        ("552 5.7.0 Unable to inspect attachment contents (encrypted)", "attachment-locked"),
        ("550 5.7.1 Message contains a known phishing link. Organisations are informed", "phishing"),
        ("421 4.7.0 Service not available. Too many connections from your IP, try again later", "too-many-connections"),
        # Errors are no connections, and no mail.
        ("421 4.7.0 mx.example.com Error: too many errors", "too-many-errors"),
        ("421 4.7.0 mx.example.com Error: too many connections from 192.0.2.1", "too-many-connections"),
        ("421 4.7.0 Too many unknown recipients in this session", "too-many-errors"),
        ("421 Too many protocol errors, closing connection", "too-many-errors"),
        ("421 zu viele Fehler", "too-many-errors"),
        ("421 demasiados errores", "too-many-errors"),
        # It encrypted, and not well enough.
        ("550 5.7.10 TLS version 1.0 is not accepted, please upgrade to TLS 1.2 or newer", "tls-too-old"),
        ("554 5.7.1 TLSv1.1 or lower is not supported, use TLSv1.2", "tls-too-old"),
        ("550 5.7.1 Your server uses an outdated TLS version (TLSv1.0)", "tls-too-old"),
        ("421 4.7.0 Encryption too weak, please update your server", "tls-too-old"),
        ("550 TLS 1.0 n'est plus accepté", "tls-too-old"),
        ("550 la versión TLS 1.0 ya no es compatible", "tls-too-old"),
        ("550 5.7.1 TLS 1.2 or higher required", "encryption-demanded"),
        # Whoever is serviced or busy has no fault.
        ("450 4.7.1 Service unavailable during maintenance, try again after Sunday 06:00 UTC", "maintenance"),
        ("421 System maintenance in progress, try again in two hours", "maintenance"),
        ("421 4.3.2 Wartungsarbeiten, bitte später erneut versuchen", "maintenance"),
        ("451 serveur en maintenance", "maintenance"),
        ("451 Servidor en mantenimiento", "maintenance"),
        ("421 4.3.2 All server ports are busy", "X.4.5"),
        ("421 Service not available, closing transmission channel", "not-now"),
        # The domain is there.
        ("550 5.4.4 Invalid domain: the MX of example.com points to 127.0.0.1", "mx-unusable"),
        ("550 5.4.4 MX record of example.com points to a private address", "mx-unusable"),
        # No list is named.
        ("550 bob@example.com is a spamtrap, you have been listed", "spam-trap"),
        ("550 5.7.1 This address is a spam trap", "spam-trap"),
        (
            "501 <bob@example.com>... no access from mail server [192.0.2.55] which is an open relay.",
            "open-relay-yours",
        ),
        # So many at once.
        ("550 5.7.1 Message rejected: more than 20 recipients", "too-many-recipients"),
        ("550 Zu viele Empfänger, maximal 20", "too-many-recipients"),
        ("550 trop de destinataires", "too-many-recipients"),
        ("452 4.1.1 <bob@example.com> user is temporarily unable to receive mail", "mailbox-not-now"),
        ("550 5.7.1 Mail with foreign-language content is not accepted; write in German", "language-refused"),
        ("550 5.2.1 Mailbox disabled for this recipient; the employee has left the company", "person-left"),
        ("550 Herr Weber arbeitet nicht mehr bei uns", "person-left"),
        ("550 Le titulaire de cette adresse a quitté la société, écrivez à accueil@dest.example", "person-left"),
        ("550 El usuario ya no trabaja aquí, escriba a info@dest.example", "person-left"),
        ("550 5.7.1 This address accepts mail from internal senders only", "organisation-internal"),
        ("550 5.7.1 External senders are not permitted to write to this address", "organisation-internal"),
        ("550 5.7.1 This mailbox only accepts messages from within the organisation", "organisation-internal"),
        ("550 5.7.1 Mail is only accepted from our own staff", "organisation-internal"),
        ("550 5.7.1 Nur interne Absender dürfen an diese Adresse schreiben", "organisation-internal"),
        ("550 5.7.1 Seuls les expéditeurs internes peuvent écrire à cette adresse", "organisation-internal"),
        ("550 list1@lists.dest.example is a closed mailing list", "members-only"),
        ("550 5.7.1 You are not subscribed to dev@lists.dest.example", "members-only"),
        ("550 5.7.1 Please confirm that you are not a robot: https://challenge.dest.example/abc", "asks-to-confirm"),
        ("550 5.7.1 Your message is held until you answer the challenge sent to you", "asks-to-confirm"),
        ("553 5.1.8 <www-data@web01>... Domain of sender address www-data@web01 does not exist", "sender-only-machine"),
        ("553 5.1.8 <root@localhost.localdomain>: Sender address rejected: Domain not found", "sender-only-machine"),
        ("553 5.1.8 <apache@web-7>: Sender address rejected: need fully-qualified address", "sender-only-machine"),
        (
            'Command died with status 127: "/usr/bin/procmail". Command output: sh: procmail: not found',
            "program-missing",
        ),
        ("454 4.7.5 Server certificate for mail.dest.example has expired", "certificate-expired"),
        ("454 4.7.5 certificate name mismatch: mx.dest.example", "their-certificate"),
        ("454 4.7.5 self signed certificate in certificate chain", "certificate-untrusted"),
        ("554 5.7.1 TLS required, but the remote server does not support TLS", "no-tls-there"),
        ("550 5.7.1 Subject header is missing", "subject-missing"),
        ("550 5.7.1 Message-ID header missing", "message-id-missing"),
        ("550 5.7.1 Duplicate To header", "header-twice"),
        ("550 5.6.0 bare newlines not permitted", "line-ends"),
        ("552 5.3.4 line too long: maximum is 998 octets", "line-too-long"),
    ],
)
def test_what_is_plainly_said_is_told(reply: str, topic: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].topic == topic


@pytest.mark.parametrize(
    "reply",
    [
        # What was deleted is the message, or the sender.
        "550 5.1.1 User unknown, your message has been deleted",
        "550 5.1.1 User unknown - message has been deleted",
        "550 5.1.1 No such user, your mail to this address was deleted",
        "550 5.1.1 Mailbox not found, the message was deleted",
        "550 5.1.1 Konto existiert nicht, Mail gelöscht",
        "550 5.1.1 La cuenta no existe, mensaje eliminado",
        "550 5.1.1 Le compte n'existe pas, votre message a été supprimé",
        "550 5.1.1 No such user; the account of the sender was deleted",
        "550 5.1.1 User unknown in local recipient table (message was removed from the queue)",
        # It is denied.
        "550 5.1.1 User unknown, the mailbox has not been deleted by us",
        "554 5.7.1 Client host blocked using zen.spamhaus.org; not in our own blacklist",
        "554 5.7.1 192.0.2.9 is not on our internal blacklist but listed by bl.spamcop.net",
        "450 4.7.1 rate limited: too many messages, connection limit is fine",
        "450 4.7.1 Too many messages, connection rate not exceeded",
        "550 5.7.1 You are not allowed to send here: the recipient has not blocked you, but the list is closed",
        "454 TLS failed: the remote server's TLS 1.0 is not supported",
        # So many in a time.
        "450 4.7.1 more than 50 recipients per hour",
        "450 4.7.1 Daily limit of 100 recipients reached",
        # A list says so.
        "550 open proxies are listed, see http://lists.example/",
        # It is asked for.
        "552 5.7.0 Attachment refused: only encrypted attachments are accepted here",
        "552 5.7.0 Password protected archives are accepted, this exe file is not",
        "550 5.7.1 Attachment type not allowed; exe files are blocked, use password protected zip",
        # The list is another's.
        "550 5.7.1 Your host [192.0.2.9] is listed in zen.spamhaus.org, which our blocklist uses",
        "554 5.7.1 Rejected by our blocklist provider zen.spamhaus.org: 192.0.2.9",
        "554 5.7.1 192.0.2.9 was rejected by our blocklist provider",
        # Who is away has not left.
        "550 5.1.1 M. Ross has not left the company, as people write; her mailbox takes no mail before October",
        "550 5.1.1 recipient has left the building, back after lunch (auto-lock 45 min)",
        "550 5.1.1 Frau Huber ist keineswegs ausgeschieden; ihr Postfach nimmt wegen des Umzugs bis 15.8. nichts an",
        "553-5.1.7 The sender address <bounce+@example..com> is not a valid RFC 5321 address",
        # Those inside are those of a list.
        "550 5.7.1 Only internal list members may write to the group",
        # The certificate is the sending side's.
        "454 4.7.5 Your certificate has expired",
        # The address has a domain.
        "550 5.1.8 <alice@web01.sender.example>: Sender address rejected: need fully-qualified address",
        # It may be.
        "550 5.1.1 The user does not exist, or his account was deleted",
        "550 5.1.1 Unknown recipient; it is not known whether the mailbox was deleted",
        "550 5.7.1 Members only. The list does not accept messages from outside addresses",
    ],
)
def test_what_is_denied_or_said_of_something_else_is_not_told(reply: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].topic not in TOPICS


@pytest.mark.parametrize(
    "reply",
    [
        "451 4.3.0 <bob@example.com>: Temporary lookup failure",
        "451 4.3.0 Temporary lookup failure",
        "host mx.example.com[192.0.2.1] said: 451 4.3.0 <bob@example.com>: Temporary lookup failure (in reply to RCPT TO command)",
    ],
)
def test_a_fault_that_is_answered_is_the_other_sides(reply: str) -> None:
    told = explain_reply(reply, knowledge()).recipients[0]
    assert (told.topic, told.act) == (None, Act.RECIPIENT_ADMIN)


def test_a_log_that_says_that_time_ran_out_is_heard() -> None:
    reply = "Delivery expired (message too old) after 5 days: 451 4.3.0 Temporary lookup failure"
    assert explain_reply(reply, knowledge()).recipients[0].topic == "expired-put-off"


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.7.1 Blocked. If you believe this is wrong, call the helpdesk on 0800 123456",
        "550 5.7.1 Blocked. Call the helpdesk if you believe this is wrong",
        "550 5.7.1 If you believe this is wrong, write to postmaster@example.com",
    ],
)
def test_what_the_reader_may_think_wrong_is_not_the_address(reply: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].reason is not Reason.USER_UNKNOWN


def test_who_is_on_a_named_list_is_not_sent_to_the_recipients_side() -> None:
    reply = "554 5.7.1 Rejected by our blocklist provider zen.spamhaus.org: 192.0.2.9"
    assert explain_reply(reply, knowledge()).recipients[0].act is Act.SENDER_ADMIN
