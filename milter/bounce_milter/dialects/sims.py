"""Sun's messaging servers (SIMS, iPlanet, Oracle Communications): labelled lines, a block for each recipient.

    Recipient address: bob@mailbox.dest.example
    Original address: bob@dest.example
    Reason: Remote SMTP server has rejected address
    Diagnostic code: smtp;550 5.1.1 User unknown
    Remote system: dns;mx.dest.example (TCP|...)

The Reason is the server's own; the diagnostic code, where there is one, quotes the next host and says more. PMDF has
neither, but what VMS said, below the addresses: "-SYSTEM-F-EXDISKQUOTA, disk quota exceeded".
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting, verbs
from bounce_milter.view import View

_BLOCK: Final = re.compile(
    r"^[ \t]*Recipient address: ?(?P<who>\S+)(?P<rest>(?:\n[ \t]*\S[^\n]{0,998}){0,20})", re.MULTILINE
)
_LINE: Final = re.compile(
    r"^[ \t]*(Original address|Reason|Diagnostic code|Remote system): ?(.*(?:\n[ \t]{4,}\S.*)*)", re.MULTILINE
)
# "Sun, 01 Mar 2026 09:10:22 +0100 (MET)", and below it what became of that attempt; the last one stands first.
_ATTEMPT: Final = re.compile(r"attempt history[^\n]{0,80}\n\s*[^\n]{10,60}\n[ \t]*([^\n]{1,200})", re.IGNORECASE)


def claims(view: View) -> bool:
    """Claim by a block's first two labels."""
    found = _BLOCK.search(view.text)
    return bool(found and _LINE.search(found["rest"]))


def read(view: View) -> Found:
    """Return a recipient for each block."""
    delayed = "delayed" in view.title or "will continue to try" in view.lower
    attempt = _ATTEMPT.search(view.text)
    last = " ".join(attempt[1].split()) if attempt else None
    told = []
    for block in list(_BLOCK.finditer(view.text))[: limits.TEXT_RECIPIENTS]:
        lines = {name: " ".join(value.split()) for name, value in _LINE.findall(block["rest"])}
        unlabelled = " ".join(_LINE.sub("", block["rest"]).split())
        failed, written = address.to_name(address.clean(block["who"]), address.clean(lines.get("Original address", "")))
        quoted = quoting.find(lines.get("Diagnostic code", "").partition(";")[2])
        host = lines.get("Remote system", "").partition(";")[2].split(" ")[0].lower()
        told.append(
            Recipient(
                address=failed, alias=written,
                action="delayed" if delayed else "failed", reply=quoted.code, status=quoted.status,
                command=verbs.command(lines.get("Reason", "")), by=host or None,
                said=Said.REMOTE if quoted.code else Said.OWN,
                text=_cause(quoted.text, lines.get("Reason") or unlabelled, last, delayed=delayed),
            )
        )  # fmt: skip
    return Found(tuple(told))


def _cause(quoted: str, reason: str | None, last: str | None, *, delayed: bool) -> str | None:
    """Return the words of the next host and the own ones; what became of the last attempt where nobody answered.

    That a delay lasts so many days is not its cause.
    """
    parts = (quoted, reason) if quoted else (last,) if delayed and last else (reason, last)
    return " ".join(part for part in parts if part) or None


DIALECT: Final = Dialect("sims", claims, read, ("recipient address:",))
