"""Marks of who sent a message: its envelope sender, fields that only programs, lists or people write, what the Subject begins with.

Rule: one mark a function, said of the outer message, and nothing concluded (`kinds`).
"""

import re
from typing import Final

from bounce_milter import address
from bounce_milter.view import View

# Fields of programs that write of mail as of anything else: help desks, forges, monitors, cron, journals of mail.
_TOOLS: Final = frozenset({
    "rt-ticket", "x-rt-original-encoding", "x-otrs-ticketid", "x-powered-by-otrs", "x-jira-fingerprint",
    "x-redmine-project", "x-bugzilla-reason", "x-trac-project", "x-github-reason", "x-gitlab-project", "x-git-repository",
    "x-git-refname", "x-launchpad-bug", "x-gerrit-messagetype", "x-jenkins-job", "x-cron-env", "x-mantis-project",
    "x-ms-journal-report",
})  # fmt: skip
# Names that are no person's, before the @ of an author who is called like a mail system.
_ROLE: Final = re.compile(
    r"[^@]*(?:daemon|post-?master|mail|bounce|reply|system|deliver|admin|smtp|exchange|gate|sweeper|virus|nobody|notif|root)"
)
# A help desk's number or its receipt: "[Ticket#2026030210000012]", "[#1234]", "[Case 00815]", Zendesk's "[Request received]".
_TICKET: Final = re.compile(
    r"\[(?:[^\[\]]{0,40}#\d{2,}|(?:case|ticket|request|incident|vorgang|anfrage) ?(?:id|nr\.?)?[ :#-]{0,2}\d{3,}|request received)\]"
)
# What people's mail programs write as X-Mailer; mail systems write one too.
_PROGRAM: Final = re.compile(
    r"(?:apple|iphone|ipad) mail|microsoft (?:office )?outlook|(?:novell |ximian )?evolution|the bat!|kmail|mutt|claws"
)
#: A reply or a forward.
REPLIED: Final = re.compile(r"(?:\[[^\]]{1,60}\] ?)?(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|odp|i|r)(?:\[\d+\])? ?:")


def null_sender(view: View) -> bool:
    """Say whether the envelope sender is empty, as RFC 5321 4.5.5 asks of bounces."""
    sender = _envelope_sender(view)
    return sender is not None and (sender == "" or sender.startswith("mailer-daemon"))


def answerable(view: View) -> bool:
    """Say whether the envelope sender is known and somebody: what goes back arrives."""
    return bool(_envelope_sender(view)) and not null_sender(view)


def sent_by_others(view: View) -> bool:
    """Say whether a domain that is neither the author's nor the addressee's sends this.

    A list of the author's or the addressee's own domain does not count.
    """
    sent = address.domain(address.first(_envelope_sender(view) or ""))
    return (
        "" not in (sent, view.house)
        and sent != address.domain(view.reader)
        and not address.are_of_one(sent, view.house)
    )


def _envelope_sender(view: View) -> str | None:
    """Return the envelope sender as the milter tells it, else as delivery noted it in the header (RFC 5321 4.4).

    In lower case; "" is the null one, None one that nobody tells.
    """
    sender = view.sender if view.sender is not None else view.message.first("return-path")
    return None if sender is None else sender.strip("<> ").lower()


def answers_arrive(view: View) -> bool:
    """Say whether the author sends under an address of his own, as people do: what goes back reaches him."""
    sender = _envelope_sender(view) or ""
    return sender != "" and sender in view.author


def borrows_name(view: View) -> bool:
    """Say whether only the author's display name is a mail system's, and what goes back reaches him: so do fraud and monitors."""
    sender = _envelope_sender(view) or ""
    return sender != "" and f"<{sender}>" in view.author and not _ROLE.match(sender)


def is_role(view: View) -> bool:
    """Say whether the author's address is called like a mail system or who runs one, not like a person or a help desk; or is none."""
    who = address.named(view.author)
    return not who or _ROLE.match(who) is not None


def by_itself(view: View) -> bool:
    """Say whether the message states that no person sent it (RFC 3834 5)."""
    return (view.message.first("auto-submitted") or "no").strip().lower().startswith(("auto-generated", "auto-replied"))


def is_posted(view: View) -> bool:
    """Say whether a list passes this on."""
    return any(view.message.has(name) for name in ("list-id", "list-post", "list-unsubscribe"))


def by_tool(view: View) -> bool:
    """Say whether a program sends this that writes of mail as of anything else."""
    return not _TOOLS.isdisjoint(view.message.index)


def by_scanner(view: View) -> bool:
    """Say whether MailScanner wrote this; in the field where it marks others' mail it tells that of its own."""
    return any(name.endswith("mailscanner") and b"generated" in value for name, value in view.message.index.items())


def by_program(view: View) -> bool:
    """Say whether a person's mail program wrote this."""
    message = view.message
    return message.has("user-agent") or bool(_PROGRAM.match(mailer(view)))


def mailer(view: View) -> str:
    """Return the name of the program that wrote this, in lower case, or an empty string."""
    return (view.message.first("x-mailer") or "").lower()


def tags(view: View) -> str:
    """Return what gateways put before the Subject, in lower case."""
    return view.subject.lower().removesuffix(view.title)


def is_answer(view: View) -> bool:
    """Say whether the Subject is that of a reply, of a forward or of a help desk's ticket."""
    return bool(REPLIED.match(view.title)) or is_ticket(view)


def is_ticket(view: View) -> bool:
    """Say whether a help desk's mark stands before the Subject, among the tags of gateways or behind them."""
    return bool(_TICKET.search(tags(view)) or _TICKET.match(view.title))


def is_marked(view: View) -> bool:
    """Say whether a mark of a person, a list, a help desk or another program stands on the message, whoever signs it."""
    answers = any(view.message.has(name) for name in ("in-reply-to", "references", "x-mailer"))
    return answers or by_tool(view) or is_posted(view) or is_answer(view) or by_program(view)
