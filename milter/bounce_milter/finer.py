"""What a reply plainly says more than its reason, whichever rule or vote decided: deleted, locked, phishing, blocked by him.

Rule: only words that leave nothing open: where "or" or "may" stands near them, the reason's own sentence is told. The
reason stays, and so does whether the address is dead. Pure.
"""

import re
from typing import Final

import msgspec

from bounce_milter.verdict import Verdict
from bounce_milter.vocabulary import Act, Reason

# The topic of an address that is not there, with a hint in the reply whom it may mean.
_NAMES_OTHERS: Final = "names-others"

# Words that leave it open which of several things it is, and how near they must stand.
_OPEN: Final = re.compile(
    r"\b(?:or|may|might|perhaps|oder|ou|o)\b|\bpossib|\b(?:spam|junk|virus(?:es)?|malware)\b", re.IGNORECASE
)
_NEAR: Final = 40
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
    )
)
# Who or what a reply offers instead, which may be one of several.
_OTHERS: Final = re.compile(
    r"\bdid you mean\b|\b(?:perhaps|maybe) you mean|\blocator information\b|\bmeinten sie\b|\bvouliez-vous (?:dire|écrire)\b",
    re.IGNORECASE,
)
#: All topics that are told so.
TOPICS: Final = frozenset({_NAMES_OTHERS, *(topic for _, _, topic, _ in _FINER)})


def told(verdict: Verdict, text: str) -> Verdict:
    """Return the verdict with the words for what the *text* of the reply plainly says more than its reason."""
    for reason, words, topic, act in _FINER:
        found = words.search(text) if reason is verdict.reason else None
        if found and not _OPEN.search(text, max(found.start() - _NEAR, 0), found.end() + _NEAR):
            return msgspec.structs.replace(verdict, words=topic, act=act or verdict.act)
    if verdict.reason is Reason.USER_UNKNOWN and _OTHERS.search(text):
        return msgspec.structs.replace(verdict, words=_NAMES_OTHERS)
    return verdict
