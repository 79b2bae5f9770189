"""Amazon SES events, sent as JSON in a mail by Amazon SNS: bounces, complaints and deliveries.

Source: the SES developer guide, "Amazon SNS notification contents for Amazon SES". A complaint is a feedback report;
a delivery is a delivery. The JSON is read only where SNS signs the mail, and never deeper than the fields used.
"""

from typing import Any, Final, TypeVar

import msgspec

from bounce_milter import address, limits, reply
from bounce_milter.dialects.base import Dialect, Found
from bounce_milter.facts import Original, Recipient, Said
from bounce_milter.reply import event, quoting
from bounce_milter.view import View
from bounce_milter.vocabulary import Kind

_Entry = TypeVar("_Entry")

# Among so many parts the event is looked for.
_PARTS: Final = 4
#: Where an event keeps what it is about.
_KEYS: Final = {"Bounce": "bounce", "DeliveryDelay": "deliveryDelay", "Delivery": "delivery"}


def claims(view: View) -> bool:
    """Claim what Amazon SNS sends."""
    return "sns.amazonaws.com" in view.author


def read(view: View) -> Found:
    """Return the recipients of the event; a complaint as its kind alone."""
    # One line, longer than any that people write; what a gateway puts above it is no event.
    texts = (part.text()[: limits.EVENT_CHARS] for part in view.message.parts[:_PARTS])
    event = next(filter(None, map(_event, texts)), {})
    kind = event.get("notificationType") or event.get("eventType")
    if kind == "Complaint":
        return Found(kind=Kind.FEEDBACK_REPORT)
    what = event.get(_KEYS.get(kind, "")) if isinstance(kind, str) else None
    if not isinstance(what, dict):
        return Found()
    if kind == "Bounce":
        told = [_recipient(r, what) for r in _each(what.get("bouncedRecipients"), dict)]
    elif kind == "DeliveryDelay":
        late = [_recipient(r, {}) for r in _each(what.get("delayedRecipients"), dict)]
        told = [msgspec.structs.replace(r, action="delayed") for r in late]
    else:
        told = [Recipient(address=address.clean(r), action="delivered") for r in _each(what.get("recipients"), str)]
    host = what.get("reportingMTA")
    mta = host.split(";")[-1].strip() if isinstance(host, str) else None
    return Found(tuple(told), mta, original=_original(event.get("mail")))


def _event(text: str) -> dict[str, Any]:
    """Return SES's event, out of SNS's envelope; empty where it is no JSON object."""
    begin, end = text.find("{"), text.rfind("}")
    try:
        # Mail programs break long lines inside strings: the breaks go before the JSON is read.
        outer = msgspec.json.decode(text[begin : end + 1].replace("!\n ", "").replace("\n", " "))
        inner = outer.get("Message") if isinstance(outer, dict) else None
        event = msgspec.json.decode(inner) if isinstance(inner, str) else outer
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _original(mail: object) -> Original | None:
    """Return the fields of the message that an event is about, where SES was told to include them."""
    fields = mail.get("commonHeaders") if isinstance(mail, dict) else None
    if not isinstance(fields, dict):
        return None
    named = {"message_id": "messageId", "subject": "subject", "from_": "from", "to": "to", "date": "date"}
    told = {field: _text(fields.get(key)) for field, key in named.items()}
    return Original(**told)


def _text(value: object) -> str | None:
    """Return a field's value; of addresses SES makes a list."""
    if isinstance(value, list):
        value = ", ".join(_each(value, str))
    return value[: limits.FIELD_BYTES] if isinstance(value, str) and value else None


def _recipient(entry: dict[str, Any], bounce: dict[str, Any]) -> Recipient:
    """Return the facts on one recipient; where no server's words are quoted, SES's own on the bounce."""
    code = entry.get("diagnosticCode")
    own = [word for word in (bounce.get("bounceType"), bounce.get("bounceSubType")) if isinstance(word, str)]
    words = code.split(";", 1)[-1] if isinstance(code, str) else event.ses_own(*own)
    said = quoting.find(words)
    status, who = entry.get("status"), entry.get("emailAddress")
    return Recipient(
        address=address.clean(who) if isinstance(who, str) else None,
        action="delayed" if entry.get("action") == "delayed" else "failed",
        reply=said.code,
        status=(reply.parse(status).status if isinstance(status, str) else None) or said.status,
        said=None if said.code else Said.NOTICE,
        text=said.text or None,
    )


def _each(value: object, type_: type[_Entry]) -> list[_Entry]:
    """Return the entries of a list that are of a type; what is no list has none."""
    return [entry for entry in value if isinstance(entry, type_)] if isinstance(value, list) else []


DIALECT: Final = Dialect("ses-notification", claims, read, ("notificationtype", "eventtype"))
