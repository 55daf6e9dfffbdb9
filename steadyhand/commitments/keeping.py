"""Keeping promises: done, moved, handed over, waived, waiting on the client; and taking each back.

Every act is a row and one event; every undo ends that row. A promise somebody touched is left to
people: the planner never changes it again, and it fills its period.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment, Completion, Handover, Move, Wait, Waiver
from steadyhand.commitments.promising import is_as_promised, promise, unpromise
from steadyhand.commitments.rights import NotYours, may_act, may_act_for
from steadyhand.commitments.timing import refuse_overlap, set_due
from steadyhand.commitments.touching import (
    AD_HOC,
    ONCE,
    ONE_OFF_GRACE,
    end_wait,
    locked,
    one_off_ends,
    owed,
    record,
    resume_wait,
    touch,
    undo,
    untouch,
    who,
)
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import end_of_day
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

__all__ = [
    "AD_HOC",
    "ONCE",
    "ONE_OFF_GRACE",
    "NotYours",
    "complete",
    "hand_over",
    "is_as_promised",
    "may_act",
    "may_act_for",
    "move",
    "one_off_ends",
    "promise",
    "reopen",
    "stop_waiting",
    "take_back",
    "unmove",
    "unpromise",
    "unwaive",
    "wait_on_client",
    "waive",
]


@transaction.atomic
def complete(
    commitment: Commitment,
    *,
    by: Actor,
    note: str = "",
    at: dt.datetime | None = None,
    evidence: tuple[str, int] | None = None,
    batch: UUID | None = None,
) -> Completion:
    """It was done, at `at` (now). Late when the due day (in the promise's zone) had ended by then."""
    row = locked(commitment, by)
    owed(row, "marked as done")
    if row.closes_with and (evidence is None or evidence[0] != row.closes_with):
        raise Refusal(
            f"“{row.title}” is kept by what it is about, not by a tick.",
            remedy="Open it and answer there; or waive it with a reason.",
        )
    at = at or clock.now()
    late = at > end_of_day(row.due_on, row.zone) or row.missed_at is not None
    completion = Completion.objects.create(
        commitment=row,
        late=late,
        note=note.strip(),
        evidence_type=evidence[0] if evidence else "",
        evidence_id=evidence[1] if evidence else None,
        **who(by, at),
    )
    end_wait(row, at)
    row.state = State.DONE_LATE if late else State.DONE
    touch(row, at)
    record("commitment.done", row, by=by, batch=batch, at=clock.now(), late=late, note=note.strip())
    return completion


@transaction.atomic
def reopen(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Take back that it was done."""
    row = locked(commitment, by)
    done = row.completions.filter(undone_at=None).first()
    if done is None:
        raise Refusal(f"“{row.title}” is not marked as done.")
    undo(done)
    resume_wait(row, done.at)
    row.state = State.MISSED if row.missed_at else State.OPEN
    untouch(row)
    record("commitment.reopened", row, by=by, batch=batch)
    return row


@transaction.atomic
def waive(commitment: Commitment, *, by: Actor, reason: str, batch: UUID | None = None) -> Waiver:
    """It will not be done, for a reason that stays readable."""
    row = locked(commitment, by)
    owed(row, "waived")
    if not reason.strip():
        raise Refusal(
            "Say why this promise is waived.", remedy="One sentence; the head will read it.", field="reason"
        )
    at = clock.now()
    waiver = Waiver.objects.create(commitment=row, note=reason.strip(), **who(by, at))
    end_wait(row, at)
    row.state = State.WAIVED
    row.sequence += 1
    touch(row, at)
    record("commitment.waived", row, by=by, batch=batch, reason=reason.strip())
    return waiver


@transaction.atomic
def unwaive(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Owe it again after all."""
    row = locked(commitment, by)
    waiver = row.waivers.filter(undone_at=None).first()
    if waiver is None:
        raise Refusal(f"“{row.title}” is not waived.")
    undo(waiver)
    resume_wait(row, waiver.at)
    row.state = State.MISSED if row.missed_at else State.OPEN
    row.sequence += 1
    untouch(row)
    record("commitment.unwaived", row, by=by, batch=batch)
    return row


@transaction.atomic
def move(
    commitment: Commitment,
    to_day: dt.date,
    *,
    by: Actor,
    to_time: dt.time | None = None,
    keep_time: bool = False,
    reason: str = "",
    batch: UUID | None = None,
) -> Move:
    """Give it another day, and a time or none (`keep_time` keeps the one it has).

    Refuses a day that is over, and an hour at which the owner already has a timed promise.
    """
    row = locked(commitment, by)
    owed(row, "moved")
    if to_day < clock.today(row.zone):
        raise Refusal(f"{to_day:%d %B %Y} is over.", remedy="Choose today or a day to come.", field="to_day")
    time = row.due_time if keep_time else to_time
    made = Move.objects.create(
        commitment=row,
        from_day=row.due_on,
        from_time=row.due_time,
        to_day=to_day,
        to_time=time,
        note=reason.strip(),
        **who(by, clock.now()),
    )
    row.moved_from = row.moved_from or row.due_on
    set_due(row, to_day, time)
    refuse_overlap(row)
    if row.period == ONCE or row.rule == AD_HOC:
        row.period_ends = one_off_ends(row.client, to_day)
    row.state = State.OPEN  # a missed one is owed again; its stamp stays
    row.sequence += 1
    touch(row, clock.now())
    record(
        "commitment.moved",
        row,
        by=by,
        batch=batch,
        from_day=made.from_day,
        to_day=to_day,
        to_time=time.isoformat("minutes") if time else None,
        reason=reason.strip(),
    )
    return made


@transaction.atomic
def unmove(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Take the latest move back: it is due when it was before."""
    row = locked(commitment, by)
    last = row.moves.filter(undone_at=None).first()
    if last is None:
        raise Refusal(f"“{row.title}” has not been moved.")
    owed(row, "moved back")
    undo(last)
    set_due(row, last.from_day, last.from_time)
    refuse_overlap(row)
    if row.period == ONCE or row.rule == AD_HOC:
        row.period_ends = one_off_ends(row.client, last.from_day)
    if row.missed_at is not None and row.missed_at <= last.at:
        row.state = State.MISSED
    if not row.moves.filter(undone_at=None).exists():
        row.moved_from = None
    row.sequence += 1
    untouch(row)
    record("commitment.unmoved", row, by=by, batch=batch, to_day=row.due_on)
    return row


@transaction.atomic
def hand_over(
    commitment: Commitment, to: Member, *, by: Actor, note: str = "", batch: UUID | None = None
) -> Handover:
    """Somebody else keeps this promise."""
    row = locked(commitment, by)
    owed(row, "handed over")
    if to.state == MemberState.LEFT:
        raise Refusal(f"{to.name} has left.", remedy="Choose a colleague who is here.", field="to")
    if row.owner_id == to.pk:
        raise Refusal(f"{to.name} already owns “{row.title}”.", field="to")
    made = Handover.objects.create(
        commitment=row, from_member=row.owner, to_member=to, note=note.strip(), **who(by, clock.now())
    )
    row.owner = to
    refuse_overlap(row)
    row.sequence += 1
    touch(row, clock.now())
    record(
        "commitment.handed_over",
        row,
        by=by,
        batch=batch,
        from_member=made.from_member.name if made.from_member else "",
        to_member=to.name,
        note=note.strip(),
    )
    return made


@transaction.atomic
def take_back(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Undo the latest handover."""
    row = locked(commitment, by)
    last = row.handovers.filter(undone_at=None).select_related("from_member").first()
    if last is None:
        raise Refusal(f"“{row.title}” has not been handed over.")
    owed(row, "taken back")
    if last.from_member is not None and last.from_member.state == MemberState.LEFT:
        raise Refusal(f"{last.from_member.name} has left.", remedy="Hand it to a colleague who is here.")
    undo(last)
    row.owner = last.from_member
    refuse_overlap(row)
    row.sequence += 1
    untouch(row)
    record("commitment.taken_back", row, by=by, batch=batch)
    return row


@transaction.atomic
def wait_on_client(commitment: Commitment, *, by: Actor, note: str = "", batch: UUID | None = None) -> Wait:
    """The next move is the client's; the days are counted."""
    row = locked(commitment, by)
    owed(row, "left waiting")
    if row.client_id is None:
        raise Refusal(f"“{row.title}” is owed to no client, so none can be waited for.")
    if row.waiting_since is not None:
        raise Refusal(f"“{row.title}” is already waiting on the client.")
    at = clock.now()
    made = Wait.objects.create(commitment=row, note=note.strip(), **who(by, at))
    row.waiting_since = at
    touch(row, at)
    record("commitment.waiting", row, by=by, batch=batch, note=note.strip())
    return made


@transaction.atomic
def stop_waiting(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """The client has moved; the promise is ours again."""
    row = locked(commitment, by)
    if row.waiting_since is None:
        raise Refusal(f"“{row.title}” is not waiting on the client.")
    end_wait(row, clock.now())
    untouch(row)
    record("commitment.waiting_ended", row, by=by, batch=batch)
    return row
