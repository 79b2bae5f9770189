"""The filter as an admin starts it: its command, a configuration file, a socket; stopped by its own pid."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.places import open_way

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
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(self.socket))
                    return
                except OSError:
                    if self._process.poll() is not None:
                        break
            time.sleep(pause)
        raise RuntimeError(f"the filter does not answer: {self.log()}")

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
        """Send a signal, wait for the end and return the exit status."""
        self._process.send_signal(number)
        return self._process.wait(60)

    def log(self) -> str:
        """Return what it logged."""
        return self._log.read_text(errors="replace")
