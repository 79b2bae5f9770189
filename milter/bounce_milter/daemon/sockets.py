"""Opens the socket that the mail server connects to: once, before any worker starts, for all of them.

Rule: the path is never without a socket and never with a half-made one: it is made under another name, given its
group and mode, and renamed into place. A socket that nobody serves any more is replaced, one that somebody serves is
not touched, and what is no socket is never removed. Nothing waits without end: whoever may read the socket's folder
may lock it. The descriptor is non-blocking: workers that lose the race for a connection must not wait in accept(2),
where libmilter would not see that it is told to stop.
"""

import errno
import fcntl
import grp
import os
import selectors
import socket
import stat
import time
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager, suppress

from bounce_milter.settings import Milter, Settings
from bounce_milter.settings.place import Address, InetAddress, Inherited, UnixAddress, address

_BACKLOG = 512
_FIRST_PASSED = 3  # sd_listen_fds(3)
#: Another instance holds the lock for as long as it opens its socket: milliseconds.
_LOCK_SECONDS = 2.0
_HINTS = {
    errno.EADDRINUSE: "; is another instance running?",
    errno.EAFNOSUPPORT: "; the supplied unit has no network, its drop-in file network.conf gives it one",
}
_FOLDER_HINTS = {
    errno.ENOENT: "; the folder of the socket must exist",
    errno.EACCES: "; the filter's user must be allowed to write there",
    errno.EROFS: "; the unit must allow it, by ReadWritePaths= with the folder",
}


class SocketError(Exception):
    """The socket cannot be opened; the text says why and what to do."""


def told(error: OSError | TypeError) -> str:
    """Return what the system says against a socket, and what to do where that is known."""
    if not isinstance(error, OSError):  # of a host name that cannot be encoded
        return "this host name is none"
    return f"{error.strerror or error}{_HINTS.get(error.errno or 0, '')}"


class SocketFile:
    """The file of a socket that was just opened: which one it is, so that no other is ever taken for it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._identity = _identity(path)

    @property
    def lost(self) -> bool:
        """Whether its path leads here no more: somebody removed the file or put another in its place."""
        return _identity(self.path) != self._identity

    def remove(self) -> None:
        """Remove it, unless it is lost: another instance's lies there."""
        if not self.lost:
            with suppress(OSError):
                os.unlink(self.path)


class Listener:
    """A listening socket and its path, which goes when it goes unless somebody else made it."""

    def __init__(self, sock: socket.socket, name: str, path: str | None = None) -> None:
        self.sock = sock
        self.name = name
        self._file = SocketFile(path) if path else None
        sock.setblocking(False)

    @property
    def inherited(self) -> bool:
        """Whether it was open before this service began, as systemd passes it."""
        return self.name.startswith("fd:")

    @property
    def lost(self) -> bool:
        """Whether its path leads here no more (`SocketFile`)."""
        return self._file is not None and self._file.lost

    def unlink(self) -> None:
        """Remove the path, unless another instance has put its own socket there, or systemd made this one."""
        if self._file and not self.inherited:
            self._file.remove()
        self._file = None

    def let_in(self, seconds: float) -> None:
        """Wait until the connections that were made so far are taken, for so long at most: closing would cut them."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            while time.monotonic() < end and selector.select(0):
                time.sleep(0.01)

    def turn_away(self) -> None:
        """Hang up on whoever waits to be served: an end is an answer, silence is none."""
        with suppress(OSError):
            for _ in range(_BACKLOG):
                self.sock.accept()[0].close()

    def close(self) -> None:
        """Close this process's descriptor."""
        self.sock.close()


def open_listener(options: Milter, environment: MutableMapping[str, str] = os.environ) -> Listener:
    """Return the listening socket that the options name, or the one that systemd passed."""
    passed = _passed(environment)
    if passed is not None:
        return _inherited(passed)
    where: Address = address(options.socket)
    if isinstance(where, Inherited):
        return _inherited(where.number)
    if isinstance(where, UnixAddress):
        return _unix(where.path, options)
    family = socket.AF_INET if where.version == 4 else socket.AF_INET6
    return _inet(family, where.host, where.port, options.socket)


def inherited(options: Milter, environment: MutableMapping[str, str] = os.environ) -> Listener | None:
    """Return the listening socket that was open before this service began; None where the options name a place. SocketError.

    To be asked before anything is opened that could get its number.
    """
    named = isinstance(address(options.socket), Inherited)
    return open_listener(options, environment) if named or _is_passed(environment) else None


def moved(old: Settings, new: Settings, listener: Listener) -> Listener | None:
    """Return a new listening socket where the new options name another one, or the path of *listener* is lost.

    SocketError where that needs a restart, with all that does.
    """
    before, after = old.milter, new.milter
    elsewhere = not same_place(old, new)
    access = (before.socket_mode, before.socket_group) != (after.socket_mode, after.socket_group)
    problems = ["metrics.listen changes with a restart only"] if old.metrics != new.metrics else []
    # A number that only a reload names is that of something of our own.
    if elsewhere and (listener.inherited or isinstance(address(after.socket), Inherited)):
        problems.append("milter.socket comes from systemd and changes with a restart only")
    elif access and not (elsewhere or listener.inherited):
        problems.append("milter.socket_mode and socket_group change with a restart only")
    if problems:
        raise SocketError("\n".join(problems))
    if listener.inherited or not (elsewhere or listener.lost):
        return None
    try:
        return open_listener(after)
    except SocketError:
        if elsewhere and _port(before) == _port(after) is not None:
            raise SocketError("milter.socket: on the same port the host changes with a restart only") from None
        raise


