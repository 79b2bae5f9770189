"""A notice of a mail system that is known by its form alone: in a language whose words for failure nobody here knows.

    <nino@dest.example>: მომხმარებელი არ არსებობს.

Rule: it has no sender and a mail system signs it, and one line begins with the address of somebody elsewhere, with a colon behind
it and words; nobody else is named. What the words mean decides whether it is a bounce at all (`Bounce.by_form`), and nobody is
called dead for it.
"""

import re
from typing import Final

from bounce_milter import address, kinds, limits, reply
from bounce_milter.dialects import addressees, generic, whom
from bounce_milter.dialects.base import Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.kinds import marks
from bounce_milter.view import View

_ENTRY: Final = re.compile(rf"^[ \t]*<(?P<who>{address.ADDRESS})>[ \t]*:[ \t]+(?=\S)", re.MULTILINE)


def read(view: View) -> Found:
    """Return the one whom the notice names, doubted; nobody where it has not that form."""
    if not (marks.null_sender(view) and kinds.signed(view)) or marks.is_marked(view) or generic.is_other(view):
        return Found()
    if "\n>" in view.text or reply.may_hold_code(view.text):
        return Found()
    entries = [*_ENTRY.finditer(view.text)]
    if len(entries) != 1:
        return Found()
    own = addressees.own_addresses(view)
    who, named = entries[0]["who"], [who for line in view.text.split("\n") for who in whom.in_line(line, own)]
    if named != [who] or address.domain(who).lower() == address.domain(view.reader):
        return Found()
    words = " ".join(view.text[entries[0].end() :].partition("\n\n")[0].split())[: limits.CAUSE_CHARS]
    action = "delayed" if kinds.is_delay(view) else "failed"
    return Found((Recipient(address=who, action=action, text=words, said=Said.NOTICE, doubted=True),))
