"""The rules that ship, and what a wrong row costs: itself, with its file and line told."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from bounce_milter import classify as classify_module
from bounce_milter import reply
from bounce_milter.catalogue import Catalogue, Ready, build, wordless
from bounce_milter.catalogue.pattern import Items, alternatives, mute, texts, weight
from bounce_milter.catalogue.rule import Rule, read
from bounce_milter.classify import classify
from bounce_milter.classify.fit import fitting
from bounce_milter.classify.lint import ask, lint
from bounce_milter.classify.normal import Normal
from bounce_milter.classify.verdict import Query
from bounce_milter.misfit import Problem
from bounce_milter.resources import packaged_clearings, packaged_rules, packaged_votes
from bounce_milter.vocabulary import REASONS, Class, Reason

FILES = packaged_rules()
ALL = build(FILES, (), packaged_votes(), clearings=packaged_clearings())
PROBLEMS = lint(ALL)

ROW = """
[[rule]]
id = "a-row"
pattern = 'no such user'
reason = "user-unknown"
source = "RFC 5321 3.3"
sample = "550 5.1.1 No such user here"
"""


def problems(text: str) -> list[Problem]:
    return lint(build([("x.toml", text)]))


@pytest.mark.parametrize("name", [name for name, _ in FILES])
def test_every_row_of_the_file_decides_its_samples(name: str) -> None:
    assert not [str(problem) for problem in PROBLEMS if problem.file == name]


def _said(query: Query) -> tuple[object, ...]:
    """Return what people are told, by the rules alone and with the vote."""
    # What is kept of the last replies would know nothing of the row that is left out.
    both = [classify.__wrapped__(query, ALL, vote=vote) for vote in (False, True)]
    return tuple((v.reason, v.class_, v.dead, v.act, v.words, v.listed_by, v.lookup, v.confidence) for v in both)


def test_without_a_row_one_of_its_samples_is_judged_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider's token or whole sentence stays, whatever else knows it: it is not put to the vote.

    A hint may do its work beside words that call an address dead.
    """
    left_out: set[str] = set()

    def without(query: Query, normal: Normal, catalogue: Catalogue) -> list[Ready]:
        return [ready for ready in fitting(query, normal, catalogue) if ready.rule.id not in left_out]

    monkeypatch.setattr(classify_module, "fitting", without)
    idle = []
    for place, rule in enumerate(ALL.rules):
        beside = [f"550 5.1.1 User unknown: {reply.parse(s).text}" for s in rule.samples if rule.strength == "hint"]
        asked = [ask(sample, rule.sample_by, rule.sample_command) for sample in (*rule.samples, *beside)]
        with_it = [_said(query) for query in asked]
        left_out.add(rule.id)
        known = ALL.ready[place].token or ALL.ready[place].exact
        if not known and [_said(query) for query in asked] == with_it:
            idle.append(rule.id)
        left_out.clear()
    assert idle == []


@pytest.mark.parametrize(("name", "text"), FILES, ids=[name for name, _ in FILES])
def test_ids_begin_with_the_name_of_their_file(name: str, text: str) -> None:
    prefix = name.removesuffix(".toml") + "-"
    assert not [row["id"] for row in tomllib.loads(text)["rule"] if not row["id"].startswith(prefix)]


@pytest.mark.parametrize(("name", "text"), FILES, ids=[name for name, _ in FILES])
def test_samples_name_nobody_real(name: str, text: str) -> None:
    # Addresses in samples are in the domains of RFC 2606, so that nobody is written to who copies one.
    for row in tomllib.loads(text)["rule"]:
        samples = [row["sample"]] if isinstance(row["sample"], str) else row["sample"]
        for word in " ".join(samples).split():
            if "@" in word and not row["id"].startswith(("microsoft-", "apple-", "spectrum-")):
                assert (
                    ".example" in word
                    or "example." in word
                    or "@[192.0.2." in word
                    or word.strip("<>.:,").endswith("@")
                    or word.strip("<>.:,'").startswith("@")  # the name of a part of an address
                ), (row["id"], word)


def test_no_alternative_stands_twice_among_its_like() -> None:
    """The second never counts: another word was meant, or none."""

    def groups(found: tuple[Items, ...]) -> Iterator[list[str]]:
        yield ["".join(item.text for item in items) for items in found]
        for items in found:
            for item in items:
                yield from groups(item.inner)

    twice = [
        (rule.id, text)
        for rule in ALL.rules
        for found in groups(alternatives(rule.pattern or ""))
        for text, count in Counter(found).items()
        if count > 1
    ]
    assert twice == []


