r"""A line of a mail system's log on one delivery -> the reply in it, and what the line states beside it.

Rule: the line's own word on what became of the message ("status=deferred", "==") is believed, whatever the reply sounds
like. A host is named where it said something; where the words quote no server, the system that keeps the log speaks.
None where the text is no such line. Patterns are linear, a line may hold anything. Never raises.
"""

import re
from collections.abc import Callable
from typing import Final

from bounce_milter.frame import Framed

#: A code that refuses, where it stands among words (RFC 5321 4.2.1); 571 is none, and in use.
REFUSED: Final = "[45](?:[0-5][0-9]|71)"
#: A status has three parts (RFC 3463 2).
STATUS: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"


def read(text: str) -> Framed | None:
    """Return what a line of a log tells of one delivery, None where *text* is none."""
    for sign, reader in _LOGS:
        if sign in text and (found := reader(text)):
            return found
    return None


# qmail-send writes blanks and what is no ASCII as "_", line ends as "/" (qsutil.c, logsafe).
_QMAIL: Final = re.compile(r"\bdelivery [0-9]{1,12}: (success|failure|deferral): (\S+)\s*\Z")
_QMAIL_LINE: Final = re.compile(rf"/(?=[A-Z]|{REFUSED}[-_]|\Z)")
_QMAIL_END: Final = "\nGiving up on "
_QMAIL_SAID: Final = "\nRemote host said: "
_OF_QMAIL: Final = {"success": "delivered", "failure": "failed", "deferral": "delayed"}


def _of_qmail(text: str) -> Framed | None:
    """Read qmail's line: "delivery 9: failure: Sorry,_no_mailbox_here._(#5.1.1)/"."""
    logged = _QMAIL.search(text)
    if logged is None:
        return None
    action = _OF_QMAIL[logged[1]]
    words = _QMAIL_LINE.sub("\n", logged[2]).replace("_", " ").partition(_QMAIL_END)[0]
    if action == "delivered":
        words = words.partition(_QMAIL_SAID)[2].strip() or words.strip()
    return Framed(words, action=action)


_RECIPIENT: Final = re.compile(r"(?<![\w-])to=<?([^<>\s@,]{1,64}@[^<>\s@,]{1,255})>?(?=, | proto=)", re.ASCII)
_WRITTEN_TO: Final = re.compile(r"(?<![\w-])orig_to=<([^<>\s]{1,320})>, ", re.ASCII)
_RELAY: Final = re.compile(r"(?<![\w-])relay=(\w[\w.-]{0,254})(?<!\.)\.?(?=[\[ ,])", re.ASCII)
_CODED: Final = re.compile(r"[2-5][0-9][0-9][ -]")


def recipient(text: str) -> str | None:
    """Return whom a line of Postfix's or Sendmail's log is about, None where it names nobody or several."""
    named = _RECIPIENT.search(text)
    return named[1] if named else None


def _alias(text: str, failed: str | None) -> str | None:
    written = _WRITTEN_TO.search(text)
    return written[1] if written and written[1].lower() != (failed or "").lower() else None


def _relay(line: str) -> str | None:
    """Return the host that Postfix or Sendmail names as the next one; "none", "local" and the like are none."""
    relay = _RELAY.search(line)
    return relay[1].lower() if relay and "." in relay[1] else None


# Postfix puts the words in brackets (log_adhoc.c); the queue manager tells without any that time ran out (qmgr_active.c).
_POSTFIX: Final = re.compile(
    rf"(?:\bdsn=(?P<status>{STATUS}), )?\bstatus=(?:"
    r"(?P<fate>sent|deferred|bounced|expired|deliverable|undeliverable|SOFTBOUNCE) \((?P<words>.+)\)\s*\Z"
    r"|(?P<gone>(?:force-)?expired, returned to sender))",
    re.DOTALL,
)
# What is not here has failed. Of a probe (`sendmail -bv`, verify(8)) nothing waits in the queue.
_OF_POSTFIX: Final = {"sent": "delivered", "deliverable": "delivered", "deferred": "delayed", "SOFTBOUNCE": "delayed"}
_HOST_SAID: Final = re.compile(
    r"\bhost (\w[\w.-]{0,254})\[[\w.:]{1,60}\] (?:said|refused to talk to me): ", re.IGNORECASE
)


