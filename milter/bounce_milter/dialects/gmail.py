"""Gmail and Google Groups: the old text ("Technical details of permanent failure:"), the new one, and a group's refusal.

Rule: the reply stands behind "the other server returned was:" or in quotes; Google's "(state 14)" and a second code
behind the first are its own notes. Below several addresses it is about whom it names, else about any of them. A group that
refuses never says whether it exists: that stays doubtful.
"""

import re
from typing import Final

import msgspec

from bounce_milter import address, kinds, limits, reply
from bounce_milter.dialects import addressees, session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting, verbs
from bounce_milter.view import View

_TECHNICAL: Final = re.compile(r"technical details of (?:permanent|temporary) failure:", re.IGNORECASE)
_RESPONSE: Final = re.compile(
    r"the response (?:from the remote server )?was:\s*|the error that the other server returned was:\s*|we tried to deliver.{0,200}?:\s",
    re.IGNORECASE | re.DOTALL,
)
_ALONE: Final = re.compile(rf"^[ \t]+<?({address.ADDRESS})>?[ \t]*$", re.MULTILINE)
_INLINE: Final = re.compile(
    rf"(?:your message (?:wasn't delivered|couldn't be delivered)|to) \*{{0,2}}<?({address.ADDRESS})",
    re.IGNORECASE,
)
_STATE: Final = re.compile(r"\s*\(state \d+\)\.?\s*$|\s*\[[^\[\]]*\(\d+\):.*")
_HOST: Final = re.compile(
    r"for the recipient domain \S+ by (?P<name>[\w.-]+?)\.? |(?<![\w.-])(?P<other>[\w.-]+\.[a-z]{2,})\. \[[\d.:a-f]+\]",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(r"groups\.google\.com/|google groups|topic\.py\?topic=25838", re.IGNORECASE)
_LEARN: Final = re.compile(r"^[ \t]*(?:learn more|final-recipient|-- ?\n|----)", re.IGNORECASE | re.MULTILINE)

_FAILED: Final = (
    "couldn't be delivered", "wasn't delivered", "** message blocked **", "delivery to the following recipient",
    "delivery incomplete",
)  # fmt: skip
# Of members whom its own mail did not reach a group tells them, too.
_NOT_TAKEN: Final = ("you tried to contact", "permission to post")


def claims(view: View) -> bool:
    """Claim what Google signs as a mail system, and what a group of its refuses."""
    if "google" not in view.author:
        return False
    told = any(words in view.lower for words in _FAILED) or _TECHNICAL.search(view.text)
    return bool((told and kinds.from_daemon(view)) or (_GROUP.search(view.text) and _is_refusal(view)))


def read(view: View) -> Found:
    """Return the recipients named alone on a line or in Google's sentence, with the reply below."""
    if _GROUP.search(view.text) and _is_refusal(view) and not _TECHNICAL.search(view.text):
        return _refused_by_group(view)
    text = view.text
    technical = _TECHNICAL.search(text)
    above = text[: technical.start()] if technical else text
    named = list(dict.fromkeys(_ALONE.findall(above))) or _INLINE.findall(above)[:1]
    if not named:
        return Found()
    delayed = "has been delayed" in view.lower or "delivery incomplete" in view.lower
    story = text[technical.end() :] if technical else _told(above.partition(named[-1])[2])
    fact = _fate(story, "delayed" if delayed else "failed")
    meant = address.all_in(fact.text) if len(named) > 1 else {named[0].lower()}
    return Found(
        tuple(
            msgspec.structs.replace(fact, address=who, shared=who.lower() not in meant)
            for who in named[: limits.TEXT_RECIPIENTS]
        )
    )


def _is_refusal(view: View) -> bool:
    """Say whether a group's notice is about a post: it returns it, names the group, or says so."""
    return bool(view.returned or view.message.has("x-failed-recipients") or any(w in view.lower for w in _NOT_TAKEN))


def _told(below: str) -> str:
    there = _RESPONSE.search(below, 0, limits.WORDS_CHARS)
    return below[there.start() : there.start() + limits.WORDS_CHARS] if there else _LEARN.split(below, maxsplit=1)[0]


def _fate(story: str, action: str) -> Recipient:
    words = " ".join(story.split())
    quoted = _RESPONSE.search(words)
    there = _HOST.search(words)
    before = words[: quoted.start()] if quoted else words
    host = (there["name"] or there["other"]).lower() if there else session.host(before)
    behind = words[quoted.end() :] if quoted else words
    found = quoting.find(_STATE.sub("", behind).strip(" \"'"))
    if found.code is None and found.status is None:
        found = reply.Reply(None, None, words)
    return Recipient(
        action=action, reply=found.code, status=found.status, command=verbs.command(words), by=host if found.code else None,
        said=Said.REMOTE if found.code else Said.OWN, text=found.text or None,
    )  # fmt: skip


def _refused_by_group(view: View) -> Found:
    """Return the group: X-Failed-Recipients names it, else the only addressee of the returned message."""
    paragraphs = [" ".join(p.split()) for p in view.text.strip().split("\n\n")]
    words = paragraphs[1] if len(paragraphs) > 1 else " ".join(view.text.split())
    who = addressees.returned_to_one(view)
    return Found(
        (
            Recipient(
                address=who, action="failed", said=Said.OWN, text=f"{words[: limits.CAUSE_CHARS]} -- Google Groups"
            ),
        )
    )


DIALECT: Final = Dialect("gmail", claims, read, (
    "technical details", "groups.google.com", "google groups", "topic=25838", "delivered", "delivery",
    "message blocked",
))  # fmt: skip
