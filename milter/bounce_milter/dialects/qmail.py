"""qmail and its descendants (vpopmail, Yahoo, gateways): QSBMF, "<ADDRESS>:" and its story below.

Rule: a paragraph that begins with an address in angle brackets and a colon is one recipient (QSBMF 3); it ends with
the next one, or with a line of dashes. A code may stand at the end, "(#5.1.1)". "In the queue too long" says
that time ran out.
"""

import re
from itertools import takewhile
from typing import Final

import msgspec

from bounce_milter import address, kinds, phrases
from bounce_milter.dialects import session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.reply import verbs
from bounce_milter.view import View

_SIGNS: Final = re.compile(
    r"this is the (?:qmail[\w-]*|deliver|mail delivery) program at|qmail-send|"
    r"(?:i|we) (?:wasn't|were|was) (?:un)?able to deliver your message to the following address|"
    r"^message from +\S+\n+(?:sorry, )?unable to deliver message to the following address|"
    r"unable to deliver message to the following address\(es\)|"
    r"sorry it didn't work out",
    re.MULTILINE,
)
_START: Final = re.compile(rf"^\s?<({address.ADDRESS}|[^\s<>@]{{1,64}})>:(?:\s|$)")
_COMMAND: Final = re.compile(r"\[(RCPT|MAIL|DATA|BODY|HELO|EHLO|CONNECT)[_A-Z]*\]")
# What those tokens call otherwise than a reply's command is called here.
_OTHERWISE_CALLED: Final = {"BODY": "DATA", "CONNECT": "CONN"}
# How qmail-remote begins to tell what the host that it names did (qmail-remote.c).
_SPOKE: Final = re.compile(r"does not like (?:recipient|sender)|failed after i sent the message|connected to \S+ but")
_CONNECTED: Final = re.compile(
    r"(?:^|\s)((?:\d{1,3}\.){3}\d{1,3}|[\w.-]+\.[a-z]{2,}) ?(?:but |does not like|failed after|\.?$|\[)",
    re.IGNORECASE,
)
# Its own last words in a paragraph (qmail-remote.c, qmail-send.c).
_GIVES_UP: Final = re.compile(r"\bgiving up on [\d.]|\bi'm not going to try again;", re.IGNORECASE)


def claims(view: View) -> bool:
    """Claim by the openings of qmail's family."""
    return bool(_SIGNS.search(view.lower))


def read(view: View) -> Found:
    """Return a recipient for each paragraph."""
    found = session.blocks(view.text.split("\n"), session.address_at(_START))
    action = "delayed" if _is_delay(view) else "failed"
    told = []
    for who, lines in found:
        story = _story(lines)
        text = " ".join(story)
        marked = _COMMAND.search(text)
        command = _OTHERWISE_CALLED.get(marked[1], marked[1]) if marked else verbs.command(text)
        there = _CONNECTED.search(text)
        by = there[1].lower() if there and _SPOKE.search(text.lower()) else None
        fact = session.fate(who, _without_end(story), action=action, command=command, by=by)
        late = action == "failed" and "in the queue too long" in text
        told.append(msgspec.structs.replace(fact, expired=late))
    return Found(tuple(told), session.greeting(view.text))


def _is_delay(view: View) -> bool:
    """Say whether the words above the first paragraph tell that the server goes on trying; replies below say so too."""
    opening = re.split(_START.pattern, view.lower, maxsplit=1, flags=re.MULTILINE)[0]
    return phrases.DELAY.search(" ".join(opening.split())) and not kinds.has_given_up(opening)


def _story(lines: list[str]) -> list[str]:
    """Return the words after the address, up to a rule of dashes."""
    first = lines[0].partition(">:")[2].strip()
    below = takewhile(lambda line: not line.startswith(("---", "===")), lines[1:])
    return [first, *below] if first else [*below]


def _without_end(story: list[str]) -> list[str]:
    """Return the story up to what qmail says itself of whatever was said above: that it gives up."""
    for number, line in enumerate(story):
        end = _GIVES_UP.search(line)
        if end:
            return [*story[:number], line[: end.start()].rstrip()]
    return story


DIALECT: Final = Dialect("qmail", claims, read, (
    "program at", "qmail-send", "message to the following address", "didn't work out",
))  # fmt: skip
