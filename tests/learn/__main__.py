"""`make learn`: from the examples to the weights that the package ships, and how far they carry.

    python -m tests.learn [--only-measure | --only-write]

A network (`net`) hears terms, each weighed by its rarity, and codes (NumPy and SciPy, for this command alone). First a
tenth of the examples is held back by turns and judged by what the others teach; then all of them make the file.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
import numpy as np
from scipy.sparse import csr_matrix

from bounce_milter.catalogue import terms, votes
from bounce_milter.resources import DATA
from bounce_milter.vocabulary import Reason
from tests.learn import net
from tests.learn.examples import Example, digest, samples, written

TARGET = DATA / "votes.bin"
#: In so many examples a word or a code stands at least, and a pair or more letters without spaces: rarer ones are chance.
_SEEN = 3
_SEEN_LONGER = 5
#: How much a code weighs beside all words together: it is often wrong, and the words are what people meant.
_CODE_WEIGHT = 0.2
#: How much the sample of a rule weighs beside an example: the vote shall not gainsay rules where they were made for.
_PROVEN_WEIGHT = 3.0
_TURNS = 10
#: The largest step from nothing that an octet can hold; the share of weights that may be larger and is cut.
_MOST = 127
_CUT = 1e-4


class _Inputs(NamedTuple):
    """What is heard: each term's column and rarity, each code's column behind them."""

    columns: dict[str, int]
    rarity: dict[str, float]
    codes: dict[str, int]


def main() -> None:
    """Measure, then write."""
    parser = argparse.ArgumentParser(prog="python -m tests.learn")
    parser.add_argument("--only-measure", action="store_true", help="leave the packaged file as it is")
    parser.add_argument("--only-write", action="store_true", help="measure nothing")
    options = parser.parse_args()
    found = written()
    if not options.only_write:
        print(f"{len(found)} examples; of those held back, right: {_measured(found):.1%}")
    if not options.only_measure:
        packed = learnt(found, samples())
        file = msgspec.msgpack.encode(packed)
        TARGET.write_bytes(file)
        print(f"{TARGET.name}: {len(packed.rarities)} terms, {len(file) // 1024} KiB")


def learnt(examples: Sequence[Example], proven: Sequence[Example] = ()) -> votes.Packed:
    """Return the file's content: what each code and each term says for or against each reason.

    proven   samples of rules
    """
    found = [*examples, *proven]
    trust = [1.0] * len(examples) + [_PROVEN_WEIGHT] * len(proven)
    inputs = _inputs(found)
    reasons = sorted({example.reason for example in found})
    numbers = np.array([reasons.index(example.reason) for example in found])
    return _packed(net.train(_told(found, inputs), numbers, trust), inputs, reasons, digest(found))


def _inputs(found: Sequence[Example]) -> _Inputs:
    """Return what is heard often enough to learn from, in the order of the file."""
    seen = Counter(term for example in found for term in terms.words(example.words))
    codes = Counter(code for example in found for code in example.coded)
    kept: dict[int, str] = {}
    for term, times in sorted(seen.items()):
        if times >= (_SEEN_LONGER if _is_compound(term) else _SEEN):
            kept.setdefault(crc32(term.encode()), term)
    columns = {kept[mark]: column for column, mark in enumerate(sorted(kept))}
    rarity = {term: 1 + float(np.log((1 + len(found)) / (1 + seen[term]))) for term in columns}
    often = sorted(code for code, times in codes.items() if times >= _SEEN)
    return _Inputs(columns, rarity, {code: len(columns) + n for n, code in enumerate(often)})


def _is_compound(term: str) -> bool:
    """Say whether a term is a pair of words, or more letters without spaces than nearly are a word."""
    return " " in term or (len(term) == terms.LONG and term >= terms.FIRST_LETTER)


def _told(found: Sequence[Example], inputs: _Inputs) -> Any:
    """Return the examples as a sparse matrix: of each the rarities of its terms, made one long, and its codes."""
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for example in found:
        known = [term for term in terms.words(example.words) if term in inputs.columns]
        length = sum(inputs.rarity[term] ** 2 for term in known) ** 0.5
        values += [inputs.rarity[term] / length for term in known]
        columns += [inputs.columns[term] for term in known]
        coded = {inputs.codes[code] for code in example.coded if code in inputs.codes}
        values += [_CODE_WEIGHT] * len(coded)
        columns += sorted(coded)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), (len(found), len(inputs.columns) + len(inputs.codes)))


def _packed(taught: net.Net, inputs: _Inputs, reasons: Sequence[Reason], made_from: str) -> votes.Packed:
    rarity = np.array([inputs.rarity[term] for term in inputs.columns])
    words, word_step = _octets(taught.words[: len(rarity)] * rarity[:, None])
    codes, code_step = _octets(taught.words[len(rarity) :] * _CODE_WEIGHT)
    said, said_step = _octets(taught.said)
    return votes.Packed(
        made_from,
        tuple(reasons),
        np.array([crc32(term.encode()) for term in inputs.columns], "<u4").tobytes(),
        bytes(round(value * votes.RARITY_STEPS) for value in rarity),
        words.tobytes(),
        {code: row.tobytes() for code, row in zip(inputs.codes, codes, strict=True)},
        word_step,
        code_step,
        said_step,
        tuple(taught.bias.tolist()),
        tuple(taught.said_bias.tolist()),
        tuple(row.tobytes() for row in said),
    )


def _octets(weights: Any) -> tuple[Any, float]:
    """Return the weights as octets, and what one step of them weighs."""
    step = float(np.quantile(np.abs(weights), 1 - _CUT)) / _MOST
    return (np.clip(np.rint(weights / step), -_MOST, _MOST) + votes.NOTHING).astype(np.uint8), step


def _measured(found: Sequence[Example]) -> float:
    """Return the share of examples that are judged right by what the others teach."""
    turn = np.random.default_rng(1).integers(0, _TURNS, len(found))
    right = 0
    for now in range(_TURNS):
        packed = learnt([example for example, t in zip(found, turn, strict=True) if t != now])
        taught = votes.read(msgspec.msgpack.encode(packed))
        right += sum(
            _winner(taught, example) == example.reason for example, t in zip(found, turn, strict=True) if t == now
        )
    return right / len(found)


def _winner(taught: votes.Votes, example: Example) -> Reason | None:
    ballot = votes.count(taught, example.words, example.coded)
    return ballot.winner if ballot else None


if __name__ == "__main__":
    main()
