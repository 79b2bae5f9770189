"""The arrows drawn in docs/how-it-works.md are the arrows in the code."""

import ast
from pathlib import Path

import pytest

SOURCE_FOLDER = Path(__file__).parents[1] / "milter"
PACKAGE = SOURCE_FOLDER / "bounce_milter"

# A module may import only the siblings before it.  One that is missing here
# fails the test: whoever adds a file says where it belongs.
PURE = [
    "vocabulary", "codes", "limits", "reply", "catalogue", "classify",
    "message", "facts", "report", "dialects", "bounce",
    "explain", "header", "settings", "policy",
]  # fmt: skip
ORDER = [
    *PURE,
    "events", "resources", "review", "adapter", "daemon", "cli", "__main__",
]  # fmt: skip
IO_MODULES = {
    "Milter", "io", "logging", "milter", "os", "pathlib", "shutil",
    "socket", "subprocess", "sys", "tempfile", "time",
}  # fmt: skip

MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def place(path: Path) -> str:
    """Return the first name below the package: dialects/qmail.py is dialects."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """Return every dotted name that *path* imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_one_way(path: Path) -> None:
    here = place(path)
    siblings = {n.split(".")[1] for n in imported(path) if n.startswith("bounce_milter.")}
    allowed = {*ORDER[: ORDER.index(here)], here, "__version__"}
    assert siblings <= allowed


@pytest.mark.parametrize("path", [p for p in MODULES if place(p) in PURE], ids=str)
def test_core_does_no_io(path: Path) -> None:
    assert not {n.split(".")[0] for n in imported(path)} & IO_MODULES


def test_only_the_adapter_and_daemon_know_pymilter() -> None:
    users = {place(p) for p in MODULES if any(n.split(".")[0] == "Milter" for n in imported(p))}
    assert users <= {"adapter", "daemon"}


def test_source_folder_is_not_a_package() -> None:
    # milter/__init__.py would hide pymilter's C module `milter`, and then
    # `import Milter` fails with NameError: P_NR_CONN.
    assert not (SOURCE_FOLDER / "__init__.py").exists()
