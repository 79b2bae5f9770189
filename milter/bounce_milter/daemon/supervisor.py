"""Keeps the workers alive: starts, replaces, drains and counts them; listens to signals and to systemd.

Rule: one process without threads that never touches mail. It opens the socket once and holds it while workers come
and go. A worker that dies is started again, slower each time while they keep dying; where nobody serves meanwhile, who
connects is hung up on, so that mail passes at once and need not wait for an answer. A reload is tried whole before
anything changes; then each worker gets a successor, one at a time, and ends when its connections have ended. Where the
successors die one after another, what was before comes back. The same way goes a worker that served its share of
messages or grew too big.
"""

import gc
import os
import selectors
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import msgspec

from bounce_milter.daemon import endpoint, heap, processors, worker
from bounce_milter.daemon.child import SIGNALS, Child, ended, failed, start
from bounce_milter.daemon.crew import Crew
from bounce_milter.daemon.duty import Duty
from bounce_milter.daemon.notify import Notifier
from bounce_milter.daemon.overview import Overview, Pages, Word, overview
from bounce_milter.daemon.sockets import Listener
from bounce_milter.daemon.worker import Plan
from bounce_milter.events import Events

#: A worker that says nothing for so long is stuck: it beats every second, and no message takes as long.
SILENT_SECONDS: Final = 30.0
#: A look that comes so late says nothing of the workers: this process was stopped, or the machine was.
_LATE_SECONDS: Final = SILENT_SECONDS / 3
_BACKOFF_SECONDS: Final = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
#: How long mail may wait for the next worker; explained a little later is better than not at all.
_PATIENCE_SECONDS: Final = 0.5
#: Workers that die in a row before a reload is given up, within about two seconds.
_TRIES: Final = 5
_STABLE_SECONDS: Final = 10.0
_BACKLOG_SECONDS: Final = 1.0
_TICK_SECONDS: Final = 0.5
#: A worker's sign of life with everything it can count: far below what a socket of the kernel takes at once.
_BEAT_OCTETS: Final = 65_536


