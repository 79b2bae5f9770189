"""What `pip install .` makes of the package: all of it, and it runs."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_every_file_and_runs(tmp_path: Path) -> None:
    built: list[str | Path] = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT]
    subprocess.run([sys.executable, "-m", "pip", *built], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    source = ROOT / "milter"
    files = {str(p.relative_to(source)) for p in source.rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    with zipfile.ZipFile(wheel) as packed:
        assert {name for name in packed.namelist() if ".dist-info/" not in name} == files
        packed.extractall(tmp_path / "lib")
    done = subprocess.run(
        [sys.executable, "-m", "bounce_milter", "explain", "550 5.1.1 User unknown"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "lib")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "user-unknown, dead address, confidence high" in done.stdout, done.stderr
