"""A message in, the same message out with the fields that explain it, and none for review: for pipes, Sieve and procmail.

Rule: the body goes through octet by octet, however long; own fields that came in are removed, ours stand on top, behind
lines that would continue a field and follow none.
Nothing is written before the message has been judged, so that whoever called has his original where this fails.
Memory is bounded by what the reader looks at.
"""

import re
import shutil
from typing import BinaryIO, Final

from bounce_milter import header
from bounce_milter.cli.inputs import READ
from bounce_milter.explain import Knowledge, explain
from bounce_milter.vocabulary import REPORTS

# To its end, or to that of a message which ends in mid-line: one that has no line feeds at all is not one line.
_LINE: Final = rb"(?:[^\n]*\n|[^\r\n]*\Z)"
_OWN: Final = re.compile(
    rb"^(?:%b)[ \t]*:%b(?:[ \t]%b)*" % ("|".join(header.OWN_FIELDS).encode(), _LINE, _LINE),
    re.IGNORECASE | re.MULTILINE,
)
# At the start, where they would continue our last field.
_LOOSE: Final = re.compile(rb"(?:[ \t][^\n]*\n)*")
_EMPTY_LINE: Final = re.compile(rb"^\r?\n", re.MULTILINE)


def annotate(
    source: BinaryIO, target: BinaryIO, knowledge: Knowledge, *, language: str = "en", max_recipients: int = 10
) -> None:
    """Copy the message from *source* to *target* with its fields; whatever the streams raise is raised."""
    start = source.read(READ)
    begin = start.find(b"\n") + 1 if start.startswith(b"From ") else 0
    loose = _LOOSE.match(start, begin)
    begin = loose.end() if loose else begin
    empty = _EMPTY_LINE.search(start, begin)
    # A header longer than the bound is passed on as it is: what cannot be read whole is not changed in part.
    end = empty.start() if empty else len(start) if len(start) < READ else begin
    # And what has no field is no bounce: its words would be taken for the header (`adapter`).
    added = _fields(start, knowledge, language, max_recipients) if end > begin else b""
    target.write(start[:begin] + added + _OWN.sub(b"", start[begin:end]) + start[end:])
    shutil.copyfileobj(source, target)


def _fields(start: bytes, knowledge: Knowledge, language: str, max_recipients: int) -> bytes:
    report = explain(start, knowledge=knowledge, language=language)
    if report.kind not in REPORTS:
        return b""
    newline = b"\r\n" if start.partition(b"\n")[0].endswith(b"\r") else b"\n"
    lines = "".join(f"{name}: {value}\n" for name, value in header.fields(report, max_recipients=max_recipients))
    return lines.encode("ascii").replace(b"\n", newline)
