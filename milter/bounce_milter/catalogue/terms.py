"""What a reply is made of, as the vote hears it (`votes`): stems of words, their ends, pairs of them, and names of codes.

Rule: forms of one word are one stem, in most languages; the end of a long word is a term too, because many languages
write two words as one ("Postfachspeicher", "brievenbusquotum"); what a word means is told by its neighbour as well ("no
such", "not spam"), so words that stand side by side are a term of their own. The same reply always has the same terms.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import Final

from bounce_milter import limits

#: What a word is cut to: enough to tell words apart, short enough to unite their forms in most languages.
_STEM: Final = 5
#: From so many letters on a word's end is told apart from its stem, with the same number of letters.
_LONG_WORD: Final = 9
#: Chinese, Japanese and Korean write words without spaces; two or three letters of them nearly are one.
_LETTERS: Final = "\u3040-\u9fff\uac00-\ud7af"
FIRST_LETTER: Final = "\u3040"
_SHORT, LONG = 2, 3
# A letter by itself is no word: a path, a list, a half of "n't".
_WORDS: Final = re.compile(rf"<[a-z]+>|[{_LETTERS}]+|(?<!\d)[^\W\d_{_LETTERS}]{{2,}}(?!\d)")
#: Accents are often lost on the way, so they do not count; nor do strokes, which Unicode does not take apart. Only
#: Vietnamese, whose words are short, would become English: hộp, a box. One letter stays one, so that places stay true.
_STROKES: Final = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "ß": "s"}
_BARE: Final = str.maketrans(
    {
        letter: bare
        for letter in map(chr, range(0xC0, 0x250))
        if (bare := _STROKES.get(letter, unicodedata.normalize("NFD", letter)[0])) != letter
    }
)
#: Which message it was is no word of the server, nor is through which host Sendmail sent it.
_ADDED: Final = re.compile(r"\b(?:message-id:? ?<addr>|relay=\S+)")
#: Stands before the first word, in a pair with it.
_START: Final = "^"
#: The sign in front of a word's end, and that of a code; no word has them.
END: Final = "-"
CODE: Final = "="


def words(text: str) -> dict[str, int]:
    """Return the terms of a normalised reply's words, each with the place of the letter where it first begins.

    A term with a space in it is a pair of words.
    """
    found: dict[str, int] = {}
    if not text.isascii():
        text = text.translate(_BARE)
    if "message-id" in text or "relay=" in text:
        text = _ADDED.sub(lambda said: " " * len(said[0]), text)
    before = _START
    for match in _WORDS.finditer(text, 0, limits.VOTING_CHARS):
        letters, at = match[0], match.start()
        if letters < FIRST_LETTER:  # nearly all words; "<addr>" is one
            stem = letters if letters[0] == "<" else letters[:_STEM]
            found.setdefault(stem, at)
            found.setdefault(f"{before} {stem}", at)
            if len(letters) >= _LONG_WORD:
                found.setdefault(END + letters[-_STEM:], at)
            before = stem
        else:
            for size in (_SHORT, LONG):
                for n in range(max(size == _SHORT, len(letters) - size + 1)):
                    found.setdefault(letters[n : n + size], at + n)
    return found if len(found) <= limits.VOTING_TERMS else dict(islice(found.items(), limits.VOTING_TERMS))


@lru_cache(limits.KNOWN_CODES)
def codes(reply: str | None, status: str | None, command: str | None) -> tuple[str, ...]:
    """Return the names of what a reply says in numbers: the codes, their class, the status' subject, the command.

    RCPT is what nearly every reply answers, and X.0.0 what clients add to one without a status: they say nothing.
    """
    found: list[str] = []
    if reply:
        found += (CODE + reply, CODE + reply[0])
    if status and not (reply and status.endswith(".0.0")):
        found += (CODE + status, CODE + status.rpartition(".")[0])
    if command and command != "RCPT":
        found.append(CODE + command)
    return tuple(found)
