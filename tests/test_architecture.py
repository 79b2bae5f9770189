"""The rooms and their arrows: who may import whom, and who may touch the world.

A module may import only what stands before it in ORDER. A file that is missing there fails: whoever adds one says
where it belongs.
"""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "milter"
PACKAGE = SOURCE / "bounce_milter"

PURE = [
    "vocabulary", "codes", "limits", "misfit", "toml", "reply", "verbs", "frame", "logged", "tabled", "event", "framed", "quoting", "clearing", "cleared", "normalise", "around", "terms", "votes", "pattern", "needles", "rule", "ranked", "search", "detail", "catalogue", "bycode", "supposed", "surroundings", "verdict", "poll", "notice", "fit", "meant", "classify", "why", "lint",
    "charset", "markup", "message", "facts", "address", "phrases", "candidate", "guess", "quotation", "letterhead", "view", "wrapper", "speaker", "report", "stopped", "kinds", "dialects", "completion", "uncut", "shared", "prose", "bounce",
    "whose", "forwarding", "bidden", "finer", "occasion", "ownwords", "untold", "preface", "case", "wording", "named", "spelled", "sentences", "topic", "explain", "encoded", "header", "seen", "visible", "mailbox", "settings", "policy",
]  # fmt: skip
ORDER = [
    *PURE,
    "events", "metrics", "resources", "review", "judge", "changes", "adapter",
    "notify", "sockets", "endpoint", "heap", "processors", "worker", "child", "crew", "overview", "duty", "supervisor", "daemon",
    "world", "inputs", "annotate", "show", "cli", "__main__",
]  # fmt: skip
WORLD = {
    "Milter", "glob", "http", "io", "logging", "milter", "os", "pathlib", "select", "shutil", "signal",
    "socket", "subprocess", "sys", "tempfile", "threading", "time",
}  # fmt: skip
KNOW_PYMILTER = {"adapter", "changes", "worker"}

MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def room(path: Path) -> str:
    """Name the module, or the package that a deeper file belongs to: dialects/qmail.py is dialects."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


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


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_module_imports_only_what_stands_before_it(path: Path) -> None:
    here = room(path)
    siblings = {name.split(".")[1] for name in imports(path) if name.startswith("bounce_milter.")}
    assert siblings <= {*ORDER[: ORDER.index(here)], here, "__version__"}


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in PURE], ids=room)
def test_the_core_touches_nothing_outside_itself(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & WORLD


def test_reading_and_judging_do_not_know_each_other() -> None:
    reading = {
        "charset", "markup", "message", "facts", "address", "phrases", "letterhead", "view", "speaker", "report", "candidate", "quotation", "stopped", "kinds", "dialects",
        "wrapper", "completion", "uncut", "shared", "guess", "prose", "bounce",
    }  # fmt: skip
    judging = {
        "clearing", "cleared", "normalise", "around", "terms", "votes", "pattern", "needles", "rule", "ranked", "search", "detail", "catalogue", "bycode", "supposed", "surroundings", "verdict", "poll", "notice", "fit", "meant", "classify", "why", "lint",
    }  # fmt: skip
    for path in MODULES:
        siblings = {name.split(".")[1] for name in imports(path) if name.startswith("bounce_milter.")}
        if room(path) in reading:
            assert not siblings & judging, path
        if room(path) in judging:
            assert not siblings & reading, path


def test_only_the_edge_knows_pymilter() -> None:
    users = {room(p) for p in MODULES if any(name.split(".")[0] == "Milter" for name in imports(p))}
    assert users == KNOW_PYMILTER


def test_no_module_imports_the_name_that_our_folder_would_answer_to() -> None:
    assert not [p for p in MODULES if any(name.split(".")[0] == "milter" for name in imports(p))]


def test_the_source_folder_is_no_package() -> None:
    # An __init__.py there would shadow pymilter's extension module `milter`, and `import Milter` would fail.
    assert not (SOURCE / "__init__.py").exists()
