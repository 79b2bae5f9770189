"""Whom a notice is about: the addresses in its words that may be somebody's fate.

Rule: in words of no known form an address counts only near words of failure: on the same line, in the block that such
a line opens, or as the only foreign address there is. Addresses of the sender, of helpdesks and of daemons are nobody's
fate, nor is the one that somebody has now.
"""

import re
from collections.abc import Callable, Iterable
from itertools import chain, takewhile
from typing import Final

from bounce_milter import address, limits, phrases, reply
from bounce_milter.dialects import addressees, standing
from bounce_milter.phrases import guess
from bounce_milter.view import View

#: Of the lines below a heading, those that are its block.
BLOCK_LINES: Final = 12

# Whom to ask, what takes commands for a list, and viruses that mail themselves: W32.Novarg.A@mm (CARO's names end in @m and @mm).
_NOT_FATE: Final = re.compile(
    r"^(?:post-?master|mailer-daemon|abuse|support|help(?:desk)?|webmaster|hostmaster|admin(?:istrator)?|noreply|no-reply|mailadmin|root|daemon|feedback|unblock|delist\w*|security|info-?desk|servicedesk|antispam|spam|virus\w*|contact|kunden(?:service|dienst))@|[^@]{1,64}-(?:un)?subscribe(?:-[^@]{0,128})?@|.*@mm?$",
    re.IGNORECASE,
)
# An address that begins a line, and a refusal directly behind it, or below.
_REFUSED: Final = re.compile(
    rf"[ \t]*(?:(?:[-*•]|\d{{1,4}}[.)])[ \t]+)?<?(?P<who>{address.ADDRESS})>?[ \t]*+(?:[:–-][ \t]*+)?(?:\n[ \t]+)?{reply.REFUSED}[ -]"
)
# An entry: what stands before the address that it begins with, and the mark behind that.
_ENTRY: Final = re.compile(
    rf"(?P<begins>[ \t]*(?:(?:[-*•]|\d{{1,4}}[.)])[ \t]+)?(?:[^\W\d_][^<>@:\n]{{1,30}}:[ \t]*)?<?)(?P<who>{address.ADDRESS})"
    r"(?P<parts>>?(?:[:,;–-]|\Z|[ \t]))"
)
_REPLY: Final = re.compile(rf"[ \t]*{reply.REFUSED}[ -]")
_NUMBER: Final = re.compile(r"\d+")
# What is told below such an entry stands deeper, or behind a label.
_BEGINS: Final = re.compile(r"[ \t]*[^\W\d_][^<>@:\n]{1,30}:|[ \t]+")
# It looks like an address and is none.
_MESSAGE_ID: Final = re.compile(
    r"\bmessage(?:(?:-| with |s? )?id(?:entifier)?)?[ \t]*+[:=]?[ \t]*+<?[^\s<>@]+@[^\s<>]+>?", re.IGNORECASE
)
# A log may put the time before it, MDaemon's " Wed 2004-03-03 10:11:10: *  From: ...", and lists everybody whom the message is for.
_TIME: Final = r"[a-z]{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d:[ \t*]*"
OTHER_FIELD: Final = re.compile(
    rf"^[ \t>*|]*+(?:{_TIME}to|(?:{_TIME})?"
    r"(?:from|(?:original )?sender(?:-mta| address)?|absenderadresse|adresse de l['’]expéditeur|dirección del remitente|indirizzo (?:del )?mittente|"
    r"endereço do remetente|adres (?:van )?afzender|adres nadawcy|return-path|reply-to|message-?id|in-reply-to|references|cc|bcc|envelope[- ](?:from|sender)|mail from|"
    r"von|de|absender|expéditeur|expediteur|mittente|remitente|(?:message )?id|originator|(?:sent|submitted) by|(?:sent )?on behalf of|received|authenticated))[ \t]*[:=]",
    re.IGNORECASE,
)
#: The fields of the message, which name everybody whom it was for.
ADDRESSED_FIELD: Final = re.compile(r"[ \t>*|]*+(?:to|b?cc)[ \t]*[:=]", re.IGNORECASE)
_FIELD: Final = re.compile(r"[ \t>*|]*+[a-z][\w-]{1,40}(?: \([^()]{1,20}\))?[ \t]*:", re.IGNORECASE)
_SENDER_FIELD: Final = re.compile(r"[ \t>*|]*+(?:from|sender|von|de|absender)[ \t]*:", re.IGNORECASE)
# Of these, those that name whom the message is for too.
_COPY_FIELD: Final = re.compile(r"[ \t>*|]*+b?cc[ \t]*[:=]", re.IGNORECASE)
TO_FIELD: Final = re.compile(
    r"^[ \t>*|-]*+(?:(?:final|original|intended|failed|invalid|bad|unknown)?[- ]?recipients?(?: address(?:es)?)?|"
    r"to|rcpt(?: to)?|failed address(?:es)?|(?:e-?mail )?address(?:es)?|destination|mailbox|user|"
    r"an|à|a|destinatario|destinataire|empfänger)[ \t]*(?:\(s\)[ \t]*)?[:=]",
    re.IGNORECASE,
)
# With a colon behind it, in brackets, or behind Mercury's mark.
_ADDRESS_LINE: Final = re.compile(
    r"[ \t]*<?[^\s<>@]+@[^\s<>@]+>?[ \t]*:[ \t]*$|[ \t]*<[^\s<>@]+@[^\s<>@]+>[ \t]*$"
    r"|[ \t]*\*{3} <?[^\s<>@]+@[^\s<>@]+>?[ \t]*$"
)
_IDEOGRAPHS: Final = "[\u3040-\u9fff\uac00-\ud7af]{0,128}"
_AMID_WORDS: Final = re.compile(rf"{_IDEOGRAPHS}([!-~]+@[!-~]+){_IDEOGRAPHS}")
# Beside an address that stands alone, at most a name or a label.
_LABEL: Final = 40
# What says of an address only that it is one: "[SMTP:bob@dest.example]" (MailEnable), "rfc822; bob@dest.example".
_TYPE: Final = re.compile(r"\b(?:smtp:|mailto:|rfc822;)(?=[ <]?\S{1,128}@)", re.IGNORECASE)
# Letters that make a word.
_WORD: Final = 3
_AROUND: Final = " \t<>\"'*-:;,.()[]|#0123456789•·‣–—"
# Addresses of one list: nothing but a mark, or "and", stands between two of them, and a name before the brackets of the second.
_NAME: Final = r"(?:\"[^\"@\n]{1,64}\"|(?![a-z])[^\W\d_][^<>@\"|,;:\n]{0,63}?)[ \t]{0,4}(?=<)"
_TOGETHER: Final = re.compile(
    rf"{address.ADDRESS}[>\"']{{0,2}}(?=[ \t]{{0,4}}"
    r"(?:[,;/&]|[,;]?(?<=[ \t>,;])[ \t]?"
    r"(?:and|n?or|as well as|und|oder|sowie|et|ou|ainsi que|y|o|e)(?: (?:to|an|à|a))?\b)"
    rf"[ \t]{{0,4}}(?:{_NAME})?[<\"']{{0,2}}{address.ADDRESS})"
)
# Of whom the mail was for, not of whom to ask: "the group you tried to contact".
_TRIED: Final = re.compile(
    r"\b(?:(?:tr(?:ied|ying)|attempt(?:ed|ing)|unable|failed) to|(?:could|can) ?n[o']t(?: be)?) contact(?:ed)?\b"
)
#: What a sentence ends with, and what stands between two.
ENDS: Final = (".", ":", "!", "?")
BETWEEN: Final = re.compile(r"(?<=[.!?]) +")
# Of addresses, that they are like one that there is not, or stand for it. A language a row.
_INSTEAD: Final = re.compile(
    r"\b(?:similar|alternative|instead|did you mean|successors?|(?:please|kindly|may) (?:use|try))\b|"
    r"\bähnlich|\b(?:stattdessen|ersatzweise|meinten sie)\b|"
    r"\b(?:similaires?|à la place|vouliez-vous)\b|"
    r"\b(?:similares|en su lugar|quiso decir|em vez d)|"
    r"\b(?:simili|al posto|al suo posto)\b|\b(?:vergelijkbare|in plaats daarvan|bedoelde u)\b"
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?,;]) +|(?<=[。！？；，、]) *| (?=\()")


def candidates(lines: list[str], own: set[str], known: Iterable[str] = ()) -> list[tuple[int, str]]:
    """Return (line number, address) of each address that words of failure point at, else of the only one.

    own, known   addresses that are nobody's fate, in lower case; those that are known to be written to
    """
    written = {who.lower() for who in known}
    near: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    helpers: list[tuple[int, str]] = []
    named: set[str] = set()
    failed = _below(lines, _opens_failed)
    offered = {number for number in _below(lines, _offers) if _is_another(lines[number], written)}
    opened = taken = -BLOCK_LINES
    for number, line in enumerate(lines):
        if phrases.OPENS.search(line.lower()):
            opened = number
        is_other = number in offered or "@" not in line or OTHER_FIELD.match(line)
        if is_other or (number and _names_others(lines[number - 1])):
            continue
        line = without_help(line)  # no address of it may be seen
        found = in_line(line, own, written)
        if not found:
            helpers.extend((number, who) for who in _helper(line, own))
            continue
        bare = not line.replace(found[0], "", 1).strip(_AROUND)
        entry = _is_entry(line, found[0], lines[number : number + 3], opened=number - opened <= BLOCK_LINES)
        listed = entry or (bare and (taken == number - 1 or number in failed))  # the list goes on
        if listed or _tells_failure(line, _around(lines, number, bare=bare)):
            told = found if listed else _together(line, found)
            if bare and others and others[-1][0] == number - 1:
                near.extend(_list_above(others, number, lines))
            near.extend((number, a) for a in told)
            taken = number
            named.update(told)
            if len(named) > limits.TEXT_RECIPIENTS:
                break  # nobody hears of more
        else:
            others.append((number, found[0]))
    if near:
        near = _without_listed(near, lines)
        return standing.meant(near, others + helpers, lines, known)
    return others if len({a.lower() for _, a in others}) == 1 else []


def entries(lines: list[str], own: set[str]) -> list[str]:
    """Return the roles that are told of like recipients: with a refusal of their own, in a list below a title of failure, or
    as an entry of the same form as somebody else's, with words of failure of their own."""
    listed = _below(lines, _opens_failed)
    found = [who for _, _, who in _alike(lines, own)]
    for number, line in enumerate(lines):
        if "@" not in line or OTHER_FIELD.match(line) or (number and _names_others(lines[number - 1])):
            continue
        refused = _REFUSED.match("\n".join(lines[number : number + 2]))
        alone = [who for who in _helper(line, own) if number in listed and address.name(who) not in addressees.ASKED]
        found += [refused["who"]] if refused else alone
    return [who for who in found if is_role(who) and who.lower() not in own]


def without_own(lines: list[str], own: set[str]) -> list[str]:
    """Return the *lines*, empty where they tell of one of the *own* addresses in an entry of its own: of nobody else."""
    told = [range(number, end) for number, end, who in _alike(lines, own) if who.lower() in own]
    gone = set(chain.from_iterable(told))
    return ["" if number in gone else line for number, line in enumerate(lines)] if gone else lines


def _alike(lines: list[str], own: set[str]) -> list[tuple[int, int, str]]:
    """Return the roles and *own* addresses that begin an entry of the form that somebody else's has, where it tells that they
    failed: its first line, where it ends, and the address."""
    those: list[tuple[int, re.Match[str], str]] = []
    forms: set[str] = set()
    for number, line in enumerate(lines):
        entry = _ENTRY.match(line) if "@" in line else None
        if entry is None or OTHER_FIELD.match(line):
            continue
        form = _form(entry, _below_entry(lines, number))
        if is_role(entry["who"]) or entry["who"].lower() in own:
            those.append((number, entry, form))
        elif in_line(line[: entry.end("who")], own):
            forms.add(form)
    return [
        (number, number + 1 + len(_below_entry(lines, number)), entry["who"])
        for number, entry, form in those
        if form in forms and _is_refused(lines, number, entry)
    ]


def _below_entry(lines: list[str], number: int) -> list[str]:
    """Return the lines of the entry that begins in the one with that *number*, below it; an empty line may stand between
    that and deeper ones."""
    below = lines[number + 1 : number + BLOCK_LINES]
    apart = len(below) > 1 and not below[0].strip() and below[1][:1].isspace()
    told = takewhile(lambda line: line.strip() and "@" not in line, below[apart:])
    return [*below[:apart], *told] if apart else [*told]


def _form(entry: re.Match[str], below: list[str]) -> str:
    """Return what stands around the address of an entry, its number aside, and where it ends the line how the line *below* begins."""
    around = _NUMBER.sub("0", "\n".join(entry.group("begins", "parts")))
    first = next(filter(str.strip, below), "")
    begins = _BEGINS.match(first) if not entry.string[entry.end() :].strip() else None
    return f"{around}\n{begins[0]}" if begins else around


def _is_refused(lines: list[str], number: int, entry: re.Match[str]) -> bool:
    """Say whether an entry tells of a failure, and nobody is bidden to ask there.

    Words below it are its own where they stand deeper or behind a label, a reply anyhow.
    """
    last = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)
    if last is not None and _names_others(lines[last]):
        return False
    behind, below = entry.string[entry.end() :], _below_entry(lines, number)
    words = "\n".join([behind, *below]).lower()
    if phrases.HELPDESK.search(words) or guess.supposes(words):
        return False
    first = next(filter(str.strip, [behind, *below]), "")
    if _REPLY.match(first) or reply.refuses(words):
        return True
    return bool(behind.strip() or _BEGINS.match(first)) and phrases.FAILURE.search(words)


