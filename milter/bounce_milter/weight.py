"""How much a pattern says: the literal characters that every text it matches must hold.

Rule: of two phrases that fit, the longer says more. Counts the shortest way through a pattern, and does so the same
way every time; that it is no parser of RE2 costs nothing but the order of two rules.
"""

import re
from typing import Final

_LETTERS: Final = re.compile(r"[^\\.\[\](){}?*+|^$]+")


def weight(pattern: str) -> int:
    """Return how many literal characters every match of *pattern* holds at least."""
    return _shortest(pattern, 0)[0]


def _shortest(pattern: str, at: int) -> tuple[int, int]:
    """Return the literals of the shortest way through the group that begins at *at*, and where it ends."""
    branches, last = [0], 0
    while at < len(pattern) and pattern[at] != ")":
        plain = _LETTERS.match(pattern, at)
        if plain:  # nearly all of a pattern, so it is taken in one step
            branches[-1] += plain.end() - at
            last, at = 1, plain.end()
            continue
        char = pattern[at]
        if char == "|":
            branches.append(0)
            last = 0
        elif char in "?*{":  # what stood before may be absent; {n,} is read as that too
            branches[-1] -= last
            last = 0
            at = pattern.find("}", at) if char == "{" else at
        else:
            last, at = _item(pattern, at)
            branches[-1] += last
        at += 1
    return min(branches), at


def _item(pattern: str, at: int) -> tuple[int, int]:
    """Return the literals of one item, and its last place."""
    char = pattern[at]
    if char == "(":
        inner = at + (3 if pattern.startswith("(?:", at) else 1)
        return _shortest(pattern, inner)
    if char == "[":
        return 0, max(pattern.find("]", at + 2), at + 1)
    if char == "\\":
        return int(not pattern[at + 1 : at + 2].isalpha()), at + 1
    return int(char not in ".^$+"), at


#: More texts than this are not worth trying one by one.
_TEXTS: Final = 24
_PLAIN: Final = re.compile(r"(?:[^\\.\[\](){}?*+|^$]|\\[^\w])")
_ONE_OF: Final = re.compile(r"\[(-?[^\\^\[\]-]{1,4})\]")


def texts(pattern: str) -> tuple[str, ...]:
    r"""Return every text that *pattern* matches, "user|users? here" -> "user", "user here", "users here".

    Empty where there are many or infinitely many. Word ends (\b) are left out: who asks knows that it matches.
    """
    bare = pattern.replace(r"\b", "")
    found = _texts(bare, 0)
    return tuple(sorted(found[0], key=len, reverse=True)) if found and found[1] == len(bare) else ()


def _texts(pattern: str, at: int) -> tuple[list[str], int] | None:
    """Return the texts of the group that begins at *at*, and where it ends; None for what is not finite."""
    done: list[str] = []
    now = [""]
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            done, now, at = done + now, [""], at + 1
            continue
        plain = _PLAIN.match(pattern, at)
        one_of = _ONE_OF.match(pattern, at)
        inner = _texts(pattern, at + 3) if pattern.startswith("(?:", at) else None
        if plain:
            items, at = [plain[0][-1]], plain.end()
        elif one_of:
            items, at = list(one_of[1]), one_of.end()
        elif inner:
            items, at = inner[0], inner[1] + 1
        else:
            return None
        if pattern.startswith("?", at):
            items, at = [*items, ""], at + 1
        now = [a + b for a in now for b in items]
        if len(now) + len(done) > _TEXTS:
            return None
    return done + now, at
