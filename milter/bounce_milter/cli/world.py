"""What `check` sees beyond its own files: can the filter write where it must, can the mail server reach the socket, and
does it ask the filter at all?

Rule: it looks and never changes. Each finding says what is wrong and what to do; nobody is told to give the filter a
folder that may be more than the filter's own. What is not there (no Postfix, the folder that the unit makes) is no
finding; a command that hangs or fails is told and not waited for.
"""

import grp
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from bounce_milter import settings
from bounce_milter.settings import Address, InetAddress, Inherited, Settings, UnixAddress

#: The user of the supplied unit.
SERVICE: Final = "bounce-milter"
_SECONDS: Final = 10
#: Where postconf is, for users whose PATH leaves the folders of the system's programs out.
SBIN: Final = "/usr/sbin:/usr/local/sbin"
_NAMES: Final = (
    "queue_directory", "mail_owner", "smtpd_milters", "non_smtpd_milters", "internal_mail_filter_classes",
    "milter_default_action", "compatibility_level", "receive_override_options",
)  # fmt: skip
#: The programs of Postfix that ask milters, and the option that names the milters of each.
_ASKS: Final = {"smtpd": "smtpd_milters", "cleanup": "non_smtpd_milters"}
#: What the supplied unit makes when the service starts, by its two names; all else below /run somebody has to make.
_MADE_LATER: Final = ("/run/bounce-milter", "/var/run/bounce-milter")
_EMPTIED: Final = ("/run/", "/var/run/")
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
#: Makes a folder of the filter's own, or makes one that is there its own: for sockets, and for mail, which is private.
_MAKE: Final = f"install -d -o {SERVICE} -g {SERVICE} -m 0750"
_MAKE_MAILDIR: Final = f"install -d -o {SERVICE} -g {SERVICE} -m 0700"
_ELSEWHERE: Final = "name a place in a folder of the filter's own"
#: What makes a file in a folder needs (`review`, `endpoint`), and what locks the folder too (`sockets`).
_FILE: Final = os.X_OK | os.W_OK
_LOCKED: Final = _FILE | os.R_OK
_RIGHTS: Final = {os.X_OK: "enter", os.W_OK: "write to", os.R_OK: "list"}
_ITEM: Final = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|[^\s,{}]+")


class _Service(NamedTuple):
    """A line of master.cf: its name, whether it is locked into the queue folder, its milters, whether it asks none."""

    name: str
    locked: bool
    milters: str
    asks_none: bool


def look(options: Settings, file: str = "", *, socket: bool = True) -> list[str]:
    """Return what is in the way of these options, each with what to do about it.

    file     where they stand; what is said of one begins with it
    socket   whether their milter.socket is the one that was meant; else it is not looked at, nor what Postfix says of it
    """
    found = [f"{file}: {told}" if file else told for told in _own(options, socket=socket)]
    if not socket:
        return found
    try:
        asked = _postconf()
    except (OSError, subprocess.SubprocessError) as error:
        return [*found, f"postconf cannot be asked ({_why(error)}); see to Postfix's configuration by hand"]
    if asked:
        found += dict.fromkeys(_postfix(options, asked))
    return found


def _own(options: Settings, *, socket: bool) -> Iterator[str]:
    group = options.milter.socket_group
    if group and not group.isdigit():
        try:
            grp.getgrnam(group)
        except KeyError:
            yield f"milter.socket_group: there is no group {group!r}; make it, or leave the option empty"
    place = settings.address(options.milter.socket)
    if socket and isinstance(place, UnixAddress):
        yield from _socket("milter.socket", Path(place.path), _LOCKED)
    if options.metrics.listen.startswith("unix:"):
        yield from _socket("metrics.listen", Path(options.metrics.listen.removeprefix("unix:")), _FILE)
    if options.review.maildir and options.review.mode == "maildir":
        yield from _maildir("review.maildir", Path(options.review.maildir))


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
    return list(dict.fromkeys(f"the user {_name_of(os.geteuid())} may not {_opened(place)}" for place in shut))


