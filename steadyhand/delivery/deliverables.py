"""Deliverables: an honest timeline first, then the promise, what moves it, and the handing over (S17, O4)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from steadyhand.clients.models import Client, Service
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Deliverable, DeliverableMove, Timeline
from steadyhand.delivery.rights import lead_of, refuse_strangers
from steadyhand.people.models import Member

#: What the promise of a deliverable is about, and the only evidence that keeps it.
ABOUT = "delivery.deliverable"


@transaction.atomic
def promise_deliverable(
    client: Client,
    title: str,
    *,
    due_on: dt.date,
    by: Actor,
    service: Service | None = None,
    timeline: Timeline | None = None,
    reason: str = "",
    owner: Member | None = None,
    shared: bool = False,
) -> Deliverable:
    """Promise the client something by a day: on Today it is the promise of `owner`, or of who promises.

    Rests on a timeline that whoever leads the channel has given; without one, or for an earlier day than
    theirs, it is refused unless `reason` says why it is promised all the same (O4).
    """
    refuse_strangers(client.pk, by)
    if not title.strip():
        raise Refusal("Say what is promised.", remedy="Name the thing they will hold in hand.", field="title")
    if service is not None and service.engagement.client_id != client.pk:
        raise Refusal("That service belongs to another client.", field="service")
    _refuse_wishes(client, timeline, due_on, reason)
    member = Member.objects.filter(pk=by.member_id).first() if by.member_id is not None else None
    batch = uuid4()
    row = Deliverable.objects.create(
        client=client,
        service=service or (timeline.service if timeline else None),
        title=title.strip()[:200],
        first_due_on=due_on,
        due_on=due_on,
        timeline=timeline,
        reason=reason.strip()[:300],
        promised_by=member,
        promised_by_name=by.name,
        promised_at=clock.now(),
        shared_at=clock.now() if shared else None,
    )
    row.commitment = keeping.promise(
        client,
        f"Deliver: {row.title}"[:200],
        by=by,
        owner=owner or member or lead_of(client),
        due_on=due_on,
        kind=Kind.ACTION,
        internal=not shared,
        about=(ABOUT, row.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    row.save(update_fields=["commitment"])
    _record("deliverable.promised", row, by=by, batch=batch, due_on=due_on, reason=row.reason)
    return row


@transaction.atomic
def move_deliverable(deliverable: Deliverable, to_day: dt.date, *, by: Actor, reason: str) -> Deliverable:
    """It comes on another day, and why; the dates it had stay readable."""
    row = _owed(deliverable, by)
    if not reason.strip():
        raise Refusal("Say what moved it.", remedy="The client will ask; one sentence.", field="reason")
    if to_day == row.due_on:
        raise Refusal(f"It is promised for {to_day:%-d %B %Y} already.", field="to_day")
    batch = uuid4()
    note_move(row, to_day, reason, by=by, batch=batch)
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.move(row.commitment, to_day, by=by, reason=reason, batch=batch)
    return row


@transaction.atomic
def note_move(
    row: Deliverable, to_day: dt.date, reason: str, *, by: Actor, batch: UUID | None = None
) -> DeliverableMove:
    """Write down that the promised date is another one now; its promise is moved by somebody else."""
    made = DeliverableMove.objects.create(
        deliverable=row,
        from_day=row.due_on,
        to_day=to_day,
        reason=reason.strip()[:300],
        by_name=by.name,
        at=clock.now(),
    )
    row.due_on = to_day
    row.save(update_fields=["due_on"])
    _record(
        "deliverable.moved",
        row,
        by=by,
        batch=batch,
        from_day=made.from_day,
        to_day=to_day,
        reason=made.reason,
    )
    return made


@transaction.atomic
def deliver(deliverable: Deliverable, *, by: Actor, on: dt.date | None = None, note: str = "") -> Deliverable:
    """They have it, since `on` (today); the promise is kept, on time or late."""
    row = _owed(deliverable, by)
    today = clock.today(row.client.zone)
    day = on or today
    if day > today:
        raise Refusal("That day is still to come.", remedy="Say it once they have it.", field="on")
    batch = uuid4()
    row.delivered_on, row.delivered_note = day, note.strip()[:300]
    row.save(update_fields=["delivered_on", "delivered_note"])
    if row.commitment is not None and row.commitment.state in OWED:
        at = clock.now() if day == today else clock.midnight(day, row.client.zone) + dt.timedelta(hours=12)
        keeping.complete(row.commitment, by=by, at=at, note=note, evidence=(ABOUT, row.pk), batch=batch)
    _record("deliverable.delivered", row, by=by, batch=batch, on=day, late=row.is_late)
    return row


@transaction.atomic
def take_back_delivery(deliverable: Deliverable, *, by: Actor) -> Deliverable:
    """They do not have it after all: it is owed again."""
    row = _locked(deliverable, by)
    if row.delivered_on is None:
        raise Refusal("It has not been delivered.")
    batch = uuid4()
    row.delivered_on, row.delivered_note = None, ""
    row.save(update_fields=["delivered_on", "delivered_note"])
    if row.commitment is not None and row.commitment.completions.filter(undone_at=None).exists():
        keeping.reopen(row.commitment, by=by, batch=batch)
    _record("deliverable.taken_back", row, by=by, batch=batch)
    return row


@transaction.atomic
def share_deliverable(deliverable: Deliverable, *, by: Actor, shared: bool = True) -> Deliverable:
    """Show it to the client on their own pages and in their calendar, or keep it to ourselves again."""
    row = _locked(deliverable, by)
    if (row.shared_at is not None) == shared:
        raise Refusal("They see it already." if shared else "They do not see it.")
    row.shared_at = clock.now() if shared else None
    row.save(update_fields=["shared_at"])
    if row.commitment_id is not None:
        Commitment.objects.filter(pk=row.commitment_id).update(
            internal=not shared, sequence=F("sequence") + 1, changed_at=clock.now()
        )
    _record("deliverable.shared" if shared else "deliverable.unshared", row, by=by)
    return row


@transaction.atomic
def drop_deliverable(deliverable: Deliverable, *, by: Actor, reason: str) -> Deliverable:
    """It will not be delivered, for a reason that stays readable."""
    row = _owed(deliverable, by)
    if not reason.strip():
        raise Refusal("Say why it will not be delivered.", remedy="One sentence.", field="reason")
    batch = uuid4()
    note_drop(row, reason, by=by, batch=batch)
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=reason, batch=batch)
    return row


@transaction.atomic
def note_drop(row: Deliverable, reason: str, *, by: Actor, batch: UUID | None = None) -> None:
    """Write down that it will not be delivered; its promise is waived by somebody else."""
    row.dropped_at, row.drop_reason = clock.now(), reason.strip()[:300]
    row.save(update_fields=["dropped_at", "drop_reason"])
    _record("deliverable.dropped", row, by=by, batch=batch, reason=row.drop_reason)


@transaction.atomic
def restore_deliverable(deliverable: Deliverable, *, by: Actor) -> Deliverable:
    """It is owed after all."""
    row = _locked(deliverable, by)
    if row.dropped_at is None:
        raise Refusal("It is owed already.")
    batch = uuid4()
    row.dropped_at, row.drop_reason = None, ""
    row.save(update_fields=["dropped_at", "drop_reason"])
    if row.commitment is not None and row.commitment.waivers.filter(undone_at=None).exists():
        keeping.unwaive(row.commitment, by=by, batch=batch)
    _record("deliverable.restored", row, by=by, batch=batch)
    return row


def _refuse_wishes(client: Client, timeline: Timeline | None, due_on: dt.date, reason: str) -> None:
    """No promise without an honest timeline, and none for an earlier day, unless somebody says why."""
    if timeline is not None and timeline.client_id != client.pk:
        raise Refusal("That timeline was given for another client.", field="timeline")
    if reason.strip():
        return
    if timeline is None or timeline.ready_on is None:
        raise Refusal(
            "Nobody who leads the channel has said yet when this can be ready.",
            remedy="Ask them for a timeline first, or say why it is promised without one.",
            field="reason",
        )
    if due_on < timeline.ready_on:
        whose = timeline.given_by.name if timeline.given_by else "the channel lead"
        raise Refusal(
            f"{whose} expects it to be ready on {timeline.ready_on:%-d %B %Y}, not before.",
            remedy="Promise that day or a later one, or say why it is promised earlier.",
            field="due_on",
        )


def _locked(deliverable: Deliverable, by: Actor) -> Deliverable:
    rows = Deliverable.objects.select_for_update(of=("self",)).select_related("client", "commitment")
    row = rows.get(pk=deliverable.pk)
    is_owner = row.commitment is not None and by.member_id is not None
    if not (is_owner and row.commitment and row.commitment.owner_id == by.member_id):
        refuse_strangers(row.client_id, by)
    return row


def _owed(deliverable: Deliverable, by: Actor) -> Deliverable:
    row = _locked(deliverable, by)
    if row.delivered_on is not None:
        raise Refusal(f"They have it since {row.delivered_on:%-d %B %Y}.", remedy="Take that back first.")
    if row.dropped_at is not None:
        raise Refusal("It was dropped.", remedy="Restore it first.")
    return row


def _record(verb: str, row: Deliverable, *, by: Actor, batch: UUID | None = None, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, title=row.title, **data)
