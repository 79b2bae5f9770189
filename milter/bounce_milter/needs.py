"""What a server says it does not ask for: "no TLS needed; ...", "SPF is not required, a PTR record is".

Rule: only what is asked of senders counts, only where nobody else is told not to ask for it ("your server does not require
TLS" may be the complaint), and only where something follows, which is the cause then. Patterns are linear in the text.
"""

import re
from typing import Final

_OR: Final = r"(?:or|and|nor|und|oder|ou|et|o|y|e|of|en|lub|i|или|и)"
_THING: Final = (
    r"(?:(?:start)?tls|ssl|(?:reverse |r)dns|spf|dkim|dmarc|arc|ptr|helo|ehlo|encryption|(?:smtp )?auth(?:entication)?|login|"
    r"password|certificate|verschl.{1,2}sselung|anmeldung|passwort|chiffrement|authentification|mot de passe|cifrado|"
    r"autenticaci.{1,2}n|contrase.{1,2}a|cifratura|crittografia|autenticazione|criptografia|autentica.{2,4}o|senha|"
    r"versleuteling|aanmelding|wachtwoord|szyfrowani[ea]|uwierzytelniani[ea]|шифрование|аутентификация|авторизация)"
)
_PART: Final = (
    r"(?:[ -](?:records?|signatures?|entry|entries|check|authentication|encryption|certificate|signatur|eintrag))?"
)
_THINGS: Final = rf"(?:valid |any |an? )?{_THING}{_PART}(?: {_OR} {_THING}{_PART})?"
_NEEDED: Final = (
    r"(?:needed|required|necessary|mandatory|asked for|demanded|n.{1,2}tig|erforderlich|notwendig|verlangt|vorgeschrieben|"
    r"n.{1,2}cessaires?|requise?s?|exig.{1,2}e?s?|obligatoires?|neces.{1,3}ri[oa]|obb?ligatori[oa]|richiest[oa]|exigid[oa]|"
    r"obrigat.{1,2}ri[oa]|nodig|vereist|verplicht|wymagan[aey]|potrzebn[aey])"
)
_HERE: Final = r"(?: here| hier| bei uns| ici| aqu.{1,2}| qui)?"
_IS_NOT: Final = (
    rf"(?:(?:(?:is|are|was){_HERE} not|isn.t|aren.t|(?:ist|sind|wird){_HERE} nicht|n.est pas|no es|non .{{1,2}}|n.{{1,2}}o .{{1,2}}|"
    rf"is{_HERE} niet|nie jest){_HERE} {_NEEDED}|не (?:требуется|нужн[ао]?)|non serve|no hace falta|no se (?:requiere|exige|necesita))"
)
_WE: Final = r"(?:we|nobody(?: here)?|this (?:server|host|site|system|machine)|our (?:servers?|system|site|hosts?))"
_NOT_ASKED_FOR: Final = (
    rf"(?:{_WE} (?:do not|don.t|does not|doesn.t|never) (?:need|require|ask for|insist on|demand|want) "
    r"|nobody (?:here )?(?:needs|requires|asks for|wants) |wir (?:verlangen|fordern|brauchen|ben.{1,2}tigen) keine?n? "
    r"|(?:nous )?n.(?:exigeons pas|avons pas besoin) (?:de |d.|le |la |l.)?|pas besoin (?:de |d.)"
    r"|no (?:exigimos|requerimos|pedimos|necesitamos|se (?:requiere|necesita|exige)|hace falta|es (?:necesari|obligatori)[oa]) (?:el |la )?"
    r"|non (?:serve|occorre|richiediamo|chiediamo|.{1,2} (?:necessari|richiest|obbligatori)[oa]) (?:il |la |l.)?"
    r"|n.{1,2}o (?:exigimos|pedimos|precisamos de|.{1,2} (?:necess.{1,2}ri|precis|obrigat.{1,2}ri|exigid)[oa]) (?:o |a )?"
    r"|(?:wij|we) (?:eisen|vragen|verlangen) geen |nie wymagamy |(?:мы )?не требуем )"
)
# The cause comes behind it.
_GOES_ON: Final = r"(?!\w)(?=[^.,;:!?(]{0,40}(?:[.,;:!?(] ?(?:- )?\w| (?:but|- |sondern|mais|aber|pero|sino|ma|mas|maar|ale|но|а)(?!\w)))"
#: A sentence of the kind; what is not asked for is the one group that took part.
UNASKED: Final = re.compile(
    rf"(?<!\w)(?:(?:no|keine?|aucune?|geen) (?P<none>{_THINGS})(?: is| are| ist| n.est)?{_HERE} {_NEEDED}"
    rf"|{_NOT_ASKED_FOR}(?P<unasked>{_THINGS})"
    rf"|(?P<needless>{_THINGS}) {_IS_NOT}){_GOES_ON}"
)
#: Without one of these there is none.
SIGNS: Final = (
    "need", "requi", "requer", "neces", "cessair", "mandator", "asked for", "ask for", "asks for", "insist", "demand", "wants", " want ", "tig, ", "tig; ", "tig. ",
    "erforderlich", "notwendig", "verlang", "vorgeschrieben", "fordern", "brauchen", "tigen ke", "besoin", "exig", "oblig", "obblig", "pedimos", "hace falta",
    "serve", "occorre", "richie", "chiediamo", "precis", "obrigat", "nodig", "vereist", "verplicht", "eisen", "vragen", "wymag", "potrzebn", "требу", "не нуж",
)  # fmt: skip
