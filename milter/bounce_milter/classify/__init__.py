"""One server reply -> one verdict: why it failed, how final that is, who can mend it, and on what evidence.

Rule: the order of belief. A provider's token or scoped phrase, then a strong phrase, then a specific enhanced status,
then the reply code with its command, then the class digit; against all but the first and whole sentences, a vote of
words and codes (`poll`); where all of these leave it open, the name of the page that the reply refers to. What stands
before a notice that is the same in every reply (`notice`) counts alone where it says why, and so does what stands behind the
name of a team or a program (`heading`) where that is none of what they are named for. A list of causes of which it may be any
(`possible`) tells nothing. What speaks of
the sender, of quota, of rates or of block lists defeats whatever says that the address is dead: a dead verdict costs
somebody his mail for good, so it needs words or a specific status, a permanent code, and nothing that contradicts. The
same reply always gives the same verdict. Never raises.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from bounce_milter import limits
from bounce_milter.catalogue import Catalogue, Ready
from bounce_milter.classify import bycode, heading, notice, poll, possible
from bounce_milter.classify.fit import fitting
from bounce_milter.classify.meant import displaced
from bounce_milter.classify.normal import Normal, link_words, normalise, says_something
from bounce_milter.classify.verdict import BEFORE_RCPT, Query, Quote, Verdict, about, class_of, passes
from bounce_milter.codes import OF_COMMANDS
from bounce_milter.vocabulary import REASONS, Class, Confidence, Reason

R = Reason


# What defeats "the address is dead": it speaks of the sender, of the message or of a passing state.
AGAINST: Final = frozenset({
    R.MAILBOX_FULL, R.MAILBOX_DISABLED, R.BLOCKLISTED, R.RATE_LIMITED, R.GREYLISTED, R.SPAM_CONTENT, R.VIRUS_FOUND,
    R.ATTACHMENT_REFUSED, R.MESSAGE_TOO_LARGE, R.AUTHENTICATION_FAILED, R.REVERSE_DNS, R.SENDER_REFUSED,
    R.SENDER_NOT_ALLOWED, R.ACCOUNT_RESTRICTED, R.RELAY_DENIED, R.TLS_FAILED, R.FORMAT_REFUSED,
    R.MAIL_LOOP,
})  # fmt: skip
# What makes any word on the recipient doubtful: the server could not look him up.
PASSING: Final = frozenset({R.SYSTEM_ERROR, R.CONNECTION_FAILED, R.DNS_FAILURE})
# Of a domain, of which "DNS" and "host" are said anyway, and beside a provider's token.
_FAULTS: Final = frozenset({R.SYSTEM_ERROR})
#: The topic of a server that put the message off until time ran out.
PUT_OFF: Final = "expired-put-off"
#: The topic of a system that reports a fault of its own.
REPORTER: Final = "reporting-system"
#: The topics that name the last cause of a delivery that ran out of time.
LAST_CAUSES: Final = {
    R.CONNECTION_FAILED: "expired-not-reached", R.DNS_FAILURE: "expired-not-looked-up",
    R.DOMAIN_UNKNOWN: "expired-not-looked-up", R.GREYLISTED: PUT_OFF, R.SYSTEM_ERROR: PUT_OFF,
    R.TLS_FAILED: "expired-not-encrypted",
}  # fmt: skip
# What a server waits for until time runs out, which is the reason then; of a domain only a 4yz says that it may come, and a
# fault is a cause of its own, unless another server only answers "not now": with 452 it says what it lacks (RFC 5321 4.2.3).
_WAITED_FOR: Final = frozenset(LAST_CAUSES) - {R.DOMAIN_UNKNOWN, R.SYSTEM_ERROR}
_LACKS: Final = "452"

_ANY: Final = frozenset(R)
# What says why, so that a notice behind it need not.
_TELLING: Final = _ANY - {R.UNKNOWN, R.POLICY_REFUSED}

# What no team and no program that looks for spam, lists, records or rates is named for.
_NAMED_FOR_NONE: Final = frozenset({
    R.USER_UNKNOWN, R.BAD_ADDRESS_SYNTAX, R.MAILBOX_FULL, R.MAILBOX_DISABLED, R.MAILBOX_MOVED, R.SYSTEM_ERROR,
    R.ATTACHMENT_REFUSED, R.MESSAGE_TOO_LARGE, R.DOMAIN_ACCEPTS_NO_MAIL,
})  # fmt: skip

_OUT_OF_TIME: Final = frozenset({R.DELIVERY_EXPIRED})

# Reading a member of an enumeration runs Python code up to 3.11; here it is read for every reply.
_UNKNOWN: Final = R.UNKNOWN
_EXPIRED: Final = R.DELIVERY_EXPIRED
_DOMAIN_UNKNOWN: Final = R.DOMAIN_UNKNOWN
_SYSTEM_ERROR: Final = R.SYSTEM_ERROR
_MOVED: Final = R.MAILBOX_MOVED
_DISABLED: Final = R.MAILBOX_DISABLED
_PERMANENT: Final = Class.PERMANENT
_MESSAGE: Final = Class.MESSAGE
_HIGH: Final = Confidence.HIGH
_MEDIUM: Final = Confidence.MEDIUM
_LOW: Final = Confidence.LOW


class Part(NamedTuple):
    """What of a reply is judged by itself: where it stands, its words, and the reasons that count where they tell one of these."""

    place: str
    text: str
    reasons: frozenset[Reason]


@lru_cache(limits.SAME_WORDS)
def classify(query: Query, catalogue: Catalogue, *, vote: bool = True) -> Verdict:
    """Return the verdict on one reply. Without *vote* the rules and the codes decide alone."""
    return deciding(query, catalogue, vote=vote)[1]


def deciding(query: Query, catalogue: Catalogue, *, vote: bool = True) -> tuple[Part | None, Verdict]:
    """Return the part of a reply that decides, None where all of it does, and the verdict: dead only if that on all of it is."""
    normal = normalise(query.text or "", catalogue.clearings)
    verdict = _judged(query, normal, catalogue, vote=vote)
    decides, text = None, " ".join(normal.written)
    for part in _parts(text):
        told = _on(query, part.text, catalogue, vote=vote)
        if told.reason in part.reasons and told.confidence is not _LOW and told.reason is not verdict.reason:
            decides, verdict = part, told if verdict.dead else msgspec.structs.replace(told, dead=False)
    beside = _beside_list(query, text, catalogue, vote=vote)
    if beside is None:
        return decides, verdict
    decides, told = beside
    return decides, told if verdict.dead and told.rule else msgspec.structs.replace(told, dead=False)


def _beside_list(query: Query, text: str, catalogue: Catalogue, *, vote: bool) -> tuple[Part, Verdict] | None:
    """Return what the *text* of a reply says beside a list of possible causes, and the verdict on that; None without a list, or where
    all that it lists comes to the same."""
    found = possible.causes(text)
    if found is None:
        return None
    told = {_on(Query(text=each), each, catalogue, vote=vote).reason for each in found.listed}
    if len(told - {_UNKNOWN}) == 1:
        return None
    verdict = _on(query, found.rest, catalogue, vote=vote)
    if verdict.confidence is _LOW:
        verdict = _on(query, found.rest, catalogue, vote=False)
    return Part("beside the causes that it lists as possible", found.rest, _ANY), verdict


def _parts(text: str) -> Iterator[Part]:
    """Yield the parts of a reply's *text* that are judged by themselves; in front of a notice there may be the name of who speaks."""
    if said := notice.without(text):
        yield Part("before the notice", said, _TELLING)
        text = said
    if said := heading.behind(text):
        yield Part("behind who speaks", said, _NAMED_FOR_NONE)


