"""The words of a reply, made comparable: lower case, one line, addresses, hosts, URLs and IP addresses named by kind.

Rule: what a sender or a server is called proves nothing about why it refused; `mx.mailspamprotection.example` is no
word about spam. So rules on words see `<addr> <host> <url> <ip>` instead, and only rules on tokens see the raw text.
Word order is kept, one token stays one token, so a place in the normalised text leads back to the words as written.
"""

import re
from typing import Final

import msgspec

from bounce_milter import limits


class Normal(msgspec.Struct, frozen=True):
    """One text in three forms, word by word the same: as written, lower case, and with the names taken out."""

    written: list[str]
    raw: str
    words: str


# A host ends in a country code or one of the common domains, or has three labels or more: "full.please" is two
# sentences that lack a space, not a host.
_TLD: Final = (
    r"(?:[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|name|arpa|local|lan|internal|localdomain|example|test|invalid|"
    r"email|cloud|online|mail|shop|site|tech|xn--[a-z0-9-]+)"
)
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?"
_NAMES: Final = re.compile(
    r"(?P<url>(?:https?|ftp|mailto):[^\s<>\"']+|www\.[^\s<>\"']+)"
    r"|(?P<addr><?[^\s<>@:;,()\[\]\"']+@[^\s<>@:;,()\[\]\"'/]*[^\s<>@:;,()\[\]\"'/.]>?)"
    r"|(?P<ip>\[?(?:ipv6:)?(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,6})(?![\w.]*\w)\]?)"
    rf"|(?P<page>(?:{_LABEL}\.)+[a-z]{{2,}}/[^\s<>\"']*)"
    rf"|(?P<host>(?<![\w.-])(?:(?:{_LABEL}\.){{2,}}[a-z][a-z0-9-]*[a-z]|(?:{_LABEL}\.)+{_TLD})(?![\w-]|\.\w))"
)
_KINDS: Final = {"url": "<url>", "addr": "<addr>", "ip": "<ip>", "page": "<url>", "host": "<host>"}


def normalise(text: str) -> Normal:
    """Return the forms of *text*, cut at `limits.WORDS_CHARS` characters."""
    written = text[: limits.WORDS_CHARS].split()
    raw = " ".join(written).lower()
    if "@" not in raw and "." not in raw and ":" not in raw:
        return Normal(written, raw, raw)
    return Normal(written, raw, " ".join([_unnamed(w) if "." in w or "@" in w or ":" in w else w for w in raw.split(" ")]))


def _unnamed(word: str) -> str:
    if word.find(".", 0, -1) < 0 and "@" not in word and ":" not in word[:-1]:
        return word  # the end of a sentence: the usual case
    return _NAMES.sub(_kind, word)


def _kind(match: re.Match[str]) -> str:
    return _KINDS[match.lastgroup or "host"]


def as_written(normal: Normal, text: str, start: int, end: int) -> str:
    """Return the whole words, as the server wrote them, that hold text[start:end] of one of the lower-case forms."""
    first = text.count(" ", 0, start)
    last = text.count(" ", 0, max(start, end - 1))
    return " ".join(normal.written[first : last + 1]).strip(" .,;:")


_IP: Final = re.compile(r"(?<![\w.:])((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,6})(?![\w:]|\.\d)")


def quoted(normal: Normal) -> str | None:
    """Return the first IP address that the reply quotes, else None: where it is about us, that is the one it means."""
    if "<ip>" not in normal.words:
        return None
    found = _IP.search(normal.raw)
    return found[1] if found else None
