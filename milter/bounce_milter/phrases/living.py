"""What a notice says of an address that lives, beside a reply that knows nobody: that it is valid, that the house works on it, that the
mailbox is moved, or that something else than the address was refused.

Rule: as in the package; a language a row. It takes a dead address back, and tells no cause.
"""

from typing import Final

from bounce_milter.phrases.base import any_of
from bounce_milter.phrases.signs import Joined

_ADDRESSES: Final = (
    r"(?:addresses|adressen|adresses|direcciones|indirizzi|endereços|adresser|adresy|адреса|adresler|地址)"
)

LIVES: Final = any_of(
    # The address is good, or all are.
    r"\b(?:recipient|account|user|person|employee) (?:does )?exists?,? (?:but|the (?:error|fault)|only)\b", r"\b(?:addresses|accounts) (?:that exist|remain|stay|are all valid)\b", r"\b(?:valid|existing) (?:recipients?|users?|addresses|accounts?) (?:are|is|may be|bounce|come|as)\b", r"\bstill (?:works?|with us|in use)\b", r"\baddress (?:is right,? (?:it is|only|but)|is (?:still (?:valid|in use)|all right)|has not changed)\b", r"\bis all right\b", r"\bno account (?:is gone|was removed)\b", r"\b(?:its|their|the|whose) mailbox(?:es)? exists?\b",
    rf"{_ADDRESSES}\p{{L}}* (?:\p{{L}}+ ){{0,2}}(?:gelten weiter|bleiben gültig|restent valables|siguen siendo válidas|restano validi|continuam válidos|blijven geldig|platí dál|są nadal ważne|остаются действительными|仍然有效)", r"gelten weiter\b|adresler geçerliliğini korur|地址仍然有效",
    r"\b(?:adresa ◊ je platná|adressen ◊ er gyldig|adressen ◊ är giltig|adres ◊ is geldig|adres ◊ jest poprawny|endereço ◊ é válido|indirizzo ◊ è corretto)", r"адрес ◊ действителен|◊ adresi geçerli", r"\b(?:adresse gibt es noch|arbeitet weiterhin|elle existe toujours|adresse existe toujours)\b",
    # The fault is the house's, which works on it or knows of it.
    r"\b(?:error|fault|mistake|problem) (?:is|lies) (?:ours|on our side|with us)\b|\b(?:this is|it is) our (?:fault|mistake)\b", r"\b(?:fehler|problem) liegt bei uns\b|\berreur vient de chez nous\b|\b(?:fallo|error) es nuestro\b|\berrore è nostro\b|\bfalha é nossa\b|\bfout ligt bij ons\b|\bfelet ligger hos oss\b|\bfejlen er vores\b|leży po naszej stronie|na naší straně|на нашей стороне|hata bizde|저희 쪽에",
    r"\b(?:we are|are) (?:aware of|working (?:on|to)|looking into|restoring|putting back)\b|\bstaff are\b|\bknown (?:issue|problem)\b|\bcause is known\b", r"\bwir arbeiten daran\b|\btechniker stellen\b|\bnous y travaillons\b|\brétablissent les comptes\b|\bestamos trabajando en\b|\bestamos trabalhando nisso\b|\bci stiamo lavorando\b|\bstanno ripristinando\b|\bwerken eraan\b|\bwordt teruggezet\b|\bvi (?:arbetar|arbejder) på[ .,]|\bpracujeme\b|мы работаем над|çalışıyoruz|正在处理",
    r"\b(?:this |the )?report is wrong\b|\bdisregard this (?:notice|report|message)\b|\bfalse alarm\b|\bwill be delivered later\b|\bdo not (?:unsubscribe|delete|remove) (?:◊|this|our|the)", r"\bfehlermeldung ist falsch\b|\bist angekommen\b|\blöschen sie die adresse nicht\b|\bne tenez pas compte\b|\bbien été remis\b|\bne pas désabonner\b",
    # What the addresses are looked up in is old, broken or away.
    r"\b(?:old|outdated|stale) (?:recipient )?list of (?:our )?(?:users|recipients)\b|\blist of (?:our |valid )?(?:users|recipients)\b.*\b(?:old|out of date|not been updated)\b|\b(?:lost|lacks) its directory\b|\b(?:not|been) (?:filled|provisioned|activated|created|finished|imported|copied)\b(?: yet)?|\bnot (?:finished|known all|learnt of)\b", r"\b(?:wrong configuration|configuration error|faulty script|cyber ?attack|ransomware|wrong server|out of date)\b", r"\b(?:verification|check)\b.{0,40}\bfailed\b|\bdid not answer\b|\bwas not available\b|\bis under repair\b|\bservice (?:is|will be) (?:\w+ )?(?:unavailable|not available|disturbed|not staffed)\b",
    r"\b(?:benutzertabelle|verzeichnis|adressbuch|benutzerdatenbank)\b.*\b(?:nicht|gestört|beschädigt|vom netz|abgleich)\b|\bhackerangriff\b|\bprüfung des empfängers\b.*\bfehlgeschlagen\b|\bwird repariert\b", r"\bannuaire\b.*\b(?:endommagé|hors ligne|réparation)|\bvérification du destinataire\b.*échoué|\bcyberattaque\b|\bpanne\b|\bsans? courant\b|\bprivés de courant\b", r"\bdirectorio\b.*\b(?:dañado|reparación)|\bfallo de sincronización\b", r"\brubrica è danneggiata|\bguasto\b|\berrore temporaneo\b|\bnon è ancora attivo\b", r"\bsem energia\b|\bestá parado\b", r"\bin reparatie\b|\bligt plat\b", r"\butan ström\b|\bstår still\b|\bmidlertidigt (?:nede|utilgængelig)\b", r"bez proudu|nefunguje|błędu synchronizacji|обесточен|не работает", r"サーバー停止中|机房关闭",
    # The mailbox is moved, or not there yet.
    r"\bmailbox(?:es)? (?:is|are) (?:just )?(?:being )?(?:moved|asleep|unavailable|locked|not)\b|\bwill be (?:activated|re-?enabled|unlocked|ready|replaced)\b|\b(?:mailbox|account)(?:es|s)? (?:has|have) been restored\b|\bmoved (?:this|your correspondent['’]s|our) (?:mail|mailbox|account)", r"\bwird (?:gerade |noch )?(?:verschoben|kopiert)\b|\ben cours de déplacement\b|\bse está trasladando\b|\bin corso di spostamento\b|\bwordt verplaatst\b|\bhåller på att flyttas\b|\bflytten av brevlådan\b|właśnie przenoszona|ящик(?:и)? (?:ещё )?перенос|не все ящики|taşınıyor|移行中|옮기는 중", r"\bnicht alle postfächer\b|\bnon tutte le caselle\b|\bikke alle postkasser\b|\bnem todas as caixas\b|nie wszystkie skrzynki",
    r"\b(?:account|mailbox) (?:is|was) (?:provisionally |temporarily )?(?:suspended|frozen|locked)\b|\bcompte est suspendu\b|\bquota (?:du destinataire|de la boîte)\b.*\bdépassé|\bquota della casella superata|\baccount è bloccato\b|\bconta está bloqueada\b|\bkontoen er\b.*\b(?:spærret|suspenderet)\b|уч[её]тная запись приостановлена|帐户已被冻结|凍結されて|동결되었", r"\b(?:used )?quota: \d|\bquota\b.{0,30}\bexceeded\b|\bcuota\b.{0,30}\bsuperado\b|\bquota\b.{0,30}(?:überschritten|\b(?:dépassé|superata|excedida|overschreden))", r"\bcasella del destinatario è piena\b|\bsuperano il limite della casella\b|\bno caben en el buzón\b",
    # Something else than the address was refused.
    r"\b(?:found|considered|identified|classified|rated|reported) (?:to be |as |it )?(?:infected|spam|junk|bulk|a virus)\b|\breports? (?:this|it) as (?:spam|junk)\b|\bheld (?:back|as)\b|\breported a virus\b|\bto be infected\b", r"\bist spam\b|\bschädling gefunden\b|\bsind phishing\b|\bcomme indésirable\b|\btrouvé un virus\b|\bgiudicato indesiderato\b|\bbleek besmet\b|\bencontrou um vírus\b|обнаружен вирус", r"\ben attente d['’]authentification\b|\bmust confirm themselves\b",
    r"\b(?:has|have) blocked your\b|\byour address ◊? ?\S* ?is blocked\b|\bunknown senders (?:is|are|must)\b|\bfrom unknown senders is\b|\bonly (?:accepts?|takes?) mail\b|\btakes mail only\b|\bexternal (?:senders?|mail|messages|e-?mails?) (?:is|are|for|to)\b|\bmail sent from outside\b", r"\bexterne (?:absender|e-?mails)\b|\bmessages externes\b|\bsolo acepta correo\b|\bwil nooit meer\b|\beksterne afsendere\b|zewnętrzni nadawcy|外部からのメール|외부 메일",
    r"\byour server (?:is on|has sent)\b|\btoo many (?:messages|wrong recipients)\b|\bzu viele nachrichten\b|\bpříliš mnoho\b|\bfor mange beskeder\b|\btroppi messaggi\b|\bte veel berichten\b|너무 많은 메일|邮件过多", r"\b(?:spf record|dmarc policy)\b|\battachment\b.*\bnot allowed\b",
    r"\b(?:nachrichten|anhänge)\b.*\b\d+ mb\b.*\bnicht an|\bmessages de plus de \d+ mo\b|\bmensajes de más de \d+ mb\b|\bmessaggi oltre \d+ mb\b",
    r"\bext[eé]rn(?:e|a|i|í|os?|as?|al)? (?:senders?|mails?|messages?|nachrichten|afzenders?|avsändare|absender)\b|extern[íi] odes[ií]latel", r"\b(?:nachrichten|mittente|messaggi|correo|expéditeurs?|absender) (?:extern[aeio]s?|esterno|esterni|externos?)\b|внешн(?:ие|их) (?:письма|отправител)", r"\b(?:internal|known) senders only\b|\b(?:von|des|da|de) (?:bekannten absendern|expéditeurs connus|mittenti noti|remitentes conocidos|remetentes conhecidos)\b|\bexpéditeurs connus\b",
    r"\bblocked (?:them|you|\d+ (?:messages|mails))\b|(?:\b(?:ha bloccato|bloqueou|ha bloqueado|hat)\b|\ba bloqué).{0,30}\b(?:indirizzo|endereço|dirección|adresse|blockiert)\b|\bnie wieder nachrichten\b|\bstops spam\b|\bcontent of your message\b|\bfrauduleux\b|詐欺と判定|判定为钓鱼|\bthat of the sender\b|\bdirección de remitente\b",
    r"\b(?:rate[- ]?limit\w*|gr[ae]y-?list\w*|connects too often|hourly limit)\b|\bcome back in\b", r"\btrop de messages\b|\bdemasiados mensajes\b|\bdemasiadas mensagens\b|\bför många meddelanden\b|\bzbyt wiele wiadomości\b|слишком много писем|çok fazla ileti|上限を超え",
    # It passes.
    r"\b(?:is|are) temporary\b|\b(?:service|store|mail ?server|server|disk|system) (?:is|are|has|have)(?: been| currently| now)? (?:down|unavailable|not available|failed|damaged)\b|\b(?:directory|index)\b.{0,30}\b(?:out of sync|corrupted|repair\w*)\b|\b(?:is|are|being) repair(?:ing|ed)\b|\bnot available now\b|\bunknown for (?:an?|some|\d+)\b", r"\b(?:is|are) unavailable (?:tonight|today|this)\b|\best indisponible\b|\ber nede\b|\b(?:herstellen|restaurando|rétablissent) (?:de |las |as |les )?(?:accounts|cuentas|contas|comptes)\b|\bauf einen anderen server übertragen\b",
    r"\b(?:will be back|is back|has been reactivated|will be restored|being copied|ved at blive flyttet)\b",
    # To be sent again.
    r"\b(?:send beskeden|spedisca|renvoyez votre message|vuelva a enviar|stuur het bericht)\b.*\b(?:igen|nuovo|demain|mañana|morgen)\b|もう一度送信して",
)  # fmt: skip

#: Words that hold none of its signs, nearly all, say nothing of it.
MAY_LIVE: Final = Joined(LIVES)
