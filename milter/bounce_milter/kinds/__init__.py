"""What else a machine's message can be: read receipt, feedback report, auto-reply, challenge, or mail of a person.

Rule: evidence comes from the outer message (its type, its fields, its own first words); of the returned one counts that
it is there, and who wrote it. The null sender is neither necessary nor sufficient for a bounce: receipts and vacation
notes have it too, and some bounces do not.
"""

import re
from typing import Final

from bounce_milter import address, limits, phrases, reply
from bounce_milter.kinds import candidate, marks, stopped, unsent
from bounce_milter.view import STATUS_TYPES, View
from bounce_milter.vocabulary import Kind

# Outlook.com's feedback loop has no RFC 5965 part; Apple's opt-out is its "opt-out" type (RFC 5965 7.3).
_COMPLAINT: Final = re.compile(r"\s*complaint about message from\b")
# What Outlook wrote before there were notifications (RFC 8098): "Not read: lunch", "Read: lunch".
_NOT_READ: Final = re.compile(r"(?:not )?read: |(?:nicht )?gelesen: |(?:non )?lu ?: |(?:no )?leído: ")
# A bounce opens with its first sentence.
_SENTENCE_CHARS: Final = 200
# vacation(1)'s manual has it in its example of an answer, and so have many answers; others may be delivered by other graces.
_GRACES: Final = ("delivered-by-the-graces-of", "x-delivered-by-the-graces-of")
# What a program printed, sent by cron: "Cron <www-data@web> php /var/www/cron.php".
_CRON: Final = re.compile(r"cron <[^<>\s@]+@[^<>\s]+> ")
# Exim's Subject of a delay; what its letter says of the end, in whatever language, is what may yet come.
_STILL_THERE: Final = re.compile(r"warning: message \S+ delayed\b")
# What stands before the Subject of what comes back, and of no delay.
_UNDELIVERABLE: Final = re.compile(
    r"(?:undeliver(?:able|ed)(?: (?:mail|message))?|unzustellbar|non remis|no se puede entregar|non recapitabile|onbestelbaar|ndn|ndr) ?: "
)
# Where a sentence ends, and what none goes over: a paragraph, and what transcripts and tables have.
_SENTENCE_END: Final = re.compile(r"(?<=[.;:!?])\s|\n[ \t]*\n|[。；！？<>\[\]\"=*|]")
# Systems that know no reports send notices under an address of their own, and get back what bounces of them. How the author is
# called, how Subject and words begin, and whether the message is returned.
_FORMS: Final = (
    (  # MMDF
        re.compile(r"\bmmdf\b"),
        re.compile(r"(?:failed|waiting) mail +\(msg\.\w+\)"),
        re.compile(
            r" ?(?:your message could not be delivered to '[^']{3,300}'|"
            r"after \d{1,3} (?:days?|hours?) \(\d{1,4} (?:days?|hours?)\), your message (?:could not be|has not yet been) fully delivered\.)"
        ),
        True,
    ),
    (  # cc:Mail Link to SMTP
        re.compile(r"cc:?[ _-]?mail|smtp[ _-]?link|link to smtp|admin|post-?master"),
        re.compile(r"cc:mail (?:smtplink|link to smtp) undeliverable message *(?:[:(-]|$)"),
        re.compile(r" ?(?:user [^.]{1,100} is not defined\b|message is undeliverable\b)"),
        True,
    ),
    (  # FirstClass: "Bob Miller,Example School (The name was not found at the remote site.)"
        re.compile(r"post ?office|admin|post-?master"),
        re.compile(r"ndn: "),
        re.compile(
            r" ?sorry\. your message could not be delivered to: "
            r"[^():;!?,]{1,100},[^\s():;!?,][^():;!?,]{0,60} \([^()]{1,300}\.\)"
        ),
        False,
    ),
    (  # Postal
        re.compile(r"mail delivery service"),
        re.compile(r"mail delivery failed \("),
        re.compile(
            r" ?this is the mail delivery service responsible for delivering mail to [^\s]{3,300}\. "
            r"the message you['’]ve sent (?:cannot|could not) be delivered\."
        ),
        True,
    ),
)
# A Subject of list managers, of a post.
_REFUSES: Final = re.compile(r"abgelehnt|abgewiesen|zurückgewiesen|rejeté|refusé|rechazad|rifiutat|respint|rejeitad")
# Of list managers, whatever they quote below: a post that waits for a moderator, and the answers to commands.
_LIST_TITLE: Final = re.compile(
    r"bounce [^\s@]+@\S+: |\S+: approval required \([0-9a-f]{6,8}\)|majordomo results\b|output of your job\b|(?:the )?results of your (?:e-?mail )?commands?\b"
)
_TO_MODERATOR: Final = re.compile(
    r"\W*(?:hello\W+)?(?:an?|the|this|as|message|article|post) (?:[^.:;!?\"'“„«]|[.:](?=\S)){1,150}?\b(?:"
    r"(?:requires?|needs?|awaits?|(?:a?waiting|held) for) your (?:approval|moderation)|needs to be approved|"
    r"your authorization is requested|held in your moderation queue)\b"
)
_OF_MODERATORS: Final = ("approv", "authoriz", "moderation")  # cheap, so it is asked first
# A forward, as mail programs of four languages mark it.
_FORWARDED: Final = ("fwd:", "fw:", "wg:", "tr:")


