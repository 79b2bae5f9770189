"""The filter as an admin starts it: its command, a configuration file, a socket; stopped by its own pid."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.places import connect, open_way, until, until_it_answers

COMMAND = Path(sys.executable).with_name("bounce-milter")


class FilterProcess:
    """`bounce-milter serve` with the configuration *text*, behind a unix socket of its own; *command* is what runs."""

    def __init__(self, home: Path, text: str = "", command: Path = COMMAND) -> None:
        home.mkdir(parents=True, exist_ok=True)
        open_way(home)
        self.socket = home / "milter.sock"
        self.config = home / "bounce-milter.toml"
        self._log = home / "filter.log"
        self._command = command
        start = f'[milter]\nsocket = "unix:{self.socket}"\nsocket_mode = "0666"\nworkers = 1\n'
        self.config.write_text(start + text)

    def start(self, *, pause: float = 0.05) -> None:
        """Start it and wait until its socket answers, looked at after each *pause* in seconds."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._command, "serve", "--config", self.config, "--allow-root"], stderr=log, stdout=log
            )
        until_it_answers(self._process, lambda: connect(self.socket), self.log, pause=pause)

    @property
    def pid(self) -> int:
        """The process that holds the workers."""
        return self._process.pid

    def workers(self) -> list[int]:
        """Return the processes that serve, those included that come or go just now."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def send(self, number: int) -> None:
        """Send a signal to the process that holds the workers."""
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit status; harmless where it has ended."""
        self.send(number)
        return self.wait()

    def die(self) -> None:
        """Kill the process that holds the workers, and wait until they have seen that it is gone."""
        workers = self.workers()
        self.stop(signal.SIGKILL)
        until(lambda: not any(map(_runs, workers)), self.log)

    def wait(self) -> int:
        """Wait for the end and return the exit status."""
        return self._process.wait(60)

    def log(self) -> str:
        """Return what it logged."""
        return self._log.read_text(errors="replace")

    def lines(self, event: str) -> list[str]:
        """Return the log's lines of one event."""
        return [line for line in self.log().splitlines() if f" event={event} " in f"{line} "]

    def wait_for_lines(self, event: str, count: int = 1, seconds: float = 60) -> list[str]:
        """Return the log's lines of an event as soon as there are *count*."""
        return until(
            lambda: found if len(found := self.lines(event)) >= count else [],
            lambda: f"no {count} lines {event}\n{self.log()}", seconds=seconds,
        )  # fmt: skip


def _runs(pid: int) -> bool:
    """Say whether a process runs; one that ended may still be listed until somebody asks how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
