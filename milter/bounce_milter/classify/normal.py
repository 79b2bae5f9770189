"""The words of a reply, made comparable: lower case, one line, addresses, hosts, URLs and IP addresses named by kind.

Rule: what a sender or a server is called proves nothing about why it refused; `mx.mailspamprotection.example` is no
word about spam. So rules on words see `<addr> <host> <url> <ip>` instead, and only rules on tokens see the raw text;
nor does what the reply itself clears of it (`cleared`). The class of a program's exception is no name but words.
"Is not exist" and "not existed" are read as the English that they mean, a "mail box" as one word.
Word order is kept, one token stays one token, so a place in the normalised text leads back to the words as written.
"""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.catalogue.cleared import Clearings, cleared, clears_a_cause
from bounce_milter.reply.framed import humps


class Normal(msgspec.Struct, frozen=True, gc=False):
    """One text in three forms, word by word the same: as written, lower case, and with the names taken out.

    The lower-case forms are UTF-8, as the matcher wants them; what is no Unicode is a question mark there.
    """

    written: list[str]
    raw: bytes
    words: bytes


# A host ends in a country code or one of the common domains, or has three labels or more: "full.please" is two
# sentences that lack a space, not a host.
_TOP: Final = frozenset({
    "com", "net", "org", "edu", "gov", "mil", "int", "info", "biz", "name", "arpa", "local", "lan", "internal",
    "localdomain", "example", "test", "invalid", "email", "cloud", "online", "mail", "shop", "site", "tech",
})  # fmt: skip
# Parts of what scanners call malware: "Trojan.Win32.Agent!ml" is no host.
_MALWARE: Final = frozenset({
    "win32", "win64", "msil", "w32", "w64", "w97m", "o97m", "vba", "trojan", "backdoor", "heur", "ransom", "exploit", "worm",
    "eicar", "malware", "adware", "downloader", "troj",
})  # fmt: skip
# Chinese, Japanese and Korean have no space between a name and the words around it: their letters and marks end it.
_IDEOGRAPHS: Final = "\u3000-\u9fff\uac00-\ud7af\uff00-\uffef“”"
_URL: Final = re.compile(rf"(?:https?|ftp|mailto):[^\s<>\"'{_IDEOGRAPHS}]+|www\.[^\s<>\"'{_IDEOGRAPHS}]+")
_NO_NAME: Final = rf"\s<>@:;,()\[\]\"'{_IDEOGRAPHS}"
# "@mm" and "@m" end the name of a mass mailer: "W32/Netsky.P@mm".
# What is no address is found too, all at once: looked at again from each of its letters it would take the square of the time.
_ADDRESS: Final = re.compile(
    rf"(?P<addr><?(?:\"[^\"]{{1,64}}\"|[^{_NO_NAME}]+)@(?!mm?(?![\w.-]))[^{_NO_NAME}/]*[^{_NO_NAME}/.]>?)|[^{_NO_NAME}]+"
)
_IN_NAME: Final = "[0-9a-z_\u00c0-\u1fff-]"
_DOTTED: Final = re.compile(
    rf"\[?(?<!{_IN_NAME})(?P<name>{_IN_NAME}+(?:\.{_IN_NAME}+)+)(?P<path>/[^\s<>\"'{_IDEOGRAPHS}]*)?\]?"
)
_IPV6: Final = re.compile(r"\[?(?:ipv6:)?(?<![\w:])(?:[0-9a-f]{1,4}:|:){2,8}[0-9a-f]{0,4}(?![\w:]|\.\d)\]?")


# "com.example.mail.UserNotFoundException": what went wrong, though it looks like a host once it is in lower case.
_CLASS: Final = re.compile(
    r"(?<![\w.@/-])(?:[A-Za-z_]\w{0,40}\.){1,8}([A-Z]\w{2,60}(?:Exception|Error))(?![\w@/-]|\.\w)", re.ASCII
)


# "RecipientDomainNotFound", "IPReputationLow": the name of an error is words; those of products have two at most.
_NAME: Final = re.compile(r"(?<![\w.@/=&?%~-])(?=[A-Za-z]{0,60}?[a-z][A-Z])[A-Za-z]{6,64}(?![\w@/]|[.:-]\w)", re.ASCII)
_MAY_BE_NAME: Final = re.compile(r"[a-z][A-Z]")
_JOINTS: Final = 2


