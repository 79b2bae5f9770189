"""What a frame is: a reply, and what a log or an event feed states beside it; and by which codes a reply is found in one.

Rule: what the frame does not state is None; nothing is judged here.
"""

from typing import Final, NamedTuple

from bounce_milter.vocabulary import Kind

#: A code that refuses, where it stands among words (RFC 5321 4.2.1); 571 is none, and in use.
REFUSED: Final = "[45](?:[0-5][0-9]|71)"
#: A status has three parts (RFC 3463 2).
STATUS: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"


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