def test_every_reason_but_unknown_has_a_rule() -> None:
    assert {rule.reason for rule in ALL.rules} == set(Reason) - {Reason.UNKNOWN}


def test_a_row_that_is_right_has_no_problem() -> None:
    assert problems(ROW) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('reason = "user-unknown"', 'reason = "user-unkown"'), "user-unkown"),
        (('source = "RFC 5321 3.3"', 'source = " "'), "source is empty"),
        (('source = "RFC 5321 3.3"\n', ""), "source"),
        (("'no such user'", "'no such ('"), "no RE2 pattern"),
        (("'no such user'", "'(no such)(?=user)'"), "no RE2 pattern"),
        (("'no such user'", "'No such user'"), "capital letters"),
        (("'no such user'", r"'no such user|refusé\b'"), "\\b never holds beside 'é'"),
        (("'no such user'", "'(?:user)?'"), "matches the empty text"),
        (("'no such user'", r"'\p{Greek}*'"), "matches the empty text"),
        (("'no such user'", "'(?i)(?:user)?'"), "matches the empty text"),
        (("'no such user'", r"'no such\\User'"), "capital letters"),
        (("'no such user'", r"'no such user|(?:\pL{30}){30}'"), "no RE2 pattern: pattern too large"),
        (("'no such user'", "'" + "(" * 21 + "no such user" + ")" * 21 + "'"), "groups stand more than 20 deep"),
        (("'no such user'", "'" + "(" * 490 + "no such user" + ")" * 490 + "'"), "groups stand more than 20 deep"),
        (("'no such user'", "'" + "x" * 2_000 + "'"), "characters"),
        (("pattern = 'no such user'\n", ""), "neither a pattern nor"),
        (('id = "a-row"', 'id = "A Row"'), "an id has"),
        (('id = "a-row"', ""), "x.toml:2: id is missing"),
        (('id = "a-row"', "id = 5"), "x.toml:2: id: expected a text in quotes, got a whole number"),
        (('id = "a-row"', 'id = ""'), "x.toml:2: an id has lower-case letters"),
        (('sample = "550 5.1.1 No such user here"', 'sample = ""'), "sample is empty"),
        (('sample = "550 5.1.1 No', 'sample = "550 5.1.1 Not a'), "does not match its sample"),
        (('sample = "550 5.1.1 No', 'status = "5.1"\nsample = "550 5.2.1 No'), "does not match its sample"),
        (('id = "a-row"', 'id = "a-row"\nstrength = "strong"'), "strength"),
        (('id = "a-row"', 'id = "a-row"\nreply = "5x0"'), "reply"),
        (('id = "a-row"', 'id = "a-row"\nstatus = "9.1.1"'), "status"),
        (('id = "a-row"', 'id = "a-row"\nreply = "5٥"'), "reply"),
        (('id = "a-row"', 'id = "a-row"\nstatus = "5.1١"'), "status"),
        (('id = "a-row"', 'id = "a-row"\npatern = "x"'), "patern"),
        (
            ('id = "a-row"', 'id = "a-row"\ncommand = "RCPT|RCTP"'),
            "command is none of AUTH, CONN, DATA, EHLO, ETRN, HELO, LHLO, MAIL, RCPT, STARTTLS: 'RCTP'; did you mean 'RCPT'?",
        ),
        (('id = "a-row"', 'id = "a-row"\nsample_command = "RCTP"'), "sample_command is none of"),
        (
            ('id = "a-row"', 'id = "a-row"\nlookup = "not a url"'),
            "lookup 'not a url' is no address of a page, https://... or http://...",
        ),
        (
            ('id = "a-row"', 'id = "a-row"\nlist = " "'),
            "list is blank",
        ),
        (("[[rule]]", "[[rules]]"), "unknown table"),
        (("[[rule]]", "[rule]"), "x.toml:2: rule: expected two brackets, [[rule]]"),
        (('id = "a-row"', 'id = "a-row"\nby = ["dest.example", ""]'), "by holds an empty text"),
        (('id = "a-row"', 'id = "a-row"\nby = ["Dest.example"]'), "by has capital letters"),
        (("[[rule]]", "[[rule"), "x.toml:2: not TOML: "),
    ],
)
def test_a_row_that_is_wrong_is_told(change: tuple[str, str], told: str) -> None:
    assert change[0] in ROW
    (problem,) = problems(ROW.replace(*change))
    assert told in str(problem)


