"""Lines of a notice that are not about the failure: help, a new address, a banner, the head of a list, the border of what came back.

Rule: as in the package.
"""

import re
from typing import Final

import re2

from bounce_milter.phrases.base import any_of, pattern

#: What an item of a list, a box to tick or a quoted line begins with.
ITEM: Final = re.compile(r"[ \t]*(?:[-*+•·‣>][ \t]|[>・※☐□]|\[ ?\]|\( ?\) )")

#: A line that names an address to ask for help, or shows what an address looks like.
HELPDESK: Final = any_of(
    r"contact", r"assistance", r"for (?:further |more )?(?:help|information)", r"question", r"\b(?:bei|für) (?:rück)?fragen\b", r"postmaster",
    r"forward this", r"e-?mail us", r"send (?:an? )?(?:e-?mail|mail|message) to",
    r"please (?:mail|write|e-?mail)", r"(?:^|[.,;:!?] +|\b(?:or|please) )(?:write to|(?:tell|inform) us\b|let us know\b)", r"report (?:\w+ ){0,2}to", r"reported to", r"\bwenden sie", r"kontaktieren",
    r"reach us", r"please (?:notify|send to)", r"problems?:", r"erreichen sie uns", r"hilft ihnen", r"melden sie sich",
    r"schreiben sie an", r"[ée]crivez", r"scriv(?:ere|ete|a) a", r"escrib[ae]", r"escreva", r"обратитесь", r"prosimy (?:o kontakt|pisać)",
    r"お問い合わせ", r"请联系", r"請聯", r"客服", r"s'adresser", r"(?:form|format) of (?:an? |the |our )?(?:e-?mail )?address",
)  # fmt: skip

#: What servers write before the reason, in the languages of those that have no report.
REASON_TOLD: Final = any_of(
    r"reason", r"grund", r"ursache", r"motivo?", r"motif", r"raison", r"cause", r"causa", r"причина", r"powód", r"årsag", r"orsak", r"årsak", r"reden",
    r"oorzaak", r"neden", r"důvod", r"dôvod", r"(?:退信)?原因", r"理由", r"(?:실패|반송)?사유", r"αιτία", r"λόγος", r"razlog", r"разлог", r"põhjus", r"motiu",
    r"priežastis", r"iemesls", r"syy", r"סיבה", r"السبب", r"lý do", r"สาเหตุ", r"alasan", after=r" ?[:：]",
)  # fmt: skip

_WHO: Final = r"[^\s<>\"'()「」]+@[^\s<>\"'()「」]+"
_NEW_ADDRESS: Final = (
    r"\bnew (?:e-?mail |mail )?address", r"\bnew e-?mail", r"\bneuen? (?:e-?)?(?:mail)?[- ]?adresse", r"\bnouvelle adresse(?: e-?mail| de courriel)?",
    r"\bnueva direcci[oó]n(?: de correo)?", r"\bnuovo indirizzo(?: e-?mail)?", r"\bnovo endere[cç]o(?: de e-?mail)?",
    r"\bnieuwe? (?:e-?)?(?:mail)?[- ]?adres", r"\bnya? (?:e-?post|mail)?-?adress?e?n?", r"\bnowy adres(?: e-?mail)?", r"новый адрес",
    r"新しい(?:メール)?アドレス", r"新(?:メール)?アドレス", r"新的?(?:邮箱|郵箱|信箱|地址)",
)  # fmt: skip

#: The address that somebody has now, behind what says so (RFC 5321 3.4, code 551).
NOW_AT: Final = re2.compile(pattern(
    *(rf"{address}(?: (?:now|jetzt|nun|ab sofort|désormais|ahora|ora|agora|is|lautet|ist|est|es|è|é|är|er|to)){{1,3}}:?" for address in _NEW_ADDRESS),
    *(rf"{address} ?[:=：–—-]" for address in _NEW_ADDRESS), *(rf"{address}[は是]" for address in _NEW_ADDRESS),
    r"\b(?:at|under|unter|via) (?:the|my|his|her|our|der|meiner|unserer) (?:new|neuen) (?:e-?mail[- ]?)?(?:address|adresse)",
    r"\b(?:please|kindly|must|should|instead) (?:now )?(?:use|try)(?: (?:only|instead|the (?:e-?mail )?address))?:?",
    r"\bnot local[;,.]? will forward to:?", r"\b(?:moved|has changed) to:?",
    r"\bchanged (?:his|her|its|their|our|my) (?:e-?mail )?address(?:es)?(?: to)?:?",
    r"\bnow (?:uses|(?:be )?(?:reached|reachable|found) (?:at|under)):?",
    r"\bbitte (?:verwenden|nutzen|benutzen)(?: [a-zäöüß-]+){0,6}:?", r"\bveuillez (?:[a-zé]+ )?utiliser(?: désormais| l'adresse){0,2}:?",
    r"\b(?:utilice|por favor,? use)(?: la direcci[oó]n)?:?", r"\bgebruik(?: voortaan)?:?", r"\butilizzare(?: l'indirizzo)?:?",
    after=rf"\s*[\"'<(「]*\b({_WHO})",
))  # fmt: skip

