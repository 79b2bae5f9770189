"""Sendmail, V5 to 8, and its imitators: lists of addresses between rules of dashes, then a transcript of the session.

    ----- The following addresses had permanent fatal errors -----
    <bob@dest.example>
        (reason: 550 5.1.1 User unknown)
    ----- Transcript of session follows -----
    ... while talking to mx.dest.example.:
    >>> RCPT To:<bob@dest.example>
    <<< 550 5.1.1 User unknown
    550 5.1.1 <bob@dest.example>... User unknown

Rule: of what is said about an address, the remote server's own line (<<<) is believed first, then the reason beside
the address, then the local line with the address, which may say the same with more words. V5 has the transcript alone.
"""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec.structs import replace

from bounce_milter import address, limits, phrases, reply
from bounce_milter.dialects import addressees, dialogue, session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting, verbs
from bounce_milter.view import View

_RULE: Final = re.compile(r"^[ \t]*-{3,} ?([^-\s].{7,79}?) ?-{3}-*+[ \t]*$", re.MULTILINE)
# So an imitator's list may begin: dashes before its title, and none behind.
_OPEN_TITLE: Final = "---the following addresses had"
_LISTS: Final = re.compile(
    r"addresses ha(?:d|ve)|unsuccessful|following recipients|delivery problems|delivery errors|fatal errors|transient",
    re.IGNORECASE,
)
_GOOD: Final = re.compile(r"\bsuccessful")
# What became of an entry where the list's title does not tell: "(successfully delivered to mailbox)" (8.6, 8.7).
_DONE: Final = re.compile(r"\((?:successfully )?(delivered|relayed|expanded)\b", re.IGNORECASE | re.ASCII)
# One whom the queue keeps is told of beside those who failed (8.6).
_KEPT: Final = "(transient failure"
# What an entry's line says of each: no cause (8.6).
_MARKS: Final = re.compile(r"\((?:unrecoverable error|transient failure)\)")
# A user of the host's own (8.6).
_BARE: Final = re.compile(r"<?([\w.+%!-]{1,64})>? {1,4}\((?:unrecoverable error|transient failure)")
_TRANSCRIPT: Final = re.compile(r"transcript of (?:the )?session|non-delivered information", re.IGNORECASE)
_TALKING: Final = re.compile(r"while talking to \[?([\w.-]+?)\.?\]?:", re.IGNORECASE)
_ENTRY: Final = re.compile(
    rf"^[ \t]*(?:>>> )?[\"<(]?(?:{address.ADDRESS} <)?({address.ADDRESS}|\"?\|[^\"\n]{{1,200}}\"?|/[^\s>]{{1,200}})[\">)]?(?P<rest>.*)$"
)
_REASON: Final = re.compile(r"\(reason: (?P<words>.*)")
_TOLD: Final = re.compile(r"[ \t]+\((?:reason:|expanded from)")
_EXPANDED: Final = re.compile(rf"expanded from:? <?({address.ADDRESS}|[\w.+-]+)>?")
# A user of the host's own, or a route, behind a code; a host is no user. A program stands in quotes.
_NAME: Final = r"(?<=\d )(?![\w.-]+\.\.\. ?(?:host|deferred)\b)[\w.+%!-]{1,64}"
_LOCAL: Final = re.compile(
    rf"^(?:[2345]\d\d[ -])?(?:\d\.\d{{1,3}}\.\d{{1,3}} )?[<\"]?(?P<who>{address.ADDRESS}|{_NAME}|\|[^\"\n]{{1,200}})[>\"]?\.\.\. ?(?P<words>.*)$",
    re.IGNORECASE,
)
_HOST_LINE: Final = re.compile(r"[2345]\d\d [\w.-]+ \(e?smtp\)\.\.\.")
_FOLLOWS: Final = re.compile(r"\b(?:local configuration|system config) error$", re.IGNORECASE)
_TIMED_OUT: Final = re.compile(r"message (?:could not be delivered for|will be deleted from)\b", re.IGNORECASE)
# What Sendmail says for the number with which a program ended (sysexits.h, and its own sysexits.c), and for any fault of its own.
_TELLS_LITTLE: Final = re.compile(
    r"(?:[45]\d\d )?(?:[45]\.\d\.\d )?(?:\d+|(?:bad usage|command line usage error)|data format error|cannot open input|"
    r"service unavailable|internal (?:software )?error|system error \(e\.g\., can't fork\)|operating system error|"
    r"(?:critical os|system) file missing|can't create (?:\(user\) )?output(?: file)?|(?:input/output|i/o) error|"
    r"remote (?:error in protocol|protocol error)|permission denied|insufficient permission|"
    r"(?:system config|(?:local )?configuration) error)",
    re.IGNORECASE,
)
# The title of V5 and 8, and the last lines of their transcripts.
_GIVEN_UP: Final = re.compile(
    r"cannot send message (?:for|within) \d|message could not be delivered for \d|message will be deleted from",
    re.IGNORECASE,
)
# RCPT and DATA were sent together (RFC 2920): what this host says below DATA is said of the recipients, of whom it took none.
_PIPELINED: Final = re.compile(
    r"<<< (?:503|554)\b.*(?:need rcpt|rcpt first|must precede data|no recipients? specified|no valid (?:rcpt|recipient))",
    re.IGNORECASE,
)
_RCPT: Final = re.compile(r">>> rcpt\b", re.IGNORECASE)
# Of a message whose parts were lost: here the next one begins.
_BOUNDARY: Final = re.compile(r"--[^-\s]\S*/\S+$")
_BRACKETS: Final = re.compile(r"\[([^\]\n]{4,200})\]\s*$")


