r"""The careful reader of last resort: any bounce that a mail system signs and that no family claims.

Rule: an address counts only in the report's own words, and only where words of failure point at it (`whom`); those
whom the message reached did not fail. Where no address can be trusted, the recipient is None and the words alone are
told.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from bounce_milter import address, kinds, limits, phrases, reply
from bounce_milter.dialects import reached, session, whom
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View
from bounce_milter.vocabulary import Kind

# What a report repeats of the message that came back; no word of why.
_OF_MESSAGE: Final = re.compile(
    r"^[ \t>*|]*(?:subject|date|sent(?: date)?|size(?: \([^)]{0,20}\))?|number of lines|betreff|datum|objet|asunto|fecha|oggetto|"
    r"assunto|件名|日時)[ \t]*[:=]",
    re.IGNORECASE,
)
_PERSONAL: Final = re.compile(
    r"^\s*(?:hello|hi|hey|dear|hallo|guten tag|bonjour|hola)\b|"
    r"\bi (?:am|have|get|got|tried|sent|cannot|can't)\b|please help|^regards",
    re.MULTILINE,
)
_ANSWERED: Final = re.compile(rf"^[ \t]*<{address.ADDRESS}>:? (?:[45]\d\d)[ -]", re.MULTILINE)
_RULES: Final = ("---", "===", "***", "___")
# What servers write before the reason, in the languages of those that have no report.
_REASON_TOLD: Final = re.compile(
    r"(?:reason|grund|ursache|motivo?|motif|raison|cause|causa|причина|powód|årsag|orsak|årsak|reden|oorzaak|neden|důvod|(?:退信)?原因|理由|(?:실패|반송)?사유) ?[:：]",
    re.IGNORECASE,
)
# So IIS speaks of every delay.
_FIXED: Final = (
    "this is an automatically generated delivery status notification", "this is a warning message only",
    "you do not need to resend your message",
)  # fmt: skip
# MDaemon's log of the session tells each step.
_LOGGED: Final = re.compile(
    r"^(?:[ \t>*|]*[a-z]{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d:[ \t*]*|session transcript follows:)", re.IGNORECASE
)
# Where a person greets and says who he is.
_GREETING_CHARS: Final = 400
# Of lines about one recipient or all, where a reply is looked for: a transcript of the session is long.
_REPLY_LINES: Final = 80
# Lines above a recipient that may be about him: the notice's first sentences, and a heading.
_ABOVE_LINES: Final = 16
# Lines that tell the cause where no reply is quoted.
_CAUSE_LINES: Final = 10
# Characters below which a recipient's own lines hardly tell it.
_SHORT: Final = 60
# Letters that make a word.
_WORD: Final = 3
#: So many further lines with an address are looked at for a reply to it: a list names each, then a transcript.
_LATER_PLACES: Final = 100


class _Quoted(NamedTuple):
    """A reply that the words quote, the host that they name for it, and the command that it answered."""

    said: reply.Reply
    by: str | None = None
    command: str | None = None


_NOTHING: Final = _Quoted(reply.Reply(None, None, ""))


def claims(view: View) -> bool:
    """Claim what a mail system signs and what speaks of failure in its Subject or its own words."""
    if not (kinds.from_daemon(view) or kinds.says_bounce(view)) or _is_notice(view):
        return False
    if _is_forged(view):
        return False
    if kinds.is_challenge(view) or (kinds.is_vacation(view) and not kinds.says_bounce(view)):
        return False
    if not kinds.signed(view) and "\n> " in view.text:  # who answers by himself quotes what he got, a bounce too
        return False
    # Exim names whom it failed in a field; its words are the admin's, in any language (bounce_message_file).
    strong = view.message.has("x-failed-recipients") or phrases.STRONG.search(view.one_line)
    if not kinds.from_daemon(view):
        # Not signed by a mail system: the Subject says bounce, the words must say it too and nobody may answer to it.
        return strong and _automatic(view)
    if kinds.says_bounce(view):
        return not (kinds.writes_himself(view) and _by_person(view))
    if kinds.writes_himself(view):
        return False
    if kinds.signed(view):
        return (
            strong
            or _returns(view)
            or (
                kinds.null_sender(view)
                and (
                    phrases.DELAY.search(view.one_line)
                    or bool(_ANSWERED.search(view.text) or whom.REFUSAL.search(view.text))
                )
            )
        )
    # A null sender alone is a weak signature: relays put it over people's mail, over tickets and notices of machines too.
    shows = view.returned or view.status or reply.may_hold_code(view.text)
    return strong and bool(shows) and not _by_person(view)


def _is_forged(view: View) -> bool:
    """Say whether somebody may speak in a mail system's name: another domain gets what goes back, and nothing is shown."""
    shows = view.returned or view.status or reply.may_hold_code(view.text) or kinds.by_itself(view)
    return not shows and kinds.answerable(view) and kinds.sent_by_others(view)


