"""The ways to review with a real Postfix: where the bounce comes to lie, what it says, and what happens on a refusal."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bounce_milter import header
from tests.e2e.conftest import attached
from tests.e2e.filter import FilterProcess
from tests.e2e.postfix import Postfix
from tests.e2e.refusing import RefusingServer
from tests.e2e.test_postfix import ORDINARY, own, parsed
from tests.reports import FULL, dsn, group

CONFIG = Path(__file__).parents[2] / "config" / "postfix"


class Pair:
    """A Postfix and its filter."""

    def __init__(self, server: Postfix, process: FilterProcess, home: Path) -> None:
        self.server = server
        self.process = process
        self.home = home

    def send(self, message: bytes = b"", *, to: str | list[str] = "alice@example.org") -> None:
        """Send a bounce, a permanent failure unless another is given."""
        self.server.send(message or dsn(), to=to)

    def own_bounce(self, user: str, *to: str) -> None:
        """Let Postfix make a bounce of its own for a user of example.org."""
        self.server.send(b"Subject: hi\r\n\r\nhello\r\n", sender=f"{user}@example.org", to=list(to or ["gone@dest.example"]))

    def lines(self, event: str) -> list[str]:
        """Return the filter's log lines of one event."""
        return [line for line in self.process.log().splitlines() if f" event={event} " in line]


@contextmanager
def running(home: Path, review: str, refusing: RefusingServer, options: Mapping[str, str] | None = None) -> Iterator[Pair]:
    process = FilterProcess(home / "filter", f"[review]\n{review}")
    process.start()
    server = Postfix(home / "postfix", {**attached(process.socket), **(options or {})}, refusing.transports())
    try:
        server.start()
        yield Pair(server, process, home)
    finally:
        server.stop()
        process.stop()


def reviewed(message: bytes) -> dict[str, str]:
    """Return our fields of a message, the last of each name."""
    return dict(own(message))


REDIRECT = 'mode = "redirect"\nmailbox = "review@example.org"\n'


@pytest.fixture(scope="module")
def redirect(tmp_path_factory: pytest.TempPathFactory, refusing: RefusingServer) -> Iterator[Pair]:
    with running(tmp_path_factory.mktemp("redirect"), REDIRECT, refusing) as pair:
        yield pair


def test_redirect_replaces_the_recipient_and_keeps_it_in_a_field(redirect: Pair) -> None:
    redirect.send()
    message = redirect.server.wait_for("review", 1)[-1]
    assert reviewed(message)["X-Bounce-Original-Recipients"] == "<alice@example.org>"
    assert reviewed(message)["X-Bounce-Review"] == "yes"
    assert parsed(message)["Return-Path"] == "<alice@example.org>"
    assert redirect.server.mailbox("alice") == []


def test_redirect_replaces_several_recipients_by_one(redirect: Pair) -> None:
    before = len(redirect.server.mailbox("review"))
    redirect.send(to=["dsn@example.org", "same@example.org"])
    message = redirect.server.wait_for("review", before + 1)[-1]
    assert reviewed(message)["X-Bounce-Original-Recipients"] == "<dsn@example.org>, <same@example.org>"
    assert redirect.server.mailbox("dsn") == redirect.server.mailbox("same") == []


def test_redirect_takes_the_bounces_that_postfix_makes_itself(redirect: Pair) -> None:
    before = len(redirect.server.mailbox("review"))
    redirect.own_bounce("sender")
    message = redirect.server.wait_for("review", before + 1)[-1]
    assert reviewed(message)["X-Bounce-Original-Recipients"] == "<sender@example.org>"
    assert redirect.server.mailbox("sender") == []


def test_redirect_leaves_all_other_mail(redirect: Pair) -> None:
    redirect.send(dsn(group(said=FULL)), to="plain@example.org")
    redirect.server.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    assert len(redirect.server.wait_for("plain", 2)) == 2


def test_a_bounce_to_the_review_mailbox_stays_there_as_it_is(redirect: Pair) -> None:
    before = len(redirect.server.mailbox("review"))
    redirect.send(to=["review@example.org", "many@example.org"])
    assert "X-Bounce-Original-Recipients" not in reviewed(redirect.server.wait_for("review", before + 1)[-1])
    assert "X-Bounce-Review" not in reviewed(redirect.server.wait_for("many")[0])
