"""`make learn`: from the examples to the weights that the package ships, and how far they carry.

    python -m tests.learn [--only-measure | --only-write]

A logistic regression over stems, each weighed by its rarity, and codes (scikit-learn, for this command alone). First a
tenth of the examples is held back by turns and judged by what the others teach; then all of them make the file.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bounce_milter import votes
from bounce_milter.vocabulary import Reason
from tests.learn.examples import Example, digest, samples, written

TARGET = Path(votes.__file__).parent / "data" / "votes.tsv"
#: How closely the weights follow the examples; a tenth or ten times of it judges unseen ones worse.
_CLOSENESS = 10.0
#: A stem that stands in one example only is chance; so is a code that stands in two.
_SEEN = 2
_SEEN_CODE = 3
#: What a stem must say of some reason, in steps, to be kept: three tenths of them say less, and nobody misses them.
_LEAST = 6
#: How much a code weighs beside all words together: it is often wrong, and the words are what people meant.
_CODE_WEIGHT = 0.2
#: How much the sample of a rule weighs beside an example: the vote shall not gainsay rules where they were made for.
_PROVEN_WEIGHT = 3.0
_TURNS = 10


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
        proven = samples()
        mark = digest([*found, *proven])
        first = f"# Made by `make learn` from tests/examples and the rules' samples, {mark}: never edited by hand.\n"
        text = first + learnt(found, proven)
        TARGET.write_text(text, encoding="utf-8")
        print(f"{TARGET.name}: {text.count(chr(10))} lines, {len(text.encode()) // 1024} KiB")


def learnt(examples: Sequence[Example], proven: Sequence[Example] = ()) -> str:
    """Return the file's text: what each code and each stem says for or against each reason.

    proven   samples of rules
    """
    found = [*examples, *proven]
    trust = [1.0] * len(examples) + [_PROVEN_WEIGHT] * len(proven)
    words = TfidfVectorizer(analyzer=_stems, min_df=_SEEN)
    codes = CountVectorizer(analyzer=_codes, min_df=_SEEN_CODE, binary=True)
    told = hstack([words.fit_transform(found), _CODE_WEIGHT * codes.fit_transform(found)]).tocsr()
    model = LogisticRegression(C=_CLOSENESS, max_iter=1000)
    model.fit(told, [example.reason for example in found], sample_weight=trust)
    rows = ["\t" + " ".join(model.classes_), _row(votes.CODE, model.intercept_, votes.CODE_STEP)]
    for code, column in sorted(codes.vocabulary_.items()):
        weights = model.coef_[:, len(words.vocabulary_) + column] * _CODE_WEIGHT
        rows.append(_row(code, weights, votes.CODE_STEP))
    for stem, column in sorted(words.vocabulary_.items()):
        rarity = float(words.idf_[column])
        weights = model.coef_[:, column] * rarity
        if abs(weights).max() > (_LEAST - 0.5) * votes.STEP:
            rows.append(f"{_row(stem, weights, votes.STEP)}\t{rarity:.2f}")
    return "\n".join(rows) + "\n"


def _stems(example: Example) -> list[str]:
    return list(votes.stems(example.words))


def _codes(example: Example) -> list[str]:
    return [code for code in example.coded if code != votes.CODE]


def _row(name: str, weights: Any, step: float) -> str:
    """Return a line of the file, a weight as one character: printable ASCII but for the first and the last."""
    steps = (round(float(weight) / step) for weight in weights)
    return f"{name}\t" + "".join(chr(min(max(ord(votes.NOTHING) + step, ord("!")), ord("}"))) for step in steps)


def _measured(found: Sequence[Example]) -> float:
    """Return the share of examples that are judged right by what the others teach."""
    turn = np.random.default_rng(1).integers(0, _TURNS, len(found))
    right = 0
    for now in range(_TURNS):
        taught = votes.read(learnt([example for example, t in zip(found, turn, strict=True) if t != now]).splitlines())
        right += sum(
            _winner(taught, example) == example.reason for example, t in zip(found, turn, strict=True) if t == now
        )
    return right / len(found)


def _winner(taught: votes.Votes, example: Example) -> Reason | None:
    ballot = votes.count(taught, example.words, example.coded)
    return ballot.winner if ballot else None


if __name__ == "__main__":
    main()
