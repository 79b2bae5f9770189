"""Whose host or domain stands in a reply, and whose reports it: the recipient's side, the sender's, another's.

Rule: names are compared; only `of_another` says which reason that makes. A name that may be of the recipient's side is;
where it cannot be told, it counts as the recipient's. Never raises.
"""

import re
from functools import lru_cache
from typing import Final

from bounce_milter import address, limits
from bounce_milter.address import as_dns
from bounce_milter.classify import around
from bounce_milter.classify.verdict import BEFORE_RCPT
from bounce_milter.facts import Recipient, Said
from bounce_milter.vocabulary import Reason

# Resolvers tell which name they asked for: Postfix, Sendmail, qmail, Gmail, Exchange, DragonFly, IronPort.
_ASKED_FOR: Final = re.compile(
    r"name service error for name=(\w[\w.-]*)|\(name server: (\w[\w.-]*): (?:host not found|no data known)"
    r"|find any host named (\w[\w.-]*)|lookup of (\w[\w.-]*) (?:responded|had|was|timed|failed)\b"
    r"|\b(?:mx|dns) (?:query|look-?up|search) (?:for|of|on) (?:domain )?(\w[\w.-]*\w)|\blook-?up of mx for (\w[\w.-]*\w)"
    r"|\broute to (\w[\w.-]*\w)[:;,.] (?:the )?dns\b"
    r"|\bdns (?:hard|soft) error looking up (\w[\w.-]*\w) \("
    r"|lookup of host \"(\w[\w.-]*)\" failed|unable to look up host (\w[\w.-]*)"
    r"|dns lookup failure: host (\w[\w.-]*) not found|dns domain (\w[\w.-]*) does not exist \[message=infodomainnonexistent",
    re.IGNORECASE,
)
# Sendmail's words for it where it names no host.
_NO_HOST: Final = re.compile(r"host unknown[\s.!]*\Z", re.IGNORECASE)
# How a server says which domain or host it does not know.
_NAMED: Final = re.compile(
    r"\b(?:domain(?: name)?|host):? <?(\w[\w-]*(?:\.[\w-]+)+)>? (?:does not exist|doesn't exist|(?:was |is )?(?:not found|unknown)|"
    r"is (?:not|no longer) registered|was never registered|(?:was|has been) deleted (?:from|by|at) the registry)|"
    r"\b(?:unknown|no such) (?:domain|host):? <?(\w[\w-]*(?:\.[\w-]+)+)|"
    r"^(\w[\w-]*(?:\.[\w-]+)+):? (?:(?:(?:this |the )?(?:domain|host)(?: name)? )?(?:is (?:not|no longer) registered|was never registered)|"
    r"(?:domain|host)(?: name)? (?:not found|unknown|does not exist))",
    re.IGNORECASE,
)

# What takes no mail: a host, or a domain, which is named before or behind.
_HOST: Final = r"(?<![\w.-])\w[\w-]*(?:\.[\w-]+)+"
_TAKES_NONE: Final = re.compile(
    rf"(?:\b(?P<what>host|server|machine|system) )?(?:<?(?P<before>{_HOST})>?[:,]? (?:this (?:host|server) )?)?"
    r"(?:does not|doesn.t|never) (?:accepts?|receives?) (?:any )?(?:incoming )?(?:e?-?mail|messages)\b"
    rf"(?:: <?(?P<behind>{_HOST}))?",
    re.IGNORECASE,
)

# Whom a log or a bounce names before the words on him.
_ABOUT: Final = re.compile(r"<([^<>\s@]+@[^<>\s@]+)>: ")


def of_another(fact: Recipient) -> Reason | None:
    """Return what it means that a name was not found or takes no mail, None where that may be the recipient's domain.

    A resolver was asked for a mail server or a relay, whoever the recipient is where it has no public name; what else a server
    looks up is the sender's domain. A host that takes no mail was reached in vain: for the domain there may be others
    (RFC 7504 3).
    """
    if _takes_none(fact) not in (None, *domains_of(fact)):
        return Reason.CONNECTION_FAILED
    asked = _asked_for(fact)
    name = as_dns(asked or _named(fact) or "")
    heads = None if fact.address else _ABOUT.match(fact.text or "")
    domains = {as_dns(address.domain(heads[1]))} if heads else domains_of(fact)
    if not name or name in domains or not (domains or address.is_private(f"@{name}")):
        return None
    within = any(address.is_within(name, domain) for domain in domains)
    return Reason.DNS_FAILURE if asked or within else Reason.SENDER_REFUSED


def looks_up_sender(fact: Recipient, sender: str) -> bool:
    """Say whether a resolver was asked for the domain of the *sender*, the address in From of the returned message."""
    asked, domain = as_dns(_asked_for(fact) or ""), as_dns(address.domain(sender))
    return asked != "" and asked == domain and domain not in domains_of(fact)


def _asked_for(fact: Recipient) -> str | None:
    """Return the name that a resolver was asked for, None where none is told."""
    if found := _ASKED_FOR.search(fact.text or ""):
        return found[found.lastindex or 0]
    # Sendmail says "Host unknown" and names the host in a field of the report.
    return fact.by if fact.said is Said.REMOTE and _NO_HOST.match(around.without_key(fact.text or "")) else None


def _takes_none(fact: Recipient) -> str | None:
    """Return the name of what takes no mail, None where none is told: a host that names none means itself."""
    found = _TAKES_NONE.search((fact.text or "")[: limits.WORDS_CHARS])
    if found is None or not fact.address:
        return None
    itself = fact.by if found["what"] and fact.said is Said.REMOTE else None
    name = found["before"] or found["behind"] or itself
    return name and as_dns(name)


# A domain among words, not in an address or in a link.
_A_DOMAIN: Final = re.compile(r"(?<![\w.@/:-])\w[\w-]*(?:\.[\w-]+)*\.[a-z]{2,24}(?![\w/@:-]|\.\w)", re.IGNORECASE)


def names_another(fact: Recipient) -> bool:
    """Say whether words, in any language, name a domain, and none of the recipient's side, nor a host that answered."""
    return bool(_others_named(fact))


def names_senders(fact: Recipient, sender: str) -> bool:
    """Say whether words name the domain of the *sender*, the address in From of the returned message, and none of the recipient's side."""
    return as_dns(address.domain(sender)) in _others_named(fact)


def _others_named(fact: Recipient) -> set[str]:
    """Return the domains that words name, none where one is of the recipient's side or he is not known."""
    found = {as_dns(name) for name in _A_DOMAIN.findall((fact.text or "")[: limits.WORDS_CHARS])} - {
        as_dns(fact.by or "")
    }
    there = domains_of(fact)
    return set() if not there or any(address.are_of_one(name, his) for name in found for his in there) else found


def _named(fact: Recipient) -> str | None:
    """Return the name that a server does not know, None where none is told."""
    found = _NAMED.search(fact.text or "") if fact.said is Said.REMOTE else None
    return found[found.lastindex or 0] if found else None


# The host that a client reports about: Postfix, Exim.
_REACHED_FOR: Final = re.compile(
    r"\b(?:connect(?:ion)? to|lost connection with|conversation with|offered by host|verified for|connecting to)"
    r" (\w[\w.-]*)(?:\[|:|\s|\Z)",
    re.IGNORECASE,
)

# Postfix looks up the MX of the recipient's domain, or of what its own tables name instead.
_NEXT_HOP: Final = re.compile(r"name service error for name=(\w[\w.-]*) type=mx\b", re.IGNORECASE)


def is_next_hop(fact: Recipient) -> bool:
    """Say whether the name that was looked up stands in a table of the system that reports."""
    found = _NEXT_HOP.search(fact.text or "")
    domains = domains_of(fact)
    return found is not None and bool(domains) and as_dns(found[1]) not in domains


