"""What else a machine's message can be: read receipt, feedback report, auto-reply, challenge, or mail of a person.

Rule: evidence comes from the outer message only (its type, its fields, its own first words). The null sender is
neither necessary nor sufficient for a bounce: receipts and vacation notes have it too, and some bounces do not.
"""

import re
from typing import Final

from bounce_milter.view import View
from bounce_milter.vocabulary import Kind

_DAEMON: Final = re.compile(
    r"mailer[-_. ]?daemon|mail[-_]daemon|\bpost-?master\b|mail delivery (?:sub)?system|delivery[-_. ](?:sub)?system|"
    r"mail delivery service|internet mail delivery|system administrator|administrateur syst|systemadministrator|\bmaildeliver|"
    r"microsoft ?exchange|^mdaemon|\bmailer@|undeliverable|\bsmtp(?:d)?@|"
    r"mail administrator|mail system|e?mail router|\bnoreply-dmarc|\bcomplaints@|mailsystem|mail-system|"
    r"majordomo|\bnondelivery|delivery (?:failure|status)|reply-error|\bmmdf\b|amavis|mail.?gate|scanmail|^<>"
)
_SUBJECT: Final = re.compile(
    r"undeliver(?:able|ed)|failed mail\b|un-?deliverable|not (?:be )?delivered|delivery (?:status )?(?:notification|failure|error|problem|report|has failed|reports?)|"
    r"deliver(?:y|ing) (?:of )?(?:mail |message |your message )?(?:failed|failure|delayed|error|problem)|failure (?:notice|delivery|notification)|failed delivery|"
    r"return(?:ed|ing) (?:e-?mail|message|to sender|undeliver)|mail (?:delivery )?(?:failed|failure|error|returned|could not|rejected)|"
    r"(?:e?mail|message) (?:delivery |status |system )?(?:fail|error|could not|not deliver|undeliver|notdeliver|bounced|rejected|delayed|status|is delayed|still being|was not)|"
    r"non[- ]?(?:delivery|remise|recapitabil)|bounce|returned mail|mail system error|warning: (?:could not|message|mail)|cannot (?:send|deliver)|could ?n[o']t (?:send|deliver)|"
    r"could not be delivered|unable to deliver|delay(?:ed)? (?:mail|notif)|user unknown|unknown user|delivery (?:delay|temporar|incomplete|notice)|ndr:|nondeliverable|mail not|"
    r"unzustellbar|nicht zugestellt|nicht zustellbar|zustellung|non recapitabil|non remis|impossible de|échec de|remise (?:différée|impossible)|no se puede entregar|"
    r"mensaje no|correo no|sin entregar|não (?:é possível|entreg)|não pôde|non consegnat|mancato recapito|niet bezorgd|onbestelbaar|"
    r"не (?:доставлено|удалось)|недоставл|niedostarcz|配信|届|送信できま|不达|退信|退信|送達|kan ikke leveres|olevererbar|kunde inte|doručen|kézbesít"
)
_VACATION: Final = re.compile(
    r"^(?:(?:re|aw|sv|antw|fwd?): ?)*(?:\[?(?:auto(?:matic|mated)?[-: ]?(?:reply|response|reponse|answer|responder)|out[- ]of[- ](?:the[- ])?office|"
    r"automatische (?:antwort|reply)|.{0,40}automatiska atbilde|abwesenheit|réponse automatique|reponse automatique|automatisch antwoord|risposta automatica|"
    r"respuesta automática|resposta automática|automatisk sv[ao]r|autosvar|automaattinen vastaus|autom(?:atická|atyczna) odpov|automatyczna odpowied|"
    r"otomatik yanıt|автоматический ответ|автоответ|自動(?:応答|返信)|不在|自动(?:回复|答复)|vacation|away from|i am (?:away|out|on vacation)|"
    r"absence|ausente|fuera de la oficina|fuori (?:sede|ufficio)|nicht im (?:büro|hause)|urlaub|on (?:leave|holiday|vacation)|auto:|ooo\b|"
    r".{0,80}\((?:automatic|auto)[- ]?(?:response|reply)\)|thank you for (?:your|contacting)|your (?:message|mail|e-?mail|request) (?:to .{1,60} )?(?:has been|was) received))"
)
# Outlook.com's feedback loop has no RFC 5965 part; Apple's opt-out is its "opt-out" type (RFC 5965 7.3).
_COMPLAINT: Final = re.compile(r"\s*complaint about message from\b")
# A reply or a forward, perhaps behind the name of a list: "[mail-ops] Re: ...".
_REPLIED: Final = re.compile(r"(?:\[[^\]]{1,60}\] ?)?(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|odp|i|r)(?:\[\d+\])? ?:")
_CHALLENGE: Final = re.compile(
    r"challenge[- /]?response|please confirm (?:your|that you)|confirm(?:ation)? (?:your )?(?:e?mail|message) (?:is )?required|verify (?:that )?you(?:r| are)|"
    r"sender (?:verification|authentication)|(?:tmda|boxbe|bluebottle|spamarrest|mailblocks|earthlink spamblocker|uol antispam|antispam uol)|please verify your (?:e?mail|message)|"
    r"(?:waiting|awaiting) (?:for )?(?:your )?(?:confirmation|approval|authori)|confirm you are (?:a )?(?:human|person)|confirm that you sent|"
    r"prove (?:that )?you(?:'re| are)"
)


