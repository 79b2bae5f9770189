"""The options: each with its defaults, what it takes and what it refuses; everything wrong is told at once."""

import tomllib
from typing import Any

import pytest

from bounce_milter import settings
from bounce_milter.misfit import Problem
from bounce_milter.settings import Settings, SettingsError, place
from bounce_milter.settings.place import InetAddress, Inherited, UnixAddress


def parsed(text: str) -> Settings:
    return settings.parse(tomllib.loads(text), "x.toml")


def problems(text: str) -> list[Problem]:
    with pytest.raises(SettingsError) as error:
        parsed(text)
    assert str(error.value).splitlines() == [str(problem) for problem in error.value.problems]
    return list(error.value.problems)


def value(found: Settings, key: str) -> Any:
    at: Any = found
    for name in key.split("."):
        at = getattr(at, "except_" if name == "except" else name)
    return at


def line(key: str, text: str) -> str:
    section, _, name = key.rpartition(".")
    more = 'mailbox = "a@example.org"\nmaildir = "/m"\n' if key == "review.mode" else ""
    return f"[{section}]\n{name} = {text}\n{more}"


def test_an_empty_file_and_one_that_only_names_the_socket_are_complete() -> None:
    assert parsed("") == Settings()
    assert parsed('[milter]\nsocket = "inet:8893@127.0.0.1"').review == Settings().review


def test_switched_on_review_takes_sure_permanent_failures() -> None:
    review = parsed('[review]\nmode = "mark"').review
    assert (review.kinds, review.classes, review.confidence) == (("failed",), ("permanent",), "medium")


#: Every option: a value it takes, how that reads, a value it refuses, and what is then expected.
OPTIONS = [
    ("milter.socket", '"inet:8893@127.0.0.1"', "inet:8893@127.0.0.1", '"inet:127.0.0.1:8893"', "inet:port@host"),
    ("milter.socket_mode", '"0666"', "0666", '"rw-rw----"', "octal digits"),
    ("milter.socket_group", '"postfix"', "postfix", "5", "a text in quotes"),
    ("milter.workers", "4", 4, "65", "<= 64"),
    ("milter.timeout", "60", 60, "1.5", "expected a whole number, got a number with a fraction"),
    ("milter.recycle_messages", "0", 0, "-1", ">= 0"),
    ("milter.recycle_memory_mb", "128", 128, '"128"', "a whole number"),
    ("milter.drain_seconds", "0", 0, "3601", "<= 3600"),
    ("annotate.language", '"de"', "de", "1", "a text in quotes"),
    ("annotate.languages", '{ "example.de" = "de" }', {"example.de": "de"}, '"de"', "a table"),
    ("annotate.max_recipients", "1", 1, "0", ">= 1"),
    ("annotate.max_bytes", "16384", 16384, "1000000", "<= 262144"),
    ("annotate.subject_tag", '"[{class}]"', "[{class}]", "3", "a text in quotes"),
    ("annotate.note", "true", True, "1", "true or false"),
    ("annotate.shadow", "true", True, '"yes"', "true or false"),
    ("review.mode", '"maildir"', "maildir", '"makr"', "off, mark, redirect, copy, quarantine, maildir"),
    ("review.mailbox", '"review+{reason}@example.org"', "review+{reason}@example.org", '"review"', "an address"),
    ("review.maildir", '"/var/mail/review"', "/var/mail/review", '"review"', "an absolute path"),
    ("review.kinds", '["failed", "relayed"]', ("failed", "relayed"), '["delayed"]', "failed, expanded, relayed"),
    ("review.classes", '["message"]', ("message",), '["unknown"]', "permanent, message, transient"),
    ("review.confidence", '"high"', "high", '"hihg"', "high, medium, low"),
    ("review.dead_only", "true", True, "1", "true or false"),
    ("review.reasons", '["mailbox-full"]', ("mailbox-full",), '["mailbox-ful"]', "one of 30 words"),
    ("review.recipient_domains", '["dest.example"]', ("dest.example",), '"dest.example"', "a list"),
    ("review.reporting_domains", '["example.net"]', ("example.net",), "[1]", "a text in quotes"),
    ("review.local_recipients", '["a@example.org"]', ("a@example.org",), "{}", "a list"),
    ("review.except.reasons", '["user-unknown"]', ("user-unknown",), '["user-unknwon"]', "one of 30 words"),
    ("review.except.recipient_domains", '["x.example"]', ("x.example",), "3", "a list"),
    ("review.except.reporting_domains", '["x.example"]', ("x.example",), "3", "a list"),
    ("review.except.local_recipients", '["x.example"]', ("x.example",), "3", "a list"),
    ("rules.vote", "false", False, '"no"', "true or false"),
    ("rules.folder", '"/etc/bounce-milter/rules"', "/etc/bounce-milter/rules", '"rules"', "an absolute path"),
    ("log.format", '"json"', "json", '"jsno"', "key=value, json"),
    ("log.level", '"debug"', "debug", '"loud"', "error, warning, info, debug"),
    ("metrics.listen", '"127.0.0.1:9102"', "127.0.0.1:9102", '"9102"', "host:port"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "right", "reads"), [row[:3] for row in OPTIONS], ids=[row[0] for row in OPTIONS])
