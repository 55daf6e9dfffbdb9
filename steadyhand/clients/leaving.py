"""Somebody leaves the agency, and somebody else takes over their clients."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from steadyhand.clients.models import Assignment, Position
from steadyhand.clients.team import hand_over_clients, unassign
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.models import Member, MemberState


def clients_led(member: Member) -> int:
    """How many clients would be without a lead."""
    return Assignment.objects.filter(member=member, until=None, position=Position.LEAD).count()


@transaction.atomic
def leave(member: Member, heir: Member | None, *, by: Actor) -> int:
    """The member leaves at once; the heir, if any, takes every place they had. How many clients that were."""
    if heir is None and (led := clients_led(member)):
        raise Refusal(
            f"{member.name} leads {led} client{'s' if led > 1 else ''}.",
            remedy="Choose who takes over.",
            field="heir",
        )
    if heir is not None and (heir.pk == member.pk or heir.state == MemberState.LEFT):
        raise Refusal("The heir must be a colleague who stays.", remedy="Choose another.", field="heir")
    # Leaving comes first: a lead who is still here would stay on as support.
    members.leave(member, by=by)
    members.pass_on_covers(member, heir, by=by)
    if heir is not None:
        return hand_over_clients(member, heir, by=by, batch=uuid4())
    running = list(Assignment.objects.filter(member=member, until=None))
    for assignment in running:
        unassign(assignment, by=by)
    return len({assignment.client_id for assignment in running})
