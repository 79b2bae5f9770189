"""What is made of a reply beside what the samples show: who it is about, what stands against it, how it is told."""

from typing import Any

import pytest

from bounce_milter import address, bounce
from bounce_milter.classify import classify
from bounce_milter.classify.verdict import Query
from bounce_milter.explain import RecipientReport, explain, explain_bounce, explain_reply
from bounce_milter.explain.line import json_line, to_json
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.vocabulary import Act, Confidence, Kind, Reason
from tests.reports import dsn, group, knowledge, report
from tests.test_exam import EXAM


@pytest.mark.parametrize(
    ("said", "expired"),
    [
        ("450 4.4.7 Delivery time expired", False),
        ("450 5.4.7 Delivery time expired", False),
        ("550 5.4.7 Delivery time expired", True),
        ("550 4.4.7 QUEUE.Expired; message expired: last error 451 4.1.1 user lookup deferred", True),
        ("5.4.7 - Delivery expired (message too old) [Default] 451-'4.7.1 try again'", True),
        ("4.4.7 Delivery delayed: '451 4.7.1 try again'", False),
        ("It has been in our queue too long and is given back. The last answer was: 450 4.2.0 greylisted", True),
        ("Moved to the problem directory, retry schedule expired: 450 mx.dest.example", True),
        ("550 5.4.317 Message expired, cannot connect to remote server(451 4.4.0 it responded with 421)", True),
        ("451 4.2.0 Giving up after 3 attempts for now: 450 4.2.0 busy", False),
    ],
)
def test_a_server_that_says_try_again_gave_nothing_up(said: str, *, expired: bool) -> None:
    found = explain_reply(said, knowledge()).recipients[0]
    assert found.query is not None
    assert found.query.expired is expired


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("421-'service not available'", Reason.DELIVERY_EXPIRED),
        ("452-'4.3.1 disk full'", Reason.SYSTEM_ERROR),
        ("452-'4.2.2 mailbox full'", Reason.MAILBOX_FULL),
    ],
)
def test_a_server_that_is_not_ready_until_time_runs_out_is_no_cause_of_its_own(said: str, reason: Reason) -> None:
    told = f"5.4.7 - Delivery expired (message too old) [Default] {said}"
    assert explain_reply(told, knowledge()).recipients[0].reason is reason


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("straße.example", "xn--strae-oqa.example", True),
        ("straße.example", "strasse.example", False),
        ("BÜCHER.example.", "xn--bcher-kva.example", True),
        ("bu\u0308cher.example", "XN--Bcher-KVA.example", True),
        ("例え.example", "xn--r8jz45g.example", True),
        ("xn--.example", "xn--.example", True),
        ("xn--ü.example", "xn--ü.example", True),
        ("xn--99999999.example", "dest.example", False),
        (f"xn--{'a' * 300}.example", "dest.example", False),
        ("\ud800.example", "\ud800.example", True),
        ("..", "", True),
    ],
)
def test_a_domain_is_the_same_in_any_spelling(name: str, other: str, *, same: bool) -> None:
    assert (address.as_dns(name) == address.as_dns(other)) is same


def forwards(said: str, first: str, last: str) -> bytes:
    return dsn(f"Original-Recipient: rfc822; {first}\r\n" + group(last, said=said))


def test_a_forwarding_that_fails_for_now_is_no_forwarding_to_nobody() -> None:
    data = forwards("450 4.1.1 User unknown", "list@dest.example", "bob@far.example")
    assert explain(data, knowledge=knowledge()).recipients[0].topic != "forwarded-to-nobody"


def one(
    kind: Kind = Kind.FAILED, dialect: str | None = None, original: Original | None = None, **fact: Any
) -> RecipientReport:
    recipient = Recipient(address="bob@dest.example", action=str(kind), **fact)
    found = bounce.Bounce(
        kind=kind,
        recipients=(recipient,),
        dialect=dialect,
        original=original or Original(),
        reporting_mta="mail.example.com",
    )
    return explain_bounce(found, knowledge()).recipients[0]


def test_a_program_that_knows_no_user_is_no_program_that_failed() -> None:
    told = one(status="5.1.1", text="zzyzx", diagnostic_type="x-unix", said=Said.OWN)
    assert told.reason is Reason.USER_UNKNOWN


