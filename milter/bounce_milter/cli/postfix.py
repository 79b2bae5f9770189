"""Does the Postfix of this machine ask the filter, and can it reach the socket?

Rule: it looks and never changes. Each finding says what is wrong and what to do. Without Postfix there is none; a command
that hangs or fails is told and not waited for.
"""

import grp
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bounce_milter.cli import folders
from bounce_milter.settings import Settings
from bounce_milter.settings.place import Address, InetAddress, Inherited, UnixAddress, address

_SECONDS: Final = 10
#: Where postconf is, for users whose PATH leaves the folders of the system's programs out.
SBIN: Final = "/usr/sbin:/usr/local/sbin"
_NAMES: Final = (
    "queue_directory", "mail_owner", "smtpd_milters", "non_smtpd_milters", "internal_mail_filter_classes",
    "milter_default_action", "compatibility_level", "receive_override_options",
)  # fmt: skip
#: The programs of Postfix that ask milters, and the option that names the milters of each.
_ASKS: Final = {"smtpd": "smtpd_milters", "cleanup": "non_smtpd_milters"}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_ITEM: Final = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|[^\s,{}]+")


class _Service(NamedTuple):
    """A line of master.cf: its name, whether it is locked into the queue folder, its milters, whether it asks none."""

    name: str
    locked: bool
    milters: str
    asks_none: bool


def look(options: Settings) -> list[str]:
    """Return what in Postfix's configuration is in the way of these options, each with what to do about it."""
    try:
        asked = _postconf()
    except (OSError, subprocess.SubprocessError) as error:
        return [f"postconf cannot be asked ({_why(error)}); see to Postfix's configuration by hand"]
    return list(dict.fromkeys(_findings(options, asked))) if asked else []


def _postconf() -> dict[str, str]:
    """Return Postfix's settings, its services and what they override; empty without Postfix. OSError, SubprocessError."""
    command = shutil.which("postconf", path=f"{os.environ.get('PATH', '')}:{SBIN}")
    if command is None:
        return {}
    told = _run(command, "-x", *_NAMES)
    found = dict(re.findall(r"^(\w+) =[ \t]*(.*)$", told, re.MULTILINE))
    return {**found, "services": _run(command, "-M"), "overrides": _run(command, "-P", "-x")}


