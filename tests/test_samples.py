"""The samples: a message of each family, written for this project, and what must come out of it.

Each .eml has a .toml of the same name: kind, dialect, the returned message's fields, the recipients in order. Only keys
that stand there are compared; `absent` names the facts that the message does not give, `told` the address that is told of where
that is another. Every sample is read whole, with each kind of line end, and as the milter's adapter puts
it together out of odd chunks.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import bounce_milter
from bounce_milter import bounce
from bounce_milter.adapter import Session
from bounce_milter.bounce import Bounce
from bounce_milter.dialects import REGISTRY, Found
from bounce_milter.explain.line import to_json
from bounce_milter.kinds import candidate
from bounce_milter.message import parse
from bounce_milter.view import View
from bounce_milter.vocabulary import REPORTS

FOLDER = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
_JUDGED = ("reason", "dead", "act")
_OTHER = (*_JUDGED, "absent", "told")
_AT_LEAST = 2


def message(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read(name: str, data: bytes) -> Bounce:
    return bounce.read(data, sender=expected(name).get("sender"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_its_author_knows_it(name: str) -> None:
    want, found = expected(name), read(name, message(name))
    assert found.kind == want["kind"]
    if "dialect" in want:
        assert found.dialect == want["dialect"]
    for key, value in want.get("original", {}).items():
        assert getattr(found.original, "from_" if key == "from" else key) == value
    recipients = want.get("recipient", [])
    assert [r.address for r in found.recipients] == [r.get("address") for r in recipients]
    for fact, row in zip(found.recipients, recipients, strict=True):
        for key in [key for key in row if key not in _OTHER]:
            assert getattr(fact, key) == row[key], key
        assert [key for key in row.get("absent", []) if getattr(fact, key) is not None] == []


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name).get("recipient")])
def test_a_sample_is_judged_as_its_author_would(name: str) -> None:
    told = {r.address: r for r in bounce_milter.explain(message(name), sender=expected(name).get("sender")).recipients}
    for row in expected(name)["recipient"]:
        for key in [key for key in row if key in _JUDGED]:
            assert getattr(told[row.get("told", row.get("address"))], key) == row[key], key


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_and_chunks_change_nothing(name: str) -> None:
    sender = expected(name).get("sender")
    whole = message(name)
    want = to_json(bounce_milter.explain(whole, sender=sender), name)
    assert to_json(bounce_milter.explain(whole.replace(b"\n", b"\r\n"), sender=sender), name) == want
    assert to_json(bounce_milter.explain(whole.replace(b"\n", b"\r"), sender=sender), name) == want
    for size in (1, 7, 997):
        assert to_json(bounce_milter.explain(chunked(whole, size), sender=sender), name) == want


def chunked(whole: bytes, size: int) -> bytes:
    """Return the message as the adapter keeps it when it comes in as fields and chunks of *size* octets."""
    session = Session(0, 0)
    head, _, body = whole.partition(b"\n\n")
    for field in head.replace(b"\n\t", b"\n\t\0").replace(b"\n ", b"\n \0").split(b"\n"):
        if field[:1] in (b" ", b"\t"):
            name, value = session.fields.pop()
            session.fields.append((name, value + b"\n" + field.replace(b"\0", b"")))
        else:
            key, _, value = field.partition(b":")
            session.fields.append((key.decode("ascii"), value.removeprefix(b" ")))
    body = body.replace(b"\n", b"\r\n")
    session.body = [body[at : at + size] for at in range(0, len(body), size)]
    return session.message()


def test_every_family_has_samples() -> None:
    there = Counter(expected(name).get("dialect") for name in NAMES)
    few = [name for name in [*(dialect.name for dialect in REGISTRY), "rfc3464"] if there[name] < _AT_LEAST]
    assert not few


def test_a_family_reads_others_mail_too_and_never_raises() -> None:
    for name in ["", *NAMES[::8]]:
        view = View(parse(message(name) if name else b""), "<>")
        assert all(isinstance(dialect.read(view), Found) for dialect in REGISTRY)


def test_every_sample_says_what_it_must_give() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.toml"))] == NAMES


def test_a_delay_is_never_told_as_given_up() -> None:
    told = bounce_milter.explain(message("310-report-delayed-x47")).recipients[0]
    assert "still waits" in told.explanation
    assert "keeps trying" in told.advice


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["kind"] in REPORTS])
def test_a_bounce_shows_itself_in_its_header_or_its_sender(name: str) -> None:
    """The milter asks for the body of no other mail."""
    signs = [field for field, value in parse(message(name)).fields if candidate.signs(field, value)]
    assert signs or expected(name).get("sender") in ("", "<>")


def test_exims_word_that_an_error_is_permanent_counts_however_it_is_wrapped() -> None:
    assert bounce_milter.explain(message("1654-exim-wrapped-anew")).class_ == "permanent"