def test_what_the_own_administrator_must_mend_he_is_told_of_a_bounce_too() -> None:
    told = one(
        reply="550", status="5.7.1", text="Client host [192.0.2.1] blocked using zen.spamhaus.org", said=Said.REMOTE,
        original=Original(from_="MAILER-DAEMON@example.org (Mail Delivery System)"),
    )  # fmt: skip
    assert (told.act, told.topic == "bounce-of-a-bounce") == (Act.SENDER_ADMIN, False)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 5.1.8 Unknown sender, and we asked mx.example.com: {}", Reason.SENDER_REFUSED),
        ("451 4.4.0 Temporary server error. Last reply: {}", Reason.SYSTEM_ERROR),
        ('451 4.3.0 downstream said "{}" for the probe, but its database is being rebuilt', Reason.SYSTEM_ERROR),
        ("550 5.7.1 Your own server refuses its postmaster: {}", None),
        ("550 we could not send a bounce to you: {}", None),
        ("550 5.7.1 autoresponder of <ann@dest.example> could not answer you: {}", None),
        ("550 5.1.1 <team@dest.example>: Cc copy to the archive failed: {}", None),
        ("550 5.1.1 <sales@dest.example>: one of 12 members of this alias failed: {}", None),
        ("550 5.1.1 <hello@dest.example>: alias expands to <kim@far.example>, which says: {}", None),
        ("host mx.dest.example[192.0.2.1] said: 550 5.7.1 You sent 40 of these: {}", None),
    ],
)
def test_what_a_server_quotes_behind_words_of_its_own_makes_nobody_dead(said: str, reason: Reason | None) -> None:
    told = explain_reply(said.format("550 5.1.1 User unknown"), knowledge()).recipients[0]
    assert not told.dead
    assert reason in (None, told.reason)


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("press@dest.example delivered to all but jane@dest.example (no such user)", False),
        ("jane@far.example has moved to jane@new.example", False),
        ("<jane@far.example> User has moved; please try jane@new.example", False),
        ("<jane@far.example> has moved", False),
        ("User has moved to jane@new.example", True),
        ("no such user at example.org", False),
        ("partly delivered: press@dest.example has one dead member, jane@far.example: no such user", False),
        ("<jane@far.example> (listed in press@dest.example): no such user, everybody else has it", False),
        ("press@dest.example, one of its members failed: no such user <jane@far.example>", False),
        ("<press@dest.example>: no such user, please contact jane@dest.example", True),
        ("<press@dest.example>: no such user <press@dest.example>", True),
    ],
)
def test_what_is_said_of_one_of_several_makes_no_other_dead(said: str, *, dead: bool) -> None:
    fact = Recipient(
        address="press@dest.example", action="failed", reply="550", status="5.1.1", text=said, command="RCPT"
    )
    found = bounce.Bounce(kind=Kind.FAILED, recipients=(fact,), original=Original(from_="alice@example.org"))
    assert explain_bounce(found, knowledge()).recipients[0].dead is dead


def test_a_status_of_the_servers_own_that_passes_makes_nobody_dead() -> None:
    for status, dead in (("4.1.1", False), ("5.1.1", True)):
        told = one(reply="550", status="5.1.1", in_reply=status, text="User unknown", said=Said.REMOTE)
        assert told.dead is dead


def test_the_new_address_of_who_has_moved_is_no_other_person() -> None:
    told = explain_reply("551 5.1.6 <bob@dest.example> has moved to <robert@far.example>", knowledge()).recipients[0]
    assert told.reason is Reason.MAILBOX_MOVED
    assert told.confidence is not Confidence.LOW


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("User not local; please try <bob@mx2.dest.example>", False),
        ("<bob@dest.example> has moved to Bob@imap.dest.example", False),
        ("User not local; please try <bob@far.example>", True),
        ("<bob@dest.example> has moved to robert@eu.dest.example", True),
    ],
)
def test_a_host_of_his_own_domain_is_a_way_to_the_recipient(text: str, *, dead: bool) -> None:
    told = one(reply="551", status="5.1.6", command="RCPT", text=text, said=Said.REMOTE)
    assert (told.reason, told.dead) == (Reason.MAILBOX_MOVED, dead)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("???????????? ?? ??????", False),
        ("<bob@dest.example>: \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd", False),
        ("User unknown (??? ????????)", False),
        ("Usu\ufffd\ufffdrio n\ufffd\ufffdo existe", True),
        ("Benutzer unbekannt \ufffd\ufffd", True),
        ("<bob@dest.example>", True),
    ],
)
def test_words_that_nobody_can_read_may_say_anything(text: str, *, dead: bool) -> None:
    told = one(reply="550", status="5.1.1", command="RCPT", text=text, said=Said.REMOTE)
    assert (told.reason, told.dead) == (Reason.USER_UNKNOWN, dead)


