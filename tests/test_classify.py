"""One reply, one verdict: the order of belief, and what must never call a living address dead."""

from pathlib import Path

import pytest

from bounce_milter.catalogue import build
from bounce_milter.classify import classify, poll
from bounce_milter.classify.lint import ask
from bounce_milter.classify.verdict import Query, Verdict
from bounce_milter.classify.why import why
from bounce_milter.explain import explain_reply
from bounce_milter.reply.verbs import COMMANDS
from bounce_milter.resources import packaged_knowledge, packaged_rules
from bounce_milter.vocabulary import Class, Confidence, Reason

from .test_catalogue import ALL

LIVING = Path(__file__).parent / "living.txt"
R = Reason


def judge(text: str, **known: str) -> Verdict:
    query = ask(text, known.get("by"), known.get("command"))
    action = known.get("action")
    return classify(Query(**{**{f: getattr(query, f) for f in query.__struct_fields__}, "action": action}), ALL)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.1.1 User unknown", R.USER_UNKNOWN),
        (
            "550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown in virtual mailbox table",
            R.USER_UNKNOWN,
        ),
        ("550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", R.USER_UNKNOWN),
        ("550 5.4.1 <bob@example.com>: Recipient address rejected: Access denied", R.USER_UNKNOWN),
        ("5.1.2 Host unknown", R.DOMAIN_UNKNOWN),
        ("5.4.4 Name service error for name=example.org type=A: Host not found", R.DOMAIN_UNKNOWN),
        ("556 5.1.10 Domain example.com does not accept mail (nullMX)", R.DOMAIN_ACCEPTS_NO_MAIL),
        ("551 5.1.6 recipient no longer on server: bob@example.com", R.MAILBOX_MOVED),
        ("501 5.1.3 Bad recipient address syntax", R.BAD_ADDRESS_SYNTAX),
        ("550 5.1.1", R.USER_UNKNOWN),
        ("550 5.1.1 Requested action not taken: mailbox unavailable", R.USER_UNKNOWN),
        ("550 5.1.1 Benutzer existiert nicht", R.USER_UNKNOWN),
        ("550 5.1.1 用户不存在", R.USER_UNKNOWN),
        ("550 5.1.1 The mailbox was removed after 90 days of inactivity and will not be restored", R.USER_UNKNOWN),
        ("550 5.1.1 The account was over quota for a year and has been deleted", R.USER_UNKNOWN),
        ("550 5.1.1 <bob@example.com> is not among the valid recipients of this domain", R.USER_UNKNOWN),
        ("550 5.1.1 Die Adresse <bob@example.com> ist in diesem Hause nicht bekannt", R.USER_UNKNOWN),
        ("550 5.1.1 Ismeretlen címzett: bob@example.com", R.USER_UNKNOWN),
        ("550 5.4.4 Unable to route: MX query for example.com returned NXDOMAIN", R.DOMAIN_UNKNOWN),
        ("550 5.1.2 The domain example.com was never registered", R.DOMAIN_UNKNOWN),
    ],
)
def test_the_address_is_dead_where_words_or_a_specific_status_say_so(text: str, reason: Reason) -> None:
    verdict = judge(text)
    assert (verdict.reason, verdict.class_, verdict.dead) == (reason, Class.PERMANENT, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # What there is none of is not the user; who may not do something is the sender.
        ("550 5.1.1 There is no user database available right now", R.SYSTEM_ERROR),
        ("550 5.1.1 no such account is entitled to use this relay", R.RELAY_DENIED),
        # A place that is no address, a host that is the sender's, a title before what was said.
        ("550 5.1.6 Mailbox has moved to the archive and is read-only now", R.MAILBOX_DISABLED),
        ("550 5.4.4 cannot find your server in the DNS: mail.example.net", R.REVERSE_DNS),
        ("5.1.1 - Bad destination email address 'the account bob is locked until payment'", R.MAILBOX_DISABLED),
        ("550 5.1.1 No DKIM signature needed; what we need is a PTR record for 192.0.2.9", R.REVERSE_DNS),
        ("554 5.1.1 You talk too fast. In this house one waits for the banner", R.PROTOCOL_ERROR),
        ("550 5.1.1 The addressee does not wish to receive anything from me@example.net", R.SENDER_NOT_ALLOWED),
        # The number says that there is no such mailbox; the words say something else.
        ("550 5.1.1 <bob@example.com> - 192.0.2.1 has sent to too many recipients this hour.", R.RATE_LIMITED),
        ("552 5.1.1 Mailbox over quota", R.MAILBOX_FULL),
        ("550 5.1.1 Your IP 192.0.2.1 is blocked", R.BLOCKLISTED),
        ("550 5.1.1 Mail refused, listed at Spamhaus", R.BLOCKLISTED),
        ("550 5.1.1 spam detected", R.SPAM_CONTENT),
        ("550 5.1.1 sender unknown", R.SENDER_REFUSED),
        ("550 5.1.1 Greylisted, please try again in 300 seconds", R.GREYLISTED),
        ("550 5.1.1 Recipient address rejected: rate limit exceeded", R.RATE_LIMITED),
        ("550 5.1.1 message rejected due to SPF failure", R.AUTHENTICATION_FAILED),
        ("550 5.1.0 <alice@example.org> sender rejected.", R.SENDER_REFUSED),
        ("550 5.2.1 The user is receiving mail at a rate that prevents additional messages", R.RATE_LIMITED),
        ("550 5.1.1 Der Empfänger hat sein Kontingent überschritten", R.MAILBOX_FULL),
        ("550 5.1.1 ящик переполнен", R.MAILBOX_FULL),
        # The words say both.
        ("550 5.7.1 Client host blocked using Spamhaus; user unknown", R.BLOCKLISTED),
        ("550 5.0.0 user unknown; your ip 192.0.2.1 has bad reputation", R.BLOCKLISTED),
        ("550 Too many unknown users from your host", R.RATE_LIMITED),
        ("550 No such user: exceeded quota", R.MAILBOX_FULL),
        ("550 Sender verify failed: no such user", R.SENDER_REFUSED),
    ],
)
def test_what_speaks_of_something_else_defeats_a_dead_code(text: str, reason: Reason) -> None:
    verdict = judge(text)
    assert (verdict.reason, verdict.dead) == (reason, False)


