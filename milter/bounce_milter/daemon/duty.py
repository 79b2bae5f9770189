"""What the service does: the plan that its workers run and the socket that they hear, and how both are changed.

Rule: what worked is given up only when its successor has proved itself, its socket too: until then it can come back
whole. Nothing here starts, ends or counts a worker: that is the supervisor's.
"""

from copy import copy

from bounce_milter.daemon import sockets
from bounce_milter.daemon.sockets import Listener
from bounce_milter.daemon.worker import Plan


class Duty:
    """The plan and the listening socket of now, and those that worked last: the same ones but while a change is on trial."""

    def __init__(self, plan: Plan, listener: Listener) -> None:
        self.plan = plan
        self.listener = listener
        self._proved = plan, listener

    @property
    def on_trial(self) -> bool:
        """Whether a change has not proved itself yet."""
        return self.plan is not self._proved[0]

    def change(self, plan: Plan) -> None:
        """Take up another plan, with a socket of its own where it names one; SocketError where that needs a restart."""
        before, heard = self._before(plan)
        listener = sockets.moved(before.settings, plan.settings, heard) or heard
        self._part(self.listener, listener, self._proved[1])
        self.plan, self.listener = plan, listener

    def _before(self, plan: Plan) -> tuple[Plan, Listener]:
        """Return what a change to *plan* begins from: where it goes back to the proved socket, which still listens, that."""
        back = sockets.same_place(self._proved[0].settings, plan.settings)
        if back and not sockets.same_place(self.plan.settings, plan.settings):
            return self._proved
        return self.plan, self.listener

    def keep(self) -> None:
        """End a trial: what worked before is needed no more."""
        self._part(self._proved[1], self.listener)
        self._proved = self.plan, self.listener

    def go_back(self) -> None:
        """End a trial: what worked before is what is done, on the tried socket where the path of the other is lost."""
        (plan, listener), tried = self._proved, self.listener
        if listener.lost and sockets.same_place(plan.settings, self.plan.settings):
            # A plan of its own: workers are told apart by it, and those of before do not hear this socket.
            self._proved = copy(plan), tried
        self.plan, self.listener = self._proved
        self._part(tried, self.listener)
        self._part(listener, self.listener)

    def forget(self) -> None:
        """Close, in a worker, the socket that it does not hear."""
        if self._proved[1] is not self.listener:
            self._proved[1].close()

    @staticmethod
    def _part(listener: Listener, *kept: Listener) -> None:
        """Close a socket and remove its path, unless it is one of those to keep."""
        if listener not in kept:
            listener.unlink()
            listener.close()
