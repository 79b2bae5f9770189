r"""The careful reader of last resort: any bounce that a mail system signs and that no family claims.

Rule: an address counts only in the report's own words, and only where words of failure point at it (`whom`); those
whom the message reached did not fail. Where no address can be trusted, the recipient is None and the words alone are
told.
"""

import re
from typing import Final

from msgspec.structs import replace

from bounce_milter import address, kinds, phrases, reply
from bounce_milter.dialects import addressees, listing, nearest, reached, standing, transcript, whom
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient
from bounce_milter.kinds import marks
from bounce_milter.message import decode_field
from bounce_milter.view import View
from bounce_milter.vocabulary import Kind

_PERSONAL: Final = re.compile(
    r"^\s*(?:hello|hi|hey|dear|hallo|guten tag|bonjour|hola)\b|"
    r"\bi (?:am(?! (?:very )?(?:sorry|afraid))|have|get|got|tried|sent|cannot|can't)\b|please help|^regards",
    re.MULTILINE,
)
_ANSWERED: Final = re.compile(
    rf"^[ \t]*(?:<{address.ADDRESS}>:? |<?{address.ADDRESS}>?:?[ \t]*\n[ \t]*)[45]\d\d[ -]", re.MULTILINE
)
# Where a message says who wrote it, passed it on, or gets what goes back.
_WRITERS: Final = frozenset({"from", "sender", "return-path", "errors-to", "resent-from", "resent-sender"})
_SENDER: Final = re.compile(r"^[ \t>*|]*+(?:from|sender)[ \t]*[:=][^\n]*", re.MULTILINE)
_NOT_DELIVERED_TO: Final = re.compile(rf"n[o']t (?:be |been )?delivered to:? <?({address.ADDRESS})")
# What mailq prints above its list, Postfix's and Sendmail's: it waits there, from whom and for whom.
_QUEUE: Final = re.compile(r"^-+q(?:ueue )?-?id-+ +-", re.MULTILINE)
# The message was for nobody: whom its To names was left out (Exim, option -t).
_TO_NOBODY: Final = re.compile(r"\bno recipient addresses\b|\bno addresses that were not also on the command line\b")
# Where a person greets and says who he is.
_GREETING_CHARS: Final = 400


def claims(view: View) -> bool:
    """Claim what a mail system signs and what speaks of failure in its Subject or its own words."""
    return _tells_failure(view) or kinds.stops(view)


def _tells_failure(view: View) -> bool:
    announced = kinds.says_bounce(view)
    if not (announced or kinds.from_daemon(view)) or is_other(view):
        return False
    # Exim names whom it failed in a field; its words are the admin's, in any language (bounce_message_file).
    strong = view.message.has("x-failed-recipients") or phrases.STRONG.search(view.one_line) or kinds.tells_author(view)
    if not kinds.from_daemon(view):
        # Not signed by a mail system: the Subject says bounce, the words must say it too and nobody may answer to it.
        return strong and _automatic(view)
    if announced:
        return not (kinds.writes_himself(view) and _by_person(view))
    if kinds.writes_himself(view):
        return False
    if kinds.signed(view):
        return strong or (marks.null_sender(view) and (_returns(view) or _refuses(view) or _keeps_back(view)))
    # A null sender alone is a weak signature: relays put it over people's mail, over tickets and notices of machines too.
    shows = view.returned or view.status or reply.may_hold_code(view.text) or _keeps_back(view)
    return strong and bool(shows) and not _by_person(view)


def is_other(view: View) -> bool:
    """Say whether it is a notice, fraud, a digest, a challenge, an answer by itself, or one to a bounce, which it quotes."""
    return (
        _is_notice(view)
        or _is_forged(view)
        or _hands_on(view)
        or kinds.is_challenge(view)
        or (kinds.is_vacation(view) and not kinds.says_bounce(view))
        or (not kinds.signed(view) and "\n> " in view.text)
    )


def _refuses(view: View) -> bool:
    """Say whether the words tell of a delay, or hold a refusal in a form of its own."""
    return phrases.DELAY.search(view.one_line) or bool(_ANSWERED.search(view.text)) or reply.refuses(view.text)


