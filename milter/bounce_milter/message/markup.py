"""HTML -> the words that a person would see.

Rule: a line for each block, so that readers of lines find what they look for; no markup, no scripts. A label and the cell
beside it are written as people write them, "Reason: Mailbox full", the rows of a table together. Tags are taken out, not
parsed: broken HTML gives its words all the same. Never raises.
"""

import html
import re
from typing import Final

import re2

from bounce_milter.message.charset import legible

# Of text that programs make into HTML, each line is a block of its own: no empty line stands between.
_NEXT: Final = re.compile(
    r"</div\s*>\s*<div\b[^<>]*>|</p\s*>\s*<p\s(?=[^<>]*>)[^<>]*\bclass=[\"']?Mso(?:Normal|PlainText|NoSpacing)\b[^<>]*>",
    re.IGNORECASE,
)
# Spaces before a line that people see: such at which no line ends, and in what is preformatted any.
_SPACE: Final = "\x1d"
_MOST: Final = 16
_UNENDING: Final = r"(?:&nbsp;|&\#160;|&\#xa0;|\xa0)"
_INDENTED: Final = re.compile(
    rf"(<(?:br|p|div|span|tt|code|pre)\b[^<>]*>[\r\n]*)({_UNENDING}(?:{_UNENDING}|[ ]){{0,40}})",
    re.IGNORECASE,
)
_ONE_SPACE: Final = re.compile(rf"{_UNENDING}|[ ]", re.IGNORECASE)
_PREFORMATTED: Final = re2.compile(r"(?is)<pre\b[^<>]*>.*?</pre\s*>")
# What else keeps the ends of its lines: by its style, or as a field of a form. First it is asked whether the tag ends.
_KEEPS: Final = re.compile(
    r"<(?:(?P<name>div|p|span|td|tt|code|font|section|blockquote|body)\b(?=[^<>]*>)[^<>]*\bwhite-space\s*:\s*(?:pre|break-spaces)\b[^<>]*"
    r"|(?P<field>textarea)\b[^<>]*)>",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(r"(?:^|(?<=>))[ \t]+(?=[^\s])", re.MULTILINE)
_SPACES: Final = re.compile(r"[ \t\r\n\f\v\xa0]+")
# RE2, because an unclosed comment repeated a hundred thousand times is a square for a backtracking engine.
_DROPPED: Final = re2.compile(
    r"(?is)<style\b[^>]*>.*?</style\s*>|<script\b[^>]*>.*?</script\s*>|<head\b[^>]*>.*?</head\s*>|"
    r"<title\b[^>]*>.*?</title\s*>|<!--.*?-->"
)
_BREAKS: Final = re.compile(
    r"<\s*(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?table|hr|/?blockquote|/?ul|/?pre|/?center|/?dl|dt|/dd|/?section|/?article)\b[^<>]*>",
    re.IGNORECASE,
)
# What is quoted, nested as often as it was answered.
_QUOTATIONS: Final = re.compile(r"<\s*(/?)blockquote\b[^<>]*>", re.IGNORECASE)
# Cells of one row stay on its line, apart; so does what is said of a term.
_CELLS: Final = re.compile(r"<\s*(?:/?td|dd)\b[^<>]*>", re.IGNORECASE)
_HEADS: Final = re.compile(r"<\s*/?th\b[^<>]*>", re.IGNORECASE)
_CELL, _HEAD = "\x1f", "\x1e"
_APART: Final = re.compile(f"[{_CELL}{_HEAD}]")
# A few words without a number or a mark: "Server response", "Grund (reason):".
_LABEL: Final = re.compile(r"[^\W\d_][^\d@:：.,;!?<>=]{1,40}[:：]?")
# <bob@dest.example> is none; one with attributes may hold an address, or a picture.
_TAGS: Final = re.compile(r"<(?:[a-zA-Z/!][^<>@]{0,2000}|[a-zA-Z][a-zA-Z0-9]{0,15}\s[^<>=]*=[^<>]*)>")
# So many digits are no letter's number, and of some thousands int() makes none but raises.
_NO_LETTER: Final = re.compile(r"&#[0-9]{21,};?")


def unescaped(markup: str) -> str:
    """Return *markup* with the letters that its character references name; U+FFFD for a number that is no letter's."""
    return html.unescape(_NO_LETTER.sub("\ufffd", markup))


def quotes(markup: str) -> bool:
    """Say whether an HTML part holds a quotation."""
    return _QUOTATIONS.search(markup) is not None


def html_text(markup: str, mark: str = "") -> str:
    """Return the words of an HTML part, a line for each block; no markup, no scripts.

    mark   what stands before each line of a quotation
    """
    text = _kept(_DROPPED.sub(" ", markup))
    if "<pre" in text.lower():
        text = _PREFORMATTED.sub(_preformatted, text)  # type: ignore[arg-type] # it takes a function as re does
    text = _INDENTED.sub(_indented, text)
    if "<pre" not in text.lower():
        text = text.replace("\n", " ")
    if not mark:
        return "\n".join(_lines(text))
    first, *further = _QUOTATIONS.split(text)
    lines, depth = _lines(first), 0
    for ends, words in zip(further[::2], further[1::2], strict=True):
        depth = max(0, depth + (-1 if ends else 1))
        lines += [f"{mark}{line}" if depth else line for line in _lines(words)]
    return "\n".join(lines)


def _kept(text: str) -> str:
    """Return markup with the line ends and the indentation that a style or a field of a form keeps."""
    kept: list[str] = []
    at = 0
    while begin := _KEEPS.search(text, at):
        end = _end_of(text, begin)
        inside = _LEADING.sub(_indentation, text[begin.end() : end]).replace("\n", "<br>")
        kept += [text[at : begin.end()], inside]
        at = end
    return "".join([*kept, text[at:]])


def _end_of(text: str, begin: re.Match[str]) -> int:
    """Return where the element ends that begins there, the end of the text where it does not."""
    depth = 1
    tags = re.compile(rf"<(/?){begin['name'] or begin['field']}\b[^<>]*>", re.IGNORECASE)
    for tag in tags.finditer(text, begin.end()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return len(text)


def _lines(text: str) -> list[str]:
    text = _HEADS.sub(_HEAD, _CELLS.sub(_CELL, _BREAKS.sub("\n", _NEXT.sub("\n", text))))
    lines: list[str] = []
    labelled = -1  # the last line with a label
    for row in _TAGS.sub("", text).split("\n"):
        line, has_label = _line(row)
        if _SPACE in row and line:
            shown = row.lstrip(" \t\r")
            line = " " * (len(shown) - len(shown.lstrip(_SPACE))) + line
        if has_label:
            if labelled >= 0 and not any(lines[labelled + 1 :]):
                del lines[labelled + 1 :]
            labelled = len(lines)
        lines.append(line)
    return lines


def _line(row: str) -> tuple[str, bool]:
    """Return the words of a row or another line, and whether they are a label and its cell."""
    cells = [words for cell in _APART.split(row) if (words := _words(cell))]
    if len(cells) == 2 and _CELL in row and _LABEL.fullmatch(cells[0]):
        return f"{cells[0].rstrip(':：')}: {cells[1]}", True
    return " ".join(cells), False


def _words(cell: str) -> str:
    return _SPACES.sub(" ", legible(unescaped(cell))).strip()


def _preformatted(block: re.Match[str]) -> str:
    return _LEADING.sub(_indentation, block[0])


def _indentation(run: re.Match[str]) -> str:
    return _SPACE * min(len(run[0].expandtabs(8)), _MOST)


def _indented(run: re.Match[str]) -> str:
    return run[1] + _SPACE * min(_ONE_SPACE.subn("", run[2])[1], _MOST)
