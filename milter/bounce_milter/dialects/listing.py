"""Recipients told of in free words: the lines that are about each, and the reply that is meant for him.

Rule: a reply in a recipient's own lines is his; one below a list, or words apart below it, may be about its last alone; one that
stands once is about all, but only where no heading, title, paragraph or other reply parts them. Where each group has a reply above
it, that is its heading. Every look is bounded, a letter may name thousands. RFC 5321 4.2 says what a reply is.
"""

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

from msgspec.structs import replace

from bounce_milter import address, limits, phrases, reply
from bounce_milter.dialects import cause, session, whom
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import verbs

# Of lines about one recipient or all, where a reply is looked for: a transcript of the session is long.
_REPLY_LINES: Final = 80
# Lines above a recipient that may be about him: the notice's first sentences, and a heading.
_ABOVE_LINES: Final = 16
# Lines of a reply that is a heading.
_HEADING_LINES: Final = 4
# What stands before a reply in its line: the label of "Reason: 550 5.1.1 User unknown", or nothing.
_BEFORE_REPLY: Final = re.compile(rf"[ \t]*(?:[^\W\d_][^\d@:\n]{{1,40}}:[ \t]*)?(?={reply.REFUSED}[ -])")
# That a line goes on with an address.
_LEADS: Final = re.compile(r"\b(?:delivered|forwarded|relayed|sent) to[ \t]*\Z", re.IGNORECASE)
#: So many further lines with an address are looked at for a reply to it: a list names each, then a transcript.
_LATER_PLACES: Final = 100


class Quoted(NamedTuple):
    """A reply that the words quote, the host that they name for it, and the command that it answered."""

    said: reply.Reply
    by: str | None = None
    command: str | None = None


# A table's row, or a line, on one who is still waited for: "tom@dest.example Deferred 451 4.3.0 try again later".
_WAITS: Final = re.compile(
    rf"{address.ADDRESS}>?[\s|;,:]+(?:deferred|delayed|queued)[\s|;,:(\[]+4\d\d\b", re.IGNORECASE
)

# An entry of a list, its address, and what parts that from the words behind it.
_ENTRY: Final = re.compile(
    rf"(?P<begins>[ \t]*<?)(?P<who>{address.ADDRESS})(?P<parts>>?(?::[ \t]|[ \t]{{2}}|[ \t]-)[ \t]*)(?=\w)"
)

NOTHING: Final = Quoted(reply.Reply(None, None, ""))


def fates(places: dict[str, int], lines: list[str], *, delayed: bool, title: str = "") -> list[Recipient]:
    """Return the facts of each recipient, from the line where he is told of to the next one's or the next heading.

    title   the Subject, in lower case
    """
    order = sorted(places.items(), key=lambda item: item[1])[: limits.TEXT_RECIPIENTS]
    starts = sorted(set(places.values()))
    if len(starts) == 1:
        fact = _fate_of_one(order[0][0], starts[0], lines, delayed)
        return [replace(fact, address=who) for who, _ in order]
    replies = _reply_headings(lines, starts)
    titles = _titles(lines, starts)
    headings = sorted({*_headings(lines, titles), *replies})
    titles = sorted({*titles, *headings})
    ends = dict(pairwise(sorted({*starts, *headings, len(lines)})))
    last = _last_of_lists(lines, starts)
    of_lists = {at: quoted(lines[at : ends[at]]) for at in {at for start, at in last.items() if at > start}}
    apart = _own_lines(lines, starts, ends)
    of_all = _of_all(lines, starts, apart)
    since = _since(lines, starts[0], apart)
    over = _given_up(lines, starts, title) if delayed else set[int]()
    told = []
    for who, start in order:
        end = ends[start]
        heard = _of_heading(lines, start, titles, replies) or (of_all if start < since else NOTHING)
        own = _own(lines[start : min(_before_next(lines, start, end), start + whom.BLOCK_LINES * 2)])
        above = [lines[number] for number in _above(start, headings) if number not in apart]
        said = _shared(heard, lines, start, end)
        of_list = of_lists[last[start]] if said is NOTHING and last[start] > start else NOTHING
        late = delayed and start not in over
        if said is NOTHING and of_list is NOTHING and (words := _below_list(lines, start, last[start], ends)):
            told.append(replace(fate(NOTHING, who, words, above, late, alone=False), shared=True))
            continue
        fact = fate(said if of_list is NOTHING else of_list, who, own, above, late, alone=False)
        told.append(fact if of_list is NOTHING else replace(fact, shared=True))
    return told


