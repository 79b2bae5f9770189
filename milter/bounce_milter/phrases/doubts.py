"""What a notice tells people around a refusal that leaves it open whether the address is at fault.

Rule: as in the package; a row is of one language, or of several.
"""

from typing import Final

from bounce_milter.phrases.base import Phrases, any_of, pattern
from bounce_milter.phrases.letterhead import FOOTERS, NO_FOOTERS
from bounce_milter.phrases.signs import Joined

# What a notice says in so many words is none of what follows: "there is no forwarding", "not by mistake", "no longer a member".
_DENIED: Final = (
    r"(?:(?:\b(?:no|without|not an?|no longer an?|kein|keine[mnr]?|ohne|nicht mehr|aucune?|sans|pas de|plus|sin|"
    r"ning[uú]na?|ya no es|senza|nessuna?|non è più|sem|nenhuma?|não é mais|geen|zonder|ingen|inget|utan|bez|brak)|"
    r"není|без|нет|больше не)"
    r"(?: [^ ]+)? |(?:\b(?:not|nicht|pas|no|non|não|niet|inte|ikke|nie)|не)(?: se| si| automatically| automatisch)? )"
)


def _told(*stems: str, denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds one of the *stems* where it is not denied."""
    return any_of(*stems, denied=(pattern(*stems, before=_DENIED), *denied))


_THERE: Final = r"(?:another|an? (?:old|private|external|new|second|other)|his|her|their) (?:[\w-]+ ){0,3}(?:address|mailbox|account|inbox)\b"
# One of a list's members, or some: not the member himself, nor "the members" of a board to whom the message was addressed.
_SOME: Final = (
    r"(?:\b(?:an?|one|some|several|two|three|four|five|six|\d+|eine?|eine[mnrs]|einige[nr]?|mehrere[nr]?|une?|"
    r"certains|plusieurs|unos?|algunos?|varios|alcuni|um|alguns|een|enkele|en|ett|jeden|jednego|jednemu|jednoho|"
    r"jednomu|bir)|"
    r"één|några|någon|někter[^ ]+|niektór[^ ]+|один|одного|одному|несколько|нескольким|некоторым)"
    r" (?:(?:of|der|die|ihrer|seiner|de|des|del|dei|degli|dos|van|av|z|ze|из|its|your|our|their|ses|nos|vos|los|sus|seus|onze|list's|\d+) )*(?:d['’])?"
)
_MEMBERS: Final = (
    r"(?:(?:members?|subscribers?|people|lid|leden)\b|mitglied|abonn|teilnehmer|membre|miembro|suscriptor|membr[oi]|iscritt|assinante|inscrito|medlem|prenumerant|"
    r"człon|subskrybent|uczestnik|člen|odběratel|участник|подписчик|üye)"
)

#: It is said that a mailbox sends on what comes to it, or a list to its members, and that this failed. Nobody is
#: bidden here to forward the notice, and no server forwarded the message.
SENT_ON: Final = _told(
    r"\bforwards\b", r"\bauto-?forward", r"\bforwarding\b", r"\bredirect(?:s\b|ion|ing| rule)",
    r"\bsend(?:s|ing) (?:on (?:the |his |her |its |their )?(?:e-?)?mail|(?:his|her|its|their) (?:e-?)?mail on)\b",
    rf"\b(?:forwarded|redirected) (?:automatically|by (?:his|her|their|its|a) |to {_THERE})",
    r"\bis (?:automatically )?forwarded\b", rf"\bcop(?:y|ied) (?:to|for) {_THERE}",
    r"\bcopy (?:of your (?:message|mail) )?(?:to \S+ )?could not be forwarded\b",
    r"\b(?:sieve )?redirect failed", r"\bforward(?:s|ed)? to \S+ (?:has |was )?(?:failed|refused|rejected)", r"\b(?:error|failure) (?:in |while |when )?forwarding\b", r"\bcopy failed\b",
    r"\b(?:archive|archival|journal|journaling|bcc) (?:copy|copies|report)\b",
    r"\bcopy (?:of (?:your|the|this) (?:message|mail|e-?mail) )?(?:to|for) (?:the|our|his|her|its|their|"
        r"an?) (?:[\w-]+ )?(?:archive|journal|assistant|secretary|deputy|colleague|second|other|private)\b",
    r"\b(?:his|her|their) (?:assistant|secretary|deputy|colleague|stand-in)(?:['’]s)? (?:address|mailbox|account|server)\b",
    # Third persons' mail goes to somebody else.
    r"\b(?:his|her|their) (?:e-?)?mails? (?:goes|go|(?:is|are) (?:[a-z]+ )?(?:sent|passed|handed|routed|"
        r"transferred)) (?:on )?to\b",
    r"\b(?:pass|hand|rout|transferr?)(?:e[sd]?|s|ing)? (?:on )?(?:his|her|their) (?:e-?)?mails? (?:on )?to\b",
    r"\b(?:goes|(?:is|are|was|were|being) (?:[a-z]+ )?(?:sent|passed|handed|routed|"
        r"transferred)) (?:on )?to (?:his|her|their) (?:assistant|secretary|deputy|colleague|stand-in|"
        r"(?:private|personal|other|second) [a-z]+)\b",
    r"\b(?:geht|gehen|ging(?:en)?|läuft|laufen) [^.:;]*\ban (?:seine|ihre)[nrm]? (?:vertret|stellvertret|"
        r"assisten|sekret|kolleg|privat|ander)",
    r"\bseine (?:e-?mails?|post) (?:geht|gehen|läuft|laufen) (?:[a-zäöü]+ )?an\b",
    r"\b(?:son|leur) courri(?:er|el) (?:va|est (?:transmis|remis|envoyé)) (?:à|vers\b)", r"\b(?:zijn|haar|hun) (?:e-?)?(?:mail|post) gaat naar\b",
    r"\b(?:went|goes|ging|geht) (?:to|an) \d+ (?:people|persons|members|personen|mitglieder)\b",
    r"\bkopie (?:an|für) (?:das|sein|ihr|unser|ein)(?:e[nrs]?)? (?:archiv|journal|assistent|sekret|stellvertret)",
    r"\barchivkopie\b", r"\bcopie (?:d['’]archiv|(?:à|pour|vers) (?:l['’]|votre |notre |son )(?:archiv|assistant))",
    r"transfert (?:vers|à) (?:l['’]|une |son |sa )(?:autre )?(?:adresse|boîte)",
    r"\bcopia (?:al|para el|en el) archivo\b", r"\bcopia (?:all['’]|per l['’])archivio\b",
    r"\bcópia (?:para|ao) o? ?arquivo\b",
    r"\bkopie (?:naar|aan|voor) (?:het|een|ons) archief\b", r"kopi[aeiyęjí]+ (?:do|w|pro) archiw", r"копи[яию] (?:в|для) архив",
    r"\b(?:weiter|um)leitung", r"\bleitet [^.:;]+ (?:weiter|um)\b", r"\bwird (?:automatisch )?(?:an [^ ]+ )?(?:weiter|um)geleitet", r"\bkopie an (?:seine|ihre) (?:\w+ ){0,2}(?:e-?mail-?)?adresse\b",
    r"renvoi automatique", r"redirig", r"redirection", r"réexpédi", r"transfère\b",
    r"transférée?s? (?:automatiquement|(?:vers|à) (?:sa |son |une? (?:autre |adresse personnelle)))",
    r"transfert (?:auto|de s)", r"adresse de transfert", r"fait suivre",
    r"\bcopie (?:vers|à|a) (?:son|sa) (?:\w+ ){0,2}(?:adresse|bo[iî]te)\b",
    r"\breenvía\b", r"reenvío", r"reenviad[oa] a (?:una|su|otra) ", r"\bdesvío a\b", r"redirecci",
    r"\bcopia a (?:su|sua) (?:\w+ ){0,2}(?:direcci[oó]n|buz[oó]n|casella|indirizzo)\b", r"\binoltra\b",
    r"\binoltro\b", r"inoltrat[aoei] automaticamente", r"\bviene inoltrat", r"reindirizz",
    r"encaminha\b", r"encaminhamento", r"reencaminhad", r"redireciona", r"doorstuur", r"doorzend",
    r"\bstuurt [^.:;]+ door\b", r"\bword(?:t|en) (?:automatisch )?(?:naar [^ ]+ )?doorgestuurd",
    r"vidarebefordra[rsn]", r"videresend(?:e[rs]|else)",
    r"przekierow", r"przekazuje\b", r"przekazywan", r"přepos[íi]l", r"přesměrov", r"пересыл(?:к|а[её])", r"переадрес", r"перенаправл", r"yönlendir(?:iyor|il|me)",
    r"転送(?:先|さ|設定|アドレス|エラー)", r"受信され[^。]{0,6}が[^。]{0,4}転送", r"(?:转发|轉寄|轉發)的?(?:到|至|规则|規則|目标|目標|地址|失败|失敗)", r"自(?:动转|動轉)", r"자동 ?전달", r"전달 ?(?:주소|설정)", r"포워딩",
    rf"{_SOME}{_MEMBERS}", r"\b(?:one|some|several|\d+) of the (?:subscribers|persons behind|members of th)",
    r"\bfollowing (?:list )?members?\b",
    r"\b(?:members|subscribers)\. (?:the )?delivery to (?:one|some|several|\d+) of them\b",
    r"mottagarna bakom", r"(?:会員|メンバー)の(?:一人|1名)", r"(?:一位|一名|部分)(?:成员|订阅者)",
    denied=(r"aliasing/forwarding",),
)  # fmt: skip

_ANSWER: Final = (
    r"(?:read receipts?|return receipts?|auto(?:matic|mated)?[- ]?(?:reply|response|answer)|vacation (?:message|notice|reply)|"
    r"out[- ]of[- ]office (?:message|notice|reply)|(?:lese|empfangs)bestätigung|automatische antwort|abwesenheits(?:notiz|nachricht|meldung)|"
    r"(?:read(?:ing)?|automatic) (?:confirmation|receipt|notification)s?|(?:notification|confirmation|receipt|report) (?:about|of|on) it|"
    r"(?:benachrichtigung|meldung|quittung|bericht) (?:darüber|hierüber|davon)|accusé de (?:lecture|réception)|réponse automatique|confirmación de lectura|respuesta automática)"
)

#: A mailbox answered by itself, or somebody's mail program for him, and that did not arrive: the reply is on the reader's address.
ANSWER_LOST: Final = any_of(
    rf"\b{_ANSWER}(?: (?:for|of|from|by|on|to|von|für|auf|zu|de|du|pour|à) (?:(?:your|ihrer?|votre|su) (?:message|mail|e-?mail|nachricht|mensaje|courriel) (?:(?:to|an|à|a|para) )?)?\S*)?"
    r"(?: (?:to|for|an|à|für|pour) (?:you|your [a-z]+|sie|vous))?,? (?:could not|was not|cannot|can not|"
        r"not (?:sent|delivered)|undeliverable|failed|bounced|was (?:refused|rejected|returned)|konnte nicht|"
        r"wurde (?:nicht|abgewiesen)|n['’]a pas pu|no (?:se )?pudo)\b",
    rf"\b(?:deliver|send|sending|delivery of|delivering) (?:an? |the |his |her |its )?{_ANSWER}\b",
)  # fmt: skip

#: Words that hold none of these say nothing of where a mailbox's mail goes on to.
GOES_ON: Final = Joined(SENT_ON, ANSWER_LOST)

#: What stands for the recipient's address in words that are asked for these.
HIM: Final = "◊"
# What the sender did wrongly is no wrong refusal: "returned because the address was entered wrongly".
_WRITTEN: Final = (
    r"(?:\b(?:entered|typed|written|spel(?:t|led)|addressed|given|eingegeben|eingetippt|geschrieben|angegeben|"
    r"adressiert|saisie?|tapée?|escrit[ao]|introducid[ao]|scritt[ao]|digitat[ao])|écrite?)"
)
_WRONGLY: Final = (
    r"(?:by mistake|in error|erroneously|wrongly|mistakenly|incorrectly|irrtümlich|versehentlich|fälschlich|"
    r"par erreur|[àa] tort|por error|por engano|per errore|ten onrechte|per abuis|av misstag)"
)
_LISTS: Final = (
    r"(?:\b(?:list[aeyoę]?|group|alias|sammeladresse|gruppen?|groupe|grup[poay]+|groep|listan|skupin[ay]|seznamu?)|"
    r"verteiler|liście|lijst|рассылк[аиуе]|списк[аеу]|групп[аеыу]|メーリングリスト|グループ|列表|群组)"
)

#: A notice says that the refusal was wrong, that its system has or had a fault, that this is for a time or a pretext, that the message
#: arrived, that the mailbox is not there yet or the domain's mail elsewhere, or that the address is a list, of which nobody knows who
#: is unknown.
TAKEN_BACK: Final = _told(
    _WRONGLY, r"błędnie", r"omyłk", r"omylem", r"ошибочно", r"по ошибке", r"yanlışlıkla", r"誤って", r"错误地", r"잘못",
    rf"{_LISTS} ?[\"'<«„]?{HIM}", rf"{HIM}\W* (?:is|ist|est|es|è|é) (?:an?|eine?|une?|una?|uma?) (?:\w+ )*(?:\w*list|alias|shared|group|verteiler|sammel|gruppe|lista)",
    r"\bto (?:everybody|everyone|all (?:members|subscribers))\b", r"\ban alle (?:mitglieder|teilnehmer|abonnenten)\b", r"\b\d+ (?:were )?delivered, \d+ failed\b",
    r"\b(?:outage|malfunction|misconfigur\w*|power cut|hiccup|glitch|breakdown|maintenance|stale|outdated)\b",
    r"\brebuil[dt]", r"\bre-?index", r"\bsynchroni[sz]", r"\bmigrati(?:on|ng)\b",
    r"\bbeing (?:moved|updated|restored|created|imported|loaded|built)\b",
    r"\bpop-?3(?: |-(?:abhol|connect|fetch|konnekt|sammel))", r"\bnext (?:delivery )?(?:attempt|try)\b", r"\bwill (?:be (?:repeated|re-?tried|tried)|re-?try|try again|keep trying)\b",
    r"\b(?:a|the|technical|hardware|software|server|system|network|disk|known) fault\b",
    r"\b(?:problem|error|mistake|bug|failure) (?:(?:is|was|has been) )?(?:on|at|in|with) (?:our|my)\b",
    r"\b(?:is|been|was) (?:now |already )?(?:mended|fixed|resolved|repaired|solved|sorted out)\b",
    r"\b(?:works?|working|available|reachable|operational|in operation|in service|online) again\b",
    r"\bback (?:in (?:operation|service)|online)\b", r"\bwe (?:are|were) (?:moving|upgrading|changing)\b",
    r"\bour (?:\w+ )?(?:upgrade|relocation)\b",
    r"\bour (?:\w+ )?(?:server|system|directory|database|filter) was (?:down|wrong|out of order|"
        r"not (?:loaded|available|reachable))",
    r"\b(?:table|list|directory|database|index|map) (?:is|was|were) (?:\w+ )?(?:empty|incomplete|broken|corrupt)",
    r"\bnot know all\b", r"\bnot yet\b",
    r"\b(?:for the time being|temporarily|at the moment|until (?:\d|the|next|its|his|her|it|tomorrow|\w+day)|"
        r"first login|first time|waits for|standby|paused|do not disturb|as (?:if|though|long as)|quarantine|"
        r"quarantined|held for)\b",
    r"\bfor all (?:its|our|their) (?:mailboxes|users|recipients|addresses)\b", r"\bthis is a test of\b", r"\b(?:joins us|until then|starts (?:work|on)|being set up)\b",
    r"\b(?:old|previous|former|outdated) mx\b", r"\byour dns\b",
    r"\bdomain (?:has )?(?:moved|(?:was|has been) (?:moved|transferred))\b",
    r"\b(?:moved|taken|transferred) (?:his|her|its|their|the) domain\b", r"\bservers? still (?:use|point)",
    r"\bdomain \S+ is shared\b",
    r"\bdelivered (?:now|meanwhile)\b", r"\bnow delivered\b",
    r"\bmessage has (?:now |since )?(?:got through|been read)\b",
    rf"\b(?:(?:received|read) by|accepted for|(?:was|has been|is now) delivered to) {HIM}",
    rf"{HIM} (?:(?:has|have) (?:\w+ )?(?:received|got|read) |received |is in (?:his|her) |"
        r"(?:was|has been) delivered\b)",
    r"\b(?:he|she|the (?:recipient|addressee)) has (?:received|read|got) ", r"\bhas read (?:it|your) ",
    r"\b(?:ignore|disregard) (?:the|that|this|our) (?:bounce|error|failure)\b",
    rf"{HIM} hat (?:die|ihre) (?:nachricht|e-?mail) (?:erhalten|gelesen)\b",
    r"\binzwischen (?:ist|wurde) (?:die|ihre) (?:nachricht|e-?mail|mail) (?:angekommen|zugestellt)",
    r"\bfängt (?:erst )?am\b", r"\btritt (?:seine|ihre) stelle\b", r"freigeschaltet",
    r"\bgerade (?:angelegt|eingerichtet)", r"\balten? mx\b", r"\bdns-eintr", r"\bdomain (?:\w+ )?zu einem anderen\b",
    r"\bstörung", r"\bausfall", r"\bausgefallen", r"\bwartung", r"\bpanne\b", r"\bneu aufgebaut", r"umstellung\b",
    r"\bmigrier", r"\bunser(?:e[mnrs]?)? umzug", r"\bwir (?:ziehen|stellen) [^.;:?!]* um\b",
    r"\bfehler[^.;:?!]* (?:behoben|beseitigt|gelöst)\b",
    r"\b(?:funktioniert (?:jetzt |nun )?wieder|wieder (?:erreichbar|verfügbar|in betrieb)|"
        r"unser[ens]* (?:server|system|verzeichnis|filter) war (?:falsch|nicht)|nicht alle|noch nicht|zur ?zeit|"
        r"derzeit|vorübergehend|solange|bis zum \d|wartet auf|erste anmeldung|ruht|als (?:ob|wäre)|wie bei einer|"
        r"quarantäne)\b",
    rf"{HIM} a (?:bien )?reçu\b", r"\bsera (?:ouverte?\b|créé|activé)", r"\bancien mx\b", r"\bdomaine n['’]est plus hébergé",
    r"\bun incident\b", r"dysfonctionn", r"reconstru", r"\bmigrons\b", r"\bdéménage(?:ons|ment)\b",
    r"\bnous changeons de\b", r"\bproblème (?:est|a été) (?:résolu|corrigé|réparé)",
    r"\b(?:fonctionne (?:de|à) nouveau|pas tous|pas encore|temporairement|pour le moment|provisoire|comme si|"
        r"quarantaine)\b",
    rf"{HIM} (?:ya )?ha recibido\b", r"\b(?:se está creando|será (?:activad|cread))", r"\bantiguo mx\b",
    r"\bmantenimiento\b", r"\bmigra(?:ción|ndo)\b", r"\bestamos trasladando\b", r"avería", r"\bincidencia\b",
    r"\b(?:error|problema|fallo) (?:ya )?(?:está|ha sido|fue) (?:resuelto|corregido|solucionado)",
    r"\b(?:vuelve a funcionar|no conoce a todos|todavía no|aún no|temporalmente|por el momento|como si|cuarentena)\b",
    rf"{HIM} ha ricevuto\b", r"\b(?:verrà|sarà) (?:attivat|creat)", r"\bvecchio mx\b", r"\bguasto", r"manutenzione",
    r"\bmigrazione", r"ricostru", r"disservizio", r"stato risolto",
    r"\b(?:non conosce tutti|non ancora|ancora non|temporaneamente|al momento|come se|incompleto|quarantena)\b",
    rf"{HIM} recebeu\b", r"\ba ser criad", r"\bserá (?:ativ|criad)", r"\bantigo mx\b", r"\bavaria\b",
    r"\bdevido a uma falha\b", r"\bfalha (?:no|em|do) noss", r"manutenção", r"migração", r"foi resolvid",
    r"ainda não", r"temporariamente", r"\bno momento\b", r"quarentena",
    rf"{HIM} heeft uw (?:bericht|e-?mail) ontvangen\b", r"\bwordt (?:nog )?(?:aangemaakt|geactiveerd)",
    r"\boude mx\b", r"\bstoring", r"\bonderhoud", r"migratie", r"opnieuw opgebouwd", r"\bnog niet\b", r"\btijdelijk",
    r"\bop dit moment\b", r"\bvoorlopig\b",
    r"driftst", r"underhåll", r"byggs om", r"\bett fel i vår", r"är åtgärdat", r"tillfällig", r"ännu\b", r"\bflyttar (?:just nu )?vår", r"\bvi flytt(?:ar|er)\b", r"\bfel på vår",
    rf"{HIM} otrzymał", r"właśnie zakład", r"będzie dostępn", r"awari", r"konserwac", r"migracj", r"odbudow",
    r"usterk", r"tymczasow", r"chwilowo", r"jeszcze nie", r"výpadk", r"závad", r"údržb", r"obnovu", r"dočasn",
    r"ještě ne",
    rf"{HIM} получил", r"сбо[йяею]", r"авари", r"перестраива", r"восстанавлива", r"неполад", r"временно", r"ещ[её] не", r"пока не", r"arıza", r"bakım", r"geçici", r"henüz",
    r"siirrämme", r"költöztet", r"karbantart", r"μεταφορά", r"βλάβη", r"συντήρηση", r"תקלה", r"מועבר", rf"استلم {HIM}", r"عطل", r"يجري نقل", rf"{HIM} ?はメールを受信し", rf"{HIM} ?님이 메일을 받",
    r"障害", r"メンテナンス", r"再構築", r"復旧", r"不具合", r"一時的", r"まだ", r"故障", r"[维維][护護]", r"迁移", r"重建", r"[暂暫]时", r"尚未", r"还没有", r"장애", r"점검", r"복구", r"재구축", r"일시적", r"아직",
    denied=(r"\b(?:nobody|no one) has read\b", rf"{_WRITTEN} (?:\w+ )?{_WRONGLY}\b", rf"{_WRONGLY} {_WRITTEN}"),
)  # fmt: skip

#: It is said of a refusal that it is not final, or that the system goes on trying.
TRIES_ON: Final = _told(
    r"\bdeferred\b", r"\bsoft[- ]?bounced?\b", r"\bstatus[=:] ?soft\b",
    r"\b(?:temporary|transient)(?: (?:failure|error|problem|fault|disturbance|condition)|:)",
    r"\btemp(?:orary)?[- ]?fail", r"\bretrying\b", r"\b(?:attempt|try) \d+ ?(?:of|/) ?\d+\b",
    r"\bqueued for (?:re-?try|another|a (?:later|new|further))",
    r"\b(?:kept|stays?|remains?|still|waits) in (?:the |our )?(?:\w+ )?queue\b", r"\bdelivery (?:is |was )?delayed\b",
    r"\bstill trying\b", r"\bnot (?:yet )?(?:a )?final\b",
    r"\bwe (?:will )?(?:(?:keep|go on|continue) (?:\w+ ){0,2}try|(?:[\w ]{1,40} and )?try again)",
    r"\bnext (?:delivery )?attempt (?:at|in|on)\b",
    r"\bversuchen es (?:weiter|erneut|noch)", r"\berneuter (?:zustell)?versuch", r"\b(?:nicht|noch kein) endgültig",
    r"\b(?:bleibt|liegt|ist) (?:noch |weiter(?:hin)? )?in der warteschlange", r"\bversuch \d+ (?:von|/) ?\d+",
    r"\bzurückgestellt\b",
    r"\bnouvelle tentative\b", r"\b(?:sera|nous) réessa", r"\bpas (?:encore )?définitif",
    r"\b(?:reste|est) (?:encore |toujours )?(?:dans la|en) file", r"\btentative \d+ (?:sur|de|/) ?\d+",
    r"\b(?:erreur|panne) temporaire", r"échec temporaire",
    r"\bvolver(?:á|emos) a intentar", r"\breintentar(?:á|emos)", r"\bsigue en (?:la )?cola", r"\bno es definitiv", r"\bintento \d+ (?:de|/) ?\d+", r"\b(?:error|fallo) (?:temporal|transitorio)\b",
    r"\bverrà (?:ritentat|riprovat)", r"\briprover(?:emo\b|à)", r"\bnuovo tentativo\b", r"\b(?:resta|rimane) in coda", r"\bnon è definitiv", r"\btentativo \d+ (?:di|/) ?\d+", r"\berrore temporaneo",
    r"\bnova tentativa\b", r"\btentaremos (?:novamente|de novo)", r"\b(?:continua|permanece) na fila",
    r"não é definitiv", r"\btentativa \d+ (?:de|/) ?\d+", r"\b(?:erro temporário|falha temporária)\b",
    r"\b(?:wordt|proberen het) opnieuw\b", r"\bnog niet definitief", r"\bpoging \d+ (?:van|/) ?\d+",
    r"\b(?:blijft|staat) (?:nog )?in de wachtrij", r"\bförsök \d+ av \d+", r"\bnytt försök\b", r"\bförsöker igen",
    r"\bforsøg(?:er)? igen", r"\bforsøk(?:er)? igjen", r"\bforsøk? \d+ av \d+",
    r"\bspróbujemy ponownie", r"\bponowimy\b", r"\bpróba \d+ (?:z|/) ?\d+", r"\bpozostaje w kolejce", r"\bzkusíme (?:to )?(?:znovu|opět)", r"\bpokus \d+ (?:z|/) ?\d+", r"zůstává ve frontě",
    r"попытка \d+ из \d+", r"(?:попытк[аи]|доставк[аи]) (?:\S+ )?буд[еу]т (?:повтор|продолж)", r"повторим попыт",
    r"попробуем (?:ещ[её]|снова)", r"оста[её]тся в очереди", r"отложен", r"не окончательн", r"спроба \d+ з \d+",
    r"спробуємо (?:ще|знову)",
    r"(?:yeniden|tekrar) dene(?:necek|yece)", r"\bkuyrukta (?:bekl|kal|tut)", r"újra(?:próbál| megpróbál)",
    r"θα (?:ξανα)?δοκιμάσ", r"ננסה שוב", r"إعادة المحاولة", r"سنحاول (?:مرة|ثانية)", r"خطأ مؤقت",
    r"再試行(?:します|して(?:い|お)|されます|する予定|中)", r"再送(?:します|を(?:試み|続け|行い))", r"キューに(?:残|保持)",
    r"(?:将|會|会|继续|繼續)[^。；;]{0,12}(?:重试|重試|重发|重新投递|投递|投遞)", r"仍在(?:队列|佇列|排队)", r"(?:临时|臨時)(?:错误|錯誤|失败|失敗|故障)",
    r"재시도(?:합니다|할|하겠|중)", r"다시 시도(?:합니다|할|하겠)", r"대기열에 (?:남|있|보관)",
    denied=(r"неотложен", r"不(?:再|会|會|将)[^。；;]{0,6}(?:重试|重試|重发|投递|投遞)",),
)  # fmt: skip

# What holds addresses, and what befalls it.
_BOOK: Final = (
    r"\b(?:(?:user |account |recipient |mail )?(?:directory|database|data ?base|table|map|lookup|index|back-?end|"
    r"mail ?store)|ldap\w*|slapd|nis\+?|ypserv|yp_\w+|do_ypcall|yppasswd|nss_\w+|nscd|sssd|winbind|nfs|getpwnam|"
    r"my ?sql\w*|postgres\w*|sql|lmtp|saslauthd|sasl_\w+|active directory)"
)
# The book itself, with no other word between, for of a user it is said too; or what is only said of what answers.
_IS_AWAY: Final = (
    r"(?: (?:servers?|services?|system|is|was|are|were|has|went|currently|temporarily|file|"
    r"[\w/-]*[./][\w./-]*)){0,4}:? (?:not (?:available|reachable|loaded|running|ready)|unavailable|unreachable|"
    r"offline|down|locked|broken|out of order|gone away)\b"
)
_NO_ANSWER: Final = (
    r"[^.;\n]{0,40}?[ :](?:can(?:['’]t|not)(?: be)? (?:contact|communicate|connect|open|reach|read|bind)\w*|"
    r"could not (?:be )?(?:contact|communicate|connect|open|reach|read|load)\w*|not (?:responding|answering)|"
    r"(?:does|did) not (?:respond|answer)|"
    r"timed? ?out|connection (?:to [\w.-]+ )?(?:failed|refused|lost|reset)|no response|cannot open)\b"
)

#: It is said that what the addresses are looked up in, or the store of the mailboxes, was not there.
FAULT: Final = _told(
    rf"{_BOOK}{_IS_AWAY}", rf"{_BOOK}{_NO_ANSWER}", r"\bldap_\w+: ?server (?:is )?(?:down|unavailable)",
    r"\b(?:server is unavailable|rpc: timed out)\b",
    r"\b(?:can(?:['’]t|not)|could not|unable to|failed to) (?:contact|communicate with|connect to|open|reach|"
        r"read|bind to|search) [^.;\n]{0,30}\b(?:ldap|directory|database|map|ypserv|nis|imap|lmtp|socket|store)\b",
    r"\b(?:no response from|error getting|error opening|missing) (?:the )?(?:nis|ldap|nfs|directory|database|map|"
        r"hash|user)\b",
    r"\b(?:works?|disturbance|disruption|fault|failure|problems?|trouble) (?:on|of|in|with|at) (?:our|the) (?:[\w-]+ )?(?:directory|database|address book|accounts? (?:server|system|database))",
    r"(?:^|\n|--) ?4[0-9]{2} 4\.3\.[0-9]{1,2} ",
    r"(?:verzeichnis(?:dienst)?|datenbank|benutzerverwaltung)\b[^.;\n]{0,30}(?:gestört|"
        r"nicht (?:erreichbar|verfügbar)|ausgefallen)",
    r"\b(?:fehler|störung|ausfall) (?:im|am|in|des|der|unsere[sr]|von) (?:unserem |unserer )?(?:verzeichnis|"
        r"datenbank)",
    r"\b(?:annuaire|base de données)\b[^.;\n]{0,30}(?:indisponible|injoignable|en panne|inaccessible)",
    r"\b(?:travaux|panne|défaillance|erreur|incident|problème) (?:sur|de|dans|avec) (?:notre |l['’]|"
        r"la )(?:annuaire|base de données)",
    r"\b(?:directorio|base de datos)\b[^.;\n]{0,30}(?:no (?:está )?disponible|inaccesible|caíd)",
    r"\b(?:fallo|error|problema|avería)s? (?:del|de la|en el|en la|con el|con la) (?:servicio de |"
        r"servidor de )?(?:directorio|base de datos)",
    r"\b(?:errore|guasto|problema) (?:della|nella|del|nel) (?:directory|database|rubrica|base dati)",
    r"\b(?:erro|falha|problema) (?:no|na|do|da) (?:diretório|base de dados|banco de dados)",
    r"\b(?:storing|fout|probleem) (?:in|van|met) (?:onze |de |het )(?:directory|database|adresboek)",
    r"(?:katalog|baza danych)[^.;\n]{0,20}niedostępn",
    r"(?:каталог|база данных|базы данных|служб[аы] каталог)[^.;\n]{0,30}(?:недоступ|не отвеча|сбо)",
    r"(?:dizin|veritaban)[^.;\n]{0,30}(?:ulaşılam|hatas|erişilem)",
    r"(?:ディレクトリ|データベース)[^。\n]{0,16}(?:保守|停止|接続でき|応答)", r"(?:目录|目錄|数据库|資料庫|用户库)(?:服务|服務|服务器)?[^。\n]{0,8}(?:故障|不可用|异常|維護|维护|无法(?:连接|访问)|無法連)", r"(?:디렉터리|디렉토리|데이터베이스)[^.\n]{0,12}(?:장애|오류|연결할 수|점검)",
)  # fmt: skip

_AGAIN: Final = r"again|anew|erneut|noch ?einmal|nochmals?|renvoyez|enviar|nuovamente|novamente|opnieuw|igen|ponownie|znovu|отправьте"
_STEPS: Final = r"(?:\b(?:steps|schritten?|pasos|passaggi|passos|stappen|steg|trin|trinn|krok(?:i|ów|y))\b|étapes|\bkroků|\badımlar|шаг|действия)"

#: The address is right, or the message may be sent again, to no other: no mistake of who sent it, unless he shall check it first.
SEND_AGAIN: Final = any_of(
    rf"{HIM}\W* (?:is|ist|est|es|è|é) (?:(?:still )?an? |(?:still|noch|encore) |eine? |une |una |uma )?(?:valid|gültig|valide|correcte?|válid[ao]|richtig|korrekt)\b",
    rf"{HIM}\W* (?:exists,? but|does exist)\b", r"\b(?:address|mailbox) (?:exists|is (?:valid|correct|right|fine))\b",
    r"\bnever (?:been )?(?:deleted|removed|closed)\b",
    r"\badresse (?:stimmt|(?:ist|est) (?:gültig|richtig|korrekt|valide|correcte|bonne))\b",
    rf"\b(?:postfach|adresse|boîte|buzón|dirección|caixa|endereço|casella|indirizzo)(?: {HIM})? (?:gibt es\.|"
        r"existiert\.|existe(?: bien)?\b|esiste\b)",
    r"\bdirección es (?:correct|válid)", r"\bindirizzo è (?:corrett|valid)", r"\bendereço (?:está corre|é válid)",
    r"\badres (?:jest (?:poprawny|prawidłowy)|istnieje)", r"\badres (?:doğru|geçerli)\b", r"アドレスは(?:正し|有効)",
    r"地址是?(?:正确|有效)", r"주소는 (?:올바|맞|유효)", r"العنوان صحيح",
    r"\bosoite on (?:oikein|oikea|voimassa)", r"\ba cím (?:helyes|érvényes)", r"\badresa (?:este|je) (?:corect|valid|správn|platn)",
    r"διεύθυνση είναι (?:σωστή|έγκυρη)", r"הכתובת (?:נכונה|תקינה)", r"địa chỉ (?:này )?(?:là )?(?:đúng|chính xác|hợp lệ)", r"ที่อยู่(?:นี้)?ถูกต้อง",
    r"\b(?:please|kindly|can|may|do) (?:now )?(?:re-?send|repeat|re-?try|"
        r"(?:send|mail)(?: (?:it|us|(?:your|the|this) (?:message|e-?mail|mail|letter)))?(?: once more| anew| again|"
        r",? (?:after|on|in|from) \w))",
    r"\bsend again (?:on|after|tomorrow)\b",
    r"\b(?:senden|schicken|versuchen) sie (?:[^ .]+ )*(?:erneut|noch ?einmal|nochmals?)\b", r"\brenvoye[rz]\b",
    r"\br[ée]essaye[rz]\b", r"\bvuelv[ae] a enviar", r"\binvi[^ ]+ (?:di )?nuov", r"\briprov[ai]",
    r"\benvi[^ ]+ novamente",
    r"\bopnieuw\b", r"\bskicka [^.]*(?:igen|om)\b", r"\bponown", r"\bznovu\b", r"yeniden gönder", r"отправьте", r"пришлите", r"повторите", r"再[度送]", r"(?:重新|再次)发送", r"다시 (?:보내|발송|전송)",
    r"\bzkuste to (?:zítra|později|za )", r"\bskúste to (?:zajtra|neskôr|znova)", r"\byrit(?:ä|äkää|täkää) [^.]*(?:uudelleen|uudestaan|myöhemmin)",
    r"próbálja (?:meg )?[^.]*(?:újra|később)", r"ncercați (?:din nou|mai târziu|mâine)", r"спробуйте [^.]*(?:ще раз|пізніше|завтра)",
    r"δοκιμάστε (?:ξανά|πάλι|αργότερα|αύριο)", r"נס(?:ה|ו) שוב", r"thử lại", r"ลอง(?:ส่ง)?(?:ใหม่|อีกครั้ง)",
    denied=(
        rf"(?:{_AGAIN})[^.;]* \S+@",
        # How to, and not that it may arrive now: "send it again, following these steps".
        rf"(?:{_AGAIN}|renvoyer|nuov[oa]|gönder|повторите)[^.;\n]*{_STEPS}|(?:步[骤驟]|手順)[^。\n]*(?:(?:重新|再次)发送|再[度送])|단계[^.\n]*다시 (?:보내|발송|전송)",
    ),
)  # fmt: skip

#: Words that hold none of these say nothing of a refusal that was wrong or is not final.
NOT_FINAL: Final = Joined(TAKEN_BACK, TRIES_ON, FAULT, SEND_AGAIN)

#: What to do before it is sent again: the address is at fault. Not what the writer does or did himself: "we confirm", "to ensure
#: delivery".
CHECK_FIRST: Final = any_of(
    r"\b(?:check|verify|correct (?:the|it|your|any)|spell|typ(?:o|ing|ed)|misspel|retype|make sure|"
        r"(?:ensure|confirm|look up) (?:that )?(?:the|this|his|her) (?:[\w-]+ ){0,2}(?:address|spelling|name))",
    r"\b(?:prüfe|nachprüfen sie|kontrollieren sie|berichtigen sie|vergewissern sie|stellen sie (?:\w+ ){0,2}sicher|korrig|schreibweise)", r"überprüfen sie",
    r"\b(?:v[ée]rifi|corrig|contr[oô]lez|assurez|compr(?:ue|o)b|aseg[uú]re|revis|controll[ai]|assicur(?:arsi|ati|atevi|i\b)|confira|corrija|controleer|kontrollera|kontroller)",
    r"sprawd[zź]", r"popraw", r"zkontroluj", r"ov[ěe][řr]te", r"проверьте", r"исправьте", r"kontrol ed", r"تحقق", r"確認", r"确认", r"检查", r"核对", r"확인",
    r"\b(?:tark[ia]st|varmista|ujist|skontrolujte|uistite|asigura)", r"ellenőri", r"győződ", r"перевірте", r"переконайте", r"ελέγξτε", r"βεβαιωθείτε",
    r"בד(?:קו?|וק)", r"ודא", r"kiểm tra", r"chắc chắn", r"đảm bảo", r"ตรวจสอบ", r"แน่ใจ",
    denied=(r"\b(?:check|verify|spell|typ(?:o|ing|ed))\w* ?(?:now|again)\b",),
)  # fmt: skip

#: What a notice bids is no cause.
BIDS: Final = any_of(
    r"^[\s)\d-]*(?:please|kindly|bitte|veuillez|merci d|por favor|per favore|si prega|proszę|prosimy|prosím|пожалуйста|请|請)",
    r"^[\s)\d-]*(?:check|verify|make sure|ensure|try|(?:re)?send|delete|reply|write|call|open|"
        r"(?:über)?prüfen sie|vergewissern sie|versuchen sie|v[ée]rifiez|assurez|r[ée]essayez|compruebe|verifique|"
        r"revise|controlli|verifichi|provi|confira|controleer|probeer|sprawdz|zkontroluj)\b",
    r"^[\s)\d-]*(?:sprawdź|проверьте|попробуйте|检查(?:您|你|一下|收件|邮件地址|是否))",
    r"(?:再送|再度送信|送信し直し|お試し|しばらくして|時間をおいて).*ください",
)  # fmt: skip

#: Below it stand questions of anybody.
ASKED_OFTEN: Final = any_of(
    r"\bfaqs?\b", "frequently asked", "häufige? fragen", "questions? fréquentes?", "preguntas? frecuentes?", "domande frequenti",
    "perguntas frequentes", "veelgestelde vragen", "często zadawane", "частые вопросы", "よくある(?:質問|ご質問)", "常见问题",
)  # fmt: skip

#: What a house says of any mail, or of days to come, is no cause of this failure.
HOUSE: Final = any_of(
    r"(?:\b(?:as of|starting(?: on)?|beginning(?: on)?|from|ab dem|a partir del?|dal|vanaf)|à partir du) (?:the )?\d{1,2}(?:st|nd|rd|th|er)?\.? (?:of )?[a-zäéû]{2,8}[a-z]\b",
    r"^\W*(?:news|notes?|notice|reminder|announcement|aktuelles|neuigkeiten|actualités?|novedades|novità|nieuws)[^:：]{0,30}[:：] ?(?:on|from|since|as of|am|ab|seit|depuis|le|desde|dal) ",
    r"^\W*(?:some|many|sometimes|often|usually|occasionally|generally|in general|manche|manchmal|oft|häufig|"
        r"viele|gelegentlich|algun[oa]s|much[oa]s|a veces|a menudo|certain(?:s|es)|parfois|souvent|alcun[ei]|"
        r"molt[ei]|a volte|spesso|sommige|veel|soms|vaak|niektóre|czasami|często)\b",
    r"^[\s*•·)\d-]*(?:некоторые|многие|иногда|часто)[ ,]",
    r"^\W*this is the mail delivery service responsible for\b",
    # "Note: most returned mail is due to wrong addresses".
    r"^\W*(?:[^.:：]{1,30}[:：] ?)?(?:(?:most|(?:die|der) meisten?|la plupart|la mayoría|la maggior parte|"
        r"a maioria|de meeste|většina)\b|większość|большинство)[^.:]{0,40}(?:return|undeliver|bounce|reject|error|"
        r"failure|fehl|unzustell|rückläuf|erreur|retour|devuelt|rebot|respint|restitu|devolvid|erro|fout|zwrot|błęd|"
        r"chyb|vrácen|ошиб|возвр)",
    r"\b(?:can|may|könn(?:en|te)|kann|peu(?:t|vent)|puede[n]?|può|possono|pode[m]?|"
        r"kan) (?:[\w-]+ ){0,2}(?:prevent|verhindern|empêcher|impedir|impedire|verhinderen)",
    r"(?:может|могут) (?:[^ .]+ ){0,2}помешать", r"場合があります",
    r"^\W*(?:message |mail )?(?:size|größe|taille|tamaño|dimensione|grootte|attachments?|anhänge|anlagen|"
        r"pièces jointes|adjuntos|allegati|bijlagen)\b[^.]{0,30}[:：]",
    r"\bmessage contains \[\d+\] file attachments?", r"\battachments? removed\b",
    r"^\W*(?:files? )?attached\b", r"\b(?:is|are) (?:enclosed|attached|included|appended|reproduced)\b", r"\bfor (?:several|many|various|different) reasons\b",
    r"\bnot (?:read|checked|looked at) by (?:anybody|anyone|people|humans|a person)\b",
    r"\b(?:from|on|between) \d{1,2}(?: (?:to|and|until) \d{1,2})? (?:january|february|march|april|may|june|july|august|september|october|november|december)\b.*\bmaintenance\b",
    r"\bunmonitored\b", r"\bnot (?:being )?monitored\b",
    r"\b(?:diese[srm]?|dies ist eine) (?:e-?mail-?)?(?:adresse|postfach)\b.*\bnicht (?:gelesen|überwacht|betreut)\b",
    r"\bn.est pas (?:consultée|relevée|surveillée)\b",
    r"^[\s)\d-]*(?:see|visit|click|read more|läs mer|mehr (?:dazu|unter)|voir|en savoir plus|más información|lees meer)\b",
    r"\b(?:all|every|any|incoming|outgoing|inbound) (?:[\w-]+ ){0,3}(?:e-?mails?|mail|messages?)\b.*\b(?:scanned|checked|filtered|screened|protected)\b",
    r"\b(?:checks?|scans?|filters?|screens?) (?:all|every|any|incoming)\b",
    r"\b(?:this|your) (?:e-?mail|message) (?:was|has been|is) (?:scanned|checked|protected)(?: for [a-z ]{1,30})? (?:by|with|using)\b",
    r"проверен[оы]? на вирусы", r"\bauf viren (?:ge|über)prüft", r"\b(?:wird|werden|wurden?) .*auf viren", r"\banalysés? par\b", r"\bsans virus\b",
    r"\b(?:will|shall) be (?:down|unavailable|offline|closed|switched off|in maintenance|under maintenance)\b",
    r"\b(?:maintenance|wartung|wartungsarbeiten|onderhoud|mantenimiento|manutenzione)\b.*\b(?:(?:jan|febr)uary|"
        r"march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|januar|februar|märz|mai|juni|juli|oktober|"
        r"dezember|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
        r"sonnabend|next week|tomorrow|morgen|demain)\b",
    # "Some accounts, this one among them".
    denied=(
        r"^.*\b(?:this one|including this|darunter (?:auch )?dies(?:e[mnrs]?)?|dont cel(?:ui|le)|entre ell[oa]s est[ea]|"
        r"tra cui quest[oa]|waaronder (?:ook )?d(?:it|eze)|w tym t[oe])\b.*|.*в том числе эт.*",
    ),
)  # fmt: skip

#: A sentence of such: it tells no cause, and still doubts that an address is dead, for some speak of a fault or a full mailbox too.
OF_ANY_MAIL: Final = any_of(
    r"\b(?:this|your) (?:e-?mail|message) (?:was|has been|is) (?:scanned|checked|screened) for (?:[a-z]+ )?(?:spam|virus|malware)",
    # Tips, office hours, moves of the house and warnings of fraud.
    r"^\W*(?:tips?|tipps?|astuces?|conseils?|consejos?|suggeriment[oi]|dicas?|wskazówk[ai]|ipucu|i\x{307}pucu|совет|ヒント|提示|小贴士|팁) ?[:：]",
    r"\b(?:our|the) (?:office|shop|store|branch|hotline|help ?desk|support|service)s? (?:is|are|will be|"
        r"remains?) (?:\w+ ){0,2}(?:closed|open|unavailable|not staffed)\b",
    r"\b(?:unser|das|die|unsere) (?:büros?|geschäft(?:sstelle)?|praxis|hotline) (?:ist|sind|bleibt|"
        r"bleiben)\b.*\b(?:geschlossen|nicht erreichbar)",
    r"\bnos bureaux (?:sont|seront|resteront)\b", r"\bl['’]assistance est\b",
    r"\bnuestras oficinas (?:están|estarán|permanecerán)\b|\bservicio de atención\b",
    r"\bnostri uffici (?:sono|saranno|resteranno)\b|\bl['’]assistenza non è", r"\bnossos escritórios\b",
    r"\bons kantoor is\b|\bonze kantoren zijn\b", r"\bvårt kontor är\b", r"\bvores kontor(?:er)? (?:er|holder)\b",
    r"\bnasze biur[oa] (?:jest|są) ", r"naše kancelář", r"наш офис", r"ofisimiz", r"休業|年末年始",
    r"办公室.{0,12}(?:关闭|放假|休息)", r"사무실이 휴무",
    r"^\W*we have moved\b[^@]*$|\bour new (?:office|premises|postal address)\b",
    r"\bwir sind umgezogen\b[^@]*$|\bunsere neue anschrift\b",
    r"\bnous avons déménagé[^@]*$|\bnotre nouvelle adresse ?: \d",
    r"\bnos hemos mudado\b[^@]*$|\bnuestra nueva dirección: (?:calle|avenida|plaza)\b",
    r"\bci siamo trasferiti\b[^@]*$|\bnostro nuovo indirizzo: (?:via|viale|piazza|corso)\b",
    r"\bmud[aá]mos de (?:instalações|endereço)\b[^@]*$|\bnova morada\b",
    r"\bwij zijn verhuisd\b[^@]*$|\bons nieuwe adres\b[^@]*$", r"\bvi har flyttat\b[^@]*$|\bvår nya adress\b[^@]*$",
    r"\bvi er flyttet\b[^@]*$|\bvores nye adresse\b[^@]*$", r"przeprowadziliśmy się[^@]*$|nasz nowy adres[^@]*$",
    r"přestěhovali jsme se[^@]*$|naše nová adresa[^@]*$", r"мы переехали[^@]*$|наш новый адрес[^@]*$",
    r"taşındık[^@]*$|yeni adresimiz[^@]*$", r"移転しました[^@]*$|新しい住所", r"我们已搬迁[^@]*$", r"사무실을 이전[^@]*$|새 주소:[^@]*$",
    r"\b(?:will |do )?never ask (?:you )?(?:for|to)\b", r"\bbeware of\b", r"\bfraud warning\b",
    r"\bfake (?:messages|e-?mails)\b",
    r"(?:\b(?:are|sind|zijn|sono|são|son|sont|są|to|er)|(?:^|[ ,])är) (?:phishing|bluff|svindel)\b",
    r"\bfrag(?:en|t) (?:sie )?nie(?:mals)? nach\b|\bgefälschte e-?mails\b|\bwarnung vor betrug\b",
    r"\bdemander(?:ons|a|ont) jamais\b|\bsont frauduleu|\bfaux messages\b",
    r"\bnunca (?:le |les )?(?:pediremos|solicitaremos|pedimos)\b|\b(?:son|são) fraudulent[oa]s\b",
    r"\bnon (?:vi |le |ti )?(?:chiederemo|chiediamo) mai\b", r"\bvragen nooit (?:om|naar)\b",
    r"\bfrågar aldrig efter\b", r"\b(?:beder|spørger) aldrig om\b", r"nigdy nie prosimy",
    r"nikdy nežádáme|jsou podvodn", r"никогда не (?:спрашиваем|запрашиваем|просим)|рассылают мошенник",
    r"asla (?:sormayız|istemeyiz)|sahtedir", r"パスワードをお尋ね|メールは詐欺", r"不会索取|钓鱼邮件", r"비밀번호를 묻지|피싱입니다",
    r"^\W*\[image: ", r"^\W*(?:popular|related) articles\b", r"^\W*(?:the )?(?:maximum|mailbox) (?:message size|quota)\b", r"\bquota: \d", r"\byou receive this message because you are subscribed\b",
    # What sells something.
    r"\bnever (?:again|miss)\b.*\b(?:mailbox|message)", r"\bupgrade (?:now|today|to)\b", r"\bfor only\b",
    r"\b\d% off\b", r"\bno more [\"“]", r"\btired of\b", r"\bdownload the\b.*\bapp\b", r"\bwith unlimited\b",
    r"\bnie wieder\b|\beuro im monat\b|\bgenug vo[nm]\b", r"^\W*fini (?:les|la|le)\b|\bpar mois\b",
    r"\bnunca m[aá]i?s (?:um|una?)\b|\bal mes\b", r"^\W*mai più", r"\bnooit meer een\b", r"\baldrig mere? en\b",
    r"nigdy więcej", r"\buž nikdy\b", r"забудьте о", r"\bson!\s*$", r"無制限|今すぐ.*(?:増量|アップグレード)", r"再也不用|立即升级",
    r"지금 .*업그레이드",
    r"^\W*(?:e-?mails|mails|messages|attachments|files|nachrichten|anhänge|les messages|los mensajes|i messaggi)\b[^.]*\b\d+(?:[.,]\d+)? ?(?:[kmg]i?[bo]|megabytes?|mbytes?)\b",
    *FOOTERS,
    denied=(*NO_FOOTERS, r"^.*\b(?:to|for) (?:this|the|our) (?:group|list|recipient|mailbox|address)\b.*"),
)  # fmt: skip

#: A sentence of what it may be, "is full or no longer exists", "if you were rejected as spam", or that bids to ask somebody, says of
#: nothing that it is. That the remote server is misconfigured, Gmail guesses of any reply that it does not know;
#: that nobody reads what is answered, the writer says of himself.
MAY_BE: Final = any_of(
    r"because the remote server is misconfigured", r"\bdo not (?:reply|respond|answer)\b",
    r"\bantworten sie (?:bitte )?nicht\b", r"\bne répondez pas\b", r"\bpas répondre\b", r"\bno responda\b",
    r"\bnon rispond", r"\bnão respond",
    r"^[\s*•·)\d-]*(?:tips?|hints?|did you know|tipps?|astuces?|conseils?|consejos?|suggeriment[oi]|dicas?|wskazówka|совет) ?:",
    r"^[\s*•·)\d-]*(?:if|ask|falls|wenn|sollten?|si|se|als|indien|om|jeśli|jeżeli|pokud)\b", r"^[\s*•·)\d-]*(?:если|如果|もし|만약)",
    r"\b(?:or|oder|ou|may (?:be|have)|might|könnten?|perhaps|possibly|maybe|möglicherweise|vielleicht|eventuell|"
        r"peut-être|es posible|posiblemente|tal vez|forse|talvez|misschien|mogelijk|możliwe|być może|kanske|belki|"
        r"snad)\b",
    r"\bquizá", r"\bmožná", r"\b(?:je|byla?|bude) asi\b|\basi (?:je|byla?|bude)\b",
    r"^[\s*•·)\d-]*(?:please )?contact\b",
    r"\b(?:bei (?:rück)?fragen|wenden sie sich|contactez|adressez-vous|póngase en contacto|rivolg|"
        r"neem contact op|kontakta|skontaktuj)",
    r"обратитесь", r"お問い合わせ", r"请联系", r"문의하",
    r"(?:^|[ (,])возможно", r"かもしれ", r"可能性", r"可能(?:是|已|因|由于)",
    r"\bpotrebbe(?:ro)?\b", r"\bpodr[ií]an?\b", r"\bpourrai(?:t|ent)\b", r"\bpoderiam?\b", r"\bzou(?:den)? kunnen\b", r"\bmógł", r"\bkunde (?:ha|vara)\b",
    r"\b(?:possible (?:cause|reason)s?|(?:causes|raisons) possibles|mögliche (?:ursachen?|gründe?)|posibles (?:causas|motivos))\b",
    denied=(r"\bnení možná",),  # "is not possible"
)  # fmt: skip

#: Where none of these stands in sentences, each on a line, all of them tell of this failure.
IDLE: Final = Joined(HOUSE, MAY_BE, ASKED_OFTEN)
