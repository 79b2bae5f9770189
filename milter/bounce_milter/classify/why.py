"""Why a verdict is what it is: every rule that fits, what the code says, which was believed, what kept an address alive.

Rule: for people. The verdict is the one that was given. Where a part of the reply decided, the story is that part's. What kept an
address alive is asked of what `classify` and `poll` ask, in their order; what they would have let pass was taken back for the
whole reply, or for what stands around it.
The lines are no format for programs.
"""

from heapq import nlargest
from operator import itemgetter
from typing import Final

import msgspec

from bounce_milter.catalogue import Catalogue, Ready
from bounce_milter.classify import AGAINST, PASSING, bycode, choose, confirmed, deciding, leads_elsewhere, poll
from bounce_milter.classify.fit import fitting
from bounce_milter.classify.meant import displaced
from bounce_milter.classify.normal import Normal, link_words, normalise
from bounce_milter.classify.verdict import BEFORE_RCPT, Query, Verdict, passes
from bounce_milter.codes import OF_COMMANDS
from bounce_milter.vocabulary import REASONS, Class, Confidence

#: Reasons of the vote that are told.
_SHOWN: Final = 3
_DOUBTS: Final = {
    poll.Doubt.LIVING: "the vote doubts that the address is at fault",
    poll.Doubt.STRANGE: "words that the vote does not know stand beside the phrase",
}


