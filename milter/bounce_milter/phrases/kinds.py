"""What a message is, by its From, its Subject and its words: a mail system's, a bounce, an answer, a challenge, a notice.

Rule: as in the package.
"""

from typing import Final

from bounce_milter.phrases.base import any_of
from bounce_milter.phrases.fates import NOT_DELIVERED, NOT_DELIVERED_THERE

#: The author is a mail system (matched on the From field).
DAEMON: Final = any_of(
    r"mailer[-_. ]?daemon", r"mail[-_]daemon", r"\bpost[-_]?master\b",
    r"delivery[-_. ](?:sub)?system", r"mail delivery service", r"internet mail delivery",
    r"system administrator", r"administrateur syst", r"systemadministrator", r"\bmaildeliver",
    r"microsoft ?exchange", r"^\"?mdaemon", r"undeliverable", r"\bsmtp(?:d)?@",
    r"mail administrator", r"mail[- ]?system", r"mail router", r"majordomo", r"\bnondelivery", r"delivery (?:failure|status)",
    r"reply-error", r"\bmmdf\b", r"amavis", r"anti-?_?virus", r"virus ?(?:wall|scan)", r"smtp_?gateway", r"mimesweeper", r"mail.?gate", r"scanmail", r"^<>",
)  # fmt: skip

