"""Of several replies in a text the innermost counts, where those around it only pass it on."""

import pytest

from bounce_milter.reply import Reply, quoting


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        ("host mx.example[192.0.2.1] said: 550\n 5.7.1 Blocked", "550", "5.7.1"),
        ("Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'", "550", "5.1.10"),
        ("2. bob@dest.example - 550 5.1.1 user unknown", "550", "5.1.1"),
        ("<mx.example #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#", "530", "5.7.1"),
        ("554 4.4.7 Message expired: unable to deliver.<421 4.4.2 Connection timed out>", "421", "4.4.2"),
        ("554 5.4.7 Delivery expired (message too old) 'timeout' (last reply: 452 4.2.2 over quota)", "452", "4.2.2"),
        ("5.1.0 - Unknown address error 550-'5.7.1 <a@b.example>... Access denied'", "550", "5.7.1"),
        ("5.3.0 - Other mail system problem 554-'5.7.1 Service unavailable'", "554", "5.7.1"),
    ],
)
def test_the_innermost_reply_wins(text: str, code: str, status: str) -> None:
    found = quoting.find(text)
    assert (found.code, found.status) == (code, status)


def test_a_code_behind_its_words_leaves_them() -> None:
    said = quoting.find("Not sent, the address is on the suppression list of your account. 550 5.1.1")
    assert said == Reply("550", "5.1.1", "Not sent, the address is on the suppression list of your account.")
    assert quoting.find("Not delivered. 550 5.1.1 User unknown") == Reply("550", "5.1.1", "User unknown")


def test_a_server_that_has_something_to_say_itself_is_not_taken_for_the_one_that_it_quotes() -> None:
    said = "We block you, you caused 40 of these: 550 5.1.1 User unknown"
    assert quoting.find(f"550 5.7.1 {said}") == Reply("550", "5.7.1", said)
    assert quoting.quoted(said) == ("We block you, you caused 40 of these", Reply("550", "5.1.1", "User unknown"))
    assert quoting.quoted("We block you: see section 550 of our rules") is None
    assert quoting.quoted("Sender verify failed, host said: 550 5.1.1 User unknown") is None


def test_a_reply_about_another_recipient_of_the_message_is_not_his() -> None:
    told = "Not sent because another recipient of the same message was rejected: 550 5.1.1 <eve@dest.example> unknown"
    assert quoting.find(told) == Reply(None, None, told)
    assert quoting.find("another address was tried: 550 5.1.1 unknown").code == "550"


def test_a_server_that_says_try_again_does_not_pass_on_that_another_refused_for_good() -> None:
    assert quoting.find('451 4.3.0 downstream said "550 5.1.1 User unknown"').code == "451"
    assert quoting.find('450 4.1.1 downstream said "452 4.2.2 Over quota"') == Reply("452", "4.2.2", "Over quota")


@pytest.mark.parametrize(
    "said",
    [
        '554 5.1.1 gw.example: next hop mx.dest.example (192.0.2.7) answered RCPT with "550 No such mailbox here"',
        '550 5.1.1 gw.example: mx.dest.example (192.0.2.7) replied to RCPT TO: "551 No such mailbox here"',
        "554 5.1.1 Delivery failed, downstream reply was [550 No such mailbox here]",
    ],
)
def test_a_gateway_says_of_the_recipient_what_its_own_status_says(said: str) -> None:
    found = quoting.find(said)
    assert (found.status, found.text) == ("5.1.1", "No such mailbox here")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("550 5.1.1 <bob@dest.example>: host mx2.dest.example said: 552 <bob@dest.example>", "552"),
        ("550 5.1.1 RCPT TO failed, remote server replied: 523 <bob@dest.example>", "523"),
        ("550 5.1.1 RCPT TO failed, remote server replied: 554 mail.src.example", "554"),
        ('550 5.1.1 bob@dest.example: inner server response was "550 Mailbox unavailable"', "550"),
        ("550 5.1.1 host mx2 said: 550 Requested action not taken: mailbox unavailable", "550"),
    ],
)
def test_a_gateways_status_proves_nothing_around_what_is_no_word_on_the_recipient(said: str, code: str) -> None:
    found = quoting.find(said)
    assert (found.code, found.status) == (code, None)


