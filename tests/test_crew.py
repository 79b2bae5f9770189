"""Who serves and who follows whom, without a process."""

import socket
import time
from collections.abc import Iterator
from typing import Any, cast

import msgspec
import pytest

from bounce_milter import metrics
from bounce_milter.daemon.child import Child
from bounce_milter.daemon.crew import Crew
from bounce_milter.daemon.worker import Beat, Plan
from bounce_milter.settings import Milter, Settings

SETTINGS = Settings(milter=Milter(workers=2))
PLAN = Plan(SETTINGS, *cast("tuple[Any, Any, Any]", (None, None, None)))
OTHER = msgspec.structs.replace(PLAN)


@pytest.fixture
def control() -> Iterator[socket.socket]:
    with socket.socket() as unconnected:
        yield unconnected


def crew(control: socket.socket, count: int, plan: Plan = PLAN) -> Crew:
    found = Crew()
    for number in range(1, count + 1):
        join(found, control, number, plan)
    return found


def join(crew: Crew, control: socket.socket, pid: int, plan: Plan = PLAN, replaces: int | None = None) -> Child:
    child = crew.children[pid] = Child(pid, control, plan, float(pid), float(pid), replaces, beat=Beat(0, 0, 0))
    return child


def draining(crew: Crew) -> list[int]:
    return [child.pid for child in crew.children.values() if child.draining]


def test_a_reload_replaces_one_worker_at_a_time_and_each_serves_until_the_next_one_lives(
    control: socket.socket,
) -> None:
    found = crew(control, 2)
    found.renew_others(OTHER)
    assert found.next_renewal() == (1, "reload")
    successor = join(found, control, 3, OTHER, replaces=1)
    assert found.next_renewal() is None
    assert [child.pid for child in found.serving()] == [1, 2]
    found.heard(successor, Beat(0, 0, 0))
    assert found.children[1].draining
    assert [child.pid for child in found.serving()] == [2, 3]
    assert found.next_renewal() == (2, "reload")
    assert found.next_renewal() is None


def test_a_worker_that_is_gone_or_ends_needs_no_successor(control: socket.socket) -> None:
    found = crew(control, 3)
    found.renew_others(OTHER)
    del found.children[1]
    found.children[2].drain()
    assert found.next_renewal() == (3, "reload")


def test_those_that_began_first_are_the_surplus_when_nobody_is_replaced(control: socket.socket) -> None:
    found = crew(control, 3)
    found.renew(3, "messages")
    found.dismiss_surplus(2)
    assert not found.settled(3)
    assert found.next_renewal() == (3, "messages")
    join(found, control, 4, replaces=3)
    found.dismiss_surplus(2)
    assert draining(found) == []
    del found.children[4]
    found.dismiss_surplus(3)
    assert draining(found) == []
    found.dismiss_surplus(2)
    assert draining(found) == [1]


def test_it_is_settled_when_each_has_given_a_sign_of_life(control: socket.socket) -> None:
    found = crew(control, 2)
    assert found.settled(2)
    found.children[2].beat = None
    assert not found.settled(2)


def test_a_worker_that_served_its_share_is_replaced_once(control: socket.socket) -> None:
    found = crew(control, 1)
    share = Beat(PLAN.settings.milter.recycle_messages, 0, 0)
    for _ in range(2):
        found.heard(found.children[1], share)
    assert found.next_renewal() == (1, "messages")
    assert found.next_renewal() is None


def test_the_reasons_for_a_successor_are_those_that_are_known_from_the_start(control: socket.socket) -> None:
    (known,) = (named.known for named in metrics.COUNTERS if named.name == "worker_replacements")
    found = crew(control, 2)
    found.heard(found.children[1], Beat(PLAN.settings.milter.recycle_messages, 0, 0))
    found.heard(found.children[2], Beat(1, 0, 1 << 50))
    renewals = [found.next_renewal(), found.next_renewal()]
    found.renew_others(OTHER)
    renewals.append(found.next_renewal())
    # The supervisor's own: for a successor that died before it served.
    assert {renewal[1] for renewal in renewals if renewal} | {"again"} == set(known)


