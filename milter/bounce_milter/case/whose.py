"""Whose address or name stands in a reply: the recipient's, or somebody else's.

Rule: names are compared and nothing is judged. A name that may be the recipient's is his; where it cannot be told, it
counts as the recipient's. Never raises.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

import msgspec

from bounce_milter import address, limits, phrases
from bounce_milter.address import as_dns
from bounce_milter.case.hosts import domains_of
from bounce_milter.classify import around
from bounce_milter.classify.normal import without_names
from bounce_milter.classify.verdict import Verdict
from bounce_milter.facts import Recipient
from bounce_milter.vocabulary import Reason

# Whose address heads a reply, or stands behind "forwarding to": what follows is about him.
_HEAD: Final = re.compile(
    r"(?:\A|\bforward(?:ing|ed) (?:address |to ))<?([^<>\s@]+@[^<>\s@]+?)>?(?::|\.\.\.|\s)", re.IGNORECASE
)
# Whom to ask, not about whom something is said. Few: where one more were no person, a reply on it would be on the recipient.
_ONLY_ASKED: Final = frozenset(
    {"postmaster", "abuse", "support", "helpdesk", "help", "admin", "hostmaster", "noc", "info"}
)
_BEFORE: Final = 60
_ASIDE: Final = re.compile(
    r"\b(?:contact|mailto|ask|call|see|via|from|by|sender|write(?: to)?|(?:report|send|forward)[^.;]{1,20} to|(?:e-?mail|us|help)[^.;]{0,20} at)"
    r"[ :=<(\[\"']{0,4}\Z",
    re.IGNORECASE,
)


def another_person(fact: Recipient, sender: str = "") -> str | None:
    """Return the address that the words are about where that is somebody else: so servers name whom they answer about.

    They begin with it, speak of forwarding to it, or name it, and not the recipient, nor whom to ask. A name at another domain may
    be the recipient's, unless it is the *sender* in From of the returned message: "anna" may write to another "anna".
    """
    text = (fact.text or "")[: limits.WORDS_CHARS]
    if "@" not in text or fact.address is None:
        return None
    own = {who.lower() for who in fact.addresses}
    known = set(map(address.name, own))

    def is_his(who: str) -> bool:
        return who.lower() in own or (address.name(who) in known and who.lower() != sender)

    heads = [head[1] for head in _HEAD.finditer(text)]
    named = [found[0] for found in address.IN_TEXT.finditer(text) if not _is_aside(found)]
    if any(map(is_his, named)):
        named = []
    return next((who for who in heads + named if not is_his(who)), None)


# Between words and the address that they are about.
_JOINS: Final = " :<(\"'"


def beside_another(fact: Recipient, verdict: Verdict, sender: str) -> bool:
    """Say whether of several persons that a reply names not the recipient stands beside the words that decided.

    "Delivered to all but jane@dest.example (no such user)". Where nobody knows whom the reply is about, it is about the first.

    sender     the address in From of the returned message
    """
    text = (fact.text or "")[: limits.WORDS_CHARS]
    if text.count("@") < 2:
        return False
    named = [found for found in address.IN_TEXT.finditer(text) if found[0].lower() != sender and not _is_aside(found)]
    known = set(map(address.name, fact.addresses))
    if named and not fact.address:
        known.add(address.name(named[0][0]))
    if all(address.name(found[0]) in known for found in named):
        return False
    words = verdict.evidence
    if not words or words not in text:
        return False
    end = text.find(words) + len(words)
    last = next((found for found in reversed(named) if found.start() < end), None)
    behind = next((found for found in named if found.start() >= end), None)
    if behind and not text[end : behind.start()].strip(_JOINS):
        last = behind
    return last is not None and address.name(last[0]) not in known


# What servers say before somebody's name without a domain: in quotes, behind a colon, or bare where a verb follows.
_PERSON: Final = (
    r"(?:user(?:[ -]?name)?|mail ?box|account|alias|recipient|addressee|local[ -]?part|benutzer|nutzer|postfach|konto|empfänger|"
    r"utilisateur|compte|usuario|cuenta|buzón|utente|casella|gebruiker|ontvanger|usuário|destinatário|uživatel|użytkownik)"
)
_NAME: Final = r"[\w.+=%!-]{1,64}"
_CALLED: Final = re.compile(
    rf"\A(?:<(?P<head>{_NAME})>:?|(?P<dotted>{_NAME}?)\.\.\.) "
    rf"|(?:\A|\b(?:{_PERSON}|named?|called|match(?:ing|es)|for|of|to)(?: unknown| not found)?:? ?)[\"'“„«‘](?P<quoted>{_NAME})[\"'”“»’]"
    rf"|\b(?:no such|unknown|invalid|illegal) (?:{_PERSON}|name): ?<?(?P<listed>{_NAME})>?(?:[.!)]*\Z| (?:here|at|in)\b)"
    rf"|\bno (?:such )?{_PERSON} (?:(?:named|called) )?(?!(?:(?:account|address|entr|name|record)\w*|alias|id|inbox|mail|mailbox|recipient|user|"
    r"active|any|anymore|available|configured|defined|existing|exists|found|hosted|known|listed|match\w*|present|registered|specified|was|is)\b)"
    rf"(?P<none>{_NAME}) (?:here|at|in|on)\b"
    rf"|\b{_PERSON} (?:for )?(?!account|address|adresse?\b|name|mail|e-?mail|domain|(?:alias|entry|id|inbox|recipient|user)\b|login|record|list|host)(?P<bare>{_NAME})@?"
    r" (?:(?:is|was|does) not|(?:is|was|does)n.t|has been|in der|no existe|non esiste|n.existe|não existe|não encontrad[ao]|bestaat niet|neexistuje|nie istnieje)\b"
    rf"|\b(?:named|called) (?P<named>{_NAME})(?: here\b|[.!]*\Z)",
    re.IGNORECASE,
)
# In such a place no names: a word that opens an answer ("Sorry... User unknown"), of the sentence ("The recipient simply does not
# exist"), or of SMTP ("<RCPT>: user unknown"). Words of doubt are not among them ("probably"): they shall make nobody dead.
_NO_NAME: Final = frozenset({
    "alas", "attention", "error", "hello", "hmm", "leider", "oops", "sorry", "unfortunately", "warning",
    "above", "actually", "already", "also", "below", "certainly", "clearly", "currently", "definitely", "here", "it", "just",
    "longer", "no", "not", "now", "obviously", "presently", "really", "simply", "still", "that", "there", "this", "which", "who", "you",
    "entered", "given", "mentioned", "named", "provided", "requested", "specified", "supplied", "angegeben", "nicht", "demandé",
    "demandée", "indiqué", "indiquée", "spécifié", "spécifiée", "especificada", "especificado", "indicada", "indicado", "solicitada",
    "solicitado", "ya", "indicata", "indicato", "richiesta", "richiesto", "specificata", "specificato",
    "data", "ehlo", "from", "helo", "orcpt", "rcpt", "to",
})  # fmt: skip
# What joins a name with a domain, a tag or a key (BATV): "bob%dest.example", "bob+news", "prvs=12ab=bob".
_JOINED: Final = re.compile("[%!+=]")


def another_name(fact: Recipient, verdict: Verdict) -> str | None:
    """Return the name, without a domain, that the words are about where it is not the recipient's: that of a delivery user, of whom
    an alias leads to, or of another recipient who got the same reply."""
    if not fact.address:
        return None
    text = (fact.text or "")[: limits.WORDS_CHARS]
    bare = around.without_key(text)
    if bare != text and (who := another_name(msgspec.structs.replace(fact, text=bare), verdict)):
        return who
    none = _NO_NAME | domains_of(fact)
    name = next((name for name in _called(text) if name.lower() not in none), None) or _alone(fact, verdict)
    return None if name is None or _may_be_his(name.lower(), fact) else name


@lru_cache(limits.SAME_WORDS)
def _called(text: str) -> tuple[str, ...]:
    return tuple([found[found.lastgroup or 0] for found in _CALLED.finditer(text)])


# A name as systems write it, in lower case: "Sorry", "UserSearch" and "IN12" are none, nor is what looks like the key of a session.
_LOGIN: Final = r"(?!(?=[a-f]{0,9}[0-9])[0-9a-f]{6,64}(?![\w.-]))[a-z][a-z0-9._+=%!/\\-]{0,62}[a-z0-9]"
# Where one may stand with no word before it that says so: in brackets, before a colon, at the end, or before a verb.
_STANDS: Final = re.compile(
    rf"(?<![\w.])[<(\[{{\"'“„«‘`](?P<bracketed>{_LOGIN})@?[>)\]}}\"'”“»’]"
    rf"|(?:\A|[:;] |\bto )\\?(?P<before>(?:[A-Z][A-Z0-9-]{{0,14}}\\)?{_LOGIN})@?(?: ?:| -|\.\.\.) "
    rf"|(?:(?: ?[:;]| -|(?i:\b(?:(?:no such|unknown|invalid|illegal|for|no existe (?:el|la)|non esiste l.) {_PERSON}|name(?: of)?|rejecting))) |\brcpt=)"
    rf"(?P<behind>{_LOGIN})@?[.!]*\Z"
    rf"|\A(?P<first>{_LOGIN})@? (?:is|was|has|does|doesn.t)\b"
)
# There no names either: hosts, programs and tables, what a server does then, and what it says of anybody.
_OF_SERVERS: Final = frozenset({
    "backend", "cluster", "edge", "exchange", "frontend", "gateway", "gw", "host", "imap", "in", "inbound", "lmtp", "mta", "mx", "node",
    "out", "outbound", "pop", "proxy", "relay", "server",
    "amavis", "axigen", "chkuser", "courier", "cyrus", "deliver", "domino", "dovecot", "exim", "groupwise", "gsmtp", "gwia", "haraka",
    "james", "kopano", "lmtpd", "maildrop", "mdaemon", "milter", "nsmtp", "opensmtpd", "pipe", "postfix", "procmail", "psmtp", "qmail",
    "qpsmtpd", "rspamd", "sendmail", "smtpd", "vdelivermail", "vpopmail", "zarafa", "zimbra",
    "accessdb", "alias", "aliases", "antispam", "auth", "callback", "callout", "database", "db", "directory", "dns", "domain", "filter",
    "hash", "ldap", "local", "lookup", "map", "mysql", "passwd", "pgsql", "policy", "remote", "rule", "spam", "sql", "table", "users",
    "validation", "verification", "virtual",
    "aborted", "bounce", "bounced", "bye", "closing", "denied", "discarded", "dropped", "final", "goodbye", "hard", "ignored", "quit",
    "reject", "undeliverable", "undelivered",
    "anymore", "anywhere", "code", "defined", "either", "exist", "existing", "exists", "found", "known", "meer", "nonexistent", "reason", "result",
    "status", "valid",
})  # fmt: skip


# So many places has a reply that says no more than a name; each is asked by reading all of it.
_PLACES: Final = 12


def _alone(fact: Recipient, verdict: Verdict) -> str | None:
    """Return the name that is all that a reply says beside the words that decided, "jane: user unknown", None where it says more."""
    text, quote = (fact.text or "")[: limits.WORDS_CHARS], verdict.quote
    if verdict.reason is not Reason.USER_UNKNOWN or (quote and quote.raw) or address.IN_TEXT.search(text):
        return None
    pattern = quote.pattern if quote else ""
    for found in islice(_STANDS.finditer(text), _PLACES):
        name, (start, end) = found[found.lastgroup or 0], found.span(found.lastgroup or 0)
        if _is_login(name, fact, pattern):
            said = (quote and quote.words()) or ""
            rest = f"{text[:start]} {text[end:]}".replace(said, " ", 1)
            if not around.says_more(without_names(rest.lower()).encode(), pattern):
                return name
    return None


def _is_login(word: str, fact: Recipient, pattern: str) -> bool:
    """Say whether a word in a name's place may be one: not what servers write there in any reply, nor a host or a key."""
    parts = _PARTED.findall(word)
    if "<host>" in without_names(word) or sum(any(map(str.isdigit, part)) for part in parts) > 1:
        return False  # mx.dest.example, mx-gate14-hz1
    hosts = _PARTED.findall(" ".join([*domains_of(fact), (fact.by or "").lower()]))
    said = {part.rstrip("0123456789") for part in parts} - {"", *hosts, *_NO_NAME, *_OF_SERVERS}
    return around.says_more(" ".join(said).encode(), pattern)


