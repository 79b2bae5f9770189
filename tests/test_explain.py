"""Facts and verdict together: what only the recipient's address or the report's own fields can decide."""

import msgspec
import pytest

from bounce_milter.bounce import Bounce
from bounce_milter.classify.verdict import BEFORE_RCPT
from bounce_milter.explain import RecipientReport, explain_bounce, explain_reply
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.resources import load_knowledge, packaged_knowledge
from bounce_milter.vocabulary import Act, Confidence, Kind, Reason

BARE = Recipient(address="bob@dest.example", action="failed", reply="550", status="5.1.1", said=Said.REMOTE)
UNFOUND = "Host or domain name not found. Name service error for name={} type=A: Host not found"


def told(fact: Recipient) -> RecipientReport:
    found = Bounce(kind=Kind.FAILED, recipients=(fact,), reporting_mta="mail.example.com")
    return explain_bounce(found, packaged_knowledge()).recipients[0]


@pytest.mark.parametrize(
    ("address", "name", "dead"),
    [
        ("bob@dest.example", "dest.example", True),
        ("bob@Dest.Example", "dest.example.", True),
        ("bob@bücher.example", "xn--bcher-kva.example", True),
        ("bob@dest.example", "mx.dest.example", False),
        ("bob@dest.example", "smarthost.isp.example", False),
    ],
)
def test_only_the_recipients_own_domain_can_be_dead(address: str, name: str, *, dead: bool) -> None:
    found = told(Recipient(address=address, action="failed", status="5.4.4", text=UNFOUND.format(name), said=Said.OWN))
    assert (found.reason is Reason.DOMAIN_UNKNOWN, found.dead) == (dead, dead)


@pytest.mark.parametrize(
    "text",
    [
        "delivery 7: failure: Connected_to_192.0.2.1_but_sender_was_rejected./Remote_host_said:_550_5.1.1_User_unknown/",
        "delivery 7: failure: Connected_to_192.0.2.1_but_greeting_failed./Remote_host_said:_550_5.1.1_User_unknown/",
        "SMTP error from remote server in greeting, host: mx.dest.example (192.0.2.1) reason: 550 5.1.1 User unknown",
        "Проверка отправителя: 550 5.1.1 User unknown",
        "MAIL: 550 5.1.1 User unknown",
        "reply to MAIL was 550 5.1.1 User unknown",
        "Stage: MAIL FROM. Response: 550 5.1.1 User unknown",
        "mx.dest.example does not take mail from your address, and says: 550 5.1.1 User unknown",
    ],
)
def test_who_is_refused_before_he_is_named_is_not_dead(text: str) -> None:
    (found,) = explain_reply(text, packaged_knowledge()).recipients
    assert (found.command in BEFORE_RCPT, found.dead) == (True, False)


@pytest.mark.parametrize("lead", ["refused \udce4 by mistake: ", "in reply to \udce4 RCPT TO: ", "\udce4"])
def test_a_reply_that_is_no_unicode_is_read_all_the_same(lead: str) -> None:
    (found,) = explain_reply(f"{lead}550 5.1.1 User unknown", packaged_knowledge()).recipients
    assert (found.reply, found.reason) == ("550", Reason.USER_UNKNOWN)


def test_the_end_of_a_log_line_is_not_quoted() -> None:
    line = "status=bounced (host mx.dest.example said: 550 5.1.1 User unknown (in reply to RCPT TO command))"
    (found,) = explain_reply(line, packaged_knowledge()).recipients
    assert found.because == 'The answer to RCPT TO was "550 5.1.1 User unknown".'


def test_what_a_server_says_in_japanese_is_quoted_with_its_blanks() -> None:
    (found,) = explain_reply("550 5.1.1 宛先不明です。 再送しないでください。", packaged_knowledge()).recipients
    assert found.because.endswith('"550 5.1.1 宛先不明です。 再送しないでください。".')


def test_a_status_that_the_client_adds_to_a_bare_code_proves_nothing() -> None:
    assert told(BARE).dead
    added = told(msgspec.structs.replace(BARE, in_reply=None))
    assert (added.reason, added.dead, added.confidence) == (Reason.USER_UNKNOWN, False, Confidence.LOW)


def test_only_what_the_server_said_is_quoted_and_blamed() -> None:
    fact = msgspec.structs.replace(BARE, text="Administrative prohibition")
    assert "550 5.1.1 Administrative prohibition" in told(fact).because
    assert "of this answer do not all fit" in told(fact).because
    found = told(msgspec.structs.replace(fact, in_reply=None))
    assert (found.text, found.status) == ("550 Administrative prohibition", "5.1.1")
    assert "The report's own code 5.1.1 does not fit this answer." in found.because


