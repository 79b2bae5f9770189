"""The real command under load from eight clients: reloaded, a worker killed, stopped and started again at once."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import mail, tools
from tests.e2e.filter import FilterProcess
from tests.e2e.places import until

_CLIENTS = 8
_BETWEEN = 0.3


def reloads(bounces: Sequence[Path], count: int = 4) -> tools.Told:
    """Reload so many times, each complete before the next; return what the load client saw."""

    def turn(process: FilterProcess) -> None:
        for number in range(count):
            process.send(signal.SIGHUP)
            process.wait_for_lines("reloaded", number + 1)
            time.sleep(_BETWEEN)

    return _under_load(bounces, turn)


def killed(bounces: Sequence[Path]) -> tools.Told:
    """Kill one of two workers with SIGKILL and wait until it has a successor."""

    def turn(process: FilterProcess) -> None:
        time.sleep(_BETWEEN)
        victim = process.workers()[0]
        os.kill(victim, signal.SIGKILL)
        process.wait_for_lines("worker-ended")
        until(lambda: len(process.workers()) == 2 and victim not in process.workers(), process.log)
        time.sleep(_BETWEEN)

    return _under_load(bounces, turn)


def restarted(bounces: Sequence[Path], count: int = 2) -> tools.Told:
    """Stop with SIGTERM and start again as soon as it has ended, so many times."""

    def turn(process: FilterProcess) -> None:
        for _ in range(count):
            time.sleep(_BETWEEN)
            assert process.stop() == 0
            process.start()
        time.sleep(_BETWEEN)

    return _under_load(bounces, turn)


def _under_load(bounces: Sequence[Path], turn: Callable[[FilterProcess], None]) -> tools.Told:
    """Run *turn* while eight clients send; they wait up to 20 s for a socket that is away."""
    ordinary = mail.ordinary(tools.BUILD)
    words = ("-c", str(_CLIENTS), "-m", "20", "-t", "600", "-k", "obo", "-w", "20")
    with tempfile.TemporaryDirectory(prefix="soak-") as home, tools.product(Path(home), workers=2) as process:
        load = tools.load(process.socket, ordinary, bounces, *words)
        try:
            time.sleep(_BETWEEN)
            turn(process)
            load.send_signal(signal.SIGINT)
            return tools.told(load, 60)
        finally:
            if load.poll() is None:
                _end(load)


def _end(load: "subprocess.Popen[str]") -> None:
    load.kill()
    load.communicate()
