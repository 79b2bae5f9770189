"""Facts and verdicts -> words: what happened, who must act, what to do next, on what evidence.

Rule: facts are passed on as they are, absent ones stay absent; only a machine that calls itself 127.0.0.1 gets its name.
Where one recipient is told of twice, what shows that he lives counts.
The words are those of the language that is asked for (`sentences`). No answer depends on an earlier call; what is kept of
one (`limits.SAME_WORDS`) only saves time. Never raises, whatever the message holds.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from bounce_milter import bounce, case, limits, reply
from bounce_milter.bounce import Bounce
from bounce_milter.case import occasion, preface
from bounce_milter.case.forwarding import told_of
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import bycode
from bounce_milter.classify.verdict import Verdict
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.dialects import session
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.reply import Reply, framed, quoting, verbs
from bounce_milter.vocabulary import REASONS, REPORTS, Act, Class, Confidence, Kind, Reason
from bounce_milter.wording import Wording, named, spelled, stem, topic
from bounce_milter.wording.sentences import RecipientReport

__all__ = ["Knowledge", "RecipientReport", "Report", "explain", "explain_bounce", "explain_reply"]


class Knowledge(msgspec.Struct, frozen=True):
    """What is needed to judge and to speak: the rules, and the wordings by language ("en" is always there)."""

    catalogue: Catalogue
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        """Return the wording of *language* ("de", "de-AT"), English where there is none."""
        return self._find(language) or self.wordings["en"]

    def has(self, language: str) -> bool:
        """Say whether there is a wording of *language*."""
        return self._find(language) is not None

    def _find(self, language: str) -> Wording | None:
        return self.wordings.get(language) or self.wordings.get(stem(language))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A message explained.

    recipients   worst first: failed before delayed, expanded, relayed, delivered; then permanent before message,
                 transient, unknown; then dead ones; then as they stand in the message
    class_       that of the worst recipient, None where nothing failed
    """

    kind: Kind
    class_: Class | None
    recipients: tuple[RecipientReport, ...]
    original: Original
    wording: Wording
    reporting_mta: str | None = None
    truncated: bool = False

    def more(self, count: int) -> str:
        """Return the sentence that counts the recipients which are not told one by one; there may be more unread."""
        return self.wording.frame["more_at_least" if self.truncated else "more"].fill({"count": str(count)})

    @property
    def returned(self) -> str:
        """Which message came back, as people know it, by its subject and its date; empty where neither is known."""
        frame, original = self.wording.frame, self.original
        known = (("subject", spelled.short(original.subject)), ("date", spelled.date(original.date or "")))
        parts = [frame[name].fill({"value": value}) for name, value in known if value]
        told = frame["both"].fill({"first": parts[0], "last": parts[1]}) if len(parts) > 1 else "".join(parts)
        return frame["returned"].fill({"parts": told}) if told else ""

    def spoken(self, wording: Wording) -> "Report":
        """Return the same report in another language."""
        told = tuple(msgspec.structs.replace(recipient, wording=wording) for recipient in self.recipients)
        return msgspec.structs.replace(self, recipients=told, wording=wording)


_WORST: Final = {kind: number for number, kind in enumerate(REPORTS)}
_CLASSES: Final = {class_: number for number, class_ in enumerate((*Class, None))}
_KINDS: Final = {str(kind): kind for kind in Kind}
_UNDELIVERED: Final = frozenset({Kind.FAILED, Kind.DELAYED})


def explain(message: bytes, *, knowledge: Knowledge, sender: str | None = None, language: str = "en") -> Report:
    """Return *message*, whole, explained. `sender` is the envelope sender, "" or "<>" the null one. Never raises."""
    return explain_bounce(bounce.read(message, sender=sender), knowledge, language)


def explain_bounce(found: Bounce, knowledge: Knowledge, language: str = "en") -> Report:
    """Return what was read of a message, explained."""
    wording = knowledge.wording(language)
    heard = _heard(found.recipients)
    answered = named.answered(found.words)
    told = [
        _recipient(fact, found, knowledge.catalogue, wording, answered, heard=number < heard)
        for number, fact in enumerate(found.recipients)
    ]
    if found.by_form and not any(map(_tells_of_address, told)):
        return explain_bounce(Bounce(kind=Kind.NOT_A_BOUNCE, truncated=found.truncated), knowledge, language)
    if len(told) > 1:
        told = _agreed(told)
        told.sort(key=_badness)
    return Report(
        kind=found.kind, class_=told[0].class_ if told else None, recipients=tuple(told), original=found.original,
        wording=wording, reporting_mta=found.reporting_mta, truncated=found.truncated or heard < len(told),
    )  # fmt: skip