# What a name is made of: "example_jane", "dest.example/jane", "jane-meier".
_PARTED: Final = re.compile(r"[^\W_]+")


def _may_be_his(name: str, fact: Recipient) -> bool:
    """Say whether a name is the recipient's, with or without his domain, a tag and what parts its words."""
    his = {part for who in fact.addresses for part in _parts(address.name(who))}
    if not his.isdisjoint(_parts(name)):
        return True
    words, domains = _PARTED.findall(name.partition("+")[0]), _PARTED.findall(" ".join(domains_of(fact)))
    written = {"".join(words), "".join(word for word in words if word not in domains and word != "user")}
    return any("".join(_PARTED.findall(part)) in written for part in his)


def _parts(name: str) -> set[str]:
    return {name, *_JOINED.split(name)} - {""}


# What is said of who left, in lower case.
_LEFT: Final = (
    "(?:work|employ|left|leav|retire|resign|with us|arbeitet|tätig|ausgeschieden|verlassen|travaill|quitté|trabaj|labora|lavora|trabalha"
    "|werkt|werkzaam|arbetar|slutat|arbejder|pracuj|работает|уволи)"
)
_CAPITALISED: Final = r"[^\W\d_a-z][\w'’-]{1,40}"
_TWO_NAMES: Final = rf"{_CAPITALISED} (?:[^\W\d_a-z]\.? ){{0,2}}{_CAPITALISED}"
# Who left or has another address is named by a title or by two names, as letters write them, or first, as systems do, in capitals
# or by one name too; so is whose mailbox it was, and who is not there by two.
_PERSON_NAMED: Final = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Herrn?|Frau|Monsieur|Madame|Mme|M|Sr|Sra|Señora?|Sig|Signora?|Dhr|Mevr|Mevrouw|Pan|Pani)\.? (?P<titled>{_CAPITALISED})"
    rf"|(?P<named>\b{_TWO_NAMES})|\A(?P<login>[a-z]{{1,40}}[._][a-z]{{2,40}}))"
    rf",? (?:\w+ ){{0,5}}?(?={_LEFT})"
    rf"|\A(?P<capitals>(?:[^\W\d_a-z]{{2,40}} ){{2}})(?:\w+ ){{0,5}}?(?={_LEFT.upper()})"
    r"|\A(?P<one>[^\W\d_]{2,40}),? (?:(?:has|is|was|does|no|not|longer|recently|already) ){0,4}"
    r"(?=works? (?:here|at|for|with)\b|employed\b|left (?:the|our|us|this)\b|retired\b|resigned\b|with us\b)"
    rf"|\b(?P<whose>(?:{_CAPITALISED} ){{0,2}}{_CAPITALISED})['’]s (?=(?:e-?mail )?(?:mail ?box|account|inbox|address)\b)"
    rf"|\b(?i:cuenta|buz[oó]n|compte|bo[iî]te|casella|conta|caixa|konto|postfach|account|mail ?box) (?:de|di|do|da|du|von|of|for) (?P<owner>{_TWO_NAMES})"
    rf"|\b(?:named|called) (?P<called>{_TWO_NAMES})"
    rf"|\b(?i:{_PERSON}) (?P<missed>{_TWO_NAMES})(?= (?:no|non|não|nicht|nie|not|does|is|was|ist|est|existiert|bestaat|unknown|unbekannt|inconnu|desconocido|onbekend)\b)"
)
# Words in such a place that name a company, a role or the mailbox, not a person.
_NO_PERSON: Final = frozenset({
    "ltd", "inc", "gmbh", "group", "company", "user", "recipient", "employee", "mail", "server", "please", "this", "the", "your",
    "account", "addressee", "address", "alias", "associate", "client", "colleague", "contact", "contractor", "customer", "domain", "email", "he",
    "holder", "inbox", "individual", "mailbox", "member", "nobody", "our", "owner", "partner", "person", "she", "someone", "staff", "student",
    "rejected", "subscriber", "they", "who", "worker", "has", "have", "is", "was", "no", "longer", "does", "not", "error", "sorry", "unknown",
    "correo", "correio", "courrier", "messagerie", "posta", "electrónico", "electronico", "eletrônico", "eletrónico", "elettronica",
    "benutzer", "empfänger", "kunde", "mitarbeiter", "utilisateur", "usuario", "usuário", "utente",
})  # fmt: skip


