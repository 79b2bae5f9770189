"""Whom it concerns and how sure it is: the words that the sender of the message is told beside what a reply says."""

import msgspec
import pytest

import bounce_milter
from bounce_milter.bounce import Bounce
from bounce_milter.case.occasion import fitted, is_guess
from bounce_milter.classify.verdict import Verdict
from bounce_milter.explain import explain, explain_reply
from bounce_milter.facts import Recipient
from bounce_milter.vocabulary import Act, Class, Confidence, Kind, Reason
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
        ("1660-sendmail-expanded-and-spf", "forwarded-unproven"),
        ("1662-kddi-rejected-without-a-reason", "carrier-filter-or-unknown"),
        ("1680-access-map-bars-the-sender", "organisation-blocked-you"),
        ("1681-sendmail-bare-421-until-the-end", "expired-put-off"),
        ("1740-exim-recipient-line-malformed", "recipient-line-malformed"),
        ("1741-sendmail-bare-421-is-a-delay", "not-now"),
        ("1742-delivery-report-unavailable", None),
    ],
)
def test_the_words_fit_whom_it_concerns(sample: str, topic: str | None) -> None:
    assert {told.topic for told in bounce_milter.explain(message(sample)).recipients} == {topic}


def test_that_time_ran_out_is_told_beside_the_last_cause() -> None:
    (told,) = bounce_milter.explain(message("2491-too-many-connections-until-the-end")).recipients
    (once,) = bounce_milter.explain(message("1196-exchange-delay-without-a-cause")).recipients
    sentence = told.wording.evidence["expired"].fill({})
    assert told.because.endswith(sentence)
    assert sentence not in once.because


def test_that_a_report_tells_two_things_of_one_address_is_told() -> None:
    failed, reached = bounce_milter.explain(message("2494-refused-and-delivered")).recipients
    assert not failed.dead
    sentence = failed.wording.evidence["disagree_beside"].fill({})
    assert failed.because.endswith(sentence)
    assert sentence not in reached.because


def test_words_to_people_alone_make_it_never_sure_that_an_address_sends_its_mail_on() -> None:
    (told,) = bounce_milter.explain(message("2021-report-on-a-forwarded-message")).recipients
    assert told.topic == "forwards-to-nobody"
    assert told.confidence is Confidence.MEDIUM


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
        ("450 4.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", True),
        ("450 4.7.1 Client host [192.0.2.1] temporarily blocked", False),
        ("450 4.7.23 SPF validation failed", True),
        ("451 4.7.24 SPF record could not be read", False),
    ],
)
def test_a_delay_that_lasts_until_the_sending_side_acts_says_so(said: str, *, lasts: bool) -> None:
    fields = f"Final-Recipient: rfc822; bob@dest.example\r\nAction: delayed\r\nStatus: 4.0.0\r\nDiagnostic-Code: smtp; {said}\r\n"
    assert report(fields).recipients[0].advice.startswith("tell your mail administrator") is lasts


def test_a_forwarder_is_told_only_where_no_server_of_the_sender_reports() -> None:
    # Whoever knows where an address leads serves it, whatever he is called.
    sample = message("1183-forwarding-server-on-a-block-list")
    hosted = bounce_milter.explain(sample.replace(b"dns; mail.dest.example", b"dns; mail.host.example"))
    assert hosted.recipients[0].topic == "forwarder-refused"
    own = bounce_milter.explain(sample.replace(b"dns; mail.dest.example", b"dns; out.sender.example"))
    assert own.recipients[0].topic is None
    inside = bounce_milter.explain(sample.replace(b"@sender.example", b"@dest.example"))
    assert inside.recipients[0].topic is None


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("550 Rejected (in reply to EHLO command)", "sending-server-unwanted"),
        ("550 Rejected (in reply to RCPT TO command)", None),
        ("550 Rejected (in reply to end of DATA command)", None),
    ],
)
def test_before_a_message_is_known_it_is_the_server_that_is_refused(said: str, topic: str | None) -> None:
    fields = f"Final-Recipient: rfc822; bob@dest.example\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; {said}\r\n"
    told = report(fields).recipients[0]
    assert told.topic == topic
    assert "probably the server takes no mail" not in told.explanation


@pytest.mark.parametrize(
    ("said", "class_"),
    [
        ("Delivery to the following recipient failed permanently:", "permanent"),
        ("Delivery to the following recipient failed:", "unknown"),
    ],
)
def test_what_failed_for_good_by_its_own_words_is_final(said: str, class_: str) -> None:
    told = report(
        f"Final-Recipient: rfc822; bob@dest.example\r\nAction: failed\r\nDiagnostic-Code: x-local; {said}\r\n"
    ).recipients[0]
    assert (told.class_, told.dead) == (class_, False)
    assert "the report does not say why" in told.explanation