# What words behind an address tell of it, or of what was sent to it.
_OF_ADDRESS: Final = frozenset({
    Reason.USER_UNKNOWN, Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED, Reason.DOMAIN_UNKNOWN, Reason.MESSAGE_TOO_LARGE,
})  # fmt: skip


def _tells_of_address(told: RecipientReport) -> bool:
    """Say whether a rule surely knows the words on a recipient as why he failed."""
    return told.verdict is not None and told.verdict.is_sure and told.reason in _OF_ADDRESS


def _heard(recipients: Sequence[Recipient]) -> int:
    """Return of how many recipients, from the first, the words can be judged within JUDGED_CHARS."""
    if len(recipients) * limits.WORDS_CHARS <= limits.JUDGED_CHARS:  # nearly all messages
        return len(recipients)
    room = limits.JUDGED_CHARS
    seen: set[str] = set()
    for number, fact in enumerate(recipients):
        text = (fact.text or "")[: limits.WORDS_CHARS].replace(fact.address or "\0", "")
        if text not in seen:
            seen.add(text)
            room -= len(text)
            if room < 0:
                return number
    return len(recipients)


#: The replies that say that a message or a recipient was taken; others of 2yz and 3yz are steps of a session (RFC 5321 4.2.3).
_TAKEN: Final = ("250", "251")
# What leads to a reply is no longer than a sentence; a notice to people is.
_LEAD_CHARS: Final = 120


def explain_reply(text: str, knowledge: Knowledge, language: str = "en") -> Report:
    r"""Return one server reply explained. Line breaks are real ones.

    Only a log or an event names a recipient and a host, and says what became of the message, whatever the reply sounds like,
    or that it is about something else. A lone surrogate is read as a question mark. Never raises.
    """
    text = unicode(text)
    if not text.strip():  # nothing was said, so nothing has failed
        return explain_bounce(Bounce(kind=Kind.NOT_A_BOUNCE, recipients=(Recipient(),)), knowledge, language)
    told = framed.read(text)
    if told.kind:
        return explain_bounce(
            Bounce(kind=told.kind, recipients=(Recipient(address=told.recipient),)), knowledge, language
        )
    said = quoting.find(told.text)
    if not (said.code or said.status) or told.action == "delivered":
        said = reply.parse(told.text)  # "250 2.1.5 Recipient ok" is no reason that a report could give, but a reply
    if not told.action and said.code and said.code[0] in "23" and said.code not in _TAKEN:
        fact = Recipient(reply=said.code, status=said.status, text=said.text or None)
        return explain_bounce(Bounce(kind=Kind.NOT_A_BOUNCE, recipients=(fact,)), knowledge, language)
    refused = (said.code or said.status or "5")[0] in "45"
    action = told.action or ("failed" if refused else "delivered")
    own = told.own and not said.code
    # Nobody gave up who says no more than 4.4.7 and quotes a server that says to try again.
    outer = reply.parse(told.text)
    final = "5" in ((outer.code or "")[:1], (outer.status or "")[:1], (said.code or "5")[0])
    lead = "" if outer.code or outer.status else _before_code(told.text, said)
    fact = Recipient(
        address=told.recipient, alias=told.alias, action=action, reply=said.code, status=said.status,
        command=verbs.command(told.text) or session.led(told.text, session.above(told.text, said)), by=told.by if said.code else None,
        said=Said.OWN if own else Said.REMOTE if told.by and said.code else None, text=said.text or None,
        doubted=told.doubted or preface.is_taken_back(lead),
        expired=reply.expired(outer) or (reply.gave_up(outer) and final),
    )  # fmt: skip
    return explain_bounce(Bounce(kind=Kind(action), recipients=bounce.sending_on((fact,), lead)), knowledge, language)


def _before_code(text: str, said: Reply) -> str:
    """Return what stands in *text* right before the code of the reply, in lower case: no server said it, as with a notice's words."""
    code = said.code or said.status
    return reply.one_line(text.partition(code)[0][-_LEAD_CHARS:]).lower() if code else ""


def _agreed(told: Sequence[RecipientReport]) -> list[RecipientReport]:
    """Return the recipients, nobody of them dead of whom another group says that he is reached, waited for or refused for what a
    mailbox, the message or its sender is: two hosts were asked, or he is several behind one name."""
    alive = {r.address.lower() for r in told if r.address and _shows_life(r)}
    return [_alive(r) if r.dead and (r.address or "").lower() in alive else r for r in told]


def _shows_life(told: RecipientReport) -> bool:
    if told.kind is Kind.DELAYED or told.verdict is None:
        return True
    return told.reason is not Reason.UNKNOWN and not REASONS[told.verdict.reason].may_be_dead


