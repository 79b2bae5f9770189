"""The words' vote: what it counts, when it is asked, and that the packaged weights are those of the examples."""

import math
import re
from pathlib import Path
from zlib import crc32

import msgspec
import pytest

from bounce_milter import resources, settings
from bounce_milter.catalogue import build, terms, votes
from bounce_milter.classify import classify, poll
from bounce_milter.classify.lint import ask
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.explain import explain_reply
from bounce_milter.vocabulary import Confidence, Reason
from tests.learn.examples import FOLDER, digest, samples, written

R = Reason
KNOWLEDGE = resources.packaged_knowledge()
ALL = KNOWLEDGE.catalogue
OCTETS = {"-": votes.NOTHING - 100, "o": votes.NOTHING, "+": votes.NOTHING + 100}


def small(words: dict[str, str], codes: dict[str, str], *, step: float = 0.02, full: float = 0.0) -> votes.Votes:
    """Return a network of two hidden values, one for a full mailbox, one for nobody there; signs say what a row weighs.

    full   what speaks for a full mailbox before anything is heard
    """

    def row(signs: str) -> bytes:
        return bytes(OCTETS[sign] for sign in signs)

    marks = {crc32(word.encode()): signs for word, signs in words.items()}
    packed = votes.Packed(
        made_from="the test",
        reasons=(R.MAILBOX_FULL, R.USER_UNKNOWN, R.UNKNOWN),
        marks=b"".join(mark.to_bytes(4, "little") for mark in sorted(marks)),
        rarities=bytes([2 * votes.RARITY_STEPS] * len(marks)),
        rows=b"".join(row(marks[mark]) for mark in sorted(marks)),
        codes={code: row(signs) for code, signs in codes.items()},
        word_step=step,
        code_step=0.01,
        said_step=0.01,
        bias=(0.0, 0.0),
        said_bias=(full, 0.0, -2.0),
        said=(row("+oo"), row("o+o")),
    )
    return votes.read(msgspec.msgpack.encode(packed))


SMALL = small({"full": "+o", "nobod": "o+", "not full": "-o", "<addr>": "oo"}, {"=5.2.2": "+o"})


def told(reply: str) -> Verdict:
    return classify(ask(reply), ALL)


def stems(text: str) -> dict[str, int]:
    """Return the terms that are no pairs and no ends."""
    return {term: at for term, at in terms.words(text).items() if " " not in term and term[0] != terms.END}


def test_a_word_is_cut_to_its_stem_and_counted_once() -> None:
    assert stems("mailboxes, mailbox full (mailbox)") == {"mailb": 0, "full": 19}


def test_the_end_of_a_long_word_is_a_term() -> None:
    assert [term for term in terms.words("postfachspeicher voll, postfach voll") if term[0] == terms.END] == ["-icher"]


def test_an_end_alone_says_nothing() -> None:
    votes_on = small({"full": "+o", "-icher": "+o"}, {})
    assert votes.count(votes_on, "quotenspeicher") is None
    alone, beside = (votes.count(votes_on, words) for words in ("full", "full quotenspeicher"))
    assert alone is not None
    assert beside is not None
    assert alone.spoke == beside.spoke


def test_what_the_reporting_system_adds_is_no_word() -> None:
    plain = stems("full")
    assert stems("full, message-id: <addr>") == plain


def test_words_side_by_side_are_a_term_and_so_is_the_first() -> None:
    assert [term for term in terms.words("no such user") if " " in term] == ["^ no", "no such", "such user"]


def test_words_without_spaces_are_taken_in_twos_and_threes() -> None:
    assert terms.words("宛先不明 数") == {"宛先": 0, "先不": 1, "不明": 2, "宛先不": 0, "先不明": 1, "数": 5}


def test_a_letter_by_itself_is_no_word() -> None:
    assert stems("save to /a/b/c") == {"save": 0, "to": 5}


def test_accents_do_not_count() -> None:
    assert stems("boîte pleïne") == stems("boite pleine")
    assert stems("przepełniona größe") == stems("przepelniona grose")


