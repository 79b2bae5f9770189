"""Bytes -> a bounded, decoded view of a message's outer structure (RFC 5322, RFC 2045-2047, RFC 6522).

Rule: every bound of `limits` is applied before the work it bounds. Only the outer message is opened: what lies
inside a message/rfc822 part stays bytes. Line ends may be LF, CRLF or bare CR. Broken MIME yields what can be
read; nothing here raises on any input.
"""

import binascii
import re
from email.header import decode_header
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.message.charset import decode_text

Fields = list[tuple[str, bytes]]

_FIELD: Final = re.compile(rb"^([!-9;-~]{1,128})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
# The fields of a part that mean something (RFC 2045 3).
_OF_PART: Final = re.compile(
    rb"(?:content-[!-9;-~]{1,100}[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*)+", re.IGNORECASE
)
# Fields that no part has: those of a report, or of the message that is returned in it.
_NO_PARTS: Final = re.compile(
    rb"^(?:final-recipient|reporting-mta|arrival-date|return-path|received|from|subject|message-id)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_A_FIELD: Final = re.compile(rb"[\w-]+[ \t]*:")
# A boundary line by its looks, where the header tells none that fits: the fields of a part stand below it, or none and its text.
_BOUNDARY: Final = re.compile(
    rb"^--(\S[^\n]{0,199}?)[ \t]{0,20}+\n(?=content-[a-z-]{2,30}[ \t]*:|\n)", re.IGNORECASE | re.MULTILINE
)
_ODD_ENDS: Final = re.compile(rb"\r+\n|\r")
_ODD_ENDS_OF_TEXT: Final = re.compile(r"\r+\n|\r")
_PARAMETER: Final = re.compile(
    rb";\s*([^\s=;\"]{1,64})\s*=\s*(?:\"((?:[^\"\\]|\\.){0,1024})\"?|([^;\"\s]{0,1024}))", re.DOTALL
)
#: The line that begins a signature (RFC 3676 4.3), the only one with a space at its end that does not flow on.
SIGNATURE: Final = "-- "
_COMMENT: Final = re.compile(rb"[\s(]")
_ESCAPED: Final = re.compile(rb"\\(.)")
# The first word of a field: behind it may stand a comment or a mark that does not belong there.
_WORD: Final = re.compile(r"[a-z0-9][\w.-]*")
# Within base64, a line of anything else: a footer that somebody hung below it.
_NO_BASE64: Final = re.compile(rb"^(?![ \t]*+[A-Za-z0-9+/=]*+!?[ \t]*+$)[^\n]*", re.MULTILINE)
# Within quoted-printable, spaces that a line got on its way (RFC 2045 6.7 3).
_PADDED_BREAK: Final = re.compile(rb"=[ \t]+$", re.MULTILINE)
# Encoded words side by side (RFC 2047 2): the space between them is none, and a letter may begin in one and end in the next.
_ENCODED_WORDS: Final = re.compile(r"=\?[^?]*\?[bq]\?.*?\?=(?: ?=\?[^?]*\?[bq]\?.*?\?=)*", re.IGNORECASE)


class Part(msgspec.Struct, frozen=True):
    """One leaf: media type in lower case, its parameters and its undecoded body."""

    type: str
    parameters: dict[str, str]
    encoding: str
    body: bytes

    def text(self) -> str:
        """Return the decoded text, transfer encoding and charset undone, lines ended by line feeds, of at most TEXT_BYTES."""
        octets = _transfer_decoded(self.body, self.encoding, limits.TEXT_BYTES)
        text = decode_text(octets, self.parameters.get("charset"))  # in UTF-16 a carriage return is half a letter, too
        text = _ODD_ENDS_OF_TEXT.sub("\n", text) if "\r" in text else text
        if self.parameters.get("format", "").lower() == "flowed" and self.type == "text/plain":
            return _unflowed(text, self.parameters.get("delsp", "").lower() == "yes")
        return text

    def content(self, most: int) -> bytes:
        """Return the body without its transfer encoding (RFC 2045 6), of at most *most* octets, lines ended by line feeds."""
        return _with_line_feeds(_transfer_decoded(self.body, self.encoding, most))

    def goes_on_beyond(self, most: int) -> bool:
        """Say whether the body without its transfer encoding has more than *most* octets."""
        return len(self.body) > most and len(_transfer_decoded(self.body, self.encoding, most + 1)) > most


class Message(msgspec.Struct, frozen=True):
    """The outer message: its fields, its type, its leaves in order.

    index   the first value of each field, so that asking for one costs nothing
    truncated   there is more of it than was read: octets, parts, or parts within parts
    """

    fields: Fields
    index: dict[str, bytes]
    type: str
    parameters: dict[str, str]
    parts: tuple[Part, ...]
    truncated: bool

    def first(self, name: str) -> str | None:
        """Return the first field called *name* (lower case), decoded and unfolded; None without one."""
        value = self.index.get(name)
        return None if value is None else decode_field(value)

    def all(self, name: str) -> list[str]:
        """Return every field called *name* (lower case), decoded and unfolded."""
        return [decode_field(value) for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        """Say whether a field called *name* (lower case) stands in the header."""
        return name in self.index


def parse(message: bytes) -> Message:
    """Return the bounded view of *message* (RFC 5322 2)."""
    data = _with_line_feeds(message[: limits.MESSAGE_BYTES]).lstrip(b"\n")
    header, body = split(data)
    fields = parse_fields(header)
    type_, parameters = content_type(fields)
    opened = _Opened()
    opened.add(fields, body, type_, parameters)
    truncated = not opened.whole or len(message) > limits.MESSAGE_BYTES
    return Message(fields, dict(reversed(fields)), type_, parameters, tuple(opened.parts), truncated)


def _unflowed(text: str, spaceless: bool) -> str:
    """Return format=flowed text with its paragraphs on one line again (RFC 3676 4.1).

    spaceless   the space at the end of a line is none of the text (DelSp)
    """
    given = text.split("\n")
    if all(line.endswith(" ") for line in given if line):  # it says nothing then
        return text
    lines: list[list[str]] = []
    flows, before = False, 0
    for line in given:
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        if not (flows and depth == before) or words == SIGNATURE:
            lines.append([">" * depth + " " if depth else ""])
        flows, before = words.endswith(" ") and words != SIGNATURE, depth
        lines[-1].append(words[:-1] if flows and spaceless else words)
    return "\n".join(map("".join, lines))


def _with_line_feeds(octets: bytes) -> bytes:
    """Return octets with a line feed for every line end; within base64 they have those of their own (RFC 2045 6.8)."""
    if b"\r" not in octets:
        return octets
    octets = octets.replace(b"\r\n", b"\n")
    return _ODD_ENDS.sub(b"\n", octets) if b"\r" in octets else octets


def split(data: bytes) -> tuple[bytes, bytes]:
    """Return header and body; the empty line between them belongs to neither (RFC 5322 2.1)."""
    if data.startswith(b"\n"):
        return b"", data[1:]
    end = data.find(b"\n\n")
    if end < 0:
        return data, b""
    return data[:end], data[end + 2 :]


def parse_fields(header: bytes) -> Fields:
    """Return (name in lower case, raw value with its folds) in order; lines that are no field are passed over."""
    found = _FIELD.findall(header[: limits.HEADER_BYTES])[: limits.HEADER_FIELDS]
    return [(name.decode("ascii").lower(), value[: limits.FIELD_BYTES]) for name, value in found]


def content_type(fields: Fields, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """Return media type in lower case and parameters (RFC 2045 5); *default* where there is none."""
    for name, value in fields:
        if name == "content-type":
            return _media_type(value, default)
    return default, {}


def transfer_encoding(fields: Fields) -> str:
    """Return the transfer encoding in lower case (RFC 2045 6), "" where there is none."""
    value = next((value for name, value in fields if name == "content-transfer-encoding"), b"")
    return value.decode("ascii", "replace").strip().lower()


def _media_type(value: bytes, default: str) -> tuple[str, dict[str, str]]:
    """Return media type and parameters of one Content-Type value."""
    head = value.split(b";", 1)[0].strip().lower()
    if b" " in head or b"(" in head:
        head = _COMMENT.split(head, 1)[0]
    type_ = head.decode("ascii", "replace") if b"/" in head else default
    parameters: dict[str, str] = {}
    if b";" not in value:
        return type_, parameters
    for name, quoted, plain in _PARAMETER.findall(value):
        raw = (_ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted) or plain
        parameters.setdefault(name.decode("ascii", "replace").lower(), raw.decode("utf-8", "replace"))
    return type_, parameters


class _Opened:
    """The leaves found so far, depth first; `whole` while those are all, `room` for how many more parts."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.whole = True
        self._room = limits.PARTS

    def add(
        self, fields: Fields, body: bytes, type_: str, parameters: dict[str, str], depth: int = limits.NESTING
    ) -> None:
        """Add the leaves of one entity of that media type."""
        if type_.startswith("multipart/"):
            boundary = parameters.get("boundary", "")
            places = between(body, boundary.encode("utf-8", "replace")) if boundary and depth else []
            if places := places or (_between_its_looks(body) if depth else []):
                inner = "message/rfc822" if type_ == "multipart/digest" else "text/plain"
                for start, end in places:
                    self._add_part(body[start:end], depth - 1, inner)
                return
            if boundary and not depth:
                self.whole = False
            else:  # a multipart without its boundary holds no parts, but perhaps words
                type_ = "text/plain"
        encoding = _WORD.search(transfer_encoding(fields))
        self.parts.append(Part(type_, parameters, encoding[0] if encoding else "", body))

    def _add_part(self, piece: bytes, depth: int, default: str) -> None:
        if not self._room:
            self.whole = False
            return
        self._room -= 1
        header, content = _split_part(piece)
        fields = parse_fields(header)
        if not fields and header.strip():
            # Some systems forget the empty line between a part's (empty) header and its text.
            content = piece
        self.add(fields, content, *content_type(fields, default), depth)


def _split_part(piece: bytes) -> tuple[bytes, bytes]:
    """Return header and body of a part; where a report lacks the empty line between them, the part's own fields are the
    header, and those of the report no field of a part (RFC 3464 2.3.2)."""
    header, content = split(piece)
    own = _OF_PART.match(header)
    if own is None or own.end() == len(header):
        return header, content
    ends = not _A_FIELD.match(header, own.end()) or _NO_PARTS.search(header, own.end())
    if content and not content.isspace() and not ends:
        return header, content
    return header[: own.end()], piece[own.end() :]


def between(body: bytes, boundary: bytes) -> list[tuple[int, int]]:
    """Return where each part between the boundary lines begins and ends (RFC 2046 5.1.1); the last may run to the end.

    The line feed before a boundary line belongs to that line. At most PARTS + 1 are returned.
    """
    line = b"--" + boundary
    places: list[tuple[int, int]] = []
    start = -1
    at = 0 if body.startswith(line) else _next(body, line, 0)
    while at >= 0 and len(places) <= limits.PARTS:
        end = body.find(b"\n", at)
        rest = body[at + len(line) : end if end >= 0 else len(body)].strip()
        if rest in (b"", b"--"):  # else a longer boundary that begins like this one
            if start >= 0:
                places.append((start, max(start, at - 1)))
            start = -1 if rest or end < 0 else end + 1
            if start < 0:
                break
        at = _next(body, line, at)
    if start >= 0 and len(places) <= limits.PARTS:
        places.append((start, len(body)))
    return places


def _between_its_looks(body: bytes) -> list[tuple[int, int]]:
    """Return the places of `between`, the boundary known by its looks: what the header tells may not fit."""
    looks = _BOUNDARY.search(body)
    return between(body, looks[1]) if looks and b"\n--" + looks[1] in body[looks.end() - 1 :] else []


def _next(body: bytes, line: bytes, at: int) -> int:
    """Return where, behind *at*, the next line that begins so does; -1 for none."""
    return body.find(b"\n" + line, at) + 1 or -1


def _transfer_decoded(body: bytes, encoding: str, most: int) -> bytes:
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/=]", b"", _NO_BASE64.sub(b"", body[: most * 2]))
        return b"".join([_octets(piece) for piece in letters.split(b"=") if piece])[:most]
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_PADDED_BREAK.sub(b"=", body[: most * 3]))[:most]
    return body[:most]


def _octets(letters: bytes) -> bytes:
    """Return what base64 without its padding stands for: of pieces that were encoded one by one each has its own."""
    whole = len(letters) - (len(letters) % 4 == 1)  # one letter alone is no octet
    return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))


def decode_field(value: bytes) -> str:
    """Return a field's value unfolded, its encoded words decoded (RFC 2047), spaces single."""
    if value.isascii():
        # Texts are asked what they hold, not octets: those take five times as long, up to 3.11 with an exception inside.
        text = value.decode("ascii")
        if "=?" not in text and "\x1b" not in text and "\0" not in text:  # nearly all fields
            return " ".join(text.split())
    text = " ".join(decode_text(value).split())
    if "=?" not in text:
        return text
    # Behind the last end no encoded word ends; to look for one from each that begins there takes the square of the time.
    end = text.rfind("?=") + len("?=")
    text = _ENCODED_WORDS.sub(_decoded, text[:end]) + text[end:]
    return " ".join(text.split())


def _decoded(words: re.Match[str]) -> str:
    try:
        pieces = decode_header(words[0])
    except Exception:  # the library raises several types on broken words; the raw ones are still evidence
        return words[0]
    return "".join([decode_text(piece, charset) for piece, charset in pieces])
