r"""By which texts a pattern is found among many: "no such (?:user|box)" by "no such user" and "no such box".

Rule: thousands of patterns are looked for by plain texts, in one pass (`search`). An alternative that stands for few
texts is found by these. Another is tried by itself, but only where its signs are: of each of its parts that stand for
few texts one must be there, "closed" or "shut" and "mailbox" or "account". Every text that a pattern matches holds them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick

from bounce_milter.catalogue.pattern import BEGIN, EDGE, END, Item, Items, pieces_of, spelled

#: An alternative of more texts is tried by itself: each costs memory, a trial costs time.
_FEW: Final = 8
#: One part of it may be a list of so many words.
_LISTED: Final = 120
#: Signs of fewer octets stand in nearly every reply; they are asked for where there is no other.
_LEAST: Final = 3
#: So many signs are asked for; a third would keep few trials away that two have let through.
_SIGNS: Final = 2
_MARKS: Final = str.maketrans("", "", EDGE + BEGIN + END)


class Whole(NamedTuple):
    """A text that is all of an alternative; `before` and `behind` it EDGE, BEGIN, END, or "" for whatever there is."""

    text: str
    before: str
    behind: str


class Tried(NamedTuple):
    """An alternative that is tried by itself where of each of its *signs* one text is."""

    signs: tuple[tuple[str, ...], ...]
    rest: str


class Needles(NamedTuple):
    """By what a pattern is found: where one of `whole` stands, and by trying each of `tried`."""

    whole: tuple[Whole, ...]
    tried: tuple[Tried, ...]


def needles(parts: tuple[Items, ...]) -> Needles:
    """Return by what a pattern, taken apart, is found."""
    whole: list[Whole] = []
    tried: list[Tried] = []
    for items in chain.from_iterable(map(_opened, parts)):
        found = [_whole(text) for text in spelled((items,), _FEW) or ()]
        texts = [text for text in found if text is not None]
        if found and len(texts) == len(found):
            whole += texts
        else:
            tried.append(Tried(tuple(dict.fromkeys(_signs(items))), "".join([item.text for item in items])))
    return Needles(tuple(whole), tuple(tried))


def rarest(found: Sequence[Needles]) -> list[Needles]:
    """Return the same with no more signs than help: those that stand in few of the texts of all patterns."""
    signs = sorted({text for one in found for tried in one.tried for sign in tried.signs for text in sign})
    texts = {whole.text for one in found for whole in one.whole}.union(signs)
    often: Counter[str] = Counter()
    look = AhoCorasick(signs).find_matches_as_indexes
    for text in sorted(texts):
        often.update({signs[number] for number, _, _ in look(text, overlapping=True)})

    def few(signs: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        long = [sign for sign in signs if min([len(text.encode()) for text in sign]) >= _LEAST]
        return tuple(
            sorted(long or signs, key=lambda sign: sum([often[text] for text in sign]))[: _SIGNS if long else 1]
        )

    return [one._replace(tried=tuple([t._replace(signs=few(t.signs)) for t in one.tried])) for one in found]


def _opened(items: Items) -> Iterator[Items]:
    """Yield an alternative, or for each word of the list that makes it stand for many texts one; what is left as one."""
    lists = [at for at, item in enumerate(items) if item.inner and not item.repeat and pieces_of(item, _FEW) is None]
    if len(lists) != 1:
        yield items
        return
    (at,) = lists
    before, behind = items[:at], items[at + 1 :]
    left: list[Items] = []
    for inner in items[at].inner:
        one = (*before, *inner, *behind)
        if spelled((one,), _FEW):
            yield one
        else:
            left.append(inner)
    if left:
        text = "|".join(["".join([item.text for item in inner]) for inner in left])
        yield (*before, Item(f"(?:{text})", "", tuple(left), 0), *behind)


def _whole(text: str) -> Whole | None:
    """Return a text with its marks apart; None where one stands within it, or nothing else."""
    bare = text.translate(_MARKS)
    if not bare:
        return None
    before, _, behind = text.partition(bare)
    return Whole(bare, before, behind) if len(before) < 2 and len(behind) < 2 else None


def _signs(items: Items) -> Iterator[tuple[str, ...]]:
    """Yield the signs of one alternative: each is one or more of its items, as many as stand for few texts."""
    run = [""]
    for item in items:
        pieces = pieces_of(item, _LISTED)
        if pieces is not None and len(run) * len(pieces) <= _FEW:
            run = [a + b for a in run for b in pieces]
            continue
        yield from _sign(run)
        run = [""]
        if pieces is None:
            if item.inner and item.repeat[:1] not in {"?", "*", "{"}:
                yield from _within(item.inner)
        elif len(pieces) <= _FEW:
            run = pieces
        else:
            yield from _sign(pieces)
    yield from _sign(run)


def _within(inner: tuple[Items, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the sign of a group: one of the longest of each of its alternatives, if all have some."""
    best = [max(_signs(items), key=lambda sign: min(map(len, sign)), default=()) for items in inner]
    if all(best):
        yield from _sign(text for sign in best for text in sign)


def _sign(texts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield the texts as a sign, if each of them says something."""
    bare = sorted({text.translate(_MARKS) for text in texts})
    if all(bare):
        yield tuple(bare)