@pytest.mark.parametrize(
    "text",
    [
        "550",
        "550 Requested action not taken: mailbox unavailable",
        "450 4.1.1 User unknown in local recipient table",
        "550 4.1.1 User unknown",
        "450 5.1.1 User unknown",
        "550 5.1.1 Contact the administrator of this machine",
        "550 5.1.1 [192.0.2.1]",
        "550 5.1.1 Access denied",
        "550 5.1.1 account does not exist for sender",
        "550 5.7.1 User unknown",
        "550 5.1.1 User unknown, temporary lookup failure",
        "554 5.5.1 Error: no valid recipients",
        "550 5.1.0 Address rejected",
        "mailbox is full: retry timeout exceeded",
        "5.4.4 Host not found, try again",
        "554 5.1.1 Nobody called you is on this list, whoever writes to it must join it",
        "550 MAIL FROM <a@example.org> not accepted: its domain announces a null MX",
    ],
)
def test_doubt_never_calls_an_address_dead(text: str) -> None:
    assert not judge(text).dead


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 No such user here: timeout",
        "550 5.1.1 <bob@dest.example>: No such user here (sql error)",
        "550 5.1.1 No such user here because of an outage",
        "550 5.1.1 No such user here on slave",
        "550 5.1.1 No such user here, ask the primary MX",
        "550 5.1.1 No such user here, or the search failed",
        "550 5.1.1 Recipient not found: search error 52",
        "550 5.1.1 Recipient not found in address list (address list download failed)",
        "550 5.1.1 Unknown user: error in our system",
        "550 5.1.1 No such user here: Input/output error",
        "550 5.1.1 No such user here: pg_connect failed",
        "550 5.1.1 Unknown recipient address here: mysqld gone away",
        "550 5.1.1 <bob@dest.example> user unknown: TRYAGAIN",
        "550 5.1.1 Sorry, there is no mailbox here by that name while we move the accounts",
        "550 5.1.1 Address does not exist on this server, it exists on the other one",
        "550 5.1.1 user unknown (this is the staging server, no real users here)",
        "550 5.1.1 <bob@dest.example>: forwarding failed, 550 No such user here",
        "550 5.1.1 mfrom unknown user",
    ],
)
def test_one_word_of_a_fault_takes_a_sure_phrase_back(text: str) -> None:
    assert not judge(text).dead


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 User unknown, please check the address and try again",
        "550 5.1.1 Recipient not found, error 5.1.1",
        "550 5.1.1 Delivery error: no such user here",
        "550 5.1.1 permanent failure: no such user",
    ],
)
def test_that_it_failed_is_no_fault(text: str) -> None:
    assert judge(text).dead


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.1.1 User unknown. Mail may be refused if your IP address is blacklisted", R.USER_UNKNOWN),
        ("552 5.3.4 Message too large. By connecting you accept that spam is logged.", R.MESSAGE_TOO_LARGE),
        ("450 4.2.0 Greylisted. Use of this server for relaying is forbidden", R.GREYLISTED),
        ("554 5.7.1 Message refused. Your mail may be blocked if your IP address is blacklisted", R.BLOCKLISTED),
        ("554 5.7.1 Relaying is prohibited", R.RELAY_DENIED),
        ("550 5.1.1 No such mailbox. Protected by Spamhaus ZEN and Barracuda Reputation.", R.USER_UNKNOWN),
        ("554 5.7.1 Message refused. Protected by Spamhaus ZEN", R.BLOCKLISTED),
        ("550 No such user here. To be removed from our blacklist see https://dest.example/delist", R.USER_UNKNOWN),
        ("550 No such user here. To report spam forward it to abuse@dest.example", R.USER_UNKNOWN),
        ("550 [No such user here]. We process personal data of senders for the prevention of spam", R.USER_UNKNOWN),
        ("550 5.7.1 Rejected. To be removed from our blacklist see https://dest.example/delist", R.BLOCKLISTED),
        (
            "550 5.7.1 Too many messages from 192.0.2.25 in the last hour. If this persists the address may be wrong, the mailbox full "
            "or your host listed as a source of spam",
            R.RATE_LIMITED,
        ),
        ("550 5.7.1 Rejected. If this persists your host may be listed as a source of spam", R.BLOCKLISTED),
    ],
)
def test_a_notice_to_all_is_no_cause_beside_one(text: str, reason: Reason) -> None:
    assert judge(text, command="RCPT").reason is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.7.1 RBL-Team: no such recipient here", R.USER_UNKNOWN),
        ("450 greylist-plugin: disk full", R.SYSTEM_ERROR),
        ("553 5.1.3 Blocklist parser: two @ signs in recipient", R.BAD_ADDRESS_SYNTAX),
        ("554 DMARC-Team: Anhang verboten", R.ATTACHMENT_REFUSED),
        ("550 5.7.1 Spam filter says: account not found for info@dest.example", R.USER_UNKNOWN),
        ("550 5.7.1 RBL-Team: 192.0.2.7 is listed", R.BLOCKLISTED),
        ("450 greylist-plugin: come back in five minutes", R.GREYLISTED),
        ("550 5.7.1 Spam filter: too many unknown recipients", R.RATE_LIMITED),
        ("550 5.7.1 SPF: no such user may send", R.AUTHENTICATION_FAILED),
    ],
)
def test_who_speaks_is_no_cause_beside_one_that_he_is_not_named_for(text: str, reason: Reason) -> None:
    assert judge(text).reason is reason


