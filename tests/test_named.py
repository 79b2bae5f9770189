"""The names and numbers that a reply gives: told where servers name them, and left out where they may be anybody's."""

import time

import pytest

from bounce_milter import limits, named
from bounce_milter.explain import RecipientReport, explain_reply
from bounce_milter.resources import packaged_knowledge

NOBODY: frozenset[str] = frozenset()
DEST = frozenset({"dest.example", "mx.dest.example"})


def told(reply: str) -> RecipientReport:
    return explain_reply(reply, packaged_knowledge()).recipients[0]


@pytest.mark.parametrize(
    ("reply", "listed_by"),
    [
        (
            "554 5.7.1 Client host [192.0.2.1] blocked using rbl.mycorp.example; see http://x.example",
            "rbl.mycorp.example",
        ),
        ("550 5.7.1 [192.0.2.1] is listed in all.lists.example", "all.lists.example"),
        ("550 5.7.1 Your message was blocked by ROTA DNSBL", "ROTA DNSBL"),
        ("550 5.7.1 Your IP address was blocked by our DNSBL", None),
        ("550 5.7.1 Blacklisted", None),
        ("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "Spamhaus ZEN"),
        (
            "554 5.7.1 Client host [192.0.2.1] blocked by b.barracudacentral.org and zen.spamhaus.org",
            "Barracuda Reputation, Spamhaus ZEN",
        ),
        ("550 OFR006_102 Client host blocked", "Orange"),
        ("550 5.7.1 Message contains spam", None),
    ],
)
def test_a_list_is_named_as_the_reply_names_it(reply: str, listed_by: str | None) -> None:
    now = told(reply)
    assert now.listed_by == listed_by
    assert listed_by is None or listed_by in now.explanation


def test_of_two_lists_both_pages_are_told() -> None:
    now = told("554 5.7.1 Client host [192.0.2.1] blocked by b.barracudacentral.org and zen.spamhaus.org")
    assert "https://www.barracudacentral.org/rbl/removal-request, https://check.spamhaus.org/." in now.because


def test_the_address_in_a_link_is_the_one_that_is_refused() -> None:
    now = told("550 5.7.1 Client host blocked: see https://lists.example/blocked?ip=192.0.2.5")
    assert now.about == "192.0.2.5"
    assert "refuses mail from 192.0.2.5" in now.explanation
    assert told("550 5.7.1 Client host blocked: see https://lists.example/?ip=592.0.2.5").about is None


@pytest.mark.parametrize(
    ("reply", "domain"),
    [
        ("Unauthenticated email from example.org is not accepted due to domain's DMARC policy", "example.org"),
        ("your message was rejected due to example.org's DMARC policy", "example.org"),
        ("DMARC policy for example.org", "example.org"),
        ("sending domain [EXAMPLE.ORG] does not pass DMARC verification", "example.org"),
        ("domain of alice@example.org does not designate 192.0.2.1 as permitted sender", "example.org"),
        ("SPF: mail from alice@example.org is not allowed", "example.org"),
        ("SPF [example.org] with ip: [192.0.2.1] = did not pass", "example.org"),
        ("Bad SPF records for [example.org:192.0.2.1]", "example.org"),
        ("no record of _dmarc.example.org, domain _dmarc.example.org", "example.org"),
        ("DKIM failed, d=example.org", "example.org"),
        ("<alice@example.org>: Sender address rejected: Domain not found", "example.org"),
        ("the policy of dest.example forbids it", None),
        ("DMARC failed, domain mail.dest.example", None),
        ("SPF check failed at mx.dest.example from 192.0.2.1", None),
        ("SPF failed, see https://example.org/spf", None),
        ("SPF failed", None),
    ],
)
def test_the_senders_domain_is_the_one_that_the_checks_speak_of(reply: str, domain: str | None) -> None:
    assert named.sender_domain(reply, DEST, listed=False) == domain


@pytest.mark.parametrize(
    ("reply", "domain"),
    [
        ("Sender address [alice@bad.example] blocked using rhsbl.example.net", "bad.example"),
        ("Helo command [mail.bad.example] blocked using dbl.example.net", "mail.bad.example"),
        ("bad.example is listed in dbl.example.net", "bad.example"),
        ("see https://www.lists.example/query/domain/bad.example", "bad.example"),
        ("blocked using dbl.example.net", None),
    ],
)
def test_a_listed_domain_is_named(reply: str, domain: str | None) -> None:
    assert named.sender_domain(reply, DEST, listed=True) == domain


@pytest.mark.parametrize(
    ("reply", "limit"),
    [
        ("552 5.3.4 Message size exceeds fixed limit (10485760)", "10 MB"),
        ("552 5.3.4 message size 25000000 exceeds size limit 20971520 of server mx.dest.example", "20 MB"),
        ("552 Message size (36 MB) exceeds the maximum allowed size (25 MB)", "25 MB"),
        ("550 Message too large: size limit is 2.5MB", "2.6 MB"),
        ("552 Message too big, max 500 KB", "512 kB"),
        ("552 5.3.4 Message size exceeds fixed limit", None),
        ("552 Message too large, limit: 10 attachments", None),
        ("552 Message of 36 MB is too large", None),
        ("552 Message too large, limit is 0", None),
        ("552 Message too large, limit is 999999999999999999", None),
    ],
)
def test_how_large_a_message_may_be(reply: str, limit: str | None) -> None:
    assert named.size_limit(reply) == limit


def test_a_limit_is_told_of_what_is_too_large_alone() -> None:
    assert told("552 5.3.4 Message size exceeds fixed limit (10485760)").because.endswith("names 10 MB as the limit.")
    assert "as the limit" not in told("450 4.7.1 Too much mail, the limit is 10485760").because


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        ("551 5.1.6 bob moved to <bob@new.example>", "the mailbox has moved to <bob@new.example>"),
        ("551 5.1.6 User not local; please try <bob@new.example>", "the mailbox has moved to <bob@new.example>"),
        ("550 5.1.6 The mailbox has moved", "the mailbox has moved to another address"),
    ],
)
def test_the_new_address_is_named(reply: str, what: str) -> None:
    assert what in told(reply).explanation


def test_an_address_that_is_the_old_one_is_no_new_one() -> None:
    assert named.new_address("moved to <bob@dest.example>", frozenset({"bob@dest.example"})) is None


def test_a_helo_name_that_is_unknown_is_named() -> None:
    now = told("450 4.7.1 <mail.example.org>: Helo command rejected: Host not found")
    assert "(HELO: mail.example.org)" in now.explanation
    assert "PTR" not in now.advice


@pytest.mark.parametrize(
    "piece",
    ["a.", "domain a.", "a@", "listed in ", "d=", "maximum size ", "moved to a@a.", "x" * 60 + ".", "[", "from "],
)
def test_names_are_found_in_time_that_is_linear(piece: str) -> None:
    text = (piece * limits.WORDS_CHARS)[: limits.WORDS_CHARS]
    verdict = told("554 5.7.1 Client host [192.0.2.1] blocked").verdict
    assert verdict is not None
    start = time.perf_counter()
    named.sender_domain(text, NOBODY, listed=True)
    named.listed_by(verdict, text, NOBODY)
    named.about(verdict, text)
    named.size_limit(text)
    named.new_address(text, NOBODY)
    named.helo(text)
    assert time.perf_counter() - start < 0.1
