"""The names and numbers that a reply gives: told where servers name them, and left out where they may be anybody's."""

import time

import pytest

from bounce_milter import limits
from bounce_milter.explain import RecipientReport, explain, explain_reply
from bounce_milter.resources import load_knowledge, packaged_knowledge
from bounce_milter.wording import named, spelled

NOBODY: frozenset[str] = frozenset()
DEST = frozenset({"dest.example", "mx.dest.example"})

REPORT = """From: MAILER-DAEMON@out.sender.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: alice@sender.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B

This is the mail system at host out.sender.example.

<bob@dest.example>: host mx.dest.example[203.0.113.25] said: {reply} (in reply to RCPT TO command)

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; out.sender.example

Final-Recipient: rfc822; bob@dest.example
Action: failed
Status: {status}
Remote-MTA: dns; mx.dest.example
Diagnostic-Code: smtp; {reply}

--B
Content-Type: text/rfc822-headers

From: alice@sender.example
To: bob@dest.example

--B--
"""


def told(reply: str) -> RecipientReport:
    return explain_reply(reply, packaged_knowledge()).recipients[0]


def reported(reply: str) -> RecipientReport:
    """Return the reply as Alice's own server reports it."""
    message = REPORT.format(reply=reply, status=reply.split()[1])
    return explain(message.encode(), knowledge=packaged_knowledge()).recipients[0]


@pytest.mark.parametrize(
    ("reply", "listed_by"),
    [
        (
            "554 5.7.1 Client host [192.0.2.1] blocked using rbl.mycorp.example; see http://x.example",
            "rbl.mycorp.example",
        ),
        ("550 5.7.1 [192.0.2.1] is listed in all.lists.example", "all.lists.example"),
        ("550 5.7.1 192.0.2.1 found in dnsbl-2.example.net", "dnsbl-2.example.net"),
        ("550 5.7.1 Client host blocked using mail.house.example", "mail.house.example"),
        ("550 5.7.1 Your IP address was blocked by our DNSBL", None),
        (
            "550 5.7.1 Your message (sent through 192.0.2.1) was blocked by BETA DNSBL. Open https://beta.example/",
            "BETA DNSBL",
        ),
        ("550 5.7.1 rejected by Sender Blacklist", None),
        ("550 5.7.1 192.0.2.9 is blacklisted here; it is not listed in Rota DNSBL", None),
        ("550 5.7.1 IP blacklisted. We did it ourselves, you are not yet listed in Rota DNSBL", None),
        ("550 5.7.1 IP blacklisted. We blocked you ourselves, you aren't blocked by Any Public DNSBL", None),
        ("550 5.7.1 IP blacklisted, never listed in bl.example.org", None),
        ("550 5.7.1 Connection blacklisted: rejected by Your Local RBL", None),
        ("550 5.7.1 Not listed in Rota DNSBL, but 192.0.2.1 is blacklisted in Beta DNSBL", "Beta DNSBL"),
        ("550 5.7.1 Blacklisted", None),
        ("550 5.7.1 Client host blocked using mx.dest.example", None),
        ("550 5.7.1 Blacklisted: denied by smtp-in-3.dest.example", None),
        ("550 5.7.1 blacklisted, blocked by spam.dest.example", None),
        ("550 5.7.1 IP is blacklisted. Please use our form found at support.vendor.example", None),
        ("550 5.7.1 Your IP is blacklisted, listed at index.html", None),
        ("550 5.7.1 IP blacklisted. Blocked by mail.sender.example policy", None),
        ("550 5.7.1 Client host blacklisted, not listed in bl.example.org", None),
        ("550 5.7.1 Client host blocked using \u0430pple.example", None),
        ("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org", "Spamhaus ZEN"),
        ("550 OFR006_102 Client host blocked", "Orange"),
        ("550 5.7.1 Message contains spam", None),
        ("554 5.7.1 Listed at bl.house.example. Spamhaus listing is not used here.", "bl.house.example"),
        ("550 5.7.1 192.0.2.2 is listed in rbl.example.net (not in Spamhaus).", "rbl.example.net"),
        ("550 5.7.1 Blocked by our own reputation list. We do not use Spamhaus, SpamCop or Barracuda.", None),
        ("550 5.7.1 Your IP 192.0.2.2 is not listed at SpamCop but at dnsbl.example.org", None),
        ("550 5.7.1 Your IP 192.0.2.2 is not listed at SpamCop but blocked using zen.spamhaus.org", "Spamhaus ZEN"),
        ("554 5.7.1 192.0.2.2 listed in Spamhaus, not in SpamCop", "Spamhaus"),
        ("554 5.7.1 192.0.2.2 blocked using bl.spamcop.net; not listed in zen.spamhaus.org", "SpamCop"),
        ("550 5.7.1 Mail from 192.0.2.2 is not accepted here, listed by Spamhaus", "Spamhaus"),
        ("550 5.7.1 Mail from hosts listed at Spamhaus is not accepted", "Spamhaus"),
    ],
)
def test_a_list_is_named_as_the_reply_names_it(reply: str, listed_by: str | None) -> None:
    now = reported(reply) if "5.7.1" in reply else told(reply)
    assert now.listed_by == listed_by
    assert listed_by is None or listed_by in now.explanation


