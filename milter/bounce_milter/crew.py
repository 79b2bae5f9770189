"""The workers that there are: who serves, who follows whom, who is one too many.

Rule: one successor at a time, and nobody ends before his successor has given a sign of life. Whoever has one may wait
for the end of his connections, but not for ever, and no more may wait than served. Nothing here starts a process, waits
or logs: that is the supervisor's.
"""

from typing import Final

from bounce_milter.child import Child
from bounce_milter.worker import Beat, Plan

#: A mail session that is silent ends after 300 seconds (Postfix's smtpd_timeout, RFC 5321 4.5.3.2.7).
_LINGER_SECONDS: Final = 600.0


class Crew:
    """The workers by their process ids, in the order in which they began, and which of them shall have a successor."""

    def __init__(self) -> None:
        self.children: dict[int, Child] = {}
        self._due: list[tuple[int, str]] = []

    def serving(self) -> list[Child]:
        """Return the workers that count: no longer those that drain, not yet those whose predecessor still serves."""
        return [c for c in self.children.values() if not c.draining and c.replaces not in self.children]

    def settled(self, wanted: int) -> bool:
        """Say whether as many serve as are wanted, each has given a sign of life, and none shall be replaced."""
        return not self._due and len(self.serving()) >= wanted and all(c.beat for c in self.children.values())

    def renew(self, pid: int, why: str) -> None:
        """Give a worker a successor when its turn comes."""
        self._due.append((pid, why))

    def renew_others(self, plan: Plan) -> None:
        """Give a successor to each worker that runs another plan, and to no other."""
        others = [(pid, c) for pid, c in self.children.items() if c.plan is not plan]
        self._due = [(pid, "reload") for pid, child in others if not child.draining]

    def next_renewal(self) -> tuple[int, str] | None:
        """Return whom to replace now, and why; nobody while the successor before is not there yet."""
        while self._due and not self._changing():
            pid, why = self._due.pop(0)
            old = self.children.get(pid)
            if old is not None and not old.draining:
                return pid, why
        return None

    def freest(self, processors: list[int], replaces: int | None) -> int:
        """Return the processor that the fewest keep to, of those who will serve when the next one does."""
        taken = [c.processor for c in self.children.values() if not c.draining and c.pid != replaces]
        return min(processors, key=taken.count)

    def surplus(self, wanted: int) -> list[Child]:
        """Return the workers that are too many, after a reload that wants fewer; those that began first go first."""
        if self._due or self._changing():
            return []
        serving = self.serving()
        return serving[: max(0, len(serving) - wanted)]

    def overdue(self, now: float) -> list[Child]:
        """Return the workers that shall wait for their connections no longer; `now` is of the monotonic clock."""
        waiting = [child for child in self.children.values() if child.lingering]
        late = [child for child in waiting if now - (child.drained_at or now) >= _LINGER_SECONDS]
        most = max((child.plan.workers for child in waiting), default=0)
        return late or waiting[: max(0, len(waiting) - most)]

    def heard(self, child: Child, beat: Beat) -> None:
        """Take in a sign of life: whom the worker follows may end, and it may have outgrown its own time."""
        if child.replaces is not None:
            old = self.children.get(child.replaces)
            child.replaces = None
            if old is not None:
                old.drain()
        if child.draining or any(pid == child.pid for pid, _ in self._due):
            return
        why = child.outgrown(beat)
        if why:
            self.renew(child.pid, why)

    def _changing(self) -> bool:
        """Say whether a successor was started that has given no sign of life yet."""
        return any(child.replaces in self.children for child in self.children.values())