def another_person_left(fact: Recipient) -> bool:
    """Say whether words tell that somebody left, or is not there, nor his mailbox, who is named by his full name or first, and not as
    the recipient's address names him."""
    named = _PERSON_NAMED.search((fact.text or "")[: limits.WORDS_CHARS])
    if named is None or not fact.address:
        return False
    parts = {part.lower() for part in _PARTED.findall(named[named.lastgroup or 0]) if len(part) > 1} - _NO_PERSON
    his = "".join(address.name(who) for who in fact.addresses)
    return bool(parts) and not any(part in his for part in parts)


# Where he was, not where he is: "recipient no longer on server: jane@dest.example".
_WHERE: Final = re.compile(r"\b(?:server|host|system|site)[ :<\"']{1,4}\Z", re.IGNORECASE)
# Behind an address, a verb that tells what became of it: then it is the old one.
_BECAME: Final = re.compile(
    r"[>\"')]{0,2}(?:\.\.\.|[:,])? ?(?:has|have|had|is|was|moved|no longer|does|ist|wurde|existiert|a (?:été|chang|déménag)|n.existe|n.est|est|ha|se|ya|non|è|heeft)\b"
)


# Marks within brackets are of the address: <'bob@dest.example'>. A long word is tried from its beginning alone.
_SPELT: Final = re.compile(
    r"<[\"'][^\s<>]{1,512}[\"']>|(?:(?<![^\s<>\"'():;,])[^\s<>\"'():;,]{1,512}|\"[^\"\n]{1,64}\")@[^\s<>\"'():;,]{1,512}"
)
# A local part without empty words, one "@", a domain (RFC 5321 4.1.2).
_WELL_FORMED: Final = re.compile(r"[^\s@.]+(?:\.[^\s@.]+)*@(?:[\w-]+\.)+[\w-]+")
# What a system makes of an address on the way.
_REWRITTEN: Final = re.compile(r"\bsrs[01]?\b|\b(?:re-?writ|mangl)", re.IGNORECASE)


