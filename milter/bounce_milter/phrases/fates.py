"""What became of a message: it failed, is late, was given up, arrived.

Rule: as in the package.
"""

from typing import Final

import re2

from bounce_milter.phrases.base import any_of, pattern

# Of a message, in the Subject or in the words.
NOT_DELIVERED: Final = (
    r"(?:mensaje|correo) (?:fue|ha sido) (?:rechazad|devuelt)", r"no (?:fue|ha sido|pudo ser) entregad",
    r"não pode ser entregue", r"mensagem devolvida", r"n['’]a pas (?:pu être|été) (?:distribu|remis)", r"message refusé",
    r"non (?:può|puo'|ha potuto) essere (?:consegnat|recapitat)", r"messaggio respinto", r"niet (?:worden )?afgeleverd",
    r"kunne ikke leveres", r"ikke levert", r"(?:går|gick) inte att leverera", r"nie (?:został\w*|mogła? zostać|może zostać) (?:dostarcz|doręcz)",
    r"nedoru[čc]it", r"nepoda[řr]ilo (?:s[ea] )?doru[čc]", r"недостав", r"не може да бъде достав",
    r"nu a putut fi livrat", r"δεν (?:παραδόθηκε|(?:ήταν|είναι) δυνατ(?:ή η παράδοση|ό να παραδοθεί)|μπόρεσε να παραδοθεί)",
)  # fmt: skip

# The same in languages of which few bounces are seen.
NOT_DELIVERED_THERE: Final = (
    r"未(?:送达|传递|傳遞)", r"teslim edilem", r"nedostavljiv", r"nije (?:moguće isporučiti|isporučen)", r"не вдалося достав",
    r"nelivra(?:t|bil)", r"imposibil de livrat", r"לא (?:ניתן למס|נמסר)", r"غير قابل للتسليم", r"(?:تعذر|لم يتم) (?:ال)?تسليم", r"ไม่สามารถส่ง",
    r"không thể (?:gửi|chuyển|phân phối)", r"tidak (?:dapat )?(?:ter|di)kirim", r"nepristaty?t", r"nav piegād", r"edastamatu", r"ei saa(?:nud)? edastada",
    r"αποτυχία παράδοσης (?:(?:του|ενός) )?(?:μηνύματος|e-?mail)", r"μη παραδοτέο",
    r"nije (?:mog(?:ao|l[ao]) biti isporučen|(?:mog(?:ao|l[ao]) biti |moguće )?dostav)",
    r"(?:neisporučen|nedostavljen)",
    r"isporuka (?:poruke |e-?pošte )?nije uspjela", r"isporuka (?:poruke |e-?pošte )?nije uspela",
    r"није (?:мог(?:ао|л[ао]) бити |могуће )?(?:испоруч|достав)", r"неиспоручен",
    r"испорука (?:поруке |е-поште )?није успела",
    r"ni (?:bil[oa]? )?(?:mogoče )?dostav(?:iti|ljen)", r"dostava (?:sporočila |e-?pošte )?ni uspela", r"ei õnnestunud (?:kohale )?toimetada", r"ei (?:saa(?:nud)? |õnnestu )kohale toimetada",
    r"kohaletoimetamine ebaõnnestus", r"no (?:s['’]ha|es) (?:pogut|pot) (?:lliurar|entregar)", r"(?:missatge|correu) no (?:lliura|entrega)t", r"no ha (?:pogut ser|estat) (?:lliura|entrega)t",
)  # fmt: skip

