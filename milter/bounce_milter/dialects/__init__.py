"""Bounces that are not delivery reports: an ordered registry of families.

The principle of the order: the surest sign first. A family recognised by a field or phrase that nobody else writes
stands before one recognised by common words; the generic reader stands last. The first family that claims a
message and finds something reads it alone.
"""

from ahocorasick_rs import BytesAhoCorasick, Implementation

from bounce_milter.dialects import (
    aol,
    domino,
    dragonfly,
    exchange,
    exim,
    flattened,
    fml,
    generic,
    gmail,
    groupwise,
    hmailserver,
    imail,
    intermail,
    lists,
    mhs,
    mimecast,
    opensmtpd,
    pec,
    postal,
    postfix,
    qmail,
    sendmail,
    ses_notification,
    sieve,
    sims,
    zoho,
)
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.view import View

__all__ = ["REGISTRY", "Dialect", "Found", "anyhow", "first"]

REGISTRY: tuple[Dialect, ...] = (
    sieve.DIALECT,
    pec.DIALECT,
    flattened.DIALECT,
    ses_notification.DIALECT,
    fml.DIALECT,
    zoho.DIALECT,
    opensmtpd.DIALECT,
    postal.DIALECT,
    aol.DIALECT,
    domino.DIALECT,
    dragonfly.DIALECT,
    gmail.DIALECT,
    imail.DIALECT,
    intermail.DIALECT,
    hmailserver.DIALECT,
    groupwise.DIALECT,
    mhs.DIALECT,
    mimecast.DIALECT,
    lists.DIALECT,
    sims.DIALECT,
    exchange.DIALECT,
    qmail.DIALECT,
    exim.DIALECT,
    postfix.DIALECT,
    sendmail.DIALECT,
    generic.DIALECT,
)


# All signs, and the place in REGISTRY of each one's dialect.
_SIGNS, _PLACES = zip(
    *[(sign.encode(), place) for place, dialect in enumerate(REGISTRY) for sign in dialect.signs], strict=True
)
_FIND = BytesAhoCorasick(_SIGNS, implementation=Implementation.ContiguousNFA).find_matches_as_indexes
_ALWAYS = tuple(place for place, dialect in enumerate(REGISTRY) if not dialect.signs)


def first(view: View, without: str = "") -> tuple[str, Found] | None:
    """Return the name of the first family that finds something in the message, and what; *without* is not asked."""
    for dialect in _worth(view.lower):
        if dialect.name != without and dialect.claims(view):
            found = dialect.read(view)
            if found.recipients or found.kind:
                return dialect.name, found
    return None


def anyhow(view: View) -> tuple[str, Found] | None:
    """Return as `first` does, for words that are known to be a bounce's: where no family claims them, the generic reader reads
    them unasked."""
    named = first(view)
    if named is None and (found := generic.DIALECT.read(view)).recipients:
        return generic.DIALECT.name, found
    return named


def _worth(lower: str) -> list[Dialect]:
    """Return the dialects that are worth asking, in their order: those of which a sign stands in the words."""
    found = _FIND(lower.encode("utf-8", "replace"), overlapping=True)
    return [REGISTRY[place] for place in sorted({*_ALWAYS, *[_PLACES[sign] for sign, _, _ in found]})]
