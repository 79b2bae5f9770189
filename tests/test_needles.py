"""The texts by which patterns are found: none is missed by them, and none is enough where more is asked for."""

from typing import Any

import pytest
import re2

from bounce_milter import limits
from bounce_milter.catalogue import build, search
from bounce_milter.catalogue.needles import Needles, Tried, Whole, needles, rarest
from bounce_milter.catalogue.pattern import BEGIN, EDGE, END, alternatives
from bounce_milter.catalogue.rule import options
from bounce_milter.catalogue.search import compiled, trial
from bounce_milter.classify.fit import fitting
from bounce_milter.classify.normal import normalise
from bounce_milter.classify.verdict import Query
from bounce_milter.resources import load_knowledge

CATALOGUE = load_knowledge(samples=True).catalogue
SAMPLES = [sample for rule in CATALOGUE.rules for sample in rule.samples]


def found_by(pattern: str) -> Needles:
    return needles(alternatives(pattern))


@pytest.mark.parametrize(
    ("pattern", "whole"),
    [
        ("no such user", [("no such user", "", "")]),
        (r"\b(?:no|an) users?\b", [(f"{a} user{s}", EDGE, EDGE) for a in ("no", "an") for s in ("s", "")]),
        (" (?:is )?full", [(" is full", "", ""), (" full", "", "")]),
        ("e?mail full", [("email full", "", ""), ("mail full", "", "")]),
        ("^gone|shut$", [("gone", BEGIN, ""), ("shut", "", END)]),
        (r"(?:^|\W)gone", None),
        (r"(?:^| )gone(?:$|[.,])", [(f"{a}gone{b}", BEGIN * (not a), END * (not b)) for a in ("", " ") for b in ("", ".", ",")]),
        (r"a\.b", [("a.b", "", "")]),
        ("box\\\nfull", [("box\nfull", "", "")]),  # a line of an admin's that a backslash ends
    ],
)  # fmt: skip
def test_a_pattern_of_few_texts_is_found_by_them(pattern: str, whole: list[tuple[str, str, str]] | None) -> None:
    found = found_by(pattern)
    if whole is None:
        assert found.tried
    else:
        assert found == Needles(tuple(Whole(*one) for one in whole), ())


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        ("mailbox.*full", [{"mailbox"}, {"full"}]),
        ("box[^.;]{0,30}(?:disabled|gone)", [{"box"}, {"disabled", "gone"}]),
        ("(?:a.*quota|full.*box) now", [{"quota", "full"}, {" now"}]),
        ("no.*(?:user)?", [{"no"}]),
        ("[0-9]+ seconds", [{" seconds"}]),
        ("(?:very )*full", [{"full"}]),
        ("(?:very |quite )+full", [{"very ", "quite "}, {"full"}]),
        ("a{2,3}bcd", [{"bcd"}]),
        ("(?:a|b)(?:c|d)(?:e|f)(?:g|h)", [{x + y + z for x in "ab" for y in "cd" for z in "ef"}, {"g", "h"}]),
        (r"no\b\W\buser", [{"no"}, {"user"}]),
        ("(?i)no such.* user", []),
        ("(?P<who>user|box)+ gone", []),
        ("[[:alpha:]]+ unknown", []),
        (r"\pL* unknown\p{Lu}", [{" unknown"}]),
        (r"postkasten\x20+voll", []),
        (r"[a-f[:digit:]]{1,40} unknown", []),
        (r"[\])]* listed", [{" listed"}]),
        (f"un{EDGE}known", []),
        ("[a-z]{3}|[0-9]", []),
        (r"\b|^", []),
    ],
)
def test_another_is_tried_where_its_signs_are(pattern: str, signs: list[set[str]]) -> None:
    found = found_by(pattern)
    assert not found.whole
    assert [set(sign) for tried in found.tried for sign in tried.signs] == signs
    assert "|".join(tried.rest for tried in found.tried) == pattern


def test_each_alternative_is_found_by_itself() -> None:
    assert found_by("user unknown|box.*gone") == Needles(
        (Whole("user unknown", "", ""),), (Tried((("box",), ("gone",)), "box.*gone"),)
    )


