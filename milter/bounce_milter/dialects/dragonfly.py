"""DragonFly Mail Agent: "There was an error delivering your mail to <ADDRESS>." and, below, who did not like what.

One message tells of one recipient. "HOST [IP] did not like our COMMAND:" precedes the reply.
"""

import re
from itertools import takewhile
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects import session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.view import View

_OPENING: Final = re.compile(
    rf"there was an error delivering your mail to <?({address.ADDRESS})>?\.?\s*", re.IGNORECASE
)


def claims(view: View) -> bool:
    """Claim by the agent's name."""
    return "dragonfly mail agent" in view.lower[: limits.SIGNATURE_CHARS]


def read(view: View) -> Found:
    """Return the one recipient."""
    opening = _OPENING.search(view.text)
    if not opening:
        return Found()
    below = view.text[opening.end() :].strip().split("\n")
    story = takewhile(lambda line: not line.startswith(("--", "Original message")), below)
    return Found((session.fate(opening[1], [*story]),))


DIALECT: Final = Dialect("dragonfly", claims, read, ("dragonfly mail agent",))
