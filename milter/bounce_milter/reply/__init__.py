r"""One server reply: its code, its enhanced status code and its words (RFC 5321 4.2, RFC 2034, RFC 3463 2).

Rule: a code counts only where a code can stand: at the start of a line or of a list's item, after the type
of a Diagnostic-Code, after `#`, in quotes or brackets that open a reply. Numbers inside addresses, IP addresses,
versions, phone numbers, URLs and queue ids are words. An enhanced status counts at the start, right after a reply code,
after `#`, and, where it is of the reply's class, behind a colon. What is not there stays None. Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import limits

#: A code that refuses, where it stands among words (RFC 5321 4.2.1); 571 is none, and in use.
REFUSED: Final = "[45](?:[0-5][0-9]|71)"
#: A status has three parts (RFC 3463 2).
STATUS: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"
#: What Postfix adds behind a reply begins so: which command was answered.
IN_REPLY: Final = " (in reply to "
#: How programs name the host before its reply: Postfix and its like, Coremail.
HOST_SAID: Final = re.compile(
    r"\bhost (\w[\w.-]{0,254}) ?[\[(][\w.:/-]{1,108}[\])] (?:said\b|refused to talk to me: )", re.IGNORECASE
)


class Reply(msgspec.Struct, frozen=True):
    """What a server said.

    code    "550" or None; status  "5.1.1" or None; text  the words on one line, codes and their repeats removed
    """

    code: str | None
    status: str | None
    text: str


# No further digit or dot follows a status: 192.0.5.221, 5.1.1.1 and ticket 550-5.1.1-4522 are no codes (RFC 3463 2).
_END: Final = r"(?![\d.]*\d)(?!\w|-\d|@)"
_AT_START: Final = re.compile(
    rf"\s*(?:[\"'<(\[#]\s*|-{{1,2}} +(?=[45]\d\d )|(?:-{{1,2}}|[*•]) +(?={STATUS} )|smtp;\s*|reason(?::| -)\s*|(?:status|dsn)(?:: ?|=)(?={STATUS}))*"
    rf"(?:(?P<code>[2-5][0-9][0-9])(?!\d|[.,]\d|-\d{{3,}}(?!\.)|:\d)(?:[\s:;,-]|(?=[(\[#\"'])|$)+"
    rf"(?:(?:(?:code|Enhanced|esmtp)\s*)?[(\[#\"']{{0,2}}(?P<status>{STATUS}){_END}[)\]]?)?"
    rf"|(?P<alone>{STATUS}){_END}[)\]]?)"
    rf"[\s:;,#-]*",
    re.IGNORECASE,
)
_OPENS: Final = frozenset('([<"')
_BARE: Final = re.compile(r"\s*[\"'(<\[#]*(?P<code>[2-5][0-9][0-9])[\"')>\].]*\s*\Z")
_MARKED: Final = re.compile(rf"#({STATUS}){_END}")
_INNER: Final = re.compile(rf": ({STATUS}){_END} [A-Z]")
#: A code of refusal with its status, wherever it stands.
REFUSAL: Final = re.compile(rf"(?<![\w./=-])(?P<reply>{REFUSED}[ -]#?{STATUS}{_END})")

# It begins with the first digit, so that it is looked for five times as fast; what must not stand before that is asked behind it.
_CODES: Final = re.compile(rf"[245](?<!\d\d)(?:(?<=(?={REFUSED}(?!\d)).)|\.\d{{1,3}}\.\d)")


# The code and the status as some servers and programs join them: "[550] 5.1.1", "(550) 5.1.1", "550/5.1.1", "550, 5.1.1", "550: 5.1.1".
_JOINED: Final = re.compile(
    rf"(?<![\w.@/=:-])(?:\[(?P<square>{REFUSED})\]|\((?P<round>{REFUSED})\)|(?P<bare>{REFUSED})(?=[/,;:\t]))[/,;:\t]? ?(?=#?{STATUS}{_END})"
)

# It begins with the first digit of the code, so that nearly all texts are done with fast.
_MAY_BE_JOINED: Final = re.compile(rf"{REFUSED}[\])/,;:\t]{{1,2}} ?#?[245]\.")


def joined(text: str) -> str:
    """Return *text* with one space between each code and its status."""
    if not _MAY_BE_JOINED.search(text):
        return text
    return _JOINED.sub(lambda found: f"{found['square'] or found['round'] or found['bare']} ", text)


def parse(text: str) -> Reply:
    r"""Return the reply that *text* is, from its start: "550-5.1.1 No\r\n550 5.1.1 such" -> 550, 5.1.1, "No such"."""
    text = joined(text[: limits.REPLY_CHARS])
    bare = _BARE.match(text)
    if bare:
        return Reply(bare["code"], None, "")
    at = _AT_START.match(text)
    if not at:
        return Reply(None, _marked(text), one_line(text))
    code, status = at["code"], at["status"] or at["alone"]
    words = text[at.end() :]
    if status is None:
        status = _marked(words)
    if code:
        words, status = _without_repeats(words, code, status, lines=text.startswith("-", at.end("code")))
        status = status or _after_colon(words, code)
    text = one_line(words)
    return Reply(code, status, text if _OPENS.isdisjoint(at[0]) else without_end(text))


def without_end(text: str) -> str:
    """Return a quoted text without the bracket or the mark that ends the quotation, where it begins before the text."""
    text, beside, command = text.partition(IN_REPLY)
    ends = text[-1:]
    opens = {")": "(", "]": "[", ">": "<"}.get(ends)
    stray = text.count(ends) > text.count(opens) if opens else ends == '"' and text.count(ends) % 2 == 1
    return (text[:-1].rstrip() if stray else text) + beside + command


def may_hold_code(text: str) -> bool:
    """Say whether a reply code or an enhanced status code can stand in *text*: cheap, and generous."""
    return _CODES.search(text) is not None


def refuses(text: str) -> bool:
    """Say whether a code of refusal stands in *text* with its status: something failed, whatever the language around it."""
    return REFUSAL.search(text) is not None


# So a log tells that time ran out, before what the server last answered: "Delivery expired (message too old): 451 ...".
_EXPIRED: Final = re.compile(
    r"(?:[^:]{0,80}\b)??(?:(?:delivery|message)(?: time| delivery)? expired|message too old|retry (?:schedule|time|period) (?:has )?(?:expired|exceeded)|"
    r"in (?:our|the) queue too long|(?:giv(?:en|ing)|gave) up (?:on \S{1,80} )?after)\b",
    re.IGNORECASE,
)


def expired(said: Reply) -> bool:
    """Say whether words that do not say to try again begin with it that time ran out."""
    return (said.code or "5")[0] == "5" and _EXPIRED.match(said.text) is not None


def gave_up(said: Reply) -> bool:
    """Say whether who spoke says that time ran out, X.4.7; with a code of its own that says to try again nobody did."""
    return (said.status or "")[1:] == ".4.7" and (said.code or "5")[0] == "5"


def _without_repeats(words: str, code: str, status: str | None, *, lines: bool) -> tuple[str, str | None]:
    """Remove "550-5.1.1 " wherever a continuation line begins, as Postfix leaves it in mid-sentence.

    In a reply of one line what stands behind a colon, or has another status, is quoted.
    """
    if code not in words:
        return words, status
    begins = rf"{code}(?<!\S{code})[ -]#?"  # a pattern that begins with letters is looked for three times as fast
    if status is None and (line := re.search(rf"{begins}({STATUS}){_END}", words, re.ASCII)):
        status = line[1]
    if lines or status is None:
        begins += rf"(?:{STATUS}{_END}[\s:]*)?"
    else:
        begins += rf"(?<!: {code}.)(?:{re.escape(status)}{_END}[\s:]*|(?!{STATUS}{_END}))"
    return re.sub(begins, "", words, flags=re.ASCII), status


def _after_colon(words: str, code: str) -> str | None:
    """Return a status of the code's own class that opens a reply quoted within: "not accepted: 5.7.1 No relaying"."""
    inner = _INNER.search(words)
    return inner[1] if inner and inner[1][0] == code[0] else None


def _marked(words: str) -> str | None:
    """Return the status behind a `#`, as qmail and its descendants put it after the words: "(#5.1.1)"."""
    marked = _MARKED.search(words)
    return marked[1] if marked else None


def one_line(text: str) -> str:
    """Return *text* with single spaces for all space in it."""
    return " ".join(text.split())
