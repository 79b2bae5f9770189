"""What a frame is: a reply, and what a log or an event feed states beside it.

Rule: what the frame does not state is None; nothing is judged here.
"""

from typing import NamedTuple

from bounce_milter.vocabulary import Kind


class Framed(NamedTuple):
    """A reply out of its frame.

    text     the reply as a server would say it
    recipient, alias   whom it is about; whom the sender wrote to, only where that is another
    by       the host that gave the reply
    action   what became of the message: failed, delayed, delivered (RFC 3464 2.3.3)
    own      the system that keeps the log says it: it quotes no server
    doubted  the feed says that the failure is not final
    kind     what an event is that tells of no delivery: a complaint, an automatic answer; then the text is empty
    """

    text: str
    recipient: str | None = None
    alias: str | None = None
    by: str | None = None
    action: str | None = None
    own: bool = False
    doubted: bool = False
    kind: Kind | None = None


def another(written: str | None, failed: str | None) -> str | None:
    """Return whom the sender wrote to where that is not just who *failed*."""
    return written if written and written.lower() != (failed or "").lower() else None
