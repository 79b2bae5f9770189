"""Reply codes (RFC 5321 4.2): every one of the standard, its extensions, the registry and the wild, one row each.

Rule: a closed table. `reason` is what the code makes likely where nothing else is known, and UNKNOWN where it makes
nothing likely (550 and 554 are used for nearly everything). Many of the wild codes are Exchange's enhanced codes
with the dots lost: 511 is 5.1.1.
"""

from enum import StrEnum
from typing import Final

import msgspec

from bounce_milter.vocabulary import Act, Reason


class Origin(StrEnum):
    """Where a code comes from, or what is known of one that no table of ours holds."""

    STANDARD = "standard"
    EXTENSION = "extension"
    REGISTRY = "registry"
    DRAFT = "draft"
    FOLKLORE = "folklore"
    REGISTERED = "registered"
    DIGITS = "by digits"


class ReplyRow(msgspec.Struct, frozen=True):
    """One reply code: where it comes from, what it makes likely, who can act, what it means, who defines it."""

    origin: Origin
    reason: Reason
    act: Act
    meaning: str
    source: str


_O, _R, _A = Origin, Reason, Act

REPLY_CODES: Final[dict[str, ReplyRow]] = {
    "200": ReplyRow(
        _O.FOLKLORE, _R.UNKNOWN, _A.NOBODY,
        "An old or private success reply; treat like any 2yz.",
        "seen in the wild",
    ),
    "211": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Status or help text. No problem.",
        "RFC 5321 4.2.3",
    ),
    "214": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Help text. No problem.",
        "RFC 5321 4.2.3",
    ),
    "220": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Server ready; after STARTTLS it means that encryption may begin.",
        "RFC 5321 4.2.3",
    ),
    "221": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "The connection is closed normally.",
        "RFC 5321 4.2.3",
    ),
    "235": ReplyRow(
        _O.EXTENSION, _R.UNKNOWN, _A.NOBODY,
        "The login (SMTP AUTH) worked.",
        "RFC 4954 6",
    ),
    "250": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "The command worked. After the message text: the server took the message, which can still bounce later.",
        "RFC 5321 4.2.3",
    ),
    "251": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "The address has moved or is elsewhere; the server will pass the message on and names the new address.",
        "RFC 5321 4.2.3",
    ),
    "252": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Not confirmed, but accepted: the server takes the message and tries.",
        "RFC 5321 4.2.3",
    ),
    "253": ReplyRow(
        _O.EXTENSION, _R.UNKNOWN, _A.NOBODY,
        "Answer to a request to release queued mail: some messages are being sent.",
        "RFC 1985",
    ),
    "334": ReplyRow(
        _O.EXTENSION, _R.UNKNOWN, _A.NOBODY,
        "The server asks for the next step of a login.",
        "RFC 4954 4",
    ),
    "354": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Ready for the message text, which ends with a line that holds only a dot.",
        "RFC 5321 4.2.3",
    ),
    "400": ReplyRow(
        _O.FOLKLORE, _R.UNKNOWN, _A.NOBODY,
        "Some unspecified temporary problem; read the enhanced code and text.",
        "seen in the wild",
    ),
    "420": ReplyRow(
        _O.FOLKLORE, _R.UNKNOWN, _A.RECIPIENT_ADMIN,
        "A temporary problem; the text or enhanced code says which.",
        "seen in the wild",
    ),
    "421": ReplyRow(
        _O.STANDARD, _R.SYSTEM_ERROR, _A.NOBODY,
        "The server is not taking mail just now and hangs up: overload, maintenance or a limit.",
        "RFC 5321 4.2.3",
    ),
    "422": ReplyRow(
        _O.REGISTRY, _R.MAILBOX_FULL, _A.RECIPIENT,
        "Used for a full mailbox or an expired licence; the registry says password transition.",
        "IANA registry (RFC 5248)",
    ),
    "426": ReplyRow(
        _O.FOLKLORE, _R.CONNECTION_FAILED, _A.NOBODY,
        "A connection problem on the way.",
        "seen in the wild",
    ),
    "430": ReplyRow(
        _O.REGISTRY, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A command the server would not take at this point.",
        "IANA registry (RFC 5248)",
    ),
    "431": ReplyRow(
        _O.FOLKLORE, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "Receiving server is out of disk or memory.",
        "seen in the wild",
    ),
    "432": ReplyRow(
        _O.EXTENSION, _R.RATE_LIMITED, _A.SENDER,
        "At login: use the plain method once first. In a bounce with 4.3.2: too much mail for the mailbox at once.",
        "RFC 4954 6",
    ),
    "435": ReplyRow(
        _O.FOLKLORE, _R.PROTOCOL_ERROR, _A.NOBODY,
        "Login is temporarily impossible (the server's own problem); RFC 4954 would use 454.",
        "seen in the wild",
    ),
    "441": ReplyRow(
        _O.FOLKLORE, _R.CONNECTION_FAILED, _A.RECIPIENT_ADMIN,
        "The receiving server did not answer.",
        "seen in the wild",
    ),
    "442": ReplyRow(
        _O.FOLKLORE, _R.CONNECTION_FAILED, _A.NOBODY,
        "The connection broke in the middle.",
        "seen in the wild",
    ),
    "446": ReplyRow(
        _O.FOLKLORE, _R.MAIL_LOOP, _A.RECIPIENT_ADMIN,
        "The message is going round in a loop.",
        "seen in the wild",
    ),
    "447": ReplyRow(
        _O.FOLKLORE, _R.DELIVERY_EXPIRED, _A.RECIPIENT_ADMIN,
        "The message waited too long and was given up.",
        "seen in the wild",
    ),
    "449": ReplyRow(
        _O.FOLKLORE, _R.DNS_FAILURE, _A.SENDER_ADMIN,
        "The sending Exchange server could not route the message (DNS or connector set-up).",
        "seen in the wild",
    ),
    "450": ReplyRow(
        _O.STANDARD, _R.SYSTEM_ERROR, _A.NOBODY,
        "Not now: the mailbox is busy, or the server delays on purpose (greylisting, a limit).",
        "RFC 5321 4.2.3",
    ),
    "451": ReplyRow(
        _O.STANDARD, _R.SYSTEM_ERROR, _A.NOBODY,
        "A temporary fault or check at the recipient's server.",
        "RFC 5321 4.2.3",
    ),
    "452": ReplyRow(
        _O.STANDARD, _R.SYSTEM_ERROR, _A.NOBODY,
        "No room just now on the server or in the mailbox, or too many recipients at once.",
        "RFC 5321 4.2.3",
    ),
    "453": ReplyRow(
        _O.EXTENSION, _R.UNKNOWN, _A.NOBODY,
        "Answer to a request to hand over queued mail: there is none. Not about your message.",
        "RFC 2645",
    ),
    "454": ReplyRow(
        _O.EXTENSION, _R.TLS_FAILED, _A.NOBODY,
        "Login or TLS is not possible just now because of the server.",
        "RFC 4954 6",
    ),
    "455": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.NOBODY,
        "A requested option of MAIL or RCPT cannot be honoured just now.",
        "RFC 5321 4.2.3",
    ),
    "456": ReplyRow(
        _O.DRAFT, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "Not accepted over IPv6; the same message may be sent at once over IPv4.",
        "an Internet-Draft",
    ),
    "458": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A request to release queued mail failed. Not about your message.",
        "RFC 1985",
    ),
    "459": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "A request to release queued mail is not permitted.",
        "RFC 1985",
    ),
    "471": ReplyRow(
        _O.FOLKLORE, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "A filter delayed the message.",
        "seen in the wild",
    ),
    "498": ReplyRow(
        _O.FOLKLORE, _R.DNS_FAILURE, _A.RECIPIENT_ADMIN,
        "No mail server is published for the recipient domain.",
        "seen in the wild",
    ),
    "500": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "The server did not understand the command, or the line was too long.",
        "RFC 5321 4.2.3",
    ),
    "501": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER,
        "Something after the command is malformed, most often an e-mail address or HELO name.",
        "RFC 5321 4.2.3",
    ),
    "502": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "The server does not offer this command.",
        "RFC 5321 4.2.3",
    ),
    "503": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "Commands came in the wrong order; often only a follow-up of an earlier refusal that stands above it.",
        "RFC 5321 4.2.3",
    ),
    "504": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "An option of the command is not supported (unknown login method, short host name in HELO or address).",
        "RFC 5321 4.2.3",
    ),
    "505": ReplyRow(
        _O.FOLKLORE, _R.MAILBOX_DISABLED, _A.RECIPIENT,
        "The recipient account is suspended.",
        "seen in the wild",
    ),
    "510": ReplyRow(
        _O.FOLKLORE, _R.USER_UNKNOWN, _A.SENDER,
        "Bad address.",
        "seen in the wild",
    ),
    "511": ReplyRow(
        _O.FOLKLORE, _R.USER_UNKNOWN, _A.SENDER,
        "No such mailbox.",
        "seen in the wild",
    ),
    "512": ReplyRow(
        _O.FOLKLORE, _R.DOMAIN_UNKNOWN, _A.SENDER,
        "The recipient domain does not exist.",
        "seen in the wild",
    ),
    "513": ReplyRow(
        _O.FOLKLORE, _R.BAD_ADDRESS_SYNTAX, _A.SENDER,
        "The address is malformed.",
        "seen in the wild",
    ),
    "515": ReplyRow(
        _O.FOLKLORE, _R.USER_UNKNOWN, _A.SENDER,
        "Bad recipient address.",
        "seen in the wild",
    ),
    "517": ReplyRow(
        _O.FOLKLORE, _R.SENDER_REFUSED, _A.SENDER_ADMIN,
        "Problem with the sender address.",
        "seen in the wild",
    ),
    "520": ReplyRow(
        _O.DRAFT, _R.UNKNOWN, _A.SENDER_ADMIN,
        "Draft only; not expected in bounces.",
        "an Internet-Draft",
    ),
    "521": ReplyRow(
        _O.EXTENSION, _R.DOMAIN_ACCEPTS_NO_MAIL, _A.RECIPIENT_ADMIN,
        "This host never takes mail; or the server refused you and closed the connection.",
        "RFC 7504",
    ),
    "522": ReplyRow(
        _O.FOLKLORE, _R.MAILBOX_FULL, _A.RECIPIENT,
        "The recipient mailbox is over quota.",
        "seen in the wild",
    ),
    "523": ReplyRow(
        _O.EXTENSION, _R.TLS_FAILED, _A.SENDER,
        "Turn on TLS before logging in. At Gmail: the client sent commands too early after STARTTLS.",
        "RFC 5248",
    ),
    "524": ReplyRow(
        _O.REGISTRY, _R.PROTOCOL_ERROR, _A.SENDER,
        "Registry: use TLS for this login method. OpenSMTPD: a mailing list or alias could not be expanded.",
        "IANA registry (RFC 5248)",
    ),
    "525": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "The account that logged in is disabled; some servers also use it for a disabled RECIPIENT.",
        "RFC 5248",
    ),
    "530": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER,
        "Log in first, or switch on TLS first.",
        "RFC 4954 6",
    ),
    "531": ReplyRow(
        _O.FOLKLORE, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "The receiving system is full.",
        "seen in the wild",
    ),
    "532": ReplyRow(
        _O.FOLKLORE, _R.SYSTEM_ERROR, _A.RECIPIENT_ADMIN,
        "The receiving system takes no mail.",
        "seen in the wild",
    ),
    "533": ReplyRow(
        _O.REGISTRY, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "Ambiguous; read the text.",
        "IANA registry (RFC 5248)",
    ),
    "534": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER,
        "The login method is not allowed for this account.",
        "RFC 4954 6",
    ),
    "535": ReplyRow(
        _O.EXTENSION, _R.PROTOCOL_ERROR, _A.SENDER,
        "Wrong user name or password for the sending server.",
        "RFC 4954 6",
    ),
    "538": ReplyRow(
        _O.EXTENSION, _R.TLS_FAILED, _A.SENDER,
        "Use TLS, then log in again.",
        "RFC 4954 6",
    ),
    "540": ReplyRow(
        _O.FOLKLORE, _R.MAILBOX_DISABLED, _A.RECIPIENT,
        "At Rambler: the recipient account is inactive or blocked.",
        "seen in the wild",
    ),
    "541": ReplyRow(
        _O.FOLKLORE, _R.POLICY_REFUSED, _A.RECIPIENT_ADMIN,
        "The recipient domain's own filter rejected the message.",
        "seen in the wild",
    ),
    "542": ReplyRow(
        _O.FOLKLORE, _R.USER_UNKNOWN, _A.SENDER,
        "At MessageLabs: the address does not exist or is not accepted.",
        "seen in the wild",
    ),
    "543": ReplyRow(
        _O.FOLKLORE, _R.DNS_FAILURE, _A.SENDER_ADMIN,
        "No route to the recipient.",
        "seen in the wild",
    ),
    "544": ReplyRow(
        _O.FOLKLORE, _R.DNS_FAILURE, _A.SENDER_ADMIN,
        "No route to the recipient.",
        "seen in the wild",
    ),
    "546": ReplyRow(
        _O.FOLKLORE, _R.MAIL_LOOP, _A.RECIPIENT_ADMIN,
        "The message is looping.",
        "seen in the wild",
    ),
    "547": ReplyRow(
        _O.FOLKLORE, _R.DELIVERY_EXPIRED, _A.RECIPIENT_ADMIN,
        "Delivery took too long and was given up.",
        "seen in the wild",
    ),
    "550": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "Refused: no such mailbox, or blocked by policy, spam or relaying rules. Enhanced code and words tell which.",
        "RFC 5321 4.2.3",
    ),
    "551": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.SENDER,
        "The address is not here and is not forwarded; the server may name another address to try.",
        "RFC 5321 4.2.3",
    ),
    "552": ReplyRow(
        _O.STANDARD, _R.MAILBOX_FULL, _A.NOBODY,
        "The mailbox is full or the message is too large; from old servers also too many recipients.",
        "RFC 5321 4.2.3",
    ),
    "553": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.SENDER,
        "The address is not acceptable: written wrongly, ambiguous, or not allowed for this sender.",
        "RFC 5321 4.2.3",
    ),
    "554": ReplyRow(
        _O.STANDARD, _R.UNKNOWN, _A.NOBODY,
        "The transaction was refused: spam, policy, a block list, relaying. A follow-up if no recipient is left.",
        "RFC 5321 4.2.3",
    ),
    "555": ReplyRow(
        _O.STANDARD, _R.PROTOCOL_ERROR, _A.SENDER_ADMIN,
        "The server does not know an option of MAIL or RCPT (SIZE, BODY, SMTPUTF8…).",
        "RFC 5321 4.2.3",
    ),
    "556": ReplyRow(
        _O.EXTENSION, _R.DOMAIN_ACCEPTS_NO_MAIL, _A.SENDER,
        "The recipient domain publishes a null MX: it takes no mail at all.",
        "RFC 7504",
    ),
    "557": ReplyRow(
        _O.DRAFT, _R.UNKNOWN, _A.SENDER,
        "Draft only; not expected in bounces.",
        "an Internet-Draft",
    ),
    "570": ReplyRow(
        _O.FOLKLORE, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "A security or spam refusal; read the text.",
        "seen in the wild",
    ),
    "571": ReplyRow(
        _O.FOLKLORE, _R.POLICY_REFUSED, _A.SENDER_ADMIN,
        "A policy refusal: spam, missing reverse DNS, failed DMARC.",
        "seen in the wild",
    ),
    "585": ReplyRow(
        _O.FOLKLORE, _R.USER_UNKNOWN, _A.SENDER,
        "No such user.",
        "seen in the wild",
    ),
    "591": ReplyRow(
        _O.FOLKLORE, _R.BLOCKLISTED, _A.SENDER_ADMIN,
        "Sending IP is on a block list.",
        "seen in the wild",
    ),
}  # fmt: skip
