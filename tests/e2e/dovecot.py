"""A real Dovecot with a configuration, state and mail of its own: LMTP and IMAP on loopback; stopped by its own pid.

Runs from its unpacked packages. Every user of example.org exists and has the password in PASSWORD. The Sieve scripts
given run for all of them, as an admin's `sieve_before` does; `program` is the text of the filter that they name.
"""

import imaplib
import os
import pwd
import smtplib
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.places import end, free_port, open_way, until, until_it_answers

ROOT = Path(__file__).parents[2] / "build" / "servers" / "dovecot"
_LIBRARIES = ROOT / "usr" / "lib" / "dovecot"
_PATH = f"{_LIBRARIES}:{_LIBRARIES}/modules/old-stats"
PASSWORD = "secret"
ENVIRONMENT = {**os.environ, "LD_LIBRARY_PATH": _PATH}

_CONF = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
libexec_dir = {libraries}
mail_plugin_dir = {libraries}/modules
import_environment = $import_environment LD_LIBRARY_PATH={path}
shutdown_clients = yes
protocols = lmtp imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
hostname = dovecot.example.org
postmaster_address = postmaster@example.org
submission_host = 127.0.0.1:{submission}
mail_location = maildir:{home}/mail/%n
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/users/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{home}/users/%n/sieve;active={home}/users/%n/.dovecot.sieve
  sieve_plugin_dir = {libraries}/modules/sieve
  sieve_before = {home}/sieve
  sieve_plugins = sieve_extprograms
  sieve_global_extensions = +vnd.dovecot.filter +editheader
  sieve_filter_bin_dir = {home}/bin
  sieve_filter_exec_timeout = 20s
}}
"""


class Dovecot:
    """One instance in its own folder. `submission` is the port of the server that takes mail that users send."""

    def __init__(self, home: Path, scripts: Mapping[str, str], *, program: str = "", submission: int = 0) -> None:
        self.home = home
        self.lmtp = free_port()
        self.port = free_port()
        self.conf = home / "dovecot.conf"
        for name in ("run", "state", "mail", "users", "sieve", "bin"):
            (home / name).mkdir(parents=True)
        user = pwd.getpwnam("postfix")
        for name in ("mail", "users", "sieve"):
            os.chown(home / name, user.pw_uid, user.pw_gid)
        open_way(home)
        (home / "run" / "modules").symlink_to(_LIBRARIES / "modules")  # where tests/servers.sh lets it look
        self.conf.write_text(
            _CONF.format(
                home=home,
                libraries=_LIBRARIES,
                path=_PATH,
                lmtp=self.lmtp,
                imap=self.port,
                password=PASSWORD,
                submission=submission,
                uid=user.pw_uid,
                gid=user.pw_gid,
            )
        )
        if program:
            (home / "bin" / "bounce-milter-annotate").write_text(program)
            (home / "bin" / "bounce-milter-annotate").chmod(0o755)
        for name, text in scripts.items():
            script = home / "sieve" / name
            script.write_text(text)
            self.compile(script)

    def _command(self, command: str, *arguments: str) -> list[str]:
        """Start *command* by doveconf, which hands it the settings: Dovecot's own way to that is a fixed /usr/bin."""
        service = "master" if command.endswith("/dovecot") else Path(command).name
        doveconf = [str(ROOT / "usr" / "bin" / "doveconf"), "-f", f"service={service}", "-c", str(self.conf)]
        return [*doveconf, "-e", str(ROOT / command), *arguments]

    def compile(self, script: Path) -> str:
        """Compile a Sieve script with sievec as an admin does; an error with its words where it is wrong."""
        done = subprocess.run(
            self._command("usr/bin/sievec", "-c", str(self.conf), str(script)),
            env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{script.name}: {done.stderr}")
        return done.stderr

    def start(self) -> None:
        """Start the master process and wait until LMTP and IMAP answer."""
        self._master = subprocess.Popen(
            self._command("usr/sbin/dovecot", "-F", "-c", str(self.conf)),
            env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        until_it_answers(self._master, self._greet, self.log)

    def _greet(self) -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=30) as probe:
            probe.noop()
        imaplib.IMAP4("127.0.0.1", self.port, timeout=30).logout()

    def stop(self) -> None:
        """End the master process and all of its own."""
        end(self._master)

    def log(self) -> str:
        """Return what Dovecot logged, the user's Sieve logs included."""
        logs = [self.home / "dovecot.log", *self.home.glob("users/*/*.log"), *self.home.glob("sieve/*.log")]
        return "".join(log.read_text(errors="replace") for log in logs if log.exists())

    def transport(self) -> str:
        """Return the transport for Postfix that delivers here."""
        return f"lmtp:inet:127.0.0.1:{self.lmtp}"

    def imap(self, user: str) -> imaplib.IMAP4:
        """Return an IMAP connection of a user of example.org, logged in."""
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=30)
        connection.login(user, PASSWORD)
        return connection

    def folder(self, user: str, name: str) -> list[bytes]:
        """Return the messages of a folder, read over IMAP; none where it does not exist."""
        with self.imap(user) as connection:
            if connection.select(f'"{name}"', readonly=True)[0] != "OK":
                return []
            numbers = connection.search(None, "ALL")[1][0].split()
            parts = [connection.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        return [bytes(part[1]) for part in parts if isinstance(part, tuple)]

    def wait_for(self, user: str, name: str = "INBOX", count: int = 1, seconds: float = 30) -> list[bytes]:
        """Return a folder's messages as soon as there are *count*; an error with the log where they do not come."""
        return until(
            lambda: found if len(found := self.folder(user, name)) >= count else [],
            lambda: f"{len(self.folder(user, name))} of {count} in {name} of {user}\n{self.log()}",
            seconds=seconds, pause=0.1,
        )  # fmt: skip
