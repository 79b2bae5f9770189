"""Bounces that are not delivery reports: an ordered registry of families.

The principle of the order: the surest sign first. A family recognised by a field or phrase that nobody else writes
stands before one recognised by common words; the generic reader stands last. The first family that claims a
message and finds something reads it alone.
"""

from bounce_milter.dialects import (
    aol,
    dragonfly,
    exchange,
    exim,
    flattened,
    fml,
    generic,
    gmail,
    hmailserver,
    imail,
    lists,
    mhs,
    opensmtpd,
    postfix,
    qmail,
    sendmail,
    ses_notification,
    sieve,
    sims,
    zoho,
)
from bounce_milter.dialects.base import Dialect, Found

__all__ = ["REGISTRY", "Dialect", "Found"]

REGISTRY: tuple[Dialect, ...] = (
    sieve.DIALECT,
    flattened.DIALECT,
    ses_notification.DIALECT,
    fml.DIALECT,
    zoho.DIALECT,
    opensmtpd.DIALECT,
    aol.DIALECT,
    dragonfly.DIALECT,
    gmail.DIALECT,
    imail.DIALECT,
    hmailserver.DIALECT,
    mhs.DIALECT,
    lists.DIALECT,
    sims.DIALECT,
    exchange.DIALECT,
    qmail.DIALECT,
    exim.DIALECT,
    postfix.DIALECT,
    sendmail.DIALECT,
    generic.DIALECT,
)
