"""What a reply bids people do: whom to turn to, and when to send again.

Rule: said once and plainly, or not told: of two addresses or times nobody knows which is meant, by one bidding or by
two; a denial beside an address or a page ("do not write to", "the form and not", "instead of", "but it takes no mail
yet") names nobody, and whom an owner shall ask is no successor of his. No time is one that has passed ("blocked on", "5
minutes ago"), one of two ("10 minutes or 20", "1 hour 30 minutes"), half of one ("10:00 PM") or none of a clock. Looked
for when a sentence is made. Every pattern is linear in the text, which is bounded (`limits.WORDS_CHARS`). Pure, never
raises.
"""

import re
from typing import Final, NamedTuple

from bounce_milter import address

_FLAGS: Final = re.IGNORECASE

# Words behind which stands whom to turn to, in the languages of servers; "mail to" and "sent to" are none.
_TURN_TO: Final = re.compile(
    r"\b(?:(?:contact(?:e[rz]?|ar|o)?|write|ask|reach (?:us|me|him|her|them)|send (?:it|(?:your |an? |all )?(?:e-?mails?|mails?|messages?|requests?))"
    r"|(?:please |or )e?-?mail|e?-?mail (?:us|me|him|her|them|our)"
    r"|schreib(?:en|e|t)|wend(?:en|e|et)|kontaktieren|mail an|écri(?:re|vez)|adress(?:er|ez)|joindre|joignez"
    r"|escrib(?:a|e|ir|an)|dirigirse|diríjase|scriv(?:a|ere|ete)|contatt(?:i|are|ate))\b[^.;!?@]{0,40}"
    r"|(?:new (?:e-?mail )?address|neue (?:e-?mail-?)?adresse|nouvelle adresse|nueva dirección|nuovo indirizzo)(?: is| now is| is now| ist| lautet| est| es)?"
    r"|(?:try|use)(?: instead| the| new| address| e?-?mail){0,4})[ :<(\"'\[]{1,3}\Z",
    _FLAGS,
)
# Between two addresses that are named in one breath: a mark or "or", and a name before the brackets of the second.
_JOINS: Final = re.compile(
    r"[>)）\]\"']{0,2} ?(?:[,;/&、]|[,;]? ?\b(?:n?or|and|oder|und|ou|et|o|u|y|e)\b|または|又は|もしくは|か|と|及び|および)"
    r" ?(?:(?:to|an|à|a) )?(?:(?:[^\W\d_][\w.'-]{0,30} ){1,3}(?=[<(（\[\"']))?[<(（\[\"']{0,2}",
    _FLAGS,
)
# Behind an address, what Japanese servers say of it.
_ASK_THERE: Final = re.compile(r"[>）)」]{0,2} ?(?:まで|へ|に|宛)[^。@]{0,12}(?:連絡|問い?合わ?せ|送|ください)")
# Before the words, in their clause, or between them and the address: then nobody is to write there, or somebody could not.
_DENIAL: Final = (
    r"(?:n['’]t\b|\bn['’](?=\w)|\b(?:not|never|nor|no|cannot|unable|failed|instead of|rather than|nicht|nie|keine?|(?:an)?statt|ne|pas|jamais"
    r"|au lieu|nunca|en (?:lugar|vez)|non)\b)"
)
_NOT: Final = re.compile(rf"{_DENIAL}[^.;:,!?]{{0,30}}\Z", _FLAGS)
_DENIED: Final = re.compile(_DENIAL, _FLAGS)
# Who is not to hesitate is bidden all the more; and who stands on no list of theirs may ask for it all the same.
_HESITATE: Final = re.compile(r"hesitat|hésit|zöger|\bdude", _FLAGS)
_LIST: Final = re.compile(r"(?:white|allow|de)-?list|un-?block|https?:", _FLAGS)
# Behind an address, what takes it back: "but that address takes no mail yet", "には送らないでください".
_TAKEN_BACK: Final = re.compile(
    rf"[>)\]\"']{{0,2}},? ?\(?(?:but|yet|though|although|which|it|aber|doch|mais|qui|pero)\b[^.;!?]{{0,40}}?{_DENIAL}"
    r"|[>）)」]{0,2} ?[^。、@]{0,20}(?:ない|ません)",
    _FLAGS,
)
_BEFORE: Final = 40
# A telephone number behind a word that says so, and a page for requests.
_ELSEWHERE: Final = re.compile(
    r"\b(?:call(?! (?:to|from|for|failed)\b)|phone|tel(?:ef[oó]no?|[ée]phone[rz]?|efon)?|ring|dial|anrufen|rufen|appel(?:er|ez)|llam(?:e|ar))\b[^;!?@]{0,30}?"
    r"(?:\+|\b0|\()[0-9][0-9 ()/.-]{5,18}[0-9]"
    r"|\b(?:form|formular|formulaire|formulario|un-?block\w{0,4}|de-?list\w{0,4}|(?:white|allow)-?list\w{0,4}|remov(?:e|al)|be removed|contact|appeal|ticket)\b"
    r"[^;!?@]{0,60}?https?://|https?://[^\s/]{1,100}/[^\s@]{0,60}?(?:un-?block|de-?list|white-?list|remov|notspam|support_bl|contact|appeal)",
    _FLAGS,
)
# Who minds a server and takes over nobody's mailbox; and words with which a server offers help with the failure itself.
_NO_SUCCESSORS: Final = frozenset({
    "abuse", "accounts", "admin", "administrator", "billing", "buchhaltung", "help", "helpdesk", "hostmaster", "it", "noc", "noreply",
    "postmaster", "security", "service", "servicedesk", "support", "webmaster",
})  # fmt: skip
# Whom the words bid then is who has the mailbox, or who pays for it.
_FOR_OWNER: Final = re.compile(
    r"\b(?:owners?|holders?|(?:customer|subscriber|user)s? (?:can|may|must|should)|(?:non-?|un)?pa(?:id|yments?)|invoices?|fees|overdue"
    r"|\w{0,12}inhaber(?:in)?|rechnung(?:en)?|zahlung(?:en)?|titula(?:ire|r)|impay[ée]e?s?|impag[oa](?:d[oa])?s?|factur[ae]s?)\b"
    r"|契約者|お客様",
    _FLAGS,
)
# Words that stand for a name, without their points, and what stands beside one of them: whole, for "firstlevel@" is a desk.
_STAND_IN: Final = (
    r"(?:first(?:name|initial)?|flast|givenname|lastname|nachname|nombre|pre?nom|surname|user(?:name|id)?|vorname|your)"
)
_BESIDE: Final = r"(?:[flv]|address|apellidos?|e?mail|initial|last|name|new|nom)"
_STANDS_IN: Final = re.compile(rf"{_BESIDE}{{0,2}}{_STAND_IN}(?:{_STAND_IN}|{_BESIDE}){{0,3}}", re.ASCII)
_NO_LETTER: Final = re.compile(r"[^a-z0-9]")
_FOR_HELP: Final = re.compile(
    r"\b(?:if you|si (?:usted|vous)|(?:wenn|falls) sie|in error|mistake|problems?|assistance|help|troubleshoot|fehler|erreur|error)\b",
    _FLAGS,
)


