"""What every measure of a running filter needs: the two C programs, compiled; the filter and the floor, started.

Needs gcc and libmilter's headers, as pymilter does. Everything made lies in build/bench; sockets in a folder that goes.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from tests.e2e.filter import COMMAND, FilterProcess
from tests.e2e.places import connect, end, until_it_answers

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build" / "bench"
_HERE: Final = Path(__file__).parent
_FLAGS: Final = ("-std=gnu11", "-O2", "-Wall", "-Wextra")


class Told(msgspec.Struct, frozen=True):
    """What the load client counted; the C file says what each means. Times in microseconds."""

    messages: int
    bounces: int
    explained: int
    changes: int
    cut: int
    lost: int
    refused: int
    hung: int
    unreachable: int
    rate: float
    p99_us: float


def program(name: str) -> Path:
    """Return the C program, compiled anew where a source is newer."""
    target = BUILD / name
    sources = [_HERE / f"{name}.c", *_HERE.glob("*.h")]
    if not target.exists() or any(s.stat().st_mtime > target.stat().st_mtime for s in sources):
        BUILD.mkdir(parents=True, exist_ok=True)
        libraries = ["-lmilter"] if name == "noop" else []
        subprocess.run(["gcc", *_FLAGS, "-o", target, sources[0], "-pthread", *libraries], check=True)
    return target


@cache
def command(*, short: bool) -> Path:
    """Return the command, installed into an environment of its own as README says; in short the one at hand.

    A library of the tests that another looks for is loaded where it is there: a tenth of a second, and a megabyte.
    """
    if short:
        return COMMAND
    home = BUILD / "installed"
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
    subprocess.run([home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", ROOT], check=True)
    return home / "bin" / COMMAND.name


def load(place: Path, ordinary: Path, bounces: Sequence[Path], *words: str) -> "subprocess.Popen[str]":
    """Start the load client; `told` waits for it."""
    files = [word for path in bounces for word in ("-b", str(path))]
    command = [str(program("load")), "-s", str(place), "-o", str(ordinary), *files, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def told(running: "subprocess.Popen[str]", seconds: float = 600) -> Told:
    """Return what the load client says at its end."""
    try:
        out, _ = running.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        raise
    if running.returncode:
        raise RuntimeError(f"the load client ended with {running.returncode}")
    return msgspec.convert(json.loads(out), Told)


@contextmanager
def floor(home: Path) -> Iterator[Path]:
    """Run the least that a filter can do; yield its socket."""
    place = home / "noop.sock"
    process = subprocess.Popen([program("noop"), f"unix:{place}"])
    try:
        until_it_answers(process, lambda: connect(place), pause=0.02)
        yield place
    finally:
        end(process, 10)
        place.unlink(missing_ok=True)


@contextmanager
def product(home: Path, text: str = "", workers: int = 0, command: Path = COMMAND) -> Iterator[FilterProcess]:
    """Run the real command; `workers` 0 is its default, one a processor."""
    process = FilterProcess(home / "filter", command=command)
    config = process.config.read_text()
    process.config.write_text(config.replace("workers = 1\n", f"workers = {workers}\n" if workers else "") + text)
    process.start()
    try:
        yield process
    finally:
        process.stop()