def by_type(view: View) -> Kind | None:
    """Return the kind that the outer media type states beyond doubt (RFC 8098, RFC 5965, RFC 8460)."""
    if _COMPLAINT.match(view.title) or view.message.has("x-apple-unsubscribe"):
        return Kind.FEEDBACK_REPORT
    if refused(view):
        return None
    if view.message.type != "multipart/report":
        if _NOT_READ.match(view.title):
            return Kind.READ_RECEIPT
        part_types = {part.type for part in view.message.parts[:4]}
        if "message/disposition-notification" in part_types:
            return Kind.READ_RECEIPT
        return Kind.FEEDBACK_REPORT if "message/feedback-report" in part_types else None
    types = {part.type for part in view.message.parts}
    # The part is there; what the header calls it may be wrong.
    report_type = "" if types & STATUS_TYPES else view.message.parameters.get("report-type", "").lower()
    if report_type == "disposition-notification" or "message/disposition-notification" in types:
        return Kind.READ_RECEIPT
    if report_type == "feedback-report" or "message/feedback-report" in types:
        return Kind.FEEDBACK_REPORT
    if report_type in ("tlsrpt", "dmarc"):
        return Kind.NOT_A_BOUNCE
    return None


def refused(view: View) -> bool:
    """Say whether a mailbox's Sieve script refuses (RFC 5429 2.1); that it looks like a receipt is only its form."""
    if "(rejected)" in (view.message.first("auto-submitted") or "").lower():
        return True
    receipt = view.message.parameters.get("report-type", "").lower() == "disposition-notification"
    return receipt and "was automatically rejected" in view.one_line


def from_daemon(view: View) -> bool:
    """Say whether a mail system sends the message: by its signature, or under the null sender."""
    return marks.null_sender(view) or signed(view)


def signed(view: View) -> bool:
    """Say whether a mail system signs the message: as its author, or with a field that only such systems write."""
    message = view.message
    return bool(
        (phrases.DAEMON.search(view.author) and not marks.borrows_name(view))
        or message.has("x-failed-recipients")
        or message.has("x-ms-exchange-message-is-ndr")
        or in_form(view)
        or stops(view)
        or tells_author(view)
    )


def tells_author(view: View) -> bool:
    """Say whether a machine answers an author, for another mailbox than its own, that his message went no further."""
    if not (marks.null_sender(view) and marks.by_itself(view)) or _is_marked_vacation(view):
        return False
    if marks.by_tool(view) or marks.is_posted(view) or marks.is_answer(view) or marks.by_program(view):
        return False
    return not phrases.VACATION.search(view.title) and unsent.tells_author(view)