def test_an_option_takes_its_value(key: str, right: str, reads: object) -> None:
    assert value(parsed(line(key, right)), key) == reads


@pytest.mark.parametrize(
    ("key", "wrong", "expected"), [(row[0], row[3], row[4]) for row in OPTIONS], ids=[row[0] for row in OPTIONS]
)
def test_an_option_refuses_another_and_says_what_it_expects(key: str, wrong: str, expected: str) -> None:
    (problem,) = problems(line(key, wrong))
    assert (problem.file, problem.key) == ("x.toml", key)
    assert expected in problem.message
    assert str(problem).startswith(f"x.toml: {key}: expected")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('[metrics]\nlisten = "http://127.0.0.1:9102"', "metrics.listen", "host:port"),
        ('[milter]\nsocket = "inet:8893@::1"', "milter.socket", "inet6:port@host"),
        ('[milter]\nsocket = "unix:/run/x/s"\n[metrics]\nlisten = "unix:/run/x/s"', "metrics.listen", "another place"),
        ('[milter]\nsocket = "local:/run/x/s"\n[metrics]\nlisten = "unix:/run/x/s"', "metrics.listen", "another place"),
        ('[milter]\nsocket = "/run/x/s"\n[metrics]\nlisten = "unix:/run/x/s"', "metrics.listen", "another place"),
        (
            '[milter]\nsocket = "inet:9102@127.0.0.1"\n[metrics]\nlisten = "127.0.0.1:9102"',
            "metrics.listen",
            "another place",
        ),
        ('[milter]\nsocket = "inet:9102"\n[metrics]\nlisten = "127.0.0.1:9102"', "metrics.listen", "another place"),
        ('[milter]\nsocket = "inet:9@127.0.0.1"\n[metrics]\nlisten = "localhost:9"', "metrics.listen", "another place"),
        ('[milter]\nsocket = "inet6:9@localhost"\n[metrics]\nlisten = "[::1]:9"', "metrics.listen", "another place"),
        ('[milter]\nsocket = "inet6:9102@[::1]"\n[metrics]\nlisten = "[::]:9102"', "metrics.listen", "another place"),
        ('[review]\nmode = "redirect"\nmailbox = "{user}@{domain}"', "review.mailbox", "another address"),
        ('[annotate]\nsubject_tag = "[{class]"', "annotate.subject_tag", "a brace that closes"),
    ],
)
def test_what_no_service_could_start_with_is_refused(text: str, key: str, expected: str) -> None:
    (problem,) = problems(text)
    assert problem.key == key
    assert expected in problem.message