@pytest.mark.parametrize(
    "notice",
    [
        " Violators will be prosecuted.",
        " This system is the property of Example Ltd.",
        " Mail may be refused if your host is listed.",
    ],
)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.7.1 RBL-Team: no such recipient here.", R.USER_UNKNOWN),
        ("550 5.1.1 RBL-Team: mailbox full.", R.MAILBOX_FULL),
        ("550 Spam-Filter: user unknown here.", R.USER_UNKNOWN),
        ("450 greylist-plugin: disk full.", R.SYSTEM_ERROR),
        ("553 5.1.3 Blocklist parser: two @ signs in recipient.", R.BAD_ADDRESS_SYNTAX),
        ("554 DMARC-Team: Anhang verboten.", R.ATTACHMENT_REFUSED),
        ("550 5.7.1 RBL-Team: 192.0.2.7 is listed.", R.BLOCKLISTED),
    ],
)
def test_behind_who_speaks_a_notice_is_no_cause_either(text: str, reason: Reason, notice: str) -> None:
    assert judge(text + notice).reason is reason


def test_a_notice_and_who_speaks_are_looked_for_in_what_is_judged() -> None:
    assert judge('550 5.7.1 "RBL-Team: no such recipient here"').reason is R.USER_UNKNOWN
    text = "550 5.7.1 No such recipient here.&#32;Violators, blacklisted hosts too, will be prosecuted"
    assert judge(text).reason is R.USER_UNKNOWN


def test_whom_only_the_words_behind_a_name_call_dead_is_not() -> None:
    assert judge("550 5.1.1 <bob@dest.example>: user unknown").dead
    assert not judge("550 5.1.1 RBL-Team: <bob@dest.example>: user unknown").dead


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("550 5.1.10 グループ宛先 <bob@dest.example> は存在しません", "languages-ja-loop"),
        ("550 スループットの上限に達しました", "languages-ja-loop"),
        ("550 该区域用户不存在", "generic-lang-zh-domain"),
        ("550 域账号不存在", "generic-lang-zh-domain"),
        ("451 ドメインコントローラーが見つかりません", "generic-lang-ja-domain"),
        ("552 邮箱已满，请更新地址簿", "languages-zh-moved"),
        ("550 请更新邮箱地址", "languages-zh-moved"),
        ("550 最新アドレス帳をご確認ください", "languages-ja-moved"),
        ("550 アドレスを変更してください", "languages-ja-moved"),
        ("550 您的邮箱发送的这封邮件被退回", "languages-zh-account"),
        ("550 recipient <bob@dest.example>: 拒绝", "generic-lang-zh-blocked"),
        ("550 recipient <bob@dest.example>: 受信拒否", "generic-lang-ja-blocked"),
        ("550 附件已加密，无法扫描", "languages-zh-tls"),
        ("550 暗号化された添付ファイルは受信できません", "languages-ja-tls"),
        ("550 防病毒网关暂时不可用", "generic-lang-zh-virus"),
        ("550 アンチウイルスサーバーのエラーです", "generic-lang-ja-virus"),
        ("550 リレーションシップを確認できません", "generic-lang-ja-relay"),
        ("550 发信人被限制", "generic-lang-zh-rate"),
        ("552 大容量メールの送信数が上限を超えました", "generic-lang-ja-mailbox-full"),
        ("552 メールボックスのサイズ制限を超えています", "generic-lang-ja-too-large"),
    ],
)
def test_where_no_space_parts_words_one_within_a_longer_one_is_none(text: str, rule: str) -> None:
    assert rule not in judge(text).matched


def test_a_notice_makes_nobody_dead_whom_the_whole_reply_does_not() -> None:
    told = judge("550 5.1.1 User unknown. Senders of spam may be blocked without notice", command="RCPT")
    assert (told.reason, told.dead) == (R.USER_UNKNOWN, False)


def test_the_transcript_of_a_callout_is_about_the_sender() -> None:
    """Exim asked the sender's own server, which knows no such mailbox."""
    text = (
        "550-Verification failed for <a@example.org>\n550-Called:   192.0.2.55\n550-Sent:     RCPT TO:<a@example.org>\n"
        "550-Response: 550 5.1.1 Mailbox does not exist\n550 Sender verify failed (in reply to RCPT TO command)"
    )
    told = explain_reply(text, packaged_knowledge()).recipients[0]
    assert (told.reason, told.dead) == (R.SENDER_REFUSED, False)


@pytest.mark.parametrize(
    "text",
    [
        "553 5.1.3 Invalid mailbox name",
        "550 5.7.1 No such user! 1700000000-Qx1Ab2cD",
        "550 5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser",
    ],
)
def test_a_providers_own_words_on_the_sender_kill_nobody(text: str) -> None:
    assert classify(ask(text, None, "RCPT"), ALL).dead
    assert not classify(ask(text, None, "MAIL"), ALL).dead


def test_words_of_death_about_something_else_kill_nobody() -> None:
    # A reply a line; each has a phrase of the dead, about the sender, a list, a table, another time or other mail.
    for text in LIVING.read_text(encoding="utf-8").splitlines():
        words = text.split(" ", 2)[2]
        for said in (text, f"550 5.1.1 {words}", f"550 {words}"):
            assert not judge(said, command="RCPT").dead, said


def test_a_domain_with_a_status_that_says_nothing_needs_a_word_on_the_recipient() -> None:
    assert not judge("550 5.0.0 NXDOMAIN").dead
    assert not judge("550 5.0.0 domain does not exist", command="RCPT").dead
    assert judge("550 5.1.2 <bob@dest.example>: Recipient address rejected: Domain not found", command="RCPT").dead


