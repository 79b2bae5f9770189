"""`make run` shows a newcomer what the product does; here without staying."""

import signal
import subprocess
import sys
from pathlib import Path

from tests import demo
from tests.e2e.places import served

ROOT = Path(__file__).parents[1]


def test_it_stays_until_it_is_told_and_a_second_one_says_that_there_is_one() -> None:
    command = [sys.executable, "-m", "tests.demo"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert any(line.startswith("Serving on") for line in first.stdout)
        assert demo.SOCKET.stat().st_mode & 0o777 == 0o666  # Postfix, which is nobody's friend here, may connect
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert second.stdout.startswith("Another demonstration serves on")
        assert served(demo.SOCKET)
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0
    assert not demo.SOCKET.exists()


def test_the_demonstration_shows_before_after_and_the_lines_for_postfix() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo", "--once"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("--- before:") == done.stdout.count("--- after:") == 3
    assert "X-Bounce-Explanation: <bob@dest.example> failed for good: there is no such" in done.stdout
    assert "smtpd_milters = { unix:" in done.stdout
    assert "internal_mail_filter_classes = bounce" in done.stdout