def test_a_list_of_words_is_opened_and_what_is_left_of_it_is_tried_as_one() -> None:
    assert found_by(r"\b(?:a.*quota|full box|too (?:big|b.*g)) now") == Needles(
        (Whole("full box now", EDGE, ""),),
        (Tried((("quota", "too "), (" now",)), r"\b(?:a.*quota|too (?:big|b.*g)) now"),),
    )
    assert not found_by("(?:full|closed|gone|shut|lost|moved|barred|void|off).*now").whole


def test_the_signs_that_are_seldom_are_asked_for() -> None:
    patterns = ["mailbox.*closed.*purple", "mailbox full", "the mailbox", "closed for now"]
    assert rarest([found_by(one) for one in patterns])[0].tried == (
        Tried((("purple",), ("closed",)), "mailbox.*closed.*purple"),
    )


@pytest.mark.parametrize(
    ("pattern", "fit", "do_not"),
    [
        (r"\bfull\b", ["full", "is full.", "(full)", "é full"], ["fully", "awful", "full_"]),
        (r"\b<ip>\b", ["a<ip>b"], ["<ip>", " <ip> "]),
        ("^full", ["full house"], ["a full"]),
        ("full$", ["a full"], ["full house"]),
        ("box.*(?:full|over)", ["boxfull", "box is over"], ["full box", "box is"]),
        ("(?:a|an) .*(?:box|bin)|tray", ["an old bin", "tray"], ["bin an"]),
        ("[a-z][0-9]", ["a1"], ["1a"]),
    ],
)
def test_what_is_found_is_what_matches(pattern: str, fit: list[str], do_not: list[str]) -> None:
    search = compiled(lambda: [(7, found_by("something else")), (3, found_by(pattern))])
    for text in (*fit, *do_not):
        assert search.within(text.encode()) == ({3} if text in fit else set()), text
        assert (re2.compile(pattern).search(text) is not None) is (text in fit)


def test_nothing_is_found_by_nothing() -> None:
    assert compiled(list).within(b"user unknown") == set()


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
        normal = normalise(sample, CATALOGUE.clearings)
        whole = {ids[i] for ids, raw, found in sets for i in found.Match(normal.raw if raw else normal.words) or ()}
        fit = {ready.rule.id for ready in fitting(Query(text=sample), normal, CATALOGUE)}
        assert fit & free == whole & free, sample
        seen |= fit
    assert len(seen) > 1000


def test_a_pattern_of_beginnings_without_end_has_few_signs() -> None:
    pattern = "(?:a?)?" * 100 + "user"
    assert [tried.rest for tried in found_by(pattern).tried] == [pattern]
    assert sum(len(sign) for tried in found_by(pattern).tried for sign in tried.signs) < 100


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
    assert bool(fitting(Query(text=text), normalise(text, catalogue.clearings), catalogue)) is fits


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
    assert [ready.rule.id for ready in fitting(Query(text=text), normalise(text, catalogue.clearings), catalogue)] == [
        "site-large"
    ]
    assert not fitting(Query(text="mailbox closed"), normalise("mailbox closed", catalogue.clearings), catalogue)
    assert trial("mailbox.{0,900}[a-z]{900}.{0,90}closed")(text.encode())


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
    assert fitting(Query(text=text), normalise(text, catalogue.clearings), catalogue) == [catalogue.ready[0]]


def test_what_trials_keep_is_bounded_and_every_packaged_one_fits() -> None:
    """One that does not fit is compiled with a memory of 8 MB."""
    assert search._ALONE * limits.KNOWN_TRIALS < 30_000_000
    patterns = [rule.pattern for rule in CATALOGUE.rules if rule.pattern]
    rests = {tried.rest for found in rarest([found_by(pattern) for pattern in patterns]) for tried in found.tried}
    assert len(rests) > 2_000
    for rest in rests:
        alone = re2.Set.SearchSet(options(octets=rest.isascii(), memory=search._ALONE))
        alone.Add(rest)
        alone.Compile()  # raises where it does not fit


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [("bo.te x", "boîte x", True), ("n.existe", "n’existe", True), ("a[^b]{2}c", "aéc", False), (r"a\Wc", "aéc", True)],
)
def test_what_stands_for_any_letter_stands_for_one_of_any_script(pattern: str, text: str, *, fits: bool) -> None:
    assert bool(search.trial(pattern)(text.encode())) is fits