class _Listed(NamedTuple):
    """An address in a list, the lines below it, and what the list's title makes of it."""

    who: str
    lines: list[str]
    action: str

    def is_kept(self) -> bool:
        """Say whether his own line tells that the queue keeps the message for him."""
        return self.action == "failed" and _KEPT in "".join(self.lines[:1]).lower()


class _Heard(NamedTuple):
    """What the transcript says of one address: the remote reply, its command and host, and the local line."""

    remote: str | None
    command: str | None
    host: str | None
    local: str | None


def claims(view: View) -> bool:
    """Claim by a transcript or a list between rules of dashes."""
    return (
        "-----" in view.text
        and any(_LISTS.search(title) or _TRANSCRIPT.search(title) for title in _RULE.findall(view.text))
    ) or _OPEN_TITLE in view.lower


def read(view: View) -> Found:
    """Return a recipient for each address listed; without a list, for each that the transcript names."""
    listed, transcript = _sections(view.text)
    listed = listed[: limits.TEXT_RECIPIENTS]  # before each is judged, which may take the whole transcript
    given_up = _GIVEN_UP.search(view.title) or any(map(_GIVEN_UP.search, transcript))
    if not given_up:
        listed = [entry._replace(action="delayed") if entry.is_kept() else entry for entry in listed]
    heard, last = _listen(transcript)
    heard = _in_order(heard, transcript, [entry.who.lower() for entry in listed])
    delayed = "warning" in view.title and phrases.DELAY.search(view.one_line)
    alone = len(listed) == 1 and not _is_on_another(listed[0].who.lower(), heard, view)
    told = [_fate(entry, heard, last, alone=alone) for entry in listed]
    if not listed:
        told = [
            _fate(_Listed(who, [], "failed"), heard, last, alone=False) for who in [*heard][: limits.TEXT_RECIPIENTS]
        ]
    told = addressees.with_domains(told, _here(view))
    if delayed:
        told = [replace(fact, action="delayed") if _may_be_tried(fact) else fact for fact in told]
    # A report has a status for it.
    if not view.status and given_up:
        told = [replace(fact, expired=True) if _may_pass(fact) else fact for fact in told]
    rule = _RULE.search(view.text)
    tried = session.tried([view.text[: rule.start()]]) if rule else None
    if tried:
        told = [_with_words(fact, tried) if fact.action == "failed" and not fact.reply else fact for fact in told]
    return Found(tuple(told))


def _here(view: View) -> list[str]:
    """Return the addressees whom the system that writes may call by their names alone.

    Not those of a domain above it: there they may be known, and the mail goes on to it.
    """
    return [who for who in addressees.written_to(view) if address.is_within(address.domain(who).lower(), view.house)]


def _may_be_tried(fact: Recipient) -> bool:
    """Say whether a delivery failed, and was not refused for good."""
    return fact.action == "failed" and (fact.reply or fact.status or "4")[0] != "5"


def _may_pass(fact: Recipient) -> bool:
    """Say whether a delivery failed, and nobody said that it always would."""
    return fact.passing or (fact.action == "failed" and not (fact.reply or fact.status))


def _with_words(fact: Recipient, words: str) -> Recipient:
    return replace(fact, text=f"{words} {fact.text or ''}".strip())