def is_spelt_otherwise(fact: Recipient) -> bool:
    """Say whether what a reply calls malformed is not letter by letter the recipient's address: a client or a relay wrote it so.

    Where he is not known, whether it is well-formed, for then the reply speaks of something else.
    """
    text = (fact.text or "")[: limits.WORDS_CHARS].lower()
    spelt = [
        (found[0] if text.startswith(">", found.end()) else found[0].rstrip(".")).strip("<>")
        for found in _SPELT.finditer(text)
        if not _is_aside(found)
    ]  # in brackets a dot is the address' own, behind it the sentence's
    his = set(map(str.lower, fact.addresses))
    other = (
        bool(spelt) and his.isdisjoint(spelt)
        if his
        else any(_WELL_FORMED.fullmatch(each.rstrip(".")) for each in spelt)
    )
    return other or _REWRITTEN.search(text) is not None


def is_new(fact: Recipient) -> bool:
    """Say whether the reply gives the recipient's address as the one to use, which servers name last: it is another that is old."""
    text = (fact.text or "")[: limits.WORDS_CHARS]
    named = [found for found in address.IN_TEXT.finditer(text) if not _is_helper(found)]
    if not named or not fact.address:
        return False
    last = named[-1]
    opens = not text[: last.start()].strip(_JOINS)
    same = last[0].lower() in map(str.lower, fact.addresses)
    return same and not (opens or _WHERE.search(text, 0, last.start()) or _BECAME.match(text, last.end()))


