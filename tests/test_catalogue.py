"""The rules that ship: each row's samples give its verdict, no row is dead, no two are the same."""

import tomllib
from pathlib import Path

import pytest

from bounce_milter.catalogue import Problem, build
from bounce_milter.lint import lint

RULES = Path(__file__).parents[1] / "milter" / "bounce_milter" / "data" / "rules"
FILES = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(RULES.glob("*.toml"))]
ALL = build(FILES)
PROBLEMS = lint(ALL)


@pytest.mark.parametrize("name", [name for name, _ in FILES])
def test_every_row_of_the_file_decides_its_samples(name: str) -> None:
    assert not [str(problem) for problem in PROBLEMS if problem.file == name]


@pytest.mark.parametrize(("name", "text"), FILES, ids=[name for name, _ in FILES])
def test_ids_begin_with_the_name_of_their_file(name: str, text: str) -> None:
    prefix = name.removesuffix(".toml") + "-"
    assert not [row["id"] for row in tomllib.loads(text)["rule"] if not row["id"].startswith(prefix)]


def test_there_are_rules() -> None:
    assert len(ALL.rules) > 0


def problems(text: str) -> list[Problem]:
    return lint(build([("x.toml", text)]))


ROW = """
[[rule]]
id = "a-row"
pattern = 'no such user'
reason = "user-unknown"
source = "RFC 5321 3.3"
sample = "550 5.1.1 No such user here"
"""


def test_a_row_that_is_right_has_no_problem() -> None:
    assert problems(ROW) == []
