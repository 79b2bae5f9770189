"""What each digit of a code says (RFC 5321 4.2.1, RFC 3463 2): enough to explain a code that no table holds.

Rule: the first digit decides (2 done, 3 go on, 4 not now, 5 no), the second is the subject, the third tells similar
cases apart. There are four first digits in SMTP: 1yz went with RFC 5321, and 0yz never was.
"""

from typing import Final

#: First digit of a reply code (RFC 5321 4.2.1).
FIRST: Final = {
    "2": "success: the server did what was asked",
    "3": "go on: the server waits for more",
    "4": "not now: a temporary failure, the server that sends tries again by itself",
    "5": "no: refused for good, sending the same again will not help",
}

#: Second digit of a reply code: what it is about (RFC 5321 4.2.1).
SECOND: Final = {
    "0": "syntax or unknown commands",
    "1": "information that was asked for",
    "2": "the connection",
    "3": "something the standard leaves open",
    "4": "something the standard leaves open",
    "5": "the mail system",
}

#: Third digit of a reply code (RFC 5321 4.2.1).
THIRD: Final = "the finest step: it tells similar cases apart; the enhanced code, such as 5.1.1, tells more"

#: Class of an enhanced status code (RFC 3463 2).
CLASS: Final = {
    "2": "success: it worked",
    "4": "a temporary failure: a later attempt may work",
    "5": "a permanent failure: sending the same message again unchanged will not help",
}

#: Subject of an enhanced status code (RFC 3463 3.1 to 3.8).
SUBJECT: Final = {
    "0": "nothing said in particular",
    "1": "an address",
    "2": "the recipient's mailbox",
    "3": "the recipient's mail system",
    "4": "the network or the route",
    "5": "the SMTP conversation itself",
    "6": "the content of the message",
    "7": "security or policy",
}


def subject(digit: str) -> str:
    """Return what the second number of an enhanced status code says that it is about."""
    return SUBJECT.get(digit, "a subject that is not registered")


def explain_reply(code: str) -> str:
    """Return in one sentence what the three digits of a reply code in the grammar say (RFC 5321 4.2.1)."""
    first, second = f"First digit {code[0]}: {FIRST[code[0]]}", f"Second digit {code[1]}: about {SECOND[code[1]]}"
    return f"{first}. {second}. Third digit: {THIRD}."


def explain_enhanced(code: str) -> str:
    """Return in one sentence what class and subject of an enhanced status code say (RFC 3463 2)."""
    class_, about, _ = code.split(".")
    return f"Class {class_}: {CLASS[class_]}. Subject {about}: about {subject(about)}."


def not_a_code(token: str) -> str:
    """Return in one sentence why *token* is no code of SMTP, and what it may be instead."""
    if token.isascii() and token.isdigit() and len(token) == 3:
        if token[0] == "1":
            return (
                f"{token} is no SMTP reply: 1xx does not exist in SMTP. It is a broken server's, or the error number "
                "of a program (111 is connection refused)."
            )
        if token[0] == "0":
            return f"{token} is no SMTP reply: no first digit 0 exists (a second digit 0 is about syntax)."
        return f"{token} is outside the grammar of SMTP replies: first digit 2 to 5, second 0 to 5, third 0 to 9."
    if token.isascii() and token.isdigit() and len(token) < 3:
        return f"{token} is no SMTP reply: a reply code always has three digits (a list that says 21 means 211)."
    return f"{token} is neither a reply code, such as 550, nor an enhanced status code, such as 5.1.1."
