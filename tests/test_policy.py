"""What goes to review: each option of the policy by itself, what never goes, and which recipient decides."""

from pathlib import Path
from typing import Any

import pytest

from bounce_milter import policy, settings
from bounce_milter.explain import explain
from bounce_milter.policy import Decision, Envelope
from bounce_milter.settings import Settings
from tests.reports import FULL, GONE, dsn, group, knowledge, report

TO_ALICE = Envelope("4X", "<>", ("<alice@example.org>",))
LISTED = "550 5.7.1 Service unavailable; client host [192.0.2.7] blocked using zen.spamhaus.org"
LARGE = "552 5.3.4 Message size exceeds fixed limit"
ODD = "550 5.0.0 zzz"


def options(**review: Any) -> Settings:
    return settings.parse({"review": {"mode": "mark", **review}})


def decided(*groups: str, envelope: Envelope = TO_ALICE, reporting: str = "mx.example.net", **review: Any) -> Decision:
    return policy.decide(report(*groups, reporting=reporting), options(**review), envelope)


def test_review_is_off_unless_it_is_switched_on() -> None:
    found = policy.decide(report(), Settings(), TO_ALICE)
    assert (found.annotate, found.review, found.why) == (True, False, "review is off")


@pytest.mark.parametrize("mode", ["mark", "redirect", "copy", "quarantine", "maildir"])
def test_switched_on_permanent_failures_go_to_review(mode: str) -> None:
    found = decided(mode=mode, mailbox="review@example.org", maildir="/var/mail/review")
    assert found == Decision(annotate=True, review=True, why="policy", reason="user-unknown", class_="permanent")


@pytest.mark.parametrize(
    "one",
    [
        group(said=FULL),
        group(said=LARGE),
        group(said=FULL, action="delayed"),
        group(said="", action="delivered"),
        group(said="", action="relayed"),
        group(said="", action="expanded"),
        group(said="550 5.2.0 qxvbz"),
    ],
)
def test_by_default_nothing_else_does(one: str) -> None:
    found = decided(one)
    assert (found.annotate, found.review) == (True, False)


def test_the_worst_recipient_that_fits_decides() -> None:
    both = (group("carl@dest.example", LISTED), group("bob@dest.example"))
    assert decided(*both).reason == "user-unknown"
    assert decided(*both, reasons=["blocklisted"]).reason == "blocklisted"
    assert not decided(*both, reasons=["virus-found"]).review
    assert decided(group("carl@dest.example", FULL, action="delayed"), group()).reason == "user-unknown"


@pytest.mark.parametrize(
    ("one", "review", "goes"),
    [
        (group(said=FULL), {"classes": ["transient"]}, True),
        (group(said=LARGE), {"classes": ["message"]}, True),
        (group(), {"classes": ["message", "transient"]}, False),
        (group(said=LARGE), {"classes": []}, True),
        (group(said="", action="relayed"), {"kinds": ["relayed"]}, True),
        (group(said="", action="expanded"), {"kinds": ["failed", "expanded"]}, True),
        (group(said="", action="expanded"), {"kinds": []}, True),
        (group(said="", action="expanded"), {"kinds": ["expanded"], "reasons": ["mail-loop"]}, False),
        (group(said="", action="expanded"), {"kinds": ["expanded"], "dead_only": True}, False),
        (group(), {"kinds": ["relayed"]}, False),
        (group(), {"reasons": ["user-unknown"]}, True),
        (group(), {"reasons": ["mailbox-full"]}, False),
        (group(), {"dead_only": True}, True),
        (group(said=LISTED), {"dead_only": True}, False),
        (group(said=LISTED), {}, True),
        (group("Bob@Dest.Example"), {"recipient_domains": ["dest.example"]}, True),
        (group("bob@mx.dest.example"), {"recipient_domains": ["@dest.example"]}, True),
        (group("bob@baddest.example"), {"recipient_domains": ["dest.example"]}, False),
        (group('"bob smith"@dest.example.'), {"recipient_domains": ["dest.example"]}, True),
        (group(), {"reporting_domains": ["example.net"]}, True),
        (group(), {"reporting_domains": ["mx.example.com"]}, False),
        (group(), {"local_recipients": ["ALICE@example.org"]}, True),
        (group(), {"local_recipients": ["example.org"]}, True),
        (group(), {"local_recipients": ["@example.org"]}, True),
        (group(), {"local_recipients": ["carol@example.org", "example.com"]}, False),
        (group(), {"except": {"reasons": ["user-unknown"]}}, False),
        (group(), {"except": {"reasons": ["mailbox-full"]}}, True),
        (group(), {"except": {"recipient_domains": ["dest.example"]}}, False),
        (group(), {"except": {"reporting_domains": ["example.net"]}}, False),
        (group(), {"except": {"local_recipients": ["alice@example.org"]}}, False),
        (group(), {"except": {"local_recipients": ["carol@example.org"]}}, True),
        (group(), {"reasons": ["user-unknown"], "except": {"reasons": ["user-unknown"]}}, False),
        (group("bob@xn--bcher-kva.example"), {"recipient_domains": ["Bücher.example"]}, True),
        (group("bob@xn--bcher-kva.example"), {"except": {"recipient_domains": ["bücher.example"]}}, False),
        (group("bob@xn--strae-oqa.example"), {"except": {"recipient_domains": ["straße.example"]}}, False),
        (group("bob@strasse.example"), {"except": {"recipient_domains": ["straße.example"]}}, True),
    ],
)  # fmt: skip
def test_each_option_by_itself(one: str, review: dict[str, Any], goes: bool) -> None:
    assert decided(one, **review).review is goes


