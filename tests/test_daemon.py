"""The service as systemd runs it: the real command in processes of its own, on sockets below a temporary folder."""

import contextlib
import errno
import fcntl
import gc
import http.client
import os
import platform
import re
import selectors
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

import bounce_milter
from bounce_milter import daemon, metrics, resources, settings
from bounce_milter.adapter import Filter
from bounce_milter.daemon import endpoint, processors, sockets, worker
from bounce_milter.daemon import supervisor as supervisor_module
from bounce_milter.daemon.child import Child, ended
from bounce_milter.daemon.notify import Notifier
from bounce_milter.daemon.supervisor import Supervisor
from bounce_milter.daemon.worker import Plan
from bounce_milter.events import Events
from bounce_milter.metrics import Counts
from bounce_milter.review import Outcome
from bounce_milter.settings import Milter
from tests.e2e.filter import COMMAND, FilterProcess
from tests.e2e.places import end, free_port, until
from tests.mta import Mta

SAMPLE = (Path(__file__).parent / "samples" / "001-postfix-user-unknown.eml").read_bytes()
PLAIN = b"From: alice@example.org\nSubject: lunch\n\nAt one?\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[FilterProcess]:
    process = FilterProcess(tmp_path / "f")
    process.start()
    yield process
    process.stop()


def explained(process: FilterProcess) -> bool:
    with Mta(process.socket) as mta:
        return len(mta.message(SAMPLE).added) == 3


def reload(process: FilterProcess) -> None:
    """Reload, and wait until nobody of before is left: who is told to drain may just take one connection more."""
    before, already = set(process.workers()), len(process.lines("reloaded"))
    process.send(signal.SIGHUP)
    process.wait_for_lines("reloaded", already + 1)
    until(lambda: not before & set(process.workers()), process.log)


def test_it_stops_as_told_and_takes_its_socket_along(service: FilterProcess) -> None:
    assert explained(service)
    assert service.stop() == 0
    assert not service.socket.exists()
    assert "event=stopped" in service.log()


def test_a_second_word_to_end_ends_at_once(service: FilterProcess) -> None:
    with Mta(service.socket) as mta:
        mta.envelope()  # a message under way, which the service waits for
        service.send(signal.SIGTERM)
        service.wait_for_lines("stopping")
        assert service.stop() == 0
    assert "event=drained" not in service.log()  # what a worker says that ends by itself


def test_a_connection_that_said_nothing_yet_is_not_cut_at_the_end(service: FilterProcess) -> None:
    """libmilter tells of a connection when it speaks; the server may just have opened it."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(service.socket))
        service.send(signal.SIGTERM)
        service.wait_for_lines("stopping")
        silent.settimeout(1)
        with pytest.raises(TimeoutError):
            silent.recv(1)
    assert service.wait() == 0


def test_the_ways_to_review_are_told_the_recipients(tmp_path: Path) -> None:
    process = FilterProcess(tmp_path / "f", '[review]\nmode = "copy"\nmailbox = "{user}+bounces@{domain}"\n')
    process.start()
    with Mta(process.socket) as mta:
        assert mta.message(SAMPLE).changes[-1].arguments["rcpt"] == "<alice+bounces@example.org>"
    process.stop()


def test_a_reload_takes_the_new_configuration_or_keeps_the_old(service: FilterProcess) -> None:
    text = service.config.read_text()
    service.config.write_text(text + '[annotate]\nmax_recipients = "many"\nlangage = "de"\n')
    service.send(signal.SIGHUP)
    service.wait_for_lines("reload-refused", 2)
    assert "did you mean annotate.language" in service.log()
    assert explained(service)
    service.config.write_text(text + "[annotate]\nshadow = true\n")
    reload(service)
    assert not explained(service)


def test_the_last_line_has_the_form_that_a_reload_asked_for(tmp_path: Path) -> None:
    process = FilterProcess(tmp_path / "f", '[log]\nlevel = "error"\n')
    process.start()
    process.config.write_text(process.config.read_text().replace('"error"', '"info"\nformat = "json"'))
    process.send(signal.SIGHUP)
    until(lambda: '"event":"reloaded"' in process.log(), process.log)
    assert process.stop() == 0
    assert msgspec.json.decode(process.log().splitlines()[-1])["event"] == "stopped"


def test_where_the_standard_streams_are_closed_no_other_file_is_taken_for_them(tmp_path: Path) -> None:
    """Descriptor 2 was a pipe of libmilter's own, and the log went into it."""
    closing = tmp_path / "closing"
    closing.write_text(f'#!/bin/sh\nexec {COMMAND} "$@" <&- >&- 2>&-\n')
    closing.chmod(0o755)
    process = FilterProcess(tmp_path / "f", command=closing)
    process.start()
    assert explained(process)
    for pid in (process.pid, *process.workers()):
        assert {os.readlink(f"/proc/{pid}/fd/{number}") for number in range(3)} == {os.devnull}
    assert process.stop() == 0


def test_no_mail_server_is_let_in_before_the_metrics_have_their_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(daemon, "open_listener", lambda milter: opened.append(milter.socket))
    config = tmp_path / "c.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config.write_text(
            f'[milter]\nsocket = "unix:{tmp_path}/m.sock"\n[metrics]\nlisten = "127.0.0.1:{taken.getsockname()[1]}"\n'
        )
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            assert daemon.serve(str(config), allow_root=True) == daemon.NO_SOCKET
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    assert opened == []


def test_a_reload_after_an_upgrade_is_refused(tmp_path: Path) -> None:
    """Data of the same version may be another's too: the old program took it, or told the admin of faults in his words."""
    installed = tmp_path / "lib" / "bounce_milter"
    shutil.copytree(Path(bounce_milter.__file__).parent, installed)
    command = tmp_path / "command"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}/lib exec {sys.executable} -m bounce_milter "$@"\n')
    command.chmod(0o755)
    process = FilterProcess(tmp_path / "f", command=command)
    process.start()
    version = bounce_milter.__version__
    for number, (file, said) in enumerate(
        (("reply/frame", f"another {version}"), ("__init__", "99.1"), ("", "none")), 1
    ):
        if file:
            text = (installed / f"{file}.py").read_text()
            (installed / f"{file}.py").write_text(text.replace(version, "99.1"))
        else:
            shutil.rmtree(installed)
        process.send(signal.SIGHUP)
        line = process.wait_for_lines("reload-refused", number)[-1]
        assert f'problem="{version} runs and {said} is installed; restart the service"' in line
    assert explained(process)
    assert process.stop() == 0


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOENT, "No such file or directory; the folder of the socket must exist"),
        (errno.EACCES, "Permission denied; the filter's user must be allowed to write there"),
        (errno.EROFS, "Read-only file system; the unit must allow it, by ReadWritePaths= with the folder"),
        (errno.ENOTDIR, "Not a directory"),
    ],
)
def test_a_folder_that_does_not_take_the_socket_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, told: str
) -> None:
    def refusing(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    for name, place in (("open", tmp_path), ("rename", tmp_path / "s")):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, refusing)
            with pytest.raises(sockets.SocketError) as error:
                sockets.open_listener(Milter(socket=f"unix:{tmp_path}/s"))
        assert str(error.value) == f"{place}: {told}"


