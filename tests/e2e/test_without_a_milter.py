"""The content filter that config/doc/without-a-milter.md shows: whatever fails, the mail goes on or waits."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.filter import COMMAND
from tests.e2e.test_postfix import DSN, own

PAGE = Path(__file__).parents[2] / "config" / "doc" / "without-a-milter.md"
REAL = f'#!/bin/sh\nexec {COMMAND} "$@"\n'


def pipe(home: Path, annotate: str, *, sendmail_status: int = 0) -> subprocess.CompletedProcess[bytes]:
    """Run the page's script on a bounce, with what stands in for the command and for sendmail."""
    found = re.search(r"```sh\n(#!/bin/sh\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    text, changed = re.subn(r"^PATH=", f"PATH={home}:", found[1], flags=re.MULTILINE)
    assert changed == 1
    sendmail = f'#!/bin/sh\nprintf "[%s]" "$@" >{home}/arguments\ncat >{home}/sent\nexit {sendmail_status}\n'
    script = text.replace("timeout -k 1 20", "timeout -k 1 3")
    for name, content in (("filter", script), ("sendmail", sendmail), ("bounce-milter", annotate)):
        (home / name).write_text(content)
        (home / name).chmod(0o755)
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
