"""The sender: claims mails by lease, tries each, and writes down every step before it counts.

    claim (commit) → begin an attempt (commit) → connect, name recipients, send the text
    → note “handing over” (commit) → end mark, answer → settle (commit) → tell the rooms above, many at once

Killed before handing over, a mail goes out again once the lease has run out; killed after, it is
uncertain. A sender that lost its lease finds its attempt closed when it wants to hand over, and stops.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction

from steadyhand.core import clock, outbox_rows
from steadyhand.core.mail_routes import way_out
from steadyhand.core.mail_server import Conversation, NoAnswer, NotTaken
from steadyhand.core.mail_text import bare
from steadyhand.core.models import AttemptOutcome, MailState, OutboxAttempt, OutboxMessage
from steadyhand.core.outbox_endings import ending, tell_settled
from steadyhand.core.outbox_limits import within_limits

log = logging.getLogger(__name__)

BATCH = 50
MAILS_A_CONNECTION = 100
STOPPED = "The sender was stopped before it handed the mail over."
STOPPED_LATE = "The sender was stopped while it handed the mail over."


def lease() -> dt.timedelta:
    """How long a sender may be silent."""
    return dt.timedelta(seconds=settings.MAIL_LEASE)


def send_waiting(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due; how many mails left. Any number of senders may run at once."""
    settle_abandoned()
    sender = Sender(is_stopping)
    try:
        while not is_stopping() and (batch := claim(sender.claim)):
            sender.deliver(batch)
            tell_settled()
    finally:
        sender.close()
    return sender.sent


def claim(token: str) -> list[OutboxMessage]:
    """Take a few due mails, the longest due first; their texts are read one by one later."""
    due = OutboxMessage.objects.filter(state=MailState.QUEUED, next_at__lte=clock.now())
    if not due.exists():  # a look costs other writers nothing
        return []
    with transaction.atomic():
        due = due.order_by("next_at", "pk").defer("text", "html", "mime")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        while found := list(due[:BATCH]):
            if batch := within_limits(found):
                break
        else:
            return []
        OutboxMessage.objects.filter(pk__in=[mail.pk for mail in batch]).update(
            state=MailState.SENDING, claim=token, leased_until=clock.now() + lease()
        )
    return sorted(batch, key=lambda mail: mail.route)


@dataclass(slots=True)
class Try:
    """An attempt at one mail, and how it went."""

    message: OutboxMessage
    attempt: int
    mime: bytes
    outcome: AttemptOutcome = AttemptOutcome.LATER
    answer: str = ""
    is_handing_over: bool = False


class LeaseLost(Exception):
    """Another sender has taken the mail from us."""


