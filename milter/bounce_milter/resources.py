"""Reads files: the packaged rules and wordings, the configuration, the admin's own folder.

Rule: the only module that opens such files, and of an admin's only regular ones: a pipe of such a name may never end.
Whatever is wrong is gathered and raised at once, each with its file and its line or key; what is right elsewhere is not
lost by it. The admin's folder holds rule files (`*.toml`) and wordings (`wording/LANGUAGE.toml`), laid over the packaged
ones by id and by key.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from bounce_milter import catalogue, limits, settings, toml, wording
from bounce_milter.catalogue import Catalogue, clearing, detail, ranked, votes
from bounce_milter.catalogue.clearing import Clearing
from bounce_milter.catalogue.detail import Detail
from bounce_milter.catalogue.votes import Votes
from bounce_milter.explain import Knowledge
from bounce_milter.misfit import Problem
from bounce_milter.settings import Settings
from bounce_milter.wording import Wording

#: Where the configuration is looked for where no file is named; none there means the defaults.
DEFAULT_CONFIG = "/etc/bounce-milter/bounce-milter.toml"
#: Where a mistake leaves open which socket was meant: with the section, without it, before any.
_SOCKET: Final = frozenset({"milter", "milter.socket", "socket"})
#: UTF-8, with or without the mark that some editors put first.
_ENCODING: Final = "utf-8-sig"
_PACKAGE: Final = Path(__file__).parent
#: The folder of the packaged rules, wordings and votes.
DATA: Final = _PACKAGE / "data"
#: The packaged rules as `ranked.prepare` makes them.
PREPARED: Final = DATA / "rules.bin"


class ResourceError(Exception):
    """Files that cannot be used; `problems` says each thing that is wrong, with its place.

    right      of a configuration that could be read, what is right, with the defaults elsewhere
    no_socket  whether that leaves open which socket was meant
    rules      of rule files, those that are sound
    """

    def __init__(
        self,
        problems: Iterable[object],
        right: Settings | None = None,
        *,
        no_socket: bool = False,
        rules: Catalogue | None = None,
    ) -> None:
        self.problems = tuple(str(problem) for problem in problems)
        self.right = right
        self.no_socket = no_socket
        self.rules = rules
        super().__init__("\n".join(self.problems))


def default_config() -> str | None:
    """Return the default place where there is a file, or what shall be one."""
    return DEFAULT_CONFIG if os.path.lexists(DEFAULT_CONFIG) else None


def load_settings(config: str | None = None) -> Settings:
    """Return the options of the file *config*; ResourceError where it cannot be read or is wrong.

    Without a file name the default place is read if there is a file; the defaults hold where there is none.
    """
    path = Path(config if config is not None else DEFAULT_CONFIG)
    try:
        table = _toml(_text(path), str(path))
    except (OSError, UnicodeError) as error:
        if config is None and isinstance(error, FileNotFoundError):
            return Settings()
        raise ResourceError([f"{path}: cannot be read: {_why(error)}"]) from error
    problems: list[Problem] = []
    try:
        options = settings.parse(table, str(path))
    except settings.SettingsError as error:
        options, problems = error.right, list(error.problems)
    problems += _unspoken(options, str(path))
    closed = options.rules.folder and _closed(options.rules.folder)
    if closed:
        problems.append(Problem(str(path), "rules.folder", closed))
        options = msgspec.structs.replace(options, rules=msgspec.structs.replace(options.rules, folder=""))
    if problems:
        named = {name for problem in problems for name in (problem.key, problem.suggestion)}
        raise ResourceError(problems, options, no_socket=not named.isdisjoint(_SOCKET))
    return options


def _unspoken(options: Settings, file: str) -> Iterator[Problem]:
    """Yield the languages of *options* that no wording is in."""
    asked = [("annotate.language", options.annotate.language)]
    asked += [(f"annotate.languages.{domain}", name) for domain, name in options.annotate.languages.items()]
    there = languages()
    for key, name in asked:
        if wording.stem(name) not in there:
            yield Problem(file, key, _no_wording(name, there))


def _closed(folder: str) -> str:
    """Return why a folder of the admin's own cannot be listed, "" where it can."""
    try:
        os.listdir(Path(folder))
    except FileNotFoundError:
        return f"there is no folder {folder}"
    except NotADirectoryError:
        return f"{folder} is no folder"
    except OSError as error:
        return f"{folder} cannot be read: {_why(error)}"
    return ""


def _no_wording(name: str, there: Iterable[str]) -> str:
    return f"no wording for {name!r}, there are {', '.join(there)}"


def load_knowledge(options: Settings | None = None, more: Iterable[str] = (), *, samples: bool = False) -> Knowledge:
    """Return the rules and the wordings that the options and *more* name, the admin's own laid over them.

    ResourceError with all that is wrong. Wordings that nobody asked for are not loaded: each costs two megabytes.

    samples   with those of the packaged rules, and their sources, which only `lint` asks for
    """
    options = options or Settings()
    folder = options.rules.folder
    more = tuple(more)
    used = frozenset(map(wording.stem, (options.annotate.language, *options.annotate.languages.values())))
    wanted = used.union(map(wording.stem, more))
    knowledge = _knowledge(Path(folder) if folder else None, wanted, used, samples=samples, vote=options.rules.vote)
    missing = [f"language: {_no_wording(name, languages())}" for name in more if not knowledge.has(name)]
    if missing:
        raise ResourceError(missing)
    return knowledge


@cache
def packaged_knowledge() -> Knowledge:
    """Return the packaged rules and the English wording; they never change while the program runs."""
    return _knowledge(None, frozenset(), samples=False)


