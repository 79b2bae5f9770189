"""The words: every language complete, every text short and whole, and what a wrong one costs: itself, told by its key."""

import copy
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import bounce_milter
from bounce_milter.case import OWN_RELAY, OWNER
from bounce_milter.case.forwarding import FORWARDED, FORWARDS, REFUSED, UNPROVEN
from bounce_milter.case.occasion import NOT_FOUND, NOT_NOW, NOT_UNDERSTOOD, OF_A_BOUNCE, SENDER_DOMAIN
from bounce_milter.classify import LAST_CAUSES
from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.explain import Knowledge, RecipientReport, explain_reply
from bounce_milter.misfit import Problem
from bounce_milter.reply import verbs
from bounce_milter.resources import DATA, load_knowledge, packaged_details, packaged_knowledge
from bounce_milter.vocabulary import Confidence
from bounce_milter.wording import MOST_CHARS, OPTIONAL, Text, build, overlaid
from tests.reports import report

TABLES = {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("wording/*.toml"))}
RULES = [row for path in sorted(DATA.glob("rules/*.toml")) for row in tomllib.loads(path.read_text("utf-8"))["rule"]]
#: A rule may name the words of a code too; some topics are no rule's.
TOPICS = frozenset(row["words"] for row in RULES if "words" in row) - set(ENHANCED_CODES) | {
    FORWARDED,
    FORWARDS,
    REFUSED,
    UNPROVEN,
    NOT_FOUND,
    OF_A_BOUNCE,
    OWN_RELAY,
    OWNER,
    NOT_NOW,
    NOT_UNDERSTOOD,
    SENDER_DOMAIN,
    *LAST_CAUSES.values(),
    *({row.topic for row in packaged_details()} - set(ENHANCED_CODES)),
}
REASONS_OF = {topic: {row["reason"] for row in RULES if row.get("words") == topic} for topic in TOPICS}
ENGLISH = TABLES["en.toml"]

#: Two marks of punctuation in a row, a blank too many, or a place that nothing filled.
BROKEN = re.compile(r"[,;:、。]\s*(?:[,;:、。]|\.(?!\w))|(?<!\.\.)\.[,;:、。]|  |[{}]")

#: What a topic may hold in English; other languages need more letters for the same (MOST_CHARS).
ENGLISH_CHARS = 200


def changed(section: str, key: str, value: Any) -> dict[str, Any]:
    """Return the English table with one key set, or taken away where *value* is None."""
    table = copy.deepcopy(ENGLISH)
    place = table
    for name in section.split("/"):
        place = place[name]
    if value is None:
        del place[key]
    else:
        place[key] = value
    return table


def wrong(table: dict[str, Any]) -> list[Problem]:
    built, problems = build(table, "xx.toml")
    assert (built is None) == bool(problems)
    return problems


def test_english_is_complete() -> None:
    built, problems = build(ENGLISH, "en.toml")
    assert problems == []
    assert built is not None
    assert built.language == "en"
    assert set(TOPICS) <= set(built.finer)


def test_there_are_words_for_every_command_that_a_reply_may_name_and_no_others() -> None:
    assert set(ENGLISH["command"]) == set(verbs.COMMANDS)


@pytest.mark.parametrize("file", TABLES)
def test_every_language_has_words_for_every_topic_and_for_no_other(file: str) -> None:
    assert wrong(TABLES[file]) == []
    assert set(TABLES[file]["topic"]) == TOPICS


@pytest.mark.parametrize("file", TABLES)
def test_a_file_is_named_like_its_language(file: str) -> None:
    assert TABLES[file]["language"] == file.removesuffix(".toml")


@pytest.mark.parametrize("file", TABLES)
def test_topics_stand_in_order(file: str) -> None:
    assert list(TABLES[file]["topic"]) == sorted(TABLES[file]["topic"])


def test_a_german_sentence_behind_a_colon_begins_with_a_capital() -> None:
    rows = [row for name in ("reason", "status", "topic") for row in TABLES["de.toml"][name].values()]
    texts = [row["what"].partition("|")[2] if row["what"][0] == "{" else row["what"] for row in rows if "what" in row]
    assert [text for text in texts if not text[0].isupper()] == []