def test_names_are_words_of_their_kind() -> None:
    assert stems("<addr> said 550") == {"<addr>": 0, "said": 7}


def test_shares_are_shares_and_do_not_grow_with_the_text() -> None:
    short = votes.count(SMALL, "nobody here")
    long = votes.count(SMALL, "nobody here " + "nobodys " * 20)
    assert short is not None
    assert long is not None
    assert short.shares() == long.shares()
    assert sum(short.shares().values()) == pytest.approx(1)
    assert set(short.shares()) == {R.USER_UNKNOWN, R.MAILBOX_FULL, R.UNKNOWN}
    assert short.winner is R.USER_UNKNOWN
    assert math.exp(short.lead(R.MAILBOX_FULL)) == pytest.approx(
        short.shares()[R.USER_UNKNOWN] / short.shares()[R.MAILBOX_FULL]
    )


def test_a_code_adds_to_what_the_words_say() -> None:
    bare = votes.count(SMALL, "nobody here")
    coded = votes.count(SMALL, "nobody here", terms.codes("550", "5.2.2", "RCPT"))
    assert bare is not None
    assert coded is not None
    assert bare.lead(R.MAILBOX_FULL) == pytest.approx(1, abs=0.01)
    assert coded.lead(R.MAILBOX_FULL) == pytest.approx(0, abs=0.01)


def test_a_word_can_mean_something_else_beside_another() -> None:
    full = votes.count(SMALL, "box full")
    not_full = votes.count(SMALL, "box not full")
    assert full is not None
    assert not_full is not None
    assert (round(full.scores[0]), not_full.scores[0]) == (1, 0)


def test_the_codes_of_a_reply_are_named_from_the_whole_to_its_parts() -> None:
    assert terms.codes("550", "5.1.1", "DATA") == ("=550", "=5", "=5.1.1", "=5.1", "=DATA")
    assert terms.codes("550", "5.0.0", "RCPT") == ("=550", "=5")
    assert terms.codes(None, None, None) == ()


def test_words_that_nobody_knows_have_no_vote() -> None:
    assert votes.count(SMALL, "xyzzy plugh 550") is None
    assert classify(Query(text="nobody is full"), build([], [], None)).share is None


def test_the_loudest_words_are_those_that_spoke_for_it() -> None:
    ballot = votes.count(SMALL, "<addr> is full of nobody")
    assert ballot is not None
    assert ballot.loudest(R.MAILBOX_FULL) == [10]
    assert ballot.loudest(R.USER_UNKNOWN) == [18]


def test_what_no_rule_knows_is_put_to_the_vote_and_is_never_high_nor_dead() -> None:
    verdict = told("550 file atachments from type ISO and IMG is forbiden in this company")
    assert verdict.reason is R.ATTACHMENT_REFUSED
    assert (verdict.dead, verdict.rule) == (False, None)
    assert verdict.confidence is not Confidence.HIGH
    assert verdict.share
    assert "ISO" in (verdict.evidence or "").split()


def test_what_a_rule_is_sure_of_stands_where_the_words_say_the_same() -> None:
    verdict = told("550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown in virtual mailbox table")
    assert (verdict.reason, verdict.share, verdict.dead) == (R.USER_UNKNOWN, None, True)