def code() -> frozenset[tuple[str, int, int]]:
    """Return what tells the program that lies here now from any other: each of its files, when it was written, its size."""
    found = set()
    for path in _PACKAGE.rglob("*.py"):
        with suppress(FileNotFoundError):
            about = path.stat()
            found.add((str(path), about.st_mtime_ns, about.st_size))
    return frozenset(found)


def installed_version() -> str | None:
    """Return the version whose files lie here now, None after a removal."""
    try:
        text = (_PACKAGE / "__init__.py").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else None


def packaged_rules() -> list[tuple[str, str]]:
    """Return the packaged rule files, pairs of name and TOML text, by name."""
    return _packaged("rules")


def packaged_votes() -> Votes:
    """Return what the words of replies have been seen to mean."""
    return votes.read((DATA / "votes.bin").read_bytes())


def packaged_details() -> tuple[Detail, ...]:
    """Return what replies say more than their reason."""
    return detail.read((DATA / "details.toml").read_text(encoding="utf-8"))


def packaged_clearings() -> tuple[Clearing, ...]:
    """Return what of the words of replies is not why they refused."""
    return clearing.read((DATA / "clearings.toml").read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """Return the languages that are packaged."""
    return tuple(sorted(path.stem for path in (DATA / "wording").glob("*.toml")))


def _knowledge(
    folder: Path | None,
    wanted: frozenset[str],
    used: frozenset[str] = frozenset(),
    *,
    samples: bool,
    vote: bool = True,
) -> Knowledge:
    """Return the knowledge with the languages that are wanted; in those that are used no words may be missing."""
    problems: list[Problem] = []
    over = list(_own(folder, problems)) if folder else []
    rules = _catalogue(over, packaged_votes() if vote else None, samples=samples)
    problems += rules.problems
    wordings: dict[str, Wording] = {}
    topics: dict[str, set[str]] = {}
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
            problems.append(Problem(path, "language", f"expected {name.removesuffix('.toml')!r}, as the file is named"))
        if name.removesuffix(".toml") in used:
            topics[name.removesuffix(".toml")] = wording.topics(table)
        if built:
            wordings[built.language] = built
    problems += [Problem(path, "", "there is no packaged wording of this name to lay it over") for path in own]
    problems += catalogue.wordless(rules, {path for path, _ in over}, topics)
    problems.sort(key=lambda one: (one.file, one.line))
    if problems:
        raise ResourceError(problems, rules=rules)
    return Knowledge(rules, wordings)


def _catalogue(over: list[tuple[str, str]], weights: Votes | None, *, samples: bool) -> Catalogue:
    """Return the packaged rules with those of the admin laid *over* them; where there are none, as they were prepared."""
    files, details, clearings = packaged_rules(), packaged_details(), packaged_clearings()
    if not (samples or over) and PREPARED.is_file():
        found = ranked.prepared(PREPARED.read_bytes(), files)
        if found is not None:
            return catalogue.compiled(found.known, found.rules, votes=weights, details=details, clearings=clearings)
    return catalogue.build(files, over, weights, details, clearings, proven=True, bare=not samples)


def _overlaid(table: dict[str, Any], text: str, path: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        return wording.overlaid(table, toml.read(text))
    except toml.TomlError as error:
        problems.append(Problem(path, "", str(error)))
        return table


def _packaged(what: str) -> list[tuple[str, str]]:
    return sorted((path.name, path.read_text(encoding="utf-8")) for path in (DATA / what).glob("*.toml"))


def _own(folder: Path, problems: list[Problem], *, needed: bool = True) -> list[tuple[str, str]]:
    """Return (path, text) of the TOML files in a folder of the admin's; what an editor hides behind a dot is none."""
    found: list[tuple[str, str]] = []
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        if needed or not isinstance(error, FileNotFoundError):
            problems.append(Problem(str(folder), "", f"cannot be read: {_why(error)}"))
        return found
    for path in (folder / name for name in names if name.endswith(".toml") and not name.startswith(".")):
        try:
            found.append((str(path), _text(path)))
        except (OSError, UnicodeError) as error:
            problems.append(Problem(str(path), "", f"cannot be read: {_why(error)}"))
    return found


class Own(NamedTuple):
    """What was taken in from a folder of the admin's own.

    files    the files of rules
    rows     how many rows they hold; off  how many of these switch a rule off
    words    the files of words
    strays   what else lies there, and is read by nobody
    """

    files: tuple[str, ...]
    rows: int
    off: int
    words: tuple[str, ...]
    strays: tuple[str, ...]


def own(folder: str) -> Own:
    """Return what was taken in from a *folder*, whose rules and wordings are sound (`load_knowledge`)."""
    places = Path(folder), Path(folder, "wording")
    files, words = _own(places[0], []), _own(places[1], [], needed=False)
    rows = [row for path, text in files for row in _toml(text, path).get("rule", [])]
    known = {Path(path) for path, _ in (*files, *words)} | {places[1]}
    there = [path for place in places if place.is_dir() for path in sorted(place.iterdir())]
    return Own(
        tuple(Path(path).name for path, _ in files), len(rows), sum(row.get("disabled") is True for row in rows),
        tuple(Path(path).name for path, _ in words),
        tuple(str(path) for path in there if path not in known and not path.name.startswith(".")),
    )  # fmt: skip


def _text(path: Path) -> str:
    """Return what a file of the admin's holds; OSError, UnicodeError."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if about.st_size > limits.FILE_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {limits.FILE_BYTES:,} bytes")
    return path.read_text(encoding=_ENCODING)


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return toml.read(text)
    except toml.TomlError as error:
        raise ResourceError([f"{name}: {error}"]) from error


def _why(error: OSError | UnicodeError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"
