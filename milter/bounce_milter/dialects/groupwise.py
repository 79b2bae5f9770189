"""GroupWise (Novell): "The message that you sent was undeliverable to the following:", a line each, the reason in parentheses.

        ncarter (mailbox full)
        bob@far.example (550 5.1.1 User unknown)

Rule: it names users of its own without a domain, as "ncarter" or "ncarter.PO1.DOMAIN": whom that means stands in To or Cc of
the returned message, with a domain of the house that writes. What has no reply code it says itself.
"""

import re
from itertools import islice
from typing import Final

from bounce_milter import address, kinds, limits, reply
from bounce_milter.dialects import addressees
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_OPENS: Final = ("was undeliverable to the following:", "had the following undeliverable recipient")
_TITLES: Final = ("message status - undeliverable", "nachrichtenstatus - nicht zustellbar")
# A reason may be wrapped; some put it on a line of its own, which is no name.
_LINE: Final = re.compile(
    r"^\t(?P<who>[^\s()]{1,320})"
    r"(?: \((?P<why>[^\n]*(?:\n(?!\t)[^\n]+){0,5}?)\)|\n\t(?P<below>[^\s@()]+ [^\n@()]{1,200}))?[ \t]*$",
    re.MULTILINE,
)


def claims(view: View) -> bool:
    """Claim by the Subject or the first sentence."""
    known = view.title.startswith(_TITLES) or any(opening in view.lower for opening in _OPENS)
    return known and kinds.signed(view)


def read(view: View) -> Found:
    """Return a recipient for each line."""
    there = [who for who in addressees.written_to(view) if address.are_of_one(address.domain(who).lower(), view.house)]
    meant = addressees.by_name(there)
    lines = _LINE.finditer(view.text)
    told = (_fate(line, meant) for line in lines if line["why"] or line["below"] or "@" in line["who"])
    return Found(tuple(islice(told, limits.TEXT_RECIPIENTS)))


def _fate(line: re.Match[str], meant: dict[str, str]) -> Recipient:
    said = reply.parse(" ".join((line["why"] or line["below"] or "").split()))
    return Recipient(
        address=_whole(line["who"], meant), action="failed", reply=said.code, status=said.status, text=said.text or None,
        said=None if said.code else Said.OWN,
    )  # fmt: skip


def _whole(name: str, meant: dict[str, str]) -> str:
    """Return the address that a name means, else the name as it stands."""
    if "@" in name:
        return address.clean(name) or name
    return meant.get(name.lower()) or meant.get(name.partition(".")[0].lower()) or name


DIALECT: Final = Dialect("groupwise", claims, read, ("\t",))
