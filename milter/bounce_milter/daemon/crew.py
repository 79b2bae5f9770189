"""The workers that there are: who serves, who follows whom, who is one too many.

Rule: one successor at a time, and nobody ends before his successor has given a sign of life. Whoever has one may wait
for the end of his connections, for ten minutes. So that memory stays bounded, whoever holds connections open:

- Nobody is replaced for his messages or his memory while as many who were so wait as serve: he goes on, and no session
  is cut.
- Where more wait that reloads dismissed than served, those whom a reload before the last one dismissed end early. The
  last reload itself cuts nobody.

Nothing here starts a process, waits or logs: that is the supervisor's.
"""

from typing import Final

from bounce_milter.daemon.child import Child
from bounce_milter.daemon.worker import Beat, Plan

#: A mail session that is silent ends after 300 seconds (Postfix's smtpd_timeout, RFC 5321 4.5.3.2.7).
_LINGER_SECONDS: Final = 600.0


class Crew:
    """The workers by their process ids, in the order in which they began, and which of them shall have a successor."""

    def __init__(self) -> None:
        self.children: dict[int, Child] = {}
        self._due: list[tuple[int, str]] = []
        self._reloads = 0

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
        """Give a successor to each worker that runs another plan, and to no other: a reload begins."""
        self._reloads += 1
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

    def dismiss_surplus(self, wanted: int) -> None:
        """Drain the workers that are too many, after a reload that wants fewer; those that began first go first."""
        if self._due or self._changing():
            return
        serving = self.serving()
        for child in serving[: max(0, len(serving) - wanted)]:
            child.drain(self._reloads)

    def overdue(self, now: float) -> list[Child]:
        """Return the workers that shall wait for their connections no longer; `now` is of the monotonic clock."""
        waiting = [child for child in self.children.values() if child.lingering]
        late = [child for child in waiting if now - (child.drained_at or now) >= _LINGER_SECONDS]
        dismissed = [child for child in waiting if child.reload]
        most = max((child.plan.workers for child in dismissed), default=0)
        last = max((child.reload for child in dismissed), default=0)
        before = [child for child in dismissed if child.reload < last]
        return late or before[: max(0, len(dismissed) - most)]

    def heard(self, child: Child, beat: Beat) -> None:
        """Take in a sign of life: whom the worker follows may end, and it may have outgrown its own time."""
        if child.replaces is not None:
            old = self.children.get(child.replaces)
            child.replaces = None
            if old is not None:
                old.drain(0 if old.plan is child.plan else self._reloads)
        if child.draining or any(pid == child.pid for pid, _ in self._due):
            return
        why = child.outgrown(beat)
        if why and self._has_room(child.plan.workers):
            self.renew(child.pid, why)

    def _has_room(self, most: int) -> bool:
        """Say whether one more may be replaced for what he did, of whom *most* may wait at once."""
        waiting = sum(child.lingering and not child.reload for child in self.children.values())
        return waiting + len(self._due) + self._changing() < most

    def _changing(self) -> bool:
        """Say whether a successor was started that has given no sign of life yet."""
        return any(child.replaces in self.children for child in self.children.values())
