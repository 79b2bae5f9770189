"""Ports and folders for test servers, their beginning and their end, and waiting for what they do."""

import atexit
import contextlib
import imaplib
import os
import random
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
# Below those that Linux gives to clients by itself (ip_local_port_range).
_PORTS = (10_000, 32_000)


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on, and that no client is given before a server takes it."""
    while True:
        port = random.randrange(*_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def open_way(folder: Path) -> None:
    """Let other users pass through a test's folder: pytest closes its own, and servers drop their rights."""
    top = Path(tempfile.gettempdir()).resolve()
    for part in (folder.resolve(), *folder.resolve().parents):
        if top in part.parents and part.stat().st_uid == os.getuid():
            part.chmod(part.stat().st_mode | 0o011)


def until(
    asked: Callable[[], T | None], log: Callable[[], str] = str, *, seconds: float = 30, pause: float = 0.05
) -> T:
    """Return what *asked* answers as soon as that is true; an error with the end of the log where it never is."""
    last = time.monotonic() + seconds
    while not (answer := asked()):
        assert time.monotonic() < last, f"waited in vain\n{log()[-4000:]}"
        time.sleep(pause)
    return answer


def until_it_answers(
    process: "subprocess.Popen[bytes]", asked: Callable[[], object], log: Callable[[], str] = str, *, pause: float = 0.1
) -> None:
    """Wait until *asked*, a conversation with a server of ours, succeeds; an error with its log where it never does."""
    atexit.register(end, process)  # a test that fails before it can stop it leaves nobody behind

    def answered() -> bool:
        try:
            asked()
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            if process.poll() is None:
                return False
            said = process.stderr.read().decode(errors="replace") if process.stderr else ""
            raise RuntimeError(f"{process.args!r} has ended with {process.returncode}: {said}\n{log()}") from None
        return True

    until(answered, log, seconds=60, pause=pause)


def connect(path: Path) -> None:
    """Connect to a unix socket and hang up; OSError where nobody serves it."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))


def served(path: Path) -> bool:
    """Say whether somebody serves a unix socket; its file is there a moment earlier."""
    try:
        connect(path)
    except OSError:
        return False
    return True


def end(process: "subprocess.Popen[bytes]", seconds: float = 20) -> None:
    """End a server of ours by its own pid: asked first, killed where it does not listen."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr:
        process.stderr.close()