def test_a_status_that_is_not_on_the_address_stays_beside_its_own_code() -> None:
    assert quoting.find("554 5.4.0 Delivery failed, downstream said: 550 No such user").status is None
    assert quoting.find("5.1.1 - Delivery failed, host said: 550 No such user").status is None
    assert quoting.find("450 5.1.1 Delivery failed, downstream said: 550 No such user").code == "450"
    assert quoting.find("550 5.1.1 Delivery failed, downstream said: 450 Not now").status is None


def test_a_size_is_no_code() -> None:
    assert quoting.find("mailbox is full (500 MB of 500 MB in use)").code is None


@pytest.mark.parametrize("before", ["", "SMTP error ", "Error: ", "host mx.example[192.0.2.1] said: "])
def test_a_colon_may_stand_behind_the_code(before: str) -> None:
    assert quoting.find(f"{before}550: 5.1.1 User unknown") == Reply("550", "5.1.1", "User unknown")
    assert quoting.find(f"{before}550: User unknown") == Reply("550", None, "User unknown")


@pytest.mark.parametrize("before", ["", "host mx.example[192.0.2.1] said: "])
def test_a_line_behind_a_colon_goes_on_with_the_same_reply(before: str) -> None:
    lines = ("550-5.7.26 The sender is unauthenticated.", "550-5.7.26  Results:", "550-5.7.26  DKIM = did not pass")
    found = quoting.find(f"{before}{' '.join(lines)} 550 5.7.26 see help")
    assert found == Reply("550", "5.7.26", "The sender is unauthenticated. Results: DKIM = did not pass see help")


def test_a_line_behind_a_colon_goes_on_with_a_reply_without_status() -> None:
    found = quoting.find("host mx.dest.example said: 550-The mailbox is full. Write to: 550 postmaster@dest.example")
    assert found == Reply("550", None, "The mailbox is full. Write to: postmaster@dest.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Over quota (550 5.1.1).", Reply("550", "5.1.1", "Over quota (550 5.1.1).")),
        ("Over quota (550 5.1.1), try later.", Reply("550", "5.1.1", "Over quota (550 5.1.1), try later.")),
        ("554 5.7.1 Looks like spam (550 5.1.1).", Reply("550", "5.1.1", "Looks like spam (550 5.1.1).")),
        ("no such user (550)", Reply("550", None, "no such user (550)")),
    ],
)
def test_a_code_in_parentheses_leaves_the_words_it_stands_behind(text: str, expected: Reply) -> None:
    assert quoting.find(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<bob@dest.example> 550 5.1.1 User unknown", Reply("550", "5.1.1", "User unknown")),
        ("bob@dest.example          552 5.2.2 Quota exceeded", Reply("552", "5.2.2", "Quota exceeded")),
        ("bob@dest.example 550 messages wait", Reply(None, None, "bob@dest.example 550 messages wait")),
        (
            "550 5.1.1 the account bob@dest.example 550 5.1.1 left",
            Reply("550", "5.1.1", "the account bob@dest.example left"),
        ),
    ],
)
def test_a_reply_stands_beside_an_address(text: str, expected: Reply) -> None:
    assert quoting.find(text) == expected


def test_what_a_relay_said_to_the_login_is_no_answer_about_the_recipient() -> None:
    found = quoting.find("4.7.8 SASL authentication failed; server mx.example[192.0.2.1] said: 535 5.7.8 Error: failed")
    assert (found.code, found.status) == (None, "4.7.8")
    assert found.text.startswith("SASL authentication failed; server")


