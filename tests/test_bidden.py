"""Whom a reply bids people to turn to and when to send again: told where it is said once and plainly, and not where it is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import limits
from bounce_milter.case import bidden
from bounce_milter.case.bidden import Wait
from bounce_milter.explain import RecipientReport, explain_reply
from bounce_milter.resources import load_knowledge
from tests.reports import knowledge


def told(reply: str) -> RecipientReport:
    return explain_reply(reply, knowledge()).recipients[0]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("the employee has left the company, contact hr@dest.example", "hr@dest.example"),
        ("This address is no longer in use. Please write to new@dest.example instead.", "new@dest.example"),
        ("no longer here, please contact Jane Smith (jane@dest.example)", "jane@dest.example"),
        ("This box is closed, please use the new address jane@dest.example", "jane@dest.example"),
        ("Bitte wenden Sie sich an info@dest.example, Herr Weber ist ausgeschieden", "info@dest.example"),
        ("Alicia left us; her new address is a.moreno@dest.example", "a.moreno@dest.example"),
        ("Bitte schreiben Sie an neu@dest.example", "neu@dest.example"),
        ("n'est plus utilisée, merci d'écrire à contact@dest.example", "contact@dest.example"),
        ("ya no trabaja aquí, escriba a info@dest.example", "info@dest.example"),
        ("このアドレスは使われておりません。new@dest.example までご連絡ください", "new@dest.example"),
        ("do not write to bob@dest.example any more", None),
        ("we could not contact bob@dest.example", None),
        ("unable to send mail to bob@dest.example", None),
        ("your mail to bob@dest.example was refused", None),
        ("mail from alice@sender.example rejected", None),
        ("we will try to deliver to bob@dest.example", None),
        ("please contact jane@dest.example. Or write to joe@dest.example", None),
        ("please contact jane@dest.example or joe@dest.example", None),
        ("please contact Jane Smith (jane@dest.example), or Joe (joe@dest.example)", None),
        ("bitte wenden Sie sich an jane@dest.example / joe@dest.example", None),
        ("jane@dest.example または joe@dest.example までご連絡ください", None),
        ("please contact jane@dest.example and remove bob@dest.example from your lists", "jane@dest.example"),
        ("please contact jane@dest.example or first.last@dest.example", "jane@dest.example"),
        ("we were renamed, write to firstname.lastname@dest.example", None),
        ("bob@dest.example: User unknown", None),
        ("see our form at https://dest.example/contact and not the address info@dest.example", None),
        ("write to office@dest.example, not to info@dest.example", "office@dest.example"),
        ("please write not to anna@home.example but to office@dest.example", None),
        ("Use our contact form instead of info@dest.example", None),
        ("do not hesitate to contact office@dest.example", "office@dest.example"),
        ("n'hésitez pas à contacter office@dest.example", "office@dest.example"),
        ("Instead of info@dest.example please write to office@dest.example", "office@dest.example"),
        ("please use jane@dest.example, but that address takes no mail yet", None),
        ("please write to jane@dest.example, as bob@dest.example is no longer here", "jane@dest.example"),
        ("Boîte fermée. N'écrivez pas à info@dest.example", None),
        ("廃止されました。info@dest.example には送らないでください。", None),
    ],
)
def test_whom_a_reply_bids_to_write_to(text: str, who: str | None) -> None:
    assert bidden.contact(text) == who


@pytest.mark.parametrize(
    "name",
    ["firstname.lastname", "first.last", "f.lastname", "flast", "username", "user", "your.name", "vorname.nachname", "prenom.nom", "newuser"],
)  # fmt: skip
def test_a_name_that_only_shows_how_names_are_formed_is_nobodys(name: str) -> None:
    assert bidden.contact(f"please write to {name}@dest.example") is None


@pytest.mark.parametrize(
    "name", ["firstlevel", "userhelp", "user1", "useradmin", "yourik", "nombres", "first-aid", "mail", "youri"]
)
def test_a_name_that_begins_like_one_is_somebodys(name: str) -> None:
    assert bidden.contact(f"please write to {name}@dest.example") == f"{name}@dest.example"


def test_nobody_is_sent_to_whom_he_wrote_to() -> None:
    known = frozenset({"bob@dest.example"})
    assert bidden.contact("please contact bob@dest.example", known) is None
    assert bidden.contact("please contact bob@dest.example or write to joe@dest.example", known) == "joe@dest.example"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("This message looks like spam. If not, call us: +49 30 1234567", True),
        ("To be removed from the list fill in the form at https://dest.example/a", True),
        ("blocked. Visit http://dest.example/cgi-bin/support_bl?ip=192.0.2.1", True),
        ("blocked, error 550 1234567", False),
        ("see https://support.dest.example/?p=Spam", False),
        ("Do not use the contact form at https://dest.example/contact", False),
        ("there is no form at https://dest.example/a", False),
        ("please do not hesitate to contact us at: https://dest.example/a", True),
        ("not on our whitelist. Ask at https://dest.example/ask", True),
        ("the ticket is closed, and tickets are never used again. Open a ticket at https://dest.example/new", True),
        ("do not call +49 30 1234567", False),
        ("Content removed, see https://support.dest.example/policy", False),
        ("to be removed see https://dest.example/a", True),
        ("Call to host +0123456789", False),
        ("authenticated call from 0123456789 failed", False),
    ],
)
def test_a_number_to_call_and_a_page_for_requests(text: str, *, names: bool) -> None:
    assert bidden.names_contact(text) is names


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Greylisting in action, please come back later in 300 seconds", Wait("after_minutes", "5")),
        ("Temporarily rejected, please retry in 00:04:30", Wait("after_minutes", "5")),
        ("Greylisted for 1 hour", Wait("after_minutes", "60")),
        ("System maintenance, try again in two hours", Wait("after_hours", "2")),
        ("your address is blocked for 24 hours", Wait("after_hours", "24")),
        ("Bitte versuchen Sie es in 10 Minuten erneut", Wait("after_minutes", "10")),
        ("Greylisting aktiv, bitte in 1 Stunde erneut versuchen", Wait("after_minutes", "60")),
        ("Bitte warten Sie 24 Stunden und versuchen Sie es erneut", Wait("after_hours", "24")),
        ("Bitte versuchen Sie es in 90 Sekunden erneut", Wait("after_minutes", "2")),
        ("Réessayez dans 15 minutes", Wait("after_minutes", "15")),
        ("Inténtelo de nuevo en 10 minutos", Wait("after_minutes", "10")),
        ("quota exceeded. Try again at 15:30 UTC.", Wait("at_time", "15:30 UTC")),
        ("You may send again after 16:00", Wait("at_time", "16:00")),
        ("try again after Sunday 06:00 UTC", Wait("at_named_time", "")),
        ("mailbox is being moved, offline until Sunday", Wait("at_named_time", "")),
        ("Retry in a quarter of an hour", None),
        ("try again later, you may have been listed", None),
        ("limit reached; resets at midnight UTC", Wait("at_named_time", "")),
        ("Greylisted, see http://dest.example/5-minutes", None),
        ("too many messages, limit is 100 per 60 minutes, try again later", None),
        ("try again within 24 hours or it is returned", None),
        ("try again in 5 minutes, blocked for 3 hours", None),
        ("try again in 10 minutes or 20", None),
        ("try again in 99999 days", None),
        ("the message waited 5 days", None),
        ("Greylisting: message age 240 seconds, minimum 900 seconds", None),
        ("Greylisted: you waited 60 seconds, at least 300 seconds are needed", None),
        ("Greylisting: first seen 120 seconds ago, wait 600 seconds", Wait("after_minutes", "10")),
        ("we go on trying until Friday", None),
        ("Unknown triplet, deferred for 300 s", Wait("after_minutes", "5")),
        ("the message has been deferred for 4 hours", None),
        ("suspended 5 minutes ago", None),
        ("greylisted 5 minutes ago", None),
        ("blocked 3 days ago", None),
        ("gesperrt, versuchen wir seit 3 Tagen", None),
        ("blocked on 2026-01-01 12:00", None),
        ("last tried again on 2026-01-01 12:00", None),
        ("deferred 2026-01-01 12:00:00", None),
        ("delayed for 4 hours", None),
        ("delayed; we will retry for 5 days", None),
        ("greylisted at 10:00", None),
        ("greylisted until 10:00", Wait("at_time", "10:00")),
        ("retry after 10:00 PM", None),
        ("retry after 9:30 a.m.", None),
        ("retry after 2026-12-01T10:00:00Z", Wait("at_time", "2026-12-01T10:00:00Z")),
        ("retry after 2026-12-01T10:00:00.5Z", None),
        ("try again after 10:00+02:00", Wait("at_time", "10:00+02:00")),
        ("blocked until 2026-12-01 25:99", None),
        ("blocked until 2026-13-01 10:00", None),
        ("wait 00:04:59", Wait("after_minutes", "5")),
        ("try again after 05:00 minutes", None),
        ("try again in 1 hour 30 minutes", None),
        ("try again in an hour and 20 minutes", None),
        ("try again in an hour and a half", None),
        ("Try again in 10 minutes or 20 minutes", None),
        ("Try again in 10 minutes or write to us", Wait("after_minutes", "10")),
        ("try again at 10:00 or 14:00", None),
        ("try again at 10:00 - 14:00", None),
        ("No need to wait 10 minutes", None),
        ("do not try again in 10 minutes", None),
        ("do not retry for 24 hours", Wait("after_hours", "24")),
        ("waiting 60 seconds before banner", None),
        ("try again in 5 \u017feconds", Wait("after_minutes", "2")),
        ("erneut in 2 \u017ftunden", Wait("after_hours", "2")),
        ("delivery not completed after 12 retries in 2 days", None),
        ("DNS retry failed for 3 days", None),
        ("We will continue to try to deliver it for the next 2 days", None),
        ("we will retry delivery for 5 days", None),
        ("please try to send it again in 10 minutes", Wait("after_minutes", "10")),
        ("please retry delivery in 10 minutes", Wait("after_minutes", "10")),
        ("please try again later, wait for 10 minutes", Wait("after_minutes", "10")),
        ("blocked for too many messages in 2 minutes", None),
    ],
)
def test_when_one_may_send_again(text: str, when: Wait | None) -> None:
    assert bidden.wait(text) == when


# Letters beside A to Z that fit them without regard to case: what a pattern matches need not be what a table holds.
_ALIKE = {"s": "\u017f", "k": "\u212a", "i": "\u0130\u0131"}
_BIDDEN = (
    "wait two seconds", "try again in 3 minutes", "erneut in 2 Stunden", "warten Sie 4 Sekunden", "espere 5 días", "retry in 1 hour",
    "attendre 6 jours", "wieder in 3 Minuten", "try again at 10:00 JST", "retry after 2026-12-01T10:00:00 CEST", "bis Dienstag",
    "limit of 5 per day, or stündlich", "please ask bob@dest.example", "schreiben Sie an bob@dest.example, aber nicht", "dial 0123456789",
)  # fmt: skip


@given(st.sampled_from(_BIDDEN), st.data())
def test_letters_that_only_look_like_others_are_read_and_nothing_is_raised(text: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.sampled_from(letter + _ALIKE.get(letter.lower(), ""))) for letter in text)
    for read in (bidden.contact, bidden.in_his_place, bidden.names_contact, bidden.wait, bidden.period):
        read(text)


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("Daily user sending limit exceeded", Wait("after_hours", "24")),
        ("limit of 50 messages per hour", Wait("after_minutes", "60")),
        ("limits of 50 messages per hour and 200 per day", None),
        ("limit exceeded", None),
    ],
)
def test_a_limit_lasts_as_long_as_its_period(text: str, lasts: Wait | None) -> None:
    assert bidden.period(text) == lasts


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        ("551 5.1.1 Bob Doe has left the company, please contact jane@dest.example", "contact <jane@dest.example>"),
        ("550 5.2.1 Mailbox disabled; the employee has left us, contact hr@dest.example", "contact <hr@dest.example>"),
        ("550 5.7.1 Ralph has left the company. Call +49 40 123456", "contact whoever the answer names"),
        ("550 5.1.1 Employee has left the company", "contact whoever does that work there now"),
        ("550 This message is spam. Contact postmaster@dest.example if not", "contact <postmaster@dest.example>"),
        ("451 4.7.1 Greylisted, please try again in 10 minutes", "once more after 10 minutes"),
        (
            "550 5.4.5 Daily user sending limit exceeded. See https://support.google.com/a/answer/166852",
            "after 24 hours",
        ),
        (
            "550 5.7.1 Your account has exceeded its sending quota of 200 per hour. Try again at 15:30 UTC.",
            "after 15:30 UTC",
        ),
        ("451 4.7.1 Greylisted", "after half an hour"),
    ],
)
def test_what_the_answer_bids_is_told(reply: str, advice: str) -> None:
    assert advice in told(reply).what_to_do


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("de", "nach 10 Minuten noch einmal senden"),
        ("fr", "renvoyer le message au bout de 10 minutes"),
        ("es", "otra vez pasados 10 minutos"),
        ("ja", "10分ほどしてからもう一度"),
    ],
)
def test_a_time_is_told_in_every_language(language: str, advice: str) -> None:
    reply = "451 4.7.1 Greylisted, please try again in 10 minutes"
    assert advice in explain_reply(reply, load_knowledge(more=[language]), language).recipients[0].what_to_do


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 This address is no longer in use. Please write to new@dest.example instead.",
        "550 The mailbox is closed; for enquiries please write to new@dest.example",
        "550 Diese E-Mail-Adresse existiert nicht mehr. Bitte schreiben Sie an new@dest.example",
        "550 5.1.1 Cette adresse n'est plus utilisée, merci d'écrire à new@dest.example",
    ],
)
def test_who_is_named_in_the_place_of_an_address_is_told(reply: str) -> None:
    assert told(reply).topic == "address-given-up"
    assert told(reply).act == "sender"
    assert "write to <new@dest.example>" in told(reply).what_to_do


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 User unknown, please contact postmaster@dest.example",
        "550 5.1.1 No such user. Please write to jane@dest.example for help",
        "550 5.2.1 The mailbox is disabled, contact support@dest.example",
        "550 5.2.1 This account has been disabled; contact soporte@dest.example if you are its owner",
        "550 5.2.1 Mailbox disabled, contact jane@dest.example if you believe this is an error",
        "550 5.2.1 Account disabled because of an unpaid invoice. Account holder: contact office@hoster.example",
        "550 5.2.1 Mailbox closed for non-payment, contact accounts@hoster.example",
        "550 5.2.1 Mailbox is disabled, please contact billing@hoster.example",
        "550 5.2.1 Account closed. Customer should write to office@hoster.example",
    ],
)
def test_who_helps_with_a_failure_is_nobodys_successor(reply: str) -> None:
    assert told(reply).topic != "address-given-up"


def test_who_asks_for_a_form_is_not_written_to() -> None:
    now = told(
        "550 5.2.1 Mailbox closed. Please use our web form at https://dest.example/contact and not info@dest.example"
    )
    assert now.topic == "address-form"
    assert "info@" not in now.what_to_do


def test_greylisting_that_is_off_is_no_cause() -> None:
    now = told("450 4.7.1 Blacklisted for 24 hours after 3 attempts within 10 minutes. Greylisting is off.")
    assert now.reason == "blocklisted"


@pytest.mark.parametrize(
    "piece",
    ["instead of ", "but no ", "n'", "a@b.cd, but ", "ない", "owner ", "write ", "contact a@", "please use the ", "again ", "try 1", "wait 1 m", "until 1:", "call 0", "call +1 ", "https://a/a", "form ", "@a.b ", "call (1-", "blocked for ", "greylisted for ", "until 10:00 or "],
)  # fmt: skip
def test_what_is_bidden_is_found_in_time_that_is_linear(piece: str) -> None:
    text = (piece * limits.WORDS_CHARS)[: limits.WORDS_CHARS]
    start = time.process_time()
    bidden.contact(f"{text} jane@dest.example")
    bidden.in_his_place(f"{text} jane@dest.example")
    bidden.names_contact(text)
    bidden.wait(text)
    bidden.period(text)
    assert time.process_time() - start < 0.1
