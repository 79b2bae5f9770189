"""The examples: `text TAB reason` a line, the text as a server says it, with or without its codes; and the rules' samples."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bounce_milter import catalogue, resources
from bounce_milter.catalogue import cleared, terms
from bounce_milter.classify.lint import ask
from bounce_milter.classify.normal import normalise
from bounce_milter.classify.verdict import Query
from bounce_milter.reply import framed, quoting, verbs
from bounce_milter.vocabulary import Reason

FOLDER = Path(__file__).parents[1] / "examples"
_CLEARINGS = cleared.compiled(resources.packaged_clearings())


class Example(NamedTuple):
    """The words and codes of one reply as the vote sees them, and what they mean."""

    words: str
    coded: tuple[str, ...]
    reason: Reason


def written() -> list[Example]:
    """Return the examples of the files, in the order of files and lines. ValueError names the line that is none."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            text, _, reason = line.partition("\t")
            if not text.strip() or reason not in set(Reason):
                raise ValueError(f"{path.name}:{number}: expected a text, a tab and a reason")
            found.append(_example(_read(text.replace("\\n", "\n")), Reason(reason)))
    return found


def samples() -> list[Example]:
    """Return the samples of the packaged rules on words, as `lint` asks them: the vote shall not gainsay them."""
    rules = catalogue.build(resources.packaged_rules(), proven=True).rules
    return [
        _example(ask(text, rule.sample_by, rule.sample_command), rule.reason)
        for rule in rules
        if rule.pattern and rule.strength != "token"
        for text in rule.samples
    ]


def _read(text: str) -> Query:
    text = framed.bare(text)
    said = quoting.find(text)
    return Query(reply=said.code, status=said.status, text=said.text, command=verbs.command(text))


def _example(query: Query, reason: Reason) -> Example:
    coded = terms.codes(query.reply, query.status, query.command)
    return Example(normalise(query.text or "", _CLEARINGS).words.decode(), coded, reason)


def digest(found: Sequence[Example]) -> str:
    """Return a mark of exactly these examples."""
    text = "\n".join(f"{words}\t{' '.join(coded)}\t{reason}" for words, coded, reason in found)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
