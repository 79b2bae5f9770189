"""What holds for every message, whatever it holds. Each invariant is a sentence; `check` tells the first that is broken.

Explaining never raises. The fields are ours, ASCII, folded lawfully and within their bounds. What the Details field
says reads back as it was written. Line ends do not change the result. The same message always gives the same result.
"""

import bounce_milter
from bounce_milter import header, limits
from bounce_milter.explain import Report
from bounce_milter.explain.line import to_json
from bounce_milter.vocabulary import REPORTS
from tests.details import parse_details


class BrokenError(AssertionError):
    """An invariant does not hold; the text is its sentence."""


def check(message: bytes) -> Report:
    """Return the report on *message*; BrokenError for the first invariant that does not hold."""
    report = bounce_milter.explain(message)
    _fields(report)
    _says(len(report.recipients) <= limits.RECIPIENTS, "the number of recipients is bounded")
    _says(bool(to_json(report, "x")), "a report can be written as JSON")
    for recipient in report.recipients:
        _says(recipient.reply is None or recipient.reply.isdigit(), "a reply code is three digits")
        _says(recipient.reply is None or len(recipient.reply) == 3, "a reply code is three digits")
        _says(not recipient.dead or recipient.kind == "failed", "only what failed is dead")
        read = parse_details(header.details(recipient))
        for key, value in (("reply", recipient.reply), ("status", recipient.status), ("reason", recipient.reason)):
            _says(read.get(key) == (str(value) if value else None), f"the Details field gives {key} back")
    _says(to_json(bounce_milter.explain(message), "x") == to_json(report, "x"), "the same message, the same result")
    return report


def check_line_ends(message: bytes) -> None:
    """Check that CRLF reads as LF does; only for messages that hold no bare CR and stay below the bounds."""
    as_lf = message.replace(b"\r\n", b"\n")
    if b"\r" in as_lf or len(message) * 2 > limits.MESSAGE_BYTES:
        return
    one = to_json(bounce_milter.explain(as_lf), "x")
    other = to_json(bounce_milter.explain(as_lf.replace(b"\n", b"\r\n")), "x")
    _says(one == other, "line ends do not change the result")


def _fields(report: Report) -> None:
    fields = header.fields(report)
    _says(bool(fields) == bool(report.kind in REPORTS and report.recipients), "reports get fields, nothing else does")
    octets = sum(len(f"{name}: {value}\r\n") for name, value in fields)
    _says(octets <= limits.FIELDS_OCTETS, "all fields together are bounded")
    for name, value in fields:
        _says(name in header.OWN_FIELDS.values(), "the fields are ours")
        _says(value.isascii(), "a field is ASCII")
        lines = value.split("\n")
        _says(all(line.isprintable() for line in lines), "a field holds no control character")
        _says(
            all(line[:1] == " " and line.strip() for line in lines[1:]), "a fold begins with a space and is not empty"
        )
        _says(all(len(line) + len(name) + 2 <= 998 for line in lines), "a line has at most 998 octets")


def _says(holds: bool, sentence: str) -> None:
    if not holds:
        raise BrokenError(sentence)
