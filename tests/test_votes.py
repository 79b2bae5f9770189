"""The words' vote: what it counts, when it is asked, and that the packaged weights are those of the examples."""

import math
import re
from importlib.resources import files
from pathlib import Path

import pytest

from bounce_milter import resources, votes
from bounce_milter.catalogue import build
from bounce_milter.classify import classify
from bounce_milter.explain import explain_reply
from bounce_milter.lint import ask
from bounce_milter.verdict import Query, Verdict
from bounce_milter.vocabulary import Confidence, Reason
from tests.learn.examples import FOLDER, digest, samples, written

R = Reason
KNOWLEDGE = resources.packaged_knowledge()
ALL = KNOWLEDGE.catalogue
SMALL = votes.read(
    "# a comment\n\tmailbox-full user-unknown\n=\tOO\n=5.2.2\tYO\nfull\tZO\t2.00\nnobod\tOZ\t2.00\n<addr>\tOO\t1.00\n".splitlines()
)


def told(reply: str) -> Verdict:
    return classify(ask(reply), ALL)


def test_a_word_is_cut_to_its_stem_and_counted_once() -> None:
    assert votes.stems("mailboxes, mailbox full (mailbox)") == {"mailb": 0, "full": 19}


def test_words_without_spaces_are_taken_in_pairs() -> None:
    assert votes.stems("宛先不明 数") == {"宛先": 0, "先不": 1, "不明": 2, "数": 5}


def test_a_letter_by_itself_is_no_word() -> None:
    assert votes.stems("save to /a/b/c") == {"save": 0, "to": 5}


def test_accents_do_not_count() -> None:
    assert votes.stems("boîte pleïne") == votes.stems("boite pleine")
    assert votes.stems("przepełniona größe hộp thư") == votes.stems("przepelniona grose hop thu")


def test_names_are_words_of_their_kind() -> None:
    assert votes.stems("<addr> said 550") == {"<addr>": 0, "said": 7}


def test_shares_are_shares_and_do_not_grow_with_the_text() -> None:
    short = votes.count(SMALL, "nobody here")
    long = votes.count(SMALL, "nobody here " + "nobodys " * 20)
    assert short is not None
    assert long is not None
    assert short.shares() == long.shares()
    assert sum(short.shares().values()) == pytest.approx(1)
    assert list(short.shares()) == [R.USER_UNKNOWN, R.MAILBOX_FULL]
    assert short.winner is R.USER_UNKNOWN
    assert math.exp(short.lead(R.MAILBOX_FULL)) == pytest.approx(
        short.shares()[R.USER_UNKNOWN] / short.shares()[R.MAILBOX_FULL]
    )


def test_a_code_adds_to_what_the_words_say() -> None:
    bare = votes.count(SMALL, "nobody here")
    coded = votes.count(SMALL, "nobody here", votes.codes("550", "5.2.2", "RCPT"))
    assert bare is not None
    assert coded is not None
    assert bare.lead(R.MAILBOX_FULL) - coded.lead(R.MAILBOX_FULL) == pytest.approx(10 * votes.CODE_STEP)


def test_the_codes_of_a_reply_are_named_from_the_whole_to_its_parts() -> None:
    assert votes.codes("550", "5.1.1", "RCPT") == ["=", "=550", "=5", "=5.1.1", "=5.1", "=RCPT"]
    assert votes.codes(None, None, None) == ["="]


def test_words_that_nobody_knows_have_no_vote() -> None:
    assert votes.count(SMALL, "xyzzy plugh 550") is None
    assert votes.count(votes.Votes(), "nobody here") is None


def test_the_loudest_words_are_those_that_spoke_for_it() -> None:
    ballot = votes.count(SMALL, "<addr> is full of nobody")
    assert ballot is not None
    assert ballot.loudest(R.MAILBOX_FULL) == [10]
    assert ballot.loudest(R.USER_UNKNOWN) == [18]