@pytest.mark.parametrize(
    "pattern",
    [
        r"no \p{Latin}+ user",
        r"no \pL+ user",
        r"no such\PLuser",
        r"no\x{20}such user|fa\x{DF}",
        "(?P<Who>no) such user",
        r"\Qno such\E user",
        "(" * 20 + "no such user" + ")" * 20,
    ],
)
def test_a_pattern_may_have_the_capital_letters_of_its_syntax(pattern: str) -> None:
    assert problems(ROW.replace("no such user", pattern)) == []


def test_what_a_large_pattern_found_is_told() -> None:
    row = ROW.replace("no such user", r"no (?:\pL{90}){2}").replace("No such user", "No " + "x" * 180)
    catalogue = build([], [("mine.toml", row)])
    assert lint(catalogue) == []
    assert (classify(ask(catalogue.rules[0].samples[0]), catalogue).evidence or "").startswith("No xxx")


def test_a_row_tells_all_its_faults_at_once() -> None:
    row = '[[rule]]\n{}patern = "x"\nreason = "user-unkown"\nstatus = "9"\n'
    faults = {"there is no field 'patern'; did you mean 'pattern'?", "status '9' is no code, prefix"}

    def told(head: str, own: bool) -> list[str]:
        files = [("x.toml", row.format(head) + ROW.replace("a-row", "b-row").replace("here", "there", 1))]
        return [problem.message for problem in lint(build([] if own else files, files if own else ()))]

    for head in ("", 'id = "A Row"\n'):
        for own in (False, True):
            found = "\n".join(told(head, own))
            assert all(fault in found for fault in faults), (head, own)
            assert "reason: expected one of" in found
            assert ("an id has" if head else "id is missing") in found
    assert "and a new one needs sample, source" in told('id = "A Row"\n', own=True)[0]
    twice = lint(build([], [("x.toml", ROW + ROW.replace("user-unknown", "user-unkown"))]))
    assert [problem.message[:11] for problem in twice] == ["the same id", "reason: exp"]


def test_samples_of_sound_rows_are_tried_beside_an_unsound_one() -> None:
    unsound = ROW.replace("a-row", "b-row").replace("user-unknown", "user-unkown")
    sample = ROW.replace("5.1.1 No", "5.1.1 Not a")
    found = lint(build([], [("mine.toml", unsound + sample)]))
    assert [problem.key for problem in found] == ["b-row", "a-row"]
    # Packaged rows are not asked where none of the admin's is sound.
    assert [problem.key for problem in lint(build([("x.toml", sample)], [("mine.toml", unsound)]))] == ["b-row"]


def test_large_rows_are_no_burden_together() -> None:
    large = [
        ROW.replace("a-row", f"large-{n}").replace("no such user", f"é{n}" + "[^x]{900}" * (19 + n)) for n in range(6)
    ]
    catalogue = build([("x.toml", ROW + "".join(large))])
    assert not catalogue.problems
    text = "é4" + "y" * 900 * 23
    assert {catalogue.rules[i].id for i in catalogue.phrases.within(text.encode())} == {"large-4"}


def test_a_class_of_the_rows_own_is_what_its_sample_gives() -> None:
    assert problems(ROW + 'class = "message"\n') == []


def test_a_problem_names_its_file_and_line() -> None:
    second = ROW.replace("a-row", "b-row").replace("user-unknown", "nonsense")
    (problem,) = problems(ROW + second)
    assert (problem.file, problem.key) == ("x.toml", "b-row")
    assert (ROW + second).splitlines()[problem.line - 1] == 'id = "b-row"'


def test_the_same_id_twice_is_told() -> None:
    (problem,) = problems(ROW + ROW)
    assert "the same id" in problem.message
    assert (ROW + ROW).splitlines()[problem.line - 1] == 'id = "a-row"'
    assert problem.line > len(ROW.splitlines())


def test_the_same_pattern_twice_is_told() -> None:
    found = problems(ROW + ROW.replace("a-row", "b-row"))
    assert any("the same pattern" in problem.message for problem in found)


