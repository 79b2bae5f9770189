"""What a reply plainly says more than its reason, whichever rule or vote decided: deleted, locked, phishing, blocked by him.

Rule: only words that leave nothing open. Where "or" or "may" stands near them, where their clause denies them or speaks of
something else, and where the reply itself clears them (`cleared`), the reason's own sentence is told. The reason stays, and
so does whether the address is dead. Pure.
"""

import re
from typing import Final, NamedTuple

import msgspec

from bounce_milter.cleared import cleared
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Act, Reason

# The topic of an address that is not there, with a hint in the reply whom it may mean.
_NAMES_OTHERS: Final = "names-others"
#: The topic of a list of the server's own: a list that has a name is none.
OWN_LIST: Final = "organisation-blocked-you"
#: The topic of a sending server through which anybody can send: where a list says so, that list is told.
OPEN_RELAY: Final = "open-relay-yours"

# Words that leave it open which of several things it is, and how near they must stand; before the thing, whether it is.
_OPEN: Final = re.compile(
    r"\b(?:or(?! (?:lower|older|earlier|newer|higher|later|above|below|better|greater)\b)|oder(?! (?:höher|neuer|älter))|ou(?! (?:sup|ult|inf|ant|plus ))"
    r"|o(?! (?:sup|post|inf|ant|más ))|may|might|perhaps)\b|\bpossib|\b(?:spam(?!.trap)|junk|virus(?:es)?|malware)\b"
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


_FINER: Final = (
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
    _Finer(
        Reason.SENDER_NOT_ALLOWED,
        re.compile(
            r"\b(?:not|no longer|n.t) accept(?:ing|s)? (?:any )?(?:e?-?mails?|messages?) from (?:external|outside)\b"
        ),
        "organisation-internal",
        _OF_MEMBERS,
        Act.RECIPIENT_ADMIN,
    ),
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
            r"|spf records?[^.;:?]{0,30}\b(?:invalid|malformed|broken|faulty|syntax)\b)"
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
TOPICS: Final = frozenset({_NAMES_OTHERS, _NO_LIST, *(row.topic for row in _FINER)}) - set(ENHANCED_CODES)


def told(verdict: Verdict, text: str) -> Verdict:
    """Return the verdict with the words for what the *text* of the reply plainly says more than its reason."""
    words = text.lower()
    for row in _FINER:
        if row.reason is verdict.reason and _says(row, words, verdict):
            return msgspec.structs.replace(verdict, words=row.topic, act=row.act or verdict.act)
    if verdict.reason is Reason.USER_UNKNOWN and _OTHERS.search(text):
        return msgspec.structs.replace(verdict, words=_NAMES_OTHERS)
    if verdict.reason is Reason.BLOCKLISTED and _names_no_list(verdict, text):
        return msgspec.structs.replace(verdict, words=_NO_LIST)
    return verdict


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
