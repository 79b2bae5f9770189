"""The service as the system sees it: from its start to its first answer, and the memory of its workers under bounces."""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import mail, tools
from tests.bench.table import Row, at_most
from tests.e2e.filter import FilterProcess
from tests.mta import Mta


def rows(short: bool, bounces: Sequence[Path]) -> Iterator[Row]:
    """Yield the rows; about 15 s."""
    message = bounces[0].read_bytes()
    command = tools.command(short=short)
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        starts = [_start(Path(home) / f"start{n}", command, message) for n in range(3 if short else 9)]
    yield at_most(0.4, "start", "start to first answer", "s", statistics.median(starts), f"slowest {max(starts):.2f} s")
    with tempfile.TemporaryDirectory(prefix="bench-") as home, tools.product(Path(home), command=command) as product:
        ordinary = mail.ordinary(tools.BUILD)
        words = ("-c", "4", "-m", "100", "-n", "2000" if short else "20000", "-k", "bo")
        told = tools.told(tools.load(product.socket, ordinary, bounces[:1000], *words))
        memory = [_memory(pid) for pid in product.workers()]
    resident, share = max(m[0] for m in memory), max(m[1] for m in memory)
    note = f"resident, after {told.messages:,} messages; without what is shared {share:.0f} MB"
    yield at_most(45, "memory", "memory of a worker", "MB", resident, note)


def _start(home: Path, command: Path, message: bytes) -> float:
    process = FilterProcess(home, command=command)
    begin = time.perf_counter()
    process.start(pause=0.002)
    try:
        with Mta(process.socket) as mta:
            mta.message(message)
        return time.perf_counter() - begin
    finally:
        process.stop()


def _memory(pid: int) -> tuple[float, float]:
    """Return a process's resident memory and its own share of that in MB (proc(5), smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    own = found["Private_Clean"] + found["Private_Dirty"]
    return found["Rss"] * 1024 / 1e6, own * 1024 / 1e6