def _port(options: Milter) -> tuple[int, int] | None:
    """Return the protocol and the port of a TCP socket."""
    where = address(options.socket)
    return (where.version, where.port) if isinstance(where, InetAddress) else None


def same_place(one: Settings, other: Settings) -> bool:
    """Say whether both options name the same socket, in whatever words."""
    return _place(one) == _place(other)


def _place(options: Settings) -> Address:
    """Return where the options listen; of a path the links of its folder are resolved: /var/run is /run."""
    where = address(options.milter.socket)
    if isinstance(where, UnixAddress):
        folder, name = os.path.split(where.path)
        return UnixAddress(os.path.join(os.path.realpath(folder), name))
    return where


def quiet() -> socket.socket:
    """Return a listening socket that nobody can reach.

    A worker that drains puts it in the place of the real one: libmilter goes on waiting for connections that never
    come, while those it has are served to their end.
    """
    sock = socket.socket(socket.AF_UNIX)
    with private_folder() as folder:
        sock.bind(f"{folder}/quiet")
        sock.listen(1)
        sock.setblocking(False)
    return sock


@contextmanager
def private_folder() -> Iterator[str]:
    """Give a folder that only this user may enter; on leaving it is removed with the sockets in it. OSError.

    The standard library's tempfile costs every worker a megabyte, and a worker that drains the time to load it.
    """
    folder = f"{os.environ.get('TMPDIR') or '/tmp'}/bounce-milter-{os.urandom(16).hex()}"  # noqa: S108 # never one that exists
    os.mkdir(folder, 0o700)
    try:
        yield folder
    finally:
        for name in os.listdir(folder):
            os.unlink(f"{folder}/{name}")
        os.rmdir(folder)


def _passed(environment: MutableMapping[str, str]) -> int | None:
    """Return the descriptor that systemd passed to this very process, once."""
    if not _is_passed(environment):
        return None
    count = environment.get("LISTEN_FDS", "0")
    for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"):
        environment.pop(name, None)
    if count != "1":
        raise SocketError(f"systemd passed {count} sockets, expected one; serve several from several units")
    return _FIRST_PASSED


def _is_passed(environment: MutableMapping[str, str]) -> bool:
    return environment.get("LISTEN_PID") == str(os.getpid())


def _inherited(number: int) -> Listener:
    try:
        sock = socket.socket(fileno=os.dup(number))
        if not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            raise SocketError(f"descriptor {number} is a socket that does not listen")
    except OSError as error:
        raise SocketError(f"descriptor {number} is no listening socket: {error.strerror}") from None
    path = sock.getsockname()
    return Listener(sock, f"fd:{number}", path if isinstance(path, str) and path.startswith("/") else None)


def _inet(family: int, host: str, port: int, name: str) -> Listener:
    with ExitStack() as undo:
        try:
            sock = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((host, port))
            sock.listen(_BACKLOG)
        except (OSError, TypeError) as error:
            raise SocketError(f"{name}: {told(error)}") from None
        undo.pop_all()
    return Listener(sock, name)


def _unix(path: str, options: Milter) -> Listener:
    folder = os.path.dirname(path)
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise SocketError(_untaken(folder, error)) from None
    try:
        _take(lock, folder)  # two that start at once must not both find the old socket stale
        check_stale(path)
        return Listener(_bound(path, options), options.socket, path)
    except OSError as error:
        raise SocketError(_untaken(path, error)) from None
    finally:
        os.close(lock)


def _take(lock: int, folder: str) -> None:
    """Lock the open *folder*; SocketError where another process keeps it locked, OSError."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise SocketError(f"{folder} is locked by another process; lslocks shows by which") from None
            time.sleep(0.05)
        else:
            return


def _untaken(place: str, error: OSError) -> str:
    return f"{place}: {error.strerror or error}{_FOLDER_HINTS.get(error.errno or 0, '')}"


def check_stale(path: str) -> None:
    """Raise SocketError where something other than a socket that nobody serves stands in the way; OSError."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SocketError(f"{path} exists and is no socket; it is left alone")
    if _is_served(path):
        raise SocketError(f"{path} is served by another process; is the filter already running?")


def _is_served(path: str) -> bool:
    """Say whether somebody listens at a socket's path; OSError where that cannot be told."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        try:
            probe.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except BlockingIOError:  # the other's queue is full
            pass
    return True


def _bound(path: str, options: Milter) -> socket.socket:
    temporary = f"{path}.{os.getpid()}"
    with suppress(FileNotFoundError):
        os.unlink(temporary)
    sock = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        sock.bind(temporary)
        if options.socket_group:
            _give(temporary, options.socket_group)
        os.chmod(temporary, int(options.socket_mode, 8))
        sock.listen(_BACKLOG)
        os.rename(temporary, path)
    except BaseException:
        sock.close()
        with suppress(OSError):
            os.unlink(temporary)
        raise
    finally:
        os.umask(before)
    return sock


def _give(path: str, group: str) -> None:
    """Give the socket its group; where the system forbids that, say so with what to do instead."""
    number = _group(group)
    try:
        os.chown(path, -1, number)
    except OSError as error:
        raise SocketError(
            f"milter.socket_group: {error.strerror}; the filter's user must be in the group {group}, and the supplied "
            "unit forbids it to all: leave the option empty and make the mail server's user a member of the filter's group"
        ) from None


def _group(name: str) -> int:
    try:
        return int(name) if name.isdigit() else grp.getgrnam(name).gr_gid
    except KeyError:
        raise SocketError(f"milter.socket_group: there is no group {name}") from None


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells the file at *path* from any other, None where there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
