"""What gateways and offices put above and below all mail: a banner that warns of it, a footer that praises a product or tells the law.

Rule: it says nothing of this message. A banner says both that the mail came from outside, or from somebody unknown, and that one
shall be careful; "we take no mail from external senders" is none. Only paragraphs of nothing else count, above or below all
others, in which no reply stands, and nothing refuses or speaks of a mailbox: that may be the cause. Pure.
"""

import re
from typing import Final

from bounce_milter import phrases, reply

_SENTENCES: Final = re.compile(r"(?<=[.!])\s|(?<=[。！])")
# The rule between the words and a footer, and what a scanner tells of its own version.
_RULE: Final = re.compile(r"^[ \t]*[-_=*~#]{3,}[ \t]*$", re.MULTILINE)
_RULES: Final = re.compile(r"[-_=*~#]{3}")
_VERSION: Final = re.compile(r" ?(?:version|virus database|release date): [\d./: -]+(?:[ap]m)?")
# What lawyers forbid anybody to do with it, for whom it is alone, and whom to tell.
_COPYING: Final = re.compile(
    r"\bonly for the (?:use|attention) of\b|\bnehmen sie (?:bitte )?kontakt\b|\b(?:(?:jede |das |die )?(?:unerlaubte|unbefugte)|unauthori[sz]ed|any (?:use|copying|disclosure|dissemination)|"
    r"toute (?:utilisation|diffusion|copie|reproduction)|l['’]utilisation|cualquier (?:uso|copia|difusión))\b[^.]*"
)
# The longest paragraph that is read as one, for each of its lines is tried as the last; so many stand above, and below.
_CHARS: Final = 2_000
_LINES: Final = 12
_PARAGRAPHS: Final = 3
# A greeting or a footer of a machine is no longer.
_POLITE_CHARS: Final = 400


def _is_polite(lines: str) -> bool:
    """Say whether lines are a greeting or a footer that stands on any mail of a machine, and nothing else."""
    if len(lines) > _POLITE_CHARS:
        return False
    paragraph = _one_line(lines)
    if "@" in paragraph:
        return phrases.ASKS_BACK.fullmatch(paragraph) is not None
    if not phrases.POLITE.match(paragraph):  # nearly all
        return False
    return all(map(phrases.POLITE.fullmatch, filter(None, _SENTENCES.split(paragraph))))


def below(text: str) -> str:
    """Return the lines of *text* below what stands above all mail, all of them where nothing does."""
    for _ in range(_PARAGRAPHS):
        first, gap, others = text.lstrip("\n").partition("\n\n")
        if gap and _is_polite(first):
            text = others
            continue
        if not _may_be(first):  # nearly all
            break
        lines = first.split("\n")
        # The words may begin right below it.
        end = next((n for n in range(len(lines), 0, -1) if _is_of_any_mail("\n".join(lines[:n]))), 0)
        if end < len(lines):
            return "\n".join(lines[end:]) + gap + others if end else text
        text = others
    return text


def above(text: str) -> str:
    """Return the lines of *text* above what stands below all mail, all of them where nothing does."""
    for _ in range(_PARAGRAPHS):
        end = text.rstrip("\n").rfind("\n\n")
        if end < 0 or not (_is_polite(text[end:]) or (_may_be(text[end:]) and _is_of_any_mail(text[end:]))):
            break
        text = text[: end + 1]
    return text


def _may_be(lines: str) -> bool:
    """Say whether a paragraph holds some of a banner or of a footer."""
    short = len(lines) <= _CHARS and lines.strip().count("\n") < _LINES
    return short and phrases.LETTERHEAD.search(_one_line(lines)) and not reply.may_hold_code(lines)


def _is_of_any_mail(lines: str) -> bool:
    """Say whether lines are a banner or a footer, and nothing else."""
    paragraph = _one_line(lines)
    if phrases.UNDELIVERED.search(paragraph) or phrases.MAY_BE_CAUSE.search(_COPYING.sub("", paragraph)):
        return False
    said = [each for each in _SENTENCES.split(paragraph) if any(map(str.isalpha, each))]
    if said and (phrases.OF_LAW.search(said[0]) or all(map(phrases.FOOTER.search, said))):
        return True
    if not (phrases.FROM_OUTSIDE.search(paragraph) and phrases.WARNS.search(paragraph)):
        return False
    return all(phrases.FROM_OUTSIDE.search(each) or phrases.WARNS.search(each) for each in said)


def _one_line(lines: str) -> str:
    """Return lines as one, in lower case, without a rule between them and without a scanner's version."""
    if _RULES.search(lines):
        lines = _RULE.sub("", lines)
    line = " ".join(lines.split()).lower()
    return _VERSION.sub("", line) if "version: " in line else line