# "Recipient is not exist", "user not exists in our system"; behind some words it is no fact, or is English: "may not exist".
_BROKEN: Final = re.compile(r"(?:(?<!\S)(?P<before>\S+ ))?\bnot exist(?:s|ed)?\b")
_ENGLISH: Final = frozenset({
    "may", "might", "can", "could", "should", "would", "must", "will", "shall", "need", "to", "do", "does", "did", "has", "have", "had",
})  # fmt: skip
_IS: Final = frozenset({"is", "are", "was", "were", "be"})

# Where a mail box is two words.
_MAIL_BOX: Final = re.compile(r"(?<![^\W\d_])(mail) (?=box)", re.IGNORECASE)
_APART: Final = "\0"

# What the client adds to a server's words: which command was answered (Postfix, smtp_chat.c).
_ANSWERED: Final = re.compile(r" ?\(in re(?:ply|sponse) to [A-Za-z -]{1,40} command\)")


def normalise(text: str, clearings: Clearings) -> Normal:
    """Return the forms of *text*, cut at `limits.WORDS_CHARS` characters, without the marks that quote all of it.

    clearings   what a reply clears itself
    """
    text = text[: limits.WORDS_CHARS]
    if text.lstrip()[:1] in {'"', "'"}:
        text = text.strip(" \"'")
    if "(in re" in text:
        text = _ANSWERED.sub("", text)
    if "&" in text and ";" in text:  # from a web form or an HTML report: "&lt;bob@example.com&gt; isn&#39;t known"
        text = html.unescape(text)[: limits.WORDS_CHARS]
    written = text.split()
    spaced = " ".join(written).replace("’", "'")
    raw = spaced.lower()
    if "mail box" in raw:
        marked = _MAIL_BOX.sub(rf"\1{_APART}", spaced)
        written = [word.replace(_APART, " ") for word in marked.split(" ")]
        spaced = marked.replace(_APART, "")
        raw = spaced.lower()
    words = raw
    if _MAY_BE_NAME.search(spaced):
        words = spaced
        if "Exception" in spaced or "Error" in spaced:
            words = _CLASS.sub(lambda found: humps(found[1], "-"), words)
        words = _NAME.sub(_in_words, words).lower()
    words = without_names(words)
    if "not exist" in words:
        words = _BROKEN.sub(_mended, words)
    return Normal(written, raw.encode(errors="replace"), _without_cleared(words, clearings))


def _in_words(found: re.Match[str]) -> str:
    """Return the words of an error's name with "-" between them, another name as it stands."""
    words = humps(found[0], "-")
    return words if words.count("-") >= _JOINTS else found[0]


def without_names(words: str) -> str:
    """Return lower-case *words* with each name in them replaced by its kind."""
    if "@" in words or "." in words or ":" in words:
        return " ".join([_unnamed(w) if "." in w or "@" in w or ":" in w else w for w in words.split(" ")])
    return words


def _mended(found: re.Match[str]) -> str:
    """Return "not exist" in as many words of English, which rules know."""
    before = (found["before"] or "").rstrip()
    if before in _IS:
        return "does not exist"
    return f"{before} not exist" if before in _ENGLISH else f"{before} doesn't exist".lstrip()


@lru_cache(limits.KNOWN_REPLIES)
def _without_cleared(words: str, clearings: Clearings) -> bytes:
    """Return the words of a reply, which are without its names often the same, without what it clears itself."""
    return cleared(words, clearings).encode(errors="replace")


def _unnamed(word: str) -> str:
    """Return the word with each name in it replaced by its kind. Every step is linear in the word."""
    if "@" in word:
        word = _ADDRESS.sub(lambda found: "<addr>" if found["addr"] else found[0], word)
    if ":/" in word or "www." in word or "mailto:" in word:
        word = _URL.sub("<url>", word)
    if "::" in word or word.count(":") > 6:
        word = _IPV6.sub("<ip>", word)
    return _DOTTED.sub(_dotted, word) if "." in word[:-1] else word


def _dotted(match: re.Match[str]) -> str:
    """Name what has dots in it: an IP address, a host, a page; numbers, codes, symbols and run-together words stay."""
    labels = match["name"].split(".")
    last = labels[-1]
    if last.isdigit():
        return "<ip>" if len(labels) == 4 and all(x.isdigit() and len(x) < 4 for x in labels) else match[0]
    if not last[0].isalpha() or len(last) < 2 or "_" in last:  # "MTA.OUT.OVER_QUOTA"
        return match[0]
    if not _MALWARE.isdisjoint(labels):
        return match[0]
    if match["path"]:
        return "<url>"
    return "<host>" if len(labels) > 2 or len(last) == 2 or last in _TOP or last.startswith("xn--") else match[0]


