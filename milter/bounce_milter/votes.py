"""What the single words of a reply have been seen to mean: a vote over the reasons, for replies that no rule is sure of.

Rule: people write of a full mailbox in more ways than anybody can list. So each word, cut to its stem, speaks for some
reasons and against others, with weights learnt from examples (`make learn`); their sum, made independent of the
length, is a share for each reason. A vote is a guess with its share told: it never proves an address dead, and whoever
asks says from which share on he believes it. The same words always give the same vote. Never raises.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from bounce_milter.vocabulary import Reason

#: What a word is cut to: enough to tell words apart, short enough to unite their forms in most languages.
_STEM: Final = 5
#: Chinese, Japanese and Korean write words without spaces; two letters of them nearly are one.
_LETTERS: Final = "\u3040-\u9fff\uac00-\ud7af"
_WORDS: Final = re.compile(rf"<[a-z]+>|[{_LETTERS}]+|[^\W\d_{_LETTERS}]+")
_PAIR: Final = 2
#: Words of one reply that are asked.
_MOST: Final = 200
#: The weights in the file are whole numbers: tenths of a logit.
_SCALE: Final = 10.0


class Votes(msgspec.Struct, frozen=True):
    """The weights. `stems` holds a row of text for each stem, taken apart when it is needed: few ever are.

    bias   what speaks for each reason before a word is read
    """

    stems: Mapping[str, str] = {}
    bias: Mapping[Reason, float] = {}


class Ballot(msgspec.Struct, frozen=True):
    """The outcome: the natural logarithm of each reason's share, and the words that spoke loudest for each.

    places   of the loudest words for a reason, counted from 0 among the words of the text
    """

    shares: Mapping[Reason, float]
    weights: Mapping[int, Mapping[Reason, float]]

    def places(self, reason: Reason, most: int = 3) -> list[int]:
        """Return where the words stand that spoke loudest for *reason*, in the order of the text."""
        found = [(row.get(reason, 0.0), place) for place, row in self.weights.items()]
        return sorted(place for weight, place in sorted(found, reverse=True)[:most] if weight > 0)


def read(text: str) -> Votes:
    """Return the weights that the packaged file holds: `stem TAB rarity TAB reason=weight ...`; # begins a comment."""
    rows: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            stem, _, row = line.partition("\t")
            rows[stem] = row
    return Votes(rows, _weights(rows.pop("", "0\t"))[1])


def stems(words: str) -> Iterator[tuple[str, int]]:
    """Yield each stem of a normalised reply once, with the place of its word among the words between spaces."""
    seen: set[str] = set()
    for place, word in enumerate(words.split(" ", _MOST)[:_MOST]):
        for letters in _WORDS.findall(word):
            for stem in _cut(letters):
                if stem not in seen:
                    seen.add(stem)
                    yield stem, place


def count(votes: Votes, words: str) -> Ballot | None:
    """Return how the *words* of a normalised reply vote; None where no word is known."""
    squares = 0.0
    sums: dict[Reason, float] = {}
    weights: dict[int, dict[Reason, float]] = {}
    for stem, place in stems(words):
        row = votes.stems.get(stem)
        if row is None:
            continue
        rarity, found = _weights(row)
        squares += rarity * rarity
        there = weights.setdefault(place, {})
        for reason, weight in found.items():
            sums[reason] = sums.get(reason, 0.0) + weight
            there[reason] = there.get(reason, 0.0) + weight
    if not squares:
        return None
    length = math.sqrt(squares)
    scores = {reason: bias + sums.get(reason, 0.0) / length for reason, bias in votes.bias.items()}
    top = max(scores.values())
    total = top + math.log(sum(math.exp(score - top) for score in scores.values()))
    return Ballot({reason: score - total for reason, score in scores.items()}, weights)


def _cut(letters: str) -> tuple[str, ...] | list[str]:
    if letters[0] < "\u3040":
        return (letters if letters[0] == "<" else letters[:_STEM],)
    return [letters[at : at + _PAIR] for at in range(len(letters) - 1)] or (letters,)


def _weights(row: str) -> tuple[float, dict[Reason, float]]:
    """Return a stem's rarity, and what it says for or against each reason."""
    rarity, _, rest = row.partition("\t")
    pairs = (pair.split("=") for pair in rest.split())
    return float(rarity), {Reason(name): int(weight) / _SCALE for name, weight in pairs}
