"""Places to listen at, as the options write them: of the milter, as libmilter does, and of the metrics.

Rule: a place that the system could not take is refused, and the message says what was expected. No name is looked up.
"""

import re
from typing import Final, Literal, NamedTuple


class UnixAddress(NamedTuple):
    """A socket in the file system."""

    path: str


class InetAddress(NamedTuple):
    """A TCP socket; `host` "" is every address of the machine."""

    version: Literal[4, 6]
    host: str
    port: int


class Inherited(NamedTuple):
    """A listening socket that is already open, as systemd passes it (sd_listen_fds(3))."""

    number: int


Address = UnixAddress | InetAddress | Inherited
#: Octets of a path that a socket can have: sun_path (unix(7)), less the NUL.
_PATH: Final = 107
_MILTERS_PATH: Final = _PATH - len(".4194304")  # it is made under a name that ends in the process id
_BLANK: Final = re.compile(r"\s")
# Every address of the machine, written out (RFC 1122 3.2.1.3, RFC 4291 2.5.2).
_EVERY: Final = ("0.0.0.0", "::")  # noqa: S104 # it is what the admin asks for


def address(text: str) -> Address:
    """Return the place that *text* names, written as libmilter writes it; ValueError says what is wrong."""
    kind, colon, rest = ("unix", ":", text) if text.startswith("/") else text.partition(":")
    no_nul(text)
    if colon and kind in ("unix", "local"):
        if not rest.startswith("/"):
            raise ValueError("expected an absolute path after unix:")
        if len(rest.encode()) > _MILTERS_PATH:
            raise ValueError(f"expected a path of at most {_MILTERS_PATH} octets")
        return UnixAddress(rest)
    if colon and kind in ("inet", "inet6"):
        return _inet(4 if kind == "inet" else 6, rest)
    if colon and kind == "fd" and re.fullmatch(r"[0-9]{1,9}", rest):
        return Inherited(int(rest))
    raise ValueError('expected "unix:/path", "inet:port@host", "inet6:port@host" or "fd:number"')


def no_nul(text: str) -> None:
    """Raise ValueError for a text that the system would cut."""
    if "\0" in text:
        raise ValueError("expected a text without U+0000")


def _inet(version: Literal[4, 6], rest: str) -> InetAddress:
    port, _, host = rest.partition("@")
    if not _is_port(port):
        raise ValueError(
            'expected "inet:port@host", as in inet:8891@127.0.0.1 (Postfix writes host and port the other way round)'
        )
    if _BLANK.search(host):
        raise ValueError(f"expected a host without blanks behind the @, got {host!r}")
    if version == 4 and ":" in host:
        raise ValueError('expected "inet6:port@host" for an IPv6 address')
    host = host.strip("[]")
    return InetAddress(version, "" if host in _EVERY else _as_number(host, version), int(port))


def _is_port(text: str) -> bool:
    """Say whether *text* is the number of a TCP port; of thousands of digits int() makes none."""
    return re.fullmatch(r"[0-9]{1,9}", text) is not None and 0 < int(text) < 65_536


def listen_address(text: str) -> tuple[str, int] | str:
    """Return host and port of "host:port" or "[::1]:port", or the path of "unix:/path"; ValueError says what is wrong."""
    no_nul(text)
    if text.startswith("unix:"):
        path = text.removeprefix("unix:")
        if not path.startswith("/") or len(path.encode()) > _PATH:
            raise ValueError(f"expected an absolute path of at most {_PATH} octets after unix:")
        return path
    host, colon, port = text.rpartition(":")
    if not (colon and host and "/" not in host and not _BLANK.search(host) and _is_port(port)):
        raise ValueError('expected "host:port", as in 127.0.0.1:9102, or "unix:/path"')
    return host.strip("[]"), int(port)


def same(one: Address, other: tuple[str, int] | str) -> bool:
    """Say whether one of the milter's addresses and one of the metrics cannot both be listened at."""
    if not isinstance(one, InetAddress) or isinstance(other, str):
        return isinstance(one, UnixAddress) and one.path == other
    host, port = other
    if (one.version, one.port) != (6 if ":" in host else 4, port):
        return False
    return one.host == _as_number(host, one.version) or not one.host or host in _EVERY


def _as_number(host: str, version: Literal[4, 6]) -> str:
    """Return the address that is localhost (RFC 6761 6.3); no other name is looked up."""
    return host if host.lower() != "localhost" else "127.0.0.1" if version == 4 else "::1"
