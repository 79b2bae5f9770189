"""The main job with a real Sendmail: bounces arrive explained, nothing else is touched, review in each of its ways."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.details import parse_details
from tests.e2e.filter import FilterProcess
from tests.e2e.sendmail import Sendmail, folder, lines
from tests.e2e.test_postfix import DSN, ORDINARY, own, parsed, without_trace

#: What another server's program writes: no report, its own sender, only words.
WORDS = b"""\
From: Mail Delivery System <postmaster@mx.example.net>\r
To: alice@example.org\r
Subject: Undelivered mail\r
\r
Your message could not be delivered to one or more recipients.\r
\r
<bob@dest.example>: 550 5.1.1 User unknown\r
"""
FORGED = b"X-Bounce-Explanation: one\r\nX-Bounce-Review: yes\r\nx-bounce-review: yes\r\nX-BOUNCE-CLASS: no\r\n"


class Pair:
    """A Sendmail and its filter."""

    def __init__(self, server: Sendmail, process: FilterProcess) -> None:
        self.server = server
        self.process = process


@contextmanager
def running(review: str = "") -> Iterator[Pair]:
    home = folder()
    process = FilterProcess(home / "filter", review)
    try:
        process.start()
        server = Sendmail(home / "sendmail", lines(process.socket))
        server.start()
        try:
            yield Pair(server, process)
        except AssertionError as error:
            error.add_note(f"the filter's log:\n{process.log()}")
            raise
        finally:
            server.stop()
            process.stop()
    finally:
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def marking() -> Iterator[Sendmail]:
    with running('[review]\nmode = "mark"\n') as pair:
        yield pair.server


@pytest.fixture(scope="module")
def bare() -> Iterator[Sendmail]:
    home = folder()
    server = Sendmail(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)


def names(message: bytes) -> list[str]:
    return [name for name, _ in own(message)]


def test_a_bounce_arrives_explained_and_marked(marking: Sendmail) -> None:
    marking.send(DSN, to="dsn@example.org")
    message = marking.wait_for("dsn")[0]
    fields = dict(own(message))
    assert fields["X-Bounce-Explanation"].startswith("<bob@dest.example> failed for good: there is no such mailbox")
    assert parse_details(fields["X-Bounce-Details"])["reason"] == "user-unknown"
    assert sorted(names(message)) == [
        "X-Bounce-Class", "X-Bounce-Details", "X-Bounce-Explanation", "X-Bounce-Review",
    ]  # fmt: skip
    assert (fields["X-Bounce-Class"], fields["X-Bounce-Review"]) == ("permanent", "yes")
    assert message.endswith(DSN.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n"))


def test_words_under_a_sender_of_their_own_are_explained(marking: Sendmail) -> None:
    marking.send(WORDS, sender="postmaster@mx.example.net", to="words@example.org")
    details = parse_details(dict(own(marking.wait_for("words")[0]))["X-Bounce-Details"])
    assert (details["rcpt"], details["reason"]) == ("bob@dest.example", "user-unknown")


def test_ordinary_mail_arrives_byte_for_byte_as_without_the_filter(marking: Sendmail, bare: Sendmail) -> None:
    for server in (marking, bare):
        server.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    assert without_trace(marking.wait_for("plain")[0]) == without_trace(bare.wait_for("plain")[0])


def test_forged_fields_are_gone(marking: Sendmail) -> None:
    marking.send(FORGED + ORDINARY % b"forged", sender="carol@example.net", to="forged@example.org")
    assert names(marking.wait_for("forged")[0]) == []
    marking.send(FORGED + FORGED + DSN, to="forged-bounce@example.org")
    message = marking.wait_for("forged-bounce")[0]
    assert len(names(message)) == len(set(names(message))) == 4
    assert dict(own(message))["X-Bounce-Class"] == "permanent"


def test_mail_flows_when_the_filter_is_dead() -> None:
    with running() as pair:
        pair.process.die()
        pair.server.send(DSN, to="dsn@example.org")
        pair.server.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
        assert "X-Bounce-Explanation" not in names(pair.server.wait_for("dsn")[0])
        assert len(pair.server.wait_for("plain")) == 1
        pair.process.start()


def test_redirect_replaces_the_recipients() -> None:
    with running('[review]\nmode = "redirect"\nmailbox = "review@example.org"\n') as pair:
        pair.server.send(DSN, to=["alice@example.org", "same@example.org"])
        message = pair.server.wait_for("review")[0]
        pair.server.send(ORDINARY % b"alice", sender="carol@example.net", to="alice@example.org")
        pair.server.wait_for("alice")
        assert own(pair.server.mailbox("alice")[0]) == []
        assert (len(pair.server.mailbox("alice")), pair.server.mailbox("same")) == (1, [])
    fields = dict(own(message))
    assert fields["X-Bounce-Original-Recipients"] == "<alice@example.org>, <same@example.org>"
    assert parsed(message)["Return-Path"] == "<alice@example.org>"


def test_copy_adds_the_review_mailbox() -> None:
    with running('[review]\nmode = "copy"\nmailbox = "review@example.org"\n') as pair:
        pair.server.send(DSN, to="alice@example.org")
        for user in ("alice", "review"):
            fields = dict(own(pair.server.wait_for(user)[0]))
            assert fields["X-Bounce-Original-Recipients"] == "<alice@example.org>"


def test_quarantine_holds_the_bounce_until_the_logged_command_releases_it() -> None:
    with running('[review]\nmode = "quarantine"\n') as pair:
        pair.server.send(DSN, to="alice@example.org")
        pair.server.send(ORDINARY % b"alice", sender="carol@example.net", to="alice@example.org")
        assert own(pair.server.wait_for("alice")[0]) == []
        held = pair.server.run("-bp", "-qQ")
        assert "bounce-milter: permanent, user-unknown" in held
        command = next(line for line in pair.process.log().splitlines() if "sendmail -qQ" in line)
        arguments = command.partition("sendmail ")[2].partition('"')[0].split()
        assert pair.server.mailbox("alice")[1:] == []
        pair.server.run(*arguments)
        pair.server.run("-q")
        message = pair.server.wait_for("alice", 2)[1]
    assert dict(own(message))["X-Bounce-Review"] == "yes"
