"""Whether "user unknown" and "no such domain" speak of the recipient's address.

Rule: servers say both of senders, greetings and logins too. Whom they mean is known by the command, by a status or a code
that is about addresses or domains, where the own system speaks, or where the words name the recipient or a mailbox as such
and give an address, or tell that it was there once. In doubt they do not mean him. Never raises.
"""

import re
from typing import Final

from bounce_milter.catalogue import Ready
from bounce_milter.classify.verdict import Query
from bounce_milter.codes import OF_COMMANDS
from bounce_milter.vocabulary import Reason

R = Reason
# What is said of senders, greetings and commands too.
_TO_PLACE: Final = frozenset({R.USER_UNKNOWN, R.BAD_ADDRESS_SYNTAX, R.DOMAIN_UNKNOWN, R.DOMAIN_ACCEPTS_NO_MAIL})
# Codes that speak of the recipient's domain alone (RFC 7504).
_OF_DOMAINS: Final = frozenset({"521", "556"})
# The topic of a mailbox that was deleted: it sends nothing, so such words are not about the sender's.
_DELETED: Final = "mailbox-deleted"
_USER_UNKNOWN: Final = R.USER_UNKNOWN
_DOMAIN_UNKNOWN: Final = R.DOMAIN_UNKNOWN

# Words on the recipient, or an address: servers say "recipient" in English.
_NAMES_HIM: Final = re.compile(r"recipient|destin|addressee|@", re.IGNORECASE).search

# What servers call the recipient or his mailbox, and how they say that there is none: of all that may be unknown, this can be
# nobody else, whereas a user may be one who logs in, or the sender.
_NONE_SUCH: Final = (
    (r"(?:the )?(?:recipient(?: address)?|addressee|mail ?box|inbox)", r"(?:is |was )?(?:not found|not known|unknown|invalid|non-?existent|does(?: not|n.t) exist)"),
    (r"(?:invalid|unknown|no such|non-?existent) (?:recipient(?: address)?|addressee|mail ?box|inbox)", ""),
    (r"(?:der )?(?:empfänger|adressat)|(?:das )?postfach|(?:die )?(?:empfängeradresse|adresse des empfängers|mailbox)", r"(?:ist )?(?:unbekannt|nicht (?:bekannt|gefunden|vorhanden))|existiert nicht"),
    (r"unbekannter (?:empfänger|adressat)|unbekannte empfängeradresse|unbekanntes postfach", ""),
    (r"(?:adresse d[ue] )?destinataire (?:inconnue?|introuvable|inexistante?)|boîte aux lettres (?:inconnue|introuvable|inexistante)", ""),
    (r"(?:le |l['’]adresse du )?destinataire|(?:la )?boîte aux lettres", r"est (?:inconnue?|introuvable)|n['’](?:existe pas|est pas connue?)"),
    (r"(?:el |la dirección del )?destinatario|(?:el )?buzón", r"(?:es )?(?:desconocid[oa]|inexistente)|no (?:existe|encontrad[oa])"),
    (r"(?:o |o endereço do )?destinatário|(?:a )?caixa (?:postal|de correio)", r"(?:é )?(?:desconhecid[oa]|inexistente)|não (?:existe|encontrad[oa])"),
    (r"(?:il |l['’]indirizzo del )?destinatario|(?:la )?casella(?: di posta)?", r"(?:è )?(?:sconosciut[oa]|inesistente)|non (?:esiste|trovat[oa])"),
    (r"(?:de )?(?:ontvanger|geadresseerde|mailbox|postbus)|(?:het )?postvak", r"(?:is )?(?:onbekend|niet (?:bekend|gevonden))|bestaat niet"),
    (r"odbiorca|adresat|skrzynka(?: pocztowa)?", r"(?:jest )?nieznan[ya]|nie istnieje"),
    (r"(?:адрес )?получател[ья]|адресат|(?:почтовый )?ящик", r"не (?:найден|существует)|неизвестен"),
    (r"příjemce|schránka", r"(?:je )?(?:neznám[ýá]|nenalezena?)|neexistuje"),
    (r"mottagaren|modtageren|mottakeren|brevlådan|postkassen|postboksen", r"(?:är |er )?(?:okänd|ukendt|ukjent)|finns inte|findes ikke|finnes ikke"),
    (r"(?:okänd|ukendt|ukjent) (?:mottagare|modtager|mottaker)", ""),
    (r"a (?:címzett|postafiók)", r"ismeretlen|nem (?:létezik|található)"),
    (r"ο παραλήπτης|η θυρίδα", r"δεν (?:υπάρχει|βρέθηκε)|είναι άγνωστος"),
    (r"alıcı|posta kutusu", r"bulunamadı|bilinmiyor|mevcut değil"),
    (r"(?:宛先|受信者)(?:の(?:メール)?アドレス)?[はが]|メールボックス[はが]", r"存在しません|見つかりません(?:でした)?|不明です"),
    (r"收[件信]人(?:地址)?|收件者|邮箱|郵箱|信箱", r"不存在|未找到|找不到"),
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
    if ready.reason is _DOMAIN_UNKNOWN and (command == "RCPT" or status.endswith((".0.0", ".5.0"))):
        # A server of the domain would know it: without a word on the recipient it may have looked up the sender's.
        return not (query.own or status[1:4] == ".1." or _NAMES_HIM(query.text or ""))
    if command == "RCPT":
        return False
    gone = ready.closed and ready.rule.words == _DELETED
    named = ready.reason is _USER_UNKNOWN and (gone or _ABOUT_HIM(query.text or ""))
    placed = query.own or named or (status and (query.reply or not status.endswith(".0.0")))
    return status.startswith(("5.2.", "4.2.")) or not placed
