"""Words to people without the sentences that guess: "the mailbox is full or no longer exists", "he may have set up a forwarding".

Rule: what a notice only supposes, it says of any failure, so it says nothing of this one. Pure.
"""

import re
from typing import Final

# A sentence of what it may be, "is full or no longer exists", "if you were rejected as spam", says of nothing that it is; "one or
# more" are people. That the remote server is misconfigured, Gmail guesses of any reply that it does not know.
_MAY_BE: Final = re.compile(
    r"because the remote server is misconfigured|"
    r"\A\s{0,9}(?:if|falls|wenn|sollten?)\b|"
    r"(?<!\bone )\bor\b|\b(?:oder|ou|o|may (?:be|have)|might|k(?:ö|oe)nnten?|perhaps|possibly|maybe|m(?:ö|oe)glicherweise|vielleicht|eventuell|peut-être|posiblemente|quizás?|tal vez|forse|talvez|misschien|possible (?:cause|reason)s?|(?:causes|raisons) possibles|"
    r"m(?:ö|oe)gliche (?:ursachen?|gr(?:ü|ue)nde?)|posibles (?:causas|motivos))\b",
    re.IGNORECASE,
)
# Not the dots of a name or a status.
_SENTENCES: Final = re.compile(r"[.;](?=\s|\Z)|。")


def without(words: str) -> str:
    """Return the sentences that do not leave it open which of several causes it is."""
    return ". ".join(told for told in _SENTENCES.split(words) if not _MAY_BE.search(told))
