"""A filter in a process of its own that tells about itself: memory, descriptors, and what lives though it should not.

The real callbacks, judge and libmilter, without the supervisor, which would replace a worker that served its share and
so hide a leak. Asked over a pipe; ends with it.
"""

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from bounce_milter import adapter, resources
from bounce_milter.events import Events
from bounce_milter.judge import bound
from bounce_milter.settings import Log, Settings
from tests.e2e.places import served, until

_PAGE = os.sysconf("SC_PAGE_SIZE")


class State(msgspec.Struct, frozen=True):
    """What a filter is made of just now; memory in octets."""

    memory: int
    descriptors: int
    messages: int
    sessions: int
    objects: int
    """Connections' records that Python still holds."""


class Watched:
    """The filter, from outside."""

    def __init__(self, socket: Path, asking: "Connection[str, State]") -> None:
        self.socket = socket
        self._asking = asking

    def state(self) -> State:
        """Return its state; an error where it is gone or silent for a minute."""
        self._asking.send("state")
        if not self._asking.poll(60):
            raise TimeoutError("the filter says nothing")
        return self._asking.recv()

    def calm(self, descriptors: int = 0, seconds: float = 20) -> State:
        """Return its state as soon as no connection is open and its descriptors are as few as given, or as it is then."""
        end = time.monotonic() + seconds
        while True:
            state = self.state()
            quiet = state.sessions == 0 and (not descriptors or state.descriptors <= descriptors)
            if quiet or time.monotonic() > end:
                return state
            time.sleep(0.1)


def _serve(socket: str, answering: "Connection[State, str]", log: str) -> None:
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
    import Milter

    events = Events(Log(level="error"))
    filter_ = adapter.Filter(bound(Settings(), resources.packaged_knowledge(), events), events)
    filter_.install("bounce-milter-soak")
    Milter.setconn(f"unix:{socket}")
    threading.Thread(target=Milter.main, daemon=True).start()
    while True:
        try:
            answering.recv()
        except EOFError:
            os._exit(0)
        gc.collect()
        answering.send(
            State(
                memory=int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE,
                descriptors=len(os.listdir("/proc/self/fd")),
                messages=filter_.messages,
                sessions=filter_.sessions,
                objects=sum(isinstance(o, adapter.Session) for o in gc.get_objects()),
            )
        )


@contextmanager
def watched(home: Path) -> Iterator[Watched]:
    """Run a filter below *home*; its complaints go to watched.log there."""
    socket = home / "watched.sock"
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(str(socket), there, str(home / "watched.log")), daemon=True)
    process.start()
    there.close()
    try:
        until(lambda: served(socket), pause=0.02)
        yield Watched(socket, here)
    finally:
        here.close()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()
