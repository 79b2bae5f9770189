r"""By which phrases a pattern is found among many: "\b(?:user|box) .{0,30}(?:is )?closed" by "is closed" and "closed".

Rule: automata that run together multiply their states. A gap, such as `.*` or `[^.;]{0,30}`, keeps a pattern alive
from its first word on, and beginnings that are not the same letters share nothing: a thousand patterns as people write
them are in a new state at nearly every letter, which costs microseconds each time and more memory than a cache may
have. Phrases that begin with letters and have no gaps are a tree of letters, which is soon known by heart. So patterns
are looked for by such phrases, and one with gaps is tried by itself where a phrase of it stands.

Every text that a pattern matches holds one of its landmarks.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from bounce_milter.pattern import Item, Items, weight

#: Fewer letters stand in too many replies.
_LEAST: Final = 3
#: More phrases of one pattern are no gain over the pattern.
_MOST: Final = 60


class Landmark(NamedTuple):
    """A phrase, and the alternative of the pattern that is to be tried where it stands; None where it is all of it."""

    phrase: str
    rest: str | None


def landmarks(pattern: tuple[Items, ...]) -> list[Landmark]:
    """Return the phrases by which a pattern, taken apart, is found."""
    return [mark for items in pattern for mark in _of(items)]


def _of(items: Items) -> list[Landmark]:
    """Return the landmarks of one alternative."""
    gaps = any(item.gap for item in items)
    found = _best((items,)) if gaps else (items,)
    if gaps and weight(found) < _LEAST:
        return [Landmark(_text(items), None)]
    phrases = list(islice((phrase for run in found for phrase in _beginnings(run)), _MOST + 1))
    rest = _text(items) if gaps else None
    return [Landmark(phrase, rest) for phrase in (phrases if len(phrases) <= _MOST else map(_text, found))]


def _text(items: Items) -> str:
    return "".join([item.text for item in items])


def _best(pattern: tuple[Items, ...]) -> tuple[Items, ...]:
    """Return alternatives without gaps of which one stands wherever one of *pattern* does; those that say most."""
    return tuple([run for items in pattern for run in max(_runs(items), key=weight)])


def _runs(items: Items) -> list[tuple[Items, ...]]:
    """Return the stretches without gaps, and what is within groups that have some."""
    found: list[tuple[Items, ...]] = []
    run: list[Item] = []
    for item in items:
        if not item.gap:
            run.append(item)
            continue
        found.append((tuple(run),))
        if item.inner and item.repeat[:1] not in {"?", "*", "{"}:
            found.append(_best(item.inner))
        run = []
    return [*found, (tuple(run),)]


def _beginnings(items: Items, before: str = "") -> Iterator[str]:
    """Yield the items as phrases that begin with letters, as far as that can be: "(?:no|an) user" as two."""
    if not items:
        yield before
        return
    first, rest = items[0], items[1:]
    if first.text in {r"\b", "^", " "}:
        yield from _beginnings(rest, before + first.text)
        return
    if first.repeat not in {"", "?"} or not (first.inner or first.repeat):
        yield before + _text(items)
        return
    if first.inner:
        for inner in first.inner:
            yield from _beginnings((*inner, *rest), before)
    else:
        yield before + first.alone + _text(rest)
    if first.repeat:
        yield from _beginnings(rest, before)
