"""How the mail server's socket is opened, seen from outside: who may connect, who waits, what the next start finds."""

import fcntl
import os
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bounce_milter.daemon import sockets, worker
from bounce_milter.daemon.duty import Duty
from bounce_milter.events import Events
from bounce_milter.judge import bound
from bounce_milter.metrics import Counts
from bounce_milter.resources import packaged_knowledge
from bounce_milter.settings import Milter, Settings
from tests.e2e.places import free_port


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("unix:{}/real/s", "local:{}/real/s"),
        ("unix:{}/real/s", "{}/alias/s"),
        ("unix:{}/real/s", "unix:{}/real/../real/s"),
        ("inet:8893@localhost", "inet:8893@127.0.0.1"),
        ("inet6:8893@LOCALHOST", "inet6:8893@[::1]"),
    ],
)
def test_one_place_in_other_words_is_no_other_place(tmp_path: Path, one: str, other: str) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    both = [Settings(milter=Milter(socket=words.format(tmp_path))) for words in (one, other)]
    assert sockets.same_place(*both)
    assert not sockets.same_place(both[0], Settings(milter=Milter(socket=f"unix:{tmp_path}/s")))


@pytest.mark.parametrize("words", ["unix:{}/s", "local:{}/s", "{}/s"])
def test_a_reload_that_fails_leaves_the_way_to_the_only_socket(tmp_path: Path, words: str) -> None:
    def plan(place: str) -> worker.Plan:
        options, events = Settings(milter=Milter(socket=place.format(tmp_path))), Events()
        return worker.Plan(options, bound(options, packaged_knowledge(), events), events, Counts())

    first = plan("unix:{}/s")
    duty = Duty(first, sockets.open_listener(first.settings.milter))
    (tmp_path / "s").unlink()
    duty.change(plan(words))
    duty.go_back()
    assert (tmp_path / "s").exists()
    assert not duty.listener.lost
    duty.listener.unlink()
    duty.listener.close()


def test_two_that_start_at_once_look_one_after_the_other(tmp_path: Path) -> None:
    """Else both find the old socket stale, and the second one takes the path from the first."""
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(sockets.open_listener, Milter(socket=f"unix:{tmp_path}/s"))
        try:
            with pytest.raises(TimeoutError):
                opened.result(0.3)
            assert list(tmp_path.iterdir()) == []
        finally:
            os.close(folder)
        listener = opened.result(10)
    listener.unlink()
    listener.close()


def test_nobody_connects_before_the_socket_has_its_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    chmod = os.chmod

    def looking(path: str, mode: int) -> None:
        modes.append(stat.S_IMODE(os.stat(path).st_mode))
        chmod(path, mode)
        modes.append(stat.S_IMODE(os.stat(path).st_mode))

    monkeypatch.setattr(os, "chmod", looking)
    before = os.umask(0)
    try:
        listener = sockets.open_listener(Milter(socket=f"unix:{tmp_path}/s", socket_mode="0666"))
        assert os.umask(0) == 0
    finally:
        os.umask(before)
    assert modes == [0o600, 0o666]
    listener.unlink()
    listener.close()


def test_a_socket_that_systemd_opened_is_missed_where_it_is_gone_and_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as passed:
        passed.bind(str(path))
        passed.listen(1)
        listener, other = (sockets.open_listener(Milter(socket=f"fd:{passed.fileno()}")) for _ in range(2))
    other.unlink()
    assert path.exists()
    assert not listener.lost
    path.unlink()
    assert listener.lost
    listener.close()
    other.close()


@pytest.mark.parametrize(
    ("family", "name"), [(socket.AF_UNIX, "\0bounce-milter-test"), (socket.AF_INET, ("127.0.0.1", 0))]
)
def test_a_socket_without_a_path_is_never_missed(family: socket.AddressFamily, name: str | tuple[str, int]) -> None:
    with socket.socket(family) as passed:
        passed.bind(name)
        passed.listen(1)
        listener = sockets.open_listener(Milter(socket=f"fd:{passed.fileno()}"))
    assert not listener.lost
    listener.close()


def test_a_port_can_be_opened_again_at_once() -> None:
    """The connections of before hold it for a minute more where this end closed them first (TIME-WAIT)."""
    options = Milter(socket=f"inet:{free_port()}@127.0.0.1")
    listener = sockets.open_listener(options)
    with socket.create_connection(listener.sock.getsockname()) as client:
        listener.sock.setblocking(True)
        listener.sock.accept()[0].close()
        client.recv(1)
    listener.close()
    sockets.open_listener(options).close()


def test_another_host_on_the_same_port_asks_for_a_restart() -> None:
    port = free_port()
    old, new = (Settings(milter=Milter(socket=f"inet:{port}{host}")) for host in ("@127.0.0.1", ""))
    listener = sockets.open_listener(old.milter)
    with pytest.raises(sockets.SocketError, match="on the same port the host changes with a restart only"):
        sockets.moved(old, new, listener)
    listener.close()


def test_the_sixth_versions_socket_leaves_the_fourths_to_another() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 here")
    port = free_port()
    sixth = sockets.open_listener(Milter(socket=f"inet6:{port}"))
    sockets.open_listener(Milter(socket=f"inet:{port}")).close()
    sixth.close()
