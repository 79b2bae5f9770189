"""Which of several replies in a text counts: the one that a server gave, or the one that it quotes.

Rule: the innermost reply is nearest to the cause, where those around it only pass it on: "host said", "the next hop
answered". A server that quotes another behind words of its own has something to say itself, and nobody knows whom the other
is about; nor does one that says to try again pass on a refusal for good. Replies to a question about the sender are
none about the recipient. Linear in the text; what was found in the last few is kept (`limits.SAME_WORDS`). Never raises.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.reply import REFUSAL, REFUSED, STATUS, Reply, framed, joined, one_line, parse, without_end

# What any reply beyond the first characters needs: three digits that could be a code. Cheap, so it is asked first.
_DIGITS: Final = re.compile(rf"{REFUSED}(?![\d.])")

# The server took the message, though its words may sound otherwise (RFC 5321 3.4, 3.5.3).
_FORWARDED: Final = frozenset({"251", "252"})

# Phrases after which a server is quoted. The last place that holds a code is the innermost reply.
_QUOTES: Final = re.compile(
    r"(?:(?P<said>\b(?:said|says|reply(?:=| was| is)|(?:responded|replied|answered)(?: (?:to )?rcpt(?: to)?(?: command)?)?(?: with)?|returned|"
    r"response(?: was| is)?|response from [^:\n]{1,80}|error(?: was| is| message)?|with|reason|refused to talk to me|smtp|"
    r"mailer (?:rcpt to|data|mail from):?<[^>\n]{0,320}>)|<<<|<--?|<\*\*|received >>>|#<)|[\"'({<|]|\],|(?<![\w/=])#|;|:(?!443\b(?! #?\d\.))|：|\s-(?=\s{1,4}[45][0-5][0-9]\s#?"
    + STATUS
    + r")|(?P<beside>@[\w.-]{1,255}>?(?=\s{1,40}[45][0-5][0-9][ -]#?"
    + STATUS
    + r"))|\s(?=[45][0-5][0-9]-['\"]))"
    r"\s*(?::\s*)?[\"'#(\[<]{0,4}(?P<reply>"
    + REFUSED
    + r"(?! ?(?:[kmg]i?b|bytes|megabytes)\b)(?::?[\s-]|[\"')\]]|\Z)(?!\d{3,}(?![\d.]))[\s-]*#?(?:"
    + STATUS
    + r")?)",
    re.IGNORECASE,
)

# Whom a reply within is about, where nothing parts them: "(bob@dest.example:550 5.1.1 User unknown)".
_WHOM: Final = re.compile(r"([^\s<>()\[\],;:@]{1,64}@[\w.-]{1,255}):\Z")

# Before a quoted reply that is no answer about the recipient: the server asked the sender's own system,
_ASKED: Final = re.compile(
    r"\bsender (?:e-?mail )?(?:address )?(?:verif|call-?(?:out|back))"
    r"|\bverify(?:ing)? (?:the |your )?(?:sender|return[- ]path|envelope[- ]from)"
    r"|\bcall-?(?:back|out) (?:to|at|of|for|from)\b|\b(?:reverse|return)[- ]path (?:check|verif)"
    r"|\b(?:rang|called|phoned|wrote|dialled) back (?:to|at|the)\b|\bto verify you\b"
    r"|\b(?:question|asked|inquir(?:ed|y)) (?:[a-z]+ ){0,2}(?:about|for|whether) (?:your|the) (?:sender|return[- ]path)"
    r"|\bverification failed for <",  # Exim says it of senders only (smtp_in.c, smtp_handle_acl_fail)
    re.IGNORECASE,
)
# or, within a reply, says why it refused him;
_OF_SENDER: Final = re.compile(
    r"\bsender (?:e-?mail )?(?:address )?(?:rejected|refused)|\bmail from:? ?<[^<>\s]*> (?:was|is|has)\b", re.IGNORECASE
)
# or another of those whom the message was for was refused;
_OF_OTHERS: Final = re.compile(
    r"\b(?:another|some other|a different|one of the other|(?:the|all) other) (?:recipients?|addressees?|address(?:es)?|users?) (?:of|on|in) (?:the same|this|that|your)\b",
    re.IGNORECASE,
)
# or the relay refused the login of the own one (Postfix, smtp(8)).
_OF_LOGIN: Final = re.compile(r"\bsasl authentication failed; server\b", re.IGNORECASE)

# Words of a server that only passes on what another one said; with any other it has something to say itself.
_PASSING_ON: Final = frozenset({
    "a", "address", "after", "all", "an", "and", "answer", "answered", "at", "attempt", "attempted", "backend",
    "but", "by", "called", "callout", "cannot", "code", "command", "connect", "connection", "could", "data", "days",
    "deliver", "delivered", "delivery", "destination", "diagnostic", "did", "domain", "down", "downstream", "email",
    "error", "exceeded", "expired", "failed", "failure", "fatal", "final", "following", "for", "forwarded", "found",
    "from", "gateway", "gave", "get", "giving", "google", "got", "h", "hand", "has", "hop", "hops", "host", "hosts",
    "hour", "hours", "id", "in", "inner", "internal", "invalid", "ip", "is", "it", "last", "lmtp", "mail", "max", "message",
    "minutes", "more", "mta", "mx", "negative", "next", "no", "not", "of", "old", "on", "one", "or", "other", "over",
    "permanent", "permanently", "primary", "rcpt", "reason", "received", "recipient", "recipients", "refused",
    "rejected", "relay", "relaying", "remote", "replied", "reply", "reports", "responded", "response", "result",
    "retry", "retrying", "returned", "rset", "s", "said", "says", "sent", "server", "servers", "smarthost", "smtp",
    "status", "t", "target", "temporarily", "temporary", "text", "that", "the", "there", "thing", "time", "timeout",
    "to", "too", "transaction", "transfail", "transport", "tried", "unable", "undeliverable", "unverified", "up",
    "upstream", "us", "valid", "validation", "verification", "verify", "via", "was", "were", "which", "while",
    "with", "words",
})  # fmt: skip
# Postfix, of a recipient that it asked for at the next host, whatever the admin writes before it (verify(8)).
_UNVERIFIED: Final = re.compile(r"\b(?:undeliverable|unverified) address: host \S+\s*\Z")
# A host's name, an address or a number is no word, nor is what a host is called that has no dots.
_NAMES: Final = re.compile(
    r"\[[^\[\]]{1,255}\]|(?<![^\s<>()\[\]:;,\"'])[^\s<>()\[\]:;,\"'\d@.=_]*+[\d@.=_][^\s<>()\[\]:;,\"']*"
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")

# What a gateway says of the recipient while it passes another code on: that he is unknown, or that his domain is.
_OF_ADDRESS: Final = frozenset({"5.1.1", "5.1.2"})

# Codes with which the recipient may be refused for himself (RFC 5321 4.3.2); with others a mailbox that there is, or anybody.
_OF_RECIPIENTS: Final = frozenset({"550", "551", "553"})
# What RFC 5321 4.2.3 has for an unknown mailbox, for one without access and for one that policy closes.
_UNSPOKEN: Final = re.compile(
    r"(?:requested (?:mail )?action not taken[:;,.]? )?mailbox (?:is )?unavailable[.!)\"']{0,3}\Z", re.IGNORECASE
)

# What a notice only explains: '"550 5.1.1 User unknown" means that there is no such mailbox'.
_EXPLAINED: Final = re.compile(
    rf"[\"“„]{REFUSED}[ -][^\"“”„]{{0,120}}[\"”“] (?:means|stands for|bedeutet|heißt|signifie|veut dire|significa|betekent|betyder|oznacza|означает)\b"
)

# What a program printed (Postfix, pipe(8) and local(8)): its numbers are those of web servers and its own.
_PRINTED: Final = re.compile(r"\bcommand output:|\bcommand (?:died with|time limit)\b", re.IGNORECASE)


@lru_cache(limits.SAME_WORDS)
def find(text: str) -> Reply:
    """Return the innermost reply quoted anywhere in *text*, out of its frame; without one, the words alone."""
    text = joined(_unexplained(framed.bare(text)))
    whole = parse(text)
    if not _DIGITS.search(text, 1):
        return _unquoted(whole, text)
    refused = whole.code is not None and whole.code[0] in "45"
    inner: Reply | None = None
    since = 0
    for quote in islice(_QUOTES.finditer(text, 0, _end(text)), limits.QUOTES):
        outer = inner or (whole if refused else None)
        if quote["beside"] and outer:
            continue  # not a table's line but a reply's: its own code is repeated behind an address in its words
        start = quote.start("reply")
        found = parse(text[start : start + limits.WORDS_CHARS])
        if _goes_on(text, since, inner or whole, quote, found) or not _is_reply(found, quote, within=outer is not None):
            continue
        bare = _is_aside(text, quote) or not any(map(str.isalnum, found.text))
        if _is_of_another(text, since, start, within=outer is not None):
            said = _without_status(inner or whole, text[since:start], found)
            inner, whole = (said, whole) if inner else (None, said)
            break
        if outer and not (bare or _passes_on(outer, text[since : quote.start()], found)):
            break
        whom = _WHOM.search(text, max(since, start - limits.ADDRESS_CHARS), start)
        if whom:
            found = msgspec.structs.replace(found, text=f"{whom[1]}: {found.text}")
        elif bare:
            found = msgspec.structs.replace(found, text=(inner or whole).text)
        inner, since = found, start
    else:  # no reply about another than the recipient
        inner = inner or _unquoted(whole, text)
    if inner is None or inner is whole:
        return whole
    return Reply(inner.code, inner.status or _status_of(whole, inner), without_end(inner.text))


def _unexplained(text: str) -> str:
    """Return *text* without the replies that a notice only explains."""
    return _EXPLAINED.sub(" ", text) if '"' in text or "“" in text else text


def _status_of(whole: Reply, inner: Reply) -> str | None:
    """Return the status around *inner* where it is that one's too: beside the same code, or on the recipient's address
    (RFC 3463 3.2) beside another refusal of a recipient.

    A gateway to which each refusal is "no such mailbox" knows no more than words say that leave it open.
    """
    if whole.status in _OF_ADDRESS and _UNSPOKEN.match(inner.text):
        return None
    # A status without a code may be the client's.
    of_him = (whole.code or "").startswith("5") and inner.code in _OF_RECIPIENTS
    return whole.status if whole.code == inner.code or (of_him and whole.status in _OF_ADDRESS) else None


def _without_status(said: Reply, before: str, quoted: Reply) -> Reply:
    """Return what was *said* without its status where that is the *quoted* reply's alone, and none stands *before* that."""
    own = said.status != quoted.status or parse(before).status is not None
    return said if own else msgspec.structs.replace(said, status=None)


