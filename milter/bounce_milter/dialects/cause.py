"""The cause in free words, where no reply is quoted: a recipient's own lines, without what stands in every letter.

Rule: what names nobody's failure is left out: headings, fields of the message that came back, whom to ask, warnings of
mail from outside, sentences that a program writes each time, that it will not try again, and what may happen to any mail.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Final

from bounce_milter import address, limits, phrases
from bounce_milter.dialects import session, whom
from bounce_milter.phrases import guess

# What stands between the parts of a message whose own type was lost on the way (RFC 2046 5.1).
_OF_PARTS: Final = re.compile(
    r"[ \t>]*(?:content-[a-z-]+:|this is a mime-encapsulated message|--[^\s-]\S{4,}$)", re.IGNORECASE
)
_RULES: Final = ("---", "===", "***", "___")
# So Exchange and IIS speak of every failure and delay, and PowerMTA, Mercury and MDaemon.
_FIXED: Final = (
    "this is an automatically generated delivery status notification", "this is a warning message only",
    "you do not need to resend your message", "delivery to the following recipients failed",
    "delivery to the following recipients has been delayed", "dies ist eine automatisch erstellte benachrichtigung",
    "übermittlung an folgende empfänger fehlgeschlagen", "échec de la remise aux destinataires suivants",
    "error en la entrega a los siguientes destinatarios", "det här är ett automatiskt genererat leveransstatusmeddelande",
    "leveransen till följande mottagare misslyckades", "次の受信者への配信に失敗しました", "下列收件人传递失败", "传递到下列收件人失败",
    "無法傳遞到下列收件者", "다음 받는 사람에게 배달하지 못했습니다", "hello, this is the mail server on",
    "i am sending you this message to inform you", "message you previously sent.", "the affected recipients;",
    "(dsn) report in standard format", "message.",
    "the attached message has failed delivery and has been referred", "to you as the sender. the following error report",
    "were given to explain the problem:", "with respect to the attached message (or partial message)",
    "the local mail transport system has reported the following problem", "it encountered while trying to deliver your message", "your original message was:", "mdaemon has detected repeated attempts", "which have failed. the message is ", "left in which to succeed. the message will",
    ": message remains undelivered",
)  # fmt: skip
# Of which Exchange and IIS say first in any language that this is a notice, that a machine wrote it, and on what.
_NOTICE: Final = re.compile(
    r"(?=.{0,120}$)(?=.*(?:autom[aá]|otomat|автомат|αυτόματ|自動|自动|자동))"
    r"(?=.*(?:notifi|notific|benachricht|melding|meldung|meddel|bildirim|powiadom|oznámen|értesít|jelentés|ilmoitus|"
    r"уведомлен|ειδοποίηση|通知|알림))"
    r"(?=.*(?:status|statut|état|estado|stato|stanie|stavu|durum|állapot|tilan|состояни|κατάσταση|状态|状況|状態|狀態|상태))"
    r"[^.:;。]*[.。]?$"
)
# And so they open the list of those who failed, in words of which none tells why, in whatever order.
_FOLLOWING: Final = frozenset({
    "following", "folgende", "folgenden", "suivant", "suivants", "siguiente", "siguientes", "seguente", "seguenti",
    "volgende", "seguinte", "seguintes", "följande", "følgende", "seuraaville", "seuraavalle", "następujących",
    "następującego", "następującym", "následujícím", "následujícímu", "következő", "aşağıdaki", "следующим", "следующему",
    "these", "diese", "ces", "estos", "questi", "estes", "deze", "dessa", "disse", "näille", "tych", "těmto", "bu", "этим",
})  # fmt: skip
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_OPENING: Final = _FOLLOWING.union(
    _LETTERS.findall("""
        delivery to the recipient recipients or groups group distribution lists list has failed
        übermittlung nachrichtenzustellung zustellung an die den empfänger empfängern oder verteilerlisten verteilerliste gruppen ist
        fehlgeschlagen fehler bei der nachricht konnte nicht zugestellt werden
        échec de la remise aux au à destinataire destinataires ou groupes listes liste distribution le message n'a pas pu être remis
        error en la entrega al entregar a los al destinatario destinatarios o grupos listas lista de distribución el mensaje no se pudo ha podido entregar
        recapito non riuscito ai al a destinatari destinatario o gruppi liste lista di distribuzione il messaggio impossibile recapitare consegnare è stato
        aflevering bezorging bezorgen van het aan de ontvanger ontvangers geadresseerden of distributielijsten groepen is mislukt bericht kan niet worden bezorgd
        falha na entrega aos ao a para os o destinatários destinatário ou grupos listas lista de distribuição a mensagem não foi possível entregar
        leverans leveransen det gick inte att leverera meddelandet till mottagare eller distributionslistor grupper misslyckades
        levering leveringen leveres til modtager modtagere mottaker mottakere eller distributionslister distribusjonslister grupper mislykkedes mislyktes
        meddelelsen kunne ikke
        toimitus viestin toimittaminen vastaanottajille vastaanottajalle tai jakeluluetteloille ryhmille epäonnistui
        dostarczenie dostarczyć do adresata adresatów odbiorcy odbiorców lub list grup dystrybucyjnych nie powiodło się można wiadomości
        doručení příjemcům příjemci nebo distribučním seznamům skupinám se nezdařilo selhalo zprávu nelze doručit
        a az kézbesítés címzettekhez címzetthez címzetteknek címzettek vagy terjesztési listáknak listák csoportoknak számára nem sikerült sikertelen
        alıcılara alıcıya veya dağıtım listelerine gruplara teslim teslimat edilemedi başarısız oldu ileti
        не удалось доставить сообщение получателям получателю или спискам рассылки группам сбой доставки
        ihre votre su suo sua il la vostro seu uw ditt twojej vaši ваше
    """)
)
# And so they say whether they will try again, which is no cause either.
_TRY: Final = frozenset({
    "attempt", "attempts", "attempted", "retry", "retried", "try", "trying", "tried", "redeliver", "zustellversuch", "zustellversuche",
    "zustellversuchen", "versuch", "versuche", "versucht", "versuchen", "tentative", "tentatives", "essaiera", "essayera", "intento",
    "intentos", "intentará", "intentarán", "tentativo", "tentativi", "tentativa", "tentativas", "poging", "pogingen",
    "bezorgpogingen", "afleverpogingen", "försök", "leveransförsök", "försöka", "forsøg", "forsøk", "leveringsforsøg",
    "leveringsforsøk", "toimitusyrityksiä", "toimitusyritystä", "yrityksiä", "yritetä", "próby", "prób", "próba", "ponawiane",
    "pokusy", "pokus", "kísérlet", "kísérletek", "denemesi", "denemeler", "denenmeyecek", "denenmeyecektir",
    "попытки", "попыток", "спроб", "спроби",
})  # fmt: skip
_TRIES: Final = _TRY.union(
    _LETTERS.findall("""
        again no not further more new any will be made to this the your it deliver delivery message mail server system for you
        failed continue microsoft exchange
        weitere weiteren weiterer weiterhin erneut erneute erneuter kein keine nicht mehr es ein der wird werden erfolgt erfolgen
        finden statt unternommen durchgeführt gemacht diese die nachricht zu zuzustellen zustellen übermitteln
        aucune nouvelle autre ne sera seront pas plus effectuée effectuées de remise distribution livraison il n y aura serveur
        nouveau à le
        más nuevos no se hará harán realizará realizarán de la entrega entregar el mensaje nuevo servidor
        ulteriori altri nuovi non verranno saranno verrà sarà effettuati effettuato fatti fatto di consegna recapito
        novas mais não serão será haverá feitas feita realizadas efetuadas de entrega
        verdere nieuwe geen er worden ondernomen gedaan meer om bericht te bezorgen
        inga fler ytterligare kommer inte att göras leverera meddelandet igen
        flere yderligere ytterligere der det vil ikke blive bli gjort foretaget på at levere levering ingen nye
        uusia lisää enää ei tehdä toimittaa uudelleen viestiä
        dalsze dalszych kolejne kolejnych ponowne doręczenia dostarczenia nie będą będzie podejmowane podjęte
        doručení doručenie další ďalšie o nebudou nebudú dále ďalej již už sa opakovány opakované opakovat opakovať provedeny
        prováděny podniknuty podnikány vykonané
        további kézbesítési nem lesz lesznek történik történnek kerül sor újabb
        başka yeni yeniden teslim teslimat yapılmayacak yapılmayacaktır
        дальнейшие дальнейших повторные повторных доставки больше не будут будет предприниматься предприняты производиться
        подальших подальші доставлення більше буде будуть
    """)
)
# MDaemon's log of the session tells each step.
_LOGGED: Final = re.compile(
    r"^(?:[ \t>*|]*+[a-z]{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d:[ \t*]*|session transcript follows:)", re.IGNORECASE
)
# What happened, and no word of why.
_NO_CAUSE: Final = re.compile(
    r"\b(?:was|were|been|be|is|being|could) not (?:be |been )?(?:delivered|sent|forwarded)\b|\bundeliver(?:able|ed)\b|"
    r"\b(?:message|mail) (?:was |has been )?(?:returned|bounced)\b"
)
# A paragraph that says of mail at large what may happen to it, "mailboxes can be full, messages may be too large", or one of
# those that offices have below each letter.
_AT_LARGE: Final = re.compile(
    r"\b(?:can|may|might|could) (?:also )?be\b[^.!?]{1,200}\b(?:can|may|might|could) (?:also )?be\b"
    r"|\bconsider the environment\b|\bmay be (?:legally )?(?:privileged|confidential)\b|\b(?:cannot|can ?n[o']t) (?:rule out|guarantee) that\b",
    re.IGNORECASE,
)  # fmt: skip
# Of a list that names nobody and quotes nothing.
_ITEM: Final = re.compile(rf"{phrases.ITEM.pattern}[^@\d]{{8,}}\Z")
_SEVERAL: Final = 2
# The label of a cause, and the sentence that leads to it; MMDF sets it in quotation marks.
_REASON: Final = re.compile(
    r"\A(?:.{0,300}\bfor the following )?reasons?: *(?P<mark>['\"]?) *(?P<words>\S.*?) *(?P=mark)\Z", re.IGNORECASE
)
# Lines that tell the cause where no reply is quoted.
_CAUSE_LINES: Final = 10
# Characters below which a recipient's own lines hardly tell it.
_SHORT: Final = 60
# They do where they are a sentence.
_SENTENCE: Final = re.compile(r"[^.!?]{20,}[.!]\Z")


def told(found: str | None, lines: list[str], above: list[str]) -> str:
    """Return the words about one recipient: his own lines, and what stands above them where those name no failure."""
    own = _words(found, _before_title(_before_remarks(lines)))
    if phrases.REASON_TOLD.search(own.lower()):
        return _REASON.sub(r"\g<words>", own)[: limits.CAUSE_CHARS]
    if not phrases.FAILURE.search(_NO_CAUSE.sub(" ", own.lower())) or (
        len(own.encode()) < _SHORT and not (own[:1].isupper() and _SENTENCE.match(own))
    ):
        own = f"{_words(found, [line for line in above if not _is_address(line)])} {own}".strip()
    elif lead := _words(found, _lead(above)):
        own = f"{lead} {own}"
    elif tried := session.tried(above):
        own = f"{tried} {own}"
    return own[: limits.CAUSE_CHARS]


def _is_address(line: str) -> bool:
    """Say whether a line holds an address and nothing else: the words below it are about that one."""
    return address.IN_TEXT.fullmatch(line.strip(" \t-=*_<>:")) is not None


def _before_remarks(lines: list[str]) -> list[str]:
    """Return the lines above the first paragraph on mail at large, all where no failure is told of above it."""
    whole = "\n".join(lines)
    remarks = _AT_LARGE.search(whole)
    if remarks is None:
        return lines
    told = whole[: whole.rfind("\n\n", 0, remarks.start()) + 1]
    return told.split("\n") if phrases.FAILURE.search(told.lower()) else lines


def _before_title(lines: list[str]) -> list[str]:
    """Return the lines above a last paragraph that is a title of what is not among them: the headers of the returned message."""
    above, _, last = "\n".join(lines).rstrip().rpartition("\n\n")
    is_title = last.endswith((":", "：")) and "\n" not in last and not phrases.FAILURE.search(last.lower())
    return above.split("\n") if is_title and whom.has_words(above.split("\n")) else lines


def _lead(above: list[str]) -> list[str]:
    """Return the lines of the sentence that ends with a colon above a recipient, where it sets apart what was found.

    "Our scanner found", below it a name, and below an empty line "in your message to the following recipient:".
    """
    lines = "\n".join(above).rstrip().split("\n")
    if not whom.is_title(lines[-1]):
        return []
    first = len(lines) - 1
    while first > 0 and (not lines[first] or _goes_on(lines[first])) and not lines[first - 1].endswith(whom.ENDS):
        first -= 1
    return lines[first:] if "" in lines[first:] else []


def _goes_on(line: str) -> bool:
    return line.lstrip()[:1].islower()


def _words(found: str | None, lines: list[str]) -> str:
    """Return the lines as one, without those that hold nothing but the address, a heading or another field,
    say whom to ask, or warn of mail from outside; of a log only what failed. Without sentences on further tries.

    An empty line ends a sentence: what the house says below it, it does not say of the cause."""
    sentences: list[str] = []
    left = _CAUSE_LINES
    for holds, paragraph in groupby(_without_choices([*_without_help(lines)]), key=lambda line: bool(line.strip())):
        kept = [*islice(_telling(found, paragraph), left)] if holds else []
        left -= len(kept)
        sentences += whom.BETWEEN.split(" ".join(" ".join(kept).split())) if kept else []
    return " ".join(
        told
        for told in guess.unasked(sentences)
        if not (_is_on_tries(told, found) or phrases.HOUSE.search(told.lower()))
    )


def _telling(found: str | None, lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that may tell the cause."""
    return (
        _LOGGED.sub("", line, 1)
        for line in lines
        if not _names_only(line, found)
        and not phrases.BANNER.search(line.lower())
        and not _is_heading(line.strip(" \t|"))
        and not whom.OTHER_FIELD.match(line)
        and not session.OF_MESSAGE.match(line)
        and not _OF_PARTS.match(line)
        and not (_LOGGED.match(line) and not phrases.FAILURE.search(line.lower()))
    )


