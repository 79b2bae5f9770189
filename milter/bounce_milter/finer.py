"""What a reply plainly says more than its reason, whichever rule or vote decided: deleted, locked, phishing, blocked by him.

Rule: only words that leave nothing open: where "or" or "may" stands near them, the reason's own sentence is told. The
reason stays, and so does whether the address is dead. Pure.
"""

import re
from typing import Final

import msgspec

from bounce_milter.codes import ENHANCED_CODES
from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Act, Reason

# The topic of an address that is not there, with a hint in the reply whom it may mean.
_NAMES_OTHERS: Final = "names-others"

# Words that leave it open which of several things it is, and how near they must stand.
_OPEN: Final = re.compile(
    r"\b(?:or|may|might|perhaps|oder|ou|o)\b|\bpossib|\b(?:spam|junk|virus(?:es)?|malware)\b", re.IGNORECASE
)
_NEAR: Final = 40
# The beginning of a reply that names none of these, up to what it says.
_NAMES_NO_OTHER: Final = r"\A(?!.*\b(?:{})\b).*"
# What replies say more than their reason, in plain words: (reason, words, topic, who must act where that is another).
_FINER: Final = tuple(
    (reason, re.compile(words, re.IGNORECASE), topic, act)
    for reason, words, topic, act in (
        (
            Reason.USER_UNKNOWN,
            r"\b(?:mail ?box|account|user|inbox|address|recipient)\b[^.;:?]{0,60}"
            r"\b(?:was|been|is|were) (?:permanently |already )?(?:deleted|erased|purged|removed(?! from\b))\b"
            r"|\b(?:postfach|konto|benutzer|empfänger)\b[^.;:?]{0,60}\bgelöscht\b"
            r"|\b(?:compte|boîte|adresse)\b[^.;:?]{0,60}\ba été supprimé|\b(?:cuenta|buzón)\b[^.;:?]{0,60}\b(?:eliminad|borrad)[oa]\b"
            r"|(?:アカウント|メールボックス)[^。]{0,20}削除され",
            "mailbox-deleted",
            None,
        ),
        (
            Reason.ATTACHMENT_REFUSED,
            r"\b(?:file|attachment|archive|zip|document|pdf)s?\b[^.;:?]{0,60}\b(?:encrypted|protected (?:by|with) (?:a )?password)\b"
            r"|\b(?:file|attachment|archive|zip|document)s? with (?:a )?(?:password|passphrase)\b|\bpassword[- ](?:protected|locked)\b"
            r"|\bencrypted (?:file|attachment|archive|zip|document|pdf)s?\b|\bunchecked[-: ]{1,2}encrypted\b|\b(?:pass|kenn)wortgeschützt"
            r"|\bprotégée?s? par (?:un )?mot de passe\b|\bprotegid[oa]s? (?:con|por) contraseña\b",
            "attachment-locked",
            None,
        ),
        (Reason.SPAM_CONTENT, r"\bphish", "phishing", None),
        (
            Reason.RATE_LIMITED,
            r"\bconnection (?:rate|frequency|limit|count)\b"
            r"|\btoo many (?:(?:simultaneous|concurrent|parallel|recent|new|smtp|open|incoming) ){0,3}(?:connections|sessions)\b",
            "too-many-connections",
            Act.SENDER_ADMIN,
        ),
        (
            Reason.SENDER_NOT_ALLOWED,
            r"\b(?:recipient|addressee|user|owner|he|she)(?: ?[(<][^()<>]{1,254}[)>])? (?:has |have )?blocked (?:you|your|this sender)\b",
            "recipient-blocked-you",
            None,
        ),
        (
            Reason.SENDER_NOT_ALLOWED,
            r"\b(?:not|no longer|n.t) accept(?:ing|s)? (?:any )?(?:e?-?mails?|messages?) from (?:external|outside)\b",
            "organisation-internal",
            Act.RECIPIENT_ADMIN,
        ),
        (
            Reason.BLOCKLISTED,
            r"\b(?:our|this (?:server|system|site|domain|organi[sz]ation)'s) (?:own |internal |local |private )*(?:black|block|deny)[- ]?list\b"
            r"|\b(?:internal|private|in-house|company) (?:black|block|deny)[- ]?list\b",
            "organisation-blocked-you",
            Act.RECIPIENT_ADMIN,
        ),
        (
            Reason.SENDER_NOT_ALLOWED,
            r"\blist\b[^.;:?]{0,60}\b(?:subscribers|members)\b|\bpost(?:ing|s)?\b[^.;:?]{0,60}\bsubscribers\b"
            r"|\b(?:subscribers|members)\b[^.;:?]{0,40}\bpost (?:to|here)\b|\bonly subscribers\b",
            "members-only",
            Act.SENDER,
        ),
        *(
            (
                reason,
                r"\b(?:dynamic(?:ally)?(?: assigned)?|residential|dial-?up|home)(?: (?:ip|ips|hosts?|addresses|address|users?|connections?|clients?)\b"
                r"|[ /,]{1,3}(?:residential|dynamic)\b)|\bip(?: address)? is (?:dynamic|residential)\b",
                "no-home-connections",
                Act.SENDER_ADMIN,
            )
            for reason in (Reason.BLOCKLISTED, Reason.POLICY_REFUSED)
        ),
        (Reason.POLICY_REFUSED, r"\.\.\. access denied\.?\Z", "access-list", None),
        (
            Reason.SENDER_REFUSED,
            r"\bsender(?:'s)?(?: address| mail| email)? domain\b[^.;:?]{0,30}"
            r"\b(?:not found|not exist|non-?existent|unknown|unresolvable|not (?:be )?(?:found|resolved?)|no mx)\b"
            r"|\b(?:invalid|unknown|unresolvable|non-?existent) sender(?:'s)? domain\b|\bdomaine (?:inexistant|introuvable)"
            r"|\babsenderdomain (?:existiert nicht|nicht gefunden|unbekannt)|\bdominio (?:inexistente|no (?:existe|encontrado))",
            "X.1.8",
            None,
        ),
        (
            Reason.AUTHENTICATION_FAILED,
            r"\b(?:permanent error|permerror) (?:while )?evaluating dmarc\b"
            r"|\bdmarc (?:record|policy)\b[^;:?]{0,100}\b(?:parsed?|invalid|malformed|syntax|faulty)\b"
            r"|\b(?:invalid|malformed|broken|bad|faulty) dmarc (?:record|policy)\b",
            "dmarc-record-faulty",
            None,
        ),
        (
            Reason.AUTHENTICATION_FAILED,
            rf"{_NAMES_NO_OTHER.format('dkim|dmarc')}\b(?:(?:bad|invalid|broken|malformed|wrong|faulty) spf records?\b"
            r"|spf records?[^.;:?]{0,30}\b(?:invalid|malformed|broken|faulty|syntax)\b)",
            "spf-record-faulty",
            None,
        ),
        (
            Reason.AUTHENTICATION_FAILED,
            rf"{_NAMES_NO_OTHER.format('dkim|dmarc|no|without|missing|lacks?|none|permerror|temperror|temporary')}"
            r"\b(?:spf|sender policy framework)\b[^.;?]{0,60}"
            r"\b(?:fail(?:s|ed|ure)?|unauthori[sz]ed|not (?:authori[sz]ed|allowed|permitted|pass(?:ed)?)|prohibited)\b",
            "spf-fail",
            None,
        ),
        (
            Reason.AUTHENTICATION_FAILED,
            rf"{_NAMES_NO_OTHER.format('spf|dmarc|temperror|temporary')}\bdkim\b[^.;?]{{0,60}}"
            r"\b(?:fail(?:s|ed|ure)?|invalid|not pass(?:ed)?)\b",
            "dkim-fail",
            None,
        ),
        (
            Reason.SYSTEM_ERROR,
            r"\b(?:service|server|system)(?: is)?(?: now| just| currently)? (?:being )?"
            r"(?:shutting down|going down|restart(?:ing|ed)|reboot(?:ing|ed)|stopping)\b",
            "server-restarting",
            Act.NOBODY,
        ),
        (Reason.SYSTEM_ERROR, r"\boverload(?:ed)?\b|\b(?:server|system) (?:is )?too busy\b", "X.4.5", Act.NOBODY),
    )
)
# Who or what a reply offers instead, which may be one of several.
_OTHERS: Final = re.compile(
    r"\bdid you mean\b|\b(?:perhaps|maybe) you mean|\blocator information\b|\bmeinten sie\b|\bvouliez-vous (?:dire|écrire)\b",
    re.IGNORECASE,
)
# The topic of a server that is blocked by the one that answers, and words that speak of a list or of a rating.
_NO_LIST: Final = "server-blocks-yours"
_OF_LIST: Final = re.compile(
    r"list|\b[a-z]{0,8}[rd]ns?bl|\brbl|\b(?:s|x|p|z|u)bl\b|reputation|réputation|score|rating|rated|\busing\b|リスト|名单|名單|список|списк"
    r"|réputation|reputaci|seznam|spamhaus|barracuda|spamcop|sorbs",
    re.IGNORECASE,
)
_BLOCKS: Final = re.compile(
    r"\b(?:blocked|banned|barred|block(?:ing|s)|bloqué[es]{0,2}|bloquead[oa]|gesperrt|geblockt|blockiert|bloccat[oa])\b",
    re.IGNORECASE,
)
#: All topics that are told so.
TOPICS: Final = frozenset({_NAMES_OTHERS, _NO_LIST, *(topic for _, _, topic, _ in _FINER)}) - set(ENHANCED_CODES)


def told(verdict: Verdict, text: str) -> Verdict:
    """Return the verdict with the words for what the *text* of the reply plainly says more than its reason."""
    for reason, words, topic, act in _FINER:
        found = words.search(text) if reason is verdict.reason else None
        if found and not _OPEN.search(text, max(found.start() - _NEAR, 0), found.end() + _NEAR):
            return msgspec.structs.replace(verdict, words=topic, act=act or verdict.act)
    if verdict.reason is Reason.USER_UNKNOWN and _OTHERS.search(text):
        return msgspec.structs.replace(verdict, words=_NAMES_OTHERS)
    if verdict.reason is Reason.BLOCKLISTED and _names_no_list(verdict, text):
        return msgspec.structs.replace(verdict, words=_NO_LIST)
    return verdict


def _names_no_list(verdict: Verdict, text: str) -> bool:
    """Say whether a reply only says that its server blocks: then there is nothing to be taken off."""
    return verdict.listed_by is None and _BLOCKS.search(text) is not None and not _OF_LIST.search(text)
