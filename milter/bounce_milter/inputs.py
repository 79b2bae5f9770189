"""Where the command line's messages come from: files, mboxes, Maildirs, folders, standard input.

Rule: one message at a time, in a fixed order, each under a name; what cannot be read is told under its name and the
rest goes on. Of a message no more is held than the reader looks at.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bounce_milter import limits

# Sender and date, as RFC 4155 has them; a sentence that begins with "From" parts nothing.
_PARTS = re.compile(rb"From \S+ +(?:\w{3} )?.{0,20}\d\d:\d\d")
_MOST = limits.MESSAGE_BYTES + 1  # one more, so that the reader sees that there is more


class Input(NamedTuple):
    """One message under the name of its source, or the reason why there is none."""

    source: str
    message: bytes | None
    error: str | None = None


def paths(what: str) -> list[Path]:
    """Return the files that *what*, a file or a folder, holds: every file below a folder, sorted by path."""
    path = Path(what)
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and not _is_maildir_state(p))


def _is_maildir_state(path: Path) -> bool:
    return path.name.startswith(("dovecot", "maildir")) and path.parent.joinpath("cur").is_dir()


def messages(what: str) -> Iterator[Input]:
    """Yield the messages of *what*: `-` is standard input."""
    if what == "-":
        yield from _split("-", sys.stdin.buffer)
        return
    for path in paths(what):
        yield from of_file(path)


def of_file(path: Path) -> Iterator[Input]:
    """Yield the message of a file, or each message of an mbox as PATH#1, PATH#2, ..."""
    try:
        with path.open("rb") as file:
            yield from _split(str(path), file)
    except OSError as error:
        yield Input(str(path), None, error.strerror or str(error))


def _split(source: str, file: BinaryIO) -> Iterator[Input]:
    """Yield one message, or several where lines beginning with "From " part them (RFC 4155)."""
    first = file.readline(_MOST)
    if not first.startswith(b"From "):
        yield Input(source, first + file.read(max(0, _MOST - len(first))))
        return
    if b"\r" in first.rstrip(b"\r\n"):  # line ends of an old Macintosh: the whole file is one line
        yield Input(source, first.partition(b"\r")[2] + file.read(max(0, _MOST - len(first))))
        return
    parted = list(_mbox(file))
    for number, message in enumerate(parted, 1):
        yield Input(source if len(parted) == 1 else f"{source}#{number}", message)


def _mbox(file: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of an mbox whose first "From " line has been read; each cut at the bound."""
    lines: list[bytes] = []
    size = 0
    blank = False
    for line in file:
        if blank and _PARTS.match(line):
            yield b"".join(lines)
            lines, size = [], 0
            blank = False
            continue
        blank = line in (b"\n", b"\r\n")
        if size < _MOST:
            lines.append(line[: _MOST - size])
            size += len(line)
    yield b"".join(lines)
