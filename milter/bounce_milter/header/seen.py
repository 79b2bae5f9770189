"""Where the words stand that a mail program shows: the first text of a body, and of alternatives the text of each.

Rule: bytes in, offsets out; nothing is decoded. What is no text, lies too deep or has no boundary is not found (RFC
2046 5.1). Never raises.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from bounce_milter import message
from bounce_milter.message import Fields

#: Parts within parts: a report in a list's wrapping, alternatives in it, and pictures beside one of them.
_DEPTH: Final = 4
#: Of alternatives: text, HTML, and what few programs know.
_ALTERNATIVES: Final = 4
_HEADER: Final = re.compile(rb"(?:[^\r\n]+\r?\n)*?\r?\n")


class Place(NamedTuple):
    """One text: where its content stands in the body, its transfer encoding and charset, and whether it is HTML."""

    start: int
    end: int
    encoding: str
    charset: str
    html: bool


def places(fields: Fields, content: bytes) -> tuple[Place, ...]:
    """Return the texts of the body *content* that are shown, in its order; `fields` are the message's."""
    return tuple(_places(fields, content, 0, len(content), _DEPTH))


def _places(fields: Fields, content: bytes, start: int, end: int, depth: int) -> Iterator[Place]:
    type_, parameters = message.content_type(fields)
    if type_ in ("text/plain", "text/html"):
        charset = parameters.get("charset") or "us-ascii"
        yield Place(start, end, message.transfer_encoding(fields), charset, type_ == "text/html")
    boundary = parameters.get("boundary", "").encode("utf-8", "replace")
    if type_.startswith("multipart/") and boundary and depth:
        most = _ALTERNATIVES if type_ == "multipart/alternative" else 1
        for inner, begin, stop in islice(_parts(content, boundary, start, end), most):
            yield from _places(inner, content, begin, stop, depth - 1)


def _parts(content: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[Fields, int, int]]:
    """Yield the header of each part, and where its content begins and ends, its last line end included."""
    for begin, stop in message.between(content[start:end], boundary):
        close = start + stop + content.startswith(b"\n", start + stop)
        header = _HEADER.match(content, start + begin, close)
        if header is None:
            return
        yield message.parse_fields(header[0].replace(b"\r\n", b"\n")), header.end(), close
