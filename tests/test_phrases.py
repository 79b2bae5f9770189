"""Sets of phrases: what one finds, what it denies, and that several joined find what any of them does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bounce_milter import message, phrases
from bounce_milter.catalogue.pattern import alternatives, mute
from bounce_milter.phrases.base import Phrases, any_of
from bounce_milter.phrases.signs import Joined, signs
from bounce_milter.view import View

_LETTERS = sorted((Path(__file__).parent / "samples").rglob("*.eml"))
_JOINED = {
    "NOT_FINAL": (phrases.NOT_FINAL, (phrases.TAKEN_BACK, phrases.TRIES_ON, phrases.FAULT, phrases.SEND_AGAIN)),
    "GOES_ON": (phrases.GOES_ON, (phrases.SENT_ON, phrases.ANSWER_LOST)),
    "IDLE": (phrases.IDLE, (phrases.HOUSE, phrases.MAY_BE, phrases.ASKED_OFTEN)),
}

# What RE2 is asked for; Python's patterns know other letters than ASCII's as words.
_NAMES = [name for name, found in vars(phrases).items() if isinstance(found, (Phrases, type(phrases.BORDER)))]

# Of notices under the null sender, in the languages of their writers.
_ANNOUNCE = """
Your message did not arrive
Your mail has not arrived
Your mail is coming back
Your message was returned
Your e-mail could not be delivered
We could not deliver your message
Message not delivered
Mail returned
Your message was not accepted
Your mail was not delivered to bob
Failed delivery
Your message could not reach the recipient
Your message has been sent back
could not deliver mail
Ihre Nachricht ist nicht angekommen
Ihre E-Mail ist nicht angekommen
Ihre Nachricht kam zurück
Ihre E-Mail wurde nicht zugestellt
Nachricht konnte nicht ausgeliefert werden
E-Mail unzustellbar
Zustellung fehlgeschlagen
Rücksendung Ihrer Nachricht
Ihr Schreiben konnte nicht zugestellt werden
Votre message n'est pas arrivé
Votre message n'a pas pu être remis
Votre courriel n'a pas été distribué
Message non distribué
Retour de votre message
Echec de la remise
Su mensaje no ha llegado
Su mensaje no pudo ser entregado
Mensaje devuelto
No se pudo entregar su correo
Correo no entregado
Mensaje no entregado
Il suo messaggio non è arrivato
Messaggio non consegnato
Mancata consegna
Impossibile recapitare il messaggio
La sua e-mail non è stata consegnata
Sua mensagem não chegou
Mensagem não entregue
Falha na entrega
A sua mensagem não pôde ser entregue
Mensagem devolvida
Uw bericht is niet aangekomen
Uw bericht is niet afgeleverd
Uw mail kon niet worden bezorgd
Bericht niet bezorgd
Onbestelbaar bericht
Uw e-mail is niet aangekomen
Bericht komt terug
Ditt meddelande kom inte fram
Ditt brev kunde inte lämnas fram
Meddelandet kunde inte levereras
Ditt mejl har inte levererats
Din besked blev ikke leveret
Din mail kunne ikke leveres
Meddelelsen kunne ikke leveres
Viestiä ei voitu toimittaa
Viestisi ei mennyt perille
Wiadomość nie została dostarczona
Twoja wiadomość nie dotarła
Nie można dostarczyć wiadomości
Zwrot wiadomości
Vaše zpráva nebyla doručena
Zprávu se nepodařilo doručit
Nedoručitelná zpráva
Správa nebola doručená
Az üzenet nem kézbesíthető
Levele nem érkezett meg
Üzenete visszaérkezett
Mesajul nu a putut fi livrat
Mesajul dvs. nu a ajuns
Mesajınız teslim edilemedi
Mesajınız ulaşmadı
İletiniz iletilemedi
Ваше письмо не доставлено
Письмо не доставлено
Ваше сообщение не дошло
Сообщение возвращено
Недоставленное сообщение
Ваш лист не доставлено
Το μήνυμά σας δεν παραδόθηκε
Vaša poruka nije isporučena
Vaše sporočilo ni bilo dostavljeno
メールが届きませんでした
メールを配信できませんでした
送信できませんでした
メール不達のお知らせ
配信エラー
您的邮件未能送达
邮件退回
邮件投递失败
退信通知
您的郵件無法送達
메일이 전달되지 않았습니다
메일 반송
메일 발송 실패
Thư của bạn không gửi được
Pesan Anda tidak terkirim
ไม่สามารถส่งอีเมลของคุณได้
تعذر تسليم رسالتك
ההודעה לא נמסרה
"""
# Of answers, confirmations and advertisements.
_SAY_OTHERWISE = """
Your message has been received
Your message was received by our team
Welcome back
Your mail is being processed
Ihre Nachricht ist angekommen
Ihre E-Mail ist bei uns eingegangen
Wir haben Ihre Nachricht erhalten
Rückgabe Ihrer Bestellung
Votre message a bien été reçu
Retour de votre commande
Retour sur notre message
Hemos recibido su mensaje
Su mensaje ha sido enviado
Abbiamo ricevuto il suo messaggio
Il messaggio è stato consegnato
Recebemos a sua mensagem
Uw bericht is aangekomen
Wij hebben uw bericht ontvangen
Ditt meddelande har levererats
Vi har mottatt din melding
Wiadomość dostarczona
Zwrot towaru
Zwrot podatku
Ваше письмо получено
Возврат товара
Mesajınız alındı
İade talebiniz
您的邮件已送达
邮件订阅确认
退货通知
メールを受信しました
メール返信のお知らせ
메일이 도착했습니다
Back to school: mail order catalogue
Mailing list memberships reminder
New message from Bob
Voice mail from 555
Re: my mail
Your parcel did not arrive
Ihre Bestellung kam zurück
Votre colis n'est pas arrivé
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the box is full", True),
        ("the box is not full", False),
        ("the box is not full, the other is full", True),
        ("die box ist überfüllt", True),
        ("the box is empty", False),
        ("\udce4 full", True),
    ],
)
def test_a_phrase_is_found_unless_it_is_denied(text: str, found: bool) -> None:
    assert any_of(r"\bfull\b", "überfüllt", denied=(r"not full\b",)).search(text) is found


