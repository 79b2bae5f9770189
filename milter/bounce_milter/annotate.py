"""A message in, the same message out with the fields that the milter would add: for pipes, Sieve and procmail.

Rule: the body goes through octet by octet, however long; own fields that came in are removed, ours stand on top.
Nothing is written before the message has been judged, so that whoever called has his original where this fails.
Memory is bounded by what the reader looks at.
"""

import re
import shutil
from typing import BinaryIO, Final

from bounce_milter import header, limits
from bounce_milter.explain import Knowledge, explain
from bounce_milter.vocabulary import REPORTS

_MOST: Final = limits.MESSAGE_BYTES
_OWN: Final = re.compile(
    rb"^(?:" + b"|".join(name.encode() for name in header.OWN_FIELDS) + rb")[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_END: Final = re.compile(rb"\r?\n\r?\n")


def annotate(
    source: BinaryIO, target: BinaryIO, knowledge: Knowledge, *, language: str = "en", max_recipients: int = 10
) -> None:
    """Copy the message from *source* to *target* with its fields; whatever the streams raise is raised."""
    start = source.read(_MOST)
    found = _END.search(start)
    # A header longer than the bound is passed on as it is: what cannot be read whole is not changed in part.
    end = found.start() if found else (0 if len(start) == _MOST else len(start))
    first = b"" if not start.startswith(b"From ") else start[: start.find(b"\n") + 1]
    target.write(first)
    target.write(_fields(start, knowledge, language, max_recipients) if end else b"")
    target.write(_OWN.sub(b"", start[len(first) : end] + b"\n")[:-1] if end else b"")
    target.write(start[end:] if end else start[len(first) :])
    shutil.copyfileobj(source, target)


def _fields(start: bytes, knowledge: Knowledge, language: str, max_recipients: int) -> bytes:
    report = explain(start, knowledge=knowledge, language=language)
    if report.kind not in REPORTS:
        return b""
    newline = b"\r\n" if b"\r\n" in start[:2000] else b"\n"
    lines = "".join(f"{name}: {value}\n" for name, value in header.fields(report, max_recipients=max_recipients))
    return lines.encode("ascii").replace(b"\n", newline)
