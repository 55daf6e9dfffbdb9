"""Promises of somebody who is away: what the planner may not touch is lent to the cover, and given back.

The planner lends its own rows by itself (`facts.Surroundings.keeper`). Rows that people touched, and
promises made once by hand, are handed over here: one `Handover` each, so that history says why.
"""

from __future__ import annotations

from steadyhand.commitments.keeping import hand_over, move, take_back
from steadyhand.commitments.models import Commitment, Handover
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Absence, Member

LENDER = Actor.system("absence")


def lend(absence: Absence) -> None:
    """Give what falls due in the absence, and is not the planner's, to the cover."""
    rows = Commitment.objects.owned_by(absence.member_id).owed().filter(touched_at__isnull=False)
    note = f"{absence.member.name} is away until {absence.ends_on:%-d %B}."
    for row in rows.filter(due_on__range=(absence.starts_on, absence.ends_on)):
        give(row, absence.cover, by=LENDER, note=note)


def give_back(absence: Absence) -> None:
    """The person is here after all: what was lent, and is still owed by the cover, is theirs again."""
    lent = Handover.objects.filter(
        from_member=absence.member_id,
        to_member=absence.cover_id,
        by_kind=LENDER.kind,
        by_name=LENDER.name,
        undone_at=None,
        commitment__owner=absence.cover_id,
        commitment__due_on__range=(absence.starts_on, absence.ends_on),
    )
    rows = Commitment.objects.owed().filter(pk__in=lent.values("commitment"))
    for row in rows:
        last = row.handovers.filter(undone_at=None).first()
        if last is not None and last.by_name == LENDER.name:
            _take_back(row)


def give(row: Commitment, heir: Member, *, by: Actor, note: str) -> None:
    """Hand a row over; where the heir has a call at that hour the day stays and the hour is agreed anew."""
    try:
        hand_over(row, heir, by=by, note=note)
    except Refusal:
        move(row, row.due_on, by=by, reason=note)
        hand_over(row, heir, by=by, note=note)


def _take_back(row: Commitment) -> None:
    try:
        take_back(row, by=LENDER)
    except Refusal:  # the hour is taken by now: the cover keeps this one
        return
