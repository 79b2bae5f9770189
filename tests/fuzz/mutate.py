"""Messages made from others by cutting, doubling, crossing and spoiling: seeded, so that each can be made again."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

_SPOILERS = (
    b"\x00", b"\r", b"\n", b"\r\n", b"\n\n", b"\xff\xfe", b"\xed\xa0\x80", b"=?utf-8?b?", b"?=", b"--", b"boundary=", b"<", b">",
    b"@", b'"', b"\\", b"5.1.1", b"550 ", b"550-", b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=a\n\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n", b"charset=utf-7", b"charset=iso-2022-jp",
    b"\x1b$B", b"Final-Recipient: rfc822; ", b"Action: ", b"Status: 9.9.9\n", b"Diagnostic-Code: smtp; ", b"\xe2\x80\xae", b"(" * 50,
    b" " * 300, b"Received: " + b"a" * 2000 + b"\n", b"X-Failed-Recipients: a@b.example\n", b">>> RCPT To:<a@b.example>\n", b"<<< 550 no\n",
)  # fmt: skip

#: What is repeated until a line is far longer than any bound.
RUNS = (
    b"a", b"1", b" ", b"\t", b"\n", b".", b"-", b"_", b"<", b">", b"@", b":", b";", b"=", b'"', b"'", b"(", b"[", b"]", b",", b"*", b"#",
    b"/", b"\\", b"&", b"a.", b"a@", b"a ", b"a: ", b"1.", b"5.1.1 ", b"550 ", b"said: ", b"host ", b"\n ", b"x@y.example\n", b"- ",
    b"\xc3\xa9", b"\xe3\x81\x82", b"<a ", b"=?", b"rcpt to:",
)  # fmt: skip


def run(message: bytes, dice: random.Random, token: bytes) -> bytes:
    """Return *message* with 40,000 octets of one token somewhere below its header."""
    at = dice.randrange(max(message.find(b"\n\n"), 0), len(message) + 1)
    return message[:at] + token * (40_000 // len(token)) + message[at:]


def folder(root: Path) -> list[bytes]:
    """Return every file below *root*, in order of their names."""
    return [path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".toml"]


def mutants(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Yield messages made from *seeds*, without end; the same *seed* yields the same."""
    dice = random.Random(seed)
    while True:
        message = dice.choice(seeds)[:200_000]
        for _ in range(dice.choice((1, 1, 2, 3, 8))):
            message = dice.choice(_STEPS)(message, dice, seeds)
        yield message


def _spoil(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    at = dice.randrange(len(message) + 1)
    return message[:at] + dice.choice(_SPOILERS) + message[at:]


def _run(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    return run(message, dice, dice.choice(RUNS))


def _flip(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    if not message:
        return message
    at = dice.randrange(len(message))
    return message[:at] + bytes([dice.randrange(256)]) + message[at + 1 :]


def _cut(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    a, b = sorted((dice.randrange(len(message) + 1), dice.randrange(len(message) + 1)))
    return message[:a] + message[b:]


def _end(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    return message[: dice.randrange(len(message) + 1)]


def _cross(message: bytes, dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    other = dice.choice(seeds)[:100_000]
    a, b = dice.randrange(len(message) + 1), dice.randrange(len(other) + 1)
    return message[:a] + other[b:]


def _lines(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    lines = message.split(b"\n")
    for _again in range(dice.choice((1, 3, 20))):
        a, b = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _double(message: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    a, b = sorted((dice.randrange(len(message) + 1), dice.randrange(len(message) + 1)))
    return (message[:a] + message[a:b][:2000] * dice.choice((2, 2, 30)) + message[b:])[:200_000]


_STEPS = (_spoil, _spoil, _spoil, _run, _flip, _flip, _cut, _end, _cross, _lines, _double)
