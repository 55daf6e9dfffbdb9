"""When a promise is due, as an instant; and that nobody is in two places at once."""

from __future__ import annotations

import datetime as dt

from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.recurrence import end_of_day, local_instant
from steadyhand.core.refusals import Refusal

#: A timed promise without a length of its own blocks this many minutes.
DEFAULT_MINUTES = 30


def set_due(row: Commitment, day: dt.date, time: dt.time | None) -> None:
    """Set day and time, and the instants that follow from them in the row's zone.

    Without a time it is due within the day; with one, a call is overdue once it should have ended.
    """
    row.due_on, row.due_time = day, time
    if time is None:
        row.starts_at, row.due_at = None, end_of_day(day, row.zone)
        return
    start = local_instant(day, time, row.zone)
    row.starts_at = start
    row.due_at = start + dt.timedelta(minutes=length(row.kind, row.minutes))


def length(kind: str, minutes: int) -> int:
    """Minutes a timed promise blocks: calls and meetings their length, the rest none."""
    return (minutes or DEFAULT_MINUTES) if kind in TIMED else 0


def refuse_overlap(row: Commitment) -> None:
    """Refuse an hour at which the owner already has a call or meeting. What is over is in nobody's way."""
    if row.due_at < clock.now():
        return
    if row.starts_at is None or row.owner_id is None or row.kind not in TIMED:
        return
    clash = (
        Commitment.objects.filter(
            owner=row.owner_id,
            state=State.OPEN,
            kind__in=TIMED,
            starts_at__lt=row.due_at,
            due_at__gt=row.starts_at,
        )
        .exclude(pk=row.pk)
        .select_related("client", "owner")
        .order_by("starts_at")
        .first()
    )
    if clash is None or clash.starts_local is None or clash.owner is None:
        return
    whom = f" with {clash.client.name}" if clash.client else ""
    ends = (clash.starts_local + dt.timedelta(minutes=length(clash.kind, clash.minutes))).strftime("%H:%M")
    raise Refusal(
        f"{clash.owner.name} has “{clash.title}”{whom} from {clash.starts_local:%H:%M} to {ends} "
        f"on {clash.due_on:%d %B}.",
        remedy=f"Choose another time, for instance {ends}, or hand one of them over.",
        field="time",
    )
