r"""Addresses as bounces write them -> the address itself (RFC 5321 4.1.2, RFC 3464 2.3, RFC 6533 3).

Rule: brackets, quotes, types and comments go, the address stays as written (its case too). What is no address is
None; a local part alone is an address only where the caller says that one must stand there.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bounce_milter import limits

#: What ends an address in running text: RFC 5322's specials, and the same marks as Chinese and Japanese write them.
_SPECIALS: Final = r"\s<>()\[\]\\,;:\"'@：；，。、（）《》〈〉「」『』【】＜＞“”„‟‘‚‛«»‹›"
#: An address in running text. An apostrophe stands behind a letter (O'Brien, d'Arcy.O'Neil); elsewhere it is a
#: quotation mark. Unicode letters are allowed (RFC 6531); the domain may be a name or a literal.
ADDRESS: Final = (
    rf"(?:\"[^\"\t\r\n]{{1,64}}\"|[^{_SPECIALS}`|]{{1,128}}(?:'(?<=[^\W_]')[^{_SPECIALS}]{{1,64}}){{0,2}})@"
    r"(?:\[[\w.:]{2,48}\]|[^\W_](?:[\w-]{0,62}\.(?!\.))*[\w-]{0,62}[^\W_])"
)
#: The same where it may begin: a search must not try every letter of a long word.
IN_TEXT: Final = re.compile(rf"(?<![^{_SPECIALS}`|]){ADDRESS}")
#: Comments (RFC 822), which may stand before and behind a type (RFC 3464 2.1.1); one within another is left alone.
COMMENTS: Final = r"(?:\((?:[^()\\]|\\.){0,200}\)\s*){0,3}"
_TYPE: Final = re.compile(rf"\s*{COMMENTS}([A-Za-z][\w-]{{0,30}})\s*{COMMENTS};\s*{COMMENTS}")
_BRACKETED: Final = re.compile(r"<\s*(?:mailto:|smtp:)?([^<>\s]{1,512})\s*>", re.IGNORECASE)
_SRS: Final = re.compile(
    r"srs(?:0|1[-+=][^\s=@]{1,64}=[^\s=@]{1,255}=)[-+=][^\s=@]{1,64}=[^\s=@]{1,64}=([^\s=@]{1,255})=([^\s@]{1,64})@",
    re.IGNORECASE,
)
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
_UNICODE: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_PREFIX: Final = re.compile(r"\A(?:mailto:|rfc822;|smtp[:=])", re.IGNORECASE)
_ROUTE: Final = re.compile(r'^(\s*<?)@[^:<>"]*:')
_QUOTED: Final = re.compile(r"<?(\"(?:[^\"\\]|\\.)*\"@[^\s<>\"]+)>?")
# What stands around an address, and brackets where they are not a literal's.
_AROUND: Final = "\"'`<>(){},;: \t“”„‟‘’‚‛«»‹›「」＜＞"
_COMMENT: Final = re.compile(r"(?<=[\s\w>\]])\([^()]{0,200}\)\Z")
# How a label begins whose letters are coded (RFC 5890 2.3.2.5); a longer one is none (RFC 1035 2.3.4).
_CODED: Final = "xn--"
_LABEL_CHARS: Final = 63
# A name before the address, which may look like one: "info@firma.example via Forms" <noreply@forms.example> (RFC 5322 3.4).
_DISPLAY_NAME: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*+"|[^<>(,;"])*+(?=<[^<>\s@]+@[^<>]+>)')
# Domains of one machine or one house (RFC 6761, 6762, 8375, ICANN's "internal", and what networks use besides), and those without
# a dot.
_PRIVATE: Final = re.compile(
    r"[^.\[\]]*|(?:.*\.)?(?:localhost|localdomain|local|lan|internal|intranet|corp|private|home|home\.arpa)",
    re.IGNORECASE,
)


def unnamed(words: str) -> str:
    """Return *words* without what the addresses in them are made of: "full@dest.example" is no word of a full mailbox."""
    return IN_TEXT.sub("a@a.example", words) if "@" in words else words


def first(text: str) -> str | None:
    """Return the first address in *text*, of which as much is read as of a reply (`limits.REPLY_CHARS`), or None."""
    found = IN_TEXT.search(text[: limits.REPLY_CHARS])
    return clean(found[0]) if found else None


def all_in(text: str | None) -> set[str]:
    """Return the addresses in *text*, in lower case: ann@ is none of them where joann@ is."""
    return set(IN_TEXT.findall((text or "").lower()))


def named(field: str | None) -> str:
    """Return the address of the first mailbox in a field, in lower case; "" without one. A name before it is none."""
    text = (field or "")[: limits.REPLY_CHARS]
    shown = _DISPLAY_NAME.match(text)
    return (first(text[shown.end() :] if shown else text) or "").lower()


def typed(value: str) -> tuple[str | None, str | None]:
    """Return (type, address) of an Original-Recipient or Final-Recipient value (RFC 3464 2.3.1)."""
    value = value[: limits.ADDRESS_CHARS * 2]
    kind = _TYPE.match(value)
    type_ = kind[1].lower() if kind else None
    rest = value[kind.end() :] if kind else value
    if type_ == "utf-8":
        rest = _UNICODE.sub(lambda m: _letter(m[1]), rest)
    return type_, clean(rest)


def of_path(argument: str) -> str:
    """Return what a MAIL or RCPT argument holds within its angle brackets, which may be missing (RFC 5321 4.1.2).

    Servers take blanks within them, too.
    """
    return argument.strip().removeprefix("<").removesuffix(">").strip()


def without_route(argument: str) -> str:
    """Return a path without its source route, as in <@relay.example:bob@dest.example>.

    A server ignores it (RFC 5321 C, 4.1.1.3) and knows the recipient by his address alone when he shall be deleted.
    """
    return _ROUTE.sub(r"\1", argument)


def to_name(final: str | None, original: str | None) -> tuple[str | None, str | None]:
    """Return the address to tell a person of, and the one that he wrote where that is another (RFC 3464 2.3.1, 2.3.2).

    final, original   where the message was to go in the end, and as the sender addressed it
    """
    if final is None or (original is not None and is_internal(final)):
        return original and without_route(original), None
    if original is None or original.lower() == final.lower():
        return without_route(final), None
    # The same mailbox (RFC 5321 4.1.2), or by the name of a channel within the system: as the sender knows it.
    if _unquoted(original) == _unquoted(final) or (_is_channel(final) and name(final) == name(original)):
        return original, None
    return final, original


def _is_channel(final: str) -> bool:
    """Say whether the domain is none but a channel of Sun's Messaging Server: ims-ms-daemon."""
    return domain(final).lower().endswith("-daemon")


