"""Whom a notice without a report says that the message reached: they are nobody's failure, and no reply is about them."""

import pytest

from bounce_milter import bounce

_HEAD = (
    "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@gw.example>\nTo: dispatch@supplier.example\n"
    "Subject: Undeliverable: Plan\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
)


def told(words: str) -> dict[str | None, tuple[str | None, str | None]]:
    found = bounce.read((_HEAD + words).encode())
    return {fact.address: (fact.action, fact.reply) for fact in found.recipients}


@pytest.mark.parametrize(
    "words",
    [
        "Erfolgreich zugestellt an:\n  anna@one.example\nZustellung fehlgeschlagen an:\n  ben@two.example   550 5.1.1 User unknown\n",
        "Erfolgreich zugestellt an: anna@one.example\nNicht zugestellt an: ben@two.example\n\nAntwort des Servers: 550 5.1.1 User unknown\n",
        "Folgende Empfänger haben die Nachricht erhalten:\n  anna@one.example\n\n"
        "Folgende Empfänger haben die Nachricht nicht erhalten:\n  ben@two.example\n  550 5.1.1 User unknown\n",
        "Remis avec succès :\n  anna@one.example\n\nÉchec de la remise :\n  ben@two.example : 550 5.1.1 Utilisateur inconnu\n",
        "Entregado correctamente a:\n  anna@one.example\n\nNo se pudo entregar a:\n  ben@two.example: 550 5.1.1 Usuario desconocido\n",
        "Доставлено:\n  anna@one.example\n\nНе доставлено:\n  ben@two.example: 550 5.1.1 Пользователь не найден\n",
        "Empfänger            Ergebnis\nanna@one.example     zugestellt\nben@two.example      nicht zugestellt (550 5.1.1 User unknown)\n",
        "anna@one.example: delivered\nben@two.example: failed - 550 5.1.1 User unknown\n",
        "  anna@one.example      delivered (250 2.0.0 OK)\n  ben@two.example       failed (550 5.1.1 User unknown)\n",
        "The message was sent to anna@one.example without problems.\n"
        "The message could not be sent to ben@two.example: 550 5.1.1 User unknown\n",
        "Delivery failed:\n  ben@two.example: 550 5.1.1 User unknown\n\nThe message has been delivered to:\n  anna@one.example\n",
        "These recipients did not receive the message:\n  ben@two.example: 550 5.1.1 User unknown\n\n"
        "These recipients did receive the message:\n  anna@one.example\n",
        "An folgende Empfänger nicht zugestellt:\n  ben@two.example: 550 5.1.1 User unknown\n\n"
        "An folgende Empfänger wurde sie zugestellt:\n  anna@one.example\n",
        "以下の宛先に配信できませんでした。\n  ben@two.example : 550 5.1.1 User unknown\n\n以下の宛先には配信しました。\n  anna@one.example\n",
        "Не доставлено:\n  ben@two.example: 550 5.1.1 User unknown\n\nДоставлено следующим получателям:\n  anna@one.example\n",
        "Delivery to ben@two.example failed: 550 5.1.1 User unknown.\nThe other recipients (anna@one.example, eva@one.example) got it.\n",
        "anna@one.example .......... ok\nben@two.example .......... 550 5.1.1 User unknown\n",
        "anna@one.example -> delivered\nben@two.example -> failed: 550 5.1.1 User unknown\n",
        "To: anna@one.example\nStatus: Sent (250 2.0.0 OK)\n\nTo: ben@two.example\nStatus: 550 5.1.1 User unknown\n",
    ],
)
def test_a_line_of_success_is_about_nobody_who_failed(words: str) -> None:
    assert told(words) == {"ben@two.example": ("failed", "550")}


def test_words_of_success_after_a_negation_are_none() -> None:
    assert told("Nicht erfolgreich zugestellt an:\n  ben@two.example\n  550 5.1.1 User unknown\n") == {
        "ben@two.example": ("failed", "550")
    }
    assert told("Не доставлено:\n  ben@two.example\n  550 5.1.1 User unknown\n") == {
        "ben@two.example": ("failed", "550")
    }


def test_of_nobody_no_success_is_told() -> None:
    for title in ("None of these recipients have received the message", "Keinem der Empfänger wurde sie zugestellt"):
        assert told(f"{title}:\n  ben@two.example\n  550 5.1.1 User unknown\n") == {
            "ben@two.example": ("failed", "550")
        }


def test_the_end_of_a_wrapped_sentence_is_no_heading_of_success() -> None:
    for end in ("delivered to:", "delivered to the following recipients:"):
        words = f"Your message could not be\n{end}\n  ben@two.example\n\nServer response: 550 5.1.1 User unknown\n"
        assert told(words) == {"ben@two.example": ("failed", "550")}


def test_a_reply_below_two_titles_is_not_about_those_below_the_first() -> None:
    words = "Perille meni:\n  anna@one.example\n\nEpäonnistui:\n  ben@two.example\n\nPalvelimen vastaus: 550 5.1.1 User unknown\n"
    assert told(words) == {"anna@one.example": ("failed", None), "ben@two.example": ("failed", "550")}


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("The message was delivered to the recipient nevertheless.", "delivered"),
        ("Nonetheless, the message has been relayed to its recipients.", "delivered"),
        ("Die Nachricht wurde dem Empfänger trotzdem zugestellt.", "delivered"),
        ("We do not know whether the message was delivered anyway.", "failed"),
        ("The message was delivered to all recipients anyway, except for him.", "failed"),
        ("The message was delivered to the other recipients anyway.", "failed"),
        ("550 5.6.0 Bad header. The message was delivered to your postmaster anyway.", "failed"),
    ],
)
def test_what_was_found_in_a_message_that_arrived_all_the_same_is_no_failure(words: str, action: str) -> None:
    found = bounce.read(
        (
            "Return-Path: <>\nFrom: Content-filter <postmaster@mx.one.example>\nTo: dispatch@supplier.example\n"
            "Subject: Problem with your message\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            f"Your message to ben@two.example has an invalid header.\n\n{words}\n\n"
            "From: dispatch@supplier.example\nSubject: Plan\nMessage-ID: <1@supplier.example>\n"
        ).encode()
    )
    assert [(fact.address, fact.action) for fact in found.recipients] == [("ben@two.example", action)]
