"""Mimecast in words, where no server is quoted: what seems to be wrong, what happened, and how long it was tried.

    an email you addressed to email address :
    -- bob@dest.example
    could not be delivered. The problem appears to be :
    -- Recipient server unavailable or busy
    Additional information follows :
    -- Connection timed out to mx.dest.example
    This condition occurred after 30 attempt(s) to deliver over a period of 96 hour(s).

The first of the two is one of a few titles, "unavailable or busy" for whatever passes; the second is the cause. A letter
that quotes a reply there, any reader understands.
"""

import re
from typing import Final

from bounce_milter import address, limits, phrases, reply
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_WHO: Final = re.compile(rf"email address\s{{0,9}}:\s{{1,9}}--\s{{1,9}}<?({address.ADDRESS})")
_TITLE: Final = re.compile(r"the problem appears to be\s{0,9}:\s{1,9}--[ \t]+(\S[^\n]{0,300})", re.IGNORECASE)
_CAUSE: Final = re.compile(r"additional information follows\s{0,9}:\s{1,9}--[ \t]+(\S[^\n]{0,600})", re.IGNORECASE)
_TRIED: Final = re.compile(r"over\s{1,9}a\s{1,9}period\s{1,9}of\s{1,9}(\d{1,5})\s{1,9}hour", re.IGNORECASE)
#: From so many hours on time ran out.
_LONG: Final = 24


def read(view: View) -> Found:
    """Return the one recipient, where his letter quotes no reply."""
    who, title, cause = (pattern.search(view.text) for pattern in (_WHO, _TITLE, _CAUSE))
    if not (who and title and cause) or reply.may_hold_code(cause[1]):
        return Found()
    tried = _TRIED.search(view.text, cause.end())
    words = cause[1] if phrases.FAILURE.search(cause[1].lower()) else f"{title[1]}: {cause[1]}"
    return Found((
        Recipient(
            address=who[1], action="failed", said=Said.OWN, text=" ".join(words.split())[: limits.WORDS_CHARS],
            expired=tried is not None and int(tried[1]) >= _LONG,
        ),
    ))  # fmt: skip


DIALECT: Final = Dialect("mimecast", by_signs, read, ("the problem appears to be:",))