@pytest.mark.parametrize("name", ["a-copy", "z-copy"])
def test_the_same_pattern_as_a_packaged_rule_is_told_of_the_admins_own(name: str) -> None:
    found = build([("packaged.toml", ROW)], [("mine.toml", ROW.replace("a-row", name))]).problems
    assert [(problem.file, problem.key) for problem in found] == [("mine.toml", name)]


def test_a_row_that_another_always_beats_is_told() -> None:
    longer = ROW.replace("a-row", "b-row").replace("'no such user'", "'no such user here'")
    (problem,) = problems(ROW + longer)
    assert problem.key == "a-row"
    assert "decides none of its samples" in problem.message


@pytest.mark.parametrize(
    ("sample", "decider"),
    [
        ("550 5.1.1 file atachments from type ISO and IMG is forbiden in this company", "the vote"),
        ("550 5.2.2 qxvbz", "code 5.2.2"),
        ("550 5.1.1 No such user in this company", "rule a-row"),
    ],
)
def test_who_decided_instead_is_told(sample: str, decider: str) -> None:
    row = f"""[[rule]]
id = "b-row"
pattern = 'in this company|qxvbz'
strength = "hint"
reason = "policy-refused"
source = "ours"
sample = "{sample}"
"""
    (problem,) = lint(build([("x.toml", ROW)], [("site.toml", row)], ALL.votes))
    assert f" by {decider}, not policy-refused" in problem.message


def test_a_wrong_row_leaves_the_others_working() -> None:
    rules = build([("x.toml", ROW + '\n[[rule]]\nid = "b-row"\npattern = "("\n')]).rules
    assert [rule.id for rule in rules] == ["a-row"]


def test_an_overlay_changes_fields_of_a_row() -> None:
    over = '[[rule]]\nid = "a-row"\nreason = "mailbox-disabled"\n'
    catalogue = build([("x.toml", ROW)], [("site.toml", over)])
    (rule,) = catalogue.rules
    assert (rule.reason, rule.pattern) == (Reason.MAILBOX_DISABLED, "no such user")
    assert [ready.place for ready in catalogue.ready] == [("site.toml", 2)]
    assert lint(catalogue) == []


def test_what_an_overlay_means_to_change_is_no_fault_of_the_row_that_it_changes() -> None:
    own = OWN.replace("'no user'", r"'\bno such user'").replace('"user-unknown"', '"mailbox-disabled"')
    catalogue = build([("x.toml", ROW)], [("site.toml", own.replace("No user here", "No such user here"))])
    assert classify(ask("550 5.1.1 No such user here"), catalogue).reason is Reason.MAILBOX_DISABLED
    assert lint(catalogue) == []


def test_an_overlay_switches_a_row_off() -> None:
    catalogue = build([("x.toml", ROW)], [("site.toml", '[[rule]]\nid = "a-row"\ndisabled = true\n')])
    assert catalogue.rules == ()
    assert catalogue.problems == ()


def test_an_overlay_adds_rows() -> None:
    catalogue = build([("x.toml", ROW)], [("site.toml", ROW.replace("a-row", "b-row").replace("no such", "unknown"))])
    assert {rule.id for rule in catalogue.rules} == {"a-row", "b-row"}


def test_the_order_of_files_changes_nothing() -> None:
    assert [rule.id for rule in build(reversed(FILES)).rules] == [rule.id for rule in ALL.rules]


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("no such user", 12),
        ("user|mailbox", 4),
        ("(?:no|not a) user", 7),
        ("users?", 4),
        ("user +[^ ]* unknown", 13),
        (r"\buser\.", 5),
        ("a{2}bc", 2),
        ("(?:very )?full", 4),
    ],
)
def test_a_pattern_weighs_what_every_match_holds(pattern: str, characters: int) -> None:
    assert weight(alternatives(pattern)) == characters


