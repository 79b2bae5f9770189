"""Messages made to hurt a parser: each by the trick it plays. Read by the tests and by the benchmark."""

import json
import random
import re
from collections.abc import Callable

from bounce_milter import limits
from bounce_milter.catalogue.needles import needles, rarest
from bounce_milter.catalogue.pattern import alternatives
from bounce_milter.resources import packaged_knowledge

REPORT_HEAD = (
    b"From: MAILER-DAEMON@h.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
)


def _nested_multiparts() -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000))
    return heads + b"\n" + b"x\n" * 1000


def _nested_messages() -> bytes:
    return b"Content-Type: message/rfc822\n\n" * 20_000


def _status(body: bytes) -> bytes:
    return REPORT_HEAD + b"--B\n\nfailed\n--B\nContent-Type: message/delivery-status\n\n" + body + b"\n--B--\n"


def _recipients(count: int) -> bytes:
    return b"Reporting-MTA: dns; h.example\n\n" + b"".join(
        b"Final-Recipient: rfc822; user%d@d.example\nAction: failed\nStatus: 5.1.1\n\n" % n for n in range(count)
    )


def _report(words: bytes, diagnostic: bytes) -> bytes:
    groups = (
        b"Final-Recipient: rfc822; u%d@d.example\nAction: failed\nDiagnostic-Code: %s\n\n" % (n, diagnostic)
        for n in range(1_000)
    )
    return _status(b"Reporting-MTA: dns; h.example\n\n" + b"".join(groups)).replace(b"failed\n--B", words + b"\n--B", 1)


def _text(body: bytes) -> bytes:
    return b"Return-Path: <>\nFrom: MAILER-DAEMON@h.example\nSubject: Undelivered mail\n\n" + body