def test_the_reporting_systems_own_words_keep_their_own_status() -> None:
    fact = Recipient(
        address="bob@dest.example", action="failed", reply="452", status="4.4.7", in_reply="4.2.2", said=Said.OWN,
        text="Over quota", expired=True,
    )  # fmt: skip
    found = told(fact)
    assert found.text == "452 4.2.2 Over quota"
    assert (found.reason, found.disagreement) == (Reason.MAILBOX_FULL, None)  # X.4.7 says only that time ran out
    bare = told(msgspec.structs.replace(fact, in_reply=None))
    assert bare.text == "452 4.4.7 Over quota"


@pytest.mark.parametrize(
    ("status", "words", "text"),
    [
        ("5.4.4", "No mail exchanger there. (#5.4.4)", "No mail exchanger there. (#5.4.4)"),
        ("5.1.1", "Not accepted: 5.1.1 No such user", "Not accepted: 5.1.1 No such user"),
        ("5.1.1", "No such user, see 5.1.10 and 25.1.1", "5.1.1 No such user, see 5.1.10 and 25.1.1"),
    ],
)
def test_a_status_that_stands_in_the_words_is_not_put_before_them(status: str, words: str, text: str) -> None:
    fact = Recipient(address="bob@dest.example", action="failed", status=status, said=Said.OWN, text=words)
    assert told(fact).text == text


@pytest.mark.parametrize(
    ("alias", "act"),
    [
        ("info@verein.example", Act.RECIPIENT),
        ("bob@old.example", Act.SENDER),  # a domain for a domain: the name may be mistyped
        ("Bob+news@verein.example", Act.SENDER),
        ("bob", Act.SENDER),
        (None, Act.SENDER),
    ],
)
def test_who_wrote_to_another_address_mistyped_nothing(alias: str | None, act: Act) -> None:
    found = told(msgspec.structs.replace(BARE, alias=alias))
    assert (found.dead, found.act) == (True, act)
    assert ("typing errors" in found.advice) is (act is Act.SENDER)


def test_the_login_that_a_bounce_is_about_is_that_of_a_server() -> None:
    fact = msgspec.structs.replace(
        BARE, reply="530", status="5.7.0", text="Authentication required", by="mx.dest.example"
    )
    found = told(fact)
    assert found.act is Act.SENDER_ADMIN
    assert "mx.dest.example takes mail only after a login, and the sending server did not log in" in found.explanation
    assert told(msgspec.structs.replace(fact, said=Said.OWN)).act is Act.SENDER


def test_a_bare_name_is_no_domain() -> None:
    assert (
        "no such mailbox at the recipient's domain" in told(msgspec.structs.replace(BARE, address="GUEST")).explanation
    )


@pytest.mark.parametrize(
    ("by", "reason", "words"),
    [
        ("mail.dest.example", Reason.USER_UNKNOWN, "no such mailbox at dest.example"),
        ("relay.example", Reason.DOMAIN_UNKNOWN, "dest.example does not exist, or has no such mailbox"),
        (None, Reason.DOMAIN_UNKNOWN, "dest.example does not exist, or has no such mailbox"),
    ],
)
def test_a_host_of_the_domain_shows_that_the_domain_exists(by: str | None, reason: Reason, words: str) -> None:
    fact = Recipient(address="bob@dest.example", action="failed", text="Unrouteable address", said=Said.OWN, by=by)
    found = told(fact)
    assert found.reason is reason
    assert words in found.explanation


@pytest.mark.parametrize("text", ["lowest numbered MX record points to local host", "mail loops back to myself"])
def test_a_server_that_is_not_told_of_its_domain_is_no_loop(text: str) -> None:
    fact = Recipient(address="bob@dest.example", action="failed", text=text, said=Said.OWN)
    assert "does not count the domain as its own" in told(fact).explanation


def test_a_machine_that_answers_itself_has_its_name() -> None:
    found = told(msgspec.structs.replace(BARE, by="127.0.0.1", text="User unknown"))
    assert found.by == "mail.example.com"
    assert found.because == 'mail.example.com answered "550 5.1.1 User unknown".'


@pytest.mark.parametrize(
    ("language", "returned"),
    [
        ("en", 'about the message with subject "Minutes" and date "2026-11-13 09:12 +0100"'),
        ("de", 'zur Nachricht mit Betreff "Minutes" und Datum "2026-11-13 09:12 +0100"'),
    ],
)
def test_the_returned_message_is_told_in_the_language_asked_for(language: str, returned: str) -> None:
    original = Original(subject="Minutes", date="Fri, 13 Nov 2026 09:12:37 +0100")
    found = Bounce(kind=Kind.FAILED, recipients=(BARE,), original=original)
    assert explain_bounce(found, load_knowledge(more=[language]), language).returned == returned
    assert explain_bounce(Bounce(kind=Kind.FAILED, recipients=(BARE,)), packaged_knowledge(), language).returned == ""
