"""What a reply plainly says more than its reason, whichever rule or vote decided: deleted, locked, phishing, blocked by him.

Rule: only words that leave nothing open. Where "or" or "may" stands near them, where their clause denies them or speaks of
something else, and where the reply itself clears them (`cleared`), the reason's own sentence is told. The reason stays, and
so does whether the address is dead. Pure.
"""

import re
from typing import Final, NamedTuple

import msgspec

from bounce_milter import bidden
from bounce_milter.cleared import cleared
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Act, Reason

# The topic of an address that is not there, with a hint in the reply whom it may mean.
_NAMES_OTHERS: Final = "names-others"
#: The topic of an address whose owner has left: where he is now, or who does his work, is another's address.
PERSON_LEFT: Final = "person-left"
# The topic of an address that is not used any more, with another one named in its place.
_GIVEN_UP: Final = "address-given-up"
#: The topic of a list of the server's own: a list that has a name is none.
OWN_LIST: Final = "organisation-blocked-you"
#: The topic of a sending server through which anybody can send: where a list says so, that list is told.
OPEN_RELAY: Final = "open-relay-yours"

# Words that leave it open which of several things it is, and how near they must stand; before the thing, whether it is.
_OPEN: Final = re.compile(
    r"(?<![.@-])\b(?:or(?! (?:lower|older|earlier|newer|higher|later|above|below|better|greater)\b)|oder(?! (?:höher|neuer|älter))"
    r"|ou(?! (?:sup|ult|inf|ant|plus ))|o(?! (?:sup|post|inf|ant|más ))|may|might|perhaps)\b(?![.@-])"
    r"|\bpossib|\b(?:spam(?!.trap)|junk|virus(?:es)?|malware)\b"
)
_SUPPOSED: Final = re.compile(r"\b(?:if|unless|whether|when|wenn|falls|ob|si)\b")
_NEAR: Final = 40
# Where a clause begins, or the cause of what stands before; "not because of" is one clause.
_CLAUSE: Final = re.compile(r"[.,;:!?](?=\s)|[()。、]|\s[-–—]\s|\b(?<!not )(?:because|since|weil|da|car|porque)\b")

_DENIED: Final = re.compile(r"\b(?:not|no(?! longer\b)|never|neither|nor|nicht|kein\w{0,2}|pas|sans|sin)\b|n['’]t\b")
# What is deleted beside somebody who is unknown is most often the message, and sometimes the sender.
_NOT_HIS: Final = re.compile(
    r"\b(?:messages?|e?-?mails?(?![ -]?(?:box|account|address|user))|your|sender|nachrichten?|courriels?|mensajes?|(?<!de )correos?)\b|メッセージ|メールは"
    r"|\b(?:not|never|n['’]t)(?: yet)? been\b|n['’]t (?:yet )?been\b|\bnicht (?:mehr )?gelöscht|\bno (?:ha|fue|est)"
)
# An archive that is locked is refused by some and asked for by others.
_ASKED_FOR: Final = re.compile(
    r"\b(?:only|unless|except|please|use|using|must|should|instead|nur|bitte|seulement|veuillez|s[oó]lo|solamente|utilice)\b"
    r"|\bnot (?:been )?(?:encrypted|password|protected)"
)
# A certificate of the sending side.
_NOT_THEIRS: Final = re.compile(r"\b(?:your|client|sender(?:'s)?|not|never|no|ihr|votre|su)\b")
# Whoever writes to a list from outside is told so.
_OF_MEMBERS: Final = re.compile(r"\b(?:lists?|groups?|members?|subscribers?)\b")
# No maintenance, or none that is the cause.
_NO_MAINTENANCE: Final = re.compile(
    r"\b(?:no|without|not (?:under|in|for|a|due to|because of)|keine?|nicht (?:wegen|in)|pas (?:en|de|pour cause de)|no (?:por|en)|sin)"
    r" (?:\w+ )?(?:maintenance|wartung|mantenimiento)"
)
# DNSSEC calls a bad signature bogus.
_OF_SIGNATURES: Final = re.compile(r"\bdnssec\b|\bsignature")
# Whoever would be a relay, or is none, need not be closed.
_OF_OURSELVES: Final = re.compile(rf"{_DENIED.pattern}|\b(?:would|make) ")
# A server of the other side: then that is the one that is too old.
_OF_THE_OTHER: Final = re.compile(r"\b(?:remote|receiving|recipient\S*|far|their|gegenstelle|distant|remoto)\b")
# So many in a time, or for one account: that is no limit of a message.
_OF_A_TIME: Final = re.compile(r"\b(?:daily|hourly|monthly|weekly|täglich|stündlich|quotidien|diari[oa])\w*\b")
_IN_A_TIME: Final = r"(?![^.;:]{0,40}\b(?:hour|hourly|day|daily|today|minute|week|month|session|connection|stunde|tag|sitzung|heure|jour|hora|día|sesión)s?\b)"
# A version of TLS that is given up, and one that is not.
_OLD_TLS: Final = r"(?:ssl|tls)(?: version)? ?v?(?:1(?:\.[01])?|[23](?:\.0)?)(?![\d.]*\d)"
_NEW_TLS: Final = r"tls(?: version)? ?v?1\.[23]"
# The beginning of a reply that names none of these, up to what it says.
_NAMES_NO_OTHER: Final = r"\A(?!.*\b(?:{})\b).*"


