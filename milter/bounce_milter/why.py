"""Why a verdict is what it is: every rule that fits, what the code says, and which of them was believed.

Rule: for people. The verdict is the one that was given; nobody is asked again. The lines are no format for programs.
"""

from heapq import nlargest
from operator import itemgetter
from typing import Final

from bounce_milter import bycode, poll
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import hits
from bounce_milter.normalise import link_words, normalise
from bounce_milter.rule import Rule
from bounce_milter.verdict import Query, Verdict

#: Reasons of the vote that are told.
_SHOWN: Final = 3


def why(query: Query, verdict: Verdict, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the story of the *verdict* on *query*, a line a step: every rule that fits, best first, what decided."""
    normal = normalise(query.text or "")
    lines = [f"words: {normal.words.decode()}"] if normal.words else []
    found = [catalogue.rules[i] for i in hits(query, normal, catalogue)]
    lines += [_told(rule, catalogue, verdict) for rule in found]
    if verdict.rule and verdict.rule not in [rule.id for rule in found]:
        lines.append(f"page: {link_words(normal)}")
        lines += [_told(rule, catalogue, verdict) for rule in catalogue.rules if rule.id == verdict.rule]
    coded = bycode.judge(query.reply, query.status, query.command)
    if coded.code:
        lines.append(f"code {coded.code}: {coded.reason} ({'specific' if coded.specific else 'vague'})")
    if verdict.disagreement:
        lines.append(f"disagreement: {verdict.disagreement}")
    cast = poll.ballot(query, normal.words.decode(), catalogue)
    if cast:
        best = nlargest(_SHOWN, cast.shares().items(), key=itemgetter(1))
        told = ", ".join(f"{reason} {share:.0%}" for reason, share in best)
        lines.append(f"vote: {told}; {cast.living:.0%} leave the address alive")
    dead = "dead" if verdict.dead else "not dead"
    lines.append(f"verdict: {verdict.reason}, {verdict.class_}, {dead}, {verdict.confidence}, by {verdict.decider}")
    return tuple(lines)


def _told(rule: Rule, catalogue: Catalogue, verdict: Verdict) -> str:
    place = catalogue.places[rule.id]
    won = "believed" if rule.id == verdict.rule else "fits"
    looked_for = rule.pattern or rule.status or rule.reply
    return f"{won}: {rule.id} ({rule.strength}, {place.file}:{place.line}) says {rule.reason}: {looked_for}"
