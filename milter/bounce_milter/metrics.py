"""What is counted: the names, each with its labels and its meaning; a process's counts; the totals of all of them.

Rule: a worker counts for itself and hands over what came since its last sign of life; the totals live with the
supervisor, so they survive a worker's end and a reload. A worker that is killed takes at most a second of counts with
it. Names and units follow Prometheus' conventions: `_total` for counters, base units.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from bounce_milter.vocabulary import Reason

if TYPE_CHECKING:  # the library is loaded when somebody asks, not by every worker
    from prometheus_client.core import Metric


class Named(NamedTuple):
    """One metric: its name behind `bounce_milter_`, its labels, what it says.

    known   values of its only label that are told from the start, as 0: Prometheus sees no rise in what is new to it
    """

    name: str
    labels: tuple[str, ...]
    meaning: str
    known: tuple[str, ...] = ()


_STEPS: Final = (
    "negotiate", "envfrom", "envrcpt", "header", "eoh", "body", "eom", "abort", "close", "judge", "review", "pymilter",
    "metrics", "worker",
)  # fmt: skip
COUNTERS: Final = (
    Named("messages", (), "Messages seen, of whatever kind."),
    Named("bounces", ("kind", "class"), "Messages read to their end, by what they turned out to be."),
    Named("reasons", ("reason",), "Recipients explained, by reason.", tuple(map(str, Reason))),
    Named(
        "reviews",
        ("way",),
        "Messages that the policy gave to review.",
        ("mark", "redirect", "copy", "quarantine", "maildir"),
    ),
    Named("forged_fields", (), "Fields of ours that came in from outside and were removed."),
    Named("truncated", (), "Messages over a bound, judged by what was read."),
    Named("failures", ("where",), "Errors inside; each message passed on as it was.", _STEPS),
    Named("dropped_lines", (), "Log lines that nobody read in time."),
    Named("worker_deaths", (), "Workers that ended though nobody told them to, or could not be started."),
    Named("worker_replacements", ("why",), "Workers that got a successor.", ("reload", "messages", "memory", "again")),
    Named("reloads", ("result",), "Reloads, taken (ok) or refused.", ("ok", "refused")),
)
HISTOGRAM: Final = Named("bounce_seconds", (), "Seconds from the end of a bounce to its verdict.")
GAUGES: Final = (
    Named("workers", (), "Workers that take connections."),
    Named("sessions", (), "Connections open now."),
    Named("memory_bytes", (), "Resident memory of all workers; what they share counts for each."),
)
PREFIX: Final = "bounce_milter_"
#: Upper bounds of the histogram. A bounce takes half a millisecond, the most hostile one known 0.2 seconds.
BUCKETS: Final = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1.0)
_ALL_BUCKETS: Final = (*map(str, BUCKETS), "+Inf")

#: (name, values of its labels in order, by how much)
Count = tuple[str, tuple[str, ...], float]


class Counts:
    """What one process counted since it was last asked; called as `Events` calls its tally."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, tuple[str, ...]], float] = {}

    def __call__(self, name: str, labels: Sequence[str], amount: float) -> None:
        """Count *amount* more; seconds of the histogram go to their bucket."""
        if name == HISTOGRAM.name:
            bucket = next((str(bound) for bound in BUCKETS if amount <= bound), "+Inf")
            self._add((name, (bucket,)), 1)
            self._add((f"{name}_sum", ()), amount)
        else:
            self._add((name, tuple(labels)), amount)

    def _add(self, key: tuple[str, tuple[str, ...]], amount: float) -> None:
        with self._lock:
            self._counts[key] = self._counts.get(key, 0.0) + amount

    def take(self) -> list[Count]:
        """Return what was counted and begin anew."""
        with self._lock:
            counts, self._counts = self._counts, {}
        return [(name, labels, amount) for (name, labels), amount in counts.items()]

    def put_back(self, counts: Iterable[Count]) -> None:
        """Count again what was taken and did not arrive."""
        for name, labels, amount in counts:
            self._add((name, labels), amount)


class Totals:
    """The sums over all processes, and what is measured at the moment of asking."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[tuple[str, ...], float]] = {}
        self._gauges: Mapping[str, float] = {}

    def add(self, counts: Iterable[Count]) -> None:
        """Add what a process counted."""
        for name, labels, amount in counts:
            sums = self._sums.setdefault(name, {})
            sums[labels] = sums.get(labels, 0.0) + amount

    def of(self, name: str) -> int:
        """Return the sum of a counter over all its labels."""
        return round(sum(self._sums.get(name, {}).values()))

    def text(self, gauges: Mapping[str, float]) -> bytes:
        """Return all of it in Prometheus' text format; *gauges* holds a value for each of GAUGES."""
        from prometheus_client import CollectorRegistry, generate_latest

        registry = CollectorRegistry()
        self._gauges = gauges
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> "Iterator[Metric]":
        """Yield the metrics (prometheus_client asks)."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for named in COUNTERS:
            family = CounterMetricFamily(PREFIX + named.name, named.meaning, labels=named.labels)
            sums: dict[tuple[str, ...], float] = {(value,): 0.0 for value in named.known} if named.labels else {(): 0.0}
            sums.update(self._sums.get(named.name, {}))
            for labels, amount in sorted(sums.items()):
                family.add_metric(labels, amount)
            yield family
        yield self._histogram()
        for named in GAUGES:
            yield GaugeMetricFamily(PREFIX + named.name, named.meaning, value=self._gauges.get(named.name, 0))

    def _histogram(self) -> "Metric":
        from prometheus_client.core import HistogramMetricFamily

        sums = self._sums.get(HISTOGRAM.name, {})
        total, buckets = 0.0, []
        for bound in _ALL_BUCKETS:
            total += sums.get((bound,), 0.0)
            buckets.append((bound, total))
        family = HistogramMetricFamily(PREFIX + HISTOGRAM.name, HISTOGRAM.meaning)
        family.add_metric([], buckets, self._sums.get(f"{HISTOGRAM.name}_sum", {}).get((), 0.0))
        return family
