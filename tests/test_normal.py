"""Names are taken out of a reply, word by word, and the way back leads to the words as written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import limits
from bounce_milter.classify.around import says_more
from bounce_milter.classify.normal import (
    Normal,
    as_written,
    link_words,
    normalise,
    quoted,
    says_something,
)
from tests.reports import knowledge

CLEARINGS = knowledge().catalogue.clearings


def read(text: str) -> Normal:
    return normalise(text, CLEARINGS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<bob@example.com>: User  Unknown", "<addr>: user unknown"),
        ("bob@example.com... No such user", "<addr>... no such user"),
        ("host mx.example.com[192.0.2.1] said", "host <host><ip> said"),
        ("client [2001:db8::1] blocked", "client <ip> blocked"),
        ("Mail Box not found, no mail boxes", "mailbox not found, no mailboxes"),
        ("Gmail box of hotmail boxes", "gmail box of hotmail boxes"),
        ("at 23:34:45 today", "at 23:34:45 today"),
        ("see https://example.com/x?y=spam.", "see <url>"),
        ("see www.example.com/spam and example.com/a", "see <url> and <url>"),
        ("mailbox full.Please retry", "mailbox full.please retry"),
        ("Sorry (#5.1.1)", "sorry (#5.1.1)"),
        ("version 5.1.1.2000", "version 5.1.1.2000"),
        ("mx10.mailspamprotection.com", "<host>"),
        ("Empfänger ÜBER example.de", "empfänger über <host>"),
        ("收件人bob@example.com不存在，见http://example.com/x。", "收件人<addr>不存在，见<url>。"),
        ("请访问mail.example.com查询", "请访问<host>查询"),
        ("宛先「bob@example.com」は存在しません", "宛先「<addr>」は存在しません"),
        ("&lt;bob@example.com&gt; isn&#39;t known", "<addr> isn't known"),
        ("mailbox full (in reply to RCPT TO command)", "mailbox full"),
        ('"Mailbox <bob@example.com> is full"', "mailbox <addr> is full"),
        ("org.example.mail.UserNotFoundException: bob", "user-not-found-exception: bob"),
        ("554 javax.net.ssl.SSLHandshakeException: PKIX", "554 ssl-handshake-exception: pkix"),
        ("host Mail.Example.COM and NoSuchUser", "host <host> and no-such-user"),
        ("RecipientDomainNotFound (IPReputationLow)", "recipient-domain-not-found (ip-reputation-low)"),
        (
            "SpamAssassin, PowerMTA, aBcDeF1 and x=NoSuchUserHere",
            "spamassassin, powermta, abcdef1 and x=nosuchuserhere",
        ),
        ("STOREDRV.Deliver.Exception:StorageException.MapiExceptionX", "<host>:storageexception.mapiexceptionx"),
        ("W32/Netsky.P@mm in mail from bob@mm.example", "w32/netsky.p@mm in mail from <addr>"),
        ("Trojan.Win32.Agent!ml", "trojan.win32.agent!ml"),
        ("recipient is not exist", "recipient does not exist"),
        ("this user not exists here (not exist)", "this user doesn't exist here (doesn't exist)"),
        ("Not existed", "doesn't exist"),
        ("it did not exist, does not exists, may not exist", "it did not exist, does not exist, may not exist"),
        ("not existing user, not existent", "not existing user, not existent"),
        ("", ""),
    ],
)
def test_names_are_taken_out(text: str, words: str) -> None:
    assert read(text).words.decode() == words


@pytest.mark.parametrize(
    "piece",
    [
        "nicht a ",
        "not for ",
        "spf, ",
        "spf and ",
        "rbl=none",
        "a.Error",
        "aA.",
        "n'est pas de ",
        "tls is not ",
        ", a",
        "do not retry it ",
        "not temporary ",
        "if you believe your ",
        "unless black ",
    ],
)
def test_hostile_repeats_cost_no_time(piece: str) -> None:
    text = piece * (limits.WORDS_CHARS // len(piece)) + " Error but sondern, the reason later"
    begin = time.process_time()
    read(text)
    assert time.process_time() - begin < 0.1


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("your IP [192.0.2.1] is listed", "192.0.2.1"),
        ("from 2001:db8::1 refused", "2001:db8::1"),
        ("code 5.1.1 at 23:34:45", None),
        ("HELO must be a name (see RFC 2821 4.1.1.1)", None),
        ("blacklisted (Symantec Messaging Gateway 10.6.3.2)", None),
        ("refused by Filter version 10.6.3.2: 192.0.2.1 is listed", "192.0.2.1"),
        ("your gateway 192.0.2.1 is listed", "192.0.2.1"),
        ("mx.example.com", None),
    ],
)
def test_the_address_that_is_quoted(text: str, address: str | None) -> None:
    assert quoted(read(text)) == address


def test_two_words_that_are_read_as_one_are_quoted_as_written() -> None:
    normal = read("550 Mail box not found")
    assert as_written(normal, normal.words, 4, 11) == "Mail box"


@pytest.mark.parametrize(
    ("text", "any_words"),
    [
        ("<bob@example.com> 192.0.2.1 (42)", False),
        ("bob@example.com: nein", True),
        ("满了", True),
        ("Mailbox.Status.OverQuota", True),
    ],
)
def test_whether_anything_is_said(text: str, any_words: bool) -> None:
    assert says_something(read(text), CLEARINGS) is any_words


@given(st.text())
def test_each_word_stays_one_word(text: str) -> None:
    normal = read(text)
    assert len(normal.words.split(b" ")) == len(normal.raw.split(b" ")) == max(1, len(normal.written))


@given(
    st.lists(st.sampled_from(["bob@example.com", "User", "unknown", "192.0.2.1", "mx.example.com", "É"]), min_size=1)
)
def test_a_place_leads_back_to_the_words_as_written(words: list[str]) -> None:
    normal = read(" ".join(words))
    start = 0
    for at, word in enumerate(normal.words.split(b" ")):
        assert as_written(normal, normal.words, start, start + len(word)) == words[at]
        start += len(word) + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see https://example.com/help/mailbox-full.html", "help mailbox full html"),
        ("https://example.com/NoSuchUser#top and www.example.org/too_many?mailbox=full", "no such user top too many"),
        ("<https://example.com>", ""),
        ("mailbox full", ""),
        ("https://example.com/" + "a-" * 10_000, " ".join("a" * 24)),
    ],
)
def test_the_words_of_links(text: str, words: str) -> None:
    assert link_words(read(text)) == words


@pytest.mark.parametrize("text", ["@" + "a" * 1_999, "a" * 1_900 + "@.", "@" + "a/" * 999])
def test_a_word_without_end_beside_an_at_sign_costs_no_time(text: str) -> None:
    begin = time.process_time()
    for _ in range(20):
        read(text)
    assert time.process_time() - begin < 0.1


@pytest.mark.parametrize(
    ("words", "pattern", "more"),
    [
        (b"no such customer", r"\bno such customers?\b", False),
        (b"no such customers", r"\bno such customers?\b", False),
        (b"not subscribed", r"\b(?:not|never) subscribed", False),
        (b"no such user sent", r"no such user.{0,20}(?:consenti)?", True),
        (b"unknown user, list full", r"\bunknown user.{0,20}(?:liste|fully)?", True),
        (b"bunknown", r"\bunknown", True),
    ],
)
def test_a_pattern_spells_words_and_no_parts_of_them(words: bytes, pattern: str, *, more: bool) -> None:
    assert says_more(words, pattern) is more