def _opens_failed(title: str) -> bool:
    """Say whether below a title stand those who failed, and not whom to ask if somebody did."""
    return phrases.UNDELIVERED.search(title) and not (phrases.HELPDESK.search(title) or guess.supposes(title))


def _without_listed(near: list[tuple[int, str]], lines: list[str]) -> list[tuple[int, str]]:
    """Return the candidates without those whom a header of the message lists, where words elsewhere name some: it is for all.

    A header with a code among its fields tells of a failure itself.
    """
    fields = {number for number, _ in near if ADDRESSED_FIELD.match(lines[number])}
    listed = {number for number in fields if _in_header(lines, number)}
    named = {who.lower() for number, who in near if number not in fields}
    return [(number, who) for number, who in near if number not in listed or who.lower() in named] if named else near


def _in_header(lines: list[str], number: int) -> bool:
    """Say whether the line with that *number* stands in a header of the message, below or above who sent it."""
    first = last = number
    while first > max(0, number - BLOCK_LINES) and _FIELD.match(lines[first - 1]):
        first -= 1
    while last < min(len(lines) - 1, number + BLOCK_LINES) and _FIELD.match(lines[last + 1]):
        last += 1
    header = lines[first : last + 1]
    return any(map(_SENDER_FIELD.match, header)) and not any(map(reply.may_hold_code, header))