def stops(view: View) -> bool:
    """Say whether a content gateway tells the sender, under an address of its own, that it stopped his message."""
    if not marks.answerable(view) or marks.sent_by_others(view):
        return False
    if marks.by_program(view) or marks.by_tool(view) or marks.is_posted(view) or marks.is_answer(view):
        return False
    machine = marks.by_itself(view)
    if not machine and (view.message.has("in-reply-to") or view.message.has("references")):
        return False
    return stopped.tells_sender(view, by_machine=machine)


def in_form(view: View) -> bool:
    """Say whether author, Subject and first words are together those of a system, with the message where it returns it."""
    return not marks.by_program(view) and any(
        author.search(view.author)
        and subject.match(view.title)
        and opening.match(view.one_line)
        and (view.returned or not returns)
        for author, subject, opening, returns in _FORMS
    )


def says_bounce(view: View) -> bool:
    """Say whether the Subject announces a bounce, in any of the languages that servers use."""
    if view.message.has("x-ms-exchange-message-is-ndr"):
        return True
    return (bool(phrases.BOUNCE_SUBJECT.search(view.title)) or _says_in_tag(view)) and not _answers_bounce(view)


def _says_in_tag(view: View) -> bool:
    """Say whether a mail system announces a bounce in brackets, before the Subject of what it could not deliver."""
    return (
        bool(phrases.BOUNCE_SUBJECT.search(marks.tags(view))) and marks.null_sender(view) and not marks.is_answer(view)
    )


def is_delay(view: View) -> bool:
    """Say whether Subject or first words tell that the server goes on trying."""
    subject, words = address.unnamed(_without_quoted(view)), view.one_line
    if "(delay)" in subject or _STILL_THERE.match(subject):
        return True
    told = "delay" in subject or ("warning" in subject and "retr" in words) or phrases.DELAY.search(words)
    return bool(told) and not has_given_up(view.opening)


def _without_quoted(view: View) -> str:
    """Return the Subject in lower case without that of the returned message behind it: "Undeliverable: delay of our train"."""
    own = _UNDELIVERABLE.match(view.title)
    if own:
        return own[0]
    before = view.title.removesuffix((view.original.subject or "").lower())
    return before if before.rstrip().endswith(":") else view.title


def has_given_up(text: str) -> bool:
    """Say whether *text*, in lower case, tells that the server stopped trying; what it only announces has not come."""
    found = phrases.GIVEN_UP.search
    if not found(" ".join(text.split())):
        return False
    return any(found(phrases.NOT_YET.sub(" ", " ".join(told.split()))) for told in _SENTENCE_END.split(text))


def _answers_bounce(view: View) -> bool:
    """Say whether a mailbox answers by itself to a bounce or to anything else that was not delivered, and quotes no reply:
    "Automatic reply: Undeliverable: hello", "Réponse automatique : colis non remis"."""
    opening, _, quoted = view.title.replace("：", ": ").partition(": ")
    announced, colon, _ = quoted.partition(": ")
    if reply.may_hold_code(view.text) or not (colon or _may_be_mailbox(view)):
        return False
    return phrases.BOUNCE_SUBJECT.search(announced) and phrases.VACATION.search(f"{opening}:")


def _may_be_mailbox(view: View) -> bool:
    """Say whether no mail system signs this, and neither a report nor a message hangs below it."""
    return not (signed(view) or view.status or view.returned)


