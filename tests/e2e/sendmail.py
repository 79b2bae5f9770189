"""A real Sendmail with a configuration, queue and mailboxes of its own, on a loopback port; stopped by its own pid.

Runs from its unpacked packages. Its .cf is made by m4 from a .mc as an admin's is, with the lines of
config/sendmail/bounce-milter.mc. Every user of example.org has a mailbox. Its folder may not lie below one that all
may write to (Sendmail asks for that), so it is not among pytest's.
"""

import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from socket import gethostname

from tests.e2e.server import MailServer

BUILD = Path(__file__).parents[2] / "build"
ROOT = BUILD / "servers" / "sendmail"
LINES = Path(__file__).parents[2] / "config" / "sendmail" / "bounce-milter.mc"
_SENDMAIL = ROOT / "usr" / "libexec" / "sendmail" / "sendmail"

_MC = """\
divert(-1)
divert(0)dnl
VERSIONID(`tests')
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `mail.example.com')dnl
LOCAL_DOMAIN(`mail.example.com example.org')dnl
define(`QUEUE_DIR', `{home}/queue')dnl
define(`STATUS_FILE', `{home}/statistics')dnl
define(`HELP_FILE', `{home}/helpfile')dnl
define(`ALIAS_FILE', `')dnl
define(`confPID_FILE', `{home}/sendmail.pid')dnl
define(`confCW_FILE', `-o {home}/none')dnl
define(`confHOSTS_FILE', `{home}/hosts')dnl
define(`confSERVICE_SWITCH_FILE', `{home}/service.switch')dnl
define(`confDEF_USER_ID', `{uid}:{gid}')dnl
define(`confTO_IDENT', `0s')dnl
define(`confDELIVERY_MODE', `background')dnl
define(`confLOG_LEVEL', `14')dnl
define(`LOCAL_MAILER_PATH', `/bin/sh')dnl
define(`LOCAL_MAILER_ARGS', `sh {home}/deliver $u')dnl
define(`_DEF_LOCAL_MAILER_FLAGS', `lsDFM:/|@q')dnl
define(`LOCAL_MAILER_FLAGS', `Pn9')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port={port}')dnl
{lines}MAILER(`local')dnl
MAILER(`smtp')dnl
"""
_DELIVER = """\
umask 022
mkdir -p "{home}/mail/$1/new"
file=$(mktemp "{home}/mail/$1/XXXXXX")
cat >"$file" && mv "$file" "{home}/mail/$1/new/" || exit 75
"""


def folder() -> Path:
    """Return a new folder where Sendmail agrees to work; whoever asks removes it."""
    BUILD.mkdir(exist_ok=True)
    # It trusts no socket below a folder that others may write to, as /tmp is: then it lives where services do.
    open_to_all = any(step.stat().st_mode & 0o022 for step in BUILD.parents)
    made = Path(tempfile.mkdtemp(prefix="sendmail-", dir=Path("/var/lib") if open_to_all else BUILD))
    made.chmod(0o755)
    return made


def lines(socket: Path) -> str:
    """Return what config/sendmail tells an admin to add, for a filter elsewhere."""
    text = LINES.read_text(encoding="utf-8")
    changed = text.replace("/run/bounce-milter/milter.sock", str(socket))
    assert changed != text
    return changed


class Sendmail(MailServer):
    """One instance in its own folder. `lines` are lines of its .mc beyond the common ones."""

    def __init__(self, home: Path, lines: str = "") -> None:
        super().__init__(home)
        user = pwd.getpwnam("postfix")
        for name in ("queue", "mail"):
            (home / name).mkdir(parents=True)
        (home / "queue").chmod(0o700)
        shutil.chown(home / "mail", user.pw_uid, user.pw_gid)
        (home / "statistics").touch()
        # Read for the machine's full name: tests/servers.sh says why.
        (home / "hosts").write_text(f"127.0.0.1 localhost\n127.0.0.1 mail.example.com {gethostname()}\n")
        (home / "service.switch").write_text("hosts files\naliases files\n")
        (home / "deliver").write_text(_DELIVER.format(home=home))
        values = {"home": home, "port": self.port, "uid": user.pw_uid, "gid": user.pw_gid, "lines": lines}
        (home / "sendmail.mc").write_text(_MC.format(**values))
        self._make()

    def _make(self) -> None:
        """Make the .cf as Debian's sendmailconfig does."""
        cf = ROOT / "usr" / "share" / "sendmail" / "cf"
        done = subprocess.run(
            [ROOT / "usr" / "bin" / "m4", f"-D_CF_DIR_={cf}/", cf / "m4" / "cf.m4", self.home / "sendmail.mc"],
            cwd=cf / "cf", capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        (self.home / "sendmail.cf").write_bytes(done.stdout)

    def start(self) -> None:
        """Start it in the foreground and wait until it answers."""
        self.serve([_SENDMAIL, "-bD", "-C", self.home / "sendmail.cf", "-X", self.home / "traffic"], self.home)

    def log(self) -> str:
        """Return the SMTP traffic, and what a daemon that has ended complained of."""
        ended = self.process.poll() is not None and self.process.stderr
        traffic = self.home / "traffic"
        seen = traffic.read_text(errors="replace") if traffic.exists() else ""
        return seen + (ended.read().decode(errors="replace") if ended else "")

    def run(self, *arguments: str) -> str:
        """Run sendmail once on this instance, for example with -bp, and return what it prints."""
        done = subprocess.run(
            [_SENDMAIL, "-C", self.home / "sendmail.cf", *arguments],
            cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr
