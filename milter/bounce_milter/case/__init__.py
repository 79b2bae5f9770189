"""The case of one recipient: what the reply says (`classify`), in the light of what no reply tells.

Rule: this is where reading and judging meet, and nowhere else. What stands beside a reply (whom it is about, who talked
to whom, what the report tells people) takes a dead address back, says which half of an address is no good, or names who
can mend it; it never makes an address dead. Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import address, reply
from bounce_milter.bounce import Bounce
from bounce_milter.case import forwarding, hosts, occasion, preface, whose
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import LAST_CAUSES, REPORTER, classify
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.dialects import exim, lists, sieve
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting
from bounce_milter.vocabulary import REASONS, Act, Class, Confidence, Kind, Reason

#: The topic of a relay of the sending side's own.
OWN_RELAY: Final = "own-relay"
#: The topic of a relay that did not take the login of the server that sends.
RELAY_LOGIN: Final = "relay-login-failed"
#: The topic of a recipient whose own script refuses: nobody need allow what he does not want.
OWNER: Final = "owner-refuses-you"

# Families in which the owner of a mailbox or a list speaks, in words of his own.
_BY_OWNERS: Final = frozenset({sieve.DIALECT.name, lists.DIALECT.name})
# Exim, of whomever it gives up on: "This is a permanent error."
_SAYS_FOR_GOOD: Final = exim.DIALECT.name


def judge(fact: Recipient, kind: Kind, message: Bounce, catalogue: Catalogue, *, heard: bool) -> tuple[Query, Verdict]:
    """Return the verdict on the reply, and what it answers.

    kind   what became of the recipient
    heard   whether his words may still be judged (`limits.JUDGED_CHARS`)
    """
    if not heard:
        fact = msgspec.structs.replace(fact, text=None)
    query, verdict = _judged(fact, kind, message, catalogue, heard=heard)
    return query, occasion.fitted(verdict, fact, kind, message, catalogue)


def _judged(
    fact: Recipient, kind: Kind, message: Bounce, catalogue: Catalogue, *, heard: bool
) -> tuple[Query, Verdict]:
    """Return the verdict as it is for any message of that family."""
    query = _query(fact, kind, message)
    if not heard:
        return query, classify(query, catalogue).alive(Confidence.LOW)
    moderated = _moderated(query, message, catalogue)
    query, verdict = moderated or _outer(query, catalogue) or _innermost(query, classify(query, catalogue), catalogue)
    verdict = _acquitted(_placed(verdict, fact, message), fact, message)
    verdict = _of_family(forwarding.forwarded(verdict, fact, message), message.dialect)
    return preface.heard(query, verdict, fact, message, catalogue)


def _of_family(verdict: Verdict, dialect: str | None) -> Verdict:
    """Return the verdict in the light of who writes such reports: a program that tries no more, the owner himself."""
    if dialect == _SAYS_FOR_GOOD and verdict.class_ is Class.UNKNOWN:
        return msgspec.structs.replace(verdict, class_=Class.PERMANENT)
    if dialect in _BY_OWNERS and (verdict.confidence is Confidence.LOW or verdict.share is not None):
        verdict = _of_owner(verdict)
    if dialect == sieve.DIALECT.name and verdict.reason is Reason.SENDER_NOT_ALLOWED and verdict.words is None:
        return msgspec.structs.replace(verdict, words=OWNER, act=Act.SENDER)
    return verdict


# What a moderator may say is wrong with a message, whoever wrote it.
_OF_MESSAGE: Final = frozenset({
    Reason.MESSAGE_TOO_LARGE, Reason.ATTACHMENT_REFUSED, Reason.FORMAT_REFUSED, Reason.RATE_LIMITED
})  # fmt: skip


def _moderated(query: Query, message: Bounce, catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return the verdict on a moderator's own words where a rule surely finds in them what its sender can mend, else None.

    The vote is not asked: such words may be about anything.
    """
    words = lists.behind_moderator(query.text or "") if message.dialect == lists.DIALECT.name else ""
    if not words:
        return None
    asked = msgspec.structs.replace(query, text=words)
    told = classify(asked, catalogue, vote=False)
    if not (told.is_sure and told.reason in _OF_MESSAGE and told.act is Act.SENDER):
        return None
    return asked, msgspec.structs.replace(told, class_=Class.MESSAGE)


# Exchange Online sums up what a server said and quotes it: "Remote server returned unknown recipient ... -> 552 Full".
_SUMMED_UP: Final = re.compile(
    r"\b(?:remote server returned|message (?:expired|delayed))\b[^>]{0,80} -> ", re.IGNORECASE
)


