"""The review mailbox: which patterns are right, what they give, and which addresses they know as their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import address
from bounce_milter.settings import mailbox

BY_REASON = "bounces+{reason}@example.com"
OWN = "{user}+bounces@{domain}"


@pytest.mark.parametrize(
    "template", ["bounces@example.com", BY_REASON, OWN, "{class}@example.com", "{user}@review.example", "a.b-c@example"]
)
def test_a_right_pattern_has_no_problem(template: str) -> None:
    assert mailbox.problem(template) is None


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("bounces", "expected an address"),
        ("a b@example.com", "expected an address"),
        ("<a@example.com>", "expected an address"),
        ("a@b@example.com", "expected an address"),
        ("a@example.com,b@example.com", "expected an address"),
        ("bounces+{reason@example.com", "expected an address"),
        ("bounces+reason}@example.com", "expected an address"),
        ("bounces@example..com", "expected an address"),
        ("bounces+{reson}@example.com", "got {reson}; did you mean {reason}?"),
        ("bounces+{}@example.com", "got {}"),
        ("bounces@{reason}.example.com", "expected a domain or {domain}"),
        ("{user}@{domain}", "expected another address than the recipient's own"),
    ],
)
def test_a_wrong_pattern_is_told_what_was_expected(template: str, says: str) -> None:
    assert says in (mailbox.problem(template) or "")


@pytest.mark.parametrize(
    ("template", "recipient", "address"),
    [
        ("bounces@example.com", "<alice@example.org>", "bounces@example.com"),
        (BY_REASON, "<alice@example.org>", "bounces+user-unknown@example.com"),
        ("{class}@example.com", "alice@example.org", "permanent@example.com"),
        (OWN, "<Alice@example.org>", "Alice+bounces@example.org"),
        (OWN, "alice+lists@example.org", "alice+bounces@example.org"),
        (OWN, "postmaster", None),
        (OWN, '<"a b"@example.org>', None),
        (OWN, "<jürgen@example.org>", None),
        (OWN, "<+x@example.org>", None),
        ("bounces@example.com", '<"a b"@example.org>', "bounces@example.com"),
    ],
)
def test_a_pattern_gives_a_plain_address_or_none(template: str, recipient: str, address: str | None) -> None:
    assert mailbox.fill(template, recipient, reason="user-unknown", class_="permanent") == address


@pytest.mark.parametrize(
    ("template", "address", "answer"),
    [
        ("Bounces@example.com", "<bounces@EXAMPLE.com>", True),
        ("bounces@example.com", "bounces@example.org", False),
        ("b.unces@example.com", "bxunces@example.com", False),
        (BY_REASON, "bounces+mailbox-full@example.com", True),
        (BY_REASON, "bounces@example.com", False),
        (OWN, "alice+bounces@example.org", True),
        (OWN, "alice@example.org", False),
        ("", "", False),
    ],
)
def test_a_pattern_knows_its_own_addresses(template: str, address: str, answer: bool) -> None:
    assert mailbox.answers_to(template, address) is answer


@given(st.text(max_size=80), st.sampled_from(["bounces@example.com", BY_REASON, OWN, "x-{user}@{domain}"]))
def test_whatever_the_recipient_the_address_is_harmless_and_known_as_its_own(recipient: str, template: str) -> None:
    found = mailbox.fill(template, recipient, reason="user-unknown", class_="permanent")
    if found is not None:
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' <>,;:"\\()')
        assert mailbox.answers_to(template, found)


@pytest.mark.parametrize(
    ("argument", "plain"),
    [
        ("<@relay.example:bob@dest.example>", "<bob@dest.example>"),
        ("<@one.example,@two.example:bob@dest.example>", "<bob@dest.example>"),
        ("@relay.example:bob@dest.example", "bob@dest.example"),
        ("<bob@dest.example>", "<bob@dest.example>"),
        ('<"@a:b"@dest.example>', '<"@a:b"@dest.example>'),
        ("<bob@[IPv6:2001:db8::1]>", "<bob@[IPv6:2001:db8::1]>"),
        ("<@relay.example>", "<@relay.example>"),
        ("", ""),
    ],
)
def test_a_source_route_is_no_part_of_an_address(argument: str, plain: str) -> None:
    assert address.without_route(argument) == plain
