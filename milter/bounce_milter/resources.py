"""Reads files: the packaged rules and wordings, the configuration, the admin's own folder.

Rule: the only module that opens text files. Whatever is wrong is gathered and raised at once, each with its file and
its line or key; what is right elsewhere is not lost by it. The admin's folder holds rule files (`*.toml`) and
wordings (`wording/LANGUAGE.toml`), laid over the packaged ones by id and by key.
"""

import os
import stat
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import tomli  # the parser of tomllib, compiled: a start is a tenth of a second shorter

from bounce_milter import catalogue, settings, votes, wording
from bounce_milter.explain import Knowledge
from bounce_milter.settings import Rules, Settings
from bounce_milter.votes import Votes
from bounce_milter.wording import Wording

#: Where the configuration is looked for where no file is named; none there means the defaults.
DEFAULT_CONFIG = "/etc/bounce-milter/bounce-milter.toml"
#: UTF-8, with or without the mark that some editors put first.
_ENCODING: Final = "utf-8-sig"


class ResourceError(Exception):
    """Files that cannot be used; `problems` says each thing that is wrong, with its place.

    rules   where a configuration is wrong elsewhere, what it says of the admin's own rules
    """

    def __init__(self, problems: Iterable[object], rules: Rules | None = None) -> None:
        self.problems = tuple(str(problem) for problem in problems)
        self.rules = rules or Rules()
        super().__init__("\n".join(self.problems))


def load_settings(config: str | None = None) -> Settings:
    """Return the options of the file *config*; ResourceError where it cannot be read or is wrong.

    Without a file name the default place is read if there is a file; the defaults hold where there is none.
    """
    path = Path(config if config is not None else DEFAULT_CONFIG)
    if config is None and not path.exists():
        return Settings()
    try:
        return settings.parse(_toml(path.read_text(encoding=_ENCODING), str(path)), str(path))
    except (OSError, UnicodeError) as error:
        raise ResourceError([f"{path}: cannot be read: {_why(error)}"]) from error
    except settings.SettingsError as error:
        raise ResourceError(error.problems, error.rules) from error


def load_knowledge(options: Settings | None = None, more: Iterable[str] = ()) -> Knowledge:
    """Return the rules and the wordings that the options and *more* name, the admin's own laid over them.

    ResourceError with all that is wrong. Wordings that nobody asked for are not loaded: each costs two megabytes.
    """
    options = options or Settings()
    folder = options.rules.folder
    asked = [("annotate.language", options.annotate.language), *(("language", name) for name in more)]
    asked += [(f"annotate.languages.{domain}", name) for domain, name in options.annotate.languages.items()]
    wanted = frozenset(wording.stem(name) for _, name in asked)
    knowledge = _knowledge(Path(folder), wanted) if folder else packaged_knowledge(wanted)
    there = ", ".join(sorted({*languages(), *knowledge.wordings}))
    missing = [f"{key}: no wording for {name!r}, there are {there}" for key, name in asked if not knowledge.has(name)]
    if missing:
        raise ResourceError(missing)
    return knowledge


@cache
def packaged_knowledge(wanted: frozenset[str] = frozenset()) -> Knowledge:
    """Return the packaged rules, with the wordings *wanted* and English; they never change while the program runs."""
    return _knowledge(None, wanted)


def packaged_votes() -> Votes:
    """Return what the words of replies have been seen to mean."""
    with (files("bounce_milter") / "data" / "votes.tsv").open(encoding="utf-8") as lines:
        return votes.read(lines)


def languages() -> tuple[str, ...]:
    """Return the languages that are packaged."""
    return tuple(sorted(name.removesuffix(".toml") for name, _ in _packaged("wording")))


def _knowledge(folder: Path | None, wanted: frozenset[str]) -> Knowledge:
    problems: list[object] = []
    over = list(_own(folder, problems)) if folder else []
    rules = catalogue.build(_packaged("rules"), over, packaged_votes(), proven=True)
    problems += rules.problems
    wordings: dict[str, Wording] = {}
    topics: set[str] = set()
    own = dict(_own(folder / "wording", problems, needed=False)) if folder else {}
    for name, text in _packaged("wording"):
        path = str(folder / "wording" / name) if folder else name
        if path not in own and name.removesuffix(".toml") not in {*wanted, "en"}:
            continue
        table: dict[str, Any] = _toml(text, name)
        if path in own:
            table = _overlaid(table, own.pop(path), path, problems)
        built, wrong = wording.build(table, path)
        problems += wrong
        if built and f"{built.language}.toml" != name:
            problems.append(f"{path}: language: expected {name.removesuffix('.toml')!r}, as the file is named")
        topics |= wording.topics(table)
        if built:
            wordings[built.language] = built
    problems += [f"{path}: there is no packaged wording of this name to lay it over" for path in own]
    problems += catalogue.wordless(rules, {path for path, _ in over}, topics)
    if problems:
        raise ResourceError(problems)
    return Knowledge(rules, wordings)


def _overlaid(table: dict[str, Any], text: str, path: str, problems: list[object]) -> dict[str, Any]:
    try:
        return wording.overlaid(table, _toml(text, path))
    except ResourceError as error:
        problems += error.problems
        return table


def _packaged(what: str) -> list[tuple[str, str]]:
    folder = files("bounce_milter") / "data" / what
    return sorted(
        (item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")
    )


def _own(folder: Path, problems: list[object], *, needed: bool = True) -> list[tuple[str, str]]:
    """Return (path, text) of the TOML files in a folder of the admin's; what an editor hides behind a dot is none."""
    found: list[tuple[str, str]] = []
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        if needed:
            problems.append(f"{folder}: [rules] folder: there is no such folder")
        return found
    except OSError as error:
        problems.append(f"{folder}: cannot be read: {_why(error)}")
        return found
    for path in (folder / name for name in names if name.endswith(".toml") and not name.startswith(".")):
        try:
            if stat.S_ISREG(path.stat().st_mode):
                found.append((str(path), path.read_text(encoding=_ENCODING)))
            else:
                problems.append(f"{path}: cannot be read: it is no regular file")
        except (OSError, UnicodeError) as error:
            problems.append(f"{path}: cannot be read: {_why(error)}")
    return found


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ResourceError([f"{name}: not TOML: {error}"]) from error


def _why(error: OSError | UnicodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"
