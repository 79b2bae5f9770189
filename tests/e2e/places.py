"""Ports and folders for test servers, and their end."""

import os
import signal
import socket
import subprocess
import tempfile
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
