r"""How a rule's pattern is built: alternatives of words, letters and groups, each with how often it stands there.

Rule: patterns are RE2's and compile, so nothing is checked here. What is asked of them: how much a pattern says
(`weight`), which texts it stands for (`texts`, `spelled`) and where it can never match (`mute`); by which texts it is
found among many says `needles`.
"""

import re
import string
from typing import Final

import msgspec

# A word, the begin of a group, a bar; a letter, a set of letters or the end of a group; each with its repetition. TOML has
# texts of several lines, so a line feed may stand anywhere.
_TOKENS: Final = re.compile(
    r"([^\\.\[\](){}?*+|^$]+(?![?*+{])|\((?:\?:)?|\||\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\[pP].|\\.|.)((?:[?*+]|\{\d+(?:,\d*)?\})\??)?",
    re.DOTALL,
)
#: With these what is repeated is there; {n,} is read as if it may be absent.
_THERE: Final = frozenset({"", "+", "+?"})
#: In a text that is spelled out: here a word begins or ends (\b), the text begins (^), it ends ($). Unicode has them for
#: such uses (23.7, noncharacters), so no pattern holds them; one that does is not taken apart.
EDGE, BEGIN, END = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS: Final = {r"\b": EDGE, "^": BEGIN, "$": END}
#: Of RE2's syntax what no packaged rule uses: flags, named groups, classes by name, quotations, letters by number.
_RARE: Final = re.compile(r"(?<!\\)\(\?(?!:)|\\[QEx0-9]|\[[^\]]*\[:|[\ufdd0-\ufdd2]")
_SPECIAL: Final = frozenset("^$.[")
#: What is a word to RE2.
WORD: Final = frozenset(string.ascii_letters + string.digits + "_")
#: More texts than this are not worth trying one by one.
_TEXTS: Final = 24
_ONE_OF: Final = re.compile(r"\[(-?[^\\^\[\]-]{1,4})\]")


class Item(msgspec.Struct, frozen=True, gc=False):
    """A piece of a pattern.

    text     as written, repetition included
    repeat   how often it stands there: "", "?", "*", "+", "{0,30}", ...
    inner    a group's alternatives
    letters  how many literal characters it holds at least
    rare     its syntax is not known here: it may be anything
    """

    text: str
    repeat: str
    inner: tuple["Items", ...]
    letters: int
    rare: bool = False

    @property
    def alone(self) -> str:
        """The item without its repetition."""
        return self.text.removesuffix(self.repeat)


Items = tuple[Item, ...]


def alternatives(pattern: str) -> tuple[Items, ...]:
    """Return the pattern taken apart; one of rare syntax as one item."""
    if _RARE.search(pattern):
        letters = min(len(re.sub(r"\\[pP]\{\^?\w+\}|\\.|\W", "", part)) for part in pattern.split("|"))
        return ((Item(pattern, "", (), letters, rare=True),),)
    return _group(_TOKENS.findall(pattern), 0)[0]


def nesting(pattern: str) -> int:
    """Return how many groups stand within each other at most, "a(b(?:c|d))" -> 2: known before the pattern is taken apart."""
    deepest = now = 0
    for text, _ in _TOKENS.findall(pattern):
        now += (text[0] == "(") - (text == ")")
        deepest = max(deepest, now)
    return deepest


def weight(found: tuple[Items, ...]) -> int:
    """Return how many literal characters every match of one of the alternatives holds at least.

    Of two phrases that fit, the longer says more.
    """
    return min([sum([item.letters for item in items]) for items in found])


def texts(pattern: str) -> tuple[str, ...]:
    r"""Return every text that *pattern* matches, "user|users? here" -> "user", "user here", "users here".

    Empty where there are many or infinitely many, or the syntax is rare. Word ends (\b) are left out: who asks knows
    that it matches.
    """
    found = spelled(alternatives(pattern), _TEXTS)
    if not found or any(mark in text for mark in (BEGIN, END) for text in found):
        return ()
    return tuple(sorted([text.replace(EDGE, "") for text in found], key=len, reverse=True))


