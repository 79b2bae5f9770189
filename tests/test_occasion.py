"""Whom it concerns and how sure it is: the words that the sender of the message is told beside what a reply says."""

import pytest

import bounce_milter
from bounce_milter.explain import explain_reply
from bounce_milter.vocabulary import Confidence
from tests.reports import knowledge, report
from tests.test_samples import message


@pytest.mark.parametrize(
    ("sample", "topic"),
    [
        ("1180-sendmail-alias-whose-member-moved", "forwards-to-nobody"),
        ("1182-sendmail-alias-to-a-domain-that-is-gone", "forwards-to-nobody"),
        ("1183-forwarding-server-on-a-block-list", "forwarder-refused"),
        ("1184-forwarding-breaks-spf-and-dmarc", "forwarded-unproven"),
        ("1186-alias-database-of-the-recipients-server", None),
        ("1196-exchange-delay-without-a-cause", "still-trying"),
        ("1197-mailman-refuses-a-stranger", "members-only"),
        ("1399-gmail-domain-not-found-this-time", "domain-not-found"),
        ("1387-sympa-french-owners-only", None),
        ("1388-sympa-german-subscribers-only", "members-only"),
        ("1198-bounce-that-comes-back", "bounce-of-a-bounce"),
        ("1199-cpanel-says-three-things", "not-there-or-blocked"),
        ("1250-postfix-null-client-relay-denied", "own-relay"),
        ("1251-postfix-null-client-relay-down", "own-relay"),
        ("1252-postfix-mail-server-beside-the-domain", None),
        ("1253-postfix-pipe-that-saw-a-bad-gateway", "local-program-failed"),
        ("1255-postfix-virtual-alias-to-nobody", "forwarded-to-nobody"),
        ("1257-postfix-error-transport", "words-not-understood"),
        ("1261-exchange-guest-gone", "guest-gone"),
        ("1265-postfix-gave-up-connecting", "expired-not-reached"),
        ("1266-postfix-greylisted-to-the-end", "expired-put-off"),
        ("1267-postfix-gave-up-on-its-relay", "own-relay"),
    ],
)
def test_the_words_fit_whom_it_concerns(sample: str, topic: str | None) -> None:
    assert {told.topic for told in bounce_milter.explain(message(sample)).recipients} == {topic}


@pytest.mark.parametrize("registry", ["co.uk", "com.br", "eu.org", "example"])
def test_who_has_a_domain_at_the_same_registry_is_no_relay_of_ones_own(registry: str) -> None:
    sample = message("1251-postfix-null-client-relay-down")
    strangers = sample.replace(b"web07.own.example", b"web07." + registry.encode())
    found = bounce_milter.explain(strangers.replace(b"relay1.own.example", b"relay1." + registry.encode()))
    assert found.recipients[0].topic != "own-relay"


@pytest.mark.parametrize(
    ("said", "lasts"),
    [
        ("554 Your access to this mail system has been rejected due to the sending MTA's poor reputation", True),
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", True),
        ("450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]", True),
        ("550 5.7.1 Too many messages from your server, slow down", False),
        ("450 4.7.1 Greylisted, please try again later", False),
        ("450 4.2.2 Mailbox full", False),
    ],
)
def test_a_delay_that_lasts_until_the_sending_side_acts_says_so(said: str, *, lasts: bool) -> None:
    fields = f"Final-Recipient: rfc822; bob@dest.example\r\nAction: delayed\r\nStatus: 4.0.0\r\nDiagnostic-Code: smtp; {said}\r\n"
    assert report(fields).recipients[0].advice.startswith("tell your mail administrator") is lasts


def test_a_forwarder_is_told_only_where_its_own_server_reports() -> None:
    sample = message("1183-forwarding-server-on-a-block-list")
    hosted = bounce_milter.explain(sample.replace(b"dns; mail.dest.example", b"dns; mail.host.example"))
    assert hosted.recipients[0].topic is None
    inside = bounce_milter.explain(sample.replace(b"@sender.example", b"@dest.example"))
    assert inside.recipients[0].topic is None


@pytest.mark.parametrize(
    "reply",
    [
        "550 The mail server could not deliver mail to bob@dest.example. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries.",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [XXX01FT001.eop-nam01.prod.protection.outlook.com]",
        "5.7.1 message content rejected",
    ],
)
def test_a_reply_that_means_one_of_several_things_is_never_sure(reply: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].confidence is Confidence.MEDIUM


@pytest.mark.parametrize(
    ("reply", "topic"),
    [
        ("550 Only subscribers may post to this list", "members-only"),
        ("550 5.7.1 You are not allowed to post to this mailing list", "members-only"),
        ("554 delivery error: dd This account has been disabled or discontinued [#102].", "mailbox-closed"),
        (
            "550 5.7.1 Domain sandbox1.mail.example is not allowed to send: Sandbox subdomains are for tests",
            "domain-not-verified",
        ),
    ],
)
def test_a_reply_has_its_own_words(reply: str, topic: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].topic == topic


def test_an_ambiguous_address_agrees_with_its_status() -> None:
    told = explain_reply("550 5.1.4 User smith not unique. Several matches found", knowledge()).recipients[0]
    assert told.disagreement is None
