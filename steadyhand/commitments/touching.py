"""What every act on a promise does: lock the row, ask whether it may be, leave its trace, write it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from steadyhand.clients.models import Client
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED, State
from steadyhand.commitments.models import Commitment, Completion, Handover, Move, Waiver
from steadyhand.commitments.rights import NotYours, may_act
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal

#: The period of a promise made once, and the rule of one that no playbook made.
ONCE = "once"
AD_HOC = "ad-hoc"

#: One-offs have no calendar period to end; they count as missed this many working days past due.
ONE_OFF_GRACE = 10


def locked(commitment: Commitment, by: Actor) -> Commitment:
    """The row as it stands, kept from others until the act is committed; refuses who may not act on it."""
    row = (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("client", "owner", "engagement")
        .get(pk=commitment.pk)
    )
    if not may_act(row, by):
        whose = f"{row.owner.name}'s" if row.owner else "nobody's yet"
        raise NotYours(
            f"“{row.title}” is {whose}, and you are not on that account team.",
            remedy="Ask the owner, or somebody who leads the team.",
        )
    return row


def owed(row: Commitment, what: str) -> None:
    """Refuse unless it is still owed; `what` ends “and cannot be …”."""
    if row.state not in OWED:
        label = State(row.state).label
        raise Refusal(f"“{row.title}” is {label} and cannot be {what}.", remedy="Undo that first.")


def who(by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The columns of an act that say who did it, and when."""
    return {"at": at, "by_kind": str(by.kind), "by_id": by.id, "by_name": by.name}


def touch(row: Commitment, at: dt.datetime) -> None:
    """Save it as one that people have touched: the planner leaves it alone."""
    row.touched_at = at
    row.changed_at = clock.now()
    row.save()


def untouch(row: Commitment) -> None:
    """Give the row back to the planner once no living act is left on it."""
    lives: tuple[Callable[[], Any], ...] = tuple(
        acts.filter(undone_at=None).exists
        for acts in (row.completions, row.waivers, row.moves, row.handovers, row.waits.filter(ended_at=None))
    )
    if row.rule != AD_HOC and not any(alive() for alive in lives):
        row.touched_at = None
    row.changed_at = clock.now()
    row.save()


def end_wait(row: Commitment, at: dt.datetime) -> None:
    """Nobody waits for the client any more."""
    row.waits.filter(undone_at=None, ended_at=None).update(ended_at=at)
    row.waiting_since = None


def resume_wait(row: Commitment, at: dt.datetime) -> None:
    """An act that is taken back gives back the wait it had ended."""
    wait = row.waits.filter(undone_at=None, ended_at=at).first()
    if wait is not None:
        wait.ended_at = None
        wait.save(update_fields=["ended_at"])
        row.waiting_since = wait.at


def undo(act: Completion | Waiver | Move | Handover) -> None:
    """End the act's row."""
    act.undone_at = clock.now()
    act.save(update_fields=["undone_at"])


def record(verb: str, row: Commitment, *, by: Actor, batch: UUID | None, **data: Any) -> None:
    """Write the act down, with what every event of a promise says."""
    events.record(
        verb,
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        title=row.title,
        kind=str(row.kind),
        **{k: v for k, v in data.items() if k != "at"},
    )


def one_off_ends(client: Client | None, due_on: dt.date) -> dt.date:
    """The last day on which a one-off is merely overdue."""
    return working_days(client).add_working(due_on, ONE_OFF_GRACE)
