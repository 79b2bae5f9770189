"""What kind of message is it, for whom: the facts of a report or a dialect, gathered into one value.

Rule: the outer message decides. A delivery-status part is believed where the outer type says report, or where a
mail system signs the message; attached, quoted and forwarded bounces are other people's. Judging comes later.
"""

from email.utils import mktime_tz, parsedate_tz
from typing import Final

import msgspec

from bounce_milter import address, kinds, limits, message, phrases, reply, report, speaker
from bounce_milter.dialects import Found, whom, worth
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.view import STATUS_TYPES, View
from bounce_milter.vocabulary import Kind

_NO_ORIGINAL: Final = Original()
# A delivery-status part alone, without the multipart around it, is sent by systems that strip what they do not know.
_REPORT_TYPES: Final = ("multipart/report", "message/delivery-status", "message/global-delivery-status")


class Bounce(msgspec.Struct, frozen=True, kw_only=True):
    """What a message states: its kind, each recipient's facts and the returned message's fields.

    truncated   the message, its report or its words hold more than was read
    words   what a report on one recipient says to people, above its delivery-status part, on one line, cut
    """

    kind: Kind
    recipients: tuple[Recipient, ...] = ()
    original: Original = _NO_ORIGINAL
    reporting_mta: str | None = None
    dialect: str | None = None
    truncated: bool = False
    words: str = ""


def read(data: bytes, *, sender: str | None = None) -> Bounce:
    """Return what *data*, a whole message, states. `sender` is the envelope sender, "" or "<>" the null one."""
    outer = _unwrapped(message.parse(data))
    view = View(outer, sender)
    kind = kinds.by_type(view)
    if kind is not None:
        return Bounce(kind=kind, truncated=outer.truncated)
    return _delivery_report(view) or _dialect(view) or _other(view)


# A provider's words to its customer, and below them the whole bounce as it stands in a mailbox file.
_MBOX: Final = b"\nFrom MAILER-DAEMON "


# What a spam filter writes into a message that it wraps.
_SPAM_FIELDS: Final = frozenset({"x-spam-flag", "x-spam-status", "x-spam-checker-version"})


def _unwrapped(outer: message.Message) -> message.Message:
    """Return the message inside a gateway's wrapper: attached first, with the outer one's own Message-ID, or a daemon's
    report to the same reader, where a daemon's name stands on the wrapper too.

    What a gateway hangs below it is a notice of its own.
    """
    if len(outer.parts) == 1 and outer.type == "text/plain":
        body = outer.parts[0].content(limits.MESSAGE_BYTES)
        start = body.find(_MBOX)
        if start >= 0:
            inner = message.parse(body[body.find(b"\n", start + 1) :])
            return inner if inner.type == "multipart/report" and _by_daemon(outer) else outer
    if outer.type == "message/rfc822" or not outer.parts:
        return outer
    held = outer.parts[0]
    words = len(outer.parts) == 2 and held.type == "text/plain"
    if words and (_SPAM_FIELDS.intersection(outer.index) or outer.parts[1].type == "message/rfc822"):
        held = outer.parts[1]  # below a spam filter's own words, or a disclaimer
    if held.type != "message/rfc822":
        return outer
    inner = message.parse(held.content(limits.MESSAGE_BYTES))
    return inner if _same_message(outer, inner) or _passes_on(outer, inner) else outer


def _same_message(outer: message.Message, inner: message.Message) -> bool:
    return inner.first("message-id") is not None and inner.first("message-id") == outer.first("message-id")


def _passes_on(outer: message.Message, inner: message.Message) -> bool:
    """Say whether a daemon hands a daemon's report to its reader, under its Subject; one that came back had another."""
    if not (_by_daemon(outer) and _by_daemon(inner) and any(part.type in STATUS_TYPES for part in inner.parts)):
        return False
    if outer.has("user-agent") or outer.has("x-mailer"):
        return False  # the postmaster asks his own
    if (inner.first("subject") or "") not in (outer.first("subject") or ""):
        return False
    reader = address.first(inner.first("to") or "")
    return reader is not None and reader == address.first(outer.first("to") or "")


def _by_daemon(sent: message.Message) -> bool:
    return phrases.DAEMON.search((sent.first("from") or "").lower())


