"""What a code alone says about the reason, as servers use it, and whether words and code agree.

Rule: a number is weak evidence. An enhanced status is specific where servers mostly mean what RFC 3463 says; the rest
(X.0.0, X.7.1, X.5.0 ...) only names a field. A reply code needs the command that it answered (RFC 5321 4.3.2), and
never proves an address dead.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from bounce_milter import limits
from bounce_milter.codes import ENHANCED_CODES, REPLY_CODES, registered
from bounce_milter.reply.verbs import GREETINGS
from bounce_milter.vocabulary import Class, Reason

R = Reason


class Coded(NamedTuple):
    """The reason by code, the code it stands on, and whether it is specific and enough to call an address dead.

    or_else   what others mean by it, who say so in their words
    """

    reason: Reason
    code: str | None
    specific: bool
    proves_dead: bool = False
    or_else: Reason | None = None


# Where servers mostly mean another thing than the registry, and where a detail changes with its class.
_IN_PRACTICE: Final = {
    "4.3.2": R.SYSTEM_ERROR, "5.3.2": R.DOMAIN_ACCEPTS_NO_MAIL, "4.4.4": R.DNS_FAILURE, "5.4.4": R.DOMAIN_UNKNOWN,
    "4.7.9": R.POLICY_REFUSED, "5.7.9": R.POLICY_REFUSED, "4.7.13": R.MAILBOX_DISABLED, "5.7.13": R.MAILBOX_DISABLED,
}  # fmt: skip

_DEAD: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})

# With 556 it tells of a null MX (RFC 7505 4.2); with 550, as Exchange writes it, nobody was found at that address.
_NOBODY_FOUND: Final = ("550", "5.1.10")

# Replies to a login (RFC 4954 6): it is the own one that failed, whatever a status beside them means elsewhere.
_OF_LOGIN: Final = frozenset({"534", "535", "538"})

# What a reply code makes likely with the command that it answered (RFC 5321 4.3.2).
_COMMANDED: Final = {
    "452 RCPT": R.MAILBOX_FULL, "501 RCPT": R.BAD_ADDRESS_SYNTAX, "501 MAIL": R.SENDER_REFUSED,
    "550 RCPT": R.USER_UNKNOWN, "550 MAIL": R.SENDER_REFUSED, "550 DATA": R.POLICY_REFUSED,
    "551 RCPT": R.USER_UNKNOWN,
    "552 RCPT": R.MAILBOX_FULL, "552 MAIL": R.MESSAGE_TOO_LARGE, "552 DATA": R.MESSAGE_TOO_LARGE,
    "553 RCPT": R.BAD_ADDRESS_SYNTAX, "553 MAIL": R.SENDER_REFUSED,
    "554 MAIL": R.SENDER_REFUSED, "554 RCPT": R.POLICY_REFUSED, "554 DATA": R.POLICY_REFUSED,
    **{f"{code} {greeting}": R.POLICY_REFUSED for code in ("550", "554") for greeting in GREETINGS},
}  # fmt: skip

# What the registry, as used, says about each status; the classes of failure are 4 and 5 (RFC 3463 2).
_REASONS: Final = {
    f"{digit}.{key[2:]}": _IN_PRACTICE.get(f"{digit}.{key[2:]}", row.reason)
    for digit in "45"
    for key, row in ENHANCED_CODES.items()
}

# Reading a member of an enumeration runs Python code up to 3.11; here it is read for every reply.
_UNKNOWN: Final = R.UNKNOWN
_USER_UNKNOWN: Final = R.USER_UNKNOWN
_PERMANENT: Final = Class.PERMANENT
_TRANSIENT: Final = Class.TRANSIENT


@lru_cache(limits.KNOWN_CODES)
def judge(reply: str | None, status: str | None, command: str | None) -> Coded:
    """Return what the codes alone say: the status where it is more than X.0.0, else the reply with its command."""
    # A server that refuses was reached: with a 5yz, Exchange and others write 5.4.1 for any refusal of theirs.
    if status and not (status == "5.4.1" and reply and reply[0] == "5"):
        reason = _REASONS.get(status, _UNKNOWN)
        if (reply, status) == _NOBODY_FOUND:
            return Coded(_USER_UNKNOWN, status, True, True, reason)
        if is_specific(status):
            return Coded(reason, status, True, status in _DEAD and (reply is None or reply[0] == "5"))
        # A passing protocol error (4.5.z) is none: the reply code says more.
        if reason is not _UNKNOWN and not status.startswith("4.5.") and reply not in _OF_LOGIN:
            return Coded(reason, status, False)
    if reply:
        row = REPLY_CODES.get(reply)
        reason = _COMMANDED.get(f"{reply} {command}") or (row.reason if row else _UNKNOWN)
        return Coded(reason, reply, False)
    return Coded(_UNKNOWN, status, False)


def final(reply: str | None, status: str | None) -> Class | None:
    """Return what the first digit says: the reply's wins over the status' (Postfix holds to it too); None without."""
    digit = (reply or status or " ")[0]
    return _PERMANENT if digit == "5" else _TRANSIENT if digit == "4" else None


# Which reasons a status fits: by its subject, and closer where a detail says one thing only.
_ADDRESS: Final = {R.USER_UNKNOWN, R.BAD_ADDRESS_SYNTAX, R.MAILBOX_MOVED, R.MAILBOX_DISABLED, R.DOMAIN_UNKNOWN}
_FIELDS: Final = {
    "1": _ADDRESS | {R.DOMAIN_ACCEPTS_NO_MAIL, R.SENDER_REFUSED},
    "2": {R.MAILBOX_DISABLED, R.MAILBOX_FULL, R.MAILBOX_MOVED, R.USER_UNKNOWN, R.MESSAGE_TOO_LARGE,
          R.SENDER_NOT_ALLOWED, R.RATE_LIMITED},
    "4": {R.DNS_FAILURE, R.CONNECTION_FAILED, R.DELIVERY_EXPIRED, R.MAIL_LOOP, R.DOMAIN_UNKNOWN,
          R.DOMAIN_ACCEPTS_NO_MAIL, R.SYSTEM_ERROR, R.RATE_LIMITED, R.TLS_FAILED, R.GREYLISTED},
    "6": {R.FORMAT_REFUSED, R.ATTACHMENT_REFUSED, R.VIRUS_FOUND, R.SPAM_CONTENT, R.SYSTEM_ERROR, R.MESSAGE_TOO_LARGE},
    "7": set(R) - _ADDRESS - {R.MAILBOX_FULL, R.DNS_FAILURE, R.DELIVERY_EXPIRED, R.MAIL_LOOP, R.DOMAIN_ACCEPTS_NO_MAIL},
}  # fmt: skip
_EXACT: Final = {
    "1.1": {R.USER_UNKNOWN, R.MAILBOX_DISABLED, R.MAILBOX_MOVED, R.BAD_ADDRESS_SYNTAX},
    "1.2": {R.DOMAIN_UNKNOWN, R.DNS_FAILURE, R.DOMAIN_ACCEPTS_NO_MAIL, R.BAD_ADDRESS_SYNTAX, R.USER_UNKNOWN},
    "1.4": _ADDRESS | {R.SYSTEM_ERROR},  # ambiguous: neither is the address wrong nor the mailbox missing
    "1.8": _ADDRESS | {R.DOMAIN_ACCEPTS_NO_MAIL, R.SENDER_REFUSED, R.ACCOUNT_RESTRICTED},  # Exchange: a hacked account
    "2.2": {R.MAILBOX_FULL, R.RATE_LIMITED},  # Exchange: of the sender's quota too
    "4.5": {R.SYSTEM_ERROR, R.RATE_LIMITED, R.ACCOUNT_RESTRICTED},  # Gmail: the limit of the sender's account
    # Sendmail says it of the recipient's null MX too, Gmail of SPF
    "7.27": {R.SENDER_REFUSED, R.DOMAIN_ACCEPTS_NO_MAIL, R.AUTHENTICATION_FAILED},
}  # fmt: skip

_SAYS: Final = {
    R.USER_UNKNOWN: "there is no such mailbox", R.BAD_ADDRESS_SYNTAX: "the address is malformed",
    R.MAILBOX_MOVED: "the mailbox has moved", R.MAILBOX_DISABLED: "the mailbox is disabled",
    R.MAILBOX_FULL: "the mailbox is full", R.DOMAIN_UNKNOWN: "there is no such domain",
    R.DOMAIN_ACCEPTS_NO_MAIL: "the domain takes no mail", R.DNS_FAILURE: "a DNS lookup failed",
    R.CONNECTION_FAILED: "no connection could be made", R.DELIVERY_EXPIRED: "time ran out",
    R.MAIL_LOOP: "mail goes in circles", R.RELAY_DENIED: "the server does not relay",
    R.GREYLISTED: "it is too early", R.RATE_LIMITED: "too much mail came too fast",
    R.SYSTEM_ERROR: "the mail system has a fault", R.MESSAGE_TOO_LARGE: "the message is too large",
    R.ATTACHMENT_REFUSED: "an attachment is refused", R.VIRUS_FOUND: "a virus was found",
    R.SPAM_CONTENT: "the content looks like spam", R.BLOCKLISTED: "the sending server is blocked",
    R.AUTHENTICATION_FAILED: "SPF, DKIM or DMARC failed", R.REVERSE_DNS: "the sending server's DNS names are wrong",
    R.TLS_FAILED: "encryption failed", R.SENDER_REFUSED: "the sender address is refused",
    R.SENDER_NOT_ALLOWED: "this sender may not write there", R.POLICY_REFUSED: "policy forbids it",
    R.FORMAT_REFUSED: "the message's format is refused", R.PROTOCOL_ERROR: "a command was not accepted",
    R.ACCOUNT_RESTRICTED: "the sender's account is restricted", R.UNKNOWN: "nothing",
}  # fmt: skip


def is_specific(status: str) -> bool:
    """Say whether servers use the status as registered; any other only names a field."""
    found = registered(status)
    return found is not None and found[1].specific


def contradiction(reply: str | None, status: str | None) -> str | None:
    """Return in English that the codes contradict each other, None where they do not."""
    if reply and status and reply[0] != status[0]:
        return f"the reply code {reply} and the status {status} contradict each other; the reply code is believed"
    return None


@lru_cache(limits.KNOWN_CODES)
def disagreement(reason: Reason, class_: Class, reply: str | None, status: str | None) -> str | None:
    """Return in English where the codes contradict *reason*, which the words gave, or each other; None: they agree."""
    words = _SAYS[reason]
    coded = _REASONS.get(status or "", _UNKNOWN)
    exact = _EXACT.get((status or "")[2:])
    if status and coded is not _UNKNOWN and coded is not reason:
        fits = exact or _FIELDS.get(status[2:].partition(".")[0])
        if fits is not None and reason not in fits:
            return f"the code {status} says that {_SAYS[coded]}, the words say that {words}; the words are believed"
    if told := contradiction(reply, status):
        return told
    code = reply or status
    if code and code[0] == "4" and class_ is _TRANSIENT and reason in _ADDRESS:
        return f"the code {code} says to try again later, the words say that {words}"
    if (
        code
        and code[0] == "5"
        and reason in (R.GREYLISTED, R.RATE_LIMITED)
        and coded is not reason
        and reason not in (exact or ())
    ):
        return f"the code {code} says for good, the words say that {words}; the words are believed"
    return None
