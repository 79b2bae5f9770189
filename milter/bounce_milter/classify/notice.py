"""Where a reply ends and a notice begins that stands in every reply of a server: what is forbidden, what may be refused, who
protects it.

Rule: a notice is whole sentences behind the first, and speaks of anybody's mail and not of this one: "may be refused if",
"is prohibited", "offenders will be", "protected by", "to be removed from our list see", "if this persists, your host may be
listed". It says nothing of why this message was refused. Pure, linear, never raises.
"""

import re
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

# A sentence's end: a mark behind a word of letters, not the dot of "e. g." or of a host.
_ENDS: Final = re.compile(r"(?<=[^\W\d_]{3})[.!] +(?=[A-Z])|(?<=[>)\]])[.!] +(?=[A-Z])")
_NOTICE: Final = re.compile(
    r"(?:legal |important |please )?(?:notice|warning|note|disclaimer)\b"
    r"|[^.!]{0,160}\b(?:may|might|can) be (?:\w+ )?(?:refused|rejected|blocked|blacklisted|denied|deferred|discarded|dropped)\b[^.!]{0,60}\b(?:if|when|unless|without)\b"
    r"|[^.!]{0,160}\bif\b[^.!]{1,80}\b(?:may|might|can|will) be (?:refused|rejected|blocked|blacklisted|denied|deferred|discarded|dropped)\b"
    r"|if\b[^.!]{1,120}\b(?:may|might|could) (?:also )?(?:be|have)\b"
    r"|[^.!]{0,160}\b(?:is|are) (?:strictly |expressly )?(?:prohibited|forbidden|not tolerated)\b"
    r"|[^.!]{0,160}\b(?:offenders|violators)\b|by (?:connecting|using)\b|[^.!]{0,160}\bthe property of\b|[^.!]{0,160}\bprosecuted\b"
    r"|(?:to be |for |to ask for |to request )(?:removal|removed|delisting|delisted) (?:from|of)\b|to report (?:unsolicited|spam|abuse|junk|phishing)\b"
    r"|[^.!]{0,120}\bprocess(?:es|ed)? (?:your )?personal data\b|[^.!]{0,120}\bpersonal data (?:is|are) (?:processed|collected|stored)\b"
    r"|this (?:message|e-?mail|mail) and any attachments?\b"
    r"|(?:(?:this|our) (?:\w+ ){1,3}(?:is|are) )?(?:protected|secured|guarded|powered|filtered|hosted|provided) by\b",
    re.IGNORECASE,
)
# Without one of these there is none, as in nearly all replies.
_SIGNS: Final = BytesAhoCorasick([
    b"may ", b"might ", b"could ", b"can be", b"will be", b"prohibited", b"forbidden", b"tolerated", b"offenders", b"violators",
    b"by connecting", b"by using", b"property of", b"prosecuted", b"removal", b"removed", b"delist", b"to report",
    b"personal data", b"any attach", b"notice", b"warning", b"note", b"disclaimer", b"ed by ",
])  # fmt: skip
# Sentences that are looked at.
_MOST: Final = 20


def without(text: str) -> str | None:
    """Return what stands before the first notice in *text*, None where there is none."""
    if ". " not in text and "! " not in text:
        return None
    if not _SIGNS.find_matches_as_indexes(text.lower().encode(errors="replace")):
        return None
    for count, end in enumerate(_ENDS.finditer(text)):
        if count == _MOST:
            break
        if _NOTICE.match(text, end.end()):
            return text[: end.end()].rstrip()
    return None
