"""What the filter tells its admin: one function per log line and counter. The only module that logs.

Rule: a line is key=value or a JSON object, on standard error, for journald or whatever reads it. Queue id, kind,
class, reason and the domain of a recipient are enough to find a message; its words, its Subject and whole addresses
never stand in a log, nor does the text of an exception, which could quote them. A reader that does not read never
holds up mail: the line is dropped and counted, and the next line says how many were.
"""

import os
import re
import select
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bounce_milter.misfit import first_of
from bounce_milter.settings import Log

_LEVELS: Final = {"error": 0, "warning": 1, "info": 2, "debug": 3}
_PLAIN: Final = re.compile(r"[\w.:/@+,%-]+\Z", re.ASCII)
#: Controls beyond ASCII, line ends of other conventions, marks that turn the direction: JSON lets them stand.
_UNSEEN: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
#: What is wrong with an admin's file names it, and at its end says what was probably meant.
_PROBLEM_CHARS: Final = 600
_VALUE_CHARS: Final = 255
_STDERR: Final = 2

#: (counter, its labels in order, by how much)
Tally = Callable[[str, Sequence[str], float], None]


def _no_tally(name: str, labels: Sequence[str], amount: float) -> None:
    """Count nothing: metrics are off."""


class Events:
    """The log and the counters of one process."""

    def __init__(self, log: Log | None = None, tally: Tally = _no_tally, descriptor: int = _STDERR) -> None:
        log = log or Log()
        self._json = log.format == "json"
        self._most = _LEVELS[log.level]
        self._tally = tally
        self._descriptor = descriptor
        self._dropped = 0
        self._torn = False  # the last line was written in part, as onto a disk that is full

    def starting(self, version: str, socket: str, workers: int) -> None:
        """The service begins."""
        self._line("info", "starting", version=version, socket=socket, workers=workers)

    def ready(self, workers: int, own: Mapping[str, int]) -> None:
        """All processes take connections; `own` counts what was taken in of the admin's rules and words."""
        self._line("info", "ready", workers=workers, **own)

    def worker_started(self, pid: int) -> None:
        """A worker takes connections."""
        self._line("debug", "worker-started", pid=pid)

    def worker_ended(self, pid: int, status: str, delay: float) -> None:
        """A worker ended that nobody told to; another starts after `delay` seconds."""
        self._tally("worker_deaths", (), 1)
        self._line("error", "worker-ended", pid=pid, status=status, restart_in=round(delay, 1))

    def worker_failed(self) -> None:
        """A worker ended by a fault of ours. It logged that itself, but its count died with it: counted here."""
        self._tally("failures", ("worker",), 1)

    def worker_not_started(self, error: BaseException, delay: float) -> None:
        """The system gives no further process now; it is asked again after `delay` seconds."""
        self._tally("worker_deaths", (), 1)
        self._line("error", "worker-not-started", error=type(error).__name__, again_in=round(delay, 1))

    def worker_replaced(self, pid: int, why: str) -> None:
        """A worker gets a successor: reload, messages, memory, or again where the first one died."""
        self._tally("worker_replacements", (why,), 1)
        self._line("info", "worker-replaced", pid=pid, why=why)

    def worker_silent(self, pid: int, seconds: float) -> None:
        """A worker gave no sign of life and is killed."""
        self._line("error", "worker-silent", pid=pid, seconds=round(seconds))

    def drained(self, messages: int, sessions: int) -> None:
        """A worker ends; so many messages under way are cut, and so many connections of the mail server."""
        level = "warning" if messages else "info" if sessions else "debug"
        self._line(level, "drained", messages=messages, sessions=sessions)

    def reloading(self) -> None:
        """SIGHUP came."""
        self._line("info", "reloading")

    def reloaded(self, own: Mapping[str, int]) -> None:
        """Every worker has the new configuration; `own` counts what was taken in of the admin's rules and words."""
        self._tally("reloads", ("ok",), 1)
        self._line("info", "reloaded", **own)

    def reload_refused(self, problems: Sequence[str]) -> None:
        """The new configuration is wrong; the old one stays."""
        self._tally("reloads", ("refused",), 1)
        for problem in first_of(problems):
            self._line("error", "reload-refused", problem=problem)

    def refused(self, problems: Sequence[str]) -> None:
        """The service cannot start."""
        for problem in first_of(problems):
            self._line("error", "refused", problem=problem)

    def state(self, **state: object) -> None:
        """SIGUSR1 asked for the state: told at every level, for somebody waits for it."""
        self._line("error", "state", **state)

    def stopping(self, signal: str) -> None:
        """The service was told to end."""
        self._line("info", "stopping", signal=signal)

    def stopped(self) -> None:
        """The service ends; every process is gone."""
        self._line("info", "stopped")

    def message(self) -> None:
        """A message passed, of whatever kind."""
        self._tally("messages", (), 1)

    def bounce(
        self,
        queue_id: str,
        kind: str,
        class_: str,
        recipients: Sequence[tuple[str, str]],
        *,
        review: str,
        shadow: bool,
        truncated: bool,
        seconds: float,
    ) -> None:
        """A bounce was explained; `recipients` holds the reason, "" where nothing failed, and the domain, worst first."""
        self._tally("bounces", (kind, class_), 1)
        self._tally("bounce_seconds", (), seconds)
        for reason in filter(None, (reason for reason, _ in recipients)):
            self._tally("reasons", (reason,), 1)
        if review:
            self._tally("reviews", (review,), 1)
        reason, domain = recipients[0] if recipients else ("", "")
        extra: dict[str, object] = {"recipients": len(recipients)} if len(recipients) > 1 else {}
        if review:
            extra["review"] = review
        if shadow:
            extra["shadow"] = True
        if truncated:
            self._tally("truncated", (), 1)
            extra["truncated"] = True
        found = {"kind": kind, "class": class_, "reason": reason, "domain": domain}
        self._line("info", "bounce", queue_id=queue_id, **found, **extra, ms=_ms(seconds))

    def passed(self, queue_id: str, kind: str, seconds: float) -> None:
        """A message looked like a bounce and is none that gets fields."""
        self._tally("bounces", (kind, ""), 1)
        self._line("debug", "passed", queue_id=queue_id, kind=kind, ms=_ms(seconds))

    def forged(self, queue_id: str, count: int, *, left: int = 0, removed: bool = True) -> None:
        """Fields that only this filter writes came in from outside; all but `left` are gone, if it may change anything."""
        if removed:
            self._tally("forged_fields", (), count - left)
        kept = {"left": left} if left else {} if removed else {"removed": False}
        level = "error" if left else "info"
        self._line(level, "forged", queue_id=queue_id, fields=count, **kept)

    def failure(self, where: str, queue_id: str, error: BaseException) -> None:
        """Something went wrong inside; the message passed on as it was."""
        self._tally("failures", (where,), 1)
        place = _place(error)
        self._line("error", "failure", queue_id=queue_id, where=where, error=type(error).__name__, at=place)

    def held(self, queue_id: str, release: str) -> None:
        """The mail server was told to hold a message; the command `release` lets it go."""
        self._line("info", "held", queue_id=queue_id, release=release)

    def not_filed(self, queue_id: str, error: BaseException | str) -> None:
        """A message could not be handed to review; it is delivered as ever."""
        self._tally("failures", ("review",), 1)
        what = error if isinstance(error, str) else type(error).__name__
        self._line("error", "not-filed", queue_id=queue_id, error=what)

    def _line(self, level: str, event: str, **fields: object) -> None:
        if _LEVELS[level] > self._most:
            return
        all_: dict[str, Any] = {"level": level, "event": event, **fields}
        if self._dropped:
            all_["dropped"] = self._dropped
        text = self._as_json(all_) if self._json else " ".join(f"{k}={_value(k, v)}" for k, v in all_.items())
        self._write(text.encode() + b"\n")

    def _as_json(self, fields: dict[str, Any]) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        cut = {k: _text(k, v) if isinstance(v, str) else v for k, v in fields.items()}
        return msgspec.json.encode({"time": stamp, **cut}).decode()

    def _write(self, line: bytes) -> None:
        """Write one line, or drop it: a pipe that is ready takes 4,096 octets at once, more than a line has."""
        try:
            poll = select.poll()
            poll.register(self._descriptor, select.POLLOUT)
            if poll.poll(0):
                line = b"\n" + line if self._torn else line
                written = os.write(self._descriptor, line)
                self._torn = 0 < written < len(line)
                if written == len(line):
                    self._dropped = 0
                    return
        except OSError:
            pass
        self._dropped += 1
        self._tally("dropped_lines", (), 1)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _text(key, str(value))
    return text if _PLAIN.match(text) else msgspec.json.encode(text).decode()


def _text(key: str, value: str) -> str:
    """Return the text short enough for a line, without what a terminal obeys and no encoding takes."""
    most = _PROBLEM_CHARS if key == "problem" else _VALUE_CHARS
    short = value if len(value) <= most else f"{value[: most - 3]}..."
    return _UNSEEN.sub("?", short).encode("utf-8", "replace").decode()


def _place(error: BaseException) -> str:
    """Return file and line where the exception began, without its text."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