@pytest.mark.parametrize(
    ("status", "words", "dead"),
    [
        ("5.1.1", "No user bob on this server", True),
        ("5.1.1", "No user vmail on this server", False),
        ("5.1.1", 'There is no mailbox "eve" here', False),
        ("5.1.1", "No mailbox found on this server", True),
        ("5.1.2", "MX lookup for dest.example gave NXDOMAIN", True),
        ("5.1.2", "MX lookup for relay.sender.example gave NXDOMAIN", False),
        ("5.1.2", "Cannot find a route to relay.sender.example: DNS answer NXDOMAIN", False),
        ("5.1.2", "Domain dest.example is no longer registered", True),
        ("5.1.2", "Domain sender.example is no longer registered", False),
        ("5.1.2", "sender.example: this domain is not registered", False),
    ],
)
def test_a_name_in_the_words_that_is_not_his_kills_nobody(status: str, words: str, *, dead: bool) -> None:
    log = (
        "Mar  1 10:00:00 mail postfix/smtp[1]: 4F1A2B: to=<bob@dest.example>, relay=mx.other.example[192.0.2.25]:25, delay=1, "
        f"dsn={status}, status=bounced (host mx.other.example[192.0.2.25] said: 550 {status} {words} (in reply to RCPT TO command))"
    )
    assert explain_reply(log, packaged_knowledge()).recipients[0].dead is dead


def test_a_server_of_a_domain_that_says_it_is_not_registered_has_a_fault() -> None:
    log = (
        "Mar  1 10:00:00 mail postfix/smtp[1]: 4F1A2B: to=<bob@dest.example>, relay=mx.dest.example[192.0.2.25]:25, delay=1, "
        "dsn=5.1.2, status=bounced (host mx.dest.example[192.0.2.25] said: 550 5.1.2 Domain dest.example is not registered "
        "(in reply to RCPT TO command))"
    )
    assert not explain_reply(log, packaged_knowledge()).recipients[0].dead


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("553 5.1.3 <jane@@example.com>: malformed address", True),
        ("553 5.1.3 <j..doe@example.com>: bad address syntax", True),
        ("553 5.1.3 <jane@example.com>: malformed address", False),
    ],
)
def test_where_nobody_is_named_only_what_is_malformed_proves_it(text: str, *, dead: bool) -> None:
    assert explain_reply(text, packaged_knowledge()).recipients[0].dead is dead


def test_a_reply_about_the_command_never_calls_an_address_dead() -> None:
    for code in ("500", "502", "503", "504"):
        assert not judge(f"{code} 5.1.1").dead
        assert not judge(f"{code} 5.1.1 User unknown").dead


def test_a_refused_login_is_the_own_one_whatever_its_status_means_elsewhere() -> None:
    for text in ("534 5.7.9", "535 5.7.8", "535 5.7.0"):
        assert judge(text).reason is R.PROTOCOL_ERROR


def test_no_bare_code_ever_calls_an_address_dead() -> None:
    for code in range(400, 600):
        for command in (None, "CONN", "EHLO", "MAIL", "RCPT", "DATA"):
            assert not classify(Query(reply=str(code), command=command), ALL).dead, (code, command)


@pytest.mark.parametrize("command", ["CONN", "EHLO", "HELO", "MAIL", "DATA"])
def test_a_refusal_that_no_recipient_was_named_in_is_not_about_him(command: str) -> None:
    assert not judge("550 User unknown", command=command).dead


def test_at_mail_from_it_is_the_sender_who_does_not_exist() -> None:
    assert judge("550 5.1.7 No such domain example.org.", command="MAIL").reason is R.SENDER_REFUSED


def test_a_delay_is_transient_whatever_the_words() -> None:
    verdict = judge("550 5.1.1 User unknown", action="delayed")
    assert (verdict.class_, verdict.dead) == (Class.TRANSIENT, False)


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("450 4.1.1 User unknown in local recipient table", Class.TRANSIENT),
        ("552 5.2.2 Mailbox full", Class.TRANSIENT),
        ("552 5.2.2 The email account that you tried to reach is over quota and inactive.", Class.PERMANENT),
        ("550 Greylisted", Class.TRANSIENT),
        ("550 rate limit exceeded", Class.TRANSIENT),
        ("451 4.7.1 rejected due to poor reputation of 192.0.2.1", Class.TRANSIENT),
        ("550 5.7.1 rejected due to poor reputation of 192.0.2.1", Class.PERMANENT),
        ("550 4.7.1 rejected due to poor reputation of 192.0.2.1", Class.PERMANENT),
        ("552 5.3.4 Message too large", Class.MESSAGE),
        ("550 4.4.7 message expired", Class.MESSAGE),
        ("550 qxvbz", Class.PERMANENT),
        ("450 qxvbz", Class.TRANSIENT),
        ("qxvbz", Class.UNKNOWN),
    ],
)
def test_how_final_it_is(text: str, class_: Class) -> None:
    assert judge(text).class_ is class_


def test_words_and_code_that_agree_give_high_confidence() -> None:
    verdict = judge("550 5.1.1 User unknown")
    assert (verdict.confidence, verdict.disagreement, verdict.evidence) == (Confidence.HIGH, None, "User unknown")


def test_words_against_the_code_give_less_and_say_so() -> None:
    verdict = judge("550 5.1.1 Mailbox over quota")
    assert verdict.confidence is Confidence.MEDIUM
    assert verdict.disagreement == (
        "the code 5.1.1 says that there is no such mailbox, the words say that the mailbox is full; the words are believed"
    )


def test_words_alone_give_medium_and_a_bare_code_low() -> None:
    assert judge("User unknown").confidence is Confidence.MEDIUM
    assert judge("5.1.1").confidence is Confidence.MEDIUM
    assert classify(Query(reply="550", command="RCPT"), ALL).confidence is Confidence.LOW
    assert classify(Query(), ALL).reason is R.UNKNOWN


def test_evidence_is_quoted_as_the_server_wrote_it() -> None:
    verdict = judge("550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using rbl.example.org")
    assert verdict.evidence == "blocked using"
    assert verdict.about == "192.0.2.1"


