"""Promises of somebody who has left: what the planner may not touch goes to the client's lead by itself."""

from __future__ import annotations

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments.lending import give
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core.actor import Actor
from steadyhand.people.models import MemberState

RESCUER = Actor.system("handover")


def rescue(rows: CommitmentQuerySet) -> None:
    """Hand what is still owed of these rows to the leads of their clients; a client without one waits."""
    for row in rows.owed().filter(touched_at__isnull=False, client__isnull=False).select_related("owner"):
        lead = (
            Assignment.objects.filter(client=row.client_id, position=Position.LEAD, until=None)
            .exclude(member__state=MemberState.LEFT)
            .select_related("member")
            .first()
        )
        if lead is not None:
            note = f"{row.owner.name} has left." if row.owner else ""
            give(row, lead.member, by=RESCUER, note=note)
