"""What `check` says of the machine: with a postconf of the test's own, and with the real one where it was unpacked."""

import os
import pwd
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import bounce_milter
from bounce_milter.cli import postfix, world
from bounce_milter.settings import Metrics, Milter, Review, Settings
from tests.e2e.places import open_way

MAIN = {
    "queue_directory": "/var/spool/postfix",
    "mail_owner": "nobody",
    "smtpd_milters": "{ unix:{socket}, default_action=accept }",
    "non_smtpd_milters": "{ unix:{socket}, default_action=accept }",
    "internal_mail_filter_classes": "bounce",
    "milter_default_action": "tempfail",
}
MASTER = "smtp inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n"
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away and takes the rights of others")


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(folder.stat().st_mode | 0o055)
    return tmp_path


@pytest.fixture(autouse=True)
def no_postfix_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postfix, "SBIN", "/nowhere")


def looked(folder: Path, monkeypatch: pytest.MonkeyPatch, services: str = MASTER, **changes: str) -> list[str]:
    """Return what `look` says beside a Postfix with these settings; `overrides` is what master.cf lays over them."""
    (folder / "overrides").write_text(changes.pop("overrides", "").replace("{socket}", f"{folder}/milter.sock"))
    socket = folder / "milter.sock"
    lines = "".join(f"{key} = {value}\n" for key, value in {**MAIN, **changes}.items()).replace("{socket}", str(socket))
    (folder / "main").write_text(lines)
    (folder / "master").write_text(services)
    command = folder / "postconf"
    command.write_text(
        f'#!/bin/sh\ncd "{folder}"\ncase $1 in -M) cat master;; -P) cat overrides;; -x) cat main;; esac\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return world.look(Settings(milter=Milter(socket=f"unix:{socket}")))


ACCEPT = "default_action=accept }"
LOCKED = "smtp inet n - y - - smtpd\ncleanup unix n - y - 0 cleanup\n"
INSIDE = f"{{ unix:milter.sock, {ACCEPT}"
OTHERS = "inet:localhost:8891, { local:/other.sock, default_action=tempfail }"


@pytest.mark.parametrize(
    ("services", "changes"),
    [
        (MASTER, {}),
        (MASTER, {"smtpd_milters": "unix:{socket}", "milter_default_action": "accept"}),
        (MASTER, {"smtpd_milters": f"{OTHERS} {{ unix:{{socket}}, connect_timeout=5s, {ACCEPT}"}),
        (MASTER.replace("smtp inet n - n", "smtp inet n - -"), {"compatibility_level": "3.6"}),
        (MASTER, {"smtpd_milters": "", "overrides": f"smtp/inet/smtpd_milters = {{ unix:{{socket}}, {ACCEPT}\n"}),
        (MASTER, {"internal_mail_filter_classes": "notify, bounce"}),
        (MASTER, {"smtpd_milters": "{ unix:{socket}, default_action = ACCEPT }"}),
        (f"{MASTER}10025 inet n - n - - smtpd\n", {"overrides": "10025/inet/receive_override_options = no_milters\n"}),
        (MASTER, {"receive_override_options": "no_milters", "overrides": "smtp/inet/receive_override_options = \n"}),
        (MASTER, {"overrides": "cleanup/unix/receive_override_options = no_milters\n"}),
        (LOCKED, {"queue_directory": "{folder}", "smtpd_milters": INSIDE, "non_smtpd_milters": INSIDE}),
        (MASTER, {"queue_directory": "{folder}", "smtpd_milters": INSIDE, "non_smtpd_milters": INSIDE}),
        (LOCKED, {"queue_directory": "{folder}", "smtpd_milters": INSIDE, "non_smtpd_milters": f"{{ unix:/milter.sock, {ACCEPT}"}),
    ],
)  # fmt: skip
def test_nothing_is_said_where_all_is_well(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, services: str, changes: dict[str, str]
) -> None:
    changes = {key: value.replace("{folder}", str(open_folder)) for key, value in changes.items()}
    assert looked(open_folder, monkeypatch, services, **changes) == []


@pytest.mark.parametrize(
    ("services", "changes", "said"),
    [
        (MASTER, {"smtpd_milters": ""}, "smtpd_milters does not name unix:"),
        (MASTER, {"smtpd_milters": "unix:{socket}2"}, "smtpd_milters does not name unix:"),
        (MASTER, {"non_smtpd_milters": "inet:localhost:1"}, "non_smtpd_milters does not name unix:"),
        (MASTER, {"smtpd_milters": "unix:{socket}"}, "smtpd_milters holds up mail while the filter is away"),
        (MASTER, {"smtpd_milters": f"unix:{{socket}}, {{ unix:/other, {ACCEPT}"}, "smtpd_milters holds up mail"),
        (MASTER, {"overrides": "smtp/inet/smtpd_milters = \n"}, "smtpd_milters does not name unix:"),
        (MASTER, {"receive_override_options": "no_address_mappings,no_milters"}, "smtp/inet asks no milter; take no_mil"),
        (MASTER, {"overrides": "smtp/inet/receive_override_options = no_milters\n"}, "smtp/inet asks no milter"),
        (MASTER, {"internal_mail_filter_classes": ""}, "set internal_mail_filter_classes = bounce"),
        (MASTER.replace("smtp inet n - n", "smtp inet n - y"), {}, "smtp/inet is locked into /var/spool/postfix"),
        (MASTER.replace("smtp inet n - n", "smtp inet n - -"), {}, "smtp/inet is locked into /var/spool/postfix"),
        (MASTER, {"queue_directory": "{folder}", "smtpd_milters": f"{{ unix:/milter.sock, {ACCEPT}"}, "write unix:milter.sock"),
        (MASTER.replace("smtp inet n - n", "smtp inet n - y"), {"queue_directory": "{folder}"}, "write unix:milter.sock"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_postfix_is_said_with_what_to_do(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, services: str, changes: dict[str, str], said: str
) -> None:
    changes = {key: value.replace("{folder}", str(open_folder)) for key, value in changes.items()}
    (found,) = looked(open_folder, monkeypatch, services, **changes)
    assert said in found


def test_a_service_that_is_locked_in_is_not_told_to_name_what_it_cannot_see(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = {"smtpd_milters": "", "non_smtpd_milters": ""}
    smtpd, cleanup = looked(open_folder, monkeypatch, LOCKED, **nothing)
    for service, said in (("smtp/inet", smtpd), ("cleanup/unix", cleanup)):
        assert f"{service} is locked into /var/spool/postfix and cannot see {open_folder}/milter.sock; let the" in said
        assert said.endswith('config/postfix/README.md, "The chroot"')
    inside = looked(open_folder, monkeypatch, LOCKED, queue_directory=str(open_folder), **nothing)
    assert ["does not name unix:milter.sock; add the lines" in said for said in inside] == [True, True]


@pytest.mark.parametrize(
    ("socket", "named", "said"),
    [
        ("inet:8893@127.0.0.1", "inet:localhost:8893", 0),
        ("inet6:8893@::1", "inet:[::1]:8893", 0),
        ("inet:8893", "inet:192.0.2.1:8893", 0),
        ("inet:8893@0.0.0.0", "inet:127.0.0.1:8893", 0),
        ("inet:8893@192.0.2.1", "inet:192.0.2.1:8893", 0),
        ("inet:8893@127.0.0.1", "inet:localhost:8894", 2),
    ],
)
def test_a_tcp_socket_is_known_by_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket: str, named: str, said: int
) -> None:
    both = {"smtpd_milters": named, "non_smtpd_milters": named, "milter_default_action": "accept"}
    looked(tmp_path, monkeypatch, **both)
    assert len(world.look(Settings(milter=Milter(socket=socket)))) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"non_smtpd_milters": "inet:localhost:8891"}, []),
        ({"smtpd_milters": ""}, ["smtpd_milters does not name the socket that systemd opened; add"]),
        ({"internal_mail_filter_classes": ""}, ["its own bounces pass unexplained"]),
        ({"receive_override_options": "no_milters"}, ["smtp/inet asks no milter"]),
    ],
)
def test_where_systemd_opened_the_socket_postfix_must_ask_some_milter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], said: list[str]
) -> None:
    looked(tmp_path, monkeypatch, LOCKED, **changes)
    found = world.look(Settings(milter=Milter(socket="fd:3")))
    assert [line.removeprefix("Postfix: ")[: len(part)] for line, part in zip(found, said, strict=True)] == said