def test_a_block_list_is_named() -> None:
    verdict = judge("554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org")
    assert (verdict.reason, verdict.listed_by, verdict.about) == (R.BLOCKLISTED, "Spamhaus ZEN", "192.0.2.1")
    assert verdict.lookup == "https://check.spamhaus.org/"


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <full-quota-spam@example.com> User unknown",
        "550 5.1.1 <bob@blocked.example.com> User unknown (mx10.mailspamprotection.example.com)",
        "550 5.1.1 User unknown, see https://spam.example.com/blocked?quota",
    ],
)
def test_names_are_no_words(text: str) -> None:
    assert judge(text).reason is R.USER_UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "550 Domain does not exist",
        "550 Unknown host",
        "501 <alice@example.org> : malformed address",
        "550 Invalid syntax. Syntax should be RCPT TO:<userdomain>[crlf]",
    ],
)
def test_words_that_servers_say_of_senders_and_commands_too_need_their_place(text: str) -> None:
    assert not judge(text).dead


def test_that_a_delivery_failed_confirms_no_number() -> None:
    # Words that no rule knows stand beside it, and may say anything.
    assert judge("5.1.1 Delivery failed.").dead
    assert not judge("550 5.1.1 Delivery failed: the box went to the repair shop").dead


def test_unknown_user_needs_to_be_said_of_the_address() -> None:
    # Filters of mobile carriers say it of living people: at the end of DATA, or nobody knows when.
    assert not judge("550 No such user here").dead
    assert judge("550 No such user here", command="RCPT").dead
    assert not judge("550 5.0.0 Unknown user", command="DATA").dead
    assert not judge("550 5.2.0 Unknown user").dead
    assert not judge("User unknown").dead
    assert classify(Query(text="User unknown", own=True), ALL).dead


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("550 Invalid recipient: <bob@dest.example>", True),
        ("550 bob@dest.example Recipient not found.", True),
        ("550 The recipient address <bob@dest.example> does not exist", True),
        ("550 Recipient not found", False),
        ("550 bob@dest.example: user unknown", False),
        ("550 Invalid recipient list of bob@dest.example", False),
        ("550 Recipient not found, says alice@example.org", False),
        ("550 Recipient <bob@dest.example> not found on this server", True),
        ("550 <bob@dest.example>: Alıcı bulunamadı", True),
        ("550 Destinataire inconnu : <bob@dest.example>", True),
        ("550 Ο παραλήπτης δεν υπάρχει: <bob@dest.example>", True),
        ("550 收件人地址不存在 <bob@dest.example>", True),
        ("550 <bob@dest.example>: mailbox not found", True),
        ("550 No such mailbox: bob@dest.example", True),
        ("550 Addressee unknown: <bob@dest.example>", True),
        ("550 Postfach existiert nicht: bob@dest.example", True),
        ("550 <bob@dest.example> Boîte aux lettres inconnue", True),
        ("550 Buzón inexistente: bob@dest.example", True),
        ("550 Ukjent mottaker: bob@dest.example", True),
        ("550 <bob@dest.example> 信箱不存在", True),
        ("550 Mailbox not found", False),
        ("550 Empfänger existiert nicht", False),
        ("550 Mailbox not found in the sender table: bob@dest.example", False),
        ("550 No such mailbox server: bob@dest.example", False),
        ("550 Empfänger nicht gefunden: Schlüssel von bob@dest.example", False),
        ("550 Le destinataire n'existe pas dans le carnet de bob@dest.example", False),
    ],
)
def test_a_reply_that_names_the_recipient_as_such_is_about_him(said: str, *, dead: bool) -> None:
    assert judge(said).dead is dead


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("550 The mailbox was deleted for good", True),
        ("550 Employee left the company; account removed permanently", True),
        ("550 Das Postfach wurde endgültig gelöscht", True),
        ("550 Ce compte de messagerie a été définitivement supprimé", True),
        ("450 The mailbox was deleted for good", False),
        ("550 5.2.1 The mailbox was deleted for good", False),
        ("550 The account was deleted", False),
        ("550 Your mailbox was deleted for good", False),
        ("550 <me@example.net> was deleted", False),
        ("550 This mailbox is no longer in use, please use bob@example.net instead", True),
        ("550 This mailbox is no longer in use, please use another address", False),
        ("550 <me@example.net> is no longer in use, please use bob@example.net instead", False),
        ("550 5.1.8 <me@example.net> is no longer in use, please use bob@example.net instead", False),
    ],
)
def test_what_was_deleted_or_has_moved_was_there_once(said: str, *, dead: bool) -> None:
    assert judge(said).dead is dead
    assert not judge(said, command="MAIL").dead


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 5.1.10", R.USER_UNKNOWN),
        ("550 5.1.10 qxvbz frobnicate", R.USER_UNKNOWN),
        ("550 5.1.10 The domain example.com takes no mail, it is a web site only", R.DOMAIN_ACCEPTS_NO_MAIL),
        ("556 5.1.10", R.DOMAIN_ACCEPTS_NO_MAIL),
        ("5.1.10", R.DOMAIN_ACCEPTS_NO_MAIL),
    ],
)
def test_exchange_and_null_mx_share_a_number(said: str, reason: Reason) -> None:
    assert judge(said).reason is reason


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        ("550 5.1.1 We looked everywhere: bob@dest.example is not among our employees", True),
        ("550 5.1.1 bob@dest.example is not among our employees who may write to this list", False),
        ("550 5.1.1 No match for <bob@dest.example> in our staff directory", True),
        ("550 5.1.1 No match for <bob@dest.example> in our white list", False),
        ("550 5.1.1 Account purged in 2022, its address will not be reused", True),
        ("550 5.1.1 Account purged of old mail, still full", False),
        ("550 5.1.10 The part before the @ is unknown to this server", True),
        ("550 5.1.1 Nadie tiene un buzón con ese nombre", True),
        ("550 5.1.1 Nadie con ese nombre acepta correo masivo", False),
        ("550 5.1.1 Nie mamy tu takiego adresata", True),
        ("550 5.1.1 Nie mamy takiej skrzynki w pamięci podręcznej, katalog się przeładowuje", False),
        ("550 5.1.1 Takovou schránku u nás nikdo nemá", True),
        ("550 5.1.1 Takovou schránku má jen oddělení, zvenčí nepřijímáme", False),
        ("550 5.1.1 Такого ящика у нас нет", True),
        ("550 5.1.1 Такого ящика у нас нет в кэше, каталог перезагружается", False),
        ("550 5.7.1 Такого ящика у нас нет", False),
        ("550 5.4.4 Nobody ever registered example.com", True),
        ("550 5.4.4 Nobody ever registered a PTR for your server", False),
        ("501 5.1.3 Two at-signs in one address", True),
        ("551 5.1.6 M. Roy lit désormais ses messages sur <roy@example.net>", True),
        ("551 5.1.6 M. Roy est en congé, écrivez à <roy@example.net>", False),
    ],
)
def test_plain_words_confirm_a_number_that_says_so(said: str, *, dead: bool) -> None:
    assert judge(said).dead is dead


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 Giving up after 5 days, 192.0.2.7 never answered; maybe the host does not exist", R.DELIVERY_EXPIRED),
        (
            "554 Could not connect to mx.dest.example. Either the domain does not exist or it is down.",
            R.CONNECTION_FAILED,
        ),
        ("550 Pas remis après 5 jours : aucune réponse. Peut-être le domaine n'existe pas", R.DELIVERY_EXPIRED),
    ],
)
def test_what_is_only_supposed_is_no_cause_beside_what_is_known(said: str, reason: Reason) -> None:
    assert judge(said).reason is reason


