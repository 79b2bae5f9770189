"""`make learn`: from the examples to the weights that the package ships, and how far they carry.

    python -m tests.learn [--only-measure]

A logistic regression over stems, each weighed by its rarity (scikit-learn, for this command alone). First a tenth of
the examples is held back by turns and judged by what the others teach; then all of them make the file.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bounce_milter import votes
from bounce_milter.vocabulary import Reason
from tests.learn.examples import Example, digest, samples, written

TARGET = Path(votes.__file__).parent / "data" / "votes.tsv"
#: How closely the weights follow the examples; a tenth or ten times of it judges unseen ones worse.
_CLOSENESS = 10.0
#: A stem that stands in one example only is chance.
_SEEN = 2
_TURNS = 10


def main() -> None:
    """Measure, then write."""
    parser = argparse.ArgumentParser(prog="python -m tests.learn")
    parser.add_argument("--only-measure", action="store_true", help="leave the packaged file as it is")
    options = parser.parse_args()
    found = written()
    print(f"{len(found)} examples; of those held back, right: {_measured(found):.1%}")
    if not options.only_measure:
        text = f"# Made by `make learn` from tests/examples, {digest(found)}: never edited by hand.\n{learnt(found + samples())}"
        TARGET.write_text(text, encoding="utf-8")
        print(f"{TARGET.name}: {text.count(chr(10))} lines, {len(text.encode()) // 1024} KiB")


def learnt(found: Sequence[Example]) -> str:
    """Return the file's text: what each stem says for or against each reason."""
    vectors = TfidfVectorizer(analyzer=_stems, min_df=_SEEN)
    model = LogisticRegression(C=_CLOSENESS, max_iter=1000)
    model.fit(vectors.fit_transform([example.words for example in found]), [example.reason for example in found])
    biases = " ".join(
        f"{name}={round(bias / votes.BIAS_STEP)}" for name, bias in zip(model.classes_, model.intercept_, strict=True)
    )
    rows = [f"\t{biases}"]
    for stem, column in sorted(vectors.vocabulary_.items()):
        rarity = float(vectors.idf_[column])
        rows.append(f"{stem}\t{rarity:.2f}\t{_letters(model.coef_[:, column] * rarity)}")
    return "\n".join(rows) + "\n"


def _stems(words: str) -> list[str]:
    return list(votes.stems(words))


def _letters(weights: Any) -> str:
    """Return a character for each weight, printable ASCII but for the first and the last."""
    steps = (round(float(weight) / votes.STEP) for weight in weights)
    return "".join(chr(min(max(ord(votes.NOTHING) + step, ord("!")), ord("}"))) for step in steps)


def _measured(found: Sequence[Example]) -> float:
    """Return the share of examples that are judged right by what the others teach."""
    turn = np.random.default_rng(1).integers(0, _TURNS, len(found))
    right = 0
    for now in range(_TURNS):
        taught = votes.read(learnt([example for example, t in zip(found, turn, strict=True) if t != now]))
        right += sum(
            _winner(taught, example.words) == example.reason for example, t in zip(found, turn, strict=True) if t == now
        )
    return right / len(found)


def _winner(taught: votes.Votes, words: str) -> Reason | None:
    ballot = votes.count(taught, words)
    return ballot.winner if ballot else None


if __name__ == "__main__":
    main()
