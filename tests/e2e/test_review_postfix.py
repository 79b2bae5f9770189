"""The ways to review with a real Postfix: where the bounce comes to lie, what it says, and what happens on a refusal."""

import json
import re
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.details import parse_details
from tests.e2e.places import open_way
from tests.e2e.postfix import Postfix
from tests.e2e.refusing import RefusingServer
from tests.e2e.test_postfix import ORDINARY, own, parsed
from tests.e2e.ways import Ways
from tests.reports import FULL, dsn, group

OPTIONS = {"recipient_delimiter": "+", "virtual_alias_maps": "inline:{forward@example.org=gone@dest.example}"}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory, refusing: RefusingServer) -> Iterator[Ways]:
    found = Ways(tmp_path_factory.mktemp("ways"), refusing, OPTIONS)
    yield found
    found.stop()


def reviewed(message: bytes) -> dict[str, str]:
    """Return our fields of a message, the last of each name."""
    return dict(own(message))


REDIRECT = 'mode = "redirect"\nmailbox = "review@example.org"\n'
COPY = 'mode = "copy"\nmailbox = "review@example.org"\n'
LOST = 'mode = "redirect"\nmailbox = "nobody@example.org"\n'
ORIGINAL = "X-Bounce-Original-Recipients"


def test_redirect_replaces_the_recipient_and_keeps_it_in_a_field(ways: Ways) -> None:
    ways.use(REDIRECT).send()
    message = ways.server.wait_for("review")[0]
    assert reviewed(message)[ORIGINAL] == "<alice@example.org>"
    assert reviewed(message)["X-Bounce-Review"] == "yes"
    assert parsed(message)["Return-Path"] == "<alice@example.org>"
    assert ways.server.mailbox("alice") == []


def test_a_recipient_with_blanks_in_its_brackets_is_one_too(ways: Ways) -> None:
    """Postfix takes it, and hands it on as it came."""
    ways.use(REDIRECT)
    with smtplib.SMTP("127.0.0.1", ways.server.port) as smtp:
        for command in ("EHLO x", "MAIL FROM:<>", "RCPT TO:< alice@example.org >"):
            assert smtp.docmd(command)[0] == 250
        assert smtp.data(dsn())[0] == 250
    message = ways.server.wait_for("review")[0]
    assert reviewed(message)[ORIGINAL] == "<alice@example.org>"
    assert parsed(message)["Return-Path"] == "<alice@example.org>"
    assert ways.server.mailbox("alice") == []


def test_redirect_replaces_several_recipients_by_one(ways: Ways) -> None:
    ways.use(REDIRECT).send(to=["dsn@example.org", "same@example.org"])
    message = ways.server.wait_for("review")[0]
    assert reviewed(message)[ORIGINAL] == "<dsn@example.org>, <same@example.org>"
    assert ways.server.mailbox("dsn") == ways.server.mailbox("same") == []


def test_redirect_takes_the_bounces_that_postfix_makes_itself(ways: Ways) -> None:
    ways.use(REDIRECT).own_bounce("sender")
    message = ways.server.wait_for("review")[0]
    assert reviewed(message)[ORIGINAL] == "<sender@example.org>"
    assert ways.server.mailbox("sender") == []


def test_redirect_leaves_all_other_mail(ways: Ways) -> None:
    ways.use(REDIRECT).send(dsn(group(said=FULL)), to="plain@example.org")
    ways.server.send(ORDINARY % b"plain", sender="carol@example.net", to="plain@example.org")
    assert len(ways.server.wait_for("plain", 2)) == 2


def test_a_bounce_to_the_review_mailbox_stays_there_as_it_is(ways: Ways) -> None:
    ways.use(REDIRECT).send(to=["review@example.org", "many@example.org"])
    for user in ("review", "many"):
        assert not {ORIGINAL, "X-Bounce-Review"} & set(reviewed(ways.server.wait_for(user)[0]))


def test_a_review_mailbox_that_postfix_does_not_know_returns_the_bounce(ways: Ways) -> None:
    ways.use(LOST).send()
    message = ways.server.wait_for("alice")[0]
    # It is returned whole, with the word of who refused; and that message goes round no second time.
    assert b"550 5.1.1 User unknown" in message
    assert b"Reporting-MTA: dns; mx.example.net" in message
    assert parse_details(reviewed(message)["X-Bounce-Details"])["rcpt"] == "nobody@example.org"
    assert "X-Bounce-Review" not in reviewed(message)
    assert 'error="the review mailbox itself failed"' in ways.lines("not-filed")[-1]
    assert "unknown user" in ways.server.log()


