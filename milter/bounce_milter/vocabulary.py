"""The words that every other room uses: kinds, classes, acts, confidences, reasons.

Rule: closed sets only, one row per word, no logic beyond a lookup. The values are what stands in headers, in
JSON and in the rule files, so a word here is a promise to Sieve scripts; it is never renamed, only added.
"""

from enum import StrEnum
from typing import Final

import msgspec


class Kind(StrEnum):
    """What a message is. The first five carry delivery reports and get fields (RFC 3464 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    AUTO_REPLY = "auto-reply"
    READ_RECEIPT = "read-receipt"
    FEEDBACK_REPORT = "feedback-report"
    CHALLENGE = "challenge"
    NOT_A_BOUNCE = "not-a-bounce"


#: The kinds that get fields, worst first: the order in which recipients are told.
REPORTS: Final = (Kind.FAILED, Kind.DELAYED, Kind.EXPANDED, Kind.RELAYED, Kind.DELIVERED)


class Class(StrEnum):
    """How final a failure is, worst first: for the address, for this message, for now, or not known."""

    PERMANENT = "permanent"
    MESSAGE = "message"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


class Act(StrEnum):
    """Who can mend it."""

    SENDER = "sender"
    SENDER_ADMIN = "sender-admin"
    RECIPIENT = "recipient"
    RECIPIENT_ADMIN = "recipient-admin"
    NOBODY = "nobody"


class Confidence(StrEnum):
    """How far the evidence carries."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reason(StrEnum):
    """Why a message failed."""

    USER_UNKNOWN = "user-unknown"
    BAD_ADDRESS_SYNTAX = "bad-address-syntax"
    MAILBOX_MOVED = "mailbox-moved"
    MAILBOX_DISABLED = "mailbox-disabled"
    MAILBOX_FULL = "mailbox-full"
    DOMAIN_UNKNOWN = "domain-unknown"
    DOMAIN_ACCEPTS_NO_MAIL = "domain-accepts-no-mail"
    DNS_FAILURE = "dns-failure"
    CONNECTION_FAILED = "connection-failed"
    DELIVERY_EXPIRED = "delivery-expired"
    MAIL_LOOP = "mail-loop"
    RELAY_DENIED = "relay-denied"
    GREYLISTED = "greylisted"
    RATE_LIMITED = "rate-limited"
    SYSTEM_ERROR = "system-error"
    MESSAGE_TOO_LARGE = "message-too-large"
    ATTACHMENT_REFUSED = "attachment-refused"
    VIRUS_FOUND = "virus-found"
    SPAM_CONTENT = "spam-content"
    BLOCKLISTED = "blocklisted"
    AUTHENTICATION_FAILED = "authentication-failed"
    REVERSE_DNS = "reverse-dns"
    TLS_FAILED = "tls-failed"
    SENDER_REFUSED = "sender-refused"
    SENDER_NOT_ALLOWED = "sender-not-allowed"
    POLICY_REFUSED = "policy-refused"
    FORMAT_REFUSED = "format-refused"
    PROTOCOL_ERROR = "protocol-error"
    ACCOUNT_RESTRICTED = "account-restricted"
    UNKNOWN = "unknown"


class ReasonRow(msgspec.Struct, frozen=True):
    """What a reason implies where nothing finer is known.

    `class_` None means that the class follows the first digit of the code (RFC 5321 4.2.1, RFC 3463 2).
    """

    class_: Class | None
    act: Act
    may_be_dead: bool = False


#: What a tag in the Subject may name, in braces.
TAGGED: Final = ("kind", "class", "reason")

_P, _M, _T = Class.PERMANENT, Class.MESSAGE, Class.TRANSIENT

REASONS: Final[dict[Reason, ReasonRow]] = {
    Reason.USER_UNKNOWN: ReasonRow(_P, Act.SENDER, True),
    Reason.BAD_ADDRESS_SYNTAX: ReasonRow(_P, Act.SENDER, True),
    Reason.MAILBOX_MOVED: ReasonRow(_P, Act.SENDER, True),
    Reason.MAILBOX_DISABLED: ReasonRow(_P, Act.RECIPIENT),
    Reason.MAILBOX_FULL: ReasonRow(_T, Act.RECIPIENT),
    Reason.DOMAIN_UNKNOWN: ReasonRow(_P, Act.SENDER, True),
    Reason.DOMAIN_ACCEPTS_NO_MAIL: ReasonRow(_P, Act.SENDER, True),
    Reason.DNS_FAILURE: ReasonRow(_T, Act.RECIPIENT_ADMIN),
    Reason.CONNECTION_FAILED: ReasonRow(_T, Act.RECIPIENT_ADMIN),
    Reason.DELIVERY_EXPIRED: ReasonRow(_M, Act.SENDER),
    Reason.MAIL_LOOP: ReasonRow(_P, Act.RECIPIENT_ADMIN),
    Reason.RELAY_DENIED: ReasonRow(_P, Act.RECIPIENT_ADMIN),
    Reason.GREYLISTED: ReasonRow(_T, Act.NOBODY),
    Reason.RATE_LIMITED: ReasonRow(_T, Act.SENDER_ADMIN),
    Reason.SYSTEM_ERROR: ReasonRow(None, Act.RECIPIENT_ADMIN),
    Reason.MESSAGE_TOO_LARGE: ReasonRow(_M, Act.SENDER),
    Reason.ATTACHMENT_REFUSED: ReasonRow(_M, Act.SENDER),
    Reason.VIRUS_FOUND: ReasonRow(_M, Act.SENDER),
    Reason.SPAM_CONTENT: ReasonRow(_M, Act.SENDER),
    Reason.BLOCKLISTED: ReasonRow(None, Act.SENDER_ADMIN),
    Reason.AUTHENTICATION_FAILED: ReasonRow(None, Act.SENDER_ADMIN),
    Reason.REVERSE_DNS: ReasonRow(None, Act.SENDER_ADMIN),
    Reason.TLS_FAILED: ReasonRow(None, Act.RECIPIENT_ADMIN),
    Reason.SENDER_REFUSED: ReasonRow(_P, Act.SENDER_ADMIN),
    Reason.SENDER_NOT_ALLOWED: ReasonRow(_P, Act.RECIPIENT),
    Reason.POLICY_REFUSED: ReasonRow(None, Act.RECIPIENT_ADMIN),
    Reason.FORMAT_REFUSED: ReasonRow(_M, Act.SENDER_ADMIN),
    Reason.PROTOCOL_ERROR: ReasonRow(_P, Act.SENDER_ADMIN),
    Reason.ACCOUNT_RESTRICTED: ReasonRow(_P, Act.SENDER_ADMIN),
    Reason.UNKNOWN: ReasonRow(Class.UNKNOWN, Act.NOBODY),
}