#: The same address before such words.
IS_NEW: Final = re2.compile(pattern(
    r"instead\b",
    r"(?:is|ist|est|es|è|é) (?:the|my|his|her|their|our|die|meine|seine|ihre|unsere|la|sa|ma|mi|su|het|il) (?:new|neue|nouvelle|nueva|nieuwe|nuovo)\b",
    before=rf"({_WHO})[>\"')」]*\s+",
))  # fmt: skip

#: A line of the banner that gateways put above mail from outside, whatever stands in its other lines.
BANNER: Final = any_of(
    r"(?:originated|came|comes|sent|received) (?:from )?(?:outside|an? external)", r"external (?:e-?mail|sender|message)",
    r"do not click", r"(?:don't|do not) open attachments", r"recogni[sz]e the sender", r"content is safe",
    r"von (?:außerhalb|extern)", r"externe (?:e-?mail|nachricht)", r"provient de l'ext[ée]rieur",
)  # fmt: skip

#: A sentence names whom the message was for, or the message or the system of who wrote it: it is on this failure.
OF_THIS: Final = any_of(
    r"\b(?:recipient|addressee|mailbox|account|user|inbox|customer|subscriber|person|he|she|his|her|him|they|"
        r"their|them)\b",
    r"\bthis (?:address|list|group|team)\b",
    r"\byour (?:own )?(?:e-?mail|mail|message|letter|server|address|domain|ip|system|account|attachment|file|"
        r"sending|host|network)s?\b",
    r"\bwe (?:are|have been) (?:currently |temporarily |still )?(?:under|in|doing|having|experiencing|unable|"
        r"not able|offline|down)\b",
    r"\b(?:this|the) (?:e-?mail|mail|message) (?:(?:was|has been|is|could|did|had|cannot) )?(?:not |too |refused|"
        r"rejected|blocked|returned|stopped|classified|identified|considered|exceeds?|contains|contained|looks|"
        r"violates|failed)",
    r"\b(?:empfänger|adressat|postfach|konto|benutzer|kunde|teilnehmer)",
    r"\bihre[rmns]? (?:e-?mail|mail|nachricht|anlage|anhang|server|adresse|domain|ip|system|netz|provider)",
    r"\b(?:diese|die) (?:e-?mail|nachricht) (?:wurde|ist|konnte|enthält|überschreitet)", r"\bdiese adresse",
    r"\b(?:destinataire|boîte|compte|utilisateur|abonné)",
    r"\bvotre (?:message|courriel|e-?mail|serveur|adresse|domaine|ip|système|pièce)",
    r"\bce (?:message|courriel) (?:a |n['’]|est |contient|dépasse)", r"\bcette adresse",
    r"\b(?:destinatario|buzón|cuenta|usuario)", r"\bsu (?:mensaje|correo|servidor|dirección|dominio|ip)\b", r"\beste (?:mensaje|correo) (?:ha|fue|no|contiene|supera)", r"\besta dirección",
    r"\b(?:destinatari|casella|utente)", r"\b(?:il|la) (?:suo|sua|tuo|tua|vostr[oa]) ",
    r"\bquesto messaggio (?:è|non|ha|contiene|supera)", r"\b(?:destinatári|caixa|conta\b|usuário|utilizador)",
    r"\b(?:sua|seu) (?:mensagem|e-?mail|servidor|endereço|domínio)", r"\besta mensagem (?:foi|não|contém|excede)",
    r"\b(?:ontvanger|geadresseerde|postvak|gebruiker)", r"\buw (?:bericht|e-?mail|mail|server|adres|domein)",
    r"\b(?:mottagar|modtager|mottaker|brevlåd|postkasse|postboks|användar|bruger|bruker)",
    r"\b(?:ditt|din|dit|dine) (?:meddelande|mejl|mail|e-?post|server|besked|adress)",
    r"\b(?:vastaanottaj|postilaatik|käyttäj|viestisi)", r"\b(?:odbiorc|adresat|skrzynk)", r"użytkownik",
    r"\b(?:twoja|pana|pani|państwa) (?:wiadomość|poczta|adres)",
    r"příjem|príjem|adresát|schránk|uživatel|používateľ|\bvaš[ae] zpráv",
    r"címzett|postafiók|felhasználó|\blevele|üzenete",
    r"destinatar|căsuț|utilizator|mesajul d",
    r"alıcı|posta kutusu|hesap|kullanıcı|mesajınız|i\x{307}?letiniz|sunucunuz", r"получател", r"адресат", r"ящик",
    r"пользовател", r"уч[её]тн", r"аккаунт", r"(?:^|[^а-яё])ваш\p{L}* (?:письм|сообщен|сервер|адрес|домен)",
    r"одержувач", r"скриньк", r"користувач", r"παραλήπτ|γραμματοκιβώτ|λογαριασμ|χρήστ|μήνυμά σας",
    r"宛先|受信者|メールボックス|アカウント|ユーザー|利用者|あなたの|お客様の|送信されたメール", r"收件人|邮箱|信箱|郵箱|帐户|账户|帳戶|用户|用戶|您的(?:邮件|郵件|服务器|域名)", r"수신자|받는 ?사람|메일함|사서함|계정|사용자|귀하의",
)  # fmt: skip