LISTS = "554 5.7.1 Client host [192.0.2.1] blocked using b.barracudacentral.org, zen.spamhaus.org and bl.spamcop.net"


def test_of_several_lists_all_pages_are_told() -> None:
    pages = "https://www.barracudacentral.org/rbl/removal-request, https://check.spamhaus.org/, "
    assert pages in told(LISTS).because


def test_the_page_is_that_of_the_list_that_refuses() -> None:
    verdict = reported("554 5.7.1 192.0.2.2 blocked using bl.spamcop.net; not listed in zen.spamhaus.org").verdict
    assert verdict is not None
    assert "spamcop" in (verdict.lookup or "")
    assert "spamhaus" not in (verdict.lookup or "")


@pytest.mark.parametrize(
    ("language", "lists"),
    [
        ("en", "by Barracuda Reputation, Spamhaus ZEN and SpamCop"),
        ("de", "laut Barracuda Reputation, Spamhaus ZEN und SpamCop"),
        ("ja", "Barracuda Reputation、Spamhaus ZENとSpamCop"),
    ],
)
def test_several_lists_are_told_as_one_says_it(language: str, lists: str) -> None:
    assert lists in explain_reply(LISTS, load_knowledge(more=["de", "ja"]), language).recipients[0].explanation


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("blocked using pbl.spamhaus.org and bl.spamcop.net", "Spamhaus PBL counts 192.0.2.1"),
        ("blocked using cbl.abuseat.org, b.barracudacentral.org", "Spamhaus XBL counts 192.0.2.1"),
    ],
)
def test_what_one_list_says_no_other_has_said(reply: str, says: str) -> None:
    assert says in told(f"554 5.7.1 Client host [192.0.2.1] {reply}").explanation


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("see https://lists.example/blocked?ip=192.0.2.5", "192.0.2.5"),
        ("see https://lists.example/?ip=592.0.2.5", None),
        ("dnsbl=bl.example.org/127.0.0.4", None),
        ("192.0.2.5 is listed: bl.example.org answers 127.0.0.4", "192.0.2.5"),
        ("see http://localhost/?ip=10.1.2.3", None),
        ("see https://203.0.113.9/blocked", None),
        ("see https://lists.example/removal/203.0.113.25", None),
        ("see https://lists.example/?rcptip=192.0.2.25&clientip=192.0.2.5", None),
        ("the DNS server 198.51.100.8 is listed; client was 192.0.2.5", None),
        ("Messages from 192.0.2.5 are not accepted - 4.16.55.1", "192.0.2.5"),
        ("192.0.2.5 is listed (MDaemon 23.5.1.2)", "192.0.2.5"),
        ("see RFC 5321 section 4.5.3.1", None),
        ("100.64.3.4 is listed", None),
        ("client=192.0.2.5-", None),
    ],
)
def test_the_address_that_is_refused_is_the_only_public_one(words: str, about: str | None) -> None:
    now = reported(f"550 5.7.1 Client host blocked, blacklisted: {words}")
    assert now.about == about
    assert f"refuses mail from {about or 'the sending server'}, because" in now.explanation


