"""Sessions that notices show: which reply is about whom, whatever marks stand before the lines."""

import pytest

from bounce_milter.dialects import dialogue

MARKS = [
    ("--> ", "<-- "), (">>> ", "<<< "), ("C: ", "S: "), (" -> ", "<** "), ("send: ", "recv: "), ("CLIENT -> SERVER: ", "SERVER -> CLIENT: "),
    ("SMTP>> ", "SMTP<< "), ("[7] CMD: ", "[7] RSP: "), (" Fri 2008-05-09 08:00:01: --> ", " Fri 2008-05-09 08:00:02: <-- "),
    ("10:11:12.550 >> ", "10:11:12.551 << "), ("2008-05-09 10:11:12 ", "2008-05-09 10:11:13 "), ("", ""), ("> ", "> "),
    ("Sent SMTP command: ", "Received SMTP response: "), ("SMTP-12(b.example) out: ", "SMTP-12(b.example) inp: "),
]  # fmt: skip
SESSION = """C MAIL FROM:<jo@a.example>
S 250 ok
C RCPT TO:<ada@b.example>
S 550-5.1.1 There is
S 550 5.1.1 no such user
C RCPT TO:<ben@b.example>
S 250 ok
C RCPT TO:<mia@b.example>
S 452 4.2.2 Mailbox full
C DATA
S 354 go
S 250 taken"""


def heard(text: str, client: str = "--> ", server: str = "<-- ") -> dialogue.Talk:
    """Return what is heard of a session whose lines begin with C and S."""
    marks = {"C": client, "S": server}
    return dialogue.heard([marks.get(line[:2].strip(), "") + line[2:] for line in text.split("\n")])


def refused(text: str) -> dict[str, tuple[str, str, bool]]:
    """Return of each whom a session refuses the first line of the reply, the command, and whether the tie is sure."""
    told = heard(text).refused
    return {who.partition("@")[0]: (a.lines[0], a.command, a.sure) for who, a in told.items()}


@pytest.mark.parametrize(("client", "server"), MARKS)
def test_each_reply_is_told_of_its_own_recipient(client: str, server: str) -> None:
    told = heard(SESSION, client, server)
    assert {who: " ".join(answer.lines) for who, answer in told.refused.items()} == {
        "ada@b.example": "550-5.1.1 There is 550 5.1.1 no such user",
        "mia@b.example": "452 4.2.2 Mailbox full",
    }
    assert [*told.named] == ["ada@b.example", "ben@b.example", "mia@b.example"]
    assert all(answer.sure and answer.command == "RCPT" for answer in told.refused.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # What stands before a recipient is named, and behind the content of which nobody was taken.
        ("S 220 b.example\nC MAIL FROM:<jo@a.example>\nS 250 ok\nC RCPT TO:<ada@b.example>\nS 550 no\nC DATA\nS 554 none", {"ada": ("550 no", "RCPT", True)}),
        ("C RCPT TO:<ada@b.example>\nS 250 ok\nC RCPT TO:<mia@b.example>\nS 550 no\nC DATA\nS 354 go\nS 552 spam", {"mia": ("550 no", "RCPT", True), "ada": ("552 spam", "DATA", True)}),
        # Together: in their order if there are as many, else by the names in them.
        ("C RCPT TO:<ada@b.example>\nC RCPT TO:<mia@b.example>\nS 250 ok\nS 550 no", {"mia": ("550 no", "RCPT", True)}),
        ("C RCPT TO:<ada@b.example>\nC RCPT TO:<mia@b.example>\nS 550 no", {}),
        ("C RCPT TO:<ada@b.example>\nC RCPT TO:<mia@b.example>\nS 550 <ada@b.example> no", {"ada": ("550 <ada@b.example> no", "RCPT", False)}),
        # A second refusal answers a command that is not shown; a farewell does not.
        ("C RCPT TO:<ada@b.example>\nS 550 no\nS 552 full\nC QUIT", {"ada": ("550 no", "RCPT", False)}),
        ("C RCPT TO:<ada@b.example>\nS 550 no\nS 421 too many errors", {"ada": ("550 no", "RCPT", True)}),
        # A host that was lost says nothing any more; the next one's greeting is no answer.
        ("C RCPT TO:<ada@b.example>\n  Connection lost\n  Connecting to mx2.b.example\nS 554 nobody may", {}),
        ("C RCPT TO:<ada@b.example>\nS 450 later\nC QUIT\nS 221 bye\nS 220 mx2.b.example\nC RCPT TO:<ada@b.example>\nS 250 ok", {}),
        # The message reached him by another try.
        ("C RCPT TO:<ada@b.example>\nS 250 ok\nC DATA\nS 354 go\nS 250 taken\nC RCPT TO:<ada@b.example>\nS 550 no", {"ada": ("550 no", "RCPT", False)}),
        ("C LHLO a.example\nS 250 b\nC RCPT TO:<ada@b.example>\nS 250 ok\nC RCPT TO:<mia@b.example>\nS 250 ok\nC DATA\nS 354 go\nS 250 ada\nS 452 full", {"mia": ("452 full", "DATA", True)}),
        # What the own system makes of it, and a sentence that is no command.
        ("C RCPT TO:<ada@b.example>\nS 550 no\n  550 ada... User unknown", {"ada": ("550 no", "RCPT", True)}),
        ("  SMTP error from remote server after RCPT TO:<ada@b.example>:\n  550 no", {}),
        ("C RCPT TO:<ada>\nS 550 no\nC RCPT TO:<mia@b.example>\nS 250 ok", {}),
    ],
)  # fmt: skip
def test_a_reply_is_tied_to_its_command(text: str, told: dict[str, tuple[str, str, bool]]) -> None:
    assert refused(text) == told


def test_of_a_list_that_stands_above_the_session_the_replies_stay() -> None:
    lines = ["<ida@c.example>:", "   552 5.2.2 Over quota", "", "--> RCPT TO:<ada@b.example>", "<-- 550 no"]
    assert dialogue.heard(lines).without(lines) == [*lines[:2], "", "", ""]


def test_a_refusal_of_all_stays_until_somebody_is_named() -> None:
    assert heard("S 554 nobody may\nC QUIT\nS 221 bye\nS 220 b\nC RCPT TO:<ada@b.example>\nS 550 no").numbers == {
        1,
        2,
        3,
        4,
        5,
    }
    assert 1 in heard("C MAIL FROM:<jo@a.example>\nS 550 no\nC RCPT TO:<ada@b.example>\nS 503 no").numbers
