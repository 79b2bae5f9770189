"""The filter's side of the milter protocol, spoken to over a real socket: libmilter, the callbacks, the answers.

A filter runs in a process of its own (libmilter's main loop owns signals and never returns), with a judge that each
test chooses. Whatever is sent or goes wrong, an answer comes within a second and lets the mail pass.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import Milter
import pytest

from bounce_milter import adapter, header, limits, resources, settings
from bounce_milter.adapter import changes
from bounce_milter.events import Events
from bounce_milter.judge import Judge, bound
from bounce_milter.message import parse_fields
from bounce_milter.policy import Envelope
from bounce_milter.review import Outcome
from bounce_milter.settings import Settings
from tests.details import parse_details
from tests.e2e.places import served, until
from tests.mta import Answer, Mta

SAMPLE = (Path(__file__).parent / "samples" / "001-postfix-user-unknown.eml").read_bytes()
PLAIN = b"From: alice@example.org\nTo: bob@example.org\nSubject: lunch\n\nAt one?\n"
#: Every callback, and what libmilter gives it beside the connection.
CALLBACKS: dict[str, tuple[Any, ...]] = {
    "negotiate": ([0, 0, 0, 0],), "envfrom": (b"<>",), "envrcpt": (b"<alice@example.org>",), "header": ("X", b"y"),
    "eoh": (), "body": (b"x",), "eom": (), "abort": (), "close": (),
}  # fmt: skip


def real_judge() -> Judge:
    return bound(Settings(), resources.packaged_knowledge(), Events())


def raising_judge() -> Judge:
    def judge(message: bytes, envelope: Envelope) -> Outcome:
        raise RuntimeError(f"{len(message)} octets for {envelope.sender}")

    return judge


def asking(events: Events | None = None, **options: Any) -> tuple[adapter.Filter, list[tuple[bytes, Envelope]]]:
    """Return a filter that changes nothing, and what its judge was asked so far."""
    asked: list[tuple[bytes, Envelope]] = []

    def judge(message: bytes, envelope: Envelope) -> Outcome:
        asked.append((message, envelope))
        return Outcome()

    return adapter.Filter(judge, events or Events(), **options), asked


class Broken(Events):
    """Events that fail where the adapter counts on it least: when it ends a message."""

    def message(self) -> None:
        raise OSError("no room")


def _serve(socket: str, make: Callable[[], Judge], broken: str, log: str, review: str) -> None:
    """Run a filter for this mode of review, whose callback *broken* meets an exception inside."""
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
    filter_ = adapter.Filter(make(), Events(), recipients=True, review=review)
    if broken:
        _break(broken)
    filter_.install("bounce-milter-test")
    Milter.setconn(f"unix:{socket}")
    Milter.main()


def _break(name: str) -> None:
    """Let what a callback works on raise, so that the exception comes from inside its own try."""

    def fail(*_: object) -> None:
        raise ValueError("broken on purpose")

    if name == "negotiate":
        adapter.Session = fail  # type: ignore[assignment,misc]
    elif name == "header":
        adapter.Filter._watch = fail  # type: ignore[method-assign,assignment]
    else:
        changes.apply = fail  # type: ignore[assignment]


@contextmanager
def running(
    home: Path, make: Callable[[], Judge] = real_judge, broken: str = "", review: str = "off"
) -> Iterator[tuple[Path, Path]]:
    """Yield socket and log of a filter in a process of its own."""
    path, log = home / "m.sock", home / "log"
    process = get_context("spawn").Process(target=_serve, args=(str(path), make, broken, str(log), review))
    process.start()
    try:
        until(lambda: served(path), pause=0.02)
        yield path, log
        assert process.is_alive(), log.read_text()
    finally:
        process.kill()
        process.join()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with running(tmp_path_factory.mktemp("filter")) as (path, _):
        yield path


def names(answer: Answer) -> list[str]:
    return [name for name, _ in answer.added]


def test_a_bounce_gets_its_fields(place: Path) -> None:
    with Mta(place) as mta:
        mta.connect()
        answer = mta.message(SAMPLE)
    assert names(answer) == [header.EXPLANATION, header.DETAILS, header.CLASS]
    assert parse_details(answer.added[1][1])["reason"] == "user-unknown"


def test_ordinary_mail_is_let_go_before_its_body(place: Path) -> None:
    with Mta(place) as mta:
        answer = mta.message(PLAIN, "<alice@example.org>")
    assert (answer.word, answer.changes, answer.read_body) == ("a", (), False)


@pytest.mark.parametrize("sender", ["<>", ""])
def test_of_the_null_sender_the_body_is_read_whatever_the_fields_say(place: Path, sender: str) -> None:
    with Mta(place) as mta:
        assert mta.message(PLAIN, sender).read_body


def test_steps_that_nothing_needs_are_not_asked_for(place: Path) -> None:
    from miltertest import constants

    with Mta(place) as mta:
        unneeded = constants.SMFIP_NOCONNECT | constants.SMFIP_NOHELO | constants.SMFIP_NODATA
        assert mta.steps & unneeded == unneeded
        assert mta.steps & constants.SMFIP_NR_HDR
        assert mta.steps & constants.SMFIP_NR_MAIL
        assert mta.actions == constants.SMFIF_ADDHDRS | constants.SMFIF_CHGHDRS


class Connection:
    """What libmilter keeps for a connection."""

    def __init__(self) -> None:
        self.kept: object = None
        self.removed: list[tuple[str, int]] = []
        self.added: list[tuple[str, str]] = []
        self.subjects: list[str] = []

    def getsymval(self, _: str) -> str:
        return "4X"

    def addheader(self, name: str, value: str) -> None:
        self.added.append((name, value))

    def chgheader(self, name: str, index: int, value: str) -> None:
        if value:
            self.subjects.append(value)
        else:
            self.removed.append((name, index))

    def getpriv(self) -> Any:
        return self.kept

    def setpriv(self, value: object) -> None:
        self.kept = value


@pytest.mark.parametrize("silent", [True, False])
def test_a_step_without_an_answer_gets_none(silent: bool) -> None:
    """libmilter swallows an answer that nobody waits for, and writes a line to syslog each time."""
    steps = Milter.P_NR_MAIL | Milter.P_NR_RCPT | Milter.P_NR_HDR if silent else 0
    filter_ = adapter.Filter(raising_judge(), Events(), recipients=True)
    connection = cast("Milter.Context", Connection())
    filter_.negotiate(connection, [0, steps, 0, 0])
    said = (
        filter_.envfrom(connection, b"<>"),
        filter_.envrcpt(connection, b"<alice@example.org>"),
        filter_.header(connection, "Subject", b"hello"),
    )
    assert set(said) == {Milter.NOREPLY if silent else Milter.CONTINUE}


def test_forged_fields_go_from_every_message_the_last_first(place: Path) -> None:
    forged = b"X-Bounce-Class: permanent\nx-bounce-review: yes\nX-BOUNCE-CLASS: transient\n"
    with Mta(place) as mta:
        plain = mta.message(forged + PLAIN, "<mallory@example.org>")
        bounce = mta.message(forged + SAMPLE)
    for answer in (plain, bounce):
        assert answer.removed == [(header.REVIEW, 1), (header.CLASS, 2), (header.CLASS, 1)]
    assert not plain.added
    assert names(bounce).count(header.CLASS) == 1


class Told(Events):
    """Events that keep what they are told of forged fields and of failures."""

    def __init__(self) -> None:
        super().__init__()
        self.forgeries: list[tuple[int, int]] = []
        self.failures: list[str] = []

    def forged(self, queue_id: str, count: int, *, left: int = 0, removed: bool = True) -> None:
        self.forgeries.append((count, left))

    def failure(self, where: str, queue_id: str, error: BaseException) -> None:
        self.failures.append(where)


@pytest.mark.parametrize(
    ("before", "count", "left"), [(0, 9_900, 0), (1_000, 8_999, 0), (0, 10_001, 10_001), (100_000, 500, 500)]
)
def test_forged_fields_that_would_keep_the_server_busy_stay_and_are_told(before: int, count: int, left: int) -> None:
    """10,001 fields of 20 octets left one in ordinary mail, and the log said that all were gone (Postfix 3.7)."""
    events = Told()
    filter_ = adapter.Filter(raising_judge(), events)
    connection = Connection()
    context = cast("Milter.Context", connection)
    filter_.envfrom(context, b"<mallory@example.org>")
    for _ in range(before):
        filter_.header(context, "X", b"")
    for _ in range(count):
        filter_.header(context, "X-Bounce-Review", b"yes")
    filter_.header(context, "X-Bounce-Class", b"permanent")
    filter_.eom(context)
    assert events.forgeries == [(count + 1, left)]
    assert connection.removed == [("X-Bounce-Class", 1)] + [("X-Bounce-Review", n) for n in range(count - left, 0, -1)]


@pytest.mark.parametrize(("name", "value"), [("X-A", b"a" * 60_000), ("X" * 60_000, b"")])
def test_of_a_header_no_more_is_kept_than_is_read(name: str, value: bytes) -> None:
    filter_ = adapter.Filter(raising_judge(), Events())
    connection = Connection()
    context = cast("Milter.Context", connection)
    filter_.envfrom(context, b"<mallory@example.org>")
    for _ in range(100):
        filter_.header(context, name, value)
    filter_.header(context, "X-Bounce-Class", b"permanent")
    filter_.header(context, "Auto-Submitted", b"auto-replied")
    session: adapter.Session = connection.getpriv()
    assert len(session.message()) < limits.HEADER_BYTES + 61_000
    assert session.signs
    filter_.eom(context)
    assert connection.removed == [("X-Bounce-Class", 1)]


def test_of_empty_fields_no_more_are_kept_than_are_read() -> None:
    """They hold no octets that would count."""
    filter_, asked = asking()
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<>")
    for _ in range(limits.HEADER_FIELDS + 9):
        filter_.header(context, "X", b"")
    filter_.eom(context)
    assert [message.count(b"X: \r\n") for message, _ in asked] == [limits.HEADER_FIELDS]


def test_many_messages_on_one_connection_do_not_mix(place: Path) -> None:
    with Mta(place) as mta:
        for _ in range(3):
            assert len(mta.message(SAMPLE).added) == 3
            assert not mta.message(PLAIN, "<alice@example.org>").changes
            mta.envelope()
            mta.header(b"X-Bounce-Class", b"permanent")
            mta.abort()
            # A message with the null sender that is no bounce.
            assert not mta.message(PLAIN).changes


def test_a_body_over_the_bound_is_not_asked_for_to_its_end(place: Path) -> None:
    with Mta(place) as mta:
        mta.envelope()
        for line in SAMPLE.partition(b"\n\n")[0].replace(b"\n\t", b" ").split(b"\n"):
            name, _, value = line.partition(b": ")
            mta.header(name, value)
        mta.packet("N")
        mta.packet("B", SAMPLE.partition(b"\n\n")[2].replace(b"\n", b"\r\n"))
        answers = [mta.packet("B", b"x" * 65_535) for _ in range(6)]
        assert answers[-1] == "s"
        assert names(mta.end()) == [header.EXPLANATION, header.DETAILS, header.CLASS]


@pytest.mark.parametrize(("octets", "cut"), [(99, False), (100, True), (101, True)])
def test_a_body_that_fills_the_room_is_one_that_was_cut(octets: int, cut: bool) -> None:
    """The server was told to skip the rest: whether there was one nobody knows, and a body that is cut stays as it is."""
    filter_, asked = asking(max_bytes=100)
    context = cast("Milter.Context", Connection())
    filter_.negotiate(context, [0, Milter.P_SKIP, 0, 0])
    filter_.envfrom(context, b"<>")
    filter_.header(context, "X", b"y")
    filter_.eoh(context)
    assert filter_.body(context, b"x" * octets) == (Milter.SKIP if cut else Milter.CONTINUE)
    filter_.eom(context)
    assert [(len(message), envelope.cut) for message, envelope in asked] == [(8 + min(octets, 100), cut)]


def test_a_message_without_a_field_is_no_bounce() -> None:
    """Its first paragraph would be taken for the header, and lost where a note is put above the body."""
    filter_, asked = asking()
    context = cast("Milter.Context", Connection())
    for fields in ((), (("Subject", b"x"),)):
        filter_.envfrom(context, b"<>")
        for field in fields:
            filter_.header(context, *field)
        filter_.eoh(context)
        filter_.body(context, b"Dear Alice\r\n\r\n<b@d.example>: 550 5.1.1 unknown\r\n")
        filter_.eom(context)
    assert [message[:10] for message, _ in asked] == [b"Subject: x"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"a\rb", b"a b"),
        (b"a\nX-Evil: b", b"a X-Evil: b"),
        (b"a\r\r\n\nb", b"a b"),
        (b"a\r\n\n b", b"a\r\n b"),
        (b"a\n\tb\r\n c", b"a\r\n\tb\r\n c"),
        (b"a\r", b"a "),
    ],
)
def test_a_line_end_that_is_no_fold_ends_no_field(value: bytes, kept: bytes) -> None:
    """Mail servers pass a bare CR on as it came."""
    filter_, asked = asking()
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<>")
    filter_.header(context, "Subject", value)
    filter_.header(context, "From", b"MAILER-DAEMON@h.example")
    filter_.eom(context)
    assert [message for message, _ in asked] == [b"Subject: " + kept + b"\r\nFrom: MAILER-DAEMON@h.example\r\n\r\n"]


@pytest.mark.parametrize("end", [b"\r", b"\r\r", b"\n", b"\r\n\r\n", b"\n\n ", b"\r\n\t"])
def test_a_line_end_in_a_field_hides_no_bounce_and_costs_nothing_of_the_subject(end: bytes) -> None:
    options = settings.parse({"annotate": {"subject_tag": "[{class}]"}})
    filter_ = adapter.Filter(bound(options, resources.packaged_knowledge(), Events()), Events())
    connection = Connection()
    context = cast("Milter.Context", connection)
    filter_.negotiate(context, [Milter.ADDHDRS | Milter.CHGHDRS, 0, 0, 0])
    filter_.envfrom(context, b"<>")
    filter_.header(context, "Subject", b"Undelivered" + end + b"Mail")
    head, _, body = SAMPLE.partition(b"\n\n")
    for name, value in parse_fields(head):
        if name != "subject":
            filter_.header(context, name, value)
    filter_.eoh(context)
    filter_.body(context, body.replace(b"\n", b"\r\n"))
    filter_.eom(context)
    assert (header.CLASS, "permanent") in connection.added
    assert [" ".join(subject.split()) for subject in connection.subjects] == ["[permanent] Undelivered Mail"]


def test_a_recipient_that_is_no_text_becomes_no_other() -> None:
    """With a letter in the place of its octets it would be deleted in vain, and be the sender of what returns."""
    filter_, asked = asking(recipients=True)
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<>")
    filter_.envrcpt(context, b"<\xff@example.org>")
    filter_.envrcpt(context, "<\u03b4@example.org>".encode())
    filter_.header(context, "X", b"y")
    filter_.eom(context)
    ((_, envelope),) = asked
    assert [os.fsencode(one) for one in envelope.recipients] == [b"<\xff@example.org>", "<\u03b4@example.org>".encode()]
    assert header.original_recipients(envelope.recipients) is None
    assert header.original_recipients(envelope.recipients[1:]) is not None


def test_a_parameter_is_known_in_any_case() -> None:
    """Keywords have none (RFC 5321 4.1.2)."""
    filter_, asked = asking(recipients=True)
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<>")
    filter_.envrcpt(context, b"<a@example.org>", b"NOTIFY=NEVER", b"orcpt=rfc822;b@example.net")
    filter_.header(context, "X", b"y")
    filter_.eom(context)
    assert [envelope.orcpt for _, envelope in asked] == [("orcpt=rfc822;b@example.net",)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"X-Gr\xfc\xdfe", b"latin-1 in the name"),
        (b"X-\xff\xfe", b"\x80\x81"),
        (b"Subject", b"\xed\xa0\x80 a lone surrogate"),
        (b"From", "Jürgen <j@example.org>".encode()),
        (b"X-Empty", b""),
    ],
)
def test_a_field_that_is_no_text_delays_nothing(place: Path, name: bytes, value: bytes) -> None:
    with Mta(place, seconds=1) as mta:
        mta.connect(host=b"\xff\xfe.example", helo=b"\xe9\xff[]:<>")
        mta.envelope("<\udcff@example.org>".encode("utf-8", "surrogateescape").decode("latin-1"))
        mta.header(name, value)
        if mta.packet("N") == "c":
            mta.end()
        assert len(mta.message(SAMPLE).added) == 3


def test_what_is_no_text_is_not_printed_past_the_log(tmp_path: Path) -> None:
    """pymilter prints by itself: a line that is no JSON, and a wait for ever where nobody reads the log."""
    with running(tmp_path) as (path, log):
        with Mta(path, seconds=1) as mta:
            mta.envelope("<mallory@example.org>")
            mta.header(b"X-\xff", b"v")
            mta.packet("N")
        assert log.read_text() == ""


@pytest.mark.parametrize(
    ("error", "told"), [(MemoryError(), ["pymilter"]), (UnicodeDecodeError("x", b"", 0, 1, ""), [])]
)
def test_what_the_c_layer_raises_is_a_failure_unless_a_stranger_did_it(error: Exception, told: list[str]) -> None:
    events = Told()
    adapter.Filter(raising_judge(), events)._untrapped(type(error), error, None)
    assert events.failures == told


class Mute(Connection):
    """A connection that cannot be asked what it keeps."""

    def getpriv(self) -> Any:
        raise ValueError("broken on purpose")


@pytest.mark.parametrize("name", CALLBACKS)
def test_each_callback_catches_what_it_meets(name: str) -> None:
    events = Told()
    callback = getattr(adapter.Filter(raising_judge(), events), name)
    assert callback(cast("Milter.Context", Mute()), *CALLBACKS[name]) in (Milter.CONTINUE, Milter.ACCEPT)
    assert set(events.failures) == {name}


def test_a_message_that_failed_in_part_is_not_judged() -> None:
    filter_, asked = asking()
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<>")
    filter_.header(context, "Subject", b"x")
    filter_.header(context, "X", cast("bytes", None))
    filter_.eom(context)
    assert asked == []


def test_a_failure_at_the_end_of_a_message_leaves_nothing_to_the_next() -> None:
    filter_, asked = asking(Broken())
    context = cast("Milter.Context", Connection())
    for subject in (b"one", b"two"):
        filter_.envfrom(context, b"<>")
        filter_.header(context, "Subject", subject)
        filter_.eom(context)
    assert [message for message, _ in asked] == [b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n"]


@pytest.mark.parametrize("broken", ["negotiate", "header", "eom"])
def test_an_exception_in_a_callback_lets_the_mail_pass(tmp_path: Path, broken: str) -> None:
    with running(tmp_path, broken=broken) as (path, log):
        with Mta(path, seconds=1) as mta:
            mta.envelope(queue_id="4Zk3Xq1L2mz9sR")
            mta.header(b"Subject", b"Undelivered Mail Returned to Sender")
            if mta.packet("N") == "c":
                mta.packet("B", b"hello\r\n")
                assert mta.end().word in "ca"
            mta.envelope()
            mta.abort()
            mta.message(SAMPLE)
        queue_id = '""' if broken == "negotiate" else "4Zk3Xq1L2mz9sR"
        until(lambda: f"event=failure queue_id={queue_id} where={broken} " in log.read_text(), log.read_text)


def test_a_judge_that_raises_changes_nothing_but_forged_fields(tmp_path: Path) -> None:
    with running(tmp_path, raising_judge) as (path, log), Mta(path, seconds=1) as mta:
        answer = mta.message(b"X-Bounce-Class: permanent\n" + SAMPLE)
        assert not answer.added
        assert answer.removed == [(header.CLASS, 1)]
        until(lambda: "where=judge" in log.read_text(), log.read_text)
        assert "octets for" not in log.read_text()  # an exception's text may hold mail text


@pytest.mark.parametrize("subject", [b"Message blocked", b"Virus found in your message", b"Your mail was rejected"])
def test_a_gateways_notice_is_read_for_its_subject_alone(subject: bytes) -> None:
    filter_, _ = asking()
    context = cast("Milter.Context", Connection())
    filter_.envfrom(context, b"<scanner@src.example>")
    for field in (("From", b"Scanner <scanner@src.example>"), ("To", b"alice@src.example"), ("Subject", subject)):
        filter_.header(context, *field)
    assert filter_.eoh(context) == Milter.CONTINUE


_REACHES = ("socket.getaddrinfo", "socket.gethostby", "socket.getnameinfo", "socket.connect", "socket.sendto")


@pytest.mark.parametrize("mode", ["off", "maildir"])
def test_no_bounce_makes_the_filter_ask_anybody(tmp_path: Path, mode: str) -> None:
    asked: list[str] = []
    listens = [True]  # an audit hook cannot be taken back
    sys.addaudithook(lambda event, _: asked.append(event) if listens[0] and event.startswith(_REACHES) else None)
    assert not served(tmp_path / "nobody")
    assert asked == ["socket.connect"]  # the hook hears
    asked.clear()
    (tmp_path / "review").mkdir()
    options = settings.parse({"review": {"mode": mode, "maildir": str(tmp_path / "review")}})
    events = Told()
    filter_ = adapter.Filter(bound(options, resources.packaged_knowledge(), events), events)
    for path in sorted((Path(__file__).parent / "samples").glob("*.eml"))[::10]:
        context = cast("Milter.Context", Connection())
        head, _, body = path.read_bytes().partition(b"\n\n")
        filter_.envfrom(context, b"<>")
        for field in re.split(rb"\n(?![ \t])", head):
            name, _, value = field.partition(b":")
            filter_.header(context, name.decode("ascii", "replace"), value.lstrip())
        filter_.eoh(context)
        filter_.body(context, body.replace(b"\n", b"\r\n"))
        filter_.eom(context)
    listens[0] = False
    assert asked == []
    assert events.failures == []
    assert any((tmp_path / "review").glob("new/*")) is (mode == "maildir")
