"""What a reader of bounces looks at: the words above the returned message, and the returned message's header.

Rule: the border between the report's own words and the returned message is drawn here, once; no dialect reads
below it, because returned mail may itself quote bounces. Each view is made when first asked for, and kept.
"""

import codecs
import re
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from bounce_milter import address, limits, phrases, reply
from bounce_milter.facts import Original
from bounce_milter.message import SIGNATURE, Fields, Message, Part, decode_field, parse_fields
from bounce_milter.message.markup import html_text, quotes
from bounce_milter.view import letterhead, quotation, typeset

# Fields that only a message on its way has, such as any author writes, and such as may stand among them (RFC 5322 3.6).
_OF_TRANSPORT: Final = r"Return-Path|Received|X-[\w-]+|Delivered-To|DKIM-Signature|Mime-Version"
_OF_AUTHOR: Final = r"From|To|Date|Subject|Message-ID"
_AMONG: Final = r"Cc|Reply-To|Sender"
_VALUE: Final = r".*\n(?:[ \t].*\n)*"
# A header block in the middle of text: the returned message without any announcement. A form that a program fills in has an
# empty "CC:" (IMail).
_HEADER_BLOCK: Final = re.compile(
    rf"^(?:(?:{_OF_TRANSPORT}|{_OF_AUTHOR}):{_VALUE}(?:(?:{_AMONG}):[ \t]*\S{_VALUE})*){{3,}}",
    re.IGNORECASE | re.MULTILINE,
)
# The same with the fields that follow it, whatever their names.
_WHOLE_HEADER: Final = re.compile(
    rf"{_HEADER_BLOCK.pattern}(?:[!-9;-~]{{1,128}}:.*+(?:\n|\Z)(?:[ \t].*+(?:\n|\Z))*+)*+", _HEADER_BLOCK.flags
)
# What only a message on its way has in its header; without it a block may be a notice's summary of the message,
_ON_ITS_WAY: Final = re.compile(rf"^(?:{_OF_TRANSPORT}):", re.IGNORECASE | re.MULTILINE)
# and is, where the line below it tells the cause: under a label, as a reply, or as a sentence that only bounces hold.
_CAUSE: Final = re.compile(
    r"(?:the )?(?:server|remote|response|answer|recipient|reason|error|fail|cause|status|diagnos|"
    r"grund|fehler|raison|erreur|motivo|causa|原因|理由)[^\n:：]{0,40}[:：]",
    re.IGNORECASE,
)
_LINE_BELOW: Final = re.compile(r"\s*(.{0,300})")
# Its second line begins like this, with Zoho's messages without the space. Few texts hold such a line, and to look for
# one costs a tenth.
_FIELD_LINE: Final = re.compile(r"\n(?:[\w-]+: |(?:Received|From|Subject|To|Message-ID):)")
# "Undelivered mail" alone on a line announces the returned message only where its header stands below, or where what
# stands above has told of the failure; else it is the notice's own title.
_TITLE: Final = re.compile(r"\s*(?:return(?:ed)?|undelivered|unsent|rejected|bounced) (?:message|mail)[ \t:.]*")
# Of so many titles it is asked what stands above them: for each that is all of the text before it.
_TITLES: Final = 3
_HEADER_BELOW: Final = re.compile(
    rf"\s*(?:[>|] ?)?(?:(?:{_OF_TRANSPORT}|{_OF_AUTHOR}|{_AMONG}|Content-[\w-]+):|From )", re.IGNORECASE
)
# What gateways put before a Subject: "[EXTERN]", "***SPAM***", "External:"; a help desk's "[undeliverable]" is no such tag.
_TAGS: Final = re.compile(
    r"(?: ?(?:\[(?!(?:undeliver(?:able|ed)|unzustellbar|rejected)\])[^\[\]]{1,24}\]|\{[^{}]{1,24}\}|\*{2,5}[^*]{1,24}\*{2,5}|(?:external|extern|spam) ?:))+ ?(?=\S)"
)
# Where what a notice is about is looked for: it may stand below a letterhead, or the same in other languages.
_FIRST_CHARS: Final = 6_000
# RFC 3676 4.3: what hangs below it is said by whoever runs the system, of no recipient.
_SIGNATURE: Final = f"\n{SIGNATURE}\n"
# What list managers hang below all that passes them, with an address in it that is the list's.
_LINE_OF_LIST: Final = "______________________________\n"
_OF_LIST: Final = re.compile(r"^_{30,80}\n(?=[^\n]{0,200} mailing list\b)", re.IGNORECASE | re.MULTILINE)
# What stands before and behind a text that is signed as it stands, and before lines of it (RFC 9580 7).
_SIGNED, _OF_SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE-----\n"
_ESCAPED: Final = re.compile(r"^- ", re.MULTILINE)
_RETURNED_TYPES: Final = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
    "text/rfc822",
)
#: The media types of a delivery-status part (RFC 3464 2.1, RFC 6533 5).
STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
# How such a part begins, whatever its type says (RFC 3464 2.2, 2.3).
_STATUS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:Reporting-MTA|Final-Recipient|Original-Recipient|Original-Envelope-Id|DSN-Gateway|Received-From-MTA|Arrival-Date):",
    re.IGNORECASE,
)
_STATUS_LOOK: Final = 200
# How a returned message begins, whatever its type says.
_MESSAGE: Final = re.compile(
    rf"\s*(?:>?From [^\n]*\n)?(?:(?:{_OF_TRANSPORT}|{_OF_AUTHOR}|{_AMONG}|Content-Type):[^\n]*\n(?:[ \t][^\n]*\n)*){{3}}".encode(),
    re.IGNORECASE,
)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
# What a notice tells of the message where it returns nothing: Exim's "The subject of the message is:", MDaemon's "Subject    :".
_TOLD: Final = re.compile(
    r"^[ \t]*+(?:the )?(?P<name>subject|date)(?: of the message is)?[ \t]*:[ \t]*(?P<value>\S.{0,300})$",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_ORIGINAL: Final = {"message-id": "message_id", "subject": "subject", "from": "from_", "to": "to", "date": "date"}

_Value = TypeVar("_Value")


class once(Generic[_Value]):  # noqa: N801 # it stands where @property does
    """A property whose work is done on first use and kept; `functools.cached_property` takes a lock for it up to 3.11."""

    def __init__(self, work: "Callable[[View], _Value]") -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, view: "View", _: type | None = None) -> _Value:
        value = view.__dict__[self._name] = self._work(view)
        return value


