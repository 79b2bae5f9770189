"""One recipient in words: what happened, who shall do what, on what evidence.

Rule: every sentence is a text of the wording filled with facts; a fact that is absent chooses another sentence or
brings its stand-in, and is never made up. The sentences are made when somebody reads them, because of a thousand
recipients most are only counted. What a server said is quoted short, and without links that invite a click.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final

import msgspec

from bounce_milter import address, limits
from bounce_milter.case import OWN_RELAY, RELAY_LOGIN, bidden
from bounce_milter.case.occasion import NOT_NOW, NOT_UNDERSTOOD, OF_A_BOUNCE, STILL_TRYING, UNWANTED, is_guess
from bounce_milter.classify import REPORTER
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.vocabulary import REASONS, REPORTS, Act, Class, Confidence, Kind, Reason
from bounce_milter.wording import Say, Wording, named, spelled

# Words that say themselves that nothing is known, or tell what the message was: no place for "probably".
_UNDOUBTED: Final = frozenset({
    STILL_TRYING, NOT_NOW, NOT_UNDERSTOOD, UNWANTED, Reason.UNKNOWN, "unknown-or-blocked", OF_A_BOUNCE
})  # fmt: skip
# Of several lists, those that a sentence names.
_LISTS: Final = 3
# Words that give nobody an order: it is not known who must act.
_FOR_ANYBODY: Final = frozenset({NOT_NOW, NOT_UNDERSTOOD})


class RecipientReport(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient: the facts of `facts.Recipient`, the verdict (None where nothing failed), and the words.

    query      what the verdict answers; act, disagreement  the verdict's as they are told beside these words
    action     as the message states it, None where it does not; kind  what became of the recipient all the same
    by         the host that answered; reporting_mta  the one that wrote the report
    sender     the address in From of the returned message, "" where it is not known
    answered   IP addresses of hosts that answered, as far as the report tells them
    text       reply, its own status and words as one line: nothing that the server did not say
    quoted_status   the status in `text`
    own        the words are those of the system that reports, or of a notice that quotes nobody
    twice      the report tells of the address again, and something else
    """

    address: str | None
    action: str | None
    kind: Kind
    reply: str | None
    status: str | None
    command: str | None
    by: str | None
    reporting_mta: str | None
    act: Act | None
    text: str | None
    alias: str | None
    will_retry_until: str | None
    disagreement: str | None
    topic: str | None
    quoted_status: str | None
    own: bool
    wording: Wording
    query: Query | None
    verdict: Verdict | None
    sender: str
    answered: frozenset[str]
    twice: bool = False

    @property
    def class_(self) -> Class | None:
        """How final the failure is; None where nothing failed."""
        return self.verdict.class_ if self.verdict else None

    @property
    def reason(self) -> Reason | None:
        """Why it failed; None where nothing failed."""
        return self.verdict.reason if self.verdict else None

    @property
    def dead(self) -> bool:
        """Whether the address itself is no good."""
        return self.verdict is not None and self.verdict.dead

    @property
    def confidence(self) -> Confidence | None:
        """How far the evidence carries; None where nothing failed."""
        return self.verdict.confidence if self.verdict else None

    @property
    def listed_by(self) -> str | None:
        """The block list that refuses the sending side, None where the reply names none."""
        return named.listed_by(self.verdict, self.words, self.others) if self.verdict else None

    @property
    def about(self) -> str | None:
        """The IP address of the sending side that the reply is about."""
        return named.about(self.verdict, self.words, self.answered) if self.verdict else None

    @property
    def words(self) -> str:
        """The words that were judged."""
        return ((self.query and self.query.text) or "")[: limits.WORDS_CHARS]

    @property
    def others(self) -> frozenset[str]:
        """The names in a reply that are none of the sending side: who answered, and the recipient's domains."""
        names = (self.by, address.domain(self.address), address.domain(self.alias))
        return frozenset(name.lower() for name in names if name)

    @property
    def explanation(self) -> str:
        """What happened, as one sentence; empty where nothing is told of a delivery."""
        return _explanation(self)

    @property
    def advice(self) -> str:
        """What to do, without the frame that says who; empty where nothing failed."""
        return _advice(self)

    @property
    def what_to_do(self) -> str:
        """Who shall do what, as one sentence or two; empty where nothing failed."""
        advice = self.advice
        if not advice:
            return ""
        if self.kind is Kind.DELAYED or self.act is None or self.act is Act.NOBODY or _is_for_anybody(self):
            return self.wording.frame["advice_nobody"].fill({"advice": advice})
        return self.wording.frame["advice"].fill({"who": self.wording.who[self.act], "advice": advice})

    @property
    def because(self) -> str:
        """Who said what to which command, what there is to know of a listing, and that words and code differ."""
        return _because(self)


