"""Delivery reports for tests, made from what a test says about each recipient (RFC 3464 2.3)."""

from functools import cache

from bounce_milter import resources
from bounce_milter.explain import Knowledge, Report, explain

GONE = "550 5.1.1 User unknown"
FULL = "452 4.2.2 Mailbox full"


@cache
def knowledge() -> Knowledge:
    return resources.packaged_knowledge()


def group(address: str = "bob@dest.example", said: str = GONE, action: str = "failed") -> str:
    """Return the fields of one recipient, whose server said *said*."""
    reply = f"Status: {said.split()[1]}\r\nDiagnostic-Code: smtp; {said}\r\n" if said else "Status: 2.0.0\r\n"
    return f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\n{reply}"


def dsn(*groups: str, reporting: str = "mx.example.net", head: str = "") -> bytes:
    """Return a delivery report on the recipients in *groups*; *head* stands before its own fields."""
    return (
        f"{head}From: MAILER-DAEMON@{reporting}\r\nTo: alice@example.org\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {reporting}\r\n\r\n"
        + "\r\n".join(groups or (group(),))
        + "\r\n--B--\r\n"
    ).encode()


def report(*groups: str, reporting: str = "mx.example.net") -> Report:
    """Return the same, explained."""
    return explain(dsn(*groups, reporting=reporting), knowledge=knowledge(), sender="<>")