def is_own_relay(fact: Recipient, sender: str, reporter: str | None) -> bool:
    """Say whether the host that cannot be found or reached, or that refuses, has a name in the sender's own domain.

    Who reports was reached; Exchange and IIS name no other host.

    sender     the address in From of the returned message, or of who gets the bounce
    reporter   the host that reports
    """
    own, there = (as_dns(address.domain(who)) for who in (sender, fact.address))
    if not own or not there:
        return False
    reached = _REACHED_FOR.search(fact.text or "")
    answered = fact.by if fact.said is Said.REMOTE and fact.by != reporter else None
    host = _asked_for(fact) or (reached[1] if reached else answered)
    name = as_dns(host or "")
    return _is_akin(name, own) and not _is_akin(name, there)


def reports_for(who: str | None, other: str, reporter: str | None) -> bool:
    """Say whether the host that reports belongs to the domain of *who*, and not to the other side.

    other      an address of the side that does not report: the sender's, or the recipient's
    reporter   the host that reports
    """
    there, own, host = as_dns(address.domain(who)), as_dns(address.domain(other)), as_dns(reporter or "")
    return there not in ("", own) and _is_akin(host, there) and not (own and _is_akin(host, own))


def reports_for_one(addressees: frozenset[str], other: str, reporter: str | None) -> bool:
    """Say whether the host that reports belongs to the domain of one of the *addressees*, and not to that of the *other*."""
    own, host = as_dns(address.domain(other)), as_dns(reporter or "")
    theirs = any(domain != own for domain in _served(addressees, host))
    return theirs and not (own and _is_akin(host, own))


@lru_cache(1)
def _served(addressees: frozenset[str], host: str) -> frozenset[str]:
    """Return the domains of the addressees to which the host may belong: the same for each recipient of a message."""
    domains = {as_dns(domain) for domain in set(map(address.domain, addressees))} - {""}
    return frozenset(domain for domain in domains if _is_akin(host, domain))


def expands(who: str | None, sender: str, reporter: str | None) -> bool:
    """Say whether the host that reports serves the domain of *who*, an address that it sent on, and not the sender's.

    Whatever it is called: a host that knows where an address leads has its mailbox or its alias.

    sender     the address in From of the returned message
    reporter   the host that reports
    """
    there, own, host = as_dns(address.domain(who)), as_dns(address.domain(sender)), as_dns(reporter or "")
    return "" not in (there, own, host) and there != own and not _is_akin(host, own)


def domains_of(fact: Recipient) -> set[str]:
    """Return the domains of all addresses that the recipient has: as written, and where the mail goes on to."""
    return {as_dns(address.domain(who)) for who in fact.addresses} - {""}


# A registry's own name, below which anybody has a domain: co.uk, com.br, and eu.org, de.com; or none, above "localhost".
_OF_REGISTRY: Final = re.compile(r"[^.]*|[^.]{1,3}\.[^.]{2}|[^.]{1,2}\.[^.]+")


def _is_akin(host: str, domain: str) -> bool:
    """Say whether a host lies within a domain or beside it: mx1.dest.example beside plant3.dest.example.

    Servers that only send write in their own names, and a relay or a plant's mail server has another such name.
    """
    above = domain.partition(".")[2]
    return address.is_within(host, domain) or (not _OF_REGISTRY.fullmatch(above) and address.is_within(host, above))


def speaks_for_itself(fact: Recipient) -> bool:
    """Say whether the host that found no way belongs to the recipient's domain, which is there then."""
    domain = as_dns(address.domain(fact.actual or fact.address))
    return domain != "" and address.is_within(as_dns(fact.by or ""), domain)


# Words of a lookup; that an address is bad, its own server may well say.
_LOOKED_UP: Final = re.compile(
    r"not found|\bunknown\b|no such|resolv|look ?up|nxdomain|n[o']t exist|\bregist(?:ered|ry)\b", re.IGNORECASE
)


def answers_for_itself(fact: Recipient) -> bool:
    """Say whether a server of the recipient's domain looked that up for him in vain: it is there, as the server is."""
    told = fact.said is Said.REMOTE and fact.command not in BEFORE_RCPT and _LOOKED_UP.search(fact.text or "")
    return bool(told) and speaks_for_itself(fact)
