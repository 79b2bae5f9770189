"""The names and numbers that a reply gives and that people need: which list, whose domain, which HELO, how large.

Rule: only what stands in the reply, in the place where servers name it, is told; what may be anybody's is left out, and
the sentence has words for that. Looked for when a sentence is made. Every pattern is linear in the text, which is
bounded (`limits.WORDS_CHARS`). Never raises.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from bounce_milter import address
from bounce_milter.catalogue import Catalogue
from bounce_milter.rule import Rule
from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Reason

# A host or a domain, where a name may begin.
_HOST: Final = r"(?<![\w.@-])((?:\w[\w-]{0,62}\.){1,8}[a-z][\w-]{1,62})(?![\w@-]|\.\w)"
_OPENS: Final = r"[<\"'(\[]{0,2}"
_WHO: Final = rf"(?:{_OPENS}[^\s<>@\"']{{1,64}}@)"
_AT: Final = r"((?:\w[\w-]{0,62}\.){1,8}[a-z][\w-]{1,62})(?![\w@-]|\.\w)"

# "blocked using rbl.mycorp.example" (Postfix), "listed in bl.example.org";
_LIST_HOST: Final = re.compile(
    r"\b(?:blocked|listed|blacklisted|rejected|refused|denied|found|present) (?:using|by|via|at|in|on) (?:the |our )?"
    rf"(?:(?:rbl|dnsbl|dbl|block ?list|black ?list|list|database):? )?{_OPENS}{_HOST}",
    re.IGNORECASE,
)
# "blocked by ROTA DNSBL": a name, which has a capital.
_LIST_NAME: Final = re.compile(
    r"\b(?:by|in|on|at|using|via) (?:the )?([A-Z][\w-]{1,30} (?:DNSBL|RBL|BL|[Bb]lock ?[Ll]ist|[Bb]lack ?[Ll]ist))\b"
)
_NO_NAME: Final = frozenset({
    "our", "the", "this", "an", "local", "internal", "global", "ip", "spam", "public", "dns", "external", "any", "your",
})  # fmt: skip
# In a link that a reply refers to: "https://lookup.example.org/?ip=192.0.2.1".
_IP_IN_LINK: Final = re.compile(r"(?:[?&;=/]|%5b)((?:[0-9]{1,3}\.){3}[0-9]{1,3})(?![\w.-])", re.IGNORECASE)

# Whose domain it was that SPF, DKIM, DMARC or a list of domains speak of.
_DOMAINS: Final = (
    re.compile(rf"\b(?:header\.from|mailfrom|from|domain|d)=@?{_WHO}?{_AT}", re.IGNORECASE),
    re.compile(rf"\bdomain(?: name)?(?: of)?:? (?:{_WHO}{_AT}|{_OPENS}{_HOST})", re.IGNORECASE),
    re.compile(
        r"\b(?:dmarc|spf|dkim|polic(?:y|ies)|records?|signatures?)(?: polic(?:y|ies)| record| check)?(?: published)? "
        rf"(?:of|for|by) (?:the )?(?:domain )?(?:{_WHO}{_AT}|{_OPENS}{_HOST})",
        re.IGNORECASE,
    ),
    re.compile(rf"{_HOST}[>\")\]]{{0,2}}(?:['’]s)? (?:\(?(?:dmarc|spf|dkim)\b|does not designate|is not accepted)", re.IGNORECASE),
    re.compile(rf"\bspf \[{_AT}\]", re.IGNORECASE),
    re.compile(rf"\b(?:mail from|sender|from|address):? {_WHO}{_AT}", re.IGNORECASE),
    re.compile(rf"\A{_WHO}{_AT}>?: sender address", re.IGNORECASE),
)  # fmt: skip
_LISTED_DOMAIN: Final = re.compile(
    rf"{_HOST}[\]>)]? (?:is |was )?(?:black)?listed\b|/(?:query/)?(?:domain|dbl)/{_AT}|\bhelo command \[{_AT}",
    re.IGNORECASE,
)
_DMARC_AT: Final = "_dmarc."

# "<mail.example.org>: Helo command rejected: Host not found" (Postfix).
_HELO: Final = re.compile(rf"<{_HOST}>: helo command rejected", re.IGNORECASE)

_NOW: Final = re.compile(
    r"\b(?:try|use|uses|now|now (?:is|at)|at|is|moved to|forward(?:ed)? to|changed to|new (?:e-?mail )?address):? "
    rf"[<\"'(]{{0,2}}({address.ADDRESS})",
    re.IGNORECASE,
)

_UNITS: Final = {"": 1, "b": 1, "o": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_NUMBER: Final = (
    r"([0-9]{1,12}(?:[.,][0-9]{1,3})?) ?((?:bytes?|octets?|[kmg](?:i?b|bytes?)?|(?:kilo|mega|giga)bytes?)?)\b"
)
_LIMITS: Final = re.compile(
    r"\b(?:(?:maximum|max\.?|allowed|fixed|limit|limited)(?: (?:allowed|message|mail|e-?mail|file|size|limit|of|is|to)){0,5}"
    r"|(?:exceeds?|exceeded|larger than|bigger than|greater than)"
    rf"(?: (?:the|our|its|a|maximum|max|size|message|fixed|limit|of)){{0,6}})[ :=(<\[]{{1,3}}{_NUMBER}",
    re.IGNORECASE,
)
#: Numbers without a unit that are smaller are counts, days or codes; larger ones are no message's.
_LEAST, _MOST = 100_000, 100 << 30

# Words of a list that nobody need be taken off.
_NO_LISTING: Final = frozenset({"closed-list", "list-refuses-to-answer"})


def with_every_list(verdict: Verdict, catalogue: Catalogue) -> Verdict:
    """Return the verdict with all known lists that the reply names: taken off one, a server is still on the other."""
    if verdict.listed_by is None or len(verdict.matched) < 2 or verdict.words in _NO_LISTING:
        return verdict
    known = _lists(catalogue)
    rows = [known[name] for name in verdict.matched if name in known]
    names, pages = [verdict.listed_by], [verdict.lookup]
    for row in rows:
        if row.list and all(row.list.split()[0] != name.split()[0] for name in names):
            names.append(row.list)
            pages.append(row.lookup)
    if len(names) == 1:
        return verdict
    lookup = ", ".join(dict.fromkeys(page for page in pages if page)) or None
    return msgspec.structs.replace(verdict, listed_by=", ".join(names), lookup=lookup)


@lru_cache(2)
def _lists(catalogue: Catalogue) -> Mapping[str, Rule]:
    """Return the rules on a provider's own words that name a list, by id."""
    return {
        ready.rule.id: ready.rule
        for ready in catalogue.ready
        if ready.token and ready.rule.list and ready.rule.words not in _NO_LISTING
    }