def test_shadow_mode_logs_and_changes_nothing(tmp_path: Path) -> None:
    process = FilterProcess(tmp_path / "f", "[annotate]\nshadow = true\n")
    process.start()
    with Mta(process.socket) as mta:
        assert mta.actions == 0  # the mail server is not even asked for the right to change something
        assert mta.message(b"X-Bounce-Class: forged\n" + SAMPLE).changes == ()
        assert mta.message(b"X-Bounce-Class: forged\n" + PLAIN, "<alice@example.org>").changes == ()
    process.wait_for_lines("forged", 2)
    assert re.search(r"event=bounce .*reason=user-unknown .*shadow=yes", process.log())
    assert "fields=1 removed=no" in process.log()
    process.stop()


def test_a_killed_worker_is_followed_by_another(service: FilterProcess) -> None:
    until(lambda: len(service.workers()) == 1)
    (first,) = service.workers()
    os.kill(first, signal.SIGKILL)
    until(lambda: bool(service.workers()) and service.workers() != [first])
    assert explained(service)
    assert "event=worker-ended" in service.log()
    assert 'status="signal SIGKILL"' in service.log()


def test_a_worker_keeps_no_pipe_of_its_supervisors(service: FilterProcess) -> None:
    def pipes(pid: int) -> set[str]:
        found = set()
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it was closed meanwhile
                found.add(os.readlink(path) if int(path.name) > 2 else "")
        return {where for where in found if where.startswith("pipe:")}

    assert pipes(service.pid)
    until(lambda: len(service.workers()) == 1 and not pipes(service.workers()[0]) & pipes(service.pid))


def test_a_worker_is_replaced_after_its_share(tmp_path: Path) -> None:
    process = FilterProcess(tmp_path / "f", "recycle_messages = 5\n")
    process.start()
    before = process.workers()
    with Mta(process.socket) as mta:
        for _ in range(6):
            mta.message(PLAIN, "<alice@example.org>")
    until(lambda: "why=messages" in process.log() and process.workers() != before and len(process.workers()) == 1)
    assert explained(process)
    process.stop()


def test_a_worker_that_begins_after_reloads_is_far_from_the_least_memory_that_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text('[[rule]]\nid = "generic-user-unknown"\nclass = "permanent"\n')
    languages = "".join(f'"{name}.example" = "{name}"\n' for name in resources.languages())
    process = FilterProcess(tmp_path / "f", f'[rules]\nfolder = "{tmp_path}/own"\n[annotate.languages]\n{languages}')
    process.start()
    for _ in range(3):
        reload(process)
    assert explained(process)
    process.send(signal.SIGUSR1)
    (line,) = process.wait_for_lines("state")
    found = re.search(r" memory_mb=(\d+) ", line)
    assert found
    assert 0 < int(found[1]) < settings.LEAST_MEMORY_MB * 0.75
    process.stop()


def test_a_worker_for_each_processor_keeps_to_one(tmp_path: Path) -> None:
    usable = processors.usable()
    process = FilterProcess(tmp_path / "f")
    process.config.write_text(process.config.read_text().replace("workers = 1", f"workers = {len(usable)}"))
    process.start()
    process.wait_for_lines("ready")
    before = process.workers()
    assert places(before) == [[processor] for processor in usable]
    process.send(signal.SIGHUP)
    process.wait_for_lines("reloaded")
    until(lambda: len(process.workers()) == len(usable) and not set(process.workers()) & set(before))
    assert places(process.workers()) == [[processor] for processor in usable]
    assert os.sched_getaffinity(process.pid) == set(usable)  # who holds the workers goes where it will
    process.stop()


@pytest.mark.skipif(len(processors.usable()) < 2, reason="one worker is not fewer than one processor")
def test_fewer_workers_than_processors_run_where_the_system_places_them(service: FilterProcess) -> None:
    service.wait_for_lines("ready")
    assert places(service.workers()) == [processors.usable()]


def places(pids: list[int]) -> list[list[int]]:
    """Return for each process the processors that its threads may run on, in their order."""
    return sorted(
        sorted({n for thread in os.listdir(f"/proc/{pid}/task") for n in os.sched_getaffinity(int(thread))})
        for pid in pids
    )


def test_the_state_is_told_on_request(service: FilterProcess) -> None:
    service.send(signal.SIGUSR1)
    service.wait_for_lines("state")
    assert re.search(r"event=state workers=1 .*socket=", service.log())
    assert explained(service)
    reload(service)
    service.send(signal.SIGUSR1)
    assert " messages=1 " in service.wait_for_lines("state", 2)[-1]  # of a worker that is gone


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a folder locked, as whoever may read it can."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(number, fcntl.LOCK_SH)
        yield
    finally:
        os.close(number)


