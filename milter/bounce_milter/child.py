"""A worker, seen from its supervisor: what it is, how it is ended, how its end is told."""

import os
import signal
import socket
from contextlib import suppress

import msgspec

from bounce_milter import worker
from bounce_milter.events import Events
from bounce_milter.judge import Judge
from bounce_milter.metrics import Counts
from bounce_milter.settings import Settings


class Plan(msgspec.Struct, frozen=True):
    """What workers run: the options, the function made of them, where they log and what they count with."""

    settings: Settings
    judge: Judge
    events: Events
    counts: Counts


class Child(msgspec.Struct):
    """A worker. `started`, `beat_at` and `kill_at` are seconds of the monotonic clock."""

    pid: int
    control: socket.socket
    plan: Plan
    started: float
    beat_at: float
    replaces: int | None = None
    beat: worker.Beat | None = None
    kill_at: float | None = None

    @property
    def draining(self) -> bool:
        """Whether it was told to end."""
        return self.kill_at is not None

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def ended(status: int) -> str:
    """Return in words how a process ended, from what waitpid(2) says."""
    code = os.waitstatus_to_exitcode(status)
    return f"exit {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