def spelled(found: tuple[Items, ...], most: int) -> list[str] | None:
    """Return every text that the alternatives match, with its marks of edges; None where there are more than *most*."""
    done: list[str] = []
    for items in found:
        now = [""]
        for item in items:
            pieces = pieces_of(item, most)
            if pieces is None or len(now) * len(pieces) + len(done) > most:
                return None
            now = [a + b for a in now for b in pieces]
        done += now
    return done if len(done) <= most else None


def pieces_of(item: Item, most: int) -> list[str] | None:
    """Return what one item may be, with its marks; None for more than *most*, and for what has no end."""
    alone = item.alone
    found: list[str] | None = None
    if item.rare:
        return None
    if item.inner:
        found = spelled(item.inner, most)
    elif alone in _MARKS:
        found = [_MARKS[alone]]
    elif alone[0] == "[":
        one_of = _ONE_OF.fullmatch(alone)
        found = list(one_of[1]) if one_of else None
    elif alone[0] == "\\":
        found = None if alone[1].isalnum() or alone[1] == "_" else [alone[1]]
    elif alone[0] != ".":
        found = [alone]
    if found is None or item.repeat not in {"", "?"}:
        return None
    return [*found, ""] if item.repeat else found


def mute(found: tuple[Items, ...]) -> str | None:
    r"""Return a letter beside which a \b stands that never holds there, None without one.

    To RE2 the letters of ASCII alone make words: between an é and a space no word ends. Between an é and an x one does,
    but what may stand there or not, "é\b.*x", was not meant to be missing.
    """
    for items in found:
        for at, item in enumerate(items):
            inner = mute(item.inner)
            if inner:
                return inner
            if item.alone == r"\b":
                before, behind = items[:at], items[at + 1 :]
                ends, begins = filter(_is_foreign, _edge((before,), -1)), filter(_is_foreign, _edge((behind,), 0))
                odd = [*([] if _is_word(behind[:1], 0) else ends), *([] if _is_word(before[-1:], -1) else begins)]
                if odd:
                    return min(odd)
    return None


def _is_word(beside: Items, side: int) -> bool:
    """Say whether the item *beside* an edge is always there and may be a letter of ASCII."""
    return any(item.repeat in _THERE and _edge((beside,), side) & WORD for item in beside)


def _edge(found: tuple[Items, ...], side: int) -> set[str]:
    """Return the characters with which alternatives begin (*side* 0) or end (-1); "" where one may be empty."""
    edge: set[str] = set()
    for items in found:
        for item in items[:: side or 1]:
            here = _edge(item.inner, side) if item.inner else _characters(item.alone, side)
            edge |= here - {""}
            if item.repeat in _THERE and "" not in here:
                break
        else:
            edge.add("")
    return edge


def _characters(alone: str, side: int) -> set[str]:
    if alone[:2] == "[^":
        return set() if "a-z" in alone else {"a"}
    if alone[0] == "[":
        return set(alone[1:-1])
    return {""} if alone == r"\b" else {alone[side]} if alone[0] not in "\\^$." else set()


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii()


def _group(tokens: list[tuple[str, str]], at: int) -> tuple[tuple[Items, ...], int]:
    """Return the alternatives that begin at *at*, and where the group ends: at its ")", or behind the last token."""
    done: list[Items] = []
    items: list[Item] = []
    while at < len(tokens):
        text, repeat = tokens[at]
        if text == "|":
            done.append(tuple(items))
            items = []
        elif text == ")":
            break
        elif text[0] == "(":
            start = at
            inner, at = _group(tokens, at + 1)
            repeat = tokens[at][1]
            whole = "".join([a + b for a, b in tokens[start : at + 1]])
            items.append(Item(whole, repeat, inner, weight(inner) if repeat in _THERE else 0))
        elif repeat:
            items.append(Item(text + repeat, repeat, (), _letters(text) if repeat in _THERE else 0))
        else:
            items.append(Item(text, "", (), _letters(text)))
        at += 1
    return (*done, tuple(items)), at


def _letters(text: str) -> int:
    first = text[0]
    if first == "\\":
        return int(not text[1].isalpha())
    return 0 if first in _SPECIAL else len(text)