@pytest.mark.parametrize("name", [name for name, found in vars(phrases).items() if isinstance(found, Phrases)])
def test_each_set_is_a_pattern_and_finds_nothing_in_nothing(name: str) -> None:
    """They are compiled when first asked for, which may be in a worker."""
    assert [getattr(phrases, name).search(text) for text in ("", "\u3000")] == [False, False]


@pytest.mark.parametrize("name", _NAMES)
def test_no_edge_of_a_word_stands_where_it_never_holds(name: str) -> None:
    taken_apart = [alternatives(one) for one in _patterns(getattr(phrases, name))]
    assert not [item for found in taken_apart for items in found for item in items if item.rare]
    assert [letter for found in taken_apart if (letter := mute(found))] == []


def _patterns(found: Any) -> Iterator[str]:
    """Yield its patterns without what `alternatives` does not take apart: flags, letters by number."""
    several = (
        (*found.phrases, found.before, found.after, found._denied) if isinstance(found, Phrases) else (found.pattern,)
    )
    for one in several:
        bare = re.sub(r"\(\?[ms]:?([$^]?)\)", r"\1", one)
        yield re.sub(r"\\x\{(\w+)\}", lambda number: chr(int(number[1], 16)), bare)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TRIES_ON", "il server riproverà domani"), ("TRIES_ON", "échec temporaire"), ("TRIES_ON", "сообщение отложено"),
        ("TAKEN_BACK", "le compte sera créé demain"), ("SENT_ON", "son courriel va à son assistante"), ("LIVES", "vi arbetar på det"),
        ("LIVES", "l'annuaire est réparé, la vérification du destinataire a échoué"), ("MAY_BE", "možná je schránka plná"),
        ("MAY_BE", "schránka je asi plná"), ("MAY_BE", "snad je schránka plná"), ("MAY_BE", "quizá el buzón está lleno"),
        ("BIDS", "sprawdź adres"), ("BIDS", "проверьте адрес"), ("BIDS", "检查您的地址"), ("HOUSE", "некоторые письма задерживаются"),
        ("HOUSE", "антивирус может иногда помешать"), ("HOUSE", "à partir du 5 août"), ("HOUSE", "większość zwrotów to błędne adresy"),
        ("OF_THIS", "проверьте ваше письмо"), ("OPENS", "этим получателям"), ("FROM_OUTSIDE", "à l'extérieur"), ("WARNS", "uyarı: dış"),
        ("OF_ANY_MAIL", "mai più problemi"), ("OF_ANY_MAIL", "l'assistenza non è attiva"), ("OF_ANY_MAIL", "nasze biura są zamknięte"),
        ("OF_ANY_MAIL", "mejl om vinster är bluff"), ("NOTICE_SUBJECT", "masz paczkę"), ("FOOTER", "message protégé par exemple"),
        ("SEND_AGAIN", "◊ is a valid address and we look into it"), ("SEND_AGAIN", "náš server má poruchu, zkuste to zítra"),
        ("SEND_AGAIN", "osoite on oikein"), ("SEND_AGAIN", "yritä huomenna uudelleen"), ("SEND_AGAIN", "a cím helyes"),
        ("SEND_AGAIN", "próbálja meg holnap újra"), ("SEND_AGAIN", "încercați din nou mâine"), ("SEND_AGAIN", "η διεύθυνση είναι σωστή"),
        ("SEND_AGAIN", "δοκιμάστε ξανά αύριο"), ("SEND_AGAIN", "נסו שוב מחר"), ("SEND_AGAIN", "vui lòng thử lại vào ngày mai"),
        ("SEND_AGAIN", "กรุณาลองใหม่พรุ่งนี้"), ("SEND_AGAIN", "спробуйте завтра ще раз"), ("CHECK_FIRST", "tarkista osoite ja yritä uudelleen"),
        ("CHECK_FIRST", "ellenőrizze a címet, és próbálja újra"), ("CHECK_FIRST", "ελέγξτε τη διεύθυνση"), ("CHECK_FIRST", "בדקו את הכתובת"),
        ("CHECK_FIRST", "vui lòng kiểm tra địa chỉ và thử lại"), ("CHECK_FIRST", "перевірте адресу"), ("CHECK_FIRST", "ujistěte se, že adresa je správná"),
    ],
)  # fmt: skip
def test_a_word_that_ends_in_another_letter_than_asciis_is_found(name: str, words: str) -> None:
    assert getattr(phrases, name).search(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TRIES_ON", "вопрос неотложен"), ("TRIES_ON", "сообщение не отложено"), ("LIVES", "vi arbetar påskafton"), ("MAY_BE", "oprava není možná"),
        ("MAY_BE", "asi que el buzón está lleno"), ("BIDS", "检查发现病毒"), ("BIDS", "sprawdzamy pocztę"), ("HOUSE", "ящик полон, как и многие другие"),
        ("HOUSE", "from 5 destinations"), ("HOUSE", "viele konten, darunter dieses, sind weg"), ("HOUSE", "некоторые ящики, в том числе этот"),
        ("OF_THIS", "използваш адрес"), ("FROM_OUTSIDE", "voilà l'extérieur"), ("WARNS", "uyarıldınız"),
        ("OF_ANY_MAIL", "här bluff"), ("OF_ANY_MAIL", "nasze biuro sądzi"),
        ("SEND_AGAIN", "renvoyez le message en suivant ces étapes"), ("SEND_AGAIN", "◊ is not a valid address"),
    ],
)  # fmt: skip
def test_nor_is_it_found_where_the_words_are_others(name: str, words: str) -> None:
    assert not getattr(phrases, name).search(words)


