"""What programs do to the words of a notice, undone: each case is one that hid a recipient, or called a living one dead."""

import pytest

import bounce_milter
from bounce_milter.message.markup import html_text
from bounce_milter.view import typeset
from tests.test_samples import NAMES, message

_LINE = "<bob@dest.example>: 550 5.1.1 User unknown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bob@dest.example <bob@dest.example>: no", "bob@dest.example: no"),
        ("'bob@dest.example' <mailto:bob@dest.example>: no", "bob@dest.example: no"),
        ("bob@dest.example [mailto:bob@dest.example]: no", "bob@dest.example: no"),
        ("mailto:bob@dest.example: no", "bob@dest.example: no"),
        ("see https://d.example/?to=mailto:bob@dest.example", "see https://d.example/?to=mailto:bob@dest.example"),
        ('"Bob Miller" <bob@dest.example>: no', "<bob@dest.example>: no"),
        ("„Bob Miller“ <bob@dest.example>: no", "<bob@dest.example>: no"),
        ("to Bob Miller <bob@dest.example>: no", "to Bob Miller <bob@dest.example>: no"),
        ("'bob@dest.example': no", "<bob@dest.example>: no"),
        ("(bob@dest.example)\nno", "<bob@dest.example>\nno"),
        ("«bob@dest.example»: no", "<bob@dest.example>: no"),
        ("said 'bob@dest.example' to me", "said 'bob@dest.example' to me"),
        ("**bob@dest.example** failed", "bob@dest.example failed"),
        ("* bob@dest.example\n* eva@dest.example", "* bob@dest.example\n* eva@dest.example"),
        ("Reason : no", "Reason: no"),
        ("at 10 :30", "at 10 :30"),
        ("次の宛先：\nbob@dest.example：", "次の宛先:\nbob@dest.example:"),
        ("From：kim@source.example\n理由：不明", "From: kim@source.example\n理由：不明"),
        (
            "550 5.1.2 <bob@d.example>... Host unknown (Name server: d.example: no data\nknown)",
            "550 5.1.2 <bob@d.example>... Host unknown (Name server: d.example: no data known)",
        ),
        ("550 5.1.1 User unknown\n(in reply to RCPT)", "550 5.1.1 User unknown\n(in reply to RCPT)"),
        ("    one\n\n    two", "one\n\ntwo"),
    ],
)
def test_what_stands_around_addresses_and_words_goes(text: str, expected: str) -> None:
    assert typeset.words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"| Your mail\n| \n| {_LINE}", f"Your mail\n\n{_LINE}"),
        (f"> Your mail\n>\n> {_LINE}", f"Your mail\n\n{_LINE}"),
        (f"> Your mail\n{_LINE}", f"> Your mail\n{_LINE}"),
        (f"| a | b |\n{_LINE}", f"| a | b |\n{_LINE}"),
        (f"one\n\ntwo\n\n\n\n{_LINE}\n\n\n\nthree\n\nfour\n", f"one\ntwo\n\n{_LINE}\n\nthree\nfour\n"),
        (f"one\n\ntwo\n\n\n\n{_LINE}\n\nthree", f"one\n\ntwo\n\n\n\n{_LINE}\n\nthree"),
        (f"one\ntwo\n\n\n\n{_LINE}\n\n\n\nthree", f"one\ntwo\n\n\n\n{_LINE}\n\n\n\nthree"),
        ("-- \nBob  \n", "-- \nBob\n"),
    ],
)
def test_what_a_program_did_to_all_lines_goes(text: str, expected: str) -> None:
    assert typeset.lines(text) == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<div style="white-space: pre-wrap">one\n  two</div>three',
        "<p style='color:red;white-space:pre'>one\n  two</p>three",
        '<div style="white-space:pre-line"><div>one</div>  two</div>three',
        "<textarea rows=2>one\n  two</textarea><br>three",
        '<span style="white-space:break-spaces">one\n  two</span><br>three',
    ],
)
def test_lines_that_a_style_keeps_are_kept(markup: str) -> None:
    told = [line.strip(" \xa0") for line in html_text(markup).split("\n") if line.strip(" \xa0")]
    assert told == ["one", "two", "three"]


@pytest.mark.parametrize("name", ["703", "704"])
@pytest.mark.parametrize("shown", ["<bob@dest.example>", '"Bob Miller" <bob@dest.example>', "„bob@dest.example“"])
def test_who_received_it_lives_however_he_is_named(name: str, shown: str) -> None:
    (found,) = [each for each in NAMES if each.startswith(f"{name}-")]
    header, _, body = message(found).decode().partition("\n\n")
    told = bounce_milter.explain(f"{header}\n\n{body.replace('bob@dest.example', shown, 1)}".encode(), sender="<>")
    assert [recipient.dead for recipient in told.recipients] == [False] * len(told.recipients)
    assert told.recipients


def test_marks_of_a_quotation_are_no_part_of_an_address() -> None:
    notice = "From: MAILER-DAEMON@mx.own.example\nSubject: Undelivered mail\n\nCould not be delivered:\n\n"
    for shown in ("„bob@dest.example“", "«bob@dest.example»", "＜bob@dest.example＞", "*bob@dest.example*"):
        told = bounce_milter.explain(f"{notice}{shown}: 550 5.1.1 User unknown\n".encode(), sender="<>")
        assert [recipient.address for recipient in told.recipients] == ["bob@dest.example"], shown
