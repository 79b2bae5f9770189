"""What a code alone says about the reason, as servers use it, and whether words and code agree.

Rule: a number is weak evidence. An enhanced status is specific where servers mostly mean what RFC 3463 says; the rest
(X.0.0, X.7.1, X.5.0 ...) only names a field. A reply code needs the command that it answered (RFC 5321 4.3.2), and
never proves an address dead.
"""

from typing import Final, NamedTuple

from bounce_milter.vocabulary import Class, Reason

R = Reason


class Coded(NamedTuple):
    """The reason by code, the code it stands on, and whether it is specific and enough to call an address dead."""

    reason: Reason
    code: str | None
    specific: bool
    proves_dead: bool = False


NOTHING: Final = Coded(R.UNKNOWN, None, False)

_DEAD: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})

# Subject and detail -> reason, where most servers mean it (RFC 3463 3, and the registry of RFC 5248).
_SPECIFIC: Final = {
    "1.1": R.USER_UNKNOWN, "1.2": R.DOMAIN_UNKNOWN, "1.3": R.BAD_ADDRESS_SYNTAX, "1.4": R.USER_UNKNOWN,
    "1.6": R.MAILBOX_MOVED, "1.7": R.SENDER_REFUSED, "1.8": R.SENDER_REFUSED, "1.10": R.DOMAIN_ACCEPTS_NO_MAIL,
    "2.1": R.MAILBOX_DISABLED, "2.2": R.MAILBOX_FULL, "2.3": R.MESSAGE_TOO_LARGE, "2.4": R.SYSTEM_ERROR,
    "3.1": R.SYSTEM_ERROR, "3.2": R.SYSTEM_ERROR, "3.4": R.MESSAGE_TOO_LARGE, "3.5": R.SYSTEM_ERROR,
    "4.1": R.CONNECTION_FAILED, "4.2": R.CONNECTION_FAILED, "4.3": R.DNS_FAILURE, "4.4": R.DNS_FAILURE,
    "4.5": R.SYSTEM_ERROR, "4.6": R.MAIL_LOOP, "4.7": R.DELIVERY_EXPIRED,
    "5.3": R.RATE_LIMITED, "6.7": R.FORMAT_REFUSED, "6.8": R.FORMAT_REFUSED, "6.9": R.FORMAT_REFUSED,
    "7.2": R.SENDER_NOT_ALLOWED, "7.4": R.TLS_FAILED, "7.5": R.TLS_FAILED, "7.6": R.TLS_FAILED, "7.8": R.PROTOCOL_ERROR,
    "7.10": R.TLS_FAILED, "7.11": R.TLS_FAILED, "7.16": R.MESSAGE_TOO_LARGE, "7.17": R.MAILBOX_MOVED,
    "7.18": R.MAILBOX_MOVED, "7.20": R.AUTHENTICATION_FAILED, "7.21": R.AUTHENTICATION_FAILED,
    "7.22": R.AUTHENTICATION_FAILED, "7.23": R.AUTHENTICATION_FAILED, "7.24": R.AUTHENTICATION_FAILED,
    "7.25": R.REVERSE_DNS, "7.26": R.AUTHENTICATION_FAILED, "7.27": R.SENDER_REFUSED, "7.28": R.RATE_LIMITED,
    "7.29": R.AUTHENTICATION_FAILED, "7.30": R.TLS_FAILED,
}  # fmt: skip

# Details that only name their field: what they make likely where there is nothing better.
_VAGUE: Final = {
    "1.0": R.USER_UNKNOWN, "2.0": R.MAILBOX_DISABLED, "3.0": R.SYSTEM_ERROR, "3.3": R.SYSTEM_ERROR, "4.0": R.CONNECTION_FAILED,
    "5.0": R.PROTOCOL_ERROR, "5.1": R.PROTOCOL_ERROR, "5.2": R.PROTOCOL_ERROR, "5.4": R.PROTOCOL_ERROR,
    "5.5": R.PROTOCOL_ERROR, "5.6": R.PROTOCOL_ERROR, "6.0": R.FORMAT_REFUSED, "6.1": R.FORMAT_REFUSED,
    "6.2": R.FORMAT_REFUSED, "6.3": R.FORMAT_REFUSED, "6.5": R.FORMAT_REFUSED, "6.6": R.SYSTEM_ERROR,
    "7.0": R.POLICY_REFUSED, "7.1": R.POLICY_REFUSED, "7.3": R.POLICY_REFUSED, "7.7": R.POLICY_REFUSED,
    "7.9": R.POLICY_REFUSED, "7.12": R.PROTOCOL_ERROR, "7.13": R.MAILBOX_DISABLED, "7.14": R.POLICY_REFUSED,
    "7.15": R.POLICY_REFUSED, "7.19": R.POLICY_REFUSED,
}  # fmt: skip

