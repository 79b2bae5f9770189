"""Names are taken out of a reply, word by word, and the way back leads to the words as written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bounce_milter import limits
from bounce_milter.around import says_more
from bounce_milter.normalise import as_written, link_words, normalise, quoted, says_something


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<bob@example.com>: User  Unknown", "<addr>: user unknown"),
        ("bob@example.com... No such user", "<addr>... no such user"),
        ("host mx.example.com[192.0.2.1] said", "host <host><ip> said"),
        ("client [2001:db8::1] blocked", "client <ip> blocked"),
        ("at 23:34:45 today", "at 23:34:45 today"),
        ("see https://example.com/x?y=spam.", "see <url>"),
        ("see www.example.com/spam and example.com/a", "see <url> and <url>"),
        ("mailbox full.Please retry", "mailbox full.please retry"),
        ("Sorry (#5.1.1)", "sorry (#5.1.1)"),
        ("version 5.1.1.2000", "version 5.1.1.2000"),
        ("mx10.mailspamprotection.com", "<host>"),
        ("Empfänger ÜBER example.de", "empfänger über <host>"),
        ("收件人bob@example.com不存在，见http://example.com/x。", "收件人<addr>不存在，见<url>。"),
        ("请访问mail.example.com查询", "请访问<host>查询"),
        ("宛先「bob@example.com」は存在しません", "宛先「<addr>」は存在しません"),
        ("&lt;bob@example.com&gt; isn&#39;t known", "<addr> isn't known"),
        ("mailbox full (in reply to RCPT TO command)", "mailbox full"),
        ('"Mailbox <bob@example.com> is full"', "mailbox <addr> is full"),
        ("org.example.mail.UserNotFoundException: bob", "user-not-found-exception: bob"),
        ("554 javax.net.ssl.SSLHandshakeException: PKIX", "554 ssl-handshake-exception: pkix"),
        ("host Mail.Example.COM and NoSuchUser", "host <host> and nosuchuser"),
        ("STOREDRV.Deliver.Exception:StorageException.MapiExceptionX", "<host>:storageexception.mapiexceptionx"),
        ("W32/Netsky.P@mm in mail from bob@mm.example", "w32/netsky.p@mm in mail from <addr>"),
        ("Trojan.Win32.Agent!ml", "trojan.win32.agent!ml"),
        ("recipient is not exist", "recipient does not exist"),
        ("this user not exists here (not exist)", "this user doesn't exist here (doesn't exist)"),
        ("Not existed", "doesn't exist"),
        ("it did not exist, does not exists, may not exist", "it did not exist, does not exist, may not exist"),
        ("not existing user, not existent", "not existing user, not existent"),
        ("", ""),
    ],
)
def test_names_are_taken_out(text: str, words: str) -> None:
    assert normalise(text).words.decode() == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rbl=none spf=pass rdns=missing av=clean", "<cleared> <cleared> rdns=missing <cleared>"),
        ("spf=none dnsbl=2/9 virus=Win.Trojan", "spf=none dnsbl=2/9 virus=win.trojan"),
        ("rdns:ok, spam:ok; attachment:BAD(exe)", "<cleared>, <cleared>; attachment:bad(exe)"),
        ("dnsbl=0.example.org helo=mx1 spam=no-one", "dnsbl=<host> helo=mx1 spam=no-one"),
        ("Your SPF is fine, your PTR is not", "your <cleared> is fine, your ptr is not"),
        ("SPF passes, DKIM passed, but", "<cleared> passes, <cleared> passed, but"),
        ("SPF is fine-tuned", "spf is fine-tuned"),
        ("publishes SPF and passed, the signature", "publishes <cleared> and passed, the signature"),
        (
            "All is in order with SPF and DKIM of your mail",
            "all is in order with <cleared> <cleared> <cleared> of your mail",
        ),
        ("something is wrong with SPF", "something is wrong with spf"),
        ("DMARC passed and so did SPF; what failed", "<cleared> passed and so did <cleared>; what failed"),
        ("not because the user is unknown: your", "not because <cleared> <cleared> <cleared> <cleared>: your"),
        ("Niet vanwege spam: de mailbox is vol", "niet vanwege <cleared>: de mailbox is vol"),
        ("nie z powodu spamu: rozmiar", "nie z powodu <cleared>: rozmiar"),
        ("Nicht wegen Spam: das Postfach ist voll", "nicht wegen <cleared>: das postfach ist voll"),
        ("konnte nicht zugestellt werden: voll", "konnte nicht zugestellt werden: voll"),
        ("l'adresse n'est pas disponible : pleine", "l'adresse n'est pas disponible : pleine"),
        ("This will not be re-tried.", "this <cleared> <cleared> <cleared> <cleared>."),
        ("Groups never send, so", "groups never send, so"),
        ("Do not send .zip files", "do not send .zip files"),
        ("Do not send it again.", "<cleared> <cleared> <cleared> <cleared> <cleared>."),
        ("If mistaken, write to us", "<cleared> <cleared>, write to us"),
        ("No requerimos TLS; el buzón", "no requerimos <cleared>; el buzón"),
        (
            "Unknown user. We reply to abuse complaints only at a@b.example",
            "unknown user. we reply to <cleared> <cleared> only at <addr>",
        ),
        ("Blocked after abuse reports to a@b.example", "blocked after abuse reports to <addr>"),
        (
            "Bob does not exist, and his other account is suspended as well.",
            "bob does not exist, and <cleared> <cleared> <cleared> <cleared> <cleared> as well.",
        ),
        (
            "Unbekannt, sein anderes Konto ist auch gesperrt",
            "unbekannt, <cleared> <cleared> <cleared> <cleared> <cleared> <cleared>",
        ),
        (
            "Inconnu, son autre compte est fermé aussi.",
            "inconnu, <cleared> <cleared> <cleared> <cleared> <cleared> aussi.",
        ),
        (
            "No existe, su otra cuenta también está cerrada",
            "no existe, <cleared> <cleared> <cleared> <cleared> <cleared> <cleared>",
        ),
        ("That account is closed too.", "that account is closed too."),
        ("Unknown, and his other address is full as well", "unknown, and his other address is full as well"),
        ("No answer; perhaps no such host", "no answer; <cleared> <cleared> <cleared> <cleared>"),
        ("No answer; perhaps it is down", "no answer; perhaps it is down"),
        ("Perhaps no such host", "perhaps no such host"),
        (
            "Mail with viruses, from listed hosts or over 25 MB is refused. Yours came twice",
            "mail <cleared> <cleared>, <cleared> <cleared> <cleared> <cleared> <cleared> <cleared> <cleared> is refused. yours came twice",
        ),
        (
            "We do not accept mail with macros, links or archives; it has one",
            "we do not accept mail <cleared> <cleared>, <cleared> <cleared> <cleared>; it has one",
        ),
        ("Mail with viruses or archives is refused.", "mail with viruses or archives is refused."),
        (
            "Nobody. It has nothing to do with your reputation.",
            "nobody. it has nothing to do with <cleared> <cleared>.",
        ),
        ("Das hat nichts mit SPF zu tun.", "das hat nichts mit <cleared> zu tun."),
        ("It has to do with SPF", "it has to do with spf"),
        ("It is not that he is unknown; he is away", "it is not that <cleared> <cleared> <cleared>; he is away"),
        ("This is not an unknown user", "this <cleared> <cleared> <cleared> <cleared> <cleared>"),
        ("No DKIM signature needed; a PTR is", "no <cleared> <cleared> needed; a ptr is"),
        ("SPF is not needed here, a PTR is", "<cleared> is not needed here, a ptr is"),
        ("We do not require TLS; we require", "we do not require <cleared>; we require"),
        ("We do not require TLS", "we do not require tls"),
        ("your server does not require TLS, it must", "your server does not require tls, it must"),
        ("Wir verlangen kein DKIM, aber", "wir verlangen kein <cleared>, aber"),
        ("SPF n'est pas requis ; il manque", "<cleared> n'est pas requis ; il manque"),
        ("No se requiere DKIM, pero", "no se requiere <cleared>, pero"),
        ("SPF не требуется, но нужна", "<cleared> не требуется, но нужна"),
        ("Clean of viruses, but 14 points", "clean of <cleared>, but 14 points"),
        ("no virus found, no virus scanner there", "no <cleared> found, no virus scanner there"),
        ("the box is not full, it is gone", "the box <cleared> <cleared> <cleared>, it is gone"),
        ("refused not for spam but for a virus", "refused not for <cleared> but for a virus"),
        ("nicht der Empfänger ist voll, sondern", "nicht <cleared> <cleared> <cleared> <cleared>, sondern"),
        ("ce n'est pas une question de quota : non", "ce n'est pas une question de <cleared> : non"),
        ("nicht gefunden; voll, sondern", "nicht gefunden; voll, sondern"),
        ("Relay not denied, recipient denied", "<cleared> <cleared> <cleared>, recipient denied"),
        ("RBL check clean, content scan passed, no", "<cleared> <cleared> clean, <cleared> <cleared> passed, no"),
        ("The TLS handshake was fine, the login not", "the <cleared> <cleared> was fine, the login not"),
        ("DNSBL lookups: none listed. No Date", "<cleared> <cleared>: none listed. no date"),
        ("spam passed through your relay", "spam passed through your relay"),
        ("Greylisting is not the reason; too many", "<cleared> is not the reason; too many"),
        ("Die Größe ist nicht das Problem, nein", "<cleared> <cleared> ist nicht das problem, nein"),
        ("If quota is not the problem, and size isn't", "if quota is not the problem, and size isn't"),
        ("quota is not the only problem", "quota is not the only problem"),
        ("unknown; do not retry later", "unknown; <cleared> <cleared> <cleared> <cleared>"),
        ("gone. Sending later will not help", "gone. <cleared> <cleared> <cleared> <cleared> <cleared>"),
        ("permanent, not temporary", "permanent, <cleared> <cleared>"),
        (
            "unknown, try again with the right spelling",
            "unknown, <cleared> <cleared> <cleared> <cleared> <cleared> <cleared>",
        ),
        ("Blocked. If you think it's wrong, ask", "blocked. <cleared> <cleared> <cleared> <cleared> <cleared>, ask"),
        ("Call us if this is an error", "call us <cleared> <cleared> <cleared> <cleared> <cleared>"),
        ("Si cree que es un error, llame", "<cleared> <cleared> <cleared> <cleared> <cleared> <cleared>, llame"),
        ("If it was deleted by mistake, it comes back", "if it was deleted by mistake, it comes back"),
        ("if you are sure that the address is right", "if you are sure that the address is right"),
        ("try again with the right port of ours", "try again with the right port of ours"),
        ("known and not over quota; a rule", "known <cleared> <cleared> <cleared> <cleared>; a rule"),
        # what may be, if it is three things or more; what codes mean
        (
            "Possible reasons: a typo, a full box or spam. Ask",
            "possible reasons: <cleared> <cleared>, <cleared> <cleared> <cleared> <cleared> <cleared>. ask",
        ),
        ("the cause may be a typo or a full box", "the cause may be a typo or a full box"),
        (
            "He may be gone, it may be full, or you may be listed",
            "he may <cleared> <cleared>, <cleared> <cleared> <cleared> <cleared>, <cleared> <cleared> <cleared> <cleared> <cleared>",
        ),
        (
            "refused (5.1.1 no user, 5.2.2 full, 5.7.1 policy)",
            "refused (<cleared> <cleared> <cleared>, <cleared> <cleared>, <cleared> <cleared>)",
        ),
        ("do not try again until tomorrow", "do not try again until tomorrow"),
        ("do not retry before the sync is over", "do not retry before the sync is over"),
    ],
)
def test_what_a_reply_clears_is_no_cause(text: str, words: str) -> None:
    assert normalise(text).words.decode() == words


@pytest.mark.parametrize(
    "piece",
    [
        "nicht a ",
        "not for ",
        "spf, ",
        "spf and ",
        "rbl=none",
        "a.Error",
        "aA.",
        "n'est pas de ",
        "tls is not ",
        ", a",
        "do not retry it ",
        "not temporary ",
    ],
)
def test_hostile_repeats_cost_no_time(piece: str) -> None:
    text = piece * (limits.WORDS_CHARS // len(piece)) + " Error but sondern, the reason later"
    begin = time.process_time()
    normalise(text)
    assert time.process_time() - begin < 0.1


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("your IP [192.0.2.1] is listed", "192.0.2.1"),
        ("from 2001:db8::1 refused", "2001:db8::1"),
        ("code 5.1.1 at 23:34:45", None),
        ("HELO must be a name (see RFC 2821 4.1.1.1)", None),
        ("blacklisted (Symantec Messaging Gateway 10.6.3.2)", None),
        ("refused by Filter version 10.6.3.2: 192.0.2.1 is listed", "192.0.2.1"),
        ("your gateway 192.0.2.1 is listed", "192.0.2.1"),
        ("mx.example.com", None),
    ],
)
def test_the_address_that_is_quoted(text: str, address: str | None) -> None:
    assert quoted(normalise(text)) == address


@pytest.mark.parametrize(
    ("text", "any_words"),
    [
        ("<bob@example.com> 192.0.2.1 (42)", False),
        ("bob@example.com: nein", True),
        ("满了", True),
        ("Mailbox.Status.OverQuota", True),
    ],
)
def test_whether_anything_is_said(text: str, any_words: bool) -> None:
    assert says_something(normalise(text)) is any_words


@given(st.text())
def test_each_word_stays_one_word(text: str) -> None:
    normal = normalise(text)
    assert len(normal.words.split(b" ")) == len(normal.raw.split(b" ")) == max(1, len(normal.written))


@given(
    st.lists(st.sampled_from(["bob@example.com", "User", "unknown", "192.0.2.1", "mx.example.com", "É"]), min_size=1)
)
def test_a_place_leads_back_to_the_words_as_written(words: list[str]) -> None:
    normal = normalise(" ".join(words))
    start = 0
    for at, word in enumerate(normal.words.split(b" ")):
        assert as_written(normal, normal.words, start, start + len(word)) == words[at]
        start += len(word) + 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see https://example.com/help/mailbox-full.html", "help mailbox full html"),
        ("https://example.com/NoSuchUser#top and www.example.org/too_many?mailbox=full", "no such user top too many"),
        ("<https://example.com>", ""),
        ("mailbox full", ""),
        ("https://example.com/" + "a-" * 10_000, " ".join("a" * 24)),
    ],
)
def test_the_words_of_links(text: str, words: str) -> None:
    assert link_words(normalise(text)) == words


@pytest.mark.parametrize("text", ["@" + "a" * 1_999, "a" * 1_900 + "@.", "@" + "a/" * 999])
def test_a_word_without_end_beside_an_at_sign_costs_no_time(text: str) -> None:
    begin = time.process_time()
    for _ in range(20):
        normalise(text)
    assert time.process_time() - begin < 0.1


@pytest.mark.parametrize(
    ("words", "pattern", "more"),
    [
        (b"no such customer", r"\bno such customers?\b", False),
        (b"no such customers", r"\bno such customers?\b", False),
        (b"not subscribed", r"\b(?:not|never) subscribed", False),
        (b"no such user sent", r"no such user.{0,20}(?:consenti)?", True),
        (b"unknown user, list full", r"\bunknown user.{0,20}(?:liste|fully)?", True),
        (b"bunknown", r"\bunknown", True),
    ],
)
def test_a_pattern_spells_words_and_no_parts_of_them(words: bytes, pattern: str, *, more: bool) -> None:
    assert says_more(words, pattern) is more
