"""One row of `data/details.toml`: what replies say more than their reason, in plain words; read from TOML and validated.

Rule: an open set, so it is data: each row has samples that must be told so, and others that share its words and must not be.
The rows are the package's own, so Python's patterns are enough; each is compiled when a reply of its reason first asks for
it. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bounce_milter import toml
from bounce_milter.vocabulary import Act, Reason

# The fields that may name lists of the file, in a table of their name, which several rows share.
_SHARED: Final = ("denied", "without")
# The fields that are lists of alternatives: one for each way to say it, or for each language.
_FIELDS: Final = ("words", *_SHARED)


class Detail(msgspec.Struct, frozen=True, eq=False, kw_only=True, forbid_unknown_fields=True):
    """What replies say more than their reason. Patterns are for lower-case text, in a file each a list of alternatives.

    topic      under which the words for it stand in a wording
    reasons    the reasons that it is a detail of
    words      what replies say; in a file `not_before` is what may not follow it
    denied     what turns the words round, or makes them those of something else, in their clause up to their end; in a file
               the name of one of its [denied] lists, or of several
    without    what stands nowhere in such a reply; in a file its alternatives, or the name of one of its [without] lists
    act        who must act, where that is another than the reason's
    unlisted   only where no block list is named
    instead    only where the reply names another address in place of the recipient's
    open       the words themselves leave it open: nothing near them can do so
    samples    replies that are told so; others: replies that are not
    """

    topic: str
    reasons: tuple[Reason, ...]
    words: str
    samples: tuple[str, ...]
    others: tuple[str, ...] = ()
    denied: str | None = None
    without: str | None = None
    act: Act | None = None
    unlisted: bool = False
    instead: bool = False
    open: bool = False


#: The rows of each reason, in their order.
Details = Mapping[Reason, tuple[Detail, ...]]


def read(text: str) -> tuple[Detail, ...]:
    """Return the rows of a file, in its order. msgspec.ValidationError, KeyError or toml.TomlError where one is wrong."""
    table = toml.read(text)
    shared = {field: table.get(field, {}) for field in _SHARED}
    return tuple(msgspec.convert(_joined(row, shared), Detail) for row in table["detail"])


def _joined(row: Mapping[str, Any], shared: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any]:
    """Return a row with each list of alternatives as one pattern."""
    joined = {**row, **{field: "|".join(_alternatives(row, field, shared)) for field in _FIELDS if field in row}}
    if after := joined.pop("not_before", None):
        joined["words"] = f"(?:{joined['words']})(?!{after})"
    return joined


def _alternatives(row: Mapping[str, Any], field: str, shared: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    """Return the alternatives of a field: its own, or those of the lists that it names."""
    value = row[field]
    if field != "denied" and not isinstance(value, str):
        return list(value)
    names = [value] if isinstance(value, str) else value
    return [pattern for name in names for pattern in shared[field][name]]


def by_reason(rows: Sequence[Detail]) -> Details:
    """Return the rows of each reason, in their order."""
    return {reason: tuple(row for row in rows if reason in row.reasons) for reason in Reason}
