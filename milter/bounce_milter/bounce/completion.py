"""What a delivery report leaves out, from the words above it: codes, words, the command, and who else failed.

Rule: a field of the report stays unless it says next to nothing (an exit status, X.0.0), or the words tell of a later try.
The family of the words is asked only where something is missing that it may tell. Counted beside the report's recipients
is an addressee of the returned message whom the words name as refused.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from bounce_milter import address, limits, reply
from bounce_milter.dialects import Found, addressees, first, generic, sendmail, session
from bounce_milter.facts import REACHED, Recipient, Said, speaker
from bounce_milter.reply import verbs
from bounce_milter.view import View

# What Exchange's words tell beside the first attempt, which its report tells: what a server said at last.
_LAST_SAID: Final = " returned '"
# What Exim and Sendmail say of a recipient in words and leave out of the report: whom he was generated from, that it
# was the sender who was refused, and that the unknown host is there, but takes no mail.
_TOLD_ABOVE: Final = ("generated from", "mail from:", ": no data known)")
# How they say in words which command was answered; a line may end within "refused to talk to me".
_TELLS_COMMAND: Final = (
    "mail server after", "mailer after", "command, host:", ">>> ", "talk", "in greeting", "has rejected ", "message text",
)  # fmt: skip
# How CommuniGate and Postfix say there which host answered, where no Remote-MTA does.
_TELLS_HOST: Final = (" says:", "] said:")
# What Sendmail writes into the report beside a transcript that says more.
_NOTHING: Final = frozenset({"system config error", "local configuration error"})
# How gateways to X.400 write X.411's numbers; words tell people more.
_NUMBERS: Final = re.compile(r"reason \d{1,3} diagnostic \d{1,3}")
# "(in reply to RCPT TO command)", which may be wrapped anywhere; "do not reply to this message" and no-reply@dest.example are no such words.
_ANSWERS: Final = re.compile(
    r"\(in\s+reply\s+to\s+(?:end|ehlo|helo|lhlo|mail|rcpt|data|bdat|starttls|auth|message|initial|quit|rset|vrfy|\.)"
)
# Comments that tell of nobody why.
_NO_COMMENT: Final = re.compile(
    r"(?:(?:permanent|persistent|transient|temporary|delivery) ){1,3}(?:failure|error)|(?:other or )?undefined [\w ]{0,40}|"
    r"remote smtp server has rejected address|[sl]mtp transmission failure has occurred",
    re.IGNORECASE,
)
#: What stands between two paragraphs.
BETWEEN: Final = re.compile(r"\n[ \t]*\n")
# How a paragraph begins that is on somebody: "<bob@dest.example>: no such list".
_ENTRY: Final = re.compile(rf"[ \t\n]*<?(?P<who>{address.ADDRESS})>?[ \t]*[:：][ \t]*(?=\S)")
# The family to which any words are a cause.
_VAGUE: Final = generic.DIALECT.name
# The one whose report has the first line of a reply alone, and whose transcript has all.
_FIRST_LINE: Final = sendmail.DIALECT.name


def completed(
    recipients: tuple[Recipient, ...], view: View, mta: str | None, *, garbled: bool
) -> tuple[Recipient, ...]:
    """Return a report's recipients with what its fields leave out and its words tell.

    mta       Reporting-MTA
    garbled   the report gives a name that is no address; the words may show a part that looks like one
    """
    if _LAST_SAID in view.lower and any(r.expired for r in recipients):
        recipients = filled(recipients, first(view), view, mta)
    if any(map(_lacks_words, recipients)) or (any(map(_lacks_code, recipients)) and reply.may_hold_code(view.text)):
        named = first(view)
        return filled(recipients, named, view, mta, garbled=garbled) if named else _entered(recipients, view)
    answers = "reply" in view.lower and _ANSWERS.search(view.lower) is not None
    if answers and len(recipients) == 1:  # the words are about him alone: no family needs to be asked
        command = recipients[0].command or verbs.command(" ".join(view.text[: limits.REPLY_CHARS].split()))
        return (msgspec.structs.replace(recipients[0], command=command),)
    if answers or _tells_more(recipients, view.lower):
        return filled(recipients, first(view), view, mta)
    return _led(recipients, view)


def _entered(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the recipients of a report whose words are no family's, with what a paragraph that begins with his address and a colon
    tells of one who failed, where the report has no words on him, and no reply is quoted there."""
    paragraphs = (each for each in BETWEEN.split(view.text) if not reply.may_hold_code(each))
    entries = [(each, named) for each in paragraphs if (named := _ENTRY.match(each))]
    told = {named["who"].lower(): " ".join(each[named.end() :].split()) for each, named in reversed(entries)}
    return tuple(
        msgspec.structs.replace(r, text=words[: limits.CAUSE_CHARS])
        if r.text is None and r.action not in REACHED and (words := told.get((r.address or "").lower()))
        else r
        for r in recipients
    )


