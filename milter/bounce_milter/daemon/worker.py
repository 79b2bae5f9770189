"""One process that serves connections: libmilter in a thread, its supervisor's word in the main one.

Rule: a worker ends when it is told to, when its supervisor is gone, or when libmilter gives up; never in the middle of
a message before its time is over. To drain, the listening descriptor is replaced by one that nobody can reach, made
at the start because none may be free then: libmilter goes on, takes no new connection, and those it has are served to
their end. (libmilter's own stop cuts connections that wait in its pool.) A worker that has a successor waits for that
end: a mail server that loses the filter does without it for the rest of a mail session. One that shall stop waits for
messages only; a connection between two of them, which may stay so for minutes, is hung up on.

Signals: libmilter waits for HUP, TERM and INT in a thread of its own and would stop on each. The kernel prefers the
main thread, which catches and ignores INT and HUP (the supervisor speaks for the terminal) and stops on TERM.
"""

import contextlib
import math
import os
import select
import signal
import socket
import syslog
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn

import Milter
import msgspec

from bounce_milter.adapter import Filter
from bounce_milter.daemon import heap, processors, sockets
from bounce_milter.events import Events
from bounce_milter.judge import Judge
from bounce_milter.metrics import Count, Counts
from bounce_milter.settings import Settings

#: The filter's name, as libmilter knows it; it must outlive the process, libmilter keeps a pointer to it.
NAME: Final = "bounce-milter"
#: The supervisor's words: end when the connections have ended; end when the messages under way have.
DRAIN: Final = b"drain"
STOP: Final = b"stop"
_BEAT_SECONDS: Final = 1.0
#: What libmilter has to give up in before the first sign of life says that it did not: where it can start no thread it needs
#: some milliseconds.
_PROOF_SECONDS: Final = 0.2
#: What a connection without a message has to begin one, or to end, when the worker stops.
_IDLE_SECONDS: Final = 2.0
_DRAIN_BEAT_SECONDS: Final = 0.05
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Plan(msgspec.Struct, frozen=True):
    """What workers run: the options, the function made of them, where they log and what they count with.

    own   what was taken in from the admin's own folder, for the log: names and numbers
    """

    settings: Settings
    judge: Judge
    events: Events
    counts: Counts
    own: Mapping[str, int] = {}

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
    """Serve until told to end, on one processor where it is named; never returns, the process ends."""
    heap.share()
    if processor is not None:
        processors.keep_to(processor)
    plan.counts.take()  # what the supervisor counted before the fork is its own
    stop = _on_signals()
    filter_ = _installed(plan)
    number = _attach(listening)
    quiet = _quiet()
    syslog.openlog(NAME, syslog.LOG_PID, syslog.LOG_MAIL)  # there libmilter complains
    before = _sockets()
    server = threading.Thread(target=_serve, name="libmilter", daemon=True)
    server.start()
    life = _Life(filter_, control, stop, server, before, plan.counts)
    life.until_told()
    os.dup2(quiet, number, inheritable=False)
    os.close(quiet)  # where all were taken, one is free now, with which to look at the connections
    if server.ident is not None:
        # libmilter sleeps in poll() on what it was given, and a socket lives as long as somebody sleeps on it.
        signal.pthread_kill(server.ident, signal.SIGUSR1)
    plan.events.drained(*life.until_drained(plan.settings.milter.drain_seconds))
    life.beat()
    os._exit(0)


def _on_signals() -> threading.Event:
    """Return what SIGTERM sets; the other signals wake a thread and do nothing."""
    stop = threading.Event()
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(ignored, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


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
        stop: threading.Event,
        server: threading.Thread,
        before: set[int],
        counts: Counts,
    ) -> None:
        self._filter = filter_
        self._control = control
        self._stop = stop
        self._server = server
        self._before = before
        self._counts = counts

    def until_told(self) -> None:
        """Return when the worker shall end; end the process where libmilter gave up."""
        pause = _PROOF_SECONDS
        while not self._stop.is_set() and not self._word(pause):
            if not self._server.is_alive():
                os._exit(1)
            self.beat()
            pause = _BEAT_SECONDS

    def until_drained(self, seconds: float) -> tuple[int, int]:
        """Return how many messages and connections are cut: none where all end in their time.

        seconds   what messages have when the worker is told to stop; until then connections may take as long as they do
        """
        if not self._stop.is_set() and self._until_none(self._open):
            return 0, 0
        now = time.monotonic()
        if self._until_none(self._open, min(now + _IDLE_SECONDS, now + seconds)):
            return 0, 0
        if not self._until_none(lambda: self._filter.under_way, now + seconds):
            return self._filter.under_way, self._open()
        idle = self._open()
        # What libmilter has to say at the end of the last message is said before it sees that there is no more to read.
        _hang_up(_sockets() - self._before)
        self._until_none(self._open, time.monotonic() + _IDLE_SECONDS)
        return 0, idle

    def _until_none(self, count: Callable[[], int], end: float = math.inf) -> bool:
        """Wait until *count* is none; False at *end*, and where the worker is told meanwhile to stop."""
        calm, beat, stopping = 0, 0.0, self._stop.is_set()
        while (now := time.monotonic()) < end and self._stop.is_set() == stopping:
            # Twice: a connection that was just accepted is not open in the first look.
            calm = 0 if count() else calm + 1
            if calm > 1:
                return True
            if now - beat > _BEAT_SECONDS:
                self.beat()
                beat = now
            if stopping:
                time.sleep(_DRAIN_BEAT_SECONDS)
            else:
                self._word(_DRAIN_BEAT_SECONDS)
        return False

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
        """Wait for the supervisor's word; its end is one too, and means to stop."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return False
        try:
            word = self._control.recv(64)
        except BlockingIOError:
            return False
        except OSError:
            word = b""
        if word != DRAIN:
            self._stop.set()
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


def _quiet() -> int:
    """Return a descriptor for libmilter to wait at without an end; where no quiet socket can be made, a pipe's.

    libmilter then complains once.
    """
    try:
        return sockets.quiet().detach()
    except OSError:
        reading, _ = os.pipe()
        return reading


def _hang_up(connections: Iterable[int]) -> None:
    """Read no more from these descriptors; what still has to be written goes out."""
    for number in connections:
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as connection:
            connection.shutdown(socket.SHUT_RD)


def _sockets() -> set[int]:
    """Return the descriptors of this process that are sockets of connections; none where the system does not list them."""
    try:
        names = os.listdir("/dev/fd")
    except OSError:
        return set()
    return {number for number in map(int, names) if _is_stream(number)}


def _is_stream(number: int) -> bool:
    """Say whether a descriptor is a stream socket, as connections are; the one to syslog is none, nor is a file."""
    try:
        descriptor = socket.socket(fileno=number)
    except OSError:  # a file; or the listing's own descriptor, gone by now
        return False
    kind = descriptor.type
    descriptor.detach()
    return kind == socket.SOCK_STREAM


def _memory() -> int:
    """Return the resident memory of this process in octets; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
