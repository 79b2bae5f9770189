"""Recipients of whom a notice tells that shows the session: each with the reply to his own command, the others by the words beside.

Rule: whom the session refused failed, and his reply is sure (`dialogue`). Who was put off failed only if the notice names him, or
nobody; who was taken, only if it names him outside of the session. Of those whom no command names and of those whom nobody
refused the words beside the session tell, where nobody else's reply stands.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from bounce_milter import kinds, phrases, report
from bounce_milter.dialects import addressees, dialogue, listing, nearest, reached, whom
from bounce_milter.facts import REACHED, Recipient
from bounce_milter.view import View


def fates(view: View, lines: list[str], own: set[str], known: Iterable[str]) -> list[Recipient]:
    """Return the recipients of whom a session in *lines*, and the words beside it, tell; nobody where there is but one and
    words beside it quote a reply too.

    own, known   addresses that are nobody's fate, in lower case; those that are known to be written to
    """
    talk = dialogue.heard(lines)
    if not talk.named:
        return []
    rest = reached.without(view, talk.without(lines))
    found = whom.without_house(whom.candidates(rest, own, known), rest, view.house)
    alone = len({*talk.named, *(who.lower() for _, who in found)}) < 2
    if alone and not (talk.clear and listing.quoted(rest) is listing.NOTHING):
        return []
    listed = {who.lower(): who for number, who in found if _is_beside(number, rest, talk)}
    reported = {who.lower(): who for who in _reported(view, talk)}
    found += [(talk.first, who) for key, who in reported.items() if key not in listed]
    listed |= reported
    told = _with_alias(_refused(view, talk, listed, rest), listed, talk, set(map(str.lower, known)))
    left = [
        (number, who)
        for number, who in found
        if who.lower() not in told and (who.lower() in listed or who.lower() not in talk.named)
    ]
    if not (told or left):  # somebody failed, and nobody is known to have
        left = [(talk.first, talk.named[who]) for who in talk.doubtful]
    if not (told or left):
        return [listing.fate(listing.quoted(rest), None, rest, [], kinds.is_delay(view), alone=True)]
    if left:
        beside = listing.fates(listing.places(left, rest), rest, delayed=kinds.is_delay(view))
        marked = nearest.marked(beside, rest, own | addressees.writer(view))
        told |= {(fact.address or "").lower(): fact for fact in marked}
    order = {who: place for place, who in enumerate(dict.fromkeys([*listed, *told]))}
    return sorted(told.values(), key=lambda fact: order[(fact.address or "").lower()])


def _is_beside(number: int, lines: list[str], talk: dialogue.Talk) -> bool:
    """Say whether a line names somebody as failed beside the session, and not as one whom the message was for."""
    return not (talk.first <= number <= talk.last or whom.ADDRESSED_FIELD.match(lines[number]))


def _reported(view: View, talk: dialogue.Talk) -> list[str]:
    """Return whom a delivery report beside the words says to have failed, but for those whom a command calls by another name."""
    found = report.parse(view.reported).recipients
    return [
        fact.address
        for fact in found
        if fact.address
        and fact.action not in REACHED
        and (fact.address.lower() in talk.named or talk.named.keys().isdisjoint(map(str.lower, fact.addresses)))
    ]


def _refused(view: View, talk: dialogue.Talk, listed: dict[str, str], rest: list[str]) -> dict[str, Recipient]:
    """Return those whom the session refused, by their address in lower case, and who failed by it.

    Where the notice names nobody, and somebody was refused for good, who was put off is still tried.
    """
    words = "\n".join([view.title, *rest]).lower()
    good = any(not answer.passing for answer in talk.refused.values())
    delayed = kinds.is_delay(view) or (good and not listed and not phrases.EXPIRED.search(words))
    return {
        who: answer.fact(delayed=delayed, words=words)
        for who, answer in talk.refused.items()
        if who in listed or not (listed and (delayed or answer.passing))
    }


def _with_alias(
    told: dict[str, Recipient], listed: dict[str, str], talk: dialogue.Talk, known: set[str]
) -> dict[str, Recipient]:
    """Return the refused; where the notice names one whom no command does, and one command another who was not written to,
    that is where his mail goes on to.

    known   those who are known to be written to, in lower case
    """
    unasked = [who for who in listed if who not in talk.named and (who in known or not known)]
    strangers = [who for who in told if who not in listed and who not in known]
    if len(unasked) != 1 or len(strangers) != 1:
        return told
    fact = told[strangers[0]]
    alias = replace(fact, address=listed[unasked[0]], actual=fact.address, shared=True)
    return {who: told[who] for who in told if who not in strangers} | {unasked[0]: alias}
