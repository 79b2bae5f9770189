"""The slowest trick that is known takes 0.2 s of processor time, and none takes 50 MB; the tests hold a generous multiple
of the time.

What stands beyond a bound is told to be there.
"""

import json
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Final

import pytest

import bounce_milter
from bounce_milter import header, limits, reply, resources, settings
from bounce_milter.catalogue import search
from bounce_milter.events import Events
from bounce_milter.explain import Report
from bounce_milter.judge import bound
from bounce_milter.policy import Envelope
from bounce_milter.reply import quoting
from bounce_milter.settings import Log
from bounce_milter.vocabulary import Confidence
from tests import hostile
from tests.fuzz.mutate import RUNS, run
from tests.reports import dsn, group
from tests.test_fuzz import SEEDS

_WITH_ALL: Final = settings.parse(
    {
        "annotate": {"note": True, "subject_tag": "[{class}]"},
        "review": {"mode": "redirect", "mailbox": "{user}-{reason}-{class}@{domain}"},
    }
)
GENEROUS_SECONDS = 1.5  # seven times the slowest: these machines are shared
MOST_BYTES = 50_000_000
# Behind a code and a status: "550 5.100.100 ".
_MOST_WORDS: Final = limits.REPLY_CHARS + 14


def _most_words(report: Report) -> int:
    """Return how many characters the longest reply of a report has."""
    return max((len(told.text or "") for told in report.recipients), default=0)


@pytest.mark.parametrize("make", hostile.TRICKS.values(), ids=hostile.TRICKS.keys())
def test_a_trick_costs_little(make: Callable[[], bytes]) -> None:
    data = make()
    begin = time.process_time()
    quick = bounce_milter.explain(data, sender="<>")
    assert time.process_time() - begin < GENEROUS_SECONDS
    assert _most_words(quick) <= _MOST_WORDS
    tracemalloc.start()
    try:
        assert bounce_milter.explain(data, sender="<>") == quick
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_each_line_of_a_long_list_is_read_a_few_times_for_a_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks for the replies between so many recipients: the time above would hide a reading for each of them."""
    data = hostile.TRICKS["a list of 100, and all of them again with half a reply"]()
    reads = 0

    def counted(text: str) -> reply.Reply:
        nonlocal reads
        reads += 1
        return find(text)

    find = quoting.find
    monkeypatch.setattr(quoting, "find", counted)
    bounce_milter.explain(data, sender="<>")
    assert reads < 3 * data.count(b"\n")


def test_what_holds_the_signs_of_more_rules_than_any_reply_is_not_tried_with_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of 3,800 patterns was made ready anew: 20 kB took half a second."""
    tried: list[str] = []

    def noted(pattern: str) -> Callable[[bytes], object]:
        tried.append(pattern)
        return trial(pattern)

    trial = search.trial
    monkeypatch.setattr(search, "trial", noted)
    report = bounce_milter.explain(hostile.TRICKS["signs of as many rules as may be for 8 recipients"](), sender="<>")
    phrases = resources.packaged_knowledge().catalogue.phrases
    assert len(report.recipients) == 8
    assert 0 < len(tried) <= 2 * 8 * (limits.TRIALS + len(phrases.always))  # the words, and what is left of them


@pytest.mark.parametrize("make", hostile.TRICKS.values(), ids=hostile.TRICKS.keys())
def test_what_is_done_with_a_trick_costs_little_too(make: Callable[[], bytes]) -> None:
    """The fields, the note, the tag and the way to review, of what the adapter holds of a message."""
    judge = bound(_WITH_ALL, resources.packaged_knowledge(), Events(Log(level="error")))
    data = make().replace(b"\n", b"\r\n")[: limits.HEADER_BYTES + limits.MESSAGE_BYTES]
    begin = time.process_time()
    judge(data, Envelope(recipients=("<alice@example.org>",) * 100))
    assert time.process_time() - begin < GENEROUS_SECONDS / 2


@pytest.mark.parametrize("head", hostile.HEADS)
def test_whatever_goes_on_below_a_familys_words_costs_little(head: str) -> None:
    """60 kB take 90 ms at most; what is a square of the text takes half a second and more. What is made once is not counted."""
    bounce_milter.explain(hostile.filled(head, "x\n"), sender="<>")
    for filler in hostile.FILLERS:
        data = hostile.filled(head, filler)
        begin = time.process_time()
        report = bounce_milter.explain(data, sender="<>")
        assert time.process_time() - begin < GENEROUS_SECONDS / 6, repr(filler[:40])
        assert _most_words(report) <= _MOST_WORDS, repr(filler[:40])


@pytest.mark.parametrize("token", RUNS)
def test_a_run_of_anything_in_a_bounce_costs_little(token: bytes) -> None:
    dice = random.Random(token)
    for message in dice.sample(SEEDS, 12):
        data = run(message, dice, token)
        begin = time.process_time()
        bounce_milter.explain(data)
        assert time.process_time() - begin < GENEROUS_SECONDS


