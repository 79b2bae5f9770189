"""What kind of message is it, for whom: the facts of a report or a dialect, gathered into one value.

Rule: the outer message decides. A delivery-status part is believed where the outer type says report, or where a
mail system signs the message; attached, quoted and forwarded bounces are other people's. Judging comes later.
"""

import re
from collections.abc import Callable
from email.utils import mktime_tz, parsedate_tz
from functools import cached_property
from typing import Final

import msgspec

from bounce_milter import address, kinds, limits, message, phrases, report
from bounce_milter.bounce import completion, prose, shared, uncut
from bounce_milter.bounce.wrapper import is_for_owner, unwrapped
from bounce_milter.dialects import Found, anyhow, entry, first, flattened, reached
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.message import decode_field
from bounce_milter.phrases import guess
from bounce_milter.reply import framed
from bounce_milter.view import STATUS_TYPES, View, quotation
from bounce_milter.vocabulary import Kind

_NO_ORIGINAL: Final = Original()
# A delivery-status part alone, without the multipart around it, is sent by systems that strip what they do not know.
_REPORT_TYPES: Final = STATUS_TYPES | {"multipart/report"}
# Fields of the returned message in the middle of words.
_RETURNED: Final = re.compile(r"^(?:(?:from|to|subject|date):[^\n]*\n){3}", re.IGNORECASE | re.MULTILINE)