def contact(text: str, known: frozenset[str] = frozenset()) -> str | None:
    """Return the address that the reply bids people to write to, where it is one.

    known   addresses that it cannot mean, in lower case: the recipient's own, and the sender's
    """
    if "@" not in text:
        return None
    bidden = (found for joined in _together(text) if any(map(_is_bidden, joined)) for found in joined)
    named = {found[0].lower(): found[0] for found in bidden}
    others = [who for name, who in named.items() if name not in known and not stands_for_any(who)]
    return others[0] if len(others) == 1 else None


def _together(text: str) -> list[list[re.Match[str]]]:
    """Return the addresses in the text, those together that something joins: who bids to write to one means each."""
    groups: list[list[re.Match[str]]] = []
    for found in address.IN_TEXT.finditer(text):
        if groups and _JOINS.fullmatch(text, groups[-1][-1].end(), found.start()):
            groups[-1].append(found)
        else:
            groups.append([found])
    return groups


def _is_bidden(found: re.Match[str]) -> bool:
    text, start = found.string, found.start()
    if _ASK_THERE.match(text, found.end()):
        return not is_taken_back(text, found.end())
    near = max(start - 2 * _BEFORE, 0)
    words = _TURN_TO.search(text[near:start])
    if words is None or is_taken_back(text, found.end()):
        return False
    return not _is_denied(text, near + words.start(), start)


def is_taken_back(text: str, end: int) -> bool:
    """Say whether what stands behind an address, which ends there, says that it is not to be used."""
    return _TAKEN_BACK.match(text, end) is not None


def stands_for_any(who: str) -> bool:
    """Say whether an address only shows how addresses are formed: "firstname.lastname@dest.example"."""
    return _STANDS_IN.fullmatch(_NO_LETTER.sub("", address.name(who).lower())) is not None


