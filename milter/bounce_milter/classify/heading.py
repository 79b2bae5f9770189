"""Who speaks, where a reply begins with the name of a team or of a program: "RBL-Team: ", "greylist-plugin says: ".

Rule: such a name tells what its bearer looks for and not what it found. Only a name that says by a part of it that it is one
counts: of "Spam: " and "quota: " it is not known, and "spam filter" without a colon may be who refused. Pure, linear, never raises.
"""

import re
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

# What they look after, and what calls them a team or a program.
_FIELD: Final = r"rbl|dnsbl|spf|dkim|dmarc|gr[ae]y-?list(?:ing)?|spam|virus|(?:block|black)-?list|quota|tls"
_BEARER: Final = (
    r"team|group|desk|department|abteilung|dienst|staff|admins?|plug-?in|parser|module|gateway|checker|filter|scanner|engine|"
    r"service|policy|protection|control|relay|guard|milter|daemon|server|agent|anti"
)
_PART: Final = r"[\w-]{0,24}"
_HEADING: Final = re.compile(
    rf"[<\[]?(?=[^:]{{0,60}}?(?:{_BEARER}))(?:[\w.]{{1,20}} )?{_PART}(?:{_FIELD}){_PART}(?: (?:{_BEARER})s?)?[>\]]?"
    r"(?: (?:says|said|reports|meldet|sagt))? ?: ?(?=\S)",
    re.IGNORECASE,
)
# A name is shorter than that.
_CHARS: Final = 100
# Without one of these there is none, as in most replies.
_SIGNS: Final = BytesAhoCorasick([
    b"rbl", b"dnsbl", b"spf", b"dkim", b"dmarc", b"list", b"spam", b"virus", b"quota", b"tls",
])  # fmt: skip


def behind(text: str) -> str | None:
    """Return what stands behind the name of who speaks in *text*, None where it begins with none."""
    end = text.find(":", 0, _CHARS)
    if end < 0 or not _SIGNS.find_matches_as_indexes(text[:end].lower().encode(errors="replace")):
        return None
    found = _HEADING.match(text)
    return text[found.end() :] if found else None
