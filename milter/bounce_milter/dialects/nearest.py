r"""Whom a reply in free words is about for sure, where they name several: the one whom the nearest words before it name.

Rule: it is about whom it names itself, else about the one in the nearest line above it, if that tells of a failure or leads to
the reply; below a reply that heads them, about the addresses that follow it directly. A line that names several, a list
with one reply below it, a group with a title of its own leave it open, and of whom a title says that they are still tried. It
takes a dead address back, and finds nobody. Linear in the lines.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from bounce_milter import address, phrases, reply
from bounce_milter.dialects import reached, session, whom
from bounce_milter.facts import Recipient
from bounce_milter.reply import quoting

# What leads in a title to the reply below it: whatever else ends in a colon may name anybody.
_LEADS: Final = re.compile(
    r"\b(?:because|reasons?|causes?|said|says?|answers?|answered|repl(?:y|ies|ied)|responses?|responded|reports?|reported|"
    r"weil|grund|ursache|sagte?|antwort(?:et|ete)?|meldete?|meldung|raison|parce que|r[ée]pon(?:d|du|se)|"
    r"motivo|raz[oó]n|porque|respuesta|respondi[oó]|risposta|causa|resposta)\b|理由|原因|応答|回答|返回"
)
# Of whom nothing is decided yet.
_STILL: Final = re.compile(r"\bstill (?:being )?(?:tried|retried|queued|attempted|waiting)\b", re.IGNORECASE)


def marked(told: Iterable[Recipient], lines: list[str], own: set[str], known: Iterable[str] = ()) -> list[Recipient]:
    """Return the recipients, those marked as `shared` of whom it is open whether their reply is about them or about others.

    own   addresses that are nobody's fate, in lower case
    """
    told = list(told)
    named = [set(map(str.lower, whom.named(lines, number, own, known))) for number in range(len(lines))]
    if len(set[str]().union(*named)) <= 1:  # nobody else is
        return told
    meant, waiting = _meant(lines, named, own), _still_tried(lines, named)
    return [replace(fact, shared=True) if _is_open(fact, meant, waiting) else fact for fact in told]


def _is_open(fact: Recipient, meant: dict[str, set[str]], waiting: set[str]) -> bool:
    who = (fact.address or "").lower()
    sure = meant.get(fact.reply or fact.status or "")
    return who in waiting or (sure is not None and who != "" and who not in sure)


def _still_tried(lines: list[str], named: list[set[str]]) -> set[str]:
    """Return whom the lines name below a title that says that they are still tried, up to the next title."""
    found = set[str]()
    waits = False
    for line, names in zip(lines, named, strict=True):
        if whom.is_title(line) and not names:
            waits = _STILL.search(line) is not None
        elif waits:
            found |= names
    return found


def _meant(lines: list[str], named: list[set[str]], own: set[str]) -> dict[str, set[str]]:
    """Return of each reply code, or status alone, that the lines quote, the addresses that it is about for sure."""
    meant: dict[str, set[str]] = defaultdict(set)
    above = blank = -1  # the last line that names somebody, and the last empty one
    listed, headed = set[str](), set[int]()
    for number, line in enumerate(lines):
        said = quoting.find(line) if reply.may_hold_code(line) else None
        if said is not None and (said.code or said.status):
            found = meant[said.code or said.status or ""]
            before = session.above(line, said)
            below = _below(lines, named, number) if whom.is_title(line) or not whom.has_words([before]) else set[int]()
            starts_new = whom.is_title(line) or (above in headed and above < blank)
            if named[number]:
                found |= _named_behind(line[len(before) :], own) or _only(named[number])
            elif above < 0 or (below and starts_new):
                found.update(*(named[at] for at in below))
                headed |= below
            elif (
                _tells_of_failure(lines, named, above)
                if whom.has_words([lines[above]])
                else above > blank or len(listed) == 1
            ):
                found |= _only(named[above])  # else below words of somebody else, or a list
            listed = set()
        elif named[number] and not whom.has_words([line]):
            listed |= named[number]
        above = number if named[number] else above
        blank = blank if line.strip() else number
    return meant


def _named_behind(words: str, own: set[str]) -> set[str]:
    return set(map(str.lower, whom.named([words], 0, own)))


def _only(found: set[str]) -> set[str]:
    """Return the address that is named where it is but one."""
    return found if len(found) == 1 else set()


def _tells_of_failure(lines: list[str], named: list[set[str]], number: int) -> bool:
    """Say whether a line, with the one that it goes on, tells that somebody did not get the message, or leads to what is below.

    The failure of a line that names somebody is his.
    """
    above = lines[number - 1].rstrip() if number and not named[number - 1] else ""
    whole = lines[number] if above.endswith(whom.ENDS) else f"{above} {lines[number]}"
    told = whole.lower()
    bare = address.unnamed(told)
    fails = phrases.FAILURE.search(bare) or reached.EXCEPT.search(bare) is not None
    return fails or (whom.is_title(told) and _LEADS.search(told) is not None)


def _below(lines: list[str], named: list[set[str]], number: int) -> set[int]:
    """Return the numbers of the lines below a reply that name somebody, up to the first other one behind its own words."""
    found: set[int] = set()
    its_own = True
    for at in range(number + 1, len(lines)):
        its_own = its_own and bool(lines[at].strip())
        if reply.may_hold_code(lines[at]) or not (named[at] or its_own or not lines[at].strip()):
            break
        if named[at]:
            its_own = False
            found.add(at)
    return set() if len(found) > 1 and any(whom.ADDRESSED_FIELD.match(lines[at]) for at in found) else found