def _delivery_report(view: View) -> Bounce | None:
    if not view.status or not (
        view.message.type in _REPORT_TYPES or (kinds.from_daemon(view) and not kinds.from_person(view))
    ):
        return None
    found = report.parse(b"\n\n".join([part.content(len(part.body)) for part in view.status]))
    if not found.recipients:
        return Bounce(kind=Kind.NOT_A_BOUNCE) if found.probe else None
    recipients = _given_up(found.recipients, found.arrival, view.message.first("date"))
    if any(r.expired for r in recipients) and " returned '" in view.lower:
        recipients = _completed(recipients, _first_dialect(view), found.reporting_mta, view)
    if any(map(_lacks_words, recipients)) or (any(map(_lacks_code, recipients)) and reply.may_hold_code(view.text)):
        recipients = _completed(recipients, _first_dialect(view), found.reporting_mta, view, garbled=found.garbled)
    elif "reply" in view.lower:  # "(in reply to RCPT TO command)", which may be wrapped anywhere
        if len(recipients) == 1:  # the words are about him alone: no family needs to be asked
            command = recipients[0].command or reply.command(" ".join(view.text[: limits.REPLY_CHARS].split()))
            recipients = (msgspec.structs.replace(recipients[0], command=command),)
        else:
            recipients = _completed(recipients, _first_dialect(view), found.reporting_mta, view)
    elif any(sign in view.lower for sign in _TOLD_ABOVE) or (
        any(r.reply and not r.command for r in recipients) and any(sign in view.lower for sign in _TELLS_COMMAND)
    ):
        recipients = _completed(recipients, _first_dialect(view), found.reporting_mta, view)
    if all(r.action is None and (r.reply or "")[:1] != "5" for r in recipients) and kinds.is_delay(view):
        recipients = tuple(msgspec.structs.replace(r, action="delayed") for r in recipients)
    recipients += _beside(recipients, view)
    kind = report.worst(recipients)
    bounce = _bounce(view, kind, recipients, found.reporting_mta, "rfc3464", truncated=found.truncated)
    if len(recipients) > 1:
        return bounce
    return msgspec.structs.replace(bounce, words=" ".join(view.text[: limits.WORDS_CHARS].split()))


#: What Exim and Sendmail say of a recipient in words and leave out of the report: whom he was generated from, and that it
#: was the sender who was refused.
_TOLD_ABOVE: Final = ("generated from", "mail from:")
#: How they say in words which command was answered.
_TELLS_COMMAND: Final = ("mail server after", "mailer after", "command, host:", ">>> ")

#: A server that tries for so long tries again and again: what failed at last failed because time ran out.
_LONG: Final = 86_400


def _given_up(recipients: tuple[Recipient, ...], arrival: str | None, date: str | None) -> tuple[Recipient, ...]:
    """Mark whom a report gives up on with a code that says to try again, a day or more after the message came in."""
    if not any(map(_passing, recipients)) or (came := _seconds(arrival)) is None:
        return recipients
    return tuple(
        msgspec.structs.replace(r, expired=True)
        if _passing(r) and (_seconds(r.last_attempt) or _seconds(date) or came) - came >= _LONG
        else r
        for r in recipients
    )


def _passing(fact: Recipient) -> bool:
    """Tell whether a delivery failed with a code that says to try again."""
    return fact.action == "failed" and (fact.reply or fact.status or "").startswith("4")


def _seconds(date: str | None) -> int | None:
    """Return an RFC 5322 date as seconds since 1970, None where it is none."""
    parts = parsedate_tz(date or "")
    try:
        return mktime_tz(parts) if parts else None
    except (ValueError, OverflowError):
        return None


#: What Sendmail writes into the report beside a transcript that says more.
_NOTHING: Final = frozenset({"system config error", "local configuration error"})


def _lacks_words(fact: Recipient) -> bool:
    return fact.address is None or fact.text is None or _says_nothing(fact)


def _says_nothing(fact: Recipient) -> bool:
    """Say whether the report holds nothing but the number with which a program ended (X-Unix), or that something is wrong."""
    text = (fact.text or "").lower()
    return (fact.diagnostic_type == "x-unix" and text.isdecimal()) or text in _NOTHING


def _lacks_code(fact: Recipient) -> bool:
    told = fact.diagnostic_type == "x-unix" and not _says_nothing(fact)
    return not told and (fact.reply is None or fact.status is None or fact.status.endswith(".0.0"))


def _completed(
    recipients: tuple[Recipient, ...],
    named: tuple[str, Found] | None,
    mta: str | None,
    view: View,
    *,
    garbled: bool = False,
) -> tuple[Recipient, ...]:
    """Fill what the report leaves out from the words above it, recipient by recipient; only an exit status is replaced.

    Of a name that the report gives and that is no address (*garbled*), the words may show a part that looks like one.
    """
    if named is None:
        return recipients
    words = {r.alias.lower(): r for r in named[1].recipients if r.alias}
    words |= {r.address.lower(): r for r in named[1].recipients if r.address}
    alone = named[1].recipients[0] if len(recipients) == 1 and len(named[1].recipients) == 1 else None
    if alone and (garbled or not _names(view, alone.address)):
        alone = msgspec.structs.replace(alone, address=None)
    vague = named[0] == "generic"  # any words are a cause to it
    return tuple(
        _filled(
            r, words.get((r.address or "").lower()) or words.get((r.alias or "").lower()) or alone, mta, vague=vague
        )
        for r in recipients
    )


