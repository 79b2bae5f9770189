"""A row of the benchmark, the table of all rows, and both as JSON.

Rule: a row says what was measured here and in this run; what could not be measured says why in its note, never a
number. A goal is told, not enforced: a machine may be busy.
"""

import json
import platform
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One measure: its value, what it is held against (`peer`, `theirs`), and the goal with its verdict."""

    name: str
    what: str
    value: float | None
    unit: str
    peer: str = ""
    theirs: float | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    note: str = ""


def at_least(
    ratio: float, name: str, what: str, unit: str, peer: str, ours: Sequence[float], theirs: Sequence[float]
) -> Row:
    """Return a row whose goal is a ratio of medians."""
    mine, other = statistics.median(ours), statistics.median(theirs)
    reached = mine / other if other else 0.0
    return Row(name, what, mine, unit, peer, other, reached, f"ratio >= {ratio:.2f}", reached >= ratio)


def beside(name: str, what: str, unit: str, peer: str, ours: Sequence[float], theirs: Sequence[float]) -> Row:
    """Return a row with a ratio of medians and no goal."""
    mine, other = statistics.median(ours), statistics.median(theirs)
    return Row(name, what, mine, unit, peer, other, mine / other if other else 0.0)


def at_most(limit: float, name: str, what: str, unit: str, value: float, note: str = "") -> Row:
    """Return a row whose goal is an upper bound."""
    return Row(name, what, value, unit, goal=f"<= {limit:g} {unit}", met=value <= limit, note=note)


def missing(name: str, what: str, why: str) -> Row:
    """Return a row for what could not be measured."""
    return Row(name, what, None, "", note=why)


def take_turns(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Return each measure's values of so many rounds; in turns, so that a busy moment strikes all of them."""
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(found, measures, strict=True):
            values.append(measure())
    return found


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(title="bounce-milter", title_justify="left")
    for heading in ("measure", "value", "beside", "ratio", "goal", "met", "note"):
        table.add_column(heading, overflow="fold", justify="right" if heading in ("value", "ratio") else "left")
    for row in rows:
        beside = f"{row.peer} {_number(row.theirs)}".strip() if row.peer else ""
        met = "" if row.met is None else "yes" if row.met else "NO"
        value = f"{_number(row.value)} {row.unit}".strip()
        table.add_row(row.what, value, beside, _number(row.ratio), row.goal, met, row.note)
    Console(width=None if Console().is_terminal else 160).print(table)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write(rows: Sequence[Row], path: Path, *, short: bool) -> None:
    """Write the rows as one JSON object, with what is needed to compare it with another run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = {"system": platform.system(), "machine": platform.machine(), "python": platform.python_version()}
    data = {"short": short, **machine, "rows": msgspec.to_builtins(rows)}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
