"""What to tell an admin about a value that does not fit: in the words of a TOML file, with what was probably meant.

Rule: a message begins with what was expected and ends with what stands there. Nothing of Python, msgspec or RE2 shows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args, get_origin

import msgspec

_TYPES: Final = {
    "int": "a whole number", "float": "a number with a fraction", "str": "a text in quotes", "bool": "true or false",
    "array": "a list", "object": "a table", "datetime": "a date with a time", "date": "a date", "time": "a time of day",
}  # fmt: skip
#: More words than these are not all told where one of them was probably meant.
_MOST_WORDS: Final = 9
#: Of problems, as many as somebody reads in a log: thousands in a file mostly have one cause.
_MOST_PROBLEMS: Final = 20
#: A name in braces.
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


class Problem(NamedTuple):
    """What is wrong, and where: file, key ("" where there is none), message, line (0 where unknown), what was probably meant."""

    file: str
    key: str
    message: str
    line: int = 0
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(filter(None, (place, self.key, self.message + did_you_mean(self.suggestion))))


def first_of(problems: Sequence[str]) -> list[str]:
    """Return the first of *problems*, and in place of the others how many they are and what tells them."""
    more = len(problems) - _MOST_PROBLEMS
    return [*problems[:_MOST_PROBLEMS], f"and {more} more; bounce-milter check tells all"] if more > 0 else [*problems]


def misfit(type_: Any, value: Any) -> tuple[str, str | None] | None:
    """Return what a value of *type_* should have been, and the word probably meant; None where *value* is one."""
    try:
        msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        return _wrong_word(type_, value) or (_plain(str(error)), None)
    return None


def misfits(type_: Any, value: Any) -> list[tuple[str, str | None]]:
    """Return what `misfit` says of *value*, of a list what it says of each entry; nothing twice."""
    entry = get_args(type_)[0] if get_origin(type_) is tuple and isinstance(value, list) else None
    found = [misfit(type_, value)] if entry is None else [misfit(entry, one) for one in value]
    return list(dict.fromkeys(filter(None, found)))


def near(word: str, words: Iterable[str]) -> str | None:
    """Return the one of *words* that is closest to a misspelt *word*, None where none is close."""
    import difflib  # for who made a mistake alone: it stays in memory

    found = difflib.get_close_matches(word, list(words), n=1)
    return found[0] if found else None


def did_you_mean(meant: str | None) -> str:
    """Return the question that ends a message, "" where it is not known what was meant."""
    return f"; did you mean {meant}?" if meant else ""


def hinted(word: str, words: Iterable[str]) -> str:
    """Return *word* in quotes, with the question whether its closest relative was meant."""
    meant = near(word, words)
    return repr(word) + did_you_mean(meant and repr(meant))


def unknown_placeholder(text: str, known: tuple[str, ...]) -> str | None:
    """Return what is wrong with the {placeholders} of *text*, None where all are *known*."""
    for name in PLACEHOLDER.findall(text):
        if name not in known:
            meant = near(name.lower(), known)
            expected = f"expected {', '.join(f'{{{one}}}' for one in known)} in braces, got {{{name}}}"
            return expected + did_you_mean(meant and f"{{{meant}}}")
    return None


def half_open(text: str) -> str | None:
    """Return what is wrong with the braces of *text*, None where each that opens is closed."""
    rest = PLACEHOLDER.sub("", text)
    return "expected a brace that closes for each that opens" if "{" in rest or "}" in rest else None


def no_text(table: Any) -> Iterator[str]:
    """Yield what is wrong with each entry of a table of texts that is none."""
    for name, value in table.items() if isinstance(table, Mapping) else ():
        if isinstance(value, Mapping):  # TOML reads a.b = "c" as a table in a table
            yield f'expected a text for each name; put the name in quotes: "{_dotted(name, value)}" = ...'
        elif wrong := misfit(str, value):
            yield f"{wrong[0]}, for {name}"


def _dotted(name: str, inner: Any) -> str:
    while isinstance(inner, Mapping) and inner:
        part, inner = next(iter(inner.items()))
        name = f"{name}.{part}"
    return name


def _plain(message: str) -> str:
    """Return msgspec's message in the words of a TOML file."""
    message = re.sub(r"`([\w |]+)`", lambda found: _named(found[1]), message.split(" - at ")[0])
    return message[0].lower() + message[1:]


def _named(types: str) -> str:
    return " or ".join(_TYPES.get(one, one) for one in types.split(" | ") if one != "null")


def _wrong_word(type_: Any, value: Any) -> tuple[str, str | None] | None:
    """Return what to say about a word that is outside a closed set, and the allowed word that is closest to it."""
    words = _words(type_)
    if not words or not isinstance(value, str) or value in words:
        return None
    meant = near(value, words)
    choice = f"{len(words)} words" if meant and len(words) > _MOST_WORDS else ", ".join(words)
    return f"expected one of {choice}, got {value!r}", meant


def _words(type_: Any) -> list[str]:
    """Return the closed set of words that *type_* allows, wherever it stands in it."""
    if isinstance(type_, type) and hasattr(type_, "__members__"):
        return [str(member) for member in type_]  # type: ignore[attr-defined]
    arguments = getattr(type_, "__args__", ())
    found = [argument for argument in arguments if isinstance(argument, str)]
    for argument in arguments:
        if not isinstance(argument, str):
            found.extend(_words(argument))
    return found
