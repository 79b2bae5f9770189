"""hMailServer: an address on a line of its own, below it indented lines with labels.

    bob@dest.example
       Error Type: SMTP
       Remote server (192.0.2.25) issued an error.
       hMailServer sent: RCPT TO:<bob@dest.example>
       Remote server replied: 550 5.1.1 User unknown

Where nobody answered, the lines say why in the server's own words, with "Error Description:" or without.
"""

import re
from typing import Final

from bounce_milter import address, limits, reply
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting, verbs
from bounce_milter.view import View

_BLOCK: Final = re.compile(
    rf"^[ \t]*(?P<who>{address.ADDRESS})[ \t]*\n(?P<rest>[ \t]*Error Type:[^\n]*(?:\n[ \t]*\S[^\n]{{0,998}}){{0,20}})",
    re.MULTILINE,
)
_SERVER: Final = re.compile(r"^[ \t]*Remote server \(([\w.:-]{3,255})\)", re.MULTILINE)
_SENT: Final = re.compile(r"^[ \t]*hMailServer sent: ([^\n]{1,512})", re.MULTILINE)
_REPLIED: Final = re.compile(r"^[ \t]*Remote server replied: (.*)", re.MULTILINE | re.DOTALL)


def read(view: View) -> Found:
    """Return a recipient for each block."""
    blocks = list(_BLOCK.finditer(view.text))[: limits.TEXT_RECIPIENTS]
    return Found(tuple(_fate(block["who"], block["rest"]) for block in blocks))


def _fate(who: str, rest: str) -> Recipient:
    replied, sent, server = (form.search(rest) for form in (_REPLIED, _SENT, _SERVER))
    said = quoting.find(replied[1]) if replied else reply.Reply(None, None, _own_words(rest))
    return Recipient(
        address=who, action="failed", reply=said.code, status=said.status, text=said.text or None,
        command=verbs.command(f">>> {sent[1]}") if sent else None, by=server[1].lower() if server else None,
        said=Said.REMOTE if replied else Said.OWN,
    )  # fmt: skip


def _own_words(rest: str) -> str:
    """Return the lines below the first label, without the advice."""
    lines = [line.strip() for line in rest.split("\n")[1:]]
    said = [line.removeprefix("Error Description: ") for line in lines if not line.startswith("Additional information")]
    return " ".join(said)


DIALECT: Final = Dialect("hmailserver", by_signs, read, ("error type:",))
