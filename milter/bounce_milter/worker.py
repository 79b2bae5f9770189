"""One process that serves connections: libmilter in a thread, its supervisor's word in the main one.

Rule: a worker ends when it is told to, when its supervisor is gone, or when libmilter gives up; never in the middle of
a message before its time is over. To drain, the listening descriptor is replaced by one that nobody can reach:
libmilter goes on, takes no new connection, and those it has are served to their end. (libmilter's own stop cuts
connections that wait in its pool.)

Signals: libmilter waits for HUP, TERM and INT in a thread of its own and would stop on each. The kernel prefers the
main thread, which catches and ignores INT and HUP (the supervisor speaks for the terminal) and drains on TERM.
"""

import contextlib
import os
import select
import signal
import socket
import stat
import syslog
import threading
import time
from typing import Final, NoReturn

import Milter
import msgspec

from bounce_milter import heap, processors, sockets
from bounce_milter.adapter import Filter
from bounce_milter.events import Events
from bounce_milter.judge import Judge
from bounce_milter.metrics import Count, Counts
from bounce_milter.settings import Settings

#: The filter's name, as libmilter knows it; it must outlive the process, libmilter keeps a pointer to it.
NAME: Final = "bounce-milter"
DRAIN: Final = b"drain"
_BEAT_SECONDS: Final = 1.0
_DRAIN_BEAT_SECONDS: Final = 0.05
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Plan(msgspec.Struct, frozen=True):
    """What workers run: the options, the function made of them, where they log and what they count with."""

    settings: Settings
    judge: Judge
    events: Events
    counts: Counts

    @property
    def workers(self) -> int:
        """How many processes shall run it."""
        return self.settings.milter.workers or len(processors.usable())


class Beat(msgspec.Struct, array_like=True):
    """A worker's sign of life: messages since its start, open connections, memory in octets.

    counts   what it counted since the last one (`metrics`)
    """

    messages: int
    sessions: int
    memory: int
    counts: list[Count] = []


def run(
    plan: Plan,
    listening: socket.socket,
    control: socket.socket,
    processor: int | None = None,
) -> NoReturn:
    """Serve until told to drain, on one processor where it is named; never returns, the process ends."""
    heap.share()
    if processor is not None:
        processors.keep_to(processor)
    plan.counts.take()  # what the supervisor counted before the fork is its own
    drain = _on_signals()
    filter_ = _installed(plan)
    number = _attach(listening)
    # libmilter writes to syslog; were its socket opened later, it would be taken for a connection that never ends.
    syslog.openlog(NAME, syslog.LOG_NDELAY | syslog.LOG_PID, syslog.LOG_MAIL)
    before = _sockets()
    server = threading.Thread(target=_serve, name="libmilter", daemon=True)
    server.start()
    life = _Life(filter_, control, drain, server, before, plan.counts)
    life.until_told()
    _hush(number)
    if server.ident is not None:
        # libmilter sleeps in poll() on what it was given, and a socket lives as long as somebody sleeps on it.
        signal.pthread_kill(server.ident, signal.SIGUSR1)
    left = life.until_drained(plan.settings.milter.drain_seconds)
    plan.events.drained(left)
    life.beat()
    os._exit(0)


def _on_signals() -> threading.Event:
    """Return what SIGTERM sets; the other signals wake a thread and do nothing."""
    drain = threading.Event()
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(ignored, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: drain.set())
    return drain


def _installed(plan: Plan) -> Filter:
    """Return the filter that the options ask for, registered with libmilter."""
    annotate, review = plan.settings.annotate, plan.settings.review
    filter_ = Filter(
        plan.judge,
        plan.events,
        max_bytes=annotate.max_bytes,
        recipients=bool(annotate.languages) or review.mode != "off",
        review=review.mode,
        note=annotate.note,
        shadow=annotate.shadow,
    )
    filter_.install(NAME)
    Milter.settimeout(plan.settings.milter.timeout)
    return filter_


