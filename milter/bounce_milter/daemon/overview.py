"""What the service says of itself when asked: its state in one value, and the two pages of the metrics endpoint.

Rule: a page costs little however often it is asked for: the numbers are written out anew twice a second at most. Health
is never older than the question.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final, Literal

import msgspec

from bounce_milter.daemon.child import Child
from bounce_milter.metrics import Count, Totals

_FRESH_SECONDS: Final = 0.5
#: "no-socket": the socket's file was removed or replaced, nobody can connect until a reload, or systemd, makes it anew.
Word = Literal["starting", "ok", "no-socket", "stopping"]


class Overview(msgspec.Struct, frozen=True):
    """The service at one moment; `memory` in octets, `oldest` is the age of the oldest worker in seconds.

    messages   since the service began, those of workers that are gone too
    """

    word: Word
    socket: str
    workers: int
    draining: int
    sessions: int
    messages: int
    memory: int
    oldest: float

    def line(self) -> str:
        """Return it in the words of `systemctl status`."""
        return f"serving {self.socket} with {self.workers} workers"

    def fields(self) -> dict[str, object]:
        """Return it as the fields of a log line."""
        return {
            "workers": self.workers, "draining": self.draining, "sessions": self.sessions, "messages": self.messages,
            "memory_mb": self.memory // (1024 * 1024), "oldest_seconds": round(self.oldest), "socket": self.socket,
        }  # fmt: skip


def overview(word: Word, socket: str, workers: int, messages: int, children: Iterable[Child]) -> Overview:
    """Return these, and the sums over all workers, as each of them told last."""
    now = time.monotonic()
    children = list(children)
    beats = [child.beat for child in children if child.beat]
    return Overview(
        word=word,
        socket=socket,
        workers=workers,
        draining=sum(child.draining for child in children),
        sessions=sum(beat.sessions for beat in beats),
        messages=messages,
        memory=sum(beat.memory for beat in beats),
        oldest=max((now - child.started for child in children), default=0.0),
    )


class Pages:
    """/metrics and /health, from the totals that are kept here; `own` takes what this process counted itself."""

    def __init__(self, look: Callable[[], Overview], own: Callable[[], list[Count]]) -> None:
        self.totals = Totals()
        self._look = look
        self._own = own
        self._text = b""
        self._until = 0.0

    def __call__(self, path: str) -> tuple[str, bytes]:
        """Return status line and body of a page."""
        if path == "/metrics":
            return "200 OK", self._metrics()
        if path == "/health":
            word = self._look().word
            return ("200 OK" if word == "ok" else "503 Service Unavailable"), f"{word}\n".encode()
        return "404 Not Found", b"/metrics or /health\n"

    def _metrics(self) -> bytes:
        now = time.monotonic()
        if now >= self._until:
            seen = self._look()
            self.totals.add(self._own())
            gauges = {"workers": seen.workers, "sessions": seen.sessions, "memory_bytes": seen.memory}
            self._text = self.totals.text(gauges)
            self._until = now + _FRESH_SECONDS
        return self._text