def test_what_no_rule_knows_is_put_to_the_vote_and_is_never_sure_nor_dead() -> None:
    verdict = told("550 file atachments from type ISO and IMG is forbiden in this company")
    assert verdict.reason is R.ATTACHMENT_REFUSED
    assert (verdict.confidence, verdict.dead, verdict.rule) == (Confidence.LOW, False, None)
    assert verdict.share
    assert verdict.evidence == "file ... type ... ISO"


def test_what_a_rule_is_sure_of_stands_where_the_words_say_the_same() -> None:
    verdict = told("550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown in virtual mailbox table")
    assert (verdict.reason, verdict.share, verdict.dead) == (R.USER_UNKNOWN, None, True)


def test_a_sure_rule_is_outvoted_by_far_only() -> None:
    verdict = told("550 5.7.1 Blocked extension in attachment: .lnk. The sender is not blocked.")
    assert (verdict.reason, verdict.confidence) == (R.ATTACHMENT_REFUSED, Confidence.LOW)
    assert "generic-sender-unknown" in verdict.matched


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("O", (R.USER_UNKNOWN, True, Confidence.HIGH)),
        ("P", (R.USER_UNKNOWN, True, Confidence.HIGH)),
        ("Q", (R.USER_UNKNOWN, False, Confidence.LOW)),
        ("R", (R.MAILBOX_FULL, False, Confidence.LOW)),
    ],
)
def test_the_further_a_vote_leads_the_less_is_left_of_a_dead_address(
    full: str, expected: tuple[Reason, bool, Confidence]
) -> None:
    weights = f"\tmailbox-full user-unknown\n=\tOO\nfull\t{full}O\t2.00\nnobod\tOO\t2.00\n"
    rule = "[[rule]]\nid = 'a'\npattern = 'nobody'\nreason = 'user-unknown'\nsource = 's'\nsample = '550 nobody'\n"
    query = Query(reply="550", status="5.1.1", text="nobody is full", command="RCPT")
    verdict = classify(query, build([("a.toml", rule)], [], votes.read(weights.splitlines())))
    assert (verdict.reason, verdict.dead, verdict.confidence) == expected


def test_what_is_known_of_one_host_is_not_outvoted() -> None:
    query = Query(reply="550", text=": User unknown", by="msmx.au.com")
    assert classify(query, ALL).reason is R.SENDER_NOT_ALLOWED


def test_that_nothing_is_said_is_no_objection() -> None:
    verdict = classify(Query(reply="550", status="5.1.1", text="Delivery failed.", command="RCPT"), ALL)
    assert (verdict.reason, verdict.dead) == (R.USER_UNKNOWN, True)


def test_the_admins_own_rule_is_not_outvoted() -> None:
    text = "the drawer of the person is brimming over, and no letter fits"
    row = f"[[rule]]\nid = 'mine'\npattern = 'drawer'\nreason = 'greylisted'\nsource = 'me'\nsample = '{text}'\n"
    assert classify(Query(text=text), ALL).reason is R.MAILBOX_FULL
    assert classify(Query(text=text), build([], [("mine.toml", row)], ALL.votes)).reason is R.GREYLISTED


def test_a_few_words_are_too_few() -> None:
    assert told("550 Rejected").share is None


def test_the_same_reply_always_gives_the_same_verdict() -> None:
    text = "550 your post is too fat for our letter slot, please cut it in slices"
    assert told(text) == told(text)


def test_the_words_tell_that_it_is_a_guess() -> None:
    report = explain_reply("550 Worker is fired, box is erased, please no more writing", KNOWLEDGE)
    assert report.recipients[0].reason is R.USER_UNKNOWN
    assert "probably" in report.recipients[0].explanation


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
    text = (files("bounce_milter") / "data" / "votes.tsv").read_text(encoding="utf-8")
    assert digest([*written(), *samples()]) in text.splitlines()[0], "run `make learn`"
    assert set(ALL.votes.reasons) == set(Reason)
