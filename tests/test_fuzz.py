"""A bounded run of the fuzzer, and bounces that hypothesis builds; `make fuzz` runs as long as is asked."""

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bounce_milter import bounce, header
from tests.fuzz.invariants import BrokenError, check, check_line_ends
from tests.fuzz.mutate import folder, mutants

SEEDS = folder(Path(__file__).parent / "samples")
WORDS = st.text(min_size=0, max_size=80)
TOKEN = st.from_regex(r"[a-z][a-z0-9.-]{0,20}", fullmatch=True)
ADDRESS = st.builds("{}@{}.example".format, TOKEN, TOKEN)
CODE = st.sampled_from(["550", "421", "452", "554", "250", "999", "55", "5500", ""])
STATUS = st.sampled_from(["5.1.1", "4.4.7", "5.7.26", "2.0.0", "9.9.9", "5.1", "5.1.1.1", ""])
ACTION = st.sampled_from(["failed", "delayed", "delivered", "relayed", "expanded", "FAILED (oops)", ""])
SLACK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("seed", range(4))
def test_no_mutant_breaks_an_invariant(seed: int) -> None:
    for message in islice(mutants(SEEDS, seed), 150):
        check(message)
        check_line_ends(message)


def test_the_invariants_can_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header, "fields", lambda report: [(header.CLASS, "a\r\nX-Evil: b")])
    with pytest.raises(BrokenError, match="no control character"):
        check(SEEDS[0])


@st.composite
def reports(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """Return a report and the addresses of its groups, in order."""
    groups = draw(st.lists(st.tuples(ADDRESS, ACTION, STATUS, CODE, WORDS), min_size=1, max_size=4))
    lines = ["Reporting-MTA: dns; mail.example.com", ""]
    for address, action, status, code, words in groups:
        diagnostic = " ".join(f"{code} {status} {words}".split())
        lines += [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
        lines += [f"Diagnostic-Code: smtp; {diagnostic}", ""]
    head = [
        "From: MAILER-DAEMON@mail.example.com", "To: alice@example.com", f"Subject: {' '.join(draw(WORDS).split())}",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain; charset=utf-8", "", draw(WORDS), "--b",
        "Content-Type: message/delivery-status", "",
    ]  # fmt: skip
    text = "\n".join([*head, *lines, "--b--", ""])
    return text.encode("utf-8", "surrogatepass"), [group[0] for group in groups]


@SLACK
@given(reports())
def test_every_recipient_of_a_report_is_told(report: tuple[bytes, list[str]]) -> None:
    message, addresses = report
    found = bounce.read(message, sender="<>")
    assert [recipient.address for recipient in found.recipients] == addresses
    check(message)


@SLACK
@given(st.binary(max_size=2000))
def test_any_octets_are_read(message: bytes) -> None:
    check(message)


@SLACK
@given(WORDS, ADDRESS, CODE, STATUS, WORDS, st.sampled_from(["\n", "\n\n", "\n    "]))
def test_any_words_of_a_mail_system_are_read(
    opening: str, address: str, code: str, status: str, words: str, between: str
) -> None:
    text = f"{opening}\n<{address}>:{between}host mx.dest.example[192.0.2.1] said: {code} {status} {words}\n"
    head = "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.com\nSubject: Undelivered Mail Returned to Sender\n\n"
    check((head + text).encode("utf-8", "surrogatepass"))
