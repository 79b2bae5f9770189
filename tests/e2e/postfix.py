"""A real Postfix with a configuration, queue and spool of its own, on loopback ports; stopped by its own pid."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.places import open_way, until
from tests.e2e.server import MailServer

ROOT = Path(__file__).parents[2] / "build" / "servers" / "postfix"
LINES = Path(__file__).parents[2] / "config" / "postfix" / "main.cf"
SBIN = ROOT / "usr" / "sbin"
_LIBRARIES = ROOT / "usr" / "lib" / "postfix"

_MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
daemon_directory = {libraries}/sbin
command_directory = {sbin}
shlib_directory = {libraries}
meta_directory = {root}/etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG LD_LIBRARY_PATH
export_environment = TZ MAIL_CONFIG LANG LD_LIBRARY_PATH
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
smtp_host_lookup = native
disable_dns_lookups = yes
virtual_mailbox_domains = example.org
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = texthash:{home}/etc/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
transport_maps = regexp:{home}/etc/transport
milter_command_timeout = 10s
milter_content_timeout = 15s
milter_connect_timeout = 5s
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
_OWNED = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


#: The mailboxes of example.org: a name for each test, because Postfix allows no pattern here.
USERS = ("alice", "dsn", "sender", "many", "plain", "forged", "same", "before", "after", "review", "load")


def attached(socket: Path) -> dict[str, str]:
    """Return the lines that config/postfix tells an admin to add, for a filter elsewhere."""
    text = LINES.read_text(encoding="utf-8")
    changed = text.replace("/run/bounce-milter/milter.sock", str(socket))
    assert changed != text
    return dict(line.split(" = ", 1) for line in changed.splitlines() if line and not line.startswith("#"))


class Postfix(MailServer):
    """One instance in its own folder. `options` are lines of main.cf beyond the common ones."""

    def __init__(self, home: Path, options: Mapping[str, str], transports: Mapping[str, str] | None = None) -> None:
        super().__init__(home)
        self._environment = {**os.environ, "MAIL_CONFIG": str(home / "etc"), "LD_LIBRARY_PATH": str(_LIBRARIES)}
        self._folders()
        user = pwd.getpwnam("postfix")
        values = {
            "home": home,
            "root": ROOT,
            "sbin": SBIN,
            "libraries": _LIBRARIES,
            "uid": user.pw_uid,
            "gid": user.pw_gid,
        }
        main = _MAIN.format(**values) + "".join(f"{key} = {value}\n" for key, value in options.items())
        self._write("main.cf", main)
        self._write("master.cf", _MASTER.format(port=self.port))
        self._write("mailboxes", "".join(f"{user}@example.org {user}/\n" for user in USERS))
        lines = (
            f"/@{domain.replace('.', chr(92) + '.')}$/ {transport}\n"
            for domain, transport in (transports or {}).items()
        )
        self._write("transport", "".join(lines))

    def _folders(self) -> None:
        for name in ("etc", "queue", "data", "mail"):
            (self.home / name).mkdir(parents=True)
        queue = self.home / "queue"
        for name in (*_OWNED, "maildrop", "public", "pid"):
            (queue / name).mkdir()
        for name in _OWNED:
            shutil.chown(queue / name, "postfix")
            (queue / name).chmod(0o700)
        shutil.chown(queue / "maildrop", "postfix", "postdrop")
        (queue / "maildrop").chmod(0o1730)
        shutil.chown(queue / "public", "postfix", "postdrop")
        (queue / "public").chmod(0o2710)
        for name in ("data", "mail"):
            shutil.chown(self.home / name, "postfix", "postfix")
        open_way(self.home)

    def _write(self, name: str, text: str) -> None:
        (self.home / "etc" / name).write_text(text)

    def start(self) -> None:
        """Start the master process and wait until it answers."""
        words = [_LIBRARIES / "sbin" / "master", "-d", "-c", self.home / "etc"]
        self.serve(words, self.home / "queue", self._environment)

    def log(self) -> str:
        """Return what Postfix logged."""
        log = self.home / "mail.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def wait_for_log(self, text: str, seconds: float = 30) -> str:
        """Return the log's first line that holds *text*; an error with the log where there is none."""
        return until(
            lambda: next((line for line in self.log().splitlines() if text in line), None),
            lambda: f"no {text!r} in the log\n{self.log()}", seconds=seconds,
        )  # fmt: skip

    def run(self, command: str, *arguments: str) -> str:
        """Run one of Postfix's own commands on this instance and return what it prints."""
        done = subprocess.run(
            [SBIN / command, "-c", self.home / "etc", *arguments],
            env=self._environment, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return done.stdout

    def source(self, *words: str, seconds: float = 300) -> None:
        """Run Postfix's own load generator against this instance until its mail is taken; an error where some is not."""
        subprocess.run(
            [SBIN / "smtp-source", *words, f"inet:127.0.0.1:{self.port}"],
            env=self._environment, capture_output=True, timeout=seconds, check=True,
        )  # fmt: skip
