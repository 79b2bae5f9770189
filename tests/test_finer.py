"""What a reply says more than its reason is told where it is plainly said, and not where it is denied or said of something else."""

import re
import tomllib
from typing import Any

import msgspec
import pytest

from bounce_milter.catalogue import detail
from bounce_milter.catalogue.cleared import finder
from bounce_milter.explain import explain_reply
from bounce_milter.resources import DATA, packaged_details
from bounce_milter.vocabulary import Act, Reason
from tests.reports import knowledge

DETAILS = packaged_details()
FILE = tomllib.loads((DATA / "details.toml").read_text(encoding="utf-8"))
TOPICS = {row.topic for row in DETAILS}
NAMES = [f"{row.topic} {row.reasons[0]}" for row in DETAILS]


def topic(reply: str) -> str | None:
    return explain_reply(reply, knowledge()).recipients[0].topic


@pytest.mark.parametrize("row", DETAILS, ids=NAMES)
def test_a_row_has_its_samples_told_so_and_the_others_not(row: detail.Detail) -> None:
    assert row.samples
    assert {reply: topic(reply) for reply in row.samples} == dict.fromkeys(row.samples, row.topic)
    assert [reply for reply in row.others if topic(reply) in TOPICS] == []


@pytest.mark.parametrize("row", DETAILS, ids=NAMES)
def test_a_row_is_sound(row: detail.Detail) -> None:
    for pattern in filter(None, (row.words, row.denied, row.without)):
        assert re.sub(r"\\[A-Z]", "", pattern) == re.sub(r"\\[A-Z]", "", pattern).lower()
        assert not finder(pattern).search("")


@pytest.mark.parametrize("row", FILE["detail"], ids=NAMES)
def test_each_alternative_finds_something_in_a_sample(row: dict[str, Any]) -> None:
    samples = [reply.lower() for reply in row["samples"]]
    assert [way for way in row["words"] if not any(re.search(way, reply) for reply in samples)] == []


def test_no_two_rows_are_the_same() -> None:
    assert len({(row.reasons, row.words) for row in DETAILS}) == len(DETAILS)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ('topic = "a"\nreasons = ["user-unknown"]\nwords = ["b"]', "samples"),
        ('topic = "a"\nreasons = ["nobody"]\nwords = ["b"]\nsamples = []', "nobody"),
        ('topic = "a"\nreasons = ["user-unknown"]\nwords = ["b"]\nsamples = []\ncolour = 1', "colour"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(row: str, wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=wrong):
        detail.read(f"[denied]\n[[detail]]\n{row}\n")


@pytest.mark.parametrize(
    "reply",
    [
        "451 4.3.0 <bob@example.com>: Temporary lookup failure",
        "451 4.3.0 Temporary lookup failure",
        "host mx.example.com[192.0.2.1] said: 451 4.3.0 <bob@example.com>: Temporary lookup failure (in reply to RCPT TO command)",
    ],
)
def test_a_fault_that_is_answered_is_the_other_sides(reply: str) -> None:
    told = explain_reply(reply, knowledge()).recipients[0]
    assert (told.topic, told.act) == (None, Act.RECIPIENT_ADMIN)


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.8 <alice@sender.example>: Sender address rejected: Domain not found; contact postmaster@mx1",
        "553 5.1.8 Sender domain of alice@sender.example does not resolve (asked ns@localhost)",
    ],
)
def test_only_the_senders_address_is_that_of_a_single_machine(reply: str) -> None:
    assert topic(reply) == "X.1.8"


def test_a_row_names_lists_that_the_file_has() -> None:
    rest = '[[detail]]\ntopic = "a"\nreasons = ["user-unknown"]\nwords = ["b"]\nsamples = []\n'
    lists = '[denied]\nc = ["d", "e"]\nf = ["g"]\n[without]\nc = ["h"]\n'
    row = detail.read(f'{lists}{rest}denied = ["c", "f"]\nwithout = "c"\n')[0]
    assert (row.denied, row.without) == ("d|e|g", "h")
    assert detail.read(f'{lists}{rest}denied = "c"\nwithout = ["i", "j"]\n')[0].without == "i|j"
    with pytest.raises(KeyError, match="x"):
        detail.read(f'{lists}{rest}denied = "x"\n')


def test_a_log_that_says_that_time_ran_out_is_heard() -> None:
    reply = "Delivery expired (message too old) after 5 days: 451 4.3.0 Temporary lookup failure"
    assert explain_reply(reply, knowledge()).recipients[0].topic == "expired-put-off"


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.7.1 Blocked. If you believe this is wrong, call the helpdesk on 0800 123456",
        "550 5.7.1 Blocked. Call the helpdesk if you believe this is wrong",
        "550 5.7.1 If you believe this is wrong, write to postmaster@example.com",
    ],
)
def test_what_the_reader_may_think_wrong_is_not_the_address(reply: str) -> None:
    assert explain_reply(reply, knowledge()).recipients[0].reason is not Reason.USER_UNKNOWN


@pytest.mark.parametrize(
    ("reply", "listed"),
    [
        (
            "550 5.1.1 Delivery refused. If you believe the user exists and your server is not blacklisted, check your sending limits.",
            False,
        ),
        ("550 Rejected. Should you believe that your IP is not blacklisted, ask the recipient.", False),
        (
            "552 5.2.2 Mailbox full. If you think this is wrong, make sure your IP is not blacklisted and try later.",
            False,
        ),
        (
            "550 5.1.1 No such user here. If you are sure the address is right, make sure that you are not listed in an RBL.",
            False,
        ),
        (
            "550 Rejected. Unless your host is blacklisted, the recipient's administrator can tell you more.",
            False,
        ),
        ("550 Rejected. If your IP is blacklisted, see https://example.com/", True),
        ("550 blocked because your IP is blacklisted", True),
        ("550 make sure your IP is not blacklisted", True),
    ],
)
def test_a_block_list_in_a_condition_is_no_cause(reply: str, *, listed: bool) -> None:
    assert (explain_reply(reply, knowledge()).recipients[0].reason is Reason.BLOCKLISTED) is listed


def test_who_is_on_a_named_list_is_not_sent_to_the_recipients_side() -> None:
    reply = "554 5.7.1 Rejected by our blocklist provider zen.spamhaus.org: 192.0.2.9"
    assert explain_reply(reply, knowledge()).recipients[0].act is Act.SENDER_ADMIN
