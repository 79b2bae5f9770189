"""pymilter's callbacks: collects what the mail server shows of a message, asks one function, applies its answer.

Rule: whatever goes wrong, the message passes on: no callback raises, none answers with anything but "go on", "accept",
"skip the rest" or, where that was agreed on, nothing; changes are made at the end of the message only, in an order in
which each that fails leaves the mail deliverable (`changes`). Ordinary mail is let go at the end of its header, its body
is never asked for. Never rejects, tempfails, discards, and never writes mail text to a log.

pymilter's classes are left aside: its callback decorators are broken or leak on Python 3, and an exception inside a
callback without reply makes the mail server wait out its content timeout. So plain functions are registered, and the
policy for exceptions that the C layer raises by itself (a header name that is no UTF-8) is CONTINUE.
"""

from __future__ import annotations

import re
import sys
from threading import Lock
from typing import Final

import Milter
import msgspec

from bounce_milter import address, limits
from bounce_milter.adapter import changes
from bounce_milter.adapter.changes import NO_FIELDS, Forged
from bounce_milter.events import Events
from bounce_milter.header import OWN_FIELDS
from bounce_milter.judge import Judge
from bounce_milter.kinds import candidate
from bounce_milter.policy import Envelope
from bounce_milter.review import Outcome

#: Fields to look at; all others are only kept.
_WATCHED: Final = frozenset(OWN_FIELDS) | candidate.FIELDS

#: Steps that nothing here needs: the server is told not to send them (milter protocol 2 and later).
_NOT_NEEDED: Final = Milter.P_NOCONNECT | Milter.P_NOHELO | Milter.P_NODATA | Milter.P_NOUNKNOWN

#: Steps whose answer is always "go on": the server need not wait for it, which saves a switch between processes each.
_NO_ANSWER: Final = Milter.P_NR_MAIL | Milter.P_NR_HDR

# Line ends within a field. One before a blank is a fold; any other, which mail servers pass on as it came, ends no field.
_LINE_END: Final = re.compile(rb"[\r\n]+([ \t]?)")

# Looked up for every field.
_MOST_OCTETS: Final = limits.HEADER_BYTES
_MOST_FIELDS: Final = limits.HEADER_FIELDS


class Session:
    """One connection of the mail server and the message that is under way on it."""

    __slots__ = (
        "after_field", "after_mail", "after_rcpt", "body", "failed", "fields", "forged", "granted", "open", "orcpt",
        "passed_by", "recipients", "room", "sender", "signs", "size", "skip",
    )  # fmt: skip

    def __init__(self, steps: int, granted: int) -> None:
        self.skip = Milter.SKIP if steps & Milter.P_SKIP else Milter.CONTINUE  # the answer that ends the body
        # Any answer to a step without one is swallowed by libmilter, with a line in syslog each time.
        self.after_mail = Milter.NOREPLY if steps & Milter.P_NR_MAIL else Milter.CONTINUE
        self.after_field = Milter.NOREPLY if steps & Milter.P_NR_HDR else Milter.CONTINUE
        self.after_rcpt = Milter.NOREPLY if steps & Milter.P_NR_RCPT else Milter.CONTINUE
        self.granted = granted  # the changes that the server lets us make
        self.open = False
        self.reset()

    def reset(self) -> None:
        """Forget the message: a connection carries many, and any may be aborted."""
        self.sender = b""
        self.recipients: list[str] = []
        self.orcpt: list[str] = []
        self.fields: list[tuple[str, bytes]] = []
        self.size = 0  # of the names and values in `fields`
        self.passed_by = 0  # fields that are not kept
        self.forged: dict[str, Forged] = {}
        self.signs = False  # whether it can be a bounce: the null sender, or a field says so
        self.failed = False
        self.body: list[bytes] = []
        self.room = 0

    def message(self) -> bytes:
        """Return the message as far as it was read (RFC 5322 2.1)."""
        header = b"".join(b"%s: %s\r\n" % (n.encode("utf-8", "replace"), _whole(value)) for n, value in self.fields)
        return b"%s\r\n%s" % (header, b"".join(self.body))