def _outer(query: Query, catalogue: Catalogue) -> tuple[Query, Verdict] | None:
    """Return the verdict on a server that quotes another's reply behind words of its own, None where it quotes none.

    What it says itself counts where it says why, a guess only where the other does not; else what it quotes, of which nobody
    knows that it is about the recipient.
    """
    found = quoting.quoted(query.text) if query.text and reply.may_hold_code(query.text) else None
    if found is None:
        return None
    words, said = found
    own = msgspec.structs.replace(query, text=words)
    code = query.reply if query.reply and query.reply[0] == "4" else said.code
    other = msgspec.structs.replace(query, text=said.text, reply=code, status=said.status)
    told, passed_on = classify(own, catalogue), classify(other, catalogue)
    if _says_why(told) and (told.rule or not (passed_on.rule and _says_why(passed_on))):
        return own, told
    return other, passed_on.alive(Confidence.LOW)


def _says_why(verdict: Verdict) -> bool:
    """Say whether words say plainly why, and not that somebody is not there."""
    by_words = verdict.rule is not None or verdict.share is not None
    return by_words and verdict.confidence is not Confidence.LOW and not REASONS[verdict.reason].may_be_dead


def _innermost(query: Query, verdict: Verdict, catalogue: Catalogue) -> tuple[Query, Verdict]:
    """Return the verdict on the reply that a server quotes after its own word on it, where that is the clearer one."""
    quoted = _SUMMED_UP.search(query.text) if query.text and " -> " in query.text else None
    if quoted is None:
        return query, verdict
    said = reply.parse(quoted.string[quoted.end() :])
    expired = query.expired or "expired" in quoted[0].lower()
    asked = msgspec.structs.replace(
        query, reply=said.code or query.reply, status=said.status, text=said.text, expired=expired
    )
    found = classify(asked, catalogue)
    says_more = found.reason is not verdict.reason or (found.words is not None and verdict.words is None)
    clearer = found.confidence is not Confidence.LOW and says_more
    return (asked, found) if clearer else (query, verdict)


# What a server says with 421 in any case (RFC 5321 4.2.2), before it says why.
_CLOSES: Final = re.compile(
    r"\A(?:[\w.-]{1,255} )?service (?:not available,? )?closing transmission channel[\s.,:;-]{1,9}(?=\S+ \S+ \S)",
    re.IGNORECASE,
)


def _query(fact: Recipient, kind: Kind, message: Bounce) -> Query:
    """Return what the judge is asked about a recipient; *kind* is what became of him.

    Where the report quotes a server and does not name it, the one that reports may have said it: rows of its provider count.
    """
    reporter = message.reporting_mta if fact.diagnostic_type == "smtp" else None
    return Query(
        reply=fact.reply, status=fact.status, text=_CLOSES.sub("", fact.text or "", count=1) or None, command=fact.command,
        by=fact.by or reporter, action=str(kind),
        own=fact.said is Said.OWN, expired=fact.expired,
    )  # fmt: skip


# What is said of a domain, and may be said of a host of another one.
_OF_DOMAINS: Final = frozenset({Reason.DOMAIN_UNKNOWN, Reason.DOMAIN_ACCEPTS_NO_MAIL})
# Topics of a server that finds no way to an address, and what they are where it is the domain's own: the name is at fault.
_NO_WAY: Final = {"no-route": None, "not-there-or-blocked": "not-there-or-blocked"}
_LAST_CAUSES: Final = frozenset(LAST_CAUSES.values())
# The topic of a server that could not look up the sender's domain.
_SENDER_DNS: Final = "sender-dns-unreachable"


