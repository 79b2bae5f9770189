"""An outcome, written into the message that the mail server holds, as far as the server allows it.

Rule: only what the options need is asked for, and what the server does not grant is not tried. Where the fields or the
way to review need it, the message stays where it would have gone, and a log line says what was missing; a tag or a note
that may not be set keeps nothing from review. Fields come first. Old recipients go last, after the new ones and the new
sender are there: if the server is gone in between, a message is delivered twice, not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import Milter

from bounce_milter import limits
from bounce_milter.events import Events
from bounce_milter.review import Outcome

#: What each way to review needs of the server, beside fields (`mode` of [review]).
_ADD: Final = Milter.ADDRCPT | Milter.ADDRCPT_PAR
_MODES: Final = {
    "redirect": _ADD | Milter.DELRCPT | Milter.CHGFROM,
    "copy": _ADD,
    "quarantine": Milter.QUARANTINE | Milter.SETSYMLIST,
}
_FIELDS: Final = Milter.ADDHDRS | Milter.CHGHDRS


class Forged(NamedTuple):
    """Fields of one name that came in from outside: how many, and all fields that stand before each, summed up."""

    number: int
    steps: int


NO_FIELDS: Final = Forged(0, 0)


def actions(mode: str, *, note: bool = False) -> int:
    """Return the actions to ask for when the server offers its own (SMFIF_*)."""
    return _FIELDS | _MODES.get(mode, 0) | (Milter.CHGBODY if note else 0)


def apply(ctx: Milter.Context, outcome: Outcome, granted: int, queue_id: str, events: Events) -> None:
    """Change the message that *ctx* is about; *granted* are the actions that the server agreed to. Milter.error."""
    missing = _missing(outcome, granted)
    fields = outcome.fields if missing else outcome.fields + outcome.kept
    for name, value in fields if granted & Milter.ADDHDRS else ():
        ctx.addheader(name, value)
    if outcome.subject and granted & Milter.CHGHDRS:
        ctx.chgheader("Subject", 1, outcome.subject)
    if outcome.body and granted & Milter.CHGBODY:
        ctx.replacebody(outcome.body)
    if missing:
        events.not_filed(queue_id, f"the mail server does not let a filter {missing}")
        return
    try:
        _readdress(ctx, outcome, granted)
        if outcome.hold:
            ctx.quarantine(outcome.hold)
            events.held(queue_id, outcome.release)
    except Milter.error as error:  # its texts are pymilter's own, "cannot add recipient"
        events.not_filed(queue_id, str(error) or error)
    except Exception as error:
        events.not_filed(queue_id, error)


def _missing(outcome: Outcome, granted: int) -> str:
    """Return what the fields or the way to review need and the server does not allow, "" where it allows all."""
    needs = (
        (outcome.fields, Milter.ADDHDRS, "add fields"),
        (outcome.add, Milter.ADDRCPT, "add recipients"),
        (outcome.delete, Milter.DELRCPT, "delete recipients"),
        (outcome.sender, Milter.CHGFROM, "change the sender"),
        (outcome.hold, Milter.QUARANTINE, "hold a message"),
    )
    return next((what for needed, action, what in needs if needed and not granted & action), "")


def _readdress(ctx: Milter.Context, outcome: Outcome, granted: int) -> None:
    for address, parameters in outcome.add:
        if parameters and granted & Milter.ADDRCPT_PAR:
            ctx.addrcpt(f"<{address}>", parameters)
        else:
            ctx.addrcpt(f"<{address}>")
    if outcome.sender:
        ctx.chgfrom(f"<{outcome.sender}>")
    for recipient in outcome.delete:
        ctx.delrcpt(recipient)


def remove(ctx: Milter.Context, forged: Mapping[str, Forged]) -> int:
    """Remove the fields of these names, the last first: removing one renumbers those behind it. Return how many stay.

    A name whose fields cost the server too much keeps them all: one that stays is as good to a forger as many.
    """
    left, room = 0, limits.REMOVAL_STEPS
    for name, (number, steps) in sorted(forged.items(), key=lambda item: item[1].steps):
        room -= steps
        if room < 0:
            left += number
            continue
        for index in range(number, 0, -1):
            ctx.chgheader(name, index, "")
    return left


def safe(name: str, value: str) -> tuple[str, str]:
    """Return the field with libmilter's line ends; ValueError for what would break out of it (libmilter lets it)."""
    value = value.replace("\r\n", "\n")
    broken = any(line[:1] not in (" ", "\t") for line in value.split("\n")[1:])
    if not (name + value).isascii() or "\r" in value or "\0" in value or broken:
        raise ValueError("unsafe field")
    return name, value
