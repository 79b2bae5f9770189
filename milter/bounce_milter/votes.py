"""What the single words of a reply have been seen to mean: a vote over the reasons, for replies that no rule is sure of.

Rule: people write of a full mailbox in more ways than anybody can list. So each word, cut to its stem, speaks for some
reasons and against others, with weights learnt from examples (`make learn`); their sum, made independent of the
length, is a share for each reason. A vote is a guess with its share told: it never proves an address dead, and whoever
asks says from which share on he believes it. The same words always give the same vote. Never raises.
"""

import math
import re
import unicodedata
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
#: Accents are often lost on the way, so they do not count.
_BARE: Final = {
    code: bare for code in range(0xC0, 0x180) if (bare := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)
}
#: Words of one reply that are asked.
_MOST: Final = 200
#: In the file a weight is one character: this one is none, those behind it speak for a reason, those before it against.
NOTHING: Final = "O"
#: What one step away from it weighs, in logits, before the length of the text is taken out; and a step of the bias.
STEP: Final = 2.0
BIAS_STEP: Final = 0.1


class Votes(msgspec.Struct, frozen=True):
    """The weights: for each stem its rarity and a character for each of `reasons`, as text; few are ever read.

    bias   what speaks for each reason before a word is read
    """

    reasons: tuple[Reason, ...] = ()
    bias: tuple[float, ...] = ()
    stems: Mapping[str, str] = {}


class Ballot(msgspec.Struct, frozen=True):
    """The outcome: the natural logarithm of each reason's share, and what each word said.

    spoke   (place of the word, counted from 0 among the words between spaces; its weight for each of `reasons`)
    """

    shares: dict[Reason, float]
    spoke: tuple[tuple[int, bytes], ...]

    def loudest(self, reason: Reason, most: int = 3) -> list[int]:
        """Return the places of the words that spoke loudest for *reason*, in the order of the text."""
        column = list(self.shares).index(reason)
        said = sorted(((row[column], -place) for place, row in self.spoke if row[column] > ord(NOTHING)), reverse=True)
        return sorted({-place for _, place in said[:most]})


def read(text: str) -> Votes:
    """Return the weights of the packaged file: a line `TAB reason=bias ...`, then `stem TAB rarity TAB weights` each."""
    rows: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            stem, _, row = line.partition("\t")
            rows[stem] = row
    pairs = [pair.split("=") for pair in rows.pop("", "").split()]
    return Votes(tuple(Reason(name) for name, _ in pairs), tuple(int(bias) * BIAS_STEP for _, bias in pairs), rows)


def stems(words: str) -> Iterator[tuple[str, int]]:
    """Yield each stem of a normalised reply once, with the place of its word among the words between spaces."""
    seen: set[str] = set()
    if not words.isascii():
        words = words.translate(_BARE)
    for place, word in enumerate(words.split(" ", _MOST)[:_MOST]):
        for letters in _WORDS.findall(word):
            for stem in _cut(letters):
                if stem not in seen:
                    seen.add(stem)
                    yield stem, place


def count(votes: Votes, words: str) -> Ballot | None:
    """Return how the *words* of a normalised reply vote; None where no word is known."""
    squares = 0.0
    spoke: list[tuple[int, bytes]] = []
    for stem, place in stems(words):
        row = votes.stems.get(stem)
        if row is not None:
            rarity, _, weights = row.partition("\t")
            squares += float(rarity) ** 2
            spoke.append((place, weights.encode("ascii")))
    if not spoke:
        return None
    unit = STEP / math.sqrt(squares)
    nothing = len(spoke) * ord(NOTHING)
    columns = zip(*(row for _, row in spoke), strict=True)
    scores = [bias + (sum(column) - nothing) * unit for bias, column in zip(votes.bias, columns, strict=True)]
    top = max(scores)
    total = top + math.log(sum(math.exp(score - top) for score in scores))
    shares = dict(zip(votes.reasons, (score - total for score in scores), strict=True))
    return Ballot(shares, tuple(spoke))


def _cut(letters: str) -> tuple[str, ...] | list[str]:
    if letters[0] < "\u3040":
        return (letters if letters[0] == "<" else letters[:_STEM],)
    return [letters[at : at + _PAIR] for at in range(len(letters) - 1)] or (letters,)
