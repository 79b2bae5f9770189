"""The words by which bounces, delays, vacation notes and challenges are known, in the languages servers write.

Rule: one phrase per item, RE2 syntax, matched on text in lower case; the item says what servers say, never which
message said it. RE2 because these see whole messages: its time is linear, whatever the text holds.
"""

from typing import Final

import re2


class Phrases:
    """Phrases that are asked for together; the answer is yes or no, which costs a tenth of a place.

    denied   words that hold one of them and say the opposite: what is found there counts for nothing
    """

    __slots__ = ("_denied", "_set")

    def __init__(self, pattern: str, denied: str | None = None) -> None:
        self._denied = denied
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 24 << 20  # of the set's cache of states; a tenth is used, and a full one costs time
        self._set = re2.Set.SearchSet(options)
        self._set.Add(pattern)
        self._set.Compile()

    def search(self, text: str) -> bool:
        """Say whether one of the phrases stands in *text*, which is in lower case."""
        found = self._finds(text)
        if found and self._denied:  # seldom, so it is compiled when it comes to it
            return self._finds(re2.compile(self._denied).sub(" ", text))
        return found

    def _finds(self, text: str) -> bool:
        return bool(self._set.Match(text.encode("utf-8", "replace")))


def _any(*phrases: str, before: str = "", after: str = "", denied: tuple[str, ...] = ()) -> Phrases:
    return Phrases(_pattern(*phrases, before=before, after=after), _pattern(*denied) if denied else None)


def _pattern(*phrases: str, before: str = "", after: str = "") -> str:
    return f"{before}(?:{'|'.join(phrases)}){after}"


#: The author is a mail system (matched on the From field).
DAEMON: Final = _any(
    r"mailer[-_. ]?daemon", r"mail[-_]daemon", r"\bpost[-_]?master\b",
    r"delivery[-_. ](?:sub)?system", r"mail delivery service", r"internet mail delivery",
    r"system administrator", r"administrateur syst", r"systemadministrator", r"\bmaildeliver",
    r"microsoft ?exchange", r"^\"?mdaemon", r"undeliverable", r"\bsmtp(?:d)?@",
    r"mail administrator", r"mail[- ]?system", r"mail router", r"majordomo", r"\bnondelivery", r"delivery (?:failure|status)",
    r"reply-error", r"\bmmdf\b", r"amavis", r"anti-?_?virus", r"virus ?(?:wall|scan)", r"smtp_?gateway", r"mimesweeper", r"mail.?gate", r"scanmail", r"^<>",
)  # fmt: skip

# Of a message, in the Subject or in the words.
_NOT_DELIVERED: Final = (
    r"(?:mensaje|correo) (?:fue|ha sido) (?:rechazad|devuelt)", r"no (?:fue|ha sido|pudo ser) entregad",
    r"não pode ser entregue", r"mensagem devolvida", r"n['’]a pas (?:pu être|été) (?:distribu|remis)", r"message refusé",
    r"non (?:può|puo'|ha potuto) essere (?:consegnat|recapitat)", r"messaggio respinto", r"niet (?:worden )?afgeleverd",
    r"kunne ikke leveres", r"ikke levert", r"(?:går|gick) inte att leverera", r"nie (?:został\w*|mogła? zostać|może zostać) (?:dostarcz|doręcz)",
    r"nedoru[čc]it", r"nepoda[řr]ilo (?:s[ea] )?doru[čc]", r"недостав", r"не може да бъде достав",
    r"nu a putut fi livrat", r"δεν (?:παραδόθηκε|ήταν δυνατή η παράδοση)",
)  # fmt: skip

# The same in languages of which few bounces are seen.
_NOT_DELIVERED_THERE: Final = (
    r"未(?:送达|传递|傳遞)", r"teslim edilem", r"nedostavljiv", r"nije (?:moguće isporučiti|isporučen)", r"не вдалося достав",
    r"nelivra(?:t|bil)", r"imposibil de livrat", r"לא (?:ניתן למס|נמסר)", r"غير قابل للتسليم", r"(?:تعذر|لم يتم) (?:ال)?تسليم", r"ไม่สามารถส่ง",
    r"không thể (?:gửi|chuyển|phân phối)", r"tidak (?:dapat )?(?:ter|di)kirim", r"nepristaty?t", r"nav piegād", r"edastamatu", r"ei saa(?:nud)? edastada",
)  # fmt: skip

#: A Subject that announces a bounce.
BOUNCE_SUBJECT: Final = _any(
    r"undelivered", r"failed mail\b", r"un-?deliverable", r"not (?:be )?delivered",
    r"delivery (?:status )?(?:notification|failure|error|problem|report|has failed)",
    r"deliver(?:y|ing) (?:of )?(?:mail |message |your message )?(?:failed|failure|delayed|error|problem)",
    r"failure (?:notice|delivery|notification)", r"failed delivery",
    r"return(?:ed|ing) (?:e-?mail|message|to sender|undeliver)",
    r"mail (?:delivery )?returned",
    r"(?:mail|message) (?:delivery |system )?(?:fail|error|could not|not deliver|undeliver|notdeliver|rejected|delayed|status|is delayed|still being|was not)",
    r"non[- ]?(?:delivery|remise|recapitabil)", r"bounce", r"returned mail",
    r"warning: (?:could not|message|mail)", r"(?:avertissement|aviso|warnung) ?: (?:message|mensaje|nachricht) .*(?:retardé|retrasado|verzögert)", r"cannot (?:send|deliver)", r"could ?n[o']t (?:send|deliver)",
    r"unable to deliver", r"delay(?:ed)? (?:mail|notif)", r"user unknown",
    r"unknown user", r"delivery (?:delay|temporar|incomplete|notice)", r"delay in (?:message|mail) delivery", r"ndr:", r"^ndn:", r"nondeliverable", r"^waiting mail +\(msg\.",
    r"mail not", r"unzustellbar", r"nicht zugestellt", r"nicht zustellbar", r"zustellung",
    r"non remis", r"impossible de", r"échec de", r"remise (?:différée|impossible)",
    r"no se puede entregar", r"mensaje no", r"correo no", r"sin entregar", r"não (?:é possível|entreg)",
    r"não pôde", r"non consegnat", r"mancato recapito", r"recapito non riuscito", r"niet bezorgd", r"onbestelbaar",
    r"не (?:доставлено|удалось)", r"niedostarcz", r"配信(?:不能|でき|失敗|エラー|状態|状況|遅|の)", r"配送", r"届", r"メールエラー", r"エラー通知", r"送信できま", r"送信エラー", r"不达", r"退信", r"送達",
    r"kan ikke leveres", r"olevererbar", r"kunde inte", r"doručen", r"kézbesít", *_NOT_DELIVERED, *_NOT_DELIVERED_THERE,
    r"ei voi(?:tu|da)? toimittaa", r"toimit\w+ epäonnistui", r"반송", r"(?:전송|발송|배달|전달)(?:하지|되지|이|에)? ?(?:못|않|실패)", r"(?:전송|발송|배달) 불가",
    r"übermittlungsstatus", r"état de (?:la )?remise", r"estado de (?:la )?entrega", r"stato del? recapito", r"afleverstatus", r"leveransstatus", r"leveringsstatus", r"stan dostarczenia",
)  # fmt: skip