@pytest.mark.parametrize("file", TABLES)
def test_every_topic_says_more_than_the_reasons_it_stands_for(file: str) -> None:
    table = TABLES[file]
    for topic, reasons in REASONS_OF.items():
        row = table["topic"][topic]
        for part in ("what", "advice"):
            assert row[part] not in [table["reason"][reason][part] for reason in reasons], f"topic.{topic}.{part}"


@pytest.mark.parametrize("part", ["what", "advice"])
@pytest.mark.parametrize("file", TABLES)
def test_no_two_topics_say_the_same(file: str, part: str) -> None:
    texts = [row[part] for row in TABLES[file]["topic"].values()]
    assert sorted(texts) == sorted(set(texts))


@pytest.mark.parametrize("file", TABLES)
def test_a_sentence_is_whole_whatever_stands_in_its_places(file: str) -> None:
    built, _ = build(TABLES[file], file)
    assert built is not None
    frame = built.frame
    values = {"count": "10", "time": "15:30 UTC"}
    forms = [{"wait": frame[key].fill(values)} for key in ("after_minutes", "after_hours", "at_time", "at_named_time")]
    forms += [{}, {"contact": frame["contact"].fill({})}, {"size_limit": frame["recipients"].fill(values)}]
    texts = [
        text for row in (*built.reasons.values(), *built.finer.values()) for text in (row.what, row.advice, row.later)
    ]
    told = {frame["advice_nobody"].fill({"advice": text.fill(form)}) for text in texts for form in forms}
    assert [sentence for sentence in sorted(told) if BROKEN.search(sentence)] == []


def test_english_topics_are_short() -> None:
    texts = {f"{topic}.{part}": text for topic, row in ENGLISH["topic"].items() for part, text in row.items()}
    assert [key for key, text in texts.items() if len(text) > ENGLISH_CHARS] == []


@pytest.mark.parametrize("section", ["named", "frame", "evidence", "who", "command", "reason", "status"])
def test_a_missing_key_is_told(section: str) -> None:
    key = next(iter(ENGLISH[section]))
    assert wrong(changed(section, key, None)) == [Problem("xx.toml", f"{section}.{key}", "is missing")]


def test_a_missing_section_is_told_with_each_of_its_keys() -> None:
    table = copy.deepcopy(ENGLISH)
    del table["who"]
    keys = [problem.key for problem in wrong(table)]
    assert keys == ["who", *sorted(f"who.{key}" for key in ENGLISH["who"])]


@pytest.mark.parametrize("section", ["named", "frame", "evidence", "who", "command", "reason", "status"])
def test_a_surplus_key_is_told(section: str) -> None:
    value: Any = {"what": "it is blue", "advice": "paint it"} if section in ("reason", "status") else "blue"
    told = Problem("xx.toml", f"{section}.blue", "is no key of the wording")
    assert wrong(changed(section, "blue", value)) == [told]


def test_a_misspelt_key_is_told_once_with_what_was_meant() -> None:
    told = Problem("xx.toml", "reason.mailbox-ful", "is no key of the wording", suggestion="reason.mailbox-full")
    assert wrong(changed("reason", "mailbox-ful", {"what": "it is full"})) == [told]


def test_a_reason_needs_both_texts_and_a_status_none() -> None:
    missing = [Problem("xx.toml", "reason.spam-content.advice", "is missing")]
    assert wrong(changed("reason/spam-content", "advice", None)) == missing
    assert wrong(changed("status", "X.7.26", {})) == []


@pytest.mark.parametrize("section", ["reason", "frame", "topic"])
def test_a_section_that_is_no_table_is_told_once(section: str) -> None:
    assert wrong({**ENGLISH, section: "x"}) == [Problem("xx.toml", section, "expected a table")]


