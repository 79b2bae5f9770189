"""Bounces over Postfix, the filter and Dovecot into folders, read over IMAP; and each Sieve script by itself."""

import smtplib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bounce_milter import header
from bounce_milter.vocabulary import Reason
from tests.e2e.conftest import attached
from tests.e2e.dovecot import Dovecot
from tests.e2e.filter import COMMAND, FilterProcess
from tests.e2e.postfix import Postfix
from tests.e2e.test_postfix import DSN, ORDINARY, own, parsed

CONFIG = Path(__file__).parents[2] / "config" / "dovecot"
NAMES = sorted(path.name for path in CONFIG.glob("*.sieve"))
DELAY = (
    DSN.replace(b"Action: failed", b"Action: delayed")
    .replace(b"Status: 5.1.1", b"Status: 4.4.1")
    .replace(b"550 5.1.1 User unknown", b"451 4.4.1 Connection timed out")
)
EXTPROGRAMS = {
    "sieve_plugins": "sieve_extprograms",
    "sieve_global_extensions": "+vnd.dovecot.filter +editheader",
    "sieve_filter_exec_timeout": "20s",
}


def script(name: str) -> dict[str, str]:
    return {name: (CONFIG / name).read_text(encoding="utf-8")}


@pytest.fixture(scope="module")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    server = Dovecot(tmp_path_factory.mktemp("dovecot"), script("bounce-review.sieve"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot) -> Iterator[Postfix]:
    """Postfix with the filter in review mode "mark", which delivers to Dovecot."""
    process = FilterProcess(tmp_path_factory.mktemp("marking"), '[review]\nmode = "mark"\n')
    process.start()
    options = {
        **attached(process.socket),
        "virtual_transport": dovecot.transport(),
        "virtual_mailbox_maps": "static:all",
    }
    server = Postfix(tmp_path_factory.mktemp("to-dovecot"), options)
    server.start()
    yield server
    server.stop()
    process.stop()


def annotated(message: bytes, *, review: bool = True) -> bytes:
    """Return a message with the fields as the filter in mode "mark" sets them."""
    done = subprocess.run([COMMAND, "annotate"], input=message, capture_output=True, check=True, timeout=60)
    return (b"X-Bounce-Review: yes\r\n" if review else b"") + done.stdout


def deliver(server: Dovecot, message: bytes, user: str, sender: str = "") -> None:
    with smtplib.LMTP("127.0.0.1", server.lmtp, timeout=60) as lmtp:
        lmtp.sendmail(sender, [f"{user}@example.org"], message)


def test_a_permanent_bounce_lies_explained_in_the_review_folder(marking: Postfix, dovecot: Dovecot) -> None:
    marking.send(DSN, to="alice@example.org")
    fields = dict(own(dovecot.wait_for("alice", "Bounces/Review")[0]))
    assert fields["X-Bounce-Review"] == "yes"
    assert fields["X-Bounce-Class"] == "permanent"
    assert header.parse_details(fields["X-Bounce-Details"])["rcpt"] == "bob@dest.example"
    assert fields["X-Bounce-Explanation"].startswith("<bob@dest.example> failed for good")
    assert dovecot.folder("alice", "INBOX") == []


def test_a_delay_notice_stays_in_the_inbox_and_is_explained(marking: Postfix, dovecot: Dovecot) -> None:
    marking.send(DELAY, to="delay@example.org")
    fields = dict(own(dovecot.wait_for("delay")[0]))
    assert "X-Bounce-Review" not in fields
    assert header.parse_details(fields["X-Bounce-Details"])["kind"] == "delayed"
    assert dovecot.folder("delay", "Bounces/Review") == []


def test_ordinary_mail_stays_in_the_inbox_whatever_it_claims(marking: Postfix, dovecot: Dovecot) -> None:
    marking.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    marking.send(b"X-Bounce-Review: yes\r\n" + ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    messages = dovecot.wait_for("plain", count=2)
    assert [own(message) for message in messages] == [[], []]
    assert dovecot.folder("plain", "Bounces/Review") == []


@pytest.mark.parametrize("name", NAMES)
def test_each_script_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    server = Dovecot(tmp_path / "dovecot", {}, EXTPROGRAMS)
    copy = server.home / "sieve" / name
    copy.write_text(script(name)[name])
    assert server.compile(copy) == ""
    assert copy.with_suffix(".svbin").exists()
