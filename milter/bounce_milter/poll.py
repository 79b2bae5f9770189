"""Where no rule is sure of a reply, its words vote (`votes`): when they are asked, and when they outweigh a rule or a code.

Rule: a vote is a guess. It never makes an address dead, it is told with low confidence, and what is surer than a guess
is not put to it.
"""

import math
from typing import Final

from bounce_milter import bycode, limits, votes
from bounce_milter.catalogue import Catalogue, Ready
from bounce_milter.normalise import Normal
from bounce_milter.verdict import Query, Verdict, about, class_of
from bounce_milter.vocabulary import REASONS, Confidence, Reason

#: Known words that a vote needs, names of kinds such as <addr> not counted.
_TOLD: Final = 2
#: A rule that found its phrase in a long text stands in a report's own words, most of which are about other things.
_LONG: Final = 28
#: The share of the winner, and by how much of that of the verdict's own reason, as logarithms; more of both where a
#: rule or a specific status already says something.
_UNSURE: Final = (math.log(0.3), 1.0)
_FIRM: Final = (math.log(0.5), 2.0)

_HIGH: Final = Confidence.HIGH
_LOW: Final = Confidence.LOW
_UNKNOWN: Final = Reason.UNKNOWN
_EXPIRED: Final = Reason.DELIVERY_EXPIRED


def stands(verdict: Verdict, chosen: Ready | None, coded: bycode.Coded) -> bool:
    """Tell whether a verdict, made by the rule *chosen* or by the code, is not put to the vote.

    What is sure is not; nor are the admin's own rules, a provider's tokens and rules that are bound to more than words;
    a specific status that a rule confirms, and the one that says that time ran out: what it stands beside is often the
    report's own words.
    """
    if verdict.confidence is _HIGH or (chosen is not None and (chosen.own or chosen.token or not chosen.free)):
        return True
    return _agrees(verdict, coded) and (chosen is not None or verdict.reason is _EXPIRED)


def ask(query: Query, unsure: Verdict, coded: bycode.Coded, normal: Normal, catalogue: Catalogue) -> Verdict:
    """Return what the words mean to those who wrote like that before, where they outweigh a verdict that is not sure."""
    words = normal.words.decode()
    ballot = votes.count(catalogue.votes, words)
    firm = unsure.confidence is not _LOW or _agrees(unsure, coded)
    if ballot is None or (firm and len(normal.written) > _LONG):
        return unsure
    if sum([words[at] != "<" for at, _ in ballot.spoke]) < _TOLD:
        return unsure
    reason = ballot.winner
    share = ballot.shares[reason]
    enough, more = _FIRM if firm else _UNSURE
    outweighs = share >= enough and share >= ballot.shares[unsure.reason] + more
    # That the words say nothing is no objection to what something else says.
    if reason is unsure.reason or not outweighs or (firm and reason is _UNKNOWN):
        return unsure
    row = REASONS[reason]
    class_ = class_of(None if reason is _UNKNOWN else row.class_, query, stated=False)
    loudest = " ... ".join([normal.written[words.count(" ", 0, at)] for at in ballot.loudest(reason)])
    return Verdict(
        reason=reason,
        class_=class_,
        dead=False,
        act=row.act,
        confidence=_LOW,
        stated=loudest[: limits.EVIDENCE_CHARS] or None,
        disagreement=bycode.disagreement(reason, class_, query.reply, query.status),
        about=about(reason, normal),
        share=math.exp(share),
        matched=unsure.matched,
    )


def _agrees(verdict: Verdict, coded: bycode.Coded) -> bool:
    """Tell whether a specific status says the same as the verdict."""
    return coded.specific and coded.reason is verdict.reason
