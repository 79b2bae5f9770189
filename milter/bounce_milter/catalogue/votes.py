"""What the words and codes of a reply have been seen to mean: a vote over the reasons, beside the rules.

Rule: people write of a full mailbox in more ways than anybody can list. So each term of a reply (`terms`) says a
little, with weights learnt from examples (`make learn`): a network of one hidden layer. What the words say together is
made independent of their number; then come the codes. A vote is a guess with its share told: alone it never proves
an address dead, and whoever asks says by how much it must lead. The same reply always gives the same vote. Never raises.

The weights are octets, and a row of them is read as one number: so all columns are summed at once, in a few operations,
and no library for matrices has to be loaded into every worker.
"""

import math
import struct
from array import array
from bisect import bisect_left
from functools import lru_cache
from operator import mul
from typing import Final
from zlib import crc32

import msgspec

from bounce_milter import limits
from bounce_milter.catalogue import terms
from bounce_milter.vocabulary import REASONS, Reason

#: The octet that weighs nothing; above it they speak for, below it against.
NOTHING: Final = 128
#: A term's rarity is kept as an octet, so many steps to one.
RARITY_STEPS: Final = 20
_LEAVES_ALIVE: Final = frozenset(r for r in Reason if r is not Reason.UNKNOWN and not REASONS[r].may_be_dead)
_BIG_ENDIAN: Final = struct.pack("=H", 1) == b"\0\1"
#: What a hidden value counts in layer two, in whole numbers.
_FINE: Final = 256


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """The packaged file, as MessagePack: a row is one octet for each hidden value, of which there is an even number; of
    `said` it is one for each reason.

    made_from          a mark of the examples
    marks              of each term its CRC-32, ascending, as little-endian numbers of four octets
    rarities, rows     of each term, in the order of marks
    codes              of each code its row
    word_step, code_step, said_step    what one step of an octet weighs
    bias, said_bias    what each hidden value, each reason has before anything is heard
    said               of each hidden value its row
    """

    made_from: str
    reasons: tuple[Reason, ...]
    marks: bytes
    rarities: bytes
    rows: bytes
    codes: dict[str, bytes]
    word_step: float
    code_step: float
    said_step: float
    bias: tuple[float, ...]
    said_bias: tuple[float, ...]
    said: tuple[bytes, ...]


class Votes(msgspec.Struct, frozen=True, eq=False):
    """The weights, ready to be used: the file's without `marks`; these, to be searched; `said` as numbers, 32 bits for
    each reason.
    """

    packed: Packed
    marks: "array[int]"
    said: tuple[int, ...]


class Ballot(msgspec.Struct, frozen=True):
    """The outcome: what speaks for each of the reasons, in logits.

    winner   the reason that most speaks for
    living   the share of what leaves an address alive; that nothing is said is none of it
    spoke    each word whose stem is known: where it begins in the text, its place in the file
    strange  how many words' stems are not known
    heard    of each hidden value whether it is more than zero
    """

    votes: Votes
    scores: "array[float]"
    winner: Reason
    living: float
    spoke: "array[int]"
    strange: int
    heard: bytes

    def lead(self, reason: Reason) -> float:
        """Return how far the winner is ahead of *reason*, in logits."""
        return max(self.scores) - self.scores[self.votes.packed.reasons.index(reason)]

    def shares(self) -> dict[Reason, float]:
        """Return the share of each reason; together they are 1."""
        return dict(zip(self.votes.packed.reasons, _shares(self.scores), strict=True))

    def loudest(self, reason: Reason) -> list[int]:
        """Return where the words begin that spoke for *reason*, the loudest first."""
        packed = self.votes.packed
        column = packed.reasons.index(reason)
        ear = [row[column] - NOTHING if heard else 0 for row, heard in zip(packed.said, self.heard, strict=True)]
        silence = NOTHING * sum(ear)
        said = sorted(
            (
                (sum(map(mul, ear, _row(packed, place))) - silence, -at)
                for at, place in zip(self.spoke[::2], self.spoke[1::2], strict=True)
            ),
            reverse=True,
        )
        return [-at for loud, at in said if loud > 0]