def another_moved(fact: Recipient) -> str | None:
    """Return the address that a reply says has moved where that is somebody else's, as of whom an alias leads to, else None.

    The reply begins with it, names not the recipient, and says next what became of it or gives a further address.
    """
    text = (fact.text or "")[: limits.WORDS_CHARS]
    named = [found for found in address.IN_TEXT.finditer(text) if not _is_helper(found)]
    if not named or not fact.address or text[: named[0].start()].strip(_JOINS):
        return None
    known = set(map(address.name, fact.addresses))
    if any(address.name(found[0]) in known for found in named):
        return None
    became = _BECAME.match(text, named[0].end())
    moved = became is not None and not became[0].endswith("is")  # "jane@far.example is the new address"
    return named[0][0] if moved or len(named) > 1 else None


def is_routed(fact: Recipient) -> bool:
    """Say whether the reply gives the recipient's name at a host within his own domain, "try <bob@mx2.dest.example>": where his mail
    goes on to, which says nothing of the address that people write to."""
    text = (fact.text or "")[: limits.WORDS_CHARS]
    ways = {(address.name(who), as_dns(address.domain(who))) for who in fact.addresses}
    named = {(address.name(who), as_dns(address.domain(who))) for who in address.all_in(text)} - ways
    return any(
        name == his and there and domain and address.is_within(there, domain)
        for name, there in named
        for his, domain in ways
    )