#: A Subject that announces a bounce.
BOUNCE_SUBJECT: Final = any_of(
    r"undelivered", r"failed mail\b", r"un-?deliverable", r"not (?:be )?delivered",
    r"delivery (?:status )?(?:notification|failure|error|problem|report|has failed)",
    r"deliver(?:y|ing) (?:of )?(?:mail |message |your message )?(?:failed|failure|delayed|error|problem)",
    r"\b(?:message|mail) not sent\b", r"\bnachricht (?:wurde )?nicht (?:ge|ver)sendet", r"\bmessage non envoyé", r"\bmensaje no enviado", r"\bmessaggio non inviato",
    r"failure (?:notice|delivery|notification)", r"failed delivery",
    r"return(?:ed|ing) (?:e-?mail|message|post for|to sender|undeliver)",
    r"mail (?:delivery )?returned",
    r"(?:mail|message) (?:delivery |system )?(?:fail|error|could not|not deliver|undeliver|notdeliver|rejected|delayed|status|is delayed|still being|was not)",
    r"non[- ]?(?:delivery|remise|recapitabil)", r"bounce", r"returned mail",
    r"warning: (?:could not|message|mail)",
    r"(?:avertissement|aviso|warnung) ?: (?:message|mensaje|nachricht) .*(?:retardé|retrasado|verzögert)",
    r"cannot (?:send|deliver)", r"could ?n[o']t (?:send|deliver)",
    r"unable to deliver", r"delay(?:ed)? (?:mail|notif)", r"user unknown",
    r"unknown user", r"delivery (?:delay|temporar|incomplete|notice)", r"delay in (?:message|mail) delivery", r"ndr:", r"^ndn:", r"nondeliverable", r"^waiting mail +\(msg\.",
    r"mail not", r"unzustellbar", r"nicht zugestellt", r"nicht zustellbar", r"zustellung",
    r"non remis", r"impossible de", r"échec de", r"remise (?:différée|impossible)",
    r"no se puede entregar", r"mensaje no", r"correo no", r"sin entregar", r"não (?:é possível|entreg)",
    r"não pôde", r"non consegnat", r"mancato recapito", r"recapito non riuscito", r"niet bezorgd", r"onbestelbaar",
    r"не (?:доставлено|удалось)", r"niedostarcz", r"配信(?:不能|でき|失敗|エラー|状態|状況|遅|の)", r"配送", r"届", r"メールエラー", r"エラー通知", r"送信できま", r"送信エラー", r"不达", r"退信", r"送達",
    r"kan ikke leveres", r"olevererbar", r"kunde inte", r"doručen", r"kézbesít", *NOT_DELIVERED, *NOT_DELIVERED_THERE,
    r"ei voi(?:tu|da)? toimittaa", r"toimit\w+ epäonnistui", r"반송", r"(?:전송|발송|배달|전달)(?:하지|되지|이|에)? ?(?:못|않|실패)", r"(?:전송|발송|배달) 불가",
    r"übermittlungsstatus", r"état de (?:la )?remise", r"estado de (?:la )?entrega", r"stato del? recapito", r"afleverstatus", r"leveransstatus", r"leveringsstatus", r"stan dostarczenia",
    r"^virus \(.{1,80}\) in (?:e-?mail|mail|message) from you\b",
    # That a message did not arrive, or comes back.
    r"\b(?:e-?mail|mail|message|letter) (?:did(?: not|n['’]t)|has(?: not|n['’]t)|never) (?:been )?(?:arrive|"
        r"reach|get through|got through|received)",
    r"\b(?:e-?mail|mail|message|letter) (?:is |was |has been |came |comes )?(?:being |coming |sent )?(?:back|"
        r"returned)\b",
    r"\b(?:nachricht|e-?mail|mail|schreiben|brief) (?:(?:ist|wurde|kam|konnte|"
        r"leider) ){0,2}nicht (?:an(?:ge)?kommen|an\b|ausgeliefert|übermittelt|überbracht)",
    r"\b(?:nachricht|e-?mail|mail) (?:kam|kommt|geht|ging) zurück",
    r"\brück(?:sendung|läufer|gabe)(?: (?:ihrer|der|einer))? (?:e-?mail|nachricht|mail)",
    r"\b(?:message|courriel|mail|e-?mail) n['’](?:est|a) pas (?:pu (?:vous )?(?:être|parvenir)|été|arrivé|parvenu)",
    r"\b(?:message|courriel|e-?mail) (?:non (?:distribué|délivré|acheminé|livré)|"
        r"(?:vous est |a été )?(?:retourné|renvoyé))",
    r"\bretour d(?:e (?:votre|vos) |['’]un |u )(?:message|courriel|mail|e-?mail)",
    r"\bechec de (?:la |votre )?(?:remise|distribution|livraison|envoi|message)",
    r"\b(?:mensaje|correo) (?:ha sido |fue )?(?:devuelt|rechazad)o", r"\bno (?:se )?(?:ha |han )?(?:pud(?:o|ieron)|podido|puede) (?:ser )?entregar",
    r"\b(?:messaggio|e-?mail|mail) (?:non (?:è|e['’]|ha) |restituit|respint)", r"\bmancata consegna", r"\bimpossibile (?:recapitare|consegnare|inviare)",
    r"\b(?:mensagem|e-?mail) (?:não (?:chegou|foi)|devolvid|retornad|rejeitad)", r"\bfalha (?:na|de|no) (?:entrega|envio)",
    r"\b(?:bericht|e-?mail|mail) (?:(?:is|kon|kan|werd) )?niet (?:aangekomen|afgeleverd|bezorgd|verzonden|"
        r"worden (?:bezorgd|afgeleverd|verzonden))",
    r"\b(?:bericht|e-?mail|mail) (?:komt|kwam|is) terug",
    r"\b(?:meddelande|brev|mejl|mail|e-?post)\w*(?: \w+){0,2} inte (?:\w+ )?(?:fram|lever|lämna)",
    r"\b(?:besked|mail|e-?mail|meddelelse|melding|e-?post|brev)\w*(?: \w+){0,2} ikke (?:\w+ )?(?:lever|frem|fram|"
        r"sendt|aflever)",
    r"\bviesti\w* ei (?:mennyt|tullut|saapunut)", r"(?:\blevele|üzenete?)\p{L}* (?:nem (?:érkezett|jutott)|vissza)", r"\bmesajul(?: [\w.]+){0,2} n(?:u a|-a) (?:ajuns|fost|putut)",
    r"\bwiadomoś\p{L}+ (?:nie (?:dotarła|została|może)|zwróc)", r"\bnie można (?:było )?dostarczyć", r"\bzwrot (?:wiadomości|poczty|e-?maila)",
    r"\b(?:mesaj|i\x{307}?leti|e-?posta)\p{L}* (?:ulaşma|ulaştırıl|i\x{307}?letil\p{L}*me|teslim edil\p{L}*me|gönderil\p{L}*me|geri )",
    r"(?:сообщение|письмо) (?:не (?:дошло|доставл|отправл)|возвращ|вернулось)", r"возврат (?:письма|сообщения|почты)", r"(?:лист|повідомлення) (?:не (?:дійш|достав)|поверн)",
    r"不達", r"(?:未|无法|無法|没能|没有|沒有|不能).{0,2}(?:送达|送達)", r"(?:邮件|郵件|信件).{0,2}(?:退回|退信|被退)", r"(?:邮件|郵件|信件)?投[递遞](?:失败|失敗)", r"thư (?:của bạn )?không (?:gửi|đến|chuyển)", r"không gửi được thư",
)  # fmt: skip

