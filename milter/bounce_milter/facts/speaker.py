"""Who said it: the system that reports, or a server that it talked to, and which one.

Rule: a server is believed to have answered only where a reply code stands; which one it was say the words before the
reply, else Remote-MTA. A host that was not reached or not found has said nothing: who reports says it. The system that
reports is named for another's words only where it may be the recipient's own. Never raises.
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.codes import OF_COMMANDS
from bounce_milter.facts import Said
from bounce_milter.reply import HOST_SAID, Reply

# Sendmail names the domain as the remote MTA, though it found no host of that name, or that the DNS names none (RFC 7505).
_NO_HOST: Final = re.compile(r"host (?:unknown|does not accept mail)\b", re.IGNORECASE)
_OWN_FAULT: Final = "system config error"
# Exchange writes a code before what it found itself, and names whom it did not reach: no server answers 400.
_OWN_CODE: Final = "400"
_OWN_WORDS: Final = re.compile(
    r"queue\.expired|message (?:expired|delayed)\b|error communicating with target host|socket error code|winsock error code",
    re.IGNORECASE,
)
# What only a client can say of a host, or of its way there.
_NOT_REACHED: Final = re.compile(
    r"\bconnect(?:ion)? (?:to|with|was|timed out|refused|reset|failed|attempt)\b|\brequests to connect\b"
    r"|\b(?:could not|cannot|can't|couldn't|unable to|failed to)(?: be)? (?:connect|contact|reach)|\btransferring to\b"
    r"|\btimed out\b|\btimeout\b|\bno route to host\b|\bunreachable\b|\bnot (?:responding|reachable)\b"
    r"|\bname server\b|\bhost name lookup\b|\b(?:dns|mx) lookup\b",
    re.IGNORECASE,
)
# Exchange's names for what it found in its own directory, stores and queues.
_OWN_TOKEN: Final = re.compile(r"\b(?:RESOLVER|STOREDRV|ROUTING|SMTPSEND|APPROVAL|TRANSPORT|DELIVERY|CONTENT)\.\w")
# The types of Diagnostic-Code under which a server's reply stands; some leave the type out.
_OF_SERVERS: Final = ("smtp", None)


def speaker(
    said: Reply,
    words: str,
    kind: str | None,
    remote: str | None,
    mta: str | None,
    failed: str | None,
    actual: str | None = None,
) -> tuple[Said, str | None]:
    """Return which system spoke, and the host that spoke; where the words name none, the host that was asked.

    said, words   the reply in a Diagnostic-Code, and the whole of that; kind  its type
    remote, mta   Remote-MTA and Reporting-MTA
    failed, actual   the recipient, and whom his mail goes on to where the report names him
    """
    if said.code == _OWN_CODE or is_own(said.text) or _found_no_host(said.text, remote, actual or failed):
        return Said.OWN, mta
    if said.code is None:
        return Said.OWN, (None if not_reached(said.text) else remote) or mta
    named = HOST_SAID.search(words[: limits.REPLY_CHARS])
    if named and not (remote and HOST_SAID.search(said.text)):  # Remote-MTA passes on what that host answered
        return Said.REMOTE, named[1].lower()
    if remote:
        return Said.REMOTE, remote
    if kind not in _OF_SERVERS:
        return Said.OWN, mta
    his = address.domain(failed).lower()
    may_be_his = his == "" or address.is_within(mta or "", his) or _OWN_TOKEN.search(said.text)
    # Of its own commands only a client hears: the system that reports said that to nobody.
    return Said.REMOTE, mta if may_be_his and said.code not in OF_COMMANDS else None


def not_reached(text: str) -> bool:
    """Say whether words are those of a client that did not find or reach a host, which has said nothing then."""
    return _NOT_REACHED.search(text[: limits.WORDS_CHARS]) is not None


def is_own(text: str) -> bool:
    """Say whether words are those of a client on what it found itself, whatever code it puts before them."""
    return text.lower().startswith(_OWN_FAULT) or _OWN_WORDS.match(text) is not None


def _found_no_host(text: str, remote: str | None, failed: str | None) -> bool:
    return bool(remote and _NO_HOST.match(text)) and (failed or "").lower().endswith(f"@{remote}")