def _on(query: Query, text: str, catalogue: Catalogue, *, vote: bool) -> Verdict:
    alone = msgspec.structs.replace(query, text=text)
    return _judged(alone, normalise(text, catalogue.clearings), catalogue, vote=vote)


def _judged(query: Query, normal: Normal, catalogue: Catalogue, *, vote: bool) -> Verdict:
    found = fitting(query, normal, catalogue)
    coded = bycode.judge(query.reply, query.status, query.command)
    if vote:
        coded = poll.read(query, coded, normal, catalogue)
    chosen, doubt = choose(found, coded, query)
    matched = tuple([x.rule.id for x in found])
    if chosen is None:
        proven = confirmed(coded, found, normal, catalogue) or (
            vote and coded.proves_dead and _none_alive(found) and poll.confirms(query, coded, normal, catalogue)
        )
        verdict = _by_code(query, coded, normal, matched, proven=proven)
        late = query.expired
    else:
        verdict = _by_rule(query, chosen, normal, matched, doubt=doubt)
        late = query.expired or _EXPIRED in (chosen.reason, coded.reason)
    if vote and not poll.stands(verdict, chosen or _whole(found, verdict)):
        verdict = poll.ask(query, verdict, chosen, coded, normal, catalogue)
    if verdict.dead and (_is_supposed(verdict) or leads_elsewhere(query, chosen, normal, catalogue)):
        verdict = verdict.alive(verdict.at_most_medium)
    if verdict.confidence is _LOW and b"<url>" in normal.words and not (chosen and chosen.own):
        verdict = _by_link(query, verdict, normal, catalogue)
    return _too_late(verdict, found, normal, query) if late and query.action != "delayed" else verdict


