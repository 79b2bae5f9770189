"""The unit and its companions, held against systemd's own tools."""

import re
import shlex
import subprocess
from pathlib import Path

from bounce_milter.cli.folders import SERVICE
from bounce_milter.resources import DEFAULT_CONFIG
from bounce_milter.settings import Settings
from tests.e2e.filter import COMMAND

UNITS = Path(__file__).parents[1] / "systemd"


def test_the_unit_is_understood(tmp_path: Path) -> None:
    unit = tmp_path / "bounce-milter.service"
    # The command need not be installed where its unit is checked.
    unit.write_text((UNITS / "bounce-milter.service").read_text().replace("/usr/local/bin/bounce-milter", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_is_shut_in() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", UNITS / "bounce-milter.service"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    exposure = re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout)
    assert exposure, done.stderr
    assert float(exposure[1]) <= 0.5


def test_the_unit_fits_the_program() -> None:
    def said(key: str) -> list[str]:
        text = (UNITS / "bounce-milter.service").read_text()
        return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)

    (start,) = said("ExecStart")
    _, *words = shlex.split(start)
    assert subprocess.run([COMMAND, *words, "--help"], capture_output=True, check=False).returncode == 0
    assert words == ["serve", "--config", DEFAULT_CONFIG]
    assert Settings().milter.socket == f"unix:/run/{said('RuntimeDirectory')[0]}/milter.sock"
    assert said("User") == said("Group") == [SERVICE]
    assert int(said("TimeoutStopSec")[0]) > Settings().milter.drain_seconds + 5
    assert (said("RestartPreventExitStatus"), said("UMask")) == (["2"], ["0077"])
    assert "sched_setaffinity" in said("SystemCallFilter")


def test_user_and_folder_are_understood(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    done = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", UNITS / "sysusers.d" / "bounce-milter.conf"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"^bounce-milter:", (tmp_path / "etc" / "passwd").read_text(), re.MULTILINE)
    done = subprocess.run(
        ["systemd-tmpfiles", "--create", f"--root={tmp_path}", UNITS / "tmpfiles.d" / "bounce-milter.conf"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "bounce-milter").is_dir()


def test_the_drop_in_gives_the_network_back_and_nothing_else(tmp_path: Path) -> None:
    name = "bounce-milter.service"
    (tmp_path / name).write_text((UNITS / name).read_text().replace("/usr/local/bin/bounce-milter", "/bin/true"))
    (tmp_path / f"{name}.d").mkdir()
    (tmp_path / f"{name}.d" / "network.conf").write_text((UNITS / "network.conf").read_text())
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    given = re.findall(r"^(\w+)=", (UNITS / "network.conf").read_text(), re.MULTILINE)
    assert given == ["PrivateNetwork", "RestrictAddressFamilies", "IPAddressAllow"]


def test_a_forbidden_call_fails_and_does_not_kill() -> None:
    assert "\nSystemCallErrorNumber=EPERM\n" in (UNITS / "bounce-milter.service").read_text()
