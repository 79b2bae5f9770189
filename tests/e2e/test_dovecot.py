"""Bounces over Postfix, the filter and Dovecot into folders, read over IMAP; and each Sieve script by itself."""

import os
import re
import smtplib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bounce_milter.vocabulary import Reason
from tests.details import parse_details
from tests.e2e.dovecot import Dovecot
from tests.e2e.filter import COMMAND, FilterProcess
from tests.e2e.places import open_way
from tests.e2e.postfix import Postfix, attached
from tests.e2e.test_postfix import DSN, ORDINARY, own, parsed, without_trace

CONFIG = Path(__file__).parents[2] / "config" / "dovecot"
NAMES = sorted(path.name for path in CONFIG.glob("*.sieve"))
DELAY = (
    DSN.replace(b"Action: failed", b"Action: delayed")
    .replace(b"Status: 5.1.1", b"Status: 4.4.1")
    .replace(b"550 5.1.1 User unknown", b"451 4.4.1 Connection timed out")
)


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
    fields = dict(own(dovecot.wait_for("alice", "Bounces-Review")[0]))
    assert fields["X-Bounce-Review"] == "yes"
    assert fields["X-Bounce-Class"] == "permanent"
    assert parse_details(fields["X-Bounce-Details"])["rcpt"] == "bob@dest.example"
    assert fields["X-Bounce-Explanation"].startswith("<bob@dest.example> failed for good")
    assert dovecot.folder("alice", "INBOX") == []


def test_a_delay_notice_stays_in_the_inbox_and_is_explained(marking: Postfix, dovecot: Dovecot) -> None:
    marking.send(DELAY, to="delay@example.org")
    fields = dict(own(dovecot.wait_for("delay")[0]))
    assert "X-Bounce-Review" not in fields
    assert parse_details(fields["X-Bounce-Details"])["kind"] == "delayed"
    assert dovecot.folder("delay", "Bounces-Review") == []


def test_ordinary_mail_stays_in_the_inbox_whatever_it_claims(marking: Postfix, dovecot: Dovecot) -> None:
    marking.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    marking.send(b"X-Bounce-Review: yes\r\n" + ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    messages = dovecot.wait_for("plain", count=2)
    assert [own(message) for message in messages] == [[], []]
    assert dovecot.folder("plain", "Bounces-Review") == []


@pytest.mark.parametrize("name", NAMES)
def test_each_script_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    server = Dovecot(tmp_path / "dovecot", {})
    copy = server.home / "sieve" / name
    copy.write_text(script(name)[name])
    assert server.compile(copy) == ""
    assert copy.with_suffix(".svbin").exists()


def test_the_lines_on_the_page_of_headers_compile(tmp_path: Path) -> None:
    page = (CONFIG.parent / "doc" / "headers.md").read_text(encoding="utf-8")
    server = Dovecot(tmp_path / "dovecot", {})
    copy = server.home / "sieve" / "page.sieve"
    copy.write_text(page.partition("```sieve\n")[2].partition("```")[0])
    assert server.compile(copy) == ""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Dovecot]]:
    """Start a Dovecot with scripts of config/dovecot; mail comes to it as if a filter had seen it."""
    servers: list[Dovecot] = []

    def start(*names: str, program: str = "", submission: int = 0) -> Dovecot:
        scripts = {name: (CONFIG / name).read_text(encoding="utf-8") for name in names}
        server = Dovecot(tmp_path / "dovecot", scripts, program=program, submission=submission)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


def test_a_copy_stays_in_the_inbox(serve: Callable[..., Dovecot]) -> None:
    server = serve("bounce-copy.sieve")
    deliver(server, annotated(DSN), "alice")
    assert own(server.folder("alice", "INBOX")[0]) == own(server.folder("alice", "Bounces-Review")[0])
    deliver(server, annotated(DELAY, review=False), "alice")
    assert len(server.folder("alice", "INBOX")) == 2
    assert len(server.folder("alice", "Bounces-Review")) == 1


def test_each_reason_has_its_folder_and_no_stranger_names_one(serve: Callable[..., Dovecot]) -> None:
    server = serve("bounce-by-reason.sieve")
    deliver(server, annotated(DSN), "alice")
    deliver(server, annotated(DSN.replace(b"550 5.1.1 User unknown", b"550 5.7.1 Message is spam")), "alice")
    hostile = DSN.replace(b"bob@dest.example", b'"; reason=mailbox-full; "@dest.example')
    deliver(server, annotated(hostile), "alice")
    deliver(server, annotated(hostile.replace(b"mailbox-full", b"Evil")), "alice")
    deliver(server, annotated(DELAY, review=False), "alice")
    assert len(server.folder("alice", "Bounces-user-unknown")) == 3
    assert len(server.folder("alice", "Bounces-spam-content")) == 1
    assert len(server.folder("alice", "INBOX")) == 1
    with server.imap("alice") as connection:
        folders = {bytes(line).rsplit(b" ", 1)[1].decode() for line in connection.list()[1] if isinstance(line, bytes)}
    known = {f"Bounces-{reason}" for reason in Reason} | {"Bounces-Review", "INBOX"}
    assert {folder.strip('"') for folder in folders} <= known