TRICKS: dict[str, Callable[[], bytes]] = {
    "20,000 nested multiparts": _nested_multiparts,
    "20,000 nested messages": _nested_messages,
    "a million empty lines in a report": lambda: _status(b"\n" * 1_000_000),
    "a million empty lines in a text": lambda: _text(b"\n" * 1_000_000),
    "370 addresses of nothing but dashes": lambda: _status(
        b"".join(b"Final-Recipient: rfc822; %s%d!@d.e\nAction: failed\n\n" % (b"-" * 450, n) for n in range(370))
    ),
    "1,000 recipients with the last line of 99 replies": lambda: _report(
        b"".join(b"550-line %d\n550 the end\n" % n for n in range(99)), b"smtp; 550 the end"
    ),
    "1,000 recipients with a part of nothing but first lines": lambda: _report(
        b"550-the end\n" * 6_000, b"smtp; 550 end"
    ),
    "1,000 recipients cut in a long word": lambda: _report(b"a " * 3_000 + b"a" * 60_000, b"X-Notes; " + b"a" * 60),
    "1,000 recipients cut in a word": lambda: _report(b"a" * 50 + b" a" * 30_000, b"smtp; 550 " + b"a" * 45),
    "990 of Sendmail's entries, and a reply of 950 lines": lambda: _text(
        b"   ----- The following addresses had permanent fatal errors -----\n"
        + b"".join(b"<a%d@b.example> (reason: 550 x)\n" % n for n in range(990))
        + b"\n   ----- Transcript of session follows -----\n... while talking to mx.b.example.:\n>>> DATA\n"
        + (b"<<< 550 x" + b" y" * 80 + b"\n") * 950
    ),
    "100 addresses on one line, and 78 long ones": lambda: _text(
        b"Delivery failed: "
        + b", ".join(b"a%d@d.example" % n for n in range(100))
        + b"\n"
        + (b"word is here and not there " * 72 + b"\n") * 78
    ),
    "1,000 recipients in one field, and a long reply": lambda: _status(
        b"Final-Recipient: %s\nAction: failed\nDiagnostic-Code: smtp; 550 %s\n\n"
        % (b",".join(b"a%d@b.example" % n for n in range(1_100)), b'x\'y no-such "z" (q) ' * 800)
    ),
    "1,000 names without a domain, and 11,000 addressees": lambda: (
        _status(b"".join(b"Final-Recipient: rfc822;u%d\nAction: failed\n\n" % n for n in range(990))).removesuffix(
            b"--\n"
        )
        + b"\nContent-Type: text/rfc822-headers\n\n"
        + b"".join(
            b"To: %s\n" % b",".join(b"%x@b.e" % n for n in range(m, m + 1_900)) for m in range(4096, 15_000, 1_900)
        )
    ),
    "a status in 4,000 open brackets": lambda: _status(
        (b"Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1 (" + b"\\(" * 4_000 + b"\n\n") * 20
    ),
    "1,900 capitals behind the name of an error": lambda: _status(
        b"Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 UserNotFound "
        + b"A" * 1_900
        + b"1\n\n"
    ),
    "90 recipients with 230 names in each reply": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; u%d@d.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown %s\n\n"
            % (n, b" ".join(b"(xq%c%c)" % (97 + m // 26, 97 + m % 26) for m in range(230)))
            for n in range(90)
        )
    ),
    "90 recipients with a long word in each reply": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; u%d@d.example\nAction: failed\nStatus: 5.1.3\nDiagnostic-Code: smtp; 553 5.1.3 Bad recipient address syntax %s\n\n"
            % (n, b"a." * 900)
            for n in range(90)
        )
    ),
    "48 recipients with a long word before a quoted reply": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; u%d@d.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.1 said%d %s said: 550 5.1.1 User unknown\n\n"
            % (n, n, b"a" * 3_800)
            for n in range(48)
        )
    ),
    "900 recipients below 60,000 letters of guesses": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; u%d@d.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
            % n
            for n in range(900)
        )
    ).replace(b"failed\n--B", b"It may be that the user or the mailbox is gone.\n" * 1_250 + b"--B", 1),
    "60,000 blanks in an address of an event": lambda: (
        b"Return-Path: <1@bounces.amazonses.com>\nFrom: AWS <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\n\n"
        + json.dumps(
            {
                "notificationType": "Bounce",
                "bounce": {"bouncedRecipients": [{"emailAddress": "x" + "\t" * 60_000 + "y)"}]},
            }
        ).encode()
    ),
    "100,000 header fields": lambda: b"X-A: b\n" * 100_000 + b"\nbody",
    "100,000 folds in one field": lambda: b"Subject: a" + b"\n b" * 100_000 + b"\n\nbody",
    "30,000 recipients in a report": lambda: _status(_recipients(30_000)),
    "30,000 addresses in a text": lambda: _text(
        b"".join(b"<u%d@d.example>: user unknown\n" % n for n in range(30_000))
    ),
    "15 MB of ordinary mail": lambda: b"From: a@b.example\nSubject: hi\n\n" + b"lorem ipsum dolor\n" * 850_000,
    "a 15 MB report": lambda: _status(_recipients(2) + b"X-Pad: y\n" * 1_600_000),
    "one line of a megabyte": lambda: _text(b"a" * 1_000_000),
    "one word of failure, a megabyte of addresses": lambda: _text(b"failed " + b"a@b.example," * 90_000),
    "a megabyte of at signs": lambda: _text(b"failed\n" + b"@" * 1_000_000),
    "a megabyte of angle brackets": lambda: _text(b"failed\n" + b"<" * 1_000_000),
    "bare CRs": lambda: _text(b"failed\r" * 100_000),
    "NULs": lambda: _text(b"\x00" * 1_000_000),
    "10,000 parts": lambda: REPORT_HEAD + b"--B\n\nx\n" * 10_000,
    "boundaries that never fit": lambda: REPORT_HEAD + b"--BX\n" * 200_000,
    "open quotes in a parameter": lambda: b'Content-Type: multipart/mixed; boundary="' + b'\\"' * 100_000 + b"\n\nbody",
    "parameters without end": lambda: b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\n\nbody",
    "a field of spaces beside an encoded word": lambda: b"Subject: =?utf-8?q?=C3=BC?=" + b" " * 90_000 + b"x\n\nbody",
    "a Subject as of cron with 16,000 at signs": lambda: (
        b"From: a@b.example\nSubject: Cron <" + b"@" * 16_000 + b"\n\nfailed"
    ),
    "a Subject as of a list manager with 16,000 at signs": lambda: (
        b"From: a@b.example\nSubject: bounce " + b"@" * 16_000 + b"\n\nfailed"
    ),
    "encoded words without end": lambda: b"Subject: " + b"=?utf-8?q?=C3=BC?= " * 10_000 + b"\n\nbody",
    "encoded words that never end": lambda: (
        b"".join(b"%s: %s\n" % (name, b"=?a?q?x" * 2_300) for name in (b"From", b"To", b"Subject", b"Auto-Submitted"))
        + b"\nbody"
    ),
    "replies of encoded words that never end": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@b.example\nDiagnostic-Code: smtp; 550 %s\n\n" % (n, b"=?a?q?x" * 2_300)
            for n in range(11)
        )
    ),
    "dashes before nothing": lambda: _text(b"-" * 500_000),
    "spaces before nothing": lambda: _text(b"failed" + b" " * 500_000 + b"x"),
    "tags without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<a " * 200_000
    ),
    "line breaks without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<br" * 80_000
    ),
    "comments without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<!--" * 100_000
    ),
    "styles without end": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n" + b"<style>" * 60_000
    ),
    "a character's number of 60,000 digits": lambda: (
        b"Return-Path: <>\nFrom: postmaster@h.example\nContent-Type: text/html\n\n<p>a@b.example: 550 &#"
        + b"9" * 60_000
        + b";"
    ),
    "a character's number of 60,000 digits in a plain text": lambda: _text(
        b"&lt;a@b.example&gt;: 550 &#" + b"9" * 60_000 + b";\n"
    ),
    "4,000 styles in each of four tags that do not end": lambda: _in_html(b"<p " + b"white-space:pre " * 4_000),
    "4,000 classes in each of four tags that do not end": lambda: _in_html(b"</p><p " + b"class=MsoNormal " * 4_000),
    "header blocks without end": lambda: _text(b"Received: x\n" * 80_000),
    "codes without end": lambda: _status(
        b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; "
        + b"550-5.1.1 " * 20_000
    ),
    "said without end": lambda: _text(b"<a@b.example>: host x said: " * 30_000),
    "quoted-printable without end": lambda: (
        b"From: postmaster@h.example\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 400_000
    ),
    "words of all rules for 95 recipients": lambda: _many_words(),
    "signs of as many rules as may be for 8 recipients": lambda: _many_signs(),
    "base64 of nothing": lambda: (
        b"From: postmaster@h.example\nContent-Transfer-Encoding: base64\n\n" + b"!" * 1_000_000
    ),
    "vertical tabs below Google's words": lambda: _parts(
        b"google <mailer-daemon@google.com>",
        b"Your message wasn't delivered to bob@dest.example because\nx",
        (b"\v" * 120 + b"\n") * 510,
    ),
    "replies without end within 45 replies": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 %d%s\n\n"
            % (number, number, b": 450 x" * 550)
            for number in range(45)
        )
    ),
    "a list of 100, and all of them again with half a reply": lambda: _text(
        b"failed:\n"
        + b"".join(b"a%d@b.example\n" % n for n in range(100))
        + b"\n"
        + b"".join(b"a%d@b.example unknown 4501x said 450.:\n" % (n % 100) for n in range(1_890))
    ),
    "900 commands together, and a reply less, each naming two": lambda: _text(
        b"failed:\n"
        + b"".join(b"--> RCPT TO:<a%d@b.example>\n" % n for n in range(900))
        + b"".join(b"<-- 550 a%d@b.example a1@b.example\n" % n for n in range(899))
    ),
    "rules of dashes that never end": lambda: _parts(
        b"MAILER-DAEMON@h.example",
        b"----- Transcript of session follows -----\n",
        (b"---a" + b"-" * 1_990 + b"x\n") * 30,
    ),
    "spaces behind an address, and no error code": lambda: _parts(
        b"MAILER-DAEMON@h.example", b"error_code\n", (b"a@bb" + b" " * 1_990 + b"x\n") * 30
    ),
    "85 headings for administrators on one line, and empty lines": lambda: _parts(
        b"postmaster@h.example", b"diagnostic information " * 85 + b"\n", (b"\v" * 1_990 + b"\n") * 31
    ),
    "1,000 recipients, and 1,000 addressees elsewhere": lambda: _status(
        b"Reporting-MTA: dns; mx.h.example\n\n"
        + b"".join(
            b"Final-Recipient: rfc822; a%d@d.example\nRemote-MTA: dns; mx.h.example\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
            % n
            for n in range(1_000)
        )
        + b"--B\nContent-Type: message/rfc822\n\nFrom: alice@client.example\nTo: "
        + b",".join(b"a%d@d.example" % n for n in range(1_000))
        + b"\nCc: "
        + ",".join(f"a{n}@{'ü' * 10}.cd" for n in range(1_000)).encode()
        + b"\n"
    ),
    "46 recipients with 3,900 at signs in each reply": lambda: _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@d.example\nAction: failed\nDiagnostic-Code: smtp; 550 5.1.2 <%s host unknown\n\n"
            % (n, b"@" * 3_900)
            for n in range(46)
        )
    ),
    "100 names above a story of 58,000 letters": lambda: (
        b"Return-Path: <>\nFrom: google <mailer-daemon@google.com>\n\n"
        + b"".join(b"  a%d@b.example\n" % n for n in range(100))
        + b"Technical details of permanent failure:\n"
        + (b"domain a.b.c " * 150 + b"\n") * 30
    ),
    "900 addresses above a story": lambda: (
        b"Return-Path: <>\nFrom: google <mailer-daemon@google.com>\n\n"
        + b"".join(b"  a%d@b.example\n" % n for n in range(900))
        + b"Technical details of permanent failure:\n"
        + b"x.y-z " * 30_000
    ),
}


