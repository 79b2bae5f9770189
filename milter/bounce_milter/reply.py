r"""One server reply: its code, its enhanced status code and its words (RFC 5321 4.2, RFC 2034, RFC 3463 2).

Rule: a code counts only where a code can stand: at the start of a line or of a list's item, after the type
of a Diagnostic-Code, after `#`, in quotes or brackets that open a reply. Numbers inside addresses, IP addresses,
versions, phone numbers, URLs and queue ids are words. An enhanced status counts at the start, right after a reply code,
after `#`, and, where it is of the reply's class, behind a colon. What is not there stays None. Never raises.
"""

import re
from typing import Final

import msgspec

from bounce_milter import limits

#: A code that refuses, where it stands among words (RFC 5321 4.2.1); 571 is none, and in use.
REFUSED: Final = "[45](?:[0-5][0-9]|71)"
#: A status has three parts (RFC 3463 2).
STATUS: Final = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"
#: What Postfix adds behind a reply begins so: which command was answered.
IN_REPLY: Final = " (in reply to "


class Reply(msgspec.Struct, frozen=True):
    """What a server said.

    code    "550" or None; status  "5.1.1" or None; text  the words on one line, codes and their repeats removed
    """

    code: str | None
    status: str | None
    text: str


# No further digit or dot follows a status: 192.0.5.221, 5.1.1.1 and ticket 550-5.1.1-4522 are no codes (RFC 3463 2).
_END: Final = r"(?![\d.]*\d)(?!\w|-\d)"
_AT_START: Final = re.compile(
    rf"\s*(?:[\"'<(\[#]\s*|-{{1,2}} +(?=[45]\d\d )|(?:-{{1,2}}|[*•]) +(?={STATUS} )|smtp;\s*|reason(?::| -)\s*)*"
    rf"(?:(?P<code>[2-5][0-9][0-9])(?!\d|[.,]\d|-\d{{3,}}(?!\.)|:\d)(?:[\s:;,-]|(?=[(\[#\"'])|$)+"
    rf"(?:(?:(?:code|Enhanced|esmtp)\s*)?[(\[#\"']{{0,2}}(?P<status>{STATUS}){_END}[)\]]?)?"
    rf"|(?P<alone>{STATUS}){_END}[)\]]?)"
    rf"[\s:;,#-]*",
    re.IGNORECASE,
)
_OPENS: Final = frozenset('([<"')
_BARE: Final = re.compile(r"\s*[\"'(<\[#]*(?P<code>[2-5][0-9][0-9])[\"')>\].]*\s*\Z")
_MARKED: Final = re.compile(rf"#({STATUS}){_END}")
_INNER: Final = re.compile(rf": ({STATUS}){_END} [A-Z]")
#: A code of refusal with its status, wherever it stands.
REFUSAL: Final = re.compile(rf"(?<![\w./=-])(?P<reply>{REFUSED}[ -]#?{STATUS}{_END})")

# It begins with the first digit, so that it is looked for five times as fast; what must not stand before that is asked behind it.
_CODES: Final = re.compile(rf"[245](?<!\d\d)(?:(?<=(?={REFUSED}(?!\d)).)|\.\d{{1,3}}\.\d)")


def parse(text: str) -> Reply:
    r"""Return the reply that *text* is, from its start: "550-5.1.1 No\r\n550 5.1.1 such" -> 550, 5.1.1, "No such"."""
    text = text[: limits.REPLY_CHARS]
    bare = _BARE.match(text)
    if bare:
        return Reply(bare["code"], None, "")
    at = _AT_START.match(text)
    if not at:
        return Reply(None, _marked(text), one_line(text))
    code, status = at["code"], at["status"] or at["alone"]
    words = text[at.end() :]
    if status is None:
        status = _marked(words)
    if code:
        words, status = _without_repeats(words, code, status, lines=text.startswith("-", at.end("code")))
        status = status or _after_colon(words, code)
    text = one_line(words)
    return Reply(code, status, text if _OPENS.isdisjoint(at[0]) else without_end(text))