@pytest.mark.parametrize(
    "said",
    [
        "550 Il dominio dest.example non accetta posta dall'estero",
        "550 El dominio no acepta correos con archivos adjuntos",
        "550 Ce domaine n'accepte aucun message de serveurs dynamiques",
        "550 5.1.1 Too many of your recipients do not exist",
        "550 recipient domain is not registered for this relay customer",
        "550 5.1.2 <bob@dest.example>: Recipient address rejected: Malformed DNS server reply",
        "550 5.1.1 <bob@dest.example>: Recipient address rejected: unverified address",
        "550 5.1.2 Domain is not reachable",
        "550 5.1.1 Mailbox.Status.OverQuota",
        "550 5.1.1 [MBX.LOCKED.BY.ADMIN]",
        "550 5.1.1 User unknown in virtual alias table: mysql lookup error",
        "550 5.1.1 Recipient no longer on server; please resend, the MX has changed",
        "550 the account you used does not exist",
    ],
)
def test_what_stands_beside_a_sentence_that_is_known_is_heard(said: str) -> None:
    assert not judge(said, command="RCPT").dead


def test_time_that_ran_out_keeps_the_last_cause_beside_it() -> None:
    verdict = judge("No route to host: retry timeout exceeded")
    assert verdict.reason is R.DELIVERY_EXPIRED
    assert verdict.class_ is Class.MESSAGE
    assert verdict.evidence == "No route to host"
    assert verdict.words == "expired-not-reached"
    assert judge("retry timeout exceeded").words is None
    assert judge("mailbox is full: retry timeout exceeded").reason is R.MAILBOX_FULL
    assert judge("4.4.7 Deferred: Connection refused by mx.example.com").reason is R.DELIVERY_EXPIRED
    assert judge("4.4.7 Deferred: Connection refused by mx.example.com", action="delayed").reason is R.CONNECTION_FAILED


def test_a_consequence_gives_way_to_what_else_the_reply_says() -> None:
    assert judge("554 5.5.1 Error: no valid recipients").rule == "mta-postfix-no-valid-recipients"
    assert judge("554 5.5.1 Error: no valid recipients (relay access denied)").reason is R.RELAY_DENIED


SCOPED = """
[[rule]]
id = "wide"
pattern = 'service refused here'
reason = "system-error"
source = "test"
sample = "550 service refused here"

[[rule]]
id = "scoped"
pattern = 'service refused'
by = ["example.net"]
reason = "blocklisted"
source = "test"
sample = "550 service refused here"
sample_by = "mx1.example.net"
"""


def test_a_provider_is_believed_before_longer_words_of_anybody() -> None:
    catalogue = build([("x.toml", SCOPED)])
    query = Query(reply="550", text="service refused here", by="MX1.example.net.")
    assert classify(query, catalogue).rule == "scoped"
    assert classify(Query(reply="550", text="service refused here", by="mx.notexample.net"), catalogue).rule == "wide"
    assert classify(Query(reply="550", text="service refused here"), catalogue).rule == "wide"
    assert classify(Query(reply="550", text="service refused here (mx2.example.net)"), catalogue).rule == "scoped"
    assert classify(Query(reply="550", text="service refused here <bob@anexample.net>"), catalogue).rule == "wide"


CODED = """
[[rule]]
id = "coded"
status = "5.7.900"
reason = "tls-failed"
source = "test"
sample = "550 5.7.900"
"""


def test_a_row_may_rest_on_a_code_alone() -> None:
    assert classify(Query(status="5.7.900", text="qxvbz"), build([("x.toml", CODED)])).reason is R.TLS_FAILED
    assert classify(Query(status="5.7.90", text="qxvbz"), build([("x.toml", CODED)])).rule is None


@pytest.mark.parametrize(
    "constraint", ['reply = "557"', 'reply = "55"', 'reply = "5"', 'status = "5.9.1"', 'status = "5.9"', 'status = "5"']
)
def test_a_row_may_rest_on_what_a_code_begins_with(constraint: str) -> None:
    catalogue = build([("x.toml", CODED.replace('status = "5.7.900"', constraint))])
    assert classify(Query(reply="557", status="5.9.1", text="qxvbz"), catalogue).rule == "coded"
    assert classify(Query(reply="457", status="4.9.1", text="qxvbz"), catalogue).rule is None