#: A word of failure, near which an address is the one that failed.
FAILURE: Final = any_of(
    r"undeliver",
    r"n[o']t (?:be )?(?:deliver|reach|sent|send|find|found|accept|exist|valid|recogni|been deliver|relay|receiv|list|verif|route)",
    r"(?:could|can) ?n[o']t (?:be )?(?:accomplish|transfer|process|complet)",
    r"deliver\w* [\w ]*(?:fail|unsuccess|attempts)", r"fail(?:ed|ure|s)?\b",
    r"did not (?:\w+ )?match", r"unable to", r"unknown", r"no such", r"(?:does|do|did) ?n[o']t (?:have|like)",
    r"invalid", r"not (?:a )?(?:valid|known|exist|found|listed|local|permitted|allowed|available|accept)",
    r"reject", r"refus", r"denied", r"blocked", r"disabled", r"inactive", r"suspend", r"closed", r"expired",
    r"quota", r"mailbox", r"full\b", r"exceed", r"too (?:big|large)", r"bounce", r"returned", r"error",
    r"undefined", r"problem", r"unrouteable", r"timed? ?out", r"no longer", r"bad address", r"wrong",
    r"delay", r"retr(?:y|ied)", r"non[- ]deliver", r"notdeliver", r"user (?:\w+ )?not",
    r"loops? back", r"nonexist", r"non-exist", r"terminated", r"moved", r"spam", r"virus", r"deactivat",
    r"unzustellbar", r"nicht (?:zugestellt|zustellbar|gefunden|erreich|bekannt|möglich)", r"unbekannt",
    r"konnte", r"fehlgeschlagen", r"existiert nicht", r"überfüllt", r"inconnu", r"n'a pas pu",
    r"n'existe pas", r"impossible", r"échec", r"echec", r"pas été", r"non (?:remis|distribu)",
    r"introuvable", r"no (?:se pudo|se ha podido|existe|ha podido|fue posible|pudo)", r"desconocid",
    r"rechazad", r"fallad", r"não (?:existe|foi|pôde|pode)", r"desconhecid", r"inexistente", r"sconosciut",
    r"non (?:esiste|è stato|e' stato|consegna)", r"inesistente", r"impossibile", r"rifiutat",
    r"niet (?:bezorgd|gevonden|bestaat)", r"onbekend", r"не (?:может|удалось|доставлен|существует|найден)",
    r"неизвест", r"невозможно", r"отклонен", r"nie (?:istnieje|może|został|można)", r"nieznan", r"エラー",
    r"нет так", r"переполнен", r"届", r"送信できま", r"配信でき", r"存在し", r"見つかり", r"不明", r"失敗", r"拒否", r"不存在", r"退信", r"失败", r"无法", r"拒绝",
    r"無法", r"找不到", r"ei voi(?:tu|da)\b", r"epäonnistui", r"ei löydy", r"tuntematon", r"존재하지 않", r"못했", r"못하였", r"실패", r"거부", r"찾을 수 없", r"없는 (?:사용자|계정|주소)",
    *NOT_DELIVERED_THERE, r"לא קיי", r"غير موجود", r"ไม่พบ", r"không tồn tại", r"tidak (?:ada|ditemukan)",
    r"neegzistuoja", r"ne postoji", r"не постоји", r"ne obstaja", r"ei (?:leitud|eksisteeri)", r"no existeix",
    r"nu există", r"δεν υπάρχει", r"mevcut değil", r"bulunamad",
)  # fmt: skip

# That your message was refused, a language a row; the address may stand between.
_REFUSED_IT: Final = (
    r"(?:ihre|deine) (?:nachricht|e-?mail|mail) [^.;:!?]*\bwurde (?:[^ .;:!?]+ ){0,6}(?:abgelehnt|abgewiesen|zurückgewiesen)\b",
    r"votre (?:message|courriel|e-?mail|mail) [^.;:!?]*a été (?:refusé|rejeté|bloqué)",
    r"su (?:mensaje|correo) [^.;:!?]*(?:fue|ha sido) (?:rechazado|bloqueado)",
    r"suo messaggio [^.;:!?]*è stato (?:rifiutato|respinto|bloccato)",
    r"sua mensagem [^.;:!?]*foi (?:rejeitada|recusada|bloqueada)", r"uw (?:bericht|e-?mail) [^.;:!?]*(?:werd|is) (?:geweigerd|afgewezen|geblokkeerd)",
)  # fmt: skip