def test_where_nobody_knows_whom_a_reply_is_about_it_is_about_the_first_that_it_names() -> None:
    for said, dead in (("delivered to all but jane@dest.example (no such user)", False), ("no such user", True)):
        assert explain_reply(f"550 5.1.1 press@dest.example {said}", knowledge()).recipients[0].dead is dead


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 <x@dest.example>: Recipient address rejected: undeliverable address: host mail[private/lmtp] said: {}",
        "550 5.1.1 Downstream reply was: {}",
        "550 permanent failure for one or more recipients (x@dest.example:{})",
        "550 Recipient verify failed. Called: 192.0.2.1 Sent: RCPT TO:<x@dest.example> Response: {}",
        "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found\nRemote Server at mx.dest.example (2016) returned '{}'",
        "554 5.0.0 id=22190-11 - Rejected by next-hop MTA on relaying, from MTA(smtp:[127.0.0.1]:10025): {}",
    ],
)
def test_what_a_server_passes_on_is_as_if_it_said_it_itself(said: str) -> None:
    told = explain_reply(said.format("550 5.1.1 User unknown"), knowledge()).recipients[0]
    assert (told.reason, told.dead) == (Reason.USER_UNKNOWN, True)


def test_a_list_that_says_nothing_plain_is_not_called_one_for_members() -> None:
    assert one(dialect="lists", text="Zzyzx", said=Said.OWN).topic != "members-only"


def test_the_name_of_a_page_makes_nobody_dead() -> None:
    told = explain_reply("550 5.0.0 see https://dest.example/help/user-unknown", knowledge()).recipients[0]
    assert (told.reason, told.dead) == (Reason.USER_UNKNOWN, False)


def test_before_the_recipient_is_named_nobody_is_dead() -> None:
    for command in ("MAIL", "CONN"):
        verdict = classify(Query(reply="550", status="5.1.1", text="unk rcpt", command=command), knowledge().catalogue)
        assert not verdict.dead


def test_a_number_of_the_readers_own_kills_nobody() -> None:
    query = Query(reply="550", status="5.1.1", text="[192.0.2.1]", command="RCPT")
    assert not classify(query, knowledge().catalogue, vote=False).dead


@pytest.mark.parametrize("command", ["MAIL", "CONN"])
def test_no_vote_says_of_the_recipient_what_was_said_before_him(command: str) -> None:
    assert (
        classify(Query(reply="550", text="invented address", command=command), knowledge().catalogue).reason
        is not Reason.USER_UNKNOWN
    )


@pytest.mark.parametrize("reply_code", ["250", "252"])
def test_a_positive_code_beside_a_status_of_the_dead_proves_nothing(reply_code: str) -> None:
    assert not classify(Query(reply=reply_code, status="5.1.1"), knowledge().catalogue).dead


@pytest.mark.parametrize(("kind", "reason"), [(None, Reason.USER_UNKNOWN), ("smtp", Reason.SENDER_NOT_ALLOWED)])
def test_the_reporting_host_counts_only_where_the_report_quotes_a_server(kind: str | None, reason: Reason) -> None:
    fact = Recipient(
        address="bob@dest.example", action="failed", reply="550", text=": User unknown", diagnostic_type=kind
    )
    found = bounce.Bounce(kind=Kind.FAILED, recipients=(fact,), reporting_mta="msmx.au.com")
    assert explain_bounce(found, knowledge()).recipients[0].reason is reason