def _parts(author: bytes, opening: bytes, text: bytes) -> bytes:
    """Return a message of four texts, as many as are read."""
    body = b"".join(b"--B\n\n%s\n" % part for part in (opening + text, text, text, text))
    return b"Return-Path: <>\nFrom: %s\nContent-Type: multipart/mixed; boundary=B\n\n%s--B--\n" % (author, body)


def _in_html(markup: bytes) -> bytes:
    """Return a message of four HTML texts."""
    return _parts(b"MAILER-DAEMON@h.example", b"", b"").replace(
        b"--B\n\n", b"--B\nContent-Type: text/html\n\n" + markup
    )


#: How the families of bounces begin: who wrote it, and a field that the reader asks for; the words that make him claim it.
HEADS: dict[str, tuple[str, str]] = {
    "any": ("MAILER-DAEMON@h.example", "failed\n"),
    "gmail": ("google <mailer-daemon@google.com>", "Your message wasn't delivered to bob@dest.example because\n"),
    "gmail before 2016": (
        "google <mailer-daemon@google.com>",
        "  bob@dest.example\nTechnical details of permanent failure:\nThe error that the other server returned was: ",
    ),
    "google groups": ("google <mailer-daemon@google.com>", "google groups: you tried to contact\n"),
    "zoho": ("MAILER-DAEMON@h.example", "error_code\n"),
    "sendmail": (
        "MAILER-DAEMON@h.example",
        "----- The following addresses had permanent fatal errors -----\n<bob@dest.example>\n"
        "----- Transcript of session follows -----\n... while talking to mx.dest.example.:\n",
    ),
    "exchange": (
        "postmaster@h.example",
        "Diagnostic information for administrators:\nGenerating server: h.example\n\nbob@dest.example\n",
    ),
    "exchange before 2007": ("postmaster@h.example", "did not reach the following recipient(s):\n"),
    "qmail": ("MAILER-DAEMON@h.example", "Hi. This is the qmail-send program at h.example.\n<bob@dest.example>:\n"),
    "exim": (
        "MAILER-DAEMON@h.example",
        "This message was created automatically by mail delivery software.\naddress(es) failed:\n  bob@dest.example\n",
    ),
    "postfix": ("MAILER-DAEMON@h.example", "This is the mail system at host h\n<bob@dest.example>: "),
    "opensmtpd": ("MAILER-DAEMON@h.example", "This is the MAILER-DAEMON, please DO NOT REPLY\nbob@dest.example: "),
    "aol": ("MAILER-DAEMON@aol.com", "your mail to the following recipients could not be delivered because\n"),
    "dragonfly": ("MAILER-DAEMON@h.example", "DragonFly Mail Agent\nThere was an error delivering your mail to <bob@d.ee>.\n"),
    "sims": ("MAILER-DAEMON@h.example", "Recipient address: bob@dest.example\nReason: x\nattempt history\n"),
    "imail": ("MAILER-DAEMON@h.example", "unknown user: bob@dest.example\n"),
    "intermail": (
        "MAILER-DAEMON@h.example",
        "This Message was undeliverable due to the following reason:\n\nx\n\n<bob@dest.example>\n",
    ),
    "hmailserver": ("MAILER-DAEMON@h.example", "bob@dest.example\n   Error Type: SMTP\n"),
    "groupwise": ("MAILER-DAEMON@h.example", "was undeliverable to the following:\n\tbob (x)\n"),
    "mhs": (
        "MAILER-DAEMON@h.example",
        "this report relates to your message\nbob@dest.example\nfor the following reason:\nx\n",
    ),
    "fml": ("fml-admin@h.example\nX-MLServer: fml [fml 4.0]", "You are not a member of this mailing list.\n\n"),
    "pec": (
        "posta-certificata@h.example\nX-Ricevuta: errore-consegna",
        "destinato all'utente \"bob@dest.example\" rilevato un errore 5.1.1 - x\n",
    ),
    "mimecast": (
        "MAILER-DAEMON@h.example",
        "email address :\n-- bob@dest.example\nThe problem appears to be :\n-- x\nAdditional information follows :\n-- x\n",
    ),
    "domino": ("MAILER-DAEMON@h.example", "was not delivered to:\nbob@dest.example\nbecause:\n"),
    "lists": (
        "list-owner@h.example\nX-List-Administrivia: yes",
        "You are not allowed to post to this mailing list, and your message has been automatically rejected.\n",
    ),
    "a session": ("MAILER-DAEMON@h.example", "failed\n--> RCPT TO:<a@b.example>\n<-- 250 x\n--> RCPT TO:<c@b.example>\n"),
    "a flattened report": (
        "MAILER-DAEMON@h.example",
        "Final-Recipient: rfc822; bob@dest.example\nAction: failed\nDiagnostic-Code: smtp; 550 ",
    ),
}  # fmt: skip
#: What is repeated below them: lines that nearly fit what readers look for.
FILLERS: tuple[str, ...] = (
    "\v" * 30 + "\n", "\v\n", "\u00a0" * 30 + "\n", "a@bb" + " " * 1990 + "x\n", "---a" + "-" * 1990 + "x\n", "-----x\n",
    "450 " * 450 + "\n", ": 450 x" * 250 + "\n", "<<< 450-x\n", "<<< 450-" + "x" * 1900 + "\n", ">>> RCPT TO:<a@b.example>\n",
    "a@b.example 450x no\n", "a@b.example\nunknown\n", "from a.bb " * 190 + "\n", "host a.b.c.d.e.f.g.h " * 80 + "\n",
    "a." * 990 + "\n", "a@a" + ".-" * 990 + "\n", "x on 00:00" * 190 + "\n", "[(1):" * 390 + "\n", '"a' * 990 + "\n",
    "(in reply to " * 150 + "\n", "response from " * 140 + "\n", ":" * 1990 + "\n", "ERROR_CODE" * 190 + "\n",
    "4.1.1.1 " * 240 + "\n", "4" * 1990 + "\n", "<a@b" * 490 + "\n", "X-a: b\n c\n", "\t" * 1990 + "x\n", "&lt;" * 490 + "\n",
    "a:b::c " * 280 + "\n", "generated response: 550 x\n", "a@b.example (x) " * 120 + "\n", "\t" * 1500 + "subject:" + "\t" * 480 + "\n", " In:  RCPT TO:<a@b.example>\n Out: 450 x\n",
    "<-- 550 " + "<cr><lf>" * 240 + "x\n", "rcpt to" + " " * 1980 + "\n", "> " * 990 + "\n",
    "message" + " " * 1980 + "<< @\n", "<" + "@" * 1990 + "\n", '*Recipient-Info: <"1"@' + "a." * 980 + "\n",
)  # fmt: skip


