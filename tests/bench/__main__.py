"""`make bench`: every measure in one run on one machine; one table, and the same as JSON.

    python -m tests.bench [--short] [--json FILE] [--only NAME] [--mail FOLDER]

Exit status 0 whatever was measured: a goal missed is told in the table.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import mail, postfix, reading, service, through
from tests.bench.table import Row, missing, show, write
from tests.bench.tools import BUILD, ROOT

Measure = Callable[[bool, Sequence[Path]], Iterator[Row]]
MEASURES: dict[str, Measure] = {
    "milter": through.rows,
    "postfix": postfix.rows,
    "service": service.rows,
    "explain": reading.folder,
    "reply": reading.reply,
    "hostile": reading.tricks,
}


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--short", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--json", type=Path, default=BUILD / "bench.json", help="where the table goes as JSON")
    parser.add_argument("--only", choices=sorted(MEASURES), action="append", help="this measure; may be repeated")
    parser.add_argument(
        "--mail",
        type=Path,
        default=os.environ.get("BOUNCE_MILTER_CORPUS") or ROOT / "tests" / "samples",
        help="a folder of bounces",
    )
    options = parser.parse_args()
    bounces = mail.bounces(Path(options.mail), BUILD)
    rows: list[Row] = []
    for name, measure in MEASURES.items():
        if options.only and name not in options.only:
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += measure(options.short, bounces)
        except Exception as error:  # the other measures are still worth having
            rows.append(missing(name, name, f"{type(error).__name__}: {error}"))
    show(rows)
    write(rows, options.json, short=options.short)
    return 0


if __name__ == "__main__":
    sys.exit(main())
