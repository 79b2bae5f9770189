"""Facts and verdicts -> words: what happened, who must act, what to do next, on what evidence.

Rule: this is where reading and judging meet, and nowhere else. Facts are passed on as they are, absent ones stay
absent. The words are those of the language that is asked for (`sentences`). Nothing is kept between calls. Never
raises, whatever the message holds.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from bounce_milter import bounce, bycode, limits, reply
from bounce_milter.bounce import Bounce
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import classify
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.sentences import STILL_TRYING, RecipientReport
from bounce_milter.verdict import Query, Verdict
from bounce_milter.vocabulary import REASONS, REPORTS, Act, Class, Confidence, Kind, Reason
from bounce_milter.wording import Wording

__all__ = ["Knowledge", "RecipientReport", "Report", "explain", "explain_bounce", "explain_reply", "to_json"]


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
        return self.wordings.get(language) or self.wordings.get(re.split("[-_]", language.lower(), maxsplit=1)[0])


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
    defects: tuple[str, ...] = ()

    def more(self, count: int) -> str:
        """Return the sentence that counts the recipients which are not told one by one."""
        return self.wording.frame["more"].fill({"count": str(count)})

    def spoken(self, wording: Wording) -> "Report":
        """Return the same report in another language."""
        told = tuple(msgspec.structs.replace(recipient, wording=wording) for recipient in self.recipients)
        return msgspec.structs.replace(self, recipients=told, wording=wording)


_WORST: Final = {kind: number for number, kind in enumerate(REPORTS)}
_CLASSES: Final = {Class.PERMANENT: 0, Class.MESSAGE: 1, Class.TRANSIENT: 2, Class.UNKNOWN: 3, None: 4}
_KINDS: Final = {str(kind): kind for kind in REPORTS}
_NOT_FAILED: Final = frozenset({Kind.DELIVERED, Kind.RELAYED, Kind.EXPANDED})


def explain(message: bytes, *, knowledge: Knowledge, sender: str | None = None, language: str = "en") -> Report:
    """Return *message*, whole, explained. `sender` is the envelope sender, "" or "<>" the null one. Never raises."""
    return explain_bounce(bounce.read(message, sender=sender), knowledge, language)


def explain_bounce(found: Bounce, knowledge: Knowledge, language: str = "en") -> Report:
    """Return what was read of a message, explained."""
    wording = knowledge.wording(language)
    heard = _heard(found.recipients)
    told = [
        _recipient(fact, found, knowledge.catalogue, wording, heard=number < heard)
        for number, fact in enumerate(found.recipients)
    ]
    if len(told) > 1:
        told.sort(key=_badness)
    return Report(
        kind=found.kind, class_=told[0].class_ if told else None, recipients=tuple(told), original=found.original,
        wording=wording, reporting_mta=found.reporting_mta, truncated=found.truncated or heard < len(told), defects=found.defects,
    )  # fmt: skip


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


def explain_reply(text: str, knowledge: Knowledge, language: str = "en") -> Report:
    r"""Return one server reply explained; its one recipient has no address. Line breaks are real ones."""
    said = reply.find(text)
    if not (said.code or said.status):
        said = reply.parse(text)  # "250 2.1.5 Recipient ok" is no reason that a report could give, but a reply
    refused = (said.code or said.status or "5")[0] in "45"
    # Of a server that itself says 4yz, X.4.7 is no end of trying.
    fact = Recipient(
        action="failed" if refused else "delivered", reply=said.code, status=said.status,
        command=reply.command(text), text=said.text or None,
        expired=(reply.parse(text).status or "")[1:] == ".4.7" and (said.code or "5")[0] == "5",
    )  # fmt: skip
    return explain_bounce(
        Bounce(kind=Kind.FAILED if refused else Kind.DELIVERED, recipients=(fact,)), knowledge, language
    )


def _query(fact: Recipient, kind: Kind) -> Query:
    """Return what the judge is asked about a recipient; *kind* is what became of him."""
    return Query(
        reply=fact.reply, status=fact.status, text=fact.text, command=fact.command, by=fact.by, action=str(kind),
        own=fact.said is Said.OWN, expired=fact.expired,
    )  # fmt: skip


def _badness(told: RecipientReport) -> tuple[int, int, bool]:
    return _WORST[told.kind], _CLASSES[told.class_], not told.dead


# What a report may say to people of a living mailbox, while its code says that there is none.
_ALIVE: Final = frozenset({Reason.MAILBOX_FULL, Reason.MAILBOX_DISABLED})
# Without one of these no rule finds that; cheap, so it is asked first.
_SIGNS_OF_LIFE: Final = (
    "full", "quota", "space", "storage", "disabl", "inactiv", "suspend", "deactivat", "closed", "locked", "over limit",
    "size limit", "voll", "plein", "lleno", "piena", "cheio", "переполн", "pełn", "一杯", "已满", "停止", "unused",
)  # fmt: skip


def _judged(fact: Recipient, kind: Kind, words: str, catalogue: Catalogue, *, heard: bool) -> Verdict:
    """Return the verdict on the reply; before it calls the address dead, the report's words to people are heard too."""
    query = _query(fact, kind)
    if not heard:
        by_code = classify(msgspec.structs.replace(query, text=None), catalogue)
        return msgspec.structs.replace(by_code, dead=False, confidence=Confidence.LOW)
    verdict = _placed(classify(query, catalogue), fact)
    if verdict.dead and words and any(sign in words.lower() for sign in _SIGNS_OF_LIFE):
        asked = Query(text=words, status=fact.status, reply=fact.reply, action=str(kind))
        other = classify(asked, catalogue, vote=False)
        if other.reason in _ALIVE and other.confidence is not Confidence.LOW:
            return other
    return verdict


