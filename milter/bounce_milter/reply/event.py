"""An object of an event feed (JSON, RFC 8259) -> the reply in it, and what it states beside it.

Rule: providers keep a server's reply whole in one field, or its code, its status and its words in several; the names of
the fields are theirs, and what they put around them does not matter, nor whether a queue hands the object on as a string
within another. Where it names a command, or several recipients with a reply for each, it is left as it is. An event of
which its own name says that nothing failed has no reply. None where the text is no such object. Never raises.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec

from bounce_milter.reply import REFUSED, STATUS
from bounce_milter.reply.frame import Framed
from bounce_milter.vocabulary import Kind

# Names, in lower case, under which a whole reply stands, the surest first: SparkPost, SES, Mandrill, Postmark, SendGrid, Mailgun.
_REPLIES: Final = (
    "raw_reason",
    "diagnosticcode",
    "diag",
    "details",
    "smtpresponse",
    "response",
    "reason",
    "message",
    "description",
    "error",
)
_WHOLE: Final = re.compile(rf"(?:smtp;\s*)?(?:{REFUSED}|2[0-9][0-9])[ -]", re.IGNORECASE)
_TAKEN: Final = re.compile(r"(?:smtp;\s*)?2", re.IGNORECASE)
# Names under which words alone stand, of a server or of the feed itself.
_TOLD: Final = ("message", "description", "error", "comment", "reason")
_NUMBER: Final = re.compile(r"[4-6][0-9][0-9]")
_TOOK: Final = re.compile(r"2[0-9][0-9]")
_IS_STATUS: Final = re.compile(STATUS)
# Whom an event is about, and the host that answered: SendGrid, Mandrill and Postmark, SES, Mailgun, SparkPost.
_RECIPIENTS: Final = frozenset({"email", "emailaddress", "recipient", "recipients", "rcpt_to"})
_ADDRESS: Final = re.compile(r"[^<>\s@]{1,64}@[^<>\s@]{1,255}")
_HOSTS: Final = frozenset({"mx-host", "mx_host"})
_HOST: Final = re.compile(r"\w[\w.-]{0,254}", re.ASCII)
_WAITS: Final = re.compile(r"defer|delay|temporary", re.IGNORECASE)
_ARRIVED: Final = re.compile(r"deliver(?:y|ed)\Z", re.IGNORECASE)
# Names under which stands what the event is, and what it is by its name, where that is no failure.
_NAMES: Final = frozenset({"event", "type", "eventtype", "notificationtype", "recordtype"})
# Names under which stands what happened.
_FATES: Final = _NAMES | {"severity", "state"}
_KINDS: Final = {
    **dict.fromkeys(("complaint", "complained", "spamreport", "spamcomplaint", "spam"), Kind.FEEDBACK_REPORT),
    "autoresponder": Kind.AUTO_REPLY,
    "challengeverification": Kind.CHALLENGE,
}
# Postmark lists these among bounces.
_AMONG_BOUNCES: Final = (Kind.AUTO_REPLY, Kind.CHALLENGE)
# Of what the reader did, and of the list; "send" and the like come before any delivery.
_QUIET: Final = re.compile(
    r"(?:amp_?)?(?:initial_?)?(?:open|click)(?:ed)?|send|sent|processed|accepted|stored|injection|"
    r"(?:group_?|list_?|link_?)?(?:un|re)?sub(?:scribe[ds]?|scription(?:change)?)?",
    re.IGNORECASE,
)
_FAILS: Final = re.compile(r"bounce|fail|drop|reject|defer|delay|block|error", re.IGNORECASE)
# Names under which a queue keeps an event as a string: Amazon's SNS and SQS.
_ENVELOPES: Final = frozenset({"message", "body"})
# A whole reply among words: better read where it stands.
_QUOTES: Final = re.compile(rf"(?:\A|[\s;:]){REFUSED}[ -]")
# A word of the feed's own that a failure is not final.
_PASSING: Final = re.compile(
    r"(?:\b|_)(?:temporary|transient|undetermined|soft|defer|delay|complain|gr[ae]y_?list)", re.IGNORECASE
)
# Postmark's types of bounces that are of the message, the sender or an instant (Bounce API, "Bounce types"), and SendGrid's of a
# refusal this time.
_NOT_FINAL: Final = frozenset({
    "blocked", "spamnotification", "virusnotification", "unknown", "dnserror", "addresschange", "dmarcpolicy", "openrelaytest", "smtpapierror",
})  # fmt: skip
# SparkPost's classes of bounces that are soft, or of the sending side: not one for good (10, 30, 90), nor undetermined (1).
_NOT_HARD: Final = frozenset({
    "20", "21", "22", "23", "24", "25", "40", "50", "51", "52", "53", "54", "60", "70", "100",
})  # fmt: skip
# Objects within objects, and fields of all: SES has four and, with the message's own header, a hundred.
_DEPTH: Final = 8
_MOST_FIELDS: Final = 1_000

_Fields = list[tuple[str, str]]


def read(text: str) -> Framed | None:
    """Return what an event tells of one recipient, None where *text* is no event, or tells of no reply."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    event = _decoded(text)
    if event is text:
        return None
    fields = list(islice(_fields(event), _MOST_FIELDS))
    who = _only(fields, _RECIPIENTS, _ADDRESS)
    if kind := _kind(fields):
        return Framed("", who, kind=kind)
    doubted = any(_doubts(name, value) for name, value in fields)
    if _is_of_several(fields):
        return Framed(text, doubted=doubted)
    said, action = _whole(fields), _action(fields)
    words = said or _joined(fields) or _classed(fields)
    if action == "delivered" and not (_TAKEN.match(said) if said else _says_nothing(fields) or _took(fields)):
        action = None
    if action == "delivered" and not said:
        return Framed("", who, action=action)
    host = _only(fields, _HOSTS, _HOST) if words else None
    return Framed(words or text, who, by=host.rstrip(".").lower() if host else None, action=action, doubted=doubted)


