"""What is asked of the mail server for each way to review, in which order, and what happens where it is not granted."""

from functools import partial
from pathlib import Path
from typing import Any

import Milter
import pytest
from miltertest import constants

from bounce_milter import header, resources, settings
from bounce_milter.adapter import changes
from bounce_milter.events import Events
from bounce_milter.judge import Judge, bound
from bounce_milter.review import Outcome
from tests.e2e.places import until
from tests.mta import Answer, Mta
from tests.reports import dsn
from tests.test_adapter import running

FIELDS = constants.SMFIF_ADDHDRS | constants.SMFIF_CHGHDRS
ADD = constants.SMFIF_ADDRCPT | constants.SMFIF_ADDRCPT_PAR
ASKED = {
    "off": FIELDS,
    "mark": FIELDS,
    "maildir": FIELDS,
    "copy": FIELDS | ADD,
    "redirect": FIELDS | ADD | constants.SMFIF_DELRCPT | constants.SMFIF_CHGFROM,
    "quarantine": FIELDS | constants.SMFIF_QUARANTINE,
}
# Without the one whose answer miltertest cannot read; a real Postfix grants it in tests/e2e.
ALL = constants.SMFI_V6_ACTS & ~constants.SMFIF_SETSYMLIST


def judge(mode: str, **annotate: str) -> Judge:
    review = {"mode": mode, "mailbox": "review@example.org", "maildir": "/nowhere/at/all"}
    return bound(settings.parse({"review": review, "annotate": annotate}), resources.packaged_knowledge(), Events())


def told(log: Path, event: str) -> str:
    """Return the log's line of an event, which is written before the server has its answer."""
    return until(lambda: [line for line in log.read_text().splitlines() if f"event={event} " in line], log.read_text)[
        -1
    ]


def names(answer: Answer) -> list[str]:
    return [name for name, _ in answer.added]


@pytest.mark.parametrize("mode", sorted(ASKED))
def test_a_mode_asks_for_no_more_than_it_needs(tmp_path: Path, mode: str) -> None:
    with running(tmp_path, partial(judge, mode), review=mode) as (path, _), Mta(path, actions=ALL) as mta:
        assert mta.actions == ASKED[mode]


def test_redirect_deletes_recipients_after_all_else(tmp_path: Path) -> None:
    with running(tmp_path, partial(judge, "redirect"), review="redirect") as (path, _), Mta(path, actions=ALL) as mta:
        parameters = "<alice@example.org>\0NOTIFY=NEVER\0ORCPT=rfc822;alice@example.net"
        answer = mta.message(dsn(), recipients=[parameters])
        several = mta.message(dsn(), recipients=["<alice@example.org>", "carol@example.org"])
        routed = mta.message(dsn(), recipients=["<@relay.example:alice@example.org>"])
    assert "".join(change.what for change in answer.changes) == "hhhhh2e-"
    assert names(answer)[-2:] == [header.REVIEW, header.ORIGINAL_RECIPIENTS]
    added, sender, deleted = (change.arguments for change in answer.changes[-3:])
    assert added == {"rcpt": "<review@example.org>", "args": ["NOTIFY=FAILURE ORCPT=rfc822;alice@example.net"]}
    assert sender["from"] == "<alice@example.org>"
    assert deleted == {"rcpt": "<alice@example.org>"}
    assert "".join(change.what for change in several.changes) == "hhhhh2e--"
    assert several.changes[-4].arguments["args"] == ["NOTIFY=FAILURE"]
    assert several.changes[-1].arguments == {"rcpt": "carol@example.org"}
    # Postfix deletes nobody whom it does not know by this name, and delivered to both.
    assert routed.changes[-1].arguments == deleted
    assert routed.changes[-2].arguments["from"] == "<alice@example.org>"


@pytest.mark.parametrize(
    ("mode", "granted", "says"),
    [
        ("redirect", ALL & ~constants.SMFIF_ADDRCPT, "add recipients"),
        ("redirect", ALL & ~constants.SMFIF_DELRCPT, "delete recipients"),
        ("redirect", ALL & ~constants.SMFIF_CHGFROM, "change the sender"),
        ("copy", ALL & ~constants.SMFIF_ADDRCPT, "add recipients"),
        ("quarantine", ALL & ~constants.SMFIF_QUARANTINE, "hold a message"),
    ],
)
def test_what_the_server_does_not_allow_leaves_the_mail(tmp_path: Path, mode: str, granted: int, says: str) -> None:
    with running(tmp_path, partial(judge, mode), review=mode) as (path, log):
        with Mta(path, actions=granted) as mta:
            answer = mta.message(dsn())
        assert {change.what for change in answer.changes} == {"h"}
        assert names(answer) == [header.EXPLANATION, header.DETAILS, header.CLASS, header.REVIEW]
        assert told(log, "not-filed").endswith(f'queue_id=4X error="the mail server does not let a filter {says}"')