def verdict(share: float, words: str, confidence: Confidence = Confidence.LOW) -> Verdict:
    return Verdict(
        reason=Reason.REVERSE_DNS, class_=Class.PERMANENT, dead=False, act=Act.SENDER_ADMIN, confidence=confidence,
        share=share, stated=words,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "words", "guess", "understood"),
    [
        (0.55, "a ... b ... c", False, True),
        (0.45, "a ... b ... c", True, True),
        (0.25, "a ... b ... c", True, False),
        (0.45, "a ... b", True, False),
        (0.65, "a", False, True),
    ],
)
def test_a_vote_that_stands_on_little_is_told_as_what_it_is(
    share: float, words: str, *, guess: bool, understood: bool
) -> None:
    said = verdict(share, words)
    assert is_guess(said) is guess
    fitting = fitted(said, Recipient(reply="550"), Kind.FAILED, Bounce(kind=Kind.FAILED), knowledge().catalogue)
    assert (fitting.words is None) is understood
    assert fitting.reason is Reason.REVERSE_DNS
    assert not is_guess(verdict(share, words, Confidence.MEDIUM))


def test_what_words_sound_like_is_no_order() -> None:
    told = msgspec.structs.replace(
        explain_reply("550", knowledge()).recipients[0], verdict=verdict(0.45, "a ... b ... c")
    )
    told = msgspec.structs.replace(told, act=Act.SENDER_ADMIN)
    assert "do not say plainly why; it sounds as if the name of the sending server" in told.explanation
    assert told.what_to_do.startswith("What to do: check the address")
    assert told.act is Act.SENDER_ADMIN