def _say(told: RecipientReport) -> Say | None:
    if told.verdict is None:
        return None
    return (told.wording.finer.get(told.topic) if told.topic else None) or told.wording.reasons[told.verdict.reason]


class _Values(dict[str, str | None]):
    """What the placeholders stand for, None where the message is silent; each is looked for when a sentence tells it."""

    __slots__ = ("_told",)

    def __init__(self, told: RecipientReport) -> None:
        """Take what is known of a recipient."""
        super().__init__()
        self._told = told

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override] # names are texts
        """Return what *name* stands for."""
        if name not in self and name in _NAMED:
            self[name] = _NAMED[name](self._told)
        return super().get(name, default)


# The topic of a list that holds domains.
_DOMAIN_LISTED: Final = "domain-listed"


# The topic of a limit that ends with its hour or its day.
_SENDING_LIMIT: Final = "sending-limit"


def _joined(names: Sequence[str], told: RecipientReport) -> str | None:
    if len(names) < 2:
        return names[0] if names else None
    frame = told.wording.frame
    before = reduce(lambda first, last: frame["several"].fill({"first": first, "last": last}), names[:-1])
    return frame["both"].fill({"first": before, "last": names[-1]})


def _listed_by(told: RecipientReport) -> str | None:
    listed_by = told.listed_by
    if not listed_by or ", " not in listed_by:
        return spelled.whole(listed_by)
    return _joined(listed_by.split(", ")[:_LISTS], told)


def _sender_domain(told: RecipientReport) -> str | None:
    if told.topic == _DOMAIN_LISTED:
        return spelled.whole(named.listed_domain(told.words))
    return spelled.whole(named.sender_domain(told.words, address.domain(told.sender), told.others))


def _new_address(told: RecipientReport) -> str | None:
    if told.reason is not Reason.MAILBOX_MOVED:
        return None
    new = spelled.whole(named.new_address(told.words, _known(told)))
    return new and f"<{new}>"


# The topics of a message that goes to too many at once.
_TOO_MANY: Final = frozenset({"too-many-recipients", "X.5.3"})


def _known(told: RecipientReport) -> frozenset[str]:
    return frozenset(who.lower() for who in (told.address, told.alias, told.sender) if who)


def _contact(told: RecipientReport) -> str | None:
    """Return whom the answer bids people to turn to, where it names one."""
    who = spelled.whole(bidden.contact(told.words, _known(told)))
    if who is None and bidden.names_contact(told.words):
        return told.wording.frame["contact"].fill({})
    return who and f"<{who}>"


def _wait(told: RecipientReport) -> str | None:
    """Return when the answer says that one may send again; a limit of an hour or of a day ends with it."""
    wait = bidden.wait(told.words) or (bidden.period(told.words) if told.topic == _SENDING_LIMIT else None)
    return wait and told.wording.frame[wait.key].fill({"count": wait.value, "time": wait.value})


def _size_limit(told: RecipientReport) -> str | None:
    """Return how large a message may be, or to how many it may go, as the reply names it."""
    if told.topic in _TOO_MANY:
        most = named.recipient_limit(told.words)
        return most and told.wording.frame["recipients"].fill({"count": most})
    return named.size_limit(told.words) if told.reason is Reason.MESSAGE_TOO_LARGE else None


_NAMED: Final[Mapping[str, Callable[[RecipientReport], str | None]]] = {
    "address": lambda told: told.address and f"<{spelled.short(told.address)}>",
    "domain": lambda told: spelled.whole(named.domain(address.domain(told.address))),
    "by": lambda told: spelled.short(_speaker(told)),
    "command": lambda told: told.command and told.wording.command.get(told.command, told.command),
    "until": lambda told: told.will_retry_until and spelled.date(told.will_retry_until),
    "lookup": lambda told: told.verdict.lookup if told.verdict else None,
    "about": lambda told: told.about,
    "listed_by": _listed_by,
    "sender_domain": _sender_domain,
    "helo": lambda told: named.helo(told.words),
    "new_address": _new_address,
    "size_limit": _size_limit,
    "contact": _contact,
    "wait": _wait,
    "failed_checks": lambda told: _joined(named.failed_checks(told.words), told),
    "program": lambda told: spelled.whole(named.program(told.words)),
}


def _speaker(told: RecipientReport) -> str | None:
    """Return the host whose words are quoted; what the reporting system says itself, it may say of another."""
    return told.reporting_mta if told.own else told.by


def _explanation(told: RecipientReport) -> str:
    values, wording, say = _Values(told), told.wording, _say(told)
    if told.kind not in REPORTS:
        return ""
    if say is not None:
        what = say.what.fill(values)
        unsure = told.confidence is Confidence.LOW and not _UNDOUBTED & {told.topic, told.reason}
        frame = "guess" if told.verdict and is_guess(told.verdict) else "unsure"
        values["what"] = wording.frame[frame].fill({"what": what}) if unsure else what
    key = told.class_ if told.kind is Kind.FAILED and told.class_ else told.kind
    if told.address is None:
        return wording.unnamed[key].fill(values)
    if told.alias:
        values["alias"] = f"<{spelled.short(told.alias)}>"
        values["address"] = wording.frame["alias"].fill(values)
    return wording.named[key].fill(values)