def test_fields_that_the_server_does_not_allow_are_not_tried(tmp_path: Path) -> None:
    with running(tmp_path, partial(judge, "redirect", subject_tag="[{class}]"), review="redirect") as (path, log):
        with Mta(path, actions=ALL & ~constants.SMFIF_ADDHDRS) as mta:
            answer = mta.message(dsn())
        assert "".join(change.what for change in answer.changes) == "m"
        assert told(log, "not-filed").endswith('error="the mail server does not let a filter add fields"')
        assert "event=failure" not in log.read_text()


@pytest.mark.parametrize("granted", [0, constants.SMFIF_CHGHDRS | constants.SMFIF_CHGBODY])
def test_a_tag_or_a_note_that_may_not_be_set_keeps_nothing_from_review(
    capfd: pytest.CaptureFixture[str], granted: int
) -> None:
    context = Refusing("")
    outcome = Outcome(fields=(("X-A", "a"),), subject="[x] y", body=b"z", hold="why")
    changes.apply(context, outcome, constants.SMFIF_ADDHDRS | constants.SMFIF_QUARANTINE | granted, "4X", Events())
    visible = ["chgheader", "replacebody"] if granted else []
    assert context.done == ["addheader", *visible, "quarantine"]
    assert "not-filed" not in capfd.readouterr().err


def test_without_parameters_recipients_are_added_plain(tmp_path: Path) -> None:
    granted = ALL & ~constants.SMFIF_ADDRCPT_PAR
    with running(tmp_path, partial(judge, "copy"), review="copy") as (path, _), Mta(path, actions=granted) as mta:
        last = mta.message(dsn()).changes[-1]
    assert (last.what, last.arguments) == ("+", {"rcpt": "<review@example.org>"})


@pytest.mark.parametrize(
    ("version", "command"),
    [("Postfix 3.7.11", "postsuper -H 4X"), ("8.17.1.9/8.17.1.9", "sendmail -qQ -qI4X -Q"), ("", "postsuper -H 4X")],
)
def test_the_log_says_how_a_held_message_is_released(tmp_path: Path, version: str, command: str) -> None:
    with running(tmp_path, partial(judge, "quarantine"), review="quarantine") as (path, log):
        with Mta(path, actions=ALL) as mta:
            mta.macro(constants.SMFIC_CONNECT, "v", version)
            answer = mta.message(dsn())
        assert answer.changes[-1].arguments == {"reason": "bounce-milter: permanent, user-unknown"}
        assert f'release="{command}"' in told(log, "held")


class Refusing:
    """A mail server that takes changes until one of them fails, as libmilter tells it when the connection is gone."""

    def __init__(self, fails: str) -> None:
        self._fails = fails
        self.done: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def change(*_: str) -> None:
            if name == self._fails:
                raise Milter.error("cannot change it")
            self.done.append(name)

        return change


@pytest.mark.parametrize(
    ("fails", "done"),
    [
        ("addrcpt", ["addheader", "addheader"]),
        ("chgfrom", ["addheader", "addheader", "addrcpt", "addrcpt"]),
        ("delrcpt", ["addheader", "addheader", "addrcpt", "addrcpt", "chgfrom"]),
    ],
)
def test_no_recipient_goes_where_a_step_before_failed(
    capfd: pytest.CaptureFixture[str], fails: str, done: list[str]
) -> None:
    context = Refusing(fails)
    outcome = Outcome(
        fields=(("X-A", "a"),), kept=(("X-B", "b"),), add=(("r@example.org", ""), ("s@example.org", "")),
        sender="a@example.org", delete=("<a@example.org>",),
    )  # fmt: skip
    changes.apply(context, outcome, ASKED["redirect"], "4X", Events())
    assert context.done == done
    assert 'event=not-filed queue_id=4X error="cannot change it"' in capfd.readouterr().err


@pytest.mark.parametrize("value", ["a\0b", "a\rb", "a\nb", "\u00e9"])
def test_what_would_break_out_of_a_field_is_none(value: str) -> None:
    assert changes.safe("X", "a\r\n b") == ("X", "a\n b")
    with pytest.raises(ValueError, match="unsafe"):
        changes.safe("X", value)