#: A Subject with which a system tells somebody of mail that he did not get, or counts what happened.
NOTICE_SUBJECT: Final = _any(
    r"\bto you(?:[^\w@.-]|$)", r"\bquarant(?:a|ä|ae|e)[ei]?n", r"\bcuarentena", r"карантин", r"(?:daily|weekly|monthly|spam|junk|mail) (?:\w+ )?(?:digest|summary|statistics)",
    r"\b(?:spam|junk)(?: ?mail)?[- ]?(?:report|bericht|notification|benachrichtigung|digest)", r"\bheld messages?\b", r"^approval requested\b",
    r"bounce (?:action|summary|report)", r"^bounce \S+@\S", r"\bsmtp (?:server|client): errors from\b", r"uncaught bounce", r"隔離",
    r"^(?:support )?ticket (?:received|opened|created)\b", r"error monitoring report", r"^message \S+ (?:has been )?frozen\b",
    r"\blog summar", r"\blogwatch\b", r"(?:service|host) alert", r"^\W*(?:problem|recovery|acknowledgement)\b.{0,10}\b(?:service|host|alert)\b",
    r"your (?:parcel|package|order|shipment)\b", r"\bihr paket\b", r"\bihre sendung\b", r"votre (?:colis|commande)", r"\b(?:ups|dhl|fedex|usps|dpd|gls|tnt|aramex|royal mail|colissimo|chronopost)\b.{0,20}\b(?:delivery|shipment|parcel|package|express|tracking)", r"\bdeliver(?:y of|ing)? (?:your|the|a) (?:package|parcel|shipment|order|item)\b", r"\bpakk[ae]n?\b", r"\bkargo", r"\bcoletul\b", r"\bpaczk[aię]\b", r"\bzásilk", r"\bpratk", r"δέμα",
    r"(?:su|tu) (?:paquete|pedido)\b",
    r"\bil (?:suo|tuo) pacco\b", r"\bmessages? (?:are |is )?(?:pending|waiting|on hold)\b", r"\byou have \S+ (?:\w+ )?(?:undelivered|pending|unread|new)\b",
)  # fmt: skip

#: Words that tell somebody of mail that he did not get.
NOTICE: Final = _any(
    r"\b\d{1,4}\)? (?:\w+ )?incoming (?:e-?mails?|messages?)\b", r"\b\d{1,4}\)? (?:pending|undelivered) (?:e-?mails|messages)\b",
    r"\bdelivered to your (?:mailbox|inbox)\b", r"\byour mailbox [^\s@]+@\S+ (?:is (?:almost )?full|has (?:almost )?exceeded)",
    r"\b(?:e-?mails|messages) to you could not be\b",
    r"\bihr paket\b", r"\byour parcel\b", r"\bvotre colis\b", r"\bsu paquete\b", r"\b(?:sendungs|paket)(?:nummer|verfolgung)\b", r"\btracking number\b",
)  # fmt: skip

