"""Can the filter make its files and sockets where the options name a place?

Rule: it looks and never changes. Each finding says what is wrong and what to do; nobody is told to give the filter a
folder that may be more than the filter's own. The folder that the unit makes may be missing.
"""

import os
import pwd
import stat
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path
from typing import Final

#: The user of the supplied unit.
SERVICE: Final = "bounce-milter"
#: What the supplied unit makes when the service starts, by its two names; all else below /run somebody has to make.
_MADE_LATER: Final = ("/run/bounce-milter", "/var/run/bounce-milter")
_EMPTIED: Final = ("/run/", "/var/run/")
#: Makes a folder of the filter's own, or makes one that is there its own: for sockets, and for mail, which is private.
MAKE: Final = f"install -d -o {SERVICE} -g {SERVICE} -m 0750"
_MAKE_MAILDIR: Final = f"install -d -o {SERVICE} -g {SERVICE} -m 0700"
_ELSEWHERE: Final = "name a place in a folder of the filter's own"
#: What makes a file in a folder needs (`review`, `endpoint`), and what locks the folder too (`sockets`).
FILE: Final = os.X_OK | os.W_OK
LOCKED: Final = FILE | os.R_OK
_RIGHTS: Final = {os.X_OK: "enter", os.W_OK: "write to", os.R_OK: "list"}


def socket(key: str, path: Path, needed: int) -> Iterator[str]:
    """Look at the place of a socket: its folder, and what stands there already."""
    folder = path.parent
    yield from _folder(key, folder, needed, _missing(folder), _own_place(folder, path.name))
    with suppress(OSError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            yield f"{key}: {path} exists and is no socket; move it away, or name another place"


def maildir(key: str, place: Path) -> Iterator[str]:
    """Look at what a delivery writes to (`review`): what is missing is made in the folder above it."""
    make = f"{_MAKE_MAILDIR} {place}"
    above = place.parent
    if not os.path.exists(place):
        missing = f"there is no folder {place}; make it: {make}"
        yield from _folder(key, above, FILE, missing, f"make {place}: {make}" if _enters(above) else _ELSEWHERE)
        return
    parts = {name: place / name for name in ("tmp", "new", "cur")}
    whole = all(map(os.path.exists, parts.values()))
    closed = f"give it to the filter: {make}" if _holds_only(place, set(parts)) else _ELSEWHERE
    yield from _folder(key, place, os.X_OK if whole else FILE, "", closed)
    for part in (parts["tmp"], parts["new"]):
        if os.path.exists(part):
            yield from _folder(key, part, FILE, "", f"give it to the filter: {_MAKE_MAILDIR} {part}")


def _folder(key: str, folder: Path, needed: int, missing: str, closed: str) -> Iterator[str]:
    """Look at a folder; the one that the unit makes may be missing.

    needed    the rights that the filter must have there (access(2))
    missing   what to say where it is not there
    closed    what to do where the filter lacks a right
    """
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        if str(folder) not in _MADE_LATER:
            yield f"{key}: {missing}"
        return
    except OSError as error:
        yield f"{key}: {folder} cannot be looked at: {error.strerror}"
        return
    lacking = _lacking(folder, needed)
    if not stat.S_ISDIR(mode):
        yield f"{key}: {folder} is no folder; name another place"
    elif mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        yield f"{key}: anybody may write to {folder} and could put something of his own there; chmod o-w {folder}"
    elif lacking:
        yield f"{key}: the user {name_of(os.geteuid())} may not {lacking} {folder}; {closed}"


def _missing(folder: Path) -> str:
    """Return what to say of a socket's folder that is not there; one made below /run is gone with the next start."""
    if str(folder).startswith(_EMPTIED):
        return f"there is no folder {folder}; the unit makes {_MADE_LATER[0]} alone, name a place there"
    return f"there is no folder {folder}; make it: {MAKE} {folder}"


def _own_place(folder: Path, name: str) -> str:
    """Return how the filter gets a place for its socket *name*, where it lacks rights in the folder."""
    if is_filters(folder, name):
        return f"give it to the filter: {MAKE} {folder}"
    return f"{_ELSEWHERE}: {MAKE} {folder / SERVICE}" if _enters(folder) else _ELSEWHERE


def is_filters(folder: Path, name: str) -> bool:
    """Say whether a folder is there for the filter's socket *name* alone.

    That it is empty does not say so, /srv may be: it bears the filter's name.
    """
    return folder.name == SERVICE and _holds_only(folder, {name})


def _holds_only(folder: Path, names: Set[str]) -> bool:
    """Say whether a folder holds no more than these."""
    try:
        return set(os.listdir(folder)) <= names
    except OSError:
        return False


def _enters(folder: Path) -> bool:
    return os.access(folder, os.X_OK)


def _lacking(folder: Path, needed: int) -> str:
    """Return the first thing that the filter needs to do in a folder and may not, "" where it may do all.

    Nothing is said with the eyes of a user who is not the service's: what he may do tells nothing of the service.
    """
    with suppress(KeyError):
        if pwd.getpwnam(SERVICE).pw_uid != os.geteuid():
            return ""
    return next((verb for right, verb in _RIGHTS.items() if needed & right and not os.access(folder, right)), "")


def name_of(number: int) -> str:
    """Return the name of a user, or the number of one who has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