def choose(found: list[Ready], coded: bycode.Coded, query: Query) -> tuple[Ready | None, bool]:
    """Return the rule to believe, None for the code, and whether something speaks against a dead address.

    A specific code comes before a mere word. Of a rule that calls the address dead each other one is asked whether it objects:
    one that defeats it is believed in its place, any other leaves a doubt.
    """
    if not found:
        return None, False
    best = _best(found, query)
    if best.hint and coded.specific:
        return _beside_code(found, coded)
    if not REASONS[best.reason].may_be_dead:
        return best, False
    if best.token:
        return _token(best, found, query)
    objection = _objection(best, found)
    if objection is not None and _defeats(objection, best):
        return objection, True
    return best, objection is not None or best.rule.follow_up or query.command in BEFORE_RCPT


def _best(found: list[Ready], query: Query) -> Ready:
    """Return the rule that says most: the mere consequence of something else only where nothing else is said."""
    best = _expired(found, query) or _told(found, query)
    if best.rule.follow_up:
        return next((x for x in found if not x.rule.follow_up and not x.hint), best)
    return best


def _beside_code(found: list[Ready], coded: bycode.Coded) -> tuple[Ready | None, bool]:
    """Return what is believed of mere words beside a specific code: one that leaves the address alive where the code does not."""
    against = _first(found, AGAINST)
    return (against, True) if against and REASONS[coded.reason].may_be_dead else (None, False)


def _objection(best: Ready, found: list[Ready]) -> Ready | None:
    """Return the rule that speaks against the dead address of the *best* one; in a sentence that is known whole a mere word is
    not another's."""
    objection = _first(found, AGAINST) or _first(found, _FAULTS if best.reason is _DOMAIN_UNKNOWN else PASSING)
    return None if objection is not None and best.closed and _is_slight(objection, best) else objection


def _defeats(objection: Ready, best: Ready) -> bool:
    return objection.reason in AGAINST and not _is_slight(objection, best)


def _is_slight(objection: Ready, best: Ready) -> bool:
    """Say whether it is a mere word; or the end of a mailbox that has moved: where to is the better word."""
    return objection.hint or (objection.reason is _DISABLED and best.reason is _MOVED)


def _token(best: Ready, found: list[Ready], query: Query) -> tuple[Ready, bool]:
    """Return the rule to believe where a provider's token calls an address dead, and whether something speaks against it: a server
    that refuses a sender quotes what the sender's own said of him, one with a fault what it heard."""
    of_sender = next((x for x in found if x.reason is R.SENDER_REFUSED and not x.hint), None)
    if of_sender:
        return of_sender, True
    return best, query.command in BEFORE_RCPT or _first(found, _FAULTS) is not None