# That it was not delivered, in so many words.
_UNDELIVERED: Final = (
    r"undeliver", r"n[o']t (?:be )?deliver", r"not (?:yet |have )?(?:be |been )?(?:fully )?(?:sent|deliver)", r"deliver\w* [\w ]*(?:fail|unsuccess|impossible)",
    r"delivery to \S+@\S+ (?:has )?failed", r"\bturned (?:away|back)\b", r"fail(?:ed|ure)? (?:to deliver|deliver)",
    r"unable to (?:deliver|send)", r"unzustellbar", r"nicht zugestellt", r"nicht zustellbar",
    r"non (?:è|e') stato (?:consegnat|recapitat)", r"届け", r"送信できま", r"配信でき", *NOT_DELIVERED, *NOT_DELIVERED_THERE,
)  # fmt: skip

#: A sentence that says so may also say why.
UNDELIVERED: Final = any_of(*_UNDELIVERED)

#: Words that only a bounce says of a message.
STRONG: Final = any_of(
    r"undeliver", r"not (?:yet |have )?(?:be |been )?(?:fully )?(?:sent|deliver)", r"failed mail", r"did not (?:\w+ )?match",
    r"n[o']t (?:be )?(?:deliver|reach)",
    r"deliver\w* [\w ]*(?:fail|error|problem|unsuccess|impossible|was stopped)",
    r"fail(?:ed|ure)? (?:to deliver|deliver|notice)", r"unable to (?:deliver|send|relay)", r"user unknown",
    r"unknown user", r"not a valid user", r"no such (?:user|mailbox|recipient|address)",
    r"mailbox (?:is )?(?:full|unavailable|not found|unknown|disabled)", r"over quota",
    r"returned (?:mail|message|to)", r"non[- ]?deliver", r"bounce", r"(?:postponed|delayed) due to",
    r"(?:message|mail) (?:was |has been |is )?(?:automatically )?(?:rejected|refused|blocked|returned|not accepted|delayed)",
    r"could not (?:be )?send", r"(?:could|can) ?n[o']t hand over (?:your|the) (?:e-?mail|message|mail)\b", *_REFUSED_IT, r"unzustellbar", r"nicht zugestellt",
    r"nicht zustellbar", r"n'a pas pu être", r"non remis", r"no se pudo", r"não (?:foi|pôde)",
    r"impossibile", r"non (?:è|e') stato (?:consegnat|recapitat)", r"nie można", r"не (?:может быть )?(?:доставлен|удалось)", r"届け", r"送信できま", r"配信でき",
    *NOT_DELIVERED, *NOT_DELIVERED_THERE,
    r"übermittlung an \w+ empfänger (?:fehlgeschlagen|verzögert)", r"échec de la remise aux? (?:\w+ )?destinataire", r"error (?:en|al) la entrega a", r"aflevering aan de volgende",
    r"退信", r"无法", r"無法", r"ei voi(?:tu|da)? toimittaa", r"toimit\w+ epäonnistui", r"반송", r"(?:전송|발송|배달|전달)(?:하지|되지|이|에)? ?(?:못|않|실패)",
)  # fmt: skip

#: A content filter kept a message back, and says so of the message that it describes (MailMarshal, ScanMail).
STOPPED: Final = any_of(
    r"\b(?:has|have) (?:stopped|blocked|rejected|not delivered) (?:the following|your) (?:e-?mail|message)",
    r"\b(?:has|have) (?:stopped|blocked|rejected) (?:an?|the) (?:e-?mail|message) (?:that )?you (?:have )?sent\b",
    r"\b(?:the )?(?:entire|whole) (?:e-?mail|message) was (?:not delivered|blocked|rejected|deleted|quarantined)",
)  # fmt: skip

