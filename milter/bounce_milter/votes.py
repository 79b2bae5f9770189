"""What the words and codes of a reply have been seen to mean: a vote over the reasons, beside the rules.

Rule: people write of a full mailbox in more ways than anybody can list. So each word, cut to its stem, speaks for some
reasons and against others, with weights learnt from examples (`make learn`); their sum, made independent of the
length, and what the codes add are a share for each reason. A vote is a guess with its share told: it never proves an
address dead, and whoever asks says by how much it must lead. The same reply always gives the same vote. Never raises.
"""

import math
import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.vocabulary import Reason

#: What a word is cut to: enough to tell words apart, short enough to unite their forms in most languages.
_STEM: Final = 5
#: Chinese, Japanese and Korean write words without spaces; two letters of them nearly are one.
_LETTERS: Final = "\u3040-\u9fff\uac00-\ud7af"
# A letter by itself is no word: a path, a list, a half of "n't".
_WORDS: Final = re.compile(rf"<[a-z]+>|[{_LETTERS}]+|(?<!\d)[^\W\d_{_LETTERS}]{{2,}}(?!\d)")
_PAIR: Final = 2
#: Accents are often lost on the way, so they do not count; nor do strokes, which Unicode does not take apart. One
#: letter stays one, so that places stay true.
_STROKES: Final = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "ß": "s"}
_BARE: Final = str.maketrans(
    {
        letter: bare
        for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
        if (bare := _STROKES.get(letter, unicodedata.normalize("NFD", letter)[0])) != letter
    }
)
#: What the reporting system adds: which command was answered is no word of the server.
_ANSWERED: Final = re.compile(r"\(in (?:reply|response) to [a-z -]{1,40} command\)")
#: In the file a weight is one character: this one is none, those behind it speak for a reason, those before it against.
NOTHING: Final = "O"
#: What one step away from it weighs, in logits: of a word, before the length of the text is taken out; of a code.
STEP: Final = 2.0
CODE_STEP: Final = 0.1
#: The sign in front of a code, which no word has; by itself it is the bias, what counts before anything is read.
CODE: Final = "="


class Votes(msgspec.Struct, frozen=True):
    """The weights: for each stem its rarity, and for it and for each code a character for each of `reasons`.

    They are kept as text, for few are ever read.
    """

    reasons: tuple[Reason, ...] = ()
    rows: Mapping[str, str] = {}


class Ballot(msgspec.Struct, frozen=True):
    """The outcome: what speaks for each of the reasons, in logits, and what each word said.

    spoke   (where the word begins in the text; a character for each of the reasons)
    """

    reasons: tuple[Reason, ...]
    scores: tuple[float, ...]
    spoke: tuple[tuple[int, str], ...]

    @property
    def winner(self) -> Reason:
        """The reason that most speaks for."""
        return self.reasons[self.scores.index(max(self.scores))]

    def lead(self, reason: Reason) -> float:
        """Return how far the winner is ahead of *reason*, in logits."""
        return max(self.scores) - self.scores[self.reasons.index(reason)]

    def shares(self) -> dict[Reason, float]:
        """Return the share of each reason, the largest first; together they are 1."""
        top = max(self.scores)
        weights = [math.exp(score - top) for score in self.scores]
        total = sum(weights)
        pairs = zip(self.reasons, weights, strict=True)
        return {reason: weight / total for reason, weight in sorted(pairs, key=lambda pair: -pair[1])}

    def loudest(self, reason: Reason, most: int = 3) -> list[int]:
        """Return where the words begin that spoke loudest for *reason*, in the order of the text."""
        column = self.reasons.index(reason)
        said = sorted(((row[column], -at) for at, row in self.spoke if row[column] > NOTHING), reverse=True)
        return sorted({-at for _, at in said[:most]})


def read(lines: Iterable[str]) -> Votes:
    """Return the weights of the packaged file's lines: the reasons' names, then a line for each code and each stem.

    A code is `=CODE TAB weights`, a stem is `STEM TAB weights TAB rarity`.
    """
    rows: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#"):
            name, _, row = line.rstrip("\n").partition("\t")
            rows[name] = row
    return Votes(tuple(Reason(name) for name in rows.pop("", "").split()), rows)


def stems(words: str) -> dict[str, int]:
    """Return the stems of a normalised reply, each with the place of the letter where it first begins."""
    found: dict[str, int] = {}
    if not words.isascii():
        words = words.translate(_BARE)
    if "(in re" in words:
        words = _ANSWERED.sub(lambda said: " " * len(said[0]), words)
    for match in _WORDS.finditer(words, 0, limits.VOTING_CHARS):
        letters = match[0]
        if letters < "\u3040":  # nearly all words; "<addr>" is one
            found.setdefault(letters if letters[0] == "<" else letters[:_STEM], match.start())
        else:
            for at in range(max(1, len(letters) - 1)):
                found.setdefault(letters[at : at + _PAIR], match.start() + at)
    return found


def codes(reply: str | None, status: str | None, command: str | None) -> list[str]:
    """Return the names of what a reply says in numbers: the codes, their class, the status' subject, the command."""
    found = [CODE]
    if reply:
        found += (CODE + reply, CODE + reply[0])
    if status:
        found += (CODE + status, CODE + status.rpartition(".")[0])
    if command:
        found.append(CODE + command)
    return found


def count(votes: Votes, words: str, coded: Iterable[str] = (CODE,)) -> Ballot | None:
    """Return how the *words* of a normalised reply vote, and its codes; None where no word is known."""
    rows = votes.rows
    squares = 0.0
    spoke: list[tuple[int, str]] = []
    for stem, at in stems(words).items():
        row = rows.get(stem)
        if row is not None:
            weights, _, rarity = row.partition("\t")
            squares += float(rarity) ** 2
            spoke.append((at, weights))
    if not spoke:
        return None
    unit = STEP / math.sqrt(squares)
    told = _sums([weights for _, weights in spoke])
    numbered = _sums([rows[code] for code in coded if code in rows])
    scores = [word * unit + number * CODE_STEP for word, number in zip(told, numbered, strict=True)]
    return Ballot(votes.reasons, tuple(scores), tuple(spoke))


def _sums(weights: list[str]) -> list[int]:
    """Return for each reason the sum of its steps."""
    total = sum([_number(row) for row in weights])
    nothing = len(weights) * ord(NOTHING)
    lanes = len(weights[0])
    return [lane - nothing for lane in struct.unpack(f"<{lanes}H", total.to_bytes(2 * lanes, "little"))]


@lru_cache(limits.KNOWN_WEIGHTS)
def _number(weights: str) -> int:
    """Return a row as one number, a lane of 16 bits for each reason, so that all of them are summed at once."""
    return int.from_bytes(weights.encode("utf-16-le"), "little")