@pytest.mark.parametrize(
    ("socket", "listen"),
    [
        ("inet:9102@127.0.0.1", "127.0.0.1:9103"),
        ("inet:9102@127.0.0.1", "127.0.0.2:9102"),
        ("inet6:9102@::1", "127.0.0.1:9102"),
        ("inet6:9102", "0.0.0.0:9102"),
        ("unix:/run/x/s", "unix:/run/x/t"),
        ("unix:/run/x/s", "127.0.0.1:9102"),
        ("fd:3", "127.0.0.1:9102"),
    ],
)
def test_places_side_by_side_are_two(socket: str, listen: str) -> None:
    assert parsed(f'[milter]\nsocket = "{socket}"\n[metrics]\nlisten = "{listen}"').metrics.listen == listen


def test_of_a_table_every_mistake_is_told() -> None:
    found = problems('[annotate]\nlanguages = { "a.de" = 3, "b de" = "de", "c.de" = true }')
    assert [problem.key for problem in found] == ["annotate.languages"] * 3
    told = " ".join(problem.message for problem in found)
    assert all(part in told for part in ("for a.de", "got 'b de'", "for c.de"))


def test_of_a_list_every_mistake_is_told() -> None:
    found = problems(
        '[review]\nrecipient_domains = ["*.a", "ok.example", "*.b", 3]\nclasses = ["perm", "message", "foo", "perm"]\n'
        'reasons = ["unknown", "user-unknwon"]\nlocal_recipients = ["<a@b.example>", "*@c.example"]\n'
    )
    assert [(problem.key, problem.message.rpartition("got ")[2], problem.suggestion) for problem in found] == [
        ("review.recipient_domains", "a whole number", None),
        ("review.recipient_domains", "'*.a'", None),
        ("review.recipient_domains", "'*.b'", None),
        ("review.classes", "'perm'", "permanent"),
        ("review.classes", "'foo'", None),
        ("review.reasons", "'user-unknwon'", "user-unknown"),
        ("review.reasons", "expected reasons that can go to review; 'unknown' never does", None),
        ("review.local_recipients", "'<a@b.example>'", None),
        ("review.local_recipients", "'*@c.example'", None),
    ]


def test_what_is_right_in_a_table_stays_beside_what_is_wrong() -> None:
    """So that the languages that it names are looked at too."""
    with pytest.raises(SettingsError) as error:
        parsed('[annotate]\nlanguages = { "*.a.example" = "de", "b.example" = "zz", "c.example" = 3 }')
    assert len(error.value.problems) == 2
    assert error.value.right.annotate.languages == {"b.example": "zz"}


def test_every_option_stands_in_that_table() -> None:
    from tests.test_docs import keys

    assert {row[0] for row in OPTIONS} == keys(Settings)


def test_everything_wrong_is_told_at_once_each_with_key_expectation_and_suggestion() -> None:
    found = problems("""
[milter]
sokcet = "unix:/x"
workers = "many"
[annotate]
max_recipients = 0
[review]
mode = "redirekt"
mailbox = "review+{reson}@example.org"
resons = ["user-unknown"]
kinds = ["faild"]
[review.except]
reason = ["user-unknown"]
[reveiw]
mode = "off"
""")
    told = {problem.key: (problem.message, problem.suggestion) for problem in found}
    assert len(found) == len(told) == 9
    assert told["milter.sokcet"] == ("unknown option", "milter.socket")
    assert told["milter.workers"] == ("expected a whole number, got a text in quotes", None)
    assert ">= 1" in told["annotate.max_recipients"][0]
    assert told["review.mode"][1] == "redirect"
    assert "did you mean {reason}?" in told["review.mailbox"][0]
    assert told["review.resons"] == ("unknown option", "review.reasons")
    assert told["review.kinds"][1] == "failed"
    assert told["review.except.reason"] == ("unknown option", "review.except.reasons")
    assert told["reveiw"] == ("unknown section", "review")


def test_a_misspelt_key_is_told_with_what_was_probably_meant() -> None:
    (problem,) = problems('[milter]\nsocket_gruop = "postfix"')
    assert str(problem) == "x.toml: milter.socket_gruop: unknown option; did you mean milter.socket_group?"
    (problem,) = problems("[qqq]\nx = 1")
    assert str(problem) == "x.toml: qqq: unknown section"


