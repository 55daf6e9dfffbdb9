"""What this room does when it hears of something below."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from steadyhand.clients.models import Engagement, Position, Service, Stage
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor, ActorKind
from steadyhand.core.events import react, react_in_bulk
from steadyhand.core.models import Event
from steadyhand.delivery import deliverables, strategies
from steadyhand.delivery.first_week import A_DAY, NEW_FOR, first_week
from steadyhand.delivery.models import (
    Bundle,
    Deliverable,
    Introduction,
    ServiceSetup,
    Strategy,
    Task,
    Term,
    Timeline,
)
from steadyhand.delivery.rights import lead_of
from steadyhand.delivery.setting_up import promise_tool_review
from steadyhand.delivery.work.merging import merge_work
from steadyhand.people.models import Member


@react_in_bulk("engagement.begun")
def engagements_begun(events: list[Event]) -> None:
    """Each service of a new engagement is to be set up; its lead looks through the project tool today."""
    begun = {event.subject_id or 0: event for event in events}
    since = clock.now().date() - NEW_FOR * A_DAY
    services = Service.objects.filter(engagement__in=begun, engagement__starts_on__gte=since)
    _open(services.select_related("engagement"))
    for engagement in _in_first_week(Engagement.objects.filter(pk__in=begun)):
        lead = lead_of(engagement.client)
        if lead is not None:
            promise_tool_review(engagement, lead, by=_actor(begun[engagement.pk]))


@react("engagement.service_added")
def service_added(event: Event) -> None:
    """A service added later is set up like the others."""
    _open(Service.objects.filter(pk=event.subject_id or 0, setup=None).select_related("engagement"))


@react_in_bulk("client.team_changed")
def leads_assigned(events: list[Event]) -> None:
    """Whoever comes to lead a client in its first week looks through the project tool the same day."""
    came = {
        event.client_id: event
        for event in events
        if event.data.get("position") == Position.LEAD and event.data.get("member_id") is not None
    }
    new = _in_first_week(Engagement.objects.filter(client__in=came, client__stage=Stage.LIVE))
    leads = Member.objects.here().in_bulk([event.data["member_id"] for event in came.values()]) if new else {}
    for engagement in new:
        event = came[engagement.client_id]
        if event.data["member_id"] in leads:
            promise_tool_review(engagement, leads[event.data["member_id"]], by=_actor(event))


@react("commitment.moved", "commitment.unmoved")
def promise_moved(event: Event) -> None:
    """A deliverable whose promise was moved on Today has that date, and the move stays readable."""
    row = _deliverable(event)
    if row is None or row.commitment is None or row.commitment.due_on == row.due_on:
        return
    reason = str(event.data.get("reason") or "") or "Moved on the list of promises, without a reason."
    deliverables.note_move(row, row.commitment.due_on, reason, by=_actor(event))


@react("commitment.waived", "commitment.unpromised")
def promise_waived(event: Event) -> None:
    """A deliverable whose promise is waived will not be delivered."""
    row = _deliverable(event)
    if row is not None and row.dropped_at is None:
        reason = str(event.data.get("reason") or "") or "Its promise was taken back."
        deliverables.note_drop(row, reason, by=_actor(event))


@react("client.merged")
def clients_merged(event: Event) -> None:
    """What the husk had is the kept client's; where both have a strategy, the kept one's is the newer."""
    husk, kept = event.data["husk_id"], event.client_id
    assert kept is not None  # noqa: S101
    merge_work(husk=husk, kept=kept)
    for table in (ServiceSetup, Task, Timeline, Deliverable, Introduction, Term, Bundle):
        table.objects.filter(client_id=husk).update(client_id=kept)
    theirs = Strategy.objects.filter(client_id=husk).first()
    ours = Strategy.objects.filter(client_id=kept).first()
    if theirs is not None and ours is not None:
        strategies.join_versions(theirs, ours)
    elif theirs is not None:
        Strategy.objects.filter(pk=theirs.pk).update(client_id=kept)


def _in_first_week(engagements: models.QuerySet[Engagement]) -> list[Engagement]:
    """Those of them whose first week is not over, with their clients."""
    since = clock.now().date() - first_week().days * A_DAY
    return list(engagements.filter(starts_on__gt=since).select_related("client"))


def _open(services: Iterable[Service]) -> None:
    now = clock.now()
    rows = [
        ServiceSetup(client_id=service.engagement.client_id, service=service, made_at=now)
        for service in services
    ]
    ServiceSetup.objects.bulk_create(rows, batch_size=500)


def _deliverable(event: Event) -> Deliverable | None:
    about = Commitment.objects.filter(pk=event.subject_id or 0, about_type=deliverables.ABOUT)
    number = about.values_list("about_id", flat=True).first()
    rows = Deliverable.objects.select_for_update(of=("self",)).select_related("commitment", "client")
    return rows.filter(pk=number).first() if number else None


def _actor(event: Event) -> Actor:
    """Who did what is reacted to; the promise is theirs to have made."""
    return Actor(ActorKind(event.actor_kind), event.actor_id, event.actor_name)
