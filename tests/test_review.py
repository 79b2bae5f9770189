"""Filing: which outcome each mode gives, what lies in the Maildir, and that nothing that fails there touches the mail."""

import email
import os
import socket
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import header, limits, policy, review, settings
from bounce_milter.events import Events
from bounce_milter.judge import bound
from bounce_milter.policy import Decision, Envelope
from bounce_milter.resources import packaged_knowledge
from bounce_milter.review import Outcome
from tests.reports import dsn, group

FIELDS = ((header.CLASS, "permanent"), (header.REVIEW, "yes"))
DECISION = Decision(True, True, "policy", "user-unknown", "permanent")
ROOT = os.geteuid() == 0


class Told(Events):
    """Events that keep what they are told of filing."""

    def __init__(self) -> None:
        super().__init__()
        self.why: list[str] = []

    def not_filed(self, queue_id: str, error: BaseException | str) -> None:
        self.why.append(error if isinstance(error, str) else type(error).__name__)


def handed(
    *to: str, message: bytes = b"", envelope: Envelope | None = None, **options: Any
) -> tuple[Outcome, list[str]]:
    events = Told()
    chosen = settings.parse({"review": options}).review
    envelope = envelope or Envelope("4X", "<>", to)
    return review.hand_over(message or dsn(), FIELDS, chosen, DECISION, envelope, events), events.why


def test_mark_adds_its_field_and_nothing_else() -> None:
    assert handed("<alice@example.org>", mode="mark") == (Outcome(fields=FIELDS), [])


def test_redirect_names_each_target_once_and_every_recipient_that_goes() -> None:
    outcome, why = handed("<a@example.org>", "b@example.org", mode="redirect", mailbox="r@example.org")
    assert outcome.add == (("r@example.org", "NOTIFY=FAILURE"),)
    assert outcome.delete == ("<a@example.org>", "b@example.org")
    assert outcome.sender == "a@example.org"
    assert outcome.kept == ((header.ORIGINAL_RECIPIENTS, "<a@example.org>,\n <b@example.org>"),)
    assert not why


def test_copy_deletes_nobody_and_leaves_the_sender() -> None:
    outcome, _ = handed("<a@example.org>", "<b@example.org>", mode="copy", mailbox="{user}+bounces@{domain}")
    assert outcome.add == (("a+bounces@example.org", "NOTIFY=NEVER"), ("b+bounces@example.org", "NOTIFY=NEVER"))
    assert (outcome.delete, outcome.sender) == ((), "")


@pytest.mark.parametrize("orcpt", ["", "ORCPT=", "ORCPT=a b", "NOTIFY=NEVER", "ORCPT=x\r\ny", "ORCPT=" + "x" * 501])
def test_a_parameter_that_is_none_is_not_handed_on(orcpt: str) -> None:
    envelope = Envelope("4X", "<>", ("<a@example.org>",), (orcpt,))
    outcome, _ = handed(envelope=envelope, mode="redirect", mailbox="r@example.org")
    assert outcome.add == (("r@example.org", "NOTIFY=FAILURE"),)


def test_of_several_recipients_no_parameter_is_handed_on() -> None:
    """A report on all of them would name the first."""
    envelope = Envelope("4X", "<>", ("<a@example.org>", "<b@example.org>"), ("ORCPT=rfc822;a@example.net", ""))
    outcome, _ = handed(envelope=envelope, mode="redirect", mailbox="r@example.org")
    assert outcome.add == (("r@example.org", "NOTIFY=FAILURE"),)


@pytest.mark.parametrize(
    ("to", "mailbox", "says"),
    [
        ((), "r@example.org", "named no recipient"),
        (("<a@example.org>", "<postmaster>"), "{user}+x@{domain}", "no review address"),
        (("<a@example.org>", "<>"), "r@example.org", "do not fit"),
        (("<a\u202e@example.org>",), "r@example.org", "do not fit"),
        (("<\udcff@example.org>",), "r@example.org", "do not fit"),  # octets that are no UTF-8
        (("<a>",) * limits.RECIPIENTS, "r@example.org", "do not fit"),  # there may be more of them
        (tuple(f"<user{n}@example.org>" for n in range(400)), "r@example.org", "do not fit"),
        (("<" + "a" * limits.ADDRESS_CHARS + "@example.org>",), "r@example.org", "do not fit"),
    ],
)
@pytest.mark.parametrize("mode", ["redirect", "copy"])
def test_recipients_that_cannot_be_kept_stay(mode: str, to: tuple[str, ...], mailbox: str, says: str) -> None:
    outcome, (why,) = handed(*to, mode=mode, mailbox=mailbox)
    assert outcome == Outcome(fields=FIELDS)
    assert says in why