def test_a_row_that_is_no_table_is_told() -> None:
    told = [Problem("xx.toml", "topic.mx-missing", "expected a table with what and advice")]
    assert wrong(changed("topic", "mx-missing", "no mail server")) == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MOST_CHARS + 1), f"is longer than {MOST_CHARS} characters"),
        ("send it again.", "ends in a full stop, which the sentence around it brings"),
        ("send it again. ", "ends in a full stop, which the sentence around it brings"),
        ("もう一度送信してください。", "ends in a full stop, which the sentence around it brings"),
        ("ask {nobody|somebody}", f"{{nobody}} is no placeholder here; there are {', '.join(OPTIONAL)}"),
        ("ask {domain", "has a brace without its partner"),
        ("ask domain}", "has a brace without its partner"),
        ("ask {{domain|them}}", "has a brace without its partner"),
        ("ask {domain}", "{domain} needs words for its absence: {domain|...}"),
        ("ask {domain|}", "{domain} needs words for its absence: {domain|...}"),
        ("", "expected a text"),
        (" ", "expected a text"),
        (7, "expected a text"),
    ],
)
@pytest.mark.parametrize("key", ["topic/mx-missing", "reason/unknown", "status/X.1.2"])
def test_a_wrong_text_is_told_with_its_key(key: str, text: object, message: str) -> None:
    told = Problem("xx.toml", f"{key.replace('/', '.')}.what", message)
    assert wrong(changed(key, "what", text)) == [told]
    assert str(told) == f"xx.toml: {told.key}: {message}"


@pytest.mark.parametrize(
    ("section", "key", "text", "message"),
    [
        ("frame", "more", "And more.", "does not use {count}"),
        ("named", "permanent", "{address} failed.", "does not use {what}"),
        ("frame", "more", "{count} more, {by}.", "{by} is no placeholder here; there are count"),
        ("who", "sender", "you, {address}", "{address} is no placeholder here; there are none"),
    ],
)
def test_a_sentence_holds_the_placeholders_of_its_key(section: str, key: str, text: str, message: str) -> None:
    assert wrong(changed(section, key, text)) == [Problem("xx.toml", f"{section}.{key}", message)]


def test_a_language_needs_its_name() -> None:
    table = copy.deepcopy(ENGLISH)
    table["language"] = 1
    assert wrong(table) == [Problem("xx.toml", "language", "expected a language code such as en")]


def filled(text: str, **values: str | None) -> str:
    built, problems = build(changed("topic", "mx-missing", {"what": text, "advice": "wait"}), "xx.toml")
    assert built is not None, problems
    return built.finer["mx-missing"].what.fill(values)


def test_a_text_is_filled_with_values_or_with_its_words_for_their_absence() -> None:
    text = "{domain|that domain} is known to {by|the server}"
    assert filled(text, domain="dest.example", by="mx.dest.example") == "dest.example is known to mx.dest.example"
    assert filled(text, domain="dest.example") == "dest.example is known to the server"
    assert filled(text, domain=None, by="") == "that domain is known to the server"
    assert filled("nothing to fill in", domain="dest.example") == "nothing to fill in"


def test_filling_in_never_looks_into_the_values() -> None:
    assert filled("at {domain|that domain}", domain="{by|x}{", by="mx.dest.example") == "at {by|x}{"
    assert Text(("a ", " b"), (("by", "none"),)).fill({"by": "%s {0}"}) == "a %s {0} b"


def test_what_a_status_does_not_say_it_takes_from_its_reason() -> None:
    built, _ = build(changed("status", "X.2.2", {"advice": "empty it"}), "xx.toml")
    assert built is not None
    full, reason = built.finer["X.2.2"], built.reasons["mailbox-full"]
    assert full.what == reason.what
    assert full.advice.fill({}) == full.later.fill({}) == "empty it"


def test_an_admins_words_lie_over_the_packaged_ones_key_by_key() -> None:
    over = {"reason": {"mailbox-full": {"what": "no room"}}, "language": "en"}
    merged = overlaid(ENGLISH, over)
    assert merged["reason"]["mailbox-full"] == {**ENGLISH["reason"]["mailbox-full"], "what": "no room"}
    assert merged["reason"]["unknown"] == ENGLISH["reason"]["unknown"]
    assert ENGLISH["reason"]["mailbox-full"]["what"] != "no room"
    assert wrong(merged) == []
    assert overlaid({"a": {"b": 1}}, {"a": 2, "c": {"d": 3}}) == {"a": 2, "c": {"d": 3}}


@pytest.mark.parametrize(
    ("reply", "act"),
    [
        ("550 5.7.10 zz", "sender"),
        ("550 5.7.2 zz", "sender"),
        ("550 5.1.4 zz", "recipient-admin"),
        ("550 4.4.7 zz", "sender"),
        ("452 Too many recipients", "sender"),
        ("535 Incorrect authentication data", "sender-admin"),
        ("450 4.7.1 Session encryption is required", "sender-admin"),
        ("450 Mailbox busy", "nobody"),
    ],
)
def test_who_must_act_is_whom_the_advice_is_for(reply: str, act: str) -> None:
    # The words of an enhanced code may ask another person than those of its reason.
    report = explain_reply(reply, packaged_knowledge())
    assert report.recipients[0].act == act


