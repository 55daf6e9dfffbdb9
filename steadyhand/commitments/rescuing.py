"""Promises of somebody who has left: what the planner may not touch goes to the client's lead by itself."""

from __future__ import annotations

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments.keeping import hand_over, move
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

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
            _give(row, lead.member)


def _give(row: Commitment, heir: Member) -> None:
    note = f"{row.owner} has left." if row.owner else ""
    try:
        hand_over(row, heir, by=RESCUER, note=note)
    except Refusal:  # the heir has a call at that hour: the day stays, the hour is to be agreed anew
        move(row, row.due_on, by=RESCUER, reason=note)
        hand_over(row, heir, by=RESCUER, note=note)
