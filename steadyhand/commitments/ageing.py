"""What time does to promises: a period that ended unkept is stamped missed, for ever."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q

from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency

CALENDAR = Actor.system("calendar")
STEP = 500


def stamp_missed(today: dt.date | None = None) -> int:
    """Stamp every promise whose period has ended while it was open; how many. Safe to repeat.

    A promise moved past its period is given until its new day. The client's waiting does not stop the
    clock: it is shown beside the stamp.
    """
    day = today or Agency.get().today()
    stamped = 0
    while rows := _overripe(day):
        stamped += _stamp(rows)
    return stamped


def _overripe(day: dt.date) -> list[int]:
    overripe = Commitment.objects.open().filter(
        Q(period_ends__lt=day),
        Q(due_on__lt=day),
        Q(due_at__lt=clock.midnight(day, "UTC") + dt.timedelta(days=2)),
    )
    return list(overripe.order_by("due_at", "pk").values_list("pk", flat=True)[:STEP])


@transaction.atomic
def _stamp(ids: list[int]) -> int:
    at = clock.now()
    rows = Commitment.objects.select_for_update().filter(pk__in=ids, state=State.OPEN)
    found = list(rows)
    Commitment.objects.filter(pk__in=[row.pk for row in found]).update(
        state=State.MISSED, missed_at=at, changed_at=at, sequence=F("sequence") + 1
    )
    for row in found:
        events.record(
            "commitment.missed",
            by=CALENDAR,
            client_id=row.client_id,
            subject=row,
            title=row.title,
            kind=str(row.kind),
            due_on=row.due_on,
        )
    return len(found)
