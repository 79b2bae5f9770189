"""One row of `data/clearings.toml`: words of a reply that are not why it refused; read from TOML and validated.

Rule: an open set, so it is data: each row has samples with what becomes of them, and others that share its words and must
stay. What several patterns share is a part, and stands in them as `{name}`: braces about a number are Python's own, about
anything else they name a part, and one that is not there ends the reading. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from bounce_milter import toml

_PART: Final = re.compile(r"\{(?!\d+(?:,\d*)?\})([^}]*)\}?")
# Python takes a name once in a pattern; here each alternative may have it.
_NAMED: Final = "(?P<cleared>"


class Clearing(msgspec.Struct, frozen=True, eq=False, kw_only=True, forbid_unknown_fields=True):
    """Words that are not why. Patterns are for lower-case text.

    id         its name, for people
    signs      texts of which one stands in every reply that the row finds something in
    words      what replies say, and in it the group of what is cleared, without one all of it; in a file a list of
               alternatives, each with its group `cleared`, and what stands `before` and `after` every one
    hope       what it clears is a hope, which says nothing of why; others clear a cause
    samples    replies, and what their words become
    others     replies of which nothing is cleared
    """

    id: str
    signs: tuple[str, ...]
    words: str
    samples: tuple[tuple[str, str], ...]
    others: tuple[str, ...] = ()
    hope: bool = False


def read(text: str) -> tuple[Clearing, ...]:
    """Return the rows of a file, in its order. msgspec.ValidationError, KeyError or toml.TomlError where one is wrong."""
    table = toml.read(text)
    parts: dict[str, str] = {}
    for name, ways in table["parts"].items():
        parts[name] = _filled(_any_of(ways), parts)
    return tuple(msgspec.convert(_joined(row, parts), Clearing) for row in table["clearing"])


def _joined(row: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, Any]:
    """Return a row with its alternatives as one pattern."""
    rest = {**row}
    pattern = rest.pop("before", "") + _any_of(row["words"]) + rest.pop("after", "")
    return {**rest, "words": _filled(pattern, parts).replace(_NAMED, "(")}


def _any_of(ways: Iterable[str]) -> str:
    return f"(?:{'|'.join(ways)})"


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], pattern)
