"""The fields that are added: safe, folded, bounded, and read back as they were meant."""

import re
import unicodedata
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounce_milter import header, limits
from bounce_milter.bounce import Bounce
from bounce_milter.explain import RecipientReport, Report, explain_bounce
from bounce_milter.facts import Recipient
from bounce_milter.header.encoded import encoded_words
from bounce_milter.resources import packaged_knowledge
from bounce_milter.vocabulary import Kind
from tests.details import parse_details

KNOWLEDGE = packaged_knowledge()
MOST_OCTETS = 998

# What a hostile message may put into an address, a host name or a reply.
NASTY = ["\r\nX-Bounce-Class: permanent", "\n", "\r", "\x00", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\ud800", "\udcff",
         "\u2028", "\x85", "\ufeff", "\U000e0041", "=?utf-8?q?x?=", '"', "\\", ";", "  ", "\t", "(", "ü", "漢字", "🙂", "a" * 300]  # fmt: skip
# How long an example takes depends on who else uses the machine.
UNHURRIED = settings(deadline=None)

ANY = st.text(max_size=60)
HOSTILE = st.lists(st.one_of(ANY, st.sampled_from(NASTY)), max_size=12).map("".join)
FACTS = {name: st.one_of(st.none(), HOSTILE) for name in ("address", "alias", "by", "text", "will_retry_until")}


def report(*recipients: Recipient, kind: Kind = Kind.FAILED, language: str = "en") -> Report:
    return explain_bounce(Bounce(kind=kind, recipients=recipients), KNOWLEDGE, language)


def told(**facts: str | None) -> RecipientReport:
    return report(Recipient(**facts)).recipients[0]  # type: ignore[arg-type]


def unfolded(value: str) -> str:
    """Return the value as RFC 5322 2.2.3 unfolds it."""
    return value.replace("\n", "")


def read(value: str) -> str:
    """Return the value as a mail program shows it."""
    return str(make_header(decode_header(unfolded(value))))


def assert_safe(name: str, value: str) -> None:
    """Assert that nothing of it can end the field or turn text round, and that each line is a fold that fits."""
    assert value.isascii()
    assert "\r" not in value
    lines = f"{name}: {value}".split("\n")
    assert all(re.fullmatch(r" [!-~][ -~]*", line) for line in lines[1:])
    assert all(re.fullmatch(r"[ -~]*[!-~]", line) for line in lines)
    assert all(len(line) <= MOST_OCTETS for line in lines)
    shown = read(value)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@UNHURRIED
@given(**FACTS, reply=st.sampled_from(["550", "451", None]), language=st.sampled_from(sorted(KNOWLEDGE.wordings)))
def test_nothing_hostile_gets_into_a_field(language: str, **facts: str | None) -> None:
    found = report(Recipient(**facts), language=language)  # type: ignore[arg-type]
    for name, value in header.fields(found):
        assert_safe(name, value)
        assert len(value) <= limits.FIELD_OCTETS
    assert [name for name, _ in header.fields(found)] == [header.EXPLANATION, header.DETAILS, header.CLASS]


@UNHURRIED
@given(
    **FACTS,
    reply=st.one_of(st.none(), HOSTILE),
    status=st.one_of(st.none(), HOSTILE),
    command=st.one_of(st.none(), HOSTILE),
)
def test_details_are_read_back_as_they_were_written(**facts: str | None) -> None:
    recipient = told(**facts)
    facts["rcpt"] = facts.pop("address")
    written = header.details(recipient)
    parts = parse_details(written)
    names = ("rcpt", "alias", "reply", "status", "command", "by")
    assert {name: parts.get(name) for name in names} == {
        name: header.detail(value) if (value := facts[name]) else None for name in names
    }
    judged = {"kind": "failed", "class": recipient.class_, "reason": recipient.reason, "act": recipient.act}
    judged |= {"dead": "yes" if recipient.dead else "no", "confidence": recipient.confidence}
    assert {name: value for name, value in parts.items() if name not in names} == judged
    assert parse_details(written.replace("\n", "\r\n")) == parts
    assert parse_details(unfolded(written)) == parts


@UNHURRIED
@given(HOSTILE)
def test_a_cleaned_detail_stays_as_it_is(value: str) -> None:
    once = header.detail(value)
    assert header.detail(once) == once
    assert len(once.encode()) <= limits.DETAIL_OCTETS


