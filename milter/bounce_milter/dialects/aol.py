"""AOL's own notice: "could not be delivered because they are not accepting mail ...:" and screen names below.

Each such sentence is about the names below it alone, as far as the next one. A screen name is an address of the notice's
own domain.
"""

import re
from itertools import islice
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
    """Return a recipient for each screen name, with the sentence above it."""
    notices = list(_NOTICE.finditer(view.text)) if view.house else []
    ends = [*(notice.start() for notice in notices), len(view.text)][1:]
    told = (
        Recipient(
            address=name + (domain or f"@{view.house}"),
            action="failed",
            said=Said.OWN,
            text=" ".join(notice[0].split()),
        )
        for notice, end in zip(notices, ends, strict=True)
        for name, domain in _NAME.findall(view.text, notice.end(), end)
    )
    return Found(tuple(islice(told, limits.TEXT_RECIPIENTS)))


DIALECT: Final = Dialect("aol", by_signs, read, ("your mail to the following recipients",))
