"""`make soak`: the long form of the endurance tests. About two minutes; longer with SOAK='--messages 2000000'.

    python -m tests.soak [--messages N] [--hostile N] [--mail N] [--only NAME]

Prints what was found and what was expected; exit status 1 where an expectation is not met.
"""

import argparse
import os
import sys
from collections.abc import Callable

from tests.bench import mail, tools
from tests.soak import reload
from tests.soak.endurance import HOSTILE, KINDS, Endured, endure

#: Growth that no leak explains: allocators take memory in steps.
_MEMORY = 2_000_000
_BAD = ("cut", "lost", "refused", "hung", "unreachable")


class Findings:
    """What was expected and is not so."""

    def __init__(self) -> None:
        self.count = 0

    def expect(self, what: str, *, holds: bool) -> None:
        """Print an expectation and whether it holds."""
        print(f"  {'ok  ' if holds else 'FAIL'} {what}", flush=True)
        self.count += not holds


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--messages", type=int, default=200_000, help="messages of every kind")
    parser.add_argument("--hostile", type=int, default=100_000, help="hostile connections")
    parser.add_argument("--mail", type=int, default=2_000, help="bounces, and ordinary messages, through Postfix")
    parser.add_argument("--only", choices=("messages", "hostile", "reload", "postfix"), action="append")
    options = parser.parse_args()
    found = Findings()
    parts: dict[str, Callable[[], None]] = {
        "messages": lambda: _endured(found, f"{options.messages:,} messages", options.messages, KINDS),
        "hostile": lambda: _endured(found, f"{options.hostile:,} hostile connections", options.hostile, HOSTILE),
        "reload": lambda: _reloaded(found),
        "postfix": lambda: _through_postfix(found, options.mail),
    }
    for name, part in parts.items():
        if not options.only or name in options.only:
            part()
    return 1 if found.count else 0


def _endured(found: Findings, what: str, messages: int, kinds: str) -> None:
    print(what, flush=True)
    run = endure(messages, mail.bounces(None, tools.BUILD), kinds, print)
    _clean(found, run)
    first, last = run.states[0], run.states[-1]
    found.expect(f"descriptors {first.descriptors} -> {last.descriptors}", holds=last.descriptors <= first.descriptors)
    found.expect(
        f"connections open {last.sessions}, alive {last.objects}", holds=(last.sessions, last.objects) == (0, 0)
    )
    slope = f"memory {run.growth:+,} octets since it was warm, {run.slope:+.2f} a message"
    found.expect(slope, holds=run.growth <= _MEMORY)


def _clean(found: Findings, run: Endured) -> None:
    bad = {name: run.total(name) for name in _BAD}
    found.expect(f"{run.total('messages'):,} whole messages; {_list(bad)}", holds=not any(bad.values()))
    bounces, explained = run.total("bounces"), run.total("explained")
    found.expect(f"{explained:,} of {bounces:,} bounces explained", holds=bounces == explained)


def _reloaded(found: Findings) -> None:
    bounces = mail.bounces(None, tools.BUILD)
    runs = {
        "four reloads": (reload.reloads(bounces), 0),
        "a worker killed": (reload.killed(bounces), 8),
        "five restarts": (reload.restarted(bounces, 5), 0),
    }
    print("eight clients at work", flush=True)
    for what, (told, most) in runs.items():
        cut = told.cut + told.lost
        text = f"{what}: {told.messages:,} messages, {cut} cut (at most {most}), {told.explained:,} bounces explained"
        whole = told.explained == told.bounces and not (told.refused or told.hung or told.unreachable)
        found.expect(text, holds=whole and cut <= most)


def _through_postfix(found: Findings, count: int) -> None:
    from tests.e2e.postfix import SBIN
    from tests.soak.postfix import pass_mail

    print(f"{count:,} bounces and {count:,} ordinary messages through Postfix", flush=True)
    if os.geteuid() != 0 or not (SBIN / "smtp-source").exists():
        found.expect("Postfix starts as root, and is unpacked by make servers", holds=False)
        return
    passed = pass_mail(count, mail.bounces(None, tools.BUILD))
    found.expect(
        f"arrived: {passed.bounces:,} and {passed.ordinary:,}", holds=passed.bounces == passed.ordinary == count
    )
    found.expect(
        f"deferred {passed.deferred}, broken off {passed.broken}", holds=not (passed.deferred or passed.broken)
    )
    text = f"{passed.turns} reloads and restarts: {passed.explained:,} explained, {passed.missed} missed"
    found.expect(f"{text}; {passed.without:,} messages met no filter", holds=passed.missed == 0)
    found.expect(f"ordinary messages with fields: {passed.marked}", holds=passed.marked == 0)


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