@pytest.mark.parametrize(
    "before",
    ["", "host mx.dest.example[192.0.2.1] said: "],
)
def test_what_the_senders_own_server_said_is_no_answer_about_the_recipient(before: str) -> None:
    found = quoting.find(
        f"{before}450 4.1.7 <a@b.example>: Sender address rejected: undeliverable address: host mx.b.example said: "
        "550 5.1.1 User unknown (in reply to RCPT TO command)"
    )
    assert (found.code, found.status) == ("450", "4.1.7")
    assert found.text.startswith("<a@b.example>: Sender address rejected")


@pytest.mark.parametrize("before", ["", "host mx.dest.example[192.0.2.1] said: "])
@pytest.mark.parametrize(("own", "status"), [("", None), ("5.7.1 ", "5.7.1")])
def test_a_status_that_the_senders_own_server_gave_is_not_the_recipients(
    before: str, own: str, status: str | None
) -> None:
    found = quoting.find(
        f"{before}550-{own}Verification failed for <a@b.example>\n550-Response: 550 5.1.1 <a@b.example>: User unknown\n"
        "550 Sender verify failed"
    )
    assert (found.code, found.status) == ("550", status)


@pytest.mark.parametrize(
    "text",
    [
        "connect to 192.0.5.221: timed out",
        "call +1 800 555 0199 for help",
        "bob@dest.example - 550 messages wait",
        "550-1234567 is our telephone",
        "filtered by Version 5.1.1 of SpamFilter",
        "queue id 4.7.550A",
        "see https://mail.example/help/5.1.1/",
        "port 587 refused on 2026-11-23 at 04:52:10",
        "address 198.51.100.5.1.1 is odd",
        "connect to api.dest.example:443 (connection refused)",
        "temporary failure. Command output: It said: 502 Bad Gateway",
        'Command died with status 1: "/usr/bin/gate". Command output: error: 500 Internal Server Error',
        "5\u0665\u0660 5.1.\u0661 digits of another script",
    ],
)
def test_numbers_that_are_no_codes_stay_words(text: str) -> None:
    found = quoting.find(text)
    assert (found.code, found.status) == (None, None)


def test_a_program_may_print_a_reply_with_its_status() -> None:
    found = quoting.find("user unknown. Command output: server said: 550 5.1.1 No such user")
    assert (found.code, found.status) == ("550", "5.1.1")
    before = "host mx.example[192.0.2.1] said: 554 delivery error: Command output: gate: 502 Bad Gateway"
    assert quoting.find(before).code == "554"


def test_a_number_in_brackets_is_no_second_reply() -> None:
    found = quoting.find("550 5.2.0 Mail rejected. OFR_506 [506]")
    assert (found.code, found.status) == ("550", "5.2.0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("host said (550 5.1.1 No such recipient)", "No such recipient"),
        ('he said "550 User unknown"', "User unknown"),
        ("host said: 550 5.1.1 No such user (in reply to RCPT TO)", "No such user (in reply to RCPT TO)"),
        ('host said: 550 5.1.1 There is no "bob"', 'There is no "bob"'),
        ("退信原因：550 5.1.1 User unknown", "User unknown"),
        (
            "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to lookup DNS for d.example>",
            "Unable to lookup DNS for d.example",
        ),
        (
            "550 failure for one or more (bob@dest.example:550 5.1.1 User unknown) (in reply to RCPT TO command)",
            "bob@dest.example: User unknown (in reply to RCPT TO command)",
        ),
    ],
)
def test_a_quotation_ends_without_the_mark_that_began_before_it(text: str, words: str) -> None:
    assert quoting.find(text).text == words


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 550 5.2.2", "5.2.2"),
        ("550 5.1.1 552 5.2.2 mailbox full", "5.2.2"),
        ("451 4.7.1 550 5.1.1", "4.7.1"),
        ("550 5.1.1 552 mails wait for you", "5.1.1"),
    ],
)
def test_a_reply_that_is_all_the_words_of_another_is_the_inner_one(text: str, status: str) -> None:
    assert quoting.find(text).status == status