#: A line that opens a list of addresses.
OPENS: Final = any_of(
    r"(?:following|these|this|below|listed|all|some|each|one or more|intended)\b.*\b(?:recipient|address|user|destination|mailbox|person|people|individual|name|account)",
    r"\b(?:recipient|address|user)(?:\(?e?s\)?)?(?:[^.\n\w][^.\n]*)?:[ \t]*$", r"folgende", r"suivant", r"siguiente",
    r"seguent", r"seguinte", r"volgende", r"följande", r"følgende", r"seuraava", r"następując", r"následující", r"következő", r"aşağıdaki",
    r"следующ", r"次の", r"以下",
    r"\b(?:diese empfänger|ces destinataires|estos destinatarios|questi destinatari|estes destinatários|"
        r"deze (?:geadresseerden|ontvangers)|dessa mottagare|disse (?:modtagere|mottakere))",
    r"этим получателям",
)  # fmt: skip

#: How systems announce the returned message: a line of these words, with or without rules around it.
BORDER: Final = re2.compile(pattern(
    r"(?:this is a |here is a |below (?:(?:this|the next) line )?is a |following is a )?copy of (?:the|your) (?:original )?(?:message|e?-?mail)\b.*",
    r"(?:the )?(?:body|headers?|text|start|beginning|begin|first \d+ lines?) of (?:the |your )?"
    # not IMail's "Body of message generated response:", below which the reply stands, and no "body of the message contains a virus"
    r"(?:original |returned |undelivered |rejected |bounced |unsent )?(?:message|mail|letter)\b"
    r"(?:[ \t]*(?:(?:(?:is|are) )?(?:follow|below|attach|includ|enclos|append|return|as )|[^\w\s]).*|[ \t]+[^\sg].*:)?",
    r"(?:original|returned|undelivered|unsent|rejected|bounced) (?:message|mail)"
    r"(?: (?:follows|headers?|text|information|attached|is attached))*[ \t:.]*",
    r"(?:(?:the|original|returned|message) )*headers? follows?[.:]?", r"(?:the )?(?:message )?headers? of (?:the )?original message.*",
    r"(?:your |the )?(?:original )?message (?:follows|is (?:included|attached|enclosed|returned) below|text follows|header follows)[.:]?",
    r"return(?:ed)? message(?: below)?:?", r"unsent message below:?",
    r"original message as received.*", r"old message:?",
    r"original text follows:?", r"your message reads(?: \(in part\))?:", r"enclosed is a copy of .*", r"included below is .*message.*", r"failed message follows:?",
    r"the headers? and top \d{1,3} lines of the message follows?",
    r"message d'origine", r"urspr(?:ü|ue)ngliche nachricht", r"originalnachricht", r"mensaje original(?: adjunto)?[.:]?", r"附件中的内容是原信件的一份拷贝[。.]?",
    r"messaggio originale", r"заголовки письма:?", r"(?:the )?(?:message|mail) (?:that|which) (?:was|you) (?:sent|returned)(?: (?:to|by|us|you|was|is|as|reads|follows|below|here)){0,4} ?:",
    r"(?:your|ihr|ihre|votre|su|(?:il )?(?:suo|vostro)|seu|uw|din|twój) (?:text|texte|texto|testo|tekst|report|"
        r"request|inquiry|anfrage|bericht|demande)[ \t]?:?",
    r"you wrote ?:", r"sie schrieben ?:", r"vous avez écrit ?:", r"usted escribió ?:",
    before=r"(?m)^[ \t>]*(?:\|?[-=*_#+~ ]{3,}[ \t]*)?",
    after=r"[ \t]*[-=*_#+~ ]*\|?$",
))  # fmt: skip