def _returns(view: View) -> bool:
    """Say whether the addressee gets back, under the null sender, what he wrote: a bounce, in whatever language."""
    writer = address.first(view.original.from_ or "")
    return writer is not None and kinds.null_sender(view) and writer == address.first(view.message.first("to") or "")


def _is_notice(view: View) -> bool:
    """Say whether the addressee is told of mail that he did not get; not where the returned message's Subject does."""
    opening, colon, _ = view.title.partition(": ")
    repeats = colon and kinds.signed(view) and phrases.BOUNCE_SUBJECT.search(opening)
    if phrases.NOTICE_SUBJECT.search(opening if repeats else view.title):
        return True
    return phrases.NOTICE.search(view.one_line) and not reply.may_hold_code(view.text)


def _by_person(view: View) -> bool:
    message = view.message
    return bool(message.has("x-mailer") or message.has("user-agent") or _PERSONAL.search(view.lower[:_GREETING_CHARS]))


def _automatic(view: View) -> bool:
    """Say whether fields and words tell that no person wrote this, and nobody waits for an answer."""
    message = view.message
    if "\n>" in view.text or _PERSONAL.search(view.lower[:_GREETING_CHARS]) or not view.author:
        return False
    answerable = kinds.answerable(view)
    if message.has("auto-submitted"):
        # Shops, builds and monitors tell of deliveries of their own, and take back what bounces; they return no mail.
        return kinds.by_itself(view) and not (answerable and not view.returned)
    if answerable or message.has("references"):
        return False
    return "smtp" in (message.first("x-mailer") or "smtp").lower() or "server" in view.author


def read(view: View) -> Found | None:
    """Return a recipient for each address that a line of failure names, or one without address."""
    new = whom.elsewhere(view)
    own = whom.own_addresses(view) | new
    lines = reached.without(view)
    found = whom.without_house(whom.candidates(lines, own), lines, view.author)
    if not found and (reached.succeeds(view.title) or whom.candidates(view.text.split("\n"), own)):
        return Found(_delivered(view, own), kind=Kind.DELIVERED)
    places = _places(found, lines) or whom.returned_to(view)
    if not places and view.returned:  # who writes to himself gets his own address back, with what he wrote
        places = _places(whom.candidates(lines, new), lines)
    if places:
        return Found(tuple(_fates(places, lines, delayed=kinds.is_delay(view))))
    # Tickets and receipts speak of unknown users too, and postmasters of mail that was lost.
    sure = kinds.signed(view) and kinds.null_sender(view)
    if not (kinds.says_bounce(view) and (sure or phrases.STRONG.search(view.lower))):
        return None
    of_all = _quoted(lines)
    if not view.returned and _may_be_fraud(view, quotes=of_all is not _NOTHING):
        return None
    return Found((_fate(of_all, None, lines, [], kinds.is_delay(view), alone=True),))


def _may_be_fraud(view: View, *, quotes: bool) -> bool:
    """Say whether words that return nothing may be no bounce.

    Fraud speaks of failed mail in a mail system's name, and of its reader's own mailbox; fax servers and the like speak
    of theirs under the null sender.

    quotes   whether a server's reply stands in them
    """
    answerable = kinds.answerable(view)
    reader = (address.first(view.message.first("to") or "") or "").lower()
    of_reader = reader != "" and reader in view.lower
    of_nobody_else = {found.lower() for found in address.IN_TEXT.findall(view.text)} == {reader}
    if quotes:
        return of_reader and (answerable or of_nobody_else)
    return answerable or of_reader or not kinds.signed(view)


def _fates(places: dict[str, int], lines: list[str], *, delayed: bool) -> list[Recipient]:
    """Return the facts of each recipient, from the line where he is told of to the next one's or the next heading."""
    order = sorted(places.items(), key=lambda item: item[1])[: limits.TEXT_RECIPIENTS]
    starts = sorted(set(places.values()))
    alone = len(starts) == 1
    headings = [] if alone else _headings(lines, starts)
    nexts = dict(pairwise(sorted({*starts, *headings, len(lines)})))
    ends = {start: nexts[start] for start in starts}
    apart = set() if alone else _own_lines(lines, ends)
    of_all = (
        _NOTHING
        if _groups(lines, starts) > 1
        else _quoted([line for number, line in enumerate(lines) if number not in apart])
    )
    since = len(lines) if alone else _since(lines, starts[0], apart)
    return [
        _fate(
            of_all
            if alone
            else _shared(
                _of_heading(lines, start, headings) or (of_all if start < since else _NOTHING),
                lines,
                start,
                ends[start],
            ),
            found,
            lines[start : min(ends[start], start + (_REPLY_LINES if alone else whom.BLOCK_LINES * 2))],
            [lines[number] for number in _above(start, headings) if number not in apart],
            delayed,
            alone=alone,
        )
        for found, start in order
    ]