def test_beyond_the_bound_of_words_nobody_is_dead() -> None:
    report = bounce_milter.explain(hostile.TRICKS["words of all rules for 95 recipients"](), sender="<>")
    assert report.truncated
    assert len(report.recipients) > 80
    unheard = [t for t in report.recipients if t.verdict and t.verdict.rule is None and t.verdict.share is None]
    assert unheard
    assert not any(told.dead for told in unheard)
    assert {told.confidence for told in unheard} == {Confidence.LOW}


def _told(head: bytes, line: bytes, end: bytes = b"") -> Callable[[int], bytes]:
    """Return a maker of bounces in the words of one family, with one line for each recipient."""
    return lambda count: b"Return-Path: <>\n" + head + b"".join(line % number for number in range(count)) + end


def _of_ses(count: int) -> bytes:
    event = {
        "notificationType": "Bounce",
        "bounce": {"bouncedRecipients": [{"emailAddress": f"a{n}@b.example"} for n in range(count)]},
    }
    head = b"Return-Path: <>\nFrom: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n"
    return head + json.dumps(event).replace("}, ", "},\n").encode()


_FAMILIES: Final[dict[str, Callable[[int], bytes]]] = {
    "zoho": _told(
        b"From: MAILER-DAEMON@h.example\nSubject: Undelivered mail\n\n", b"a%d@b.example x ERROR_CODE :550\n"
    ),
    "gmail": _told(
        b"From: mailer-daemon@google.example\nSubject: Failure\n\nDelivery to the following recipients failed:\n\n",
        b"  a%d@b.example\n",
        b"\nTechnical details of permanent failure:\nThe response was: 550 5.1.1 no\n",
    ),
    "postfix session": _told(
        b"From: MAILER-DAEMON@h.example\nSubject: Postfix SMTP server: errors from a[127.0.0.1]\n\n"
        b"Transcript of session follows.\n\n",
        b" In:  RCPT TO:<a%d@b.example>\n",
        b" Out: 550 5.1.1 User unknown\n",
    ),
    "qmail": _told(
        b"From: MAILER-DAEMON@h.example\nSubject: failure notice\n\nHi. This is the qmail-send program at h.example.\n\n",
        b"<a%d@b.example>:\nSorry, no mailbox here by that name.\n\n",
    ),
    "ses": _of_ses,
}


@pytest.mark.parametrize("make", _FAMILIES.values(), ids=_FAMILIES.keys())
def test_of_words_a_bounded_number_of_recipients_is_read_and_it_is_told(make: Callable[[int], bytes]) -> None:
    few, many = (bounce_milter.explain(make(n), sender="<>") for n in (limits.TEXT_RECIPIENTS // 2, 150))
    assert (len(few.recipients), few.truncated) == (limits.TEXT_RECIPIENTS // 2, False)
    assert (len(many.recipients), many.truncated) == (limits.TEXT_RECIPIENTS, True)
    assert header.fields(many)[-2][1].split()[-3:] == ["at", "least", "90."]


_LAST: Final = {
    "qmail": ("failure notice", b"Hi. This is the qmail-send program at h.example.\n\n", b"<a%d@b.example>:\n%s\n\n", b""),
    "exchange": (
        "Undeliverable: hi",
        b"Diagnostic information for administrators:\n\nGenerating server: db1.h.example\n\n",
        b"a%d@b.example\nRemote Server returned '%s'\n\n",
        b"",
    ),
    "opensmtpd": (
        "Delivery status notification: error",
        b"This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n",
        b"a%d@b.example: %s\n",
        b"",
    ),
    "imail": ("Undeliverable Mail", b"", b"undeliverable to a%d@b.example\nRCPT TO generated following response:\n%s\n\n", b""),
    "intermail": (
        "Returned mail",
        b"This Message was undeliverable due to the following reason:\n\n552 5.2.2 Mailbox is full\n\n",
        b"<a%d@b.example>\n",
        b"\nPlease reply to Postmaster@b.example\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("family", _LAST)
def test_at_the_bound_the_last_recipient_keeps_his_own_words(family: str) -> None:
    """The lines of those beyond it are not his: he is not dead for another's reply."""
    subject, above, entry, below = _LAST[family]
    last = limits.TEXT_RECIPIENTS - 1
    said = (b"552 5.2.2 Mailbox is full" if n == last else b"550 5.1.1 User unknown" for n in range(last + 5))
    entries = (entry % ((n, words) if b"%s" in entry else n) for n, words in enumerate(said))
    head = f"From: MAILER-DAEMON@h.example\nSubject: {subject}\n\n".encode()
    report = bounce_milter.explain(head + above + b"".join(entries) + below, sender="<>")
    told = next(fact for fact in report.recipients if fact.address == f"a{last}@b.example")
    assert (told.status, told.reason, told.text) == ("5.2.2", "mailbox-full", "552 5.2.2 Mailbox is full")
    assert len(report.recipients) == limits.TEXT_RECIPIENTS


def test_over_the_bound_of_a_report_the_recipients_told_are_not_all() -> None:
    report = bounce_milter.explain(
        dsn(*[group(f"u{n}@dest.example") for n in range(limits.RECIPIENTS + 500)]), sender="<>"
    )
    assert (len(report.recipients), report.truncated) == (limits.RECIPIENTS, True)
    assert header.fields(report)[-2][1].split()[-3:] == ["at", "least", "990."]
