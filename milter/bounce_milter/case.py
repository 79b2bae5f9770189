"""The case of one recipient: what the reply says (`classify`), in the light of what no reply tells.

Rule: this is where reading and judging meet, and nowhere else. What stands beside a reply (whom it is about, who talked
to whom, what the report tells people) takes a dead address back, says which half of an address is no good, or names who
can mend it; it never makes an address dead. Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import address, limits, reply
from bounce_milter.bounce import Bounce
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify
from bounce_milter.facts import Recipient, Said
from bounce_milter.verdict import Query, Verdict
from bounce_milter.vocabulary import REASONS, Act, Class, Confidence, Kind, Reason

#: The topic of an address that is no good and that only others forward to, and of an address that forwards to such a one.
FORWARDED: Final = "forwarded-to-nobody"
FORWARDS: Final = "forwards-to-nobody"
#: The topic of a relay of the sending side's own.
OWN_RELAY: Final = "own-relay"

# What a report may say to people of a living mailbox, while its code says that there is none.
_ALIVE: Final = frozenset({Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED})
# Without one of these no rule finds that; cheap, so it is asked first.
_SIGNS_OF_LIFE: Final = (
    "full", "quota", "space", "storage", "disabl", "inactiv", "suspend", "deactivat", "closed", "locked", "over limit",
    "size limit", "voll", "plein", "lleno", "piena", "cheio", "переполн", "pełn", "一杯", "已满", "停止", "unused",
)  # fmt: skip


# Families in which the owner of a mailbox or a list speaks, in words of his own.
_BY_OWNERS: Final = frozenset({"sieve", "lists"})
# Gmail on a server that the user himself entered, for an address of his elsewhere.
_SENT_AS: Final = "settings for your 'send mail as' account"


def judge(fact: Recipient, kind: Kind, message: Bounce, catalogue: Catalogue, *, heard: bool) -> tuple[Query, Verdict]:
    """Return the verdict on the reply, and what it answers.

    Before it calls the address dead, the report's words to people are heard too.

    kind   what became of the recipient
    heard   whether his words may still be judged (`limits.JUDGED_CHARS`)
    """
    query = _query(fact, kind)
    if not heard:
        query = msgspec.structs.replace(query, text=None)
        return query, msgspec.structs.replace(classify(query, catalogue), dead=False, confidence=Confidence.LOW)
    query, verdict = _innermost(query, classify(query, catalogue), catalogue)
    verdict = _forwarded(_acquitted(_placed(verdict, fact, message), fact, message), fact)
    if message.dialect in _BY_OWNERS and verdict.confidence is Confidence.LOW:
        return query, _of_owner(verdict)
    told = message.words.lower()
    if _SENT_AS in told:
        return query, msgspec.structs.replace(verdict, dead=False, words="send-as-settings", act=Act.SENDER)
    if verdict.dead and _tells_of_life(told):
        asked = Query(text=message.words, status=fact.status, reply=fact.reply, action=str(kind))
        other = classify(asked, catalogue, vote=False)
        if other.reason in _ALIVE and other.confidence is not Confidence.LOW:
            return asked, other
    return query, verdict


# Exchange Online sums up what a server said and quotes it: "Remote server returned unknown recipient ... -> 552 Full".
_SUMMED_UP: Final = re.compile(r"\b(?:remote server returned|message expired)\b[^>]{0,80} -> ", re.IGNORECASE)


def _innermost(query: Query, verdict: Verdict, catalogue: Catalogue) -> tuple[Query, Verdict]:
    """Return the verdict on the reply that a server quotes after its own word on it, where that is the clearer one."""
    quoted = _SUMMED_UP.search(query.text) if query.text and " -> " in query.text else None
    if quoted is None:
        return query, verdict
    said = reply.parse(quoted.string[quoted.end() :])
    asked = msgspec.structs.replace(query, reply=said.code or query.reply, status=said.status, text=said.text)
    found = classify(asked, catalogue)
    clearer = found.confidence is not Confidence.LOW and found.reason is not verdict.reason
    return (asked, found) if clearer else (query, verdict)


def _tells_of_life(words: str) -> bool:
    return any(sign in words for sign in _SIGNS_OF_LIFE)


def _query(fact: Recipient, kind: Kind) -> Query:
    """Return what the judge is asked about a recipient; *kind* is what became of him."""
    return Query(
        reply=fact.reply, status=fact.status, text=fact.text, command=fact.command, by=fact.by, action=str(kind),
        own=fact.said is Said.OWN, expired=fact.expired,
    )  # fmt: skip


def _placed(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict in the light of what no reply tells: whom it is about, who talked to whom, whose status it is."""
    if verdict.reason is Reason.DOMAIN_UNKNOWN and (reason := _of_another(fact)):
        if reason is Reason.SENDER_REFUSED:
            return _of_sender(verdict)
        verdict = msgspec.structs.replace(verdict, reason=reason, dead=False, act=REASONS[reason].act, words=None)
    if verdict.reason is Reason.SENDER_REFUSED and _is_probe(fact, _sender(message)):
        reason = Reason.SYSTEM_ERROR
        verdict = msgspec.structs.replace(verdict, reason=reason, act=REASONS[reason].act, words=None)
    if verdict.words == "no-route" and _speaks_for_itself(fact):
        verdict = msgspec.structs.replace(verdict, reason=Reason.USER_UNKNOWN, words=None)
    verdict = _by_speaker(verdict, fact)
    if verdict.reason is Reason.DNS_FAILURE and _is_next_hop(fact):
        return msgspec.structs.replace(verdict, words="reporting-system", act=Act.SENDER_ADMIN)
    if verdict.act is Act.RECIPIENT_ADMIN and _is_own_relay(fact, message):
        return msgspec.structs.replace(verdict, words=OWN_RELAY, act=Act.SENDER_ADMIN)
    return verdict


