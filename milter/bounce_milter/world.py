"""What `check` sees beyond its own files: can the mail server reach the socket, and does it ask the filter at all?

Rule: it looks and never changes. Each finding says what is wrong and what to do. What is not there (no Postfix, a
socket that systemd makes later) is no finding; a command that hangs or fails is told and not waited for.
"""

import grp
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bounce_milter import settings
from bounce_milter.settings import InetAddress, Settings, UnixAddress

_SECONDS: Final = 10
_NAMES: Final = (
    "queue_directory", "mail_owner", "smtpd_milters", "non_smtpd_milters", "internal_mail_filter_classes",
    "milter_default_action",
)  # fmt: skip
#: The services of Postfix that ask milters, and the option that names the milters of each.
_ASKS: Final = {"smtpd": "smtpd_milters", "cleanup": "non_smtpd_milters"}


def look(options: Settings) -> list[str]:
    """Return what is in the way of these options, each with what to do about it."""
    found = list(_socket(options))
    if options.review.maildir and options.review.mode == "maildir":
        found += _folder("review.maildir", Path(options.review.maildir).parent)
    try:
        asked = _postconf()
    except (OSError, subprocess.SubprocessError) as error:
        return [*found, f"postconf cannot be asked ({type(error).__name__}); see to Postfix's configuration by hand"]
    if asked:
        found += _postfix(options, asked)
    return found


def _socket(options: Settings) -> Iterator[str]:
    group = options.milter.socket_group
    if group:
        try:
            grp.getgrnam(group)
        except KeyError:
            yield f"milter.socket_group: there is no group {group!r}; make it, or leave the option empty"
    place = settings.address(options.milter.socket)
    if isinstance(place, UnixAddress):
        yield from _folder("milter.socket", Path(place.path).parent)


def _folder(key: str, folder: Path) -> Iterator[str]:
    """Look at a folder that is there; one that is not may be made by systemd when the service starts."""
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{key}: {folder} cannot be looked at: {error.strerror}"
        return
    if not stat.S_ISDIR(mode):
        yield f"{key}: {folder} is no folder"
    elif mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        yield f"{key}: anybody may write to {folder} and could put a socket of his own there; chmod o-w {folder}"


def _postconf() -> dict[str, str]:
    """Return Postfix's settings; empty without Postfix. OSError, SubprocessError."""
    command = shutil.which("postconf")
    if command is None:
        return {}
    told = _run(command, *_NAMES)
    found = dict(re.findall(r"^(\w+) =[ \t]*(.*)$", told, re.MULTILINE))
    found["services"] = _run(command, "-M")
    return found


def _run(command: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 # the command is Postfix's own, found in PATH
        [command, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=True, errors="replace"
    )
    return done.stdout


def _postfix(options: Settings, told: Mapping[str, str]) -> Iterator[str]:
    place = settings.address(options.milter.socket)
    names = _names(place, told.get("queue_directory", ""))
    if not names:
        return
    for service, option in _ASKS.items():
        value = told.get(option, "")
        if not any(name in value for name in names):
            yield f"Postfix: {option} does not name {names[0]}; add the lines of config/postfix/main.cf and reload"
        elif "default_action" not in value and told.get("milter_default_action") not in ("accept", "ignore"):
            yield (
                f"Postfix: {option} defers mail while the filter is away; write {{ {names[0]}, default_action=accept }}"
            )
        if isinstance(place, UnixAddress) and _locked_in(service, told["services"]):
            queue = told.get("queue_directory", "")
            if not place.path.startswith(f"{queue}/"):
                yield (
                    f"Postfix: {service} is locked into {queue} and cannot see {place.path}; "
                    f"let the socket lie below {queue} (config/postfix/README.md)"
                )
    if "bounce" not in told.get("internal_mail_filter_classes", ""):
        yield "Postfix: its own bounces pass unexplained; set internal_mail_filter_classes = bounce"
    if isinstance(place, UnixAddress):
        yield from _reach(Path(place.path), told.get("mail_owner", "postfix"))


def _names(place: settings.Address, queue: str) -> list[str]:
    """Return how main.cf may name the socket, the usual way first."""
    if isinstance(place, UnixAddress):
        below = place.path.removeprefix(f"{queue}/") if queue and place.path.startswith(f"{queue}/") else None
        return [f"unix:{place.path}", f"unix:{below}"] if below else [f"unix:{place.path}"]
    if isinstance(place, InetAddress):
        host = place.host or "127.0.0.1"
        return [f"inet:{f'[{host}]' if ':' in host else host}:{place.port}", f"inet:localhost:{place.port}"]
    return []  # systemd opened it: its unit knows where


def _locked_in(service: str, services: str) -> bool:
    """Say whether a service of master.cf runs in the chroot: column 5, "-" is the default, no (master(5))."""
    rows = [line.split() for line in services.splitlines()]
    return any(len(row) > 7 and row[7] == service and row[4] == "y" for row in rows)


def _reach(path: Path, owner: str) -> Iterator[str]:
    """Say what keeps Postfix's user from the socket: it must search each folder, and write to the socket."""
    try:
        user = pwd.getpwnam(owner)
        groups = set(os.getgrouplist(owner, user.pw_gid))
        for step in [*reversed(path.parents), path]:
            if not step.exists():
                return
            about = step.stat()
            shift = 6 if about.st_uid == user.pw_uid else 3 if about.st_gid in groups else 0
            needed = 2 if step == path else 1
            if not (about.st_mode >> shift) & needed:
                group = grp.getgrgid(about.st_gid).gr_name
                yield (
                    f"Postfix: its user {owner} may not {'write to' if step == path else 'enter'} {step}; "
                    f"adduser {owner} {group}, give that group the right, and restart Postfix"
                )
                return
    except (KeyError, OSError):
        return
