"""A worker, seen from its supervisor: what it is, how it begins and is ended, how its end is told.

Rule: the new process keeps nothing that is the supervisor's: no handler of a signal, no descriptor, no way back into
its code.
"""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

import msgspec

from bounce_milter.daemon import worker
from bounce_milter.daemon.worker import Plan

#: What the supervisor listens to and a worker forgets.
SIGNALS: Final = (
    signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD,
)  # fmt: skip

_KILL_AFTER_SECONDS: Final = 5.0
#: How a worker ends that a fault of ours ends (sysexits.h).
_SOFTWARE: Final = 70


class Child(msgspec.Struct):
    """A worker. Times are seconds of the monotonic clock; `processor` is what it keeps to.

    drained_at   when it was told to take no more connections
    reload       which of the reloads dismissed it, from 1; 0 for none
    kill_at      when it is killed, from the moment when it was told to stop
    """

    pid: int
    control: socket.socket
    plan: Plan
    started: float
    beat_at: float
    replaces: int | None = None
    processor: int | None = None
    beat: worker.Beat | None = None
    drained_at: float | None = None
    reload: int = 0
    kill_at: float | None = None

    @property
    def draining(self) -> bool:
        """Whether it was told to end, by itself or at once."""
        return self.drained_at is not None

    @property
    def lingering(self) -> bool:
        """Whether it may wait for its connections to end by themselves."""
        return self.draining and self.kill_at is None

    def outgrown(self, beat: worker.Beat) -> str:
        """Return why it shall have a successor, "" where it need not."""
        options = self.plan.settings.milter
        if options.recycle_messages and beat.messages >= options.recycle_messages:
            return "messages"
        # A worker that did nothing yet is as small as its successor would be.
        if options.recycle_memory_mb and beat.messages and beat.memory >= options.recycle_memory_mb * 1024 * 1024:
            return "memory"
        return ""

    def drain(self, reload: int = 0) -> None:
        """Tell it, once, to take no more connections and to end when those that it has have ended: others serve.

        reload   the number of the reload that is the reason
        """
        if self.draining:
            return
        self.drained_at, self.reload = time.monotonic(), reload
        self._tell(worker.DRAIN)

    def stop(self) -> None:
        """Tell it, once, to end when its messages have ended; it is killed where that takes too long."""
        if self.kill_at is not None:
            return
        now = time.monotonic()
        self.drained_at = self.drained_at or now
        self.kill_at = now + self.plan.settings.milter.drain_seconds + _KILL_AFTER_SECONDS
        self._tell(worker.STOP)

    def _tell(self, word: bytes) -> None:
        with suppress(OSError):
            self.control.send(word)

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def start(
    plan: Plan,
    listening: socket.socket,
    replaces: int | None,
    processor: int | None,
    forget: Callable[[], None],
) -> Child:
    """Fork a worker; `forget` closes there what is the supervisor's. OSError where there can be no more processes."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    here.setblocking(False)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        pid = os.fork()
        if pid == 0:
            here.close()
            _become_worker(forget, plan, listening, there, processor)
    except OSError:
        here.close()
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        there.close()
    now = time.monotonic()
    return Child(pid, here, plan, now, now, replaces, processor)


def _become_worker(
    forget: Callable[[], None],
    plan: Plan,
    listening: socket.socket,
    there: socket.socket,
    processor: int | None,
) -> NoReturn:
    try:
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        forget()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        worker.run(plan, listening, there, processor)
    except BaseException as error:
        plan.events.failure("worker", "", error)
    finally:
        os._exit(_SOFTWARE)


def failed(status: int) -> bool:
    """Say whether a fault of ours ended a process, from what waitpid(2) says; it logged that, and nobody got its counts."""
    return os.waitstatus_to_exitcode(status) == _SOFTWARE


def ended(status: int) -> str:
    """Return in words how a process ended, from what waitpid(2) says."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"exit {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:  # most real-time signals have a number and no name
        return f"signal {-code}"