def test_the_script_knows_every_reason() -> None:
    text = script("bounce-by-reason.sieve")["bounce-by-reason.sieve"]
    listed = text[text.index("string :is") : text.index("] {")]
    assert set(re.findall(r'"([a-z-]+)"', listed)) == {str(reason) for reason in Reason}


def test_no_bounce_gets_an_answer_for_absence(serve: Callable[..., Dovecot], bare_postfix: Postfix) -> None:
    server = serve("vacation-guard.sieve", submission=bare_postfix.port)
    with_sender = DSN.replace(b"MAILER-DAEMON@mx.example.net", b"sender@example.org")
    delivered = with_sender.replace(b"Action: failed", b"Action: delivered").replace(b"5.1.1", b"2.0.0")
    for message in (with_sender, delivered):
        deliver(server, annotated(message, review=False), "alice", "review@example.org")
    deliver(server, ORDINARY % b"alice", "alice", "before@example.org")
    assert parsed(bare_postfix.wait_for("before")[0])["Subject"] == "I am away"
    assert len(server.folder("alice", "INBOX")) == 3
    assert bare_postfix.mailbox("review") == []


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Path]:
    """The command for a user who may not read this checkout: what it is given goes to one that root runs, once."""
    way = [tmp_path / "in", tmp_path / "out"]
    for fifo in way:
        os.mkfifo(fifo)
        fifo.chmod(0o666)
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\n[ "$*" = annotate ] && cat >{way[0]} && exec cat {way[1]}\n')
    program.chmod(0o755)
    open_way(tmp_path)
    process = subprocess.Popen(["/bin/sh", "-c", f"exec {COMMAND} annotate <{way[0]} >{way[1]}"])
    yield program
    process.kill()
    process.wait()


def test_sieve_explains_without_a_milter(serve: Callable[..., Dovecot], command: Path) -> None:
    server = serve("bounce-annotate.sieve", program=wrapper(command))
    deliver(server, DSN, "alice")
    message = server.folder("alice", "INBOX")[0]
    assert own(message) == own(annotated(DSN, review=False))
    assert without_trace(message).partition(b"\r\n\r\n")[2] == DSN.partition(b"\r\n\r\n")[2]
    deliver(server, b"X-Bounce-Review: yes\r\n" + ORDINARY % b"plain", "plain", "carol@example.net")
    plain = server.folder("plain", "INBOX")[0]
    assert own(plain) == []
    assert plain.endswith((ORDINARY % b"plain").partition(b"\r\n\r\n")[2])


FAILURES = {
    "says no": "#!/bin/sh\nexit 1\n",
    "reads and says no": "#!/bin/sh\ncat\nexit 2\n",
    "hangs": "#!/bin/sh\nexec sleep 60\n",
    "stops in the middle": "#!/bin/sh\nhead -c 100\nkill -9 $$\n",
    "has no interpreter": "#!/no/such/python\n",
}


@pytest.mark.parametrize("text", FAILURES.values(), ids=FAILURES.keys())
def test_the_bounce_is_kept_where_the_program_fails(serve: Callable[..., Dovecot], text: str, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(text)
    program.chmod(0o755)
    open_way(tmp_path)
    kept = keeps(serve("bounce-annotate.sieve", program=wrapper(program)))
    assert own(kept) == []


def test_the_bounce_is_kept_where_the_program_is_missing(serve: Callable[..., Dovecot]) -> None:
    keeps(serve("bounce-annotate.sieve"))


def wrapper(command: Path) -> str:
    """Return the program that config/dovecot gives to Sieve, with another command and less patience."""
    text = (CONFIG / "bounce-milter-annotate").read_text(encoding="utf-8")
    changed = text.replace("timeout -k 1 8 bounce-milter annotate", f"timeout -k 1 3 {command} annotate")
    assert changed != text
    return changed


def keeps(server: Dovecot) -> bytes:
    """Return a bounce as it arrives: once, unexplained, and whole."""
    deliver(server, DSN, "alice")
    kept = server.folder("alice", "INBOX")
    assert len(kept) == 1
    assert kept[0].endswith(DSN.partition(b"X-Bounce-Class: forged\r\n")[2])
    assert "X-Bounce-Explanation" not in parsed(kept[0])
    return kept[0]
