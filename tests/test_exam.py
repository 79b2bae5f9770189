"""Server replies that no rule and no weight was made from: how far the judgement carries where nobody prepared it.

`exam/replies.tsv` (of manuals, of logs, by hand) and `exam/hard.tsv` (by hand, to mislead whoever counts words or trusts
codes): a reply, the reasons that a postmaster accepts, and whether it proves the address dead (1, 0 or ?).
Whoever mends a rule because of a row moves that row to `examples` and writes a new one.
"""

from pathlib import Path

import pytest

from bounce_milter.explain import explain_reply
from bounce_milter.resources import packaged_knowledge
from bounce_milter.vocabulary import Reason

EXAM = Path(__file__).parent / "exam"
#: Of the rows of each file the share that must be right: a point below what was reached, for learning anew moves half a point.
LEAST_RIGHT = {"replies.tsv": 0.93, "hard.tsv": 0.86}
TOLD = {
    name: [
        (told.recipients[0], set(reasons.split("|")), dead)
        for line in (EXAM / name).read_text(encoding="utf-8").splitlines()
        for reply, reasons, dead in [line.split("\t")]
        for told in [explain_reply(reply.replace("\\n", "\n"), packaged_knowledge())]
    ]
    for name in LEAST_RIGHT
}
ALL = [row for rows in TOLD.values() for row in rows]


def test_the_rows_are_rows() -> None:
    assert all(len(rows) > 200 for rows in TOLD.values())
    assert {reason for _, reasons, _ in ALL for reason in reasons} <= set(Reason)
    assert {dead for _, _, dead in ALL} == {"1", "0", "?"}


@pytest.mark.parametrize("name", LEAST_RIGHT)
def test_a_postmaster_accepts_nearly_every_reason(name: str) -> None:
    right = sum(told.reason in reasons for told, reasons, _ in TOLD[name])
    assert right >= len(TOLD[name]) * LEAST_RIGHT[name]


def test_no_living_address_is_called_dead_and_many_a_dead_one_is() -> None:
    assert [told.text for told, _, dead in ALL if dead == "0" and told.dead] == []
    # Of the hard ones most are misleading on purpose.
    proven = [told.dead for told, _, dead in TOLD["replies.tsv"] if dead == "1"]
    assert sum(proven) > len(proven) / 3
