r"""A reply in the frame that a log, a program or an event feed put around it -> the reply as a server would say it.

Rule: each frame has a sign, without which nothing is looked at, and what takes it off. What the frame itself states, a
code in a field of its own, comes to stand where a server says it, before the words; what is no part of a reply stands
beside it (`frame`). What only follows from an earlier refusal is cut off. A text in no frame is returned as it is.
Nothing is judged here. Never raises.
"""

import re
from binascii import a2b_qp
from collections.abc import Callable
from itertools import islice
from typing import Final
from urllib.parse import unquote

from bounce_milter import limits
from bounce_milter.reply import REFUSED, event, logged, tabled
from bounce_milter.reply.frame import Framed

# What every object has; some programs write a blank before the colon.
_KEY: Final = re.compile(r'"\s*:')


def bare(text: str) -> str:
    """Return the reply that *text* holds, cut at `limits.REPLY_CHARS`, out of its frames."""
    stated, text = _opened(text)
    return _without(_FRAMES, stated.text if stated else text)


def read(text: str) -> Framed:
    """Return the reply that *text* holds, out of its frames, and what these state beside it."""
    stated, text = _opened(text)
    found = stated or Framed(text, logged.recipient(text))
    return found._replace(text=_without(_FRAMES, found.text))


def doubts(text: str) -> bool:
    """Say whether a message shows an event, or records, of which one says that its failure is not final, or that the message waits.

    Mail programs break long lines inside strings: the breaks go before an event is read.
    """
    lines = text.split("\n")
    begin, end = text.find("{"), text.rfind("}")
    shown = text[begin : end + 1][: limits.EVENT_CHARS] if begin >= 0 and '"' in text else ""
    unbroken = shown.replace("!\n ", "").replace("\n", " ")
    whole = event.read(f"[{unbroken}]") if shown else None
    each = (whole,) if whole else (event.read(line) if shown else tabled.read(line) for line in lines)
    return any(told is not None and (told.doubted or told.action == "delayed") for told in each)


def _opened(text: str) -> tuple[Framed | None, str]:
    """Return what an event or a line of a log states, None where it is neither, and the text without its coding."""
    told = event.read(text[: limits.EVENT_CHARS]) if _KEY.search(text) else None
    text = _without(_CODINGS, (told.text if told else text)[: limits.REPLY_CHARS])
    line = tabled.read(text) or logged.read(text)
    return line or (told._replace(text=text) if told else None), text


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


def humps(name: str, joint: str) -> str:
    """Return the words of a name that is written as one, "UserNotFound", with *joint* between them."""
    return _HUMP.sub(joint, name)


def _of_java(text: str) -> str:
    """Return the innermost of Java's exceptions, its class as words, unless it is no more than a class and a name."""
    innermost = text.rpartition(_NESTED)[2]
    return _CLASS.sub(lambda name: humps(name[1], " "), innermost) if len(innermost.split()) > 2 else text


# Exim's label (deliver.c, print_address_error) is no word of the reason.
_DELAYED: Final = re.compile(r"(?<!\S)Delay reason: +(?=\S)")


def _of_delay(text: str) -> str:
    """Take off what Exim writes before the reason of a delay."""
    return _DELAYED.sub("", text, count=1)


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


_Undo = tuple[tuple[str, Callable[[str], str]], ...]
_CODINGS: Final[_Undo] = (("%20", _of_percent), ("=20", _of_quoted_printable))
_FRAMES: Final[_Undo] = (
    (" proto=", _of_smtpd), ("{LED=", _of_queue), (", '", _of_pair), (", b", _of_pair), (", response: ", _of_pair),
    (_NESTED, _of_java), ("Delay reason: ", _of_delay), ("503", _without_consequence), ("554", _without_consequence), ("DATA", _without_consequence),
)  # fmt: skip


def _without(frames: _Undo, text: str) -> str:
    """Return *text* with each of the *frames* taken off whose sign it has."""
    for sign, undo in frames:
        if sign in text:
            text = undo(text)
    return text
