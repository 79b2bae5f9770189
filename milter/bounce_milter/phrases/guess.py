"""Words to people without the sentences that guess: "the mailbox is full or no longer exists", "he may have set up a forwarding".

Rule: what a notice only supposes or asks, or bids to ask others, it says of any failure, so it says nothing of this one; what follows a
question, unless that asks why, sells something. What the house says of any mail counts for nothing at all. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from bounce_milter import limits, phrases

# What holds an "or" and is no guess: people, what is not taken at all, "we do not take ZIP or RAR files", whose mail alone is, and
# "does not or no longer exist".
_NO_CHOICE: Final = re.compile(
    r"\bone or more\b|\bsir or madam\b|\b(?:do|does|can|will|may)(?: ?not|n.t) (?:be )?(?:take|accept|allow|receive|permit|let in)[^.]*"
    r"|\bonly (?:takes?|accepts?|allows?|receives?)[^.]*|\bnot or no longer\b|\bpas ou (?:n.existe )?plus\b|\bnicht oder nicht mehr\b"
)
# Not the dots of a name or a status; in words on one line each item of a list is one.
_SENTENCES: Final = re.compile(r"[.;](?=\s|\Z)|。|(?<=[?？])(?=\s|\Z)|(?<=\s)[*•·](?=\s)")
_ASKS: Final = ("?", "？")
# "What happened? The mailbox is full."
_ASKS_WHY: Final = re.compile(
    r"\b(?:why|what happened|what went wrong|warum|wieso|was ist (?:passiert|geschehen)|pourquoi|que s.est-il passé|por qu[eé]|"
    r"perch[eé]|cosa è successo|waarom|varför|hvorfor|dlaczego|proč|почему|что случилось)\b|なぜ|为什么|為什麼",
    re.IGNORECASE,
)


@lru_cache(limits.SAME_WORDS)
def parted(words: str) -> tuple[str, str]:
    """Return the sentences that do not leave it open which of several causes it is, and those that do."""
    told: list[str] = []
    guessed: list[str] = []
    for line in words.split("\n"):
        said = _sentences(line)
        if not _may_guess(said):
            told += [f"{each}. " for each in said]
            continue
        said = [each for each in said if not phrases.HOUSE.search(each.lower())]
        plain = set(unasked(said))
        for each in said:
            (told if each in plain and not supposes(each) else guessed).append(f"{each}. ")
    return "".join(told), "".join(guessed)


def _sentences(line: str) -> list[str]:
    return [each for each in _SENTENCES.split(line) if each.strip()]


def _may_guess(sentences: Iterable[str]) -> bool:
    """Say whether one of the sentences may tell nothing: cheap, and generous."""
    shown = "\n".join(sentences)
    return any(asks in shown for asks in _ASKS) or phrases.IDLE.search(shown.lower())


def unasked(sentences: Iterable[str]) -> Iterator[str]:
    """Yield the sentences up to one that asks, or questions asked often, without those that ask why."""
    for said in sentences:
        asks = said.rstrip().endswith(_ASKS)
        if phrases.ASKED_OFTEN.search(said.lower()) or (asks and not _ASKS_WHY.search(said)):
            return
        if not asks:
            yield said


def supposes(sentence: str) -> bool:
    """Say whether a sentence leaves it open which of several causes it is."""
    lower = sentence.lower()
    may_be = phrases.MAY_BE.search
    return may_be(lower) and may_be(_NO_CHOICE.sub("", lower))


@lru_cache(limits.SAME_WORDS)
def stated(words: str) -> str:
    """Return the sentences that neither ask nor suppose, what the house says of any mail among them."""
    said = (each for line in words.split("\n") for each in _sentences(line))
    return "".join(f"{each}. " for each in said if not (each.rstrip().endswith(_ASKS) or supposes(each)))


def without(words: str) -> str:
    """Return the sentences that do not leave it open which of several causes it is."""
    return parted(words)[0]