def test_the_details_of_the_contract() -> None:
    recipient = told(
        address="bob@dest.example",
        reply="550",
        status="5.1.1",
        command="RCPT",
        by="mx.dest.example",
        text="User unknown",
    )
    assert header.details(recipient) == (
        "rcpt=bob@dest.example; kind=failed; class=permanent;\n"
        " reason=user-unknown; dead=yes; act=sender; reply=550; status=5.1.1;\n"
        " command=RCPT; by=mx.dest.example; confidence=high"
    )


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ('"bob smith"@dest.example', r'rcpt="\"bob smith\"@dest.example"'),
        ("a;b@dest.example", "rcpt*=utf-8''a%3Bb@dest.example"),
        (
            '"; reason=mailbox-full; b"@dest.example',
            "rcpt*=utf-8''%22%3B%20reason%3Dmailbox-full%3B%20b%22@dest.example",
        ),
        ("jürgen@dest.example", "rcpt*=utf-8''j%C3%BCrgen@dest.example"),
        ("=?q?=@dest.example", "rcpt*=utf-8''%3D%3Fq%3F%3D@dest.example"),
        ("bob@dest.example\r\nX-Bounce-Review: yes", 'rcpt="bob@dest.example X-Bounce-Review: yes"'),
    ],
)
def test_a_value_that_is_no_token_is_quoted_or_encoded(address: str, part: str) -> None:
    assert unfolded(header.details(told(address=address))).startswith(f"{part}; kind=failed")


def test_a_long_token_is_cut_like_any_other_detail() -> None:
    written = header.details(told(address="a" * 400 + "@dest.example"))
    assert len(parse_details(written)["rcpt"]) == limits.DETAIL_OCTETS


def test_letters_that_nobody_sees_cost_no_words() -> None:
    assert header.clean("\u200b" * 8 + "ab\u00e9", 10) == "ab\u00e9"


def test_what_stands_unseen_within_a_word_does_not_part_it() -> None:
    """Joiners, marks of direction, tags; a break does."""
    assert header.clean("b\u200do\u202eb\U000e0041 x\u2028y", 20) == "bob x y"


def test_what_is_no_detail_ends_the_reading() -> None:
    assert parse_details("") == {}
    assert parse_details("no details at all") == {}
    assert parse_details("rcpt=a; kind=failed; ??; class=permanent") == {"rcpt": "a", "kind": "failed"}
    assert parse_details("rcpt=a; rcpt=b;by=c ;") == {"rcpt": "a", "by": "c"}


SENTENCES = st.lists(HOSTILE.filter(lambda text: header.clean(text, 600) != ""), min_size=1, max_size=4)


@UNHURRIED
@given(SENTENCES)
def test_what_is_folded_is_shown_as_the_same_words(lines: list[str]) -> None:
    value = header.fold(header.EXPLANATION, lines)
    assert_safe(header.EXPLANATION, value)
    assert len(value) <= limits.FIELD_OCTETS
    expected = " ".join(header.clean(line, limits.SENTENCE_CHARS) for line in lines)
    shown = read(value)
    assert shown == expected or (shown.endswith("...") and expected.startswith(shown[:-3].rstrip()))


@UNHURRIED
@given(st.lists(st.text(alphabet="abcdefghij", min_size=1, max_size=50), min_size=1, max_size=60))
def test_words_are_folded_under_78_columns(words: list[str]) -> None:
    value = header.fold(header.EXPLANATION, [" ".join(words)])
    assert all(len(line) < 78 for line in f"{header.EXPLANATION}: {value}".split("\n"))
    assert unfolded(value) == header.clean(" ".join(words), limits.SENTENCE_CHARS)


@UNHURRIED
@given(st.lists(st.sampled_from(["grüße", "from", "東京都", "naïve", "mail", "🙂🙂"]), min_size=1, max_size=80))
def test_encoded_words_are_folded_under_78_columns(words: list[str]) -> None:
    value = header.fold(header.EXPLANATION, [" ".join(words)])
    assert all(len(line) < 78 for line in f"{header.EXPLANATION}: {value}".split("\n"))
    assert read(value) == header.clean(" ".join(words), limits.SENTENCE_CHARS)


@UNHURRIED
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), min_size=1), st.integers(0, 100))
def test_each_encoded_word_is_short_and_stands_by_itself(text: str, room: int) -> None:
    words = list(encoded_words(text, room))
    assert len(words[0]) <= max(24, room)
    assert all(len(word) <= 75 for word in words)
    assert "".join(str(make_header(decode_header(word))) for word in words) == text