# "Weitere Zustellversuche werden nicht unternommen": nothing goes on.
_NO_MORE: Final = (
    r"\bno (?:further|more|new|other|second) (?:[^ ]+ ){0,3}will be (?:re-?)?(?:tried|attempt)",
    r"\bweitere zustellversuche (?:werden|finden|erfolgen|sind|gibt es|wird es) (?:(?:daher|deshalb|jedoch|aber|leider|nun|jetzt|also|somit|von uns|hierfür|dafür) ){0,2}nicht\b",
    r"\bweitere zustellversuche (?:entfallen|unterbleiben|bleiben aus)", r"\bkeine weitere zustellversuche", r"\bnicht (?:mehr )?weiter(?:hin)? versuch",
    r"\b(?:pas|plus) continuer[^ ]* (?:à |d['’])?(?:essayer|tenter|ses tentatives)", r"\bno (?:se )?seguir(?:á|emos|án) intentando",
    r"\bnon continuer(?:à|anno|emo) a ", r"\bnão continuar(?:á|emos|ão) ", r"(?:^| )не (?:буд[^ ]{1,4} |больше ){0,2}продолж[^ ]*",
    r"再(?:試行|送)(?:[はをも]|の予定は)?(?:行い|行われ|され|し|いたし|致し|試み|続け|あり|ござい)ません", r"再(?:試行|送)[はをも]?(?:行わない|行われない|しない|されない)",
    r"(?:不再|不会|不會|不|停止)再?(?:继续|繼續)(?:尝试|重试|投递|嘗試|重試|投遞)",
)  # fmt: skip

#: The server goes on trying.
DELAY: Final = any_of(
    r"(?:has|have) (?:not )?been delivered (?:yet|for)",
    r"(?:is|was|been|still being) delayed", r"delayed (?:mail|delivery|message)",
    r"will (?:continue|keep|be)(?: to)? (?:try|tried|attempt|retr|delivery attempts)",
    r"still (?:trying|being attempted|queued)",
    r"\b(?:message|mail) (?:is|waits|remains) (?:still )?in (?:the|our) (?:\w+ )?queue",
    r"\btransient,? non-?fatal\b", r"warning (?:message )?only", r"has been postponed",
    r"(?:do|need) not (?:need to )?(?:re-?send|retransmit)", r"not yet been (?:fully )?delivered",
    r"could not be delivered (?:for|in the last|yet)", r"will (?:be )?re(?:tr(?:y|ied)|-?attempt)",
    r"delivery delayed",
    r"noch nicht zugestellt", r"bisher nicht zugestellt", r"zatím ne", r"再試行", r"再送(?:する|信する)?(?:の)?必要は(?:ありません|ない)",
    r"引き続き(?:配送)", r"配送が?遅延", r"weiter(?:hin)? versuch", r"weitere zustellversuche",
    r"zustellung (?:ist |wurde |wird )?verzögert",
    r"pas encore (?:été |pu être )?(?:remis|distribué|livré)", r"continuer\w* (?:à |d')?(?:essayer|tenter|ses tentatives)",
    r"seguir(?:á|emos|án) intentando", r"aún no (?:se )?ha (?:sido )?(?:podido )?entreg",
    r"non (?:è|e') (?:stato )?ancora (?:stato )?(?:consegnat|recapitat)", r"continuer(?:à|anno|emo) a (?:tentare|provare)",
    r"continuar(?:á|emos|ão) (?:a )?tenta", r"ainda não foi entregue", r"nog niet (?:bezorgd|afgeleverd)",
    r"nie zosta[^ ]+ jeszcze dostarcz", r"пока не (?:удалось|доставлен)", r"ещ[её] не доставлен",
    r"продолж[^ ]+ (?:попытки|доставк)", r"попытки доставки (?:будут )?продолж", r"继续(?:尝试|重试|投递)", r"繼續(?:嘗試|重試|投遞)",
    r"henüz (?:teslim edil|ulaştır|gönderil)", r"(?:yeniden|tekrar) dene(?:necek|yece)", r"gecik(?:ti|iyor|mekte)",
    r"投递延迟", r"配信が遅れ", r"引き続き(?:配信|再送)", r"再送を(?:試み|続け)", denied=_NO_MORE,
)  # fmt: skip

#: The server stopped trying, whatever else it says of delays.
GIVEN_UP: Final = any_of(
    r"given up", r"giving up", r"gave up", r"permanent(?:ly)? (?:error|fail|fatal)", r"failed permanently",
    r"has been returned", r"will not be (?:re)?tried", r"no further (?:\w+ ){0,2}(?:attempt|deliver|tr(?:y|ies)|retr|effort)", r"was not delivered\b", r"too long",
    r"(?:message|time) expired",
    r"(?:deleted|removed|dropped|discarded|purged) from (?:the |our )?(?:\w+ )?queue", r"has been (?:deleted|removed|discarded)",
    r"endgültig", r"aufgegeben", r"définitivement", r"abandonn(?:é|ons\b|a\b)", r"definitivamente", r"окончательно", r"прекращен",
    r"放弃", r"放棄", r"断念",
)  # fmt: skip