@dataclass
class Sender:
    """One pass through what is due, with one open way out for each route."""

    is_stopping: Callable[[], bool]
    claim: str = field(default_factory=lambda: f"{os.getpid()}-{uuid.uuid4().hex[:16]}")
    sent: int = 0
    _open: dict[str, tuple[Conversation, int]] = field(default_factory=dict)
    _closed: dict[str, str] = field(default_factory=dict)

    def deliver(self, batch: list[OutboxMessage]) -> None:
        """Try each mail on its own, so that a bad one holds up no other; give back what takes too long."""
        give_back_at = time.monotonic() + lease().total_seconds() / 2
        done: Try | None = None
        for mail in batch:
            if self.is_stopping() or time.monotonic() > give_back_at:
                break
            done = self._settle_and_begin(done, mail)
            if done:
                self._attempt(done)
        with transaction.atomic():
            self._settle(done)
            OutboxMessage.objects.filter(claim=self.claim, state=MailState.SENDING).update(
                state=MailState.QUEUED, claim="", leased_until=None
            )

    def close(self) -> None:
        """Leave every way out."""
        for conversation, _ in self._open.values():
            conversation.close()
        self._open.clear()

    @transaction.atomic
    def _settle_and_begin(self, done: Try | None, mail: OutboxMessage) -> Try | None:
        """Both in one commit; None when the lease on the next mail has run out."""
        self._settle(done)
        mail.attempts += 1
        at = clock.now()
        begun = outbox_rows.begin(mail.pk, mail.attempts, self.claim, at, at + lease())
        return Try(mail, *begun) if begun else None

    def _attempt(self, trying: Try) -> None:
        """Hand one mail over, and note how it went. Nothing is committed here but the handing over."""
        mail = trying.message
        try:
            conversation = self._way(mail.route)
            trying.answer = conversation.hand_over(
                bare(mail.sender), mail.recipients, trying.mime, lambda: self._note_handing_over(trying)
            )
            trying.outcome = AttemptOutcome.SENT
        except NotTaken as error:
            trying.outcome = AttemptOutcome.REFUSED if error.final else AttemptOutcome.LATER
            trying.answer = error.answer
            if not error.usable:
                self._drop(mail.route)
        except NoAnswer as error:
            trying.outcome, trying.answer = AttemptOutcome.UNKNOWN, str(error)
            self._drop(mail.route)
        except Exception as error:  # LeaseLost, a full disk: whatever it is, it is this mail's alone
            trying.outcome = AttemptOutcome.UNKNOWN if trying.is_handing_over else AttemptOutcome.LATER
            trying.answer = f"{type(error).__name__}: {error}"
            self._drop(mail.route)

    def _note_handing_over(self, trying: Try) -> None:
        if not outbox_rows.hand_over(trying.attempt, clock.now()):
            raise LeaseLost
        trying.is_handing_over = True

    def _way(self, route: str) -> Conversation:
        """The way out of that route, opened when needed; one that did not open stays closed this pass."""
        if route in self._closed:
            raise NotTaken(self._closed[route])
        conversation, used = self._open.get(route, (None, 0))
        if conversation is None or used >= MAILS_A_CONNECTION:
            self._drop(route)
            try:
                conversation, used = way_out(route), 0
            except NotTaken as error:
                if not error.final:
                    self._closed[route] = error.answer
                raise
        self._open[route] = (conversation, used + 1)
        return conversation

    def _drop(self, route: str) -> None:
        conversation, _ = self._open.pop(route, (None, 0))
        if conversation:
            conversation.close()

    def _settle(self, done: Try | None) -> None:
        if done is None:
            return
        settled = settle(done.message, done.attempt, done.outcome, done.answer)
        self.sent += settled and done.outcome == AttemptOutcome.SENT


def settle(mail: OutboxMessage, attempt: int, outcome: AttemptOutcome, answer: str) -> bool:
    """Write down how our own attempt ended; False when somebody else has decided about it before.

    A late answer still settles what was only uncertain. Must run inside a transaction.
    """
    end = ending(outcome, answer, mail)
    closed = outbox_rows.close(attempt, clock.now(), outcome, answer)
    if not closed or not outbox_rows.settle(mail.pk, mail.attempts, end):
        return False
    mail.state, mail.last_error = end.state, end.error
    if mail.state != MailState.SENT:
        log.warning("Mail %s (%s) is %s: %s", mail.pk, mail.kind, mail.state, mail.last_error)
    return True


def settle_abandoned() -> None:
    """Decide about mails whose sender fell silent: what was not handed over leaves again.

    What a sender had settled and not told any more is told here.
    """
    at = clock.now()
    abandoned = OutboxMessage.objects.filter(state=MailState.SENDING, leased_until__lt=at)
    for mail in abandoned.defer("text", "html", "mime"):
        with transaction.atomic():
            _settle_abandoned(mail)
    tell_settled()


def _settle_abandoned(mail: OutboxMessage) -> None:
    attempt = mail.attempt_log.filter(number=mail.attempts, ended_at=None).first()
    if attempt is None:  # claimed, but nothing was tried
        unbegun = OutboxMessage.objects.filter(pk=mail.pk, claim=mail.claim, leased_until=mail.leased_until)
        unbegun.filter(state=MailState.SENDING).update(state=MailState.QUEUED, claim="", leased_until=None)
        return
    unhanded = OutboxAttempt.objects.filter(pk=attempt.pk, handing_over_at=None, ended_at=None)
    # The lock this takes decides between us and a sender that is about to hand over after all.
    if unhanded.update(outcome=AttemptOutcome.CUT_OFF):
        settle(mail, attempt.pk, AttemptOutcome.CUT_OFF, STOPPED)
    elif OutboxAttempt.objects.filter(pk=attempt.pk, ended_at=None).exists():
        settle(mail, attempt.pk, AttemptOutcome.UNKNOWN, STOPPED_LATE)
