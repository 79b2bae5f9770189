"""The message that a gateway, a spam filter or a provider wrapped into another, taken out of it.

Rule: only a message/rfc822 part is taken out, and only where it stands first or below the wrapper's own words. It must be (1) the
same message, by its Message-ID, or (2) a daemon's report that a daemon hands to the same reader under the same Subject, or (3) a
report that is all that a daemon sends, or (4) what Mailman or LISTSERV passes to a list's owner. A message among text, below a
provider's words ("From MAILER-DAEMON"), counts like (3). What a gateway hangs below such a message is a notice of its own.
"""

import re
from typing import Final

from bounce_milter import address, limits, message, phrases
from bounce_milter.kinds import candidate
from bounce_milter.view import STATUS_TYPES

# A provider's words to its customer, and below them the whole bounce as it stands in a mailbox file.
_MBOX: Final = b"\nFrom MAILER-DAEMON "
# Mailman's Subjects of what it could not read (2: Queue/BounceRunner.py, 3: app/bounces.py; maybe_forward), and of why it counts a
# member's bounce, disables or removes him (2: Bouncer.py, 3: model/bounce.py); LISTSERV's of what came back to a list: "TALK: error
# report from MX.DEST.EXAMPLE".
_FOR_OWNER: Final = re.compile(
    r"uncaught bounce notification|bounce action notification|'s (?:subscription disabled|bounce score incremented) on \S"
    r"|\bunsubscribed from \S[^\n]{0,80} due to bounces|(?:\A|\s)[\w.-]{1,64}: error report from \S",
    re.IGNORECASE,
)


def unwrapped(outer: message.Message) -> message.Message:
    """Return the message inside a gateway's wrapper, else the *outer* one."""
    if len(outer.parts) == 1 and outer.type == "text/plain":
        body = outer.parts[0].content(limits.MESSAGE_BYTES)
        start = body.find(_MBOX)
        if start >= 0:
            inner = message.parse(body[body.find(b"\n", start + 1) :])
            return inner if inner.type == "multipart/report" and _by_daemon(outer) else outer
    held = outer.parts[0]
    if outer.type == "message/rfc822":
        inner = message.parse(held.content(limits.MESSAGE_BYTES))
        return inner if _by_daemon(outer) and _reports(inner) else outer
    if held.type == "text/plain" and len(outer.parts) > 1:
        held = outer.parts[1]  # below a spam filter's own words, or a disclaimer
    if held.type != "message/rfc822":
        return outer
    inner = message.parse(held.content(limits.MESSAGE_BYTES))
    return inner if _same_message(outer, inner) or _passes_on(outer, inner) or is_for_owner(outer) else outer


def is_for_owner(outer: message.Message) -> bool:
    """Say whether a list manager hands its owner a bounce that came back to a list: another message, with a sender of its own."""
    manages = outer.has("x-list-administrivia") or candidate.manages((outer.first("from") or "").lower())
    return manages and _FOR_OWNER.search(outer.first("subject") or "") is not None


def _same_message(outer: message.Message, inner: message.Message) -> bool:
    return inner.first("message-id") is not None and inner.first("message-id") == outer.first("message-id")


def _passes_on(outer: message.Message, inner: message.Message) -> bool:
    """Say whether a daemon hands a daemon's report to its reader, under its Subject; one that came back had another."""
    if not (_by_daemon(outer) and _by_daemon(inner) and _reports(inner)):
        return False
    if outer.has("user-agent") or outer.has("x-mailer"):
        return False  # the postmaster asks his own
    if (inner.first("subject") or "") not in (outer.first("subject") or ""):
        return False
    reader = address.named(inner.first("to"))
    return reader != "" and reader == address.named(outer.first("to"))


def _reports(inner: message.Message) -> bool:
    return any(part.type in STATUS_TYPES for part in inner.parts)


def _by_daemon(sent: message.Message) -> bool:
    return phrases.DAEMON.search((sent.first("from") or "").lower())
