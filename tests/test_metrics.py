"""What is counted, as Prometheus reads it, and the endpoint that tells it: hostile clients included."""

import re
import resource
import selectors
import socket
import stat
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bounce_milter import metrics
from bounce_milter.daemon.endpoint import Endpoint, opened
from bounce_milter.daemon.sockets import SocketError
from bounce_milter.metrics import Counts, Totals
from bounce_milter.settings import Review

NONE = {gauge.name: 0.0 for gauge in metrics.GAUGES}


def samples(text: bytes) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name.removeprefix(metrics.PREFIX), tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_counts_of_several_processes_add_up() -> None:
    totals = Totals()
    for _ in range(2):
        counts = Counts()
        counts("messages", (), 3)
        counts("bounces", ("failed", "permanent"), 1)
        counts("bounce_seconds", (), 0.0007)
        counts("bounce_seconds", (), 7.0)
        totals.add(counts.take())
        assert counts.take() == []
    found = samples(totals.text({**NONE, "workers": 2.0}))
    assert found["messages_total", ()] == 6
    assert found["bounces_total", ("permanent", "failed")] == 2
    assert found["workers", ()] == 2
    assert found["bounce_seconds_bucket", ("0.0005",)] == 0
    assert found["bounce_seconds_bucket", ("0.001",)] == 2
    assert found["bounce_seconds_bucket", ("+Inf",)] == found["bounce_seconds_count", ()] == 4
    assert found["bounce_seconds_sum", ()] == pytest.approx(14.0014)


def test_a_bound_belongs_to_its_bucket() -> None:
    counts = Counts()
    counts("bounce_seconds", (), 0.001)
    assert ("bounce_seconds", ("0.001",), 1) in counts.take()


def test_counts_that_did_not_arrive_are_counted_with_the_next() -> None:
    counts = Counts()
    counts("bounces", ("failed", "permanent"), 1)
    counts.put_back(counts.take())
    counts("bounces", ("failed", "permanent"), 1)
    assert counts.take() == [("bounces", ("failed", "permanent"), 2)]


def test_every_metric_is_there_before_anything_happened() -> None:
    text = Totals().text(NONE).decode()
    for named in (*metrics.COUNTERS, metrics.HISTOGRAM, *metrics.GAUGES):
        assert f"# HELP {metrics.PREFIX}{named.name}" in text


def test_a_first_failure_is_a_rise_from_zero() -> None:
    found = samples(Totals().text(NONE))
    for name, label in [("failures", "judge"), ("reloads", "refused"), ("reasons", "blocklisted"), ("reviews", "copy")]:
        assert found[f"{name}_total", (label,)] == 0


def test_the_values_known_from_the_start_are_the_codes_own() -> None:
    known = {named.name: set(named.known) for named in metrics.COUNTERS}
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(metrics.__file__).parent.rglob("*.py")))
    places = set(re.findall(r"(?:failure\(|_fail\(ctx, )\"(\w+)\"", source))
    assert known["failures"] == {*places, "review"}
    (modes,) = (field.type for field in msgspec.structs.fields(Review) if field.name == "mode")
    assert known["reviews"] == set(modes.__args__) - {"off"}


