"""The command line as a user calls it: the installed command in a process of its own."""

import errno
import fcntl
import gzip
import json
import mailbox
import os
import re
import signal
import subprocess
import sys
import termios
import time
import tracemalloc
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bounce_milter import cli, limits, resources
from bounce_milter.case import bidden
from bounce_milter.cli import inputs, world
from bounce_milter.codes import ENHANCED_CODES, REPLY_CODES
from bounce_milter.explain import Report, explain, explain_reply
from bounce_milter.settings import Rules, Settings
from tests.reports import dsn, group

COMMAND = Path(sys.executable).with_name("bounce-milter")
SAMPLES = Path(__file__).parent / "samples"
SAMPLE = SAMPLES / "001-postfix-user-unknown.eml"
PLAIN = b"From: alice@example.org\nTo: bob@example.org\nSubject: lunch\n\nAt one?\n"


def run(*arguments: object, stdin: bytes = b"", status: int = 0) -> str:
    done = subprocess.run([COMMAND, *map(str, arguments)], input=stdin, capture_output=True, timeout=60, check=False)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout.decode() if status == 0 else (done.stdout + done.stderr).decode()


def as_json(*arguments: object, stdin: bytes = b"", status: int = 0) -> list[dict[str, Any]]:
    told = run("explain", "--json", *arguments, stdin=stdin, status=status)
    return [json.loads(line) for line in told.splitlines()]


def test_one_object_holds_what_the_contract_names() -> None:
    [found] = as_json(SAMPLE)
    assert {"source", "kind", "class", "recipients", "original"} <= set(found)
    [recipient] = found["recipients"]
    assert {
        "address", "action", "reply", "status", "command", "by", "class", "reason", "dead", "act", "confidence",
        "evidence", "explanation", "advice", "text",
    } <= set(recipient)  # fmt: skip
    assert found["source"] == str(SAMPLE)
    assert (found["kind"], found["class"]) == ("failed", "permanent")
    assert (recipient["reason"], recipient["dead"], recipient["act"]) == ("user-unknown", True, "sender")
    assert list(found["original"]) == ["message_id", "subject", "from", "to", "date"]


def test_a_reply_is_explained_and_absent_facts_are_null() -> None:
    [found] = as_json("550")
    [recipient] = found["recipients"]
    assert (recipient["reply"], recipient["status"], recipient["address"]) == ("550", None, None)
    assert not recipient["dead"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("550", "RFC 5321"),
        ("5.7.26", "5.7.26"),
        ("421 4.7.0 Try again later", "failed this time"),
        ("550 5.1.1 User unknown", "no such mailbox"),
        ("299", "299"),
        ("550 5.1.10 Recipient not found by SMTP address lookup", "5.1.10 in the standard: "),
        (
            "550 5.4.1 Recipient address rejected: Access denied. [AM5.prod.protection.outlook.com]",
            "5.4.1 in the standard: ",
        ),
        ("550 5.1.1 User unknown", "5.1.1: There is no such mailbox"),
        ("550 5.7.1 Message refused as spam", "5.7.1: Not authorised"),
        ("250 2.1.5 <bob@dest.example>... Recipient ok", "delivered"),
        ("250", "delivered"),
    ],
)
def test_a_reply_is_explained_in_words(reply: str, words: str) -> None:
    text = run("explain", reply)
    assert reply in text
    assert words in text or words in text.replace("\n", " ")


@pytest.mark.parametrize("reply", ["250 2.0.0 Ok: queued as 12345", "250", "251 user not local; will forward"])
def test_a_reply_that_refuses_nothing_is_no_failure(reply: str) -> None:
    [found] = as_json(reply)
    assert found["kind"] == "delivered"
    assert found["recipients"][0]["reply"] == reply[:3]


@pytest.mark.parametrize("reply", ["220 mx.dest.example ESMTP", "221 2.0.0 Bye", "334 VXNlcm5hbWU6", "354 go ahead"])
def test_a_step_of_a_session_tells_of_no_message(reply: str) -> None:
    [found] = as_json(reply)
    assert found["kind"] == "not-a-bounce"
    assert found["recipients"][0]["reply"] == reply[:3]
    assert [found["recipients"][0][key] for key in ("explanation", "advice")] == [None, None]


