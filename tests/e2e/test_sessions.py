"""SMTP sessions that are open while the filter is reloaded or stopped: which of them goes on with it, which without."""

import contextlib
import re
import signal
import smtplib
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.filter import FilterProcess
from tests.e2e.places import until
from tests.e2e.postfix import Postfix, attached
from tests.e2e.test_postfix import DSN, own


@contextlib.contextmanager
def served(home: Path, text: str) -> Iterator[tuple[FilterProcess, Postfix]]:
    process = FilterProcess(home / "filter", text)
    process.start()
    server = Postfix(home / "postfix", attached(process.socket))
    server.start()
    try:
        yield process, server
    finally:
        server.stop()
        process.stop()


def test_a_session_keeps_the_filter_when_it_is_reloaded(tmp_path: Path) -> None:
    """Postfix that loses the filter does without it to the end of the session: forged fields would pass."""
    with served(tmp_path, "drain_seconds = 0\n") as (process, server), smtplib.SMTP("127.0.0.1", server.port) as smtp:
        smtp.sendmail("", "before@example.org", DSN)
        before = process.workers()
        process.send(signal.SIGHUP)
        process.wait_for_lines("reloaded")
        assert process.workers() != before
        for _ in range(2):
            smtp.sendmail("", "after@example.org", DSN)
        assert [len(own(message)) for message in server.wait_for("after", 2)] == [3, 3]


def test_a_stop_waits_for_a_message_under_way_and_not_for_a_session(tmp_path: Path) -> None:
    with (
        served(tmp_path, "drain_seconds = 3600\n") as (process, server),
        smtplib.SMTP("127.0.0.1", server.port) as idle,
        smtplib.SMTP("127.0.0.1", server.port) as busy,
    ):
        idle.sendmail("", "before@example.org", DSN)
        for smtp, command in ((idle, "MAIL FROM:<>"), (idle, "RSET"), (busy, "EHLO x"), (busy, "MAIL FROM:<>")):
            assert smtp.docmd(command)[0] == 250
        process.send(signal.SIGTERM)
        process.wait_for_lines("stopping")
        idle.sendmail("", "same@example.org", DSN)
        assert busy.docmd("RCPT TO:<after@example.org>")[0] == 250
        assert busy.data(DSN)[0] == 250
        assert process.wait() == 0
        idle.sendmail("", "plain@example.org", DSN)  # without the filter, and without delay
        for user, fields in (("before", 3), ("same", 3), ("after", 3), ("plain", 1)):
            assert len(own(server.wait_for(user)[0])) == fields


def test_a_session_keeps_the_filter_when_workers_have_served_their_share(tmp_path: Path) -> None:
    """Whoever had one message was replaced, and ended as soon as his successor had one too, or at the first reload."""
    with (
        served(tmp_path, "drain_seconds = 0\nrecycle_messages = 1\n") as (process, server),
        contextlib.ExitStack() as open_,
    ):
        sessions: list[smtplib.SMTP] = []
        for _ in range(2):
            until(lambda: drain(process) == len(sessions), process.log)
            sessions.append(open_.enter_context(smtplib.SMTP("127.0.0.1", server.port)))
            sessions[-1].sendmail("", "before@example.org", DSN)
        process.send(signal.SIGHUP)
        process.wait_for_lines("reloaded")
        until(lambda: drain(process) == 2, process.log)
        for session in sessions:
            session.sendmail("", "after@example.org", DSN)
        assert [len(own(message)) for message in server.wait_for("after", 2)] == [3, 3]


def drain(process: FilterProcess) -> int:
    """Return how many workers take no more connections and wait for those that they have."""
    before = len(process.lines("state"))
    process.send(signal.SIGUSR1)
    found = re.search(r" draining=(\d+) ", process.wait_for_lines("state", before + 1)[-1])
    assert found
    return int(found[1])
