"""Where Prometheus asks: /metrics and /health over HTTP, on a TCP port or a unix socket, in the supervisor's loop.

Rule: it serves beside what matters and never before it: nothing blocks, a conversation has a bound on octets, on time
and on how many there may be at once, and ends with its answer; who asks nothing gives way to who comes. Only GET and
HEAD; nothing that comes in is believed but the path.
"""

import os
import re
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from bounce_milter.daemon.sockets import SocketError, SocketFile, check_stale, told
from bounce_milter.settings.place import listen_address

_REQUEST_OCTETS: Final = 4_096
#: At once: what lies unread when a TCP connection is closed takes the answer with it.
_READ_OCTETS: Final = 65_536
#: What stands before the path where the whole address is asked for, which a server has to take (RFC 9112 3.2.2).
_ORIGIN: Final = re.compile(r"^https?://[^/?]*", re.IGNORECASE)
_SECONDS: Final = 5.0
_AT_ONCE: Final = 16
_REST_SECONDS: Final = 1.0
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"

#: path -> (status line, body)
Pages = Callable[[str], tuple[str, bytes]]


class Door(NamedTuple):
    """The listening socket, and its file, None for TCP."""

    listening: socket.socket
    file: SocketFile | None

    def close(self) -> None:
        """Close it; the socket's file goes too."""
        self.listening.close()
        if self.file:
            self.file.remove()


class _Conversation:
    """One client: what it asked so far, what it still has to get."""

    __slots__ = ("answer", "connection", "request", "until")

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.request = b""
        self.answer: bytes | None = None
        self.until = time.monotonic() + _SECONDS


class Endpoint:
    """The listening socket and its conversations. What the selector holds as data is called, with nothing."""

    def __init__(self, door: Door, pages: Pages, selector: selectors.BaseSelector) -> None:
        self._pages = pages
        self._selector = selector
        self._open: set[_Conversation] = set()
        self._door = door
        self._listen_at = 0.0
        self._listen()

    def tend(self) -> None:
        """End conversations whose time is over; listen again a while after there was no room."""
        now = time.monotonic()
        if now >= self._listen_at:
            self._listen()
        for conversation in [c for c in self._open if now >= c.until]:
            self._end(conversation)

    def renew(self) -> None:
        """Make the socket anew where its path is lost; SocketError where that cannot be, and all is as it was."""
        file = self._door.file
        if file and file.lost:
            door = opened(f"unix:{file.path}")
            self._shut()
            self._door = door
            self._listen()

    def close(self) -> None:
        """End everything; the socket's file goes too."""
        for conversation in list(self._open):
            self._end(conversation)
        self._shut()

    def _shut(self) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(self._door.listening)
        self._door.close()

    def forget(self) -> None:
        """Close the descriptors in a process that was forked and has no part in this."""
        for conversation in self._open:
            conversation.connection.close()
        self._door.listening.close()

    def _listen(self) -> None:
        with suppress(KeyError):  # it does
            self._selector.register(self._door.listening, selectors.EVENT_READ, self._accept)

    def _accept(self) -> None:
        try:
            connection, _ = self._door.listening.accept()
        except OSError:
            # Gone again, or no descriptor is left for it: it would wait at the door, and the loop turn without rest.
            self._selector.unregister(self._door.listening)
            self._listen_at = time.monotonic() + _REST_SECONDS
            return
        if len(self._open) >= _AT_ONCE:
            silent = min((c for c in self._open if c.answer is None), key=lambda c: c.until, default=None)
            if silent is None:
                connection.close()
                return
            self._end(silent)
        connection.setblocking(False)
        conversation = _Conversation(connection)
        self._open.add(conversation)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._read(conversation))

    def _read(self, conversation: _Conversation) -> None:
        try:
            data = conversation.connection.recv(_READ_OCTETS)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        conversation.request += data
        whole = b"\r\n\r\n" in conversation.request or b"\n\n" in conversation.request
        if not data:
            self._end(conversation)
        elif whole or len(conversation.request) > _REQUEST_OCTETS:
            conversation.answer = self._answer(conversation.request)
            self._selector.modify(conversation.connection, selectors.EVENT_WRITE, lambda: self._write(conversation))

    def _write(self, conversation: _Conversation) -> None:
        try:
            sent = conversation.connection.send(conversation.answer or b"")
        except BlockingIOError:
            return
        except OSError:
            sent = len(conversation.answer or b"")
        conversation.answer = (conversation.answer or b"")[sent:]
        if not conversation.answer:
            self._end(conversation)

    def _answer(self, request: bytes) -> bytes:
        method, _, rest = request.partition(b"\n")[0].decode("latin-1").strip().partition(" ")
        path = _ORIGIN.sub("", rest.split(" ")[0]).partition("?")[0]
        if len(request) > _REQUEST_OCTETS:
            status, body = "431 Request Header Fields Too Large", b"too long\n"
        elif method not in ("GET", "HEAD"):
            status, body = "405 Method Not Allowed", b"only GET and HEAD\n"
        else:
            status, body = self._pages(path)
        head = f"HTTP/1.1 {status}\r\nContent-Type: {_TEXT}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + (b"" if method == "HEAD" else body)

    def _end(self, conversation: _Conversation) -> None:
        self._open.discard(conversation)
        with suppress(KeyError, ValueError):
            self._selector.unregister(conversation.connection)
        conversation.connection.close()


def opened(listen: str) -> Door:
    """Return the socket that listens at an address of the configuration; SocketError says why there is none."""
    place = listen_address(listen)
    try:
        if isinstance(place, str):
            check_stale(place)
            with suppress(FileNotFoundError):
                os.unlink(place)
            found = socket.socket(socket.AF_UNIX)
            before = os.umask(0o117)
            try:
                found.bind(place)
            finally:
                os.umask(before)
        else:
            found = socket.create_server(place, family=socket.AF_INET6 if ":" in place[0] else socket.AF_INET)
        found.listen(_AT_ONCE)
        found.setblocking(False)
    except SocketError as error:
        raise SocketError(f"metrics.listen: {error}") from None
    except (OSError, TypeError) as error:
        raise SocketError(f"metrics.listen: {listen}: {told(error)}") from error
    return Door(found, SocketFile(place) if isinstance(place, str) else None)