#: A Subject with which a system tells somebody of mail that he did not get, or counts what happened.
NOTICE_SUBJECT: Final = any_of(
    r"\bto you(?:[^\w@.-]|$)", r"\b(?:e-?mail|mail|nachricht)(?:en)? an sie(?:[^\w@.-]|$)",
    r"^message recall report\b", r"\bquarant(?:a|ä|ae|e)[ei]?n", r"\bcuarentena", r"карантин",
    r"(?:daily|weekly|monthly|spam|junk|mail) (?:\w+ )?(?:digest|summary|statistics)",
    r"\b(?:spam|junk)(?: ?mail)?[- ]?(?:report|bericht|notification|benachrichtigung|digest)", r"\bheld messages?\b", r"^approval requested\b",
    r"\bpostfix (?:log summar|(?:delivery|mail) report for)", r"\b(?:delivery|mail|bounce) report for (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d{4})", r"\bpflogsumm\b",
    r"bounce (?:action|summary|report)", r"^bounce \S+@\S", r"\bsmtp (?:server|client): errors from\b", r"uncaught bounce", r"隔離",
    r"^(?:support )?ticket (?:received|opened|created)\b", r"error monitoring report", r"^message \S+ (?:has been )?frozen\b",
    r"\blog summar", r"\blogwatch\b", r"(?:service|host) alert", r"^\W*(?:problem|recovery|acknowledgement)\b.{0,10}\b(?:service|host|alert)\b",
    r"your (?:parcel|package|order|shipment)\b", r"\bihr paket\b", r"\bihre sendung\b", r"votre (?:colis|commande)",
    r"\b(?:ups|dhl|fedex|usps|dpd|gls|tnt|aramex|royal mail|colissimo|chronopost)\b.{0,20}\b(?:delivery|shipment|"
        r"parcel|package|express|tracking)",
    r"\bdeliver(?:y of|ing)? (?:your|the|a) (?:package|parcel|shipment|order|item)\b", r"\bpakk[ae]n?\b", r"\bkargo",
    r"\bcoletul\b", r"\bpaczk(?:[ai]\b|ę)", r"\bzásilk", r"\bpratk", r"δέμα",
    r"(?:su|tu) (?:paquete|pedido)\b",
    r"\bil (?:suo|tuo) pacco\b", r"\bmessages? (?:are |is )?(?:pending|waiting|on hold)\b", r"\byou have \S+ (?:\w+ )?(?:undelivered|pending|unread|new)\b",
)  # fmt: skip

#: Words that tell somebody of mail that he did not get.
NOTICE: Final = any_of(
    r"\b\d{1,4}\)? (?:\w+ )?incoming (?:e-?mails?|messages?)\b", r"\b\d{1,4}\)? (?:pending|undelivered) (?:e-?mails|messages)\b",
    r"\bn[o']t (?:yet )?(?:be |been )?(?:delivered|released) to you(?:[^\w@.-]|\.?(?: |$))",
    r"\b(?:ihnen nicht|nicht an sie|an sie nicht) (?:zugestellt|ausgeliefert)",
    r"\bne vous (?:a|ont) pas été (?:remis|distribué|livré)",
    r"\bdelivered to your (?:mailbox|inbox)\b", r"\byour mailbox [^\s@]+@\S+ (?:is (?:almost )?full|has (?:almost )?exceeded)",
    r"\b(?:e-?mails|messages) to you could not be\b",
    r"\bihr paket\b", r"\byour parcel\b", r"\bvotre colis\b", r"\bsu paquete\b", r"\b(?:sendungs|paket)(?:nummer|verfolgung)\b", r"\btracking number\b",
)  # fmt: skip

#: A filter asks the sender to prove that he is a person.
CHALLENGE: Final = any_of(
    r"challenge[- /]?response", r"please confirm (?:your (?:e-?mail|message|address|identity)|that you (?:are|wrote))",
    r"confirm(?:ation)? (?:your )?(?:e?mail|message) (?:is )?required", r"verify (?:that )?you(?:r| are)",
    r"sender (?:verification|authentication)",
    r"(?:tmda|boxbe|bluebottle|spamarrest|mailblocks|earthlink spamblocker|uol antispam|antispam uol)",
    r"waiting (?:for )?(?:your )?(?:confirmation|approval|authori)",
    r"confirm you are (?:a )?(?:human|person)", r"confirm that you sent",
    r"prove (?:that )?you(?:'re| are)", r"\bspam arrest\b", r"your (?:e-?mail|message) requires verification",
    r"to my list of approved senders", r"only from senders i have approved",
)  # fmt: skip