def _placed(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict in the light of what no reply tells: whom it is about, who talked to whom, whose status it is."""
    if verdict.reason in _OF_DOMAINS and (reason := hosts.of_another(fact)):
        if reason is Reason.SENDER_REFUSED:
            return _of_sender(verdict)
        verdict = _as(reason, verdict)
    verdict = _barred(_of_his_domain(verdict, fact), fact, message)
    if verdict.reason is Reason.SENDER_REFUSED and whose.is_probe(fact, message.sender):
        verdict = _as(Reason.SYSTEM_ERROR, verdict)
    if verdict.words in _NO_WAY and hosts.speaks_for_itself(fact):
        verdict = msgspec.structs.replace(verdict, reason=Reason.USER_UNKNOWN, words=_NO_WAY[verdict.words])
    if verdict.reason is Reason.DOMAIN_UNKNOWN and hosts.answers_for_itself(fact):
        verdict = _as(Reason.DNS_FAILURE, verdict)
    verdict = _by_speaker(verdict, fact)
    if verdict.reason is Reason.DNS_FAILURE and hosts.looks_up_sender(fact, message.sender):
        return msgspec.structs.replace(verdict, words=_SENDER_DNS, act=Act.SENDER_ADMIN)
    if verdict.reason is Reason.DNS_FAILURE and hosts.is_next_hop(fact):
        verdict = msgspec.structs.replace(verdict, words=REPORTER, act=Act.SENDER_ADMIN)
    if verdict.words == REPORTER:
        theirs = any(
            hosts.reports_for(who, message.sender, message.reporting_mta) for who in (fact.address, fact.alias)
        )
        return msgspec.structs.replace(verdict, words=None, act=Act.RECIPIENT_ADMIN) if theirs else verdict
    not_reached = verdict.act is Act.RECIPIENT_ADMIN or verdict.words in _LAST_CAUSES
    if not_reached and hosts.is_own_relay(fact, message.sender, message.reporting_mta):
        return msgspec.structs.replace(verdict, words=OWN_RELAY, act=Act.SENDER_ADMIN)
    return verdict


def _of_his_domain(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict, the address alive where words that know no such domain name another than the recipient's."""
    another = verdict.dead and verdict.reason is Reason.DOMAIN_UNKNOWN and hosts.names_another(fact)
    return verdict.alive(Confidence.LOW) if another else verdict


def _barred(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict as one on the sender's address where it is that which is listed or refused."""
    if verdict.reason is Reason.BLOCKLISTED and _lists_sender(verdict, fact, message.sender):
        return msgspec.structs.replace(_of_sender(verdict), confidence=Confidence.MEDIUM)
    if verdict.reason is Reason.POLICY_REFUSED and verdict.words is None and _refuses_sender(fact, message.sender):
        return msgspec.structs.replace(
            _as(Reason.SENDER_NOT_ALLOWED, verdict),
            words=occasion.OWN_LIST, act=Act.RECIPIENT_ADMIN, confidence=verdict.at_most_medium,
        )  # fmt: skip
    return verdict


def _lists_sender(verdict: Verdict, fact: Recipient, sender: str) -> bool:
    """Say whether the sender's address stands on a list of the server's own: it answers to that, and names no other."""
    return (
        sender != ""
        and fact.command == "MAIL"
        and not (verdict.listed_by or verdict.about)
        and sender in address.all_in(fact.text)
    )


# Where an address ends at the beginning of a reply: not "@example.com" of "@example.com.br".
_ENDS: Final = re.compile(r">?(?:\.\.\.|:)?(?=\s|\Z)")
# That it is refused, and no more: "access denied", "sender address rejected: blocked".
_REFUSED: Final = re.compile(
    r"\s(?:sender (?:address )?(?:rejected|refused|blocked|denied):? )?(?:access |permission )?"
    r"(?:denied|rejected|refused|blocked|barred|not (?:accepted|allowed|permitted))[.!]?(?:\s\(in reply to [a-z ]{1,40}\))?\s?\Z"
)


def _refuses_sender(fact: Recipient, sender: str) -> bool:
    """Say whether a reply names the sender's address as what it refuses, as servers name whom they answer about (Sendmail, access map).

    It begins with it, and either answers to it or says nothing else; who writes to himself is named as the recipient.
    """
    text = (fact.text or "").lower().removeprefix("<")
    if not sender or not text.startswith(sender):
        return False
    if sender in map(str.lower, fact.addresses):
        return False
    end = _ENDS.match(text, len(sender))
    return end is not None and (fact.command == "MAIL" or _REFUSED.match(text, end.end()) is not None)


# No mail program gets a bounce, it is told at once: these are words for the server that sent the mail on.
_OF_SERVERS: Final = {"login-needed": "server-login-needed", "wrong-login": RELAY_LOGIN}
# What a program means by such words is itself: no permission, a wrong option, a key that is missing.
_OF_PROGRAMS: Final = frozenset({
    Reason.SYSTEM_ERROR, Reason.POLICY_REFUSED, Reason.PROTOCOL_ERROR, Reason.TLS_FAILED
})  # fmt: skip


def _by_speaker(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict with the words for what said it: the system that reports, another server, a program."""
    if verdict.words == REPORTER and fact.said is Said.REMOTE:
        return msgspec.structs.replace(verdict, words=None, act=REASONS[verdict.reason].act)
    if verdict.words in _OF_SERVERS and fact.address and fact.said is Said.REMOTE:
        return msgspec.structs.replace(verdict, words=_OF_SERVERS[verdict.words], act=Act.SENDER_ADMIN)
    if fact.diagnostic_type == "x-unix" and verdict.words is None and _may_be_a_program(verdict, fact):
        return msgspec.structs.replace(
            verdict, reason=Reason.SYSTEM_ERROR, words=forwarding.PROGRAM, act=Act.RECIPIENT_ADMIN
        )
    return verdict


def _may_be_a_program(verdict: Verdict, fact: Recipient) -> bool:
    """Say whether the output of a program says no more than that it failed."""
    return verdict.reason in _OF_PROGRAMS or (verdict.rule is None and (fact.status or "")[1:4] != ".1.")


# Reasons that a server may mean of anybody; who moved has another address.
_TO_PERSONS: Final = frozenset({Reason.USER_UNKNOWN, Reason.BAD_ADDRESS_SYNTAX})
# What is said of who left, too.
_OF_LEAVERS: Final = frozenset({Reason.USER_UNKNOWN, Reason.MAILBOX_MOVED})


def _acquitted(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict without a dead address where the words are on another one, give it as the new one or name its way, only the
    client said so, or it is doubted, shared or said to be tried again. Words that surely give it as the new one say nothing of why it failed."""
    of_person = verdict.reason in _TO_PERSONS
    moved = verdict.reason is Reason.MAILBOX_MOVED
    other = whose.another_person(fact, message.sender) if of_person else whose.another_moved(fact) if moved else None
    if other and other.lower() == message.sender:
        return _of_sender(verdict)
    if moved and whose.is_told_as_new(fact):
        return _unclear(verdict)
    if verdict.dead and fact.address and "@" not in fact.address:  # a user of the host's own, or a route
        return msgspec.structs.replace(verdict, dead=False)
    if not verdict.dead:
        return verdict
    beside = of_person and (whose.beside_another(fact, verdict, message.sender) or whose.another_name(fact, verdict))
    back = moved and (whose.is_new(fact) or whose.is_routed(fact))
    left = verdict.reason in _OF_LEAVERS and whose.another_person_left(fact)
    own = of_person and (
        hosts.names_senders(fact, message.sender) or (not fact.actual and _is_of_others(fact, message))
    )
    spelt = verdict.reason is Reason.BAD_ADDRESS_SYNTAX and whose.is_spelt_otherwise(fact)
    passes = (fact.reply_status or "").startswith("4")  # Postfix makes it a "5." where the code is 550
    open_ = passes or fact.doubted or fact.shared or fact.will_retry_until is not None
    if other or beside or back or left or own or spelt or open_ or _by_added_status(verdict, fact):
        return verdict.alive(Confidence.LOW)
    return verdict


def _is_of_others(fact: Recipient, message: Bounce) -> bool:
    """Say whether a host of the sender's domain, or of another addressee's, says it of an address elsewhere: it may take that domain
    for one of its own, or have fetched what was delivered long since."""
    if fact.address is None or address.is_private(fact.address):
        return False
    mta = message.reporting_mta
    if fact.said is Said.OWN or (fact.said is Said.REMOTE and fact.by is not None and fact.by == mta):
        reporter = message.house if mta is None or address.is_private(f"@{mta}") else mta
        among_others = fact.address.lower() in message.addressees
        if hosts.reports_for(message.sender, fact.address, reporter) or (
            among_others and hosts.reports_for_one(message.addressees, fact.address, reporter)
        ):
            return True
    return hosts.is_own_relay(fact, message.sender or message.reader, mta)


def _by_added_status(verdict: Verdict, fact: Recipient) -> bool:
    """Say whether no words decided but a status that the client added to a "550": Sendmail 5.1.1, Postfix 5.0.0."""
    added = fact.reply is not None and fact.status != fact.reply_status
    return added and (not fact.text or verdict.rule is None)


def _of_owner(verdict: Verdict) -> Verdict:
    """Return the verdict on what an owner refuses, where his words leave open why."""
    return msgspec.structs.replace(_as(Reason.SENDER_NOT_ALLOWED, verdict), class_=Class.PERMANENT)


def _of_sender(verdict: Verdict) -> Verdict:
    """Return the verdict as one on the sender's address, which servers look up too."""
    return msgspec.structs.replace(_as(Reason.SENDER_REFUSED, verdict), confidence=Confidence.LOW)


def _unclear(verdict: Verdict) -> Verdict:
    """Return the verdict as one on words that say nothing of the recipient; how final it is stays as told."""
    return msgspec.structs.replace(
        _as(Reason.UNKNOWN, verdict), words=occasion.NOT_UNDERSTOOD, confidence=Confidence.LOW
    )


def _as(reason: Reason, verdict: Verdict) -> Verdict:
    """Return the verdict with another reason, of which no address is dead, and with the one to act and the words of that."""
    return msgspec.structs.replace(verdict, reason=reason, dead=False, act=REASONS[reason].act, words=None)
