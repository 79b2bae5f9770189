"""`serve`: from a configuration file to a running service, or to a clear word why not.

Rule: everything that can be wrong is found out before the socket opens. Never runs as root unless that is asked for:
the filter needs no privilege, its socket's group is enough. It stays in the foreground; systemd or a shell holds it.
Without any configuration the defaults hold; who had one does not fall back to them.
"""

import os
import signal
from contextlib import suppress
from typing import Final

from bounce_milter import __version__, judge, resources
from bounce_milter.daemon import endpoint
from bounce_milter.daemon.notify import Notifier
from bounce_milter.daemon.sockets import SocketError, inherited, open_listener
from bounce_milter.daemon.supervisor import Supervisor
from bounce_milter.daemon.worker import Plan
from bounce_milter.events import Events
from bounce_milter.metrics import Counts
from bounce_milter.resources import ResourceError

OK: Final = 0
NO_SOCKET: Final = 1
UNUSABLE: Final = 2
_STDERR: Final = 2
_RUNNING: Final = resources.code()


def serve(config: str | None = None, *, allow_root: bool = False) -> int:
    """Run the service until SIGTERM or SIGINT; return the exit status.

    0 ended as told; 1 the socket cannot be opened now; 2 what only a change of the configuration mends.
    """
    # By themselves they end the process: they wait until the supervisor listens.
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGHUP, signal.SIGUSR1))
    _fill_standard_streams()
    if os.geteuid() == 0 and not allow_root:
        Events().refused(["runs as root; give it a user of its own, or --allow-root"])
        return UNUSABLE
    counts = Counts()
    events = Events()  # until the configuration says how to log
    door = None
    plans = _Plans(config, counts)
    try:
        plan = plans.load()
        events = plan.events
        passed = inherited(plan.settings.milter)
        if plan.settings.metrics.listen:
            door = endpoint.opened(plan.settings.metrics.listen)
        listener = passed or open_listener(plan.settings.milter)
    except (ResourceError, SocketError) as error:
        if door is not None:
            door.close()
        events.refused(str(error).splitlines())
        return NO_SOCKET if isinstance(error, SocketError) else UNUSABLE
    plan.events.starting(__version__, listener.name, plan.workers)
    Supervisor(plans.load, plan, listener, Notifier(), door).run()
    return OK


def _fill_standard_streams() -> None:
    """Open /dev/null for each standard stream that is closed: else a socket or a pipe gets its number, and the log."""
    with suppress(OSError):  # a root without devices
        while (number := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
            pass
        os.close(number)


class _Plans:
    """The configuration file, read at the start and at each reload. Once there was one it must be there."""

    def __init__(self, config: str | None, counts: Counts) -> None:
        self._config = config
        self._counts = counts

    def load(self) -> Plan:
        """Return what workers run; ResourceError."""
        config = self._config or resources.default_config()
        plan = _plan(config, self._counts)
        self._config = config
        return plan


def _plan(config: str | None, counts: Counts) -> Plan:
    """Return what workers run. ResourceError also for another program's data, which this one need not understand."""
    if resources.code() != _RUNNING:
        installed = resources.installed_version()
        another = f"another {installed}" if installed == __version__ else installed or "none"
        raise ResourceError([f"{__version__} runs and {another} is installed; restart the service"])
    settings = resources.load_settings(config)
    knowledge = resources.load_knowledge(settings)
    events = Events(settings.log, counts)
    return Plan(settings, judge.bound(settings, knowledge, events), events, counts, _own(settings.rules.folder))


def _own(folder: str) -> dict[str, int]:
    """Return how much was taken in from the admin's own folder, nothing where there is none."""
    if not folder:
        return {}
    found = resources.own(folder)
    return {"rules": found.rows, "off": found.off, "words": len(found.words), "not_read": len(found.strays)}
