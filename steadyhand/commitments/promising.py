"""Promising something once, outside the playbook; and taking back what was promised by mistake."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.timing import refuse_overlap, set_due
from steadyhand.commitments.touching import AD_HOC, end_wait, locked, one_off_ends, owed, record, touch
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member


@transaction.atomic
def promise(
    client: Client | None,
    title: str,
    *,
    by: Actor,
    owner: Member | None,
    due_on: dt.date,
    due_time: dt.time | None = None,
    kind: Kind = Kind.FOLLOW_UP,
    minutes: int = 0,
    internal: bool = False,
    about: tuple[str, int] | None = None,
    closes_with: str = "",
    batch: UUID | None = None,
) -> Commitment:
    """Promise something once, outside the playbook: a follow-up, an action.

    `about` names by value what it serves; with `closes_with` only evidence of that kind keeps it.
    """
    if not title.strip():
        raise Refusal("Say what is promised.", field="title")
    zone = client.zone if client else Agency.get().zone
    if due_on < clock.today(zone):
        raise Refusal(f"{due_on:%d %B %Y} is over.", remedy="Choose today or a day to come.", field="due_on")
    at = clock.now()
    row = Commitment(
        client=client,
        kind=kind,
        title=title.strip()[:200],
        rule=AD_HOC,
        period=uuid4().hex,
        owner=owner,
        zone=zone,
        minutes=minutes,
        internal=internal,
        about_type=about[0] if about else "",
        about_id=about[1] if about else None,
        closes_with=closes_with,
        touched_at=at,
        changed_at=at,
        period_ends=one_off_ends(client, due_on),
    )
    set_due(row, due_on, due_time)
    refuse_overlap(row)
    row.save(force_insert=True)
    record("commitment.promised", row, by=by, batch=batch, due_on=due_on)
    return row


def is_as_promised(commitment: Commitment) -> bool:
    """Whether a one-off is still owed as it was promised: nobody has moved it or handed it over since."""
    acts = (commitment.moves, commitment.handovers)
    return (
        commitment.rule == AD_HOC
        and commitment.state in OWED
        and not any(act.filter(undone_at=None).exists() for act in acts)
    )


@transaction.atomic
def unpromise(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """It was promised by mistake: nobody owes it, and calendars cancel it. Only for one-offs still owed."""
    row = locked(commitment, by)
    if row.rule != AD_HOC:
        raise Refusal(f"“{row.title}” comes from the playbook.", remedy="Waive it, with a reason.")
    owed(row, "taken back")
    at = clock.now()
    end_wait(row, at)
    row.state = State.WITHDRAWN
    row.sequence += 1
    touch(row, at)
    record("commitment.unpromised", row, by=by, batch=batch)
    return row