def without_end(text: str) -> str:
    """Return a quoted text without the bracket or the mark that ends the quotation, where it begins before the text."""
    text, beside, command = text.partition(IN_REPLY)
    ends = text[-1:]
    opens = {")": "(", "]": "[", ">": "<"}.get(ends)
    stray = text.count(ends) > text.count(opens) if opens else ends == '"' and text.count(ends) % 2 == 1
    return (text[:-1].rstrip() if stray else text) + beside + command


def may_hold_code(text: str) -> bool:
    """Say whether a reply code or an enhanced status code can stand in *text*: cheap, and generous."""
    return _CODES.search(text) is not None


def refuses(text: str) -> bool:
    """Say whether a code of refusal stands in *text* with its status: something failed, whatever the language around it."""
    return REFUSAL.search(text) is not None


# So a log tells that time ran out, before what the server last answered: "Delivery expired (message too old): 451 ...".
_EXPIRED: Final = re.compile(r"(?:delivery|message)(?: time| delivery)? expired\b|message too old\b", re.IGNORECASE)


def expired(said: Reply) -> bool:
    """Say whether words without a code begin with it that time ran out."""
    return said.code is None and _EXPIRED.match(said.text) is not None


def gave_up(said: Reply) -> bool:
    """Say whether who spoke says that time ran out, X.4.7; with a code of its own that says to try again nobody did."""
    return (said.status or "")[1:] == ".4.7" and (said.code or "5")[0] == "5"


def _without_repeats(words: str, code: str, status: str | None, *, lines: bool) -> tuple[str, str | None]:
    """Remove "550-5.1.1 " wherever a continuation line begins, as Postfix leaves it in mid-sentence.

    In a reply of one line what stands behind a colon is quoted.
    """
    if code not in words:
        return words, status
    begins = rf"{code}(?<!\S{code})[ -]#?"  # a pattern that begins with letters is looked for three times as fast
    if status is None and (line := re.search(rf"{begins}({STATUS}){_END}", words, re.ASCII)):
        status = line[1]
    begins += rf"(?:{STATUS}{_END}[\s:]*)?" if lines else rf"(?<!: {code}.)(?:{STATUS}{_END}[\s:]*)?"
    return re.sub(begins, "", words, flags=re.ASCII), status


def _after_colon(words: str, code: str) -> str | None:
    """Return a status of the code's own class that opens a reply quoted within: "not accepted: 5.7.1 No relaying"."""
    inner = _INNER.search(words)
    return inner[1] if inner and inner[1][0] == code[0] else None


def _marked(words: str) -> str | None:
    """Return the status behind a `#`, as qmail and its descendants put it after the words: "(#5.1.1)"."""
    marked = _MARKED.search(words)
    return marked[1] if marked else None


def one_line(text: str) -> str:
    """Return *text* with single spaces for all space in it."""
    return " ".join(text.split())