def test_a_worker_that_stops_has_five_seconds_beyond_its_time_before_it_is_killed() -> None:
    """At its very end it tells its last counts, and how many connections it leaves."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        child = Child(1, here, PLAN, 0.0, 0.0)
        now = time.monotonic()
        for _ in range(2):
            child.drain()
        assert child.draining
        assert child.kill_at is None  # others serve: it may wait for its connections
        for _ in range(2):
            child.stop()
        assert [there.recv(64) for _ in range(2)] == [b"drain", b"stop"]
    assert child.kill_at is not None
    assert child.kill_at >= now + PLAN.settings.milter.drain_seconds + 5


def reloaded(crew: Crew, control: socket.socket, workers: int = 2) -> None:
    """Let a reload replace every worker that serves, by so many."""
    plan = msgspec.structs.replace(PLAN, settings=Settings(milter=Milter(workers=workers)))
    crew.renew_others(plan)
    while renewal := crew.next_renewal():
        successor = join(crew, control, max(crew.children) + 1, plan, replaces=renewal[0])
        crew.heard(successor, Beat(0, 0, 0))
    crew.dismiss_surplus(workers)


def overdue(crew: Crew, later: float = 0.0) -> list[int]:
    return [child.pid for child in crew.overdue(time.monotonic() + later)]


def test_whom_a_reload_dismissed_waits_for_ten_minutes_and_less_where_another_follows(control: socket.socket) -> None:
    found = crew(control, 2)
    reloaded(found, control)
    assert draining(found) == [1, 2]
    assert overdue(found, 590) == []
    assert overdue(found, 610) == [1, 2]
    reloaded(found, control)
    assert draining(found) == [1, 2, 3, 4]
    assert overdue(found) == [1, 2]
    for number in (1, 2):
        found.children[number].stop()
    assert overdue(found) == []
    del found.children[1], found.children[2], found.children[3]
    reloaded(found, control)
    assert draining(found) == [4, 5, 6]
    assert overdue(found) == [4]  # of three, two may wait


def test_a_reload_to_fewer_workers_ends_nobody_early(control: socket.socket) -> None:
    found = crew(control, 2)
    reloaded(found, control, 1)
    assert draining(found) == [1, 2, 3]  # the surplus too
    assert overdue(found) == []
    reloaded(found, control, 1)
    assert overdue(found) == [1, 2]


def recycled(crew: Crew, control: socket.socket, pid: int) -> int | None:
    """Let a worker have served its share; return its successor, None where it gets none."""
    crew.heard(crew.children[pid], Beat(PLAN.settings.milter.recycle_messages, 1, 0))
    renewal = crew.next_renewal()
    if renewal is None:
        return None
    assert renewal == (pid, "messages")
    successor = join(crew, control, max(crew.children) + 1, crew.children[pid].plan, replaces=pid)
    crew.heard(successor, Beat(0, 0, 0))
    return successor.pid


def test_whom_no_reload_dismissed_is_never_ended_to_make_room(control: socket.socket) -> None:
    """Sessions lost the filter seconds after the second worker had served its share, with no reload at all."""
    found = crew(control, 2)
    assert (recycled(found, control, 1), recycled(found, control, 2)) == (3, 4)
    assert overdue(found) == []
    for _ in range(2):
        reloaded(found, control)
    assert draining(found) == [1, 2, 3, 4, 5, 6]
    assert overdue(found) == [3, 4]
    assert overdue(found, 700) == [1, 2, 3, 4, 5, 6]


def test_as_many_who_served_their_share_wait_as_serve_and_the_next_one_goes_on(control: socket.socket) -> None:
    """However many connections a client holds open, no more processes come of it."""
    found = crew(control, 2)
    assert (recycled(found, control, 1), recycled(found, control, 3)) == (3, 4)
    assert recycled(found, control, 2) is None
    assert found.settled(2)
    del found.children[1]
    assert recycled(found, control, 2) == 5
    assert recycled(found, control, 4) is None


def test_a_worker_keeps_to_the_processor_that_the_fewest_keep_to(control: socket.socket) -> None:
    found = crew(control, 3)
    for child, processor in zip(found.children.values(), (4, 5, 4), strict=True):
        child.processor = processor
    assert found.freest([4, 5], None) == 5
    assert found.freest([4, 5], 2) == 5  # a successor takes the place of whom it follows
    assert found.freest([4, 5, 6], None) == 6
    found.children[1].drain()
    found.children[3].drain()
    assert found.freest([4, 5], None) == 4
