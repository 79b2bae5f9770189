"""The verdict as it concerns who wrote to an address that sends its mail on: he made no error, and its side must act.

Rule: the address that he wrote to got his mail, so whatever a server says of the next one never makes it dead. That it
leads to nobody is told of it, whatever else befell the next one of that, whichever of them the report names. Names
are compared; where both have the same name before the @, as with the domains of one provider, he may well have erred.
"""

from typing import Final

import msgspec

from bounce_milter import address
from bounce_milter.bounce import Bounce
from bounce_milter.case import hosts
from bounce_milter.classify.verdict import Verdict
from bounce_milter.facts import Recipient
from bounce_milter.vocabulary import Act, Class, Reason

#: The topic of an address that is no good and that only others forward to, and of an address that forwards to such a one.
FORWARDED: Final = "forwarded-to-nobody"
FORWARDS: Final = "forwards-to-nobody"
#: The topic of an address whose mail a program takes, which said no.
PROGRAM: Final = "local-program-failed"
#: The topics of a server that forwards and is refused: itself, or what it passes on in the name of another.
REFUSED: Final = "forwarder-refused"
UNPROVEN: Final = "forwarded-unproven"

# What is told of the address that sends on, though it failed at the next.
_OF_ALIAS: Final = frozenset({FORWARDS, PROGRAM})
# An address that gets no mail, or none any more.
_GONE: Final = frozenset({
    Reason.USER_UNKNOWN, Reason.DOMAIN_UNKNOWN, Reason.DOMAIN_ACCEPTS_NO_MAIL, Reason.MAILBOX_MOVED, Reason.BAD_ADDRESS_SYNTAX
})  # fmt: skip
# What is said of the server that sends, and that is the one that forwards.
_OF_SENDERS: Final = {
    Reason.BLOCKLISTED: REFUSED, Reason.REVERSE_DNS: REFUSED, Reason.RATE_LIMITED: REFUSED,
    Reason.AUTHENTICATION_FAILED: UNPROVEN,
}  # fmt: skip


def forwarded(verdict: Verdict, fact: Recipient, message: Bounce) -> Verdict:
    """Return the verdict as it concerns the sender."""
    if verdict.dead and _is_of_a_machine(fact, message):
        verdict = msgspec.structs.replace(verdict, dead=False)
        if message.original.to or fact.alias:
            return msgspec.structs.replace(verdict, words=FORWARDED, act=Act.RECIPIENT)
    gone = verdict.reason in _GONE and verdict.class_ is Class.PERMANENT
    if gone and fact.sends_on:
        # Words to people alone say it.
        return msgspec.structs.replace(
            verdict, dead=False, words=FORWARDS, act=Act.RECIPIENT, confidence=verdict.at_most_medium
        )
    if not (fact.actual or fact.alias):
        return verdict
    written, final = (fact.address, fact.actual) if fact.actual else (fact.alias, fact.address)
    if verdict.act is Act.SENDER_ADMIN and (topic := _OF_SENDERS.get(verdict.reason)):
        ends = written, message.sender, message.reporting_mta or message.house
        forwards = hosts.reports_for(*ends) or hosts.expands(*ends)
        return msgspec.structs.replace(verdict, words=topic, act=Act.RECIPIENT_ADMIN) if forwards else verdict
    if fact.actual:
        verdict = msgspec.structs.replace(verdict, dead=False)
    if not gone:
        return verdict
    if address.is_program(final or ""):
        return msgspec.structs.replace(verdict, words=PROGRAM, act=Act.RECIPIENT_ADMIN)
    if address.name(written or "") == address.name(final or ""):
        return verdict
    # Within a domain it is an alias of the system's that goes astray; beyond it, most often somebody's own forwarding.
    within = address.domain(written).lower() == address.domain(final).lower()
    act = Act.RECIPIENT_ADMIN if within else Act.RECIPIENT
    return msgspec.structs.replace(verdict, words=FORWARDS if fact.actual else FORWARDED, act=act)


def told_of(fact: Recipient, verdict: Verdict) -> Recipient:
    """Return the facts under the address that *verdict* is about: whom the mail goes on to, with the one that the sender wrote
    as its alias."""
    final = fact.actual or ""
    if verdict.words in _OF_ALIAS or not address.domain(final):
        return fact
    return msgspec.structs.replace(fact, address=final, alias=fact.alias or fact.address, actual=None)


def _is_of_a_machine(fact: Recipient, message: Bounce) -> bool:
    """Say whether that is what a machine calls whom it has mail for, and no address that the sender wrote.

    So Fetchmail names a user at localhost, and Postfix one at localhost.localdomain.
    """
    return address.is_private(fact.address) and (fact.address or "").lower() not in message.addressees