def ses_own(*words: str) -> str:
    """Return Amazon SES's own words on a bounce, its type and subtype, in the form that rules know; "" without one."""
    return f"Amazon SES: {', '.join(words)}" if words else ""


def _classed(fields: _Fields) -> str:
    """Return the same of an event that quotes no reply."""
    named = dict(fields)
    return ses_own(*[named[name] for name in ("bouncetype", "bouncesubtype") if name in named])


def _fields(value: object, name: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, str]]:
    """Yield every string and number under its name in lower case, those of an object within a string too."""
    if isinstance(value, str) and name in _ENVELOPES and depth and value.startswith("{"):
        value = _decoded(value)
    if isinstance(value, dict) and depth:
        for key, item in value.items():
            yield from _fields(item, key.lower(), depth - 1)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _fields(item, name, depth - 1)
    elif isinstance(value, str | int):
        yield name, str(value)


def _decoded(text: str) -> object:
    """Return the object that *text* is, or the text itself."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return text


def _kind(fields: _Fields) -> Kind | None:
    """Return what an event is that tells of no delivery, None where it may tell of one."""
    names = [value for name, value in fields if name in _NAMES]
    kind = next((kind for value in names if (kind := _KINDS.get(value.replace("_", "").lower()))), None)
    if kind in _AMONG_BOUNCES or any(map(_FAILS.search, names)):
        return kind if kind in _AMONG_BOUNCES else None
    return kind or (Kind.NOT_A_BOUNCE if any(map(_QUIET.fullmatch, names)) and not _whole(fields) else None)


def _says_nothing(fields: _Fields) -> bool:
    """Say whether an event holds neither a reply nor words that could be one."""
    return not any((name in _REPLIES or name in _TOLD) and " " in value for name, value in fields)


def _took(fields: _Fields) -> bool:
    """Say whether codes say that a server took the message, and none that one refused."""
    codes = [value for name, value in fields if name.endswith("code")]
    return any(map(_TOOK.fullmatch, codes)) and not any(map(_NUMBER.fullmatch, codes))


def _action(fields: _Fields) -> str | None:
    """Return what became of the message where the event says that it waits, or arrived."""
    fates = [value for name, value in fields if name in _FATES]
    if any(map(_WAITS.search, fates)):
        return "delayed"
    return "delivered" if any(map(_ARRIVED.match, fates)) else None


def _is_of_several(fields: _Fields) -> bool:
    """Say whether one event of a list says that the message arrived, and another that it failed."""
    fates = [value for name, value in fields if name in _FATES]
    return any(map(_ARRIVED.match, fates)) and any(map(_FAILS.search, fates))


def _doubts(name: str, value: str) -> bool:
    """Say whether a field says that the failure is not final: in a word, a number or a sentence of the feed's own."""
    if name == "type" and value.lower() in _NOT_FINAL:
        return True
    if name == "bounce_class":
        return value in _NOT_HARD
    if name == "hard_bounce":  # Mailjet
        return value.lower() == "false"
    own = name in _TOLD or not (" " in value or "@" in value)
    return own and _PASSING.search(value) is not None


def _whole(fields: _Fields) -> str | None:
    """Return the reply that stands whole in a field; None where several do under one name: of several recipients."""
    if any(name == "command" for name, _ in fields):
        return None
    for wanted in _REPLIES:
        found = {value for name, value in fields if name == wanted and _WHOLE.match(value)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _joined(fields: _Fields) -> str | None:
    """Return the code, the status and the words that are kept in fields of their own, as a server says them."""
    if any(name == "command" or _QUOTES.search(value) for name, value in fields):
        return None
    codes = [value for name, value in fields if name.endswith("code") and _NUMBER.fullmatch(value)]
    statuses = [value for name, value in fields if name.endswith(("code", "status")) and _IS_STATUS.fullmatch(value)]
    words = [value for name, value in fields if name in _TOLD and " " in value]
    if not words or not (codes or statuses):
        return None
    return " ".join([*codes[:1], *statuses[:1], *dict.fromkeys(words)])


def _only(fields: _Fields, names: frozenset[str], form: re.Pattern[str]) -> str | None:
    """Return the value under one of the *names*, of that form, where there is one and no other."""
    found = {value for name, value in fields if name in names and form.fullmatch(value)}
    return found.pop() if len(found) == 1 else None
