"""The phrases by which patterns are found: none is missed by them, and a phrase alone is never enough where there are gaps."""

from typing import Any

import pytest
import re2

from bounce_milter.catalogue import build, trial
from bounce_milter.classify import hits
from bounce_milter.landmark import Landmark, landmarks
from bounce_milter.normalise import normalise
from bounce_milter.pattern import alternatives
from bounce_milter.resources import packaged_knowledge
from bounce_milter.rule import options
from bounce_milter.verdict import Query

CATALOGUE = packaged_knowledge(samples=True).catalogue
SAMPLES = [sample for rule in CATALOGUE.rules for sample in rule.samples]


@pytest.mark.parametrize(
    ("pattern", "phrases", "rest"),
    [
        ("no such user", ["no such user"], None),
        (r"\b(?:no|an) users?\b", [r"\bno users?\b", r"\ban users?\b"], None),
        (" (?:is )?full", [" is full", " full"], None),
        ("e?mail full", ["email full", "mail full"], None),
        ("mailbox.*full", ["mailbox"], "mailbox.*full"),
        ("box[^.;]{0,30}(?:disabled|gone)", ["disabled", "gone"], "box[^.;]{0,30}(?:disabled|gone)"),
        ("(?:a.*quota|full box) now", ["quota", "full box"], "(?:a.*quota|full box) now"),
        ("no.*(?:user)?", ["no.*(?:user)?"], None),
        ("[0-9]+ seconds", ["[0-9]+ seconds"], None),
        ("(?:very )*full", ["full"], "(?:very )*full"),
        ("a{2,3}bcd", ["a{2,3}bcd"], None),
        ("(?i)no such.* user", ["(?i)no such.* user"], None),
        ("(?P<who>user|box)+ gone", ["(?P<who>user|box)+ gone"], None),
        ("[[:alpha:]]+ unknown", ["[[:alpha:]]+ unknown"], None),
        (r"\pL* unknown", [r"\pL* unknown"], None),
        (r"postkasten\x20+voll", [r"postkasten\x20+voll"], None),
        (r"[a-f[:digit:]]{1,40} unknown", [r"[a-f[:digit:]]{1,40} unknown"], None),
        (r"[\])]* listed", [" listed"], r"[\])]* listed"),
    ],
)
def test_a_pattern_has_landmarks(pattern: str, phrases: list[str], rest: str | None) -> None:
    assert landmarks(alternatives(pattern)) == [Landmark(phrase, rest) for phrase in phrases]


def test_an_alternative_without_gaps_is_found_by_itself() -> None:
    assert landmarks(alternatives("user unknown|box.*gone")) == [
        Landmark("user unknown", None),
        Landmark("gone", "box.*gone"),
    ]


def test_taken_apart_a_pattern_is_still_the_same() -> None:
    for rule in CATALOGUE.rules:
        parts = alternatives(rule.pattern or "")
        assert "|".join("".join(item.text for item in items) for items in parts) == (rule.pattern or "")


def test_the_rules_that_fit_are_those_whose_whole_pattern_matches() -> None:
    sets: list[tuple[list[str], bool, Any]] = []
    for raw, octets in ((False, False), (False, True), (True, False), (True, True)):
        these = [
            (rule.id, rule.pattern)
            for rule in CATALOGUE.rules
            if rule.pattern and (rule.strength == "token") is raw and rule.pattern.isascii() is octets
        ]
        for some in (these[at : at + 100] for at in range(0, len(these), 100)):
            found = re2.Set.SearchSet(options(octets=octets))
            for _, pattern in some:
                found.Add(pattern)
            found.Compile()
            sets.append(([name for name, _ in some], raw, found))
    free = {ready.rule.id for ready in CATALOGUE.ready if ready.free and ready.rule.pattern}
    seen: set[str] = set()
    for sample in SAMPLES:
        normal = normalise(sample)
        whole = {ids[i] for ids, raw, found in sets for i in found.Match(normal.raw if raw else normal.words) or ()}
        fit = {CATALOGUE.rules[i].id for i in hits(Query(text=sample), normal, CATALOGUE)}
        assert fit & free == whole & free, sample
        seen |= fit
    assert len(seen) > 1000


def test_a_pattern_with_beginnings_without_end_stays_as_it_is() -> None:
    pattern = "(?:a?)?" * 100 + "user"
    assert landmarks(alternatives(pattern)) == [Landmark(pattern, None)]


@pytest.mark.parametrize(
    "pattern",
    ["(?i)no such|user", "(?s:zork).*for good", "[[:alpha:]]+ flew", r"\Qgone for\E.*x", r"zork\x20.*flew"],
)
def test_every_syntax_of_re2_works(pattern: str) -> None:
    row = (
        f"[[rule]]\nid = 'site-row'\npattern = '{pattern}'\nreason = 'user-unknown'\nsource = 'x'\nsample = '550 zork'"
    )
    catalogue = build([("site.toml", row)])
    assert not catalogue.problems
    text = "no such zork flew, gone for good"
    fits = re2.compile(pattern, options()).search(text) is not None
    assert bool(hits(Query(text=text), normalise(text), catalogue)) is fits


def test_a_pattern_of_any_size_is_tried() -> None:
    row = """
        [[rule]]
        id = "site-large"
        pattern = "mailbox.{0,900}[a-z]{900}.{0,90}closed"
        reason = "mailbox-disabled"
        source = "site"
        sample = "550 x"
    """
    catalogue = build([("site.toml", row)])
    assert not catalogue.problems
    text = f"mailbox {'b' * 900} closed"
    assert [catalogue.rules[i].id for i in hits(Query(text=text), normalise(text), catalogue)] == ["site-large"]
    assert not hits(Query(text="mailbox closed"), normalise("mailbox closed"), catalogue)
    assert trial("mailbox.{0,900}[a-z]{900}.{0,90}closed").Match(text.encode())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("postfach (?:gelöscht|geloescht)", "das postfach gelöscht"),
        ("vé?lo kaputt", "vlo kaputt"),
        ("vé?lo kaputt", "vélo kaputt"),
        ("exist[aă] nu", "există nu"),
        ("ключ.замок", "ключ замок"),
        ("ключ[^.;]замок", "ключызамок"),
        (r"ключ\Wзамок", "ключ замок"),
        ("до{1,3}м пуст", "дооом пуст"),
        (r"цена\. нет", "цена. нет"),
    ],
)
def test_letters_of_any_script_are_found(pattern: str, text: str) -> None:
    row = f"[[rule]]\nid = 'a'\npattern = '{pattern}'\nreason = 'greylisted'\nsource = 's'\nsample = '{text}'\n"
    catalogue = build([("a.toml", row)])
    assert not catalogue.problems
    assert hits(Query(text=text), normalise(text), catalogue) == [0]
