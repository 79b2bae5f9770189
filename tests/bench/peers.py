"""Other programs that read bounces, fetched by the benchmark itself into build/bench and never installed.

flufl.bounce comes from PyPI into a venv of its own; Sisimai (Perl) from Debian, unpacked. Each reads the same files, in
one process, messages in memory, after a round to warm up; it is asked for its result and no more.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.bench.tools import BUILD

_SECONDS: Final = 300
_SISIMAI_PACKAGES: Final = ("libsisimai-perl", "libclass-accessor-lite-perl", "libjson-perl")

_FLUFL: Final = """
import email, pathlib, sys, time
from flufl.bounce import all_failures
messages = [pathlib.Path(line).read_bytes() for line in sys.stdin.read().splitlines()]
def once():
    found = 0
    for message in messages:
        try:
            temporary, permanent = all_failures(email.message_from_bytes(message))
            found += bool(temporary or permanent)
        except Exception:
            pass
    return found
found, done, begin = once(), 0, time.perf_counter()
while done == 0 or time.perf_counter() - begin < float(sys.argv[1]):
    once()
    done += len(messages)
print(done / (time.perf_counter() - begin), found)
"""
_SISIMAI: Final = """
use strict; use warnings; use Time::HiRes 'time'; use Sisimai;
my @messages;
while (my $path = <STDIN>) { chomp $path; open(my $f, '<', $path) or die $path; local $/; push @messages, scalar <$f>; close $f }
my $call = Sisimai->can('rise') || Sisimai->can('make');
sub once { my $found = 0; for my $m (@messages) { my $copy = $m; my $r = eval { $call->('Sisimai', \\$copy) }; $found++ if $r && @$r } $found }
my $found = once(); my $done = 0; my $begin = time;
while (!$done || time - $begin < $ARGV[0]) { once(); $done += @messages }
print $done / (time - $begin), " $found\\n";
"""


class PeerError(Exception):
    """The peer cannot be had or does not run; the text says why."""


def flufl(files: Sequence[Path], seconds: float) -> tuple[float, int]:
    """Return messages a second, and in how many files it found a failed recipient."""
    venv = BUILD / "flufl"
    python = venv / "bin" / "python"
    if not (venv / ".complete").exists():
        _run([sys.executable, "-m", "venv", str(venv)])
        _run([str(python), "-m", "pip", "install", "--quiet", "flufl.bounce"])
        (venv / ".complete").touch()
    return _told([str(python), "-c", _FLUFL, str(seconds)], files, {})


def sisimai(files: Sequence[Path], seconds: float) -> tuple[float, int]:
    """Return messages a second, and in how many files it found a failed recipient."""
    root = BUILD / "sisimai"
    if not (root / ".complete").exists():
        root.mkdir(parents=True, exist_ok=True)
        for package in _SISIMAI_PACKAGES:
            _run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package], cwd=root)
            _run(["dpkg", "-x", str(next(root.glob(f"{package}_*.deb"))), str(root)])
        (root / ".complete").touch()
    path = root / "usr" / "share" / "perl5"
    return _told(["perl", "-e", _SISIMAI, str(seconds)], files, {"PERL5LIB": str(path)})


def _told(command: Sequence[str], files: Sequence[Path], environment: dict[str, str]) -> tuple[float, int]:
    names = "".join(f"{path}\n" for path in files)
    out = _run(command, environment=environment, text=names)
    rate, found = out.split()
    return float(rate), int(found)


def _run(
    command: Sequence[str], *, cwd: Path | None = None, environment: dict[str, str] | None = None, text: str = ""
) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, env={**os.environ, **(environment or {})}, input=text, capture_output=True, text=True,
            timeout=_SECONDS, check=True,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise PeerError(f"{error.filename} is not here") from None
    except subprocess.TimeoutExpired:
        raise PeerError(f"{command[0]} took over {_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip().splitlines()[-1:]
        raise PeerError(f"{Path(command[0]).name} failed: {' '.join(last)[:160]}") from None
    return done.stdout
