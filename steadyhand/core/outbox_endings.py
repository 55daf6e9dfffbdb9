"""How a mail's life goes on after an attempt, and what the rooms above hear of its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.duties import duty
from steadyhand.core.events import Happening
from steadyhand.core.models import AttemptOutcome, MailState, OutboxMessage

OUTBOX = Actor.system("outbox")
FIRST_RETRY = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=2)
LAST_ATTEMPT = 30  # with these pauses about two days after the first
TOLD_AT_ONCE = 200
KEPT = dt.timedelta(days=14)  # how long a mail that has not arrived can be sent again

FORGOTTEN: dict[str, Any] = {"text": "", "html": "", "mime": b""}

ENDINGS = {
    MailState.SENT: "mail.sent",
    MailState.FAILED: "mail.failed",
    MailState.CANCELLED: "mail.cancelled",
    MailState.UNCERTAIN: "mail.uncertain",
}


def state_after(outcome: AttemptOutcome, message: OutboxMessage) -> MailState:
    """Where a mail is after an attempt that ended so; `message.attempts` counts that attempt."""
    if outcome == AttemptOutcome.SENT:
        return MailState.SENT
    if outcome == AttemptOutcome.REFUSED:
        return MailState.FAILED
    if outcome == AttemptOutcome.UNKNOWN and not message.safe_to_repeat:
        return MailState.UNCERTAIN
    return MailState.FAILED if message.attempts >= LAST_ATTEMPT else MailState.QUEUED


def pause_after(outcome: AttemptOutcome, attempts: int) -> dt.timedelta:
    """How long until the next attempt: none where we were stopped ourselves, else longer each time."""
    if outcome == AttemptOutcome.CUT_OFF:
        return dt.timedelta()
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_RETRY * doublings, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Ending:
    """What an attempt changes in its mail."""

    state: MailState
    error: str
    next_at: dt.datetime
    sent_at: dt.datetime | None
    forgets: bool
    is_news: bool


def ending(outcome: AttemptOutcome, answer: str, message: OutboxMessage) -> Ending:
    """Where a mail is after that attempt.

    Text is forgotten once the mail is sent. A failed one keeps it for a while where somebody can try
    again; codes and links, which concern no client and belong to nothing, are forgotten at once.
    """
    at, state = clock.now(), state_after(outcome, message)
    return Ending(
        state=state,
        error=answer[:500],
        next_at=at + pause_after(outcome, message.attempts),
        sent_at=at if state == MailState.SENT else None,
        forgets=state == MailState.SENT or (state == MailState.FAILED and not message.tells),
        is_news=state in ENDINGS and message.tells,
    )


def tell(message: OutboxMessage, *, by: Actor = OUTBOX) -> None:
    """Record how a mail ended, for the rooms above: the mail of a client, or that something asked about."""
    if MailState(message.state) not in ENDINGS or not message.tells:
        return
    events.record_all([_happening(message)], by=by)


def tell_settled() -> None:
    """Record how mails ended that the sender has settled: many in one transaction, each once.

    Killed before, the next sender's first act is this.
    """
    while True:
        with transaction.atomic():
            rows = OutboxMessage.objects.filter(untold=True).defer("text", "html", "mime").order_by("pk")
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            found = list(rows[:TOLD_AT_ONCE])
            if not found:
                return
            OutboxMessage.objects.filter(pk__in=[mail.pk for mail in found]).update(untold=False)
            ended = [mail for mail in found if MailState(mail.state) in ENDINGS]
            events.record_all([_happening(mail) for mail in ended], by=OUTBOX)


def _happening(message: OutboxMessage) -> Happening:
    data = {
        "about_type": message.about_type,
        "about_id": message.about_id,
        "kind": message.kind,
        "recipient": message.recipient,
        "error": message.last_error,
    }
    return Happening(ENDINGS[MailState(message.state)], message.client_id, message, data=data)


@duty("outbox.forget", every=dt.timedelta(hours=6))
def forget_texts() -> int:
    """Forget what mails said that failed or may have arrived two weeks ago; how many."""
    old = OutboxMessage.objects.filter(
        state__in=(MailState.FAILED, MailState.UNCERTAIN), next_at__lt=clock.now() - KEPT
    )
    return old.exclude(mime=b"").update(**FORGOTTEN)
