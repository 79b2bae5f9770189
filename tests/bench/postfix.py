"""A real Postfix fed by its own smtp-source: with the filter, without, and with the least that a filter can do.

Three servers, in turns. The third tells what Postfix itself spends on asking any filter at all.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import tools
from tests.bench.table import Row, at_least, beside, missing, take_turns
from tests.e2e.places import open_way
from tests.e2e.postfix import SBIN, Postfix, attached

_SESSIONS = "10"


def rows(short: bool, _: Sequence[Path]) -> Iterator[Row]:
    """Yield the row; about 30 s. Postfix starts as root, and is unpacked by tests/servers.sh."""
    what = "ordinary mail through Postfix with the filter, 10 sessions"
    if os.geteuid() != 0 or not (SBIN / "smtp-source").exists():
        yield missing("postfix", what, "needs root and the unpacked Postfix (make servers)")
        return
    rounds, count = (3, 300) if short else (7, 1500)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        open_way(home)
        product = stack.enter_context(tools.product(home, command=tools.command(short=short))).socket
        floor = stack.enter_context(tools.floor(home))
        floor.chmod(0o666)
        ways = {"with": attached(product), "without": {}, "floor": attached(floor)}
        servers = [Postfix(home / name, options, {"example.org": "discard:"}) for name, options in ways.items()]
        for server in servers:
            server.start()
            stack.callback(server.stop)
            source(server, 50)
        ours, theirs, least = take_turns(rounds, *(_rate(server, count) for server in servers))
    yield at_least(0.97, "postfix", what, "msg/s", "without", ours, theirs)
    yield beside("postfix-floor", "the same", "msg/s", "no-op in C", ours, least)


def _rate(server: Postfix, count: int) -> Callable[[], float]:
    return lambda: count / source(server, count)


def source(server: Postfix, count: int) -> float:
    """Send so many ordinary messages of 4 kB; return the seconds until the last was taken."""
    begin = time.perf_counter()
    server.source(
        "-s", _SESSIONS, "-l", "4000", "-m", str(count), "-f", "carol@client.example", "-t", "alice@example.org"
    )
    return time.perf_counter() - begin