def _below_list(lines: list[str], start: int, last: int, ends: dict[int, int]) -> list[str]:
    """Return the lines apart below the list that a recipient stands in, above its *last*.

    Nothing where they are the last's own, or name somebody.
    """
    below = lines[last + 1 : min(ends[last], last + whom.BLOCK_LINES * 2)]
    if last == start or not below or below[0].strip() or whom.has_words([lines[last]]):
        return []
    return [] if any("@" in whom.without_help(line) for line in below) else below


def _fate_of_one(who: str, start: int, lines: list[str], delayed: bool) -> Recipient:
    """Return the facts of a recipient beside whom no line names another: all are about him."""
    own, above = _own(lines[start : start + _REPLY_LINES]), lines[max(0, start - _ABOVE_LINES) : start]
    return fate(quoted(lines), who, own, above, delayed, alone=True)


def _of_all(lines: list[str], starts: list[int], apart: set[int]) -> Quoted:
    """Return the reply that stands in nobody's own lines (*apart*) and may be about all; nothing where something parts them."""
    if _groups(lines, starts) > 1 or _replied_between(lines, starts, apart) or _told_between(lines, starts, apart):
        return NOTHING
    return quoted([line for number, line in enumerate(lines) if number not in apart])


def _given_up(lines: list[str], starts: list[int], title: str) -> set[int]:
    """Return the lines of those recipients of whom it is told there that the message was not delivered, where on others' lines
    alone it is told that it still may be."""
    waits = {start for start in starts if phrases.DELAY.search(lines[start].lower())}
    others = " ".join(line for number, line in enumerate(lines) if number not in waits).lower()
    if not waits or "delay" in title or "warning" in title or phrases.DELAY.search(others):
        return set()
    told = ((start, lines[start].lower()) for start in starts if start not in waits)
    return {start for start, line in told if phrases.UNDELIVERED.search(line) or phrases.GIVEN_UP.search(line)}


def _before_next(lines: list[str], start: int, end: int) -> int:
    """Return where the lines of a recipient end: at the paragraph whose sentence leads to the next one's address, "could not be
    delivered to", else where that stands."""
    first = end
    if end < len(lines) and _LEADS.search(lines[end - 1]):
        while first > start + 1 and lines[first - 1].strip():
            first -= 1
    return first if first > start + 1 else end


def _own(lines: list[str]) -> list[str]:
    """Return the *lines* from a recipient on up to an entry of the same form that is of somebody else, whom it may only name:
    below an empty line one without a code, as far in as his, and a code deeper below each. Who was refused for good was not
    tried again. An entry of one line ends at the next."""
    if end := _next_entry(lines):
        return lines[:end]

    def heads(number: int) -> bool:
        line, below = lines[number], lines[number + 1]
        return not (whom.is_title(line) or reply.may_hold_code(line)) and (
            session.indent(line) == session.indent(lines[0]) < session.indent(below) and reply.may_hold_code(below)
        )

    if len(lines) < 2 or not heads(0) or (quoted(lines[:2]).said.code or "")[:1] != "5":
        return lines
    starts = (n for n in range(2, len(lines) - 1) if not lines[n - 1].strip() and lines[n].strip() and heads(n))
    return lines[: next(starts, len(lines))]


def _next_entry(lines: list[str]) -> int:
    """Return the number of the line that tells of another, of the same form as the first of the *lines*; 0 without one."""
    first = _ENTRY.match(lines[0]) if lines else None
    form = first.group("begins", "parts") if first else None
    entries = ((n, _ENTRY.match(line)) for n, line in enumerate(lines) if first)
    others = (
        n for n, each in entries if each and each.group("begins", "parts") == form and each["who"] not in lines[0]
    )
    return next(others, 0)


def _last_of_lists(lines: list[str], starts: list[int]) -> dict[int, int]:
    """Return of each recipient the line of the last of his list, in which each has a line alone."""
    found: dict[int, int] = {}
    for start in reversed(starts):
        goes_on = start + 1 in found and not whom.has_words([lines[start]])
        found[start] = found[start + 1] if goes_on else start
    return found


def _replied_between(lines: list[str], starts: list[int], apart: set[int]) -> bool:
    """Say whether a reply stands between recipients, and another one below the last: neither is about all."""

    def holds(number: int) -> bool:
        return number not in apart and reply.may_hold_code(lines[number]) and quoted([lines[number]]) is not NOTHING

    first, last = starts[0], starts[-1]
    return any(map(holds, range(first, last))) and any(map(holds, range(len(lines) - 1, last, -1)))


