"""Italian certified mail (PEC): a receipt that says in a field what it is, and whose words the law lays down.

    Il giorno 06/05/2026 alle ore 10:00:00 (+0200) nel messaggio "Fattura" proveniente da "alice@client.example"
    e destinato all'utente "bob@dest.example" è stato rilevato un errore 5.1.1 - Gestore - indirizzo non valido.

Twelve hours without delivery are warned of (preavviso-errore-consegna); twenty-four are the end (errore-consegna). That
it lies in the mailbox is told too (avvenuta-consegna: "ed indirizzato a ... è stato consegnato nella casella di
destinazione"); that the sender's own provider took it (accettazione) is nobody's fate. The provider says all of it, of
one recipient a receipt. Regole tecniche of the DM 2 November 2005, 6.4 and 6.5.
"""

import re
from typing import Final

from bounce_milter import address, limits
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.view import View
from bounce_milter.vocabulary import Kind

_FAILED: Final = "errore-consegna"
_LATE: Final = "preavviso-errore-consegna"
_DONE: Final = "avvenuta-consegna"
_WHOM: Final = re.compile(r"destinato all'utente\s+[\"“]?(?P<who>[^\s\"”]{3,320})")
_REACHED: Final = re.compile(
    r"(?:indirizzato a|nella casella di posta [^\"“]{0,60}?)\s*[\"“](?P<who>[^\s\"”]{3,320})", re.IGNORECASE
)
_ERROR: Final = re.compile(
    r"rilevato un errore\s*:?\s+(?:(?P<status>[45]\.[0-9]{1,3}\.[0-9]{1,3})\b)?(?P<words>[^\n]{0,400})"
)


def claims(view: View) -> bool:
    """Claim by the receipt's field."""
    return _receipt(view) in (_FAILED, _LATE, _DONE)


def _receipt(view: View) -> str:
    return (view.message.first("x-ricevuta") or "").strip().lower()


def read(view: View) -> Found:
    """Return the one recipient of the receipt."""
    if _receipt(view) == _DONE:
        return _delivered(view)
    whom = _WHOM.search(view.text)
    who = address.clean(whom["who"]) if whom else None
    if whom is None or who is None:
        return Found()
    error = _ERROR.search(view.text, whom.end())
    words = " ".join((error["words"] if error else view.text[whom.end() :]).split()).strip(' "”-.')
    late = _receipt(view) == _LATE and error is None
    return Found((
        Recipient(
            address=who,
            action="delayed" if late else "failed",
            status=error["status"] if error else None,
            said=Said.OWN,
            text=words[: limits.WORDS_CHARS] or None,
        ),
    ))  # fmt: skip


def _delivered(view: View) -> Found:
    whom = _REACHED.search(view.text)
    who = address.clean(whom["who"]) if whom else None
    return Found((Recipient(address=who, action="delivered"),) if who else (), kind=Kind.DELIVERED)


DIALECT: Final = Dialect("pec", claims, read, ("destinato all'utente", "consegnato nella casella"))