def without_house(found: list[tuple[int, str]], lines: list[str], house: str) -> list[tuple[int, str]]:
    """Return the candidates without those of the author's *house*, its domain, below a reply on another's address.

    They are whom to ask, where their own line tells no failure.
    """
    house = f"@{house}"
    if len(found) < 2 or found[0][1].lower().endswith(house):
        return found
    told = max((number for number, line in enumerate(lines) if reply.may_hold_code(line)), default=len(lines))
    return [
        (number, who)
        for number, who in found
        if number <= told or not who.lower().endswith(house) or phrases.FAILURE.search(lines[number].lower())
    ]


def without_quoted(found: list[tuple[int, str]], lines: list[str], known: Iterable[str]) -> list[tuple[int, str]]:
    """Return the candidates without those whom only a server names in its reply on the one above or before it, to whom his mail went
    on: "bob@dest.example", and below it "The server said: 550 5.1.1 <jane@far.example>: User unknown".

    known   who is known to be written to; where nobody is, none is left out
    """
    written = {who.lower() for who in known}
    named = {number for number, _ in found}

    def is_quoted(number: int, who: str) -> bool:
        before = lines[number].partition(who)[0]
        led = number - 1 in named or "@" in before
        return who.lower() not in written and led and reply.may_hold_code(before)

    return [(number, who) for number, who in found if not (written and is_quoted(number, who))]