def _is_of_another(text: str, since: int, start: int, *, within: bool) -> bool:
    """Say whether the words before *start* say that what follows is about somebody else; *within* a reply more do."""
    told = (_ASKED, _OF_LOGIN, _OF_OTHERS, _OF_SENDER) if within else (_ASKED, _OF_LOGIN, _OF_OTHERS)
    return any(words.search(text, since, start) for words in told)


def _is_reply(found: Reply, quote: re.Match[str], *, within: bool) -> bool:
    """Say whether a number is a reply's code; *within* a reply only where its form leaves no doubt."""
    return found.code is not None and bool(found.status or not within or (quote["said"] and found.text))


def _passes_on(outer: Reply, lead: str, inner: Reply) -> bool:
    """Say whether a server's words before the reply that it quotes only say whose that is, and that it refuses for it.

    One that says to try again does not pass on that another refused for good.
    """
    if outer.code and outer.code[0] == "4" and inner.code and inner.code[0] == "5":
        return False
    if _UNVERIFIED.search(lead):
        return True
    return all(word in _PASSING_ON for word in _LETTERS.findall(_NAMES.sub(" ", lead).lower()))


def quoted(words: str) -> tuple[str, Reply] | None:
    """Return what a server says itself in the *words* of its reply, and the reply of another that it quotes behind them.

    None where it quotes none, or one about the sender, or does not but pass it on (`find` returns that one).
    """
    for quote in islice(_QUOTES.finditer(words), limits.QUOTES):
        start = quote.start("reply")
        found = parse(words[start : start + limits.WORDS_CHARS])
        if _is_reply(found, quote, within=True) and not quote["beside"]:
            if _is_of_another(words, 0, start, within=True):
                return None
            return words[: quote.start()], msgspec.structs.replace(found, text=without_end(found.text))
    return None