def _told_between(lines: list[str], starts: list[int], apart: set[int]) -> bool:
    """Say whether a paragraph between recipients tells of a failure and leads to nobody: no reply below is about those above."""
    failed = {n for n in range(starts[0], starts[-1]) if n not in apart and phrases.FAILURE.search(lines[n].lower())}
    for start in starts if failed else ():
        number = _last_above(lines, start)
        while number is not None and number not in apart and lines[number].strip():
            failed.discard(number)  # it leads to the one below
            number = number - 1 if number else None
    return bool(failed)


def _since(lines: list[str], first: int, apart: set[int]) -> int:
    """Return from which line on nobody is meant by the last reply about all: where it stands below the *first* recipient."""
    told = max((n for n, line in enumerate(lines) if n not in apart and reply.may_hold_code(line)), default=-1)
    return told if first < told else len(lines)


def quoted(lines: list[str]) -> Quoted:
    """Return the last reply that *lines* quote; nothing where they hold no code."""
    said = session.said(lines[:_REPLY_LINES])
    if not (said.code or said.status):
        return NOTHING
    block = "\n".join(lines)
    above = session.above(block, said)
    asked = session.led(block, above) or verbs.command(said.text)
    return Quoted(said, session.host(above), asked)


def _paragraph(lines: list[str], start: int, end: int) -> list[str]:
    """Return a recipient's own paragraph: from his address to an empty line or the next recipient."""
    return [lines[start], *takewhile(str.strip, lines[start + 1 : end])]


def _last_above(lines: list[str], start: int) -> int | None:
    """Return the number of the last line above *start* that is not empty."""
    return next((n for n in range(start - 1, -1, -1) if lines[n].strip()), None)


def _titles(lines: list[str], starts: list[int]) -> list[int]:
    """Return the numbers of the lines that end in a colon directly above recipients, whatever they tell."""
    named = set(starts)
    above = (_last_above(lines, start) for start in starts)
    return [n for n in above if n is not None and n not in named and whom.is_title(lines[n])]


def _headings(lines: list[str], titles: list[int]) -> list[int]:
    """Return the numbers of the lines that tell, of the recipients below each, why they failed; nothing of those above."""
    found = []
    for above in titles:
        lower = lines[above].lower()
        apart = above == 0 or not lines[above - 1].strip() or phrases.OPENS.search(lower)
        if apart and phrases.FAILURE.search(lower):
            found.append(above)
    return found


def _reply_headings(lines: list[str], starts: list[int]) -> dict[int, Quoted]:
    """Return the replies that are headings, each by the number of its first line: about the recipients below it alone.

    They are where one stands above each group of recipients, apart from the group before it or of the form that the first has,
    and none below the last.
    """
    found: dict[int, Quoted] = {}
    named = set(starts)
    form: tuple[str, bool] | None = None
    for start in starts:
        last = _last_above(lines, start)
        if last is None:
            return {}
        if last in named:
            continue
        first = last
        while first > max(0, last - _HEADING_LINES) and lines[first - 1].strip() and first - 1 not in named:
            first -= 1
        told = quoted([*lines[first:last], lines[last].rstrip(" \t:")])
        before = _BEFORE_REPLY.match(lines[last])
        alike = before and (before[0], whom.is_title(lines[last]))
        form = form if found else alike
        apart = (
            first == 0
            or not lines[first - 1].strip()
            or session.indent(lines[first]) < session.indent(lines[start])
            or (alike is not None and alike == form)
        )
        if told is NOTHING or not apart:
            return {}
        found[first] = told
    below = lines[starts[-1] :][:_REPLY_LINES]
    return {} if len(found) == 1 or quoted(below) is not NOTHING else found


def _groups(lines: list[str], starts: list[int]) -> int:
    """Return under how many titles the recipients stand: a reply that is quoted once need not be about each of them."""
    above = (
        next((line for line in reversed(lines[max(0, start - 2) : start]) if line.strip()), "") for start in starts
    )
    return len({title.strip() for title in above if whom.is_title(title) and "@" not in title})


def _above(start: int, headings: list[int]) -> list[int]:
    """Return the numbers of the lines above a recipient that may be about him: not what stands below others' headings."""
    at = bisect_left(headings, start)
    own = headings[at - 1] if at else 0
    return [n for n in range(max(0, start - _ABOVE_LINES), start) if n >= own or n < headings[0]]