class View:
    """The outer message as a person would read it. `sender` is the envelope sender where it is known.

    words   all that is read of it, where that is not all its words
    """

    def __init__(self, message: Message, sender: str | None = None, words: str | None = None) -> None:
        self.message = message
        self.sender = sender
        if words is not None:
            self.__dict__["_words"] = words  # as `once` keeps what it found: nothing is looked for

    @once
    def subject(self) -> str:
        """The Subject, decoded, or an empty string."""
        return self.message.first("subject") or ""

    @once
    def title(self) -> str:
        """The Subject in lower case, without the tags that gateways put before it."""
        lower = self.subject.lower()
        tags = _TAGS.match(lower)
        return lower[tags.end() :] if tags else lower

    @once
    def author(self) -> str:
        """The From field in lower case, or an empty string."""
        return (self.message.first("from") or "").lower()

    @once
    def house(self) -> str:
        """The domain of From in lower case, or an empty string."""
        return address.domain(address.named(self.author))

    @once
    def reader(self) -> str:
        """The address of the first mailbox in To in lower case, or an empty string."""
        return address.named(self.message.first("to"))

    @once
    def status(self) -> tuple[Part, ...]:
        """The delivery-status parts of the outer message (RFC 3464 2, RFC 6533 5); one by its content where a report
        has none of the type, or where it is attached to the words as text or as data."""
        parts = self.message.parts
        status = tuple([part for part in parts if part.type in STATUS_TYPES])
        if status:
            return status
        report = self.message.type == "multipart/report" or "report-type" in self.message.parameters
        others = [
            part
            for number, part in enumerate(parts)
            if (number or (report and not part.type.startswith("text/")))
            and part.type not in _RETURNED_TYPES
            and part.type not in _HTML
        ]
        return tuple([part for part in others if _STATUS.match(part.content(_STATUS_LOOK))])

    @once
    def _words(self) -> str:
        return self._read()

    def _read(self, mark: str = "") -> str:
        """Return all text before the first returned or status part; HTML only where no plain text tells of a failure.

        mark   what stands before the lines of what HTML quotes

        Between two parts stands an empty line: a footer of its own part is none of the last reply's words.
        """
        plain: list[str] = []
        markup: list[Part] = []
        for part in self.message.parts:
            if part.type in _RETURNED_TYPES or (part in self.status and (plain or markup)):
                break
            if part in self.status and len(self.message.parts) > 1:
                continue  # it stands before the words
            if part.type in _HTML:
                markup.append(part)
            elif part.type.startswith("text/") or part is self.message.parts[0]:
                text = _unarmoured(part.text())
                looks_html = text.lstrip()[:200].lower().startswith(("<html", "<!doctype html"))
                plain.append(html_text(text, mark) if looks_html else text)
        text = letterhead.below(typeset.lines("\n\n".join(plain)))
        if not markup or _tells(letterhead.above(text[: _of_list(text)])):
            return text
        words = letterhead.below(typeset.lines("\n\n".join(html_text(part.text(), mark) for part in markup)))
        return words if words.strip() else text

    @once
    def _border(self) -> int:
        """Where a signature or the returned message begins in `_words`; its length where neither does."""
        words = self._words
        block = _returned_block(words) if _FIELD_LINE.search(words) else None
        places = [_announced(words), words.find(_SIGNATURE), block.start() if block else -1, _of_list(words)]
        return min(place for place in places if place >= 0)

    @once
    def _lines(self) -> list[str]:
        """The lines of the report's own words, above the returned message; behind TEXT_LINES of them all others as one."""
        words = reply.joined(typeset.words(letterhead.above(self._words[: self._border])))
        return words.split("\n", limits.TEXT_LINES)

    @once
    def text(self) -> str:
        """The report's own words, above the returned message, at most TEXT_LINES lines of LINE_CHARS characters."""
        return "\n".join([line[: limits.LINE_CHARS] for line in self._lines[: limits.TEXT_LINES]])

    @once
    def cut(self) -> bool:
        """Whether the report's own words go on beyond what is read of them."""
        if "".join(self._lines[limits.TEXT_LINES :]).strip():
            return True
        # An event in JSON is one line, which its reader reads whole.
        if any(len(line) > limits.LINE_CHARS and not line.startswith("{") for line in self._lines):
            return True
        return self._border == len(self._words) and any(
            part.type.startswith("text/") and part.goes_on_beyond(limits.TEXT_BYTES) for part in self.message.parts
        )

    @once
    def own(self) -> "View":
        """The message without the lines that quote a letter; the view itself where none does."""
        in_markup = any(part.type in _HTML and quotes(part.text()) for part in self.message.parts)
        if not (in_markup or quotation.marks(self.text)):
            return self
        words = self._read(quotation.MARK) if in_markup else self._words
        kept = quotation.without(words)
        return self if kept == words else View(self.message, self.sender, kept)

    @once
    def reported(self) -> bytes:
        """The delivery-status parts as one, decoded, an empty line between them."""
        return b"\n\n".join([part.content(len(part.body)).removeprefix(codecs.BOM_UTF8) for part in self.status])

    @once
    def lower(self) -> str:
        """`text` in lower case."""
        return self.text.lower()

    @once
    def opening(self) -> str:
        """The first words in lower case, as they stand."""
        return self.lower[:_FIRST_CHARS]

    @once
    def one_line(self) -> str:
        """The first words in lower case as one line: a phrase may run over the end of a line."""
        return " ".join(self.opening.split())

    @once
    def returned(self) -> Fields:
        """The returned message's fields; empty where nothing came back."""
        return parse_fields(self._returned_header)

    @once
    def _returned_as_data(self) -> Part | None:
        """The returned message where it is attached as data, or as text behind the report."""
        parts = self.message.parts
        last = max((number for number, part in enumerate(parts) if part in self.status), default=len(parts))
        may_be = (
            part
            for number, part in enumerate(parts)
            if (number and part.type == "application/octet-stream") or (number > last and part.type == "text/plain")
        )
        return next(
            (part for part in may_be if part not in self.status and _MESSAGE.match(part.content(limits.HEADER_BYTES))),
            None,
        )

    @once
    def _returned_header(self) -> bytes:
        part = (
            next((part for part in self.message.parts if part.type in _RETURNED_TYPES), None) or self._returned_as_data
        )
        if part is not None:
            return part.content(limits.HEADER_BYTES).lstrip(b"\n").split(b"\n\n", 1)[0]
        header = _WHOLE_HEADER.search(self._words[self._border :])
        if header is None and _FIELD_LINE.search(self.text):
            header = _WHOLE_HEADER.search(self.text)
        return header[0].encode("utf-8", "replace") if header else b""

    @once
    def original(self) -> Original:
        """Message-ID, Subject, From, To and Date of the returned message (RFC 5322 3.6), or what the words tell of it."""
        first = dict(reversed(self.returned))
        if not first:
            return Original(
                **{
                    told["name"].lower(): decode_field(told["value"].encode())
                    for told in reversed([*_TOLD.finditer(self.text)])
                }
            )
        return Original(**{key: decode_field(first[name]) for name, key in _ORIGINAL.items() if name in first})


