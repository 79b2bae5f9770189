"""What stands in the log: one line for each event, whatever stands in the mail, and nobody waits for its reader."""

import inspect
import json
import os
import re
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import judge, metrics
from bounce_milter.events import Events
from bounce_milter.metrics import Counts
from bounce_milter.policy import Envelope
from bounce_milter.resources import packaged_knowledge
from bounce_milter.settings import Log, Settings

PIPE_LINE = 4_096  # what a pipe that is ready takes at once


class Told:
    """Events that write to a pipe of their own, and what came out of it."""

    def __init__(self, log: Log | None = None) -> None:
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)
        self.counts = Counts()
        self.events = Events(log, self.counts, self.writing)

    def lines(self) -> list[str]:
        text = b""
        try:
            while data := os.read(self.reading, 65_536):
                text += data
        except BlockingIOError:
            pass
        return text.decode().splitlines()

    def bounce(
        self, queue_id: str = "4X", domain: str = "dest.example", review: str = "", shadow: bool = False
    ) -> None:
        recipients = [("user-unknown", domain), ("mailbox-full", "full.example")]
        self.events.bounce(
            queue_id, "failed", "permanent", recipients, review=review, shadow=shadow, truncated=True, seconds=0.0123
        )

    def close(self) -> None:
        os.close(self.reading)
        os.close(self.writing)


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    told.close()


def test_a_bounce_is_one_line_of_pairs(told: Told) -> None:
    told.bounce(review="copy", shadow=True)
    assert told.lines() == [
        "level=info event=bounce queue_id=4X kind=failed class=permanent reason=user-unknown domain=dest.example "
        "recipients=2 review=copy shadow=yes truncated=yes ms=12.3"
    ]


def test_the_same_in_json_with_its_time() -> None:
    told = Told(Log(format="json"))
    told.bounce()
    (line,) = told.lines()
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.pop("time"))
    assert found == {
        "level": "info", "event": "bounce", "queue_id": "4X", "kind": "failed", "class": "permanent",
        "reason": "user-unknown", "domain": "dest.example", "recipients": 2, "truncated": True, "ms": 12.3,
    }  # fmt: skip
    told.close()


def test_what_a_bounce_counts(told: Told) -> None:
    told.bounce(review="copy")
    found = {(name, labels): amount for name, labels, amount in told.counts.take()}
    assert found == {
        ("bounces", ("failed", "permanent")): 1, ("bounce_seconds", ("0.025",)): 1, ("bounce_seconds_sum", ()): 0.0123,
        ("reasons", ("user-unknown",)): 1, ("reasons", ("mailbox-full",)): 1, ("reviews", ("copy",)): 1,
        ("truncated", ()): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("level", "seen"),
    [("error", 1), ("warning", 2), ("info", 3), ("debug", 4)],
)
def test_a_level_holds_back_what_is_finer(level: str, seen: int) -> None:
    told = Told(Log(level=level))  # type: ignore[arg-type]
    told.events.refused(["no"])
    told.events.drained(1, 1)
    told.bounce()
    told.events.passed("4X", "auto-reply", 0.001)
    assert len(told.lines()) == seen
    assert sum(amount for name, _, amount in told.counts.take() if name == "bounces") == 2  # counted all the same
    told.close()


@given(st.text(), st.text(), st.sampled_from(["key=value", "json"]))
def test_whatever_stands_in_the_mail_stays_in_its_line(queue_id: str, domain: str, format_: str) -> None:
    told = Told(Log(format=format_))  # type: ignore[arg-type]
    told.bounce(queue_id, domain)
    (line,) = told.lines()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e]", line)
    assert len(line.encode()) < PIPE_LINE
    told.close()


@pytest.mark.parametrize(
    "text", ['"', "a b", "x\r\nlevel=error event=forged", "\ud800", "é" * 9_999, "\x1b[31m", "\0", "\x9b?"]
)
def test_a_value_is_quoted_where_it_could_be_taken_for_something_else(told: Told, text: str) -> None:
    told.bounce(domain=text)
    (line,) = told.lines()
    quoted = re.search(r' domain=("(?:[^"\\]|\\.)*") recipients=2 ', line)
    assert quoted
    short = text if len(text) <= 255 else f"{text[:252]}..."
    assert json.loads(quoted[1]) == short.replace("\x9b", "?").encode("utf-8", "replace").decode()


@pytest.mark.parametrize("format_", ["key=value", "json"])
@pytest.mark.parametrize("character", ["x", "\x01", "\U0001f600"])
def test_a_problem_has_room_for_the_name_of_its_file(format_: str, character: str) -> None:
    told = Told(Log(format=format_))  # type: ignore[arg-type]
    told.events.refused([f"/{character * 500}/a.toml:2: no-such; did you mean 'other'?"])
    told.events.refused([character * 5_000])
    whole, cut = told.lines()
    assert "did you mean 'other'?\"" in whole
    assert cut.rstrip("}").endswith('..."' if character != "x" or format_ == "json" else "...")
    assert max(len(line.encode()) for line in (whole, cut)) < PIPE_LINE
    told.close()


