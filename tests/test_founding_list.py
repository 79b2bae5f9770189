"""Every row of the list of codes that the product began with, in its corrected form (RFC 5321, RFC 3463)."""

from collections.abc import Callable

import pytest

from bounce_milter import codes
from bounce_milter.codes import digits


def meaning(code: str) -> str:
    info = codes.reply_code(code) or codes.enhanced_code(code)
    assert info is not None, code
    return f"{info.meaning} {info.advice}".lower()


def says(code: str, *words: str) -> bool:
    return all(word in meaning(code) for word in words)


ROWS: dict[str, Callable[[], bool]] = {
    # General statements: digits and classes.
    "S01 every step gets a code": lambda: says("250", "the command worked"),
    "S02 three digits, in a grammar": lambda: all(
        codes.reply_code(c) is None for c in ("099", "187", "660", "5500", "55")
    ),
    "S03 the first digit decides": lambda: (
        [digits.FIRST[d].split(":")[0] for d in "2345"] == ["success", "go on", "not now", "no"]
    ),
    "S04 four first digits": lambda: set(digits.FIRST) == {"2", "3", "4", "5"},
    "S05 no first digit 0; second digit 0 is syntax": lambda: (
        "no first digit 0" in digits.not_a_code("021") and digits.SECOND["0"].startswith("syntax")
    ),
    "S06 1xx is an error number": lambda: "error number of a program" in digits.not_a_code("111"),
    "S07 1xx is not used": lambda: "1xx does not exist in SMTP" in digits.not_a_code("150"),
    "S08 second digit 2 is the connection": lambda: digits.SECOND["2"] == "the connection",
    "S09 first digit 2 is success": lambda: digits.FIRST["2"].startswith("success"),
    "S10 first digit 3 is used, second digit 3 is open": lambda: (
        says("354", "ready for the message") and says("334", "login") and "open" in digits.SECOND["3"]
    ),
    "S11 first digit 3 waits for more": lambda: "waits for more" in digits.FIRST["3"],
    "S12 first digit 4 is common, second digit 4 is open": lambda: (
        "temporary" in digits.FIRST["4"] and "open" in digits.SECOND["4"]
    ),
    "S13 first digit 4 is tried again": lambda: "tries again by itself" in digits.FIRST["4"],
    "S14 second digit 5 is the mail system, first digit 5 is no": lambda: (
        digits.SECOND["5"] == "the mail system" and digits.FIRST["5"].startswith("no: refused for good")
    ),
    "S15 refused, not merely an error": lambda: "the same again will not help" in digits.FIRST["5"],
    "S16 the second digit is the subject": lambda: "Second digit 1: about information" in digits.explain_reply("519"),
    "S17 the third digit tells similar cases apart": lambda: (
        "tells similar cases apart" in digits.THIRD and "5.1.1" in digits.THIRD
    ),
    "S18 enhanced codes are a list of their own": lambda: (
        codes.enhanced_code("5.1.1") is not None and codes.reply_code("5.1.1") is None
    ),
    "S19 the standard is RFC 5321": lambda: all(
        c.source.startswith("RFC 5321") for c in map(codes.reply_code, ("250", "252", "455", "555")) if c
    ),
    "S20 who refused, in either class": lambda: says("500", "administrator") and says("450", "tried again"),
    # Code by code.
    "S21 211, not 21": lambda: says("211", "status or help text", "no error") and "211" in digits.not_a_code("21"),
    "S22 214": lambda: says("214", "help text"),
    "S23 220": lambda: says("220", "ready", "encryption may begin"),
    "S24 221": lambda: says("221", "closed normally"),
    "S25 250": lambda: says("250", "can still bounce later"),
    "S26 251": lambda: says("251", "moved", "new address"),
    "S27 252": lambda: says("252", "not confirmed, but accepted"),
    "S28 354": lambda: says("354", "ready for the message text", "ends with a line that holds only a dot"),
    "S29 421": lambda: says("421", "not taking mail just now", "tried again"),
    "S30 450": lambda: says("450", "busy", "greylisting", "limit", "tried again"),
    "S31 451": lambda: says("451", "temporary fault or check", "tried again"),
    "S32 452": lambda: says("452", "no room just now", "too many recipients"),
    "S33 500": lambda: says("500", "did not understand", "administrator"),
    "S34 501": lambda: says("501", "malformed", "address"),
    "S35 502 is no gateway": lambda: says("502", "does not offer this command") and "gateway" not in meaning("502"),
    "S36 503": lambda: says("503", "wrong order", "follow-up"),
    "S37 504": lambda: says("504", "option", "not supported"),
    "S38 550": lambda: says("550", "no such mailbox", "blocked", "enhanced code"),
    "S39 551": lambda: says("551", "not here", "another address"),
    "S40 552": lambda: says("552", "mailbox is full", "too large"),
    "S41 553": lambda: says("553", "not acceptable"),
    "S42 554 is a refusal, not an outage": lambda: says("554", "refused", "spam") and "outage" not in meaning("554"),
    # What the list leaves out.
    "S43 455 and 555": lambda: says("455", "option") and says("555", "option"),
    "S44 codes of extensions": lambda: all(
        (info := codes.reply_code(c)) is not None and info.origin is not codes.Origin.DIGITS
        for c in [
            "235",
            "334",
            "432",
            "454",
            "530",
            "534",
            "535",
            "538",
            "521",
            "556",
            "253",
            "453",
            "458",
            "459",
            "523",
            "525",
        ]
    ),
    "S45 enhanced codes": lambda: all(
        (info := codes.enhanced_code(f"5{key[1:]}")) is not None and info.origin is codes.Origin.REGISTERED
        for key in codes.ENHANCED_CODES
    ),
    "S46 who can act, for every code": lambda: all(
        meaning(c) and (codes.reply_code(c) is not None) for c in codes.REPLY_CODES
    ),
    "S47 a follow-up points at the earlier reply": lambda: says("554", "follow-up") and says("503", "earlier refusal"),
}


def test_all_rows_are_here() -> None:
    assert [int(name[1:3]) for name in ROWS] == list(range(1, 48))


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_row_is_answered_in_its_corrected_form(row: Callable[[], bool]) -> None:
    assert row()
