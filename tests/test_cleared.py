"""What a reply clears: each row clears its samples and nothing of the others, and has a sign for all that it finds."""

import random
import re
import tomllib
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import msgspec
import pytest

from bounce_milter.catalogue import clearing
from bounce_milter.catalogue.cleared import clears_a_cause, compiled, finder
from bounce_milter.catalogue.clearing import Clearing
from bounce_milter.classify.normal import normalise
from bounce_milter.resources import DATA, packaged_clearings

ROWS = packaged_clearings()
FILE = tomllib.loads((DATA / "clearings.toml").read_text(encoding="utf-8"))
of_each_row = pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])

# What may have to stand before what a pattern looks for, and behind it.
_BEFORE = ("", "q ", "q: ", "q, ")
_BEHIND = (
    "",
    "; q ",
    ". cause: q",
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


def words(reply: str, rows: tuple[Clearing, ...] = ROWS) -> str:
    return normalise(reply, compiled(rows)).words.decode()


@of_each_row
def test_what_a_row_finds_has_one_of_its_signs(row: Clearing) -> None:
    chance = random.Random(1)
    tree = parser.parse(row.words)
    found = []
    for _ in range(_TEXTS):
        middle = _text(chance, tree)
        texts = (before + middle + behind for before in _BEFORE for behind in _BEHIND)
        found += [text for text in texts if finder(row.words).search(text)][:1]
    assert found
    assert [text for text in found if not any(sign in text for sign in row.signs)] == []


@of_each_row
def test_a_row_clears_its_samples_and_nothing_of_the_others(row: Clearing) -> None:
    assert row.samples
    assert {reply: words(reply) for reply, _ in row.samples} == dict(row.samples)
    assert [reply for reply in row.others if "<cleared>" in words(reply)] == []


@of_each_row
def test_without_a_row_one_of_its_samples_is_read_otherwise(row: Clearing) -> None:
    rest = tuple(other for other in ROWS if other is not row)
    assert [reply for reply, becomes in row.samples if words(reply, rest) != becomes]


@of_each_row
def test_a_row_is_sound(row: Clearing) -> None:
    pattern = re.sub(r"\\[A-Z]", "", row.words)
    assert pattern == pattern.lower()
    assert list(row.signs) == [sign.lower() for sign in row.signs]
    assert not finder(row.words).search("")


@pytest.mark.parametrize("row", FILE["clearing"], ids=[row["id"] for row in FILE["clearing"]])
def test_each_alternative_says_what_is_cleared_or_none_does(row: dict[str, Any]) -> None:
    around = row.get("before", "") + row.get("after", "")
    each = [(around + way).count("(?P<cleared>") for way in row["words"]]
    assert set(each) in ({0}, {1})
    (read,) = [one for one in ROWS if one.id == row["id"]]
    assert finder(read.words).groups == (around + "".join(row["words"])).count("(?P<cleared>")


@pytest.mark.parametrize("row", FILE["clearing"], ids=[row["id"] for row in FILE["clearing"]])
def test_each_alternative_finds_something_in_a_sample(row: dict[str, Any]) -> None:
    parts: dict[str, str] = {}
    for name, ways in FILE["parts"].items():
        parts[name] = clearing._filled(clearing._any_of(ways), parts)
    found = {way: finder(clearing._joined({**row, "words": [way]}, parts)["words"]) for way in row["words"]}
    samples = [reply.lower() for reply, _ in row["samples"]]
    assert [way for way, words in found.items() if not any(map(words.search, samples))] == []


def test_no_two_rows_have_one_name() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)


ROW = '[[clearing]]\nid = "a"\nsigns = ["b"]\nsamples = []\n'


def test_a_part_stands_for_any_of_its_list() -> None:
    parts = "[parts]\nthing = ['b', 'c{1,2}']\nthings = ['{thing}(?:,{thing}){0,3}']\n"
    (row,) = clearing.read(
        f"{parts}{ROW}before = 'x'\nwords = ['(?P<cleared>{{things}})y', '{{thing}}(?P<cleared>z)']\n"
    )
    thing = "(?:b|c{1,2})"
    assert row.words == f"x(?:((?:{thing}(?:,{thing}){{0,3}}))y|{thing}(z))"


@pytest.mark.parametrize(
    ("rest", "wrong"),
    [
        ("words = ['{other}']", "other"),
        ("words = ['{thing']", "thing"),
        ("words = ['{}']", "''"),
        ("words = ['b{1, 2}']", "1, 2"),
        ("words = 'b'\ncolour = 1", "colour"),
        ("before = 'b'", "words"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(rest: str, wrong: str) -> None:
    with pytest.raises((msgspec.ValidationError, KeyError), match=wrong):
        clearing.read(f"[parts]\nthing = ['b']\n{ROW}{rest}\n")


def test_a_part_names_only_those_above_it() -> None:
    with pytest.raises(KeyError, match="low"):
        clearing.read(f"[parts]\nhigh = ['{{low}}']\nlow = ['b']\n{ROW}words = ['{{high}}']\n")


@pytest.mark.parametrize(("reply", "is_cause"), [("spf=pass", True), ("do not retry later", False), ("full", False)])
def test_whether_more_than_a_hope_is_cleared(reply: str, *, is_cause: bool) -> None:
    assert clears_a_cause(reply, compiled(ROWS)) is is_cause


def test_what_is_kept_of_a_reply_is_kept_of_these_rows() -> None:
    assert [words("spf=pass", rows) for rows in (ROWS, (), ROWS)] == ["<cleared>", "spf=pass", "<cleared>"]
