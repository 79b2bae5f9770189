"""explain() by itself: a folder of bounces in one process, beside Sisimai and flufl.bounce; one reply; hostile input."""

import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from bounce_milter import explain, resources
from bounce_milter.catalogue import search, votes
from bounce_milter.classify import classify, fit, normal, surroundings
from bounce_milter.classify.lint import ask
from tests import hostile
from tests.bench import peers
from tests.bench.table import Row, at_least, at_most, missing

_GOAL = 10_000.0
_REPLIES = 500


def folder(short: bool, files: Sequence[Path]) -> Iterator[Row]:
    """Yield explain()'s rate over the files, and the peers' on the same files."""
    seconds = 0.5 if short else 3.0
    messages = [path.read_bytes() for path in files]
    rates = [_rate(messages, seconds) for _ in range(3 if short else 5)]
    mine = statistics.median(rates)
    found = sum(bool(explain(message).recipients) for message in messages)
    note = f"{len(files)} files, recipients in {found}"
    what = "explain() over a folder of bounces, one process"
    yield Row("explain", what, mine, "msg/s", goal=f">= {_GOAL:,.0f} msg/s", met=mine >= _GOAL, note=note)
    for name, call, ratio in (("Sisimai", peers.sisimai, 8.0), ("flufl.bounce", peers.flufl, 4.0)):
        try:
            theirs = [call(files, seconds) for _ in range(1 if short else 3)]
        except peers.PeerError as error:
            yield missing(f"explain-{name}", f"explain() beside {name}", str(error))
            continue
        row = at_least(
            ratio, f"explain-{name}", f"explain() beside {name}", "msg/s", name, rates, [r for r, _ in theirs]
        )
        yield msgspec.structs.replace(row, note=f"{name} found recipients in {theirs[0][1]}")


def _rate(messages: Sequence[bytes], seconds: float) -> float:
    for message in messages:
        explain(message)
    done, begin = 0, time.perf_counter()
    while done == 0 or time.perf_counter() - begin < seconds:
        for message in messages:
            explain(message)
        done += len(messages)
    return done / (time.perf_counter() - begin)


def reply(short: bool, files: Sequence[Path]) -> Iterator[Row]:
    """Yield the median time to judge one server reply: those that stand in the files, no two the same, taken apart."""
    knowledge = resources.packaged_knowledge()
    texts = {told.text for path in files for told in explain(path.read_bytes()).recipients if told.text}
    replies = sorted(texts)[:_REPLIES]
    if not replies:
        yield missing("reply", "one server reply judged", "no reply in the files")
        return
    rounds = 20 if short else 100
    asked = [ask(text, None, None) for text in replies]
    times = [[_seconds(partial(classify, query, knowledge.catalogue)) for query in asked] for _ in range(rounds)]
    each = [statistics.median(column) for column in zip(*times, strict=True)]
    _forget()
    first = statistics.median(_seconds(partial(classify, query, knowledge.catalogue)) for query in asked) * 1e6
    note = (
        f"{len(replies)} replies met before, slowest {max(each) * 1e6:.0f} us; one that was not, median: {first:.0f} us"
    )
    yield at_most(15, "reply", "one server reply judged, median", "us", statistics.median(each) * 1e6, note)


def _anew(call: Callable[[], object]) -> float:
    _forget()
    return _seconds(call)


def _forget() -> None:
    """Forget what is kept of replies that were met before."""
    for kept in (fit._in_words, votes.count, normal._without_cleared, search.trial, surroundings._finder, classify):
        kept.cache_clear()


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def tricks(short: bool, _: Sequence[Path]) -> Iterator[Row]:
    """Yield time and memory for each trick of a hostile sender; in short only the worst."""
    rows = [_trick(name, make()) for name, make in hostile.TRICKS.items()]
    worst = max(rows, key=lambda row: row.value or 0)
    yield from [worst] if short else rows


def _trick(name: str, message: bytes) -> Row:
    """Return the row of one trick: a hostile sender writes new words each time, so nothing is kept of them."""
    took = min(_anew(lambda: explain(message, sender="<>")) for _ in range(3))
    tracemalloc.start()
    try:
        explain(message, sender="<>")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    note = f"{most / 1e6:.1f} MB at most, of {len(message) / 1e6:.1f} MB"
    row = at_most(100, f"hostile {name}", f"hostile: {name}", "ms", took * 1000, note)
    return row if most <= 50e6 else msgspec.structs.replace(row, met=False)
