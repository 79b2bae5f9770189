"""Bounces and ordinary mail through a real Postfix while the filter behind it is reloaded and restarted."""

import re
import signal
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import msgspec

from tests.bench import mail, tools
from tests.e2e.places import open_way
from tests.e2e.postfix import Postfix, attached

#: The second of five turns is a restart, the others are reloads; in between the filter is simply there.
_EACH = 5
_BETWEEN = 0.3
_PROCESS = re.compile(r"smtpd\[(\d+)\]: (.*)")
_TAKEN = re.compile(r"(\w+): client=")
_NAME = re.compile(rb"\bid (\w+)")
_NO_FILTER = "connect to Milter service"
_MARK = b"\nX-Bounce-Explanation:"


class Passed(msgspec.Struct, frozen=True):
    """What lies in the mailboxes, and what Postfix says of it."""

    bounces: int
    ordinary: int
    explained: int
    missed: int
    """Bounces without an explanation though their session had a filter to speak to."""
    marked: int
    """Ordinary messages with a field of the filter."""
    without: int
    """Messages whose session found no filter to speak to."""
    deferred: int
    broken: int
    """Sessions whose filter went away in the middle."""
    turns: int
    """Reloads and restarts that were finished."""


def pass_mail(count: int, bounces: Sequence[Path]) -> Passed:
    """Send *count* bounces and as many ordinary messages, reload and restart as long as they come in, and once each."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        open_way(home)
        process = stack.enter_context(tools.product(home, workers=2))
        server = Postfix(home / "postfix", attached(process.socket))
        server.start()
        stack.callback(server.stop)
        pool = stack.enter_context(ThreadPoolExecutor(2))
        sending = [
            pool.submit(_source, server, bounces[0], "", "load", count),
            pool.submit(_source, server, mail.ordinary(tools.BUILD), "carol@client.example", "plain", count),
        ]
        turns = 0
        while turns < 2 or not all(one.done() for one in sending):
            if turns % _EACH == 1:
                process.stop()
                process.start()
            else:
                before = len(process.lines("reloaded"))
                process.send(signal.SIGHUP)
                process.wait_for_lines("reloaded", before + 1)
            turns += 1
            time.sleep(_BETWEEN)
        for one in sending:
            one.result()
        seconds = 60 + count / 20
        got = server.wait_for("load", count, seconds)
        plain = server.wait_for("plain", count, seconds)
        return _told(server, got, plain, turns)


def _source(server: Postfix, message: Path, sender: str, user: str, count: int) -> None:
    words = ("-s", "4", "-m", str(count), "-F", str(message), "-f", sender, "-t", f"{user}@example.org")
    server.source(*words, seconds=60 + count)


def _alone(lines: Sequence[str]) -> set[str]:
    """Return the queue ids of messages whose session found no filter."""
    found: set[str] = set()
    alone: dict[str, bool] = {}
    for line in lines:
        if not (match := _PROCESS.search(line)):
            continue
        process, words = match.groups()
        if words.startswith("connect from"):
            alone[process] = False
        elif _NO_FILTER in words:
            alone[process] = True
        elif (taken := _TAKEN.match(words)) and alone.get(process):
            found.add(taken[1])
    return found


def _told(server: Postfix, got: Sequence[bytes], plain: Sequence[bytes], turns: int) -> Passed:
    lines = server.log().splitlines()
    alone = _alone(lines)
    bare = [message for message in got if _MARK not in message]
    names = [name[1].decode() if (name := _NAME.search(message)) else "" for message in bare]
    return Passed(
        bounces=len(got),
        ordinary=len(plain),
        explained=len(got) - len(bare),
        missed=sum(name not in alone for name in names),
        marked=sum(b"\nX-Bounce-" in message for message in plain),
        without=len(alone),
        deferred=sum("status=deferred" in line or "milter-reject" in line or " 4.7.1 " in line for line in lines),
        broken=sum("warning: milter " in line for line in lines),
        turns=turns,
    )