class Asking:
    """An endpoint on a unix socket, turned by hand."""

    def __init__(self, path: Path) -> None:
        self.selector = selectors.DefaultSelector()
        self.path = path
        self.endpoint = Endpoint(
            opened(f"unix:{path}"), lambda p: ("200 OK" if p == "/health" else "404 Not Found", b"x\n"), self.selector
        )

    def turn(self, times: int = 6) -> None:
        for _ in range(times):
            for key, _mask in self.selector.select(0.05):
                key.data()
        self.endpoint.tend()

    def ask(self, request: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(self.path))
            self.turn(1)
            try:
                for at in range(0, len(request), 3_000):
                    client.sendall(request[at : at + 3_000])
                    self.turn(1)
                self.turn(3)
                return client.recv(65_536)
            except ConnectionError:
                return b""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200 OK"),
        (b"GET /health?x=y HTTP/1.0\n\n", b"HTTP/1.1 200 OK"),
        (b"GET /../etc/passwd HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", b"HTTP/1.1 405 Method Not Allowed"),
        (b"\xff\xfe\r\n\r\n", b"HTTP/1.1 405 Method Not Allowed"),
        (b"GET http://x/health HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200 OK"),
        (b"GET HTTP://x:9102/health?y HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK"),
        (b"GET /health\r\n\r\n", b"HTTP/1.1 200 OK"),
        (b"GET /x?http://x/health HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 Not Found"),
        (b"GET /" + b"a" * 5_000, b"HTTP/1.1 431 Request Header Fields Too Large"),
        (b"GET /" + b"a" * 9_000, b""),  # goes on sending when the answer is there and the connection closed
        (b"GET /health HTTP/1.1\r\nX: " + b"a" * 5_000 + b"\r\n\r\n", b"HTTP/1.1 431 Request Header Fields Too Large"),
    ],
)
def test_a_request_gets_its_answer(tmp_path: Path, request_: bytes, status: bytes) -> None:
    asking = Asking(tmp_path / "m")
    assert asking.ask(request_).partition(b"\r\n")[0] == status
    asking.endpoint.close()
    assert not asking.path.exists()


def test_a_head_request_gets_no_body(tmp_path: Path) -> None:
    asking = Asking(tmp_path / "m")
    assert asking.ask(b"HEAD /health HTTP/1.1\r\n\r\n").endswith(b"Connection: close\r\n\r\n")
    asking.endpoint.close()


def test_silent_clients_keep_nobody_out_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(tmp_path / "m")
    silent = []
    for _ in range(16):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(0)
        client.connect(str(asking.path))
        asking.turn(1)
        silent.append(client)
    assert asking.ask(b"GET /health HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    assert silent[0].recv(1) == b""  # the oldest gave way
    with pytest.raises(BlockingIOError):
        silent[1].recv(1)
    monkeypatch.setattr("bounce_milter.daemon.endpoint.time.monotonic", lambda: 1e12)
    asking.endpoint.tend()
    monkeypatch.undo()
    assert {client.recv(1) for client in silent} == {b""}
    asking.endpoint.close()
    for client in silent:
        client.close()


def test_without_a_descriptor_for_a_client_it_rests_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(tmp_path / "m")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(asking.path))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            asking.turn(2)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert not asking.selector.select(0)  # though the client is there: no loop without rest
        monkeypatch.setattr("bounce_milter.daemon.endpoint.time.monotonic", lambda: 1e12)
        asking.endpoint.tend()
        monkeypatch.undo()
        client.sendall(b"GET /health HTTP/1.1\r\n\r\n")
        asking.turn()
        assert client.recv(65_536).startswith(b"HTTP/1.1 200 OK")
    asking.endpoint.close()


def test_not_everybody_may_ask_on_a_unix_socket(tmp_path: Path) -> None:
    asking = Asking(tmp_path / "m")
    assert stat.S_IMODE(asking.path.stat().st_mode) == 0o660
    asking.endpoint.close()


def test_a_stale_socket_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    Asking(path).endpoint.close()
    path.write_text("precious")
    with pytest.raises(SocketError, match=rf"^metrics\.listen: {path} exists and is no socket; it is left alone$"):
        Asking(path)
    assert path.read_text() == "precious"


def test_a_socket_that_somebody_serves_is_left_to_him(tmp_path: Path) -> None:
    first = Asking(tmp_path / "m")
    with pytest.raises(SocketError, match=r"metrics\.listen: .* is served by another process"):
        Asking(tmp_path / "m")
    assert first.ask(b"GET /health HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    first.path.unlink()
    second = Asking(tmp_path / "m")
    first.endpoint.close()
    assert second.path.exists()
    second.endpoint.close()


def test_a_client_that_goes_away_in_between_harms_nothing(tmp_path: Path) -> None:
    asking = Asking(tmp_path / "m")
    for sent in (b"", b"GET /he", b"GET /health HTTP/1.1\r\n\r\n"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(asking.path))
            asking.turn(1)
            client.sendall(sent)
        asking.turn(3)
    assert asking.ask(b"GET /health HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    asking.endpoint.close()