def _advice(told: RecipientReport) -> str:
    say = _say(told)
    if say is None or told.kind not in REPORTS:
        return ""
    values = _Values(told)
    if told.verdict and is_guess(told.verdict):
        say = told.wording.finer[NOT_UNDERSTOOD]
    if told.kind is Kind.DELAYED:
        wait = "wait_tell" if _stays(told) else "wait_until" if values.get("until") else "wait"
        return told.wording.frame[wait].fill(values)
    if told.act is Act.NOBODY and _orders(told) and not _is_for_anybody(told):
        return told.wording.frame["passes"].fill(values)
    return (say.advice if told.class_ in _LASTING else say.later).fill(values)


def _is_for_anybody(told: RecipientReport) -> bool:
    """Say whether what to do is no order, because the cause is guessed or not known."""
    return told.topic in _FOR_ANYBODY or (told.verdict is not None and is_guess(told.verdict))


# Topics of what the sending side itself must mend: until then every attempt fails alike.
_OWN_FAULTS: Final = frozenset({REPORTER, RELAY_LOGIN, OWN_RELAY})
# What passes by itself, whatever code it comes with, and what does not, though the server bids to try again.
_PASSING: Final = frozenset({Reason.RATE_LIMITED, Reason.GREYLISTED})
_STAYING: Final = frozenset({
    Reason.RELAY_DENIED, Reason.REVERSE_DNS, Reason.SENDER_REFUSED, Reason.AUTHENTICATION_FAILED
})  # fmt: skip
# Of these, what the DNS or the server's patience ends by itself.
_ENDING: Final = frozenset({"spf-not-readable", "sender-dns-unreachable", "X.7.24", "blocked-for-a-while"})
# Where sending the same message again cannot help by itself.
_LASTING: Final = frozenset({Class.PERMANENT, Class.MESSAGE})


def _stays(told: RecipientReport) -> bool:
    """Say whether what holds a message up lasts until the sending side mends it: the server refuses it for good, say."""
    if told.topic in _OWN_FAULTS:
        return True
    if told.topic in _ENDING or _is_for_anybody(told):
        return False
    refused = (told.reply or "").startswith("5") and told.reason not in _PASSING
    listed = told.reason is Reason.BLOCKLISTED and told.listed_by is not None
    return told.act is Act.SENDER_ADMIN and (refused or listed or told.reason in _STAYING)


def _orders(told: RecipientReport) -> bool:
    """Say whether the words were written for somebody who must act: those of a reason or a code, not of a rule."""
    if told.topic is None:
        return told.reason is not None and REASONS[told.reason].act is not Act.NOBODY
    row = ENHANCED_CODES.get(told.topic)
    return row is not None and row.act is not Act.NOBODY


def _because(told: RecipientReport) -> str:
    if told.verdict is None:
        return ""
    values, evidence = _Values(told), told.wording.evidence
    values["text"] = spelled.quoted(told.text or "", _known(told))
    beside = _beside(told)
    values["words"] = beside and spelled.quoted(beside)
    keys = [_source(told)] if beside is None else ["beside", _source(told)]
    keys += [key for key in ("lookup", "size_limit") if values.get(key)]
    keys += ["expired"] if _ran_out(told) else []
    sentences = [evidence[key].fill(values) for key in keys]
    if told.twice:
        sentences.append(evidence["disagree_beside"].fill(values))
    elif told.disagreement:
        aside = told.status if told.status != told.quoted_status and (told.status or "") in told.disagreement else None
        apart = "disagree_beside" if beside else "disagree_report" if aside else "disagree"
        sentences.append(evidence[apart].fill({"status": aside}))
    return "".join([s if s.endswith("。") else f"{s} " for s in sentences]).rstrip()


def _ran_out(told: RecipientReport) -> bool:
    """Say whether time ran out, and only the last cause of that is told."""
    passing = told.kind is Kind.FAILED and told.class_ is Class.TRANSIENT and told.reason is not Reason.DELIVERY_EXPIRED
    return passing and told.query is not None and told.query.expired


def _beside(told: RecipientReport) -> str | None:
    """Return the words that decided where they are no reply, but the report's own to people."""
    return told.verdict.evidence if told.verdict and told.query and told.query.beside else None


def _source(told: RecipientReport) -> str:
    """Return the key of the sentence for what is known of who spoke, and to what."""
    if told.text is None:
        return "nothing"
    if told.own:
        return "own_by_text" if told.reporting_mta else "own_text"
    return "_".join([name for name, known in (("by", told.by), ("command", told.command)) if known] + ["text"])