class Filter:
    """The callbacks of one process, and the counts that its supervisor asks for."""

    def __init__(
        self,
        judge: Judge,
        events: Events,
        *,
        max_bytes: int = limits.MESSAGE_BYTES,
        recipients: bool = False,
        review: str = "off",
        note: bool = False,
        shadow: bool = False,
    ) -> None:
        self._judge = judge
        self._events = events
        self._max_bytes = max_bytes
        self._actions = 0 if shadow else changes.actions(review, note=note)
        self._steps = _NOT_NEEDED | (Milter.P_NR_RCPT if recipients else Milter.P_NORCPT) | _NO_ANSWER
        self._lock = Lock()
        self.sessions = 0
        self.messages = 0
        self.under_way = 0  # messages that have begun and not ended

    def install(self, name: str) -> None:
        """Register the callbacks with libmilter; once per process, before it opens its socket."""
        Milter.set_exception_policy(Milter.CONTINUE)
        sys.excepthook = self._untrapped
        Milter.set_flags(self._actions)
        Milter.set_envfrom_callback(self.envfrom)
        Milter.set_envrcpt_callback(self.envrcpt)
        Milter.set_header_callback(self.header)
        Milter.set_eoh_callback(self.eoh)
        Milter.set_body_callback(self.body)
        Milter.set_eom_callback(self.eom)
        Milter.set_abort_callback(self.abort)
        Milter.set_close_callback(self.close)
        Milter.register(name, negotiate=self.negotiate)

    def negotiate(self, ctx: Milter.Context, options: list[int]) -> int:
        """Ask for as few steps and actions as are needed, of those that the server offers."""
        try:
            actions, steps = options[0], options[1]
            options[0] = actions & self._actions
            options[1] = steps & (self._steps | Milter.P_SKIP)
            options[2] = options[3] = 0
            self._begin(ctx, options[1], options[0])
            if options[0] & Milter.SETSYMLIST:
                ctx.setsymlist(Milter.M_EOM, "i v")
        except Exception as error:
            self._events.failure("negotiate", "", error)
        return Milter.CONTINUE

    def envfrom(self, ctx: Milter.Context, sender: bytes, *_: bytes) -> int:
        """Begin a message. Postfix's own bounces have "" as sender, all others "<>" (RFC 5321 4.5.5)."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            if session.open or session.failed:
                self._end(session)
            self._open(session)
            session.sender = sender
            session.signs = sender in (b"", b"<>")
            return session.after_mail
        except Exception as error:
            self._fail(ctx, "envfrom", error)
        return Milter.CONTINUE

    def envrcpt(self, ctx: Milter.Context, recipient: bytes, *parameters: bytes) -> int:
        """Note a recipient; only where a language or the review policy depends on it."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            if len(session.recipients) < limits.RECIPIENTS:
                # What is no text stays what it is: another address would be no recipient, and could not be deleted.
                session.recipients.append(address.without_route(recipient.decode("utf-8", "surrogateescape")))
                orcpt = next((p for p in parameters if p[:6].upper() == b"ORCPT="), b"")
                session.orcpt.append(orcpt[: limits.ADDRESS_CHARS].decode("utf-8", "replace"))
            return session.after_rcpt
        except Exception as error:
            self._fail(ctx, "envrcpt", error)
        return Milter.CONTINUE

    def header(self, ctx: Milter.Context, name: str, value: bytes) -> int:
        """Note a field; the server waits for no answer where that was agreed on."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            key = name.lower()
            if key not in _WATCHED or self._watch(session, key, value):
                fields = session.fields
                if session.size <= _MOST_OCTETS and len(fields) < _MOST_FIELDS:
                    session.size += len(name) + len(value)
                    fields.append((name, value))
                else:
                    session.passed_by += 1
            return session.after_field
        except Exception as error:
            self._fail(ctx, "header", error)
        return Milter.CONTINUE

    def _watch(self, session: Session, key: str, value: bytes) -> bool:
        """Look at a field; return whether it belongs to the message."""
        own = OWN_FIELDS.get(key)
        if own is not None:
            number, steps = session.forged.get(own, NO_FIELDS)
            session.forged[own] = Forged(number + 1, steps + len(session.fields) + session.passed_by)
            session.passed_by += 1
            return False
        if not session.signs:
            session.signs = candidate.signs(key, value)
        return True

    def eoh(self, ctx: Milter.Context) -> int:
        """Let ordinary mail go; a field can only be removed at the end of a message."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            if session.signs:
                session.room = self._max_bytes
                return Milter.CONTINUE
            if session.forged:
                return Milter.CONTINUE
            self._end(session)
        except Exception as error:
            self._fail(ctx, "eoh", error)
        return Milter.ACCEPT

    def body(self, ctx: Milter.Context, chunk: bytes) -> int:
        """Keep the body up to the bound, then tell the server to skip the rest."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            if session.room > 0:
                session.body.append(chunk[: session.room])
                session.room -= len(chunk)
            return session.skip if session.room <= 0 else Milter.CONTINUE
        except Exception as error:
            self._fail(ctx, "body", error)
        return Milter.CONTINUE

    def eom(self, ctx: Milter.Context) -> int:
        """Remove forged fields, ask what to change and change it."""
        try:
            session: Session = ctx.getpriv() or self._begin(ctx)
            queue_id = _macro(ctx, "i")
            outcome = self._ask(ctx, session, queue_id) if session.signs else Outcome()
            removes = bool(session.granted & Milter.CHGHDRS)
            left = changes.remove(ctx, session.forged) if removes else 0
            changes.apply(ctx, outcome, session.granted, queue_id, self._events)
            if session.forged:
                number = sum(forged.number for forged in session.forged.values())
                self._events.forged(queue_id, number, left=left, removed=removes)
            self._end(session)
        except Exception as error:
            self._fail(ctx, "eom", error)
        return Milter.CONTINUE

    def abort(self, ctx: Milter.Context) -> int:
        """Forget a message that the client gave up."""
        try:
            self._end(ctx.getpriv() or self._begin(ctx))
        except Exception as error:
            self._fail(ctx, "abort", error)
        return Milter.CONTINUE

    def close(self, ctx: Milter.Context) -> int:
        """Forget the connection."""
        try:
            session = ctx.getpriv()
            if session is not None:
                if session.open:
                    self._end(session)
                with self._lock:
                    self.sessions -= 1
        except Exception as error:
            self._events.failure("close", "", error)
        return Milter.CONTINUE

    def _ask(self, ctx: Milter.Context, session: Session, queue_id: str) -> Outcome:
        if session.failed or not session.fields:  # no bounce is without a field
            return Outcome()
        sender = session.sender.decode("utf-8", "replace")
        envelope = Envelope(
            queue_id, sender, tuple(session.recipients), tuple(session.orcpt), _macro(ctx, "v"), cut=session.room <= 0
        )
        try:
            outcome = self._judge(session.message(), envelope)
            fields, kept = ([changes.safe(*field) for field in some] for some in (outcome.fields, outcome.kept))
            _, subject = changes.safe("Subject", outcome.subject)
            return msgspec.structs.replace(outcome, fields=tuple(fields), kept=tuple(kept), subject=subject)
        except Exception as error:
            self._events.failure("judge", envelope.queue_id, error)
            return Outcome()

    def _begin(self, ctx: Milter.Context, steps: int = 0, granted: int = changes.actions("off")) -> Session:
        """Begin a connection, with what a server allows that does not negotiate. It can also negotiate twice."""
        session, before = Session(steps, granted), ctx.getpriv()
        if before is None:
            with self._lock:
                self.sessions += 1
        else:
            self._end(before)
        ctx.setpriv(session)
        return session

    def _open(self, session: Session) -> None:
        session.open = True
        with self._lock:
            self.under_way += 1

    def _end(self, session: Session) -> None:
        if session.open:
            session.open = False
            with self._lock:
                self.messages += 1
                self.under_way -= 1
            self._events.message()
        session.reset()

    def _untrapped(self, _: object, error: BaseException, *__: object) -> None:
        """Log what the C layer raised by itself and would print: past the log's form, and where nobody reads, for ever.

        Not a name or an argument that is no UTF-8: that is a stranger's doing, and passes on unread.
        """
        if not isinstance(error, UnicodeDecodeError):
            self._events.failure("pymilter", "", error)

    def _fail(self, ctx: Milter.Context, where: str, error: Exception) -> None:
        """Log, and leave this message as it is."""
        try:
            self._events.failure(where, _macro(ctx, "i"), error)
            (ctx.getpriv() or self._begin(ctx)).failed = True
        except Exception:
            self._events.failure(where, "", error)


def _whole(value: bytes) -> bytes:
    """Return a field's value as one field: what ends a line in it without being a fold is a space (RFC 5322 2.2.3)."""
    return _LINE_END.sub(lambda end: b"\r\n" + end[1] if end[1] else b" ", value)


def _macro(ctx: Milter.Context, name: str) -> str:
    """Return what the server says under a macro's name; "" where it says nothing or what is no text.

    "i" is its name for the message, "v" its own name and version.
    """
    try:
        return ctx.getsymval(name) or ""
    except (UnicodeError, Milter.error):
        return ""