#: The same in other languages, in a Subject: of a message and not of an address, which shops and lists have confirmed too.
CHALLENGE_SUBJECT: Final = any_of(
    r"(?:merci de|veuillez|prière de) confirmer (?:l['’]envoi de )?votre message", r"confirmez que vous (?:êtes|n['’]êtes pas) un",
    r"bitte bestätigen sie (?:(?:den versand|die zustellung) )?ihrer? nachricht", r"bestätigen sie,? dass sie (?:ein mensch|kein roboter)",
    r"confirm(?:a|e|ar) (?:el envío de )?(?:tu|su) mensaje", r"confirm(?:a|e|ar) que no (?:eres|es) un robot",
    r"conferm(?:a|i|are) (?:l['’]invio del |il )?(?:tuo|suo) messaggio", r"conferm(?:a|i|are) di (?:non )?essere un",
    r"confirm(?:a|e|ar) (?:o envio da |a )?(?:tua|sua) mensagem", r"confirm(?:a|e|ar) que não é um robô",
    r"bevestig (?:a\.?u\.?b\.? )?(?:de verzending van )?(?:uw|je) bericht",
    # what waits for whoever wrote it; for a moderator, the Subject goes on
    r"votre (?:message|courriel|e-?mail) (?:(?:à|pour) \S+@\S+ )?(?:est )?en attente (?:de votre (?:confirmation|validation)\b|: ?(?:merci de |veuillez )?confirme[rz]\b)",
    r"bitte bestätigen:? ihre (?:nachricht|e-?mail) an \S+@", r"ihre (?:nachricht|e-?mail) (?:an \S+@\S+ )?wartet auf (?:ihre )?(?:freischaltung|bestätigung)\W*$",
    r"verifi(?:que|ca|car) que (?:usted )?(?:es|eres) (?:usted )?una persona", r"(?:su|tu) (?:mensaje|correo) (?:(?:a|para) \S+@\S+ )?espera (?:su|tu) confirmación",
    r"conferma (?:richiesta|necessaria) per la consegna del (?:tuo|suo) messaggio", r"il (?:tuo|suo) messaggio (?:(?:a|per) \S+@\S+ )?(?:è )?in attesa di (?:tua|sua) conferma",
    r"confirmação de remetente\W*$", r"(?:tua|sua) mensagem (?:para \S+@\S+ )?aguarda (?:a )?(?:tua|sua) confirmação",
    r"(?:uw|je) (?:bericht|e-?mail) (?:aan \S+@\S+ )?wacht op (?:uw |je )?bevestiging\W*$",
)  # fmt: skip

#: What such a filter writes as Subject where it sends under an address of its own.
STOPPED_SUBJECT: Final = any_of(
    r"\b(?:e-?mail|message|mail|attachment|file)\b.{0,60}\b(?:blocked|stopped|rejected|refused|deleted)\b", r"\bvirus\b.{0,20}\b(?:found|detected|infected)\b",
    r"\b(?:blocked|stopped|rejected|refused) (?:\w+ )?(?:e-?mail|message|mail|attachment|file)\b",
)  # fmt: skip

#: A Subject with which a mailbox answers by itself.
VACATION: Final = any_of(
    r"auto(?:matic|mated)?[-: ]?(?:reply|response|reponse|answer|responder)", r"auto:", r"ooo\b", r"vacation",
    r"out[- ]of[- ](?:the[- ])?office", r"away from", r"i am (?:away|out|on vacation)", r"absence",
    r"on (?:leave|holiday|vacation)", r"thank you for (?:your|contacting)",
    r".*\((?:automatic|auto)[- ]?(?:response|reply)\)",
    r"your (?:message|mail|e-?mail|request) (?:to .{1,60} )?(?:has been|was) received",
    r"automatische (?:antwort|reply)", r"abwesenheit", r"nicht im (?:büro|hause)", r"urlaub",
    r"r[ée]ponse automatique", r".*\b(?:est|sera|serai|suis) absent", r"automatisch antwoord", r"risposta automatica", r"fuori (?:sede|ufficio)",
    r"respuesta automática", r"fuera de la oficina", r"resposta automática", r"ausente", r"automatisk sv[ao]r",
    r"autosvar", r"automaattinen vastaus", r"automatická odpov", r"automatyczna odpowied", r"otomatik yanıt",
    r".*automatiska atbilde", r"автоматический ответ", r"автоответ", r"自動(?:応答|返信)", r"不在",
    r"自动(?:回复|答复)",
    r"autoodpowied", r"رد تلقائي", r"automatikus válasz", r"házon kívül", r"răspuns automat", r"samodejni odgovor", r"automatski odgovor",
    r"аутоматски одговор", r"автоматичен отговор", r"автоматична відповідь", r"αυτόματη απάντηση", r"automaatne vastus", r"automātisk[aā] atbilde",
    r"automatinis atsakymas", r"resposta automàtica", r"sjálfvirkt svar", r"otomatik cevap", r"자동 ?(?:회신|응답)", r"부재 ?중", r"自動回覆",
    r"trả lời tự động", r"balasan otomatis", r"תשובה אוטומטית", r"ตอบกลับอัตโนมัติ",
    before=r"^(?:(?:re|aw|sv|antw|fwd?): ?)*[\[【(]?",
)  # fmt: skip

