"""What a reply says more than its reason is told where it is plainly said, and not where it is denied or said of something else."""

import pytest

from bounce_milter.explain import explain_reply
from bounce_milter.finer import TOPICS
from bounce_milter.vocabulary import Act
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


def test_who_is_on_a_named_list_is_not_sent_to_the_recipients_side() -> None:
    reply = "554 5.7.1 Rejected by our blocklist provider zen.spamhaus.org: 192.0.2.9"
    assert explain_reply(reply, knowledge()).recipients[0].act is Act.SENDER_ADMIN
