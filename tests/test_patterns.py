"""No pattern of a backtracking engine can be made to hang: each is pumped with what it repeats.

RE2's patterns are linear by nature; these are Python's. A pattern that tries every way to split a run of letters needs
the square, the cube or an exponential of a line's length, and one mail would hold a worker for minutes. So for each
pattern: the beginnings of a text that it matches, then a run of one token, then something that fits nowhere.
"""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

import bounce_milter

# Long enough for a cube or an exponential of them to be told from a square, which takes a tenth of the seconds.
_LENGTHS = (50, 700)
_SECONDS = 0.25
_TOKENS = (
    "a", "1", " ", "\n", "\t", ".", "-", "_", "<", ">", "@", ":", ";", "=", '"', "'", "(", "[", "]", ",", "*", "#", "/", "\\", "é",
    "a.", "a@", "a ", "a: ", "1.", "5.1.1 ", "550 ", "\n ", "x@y.zz ",
)  # fmt: skip
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_CLASSES = {op.CATEGORY_DIGIT: "5", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a"}


def _patterns() -> dict[str, re.Pattern[Any]]:
    found: dict[re.Pattern[Any], str] = {}
    for module in pkgutil.walk_packages(bounce_milter.__path__, "bounce_milter."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found.setdefault(value, f"{module.name.removeprefix('bounce_milter.')}.{name}")
    return {name: pattern for pattern, name in found.items()}


def _member(items: Any) -> str:
    for kind, value in items:
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.RANGE:
            return chr(value[0])
        if kind is op.CATEGORY:
            return _CLASSES.get(value, "a")
    return "a"


def _example(tree: Any) -> str:
    """Return a text that the parsed pattern matches, or nearly."""
    text = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            text += chr(value)
        elif kind is op.IN:
            text += _member(value)
        elif kind in (op.ANY, op.NOT_LITERAL):
            text += "a"
        elif kind in _REPEATS:
            text += _example(value[2]) * max(value[0], 1)
        elif kind is op.SUBPATTERN:
            text += _example(value[3])
        elif kind is op.ATOMIC_GROUP:
            text += _example(value)
        elif kind is op.BRANCH:
            text += _example(value[1][0])
    return text


def _literals(tree: Any) -> Iterator[str]:
    """Yield the characters that the pattern names."""
    for kind, value in tree:
        if kind is op.LITERAL:
            yield chr(value)
        elif kind is op.IN:
            yield from (chr(item) for name, item in value if name is op.LITERAL)
        elif kind in _REPEATS:
            yield from _literals(value[2])
        elif kind is op.SUBPATTERN:
            yield from _literals(value[3])
        elif kind is op.ATOMIC_GROUP:
            yield from _literals(value)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)


def _attacks(pattern: re.Pattern[Any]) -> Iterator[str]:
    raw = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(raw, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    example = _example(tree)
    own = [char for char in dict.fromkeys(_literals(tree)) if not char.isalnum()]
    tokens = dict.fromkeys((*_TOKENS, *own, *(char * 3 for char in own)))
    beginnings = dict.fromkeys(["", "\n", *(example[: len(example) * part // 5] for part in range(1, 6))])
    for beginning in beginnings:
        for token in tokens:
            for length in _LENGTHS:
                yield beginning + token * (length // len(token)) + "\x01"


class _TooLongError(Exception):
    pass


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


@pytest.mark.parametrize(("name", "pattern"), _patterns().items(), ids=_patterns())
def test_no_run_of_letters_makes_a_pattern_hang(name: str, pattern: re.Pattern[Any]) -> None:
    before = signal.signal(signal.SIGVTALRM, _stop)
    attack = ""
    try:
        for attack in _attacks(pattern):
            signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
            pattern.search(attack.encode() if isinstance(pattern.pattern, bytes) else attack)
    except _TooLongError:
        pytest.fail(f"{name} tries too many ways on {attack[:20]!r}... ({len(attack)} characters)")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(("name", "pattern"), _patterns().items(), ids=_patterns())
def test_no_bound_of_a_repetition_is_lost(name: str, pattern: re.Pattern[Any]) -> None:
    raw = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    assert not re.search(r"\(\d+(?:, \d+)?,?\)", raw), f"{name}: braces that an f-string has made a tuple of"


def test_the_attack_finds_what_hangs() -> None:
    with pytest.raises(pytest.fail.Exception, match="too many ways"):
        test_no_run_of_letters_makes_a_pattern_hang("known", re.compile(r"(?:<|<<<)*\d"))
    with pytest.raises(pytest.fail.Exception, match="too many ways"):
        test_no_run_of_letters_makes_a_pattern_hang("known", re.compile(r"-{3,}(.{8,80}?)-{3,}\s*$"))