def _since(lines: list[str], first: int, apart: set[int]) -> int:
    """Return from which line on nobody is meant by the last reply about all: where it stands below the *first* recipient."""
    told = max((n for n, line in enumerate(lines) if n not in apart and reply.may_hold_code(line)), default=-1)
    return told if first < told else len(lines)


def _delivered(view: View, own: set[str]) -> tuple[Recipient, ...]:
    """Return those of whom the text says that they have the message, else all whom it names, or the only addressee."""
    lines = view.text.split("\n")
    told = reached.numbers(lines, opened=False) or range(len(lines))
    named = [
        a
        for number in sorted(told)
        if not whom.OTHER_FIELD.match(lines[number])
        for a in whom.in_line(lines[number], own)
    ]
    return tuple(Recipient(address=who, action="delivered") for who in dict.fromkeys(named or whom.returned_to(view)))


def _quoted(lines: list[str]) -> _Quoted:
    """Return the last reply that *lines* quote; nothing where they hold no code."""
    said = session.said(lines[:_REPLY_LINES])
    if not (said.code or said.status):
        return _NOTHING
    above = session.above("\n".join(lines), said)
    asked = reply.command(above[-limits.REPLY_CHARS :]) or reply.command(said.text)
    return _Quoted(said, session.host(above), asked)


def _paragraph(lines: list[str], start: int, end: int) -> list[str]:
    """Return a recipient's own paragraph: from his address to an empty line or the next recipient."""
    empty = next((number for number in range(start + 1, end) if not lines[number].strip()), end)
    return lines[start:empty]


def _headings(lines: list[str], starts: list[int]) -> list[int]:
    """Return the numbers of the lines that tell, of the recipients below each, why they failed; nothing of those above."""
    found = []
    named = set(starts)
    for start in starts:
        above = next((n for n in range(start - 1, -1, -1) if lines[n].strip()), None)
        if above is None or above in named or not lines[above].rstrip().endswith(":"):
            continue
        lower = lines[above].lower()
        apart = above == 0 or not lines[above - 1].strip() or phrases.OPENS.search(lower)
        if apart and phrases.FAILURE.search(lower):
            found.append(above)
    return found


def _groups(lines: list[str], starts: list[int]) -> int:
    """Return under how many titles the recipients stand: a reply that is quoted once need not be about each of them."""
    above = (
        next((line for line in reversed(lines[max(0, start - 2) : start]) if line.strip()), "") for start in starts
    )
    return len({title.strip() for title in above if title.rstrip().endswith(":") and "@" not in title})


def _above(start: int, headings: list[int]) -> list[int]:
    """Return the numbers of the lines above a recipient that may be about him: not what stands below others' headings."""
    at = bisect_left(headings, start)
    own = headings[at - 1] if at else 0
    return [n for n in range(max(0, start - _ABOVE_LINES), start) if n >= own or n < headings[0]]


def _of_heading(lines: list[str], start: int, headings: list[int]) -> _Quoted | None:
    """Return the reply that the heading above a recipient quotes: "550 5.1.1 User unknown:" and addresses below it."""
    at = bisect_left(headings, start)
    found = _quoted([lines[headings[at - 1]].rstrip(" \t:")]) if at else _NOTHING
    return None if found is _NOTHING else found


def _own_lines(lines: list[str], ends: dict[int, int]) -> set[int]:
    """Return the numbers of the lines in recipients' own paragraphs; what stands elsewhere is about all of them."""
    return {start + at for start, end in ends.items() for at in range(len(_paragraph(lines, start, end)))}


def _shared(of_all: _Quoted, lines: list[str], start: int, end: int) -> _Quoted:
    """Return the reply to believe of one of several recipients where his own lines quote none."""
    paragraph = _paragraph(lines, start, end)
    if paragraph[-1].rstrip().endswith(":") and len(paragraph) > 1:  # what follows is about him, whomever it names
        return _quoted(lines[end : end + whom.BLOCK_LINES])
    return _NOTHING if _has_words(paragraph) else of_all


