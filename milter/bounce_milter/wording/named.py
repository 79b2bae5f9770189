"""The names and numbers that a reply gives and that people need: which list, whose domain, which HELO, how large.

Rule: a name that may be another's is left out, for the sentence has words of its own for that ("the sender's domain").
So each kind has one gate, and what does not pass is not told. Looked for when a sentence is made. Every pattern is
linear in the text, which is bounded (`limits.WORDS_CHARS`). Never raises.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from bounce_milter import address
from bounce_milter.case import bidden
from bounce_milter.catalogue import Catalogue
from bounce_milter.catalogue.rule import Rule
from bounce_milter.classify import normal
from bounce_milter.classify.verdict import Verdict
from bounce_milter.vocabulary import Reason

# A host or a domain: ASCII, for names of other letters may look like another.
_HOST: Final = r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9])(?![\w@-]|\.\w)"
_OPENS: Final = r"[<\"'(\[]{0,2}"
_FLAGS: Final = re.IGNORECASE | re.ASCII

# "blocked using rbl.mycorp.example" (Postfix) names a list, whatever it is called;
_USING: Final = re.compile(
    rf"\b(?:blocked|(?:black)?listed|rejected|refused|denied) using (?:the |our )?{_OPENS}{_HOST}", _FLAGS
)
# "listed in bl.example.org", "blocked by spam.example.org" may name a server or a page: there the name must tell.
_LISTED: Final = re.compile(
    rf"\b(?:(?:black|block)?listed|blocked|found) (?:by|in|on|at) (?:the |our )?{_OPENS}{_HOST}", _FLAGS
)
# "blocked by ROTA DNSBL" has no host's name, but a proper one; "Your Local RBL" is none.
_CALLED: Final = re.compile(
    r"\b(?:blocked|(?:black)?listed|rejected|refused) (?:by|in|on|using) (?:the )?(?!(?:An?|Another|Any|His|Its|Our|Some|Their|This|Your) )((?:[A-Z][A-Za-z0-9-]{1,30} ){1,3}(?:DNSBL|RBL))\b"
)
# Before any of them, and how far: "not yet listed in", "never blocked by".
_DENIED: Final = re.compile(
    r"(?:\b(?:not|never|nor)|n['’]t|\bno longer)(?: (?:actually|also|be|been|currently|even|now|presently|yet)){0,2} \Z",
    re.IGNORECASE,
)
_NEAR: Final = 40
# Before the name of a known list, and behind it: "not in Spamhaus", "we do not use Spamhaus, SpamCop or Barracuda", "Spamhaus
# listing is not used here".
_NOT_LIST: Final = re.compile(
    r"(?:\b(?:not|never|nor|no)|n['’]t)(?: (?:actually|asked?|at|blocked|by|check|consult|currently|found|in|listed|longer|on|query|the|use|used|using|yet)){1,4}"
    r" (?:[\w.-]{1,30}(?:,|,? (?:or|and|nor)) ){0,3}(?:[\w-]{1,20}\.){0,3}\Z",
    re.IGNORECASE,
)
_LIST_NOT: Final = re.compile(
    r"\S{0,30}(?: (?:block ?)?list(?:ing)?s?)? (?:(?:is|are|was) (?:not|never|no longer)|(?:is|are|was)n['’]t) (?:asked|checked|consulted|queried|the|used)\b",
    re.IGNORECASE,
)
_LISTS_NEAR: Final = 120
_LIST_LABEL: Final = re.compile(
    r"(?:\A|[.-])(?:[a-z]{0,10}bls?\d?|zen|(?:black|block|spam)(?:list|ed)?s?|lists?)[.-]", _FLAGS
)

# What no server on the internet has: "127.0.0.4" is what a list answers.
_NOT_PUBLIC: Final = re.compile(
    r"(?:0|10|127|22[4-9]|2[3-9]\d|[3-9]\d\d)\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\."
    r"|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\."
    r"|.*\.(?:25[6-9]|2[6-9]\d|[3-9]\d\d)\b|::1?\Z|f[cde][0-9a-f]{2}:",
    _FLAGS,
)
# "host mx.dest.example[192.0.2.25] said:" (Postfix), above a report.
_ANSWERED: Final = re.compile(r"\bhost [\w.-]{1,255} ?[\[(]([0-9a-f.:]{3,45})[\])]", _FLAGS)

# All domains, with what stands before one that somebody's address or a signature has: "bob@", "d=".
_DOMAIN: Final = re.compile(rf"([@=]?)(?<![\w.-])(?:_dmarc\.)?{_HOST}", _FLAGS)
# "Sender address [alice@example.org] blocked using" (Postfix).
_LISTED_DOMAIN: Final = re.compile(
    rf"\b(?:sender address|helo command) \[(?:[^\s<>@\"'\[\]]{{1,64}}@)?{_HOST}\] blocked using", _FLAGS
)

# What the DNS has in names, of any script, beside letters, marks and digits; and an address literal (RFC 5321 4.1.3).
_IN_NAMES: Final = frozenset(".-_")
_LITERAL: Final = re.compile(r"\[[0-9a-z:.]+\]", _FLAGS)

# "<mail.example.org>: Helo command rejected: Host not found" (Postfix).
_HELO: Final = re.compile(r"<([a-z0-9._:\[\]-]{1,64})>: helo command rejected", _FLAGS)

_NEW: Final = re.compile(
    r"\b(?:(?:moved|renamed|changed) to|please (?:try|use)|try|now at|is now|now is"
    r"|new (?:e-?mail )?(?:address|mailbox|one)(?: is| now is| is now)?):? "
    rf"[<\"'(]{{0,2}}([a-z0-9._%+'-]{{1,64}}@{_HOST})",
    _FLAGS,
)
# Before it, in the same clause: an address that is not to be used, or whom to ask.
_BEFORE: Final = 60
_CLAUSE: Final = re.compile(r"[.;:,!?] ")
_NOT_TO_USE: Final = re.compile(
    r"n['’]t\b|\b(?:not|never|no longer|instead|rather|contact|ask|help|questions?|write|call|mail us|by e-?mail)\b",
    _FLAGS,
)
# Then it is somebody else's, or everybody's.
_OF_ANOTHER: Final = re.compile(
    r"\b(?:left|leaves|leaving|departed|retired from|colleagues?|successors?|deputy|substitute|no longer (?:works?|working|with|employed"
    r"|part)|in(?:stead| place) of|now handled|format|helpdesk)\b",
    _FLAGS,
)
# Everybody's addresses.
_NOBODYS: Final = frozenset({
    "", "abuse", "accounts", "admin", "administrator", "billing", "contact", "email", "hello", "help", "helpdesk", "hostmaster",
    "hr", "info", "it", "jobs", "mail", "name", "newname", "noc", "noreply", "office", "orders", "postmaster", "press", "sales",
    "security", "service", "servicedesk", "support", "team", "webmaster",
})  # fmt: skip
_NO_LETTER: Final = re.compile(r"[^a-z0-9]")

_SIZE: Final = (
    r"([0-9]{1,12}(?:[.,][0-9]{1,3}){0,4})(?: ?([kmg](?:i?b|bytes?)?|(?:kilo|mega|giga)?bytes?|octets?|b))?(?![\w])"
)
_LIMIT: Final = re.compile(
    r"\b(?:(?:maximum|max\.?|allowed|fixed|limits?|limited|above|(?:larger|bigger|greater|more) than|exceed(?:s|ed|ing)?)"
    r"(?: (?:the|our|its|a|allowed|maximum|message|mail|e-?mail|file|size|limits?|fixed|of|is|to)){0,6}|[kmg]i?b >)"
    rf"[ :=(<\[]{{1,3}}{_SIZE}(?=([)\]>]|[.,;] |[.,;]?\Z| of (?:this |the )?server| \(| - | \w{{1,20}}=)?)",
    _FLAGS,
)
# Of something else than the message.
_NO_MESSAGE: Final = re.compile(r"header|attachment|quota|mailbox|\bper\b|\bday|\bhour|buffer|\bline", _FLAGS)
#: Numbers without a unit that are smaller are counts, days or codes; larger ones are no message's.
_LEAST, _MOST = 100_000, 100 << 30
_BYTES: Final = ("", "b", "o")
_MEGA: Final = 1 << 20

# "Spf= Fail , Dkim= Fail , DMARC= None" (Microsoft), "SPF [example.org] with ip: [192.0.2.1] = did not pass" (Google).
_CHECK: Final = re.compile(
    r"\b(spf|dkim|dmarc)\b(?: ?\[[^\[\]]{0,80}\])?(?: with ip: ?\[[^\[\]]{0,45}\])? ?[=:] ?"
    r"(pass|fail|softfail|hardfail|none|neutral|permerror|temperror|missing|did not pass|not passed)\b",
    _FLAGS,
)
_CHECKS: Final = ("SPF", "DKIM", "DMARC")

# "Command died with status 127: "/usr/bin/procmail"" (Postfix), "returned 127 (...) from command: /bin/filter" (Exim).
_PROGRAM: Final = re.compile(
    r"\b(?:command (?:died with status [0-9]{1,3}|time limit exceeded):|from command:) ?[\"'|]{0,2}(/[\w./+-]{1,100})(?![\w./+-])",
    _FLAGS,
)

# How many recipients a message may have, where the reply says so.
_RECIPIENTS: Final = re.compile(
    r"\b(?:more than|at most|only|up to|over|exceeds|limit (?:is|of)|maximum(?: is| of)?|max\.?:?) ([0-9]{1,5})(?: (?:recipients|rcpts)\b| per (?:message|mail|e-?mail)\b|[.!]?\Z)"
    r"|\brecipient limit of ([0-9]{1,5})\b|\brecipients per (?:message|mail|e-?mail) \(([0-9]{1,5})\)"
    r"|\b(?:mehr als|höchstens|maximal) ([0-9]{1,5})(?: empfänger|[.!]?\Z)|\b(?:plus de|maximum(?: de)?) ([0-9]{1,5}) destinataires|\b(?:más de|máximo(?: de)?) ([0-9]{1,5}) destinatarios",
    _FLAGS,
)

# Words of a list that nobody need be taken off.
_NO_LISTING: Final = frozenset({"closed-list", "list-refuses-to-answer"})


def with_every_list(verdict: Verdict, catalogue: Catalogue, text: str) -> Verdict:
    """Return the verdict with all known lists that the reply names: taken off one, a server is still on the other.

    What a topic says of a list, "counts it among home connections", the list of the deciding rule alone has said. A list
    that the reply denies is none.
    """
    if verdict.listed_by is None:
        return verdict
    denied = _is_denied(verdict.listed_by, text)
    if not denied and (len(verdict.matched) < 2 or verdict.words):
        return verdict
    pages = {} if denied else {verdict.listed_by: verdict.lookup}
    known = _lists(catalogue)
    for row in (known[name] for name in verdict.matched if name in known):
        new = row.list and all(row.list.split()[0] != name.split()[0] for name in pages)
        if row.list and new and not _is_denied(row.list, text):
            pages[row.list] = row.lookup
    if pages == {verdict.listed_by: verdict.lookup}:
        return verdict
    lookup = ", ".join(dict.fromkeys(page for page in pages.values() if page)) or None
    words = None if denied else verdict.words
    return msgspec.structs.replace(verdict, listed_by=", ".join(pages) or None, lookup=lookup, words=words)


def _is_denied(name: str, text: str) -> bool:
    """Say whether the reply denies a list wherever it names it, by the first word of the name."""
    lower, first = text.lower(), name.split()[0].lower()
    places = [found.start() for found in re.finditer(re.escape(first), lower)]
    return bool(places) and all(
        _NOT_LIST.search(lower, max(place - _LISTS_NEAR, 0), place) or _LIST_NOT.match(lower, place) for place in places
    )


@lru_cache(2)
def _lists(catalogue: Catalogue) -> Mapping[str, Rule]:
    """Return the rules on a provider's own words that name a list, by id."""
    return {
        ready.rule.id: ready.rule
        for ready in catalogue.ready
        if ready.token and ready.rule.list and ready.rule.words not in _NO_LISTING
    }