@pytest.mark.parametrize(
    ("fault", "act"),
    [
        ("4.4.1 connect to 127.0.0.1[127.0.0.1]:10024: Connection refused", "sender-admin"),
        ("4.3.0 mail transport unavailable", "sender-admin"),
    ],
)
def test_a_fault_of_the_reporting_system_is_not_the_recipients(fault: str, act: str) -> None:
    own, theirs = (
        report(
            f"Final-Recipient: rfc822; bob@dest.example\r\nAction: failed\r\nDiagnostic-Code: {said}\r\n"
        ).recipients[0]
        for said in (f"X-Postfix; {fault}", f"smtp; 451 {fault}")
    )
    assert (own.act, theirs.act) == (act, "recipient-admin")
    assert "the mail system that sent this report" in own.explanation
    assert "the mail system that sent this report" not in theirs.explanation


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_doubt_is_said_once(language: str) -> None:
    say = told("550 5.0.0 either a wrong mailbox or your mail was not wanted or refused", language)
    assert say.confidence is Confidence.LOW
    unsure = say.wording.frame["unsure"].fill({"what": ""}).strip()
    assert unsure not in say.explanation


@cache
def knowledge(language: str) -> Knowledge:
    return load_knowledge(more=[language])


def told(reply: str, language: str = "en") -> RecipientReport:
    return explain_reply(reply, knowledge(language), language).recipients[0]


SAMPLES = [sample for row in RULES for sample in ([row["sample"]] if isinstance(row["sample"], str) else row["sample"])]


def test_what_failed_is_not_told_that_the_server_still_tries() -> None:
    assert [
        reply for reply in SAMPLES if "keeps trying" in (now := told(reply)).what_to_do and now.kind == "failed"
    ] == []


@pytest.mark.parametrize("part", ["you can send again later", "you can send again in a few hours"])
def test_what_failed_for_good_is_not_told_to_come_later(part: str) -> None:
    found = [reply for reply in SAMPLES if part in (now := told(reply)).what_to_do and now.class_ == "permanent"]
    assert found == []


#: What a language says where nothing but a change will help, and where there is no other way at all.
NEVER = {
    "en": ("sending again will not help", "you can only reach"),
    "de": ("hilft erneutes Senden nicht", "erneutes Senden hilft nicht", "nur auf anderem Weg"),
    "fr": ("renvoyer le message ne servira à rien", "n'est joignable que par"),
    "es": ("repetir el envío no servirá de nada", "usted solo puede"),
    "ja": ("再送しても届きません", "それまでは、別の方法で"),
}


@pytest.mark.parametrize("language", NEVER)
def test_what_may_pass_is_not_told_that_it_never_will(language: str) -> None:
    passing = [now.advice for sample in SAMPLES if (now := told(sample, language)).class_ == "transient"]
    assert [advice for advice in passing if any(never in advice for never in NEVER[language])] == []


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (
            "451 4.7.0 Temporary server error. Please try again later. PRX4",
            "nothing; you can send again in a few hours",
        ),
        ("452 4.3.1 Temporary System Error", "nothing; you can send again in a few hours"),
        ("450 4.2.0 <bob@dest.example>: Recipient address rejected: Greylisted", "once more after half an hour"),
    ],
)
def test_what_nobody_can_mend_is_no_order(reply: str, advice: str) -> None:
    assert told(reply).act == "nobody"
    assert advice in told(reply).what_to_do


@pytest.mark.parametrize("language", NEVER)
@pytest.mark.parametrize(
    "reply", ["550 5.7.1 Rejected by policy", "550 5.7.1 own.example is on our internal blacklist"]
)
def test_whom_the_answer_names_is_told_where_the_recipients_side_must_act(reply: str, language: str) -> None:
    assert "<help@dest.example>" in told(f"{reply}, contact help@dest.example", language).advice
    assert "help@dest.example" not in told(reply, language).advice


