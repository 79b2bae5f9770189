r"""A session that a notice shows line by line, whatever marks stand before the lines: which reply is about whom.

     Thu 2006-10-26 10:14:57: --> RCPT To:<bob@dest.example>
     Thu 2006-10-26 10:14:58: <-- 550 5.1.1 User unknown

Rule: a reply is about him whose RCPT command it answers, and about nobody else. Commands that were sent together are answered
in their order (RFC 2920 3.1); where they have not as many replies it is open which is whose, but for a reply that names one
of them. What the content is answered is about all who were taken before (RFC 5321 4.1.1.4), in LMTP about each in turn (RFC
2033 4.2). Of several hosts or tries the last word counts. A reply whose command is not shown is about nobody. Linear in the
lines.
"""

import re
from typing import Final, NamedTuple

from bounce_milter import address, limits, phrases
from bounce_milter.dialects import session
from bounce_milter.facts import Recipient, Said

# What a log puts before what was said: the time, the connection, who spoke. No address stands in it.
_LEAD: Final = r"[^@\n]{0,100}?"
_RCPT: Final = re.compile(
    rf"(?P<lead>{_LEAD})\brcpt[ \t]++to[ \t]*+:?[ \t]*+<?(?P<who>{address.ADDRESS})>?(?P<rest>.*)", re.IGNORECASE
)
# In most words on a refusal the command's name stands, and no session: "(in reply to RCPT TO command)".
_SIGN: Final = re.compile(r"(?<!after )(?<!to )\brcpt(?:[ \t]++to[ \t]*+(?:[:<]|\Z)|\Z)", re.IGNORECASE)
# Line ends as some show them.
_END: Final = r"(?:\\[rn]|<[cl][rf]>|[\"' \t])*$"
_VERB: Final = re.compile(
    rf"(?P<lead>{_LEAD})\b(?:(?P<verb>(?:ehlo|helo|lhlo|bdat|auth)(?=[ \t]+\S)|mail(?=[ \t]+from[ \t]*:)|rcpt(?=[ \t]+to[ \t]*:))|(?P<bare>data|quit|rset|starttls){_END})",
    re.IGNORECASE,
)
_DOT: Final = re.compile(rf"{_LEAD}[>:\])][ \t]+['\"]?\.{_END}")
# Words for who speaks, without a mark behind them.
_SPEAKER: Final = re.compile(r"\b(?:cmd|command|send|sent|client)\Z", re.IGNORECASE)
# A command that was wrapped before its argument.
_BROKEN: Final = re.compile(rf"{_LEAD}\b(?:rcpt(?:[ \t]+to:?)?|mail(?:[ \t]+from:?)?)\Z", re.IGNORECASE)
# A thread's number is no code, nor is a port.
_CODE: Final = r"(?P<reply>(?:[245][0-5]\d|3[35]4)(?:[ -](?![ \t]*(?:-+>|>>|<-|<<|[CS]:)).*|))$"
_REPLIES: Final = (
    re.compile(rf"(?P<lead>{_LEAD}<(?:<{{1,2}}|-{{1,2}}|\*\*|~\*?|=))[ \t]{{0,40}}{_CODE}"),
    re.compile(
        rf"(?P<lead>(?:{_LEAD}(?:[A-Za-z]:|[:>|\])*-][ \t]|\d\d:\d\d(?:[.,]\d{{1,6}})?[\])]?[ \t]))?)[ \t>|]{{0,40}}(?:b?[\"'])?{_CODE}"
    ),
)
# A reply on the line of its command.
_ANSWERED: Final = re.compile(
    r"[\"'>]?[ \t]*(?:[:;,.=|-]+>?|<[<-]+)[ \t]*(?:[a-z]{1,12}:[ \t]*)?(?P<reply>[2-5][0-5]\d[ -].*)", re.IGNORECASE
)
_TAIL: Final = re.compile(r"(?:\\[rn]|<[cl][rf]>){1,4}['\"]?\s{0,8}\Z", re.IGNORECASE)
# A log's line has its time, or words on the connection: nobody waits for a reply behind these.
_STAMPED: Final = re.compile(r".{0,40}?\d\d:\d\d[:.]\d\d")
_CONNECTS: Final = re.compile(
    rf"(?:{_LEAD}[:>|\])*-][ \t]+|[^\w\n]{{0,20}})(?:attempting|(?:dis)?connect(?:ing|ed|ion)?|trying|resolving|closing|winsock|"
    r"socket|while talking)\b",
    re.IGNORECASE,
)
_TALKING: Final = re.compile(r"\b(?:talking to|connect(?:ed|ing|ion)? to|contacting) ", re.IGNORECASE)
_BANNER: Final = re.compile(r"220[ -](?P<host>\w(?:[\w.-]*\w)?\.[a-z][\w-]*[a-z])(?![\w.@-])", re.IGNORECASE)


