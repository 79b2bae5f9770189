"""Facts and verdicts -> words: what happened, who must act, what to do next, on what evidence.

Rule: this is where reading and judging meet, and nowhere else. Facts are passed on as they are, absent ones stay
absent; the words come from the wording of the language that is asked for. One call explains one message or one
reply; nothing is kept between calls.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from bounce_milter import bounce, limits, reply
from bounce_milter.bounce import Bounce
from bounce_milter.catalogue import Catalogue
from bounce_milter.classify import Query, Verdict, classify
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.vocabulary import REPORTS, Act, Class, Confidence, Kind, Reason
from bounce_milter.wording import Say, Wording


class Knowledge(msgspec.Struct, frozen=True):
    """What is needed to judge and to speak: the rules, and the wordings by language ("en" is always there)."""

    catalogue: Catalogue
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        """Return the wording of *language*, English where there is none."""
        return self.wordings.get(language) or self.wordings["en"]


class RecipientReport(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """One recipient: the facts of `facts.Recipient`, the verdict (None where nothing failed), and the words.

    explanation, what_to_do, because   the three sentences of the header field; advice  what_to_do without its frame
    """

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
    what_to_do: str
    because: str


class Report(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A message explained; `recipients` worst first, `class_` that of the worst (None where nothing failed)."""

    kind: Kind
    class_: Class | None
    recipients: tuple[RecipientReport, ...]
    original: Original
    reporting_mta: str | None = None
    truncated: bool = False
    defects: tuple[str, ...] = ()
    wording: Wording | None = None

    def more(self, count: int) -> str:
        """Return the sentence that counts the recipients which are not told one by one."""
        return self.wording.frame["more"].format(count=count) if self.wording else f"+{count}"


_WORST: Final = {kind: number for number, kind in enumerate(REPORTS)}
_CLASSES: Final = {Class.PERMANENT: 0, Class.MESSAGE: 1, Class.TRANSIENT: 2, Class.UNKNOWN: 3, None: 4}
_NOBODY: Final = Original()


def explain(message: bytes, *, knowledge: Knowledge, sender: str | None = None, language: str = "en") -> Report:
    """Return *message*, whole, explained. `sender` is the envelope sender, "" or "<>" the null one. Never raises."""
    return explain_bounce(bounce.read(message, sender=sender), knowledge, language)


def explain_bounce(found: Bounce, knowledge: Knowledge, language: str = "en") -> Report:
    """Return what was read of a message, explained."""
    wording = knowledge.wording(language)
    told = sorted((_recipient(fact, knowledge.catalogue, wording) for fact in found.recipients), key=_badness)
    return Report(
        kind=found.kind,
        class_=told[0].class_ if told else None,
        recipients=tuple(told),
        original=found.original,
        reporting_mta=found.reporting_mta,
        truncated=found.truncated,
        defects=found.defects,
        wording=wording,
    )


def explain_reply(text: str, knowledge: Knowledge, language: str = "en") -> Report:
    r"""Return one server reply explained; its one recipient has no address. Line breaks are real ones."""
    said = reply.find(text)
    fact = Recipient(
        action="failed" if (said.code or said.status or "5")[0] in "45" else "delivered",
        reply=said.code,
        status=said.status,
        command=reply.command(text),
        text=said.text or None,
    )
    return explain_bounce(Bounce(kind=Kind.FAILED, recipients=(fact,), original=_NOBODY), knowledge, language)


def _badness(told: RecipientReport) -> tuple[int, int, bool]:
    kind = _WORST.get(Kind(told.action), 0) if told.action else 0
    return kind, _CLASSES[told.class_], not told.dead


def query(fact: Recipient) -> Query:
    """Return what the judge is asked about a recipient."""
    return Query(
        reply=fact.reply,
        status=fact.status,
        text=fact.text,
        command=fact.command,
        by=fact.by,
        action=fact.action,
        own=fact.said is Said.OWN,
    )


def _recipient(fact: Recipient, catalogue: Catalogue, wording: Wording) -> RecipientReport:
    failed = fact.action not in ("delivered", "relayed", "expanded")
    verdict = classify(query(fact), catalogue) if failed else None
    values = _values(fact, verdict, wording)
    say = _say(fact, verdict, wording) if verdict else None
    advice = _advice(fact, say, values, wording)
    return RecipientReport(
        address=fact.address,
        action=fact.action,
        reply=fact.reply,
        status=fact.status,
        command=fact.command,
        by=fact.by,
        class_=verdict.class_ if verdict else None,
        reason=verdict.reason if verdict else None,
        dead=verdict.dead if verdict else False,
        act=verdict.act if verdict else None,
        confidence=verdict.confidence if verdict else None,
        evidence=verdict.evidence if verdict else None,
        explanation=_explanation(fact, verdict, say, values, wording),
        advice=advice,
        text=_raw(fact),
        alias=fact.alias,
        will_retry_until=fact.will_retry_until,
        listed_by=verdict.listed_by if verdict else None,
        about=verdict.about if verdict else None,
        disagreement=verdict.disagreement if verdict else None,
        rule=verdict.rule if verdict else None,
        what_to_do=wording.frame[_asked(fact, verdict)].format_map({**values, "advice": advice}) if advice else "",
        because=_because(fact, verdict, values, wording) if verdict else "",
    )


