"""Mail leaves through a row, written with its cause and sent later, so that neither exists without the other.

Every message ends in one visible state: sent, failed, cancelled, or *uncertain* (the mail server may
have taken it before we were killed or cut off). An uncertain one is never repeated by itself unless
repeating does no harm; a repeat keeps its Message-ID.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.message
import email.policy
import logging
import smtplib
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import DNS_NAME, EmailMessage, mailers, make_msgid
from django.db import transaction
from django.db.models import F, Q

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.duties import duty, wake
from steadyhand.core.mail_text import Attachment, Draft, Unsendable, bare, compose, one_line
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.core.refusals import Refusal

__all__ = ["Attachment", "cancel", "one_line", "post", "route", "send_waiting"]

log = logging.getLogger(__name__)

OUTBOX = Actor.system("outbox")
ENDINGS = {
    MailState.SENT: "mail.sent",
    MailState.FAILED: "mail.failed",
    MailState.CANCELLED: "mail.cancelled",
    MailState.UNCERTAIN: "mail.uncertain",
}

SENDING = "outbox.send"
TRANSPORT = "transport"  # the entry of settings.MAILERS that reaches a mail server
LEASE = dt.timedelta(minutes=2)
FIRST_RETRY = dt.timedelta(seconds=30)
LAST_ATTEMPT = 12  # about half a day after the first
FORGOTTEN = {"text": "", "html": "", "mime": b""}

_routes: dict[str, Callable[[str], Any]] = {}


@transaction.atomic
def post(
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    safe_to_repeat: bool = False,
    *,
    sender: str = "",
    reply_to: str = "",
    copies: Sequence[str] = (),
    in_reply_to: str = "",
    references: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    calendar: str = "",
    calendar_method: str = "",
    unsubscribe: str = "",
    client_id: int | None = None,
    about: tuple[str, int] | None = None,
    cause: str = "",
    not_before: dt.datetime | None = None,
    route: str = "",
    automatic: bool = True,
) -> OutboxMessage:
    """Write down a mail to leave, in the caller's transaction. `kind` names its cause (“invitation”).

    Addresses are `pam@agency.example` or `Pam Beesly <pam@agency.example>`; an empty `sender` is the
    agency's. `about` is (model label, pk) of what it belongs to: with it, or with `client_id`, the end
    of the message is an event (`mail.sent`, `mail.failed`, `mail.uncertain`, `mail.cancelled`). A
    `cause` that was posted before returns the row that exists. `not_before` holds it back until then.
    A mail that cannot be written (a bad address, 25 MB) is a row that has failed and says why.
    """
    if cause and (known := OutboxMessage.objects.filter(cause=cause).first()):
        return known
    at = clock.now()
    draft = Draft(
        sender=sender or settings.DEFAULT_FROM_EMAIL,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        message_id=make_msgid(domain=str(DNS_NAME)),
        date=max(at, not_before or at),
        reply_to=reply_to,
        copies=copies,
        in_reply_to=in_reply_to,
        references=references,
        attachments=attachments,
        calendar=calendar,
        calendar_method=calendar_method,
        unsubscribe=unsubscribe,
        automatic=automatic,
    )
    message = OutboxMessage(
        kind=kind,
        recipient=one_line(recipient)[:254],
        sender=one_line(draft.sender)[:400],
        subject=one_line(subject)[:500],
        text=text.replace("\0", ""),
        html=html.replace("\0", ""),
        message_id=draft.message_id,
        route=route,
        client_id=client_id,
        about_type=about[0] if about else "",
        about_id=about[1] if about else None,
        cause=cause,
        safe_to_repeat=safe_to_repeat,
        next_at=draft.date,
        made_at=at,
    )
    try:
        message.mime = compose(draft)
        message.recipient = bare(recipient)
        message.copies = [bare(copy) for copy in copies]
    except Unsendable as refusal:
        message.state, message.last_error = MailState.FAILED, str(refusal)[:500]
        message.text = message.html = ""
    # Of two that post the same cause at once, one row stays: both return it.
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=bool(cause))
    if cause:
        message = OutboxMessage.objects.get(cause=cause)
    if message.state == MailState.FAILED:
        _tell(message)
    else:
        wake(SENDING)
    return message


@transaction.atomic
def cancel(message: OutboxMessage, *, by: Actor) -> None:
    """Keep a queued message from leaving. Refuses one that is on its way or has ended."""
    taken = OutboxMessage.objects.filter(pk=message.pk, state=MailState.QUEUED).update(
        state=MailState.CANCELLED, **FORGOTTEN
    )
    message.refresh_from_db()
    if not taken:
        raise Refusal(
            f"The mail to {message.recipient} is {message.get_state_display()}: it cannot be cancelled.",
            remedy="Only a mail that is still queued can be.",
        )
    _tell(message, by=by)


@transaction.atomic
def repeat(message: OutboxMessage, *, by: Actor) -> None:
    """Send an uncertain mail once more, with the same Message-ID, so that mail programs show it once."""
    taken = OutboxMessage.objects.filter(pk=message.pk, state=MailState.UNCERTAIN).update(
        state=MailState.QUEUED, next_at=clock.now(), last_error=""
    )
    message.refresh_from_db()
    if not taken:
        raise Refusal(
            f"The mail to {message.recipient} is {message.get_state_display()}: it is not sent again.",
            remedy="Only a mail whose arrival is uncertain can be.",
        )
    events.record(
        "mail.repeated",
        by=by,
        client_id=message.client_id,
        subject=message,
        kind=message.kind,
        recipient=message.recipient,
    )


def route(name_prefix: str, resolver: Callable[[str], Any]) -> None:
    """Let messages whose route begins with `name_prefix` leave another way; `resolver(route)` finds it."""
    _routes[name_prefix] = resolver


def _tell(message: OutboxMessage, *, by: Actor = OUTBOX) -> None:
    """Record how a message ended, for the rooms above."""
    if message.tells:
        events.record(
            ENDINGS[MailState(message.state)],
            by=by,
            client_id=message.client_id,
            subject=message,
            about_type=message.about_type,
            about_id=message.about_id,
            kind=message.kind,
            recipient=message.recipient,
            error=message.last_error,
        )


@duty(SENDING, every=dt.timedelta(seconds=20))
def send_waiting() -> int:
    """Send what is due, each message on its own, so that a bad one holds up no other; how many left."""
    settle_abandoned()
    due = OutboxMessage.objects.filter(state=MailState.QUEUED, next_at__lte=clock.now())
    ids = list(due.order_by("next_at", "pk").values_list("pk", flat=True))
    return sum(send(pk) for pk in ids)


def settle_abandoned() -> None:
    """Decide about messages whose sender was killed: repeat what may be repeated, show the rest."""
    at = clock.now()
    abandoned = OutboxMessage.objects.filter(state=MailState.SENDING, leased_until__lt=at)
    abandoned.filter(safe_to_repeat=True).update(state=MailState.QUEUED, next_at=at, leased_until=None)
    abandoned.filter(safe_to_repeat=False).update(
        state=MailState.UNCERTAIN, leased_until=None, last_error="The sender was stopped while sending."
    )


def send(pk: int) -> bool:
    """Claim one message and try to send it; True when the mail server took it."""
    at = clock.now()
    claimed = OutboxMessage.objects.filter(pk=pk, state=MailState.QUEUED, next_at__lte=at).update(
        state=MailState.SENDING, attempts=F("attempts") + 1, leased_until=at + LEASE
    )
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=pk)
    state, error = _hand_over(message)
    if state == MailState.QUEUED and message.attempts >= LAST_ATTEMPT:
        state = MailState.FAILED
    retry_in = min(FIRST_RETRY * 2 ** (message.attempts - 1), dt.timedelta(hours=2))
    done = clock.now()
    ours = Q(pk=pk, state=MailState.SENDING, attempts=message.attempts)
    OutboxMessage.objects.filter(ours).update(
        state=state,
        leased_until=None,
        last_error=error[:500],
        next_at=done + retry_in,
        sent_at=done if state == MailState.SENT else None,
        # Codes and links must not outlive their sending in the database.
        **(FORGOTTEN if state in (MailState.SENT, MailState.FAILED) else {}),
    )
    message.refresh_from_db()
    if state != MailState.QUEUED:
        _tell(message)
    if error:
        log.warning("Mail %s (%s) is %s: %s", pk, message.kind, state, error)
    return state == MailState.SENT


def _hand_over(message: OutboxMessage) -> tuple[MailState, str]:
    """Give a message to the mail server: its new state, and what went wrong."""
    unknown = MailState.QUEUED if message.safe_to_repeat else MailState.UNCERTAIN
    connection = mailers[TRANSPORT]
    try:
        email = _as_email(message)
        email.message()
    except Exception as error:  # whatever it is, this message can never be written
        return MailState.FAILED, _sentence(error)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return MailState.QUEUED, _sentence(error)
    try:
        connection.send_messages([email])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        return MailState.FAILED if _is_final(error) else MailState.QUEUED, _sentence(error)
    except (OSError, smtplib.SMTPException) as error:
        return unknown, _sentence(error)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.close()
    return MailState.SENT, ""


class _Composed(EmailMessage):
    """A mail whose text is made already."""

    def __init__(self, message: OutboxMessage) -> None:
        super().__init__(to=message.recipients, from_email=message.sender)
        self.mime = bytes(message.mime)

    def message(self, **_: Any) -> email.message.EmailMessage:
        """The stored text."""
        return email.message_from_bytes(self.mime, policy=email.policy.SMTP)  # type: ignore[return-value]


def _as_email(message: OutboxMessage) -> EmailMessage:
    return _Composed(message)


def _is_final(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> bool:
    """Whether the server said no for good (5xx) and not “later” (4xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return error.smtp_code >= 500


def _sentence(error: Exception) -> str:
    """What the mail server or the library said; never the message itself, which may hold a code."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