def test_a_hundred_recipients_are_kept() -> None:
    to = tuple(f"<user{n}@example.org>" for n in range(100))
    ((_, value),) = handed(*to, mode="redirect", mailbox="r@example.org")[0].kept
    assert tuple(value.replace("\n", "").split(", ")) == to


@given(st.lists(st.text(max_size=60), max_size=5), st.sampled_from(["redirect", "copy"]))
def test_whatever_the_recipients_the_field_is_safe_and_nothing_is_raised(to: list[str], mode: str) -> None:
    outcome, why = handed(*to, mode=mode, mailbox="r@example.org")
    assert bool(why) != bool(outcome.add)
    for _, value in outcome.kept:
        assert value.isascii()
        assert all(line.startswith(" ") for line in value.split("\n")[1:])


@pytest.mark.parametrize(
    "quoted", ["x-bounce-original-recipients: <a@example.org>", "> X-Bounce-Original-Recipients: <a@x>"]
)
@pytest.mark.parametrize("mode", ["redirect", "copy"])
def test_what_returns_from_review_goes_there_no_second_time(mode: str, quoted: str) -> None:
    message = dsn() + f"--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n{quoted}\r\n\r\n--B--\r\n".encode()
    outcome, why = handed("<a@example.org>", message=message, mode=mode, mailbox="r@example.org")
    assert (outcome, why) == (Outcome(fields=FIELDS), ["it was at review and returns"])


def test_quarantine_gives_a_reason_of_one_short_line() -> None:
    outcome, _ = handed("<a@example.org>", mode="quarantine")
    assert outcome.hold == "bounce-milter: permanent, user-unknown"
    assert outcome.release == "postsuper -H 4X"


def files(folder: Path, part: str = "new") -> list[Path]:
    return sorted((folder / part).iterdir())


def filed(
    folder: Path, message: bytes = b"", to: tuple[str, ...] = ("<alice@example.org>",)
) -> tuple[Outcome, list[str]]:
    return handed(*to, message=message, mode="maildir", maildir=str(folder))


def test_a_maildir_is_made_and_gets_the_message_with_its_fields(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "review"
    assert filed(folder) == (Outcome(fields=FIELDS), [])
    (path,) = files(folder)
    assert files(folder, "tmp") == files(folder, "cur") == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE((folder / part).stat().st_mode) for part in ("", "new")} == {0o700}
    content = path.read_bytes()
    assert b"\r" not in content
    message = email.message_from_bytes(content)
    assert message["Return-Path"] == "<>"
    assert message[header.ORIGINAL_RECIPIENTS] == "<alice@example.org>"
    assert (message[header.CLASS], message[header.REVIEW]) == ("permanent", "yes")
    assert content.endswith(dsn().replace(b"\r\n", b"\n"))


def test_an_envelope_that_is_no_text_cannot_break_out_of_its_field(tmp_path: Path) -> None:
    envelope = Envelope("4X", "<a\r\nX-Evil: yes\r\n\r\n@\u00e9>", ("<b\nX-Evil: yes>",))
    assert handed(envelope=envelope, mode="maildir", maildir=str(tmp_path))[1] == []
    message = email.message_from_bytes(files(tmp_path)[0].read_bytes())
    assert message["X-Evil"] is None
    assert message["Subject"] == "Undelivered Mail"


def test_a_sender_is_kept_letter_by_letter(tmp_path: Path) -> None:
    """SRS and BATV sign addresses in letters of both cases."""
    envelope = Envelope("4X", "<SRS0=aB3d=Xy=Src.example=bob@Relay.example>", ("<alice@example.org>",))
    handed(envelope=envelope, mode="maildir", maildir=str(tmp_path))
    message = email.message_from_bytes(files(tmp_path)[0].read_bytes())
    assert message["Return-Path"] == envelope.sender


