"""What a reply plainly says more than its reason, whichever rule or vote decided: deleted, locked, phishing, blocked by him.

Rule: only words that leave nothing open (`detail` has them). Where "or" or "may" stands near them, where their clause denies
them or speaks of something else, and where the reply itself clears them (`cleared`), the reason's own sentence is told. The
reason stays, and so does whether the address is dead. Pure.
"""

import re
from typing import Final

import msgspec

from bounce_milter import limits
from bounce_milter.case import bidden
from bounce_milter.catalogue import Catalogue
from bounce_milter.catalogue.cleared import Clearings, cleared, finder
from bounce_milter.catalogue.detail import Detail
from bounce_milter.classify.verdict import Verdict

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


def told(verdict: Verdict, text: str, catalogue: Catalogue) -> Verdict:
    """Return the verdict with the words for what the *text* of the reply plainly says more than its reason."""
    lower, listed = text[: limits.WORDS_CHARS].lower(), verdict.listed_by is not None
    for row in catalogue.details.get(verdict.reason, ()):
        if not (row.unlisted and listed) and _says(row, lower, catalogue.clearings):
            return msgspec.structs.replace(verdict, words=row.topic, act=row.act or verdict.act)
    return verdict


def _says(row: Detail, text: str, clearings: Clearings) -> bool:
    """Say whether the words stand there, are meant, and leave nothing open."""
    words = finder(row.words)
    if not words.search(text):
        return False
    if (row.without and finder(row.without).search(text)) or (row.instead and bidden.in_his_place(text) is None):
        return False
    found = words.search(cleared(text, clearings))
    return found is not None and (row.open or not (_is_open(found) or _is_turned(found, row.denied)))


def _is_open(found: re.Match[str]) -> bool:
    """Say whether words near the found ones leave it open; whole words: "or" is none that "organisation" begins with."""
    text = found.string
    begin = text.rfind(" ", 0, max(found.start() - _NEAR, 0)) + 1
    end = text.find(" ", found.end() + _NEAR)
    return _OPEN.search(text, begin, end if end >= 0 else len(text)) is not None


def _is_turned(found: re.Match[str], denied: str | None) -> bool:
    """Say whether the clause of the found words, up to their end, denies or only supposes them."""
    text, near = found.string, max(found.start() - _NEAR, 0)
    begin = max((mark.end() for mark in _CLAUSE.finditer(text, near, found.start() + 1)), default=near)
    turning = (_SUPPOSED, finder(denied)) if denied else (_SUPPOSED,)
    return any(words.search(text, begin, found.end()) for words in turning)
