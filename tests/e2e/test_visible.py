"""The visible forms through a real Postfix: a tag in the Subject and a note before the words, where the admin asks."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.filter import FilterProcess
from tests.e2e.postfix import Postfix, attached
from tests.e2e.refusing import RefusingServer

SAMPLE = (Path(__file__).parents[1] / "samples" / "001-postfix-user-unknown.eml").read_bytes()


@pytest.fixture(scope="module")
def showing(tmp_path_factory: pytest.TempPathFactory, refusing: RefusingServer) -> Iterator[Postfix]:
    text = '[annotate]\nsubject_tag = "[{class}: {reason}]"\nnote = true\n'
    process = FilterProcess(tmp_path_factory.mktemp("showing"), text)
    process.start()
    server = Postfix(tmp_path_factory.mktemp("postfix-showing"), attached(process.socket), refusing.transports())
    server.start()
    yield server
    server.stop()
    process.stop()


def read(message: bytes) -> EmailMessage:
    found = message_from_bytes(message, EmailMessage, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_bounce_shows_the_explanation_in_subject_and_text(showing: Postfix) -> None:
    showing.send(SAMPLE, to="dsn@example.org")
    message = read(showing.wait_for("dsn")[0])
    assert message["Subject"] == "[permanent: user-unknown] Undelivered Mail Returned to Sender"
    words, report, original = message.iter_parts()
    assert words.get_content().startswith("-" * 70 + "\n<bob@dest.example> failed for good: there is no such mailbox")
    assert "This is the mail system at host mail.example.com." in words.get_content()
    assert report.get_content_type() == "message/delivery-status"
    assert original.get_content_type() == "message/rfc822"
    assert message["X-Bounce-Class"] == "permanent"


def test_ordinary_mail_is_left_alone(showing: Postfix) -> None:
    showing.send(
        b"From: a@example.org\r\nSubject: lunch\r\n\r\nAt one?\r\n", sender="a@example.org", to="plain@example.org"
    )
    message = read(showing.wait_for("plain")[0])
    assert message["Subject"] == "lunch"
    assert message.get_content().strip() == "At one?"