@pytest.mark.parametrize(
    ("reply", "domain"),
    [
        ("Unauthenticated email from sender.example is not accepted due to domain's DMARC policy", "sender.example"),
        ("your message was rejected due to sender.example's DMARC policy", "sender.example"),
        ("sending domain [SENDER.EXAMPLE] does not pass DMARC verification", "sender.example"),
        ("domain of alice@sender.example does not designate 192.0.2.1 as permitted sender", "sender.example"),
        ("SPF [sender.example] with ip: [192.0.2.1] = did not pass", "sender.example"),
        ("Bad SPF records for [sender.example:192.0.2.1]", "sender.example"),
        ("no record of _dmarc.sender.example", "sender.example"),
        ("DKIM failed, d=sender.example, see https://support.example.org/dkim", "sender.example"),
        ("bob@dest.example: SPF of alice@sender.example failed", "sender.example"),
        ("DMARC policy for example.org", None),
        ("dkim=pass header.d=esp.example, spf=pass, dmarc=fail header.from=sender.example", None),
        ("SPF forbids alice@sender.example. Please write to help@support.example", None),
        ("SPF check failed for mail.sender.example", None),
        ("SPF failed for othersender.example", None),
        ("the policy of dest.example forbids it", None),
        ("SPF failed, see https://example.org/spf", None),
        ("SPF failed", None),
    ],
)
def test_the_senders_domain_is_told_where_no_other_is_meant(reply: str, domain: str | None) -> None:
    assert named.sender_domain(reply, "sender.example", DEST) == domain


def test_a_domain_is_told_where_the_sender_is_known_and_is_not_of_the_recipients_house() -> None:
    assert named.sender_domain("DMARC policy for sender.example", "", DEST) is None
    assert named.sender_domain("DMARC policy for dest.example", "dest.example", DEST) is None
    reply = "550 5.7.1 DMARC check failed: policy reject of domain sender.example"
    assert "forbids" in told(reply).explanation
    assert "sender.example" not in told(reply).explanation
    assert "sender.example" in reported(reply).explanation


@pytest.mark.parametrize(
    ("reply", "domain"),
    [
        ("Sender address [alice@bad.example] blocked using rhsbl.example.net", "bad.example"),
        ("Helo command [mail.bad.example] blocked using dbl.example.net", "mail.bad.example"),
        ("see https://www.lists.example/query/domain/bad.example", None),
        ("blocked using dbl.example.net", None),
    ],
)
def test_a_listed_domain_is_named(reply: str, domain: str | None) -> None:
    assert named.listed_domain(reply) == domain


@pytest.mark.parametrize(
    ("reply", "limit"),
    [
        ("552 5.3.4 Message size exceeds fixed limit (10485760)", "10 MB"),
        ("552 5.3.4 message size 25000000 exceeds size limit 20971520 of server mx.dest.example", "20 MB"),
        ("552 5.3.4 Message size exceeds limits of 35882577 bytes.", "34 MB"),
        ("523 the message size (12582912) exceeds the recipient's size limit (10240000)", "10000 KB"),
        ("554 5.7.1 Message Rejected Class=size limit=15728640 Subclass=reject size=18571048", "15 MB"),
        ("552 5.3.4 Message too big (25 MB > 10 MB)", "10 MB"),
        ("552 Message size (36 MB) exceeds the maximum allowed size (25 MB)", "25 MB"),
        ("550 Message too large: size limit is 2.5MB", "2.5 MB"),
        ("552 Message too big, max 500 KB", "500 KB"),
        ("552 Message exceeds maximum of 20,480 KB", "20,480 KB"),
        ("552 max size: 25.000 KB", "25.000 KB"),
        ("552 limit of 10.485.760 Bytes", "10.485.760 Bytes"),
        ("552 5.3.4 Message size exceeds fixed limit", None),
        ("552 Message too large, limit: 10 attachments", None),
        ("552 Message of 36 MB is too large", None),
        ("552 Message too large, limit is 0", None),
        ("552 Message too large, limit is 0 MB", None),
        ("552 Message too large, limit is 999999999999999999", None),
        ("552 Message header size exceeds limit 32768 bytes", None),
        ("552 too large: 10 MB per attachment, limit of 50 MB", None),
        ("552 your quota limit is 5 GB", None),
        ("552 limit of 100000 messages", None),
        ("552 limit of 5368709120 bits", None),
        ("552 exceeds fixed maximum: 31.2 MB were announced, 20 MB is what we take", None),
        ("552 exceeds the size 35 MB allowed; limit: 25 MB", None),
        ("552 limit: 25 MB, at home limit: 35 MB", None),
        ("554 buffer limit 64K reached", None),
    ],
)
def test_how_large_a_message_may_be(reply: str, limit: str | None) -> None:
    assert named.size_limit(reply) == limit


