"""Banners and footers, which stand above and below any mail: no verdict changes with them, and no cause is taken for one."""

import re
from pathlib import Path

import pytest

from bounce_milter import explain, letterhead

_SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.eml"))

_BANNERS = (
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
)
_FOOTERS = (
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
)


@pytest.mark.parametrize("lines", [*_BANNERS, *_FOOTERS])
def test_what_stands_above_or_below_any_mail_is_not_read(lines: str) -> None:
    words = "Your message was not delivered:\nthe mailbox is full.\n"
    assert letterhead.below(f"{lines}\n\n{words}") == words
    assert letterhead.above(f"{words}\n{lines}\n").strip() == words.strip()


@pytest.mark.parametrize("lines", _BANNERS)
def test_the_words_may_begin_right_below(lines: str) -> None:
    words = "Your message was not delivered: the mailbox is full.\n"
    assert letterhead.below(f"{lines}\n{words}").strip() == words.strip()


@pytest.mark.parametrize("lines", _CAUSES)
def test_a_cause_is_neither_banner_nor_footer(lines: str) -> None:
    assert letterhead.below(f"{lines}\n\nBob") == f"{lines}\n\nBob"
    assert letterhead.above(f"Bob\n\n{lines}") == f"Bob\n\n{lines}"


@pytest.mark.parametrize("lines", [_BANNERS[0], _BANNERS[2], _BANNERS[4], _BANNERS[6], _BANNERS[8], _FOOTERS[0]])
def test_no_verdict_changes_below_a_banner(lines: str) -> None:
    _assert_the_same(lines, above=True)


@pytest.mark.parametrize("lines", [_FOOTERS[0], _FOOTERS[3], _FOOTERS[5], _FOOTERS[6], _FOOTERS[7], _BANNERS[0]])
def test_no_verdict_changes_above_a_footer(lines: str) -> None:
    _assert_the_same(lines, above=False)


def _assert_the_same(lines: str, *, above: bool) -> None:
    changed = {path: with_them for path in _SAMPLES if (with_them := _with(path.read_bytes(), lines, above=above))}
    assert len(changed) > 400
    assert [path.stem for path, data in changed.items() if _told(data) != _told(path.read_bytes())] == []


def _told(data: bytes) -> tuple[object, ...]:
    report = explain(data)
    return report.kind, [(told.address, told.reason, told.dead, told.class_) for told in report.recipients]


_FIRST_PART = re.compile(
    rb"\A--[^\n]*\n(?:content-type: text/plain[^\n]*\n|content-transfer-encoding: [78]bit\n)*\n", re.IGNORECASE
)


def _with(data: bytes, lines: str, *, above: bool) -> bytes | None:
    """Return a message with *lines* above or below its words; None where these are not plain, or their end is not plain to see."""
    header, gap, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    low = header.lower()
    if b": base64" in low or b": quoted-printable" in low:
        return None
    added = lines.encode()
    boundary = re.search(rb"boundary=\"?([^\"\n;]+)", header, re.IGNORECASE)
    if boundary is None:
        plain = b"content-type:" not in low or b"content-type: text/plain" in low
        return b"".join([header, gap, added, b"\n\n", body]) if above and plain else None
    begin = body.find(b"--" + boundary[1])
    opened = _FIRST_PART.match(body[max(begin, 0) :])
    end = body.find(b"\n--" + boundary[1], begin + 1)
    if begin < 0 or opened is None or end < begin + opened.end():
        return None
    at, piece = (begin + opened.end(), added + b"\n\n") if above else (end, b"\n\n" + added + b"\n")
    return header + gap + body[:at] + piece + body[at:]