def listed_by(verdict: Verdict, text: str, others: frozenset[str]) -> str | None:
    """Return the list that refuses the sending side: a known one, else the host that the reply calls one.

    others   names that are no list: who answered, and the recipient's domain
    """
    if verdict.listed_by or verdict.reason is not Reason.BLOCKLISTED:
        return verdict.listed_by
    using = next(_said(_USING, text), None)
    if using:
        return using[1] if using[1].lower() not in others else None
    for found in _said(_LISTED, text):
        if _LIST_LABEL.search(found[1]) and not _is_of(found[1].lower(), others):
            return found[1]
    called = next(_said(_CALLED, text), None)
    return called[1] if called else None


def _said(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where the words say so, not where they deny it."""
    for found in pattern.finditer(text):
        if not _DENIED.search(text, max(found.start() - _NEAR, 0), found.start()):
            yield found


def answered(notice: str) -> frozenset[str]:
    """Return the IP addresses of hosts that answered; *notice* is what a report says above its fields."""
    return frozenset(_ANSWERED.findall(notice)) if "host " in notice else frozenset()


def about(verdict: Verdict, text: str, answerers: frozenset[str]) -> str | None:
    """Return the IP address of the sending side that the reply is about, which may stand in a link alone."""
    if not verdict.about and verdict.reason is not Reason.BLOCKLISTED:
        return None
    told = {*normal.addresses(text), *filter(None, (verdict.about,))}
    public = [each for each in told if not _NOT_PUBLIC.match(each)]
    return public[0] if len(public) == 1 and public[0] not in answerers else None


def domain(there: str) -> str | None:
    """Return a recipient's domain where it can be one: a link, or words, in its place would be told as our own."""
    fits = _LITERAL.fullmatch(there) or all(c in _IN_NAMES or unicodedata.category(c)[0] in "LMN" for c in there)
    return there if there and fits else None


def sender_domain(text: str, sender: str, others: frozenset[str]) -> str | None:
    """Return the domain of the sender where the reply names it and no other that an address or a signature has.

    sender   the domain in From of the returned message, in lower case, "" where that is not known
    others   who answered, and the recipient's domains
    """
    if not sender or sender not in text.lower() or _is_of(sender, others):
        return None
    stands = False
    for mark, found in _DOMAIN.findall(text):
        name = found.lower()
        stands = stands or name == sender
        if mark and name != sender and not _is_of(name, others):
            return None
    return sender if stands else None


def listed_domain(text: str) -> str | None:
    """Return the domain that is on a list of domains, where the reply says whose it is."""
    found = _LISTED_DOMAIN.search(text)
    return found[1].lower() if found else None


def _is_of(name: str, others: frozenset[str]) -> bool:
    return any(address.are_of_one(name, other) for other in others)


def helo(text: str) -> str | None:
    """Return the name with which the client introduced itself, where the reply quotes it."""
    found = _HELO.search(text)
    return found[1] if found else None


def failed_checks(text: str) -> tuple[str, ...]:
    """Return which of SPF, DKIM and DMARC the reply reports with a result that is not good, none where it reports none."""
    bad = {found[1].upper() for found in _CHECK.finditer(text) if found[2].lower() != "pass"}
    return tuple(check for check in _CHECKS if check in bad)


def program(text: str) -> str | None:
    """Return the path of the program to which a server handed the message, where the reply names it."""
    found = _PROGRAM.search(text)
    return found[1] if found else None


def new_address(text: str, known: frozenset[str]) -> str | None:
    """Return the address that the reply gives as the mailbox's own from now on, where it gives one only.

    known   in lower case: the recipient's own, and the sender's
    """
    if "@" not in text or _OF_ANOTHER.search(text):
        return None
    given = {found[1]: found.span() for found in _NEW.finditer(text) if found[1].lower() not in known}
    if len(given) != 1:
        return None
    ((new, (start, end)),) = given.items()
    before = _CLAUSE.split(text[max(start - _BEFORE, 0) : start])[-1]
    return None if _NOT_TO_USE.search(before) or _is_nobodys(new) or bidden.is_taken_back(text, end) else new


def _is_nobodys(who: str) -> bool:
    name = _NO_LETTER.sub("", address.name(who))
    return name in _NOBODYS or bidden.stands_for_any(who)


def recipient_limit(text: str) -> str | None:
    """Return how many recipients a message may have, two at least as the sentence has many, where the reply says so once."""
    numbers = {int(next(filter(None, found.groups()))) for found in _RECIPIENTS.finditer(text)}
    most = numbers.pop() if len(numbers) == 1 else 0
    return str(most) if most > 1 else None


def size_limit(text: str) -> str | None:
    """Return how large a message may be, as the reply writes it, where it says so once; bare bytes as "10 MB"."""
    sizes = {(str(found[1]), found[2] or "", found[3] is not None) for found in _LIMIT.finditer(text)}
    if len(sizes) != 1 or _NO_MESSAGE.search(text):
        return None
    ((number, unit, ends),) = sizes
    if not ends or not number.strip("0.,"):
        return None
    if not number.isdigit() or unit[:1].lower() not in _BYTES:
        return f"{number} {unit}" if unit else None
    return _readable(int(number)) if _LEAST <= int(number) <= _MOST else None


def _readable(size: int) -> str:
    """Return a size in bytes as people read it, and rather less than more: who sends so much gets through."""
    if size % 1_000_000 == 0:
        return f"{size // 1_000_000} MB"
    return f"{size >> 20} MB" if size % _MEGA == 0 or size >= 10 * _MEGA else f"{size >> 10} KB"
