"""Tells systemd how the service is (sd_notify(3)), in the few lines that takes; no library, no process of its own.

Rule: never an error. Without NOTIFY_SOCKET, or where nobody listens, nothing happens.
"""

import os
import socket
import time
from collections.abc import Mapping


class Notifier:
    """The service manager's socket, if there is one, and how often it wants a sign of life."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        path = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{path[1:]}" if path.startswith("@") else path
        self.watchdog_seconds = _watchdog(environment)

    def ready(self, status: str) -> None:
        """The service takes mail, at the start or after a reload."""
        self._send("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """A reload begins; systemd wants the time of it to tell reloads apart."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The service ends."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._send(f"STATUS={text}")

    def alive(self) -> None:
        """The sign of life that WatchdogSec= asks for."""
        self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            pass


def _watchdog(environment: Mapping[str, str]) -> float:
    """Return seconds between signs of life, half of what systemd allows; 0 where it asks for none."""
    allowed = environment.get("WATCHDOG_USEC", "")
    meant = environment.get("WATCHDOG_PID", str(os.getpid()))
    return int(allowed) / 2_000_000 if allowed.isdigit() and meant == str(os.getpid()) else 0.0