def _is_on_tries(sentence: str, found: str | None) -> bool:
    """Say whether a sentence says that there will be further tries, or none, and nothing else; how many is a cause.

    "<bob@dest.example> delivery failed; will not continue trying" (PowerMTA).
    """
    sentence = sentence.replace(found, "") if found else sentence
    words = _LETTERS.findall(sentence.lower())
    return not _TRY.isdisjoint(words) and _TRIES.issuperset(words) and not any(map(str.isdigit, sentence))


def _names_only(line: str, found: str | None) -> bool:
    """Say whether a line holds nothing, or nothing but the address, with or without a label."""
    told = whom.TO_FIELD.sub("", line) if found and found in line else line
    return told.strip(" \t-=*_<>:") in ("", found or "")


def _without_help(lines: list[str]) -> Iterator[str]:
    """Yield the lines without what says whom to ask, and without the rest of a paragraph that begins with it."""
    asks, before = False, "x"
    for line in lines:
        told = whom.without_help(line)
        asks = bool(line.strip()) and (asks or not (told.strip() or before.strip()))
        before = line
        if not asks:
            yield told


def _without_choices(lines: list[str]) -> Iterator[str]:
    """Yield the lines without items of a list, of two or more of which none names anybody: one may be the cause, all are not."""
    items = {number for number, line in enumerate(lines) if _ITEM.match(line)}
    return (line for number, line in enumerate(lines) if len(items) < _SEVERAL or number not in items)


def _is_heading(line: str) -> bool:
    lower = line.lower()
    ruled = (line.startswith(_RULES) and line.endswith(_RULES)) or (line.startswith("** ") and line.endswith(" **"))
    return ruled or lower.startswith(_FIXED) or _NOTICE.match(lower) is not None or _opens_list(lower)


def _opens_list(line: str) -> bool:
    """Say whether a line says that the following failed, and nothing else."""
    words = _LETTERS.findall(line)
    return not _FOLLOWING.isdisjoint(words) and _OPENING.issuperset(words)
