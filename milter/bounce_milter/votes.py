"""What the single words of a reply have been seen to mean: a vote over the reasons, for replies that no rule is sure of.

Rule: people write of a full mailbox in more ways than anybody can list. So each word, cut to its stem, speaks for some
reasons and against others, with weights learnt from examples (`make learn`); their sum, made independent of the
length, is a share for each reason. A vote is a guess with its share told: it never proves an address dead, and whoever
asks says from which share on he believes it. The same words always give the same vote. Never raises.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.vocabulary import Reason

#: What a word is cut to: enough to tell words apart, short enough to unite their forms in most languages.
_STEM: Final = 5
#: Chinese, Japanese and Korean write words without spaces; two letters of them nearly are one.
_LETTERS: Final = "\u3040-\u9fff\uac00-\ud7af"
# A letter by itself is no word: a path, a list, a half of "n't".
_WORDS: Final = re.compile(rf"<[a-z]+>|[{_LETTERS}]+|[^\W\d_{_LETTERS}]{{2,}}")
_PAIR: Final = 2
#: Accents are often lost on the way, so they do not count.
_BARE: Final = {
    code: bare for code in range(0xC0, 0x180) if (bare := unicodedata.normalize("NFD", chr(code))[0]) != chr(code)
}
#: What the reporting system adds: which command was answered is no word of the server.
_ANSWERED: Final = re.compile(r"\(in (?:reply|response) to [a-z -]{1,40} command\)")
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

    spoke   (where the word begins in the text; its weight for each of the reasons)
    """

    shares: dict[Reason, float]
    spoke: tuple[tuple[int, bytes], ...]

    @property
    def winner(self) -> Reason:
        """The reason with the largest share."""
        return max(self.shares, key=self.shares.__getitem__)

    def loudest(self, reason: Reason, most: int = 3) -> list[int]:
        """Return where the words begin that spoke loudest for *reason*, in the order of the text."""
        column = list(self.shares).index(reason)
        said = sorted(((row[column], -at) for at, row in self.spoke if row[column] > ord(NOTHING)), reverse=True)
        return sorted({-at for _, at in said[:most]})


def read(text: str) -> Votes:
    """Return the weights of the packaged file: a line `TAB reason=bias ...`, then `stem TAB rarity TAB weights` each."""
    rows: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            stem, _, row = line.partition("\t")
            rows[stem] = row
    pairs = [pair.split("=") for pair in rows.pop("", "").split()]
    return Votes(tuple(Reason(name) for name, _ in pairs), tuple(int(bias) * BIAS_STEP for _, bias in pairs), rows)


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


def count(votes: Votes, words: str) -> Ballot | None:
    """Return how the *words* of a normalised reply vote; None where no word is known."""
    squares = 0.0
    spoke: list[tuple[int, bytes]] = []
    for stem, at in stems(words).items():
        row = votes.stems.get(stem)
        if row is not None:
            rarity, _, weights = row.partition("\t")
            squares += float(rarity) ** 2
            spoke.append((at, weights.encode("ascii")))
    if not spoke:
        return None
    unit = STEP / math.sqrt(squares)
    nothing = len(spoke) * ord(NOTHING)
    columns = zip(*[row for _, row in spoke], strict=True)
    scores = [bias + (sum(column) - nothing) * unit for bias, column in zip(votes.bias, columns, strict=True)]
    top = max(scores)
    total = top + math.log(sum([math.exp(score - top) for score in scores]))
    return Ballot(dict(zip(votes.reasons, [score - total for score in scores], strict=True)), tuple(spoke))
