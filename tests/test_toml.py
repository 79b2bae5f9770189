"""The reader of TOML: what is no TOML is told, and nothing that a file holds ends the program."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bounce_milter import cli, toml
from bounce_milter.cli import world
from bounce_milter.settings import SettingsError, parse

TOO_DEEP = "not TOML: lists, tables or the parts of a key stand too deep within each other"


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("a = 1\nb =\n", "not TOML: Invalid value (at line 2, column 4)", 2),
        ("a = " + "[" * 1_000 + "]" * 1_000, TOO_DEEP, 0),
        ("a = " + "{a = " * 1_000 + "1" + "}" * 1_000, TOO_DEEP, 0),
        (".".join("a" * 3_000) + " = 1", TOO_DEEP, 0),
        ("[" + ".".join("a" * 3_000) + "]", TOO_DEEP, 0),
        ("a = " + "1" * 5_000, "not TOML: a number has too many digits", 0),
    ],
)
def test_a_text_that_is_none_is_told(text: str, told: str, line: int) -> None:
    with pytest.raises(toml.TomlError) as error:
        toml.read(text)
    assert (str(error.value), error.value.line) == (told, line)


@pytest.mark.parametrize("place", ["c.toml", "own/r.toml", "own/wording/en.toml"])
def test_check_tells_which_file_is_nested_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """It was a traceback, and with `serve` one at each start that the service manager tried."""
    monkeypatch.setattr(world, "look", lambda settings, file, socket: [])
    (tmp_path / "own" / "wording").mkdir(parents=True)
    (tmp_path / "c.toml").write_text(f'[rules]\nfolder = "{tmp_path}/own"\n')
    (tmp_path / place).write_text("a = " + "[" * 1_000 + "]" * 1_000)
    done = CliRunner().invoke(cli.main, ["check", "--config", str(tmp_path / "c.toml")])
    assert done.exit_code == 1
    assert done.output == f"{tmp_path / place}: {TOO_DEEP}\n"


@pytest.mark.parametrize("value", ["[" * 390 + "]" * 390, "{a = " * 390 + "1" + "}" * 390, "0x" + "f" * 5_000])
@pytest.mark.parametrize(
    "key", ["x", "milter", "milter.socket", "milter.workers", "annotate.languages", "review.classes", "metrics.listen"]
)
def test_what_is_just_not_too_deep_is_told_as_any_other(key: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse(toml.read(f"{key} = {value}"), "x.toml")
    assert str(error.value).startswith(f"x.toml: {key}")
