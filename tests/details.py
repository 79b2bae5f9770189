"""The Details field, read as a script of the admin's would read it (RFC 2045 5.1, RFC 2231 4)."""

import re
from typing import Final
from urllib.parse import unquote

_PART: Final = re.compile(r"[ \t]*([a-z]+)(\*?)=(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s\"]*))[ \t]*(?:;|\Z)")


def parse_details(value: str) -> dict[str, str]:
    """Return the parts of a Details field (the inverse of `header.details`); what follows anything else is left out."""
    text = re.sub(r"\r?\n(?=[ \t])", "", value)
    parts: dict[str, str] = {}
    at = 0
    while match := _PART.match(text, at):
        name, extended, quoted, plain = match.groups()
        found = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
        if extended:
            found = unquote(found.split("'", 2)[-1], errors="replace")
        parts.setdefault(name, found)
        at = match.end()
    return parts