def test_a_file_whose_name_is_no_utf_8_has_its_line() -> None:
    assert b'"source":"a?"' in to_json(report(), "a\udcff")
    assert json_line({"a\udcff": ["\udcff"]}) == b'{"a?":["?"]}'


def test_the_end_of_a_log_line_that_is_all_in_parentheses_is_not_quoted() -> None:
    told = explain_reply("550 (no such user (in reply to RCPT TO command))", knowledge()).recipients[0]
    assert "in reply" not in told.because


def test_who_wins_a_vote_has_a_share_that_tells_something() -> None:
    lines = [
        line.split("\t")[0]
        for name in ("replies.tsv", "hard.tsv")
        for line in (EXAM / name).read_text(encoding="utf-8").splitlines()
    ]
    verdicts = [explain_reply(line.replace("\\n", "\n"), knowledge()).recipients[0].verdict for line in lines]
    assert min(v.share for v in verdicts if v is not None and v.share is not None) >= 0.15


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("Unfortunately... no such user here", True),
        ("carol... User unknown", False),
        ('No such user (for "to" address)', True),
        ("The recipient simply does not exist", True),
        ("recipient probably does not exist", False),
        ("The recipient mailbox does not exist", True),
        ("The mailbox here does not exist", True),
        ("The user kelly does not exist", False),
        ('user unknown for "dest.example"', True),
        ('user unknown for "carol%dest.example"', False),
        ('unknown user: "bob%dest.example"', True),
        ('unknown user: "support"', False),
        ("No such user here, security@dest.example", False),
        ("carol: User unknown", False),
        ("User unknown: carol", False),
        ("No such user (carol)", False),
        ("unknown user carol", False),
        ("[carol] User unknown", False),
        ("Mailbox not found - carol", False),
        ("User carol@ does not exist", False),
        ("Recipient <carol> does not exist", False),
        ("carol is not a known user here", False),
        ("Sorry, no mailbox here by the name of carol", False),
        ("Recipient address rejected: carol: no such user", False),
        ("carol: Benutzer unbekannt", False),
        ("utilisateur inconnu : carol", False),
        ("usuario desconocido: carol", False),
        ("usuário carol não existe", False),
        ("gebruiker carol bestaat niet", False),
        ("Kullanıcı bulunamadı: carol", False),
        ("mail.local: unknown name: carol", False),
        ("No such user (mail.local: unknown user: carol)", False),
        ("No such user jane here", False),
        ("DEST\\jane: user unknown", False),
        ("user unknown, rcpt=jane", False),
        ("No existe el usuario jane", False),
        ("Uživatel jane neexistuje", False),
        ("jane.doe has left the company", False),
        ("JANE DOE HAS LEFT THE COMPANY", False),
        ("Jane no longer works here", False),
        ("JDOE no longer works here", False),
        ("jane is no longer employed here", False),
        ("Jane Doe's mailbox has been deleted", False),
        ("La cuenta de Jane Doe ha sido eliminada", False),
        ("Mailbox for jane does not exist", False),
        ("No mailbox named Jane Doe", False),
        ("El usuario Jane Doe no existe", False),
        ("bob has left the company", True),
        ("BOB SMITH HAS LEFT THE COMPANY", True),
        ("THE USER HAS LEFT THE COMPANY", True),
        ("Employee no longer works here", True),
        ("Bob's mailbox has been deleted", True),
        ("The Recipient's mailbox does not exist", True),
        ("La cuenta de Correo Electrónico no existe", True),
        ("Mailbox for this user does not exist", True),
        ("El usuario Bob Smith no existe", True),
        ("Recipient Address Rejected: User Unknown", True),
        ("No such user bob here", True),
        ("DEST\\bob: user unknown", True),
        ("No such mailbox anymore at this host", True),
        ("no such user: example_bob", True),
        ("Mailbox not found: dest.example/bob", True),
        ("User unknown (user.bob)", True),
        ("No such user (BOB)", True),
        ("Error: user unknown", True),
        ("User unknown - rejected", True),
        ("User unknown (RecipientFilter)", True),
        ("No such user [9f3b2c77]", True),
        ("No such user - mx.dest.example", True),
        ("mx-gate14-hz1: bei uns wird dieses Postfach nicht gefuehrt", True),
        ("User unknown - psmtp", True),
        ("lmtpd: no such mailbox", True),
        ("no such user in the local recipient table", True),
        ("Benutzer unbekannt", True),
        ("casella inesistente", True),
        ("recipient mailbox unallocated", True),
    ],
)
def test_a_word_that_is_no_name_is_nobody_else(text: str, *, dead: bool) -> None:
    told = one(reply="550", status="5.1.1", command="RCPT", text=text, said=Said.REMOTE)
    assert (told.reason, told.dead) == (Reason.USER_UNKNOWN, dead)