def _has_words(paragraph: list[str]) -> bool:
    """Say whether a paragraph tells something beside addresses and their labels."""
    told = " ".join(address.IN_TEXT.sub("", whom.TO_FIELD.sub("", line)) for line in paragraph)
    return sum(map(str.isalpha, told)) >= _WORD


def _places(candidates: list[tuple[int, str]], lines: list[str]) -> dict[str, int]:
    """Return where each address is told of: where it stands first, but in a list of several only if no reply to it follows."""
    places: dict[str, int] = {}
    left = _LATER_PLACES
    several = len({found for _, found in candidates}) > 1
    for number, found in candidates:
        first = places.setdefault(found, number)
        if several and first != number and left:
            left -= 1
            if not _has_words([lines[first]]) and _is_replied_to(lines, number):
                places[found] = number
    return places


def _is_replied_to(lines: list[str], number: int) -> bool:
    """Say whether a line with an address quotes a reply, or ends in a colon with a reply below."""
    below = (
        _paragraph(lines, number, min(number + whom.BLOCK_LINES, len(lines)))
        if lines[number].rstrip().endswith(":") or not _has_words([lines[number]])
        else lines[number : number + 1]
    )
    return _quoted(below) is not _NOTHING


def _fate(
    of_all: _Quoted, found: str | None, lines: list[str], above: list[str], delayed: bool, *, alone: bool
) -> Recipient:
    """Return the facts of one recipient: the reply in his own lines, else the one that is about all."""
    said = session.said(lines[:_REPLY_LINES])
    by = session.host(session.above("\n".join(lines), said))
    asked = reply.command(" ".join(lines)[: limits.REPLY_CHARS])
    if said.code is None and said.status is None:
        if of_all is _NOTHING:
            said = reply.Reply(None, None, _cause(found, lines, above))
        else:
            said, by, asked = of_all.said, by or of_all.by, asked or of_all.command
    return Recipient(
        address=found,
        # Of several, only those are delayed whom nobody refused for good.
        action="delayed" if delayed and (alone or (said.code or "")[:1] != "5") else "failed",
        reply=said.code,
        status=said.status,
        command=asked,
        by=by,
        said=Said.REMOTE if by and said.code else None,
        text=said.text or None,
        # The last reply was temporary; that it was the last is said in words.
        expired=(said.code or "")[:1] == "4" and phrases.EXPIRED.search(" ".join([*above, *lines]).lower()),
    )


def _cause(found: str | None, lines: list[str], above: list[str]) -> str:
    """Return the words about one recipient: his own lines, and what stands above them where those name no failure."""
    own = _words(found, lines)
    if _REASON_TOLD.search(own):
        return own[: limits.CAUSE_CHARS]
    if not phrases.FAILURE.search(own.lower()) or len(own.encode()) < _SHORT:
        own = f"{_words(found, above)} {own}".strip()
    elif tried := session.tried(above):
        own = f"{tried} {own}"
    return own[: limits.CAUSE_CHARS]


def _words(found: str | None, lines: list[str]) -> str:
    """Return the lines as one, without those that hold nothing but the address, a heading or another field,
    say whom to ask, or warn of mail from outside; of a log only what failed."""
    kept = [
        _LOGGED.sub("", line, 1)
        for line in _without_help(lines)
        if not _names_only(line, found)
        and not phrases.BANNER.search(line.lower())
        and not _is_heading(line.strip(" \t|"))
        and not whom.OTHER_FIELD.match(line)
        and not _OF_MESSAGE.match(line)
        and not (_LOGGED.match(line) and not phrases.FAILURE.search(line.lower()))
    ]
    return " ".join(" ".join(kept[:_CAUSE_LINES]).split())


def _names_only(line: str, found: str | None) -> bool:
    """Say whether a line holds nothing, or nothing but the address, with or without a label."""
    told = whom.TO_FIELD.sub("", line) if found and found in line else line
    return told.strip(" \t-=*_<>:") in ("", found or "")


def _without_help(lines: list[str]) -> Iterator[str]:
    """Yield the lines without what says whom to ask, and without the rest of a paragraph that begins with it."""
    asks, before = False, "x"
    for line in lines:
        told = whom.without_help(line)
        asks = bool(line.strip()) and (asks or not (told.strip() or before.strip()))
        before = line
        if not asks:
            yield told


def _is_heading(line: str) -> bool:
    return (line.startswith(_RULES) and line.endswith(_RULES)) or line.lower().startswith(_FIXED)


DIALECT: Final = Dialect("generic", claims, read)
