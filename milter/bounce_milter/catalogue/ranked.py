"""The rules in their order of belief, each with what is known of its pattern; the packaged ones also prepared beforehand.

Rule: to read thousands of rows and to take their patterns apart is a third of a start, and comes to the same each time. So
the package holds the outcome too (`make prepare`), which counts only where its mark is that of the rule files beside
it: whoever edits a row waits a tenth of a second longer and is never told what another row meant.
"""

from collections.abc import Iterable, Sequence, Set
from typing import Final, NamedTuple
from zlib import crc32

import msgspec

from bounce_milter.catalogue.needles import Needles, needles, rarest
from bounce_milter.catalogue.pattern import alternatives, weight
from bounce_milter.catalogue.rule import STRENGTHS, Place, Rule, read
from bounce_milter.misfit import Problem


class Known(NamedTuple):
    """What is asked of a pattern; taken apart it is far larger, so that is thrown away at once.

    whole    it stands for all of a text, from ^ to $, whichever of its branches is taken
    token    it is looked for in the raw text
    packed   its needles, as MessagePack: those of all rules together would be as large as all that is kept of them
    """

    weight: int
    whole: bool
    token: bool
    packed: msgspec.Raw

    def needles(self) -> Needles:
        """Return by what the pattern is found."""
        return _UNPACK.decode(self.packed)


class Ranked(NamedTuple):
    """A rule, where it stands, what is known of its pattern."""

    rule: Rule
    place: Place
    known: Known


class Prepared(NamedTuple):
    """The packaged file, as MessagePack.

    made_from   a mark of the rule files
    packed      the rules and their places
    """

    made_from: int
    known: tuple[Known, ...]
    packed: msgspec.Raw

    def rules(self) -> tuple[tuple[Rule, Place], ...]:
        """Return the rules; who asks when the search is made has room for them where that was made."""
        return _RULES.decode(self.packed)


_UNPACK: Final = msgspec.msgpack.Decoder(Needles)
_RULES: Final = msgspec.msgpack.Decoder(tuple[tuple[Rule, Place], ...])
_READ: Final = msgspec.msgpack.Decoder(Prepared)


def best_first(
    files: Iterable[tuple[str, str]],
    overlay: Iterable[tuple[str, str]] = (),
    *,
    proven: bool = False,
    bare: bool = False,
) -> tuple[list[Ranked], list[Problem]]:
    """Return the rules of *files* with *overlay* laid over them (`rule.read`), best first, and what is wrong."""
    overlay = tuple(overlay)
    rules, places, problems = read(files, overlay, proven=proven, bare=bare)
    known = [_known(rule.pattern) for rule in rules]
    least = rarest([few for _, _, few in known])
    found = [
        Ranked(rule, places[rule.id], Known(weighs, whole, rule.strength == "token", _packed(few)))
        for rule, (weighs, whole, _), few in zip(rules, known, least, strict=True)
    ]
    found.sort(key=_rank)
    _same(found, {name for name, _ in overlay}, problems)
    return found, problems


def prepare(files: Sequence[tuple[str, str]]) -> bytes:
    """Return what is packaged of rule files: their rules, without samples and sources. ValueError names what is wrong.

    `make prepare` asks for it; the service only reads what came of it, by `prepared`: both have one form.
    """
    rules, problems = best_first(files, proven=True, bare=True)
    if problems:  # a file left out would be missed by nobody until its samples are tried
        raise ValueError("\n".join(map(str, problems)))
    return msgspec.msgpack.encode(
        Prepared(_mark(files), tuple([one.known for one in rules]), _packed([one[:2] for one in rules]))
    )


def prepared(file: bytes, files: Sequence[tuple[str, str]]) -> Prepared | None:
    """Return what is in a *file* that `prepare` made; None where it was not made of exactly these *files*."""
    try:
        found = _READ.decode(file)
    except msgspec.MsgspecError:  # of another version
        return None
    return found if found.made_from == _mark(files) else None


def _packed(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _mark(files: Sequence[tuple[str, str]]) -> int:
    mark = 0
    for name, text in files:
        mark = crc32(f"{name}\n{text}".encode(), mark)
    return mark


def _known(pattern: str | None) -> tuple[int, bool, Needles]:
    """Return what `Known` tells of a pattern."""
    if pattern is None:
        return 0, False, Needles((), ())
    parts = alternatives(pattern)
    whole = all(items and items[0].text == "^" and items[-1].text == "$" for items in parts)
    return weight(parts), whole, needles(parts)


def _rank(one: Ranked) -> tuple[object, ...]:
    """Return the order of belief among rules that match the same reply, best first; never equal for two rules."""
    rule = one.rule
    narrowed = sum(x is not None for x in (rule.reply, rule.status, rule.command))
    return (STRENGTHS.index(rule.strength), -rule.priority, not rule.by, -one.known.weight, -narrowed, rule.id)


def _same(rules: Sequence[Ranked], own: Set[str], problems: list[Problem]) -> None:
    """Tell of rules that stand twice: of those in the admin's *own* files, where the other is packaged."""
    seen: dict[tuple[object, ...], str] = {}
    for rule, place, _ in sorted(rules, key=lambda one: one.place.file in own):
        key = (rule.pattern, rule.reply, rule.status, rule.command, rule.by, rule.strength == "token")
        if key in seen:
            problems.append(place.problem(rule.id, f"the same pattern and constraints as {seen[key]}"))
        seen.setdefault(key, rule.id)