def _unquoted(written: str) -> str:
    return written.replace('"', "").lower()


def rewritten(who: str) -> str:
    """Return whose address it is that a forwarder rewrote (SRS), to be told of failures; any other as it is."""
    found = _SRS.match(who)
    return f"{found[2]}@{found[1]}" if found else who


def name(who: str) -> str:
    """Return what stands before the @, without a tag: the same name is often the same person, wherever it is."""
    return who.partition("@")[0].partition("+")[0].strip("\"'").lower()


def domain(who: str | None) -> str:
    """Return what stands behind the @; a bare name, as a gateway reports it, and a program have no domain: ""."""
    return who.rpartition("@")[2] if who and "@" in who and not is_program(who) else ""


def is_program(who: str) -> bool:
    """Say whether it is a program that gets the mail, as the pipe of an alias or of a .forward, quoted or not."""
    return who.startswith(("|", '"|'))


@lru_cache(limits.SAME_WORDS)
def as_dns(domain: str) -> str:
    """Return a domain, or a host, spelled so that it equals any other spelling of the same (RFC 5890 2.3.2): as people write it.

    Python's own "idna" is the standard of 2003, which makes another name of one with an "ß"; and to decode costs a hundredth.
    """
    name = unicodedata.normalize("NFKC", domain).lower().rstrip(".")
    return ".".join(map(_as_written, name.split("."))) if _CODED in name else name


def _as_written(label: str) -> str:
    """Return the letters that a label of a domain stands for in the DNS; any other as it is, and what can be none."""
    if not label.startswith(_CODED) or len(label) > _LABEL_CHARS:
        return label
    try:
        return label.removeprefix(_CODED).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def is_within(host: str, domain: str) -> bool:
    """Say whether a host or domain is *domain* or lies in it; both in lower case."""
    return f".{host}".endswith(f".{domain}")


def are_of_one(domain: str, other: str) -> bool:
    """Say whether one domain is the other or lies in it; both in lower case."""
    return is_within(domain, other) or is_within(other, domain)


def is_private(who: str | None) -> bool:
    """Say whether the domain is a name that only one machine or one house knows: elsewhere nobody has this address."""
    there = domain(who).rstrip(".")
    return there != "" and _PRIVATE.fullmatch(there) is not None


def is_internal(final: str) -> bool:
    """Say whether it is a pipe, a file, a source route or a bare name: nothing that a person would know again."""
    return is_program(final) or final.startswith(("@", "/", "\\")) or "@" not in final or final.count('"') % 2 == 1


def clean(text: str) -> str | None:
    """Return the address that *text* is, without brackets, quotes, mailto: and comments; None if it is none.

    A quoted local part keeps its quotes, whatever they hold: they belong to the address.
    """
    text = text.strip()
    if text.endswith(")"):
        text = _COMMENT.sub("", text).rstrip()
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1] if len(quoted[1]) <= limits.ADDRESS_CHARS and quoted[1].isprintable() else None
    bracketed = _BRACKETED.search(text)
    if bracketed:
        text = bracketed[1]
    around = _AROUND if "@[" in text or text.endswith("]") else f"{_AROUND}[]"
    # Braces are letters of an address (RFC 5322 3.2.3): of one that has both, the first is no bracket around it.
    text = text.rstrip(around).lstrip(around.replace("{", "") if "}" in text.partition("@")[0] else around)
    text = _PREFIX.sub("", text)
    text = text.rstrip(".")
    if not text or len(text) > limits.ADDRESS_CHARS or " " in text or not text.isprintable():
        return None
    return text


def xtext(address: str, final: str | None) -> str:
    """Undo RFC 3461 4 xtext where it was left in: the @, a + or a = is encoded, or the result is the final address."""
    if "+" not in address:
        return address
    decoded = _XTEXT.sub(lambda m: chr(int(m[1], 16)), address)
    if not decoded.isprintable():
        return address
    left_in = ("@" not in address and "@" in decoded) or "+2B" in address or "+3D" in address
    return decoded if left_in or decoded == final else address


def _letter(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
