"""Delivery-status parts: each recipient with its own fate, each field for itself (RFC 3464, RFC 6533)."""

import pytest

from bounce_milter import address, limits, report
from bounce_milter.facts import Recipient, Said

MIXED = b"""Reporting-MTA: dns; mail.example.com
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000

Original-Recipient: rfc822; info@example.org
Final-Recipient: rfc822; <Bob@dest.example>
Action: failed (permanent)
Status: 5.0.0
Remote-MTA: dns; mx.dest.example (192.0.2.7)
Diagnostic-Code: smtp; 550-5.1.1 No such
 user 550 5.1.1 here (in reply to RCPT TO command)

Final-Recipient: rfc822; carol@slow.example
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mx.slow.example[192.0.2.9]:25: Connection timed out
Will-Retry-Until: Sat, 28 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; dave@good.example
Action: relayed
Status: 2.0.0
"""


def one(text: bytes) -> Recipient:
    found = report.parse(text)
    assert len(found.recipients) == 1
    return found.recipients[0]


def test_each_recipient_has_its_own_fate() -> None:
    found = report.parse(MIXED)
    assert found.reporting_mta == "mail.example.com"
    assert [r.action for r in found.recipients] == ["failed", "delayed", "relayed"]
    assert report.worst(found.recipients) == "failed"
    first, second, third = found.recipients
    assert (first.address, first.alias) == ("Bob@dest.example", "info@example.org")
    assert (first.reply, first.status, first.command) == ("550", "5.1.1", "RCPT")
    assert first.text == "No such user here (in reply to RCPT TO command)"
    assert (first.by, first.said) == ("mx.dest.example", Said.REMOTE)
    assert (second.reply, second.status, second.diagnostic_type) == (None, "4.4.1", "x-postfix")
    assert second.will_retry_until == "Sat, 28 Nov 2026 10:00:00 +0000"
    assert (third.reply, third.text) == (None, None)


def test_groups_without_an_empty_line_between_them_stay_apart() -> None:
    text = (
        b"Final-Recipient: rfc822; a@x.example\nAction: failed\nFinal-Recipient: rfc822; b@x.example\nAction: delayed\n"
    )
    assert [(r.address, r.action) for r in report.parse(text).recipients] == [
        ("a@x.example", "failed"),
        ("b@x.example", "delayed"),
    ]


def test_fields_beyond_the_bound_are_told_to_be_there() -> None:
    many = "".join(
        f"Final-Recipient: rfc822; u{n}@d.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; d\n"
        for n in range(400)
    )
    found = report.parse(f"Reporting-MTA: dns; mx\n\n{many}".encode())
    assert found.truncated
    assert len(found.recipients) * 4 >= limits.HEADER_FIELDS - 4


def test_an_empty_line_inside_a_group_does_not_tear_it() -> None:
    fact = one(
        b"Reporting-MTA: dns; m.example\n\nFinal-Recipient: rfc822; a@x.example\n\n\nAction: failed\nStatus: 5.2.2\n"
    )
    assert (fact.address, fact.action, fact.status) == ("a@x.example", "failed", "5.2.2")


def test_the_action_may_stand_in_the_message_fields() -> None:
    fact = one(
        b"Reporting-MTA: dns; m.example\nAction: failed\n\nFinal-Recipient: rfc822; a@x.example\nStatus: 5.1.1\n"
    )
    assert fact.action == "failed"


@pytest.mark.parametrize(
    ("words", "shared"), [("<eva@dest.example>: User unknown", [False, True]), ("User unknown", [True, True])]
)
def test_of_two_in_one_field_the_answer_is_about_whom_it_names(words: str, shared: list[bool]) -> None:
    found = report.parse(
        b"Original-Recipient: rfc822;eva@dest.example\nFinal-Recipient: rfc822; eva@dest.example, bob@dest.example\n"
        b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 " + words.encode()
    )
    assert [(r.address, r.alias) for r in found.recipients] == [("eva@dest.example", None), ("bob@dest.example", None)]
    assert [r.shared for r in found.recipients] == shared