#: A filter asks the sender to prove that he is a person.
CHALLENGE: Final = _any(
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
CHALLENGE_SUBJECT: Final = _any(
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

#: A word of failure, near which an address is the one that failed.
FAILURE: Final = _any(
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
    *_NOT_DELIVERED_THERE, r"לא קיי", r"غير موجود", r"ไม่พบ", r"không tồn tại", r"tidak (?:ada|ditemukan)", r"neegzistuoja", r"ne postoji", r"nu există", r"δεν υπάρχει", r"mevcut değil", r"bulunamad",
)  # fmt: skip

#: Words that only a bounce says of a message.
STRONG: Final = _any(
    r"undeliver", r"not (?:yet |have )?(?:be |been )?(?:fully )?(?:sent|deliver)", r"failed mail", r"did not (?:\w+ )?match",
    r"n[o']t (?:be )?(?:deliver|reach)",
    r"deliver\w* [\w ]*(?:fail|error|problem|unsuccess|impossible|was stopped)",
    r"fail(?:ed|ure)? (?:to deliver|deliver|notice)", r"unable to (?:deliver|send|relay)", r"user unknown",
    r"unknown user", r"not a valid user", r"no such (?:user|mailbox|recipient|address)",
    r"mailbox (?:is )?(?:full|unavailable|not found|unknown|disabled)", r"over quota",
    r"returned (?:mail|message|to)", r"non[- ]?deliver", r"bounce", r"(?:postponed|delayed) due to",
    r"(?:message|mail) (?:was |has been |is )?(?:automatically )?(?:rejected|refused|blocked|returned|not accepted|delayed)",
    r"could not (?:be )?send", r"unzustellbar", r"nicht zugestellt",
    r"nicht zustellbar", r"n'a pas pu être", r"non remis", r"no se pudo", r"não (?:foi|pôde)",
    r"impossibile", r"non (?:è|e') stato (?:consegnat|recapitat)", r"nie można", r"не (?:может быть )?(?:доставлен|удалось)", r"届け", r"送信できま", r"配信でき",
    *_NOT_DELIVERED, *_NOT_DELIVERED_THERE,
    r"übermittlung an \w+ empfänger (?:fehlgeschlagen|verzögert)", r"échec de la remise aux? (?:\w+ )?destinataire", r"error (?:en|al) la entrega a", r"aflevering aan de volgende",
    r"退信", r"无法", r"無法", r"ei voi(?:tu|da)? toimittaa", r"toimit\w+ epäonnistui", r"반송", r"(?:전송|발송|배달|전달)(?:하지|되지|이|에)? ?(?:못|않|실패)",
)  # fmt: skip

#: A content filter kept a message back, and says so of the message that it describes (MailMarshal, ScanMail).
STOPPED: Final = _any(
    r"\b(?:has|have) (?:stopped|blocked|rejected|not delivered) (?:the following|your) (?:e-?mail|message)",
    r"\b(?:the )?(?:entire|whole) (?:e-?mail|message) was (?:not delivered|blocked|rejected|deleted|quarantined)",
)  # fmt: skip

#: What such a filter writes as Subject where it sends under an address of its own.
STOPPED_SUBJECT: Final = _any(
    r"\b(?:e-?mail|message|mail|attachment|file)\b.{0,60}\b(?:blocked|stopped|rejected|refused|deleted)\b", r"\bvirus\b.{0,20}\b(?:found|detected|infected)\b",
    r"\b(?:blocked|stopped|rejected|refused) (?:\w+ )?(?:e-?mail|message|mail|attachment|file)\b",
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
DELAY: Final = _any(
    r"(?:has|have) (?:not )?been delivered (?:yet|for)",
    r"(?:is|was|been|still being) delayed", r"delayed (?:mail|delivery|message)",
    r"will (?:continue|keep|be)(?: to)? (?:try|tried|attempt|retr|delivery attempts)",
    r"still (?:trying|being attempted|queued)", r"\b(?:message|mail) (?:is|waits|remains) (?:still )?in (?:the|our) (?:\w+ )?queue", r"\btransient,? non-?fatal\b", r"warning (?:message )?only", r"has been postponed",
    r"(?:do|need) not (?:need to )?(?:re-?send|retransmit)", r"not yet been (?:fully )?delivered",
    r"could not be delivered (?:for|in the last|yet)", r"will (?:be )?re(?:tr(?:y|ied)|-?attempt)",
    r"delivery delayed",
    r"noch nicht zugestellt", r"bisher nicht zugestellt", r"zatím ne", r"再試行", r"再送(?:する|信する)?(?:の)?必要は(?:ありません|ない)", r"引き続き(?:配送)", r"配送が?遅延", r"weiter(?:hin)? versuch", r"weitere zustellversuche", r"zustellung (?:ist |wurde |wird )?verzögert",
    r"pas encore (?:été |pu être )?(?:remis|distribué|livré)", r"continuer\w* (?:à |d')?(?:essayer|tenter|ses tentatives)",
    r"seguir(?:á|emos|án) intentando", r"aún no (?:se )?ha (?:sido )?(?:podido )?entreg",
    r"non (?:è|e') (?:stato )?ancora (?:stato )?(?:consegnat|recapitat)", r"continuer(?:à|anno|emo) a (?:tentare|provare)",
    r"continuar(?:á|emos|ão) (?:a )?tenta", r"ainda não foi entregue", r"nog niet (?:bezorgd|afgeleverd)",
    r"nie zosta[^ ]+ jeszcze dostarcz", r"пока не (?:удалось|доставлен)", r"ещ[её] не доставлен",
    r"продолж[^ ]+ (?:попытки|доставк)", r"попытки доставки (?:будут )?продолж", r"继续(?:尝试|重试|投递)", r"繼續(?:嘗試|重試|投遞)",
    r"投递延迟", r"配信が遅れ", r"引き続き(?:配信|再送)", r"再送を(?:試み|続け)", denied=_NO_MORE,
)  # fmt: skip

#: The server stopped trying, whatever else it says of delays.
GIVEN_UP: Final = _any(
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
NOT_YET: Final = re2.compile(_pattern(
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
EXPIRED: Final = _any(
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
RESULT: Final = _any(_RESULT, before=rf"^[^{_LETTERS}]*", after=r"[ \t]*[:=]")

#: The message arrived: a line that tells it, or that opens a list of those whom it reached.
SUCCESS: Final = _any(
    r"\bnon-failed\b", r"\(success\)", r"\bdelivery (?:has been|was|is) successful", r"\bsuccessful (?:mail |message )?delivery",
    r"\b(?:was|were|has been|have been) (?:successfully )?(?:(?:delivered|relayed) (?:successfully )?to|accepted (?:for|by)) "
    r"(?:(?:all|the|these) )?(?:following|recipient|address|[^\s@]+@)",
    r"\b(?:message|mail|it) (?:was|has been) (?:successfully )?accepted (?:for|by)[ \t:]*(?m:$)",
    r"\b(?:message|mail|it) (?:has )?reached [^\s@]+@", r"@\S+ (?:has|have) (?:already )?received (?:your|the) (?:message|mail|e-?mail)",
    r"(?m:^)\W*(?:message )?(?:successfully )?(?:(?:delivered|relayed)(?: to the following| to these|: |(?: successfully)?:\s*(?m:$))|succeeded:\s*(?m:$))",
    r"\b(?:recipient|address)(?:\(?e?s\)?)? (?:was|were|has been|have been) (?:successfully )?(?:delivered|relayed)(?: to)?:\s*(?m:$)",
    r"(?m:^)\W*(?:your |the )?message (?:was )?(?:successfully )?(?:delivered|relayed)(?: successfully)? to:\s*(?m:$)",
    r"\brecipients? received your message", r"\bwurden? (?:(?:die|ihre) nachricht )?(?:an \S+@\S+ )?(?:erfolgreich )?zugestellt",
    r"\bhaben (?:sie|(?:die|ihre) (?:nachricht|e-?mail)) erhalten", r"\ba (?:bien )?été (?:remis|distribué|livré)",
    r"\bmensaje (?:se (?:ha )?entreg|ha sido entregado)", r"è stat[oa] (?:consegnat|recapitat)", r"配信されました",
    r"@\S+[\s|;,]+(?:delivered|relayed)[\s|;,]+2\d\d\b", r"\|\s*(?:ok|delivered|relayed|sent)\s*\|",
    # headings of those whom it reached; a negation may stand before such words, therefore from the first letter of a line
    rf"(?m:^)[^{_LETTERS}\n]*(?:successful (?:recipient|address|deliver)|accepted(?: for delivery| recipients?| addresses)?:|(?:successfully )?delivered (?:successfully )?to:|(?:erfolgreich )?zugestellt(?: an)?:|"
    r"remise? (?:avec succès|réussie)|entregado (?:correctamente|con éxito)|entregue (?:com sucesso|corretamente)|"
    r"consegnat[oaie] (?:correttamente|con successo)|(?:succesvol|met succes) (?:bezorgd|afgeleverd)|(?:успешно )?доставлено(?: успешно)?:|"
    r"(?:pomyślnie )?dostarczono(?: pomyślnie)?(?: do)?:|配信(?:済み|成功)|送信(?:済み|成功)|(?:成功)?(?:投递|投遞|发送|發送|送达|送達)成功|成功(?:投递|投遞|发送|發送|送达|送達))",
    # the end of a line about one
    rf"@\S+[\s|;,:]+(?:successfully )?(?:{_DONE})(?: successfully)?(?:[ \t(\[]+2\d\d\b[^\n]*)?[ \t.]*(?m:$)",
    rf"(?m:^)[^{_LETTERS}\n]*(?:{_RESULT})[ \t]*[:=][ \t]*(?:successfully )?(?:{_DONE}|ok|success(?:ful)?)[ \t.]*(?m:$)",
    rf"(?m:^)[^{_LETTERS}\d\n]*[^\s<>@]+@\S+[\s|;,:]+(?:ok|accepted)[ \t.]*(?m:$)", r"\b(?:were|was|have been) accepted:[ \t]*(?m:$)",
    r"\bsent to \S+@\S+ without (?:any )?(?:problem|error)",
)  # fmt: skip

#: The first words of a mail system's notice; a person who quotes one puts his own before them.
OPENING: Final = _any(
    r"this is the (?:mail system|postfix program) at host", r"hi\. this is the qmail-send program",
    r"this message was created automatically by mail delivery software",
    r"this is an automatically generated delivery status notification", r"the original message was received at",
    before=r"^\s*[-*]*\s*",
)  # fmt: skip

#: A list manager tells the author of a post that the list does not take it.
LIST_REFUSAL: Final = _any(
    r"posting of your message titled .+ has been rejected by the list moderator",
    r"your message has been automatically rejected", r"your message to the \S+ mailing-list was rejected",
    r"your message for list \S+ (?:\S+ ){0,4}(?:was|has been) rejected", r"your message to \S+@\S+ (?:was|has been) rejected because",
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

#: A line that names an address to ask for help, or shows what an address looks like.
HELPDESK: Final = _any(
    r"contact", r"assistance", r"for (?:further |more )?(?:help|information)", r"question", r"\b(?:bei|für) (?:rück)?fragen\b", r"postmaster",
    r"forward this", r"e-?mail us", r"send (?:an? )?(?:e-?mail|mail|message) to",
    r"please (?:mail|write|e-?mail)", r"(?:^|[.,;:!?] +|\bor )write to", r"report (?:\w+ ){0,2}to", r"reported to", r"\bwenden sie", r"kontaktieren",
    r"reach us", r"please (?:notify|send to)", r"problems?:", r"erreichen sie uns", r"hilft ihnen", r"melden sie sich",
    r"schreiben sie an", r"[ée]crivez", r"scriv(?:ere|ete|a) a", r"escrib[ae]", r"escreva", r"обратитесь", r"prosimy (?:o kontakt|pisać)",
    r"お問い合わせ", r"请联系", r"請聯", r"客服", r"s'adresser", r"(?:form|format) of (?:an? |the |our )?(?:e-?mail )?address",
)  # fmt: skip

_WHO: Final = r"[^\s<>\"'()「」]+@[^\s<>\"'()「」]+"
_NEW_ADDRESS: Final = (
    r"\bnew (?:e-?mail |mail )?address", r"\bnew e-?mail", r"\bneuen? (?:e-?)?(?:mail)?[- ]?adresse", r"\bnouvelle adresse(?: e-?mail| de courriel)?",
    r"\bnueva direcci[oó]n(?: de correo)?", r"\bnuovo indirizzo(?: e-?mail)?", r"\bnovo endere[cç]o(?: de e-?mail)?",
    r"\bnieuwe? (?:e-?)?(?:mail)?[- ]?adres", r"\bnya? (?:e-?post|mail)?-?adress?e?n?", r"\bnowy adres(?: e-?mail)?", r"новый адрес",
    r"新しい(?:メール)?アドレス", r"新(?:メール)?アドレス", r"新的?(?:邮箱|郵箱|信箱|地址)",
)  # fmt: skip

#: The address that somebody has now, behind what says so (RFC 5321 3.4, code 551).
NOW_AT: Final = re2.compile(_pattern(
    *(rf"{address}(?: (?:now|jetzt|nun|ab sofort|désormais|ahora|ora|agora|is|lautet|ist|est|es|è|é|är|er|to)){{1,3}}:?" for address in _NEW_ADDRESS),
    *(rf"{address} ?[:=：–—-]" for address in _NEW_ADDRESS), *(rf"{address}[は是]" for address in _NEW_ADDRESS),
    r"\b(?:at|under|unter|via) (?:the|my|his|her|our|der|meiner|unserer) (?:new|neuen) (?:e-?mail[- ]?)?(?:address|adresse)",
    r"\b(?:please|kindly|must|should|instead) (?:now )?(?:use|try)(?: (?:only|instead|the (?:e-?mail )?address))?:?",
    r"\bnot local[;,.]? will forward to:?", r"\b(?:moved|has changed) to:?", r"\bnow (?:uses|(?:be )?(?:reached|reachable|found) (?:at|under)):?",
    r"\bbitte (?:verwenden|nutzen|benutzen)(?: [a-zäöüß-]+){0,6}:?", r"\bveuillez (?:[a-zé]+ )?utiliser(?: désormais| l'adresse){0,2}:?",
    r"\b(?:utilice|por favor,? use)(?: la direcci[oó]n)?:?", r"\bgebruik(?: voortaan)?:?", r"\butilizzare(?: l'indirizzo)?:?",
    after=rf"\s*[\"'<(「]*\b({_WHO})",
))  # fmt: skip

#: The same address before such words.
IS_NEW: Final = re2.compile(_pattern(
    r"instead\b",
    r"(?:is|ist|est|es|è|é) (?:the|my|his|her|their|our|die|meine|seine|ihre|unsere|la|sa|ma|mi|su|het|il) (?:new|neue|nouvelle|nueva|nieuwe|nuovo)\b",
    before=rf"({_WHO})[>\"')」]*\s+",
))  # fmt: skip

#: A line of the banner that gateways put above mail from outside.
BANNER: Final = _any(
    r"(?:originated|came|comes|sent|received) (?:from )?(?:outside|an? external)", r"external (?:e-?mail|sender|message)",
    r"do not click", r"(?:don't|do not) open attachments", r"recogni[sz]e the sender", r"content is safe",
    r"von (?:außerhalb|extern)", r"externe (?:e-?mail|nachricht)", r"provient de l'ext[ée]rieur",
)  # fmt: skip

#: A line that opens a list of addresses.
OPENS: Final = _any(
    r"(?:following|these|this|below|listed|all|some|each|one or more|intended)\b.*\b(?:recipient|address|user|destination|mailbox|person|people|individual|name|account)",
    r"\b(?:recipient|address|user)(?:\(?e?s\)?)?(?:[^.\n\w][^.\n]*)?:[ \t]*$", r"folgende", r"suivant", r"siguiente",
    r"seguent", r"seguinte", r"volgende", r"följande", r"følgende", r"seuraava", r"następując", r"následující", r"következő", r"aşağıdaki",
    r"следующ", r"次の", r"以下",
    r"\b(?:diese empfänger|ces destinataires|estos destinatarios|questi destinatari|estes destinatários|deze (?:geadresseerden|ontvangers)|dessa mottagare|disse (?:modtagere|mottakere)|этим получателям)",
)  # fmt: skip

#: A Subject with which a mailbox answers by itself.
VACATION: Final = _any(
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

# What a notice says in so many words is none of what follows: "there is no forwarding", "not by mistake", "no longer a member".
_DENIED: Final = (
    r"(?:(?:\b(?:no|without|not an?|no longer an?|kein|keine[mnr]?|ohne|nicht mehr|aucune?|sans|pas de|plus|sin|ning[uú]na?|ya no es|senza|nessuna?|non è più|sem|nenhuma?|não é mais|geen|zonder|ingen|inget|utan|bez|brak)|není|без|нет|больше не)"
    r"(?: [^ ]+)? |(?:\b(?:not|nicht|pas|no|non|não|niet|inte|ikke|nie)|не)(?: se| si| automatically| automatisch)? )"
)


def _told(*stems: str, denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds one of the *stems* where it is not denied."""
    return _any(*stems, denied=(_pattern(*stems, before=_DENIED), *denied))


_THERE: Final = r"(?:another|an? (?:old|private|external|new|second|other)|his|her|their) (?:[\w-]+ ){0,3}(?:address|mailbox|account|inbox)\b"
# One of a list's members, or some: not the member himself, nor "the members" of a board to whom the message was addressed.
_SOME: Final = (
    r"(?:\b(?:an?|one|some|several|two|three|four|five|six|\d+|eine?|eine[mnrs]|einige[nr]?|mehrere[nr]?|une?|certains|plusieurs|unos?|algunos?|varios|alcuni|um|alguns|een|enkele|en|ett|jeden|jednego|jednemu|jednoho|jednomu|bir)|"
    r"één|några|någon|někter[^ ]+|niektór[^ ]+|один|одного|одному|несколько|нескольким|некоторым)"
    r" (?:(?:of|der|die|ihrer|seiner|de|des|del|dei|degli|dos|van|av|z|ze|из|its|your|our|their|ses|nos|vos|los|sus|seus|onze|list's|\d+) )*(?:d['’])?"
)
_MEMBERS: Final = (
    r"(?:(?:members?|subscribers?|people|lid|leden)\b|mitglied|abonn|teilnehmer|membre|miembro|suscriptor|membr[oi]|iscritt|assinante|inscrito|medlem|prenumerant|"
    r"człon|subskrybent|uczestnik|člen|odběratel|участник|подписчик|üye)"
)

#: It is said that a mailbox sends on what comes to it, or a list to its members, and that this failed; a language a row. Nobody is
#: bidden here to forward the notice, and no server forwarded the message.
SENT_ON: Final = _told(
    r"\bforwards\b", r"\bauto-?forward", r"\bforwarding\b", r"\bredirect(?:s\b|ion|ing| rule)", r"\bsend(?:s|ing) (?:on (?:the |his |her |its |their )?(?:e-?)?mail|(?:his|her|its|their) (?:e-?)?mail on)\b",
    rf"\b(?:forwarded|redirected) (?:automatically|by (?:his|her|their|its|a) |to {_THERE})", r"\bis (?:automatically )?forwarded\b", rf"\bcop(?:y|ied) (?:to|for) {_THERE}", r"\bcopy (?:of your (?:message|mail) )?(?:to \S+ )?could not be forwarded\b",
    r"\b(?:weiter|um)leitung", r"\bleitet [^.:;]+ (?:weiter|um)\b", r"\bwird (?:automatisch )?(?:an [^ ]+ )?(?:weiter|um)geleitet", r"\bkopie an (?:seine|ihre) (?:\w+ ){0,2}(?:e-?mail-?)?adresse\b",
    r"renvoi automatique", r"redirig", r"redirection", r"réexpédi", r"transfère\b", r"transférée?s? (?:automatiquement|(?:vers|à) (?:sa |son |une? (?:autre |adresse personnelle)))", r"transfert (?:auto|de s)", r"adresse de transfert", r"fait suivre", r"\bcopie (?:vers|à|a) (?:son|sa) (?:\w+ ){0,2}(?:adresse|bo[iî]te)\b",
    r"\breenvía\b", r"reenvío", r"reenviad[oa] a (?:una|su|otra) ", r"\bdesvío a\b", r"redirecci", r"\bcopia a (?:su|sua) (?:\w+ ){0,2}(?:direcci[oó]n|buz[oó]n|casella|indirizzo)\b", r"\binoltra\b", r"\binoltro\b", r"inoltrat[aoei] automaticamente", r"\bviene inoltrat", r"reindirizz",
    r"encaminha\b", r"encaminhamento", r"reencaminhad", r"redireciona", r"doorstuur", r"doorzend", r"\bstuurt [^.:;]+ door\b", r"\bword(?:t|en) (?:automatisch )?(?:naar [^ ]+ )?doorgestuurd", r"vidarebefordra[rsn]", r"videresend(?:e[rs]|else)",
    r"przekierow", r"przekazuje\b", r"przekazywan", r"přepos[íi]l", r"přesměrov", r"пересыл(?:к|а[её])", r"переадрес", r"перенаправл", r"yönlendir(?:iyor|il|me)",
    r"転送(?:先|さ|設定|アドレス)", r"(?:转发|轉寄|轉發)的?(?:到|至|规则|規則|目标|目標|地址)", r"自(?:动转|動轉)", r"자동 ?전달", r"전달 ?(?:주소|설정)", r"포워딩",
    rf"{_SOME}{_MEMBERS}", r"\b(?:one|some|several|\d+) of the (?:subscribers|persons behind|members of th)", r"\bfollowing (?:list )?members?\b", r"\b(?:members|subscribers)\. (?:the )?delivery to (?:one|some|several|\d+) of them\b",
    r"mottagarna bakom", r"(?:会員|メンバー)の(?:一人|1名)", r"(?:一位|一名|部分)(?:成员|订阅者)",
    denied=(r"aliasing/forwarding",),
)  # fmt: skip

#: A mailbox answered by itself, or somebody's mail program for him, and that did not arrive: the reply is on the reader's address.
ANSWER_LOST: Final = _any(
    r"read receipts?", r"return receipts?", r"auto(?:matic|mated)?[- ]?(?:reply|response|answer)", r"vacation (?:message|notice|reply)",
    r"out[- ]of[- ]office (?:message|notice|reply)", r"(?:lese|empfangs)bestätigung", r"automatische antwort", r"abwesenheits(?:notiz|nachricht|meldung)",
    r"accusé de (?:lecture|réception)", r"réponse automatique", r"confirmación de lectura", r"respuesta automática",
    before=r"\b",
    after=r"(?: (?:for|of|from|by|on|to|von|für|auf|zu|de|du|pour|à) (?:(?:your|ihrer?|votre|su) (?:message|mail|e-?mail|nachricht|mensaje|courriel) (?:(?:to|an|à|a|para) )?)?\S*)?"
    r"(?: (?:to|for|an|à|für|pour) (?:you|your address|sie|vous))?,? (?:could not|was not|cannot|can not|failed|bounced|was (?:refused|rejected|returned)|konnte nicht|wurde (?:nicht|abgewiesen)|n['’]a pas pu|no (?:se )?pudo)\b",
)  # fmt: skip

#: What stands for the recipient's address in words that are asked for these.
HIM: Final = "◊"
# What the sender did wrongly is no wrong refusal: "returned because the address was entered wrongly".
_WRITTEN: Final = r"(?:entered|typed|written|spel(?:t|led)|addressed|given|eingegeben|eingetippt|geschrieben|angegeben|adressiert|saisie?|tapée?|écrite?|escrit[ao]|introducid[ao]|scritt[ao]|digitat[ao])"
_WRONGLY: Final = r"(?:by mistake|in error|erroneously|wrongly|mistakenly|incorrectly|irrtümlich|versehentlich|fälschlich|par erreur|[àa] tort|por error|por engano|per errore|ten onrechte|per abuis|av misstag)"
_LISTS: Final = r"(?:\b(?:list[aeyoę]?|group|alias|sammeladresse|gruppen?|groupe|grup[poay]+|groep|listan|skupin[ay]|seznamu?)|verteiler|liście|lijst|рассылк[аиуе]|списк[аеу]|групп[аеыу]|メーリングリスト|グループ|列表|群组)"

#: A notice says that the refusal was wrong, that its system has or had a fault, that this is for a time or a pretext, that the message
#: arrived, that the mailbox is not there yet or the domain's mail elsewhere, or that the address is a list, of which nobody knows who
#: is unknown; a language a row.
TAKEN_BACK: Final = _told(
    _WRONGLY, r"błędnie", r"omyłk", r"omylem", r"ошибочно", r"по ошибке", r"yanlışlıkla", r"誤って", r"错误地", r"잘못",
    rf"{_LISTS} ?[\"'<«„]?{HIM}", rf"{HIM}\W* (?:is|ist|est|es|è|é) (?:an?|eine?|une?|una?|uma?) (?:\w+ )*(?:\w*list|alias|shared|group|verteiler|sammel|gruppe|lista)",
    r"\bto (?:everybody|everyone|all (?:members|subscribers))\b", r"\ban alle (?:mitglieder|teilnehmer|abonnenten)\b", r"\b\d+ (?:were )?delivered, \d+ failed\b",
    r"\b(?:outage|malfunction|misconfigur\w*|power cut|hiccup|glitch|breakdown|maintenance|stale|outdated)\b", r"\brebuil[dt]", r"\bre-?index", r"\bsynchroni[sz]", r"\bmigrati(?:on|ng)\b", r"\bbeing (?:moved|updated|restored|created|imported|loaded|built)\b",
    r"\bpop-?3(?: |-(?:abhol|connect|fetch|konnekt|sammel))", r"\bnext (?:delivery )?(?:attempt|try)\b", r"\bwill (?:be (?:repeated|re-?tried|tried)|re-?try|try again|keep trying)\b",
    r"\b(?:a|the|technical|hardware|software|server|system|network|disk|known) fault\b", r"\b(?:problem|error|mistake|bug|failure) (?:(?:is|was|has been) )?(?:on|at|in|with) (?:our|my)\b", r"\b(?:is|been|was) (?:now |already )?(?:mended|fixed|resolved|repaired|solved|sorted out)\b",
    r"\b(?:works?|working|available|reachable|operational|in operation|in service|online) again\b", r"\bback (?:in (?:operation|service)|online)\b", r"\bwe (?:are|were) (?:moving|upgrading|changing)\b", r"\bour (?:\w+ )?(?:upgrade|relocation)\b",
    r"\bour (?:\w+ )?(?:server|system|directory|database|filter) was (?:down|wrong|out of order|not (?:loaded|available|reachable))", r"\b(?:table|list|directory|database|index|map) (?:is|was|were) (?:\w+ )?(?:empty|incomplete|broken|corrupt)", r"\bnot know all\b", r"\bnot yet\b",
    r"\b(?:for the time being|temporarily|at the moment|until (?:\d|the|next|its|his|her|it|tomorrow|\w+day)|first login|first time|waits for|standby|paused|do not disturb|as (?:if|though|long as)|quarantine|quarantined|held for)\b",
    r"\bfor all (?:its|our|their) (?:mailboxes|users|recipients|addresses)\b", r"\bthis is a test of\b", r"\b(?:joins us|until then|starts (?:work|on)|being set up)\b",
    r"\b(?:old|previous|former|outdated) mx\b", r"\byour dns\b", r"\bdomain (?:has )?(?:moved|(?:was|has been) (?:moved|transferred))\b", r"\b(?:moved|taken|transferred) (?:his|her|its|their|the) domain\b", r"\bservers? still (?:use|point)", r"\bdomain \S+ is shared\b",
    r"\bdelivered (?:now|meanwhile)\b", r"\bnow delivered\b", r"\bmessage has (?:now |since )?(?:got through|been read)\b", rf"\b(?:(?:received|read) by|accepted for|(?:was|has been|is now) delivered to) {HIM}", rf"{HIM} (?:(?:has|have) (?:\w+ )?(?:received|got|read) |received |is in (?:his|her) |(?:was|has been) delivered\b)", r"\b(?:he|she|the (?:recipient|addressee)) has (?:received|read|got) ", r"\bhas read (?:it|your) ", r"\b(?:ignore|disregard) (?:the|that|this|our) (?:bounce|error|failure)\b",
    rf"{HIM} hat (?:die|ihre) (?:nachricht|e-?mail) (?:erhalten|gelesen)\b", r"\binzwischen (?:ist|wurde) (?:die|ihre) (?:nachricht|e-?mail|mail) (?:angekommen|zugestellt)", r"\bfängt (?:erst )?am\b", r"\btritt (?:seine|ihre) stelle\b", r"freigeschaltet", r"\bgerade (?:angelegt|eingerichtet)", r"\balten? mx\b", r"\bdns-eintr", r"\bdomain (?:\w+ )?zu einem anderen\b",
    r"\bstörung", r"\bausfall", r"\bausgefallen", r"\bwartung", r"\bpanne\b", r"\bneu aufgebaut", r"umstellung\b", r"\bmigrier", r"\bunser(?:e[mnrs]?)? umzug", r"\bwir (?:ziehen|stellen) [^.;:?!]* um\b", r"\bfehler[^.;:?!]* (?:behoben|beseitigt|gelöst)\b",
    r"\b(?:funktioniert (?:jetzt |nun )?wieder|wieder (?:erreichbar|verfügbar|in betrieb)|unser[ens]* (?:server|system|verzeichnis|filter) war (?:falsch|nicht)|nicht alle|noch nicht|zur ?zeit|derzeit|vorübergehend|solange|bis zum \d|wartet auf|erste anmeldung|ruht|als (?:ob|wäre)|wie bei einer|quarantäne)\b",
    rf"{HIM} a (?:bien )?reçu\b", r"\bsera (?:ouverte?|créée?|activée?)\b", r"\bancien mx\b", r"\bdomaine n['’]est plus hébergé",
    r"\bun incident\b", r"dysfonctionn", r"reconstru", r"\bmigrons\b", r"\bdéménage(?:ons|ment)\b", r"\bnous changeons de\b", r"\bproblème (?:est|a été) (?:résolu|corrigé|réparé)", r"\b(?:fonctionne (?:de|à) nouveau|pas tous|pas encore|temporairement|pour le moment|provisoire|comme si|quarantaine)\b",
    rf"{HIM} (?:ya )?ha recibido\b", r"\b(?:se está creando|será (?:activad|cread))", r"\bantiguo mx\b",
    r"\bmantenimiento\b", r"\bmigra(?:ción|ndo)\b", r"\bestamos trasladando\b", r"avería", r"\bincidencia\b", r"\b(?:error|problema|fallo) (?:ya )?(?:está|ha sido|fue) (?:resuelto|corregido|solucionado)", r"\b(?:vuelve a funcionar|no conoce a todos|todavía no|aún no|temporalmente|por el momento|como si|cuarentena)\b",
    rf"{HIM} ha ricevuto\b", r"\b(?:verrà|sarà) (?:attivat|creat)", r"\bvecchio mx\b", r"\bguasto", r"manutenzione", r"\bmigrazione", r"ricostru", r"disservizio", r"stato risolto", r"\b(?:non conosce tutti|non ancora|ancora non|temporaneamente|al momento|come se|incompleto|quarantena)\b",
    rf"{HIM} recebeu\b", r"\ba ser criad", r"\bserá (?:ativ|criad)", r"\bantigo mx\b", r"\bavaria\b", r"\bdevido a uma falha\b", r"\bfalha (?:no|em|do) noss", r"manutenção", r"migração", r"foi resolvid", r"ainda não", r"temporariamente", r"\bno momento\b", r"quarentena", rf"{HIM} heeft uw (?:bericht|e-?mail) ontvangen\b", r"\bwordt (?:nog )?(?:aangemaakt|geactiveerd)", r"\boude mx\b", r"\bstoring", r"\bonderhoud", r"migratie", r"opnieuw opgebouwd", r"\bnog niet\b", r"\btijdelijk", r"\bop dit moment\b", r"\bvoorlopig\b",
    r"driftst", r"underhåll", r"byggs om", r"\bett fel i vår", r"är åtgärdat", r"tillfällig", r"ännu\b", r"\bflyttar (?:just nu )?vår", r"\bvi flytt(?:ar|er)\b", r"\bfel på vår",
    rf"{HIM} otrzymał", r"właśnie zakład", r"będzie dostępn", r"awari", r"konserwac", r"migracj", r"odbudow", r"usterk", r"tymczasow", r"chwilowo", r"jeszcze nie", r"výpadk", r"závad", r"údržb", r"obnovu", r"dočasn", r"ještě ne",
    rf"{HIM} получил", r"сбо[йяею]", r"авари", r"перестраива", r"восстанавлива", r"неполад", r"временно", r"ещ[её] не", r"пока не", r"arıza", r"bakım", r"geçici", r"henüz",
    r"siirrämme", r"költöztet", r"karbantart", r"μεταφορά", r"βλάβη", r"συντήρηση", r"תקלה", r"מועבר", rf"استلم {HIM}", r"عطل", r"يجري نقل", rf"{HIM} ?はメールを受信し", rf"{HIM} ?님이 메일을 받",
    r"障害", r"メンテナンス", r"再構築", r"復旧", r"不具合", r"一時的", r"まだ", r"故障", r"[维維][护護]", r"迁移", r"重建", r"[暂暫]时", r"尚未", r"还没有", r"장애", r"점검", r"복구", r"재구축", r"일시적", r"아직",
    denied=(r"\b(?:nobody|no one) has read\b", rf"\b{_WRITTEN} (?:\w+ )?{_WRONGLY}\b", rf"\b{_WRONGLY} {_WRITTEN}\b"),
)  # fmt: skip

#: Beside a refusal, that another host took the message, or the same at a later try.
TAKEN: Final = _any(
    r"\b25[01][ -](?:2\.\d{1,3}\.\d{1,3}|ok)\b", r"\bqueued (?:as|mail for)\b", r"\bbut (?:was )?(?:accepted|taken|delivered) (?:by|at|through|via|later|to)\b",
)  # fmt: skip

#: The address is right, or the message may be sent again, to no other: no mistake of who sent it, unless he shall check it first.
SEND_AGAIN: Final = _any(
    rf"{HIM}\W* (?:is|ist|est|es|è) (?:valid|gültig|valide|correcte?|válid[ao]|richtig|korrekt)\b", rf"{HIM}\W* (?:exists,? but|does exist)\b", r"\b(?:address|mailbox) (?:exists|is (?:valid|correct|right|fine))\b", r"\bnever (?:been )?(?:deleted|removed|closed)\b",
    r"\badresse (?:stimmt|(?:ist|est) (?:gültig|richtig|korrekt|valide|correcte|bonne))\b", rf"\b(?:postfach|adresse|boîte|buzón|dirección|caixa|endereço|casella|indirizzo)(?: {HIM})? (?:gibt es\.|existiert\.|existe(?: bien)?\b|esiste\b)",
    r"\bdirección es (?:correct|válid)", r"\bindirizzo è (?:corrett|valid)", r"\bendereço (?:está corre|é válid)", r"\badres (?:jest (?:poprawny|prawidłowy)|istnieje)", r"\badres (?:doğru|geçerli)\b", r"アドレスは(?:正し|有効)", r"地址是?(?:正确|有效)", r"주소는 (?:올바|맞|유효)", r"العنوان صحيح",
    r"\b(?:please|kindly|can|may|do) (?:now )?(?:re-?send|repeat|re-?try|(?:send|mail)(?: (?:it|us|(?:your|the|this) (?:message|e-?mail|mail|letter)))?(?: once more| anew| again|,? (?:after|on|in|from) \w))", r"\bsend again (?:on|after|tomorrow)\b",
    r"\b(?:senden|schicken|versuchen) sie (?:[^ .]+ )*(?:erneut|noch ?einmal|nochmals?)\b", r"\brenvoye[rz]\b", r"\br[ée]essaye[rz]\b", r"\bvuelv[ae] a enviar", r"\binvi[^ ]+ (?:di )?nuov", r"\briprov[ai]", r"\benvi[^ ]+ novamente",
    r"\bopnieuw\b", r"\bskicka [^.]*(?:igen|om)\b", r"\bponown", r"\bznovu\b", r"yeniden gönder", r"отправьте", r"пришлите", r"повторите", r"再[度送]", r"(?:重新|再次)发送", r"다시 (?:보내|발송|전송)",
    denied=(r"(?:again|anew|erneut|noch ?einmal|nochmals?|renvoyez|enviar|nuovamente|novamente|opnieuw|igen|ponownie|znovu|отправьте)[^.;]* \S+@",),
)  # fmt: skip

#: What to do before it is sent again: the address is at fault. Not what the writer does or did himself: "we confirm", "to ensure
#: delivery".
CHECK_FIRST: Final = _any(
    r"\b(?:check|verify|correct (?:the|it|your|any)|spell|typ(?:o|ing|ed)|misspel|retype|make sure|(?:ensure|confirm|look up) (?:that )?(?:the|this|his|her) (?:[\w-]+ ){0,2}(?:address|spelling|name))",
    r"\b(?:prüfe|nachprüfen sie|kontrollieren sie|berichtigen sie|vergewissern sie|stellen sie (?:\w+ ){0,2}sicher|korrig|schreibweise)", r"überprüfen sie",
    r"\b(?:v[ée]rifi|corrig|contr[oô]lez|assurez|compr(?:ue|o)b|aseg[uú]re|revis|controll[ai]|assicur(?:arsi|ati|atevi|i\b)|confira|corrija|controleer|kontrollera|kontroller)",
    r"sprawd[zź]", r"popraw", r"zkontroluj", r"ov[ěe][řr]te", r"проверьте", r"исправьте", r"kontrol ed", r"تحقق", r"確認", r"确认", r"检查", r"核对", r"확인",
    denied=(r"\b(?:check|verify|spell|typ(?:o|ing|ed))\w* ?(?:now|again)\b",),
)  # fmt: skip

#: A sentence of what it may be, "is full or no longer exists", "if you were rejected as spam", or that bids to ask somebody, says of
#: nothing that it is. That the remote server is misconfigured, Gmail guesses of any reply that it does not know;
#: that nobody reads what is answered, the writer says of himself.
MAY_BE: Final = _any(
    r"because the remote server is misconfigured", r"\bdo not (?:reply|respond|answer)\b", r"\bantworten sie (?:bitte )?nicht\b", r"\bne répondez pas\b", r"\bpas répondre\b", r"\bno responda\b", r"\bnon rispond", r"\bnão respond",
    r"^[\s*•·)\d-]*(?:if|ask|falls|wenn|sollten?|si|se|als|indien|om|jeśli|jeżeli|pokud)\b", r"^[\s*•·)\d-]*(?:если|如果|もし|만약)",
    r"\b(?:or|oder|ou|may (?:be|have)|might|könnten?|perhaps|possibly|maybe|möglicherweise|vielleicht|eventuell|peut-être|es posible|posiblemente|quizás?|tal vez|forse|talvez|misschien|mogelijk|możliwe|być może|kanske|možná|belki)\b",
    r"^[\s*•·)\d-]*(?:please )?contact\b", r"\b(?:bei (?:rück)?fragen|wenden sie sich|contactez|adressez-vous|póngase en contacto|rivolg|neem contact op|kontakta|skontaktuj)", r"обратитесь", r"お問い合わせ", r"请联系", r"문의하",
    r"(?:^|[ (,])возможно", r"かもしれ", r"可能性", r"可能(?:是|已|因|由于)",
    r"\b(?:possible (?:cause|reason)s?|(?:causes|raisons) possibles|mögliche (?:ursachen?|gründe?)|posibles (?:causas|motivos))\b",
)  # fmt: skip

#: How systems announce the returned message: a line of these words, with or without rules around it.
BORDER: Final = re2.compile(_pattern(
    r"(?:this is a |here is a |below (?:(?:this|the next) line )?is a |following is a )?copy of (?:the|your) (?:original )?(?:message|e?-?mail)\b.*",
    r"(?:the )?(?:body|headers?|text|start|beginning|begin|first \d+ lines?) of (?:the |your )?"
    # not IMail's "Body of message generated response:", below which the reply stands, and no "body of the message contains a virus"
    r"(?:original |returned |undelivered |rejected |bounced |unsent )?(?:message|mail|letter)\b"
    r"(?:[ \t]*(?:(?:(?:is|are) )?(?:follow|below|attach|includ|enclos|append|return|as )|[^\w\s]).*|[ \t]+[^\sg].*:)?",
    r"(?:original|returned|undelivered|unsent|rejected|bounced) (?:message|mail)"
    r"(?: (?:follows|headers?|text|information|attached|is attached))*[ \t:.]*",
    r"message headers? follows?[.:]?",
    r"headers? follows?:?", r"(?:the )?(?:message )?headers? of (?:the )?original message.*",
    r"(?:your |the )?(?:original )?message (?:follows|is (?:included|attached|enclosed|returned) below|text follows|header follows)[.:]?",
    r"return(?:ed)? message(?: below)?:?", r"unsent message below:?",
    r"original message as received.*", r"old message:?",
    r"original text follows:?", r"your message reads(?: \(in part\))?:", r"enclosed is a copy of .*", r"included below is .*message.*", r"failed message follows:?",
    r"the headers? and top \d{1,3} lines of the message follows?",
    r"message d'origine", r"urspr(?:ü|ue)ngliche nachricht", r"originalnachricht", r"mensaje original(?: adjunto)?[.:]?", r"附件中的内容是原信件的一份拷贝[。.]?",
    r"messaggio originale", r"заголовки письма:?", r"(?:the )?(?:message|mail) (?:that|which) (?:was|you) (?:sent|returned)(?: (?:to|by|us|you|was|is|as|reads|follows|below|here)){0,4} ?:",
    r"(?:your|ihr|ihre|votre|su|(?:il )?(?:suo|vostro)|seu|uw|din|twój) (?:text|texte|texto|testo|tekst|report|request|inquiry|anfrage|bericht|demande)[ \t]?:?", r"you wrote ?:", r"sie schrieben ?:", r"vous avez écrit ?:", r"usted escribió ?:",
    before=r"(?m)^[ \t>]*(?:\|?[-=*_#+~ ]{3,}[ \t]*)?",
    after=r"[ \t]*[-=*_#+~ ]*\|?$",
))  # fmt: skip
