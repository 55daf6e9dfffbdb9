"""The tables of the ground floor."""

from steadyhand.core.models.agency import Agency, ClosedDay, ExchangeRate
from steadyhand.core.models.duty import DutyRun, Worker
from steadyhand.core.models.event import Audience, Event
from steadyhand.core.models.grant import Grant, GrantKind
from steadyhand.core.models.idempotent_reply import IdempotentReply
from steadyhand.core.models.outbox import AttemptOutcome, MailState, OutboxAttempt, OutboxMessage

__all__ = [
    "Agency",
    "AttemptOutcome",
    "Audience",
    "ClosedDay",
    "DutyRun",
    "Event",
    "ExchangeRate",
    "Grant",
    "GrantKind",
    "IdempotentReply",
    "MailState",
    "OutboxAttempt",
    "OutboxMessage",
    "Worker",
]
