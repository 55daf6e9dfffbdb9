"""Holding a meeting: begun, closed with what it leaves behind, and opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, State
from steadyhand.comms.actions import promise_actions
from steadyhand.comms.interactions import log_interaction, remove_interactions
from steadyhand.comms.meetings.planning import ABOUT
from steadyhand.comms.meetings.rights import refuse_strangers
from steadyhand.comms.models import Channel, Direction, Meeting
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: Minutes a meeting may last before we doubt that somebody merely forgot to close it.
PLAUSIBLE = 480


@transaction.atomic
def begin_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """People are in the room: the clock runs."""
    row = _locked(meeting, by)
    _refuse_off(row)
    if row.closed_at is not None:
        raise Refusal("It has been held already.", remedy="Open it again to write more.")
    if row.began_at is None:
        row.began_at = clock.now()
        row.save(update_fields=["began_at"])
        _record("meeting.begun", row, by=by)
    return row


@transaction.atomic
def close_meeting(
    meeting: Meeting,
    *,
    by: Actor,
    minutes: int | None = None,
    summary: str = "",
    batch: UUID | None = None,
) -> Meeting:
    """It has been held: its promise is kept, its actions become promises, and with a client it is logged
    once, with the minutes it took (since it was begun, or as planned)."""
    row = _locked(meeting, by)
    _refuse_off(row)
    if row.closed_at is not None:
        raise Refusal("It is closed already.")
    at = clock.now()
    if row.began_at is None and row.starts_at > at:
        raise Refusal("It is still to come.", remedy="Begin it, or close it once it has been held.")
    took = minutes if minutes is not None else _took(row)
    if not 0 <= took <= 960:
        raise Refusal(f"It took {took} minutes?", remedy="Say how long it took, in minutes.", field="minutes")
    batch = batch or uuid4()
    row.closed_at = at
    row.began_at = row.began_at or row.starts_at
    if row.client is not None:
        row.interaction = log_interaction(
            row.client,
            Channel.MEETING,
            by=by,
            at=row.began_at,
            contact=_first_contact(row),
            member=row.led_by,
            direction=Direction.OUT,
            summary=summary.strip() or row.title,
            body="\n\n".join(_written(row)),
            minutes=took,
            source="meeting",
            batch=batch,
        )
    row.save(update_fields=["closed_at", "began_at", "interaction"])
    promised = promise_actions(row, by=by, default_owner=row.led_by, batch=batch)
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, at=at, evidence=(ABOUT, row.pk), batch=batch)
    _record("meeting.closed", row, by=by, batch=batch, minutes=took, actions=len(promised))
    return row


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, by: Actor) -> Meeting:
    """It was closed by mistake, or something was forgotten. What was promised in it stays promised."""
    row = _locked(meeting, by)
    if row.closed_at is None:
        raise Refusal("It is not closed.")
    batch = uuid4()
    logged = row.interaction_id
    row.closed_at, row.interaction = None, None
    row.save(update_fields=["closed_at", "interaction"])
    if logged is not None:
        remove_interactions([logged], by=by, batch=batch)
    if row.commitment is not None and row.commitment.state in (State.DONE, State.DONE_LATE):
        keeping.reopen(row.commitment, by=by, batch=batch)
    _record("meeting.reopened", row, by=by, batch=batch)
    return row


def _took(row: Meeting) -> int:
    if row.began_at is None:
        return row.minutes
    ran = round((clock.now() - row.began_at).total_seconds() / 60)
    return max(ran, 1) if ran <= PLAUSIBLE else row.minutes


def _written(row: Meeting) -> list[str]:
    entries = row.entries.exclude(text="").select_related("item")
    said = [f"{entry.item.title}\n{entry.text}" if entry.item else entry.text for entry in entries]
    decided = [f"Decided: {decision.text}" for decision in row.decisions.filter(dropped_at=None)]
    return [*said, *decided]


def _first_contact(row: Meeting) -> Contact | None:
    found = row.attendees.filter(contact__isnull=False, removed_at=None).select_related("contact").first()
    return found.contact if found is not None else None


def _locked(meeting: Meeting, by: Actor) -> Meeting:
    row = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("client", "led_by", "commitment")
        .get(pk=meeting.pk)
    )
    refuse_strangers(row, by)
    return row


def _refuse_off(row: Meeting) -> None:
    if row.cancelled_at is not None:
        raise Refusal(f"“{row.title}” was called off.", remedy="Take that back first.")


def _record(verb: str, row: Meeting, *, by: Actor, batch: UUID | None = None, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, title=row.title, **data)
