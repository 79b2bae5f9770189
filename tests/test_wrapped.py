"""Every sample of a rule, as it arrives: within the bounces of six mail systems, it means what it means by itself.

The samples are what servers say; these forms are how it comes to people. What stands around a reply, and how lines are
folded, decides nothing.
"""

import textwrap
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest

from bounce_milter.catalogue.rule import Rule
from bounce_milter.explain import explain, explain_reply
from bounce_milter.reply import quoting
from bounce_milter.resources import load_knowledge
from bounce_milter.vocabulary import Reason
from tests.reports import knowledge

_RECIPIENT: Final = "bob@example.com"
_ORIGINAL: Final = (
    "From: Anna <anna@sender.example>\nTo: bob@example.com\nSubject: Offer\nMessage-ID: <1@sender.example>\n"
)


class Said(NamedTuple):
    """A reply, the host that gave it, the command that it answered."""

    text: str
    by: str
    command: str

    @property
    def status(self) -> str:
        """The status that a client reports: the reply's, else one made of its code."""
        found = quoting.find(self.text)
        return found.status or f"{(found.code or '5')[0]}.0.0"


def _head(author: str, subject: str, report: bool = True) -> str:
    type_ = 'multipart/report; report-type=delivery-status; boundary="B"' if report else "text/plain"
    return (
        f"Return-Path: <>\nFrom: {author}\nTo: anna@sender.example\nSubject: {subject}\n"
        f"MIME-Version: 1.0\nContent-Type: {type_}\n\n"
    )


def _report(head: str, words: str, said: Said, reporting: str, folded: str) -> str:
    return (
        f"{head}--B\n\n{words}\n\n--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {reporting}\n\n"
        f"Final-Recipient: rfc822; {_RECIPIENT}\nAction: failed\nStatus: {said.status}\nRemote-MTA: dns; {said.by}\n"
        f"Diagnostic-Code: smtp; {folded}\n\n--B\nContent-Type: text/rfc822-headers\n\n{_ORIGINAL}\n--B--\n"
    )


def _folded(text: str, width: int) -> str:
    return "\n    ".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def postfix(said: Said) -> str:
    """Return Postfix's bounce: the words folded above, the report folded elsewhere."""
    step = {"MAIL": "MAIL FROM", "RCPT": "RCPT TO", "DATA": "end of DATA"}.get(said.command, said.command)
    tail = "" if step == "CONN" else f" (in reply to {step} command)"
    verb = "refused to talk to me" if step == "CONN" else "said"
    line = _folded(f"<{_RECIPIENT}>: host {said.by}[203.0.113.25] {verb}: {said.text}{tail}", 72)
    words = (
        "This is the mail system at host mail.sender.example.\n\nI'm sorry to have to inform you that your message could not\n"
        f"be delivered to one or more recipients. It's attached below.\n\n{line}"
    )
    head = _head("MAILER-DAEMON@mail.sender.example (Mail Delivery System)", "Undelivered Mail Returned to Sender")
    return _report(head, words, said, "mail.sender.example", _folded(said.text, 70))


def exim(said: Said) -> str:
    """Return Exim's bounce without a report."""
    steps = {"MAIL": "MAIL FROM:<anna@sender.example>", "RCPT": f"RCPT TO:<{_RECIPIENT}>", "DATA": "end of data"}
    step = steps.get(said.command, "initial connection")
    return _head("Mail Delivery System <Mailer-Daemon@mail.sender.example>", "Mail delivery failed", report=False) + (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {_RECIPIENT}\n    host {said.by} [203.0.113.25]\n    SMTP error from remote mail server after {step}:\n"
        f"    {said.text}\n\n------ This is a copy of the message, including all the headers. ------\n\n{_ORIGINAL}"
    )


