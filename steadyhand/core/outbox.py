"""Mail leaves through a row, written with its cause and sent later, so that neither exists without the other.

Every message ends in one visible state: sent, failed, or *uncertain* (the mail server may have taken
it before we were killed or cut off). An uncertain one is never repeated by itself unless repeating
does no harm; a repeat keeps its Message-ID.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import DNS_NAME, EmailMultiAlternatives, mailers, make_msgid
from django.db.models import F, Q

from steadyhand.core import clock
from steadyhand.core.duties import duty, wake
from steadyhand.core.models import MailState, OutboxMessage

log = logging.getLogger(__name__)

SENDING = "outbox.send"
TRANSPORT = "transport"  # the entry of settings.MAILERS that reaches a mail server
LEASE = dt.timedelta(minutes=2)
FIRST_RETRY = dt.timedelta(seconds=30)
LAST_ATTEMPT = 12  # about half a day after the first


def post(
    kind: str, recipient: str, subject: str, text: str, html: str = "", safe_to_repeat: bool = False
) -> OutboxMessage:
    """Write down a mail to leave, in the caller's transaction. `kind` names its cause (“invitation”)."""
    at = clock.now()
    message = OutboxMessage.objects.create(
        kind=kind,
        recipient=recipient,
        subject=one_line(subject)[:500],
        text=text,
        html=html,
        message_id=make_msgid(domain=str(DNS_NAME)),
        safe_to_repeat=safe_to_repeat,
        next_at=at,
        made_at=at,
    )
    wake(SENDING)
    return message


def one_line(text: str) -> str:
    """A text that can stand in a header: a line break would forge another one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@duty(SENDING, every=dt.timedelta(seconds=20))
def send_waiting() -> int:
    """Send what is due, each message on its own, so that a bad one holds up no other; how many left."""
    settle_abandoned()
    due = OutboxMessage.objects.filter(state=MailState.WAITING, next_at__lte=clock.now())
    ids = list(due.order_by("next_at", "pk").values_list("pk", flat=True))
    return sum(send(pk) for pk in ids)


def settle_abandoned() -> None:
    """Decide about messages whose sender was killed: repeat what may be repeated, show the rest."""
    at = clock.now()
    abandoned = OutboxMessage.objects.filter(state=MailState.SENDING, leased_until__lt=at)
    abandoned.filter(safe_to_repeat=True).update(state=MailState.WAITING, next_at=at, leased_until=None)
    abandoned.filter(safe_to_repeat=False).update(
        state=MailState.UNCERTAIN, leased_until=None, last_error="The sender was stopped while sending."
    )


def send(pk: int) -> bool:
    """Claim one message and try to send it; True when the mail server took it."""
    at = clock.now()
    claimed = OutboxMessage.objects.filter(pk=pk, state=MailState.WAITING, next_at__lte=at).update(
        state=MailState.SENDING, attempts=F("attempts") + 1, leased_until=at + LEASE
    )
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=pk)
    state, error = _hand_over(message)
    if state == MailState.WAITING and message.attempts >= LAST_ATTEMPT:
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
        **({"text": "", "html": ""} if state in (MailState.SENT, MailState.FAILED) else {}),
    )
    if error:
        log.warning("Mail %s (%s) is %s: %s", pk, message.kind, state, error)
    return state == MailState.SENT


def _hand_over(message: OutboxMessage) -> tuple[MailState, str]:
    """Give a message to the mail server: its new state, and what went wrong."""
    unknown = MailState.WAITING if message.safe_to_repeat else MailState.UNCERTAIN
    connection = mailers[TRANSPORT]
    try:
        email = _as_email(message)
        email.message()
    except Exception as error:  # whatever it is, this message can never be written
        return MailState.FAILED, _sentence(error)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return MailState.WAITING, _sentence(error)
    try:
        connection.send_messages([email])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        return MailState.FAILED if _is_final(error) else MailState.WAITING, _sentence(error)
    except (OSError, smtplib.SMTPException) as error:
        return unknown, _sentence(error)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.close()
    return MailState.SENT, ""


def _as_email(message: OutboxMessage) -> EmailMultiAlternatives:
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [message.recipient],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    return email


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