def without_reached(found: list[tuple[int, str]], lines: list[str], there: set[str]) -> list[tuple[int, str]]:
    """Return the candidates without those *there*, whom it reached, and who stand but in a field of whom it was for, where some are left."""
    failed = {who.lower() for number, who in found if not TO_FIELD.match(lines[number])}
    return [(number, who) for number, who in found if who.lower() in failed or who.lower() not in there] or found


def _list_above(others: list[tuple[int, str]], number: int, lines: list[str]) -> list[tuple[int, str]]:
    """Take the addresses of a list from *others* that stand alone in the lines above the one with that *number*."""
    taken: list[tuple[int, str]] = []
    while others and others[-1][0] == number - 1 - len(taken):
        at, who = others[-1]
        if lines[at].replace(who, "", 1).strip(_AROUND):
            break
        taken.append(others.pop())
    return taken[::-1]


# Sendmail names the client below it, and whom that is by identd (RFC 1413): "from kim@pc.example.org [192.0.2.4]".
_RECEIVED: Final = "the original message was received at"


# "If you have problems with this, tell us:" tells of no failure.
_SUPPOSED: Final = re.compile(r"^\W*(?:if|should|in case|wenn|falls|bei|si|en cas|se|in caso|als)\b[^,:]*,")


def _names_others(line: str) -> bool:
    """Say whether what stands below a line is whom to ask, "For help, write to:", or who sent the message."""
    lower = line.rstrip().lower()
    return lower.startswith(_RECEIVED) or (
        is_title(lower) and phrases.HELPDESK.search(lower) and not phrases.FAILURE.search(_SUPPOSED.sub("", lower))
    )


