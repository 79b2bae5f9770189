"""Sets of phrases: what one finds, what it denies, and that several joined find what any of them does."""

from pathlib import Path

import pytest

from bounce_milter import message, phrases
from bounce_milter.phrases.base import Phrases, any_of, joined
from bounce_milter.view import View

_LETTERS = sorted((Path(__file__).parent / "samples").rglob("*.eml"))
_JOINED = {
    "NOT_FINAL": (phrases.NOT_FINAL, (phrases.TAKEN_BACK, phrases.TRIES_ON, phrases.FAULT, phrases.SEND_AGAIN)),
    "GOES_ON": (phrases.GOES_ON, (phrases.SENT_ON, phrases.ANSWER_LOST)),
    "IDLE": (phrases.IDLE, (phrases.HOUSE, phrases.MAY_BE, phrases.ASKED_OFTEN)),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the box is full", True),
        ("the box is not full", False),
        ("the box is not full, the other is full", True),
        ("die box ist überfüllt", True),
        ("the box is empty", False),
        ("\udce4 full", True),
    ],
)
def test_a_phrase_is_found_unless_it_is_denied(text: str, found: bool) -> None:
    assert any_of(r"\bfull\b", "überfüllt", denied=(r"not full\b",)).search(text) is found


def test_what_stands_before_and_after_belongs_to_each() -> None:
    there = any_of("full", "voll", before="^", after="$")
    assert there.search("full")
    assert there.search("voll")
    assert not there.search("is full")


def test_several_joined_find_what_each_does_and_what_it_denies() -> None:
    both = joined(any_of("full", denied=("not full",)), any_of("満杯"))
    assert [both.search(text) for text in ("not full", "満杯です", "empty")] == [True, True, False]


def test_several_joined_find_in_any_line_what_one_does_in_it_alone() -> None:
    both = joined(any_of("if", before="^"), any_of("soon", after="$"))
    assert [both.search(text) for text in ("mail\nif so", "soon\nmail", "as if\nsooner")] == [True, True, False]


@pytest.mark.parametrize("name", _JOINED)
def test_no_set_finds_in_a_letter_what_the_joined_one_does_not(name: str) -> None:
    first, several = _JOINED[name]
    lines = {line for path in _LETTERS for line in View(message.parse(path.read_bytes())).lower.split("\n")}
    found = {line for line in lines if _any(several, line)}
    assert found
    assert found <= {line for line in lines if first.search(line)}


def _any(several: tuple[Phrases, ...], line: str) -> bool:
    return any(one.search(line) for one in several)