def test_a_sure_rule_is_outvoted_by_far_only() -> None:
    verdict = told("550 5.7.1 Blocked extension in attachment: .lnk. You are no blocked sender.")
    assert (verdict.reason, verdict.confidence) == (R.ATTACHMENT_REFUSED, Confidence.MEDIUM)
    assert "generic-invalid-sender" in verdict.matched


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0.0, (R.MAILBOX_FULL, Confidence.HIGH)),
        (0.005, (R.MAILBOX_FULL, Confidence.HIGH)),
        (0.01, (R.MAILBOX_FULL, Confidence.MEDIUM)),
        (0.02, (R.USER_UNKNOWN, Confidence.MEDIUM)),
    ],
)
def test_a_phrase_that_a_clear_vote_gainsays_is_not_told_with_high_confidence(
    step: float, expected: tuple[Reason, Confidence]
) -> None:
    heard = build(resources.packaged_rules(), (), small({"nobod": "o+", "there": "o+"}, {}, step=step), proven=True)
    verdict = classify(Query(reply="552", status="5.2.2", text="Over quota, nobody there"), heard)
    assert (verdict.reason, verdict.confidence) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0.0, (R.USER_UNKNOWN, True, Confidence.HIGH)),
        (0.015, (R.USER_UNKNOWN, True, Confidence.HIGH)),
        (0.03, (R.USER_UNKNOWN, False, Confidence.MEDIUM)),
        (0.12, (R.USER_UNKNOWN, False, Confidence.MEDIUM)),
        (0.14, (R.MAILBOX_FULL, False, Confidence.LOW)),
    ],
)
def test_the_louder_the_vote_for_the_living_the_less_is_left_of_a_dead_address(
    step: float, expected: tuple[Reason, bool, Confidence]
) -> None:
    heard = small({"full": "+o", "nobod": "oo"}, {}, step=step, full=-3.0)
    rule = "[[rule]]\nid = 'a'\npattern = 'nobody'\nreason = 'user-unknown'\nsource = 's'\nsample = '550 nobody'\n"
    query = Query(reply="550", status="5.1.1", text="nobody is full", command="RCPT")
    verdict = classify(query, build([("a.toml", rule)], [], heard))
    assert (verdict.reason, verdict.dead, verdict.confidence) == expected


def test_a_clear_vote_of_one_word_is_no_more_than_a_guess() -> None:
    heard = small({"full": "+o", "cramm": "+o"}, {}, step=0.06)
    one, two = (
        classify(Query(reply="550", text=text), build([], [], heard)) for text in ("it is full", "full and crammed")
    )
    assert (one.reason, one.confidence) == (R.MAILBOX_FULL, Confidence.LOW)
    assert (two.reason, two.confidence) == (R.MAILBOX_FULL, Confidence.MEDIUM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nobody here", (True, Confidence.HIGH)),
        ("nobody here, ldap", (False, Confidence.MEDIUM)),
        ("ldap <ldap@example.com>: nobody", (False, Confidence.MEDIUM)),
        ("nobody", (True, Confidence.HIGH)),
        ("17: <ldap@example.com> nobody", (True, Confidence.HIGH)),
        ("Error: nobody of that name, please check the spelling", (True, Confidence.HIGH)),
        ("such an ldap has nobody", (False, Confidence.MEDIUM)),
    ],
)
def test_beside_a_phrase_a_tenth_of_the_vote_is_enough_to_doubt(text: str, expected: tuple[bool, Confidence]) -> None:
    heard = small({"nobod": "oo", "here": "oo", "ldap": "+o", "<addr>": "+o"}, {}, step=0.07, full=-3.0)
    rule = "[[rule]]\nid = 'a'\npattern = 'nobody|such .* nobody'\nreason = 'user-unknown'\nsource = 's'\nsample = '550 nobody'\n"
    query = Query(reply="550", status="5.1.1", text=text, command="RCPT")
    verdict = classify(query, build([("a.toml", rule)], [], heard))
    assert verdict.reason is R.USER_UNKNOWN
    assert (verdict.dead, verdict.confidence) == expected


@pytest.mark.parametrize(
    ("file", "text", "dead"),
    [
        ("languages.toml", "nobody", True),
        ("languages.toml", "nobody here", True),
        ("languages.toml", "nobody here wxyz", False),
        ("languages.toml", "there here is nobody wxyz", True),
        ("languages.toml", "wxyz nobody", False),
        ("languages.toml", "nobodyxyz", True),  # the rest of a word is none
        ("languages.toml", "nobody (<bob@example.com>)", True),
        ("generic.toml", "nobody here wxyz", True),  # in English one may be his name
        ("generic.toml", "nobody: wxyz", True),
        ("generic.toml", "nobody wxyz vbnm", False),
        ("generic.toml", "nobody (врем)", False),
    ],
)
def test_beside_a_phrase_strange_words_are_doubt_enough(file: str, text: str, dead: bool) -> None:
    heard = small({"nobod": "oo", "here": "oo", "there": "oo", "is": "oo", "<addr>": "oo"}, {}, step=0.01, full=-9.0)
    rule = "[[rule]]\nid = 'a'\npattern = 'nobody'\nreason = 'user-unknown'\nsource = 's'\nsample = '550 nobody'\n"
    query = Query(reply="550", status="5.1.1", text=text, command="RCPT")
    assert classify(query, build([(file, rule)], [], heard)).dead is dead


