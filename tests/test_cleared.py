"""What a reply clears is looked for by signs first: no pattern has an alternative that its signs would never let run."""

import random
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from bounce_milter import cleared

# What may have to stand before what a pattern looks for, and behind it.
_BEFORE = ("", "q ", "q: ", "q, ")
_BEHIND = (
    "",
    "; q ",
    " because",
    " but q",
    ": q",
    " q does not exist",
    " at <addr>",
    " too.",
    " as well.",
    ": 5.1.1 q",
)
_TEXTS = 700
_NAMES = [next((name for name, value in vars(cleared).items() if value is one), "UNASKED") for _, one in cleared._SIGNS]


def _member(chance: random.Random, items: Any) -> str:
    if items[0][0] is op.NEGATE:
        return chance.choice("q ")
    kind, value = chance.choice(items)
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return chr(value[0])
    return {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " "}.get(value, "q")


def _text(chance: random.Random, tree: Any) -> str:
    """Return a text of the parsed pattern, one of its alternatives wherever it has some."""
    parts = []
    for kind, value in tree:
        if kind is op.LITERAL:
            parts.append(chr(value))
        elif kind in (op.NOT_LITERAL, op.ANY):
            parts.append("q")
        elif kind is op.IN:
            parts.append(_member(chance, value))
        elif kind is op.BRANCH:
            parts.append(_text(chance, chance.choice(value[1])))
        elif kind is op.SUBPATTERN:
            parts.append(_text(chance, value[3]))
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, repeated = value
            parts += [_text(chance, repeated) for _ in range(chance.randint(least, min(least + 3, most)))]
    return "".join(parts)


@pytest.mark.parametrize(("signs", "pattern"), cleared._SIGNS, ids=_NAMES)
def test_what_a_pattern_finds_has_one_of_its_signs(signs: tuple[str, ...], pattern: Any) -> None:
    chance = random.Random(1)
    tree = parser.parse(pattern.pattern, pattern.flags)
    found = []
    for _ in range(_TEXTS):
        middle = _text(chance, tree)
        texts = (before + middle + behind for before in _BEFORE for behind in _BEHIND)
        found += [text for text in texts if pattern.search(text)][:1]
    assert found
    assert [text for text in found if not any(sign in text for sign in signs)] == []
