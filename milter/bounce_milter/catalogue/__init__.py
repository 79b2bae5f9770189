"""The rules compiled: what is known of each, best first, and what looks for all of them in a reply.

Rule: the order of `rules` is the order of belief among words, so it never depends on the order of files. Patterns are
looked for together (`search`), in time that is linear whatever the text holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Final

import msgspec

from bounce_milter.catalogue import cleared, search
from bounce_milter.catalogue.cleared import Clearings
from bounce_milter.catalogue.clearing import Clearing
from bounce_milter.catalogue.detail import Detail, Details, by_reason
from bounce_milter.catalogue.ranked import Known, best_first
from bounce_milter.catalogue.rule import Place, Rule
from bounce_milter.catalogue.search import Search
from bounce_milter.catalogue.votes import Votes
from bounce_milter.misfit import Problem, hinted
from bounce_milter.vocabulary import REASONS, Class, Reason

#: A pattern whose every match holds so many letters is a sentence, which few write by chance: nearly all such are what one
#: program says.
_SENTENCE: Final = 22
# The packaged files for other languages than English.
_FOREIGN: Final = frozenset({"generic-lang.toml", "languages.toml"})


class Ready(msgspec.Struct, frozen=True, gc=False):
    """A rule with its constraints taken apart, for the hot path.

    class_  the one that the rule states or its reason implies; None: it follows the code
    own     the admin wrote it or changed it
    exact   its pattern has the letters of a sentence, or it is closed
    closed  its pattern is all of the reply, or its status is one provider's own: beside that no other words count
    foreign    its words are of another language than English, which the vote knows less well
    """

    rule: Rule
    place: Place
    reason: Reason
    class_: Class | None
    token: bool
    hint: bool
    replies: tuple[str, ...]
    statuses: tuple[str, ...]
    statuses_below: tuple[str, ...]
    commands: tuple[str, ...]
    free: bool
    own: bool
    exact: bool
    closed: bool
    foreign: bool


class Catalogue(msgspec.Struct, frozen=True, eq=False):
    """All rules that count, best first (`ready`), with what looks for them; `coded` are rules without a pattern, by code.

    tokens, phrases   those that are looked for in the raw text, and in the normalised words
    votes   what words and codes speak for; None: nobody is asked
    details   what replies say more than each reason
    clearings   what of their words is not why
    hints   the ids of those that are only a word
    """

    ready: tuple[Ready, ...]
    problems: tuple[Problem, ...]
    tokens: Search
    phrases: Search
    coded: Mapping[str, tuple[int, ...]]
    votes: Votes | None
    details: Details
    clearings: Clearings
    hints: frozenset[str]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as they were read."""
        return tuple([ready.rule for ready in self.ready])


def build(
    files: Iterable[tuple[str, str]],
    overlay: Iterable[tuple[str, str]] = (),
    votes: Votes | None = None,
    details: tuple[Detail, ...] = (),
    clearings: tuple[Clearing, ...] = (),
    *,
    proven: bool = False,
    bare: bool = False,
) -> Catalogue:
    """Return the catalogue of *files*, pairs of name and TOML text, with the admin's *overlay* laid over them.

    proven, bare   the files were checked before; without samples (`rule.read`)
    """
    overlay = tuple(overlay)
    rules, problems = best_first(files, overlay, proven=proven, bare=bare)
    own = frozenset(name for name, _ in overlay)
    return compiled(
        [one.known for one in rules], lambda: [one[:2] for one in rules], problems, own, votes, details, clearings
    )


def compiled(
    known: Sequence[Known],
    read: Callable[[], Sequence[tuple[Rule, Place]]],
    problems: Iterable[Problem] = (),
    own: Set[str] = frozenset(),
    votes: Votes | None = None,
    details: tuple[Detail, ...] = (),
    clearings: tuple[Clearing, ...] = (),
) -> Catalogue:
    """Return the catalogue of rules, best first; `own` are the admin's files.

    known   what is known of their patterns
    read    returns the rules; asked when the search is made, which needs more memory while it is made than they do
    """
    tokens, phrases = _search(known, token=True), _search(known, token=False)
    rules = read()
    files: dict[str, str] = {}
    coded: dict[str, tuple[int, ...]] = {}
    for i, (rule, _) in enumerate(rules):
        if rule.pattern is None:
            for code in (rule.status or rule.reply or "").split("|"):
                coded[code] = (*coded.get(code, ()), i)
    return Catalogue(
        ready=tuple(
            [
                _ready(rule, Place(files.setdefault(place.file, place.file), place.line), its, own=place.file in own)
                for (rule, place), its in zip(rules, known, strict=True)
            ]
        ),
        problems=tuple(problems),
        tokens=tokens,
        phrases=phrases,
        coded=coded,
        votes=votes,
        details=by_reason(details),
        clearings=cleared.compiled(clearings),
        hints=frozenset([rule.id for rule, _ in rules if rule.strength == "hint"]),
    )


def wordless(catalogue: Catalogue, own: Set[str], topics: Mapping[str, Set[str]]) -> list[Problem]:
    """Return the rules of the files *own* whose `words` are none of the *topics* that each language in use has."""
    found = []
    for rule, place in [(ready.rule, ready.place) for ready in catalogue.ready if ready.place.file in own]:
        lacking = [language for language, known in topics.items() if rule.words and rule.words not in known]
        if lacking and rule.words:
            what = f"words: no wording in {', '.join(lacking)} has {hinted(rule.words, topics[lacking[0]])}"
            found.append(place.problem(rule.id, what))
    return found


def _ready(rule: Rule, place: Place, known: Known, *, own: bool) -> Ready:
    statuses = tuple(rule.status.split("|")) if rule.status else ()
    closed = known.whole or (bool(statuses) and all(map(_is_private, statuses)))
    return Ready(
        rule=rule,
        place=place,
        reason=rule.reason,
        class_=rule.class_ or REASONS[rule.reason].class_,
        token=known.token,
        hint=rule.strength == "hint",
        replies=tuple(rule.reply.split("|")) if rule.reply else (),
        statuses=statuses,
        statuses_below=tuple(s + "." for s in statuses),
        commands=tuple(rule.command.upper().split("|")) if rule.command else (),
        free=not (rule.reply or rule.status or rule.command or rule.by),
        own=own,
        exact=known.weight >= _SENTENCE or closed,
        closed=closed,
        foreign=place.file in _FOREIGN,
    )


def _is_private(status: str) -> bool:
    """Say whether it is registered nowhere: such details have three digits."""
    return status.count(".") == 2 and len(status.rpartition(".")[2]) > 2


def _search(known: Sequence[Known], *, token: bool) -> Search:
    """Return the search for the tokens, or for the other rules."""
    return search.compiled(lambda: ((i, one.needles()) for i, one in enumerate(known) if one.token is token))
