"""What the mail servers of the tests have in common: SMTP on a port of loopback, Maildirs below a folder, an end."""

import smtplib
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.places import end, free_port, until, until_it_answers


class MailServer:
    """One instance in its own folder. Whoever inherits configures it, starts it and tells what it logged."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()

    def log(self) -> str:
        """Return what it logged."""
        raise NotImplementedError

    def serve(self, words: Sequence[object], cwd: Path, environment: Mapping[str, str] | None = None) -> None:
        """Start the process that serves and wait until it answers."""
        self.process = subprocess.Popen(
            list(map(str, words)), cwd=cwd, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        until_it_answers(self.process, self._greet, self.log)

    def _greet(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
            smtp.noop()

    def stop(self) -> None:
        """End the process and all of its own."""
        end(self.process)

    def send(self, message: bytes, *, sender: str = "", to: str | list[str] = "alice@example.org") -> None:
        """Send *message* by SMTP; `sender` "" is the null sender."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as smtp:
            smtp.sendmail(sender, to, message)

    def mailbox(self, user: str) -> list[bytes]:
        """Return the messages in a user's Maildir, in order of arrival."""
        found = (self.home / "mail" / user / "new").glob("*")
        return [path.read_bytes() for path in sorted(found, key=lambda p: p.stat().st_mtime_ns)]

    def wait_for(self, user: str, count: int = 1, seconds: float = 30) -> list[bytes]:
        """Return a user's messages as soon as there are *count*; an error with the log where they do not come."""
        return until(
            lambda: found if len(found := self.mailbox(user)) >= count else [],
            lambda: f"{len(self.mailbox(user))} of {count} messages for {user}\n{self.log()}", seconds=seconds,
        )  # fmt: skip