def test_words_that_double_the_doubt_of_a_phrase_are_doubt_enough() -> None:
    heard = small({"nobod": "oo", "stray": "oo", "ldap": "+o"}, {}, step=0.02, full=-3.4)
    rule = "[[rule]]\nid = 'a'\npattern = 'nobody'\nreason = 'user-unknown'\nsource = 's'\nsample = '550 nobody'\n"
    shown = {
        text: (poll.ballot(query, text, catalogue).living, classify(query, catalogue).dead)  # type: ignore[union-attr]
        for text in ("nobody", "nobody stray", "nobody ldap")
        for catalogue in (build([("a.toml", rule)], [], heard),)
        for query in (Query(reply="550", status="5.1.1", text=text, command="RCPT"),)
    }
    assert [dead for _, dead in shown.values()] == [True, True, False]
    assert all(living < poll._LIVING for living, _ in shown.values())


def test_words_that_no_vote_has_heard_confirm_no_code() -> None:
    assert told("550 5.1.1 nobody of that name lives in this house").dead
    assert not told("550 5.1.1 Qwrtz plimf zugbar in this house").dead


def test_what_doubts_is_learnt_from_the_examples() -> None:
    assert not told("550 5.1.1 user unknown, ldap directory is down").dead
    assert told("550 5.1.1 user unknown in this domain").dead


def test_what_is_known_of_one_host_is_not_outvoted() -> None:
    query = Query(reply="550", text=": User unknown", by="msmx.au.com")
    assert classify(query, ALL).reason is R.SENDER_NOT_ALLOWED


def test_what_a_phrase_says_of_the_sender_is_not_outvoted_by_words_of_the_unknown() -> None:
    verdict = told("550 5.7.1 Directory harvest attack: most of the addresses you wrote to do not exist, user unknown")
    assert verdict.reason is not R.USER_UNKNOWN
    assert not verdict.dead


def test_that_nothing_is_said_is_no_objection() -> None:
    verdict = classify(Query(reply="550", status="5.1.1", text="Delivery failed.", command="RCPT"), ALL)
    assert (verdict.reason, verdict.dead) == (R.USER_UNKNOWN, True)


def test_the_admins_own_rule_is_not_outvoted() -> None:
    text = "the drawer of the person holds no more, all its space is taken"
    row = f"[[rule]]\nid = 'mine'\npattern = 'drawer'\nreason = 'greylisted'\nsource = 'me'\nsample = '{text}'\n"
    assert classify(Query(text=text), ALL).reason is R.MAILBOX_FULL
    assert classify(Query(text=text), build([], [("mine.toml", row)], ALL.votes)).reason is R.GREYLISTED


def test_without_the_vote_rules_and_codes_decide_alone() -> None:
    text = "the drawer of the person holds no more, all its space is taken"
    alone = resources.load_knowledge(settings.Settings(rules=settings.Rules(vote=False)))
    assert classify(Query(text=text), alone.catalogue).reason is R.UNKNOWN
    assert classify(Query(text=text), resources.load_knowledge().catalogue).reason is R.MAILBOX_FULL


def test_a_few_words_are_too_few() -> None:
    assert told("550 Rejected").share is None


def test_the_same_reply_always_gives_the_same_verdict() -> None:
    text = "550 your post is too fat for our letter slot, please cut it in slices"
    assert told(text) == told(text)