def in_his_place(text: str) -> str | None:
    """Return the address to write to in place of one that is not used any more.

    None that only helps with the failure, and none for who has the mailbox.
    """
    who = contact(text)
    if not who or address.name(who).lower() in _NO_SUCCESSORS or _FOR_HELP.search(text) or _FOR_OWNER.search(text):
        return None
    return who


def names_contact(text: str) -> bool:
    """Say whether the reply gives a telephone number to call or a page for requests."""
    found = _ELSEWHERE.finditer(text)
    return any(_LIST.match(each[0]) or not _is_denied(text, *each.span()) for each in found)


def _is_denied(text: str, begin: int, end: int) -> bool:
    """Say whether the words from *begin* to *end* are denied, before them in their clause or among them."""
    before, among = text[max(begin - _BEFORE, 0) : begin], text[begin:end].rpartition(". ")[2]
    return _DENIED.search(among) is not None or (_NOT.search(before) is not None and not _HESITATE.search(before))


class Wait(NamedTuple):
    """When to send again: after so many minutes or hours, at a time of the clock, or when the answer says.

    key      the words for it: "after_minutes", "after_hours", "at_time", "at_named_time"
    value    the number, or the time as the reply writes it
    """

    key: str
    value: str


# What a server says before it says when; a state lasts "for" so long, or it is told since when it has lasted.
_AGAIN: Final = (
    r"\b(?:try|retry|again|wait|waiting time|come back|later|resend|resent|resets?|lifted|gr[ae]y-?list(?:ed|ing)?(?=[^.;!?0-9]{0,40}[0-9]{1,6}[ -]?[smh])"
    r"|(?:gr[ae]y-?list(?:ed|ing)?|blocked|suspended|unavailable|(?<!been )deferred)\b[^.;!?0-9]{0,30}?\bfor(?= (?:the next |at least |about )?(?:[0-9]|(?:an|one|two|three) ))"
    r"|until|erneut|nochmals?|wieder|warten|versuchen|bis|réessay(?:er|ez)|nouveau|attend(?:re|ez)|jusqu|intent(?:e|ar|elo)"
    r"|reintent(?:e|ar)|esper(?:e|ar)|nuevo|hasta)\b"
)
_DAYS: Final = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|january|february|march|april|june|july|august|september|october|november|december"
)
_NUMBERS: Final = {"an": 1, "one": 1, "two": 2, "three": 3}
# By how their names begin, folded (a long "s" fits "s" without regard to case), the longer first: "Stunden" are no seconds.
_UNITS: Final = {"st": 3600, "s": 1, "m": 60, "h": 3600, "d": 86_400, "t": 86_400, "j": 86_400}
_UNIT: Final = (
    r"(s|secs?|seconds?|sekunden?|secondes?|segundos?|m|mins?|minutes?|minuten?|minutos?|h|hrs?|hours?|stunden?|heures?|horas?"
    r"|days?|tage?n?|jours?|d[ií]as?)\b"
)
_NUMBER: Final = r"(?:[0-9]{1,6}|an|one|two|three)"
_WHEN: Final = re.compile(
    rf"{_AGAIN}([^.;!?0-9]{{0,40}}?)(?:(?<!half )(?<!quarter of )\b({_NUMBER})[ -]?{_UNIT}"
    r"|\b((?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[ t])?(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"
    r"(?: ?(?:utc|gmt|z|ces?t|bst|[ecmp][sd]t|jst|[+-][0-9]{2}:?[0-9]{2})\b)?)"
    rf"|\b(midnight|mitternacht|minuit|medianoche|tomorrow|morgen|demain|mañana|{_DAYS})\b)",
    _FLAGS,
)
# Before them: then nobody is bidden, or what has been done is told.
_NOT_BIDDEN: Final = re.compile(
    r"\b(?:(?:re)?tr(?:ied|ying)|(?:no need|not have|n['’]t have) to|need not|needn['’]t)\W{0,2}\Z", _FLAGS
)
_NEGATED: Final = re.compile(r"(?:\b(?:not|never)|n['’]t)\W{1,2}\Z", _FLAGS)
# Who shall not try "for 24 hours" or "before 15:30" may then; who tries for so long tries all the time.
_SO_LONG: Final = re.compile(r"\b(?:for|until|till|before)\b", _FLAGS)
_TRIES: Final = re.compile(
    r"(?:re)?try\b(?: again)?(?: (?:to )?(?:deliver|send)\w{0,4}(?: \w{1,20}){0,3}?)? (?:for|until)\b", _FLAGS
)
# Behind them: then a time has passed, is one of two, or is told in part only.
_NOT_ALL: Final = re.compile(
    r"[ ,]{0,2}(?:ago\b|earlier\b|[ap]\.?m\b|min|se[ck]|before (?:the )?(?:banner|greeting)|(?:and )?a half\b|\.[0-9]|(?:or|oder|ou|o) [0-9]"
    rf"|(?:(?:or|to|and|oder|bis|und|ou|à|et|o|a|y)\b|[-–])? ?(?:{_NUMBER}[ -]?{_UNIT}|[0-9]{{1,2}}:[0-9]))",
    _FLAGS,
)
# Between the two: then a rate is told, a time by which it must be done, or one that has passed.
_NO_WAIT: Final = re.compile(
    r"\b(?:per|within|limit\w*|every|each|last|past|max\w*|pro|par|por|age|old|first|seen|failed|(?:you|have|has) waited|since|seit|vor"
    r"|alter|depuis|il y a|desde|hace)\b",
    _FLAGS,
)
# What stood "on" a day at a time is more often the past than not.
_ON: Final = re.compile(r"\bon\W*\Z", _FLAGS)
_FOR: Final = re.compile(r"\b(?:in|for|wait|another|après|dans|für|dentro de)\W*\Z", _FLAGS)
# The period of a limit, which says when it ends by itself.
_DAILY: Final = re.compile(
    r"\b(?:daily|(?:per|a|each|every) day|24[ -]?h(?:ours?)?|täglich\w*|(?:pro|am) tag|par jour|diari[oa]|(?:al|por) día)\b",
    _FLAGS,
)
_HOURLY: Final = re.compile(
    r"\b(?:hourly|(?:per|an|each|every) hour|stündlich\w*|pro stunde|par heure|por hora)\b", _FLAGS
)
# Of a period in seconds, up to how many minutes it is told in minutes; a longer one than a month is none.
_MINUTES: Final = 120
_LONGEST: Final = 31 * 86_400


