"""Phrases that are looked for together in the words of a message.

Rule: RE2, because these see whole messages: its time is linear, whatever the text holds. No counted repeats of what a line
bounds anyway, for each keeps as many states.
"""

import re2


class Phrases:
    """Phrases that are asked for together; the answer is yes or no, which costs a tenth of a place.

    denied   words that hold one of them and say the opposite: what is found there counts for nothing
    """

    __slots__ = ("_denied", "_set")

    def __init__(self, either: str, denied: str | None = None) -> None:
        self._denied = denied
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 24 << 20  # of the set's cache of states; a tenth is used, and a full one costs time
        self._set = re2.Set.SearchSet(options)
        self._set.Add(either)
        self._set.Compile()

    def search(self, text: str) -> bool:
        """Say whether one of the phrases stands in *text*, which is in lower case."""
        found = self._finds(text)
        if found and self._denied:  # seldom, so it is compiled when it comes to it
            return self._finds(re2.compile(self._denied).sub(" ", text))
        return found

    def _finds(self, text: str) -> bool:
        return bool(self._set.Match(text.encode("utf-8", "replace")))


def any_of(*phrases: str, before: str = "", after: str = "", denied: tuple[str, ...] = ()) -> Phrases:
    """Return what finds any one of the *phrases*, with what stands *before* and *after* each."""
    return Phrases(pattern(*phrases, before=before, after=after), pattern(*denied) if denied else None)


def pattern(*phrases: str, before: str = "", after: str = "") -> str:
    """Return the pattern of any one of the *phrases*."""
    return f"{before}(?:{'|'.join(phrases)}){after}"
