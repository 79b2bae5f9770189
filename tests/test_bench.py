"""The benchmark tells what it measured, in a table and as JSON; what it could not measure has a reason, no number."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import mail, peers, table

ROOT = Path(__file__).parents[1]


def test_one_measure_gives_a_table_and_the_same_as_json(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tests.bench", "--short", "--only", "reply", "--json", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert "one server reply judged" in done.stdout
    (row,) = json.loads(out.read_text())["rows"]
    assert (row["name"], row["unit"]) == ("reply", "us")
    assert row["met"] is (row["value"] <= 15)


def test_a_ratio_is_one_of_medians() -> None:
    row = table.at_least(0.9, "x", "x", "msg/s", "other", [1, 90, 1000], [80, 100, 1])
    assert (row.value, row.theirs, row.met) == (90, 80, True)
    assert not table.at_least(0.9, "x", "x", "msg/s", "other", [71], [80]).met


def test_a_peer_that_cannot_be_had_says_why() -> None:
    with pytest.raises(peers.PeerError, match="a-program-that-is-nowhere"):
        peers._run(["a-program-that-is-nowhere"])


def test_without_a_folder_bounces_are_made(tmp_path: Path) -> None:
    made = mail.bounces(None, tmp_path)
    assert len(made) == 50
    assert mail.bounces(tmp_path / "mail", tmp_path) == made
