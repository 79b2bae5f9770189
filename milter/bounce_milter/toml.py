"""The one reader of TOML: the table that a text holds, or what is wrong with the text and where.

Rule: whatever stands in the text, nothing but TomlError is raised: who reads an admin's files tells him what is wrong
with each, and one that could end the program would end it at every start.
"""

import re
from typing import Any, Final

import tomli  # the parser of tomllib, compiled: a start is a tenth of a second shorter

_LINE: Final = re.compile(r"at line (\d+)")


class TomlError(ValueError):
    """The text is no TOML, or none that anybody would write; `line` is where, from 1, and 0 where that is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not TOML: {why}")
        found = _LINE.search(why)
        self.line = int(found[1]) if found else 0


def read(text: str) -> dict[str, Any]:
    """Return the table that *text* holds; TomlError."""
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise TomlError(str(error)) from error
    except RecursionError:
        raise TomlError("lists, tables or the parts of a key stand too deep within each other") from None
    except ValueError:  # of int(), which takes no more than some thousand digits
        raise TomlError("a number has too many digits") from None
