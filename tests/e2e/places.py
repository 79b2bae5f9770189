"""Ports and folders for test servers, their beginning and their end."""

import imaplib
import os
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_way(folder: Path) -> None:
    """Let other users pass through a test's folder: pytest closes its own, and servers drop their rights."""
    top = Path(tempfile.gettempdir()).resolve()
    for part in (folder.resolve(), *folder.resolve().parents):
        if top in part.parents and part.stat().st_uid == os.getuid():
            part.chmod(part.stat().st_mode | 0o011)


def until_it_answers(process: "subprocess.Popen[bytes]", asked: Callable[[], object], log: Callable[[], str]) -> None:
    """Wait until *asked*, a conversation with a server of ours, succeeds; an error with its log where it never does."""
    last = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < last:
        try:
            asked()
            return
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            time.sleep(0.1)
    stderr = process.stderr.read().decode(errors="replace") if process.poll() is not None and process.stderr else ""
    raise RuntimeError(f"{process.args!r} does not answer: {stderr}\n{log()}")


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
