"""What a reply says was not why it refused: tests that were passed, and causes that are denied.

Rule: a filter lists all that it looked at ("rbl=none spf=pass rdns=missing"), and a server may say first what is in order
or is not meant ("your SPF is fine", "not because of spam but of its size"): such words are the opposite of a cause. So
each of them stands as `<cleared>`, and their number stays. Pure, and linear in the text.
"""

import re
from typing import Final

# "None" of what is bad where it is found is good, of a record it is not.
_TESTS: Final = re.compile(
    r"(?<![\w.@-])(?:"
    r"(?:rbls?|dnsbls?|dbl|uribl|surbl|bl(?:ack|ock)-?list|av|anti-?virus|virus|malware|spam|phish(?:ing)?|gr[ea]ylist(?:ing)?|"
    r"banned|attachments?)[=:](?:none|no|0(?:/\d+)?|clean|clear|ok|pass(?:ed)?|false|negative|absent|good|not-?listed)"
    r"|(?:spf|dkim|dmarc|arc|auth|sender-?id|f?c?rdns|ptr|dns|mx|helo|ehlo|tls|size|quota|rate)[=:]"
    r"(?:pass(?:ed)?|ok|good|fine|valid|true|match(?:ed)?|neutral)"
    r")(?![\w-]|[.=/]\w)",
    re.ASCII,
)
_NAME: Final = r"(?:spf|dkim|dmarc|ptr|rdns)"
_FINE: Final = re.compile(
    rf"\b(?P<names>{_NAME}(?:,? (?:and |und |et |y |e |en )?{_NAME}){{0,3}}) (?:(?:record|signature|check|entry|eintrag)s? )?"
    r"(?:pass(?:es|ed)|(?:is|are|was|were|ist|sind|war|waren|est|sont|es|son|.|jest|klopt) (?:all |both |quite )?"
    r"(?:in order|fine|ok|okay|correct|valid|all right|in ordnung|korrekt|g.ltig|en ordre|bons?|bonnes?|en orden|correctos?|a posto|em ordem|in orde))"
    r"(?![\w-])"
)
# "Nicht ..., sondern" needs no word of what it is about: it denies whatever stands between.
_DENIED: Final = re.compile(
    r"(?<!\w)(?:not (?:because of|due to|for|on account of|a (?:matter|question|case) of) "
    r"|nicht |(?:ce )?n.est pas (?:.{1,4} (?:question|probl.me|affaire) )?(?:.{1,3} cause )?d.\s?|non (?:pas )?(?:pour|.{1,2} cause de|par) "
    r"|no (?:por|a causa de|es cuesti.n de|es un problema de) |non (?:per|a causa di|.{1,2} una questione di) "
    r"|n.o (?:por|.{1,2} uma quest.o de) |niet (?:vanwege|wegens|om) |nie (?:z powodu|przez) |не из-за |(?:inte|ikke) p. grund a[fv] )"
    r"(?P<cause>[^.;:]{1,60}?)"
    r",? (?:sondern|but|mais|sino|ma|mas|maar|lecz|tylko|utan|men|а|:)(?!\w)"
)
# Without one of these there is nothing of the kind, as in nearly all replies.
_OF_FINE: Final = ("spf", "dkim", "dmarc", "ptr", "rdns")
_OF_DENIED: Final = (
    " sondern", " but ", " mais ", " sino ", " ma ", " mas ", " maar ", " lecz ", " tylko ", " utan ", " men ", " а ", "n'est pas ", "n’est pas ",
)  # fmt: skip
_WORD: Final = re.compile(r"[^\s,]+")


def cleared(words: str) -> str:
    """Return the lower-case *words* of a reply, those that it clears itself named `<cleared>`."""
    if "=" in words or words.count(":") > words.count(": "):
        words = _TESTS.sub("<cleared>", words)
    for sign in _OF_FINE:
        if sign in words:
            words = _FINE.sub(lambda found: _named(found, "names"), words)
            break
    for sign in _OF_DENIED:
        if sign in words:
            return _DENIED.sub(lambda found: _named(found, "cause"), words)
    return words


def _named(found: re.Match[str], group: str) -> str:
    """Return what was found, each word of the group by its kind."""
    begin, end = found.start(group) - found.start(), found.end(group) - found.start()
    return found[0][:begin] + _WORD.sub("<cleared>", found[group]) + found[0][end:]