@pytest.mark.parametrize(
    ("reply", "limit"),
    [
        ("mail with more than 50 recipients is not accepted", "50"),
        ("Too many recipients: limit is 20 per message", "20"),
        ("A message may go to at most 100 recipients", "100"),
        ("Zu viele Empfänger, maximal 20", "20"),
        ("plus de 30 destinataires", "30"),
        ("Too many recipients, at most 20 recipients, later at most 30 recipients", None),
        ("Too many recipients", None),
        ("Too many recipients, maximum of 1 recipients", None),
        ("Too many recipients, at most 0 recipients", None),
        ("Too many recipients, at most 0020 recipients", "20"),
    ],
)
def test_to_how_many_a_message_may_go(reply: str, limit: str | None) -> None:
    assert named.recipient_limit(reply) == limit


@pytest.mark.parametrize(
    ("reply", "many"),
    [
        ("452 4.5.3 Too many recipients", True),
        ("452 4.5.3 Troppi destinatari", True),
        ("452 4.5.3", True),
        ("452 4.5.3 Hourly ration of this host is used up", False),
        ("450 4.5.3 More than 30 mails a minute from one address", False),
        ("452 4.5.3 Stündliches Kontingent Ihres Servers erschöpft", False),
    ],
)
def test_so_much_in_a_time_is_not_too_many_recipients(reply: str, many: bool) -> None:
    assert ("recipients" in told(reply).explanation) is many


def test_a_limit_is_told_of_what_is_too_large_alone() -> None:
    assert told("552 5.3.4 Message size exceeds fixed limit (10485760)").because.endswith("names 10 MB as the limit.")
    assert "names 50 recipients a message as" in told("452 4.5.3 Too many recipients: at most 50 per message").because
    assert "as the limit" not in told("450 4.7.1 Too much mail, the limit is 10485760").because
    assert (
        "as the limit" not in told("552 5.3.4 Message header size limits exceeded, the limit is 512000 bytes").because
    )


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


def test_what_was_named_is_not_asked_for() -> None:
    assert "write to <bob@new.example>; correct" in told("551 5.1.6 bob moved to <bob@new.example>").what_to_do
    assert (
        "otherwise ask whom it names, or the recipient; correct" in told("551 5.1.6 The mailbox has moved").what_to_do
    )


@pytest.mark.parametrize(
    ("reply", "new"),
    [
        ("The recipient has a new address: bob@new.example", "bob@new.example"),
        ("she is now at bob@new.example, this box forwards nothing", "bob@new.example"),
        ("bob@dest.example is no longer used, the new address is bob@new.example", "bob@new.example"),
        ("moved to <bob@dest.example>", None),
        ("moved to <alice@sender.example>", None),
        ("Address changed. Please do not use bob.old@dest.example any more", None),
        ("please don't try bob.old@dest.example", None),
        ("for help please try it@dest.example", None),
        ("bob moved. For questions try kim@dest.example", None),
        ("moved, please use info@new.example", None),
        ("moved, please use help-desk@new.example", None),
        ("The new address is firstname.lastname@new.example", None),
        ("our domain changed to ...@new.example", None),
        ("he has left, please use kim@dest.example", None),
        ("moved, my colleague is now at kim@dest.example", None),
        ("moved to bob@new.example, or please use bob@other.example", None),
        ("moved to bob@\u0430pple.example", None),
        ("moved to bob@new.example, but that address takes no mail yet", None),
    ],
)
def test_a_new_address_is_one_that_the_mailbox_has_now(reply: str, new: str | None) -> None:
    assert named.new_address(reply, frozenset({"bob@dest.example", "alice@sender.example"})) == new


