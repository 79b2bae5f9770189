"""The core, bound to one set of options: a message and its envelope in, what to change in it out.

Rule: this is all that the adapter knows of bounces, and one call per message. It decides nothing by itself: `explain`
says what the message is, `policy` what to do, `header` how it is written. Ordinary mail never comes here.
"""

import time
from collections.abc import Callable

import msgspec

from bounce_milter import header, policy
from bounce_milter.events import Events
from bounce_milter.explain import Knowledge, Report, explain
from bounce_milter.policy import Envelope
from bounce_milter.settings import Settings


class Outcome(msgspec.Struct, frozen=True):
    """What to change in one message: fields to add, recipients to delete and add, a reason to hold it."""

    fields: tuple[tuple[str, str], ...] = ()
    delete: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    hold: str = ""


#: The message as far as it was read, its envelope -> what to change.
Judge = Callable[[bytes, Envelope], Outcome]

_NOTHING = Outcome()


def bound(settings: Settings, knowledge: Knowledge, events: Events) -> Judge:
    """Return the function that judges messages by these options."""

    def judge(message: bytes, envelope: Envelope) -> Outcome:
        start = time.monotonic()
        language = policy.language(settings, envelope)
        report = explain(message, sender=envelope.sender, knowledge=knowledge, language=language)
        decision = policy.decide(report, settings, envelope)
        outcome = _outcome(report, decision, settings) if decision.annotate else _NOTHING
        _tell(events, report, decision, settings, envelope.queue_id, time.monotonic() - start)
        return _NOTHING if settings.annotate.shadow else outcome

    return judge


def _outcome(report: Report, decision: policy.Decision, settings: Settings) -> Outcome:
    fields = header.fields(report, max_recipients=settings.annotate.max_recipients)
    if decision.review:
        fields = [*fields, (header.REVIEW, "yes")]
    return Outcome(fields=tuple(fields))


def _tell(
    events: Events, report: Report, decision: policy.Decision, settings: Settings, queue_id: str, seconds: float
) -> None:
    if not decision.annotate:
        events.passed(queue_id, report.kind, seconds)
        return
    recipients = [(str(r.reason), (r.address or "").rpartition("@")[2]) for r in report.recipients]
    events.bounce(
        queue_id,
        report.kind,
        report.class_ or "",
        recipients,
        review=settings.review.mode if decision.review else "",
        shadow=settings.annotate.shadow,
        truncated=report.truncated,
        seconds=seconds,
    )
