"""Where a reply lists what may have been the cause: "Possible reasons: the address is wrong, the mailbox is full, or a filter".

Rule: such a list holds for any failure and names nothing, unless all that stands in it comes to the same. It ends with its
sentence; a reply that says behind it which of them it is ("in your case") has no such list. Pure, linear, never raises.
"""

import re
from typing import Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick

# What begins a list, in lower case. "May be" alone is no list: "the message may be spam".
_MARK: Final = re.compile(
    r"\b(?:possible|likely|potential|common|usual|typical|probable)(?: \w{1,20})? (?:causes?|reasons?)\b"
    r"|\b(?:may|might|could|can) (?:be (?:because|due to|caused by|down to)|have (?:many|several|various|different) (?:causes|reasons))\b"
    r"|\bone (?:or more )?of (?:these|the following)\b"
    r"|\bmögliche (?:ursachen?|gründe?)\b|\bkann (?:mehrere|viele|verschiedene) (?:ursachen|gründe) haben\b|\b(?:kann|könnte) daran liegen\b"
    r"|\b(?:causes?|raisons?) (?:possibles?|probables?|peu(?:t|vent) être)\b|\bpeut (?:être dûe?|venir|provenir)\b"
    r"|\b(?:posibles|probables) (?:causas|motivos|razones)\b|\bpuede (?:deberse|ser (?:que|porque))\b"
    r"|\bpossibili (?:cause|motivi|ragioni)\b|\b(?:cause|motivi|ragioni) possono essere\b|\b(?:può|potrebbe) (?:dipendere|essere dovuto)\b"
    r"|\bpossíveis (?:causas|motivos|razões)\b|\bpode (?:ser que|dever-se)\b"
    r"|\bmogelijke (?:oorzaken|redenen)\b|\bkan (?:komen door|liggen aan)\b|\b(?:möjliga|mulige) (?:orsaker|årsager|årsaker)\b|\bkan (?:bero på|skyldes)\b"
    r"|\bmożliwe (?:przyczyny|powody)\b|\bmožné (?:příčiny|důvody)\b|возможн\w{1,3} причин|можлив\w{1,3} причин"
    r"|\bolası (?:nedenler|sebepler)\b|\blehetséges ok|\bcauze posibile\b|\bmahdollis\w{1,6} sy"
    r"|可能的?(?:原因|理由)|原因が考えられ|考えられる(?:原因|理由)|가능한 (?:원인|이유)"
)
# Without one of these there is none, as in nearly all replies; "because" and "due to" alone would be in many.
_SIGNS: Final = BytesAhoCorasick([
    sign.encode() for sign in (
        "possible", "probable", "likely ", "potential ", "common ", "usual ", "typical ", "be because", "be due to", "be caused by", "be down to",
        "have many", "have several", "have various", "have different", "of these", "of the following", "mögliche ", "kann mehrere ", "kann viele ",
        "kann verschiedene ", "daran liegen", "peut ", "peuvent ", "posibles ", "puede ", "possibili ", "possono ", "può ", "potrebbe ", "possíveis ",
        "pode ", "mogelijke ", "kan ", "möjliga ", "mulige ", "możliwe ", "možné ", "возможн", "можлив", "olası ", "lehetséges ", "cauze ",
        "mahdollis", "可能", "原因", "考えられる", "가능한 ",
    )
])  # fmt: skip
# Between what is listed; one "or" makes a list, else two of the others, for "due to load, try later" is none.
_OR: Final = re.compile(r"\b(?:or|oder|ou|o|u|of|eller|lub|albo|nebo|или|либо|або|veya|tai|vagy|sau|ya da)\b|또는|或")
_BETWEEN: Final = re.compile(rf"[,;、，]| / |\b[a-h1-9]\)|{_OR.pattern}")
# Which one it is.
_NAMED: Final = re.compile(
    r"\b(?:in (?:your|this) case|in (?:ihrem|diesem) fall|hier (?:zutreffend|trifft)|actual(?:ly)?|cause here|dans votre cas|en (?:su|este) caso|nel (?:suo|vostro) caso)\b"
)
_BEGINS: Final = re.compile(r"[.!?)](?=\s)|[。(]")
_ENDS: Final = re.compile(r"[.!?)](?=\s|\Z)|。")
# Behind its list stands "... are thought of as causes".
_FIRST: Final = "原因が考えられ"
# So many causes are looked at.
_MOST: Final = 8


class Causes(NamedTuple):
    """What stands around a list of possible causes, and what it lists."""

    rest: str
    listed: tuple[str, ...]


def causes(text: str) -> Causes | None:
    """Return the first list of possible causes in *text*, None where there is none."""
    lower = text.lower()
    if not _SIGNS.find_matches_as_indexes(lower.encode(errors="replace")):
        return None
    mark = _MARK.search(lower)  # its place is the same in the text, unless a letter grew: "İ" becomes two
    if mark is None or len(lower) != len(text) or _NAMED.search(lower, mark.end()):
        return None
    begin = max((end.end() for end in _BEGINS.finditer(text, 0, mark.start())), default=0)
    behind = _ENDS.search(text, mark.end())
    end = behind.end() if behind else len(text)
    listed = _listed(text[begin : mark.start()] if mark[0] == _FIRST else text[mark.end() : end])
    return Causes(f"{text[:begin]} {text[end:]}".strip(" ()"), listed) if listed else None


def _listed(said: str) -> tuple[str, ...]:
    """Return what a sentence lists, () where it lists nothing."""
    items = [each.strip(" .!?。:()") for each in _BETWEEN.split(said)]
    found = tuple(each for each in items if each)[:_MOST]
    return found if len(found) > 2 or (len(found) > 1 and _OR.search(said)) else ()
