"""The delivery-status part -> per-recipient facts (RFC 3464 2, RFC 6533 5).

Rule: strict per field, lenient per report: a field that is not what it should be costs only itself. A reply of several
lines may stand unfolded, or in a Diagnostic-Code for each. Groups may lack the empty line between them or have several;
each Final-Recipient begins a new one, to which belongs what its block tells before it. Nothing is judged and nothing is
made up here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import msgspec

from bounce_milter import address, limits, reply
from bounce_milter.facts import REACHED, Recipient
from bounce_milter.facts.speaker import speaker
from bounce_milter.message import Fields, decode_field, parse_fields
from bounce_milter.reply import quoting, verbs
from bounce_milter.vocabulary import REPORTS, Kind

_ACTIONS: Final = {
    "failed": "failed", "delayed": "delayed", "delivered": "delivered", "relayed": "relayed", "expanded": "expanded",
    "failure": "failed", "fail": "failed", "error": "failed", "expired": "failed", "bounced": "failed",
    "delivery": "delivered", "success": "delivered",
    "delay": "delayed", "deferred": "delayed",
}  # fmt: skip
_WORD: Final = re.compile(r"[A-Za-z]+")
_STATUS: Final = re.compile(rf"\s*{address.COMMENTS}[(#]?({reply.STATUS})(?![\d.]*\d)")
# What a system writes behind it of why, where it has no Diagnostic-Code.
_COMMENT: Final = re.compile(rf"{_STATUS.pattern}\s*\(((?:[^()\\]|\\.){{1,200}})\)")
# What it writes behind other fields, or in one for it.
_ASIDE: Final = re.compile(r"\(((?:[^()\\]|\\.){1,200})\)\s*\Z")
# The longest that it finds, at the end: to look for it from every bracket of a field takes long.
_ASIDE_CHARS: Final = 402
_WITH_ASIDES: Final = ("final-recipient", "action", "status")
# A reply code where the status should stand.
_CODE: Final = re.compile(r"[245][0-5][0-9]")
_DIAGNOSTIC: Final = re.compile(r"\s*([A-Za-z][\w-]{0,40})\s*;\s*")
# What Cisco's gateways add to every reply, "550-'5.7.1 Denied' (delivery attempts: 0)", and the mark before it.
_TRIES: Final = re.compile(r"'?\s?\(delivery attempts: \d{1,6}\)\s*+\Z")
_POSITIVE: Final = re.compile(r"\s*2\d\d[ -]")
# A mail system of X.400 has a name of its own kind, which is no host's.
_HOST: Final = re.compile(
    r"(?!x\.?400\s*;)(?:[a-z-]{1,20}\s*;\s*)?[\[(<]?(?:[^\s@;<>()\[\]]{1,64}@)?"
    r"(?:IPv6:)?([0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,8}(?![\w:.-])|[a-z0-9](?:[\w.-]*[a-z0-9])?)",  # RFC 5321 4.1.3
    re.IGNORECASE,
)
# Behind a name without a dot: then it is the first word of a text, "Lotus Domino Release 8".
_MORE_WORDS: Final = re.compile(r"\s+\w")
# What listens on a socket is of the system itself: "dns; /var/run/cyrus/lmtp".
_SOCKET: Final = re.compile(r"\s*(?:[A-Za-z-]{1,20}\s*;\s*)?/")
_BLANK: Final = re.compile(rb"\n(?:[ \t]*\n)+")
# A further line of a reply that nobody folded.
_UNFOLDED: Final = re.compile(rb"\n(?=[245]\d\d[- ])")
# Further words of one that nobody folded: no field, and no line between parts.
_UNFOLDED_WORDS: Final = re.compile(
    rb"^diagnostic-code:[^\n]*(?:\n[ \t][^\n]*|\n[\w<(\"'][^\n:]*$)+", re.IGNORECASE | re.MULTILINE
)
# Of addresses in a Final-Recipient, which has one (RFC 3464 2.3.2).
_SEVERAL: Final = 2
# Of each field, what is told of each of many whom one field names, at least: a status, a date, a host.
_LEAST_CHARS: Final = 100
# Who it is about.
_NAMES: Final = ("final-recipient", "original-recipient", "x-actual-recipient")
_OF_RECIPIENT: Final = frozenset({
    *_NAMES, "action", "status", "remote-mta", "diagnostic-code", "last-attempt-date", "final-log-id", "will-retry-until",
    "x-supplementary-info", "x-display-name", "x-postfix-sender",
})  # fmt: skip


class Report(msgspec.Struct, frozen=True):
    """The report: who wrote it (Reporting-MTA), each recipient's facts in order, and whether there is more of it.

    arrival   when the message came in (Arrival-Date), as written
    garbled   a recipient is named, by something with an @ that is no address: "Foo Bar/Org@ORG"
    comments  what stands in parentheses behind each recipient's Status, None where nothing does
    asides    the same behind his other fields too, or in a comment's own field
    called    what the report calls each (Exchange's X-Display-Name), "" where nothing
    probe     it was asked whether somebody can be reached, and he can: no message was sent (Postfix, `sendmail -bv`)
    """

    reporting_mta: str | None
    recipients: tuple[Recipient, ...]
    truncated: bool
    garbled: bool
    arrival: str | None
    comments: tuple[str | None, ...]
    asides: tuple[str, ...]
    called: tuple[str, ...]
    probe: bool


def parse(status: bytes) -> Report:
    """Return the facts of a delivery-status part, or of several with an empty line between them, decoded (RFC 3464 2)."""
    folded = _UNFOLDED.sub(b"\n ", status[: limits.STATUS_BYTES])
    folded = _UNFOLDED_WORDS.sub(lambda field: field[0].replace(b"\n", b"\n "), folded)
    blocks = _BLANK.split(b"\n" + folded + b"\n", limits.RECIPIENTS * 2)
    about: dict[str, str] = {}
    groups: list[dict[str, str]] = []
    whole = True
    for block in blocks:
        if block.strip():
            fields = parse_fields(block)
            whole = whole and len(fields) < limits.HEADER_FIELDS and len(block) <= limits.HEADER_BYTES
            _sort(fields, about, groups)
    if not groups and ("action" in about or "status" in about):
        groups.append(about)  # a report on somebody whom it does not name is a report all the same
    mta = _host(about.get("reporting-mta") or about.get("dsn-gateway"))
    recipients: list[Recipient] = []
    comments: list[str | None] = []
    asides: list[str] = []
    called: list[str] = []
    garbled = probe = False
    told = (fact for group in groups for fact in _facts(group, about, mta))
    facts = [*islice(told, limits.RECIPIENTS + 1)]
    for group, fact in facts[: limits.RECIPIENTS]:
        garbled = garbled or (fact.address is None and any(_is_garbled(group.get(name)) for name in _NAMES))
        if (group.get("action") or "").strip().lower() == "deliverable":
            probe = True
            continue
        # Sendmail repeats an alias that expands to itself; X-Actual-Recipient tells such a group from a real one.
        if "x-actual-recipient" not in group or not _told(fact, recipients):
            recipients.append(fact)
            behind = _COMMENT.match(group.get("status") or about.get("status") or "")
            comments.append(" ".join(behind[2].split()) if behind else None)
            asides.append(_asides(group))
            called.append(" ".join(group.get("x-display-name", "").split()))
    truncated = not whole or len(facts) > limits.RECIPIENTS or len(status) > limits.STATUS_BYTES
    return Report(
        reporting_mta=mta, recipients=tuple(recipients), truncated=truncated, garbled=garbled, arrival=about.get("arrival-date"),
        comments=tuple(comments), asides=tuple(asides), called=tuple(called), probe=probe,
    )  # fmt: skip


def _asides(group: dict[str, str]) -> str:
    """Return what stands in parentheses behind the fields of a group, and in a comment's own."""
    found = [_ASIDE.search(group.get(name, "")[-_ASIDE_CHARS:]) for name in _WITH_ASIDES]
    return "; ".join(
        " ".join(told.split()) for told in (*(aside[1] for aside in found if aside), group.get("x-comment")) if told
    )


def _told(fact: Recipient, recipients: list[Recipient]) -> bool:
    return any((r.address, r.action, r.status) == (fact.address, fact.action, fact.status) for r in recipients[-50:])


def _sort(fields: Fields, about: dict[str, str], groups: list[dict[str, str]]) -> None:
    """Put one block's fields into the message's fields or into recipient groups.

    A block without a recipient of its own goes on with the group before it, if that lacks the fields.
    """
    names = {name for name, _ in fields}
    group: dict[str, str] | None = None
    early: dict[str, str] = {}  # of its first recipient, before it names him
    if names.isdisjoint(_NAMES):
        own = names & _OF_RECIPIENT
        group = groups[-1] if groups and own and not own & set(groups[-1]) else None
    elif groups and groups[-1].keys() <= set(_NAMES) and names.isdisjoint(groups[-1]):
        group = groups[-1]  # an empty line stands between his names
    for name, value in fields:
        starts = name in _NAMES
        if starts and (group is None or name in group):
            group, early = early, {}
            groups.append(group)
        if group is None:
            target = early if name in _OF_RECIPIENT else about
        else:
            target = group if name in _OF_RECIPIENT or name.startswith("x-") else about
        text = decode_field(value)
        before = target.setdefault(name, text)
        if before is not text and name == "diagnostic-code":
            target[name] = _joined(before, text)
    for name, text in early.items():  # nobody is named behind them: they are on all
        about.setdefault(name, text)


def _joined(before: str, more: str) -> str:
    """Return a Diagnostic-Code that stands there twice: of one type they are lines of one reply; else SMTP's counts."""
    (kind, words), (other, further) = _diagnostic(before), _diagnostic(more)
    if kind != other and other is not None:
        return more if other == "smtp" else before
    return before if further in words or len(words) > limits.REPLY_CHARS else f"{before} {further}"


def _facts(group: dict[str, str], about: dict[str, str], mta: str | None) -> Iterator[tuple[dict[str, str], Recipient]]:
    """Yield the facts of a group, with it; of each where one field names several: the answer is about those whom it names, else it is
    open about whom."""
    final = group.get("final-recipient", "")
    several = address.IN_TEXT.findall(final) if "," in final and _typed(final) is None else []
    if len(several) < _SEVERAL:
        yield group, _recipient(group, about, mta)
        return
    most = max(_LEAST_CHARS, limits.REPLY_CHARS // len(several))  # all of them together are told no more than one
    fields = {name: value if name in _NAMES else value[:most] for name, value in group.items()}
    for who in several:
        fact = _recipient({**fields, "original-recipient": "", "final-recipient": who}, about, mta)
        yield group, msgspec.structs.replace(fact, shared=who.lower() not in (fact.text or "").lower())


def _recipient(group: dict[str, str], about: dict[str, str], mta: str | None) -> Recipient:
    failed, written = _addresses(group)
    kind, words = _diagnostic(group.get("diagnostic-code") or _misplaced(group.get("status")))
    words = _TRIES.sub("", words)
    acted, stated = (group.get(name) or about.get(name) for name in ("action", "status"))
    said = _said(kind, words, _action(acted, stated and stated.strip()))
    more = group.get("x-supplementary-info")
    if more and not said.code:
        inner = quoting.find(more)
        said = inner if inner.code else said
    status = _status(stated, said)
    if said.code is None and (code := _CODE.fullmatch((stated or "").strip())):
        said = reply.Reply(code[0], said.status, said.text)
    actual = _actual(group.get("x-actual-recipient"), failed) or _program(group.get("final-recipient"), failed)
    remote = group.get("remote-mta") or ""
    asked = mta if _SOCKET.match(remote) else _host(remote)
    spoke, by = speaker(said, words, kind, asked, mta, failed, actual)
    return Recipient(
        address=failed,
        alias=written,
        actual=actual,
        action=_action(acted, status),
        reply=said.code,
        status=status,
        in_reply=said.status,
        command=verbs.command(words),
        by=by if said.text or status or by != mta else None,
        said=spoke,
        text=said.text or None,
        diagnostic_type=kind,
        last_attempt=group.get("last-attempt-date"),
        will_retry_until=group.get("will-retry-until"),
        # Cisco's gateways say it in words of their own, and quote what a server answered at last.
        expired=(group.get("status") or "").strip()[:5] in ("4.4.7", "5.4.7")
        or (".4.7" in words and reply.gave_up(reply.parse(words))),
    )


def _misplaced(status: str | None) -> str:
    """Return the reply that stands where a status should, "" where none does."""
    return status if status and not _STATUS.match(status) and reply.parse(status).code else ""


def _said(kind: str | None, words: str, action: str | None) -> reply.Reply:
    """Return the reply in a Diagnostic-Code: a refusal, unless the action says that all went well.

    An "OK" beside a failure says nothing of why.
    """
    if kind == "x-unix":
        return reply.Reply(None, None, words)
    if action in REACHED:
        return reply.parse(words)
    said = quoting.find(words)
    return reply.Reply(None, None, "") if said.code is None and _POSITIVE.match(words) else said


def _addresses(group: dict[str, str]) -> tuple[str | None, str | None]:
    """Return (the address that failed, the one that the sender wrote where it differs) (RFC 3464 2.3.1, 2.3.2)."""
    original, final, actual = (
        _typed(group.get(name)) for name in ("original-recipient", "final-recipient", "x-actual-recipient")
    )
    final = final or actual
    if original is not None:
        original = address.xtext(original, final)
    return address.to_name(final, original)


def _actual(value: str | None, failed: str | None) -> str | None:
    """Return whom Sendmail names as the actual recipient, or the program, where that is not who failed."""
    actual = _typed(value) or _diagnostic(value or "")[1]  # a program with its arguments is no address
    return actual if actual and failed and address.name(actual) != address.name(failed) else None


def _program(value: str | None, failed: str | None) -> str | None:
    """Return the program that stands where the final recipient should, beside the alias that failed, if that is known.

    One with its arguments is no address.
    """
    if value is None or "|" not in value:
        return None
    final = _typed(value) or _diagnostic(value)[1].strip()
    return final if final != failed and address.is_program(final) else None


def _is_garbled(value: str | None) -> bool:
    return value is not None and not address.is_internal(_diagnostic(value)[1])


def _typed(value: str | None) -> str | None:
    if not value:
        return None
    kind, found = address.typed(value)
    return found if kind not in ("x400", "x.400") else None


def _action(value: str | None, status: str | None) -> str | None:
    word = _WORD.search(value or "")
    action = _ACTIONS.get(word[0].lower()) if word else None
    if action is None and status:
        # Only the class says it then, and class 4 without Action may be the end of retrying: no guess is made.
        action = {"2": "delivered", "5": "failed"}.get(status[0])
    return action


def _status(value: str | None, said: reply.Reply) -> str | None:
    """Return the Status field, or the reply's own where that says more of the same class (RFC 3464 2.3.4)."""
    match = _STATUS.match(value or "")
    field = match[1] if match else reply.parse(_diagnostic(value or "")[1]).status
    if field is None:
        return said.status
    own = said.status
    if own is None or own.endswith(".0.0") or (said.code and own[0] != said.code[0]):
        return field
    # What the server said is nearer to the cause than what its client made of it, unless it contradicts itself.
    return own if own[0] == field[0] or field.endswith(".0.0") else field


def _diagnostic(value: str) -> tuple[str | None, str]:
    kind = _DIAGNOSTIC.match(value)
    if not kind:
        return None, value
    return kind[1].lower(), value[kind.end() :]


def _host(value: str | None) -> str | None:
    """Return the name or the address that a field has for a host, in lower case; the words of a text are none."""
    match = _HOST.match(value.strip()) if value else None
    host = match[1].rstrip(".").lower() if match else ""
    if match and not {".", ":"} & set(host) and _MORE_WORDS.match(match.string, match.end()):
        return None
    return host if host and host not in ("dns", "smtp", "unknown", "x-local-hostname") else None


def worst(recipients: Iterable[Recipient]) -> Kind:
    """Return the kind of a message on *recipients*: their worst action, failed where none has any."""
    actions = {recipient.action for recipient in recipients}
    return next((kind for kind in REPORTS if kind in actions), Kind.FAILED)