def _of_heading(lines: list[str], start: int, titles: list[int], replies: dict[int, Quoted]) -> Quoted | None:
    """Return the reply that the title above a recipient quotes: "550 5.1.1 User unknown:" and addresses below it."""
    at = bisect_left(titles, start)
    if at and titles[at - 1] in replies:
        return replies[titles[at - 1]]
    found = quoted([lines[titles[at - 1]].rstrip(" \t:")]) if at else NOTHING
    return None if found is NOTHING else found


def _own_lines(lines: list[str], starts: list[int], ends: dict[int, int]) -> set[int]:
    """Return the numbers of the lines in recipients' own paragraphs; what stands elsewhere is about all of them."""
    return {start + at for start in starts for at in range(len(_paragraph(lines, start, ends[start])))}


def _shared(of_all: Quoted, lines: list[str], start: int, end: int) -> Quoted:
    """Return the reply to believe of one of several recipients where his own lines quote none."""
    paragraph = _paragraph(lines, start, end)
    if whom.is_title(paragraph[-1]) and len(paragraph) > 1:  # what follows is about him, whomever it names
        return quoted(lines[end : end + whom.BLOCK_LINES])
    return NOTHING if whom.has_words(paragraph) else of_all


def places(candidates: list[tuple[int, str]], lines: list[str]) -> dict[str, int]:
    """Return where each address is told of: where it stands first, but in a list of several, or a line that names several,
    only if no reply to it follows."""
    places: dict[str, int] = {}
    left = _LATER_PLACES
    several = len({found for _, found in candidates}) > 1
    names = Counter(number for number, _ in set(candidates))
    for number, found in candidates:
        first = places.setdefault(found, number)
        if several and first != number and left:
            left -= 1
            if (names[first] > 1 or not whom.has_words([lines[first]])) and _is_replied_to(lines, number):
                places[found] = number
    return places


def _is_replied_to(lines: list[str], number: int) -> bool:
    """Say whether a line with an address quotes a reply, or ends in a colon with a reply below."""
    below = (
        _paragraph(lines, number, min(number + whom.BLOCK_LINES, len(lines)))
        if whom.is_title(lines[number]) or not whom.has_words([lines[number]])
        else lines[number : number + 1]
    )
    return quoted(below) is not NOTHING


def fate(
    of_all: Quoted, found: str | None, lines: list[str], above: list[str], delayed: bool, *, alone: bool
) -> Recipient:
    """Return the facts of one recipient: the reply in his own lines, else the one that is about all."""
    said = session.said(lines[:_REPLY_LINES])
    block = "\n".join(lines)
    told = session.above(block, said)
    by = session.host(told)
    asked = verbs.command(" ".join(lines)[: limits.REPLY_CHARS]) or session.led(block, told)
    if said.code is None and said.status is None:
        if of_all is NOTHING:
            said, by = reply.Reply(None, None, cause.told(found, lines, above)), session.host(told, spoke=True)
        else:
            said, by, asked = of_all.said, by or of_all.by, asked or of_all.command
    return Recipient(
        address=found,
        # Of several, only those are delayed whom nobody refused for good.
        action="delayed" if (delayed and (alone or (said.code or "")[:1] != "5")) or _waits(lines, above) else "failed",
        reply=said.code,
        status=said.status,
        command=asked,
        by=by,
        said=_speaker(said, by, asked),
        text=said.text or None,
        # The last reply was temporary; that it was the last is said in words.
        expired=(said.code or "")[:1] == "4" and phrases.EXPIRED.search(" ".join([*above, *lines]).lower()),
    )


def _waits(lines: list[str], above: list[str]) -> bool:
    """Say whether a recipient's first line tells that he is waited for, and what stands above or behind it not that this is over."""
    if not (lines and _WAITS.search(lines[0])):
        return False
    heading, words = " ".join(above).lower(), " ".join([*above, *lines]).lower()
    return not (phrases.UNDELIVERED.search(heading) or phrases.EXPIRED.search(words) or phrases.GIVEN_UP.search(words))


def _speaker(said: reply.Reply, by: str | None, asked: str | None) -> Said | None:
    """Return who is known to have spoken: a server that is named, or a notice that quotes none."""
    if by and said.code:
        return Said.REMOTE
    return None if said.code or said.status or by or asked else Said.NOTICE
