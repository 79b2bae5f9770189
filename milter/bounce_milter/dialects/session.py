"""What mail systems quote of a session with another: the reply, the host that gave it, the command it answered.

Rule: the last quoted reply decides, whole: the lines before it that carry the same code, and the lines after it that
go on with its words. A status alone ends or begins the words of its paragraph. Without a reply the words themselves are
the cause, and then the own system says them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import re2
from msgspec.structs import replace

from bounce_milter import address, limits, phrases, reply
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import REFUSED, STATUS, quoting, verbs

#: What a report repeats of the message that came back: no word of why.
OF_MESSAGE: Final = re.compile(
    r"^[ \t>*|]*+(?:subject|date|sent(?: date)?|size(?: \([^)]{0,20}\))?|number of lines|betreff|datum|objet|asunto|fecha|oggetto|"
    r"assunto|件名|日時)[ \t]*[:=]",
    re.IGNORECASE,
)
#: What begins something new below a reply: a further command or reply, an address with its colon, a rule, a label.
NEW: Final = re.compile(
    r"\s*(?:<<<|>>>|<-|<\*\*|-{1,2}>|[a-z]{3} \d{4}-\d\d-\d\d \d\d:|-{3,}|={3,}|\*{3,}|(?:050|[45]\d\d)[ -]|\[(?:RCPT|MAIL|DATA|BODY|HELO)|<?[^\s<>@]+@[^\s<>]+>?:|"
    r"giving up|unable to deliver message to <|message (?:will|id|head)|warning: message still|this is|included|subject:|received:|your mail)",
    re.IGNORECASE,
)
# A line that breaks off behind a reply's codes: its words stand below.
_CODES_LAST: Final = re.compile(rf"(?<![\w.]){REFUSED}(?:[ -]#?{STATUS})?[ \t]*\Z")
# Nothing, a line that ends in a colon, or one that begins with an address.
_HEADING: Final = re.compile(r"^\s*$|:\s*$|^\s*['\"<]?[^\s<>@]+@")
# Words of a reply that a server begins with whom it means.
_ADDRESSED: Final = re.compile(rf"[ \t]*<?({address.ADDRESS})>?:")
_ITEM: Final = re.compile(rf"\s*(?:-{{1,2}}|[*•]) +{STATUS}\s")
_STATUS_FIRST: Final = re.compile(r"\s*(?:reason:\s*)?[245]\.\d", re.IGNORECASE)
# A label and a code alone, "Code: 550 5.7.1": the words stand under a label of their own, below or above.
_CODE_ALONE: Final = re.compile(
    rf"[ \t]*[^\W\d_][^\d@:.,;!?<>=\n]{{1,40}}: {{0,3}}(?:{REFUSED}(?:[ -]#?{STATUS})?|#?{STATUS})[ \t]*"
)
_LABELLED: Final = re.compile(r"[ \t]*[^\W\d_][^\d@:：.,;!?<>=\n]{1,40}[:：](?P<words>[^\n]*)")
# Words, and no ticket or date: letters beside those that a number or a name is made of.
_TELLS: Final = re.compile(r"\b(?:[^\W\d_]{2,40}\W{1,4}){2}[^\W\d_]{2}|[\u3040-\u9fff\uac00-\ud7af]{3}")
# A log of names and values, each on a line: "ErrInfo = 550 5.1.1 User unknown".
_VALUE: Final = re.compile(r"\s*[a-z][\w-]{1,19}[ \t]*=[ \t]", re.IGNORECASE)
# Lines of a reply below the one with its last code: long policy texts have ten.
_GOES_ON: Final = 12
# RE2: its time is linear, whatever the words hold.
_HOST: Final = re2.compile(
    r"(?:\bhost:?\s+|while talking to |\bserver |\bconnect(?:ed|ing|ion)? to |contacting |\bby |\bfrom |\bgateway )"
    r"<?(?P<name>\w(?:[\w.-]*\w)?\.[a-z][\w-]*[a-z])\.?"
    r"|<(?P<marked>\w[\w.-]*\.[a-z][\w-]*[a-z]) #\d\.\d{1,3}\.\d{1,3}>"  # Exchange 2000
    r"|(?P<bare>[\w.-]*\w)(?: \[[\da-f:.]+\])? (?:does not like|did not like|failed after i sent|said:|says:|responded|replied|answered)"
)
_SPOKE: Final = re.compile(
    r"\.?>?(?: ?[\[(][\da-f:.]{3,45}[\])])?(?::\d{1,5})? (?:does not like|did not like|said|says|responded|replied|answered)\b"
)
# Sendmail names the client below it, which answered nothing: "... was received at 10:11\nfrom pc.example [192.0.2.4]".
_CLIENT: Final = re.compile(r"\bmessage was received at [^\n]{0,60}\s{0,8}\bfrom \S{1,300}")
_HOST_SIGNS: Final = (
    "host", "talking to", "server ", "connect", "contacting ", "by ", "from ", "gateway ", "not like", "i sent", "said:",
    "says:", "responded", "replied", "answered", " #",
)  # fmt: skip
# How qmail and Postfix say in their first line which host they run on; qmail's descendants in the same form.
_GREETS: Final = re.compile(
    r"^[ \t]*(?:hi[.!,]? )?this is the [\w -]{1,40}(?:program|system) at (?:host )?(\w[\w-]*(?:\.[\w-]+)+)\.?(?=\s|$)",
    re.IGNORECASE | re.MULTILINE,
)
_TRIED: Final = re2.compile(r"(?i)[^.:]*\b(?:after|within|for) \d{1,3} (?:days?|hours?)\b[^.:]*")


def said(lines: Sequence[str]) -> reply.Reply:
    """Return the last reply that *lines* quote, with all its words; without a code, the words of all lines."""
    lines = ["" if OF_MESSAGE.match(line) else line for line in lines]
    last, found = _last_reply(lines)
    if found is None:
        return quoting.find(_one_line(lines))
    code = found.code
    if code and (held := _held(lines[last], code)):
        return quoting.find(held)
    first = last if code else _first_words(lines, last)
    while code and (above := _line_above(lines, first, code)) is not None:
        first = above
    if first > 0 and code and re.search(rf"\s{code}-", lines[first - 1]):
        first -= 1  # the first of several lines stands behind other words: "host mx.dest.example: 550-Over quota"
    if code and (around := _quoting(lines, first)) is not None:
        first = around
    end = last + 1
    if code and end < len(lines) and _is_broken(lines[:end], code, lines[end]):
        end += 1
    in_log, in_table = (row.match(lines[last]) is not None for row in (_VALUE, _LABELLED))
    while end < len(lines) and end - last < _GOES_ON and lines[end].strip() and not NEW.match(lines[end]):
        if (in_log and _VALUE.match(lines[end])) or (in_table and _is_advice(lines[end])):
            break
        end += 1
    if code and (words := _under_a_label(lines, last, end)):
        told = quoting.find(f"{code} {words}")
        return replace(found, text=words, status=found.status or (told.status if told.code == code else None))
    whole = quoting.find(_unquoted(_one_line(lines[first:end])))
    return whole if whole.code == code else found


def _is_advice(line: str) -> bool:
    """Say whether a line bids something behind a label: a row of its own below the one with the reply."""
    told = _LABELLED.match(line)
    return told is not None and phrases.BIDS.search(told["words"].strip().lower())


def _held(line: str, code: str) -> str | None:
    """Return the reply that a line ends with in brackets, behind words of its own: "the mailbox is full (552 Quota exceeded)"; None
    where none does, or no more than codes."""
    held = re.search(rf"\(({code}[ -][^()]*)\)[.,;。]?\s*\Z", line)
    return held[1] if held and any(map(str.isalpha, held[1])) else None


def _under_a_label(lines: Sequence[str], last: int, end: int) -> str | None:
    """Return the words of a reply whose code stands alone behind a label in the line *last*: those of the first label below
    it that tell something, to the line *end*, else those of the label above; None where it does not stand so."""
    if not _CODE_ALONE.fullmatch(lines[last]):
        return None
    for number in range(last + 1, end):
        if (told := _LABELLED.match(lines[number])) and _TELLS.search(told["words"]):
            return _one_line([told["words"], *lines[number + 1 : end]])
    above = _LABELLED.match(lines[last - 1]) if last else None
    return _one_line([above["words"]]) if above and _TELLS.search(above["words"]) else None


def _line_above(lines: Sequence[str], first: int, code: str) -> int | None:
    """Return the number of the line above the *first* one that is of the same reply: above empty lines only where its
    hyphen says that the reply goes on (RFC 5321 4.2.1)."""
    above = first - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    mark = "[- ]" if above == first - 1 else "-"
    return above if above >= 0 and re.match(rf"\W*{code}{mark}", lines[above]) else None


def _quoting(lines: Sequence[str], first: int) -> int | None:
    """Return the number of the line in which a reply begins that quotes the one in the *first* line, "... host mx.far.example said:"
    above it, None where none does."""
    if first == 0 or not lines[first - 1].rstrip().endswith("said:"):
        return None
    above = range(first - 1, max(first - _GOES_ON, 0) - 1, -1)
    return next((number for number in above if reply.may_hold_code(lines[number])), None)


def _first_words(lines: Sequence[str], last: int) -> int:
    """Return where the words begin that a status ends: in the first line of its paragraph that is no heading."""
    first = last
    while first > 0 and not _STATUS_FIRST.match(lines[first]) and not _HEADING.search(lines[first - 1]):
        first -= 1
    return first


def _is_broken(lines: Sequence[str], code: str, below: str) -> bool:
    """Say whether *lines* end with a reply's codes, and what stands *below* is its words, though it begins with an address.

    That stands deeper, or is one of theirs: any other begins something new.
    """
    named = _ADDRESSED.match(below)
    if named is None or not re.search(rf"(?<![\w.]){code}(?:[ -]#?{STATUS})?\s*$", lines[-1]):
        return False
    return indent(below) > indent(lines[-1]) or any(named[1] in line for line in lines)


def indent(line: str) -> int:
    """Return how many characters of space a line begins with."""
    return len(line) - len(line.lstrip())


def _last_reply(lines: Sequence[str]) -> tuple[int, reply.Reply | None]:
    """Return the number of the last line with a reply code, and what it says; else of the first with a status alone.

    A list of several statuses explains them, and none is the recipient's.
    """
    stated: tuple[int, reply.Reply | None] = (-1, None)
    explained: set[str] = set()
    for number in range(len(lines) - 1, -1, -1):
        if reply.may_hold_code(lines[number]):
            found = quoting.find(lines[number])
            if found.code:
                return number, found
            if found.status:
                stated = number, found
                if _ITEM.match(lines[number]):
                    explained.add(found.status)
    return (-1, None) if len(explained) > 1 else stated


def host(text: str, *, spoke: bool = False) -> str | None:
    """Return the host that *text*, what stands before a reply, says it talked to: the last one named.

    spoke   only one of which the text tells that it said something: nobody else does where no code shows a reply
    """
    found = None
    lower = _CLIENT.sub(" ", text[: limits.REPLY_CHARS].lower())
    if not any(sign in lower for sign in _HOST_SIGNS):
        return None
    for match in _HOST.finditer(lower):
        if spoke and match["name"] and not _SPOKE.match(lower, match.end()):
            continue
        found = match["name"] or match["marked"] or match["bare"]
    return found if found and "." in found else None


def greeting(text: str) -> str | None:
    """Return the host that wrote the bounce, as its greeting names it: "This is the mail system at host mx.dest.example."."""
    greets = _GREETS.search(text)
    return greets[1].lower() if greets else None


def fate(
    who: str | None,
    lines: Sequence[str],
    *,
    action: str = "failed",
    alias: str | None = None,
    by: str | None = None,
    command: str | None = None,
) -> Recipient:
    """Return the facts that a block of lines about one recipient tells."""
    block = "\n".join(lines)[: limits.REPLY_CHARS]
    found = said(block.split("\n"))
    # What a server says may name other hosts: "email from example.com is not accepted".
    told = above(block, found)
    there = host(told)
    answered = command or verbs.command(_one_line([block])) or led(block, told)
    quoted = (
        found.code is not None
        or "remote host said" in block.lower()
        or bool((by or there) and answered and found.status)
    )
    return Recipient(
        address=who,
        alias=alias,
        action=action,
        reply=found.code,
        status=found.status,
        command=answered,
        by=by or (there if quoted else host(told, spoke=True)),
        said=Said.REMOTE if quoted else Said.OWN,
        text=found.text[: limits.WORDS_CHARS] or None,
    )


def tried(lines: Sequence[str]) -> str | None:
    """Return the sentence that says how long the server tried: said once above the addresses, it holds for all."""
    told = _TRIED.search(_one_line(lines)[: limits.WORDS_CHARS])
    return f"{told[0].strip()}." if told else None


def shown(code: str) -> str:
    """Return the pattern of a reply code where it is one: in no name, key, phone number or address."""
    return rf"(?<![\w.@+-]){code}(?=[\s:;,#/\])-]|\Z)(?![ -]?\d{{3}})(?!-{STATUS}@)"


def above(block: str, found: reply.Reply) -> str:
    """Return the part of *block* before the reply that was found in it; all of it where there is none."""
    code = re.search(shown(found.code), block) if found.code else None
    return block[: code.start()] if code else block


def led(block: str, told: str) -> str | None:
    """Return the SMTP verb that *told*, the words of *block* before the reply that was found in it (`above`), say was being answered."""
    lead = told[-limits.REPLY_CHARS :]
    return verbs.led(lead) or (verbs.early(lead) if told is not block else None)


def blocks(lines: Sequence[str], starts: Callable[[str], str | None]) -> list[tuple[str, list[str]]]:
    """Return (address, lines) for each line that *starts* reads an address from; its own line is the first.

    The same address on the next lines is a server's word on it: replies are wrapped, and may lose their indentation.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        who = starts(line)
        goes_on = found and (found[-1][0] == who or _breaks_off(found[-1][1], line)) and found[-1][1][-1].strip()
        if who and not goes_on:
            if len(found) == limits.TEXT_RECIPIENTS:
                break  # nobody hears of more, and his lines are not the last one's
            found.append((who, [line]))
        elif found:
            found[-1][1].append(line)
    return found


def _breaks_off(block: Sequence[str], line: str) -> bool:
    """Say whether a *block* of lines ends with a reply's codes behind its first, and a *line* has words of it behind an address."""
    named = _ADDRESSED.match(line)
    words = named is not None and line[named.end() :].strip() != ""
    return words and len(block) > 1 and _CODES_LAST.search(block[-1]) is not None


def address_at(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """Return a reader of the address that group 1 of *pattern* holds at the start of a line."""

    def starts(line: str) -> str | None:
        match = pattern.match(line)
        return address.clean(match[1]) if match else None

    return starts


def _unquoted(words: str) -> str:
    """Return the words without the quotation marks around all of them."""
    inner = words[1:-1]
    return inner if words == f'"{inner}"' and '"' not in inner else words


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())
