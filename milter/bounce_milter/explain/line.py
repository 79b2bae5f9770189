"""A report as one line of JSON (RFC 8259), as `explain --json` writes it.

Rule: the keys are a contract (config/doc/commands.md); what is not known is null. Text that is no Unicode spoils no line.
"""

from typing import Any

import msgspec

from bounce_milter.explain import Report, unicode
from bounce_milter.facts import Original
from bounce_milter.vocabulary import Act, Class, Confidence, Kind, Reason
from bounce_milter.wording.sentences import RecipientReport


class _JsonRecipient(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """One element of `recipients` in a line of `explain --json`: the contract's keys, and then some more facts."""

    address: str | None
    action: str | None
    reply: str | None
    status: str | None
    command: str | None
    by: str | None
    class_: Class | None
    reason: Reason | None
    dead: bool
    act: Act | None
    confidence: Confidence | None
    evidence: str | None
    explanation: str | None
    advice: str | None
    text: str | None
    alias: str | None
    will_retry_until: str | None
    listed_by: str | None
    about: str | None
    disagreement: str | None
    rule: str | None


class _JsonLine(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """One line of `explain --json`."""

    source: str
    kind: Kind
    class_: Class | None
    recipients: tuple[_JsonRecipient, ...]
    original: Original
    reporting_mta: str | None
    truncated: bool


def to_json(report: Report, source: str) -> bytes:
    """Return the report as one line of JSON (`json_line`)."""
    told = tuple(
        _JsonRecipient(*(_fact(r, name) for name in _JsonRecipient.__struct_fields__)) for r in report.recipients
    )
    line = _JsonLine(source, report.kind, report.class_, told, report.original, report.reporting_mta, report.truncated)
    return json_line(line)


def json_line(value: object) -> bytes:
    """Return *value* as JSON without a line end; what is no Unicode in it becomes a question mark."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_sound(msgspec.to_builtins(value)))


def _fact(told: RecipientReport, name: str) -> Any:
    """Return what is known of a recipient under *name*: by his report, else by the verdict on him; None where nothing is."""
    value = getattr(told, name, getattr(told.verdict, name, None))
    return None if value == "" else value


def _sound(value: object) -> object:
    """Return *value* with every lone surrogate, as stands in names that are no UTF-8, replaced."""
    if isinstance(value, str):
        return unicode(value)
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list | tuple) else value