class _Finer(NamedTuple):
    """What replies say more than their reason, in plain words.

    denied   what turns the words round, or makes them those of something else, in their clause up to their end; None where
             they deny something themselves
    act      who must act, where that is another than the reason's
    """

    reason: Reason
    words: re.Pattern[str]
    topic: str
    denied: re.Pattern[str] | None = None
    act: Act | None = None


# What may become of an address that was in use.
_GONE: Final = (Reason.USER_UNKNOWN, Reason.MAILBOX_MOVED, Reason.MAILBOX_DISABLED)
_HAS_LEFT: Final = re.compile(
    r"\b(?:user|employee|colleague|person|recipient|he|she|i) (?:has |have )?left(?:[.;,]| (?:us|the|our|this|for)\b(?! (?:building|office|room)))"
    r"|\b(?:has|have) left (?:us|the|our|this)\b(?! (?:building|office|room))|(?<!not )(?<!n.t )\bleft (?:us|(?:the|our) (?:company|firm|organi[sz]ation|school|university))\b|\bno longer (?:works|working|employed)\b"
    r"|\b(?:arbeitet|ist) nicht mehr (?:bei (?:uns|der|dem)|für uns|im (?:unternehmen|hause?)|hier) ?(?:tätig|beschäftigt|angestellt)?(?=[.,;:)]|\Z| )"
    r"|\b(?:firma|unternehmen|haus|uns|schule|universität) verlassen\b|(?<!nicht )(?<!keineswegs )\bausgeschieden\b"
    r"|\ba quitté (?:la |l['’]|notre |nos |cette )|\bne travaille plus\b|\bne fait plus partie\b|\bn['’]est plus (?:employ|salari|en poste|parmi nous)"
    r"|\bya no (?:trabaja|labora|forma parte|está con nosotros)\b|\b(?:ha dejado|dejó) (?:la|nuestra|esta) (?:empresa|compañía|organización)\b"
    r"|\bnon lavora più\b|\bha lasciato (?:l['’]azienda|la società)|退職(?!済みか)|退社"
)
# Who does the work of somebody whose address is not his any more.
_SUCCESSOR: Final = re.compile(r"\b(?:my|his|her|our) (?:colleagues?|successor)\b")
# What is said of an address that is not used any more, in the languages of servers.
_NOT_USED: Final = re.compile(
    r"\bno longer\b|\bany ?more\b|\bnot (?:in use|used|monitored|active)\b|\b(?:closed|discontinued|de-?activated|disabled|retired|replaced|obsolete|changed)\b"
    r"|\b(?:mail ?box|account|address)\b[^.,;:?]{0,40}\b(?:deleted|removed)\b"
    r"|\bnicht mehr\b|\b(?:deaktiviert|abgeschaltet|stillgelegt|geschlossen|geändert|gelöscht)\b"
    r"|\bn['’](?:est|existe) (?:plus|pas utilisé)|\b(?:fermé|désactivé|supprimé|changé|remplacé)e?\b"
    r"|\bya no\b|\b(?:cerrad|desactivad|eliminad|cambiad)[oa]\b|\bnon (?:è|esiste) più\b|\b(?:disattivat|chius)[oa]\b|使われておりません|使用されて(?:いませ|おりませ)|廃止|変更"
)
# Who is not let in because he writes from outside an organisation.
_INTERNAL: Final = re.compile(
    r"\b(?:not|no longer|n.t) accept(?:ing|s)? (?:any )?(?:e?-?mails?|messages?) from (?:external|outside)\b"
    r"|\bonly\b[^.;:?]{0,40}\binternal (?:senders?|users?|mail|e-?mails?|messages?|addresses|accounts|staff)\b"
    r"|\binternal (?:senders?|users?|mail|e-?mails?|messages?|addresses|accounts|staff)(?: is| are)?(?: allowed| accepted| permitted)? only\b"
    r"|\bonly\b[^.;:?]{0,40}\b(?:from|by)(?: people| users| senders| staff| anyone| those)? (?:within|inside)\b"
    r"|\bonly\b[^.;:?]{0,40}\b(?:our|its|the) own (?:staff|employees|people|organi[sz]ation|company)\b"
    r"|\b(?:not|never|n.t|no|cannot|refuses?|rejects?)\b[^.;:?]{0,40}\b(?:external (?:senders?|users?|people|parties)|(?:people|anyone|anybody|senders|users) (?:from )?outside)\b"
    r"|\bexternal (?:senders?|users?|people|mail|e-?mails?|messages?|addresses)\b[^.;:?]{0,40}\b(?:not|n.t|cannot|refused|rejected|blocked|denied|prohibited|forbidden)\b"
    r"|\b(?:nur|ausschließlich|lediglich)\b[^.;:?]{0,40}\bintern(?:e[nrm]?)?\b|\bnur\b[^.;:?]{0,30}\binnerhalb (?:der|des|unserer|unseres)\b"
    r"|\bextern(?:e[nr]?)? (?:absender|nutzer|e-?mails?|mails?|nachrichten|personen)\b[^.;:?]{0,40}\b(?:nicht|keine|abgelehnt|gesperrt|verboten)\b"
    r"|\b(?:nicht|keine)\b[^.;:?]{0,40}\b(?:von externen|externe[nr]?|von außen|von außerhalb)\b"
    r"|\b(?:seuls?|seules?|uniquement|réservée?|que)\b[^.;:?]{0,40}\binternes?\b"
    r"|\b(?:expéditeurs|utilisateurs|messages|courriels) externes\b[^.;:?]{0,40}\b(?:pas|refus|interdit|rejet)|\bpas\b[^.;:?]{0,40}\b(?:expéditeurs|messages|courriels) externes\b"
    r"|\b(?:s[oó]lo|solamente|únicamente)\b[^.;:?]{0,40}\b(?:intern[oa]s?|dentro de (?:la|nuestra|esta) (?:organización|empresa|institución))\b"
    r"|\bno\b[^.;:?]{0,40}\b(?:remitentes|usuarios|correos?) extern[oa]s?\b|\bremitentes externos\b[^.;:?]{0,30}\bno\b"
    r"|(?:社内|組織内|学内|内部)[^。]{0,12}(?:のみ|だけ|限)|(?:社外|外部|組織外|学外)[^。]{0,16}(?:受け付け|受け取|受信|送信)[^。]{0,6}(?:ません|できな|拒否)"
)
# Who is to show first that he is no program.
_CONFIRM: Final = re.compile(
    r"\b(?:prove|confirm|verify|show)\b[^.;?]{0,20}\byou(?: are|['’]re)(?: an?| not an?| really an?| real)? (?:human|person|robot|bot|spammer|machine)\b"
    r"|\b(?:answer|respond to|reply to|solve|complete|pass)(?:ed|ing)? (?:the|this|a|our) (?:challenge|captcha|verification|confirmation)\b|\bcaptcha\b"
    r"|\b(?:confirm|verify) (?:yourself|your (?:message|e-?mail|mail|address|identity))\b[^.;?]{0,60}(?:https?://|\blink\b|\bclick|\breply)"
    r"|\bbestätigen\b[^.;?]{0,40}\b(?:mensch|kein (?:roboter|spammer))\b|\bque vous (?:êtes|n['’]êtes)[^.;?]{0,20}\b(?:humain|robot)\b"
    r"|\bque (?:no )?es (?:usted )?(?:un )?(?:human[oa]|robot|persona)\b"
)
# An address without a domain of the DNS: root@web01, root@localhost.localdomain.
_OF_MACHINE: Final = re.compile(
    r"(?<![\w.@+-])[\w.+-]{1,64}@(?:localhost\.localdomain|[a-z0-9][a-z0-9-]{0,62}(?:\.(?:local|localdomain|localhost|lan|internal|intranet))?)(?![\w@-]|\.[\w.])"
)

