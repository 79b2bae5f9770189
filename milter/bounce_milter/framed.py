r"""A reply in the frame that a log, a program or an event feed put around it -> the reply as a server would say it.

Rule: each frame has a sign, without which nothing is looked at, and what takes it off. What the frame itself states, a
code in a field of its own, comes to stand where a server says it, before the words. What only follows from an earlier
refusal is cut off. A text in no frame is returned as it is. Nothing is judged here. Never raises.
"""

import re
from binascii import a2b_qp
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote

import msgspec

from bounce_milter import limits

#: A code that refuses, where it stands among words (RFC 5321 4.2.1); 571 is none, and in use.
REFUSED: Final = "[45](?:[0-5][0-9]|71)"
#: A status has three parts (RFC 3463 2).
STATUS: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"
_IS_STATUS: Final = re.compile(STATUS)


def bare(text: str) -> str:
    """Return the reply that *text* holds, cut at `limits.REPLY_CHARS`, out of its frames."""
    text = text[: limits.REPLY_CHARS]
    for sign, undo in _FRAMES:
        if sign in text:
            text = undo(text)
    return text


_RECIPIENT: Final = re.compile(r"\bto=<([^<>\s@]{1,64}@[^<>\s@]{1,255})>(?=, | proto=)", re.ASCII)


def recipient(text: str) -> str | None:
    """Return whom a line of Postfix's or Sendmail's log is about, None where it names nobody or several."""
    named = _RECIPIENT.search(text[: limits.REPLY_CHARS])
    return named[1] if named else None


# qmail-send writes blanks and what is no ASCII as "_", line ends as "/" (qsutil.c, logsafe).
_QMAIL: Final = re.compile(r"\bdelivery [0-9]{1,12}: (?:failure|deferral): (\S+)\s*\Z")
_QMAIL_LINE: Final = re.compile(rf"/(?=[A-Z]|{REFUSED}[-_]|\Z)")
_QMAIL_END: Final = "\nGiving up on "


def _of_qmail(text: str) -> str:
    """Take a reply out of a line of qmail's log: "delivery 9: failure: Sorry,_no_mailbox_here._(#5.1.1)/"."""
    logged = _QMAIL.search(text)
    return _QMAIL_LINE.sub("\n", logged[1]).replace("_", " ").partition(_QMAIL_END)[0] if logged else text


# Postfix (log_adhoc.c), which puts the words in brackets, and Sendmail (deliver.c, logdelivery).
_LOGGED: Final = re.compile(
    rf"\bdsn=(?P<status>{STATUS}), (?:stat=(?P<stat>.+)|status=[a-z]{{1,20}} \((?P<words>.+)\)\s*\Z)", re.DOTALL
)


def _of_log(text: str) -> str:
    """Take a reply out of a line on a delivery, the status before it: "dsn=5.1.3, status=bounced (bad address syntax)"."""
    logged = _LOGGED.search(text)
    return f"{logged['status']} {logged['stat'] or logged['words']}" if logged else text


# Whom Postfix refused (smtpd_check.c, log_whatsup).
_REFUSED: Final = re.compile(
    r"; (?:from=<[^>]{0,320}> )?(?:to=<[^>]{0,320}> )?proto=\w+(?: \w{1,20}=\S+){0,4}\s*\Z", re.ASCII
)


def _of_smtpd(text: str) -> str:
    """Cut off what stands behind the reply in Postfix's log of what it refused: "; from=<> to=<> proto=ESMTP helo=<>"."""
    return _REFUSED.sub("", text)


# (550, b'5.1.1 User unknown') in Python; code: 550, response: 5.1.1 User unknown) in PEAR.
_PAIR: Final = re.compile(rf"['\"]?\b({REFUSED})['\"]?, (?:b?(['\"])|response: )")


def _of_pair(text: str) -> str:
    """Join a code and its words that a program keeps apart, and end where the words do."""
    pairs = list(islice(_PAIR.finditer(text), 2))
    if len(pairs) != 1:  # none, or those of several recipients
        return text
    pair = pairs[0]
    words = text[pair.end() :]
    return f"{text[: pair.start()]}{pair[1]} {words.partition(pair[2])[0] if pair[2] else words}"


# Fields of Exchange's queue: LED is the last error (Get-Queue, LastError), the others name when and where.
_QUEUED: Final = re.compile(r"\[?\{(?:LED=([^{}]*)|[A-Z]{2,5}=[^{}]*)\};?\]?")