def test_what_stands_before_and_after_belongs_to_each() -> None:
    there = any_of("full", "voll", before="^", after="$")
    assert there.search("full")
    assert there.search("voll")
    assert not there.search("is full")


def test_several_joined_find_what_each_does_and_what_it_denies() -> None:
    both = Joined(any_of("full", denied=("not full",)), any_of("満杯"))
    assert [both.search(text) for text in ("not full", "満杯です", "empty")] == [True, True, False]


def test_several_joined_find_in_any_line_what_one_does_in_it_alone() -> None:
    both = Joined(any_of("if", before="^"), any_of("so", after="$"))
    assert [both.search(text) for text in ("mail\nif it is", "and so\nmail", "as if\nlater")] == [True, True, False]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        (r"\bis (?:now )?mended\b", ("mended",)),
        (r"\bmail(?:box)? (?:blocked|stopped)\b", ("blocked", "stopped")),
        (r"closed.*today|closing time", ("closed", "closing time")),
        (r"colou?rful", ("colo",)),
        (r"(?:foo|bar)?(?:closed|opened)x", ("closed", "opened")),
        (r"clos+edness", ("edness",)),
        (r"x\.y\.z is", ("x.y.z is",)),
        ("メール", ("メール",)),
        (r"\byour message\b", ()),
        (r"closed|a", ()),
        (r"(?:closed)?", ()),
    ],
)
def test_a_phrase_is_found_by_its_signs(phrase: str, found: tuple[str, ...]) -> None:
    assert signs(phrase) == found


