"""The review mailbox: an address, or a pattern of one with {user} {domain} {reason} {class} in it.

`bounces@example.com` is one mailbox for all. `bounces+{reason}@example.com` sorts by user+detail addressing (RFC 5233),
`{user}+bounces@{domain}` leaves each bounce with the person it is for: {user} is the local part before a "+".

Rule: what comes out is a plain address or nothing. Never quotes, never repairs: where the original address is too odd
to stand in a pattern there is no review address, and the mail stays where it would have gone.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import re2

from bounce_milter.address import of_path
from bounce_milter.misfit import PLACEHOLDER, half_open, unknown_placeholder

PLACEHOLDERS: Final = ("user", "domain", "reason", "class")

# Nothing that needs quotes, nor what mail servers read as a way to elsewhere (user%host, host!user, |command, /file).
_LOCAL: Final = r"[A-Za-z0-9#$&'*+=?^_~.-]"
# A local part of 64 octets and a domain of 255 (RFC 5321 4.5.3.1).
_PLAIN: Final = re.compile(rf"{_LOCAL}{{1,64}}@[A-Za-z0-9](?:[A-Za-z0-9.-]{{0,253}}[A-Za-z0-9])?")
# What may stand in each place, in lower case.
_ANY: Final = {"user": rf"{_LOCAL}+", "domain": "[A-Za-z0-9.-]+", "reason": "[a-z-]+", "class": "[a-z]+"}


def bare(argument: str) -> str:
    """Return the address of a MAIL or RCPT argument: no angle brackets, lower case."""
    return of_path(argument).lower()


def problem(template: str) -> str | None:
    """Return what is wrong with a review mailbox, None where it can be used."""
    wrong = unknown_placeholder(template, PLACEHOLDERS)
    if wrong:
        return wrong
    rest = PLACEHOLDER.sub("x", template)
    if half_open(template) or not _PLAIN.fullmatch(rest) or ".." in rest:
        return "expected an address, as in bounces@example.com or bounces+{reason}@example.com"
    if any(name != "domain" for name in PLACEHOLDER.findall(template.rpartition("@")[2])):
        return "expected a domain or {domain} behind the @"
    if template == "{user}@{domain}":  # whoever a bounce is for would be at the review mailbox already
        return "expected another address than the recipient's own, as in {user}+bounces@{domain}"
    return None


def fill(template: str, recipient: str, *, reason: str, class_: str) -> str | None:
    """Return the review address for a bounce to *recipient* (a RCPT argument); None where that gives no plain one."""
    local, _, domain = of_path(recipient).rpartition("@")
    values = {"user": local.partition("+")[0], "domain": domain, "reason": reason, "class": class_}
    found = PLACEHOLDER.sub(lambda match: values[match[1]] or " ", template)
    return found if _PLAIN.fullmatch(found) else None


def answers_to(template: str, address: str) -> bool:
    """Say whether *address* is, or could come from, the review mailbox *template*; "" is no mailbox."""
    plain = bare(address)
    return bool(template) and plain.isascii() and _has_form(template.lower())(plain) is not None


@lru_cache(maxsize=16)
def _has_form(template: str) -> Callable[[str], object]:
    """Return what tells the addresses of a mailbox, in lower case, from others.

    By RE2: a stranger chooses the address, and "{user}-{reason}" could end at each "-" of it.
    """
    parts = PLACEHOLDER.split(template)
    pattern = "".join(_ANY[part] if number % 2 else re2.escape(part) for number, part in enumerate(parts))
    found: Callable[[str], object] = re2.compile(pattern).fullmatch
    return found