# Reply code, alone or with the command that it answered (RFC 5321 4.2.2, 4.3.2).
_REPLIES: Final = {
    "421": R.SYSTEM_ERROR, "450": R.SYSTEM_ERROR, "451": R.SYSTEM_ERROR, "452": R.SYSTEM_ERROR, "452 RCPT": R.MAILBOX_FULL,
    "454": R.TLS_FAILED, "455": R.SYSTEM_ERROR, "432": R.RATE_LIMITED,
    "500": R.PROTOCOL_ERROR, "501": R.PROTOCOL_ERROR, "501 RCPT": R.BAD_ADDRESS_SYNTAX, "501 MAIL": R.SENDER_REFUSED,
    "502": R.PROTOCOL_ERROR, "503": R.PROTOCOL_ERROR, "504": R.PROTOCOL_ERROR, "521": R.DOMAIN_ACCEPTS_NO_MAIL,
    "523": R.TLS_FAILED, "530": R.PROTOCOL_ERROR, "534": R.PROTOCOL_ERROR, "535": R.PROTOCOL_ERROR, "538": R.TLS_FAILED,
    "541": R.POLICY_REFUSED, "550 RCPT": R.USER_UNKNOWN, "550 MAIL": R.SENDER_REFUSED, "550 DATA": R.POLICY_REFUSED,
    "550 CONN": R.POLICY_REFUSED, "550 EHLO": R.POLICY_REFUSED, "551": R.USER_UNKNOWN, "552": R.MESSAGE_TOO_LARGE,
    "552 RCPT": R.MAILBOX_FULL, "553 RCPT": R.BAD_ADDRESS_SYNTAX, "553 MAIL": R.SENDER_REFUSED, "554 CONN": R.POLICY_REFUSED,
    "554 MAIL": R.SENDER_REFUSED, "554 DATA": R.POLICY_REFUSED, "554 RCPT": R.POLICY_REFUSED, "555": R.PROTOCOL_ERROR,
    "556": R.DOMAIN_ACCEPTS_NO_MAIL, "571": R.POLICY_REFUSED,
}  # fmt: skip


def judge(reply: str | None, status: str | None, command: str | None) -> Coded:
    """Return what the codes alone say: the status where it is more than X.0.0, else the reply with its command."""
    if status:
        detail = status[2:]
        reason = _SPECIFIC.get(detail)
        if reason is not None:
            if detail == "4.4" and status[0] == "5":
                reason = R.DOMAIN_UNKNOWN
            return Coded(reason, status, True, status in _DEAD and (reply is None or reply[0] == "5"))
        # A passing protocol error (4.5.z) is none: the reply code says more.
        reason = _VAGUE.get(detail) if status[0] == "5" or detail[0] != "5" else None
        if reason is not None:
            return Coded(reason, status, False)
    if reply:
        reason = _REPLIES.get(f"{reply} {command}") or _REPLIES.get(reply)
        return Coded(reason or R.UNKNOWN, reply, False)
    return Coded(R.UNKNOWN, status, False)


def final(reply: str | None, status: str | None) -> Class | None:
    """Return what the first digit says: the reply's wins over the status' (Postfix holds to it too); None without."""
    digit = (reply or status or " ")[0]
    return Class.PERMANENT if digit == "5" else Class.TRANSIENT if digit == "4" else None