def test_why_tells_every_rule_that_fits_and_which_won() -> None:
    query = ask("550 5.1.1 Your IP 192.0.2.1 is blocked")
    story = why(query, classify(query, ALL), ALL)
    assert story[0] == "words: your ip <ip> is blocked"
    assert any(line.startswith("believed: generic-ip-blocked (phrase, generic.toml:") for line in story)
    assert any(line.startswith("code 5.1.1: user-unknown (specific)") for line in story)
    assert story[-1] == "verdict: blocklisted, permanent, not dead, medium, by rule generic-ip-blocked"


FROZEN = """
[[rule]]
id = "mine"
pattern = '\\buser unknown\\b'
priority = -5
reason = "mailbox-disabled"
source = "test"
sample = "550 5.1.1 user unknown"
"""


def test_why_tells_what_gave_way_to_a_lower_rule() -> None:
    rules = build(packaged_rules(), [("x.toml", FROZEN)])
    query = ask("550 5.1.1 user unknown")
    told = why(query, classify(query, rules), rules)
    above, won = (next(line for line in told if f": {name} (" in line) for name in ("generic-user-unknown", "mine"))
    assert told.index(above) < told.index(won)
    assert above.endswith("; gave way: user-unknown yields to what leaves the address alive")
    assert won.startswith("believed: ")
    assert "gave way" not in won


def test_why_tells_which_part_decided() -> None:
    query = ask("550 5.1.1 RBL-Team: bob@example.com unknown", None, None)
    told = why(query, classify(query, ALL), ALL)
    assert "behind who speaks: bob@example.com unknown" in told
    assert not any(line.startswith("page:") for line in told)
    query = ask("550 5.1.1 RBL-Team: no such user. Violators will be prosecuted.", None, None)
    told = why(query, classify(query, ALL), ALL)
    assert "behind who speaks: no such user." in told
    assert not any(line.startswith("before the notice:") for line in told)


def test_why_tells_what_would_have_decided_without_the_part_that_did() -> None:
    query = ask("550 5.7.1 RBL-Team: no such recipient here", None, None)
    told = why(query, classify(query, ALL), ALL)
    place = told.index("behind who speaks: no such recipient here")
    assert any(line.startswith("fits: ") for line in told[:place])
    assert not any(line.startswith("believed: ") for line in told[:place])
    assert told[place + 1].startswith("believed: ")


@pytest.mark.parametrize(
    ("reply", "command", "kept"),
    [
        ("550 User unknown", None, "neither command (none) nor status (none) says that the words are about the recipient"),
        ("550 No such user here", "DATA", "neither command (DATA) nor status (none)"),
        ("550 5.2.1 No such user here", None, "nor status (5.2.1)"),
        ("500 5.1.1 No such user here", None, "reply 500 is about a command"),
        ("550 No such domain", "EHLO", "refused at EHLO, before the recipient was named"),
        ("450 4.1.1 User unknown", "RCPT", "the class is transient, not permanent"),
        ("550 5.7.1 No such user", "RCPT", "words and code contradict each other"),
        ("550 no such user bob at node VAX", "RCPT", "rule generic-for-now speaks of system-error"),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", None, "rule generic-mailbox-unavailable is only a hint"),
        ("550 The name to which your message was addressed did not exactly match an address here", None, "the vote by itself calls no address dead"),
        ("550 5.1.1 qxvbz frobnicate", "RCPT", "no words confirm code 5.1.1"),
        ("550 5.1.1 If the user does not exist, check the spelling", "RCPT", "the words are only supposed"),
        ("550 5.1.1 No such user here, see https://help.example.com/mailbox-full", "RCPT", "the page that the reply refers to"),
        ("550 5.1.1 bob@example.com: mailbox not found while checking your From", "RCPT", "the vote doubts that the address"),
        ("550 5.1.1 qxvbz", "MAIL", "command (MAIL) or reply (550) is not about the recipient"),
        ("550 qxvbz", "RCPT", "code 550 alone proves no address dead"),
        ("553 5.1.2 See http://mail.example.net/why/user-unknown", None, "other words than the reply's own decided"),
        ("550 5.1.1 User unknown. Protected by spam filters of Example", None, "the words before the notice decided, and the whole reply calls"),
        ("550 5.1.1 RBL-Team: user unknown", None, "the words behind who speaks decided, and the whole reply calls"),
        ("450 4.1.1 RBL-Team: user unknown", None, "the class is transient"),
        ("550 RBL-Team: user unknown", None, "neither command (none) nor status (none)"),
        ("550 5.1.1 Uživatel neexistuje qrtzl vbnkm plgrw", "RCPT", "words that the vote does not know stand beside the phrase"),
    ],
)  # fmt: skip
def test_why_tells_what_kept_an_address_alive(reply: str, command: str | None, kept: str) -> None:
    query = ask(reply, None, command)
    verdict = classify(query, ALL)
    assert not verdict.dead
    (told,) = (line for line in why(query, verdict, ALL) if line.startswith("kept alive: "))
    assert kept in told


@pytest.mark.parametrize("reply", ["550 5.1.1 User unknown", "552 5.2.2 Mailbox full", "550"])
def test_nothing_kept_alive_what_is_dead_or_whose_reason_says_nothing_of_it(reply: str) -> None:
    query = ask(reply)
    assert "kept alive" not in "\n".join(why(query, classify(query, ALL), ALL))