_COMMANDS: Final = {
    "connect": "CONN", "initial connection": "CONN", "talk to me": "CONN", "ehlo": "EHLO", "helo": "HELO", "lhlo": "LHLO",
    "starttls": "STARTTLS", "auth": "AUTH", "etrn": "ETRN", "mail from": "MAIL", "mail": "MAIL", "sender": "MAIL",
    "rcpt to": "RCPT", "rcpt": "RCPT", "recipient": "RCPT", "data": "DATA", "bdat": "DATA", "end of data": "DATA",
    "message body": "DATA", "message header": "DATA", "text": "DATA", "transfer of mail text": "DATA",
    "the message": "DATA", "end-of-message": "DATA", ".": "DATA", "message text": "DATA", "message": "DATA",
    "greeting": "CONN", "my name": "HELO", "helo/ehlo": "HELO", "return address": "MAIL",
}  # fmt: skip
#: What `command` may return.
COMMANDS: Final = frozenset(_COMMANDS.values())
_VERBS: Final = r"ehlo|helo|lhlo|starttls|auth|mail from|rcpt to|data|bdat|etrn|mail|rcpt"
# The group of each alternative is the command, in one of its names.
_COMMAND: Final = re.compile(
    rf"in (?:reply|response) to (?:the )?(end of data|message header|message body|{_VERBS})\b"
    rf"|after (?:sending )?(?:pipelined )?(?:end of )?(initial connection|transfer of mail text|{_VERBS})\b"
    rf"|(?:>>>|-->) ?({_VERBS})\b|>>> ?(\.)(?=\s|\Z)"  # a dot alone ends the text
    rf"|(?:did not like our|does not like) (sender|recipient|{_VERBS})\b"
    r"|failed after i sent (the message)|refused to (talk to me)\b"
    r"|connected to \S{1,255} but (greeting|my name|sender) "  # qmail-remote.c
    r"|error from remote server in (greeting)\b"  # 1&1, GMX
    r"|smtp server has rejected (return address|message)\b"  # Sun's servers
    r"|(message text) rejected by "  # CommuniGate
    r"|after (?:the )?(message text|text) was (?:sent|transmitted|transferred)\b"
    r"|\A\s?[45]\d\d[ -](?:\d\.\d\.\d )?(rcpt to|mail from): ?<"  # an answer that begins with the line it is about
    r"|smtp ?(sender) ?(?:refused|failed)"  # exceptions of Python and Java
    rf"|reject: (connect|end-of-message|{_VERBS}) from"
    rf"|\"command\": ?\"({_VERBS})\b"
    r"|(?:while sending|response to|during|server for|error (?:on|in)|smtp;?) ?\(?"
    rf"(end of data|text|helo/ehlo|{_VERBS}) (?:command|phase|stage)"
    rf"|mailer (mail from|rcpt to|data)\b|({_VERBS}) command (?:failed|rejected)"
    rf"|smtp (?:command:?|error,) ({_VERBS})\b"
    rf"|\b(?:stage|phase) ?[:=] ?(end of data|greeting|sender|recipient|{_VERBS})\b"
)
#: What may stand before " command": the longest verb and the longest words that lead to it, "while sending (end of data".
_BEFORE_SIGN: Final = 28
_COMMAND_SIGNS: Final = (
    "rcpt to:", "mail from:", "in reply to", "in response to", "after ", ">>>", "-->", "not like ", " command", " phase", " stage", "mailer ",
    "smtp error, ", "smtpsender", "smtp sender", "reject: ", '"command"', "refused to talk ", "connected to ", "in greeting",
    "has rejected ", "message text", "stage:", "stage=", "phase:", "phase=",
)  # fmt: skip


def command(text: str) -> str | None:
    """Return the SMTP verb that *text* says was being answered: "(in reply to RCPT TO command)" -> "RCPT"."""
    found = None
    lower = text.lower()
    places = [at for sign in _COMMAND_SIGNS if (at := lower.find(sign)) >= 0]
    if not places:
        return None
    for match in _COMMAND.finditer(lower, max(0, min(places) - _BEFORE_SIGN)):
        found = _COMMANDS[match[match.lastindex or 0]]
    return found