_NUMBERS: Final = re.compile(r"\d+")


class _Command(NamedTuple):
    """A command's verb, of RCPT the recipient as written, and the number of its line in the text."""

    verb: str
    who: str = ""
    number: int = -1


_NO_COMMAND: Final = _Command("")


class _Reply(NamedTuple):
    """A reply's lines, from its code on, their numbers in the text, and what stands before the code."""

    lines: list[str]
    numbers: list[int]
    mark: str

    @property
    def code(self) -> str:
        return self.lines[0][:3]

    @property
    def refuses(self) -> bool:
        return self.lines[0].startswith(("4", "5"))


class Answer(NamedTuple):
    """Why one recipient was refused: the reply's lines, the command that it answers, the host, and whether the tie is sure."""

    who: str
    lines: list[str]
    command: str
    by: str | None
    sure: bool

    @property
    def passing(self) -> bool:
        """Whether it says to try again."""
        return self.lines[0].startswith("4")

    def fact(self, *, delayed: bool, words: str) -> Recipient:
        """Return the facts of the recipient.

        delayed   the notice is on a delay: whom nobody refused for good, it still tries to reach
        words     what the notice says beside the session, in lower case
        """
        said = session.said([" ".join(self.lines)[: limits.REPLY_CHARS]])
        return Recipient(
            address=self.who,
            action="delayed" if delayed and self.passing else "failed",
            reply=said.code,
            status=said.status,
            command=self.command,
            by=self.by,
            said=Said.REMOTE,
            text=said.text or None,
            expired=self.passing and phrases.EXPIRED.search(words),
            shared=not self.sure,
        )


class Talk(NamedTuple):
    """What sessions tell, by recipients in lower case.

    named     all whom a command names, as written; refused  those of them who were at last, and how
    doubtful  those of them of whom it is open: whose command is not answered, or who were taken and the content then was not
    numbers   of the lines that tell this; first, last  of the session's first and last line
    clear     it is not open whether each reply stands above its command or below
    """

    named: dict[str, str]
    refused: dict[str, Answer]
    doubtful: list[str]
    numbers: set[int]
    first: int
    last: int
    clear: bool

    def without(self, lines: list[str]) -> list[str]:
        """Return the lines, empty where they tell the fate of a recipient or who sent the message."""
        if not self.numbers:
            return lines
        return ["" if number in self.numbers else line for number, line in enumerate(lines)]


_SILENCE: Final = Talk({}, {}, [], set(), 0, 0, clear=True)


def heard(lines: list[str]) -> Talk:
    """Return what the sessions tell that *lines* show."""
    if "rcpt" not in "\n".join(lines).lower() or not any(map(_SIGN.search, lines)):
        return _SILENCE
    reader = _Reader()
    numbers = iter(range(len(lines)))
    for number in numbers:
        line = lines[number]
        if number + 1 < len(lines) and _BROKEN.match(line) and _command(whole := f"{line} {lines[number + 1].strip()}"):
            line = whole
            reader.numbers.add(next(numbers))
        reader.read(number, line)
    return reader.talk()