def test_a_review_mailbox_that_forwards_to_nowhere_makes_no_circle(ways: Ways) -> None:
    ways.use('mode = "redirect"\nmailbox = "forward@example.org"\n').send()
    message = ways.server.wait_for("alice")[0]
    assert parse_details(reviewed(message)["X-Bounce-Details"])["rcpt"] == "gone@dest.example"
    assert ORIGINAL.encode() in message.partition(b"\n\n")[2]
    assert 'error="the review mailbox itself failed"' in ways.lines("not-filed")[-1]


def test_an_own_bounce_that_the_review_mailbox_refuses_comes_back_too(ways: Ways) -> None:
    ways.use(LOST).own_bounce("sender")
    assert b"gone@dest.example" in ways.server.wait_for("sender")[0]


def test_parameters_of_the_original_recipient_are_handled(ways: Ways) -> None:
    ways.use(LOST)
    # NOTIFY=NEVER would lose a redirected message that fails; ORCPT stands in Postfix's report on it.
    with smtplib.SMTP("127.0.0.1", ways.server.port, timeout=60) as smtp:
        smtp.ehlo()
        smtp.mail("")
        smtp.rcpt("alice@example.org", ["NOTIFY=NEVER", "ORCPT=rfc822;Alice+2Bx@example.net"])
        smtp.data(dsn())
    message = ways.server.wait_for("alice")[0]
    assert b"Original-Recipient: rfc822;Alice+x@example.net" in message
    assert b"Final-Recipient: rfc822; nobody@example.org" in message


def test_detail_addresses_sort_by_reason(ways: Ways) -> None:
    ways.use('mode = "redirect"\nmailbox = "review+{class}-{reason}@example.org"\n').send()
    assert parsed(ways.server.wait_for("review")[0])["Delivered-To"] == "review+permanent-user-unknown@example.org"


def test_detail_addresses_leave_a_bounce_with_whom_it_is_for(ways: Ways) -> None:
    ways.use('mode = "redirect"\nmailbox = "{user}+bounces@{domain}"\n')
    ways.send(to=["alice@example.org", "dsn@example.org"])
    for user in ("alice", "dsn"):
        (message,) = ways.server.wait_for(user)
        assert parsed(message)["Delivered-To"] == f"{user}+bounces@example.org"


def test_copy_adds_the_review_mailbox(ways: Ways) -> None:
    ways.use(COPY).send()
    for user in ("alice", "review"):
        (message,) = ways.server.wait_for(user)
        assert reviewed(message)[ORIGINAL] == "<alice@example.org>"
        assert parsed(message)["Return-Path"] == "<>"


def test_copy_of_several_recipients_and_of_an_own_bounce_is_one(ways: Ways) -> None:
    ways.use(COPY).send(to=["dsn@example.org", "same@example.org"])
    ways.own_bounce("sender")
    for user in ("dsn", "same", "sender"):
        assert len(ways.server.wait_for(user)) == 1
    found = [reviewed(message)[ORIGINAL] for message in ways.server.wait_for("review", 2)]
    assert sorted(found) == ["<dsn@example.org>, <same@example.org>", "<sender@example.org>"]


def test_a_copy_that_nobody_takes_is_reported_to_nobody(ways: Ways) -> None:
    ways.use('mode = "copy"\nmailbox = "lost@example.org"\n').send()
    assert "X-Bounce-Review" in reviewed(ways.server.wait_for("alice")[0])
    assert "unknown user" in ways.server.wait_for_log("to=<lost@example.org>")
    assert len(ways.server.mailbox("alice")) == 1


def test_forged_fields_file_nothing(ways: Ways) -> None:
    ways.use(COPY)
    forged = f"X-Bounce-Review: yes\r\n{ORIGINAL}: <x@example.net>\r\n"
    ways.server.send(forged.encode() + ORDINARY % b"forged", sender="carol@example.net", to="forged@example.org")
    ways.send(dsn(group(said=FULL), head=forged), to="forged@example.org")
    for message in ways.server.wait_for("forged", 2):
        assert not {"X-Bounce-Review", ORIGINAL} & set(reviewed(message))
    assert ways.server.mailbox("review") == []


def held(server: Postfix) -> list[str]:
    """Return the queue ids in the hold queue, which postqueue marks with "!"."""
    return [
        line.split("!")[0] for line in server.run("postqueue", "-p").splitlines() if re.match(r"[0-9A-Za-z]+!", line)
    ]


def release(server: Postfix, *command: str) -> None:
    """Run the command that the log names; its message is delivered at the next run of the queue, which is now."""
    server.run(*command)
    server.run("postqueue", "-i", command[-1])