#: The first words of a mail system's notice; a person who quotes one puts his own before them.
OPENING: Final = any_of(
    r"this is the (?:mail system|postfix program) at host", r"hi\. this is the qmail-send program",
    r"this message was created automatically by mail delivery software",
    r"this is an automatically generated delivery status notification", r"the original message was received at",
    before=r"^\s*[-*]*\s*",
)  # fmt: skip

#: A list manager tells the author of a post that the list does not take it.
LIST_REFUSAL: Final = any_of(
    r"posting of your message titled .+ has been rejected by the list moderator",
    r"your message has been automatically rejected", r"your message to the \S+ mailing-list was rejected",
    r"your message for list \S+ (?:\S+ ){0,4}(?:was|has been) rejected",
    r"your (?:message|post(?:ing)?) to \S+@\S+ (?:was|has been) (?:rejected|refused)(?: because|"
        r" and (?:has|was) not (?:been )?(?:delivered|posted|distributed)|:)",
    r"your (?:message|post(?:ing)?) to \S+@\S+ (?:was|has) not (?:been )?(?:posted|distributed),? (?:because|as|since)\b",
    r"you are not (?:authorized|allowed) to (?:send mail|post) to the \S+ list from your ",  # LISTSERV
    r"your message is being returned to you unprocessed because ",
    r"your (?:message|posting) to the (?:mailing )?list \S+ (?:\S+ ){0,4}(?:was|has) not (?:been )?(?:distributed|posted|accepted|sent on)",
    r"ihre nachricht an die (?:mailing-?)?liste \S+ (?:\S+ ){0,4}wurde nicht (?:verteilt|angenommen|weitergeleitet)",
    r"votre message (?:pour|à) la liste \S+ (?:\S+ ){0,4}n['’]a pas été (?:distribué|diffusé|accepté)",
    r"su mensaje (?:para|a) la lista \S+ (?:\S+ ){0,4}no (?:ha sido|fue) (?:distribuido|aceptado|publicado)",
    r"messaggio (?:per|alla) (?:la )?lista \S+ (?:\S+ ){0,4}non è stato (?:distribuito|accettato|pubblicato)",
    # Sympa: the list's name, and "(attached below)"
    r"ihre nachricht (?:für|an) die liste \S+ (?:\S+ ){0,4}wurde (?:abgelehnt|abgewiesen|zurückgewiesen)",
    r"votre message pour la liste \S+ (?:\S+ ){0,4}a été (?:rejeté|refusé)", r"su mensaje (?:para|a) la lista \S+ (?:\S+ ){0,4}ha sido rechazado",
    r"messaggio (?:per|alla) (?:la )?lista \S+ (?:\S+ ){0,4}è stato r(?:ifiuta|espin)to",
    r"ihre nachricht an die mailingliste .+ wurde mit folgender begründung abgelehnt", r"ihrer nachricht mit dem titel .+ wurde von? .+ (?:abgelehnt|abgewiesen)",
    r"votre message à destination de la liste .+ a été rejeté", r"votre message (?:intitulé|pour la liste) .+ a été rejetée? par ",
    r"su mensaje (?:titulado|a la lista) .+ ha sido rechazad[oa] por", r"messaggio alla (?:mailing )?list.+ è stato rifiutato", r"messaggio intitolato .+ è stata rifiutata dal moderatore",
    # Mailman's moderator, whatever the Subject between: a subscription that he refuses is no message
    r"ihrer? nachricht .+ wurde vo(?:m|n de[mr]) (?:listen-?)?moderator(?:in)?(?: (?:der|dieser) (?:mailing)?liste)? (?:abgelehnt|abgewiesen|zurückgewiesen)",
    r"uw bericht (?:naar de|met de titel) .+ (?:werd|is) (?:afgekeurd|afgewezen)",
    r"sua mensagem (?:para a lista|intitulada|com o (?:título|assunto)) .+ foi rejeitad[ao]",
    r"メーリングリストへのメッセージが下記の理由で ?モデレーターにより拒否", r"申請がモデレーターにより拒否されました。 あなたからの件名「.+」の投稿",
)  # fmt: skip