def _sections(text: str) -> tuple[list[_Listed], list[str]]:
    """Return the listed addresses with the lines below each, and the transcript."""
    listed: list[_Listed] = []
    transcript: list[str] = []
    where, action = "", "failed"
    for line, after in pairwise([*text.split("\n"), ""]):
        title = _RULE.match(line)
        if title or line.lower().startswith(_OPEN_TITLE):
            name = (title[1] if title else line).lower()
            where = "transcript" if _TRANSCRIPT.search(name) else "list" if _LISTS.search(name) else ""
            if where == "list":
                transient = "transient" in name or "warning" in name
                action = "delivered" if _GOOD.search(name) else "delayed" if transient else "failed"
        elif where == "transcript":
            where = "" if _BOUNDARY.match(line) else where
            transcript += [line] if where else []
        elif where == "list":
            entry = _ENTRY.match(line)
            if entry and not line.startswith("    (") and not _EXPANDED.search(line):
                done = _DONE.search(entry["rest"])
                listed.append(_Listed(entry[1].strip('"'), [entry["rest"]], done[1].lower() if done else action))
            elif bare := _BARE.match(line):
                listed.append(_Listed(bare[1], [line] if _KEPT in line else [], action))
            elif line[:1].strip() and _TOLD.match(after):  # a local name, a program or a file that an alias leads to
                listed.append(_Listed(line.strip('<>" '), [], action))
            elif listed:
                listed[-1].lines.append(line)
    return listed, transcript


def _listen(lines: list[str]) -> tuple[dict[str, _Heard], _Heard]:
    """Return what the transcript says of each address, and what it says last of nobody in particular."""
    transcript = _Transcript()
    starts = [0, *(number for number, line in enumerate(lines) if _TALKING.search(line)), len(lines)]
    for start, end in pairwise(starts):
        call = lines[start:end]
        transcript.pipelined = any(map(_PIPELINED.match, call))
        for line in call:
            transcript.read(line)
    return transcript.heard, transcript.last()


def _in_order(heard: dict[str, _Heard], lines: list[str], listed: list[str]) -> dict[str, _Heard]:
    """Return what was heard, with the replies behind marks of others, of whom the list names; and where commands were sent together,
    with each its own."""
    together = any(_RCPT.match(line) and after.startswith(">>>") for line, after in pairwise(lines))
    if not together and all(who in heard for who in listed):
        return heard
    talk = dialogue.heard(lines)
    told = {
        who: _Heard(" ".join(answer.lines), answer.command, answer.by, heard[who].local if who in heard else None)
        for who, answer in talk.refused.items()
        if answer.sure
    }
    if not together:
        return told | heard
    return {who: known._replace(remote=None) if who in talk.named else known for who, known in heard.items()} | told


def _is_on_another(who: str, heard: dict[str, _Heard], view: View) -> bool:
    """Say whether the transcript is on addressees of the returned message alone of whom the only one in the list, an addressee
    too, is none."""
    written = {known.lower() for known in addressees.written_to(view)}
    return who in written and who not in heard and heard.keys() <= written and heard != {}


class _Transcript:
    """What was heard so far of each address, and what was said since: on the line to `host`, by the own system beside."""

    def __init__(self) -> None:
        self.heard: dict[str, _Heard] = {}
        self.pipelined = False  # the host that is talked to got RCPT and DATA together
        self._host: str | None = None
        self._command: str | None = None
        self._about: str | None = None  # the address of the RCPT command that waits for its reply
        self._remote: str | None = None
        self._of_host: str | None = None  # what the own system says of the host as a whole, until an address took it
        self._local: str | None = None
        self._plain: str | None = None
        self._spent = False  # the refusal is told, by name or of all at the host: it says nothing of who stands below

    def read(self, line: str) -> None:
        """Take in the next line."""
        talking = _TALKING.search(line)
        bare = line.strip()
        if talking:
            self._host, self._command, self._about, self._remote = talking[1].lower(), None, None, None
            self._spent = False
        elif bare.startswith(">>>"):
            self._sent(line)
        elif bare.startswith("<<<"):
            # That no recipient is left is no news of anybody.
            if not (self._spent and _PIPELINED.match(bare)):
                self._received(bare[3:].strip())
        elif found := _LOCAL.match(line):
            self._told(found["who"].lower(), found["words"], line)
        elif _HOST_LINE.match(line):
            self._of_host = self._local = line
        elif self._refusal() and bare.startswith("5") and _tells_little(bare):
            self._spent = True
        elif bare and not (self._plain and _FOLLOWS.search(bare)):
            # That time ran out is no cause; what it was waited for stands above.
            self._plain = f"{self._plain} {bare}" if self._plain and _TIMED_OUT.match(bare) else bare

    def last(self) -> _Heard:
        """Return what was said last."""
        return _Heard(self._refusal(), self._command, self._host, self._local or self._plain)

    def _refusal(self) -> str | None:
        return self._remote if self._remote and self._remote[:1] in "45" else None

    def _sent(self, line: str) -> None:
        self._command = verbs.command(line)
        named = address.IN_TEXT.findall(line) if self._command == "RCPT" else []
        self._about, self._remote = (named[0].lower() if named else None), None
        if self.pipelined and self._command == "DATA":
            self._command = "RCPT"

    def _received(self, words: str) -> None:
        before = self._remote
        goes_on = before and before[:3] == words[:3] and before[3:4] in "- "
        self._remote = f"{before} {words}" if goes_on else words
        self._spent = False
        if self._about and words[:1] in "45":
            self.heard[self._about] = _Heard(self._remote, self._command, self._host, None)

    def _told(self, who: str, words: str, line: str) -> None:
        """Take in what the own system says of an address: beside what was heard of him, else what was said since."""
        before = self.heard.get(who) or _Heard(
            None if self._spent else self._refusal(), self._command, self._host, None
        )
        of_host = self._of_host
        local = of_host if of_host and quoting.find(words).text[:12].lower() in of_host.lower() else line
        if self._plain and not before.remote:
            # A local mailer's own words say more than the code line.
            local = f"{line.removesuffix(words)}{self._plain}" if _tells_little(words) else f"{local} ({self._plain})"
        self.heard[who] = before._replace(local=local)
        self._spent = self._spent or before.remote is not None
        self._remote = self._of_host = self._plain = None


