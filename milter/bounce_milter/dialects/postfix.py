"""Postfix without a delivery report: "<ADDRESS>: host NAME[IP] said: 550 ... (in reply to RCPT TO command)".

The same lines stand above its delivery reports, where they name the command that was refused, which the report
leaves out. "Postfix SMTP server: errors from" is the transcript of a session that a client broke off: each
recipient's refusal counts, or the last where none is tied to one, if the reader or the system itself sent that mail; of
strangers' sessions the postmaster is only told (notify_classes).
"""

import re
from typing import Final

from msgspec.structs import replace

from bounce_milter import address, reply
from bounce_milter.dialects import addressees, dialogue, session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import verbs
from bounce_milter.view import View

_START: Final = re.compile(rf"^<({address.ADDRESS})>(?:[ (][^:\n]{{0,200}})?:\s")
_EXPANDED: Final = re.compile(rf"^<[^>]*> \(expanded from <({address.ADDRESS})>\)", re.MULTILINE)
_SIGNS: Final = (
    "postfix program",
    "mail system at host",
    "could not be delivered to one or more",
    "in reply to",
    "below could not be delivered",
)
# What stands instead of the paragraphs where Postfix has lost the record of why (bounce_notify_util.c).
_LOST: Final = "delivery report unavailable"
_RCPT: Final = re.compile(rf"^ ?In: +RCPT TO:\s*<?({address.ADDRESS})", re.MULTILINE | re.IGNORECASE)
_MAIL: Final = re.compile(rf"^ ?In: +MAIL FROM:\s*<?({address.ADDRESS})", re.MULTILINE | re.IGNORECASE)
_REFUSED: Final = re.compile(r"^ ?Out: +([45]\d\d[ -].*(?:\n {4,}\S.*)*)", re.MULTILINE)
_LOOPBACK: Final = ("[127.0.0.1]", "[::1]")
_IN: Final = re.compile(r"^ ?In: +(\S+(?: FROM| TO)?)", re.MULTILINE | re.IGNORECASE)


def claims(view: View) -> bool:
    """Claim by Postfix's words, or by its transcript."""
    if "transcript of session follows" in view.lower and _RCPT.search(view.text):
        return _is_own(view)
    return any(sign in view.lower for sign in _SIGNS)


def read(view: View) -> Found:
    """Return a recipient for each paragraph that begins with an address."""
    if "transcript of session follows" in view.lower:
        return _session(view.text)
    told = []
    action = _action(view)
    for who, lines in session.blocks(view.text.split("\n"), session.address_at(_START)):
        whole = "\n".join(lines)
        expanded = _EXPANDED.match(whole)
        story = whole.partition(": ")[2] if ": " in whole else whole.partition(":")[2]
        paragraph = re.split(r"\n\s*\n", story, maxsplit=1)[0].split("\n")
        alias = address.clean(expanded[1]) if expanded else None
        told.append(session.fate(who, [" ".join(paragraph)], alias=alias, action=action))
    if not told and _LOST in view.lower:
        told.append(
            Recipient(address=addressees.returned_to_one(view), action=action, said=Said.OWN, text=_LOST.capitalize())
        )
    return Found(tuple(told), session.greeting(view.text))


def _action(view: View) -> str:
    """Return what became of the recipients: Postfix sends a message for each fate (bounce(5))."""
    if "successfully delivered to the destination" in view.lower:
        return "delivered"
    return "delayed" if "delayed mail" in view.title or "this is a warning only" in view.lower else "failed"


def _is_own(view: View) -> bool:
    """Say whether the reader sent the mail of a session, or the system itself: a content filter hands back on loopback."""
    sender = _MAIL.search(view.text)
    readers = address.all_in(view.message.first("to"))
    return view.title.endswith(_LOOPBACK) or (sender is not None and sender[1].lower() in readers)


def _session(text: str) -> Found:
    """Return those whom a session refused; where no refusal is one's own, all whom it names, with the last one."""
    refused = list(_REFUSED.finditer(text))
    named = list(dict.fromkeys(_RCPT.findall(text)))
    if not refused or not named:
        return Found()
    talk = dialogue.heard(text.split("\n"))
    if talk.refused:  # Postfix itself answered, to whoever sent the commands
        return Found(
            tuple(replace(answer.fact(delayed=False, words=""), by=None, said=None) for answer in talk.refused.values())
        )
    said = reply.parse(reply.one_line(refused[-1][1]))
    commands = _IN.findall(text, 0, refused[-1].start())
    last = Recipient(
        action="failed", reply=said.code, status=said.status, text=said.text, shared=len(named) > 1,
        command=verbs.command(f">>> {commands[-1]} ") if commands else None,
    )  # fmt: skip
    return Found(tuple(replace(last, address=who) for who in named))


DIALECT: Final = Dialect("postfix", claims, read, (
    ">:", "> (expanded", "transcript of session follows", _LOST,
))  # fmt: skip