def _end(text: str) -> int:
    """Return where the words end in which a reply may be quoted: what a program prints is one only with its status."""
    printed = _PRINTED.search(text)
    return printed.start() if printed and not REFUSAL.search(text, printed.end()) else len(text)


def _unquoted(whole: Reply, text: str) -> Reply:
    """Return a reply that no mark leads to: it is all of the text, or stands among words of another language."""
    if not (whole.code or whole.status):
        refusal = REFUSAL.search(text)
        if refusal is None:
            return whole
        found = parse(text[refusal.start("reply") :])
        if any(map(str.isalnum, found.text)):
            return found
        return msgspec.structs.replace(found, text=one_line(text[: refusal.start("reply")]))  # a code behind its words
    if whole.code and whole.code[0] in "23":
        return _after_greeting(whole)
    return _all_words(whole) if whole.text[:1].isdecimal() else whole


def _all_words(whole: Reply) -> Reply:
    """Return the reply that is all the words of *whole*, or that itself: "550 5.1.1 550 5.2.2"."""
    within = parse(whole.text)
    return within if within.code and within.status and _passes_on(whole, "", within) else whole


def _goes_on(text: str, since: int, said: Reply, quote: re.Match[str], further: Reply) -> bool:
    """Say whether *further* is a line of the reply of several lines that begins at *since* (RFC 5321 4.2.1).

    Without a status, one behind words or marks that quote is a reply of its own.
    """
    same = (further.code, further.status) == (said.code, said.status)
    if not same or not text.startswith(f"{said.code}-{said.status or ''}", since):
        return False
    return said.status is not None or text[quote.start() : quote.start("reply")].strip() in (":", ";")


def _is_aside(text: str, quote: re.Match[str]) -> bool:
    """Say whether a code stands alone in parentheses, behind the words that it is the code of: "over quota (550 5.1.1)"."""
    return text.endswith("(", 0, quote.start("reply")) and text.startswith(")", quote.end())


def _after_greeting(whole: Reply) -> Reply:
    """Return the refusal that follows a positive line: "220-mx.example 421 4.2.1 Service refused"."""
    found = REFUSAL.search(whole.text)
    if found:
        return parse(whole.text[found.start("reply") :])
    return whole if whole.code in _FORWARDED else Reply(None, None, whole.text)
