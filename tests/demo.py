"""`make run`: the filter with its shipped configuration on a socket of its own, shown at work, then served.

Plays sample bounces through it over the milter protocol, prints each before and after, prints what Postfix needs to
know, and serves until interrupted. Ends with the filter's exit status.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.e2e.places import connect, served, until_it_answers
from tests.mta import Mta, applied

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "demo"
SOCKET = HOME / "milter.sock"
CONFIG = ROOT / "config" / "bounce-milter.toml"
POSTFIX = ROOT / "config" / "postfix" / "main.cf"
SAMPLES = ROOT / "tests" / "samples"
SHOWN = ("001-postfix-user-unknown", "002-qmail-mailbox-full", "003-exim-block-list")
_PLACE = "unix:/run/bounce-milter/milter.sock"
_LINES = 34


def main(*, stay: bool = True) -> int:
    """Run the demonstration; return the filter's exit status. Without *stay* it stops after the samples."""
    say = Console(highlight=False, soft_wrap=True).print
    if served(SOCKET):
        say(Text(f"Another demonstration serves on unix:{SOCKET} already; end that one first.", style="bold"))
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the filter must not outlive this
    filter_ = start()
    try:
        until_it_answers(filter_, lambda: connect(SOCKET))
        for name in SHOWN:
            show(say, name)
        say(Text("\nAttach it to Postfix: add to /etc/postfix/main.cf", style="bold"))
        place = POSTFIX.read_text(encoding="utf-8").replace(_PLACE, f"unix:{SOCKET}")
        say(Text("".join(line for line in place.splitlines(keepends=True) if not line.startswith("#")).strip()))
        if not stay:
            filter_.send_signal(signal.SIGTERM)
            return filter_.wait(30)
        say(Text(f"\nServing on unix:{SOCKET}; Ctrl-C ends it.", style="bold"))
        return filter_.wait()
    except KeyboardInterrupt:
        filter_.send_signal(signal.SIGTERM)
        return filter_.wait(30)
    finally:
        if filter_.poll() is None:
            filter_.kill()


def start() -> "subprocess.Popen[bytes]":
    """Start the real command with the shipped configuration, but for its socket: another place, and open to Postfix."""
    HOME.mkdir(parents=True, exist_ok=True)
    config = HOME / CONFIG.name
    text = CONFIG.read_text(encoding="utf-8").replace(_PLACE, f"unix:{SOCKET}")
    config.write_text(text.replace('socket_mode = "0660"', 'socket_mode = "0666"'), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("bounce-milter")), "serve", "--config", str(config)]
    return subprocess.Popen([*command, *(["--allow-root"] if os.geteuid() == 0 else [])])


def show(say: Callable[[Text], None], name: str) -> None:
    """Play one sample through the filter and print it as it came and as it went."""
    message = (SAMPLES / f"{name}.eml").read_bytes()
    with Mta(SOCKET) as mta:
        answer = mta.message(message)
    say(Text(f"\n--- before: {name}.eml ", style="bold") + Text("-" * 30, style="dim"))
    say(Text(_top(message), style="dim"))
    say(Text("--- after: these fields were added ", style="bold") + Text("-" * 30, style="dim"))
    before = message.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    after = applied(message, answer).partition(b"\n\n")[0]
    say(Text(after.removeprefix(before).decode().strip(), style="green"))


def _top(message: bytes) -> str:
    """Return the beginning of the message, without the header fields that nobody reads."""
    head, _, body = message.decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")
    fields = [line for line in head.splitlines() if line.startswith(("From:", "To:", "Subject:"))]
    lines = [*fields, "", *body.strip().splitlines()]
    return "\n".join(lines[:_LINES]) + ("\n[...]" if len(lines) > _LINES else "")


if __name__ == "__main__":
    sys.exit(main(stay="--once" not in sys.argv[1:]))