def _by_speaker(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict with the words for what said it: the system that reports, another server, a program."""
    if verdict.words == "reporting-system" and fact.said is Said.REMOTE:
        return msgspec.structs.replace(verdict, words=None, act=REASONS[verdict.reason].act)
    if verdict.words in _OF_SERVERS and fact.address and fact.said is Said.REMOTE:
        return msgspec.structs.replace(verdict, words=_OF_SERVERS[verdict.words], act=Act.SENDER_ADMIN)
    if fact.diagnostic_type == "x-unix" and verdict.words is None and _may_be_a_program(verdict, fact):
        return msgspec.structs.replace(
            verdict, reason=Reason.SYSTEM_ERROR, words="local-program-failed", act=Act.RECIPIENT_ADMIN
        )
    return verdict


def _sender(message: Bounce) -> str:
    """Return the address in From of the returned message, in lower case; "" without one."""
    return (address.first(message.original.from_ or "") or "").lower()


def _acquitted(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict without a dead address where the words are on another one, or only the client said so."""
    other = _names_another(fact) if verdict.reason in _TO_PERSONS else None
    if other and other.lower() == _sender(message):
        return _of_sender(verdict)
    if verdict.dead and (other or _by_added_status(verdict, fact)):
        return msgspec.structs.replace(verdict, dead=False, confidence=Confidence.LOW)
    return verdict


# No mail program gets a bounce, it is told at once: these are words for the server that sent the mail on.
_OF_SERVERS: Final = {"login-needed": "server-login-needed", "wrong-login": "relay-login-failed"}


# What a program means by such words is itself: no permission, a wrong option, a key that is missing.
_OF_PROGRAMS: Final = frozenset({
    Reason.SYSTEM_ERROR, Reason.POLICY_REFUSED, Reason.PROTOCOL_ERROR, Reason.TLS_FAILED
})  # fmt: skip


def _may_be_a_program(verdict: Verdict, fact: Recipient) -> bool:
    """Tell whether the output of a program says no more than that it failed."""
    return verdict.reason in _OF_PROGRAMS or (verdict.rule is None and (fact.status or "")[1:4] != ".1.")


# An address that is no more; one that moved, or is written wrongly, has words that say so.
_GONE: Final = frozenset({Reason.USER_UNKNOWN, Reason.DOMAIN_UNKNOWN, Reason.DOMAIN_ACCEPTS_NO_MAIL})


def _forwarded(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict as it concerns who wrote to another address, which sends its mail on to this one: he made no error.

    Where both have the same name before the @, as with the domains of one provider, he may well have.
    """
    if verdict.reason not in _GONE or verdict.class_ is not Class.PERMANENT:
        return verdict
    if fact.actual:
        if address.name(fact.actual) == address.name(fact.address or ""):
            return msgspec.structs.replace(verdict, dead=False)
        return msgspec.structs.replace(verdict, dead=False, words=FORWARDS, act=Act.RECIPIENT)
    if not fact.alias or address.name(fact.alias) == address.name(fact.address or ""):
        return verdict
    return msgspec.structs.replace(verdict, words=FORWARDED, act=Act.RECIPIENT)


# Resolvers tell which name they asked for: Postfix, Sendmail, qmail, Gmail, Exchange;
_ASKED_FOR: Final = re.compile(
    r"name service error for name=(\w[\w.-]*)|\(name server: (\w[\w.-]*): host not found"
    r"|find any host named (\w[\w.-]*)|lookup of (\w[\w.-]*) (?:responded|had)"
    r"|lookup of host \"(\w[\w.-]*)\" failed|unable to look up host (\w[\w.-]*)"
    r"|dns domain (\w[\w.-]*) does not exist \[message=infodomainnonexistent",
    re.IGNORECASE,
)
# Sendmail also without naming it;
_NO_HOST: Final = re.compile(r"host unknown\s*\Z", re.IGNORECASE)
# and servers which they do not know.
_NAMED: Final = re.compile(
    r"\b(?:domain|host):? <?(\w[\w-]*(?:\.[\w-]+)+)>? (?:does not exist|doesn't exist|(?:was |is )?(?:not found|unknown))|"
    r"\b(?:unknown|no such) (?:domain|host):? <?(\w[\w-]*(?:\.[\w-]+)+)|"
    r"^(\w[\w-]*(?:\.[\w-]+)+): (?:domain|host)(?: name)? (?:not found|unknown|does not exist)",
    re.IGNORECASE,
)


# Whom a log or a bounce names before the words on him.
_ABOUT: Final = re.compile(r"<([^<>\s]+@[^<>\s]+)>: ")
_HEAD: Final = re.compile(
    r"(?:\A|\bforward(?:ing|ed) (?:address |to ))<?([^<>\s@]+@[^<>\s@]+?)>?(?::|\.\.\.|\s)", re.IGNORECASE
)
# Reasons that a server may mean of anybody; who moved has another address.
_TO_PERSONS: Final = frozenset({Reason.USER_UNKNOWN, Reason.BAD_ADDRESS_SYNTAX})
# Whom to ask, not about whom something is said.
_HELPERS: Final = frozenset(
    {"postmaster", "abuse", "support", "helpdesk", "help", "admin", "hostmaster", "noc", "info"}
)
_BEFORE: Final = 60
_ASIDE: Final = re.compile(
    r"\b(?:contact|mailto|ask|call|see|via|from|by|sender|write(?: to)?|(?:report|send|forward)[^.;]{1,20} to|(?:e-?mail|us|help)[^.;]{0,20} at)"
    r"[ :=<(\[\"']{0,4}\Z",
    re.IGNORECASE,
)


def _of_another(fact: Recipient) -> Reason | None:
    """Return what it means that a name was not found, None where that may be the recipient's domain.

    A resolver was asked for a mail server or a relay; what else a server looks up is the sender's domain.
    """
    asked = _asked_for(fact)
    name = _ascii(asked or _named(fact) or "")
    heads = _ABOUT.match(fact.text or "")
    about = (fact.address, fact.alias) if fact.address or not heads else (heads[1],)
    domains = {_ascii(address.domain(who)) for who in about if who}
    if not name or not domains or name in domains:
        return None
    within = any(_is_within(name, domain) for domain in domains)
    return Reason.DNS_FAILURE if asked or within else Reason.SENDER_REFUSED


def _asked_for(fact: Recipient) -> str | None:
    """Return the name that a resolver was asked for, None where none is told."""
    if found := _ASKED_FOR.search(fact.text or ""):
        return found[found.lastindex or 0]
    # Sendmail says "Host unknown" and names the host in a field of the report.
    return fact.by if fact.said is Said.REMOTE and _NO_HOST.match(fact.text or "") else None


def _named(fact: Recipient) -> str | None:
    """Return the name that a server does not know, None where none is told."""
    found = _NAMED.search(fact.text or "") if fact.said is Said.REMOTE else None
    return found[found.lastindex or 0] if found else None


def _by_added_status(verdict: Verdict, fact: Recipient) -> bool:
    """Tell whether no words decided but a status that the client added to a "550": Sendmail 5.1.1, Postfix 5.0.0."""
    added = fact.reply is not None and fact.status != fact.reply_status
    return added and (not fact.text or verdict.rule is None)


def _names_another(fact: Recipient) -> str | None:
    """Return the address that the words are about where that is somebody else: so servers name whom they answer about.

    They begin with it, speak of forwarding to it, or name it, and not the recipient, nor whom to ask.
    """
    text = (fact.text or "")[: limits.WORDS_CHARS]
    if "@" not in text or fact.address is None:
        return None
    known = {address.name(who) for who in (fact.address, fact.alias, fact.actual) if who}
    heads = [head[1] for head in _HEAD.finditer(text)]
    named = [found[0] for found in address.IN_TEXT.finditer(text) if not _is_aside(found)]
    if any(address.name(who) in known for who in named):
        named = []
    return next((who for who in heads + named if address.name(who) not in known), None)


def _is_aside(found: re.Match[str]) -> bool:
    """Tell whether an address in a text is one to write to, "please contact jane@dest.example", or tells whose mail it is."""
    return (
        address.name(found[0]) in _HELPERS
        or _ASIDE.search(found.string[max(0, found.start() - _BEFORE) : found.start()]) is not None
    )


def _of_owner(verdict: Verdict) -> Verdict:
    """Return the verdict on what an owner refuses, where his words leave open why."""
    row = REASONS[Reason.SENDER_NOT_ALLOWED]
    return msgspec.structs.replace(
        verdict, reason=Reason.SENDER_NOT_ALLOWED, class_=Class.PERMANENT, dead=False, act=row.act, words=None
    )


def _of_sender(verdict: Verdict) -> Verdict:
    """Return the verdict as one on the sender's address, which servers look up too."""
    reason = Reason.SENDER_REFUSED
    return msgspec.structs.replace(
        verdict, reason=reason, dead=False, act=REASONS[reason].act, words=None, confidence=Confidence.LOW
    )


# The host that a client reports about: Postfix, Exim.
_REACHED_FOR: Final = re.compile(
    r"\b(?:connect(?:ion)? to|lost connection with|conversation with|offered by host|verified for|connecting to)"
    r" (\w[\w.-]*)(?:\[|:|\s|\Z)",
    re.IGNORECASE,
)


# Postfix looks up the MX of the recipient's domain, or of what its own tables name instead.
_NEXT_HOP: Final = re.compile(r"name service error for name=(\w[\w.-]*) type=mx\b", re.IGNORECASE)


def _is_next_hop(fact: Recipient) -> bool:
    """Tell whether the name that was looked up stands in a table of the system that reports."""
    found = _NEXT_HOP.search(fact.text or "")
    domains = {_ascii(address.domain(who)) for who in (fact.address, fact.alias) if who}
    return found is not None and bool(domains) and _ascii(found[1]) not in domains


def _is_own_relay(fact: Recipient, message: Bounce) -> bool:
    """Tell whether the host that cannot be found or reached, or that refuses, has a name in the sender's own domain.

    Who reports was reached; Exchange and IIS name no other host.
    """
    own, there = (_ascii(address.domain(who)) for who in (_sender(message), fact.address))
    if not own or not there:
        return False
    reached = _REACHED_FOR.search(fact.text or "")
    answered = fact.by if fact.said is Said.REMOTE and fact.by != message.reporting_mta else None
    host = _asked_for(fact) or (reached[1] if reached else answered)
    return _is_within(_ascii(host or ""), own) and not _is_within(_ascii(host or ""), there)


def _is_probe(fact: Recipient, sender: str) -> bool:
    """Tell whether the sender that was refused is none of ours: by such a one the recipient's server asks a further one."""
    head = _HEAD.search(fact.text or "")
    if head is None or not sender or not fact.address or head[1].lower() == fact.address.lower():
        return False
    refused, own, there = (_ascii(address.domain(who)) for who in (head[1], sender, fact.address))
    return refused != own and (_is_within(refused, there) or _is_within(_ascii(fact.by or ""), refused))


def _is_within(host: str, domain: str) -> bool:
    return f".{host}".endswith(f".{domain}")


def _speaks_for_itself(fact: Recipient) -> bool:
    """Tell whether the host that found no way belongs to the recipient's domain, which is there then."""
    domain = _ascii(address.domain(fact.address))
    return domain != "" and _is_within(_ascii(fact.by or ""), domain)


def _ascii(domain: str) -> str:
    """Return a domain as the DNS knows it (RFC 5890), or as it is where it cannot be one."""
    name = domain.lower().rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