def test_an_empty_catalogue_leaves_the_codes() -> None:
    assert classify(ask("550 5.2.2 anything"), build([])).reason is R.MAILBOX_FULL


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("550 5.0.0 see https://help.example.com/en/articles/403-recipient-inbox-is-full", "mailbox-full"),
        ("421 4.0.0 https://support.example.org/help/too-many-connections/", "rate-limited"),
        ("550 5.1.1 https://help.example.com/MailboxFull", "mailbox-full"),
        ("553 5.1.2 See http://mail.example.net/why/ptr?ip=192.0.2.9", "reverse-dns"),
        ("550 5.0.0 http://help.example.com#mailbox-full", "mailbox-full"),
    ],
)
def test_a_reply_that_only_refers_to_a_page_means_what_the_page_is_called(reply: str, reason: str) -> None:
    verdict = judge(reply)
    assert (verdict.reason, verdict.dead, verdict.confidence) == (reason, False, "low")
    assert verdict.evidence is not None
    assert verdict.evidence.startswith("http")


def test_the_name_of_a_page_gives_way_to_the_words_of_the_reply() -> None:
    told = judge("550 5.1.1 No such user here, see https://help.example.com/mailbox-full")
    assert (told.reason, told.dead) == (R.USER_UNKNOWN, False)
    assert judge("550 5.1.1 No such user here, see https://help.example.com/no-such-user").dead


def test_what_cannot_be_read_confirms_no_code() -> None:
    assert not judge("550 5.1.1 S3150").dead
    assert judge("550 5.1.1 <bob@dest.example>").dead


@pytest.mark.parametrize(
    "reply",
    [
        "550 Votre domaine n'existe pas", "550 Su dominio no existe", "550 Ihre Domain existiert nicht",
        "550 Ihre Adresse ist dem Empfänger unbekannt", "550 Il suo indirizzo non esiste", "550 ваш домен не существует",
        "550 送信元ドメインが存在しません", "550 发信域名无效", "550 IP address unknown", "550 client address unknown",
        "550 IP-Adresse unbekannt", "550 Unknown user or wrong password", "550 unknown user, please authenticate",
        "550 Your mailbox does not exist", "550 5.1.1 User is no longer active", "550 mailbox no longer available",
        "550 Requested action not taken: mailbox unavailable or not local", "550 Alamat pengirim tidak ditemukan",
        "550 5.1.1 invalid recipient domain",
    ],
)  # fmt: skip
def test_what_is_said_of_others_makes_no_recipient_dead(reply: str) -> None:
    assert not judge(reply, command="RCPT").dead


def test_who_was_not_known_for_now_until_time_ran_out_is_a_last_cause() -> None:
    found = classify(Query(reply="450", status="5.4.7", text="Domain not found", action="failed", expired=True), ALL)
    assert (found.reason, found.words, found.dead) == (R.DELIVERY_EXPIRED, "expired-not-looked-up", False)
    found = classify(Query(reply="550", status="5.1.1", text="User unknown", command="RCPT", expired=True), ALL)
    assert (found.reason, found.dead) == (R.USER_UNKNOWN, True)


def test_a_typographic_apostrophe_is_one() -> None:
    for text in (
        "554 Denied by recipient's rule no. 4",
        "550 Cette adresse n'existe plus. Merci d'utiliser bob@dest.example",
    ):
        (plain,), (set_,) = (
            explain_reply(one, packaged_knowledge()).recipients for one in (text, text.replace("'", "’"))
        )
        assert (set_.reason, set_.dead, set_.confidence) == (plain.reason, plain.dead, plain.confidence)


@pytest.mark.parametrize(
    ("about", "dead"),
    [
        ("see https://mail.live.com/answers", True),
        ("alice@hotmail.com is not welcome", False),
        ("alice@mail.hotmail.com is not welcome", False),
        ("asked by hotmail.community.example", False),
        ("asked by hotmail.com.example", False),
    ],
)
def test_a_provider_has_not_answered_because_somebody_has_a_mailbox_there(about: str, dead: bool) -> None:
    text = f"Requested action not taken: mailbox unavailable, {about}"
    assert classify(Query(reply="550", status="5.5.0", text=text), packaged_knowledge().catalogue).dead is dead


def test_words_of_the_commands_before_a_recipient_is_named_call_nobody_dead() -> None:
    for command in COMMANDS - {"RCPT", "DATA"}:
        assert not classify(
            Query(reply="550", status="5.1.1", text="user unknown", command=command), packaged_knowledge().catalogue
        ).dead


def test_a_code_alone_contradicts_no_words() -> None:
    assert classify(Query(reply="450", status="4.1.1"), packaged_knowledge().catalogue).disagreement is None


@pytest.mark.parametrize("text", ["the letter weighs more than 5 mb", "we only take letters below 4 mb"])
def test_a_unit_behind_a_number_is_no_cut(text: str) -> None:
    assert not poll._CUT_OFF(text)


@pytest.mark.parametrize("text", ["la casella è", "le message est", "the mailbox is not va", "perché"])
def test_where_a_sentence_was_cut(text: str) -> None:
    assert poll._CUT_OFF(text)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "550 Not delivered. Possible reasons: the address is wrong, the mailbox is full, or a spam filter",
            Reason.UNKNOWN,
        ),
        ("550 5.1.1 Possible reasons: no such user, mailbox full, or sender blocked", Reason.USER_UNKNOWN),
        ("552 5.2.2 Possible reasons: no such user, mailbox full, or sender blocked", Reason.MAILBOX_FULL),
        ("550 Puede deberse a que el buzón está lleno o a que no existe", Reason.UNKNOWN),
        ("550 宛先の誤り、容量超過、迷惑メール判定などの原因が考えられます", Reason.UNKNOWN),
        ("550 Mailbox full. Possible reasons: a virus, spam, or a large attachment", Reason.MAILBOX_FULL),
        ("550 Possible causes: a virus or a worm", Reason.VIRUS_FOUND),
        ("550 Possible causes: no such user, over quota. In this case: over quota", Reason.MAILBOX_FULL),
        ("421 This may be due to a high sending rate, slow down", Reason.RATE_LIMITED),
    ],
)
def test_a_list_of_possible_causes_tells_none(said: str, reason: Reason) -> None:
    found = explain_reply(said, packaged_knowledge()).recipients[0]
    assert (found.reason, found.dead) == (reason, False)