def _values(fact: Recipient, verdict: Verdict | None, wording: Wording) -> dict[str, str]:
    """Return what the placeholders stand for: the fact, or the words for its absence."""
    absent = wording.absent
    domain = (fact.address or "").rpartition("@")[2]
    listed = verdict.listed_by if verdict else None
    return {
        "address": fact.address or absent["address"],
        "alias": fact.alias or "",
        "domain": domain or absent["domain"],
        "by": fact.by or absent["by"],
        "command": wording.command.get(fact.command or "", absent["command"]),
        "text": _quoted(fact),
        "until": fact.will_retry_until or absent["until"],
        "listed_by": listed or absent["listed_by"],
        "about": (verdict.about if verdict else None) or absent["about"],
        "code": " ".join(code for code in (fact.reply, fact.status) if code),
        "who": wording.who[verdict.act if verdict else Act.NOBODY],
        "count": "",
        "what": "",
        "advice": "",
    }


def _say(fact: Recipient, verdict: Verdict, wording: Wording) -> Say:
    """Return the finest words: the rule's topic, else the status' own where it names the reason, else the reason's."""
    if verdict.words:
        return wording.say(verdict.reason, verdict.words)
    if fact.status and verdict.rule is None:
        return wording.say(verdict.reason, f"X{fact.status[1:]}" if verdict.evidence == fact.status else None)
    return wording.say(verdict.reason, None)


def _explanation(
    fact: Recipient, verdict: Verdict | None, say: Say | None, values: dict[str, str], wording: Wording
) -> str:
    named = wording.frame["unnamed"] if fact.address is None else f"<{fact.address}>"
    if fact.alias:
        named = wording.frame["alias"].format_map({**values, "address": named, "alias": f"<{fact.alias}>"})
    key = fact.action or "failed"
    if key == "failed":
        key = f"failed.{verdict.class_ if verdict else Class.UNKNOWN}"
    what = say.what.format_map(values) if say else ""
    return wording.frame[key].format_map({**values, "address": named, "what": what})


def _asked(fact: Recipient, verdict: Verdict | None) -> str:
    """Return the frame of the advice: nobody is named where nobody need act."""
    nobody = verdict is None or verdict.act is Act.NOBODY or fact.action == "delayed"
    return "advice_nobody" if nobody else "advice"


def _advice(fact: Recipient, say: Say | None, values: dict[str, str], wording: Wording) -> str:
    if say is None:
        return ""
    if fact.action == "delayed":
        return wording.frame["advice_delayed_until" if fact.will_retry_until else "advice_delayed"].format_map(values)
    return say.advice.format_map(values)


def _because(fact: Recipient, verdict: Verdict, values: dict[str, str], wording: Wording) -> str:
    """Return the sentence of evidence: who said what to which command, and that words and code differ."""
    if not values["text"]:
        return ""
    if fact.said is Said.OWN:
        key = "own_text"
    elif fact.by is None:
        key = "text"
    else:
        key = "by_command_text" if fact.command else "by_text"
    sentence = wording.evidence[key].format_map(values)
    return f"{sentence} {wording.evidence['disagree'].format_map(values)}" if verdict.disagreement else sentence


def _raw(fact: Recipient) -> str | None:
    return " ".join(part for part in (fact.reply, fact.status, fact.text) if part) or None


def _quoted(fact: Recipient) -> str:
    raw = (_raw(fact) or "").replace('"', "'")
    return raw if len(raw) <= limits.QUOTE_CHARS else raw[: limits.QUOTE_CHARS].rstrip() + "..."


class _Line(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    """One line of `explain --json`."""

    source: str
    kind: Kind
    class_: Class | None
    recipients: tuple[RecipientReport, ...]
    original: Original
    reporting_mta: str | None
    truncated: bool


def to_json(report: Report, source: str) -> bytes:
    """Return the report as one line of JSON, without its line end."""
    line = _Line(
        source, report.kind, report.class_, report.recipients, report.original, report.reporting_mta, report.truncated
    )
    return msgspec.json.encode(line)
