"""AOL's own notice: "could not be delivered because they are not accepting mail ...:" and screen names below.

A screen name is an address of the notice's own domain.
"""

import re
from typing import Final

from bounce_milter import limits
from bounce_milter.dialects.base import Dialect, Found, by_signs
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View

_NOTICE: Final = re.compile(
    r"your mail to the following recipients could not be delivered[^:]{0,300}?(?=:?\n)", re.IGNORECASE
)
_NAME: Final = re.compile(r"^[ \t]+([A-Za-z0-9][\w.-]{1,63})(@[\w.-]+)?\s*$", re.MULTILINE)


def read(view: View) -> Found:
    """Return a recipient for each screen name."""
    notice = _NOTICE.search(view.text)
    if notice is None or not view.house:
        return Found()
    words = " ".join(notice[0].split())
    names = _NAME.findall(view.text, notice.end())[: limits.TEXT_RECIPIENTS]
    return Found(
        tuple(
            Recipient(address=n + (d or f"@{view.house}"), action="failed", said=Said.OWN, text=words) for n, d in names
        )
    )


DIALECT: Final = Dialect("aol", by_signs, read, ("your mail to the following recipients",))
