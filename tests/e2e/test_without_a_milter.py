"""The content filter that config/doc/without-a-milter.md shows: whatever fails, the mail goes on or waits."""

import re
import smtplib
import subprocess
from pathlib import Path

import pytest

from bounce_milter import header
from tests.e2e.filter import COMMAND
from tests.e2e.places import free_port, until
from tests.e2e.postfix import Postfix
from tests.e2e.test_postfix import DSN, own

PAGE = Path(__file__).parents[2] / "config" / "doc" / "without-a-milter.md"
REAL = f'#!/bin/sh\nexec {COMMAND} "$@"\n'


def block(begin: str) -> str:
    """Return the page's block of this beginning."""
    found = re.search(rf"```\w*\n({re.escape(begin)}.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def install(home: Path, annotate: str, sendmail: str) -> None:
    """Put the page's script into a folder, with what stands in for the command and for sendmail."""
    text, changed = re.subn(r"^PATH=", f"PATH={home}:", block("#!/bin/sh\n"), flags=re.MULTILINE)
    assert changed == 1
    script = text.replace("timeout -k 1 20", "timeout -k 1 3")
    for name, content in (("filter", script), ("sendmail", sendmail), ("bounce-milter", annotate)):
        (home / name).write_text(content)
        (home / name).chmod(0o755)


def pipe(home: Path, annotate: str, *, sendmail_status: int = 0) -> subprocess.CompletedProcess[bytes]:
    """Run the page's script on a bounce."""
    sendmail = f'#!/bin/sh\nprintf "[%s]" "$@" >{home}/arguments\ncat >{home}/sent\nexit {sendmail_status}\n'
    install(home, annotate, sendmail)
    return subprocess.run([home / "filter", "", "a@example.org", "b@example.org"], input=DSN, timeout=60, check=False)


def test_a_bounce_goes_on_explained_and_under_the_null_sender(tmp_path: Path) -> None:
    assert pipe(tmp_path, REAL).returncode == 0
    assert (tmp_path / "arguments").read_text() == "[-G][-i][-f][][--][a@example.org][b@example.org]"
    fields = dict(own((tmp_path / "sent").read_bytes()))
    assert fields["X-Bounce-Class"] == "permanent"


@pytest.mark.parametrize("end", ["exit 1", "head -c 40; exit 2", "sleep 60", "kill -9 $$"])
def test_the_original_goes_on_where_the_program_fails(tmp_path: Path, end: str) -> None:
    assert pipe(tmp_path, f"#!/bin/sh\n{end}\n").returncode == 0
    assert (tmp_path / "sent").read_bytes() == DSN


@pytest.mark.parametrize("status", [1, 67, 75])
def test_the_mail_waits_where_sendmail_fails(tmp_path: Path, status: int) -> None:
    assert pipe(tmp_path, REAL, sendmail_status=status).returncode == 75


# sendmail(1) needs rights that an unpacked Postfix has not: what it is given is handed in by the test.
SENDMAIL = "#!/bin/sh\ncat >{home}/sent/part && mv {home}/sent/part {home}/sent/whole\n"
FORGED = b"""\
x-bounce-class:\r
 permanent\r
X-Bounce-Review : yes\r
X-Bounce-Of-Another: kept\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="b"\r
\r
--b\r
Content-Type: message/rfc822\r
\r
X-Bounce-Class: of the message within\r
\r
--b--\r
"""


def filtered(home: Path, back: int) -> Postfix:
    """Return a Postfix with the page's lines, which runs the script of its folder as nobody; *back* is a port past it."""
    server = Postfix(home / "postfix", {})
    etc = server.home / "etc"
    fields = block("# /etc/postfix/foreign_fields\n")
    (etc / "foreign_fields").write_text(fields)
    lines = block("# /etc/postfix/master.cf\n")
    for there, here in (
        ("smtp      inet  n       -       y", f"127.0.0.1:{server.port} inet n - n"),
        ("foreign   unix  n       -       y", "foreign unix n - n"),
        ("user=bounce-milter", "user=nobody"),
        ("/usr/local/lib/bounce-milter/filter", str(home / "filter")),
        ("/etc/postfix/", f"{etc}/"),
    ):
        assert there in lines
        lines = lines.replace(there, here)
    master = (etc / "master.cf").read_text().replace(f"127.0.0.1:{server.port} ", f"127.0.0.1:{back} ")
    (etc / "master.cf").write_text(master + lines)
    (home / "sent").mkdir()
    (home / "sent").chmod(0o777)
    install(home, "", SENDMAIL.format(home=home))
    return server


def test_a_strangers_fields_go_whatever_becomes_of_the_program_and_ours_stay(tmp_path: Path) -> None:
    back, sent = free_port(), tmp_path / "sent" / "whole"
    server = filtered(tmp_path, back)
    server.start()
    try:
        for user, annotate, fields in (
            ("alice", "exit 1", []),
            ("dsn", 'printf "X-Bounce-Class: unknown\\n"; cat', [("X-Bounce-Class", "unknown")]),
        ):
            (tmp_path / "bounce-milter").write_text(f"#!/bin/sh\n{annotate}\n")
            server.send(FORGED, sender="carol@example.net", to=f"{user}@example.org")
            until(sent.exists, server.log)
            with smtplib.SMTP("127.0.0.1", back) as smtp:
                smtp.sendmail("carol@example.net", f"{user}@example.org", sent.read_bytes())
            sent.unlink()
            (message,) = server.wait_for(user)
            assert own(message) == fields
            assert b"X-Bounce-Of-Another: kept" in message
            assert b"X-Bounce-Class: of the message within" in message
    finally:
        server.stop()


def test_the_page_removes_every_field_of_ours() -> None:
    names = "|".join(name.removeprefix("X-Bounce-") for name in header.OWN_FIELDS.values())
    assert f"/^X-Bounce-({names})[[:space:]]*:/ IGNORE" in block("# /etc/postfix/foreign_fields\n")