def listed_by(verdict: Verdict, text: str, others: frozenset[str]) -> str | None:
    """Return the list that refuses the sending side: a known one, else as the reply writes it.

    others   names that are no list: who answered, and the recipient's domain
    """
    if verdict.listed_by or verdict.reason is not Reason.BLOCKLISTED:
        return verdict.listed_by
    for found in _LIST_HOST.finditer(text):
        if found[1].lower() not in others and not found[1].lower().startswith("www."):
            return found[1]
    name = _LIST_NAME.search(text)
    return name[1] if name and name[1].split()[0].lower() not in _NO_NAME else None


def about(verdict: Verdict, text: str) -> str | None:
    """Return the IP address that the reply is about, which may stand in a link alone."""
    if verdict.about or verdict.reason is not Reason.BLOCKLISTED:
        return verdict.about
    found = _IP_IN_LINK.search(text)
    return found[1] if found and all(int(part) < 256 for part in found[1].split(".")) else None


def sender_domain(text: str, others: frozenset[str], *, listed: bool) -> str | None:
    """Return the domain of the sending side that the reply is about, None where it names none or may mean another.

    listed   a list of domains refuses it, which names it in other ways
    """
    for pattern in (_LISTED_DOMAIN, *_DOMAINS) if listed else _DOMAINS:
        for found in pattern.finditer(text):
            name = str(found[found.lastindex or 0]).lower().removeprefix(_DMARC_AT)
            if not any(address.are_of_one(name, other) for other in others):
                return name
    return None


def helo(text: str) -> str | None:
    """Return the name with which the client introduced itself, where the reply quotes it."""
    found = _HELO.search(text)
    return found[1] if found else None


def new_address(text: str, known: frozenset[str]) -> str | None:
    """Return the address that the reply gives as the one in use now; *known* are the recipient's own, lower case."""
    found = _NOW.search(text)
    return found[1] if found and found[1].lower() not in known else None


def size_limit(text: str) -> str | None:
    """Return how large a message may be, "10 MB", where the reply says so."""
    found = _LIMITS.search(text)
    if found is None:
        return None
    size = round(float(found[1].replace(",", ".")) * _UNITS[found[2][:1].lower()])
    if not (1_000 if found[2] else _LEAST) <= size <= _MOST:
        return None
    mega, rest = divmod(size, 1 << 20)
    if mega and not rest:
        return f"{mega} MB"
    return f"{size / 1e6:.1f}".removesuffix(".0") + " MB" if size >= 1_000_000 else f"{size // 1000} kB"