def as_written(normal: Normal, text: bytes, start: int, end: int) -> str:
    """Return the whole words, as the server wrote them, that hold text[start:end] of a lower-case form."""
    first = text.count(b" ", 0, start)
    last = text.count(b" ", 0, max(start, end - 1))
    return " ".join(normal.written[first : last + 1]).strip(" .,;:")


def numbers(words: str, starts: Iterable[int]) -> list[int]:
    """Return which words of a form stand at *starts*, each once, in their order: the same number in every form."""
    return list(dict.fromkeys(words.count(" ", 0, at) for at in starts))


# Numbers of four parts that are none: of a section, of a program's version.
_NUMBERED: Final = (
    r"\b(?:rfc[ -]?\d{3,5}[,:;]?(?: section| sec\.)?|v|ver\.?|version|symantec [a-z ]{0,30}gateway|"
    r"kerio connect|mdaemon|icewarp|smartermail|surgemail|asyncos) ?(?:\d{1,3}\.){3}\d{1,3}"
)
# Not the host of a link, and no code behind a dash, "- 4.16.55.1" (Yahoo).
_QUOTED: Final = re.compile(
    _NUMBERED
    + r"|(?:(?<![\w.-])(?<!://)(?<! - )(?P<v4>(?:[0-9]{1,3}\.){3}[0-9]{1,3})(?![\w-]|\.\w)"
    + r"|(?<![\w.:])(?P<v6>(?=[0-9a-f:]*::|(?:[0-9a-f]+:){7})(?:[0-9a-f]{1,4}:|:){2,8}[0-9a-f]{0,4})(?![\w:]|\.\d))"
)


def quoted(normal: Normal) -> str | None:
    """Return the first IP address that the reply quotes: where the reply is about us, that is the one it means."""
    return next(addresses(" ".join(normal.written)), None) if b"<ip>" in normal.words else None


def addresses(text: str) -> Iterator[str]:
    """Yield the IP addresses in *text*, in lower case; the version of a program and the section of a standard are none."""
    return (found[found.lastgroup] for found in _QUOTED.finditer(text.lower()) if found.lastgroup)


_KIND: Final = re.compile(r"<(?:addr|host|ip|cleared)>")
_LETTER: Final = re.compile(r"[^\W\d_]")


# "Mailbox.Status.OverQuota" is a symbol of a program: what it calls its states looks like a host.
_SYMBOL: Final = re.compile(r"(?<![\w.@/-])(?:[A-Z][A-Za-z_]+\.)+([A-Z][A-Za-z_]{3,})(?![\w@/-]|\.\w)")


def has_words(words: str) -> bool:
    """Say whether normalised *words* hold a letter beside the kinds of names."""
    return _LETTER.search(_KIND.sub("", words)) is not None


# Words of which no letter is left: a server or a client could not write them. One or two may be a single letter, "é".
_LOST: Final = re.compile(r"(?<![\w?\ufffd])[?\ufffd]{3,}(?!\w)")


def holds_lost_words(normal: Normal) -> bool:
    """Say whether words of a reply came as nothing but "?": "550 5.1.1 ???????????? ?? ??????" may say anything."""
    words = normal.words.decode()
    return ("???" in words or "\ufffd" in words) and _LOST.search(words) is not None


def says_something(normal: Normal, clearings: Clearings) -> bool:
    """Say whether a reply says anything beside names and numbers; "S3150" and a link do, whatever they mean, and so does a
    name of dots that is no host's, words that were lost, and what it clears ("recipient=ok"), but not that there is no hope."""
    if has_words(normal.words.decode()) or holds_symbol(normal) or holds_lost_words(normal):
        return True
    return b"<cleared>" in normal.words and clears_a_cause(normal.raw.decode(), clearings)


def holds_symbol(normal: Normal) -> bool:
    """Say whether what looks like a host is a state as programs call it: "Mailbox.Status.OverQuota"."""
    return b"<host>" in normal.words and any(
        found[1].lower() not in _TOP for word in normal.written for found in _SYMBOL.finditer(word)
    )


# What is behind the host of a link; the words of it: "no-such_mailbox", "NoSuchUser".
_PATH: Final = re.compile(r"(?:://|\bwww\.)[^\s/?#<>\"']+((?:/[^\s<>\"'?#]*)?(?:#[^\s<>\"'?]*)?)")
_PATH_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def link_words(normal: Normal) -> str:
    """Return the words of the links in a reply, "see https://example.com/help/mailbox-full" -> "help mailbox full"."""
    if b"<url>" not in normal.words:
        return ""
    paths = _PATH.findall(" ".join(normal.written))
    return " ".join(_PATH_WORD.findall(" ".join(paths))[: limits.LINK_WORDS]).lower()