def _run(command: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 # the command is Postfix's own
        [command, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=True, errors="replace"
    )
    return done.stdout


def _why(error: OSError | subprocess.SubprocessError) -> str:
    if isinstance(error, subprocess.CalledProcessError) and error.stderr.strip():
        return str(error.stderr.strip().splitlines()[-1][:200])
    return type(error).__name__


def _findings(options: Settings, told: Mapping[str, str]) -> Iterator[str]:
    place = address(options.milter.socket)
    for program, option in _ASKS.items():
        services = list(_services(program, option, told))
        named = [
            (service, item) for service in services for item in _items(service.milters) if _same(item, place, told)
        ]
        ours = [(service, item) for service, item in named if not service.asks_none]
        if services and not named:
            yield _unnamed(option, services, place, told)
        elif services and not ours:
            yield f"Postfix: {named[0][0].name} asks no milter; take no_milters out of its receive_override_options"
        if isinstance(place, Inherited):
            continue  # which of the milters it is, and who may reach it, systemd knows
        for service, item in ours:
            yield from _asked(option, service, item, place, told)
    if "bounce" not in re.split(r"[\s,]+", told.get("internal_mail_filter_classes", "")):
        yield "Postfix: its own bounces pass unexplained; set internal_mail_filter_classes = bounce"
    if isinstance(place, UnixAddress):
        yield from _reach(Path(place.path), told.get("mail_owner", "postfix"))


def _unnamed(option: str, services: list[_Service], place: Address, told: Mapping[str, str]) -> str:
    """Return what to do about a milter that no service names; the lines of main.cf do not help one that cannot see it."""
    queue = told.get("queue_directory", "")
    locked = next((service for service in services if service.locked), None)
    if locked and isinstance(place, UnixAddress) and not place.path.startswith(f"{queue}/"):
        return f"Postfix: {locked.name} is locked into {queue} and cannot see {place.path}; {_inside(queue)}"
    name = _name(place, told)
    return (
        f"Postfix: {option} does not name {name}; add the lines of config/postfix/main.cf, with this name, and reload"
    )


def _inside(queue: str) -> str:
    return f'let the socket lie below {queue}, and take the lines of config/postfix/README.md, "The chroot"'


def _services(program: str, option: str, told: Mapping[str, str]) -> Iterator[_Service]:
    """Yield the services that run *program* (master(5)); "-" in column 5 is "no" since Postfix 3.0."""
    old = told.get("compatibility_level", "0") in ("", "0")
    for line in told.get("services", "").splitlines():
        row = line.split()
        if len(row) > 7 and row[7] == program:
            name = f"{row[0]}/{row[1]}"
            barred = program == "smtpd" and "no_milters" in _option(name, "receive_override_options", told)
            yield _Service(name, row[4] == "y" or (row[4] == "-" and old), _option(name, option, told), barred)


def _option(service: str, option: str, told: Mapping[str, str]) -> str:
    """Return what an option is for a service: what master.cf says, else main.cf."""
    override = re.search(rf"^{re.escape(service)}/{option} =[ \t]*(.*)$", told.get("overrides", ""), re.MULTILINE)
    return override[1] if override else told.get(option, "")


def _items(milters: str) -> Iterator[str]:
    """Yield the milters of a list; braces hold one with options of its own, the address first."""
    for item in _ITEM.findall(milters):
        yield item.strip("{} \t")


def _same(item: str, place: Address, told: Mapping[str, str]) -> bool:
    """Say whether a milter of Postfix's is meant to be the filter, though it may be named from the wrong root.

    Any may be where systemd opened the socket.
    """
    if isinstance(place, Inherited):
        return True
    kind, _, rest = re.split(r"[\s,]", item, maxsplit=1)[0].partition(":")
    if isinstance(place, UnixAddress):
        queue = told.get("queue_directory", "")
        return kind in ("unix", "local") and _real(place.path) in (_real(rest), _real(f"{queue}/{rest}"))
    host, _, port = rest.rpartition(":")
    hosts = (_loopback(host), "")
    return kind in ("inet", "inet6") and port == str(place.port) and _loopback(place.host) in hosts


def _loopback(host: str) -> str:
    host = host.strip("[]").lower()
    return "loopback" if host in _LOOPBACK else host


def _real(path: str) -> str:
    """Return the path with the links of its folder resolved: /var/run is /run."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _name(place: Address, told: Mapping[str, str]) -> str:
    """Return how main.cf names the socket."""
    if isinstance(place, Inherited):
        return "the socket that systemd opened"
    if isinstance(place, UnixAddress):
        return f"unix:{place.path.removeprefix(told.get('queue_directory', '') + '/')}"
    host = place.host or ("127.0.0.1" if place.version == 4 else "::1")
    return f"inet:{f'[{host}]' if ':' in host else host}:{place.port}"


def _asked(
    option: str, service: _Service, item: str, place: UnixAddress | InetAddress, told: Mapping[str, str]
) -> Iterator[str]:
    """Look at the way in which a service asks the filter."""
    action = re.search(r"default_action\s*=\s*(\w+)", item)
    if (action[1] if action else told.get("milter_default_action", "")).lower() != "accept":
        name = _name(place, told)
        yield f"Postfix: {option} holds up mail while the filter is away; write {{ {name}, default_action=accept }}"
    if isinstance(place, UnixAddress):
        queue = told.get("queue_directory", "")
        named = re.split(r"[\s,]", item, maxsplit=1)[0].partition(":")[2]
        inside = service.locked or not named.startswith("/")
        seen = f"{queue}/{named.lstrip('/')}" if inside else named
        if _real(seen) != _real(place.path):
            below = place.path.startswith(f"{queue}/")
            todo = f"write {_name(place, told)}" if below else _inside(queue)
            locked = f" is locked into {queue} and" if service.locked else ""
            yield f"Postfix: {service.name}{locked} looks for {seen}, the socket is {place.path}; {todo}"


def _reach(path: Path, owner: str) -> Iterator[str]:
    """Say what keeps Postfix's user from the socket: it must search each folder, and write to the socket."""
    try:
        user = pwd.getpwnam(owner)
        groups = set(os.getgrouplist(owner, user.pw_gid))
        path = Path(_real(str(path)))
        for step in [*reversed(path.parents), path]:
            if not step.exists():
                return
            about = step.stat()
            shift = 6 if about.st_uid == user.pw_uid else 3 if about.st_gid in groups else 0
            needed = 2 if step == path else 1
            if not (about.st_mode >> shift) & needed:
                what = "write to" if step == path else "enter"
                yield f"Postfix: its user {owner} may not {what} {step}; {_way_in(step, about, path, owner)}"
                return
    except (KeyError, OSError):
        return


def _way_in(step: Path, about: os.stat_result, path: Path, owner: str) -> str:
    """Return how Postfix's user comes past *step*: as a member of the filter's group, never of one that is more."""
    group = _group_of_its_own(about)
    if group:
        return f"adduser {owner} {group}, give that group the right, and restart Postfix"
    if step == path.parent and folders.is_filters(step, path.name):
        return f"give the folder to the filter: {folders.MAKE} {step}"
    return "socket and folder must be the filter's own (config/postfix/README.md)"


def _group_of_its_own(about: os.stat_result) -> str | None:
    """Return the group of a file where it is the one that its owner, a user like the filter's, was made with."""
    try:
        user = pwd.getpwuid(about.st_uid)
        group = grp.getgrgid(about.st_gid).gr_name
    except KeyError:
        return None
    return group if user.pw_gid == about.st_gid and user.pw_name not in ("root", "nobody") else None