def _tells(text: str) -> bool:
    """Say whether plain text beside HTML is more than "please use a program that shows HTML"."""
    if "@" in text or reply.may_hold_code(text):
        return True
    lower = text.lower()
    return phrases.STRONG.search(lower) or phrases.FAILURE.search(lower)


def _announced(words: str) -> int:
    """Return where the first line that announces the returned message begins, -1 without one."""
    lower = words.replace("\u0130", "i").lower()  # the one letter that would become two
    titles = 0
    for line in phrases.BORDER.finditer(lower):
        if _goes_on(words, line.start()):
            continue
        if not _TITLE.fullmatch(line[0]) or _HEADER_BELOW.match(words, line.end()):
            return line.start()
        titles += 1
        if titles <= _TITLES and phrases.FAILURE.search(words[: line.start()].lower()):
            return line.start()  # below what tells of a failure it is no title of the notice
    return -1


def _goes_on(words: str, start: int) -> bool:
    """Say whether the line from *start* ends a sentence: "A copy of" and on the next line "your message follows."."""
    return (
        words[start : start + 1].islower()
        and words[start - 1 : start] == "\n"
        and words[start - 2 : start - 1].isalnum()
    )


def _returned_block(words: str) -> re.Match[str] | None:
    """Return the first header block that is the returned message's, not a summary with the cause below it."""
    for block in _HEADER_BLOCK.finditer(words):
        if not _tells_fate(words, block):
            return block
    return None


def _tells_fate(words: str, block: re.Match[str]) -> bool:
    """Say whether the first line below a summary tells why the message was not delivered, and names nobody else, or, below any
    header, that it was."""
    line = _LINE_BELOW.match(words, block.end())
    if line is None or any(who not in block[0] for who in address.IN_TEXT.findall(line[1])):
        return False
    lower = line[1].lower()
    if phrases.ALL_THE_SAME.search(lower):
        return True
    if _ON_ITS_WAY.search(block[0]):
        return False
    return (
        bool(_CAUSE.match(line[1]))
        or reply.refuses(line[1])
        or phrases.STRONG.search(lower)
        or phrases.STOPPED.search(lower)
    )


def _of_list(words: str) -> int:
    """Return where what a list manager hangs below begins, the length of *words* where nothing does."""
    found = _OF_LIST.search(words) if _LINE_OF_LIST in words else None
    return found.start() if found else len(words)


def _unarmoured(text: str) -> str:
    """Return what a text is that OpenPGP signed as it stands (RFC 9580 7)."""
    if not text.lstrip().startswith(_SIGNED):
        return text
    words = text.partition("\n\n")[2].partition(_OF_SIGNATURE)[0]
    return _ESCAPED.sub("", words)
