"""The rooms and their arrows: who may import whom, and who may touch the world.

A file may import only rooms that stand before its own in ROOMS, and in its room what stands before it there. A file that
is missing there fails: whoever adds one says where it belongs.
"""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "milter"
PACKAGE = SOURCE / "bounce_milter"

#: The rooms, each with its files in order; "." is the room's own `__init__`. A room without an order may go as it likes within.
PURE = {
    "vocabulary": ".", "limits": ".", "misfit": ".", "toml": ".", "codes": "digits reply enhanced .", "address": ".",
    "reply": "verbs . frame event logged tabled framed quoting",
    "catalogue": "clearing cleared detail pattern needles rule ranked search terms votes .",
    "classify": "bycode normal around supposed surroundings verdict fit meant notice heading possible poll . why lint",
    "message": "charset . markup",
    "facts": ". speaker",
    "phrases": "base signs letterhead doubts fates kinds lines living . guess",
    "view": "letterhead quotation typeset .",
    "kinds": "candidate marks stopped unsent .",
    "report": ".",
    "dialects": "",
    "bounce": "wrapper completion uncut shared prose .",
    "case": "hosts whose forwarding bidden finer occasion ownwords untold preface .",
    "wording": ". named spelled sentences topic",
    "explain": ". line",
    "header": "encoded . seen visible",
    "settings": "mailbox place .",
    "policy": ".",
}  # fmt: skip
EDGE = {
    "events": ".", "metrics": ".", "resources": ".", "review": ".", "judge": ".",
    "adapter": "changes .",
    "daemon": "notify sockets endpoint heap processors worker child crew overview duty supervisor .",
    "cli": "folders postfix world inputs pipe show .",
    "__main__": ".",
}  # fmt: skip
ROOMS = {**PURE, **EDGE}
WORLD = {
    "Milter", "glob", "http", "io", "logging", "milter", "os", "pathlib", "select", "shutil", "signal",
    "socket", "subprocess", "sys", "tempfile", "threading", "time",
}  # fmt: skip
KNOW_PYMILTER = {"adapter", "adapter.changes", "daemon.worker"}

MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def name(path: Path) -> str:
    """Return the dotted name below the package: dialects.qmail; of an `__init__` its room's."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = frozenset(map(name, MODULES))


def room(path: Path) -> str:
    return name(path).split(".")[0]


def imports(path: Path) -> set[str]:
    """Return every dotted name that the file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} line {node.lineno}: imports are absolute"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def siblings(path: Path) -> set[str]:
    """Return the files of the package that the file imports, or from which it imports a name."""
    found = {each.removeprefix("bounce_milter.") for each in imports(path) if each.startswith("bounce_milter.")}
    return {each if each in NAMES else each.rpartition(".")[0] for each in found - {"__version__"}}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_room_imports_only_those_before_it(path: Path) -> None:
    before = list(ROOMS)[: list(ROOMS).index(room(path)) + 1]
    assert {each.split(".")[0] for each in siblings(path)} <= set(before)


@pytest.mark.parametrize("here", [each for each, order in ROOMS.items() if order])
def test_within_a_room_a_file_imports_only_those_before_it(here: str) -> None:
    order = [here if each == "." else f"{here}.{each}" for each in ROOMS[here].split()]
    files = {name(path): path for path in MODULES if room(path) == here}
    assert set(order) == set(files)
    for index, each in enumerate(order):
        assert {other for other in siblings(files[each]) if other.split(".")[0] == here} <= set(order[:index])


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in PURE], ids=name)
def test_the_core_touches_nothing_outside_itself(path: Path) -> None:
    assert not {each.split(".")[0] for each in imports(path)} & WORLD


def test_reading_and_judging_do_not_know_each_other() -> None:
    reading = {"message", "facts", "address", "phrases", "view", "kinds", "report", "dialects", "bounce"}
    judging = {"catalogue", "classify"}
    for path in MODULES:
        others = {each.split(".")[0] for each in siblings(path)}
        if room(path) in reading:
            assert not others & judging, path
        if room(path) in judging:
            assert not others & reading, path


def test_only_the_edge_knows_pymilter() -> None:
    users = {name(p) for p in MODULES if any(each.split(".")[0] == "Milter" for each in imports(p))}
    assert users == KNOW_PYMILTER


def test_no_module_imports_the_name_that_our_folder_would_answer_to() -> None:
    assert not [p for p in MODULES if any(each.split(".")[0] == "milter" for each in imports(p))]


def test_the_source_folder_is_no_package() -> None:
    # An __init__.py there would shadow pymilter's extension module `milter`, and `import Milter` would fail.
    assert not (SOURCE / "__init__.py").exists()