_ADDRESS: Final = {R.USER_UNKNOWN, R.BAD_ADDRESS_SYNTAX, R.MAILBOX_MOVED, R.MAILBOX_DISABLED, R.DOMAIN_UNKNOWN}
_FIELDS: Final = {
    "1": _ADDRESS | {R.DOMAIN_ACCEPTS_NO_MAIL, R.SENDER_REFUSED},
    "2": {R.MAILBOX_DISABLED, R.MAILBOX_FULL, R.MAILBOX_MOVED, R.USER_UNKNOWN, R.MESSAGE_TOO_LARGE, R.SENDER_NOT_ALLOWED, R.RATE_LIMITED},
    "4": {R.DNS_FAILURE, R.CONNECTION_FAILED, R.DELIVERY_EXPIRED, R.MAIL_LOOP, R.DOMAIN_UNKNOWN, R.DOMAIN_ACCEPTS_NO_MAIL,
          R.SYSTEM_ERROR, R.RATE_LIMITED, R.TLS_FAILED, R.GREYLISTED},
    "6": {R.FORMAT_REFUSED, R.ATTACHMENT_REFUSED, R.VIRUS_FOUND, R.SPAM_CONTENT, R.SYSTEM_ERROR, R.MESSAGE_TOO_LARGE},
    "7": set(R) - _ADDRESS - {R.MAILBOX_FULL, R.DNS_FAILURE, R.DELIVERY_EXPIRED, R.MAIL_LOOP, R.DOMAIN_ACCEPTS_NO_MAIL},
}  # fmt: skip
_EXACT: Final = {
    "1.1": {R.USER_UNKNOWN, R.MAILBOX_DISABLED, R.MAILBOX_MOVED, R.BAD_ADDRESS_SYNTAX},
    "1.2": {R.DOMAIN_UNKNOWN, R.DNS_FAILURE, R.DOMAIN_ACCEPTS_NO_MAIL, R.BAD_ADDRESS_SYNTAX},
    "2.2": {R.MAILBOX_FULL},
}  # fmt: skip

_SAYS: Final = {
    R.USER_UNKNOWN: "there is no such mailbox", R.BAD_ADDRESS_SYNTAX: "the address is malformed",
    R.MAILBOX_MOVED: "the mailbox has moved", R.MAILBOX_DISABLED: "the mailbox is disabled",
    R.MAILBOX_FULL: "the mailbox is full", R.DOMAIN_UNKNOWN: "there is no such domain",
    R.DOMAIN_ACCEPTS_NO_MAIL: "the domain takes no mail", R.DNS_FAILURE: "a DNS lookup failed",
    R.CONNECTION_FAILED: "no connection could be made", R.DELIVERY_EXPIRED: "time ran out", R.MAIL_LOOP: "mail goes in circles",
    R.RELAY_DENIED: "the server does not relay", R.GREYLISTED: "come back later", R.RATE_LIMITED: "too much mail too fast",
    R.SYSTEM_ERROR: "the mail system has a fault", R.MESSAGE_TOO_LARGE: "the message is too large",
    R.ATTACHMENT_REFUSED: "an attachment is refused", R.VIRUS_FOUND: "a virus was found",
    R.SPAM_CONTENT: "the content looks like spam", R.BLOCKLISTED: "the sending server is blocked",
    R.AUTHENTICATION_FAILED: "SPF, DKIM or DMARC failed", R.REVERSE_DNS: "the sending server's DNS names are wrong",
    R.TLS_FAILED: "encryption failed", R.SENDER_REFUSED: "the sender address is refused",
    R.SENDER_NOT_ALLOWED: "this sender may not write there", R.POLICY_REFUSED: "policy forbids it",
    R.FORMAT_REFUSED: "the message's format is refused", R.PROTOCOL_ERROR: "a command was not accepted",
    R.ACCOUNT_RESTRICTED: "the sender's account is restricted", R.UNKNOWN: "nothing",
}  # fmt: skip


def disagreement(reason: Reason, class_: Class, reply: str | None, status: str | None) -> str | None:
    """Return in English where the codes contradict *reason*, which the words gave, or each other; None: they agree."""
    if status and status[2:] != "0.0":
        field = status[2:].partition(".")[0]
        fits = _EXACT.get(status[2:]) or _FIELDS.get(field)
        coded = _SPECIFIC.get(status[2:]) or _VAGUE.get(status[2:])
        if fits is not None and reason not in fits and coded is not None and coded is not reason:
            return f"the code {status} says that {_SAYS[coded]}, the words say that {_SAYS[reason]}; the words are believed"
    if reply and status and reply[0] != status[0]:
        return f"the reply code {reply} and the status {status} contradict each other; the reply code is believed"
    code = reply or status
    if code and code[0] == "4" and class_ is Class.TRANSIENT and reason in _ADDRESS:
        return f"the code {code} says to try again later, the words say that {_SAYS[reason]}"
    if code and code[0] == "5" and reason in (R.GREYLISTED, R.RATE_LIMITED):
        return f"the code {code} says for good, the words say that {_SAYS[reason]}; the words are believed"
    return None
