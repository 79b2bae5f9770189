"""The core, bound to one set of options: a message and its envelope in, what to change in it out.

Rule: this is all that the adapter knows of bounces, and one call per message. It decides nothing by itself: `explain`
says what the message is, `policy` what to do, `header` how it is written, `review` which way it takes from there.
Ordinary mail never comes here.
"""

import time
from collections.abc import Callable

import msgspec

from bounce_milter import address, header, policy, review
from bounce_milter.events import Events
from bounce_milter.explain import Knowledge, Report, explain
from bounce_milter.header import visible
from bounce_milter.message import parse
from bounce_milter.policy import Envelope
from bounce_milter.review import Outcome
from bounce_milter.settings import Settings

#: The message as far as it was read, its envelope -> what to change.
Judge = Callable[[bytes, Envelope], Outcome]


def bound(settings: Settings, knowledge: Knowledge, events: Events) -> Judge:
    """Return the function that judges messages by these options."""

    def judge(message: bytes, envelope: Envelope) -> Outcome:
        start = time.monotonic()
        language = policy.language(settings, envelope)
        report = explain(message, sender=envelope.sender, knowledge=knowledge, language=language)
        if envelope.cut:
            report = msgspec.structs.replace(report, truncated=True)
        decision = policy.decide(report, settings, envelope)
        fields = header.fields(report, max_recipients=settings.annotate.max_recipients) if decision.annotate else []
        _tell(events, report, decision, settings, envelope.queue_id, time.monotonic() - start)
        if settings.annotate.shadow:
            return Outcome()
        outcome = Outcome(fields=tuple(fields))
        if decision.review:
            fields.append(header.review())
            outcome = review.hand_over(message, tuple(fields), settings.review, decision, envelope, events)
        return _shown(outcome, message, report, settings, knowledge, cut=envelope.cut) if decision.annotate else outcome

    return judge


def _shown(
    outcome: Outcome, message: bytes, report: Report, settings: Settings, knowledge: Knowledge, *, cut: bool
) -> Outcome:
    """Return the outcome with the visible forms that the admin asked for (`visible`).

    Most bounces are US-ASCII and cannot hold the letters of other languages: there the note is in English.
    """
    options = settings.annotate
    if not (options.subject_tag or options.note):
        return outcome
    read = parse(message)
    subject, body = "", b""
    if options.subject_tag:
        old = visible.ascii_subject(read.index.get("subject", b""))
        tagged = visible.subject(old, report, options.subject_tag)
        subject = tagged if tagged != old else ""
    _, _, content = message.partition(b"\r\n\r\n")
    if options.note and not cut:  # else the rest of the body was never seen
        spoken = (report, report.spoken(knowledge.wording("en")))
        notes = (visible.note(r, max_recipients=options.max_recipients) for r in spoken)
        body = next(filter(None, (visible.body(read.fields, content, note) for note in notes)), b"")
    return msgspec.structs.replace(outcome, subject=subject, body=body)


def _tell(
    events: Events, report: Report, decision: policy.Decision, settings: Settings, queue_id: str, seconds: float
) -> None:
    if not decision.annotate:
        events.passed(queue_id, report.kind, seconds)
        return
    recipients = [(r.reason or "", address.domain(r.address)) for r in report.recipients]
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
    if decision.why == policy.REVIEW_MAILBOX_FAILED and not settings.annotate.shadow:
        events.not_filed(queue_id, decision.why)
