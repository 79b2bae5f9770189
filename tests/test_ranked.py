"""The packaged rules prepared beforehand: they are those of the rule files, or nobody asks them."""

from pathlib import Path

import pytest

from bounce_milter import resources
from bounce_milter.catalogue import Catalogue, build, compiled, ranked
from bounce_milter.explain import explain_reply
from bounce_milter.vocabulary import Reason

RULE = """
[[rule]]
id = "site-purple"
pattern = 'purple'
reason = "greylisted"
source = "ours"
sample = "451 come back when it is purple"
"""


def same(one: Catalogue, other: Catalogue) -> bool:
    """Compare all that can be seen of two catalogues; what differs in two thousand rules nobody could read."""
    one_sees, other_sees = ((c.ready, c.problems, c.coded, c.tokens[1:], c.phrases[1:]) for c in (one, other))
    return one_sees == other_sees


def test_the_packaged_file_is_of_the_packaged_rules() -> None:
    fresh = resources.PREPARED.read_bytes() == ranked.prepare(resources.packaged_rules())
    assert fresh, "run `make prepare`"


def test_prepared_rules_are_those_of_the_files() -> None:
    files = resources.packaged_rules()
    found = ranked.prepared(ranked.prepare(files), files)
    assert found is not None
    assert same(compiled(found.known, found.rules), build(files, proven=True, bare=True))


def test_files_in_which_something_is_wrong_are_not_prepared() -> None:
    with pytest.raises(ValueError, match=r"two\.toml: not TOML"):
        ranked.prepare([("one.toml", RULE), ("two.toml", "id = ")])


def test_what_was_prepared_of_other_files_does_not_count() -> None:
    files = [("one.toml", RULE)]
    file = ranked.prepare(files)
    found = ranked.prepared(file, files)
    assert found is not None
    assert [rule.id for rule, _ in found.rules()] == ["site-purple"]
    for others in (
        [("one.toml", RULE.replace("purple", "green"))],
        [("two.toml", RULE)],
        [*files, ("two.toml", "")],
        [],
    ):
        assert ranked.prepared(file, others) is None
    for broken in (b"", file[:-1], b"\xc0", b"[[rule]]"):
        assert ranked.prepared(broken, files) is None


@pytest.mark.parametrize("old", [None, b"", ranked.prepare([("generic.toml", RULE)])])
def test_without_a_prepared_file_of_theirs_the_rule_files_are_read(
    old: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rules.bin"
    if old is not None:
        file.write_bytes(old)
    monkeypatch.setattr(resources, "PREPARED", file)
    knowledge = resources.load_knowledge()
    assert same(knowledge.catalogue, build(resources.packaged_rules(), proven=True, bare=True))
    (told,) = explain_reply("451 purple", knowledge).recipients
    assert told.reason is not Reason.GREYLISTED