class Supervisor:
    """The service: `run` returns when it was told to end and every worker is gone."""

    def __init__(
        self,
        load: Callable[[], Plan],
        plan: Plan,
        listener: Listener,
        notifier: Notifier,
        door: endpoint.Door | None = None,
    ) -> None:
        self._load = load
        self._duty = Duty(plan, listener)
        self._notifier = notifier
        self._crew = Crew()
        self._deaths = 0
        self._next_start = 0.0
        self._ready = False
        self._stopping = False
        self._alive_at = 0.0
        self._looked_at = time.monotonic()
        self._wakeup: tuple[int, ...] = ()  # the ends of the pipe that signals come through
        self._selector = selectors.DefaultSelector()
        self._pages = Pages(self._overview, plan.counts.take)
        self._endpoint = endpoint.Endpoint(door, self._pages, self._selector) if door else None

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        self._wakeup = reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._selector.register(reading, selectors.EVENT_READ, None)
        heap.settle()
        try:
            while not (self._stopping and not self._crew.children):
                self._tend()
                self._wait(reading)
        finally:
            self._end()
        self._events.stopped()

    # What happened since the last look.

    def _wait(self, reading: int) -> None:
        for key, _ in self._selector.select(_TICK_SECONDS):
            if key.data is None:
                # Each once, however often it came, and an end before a reload that would hold it up.
                for number in sorted(set(os.read(reading, 512)), reverse=True):
                    self._signal(number)
            elif isinstance(key.data, Child):
                self._listen(key.data)
            else:
                self._converse(key.data)
        self._bury()

    def _converse(self, step: Callable[[], None]) -> None:
        """Go on with a conversation of the endpoint; a fault in it, as in the library that it loads, ends nothing else."""
        try:
            step()
        except Exception as error:
            self._events.failure("metrics", "", error)

    def _signal(self, number: int) -> None:
        if number in (signal.SIGTERM, signal.SIGINT):
            self._stop(signal.Signals(number).name)
        elif number == signal.SIGHUP:
            self._reload()
        elif number == signal.SIGUSR1:
            self._events.state(**self._overview().fields())

    def _listen(self, child: Child) -> None:
        with suppress(BlockingIOError):
            with suppress(ConnectionError):
                while data := child.control.recv(_BEAT_OCTETS):
                    child.beat_at = time.monotonic()
                    with suppress(msgspec.DecodeError):  # one that was cut
                        child.beat = msgspec.json.decode(data, type=worker.Beat)
                        self._pages.totals.add(child.beat.counts)
                        self._crew.heard(child, child.beat)
            # The other end is closed: the worker is ending, waitpid will say how.
            with suppress(KeyError):
                self._selector.unregister(child.control)

    def _bury(self) -> None:
        for pid in list(self._crew.children):  # and nobody else's child
            try:
                gone, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
            if gone:
                self._after(self._crew.children.pop(pid), status)

    def _after(self, child: Child, status: int) -> None:
        self._listen(child)  # its last word may still wait
        with suppress(KeyError, ValueError):
            self._selector.unregister(child.control)
        child.control.close()
        if failed(status):
            self._events.worker_failed()
        if child.draining or self._stopping:
            return
        if time.monotonic() - child.started > _STABLE_SECONDS:
            self._deaths = 0
        delay = self._wait_longer()
        if child.replaces is not None:
            self._crew.renew(child.replaces, "again")
        self._events.worker_ended(child.pid, ended(status), delay)
        if self._deaths >= _TRIES:
            self._go_back(ended(status))

    def _wait_longer(self) -> float:
        """Put off the next start, longer each time in a row; return for how many seconds."""
        self._deaths += 1
        delay = _BACKOFF_SECONDS[min(self._deaths, len(_BACKOFF_SECONDS)) - 1]
        self._next_start = time.monotonic() + delay
        return delay

    # What has to be done now.

    def _tend(self) -> None:
        now = time.monotonic()
        self._kill_the_stuck(now)
        if self._endpoint:
            self._endpoint.tend()
        if self._stopping:
            return
        if now >= self._next_start:
            self._start_missing()
            self._start_successor()
        elif self._next_start - now > _PATIENCE_SECONDS and not self._crew.serving():
            self._duty.listener.turn_away()
        self._crew.dismiss_surplus(self._duty.plan.workers)
        for child in self._crew.overdue(now):
            child.stop()
        self._say_ready()
        self._watchdog(now)

    def _start_missing(self) -> None:
        missing = self._duty.plan.workers - len(self._crew.serving())
        while missing > 0 and self._spawn(None):
            missing -= 1

    def _start_successor(self) -> None:
        due = self._crew.next_renewal()
        if due is not None:
            self._events.worker_replaced(*due)
            self._spawn(due[0])

    def _say_ready(self) -> None:
        if not self._crew.settled(self._duty.plan.workers):
            return
        if not self._ready:
            self._ready = True
            self._notifier.ready(self._overview().line())
            self._events.ready(len(self._crew.serving()), self._duty.plan.own)
        elif self._duty.on_trial:
            self._duty.keep()
            self._notifier.ready(self._overview().line())
            self._events.reloaded(self._duty.plan.own)

    def _watchdog(self, now: float) -> None:
        every = self._notifier.watchdog_seconds
        if every and now - self._alive_at >= min(every, 10) and any(child.beat for child in self._crew.serving()):
            self._alive_at = now
            self._notifier.alive()
            self._notifier.status(self._overview().line())

    def _kill_the_stuck(self, now: float) -> None:
        late, self._looked_at = now - self._looked_at > _LATE_SECONDS, now
        for child in self._crew.children.values():
            if late:  # it is this process that slept: what workers said meanwhile waits unread
                child.beat_at = now
            silent = now - child.beat_at
            if child.kill_at is not None and now >= child.kill_at:
                child.kill()
            elif child.kill_at is None and silent >= SILENT_SECONDS:
                self._events.worker_silent(child.pid, silent)
                child.kill()
                child.beat_at = now

    # Workers.

    def _spawn(self, replaces: int | None) -> bool:
        """Start a worker; say whether there was room for one."""
        try:
            processor = self._processor(replaces)
            child = start(self._duty.plan, self._duty.listener.sock, replaces, processor, self._forget)
        except OSError as error:
            if replaces is not None:
                self._crew.renew(replaces, "again")
            self._events.worker_not_started(error, self._wait_longer())
            return False
        self._crew.children[child.pid] = child
        self._selector.register(child.control, selectors.EVENT_READ, child)
        self._events.worker_started(child.pid)
        return True

    def _processor(self, replaces: int | None) -> int | None:
        """Return what the next worker keeps to; nothing where there are more processors than workers."""
        usable = processors.usable()
        return self._crew.freest(usable, replaces) if self._duty.plan.workers >= len(usable) else None

    def _forget(self) -> None:
        """Close, in a worker, what is the supervisor's: else a worker would not see that its supervisor is gone."""
        self._selector.close()
        for number in self._wakeup:
            os.close(number)
        if self._endpoint:
            self._endpoint.forget()
        self._duty.forget()
        for sibling in self._crew.children.values():
            sibling.control.close()

    # Orders from outside.

    def _reload(self) -> None:
        if self._stopping:
            return
        self._events.reloading()
        self._notifier.reloading()
        try:
            plan = self._load()
            if self._endpoint:
                self._endpoint.renew()  # where its file is gone, which is right whatever becomes of the reload
            self._duty.change(plan)
        except Exception as error:  # not only what is wrong with the files: a fault of ours must not end who serves
            self._refuse(str(error).splitlines() or [type(error).__name__])
            return
        gc.collect()
        heap.settle()
        self._deaths, self._next_start = 0, 0.0
        self._crew.renew_others(self._duty.plan)

    def _refuse(self, problems: list[str]) -> None:
        self._events.reload_refused(problems)
        self._notifier.ready(self._overview().line())

    def _go_back(self, status: str) -> None:
        """End a reload whose workers cannot live; those that served before it still do."""
        if not self._duty.on_trial:
            return
        self._duty.go_back()
        self._crew.renew_others(self._duty.plan)
        self._refuse([f"new workers end at once: {status}"])

    def _stop(self, name: str) -> None:
        if self._stopping:
            for child in self._crew.children.values():
                child.kill()
            return
        self._events.stopping(name)
        self._notifier.stopping()
        self._stopping = True
        self._duty.keep()
        self._duty.listener.unlink()
        self._duty.listener.let_in(_BACKLOG_SECONDS)
        self._duty.listener.close()
        for child in self._crew.children.values():
            child.stop()

    @property
    def _events(self) -> Events:
        return self._duty.plan.events

    def _overview(self) -> Overview:
        workers, messages = len(self._crew.serving()), self._pages.totals.of("messages")
        return overview(self._word(workers), self._duty.listener.name, workers, messages, self._crew.children.values())

    def _word(self, workers: int) -> Word:
        if self._stopping:
            return "stopping"
        if not (self._ready and workers):
            return "starting"
        return "no-socket" if self._duty.listener.lost else "ok"

    def _end(self) -> None:
        for child in self._crew.children.values():
            child.kill()
        self._duty.keep()
        self._duty.listener.unlink()
        if self._endpoint:
            self._endpoint.close()
        signal.set_wakeup_fd(-1)
