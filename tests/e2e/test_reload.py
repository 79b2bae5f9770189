"""Under load the filter is reloaded, loses a worker and is restarted: no message is cut that need not be."""

from tests.bench import mail, tools
from tests.soak import reload
from tests.soak.postfix import pass_mail


def untouched(told: tools.Told) -> None:
    """Every message got its answers, and every bounce its explanation."""
    assert told.messages > 100
    assert told.explained == told.bounces > 0
    assert (told.refused, told.hung, told.unreachable) == (0, 0, 0)


def test_four_reloads_under_load_cut_nothing() -> None:
    told = reload.reloads(mail.bounces(None, tools.BUILD))
    untouched(told)
    assert (told.cut, told.lost) == (0, 0)


def test_a_killed_worker_takes_at_most_what_it_had_in_hand() -> None:
    told = reload.killed(mail.bounces(None, tools.BUILD))
    untouched(told)
    assert told.cut + told.lost <= 8


def test_a_stop_and_a_start_under_load_cut_nothing() -> None:
    told = reload.restarted(mail.bounces(None, tools.BUILD))
    untouched(told)
    assert (told.cut, told.lost) == (0, 0)


def test_mail_through_postfix_arrives_while_the_filter_is_reloaded_and_restarted() -> None:
    count = 500
    passed = pass_mail(count, mail.bounces(None, tools.BUILD))
    assert (passed.bounces, passed.ordinary) == (count, count)
    assert (passed.deferred, passed.broken, passed.marked) == (0, 0, 0)
    assert passed.missed == 0
    assert passed.explained > 0