def test_what_has_no_sign_is_looked_for_itself() -> None:
    both = Joined(any_of(r"\byour mail\b", r"\bon it\b"))
    assert [both.search(text) for text in ("your mail", "on it", "of your mailing")] == [True, True, False]


@pytest.mark.parametrize("name", _JOINED)
def test_no_set_finds_in_a_letter_what_the_joined_one_does_not(name: str) -> None:
    first, several = _JOINED[name]
    lines = {line for path in _LETTERS for line in View(message.parse(path.read_bytes())).lower.split("\n")}
    found = {line for line in lines if _any(several, line)}
    assert found
    assert found <= {line for line in lines if first.search(line)}


def _any(several: tuple[Phrases, ...], line: str) -> bool:
    return any(one.search(line) for one in several)


@pytest.mark.parametrize("subject", _ANNOUNCE.strip().split("\n"))
def test_a_subject_announces_a_bounce(subject: str) -> None:
    assert phrases.BOUNCE_SUBJECT.search(subject.lower())


@pytest.mark.parametrize("subject", _SAY_OTHERWISE.strip().split("\n"))
def test_a_subject_announces_none(subject: str) -> None:
    assert not phrases.BOUNCE_SUBJECT.search(subject.lower())


@pytest.mark.parametrize(
    ("told", "how"),
    [
        ("Vuelva a enviar el mensaje{}.", " siguiendo estos pasos"), ("Verzend het bericht opnieuw{}.", " met de volgende stappen"),
        ("Senden Sie die Nachricht erneut{}.", ", indem Sie die folgenden Schritte ausführen"), ("Please send it again{}.", ", following these steps"),
        ("Inviare di nuovo il messaggio{}.", " seguendo questi passaggi"), ("Отправьте сообщение еще раз{}.", ", выполнив следующие действия"),
        ("请{}重新发送邮件。", "按照以下步骤"), ("{}メッセージを再送信してください。", "次の手順に従って"),
    ],
)  # fmt: skip
def test_how_to_send_it_again_is_no_word_that_it_may_arrive(told: str, how: str) -> None:
    assert phrases.SEND_AGAIN.search(told.format("").lower())
    assert not phrases.SEND_AGAIN.search(told.format(how).lower())
