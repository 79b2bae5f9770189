"""What `check` says of the machine: with a postconf of the test's own, and with the real one where it was unpacked."""

import os
import subprocess
from pathlib import Path

import pytest

from bounce_milter import world
from bounce_milter.settings import Milter, Review, Settings

MAIN = {
    "queue_directory": "/var/spool/postfix",
    "mail_owner": "nobody",
    "smtpd_milters": "{ unix:{socket}, default_action=accept }",
    "non_smtpd_milters": "{ unix:{socket}, default_action=accept }",
    "internal_mail_filter_classes": "bounce",
    "milter_default_action": "tempfail",
}
MASTER = "smtp inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n"


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


def looked(folder: Path, monkeypatch: pytest.MonkeyPatch, services: str = MASTER, **changes: str) -> list[str]:
    """Return what `look` says beside a Postfix with these settings."""
    socket = folder / "milter.sock"
    lines = "".join(f"{key} = {value}\n" for key, value in {**MAIN, **changes}.items()).replace("{socket}", str(socket))
    (folder / "main").write_text(lines)
    (folder / "master").write_text(services)
    command = folder / "postconf"
    command.write_text(f'#!/bin/sh\nif [ "$1" = -M ]; then cat "{folder}/master"; else cat "{folder}/main"; fi\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return world.look(Settings(milter=Milter(socket=f"unix:{socket}")))


def test_nothing_is_said_where_all_is_well(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(open_folder, monkeypatch) == []
    assert looked(open_folder, monkeypatch, smtpd_milters="unix:{socket}", milter_default_action="accept") == []
    inside = looked(
        open_folder, monkeypatch, MASTER.replace("- n -", "- y -"), queue_directory=str(open_folder),
        smtpd_milters="{ unix:milter.sock, default_action=accept }",
    )  # fmt: skip
    assert inside == []


@pytest.mark.parametrize(
    ("services", "changes", "said"),
    [
        (MASTER, {"smtpd_milters": ""}, "smtpd_milters does not name unix:"),
        (MASTER, {"non_smtpd_milters": "inet:localhost:1"}, "non_smtpd_milters does not name unix:"),
        (MASTER, {"smtpd_milters": "unix:{socket}"}, "smtpd_milters defers mail while the filter is away"),
        (MASTER, {"internal_mail_filter_classes": ""}, "set internal_mail_filter_classes = bounce"),
        (MASTER.replace("n - - smtpd", "y - - smtpd"), {}, "smtpd is locked into /var/spool/postfix"),
    ],
)
def test_what_is_wrong_with_postfix_is_said_with_what_to_do(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, services: str, changes: dict[str, str], said: str
) -> None:
    (found,) = looked(open_folder, monkeypatch, services, **changes)
    assert said in found


def test_a_folder_that_postfix_may_not_enter_is_said(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    (found,) = looked(closed, monkeypatch)
    assert f"its user nobody may not enter {closed}" in found
    assert "adduser nobody" in found


def test_a_command_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postconf").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "postconf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (found,) = world.look(Settings(milter=Milter(socket="inet:8893@127.0.0.1")))
    assert "postconf cannot be asked" in found


def test_own_folders_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    tmp_path.chmod(0o777)
    milter = Milter(socket=f"unix:{tmp_path}/s", socket_group="nobody-has-this-group")
    review = Review(mode="maildir", maildir=f"{tmp_path}/review")
    group, folder, maildir = world.look(Settings(milter=milter, review=review))
    assert "there is no group 'nobody-has-this-group'" in group
    assert "milter.socket: anybody may write to" in folder
    assert "review.maildir: anybody may write to" in maildir


def test_the_real_postconf_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.e2e.postfix import SBIN, Postfix

    if not (SBIN / "postconf").exists():
        pytest.skip("Postfix is not unpacked here")
    server = Postfix(tmp_path / "postfix", {})
    command = tmp_path / "postconf"
    environment = " ".join(
        f'{key}="{value}"' for key, value in server._environment.items() if key in ("MAIL_CONFIG", "LD_LIBRARY_PATH")
    )
    command.write_text(f'#!/bin/sh\n{environment} exec "{SBIN}/postconf" -c "{server.home}/etc" "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert subprocess.run(["postconf", "-M"], capture_output=True, check=True).stdout
    found = world.look(Settings(milter=Milter(socket="inet:8893@127.0.0.1")))
    assert [line.split(" ")[1] for line in found] == ["smtpd_milters", "non_smtpd_milters", "its"]
