"""Names for parts of patterns: `[terms] holder = 'user|mailbox'` lets a rule say `{holder} (?:is )?{absent}`.

Rule: what many sentences share is written once, so "the user is gone" and "the sender is gone" cannot drift apart. A
term may use those that stand before it, never itself or later ones, so there is no circle and an end to expansion.
"""

import re
from collections.abc import Mapping
from typing import Final

#: A name in braces; a repetition "{2,3}" has digits there, a class of letters "\\p{l}" a backslash before it.
_TERM: Final = re.compile(r"(?<!\\p)(?<!\\)\{([a-z][a-z0-9-]*)\}")
NAME: Final = re.compile(r"[a-z][a-z0-9-]*")


def expand(pattern: str, terms: Mapping[str, str]) -> str:
    """Return *pattern* with each {name} replaced by its term, as one group. Raises KeyError with a name not known."""
    return _TERM.sub(lambda found: f"(?:{terms[found[1]]})", pattern)
