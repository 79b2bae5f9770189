"""What is only supposed of an address, in whatever language, makes none dead."""

import pytest

from bounce_milter import resources
from bounce_milter.classify.supposed import is_supposed
from bounce_milter.explain import explain_reply

KNOWLEDGE = resources.load_knowledge()


@pytest.mark.parametrize(
    "text",
    [
        "If the user does not exist, check spelling.",
        "Perhaps no such user here",
        "probably no such user here",
        "Falls der Benutzer nicht existiert, rufen Sie an",
        "Vielleicht Benutzer unbekannt",
        "Si l'utilisateur n'existe pas, appelez-nous",
        "Peut-être destinataire inconnu",
        "Si el usuario no existe, revise la dirección",
        "Se l'utente non esiste, controllare l'indirizzo",
        "Forse casella non trovata",
        "Se o usuário não existe, verifique o endereço",
        "Om användaren finns inte, kontakta oss",
        "Jeśli użytkownik nie istnieje, sprawdź adres",
        "Pokud uživatel neexistuje, volejte",
        "Dacă utilizatorul nu există, contactați-ne",
        "Если пользователь не существует, проверьте адрес",
        "Возможно, пользователь не найден",
        "Może nie ma takiego użytkownika",
        "Adresat może być nieznany",
        "Poate utilizatorul nu există",
        "Ja šāds lietotājs neeksistē, pārbaudiet adresi",
        "قد يكون المستخدم غير موجود",
        "قد لا يكون المستخدم غير موجود",
        "Nếu người nhận không tồn tại, hãy liên hệ",
        "可能收件人不存在",
        "若收件人不存在，請來電",
        "宛先ユーザが存在しない場合は管理者に連絡してください",
        "おそらく宛先が見つかりません",
    ],
)
def test_what_is_only_supposed_makes_nobody_dead(text: str) -> None:
    assert not explain_reply(f"550 5.1.1 {text}", KNOWLEDGE).recipients[0].dead


@pytest.mark.parametrize(
    "text",
    [
        "User unknown. If you believe this is an error, call us",
        "If in doubt, ask: no such user here",
        "Se rechazó el mensaje: usuario desconocido",
        "Benutzer unbekannt; vielleicht hilft ein Blick ins Telefonbuch",
        "収件人不存在。如有疑问，请联系管理员",
        "宛先が見つかりません。ご不明な場合はお問い合わせください",
    ],
)
def test_an_if_of_another_clause_leaves_the_words_as_they_are(text: str) -> None:
    phrases = (
        "user unknown",
        "no such user here",
        "usuario desconocido",
        "benutzer unbekannt",
        "件人不存在",
        "宛先が見つかりません",
    )
    lower = text.lower()
    phrase = next(one for one in phrases if one in lower)
    before, after = lower.split(phrase, 1)
    assert not is_supposed(before, after)


@pytest.mark.parametrize(
    "before",
    [
        "wiadomość nie może być dostarczona bo ",
        "dostarczenie nie jest możliwe bo ",
        "mesajul nu poate fi livrat deoarece ",
        "доставить не возможно так как ",
        "ja ",
        "قد تم حذف ",
    ],
)
def test_what_cannot_be_or_has_been_is_not_supposed(before: str) -> None:
    assert not is_supposed(before, "")


@pytest.mark.parametrize("before", ["is", "ifs and ", "the gift of ", "perhaps so, "])
def test_only_whole_words_of_the_clause_count(before: str) -> None:
    assert not is_supposed(before, "")
