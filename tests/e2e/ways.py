"""A Postfix, and a filter that is started anew for each way to review: cheaper than a Postfix for each of them."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.e2e.filter import FilterProcess
from tests.e2e.postfix import Postfix, attached
from tests.e2e.refusing import RefusingServer
from tests.reports import dsn

_HELLO = b"Subject: hi\r\n\r\nhello\r\n"
_EVENTS = ("bounce", "held", "not-filed")


class Ways:
    """A Postfix, and a filter in one of the modes."""

    def __init__(self, home: Path, refusing: RefusingServer, options: Mapping[str, str] | None = None) -> None:
        self._folder = home / "filter"
        self._review = ""
        self._seen: dict[str, int] = {}
        self.process = FilterProcess(self._folder)
        self.server = Postfix(
            home / "postfix", {**attached(self.process.socket), **(options or {})}, refusing.transports()
        )
        self.process.start()
        self.server.start()

    def use(self, review: str) -> Self:
        """Run the filter with these lines of [review], and begin with empty mailboxes."""
        if review != self._review:
            self.process.stop()
            self.process = FilterProcess(self._folder, f"[review]\n{review}")
            self.process.start()
            self._review = review
        for folder in (self.server.home / "mail").iterdir():
            shutil.rmtree(folder)
        self._seen = {event: len(self.process.lines(event)) for event in _EVENTS}
        return self

    def stop(self) -> None:
        self.server.stop()
        self.process.stop()

    def send(self, message: bytes = b"", *, to: str | list[str] = "alice@example.org") -> None:
        """Send a bounce, a permanent failure unless another is given."""
        self.server.send(message or dsn(), to=to)

    def own_bounce(self, user: str, *to: str) -> None:
        """Let Postfix make a bounce of its own for a user of example.org."""
        self.server.send(_HELLO, sender=f"{user}@example.org", to=list(to or ["gone@dest.example"]))

    def lines(self, event: str, count: int = 1) -> list[str]:
        """Return the filter's lines of an event since `use`, as soon as there are *count*."""
        before = self._seen.get(event, 0)
        return self.process.wait_for_lines(event, before + count)[before:]
