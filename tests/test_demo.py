"""`make run` shows a newcomer what the product does; here without staying."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


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