def test_who_has_left_has_not_moved_his_mailbox() -> None:
    assert told("550 5.1.6 Moved: he has left the company, please use kim@new.example").topic == "person-left"


def test_a_helo_name_that_is_unknown_is_named() -> None:
    now = told("450 4.7.1 <mail.example.org>: Helo command rejected: Host not found")
    assert "(HELO: mail.example.org)" in now.explanation
    assert "PTR" not in now.advice
    assert "(HELO: my_pc)" in told("450 4.7.1 <my_pc>: Helo command rejected: Host not found").explanation


def test_half_a_name_is_not_told() -> None:
    name = ".".join(["a" * 40] * 3) + ".example"
    now = told(f"554 5.7.1 Client host [192.0.2.1] blocked using {name}")
    assert now.listed_by == name
    assert "by a block list" in now.explanation


@pytest.mark.parametrize(
    "piece",
    [
        "a.", "domain a.", "a@", "listed in ", "listed in a.", "d=", "maximum size ", "limit 1", "moved to a@a.", "x" * 60 + ".", "[",
        "from ", "1.", "now at ", "host a", "sender.example ",
        "spf [", "dkim = ", "from command: /a",
    ],
)  # fmt: skip
def test_names_are_found_in_time_that_is_linear(piece: str) -> None:
    text = (piece * limits.WORDS_CHARS)[: limits.WORDS_CHARS]
    verdict = told("554 5.7.1 Client host [192.0.2.1] blocked").verdict
    assert verdict is not None
    start = time.process_time()
    named.sender_domain(f"{text} sender.example", "sender.example", NOBODY)
    named.listed_domain(text)
    named.listed_by(verdict, text, NOBODY)
    named.about(verdict, text, named.answered(f"{text} host "))
    named.size_limit(text)
    named.new_address(text, NOBODY)
    named.helo(text)
    named.failed_checks(text)
    named.program(text)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("status", ["450 4.1.8", "550 5.1.8"])
def test_a_senders_domain_that_was_not_found_may_exist(status: str) -> None:
    now = reported(f"{status} <alice@sender.example>: Sender address rejected: Domain lookup timed out")
    assert "did not find the sender's domain sender.example in the DNS" in now.explanation
    assert ("name servers" in now.what_to_do) is status.startswith("4")


@pytest.mark.parametrize(
    ("reply", "topic"),
    [
        ("550 5.1.8 <alice@sender.example>: Sender address rejected: unknown user in sender domain", "sender-takes-no-mail"),
        ("550 5.7.1 Your domain sender.example is blacklisted", "domain-listed"),
        ("550 5.7.1 SPF PermError: too many DNS lookups in the record of sender.example", "spf-too-many-lookups"),
        ("554 5.7.1 Blocked by rbl.example.org: Query limit exceeded - this response is NOT a listing", "list-refuses-to-answer"),
    ],
)  # fmt: skip
def test_what_is_at_fault_is_told(reply: str, topic: str) -> None:
    assert reported(reply).topic == topic


def test_the_list_of_one_house_is_no_other_of_the_same_number() -> None:
    now = told(
        "554 BigPond Inbound IB105. Connection refused. 192.0.2.54 has a poor reputation on Cloudmark Sender Intelligence"
    )
    assert now.listed_by == "Cloudmark CSI"
    assert "infected" not in now.explanation


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("see https://x.example Spf= Fail , Dkim= Fail , DMARC= None", ("SPF", "DKIM", "DMARC")),
        ("Spf= Pass , Dkim= Fail , DMARC= Fail", ("DKIM", "DMARC")),
        ("DKIM = did not pass SPF [a.example] with ip: [192.0.2.5] = did not pass", ("SPF", "DKIM")),
        ("spf=pass dkim=pass", ()),
        ("SPF failed", ()),
    ],
)
def test_the_checks_that_failed_are_told(text: str, failed: tuple[str, ...]) -> None:
    assert named.failed_checks(text) == failed