_WILL: Final = r"(?:will|shall|would|may)(?: (?:then|only|also|finally|automatically)){0,2} (?:be|have|get|receive|give|tell|return|become|send|notify|inform|stop|cease)"
# What may come, and on what condition: only both together say that nothing has come yet.
_IF_AND_THEN: Final = (
    (r"(?:if|should (?:it|this|that|the|your|any|delivery|these|they|we|i)|unless|in case|otherwise|once|as soon as)", _WILL),
    (r"(?:wenn|falls|sofern|sollten?|sobald)", r"(?:erhalten|bekommen|wird|werden)"),
    (r"(?:si|s['’]il|lorsque|dès que)", r"(?:recevrez|serez|sera)"), (r"(?:si|cuando|en caso de)", r"(?:recibirá|será)"),
    (r"(?:se|quando)", r"(?:riceverà|sarà)"), (r"(?:se|caso) (?:a|o|ela|ele|não)", r"(?:receberá|será)"),
    (r"если", r"(?:получите|будете?)"),
)  # fmt: skip

#: Of a sentence, what is not so, or comes only if it stays so: "this is not a permanent error", "you will receive a permanent
#: failure notice", "should it fail until Friday, it will be returned as a permanent failure".
NOT_YET: Final = re2.compile(pattern(
    r"\b(?:not|no|non|never|isn['’]t)[ -](?:yet )?(?:an? |the |any )?permanent(?:ly)? (?:error|fail|fatal)",
    r"\b(?:not|n['’]t) (?:yet )?(?:been )?(?:given up|giving up|failed permanently)", r"\bnoch nicht (?:aufgegeben|endgültig)", r"\b(?:keine?|nicht) endgültig",
    r"\bpas (?:encore )?(?:été )?(?:abandonné|définitivement)", r"(?:еще|ещё|пока) не (?:окончательно|прекращен)",
    r"\byou (?:will|shall|would|may) (?:then |only |also |finally )?(?:receive|get|be (?:told|informed|notified|sent)|hear)\b.*",
    r"\b(?:sie (?:erhalten|bekommen)|(?:erhalten|bekommen) sie) (?:dann |danach )?(?:eine (?:weitere|neue|erneute|zweite|gesonderte|endgültige)|noch eine)\b.*",
    r"(?:recevrez|recibirá|riceverà|receberá|получите) .*",
    *(rf"(?:^|[ (,]){condition} .*[ ,]{then}(?:[ ,].*|$)" for condition, then in _IF_AND_THEN),
    rf"\b(?:after|within|in) \d{{1,3}} (?:more |further |other )?(?:days?|hours?|minutes?),? (?:it|we|i|(?:the|your|this) \w+) {_WILL}\b.*",
    r"\bwill (?:then |only |finally |automatically )?be (?:returned|bounced|sent back|reported|deleted|removed|discarded|dropped)\b(?: [^ ]+){0,8} (?:if|unless|once|when|(?:after|within|in) \d).*",
    r"\b(?:will|shall) (?:keep|continue|try|retry|go on|be re-?tried)\b.*\b(?:until|unless|before)\b.*",
    r"断念(?:した|する|された)(?:場合|とき|時)", r"(?:如果|若).*(?:放弃|放棄)", r"(?:放弃|放棄)(?:之?前|时|後|后)",
    before="(?s)",
))  # fmt: skip

#: The server stopped trying because time or attempts ran out.
EXPIRED: Final = any_of(
    r"\b(?:given|gave) up\b", r"maximum number of (?:delivery )?(?:attempts|retries|tries)", r"(?:message|time) expired",
    r"retry (?:time|timeout|limit|count) (?:has been |was |is )?exceeded", r"too many (?:delivery )?(?:attempts|retries)",
    r"cannot send message (?:for|within) \d", r"(?:could not be|unable to) deliver(?:ed)? (?:(?:the |your )?(?:mail|message) )?(?:for|within|after|in) \d{1,3} (?:day|hour)",
    r"undeliver(?:ed|able) (?:for|after) \d{1,3} (?:day|hour)",
)  # fmt: skip