def _placed(verdict: Verdict, fact: Recipient) -> Verdict:
    """Return the verdict in the light of what no reply tells: whom it is about, who talked to whom, whose the status is."""
    if verdict.reason is Reason.DOMAIN_UNKNOWN and _asked_for_another(fact):
        row = REASONS[Reason.DNS_FAILURE]
        return msgspec.structs.replace(verdict, reason=Reason.DNS_FAILURE, dead=False, act=row.act, words=None)
    if verdict.dead and fact.reply and not fact.text and fact.status != fact.reply_status:
        # To a bare "550" the client adds the status itself: Sendmail 5.1.1, Postfix 5.0.0.
        return msgspec.structs.replace(verdict, dead=False, confidence=Confidence.LOW)
    if verdict.words == "login-needed" and fact.address and fact.said is Said.REMOTE:
        # No mail program gets a bounce: it is told at once.
        return msgspec.structs.replace(verdict, words="server-login-needed", act=Act.SENDER_ADMIN)
    return verdict


# Resolvers tell which name they asked for: Postfix, then Sendmail.
_ASKED_FOR: Final = re.compile(
    r"name service error for name=(\w[\w.-]*)|\(name server: (\w[\w.-]*): host not found", re.IGNORECASE
)


def _asked_for_another(fact: Recipient) -> bool:
    """Tell whether the name that was not found is no domain of the recipient's: a mail server's, a relay's."""
    found = _ASKED_FOR.search(fact.text or "")
    domains = {_ascii(who.rpartition("@")[2]) for who in (fact.address, fact.alias) if who}
    return found is not None and bool(domains) and _ascii(found[1] or found[2]) not in domains


def _ascii(domain: str) -> str:
    """Return a domain as the DNS knows it (RFC 5890), or as it is where it cannot be one."""
    name = domain.lower().rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _recipient(
    fact: Recipient, message: Bounce, catalogue: Catalogue, wording: Wording, *, heard: bool
) -> RecipientReport:
    """Return one recipient judged; one without an action of his own shares the fate that the message states."""
    kind = _KINDS.get(fact.action or message.kind, Kind.FAILED)
    verdict = None if kind in _NOT_FAILED else _judged(fact, kind, message.words, catalogue, heard=heard)
    topic = _topic(fact, kind, verdict) if verdict else None
    own = fact.said is Said.OWN
    quoted = fact.status if own else fact.reply_status
    return RecipientReport(
        address=fact.address, action=fact.action, kind=kind, reply=fact.reply, status=fact.status,
        command=fact.command, by=fact.by, reporting_mta=message.reporting_mta, alias=fact.alias, will_retry_until=fact.will_retry_until,
        text=" ".join([part for part in (fact.reply, quoted, fact.text) if part]) or None,
        quoted_status=quoted, own=own, wording=wording, verdict=verdict,
        class_=verdict.class_ if verdict else None,
        reason=verdict.reason if verdict else None,
        dead=verdict.dead if verdict else False,
        act=_act(verdict, topic, wording) if verdict else None,
        confidence=verdict.confidence if verdict else None,
        listed_by=verdict.listed_by if verdict else None,
        lookup=verdict.lookup if verdict else None,
        about=verdict.about if verdict else None,
        disagreement=_disagreement(fact, verdict) if verdict else None,
        rule=verdict.rule if verdict else None,
        topic=topic,
    )  # fmt: skip