def test_an_event_may_be_an_argument() -> None:
    [found] = as_json('{"eventType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MessageTooLarge"}}')
    assert found["recipients"][0]["reason"] == "message-too-large"


def test_a_folder_is_walked_sorted_and_an_mbox_and_a_maildir_are_opened(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.eml").write_bytes(PLAIN)
    (tmp_path / "a.eml").write_bytes(SAMPLE.read_bytes())
    box = mailbox.mbox(tmp_path / "c.mbox")
    for message in (SAMPLE.read_bytes(), PLAIN):
        box.add(message_from_bytes(message))
    box.close()
    maildir = mailbox.Maildir(tmp_path / "d")
    maildir.add(message_from_bytes(SAMPLE.read_bytes()))
    found = as_json(tmp_path)
    sources = [one["source"].removeprefix(f"{tmp_path}/") for one in found]
    assert sources[:4] == ["a.eml", "b/2.eml", "c.mbox#1", "c.mbox#2"]
    assert sources[4].startswith("d/new/")
    assert [one["kind"] for one in found] == ["failed", "not-a-bounce", "failed", "not-a-bounce", "failed"]


def test_what_cannot_be_read_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    found = as_json(tmp_path / "absent.eml", SAMPLE, status=2)
    assert "error" in found[0]
    assert found[1]["kind"] == "failed"
    assert "absent.eml" in run("explain", tmp_path / "absent.eml", status=2)


def test_a_file_without_a_utf_8_name_that_cannot_be_read_ends_no_run(tmp_path: Path) -> None:
    for name in (b"a.eml", b"b\xff.gz", b"z.eml"):
        content = gzip.compress(PLAIN) if name.endswith(b".gz") else SAMPLE.read_bytes()
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(content)
    found = as_json(tmp_path, status=2)
    assert [Path(one["source"]).name for one in found] == ["a.eml", "b?.gz", "z.eml"]
    assert ["error" in one for one in found] == [False, True, False]
    assert f"bounce-milter: {tmp_path}/b?.gz: compressed by gzip" in run("explain", tmp_path, status=2)


def test_letters_of_a_name_that_are_no_utf_8_leave_their_places(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff\xe9.eml")).write_bytes(PLAIN)
    assert run("explain", tmp_path) == f"{tmp_path}/b??.eml: not-a-bounce\n\n"


def test_no_terminal_obeys_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x\x1b]0;evil\x07..\nfake: line.gz").write_bytes(gzip.compress(PLAIN))
    (tmp_path / "empty\x1b[2J").mkdir()
    told = run("explain", tmp_path, status=2)
    assert told == f"bounce-milter: {tmp_path}/x ]0;evil .. fake: line.gz: {inputs._OTHER_FORMS[bytes([31, 139])]}\n"
    told = subprocess.run(
        [COMMAND, "explain", tmp_path / "empty\x1b[2J"], capture_output=True, check=False
    ).stderr.decode()
    assert told == f"bounce-milter: {tmp_path}/empty [2J: no file in it\n"


def test_a_fault_of_ours_costs_one_message_and_never_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails_on_the_word(message: bytes, **how: Any) -> Report:
        if b"lunch" in message:
            raise ValueError("a fault of ours")
        return explain(message, **how)

    (tmp_path / "lunch.eml").write_bytes(PLAIN)
    monkeypatch.setattr(cli, "explain", fails_on_the_word)
    done = CliRunner().invoke(cli.main, ["explain", "--json", str(tmp_path / "lunch.eml"), str(SAMPLE)])
    first, second = map(json.loads, done.output.splitlines())
    assert first == {"source": str(tmp_path / "lunch.eml"), "error": "not explained: ValueError: a fault of ours"}
    assert (second["kind"], done.exit_code) == ("failed", 2)


@pytest.mark.parametrize("how", [["--json"], []])
def test_nor_does_a_fault_that_shows_when_the_sentences_are_made(
    how: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(bidden, "wait", fails)
    (tmp_path / "replies").write_text("450 4.7.1 Greylisted, try again in 5 minutes\n550 5.1.1 User unknown\n")
    done = CliRunner().invoke(cli.main, ["explain", *how, "--replies", str(tmp_path / "replies")])
    assert "replies#1: failed" not in done.output
    assert "#1" in done.output
    assert "not explained: ValueError" in done.output
    assert "user-unknown" in done.output
    assert done.exit_code == 2


def test_standard_input_is_a_message() -> None:
    [found] = as_json("-", stdin=SAMPLE.read_bytes())
    assert (found["source"], found["kind"]) == ("-", "failed")


def test_a_file_of_replies_gives_one_object_a_line(tmp_path: Path) -> None:
    replies = tmp_path / "replies"
    replies.write_text("550 5.1.1 User unknown\n450-4.2.0 Greylisted,\\n450 4.2.0 try again in 5 minutes\n\nqxvbz\n")
    found = as_json("--replies", replies)
    assert [len(one["recipients"]) for one in found] == [1, 1, 1, 1]
    reasons = [one["recipients"][0]["reason"] for one in found]
    assert reasons == ["user-unknown", "greylisted", None, "unknown"]
    assert [one["kind"] for one in found] == ["failed", "failed", "not-a-bounce", "failed"]
    assert found[2]["recipients"][0]["explanation"] is None


def test_a_line_of_replies_may_be_in_any_charset(tmp_path: Path) -> None:
    replies = tmp_path / "replies"
    words = "550 5.1.1 Empf\u00e4nger unbekannt"
    replies.write_bytes(b"\n".join([words.encode(), words.encode("latin-1"), b"\xef\xbb\xbf550 no"]))
    assert [text for _, text in inputs.of_lines(str(replies))] == [words, words, "550 no"]


def test_a_reply_ends_where_its_line_ends_and_not_before(tmp_path: Path) -> None:
    replies = tmp_path / "replies"
    replies.write_bytes(b"550 5.1.1 a\rb 552 full\r\n550 second\n")
    assert list(inputs.of_lines(str(replies))) == [
        (f"{replies}#1", "550 5.1.1 a\rb 552 full"),
        (f"{replies}#2", "550 second"),
    ]


def test_standard_input_that_was_read_holds_no_more_replies() -> None:
    assert "no such mailbox" in run("explain", "--replies", "-", "-", stdin=b"550 5.1.1 User unknown\n")


def test_what_looks_like_the_name_of_a_picture_is_shown_as_it_stands() -> None:
    told = run("explain", "550 5.7.1 Client host [2001:db8:a:b::1] blocked using zen.spamhaus.org; see :x: page")
    assert "2001:db8:a:b::1" in told
    assert ":x: page" in told


def test_what_a_maildir_is_still_being_given_is_no_message(tmp_path: Path) -> None:
    maildir = mailbox.Maildir(tmp_path / "d")
    maildir.add(message_from_bytes(SAMPLE.read_bytes()))
    (tmp_path / "d" / "tmp" / "half").write_bytes(PLAIN[:20])
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "a.eml").write_bytes(PLAIN)
    assert [path.parent.name for path in inputs.paths(str(tmp_path))] == ["new", "tmp"]
    assert inputs.paths(str(tmp_path / "d" / "tmp")) == [tmp_path / "d" / "tmp" / "half"]


def test_of_an_empty_folder_it_is_told_that_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    first, second = as_json(tmp_path / "d", SAMPLE, status=2)
    assert first == {"source": f"{tmp_path}/d", "error": "no file in it"}
    assert second["kind"] == "failed"
    assert run("explain", tmp_path / "d", status=2) == f"bounce-milter: {tmp_path}/d: no file in it\n"


def test_where_the_replies_cannot_be_read_the_rest_is_explained_all_the_same(tmp_path: Path) -> None:
    first, second = as_json("--replies", tmp_path / "none", SAMPLE, status=2)
    assert first == {"source": f"{tmp_path}/none", "error": "No such file or directory"}
    assert second["kind"] == "failed"
    told = run("explain", "--replies", tmp_path, SAMPLE, status=2)
    assert f"bounce-milter: {tmp_path}: Is a directory\n" in told
    assert "no such mailbox" in told


def test_annotate_adds_the_fields_and_leaves_the_rest_alone() -> None:
    message = b"X-Bounce-Class: forged\n" + SAMPLE.read_bytes()
    done = subprocess.run([COMMAND, "annotate"], input=message, capture_output=True, timeout=60, check=True).stdout
    assert b"forged" not in done
    head, _, body = done.partition(b"\n\n")
    assert b"\nX-Bounce-Details: rcpt=bob@dest.example" in b"\n" + head
    assert body == SAMPLE.read_bytes().partition(b"\n\n")[2]
    plain = subprocess.run([COMMAND, "annotate"], input=PLAIN, capture_output=True, timeout=60, check=True).stdout
    assert plain == PLAIN


def test_check_tells_every_error_with_file_and_key(tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text('[milter]\nsoket = "unix:/x"\nworkers = "two"\n[annotate]\nlanguage = 7\n[revew]\n')
    told = run("check", "--config", config, status=1)
    for part in ("milter.soket", "did you mean milter.socket", "milter.workers", "annotate.language", "revew"):
        assert part in told
    assert told.count("bad.toml") == 4


def test_check_tells_what_is_wrong_with_rules_of_the_admins_own(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        '[[rule]]\nid = "mine-one"\npattern = "(("\nreason = "user-unknown"\nsource = "x"\nsample = "550 x"\n'
    )
    config = tmp_path / "c.toml"
    config.write_text(f'[milter]\nsocket = "unix:{tmp_path}/s"\n[rules]\nfolder = "{folder}"\n')
    told = run("check", "--config", config, status=1)
    assert "mine.toml:2" in told
    assert "mine-one" in told


def test_check_tells_what_samples_show_beside_what_else_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    (folder / "wording").mkdir(parents=True)
    row = '[[rule]]\nid = "mine-{0}"\npattern = "{0} quux"\nreason = "{1}"\nsource = "x"\nsample = "550 {2} quux"\n'
    (folder / "mine.toml").write_text(
        row.format("one", "user-unkown", "one") + row.format("two", "user-unknown", "too")
    )
    (folder / "wording" / "en.toml").write_text('[reason.mailbox-full]\nwhta = "x"\n')
    config = tmp_path / "c.toml"
    config.write_text(f'[milter]\nsocket = "unix:{tmp_path}/s"\n[rules]\nfolder = "{folder}"\n[log]\nlevel = "x"\n')
    told = run("check", "--config", config, status=1).splitlines()
    parts = (
        "log.level",
        "mine-one: reason: expected",
        "en.toml: reason.mailbox-full.whta",
        "mine-two: does not match its sample",
    )
    assert [sum(part in line for line in told) for part in parts] == [1, 1, 1, 1]


def test_why_shows_every_rule_that_matched() -> None:
    reply = "552 5.2.2 mailbox full, user unknown"
    (recipient,) = explain_reply(reply, resources.packaged_knowledge()).recipients
    assert recipient.verdict is not None
    assert {"generic-full", "generic-user-unknown"} <= set(recipient.verdict.matched)
    told = run("explain", "--why", reply)
    assert [id_ for id_ in recipient.verdict.matched if f": {id_} (" not in told] == []


def test_why_ends_with_the_verdict_that_is_shown_above_it(tmp_path: Path) -> None:
    """Of what Postfix itself says it told "not dead" below "dead address", and X.4.7 of a code that is not."""
    own = group(said="550 5.0.0 unknown user: bob").replace("smtp; 550 5.0.0", "x-postfix;")
    late = group("eve@dest.example", "450 4.2.0 Greylisted").replace("Status: 4.2.0", "Status: 4.4.7")
    elsewhere = "Host or domain name not found. Name service error for name=relay.other.example type=A: Host not found"
    path = tmp_path / "three.eml"
    path.write_bytes(dsn(own, late, group("tim@dest.example", f"550 5.4.4 {elsewhere}")))
    told = run("explain", "--why", path)
    shown = re.findall(r"^  (\w+), ([\w-]+)(, dead address)?, confidence (\w+)$", told, re.MULTILINE)
    assert {reason for _, reason, _, _ in shown} == {"user-unknown", "dns-failure", "delivery-expired"}
    assert re.findall(r"^    verdict: ([^,]+, [^,]+, [^,]+, [^,]+),", told, re.MULTILINE) == [
        f"{reason}, {class_}, {'dead' if dead else 'not dead'}, {confidence}"
        for class_, reason, dead, confidence in shown
    ]


def test_codes_shows_the_tables_and_says_what_is_none() -> None:
    table = run("codes")
    assert {*REPLY_CODES, *ENHANCED_CODES} <= set(re.findall(r"^\S+", table, re.MULTILINE))
    assert "RFC 7504" in run("codes", "556")
    assert "999" in run("codes", "999", status=2)
    assert run("codes", " 550 ") == run("codes", "550")
    assert ENHANCED_CODES["X.1.1"].meaning in run("codes", "X.1.1")
    assert "tried again" not in run("codes", "4.4.7")
    assert "; about the mail system; standard," in run("codes", "550")
    assert "about" not in run("codes", "571")


def test_wrong_usage_is_status_two() -> None:
    run("explain", status=2)
    assert "say what to explain" in run("explain", SAMPLE, "", status=2)
    run("explain", "--nonsense", "550", status=2)
    run("nonsense", status=2)
    for command in (("check", "--config"), ("serve", "--config"), ("explain", "550", "--replies")):
        assert f"Invalid value for '{command[-1]}': an empty name names no file" in run(*command, "", status=2)


def test_a_language_that_nobody_wrote_is_told(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[annotate]\nlanguage = "xx"\nlanguages = { "dest.example" = "yy" }\n')
    told = run("check", "--config", config, status=1)
    assert f"{config}: annotate.language: no wording for 'xx', there are de, en" in told
    assert f"{config}: annotate.languages.dest.example: no wording for 'yy'" in told


def test_check_tells_at_once_what_is_wrong_in_the_file_and_around_it(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    text = f'[milter]\nsocket = "unix:{tmp_path}/file/s"\nsocket_group = "no-such-group"\n'
    (tmp_path / "file").touch()
    config.write_text(text + '[annotate]\nlanguage = "xx"\nnote = "yes"\n[review]\nmode = "redirect"\n')
    told = run("check", "--config", config, status=1)
    for part in ("annotate.note", "review.mailbox", "annotate.language", "milter.socket_group", "milter.socket: "):
        assert told.count(part) == 1
    # Of a socket that is not the one meant nothing is said.
    for wrong in ("sockt = 1\n[milter]\n", "[milter]\nsockte = 1\n", "[mliter]\n"):
        config.write_text(text.replace("[milter]\n", wrong).replace("\nsocket =", "\nsocket_mode ="))
        assert "milter.socket: " not in run("check", "--config", config, status=1).replace("milter.socket?", "")


def test_check_says_which_file_it_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "look", lambda settings, file, socket: [])
    config = tmp_path / "c.toml"
    monkeypatch.setattr(resources, "DEFAULT_CONFIG", str(config))
    monkeypatch.setattr(cli, "DEFAULT_CONFIG", str(config))
    told = CliRunner().invoke(cli.main, ["check"]).output
    assert told == f"everything is in order; no {config}: the defaults hold\n"
    config.touch()
    assert CliRunner().invoke(cli.main, ["check"]).output == f"everything is in order: {config}\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "no such mailbox"),
        ("de", "kein solches Postfach"),
        ("fr", "n'existe pas"),
        ("es", "no existe"),
        ("ja", "ません"),
    ],
)
def test_every_language_can_be_asked_for(language: str, words: str) -> None:
    assert words in run("explain", "--language", language, "550 5.1.1 User unknown")
    done = subprocess.run(
        [COMMAND, "annotate", "--language", language],
        input=SAMPLE.read_bytes(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    found = message_from_bytes(done.stdout)["X-Bounce-Explanation"]
    assert words in str(make_header(decode_header(found))).replace("\n", "")


def test_the_configured_language_is_spoken_and_the_english_tables_are_not_shown_beside_it(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[annotate]\nlanguage = "de"\n')
    told = run("explain", "--config", config, "550 5.1.1 User unknown")
    assert "kein solches Postfach" in told
    assert "RFC" not in told
    assert "no such mailbox" in run("explain", "--config", config, "--language", "en", "550 5.1.1 User unknown")


def test_the_meaning_of_a_code_orders_nothing() -> None:
    told = run("explain", "550 5.7.1 Rejected for policy reasons")
    assert told.count("administrator") == 1
    assert "tried again" not in run("explain", "451 4.3.0 temporary failure")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_file_that_begins_as_an_mbox_does_may_have_any_line_ends(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "one"
    path.write_bytes((b"From MAILER-DAEMON Mon Mar  2 10:20:11 2026\n" + SAMPLE.read_bytes()).replace(b"\n", end))
    [found] = as_json(path)
    assert (found["source"], found["kind"]) == (str(path), "failed")
    assert found["recipients"][0]["reply"] == "550"


def test_a_sentence_that_begins_with_from_parts_no_mbox(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"From a@example.org Mon Mar  2 10:20:11 2026\n" + PLAIN + b"\nFrom here on it is easy.\n")
    assert [one["source"] for one in as_json(path)] == [str(path)]


MBOX = b"From MAILER-DAEMON Mon Jan  6 10:00:00 2025\n" + SAMPLE.read_bytes() + b"\n"


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"\n" + MBOX + MBOX, 2),
        (MBOX + b"From now on at 10:00 I am away\n\nFrom Mon 10:00 on too\n", 1),
        (MBOX + b"From bob@example.org 2025-01-06T10:00:00Z\n" + PLAIN, 2),
        (MBOX + b"From bob@example.org  Mon, 6 Jan 2025 10:00:00 +0100\n" + PLAIN, 2),
        (MBOX + b"From  Mon Jan  6 10:00:00 2025\n" + PLAIN, 2),
    ],
)
def test_an_mbox_is_parted_by_dates_only(tmp_path: Path, content: bytes, parts: int) -> None:
    path = tmp_path / "box"
    path.write_bytes(content)
    names = [f"{path}#{number}" for number in range(1, parts + 1)] if parts > 1 else [str(path)]
    assert [one.source for one in inputs.messages(str(path))] == names


def test_a_message_that_begins_with_an_empty_line_is_whole(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"\n" + PLAIN)
    assert [one.message for one in inputs.messages(str(tmp_path / "one"))] == [b"\n" + PLAIN]


def test_of_an_mbox_no_more_than_two_messages_are_held(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(MBOX * 3)
    with (tmp_path / "box").open("rb", buffering=1024) as file:
        next(inputs._split("box", file))
        assert file.tell() < len(MBOX) * 2 + 2048


def test_of_one_endless_line_no_more_is_held_than_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(MBOX + b"x" * 5_000_000)
    (tmp_path / "replies").write_text("550 " + "x" * 5_000_000 + "\n450 busy\n")
    tracemalloc.start()
    try:
        *_, last = inputs.messages(str(tmp_path / "box"))
        (_, text), (_, other) = inputs.of_lines(str(tmp_path / "replies"))
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert last.message is not None
    assert len(last.message) <= inputs.READ
    assert len(text) <= inputs.READ
    assert other == "450 busy"


def test_a_compressed_file_is_told_with_what_reads_it(tmp_path: Path) -> None:
    (tmp_path / "box.gz").write_bytes(gzip.compress(MBOX))
    told = run("explain", tmp_path / "box.gz", status=2)
    assert "compressed by gzip; zcat FILE | bounce-milter explain -" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SAMPLE.read_text().encode("utf-16"), "UTF-16 text; iconv -f UTF-16 -t UTF-8 FILE | bounce-milter explain -"),
        (b"\xfe\xff" + SAMPLE.read_text().encode("utf-16-be"), "UTF-16 text; iconv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "Outlook's own format; save it as .eml"),
    ],
)
def test_a_message_in_another_form_is_told_with_what_makes_one_of_it(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "one").write_bytes(content)
    assert f"{tmp_path}/one: {told}" in run("explain", tmp_path / "one", status=2)


@pytest.mark.parametrize(
    ("what", "reply"),
    [
        ("550", True), ("5.1.1", True), ("550 5.7.1 see https://x.example/y", True), ("550-5.1.1 no", True), ("421: no", True),
        ("User unknown", True), ("smtp; 550 see https://x.example", True), ("550 " + "x" * 5_000, True),
        ("2024-bounce.eml", False), ("no such.eml", False), ("550.eml", False), ("/no/such file", False),
        ("my bounce.txt", False), ("the last.MSG", False), ("552 5.7.0 no such file as setup.msg", True),
        ("dir/no such file", False), ("bounce", False), ("-", False), ("5" * 5_000, False),
    ],
)  # fmt: skip
def test_what_is_meant_as_a_file_is_no_reply(what: str, reply: bool) -> None:
    assert cli._is_reply(what) is reply


def test_a_folder_that_may_not_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.eml").write_bytes(PLAIN)
    scandir = os.scandir

    def refusing(path: str) -> Any:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    told = list(inputs.messages(str(tmp_path)))
    assert [one.source for one in told] == [str(tmp_path / "a.eml"), str(closed)]
    assert [one.message for one in told] == [PLAIN, None]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("explain - <&-", "-: closed"), ("explain --replies - <&-", "-: closed"), ("annotate <&-", "standard input: closed"),
        ("explain --json 550 >&-", "standard output: closed"), ("annotate </dev/null >&-", "standard output: closed"),
        *((f"{command} >/dev/full", "standard output: No space left on device")
          for command in ("codes", "codes 550", "explain 550", "explain --json 550", "check", "--help", "--version",
                          "explain --help", "serve --help")),
    ],
)  # fmt: skip
def test_a_stream_that_fails_is_told(command: str, told: str) -> None:
    done = subprocess.run(f"{COMMAND} {command}", shell=True, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.decode()) == (2, f"bounce-milter: {told}\n")


