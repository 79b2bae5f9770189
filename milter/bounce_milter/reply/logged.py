r"""A line of a mail system's log on one delivery -> the reply in it, and what the line states beside it.

Rule: the line's own word on what became of the message ("status=deferred", "==") is believed, whatever the reply sounds
like. A host is named where it said something; where the words quote no server, the system that keeps the log speaks.
None where the text is no such line. Patterns are linear, a line may hold anything. Never raises.
"""

import re
from collections.abc import Callable
from typing import Final

from bounce_milter.reply import HOST_SAID, REFUSED, STATUS
from bounce_milter.reply.frame import Framed, another


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
    return another(written[1], failed) if written else None


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


def _of_postfix(text: str) -> Framed | None:
    """Read Postfix's line: "to=<bob@dest.example>, relay=none, dsn=5.1.3, status=bounced (bad address syntax)"."""
    logged = _POSTFIX.search(text)
    if logged is None:
        return None
    failed = recipient(text)
    if logged["gone"]:
        return Framed(f"status={logged['gone']}", failed, action="failed", own=True)
    words = logged["words"]
    named = HOST_SAID.search(words)
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
        another(first, failed),
        (host[1] or host[2]).lower() if host else None,
        action,
        own=action != "delivered" and not _EXIM_QUOTES.search(words),
    )


# What Exim refused itself (specification 52.2).
_REJECTED: Final = re.compile(
    r"\bF=<[^<>]{0,320}> (?:A=\S{1,80} )?(temporarily )?rejected RCPT <([^<>\s]{1,320})>: (.+)\Z", re.DOTALL
)


def _of_rejection(text: str) -> Framed | None:
    """Read Exim's line: "F=<a@src.example> temporarily rejected RCPT <bob@dest.example>: greylisted"."""
    rejected = _REJECTED.search(text)
    return rejected and Framed(rejected[3], rejected[2], action="delayed" if rejected[1] else "failed")


# OpenSMTPD (mta_session.c, mta.c): the address that it goes to, and the one at first where that is another.
_OPENSMTPD: Final = re.compile(
    r"\bevpid=\w{1,16} from=<[^<>]{0,320}> to=<([^<>\s]{1,320})> rcpt=<([^<>\s]{0,320})> "
    r"(?:\w+=(?:\"[^\"]*\"|\S+) ){0,6}result=\"?(Ok|TempFail|PermFail)\"? stat=(.+)",
    re.DOTALL,
)
_OPENSMTPD_HOST: Final = re.compile(r" relay=\"[\w.:\[\]]{1,80} \((\w[\w.-]{0,254})\)\"", re.ASCII)
_OF_OPENSMTPD: Final = {"Ok": "delivered", "TempFail": "delayed", "PermFail": "failed"}


def _of_opensmtpd(text: str) -> Framed | None:
    """Read OpenSMTPD's line: "mta delivery evpid=1 from=<> to=<bob@dest.example> rcpt=<-> ... result="PermFail" stat="550 No"."""
    logged = _OPENSMTPD.search(text)
    if logged is None:
        return None
    who, first, fate, stat = logged.groups()
    words = stat.strip().removeprefix('"').removesuffix('"')
    coded, host = _CODED.match(words), _OPENSMTPD_HOST.search(text)
    return Framed(
        words,
        who,
        another(first, who) if "@" in first else None,
        host[1].lower() if host and coded else None,
        _OF_OPENSMTPD[fate],
        own=not coded,
    )


# Haraka (outbound/hmail.js).
_HARAKA: Final = re.compile(
    r"\[outbound\] (?:delivered (?P<fields>.+)|Temp failing \S+ for \d{1,9} seconds: (?:Error: )?(?P<waits>.+)"
    r"|bouncing mail: (?:to=<(?P<who>[^<>\s]{1,320})> reason: )?(?:Error: )?(?P<gone>.+))",
    re.DOTALL,
)
_HARAKA_SAID: Final = re.compile(r"\bresponse=\"([^\"]*)\"")
_HARAKA_HOST: Final = re.compile(r"\bhost=(\w[\w.-]{0,254}) ", re.ASCII)


def _of_haraka(text: str) -> Framed | None:
    """Read Haraka's line: "[outbound] bouncing mail: Error: 550 5.1.1 User unknown"."""
    logged = _HARAKA.search(text)
    if logged is None:
        return None
    if logged["fields"]:
        said, host = _HARAKA_SAID.search(logged["fields"]), _HARAKA_HOST.search(logged["fields"])
        return Framed(said[1] if said else "", by=host[1].lower() if host else None, action="delivered")
    words = logged["waits"] or logged["gone"]
    return Framed(words, logged["who"], action="delayed" if logged["waits"] else "failed")


# Dovecot's LMTP server, its delivery agent and Sieve; of several programs in brackets, numbers of processes stand beside.
_DOVECOT: Final = re.compile(
    r"\b(?:lmtp|lda)\((?:\d{1,10}, ?)?([^()\s,]{1,320})[^()]{0,40}\)(?:<[^<>]{0,80}>){0,2}: .{0,40}?\bmsgid=\S{0,500} "
    r"(?:(?P<kept>saved mail to|stored mail into)|(?:save failed to|failed to store into)[^:]{1,200}:) (?P<words>.+)\Z",
    re.DOTALL,
)


def _of_dovecot(text: str) -> Framed | None:
    """Read Dovecot's line: "lmtp(bob@dest.example)<7><x>: msgid=<1@src.example>: save failed to INBOX: Quota exceeded"."""
    logged = _DOVECOT.search(text)
    if logged is None:
        return None
    who = logged[1] if "@" in logged[1] else None
    # Whether it waits now is said to the server that brought it.
    return Framed("", who, action="delivered") if logged["kept"] else Framed(logged["words"], who, own=True)


_LOGS: Final[tuple[tuple[str, Callable[[str], Framed | None]], ...]] = (
    ("delivery ", _of_qmail), ("status=", _of_postfix), ("stat=", _of_sendmail),
    ("** ", _of_exim), ("== ", _of_exim), ("=> ", _of_exim), ("-> ", _of_exim), (">> ", _of_exim),
    (" rejected RCPT <", _of_rejection), ("evpid=", _of_opensmtpd), ("[outbound] ", _of_haraka), ("msgid=", _of_dovecot),
)  # fmt: skip
