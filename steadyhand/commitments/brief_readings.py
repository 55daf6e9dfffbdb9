"""Whoever takes a client over promises to read the brief, and keeps it by saying so (O8)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import BriefReading, Client, Position, Stage
from steadyhand.commitments import keeping
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Event
from steadyhand.people.models import Member

#: What the promise is about, and the only evidence that keeps it.
ABOUT = "clients.client"
READING = BriefReading._meta.label_lower

KEEPER = Actor.system("brief")


@transaction.atomic
def ask_to_read(client: Client, lead: Member, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """The new lead owes reading the brief by the next working day; asked once while it is owed."""
    owed = _owed_by(client.pk, lead.pk)
    if owed:
        return owed[0]
    return keeping.promise(
        client,
        f"Read the brief of {client.name}, and say that you have",
        by=by,
        owner=lead,
        due_on=working_days(client).add_working(clock.today(client.zone), 1),
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, client.pk),
        closes_with=READING,
        batch=batch,
    )


def client_was_taken_over(event: Event) -> None:
    """The new lead is asked to read the brief, where there was one before; the old one no longer is."""
    before = event.data.get("instead_of_id")
    if event.data["position"] != Position.LEAD or event.client_id is None or before is None:
        return
    for promise in _owed_by(event.client_id, before):
        keeping.unpromise(promise, by=KEEPER, batch=event.batch)
    client = Client.objects.get(pk=event.client_id)
    if event.data["member_id"] and client.stage == Stage.LIVE:
        lead = Member.objects.get(pk=event.data["member_id"])
        ask_to_read(client, lead, by=KEEPER, batch=event.batch)


def brief_was_read(event: Event) -> None:
    """The promise is kept by what it asks for."""
    for promise in _owed_by(event.client_id, event.actor_id):
        keeping.complete(promise, by=KEEPER, evidence=(READING, event.subject_id or 0), batch=event.batch)


def brief_was_not_read(event: Event) -> None:
    """They have not read it after all, and owe it again."""
    kept = _readings(event.client_id, event.actor_id).filter(state__in=[State.DONE, State.DONE_LATE])
    for promise in kept:
        keeping.reopen(promise, by=KEEPER, batch=event.batch)


def _owed_by(client_id: int | None, member_id: int | None) -> list[Commitment]:
    return list(_readings(client_id, member_id).filter(state__in=OWED))


def _readings(client_id: int | None, member_id: int | None) -> CommitmentQuerySet:
    return Commitment.objects.filter(client=client_id, owner=member_id, about_type=ABOUT, closes_with=READING)