def blocks(process: FilterProcess, number: int) -> bool:
    """Say whether a signal waits until the process that holds the workers asks for it."""
    with contextlib.suppress(AttributeError):  # it has no pid yet
        found = re.search(r"^SigBlk:\t(\w+)$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
        return bool(found and int(found[1], 16) >> (number - 1) & 1)
    return False


def test_orders_that_come_before_it_serves_are_obeyed_when_it_does(tmp_path: Path) -> None:
    """They ended it, without a word."""
    process = FilterProcess(tmp_path / "f")
    starting = threading.Thread(target=process.start)
    with locked(process.socket.parent):  # it cannot serve yet
        starting.start()
        until(lambda: blocks(process, signal.SIGHUP), process.log, pause=0.01)
        for number in (signal.SIGHUP, signal.SIGUSR1):
            process.send(number)
    starting.join()
    process.wait_for_lines("reloaded")
    process.wait_for_lines("state")
    assert process.stop() == 0


def test_a_start_in_a_folder_that_somebody_locked_is_refused(tmp_path: Path) -> None:
    """It waited without an end and without a word."""
    process = FilterProcess(tmp_path / "f")
    with locked(process.socket.parent):
        done = subprocess.run(
            [COMMAND, "serve", "--config", process.config, "--allow-root"],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    told = f'problem="{process.socket.parent} is locked by another process; lslocks shows by which"'
    assert f"event=refused {told}" in done.stderr


def test_a_reload_in_a_folder_that_somebody_locked_keeps_what_runs(service: FilterProcess) -> None:
    """The whole service stood still with it, and could not even be ended."""
    text = service.config.read_text()
    elsewhere = service.config.parent / "locked"
    elsewhere.mkdir()
    service.config.write_text(text.replace(str(service.socket), f"{elsewhere}/m.sock"))
    with locked(elsewhere):
        service.send(signal.SIGHUP)
        assert f"{elsewhere} is locked by another process" in service.wait_for_lines("reload-refused")[0]
        assert explained(service)
        service.send(signal.SIGHUP)
        service.wait_for_lines("reload-refused", 2)
        assert service.stop() == 0


def test_a_reload_of_a_configuration_that_became_a_pipe_keeps_what_runs(service: FilterProcess) -> None:
    service.config.unlink()
    os.mkfifo(service.config)
    service.send(signal.SIGHUP)
    (line,) = service.wait_for_lines("reload-refused")
    assert f'problem="{service.config}: cannot be read: it is no regular file"' in line
    assert explained(service)
    assert service.stop() == 0


# Where no file is named: the one of --config stands for it.
UNNAMED = """\
import sys; from bounce_milter import cli, resources
at = sys.argv.index("--config"); resources.DEFAULT_CONFIG = sys.argv[at + 1]; del sys.argv[at : at + 2]; cli.main()
"""


def test_a_reload_whose_configuration_is_gone_keeps_what_runs_where_no_file_was_named_too(tmp_path: Path) -> None:
    """The defaults were taken up in its place: another socket, no review, and all was said to be well."""
    command = tmp_path / "command"
    command.write_text(f"#!{sys.executable}\n{UNNAMED}")
    command.chmod(0o755)
    process = FilterProcess(tmp_path / "f", command=command)
    process.start()
    text = process.config.read_text()
    process.config.unlink()
    for number in (1, 2):
        process.send(signal.SIGHUP)
        line = process.wait_for_lines("reload-refused", number)[-1]
        assert f'problem="{process.config}: cannot be read: No such file or directory"' in line
    assert explained(process)
    process.config.write_text(text + "[annotate]\nshadow = true\n")
    reload(process)
    assert not explained(process)
    assert process.stop() == 0


def test_without_any_configuration_the_defaults_hold_until_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "c.toml"
    monkeypatch.setattr(resources, "DEFAULT_CONFIG", str(config))
    plans = daemon._Plans(None, Counts())
    assert [plans.load().settings for _ in range(2)] == [settings.Settings()] * 2
    config.write_text("[milter]\nworkers = 3\n")
    assert plans.load().settings.milter.workers == 3
    config.unlink()
    with pytest.raises(resources.ResourceError, match="cannot be read"):
        plans.load()


def test_a_second_instance_is_refused(service: FilterProcess) -> None:
    done = subprocess.run(
        [COMMAND, "serve", "--config", service.config, "--allow-root"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "event=refused" in done.stderr
    assert explained(service)


def test_what_is_refused_is_told_in_the_form_that_was_asked_for(service: FilterProcess) -> None:
    service.config.write_text(service.config.read_text() + '[log]\nformat = "json"\n')
    done = subprocess.run(
        [COMMAND, "serve", "--config", service.config, "--allow-root"], capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert msgspec.json.decode(done.stderr)["event"] == "refused"


def test_a_stale_socket_is_replaced(tmp_path: Path) -> None:
    process = FilterProcess(tmp_path / "f")
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(process.socket))
    process.start()
    assert explained(process)
    process.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_without_being_asked_for(tmp_path: Path) -> None:
    config = FilterProcess(tmp_path / "f").config
    done = subprocess.run(
        [COMMAND, "serve", "--config", config], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert "--allow-root" in done.stderr


@pytest.mark.parametrize(
    ("text", "status"),
    [("[milter]\nworkers = 99\n", 2), ("not toml", 2), ("[milter]\nsocket = 'unix:/nowhere/at/all/s'\n", 1)],
)
def test_what_cannot_be_used_ends_at_once(tmp_path: Path, text: str, status: int) -> None:
    """A socket that cannot be opened now may be opened later: systemd tries again, and not with a wrong configuration."""
    config = tmp_path / "c.toml"
    config.write_text(text)
    done = subprocess.run(
        [COMMAND, "serve", "--config", config, "--allow-root"], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == status
    assert "event=refused" in done.stderr


def test_the_metrics_are_not_taken_for_a_socket_that_nobody_passed(tmp_path: Path) -> None:
    """The first socket that a process opens gets the number that systemd would have passed."""
    config = tmp_path / "c.toml"
    config.write_text(f'[milter]\nsocket = "fd:3"\n[metrics]\nlisten = "unix:{tmp_path}/metrics.sock"\n')
    done = subprocess.run(
        [COMMAND, "serve", "--config", config, "--allow-root"], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "descriptor 3 is no listening socket" in done.stderr


def get(where: str, path: str) -> tuple[int, str]:
    """Ask the endpoint of `metrics.listen`; return status and body, 0 where nobody answers."""
    host, _, place = where.rpartition(":")
    connection = http.client.HTTPConnection("127.0.0.1", 0 if host == "unix" else int(place), timeout=5)
    try:
        if host == "unix":
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(5)
            connection.sock.connect(place)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_metrics_count_what_passed_and_outlive_workers_and_reloads(tmp_path: Path, way: str) -> None:
    where = f"127.0.0.1:{free_port()}" if way == "tcp" else f"unix:{tmp_path}/metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "{where}"\n')
    process.start()
    until(lambda: get(where, "/health") == (200, "ok\n"))
    with Mta(process.socket) as mta:
        for _ in range(3):
            mta.message(b"X-Bounce-Class: forged\n" + SAMPLE)
        mta.message(PLAIN, "<alice@example.org>")
    process.send(signal.SIGHUP)
    process.wait_for_lines("reloaded")
    explained(process)
    until(lambda: 'bounce_milter_bounces_total{class="permanent",kind="failed"} 4.0' in get(where, "/metrics")[1])
    text = get(where, "/metrics")[1]
    for line in (
        "bounce_milter_messages_total 5.0", 'bounce_milter_reasons_total{reason="user-unknown"} 4.0',
        "bounce_milter_forged_fields_total 3.0", 'bounce_milter_reloads_total{result="ok"} 1.0',
        "bounce_milter_bounce_seconds_count 4.0", "bounce_milter_workers 1.0",
    ):  # fmt: skip
        assert line in text
    assert process.stop() == 0
    assert get(where, "/health") == (0, "")
    assert not (tmp_path / "metrics.sock").exists()


def test_counts_of_a_killed_worker_are_kept(tmp_path: Path) -> None:
    where = f"unix:{tmp_path}/metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "{where}"\n')
    process.start()
    assert explained(process)
    until(lambda: "bounce_milter_messages_total 1.0" in get(where, "/metrics")[1])
    os.kill(process.workers()[0], signal.SIGKILL)
    until(lambda: "bounce_milter_worker_deaths_total 1.0" in get(where, "/metrics")[1])
    until(lambda: explained(process))
    until(lambda: "bounce_milter_messages_total 2.0" in get(where, "/metrics")[1])
    process.stop()


def test_clients_that_ask_badly_or_all_the_time_cost_mail_nothing(tmp_path: Path) -> None:
    path = tmp_path / "metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "unix:{path}"\n')
    process.start()
    until(lambda: get(f"unix:{path}", "/health") == (200, "ok\n"))  # the mail's socket is open before this one
    silent = [socket.socket(socket.AF_UNIX) for _ in range(12)]
    for number, client in enumerate(silent):
        client.connect(str(path))
        client.sendall(b"GET /metrics HTTP/1.1\r\nX: " + b"x" * number * 400)
    for _ in range(300):
        assert get(f"unix:{path}", "/metrics")[0] == 200
    assert explained(process)
    for client in silent:
        client.close()
    before = process.workers()
    until(lambda: get(f"unix:{path}", "/health") == (200, "ok\n"))
    assert process.workers() == before
    assert process.stop() == 0


def test_a_service_that_ends_is_not_healthy(tmp_path: Path) -> None:
    where = f"unix:{tmp_path}/metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "{where}"\n')
    process.start()
    until(lambda: get(where, "/health") == (200, "ok\n"))
    with Mta(process.socket) as mta:
        mta.envelope()  # a message under way, which the service waits for
        process.send(signal.SIGTERM)
        until(lambda: get(where, "/health") == (503, "stopping\n"))
        assert len(mta.message(SAMPLE).added) == 3
    assert process.wait() == 0


class Manager:
    """systemd's end of the notify protocol (sd_notify(3))."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(20)
        self.heard: list[str] = []

    def hear(self, word: str) -> str:
        last = time.monotonic() + 20
        while True:
            assert time.monotonic() < last, f"no {word} in {self.heard}"  # signs of life come all the time
            for line in self.heard:
                if line.startswith(word):
                    self.heard = self.heard[self.heard.index(line) + 1 :]
                    return line
            self.heard += self._socket.recv(4096).decode().split("\n")

    def close(self) -> None:
        self._socket.close()


def test_systemd_hears_of_every_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Manager(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(manager.path))
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    process = FilterProcess(tmp_path / "f")
    process.start()
    manager.hear("READY=1")
    manager.hear("WATCHDOG=1")
    assert "with 1 workers" in manager.hear("STATUS=")
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    process.send(signal.SIGHUP)
    manager.hear("RELOADING=1")
    began = int(manager.hear("MONOTONIC_USEC=").partition("=")[2])  # Type=notify-reload takes no reload without it
    assert before <= began <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    manager.hear("READY=1")
    process.send(signal.SIGTERM)
    manager.hear("STOPPING=1")
    assert process.wait() == 0
    manager.close()


@pytest.mark.parametrize(
    ("meant", "seconds"), [({}, 1.0), ({"WATCHDOG_PID": str(os.getpid())}, 1.0), ({"WATCHDOG_PID": "1"}, 0.0)]
)
def test_a_watchdog_that_waits_for_another_process_is_told_nothing(meant: dict[str, str], seconds: float) -> None:
    """The variables go on to whoever a service starts (sd_watchdog_enabled(3))."""
    assert Notifier({"WATCHDOG_USEC": "2000000", **meant}).watchdog_seconds == seconds


def test_it_serves_a_socket_that_systemd_opened(tmp_path: Path) -> None:
    path = tmp_path / "s"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(8)
    config = tmp_path / "c.toml"
    config.write_text('[milter]\nsocket = "fd:3"\nworkers = 1\n')

    def as_systemd_does() -> None:
        os.dup2(listening.fileno(), 3)
        os.set_inheritable(3, True)

    process = subprocess.Popen(
        ["/bin/sh", "-c", f'LISTEN_FDS=1 LISTEN_PID=$$ exec "{COMMAND}" serve --config "{config}" --allow-root'],
        preexec_fn=as_systemd_does, pass_fds=(3,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with Mta(path, seconds=20) as mta:
            assert len(mta.message(SAMPLE).added) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        end(process)
        listening.close()
    assert path.exists()  # it is systemd's


def test_rules_and_words_of_the_admins_own_are_taken_in_by_a_reload(tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "wording").mkdir(parents=True)
    process = FilterProcess(tmp_path / "f", f'[rules]\nfolder = "{own}"\n')
    process.start()
    assert explained(process)
    (own / "mine.toml").write_text(
        '[[rule]]\nid = "mine-table"\npattern = "user unknown in virtual mailbox table"\nreason = "mailbox-disabled"\n'
        'strength = "token"\nsource = "our own servers"\nsample = "550 5.1.1 User unknown in virtual mailbox table"\n'
    )
    (own / "wording" / "en.toml").write_text('[reason.mailbox-disabled]\nwhat = "our people know why"\n')
    reload(process)
    with Mta(process.socket) as mta:
        explanation, details, _ = (value.replace("\n", "") for _, value in mta.message(SAMPLE).added)
    assert "our people know why" in explanation
    assert "reason=mailbox-disabled; dead=no" in details
    (own / "mine.toml").write_text('[[rule]]\nid = "mine-table"\npattern = "(("\n')
    process.send(signal.SIGHUP)
    process.wait_for_lines("reload-refused")
    assert "mine.toml:2" in process.log()
    process.stop()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor in this process, turned by hand."""
    config = tmp_path / "c.toml"
    config.write_text(f'[milter]\nsocket = "unix:{tmp_path}/s"\nworkers = 1\n')
    plan = daemon._plan(str(config), Counts())
    listener = sockets.open_listener(plan.settings.milter)
    supervisor = Supervisor(lambda: plan, plan, listener, Notifier())
    yield supervisor
    supervisor._end()
    for pid in supervisor._crew.children:
        os.waitpid(pid, 0)
    listener.close()


def test_a_system_without_room_for_processes_is_asked_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_room)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        supervisor._next_start = 0.0
        supervisor._tend()
    assert supervisor._next_start > time.monotonic()
    assert len(os.listdir("/proc/self/fd")) == before
    assert {name: amount for name, _, amount in supervisor._duty.plan.counts.take()}["worker_deaths"] == 3


def test_where_there_is_no_room_for_one_worker_no_other_is_tried(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight that were missing counted as eight deaths in a row: nobody was asked again for half a minute."""
    options = msgspec.structs.replace(supervisor._duty.plan.settings.milter, workers=8)
    with_eight = msgspec.structs.replace(supervisor._duty.plan.settings, milter=options)
    supervisor._duty.plan = msgspec.structs.replace(supervisor._duty.plan, settings=with_eight)

    def no_room() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_room)
    supervisor._tend()
    assert supervisor._deaths == 1
    assert supervisor._next_start <= time.monotonic()


@pytest.mark.parametrize(("pause", "serving", "away"), [(60.0, False, True), (0.1, False, False), (60.0, True, False)])
def test_mail_does_not_wait_where_nobody_serves_for_a_while(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pause: float, serving: bool, away: bool
) -> None:
    """The kernel lets a mail server connect; without a word from us it waits out its timeout, for each session."""
    with old_worker(supervisor) if serving else contextlib.nullcontext(), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        monkeypatch.setattr(supervisor, "_next_start", time.monotonic() + pause)
        supervisor._tend()
        client.setblocking(False)
        if away:
            assert client.recv(1) == b""
        else:
            with pytest.raises(BlockingIOError):
                client.recv(1)


def test_a_fault_in_a_page_of_metrics_costs_no_mail(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    """The library that writes the page is loaded when somebody first asks: it may be gone by then."""

    def broken() -> None:
        raise ImportError

    here, there = socket.socketpair()
    with here, there:
        supervisor._selector.register(here, selectors.EVENT_WRITE, broken)
        supervisor._wait(-1)
        supervisor._selector.unregister(here)
    assert "where=metrics error=ImportError" in capfd.readouterr().err


@pytest.mark.parametrize("seconds", [1.0, 40.0])
def test_only_a_worker_that_was_silent_while_somebody_listened_is_killed(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """A process that was stopped for 40 s finds no beat younger than that, and its workers as well as ever."""
    killed: list[int] = []
    monkeypatch.setattr(Child, "kill", lambda child: killed.append(child.pid))
    now = time.monotonic() + 40
    with socket.socket() as control:
        supervisor._crew.children[1] = Child(1, control, supervisor._duty.plan, now - 40, now - 40)
        supervisor._looked_at = now - seconds
        supervisor._kill_the_stuck(now)
        supervisor._crew.children.clear()
    assert killed == ([1] if seconds == 1.0 else [])


def test_the_end_of_a_child_of_others_is_theirs(supervisor: Supervisor) -> None:
    until(lambda: turned(supervisor)._ready, seconds=10)
    other = subprocess.Popen(["/bin/sh", "-c", "exit 3"])
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    turned(supervisor)
    assert other.wait() == 3


def test_a_worker_that_lived_long_begins_the_count_of_deaths_anew(supervisor: Supervisor) -> None:
    supervisor._deaths = 4
    now = time.monotonic()
    here, there = socket.socketpair()
    here.setblocking(False)
    with there:
        supervisor._after(Child(1, here, supervisor._duty.plan, now - 11, now), signal.SIGKILL)
    assert supervisor._deaths == 1


def test_the_watchdog_hears_nothing_where_no_worker_speaks(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd starts a service again that says nothing."""
    heard: list[str] = []
    monkeypatch.setattr(supervisor._notifier, "watchdog_seconds", 1.0)
    monkeypatch.setattr(supervisor._notifier, "alive", lambda: heard.append("alive"))
    now = time.monotonic()
    with socket.socket() as control:
        child = supervisor._crew.children[1] = Child(1, control, supervisor._duty.plan, now, now)
        supervisor._watchdog(now)
        assert heard == []
        child.beat = worker.Beat(0, 0, 0)
        supervisor._watchdog(now)
        assert heard == ["alive"]
    supervisor._crew.children.clear()


def test_a_worker_ends_where_libmilter_gave_up(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(worker, "_serve", lambda: None)
    until(lambda: turned(supervisor)._deaths, seconds=10)
    assert 'status="exit 1"' in capfd.readouterr().err


def life(control: socket.socket, counts: Counts) -> worker._Life:
    filter_ = Filter(lambda *_: Outcome(), Events())
    return worker._Life(filter_, control, threading.Event(), threading.current_thread(), set(), counts)


def test_a_worker_that_drains_looks_twice_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the first look a connection that was just accepted is not open yet."""
    looks = iter([0, 1, 1, 0, 0])
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        draining = life(here, Counts())
        monkeypatch.setattr(draining, "_open", lambda: next(looks))
        assert draining.until_drained(0) == (0, 0)  # the bound is that of a stop
    assert list(looks) == []


@pytest.mark.parametrize("word", [worker.STOP, None])
def test_a_worker_that_drains_waits_until_it_is_told_to_stop_or_alone(
    monkeypatch: pytest.MonkeyPatch, word: bytes | None
) -> None:
    looks = iter(range(3))
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def look() -> int:
        if next(looks, None) is None:
            if word:
                there.send(word)
            else:
                there.close()
        return 1

    with here, there:
        draining = life(here, Counts())
        monkeypatch.setattr(draining, "_open", look)
        assert draining.until_drained(0) == (0, 1)
    assert list(looks) == []


def test_an_idle_connection_holds_up_no_stop_and_a_message_does(tmp_path: Path) -> None:
    """The server keeps one for as long as its own client stays, which may be a stranger."""
    process = FilterProcess(tmp_path / "f", "drain_seconds = 3600\n")
    process.start()
    with Mta(process.socket) as idle, Mta(process.socket) as busy:
        for mta in (idle, busy):
            assert len(mta.message(SAMPLE).added) == 3
        idle.envelope()
        idle.abort()
        busy.envelope()
        process.send(signal.SIGTERM)
        process.wait_for_lines("stopping")
        assert len(idle.message(SAMPLE).added) == 3  # it has the filter as long as others have
        assert len(busy.message(SAMPLE).added) == 3
        assert process.wait() == 0
    assert process.lines("drained") == ["level=info event=drained messages=0 sessions=2"]


def arenas(pid: int) -> int:
    """Return how many heaps beside the first one glibc has made in a process: each lies in 64 MiB of its own."""
    rows = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    places = [tuple(int(end, 16) for end in row[0].split("-")) for row in rows]
    size = 64 << 20
    return sum(
        begin % size == 0 and end == rest and last - begin == size and row[1] == "---p"  # what is used, and the rest
        for (begin, end), (rest, last), row in zip(places, places[1:], rows[1:], strict=False)
    )


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other C library has a heap for each thread")
def test_the_threads_of_a_worker_share_one_heap(service: FilterProcess) -> None:
    with contextlib.ExitStack() as connections:
        for mta in [connections.enter_context(Mta(service.socket)) for _ in range(6)]:
            assert len(mta.message(SAMPLE).added) == 3
        found = [arenas(pid) for pid in service.workers()]
    assert found == [0]


def test_counts_that_nobody_takes_wait_for_the_next_sign_of_life() -> None:
    counts = Counts()
    counts("messages", (), 1)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    there.close()
    with here:
        life(here, counts).beat()
    assert counts.take() == [("messages", (), 1)]


def test_a_signal_that_came_a_hundred_times_is_obeyed_once_and_the_end_first(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    obeyed: list[int] = []
    monkeypatch.setattr(supervisor, "_signal", obeyed.append)
    reading, writing = os.pipe()
    supervisor._selector.register(reading, selectors.EVENT_READ, None)
    os.write(writing, bytes([signal.SIGHUP] * 100 + [signal.SIGTERM]))
    supervisor._wait(reading)
    assert obeyed == [signal.SIGTERM, signal.SIGHUP]
    os.close(reading)
    os.close(writing)


def sleeps(pid: int) -> bool:
    """Say whether every thread of a process waits for something."""
    return all(
        path.read_text().rpartition(")")[2].split()[0] == "S" for path in Path(f"/proc/{pid}/task").glob("*/stat")
    )


def listening(path: Path) -> bool:
    """Say whether the kernel has a listening socket that was made for this path; to connect would wake its sleepers."""
    _, *rows = (line.split() for line in Path("/proc/net/unix").read_text().splitlines())
    return any(row[-1].startswith(str(path)) and int(row[3], 16) & 0x10000 for row in rows)


def test_a_worker_that_drains_leaves_its_socket_to_the_next_service_at_once(service: FilterProcess) -> None:
    with Mta(service.socket) as mta:
        mta.envelope()
        (worker_,) = service.workers()
        until(lambda: sleeps(worker_))  # libmilter waits for the next connection
        assert listening(service.socket)
        service.stop(signal.SIGKILL)
        until(lambda: not listening(service.socket), seconds=3)  # by itself libmilter looks up after five
        service.start()
        assert explained(service)
        assert len(mta.message(SAMPLE).added) == 3  # the connection is served to its end


def test_a_worker_without_a_free_descriptor_drains_and_cuts_nobody(tmp_path: Path) -> None:
    """It ended at once, for want of two descriptors to drain with."""
    command = tmp_path / "command"
    command.write_text(f'#!/bin/sh\nulimit -n 40\nexec {COMMAND} "$@"\n')
    command.chmod(0o755)
    process = FilterProcess(tmp_path / "f", command=command)
    process.start()
    until(lambda: len(process.workers()) == 1)
    (first,) = process.workers()
    with Mta(process.socket) as mta, contextlib.ExitStack() as silent:
        mta.envelope()
        for count in range(descriptors(first) + 1, 41):
            client = silent.enter_context(socket.socket(socket.AF_UNIX))
            client.connect(str(process.socket))
            until(partial(holds, first, count), process.log)
        process.send(signal.SIGHUP)
        process.wait_for_lines("reloaded")
        until(lambda: not holds(first, 40), process.log)  # it drains
        assert explained(process)
        assert len(mta.message(SAMPLE).added) == 3
    until(lambda: first not in process.workers(), process.log)
    assert "event=failure" not in process.log()
    assert process.stop() == 0


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def holds(pid: int, count: int) -> bool:
    return descriptors(pid) >= count


def turned(supervisor: Supervisor) -> Supervisor:
    supervisor._tend()
    supervisor._wait(-1)
    return supervisor


def workers_die(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "run", die)
    monkeypatch.setattr(supervisor_module, "_BACKOFF_SECONDS", (0.0,))


@contextlib.contextmanager
def old_worker(supervisor: Supervisor) -> Iterator[Child]:
    """A process that serves for what the supervisor has now."""
    with subprocess.Popen(["sleep", "60"]) as process, socket.socket() as control:
        now = time.monotonic()
        serving = Child(process.pid, control, supervisor._duty.plan, now, now)
        supervisor._crew.children[process.pid] = serving
        try:
            yield serving
        finally:
            process.kill()
    supervisor._crew.children.pop(process.pid, None)


def elsewhere(plan: Plan, path: Path) -> Plan:
    options = msgspec.structs.replace(plan.settings.milter, socket=f"unix:{path}")
    return msgspec.structs.replace(plan, settings=msgspec.structs.replace(plan.settings, milter=options))


def test_a_reload_whose_workers_die_brings_back_what_was_before(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    workers_die(monkeypatch)
    before = supervisor._duty.plan, supervisor._duty.listener
    other = elsewhere(before[0], tmp_path / "other")
    monkeypatch.setattr(supervisor, "_load", lambda: other)
    with old_worker(supervisor) as serving:
        supervisor._reload()
        assert (tmp_path / "other").exists()
        until(lambda: not turned(supervisor)._duty.on_trial)
        assert list(supervisor._crew.children.values()) == [serving]
        assert (supervisor._duty.plan, supervisor._duty.listener) == before
        assert not serving.draining
    assert (tmp_path / "s").exists()
    assert not (tmp_path / "other").exists()
    counts = [count for count in supervisor._duty.plan.counts.take() if count[0] == "failures"]
    assert counts == [("failures", ("worker",), 5)]
    assert "worker" in metrics._STEPS
    said = capfd.readouterr().err
    assert said.count("event=worker-ended") == said.count("where=worker error=MemoryError") == 5
    assert "Traceback" not in said
    assert 'event=reload-refused problem="new workers end at once: exit 70"' in said


def test_a_worker_whose_libmilter_gives_up_at_once_is_not_believed(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It can start no thread, of which it is told some milliseconds later: the first sign of life came before."""
    monkeypatch.setattr(worker, "_serve", lambda: time.sleep(0.02))
    monkeypatch.setattr(supervisor_module, "_BACKOFF_SECONDS", (0.0,))
    before = supervisor._duty.plan
    other = elsewhere(before, tmp_path / "other")
    monkeypatch.setattr(supervisor, "_load", lambda: other)
    with old_worker(supervisor) as serving:
        supervisor._reload()
        until(lambda: not turned(supervisor)._duty.on_trial)
        assert list(supervisor._crew.children.values()) == [serving]
        assert supervisor._duty.plan is before
        assert not serving.draining
    said = capfd.readouterr().err
    assert "event=reloaded" not in said
    assert 'event=reload-refused problem="new workers end at once: exit 1"' in said


def test_the_socket_to_syslog_is_no_connection() -> None:
    """It is opened when libmilter first complains, where /dev/log was not there before: a drain waited for its end."""
    before = worker._sockets()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX) as stream:
        assert worker._sockets() - before == {stream.fileno()}


def test_two_reloads_whose_workers_die_bring_back_what_was_before_both(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers_die(monkeypatch)
    before = supervisor._duty.plan, supervisor._duty.listener
    with old_worker(supervisor):
        for name in ("one", "two"):
            plan = elsewhere(before[0], tmp_path / name)
            monkeypatch.setattr(supervisor, "_load", lambda plan=plan: plan)
            supervisor._reload()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c.toml", "s", "two"]
        until(lambda: not turned(supervisor)._duty.on_trial)
        assert (supervisor._duty.plan, supervisor._duty.listener) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.toml", "s"]


def test_a_reload_back_to_the_socket_before_one_on_trial_is_taken(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before, proved = supervisor._duty.plan, supervisor._duty.listener
    with old_worker(supervisor):
        for plan in (elsewhere(before, tmp_path / "one"), elsewhere(before, tmp_path / "s")):
            monkeypatch.setattr(supervisor, "_load", lambda plan=plan: plan)
            supervisor._reload()
            assert supervisor._duty.plan is plan
        assert supervisor._duty.listener is proved
        assert sorted(path.name for path in tmp_path.iterdir()) == ["c.toml", "s"]
        assert supervisor._duty.on_trial
        supervisor._duty.keep()
        assert supervisor._duty.listener is proved
        assert listening(tmp_path / "s")
    assert "reload-refused" not in capfd.readouterr().err


def test_a_reload_back_opens_the_socket_anew_where_somebody_removed_it(supervisor: Supervisor, tmp_path: Path) -> None:
    duty = supervisor._duty
    before, proved = duty.plan, duty.listener
    duty.change(elsewhere(before, tmp_path / "one"))
    (tmp_path / "s").unlink()
    duty.change(elsewhere(before, tmp_path / "s"))
    assert duty.listener is not proved
    duty.change(elsewhere(before, tmp_path / "s"))  # and once more, while the new one is on trial
    assert listening(tmp_path / "s")
    duty.keep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.toml", "s"]


def test_a_reload_that_fails_keeps_the_new_socket_where_the_old_one_was_removed(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers_die(monkeypatch)
    plan = supervisor._duty.plan
    monkeypatch.setattr(supervisor, "_load", lambda: msgspec.structs.replace(plan))
    with old_worker(supervisor) as serving:
        (tmp_path / "s").unlink()
        supervisor._reload()
        until(lambda: not turned(supervisor)._duty.on_trial)
        assert listening(tmp_path / "s")
        assert not supervisor._duty.listener.lost
        assert supervisor._duty.plan == plan
        assert supervisor._crew.next_renewal() == (serving.pid, "reload")  # it hears the socket that nobody finds


def test_a_socket_that_somebody_removed_is_told_and_comes_back_with_a_reload(tmp_path: Path) -> None:
    where = f"unix:{tmp_path}/metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "{where}"\n')
    process.start()
    until(lambda: get(where, "/health") == (200, "ok\n"))
    process.socket.unlink()
    assert get(where, "/health") == (503, "no-socket\n")
    process.send(signal.SIGHUP)
    process.wait_for_lines("reloaded")
    assert get(where, "/health") == (200, "ok\n")
    assert explained(process)
    assert process.stop() == 0
    assert not process.socket.exists()


def test_the_metrics_socket_that_somebody_removed_comes_back_with_a_reload(tmp_path: Path) -> None:
    """It stayed away until a restart, and nobody said so."""
    path = tmp_path / "metrics.sock"
    process = FilterProcess(tmp_path / "f", f'[metrics]\nlisten = "unix:{path}"\n')
    process.start()
    until(lambda: get(f"unix:{path}", "/health") == (200, "ok\n"))
    path.unlink()
    path.write_text("precious")
    process.send(signal.SIGHUP)
    (line,) = process.wait_for_lines("reload-refused")
    assert f"metrics.listen: {path} exists and is no socket" in line
    path.unlink()
    for number in (1, 2):
        process.send(signal.SIGHUP)
        process.wait_for_lines("reloaded", number)
        assert get(f"unix:{path}", "/health") == (200, "ok\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert process.stop() == 0
    assert not path.exists()


def moved(listener: sockets.Listener, before: str, after: str, **access: str) -> sockets.Listener | None:
    old, new = ({"milter": {"socket": text}} for text in (before, after))
    new["milter"].update(access)
    return sockets.moved(settings.parse(old), settings.parse(new), listener)


def test_only_another_place_is_a_socket_that_moved(tmp_path: Path) -> None:
    here = f"unix:{tmp_path}/a"
    listener = sockets.open_listener(settings.parse({"milter": {"socket": here}}).milter)
    assert moved(listener, here, f"{tmp_path}/a") is None
    with pytest.raises(sockets.SocketError, match="with a restart only"):
        moved(listener, here, here, socket_mode="0600")
    other = moved(listener, here, f"unix:{tmp_path}/b", socket_mode="0600")
    assert other is not None
    for one in (listener, other):
        one.unlink()
        one.close()


def test_no_reload_takes_a_socket_of_its_own_for_one_that_systemd_opened(tmp_path: Path) -> None:
    here = f"unix:{tmp_path}/a"
    listener = sockets.open_listener(Milter(socket=here))
    with pytest.raises(sockets.SocketError, match="comes from systemd and changes with a restart only"):
        moved(listener, here, f"fd:{listener.sock.fileno()}")
    listener.unlink()
    listener.close()


def test_where_prometheus_asks_changes_with_a_restart_only(tmp_path: Path) -> None:
    old, new = ({"milter": {"socket": f"{tmp_path}/s"}, "metrics": {"listen": f"127.0.0.1:{n}"}} for n in (9102, 9103))
    listener = sockets.open_listener(settings.parse(old).milter)
    new["milter"]["socket_mode"] = "0600"
    with pytest.raises(sockets.SocketError) as error:
        sockets.moved(settings.parse(old), settings.parse(new), listener)
    assert [line.partition(" ")[0] for line in str(error.value).splitlines()] == [
        "metrics.listen",
        "milter.socket_mode",
    ]
    listener.unlink()
    listener.close()


def test_connections_that_are_there_are_let_in_before_the_socket_is_closed(tmp_path: Path) -> None:
    listener = sockets.open_listener(Milter(socket=f"unix:{tmp_path}/s"))
    taken: list[socket.socket] = []
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        later = threading.Timer(0.2, lambda: taken.append(listener.sock.accept()[0]))
        later.start()
        listener.let_in(5)
        assert len(taken) == 1
    later.join()
    taken[0].close()
    listener.unlink()
    listener.close()


def test_the_end_waits_for_the_connections_that_are_there(supervisor: Supervisor, tmp_path: Path) -> None:
    listener = supervisor._duty.listener
    taken: list[socket.socket] = []

    def take() -> None:  # as a worker does that is about to hear of the end
        with contextlib.suppress(OSError):
            taken.append(listener.sock.accept()[0])

    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        later = threading.Timer(0.2, take)
        later.start()
        supervisor._stop("SIGTERM")
        later.join()
    assert len(taken) == 1
    taken[0].close()


def test_a_reload_leaves_nothing_for_each_new_worker_to_collect_anew(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is garbage is gone and what stays is shared when the successors are forked."""

    class Rest:
        def __init__(self) -> None:
            self.itself = self

    rests: list[weakref.ref[Rest]] = []
    plan = supervisor._duty.plan

    def load() -> Plan:
        rests.append(weakref.ref(Rest()))
        return msgspec.structs.replace(plan)

    monkeypatch.setattr(supervisor, "_load", load)
    gc.unfreeze()
    gc.disable()
    try:
        supervisor._reload()
        assert rests[0]() is None
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()


def test_a_passed_socket_that_does_not_listen_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as passed:
        passed.bind(str(tmp_path / "s"))
        with pytest.raises(sockets.SocketError, match="does not listen"):
            sockets.open_listener(Milter(socket=f"fd:{passed.fileno()}"))


def test_what_systemd_says_of_its_sockets_is_said_to_this_process_only() -> None:
    environment = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "x:y", "HOME": "/"}
    with pytest.raises(sockets.SocketError, match="passed 2 sockets, expected one"):
        sockets.open_listener(Milter(), environment)
    assert environment == {"HOME": "/"}


def test_a_socket_that_systemd_opened_does_not_move(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as passed:
        passed.bind(str(tmp_path / "s"))
        passed.listen(1)
        listener = sockets.open_listener(settings.parse({"milter": {"socket": f"fd:{passed.fileno()}"}}).milter)
    assert moved(listener, "unix:/never", "unix:/never") is None
    with pytest.raises(sockets.SocketError, match="comes from systemd"):
        moved(listener, "unix:/never", f"unix:{tmp_path}/other")
    assert not (tmp_path / "other").exists()
    listener.close()


def test_a_sandbox_without_a_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> socket.socket:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refusing)
    with pytest.raises(sockets.SocketError, match=r"^inet:8893@127\.0\.0\.1: Address family .*network\.conf"):
        sockets.open_listener(Milter(socket="inet:8893@127.0.0.1"))


def test_a_host_name_that_is_none_is_told() -> None:
    with pytest.raises(sockets.SocketError, match="this host name is none"):
        sockets.open_listener(Milter(socket=f"inet:8893@{'ü' * 70}.example"))


def test_a_host_name_of_the_metrics_that_is_none_is_told() -> None:
    with pytest.raises(sockets.SocketError, match=r"^metrics\.listen: .* this host name is none"):
        endpoint.opened(f"{'é' * 80}:9102")


def test_a_sandbox_that_forbids_to_give_files_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refusing)
    with pytest.raises(
        sockets.SocketError, match=r"^milter\.socket_group: Operation not permitted; .* leave the option"
    ):
        sockets.open_listener(Milter(socket=f"unix:{tmp_path}/s", socket_group="5"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "words"), [(0, "exit 0"), (70 << 8, "exit 70"), (9, "signal SIGKILL"), (40, "signal 40")]
)
def test_every_end_of_a_worker_has_words(status: int, words: str) -> None:
    assert ended(status) == words


def test_a_worker_that_did_nothing_yet_has_not_outgrown_its_share(supervisor: Supervisor) -> None:
    """A limit below a worker's own size made successors as fast as they could be forked, with no mail at all."""
    options = msgspec.structs.replace(supervisor._duty.plan.settings.milter, recycle_memory_mb=20)
    plan = msgspec.structs.replace(
        supervisor._duty.plan, settings=msgspec.structs.replace(supervisor._duty.plan.settings, milter=options)
    )
    with socket.socket() as control:
        child = Child(1, control, plan, 0.0, 0.0)
    assert child.outgrown(worker.Beat(0, 0, 30 << 20)) == ""
    assert child.outgrown(worker.Beat(1, 0, 30 << 20)) == "memory"
