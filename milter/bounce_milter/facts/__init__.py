"""What a bounce states about one recipient, before anybody judges it.

Rule: only what the message says, token by token; what it does not say is None and is never made up. The delivery
report (`report`) and the text dialects (`dialects`) both yield these values, `bounce` merges them.
"""

from enum import StrEnum
from typing import Final

import msgspec


class Said(StrEnum):
    """Which system spoke: the one that wrote the bounce, or the one that it talked to.

    NOTICE: words of a notice that quotes nobody; its writer may have found that himself or tell what another said.
    """

    OWN = "own"
    REMOTE = "remote"
    NOTICE = "notice"


#: The actions of who was reached (RFC 3464 2.3.3).
REACHED: Final = ("delivered", "relayed", "expanded")


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """The fate of one recipient.

    address    the one that failed, as the reporting system names it (RFC 3464 2.3.2); None where it names nobody
    alias      the address that the sender wrote, only where it differs from `address` (RFC 3464 2.3.1)
    actual     whom an alias or a .forward of `address` leads to, where that is somebody else or a program
    action     failed, delayed, delivered, relayed or expanded (RFC 3464 2.3.3)
    reply      three digits, "550" (RFC 5321 4.2.1); status  "5.1.1" (RFC 3463)
    in_reply   the status in the reply itself, None where it has none; UNSET: `status` is the reply's
    command    the SMTP verb that was refused: CONN EHLO MAIL RCPT DATA ...
    by         the host that said it, or, where `said` is OWN, the one that was asked, if the report names it
    said       which system spoke
    text       the words of the innermost reply, decoded, on one line, without repeated code prefixes; of a message at most
               `limits.REPLY_CHARS`
    diagnostic_type   of Diagnostic-Code, lower case: smtp, x-postfix, x-unix ... (RFC 3464 2.3.6)
    last_attempt, will_retry_until   RFC 5322 dates as written
    doubted    who passes it on says that the failure is not final, or only quotes what names him
    shared     it is open whether the answer is about him or about others of the report
    sends_on   the words around the answer say that what comes to the address goes on to another, and that this failed
    expired    the report says that time ran out (X.4.7, or a day and more of trying), whatever the server's last status was
    """

    address: str | None = None
    alias: str | None = None
    actual: str | None = None
    action: str | None = None
    reply: str | None = None
    status: str | None = None
    in_reply: str | msgspec.UnsetType | None = msgspec.UNSET
    command: str | None = None
    by: str | None = None
    said: Said | None = None
    text: str | None = None
    diagnostic_type: str | None = None
    last_attempt: str | None = None
    will_retry_until: str | None = None
    expired: bool = False
    doubted: bool = False
    shared: bool = False
    sends_on: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that the recipient has: as reported, as the sender wrote him, and where the mail goes on to."""
        return tuple(who for who in (self.address, self.alias, self.actual) if who)

    @property
    def reply_status(self) -> str | None:
        """The status that stands in the reply itself; the report's own may be another."""
        return self.status if self.in_reply is msgspec.UNSET else self.in_reply

    @property
    def passing(self) -> bool:
        """Whether the delivery failed with a code that says to try again."""
        return self.action == "failed" and (self.reply or self.status or "").startswith("4")


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """The header fields of the returned message, decoded (RFC 5322 3.6); `from_` is "from" in JSON."""

    message_id: str | None = None
    subject: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    to: str | None = None
    date: str | None = None