def sendmail(said: Said) -> str:
    """Return Sendmail's bounce: a list, a transcript and a report."""
    steps = {
        "MAIL": ">>> MAIL From:<anna@sender.example>\n",
        "RCPT": f">>> RCPT To:<{_RECIPIENT}>\n",
        "DATA": ">>> DATA\n",
    }
    words = (
        "   ----- The following addresses had permanent fatal errors -----\n"
        f"<{_RECIPIENT}>\n    (reason: {said.text[:200]})\n\n   ----- Transcript of session follows -----\n"
        f"... while talking to {said.by}.:\n{steps.get(said.command, '')}<<< {said.text}\n554 5.0.0 Service unavailable"
    )
    head = _head(
        "Mail Delivery Subsystem <MAILER-DAEMON@mail.sender.example>", "Returned mail: see transcript for details"
    )
    return _report(head, words, said, "mail.sender.example", said.text)


def qmail(said: Said) -> str:
    """Return qmail's bounce."""
    ways = {"MAIL": "Connected to {} but sender was rejected.", "RCPT": "{} does not like recipient.",
            "DATA": "{} failed after I sent the message."}  # fmt: skip
    way = ways.get(said.command, "Connected to {} but greeting failed.").format(said.by)
    return _head("MAILER-DAEMON@mail.sender.example", "failure notice", report=False) + (
        "Hi. This is the qmail-send program at mail.sender.example.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{_RECIPIENT}>:\n{way}\nRemote host said: {said.text}\n\n--- Below this line is a copy of the message.\n\n{_ORIGINAL}"
    )


def exchange(said: Said) -> str:
    """Return the bounce of an Exchange server."""
    words = (
        f"Delivery has failed to these recipients or groups:\n\n{_RECIPIENT}<mailto:{_RECIPIENT}>\nYour message couldn't be "
        "delivered.\n\nDiagnostic information for administrators:\n\nGenerating server: EX01.sender.example\n\n"
        f"{_RECIPIENT}\n{said.by}\nRemote Server returned '{said.text}'"
    )
    head = _head("Microsoft Outlook <postmaster@sender.example>", "Undeliverable: Offer")
    return _report(head, words, said, "EX01.sender.example", said.text)


def gmail(said: Said) -> str:
    """Return Gmail's bounce."""
    words = (
        f"** Message not delivered **\n\nYour message couldn't be delivered to {_RECIPIENT} because the remote server is "
        f"misconfigured. See technical details below for more information.\n\nThe response from the remote server was:\n{said.text}"
    )
    head = _head("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)")
    return _report(head, words, said, "googlemail.com", said.text)


#: A name that a resolver was asked for, or a host that takes no mail, and that is not the recipient's domain means something else in a
#: bounce.
_OF_NAMES: Final = frozenset({"google-nxdomain", "mta-sendmail-host-unknown", "generic-host-accepts-no-mail"})


def _samples() -> list[tuple[Rule, Said]]:
    """Return the samples that are whole replies, which refuse."""
    return [
        (rule, Said(text, rule.sample_by or "mx1.example.com", rule.sample_command or "RCPT"))
        for rule in load_knowledge(samples=True).catalogue.rules
        for text in rule.samples
        if rule.pattern
        and rule.id not in _OF_NAMES
        and "\n" not in text
        and (quoting.find(text).code or " ")[0] in "45"
    ]


@pytest.mark.parametrize("form", [postfix, exim, sendmail, qmail, exchange, gmail])
def test_a_reply_means_the_same_in_whatever_form_it_comes(form: Callable[[Said], str]) -> None:
    wrong: list[tuple[str, str, object, object]] = []
    for rule, said in _samples():
        by_itself = explain_reply(said.text, knowledge()).recipients[0]
        (told,) = explain(form(said).encode(), knowledge=knowledge(), sender="").recipients
        known: set[Reason | None] = {by_itself.reason, rule.reason}  # the host and the command may say more
        if Reason.DOMAIN_UNKNOWN in known:  # but no server of a domain says that it is not there
            known |= {Reason.DNS_FAILURE, Reason.USER_UNKNOWN}
        if told.reason not in known or told.reply != by_itself.reply or told.address != _RECIPIENT:
            wrong.append((rule.id, said.text, told.reason, told.reply))
        if told.dead and told.reason is not by_itself.reason:
            wrong.append((rule.id, said.text, "dead", told.reason))
    assert wrong == []