_DONE: Final = (
    r"delivered|relayed|zugestellt|remis|livré|entregado|entregue|consegnato|bezorgd|afgeleverd|доставлено|dostarczono"
)
_RESULT: Final = (
    r"status|result|outcome|ergebnis|zustand|résultat|état|resultado|estado|esito|stato|resultaat|результат|статус"
)

# Letters in lower case, roughly: RE2's own class of them is as large as all else here together.
_LETTERS: Final = r"a-z\x{c0}-\x{1fff}\x{2c00}-\x{2dff}\x{3041}-\x{d7ff}\x{f900}-\x{fdff}"

#: A line below a recipient that tells what became of him: "Status: delivered".
RESULT: Final = any_of(_RESULT, before=rf"^[^{_LETTERS}]*", after=r"[ \t]*[:=]")

#: The message arrived: a line that tells it, or that opens a list of those whom it reached.
SUCCESS: Final = any_of(
    r"\bnon-failed\b", r"\(success\)", r"\bdelivery (?:has been|was|is) successful", r"\bsuccessful (?:mail |message )?delivery",
    r"\b(?:was|were|has been|have been) (?:successfully )?(?:(?:delivered|relayed) (?:successfully )?to|accepted (?:for|by)) "
    r"(?:(?:all|the|these) )?(?:following|recipient|address|[^\s@]+@)",
    r"\b(?:message|mail|it) (?:was|has been) (?:successfully )?accepted (?:for|by)[ \t:]*(?m:$)",
    r"\b(?:message|mail|it) (?:has )?reached [^\s@]+@", r"@\S+ (?:has|have) (?:already )?received (?:your|the) (?:message|mail|e-?mail)",
    r"(?m:^)\W*(?:message )?(?:successfully )?(?:(?:delivered|relayed)(?: to the following| to these|: |(?: successfully)?:\s*(?m:$))|succeeded:\s*(?m:$))",
    r"\b(?:recipient|address)(?:\(?e?s\)?)? (?:was|were|has been|have been) (?:successfully )?(?:delivered|relayed)(?: to)?:\s*(?m:$)",
    r"(?m:^)\W*(?:your |the )?message (?:was )?(?:successfully )?(?:delivered|relayed)(?: successfully)? to:\s*(?m:$)",
    r"\b(?:message|mail|it) (?:was|has been) (?:successfully )?(?:delivered|relayed) to[ \t]*:[ \t]*(?m:$)",
    r"\b(?:have|has|did) (?:already |all )?receiv(?:ed?) (?:(?:the|your|this) (?:message|mail|e-?mail)|it)[ \t]*:[ \t]*(?m:$)",
    r"\b(?:people|recipients?|addressees?) \([^()\n]*@[^()\n]*\) (?:got|received|have received) (?:it|(?:the|your) (?:message|mail|e-?mail))\b",
    r"\brecipients? received your message", r"\bwurden? (?:(?:sie|(?:die|ihre) (?:nachricht|e-?mail|mail)) )?(?:an \S+@\S+ )?(?:erfolgreich )?zugestellt",
    r"\bhaben (?:sie|(?:die|ihre) (?:nachricht|e-?mail)) erhalten", r"\ba (?:bien )?été (?:remis|distribué|livré)",
    r"\bmensaje (?:se (?:ha )?entreg|ha sido entregado)", r"è stat[oa] (?:consegnat|recapitat)", r"配信されました", r"配信しました[ \t。:：]*(?m:$)",
    r"@\S+[\s|;,]+(?:delivered|relayed)[\s|;,]+2\d\d\b", r"\|\s*(?:ok|delivered|relayed|sent)\s*\|",
    # headings of those whom it reached; a negation may stand before such words, therefore from the first letter of a line
    rf"(?m:^)[^{_LETTERS}\n]*(?:successful (?:recipient|address|deliver)|"
    r"accepted(?: for delivery| recipients?| addresses)?:|(?:successfully )?delivered (?:successfully )?to:|"
    r"(?:erfolgreich )?zugestellt(?: an)?:|"
    r"remise? (?:avec succès|réussie)|entregado (?:correctamente|con éxito)|entregue (?:com sucesso|corretamente)|"
    r"consegnat[oaie] (?:correttamente|con successo)|(?:succesvol|met succes) (?:bezorgd|afgeleverd)|(?:успешно )?доставлено(?: успешно)?(?: следующ[^:\n]*)?:|"
    r"(?:pomyślnie )?dostarczono(?: pomyślnie)?(?: do)?:|配信(?:済み|成功)|送信(?:済み|成功)|(?:成功)?(?:投递|投遞|发送|發送|送达|送達)成功|成功(?:投递|投遞|发送|發送|送达|送達))",
    # the end of a line about one
    rf"@\S+(?:[\s|;,:]|[ \t][.=→>-]+[ \t])+(?:successfully )?(?:{_DONE})(?: successfully)?(?:[ \t(\[]+2\d\d\b[^\n]*)?[ \t.]*(?m:$)",
    rf"(?m:^)[^{_LETTERS}\n]*(?:{_RESULT})[ \t]*[:=][ \t]*(?:successfully )?(?:{_DONE}|ok|sent|success(?:ful)?)(?:[ \t(\[]+2\d\d\b[^\n]*)?[ \t.]*(?m:$)",
    rf"(?m:^)[^{_LETTERS}\d\n]*[^\s<>@]+@\S+(?:[\s|;,:]|[ \t][.=→>-]+[ \t])+(?:ok|accepted)[ \t.]*(?m:$)", r"\b(?:were|was|have been) accepted:[ \t]*(?m:$)",
    r"\bsent to \S+@\S+ without (?:any )?(?:problem|error)",
    # what comes of it there, nobody will hear (RFC 3461 5.2.2)
    r"\brelayed to (?:an?|the|another) (?:[^\s@]+ )?(?:system|mailer|server|host) (?:that|which) (?:does|do|will|can) ?n[o']t (?:support|send|return|generate|report)",
)  # fmt: skip

