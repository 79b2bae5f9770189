"""The visible forms: a note in the first text part, a tag in the Subject; nothing else of the message changes."""

import binascii
import re
import time
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest

import bounce_milter
from bounce_milter import message, settings
from bounce_milter.events import Events
from bounce_milter.header import seen, visible
from bounce_milter.judge import bound
from bounce_milter.policy import Envelope
from bounce_milter.resources import load_knowledge, packaged_knowledge
from bounce_milter.vocabulary import Kind
from tests.reports import group, report

SAMPLE = (Path(__file__).parent / "samples" / "001-postfix-user-unknown.eml").read_bytes().replace(b"\n", b"\r\n")
REPORT = bounce_milter.explain(SAMPLE)


def noted(head: bytes, content: bytes, text: str = "A note.\n") -> bytes | None:
    return visible.body(message.parse_fields(head), content, text)


def test_the_note_stands_before_the_words_of_a_report_and_the_rest_is_unchanged() -> None:
    head, _, content = SAMPLE.partition(b"\r\n\r\n")
    text = visible.note(REPORT, max_recipients=10)
    new = visible.body(message.parse_fields(head.replace(b"\r\n", b"\n")), content, text)
    assert new is not None
    assert new.replace(text.replace("\n", "\r\n").encode(), b"") == content
    read = message_from_bytes(head + b"\r\n\r\n" + new, EmailMessage, policy=policy.default)
    assert isinstance(read, EmailMessage)
    words = next(read.iter_parts()).get_content().replace("\r\n", "\n")
    assert words.startswith("-" * 70 + "\n<bob@dest.example> failed for good")
    assert bounce_milter.explain(head + b"\r\n\r\n" + new).recipients == REPORT.recipients


def test_the_note_tells_of_as_many_recipients_as_the_fields_do() -> None:
    """max_recipients = 1, twelve recipients: the fields told of one, the note of ten."""
    twelve = report(*[group(f"u{i}@dest.example") for i in range(12)])
    for number in (1, 11):
        told = visible.note(twelve, max_recipients=number)
        assert told.count("failed for good") == number
        assert twelve.more(12 - number) in told.replace("\n", " ")
    assert visible.note(twelve, max_recipients=12).count("failed for good") == 12


def test_a_plain_message_gets_it_at_its_start() -> None:
    assert noted(b"Subject: x\n", b"failed\r\n") == b"A note.\r\nfailed\r\n"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_encoded_parts_hold_it_in_their_encoding(encoding: str) -> None:
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n".encode()
    plain = "Grüße\r\n".encode()
    content = binascii.b2a_base64(plain) if encoding == "base64" else binascii.b2a_qp(plain)
    new = noted(head, content, "Für Sie.\n")
    assert new is not None
    read = message_from_bytes(head + b"\n" + new, policy=policy.default).get_content()
    assert read.split() == ["Für", "Sie.", "Grüße"]


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_html_beside_the_text_holds_it_too(encoding: str) -> None:
    made = EmailMessage(policy=policy.SMTP)
    made.set_content("Grüße\n", cte=encoding)
    page = f"<html><head><title>x</title></head><body class='a'><p>{'Grüße ' * 20}</p></body></html>\n"
    made.add_alternative(page, subtype="html", cte=encoding)
    head, _, content = made.as_bytes().partition(b"\r\n\r\n")
    new = noted(head.replace(b"\r\n", b"\n") + b"\n", content, "Für <Sie>.\n")
    assert new is not None
    read = message_from_bytes(head + b"\r\n\r\n" + new, EmailMessage, policy=policy.default)
    assert isinstance(read, EmailMessage)
    plain, html = (part.get_content().replace("\r\n", "\n") for part in read.iter_parts())
    assert plain == "Für <Sie>.\nGrüße\n"
    assert html == page.replace("'a'>", "'a'>\n<pre>F&#252;r &lt;Sie&gt;.\n</pre>\n")


