"""Honest timelines: asked of whoever leads the channel, given before anything is promised (O4, S17)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client, Service
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import Timeline
from steadyhand.delivery.rights import in_working_days, refuse_strangers
from steadyhand.people.models import Member, MemberState

#: What the promise to give a timeline is about, and the only evidence that keeps it.
ABOUT = "delivery.timeline"
#: Working days that a channel lead has to think.
ASKED_WITHIN = 1


@transaction.atomic
def ask_for_timeline(
    client: Client, title: str, *, by: Actor, asked_of: Member, service: Service | None = None
) -> Timeline:
    """Ask whoever leads the channel when this can be ready: their promise for the next working day."""
    refuse_strangers(client.pk, by)
    _check(client, title, service)
    if asked_of.state == MemberState.LEFT:
        raise Refusal(
            f"{asked_of.name} has left.", remedy="Choose a colleague who is here.", field="asked_of"
        )
    batch = uuid4()
    row = Timeline.objects.create(
        client=client,
        service=service,
        title=title.strip()[:200],
        asked_of=asked_of,
        asked_by=by.name,
        made_at=clock.now(),
    )
    row.asking = keeping.promise(
        client,
        f"Say when it can be ready: {row.title}"[:200],
        by=by,
        owner=asked_of,
        due_on=in_working_days(client, ASKED_WITHIN),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, row.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    row.save(update_fields=["asking"])
    _record("timeline.asked", row, by=by, batch=batch, of=asked_of.name)
    return row


@transaction.atomic
def give_timeline(
    client: Client,
    title: str,
    *,
    ready_on: dt.date,
    given_by: Member,
    by: Actor,
    service: Service | None = None,
    note: str = "",
) -> Timeline:
    """Write down what a channel lead said unasked: in a kickoff, in the corridor."""
    refuse_strangers(client.pk, by)
    _check(client, title, service)
    row = Timeline.objects.create(
        client=client, service=service, title=title.strip()[:200], made_at=clock.now()
    )
    return _given(row, ready_on, given_by, note, by)


@transaction.atomic
def answer_timeline(
    timeline: Timeline, ready_on: dt.date, *, by: Actor, given_by: Member | None = None, note: str = ""
) -> Timeline:
    """The day on which it can honestly be ready. Said by who was asked, or written down for them."""
    row = _awaited(timeline, by)
    giver = given_by or (Member.objects.filter(pk=by.member_id).first() if by.member_id else row.asked_of)
    if giver is None:
        raise Refusal("Say who gave the timeline.", field="given_by")
    return _given(row, ready_on, giver, note, by)


@transaction.atomic
def drop_timeline(timeline: Timeline, *, by: Actor, reason: str) -> Timeline:
    """It is not needed any more."""
    row = _awaited(timeline, by)
    if not reason.strip():
        raise Refusal("Say why it is not needed.", remedy="One sentence.", field="reason")
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.asking is not None and row.asking.state in OWED:
        keeping.waive(row.asking, by=by, reason=reason, batch=batch)
    _record("timeline.dropped", row, by=by, batch=batch, reason=reason.strip())
    return row


def _given(row: Timeline, ready_on: dt.date, giver: Member, note: str, by: Actor) -> Timeline:
    if ready_on < clock.today(row.client.zone):
        raise Refusal(f"{ready_on:%-d %B %Y} is over.", remedy="Name a day to come.", field="ready_on")
    batch = uuid4()
    row.ready_on, row.given_by, row.given_at, row.note = ready_on, giver, clock.now(), note.strip()[:300]
    row.save(update_fields=["ready_on", "given_by", "given_at", "note"])
    if row.asking is not None and row.asking.state in OWED:
        keeping.complete(row.asking, by=by, note=row.note, evidence=(ABOUT, row.pk), batch=batch)
    _record("timeline.given", row, by=by, batch=batch, giver=giver.name, ready_on=ready_on)
    return row


def _check(client: Client, title: str, service: Service | None) -> None:
    if not title.strip():
        raise Refusal("Say what for.", remedy="Name the deliverable.", field="title")
    if service is not None and service.engagement.client_id != client.pk:
        raise Refusal("That service belongs to another client.", field="service")


def _awaited(timeline: Timeline, by: Actor) -> Timeline:
    rows = Timeline.objects.select_for_update(of=("self",)).select_related("client", "asking", "asked_of")
    row = rows.get(pk=timeline.pk)
    is_asked = by.member_id is not None and by.member_id == row.asked_of_id
    if not is_asked and not may_act_for(row.client_id, by):
        raise NotYours("That was not asked of you.", remedy="Ask whoever leads the channel.")
    if row.given_at is not None or row.dropped_at is not None:
        raise Refusal("That timeline is settled already.")
    return row


def _record(verb: str, row: Timeline, *, by: Actor, batch: UUID, **data: Any) -> None:
    events.record(verb, by=by, client_id=row.client_id, subject=row, batch=batch, title=row.title, **data)
