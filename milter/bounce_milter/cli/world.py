"""What `check` sees beyond its own files: can the service's user read and write what he must (`folders`), and does
Postfix ask the filter and reach it (`postfix`)?

Rule: it looks and never changes. Each finding says what is wrong and what to do.
"""

import grp
import os
import pwd
import sys
from collections.abc import Iterator
from pathlib import Path

from bounce_milter.cli import folders, postfix
from bounce_milter.cli.folders import SERVICE
from bounce_milter.settings import Settings
from bounce_milter.settings.place import UnixAddress, address


def look(options: Settings, file: str = "", *, socket: bool = True) -> list[str]:
    """Return what is in the way of these options, each with what to do about it.

    file     where they stand; what is said of one begins with it
    socket   whether their milter.socket is the one that was meant; else it is not looked at, nor what Postfix says of it
    """
    found = [f"{file}: {told}" if file else told for told in _own(options, socket=socket)]
    return found + (postfix.look(options) if socket else [])


def _own(options: Settings, *, socket: bool) -> Iterator[str]:
    group = options.milter.socket_group
    if group and not group.isdigit():
        try:
            grp.getgrnam(group)
        except KeyError:
            yield f"milter.socket_group: there is no group {group!r}; make it, or leave the option empty"
    place = address(options.milter.socket)
    if socket and isinstance(place, UnixAddress):
        yield from folders.socket("milter.socket", Path(place.path), folders.LOCKED)
    if options.metrics.listen.startswith("unix:"):
        yield from folders.socket("metrics.listen", Path(options.metrics.listen.removeprefix("unix:")), folders.FILE)
    if options.review.maildir and options.review.mode == "maildir":
        yield from folders.maildir("review.maildir", Path(options.review.maildir))


def as_service(name: str = SERVICE) -> str | None:
    """Take the rights of the service's user for good where root looks and there is such a user; return the name.

    What root can read, the service perhaps cannot.
    """
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        return None
    if os.geteuid() != 0 or user.pw_uid == 0:
        return None
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    return name


def closed() -> list[str]:
    """Return what keeps the user who looks from the program's own files, as an installation under umask 077 does."""
    files = [sys.executable, *(getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))]
    shut = [found for file in files if file and (found := _shut(Path(file)))]
    return list(dict.fromkeys(f"the user {folders.name_of(os.geteuid())} may not {_opened(place)}" for place in shut))


def _shut(file: Path) -> Path | None:
    """Return the first folder on the way to a file that may not be entered, or the file where it may not be read."""
    shut = next((folder for folder in reversed(file.parents) if not os.access(folder, os.X_OK)), None)
    return shut or (None if os.access(file, os.R_OK) else file)


def _opened(place: Path) -> str:
    """Return what may not be done and how it can be; a folder that holds more than the program is opened by nobody."""
    if place.is_relative_to(sys.prefix) and sys.prefix != sys.base_prefix:
        return f"read {sys.prefix}, where this program lies; chmod -R go+rX {sys.prefix}"
    return f"read {place}, where a part of this program lies; open it, or install the program and its Python elsewhere"
