"""Keeping promises: done, moved, handed over, waived, waiting on the client; and taking each back.

Every act is a row and one event; every undo ends that row. A promise somebody touched is left to
people: the planner never changes it again, and it fills its period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Access, Client, Level
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment, Completion, Handover, Move, Wait, Waiver
from steadyhand.commitments.timing import refuse_overlap, set_due
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.recurrence import end_of_day
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState
from steadyhand.people.roles import Capability

#: The period of a promise made once, and the rule of one that no playbook made.
ONCE = "once"
AD_HOC = "ad-hoc"

#: One-offs have no calendar period to end; they count as missed this many working days past due.
ONE_OFF_GRACE = 10


class NotYours(Refusal):
    """The promise is somebody else's and neither role nor account team allows acting on it."""


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
    row = _locked(commitment, by)
    _owed(row, "marked as done")
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
        **_who(by, at),
    )
    _end_wait(row, at)
    row.state = State.DONE_LATE if late else State.DONE
    _touch(row, at)
    _record("commitment.done", row, by=by, batch=batch, at=clock.now(), late=late, note=note.strip())
    return completion


@transaction.atomic
def reopen(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Take back that it was done."""
    row = _locked(commitment, by)
    done = row.completions.filter(undone_at=None).first()
    if done is None:
        raise Refusal(f"“{row.title}” is not marked as done.")
    _undo(done)
    _resume_wait(row, done.at)
    row.state = State.MISSED if row.missed_at else State.OPEN
    _untouch(row)
    _record("commitment.reopened", row, by=by, batch=batch)
    return row


@transaction.atomic
def waive(commitment: Commitment, *, by: Actor, reason: str, batch: UUID | None = None) -> Waiver:
    """It will not be done, for a reason that stays readable."""
    row = _locked(commitment, by)
    _owed(row, "waived")
    if not reason.strip():
        raise Refusal(
            "Say why this promise is waived.", remedy="One sentence; the head will read it.", field="reason"
        )
    at = clock.now()
    waiver = Waiver.objects.create(commitment=row, note=reason.strip(), **_who(by, at))
    _end_wait(row, at)
    row.state = State.WAIVED
    row.sequence += 1
    _touch(row, at)
    _record("commitment.waived", row, by=by, batch=batch, reason=reason.strip())
    return waiver


@transaction.atomic
def unwaive(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """Owe it again after all."""
    row = _locked(commitment, by)
    waiver = row.waivers.filter(undone_at=None).first()
    if waiver is None:
        raise Refusal(f"“{row.title}” is not waived.")
    _undo(waiver)
    _resume_wait(row, waiver.at)
    row.state = State.MISSED if row.missed_at else State.OPEN
    row.sequence += 1
    _untouch(row)
    _record("commitment.unwaived", row, by=by, batch=batch)
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
    row = _locked(commitment, by)
    _owed(row, "moved")
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
        **_who(by, clock.now()),
    )
    row.moved_from = row.moved_from or row.due_on
    set_due(row, to_day, time)
    refuse_overlap(row)
    if row.period == ONCE or row.rule == AD_HOC:
        row.period_ends = one_off_ends(row.client, to_day)
    row.state = State.OPEN  # a missed one is owed again; its stamp stays
    row.sequence += 1
    _touch(row, clock.now())
    _record(
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
    row = _locked(commitment, by)
    last = row.moves.filter(undone_at=None).first()
    if last is None:
        raise Refusal(f"“{row.title}” has not been moved.")
    _owed(row, "moved back")
    _undo(last)
    set_due(row, last.from_day, last.from_time)
    refuse_overlap(row)
    if row.period == ONCE or row.rule == AD_HOC:
        row.period_ends = one_off_ends(row.client, last.from_day)
    if row.missed_at is not None and row.missed_at <= last.at:
        row.state = State.MISSED
    if not row.moves.filter(undone_at=None).exists():
        row.moved_from = None
    row.sequence += 1
    _untouch(row)
    _record("commitment.unmoved", row, by=by, batch=batch, to_day=row.due_on)
    return row


@transaction.atomic
def hand_over(
    commitment: Commitment, to: Member, *, by: Actor, note: str = "", batch: UUID | None = None
) -> Handover:
    """Somebody else keeps this promise."""
    row = _locked(commitment, by)
    _owed(row, "handed over")
    if to.state == MemberState.LEFT:
        raise Refusal(f"{to.name} has left.", remedy="Choose a colleague who is here.", field="to")
    if row.owner_id == to.pk:
        raise Refusal(f"{to.name} already owns “{row.title}”.", field="to")
    made = Handover.objects.create(
        commitment=row, from_member=row.owner, to_member=to, note=note.strip(), **_who(by, clock.now())
    )
    row.owner = to
    refuse_overlap(row)
    row.sequence += 1
    _touch(row, clock.now())
    _record(
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
    row = _locked(commitment, by)
    last = row.handovers.filter(undone_at=None).select_related("from_member").first()
    if last is None:
        raise Refusal(f"“{row.title}” has not been handed over.")
    _owed(row, "taken back")
    if last.from_member is not None and last.from_member.state == MemberState.LEFT:
        raise Refusal(f"{last.from_member.name} has left.", remedy="Hand it to a colleague who is here.")
    _undo(last)
    row.owner = last.from_member
    refuse_overlap(row)
    row.sequence += 1
    _untouch(row)
    _record("commitment.taken_back", row, by=by, batch=batch)
    return row


@transaction.atomic
def wait_on_client(commitment: Commitment, *, by: Actor, note: str = "", batch: UUID | None = None) -> Wait:
    """The next move is the client's; the days are counted."""
    row = _locked(commitment, by)
    _owed(row, "left waiting")
    if row.client_id is None:
        raise Refusal(f"“{row.title}” is owed to no client, so none can be waited for.")
    if row.waiting_since is not None:
        raise Refusal(f"“{row.title}” is already waiting on the client.")
    at = clock.now()
    made = Wait.objects.create(commitment=row, note=note.strip(), **_who(by, at))
    row.waiting_since = at
    _touch(row, at)
    _record("commitment.waiting", row, by=by, batch=batch, note=note.strip())
    return made


@transaction.atomic
def stop_waiting(commitment: Commitment, *, by: Actor, batch: UUID | None = None) -> Commitment:
    """The client has moved; the promise is ours again."""
    row = _locked(commitment, by)
    if row.waiting_since is None:
        raise Refusal(f"“{row.title}” is not waiting on the client.")
    _end_wait(row, clock.now())
    _untouch(row)
    _record("commitment.waiting_ended", row, by=by, batch=batch)
    return row


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
    _record("commitment.promised", row, by=by, batch=batch, due_on=due_on)
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
    row = _locked(commitment, by)
    if row.rule != AD_HOC:
        raise Refusal(f"“{row.title}” comes from the playbook.", remedy="Waive it, with a reason.")
    _owed(row, "taken back")
    at = clock.now()
    _end_wait(row, at)
    row.state = State.WITHDRAWN
    row.sequence += 1
    _touch(row, at)
    _record("commitment.unpromised", row, by=by, batch=batch)
    return row


def one_off_ends(client: Client | None, due_on: dt.date) -> dt.date:
    """The last day on which a one-off is merely overdue."""
    return working_days(client).add_working(due_on, ONE_OFF_GRACE)


def _locked(commitment: Commitment, by: Actor) -> Commitment:
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


def may_act(row: Commitment, by: Actor) -> bool:
    """Whether somebody may keep, move, hand over or waive this promise (S3).

    The owner may, whoever looks after the client in full, and roles that see the team or every client;
    all of them only where their role keeps promises at all.
    """
    is_mine = by.may(Capability.KEEP_PROMISES) and row.owner_id == by.member_id
    return by.is_system or is_mine or may_act_for(row.client_id, by)


def may_act_for(client_id: int | None, by: Actor) -> bool:
    """Whether somebody may act on whatever is owed to this client, whoever owns it."""
    if by.is_system:
        return True
    if not by.may(Capability.KEEP_PROMISES):
        return False
    if by.may(Capability.SEE_TEAM) or by.may(Capability.SEE_ALL_CLIENTS):
        return True
    in_full = Access.objects.filter(client=client_id, member=by.member_id, level=Level.FULL)
    return client_id is not None and in_full.exists()


def _owed(row: Commitment, what: str) -> None:
    if row.state not in OWED:
        label = State(row.state).label
        raise Refusal(f"“{row.title}” is {label} and cannot be {what}.", remedy="Undo that first.")


def _who(by: Actor, at: dt.datetime) -> dict[str, Any]:
    return {"at": at, "by_kind": str(by.kind), "by_id": by.id, "by_name": by.name}


def _touch(row: Commitment, at: dt.datetime) -> None:
    row.touched_at = at
    row.changed_at = clock.now()
    row.save()


def _untouch(row: Commitment) -> None:
    """Give the row back to the planner once no living act is left on it."""
    lives: tuple[Callable[[], Any], ...] = tuple(
        acts.filter(undone_at=None).exists
        for acts in (row.completions, row.waivers, row.moves, row.handovers, row.waits.filter(ended_at=None))
    )
    if row.rule != AD_HOC and not any(alive() for alive in lives):
        row.touched_at = None
    row.changed_at = clock.now()
    row.save()


def _end_wait(row: Commitment, at: dt.datetime) -> None:
    row.waits.filter(undone_at=None, ended_at=None).update(ended_at=at)
    row.waiting_since = None


def _resume_wait(row: Commitment, at: dt.datetime) -> None:
    """An act that is taken back gives back the wait it had ended."""
    wait = row.waits.filter(undone_at=None, ended_at=at).first()
    if wait is not None:
        wait.ended_at = None
        wait.save(update_fields=["ended_at"])
        row.waiting_since = wait.at


def _undo(act: Completion | Waiver | Move | Handover) -> None:
    act.undone_at = clock.now()
    act.save(update_fields=["undone_at"])


def _record(verb: str, row: Commitment, *, by: Actor, batch: UUID | None, **data: Any) -> None:
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
