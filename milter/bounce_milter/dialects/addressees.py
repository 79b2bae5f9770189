"""Whom fields name: the addressees of the returned message, and those that a notice itself goes to and comes from.

Rule: by these any family tells whom a name alone means, whom a notice is about that names nobody, and who is nobody's
fate. Words are not looked at.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from bounce_milter import address
from bounce_milter.facts import Recipient
from bounce_milter.message import decode_field
from bounce_milter.view import View

#: Who runs a mail system: a notice names them as whom to ask, whomever it is on.
ASKED: Final = frozenset({"postmaster", "post-master", "mailer-daemon", "daemon", "abuse", "hostmaster", "webmaster"})
#: The fields of a message that name whom it is for.
ADDRESSED: Final = ("to", "cc")


def own_addresses(view: View) -> set[str]:
    """Return the addresses that the bounce goes to and comes from: never the fate it tells of."""
    own: set[str] = set()
    for name in ("to", "from", "reply-to", "delivered-to", "x-original-to", "errors-to", "sender", "return-path"):
        for value in view.message.all(name):
            own.update(a.lower() for a in address.IN_TEXT.findall(value))
    return own - ({who.lower() for who in written_to(view)} - _readers(view))


def written_to(view: View) -> list[str]:
    """Return the addresses in To and Cc of the returned message."""
    named = (decode_field(value) for name, value in view.returned if name in ADDRESSED)
    return list(dict.fromkeys(who for value in named for who in address.IN_TEXT.findall(value)))


def roles(view: View, *, own: bool) -> list[str]:
    """Return the addresses in the words that are of neither house, the notice's or its reader's: there nobody is named as whom to ask,
    unless his name is his label too, "Abuse: abuse@isp.example".

    own   with those of the two houses, but for who runs their mail: the mail may have been for them
    """
    houses = {view.house, address.domain(view.reader)} - {""}
    found = dict.fromkeys(address.IN_TEXT.findall(view.text))
    return [
        who
        for who in found
        if f"{address.name(who)}: {who.lower()}" not in view.lower
        and (
            (own and address.name(who) not in ASKED)
            or not any(address.are_of_one(address.domain(who).lower(), house) for house in houses)
        )
    ]


def writer(view: View) -> set[str]:
    """Return who wrote the returned message, in lower case: words name him beside whom it was for."""
    found = address.first(view.original.from_ or "")
    return {found.lower()} if found else set()


def by_name(there: list[str]) -> dict[str, str]:
    """Return the addresses in *there* by what stands before the @, in lower case: those that a name without a domain means, for no other
    has it."""
    names = [who.partition("@")[0].lower() for who in there]
    times = Counter(names)
    return {name: who for name, who in zip(names, there, strict=True) if times[name] == 1}


def with_domains(recipients: Iterable[Recipient], there: list[str]) -> list[Recipient]:
    """Return the recipients, with the domain where a name alone stands for one and means somebody in *there*."""
    meant = by_name(there)
    return [msgspec.structs.replace(r, address=meant.get((r.address or "").lower()) or r.address) for r in recipients]


def returned_to(view: View) -> list[str]:
    """Return the addresses in X-Failed-Recipients, else the one in the To of the returned message, where that names nobody else.

    A list to which it was posted is nobody: one of its members failed.
    """
    failed = view.message.first("x-failed-recipients")
    if failed:
        return list(dict.fromkeys(address.IN_TEXT.findall(failed)))
    found = address.IN_TEXT.findall(view.original.to or "")
    alone = len(found) == 1 and not any(name in ("cc", "bcc") for name, _ in view.returned)
    return found if alone and not (found[0].lower() in _readers(view) or _is_list(view, found[0])) else []


def returned_to_one(view: View) -> str | None:
    """Return the one of `returned_to` where it is but one."""
    found = returned_to(view)
    return found[0] if len(found) == 1 else None


def _is_list(view: View, found: str) -> bool:
    """Say whether the returned message was posted to a mailing list at this address (RFC 2369 3.4)."""
    posted = (decode_field(value) for name, value in view.returned if name == "list-post")
    return any(found.lower() in address.all_in(value) for value in posted)


def _readers(view: View) -> set[str]:
    """Return the addresses that the notice itself goes to and that did not write the returned message."""
    return address.all_in(view.message.first("to")) - address.all_in(view.original.from_)