@pytest.mark.parametrize(
    "reply",
    [
        "550 The mail server could not deliver mail to bob@dest.example. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries.",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [XXX01FT001.eop-nam01.prod.protection.outlook.com]",
        "5.7.1 message content rejected",
        "501 5.1.8 Sender address rejected",
        "551 5.1.1 not our customer",
        "550 Empfänger unbekannt oder Postfach gesperrt",
        "554 st11p00im-smtpin013.me.com ESMTP not accepting connections",
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
        ("550 5.1.1 sorry, the mailbox of this student was deleted after graduation", "mailbox-deleted"),
        ("550 5.1.1 Das Postfach wurde gelöscht", "mailbox-deleted"),
        ("550 5.1.1 The user does not exist or was deleted", "X.1.1"),
        ("550 5.1.1 <bob@dest.example>: user unknown, did you mean <rob@dest.example>?", "names-others"),
        ("554 5.7.1 The file invoice.zip is encrypted and cannot be scanned", "attachment-locked"),
        ("552 5.7.0 zip with password refused", "attachment-locked"),
        ("550 5.7.1 This message was flagged as phishing by our filter", "phishing"),
        ("550 5.7.1 This message looks like spam or phishing", None),
        ("452 4.3.2 Connection rate limit exceeded.", "too-many-connections"),
        (
            "421 4.4.5 Too many concurrent SMTP connections from 203.0.113.5; please try again later",
            "too-many-connections",
        ),
        (
            "550 5.7.1 Rejected because the recipient (ivan@dest.example) has blocked your address",
            "recipient-blocked-you",
        ),
        (
            "550 5.7.1 Recipient not accepting mail from external senders. Contact helpdesk@univ.example",
            "organisation-internal",
        ),
        ("550 5.7.1 your sending IP 192.0.2.9 is listed in our internal blacklist", "organisation-blocked-you"),
        ("554 Mail from alice@sender.example rejected for policy reasons.", "organisation-blocked-you"),
        ("450 4.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.77]", "ptr-none"),
        ("450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.77]", "ptr-missing"),
        ('5.2.0 procmail: Lock failure on "/var/mail/bob.lock"', "local-file-failed"),
        (
            "550 5.7.1 Domain sandbox1.mail.example is not allowed to send: Sandbox subdomains are for tests",
            "domain-not-verified",
        ),
        ("550 5.7.1 IP address blacklisted by recipient", "recipient-blocked-server"),
        ("550 5.7.1 IP 192.0.2.9 blocked by recipient's mail server", "server-blocks-yours"),
        ("550 5.1.7 <info@shop.example>: Sender address rejected: Domain not found", "X.1.8"),
        ("550 5.1.7 Invalid sender domain", "X.1.8"),
        ("550 Adresse d'expéditeur rejetée : domaine inexistant", "X.1.8"),
        ("501 5.1.7 <foo bar@shop.example>: Sender address rejected: invalid address syntax", "X.1.7"),
        ("550 5.7.1 Mail from dynamic IP addresses not accepted; use your ISP's relay", "no-home-connections"),
        ("554 5.7.1 Client host blocked: dial-up hosts must use their provider's mail server", "no-home-connections"),
        ("554 5.7.1 <foo@bar.example>: Recipient address rejected: Access denied", "recipient-closed"),
        ("550 5.7.1 <x9@bounces.sender.example>... Access denied", "access-list"),
        ("554 5.7.1 Client host rejected: Votre adresse IP est bloquée pour cause de spam", "server-blocks-yours"),
        ("550 5.7.1 Your IP 192.0.2.9 is blocked because of its poor reputation", None),
        ("554 5.7.1 You are not allowed to connect.", "connection-not-taken"),
        ("550 Posting to this list is restricted to subscribers", "members-only"),
        ("550 SPF unauthorized mail is prohibited", "spf-fail"),
        ("550 Sender Policy Framework check failed: 192.0.2.9 is not allowed to send mail from a.example", "spf-fail"),
        ("550 Your domain has no SPF record, mail not allowed", None),
        ("550 Bad SPF records for [a.example:192.0.2.9]", "spf-record-faulty"),
        ("550 DMARC record for a.example could not be parsed", "dmarc-record-faulty"),
        (
            "421-4.7.26 Your email has been rate limited because the DKIM result for this message did not pass",
            "dkim-fail",
        ),
        ("421 4.3.2 Service shutting down", "server-restarting"),
        ("450 4.3.2 Overload - please try again later", "X.4.5"),
        ("550 5.4.300 Message expired -> 421 4.4.1 Connection timed out", "expired-not-reached"),
        ("550 5.4.300 Message expired -> 552 5.2.2 Mailbox full", None),
        ("553 Sender Policy Framework (SPF) fail", "spf-fail"),
        ("550 5.7.1 SPF and DKIM checks failed", None),
        ("550 5.1.1 Mailbox for bob@dest.example is being migrated, try again tomorrow", "mailbox-being-moved"),
        ("550 5.7.1 Mail from country XX not accepted here (geo blocking)", "country-blocked"),
        ("554 5.7.1 Recipient limit of 50 per day for free accounts exceeded, upgrade your plan", "sending-limit"),
        ("554 5.7.1 Your subscription does not include sending mail", None),
        ("550 5.7.1 content restrictions: bulk mail not accepted", "bulk-refused"),
        ("550 5.7.1 Sender's domain was registered less than 30 days ago", "domain-too-new"),
        ("550 No thanks, we do not accept mail from .xyz domains", "domain-ending-refused"),
        ("554 5.7.1 Client host rejected: #216 lpn LPN000_630", "refused-by-providers-rule"),
        ("550 5.1.1 on leave until 2026-02-01, mailbox disabled; contact leo@dest.example", "away"),
        ("550 5.1.1 mailbox disabled", None),
        (
            "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume",
            "put-off-for-volume",
        ),
        ("550 5.1.6 recipient no longer on server: bob@dest.example", "no-longer-there"),
        ("501 5.1.8 Sender address rejected", "sender-domain-perhaps"),
        ("450 4.1.8 <anna@sender.example>: Sender address rejected: Domain not found", "X.1.8"),
        ("551 not our customer", "not-a-customer"),
        ("551 not our user", None),
        ("550 5.1.1 User unknown or account disabled", "no-mailbox-or-off"),
        ("421 4.2.0 Service refuse. Veuillez essayer plus tard. OFR005_505", "not-now"),
    ],
)
def test_a_reply_has_its_own_words(reply: str, topic: str | None) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].topic == topic


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_words_of_the_report_that_decided_stand_beside_the_answer(language: str) -> None:
    sample = message("1661-report-says-full-and-server-unknown")
    told = explain(sample, knowledge=knowledge(), language=language).recipients[0]
    assert '"Not enough disk space"' in told.because
    assert "User Unknown" in told.because
    assert told.because.count('"') == 4
    assert told.because.endswith(told.wording.evidence["disagree_beside"].fill({}))


def test_an_ambiguous_address_agrees_with_its_status() -> None:
    told = explain_reply("550 5.1.4 User smith not unique. Several matches found", knowledge()).recipients[0]
    assert told.disagreement is None