def test_a_report_on_nobody_is_a_report() -> None:
    fact = one(b"Reporting-MTA: dns; m.example\n\nAction: failed\nStatus: 5.1.1\n")
    assert (fact.address, fact.status) == (None, "5.1.1")


def test_xtext_and_utf8_addresses() -> None:
    fact = one(
        b"Original-Recipient: rfc822; bob+2Bnews@x.example\nFinal-Recipient: rfc822; bob+news@x.example\nAction: failed\n"
    )
    assert (fact.address, fact.alias) == ("bob+news@x.example", None)
    fact = one(b"Final-Recipient: utf-8; j\\x{F6}rg@x.example\nAction: failed\n")
    assert fact.address == "jörg@x.example"
    fact = one(b"Final-Recipient: utf-8; j\\x{D800}rg@x.example\nAction: failed\n")  # half of a pair is no letter
    assert fact.address == "j\ufffdrg@x.example"
    fact = one("Final-Recipient: utf-8; jörg@x.example\nAction: failed\n".encode())
    assert fact.address == "jörg@x.example"


@pytest.mark.parametrize(
    ("said", "expired"), [("450 4.4.7 Message expired", False), ("550 4.4.7 Message expired", True)]
)
def test_whose_code_says_to_try_again_gave_nothing_up(said: str, *, expired: bool) -> None:
    fact = one(
        f"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 4.0.0\nDiagnostic-Code: smtp; {said}\n".encode()
    )
    assert fact.expired is expired


def test_a_pipe_or_a_bare_name_is_not_told_where_the_written_address_is_known() -> None:
    fact = one(
        b"Original-Recipient: rfc822; bob@x.example\nFinal-Recipient: x-local; |/usr/bin/filter\nAction: failed\n"
    )
    assert (fact.address, fact.alias) == ("bob@x.example", None)


