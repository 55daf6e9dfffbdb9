"""Mail leaves through a row, written with its cause and sent later, so that neither exists without the other.

Every message ends in one visible state: sent, failed, cancelled, or *uncertain* (the mail server may
have taken it before we were killed or cut off). An uncertain one is never repeated by itself unless
repeating does no harm; a repeat keeps its Message-ID.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import DNS_NAME, make_msgid
from django.db import transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.mail_routes import route
from steadyhand.core.mail_text import Attachment, Draft, Unsendable, bare, compose, one_line
from steadyhand.core.models import MailState, OutboxMessage
from steadyhand.core.outbox_endings import FORGOTTEN, tell
from steadyhand.core.outbox_sending import send_waiting
from steadyhand.core.refusals import Refusal

__all__ = [
    "Attachment",
    "cancel",
    "confirm",
    "one_line",
    "post",
    "repeat",
    "retry",
    "route",
    "send_waiting",
]


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
        tell(message)
    return message


@transaction.atomic
def cancel(message: OutboxMessage, *, by: Actor) -> None:
    """Keep a queued mail from leaving. Refuses one that is on its way or has ended."""
    _change(
        message,
        MailState.QUEUED,
        "it cannot be cancelled",
        state=MailState.CANCELLED,
        last_error="",
        **FORGOTTEN,
    )
    tell(message, by=by)


@transaction.atomic
def repeat(message: OutboxMessage, *, by: Actor) -> None:
    """Send an uncertain mail once more, with the same Message-ID, so that mail programs show it once."""
    _queue_again(message, MailState.UNCERTAIN, "it is not sent again")
    _record("mail.repeated", message, by=by)


@transaction.atomic
def confirm(message: OutboxMessage, *, by: Actor) -> None:
    """Somebody knows that an uncertain mail has arrived: it counts as sent."""
    _change(
        message,
        MailState.UNCERTAIN,
        "nobody needs to say whether it arrived",
        state=MailState.SENT,
        sent_at=clock.now(),
        **FORGOTTEN,
    )
    tell(message, by=by)


@transaction.atomic
def retry(message: OutboxMessage, *, by: Actor) -> None:
    """Try a failed mail again, with the same Message-ID, once what stood in its way is mended."""
    _queue_again(message, MailState.FAILED, "only a failed one can be tried again")
    _record("mail.retried", message, by=by)


def _change(message: OutboxMessage, was: MailState, refusal: str, **values: Any) -> None:
    """Change a mail that is in this state; refuses, in a sentence, when it is not (any more)."""
    changed = OutboxMessage.objects.filter(pk=message.pk, state=was).update(**values)
    message.refresh_from_db()
    if not changed:
        raise Refusal(
            f"The mail to {message.recipient} is {message.get_state_display()}: {refusal}.",
            remedy="Reload the page to see where it is now.",
        )


def _queue_again(message: OutboxMessage, state: MailState, refusal: str) -> None:
    _change(message, state, refusal, state=MailState.QUEUED, next_at=clock.now(), last_error="")
    if not message.mime:
        raise Refusal(
            f"The text of the mail to {message.recipient} is not kept any more.",
            remedy="Write it anew where it came from.",
        )


def _record(verb: str, message: OutboxMessage, *, by: Actor) -> None:
    events.record(
        verb,
        by=by,
        client_id=message.client_id,
        subject=message,
        about_type=message.about_type,
        about_id=message.about_id,
        kind=message.kind,
        recipient=message.recipient,
    )