def test_a_word_too_long_for_a_line_is_cut() -> None:
    value = header.fold(header.EXPLANATION, ["x" * 599])
    assert all(len(line) < 78 for line in f"{header.EXPLANATION}: {value}".split("\n"))
    assert read(value) == "x" * 599


@pytest.mark.parametrize("last", range(0, 600, 7))
def test_a_field_ends_at_its_bound(last: int) -> None:
    value = header.fold(header.EXPLANATION, ["𠮷" * 400, "漢" * last or "-", "𠮷" * 600])
    assert limits.FIELD_OCTETS - 100 < len(value) <= limits.FIELD_OCTETS
    assert_safe(header.EXPLANATION, value)
    assert read(value).endswith("...")


def many(count: int, **facts: str) -> Report:
    return report(*[Recipient(address=f"user{n}@dest.example", reply="550", **facts) for n in range(count)])  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "most", "shown"), [(1, 10, 1), (3, 3, 3), (4, 3, 3), (1000, 10, 10), (5, 1, 1)])
def test_the_recipients_over_the_bound_are_counted(count: int, most: int, shown: int) -> None:
    found = header.fields(many(count), max_recipients=most)
    addresses = [parse_details(value)["rcpt"] for name, value in found if name == header.DETAILS]
    assert addresses == [f"user{n}@dest.example" for n in range(shown)]
    rest = [many(count).more(count - shown)] if count > shown else []
    assert [unfolded(value) for name, value in found if name == header.EXPLANATION][shown:] == rest
    assert found[-1] == (header.CLASS, str(many(count).class_))
    assert all(str(count - shown) in line for line in rest)


@pytest.mark.parametrize("length", [1, 2, 5, 10, 20, 50, 100, 200, 300])
@pytest.mark.parametrize("letter", ["a", "ü", "漢", '"'])
def test_all_fields_together_are_bounded(letter: str, length: int) -> None:
    found = header.fields(many(100, text=letter * length, by=letter * length), max_recipients=100)
    octets = sum(len(f"{name}: {value}\r\n") for name, value in [*found, header.review()])
    shown = len([name for name, _ in found if name == header.DETAILS])
    assert 0 < shown < 100
    assert limits.FIELDS_OCTETS * 3 // 4 < octets <= limits.FIELDS_OCTETS
    assert unfolded(found[-2][1]) == many(100).more(100 - shown)


@pytest.mark.parametrize("letter", ["a", "漢", '"', "𠮷"])
def test_one_recipient_is_always_told(letter: str) -> None:
    name = letter * 1000
    found = header.fields(many(2, text=name, by=name, alias=name, command=name, status=name), max_recipients=1)
    assert [name for name, _ in found] == [header.EXPLANATION, header.DETAILS, header.EXPLANATION, header.CLASS]
    assert sum(len(f"{name}: {value}\r\n") for name, value in found) <= limits.FIELDS_OCTETS


def test_the_worst_recipient_comes_first() -> None:
    late = Recipient(address="late@dest.example", action="delayed", reply="451", text="4.4.1 Connection timed out")
    full = Recipient(address="full@dest.example", action="failed", reply="452", status="4.2.2", text="Mailbox full")
    gone = Recipient(address="gone@dest.example", action="failed", reply="550", status="5.1.1", text="User unknown")
    here = Recipient(address="here@dest.example", action="delivered", status="2.0.0")
    found = header.fields(report(here, late, full, gone))
    names = [parse_details(value)["rcpt"].partition("@")[0] for name, value in found if name == header.DETAILS]
    assert names == ["gone", "full", "late", "here"]
    assert found[-1] == (header.CLASS, "permanent")


def test_a_delivery_has_no_class() -> None:
    found = header.fields(report(Recipient(address="bob@dest.example", action="delivered"), kind=Kind.DELIVERED))
    assert found == [
        (header.EXPLANATION, "<bob@dest.example> got the message."),
        (header.DETAILS, "rcpt=bob@dest.example; kind=delivered"),
    ]


def test_nobody_reported_no_fields() -> None:
    assert header.fields(report()) == []


def test_what_french_sets_a_space_before_begins_no_line() -> None:
    for count in range(60, 80):
        for tail in (" ; puis renvoyer le message", " : voilà"):
            value = header.fold("X", ["a" * (count - 10) + " bbbb cccc" + tail])
            assert not any(line.startswith((" :", " ;")) for line in value.split("\n"))