@pytest.mark.parametrize(
    ("end", "quoted"),
    [
        ("Did you mean hans@dest.example?", 'Did you mean hans@dest.example?"'),
        ("It is back at 23:30 CET.", 'It is back at 23:30 CET"'),
        ("Logged at 23:30:05 as 4711", '..."'),
    ],
)
def test_what_people_are_pointed_to_is_quoted(end: str, quoted: str) -> None:
    because = told(
        f"450 4.2.0 The server is not available{', and on it went, and nothing followed on' * 6}. {end}"
    ).because
    assert quoted in because
    assert len(because) < 250


@pytest.mark.parametrize("link", ["https://evil.example/x", "HTTPS://evil.example/x", "hthttps://tps://evil.example/x"])
def test_no_link_is_quoted_that_invites_a_click(link: str) -> None:
    assert '5.7.1 Rejected. See evil.example/x"' in told(f"550 5.7.1 Rejected. See {link}").because


def test_what_stands_behind_the_cut_of_a_quotation_is_told() -> None:
    now = told(
        "550 5.7.515 Access denied, sending domain sender.example doesn't meet the required authentication level. The sender's domain"
        " in the 5322.From address doesn't meet the authentication requirements defined for the sender. To learn how to fix this see:"
        " https://go.microsoft.com/fwlink/p/?linkid=2319303 Spf= Fail , Dkim= Fail , DMARC= None"
    )
    assert "DMARC= None" not in now.because
    assert "correct SPF, DKIM and DMARC for the domain" in now.what_to_do


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ('Command died with status 127: "/usr/bin/procmail". Command output: procmail: not found', "/usr/bin/procmail"),
        ("returned 127 (could mean unable to exec) from command: /usr/bin/filter", "/usr/bin/filter"),
        ("Command output: database is locked", None),
    ],
)
def test_the_program_that_failed_is_named(text: str, program: str | None) -> None:
    assert named.program(text) == program


@pytest.mark.parametrize(
    "there",
    ["dest.example", "xn--bcher-kva.example", "bücher.example", "परीक्षा.example", "[192.0.2.1]", "[IPv6:2001:db8::1]"],
)
def test_the_domain_of_an_address_is_told(there: str) -> None:
    assert named.domain(there) == there


@pytest.mark.parametrize(
    "there",
    ["", "https://evil.example", "evil.example/login?x=1", "{domain|x}", "dest.example）（あなた", "[visit evil]"],
)
def test_what_can_be_no_domain_is_not_told_as_one(there: str) -> None:
    assert named.domain(there) is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_no_name_in_a_sentence_invites_a_click(language: str) -> None:
    message = REPORT.format(reply="550 5.1.1 User unknown", status="5.1.1")
    message = message.replace(
        "Final-Recipient: rfc822; bob@dest.example", "Final-Recipient: rfc822; bob@https://evil.example"
    )
    message = message.replace("To: bob@dest.example\n", "Subject: see hthttps://tps://evil.example\n")
    found = explain(message.encode(), knowledge=load_knowledge(more=[language]), sender="", language=language)
    (bob,) = found.recipients
    assert bob.address == "bob@https://evil.example"
    assert not [text for text in (found.returned, bob.explanation, bob.what_to_do, bob.because) if "://" in text]
    assert "evil.example" in found.returned
    assert "evil.example" in bob.explanation


def test_a_link_hidden_in_links_takes_no_time() -> None:
    text = "ht" * 25_000 + "http://" + "tp://" * 25_000
    start = time.perf_counter()
    assert "://" not in spelled.quoted(text)
    assert time.perf_counter() - start < 0.2
