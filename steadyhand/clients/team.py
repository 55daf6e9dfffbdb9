"""The account team: who leads, who helps, who sponsors. Its verbs keep the access table."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from steadyhand.clients.models import Access, Assignment, Client, Level, Position, Stage
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

SINGLE = (Position.LEAD, Position.SPONSOR)


@transaction.atomic
def assign(
    client: Client, member: Member, position: Position, *, by: Actor, batch: UUID | None = None
) -> Assignment:
    """Put somebody on the account team. A new lead or sponsor takes the old one's place.

    The old lead stays on as support so that nobody loses a client from view by surprise.
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.stage in (Stage.ENDED, Stage.MERGED):
        raise Refusal(f"{client.name} is no longer looked after.", remedy="Choose a live client.")
    if member.state == MemberState.LEFT:
        raise Refusal(
            f"{member.name} has left the agency.", remedy="Choose somebody who is here.", field="member"
        )
    today = Agency.get().today()
    running = client.team.filter(until=None)
    same = running.filter(member=member, position=position).first()
    if same is not None:
        return same
    before = running.filter(position=position).first() if position in SINGLE else None
    if before is not None:
        _end(before, today)
    if position == Position.LEAD:
        running.filter(member=member, position=Position.SUPPORT).update(until=today)
    if before is not None and position == Position.LEAD and before.member.state != MemberState.LEFT:
        Assignment.objects.get_or_create(
            client=client,
            member=before.member,
            position=Position.SUPPORT,
            until=None,
            defaults={"since": today},
        )
    assignment = Assignment.objects.create(client=client, member=member, position=position, since=today)
    _settle_access(client, *(m for m in (member, before.member if before else None) if m))
    events.record(
        "client.team_changed",
        by=by,
        client_id=client.pk,
        subject=client,
        batch=batch,
        position=str(position),
        member=member.name,
        member_id=member.pk,
        instead_of=before.member.name if before else "",
    )
    return assignment


@transaction.atomic
def unassign(assignment: Assignment, *, by: Actor) -> None:
    """Take somebody off the account team."""
    client = Client.objects.select_for_update().get(pk=assignment.client_id)
    assignment = client.team.select_related("member").get(pk=assignment.pk)
    if assignment.until is not None:
        return
    _end(assignment, Agency.get().today())
    _settle_access(client, assignment.member)
    events.record(
        "client.team_changed",
        by=by,
        client_id=client.pk,
        subject=client,
        position=str(assignment.position),
        member="",
        member_id=None,
        instead_of=assignment.member.name,
    )


def hand_over_clients(leaver: Member, heir: Member, *, by: Actor, batch: UUID | None = None) -> int:
    """Every position of one member goes to another; how many clients that were."""
    running = Assignment.objects.filter(member=leaver, until=None).select_related("client")
    clients = set()
    for assignment in running:
        if assignment.position not in SINGLE:
            unassign(assignment, by=by)
        assign(assignment.client, heir, Position(assignment.position), by=by, batch=batch)
        clients.add(assignment.client_id)
    return len(clients)


def _end(assignment: Assignment, today: object) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(until=today)


def _settle_access(client: Client, *members: Member) -> None:
    """Make the access table say what the team says."""
    for member in members:
        positions = set(client.team.filter(member=member, until=None).values_list("position", flat=True))
        if not positions:
            Access.objects.filter(client=client, member=member).delete()
            continue
        level = Level.LOOK if positions == {Position.DELIVERY} else Level.FULL
        Access.objects.update_or_create(client=client, member=member, defaults={"level": level})
