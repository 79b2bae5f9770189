"""What programs did to the words on their way: marks before all lines, other widths, links, quotation marks around addresses.

Rule: undone is what a program does to any text, so that it says what its author wrote; no word goes but a name or an address
that a program put beside an address, and lines are joined only where one was broken within brackets. Each step asks first, cheaply, for a sign of what it would undo. Pure.
"""

import re
import textwrap
from typing import Final

from bounce_milter.message import SIGNATURE
from bounce_milter.message.markup import unescaped

# What opens and what ends a quotation, in brackets too; an address, as simply as what is compared with it allows.
_OPENS: Final = "\"'`“„‘‚‛‟«‹「＜"
_ENDS: Final = "\"'`“”‘’»›」＞"
_WHO: Final = rf"[^\s<>()\[\]\\,;:@*{_OPENS}{_ENDS}]{{1,64}}@[\w.-]{{1,255}}"

# What a program that turns HTML into text leaves: "&lt;bob@dest.example&gt;", "<mailto:bob@dest.example>", "bob@dest.example<mailto:bob@dest.example>".
_LINK: Final = re.compile(r"(?P<who>[^\s<>()\[\],;:\"]{1,320})?<mailto:(?P<to>[^\s<>]{1,320})>", re.IGNORECASE)
_SCHEME: Final = re.compile(rf"(?<![\w.:/@=-])mailto:(?={_WHO})", re.IGNORECASE)
# The same address twice, as programs write who has no name: "kim@x <kim@x>", "'kim@x' <kim@x>", "kim@x [mailto:kim@x]".
_TWICE: Final = re.compile(
    rf"[{_OPENS}]?(?<![^\s<>()\[\]\\,;:{_OPENS}])(?P<who>{_WHO})[{_ENDS}]?[ \t]{{0,2}}[<(\[](?:mailto:|smtp:)?(?P=who)[>)\]]",
    re.IGNORECASE,
)
_IS_TWICE: Final = re.compile(rf"@[\w.-]{{1,255}}[{_ENDS}]?[ \t]{{0,2}}[<(\[](?:mailto:|smtp:)?[^\s<>()\[\]@]{{1,64}}@")
# A name before the address that begins a line, and marks around it.
_NAMED: Final = re.compile(
    rf"^(?P<in>[ \t]*)(?:\"[^\"\n@<>]{{1,80}}\"|'[^'\n@<>]{{1,80}}'|[“„][^“”\n@<>]{{1,80}}[“”])[ \t]{{1,2}}(?P<path><{_WHO}>)",
    re.MULTILINE,
)
_IS_NAMED: Final = re.compile(r"[\"'“”][ \t]{1,2}<")
_IN_MARKS: Final = re.compile(
    rf"^(?P<in>[ \t]*)[{_OPENS}(\[][ \t]?(?P<who>{_WHO})[ \t]?[{_ENDS})\]](?=[ \t]*(?::|$))", re.MULTILINE
)
_IS_IN_MARKS: Final = re.compile(rf"@[\w.-]{{1,255}}[ \t]?[{_ENDS})\]][ \t]*(?::|$)", re.MULTILINE)
_BOLD: Final = re.compile(rf"(?<![^\s<(\[])(?P<mark>\*{{1,2}})(?P<who>{_WHO})(?P=mark)(?![\w*])")

# Two spaces within a sentence, as text that is set to a width has them; columns have more, or begin with a capital or a number.
_SET: Final = re.compile(r" {2}(?<=[a-z,;)] {2})(?=[a-z(])")
# A colon behind a space, as French is set, and a wide one, as in Chinese and Japanese, that ends a title or the name of a field.
_COLON: Final = re.compile(r"(?<=[^\W\d_]) :(?=[ \t\n])|：(?=[ \t]*(?:\n|\Z))")
_OF_FIELD: Final = re.compile(r"(?<=[A-Za-z])：[ \t]*")
# A reply that was broken within its brackets.
_IN_BRACKETS: Final = re.compile(
    r"^(?P<line>[ \t]*[245]\d\d[ -][^\n()]{20,400}\([^()\n]{1,200})\n[ \t]*(?P<rest>[^()\s][^()\n]{0,200}\))",
    re.MULTILINE,
)
_OUTSIDE: Final = re.compile(r"^\S", re.MULTILINE)
# The mark of a quotation, or of a box, and a line without it: where all lines have it nobody quotes, a program has put it there.
_MARKS: Final = {
    mark: (re.compile(rf"^[ \t]*[{mark}][ ]?", re.MULTILINE), re.compile(rf"^[ \t]*+[^\s{mark}]", re.MULTILINE))
    for mark in ">|"
}
# An odd number of line ends; and what an empty line becomes where a program took each end for two, of which few letters have two.
_ODD: Final = re.compile(r"(?<!\n)(?:\n\n)*\n(?!\n)")
_EMPTY: Final = "\n\n\n\n"
_FEW: Final = 2


def lines(text: str) -> str:
    """Return the lines of a part's *text* as they were before a program marked or parted all of them."""
    return _unmarked(_single_spaced(_without_trailing_spaces(text)))


def words(text: str) -> str:
    """Return the words of a notice as its author wrote them."""
    if "&lt;" in text and "<" not in text:
        text = unescaped(text)
    return _as_set(_addresses(text) if "@" in text else text)


def _addresses(text: str) -> str:
    """Return *text* without what programs put around addresses: links, quotation marks, names before the first of a line."""
    if "mailto:" in text.lower():
        text = _SCHEME.sub("", _LINK.sub(_linked, text))
    if _IS_TWICE.search(text):
        text = _TWICE.sub(r"\g<who>", text)
    if "*" in text:
        text = _BOLD.sub(r"\g<who>", text)
    if _IS_NAMED.search(text):
        text = _NAMED.sub(r"\g<in>\g<path>", text)
    return _IN_MARKS.sub(r"\g<in><\g<who>>", text) if _IS_IN_MARKS.search(text) else text


def _linked(found: re.Match[str]) -> str:
    who, to = found["who"], found["to"].partition("?")[0]
    return who if who and who.lower() == to.lower() else f"{who or ''}<{to}>"


def _as_set(text: str) -> str:
    """Return words without the indentation of all of them, and with single spaces between the words of a sentence."""
    if "  " in text:
        text = _SET.sub(" ", text)
    text = _unmarked(text)  # what stands below the words may have none
    if " :" in text or "：" in text:
        text = _OF_FIELD.sub(": ", _COLON.sub(":", text))
    if "(" in text:
        text = _IN_BRACKETS.sub(r"\g<line> \g<rest>", text)
    if text[:1] in " \t\n" and not _OUTSIDE.search(text):
        text = textwrap.dedent(text)
    return text


def _unmarked(text: str) -> str:
    """Return *text* without the mark that a program has put before all of its lines."""
    found = _MARKS.get(text.lstrip()[:1])
    if found is None:
        return text
    mark, lacks_it = found
    return text if lacks_it.search(text) else mark.sub("", text)


def _single_spaced(text: str) -> str:
    """Return *text* without the empty lines that a program has put between all lines."""
    if _EMPTY not in text:
        return text
    inside = text.strip("\n")
    if inside.count(_EMPTY) < _FEW or _ODD.search(inside):
        return text
    return text.replace("\n\n", "\n")


def _without_trailing_spaces(text: str) -> str:
    """Return *text* without spaces at the ends of lines; the one that makes a signature's mark stays."""
    if " \n" not in text and "\t\n" not in text:
        return text
    return "\n".join([line if line == SIGNATURE else line.rstrip(" \t") for line in text.split("\n")])