def test_names_are_unique_when_many_write_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda n: review.store(str(tmp_path), b"%d" % n), range(200)))
    assert len(set(paths)) == len(files(tmp_path)) == 200
    assert {path.read_bytes() for path in files(tmp_path)} == {b"%d" % n for n in range(200)}
    assert files(tmp_path, "tmp") == []


def test_a_host_whose_name_holds_a_slash_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "a/b:c")
    assert review.store(str(tmp_path), b"x").endswith(".a\\057b\\072c")


@pytest.mark.skipif(not ROOT, reason="only root can act as another user")
def test_a_maildir_without_rights_is_told_and_the_mail_passes(tmp_path: Path) -> None:
    folder = tmp_path / "review"
    folder.mkdir(mode=0o555)
    tmp_path.chmod(0o711)
    (tmp_path.parent).chmod(0o711)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:  # rights are a process's own
        try:
            os.setgid(65534)
            os.setuid(65534)
            outcome, why = filed(folder)
            os.write(writing, f"{outcome == Outcome(fields=FIELDS)} {why}".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with open(reading) as found:
        assert found.read() == f"True ['Permission denied: {folder}']"
    assert list(folder.iterdir()) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    if not ROOT:
        pytest.skip("only root can mount")
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False).returncode:
        pytest.skip("this machine does not let anybody mount")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_leaves_no_rest_and_the_mail_passes(small: Path) -> None:
    folder = small / "review"
    assert filed(folder)[1] == []
    large = dsn() + b"x" * 100_000
    assert filed(folder, large) == (Outcome(fields=FIELDS), [f"No space left on device: {folder}"])
    assert len(files(folder)) == 1
    assert files(folder, "tmp") == []
    assert filed(folder)[1] == []


@pytest.mark.parametrize("part", ["tmp", "new"])
def test_a_maildir_that_is_none_is_told(tmp_path: Path, part: str) -> None:
    (tmp_path / part).write_text("a file")
    outcome, (why,) = filed(tmp_path)
    assert outcome == Outcome(fields=FIELDS)
    assert why in (f"File exists: {tmp_path}", f"Not a directory: {tmp_path}")


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a machine that loses its power keeps a file of nothing, or none."""
    steps: list[str] = []
    rename, fsync = os.rename, os.fsync

    def synced(number: int) -> None:
        steps.append(Path(f"/proc/self/fd/{number}").readlink().parts[len(tmp_path.parts)])
        fsync(number)

    def renamed(*paths: str) -> None:
        steps.append("rename")
        rename(*paths)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    assert filed(tmp_path)[1] == []
    assert steps == ["tmp", "rename", "new"]


def test_a_rename_that_fails_leaves_no_rest(tmp_path: Path) -> None:
    (tmp_path / "new").symlink_to("/proc/self")
    outcome, (why,) = filed(tmp_path)
    assert outcome == Outcome(fields=FIELDS)
    assert why
    assert files(tmp_path, "tmp") == []


def test_a_path_that_no_system_takes_is_told(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)
    assert filed(folder)[1] == [f"File name too long: {folder}"]


def test_the_word_of_a_failure_is_logged_and_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    counted: list[tuple[str, tuple[str, ...]]] = []
    events = Events(tally=lambda name, labels, _: counted.append((name, tuple(labels))))
    (tmp_path / "new").write_text("a file")
    chosen = settings.parse({"review": {"mode": "maildir", "maildir": str(tmp_path)}}).review
    review.hand_over(dsn(), FIELDS, chosen, DECISION, Envelope("4X"), events)
    assert counted == [("failures", ("review",))]
    line = capfd.readouterr().err
    assert line.startswith("level=error event=not-filed queue_id=4X error=")
    assert "alice" not in line


@pytest.mark.parametrize("shadow", [False, True])
def test_in_shadow_mode_nothing_was_to_be_filed(shadow: bool) -> None:
    """An alert on errors inside fired for a filter that was only tried out."""
    events = Told()
    annotate, way = {"shadow": shadow}, {"mode": "redirect", "mailbox": "review@example.org"}
    options = settings.parse({"annotate": annotate, "review": way})
    bound(options, packaged_knowledge(), events)(dsn(group("review@example.org")), Envelope("4X"))
    assert events.why == ([] if shadow else [policy.REVIEW_MAILBOX_FAILED])
