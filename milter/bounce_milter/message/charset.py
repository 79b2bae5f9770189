"""Octets -> text, whatever charset they declare or look like (RFC 2046 4.1.2).

Rule: a declared charset is believed where the octets fit it, and read as the superset that is meant by it; else their
look decides. What nobody sees goes, because it breaks words. Never raises; no output holds half a surrogate pair.
"""

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import Final

# Names that mail uses for charsets Python knows under another name, and charsets declared instead of their superset.
_CHARSETS: Final = {
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "us-ascii": "ascii", "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8", "windows-31j": "cp932", "windows-949": "cp949", "x-euc-jp": "euc_jp", "cn-gb": "gb18030",
    "unicode": "utf-16", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16",
}  # fmt: skip
_TEXT_CHARSET: Final = re.compile(
    r"(?:utf|iso|ascii|cp|ibm|ms|sjis|ujis|windows|koi8|gb|big5|shift|euc|mac|latin|ks_c|hz|tis)[\w.:-]*\Z",
    re.IGNORECASE,
)
# The charsets that Python knows. To be asked for another costs it a search of its folders, and it keeps the name for good: a message
# may hold thousands.
_KNOWN: Final = frozenset(
    {*aliases, *aliases.values(), "cp720", "cp737", "cp856", "cp874", "koi8_t", "koi8_u", "utf_8_sig"}
)
# Charsets whose octets may all be below 128 and are no ASCII; in those of wide characters Latin letters leave zeros.
_SEVEN_BIT: Final = ("utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "hz")
_WIDE: Final = ("utf-16", "utf-32", "unicode", "ucs-2", "iso-10646-ucs-2")
#: Charsets that older servers write without saying so, each with letters that its language cannot do without.
_UNDECLARED: Final = (
    ("gb18030", "的不在无法邮件收退信地址满户"),
    ("big5", "的不在無法郵件收退信地址滿戶"),
    ("cp932", "のにをはたしでませんメール"),
    ("euc_jp", "のにをはたしでませんメール"),
    ("cp949", "이다하지는을를에메일수신"),
    ("koi8-r", "оеаинт"),
    ("cp1251", "оеаинт"),
)
_WORDS: Final = re.compile(rb"[\x80-\xff]{4}")
_FEW: Final = 3
# Letters of UTF-8, and octets outside ASCII that are none.
_LETTERS: Final = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_STRAY: Final = re.compile(rb"[\x80-\xff]")
# So many of these for each of those, at most.
_SOME: Final = 2
_ESCAPES: Final = (b"\x1b$B", b"\x1b$@", b"\x1b(J")

# What breaks words and is not seen: NUL first of all, soft hyphens, spaces of no width, marks of direction, which Windows puts around
# what is copied from its windows. The joiners of Persian and Hindi (U+200C, U+200D) belong to their words.
_UNSEEN_SIGNS: Final = "\0\xad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_UNSEEN: Final = re.compile(
    "[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def decode_text(data: bytes, charset: str | None = None) -> str:
    """Return *data* as text: by its charset, else by what it looks like, without what nobody sees."""
    return legible(_decoded(data, charset))


def legible(text: str) -> str:
    """Return *text* without what breaks its words; other controls go with it. Nearly all text has none of it, and is only asked for that.

    A space at which no line may end is a space.
    """
    if "\0" in text or not (text.isascii() or all(sign not in text for sign in _UNSEEN_SIGNS)):
        text = _UNSEEN.sub("", text)
    return text if text.isascii() else text.replace("\xa0", " ").replace("\u202f", " ")


def _decoded(data: bytes, charset: str | None) -> str:
    """Return *data* as text, whatever it holds."""
    if data.isascii() and not _is_encoded(data, (charset or "").lower()):
        text = data.decode("ascii")
        if "\x1b" not in text:
            return text
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _without_surrogates(data.decode("utf-16", "replace"))
    if any(escape in data for escape in _ESCAPES):
        return data.decode("iso2022_jp_ext", "replace")
    declared = _in_order(_codec(charset), data)
    for name in (declared, "utf-8"):
        if name and name != "ascii":
            try:
                return _without_surrogates(data.decode(name))
            except (LookupError, ValueError):
                continue
    if declared and declared not in ("ascii", "utf-8"):
        return _without_surrogates(data.decode(declared, "replace"))
    if _is_nearly_utf8(data):
        return data.decode("utf-8", "replace")
    # Undeclared and not UTF-8: Windows' Western letters are the likeliest, and every octet maps.
    return _of_another_script(data) or data.decode("cp1252", "replace")


def _in_order(charset: str | None, data: bytes) -> str | None:
    """Return the charset with the order of its octets, where that is UTF-16 without a mark (RFC 2781 4.3)."""
    return "utf-16-be" if charset == "utf-16" and data[::2].count(0) > data[1::2].count(0) else charset


def _is_nearly_utf8(data: bytes) -> bool:
    """Say whether octets are UTF-8 but for a few: a letter was cut, or some words in it are another's."""
    letters = len(_LETTERS.findall(data))
    return letters > 0 and letters * _SOME >= len(_STRAY.findall(_LETTERS.sub(b"", data)))


def _of_another_script(data: bytes) -> str:
    """Return the text in the charset of another script that it holds most usual letters of; "" where it holds few.

    Of two that hold as many the first counts. In Western text letters outside ASCII stand alone, in others whole words are
    made of them.
    """
    if len(_WORDS.findall(data)) < _FEW:
        return ""
    best, most = "", _FEW
    for name, usual in _UNDECLARED:
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        count = sum(map(text.count, usual))
        if count > most:
            best, most = text, count
    return best


def _is_encoded(data: bytes, charset: str) -> bool:
    """Say whether octets that look like ASCII are letters of another charset."""
    return charset.startswith(_SEVEN_BIT) or (charset.startswith(_WIDE) and b"\0" in data)


def _without_surrogates(text: str) -> str:
    """Replace halves of surrogate pairs, which UTF-7 can smuggle in and no output can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def python_name(charset: str) -> str | None:
    """Return the one spelling of a charset's name by which Python is asked for it, None where it knows none."""
    name = normalize_encoding(charset).lower().replace(".", "_")
    return name if name in _KNOWN else None


def _codec(charset: str | None) -> str | None:
    """Return Python's name of a text charset; None for what is unknown or no charset of mail (idna, zip, ...)."""
    if not charset or len(charset) > 40:
        return None
    name = charset.strip("\"' ").partition("*")[0].lower()  # behind it a language (RFC 2231 5)
    name = _CHARSETS.get(name, name)
    known = python_name(name) if _TEXT_CHARSET.match(name) else None
    if known is None:
        return None
    try:
        return codecs.lookup(known).name
    except (LookupError, ValueError):
        return None
