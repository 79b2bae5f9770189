"""What a dialect is: a name, a cheap claim, and a reader of the words above the returned message.

Rule: `claims` looks at fields and at fixed phrases only, it must cost next to nothing on mail of other families;
`read` returns facts as the words give them, an empty Found where they tell of nobody. Neither raises.
"""

from collections.abc import Callable

import msgspec

from bounce_milter.facts import Original, Recipient
from bounce_milter.view import View
from bounce_milter.vocabulary import Kind


class Found(msgspec.Struct, frozen=True):
    """What a dialect read: the recipients in order and, where the words name it, the host that wrote the bounce.

    original is given only where the words tell of the message in a form of their own.
    kind is given only where the message is of another kind than the worst action says (a complaint), or where
    nobody is named (a success).
    """

    recipients: tuple[Recipient, ...] = ()
    reporting_mta: str | None = None
    kind: Kind | None = None
    original: Original | None = None


def by_signs(_: View) -> bool:
    """Claim whatever holds one of the signs."""
    return True


class Dialect(msgspec.Struct, frozen=True):
    """One family. `claims(view)` says whether the message is of it, `read(view)` what it says.

    signs   phrases in lower case: where none of them stands in the words, `claims` is not worth asking; () always is

    What `read` looks for anyway `claims` need not: where nothing is found, the next family is asked. `read` may stop at
    `limits.TEXT_RECIPIENTS`; `bounce` tells of no more in any case.
    """

    name: str
    claims: Callable[[View], bool]
    read: Callable[[View], Found]
    signs: tuple[str, ...] = ()