@pytest.mark.parametrize(
    ("text", "step", "what"),
    [
        ("full up", 0.06, ": the mailbox is full."),
        ("full up now", 0.006, ": probably the mailbox is full."),
        ("full up", 0.006, ": this program cannot tell why;"),
    ],
)
def test_the_words_tell_where_it_is_a_guess(text: str, step: float, what: str) -> None:
    heard = build([], [], small({"full": "+o", "up": "+o", "now": "+o"}, {}, step=step))
    report = explain_reply(text, msgspec.structs.replace(KNOWLEDGE, catalogue=heard))
    assert report.recipients[0].reason is R.MAILBOX_FULL
    assert what in report.recipients[0].explanation


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.tsv")), ids=lambda path: path.stem)
def test_examples_are_told_once_and_name_nobody_real(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [line.partition("\t")[0].lower() for line in lines]
    assert len(set(texts)) == len(texts)
    assert not re.findall(
        r"[\w.+-]+@(?:gmail|yahoo|hotmail|outlook|aol|gmx|web|mail|icloud)\.(?!example)\w+", "\n".join(lines)
    )


def test_every_reason_has_its_examples() -> None:
    count = dict.fromkeys(Reason, 0)
    for example in written():
        count[example.reason] += 1
    assert min(count.values()) > 100


def test_the_weights_are_those_of_the_examples() -> None:
    assert ALL.votes is not None
    packed = ALL.votes.packed
    assert packed.made_from == digest([*written(), *samples()]), "run `make learn`"
    assert set(packed.reasons) == set(Reason)


def test_no_two_terms_have_one_mark() -> None:
    assert ALL.votes is not None
    marks = list(ALL.votes.marks)
    assert marks == sorted(set(marks))
    assert len(marks) == len(ALL.votes.packed.rarities)
    assert len(ALL.votes.packed.rows) == len(marks) * len(ALL.votes.packed.bias)


def test_a_link_does_not_speak_against_the_admins_own_rule(tmp_path: Path) -> None:
    text = "550 zork, see https://help.example/inbox-is-full"
    (tmp_path / "mine.toml").write_text(
        "[[rule]]\nid = 'mine'\npattern = 'zork'\nstrength = 'hint'\nreason = 'sender-not-allowed'\nsource = 'me'\n"
        f"sample = '{text}'\n"
    )
    own = resources.load_knowledge(settings.Settings(rules=settings.Rules(folder=str(tmp_path)))).catalogue
    assert classify(ask(text.replace("zork", "not accepted")), own).reason is R.MAILBOX_FULL
    assert classify(ask(text), own).reason is R.SENDER_NOT_ALLOWED


def test_a_code_that_a_clear_vote_confirms_is_no_weaker_than_the_vote_alone() -> None:
    alone, agreed = (told(f"550 {code}jdoe? Never heard of that one.") for code in ("", "5.1.1 "))
    assert alone.confidence is agreed.confidence is Confidence.MEDIUM
    assert (agreed.reason, agreed.dead) == (R.USER_UNKNOWN, False)


@pytest.mark.parametrize(
    "text",
    [
        "550-5.1.1 The email account that you tried to reach is",
        "550-5.1.1 The email account that you tried to reach is di",
        "550 5.1.1 Die Adresse, die Sie erreichen wollten, ist",
    ],
)
def test_a_text_that_was_cut_off_says_nothing_surely(text: str) -> None:
    assert told(text).confidence is Confidence.LOW


def test_what_is_only_passing_is_nobodys_end() -> None:
    silent = resources.load_knowledge(settings.Settings(rules=settings.Rules(vote=False))).catalogue
    text = "550 5.1.1 Mailbox unavailable as virtual machine is in rescue mode"
    assert not classify(ask(text), silent).dead
    assert classify(ask("450 Requested mail action not taken: mailbox unavailable"), ALL).reason is R.SYSTEM_ERROR


def test_the_service_judges_without_the_samples_of_the_rules() -> None:
    bare = resources.load_knowledge().catalogue
    assert {rule.samples for rule in bare.rules} == {("",)}
    for text in ("550 5.1.1 User unknown", "552 5.2.2 Over quota", "550 the chap you write to has left us long ago"):
        assert classify(ask(text), bare).reason is told(text).reason