def _hands_on(view: View) -> bool:
    """Say whether mail systems' reports are handed on, in a digest for one: of whom they tell, the words do not say."""
    content = dict(reversed(view.returned)).get("content-type", b"").lower()
    report = content.startswith(b"multipart/report") or phrases.DAEMON.search((view.original.from_ or "").lower())
    named = view.message.has("x-failed-recipients") or address.IN_TEXT.search(view.text)
    return report and not (named or reply.may_hold_code(view.text))


def _is_forged(view: View) -> bool:
    """Say whether somebody may speak in a mail system's name: another domain gets what goes back, and nothing is shown."""
    shows = view.returned or view.status or reply.may_hold_code(view.text) or marks.by_itself(view)
    return not shows and marks.answerable(view) and marks.sent_by_others(view)


def _returns(view: View) -> bool:
    """Say whether the addressee gets back what he wrote or passed on: under the null sender a bounce, in any language."""
    writers = (address.first(decode_field(value)) for name, value in view.returned if name in _WRITERS)
    return view.reader in {who.lower() for who in writers if who}


def _keeps_back(view: View) -> bool:
    """Say whether a content filter describes the message that it kept back, and the addressee as who sent it.

    It tells others too: whom the message was for, whoever runs the system.
    """
    if not (view.reader and phrases.STOPPED.search(view.one_line)):
        return False
    return any(view.reader in address.IN_TEXT.findall(sender) for sender in _SENDER.findall(view.lower))


def _is_notice(view: View) -> bool:
    """Say whether the addressee is told of mail that he did not get; not where the returned message's Subject does."""
    if phrases.NOTICE_SUBJECT.search(kinds.own_title(view)):
        return True
    if phrases.NOTICE.search(view.one_line) and not reply.may_hold_code(view.text):
        return True
    return _QUEUE.search(view.lower) is not None or _is_for_reader(view)


def _is_for_reader(view: View) -> bool:
    """Say whether mail did not arrive that was for the addressee himself, and none comes back."""
    return not (view.returned or view.status) and view.reader in _NOT_DELIVERED_TO.findall(view.one_line)


def _by_person(view: View) -> bool:
    message = view.message
    return bool(message.has("x-mailer") or message.has("user-agent") or _PERSONAL.search(view.lower[:_GREETING_CHARS]))


def _automatic(view: View) -> bool:
    """Say whether fields and words tell that no person wrote this, and nobody waits for an answer."""
    message = view.message
    if "\n>" in view.text or _PERSONAL.search(view.lower[:_GREETING_CHARS]) or not view.author:
        return False
    answerable = marks.answerable(view)
    if message.has("auto-submitted"):
        # Shops, builds and monitors tell of deliveries of their own, and take back what bounces; they return no mail.
        return marks.by_itself(view) and not (answerable and not view.returned)
    if answerable or message.has("references"):
        return False
    return "smtp" in (message.first("x-mailer") or "smtp").lower() or "server" in view.author


def read(view: View) -> Found:
    """Return a recipient for each address that a line of failure names, or one without address."""
    new = whom.elsewhere(view)
    own = addressees.own_addresses(view) | new
    whole = reached.lines_of(view)
    roles = [*filter(whom.is_role, addressees.roles(view, own=False)), *whom.entries(whole, own)]
    known = [*addressees.written_to(view), *roles]
    if told := transcript.fates(view, whole, own, known):
        return _found(told, view)
    lines = whom.without_own(reached.without(view, whole), own)
    found = _candidates(lines, own, known, view)
    if not found and (further := addressees.roles(view, own=True)):  # nobody else is named: the mail was for a role
        known = [*known, *further]
        found = whom.candidates(lines, own, known)
    written = {who.lower() for who in known}
    if found and _arrived(view):
        return Found(tuple(Recipient(address=who, action="delivered") for _, who in found), kind=Kind.DELIVERED)
    if not found and (reached.succeeds(view.title) or whom.candidates(view.text.split("\n"), own, known)):
        return Found(_delivered(view, own, written), kind=Kind.DELIVERED)
    # All lines are about those whom fields name.
    places = dict.fromkeys(_instead(found, lines, view), 0) or listing.places(found, lines)
    if not places and not _TO_NOBODY.search(view.one_line):
        places = dict.fromkeys(addressees.returned_to(view), 0)
    if not places and view.returned:  # who writes to himself gets his own address back, with what he wrote
        places = listing.places(whom.candidates(lines, new, known), lines)
    if places:
        told = listing.fates(places, lines, delayed=kinds.is_delay(view), title=view.title)
        return _found(nearest.marked(told, lines, own | addressees.writer(view), written), view)
    return _of_nobody(lines, view)