def filled(head: str, filler: str, octets: int = 60_000) -> bytes:
    """Return a bounce of a family, *octets* long, that goes on with one *filler*."""
    author, words = HEADS[head]
    text = words + filler * (octets // len(filler.encode()))
    return f"Return-Path: <>\nFrom: {author}\nSubject: Undelivered mail\n\n{text}".encode()


def _many_words() -> bytes:
    """Return a report on 95 recipients, each refused in other words that rules speak of."""
    dice = random.Random(95)
    known = sorted(
        {word for rule in packaged_knowledge().catalogue.rules for word in re.findall("[a-z]{2,}", rule.pattern or "")}
    )
    return _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 %s\n\n"
            % (number, " ".join(dice.choices(known, k=280)).encode())
            for number in range(95)
        )
    )


def _many_signs() -> bytes:
    """Return a report on 8 recipients, each refused in the shortest words for which rules must be tried: 400 for each."""
    rules = packaged_knowledge().catalogue.rules
    found = rarest([needles(alternatives(rule.pattern)) for rule in rules if rule.pattern])
    asked = [[min(sign, key=len) for sign in tried.signs] for one in found for tried in one.tried]
    asked.sort(key=lambda signs: sum(map(len, signs)))
    return _status(
        b"".join(
            b"Final-Recipient: rfc822; a%d@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 %s\n\n"
            % (number, _told(asked[200 + 13 * number :]).encode())
            for number in range(8)
        )
    )


def _told(asked: list[list[str]]) -> str:
    """Return a reply that holds what is asked for, as much of it as is read."""
    told = ""
    for signs in asked:
        more = " ".join(sign for sign in signs if sign not in told)
        if more and len(told) + len(more) < limits.WORDS_CHARS - 20:
            told += f" {more}"
    return told.strip()