# How other programs say before a reply that the sender was refused: with the command in capitals, or in words.
_LED_BY: Final = re.compile(
    r"\b(?:MAIL F(?:ROM|rom)|RCPT T(?:O|o))\b|\bMAIL(?: command)?(?: was)?:?\s*\Z"
    r"|(?i:\b(?:did not|does not|would not|didn.t|doesn.t) (?:accept|like) (?:the (?:sender|return-path)|your address|<?[^\s<>]{1,320}>? as (?:the |a )?sender)\b"
    r"|\b(?:not|n.t|never) (?:take|accept) (?:any )?(?:mail|messages?) from (?:you\b|your address|the sender)"
    r"|\b(?:refused|rejected) (?:the sender|your address|the return-path|<?[^\s<>]{1,320}>? as (?:the |a )?sender)\b"
    r"|\b(?:sender|return-path)(?: (?:address|<[^\s<>]{1,320}>))? (?:was )?(?:refused|rejected|not accepted)\b)"
)
_LED_SIGNS: Final = ("sender", "return-path", "your address", "from you")
# The clause that leads to a reply, of at most so many characters: what follows the last mark that ends another one.
_CLAUSE_CHARS: Final = 200
_CLAUSE: Final = re.compile(r"[.,:;!?](?=\s)|[。：；，]|\n[ \t]*\n")
_OPENS_REPLY: Final = " \t\r\n:：\"'“„«(<[->="
# What is answered before a sender is named.
_EARLY: Final = re.compile(r"\b(?:(EHLO|HELO|LHLO|STARTTLS|AUTH)|(?i:greeting|banner))\b")
# The sender's address in the languages of mail systems, not as whom the message goes back to;
_SENDER: Final = re.compile(
    r"(?<!to )(?<!to the )(?<![a-z])sender(?!(?:['’]?s)? (?:message|mail|e-?mail)\b)|return[- ]path|return address|envelope[- ]from|\bfrom[- ]address|\byour (?:own )?(?:e-?mail )?address(?! book)"
    r"|(?<!an )(?<!an den )absender|\bihre (?:e-?mail-?)?adresse|(?<!à l.)expéditeur|\bvotre adresse|(?<!al )remitente|(?<!ao )remetente|(?<!al )mittente"
    r"|(?<!aan )(?<!aan de )afzender|avsänd|avsender|afsender|lähettäj|nadawc|odesílatel|odosielateľ|feladó|expeditor|αποστολέα|gönderen|gönderici"
    r"|отправител|відправник|подател|发件人|寄件人|寄件者|发信人|差出人|送信者|送信元|보낸 ?사람|발신자|발송자|المرسل|המוען|השולח|người gửi|ผู้ส่ง|pengirim"
)
# that it was refused or asked about;
_REFUSED_HIM: Final = re.compile(
    r"refus|reject|not accept|n.t accept|n.t like|not like|\bcheck|verif|valid|\berror (?:in|with|on)\b|call-?(?:out|back)|denied"
    r"|abgelehnt|lehnt|abgewiesen|zurückgewiesen|verweiger|prüf|akzeptiert|vérif|rejet|recha[zc]|verific|comprob|rifiut|respint|recus|rejeit"
    r"|geweigerd|weiger|gecontroleerd|avvis|nekad|godkän|avslå|hylk|torju|odrzuc|odmówi|sprawdz|odmít|odmiet|ověř|elutasít|ellenőr|respins|απορρ|απέρριψ|reddet|doğrula"
    r"|отклон|отверг|отказ|провер|відхил|перевір|отхвърл|拒|校验|验证|驗證|检查|檢查|確認|検証|거부|거절|확인|검증|رفض|التحقق|נדח|דחה|từ chối|kiểm tra|ปฏิเสธ|ตรวจสอบ|ditolak|menolak"
)
# and the clause neither speaks of whom the message was for nor of telling the sender, and bids nothing.
_NOT_OF_HIM: Final = re.compile(
    r"\bplease\b|\bbitte\b|veuillez|por favor|per favore|пожалуйста|notif|inform|\btold\b|avert|recipient(?!['’]s (?:\w+ )?(?:server|system|host)\b)|\brcpt\b|addressee|empfänger|destinat|ontvanger|geadresseerde|mottag|modtag|vastaanottaj|odbiorc|adresat|příjemc|príjemc|címzett|παραλήπτ|alıcı"
    r"|получател|адресат|одержувач|收件人|受信者|宛先|수신|받는 ?사람|المستلم|הנמען|người nhận|ผู้รับ|penerima"
)


def led(lead: str) -> str | None:
    """Return the SMTP verb that the words before a reply say was being answered: as `command`, or MAIL where they say that the
    sender was refused."""
    lower = lead.lower()
    if "MAIL" not in lead and not any(sign in lower for sign in _LED_SIGNS):
        return command(lead)
    found = [match[0] for match in _LED_BY.finditer(lead)]
    of_sender = bool(found) and not found[-1].startswith("RCPT")
    return command(lead) or ("MAIL" if of_sender else None)


def early(lead: str) -> str | None:
    """Return the SMTP verb before RCPT that the clause which leads to a reply tells, by its name or because it says, in any language,
    that the sender was refused or asked about; None where it tells none, or speaks of a recipient."""
    clause = _CLAUSE.split(lead[-_CLAUSE_CHARS:].rstrip(_OPENS_REPLY))[-1]
    lower = clause.lower()
    if _NOT_OF_HIM.search(lower):
        return None
    if named := _EARLY.search(clause):
        return named[1] or "CONN"
    return "MAIL" if _SENDER.search(lower) and _REFUSED_HIM.search(lower) else None