@pytest.mark.parametrize(
    ("name", "host"),
    [("2500-qmail-names-its-host", "old.own.example"), ("2501-exim-names-its-host", "vps12.hosting.example")],
)
def test_who_reports_counts_without_a_report_part_too(name: str, host: str) -> None:
    told = explain((Path(__file__).parent / "samples" / f"{name}.eml").read_bytes(), knowledge=knowledge())
    assert told.reporting_mta == host
    for review in ({"reporting_domains": ["other.example"]}, {"except": {"reporting_domains": [host]}}):
        assert not policy.decide(told, options(**review), TO_ALICE).review


def test_confidence_is_a_threshold() -> None:
    ranks = ["low", "medium", "high"]
    says = {"low": "550 5.1.1 zzz", "medium": "550 5.7.1 User unknown", "high": GONE}
    for rank, said in enumerate(says.values()):
        assert report(group(said=said)).recipients[0].confidence == ranks[rank]
        assert [decided(group(said=said), confidence=wanted).review for wanted in ranks] == [
            rank >= n for n in range(3)
        ]


@pytest.mark.parametrize("wanted", ["Alice@bücher.example", "bücher.example", "xn--bcher-kva.example"])
@pytest.mark.parametrize("here", ["<alice@xn--bcher-kva.example>", "<alice@BÜCHER.example>"])
def test_a_domain_is_one_in_its_own_letters_and_as_the_dns_has_it(wanted: str, here: str) -> None:
    envelope = Envelope("4X", "<>", (here,))
    review: dict[str, Any] = {"except": {"local_recipients": [wanted]}}
    assert not decided(envelope=envelope, **review).review
    table = {"annotate": {"languages": {wanted.rpartition("@")[2]: "de"}}}
    assert policy.language(settings.parse(table), envelope) == "de"


EXCEPT_BOSS: dict[str, Any] = {"except": {"local_recipients": ["boss@example.org"]}}


def test_of_several_recipients_here_one_exception_keeps_the_message() -> None:
    both = Envelope("4X", "<>", ("<alice@example.org>", "<boss@example.org>"))
    assert decided(envelope=both, local_recipients=["alice@example.org"]).review
    assert not decided(envelope=both, **EXCEPT_BOSS).review


@pytest.mark.parametrize("to", ["<review@example.org>", "REVIEW@example.org", "<review@Example.ORG>"])
def test_mail_that_already_goes_to_the_review_mailbox_stays(to: str) -> None:
    envelope = Envelope("4X", "<>", ("<alice@example.org>", to))
    assert (
        decided(envelope=envelope, mode="redirect", mailbox="review@example.org").why == "already at the review mailbox"
    )


@pytest.mark.parametrize("template", ["review+{reason}@example.org", "{user}+user-unknown@{domain}"])
def test_a_pattern_knows_the_mail_that_went_to_it(template: str) -> None:
    envelope = Envelope("4X", "<>", ("<review+user-unknown@example.org>",))
    assert decided(envelope=envelope, mode="redirect", mailbox=template).why == "already at the review mailbox"


