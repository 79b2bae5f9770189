"""What stands around a phrase on the recipient: whether it says more than what stands around any.

Rule: "Error: user unknown, please check the spelling" says no more than its phrase; "user unknown to the list" may be about
somebody else. A word that is not known to be empty counts. Pure, and linear in the words.
"""

import re
from typing import Final

# Words around a phrase on the recipient, which put together tell of nobody else and of no other place or time,
_FRAME: Final = frozenset({
    "a", "about", "account", "address", "administrator", "adres", "adresa", "adresat", "adresi", "adress", "adresse",
    "adressen", "afraid", "alıcı", "am", "an", "and", "aqui", "aquí", "at", "bad", "benutzer", "by", "ce", "cette",
    "check", "chkuser", "chkusr", "contact", "correct", "correo", "címzett", "das", "de", "del", "delivered", "delivery", "dem", "den",
    "der", "destinataire", "destinatario", "destinatarul", "destinatário", "details", "diagnostic", "die", "diese",
    "dieser", "dieses", "dirección", "dit", "een", "el", "email", "empfänger", "empfängeradresse", "empfängers", "en",
    "endereço", "erreur", "erro", "error", "errore", "esa", "ese", "esta", "este", "failed", "failure", "fatal",
    "fehler", "for", "further", "has", "help", "here", "het", "hier", "i", "ici", "il", "in", "indirizzo",
    "information", "invalid", "is", "konto", "la", "las", "le", "les", "lo", "los", "m", "mail", "mailadres",
    "mailbox", "maildrop", "message", "more", "mottagaren", "mottagarens", "name", "no", "nuestro", "o", "odbiorca", "odbiorcy",
    "of", "on", "ontvanger", "os", "our", "permanent", "permanently", "please", "postfach", "postmaster", "procmail", "příjemce",
    "questa", "questo", "qui", "rcpt", "recipient", "recipients", "refused", "rejected", "rejecting", "reply",
    "requested", "returned", "said", "see", "smtp", "sorry", "spelling", "such", "support", "syntax", "taken", "that",
    "the", "this", "to", "tutaj", "unknown", "unser", "user", "utilisateur", "verify", "visit", "vpopmail", "was", "we", "with",
    "ya", "you", "your", "адрес", "здесь", "получатель", "получателя",
})  # fmt: skip
# and where he is not, the "in" maybe in the phrase. "No such mailbox server" is no place.
_PLACE: Final = re.compile(
    r"(?:\b(?:in|on|at|by|of|from|for)|\A (?:this|the|our|your|my)) (?:(?:this|the|our|your|my|a|mail|e-?mail|local|virtual|relay|recipient|mailbox|user|alias) )*"
    r"(?:server|host|table|domain|system|gateway|site)\b"
    r"|\b(?:sur|dans|auf|bei|in|an|en|em|su|op|på|na|w) (?:ce|notre|diese[mr]|unsere[mr]|dem|der|este|nuestro|nosso|questo|nostro|deze|dit|onze|denne|tym) "
    r"(?:serveur|système|domaine|server|mailserver|system|domain|domäne|servidor|sistema|dominio|domínio|serwerze)\b"
)
# A kind of name, or a name that was none of them, as Sendmail writes it: "<bob>... User unknown", "bob... User unknown".
# "Remote system: dns;mx.dest.example (TCP|...) (... ESMTP)" is how Sun's server names the host that answered. And the words that
# RFC 5321 4.2.3 has before any cause.
_NAMED: Final = re.compile(
    r"\brequested (?:mail )?action (?:not taken|aborted)\b|\bremote system: dns;<host>(?: \([^()]{1,160}\)){0,2}|<[^<>\s]{1,64}>|\A[^<>\s]{1,64}\.\.\. "
)
_WORD_ALONE: Final = re.compile(r"[^\W\d_]+")
# What stands before the key of a session or of a message, or before the time, and the two digits that it has, wherever in it.
_OF_KEY: Final = r"(?:id|session|queue|ref|in|as|esmtp|smtp)"
_DIGITS: Final = r"(?=[\w:.+/-]{0,79}?\d[\w:.+/-]{0,79}?\d)"
# Such a key, which servers put behind any reply: "(4Zk3Xp6HvWz9sQ)", "id 1rgABC-000Ab-1xYz", "- gsmtp".
_KEY: Final = re.compile(
    rf"(?:\b{_OF_KEY}[ :=]{{1,2}})?(?<![\w.@-]){_DIGITS}[\w:.+/-]{{8,80}}(?![\w@])(?: - gsmtp\b)?"
    r"|(?:-|\A|\s)\s?g?smtp\s*\Z"
)
# The same behind the words, whatever brackets it stands in.
_AT_END: Final = re.compile(
    rf"(?:[\s,;]{{1,3}}(?:- ?)?[\[(<{{]?(?:{_OF_KEY}\b[ :=]{{0,2}})?{_DIGITS}[\w:.+/-]{{3,80}}[\])>}}]?|\s-\s?g?smtp){{1,3}}\.?\Z",
    re.IGNORECASE,
)
# Of languages that join their words: Japanese and Chinese.
_JOINED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# A word of a pattern, and whether its last letter may be missing; "\b" is no letter of the word behind it.
_SPELT: Final = re.compile(r"\\[A-Za-z]|([^\W\d_]+)(\?)?")


def without_key(text: str) -> str:
    """Return *text* without the key of a session or the time that stands behind it."""
    return _AT_END.sub("", text) if text[-1:].isalnum() or text[-1:] in ")]>}." else text


def says_more(words: bytes, pattern: str = "") -> bool:
    """Say whether normalised *words* say more than what stands around any phrase: "Error: ", "rejected, please check".

    pattern   one that they fit: what it spells is not counted, what it only leaves room for is
    """
    spelt = _spelt(pattern)
    alone = _WORD_ALONE.findall(_PLACE.sub("", _NAMED.sub("", _KEY.sub(" ", words.decode()))))
    return any(_rest(word, spelt) for word in set(alone) - _FRAME - spelt)


def _rest(word: str, spelt: set[str]) -> str:
    """Return what is left of a *word* without what is *spelt*, where a language joins its words: of "用户不存在" nothing."""
    if _JOINED.search(word):
        for one in sorted(spelt, key=len, reverse=True):
            word = word.replace(one, "")
    return word


def _spelt(pattern: str) -> set[str]:
    """Return the words that a pattern spells, whole: "sent" is none of "consenti"."""
    found = _SPELT.findall(pattern)
    return {word for word, _ in found} | {word[:-1] for word, optional in found if optional}