def test_html_alone_holds_it_in_ascii() -> None:
    expected = b"<pre>F&#252;r Sie.\r\n</pre>\r\n<p>failed</p>"
    assert noted(b"Content-Type: text/html\n", b"<p>failed</p>", "Für Sie.\n") == expected


def test_a_page_of_tags_that_do_not_end_costs_little() -> None:
    begin = time.process_time()
    assert noted(b"Content-Type: text/html\n", b"<body" * 400_000, "") == b"<pre></pre>\r\n" + b"<body" * 400_000
    assert time.process_time() - begin < 0.3


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (b"Content-Type: image/png\n", b"x"),
        (b"Content-Type: text/html; charset=utf-16\n", b"x"),
        # The note began with a mark of its own, and turned the letters of a part in the other order round.
        (
            b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n",
            binascii.b2a_base64(b"\xfe\xff" + "failed".encode("utf-16-be")),
        ),
        (b"Content-Type: multipart/report; boundary=b\n", b"no boundary here"),
        (b"Content-Type: multipart/report\n", b"--b\r\n\r\nx"),
        (b"Content-Type: text/plain; charset=x-unheard-of\n", b"x"),
        (b"Content-Type: text/plain; charset=undefined\n", b"x"),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n", b"a"),
        # What stood behind the end of a first piece was gone.
        (
            b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n",
            binascii.b2a_base64(b"failed")
            + binascii.b2a_base64(b"the first")
            + binascii.b2a_base64(b"ticket 4711")
            + b"--footer",
        ),
        (
            b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n",
            binascii.b2a_base64(b"failed.") + binascii.b2a_base64(b"ticket 4711"),
        ),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n", b"begin 644 x"),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64;\n", binascii.b2a_base64(b"failed")),
    ],
)
def test_where_it_cannot_go_there_is_none(head: bytes, content: bytes) -> None:
    assert noted(head, content) is None


@pytest.mark.parametrize("inner", ["NextPart_alt", "NextPart-", "N"])
def test_a_boundary_that_begins_like_another_is_another(inner: str) -> None:
    head = b'Content-Type: multipart/mixed; boundary="NextPart"\n'
    words = b"--NextPart of the story\r\nYour mail failed.\r\n"
    content = (
        f"--NextPart\r\nContent-Type: multipart/alternative; boundary={inner}\r\n\r\n--{inner}\r\n"
        f"Content-Type: text/plain\r\n\r\n{{}}--{inner}--\r\n--NextPart\r\n\r\nx\r\n--NextPart--\r\n"
    )
    before, _, behind = content.encode().partition(b"{}")
    assert noted(head, before + words + behind) == before + b"A note.\r\n" + words + behind
    place = seen.places(message.parse_fields(head), before + words + behind)[0]
    assert (place.start, place.end) == (len(before), len(before + words))


def test_letters_that_the_part_may_not_hold_keep_it_out() -> None:
    assert noted(b"Content-Type: text/plain; charset=us-ascii\n", b"x", "Für Sie.\n") is None
    assert noted(b"Content-Type: text/plain; charset=utf-8\n", b"x", "Für Sie.\n") is None  # 7bit where nothing is said


@pytest.mark.parametrize(
    ("tag", "subject"),
    [
        ("[{class}]", "[permanent] Undelivered Mail"),
        ("[{kind}: {reason}]", "[failed: user-unknown] Undelivered Mail"),
        ("", "Undelivered Mail"),
        ("[Rückläufer]", "=?utf-8?B?W1LDvGNrbMOkdWZlcl0=?= Undelivered Mail"),
        ("a\r\nX-Evil: b", "a X-Evil: b Undelivered Mail"),
    ],
)
def test_the_tag_stands_before_the_subject(tag: str, subject: str) -> None:
    assert visible.subject("Undelivered Mail", REPORT, tag) == subject
    assert visible.subject(subject, REPORT, tag) == subject


def test_a_tag_is_all_of_the_subject_where_there_is_none() -> None:
    assert visible.subject("", REPORT, "[{kind}]") == "[failed]"