@pytest.mark.parametrize(
    ("pattern", "letter"),
    [
        (r"\brefus(?:é|e)\b", "é"),
        (r"refus(?:é|e)(?:\W|$)", None),
        (r"refus(?:é|e)s\b", None),
        (r"refusée?s?\b", "é"),
        (r"(?:a|\bспам) b", "с"),
        (r"\b[а-я]", "а"),
        (r"\b(?:ü|ue)ber\b", "ü"),
        (r"é\bx", None),
        (r"é\b.*x", "é"),
        (r"x.{0,3}\bé", "é"),
        (r"é ?\b[^ ]+@", None),
        (r"\bваш\p{L}* x", "в"),
        (r"^\bx .{0,3}\b", None),
    ],
)
def test_a_word_of_other_letters_than_ascii_has_no_end_for_re2(pattern: str, letter: str | None) -> None:
    assert mute(alternatives(pattern)) == letter


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("no such user", {"no such user"}),
        (r"\bunknown (?:local )?user\b", {"unknown user", "unknown local user"}),
        (
            r"\.\.\. (?:user|mailbox)s? full",
            {"... user full", "... users full", "... mailbox full", "... mailboxs full"},
        ),
        ("quota.*full", set()),
        ("[- ]?c", {"-c", " c", "c"}),
        ("[a-z]c", set()),
        ("[^a]c", set()),
        ("a(b)", {"ab"}),
        ("a{2}", set()),
        ("(?i)user", set()),
        (r"user\x20gone", set()),
        ("(?:a|b)(?:a|b)(?:a|b)(?:a|b)(?:a|b)", set()),
        ("", {""}),
    ],
)
def test_all_texts_of_a_pattern_where_they_are_few(pattern: str, expected: set[str]) -> None:
    assert set(texts(pattern)) == expected


def test_a_sample_is_asked_as_a_reply() -> None:
    query = ask("550 5.1.1 No such user", "mx.example.com", "RCPT")
    assert (query.reply, query.status, query.text) == ("550", "5.1.1", "No such user")
    assert (query.by, query.command) == ("mx.example.com", "RCPT")


def _restated(row: dict[str, Any]) -> set[str]:
    """Return the fields of a row that say what holds without them; class "permanent" holds of a 4yz only where it stands."""
    implied = REASONS[Reason(row["reason"])]
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(Rule)}
    defaults |= {"act": implied.act, "class": implied.class_ if implied.class_ is not Class.PERMANENT else None}
    return {name for name, value in row.items() if value == defaults[name]}


def test_no_row_restates_what_is_implied() -> None:
    rows = [row for _, text in FILES for row in tomllib.loads(text)["rule"]]
    assert {row["id"]: found for row in rows if (found := _restated(row))} == {}


def test_a_class_of_its_own_is_kept() -> None:
    permanent = [rule for rule in ALL.rules if rule.reason is Reason.MAILBOX_FULL and rule.class_ is Class.PERMANENT]
    assert permanent


def test_what_was_proven_is_not_checked_again_but_what_an_admin_lays_over_it_is() -> None:
    wrong = ROW.replace('"RFC 5321 3.3"', '" "')
    assert build([("x.toml", wrong)], proven=True).problems == ()
    over = '[[rule]]\nid = "a-row"\npriority = 1\n'
    (problem,) = build([("x.toml", wrong)], [("site.toml", over)], proven=True).problems
    assert str(problem).startswith("site.toml:2: a-row: source is empty")


OWN = ROW.replace("a-row", "b-row").replace("o such user", "o user")


def overlaid(*texts: str) -> list[str]:
    over = [(f"/own/{number}.toml", text) for number, text in enumerate(texts)]
    return [str(problem) for problem in lint(build([("x.toml", ROW)], over))]


def test_a_row_of_ones_own_stands_there_once() -> None:
    assert overlaid(OWN, OWN) == ["/own/1.toml:3: b-row: the same id stands in /own/0.toml:3"]
    change = '[[rule]]\nid = "a-row"\npriority = 1\n'
    assert overlaid(change + change) == ["/own/0.toml:5: a-row: the same id stands in /own/0.toml:2"]


@pytest.mark.parametrize("field", ["disabled = true", 'reason = "policy-refused"'])
def test_a_row_that_changes_no_rule_and_is_none_is_told(field: str) -> None:
    (told,) = overlaid(f'[[rule]]\nid = "a-rwo"\n{field}\n')
    assert told.startswith("/own/0.toml:2: a-rwo: there is no rule of this id to change, and a new one needs ")
    assert told.endswith("sample, source, one of pattern, reply, status; did you mean 'a-row'?")