def by_type(view: View) -> Kind | None:
    """Return the kind that the outer media type states beyond doubt (RFC 3798, RFC 5965, RFC 8460)."""
    if _COMPLAINT.match(view.subject.lower()) or view.message.has("x-apple-unsubscribe"):
        return Kind.FEEDBACK_REPORT
    if "(rejected)" in (view.message.first("auto-submitted") or "").lower():
        return None  # RFC 5429 2.1: a mailbox's Sieve script refuses; the receipt is only its form
    if view.message.type != "multipart/report":
        part_types = {part.type for part in view.message.parts[:4]}
        if "message/disposition-notification" in part_types:
            return Kind.READ_RECEIPT
        return Kind.FEEDBACK_REPORT if "message/feedback-report" in part_types else None
    report_type = view.message.parameters.get("report-type", "").lower()
    types = {part.type for part in view.message.parts}
    if report_type == "disposition-notification" or "message/disposition-notification" in types:
        return Kind.READ_RECEIPT
    if report_type == "feedback-report" or "message/feedback-report" in types:
        return Kind.FEEDBACK_REPORT
    if report_type in ("tlsrpt", "dmarc"):
        return Kind.NOT_A_BOUNCE
    return None


def from_daemon(view: View) -> bool:
    """Say whether a mail system signs the message: author, null sender or a field only such systems write."""
    message = view.message
    return bool(
        null_sender(view)
        or _DAEMON.search(view.author)
        or message.has("x-failed-recipients")
        or message.has("x-ms-exchange-message-is-ndr")
    )


def null_sender(view: View) -> bool:
    """Say whether the envelope sender is empty, as RFC 5321 4.5.5 asks of bounces."""
    sender = view.sender if view.sender is not None else view.message.first("return-path")
    return sender is not None and (sender.strip() in ("", "<>") or sender.strip("<> ").lower().startswith("mailer-daemon"))


def says_bounce(view: View) -> bool:
    """Say whether the Subject announces a bounce, in any of the languages that servers use."""
    return bool(_SUBJECT.search(view.subject.lower()))


def is_vacation(view: View) -> bool:
    """Say whether a person's mailbox answers by itself (RFC 3834), and no mail system reports a failure."""
    message = view.message
    submitted = (message.first("auto-submitted") or "").lower()
    precedence = (message.first("precedence") or "").lower()
    if "vacation" in submitted or precedence in ("auto_reply", "auto-reply"):
        return True
    if any(message.has(name) for name in ("x-autoreply", "x-autorespond", "x-apple-action", "x-vacation")):
        return True
    if _DAEMON.search(view.author) and says_bounce(view):
        return False
    if _VACATION.search(view.subject.lower()):
        return True
    return submitted.startswith("auto-replied") and not _DAEMON.search(view.author) and not message.has("list-id")


def is_challenge(view: View) -> bool:
    """Say whether a filter asks the sender to prove that he is a person."""
    return bool(_CHALLENGE.search(view.subject.lower()) or _CHALLENGE.search(view.lower[:4000]))


def from_person(view: View) -> bool:
    """Say whether the outer message carries signs of a person or a list: forwarded, replied, posted."""
    message = view.message
    subject = view.subject.lower()
    if _DAEMON.search(view.author) or message.has("x-failed-recipients"):
        # Lists pass bounces on to their owners with their own fields; the daemon remains the author.
        return subject.startswith(("fwd:", "fw:", "wg:", "tr:"))
    if message.has("list-id") or message.has("list-post") or message.has("list-unsubscribe"):
        return True
    if _REPLIED.match(subject):
        return True
    return message.has("in-reply-to") and message.has("user-agent")