_FINER: Final = (
    *(_Finer(reason, _HAS_LEFT, PERSON_LEFT, act=Act.SENDER) for reason in _GONE),
    _Finer(Reason.MAILBOX_MOVED, _SUCCESSOR, PERSON_LEFT, act=Act.SENDER),
    *(
        _Finer(reason, _CONFIRM, "asks-to-confirm", act=Act.SENDER)
        for reason in (Reason.SENDER_NOT_ALLOWED, Reason.POLICY_REFUSED)
    ),
    _Finer(Reason.SENDER_REFUSED, _OF_MACHINE, "sender-only-machine", act=Act.SENDER_ADMIN),
    _Finer(
        Reason.USER_UNKNOWN,
        re.compile(
            r"\b(?:mail ?box|account|user|inbox|address|recipient)\b[^.,;:?()]{0,60}"
            r"\b(?:was|been|is|were) (?:permanently |already )?(?:deleted|erased|purged|removed(?! from\b))\b"
            r"|\b(?:postfach|konto|benutzer|empfänger)\b[^.,;:?()]{0,60}\bgelöscht\b"
            r"|\b(?:compte|boîte|adresse)\b[^.,;:?()]{0,60}\ba été supprimé"
            r"|\b(?:cuenta|buzón)\b[^.,;:?()]{0,60}\b(?:eliminad|borrad)[oa]\b"
            r"|(?:アカウント|メールボックス)[^。、]{0,20}削除され(?!て(?:い)?(?:ませ|な))"
        ),
        "mailbox-deleted",
        _NOT_HIS,
    ),
    _Finer(
        Reason.ATTACHMENT_REFUSED,
        re.compile(
            r"(?:\b(?:file|attachment|archive|zip|document|pdf)s?\b[^.,;:?]{0,60}\b(?:encrypted|protected (?:by|with) (?:a )?password)\b"
            r"|\b(?:file|attachment|archive|zip|document)s? with (?:a )?(?:password|passphrase)\b|\bpassword[- ](?:protected|locked)\b"
            r"|\bencrypted (?:file|attachment|archive|zip|document|pdf)s?\b|\bunchecked[-: ]{1,2}encrypted\b|\b(?:pass|kenn)wortgeschützt"
            r"|\bprotégée?s? par (?:un )?mot de passe\b|\bprotegid[oa]s? (?:con|por) contraseña\b)"
            r"(?![^.,;:?()]{0,30}\b(?:is|are) (?:accepted|allowed|fine|ok|okay|permitted|required|welcome)\b)"
        ),
        "attachment-locked",
        _ASKED_FOR,
    ),
    _Finer(
        Reason.SPAM_CONTENT,
        re.compile(r"\bphish(?!\w*(?:score|=))\w*(?![^.,;:?()]{0,30}\b(?:not|never|no|passed|ok)\b)"),
        "phishing",
        _DENIED,
    ),
    *(
        _Finer(
            reason,
            re.compile(
                r"\btoo many (?:(?:smtp|protocol|syntax|command|recent|consecutive) ){0,2}errors\b"
                r"|\btoo many (?:unknown|invalid|bad|wrong|non-?existent|unrecogni[sz]ed) (?:smtp |rcpt )?(?:recipients?|users?|addresses|mailboxes|commands)\b"
                r"|\bzu viele (?:fehler\b|(?:unbekannte|ungültige|falsche|fehlerhafte) (?:empfänger|adressen|benutzer|befehle|kommandos))"
                r"|\btrop (?:d['’]erreurs\b|de (?:destinataires|adresses|utilisateurs|commandes) (?:inconnu|invalide|erroné|inexistant))"
                r"|\bdemasiad[oa]s (?:errores\b|(?:destinatarios|direcciones|usuarios|comandos) (?:desconocid|inválid|no válid|inexistent))"
            ),
            "too-many-errors",
            _DENIED,
            Act.SENDER_ADMIN,
        )
        for reason in (Reason.RATE_LIMITED, Reason.PROTOCOL_ERROR)
    ),
    _Finer(
        Reason.RATE_LIMITED,
        re.compile(
            r"(?:\b(?:too many|(?:more than|at most|only|up to|over|exceeds|limit of|maximum(?: of)?|max\.?) \d{1,6}) (?:rcpts|recipients)\b"
            r"|\b(?:recipients?|rcpts?) (?:limit|maximum|per (?:message|mail|e-?mail))\b|\b(?:maximum|number of) recipients\b"
            r"|\b(?:zu viele|(?:mehr als|höchstens|maximal) \d{1,6}) empfänger\b"
            r"|\b(?:trop de|(?:plus de|maximum(?: de)?) \d{1,6}) destinataires\b"
            r"|\b(?:demasiados|(?:más de|máximo(?: de)?) \d{1,6}) destinatarios\b)" + _IN_A_TIME
        ),
        "too-many-recipients",
        _OF_A_TIME,
        Act.SENDER,
    ),
    _Finer(
        Reason.RATE_LIMITED,
        re.compile(
            r"\bconnection (?:rate|frequency|limit|count)\b(?![^.,;:?()]{0,30}\b(?:not|never|no|fine|ok|okay|below|under|within)\b)"
            r"|\btoo many (?:(?:simultaneous|concurrent|parallel|recent|new|smtp|open|incoming) ){0,3}(?:connections|sessions)\b"
        ),
        "too-many-connections",
        _DENIED,
        Act.SENDER_ADMIN,
    ),
    _Finer(
        Reason.SENDER_NOT_ALLOWED,
        re.compile(
            r"\b(?:recipient|addressee|user|owner|he|she)(?: ?[(<][^()<>]{1,254}[)>])? (?:has |have )?blocked (?:you|your|this sender)\b"
        ),
        "recipient-blocked-you",
        _DENIED,
    ),
    _Finer(Reason.SENDER_NOT_ALLOWED, _INTERNAL, "organisation-internal", _OF_MEMBERS, Act.RECIPIENT_ADMIN),
    _Finer(
        Reason.BLOCKLISTED,
        re.compile(
            r"\b(?:(?:our|this (?:server|system|site|domain|organi[sz]ation)'s) (?:own |internal |local |private )*(?:black|block|deny)[- ]?list"
            r"|(?:internal|private|in-house|company) (?:black|block|deny)[- ]?list)\b(?! (?:provider|service|supplier|vendor|partner|use|does not|is not)s?\b)"
        ),
        OWN_LIST,
        _DENIED,
        Act.RECIPIENT_ADMIN,
    ),
    _Finer(
        Reason.SENDER_NOT_ALLOWED,
        re.compile(
            r"\blist\b[^.;:?]{0,60}\b(?:subscribers|members)\b|\bpost(?:ing|s)?\b[^.;:?]{0,60}\bsubscribers\b"
            r"|\b(?:subscribers|members)\b[^.;:?]{0,40}\bpost (?:to|here)\b|\bonly subscribers\b"
            r"|\b(?:closed|private|members[- ]only|subscribers?[- ]only)(?: mailing| e-?mail| discussion)? list\b"
            r"|\bnot (?:currently |yet )?(?:an? )?(?:subscribed|subscriber)\b|\bnot (?:an? )?member of (?:the|this) (?:mailing )?list\b"
            r"|\b(?:geschlossene|private) (?:mailing-?)?liste\b|\bliste\b[^.;:?]{0,40}\b(?:abonnenten|mitglieder)\b|\bnur (?:abonnenten|listenmitglieder)\b"
            r"|\bliste (?:de diffusion )?(?:fermée|privée)\b|\bréservée?s? aux (?:abonnés|membres)\b|\bpas (?:abonnée?|inscrite?) à (?:la|cette) liste\b"
            r"|\blista (?:de correo )?(?:cerrada|privada)\b|\bno est[áa]s? (?:suscrito|inscrito)\b|\bsolo (?:los )?suscriptores\b"
        ),
        "members-only",
        act=Act.SENDER,
    ),
    *(
        _Finer(
            reason,
            re.compile(
                r"\b(?:dynamic(?:ally)?(?: assigned)?|residential|dial-?up|home)(?: (?:ip|ips|hosts?|addresses|address|users?|connections?|clients?)\b"
                r"|[ /,]{1,3}(?:residential|dynamic)\b)|\bip(?: address)? is (?:dynamic|residential)\b"
            ),
            "no-home-connections",
            act=Act.SENDER_ADMIN,
        )
        for reason in (Reason.BLOCKLISTED, Reason.POLICY_REFUSED)
    ),
    _Finer(Reason.POLICY_REFUSED, re.compile(r"\.\.\. access denied\.?\Z"), "access-list"),
    _Finer(
        Reason.SENDER_REFUSED,
        re.compile(
            r"\bsender(?:'s)?(?: address| mail| email)? domain\b[^.;:?]{0,30}"
            r"\b(?:not found|not exist|non-?existent|unknown|unresolvable|not (?:be )?(?:found|resolved?)|no mx)\b"
            r"|\b(?:invalid|unknown|unresolvable|non-?existent) sender(?:'s)? domain\b|\bdomaine (?:inexistant|introuvable)"
            r"|\babsenderdomain (?:existiert nicht|nicht gefunden|unbekannt)|\bdominio (?:inexistente|no (?:existe|encontrado))"
        ),
        "X.1.8",
    ),
    _Finer(
        Reason.AUTHENTICATION_FAILED,
        re.compile(
            r"\b(?:permanent error|permerror) (?:while )?evaluating dmarc\b"
            r"|\bdmarc (?:record|policy)\b[^;:?]{0,100}\b(?:parsed?|invalid|malformed|syntax|faulty)\b"
            r"|\b(?:invalid|malformed|broken|bad|faulty) dmarc (?:record|policy)\b"
        ),
        "dmarc-record-faulty",
    ),
    _Finer(
        Reason.AUTHENTICATION_FAILED,
        re.compile(
            rf"{_NAMES_NO_OTHER.format('dkim|dmarc')}\b(?:(?:bad|invalid|broken|malformed|wrong|faulty) spf records?\b"
            r"|spf records?[^.;:?]{0,30}\b(?:invalid|malformed|broken|faulty|syntax)\b"
            r"|(?:two|multiple|several|more than one|duplicate) (?:v=spf1|spf) records?\b)"
        ),
        "spf-record-faulty",
    ),
    _Finer(
        Reason.AUTHENTICATION_FAILED,
        re.compile(
            rf"{_NAMES_NO_OTHER.format('dkim|dmarc|no|without|missing|lacks?|none|permerror|temperror|temporary')}"
            r"\b(?:spf|sender policy framework)\b[^.;?]{0,60}"
            r"\b(?:fail(?:s|ed|ure)?|unauthori[sz]ed|not (?:authori[sz]ed|allowed|permitted|pass(?:ed)?)|prohibited)\b"
        ),
        "spf-fail",
    ),
    _Finer(
        Reason.AUTHENTICATION_FAILED,
        re.compile(
            rf"{_NAMES_NO_OTHER.format('spf|dmarc|temperror|temporary')}\bdkim\b[^.;?]{{0,60}}"
            r"\b(?:fail(?:s|ed|ure)?|invalid|not pass(?:ed)?)\b"
        ),
        "dkim-fail",
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            rf"\b{_OLD_TLS}(?:[^.;:?]|\.(?=\d)){{0,40}}\b(?:(?:not|no longer|n't) (?:\w+ )?(?:accepted|supported|allowed|permitted|secure)"
            r"|unsupported|refused|rejected|disabled|deprecated|obsolete|outdated|insecure|too (?:old|low|weak)"
            r"|nicht (?:mehr )?(?:unterstützt|akzeptiert|erlaubt|zugelassen)|veraltet|n['’]est (?:plus|pas) (?:accept|support|autoris|pris)"
            r"|(?:ya )?no (?:es |se |está )?(?:compatible|admit|acept|permit|soport))"
            r"|\b(?:outdated|obsolete|deprecated|insecure|weak|too old) (?:version of )?(?:tls|ssl|encryption|ciphers?)\b"
            r"|\b(?:encryption|ciphers?|(?:tls|ssl)(?: protocol)?(?: version)?)(?: is| are)? (?:too (?:weak|old|low)|outdated|obsolete)\b"
            r"|\bveraltete \S{0,20}(?:tls|ssl|verschlüsselung)|\bverschlüsselung (?:ist )?(?:zu schwach|veraltet)\b|\bversion (?:de )?tls (?:\S{1,8} )?(?:est )?(?:obsolète|trop ancienne)"
            r"|\bchiffrement (?:est )?trop faible\b|\bversión (?:de )?tls (?:\S{1,8} )?(?:es )?(?:obsoleta|demasiado antigua)|\bcifrado (?:es )?demasiado débil\b"
        ),
        "tls-too-old",
        _OF_THE_OTHER,
        Act.SENDER_ADMIN,
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            rf"\b{_NEW_TLS} (?:or (?:higher|newer|later|above|better|greater)|oder (?:höher|neuer)|ou (?:sup|ult)\S{{1,10}}|o (?:sup|post)\S{{1,10}})"
            r"[^.;:?]{0,30}\b(?:required|needed|mandatory|must|erforderlich|benötigt|requise?|exigée?|obligatoire|requerid[oa]|necesari[oa]|obligatori[oa])\b"
            rf"|\b(?:requires?|minimum|at least|mindestens|au moins|al menos|mínimo) (?:of |is |de |version )?{_NEW_TLS}"
        ),
        "encryption-demanded",
        _OF_THE_OTHER,
        Act.SENDER_ADMIN,
    ),
    _Finer(
        Reason.BLOCKLISTED,
        re.compile(
            r"(?:\b(?:address|recipient|mailbox|adresse|dirección)|@[\w.-]{1,255}>?) (?:is|ist|est|es) (?:an?|eine?|une?) "
            r"(?:known )?(?:spam[ -]?trap|honey[ -]?pot|spam-?falle|piège à (?:spams?|pourriels?)|trampa (?:de|para) (?:spam|correo))(?![-\w])"
        ),
        "spam-trap",
        _DENIED,
        Act.SENDER,
    ),
    _Finer(
        Reason.BLOCKLISTED,
        re.compile(
            r"\bopen (?:mail )?relay\b|\bopen (?:http |socks )?proxy\b|\boffene[sr]? (?:mail-?)?(?:relay|proxy)\b"
            r"|\b(?:relais|proxy) ouvert\b|\b(?:relay|proxy) abierto\b"
        ),
        OPEN_RELAY,
        _OF_OURSELVES,
        Act.SENDER_ADMIN,
    ),
    *(
        _Finer(
            reason,
            re.compile(
                r"\b(?:foreign|unsupported|unwanted|unaccepted)[- ](?:language|character[- ]?set|charset)s?\b"
                r"|\bwrite (?:to us |your message )?in (?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|chinese|japanese)\b"
                r"|\b(?:bitte )?auf (?:deutsch|englisch) schreiben\b|\bécri(?:re|vez) en (?:français|anglais)\b|\bescrib(?:a|ir) en (?:español|inglés)\b"
            ),
            "language-refused",
            act=Act.SENDER,
        )
        for reason in (Reason.SPAM_CONTENT, Reason.POLICY_REFUSED)
    ),
    *(
        _Finer(
            reason,
            re.compile(
                r"\bmx\b.{0,80}(?:\b(?:private (?:ip|address|network|range)|loopback|rfc ?1918|localhost(?!\.\w)|bogus|bogon|unroutable)\b"
                r"|(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|127\.\d{1,3}|0\.0)\.\d{1,3}\.\d{1,3}\b)"
                r"(?!.{0,80}(?:\b(?:without|no) mail|\bnot? (?:take|accept|want)|n['’]t (?:take|accept|want)))"
            ),
            "mx-unusable",
            _OF_SIGNATURES,
            Act.RECIPIENT_ADMIN,
        )
        for reason in (Reason.DNS_FAILURE, Reason.DOMAIN_ACCEPTS_NO_MAIL)
    ),
    _Finer(
        Reason.MAILBOX_DISABLED,
        re.compile(
            r"\b(?:temporarily|currently|momentarily) (?:unable to|not able to|cannot) (?:receive|accept|take)\b"
            r"|\bvorübergehend (?:nicht|keine) \S{0,20} ?(?:empfangen|annehmen)\b|\btemporairement (?:pas|dans l['’]impossibilité de) recevoir\b"
            r"|\btemporalmente no puede recibir\b"
        ),
        "mailbox-not-now",
        act=Act.SENDER,
    ),
    _Finer(
        Reason.SYSTEM_ERROR,
        re.compile(
            r"\bmaintenance\b(?! (?:team|staff|crew|department|contract|account))|\bwartung(?:s|\b)|\bmantenimiento\b|メンテナンス"
        ),
        "maintenance",
        _NO_MAINTENANCE,
        Act.NOBODY,
    ),
    _Finer(
        Reason.SYSTEM_ERROR,
        re.compile(
            r"\b(?:service|server|system)(?: is)?(?: now| just| currently)? (?:being )?"
            r"(?:shutting down|going down|restart(?:ing|ed)|reboot(?:ing|ed)|stopping)\b"
        ),
        "server-restarting",
        act=Act.NOBODY,
    ),
    _Finer(
        Reason.SYSTEM_ERROR,
        re.compile(
            r"\b(?:died with status|returned) 12[67]\b|\bsh: (?:line )?(?:[0-9]{1,5}: )?[\w./+-]{1,100}: (?:command |inaccessible or )?not found\b"
        ),
        "program-missing",
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            r"\bcert(?:ificate)?\b[^;?]{0,60}\bexpired\b|\bexpired (?:server |tls |ssl |x\.?509 )*cert(?:ificate)?\b|\bcertificate_?expired\b"
            r"|\bzertifikat[^;?]{0,60}\babgelaufen\b|\bcertificat\b[^;?]{0,60}\bexpiré\b|\bcertificado\b[^;?]{0,60}\b(?:caducad|expirad|vencid)o\b|証明書[^。]{0,20}期限"
        ),
        "certificate-expired",
        _NOT_THEIRS,
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            r"\bcert(?:ificate)?\b[^;?]{0,60}\b(?:host ?|domain |subject |common )?name[ -]?(?:mismatch|(?:does not|doesn.t) match)\b"
            r"|\bcert(?:ificate)?\b[^;?]{0,40}\b(?:does not|doesn.t) match\b|\bcert(?:ificate)?\b[^;?]{0,40}\b(?:not valid|issued) for (?:another|a different|the)\b"
            r"|\bsubjectmismatch\b"
        ),
        "their-certificate",
        _NOT_THEIRS,
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            r"\bself[ -]?signed\b|\b(?:untrusted|unknown) (?:issuer|ca|root|certificate authority)\b|\buntrustedroot\b|\bunable to get local issuer\b"
        ),
        "certificate-untrusted",
        _NOT_THEIRS,
    ),
    _Finer(
        Reason.TLS_FAILED,
        re.compile(
            r"\b(?:remote|receiving|destination|target|recipient(?:'s)?) (?:mail )?(?:server|host|mta|system)\b[^.;?]{0,40}"
            r"\b(?:does not|doesn.t|did not|didn.t) (?:support|offer|advertise) (?:tls|starttls|ssl|encryption)\b"
        ),
        "no-tls-there",
    ),
    _Finer(
        Reason.FORMAT_REFUSED,
        re.compile(
            r"\b(?:no|without(?: an?)?|missing|empty|lacks?(?: an?)?) subject\b|\bsubject(?: (?:header|line|field))?(?: is)? (?:missing|required|empty|absent)\b"
        ),
        "subject-missing",
        act=Act.SENDER,
    ),
    _Finer(
        Reason.FORMAT_REFUSED,
        re.compile(
            r"\b(?:missing|no|invalid|malformed|lacks?|without)\b[^.;?]{0,20}\bmessage-id\b|\bmessage-id\b[^.;?]{0,20}\b(?:missing|absent|not found|required|invalid|malformed)\b"
        ),
        "message-id-missing",
    ),
    _Finer(
        Reason.FORMAT_REFUSED,
        re.compile(
            r"\b(?:duplicated?|multiple|two|several|more than one|repeated) (?:headers?: ?)?['\"<]?(?:subject|to|cc|date|message-id|reply-to|sender|from)\b['\">:]{0,2}"
            r"(?: (?:header|field|line)s?\b|[.,;]|\Z)"
        ),
        "header-twice",
    ),
    _Finer(
        Reason.FORMAT_REFUSED,
        re.compile(r"\bbare (?:<?(?:lf|cr|newline|line ?feed|carriage return)>?s?)(?!\w)"),
        "line-ends",
    ),
    _Finer(
        Reason.FORMAT_REFUSED,
        re.compile(
            r"\blines? (?:is |are )?too long\b(?!\W{1,3}command)|\b(?:maximum|allowed) line length\b|\bline length (?:exceed|limit)|\bline limit exceeded\b|\boverlong lines?\b"
        ),
        "line-too-long",
    ),
    _Finer(
        Reason.SYSTEM_ERROR,
        re.compile(
            r"\boverload(?:ed)?\b|\b(?:server|system|service|host) (?:is )?(?:(?:currently|temporarily) )?(?:too )?busy\b"
            r"|\ball (?:server|screening) ports are busy\b|\b(?:über|aus)lastet\b|\bsurchargé|\bsobrecargad[oa]\b"
        ),
        "X.4.5",
        _DENIED,
        Act.NOBODY,
    ),
)
# Who or what a reply offers instead, which may be one of several.
_OTHERS: Final = re.compile(
    r"\bdid you mean\b|\b(?:perhaps|maybe) you mean|\blocator information\b|\bmeinten sie\b|\bvouliez-vous (?:dire|écrire)\b",
    re.IGNORECASE,
)
# The topic of a server that is blocked by the one that answers, and words that speak of a list or of a rating.
_NO_LIST: Final = "server-blocks-yours"
_OF_LIST: Final = re.compile(
    r"list|\b[a-z]{0,8}[rd]ns?bl|\brbl|\b(?:s|x|p|z|u)bl\b|reputation|score|rating|rated|\busing\b|リスト|名单|名單|список|списк"
    r"|réputation|reputaci|seznam|spamhaus|barracuda|spamcop|sorbs",
    re.IGNORECASE,
)
_BLOCKS: Final = re.compile(
    r"\b(?:blocked|banned|barred|block(?:ing|s)|bloqué[es]{0,2}|bloquead[oa]|gesperrt|geblockt|blockiert|bloccat[oa])\b",
    re.IGNORECASE,
)
#: All topics that are told so.
TOPICS: Final = frozenset({_NAMES_OTHERS, _NO_LIST, _GIVEN_UP, *(row.topic for row in _FINER)}) - set(ENHANCED_CODES)