def _below(lines: list[str], tells: Callable[[str], bool]) -> set[int]:
    """Return the numbers of the lines with an address below each title of whose last sentence, in lower case, *tells* says so, to the next
    title or words."""
    found: set[int] = set()
    told = False
    for number, line in enumerate(lines):
        if is_title(line):
            told = tells(BETWEEN.split(line.lower())[-1])
        elif line.strip() and "@" not in line:
            told = False
        elif told:
            found.add(number)
    return found


def _is_another(line: str, written: set[str]) -> bool:
    """Say whether a line holds an address and nothing else, of nobody who is known to be *written* to."""
    found = {who.lower() for who in address.IN_TEXT.findall(line)}
    return not (address.IN_TEXT.sub("", line).strip(_AROUND) or found & written)


def _offers(title: str) -> bool:
    """Say whether below a title stand addresses that may be used instead: nobody wrote to them."""
    return _INSTEAD.search(title) is not None and not phrases.FAILURE.search(title)


def _is_entry(line: str, found: str, lines: list[str], *, opened: bool) -> bool:
    """Say whether a line is an address' own by its form, or as it stands alone in an *opened* list or on *lines* that refuse."""
    if _ADDRESS_LINE.match(line):
        return True
    return _stands_alone(line, found) and (opened or reply.refuses("\n".join(lines)))