def _led(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return recipients to whom one answer was given and no command is known, with the one that the words which lead to it tell."""
    fact = recipients[0]
    same = all((r.reply, r.text, r.command) == (fact.reply, fact.text, None) for r in recipients)
    times = len(re.findall(session.shown(fact.reply), view.text)) if same and fact.reply else 0
    if times == 0 or (times > 1 and len(recipients) > 1):
        return recipients
    command = session.led(view.text, session.above(view.text, reply.Reply(fact.reply, None, "")))
    return tuple(msgspec.structs.replace(r, command=command) for r in recipients) if command else recipients


def _tells_more(recipients: tuple[Recipient, ...], words: str) -> bool:
    """Say whether the words hold a sign of what programs leave out of their reports."""
    lacks_command = any(r.reply and not r.command for r in recipients)
    lacks_host = any(r.reply and not r.by for r in recipients)
    signs = (*_TOLD_ABOVE, *(_TELLS_COMMAND if lacks_command else ()), *(_TELLS_HOST if lacks_host else ()))
    return any(sign in words for sign in signs)


def _lacks_words(fact: Recipient) -> bool:
    return fact.address is None or fact.text is None or address.is_program(fact.address) or _says_nothing(fact)


def _lacks_code(fact: Recipient) -> bool:
    told = fact.diagnostic_type == "x-unix" and not _says_nothing(fact)
    return not told and (fact.reply is None or fact.status is None or fact.status.endswith(".0.0"))


def _says_nothing(fact: Recipient) -> bool:
    """Say whether the report holds nothing but numbers, such as that with which a program ended (X-Unix), or that something is
    wrong."""
    text = (fact.text or "").lower()
    return (
        (fact.diagnostic_type == "x-unix" and text.isdecimal())
        or text in _NOTHING
        or _NUMBERS.fullmatch(text) is not None
    )


def filled(
    recipients: tuple[Recipient, ...],
    named: tuple[str, Found] | None,
    view: View,
    mta: str | None,
    *,
    garbled: bool = False,
) -> tuple[Recipient, ...]:
    """Return the recipients with what the family *named* has found of each in the words: of a failure, nothing for whom it reached."""
    if named is None:
        return recipients
    family, found = named
    recipients = _with_parents(recipients, found, view)
    if len(recipients) > 1 and len(found.recipients) == 1 and not _names(view, found.recipients[0].address):
        # Nobody is named in the words: of several they may be about any.
        found = msgspec.structs.replace(found, recipients=(msgspec.structs.replace(found.recipients[0], shared=True),))
    words = {r.alias.lower(): r for r in found.recipients if r.alias}
    words |= {r.address.lower(): r for r in found.recipients if r.address}
    alone = found.recipients[0] if len(recipients) == 1 and len(found.recipients) == 1 else None
    if alone and _are_two(recipients[0], alone, view):
        alone = None
    elif alone and (garbled or not _names(view, alone.address)):
        alone = msgspec.structs.replace(alone, address=None)
    groups = Counter((r.address or "").lower() for r in recipients)
    members = {(r.actual or r.address or "").lower(): r for r in found.recipients}
    told = (
        _of_member(r.actual, members)
        if r.actual and groups[(r.address or "").lower()] > 1
        else words.get((r.address or "").lower()) or words.get((r.alias or "").lower()) or alone
        for r in recipients
    )
    return tuple(
        _filled(r, of_him, mta, family) if of_him and (r.action not in REACHED or of_him.action in REACHED) else r
        for r, of_him in zip(recipients, told, strict=True)
    )


def _are_two(fact: Recipient, words: Recipient, view: View) -> bool:
    """Say whether the report is on one addressee of the returned message and the words are on another: neither is an alias."""
    written = {who.lower() for who in addressees.written_to(view)}
    here, there = ({who.lower() for who in of_one.addresses} for of_one in (fact, words))
    return here.isdisjoint(there) and not here.isdisjoint(written) and not there.isdisjoint(written)


def _of_member(member: str, members: dict[str, Recipient]) -> Recipient | None:
    """Return what the words tell of just this member of an alias, which a report names in a group for each of them.

    A member of the host's own has a domain in the report alone.
    """
    return members.get(member.lower()) or members.get(member.lower().partition("@")[0])


def _with_parents(recipients: tuple[Recipient, ...], found: Found, view: View) -> tuple[Recipient, ...]:
    """Return the recipients, with whose mail it is where the report names the program that takes it: the words say it, or
    X-Failed-Recipients where it has one of whom nothing else is told."""
    if not any(address.is_program(r.address or r.actual or "") for r in recipients):
        return recipients
    parents = {_program(r.actual): r.address for r in found.recipients if r.actual and r.address}
    known = {(r.address or "").lower() for r in recipients}
    failed = address.IN_TEXT.findall(view.message.first("x-failed-recipients") or "")
    left = [who for who in failed if who.lower() not in known]
    only = left[0] if len(left) == 1 else None
    return tuple(_with_parent(r, parents.get(_program(r.address or r.actual or "")) or only) for r in recipients)


def _program(written: str) -> str:
    """Return the program in "pipe to |/usr/bin/procmail", or in the same without these words or in quotes."""
    return written[written.find("|") :].strip('"')


def _with_parent(fact: Recipient, parent: str | None) -> Recipient:
    program = fact.address or fact.actual or ""
    if not parent or not address.is_program(program):
        return fact
    return msgspec.structs.replace(fact, address=parent, actual=program)


def _names(view: View, who: str | None) -> bool:
    """Say whether the bounce itself names *who*; the To of what came back need not be whom a report is on."""
    failed = view.message.first("x-failed-recipients") or ""
    return who is not None and (who.lower() in view.lower or who.lower() in failed.lower())


def _filled(fact: Recipient, words: Recipient, mta: str | None, family: str) -> Recipient:
    absent: dict[str, object] = {
        name: getattr(words, name)
        for name in ("address", "alias", "actual", "reply", "command", "by", "text", "status", "said")
        if getattr(fact, name) is None and getattr(words, name) is not None
    }
    if fact.expired and words.expired and words.reply and family != _VAGUE:
        # Exchange's report tells the first attempt, its words also the last.
        absent |= {name: getattr(words, name) for name in ("reply", "status", "in_reply", "text", "by", "said")}
    told = (fact.address or "").lower()
    if told and told == (words.alias or "").lower() != (words.address or told).lower():
        # Exim's report names whom the message was for at first, its words where that one's mail goes on to.
        absent |= {"alias": fact.alias, "actual": words.address}
    if words.text and _says_more(words, fact, family):
        absent["text"] = words.text
    if fact.status and _is_better(words.status, fact.status, replied="reply" in absent):
        absent["status"] = words.status
    if fact.reply_status is None and words.reply == absent.get("reply", fact.reply):
        absent["in_reply"] = words.reply_status
    if "reply" in absent:
        absent |= _speaker(fact, words, mta)
    elif "text" in absent and not words.reply and speaker.not_reached(words.text or ""):
        absent |= {"by": mta, "said": Said.OWN}
    if words.shared and not absent.keys().isdisjoint(("reply", "status", "text")):
        absent["shared"] = True
    if fact.action is None and (words.reply or "").startswith("5"):
        absent["action"] = words.action  # the report ends before it, or names none that there is
    return msgspec.structs.replace(fact, **absent) if absent else fact


def _says_more(words: Recipient, fact: Recipient, family: str) -> bool:
    """Say whether the words go on with what the report says of a recipient, or say it where that says nothing."""
    if _says_nothing(fact):
        return bool(words.reply or words.status) or family != _VAGUE
    return family == _FIRST_LINE and (fact.text or "") in (words.text or "")


def _is_better(status: str | None, reported: str, *, replied: bool) -> bool:
    """Say whether the words' status, or none, is nearer to the truth: the report's is vague, or that of the "250 OK"
    before the reply that they quote (AOL)."""
    if replied and reported.startswith("2"):
        return True
    return reported.endswith(".0.0") and status is not None and status[0] == reported[0]


def _speaker(fact: Recipient, words: Recipient, mta: str | None) -> dict[str, object]:
    """Return who gave the reply that the words quote and the report does not."""
    local = fact.diagnostic_type == "x-unix"  # what a program of its own ended with
    if local or words.said is Said.OWN or speaker.is_own(words.text or ""):
        return {"by": mta, "said": Said.OWN}
    if fact.by == mta != words.by:  # who wrote the report did not say what it quotes of another
        return {"by": words.by, "said": words.said or Said.REMOTE}
    return {"said": words.said} if words.said else {}


def commented(recipients: tuple[Recipient, ...], comments: Iterable[str | None]) -> tuple[Recipient, ...]:
    """Return the recipients, with the comment on the status as the words of those of whom the report quotes no reply and has no
    other words, or an address alone, which it replaces."""
    return tuple(
        msgspec.structs.replace(r, text=comment) if r.reply is None and _explains(comment, r) else r
        for r, comment in zip(recipients, comments, strict=True)
    )


def beside_replies(recipients: tuple[Recipient, ...], comments: Iterable[str | None]) -> dict[str, str]:
    """Return the comments on the status of those whose reply holds no word, by their address in lower case.

    The server said none of it, so it is none of its words.
    """
    return {
        r.address.lower(): comment
        for r, comment in zip(recipients, comments, strict=True)
        if comment and r.address and r.reply and _explains(comment, r)
    }


def beside_words(recipients: tuple[Recipient, ...], asides: Iterable[str]) -> dict[str, str]:
    """Return what the reporting system remarks in parentheses beside a reply that has other words, by the address in lower case."""
    return {
        r.address.lower(): aside
        for r, aside in zip(recipients, asides, strict=True)
        if aside and r.address and _tells(r.text) and not _NO_COMMENT.fullmatch(aside) and not _repeats(aside, r.text)
    }


def _repeats(aside: str, text: str | None) -> bool:
    return aside.lower() in (text or "").lower()


def _explains(comment: str | None, fact: Recipient) -> bool:
    """Say whether a comment tells why, where nothing else does."""
    silent = not (_tells(fact.text) or fact.action in REACHED)
    return silent and comment is not None and _NO_COMMENT.fullmatch(comment) is None


def _tells(text: str | None) -> bool:
    """Say whether a reply holds a word beside addresses."""
    return text is not None and any(map(str.isalpha, address.IN_TEXT.sub("", text)))


def whole(recipients: tuple[Recipient, ...], view: View, mta: str | None) -> tuple[Recipient, ...]:
    """Return the recipients with the domain where a report names a user alone and one addressee is called so.

    Where an addressee is of the host's house, *mta*, its users are no others; else it is open whether he is meant, or who gets
    his mail there.
    """
    if all(r.address is None or "@" in r.address for r in recipients):
        return recipients
    written = addressees.written_to(view)
    if mta is None or address.is_private(f"@{mta}"):
        return tuple(addressees.with_domains(recipients, written))
    there = [who for who in written if address.are_of_one(address.domain(who).lower(), mta.lower())]
    told = addressees.with_domains(recipients, there or written)
    if there:
        return tuple(told)
    return tuple(
        new if new.address == old.address else msgspec.structs.replace(new, shared=True)
        for new, old in zip(told, recipients, strict=True)
    )


def beside(recipients: tuple[Recipient, ...], view: View) -> tuple[Recipient, ...]:
    """Return the addressees whom the words alone say to have failed, each with his reply: some reports have fields for
    the first only.

    Nobody where the words leave out one who is in the fields: they may call him by another name.
    """
    if sum(value.count(b"@") for name, value in view.returned if name in addressees.ADDRESSED) <= len(recipients):
        return ()  # nobody is left, as in nearly all reports
    known = {address.name(who) for r in recipients for who in r.addresses}
    others = {who.lower() for who in addressees.written_to(view) if address.name(who) not in known}
    if not others or others.isdisjoint(address.IN_TEXT.findall(view.lower)):
        return ()
    named = first(view)
    told = {r.address.lower(): r for r in reversed(named[1].recipients) if r.address} if named else {}
    if {address.name(r.address or "") for r in recipients} - set(map(address.name, told)):
        return ()
    lines = view.lower.split("\n")
    return tuple(fact for who, fact in told.items() if who in others and _is_answered(fact.reply, who, lines))


def _is_answered(code: str | None, who: str, lines: list[str]) -> bool:
    """Say whether the reply stands on a line with the address, or on the next: it is about nobody else."""
    own = (" ".join(lines[at : at + 2]) for at, line in enumerate(lines) if who in line)
    return code is not None and any(code in line for line in own)