def test_an_option_before_any_section_is_told_where_it_belongs() -> None:
    told = [str(problem) for problem in problems('socket = "unix:/run/x"\nlanguage = "de"\nmailbx = "a@example.org"')]
    assert told == [
        "x.toml: socket: belongs into [milter], below a line that says so",
        "x.toml: language: belongs into [annotate], below a line that says so",
        "x.toml: mailbx: unknown section",
    ]


def test_what_is_wrong_between_options_is_told_beside_what_is_wrong_with_one() -> None:
    assert [problem.key for problem in problems('[annotate]\nnote = "yes"\n[review]\nmode = "redirect"')] == [
        "annotate.note", "review.mailbox",
    ]  # fmt: skip
    # Nothing is said twice, nor of what is not known.
    assert len(problems('[review]\nmode = "redirect"\nmailbox = "review"')) == 1
    assert len(problems('[review]\nmode = "redirekt"')) == 1


def test_no_two_sections_share_the_name_of_an_option() -> None:
    from tests.test_docs import keys

    names = [key.partition(".")[2] for key in keys(Settings) if key.count(".") == 1]
    assert len(names) == len(set(names))


def test_a_section_that_is_no_table_is_told() -> None:
    assert [str(p) for p in problems("review = 1")] == ["x.toml: review: expected a table, [review]"]


def test_a_worker_is_not_to_be_replaced_for_the_memory_it_begins_with() -> None:
    assert parsed("[milter]\nrecycle_memory_mb = 0").milter.recycle_memory_mb == 0
    (problem,) = problems("[milter]\nrecycle_memory_mb = 127")
    assert (problem.key, problem.message[:24]) == ("milter.recycle_memory_mb", "expected 0, or at least ")


@pytest.mark.parametrize(
    ("mode", "key"),
    [("redirect", "review.mailbox"), ("copy", "review.mailbox"), ("maildir", "review.maildir")],
)
def test_a_mode_needs_its_place(mode: str, key: str) -> None:
    (problem,) = problems(f'[review]\nmode = "{mode}"')
    assert problem.key == key
    assert f"because review.mode is {mode}" in problem.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/run/x.sock", UnixAddress("/run/x.sock")),
        ("local:/run/x.sock", UnixAddress("/run/x.sock")),
        ("inet:8893@127.0.0.1", InetAddress(4, "127.0.0.1", 8893)),
        ("inet:8893", InetAddress(4, "", 8893)),
        ("inet:8893@0.0.0.0", InetAddress(4, "", 8893)),
        ("inet6:8893@[::]", InetAddress(6, "", 8893)),
        ("inet6:8893@[::1]", InetAddress(6, "::1", 8893)),
        ("fd:3", Inherited(3)),
    ],
)
def test_addresses_are_read_as_libmilter_writes_them(text: str, found: object) -> None:
    assert place.address(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unix:run/x",
        "unix:/" + "x" * 99,
        "inet:0@127.0.0.1",
        "inet:70000@x",
        "inet:" + "1" * 5_000,  # Python's own words on so many digits
        "inet:127.0.0.1:25",
        "inet:25@no such host",
        "inet6:25@ ::1",
        "fd:x",
        "tcp:25",
        "/" + "x" * 99,
        "/" + "ü" * 50,  # a path has as many octets as the system sees
        "unix:/a\0b",
    ],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        place.address(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:9102", ("127.0.0.1", 9102)),
        ("[::1]:9102", ("::1", 9102)),
        ("unix:/" + "x" * 106, "/" + "x" * 106),
    ],
)
def test_where_prometheus_asks_is_host_and_port_or_a_path(text: str, found: tuple[str, int] | str) -> None:
    assert place.listen_address(text) == found


