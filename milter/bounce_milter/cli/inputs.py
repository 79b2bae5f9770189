"""Where the command line's messages and replies come from: files, mboxes, Maildirs, folders, standard input.

Rule: one message at a time, in a fixed order, each under a name; what cannot be read is told under its name and the
rest goes on. Of a message no more is held than the reader looks at.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from bounce_milter import limits
from bounce_milter.message import charset

# Sender and date, as RFC 4155 and the programs around it have them; a sentence that begins with "From" parts nothing.
_PARTS = re.compile(rb"From (?:\S+ +| +)(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d{4}-\d\d-\d\d).{0,20}\d\d:\d\d")
_BLANK: Final = (b"\n", b"\r\n")
_PACKED: Final = "compressed by {}; {} FILE | bounce-milter explain -"
_UTF16: Final = "UTF-16 text; iconv -f UTF-16 -t UTF-8 FILE | bounce-milter explain -"
#: How files begin that hold a message in another form, and what makes one of it.
_OTHER_FORMS: Final = {
    b"\x1f\x8b": _PACKED.format("gzip", "zcat"), b"BZh": _PACKED.format("bzip2", "bzcat"),
    b"\xfd7zXZ\0": _PACKED.format("xz", "xzcat"), b"\x28\xb5\x2f\xfd": _PACKED.format("zstd", "zstdcat"),
    b"\xff\xfe": _UTF16, b"\xfe\xff": _UTF16, b"\xd0\xcf\x11\xe0": "Outlook's own format; save it as .eml",
}  # fmt: skip
#: One octet more than the reader takes, so that it sees that there is more.
READ: Final = limits.MESSAGE_BYTES + 1


class Input(NamedTuple):
    """One message under the name of its source, or the reason why there is none."""

    source: str
    message: bytes | None
    error: str | None = None


def paths(what: str) -> list[Path]:
    """Return the files that *what*, a file or a folder, holds: every file below a folder, sorted by path, of a Maildir
    those that are whole.

    A folder that may not be listed stands for what is in it, so that opening it says why.
    """
    if not os.path.isdir(what):
        return [Path(what)]
    closed: list[OSError] = []
    found: list[Path] = []
    for folder, below, names in os.walk(what, onerror=closed.append):
        if _IN_MAILDIR.issubset(below):
            below.remove("tmp")  # what lies there is still being written
        found += [path for name in names if _counts(path := Path(folder, name))]
    return sorted([*found, *(Path(error.filename) for error in closed)])


_IN_MAILDIR: Final = frozenset({"cur", "new", "tmp"})


def _counts(path: Path) -> bool:
    """Say whether a file below a folder is shown: a regular one, or one that cannot even be looked at."""
    try:
        regular = stat.S_ISREG(os.stat(path).st_mode)
    except OSError as error:
        regular = error.errno not in (errno.ENOENT, errno.ELOOP)  # a link to nothing
    return regular and not _is_maildir_state(path)


def _is_maildir_state(path: Path) -> bool:
    return path.name.startswith(("dovecot", "maildir")) and os.path.isdir(path.parent / "cur")


def standard_input() -> BinaryIO:
    """Return standard input; OSError where whoever started the program closed it."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "closed", "standard input")
    return sys.stdin.buffer


def messages(what: str) -> Iterator[Input]:
    """Yield the messages of *what*: `-` is standard input."""
    if what == "-":
        try:
            yield from _split("-", standard_input())
        except OSError as error:
            yield Input("-", None, error.strerror or str(error))
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


def of_lines(file: str) -> Iterator[tuple[str, str]]:
    r"""Yield the replies of a file, `-` for standard input, each under its line: one a line, \n for a line break in it."""
    with nullcontext(standard_input()) if file == "-" else open(file, "rb") as lines:
        for number, line in enumerate(_cut(lines), 1):
            text = charset.decode_text(line.rstrip(b"\r\n"))  # each in a charset of its own
            yield f"{file}#{number}", text.replace("\\n", "\n")


def _cut(lines: BinaryIO) -> Iterator[bytes]:
    """Yield each line, one that is longer than a message without its rest."""
    for line in iter(partial(lines.readline, READ), b""):
        yield line
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = lines.readline(READ)


def _split(source: str, file: BinaryIO) -> Iterator[Input]:
    """Yield one message, or several where lines beginning with "From " part them (RFC 4155)."""
    lead, first = b"", file.readline(READ)
    if first in _BLANK:  # some programs write one before the first "From " too
        lead, first = first, file.readline(READ)
    form = next((told for start, told in _OTHER_FORMS.items() if first.startswith(start)), None)
    if form:
        yield Input(source, None, form)
        return
    if not first.startswith(b"From "):
        yield Input(source, lead + first + file.read(max(0, READ - len(first))))
        return
    if b"\r" in first.rstrip(b"\r\n"):  # line ends of an old Macintosh: the whole file is one line
        yield Input(source, first.partition(b"\r")[2] + file.read(max(0, READ - len(first))))
        return
    for number, (message, following) in enumerate(pairwise(chain(_mbox(file), [None])), 1):
        alone = number == 1 and following is None
        yield Input(source if alone else f"{source}#{number}", message)


def _mbox(file: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of an mbox whose first "From " line has been read; each cut at the bound."""
    lines: list[bytes] = []
    size = 0
    blank = False
    for line in iter(partial(file.readline, READ), b""):
        if blank and _PARTS.match(line):
            yield b"".join(lines)
            lines, size = [], 0
            blank = False
            continue
        blank = line in _BLANK
        if size < READ:
            lines.append(line[: READ - size])
            size += len(line)
    yield b"".join(lines)
