"""`make fuzz`: mutants for as long as is asked, over the samples and, where it is named, a folder of real mail.

A mutant that breaks an invariant, raises or takes over a second is written to build/fuzz, and the run fails.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.fuzz.invariants import check, check_line_ends
from tests.fuzz.mutate import folder, mutants

ROOT = Path(__file__).parents[2]
_SLOW_SECONDS = 1.0


def main() -> int:
    """Run until the time is over; return 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--mail", type=Path, default=os.environ.get("BOUNCE_MILTER_CORPUS"), help="a folder of messages"
    )
    options = parser.parse_args()
    seeds = folder(ROOT / "tests" / "samples") + (folder(options.mail) if options.mail else [])
    out = ROOT / "build" / "fuzz"
    found = done = 0
    worst = 0.0
    end = time.monotonic() + options.seconds
    for message in mutants(seeds, options.seed):
        if time.monotonic() > end or found >= 20:
            break
        begin = time.perf_counter()
        try:
            check(message)
            took = time.perf_counter() - begin
            check_line_ends(message)
        except Exception as error:  # what is looked for may be any exception
            found += 1
            _keep(out, found, message, repr(error))
            continue
        worst = max(worst, took)
        if took > _SLOW_SECONDS:
            found += 1
            _keep(out, found, message, f"{took:.1f} s")
        done += 1
    print(
        f"{done} messages from {len(seeds)} seeds, seed {options.seed}: {found} findings, slowest {worst * 1000:.0f} ms"
    )
    return 1 if found else 0


def _keep(out: Path, number: int, message: bytes, what: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{number:03}.eml").write_bytes(message)
    print(f"build/fuzz/{number:03}.eml: {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
