"""Whether "user unknown" and "no such domain" speak of the recipient's address.

Rule: servers say both of senders, greetings and logins too. Whom they mean is known by the command, by a status or a code
that is about addresses or domains, where the own system speaks, or where the words name the recipient as such. In doubt
they do not mean him. Never raises.
"""

import re
from typing import Final

from bounce_milter.catalogue import Ready
from bounce_milter.codes import OF_COMMANDS
from bounce_milter.verdict import Query
from bounce_milter.vocabulary import Reason

R = Reason
# What is said of senders, greetings and commands too.
_TO_PLACE: Final = frozenset({R.USER_UNKNOWN, R.BAD_ADDRESS_SYNTAX, R.DOMAIN_UNKNOWN, R.DOMAIN_ACCEPTS_NO_MAIL})
# Codes that speak of the recipient's domain alone (RFC 7504).
_OF_DOMAINS: Final = frozenset({"521", "556"})
_USER_UNKNOWN: Final = R.USER_UNKNOWN
_DOMAIN_UNKNOWN: Final = R.DOMAIN_UNKNOWN

# Words on the recipient, or an address: servers say "recipient" in English.
_NAMES_HIM: Final = re.compile(r"recipient|destin|addressee|@", re.IGNORECASE).search

# What servers call the recipient, and how they say that there is none: of all that may be unknown, this can be nobody else.
_NONE_SUCH: Final = (
    (r"(?:the )?recipient(?: address)?", r"(?:is |was )?(?:not found|not known|unknown|does(?: not|n.t) exist)"),
    (r"(?:invalid|unknown|no such|non-?existent) recipient(?: address)?", ""),
    (r"(?:der )?empfänger|(?:die )?(?:empfängeradresse|adresse des empfängers)", r"(?:ist )?(?:unbekannt|nicht (?:bekannt|gefunden|vorhanden))|existiert nicht"),
    (r"unbekannter empfänger|(?:adresse d[ue] )?destinataire (?:inconnue?|introuvable|inexistante?)", ""),
    (r"(?:le |l['’]adresse du )?destinataire", r"est (?:inconnue?|introuvable)|n['’](?:existe pas|est pas connue?)"),
    (r"(?:el |la dirección del )?destinatario", r"(?:es )?(?:desconocid[oa]|inexistente)|no (?:existe|encontrad[oa])"),
    (r"(?:o |o endereço do )?destinatário", r"(?:é )?(?:desconhecido|inexistente)|não (?:existe|encontrado)"),
    (r"(?:il |l['’]indirizzo del )?destinatario", r"(?:è )?(?:sconosciuto|inesistente)|non (?:esiste|trovato)"),
    (r"(?:de )?(?:ontvanger|geadresseerde)", r"(?:is )?(?:onbekend|niet (?:bekend|gevonden))|bestaat niet"),
    (r"odbiorca|adresat", r"(?:jest )?nieznany|nie istnieje"),
    (r"(?:адрес )?получател[ья]", r"не (?:найден|существует)|неизвестен"),
    (r"příjemce", r"(?:je )?(?:neznámý|nenalezen)|neexistuje"),
    (r"mottagaren|modtageren|mottakeren", r"(?:är |er )?(?:okänd|ukendt|ukjent)|finns inte|findes ikke|finnes ikke"),
    (r"a címzett", r"ismeretlen|nem (?:létezik|található)"),
    (r"ο παραλήπτης", r"δεν (?:υπάρχει|βρέθηκε)|είναι άγνωστος"),
    (r"alıcı", r"bulunamadı|bilinmiyor|mevcut değil"),
    (r"(?:宛先|受信者)(?:の(?:メール)?アドレス)?[はが]", r"存在しません|見つかりません(?:でした)?|不明です"),
    (r"收[件信]人(?:地址)?|收件者", r"不存在|未找到|找不到"),
)  # fmt: skip
# Nobody is named more than once, and nothing else is said.
_ADDRESS: Final = r"<?[^<>\s@:;,()]{1,128}@[^<>\s@:;,()]{1,255}>?"
_SAID: Final = "|".join([rf"(?:{noun})(?: {_ADDRESS})?\s?(?:{none})" for noun, none in _NONE_SUCH])
_ABOUT_HIM: Final = re.compile(
    r"<[^<>\s@]{1,128}@[^<>\s@]{1,255}>\.\.\. user unknown\b"  # Sendmail
    rf"|(?=[^@]{{0,160}}@)(?:{_ADDRESS}\s?[.:,]* )?"
    rf"(?:{_SAID})"
    rf"(?: here| (?:on|at|in) (?:this|our) (?:server|system|host|domain))?(?:\s?[.:,]* {_ADDRESS})?[.!。]*\Z",
    re.IGNORECASE,
).match


def displaced(query: Query, ready: Ready) -> bool:
    """Say whether it is open that "unknown user" or "no such domain" speaks of the recipient's address.

    Filters of mobile carriers answer so at the end of DATA for mail that the owner does not want, others of the sender
    or the greeting. So such words need what says where they belong: the command, a status that is about addresses
    (RFC 3463 3.2; one about mailboxes, 3.3, says that there is one), a code that is about domains, the report's own
    system, or the name of whom it means (`case` sees whether that is the recipient).
    """
    status, command = query.status or "", query.command
    if query.reply in OF_COMMANDS or (status[1:4] == ".3." and ready.reason is _DOMAIN_UNKNOWN):
        return True  # of a command; of a mail system that there is (RFC 3463 3.4)
    if ready.token:  # a provider's own words are about what they say
        return False
    if command == "DATA" and not status.startswith("5.1."):
        return True
    if ready.reason not in _TO_PLACE or query.reply in _OF_DOMAINS:
        return False
    if ready.reason is _DOMAIN_UNKNOWN and (command == "RCPT" or status.endswith(".0.0")):
        # A server of the domain would know it: without a word on the recipient it may have looked up the sender's.
        return not (query.own or status[1:4] == ".1." or _NAMES_HIM(query.text or ""))
    if command == "RCPT":
        return False
    named = ready.reason is _USER_UNKNOWN and _ABOUT_HIM(query.text or "")
    placed = query.own or named or (status and (query.reply or not status.endswith(".0.0")))
    return status.startswith(("5.2.", "4.2.")) or not placed