class _Reader:
    """What was heard so far, and of the present transaction: who was taken, and what waits for a reply."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self._named: dict[str, str] = {}
        self._refused: dict[str, Answer] = {}
        self._taken: set[str] = set()
        self._reached: set[str] = set()  # for whom the content was taken
        self._lost: set[str] = set()  # and for whom it was not answered
        self._places: list[int] = []  # the first and the last line
        self._begun = False  # a command was shown, or a greeting: replies above may be a list's
        self._leads = False  # a refusal without any mark stands above the first command, and may be the reply to it
        self._mark: str | None = None  # what stands before the last reply, while its words may go on
        self._waiting: list[_Command] = []
        self._replies: list[_Reply] = []
        self._host: str | None = None
        self._each = False  # in LMTP
        self._content = False  # DATA was taken, and the content is not answered yet
        self._accepted: list[str] = []
        self._begin()

    def _begin(self) -> None:
        """Begin a transaction: nobody is named yet."""
        if self._content:
            self._lost.update(map(str.lower, self._accepted))
        self._content = False
        self._accepted = []
        self._sender: _Reply | None = None  # the refusal of MAIL
        self._asked = False  # a recipient is named
        self._before: list[int] = []  # the lines of a refusal before one is: it may be about anybody

    def read(self, number: int, line: str) -> None:
        """Take in the next line."""
        if found := _reply(line):
            self._places[1:] = [number]
            self._replied(number, found["lead"].strip(" \t>|"), _TAIL.sub("", found["reply"]))
        elif command := _command(line):
            self._places[1:] = [number]
            self._sent(command._replace(number=number), line)
        elif self._mark is not None and self._goes_on(line):
            self._replies[-1].lines.append(line.strip())
            self._replies[-1].numbers.append(number)
        else:
            self._told(line)

    def talk(self) -> Talk:
        """Return what was heard, at the end."""
        self._settle()
        clear = not (self._leads and any(command.verb == "RCPT" for command in self._waiting))
        first, last = (self._places[0], self._places[-1]) if self._places else (0, 0)
        self._begin()
        doubtful = [who for who in self._named if who in self._lost or who not in self._taken]
        return Talk(self._named, self._refused if clear else {}, doubtful, self.numbers, first, last, clear)

    def _goes_on(self, line: str) -> bool:
        """Say whether a line goes on with the words of the reply above it: it is no line of the log."""
        if not line.strip() or _STAMPED.match(line) or _CONNECTS.match(line):
            return False
        begins = (self._mark or "").split(None, 1)[:1]
        wordless = not any(map(str.isalpha, self._replies[-1].lines[-1]))
        return line.split(None, 1)[:1] != begins and (wordless or not session.NEW.match(line))

    def _told(self, line: str) -> None:
        """Take in a line that nobody said: none at all, or what the log tells of the connection."""
        self._mark = None
        if not self._begun:
            self._replies, self._places = [], []
        if _CONNECTS.match(line):
            self._settle()
            self._waiting = []
            self._begin()
        if _TALKING.search(line):
            self._host = session.host(line) or self._host

    def _replied(self, number: int, mark: str, words: str) -> None:
        last = self._replies[-1] if self._replies else None
        if last and last.code == words[:3] and last.lines[-1][3:4] == "-":
            last.lines.append(words)
            last.numbers.append(number)
        elif last and not _are_alike(mark, last.mark):
            self.numbers.add(number)  # what the own system makes of the reply
        else:
            self._replies.append(_Reply([words], [number], mark))
            self._begun = self._begun or words.startswith("220")
        self._mark = mark

    def _sent(self, command: _Command, line: str) -> None:
        self._leads = self._leads or (not self._begun and self._mark == "" and self._replies[-1].refuses)
        if self._replies:
            self._settle()
        self._mark, self._begun = None, True
        self._waiting.append(command)
        self.numbers.add(command.number)
        if command.verb == "RCPT":
            self._asked = True
            self.numbers.update(self._before)
            if command.who and len(self._named) < limits.TEXT_RECIPIENTS:
                self._named.setdefault(command.who.lower(), command.who)
            asked = _RCPT.match(line)
            if asked and (answer := _ANSWERED.match(asked["rest"])):
                self._replied(command.number, "", answer["reply"])

    def _settle(self) -> None:
        """Tie the replies that came to the commands that waited for them."""
        commands, replies = self._waiting, self._replies
        if not replies:
            return
        self._waiting, self._replies, self._mark = [], [], None
        asked, before = self._asked, self._before
        if _are_paired(commands, replies):
            self._pair(commands, replies)
        else:
            self._guess([command for command in commands if command.verb == "RCPT"], replies)
        numbers = [number for reply in replies for number in reply.numbers]
        if any(reply.refuses for reply in replies) and not asked:
            self._before = [*before, *numbers, *(command.number for command in commands)]
            self.numbers.difference_update(self._before)
            return
        self.numbers.update(numbers)
        if any(command.verb not in ("QUIT", "RSET") for command in commands):
            self.numbers.update(before)  # it went on in another way

    def _pair(self, commands: list[_Command], replies: list[_Reply]) -> None:
        """Tie each reply to its command, and those behind them to the content."""
        further = replies[len(commands) :]
        # A refusal that is no farewell answers a command that is not shown, behind the only one.
        sure = len(commands) > 1 or not any(reply.refuses and reply.code != "421" for reply in further)
        for command, reply in zip(commands, replies, strict=False):
            self._answered(command, reply, sure=sure)
        for reply in further:
            self._answered(_NO_COMMAND, reply)

    def _guess(self, asked: list[_Command], replies: list[_Reply]) -> None:
        """Tie replies to recipients of whom it is open which is whose: by the only name in one, or to the only recipient."""
        known = {command.who.lower(): command.who for command in asked}
        for reply in replies:
            if reply.refuses:
                named = known.keys() & set(map(str.lower, address.IN_TEXT.findall(" ".join(reply.lines))))
                meant = [*(named or known)]
                if len(meant) == 1:
                    self._refuse(known[meant[0]], reply, "RCPT", sure=False)

    def _answered(self, command: _Command, reply: _Reply, *, sure: bool = True) -> None:
        verb = command.verb
        if verb in ("EHLO", "HELO", "LHLO") or (reply.code == "220" and verb != "STARTTLS"):
            self._begin()
            self._each = verb == "LHLO"
            banner = _BANNER.match(reply.lines[0])
            self._host = banner["host"].lower() if banner else self._host
        elif verb in ("MAIL", "RSET"):
            self._begin()
            self._sender = reply if reply.refuses else None
        elif verb == "QUIT":
            self._begin()
            self._host = None
        elif verb == "RCPT":
            self._on_recipient(command.who, reply, sure=sure)
        elif verb in ("DATA", ".", "BDAT") or self._content:
            self._on_content(reply)

    def _on_recipient(self, who: str, reply: _Reply, *, sure: bool) -> None:
        self._asked = True
        if reply.code == "503" and self._sender:  # nobody can be named after a sender who is refused
            self._refuse(who, self._sender, "MAIL")
        elif reply.refuses:
            self._refuse(who, reply, "RCPT", sure=sure)
        elif reply.code.startswith("2"):
            self._refused.pop(who.lower(), None)
            self._taken.add(who.lower())
            self._accepted.append(who)

    def _on_content(self, reply: _Reply) -> None:
        if reply.code.startswith("3"):
            self._content = True
            return
        meant = self._accepted[:1] if self._each else self._accepted
        self._accepted = self._accepted[len(meant) :]
        self._content = self._content and self._accepted != []
        for who in meant:
            if reply.refuses:
                self._refuse(who, reply, "DATA")
            else:
                self._reached.add(who.lower())

    def _refuse(self, who: str, reply: _Reply, command: str, *, sure: bool = True) -> None:
        """Note a recipient's refusal. Where the message reached him by another try it says nothing for sure."""
        key = who.lower()
        if key in self._named:
            self._refused[key] = Answer(who, reply.lines, command, self._host, sure and key not in self._reached)