def told(verdict: Verdict, text: str) -> Verdict:
    """Return the verdict with the words for what the *text* of the reply plainly says more than its reason."""
    words = text.lower()
    if verdict.reason in _GONE and _is_given_up(text):
        return msgspec.structs.replace(verdict, words=_GIVEN_UP, act=Act.SENDER)
    for row in _FINER:
        if row.reason is verdict.reason and _says(row, words, verdict):
            return msgspec.structs.replace(verdict, words=row.topic, act=row.act or verdict.act)
    if verdict.reason is Reason.USER_UNKNOWN and _OTHERS.search(text):
        return msgspec.structs.replace(verdict, words=_NAMES_OTHERS)
    if verdict.reason is Reason.BLOCKLISTED and _names_no_list(verdict, text):
        return msgspec.structs.replace(verdict, words=_NO_LIST)
    return verdict


def _is_given_up(text: str) -> bool:
    """Say whether an address is not used any more, and another one is named; whoever left had it for himself."""
    words = text.lower()
    return bool(_NOT_USED.search(words)) and not _HAS_LEFT.search(words) and bidden.in_his_place(text) is not None


def _names_no_list(verdict: Verdict, text: str) -> bool:
    """Say whether a reply only says that its server blocks: then there is nothing to be taken off."""
    return verdict.listed_by is None and _BLOCKS.search(text) is not None and not _OF_LIST.search(text)