def _beside(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the addressees whom the words alone say to have failed, each with his reply: some reports have fields for
    the first only.

    Nobody where the words leave out one who is in the fields: they may call him by another name.
    """
    known = {address.name(who) for r in recipients for who in (r.address, r.alias, r.actual) if who}
    others = {who.lower() for who in whom.addressees(view) if address.name(who) not in known}
    if not others or others.isdisjoint(address.IN_TEXT.findall(view.lower)):
        return ()
    named = _first_dialect(view)
    told = [r for r in named[1].recipients if r.address] if named else []
    if {address.name(r.address or "") for r in recipients} - {address.name(r.address or "") for r in told}:
        return ()
    return tuple(r for r in told if (r.address or "").lower() in others and _has_reply(r, view))


def _has_reply(fact: Recipient, view: View) -> bool:
    """Tell whether a reply stands on a recipient's own line, or on the next: it is about nobody else."""
    lines = view.lower.split("\n")
    own = (" ".join(lines[at : at + 2]) for at, line in enumerate(lines) if (fact.address or "").lower() in line)
    return fact.reply is not None and any(fact.reply in line for line in own)


def _names(view: View, who: str | None) -> bool:
    """Tell whether the bounce itself names *who*; the To of what came back need not be whom a report is on."""
    failed = view.message.first("x-failed-recipients") or ""
    return who is not None and (who.lower() in view.lower or who.lower() in failed.lower())


def _filled(fact: Recipient, words: Recipient | None, mta: str | None, *, vague: bool) -> Recipient:
    if words is None:
        return fact
    absent: dict[str, object] = {
        name: getattr(words, name)
        for name in ("address", "alias", "actual", "reply", "command", "by", "text", "status", "said")
        if getattr(fact, name) is None and getattr(words, name) is not None
    }
    if fact.expired and words.expired and words.reply:
        # Exchange's report tells the first attempt, its words also the last.
        absent |= {name: getattr(words, name) for name in ("reply", "status", "in_reply", "text", "by", "said")}
    told = (fact.address or "").lower()
    if told and told == (words.alias or "").lower() != (words.address or told).lower():
        # Exim's report names whom the message was for at first, its words where that one's mail goes on to.
        absent |= {"alias": fact.alias, "actual": words.address}
    if _says_nothing(fact) and words.text and (words.reply or words.status or not vague):
        absent["text"] = words.text
    if fact.status and fact.status.endswith(".0.0") and words.status and words.status[0] == fact.status[0]:
        absent["status"] = words.status
    if fact.reply_status is None and words.reply == absent.get("reply", fact.reply):
        absent["in_reply"] = words.reply_status
    if "reply" in absent and (words.said is Said.OWN or speaker.is_own(words.text or "")):
        absent |= {"by": mta, "said": Said.OWN}
    elif "reply" in absent and fact.by == mta != words.by:
        # Who wrote the report did not say what it quotes of another.
        absent |= {"by": words.by, "said": words.said or Said.REMOTE}
    return msgspec.structs.replace(fact, **absent) if absent else fact


def _first_dialect(view: View, without: str = "") -> tuple[str, Found] | None:
    for dialect in worth(view.lower):
        if dialect.name != without and dialect.claims(view):
            found = dialect.read(view)
            if found is not None and (found.recipients or found.kind):
                return dialect.name, found
    return None


def _dialect(view: View) -> Bounce | None:
    if kinds.from_person(view) and not view.message.has("x-failed-recipients"):
        return None
    if kinds.is_vacation(view) and not (kinds.signed(view) or kinds.refused(view) or kinds.refuses_post(view)):
        return None  # what a mailbox or a help desk answers by itself may quote a bounce
    named = _first_dialect(view)
    if named is None:
        return None
    name, found = named
    most = limits.RECIPIENTS if name == "flattened" else limits.TEXT_RECIPIENTS
    recipients = _once(found.recipients)[:most]
    if name == "flattened":  # a report among words is completed from them like any other
        recipients = _completed(recipients, _first_dialect(view, without=name), found.reporting_mta, view)
    kind = found.kind or report.worst(recipients)
    # A family may stop reading at the bound: whom it read last need not stand last.
    truncated = len(found.recipients) >= most
    return _bounce(view, kind, recipients, found.reporting_mta, name, truncated=truncated)


def _once(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Return each address once: words name it again where they explain. A line of nothing but quotes names nobody."""
    recipients = tuple(msgspec.structs.replace(r, address=None) if r.address == "" else r for r in recipients)
    known = {r.address.lower(): r for r in reversed(recipients) if r.address}
    return tuple(r for r in recipients if r.address is None or known[r.address.lower()] is r)


def _bounce(
    view: View, kind: Kind, recipients: tuple[Recipient, ...], mta: str | None, dialect: str, *, truncated: bool
) -> Bounce:
    return Bounce(
        kind=kind,
        recipients=recipients,
        original=view.original,
        reporting_mta=mta,
        dialect=dialect,
        truncated=truncated or view.message.truncated,
    )


def _other(view: View) -> Bounce:
    kind = Kind.NOT_A_BOUNCE
    if not kinds.from_person(view) and kinds.is_challenge(view):
        kind = Kind.CHALLENGE
    elif kinds.is_vacation(view):
        kind = Kind.AUTO_REPLY
    return Bounce(kind=kind, truncated=view.message.truncated)
