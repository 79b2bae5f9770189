"""What a notice says of an address that lives, beside a reply that knows nobody: that it is valid, that the house works on it, that the
mailbox is moved, or that something else than the address was refused.

Rule: as in the package. It takes a dead address back, and tells no cause.
"""

from typing import Final

from bounce_milter.phrases.base import any_of
from bounce_milter.phrases.signs import Joined

_ADDRESSES: Final = (
    r"(?:addresses|adressen|adresses|direcciones|indirizzi|endereços|adresser|adresy|адреса|adresler|地址)"
)

LIVES: Final = any_of(
    # The address is good, or all are.
    r"\b(?:recipient|account|user|person|employee) (?:does )?exists?,? (?:but|the (?:error|fault)|only)\b",
    r"\b(?:addresses|accounts) (?:that exist|remain|stay|are all valid)\b",
    r"\b(?:valid|existing) (?:recipients?|users?|addresses|accounts?) (?:are|is|may be|bounce|come|as)\b",
    r"\bstill (?:works?|with us|in use)\b",
    r"\baddress (?:is right,? (?:it is|only|but)|is (?:still (?:valid|in use)|all right)|has not changed)\b",
    r"\bis all right\b", r"\bno account (?:is gone|was removed)\b",
    r"\b(?:its|their|the|whose) mailbox(?:es)? exists?\b",
    rf"{_ADDRESSES}\p{{L}}* (?:\p{{L}}+ ){{0,2}}(?:gelten weiter|bleiben gültig|restent valables|"
        r"siguen siendo válidas|restano validi|continuam válidos|blijven geldig|platí dál|są nadal ważne|"
        r"остаются действительными|仍然有效)",
    r"gelten weiter\b|adresler geçerliliğini korur|地址仍然有效",
    r"\b(?:adresa ◊ je platná|adressen ◊ er gyldig|adressen ◊ är giltig|adres ◊ is geldig|adres ◊ jest poprawny|"
        r"endereço ◊ é válido|indirizzo ◊ è corretto)",
    r"адрес ◊ действителен|◊ adresi geçerli",
    r"\b(?:adresse gibt es noch|arbeitet weiterhin|elle existe toujours|adresse existe toujours)\b",
    # The fault is the house's, which works on it or knows of it.
    r"\b(?:error|fault|mistake|problem) (?:is|lies) (?:ours|on our side|with us)\b",
    r"\b(?:this is|it is) our (?:fault|mistake)\b", r"\b(?:fehler|problem) liegt bei uns\b",
    r"\berreur vient de chez nous\b", r"\b(?:fallo|error) es nuestro\b", r"\berrore è nostro\b", r"\bfalha é nossa\b",
    r"\bfout ligt bij ons\b", r"\bfelet ligger hos oss\b", r"\bfejlen er vores\b", r"leży po naszej stronie",
    r"na naší straně", r"на нашей стороне", r"hata bizde", r"저희 쪽에",
    r"\b(?:we are|are) (?:aware of|working (?:on|to)|looking into|restoring|putting back)\b", r"\bstaff are\b",
    r"\bknown (?:issue|problem)\b", r"\bcause is known\b", r"\bwir arbeiten daran\b", r"\btechniker stellen\b",
    r"\bnous y travaillons\b", r"\brétablissent les comptes\b", r"\bestamos trabajando en\b",
    r"\bestamos trabalhando nisso\b", r"\bci stiamo lavorando\b", r"\bstanno ripristinando\b", r"\bwerken eraan\b",
    r"\bwordt teruggezet\b", r"\bvi (?:arbetar|arbejder) på[ .,]", r"\bpracujeme\b", r"мы работаем над",
    r"çalışıyoruz", r"正在处理",
    r"\b(?:this |the )?report is wrong\b", r"\bdisregard this (?:notice|report|message)\b", r"\bfalse alarm\b",
    r"\bwill be delivered later\b", r"\bdo not (?:unsubscribe|delete|remove) (?:◊|this|our|the)",
    r"\bfehlermeldung ist falsch\b", r"\bist angekommen\b", r"\blöschen sie die adresse nicht\b",
    r"\bne tenez pas compte\b", r"\bbien été remis\b", r"\bne pas désabonner\b",
    # What the addresses are looked up in is old, broken or away.
    r"\b(?:old|outdated|stale) (?:recipient )?list of (?:our )?(?:users|recipients)\b",
    r"\blist of (?:our |valid )?(?:users|recipients)\b.*\b(?:old|out of date|not been updated)\b",
    r"\b(?:lost|lacks) its directory\b",
    r"\b(?:not|been) (?:filled|provisioned|activated|created|finished|imported|copied)\b(?: yet)?",
    r"\bnot (?:finished|known all|learnt of)\b",
    r"\b(?:wrong configuration|configuration error|faulty script|cyber ?attack|ransomware|wrong server|"
        r"out of date)\b",
    r"\b(?:verification|check)\b.{0,40}\bfailed\b", r"\bdid not answer\b", r"\bwas not available\b",
    r"\bis under repair\b",
    r"\bservice (?:is|will be) (?:\w+ )?(?:unavailable|not available|disturbed|not staffed)\b",
    r"\b(?:benutzertabelle|verzeichnis|adressbuch|benutzerdatenbank)\b.*\b(?:nicht|gestört|beschädigt|vom netz|"
        r"abgleich)\b",
    r"\bhackerangriff\b", r"\bprüfung des empfängers\b.*\bfehlgeschlagen\b", r"\bwird repariert\b",
    r"\bannuaire\b.*\b(?:endommagé|hors ligne|réparation)", r"\bvérification du destinataire\b.*échoué",
    r"\bcyberattaque\b", r"\bpanne\b", r"\bsans? courant\b", r"\bprivés de courant\b",
    r"\bdirectorio\b.*\b(?:dañado|reparación)|\bfallo de sincronización\b",
    r"\brubrica è danneggiata|\bguasto\b|\berrore temporaneo\b|\bnon è ancora attivo\b",
    r"\bsem energia\b|\bestá parado\b", r"\bin reparatie\b|\bligt plat\b",
    r"\butan ström\b|\bstår still\b|\bmidlertidigt (?:nede|utilgængelig)\b",
    r"bez proudu|nefunguje|błędu synchronizacji|обесточен|не работает", r"サーバー停止中|机房关闭",
    # The mailbox is moved, or not there yet.
    r"\bmailbox(?:es)? (?:is|are) (?:just )?(?:being )?(?:moved|asleep|unavailable|locked|not)\b",
    r"\bwill be (?:activated|re-?enabled|unlocked|ready|replaced)\b",
    r"\b(?:mailbox|account)(?:es|s)? (?:has|have) been restored\b",
    r"\bmoved (?:this|your correspondent['’]s|our) (?:mail|mailbox|account)",
    r"\bwird (?:gerade |noch )?(?:verschoben|kopiert)\b", r"\ben cours de déplacement\b", r"\bse está trasladando\b",
    r"\bin corso di spostamento\b", r"\bwordt verplaatst\b", r"\bhåller på att flyttas\b",
    r"\bflytten av brevlådan\b", r"właśnie przenoszona", r"ящик(?:и)? (?:ещё )?перенос", r"не все ящики",
    r"taşınıyor", r"移行中", r"옮기는 중", r"\bnicht alle postfächer\b", r"\bnon tutte le caselle\b",
    r"\bikke alle postkasser\b", r"\bnem todas as caixas\b", r"nie wszystkie skrzynki",
    r"\b(?:account|mailbox) (?:is|was) (?:provisionally |temporarily )?(?:suspended|frozen|locked)\b",
    r"\bcompte est suspendu\b", r"\bquota (?:du destinataire|de la boîte)\b.*\bdépassé",
    r"\bquota della casella superata", r"\baccount è bloccato\b", r"\bconta está bloqueada\b",
    r"\bkontoen er\b.*\b(?:spærret|suspenderet)\b", r"уч[её]тная запись приостановлена", r"帐户已被冻结", r"凍結されて", r"동결되었",
    r"\b(?:used )?quota: \d", r"\bquota\b.{0,30}\bexceeded\b", r"\bcuota\b.{0,30}\bsuperado\b",
    r"\bquota\b.{0,30}(?:überschritten|\b(?:dépassé|superata|excedida|overschreden))",
    r"\bcasella del destinatario è piena\b|\bsuperano il limite della casella\b|\bno caben en el buzón\b",
    # Something else than the address was refused.
    r"\b(?:found|considered|identified|classified|rated|reported) (?:to be |as |it )?(?:infected|spam|junk|bulk|"
        r"a virus)\b",
    r"\breports? (?:this|it) as (?:spam|junk)\b", r"\bheld (?:back|as)\b", r"\breported a virus\b",
    r"\bto be infected\b", r"\bist spam\b", r"\bschädling gefunden\b", r"\bsind phishing\b", r"\bcomme indésirable\b",
    r"\btrouvé un virus\b", r"\bgiudicato indesiderato\b", r"\bbleek besmet\b", r"\bencontrou um vírus\b",
    r"обнаружен вирус", r"\ben attente d['’]authentification\b|\bmust confirm themselves\b",
    r"\b(?:has|have) blocked your\b", r"\byour address ◊? ?\S* ?is blocked\b", r"\bunknown senders (?:is|are|must)\b",
    r"\bfrom unknown senders is\b", r"\bonly (?:accepts?|takes?) mail\b", r"\btakes mail only\b",
    r"\bexternal (?:senders?|mail|messages|e-?mails?) (?:is|are|for|to)\b", r"\bmail sent from outside\b",
    r"\bexterne (?:absender|e-?mails)\b", r"\bmessages externes\b", r"\bsolo acepta correo\b", r"\bwil nooit meer\b",
    r"\beksterne afsendere\b", r"zewnętrzni nadawcy", r"外部からのメール", r"외부 메일",
    r"\byour server (?:is on|has sent)\b", r"\btoo many (?:messages|wrong recipients)\b", r"\bzu viele nachrichten\b",
    r"\bpříliš mnoho\b", r"\bfor mange beskeder\b", r"\btroppi messaggi\b", r"\bte veel berichten\b", r"너무 많은 메일",
    r"邮件过多", r"\b(?:spf record|dmarc policy)\b|\battachment\b.*\bnot allowed\b",
    r"\b(?:nachrichten|anhänge)\b.*\b\d+ mb\b.*\bnicht an|\bmessages de plus de \d+ mo\b|\bmensajes de más de \d+ mb\b|\bmessaggi oltre \d+ mb\b",
    r"\bext[eé]rn(?:e|a|i|í|os?|as?|al)? (?:senders?|mails?|messages?|nachrichten|afzenders?|avsändare|absender)\b",
    r"extern[íi] odes[ií]latel",
    r"\b(?:nachrichten|mittente|messaggi|correo|expéditeurs?|absender) (?:extern[aeio]s?|esterno|esterni|"
        r"externos?)\b",
    r"внешн(?:ие|их) (?:письма|отправител)", r"\b(?:internal|known) senders only\b",
    r"\b(?:von|des|da|de) (?:bekannten absendern|expéditeurs connus|mittenti noti|remitentes conocidos|"
        r"remetentes conhecidos)\b",
    r"\bexpéditeurs connus\b",
    r"\bblocked (?:them|you|\d+ (?:messages|mails))\b",
    r"(?:\b(?:ha bloccato|bloqueou|ha bloqueado|hat)\b|\ba bloqué).{0,30}\b(?:indirizzo|endereço|dirección|"
        r"adresse|blockiert)\b",
    r"\bnie wieder nachrichten\b", r"\bstops spam\b", r"\bcontent of your message\b", r"\bfrauduleux\b", r"詐欺と判定",
    r"判定为钓鱼", r"\bthat of the sender\b", r"\bdirección de remitente\b",
    r"\b(?:rate[- ]?limit\w*|gr[ae]y-?list\w*|connects too often|hourly limit)\b|\bcome back in\b",
    r"\btrop de messages\b", r"\bdemasiados mensajes\b", r"\bdemasiadas mensagens\b", r"\bför många meddelanden\b",
    r"\bzbyt wiele wiadomości\b", r"слишком много писем", r"çok fazla ileti", r"上限を超え",
    # It passes.
    r"\b(?:is|are) temporary\b",
    r"\b(?:service|store|mail ?server|server|disk|system) (?:is|are|has|have)(?: been| currently| now)? (?:down|"
        r"unavailable|not available|failed|damaged)\b",
    r"\b(?:directory|index)\b.{0,30}\b(?:out of sync|corrupted|repair\w*)\b",
    r"\b(?:is|are|being) repair(?:ing|ed)\b", r"\bnot available now\b", r"\bunknown for (?:an?|some|\d+)\b",
    r"\b(?:is|are) unavailable (?:tonight|today|this)\b", r"\best indisponible\b", r"\ber nede\b",
    r"\b(?:herstellen|restaurando|rétablissent) (?:de |las |as |les )?(?:accounts|cuentas|contas|comptes)\b",
    r"\bauf einen anderen server übertragen\b",
    r"\b(?:will be back|is back|has been reactivated|will be restored|being copied|ved at blive flyttet)\b",
    # To be sent again.
    r"\b(?:send beskeden|spedisca|renvoyez votre message|vuelva a enviar|stuur het bericht)\b.*\b(?:igen|nuovo|demain|mañana|morgen)\b|もう一度送信して",
)  # fmt: skip

#: Words that hold none of its signs, nearly all, say nothing of it.
MAY_LIVE: Final = Joined(LIVES)
