"""Words to people without the sentences that guess: "the mailbox is full or no longer exists", "he may have set up a forwarding".

Rule: what a notice only supposes or asks, or bids to ask others, it says of any failure, so it says nothing of this one. Pure.
"""

import re
from typing import Final

from bounce_milter import phrases

# What holds an "or" and is no guess: people, and what is not taken at all, "we do not take ZIP or RAR files".
_NO_CHOICE: Final = re.compile(
    r"\bone or more\b|\b(?:do|does|can|will|may)(?: ?not|n.t) (?:be )?(?:take|accept|allow|receive|permit|let in)[^.]*"
)
# Not the dots of a name or a status; in words on one line each item of a list is one.
_SENTENCES: Final = re.compile(r"[.;](?=\s|\Z)|。|\n|(?<=[?？])(?=\s|\Z)|(?<=\s)[*•·](?=\s)")
_ASKS: Final = ("?", "？")


def parted(words: str) -> tuple[str, str]:
    """Return the sentences that do not leave it open which of several causes it is, and those that do."""
    told: list[str] = []
    guessed: list[str] = []
    for sentence in filter(str.strip, _SENTENCES.split(words)):
        (guessed if supposes(sentence) else told).append(f"{sentence}. ")
    return "".join(told), "".join(guessed)


def supposes(sentence: str) -> bool:
    """Say whether a sentence asks, or leaves it open which of several causes it is."""
    lower = sentence.lower()
    may_be = phrases.MAY_BE.search
    return asks(sentence) or (may_be(lower) and may_be(_NO_CHOICE.sub("", lower)))


def asks(sentence: str) -> bool:
    """Say whether a sentence is a question."""
    return sentence.endswith(_ASKS)


def without(words: str) -> str:
    """Return the sentences that do not leave it open which of several causes it is."""
    return parted(words)[0]
