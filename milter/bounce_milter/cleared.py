"""What a reply says was not why it refused: tests passed, causes denied or only possible, what nobody asks for, vain hopes.

Rule: a filter lists all that it looked at ("rbl=none spf=pass rdns=missing"), and a server may say first what is in order
or is not meant ("your SPF is fine", "greylisting is not the reason", "not because of spam but of its size", "no TLS needed;
..."), or that nothing will change ("not temporary", "do not try again later"): such words are the opposite of a cause. And
where it lists what may have been the cause, or what its codes mean, none of it is told to be; nor is what is only supposed
behind what is known ("no answer for 3 days; perhaps the host does not exist") or what it refuses at all before it says what
this message was, nor where abuse is to be reported, nor what another mailbox of his is ("his other account is closed
too"), nor is anything wrong because the reader may think so ("if you believe this is wrong, call us"; of "if you were
blocked in error" the block stays). So each of these words stands as `<cleared>`, and their number stays.
Pure, and linear in the text.
"""

import re
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from bounce_milter import needs

# "None" of what is bad where it is found is good, of a record it is not.
_TESTS: Final = re.compile(
    r"(?<![\w.@-])(?:"
    r"(?:rbls?|dnsbls?|dbl|uribl|surbl|bl(?:ack|ock)-?list|av|anti-?virus|virus|malware|spam|phish(?:ing)?|gr[ea]ylist(?:ing)?|"
    r"banned|attachments?)[=:](?:none|no|0(?:/\d+)?|clean|clear|ok|pass(?:ed)?|false|negative|absent|good|not-?listed)"
    r"|(?:spf|dkim|dmarc|arc|auth|sender-?id|f?c?rdns|ptr|dns|mx|helo|ehlo|tls|size|quota|rate|sender|from|rcpt|recipient)[=:]"
    r"(?:pass(?:ed)?|ok|good|fine|valid|true|match(?:ed)?|neutral)"
    r")(?![\w-]|[.=/]\w)",
    re.ASCII,
)
# "Free of viruses", "no virus found", "nothing infected".
_CLEAN: Final = re.compile(
    r"\b(?:(?:clean|free) (?:of|from) |no (?=[a-z]+ (?:(?:was|were) )?(?:found|detected|present)\b)|nothing (?=infected))"
    r"(?P<cleared>(?:virus(?:es)?|malware|spam|worms?|infected)(?:(?:,| and| or) (?:virus(?:es)?|malware|spam|worms?)){0,2})\b"
)
_NAME: Final = r"(?:spf|dkim|dmarc|ptr|rdns)"
_NAMES: Final = rf"{_NAME}(?:,? (?:and |und |et |y |e |en )?{_NAME}){{0,3}}"
_FINE: Final = re.compile(
    rf"\b(?P<cleared>{_NAMES}) (?:(?:record|signature|check|entry|eintrag)s? )?"
    r"(?:(?:and )?(?:pass(?:es|ed)|checks? out)|(?:is|are|was|were|ist|sind|war|waren|est|sont|es|son|.|jest|klopt) (?:all |both |quite )?"
    r"(?:in order|fine|ok|okay|correct|valid|all right|in ordnung|korrekt|g.ltig|en ordre|bons?|bonnes?|en orden|correctos?|a posto|em ordem|in orde))"
    r"(?![\w-])"
)
_NOTHING_WRONG: Final = re.compile(
    r"\b(?:in order|all right|(?:is|are) (?:fine|okay|ok)|no (?:fault|problem|objection|complaint|quarrel)s?|nothing (?:is |was )?(?:wrong|amiss|the matter))"
    rf" with (?:(?:your|the|its|his|both) )?(?P<cleared>{_NAMES})(?![\w-])"
)
_TOO: Final = re.compile(
    rf"\bpass(?:ed|es),? (?:and )?so (?:did|does) (?:(?:your|the|its|his) )?(?P<cleared>{_NAMES})(?![\w-])"
)
# Of a list, a virus or a rate only the test can be in order: "spam passed" is none that was.
_PASSED: Final = re.compile(
    r"\b(?P<cleared>(?:rbl|dnsbl|block ?-?list|blacklist|anti-?virus|virus|av|malware|spam|phishing|content|header|attachment|"
    r"gr[ea]ylist(?:ing)?|reputation|quota|size|rate|reverse dns|dns|mx|helo|tls|ssl)s? "
    r"(?:check|scan|test|lookup|handshake|inspection|verification)(?:s|ing)?"
    r"|gr[ea]ylisting|size|reverse dns|quota|tls|ssl|starttls|spf|dkim|dmarc)"
    r"(?: is| are| was| were)?:? (?:all |both |quite )?(?:clean|fine|ok|okay|passed|in order|all right|none listed)"
    r"(?=[,;.:!)]|$| and\b| but\b)"
)
# "Nicht ..., sondern" needs no word of what it is about: it denies whatever stands between.
_DENIED: Final = re.compile(
    r"(?<!\w)(?:not (?:because(?: of)?|due to|for|on account of|a (?:matter|question|case) of) "
    r"|nicht |(?:ce )?n.est pas (?:.{1,4} (?:question|probl.me|affaire) )?(?:.{1,3} cause )?d.\s?|non (?:pas )?(?:pour|.{1,2} cause de|par) "
    r"|no (?:por|a causa de|es cuesti.n de|es un problema de) |non (?:per|a causa di|.{1,2} una questione di) "
    r"|n.o (?:por|.{1,2} uma quest.o de) |niet (?:vanwege|wegens|om) |nie (?:z powodu|przez) |не из-за |(?:inte|ikke) p. grund a[fv] )"
    r"(?P<cleared>[^.;:]{1,60}?)"
    r",? (?:(?:sondern|but|mais|sino|maar|lecz|tylko|utan)(?!\w)|(?:mas?|men|а) )"
)
# Behind a colon stands the cause only where a cause is denied before it: "nicht zustellbar: ..." denies none.
_NOT_BECAUSE: Final = re.compile(
    r"(?<!\w)(?:not (?:because(?: of)?|due to|on account of|a (?:matter|question|case) of) |nicht (?:wegen|aufgrund) "
    r"|n.est pas (?:(?:.{1,4} (?:question|probl.me|affaire)|.{1,3} cause) d. ?|d[uû]e?s? (?:[aà]|aux?) )|non (?:pas )?(?:pour|.{1,2} cause de|par) "
    r"|no (?:por|a causa de|es cuesti.n de|es un problema de) |non (?:per|a causa di|.{1,2} una questione di) "
    r"|n.o (?:por|.{1,2} uma quest.o de) |niet (?:vanwege|wegens) |nie (?:z powodu|przez) |не из-за |(?:inte|ikke) p. grund a[fv] )"
    r"(?P<cleared>[^.;:]{1,60}?) ?:(?!\w)"
)
# "It has nothing to do with your reputation."
_NOTHING_TO_DO: Final = re.compile(
    r"\b(?:(?:it|this|that|which) (?:has|had) (?:nothing|not) to do with|(?:das|dies|es) hat nichts (?:zu tun )?mit|rien à voir avec|nada que ver con|nada a ver com|niente a che (?:fare|vedere) con"
    r"|niets te maken met|nic wspólnego z)(?P<cleared> [^.;:!?,]{1,80}?)(?= zu tun\b|[.;:!?,]|$)"
)
# "It is not that the user does not exist; he has blocked you."
_NOT_THAT: Final = re.compile(
    r"\bnot that (?P<cleared>(?:the|we|you|your|this|he|she|it|there|any|our|his|her)\b[^.;:,]{1,60})(?=[;:,]| but\b)"
)
# Whatever is not the reason; "if it is not" says nothing, and "not the only reason" that it is one.
_NO_REASON: Final = re.compile(
    r"(?:^|[.,;:!?(] ?|\bbut |\band )(?!(?:if|unless|when|whether|why|maybe|perhaps|wenn|falls|ob|si|se|als) )"
    r"(?P<cleared>[^.,;:!?(]{1,60}?) "
    r"(?:(?:(?:is|are|was|were)n.t|(?:(?:is|are|was|were) )?not) (?:really )?(?:the|a) (?:reason|cause|problem|issue|culprit)"
    r"|(?:ist|sind|war|waren) nicht (?:das problem|der grund|die ursache)|n.est pas (?:le probl.me|la cause|la raison)"
    r"|no (?:es|son) (?:el problema|la causa|el motivo)|non (?:.|sono) (?:il problema|la causa|il motivo)"
    r"|n.o (?:.|s.o) (?:o problema|a causa|o motivo)|is niet (?:het probleem|de reden|de oorzaak)"
    r"|nie jest (?:problemem|przyczyn.|powodem))(?!\w)"
)
_NOT_REFUSED: Final = re.compile(
    r"\b(?P<cleared>(?:is |are |was |and |but )not (?:over|above|beyond) (?:(?:the|his|her|its|their) )?quota"
    r"|(?:is not|isn.t|ist nicht|n.est pas|no est.{1,2}|n.o est.{1,2}|non .|is niet) (?:full|voll|pleine?|llen[oa]|chei[oa]|pien[oa]|vol)(?!\w)"
    r"|(?:is|was) not an? (?:unknown|invalid|non-?existent) (?:user|recipient|mail ?box|address|account)"
    r"|(?:relay(?:ing)?|access|sender|client|connection) (?:is |was )?not (?:denied|refused|rejected|blocked)"
    r"|gr[ea]y-?listing is (?:off|disabled|switched off|not (?:active|in use|on|used))|(?:do|does) not (?:use )?gr[ea]y-?list(?:ing)?)\b"
)
# "Do not try again until tomorrow" is a hope; so nothing may stand behind "do not try again (later)".
_IT: Final = r"(?: (?:it|again|this message|the message|your message))"
_MORE: Final = rf"(?:{_IT}| delivery){{0,3}}(?: later)?"
# "Groups never send" is no hope.
_ATTEMPT: Final = rf"(?:(?:re)?try(?:ing)?|re-?send(?:ing)?|send(?:ing)?(?={_IT})){_MORE}"
_HOPELESS: Final = re.compile(
    r"\b(?P<cleared>"
    rf"(?:do not|don.t|never|no (?:point|use|sense|need|reason) (?:in|to|of)|no use) {_ATTEMPT}"
    rf"|(?:(?:re)?trying|(?:re-?)?sending){_MORE} (?:is (?:pointless|useless|futile|in vain|(?:of )?no use)|(?:will not|won.t|would not|cannot|does not) (?:help|work|succeed))"
    r"|(?:will not|won.t|cannot|can.t|should not) be (?:re-?tried|re-?sent|tried again)"
    r"|not (?:a |just |only |merely )?temporar(?:y|ily)(?: (?:error|failure|problem|condition|fault|one))?"
    r"|(?:please )?(?:re-?)?try again(?: -)? with (?:the|a|an) (?:right|correct|valid|proper|existing) (?:spelling|(?:e-?mail )?address|name|recipient)"
    r"|nicht (?:nur )?(?:vor.bergehend|tempor.r)|pas temporaire|no es temporal|non . temporane[oa]|n.o . tempor.ri[oa]|niet tijdelijk)"
    r"(?= ?[.,;:!)](?!\w)|$| - | (?:but|because)\b)"
)
# What is "wrong", "an error" or "a mistake" to a reader who may think so is the refusal, never the address. What else he may
# think stays: "if you have been blocked by mistake" says that he may be.
_YOU_THINK: Final = (
    r"(?:(?:if|should|in case) you (?:(?:still|really) )?(?:believe|think|feel|consider|suspect|are (?:sure|certain|convinced|of the opinion)|have reason to (?:believe|think))"
    r"|(?:wenn|falls|sollten) sie (?:glauben|meinen|denken|der (?:meinung|ansicht|auffassung) sind)"
    r"|si vous (?:pensez|croyez|estimez)|si (?:usted )?(?:cree|piensa|considera))"
)
_WRONG: Final = (
    r"(?:wrong|errors?|mistakes?|mistaken|incorrect|erroneous|unjustified|false positives?"
    r"|fehler|irrtum|erreur|erroné|. tort|equivocad[oa]|equivocación|incorrect[oa])\b"
)
# Behind these it is told what was.
_WRONGLY: Final = r"(?:wrongly|mistakenly|incorrectly|erroneously|irrtümlich(?:erweise)?|fälschlich(?:erweise)?|falsch|(?:zu )?unrecht)\b"
# Words on the refusal itself.
_OF_REFUSAL: Final = (
    r"(?:that|th[ei]s|it|it['’]s|that['’]s|there|the|your|you|we|our|a|an|is|was|are|be|been|being|has|have|made|got|received|in|by|to|of|result|e-?mail|mail|message|"
    r"error|reply|response|bounce|notice|rejection|refusal|decision|verdict|rejected|refused|returned|undelivered"
    r"|dass|dies(?:e[rs]?)?|das|die|der|es|sich|um|einen?|hier|ist|sind|wurde|ihre|nachricht|ablehnung|abgelehnt|abgewiesen|handelt|vorliegt"
    r"|que|qu['’]il|qu['’]elle|il|s['’]agit|c['’]est|ce|ceci|cela|cette|d['’]une|une|votre|est|a|été|par|rejeté|refusé"
    r"|se|trata|de|un|es|esto|su|mensaje|ha|sido|fue|por|hay|rechazado)"
)
_IF_WRONG: Final = re.compile(
    rf"\b(?:(?P<all>{_YOU_THINK},?(?: {_OF_REFUSAL}){{0,9}}? (?:{_WRONG}|{_WRONGLY}(?! [^\W\d_]))"
    r"|(?:(?:if|should|in case) (?:this|that|it)(?: (?:rejection|refusal|decision|verdict))? (?:is|was|be|seems|appears)(?: to be)?(?: our)?|if)"
    r" (?:(?:in|an|a) )?(?:wrong|error|mistake|mistaken|incorrect|erroneous|unjustified|false positive)\b"
    r"|(?:wenn|falls|sollte) (?:dies|das|es)(?: sich um)? (?:ein|einen) (?:fehler|irrtum)\b|s['’]il s['’]agit d['’]une erreur|si se trata de un error)"
    rf"|{_YOU_THINK}[^.;:!?<>]{{0,60}}?\b(?P<word>{_WRONG}|{_WRONGLY}))"
)
# Three or more that may be: of two causes people mostly mean one. A list ends with its sentence.
_ITEM: Final = r"[^.!?,;/]{1,80}"
_THREE: Final = rf"(?P<cleared>{_ITEM}(?:[,;/]| or | 2\)){_ITEM}(?:[,;/]| or | and | 3\))[^.!?]{{1,200}})"
_POSSIBLE: Final = re.compile(
    r"\b(?:(?:possible|common|frequent|likely|usual|typical|potential|probable) (?:reasons?|causes?|explanations?)(?: for (?:this|that|it))?"
    r"(?: are| is| include| may be| can be)?(?: that)?|(?:reasons?|causes?) (?:for this |of this )?(?:may|might|could|can) be(?: that)?"
    r"|(?:may|might|could|can) (?:be|have been) (?:because|due to|caused by)(?: of)?"
    r"|for one of (?:these|the following|several|many)(?: possible)?(?: reasons| causes| things)?):? " + _THREE
)
_EACH_MAY: Final = re.compile(
    r"(?:^|[.!?;] )[^.!?,;]{1,60}\bmay (?P<cleared>[^.!?,;]{1,60}, ?[^.!?,;]{1,60}\bmay [^.!?,;]{1,60},? (?:or|and) [^.!?,;]{1,60}\bmay [^.!?;]{1,80})"
)
# "5.1.1 user unknown, 5.2.2 mailbox full, 5.7.1 policy": what its codes mean, of which only the reply's own counts.
_CODE: Final = r"[45]\.\d\.\d{1,3}[ =:]+[^,;.()=]{2,40}"
_KEY: Final = re.compile(rf"(?<=[a-z](?: \(|: ))(?P<cleared>(?:{_CODE}[,;] ?){{2,8}}{_CODE})", re.ASCII)
# What a client only supposes behind what it knows: "no answer for 3 days; perhaps the host does not exist".
_SUPPOSED: Final = re.compile(
    r"\b(?:no (?:answer|response|reply)|never (?:answered|responded|replied)|timed? ?out|expired|giving up|gave up"
    r"|(?:could not|couldn.t|cannot|unable to) connect|not (?:be )?delivered (?:within|for|after|in) (?:\w+ )?\d{1,3}|(?:nach|après|después de|dopo) \d{1,3}"
    r"|keine antwort|aucune réponse|sin respuesta|nessuna risposta)\b[^;?!]{0,120}?[.,:;?!(-] ?"
    r"(?P<cleared>(?:possibly|perhaps|maybe|probably|presumably|either|(?:it|this)(?: is|.s) possible|an? (?:likely|probable|possible) (?:cause|reason) is"
    r"|[a-z ',]{1,40} (?:may|might)|vielleicht|möglicherweise|vermutlich|wahrscheinlich|peut-être|quizás?|tal vez|posiblemente|forse|talvez|misschien)\b"
    r"(?=[^.;?!]{0,120}(?:exist|esiste|bestaat|istniej|unknown|no such|not (?:be )?found|invalid|mistyped|misspel|unbekannt|inconnu|desconocid|sconosciut|gibt es))[^.;?!]{1,160})"
)
# What a server refuses at all, three things or more, before it says what this message was: "Mail with viruses, from listed
# hosts or over 25 MB is refused. Yours came ...".
_THINGS: Final = r"[^.;:!?,]{1,80},[^.;:!?]{1,120}(?:, | and | or )[^.;:!?,]{1,80}"
# What follows says what this message was, unless it refers to the things themselves: "that is the case here".
_THIS_ONE: Final = r"(?!(?:that|this|which|such|one|some|at least)\b)(?=[^\s.])"
_REFUSED_AT_ALL: Final = re.compile(
    rf"\b(?:rejects?|refuses?|blocks?|(?:does|do) not (?:accept|take)) (?:all |any )?(?:e?-?mails?|messages?) (?P<cleared>{_THINGS})[.;] {_THIS_ONE}"
)
_ALL_ARE_REFUSED: Final = re.compile(
    rf"(?:^|[.;] |\bthat )(?:(?:all|any) )?(?:e?-?mails?|messages?) (?P<cleared>{_THINGS}) (?:are|is|will be|get) (?:always )?(?:refused|rejected|blocked|not (?:accepted|taken))[.;] {_THIS_ONE}"
)
# Where to report abuse is no accusation: "this system answers to abuse reports at <addr> only".
_WHERE_TO_REPORT: Final = re.compile(
    r"(?<!due to )(?<!because of )(?<!after )(?<!many )\b(?P<cleared>abuse (?:reports?|complaints?))"
    r"(?=(?: (?:are|can|may|should|must|be|sent|read|answered|taken|accepted|handled|only|please)){0,4} (?:at|to|via|by|under):? "
    r"(?:<addr>|<url>|https?:|[^\s@]{1,64}@))"
)
# What is said behind all that of another mailbox of his: "bob does not exist, and his other account is suspended as well".
_ANOTHERS: Final = re.compile(
    r"(?:(?<=[.,;:] )|(?<=\band ))(?P<cleared>(?:that|(?:his|her|their) (?:other|old|second|former)) (?:account|address|mail ?box|one)"
    r" (?:is|was|has been) (?:closed|suspended|disabled|deactivated|locked|inactive|deleted|gone)) (?:too|as well)(?=[.,;:!?)]|$)"
    r"|(?:(?<=[.,;:] )|(?<=\bund ))(?P<konto>(?:sein|ihr)e? (?:ander|alt|zweit)es? (?:konto|postfach|adresse) (?:ist|wurde) (?:auch|ebenfalls|ebenso)"
    r" (?:geschlossen|gesperrt|deaktiviert|stillgelegt|gelöscht))\b"
    r"|(?:(?<=[.,;:] )|(?<=\bet ))(?P<compte>son (?:autre|ancien(?:ne)?) (?:compte|adresse|boîte) (?:est|a été)"
    r" (?:aussi |également )?(?:fermé|suspendu|désactivé|bloqué|supprimé)e?) (?:aussi|également)\b"
    r"|(?:(?<=[.,;:] )|(?<=\by ))(?P<cuenta>su (?:otr[oa]|antigu[oa]) (?:cuenta|buzón|dirección) también (?:está|fue)"
    r" (?:cerrad|suspendid|desactivad|bloquead|eliminad)[oa])\b"
)
# What each is looked for by, all in one pass: in nearly all replies there is nothing of the kind.
_SIGNS: Final = (
    ((" clean", " fine", " ok", " passed", " in order", " all right", "none listed"), _PASSED),
    (("spf", "dkim", "dmarc", "ptr", "rdns"), _FINE),
    ((" with ",), _NOTHING_WRONG),
    ((" so did ", " so does "), _TOO),
    (
        ("reason", "cause", "probl", "issue", "culprit", "grund", "ursache", "raison", "causa", "motiv", "reden", "oorzaak", "przyczyn", "powodem"),
        _NO_REASON,
    ),
    (
        ("listing is", "not greyl", "not grayl", "not grey-l", "not gray-l", "not use gr", "not an ", "not a ", "not denied", "not refused", "not rejected", "not blocked", "not over", "not above", "not beyond", " full", " plein", " llen", " chei", " pien", " vol"),
        _NOT_REFUSED,
    ),
    (("virus", "malware", "spam", "infected", "worm"), _CLEAN),
    (
        ("believe", "you think", "you feel", "you still ", "you really ", "you have reason", "consider", "suspect", "you are ", "if this", "if that", "if it", "if in ", "if an ",
         "if a ", "if wrong", "if err", "if mist", "if incorr", "if unj", "if false", "should this", "should that", "should it", "in case",
         "glauben", "meinen", "denken", "meinung", "ansicht", "auffassung", "falls ", "wenn ", "sollte ", "pensez", "croyez", "estimez", "s'il s", "s’il s",
         "si cree", "si piensa", "si usted", "si se trata"),
        _IF_WRONG,
    ),
    (("reason", "cause", "explanation", "due to", "one of"), _POSSIBLE),
    ((" may ",), _EACH_MAY),
    (("rejects", "refuses", "blocks", "reject ", "refuse ", "block all ", "block any ", "block m", "block e", "block -", "not accept ", "not take "), _REFUSED_AT_ALL),
    ((" refused", " rejected", " blocked", "not accepted", "not taken"), _ALL_ARE_REFUSED),
    (
        ("possibl", "perhaps", "maybe", "probabl", "presumabl", "either ", "likely", " may ", " might ", "vielleicht", "glicherweise", "vermutlich", "wahrscheinlich",
         "peut-être", "quizá", "tal vez", "posiblemente", "forse ", "talvez", "misschien"),
        _SUPPOSED,
    ),
    ((", 5.", "; 5.", ", 4.", "; 4.", ",5.", ";5.", ",4.", ";4."), _KEY),
    (("try", "retr", "re-tr", "resen", "re-sen", "sending", "send it", "send th", "send your", "again", "later", "tempor", "bergehend", "tijdelijk"), _HOPELESS),
    (needs.SIGNS, needs.UNASKED),
    (("abuse report", "abuse complaint"), _WHERE_TO_REPORT),
    ((" too", " as well", " auch ", " ebenfalls ", " ebenso ", " aussi", " également", " también"), _ANOTHERS),
    (("not that ",), _NOT_THAT),
    ((" to do with ", " mit ", " voir avec ", " ver con", " ver com ", "niente a che ", "niets te maken", "nic wspólnego"), _NOTHING_TO_DO),
    (
        (" sondern", " but", " mais", " sino", " ma ", " mas ", " maar", " lecz", " tylko", " utan", " men ", " а "),
        _DENIED,
    ),
    (
        ("not because", "not due to", "not on acc", "not a matt", "not a quest", "not a case", "nicht wegen", "nicht aufgr", "est pas ", "non pas ", "non p", " cause de ", "o por ",
         "no a causa", "no es cuesti", "no es un probl", "non a causa", " una questione", " uma quest", "niet vanwege", "niet wegens", "nie z powodu", "nie przez", "не из-за",
         "inte p", "ikke p"),
        _NOT_BECAUSE,
    ),
)  # fmt: skip
_SIGN_OF: Final = [number for number, (signs, _) in enumerate(_SIGNS) for _ in signs]
_LOOK: Final = BytesAhoCorasick([sign.encode() for signs, _ in _SIGNS for sign in signs]).find_matches_as_indexes
_WORD: Final = re.compile(r"[^\s,]+")


def cleared(words: str) -> str:
    """Return the lower-case *words* of a reply, those that it clears itself named `<cleared>`."""
    if "=" in words or words.count(":") > words.count(": "):
        words = _TESTS.sub("<cleared>", words)
    if found := _LOOK(words.encode(errors="replace"), overlapping=True):  # a lone surrogate is no UTF-8
        for number in sorted({_SIGN_OF[sign] for sign, _, _ in found}):
            words = _SIGNS[number][1].sub(_named, words)
    return words


def clears_a_cause(words: str) -> bool:
    """Say whether the lower-case *words* of a reply clear more than hopes, which say nothing of why it refused."""
    return "<cleared>" in cleared(_HOPELESS.sub(" ", words))


def _named(found: re.Match[str]) -> str:
    """Return what was found, each word that is cleared by its kind."""
    begin, end = (place - found.start() for place in found.span(found.lastgroup or 0))
    return found[0][:begin] + _WORD.sub("<cleared>", found[0][begin:end]) + found[0][end:]