def why(query: Query, verdict: Verdict, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the story of the *verdict* on *query*, a line a step: every rule that fits, best first, what decided."""
    normal = normalise(query.text or "", catalogue.clearings)
    lines = [f"words: {normal.words.decode()}"] if normal.words else []
    found = fitting(query, normal, catalogue)
    part, judged = deciding(query, catalogue)
    if part:
        lines += [_told(ready, None) for ready in found]
        lines.append(f"{part.place}: {part.text}")
        query = msgspec.structs.replace(query, text=part.text)
        normal = normalise(part.text, catalogue.clearings)
        found = fitting(query, normal, catalogue)
    lines += _rows(found, verdict.rule)
    if verdict.rule and verdict.rule not in [ready.rule.id for ready in found]:
        lines += [f"page: {page}"] if (page := link_words(normal)) else []
        lines += [_told(ready, verdict.rule) for ready in catalogue.ready if ready.rule.id == verdict.rule]
    coded = poll.read(query, bycode.judge(query.reply, query.status, query.command), normal, catalogue)
    if coded.code:
        lines.append(f"code {coded.code}: {coded.reason} ({'specific' if coded.specific else 'vague'})")
    if verdict.disagreement:
        lines.append(f"disagreement: {verdict.disagreement}")
    cast = poll.ballot(query, normal.words.decode(), catalogue)
    if cast:
        best = nlargest(_SHOWN, cast.shares().items(), key=itemgetter(1))
        told = ", ".join(f"{reason} {share:.0%}" for reason, share in best)
        lines.append(f"vote: {told}; {cast.living:.0%} leave the address alive")
    if not verdict.dead and REASONS[verdict.reason].may_be_dead:
        kept = _alive(query, verdict, found, coded, normal, catalogue)
        if kept is None and part and not judged.dead:
            kept = f"the words {part.place} decided, and the whole reply calls nobody dead"
        lines.append(f"kept alive: {kept or 'what stands around the reply'}")
    dead = "dead" if verdict.dead else "not dead"
    lines.append(f"verdict: {verdict.reason}, {verdict.class_}, {dead}, {verdict.confidence}, by {verdict.decider}")
    return tuple(lines)


def _rows(found: list[Ready], believed: str | None) -> list[str]:
    """Return a line for each rule that fits; those above the one that is believed say why they gave way."""
    first = next((number for number, ready in enumerate(found) if ready.rule.id == believed), 0)
    return [
        _told(ready, believed) + (f"; gave way: {_yields(ready)}" if number < first else "")
        for number, ready in enumerate(found)
    ]


def _yields(ready: Ready) -> str:
    """Return to what a rule yields, though it stands above in the order of belief (`choose`)."""
    if ready.rule.follow_up:
        return "it only tells the consequence of something else"
    if ready.hint:
        return "a hint yields to a specific code"
    if REASONS[ready.reason].may_be_dead:
        return f"{ready.reason} yields to what leaves the address alive"
    return f"{ready.reason} yields to another cause"


def _told(ready: Ready, believed: str | None) -> str:
    rule, place = ready.rule, ready.place
    won = "believed" if rule.id == believed else "fits"
    looked_for = rule.pattern or rule.status or rule.reply
    return f"{won}: {rule.id} ({rule.strength}, {place.file}:{place.line}) says {rule.reason}: {looked_for}"


def _alive(
    query: Query, verdict: Verdict, found: list[Ready], coded: bycode.Coded, normal: Normal, catalogue: Catalogue
) -> str | None:
    """Return what kept an address alive that the reason might have ended, None where nothing in these words did."""
    if verdict.class_ is not Class.PERMANENT:
        return f"the class is {verdict.class_}, not permanent"
    if verdict.share is not None:
        return "the vote by itself calls no address dead"
    chosen, doubt = choose(found, coded, query)
    if verdict.rule != (chosen and chosen.rule.id):
        return "other words than the reply's own decided"
    if chosen is None:
        told = _alive_by_code(query, verdict, found, coded, normal, catalogue)
    else:
        told = _alive_by_rule(query, verdict, chosen, _against(query, chosen, found) if doubt else None)
    told = told or _alive_by_vote(query, verdict, chosen, coded, normal, catalogue)
    if told is None and verdict.quote and verdict.quote.is_supposed():
        return 'the words are only supposed: they stand behind "if", "perhaps" or the like'
    if told is None and leads_elsewhere(query, chosen, normal, catalogue):
        return "the page that the reply refers to is about something else"
    return told


def _alive_by_code(
    query: Query, verdict: Verdict, found: list[Ready], coded: bycode.Coded, normal: Normal, catalogue: Catalogue
) -> str | None:
    if not coded.proves_dead:
        return f"code {coded.code} alone proves no address dead"
    if query.command in BEFORE_RCPT or query.reply in OF_COMMANDS:
        return f"command ({query.command or 'none'}) or reply ({query.reply or 'none'}) is not about the recipient"
    if b"<ip>" in normal.words:
        return "the reply quotes an IP address, most often the sender's"
    sure = verdict.confidence is not Confidence.LOW and confirmed(coded, found, normal, catalogue)
    return None if sure else f"no words confirm code {coded.code}"


def _alive_by_rule(query: Query, verdict: Verdict, chosen: Ready, against: str | None) -> str | None:
    if not chosen.rule.dead:
        return f"rule {chosen.rule.id} has dead = false: servers say it of living addresses too"
    if chosen.hint:
        return f"rule {chosen.rule.id} is only a hint"
    if against:
        return against
    if query.reply in OF_COMMANDS:
        return f"reply {query.reply} is about a command, not about an address"
    if displaced(query, chosen):
        command, status = query.command or "none", query.status or "none"
        return f"neither command ({command}) nor status ({status}) says that the words are about the recipient"
    if passes(query):
        return "a code says to try again"
    return "words and code contradict each other" if verdict.disagreement and not chosen.token else None


def _against(query: Query, chosen: Ready, found: list[Ready]) -> str:
    """Return what makes a rule on words doubtful."""
    if query.command in BEFORE_RCPT:
        return f"refused at {query.command}, before the recipient was named"
    if chosen.rule.follow_up:
        return f"rule {chosen.rule.id} only tells the consequence of something else"
    other = next(x for reasons in (AGAINST, PASSING) for x in found if x.reason in reasons)
    return f"rule {other.rule.id} speaks of {other.reason}"


def _alive_by_vote(
    query: Query, verdict: Verdict, chosen: Ready | None, coded: bycode.Coded, normal: Normal, catalogue: Catalogue
) -> str | None:
    if poll.stands(verdict, chosen):
        return None
    asked = poll.ask(query, msgspec.structs.replace(verdict, dead=True), chosen, coded, normal, catalogue)
    heard = asked.share is None and not asked.dead
    doubt = poll.doubt(query, verdict, chosen, normal, catalogue) if heard else None
    return _DOUBTS[doubt] if doubt else None
