"""Which lines of a notice are about recipients whom the message reached: they are nobody's failure.

Rule: a heading that says so opens a section; the next heading of failure, a line with a refusal in it, or a session's transcript ends it.
"Status: delivered" is about the paragraph that it ends.
"""

import re
from itertools import pairwise
from typing import Final

from bounce_milter import address, limits, phrases
from bounce_milter.view import View

# In a heading of those whom the message reached, no words of failure.
_HARMLESS: Final = re.compile(r"non-failed|mailbox|without (?:any )?(?:problem|error)")
#: To all but one, who is named then.
EXCEPT: Final = re.compile(
    r"\b(?:except|excluding|apart from|other than|but not|außer|ausser|nicht aber|sauf|excepto|salvo|eccetto|behalve)\b"
)
# Of nobody is told that the message reached him.
_NOBODY: Final = re.compile(
    r"\A\W*(?:none|no|neither|nobody|kein\w*|niemand|aucun\w*|ning[uú]n\w*|nessun\w*|nenhum\w*|geen)\b"
)
_REFUSAL: Final = re.compile(r"(?<![\d.])[45](?:\d\d[ -]|\.\d{1,3}\.\d)")
_REASON: Final = re.compile(r">?[ \t]*\(")
_SEVERAL: Final = 2
_BUT: Final = "(?:but|aber|nicht aber|jedoch|mais|pero|mas|ma|maar|though|however|whereas)\\b"
# A transcript of the session, with those who failed and those who did not.
_SESSION: Final = re.compile(
    r"\W*transcript of (?:the )?session\b|\W*while talking to \S|\s*(?:>>> (?:ehlo|helo|lhlo|mail|rcpt|data|bdat)\b|<<< [245]\d\d[ -])"
)
# Where what is told of one address ends, and that of another begins.
_BETWEEN: Final = re.compile(
    rf"(?<=[.;])[ \t]+(?=[^\W\d_]|<?[^\s<>@]{{1,64}}@)|(?<!nicht),?[ \t](?={_BUT})", re.IGNORECASE
)
# Whom a line is about that begins or goes on like this, the message did not reach.
_NOT: Final = re.compile(
    rf"\A\W*{_BUT}|\b(?:has|have|did|does|was|were|could|is|are)(?: ?n[o'’]t| never)\b|\bnicht\b|\bn['’](?:a|ont) pas\b|"
    r"\bno (?:ha|fue|se)\b|\bnon (?:è|ha|sono)\b|\bnão\b|\bniet\b"
)


def succeeds(line: str) -> bool:
    """Say whether a line, in lower case, tells that the message arrived."""
    return phrases.SUCCESS.search(address.unnamed(line)) and not (_fails(line) or _NOBODY.match(line))


def _fails(line: str) -> bool:
    line = address.unnamed(line)
    return phrases.FAILURE.search(_HARMLESS.sub("", line)) or bool(_REFUSAL.search(line) or EXCEPT.search(line))


def numbers(lines: list[str], *, opened: bool) -> set[int]:
    """Return the numbers of the lines about recipients whom the message reached.

    They stand from a heading that says so to the next one, to a line of failure or to a transcript; from the first line where it
    is *opened*, and then a transcript shows how they were reached.
    """
    good: set[int] = set()
    headed = not opened
    for number, line in enumerate(lines):
        lower = line.lower()
        if succeeds(lower) and not (number and _goes_on(lines[number - 1], line)):
            opened = not phrases.RESULT.search(lower)
            if not opened:
                good |= _paragraph_to(lines, number, good)
        elif opened and (
            _fails(lower)
            or _NOT.search(lower)
            or (headed and _SESSION.match(lower))
            or (number and not lines[number - 1].strip() and phrases.OPENS.search(lower))
        ):
            opened = False
        if opened:
            good.add(number)
    return good


def _goes_on(above: str, line: str) -> bool:
    """Say whether a line ends a sentence of failure that was wrapped: "could not be", and below "delivered to:"."""
    words = line.split(None, 1)
    if not above.strip() or above.rstrip().endswith((".", ":", ";", "!", "?")) or "@" in words[0]:
        return False
    return line[:1].islower() and _fails(f"{above.rstrip()} {line}".lower())


def _paragraph_to(lines: list[str], last: int, known: set[int]) -> set[int]:
    """Return the numbers of the lines from an empty one, one of failure or a *known* one, to the *last*."""
    first = last
    while first > 0 and first - 1 not in known and lines[first - 1].strip() and not _fails(lines[first - 1].lower()):
        first -= 1
    return set(range(first, last + 1))


def lines_of(view: View) -> list[str]:
    """Return the text's lines, in pieces where one tells of several."""
    return [part for line in view.text.split("\n") for part in _apart(line)][: limits.TEXT_LINES]


def without(view: View, lines: list[str]) -> list[str]:
    """Return the *lines* of a text, empty where they are about recipients whom the message reached."""
    if not _may_tell(view):
        return lines
    good = numbers(lines, opened=succeeds(view.title))
    return ["" if number in good else line for number, line in enumerate(lines)]


def named(view: View) -> set[str]:
    """Return the addresses, in lower case, that the words name as those whom the message reached."""
    if not _may_tell(view):
        return set()
    lines = lines_of(view)
    good = numbers(lines, opened=succeeds(view.title))
    return {who.lower() for number in good for who in address.IN_TEXT.findall(lines[number])}


def _may_tell(view: View) -> bool:
    return succeeds(view.title) or phrases.SUCCESS.search(view.lower)


def _apart(line: str) -> list[str]:
    """Return the line in pieces, one for each address, where a reason in parentheses stands behind every one, or one for each
    sentence where some tell that a message arrived: "it reached bob@dest.example, but not eva@dest.example"."""
    if line.count("@") < _SEVERAL:
        return [line]
    found = list(address.IN_TEXT.finditer(line))
    if len(found) < _SEVERAL:
        return [line]
    if all(_REASON.match(line, match.end()) for match in found):
        places = [0, *(match.start() for match in found), len(line)]
        return [line[start:end].rstrip(" ,;") for start, end in pairwise(places)]
    return _BETWEEN.split(line) if phrases.SUCCESS.search(line.lower()) else [line]