def _act(verdict: Verdict, topic: str | None, wording: Wording) -> Act:
    """Return who can mend it: where the words are an enhanced code's own advice, whoever that advice is for."""
    row = ENHANCED_CODES.get(topic or "")
    if row is None or verdict.act is not REASONS[verdict.reason].act:
        return verdict.act
    finer = wording.finer.get(topic or "")
    return row.act if finer and finer.advice != wording.reasons[verdict.reason].advice else verdict.act


def _disagreement(fact: Recipient, verdict: Verdict) -> str | None:
    """Return what is worth telling of what does not fit together: words that decided nothing contradict nothing.

    Nor does a number that only names a field, except that an address is no good: that needs every sign.
    """
    if verdict.disagreement is None:
        return None
    apart = bycode.contradiction(fact.reply, fact.status)
    if verdict.rule is None and verdict.share is None:
        return apart
    tells = fact.status and (bycode.is_specific(fact.status) or REASONS[verdict.reason].may_be_dead)
    status = fact.status if tells else None
    return bycode.disagreement(verdict.reason, verdict.class_, fact.reply, status) or apart


def _topic(fact: Recipient, kind: Kind, verdict: Verdict) -> str | None:
    """Return the key of the finest words: what the rule names, else the status where it says what was found.

    Big providers reuse numbers: a status speaks only where the registry means the reason that was found, and, beside
    words that decided, only where servers use it as registered.
    """
    if kind is Kind.DELAYED and verdict.reason is Reason.DELIVERY_EXPIRED:
        return verdict.words or STILL_TRYING
    if verdict.words == STILL_TRYING and kind is not Kind.DELAYED:
        return None
    key = f"X{(fact.status or '')[1:]}"
    row = ENHANCED_CODES.get(key)
    if verdict.words or row is None or row.reason is not verdict.reason:
        return verdict.words
    by_code = verdict.evidence == fact.status if verdict.rule is None else row.specific and not verdict.disagreement
    return key if by_code else None


class _JsonRecipient(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """One element of `recipients` in a line of `explain --json`: the contract's keys, and then some more facts."""

    address: str | None
    action: str | None
    reply: str | None
    status: str | None
    command: str | None
    by: str | None
    class_: Class | None
    reason: Reason | None
    dead: bool
    act: Act | None
    confidence: Confidence | None
    evidence: str | None
    explanation: str
    advice: str
    text: str | None
    alias: str | None
    will_retry_until: str | None
    listed_by: str | None
    about: str | None
    disagreement: str | None
    rule: str | None


class _JsonLine(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """One line of `explain --json`."""

    source: str
    kind: Kind
    class_: Class | None
    recipients: tuple[_JsonRecipient, ...]
    original: Original
    reporting_mta: str | None
    truncated: bool


def to_json(report: Report, source: str) -> bytes:
    """Return the report as one line of JSON, without its line end; what is no Unicode becomes a question mark."""
    told = tuple(
        _JsonRecipient(*(getattr(r, name) for name in _JsonRecipient.__struct_fields__)) for r in report.recipients
    )
    line = _JsonLine(source, report.kind, report.class_, told, report.original, report.reporting_mta, report.truncated)
    try:
        return msgspec.json.encode(line)
    except UnicodeEncodeError:
        return msgspec.json.encode(_sound(msgspec.to_builtins(line)))


def _sound(value: object) -> object:
    """Return *value* with every lone surrogate, as stands in names that are no UTF-8, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list | tuple) else value
