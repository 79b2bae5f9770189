"""What the judge is asked of one reply, and what he answers.

Rule: values, and what `classify` and `poll` both ask of them. The words that decided are looked for when somebody wants
to see them, or where a dead address is doubted: a filter that writes fields seldom does.
"""

from typing import Final, NamedTuple

import msgspec

from bounce_milter import limits
from bounce_milter.classify import bycode, supposed, surroundings
from bounce_milter.classify.normal import Normal, as_written, quoted
from bounce_milter.classify.surroundings import Surroundings
from bounce_milter.reply.verbs import COMMANDS
from bounce_milter.vocabulary import Act, Class, Confidence, Reason

R = Reason
# What a reply about the sending side quotes: our address or name.
_ABOUT: Final = frozenset({
    R.BLOCKLISTED, R.REVERSE_DNS, R.AUTHENTICATION_FAILED, R.RATE_LIMITED, R.SPAM_CONTENT, R.POLICY_REFUSED,
    R.SENDER_REFUSED, R.RELAY_DENIED, R.GREYLISTED, R.ACCOUNT_RESTRICTED,
})  # fmt: skip

# Reading a member of an enumeration runs Python code up to 3.11; here it is read for every reply.
_PERMANENT: Final = Class.PERMANENT
_TRANSIENT: Final = Class.TRANSIENT
_MEDIUM: Final = Confidence.MEDIUM
_LOW: Final = Confidence.LOW

#: Commands that name no recipient: what is refused at them is the client, its greeting or the sender.
BEFORE_RCPT: Final = COMMANDS - {"RCPT", "DATA"}


class Query(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known of a failure: the reply's parts, the SMTP command, the host that spoke, the report's action.

    own    the reporting system itself said it
    beside    the text is no reply: it is what the report says to people above it
    expired   the reporting system gave up because time ran out
    """

    reply: str | None = None
    status: str | None = None
    text: str | None = None
    command: str | None = None
    by: str | None = None
    action: str | None = None
    own: bool = False
    expired: bool = False
    beside: bool = False


def passes(query: Query) -> bool:
    """Say whether a code, or the report's status, says to try again (RFC 5321 4.2.1, RFC 3463 2)."""
    return "4" in ((query.reply or " ")[0], (query.status or " ")[0])


class Quote(NamedTuple):
    """Where the words that decided stand: a pattern that the normalised text fits, in its raw form or without names."""

    pattern: str
    normal: Normal
    raw: bool

    def words(self) -> str | None:
        """Return the words that the pattern found, as the server wrote them."""
        span = surroundings.span(self.pattern, self._text)
        return as_written(self.normal, self._text, *span)[: limits.EVIDENCE_CHARS] or None if span else None

    def is_supposed(self) -> bool:
        """Say whether the words stand behind "if" or "perhaps"; where there is none they need not be looked for."""
        return supposed.may_be(self.normal.words.decode()) and self.around().is_supposed

    def around(self) -> Surroundings:
        """Return what stands around these words."""
        return surroundings.around(self.pattern, self._text)

    @property
    def _text(self) -> bytes:
        return self.normal.raw if self.raw else self.normal.words


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What it means. `matched` holds all rules that fit, best first.

    quote   the words that decided; stated  the code that did, or the words where no pattern found them
    share   of the vote (`poll`), where that decided
    """

    reason: Reason
    class_: Class
    dead: bool
    act: Act
    confidence: Confidence
    quote: Quote | None = None
    stated: str | None = None
    disagreement: str | None = None
    words: str | None = None
    rule: str | None = None
    listed_by: str | None = None
    lookup: str | None = None
    about: str | None = None
    share: float | None = None
    matched: tuple[str, ...] = ()

    @property
    def evidence(self) -> str | None:
        """The words, or the code, that decided."""
        return (self.quote and self.quote.words()) or self.stated

    @property
    def is_sure(self) -> bool:
        """Whether a rule on words made it, and more than a hint did."""
        return self.rule is not None and self.confidence is not _LOW

    def alive(self, confidence: Confidence) -> "Verdict":
        """Return the same of an address that is not dead, told with that *confidence*."""
        return msgspec.structs.replace(self, dead=False, confidence=confidence)

    @property
    def at_most_medium(self) -> Confidence:
        """The confidence where something speaks against it: never high."""
        return _LOW if self.confidence is _LOW else _MEDIUM

    @property
    def decider(self) -> str:
        """What decided, for people: the vote, a rule, a code."""
        if self.share is not None:
            return "the vote"
        if self.rule:
            return f"rule {self.rule}"
        return f"code {self.stated}" if self.stated else "nothing known"


def class_of(implied: Class | None, query: Query, *, stated: bool) -> Class:
    """Return the class: a delay is transient; a 4yz is never permanent unless a rule says so; None follows the code."""
    if query.action == "delayed":
        return _TRANSIENT
    digit = bycode.final(query.reply, query.status)
    if implied is None:
        return digit or Class.UNKNOWN
    if implied is _PERMANENT and digit is _TRANSIENT and not stated:
        return digit
    return implied


def about(reason: Reason, normal: Normal) -> str | None:
    """Return the IP address that a reply about the sending side quotes."""
    return quoted(normal) if reason in _ABOUT else None