def read(file: bytes) -> Votes:
    """Return the weights of the packaged *file* (`Packed`). msgspec.MsgspecError where it is none."""
    packed = msgspec.msgpack.decode(file, type=Packed)
    marks = array("I")
    marks.frombytes(packed.marks)
    if _BIG_ENDIAN:
        marks.byteswap()
    said = [int.from_bytes(struct.pack(f"<{len(row)}I", *row), "little") for row in packed.said]
    return Votes(msgspec.structs.replace(packed, marks=b""), marks, tuple(said))


@lru_cache(limits.KNOWN_BALLOTS)
def count(votes: Votes, words: str, coded: tuple[str, ...] = ()) -> Ballot | None:
    """Return how the *words* of a normalised reply vote, and its codes; None where no word is known.

    The end of a word alone is none: that is often a mere ending ("-icate").
    """
    packed, marks = votes.packed, votes.marks
    last = len(marks) - 1
    squares = strange = 0
    rows: list[bytes] = []
    spoke = array("I")
    for term, at in terms.words(words).items():
        mark = crc32(term.encode())
        place = bisect_left(marks, mark, 0, last)
        is_word = " " not in term and term[0] != terms.END
        if marks[place] == mark:
            rows.append(_row(packed, place))
            squares += packed.rarities[place] ** 2
            if is_word:
                spoke.extend((at, place))
        elif is_word and term[0] != "<":
            strange += 1
    if not spoke:
        return None
    unit = packed.word_step * RARITY_STEPS / math.sqrt(squares)
    told, unworded = _sums(rows, len(packed.bias)), _unworded(votes, coded)
    hidden = [word * unit + already for word, already in zip(told, unworded, strict=True)]
    scores, reasons = array("d", _said(votes, hidden)), packed.reasons
    living = sum([share for reason, share in zip(reasons, _shares(scores), strict=True) if reason in _LEAVES_ALIVE])
    winner = reasons[scores.index(max(scores))]
    return Ballot(votes, scores, winner, living, spoke, strange, bytes([value > 0 for value in hidden]))


@lru_cache(limits.KNOWN_UNWORDED)
def _unworded(votes: Votes, coded: tuple[str, ...]) -> tuple[float, ...]:
    """Return the hidden values before a word is heard."""
    packed = votes.packed
    told = _sums([packed.codes[code] for code in coded if code in packed.codes], len(packed.bias))
    return tuple([code * packed.code_step + bias for code, bias in zip(told, packed.bias, strict=True)])


def _shares(scores: "array[float]") -> list[float]:
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def _row(packed: Packed, place: int) -> bytes:
    width = len(packed.bias)
    return packed.rows[place * width : (place + 1) * width]


def _sums(rows: list[bytes], width: int) -> list[int]:
    """Return for each column the sum of the rows, in steps from nothing.

    Every other octet of a row is a lane of 16 bits, which `limits.VOTING_TERMS` rows do not fill.
    """
    lanes = int.from_bytes(b"\xff\x00" * (width // 2), "little")
    even = odd = 0
    for row in rows:
        number = int.from_bytes(row, "little")
        even += number & lanes
        odd += number >> 8 & lanes
    nothing = NOTHING * len(rows)
    sums = [0] * width
    for first, total in enumerate((even, odd)):
        sums[first::2] = [lane - nothing for lane in struct.unpack(f"<{width // 2}H", total.to_bytes(width, "little"))]
    return sums


def _said(votes: Votes, hidden: list[float]) -> list[float]:
    """Return what the hidden values say of each reason; those below zero say nothing."""
    packed = votes.packed
    heard = [(int(value * _FINE), row) for value, row in zip(hidden, votes.said, strict=True) if value > 0]
    total = sum([value * row for value, row in heard])
    nothing = NOTHING * sum([value for value, _ in heard])
    reasons, step = len(packed.reasons), packed.said_step / _FINE
    lanes = struct.unpack(f"<{reasons}I", total.to_bytes(4 * reasons, "little"))
    return [(lane - nothing) * step + bias for lane, bias in zip(lanes, packed.said_bias, strict=True)]
