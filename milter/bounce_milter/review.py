"""The ways of a bounce to whoever shall look at it: other recipients, the hold queue, a copy in a local Maildir.

`mark` needs nothing but the field X-Bounce-Review, which stands in the message whatever the way. `redirect` and `copy`
change the recipients and keep the original ones in X-Bounce-Original-Recipients. `quarantine` holds the message in the
mail server's queue. `maildir` writes a copy and changes nothing.

Rule: what cannot be filed stays where it would have gone, and a log line says why. Never raises. In particular:

- New recipients come before the old ones go (`changes` sees to the order, and to what the server allows).
- No server says at the end of a message whether it knows a new recipient. So a redirected message gets its first
  original recipient as sender, in place of the null sender whose mail is dropped where it fails: a review mailbox
  that refuses makes the server return the message, whole, to the person it was for.
- What returns from review goes there no second time: it is known by the field that keeps the recipients, in the message
  that it quotes, and by the mailbox that it is about (`policy`). Else a mailbox that forwards to nowhere makes a circle.
- NOTIFY (RFC 3461 4.1) is FAILURE for a redirected message, so that this return happens whatever was asked for, and
  no other report; NEVER for a copy, which is nobody's loss. ORCPT is handed on where one recipient is replaced.
- A Maildir file is complete or not there: written below tmp/, synced, renamed to new/, the folder synced.

What `changes` and the tests with real mail servers build on: `Outcome` holds addresses as the server gave them for
`delete`, without angle brackets for `add` and `sender`; the reason in `hold` is one line of ASCII below 100 characters.
"""

import contextlib
import itertools
import os
import re
import socket
import time
from collections.abc import Iterable
from typing import Final

import msgspec

from bounce_milter import address, header, limits
from bounce_milter.events import Events
from bounce_milter.policy import Decision, Envelope
from bounce_milter.settings import Review, mailbox

Field = tuple[str, str]

_ORCPT: Final = re.compile(r"ORCPT=[!-~]{1,500}", re.IGNORECASE)
_RETURNED: Final = re.compile(rb"^[> \t]*" + header.ORIGINAL_RECIPIENTS.encode() + rb":", re.IGNORECASE | re.MULTILINE)
_SENDMAIL: Final = re.compile(r"\d")
_NUMBER: Final = itertools.count(1)


class Outcome(msgspec.Struct, frozen=True):
    """What to change in one message.

    fields    to add in any case
    add       new recipients, each with its parameters (RFC 3461), "" for none
    kept      fields that are added only where recipients change
    sender    the new sender, "" to leave it; set only together with `delete`
    delete    recipients that go, after all of `add` came
    hold      why to hold the message, "" not to
    release   the command that lets a held message go, for the log
    subject   the new Subject, "" to leave it
    body      the new body, b"" to leave it
    """

    fields: tuple[Field, ...] = ()
    add: tuple[tuple[str, str], ...] = ()
    kept: tuple[Field, ...] = ()
    sender: str = ""
    delete: tuple[str, ...] = ()
    hold: str = ""
    release: str = ""
    subject: str = ""
    body: bytes = b""


class _NotFiledError(Exception):
    """There is no way to review for this message; the text says why and holds nothing of it."""


def hand_over(
    message: bytes, fields: tuple[Field, ...], review: Review, decision: Decision, envelope: Envelope, events: Events
) -> Outcome:
    """Return what takes *message* to review: *fields* in any case, and what its mode asks for where that can be done."""
    try:
        if review.mode in ("redirect", "copy"):
            if _RETURNED.search(message):
                raise _NotFiledError("it was at review and returns")
            return _readdressed(fields, review, decision, envelope)
        if review.mode == "quarantine":
            hold = f"bounce-milter: {decision.class_}, {decision.reason}"
            return Outcome(fields=fields, hold=hold, release=_release_command(envelope))
        if review.mode == "maildir":
            store(review.maildir, _annotated(message, fields, envelope))
    except _NotFiledError as error:
        events.not_filed(envelope.queue_id, str(error))
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        events.not_filed(envelope.queue_id, f"{why}: {review.maildir}")
    except Exception as error:
        events.not_filed(envelope.queue_id, error)
    return Outcome(fields=fields)


def _release_command(envelope: Envelope) -> str:
    """Return the command that lets a held message go: Postfix tells its name, Sendmail only its version."""
    if _SENDMAIL.match(envelope.server):
        return f"sendmail -qQ -qI{envelope.queue_id} -Q"
    return f"postsuper -H {envelope.queue_id}"


def _readdressed(fields: tuple[Field, ...], review: Review, decision: Decision, envelope: Envelope) -> Outcome:
    original = envelope.recipients
    if not original:
        raise _NotFiledError("the mail server named no recipient")
    kept = header.original_recipients(original)
    if kept is None:  # a list that may lack some, as it is full, never fits
        raise _NotFiledError("the original recipients do not fit into a field")
    found = [
        mailbox.fill(review.mailbox, recipient, reason=decision.reason, class_=decision.class_)
        for recipient in original
    ]
    targets = tuple(dict.fromkeys(target for target in found if target is not None))
    if None in found:
        raise _NotFiledError("a recipient gives no review address")
    if review.mode == "copy":
        return Outcome(fields=fields, add=tuple((target, "NOTIFY=NEVER") for target in targets), kept=(kept,))
    parameters = "NOTIFY=FAILURE"
    if len(original) == 1 and envelope.orcpt and _ORCPT.fullmatch(envelope.orcpt[0]):
        parameters += f" {envelope.orcpt[0]}"
    sender = address.of_path(original[0])
    add = tuple((target, parameters) for target in targets)
    return Outcome(fields=fields, add=add, kept=(kept,), sender=sender, delete=original)


def _annotated(message: bytes, fields: Iterable[Field], envelope: Envelope) -> bytes:
    """Return *message* as a mailbox holds it: the envelope and our fields on top, lines ended by a line feed."""
    sender = header.clean(address.of_path(envelope.sender), limits.ADDRESS_CHARS)
    top = [("Return-Path", f"<{sender}>"), *fields]
    kept = header.original_recipients(envelope.recipients)
    if kept is not None:
        top.append(kept)
    head = "".join(f"{name}: {value}\n" for name, value in top).encode("ascii", "replace")
    return head + message.replace(b"\r\n", b"\n")


def store(folder: str, message: bytes) -> str:
    """Write *message* into the Maildir *folder*, made where it is missing; return the file's path. OSError.

    Files are for the filter's own user only (0600), the folders that it makes too (0700): bounces quote private mail.
    What stands above the Maildir and was missing as well has the mode that the umask leaves.
    """
    for part in ("", "tmp", "new", "cur"):
        os.makedirs(os.path.join(folder, part), mode=0o700, exist_ok=True)
    name = _unique()
    temporary, final = os.path.join(folder, "tmp", name), os.path.join(folder, "new", name)
    number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            _write(number, message)
            os.fsync(number)
        finally:
            os.close(number)
        os.rename(temporary, final)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync(os.path.join(folder, "new"))
    return final


def _unique() -> str:
    """Return a name that no other delivery has: time, process, number and host, as Maildir readers expect it."""
    now = time.time_ns()
    host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
    return f"{now // 10**9}.M{now // 1000 % 10**6}P{os.getpid()}Q{next(_NUMBER)}.{host}"


def _write(number: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(number, left) :]


def _sync(folder: str) -> None:
    """Make the new name last. The message lies there already: a file system that cannot do this is no failure."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(number)
        finally:
            os.close(number)
