r"""Answers that need not be about the recipient beside whom a report puts them: one for all, or one that names another.

Rule: behind the content a server answers once, to all whom it took before (RFC 5321 4.1.1.4), whichever of them it means;
and it means whom it names. Names are compared and nothing is judged. Linear in the recipients and their words, which are
both bounded.
"""

import re
from collections import Counter
from typing import Final

import msgspec

from bounce_milter import address, limits
from bounce_milter.facts import REACHED, Recipient

# Whom a server knows by the local part alone: jane... User unknown, <jane>..., "jane"; in words it may be any word.
_MARKED: Final = re.compile(r"\A<?([^\s<>@\"']{1,64})>?\.\.\.|[\"'<(]([^\s<>@\"'()]{1,64})[\"'>)]")

# Of several, whose local part is a word of the answer, in whatever place; not those that are words of any answer.
_WORDS: Final = re.compile(r"[^\s<>@\"'(),:;]{1,64}(?<!\.)")
_OF_ANY: Final = frozenset({
    "account", "address", "domain", "error", "host", "local", "mail", "mailbox", "message", "name", "recipient", "relay", "sender",
    "server", "service", "unknown", "user", "users",
})  # fmt: skip


def marked(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Return a message's recipients, those marked of whom it is open whether the answer is about them or about others."""
    if sum(r.action not in REACHED for r in recipients) < 2:
        return recipients
    recipients = _answered_alike(recipients)
    failed = [r for r in recipients if r.action not in REACHED]
    answers = Counter((r.by, r.text) for r in failed if r.command == "DATA")
    silent = any(_is_silent(r) for r in failed)
    names = Counter(name for r in failed for name in _names(r))
    return tuple(
        msgspec.structs.replace(r, shared=True)
        if _is_for_all(r, silent=silent or answers[r.by, r.text] > 1) or _is_of_another(r, names)
        else r
        for r in recipients
    )


def _answered_alike(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Return the recipients, the one whose command the words leave out with that of another who failed with the same answer, behind the
    content."""
    behind = {(r.reply, r.text) for r in recipients if r.command == "DATA" and r.text and r.action not in REACHED}
    return tuple(
        msgspec.structs.replace(r, command="DATA") if not r.command and (r.reply, r.text) in behind else r
        for r in recipients
    )


def _is_silent(fact: Recipient) -> bool:
    """Say whether a report gives no answer on a recipient: Exim puts one for several below the last of them."""
    return not (fact.text or fact.reply or fact.status or fact.command)


def _is_for_all(fact: Recipient, *, silent: bool) -> bool:
    """Say whether it is the one answer behind the content that several got, and it does not name this one.

    silent   there are others of whom it may be, with the same answer or with none
    """
    if not silent or fact.command != "DATA":
        return False
    text = (fact.text or "")[: limits.WORDS_CHARS].lower()
    named = _in_marks(text).union(map(address.name, address.IN_TEXT.findall(text)))
    return named.isdisjoint(_names(fact))


def _is_of_another(fact: Recipient, names: Counter[str]) -> bool:
    """Say whether the answer names another recipient of the report by his local part, and not this one."""
    named, own = set(_WORDS.findall((fact.text or "")[: limits.WORDS_CHARS].lower())) - _OF_ANY, _names(fact)
    return not named.isdisjoint(names) and named.isdisjoint(own)


def _in_marks(text: str) -> set[str]:
    return {address.name(found[1] or found[2]) for found in _MARKED.finditer(text)}


def _names(fact: Recipient) -> set[str]:
    """Return the local parts that a recipient has: as written, and where the mail goes on to."""
    return set(map(address.name, fact.addresses)) - {""}