def _of_queue(text: str) -> str:
    """Take the last error out of Exchange's fields: "[{LED=550 5.1.1 User unknown};{MSG=};{FQDN=mx.dest.example}]"."""
    return _QUEUED.sub(lambda field: f"({field[1]})" if field[1] else "", text)


# A link may hold "=20" too, though hardly twice between words.
_QUOTED_PRINTABLE: Final = re.compile(r"(?<=[A-Za-z,.:;>)])=20(?=[A-Za-z<(\[])")


def _of_quoted_printable(text: str) -> str:
    """Undo quoted-printable (RFC 2045 6.7) where more than one blank is so written."""
    if len(_QUOTED_PRINTABLE.findall(text)) < 2:
        return text
    return a2b_qp(text.encode(errors="replace")).decode(errors="replace")


def _of_percent(text: str) -> str:
    """Undo the escapes of RFC 3986 2.1 where the whole text is so written; a link among words stays."""
    return text if len(text.split()) > 1 else unquote(text)


# In Java the class often says more than its words: "javax.net.ssl.SSLPeerUnverifiedException: peer not authenticated".
_CLASS: Final = re.compile(r"\b(?:[a-z]\w{0,30}\.){1,8}([A-Z]\w{1,60})", re.ASCII)
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NESTED: Final = "nested exception is:"


def _of_java(text: str) -> str:
    """Return the innermost of Java's exceptions, its class as words, unless it is no more than a class and a name."""
    innermost = text.rpartition(_NESTED)[2]
    return _CLASS.sub(lambda name: _HUMP.sub(" ", name[1]), innermost) if len(innermost.split()) > 2 else text


# Where an event feed keeps what a server or the feed itself said.
_TOLD: Final = ("message", "description", "error", "comment", "reason")
_NUMBER: Final = re.compile(r"[4-6][0-9][0-9]")
# What is better read where it stands: a whole reply in a field, a word that no failure is final.
_ELSE: Final = re.compile(
    rf"(?:\A|[\s;:]){REFUSED}[ -]|\b(?:temporary|transient|soft|defer|delay|complain)", re.IGNORECASE
)


def _of_event(text: str) -> str:
    """Return the code, the status and the words of a JSON object that keeps them in fields of their own."""
    try:
        fields = list(_fields(msgspec.json.decode(text)))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return text
    if any(name == "command" or _ELSE.search(value) for name, value in fields):
        return text
    codes = [value for name, value in fields if name.endswith("code") and _NUMBER.fullmatch(value)]
    statuses = [value for name, value in fields if name.endswith(("code", "status")) and _IS_STATUS.fullmatch(value)]
    words = [value for name, value in fields if name in _TOLD and " " in value]
    if not words or not (codes or statuses):
        return text
    return " ".join([*codes[:1], *statuses[:1], *dict.fromkeys(words)])


def _fields(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string and number of a JSON object under its name in lower case."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _fields(item, key.lower())
    elif isinstance(value, str | int):
        yield name, str(value)


# Nobody was left to send to: the client tried to go on after every recipient had been refused (RFC 2920 3.1).
_CONSEQUENCE: Final = re.compile(
    r"\b(?:DATA|503|554)\b[^\n]{0,40}?\b(?:no|need)(?: valid)? (?:rcpt|recipients?)\b", re.IGNORECASE
)
_EARLIER: Final = re.compile(
    rf"(?<![\w.])(?:{REFUSED}[ -]|[45]\.[0-9]{{1,3}}\.[0-9]{{1,3}} )|\b(?:failed|rejected|refused): "
)


def _without_consequence(text: str) -> str:
    """Cut off a refusal that only follows from an earlier one: "550 5.1.1 User unknown; DATA: 503 Need RCPT"."""
    follows = _CONSEQUENCE.search(text)
    if follows is None or not _EARLIER.search(text, 0, follows.start()):
        return text
    return text[: follows.start()].rstrip(" \t\n>;,")


_FRAMES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ('":', _of_event), ("%20", _of_percent), ("=20", _of_quoted_printable), ("delivery ", _of_qmail),
    ("dsn=", _of_log), (" proto=", _of_smtpd), ("{LED=", _of_queue), (", '", _of_pair), (", b", _of_pair),
    (", response: ", _of_pair), (_NESTED, _of_java),
    ("503", _without_consequence), ("554", _without_consequence), ("DATA", _without_consequence),
)  # fmt: skip