def is_vacation(view: View) -> bool:
    """Say whether a person's mailbox answers by itself (RFC 3834), and no mail system reports a failure."""
    if _is_marked_vacation(view):
        return True
    if says_bounce(view) and (
        phrases.DAEMON.search(view.author)
        or not (
            marks.answerable(view)
            or marks.is_answer(view)
            or _answers_of_bounces(view)
            or not phrases.STRONG.search(view.one_line)
        )
    ):
        return False
    if tells_author(view):
        return False
    if phrases.VACATION.search(view.title) or _answers_for(view):
        return True
    submitted = (view.message.first("auto-submitted") or "").lower()
    return (
        submitted.startswith("auto-replied")
        and not phrases.DAEMON.search(view.author)
        and not view.message.has("list-id")
    )


def _is_marked_vacation(view: View) -> bool:
    """Say whether a field says that a mailbox answers by itself."""
    message = view.message
    precedence = (message.first("precedence") or "").lower()
    if "vacation" in (message.first("auto-submitted") or "").lower() or precedence in ("auto_reply", "auto-reply"):
        return True
    if any(message.has(name) for name in ("x-autoreply", "x-autorespond", "x-apple-action", "x-vacation")):
        return True
    return any("vacation" in (message.first(name) or "").lower() for name in _GRACES)


def _answers_of_bounces(view: View) -> bool:
    """Say whether a person's address or a help desk's answers by itself, of mail that bounced, and returns nothing."""
    submitted = (view.message.first("auto-submitted") or "").lower()
    return submitted.startswith("auto-replied") and _may_be_mailbox(view) and not marks.is_role(view)


def _answers_for(view: View) -> bool:
    """Say whether Exchange answers for a mailbox, under a Subject of any language: to a message that it names and does not
    return, wanting no answer itself. Its reports of failure have all but the person who is its author."""
    message = view.message
    return (
        message.has("x-auto-response-suppress")
        and message.has("in-reply-to")
        and marks.by_itself(view)
        and marks.null_sender(view)
        and _may_be_mailbox(view)
        and not says_bounce(view)
        and not (reply.may_hold_code(view.text) and phrases.STRONG.search(view.one_line))
    )


def is_challenge(view: View) -> bool:
    """Say whether a filter asks the sender to prove that he is a person."""
    # What is answered to may have been a challenge itself.
    titled = _asks(view.title) and _asks(own_title(view)) and not _quotes_subject(view)
    # Under a Subject that announces a bounce, "sender verification failed" is what a server said.
    return bool(titled or (not says_bounce(view) and phrases.CHALLENGE.search(view.lower[: limits.OPENING_CHARS])))


def _asks(title: str) -> bool:
    """Say whether a Subject, in lower case, asks for it."""
    return phrases.CHALLENGE.search(title) or phrases.CHALLENGE_SUBJECT.search(title)


def own_title(view: View) -> str:
    """Return the Subject in lower case; where a mail system announces a bounce before that of what came back, up to there."""
    opening, colon, _ = view.title.partition(": ")
    return opening if colon and phrases.BOUNCE_SUBJECT.search(opening) and signed(view) else view.title


def _quotes_subject(view: View) -> bool:
    """Say whether the Subject is that of a person's reply or of an automatic answer, and names what is answered to."""
    opening, colon, _ = view.title.partition(": ")
    return bool(marks.REPLIED.match(view.title) or (colon and phrases.VACATION.search(f"{opening}:")))


def challenges(view: View) -> bool:
    """Say whether such a filter sends this itself. It answers a message as a person does, and says that it is a machine."""
    if not is_challenge(view):
        return False
    machine = marks.null_sender(view) or marks.by_itself(view) or phrases.CHALLENGE.search(marks.mailer(view))
    return not from_person(view) or bool(
        machine and not (marks.by_tool(view) or marks.is_posted(view) or marks.is_ticket(view))
    )


