"""Writing to a client: drafted, queued to leave or to be reviewed first, taken back while it can be (S8)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from steadyhand.comms.mail.drafting import (
    WRITABLE,
    check_sendable,
    draft_message,
    locked,
    refuse_unless_as_read,
    save_draft,
)
from steadyhand.comms.mail.rendering import as_html
from steadyhand.comms.mail.reviewing import submit, withdraw, writer_under_review
from steadyhand.comms.mail.sending import leaves_at, post
from steadyhand.comms.models import Message, MessageState
from steadyhand.core import clock, events, outbox
from steadyhand.core.actor import Actor
from steadyhand.core.models import OutboxMessage
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

__all__ = ["cancel_message", "draft_message", "queue_message", "save_draft", "say_arrived", "send_again"]


def queue_message(
    message: Message,
    *,
    by: Actor,
    send_at: dt.datetime | None = None,
    at_once: bool = False,
    reviewer: Member | None = None,
) -> Message:
    """Let it leave: at `send_at` (aware), else at once or after the delay in which it can be taken back.

    An important mail of somebody under review goes to `reviewer` (their manager, or the client's sponsor)
    first: its state is then “in review”. Refuses a mail to nobody, without words, with gaps, or that tells
    a client we do not know; nothing is rendered inside the transaction.
    """
    check_sendable(message)
    html = as_html(message.subject, message.text, message.member)
    with transaction.atomic():
        row = locked(message, by)
        refuse_unless_as_read(row, message)
        if row.state not in WRITABLE:
            raise Refusal(f"“{row}” is {row.get_state_display()} already.")
        writer = writer_under_review(row, by)
        if writer is not None:
            return submit(row, writer, by=by, send_at=send_at, reviewer=reviewer)
        post(row, html, leaves_at(send_at, at_once=at_once))
        events.record(
            "message.queued",
            by=by,
            client_id=row.client_id,
            subject=row,
            title=row.subject,
            to=row.to,
            send_at=row.send_at,
        )
    return row


@transaction.atomic
def cancel_message(message: Message, *, by: Actor) -> Message:
    """Take it back: a draft is put away, one in review is withdrawn, a queued one does not leave.

    It can be taken up again by writing on it.
    """
    row = locked(message, by)
    if row.state == MessageState.IN_REVIEW:
        return withdraw(row, by=by)
    if row.state == MessageState.QUEUED and row.outbox is not None:
        outbox.cancel(row.outbox, by=by)  # its event, mail.cancelled, is the act's
        row.refresh_from_db()
    elif row.state == MessageState.DRAFT:
        events.record("message.put_away", by=by, client_id=row.client_id, subject=row, title=row.subject)
    else:
        raise Refusal(
            f"“{row}” is {row.get_state_display()}: it cannot be taken back.",
            remedy="Only what has not left can be.",
        )
    row.state, row.send_at, row.changed_at = MessageState.CANCELLED, None, clock.now()
    row.save(update_fields=["state", "send_at", "changed_at"])
    return row


@transaction.atomic
def send_again(message: Message, *, by: Actor) -> Message:
    """One that may not have arrived leaves once more, with the same Message-ID."""
    row = _uncertain(message, by)
    outbox.repeat(row, by=by)
    return _read_again(message)


@transaction.atomic
def say_arrived(message: Message, *, by: Actor) -> Message:
    """They have it: one that was uncertain counts as sent."""
    row = _uncertain(message, by)
    outbox.confirm(row, by=by)
    return _read_again(message)


def _uncertain(message: Message, by: Actor) -> OutboxMessage:
    row = locked(message, by)
    if row.state != MessageState.UNCERTAIN or row.outbox is None:
        raise Refusal(f"“{row}” is {row.get_state_display()}: there is nothing to settle.")
    return row.outbox


def _read_again(message: Message) -> Message:
    message.refresh_from_db()
    return message