def _reply(line: str) -> re.Match[str] | None:
    """Return the reply that a line shows: behind an arrow, else behind any mark."""
    if session.OF_MESSAGE.match(line):
        return None
    return next((found for form in _REPLIES if (found := form.match(line))), None)


def _command(line: str) -> _Command | None:
    """Return the command that a line shows: behind a mark or a time, not in the middle of words."""
    if (found := _RCPT.match(line)) and _is_lead(found["lead"]):
        return _Command("RCPT", found["who"])
    if (found := _VERB.match(line)) and _is_lead(found["lead"]):
        return _Command((found["verb"] or found["bare"]).upper())
    return _Command(".") if _DOT.match(line) else None


def _is_lead(lead: str) -> bool:
    """Say whether what stands before a verb is no sentence that goes on with it: "after RCPT TO:<bob@dest.example>"."""
    lead = lead.rstrip(" \t\"'")
    return not lead[-1:].isalpha() or _SPEAKER.search(lead) is not None


def _are_alike(mark: str, other: str) -> bool:
    """Say whether two marks are of the same side: they differ in numbers and times at most."""
    return _NUMBERS.sub("", mark.split()[-1] if mark else "") == _NUMBERS.sub("", other.split()[-1] if other else "")


def _are_paired(commands: list[_Command], replies: list[_Reply]) -> bool:
    """Say whether each command has its reply; behind DATA and 354 comes another one, to the content."""
    further = len(replies) - len(commands)
    if len(commands) < 2:
        return True
    return further == 0 or (further == 1 and commands[-1].verb == "DATA" and replies[-2].code == "354")
