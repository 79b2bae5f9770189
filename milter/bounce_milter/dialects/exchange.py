"""Exchange 5.5 to 365 in words: "did not reach the following recipient(s)", or "Diagnostic information for administrators".

Rule: the old form lists "ADDRESS on DATE" (or a name with an address in a code line) and its cause below; the newer
one has the address alone and a code line "#550 5.1.1 RESOLVER.ADR.RecipNotFound; ..." in its section for admins.
"Remote Server returned '...'" quotes the next host. A display name without an address is
the one who bears it and whom alone the returned message was written to, else nobody.
"""

import re
from typing import Final

import msgspec

from bounce_milter import address, kinds, limits
from bounce_milter.dialects import addressees, session
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Recipient, Said
from bounce_milter.reply import quoting
from bounce_milter.view import View

_OLD: Final = re.compile(
    r"(?:did not reach|could not be delivered to) the following recipient|the following recipient\(s\) could not be reached",
    re.IGNORECASE,
)
_ENTRY: Final = re.compile(
    r"^\s{0,8}['\"]?(?P<who>[^\n]{1,200}?)['\"]? (?:on|am|le|el|il|op) (?P<date>[^\n]{8,60}\d:\d\d[^\n]{0,20})$"
)
_WRAPPED: Final = re.compile(r"( on \w{3}, \d{1,2} \w{3} \d{4})\n(?=\d\d?:\d\d)")
_SMTP: Final = re.compile(rf"(?:smtp[;:]|mailto:)\s*<?({address.ADDRESS})", re.IGNORECASE)
# The heading of the section for administrators; the line below it names the generating server, whatever the language.
_ADMINS: Final = re.compile(
    r"(?:diagnos\w{1,12} ?-?informa(?:tion|sjon)|informations? de diagnostic|información de diagnóstico|informações de diagnóstico|"
    r"informazioni di diagnostica|diagnose-?informatie|管理者向けの診断情報|管理员的诊断信息)[^\n]*\n"
    r"\s{0,99}+[^\s:：][^\n:：]{1,40}[:：] *(?P<server>[\w-]+(?:\.[\w-]+)*)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ALONE: Final = re.compile(rf"^\s*<?({address.ADDRESS})>?\s*$")
_CODE: Final = re.compile(
    r"^\s*(?:(?P<by>[\w.-]+\.\w+) )?#?<?(?P<words>(?:#?\s?[245]\d\d[ -]|#?[245]\.\d{1,3}\.\d{1,3}|#<).*)"
)
_REMOTE: Final = re.compile(
    r"server (?:at (?P<host>[\w.-]+) (?:\([^)]*\) )?)?returned\s*['\"<]?(?P<words>[245#][^'\n]*)",
    re.IGNORECASE,
)
# What a server said stands there in English below the address, whatever the language around it.
_RETURNED: Final = re.compile(
    r"^[ \t]*+(?:remote )?server (?:at [\w.-]+ (?:\([^)\n]*\) )?)?returned ['\"<]?[245#]", re.IGNORECASE | re.MULTILINE
)
# Of a host that it did not reach it tells so too, and says it itself.
_UNREACHED: Final = re.compile(
    r"\berror (?:encountered while )?communicating with\b|\b(?:winsock|socket) error\b", re.IGNORECASE
)
# Of a name, what may stand in an address: shorter parts stand in many.
_WORD: Final = re.compile(r"[^\W\d_]+")
_PART: Final = 4
# Lines below an address that are about it: what the next host said, and the code line.
_BELOW: Final = 12

# Only Exchange ends an entry so, whatever the language: 2000 and 2003, and 5.5.
_ENDS: Final = re.compile(
    r"^[ \t]{4,}<[\w.-]+ #[245]\.\d{1,3}\.\d{1,3}(?:>| )|^[ \t]{1,8}MSEXCH:(?:IMS|MTA|MSExchange)", re.MULTILINE
)
# What 5.5 calls the message, between its words and its code line: "The MTS-ID of the original message is: ...".
_MTS: Final = re.compile(r"\S{1,8} MTS-ID\b")
_DATED: Final = re.compile(
    rf"^\s{{0,8}}['\"]?(?P<who>{address.ADDRESS})['\"]? (?:\S{{1,4}} )?(?P<date>\d{{1,4}}[-./][^\n]{{4,30}}\d[:.]\d\d[^\n]{{0,4}})$"
)


def claims(view: View) -> bool:
    """Claim by either form's words."""
    return any(sign.search(view.text) for sign in (_OLD, _ADMINS, _RETURNED, _ENDS))


def read(view: View) -> Found:
    """Return the recipients of the section for administrators, else those of the list."""
    admins = _ADMINS.search(view.text)
    server = admins["server"].lower() if admins else None
    if admins:
        told = _admins(view.text[admins.end() :], server)
    else:
        told = (_admins(view.text, None) if _RETURNED.search(view.text) else []) or _listed(view)
    if kinds.is_delay(view):
        told = [
            msgspec.structs.replace(r, action="delayed") if (r.reply or r.status or "4")[0] == "4" else r for r in told
        ]
    return Found(tuple(told), server)


def _admins(text: str, server: str | None) -> list[Recipient]:
    """Return the recipients of a section for administrators; where none is known (*server*), those with a server's word."""
    told = []
    for who, lines in session.blocks(text.split("\n"), session.address_at(_ALONE)):
        block = " ".join(line.strip() for line in lines[1:_BELOW] if line.strip())
        remotes = [*_REMOTE.finditer(block)]
        remote = remotes[-1] if remotes else None
        if not (server or remote):
            continue
        coded = next((match for line in lines[1:_BELOW] if (match := _CODE.match(line))), None)
        words = remote["words"] if remote else coded["words"] if coded else block
        found = quoting.find(words.lstrip("#< "))
        inner = quoting.find(" ".join(block.split()).lstrip("#< "))
        told.append(
            Recipient(
                address=who, action="failed", reply=found.code or inner.code, status=found.status or inner.status,
                by=(remote["host"] if remote else None) or (coded["by"] if coded else None),
                said=Said.REMOTE if (remote or (coded and coded["by"])) and not _UNREACHED.search(words) else Said.OWN,
                text=(found.text or inner.text)[: limits.WORDS_CHARS].partition("##")[0].strip() or None,
                expired=len(remotes) > 1,
            )
        )  # fmt: skip
    return told


def _listed(view: View) -> list[Recipient]:
    old = _OLD.search(view.text)
    lines = _WRAPPED.sub(r"\1 ", view.text[old.end() if old else 0 :]).split("\n")
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        if entry := _ENTRY.match(line) or _DATED.match(line):
            blocks.append((entry["who"], []))
        elif blocks:
            blocks[-1][1].append(line)
    told = [_fate(who, block) for who, block in blocks[: limits.TEXT_RECIPIENTS]]
    if len(told) == 1 and told[0].address is None:
        told = [msgspec.structs.replace(told[0], address=_whom(blocks[0][0], view))]
    return told


def _whom(name: str, view: View) -> str | None:
    """Return the one whom the returned message was written to where he bears that *name*: a list may be, of which he is a member."""
    written = addressees.returned_to_one(view)
    local = (written or "").partition("@")[0].lower()
    return written if any(len(part) >= _PART and part in local for part in _WORD.findall(name.lower())) else None


def _fate(who: str, lines: list[str]) -> Recipient:
    block = " ".join(" ".join(lines).split())
    who = who.rpartition("SMTP=")[2]  # an X.400 address that holds another (RFC 2156 4.3.3)
    smtp = _SMTP.search(block)
    found = session.said([block])
    named = _MTS.search(block)
    _, code, words = block[named.end() :].rpartition(")") if named else ("", "", "")
    cause = f"{block[: named.start()]}{words if code else ''}" if named else block
    told = " ".join((found.text if found.code else cause).split())[: limits.CAUSE_CHARS]
    return Recipient(
        address=address.clean(smtp[1]) if smtp else address.first(who), action="failed", reply=found.code, status=found.status,
        by=session.host(block, spoke=True), said=Said.OWN, text=told or None,
    )  # fmt: skip


_SIGNS: Final = (
    "the following recipient", "diagn", "管理", " #5.", " #4.", "msexch:", *(f"returned {mark}" for mark in "'\"<245#"),
)  # fmt: skip
DIALECT: Final = Dialect("exchange", claims, read, _SIGNS)
