"""Enhanced status codes (RFC 3463 and the IANA registry of RFC 5248): all registered details, one row each.

Rule: a closed table, keyed "X.subject.detail" because the class digit is said apart. `specific` tells whether
servers mean by it what the registry says, so that the code alone is evidence; big providers reuse many numbers.
"""

from typing import Final

import msgspec

from bounce_milter.codes.reply import Origin
from bounce_milter.vocabulary import Act, Reason


class EnhancedRow(msgspec.Struct, frozen=True):
    """One registered detail."""

    specific: bool
    reason: Reason
    act: Act
    meaning: str
    source: str

    @property
    def origin(self) -> Origin:
        """Where it comes from: the registry has them all."""
        return Origin.REGISTERED


_R, _A = Reason, Act

ENHANCED_CODES: Final[dict[str, EnhancedRow]] = {
    "X.0.0": EnhancedRow(
        False, _R.UNKNOWN, _A.NOBODY,
        "Only success, temporary or permanent is known; nothing more was said.",
        "RFC 3463",
    ),
    "X.1.0": EnhancedRow(
        False, _R.USER_UNKNOWN, _A.SENDER,
        "Something about one of the addresses is wrong, without saying what.",
        "RFC 3463",
    ),
    "X.1.1": EnhancedRow(
        True, _R.USER_UNKNOWN, _A.SENDER,
        "There is no such mailbox: the part left of the @ does not exist there.",
        "RFC 3463",
    ),
    "X.1.2": EnhancedRow(
        True, _R.DOMAIN_UNKNOWN, _A.SENDER,
        "The domain, the part right of the @, does not exist or takes no mail.",
        "RFC 3463",
    ),
    "X.1.3": EnhancedRow(
        True, _R.BAD_ADDRESS_SYNTAX, _A.SENDER,
        "The recipient address is not written correctly.",
        "RFC 3463",
    ),
    "X.1.4": EnhancedRow(
        True, _R.USER_UNKNOWN, _A.RECIPIENT_ADMIN,
        "The address fits more than one mailbox.",
        "RFC 3463",
    ),
    "X.1.5": EnhancedRow(
        False, _R.UNKNOWN, _A.NOBODY,
        "The address is good (used in success reports).",
        "RFC 3463",
    ),
    "X.1.6": EnhancedRow(
        True, _R.MAILBOX_MOVED, _A.SENDER,
        "The mailbox used to exist and has moved; no new address is given.",
        "RFC 3463",
    ),
    "X.1.7": EnhancedRow(
        True, _R.SENDER_REFUSED, _A.SENDER_ADMIN,
        "The sender address is not written correctly.",
        "RFC 3463",
    ),
    "X.1.8": EnhancedRow(
        True, _R.SENDER_REFUSED, _A.SENDER_ADMIN,
        "The sender's domain does not exist or cannot take replies.",
        "RFC 3463",
    ),
    "X.1.9": EnhancedRow(
        False, _R.UNKNOWN, _A.NOBODY,
        "Handed on to a system that gives no delivery reports; nothing more is known.",
        "RFC 3886",
    ),
    "X.1.10": EnhancedRow(
        True, _R.DOMAIN_ACCEPTS_NO_MAIL, _A.SENDER,
        "The recipient domain publishes a null MX: it takes no mail.",
        "RFC 7505",
    ),
    "X.2.0": EnhancedRow(
        False, _R.MAILBOX_DISABLED, _A.RECIPIENT,
        "The mailbox exists but something about it stopped delivery.",
        "RFC 3463",
    ),
    "X.2.1": EnhancedRow(
        True, _R.MAILBOX_DISABLED, _A.RECIPIENT,
        "The mailbox exists but is switched off.",
        "RFC 3463",
    ),
    "X.2.2": EnhancedRow(
        True, _R.MAILBOX_FULL, _A.RECIPIENT,
        "The mailbox is full.",
        "RFC 3463",
    ),
    "X.2.3": EnhancedRow(
        True, _R.MESSAGE_TOO_LARGE, _A.SENDER,
        "The message is larger than this mailbox accepts.",
        "RFC 3463",
    ),
    "X.2.4": EnhancedRow(
        True, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "A mailing list could not be expanded.",
        "RFC 3463",
    ),
    "X.3.0": EnhancedRow(
        False, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "Something about the receiving system, not further described.",
        "RFC 3463",
    ),
    "X.3.1": EnhancedRow(
        True, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "The receiving system has no storage left.",
        "RFC 3463",
    ),
    "X.3.2": EnhancedRow(
        True, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "The receiving host takes no network mail now (or ever).",
        "RFC 3463",
    ),
    "X.3.3": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER,
        "The receiving system cannot do something the message asks for.",
        "RFC 3463",
    ),
    "X.3.4": EnhancedRow(
        True, _R.MESSAGE_TOO_LARGE, _A.SENDER,
        "The message is larger than the system accepts.",
        "RFC 3463",
    ),
    "X.3.5": EnhancedRow(
        True, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "The system is set up so that it cannot take this message.",
        "RFC 3463",
    ),
    "X.3.6": EnhancedRow(
        False, _R.UNKNOWN, _A.NOBODY,
        "Accepted, but with another priority than requested.",
        "RFC 6710",
    ),
    "X.4.0": EnhancedRow(
        False, _R.CONNECTION_FAILED, _A.SENDER_ADMIN,
        "A network or routing problem that was not described.",
        "RFC 3463",
    ),
    "X.4.1": EnhancedRow(
        True, _R.CONNECTION_FAILED, _A.RECIPIENT_ADMIN,
        "The receiving host did not answer.",
        "RFC 3463",
    ),
    "X.4.2": EnhancedRow(
        True, _R.CONNECTION_FAILED, _A.NOBODY,
        "The connection broke before the message was through.",
        "RFC 3463",
    ),
    "X.4.3": EnhancedRow(
        True, _R.DNS_FAILURE, _A.RECIPIENT_ADMIN,
        "A directory server (normally DNS) failed.",
        "RFC 3463",
    ),
    "X.4.4": EnhancedRow(
        True, _R.DNS_FAILURE, _A.RECIPIENT_ADMIN,
        "No route: the next hop could not be worked out.",
        "RFC 3463",
    ),
    "X.4.5": EnhancedRow(
        True, _R.SYSTEM_ERROR, _A.NOBODY,
        "The mail system is overloaded.",
        "RFC 3463",
    ),
    "X.4.6": EnhancedRow(
        True, _R.MAIL_LOOP, _A.RECIPIENT_ADMIN,
        "The message is going round in a loop.",
        "RFC 3463",
    ),
    "X.4.7": EnhancedRow(
        True, _R.DELIVERY_EXPIRED, _A.RECIPIENT_ADMIN,
        "The message waited too long and was given up.",
        "RFC 3463",
    ),
    "X.5.0": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A protocol error that was not described.",
        "RFC 3463",
    ),
    "X.5.1": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A command was unknown or came at the wrong time.",
        "RFC 3463",
    ),
    "X.5.2": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A command could not be understood.",
        "RFC 3463",
    ),
    "X.5.3": EnhancedRow(
        True, _R.RATE_LIMITED, _A.SENDER,
        "Too many recipients in one message.",
        "RFC 3463",
    ),
    "X.5.4": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A command had unacceptable options.",
        "RFC 3463",
    ),
    "X.5.5": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "The two sides use incompatible protocol versions.",
        "RFC 3463",
    ),
    "X.5.6": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER,
        "A login answer was longer than the server can hold.",
        "RFC 4954",
    ),
    "X.6.0": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER,
        "Something about the content makes the message undeliverable.",
        "RFC 3463",
    ),
    "X.6.1": EnhancedRow(
        False, _R.ATTACHMENT_REFUSED, _A.SENDER,
        "This kind of content is not supported.",
        "RFC 3463",
    ),
    "X.6.2": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER,
        "The content would have to be converted, and that is forbidden.",
        "RFC 3463",
    ),
    "X.6.3": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER,
        "The content would have to be converted, and the server cannot do it.",
        "RFC 3463",
    ),
    "X.6.4": EnhancedRow(
        False, _R.UNKNOWN, _A.NOBODY,
        "Delivered, but converting it lost something.",
        "RFC 3463",
    ),
    "X.6.5": EnhancedRow(
        False, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "Converting the content failed.",
        "RFC 3463",
    ),
    "X.6.6": EnhancedRow(
        False, _R.SYSTEM_ERROR, _A.SENDER_ADMIN,
        "The content had to be fetched from elsewhere and was not available.",
        "RFC 4468",
    ),
    "X.6.7": EnhancedRow(
        True, _R.FORMAT_REFUSED, _A.SENDER,
        "Non-ASCII addresses are not accepted for this sender or recipient.",
        "RFC 6531",
    ),
    "X.6.8": EnhancedRow(
        True, _R.FORMAT_REFUSED, _A.SENDER_ADMIN,
        "The server would have to answer in UTF-8 and the client did not allow it.",
        "RFC 6531",
    ),
    "X.6.9": EnhancedRow(
        True, _R.FORMAT_REFUSED, _A.SENDER,
        "A message with UTF-8 headers cannot go to one or more recipients.",
        "RFC 6531",
    ),
    "X.6.10": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER_ADMIN,
        "Deprecated duplicate of X.6.8.",
        "RFC 6531",
    ),
    "X.7.0": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "A security refusal that was not described.",
        "RFC 3463",
    ),
    "X.7.1": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "Not authorised: the message was refused by a rule.",
        "RFC 3463",
    ),
    "X.7.2": EnhancedRow(
        True, _R.SENDER_NOT_ALLOWED, _A.SENDER,
        "You may not send to this mailing list.",
        "RFC 3463",
    ),
    "X.7.3": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.RECIPIENT_ADMIN,
        "A change between secure-mail methods was needed and impossible.",
        "RFC 3463",
    ),
    "X.7.4": EnhancedRow(
        True, _R.TLS_FAILED, _A.SENDER_ADMIN,
        "A requested security feature is not supported.",
        "RFC 3463",
    ),
    "X.7.5": EnhancedRow(
        True, _R.TLS_FAILED, _A.RECIPIENT_ADMIN,
        "Cryptography failed: a key or certificate was missing or wrong.",
        "RFC 3463",
    ),
    "X.7.6": EnhancedRow(
        True, _R.TLS_FAILED, _A.SENDER_ADMIN,
        "The needed cryptographic algorithm is not supported.",
        "RFC 3463",
    ),
    "X.7.7": EnhancedRow(
        False, _R.FORMAT_REFUSED, _A.SENDER_ADMIN,
        "The message was damaged or altered on the way.",
        "RFC 3463",
    ),
    "X.7.8": EnhancedRow(
        True, _R.PROTOCOL_ERROR, _A.SENDER,
        "The login data are wrong or not enough.",
        "RFC 4954",
    ),
    "X.7.9": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER,
        "The login method is too weak for this account.",
        "RFC 4954",
    ),
    "X.7.10": EnhancedRow(
        True, _R.TLS_FAILED, _A.SENDER,
        "Encryption is needed before this login method may be used.",
        "RFC 5248",
    ),
    "X.7.11": EnhancedRow(
        True, _R.TLS_FAILED, _A.SENDER,
        "This login method is only allowed over an encrypted connection.",
        "RFC 4954",
    ),
    "X.7.12": EnhancedRow(
        False, _R.PROTOCOL_ERROR, _A.SENDER,
        "The password must be renewed for a new login method.",
        "RFC 4954",
    ),
    "X.7.13": EnhancedRow(
        False, _R.ACCOUNT_RESTRICTED, _A.SENDER_ADMIN,
        "The account that logged in has been disabled.",
        "RFC 5248",
    ),
    "X.7.14": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "The submission server does not trust the server holding the text.",
        "RFC 5248",
    ),
    "X.7.15": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.SENDER,
        "The priority of the message is too low just now.",
        "RFC 6710",
    ),
    "X.7.16": EnhancedRow(
        True, _R.MESSAGE_TOO_LARGE, _A.SENDER,
        "The message is too big for its priority.",
        "RFC 6710",
    ),
    "X.7.17": EnhancedRow(
        True, _R.MAILBOX_MOVED, _A.SENDER,
        "The mailbox has changed hands since the date the sender named.",
        "RFC 7293",
    ),
    "X.7.18": EnhancedRow(
        True, _R.MAILBOX_MOVED, _A.SENDER,
        "The recipient domain has changed hands since the date the sender named.",
        "RFC 7293",
    ),
    "X.7.19": EnhancedRow(
        False, _R.POLICY_REFUSED, _A.SENDER,
        "The ownership date could not be checked.",
        "RFC 7293",
    ),
    "X.7.20": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "No DKIM signature on the message was valid.",
        "RFC 7372",
    ),
    "X.7.21": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "There are valid DKIM signatures, but none the receiver accepts.",
        "RFC 7372",
    ),
    "X.7.22": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "No valid DKIM signature matches the From address.",
        "RFC 7372",
    ),
    "X.7.23": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "SPF says this server may not send for that domain.",
        "RFC 7372",
    ),
    "X.7.24": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "SPF could not be evaluated.",
        "RFC 7372",
    ),
    "X.7.25": EnhancedRow(
        True, _R.REVERSE_DNS, _A.SENDER_ADMIN,
        "The sending server's reverse DNS is missing or does not match.",
        "RFC 7372",
    ),
    "X.7.26": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.SENDER_ADMIN,
        "More than one sender check (SPF, DKIM) failed, as for a DMARC refusal.",
        "RFC 7372",
    ),
    "X.7.27": EnhancedRow(
        True, _R.SENDER_REFUSED, _A.SENDER_ADMIN,
        "The sender's domain publishes a null MX, so no bounce could be returned.",
        "RFC 7505",
    ),
    "X.7.28": EnhancedRow(
        True, _R.RATE_LIMITED, _A.SENDER_ADMIN,
        "The message looks like part of a flood of similar mail.",
        "an expired Internet-Draft",
    ),
    "X.7.29": EnhancedRow(
        True, _R.AUTHENTICATION_FAILED, _A.RECIPIENT_ADMIN,
        "ARC validation failed.",
        "RFC 8617",
    ),
    "X.7.30": EnhancedRow(
        True, _R.TLS_FAILED, _A.SENDER,
        "The message demands REQUIRETLS and the next server does not offer it.",
        "RFC 8689",
    ),
}  # fmt: skip
