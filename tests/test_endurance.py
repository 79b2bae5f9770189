"""The short form of `make soak`: thousands of messages and hostile connections, and nothing is left of them.

Each bound is one that a leak of one small object a message would break in the long form; here it is the count of
records, descriptors and messages that speaks, memory only where it would leave all bounds.
"""

from collections.abc import Callable
from functools import cache

import pytest

from tests.bench import mail, tools
from tests.soak.endurance import HOSTILE, KINDS, Endured, endure


@cache
def mixed() -> Endured:
    return endure(2000, mail.bounces(None, tools.BUILD))


@cache
def hostile() -> Endured:
    return endure(1000, mail.bounces(None, tools.BUILD), HOSTILE)


@pytest.mark.parametrize("run", [mixed, hostile])
def test_every_connection_is_answered_and_none_is_cut(run: Callable[[], Endured]) -> None:
    bad = {name: run().total(name) for name in ("cut", "lost", "refused", "hung", "unreachable")}
    assert not any(bad.values()), bad


@pytest.mark.parametrize("run", [mixed, hostile])
def test_nothing_is_left_of_a_connection(run: Callable[[], Endured]) -> None:
    first, last = run().states[0], run().states[-1]
    assert (last.sessions, last.objects) == (0, 0)
    assert last.descriptors <= first.descriptors


def test_every_bounce_is_explained_whatever_came_before_it() -> None:
    whole = 2000 - sum(KINDS.count(kind) for kind in "sgh") * (2000 // len(KINDS) + 1)
    assert mixed().total("messages") >= whole
    assert mixed().total("bounces") == mixed().total("explained") > 500


def test_memory_stays() -> None:
    assert mixed().growth < 8_000_000
    assert hostile().growth < 8_000_000