def _says(row: _Finer, text: str, verdict: Verdict) -> bool:
    """Say whether the words stand there, are meant, and leave nothing open."""
    if not row.words.search(text) or (row.topic == OWN_LIST and verdict.listed_by):
        return False
    if row.topic == OPEN_RELAY and (verdict.listed_by or _OF_LIST.search(text)):
        return False
    found = row.words.search(cleared(text))
    return found is not None and not (_is_open(found) or _is_turned(found, row.denied))


def _is_open(found: re.Match[str]) -> bool:
    """Say whether words near the found ones leave it open; whole words: "or" is none that "organisation" begins with."""
    text = found.string
    begin = text.rfind(" ", 0, max(found.start() - _NEAR, 0)) + 1
    end = text.find(" ", found.end() + _NEAR)
    return _OPEN.search(text, begin, end if end >= 0 else len(text)) is not None


def _is_turned(found: re.Match[str], denied: re.Pattern[str] | None) -> bool:
    """Say whether the clause of the found words, up to their end, denies or only supposes them."""
    text, near = found.string, max(found.start() - _NEAR, 0)
    begin = max((mark.end() for mark in _CLAUSE.finditer(text, near, found.start() + 1)), default=near)
    return any(words.search(text, begin, found.end()) for words in filter(None, (denied, _SUPPOSED)))