@pytest.mark.parametrize(
    "command",
    [
        "codes",
        "codes 550",
        "explain 550",
        "explain --why 550",
        "explain --json 550",
        "annotate",
        "check --config {config}",
        "--help",
        "serve --help",
    ],
)
def test_a_pipe_that_nobody_reads_ends_every_command_as_it_ends_others(command: str, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("x = 1\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [COMMAND, *command.format(config=config).split()], input=SAMPLE.read_bytes(), stdout=writing,
        stderr=subprocess.PIPE, timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.parametrize("command", ["annotate", "explain -", "explain --json --replies -"])
def test_ctrl_c_ends_a_command_as_it_ends_others(command: str) -> None:
    """Status 1 would be a finding, and a shell's loop would go on."""
    with subprocess.Popen(
        [COMMAND, *command.split()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(b"Subject: a part")
        process.stdin.flush()
        unread, deadline = b"1", time.monotonic() + 30
        while any(unread) and time.monotonic() < deadline:
            time.sleep(0.02)
            unread = fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4))
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT
        assert process.stderr.read() == b""


def test_a_terminal_that_lacks_letters_gets_question_marks() -> None:
    done = subprocess.run(
        [COMMAND, "explain", "--language", "ja", "550"], capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": "iso-8859-1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"????" in done.stdout


@pytest.mark.parametrize("command", [("explain", "550"), ("codes",)])
def test_a_terminal_without_width_hides_nothing(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [COMMAND, *command], capture_output=True, timeout=60, check=False, env={**os.environ, "COLUMNS": "0"}
    )
    assert done.returncode == 0
    assert b"550" in done.stdout


def test_why_is_not_dropped_in_silence() -> None:
    assert "--why" in run("explain", "--json", "--why", "550", status=2)


def checked(folder: Path, more: str = "") -> str:
    config = folder.parent / "c.toml"
    config.write_bytes(b"\xef\xbb\xbf" + f'[rules]\nfolder = "{folder}"\n{more}'.encode())
    done = subprocess.run([COMMAND, "check", "--config", config], capture_output=True, timeout=60, check=False)
    assert not done.stderr
    return done.stdout.decode()


def test_check_reads_a_folder_as_editors_leave_it(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    (folder / "wording").mkdir(parents=True)
    mark = b"\xef\xbb\xbf"
    (folder / "a.toml").write_bytes(mark + b'[[rule]]\nid = "no-such-rule"\ndisabled = true\n')
    (folder / "wording" / "de.toml").write_bytes(mark + b'language = "xx"\n')
    (folder / ".#a.toml").symlink_to("somebody@host.1234:5")
    os.mkfifo(folder / "pipe.toml")
    (folder / "log.toml").touch()
    os.truncate(folder / "log.toml", limits.FILE_BYTES + 1)  # no octet of it is read
    told = checked(folder, "[milter]\nworker = 1\n")
    assert "milter.worker: unknown option" in told  # and what follows is told all the same
    assert f"{folder}/a.toml:2: no-such-rule: there is no rule of this id" in told
    assert f"{folder}/wording/de.toml: language: expected 'de'" in told
    assert f"{folder}/pipe.toml: cannot be read: it is no regular file" in told
    assert f"{folder}/log.toml: cannot be read: it has more than 8,000,000 bytes" in told
    assert ".#a" not in told


def test_check_asks_for_words_in_each_language_that_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    (folder / "wording").mkdir(parents=True)
    (folder / "a.toml").write_text(
        '[[rule]]\nid = "mine-ticket"\npattern = "foo quux"\nreason = "spam-content"\nwords = "ticket"\n'
        'source = "x"\nsample = "550 foo quux"\n'
    )
    (folder / "wording" / "de.toml").write_text('[topic.ticket]\nwhat = "eine Karte fehlt"\nadvice = "eine holen"\n')
    told = f"{folder}/a.toml:2: mine-ticket: words: no wording in en"
    assert told in checked(folder)
    assert told in checked(folder, '[annotate]\nlanguage = "de"\nlanguages = { "example.org" = "en" }\n')
    assert "mine-ticket" not in checked(folder, '[annotate]\nlanguage = "de"\n')


def test_check_says_where_a_file_stands_for_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "rules"
    file.write_text("")
    assert checked(file) == f"{tmp_path}/c.toml: rules.folder: {file} is no folder\n"
    file.unlink()
    assert checked(file) == f"{tmp_path}/c.toml: rules.folder: there is no folder {file}\n"
    file.mkdir()
    (file / "wording").write_text("")
    assert checked(file) == f"{file}/wording: cannot be read: Not a directory\n"


def test_a_file_that_may_not_be_read_is_told_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[milter]\nsocket = "inet:8893@127.0.0.1"\n')

    read_text = Path.read_text

    def refusing(self: Path, *arguments: Any, **named: Any) -> str:
        if self == config:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return read_text(self, *arguments, **named)

    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(Path, "read_text", refusing)
    told = CliRunner().invoke(cli.main, ["check", "--config", str(config)])
    assert (told.exit_code, told.output.splitlines()[0]) == (1, f"{config}: cannot be read: Permission denied")


def test_a_folder_that_may_not_be_searched_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listdir = os.listdir

    def refusing(path: Path) -> list[str]:
        if path == tmp_path:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refusing)
    config = tmp_path / "c.toml"
    config.write_text(f'[rules]\nfolder = "{tmp_path}"\n')
    with pytest.raises(resources.ResourceError, match=f"c.toml: rules.folder: {tmp_path} cannot be read: Permission"):
        resources.load_settings(str(config))
    options = Settings(rules=Rules(folder=str(tmp_path)))
    with pytest.raises(resources.ResourceError) as error:
        resources.load_knowledge(options)
    assert error.value.problems == (f"{tmp_path}: cannot be read: Permission denied",)


def test_check_tells_what_it_read_in_a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "look", lambda settings, file, socket: [])
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    (own / "wordings").mkdir()
    (own / "mine.TOML").write_text("")
    (own / ".mine.toml.swp").write_text("")
    (own / "wording" / "en.toml").write_text('[named]\ndelivered = "{address} has it."\n')
    (own / "changes.toml").write_text('[[rule]]\nid = "generic-user-unknown"\ndisabled = true\n')
    config = tmp_path / "c.toml"
    config.write_text(f'[rules]\nfolder = "{own}"\n')
    assert CliRunner().invoke(cli.main, ["check", "--config", str(config)]).output.splitlines()[1:] == [
        f"own rules in {own}: 1, 1 of them off (changes.toml)",
        f"own words in {own}/wording: en.toml",
        f"{own}/mine.TOML: not read; only *.toml and wording/LANGUAGE.toml are",
        f"{own}/wordings: not read; only *.toml and wording/LANGUAGE.toml are",
    ]


def test_why_shows_the_page_that_decided() -> None:
    told = run("explain", "--why", "550 see https://help.example/inbox-is-full")
    assert "page: inbox is full" in told
    assert "believed: generic-full " in told


def test_check_tries_the_packaged_rules_beside_the_vote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "look", lambda settings, file, socket: [])
    config = tmp_path / "c.toml"
    config.write_text("[rules]\nvote = false\n")
    assert CliRunner().invoke(cli.main, ["check", "--config", str(config)]).output.startswith("everything is in order")