def _of_postfix(text: str) -> Framed | None:
    """Read Postfix's line: "to=<bob@dest.example>, relay=none, dsn=5.1.3, status=bounced (bad address syntax)"."""
    logged = _POSTFIX.search(text)
    if logged is None:
        return None
    failed = recipient(text)
    if logged["gone"]:
        return Framed(f"status={logged['gone']}", failed, action="failed", own=True)
    words = logged["words"]
    named = _HOST_SAID.search(words)
    coded = _CODED.match(words) is not None
    return Framed(
        words if coded or not logged["status"] else f"{logged['status']} {words}",
        failed, _alias(text, failed),
        named[1].lower() if named else _relay(text[: logged.start()]) if coded else None,
        _OF_POSTFIX.get(logged["fate"], "failed"),
        own=not (named or coded or " said: " in words),
    )  # fmt: skip


# Sendmail (deliver.c, logdelivery).
_SENDMAIL: Final = re.compile(rf"\bdsn=(?P<status>{STATUS}), stat=(?P<words>.+)", re.DOTALL)
_SENT: Final = re.compile(r"sent(?: \((?P<said>.+)\)\s*\Z|\b)", re.IGNORECASE | re.DOTALL)
_WAITS: Final = re.compile(r"(?:deferred|queued)\b(?:: )?(?P<coded>[45][0-9][0-9][ -])?", re.IGNORECASE)


def _of_sendmail(text: str) -> Framed | None:
    """Read Sendmail's line: "to=<bob@dest.example>, relay=mx.dest.example., dsn=5.1.1, stat=User unknown"."""
    logged = _SENDMAIL.search(text)
    if logged is None:
        return None
    status, words = logged["status"], logged["words"]
    sent, waits = _SENT.match(words), _WAITS.match(words)
    said = sent["said"] if sent else None
    coded = _CODED.match(said or words) or (waits and waits["coded"])
    return Framed(
        said if said and coded else f"{status} {words}",
        recipient(text),
        by=_relay(text[: logged.start()]) if coded else None,
        action="delivered" if sent or status[0] == "2" else "delayed" if waits else "failed",
        own=bool(waits) and not coded,
    )


# Exim (specification 52.8): the message's id, which grew with 4.97, a sign, the address, and the one at first in brackets.
_EXIM: Final = re.compile(
    r"(?:\A|\b\w{6}-\w{6,11}-\w{2,4} )(?P<sign>\*\*|==|=>|->|>>) (?P<who>[^\s<>]{1,320})(?: <(?P<first>[^<>\s]{1,320})>)?"
    r"(?P<rest>.*)\Z",
    re.ASCII | re.DOTALL,
)
_OF_EXIM: Final = {"**": "failed", "==": "delayed"}
_EXIM_HOST: Final = re.compile(r"\bH=(\w[\w.-]{0,254}) \[|\bhost (\w[\w.-]{0,254}) \[", re.ASCII)
_EXIM_TOOK: Final = re.compile(r' C="([^"]*)"')
_EXIM_QUOTES: Final = re.compile(r"\berror from remote mail(?:er)? |\bhost \S+ \[", re.ASCII)


def _of_exim(text: str) -> Framed | None:
    """Read Exim's line: "** bob@dest.example R=dnslookup T=remote_smtp H=mx.dest.example [192.0.2.1]: SMTP error ..."."""
    logged = _EXIM.search(text)
    if logged is None:
        return None
    who, first, rest = logged["who"], logged["first"], logged["rest"]
    told = who.endswith(":")
    who = who.rstrip(":")
    failed = who if "@" in who else first
    if failed is None or "@" not in failed:
        return None
    action = _OF_EXIM.get(logged["sign"], "delivered")
    words = rest.strip() if told else rest.partition(": ")[2]
    if action == "delivered":
        took = _EXIM_TOOK.search(rest)
        words = took[1] if took else ""
    host = _EXIM_HOST.search(rest)
    return Framed(
        words,
        failed,
        first if first and first.lower() != failed.lower() else None,
        (host[1] or host[2]).lower() if host else None,
        action,
        own=action != "delivered" and not _EXIM_QUOTES.search(words),
    )


_LOGS: Final[tuple[tuple[str, Callable[[str], Framed | None]], ...]] = (
    ("delivery ", _of_qmail), ("status=", _of_postfix), ("stat=", _of_sendmail),
    ("** ", _of_exim), ("== ", _of_exim), ("=> ", _of_exim), ("-> ", _of_exim), (">> ", _of_exim),
)  # fmt: skip