def _told(found: list[Ready], query: Query) -> Ready:
    """Return the best rule, one that says more than that a delivery was given up for want of time if there is any."""
    for ready in found:
        if not ready.hint and (ready.reason is not _EXPIRED or query.action == "delayed"):
            return ready
    return found[0]


def _expired(found: list[Ready], query: Query) -> Ready | None:
    """Return the rule that says time ran out, unless a delay, a dead address or a plain cause is told beside it."""
    expired = _first(found, _OUT_OF_TIME)  # hints come last, so it is none if any is not
    if expired is None or expired.hint or query.action == "delayed":
        return None
    causes = [x.reason for x in found if not x.hint and x.reason is not _EXPIRED]
    return None if any(reason not in _WAITED_FOR for reason in causes) else expired


def _first(found: list[Ready], reasons: frozenset[Reason]) -> Ready | None:
    for ready in found:
        if ready.reason in reasons:
            return ready
    return None


def _by_rule(query: Query, ready: Ready, normal: Normal, matched: tuple[str, ...], *, doubt: bool) -> Verdict:
    rule, reason = ready.rule, ready.reason
    row = REASONS[reason]
    class_ = class_of(ready.class_, query, stated=rule.class_ is not None)
    act, words = rule.act or row.act, rule.words
    if words == REPORTER and not query.own and (query.reply or "").startswith("4"):
        act, words = row.act, None  # to whom another server answers so, that one has the fault
    # A row that names the status knows that it is used so.
    disagreement = None if rule.status else bycode.disagreement(reason, class_, query.reply, query.status)
    dead = (
        row.may_be_dead and rule.dead and class_ is _PERMANENT and not (ready.hint or doubt or displaced(query, ready))
        and (disagreement is None or ready.token) and not passes(query)
    )  # fmt: skip
    return Verdict(
        reason=reason, class_=class_, dead=dead, act=act,
        confidence=_confidence(ready, query, disagreement, doubt=doubt),
        quote=_quote(ready, normal), stated=query.status or query.reply,
        disagreement=disagreement, words=words, rule=rule.id, listed_by=rule.list, lookup=rule.lookup,
        about=about(reason, normal), matched=matched,
    )  # fmt: skip


def _whole(found: list[Ready], verdict: Verdict) -> Ready | None:
    """Return the rule, however weak, that stands for all that is said and says what the verdict does."""
    return next((x for x in found if x.closed and x.reason is verdict.reason), None)


def confirmed(coded: bycode.Coded, found: list[Ready], normal: Normal, catalogue: Catalogue) -> bool:
    """Say whether the words say what the code does, or nothing; a mere word confirms none, unless it is all they say."""
    said_so = any(x.reason is coded.reason and x.rule.dead and (x.exact or not x.hint) for x in found)
    return (said_so or not says_something(normal, catalogue.clearings)) and _first(found, PASSING) is None


def _none_alive(found: list[Ready]) -> bool:
    """Say whether no word, however slight, speaks of what leaves an address alive."""
    return all(REASONS[x.reason].may_be_dead for x in found)


def _by_code(query: Query, coded: bycode.Coded, normal: Normal, matched: tuple[str, ...], *, proven: bool) -> Verdict:
    """Return what the code says where no rule on words is to be believed.

    Words that no rule knows may say anything, a full mailbox too, so beside them a number proves nothing, unless nearly
    all who wrote like that said the same (`poll.confirms`).
    """
    row = REASONS[coded.reason]
    implied = None if coded.reason is _UNKNOWN else row.class_
    class_ = class_of(implied, query, stated=False)
    sure = coded.proves_dead and proven and class_ is _PERMANENT
    return Verdict(
        reason=coded.reason, class_=class_,
        # A number that the server quotes is most often ours: then the reply is about us.
        dead=sure and row.may_be_dead and query.command not in BEFORE_RCPT and query.reply not in OF_COMMANDS
        and b"<ip>" not in normal.words,
        act=row.act, stated=coded.code,
        confidence=_MEDIUM if coded.specific and proven else _LOW,
        disagreement=bycode.contradiction(query.reply, query.status),
        about=about(coded.reason, normal), matched=matched,
    )  # fmt: skip


