"""How much a pattern says: the literal characters that every text it matches must hold.

Rule: of two phrases that fit, the longer says more. Counts the shortest way through a pattern, and does so the same
way every time; that it is no parser of RE2 costs nothing but the order of two rules.
"""


def weight(pattern: str) -> int:
    """Return how many literal characters every match of *pattern* holds at least."""
    return _shortest(pattern, 0)[0]


def _shortest(pattern: str, at: int) -> tuple[int, int]:
    """Return the literals of the shortest way through the group that begins at *at*, and where it ends."""
    branches, last = [0], 0
    while at < len(pattern) and pattern[at] != ")":
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
