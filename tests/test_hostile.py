"""No message, whatever it holds, takes more than 100 ms or 50 MB; the test holds a generous multiple of the processor time."""

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest

import bounce_milter
from bounce_milter.vocabulary import Confidence
from tests import hostile
from tests.fuzz.mutate import RUNS, run
from tests.test_fuzz import SEEDS

GENEROUS_SECONDS = 1.0  # ten times the bound: these machines are shared
MOST_BYTES = 50_000_000


@pytest.mark.parametrize("make", hostile.TRICKS.values(), ids=hostile.TRICKS.keys())
def test_a_trick_costs_little(make: Callable[[], bytes]) -> None:
    data = make()
    begin = time.process_time()
    quick = bounce_milter.explain(data, sender="<>")
    assert time.process_time() - begin < GENEROUS_SECONDS
    tracemalloc.start()
    try:
        assert bounce_milter.explain(data, sender="<>") == quick
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("token", RUNS)
def test_a_run_of_anything_in_a_bounce_costs_little(token: bytes) -> None:
    dice = random.Random(token)
    for message in dice.sample(SEEDS, 12):
        data = run(message, dice, token)
        begin = time.process_time()
        bounce_milter.explain(data)
        assert time.process_time() - begin < GENEROUS_SECONDS


def test_beyond_the_bound_of_words_nobody_is_dead() -> None:
    report = bounce_milter.explain(hostile.TRICKS["words of all rules for 95 recipients"](), sender="<>")
    assert report.truncated
    assert len(report.recipients) > 80
    unheard = [told for told in report.recipients if told.rule is None]
    assert unheard
    assert not any(told.dead for told in unheard)
    assert {told.confidence for told in unheard} == {Confidence.LOW}