def test_a_whole_row_of_ones_own_may_be_switched_off() -> None:
    assert overlaid(OWN + "disabled = true\n") == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"user-unknown"', '"user-unkown"'), "reason: expected one of 30 words, got 'user-unkown'; did you mean 'user-unknown'?"),
        (('id = "a-row"', 'id = "a-row"\npatern = "x"'), "there is no field 'patern'; did you mean 'pattern'?"),
        (('source = "RFC 5321 3.3"\n', ""), "source is missing"),
        (('id = "a-row"', 'id = "a-row"\nby = "x"'), "by: expected a list, got a text in quotes"),
        (('id = "a-row"', 'id = "a-row"\nreply = 550'), "reply: expected a text in quotes, got a whole number"),
        (("'no such user'", "'no (such'"), "no RE2 pattern: missing ): no (such"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_in_the_words_of_the_file(change: tuple[str, str], told: str) -> None:
    assert change[0] in ROW
    (problem,) = problems(ROW.replace(*change))
    assert problem.message == told


def test_a_row_that_is_wrong_twice_is_told_twice() -> None:
    wrong = ROW.replace('"user-unknown"', '"x"').replace("source", "sources")
    assert len(problems(wrong)) == 3  # a field missing, one unknown, one wrong
    several = 'id = "a-row"\nreply = 550\nstrength = "strong"\nstatus = "5.x.1"\nlookup = "not a url"'
    wrong = ROW.replace('id = "a-row"', several).replace("no such user'", "No such user'")
    assert [problem.message.split(" ")[0] for problem in problems(wrong)] == [
        "reply:",
        "strength",
        "status",
        "lookup",
        "the",
    ]


def test_a_sample_that_does_not_match_is_shown_as_it_is_read() -> None:
    row = ROW.replace("No such user here", "No Such User at mx.dest.example").replace("'no such user'", "'user at mx'")
    (problem,) = problems(row)
    assert problem.message.endswith("'550 5.1.1 No Such User at mx.dest.example', read as 'no such user at <host>'")
    (problem,) = problems(row.replace("[[rule]]", '[[rule]]\nstrength = "token"').replace("at mx'", "at my'"))
    assert problem.message.endswith("read as 'no such user at mx.dest.example'")


def test_a_row_without_an_id_has_a_line() -> None:
    (problem,) = problems(ROW + ROW.replace('id = "a-row"\n', ""))
    assert (ROW + ROW).splitlines()[problem.line - 1] == "[[rule]]"
    assert problem.line > 2


def test_a_row_that_stands_in_a_line_has_one_too_and_one_that_has_none_is_told_without() -> None:
    inline = "# mine\nrule = [\n  { pattern = 'x', id = \"no-such\" }, {id='nor-this'},\n  { sample = 'y' }\n]\n"
    told = [str(problem).split(": ")[:2] for problem in build([("x.toml", ROW)], [("own.toml", inline)]).problems]
    assert told[:2] == [["own.toml:3", "no-such"], ["own.toml:3", "nor-this"]]
    assert ["own.toml", "id is missing"] in told


def test_words_that_no_wording_has_are_told() -> None:
    own = [("/own/a.toml", OWN + 'words = "on-hodl"\n')]
    (problem,) = wordless(build([("x.toml", ROW)], own), {"/own/a.toml"}, {"en": {"on-hold"}, "de": {"on-hodl"}})
    assert str(problem) == "/own/a.toml:3: b-row: words: no wording in en has 'on-hodl'; did you mean 'on-hold'?"


@pytest.mark.parametrize(
    ("constraint", "lacks"), [('by = ["dest.example"]', "sample_by"), ('command = "RCPT"', "sample_command")]
)
def test_a_sample_that_lacks_what_its_narrowed_rule_asks_for_is_told_so(constraint: str, lacks: str) -> None:
    told = [problem.message for problem in problems(ROW + constraint + "\n")]
    assert any("does not match its sample" in message and f"in {lacks}" in message for message in told)


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_what_looks_like_a_rule_within_a_text_moves_no_line(quotes: str) -> None:
    """The later rule was told at the line of the text; the text's quotes may stand in a comment or a text, too."""
    text = f"""# it's {quotes}
[[rule]]
id = "one"
source = {quotes}
[[rule]]
id = "two"
{quotes}
pattern = "qq"
reason = "user-unknown"
sample = "550 qq \\"#"
[[rule]]
id = "two"
pattern = "Zork"
reason = "user-unknown"
source = "x"
sample = "550 zork"
[[rule]]
pattern = "yy"
"""
    _, places, problems = read([("x.toml", text)])
    assert [place.line for place in places.values()] == [3, 12]
    assert [problem.line for problem in problems][:1] == [17]
    assert any(str(problem).startswith("x.toml:12: two: ") for problem in problems)