def _by_link(query: Query, verdict: Verdict, normal: Normal, catalogue: Catalogue) -> Verdict:
    """Return what the name of the page says to which a reply refers, where its own words leave it open."""
    page = link_words(normal)
    told = _linked(query, page, catalogue)
    if told is None or told.reason is verdict.reason:
        return verdict
    link = next((word for word in normal.written if "://" in word or "www." in word.lower()), page)
    return msgspec.structs.replace(
        told, dead=False, confidence=_LOW, quote=None, stated=link[: limits.EVIDENCE_CHARS],
        matched=(*verdict.matched, *told.matched),
    )  # fmt: skip


def _linked(query: Query, page: str, catalogue: Catalogue) -> Verdict | None:
    """Return the verdict on the words of the links in a reply, None where they tell nothing surely."""
    told = classify(msgspec.structs.replace(query, text=page), catalogue, vote=False) if page else None
    return told if told and told.is_sure else None


def leads_elsewhere(query: Query, chosen: Ready | None, normal: Normal, catalogue: Catalogue) -> bool:
    """Say whether the page to which a reply refers is about what leaves an address alive."""
    if b"<url>" not in normal.words or (chosen and not poll.is_open(chosen)):
        return False
    told = _linked(query, link_words(normal), catalogue)
    return told is not None and not REASONS[told.reason].may_be_dead


def _is_supposed(verdict: Verdict) -> bool:
    return verdict.quote is not None and verdict.quote.is_supposed()


def _confidence(ready: Ready, query: Query, disagreement: str | None, *, doubt: bool) -> Confidence:
    if ready.hint:
        return _LOW
    if ready.token:
        return _MEDIUM if disagreement else _HIGH
    if doubt and REASONS[ready.reason].may_be_dead:
        return _LOW
    agrees = (query.reply or query.status) and not disagreement and not doubt
    return _HIGH if agrees else _MEDIUM


def _too_late(verdict: Verdict, found: list[Ready], normal: Normal, query: Query) -> Verdict:
    """Return the verdict of a delivery that ran out of time, with the words on the last cause as its evidence.

    Only what passes can have been waited for, somebody who is not known for now too; a plain cause such as a full mailbox is
    the reason itself (RFC 3463 3.5, X.4.7).
    """
    passing = verdict.reason is _EXPIRED or verdict.reason in _WAITED_FOR or REASONS[verdict.reason].may_be_dead
    if verdict.class_ is _PERMANENT or not (passing or _only_not_now(verdict, query)):
        return verdict
    causes = [x for x in found if x.reason is not _EXPIRED and not x.hint]
    cause = causes[0].reason if causes else verdict.reason
    return msgspec.structs.replace(
        verdict,
        reason=_EXPIRED,
        words=verdict.words or LAST_CAUSES.get(cause),
        class_=_MESSAGE,
        act=verdict.act if verdict.words else REASONS[_EXPIRED].act,
        confidence=_HIGH if query.expired else verdict.confidence,
        quote=(_quote(causes[0], normal) if causes else None) or verdict.quote,
        disagreement=None,
    )


def _only_not_now(verdict: Verdict, query: Query) -> bool:
    """Say whether another server, until time ran out, had a fault and does not say which."""
    vague = verdict.reason is _SYSTEM_ERROR and verdict.words is None and query.reply != _LACKS
    return vague and query.expired and not query.own


def _quote(ready: Ready, normal: Normal) -> Quote | None:
    """Return where the words of the reply stand that the rule found."""
    return None if ready.rule.pattern is None else Quote(ready.rule.pattern, normal, ready.token)