@pytest.mark.parametrize(
    ("key", "entry", "right"),
    [
        ("recipient_domains", "dest.example", True),
        ("recipient_domains", "@DEST.example", True),
        ("recipient_domains", ".dest.example", True),
        ("recipient_domains", "*.dest.example", False),
        ("recipient_domains", "dest.example.", False),
        ("recipient_domains", " dest.example", False),
        ("recipient_domains", "bob@dest.example", False),
        ("recipient_domains", "", False),
        ("reporting_domains", "[192.0.2.1]", True),
        ("reporting_domains", "mx.*", False),
        ("local_recipients", "a+b@b.example", True),
        ("local_recipients", "b.example", True),
        ("local_recipients", "@b.example", True),
        ("local_recipients", "*@b.example", False),
        ("local_recipients", "<a@b.example>", False),
        ("local_recipients", ".b.example", False),
    ],
)
@pytest.mark.parametrize("section", ["review", "review.except"])
def test_a_list_takes_only_what_can_fit_something(section: str, key: str, entry: str, right: bool) -> None:
    text = f'[{section}]\n{key} = ["ok.example", "{entry}"]'
    if right:
        assert value(parsed(text), f"{section}.{key}") == ("ok.example", entry)
    else:
        (problem,) = problems(text)
        assert problem.key == f"{section}.{key}"
        assert problem.message.endswith(f"got {entry!r}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[annotate]\nsubject_tag = "[{clas}]"', "expected {kind}, {class}, {reason} in braces, got {clas}; did you mean {class}?"),
        ('[annotate]\nsubject_tag = "{CLASS}"', "got {CLASS}; did you mean {class}?"),
        ('[annotate.languages]\nexample.com = "de"', 'put the name in quotes: "example.com" = ...'),
        ('[annotate.languages]\n"example.com" = 5', "expected a text in quotes, got a whole number, for example.com"),
        ('[annotate.languages]\n"*.example.com" = "de"', "got '*.example.com'"),
        ('[annotate.languages]\n"é.example" = "fr"\n"É.EXAMPLE" = "de"', "'é.example' and 'É.EXAMPLE' are the same"),
        ('[annotate.languages]\n"@bü.example" = "de"\n"xn--b-eha.example" = "de"', "'@bü.example' and 'xn--b-eha.example'"),
        ('[review]\nreasons = ["user-unknown", "unknown"]', "reasons that can go to review; 'unknown' never does"),
        ("[milter]\ntimeout = 3000000000", "<= 604800"),
        ('[milter]\nsocket = "inet:8893@no such host"', "without blanks behind the @, got 'no such host'"),
        ('[metrics]\nlisten = "foo bar:9102"', "host:port"),
        ('[milter]\nsocket_mode = "1777"', "octal digits"),
        ('[milter]\nsocket_mode = "888"', "octal digits"),
        ('[milter]\nsocket_group = "99999999999"', "the number of a group"),
        ('[milter]\nsocket_group = "\u00b2"', "the number of a group"),
        ('[milter]\nsocket = "unix:/run/\\u0000"', "without U+0000"),
        ('[milter]\nsocket = "fd:99999999999999999999"', "fd:number"),
        ("[milter]\nsocket = { a = 1 }", "expected a text in quotes, got a table"),
        ('[metrics.listen]\nport = "9102"', "expected a text in quotes, got a table"),
        ("[milter]\nworkers = { a = 1 }", "expected a whole number, got a table"),
        ("[milter]\nworkers = 2026-01-01", "expected a whole number, got a date"),
        ("[milter]\nworkers = 2026-01-01T00:00:00", "expected a whole number, got a date with a time"),
        ("[milter]\nworkers = 10:00:00", "expected a whole number, got a time of day"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_refused(text: str, told: str) -> None:
    (problem,) = problems(text)
    assert told in problem.message


def test_a_wrong_option_leaves_what_the_file_says_of_the_rules() -> None:
    for wrong in ("[milter]\nworker = 1\n", '[review]\nmode = "copy"\n'):
        with pytest.raises(SettingsError) as error:
            parsed(f'{wrong}[rules]\nfolder = "/rules"')
        assert error.value.right.rules == settings.Rules(folder="/rules")
    with pytest.raises(SettingsError) as error:
        parsed('[rules]\nfolder = "rules"')
    assert error.value.right.rules == settings.Rules()


@pytest.mark.parametrize(
    "text", ["9102", "127.0.0.1:x", "foo bar:9102", "\tlocalhost:9102", "unix:m", "unix:/" + "x" * 107, "unix:/a\0b"]
)
def test_where_prometheus_cannot_ask_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        place.listen_address(text)
