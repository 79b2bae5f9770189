"""Which rules fit one reply: by its words, its codes and the tokens in it, where what else they ask for holds.

Rule: a constraint on what is not known does not hold. What stands in the words of a reply is kept, for without its
names many a reply is the same. Never raises.
"""

import re
from functools import cache, lru_cache

from bounce_milter import limits
from bounce_milter.catalogue import Catalogue, Ready
from bounce_milter.classify.normal import Normal
from bounce_milter.classify.verdict import Query


def fitting(query: Query, normal: Normal, catalogue: Catalogue) -> list[Ready]:
    """Return the rules that fit, best first."""
    ready = catalogue.ready
    found = _coded(catalogue, query.reply, query.status)
    if normal.raw:
        found = found.union(_in_words(catalogue, normal.words), catalogue.tokens.within(normal.raw))
    return [ready[i] for i in sorted(found) if ready[i].free or _applies(ready[i], query, normal.raw)]


@lru_cache(limits.KNOWN_REPLIES)
def _in_words(catalogue: Catalogue, words: bytes) -> set[int]:
    """Return the rules whose patterns stand in the words of a reply, which are without its names often the same."""
    return catalogue.phrases.within(words)


@lru_cache(limits.KNOWN_CODES)
def _coded(catalogue: Catalogue, code: str | None, status: str | None) -> frozenset[int]:
    """Return the rules on a code alone: on all of it, or on what it begins with, its class or its class and subject (RFC 3463 2)."""
    rules = catalogue.coded.get
    found = rules(status, ()) + rules(status.rpartition(".")[0], ()) + rules(status[:1], ()) if status else ()
    if code:
        found += rules(code, ()) + rules(code[:2], ()) + rules(code[:1], ())
    return frozenset(found)


def _applies(ready: Ready, query: Query, raw: bytes) -> bool:
    """Say whether the rule's constraints hold."""
    if ready.replies and not (query.reply and query.reply.startswith(ready.replies)):
        return False
    if ready.statuses and not (
        query.status and (query.status in ready.statuses or query.status.startswith(ready.statuses_below))
    ):
        return False
    if ready.commands and query.command not in ready.commands:
        return False
    return not ready.rule.by or _said_by(ready.rule.by, query.by, raw)


def _said_by(scopes: tuple[str, ...], by: str | None, raw: bytes) -> bool:
    host = by.lower().rstrip(".") if by else ""
    return any(host == s or host.endswith("." + s) or _names(raw, s.encode()) for s in scopes)


def _names(raw: bytes, marker: bytes) -> bool:
    """Say whether the marker stands in the reply as a whole name, and of no address.

    Not in olive.com, live.com.example nor alice@live.com: that one has a mailbox there proves nothing of who answers.
    """
    return any(
        b"@" not in raw[raw.rfind(b" ", 0, found.start()) + 1 : found.start()]
        for found in _finder(marker).finditer(raw)
    )


@cache  # some forty markers, and those of the admin's rules
def _finder(marker: bytes) -> re.Pattern[bytes]:
    begin = rb"(?<![\w-])" if marker[:1].isalnum() else b""
    end = rb"(?![\w-]|\.\w)" if b"." in marker and marker[-1:].isalnum() else b""
    return re.compile(begin + re.escape(marker) + end)