def _alive(told: RecipientReport) -> RecipientReport:
    verdict = told.verdict and told.verdict.alive(Confidence.LOW)
    return msgspec.structs.replace(told, verdict=verdict, twice=True)


def _badness(told: RecipientReport) -> tuple[int, int, bool]:
    return _WORST[told.kind], _CLASSES[told.class_], not told.dead


def _recipient(
    fact: Recipient,
    message: Bounce,
    catalogue: Catalogue,
    wording: Wording,
    answered: frozenset[str],
    *,
    heard: bool,
) -> RecipientReport:
    """Return one recipient judged; one without an action of his own shares the fate that the message states."""
    kind = _KINDS.get(fact.action or message.kind, Kind.FAILED)
    query, verdict = None, None
    if kind in _UNDELIVERED:
        query, verdict = case.judge(fact, kind, message, catalogue, heard=heard)
        verdict = named.with_every_list(verdict, catalogue, (query.text or "")[: limits.WORDS_CHARS])
        fact = told_of(fact, verdict)
    key = topic.of(fact, kind, verdict) if verdict else None
    own = fact.said in (Said.OWN, Said.NOTICE)
    quoted = fact.reply_status or (fact.status if own else None)
    words = _said(fact)
    first = None if _holds(words, quoted) else quoted
    return RecipientReport(
        address=fact.address, action=fact.action, kind=kind, reply=fact.reply, status=fact.status,
        command=fact.command, by=_by(fact, message.reporting_mta), reporting_mta=message.reporting_mta, alias=fact.alias, will_retry_until=fact.will_retry_until,
        text=" ".join([part for part in (fact.reply, first, words) if part]) or None,
        quoted_status=quoted, own=own, wording=wording, query=query, verdict=verdict, topic=key,
        sender=message.sender, answered=answered,
        act=_act(verdict, key, wording) if verdict else None,
        disagreement=_disagreement(fact, verdict, key) if verdict else None,
    )  # fmt: skip


# What a machine calls itself: whose answer it was, only the report's own name tells.
_LOOPBACK: Final = re.compile(r"127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost(?:\.localdomain)?", re.IGNORECASE)


def _by(fact: Recipient, mta: str | None) -> str | None:
    """Return the host that answered; behind a filter that is the machine that reports, which calls it 127.0.0.1."""
    return mta or fact.by if fact.by and _LOOPBACK.fullmatch(fact.by) else fact.by


def _holds(words: str | None, status: str | None) -> bool:
    """Say whether a status stands in the words themselves: "no mail exchanger (#5.4.4)"."""
    if not words or not status or status not in words:
        return False
    return re.search(rf"(?<![\d.]){re.escape(status)}(?![\d.]*\d)", words) is not None


# Topics of words that fit any code.
_CONTRADICT_NOTHING: Final = frozenset({occasion.NOT_UNDERSTOOD, occasion.NOT_FOUND})


def _said(fact: Recipient) -> str | None:
    """Return the words without what Postfix adds behind them: which command was answered."""
    text = fact.text
    if text and fact.command and text.endswith((" command)", " command))")):  # a log line is in parentheses itself
        return text.partition(reply.IN_REPLY)[0]
    return text


def _act(verdict: Verdict, key: str | None, wording: Wording) -> Act:
    """Return who can mend it: where the words are an enhanced code's own advice, whoever that advice is for."""
    row = ENHANCED_CODES.get(key or "")
    if row is None or verdict.act is not REASONS[verdict.reason].act:
        return verdict.act
    finer = wording.finer.get(key or "")
    return row.act if finer and finer.advice != wording.reasons[verdict.reason].advice else verdict.act


def _disagreement(fact: Recipient, verdict: Verdict, key: str | None) -> str | None:
    """Return what is worth telling of what does not fit together: words that decided nothing contradict nothing.

    Nor do words that are not understood, nor a domain that may be found the next time, nor a number that only names a
    field, except that an address is no good: that needs every sign.

    key   under which the words stand that are told
    """
    if verdict.disagreement is None:
        return None
    apart = bycode.contradiction(fact.reply, fact.status)
    if (verdict.rule is None and verdict.share is None) or key in _CONTRADICT_NOTHING:
        return apart
    ended = fact.expired and (fact.status or "").endswith(".4.7")  # that time ran out contradicts no cause
    tells = fact.status and not ended and (bycode.is_specific(fact.status) or REASONS[verdict.reason].may_be_dead)
    status = fact.status if tells else None
    return bycode.disagreement(verdict.reason, verdict.class_, fact.reply, status) or apart


def unicode(text: str) -> str:
    """Return *text* with a question mark for each lone surrogate."""
    return text.encode("utf-8", "replace").decode("utf-8")