def test_an_exit_code_is_no_reply_code() -> None:
    fact = one(b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.3.0\nDiagnostic-Code: x-unix; 255\n")
    assert fact.reply is None


def test_one_bad_field_costs_only_itself() -> None:
    fact = one(b"Final-Recipient: rfc822; a@x.example\nAction: exploded\nStatus: five\nRemote-MTA: dns; mx.x.example\n")
    assert (fact.address, fact.by, fact.action, fact.status) == ("a@x.example", "mx.x.example", None, None)


def test_the_more_exact_status_of_the_reply_is_told_but_never_one_of_another_class() -> None:
    exact = b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 5.2.2 Over quota\n"
    assert one(exact).status == "5.2.2"
    other = (
        b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 4.2.2 full\n"
    )
    assert one(other).status == "5.1.1"


def test_nothing_is_made_up() -> None:
    fact = one(b"Final-Recipient: rfc822; a@x.example\nAction: failed\n")
    assert (fact.reply, fact.status, fact.command, fact.text, fact.alias) == (None, None, None, None, None)


@pytest.mark.parametrize(
    "written", ['"john doe"@dest.example', '"<x>"@dest.example', '"a..b"@dest.example', r'"a\"b@c"@dest.example']
)
def test_a_quoted_local_part_keeps_its_quotes_and_is_nobody_else(written: str) -> None:
    fact = one(f"Final-Recipient: rfc822; {written}\nOriginal-Recipient: rfc822;{written}\nAction: failed\n".encode())
    assert (fact.address, fact.alias) == (written, None)


def test_quotes_alone_make_no_other_address() -> None:
    fact = one(
        b'Final-Recipient: rfc822; "a..b"@x.example\nOriginal-Recipient: rfc822;a..b@x.example\nAction: failed\n'
    )
    assert (fact.address, fact.alias) == ("a..b@x.example", None)


def test_quotes_around_an_address_are_none_of_it() -> None:
    assert [address.clean(t) for t in ('"bob@dest.example"', "<'bob@dest.example'>", '"x" <bob@dest.example>')] == [
        "bob@dest.example"
    ] * 3
    literals = ("(bob@[192.0.2.1])", "<bob@[192.0.2.1]>", "bob@[192.0.2.1],", '"bob@[192.0.2.1]"')
    assert {address.clean(t) for t in literals} == {"bob@[192.0.2.1]"}
    assert {address.clean(t) for t in ("[bob@dest.example];", "[bob@dest.example")} == {"bob@dest.example"}
    assert address.clean(f'"{"a" * 600}"@dest.example') is None
    assert address.clean('"a\x07b"@dest.example') is None
    assert address.first('Mail for "john doe"@dest.example failed') == '"john doe"@dest.example'


def test_a_reply_may_have_a_diagnostic_code_for_each_line() -> None:
    fact = one(
        b"Final-Recipient: rfc822; a@x.example\nAction: failed\n"
        b"Diagnostic-Code: smtp;550-5.7.26 This mail is\nDiagnostic-Code: smtp;550 5.7.26 unauthenticated\n"
    )
    assert (fact.reply, fact.status, fact.text) == ("550", "5.7.26", "This mail is unauthenticated")


def test_of_two_kinds_of_diagnostic_code_smtps_counts() -> None:
    head, vendor = b"Final-Recipient: rfc822; a@x.example\nAction: failed\n", b"Diagnostic-Code: X-Vendor; see below\n"
    answer = b"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    for text in (head + vendor + answer, head + answer + vendor, head + answer + answer):
        assert (one(text).reply, one(text).text) == ("550", "User unknown")


def test_a_reply_that_nobody_folded_is_read_to_its_end() -> None:
    fact = one(
        b"Final-Recipient: rfc822; a@x.example\nAction: failed\n"
        b"Diagnostic-Code: smtp; 550-5.7.1 This message is\n550-5.7.1 likely\n550 5.7.1 spam\nStatus: 5.7.1\n"
    )
    assert (fact.text, fact.status) == ("This message is likely spam", "5.7.1")


@pytest.mark.parametrize(
    ("name", "garbled"),
    [
        (b"rfc822;Foo Bar/Org@ORG", True),
        (b"rfc822;bob@dest.example", False),
        (b"rfc822;|/usr/bin/sort bob@dest.example /tmp", False),
        (b"x-local;bob", False),
        (b"", False),
    ],
)
def test_a_name_that_is_no_address_is_told(name: bytes, *, garbled: bool) -> None:
    assert report.parse(b"Final-Recipient: " + name + b"\nAction: failed\n").garbled is garbled


def test_a_source_route_in_both_fields_is_no_part_of_an_address() -> None:
    found = one(
        b"Original-Recipient: rfc822; @a.example:bob@dest.example\n"
        b"Final-Recipient: rfc822; @b.example:bob@dest.example\nAction: failed\n"
    )
    assert (found.address, found.alias) == ("bob@dest.example", None)


def test_success_is_told_by_the_status_too() -> None:
    found = one(
        b"Final-Recipient: rfc822; bob@dest.example\nStatus: 2.1.5\nDiagnostic-Code: smtp; 250 2.1.5 Ok, queued\n"
    )
    assert (found.action, found.reply, found.text) == ("delivered", "250", "Ok, queued")


def test_a_source_route_is_no_part_of_an_address() -> None:
    fact = one(b"Final-Recipient: rfc822; <@gw.example:jdoe@dest.example>\nAction: failed\nStatus: 5.1.1\n")
    assert fact.address == "jdoe@dest.example"


def test_a_reply_in_the_place_of_the_status_is_a_reply() -> None:
    fact = one(b"Final-Recipient: rfc822; jdoe@dest.example\nAction: failed\nStatus: 550 5.1.1 User unknown\n")
    assert (fact.reply, fact.status, fact.text) == ("550", "5.1.1", "User unknown")


def test_a_host_that_does_not_exist_answers_nothing() -> None:
    fact = one(
        b"Reporting-MTA: dns; gw.home.example\n\nFinal-Recipient: RFC822; joe@nohost.example\nAction: failed\n"
        b"Status: 5.1.2\nRemote-MTA: DNS; nohost.example\nDiagnostic-Code: SMTP; 550 Host unknown\n"
    )
    assert (fact.by, fact.said) == ("gw.home.example", Said.OWN)


@pytest.mark.parametrize(
    "written",
    [
        b"rfc822 (typed);bob@dest.example",
        b"(a) rfc822;(c) bob@dest.example",
        b"rfc822; bob@dest.example(Bob)",
        b"rfc822;<bob@dest.example> (Bob)",
    ],
)
def test_comments_are_no_part_of_an_address(written: bytes) -> None:
    assert one(b"Final-Recipient: " + written + b"\nAction: failed\nStatus: 5.1.1\n").address == "bob@dest.example"


@pytest.mark.parametrize("written", [b"(bad) 5.1.1", b"smtp; 550 5.1.1", b"550 5.1.1", b"#5.1.1", b"(5.1.1)"])
def test_a_status_is_found_behind_what_does_not_belong_there(written: bytes) -> None:
    fact = one(
        b"Final-Recipient: rfc822; bob@dest.example\nAction: failed\n"
        b"Status: " + written + b"\nDiagnostic-Code: smtp; 550 User unknown\n"
    )
    assert (fact.reply, fact.status, fact.text) == ("550", "5.1.1", "User unknown")


def test_words_that_nobody_folded_are_read_to_their_end_and_no_further() -> None:
    text = (
        b"Final-Recipient: rfc822; bob@dest.example\n--lost\nAction: failed\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 The account that\nyou tried to reach\n does not\nexist\nStatus: 5.1.1\n"
    )
    fact = one(text)
    assert (fact.address, fact.text) == ("bob@dest.example", "The account that you tried to reach does not exist")


def test_the_host_whose_answer_remote_mta_passes_on_is_named() -> None:
    fact = one(
        b"Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.dest.example\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 <bob@dest.example>: undeliverable address: host in.dest.example[192.0.2.7]\n"
        b" said: 550 5.7.1 Client host rejected (in reply to MAIL FROM command)\n"
    )
    assert (fact.by, fact.command, fact.text) == (
        "in.dest.example",
        "MAIL",
        "Client host rejected (in reply to MAIL FROM command)",
    )


@pytest.mark.parametrize("status", [b"4.4.7", b"5.4.7"])
def test_either_status_of_time_that_ran_out_says_so(status: bytes) -> None:
    assert one(b"Final-Recipient: rfc822; bob@dest.example\nAction: failed\nStatus: " + status + b"\n").expired


@pytest.mark.parametrize(("count", "fields"), [(750, 6), (limits.RECIPIENTS, 4)])
def test_a_report_on_as_many_as_the_bound_says_is_read_whole(count: int, fields: int) -> None:
    lines = (
        "Final-Recipient: rfc822;user{0}@dest.example", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 <user{0}@dest.example>: Recipient address rejected: User unknown",
        "Original-Recipient: rfc822;user{0}@dest.example", "Remote-MTA: dns; mx.dest.example",
    )[:fields]  # fmt: skip
    groups = ("\n".join(lines).format(number) for number in range(count))
    found = report.parse("\n\n".join(["Reporting-MTA: dns; mx.example.net", *groups]).encode())
    assert (len(found.recipients), found.truncated) == (count, False)


@pytest.mark.parametrize(
    ("remote", "host"),
    [
        ("dns; [IPv6:2001:db8::25]", "2001:db8::25"),
        ("dns; 2001:db8::25", "2001:db8::25"),
        ("dns; [::ffff:192.0.2.25]:25", "::ffff:192.0.2.25"),
        ("[192.0.2.25]", "192.0.2.25"),
        ("dns; mx.dest.example:25:tcp", "mx.dest.example"),
        ("dns; face:25:b.example", "face"),
        ("X400; mta1", None),
        ("dns; EXCH01", "exch01"),
        ("dns; exch01 (10.0.0.1)", "exch01"),
        ("dns; mx.dest.example TCP", "mx.dest.example"),
        ("dns; Lotus Domino Release 8.5", None),
        ("dns; you must visit evil.example now", None),
    ],
)
def test_a_host_may_be_given_by_its_address(remote: str, host: str | None) -> None:
    fields = f"Final-Recipient: rfc822; bob@dest.example\nAction: failed\nRemote-MTA: {remote}\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    assert one(fields.encode()).by == host