def test_mail_about_the_review_mailbox_itself_stays() -> None:
    found = decided(group("review@example.org"), mode="redirect", mailbox="review@example.org")
    assert (found.review, found.why) == (False, policy.REVIEW_MAILBOX_FAILED)


def test_mail_that_reached_the_review_mailbox_is_no_failure_of_it() -> None:
    both = group("bob@dest.example"), group("review@example.org", "", "delivered")
    found = decided(*both, mode="redirect", mailbox="review@example.org")
    assert (found.review, found.why) == (True, "policy")


def test_mail_about_an_alias_of_the_review_mailbox_stays() -> None:
    about = "Original-Recipient: rfc822; review@example.org\r\n" + group("store@backend.example")
    found = decided(about, mode="redirect", mailbox="review@example.org")
    assert (found.review, found.why) == (False, policy.REVIEW_MAILBOX_FAILED)


EVERYTHING: dict[str, Any] = {
    "kinds": [], "classes": [], "confidence": "low", "reasons": [], "mode": "quarantine",
}  # fmt: skip
AUTO_REPLY = b"From: a@example.net\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n"
PLAIN = b"From: a@example.net\r\nSubject: lunch\r\n\r\nAt one?\r\n"


@pytest.mark.parametrize(
    "message",
    [
        AUTO_REPLY,
        PLAIN,
        dsn(group(said=FULL, action="delayed")),
        dsn(group(said="", action="delivered")),
        dsn(group(said=ODD)),
        dsn(group(said="450 4.0.0 zzz", action="delayed"), group("carl@dest.example", "", "delivered")),
    ],
    ids=["auto-reply", "plain", "delayed", "delivered", "unknown", "delayed and delivered"],
)
def test_what_never_goes_to_review_whatever_the_options_say(message: bytes) -> None:
    found = explain(message, knowledge=knowledge(), sender="<>")
    assert not policy.decide(found, options(**EVERYTHING), TO_ALICE).review


def test_a_report_on_nobody_gets_nothing() -> None:
    head = b"From: MAILER-DAEMON@example.net\r\nSubject: Successful Mail Delivery Report\r\n"
    found = explain(head + b"\r\nYour message was delivered.\r\n", knowledge=knowledge(), sender="<>")
    assert (found.kind, found.recipients) == ("delivered", ())
    assert policy.decide(found, options(**EVERYTHING), TO_ALICE) == Decision(why="kind delivered")


def test_the_language_is_that_of_the_first_recipient_whose_domain_has_one() -> None:
    table = {"annotate": {"language": "fr", "languages": {"@example.de": "de", "Example.JP": "ja"}}}
    found = settings.parse(table)
    assert policy.language(found, Envelope(recipients=("<a@example.com>", "<b@example.jp>"))) == "ja"
    assert policy.language(found, Envelope(recipients=("c@EXAMPLE.de",))) == "de"
    assert policy.language(found, TO_ALICE) == "fr"


@pytest.mark.parametrize(
    ("recipient", "language"),
    [
        ("a@example.de", "de"), ("a@mail.example.de", "de"), ("a@ch.example.de", "fr"), ("a@b.ch.example.de", "fr"),
        ("a@anexample.de", "en"), ("a@de", "en"), ("a@[192.0.2.1]", "en"), ("a", "en"), ("", "en"), ("a@.", "en"),
    ],
)  # fmt: skip
def test_a_language_holds_below_its_domain_unless_a_nearer_one_has_another(recipient: str, language: str) -> None:
    table = {"annotate": {"languages": {"example.de": "de", "ch.example.de": "fr"}}}
    assert policy.language(settings.parse(table), Envelope(recipients=(recipient,))) == language


def test_no_name_above_a_domain_that_is_too_long_for_one_is_looked_up() -> None:
    found = settings.parse({"annotate": {"languages": {"example.de": "de"}}})
    assert policy.language(found, Envelope(recipients=(f"a@{'b.' * 122}example.de",))) == "de"
    assert policy.language(found, Envelope(recipients=(f"a@{'b.' * 50_000}example.de", "a@example.de"))) == "de"
    assert policy.language(found, Envelope(recipients=(f"a@{'b.' * 50_000}example.de",))) == "en"