def test_a_tag_makes_no_line_longer_than_a_field_may_have() -> None:
    whole = "x" * 985  # with "Subject: " 994 octets
    tagged = visible.subject(whole, REPORT, "[{class}]")
    assert tagged == f"[permanent]\n {whole}"
    assert max(map(len, f"Subject: {tagged}".split("\n"))) <= 998


def test_a_tag_without_its_value_leaves_the_subject_alone() -> None:
    delivered = msgspec.structs.replace(REPORT, kind=Kind.RELAYED, class_=None)
    assert visible.subject("Successful Delivery", delivered, "[{class}]") == "Successful Delivery"
    assert visible.subject("Successful Delivery", delivered, "[{kind}]") == "[relayed] Successful Delivery"


@pytest.mark.parametrize("raw", [b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße".encode(), "Grüße".encode("latin-1")])
@pytest.mark.parametrize("tag", ["[Rückläufer]", "[{class}]"])
def test_the_tag_stands_apart_from_letters_that_are_no_ascii(raw: bytes, tag: str) -> None:
    tagged = visible.subject(visible.ascii_subject(raw), REPORT, tag)
    assert tagged.isascii()
    assert str(make_header(decode_header(tagged))) == f"{tag.replace('{class}', 'permanent')} Grüße"
    assert visible.subject(tagged, REPORT, tag) == tagged


def test_where_the_letters_of_a_language_cannot_stand_the_note_is_in_english() -> None:
    options = settings.parse({"annotate": {"note": True, "language": "de"}})
    judge = bound(options, load_knowledge(more=["de"]), Events())
    plain = b"charset=us-ascii\r\n"
    for parameters, words in (
        (b"charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "endgültig"),
        (plain, "for good"),
    ):
        noted = judge(SAMPLE.replace(plain, parameters, 1), Envelope()).body.decode()
        assert words in noted.partition("This is the mail system")[0]


def test_of_a_message_that_was_not_read_to_its_end_the_body_stays() -> None:
    """It would lose what was never seen."""
    judge = bound(settings.parse({"annotate": {"note": True}}), packaged_knowledge(), Events())
    for cut in (False, True):
        outcome = judge(SAMPLE, Envelope(cut=cut))
        assert (bool(outcome.body), len(outcome.fields)) == (not cut, 3)


@pytest.mark.parametrize(("depth", "found"), [(1, True), (4, True), (5, False)])
def test_the_note_goes_into_a_text_some_parts_deep(depth: int, found: bool) -> None:
    """Alternatives in a report in a list's wrapping, with pictures beside them; deeper, no program shows it first."""
    content = b"failed\r\n"
    head = b"Content-Type: text/plain\r\n"
    for level in range(depth):
        content = b"--b%d\r\n%s\r\n%s--b%d--\r\n" % (level, head, content, level)
        head = b"Content-Type: multipart/mixed; boundary=b%d\r\n" % level
    expected = content.replace(b"failed", b"A note.\r\nfailed") if found else None
    assert noted(head.replace(b"\r\n", b"\n"), content) == expected


def test_a_subject_that_stays_is_not_written_anew() -> None:
    judge = bound(settings.parse({"annotate": {"subject_tag": "[{class}]"}}), packaged_knowledge(), Events())
    tagged = SAMPLE.replace(b"Subject: ", b"Subject: [permanent] ", 1)
    assert judge(tagged, Envelope()).subject == ""
    raw = re.sub(rb"(?m)^Subject: .*\r$", "Subject: Zurück\r".encode(), SAMPLE, count=1)
    assert judge(raw, Envelope()).subject == "[permanent] =?utf-8?Q?Zur=C3=BCck?="


@pytest.mark.parametrize("cut", [False, True])
def test_a_body_whose_rest_was_never_read_is_not_replaced(cut: bool) -> None:
    """What the filter sends as the new body is all that the message has left."""
    judge = bound(settings.parse({"annotate": {"note": True}}), packaged_knowledge(), Events())
    outcome = judge(SAMPLE, Envelope(cut=cut))
    assert outcome.fields
    assert (outcome.body == b"") is cut
