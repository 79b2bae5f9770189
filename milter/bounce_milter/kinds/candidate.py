"""Can this message be a bounce at all? Decided on one header field at a time, before the body is asked for.

Rule: cheap and generous. A field that any reader of bounces builds on is a sign; that a sign deceives costs a body
that is read for nothing, that one is missed costs an explanation. The null sender is the first sign, and not
needed: some systems send bounces under a sender of their own, against RFC 5321 4.5.5.
"""

from collections.abc import Callable
from typing import Final

from bounce_milter import phrases
from bounce_milter.message import decode_field

# The authors of list managers that speak for themselves.
_MANAGERS: Final = ("-owner@", "-bounces@", "sympa@", "listserv@", "listmaster@", "listmanager@")
# Amazon's notifier, too.
_ITSELF: Final = (*_MANAGERS, "@sns.amazonaws.com")
#: Of a field, what is looked at: a Subject or an author is told in its first words.
_LOOK: Final = 500


def signs(name: str, value: bytes) -> bool:
    """Say whether the field, its *name* in lower case, is a sign of a bounce or of another machine's report."""
    sign = _SIGNS.get(name)
    return sign is not None and sign(value)


def manages(author: str) -> bool:
    """Say whether an *author*, in lower case, is a list manager that speaks for itself."""
    return any(name in author for name in _MANAGERS)


def _any_value(_: bytes) -> bool:
    return True


def _type(value: bytes) -> bool:
    lower = value[:_LOOK].decode("latin-1").lower()
    return "multipart/report" in lower or "delivery-status" in lower


def _submitted(value: bytes) -> bool:
    return not value.strip().lower().startswith(b"no")


def _from(value: bytes) -> bool:
    author = decode_field(value[:_LOOK]).lower()
    return any(name in author for name in _ITSELF) or phrases.DAEMON.search(author)


def _subject(value: bytes) -> bool:
    subject = decode_field(value[:_LOOK]).lower()
    return phrases.BOUNCE_SUBJECT.search(subject) or phrases.STOPPED_SUBJECT.search(subject)


def _return_path(value: bytes) -> bool:
    path = value.strip().lower()
    return path in (b"", b"<>") or path.strip(b"<> ").startswith(b"mailer-daemon")


def _receipt(value: bytes) -> bool:
    """Italian certified mail: of its receipts, those of a failure, a delay or a delivery."""
    return b"errore" in value.lower() or b"avvenuta" in value.lower()


_SIGNS: Final[dict[str, Callable[[bytes], bool]]] = {
    "auto-submitted": _submitted,
    "content-type": _type,
    "from": _from,
    "return-path": _return_path,
    "subject": _subject,
    "x-failed-recipients": _any_value,
    "x-list-administrivia": _any_value,
    "x-mlserver": _any_value,
    "x-ms-exchange-message-is-ndr": _any_value,
    "x-ricevuta": _receipt,
}

#: The fields that can be a sign, in lower case.
FIELDS: Final = frozenset(_SIGNS)