def _fate(entry: _Listed, heard: dict[str, _Heard], last: _Heard, *, alone: bool) -> Recipient:
    who, lines, action = entry
    about = heard.get(who.lower())
    words = " ".join(lines)
    reason = _REASON.search(words.split("(expanded")[0])
    expanded = _EXPANDED.search(words)
    bracket = _BRACKETS.search(lines[0]) if lines else None
    told = reason["words"].rstrip(") ") if reason else None
    if about is None and alone:
        about = next(iter(heard.values())) if len(heard) == 1 else last
    elif about is None and told and (last.remote or "").startswith(told):
        about = last  # the reply to DATA is about all, and the reason is its first line
    quoted = _best(about, told, bracket[1] if bracket else None)
    said = quoting.find(quoted) if quoted else session.said([_MARKS.sub("", line) for line in lines])
    alias = expanded[1] if expanded and "@" in expanded[1] and expanded[1].lower() != who.lower() else None
    local = (about.local if about else None) or ""
    own = local != "" and ("..." in local or who.startswith(("|", "/")))
    far = bool(about and about.remote) or bool(quoted and quoted is told and said.code and not _is_own(about, told))
    leads = alias is not None and "@" not in who  # to a program, a file or a local name
    return Recipient(
        address=alias if leads else who,
        alias=None if leads else alias,
        actual=who if leads else None,
        action=action,
        reply=said.code,
        status=said.status,
        command=about.command if about and about.remote else None,
        by=about.host if about and about.remote else None,
        said=_speaker(said, far=far, own=own),
        text=said.text or None,
    )


def _speaker(said: reply.Reply, *, far: bool, own: bool) -> Said | None:
    """Return who is known to have spoken: the host that was talked to, the system that writes, or a notice that quotes nobody."""
    if far:
        return Said.REMOTE
    if own:
        return Said.OWN
    return None if said.code or said.status else Said.NOTICE


def _is_fuller(local: str, reason: str) -> bool:
    """Say whether the local line goes on where the reason ends, "Host unknown (Name server: ...)", or has the words that
    a program printed, and the reason a number for them."""
    told, whole = reply.parse(reason).text, local.rpartition("... ")[2]
    return (told != whole and whole.startswith(told)) or (_tells_little(reason) and not _tells_little(local))


def _is_own(about: _Heard | None, reason: str) -> bool:
    """Say whether the reason is the own system's line on the address, which talked to no host about it."""
    return bool(about and about.local and not about.host and about.local.startswith(reason))


def _tells_little(words: str) -> bool:
    return _TELLS_LITTLE.fullmatch(words.rpartition("... ")[2]) is not None


def _best(about: _Heard | None, reason: str | None, bracket: str | None) -> str | None:
    """Return the line to believe: the remote server's, the reason beside the address, the local one."""
    remote = about.remote if about else None
    local = about.local if about else None
    if remote and reason and remote[:3] != reason[:3]:
        return reason
    if local and not remote and reason and _is_fuller(local, reason):
        return local
    return remote or reason or local or bracket


# Without signs: dashes stand a hundred times in a line, and `claims` looks for them itself.
DIALECT: Final = Dialect("sendmail", claims, read)