def wait(text: str) -> Wait | None:
    """Return when the reply says that one may send again, None where it does not say it once."""
    found = {_when(each) for each in _WHEN.finditer(text)} - {None}
    return found.pop() if len(found) == 1 else None


def period(text: str) -> Wait | None:
    """Return how long a limit lasts of which the reply only says that it is one of an hour or of a day."""
    daily, hourly = (each.search(text) is not None for each in (_DAILY, _HOURLY))
    return None if daily is hourly else Wait("after_hours", "24") if daily else Wait("after_minutes", "60")


def _when(found: re.Match[str]) -> Wait | None:
    between, number, unit, clock, named = found.groups()
    if _NO_WAIT.search(between) or _is_no_bidding(found):
        return None
    if named:
        return Wait("at_named_time", "")
    if _NOT_ALL.match(found.string, found.end()):
        return None
    if number:
        return _after((_NUMBERS.get(number.lower()) or int(number)) * _seconds(unit.casefold()))
    if _FOR.search(found.string[found.start() : found.start(4)]):
        parts = [int(part) for part in clock.split(":")] if clock.replace(":", "").isdigit() else []
        return _after(parts[0] * 3600 + parts[1] * 60 + parts[2]) if len(parts) == 3 else None
    return None if _ON.search(between) else Wait("at_time", clock.upper())


def _seconds(unit: str) -> int:
    """Return how long a unit lasts, whose name is one of `_UNIT`'s, folded."""
    return next(seconds for name, seconds in _UNITS.items() if unit.startswith(name))


def _is_no_bidding(found: re.Match[str]) -> bool:
    """Say whether the words that say when forbid, tell what has been done, or how long somebody tries."""
    before = found.string[max(found.start() - _BEFORE, 0) : found.start()]
    if _NEGATED.search(before):
        return _SO_LONG.search(found[1]) is None
    return _NOT_BIDDEN.search(before) is not None or _TRIES.match(found[0]) is not None


def _after(seconds: int) -> Wait | None:
    """Return a period in whole minutes or hours, and rather longer than shorter: two of either at least."""
    if not 0 < seconds <= _LONGEST:
        return None
    minutes = max(-(-seconds // 60), 2)
    return Wait("after_minutes", str(minutes)) if minutes < _MINUTES else Wait("after_hours", str(-(-minutes // 60)))