def is_told_as_new(fact: Recipient) -> bool:
    """Say whether the reply says in so many words that the recipient's own address is the new one: who wrote to it wrote to no old one."""
    text = (fact.text or "")[: limits.WORDS_CHARS].lower()
    told = phrases.NOW_AT.finditer(text.encode(errors="replace").decode())  # RE2 takes no lone surrogate
    new = {address.clean(found[1]) for found in told}
    return len(new) == 1 and not new.isdisjoint(map(str.lower, fact.addresses))


def _is_helper(found: re.Match[str]) -> bool:
    return address.name(found[0]) in _ONLY_ASKED


def _is_aside(found: re.Match[str]) -> bool:
    """Say whether an address in a text is one to write to, "please contact jane@dest.example", or tells whose mail it is."""
    return _is_helper(found) or _ASIDE.search(found.string[max(0, found.start() - _BEFORE) : found.start()]) is not None


def is_probe(fact: Recipient, sender: str) -> bool:
    """Say whether the sender that was refused is none of ours: by such a one the recipient's server asks a further one."""
    head = _HEAD.search(fact.text or "")
    if head is None or not sender or not fact.address or head[1].lower() == fact.address.lower():
        return False
    refused, own, there = (as_dns(address.domain(who)) for who in (head[1], sender, fact.address))
    return refused != own and (address.is_within(refused, there) or address.is_within(as_dns(fact.by or ""), refused))