def _tells_failure(line: str, around: list[str]) -> bool:
    """Say whether a line names whom it was for, or it or one of those *around* it tells that somebody did not get it."""
    return bool(TO_FIELD.match(line)) or phrases.FAILURE.search(address.unnamed(" ".join(around).lower()))


def _around(lines: list[str], number: int, *, bare: bool) -> list[str]:
    """Return the lines that may tell of the one with that *number*: of a *bare* one, its heading may stand above an empty line."""
    above = number - 2 if bare and number > 1 and not lines[number - 1].strip() else number - 1
    return lines[max(0, above) : number + 3]


def _together(line: str, found: list[str]) -> list[str]:
    """Return the first address of a line, and those that make a list with it."""
    return found[: len(_TOGETHER.findall(line)) + 1] if len(found) > 1 else found


def in_line(line: str, own: set[str], known: Iterable[str] = ()) -> list[str]:
    """Return the addresses in *line* that may be somebody's fate; what follows "http:" is a link."""
    line = _MESSAGE_ID.sub("", line)
    found = [clean for raw in address.IN_TEXT.findall(line) if (clean := address.clean(_without_words(raw)))]
    return [
        a
        for a in found
        if not a.startswith("//")
        and own.isdisjoint((a.lower(), address.rewritten(a).lower()))
        and (a.lower() in known or not _NOT_FATE.match(a))
    ]


def is_role(who: str) -> bool:
    """Say whether an address is one of those that are mostly named as whom to ask; a virus is none."""
    return _NOT_FATE.match(who) is not None and "." in address.domain(who)


def named(lines: list[str], number: int, own: set[str], known: Iterable[str] = ()) -> list[str]:
    """Return the addresses in the line with that *number* that may be somebody's fate, whatever it tells of them."""
    line = lines[number]
    if "@" not in line or (number and _names_others(lines[number - 1])):
        return []
    if OTHER_FIELD.match(line) and not _COPY_FIELD.match(line):
        return []
    return in_line(without_help(line), own, known)


def is_title(line: str) -> bool:
    """Say whether a line leads to what stands below it."""
    return line.rstrip().endswith(":")


def has_words(lines: Iterable[str]) -> bool:
    """Say whether lines tell something beside addresses and their labels."""
    told = (address.IN_TEXT.sub("", _TYPE.sub("", TO_FIELD.sub("", line))) for line in lines)
    return sum(map(str.isalpha, " ".join(told))) >= _WORD


def _helper(line: str, own: set[str]) -> list[str]:
    """Return the address of a role that a line holds and nothing else: the mail may have been for it."""
    alone = line.strip(_AROUND)
    return [alone] if _NOT_FATE.match(alone) and address.IN_TEXT.fullmatch(alone) and alone.lower() not in own else []


def _without_words(found: str) -> str:
    """Return an ASCII address without the Chinese, Japanese or Korean words that stand around it without a space."""
    inner = _AMID_WORDS.fullmatch(found)
    return inner[1] if inner else found


def _stands_alone(line: str, found: str) -> bool:
    rest = line.replace(found, "", 1).strip(_AROUND)
    return len(rest) < _LABEL or line.lstrip().lstrip("<\"'").startswith(found)


def elsewhere(view: View) -> set[str]:
    """Return the addresses that people have now, as the words say: they live, and nobody wrote to them."""
    written_to = address.all_in(view.message.first("x-failed-recipients")) | address.all_in(view.original.to)
    told = (*phrases.NOW_AT.finditer(view.lower), *phrases.IS_NEW.finditer(view.lower))
    found = {address.first(match[1]) for match in told}
    return {who for who in found if who and who not in written_to}


def without_help(line: str) -> str:
    """Return the line without the sentences that say whom to ask."""
    if not phrases.HELPDESK.search(address.unnamed(line.lower())):
        return line
    return " ".join(
        part
        for part in _SENTENCE_END.split(line)
        if not phrases.HELPDESK.search(_TRIED.sub("", address.unnamed(part.lower())))
        or ("@" not in part and phrases.FAILURE.search(part.lower()))
    )
