"""Through the filter: ordinary mail and bounces from a load client, beside the least that a filter can do."""

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import mail, tools
from tests.bench.table import Row, at_least, at_most, take_turns
from tests.e2e.places import open_way

_CLIENTS = "4"


def rows(short: bool, bounces: Sequence[Path]) -> Iterator[Row]:
    """Yield the rows; about 40 s, 8 s in short."""
    rounds, seconds = (3, "0.5") if short else (7, "1.5")
    ordinary = mail.ordinary(tools.BUILD)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        open_way(home)
        floor = stack.enter_context(tools.floor(home))
        product = stack.enter_context(tools.product(home, command=tools.command(short=short))).socket
        for name, each, what in (
            ("ordinary-1", "1", "new connection each"),
            ("ordinary-1000", "1000", "1,000 a connection"),
        ):
            words = ("-c", _CLIENTS, "-m", each, "-t", seconds, "-k", "o")

            def rate(place: Path, words: tuple[str, ...] = words) -> Callable[[], float]:
                return lambda: tools.told(tools.load(place, ordinary, bounces, *words)).rate

            ours, theirs = take_turns(rounds, rate(product), rate(floor))
            yield at_least(0.90, name, f"ordinary mail, 4 clients, {what}", "msg/s", "no-op in C", ours, theirs)
        yield from _bounces(rounds, seconds, product, floor, ordinary, bounces)


def _bounces(
    rounds: int, seconds: str, product: Path, floor: Path, ordinary: Path, bounces: Sequence[Path]
) -> Iterator[Row]:
    words = ("-c", _CLIENTS, "-m", "1000", "-t", seconds, "-k", "b")
    slowest: list[float] = []

    def ours() -> float:
        told = tools.told(tools.load(product, ordinary, bounces[:1000], *words))
        slowest.append(told.p99_us)
        return told.rate

    def theirs() -> float:
        return tools.told(tools.load(floor, ordinary, bounces[:1000], *words)).rate

    mine, other = take_turns(rounds, ours, theirs)
    what = "a bounce judged and annotated, 4 clients, 1,000 a connection"
    yield at_least(0.50, "bounce", what, "msg/s", "no-op in C", mine, other)
    yield at_most(5, "bounce-p99", "the same, 99th percentile", "ms", statistics.median(slowest) / 1000)
