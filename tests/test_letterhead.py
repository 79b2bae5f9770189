"""Banners and footers, which stand above and below any mail: they are known, and no cause is taken for one."""

import pytest

from bounce_milter.view import letterhead

BANNERS = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open\n"
    "attachments unless you recognize the sender and know the content is safe.",
    "This email originated from outside of the organization. Do not click links.",
    "CAUTION\n\nThis message was sent from outside the organization.",
    "EXTERNAL EMAIL",
    "[EXTERNAL]",
    "Warning: external sender. Think before you click!",
    "This Message Is From an External Sender\nThis message came from outside your organization.",
    "You don't often get email from mailer-daemon@mx.dest.example. Learn why this is important",
    "ACHTUNG: Diese E-Mail kommt von extern. Klicken Sie keine Links an.",
    "Diese E-Mail stammt von einem externen Absender. Bitte seien Sie vorsichtig bei Links und Anhängen.",
    "ATTENTION : Cet e-mail provient de l'extérieur de l'entreprise. Ne cliquez pas.",
    "Este correo proviene de fuera de la organización. No haga clic en enlaces ni abra adjuntos.",
    "Questa e-mail proviene dall'esterno dell'organizzazione. Non cliccare sui link.",
    "Let op: deze e-mail komt van een externe afzender.",
    "このメールは社外から送信されています。リンクをクリックしないでください。",
    "此邮件来自公司外部。请勿点击链接。",
    "CAUTION: This email originated from outside of the organization. Do not click\n"
    "links unless you recognize the sender. If this is spam, report it.",
    "WARNING: This message came from outside the company. Report spam with the Phish Alert button.",
    "*** Externe Mail. Verdacht auf Spam? Bitte melden an it@sender.example. ***",
)
FOOTERS = (
    "This email and any attachments are confidential and intended solely for the addressee. If you have\n"
    "received it in error, please delete it and notify the sender.",
    "CONFIDENTIALITY NOTICE: unauthorized review, use, disclosure or distribution is prohibited.",
    "Der Inhalt dieser E-Mail ist vertraulich. Sollten Sie nicht der vorgesehene Adressat sein, informieren\n"
    "Sie bitte den Absender und löschen Sie die Nachricht.",
    "Ce message et ses pièces jointes sont confidentiels. Toute utilisation non autorisée est interdite.",
    "Este mensaje es confidencial y puede estar sujeto a secreto profesional.",
    "This message has been scanned for viruses and dangerous content by MailScanner, and is believed to be clean.",
    "This e-mail is protected by Mimecast. Mimecast blocks spam, viruses and phishing.",
    "Virus-free. www.avg.com",
    "Scanned by Check Point Total Security Gateway.",
    "Spam filtering by SpamTitan. Report this message as spam.",
    "*** This message was encrypted with TLS 1.3 ***",
    "The sender of this message has been verified by SPF and DKIM.",
    "Registered office: 1 Main St, London. Authorised and regulated by the Financial Conduct Authority.",
)
_CAUSES = (
    "Our group takes no mail from external senders.",
    "The recipient does not accept mail from outside the organisation.",
    "This group accepts messages from members only; your message came from outside the organization.",
    "This message was checked by our virus scanner and contains W32/Netsky.",
    "Your message has been scanned by ClamAV and was blocked because it is infected with Eicar.",
    "This message contains confidential data and was blocked by the DLP system.",
    "This message failed DMARC verification.",
    "The recipient's server requires that mail is encrypted with TLS, and yours offered none.",
    "The number +49 151 0000000 is not a registered number.",
    "Warning: your message has not been delivered for 4 hours.",
    "Attention: the mailbox is full.",
    "Mail from outside the organization was reported as spam.",
)


@pytest.mark.parametrize("lines", [*BANNERS, *FOOTERS])
def test_what_stands_above_or_below_any_mail_is_not_read(lines: str) -> None:
    words = "Your message was not delivered:\nthe mailbox is full.\n"
    assert letterhead.below(f"{lines}\n\n{words}") == words
    assert letterhead.above(f"{words}\n{lines}\n").strip() == words.strip()


@pytest.mark.parametrize("lines", BANNERS)
def test_the_words_may_begin_right_below(lines: str) -> None:
    words = "Your message was not delivered: the mailbox is full.\n"
    assert letterhead.below(f"{lines}\n{words}").strip() == words.strip()


@pytest.mark.parametrize("lines", _CAUSES)
def test_a_cause_is_neither_banner_nor_footer(lines: str) -> None:
    assert letterhead.below(f"{lines}\n\nBob") == f"{lines}\n\nBob"
    assert letterhead.above(f"Bob\n\n{lines}") == f"Bob\n\n{lines}"