def test_of_thousands_of_problems_the_log_has_the_first_and_their_number(told: Told) -> None:
    problems = [f"mine.toml:{line}: no-such" for line in range(5_000)]
    told.events.reload_refused(problems)
    lines = told.lines()
    assert [line.rpartition("problem=")[2].strip('"') for line in lines] == [
        *problems[:20], "and 4980 more; bounce-milter check tells all",
    ]  # fmt: skip
    told.events.refused(problems[:20])
    assert "more" not in told.lines()[-1]


def test_an_error_is_told_without_its_words(told: Told) -> None:
    try:
        raise ValueError("Subject: the takeover of example.com")
    except ValueError as error:
        told.events.failure("judge", "4X", error)
        told.events.not_filed("4X", error)
    failure, not_filed = told.lines()
    assert re.fullmatch(
        r"level=error event=failure queue_id=4X where=judge error=ValueError at=test_events\.py:\d+", failure
    )
    assert not_filed == "level=error event=not-filed queue_id=4X error=ValueError"


def test_a_reader_that_does_not_read_holds_up_nothing_and_is_told_later(told: Told) -> None:
    for _ in range(5_000):
        told.events.held("4X", "postsuper -H 4X")
    dropped = sum(amount for name, _, amount in told.counts.take() if name == "dropped_lines")
    assert 0 < dropped < 5_000
    assert len(told.lines()) == 5_000 - dropped
    told.events.reloading()
    told.events.reloading()
    assert told.lines() == [f"level=info event=reloading dropped={dropped:.0f}", "level=info event=reloading"]


def test_a_line_that_a_full_disk_takes_in_part_is_dropped_and_spoils_no_other(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        events = Events(descriptor=file.fileno())
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        try:
            for _ in range(5):
                events.reloading()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        events.reloading()
        events.reloading()
    whole = "level=info event=reloading"
    assert (tmp_path / "log").read_text().splitlines() == [*[whole] * 3, whole[:19], f"{whole} dropped=2", whole]


def test_a_reader_that_is_gone_harms_nothing(told: Told) -> None:
    os.close(told.reading)
    told.bounce()
    assert ("dropped_lines", (), 1.0) in told.counts.take()
    told.reading = os.dup(told.writing)


def test_how_loudly_a_worker_ends_depends_on_what_it_cut(told: Told) -> None:
    told.events.drained(1, 2)
    told.events.drained(0, 2)
    told.events.drained(0, 0)
    assert told.lines() == [
        "level=warning event=drained messages=1 sessions=2", "level=info event=drained messages=0 sessions=2",
    ]  # fmt: skip


def test_forged_fields_that_stay_are_an_error() -> None:
    told = Told(Log(level="error"))
    told.events.forged("4X", 3, left=2)
    told.events.forged("4X", 3)
    assert told.lines() == ["level=error event=forged queue_id=4X fields=3 left=2"]
    assert told.counts.take() == [("forged_fields", (), 1 + 3)]
    told.close()


_ARGUMENTS: dict[str, object] = {
    "queue_id": "4X", "kind": "failed", "class_": "permanent", "recipients": [("unknown", "dest.example")],
    "review": "copy", "shadow": True, "truncated": True, "seconds": 0.5, "removed": True, "left": 0, "error": ValueError("x"),
    "problems": ["one", "two"], "problem": "one", "where": "eom", "count": 2, "messages": 1, "sessions": 1, "pid": 7,
    "status": "exit 1", "delay": 0.5, "why": "reload", "version": "1", "socket": "unix:/s", "workers": 2,
    "signal": "SIGTERM", "release": "postsuper -H 4X", "state": 1, "own": {"rules": 3},
}  # fmt: skip
_PUBLIC = [name for name in vars(Events) if not name.startswith("_")]


@pytest.mark.parametrize("name", _PUBLIC)
def test_every_event_counts_only_what_has_a_metric_and_logs_one_name(name: str) -> None:
    told = Told(Log(level="debug"))
    function: Callable[..., None] = getattr(told.events, name)
    function(**{key: _ARGUMENTS[key] for key in inspect.signature(function).parameters})
    names = {found[1] for line in told.lines() if (found := re.search(r" event=([\w-]+)", line))}
    assert names == (set() if name in ("message", "worker_failed") else {name.replace("_", "-")})
    labels = {named.name: len(named.labels) for named in (*metrics.COUNTERS, metrics.HISTOGRAM)}
    for counted, values, _ in told.counts.take():
        if counted == f"{metrics.HISTOGRAM.name}_sum":
            continue
        assert len(values) == (1 if counted == metrics.HISTOGRAM.name else labels[counted])
    told.close()


@pytest.mark.parametrize("sample", ["152-report-delivered", "186-exchange-relayed", "187-exchange-expanded"])
def test_what_did_not_fail_has_no_reason(told: Told, sample: str) -> None:
    message = (Path(__file__).parent / "samples" / f"{sample}.eml").read_bytes()
    judge.bound(Settings(), packaged_knowledge(), told.events)(message, Envelope("4X"))
    (line,) = told.lines()
    assert ' reason="" ' in line
    assert not [labels for name, labels, _ in told.counts.take() if name == "reasons"]


def test_a_failure_counts_once(told: Told) -> None:
    told.events.failure("judge", "4X", ValueError())
    told.events.not_filed("4X", "x")
    assert told.counts.take() == [("failures", ("judge",), 1), ("failures", ("review",), 1)]
