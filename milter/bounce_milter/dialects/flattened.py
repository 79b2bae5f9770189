"""A delivery report whose MIME was lost on the way: RFC 3464's fields stand in plain text.

Seen where a list, a virus filter or an old mail program rewrote the message. The fields are read as the report they
were; the words above them are left to the families.
"""

import re
from typing import Final

from bounce_milter import kinds, report
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.view import View

_BEGINS: Final = re.compile(
    r"^[ \t]*(?:Reporting-MTA|Original-Recipient|Final-Recipient|Action):", re.IGNORECASE | re.MULTILINE
)
_STATED: Final = re.compile(r"^[ \t]*(?:action|status):", re.MULTILINE)
_FIELD: Final = re.compile(r"^[ \t]{1,8}(?=[A-Z][\w-]{2,30}:)", re.MULTILINE)


def claims(view: View) -> bool:
    """Claim text of a mail system that holds an action or a status."""
    return bool(_STATED.search(view.lower)) and kinds.from_daemon(view)


def read(view: View) -> Found:
    """Return the recipients of the report that stands in the text."""
    begins = _BEGINS.search(view.text)
    if not begins:
        return Found()
    found = report.parse(_FIELD.sub("", view.text[begins.start() :]).encode("utf-8", "replace"))
    return Found(found.recipients, found.reporting_mta)


DIALECT: Final = Dialect("flattened", claims, read, ("-recipient:",))
