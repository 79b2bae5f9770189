"""What to do with a message: explain it, hand it to review, leave it alone. Nothing here acts.

Rule: when in doubt, nothing. Delayed and delivered mail, auto-replies, unknown failures and mail that already goes to
the review mailbox are never handed to review, whatever the options say.
"""

from typing import Final

import msgspec

from bounce_milter.explain import RecipientReport, Report
from bounce_milter.settings import Review, Settings
from bounce_milter.vocabulary import REPORTS, Class, Confidence, Kind

_RANK: Final = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}
_NEVER: Final = (Kind.DELAYED, Kind.DELIVERED)


class Envelope(msgspec.Struct, frozen=True):
    """What the mail server says about a message: its queue id, sender ("" is the null sender) and recipients."""

    queue_id: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """`annotate`: write fields. `review`: somebody shall look at it; `why` says what decided, for the log."""

    annotate: bool = False
    review: bool = False
    why: str = ""


def decide(report: Report, settings: Settings, envelope: Envelope) -> Decision:
    """Return what shall happen to the message that *report* explains."""
    if report.kind not in REPORTS or not report.recipients:
        return Decision(why=f"kind {report.kind}")
    why_not = _not_for_review(report, settings.review, envelope)
    return Decision(annotate=True, review=why_not is None, why=why_not or "policy")


def _not_for_review(report: Report, review: Review, envelope: Envelope) -> str | None:
    if review.mode == "off":
        return "review is off"
    if report.kind in _NEVER or str(report.kind) not in review.kinds:
        return f"kind {report.kind}"
    if review.mailbox and any(bare(r) == review.mailbox.lower() for r in envelope.recipients):
        return "already at the review mailbox"
    reporting = report.reporting_mta or ""
    if review.reporting_domains and not _within(reporting, review.reporting_domains):
        return "reporting domain"
    if _within(reporting, review.except_.reporting_domains):
        return "excepted reporting domain"
    if _excepted_here(review, envelope):
        return "local recipient"
    if not any(_matches(recipient, review) for recipient in report.recipients):
        return "no recipient matches"
    return None


def _excepted_here(review: Review, envelope: Envelope) -> bool:
    """Say whether whom the bounce is addressed to keeps it from review."""
    here = [bare(recipient) for recipient in envelope.recipients]
    wanted = review.local_recipients
    if wanted and not any(_names(address, wanted) for address in here):
        return True
    return any(_names(address, review.except_.local_recipients) for address in here)


def _matches(recipient: RecipientReport, review: Review) -> bool:
    domain = (recipient.address or "").rpartition("@")[2]
    return (
        recipient.class_ is not Class.UNKNOWN
        and recipient.action not in ("delayed", "delivered")
        and str(recipient.class_) in review.classes
        and recipient.confidence is not None
        and _RANK[recipient.confidence] >= _RANK[review.confidence]
        and (recipient.dead or not review.dead_only)
        and (not review.reasons or recipient.reason in review.reasons)
        and recipient.reason not in review.except_.reasons
        and (not review.recipient_domains or _within(domain, review.recipient_domains))
        and not _within(domain, review.except_.recipient_domains)
    )


def bare(address: str) -> str:
    """Return the address of a MAIL or RCPT argument: no angle brackets, lower case."""
    return address.strip().removeprefix("<").removesuffix(">").lower()


def _within(host: str, domains: tuple[str, ...]) -> bool:
    """Say whether *host* is one of *domains* or lies below one."""
    host = host.lower().rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in (d.lower().lstrip("@.") for d in domains))


def _names(address: str, wanted: tuple[str, ...]) -> bool:
    """Say whether *wanted* holds the address itself or its domain ("example.com" or "@example.com")."""
    domain = address.rpartition("@")[2]
    return any(address == name.lower() or domain == name.lower().lstrip("@") for name in wanted)


def language(settings: Settings, envelope: Envelope) -> str:
    """Return the language for the people that the bounce is addressed to: their domain's, else the general one."""
    annotate = settings.annotate
    by_domain = {name.lower().lstrip("@"): value for name, value in annotate.languages.items()}
    for recipient in envelope.recipients:
        domain = bare(recipient).rpartition("@")[2]
        if domain in by_domain:
            return by_domain[domain]
    return annotate.language