def test_quarantine_holds_the_bounce_until_it_is_released(ways: Ways) -> None:
    ways.use('mode = "quarantine"\n').send(to=["alice@example.org", "dsn@example.org"])
    ways.send(dsn(group(said=FULL)), to="plain@example.org")
    ways.server.wait_for("plain")
    (number,) = held(ways.server)
    assert ways.server.mailbox("alice") == ways.server.mailbox("dsn") == []
    assert "milter triggers HOLD action" in ways.server.wait_for_log(f"{number}: milter-hold")
    line = ways.lines("held")[-1]
    assert f'release="postsuper -H {number}"' in line
    release(ways.server, *json.loads(line.partition("release=")[2]).split())
    for user in ("alice", "dsn"):
        assert reviewed(ways.server.wait_for(user)[0])["X-Bounce-Review"] == "yes"
    assert held(ways.server) == []


def test_quarantine_holds_the_bounces_that_postfix_makes_itself(ways: Ways) -> None:
    ways.use('mode = "quarantine"\n').own_bounce("sender")
    line = ways.lines("held")[-1]
    (number,) = held(ways.server)
    assert number in line
    assert ways.server.mailbox("sender") == []
    release(ways.server, "postsuper", "-H", number)
    assert len(ways.server.wait_for("sender")) == 1


def test_maildir_gets_a_copy_and_the_mail_goes_its_way(ways: Ways) -> None:
    folder = ways.server.home.parent / "bounces"
    ways.use(f'mode = "maildir"\nmaildir = "{folder}"\n').send(to=["alice@example.org", "dsn@example.org"])
    delivered = reviewed(ways.server.wait_for("alice")[0])
    assert len(ways.server.wait_for("dsn")) == 1
    (file,) = (folder / "new").iterdir()
    filed = file.read_bytes()
    assert reviewed(filed) == {**delivered, ORIGINAL: "<alice@example.org>, <dsn@example.org>"}
    assert filed.partition(b"\n\n")[2] == dsn().replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    ways.own_bounce("sender")
    assert len(ways.server.wait_for("sender")) == 1
    assert len(list((folder / "new").iterdir())) == 2
    ways.send(dsn(group(said=FULL)), to="plain@example.org")
    ways.server.wait_for("plain")
    assert len(list((folder / "new").iterdir())) == 2


def test_a_maildir_that_cannot_be_written_leaves_the_mail_delivered(ways: Ways) -> None:
    # A file where a folder should be: nothing can be written there, whoever asks, root too.
    folder = ways.server.home.parent / "no-folder"
    folder.write_text("")
    ways.use(f'mode = "maildir"\nmaildir = "{folder}"\n').send()
    assert "X-Bounce-Explanation" in reviewed(ways.server.wait_for("alice")[0])
    assert re.search(rf'queue_id=\w+ error="(Not a directory|File exists): {folder}"', ways.lines("not-filed")[-1])


MARK = 'mode = "mark"\n'
CHECKS = (Path(__file__).parents[2] / "config" / "postfix" / "milter_header_checks").read_text(encoding="utf-8")


def checks(action: str) -> str:
    """Return the file that admins copy, with the line of this action switched on and no other."""
    assert CHECKS.count(f"\n#/^X-Bounce-Review: yes/ {action} ") == 1
    return CHECKS.replace(f"#/^X-Bounce-Review: yes/ {action} ", f"/^X-Bounce-Review: yes/ {action} ")


@pytest.fixture(scope="module", params=["REDIRECT", "BCC", "HOLD"])
def checking(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, refusing: RefusingServer
) -> Iterator[tuple[str, Ways]]:
    home = tmp_path_factory.mktemp("checks")
    (home / "checks").write_text(checks(request.param))
    open_way(home)
    found = Ways(home, refusing, {"milter_header_checks": f"regexp:{home}/checks"})
    yield request.param, found
    found.stop()


def test_mark_and_milter_header_checks_file_what_postfix_takes_and_makes(checking: tuple[str, Ways]) -> None:
    action, ways = checking
    forged = b"X-Bounce-Review: yes\r\n"
    ways.use(MARK).server.send(forged + ORDINARY % b"forged", sender="carol@example.net", to="forged@example.org")
    ways.send(to=["alice@example.org", "dsn@example.org"])
    ways.own_bounce("sender")
    assert not own(ways.server.wait_for("forged")[0])
    if action == "HOLD":
        ways.lines("bounce", 2)
        for number in held(ways.server):
            release(ways.server, "postsuper", "-H", number)
    here = {"REDIRECT": ["review"], "BCC": ["review", "alice", "dsn", "sender"], "HOLD": ["alice", "dsn", "sender"]}
    for user in here[action]:
        for message in ways.server.wait_for(user, 2 if user == "review" else 1):
            assert reviewed(message)["X-Bounce-Review"] == "yes"
    for user in {"review", "alice", "dsn", "sender"} - set(here[action]):
        assert ways.server.mailbox(user) == []
    assert len(ways.server.mailbox("forged")) == 1