def from_person(view: View) -> bool:
    """Say whether the outer message carries signs of a person or a list: forwarded, replied, posted."""
    message = view.message
    if marks.by_tool(view):
        return True
    if (message.has("x-list-administrivia") or _runs_list(view)) and not refuses_post(view):
        return True  # a list manager's own word to an owner or a member, whatever it quotes
    if candidate.signs("x-ricevuta", message.index.get("x-ricevuta", b"")):  # a receipt of certified mail
        return False
    if (phrases.DAEMON.search(view.author) and not _is_member(view)) or message.has("x-failed-recipients"):
        # Lists pass bounces on to their owners with their own fields; the daemon remains the author. A help desk may be a postmaster.
        return _is_desk(view) or _is_forward(view) or (not marks.null_sender(view) and _from_postmaster(view))
    if refuses_post(view):
        return False
    if marks.is_posted(view):
        return True
    if marks.is_answer(view) or _CRON.match(view.title):
        return True
    if marks.null_sender(view) or message.has("x-mlserver") or in_form(view) or stops(view):
        return False
    if message.has("in-reply-to") or marks.by_program(view):
        return True
    # Who sends a bounce's words on under its Subject, and asks below them what it means, writes as a person.
    opens = says_bounce(view) and marks.is_role(view) and phrases.OPENING.search(view.lower[:_SENTENCE_CHARS])
    return marks.answers_arrive(view) and not (marks.by_itself(view) or opens)


def _is_member(view: View) -> bool:
    """Say whether who posts to a list only has the name of a mail system, or answers there."""
    return marks.is_posted(view) and not marks.null_sender(view) and (not marks.is_role(view) or marks.is_answer(view))


def _runs_list(view: View) -> bool:
    """Say whether a list manager asks a moderator to approve a post, or answers to commands."""
    if phrases.DAEMON.search(view.author) and "majordomo" not in view.author:
        return False
    if _LIST_TITLE.match(view.title):
        return True
    return any(sign in view.lower for sign in _OF_MODERATORS) and _TO_MODERATOR.match(view.one_line) is not None


def _is_desk(view: View) -> bool:
    """Say whether a help desk answers in a postmaster's name: neither a report nor, below what is no answer, a message hangs there."""
    failed = view.status or view.message.has("x-failed-recipients")
    return marks.is_ticket(view) and not failed and (bool(marks.REPLIED.match(view.title)) or not view.returned)


def _is_forward(view: View) -> bool:
    """Say whether the Subject is that of a forward, and not of one that comes back: James keeps the Subject of what it returns."""
    if not view.title.startswith(_FORWARDED):
        return False
    return not marks.null_sender(view) or marks.by_program(view) or phrases.BOUNCE_SUBJECT.search(view.title)


def refuses_post(view: View) -> bool:
    """Say whether a list manager speaks for itself and refuses a post; its fields are those of its list."""
    owner = view.message.has("x-list-administrivia")
    if owner and "-owner@" in view.author and _gives_back(view):
        return True
    itself = owner or candidate.manages(view.author) or (marks.by_itself(view) and _titled_refusal(view))
    return itself and phrases.LIST_REFUSAL.search(" ".join(view.lower[: limits.SIGNATURE_CHARS].split()))


def _titled_refusal(view: View) -> bool:
    """Say whether the Subject refuses: in other languages than English gateways do so too, but under the null sender."""
    return "reject" in view.title or (marks.answerable(view) and _REFUSES.search(view.title) is not None)


def _gives_back(view: View) -> bool:
    """Say whether a notice returns a message to who wrote it."""
    return address.named(view.original.from_) in address.all_in(view.message.first("to"))


def _from_postmaster(view: View) -> bool:
    """Say whether the author, called like a mail system, is the person behind it: he answers, with a mail program."""
    program = marks.by_program(view)
    if program and "daemon" not in view.author:
        return True
    marked = view.message.has("x-mailer") or view.message.has("x-ms-has-attach") or "\n>" in view.text
    return bool(marks.REPLIED.match(view.title)) and (program or marked)


def writes_himself(view: View) -> bool:
    """Say whether a postmaster may have written this, of failed mail in general: who answers reaches him, nothing is returned."""
    by_program = marks.by_itself(view) or view.message.has("x-mailer") or marks.by_scanner(view)
    return marks.answers_arrive(view) and not (view.returned or by_program)