@pytest.mark.parametrize(
    ("status", "text", "dead"),
    [
        ("5.7.1", "No such user! 1700000000-Qx1Ab2cD", True),
        ("5.7.1", "No such user! Spam.", False),
        ("5.1.1", "No such user! Try again with TLS", False),
        ("5.1.3", "Invalid recipient", True),
        ("5.1.3", "Invalid recipient (filtered)", False),
        ("5.1.3", "Invalid recipient: rate limit", False),
        ("5.1.10", "Recipient bob@dest.example not found by SMTP address lookup", True),
        ("5.1.10", "Recipient bob@dest.example not found by SMTP address lookup (directory service busy)", False),
        ("5.1.1", "Local mailbox bob@dest.example is unavailable: user not found in cluster 3", False),
        (
            "5.1.1",
            "Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [directory sync failed]",
            False,
        ),
        ("5.1.2", "Nowhere to deliver mail to for domain: dest.example (queue paused)", False),
        ("5.1.1", "see ticket INT-P3", False),
        ("5.7.1", "rejected by rule (G8)", False),
        ("5.7.1", "Command rejected XGEMAIL_0011 (directory sync pending)", False),
        ("5.7.1", "delivery error: dd Not a valid recipient - temporarily deferred", False),
        ("5.1.6", "bob@dest.example has moved to another department, mail is forwarded for six months", False),
        ("5.1.6", "Nouvelle adresse du serveur : mx2.dest.example", False),
    ],
)
def test_what_one_provider_says_is_not_said_of_him_with_other_words_behind_it(
    status: str, text: str, *, dead: bool
) -> None:
    assert one(reply="550", status=status, command="RCPT", text=text, said=Said.REMOTE).dead is dead


def test_a_sender_whose_address_has_letters_that_may_not_be_used_is_no_recipient() -> None:
    text = "アドレスに使用できない文字があります（送信者）"
    assert not one(reply="501", status="5.1.3", command="RCPT", text=text, said=Said.REMOTE).dead


def test_a_relay_that_dragonfly_cannot_look_up_is_not_the_recipients_domain() -> None:
    lost = "DNS lookup failure: host {} not found"
    assert one(text=lost.format("dest.example"), said=Said.OWN).dead
    assert one(text=lost.format("relay.corp.lan"), said=Said.OWN).reason is Reason.DNS_FAILURE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("User has moved to bob@dest.example", Reason.UNKNOWN),
        ("<old@dest.example> has moved; please use <Bob@dest.example>", Reason.UNKNOWN),
        ("mailbox moved for bob@dest.example", Reason.MAILBOX_MOVED),
        ("<bob@dest.example> has moved to carol@far.example", Reason.MAILBOX_MOVED),
    ],
)
def test_who_has_the_new_address_is_told_of_no_other_one(text: str, reason: Reason) -> None:
    told = one(reply="551", status="5.1.6", command="RCPT", text=text, said=Said.REMOTE)
    assert told.reason is reason
    assert told.dead == ("carol" in text)


@pytest.mark.parametrize(
    "host", ["mailstore", "mailstore.lan", "mx1.dc2.internal", "store.corp.home.arpa", "LOCALHOST"]
)
def test_a_name_of_no_public_domain_is_not_the_recipients(host: str) -> None:
    lead = "550 5.1.2 Host or domain name not found. Name service error for name="
    found = explain_reply(f"{lead}{host} type=A: Host not found", knowledge()).recipients[0]
    assert (found.reason, found.dead) == (Reason.DNS_FAILURE, False)
    gone = explain_reply(f"{lead}{host}.example type=A: Host not found", knowledge()).recipients[0]
    assert (gone.reason, gone.dead) == (Reason.DOMAIN_UNKNOWN, True)