def _serve() -> None:
    with contextlib.suppress(Milter.error):
        Milter.main()


class _Life:
    """The main thread's loop: beats, and listens for the supervisor's word."""

    def __init__(
        self,
        filter_: Filter,
        control: socket.socket,
        drain: threading.Event,
        server: threading.Thread,
        before: set[int],
        counts: Counts,
    ) -> None:
        self._filter = filter_
        self._control = control
        self._drain = drain
        self._server = server
        self._before = before
        self._counts = counts

    def until_told(self) -> None:
        """Return when the worker shall drain; end the process where libmilter gave up."""
        while not self._drain.is_set():
            if not self._server.is_alive():
                os._exit(1)
            self.beat()
            if self._word(_BEAT_SECONDS):
                return

    def until_drained(self, seconds: float) -> int:
        """Return how many connections are open after *seconds* at most, none as soon as there is none."""
        end = time.monotonic() + seconds
        calm = 0
        beat = 0.0
        while (now := time.monotonic()) < end:
            # Twice: a connection that was just accepted is not open in the first look.
            calm = 0 if self._open() else calm + 1
            if calm > 1:
                return 0
            if now - beat > _BEAT_SECONDS:
                self.beat()
                beat = now
            time.sleep(_DRAIN_BEAT_SECONDS)
        return self._open()

    def _open(self) -> int:
        """Return how many connections are open, those included that libmilter has not spoken to yet."""
        return max(self._filter.sessions, len(_sockets() - self._before))

    def beat(self) -> None:
        """Give a sign of life with what was counted; counts that do not get through wait for the next."""
        counts = self._counts.take()
        beat = Beat(self._filter.messages, self._filter.sessions, _memory(), counts)
        try:
            self._control.send(msgspec.json.encode(beat), socket.MSG_DONTWAIT)
        except OSError:
            self._counts.put_back(counts)

    def _word(self, seconds: float) -> bool:
        """Wait for the supervisor's word; its end is a word too."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
        try:
            return self._control.recv(64) in (DRAIN, b"")
        except BlockingIOError:
            return False
        except OSError:
            return True


def _attach(listening: socket.socket) -> int:
    """Make libmilter serve the open socket; return the descriptor that it accepts on."""
    with contextlib.suppress(Milter.error):
        Milter.setconn(f"fd:{listening.fileno()}")
        Milter.opensocket(False)
        return listening.fileno()
    return _attach_by_force(listening)


def _attach_by_force(listening: socket.socket) -> int:
    """Let libmilter open a socket of the same family for itself and put the real one in its place.

    Only Debian's libmilter knows "fd:"; all others open what they are named.
    """
    before = _sockets()
    with sockets.private_folder() as folder:
        own = {socket.AF_UNIX: f"unix:{folder}/s", socket.AF_INET6: "inet6:0@::1"}
        Milter.setconn(own.get(listening.family, "inet:0@127.0.0.1"))
        Milter.opensocket(False)
    (number,) = _sockets() - before
    os.dup2(listening.fileno(), number, inheritable=False)
    listening.close()  # else it would be open when the worker drains
    return number


def _hush(number: int) -> None:
    """Take no new connection from here on. Where no quiet socket can be made a pipe does; libmilter then complains once."""
    try:
        with sockets.quiet() as quiet:
            os.dup2(quiet.fileno(), number, inheritable=False)
    except OSError:
        reading, _ = os.pipe()
        os.dup2(reading, number, inheritable=False)


def _sockets() -> set[int]:
    """Return the descriptors of this process that are sockets; none where the system does not list them."""
    found = set()
    try:
        names = os.listdir("/dev/fd")
    except OSError:
        return set()
    for name in names:
        with contextlib.suppress(OSError):  # the descriptor of the listing itself is gone by now
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                found.add(int(name))
    return found


def _memory() -> int:
    """Return the resident memory of this process in octets; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