@pytest.mark.parametrize(("socket", "name"), [("inet:8893", "127.0.0.1"), ("inet6:8893", "[::1]")])
def test_a_socket_on_every_address_is_named_by_one_that_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket: str, name: str
) -> None:
    """The sixth version's takes no connection of the fourth."""
    looked(tmp_path, monkeypatch, smtpd_milters="")
    assert f"smtpd_milters does not name inet:{name}:8893" in world.look(Settings(milter=Milter(socket=socket)))[0]


def test_a_folder_that_nobody_made_is_said_where_nobody_will(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (found,) = world.look(Settings(milter=Milter(socket=f"unix:{tmp_path}/new/s")))
    assert f"there is no folder {tmp_path}/new; make it: install -d" in found
    assert world.look(Settings()) == []


def test_below_run_only_the_folder_that_the_unit_makes_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error there was "in order", and the service was started anew each second."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert world.look(Settings(milter=Milter(socket="unix:/var/run/bounce-milter/m.sock"))) == []
    for folder in ("/run/bounce-miltre", "/run/bounce-milter-2", "/var/run/x"):
        for options in (
            Settings(milter=Milter(socket=f"unix:{folder}/s")),
            Settings(metrics=Metrics(listen=f"unix:{folder}/s")),
        ):
            (found,) = world.look(options)
            assert found.endswith(
                f": there is no folder {folder}; the unit makes /run/bounce-milter alone, name a place there"
            )


def test_a_folder_that_postfix_may_not_enter_is_said(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    if os.geteuid() == 0:
        user = pwd.getpwnam("daemon")
        os.chown(closed, user.pw_uid, user.pw_gid)
    (found,) = looked(closed, monkeypatch)
    assert f"its user nobody may not enter {closed}" in found
    assert f"adduser nobody {closed.group()}, give" in found


@ONLY_ROOT
def test_a_folder_of_postfixs_own_is_open_to_it(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = open_folder / "own"
    own.mkdir(mode=0o700)
    os.chown(own, pwd.getpwnam("nobody").pw_uid, 0)
    assert looked(own, monkeypatch) == []


@ONLY_ROOT
@pytest.mark.parametrize("owner", [(0, 0), (0, 65534), (1, 0), (54321, 54321)])
def test_nobody_is_told_to_make_postfix_a_member_of_a_group_that_is_more_than_the_filters(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, owner: tuple[int, int]
) -> None:
    looked(open_folder, monkeypatch)
    closed = open_folder / "bounce-milter"
    closed.mkdir(mode=0o700)
    os.chown(closed, *owner)
    milter = Milter(socket=f"unix:{closed}/s")
    (found,) = (line for line in world.look(Settings(milter=milter)) if "its user" in line)
    assert found.endswith(
        f"give the folder to the filter: install -d -o bounce-milter -g bounce-milter -m 0750 {closed}"
    )
    (closed / "other").touch()  # a folder of more than the socket is given to nobody
    (found,) = (line for line in world.look(Settings(milter=milter)) if "its user" in line)
    assert found.endswith("must be the filter's own (config/postfix/README.md)")
    (closed / "other").unlink()
    closed.rename(open_folder / "srv")  # nor one that is empty and may be anybody's
    milter = Milter(socket=f"unix:{open_folder}/srv/s")
    (found,) = (line for line in world.look(Settings(milter=milter)) if "its user" in line)
    assert found.endswith("must be the filter's own (config/postfix/README.md)")


def test_a_command_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "postconf").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "postconf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (found,) = world.look(Settings(milter=Milter(socket="inet:8893@127.0.0.1")))
    assert "postconf cannot be asked" in found


def test_own_folders_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    tmp_path.chmod(0o777)
    milter = Milter(socket=f"unix:{tmp_path}/s", socket_group="nobody-has-this-group")
    review = Review(mode="maildir", maildir=f"{tmp_path}/review")
    group, folder, maildir = world.look(Settings(milter=milter, review=review), "/etc/c.toml")
    assert all(said.startswith("/etc/c.toml: ") for said in (group, folder, maildir))
    assert "there is no group 'nobody-has-this-group'" in group
    assert "milter.socket: anybody may write to" in folder
    assert "review.maildir: anybody may write to" in maildir


def test_a_folder_where_each_may_only_touch_his_own_is_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    tmp_path.chmod(0o1777)
    assert world.look(Settings(milter=Milter(socket=f"unix:{tmp_path}/s"))) == []


def test_a_maildir_that_is_no_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (tmp_path / "file").touch()
    for maildir, said in (
        (f"{tmp_path}/file", f"{tmp_path}/file is no folder"),
        (f"{tmp_path}/file/x", f"{tmp_path}/file is no folder"),
        (
            "/proc/x/md",
            "there is no folder /proc/x/md; make it: install -d -o bounce-milter -g bounce-milter -m 0700 /proc/x/md",
        ),
    ):
        (found,) = world.look(Settings(review=Review(mode="maildir", maildir=maildir)))
        assert found.startswith(f"review.maildir: {said}")


ATTACHED = {
    "our_filter": "{ unix:milter.sock, connect_timeout=5s, default_action=accept }",
    "smtpd_milters": "$our_filter", "non_smtpd_milters": "${our_filter}", "internal_mail_filter_classes": "bounce",
}  # fmt: skip


def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, str]) -> Path:
    """Let the real postconf answer for a Postfix with these options; return the folder that it calls its queue."""
    from tests.e2e.postfix import SBIN, Postfix

    if not (SBIN / "postconf").exists():
        pytest.skip("Postfix is not unpacked here")
    if os.geteuid() != 0:
        pytest.skip("only root gives Postfix its folders")
    server = Postfix(tmp_path / "postfix", options)
    for key in ("MAIL_CONFIG", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(key, server._environment[key])
    monkeypatch.setenv("PATH", f"{SBIN}:{os.environ['PATH']}")
    return server.home / "queue"


def test_the_real_postconf_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real(tmp_path, monkeypatch, {})
    found = world.look(Settings(milter=Milter(socket="inet:8893@127.0.0.1")))
    assert [line.split(" ")[1] for line in found] == ["smtpd_milters", "non_smtpd_milters", "its"]


def test_the_real_postconf_tells_an_attached_filter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    queue = real(tmp_path, monkeypatch, ATTACHED)
    assert world.look(Settings(milter=Milter(socket=f"unix:{queue}/milter.sock"))) == []
    (queue / "closed").mkdir(mode=0o700)
    found = world.look(Settings(milter=Milter(socket=f"unix:{queue}/closed/milter.sock")))
    assert [line.split(" ")[1] for line in found] == ["smtpd_milters", "non_smtpd_milters", "its"]
    assert f"its user postfix may not enter {queue}/closed" in found[-1]


def test_the_real_postconf_tells_a_service_of_its_own_list(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    queue = real(tmp_path, monkeypatch, {**ATTACHED, "smtpd_milters": ""})
    services = queue.parent / "etc" / "master.cf"
    services.write_text(re.sub(r"(?m)^(\S+ +inet .*)", r"\1\n  -o smtpd_milters=$our_filter", services.read_text()))
    assert world.look(Settings(milter=Milter(socket=f"unix:{queue}/milter.sock"))) == []


def test_the_real_postconf_tells_a_service_that_asks_no_milter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    queue = real(tmp_path, monkeypatch, {**ATTACHED, "receive_override_options": "no_milters"})
    (found,) = world.look(Settings(milter=Milter(socket=f"unix:{queue}/milter.sock")))
    assert "asks no milter; take no_milters out of its receive_override_options" in found


def test_check_says_what_it_saw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real(tmp_path, monkeypatch, {})
    config = tmp_path / "c.toml"
    config.write_text('[milter]\nsocket = "inet:8893@127.0.0.1"\n')
    command = Path(sys.executable).with_name("bounce-milter")
    done = subprocess.run(
        [command, "check", "--config", config], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "Postfix: smtpd_milters does not name inet:127.0.0.1:8893; add the lines" in done.stdout


def test_what_stands_in_the_place_of_a_socket_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (tmp_path / "file").write_text("precious")
    for name in ("file", "folder"):
        place = tmp_path / name
        if name == "folder":
            place.mkdir()
        (found,) = world.look(Settings(milter=Milter(socket=f"unix:{place}")))
        assert found == f"milter.socket: {place} exists and is no socket; move it away, or name another place"
    (found,) = world.look(Settings(metrics=Metrics(listen=f"unix:{tmp_path}/file")))
    assert found.startswith("metrics.listen: ")


def test_a_folder_whose_parent_is_missing_too_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (found,) = world.look(Settings(milter=Milter(socket="unix:/no-such-folder/deep/s")))
    assert "there is no folder /no-such-folder/deep; make it" in found


@ONLY_ROOT
def test_root_sees_what_the_services_user_would_see(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir(mode=0o700)
    look = (
        "import os; from bounce_milter.cli import world; "
        f"print(world.as_service('nobody'), os.access({str(tmp_path / 'rules')!r}, os.R_OK), world.as_service('nobody'))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["nobody", "False", "None"]
    assert world.as_service("no-such-user") is None
    assert world.as_service("root") is None


def seen_by(user: str, options: Settings, folder: Path, *, service: str = "nobody") -> list[str]:
    """Return what `look` says to *user*, who may come as far as *folder*, of a service that runs as *service*."""
    open_way(folder)
    look = (
        "import sys, msgspec; from bounce_milter import settings; from bounce_milter.cli import folders, world; "
        f"folders.SERVICE = {service!r}; assert world.as_service({user!r}); "
        "print(*world.look(settings.parse(msgspec.json.decode(sys.argv[1]))), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", look, msgspec.json.encode(options).decode()],
        capture_output=True, text=True, check=True, env={**os.environ, "PATH": "/nowhere"},
    )  # fmt: skip
    return list(filter(None, done.stdout.split("\n")))


CHECK = """
import sys; from bounce_milter import cli; from bounce_milter.cli import world
as_service = world.as_service; world.as_service = lambda: as_service('nobody'); sys.prefix = sys.argv.pop(1); cli.main()
"""


@ONLY_ROOT
@pytest.mark.parametrize("own", [True, False])
def test_an_installation_that_the_service_cannot_read_is_said(tmp_path: Path, own: bool) -> None:
    """Root had installed it with umask 077: the command ended in a traceback, and the service with status 126."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "bounce_milter").symlink_to(Path(bounce_milter.__file__).parent)
    open_way(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", CHECK, closed if own else "/elsewhere", "check"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(closed)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    way = f"chmod -R go+rX {closed}" if own else "open it, or install the program and its Python elsewhere"
    assert re.search(rf"^the user nobody may not read {closed}, where .*; {re.escape(way)}$", done.stdout, re.MULTILINE)


@ONLY_ROOT
@pytest.mark.parametrize("other", [False, True])
def test_a_folder_that_the_service_may_not_write_to_is_said(tmp_path: Path, other: bool) -> None:
    """`serve` ended with "Permission denied" where `check` had found everything in order."""
    for name in ("socket", "nobody", "mail"):
        (tmp_path / name).mkdir(mode=0o755)
        if other:
            (tmp_path / name / "other").touch()
    options = Settings(
        milter=Milter(socket=f"unix:{tmp_path}/socket/s"),
        metrics=Metrics(listen=f"unix:{tmp_path}/nobody/s"),
        review=Review(mode="maildir", maildir=f"{tmp_path}/mail"),
    )
    told = [said.partition(": the user nobody may not write to ") for said in seen_by("nobody", options, tmp_path)]
    make = "install -d -o bounce-milter -g bounce-milter -m"
    own = "name a place in a folder of the filter's own"
    assert [(key, rest.removeprefix(f"{tmp_path}/")) for key, _, rest in told] == [
        ("milter.socket", f"socket; {own}: {make} 0750 {tmp_path}/socket/nobody"),
        (
            "metrics.listen",  # a folder of the filter's name is meant for it
            f"nobody; {own}: {make} 0750 {tmp_path}/nobody/nobody" if other
            else f"nobody; give it to the filter: {make} 0750 {tmp_path}/nobody",
        ),
        ("review.maildir", f"mail; {own}" if other else f"mail; give it to the filter: {make} 0700 {tmp_path}/mail"),
    ]  # fmt: skip


@ONLY_ROOT
@pytest.mark.parametrize("names", [(), ("alice",)])
def test_nobody_is_told_to_give_away_what_stands_above_a_missing_maildir(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """An empty /var/mail of all users was told to become the filter's."""
    spool = tmp_path / "mail"
    spool.mkdir()
    spool.chmod(0o2775)
    for name in names:
        (spool / name).touch()
    options = Settings(
        milter=Milter(socket="inet:8893@127.0.0.1"), review=Review(mode="maildir", maildir=f"{spool}/bounces")
    )
    (said,) = seen_by("nobody", options, tmp_path)
    make = f"install -d -o bounce-milter -g bounce-milter -m 0700 {spool}/bounces"
    assert said == f"review.maildir: the user nobody may not write to {spool}; make {spool}/bounces: {make}"
    spool.chmod(0o700)
    (said,) = seen_by("nobody", options, tmp_path)
    assert said.endswith(f"may not enter {spool}; name a place in a folder of the filter's own")


@ONLY_ROOT
def test_a_folder_of_the_services_own_is_no_finding(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    os.chown(own, pwd.getpwnam("nobody").pw_uid, 0)
    options = Settings(
        milter=Milter(socket=f"unix:{own}/s"),
        metrics=Metrics(listen=f"unix:{own}/m"),
        review=Review(mode="maildir", maildir=f"{own}/review"),
    )
    assert seen_by("nobody", options, own) == []


@ONLY_ROOT
@pytest.mark.parametrize(
    ("parts", "of_the_service", "said"),
    [
        ("tmp new cur", "tmp new", []),  # nothing need be made
        ("tmp new", "tmp new", ["write to {}"]),
        ("tmp new cur", "tmp", ["write to {}/new"]),
        ("tmp new cur", "", ["write to {}/tmp", "write to {}/new"]),
    ],
)
def test_of_a_maildir_each_part_that_is_written_to_is_looked_at(
    tmp_path: Path, parts: str, of_the_service: str, said: list[str]
) -> None:
    maildir = tmp_path / "review"
    for part in parts.split():
        (maildir / part).mkdir(parents=True, mode=0o755)
    for part in of_the_service.split():
        os.chown(maildir / part, pwd.getpwnam("nobody").pw_uid, -1)
    options = Settings(milter=Milter(socket="inet:8893@127.0.0.1"), review=Review(mode="maildir", maildir=str(maildir)))
    found = [line.partition(" may not ")[2].partition(";")[0] for line in seen_by("nobody", options, maildir)]
    assert found == [what.format(maildir) for what in said]


@ONLY_ROOT
def test_what_another_user_may_not_do_tells_nothing_of_the_service(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o700)
    options = Settings(milter=Milter(socket=f"unix:{tmp_path}/own/s"))
    assert seen_by("nobody", options, tmp_path, service="daemon") == []
    (said,) = seen_by("nobody", options, tmp_path, service="no-such-user")
    assert f"may not enter {tmp_path}/own; name a place in a folder of the filter's own" in said


@ONLY_ROOT
def test_the_milters_socket_needs_a_folder_that_can_be_locked_too(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    os.chown(folder, 0, pwd.getpwnam("nobody").pw_gid)
    folder.chmod(0o730)
    options = Settings(milter=Milter(socket=f"unix:{folder}/s"), metrics=Metrics(listen=f"unix:{folder}/m"))
    (said,) = seen_by("nobody", options, tmp_path)
    assert said.startswith(f"milter.socket: the user nobody may not list {folder}; ")
