"""The mail server's side of a milter connection, over `miltertest`: one message in, what the filter changes out.

Packets go out as bytes, so that what no mail server should send (header names and arguments that are no text) can be
sent too. Every answer must come within the time given; an answer that is not "go on", "accept" or "skip" is an error.
"""

import socket
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from miltertest import MilterConnection, codec, constants

_FINE = (constants.SMFIR_CONTINUE, constants.SMFIR_ACCEPT, constants.SMFIR_SKIP)


# Add, change and insert fields; add ("+", with parameters "2") and delete recipients; hold; another body, another sender.
# Anything else loses or delays the mail.
_CHANGES = "hmi+2-qbe"
# libmilter leaves parameters out where there are none; miltertest expects at least one.
codec.codec[constants.SMFIR_CHGFROM] = (("from", "str"), ("args", "buf"))


class Change(NamedTuple):
    """One change that the filter asks for: the protocol's letter for it and its arguments."""

    what: str
    arguments: dict[str, object]


class Answer(NamedTuple):
    """What the filter did with a message: its last word, the changes, and whether it read the body."""

    word: str
    changes: tuple[Change, ...]
    read_body: bool

    @property
    def added(self) -> list[tuple[str, str]]:
        """The fields that were added, as name and value."""
        return [
            (_text(c.arguments["name"]), _text(c.arguments["value"]))
            for c in self.changes
            if c.what == constants.SMFIR_ADDHEADER
        ]

    @property
    def removed(self) -> list[tuple[str, int]]:
        """The fields that were removed, as name and index among those of that name."""
        found = [c.arguments for c in self.changes if c.what == constants.SMFIR_CHGHEADER]
        return [(_text(a["name"]), int(str(a["index"]))) for a in found if not a["value"]]


class RefusedError(Exception):
    """The filter gave an answer that loses or delays mail."""


class Mta:
    """A connection to a filter on a unix socket. Times in seconds; `actions` are what the server lets a filter do."""

    def __init__(self, path: Path, *, seconds: float = 10, actions: int = constants.SMFI_V6_ACTS) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(seconds)
        self._socket.connect(str(path))
        self._connection = MilterConnection(self._socket)
        self.actions, self.steps = self._connection.optneg_mta(actions)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def packet(self, command: str, data: bytes = b"", *, wait: bool = True) -> str:
        """Send one packet; return the letter of the answer, which must be a harmless one."""
        self._socket.sendall(struct.pack("!I", len(data) + 1) + command.encode() + data)
        if not wait:
            return str(constants.SMFIR_CONTINUE)
        letter = str(self._connection.recv()[0])
        if letter not in _FINE:
            raise RefusedError(f"{command} was answered with {letter}")
        return letter

    def macro(self, command: str, *pairs: str) -> None:
        """Tell the values of macros; nothing answers."""
        data = command.encode() + b"".join(pair.encode() + b"\0" for pair in pairs)
        self.packet(constants.SMFIC_MACRO, data, wait=False)

    def connect(self, host: bytes = b"client.example", helo: bytes = b"client.example") -> None:
        """Send the connection's own steps, as far as they are wanted."""
        if not self.steps & constants.SMFIP_NOCONNECT:
            self.packet(constants.SMFIC_CONNECT, host + b"\x004" + struct.pack("!H", 25) + b"192.0.2.1\0")
        if not self.steps & constants.SMFIP_NOHELO:
            self.packet(constants.SMFIC_HELO, helo + b"\0")

    def envelope(
        self, sender: str = "<>", recipients: Sequence[str] = ("<alice@example.org>",), queue_id: str = "4X"
    ) -> None:
        """Begin a message."""
        self.macro(constants.SMFIC_MAIL, "i", queue_id)
        self.packet(constants.SMFIC_MAIL, sender.encode() + b"\0", wait=not self.steps & constants.SMFIP_NR_MAIL)
        if not self.steps & constants.SMFIP_NORCPT:
            for recipient in recipients:
                self.packet(
                    constants.SMFIC_RCPT, recipient.encode() + b"\0", wait=not self.steps & constants.SMFIP_NR_RCPT
                )

    def header(self, name: bytes, value: bytes) -> None:
        """Send a field."""
        wait = not self.steps & constants.SMFIP_NR_HDR
        self.packet(constants.SMFIC_HEADER, name + b"\0" + value + b"\0", wait=wait)

    def message(
        self, message: bytes, sender: str = "<>", recipients: Sequence[str] = ("<alice@example.org>",)
    ) -> Answer:
        """Send a whole message as a mail server would and return what the filter wants changed."""
        self.envelope(sender, recipients)
        head, _, body = message.replace(b"\r\n", b"\n").partition(b"\n\n")
        for name, value in _fields(head):
            self.header(name, value)
        if self.packet(constants.SMFIC_EOH) == constants.SMFIR_ACCEPT:
            return Answer(constants.SMFIR_ACCEPT, (), read_body=False)
        body = body.replace(b"\n", b"\r\n")
        for at in range(0, len(body), constants.MILTER_CHUNK_SIZE):
            chunk = body[at : at + constants.MILTER_CHUNK_SIZE]
            if self.packet(constants.SMFIC_BODY, chunk) != constants.SMFIR_CONTINUE:
                break
        return self.end()

    def end(self) -> Answer:
        """End the message."""
        self._socket.sendall(codec.encode_msg(constants.SMFIC_BODYEOB))
        changes: list[Change] = []
        while True:
            letter, arguments = self._connection.recv()
            if letter in _FINE:
                return Answer(letter, tuple(changes), read_body=True)
            if letter not in _CHANGES:
                raise RefusedError(f"the end of the message was answered with {letter}")
            changes.append(Change(letter, dict(arguments)))

    def abort(self) -> None:
        """Give the message up."""
        self.packet(constants.SMFIC_ABORT, wait=False)


def applied(message: bytes, answer: Answer) -> bytes:
    """Return *message* as the mail server would pass it on: with the fields that were added at the end of the header."""
    head, mark, body = message.replace(b"\r\n", b"\n").partition(b"\n\n")
    added = b"".join(f"\n{name}: {value}".encode() for name, value in answer.added)
    return head + added + mark + body


def _fields(head: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Yield name and value of each field, the value with its folds, as libmilter's callers see them."""
    field = b""
    for line in [*head.split(b"\n"), b""]:
        if line[:1] in (b" ", b"\t") and field:
            field += b"\n" + line
            continue
        if b":" in field:
            name, _, value = field.partition(b":")
            yield name, value.removeprefix(b" ")
        field = line


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