_GONE_ON: Final = r"(?:delivered|relayed|forwarded|passed on)(?: to (?:the|its|your|all) (?:intended |original )?(?:recipient|addressee)(?:s|\(s\))?)?"

#: The message arrived, whatever was found in it.
ALL_THE_SAME: Final = any_of(
    rf"\b(?:message|mail|it) (?:was|is|has been|is being) {_GONE_ON},? (?:nevertheless|nonetheless|anyway|anyhow|all the same|regardless|even so)\b",
    rf"\b(?:message|mail|it) (?:was|is|has been|is being) (?:nevertheless|nonetheless) {_GONE_ON}\b",
    rf"\b(?:nevertheless|nonetheless|even so),? (?:(?:the|your|this) (?:message|e-?mail|mail)|it) (?:was|is|has been|is being) {_GONE_ON}\b",
    r"\b(?:nachricht|mail) (?:wurde|wird) (?:(?:dem|den|an den|an die) empfängern? )?(?:trotzdem|dennoch) (?:zugestellt|ausgeliefert)",
    r"\ba (?:quand même|néanmoins|tout de même) été (?:remis|distribué|livré)",
    denied=(r"(?:^|[^a-z])(?:if|whether|unless|case|falls|ob|wenn|si)\b[^.:;]*",),
)  # fmt: skip

#: Beside a refusal, that another host took the message, or the same at a later try, or that an earlier report was wrong.
TAKEN: Final = any_of(
    r"\b25[01][ -](?:2\.\d{1,3}\.\d{1,3}|ok)\b", r"\bqueued (?:as|mail for)\b", r"\bbut (?:was )?(?:accepted|taken|delivered) (?:by|at|through|via|later|to)\b",
    r"\b(?:earlier|previous|former) (?:report|notice|bounce|message|error)s?\b[^\n]*\b(?:was|were) (?:wrong|"
        r"a mistake|an error|sent (?:in error|by mistake))\b",
    r"\breplaces the (?:earlier |previous )?(?:report|notice|bounce)\b",
)  # fmt: skip
