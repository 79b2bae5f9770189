"""What to do with a message: explain it, hand it to review, leave it alone. Nothing here acts.

Rule: when in doubt, nothing. Delayed and delivered mail, auto-replies, unknown failures, mail that already goes to the
review mailbox and mail about a failure of that mailbox are never handed to review, whatever the options say. The last
two are what keeps a review mailbox that refuses from sending mail in circles.
"""

from typing import Final

import msgspec

from bounce_milter.address import as_dns, domain, is_within
from bounce_milter.explain import RecipientReport, Report
from bounce_milter.settings import Review, Settings, mailbox
from bounce_milter.vocabulary import REPORTS, Class, Confidence, Kind, Reason

_RANK: Final = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}
_NEVER: Final = (Kind.DELAYED, Kind.DELIVERED)
# No domain is longer (RFC 5321 4.5.3.1.2); of one that a stranger makes up, each name above it would be looked up.
_DOMAIN_CHARS: Final = 255

#: Why a bounce is no case for review although it might look like one: what could not be delivered went to review.
REVIEW_MAILBOX_FAILED: Final = "the review mailbox itself failed"


class Envelope(msgspec.Struct, frozen=True):
    """What the mail server says about a message: its queue id, sender ("" is the null sender) and recipients.

    recipients   arguments of RCPT without source routes, in angle brackets or not; at most limits.RECIPIENTS, then the
                 rest is unknown; octets that are no UTF-8 as os.fsdecode() has them
    orcpt        the ORCPT parameter of each of them (RFC 3461 4.2), "" where there is none; may be shorter
    server       name and version of the mail server, "" where it does not say
    cut          the message holds more than was read
    """

    queue_id: str = ""
    sender: str = ""
    recipients: tuple[str, ...] = ()
    orcpt: tuple[str, ...] = ()
    server: str = ""
    cut: bool = False


class Decision(msgspec.Struct, frozen=True):
    """`annotate`: write fields. `review`: somebody shall look at it.

    `why` says what decided, for whoever tests it; of REVIEW_MAILBOX_FAILED alone the log tells (`judge`).

    `reason` and `class_` are those of the worst recipient that fits the policy, its kind where nothing failed, and ""
    where the message is no case for review.
    """

    annotate: bool = False
    review: bool = False
    why: str = ""
    reason: str = ""
    class_: str = ""


def decide(report: Report, settings: Settings, envelope: Envelope) -> Decision:
    """Return what shall happen to the message that *report* explains."""
    if report.kind not in REPORTS or not report.recipients:
        return Decision(why=f"kind {report.kind}")
    why_not = _not_for_review(report, settings.review, envelope)
    if why_not is not None:
        return Decision(annotate=True, why=why_not)
    for recipient in report.recipients:
        if _matches(recipient, settings.review):
            kind = str(recipient.kind)
            return Decision(True, True, "policy", recipient.reason or kind, recipient.class_ or kind)
    return Decision(annotate=True, why="no recipient matches")


def _not_for_review(report: Report, review: Review, envelope: Envelope) -> str | None:
    """Return what keeps the message as a whole from review; None where its recipients decide."""
    if review.mode == "off":
        return "review is off"
    if not _kind_fits(report.kind, review):
        return f"kind {report.kind}"
    if any(mailbox.answers_to(review.mailbox, recipient) for recipient in envelope.recipients):
        return "already at the review mailbox"
    failed = [who for r in report.recipients if r.kind is not Kind.DELIVERED for who in (r.address, r.alias) if who]
    if any(mailbox.answers_to(review.mailbox, who) for who in failed):
        return REVIEW_MAILBOX_FAILED
    reporting = report.reporting_mta or ""
    if review.reporting_domains and not _within(reporting, review.reporting_domains):
        return "reporting domain"
    if _within(reporting, review.except_.reporting_domains):
        return "excepted reporting domain"
    if _excepted_here(review, envelope):
        return "local recipient"
    return None


def _excepted_here(review: Review, envelope: Envelope) -> bool:
    """Say whether whom the bounce is addressed to keeps it from review."""
    here = [mailbox.bare(recipient) for recipient in envelope.recipients]
    wanted = review.local_recipients
    if wanted and not any(_names(who, wanted) for who in here):
        return True
    return any(_names(who, review.except_.local_recipients) for who in here)


def _matches(recipient: RecipientReport, review: Review) -> bool:
    there = domain(recipient.address)
    return (
        _kind_fits(recipient.kind, review)
        and _verdict_fits(recipient, review)
        and (not review.recipient_domains or _within(there, review.recipient_domains))
        and not _within(there, review.except_.recipient_domains)
    )


def _kind_fits(kind: Kind, review: Review) -> bool:
    return kind not in _NEVER and (not review.kinds or str(kind) in review.kinds)


def _verdict_fits(recipient: RecipientReport, review: Review) -> bool:
    """Say whether the failure is one for review. Mail that was relayed or expanded did not fail: its kind decides."""
    if recipient.class_ is None or recipient.confidence is None:
        return not review.reasons and not review.dead_only
    return (
        recipient.class_ is not Class.UNKNOWN
        and recipient.reason is not Reason.UNKNOWN
        and (not review.classes or str(recipient.class_) in review.classes)
        and _RANK[recipient.confidence] >= _RANK[review.confidence]
        and (recipient.dead or not review.dead_only)
        and (not review.reasons or recipient.reason in review.reasons)
        and recipient.reason not in review.except_.reasons
    )


def _within(host: str, domains: tuple[str, ...]) -> bool:
    """Say whether *host* is one of *domains* or lies below one."""
    there = as_dns(host)
    return any(is_within(there, as_dns(name.lstrip("@."))) for name in domains)


def _names(who: str, wanted: tuple[str, ...]) -> bool:
    """Say whether *wanted* holds the address itself or its domain ("example.com" or "@example.com")."""
    names = {_as_dns(name.lstrip("@")) for name in wanted}
    return _as_dns(who) in names or as_dns(domain(who)) in names


def _as_dns(who: str) -> str:
    """Return an address, or a domain, in lower case and with the domain as the DNS knows it."""
    local, at, there = who.rpartition("@")
    return f"{local.lower()}{at}{as_dns(there)}"


def language(settings: Settings, envelope: Envelope) -> str:
    """Return the language for the people that the bounce is addressed to, else the general one.

    It is that of the first whose domain, or the nearest one above it, has one.
    """
    annotate = settings.annotate
    by_domain = {as_dns(name.lstrip("@")): value for name, value in annotate.languages.items()}
    for recipient in envelope.recipients if by_domain else ():
        there = as_dns(domain(mailbox.bare(recipient)))
        while 0 < len(there) <= _DOMAIN_CHARS:
            if there in by_domain:
                return by_domain[there]
            there = there.partition(".")[2]
    return annotate.language
