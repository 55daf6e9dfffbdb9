"""The account team: who leads, who helps, who sponsors. Its verbs keep the access table."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from steadyhand.clients.models import Access, Assignment, Client, Level, Position, Stage
from steadyhand.core import events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Event
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
    before = (
        running.filter(position=position).select_related("member").first() if position in SINGLE else None
    )
    if before is not None:
        _end(before, today)
    helped = 0
    if position == Position.LEAD:
        helped = running.filter(member=member, position=Position.SUPPORT).update(until=today)
    if before is not None and position == Position.LEAD and before.member.state != MemberState.LEFT:
        Assignment.objects.get_or_create(
            client=client,
            member=before.member,
            position=Position.SUPPORT,
            until=None,
            defaults={"since": today},
        )
    assignment = Assignment.objects.create(client=client, member=member, position=position, since=today)
    settle_access(client, *(m for m in (member, before.member if before else None) if m))
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
        instead_of_id=before.member_id if before else None,
        helped=bool(helped),
    )
    return assignment


@transaction.atomic
def unassign(assignment: Assignment, *, by: Actor, batch: UUID | None = None) -> None:
    """Take somebody off the account team."""
    client = Client.objects.select_for_update().get(pk=assignment.client_id)
    assignment = client.team.select_related("member").get(pk=assignment.pk)
    if assignment.until is not None:
        return
    _end(assignment, Agency.get().today())
    settle_access(client, assignment.member)
    events.record(
        "client.team_changed",
        by=by,
        client_id=client.pk,
        subject=client,
        batch=batch,
        position=str(assignment.position),
        member="",
        member_id=None,
        instead_of=assignment.member.name,
        instead_of_id=assignment.member_id,
    )


@transaction.atomic
def take_back(batch: UUID, *, by: Actor) -> int:
    """Undo a batch of changes to account teams: everybody is back in the place they had. How many clients.

    What somebody changed since then is left alone, and so is what others did to clients that one may not
    change. One's own change is undone also where it took the client from one's view.
    """
    theirs_to_undo = Q(actor_kind=by.kind, actor_id=by.id) | Q(
        client_id__in=Client.objects.in_full(by).values("pk")
    )
    batched = Event.objects.filter(batch=batch, verb="client.team_changed")
    changes = batched.filter(theirs_to_undo).order_by("-id")
    undone = uuid4()
    clients = Client.objects.in_bulk([event.client_id for event in changes])
    touched = set()
    for event in changes:
        client = clients.get(event.client_id or 0)
        if client is not None and client.stage == Stage.LIVE and _put_back(client, event.data, by, undone):
            touched.add(client.pk)
    return len(touched)


def _put_back(client: Client, change: dict[str, Any], by: Actor, batch: UUID) -> bool:
    """One change of a team, the other way round; False where it does not stand any more."""
    position = Position(change["position"])
    before = Member.objects.here().filter(pk=change.get("instead_of_id") or 0).first()
    if change["member_id"] is not None:
        standing = client.team.filter(member=change["member_id"], position=position, until=None).first()
        if standing is None:
            return False
        unassign(standing, by=by, batch=batch)
        if change.get("helped"):
            helper = Member.objects.here().filter(pk=change["member_id"]).first()
            if helper is not None:
                assign(client, helper, Position.SUPPORT, by=by, batch=batch)
    if before is not None:
        assign(client, before, position, by=by, batch=batch)
    return True


def hand_over_clients(leaver: Member, heir: Member, *, by: Actor, batch: UUID | None = None) -> int:
    """Every position of one member goes to another; how many clients that were."""
    running = Assignment.objects.filter(member=leaver, until=None).select_related("client")
    clients = set()
    for assignment in running:
        if assignment.position not in SINGLE:
            unassign(assignment, by=by, batch=batch)
        assign(assignment.client, heir, Position(assignment.position), by=by, batch=batch)
        clients.add(assignment.client_id)
    return len(clients)


def _end(assignment: Assignment, today: object) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(until=today)


def settle_access(client: Client, *members: Member) -> None:
    """Make the access table say what the team says."""
    for member in members:
        positions = set(client.team.filter(member=member, until=None).values_list("position", flat=True))
        if not positions:
            Access.objects.filter(client=client, member=member).delete()
            continue
        level = Level.LOOK if positions == {Position.DELIVERY} else Level.FULL
        Access.objects.update_or_create(client=client, member=member, defaults={"level": level})
