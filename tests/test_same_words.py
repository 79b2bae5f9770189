"""The same said otherwise is judged the same: with a footer, indented, by other names, with a key behind it."""

import pytest

from bounce_milter import explain
from bounce_milter.explain import Report
from tests.reports import group

_GONE = "550 5.1.1 User unknown"
_LED = f"The server mx.dest.example has refused your sender address:\n\n   {_GONE}"


def report(words: str, *groups: str) -> Report:
    status = "Reporting-MTA: dns; mail.own.example\n\n" + "\n".join(groups).replace("\r", "")
    return explain(
        (
            "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mail.own.example>\nTo: alice@own.example\n"
            "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
            f"--B\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--B\nContent-Type: message/delivery-status\n\n{status}\n--B--\n"
        ).encode()
    )


def notice(words: str, subject: str = "Undelivered Mail Returned to Sender") -> Report:
    head = f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mail.own.example>\nTo: alice@own.example\nSubject: {subject}\n"
    return explain(f"{head}Content-Type: text/plain; charset=utf-8\n\n{words}\n".encode())


def facts(told: Report) -> list[tuple[str | None, str | None, str | None, str | None, bool]]:
    return [(r.address, r.reply, r.command, r.reason, r.dead) for r in told.recipients]


@pytest.mark.parametrize(
    "below", ["", "\n\nPlease do not reply to this message.", "\n\nThis mailbox is not monitored."]
)
@pytest.mark.parametrize("who", ["bob@dest.example", "no-reply@dest.example"])
def test_which_command_was_refused_is_read_above_any_footer(below: str, who: str) -> None:
    assert facts(report(_LED + below, group(who, _GONE))) == [(who, "550", "MAIL", "sender-refused", False)]


@pytest.mark.parametrize("name", ["bob", "support", "security", "contact", "no-reply", "webmaster", "5.1.1"])
def test_a_role_is_a_recipient_like_any_other(name: str) -> None:
    found = facts(notice(f"Your message to {name}@dest.example could not be delivered:\n\n550 5.1.1 No such user"))
    assert found == [(f"{name}@dest.example", "550", None, "user-unknown", True)]


def test_a_number_in_a_name_is_no_code() -> None:
    (told,) = notice("Your message to 5.1.1@dest.example could not be delivered: it does not like you.").recipients
    assert (told.status, told.dead) == (None, False)
    words = _LED.replace("mx.", "mx-550.")
    assert {
        row[2:] for row in facts(report(words, group("bob@dest.example", _GONE), group("eve@dest.example", _GONE)))
    } == {("MAIL", "sender-refused", False)}


@pytest.mark.parametrize("key", ["", " (4Zk3Xp6HvWz9sQ)", " id 1rgABC-0000000AbCd-1xYz", " j7si123456edn.55 - gsmtp"])
def test_the_key_of_a_session_says_nothing(key: str) -> None:
    assert facts(report("It failed.", group("bob@dest.example", _GONE + key)))[0][3:] == ("user-unknown", True)
    assert facts(report("It failed.", group("bob@dest.example", f"550 5.1.1 no such user: carol{key}")))[0][4] is False


@pytest.mark.parametrize("code", ["550 5.1.1", "[550] 5.1.1", "(550) 5.1.1", "550/5.1.1", "550, 5.1.1", "550: 5.1.1"])
def test_a_code_is_one_in_any_form(code: str) -> None:
    said = f"Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {code} <bob@dest.example>: User unknown\n"
    assert facts(report("It failed.", said)) == [("bob@dest.example", "550", None, "user-unknown", True)]


@pytest.mark.parametrize(
    "who",
    [
        "<bob@dest.example>",
        "<mailto:bob@dest.example>",
        "<bob@dest.example<mailto:bob@dest.example>>",
        "&lt;bob@dest.example&gt;",
    ],
)
def test_an_address_is_one_in_any_brackets(who: str) -> None:
    words = (
        f"This is the mail system at host mail.own.example.\n\n{who}: host mx.dest.example[192.0.2.25] said: 550 5.1.1 {who}: Recipient\n"
        "    address rejected: User unknown (in reply to RCPT TO command)"
    )
    assert facts(notice(words)) == [("bob@dest.example", "550", "RCPT", "user-unknown", True)]


@pytest.mark.parametrize("above", ["", "Dear Sir or Madam,\n\n", "Sehr geehrte Damen und Herren,\n\n"])
def test_a_greeting_takes_nothing_back(above: str) -> None:
    words = f"{above}Your message could not be delivered: the mailbox is full.\n"
    assert facts(report(words, group("bob@dest.example", _GONE)))[0][4] is False


@pytest.mark.parametrize("domain", ["dest", "full", "blocked"])
def test_a_domain_is_no_word_of_failure(domain: str) -> None:
    told = notice(f"Your message was delivered to bob@{domain}.example.\n", "Delivery report")
    assert (told.kind, told.recipients[0].address) == ("delivered", f"bob@{domain}.example")
