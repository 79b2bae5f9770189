"""Text that is no ASCII -> encoded words (RFC 2047), for unstructured fields.

Rule: each word has at most 75 characters and holds whole letters, so that any reader can decode each by itself. The
shorter of the two encodings is taken: Q leaves Latin text readable, B is for the rest. No state, never raises on a
text without lone surrogates.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

#: The longest encoded word (RFC 2047 2), and the shortest that is worth its frame.
_MOST: Final = 75
_FRAME: Final = len("=?utf-8?Q??=")
_LEAST: Final = _FRAME + 12

# What Q may leave as it is in an unstructured field: printable but for = ? _ and space (RFC 2047 4.2, 5).
_PLAIN: Final = frozenset(range(33, 127)) - frozenset(b"=?_")
_Q: Final = tuple(chr(o) if o in _PLAIN else "_" if o == 32 else f"={o:02X}" for o in range(256))


def encoded_words(text: str, room: int = _MOST) -> Iterator[str]:
    """Yield *text* as encoded words; the first has at most *room* characters, or 24 where that is less."""
    octets = text.encode("utf-8")
    readable = sum([len(_Q[octet]) for octet in octets]) <= -(-len(octets) // 3) * 4
    size = max(_LEAST, min(room, _MOST)) - _FRAME
    left = size if readable else size // 4 * 3
    piece = b""
    for letter in text:
        octets = letter.encode("utf-8")
        cost = sum([len(_Q[octet]) for octet in octets]) if readable else len(octets)
        if cost > left:
            yield _framed(piece, readable)
            piece = b""
            left = _MOST - _FRAME if readable else (_MOST - _FRAME) // 4 * 3
        piece += octets
        left -= cost
    if piece:
        yield _framed(piece, readable)


def _framed(octets: bytes, readable: bool) -> str:
    if readable:
        return f"=?utf-8?Q?{''.join([_Q[octet] for octet in octets])}?="
    return f"=?utf-8?B?{b64encode(octets).decode('ascii')}?="