class Bounce(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a message states: its kind, each recipient's facts and the returned message's fields.

    truncated   the message, its report or its words hold more than was read
    from_, to   these fields of the bounce itself, "" without one
    copied   Cc of the returned message, "" without one
    words   what a message on one recipient says to people, above its delivery-status part or around the reply that it quotes,
            on one line, cut
    each    what a message on several says to people of each alone, by his address in lower case, and of all, by ""
    comments   what the reporting system says in a report, behind the status, of those whose reply holds no word, by their address
            in lower case
    asides   what it remarks there, behind other fields of the recipient too, beside a reply that has words
    by_form   nothing but its form says that it is a bounce: it is one if the words on its recipient say why he failed
    recalls   the reply stands in lines quoted with ">" alone, or below the fields of the returned message, and may be of another time
    """

    kind: Kind
    recipients: tuple[Recipient, ...] = ()
    original: Original = _NO_ORIGINAL
    reporting_mta: str | None = None
    dialect: str | None = None
    truncated: bool = False
    from_: str = ""
    to: str = ""
    copied: str = ""
    words: str = ""
    each: dict[str, str] = {}
    comments: dict[str, str] = {}
    asides: dict[str, str] = {}
    by_form: bool = False
    recalls: bool = False

    @cached_property
    def sender(self) -> str:
        """The address in From of the returned message, in lower case; "" without one."""
        return address.named(self.original.from_)

    @cached_property
    def house(self) -> str:
        """The domain in From of the bounce itself, in lower case; "" without one."""
        return address.domain(address.named(self.from_))

    @cached_property
    def reader(self) -> str:
        """The address in To of the bounce itself, in lower case; "" without one."""
        return address.named(self.to)

    @cached_property
    def addressees(self) -> frozenset[str]:
        """The addresses in To and Cc of the returned message, in lower case."""
        written = f"{self.original.to or ''}, {self.copied}".lower()
        return frozenset(address.IN_TEXT.findall(written))

    def words_on(self, who: str | None) -> str:
        """Return what it says to people of a recipient alone, "" where it does not."""
        return self.words or (self.each.get(who.lower(), "") if who else "")

    @property
    def words_on_all(self) -> str:
        """What a message on several says to people of all of them."""
        return self.each.get("", "")


def read(data: bytes, *, sender: str | None = None) -> Bounce:
    """Return what *data*, a whole message, states. `sender` is the envelope sender, "" or "<>" the null one."""
    outer = message.parse(data)
    inner = unwrapped(outer)
    if outer.truncated and not inner.truncated:
        inner = msgspec.structs.replace(inner, truncated=True)
    view = View(inner, None if inner is not outer and is_for_owner(outer) else sender)
    kind = kinds.by_type(view)
    if kind is not None:
        return Bounce(kind=kind, truncated=inner.truncated)
    return _delivery_report(view) or _dialect(view) or _other(view)


def _delivery_report(view: View) -> Bounce | None:
    if not view.status or not (
        view.message.type in _REPORT_TYPES or (kinds.from_daemon(view) and not kinds.from_person(view))
    ):
        return None
    found = report.parse(view.reported)
    if not found.recipients:
        return Bounce(kind=Kind.NOT_A_BOUNCE) if found.probe else None
    date = view.message.first("date")
    recipients = _given_up(found.recipients, found.arrival, date)
    recipients = completion.completed(recipients, view, found.reporting_mta, garbled=found.garbled)
    recipients = completion.commented(recipients, found.comments)
    recipients = uncut.restored(completion.whole(recipients, view, found.reporting_mta), view)
    comments = completion.beside_replies(recipients, found.comments)
    asides = completion.beside_words(recipients, found.asides)
    if all(r.action is None and (r.reply or "")[:1] != "5" for r in recipients) and kinds.is_delay(view):
        recipients = tuple(msgspec.structs.replace(r, action="delayed") for r in recipients)
    recipients = _in_time(recipients, date)
    recipients += completion.beside(recipients, view)
    recipients = _reached_too(recipients, view)
    kind = report.worst(recipients)
    bounce = _bounce(view, kind, recipients, found.reporting_mta, "rfc3464", truncated=found.truncated)
    bounce = msgspec.structs.replace(bounce, comments=comments, asides=asides)
    if len(recipients) > 1:
        return msgspec.structs.replace(bounce, each=prose.on_each(view.text, prose.by_name(found)))
    words = prose.to_people(view.text)
    recipients = sending_on(bounce.recipients, words.lower(), view.original.to)
    return msgspec.structs.replace(bounce, recipients=recipients, words=words)


#: A server that tries for so long tries again and again: what failed at last failed because time ran out.
_LONG: Final = 86_400


def _given_up(recipients: tuple[Recipient, ...], arrival: str | None, date: str | None) -> tuple[Recipient, ...]:
    """Mark whom a report gives up on with a code that says to try again, a day or more after the message came in."""
    if not any(r.passing for r in recipients) or (came := _seconds(arrival)) is None:
        return recipients
    return tuple(
        msgspec.structs.replace(r, expired=True)
        if r.passing and (_seconds(r.last_attempt) or _seconds(date) or came) - came >= _LONG
        else r
        for r in recipients
    )


def _in_time(recipients: tuple[Recipient, ...], date: str | None) -> tuple[Recipient, ...]:
    """Return the recipients without a time to try until that was over before the report was written."""
    if not any(r.will_retry_until for r in recipients) or (written := _seconds(date)) is None:
        return recipients
    return tuple(
        msgspec.structs.replace(r, will_retry_until=None)
        if r.will_retry_until and (_seconds(r.will_retry_until) or written) < written
        else r
        for r in recipients
    )


def _seconds(date: str | None) -> int | None:
    """Return an RFC 5322 date as seconds since 1970, None where it is none."""
    parts = parsedate_tz(date or "")
    try:
        return mktime_tz(parts) if parts else None
    except (ValueError, OverflowError):
        return None


def _dialect(view: View) -> Bounce | None:
    if kinds.from_person(view) and not view.message.has("x-failed-recipients"):
        return None
    if kinds.is_vacation(view) and not (kinds.signed(view) or kinds.refused(view) or kinds.refuses_post(view)):
        return None  # what a mailbox or a help desk answers by itself may quote a bounce
    named, source = first(view), view
    if named is None:
        return _by_form(view)
    if view.own is not view and (told := anyhow(view.own)) and _names(told[1], view.own):
        named, source = told, view.own
    name, found = named
    if _is_to_who_failed(found, view):
        return None
    most = limits.RECIPIENTS if name == flattened.DIALECT.name else limits.TEXT_RECIPIENTS
    recipients = sending_on(
        _of_own_house(_once(found.recipients)[:most], source), _paragraphs(source.opening), view.original.to
    )
    if name == flattened.DIALECT.name:  # a report among words is completed from them like any other
        recipients = completion.filled(recipients, first(source, without=name), source, found.reporting_mta)
    recipients = _reached_too(_only_quoted(recipients, view), source)
    if framed.doubts(source.text):
        recipients = _doubting(recipients, lambda _: True)
    recipients = _by_reporter(recipients, found.reporting_mta)
    kind = found.kind or report.worst(recipients)
    # A family may stop reading at the bound: whom it read last need not stand last.
    truncated = len(found.recipients) >= most or source.cut
    bounce = _bounce(view, kind, recipients, found.reporting_mta, name, truncated=truncated)
    if len(recipients) == 1:
        fact = recipients[0]
        own = _around_quotation(fact, source.text)
        words = own or prose.to_people(source.text if fact.reply or fact.status else _above(fact, source))
        bounce = msgspec.structs.replace(bounce, words=words, recalls=own != "")
    elif recipients and (words := prose.on_all(source.text)):
        bounce = msgspec.structs.replace(bounce, each={"": words})
    return msgspec.structs.replace(bounce, original=found.original) if found.original else bounce


def _is_to_who_failed(found: Found, view: View) -> bool:
    """Say whether it tells of whom it goes to alone, and returns nothing: so speaks fraud, in any system's own words."""
    failed = {(r.address or "").lower() for r in found.recipients if r.action != "delivered"}
    if not view.reader or failed != {view.reader}:
        return False
    return not (view.returned or view.status or view.message.has("x-failed-recipients"))


def _by_form(view: View) -> Bounce | None:
    """Return what a notice in an unknown language may be."""
    recipients = entry.read(view).recipients
    if not recipients:
        return None
    bounce = _bounce(view, report.worst(recipients), recipients, None, "entry", truncated=False)
    return msgspec.structs.replace(bounce, by_form=True)


def _names(found: Found, view: View) -> bool:
    """Say whether the words of *view* themselves name one who was found."""
    return any(r.address and r.address.lower() in view.lower for r in found.recipients)


def _only_quoted(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the recipients, those doubted whom nothing names but quotations: it may be a letter on another time's failure."""
    if view.own is view and not quotation.marks(view.text):
        return recipients
    own = quotation.without(view.own.text, answers=True).lower()
    if not any(map(str.isalpha, own)):
        return recipients  # the whole report stands behind marks
    return _doubting(recipients, lambda who: who != "" and who not in own)


def _reached_too(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the recipients, those doubted whom the words name among those reached, too: by another host, or at another try."""
    there = reached.named(view)
    return _doubting(recipients, there.__contains__)


def _doubting(recipients: tuple[Recipient, ...], about: Callable[[str], bool]) -> tuple[Recipient, ...]:
    """Return the recipients, those doubted of whose address, in lower case, "" without one, *about* says so."""
    return tuple(
        msgspec.structs.replace(r, doubted=True) if about((r.address or "").lower()) else r for r in recipients
    )


def _above(fact: Recipient, view: View) -> str:
    """Return the words above the recipient's address, where the words at it are the cause: there may stand more of it."""
    at = view.lower.find((fact.address or "").lower())
    return view.text[: max(at, 0)]


def _around_quotation(fact: Recipient, text: str) -> str:
    """Return the words before the fields of the returned message, and around lines quoted with ">", where the reply stands in or
    below such alone and may be of another time; else ""."""
    code = fact.reply or fact.status
    if code is None:
        return ""
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">")) if "\n>" in text else text
    fields = _RETURNED.search(own)
    own = own[: fields.start()] if fields else own
    return "" if code in own else prose.to_people(own)


def _of_own_house(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Mark the reply that a system quotes on its own domain's recipients, where the words name nobody else who gave it."""
    return tuple(
        msgspec.structs.replace(r, said=Said.OWN)
        if view.house
        and r.reply
        and r.command is None  # to a command answers the other side
        and r.said is None
        and address.are_of_one(address.domain(r.address).lower(), view.house)
        else r
        for r in recipients
    )


def _by_reporter(recipients: tuple[Recipient, ...], mta: str | None) -> tuple[Recipient, ...]:
    """Return the recipients, with the host that reports where it speaks itself and names no other."""
    return tuple(
        msgspec.structs.replace(r, by=mta) if mta and r.said is Said.OWN and r.by is None else r for r in recipients
    )


def _paragraphs(words: str) -> str:
    """Return the words with each paragraph on a line of its own: a greeting above and a footer below are no part of a sentence."""
    return "\n".join(filter(None, (" ".join(each.split()) for each in completion.BETWEEN.split(words))))


def sending_on(recipients: tuple[Recipient, ...], words: str, to: str | None = None) -> tuple[Recipient, ...]:
    """Mark those of whom *words* to people, in lower case, say that the answer is about an address that their mail goes on to, or
    to which they answered.

    to   whom the returned message was written to, as its field says
    """
    if not phrases.GOES_ON.search(words):
        return recipients
    if phrases.ANSWER_LOST.search(words):
        return tuple(msgspec.structs.replace(r, shared=True) for r in recipients)
    if not phrases.SENT_ON.search(words):
        return recipients
    for said in {r.text.lower() for r in recipients if r.text}:
        words = words.replace(said, " ")
    told = "\n".join(filter(phrases.SENT_ON.search, words.split("\n")))
    if not phrases.SENT_ON.search(guess.without(told)):
        return recipients
    written = (to or "").lower()
    # Of another than the words name as written to it is told that he is a member, or whom the mail goes on to.
    named = any(who in words for who in address.IN_TEXT.findall(written))
    return tuple(
        r
        if r.alias or r.actual or (named and (r.address or "").lower() not in written)
        else msgspec.structs.replace(r, sends_on=True)
        for r in recipients
    )


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
        recipients=shared.marked(tuple(map(_cut, recipients))),
        original=view.original,
        reporting_mta=mta,
        dialect=dialect,
        from_=view.author,
        to=view.message.first("to") or "",
        copied=", ".join([decode_field(value) for name, value in view.returned if name == "cc"]),
        truncated=truncated or view.message.truncated,
    )


def _cut(fact: Recipient) -> Recipient:
    """Return the recipient with no more words than a reply may have, whoever read them."""
    if fact.text is None or len(fact.text) <= limits.REPLY_CHARS:
        return fact
    return msgspec.structs.replace(fact, text=fact.text[: limits.REPLY_CHARS])


def _other(view: View) -> Bounce:
    kind = Kind.NOT_A_BOUNCE
    if kinds.challenges(view):
        kind = Kind.CHALLENGE
    elif kinds.is_vacation(view):
        kind = Kind.AUTO_REPLY
    return Bounce(kind=kind, truncated=view.message.truncated)