@pytest.mark.parametrize("reply", ["450", "421", "4.0.0 mx.dest.example (smtp)... Deferred"])
def test_what_only_bids_to_try_again_is_nobodys_fault(reply: str) -> None:
    assert "does not take the message for now, and does not say why" in told(reply).explanation
    assert told(reply).what_to_do.startswith("What to do: send again later")


@pytest.mark.parametrize("reply", ["550 No such user here.", "550 No such user here"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_a_quotation_ends_in_one_full_stop(reply: str, language: str) -> None:
    assert 'here"' in told(reply, language).because


@pytest.mark.parametrize("reply", ["554 5.7.1 <bob@dest.example>: Relay access denied", "550 5.7.1 Relaying denied"])
def test_a_stranger_is_not_to_be_given_a_login(reply: str) -> None:
    assert "give the sending server a login" not in told(reply).advice
    assert "switch on the login in your mail program" in told(reply).advice


@pytest.mark.parametrize(
    ("reply", "part"),
    [
        ("450 4.4.312 DNS query failed [Message=InfoDomainNonexistent]", "check the part after the @"),
        (
            "5.4.3 Name service error for name=dest.exmaple type=MX: Host not found, try again",
            "check the part after the @",
        ),
        (
            "550 5.7.511 Access denied, banned sender[192.0.2.1]. Forward this message to delist@messaging.microsoft.com",
            "address that the server's answer names",
        ),
        ("421 4.3.0 Temporary System Problem", "send again"),
    ],
)
def test_advice_helps(reply: str, part: str) -> None:
    assert part in told(reply).advice


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("550 5.7.13", "switched off"),
        ("550 5.7.9", "a rule of the server forbids the message"),
        ("550 5.4.4", "does not exist"),
        ("550 5.3.2", "takes no mail at all"),
        ("450 4.3.2", "takes no mail at present"),
    ],
)
def test_a_number_speaks_only_where_the_registry_means_the_reason_that_was_found(reply: str, words: str) -> None:
    assert words in told(reply).explanation


@pytest.mark.parametrize(
    "reply",
    [
        "550 John Doe has left the company, please contact jane@dest.example",
        "550 5.1.1 The person no longer works here",
        "550 5.1.1 Bob is no longer employed at Acme Ltd",
    ],
)
def test_an_address_whose_owner_left_is_not_said_to_be_mistyped(reply: str) -> None:
    assert told(reply).topic == "person-left"
    assert "whoever had this address has left" in told(reply).explanation
    assert "typing errors" not in told(reply).what_to_do


@pytest.mark.parametrize(
    ("reply", "fits"),
    [
        ("550 5.4.1", True),
        ("550 5.7.28", True),
        ("552 5.5.3", True),
        ("450 4.2.0 <bob@dest.example>: Recipient address rejected: Greylisted", True),
        ("554 4.7.1", False),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", True),
        ("550 5.2.2 Submission quota exceeded", True),
        ("550 5.4.5 You have reached a limit for sending mail. Your message was not sent.", True),
        ("450 4.1.2 <bob@dest.example>: Recipient address rejected: Domain not found", True),
        ("590 5.4.3", True),
        ("550 5.1.1 sender not known to recipient", False),
        ("550 5.7.1 No such user", False),
    ],
)
def test_words_that_decide_nothing_and_numbers_that_name_a_field_contradict_nothing(reply: str, fits: bool) -> None:
    assert (told(reply).disagreement is None) is fits
    assert ("do not all fit" not in told(reply).because) is fits


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("101-exim-delayed", "The reporting system itself says"),
        ("249-mailman-rejected", "The reporting system itself says"),
        ("113-exchange2007-text", "The reporting system mail.dest.example itself says"),
        ("273-communigate-smtp-module", "mx.dest.example answered"),
    ],
)
def test_who_speaks_is_named_as_what_he_is(sample: str, words: str) -> None:
    path = Path(__file__).parent / "samples" / f"{sample}.eml"
    assert words in bounce_milter.explain(path.read_bytes()).recipients[0].because


def test_the_domain_of_a_long_address_is_told_whole() -> None:
    report = bounce_milter.explain(
        b"From: MAILER-DAEMON@mail.example.net\nSubject: Undelivered\nContent-Type: multipart/report;"
        b" report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns; mail.example.net\n\nFinal-Recipient: rfc822; " + b"a" * 200 + b"@dest.example\n"
        b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b--\n",
        sender="",
    )
    assert "at dest.example" in report.recipients[0].explanation