def _shut(file: Path) -> Path | None:
    """Return the first folder on the way to a file that may not be entered, or the file where it may not be read."""
    shut = next((folder for folder in reversed(file.parents) if not os.access(folder, os.X_OK)), None)
    return shut or (None if os.access(file, os.R_OK) else file)


def _opened(place: Path) -> str:
    """Return what may not be done and how it can be; a folder that holds more than the program is opened by nobody."""
    if place.is_relative_to(sys.prefix) and sys.prefix != sys.base_prefix:
        return f"read {sys.prefix}, where this program lies; chmod -R go+rX {sys.prefix}"
    return f"read {place}, where a part of this program lies; open it, or install the program and its Python elsewhere"


def _socket(key: str, path: Path, needed: int) -> Iterator[str]:
    """Look at the place of a socket: its folder, and what stands there already."""
    folder = path.parent
    yield from _folder(key, folder, needed, _missing(folder), _own_place(folder, path.name))
    with suppress(OSError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            yield f"{key}: {path} exists and is no socket; move it away, or name another place"


def _maildir(key: str, maildir: Path) -> Iterator[str]:
    """Look at what a delivery writes to (`review`): what is missing is made in the folder above it."""
    make = f"{_MAKE_MAILDIR} {maildir}"
    above = maildir.parent
    if not os.path.exists(maildir):
        missing = f"there is no folder {maildir}; make it: {make}"
        yield from _folder(key, above, _FILE, missing, f"make {maildir}: {make}" if _enters(above) else _ELSEWHERE)
        return
    parts = {name: maildir / name for name in ("tmp", "new", "cur")}
    whole = all(map(os.path.exists, parts.values()))
    closed = f"give it to the filter: {make}" if _holds_only(maildir, set(parts)) else _ELSEWHERE
    yield from _folder(key, maildir, os.X_OK if whole else _FILE, "", closed)
    for part in (parts["tmp"], parts["new"]):
        if os.path.exists(part):
            yield from _folder(key, part, _FILE, "", f"give it to the filter: {_MAKE_MAILDIR} {part}")


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
        yield f"{key}: the user {_name_of(os.geteuid())} may not {lacking} {folder}; {closed}"


def _missing(folder: Path) -> str:
    """Return what to say of a socket's folder that is not there; one made below /run is gone with the next start."""
    if str(folder).startswith(_EMPTIED):
        return f"there is no folder {folder}; the unit makes {_MADE_LATER[0]} alone, name a place there"
    return f"there is no folder {folder}; make it: {_MAKE} {folder}"


def _own_place(folder: Path, name: str) -> str:
    """Return how the filter gets a place for its socket *name*, where it lacks rights in the folder."""
    if _is_filters(folder, name):
        return f"give it to the filter: {_MAKE} {folder}"
    return f"{_ELSEWHERE}: {_MAKE} {folder / SERVICE}" if _enters(folder) else _ELSEWHERE


def _is_filters(folder: Path, name: str) -> bool:
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


def _name_of(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


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


def _postfix(options: Settings, told: Mapping[str, str]) -> Iterator[str]:
    place = settings.address(options.milter.socket)
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
    if step == path.parent and _is_filters(step, path.name):
        return f"give the folder to the filter: {_MAKE} {step}"
    return "socket and folder must be the filter's own (config/postfix/README.md)"


def _group_of_its_own(about: os.stat_result) -> str | None:
    """Return the group of a file where it is the one that its owner, a user like the filter's, was made with."""
    try:
        user = pwd.getpwuid(about.st_uid)
        group = grp.getgrgid(about.st_gid).gr_name
    except KeyError:
        return None
    return group if user.pw_gid == about.st_gid and user.pw_name not in ("root", "nobody") else None
