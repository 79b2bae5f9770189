"""Which command a reply answered: what the program that quotes it says of that, beside the reply or leading to it.

Rule: a command is known where the words name it, or say what was going on: a greeting, the sender was refused, the text was sent. Of
what leads to a reply only its own clause counts, and not where that speaks of a recipient. A refusal before RCPT says nothing
about a recipient (RFC 5321 4.3.2). Pure, and linear in the text.
"""

import re
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

_COMMANDS: Final = {
    "connect": "CONN", "initial connection": "CONN", "talk to me": "CONN", "ehlo": "EHLO", "helo": "HELO", "lhlo": "LHLO",
    "starttls": "STARTTLS", "auth": "AUTH", "etrn": "ETRN", "mail from": "MAIL", "mail": "MAIL", "sender": "MAIL",
    "rcpt to": "RCPT", "rcpt": "RCPT", "recipient": "RCPT", "data": "DATA", "bdat": "DATA", "end of data": "DATA", "data block": "DATA",
    "message body": "DATA", "message header": "DATA", "text": "DATA", "transfer of mail text": "DATA",
    "the message": "DATA", "end-of-message": "DATA", ".": "DATA", "message text": "DATA", "message": "DATA",
    "greeting": "CONN", "my name": "HELO", "helo/ehlo": "HELO", "return address": "MAIL",
}  # fmt: skip
#: What `command` may return.
COMMANDS: Final = frozenset(_COMMANDS.values())
#: Before these nothing is known of a message (RFC 5321 4.1.1.1; LHLO: RFC 2033 4.1).
GREETINGS: Final = frozenset({"CONN", "EHLO", "HELO", "LHLO"})
_VERBS: Final = r"ehlo|helo|lhlo|starttls|auth|mail from|rcpt to|data|bdat|etrn|mail|rcpt"
# The group of each alternative is the command, in one of its names.
_COMMAND: Final = re.compile(
    rf"in (?:reply|response) to (?:the )?(end of data|message header|message body|{_VERBS})\b"
    rf"|after (?:sending )?(?:pipelined )?(end of data|data block|initial connection|transfer of mail text|{_VERBS})\b"
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
# Words of every day, where another follows and no program wrote them in capitals: "closed after mail forwarding ended".
_EVERYDAY: Final = frozenset({"auth", "data", "mail", "mail from"})
_GOES_ON: Final = re.compile(r" (?!(?:command|phase|stage)\b)[^\W\d_]")
#: What may stand before " command": the longest verb and the longest words that lead to it, "while sending (end of data".
_BEFORE_SIGN: Final = 28
_COMMAND_SIGNS: Final = AhoCorasick((
    "rcpt to:", "mail from:", "in reply to", "in response to", "after ", ">>>", "-->", "not like ", " command", " phase", " stage", "mailer ",
    "smtp error, ", "smtpsender", "smtp sender", "reject: ", '"command"', "refused to talk ", "connected to ", "in greeting",
    "has rejected ", "message text", "stage:", "stage=", "phase:", "phase=",
), matchkind=MatchKind.LeftmostFirst)  # fmt: skip


def command(text: str) -> str | None:
    """Return the SMTP verb that *text* says was being answered: "(in reply to RCPT TO command)" -> "RCPT"."""
    found = None
    lower = text.lower()
    signs = _COMMAND_SIGNS.find_matches_as_indexes(lower)
    if not signs:
        return None
    for match in _COMMAND.finditer(lower, max(0, signs[0][1] - _BEFORE_SIGN)):
        if not _is_everyday(text, match):
            found = _COMMANDS[match[match.lastindex or 0]]
    return found


def _is_everyday(text: str, found: re.Match[str]) -> bool:
    """Say whether what was found in *text*, in lower case, only sounds like a command that was answered."""
    start, end = found.span(found.lastindex or 0)
    if found.string[start:end] not in _EVERYDAY or not found[0].startswith(("after ", "in re")):
        return False
    return text[start : start + 1].islower() and _GOES_ON.match(found.string, end) is not None


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
    if answered := command(lead):
        return answered
    lower = lead.lower()
    if "MAIL" not in lead and not any(sign in lower for sign in _LED_SIGNS):
        return None
    found = [match[0] for match in _LED_BY.finditer(lead)]
    return "MAIL" if found and not found[-1].startswith("RCPT") else None


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