def _candidates(lines: list[str], own: set[str], known: list[str], view: View) -> list[tuple[int, str]]:
    """Return (line number, address) of who may have failed: none whom it reached, nor whom the house that writes bids to ask, nor
    whom a further server answers about."""
    found = whom.without_quoted(whom.candidates(lines, own, known), lines, known)
    found = whom.without_house(found, lines, view.house)
    return whom.without_reached(found, lines, reached.named(view))


def _of_nobody(lines: list[str], view: View) -> Found:
    """Return a recipient without address, where a mail system surely tells of a failure.

    Tickets and receipts speak of unknown users too, and postmasters of mail that was lost.
    """
    sure = kinds.signed(view) and marks.null_sender(view)
    if not (kinds.says_bounce(view) and (sure or phrases.STRONG.search(view.lower))):
        return Found()
    of_all = listing.quoted(lines)
    if not (view.returned or kinds.in_form(view)) and _may_be_fraud(view, quotes=of_all is not listing.NOTHING):
        return Found()
    return Found((listing.fate(of_all, None, lines, [], kinds.is_delay(view), alone=True),))


def _arrived(view: View) -> bool:
    """Say whether the words tell that the message arrived all the same, whatever was found in it, and of nothing that did not."""
    words = " ".join(view.lower.split())
    if not phrases.ALL_THE_SAME.search(words) or reply.refuses(view.text) or reached.EXCEPT.search(words):
        return False
    failures = (phrases.UNDELIVERED, phrases.STOPPED, phrases.GIVEN_UP)
    return not any(failure.search(f"{view.title} {words}") for failure in failures)


def _found(told: list[Recipient], view: View) -> Found:
    """Return what was told; where the Subject tells that time ran out, of those too of whom the last reply bids to try again."""
    out = phrases.EXPIRED.search(view.title)
    return Found(tuple(replace(fact, expired=True) if out and fact.passing else fact for fact in told))


def _instead(found: list[tuple[int, str]], lines: list[str], view: View) -> list[str]:
    """Return the only one who was written to, where the words name but others of his domain, behind a reply's verdict alone.

    Of another domain, it is rather whom the mail went on to, and a list's post was for anybody.
    """
    written = addressees.returned_to(view)
    named = {who.lower() for _, who in found}
    there = {address.domain(who).lower() for who in written}
    if not named or named & {who.lower() for who in written} or {address.domain(who) for who in named} != there:
        return []
    posted = any(name in ("list-id", "list-post") for name, _ in view.returned)
    return written if not posted and standing.are_spoken_of(found, lines) else []


def _may_be_fraud(view: View, *, quotes: bool) -> bool:
    """Say whether words that return nothing may be no bounce.

    Fraud speaks of failed mail in a mail system's name, and of its reader's own mailbox; fax servers and the like speak
    of theirs under the null sender.

    quotes   whether a server's reply stands in them
    """
    answerable = marks.answerable(view)
    of_reader = view.reader != "" and view.reader in view.lower
    of_nobody_else = {found.lower() for found in address.IN_TEXT.findall(view.text)} == {view.reader}
    if quotes:
        return of_reader and (answerable or of_nobody_else)
    return answerable or of_reader or not kinds.signed(view)


def _delivered(view: View, own: set[str], known: set[str]) -> tuple[Recipient, ...]:
    """Return those of whom the text says that they have the message, else all whom it names, or the only addressee."""
    lines = view.text.split("\n")
    told = reached.numbers(lines, opened=False) or range(len(lines))
    named = [
        a
        for number in sorted(told)
        if not whom.OTHER_FIELD.match(lines[number])
        for a in whom.in_line(lines[number], own, known)
    ]
    return tuple(
        Recipient(address=who, action="delivered") for who in dict.fromkeys(named or addressees.returned_to(view))
    )


DIALECT: Final = Dialect("generic", claims, read)
