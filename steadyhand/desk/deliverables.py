"""Deliverables on a page: what is owed, what is handed over, and how often the first word was kept (S17)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.models import Deliverable, Timeline

MOST = 100
#: Days that the rate looks back.
SINCE = 92


@dataclass(frozen=True, slots=True)
class KeptRate:
    """Of what was due in the last three months: by the first date, by a later one we moved it to, or late."""

    kept: int
    moved: int
    late: int

    @property
    def total(self) -> int:
        return self.kept + self.moved + self.late

    @property
    def percent(self) -> int:
        """Delivered by the date first promised."""
        return round(100 * self.kept / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class DeliverablesPage:
    """A list, with what is still to be said by channel leads and how promises were kept."""

    rows: list[Deliverable]
    more: bool
    awaited: list[Timeline]
    rate: KeptRate
    today: dt.date


def deliverables_page(
    actor: Actor, zone: str, *, client: Client | None = None, state: str = "owed"
) -> DeliverablesPage:
    """`state` is owed, delivered or dropped. Three queries."""
    today = clock.today(zone)
    seen = Deliverable.objects.visible_to(actor)
    if client is not None:
        seen = seen.filter(client=client)
    listed = {
        "owed": seen.owed(),
        "delivered": seen.standing().filter(delivered_on__isnull=False).order_by("-delivered_on", "-pk"),
        "dropped": seen.filter(dropped_at__isnull=False).order_by("-dropped_at"),
    }
    rows = list(
        listed.get(state, listed["owed"])
        .select_related("client", "service", "commitment__owner", "timeline__given_by")
        .annotate(moved=Count("moves"))[: MOST + 1]
    )
    awaited = Timeline.objects.visible_to(actor).awaited().filter(client__stage="live")
    if client is not None:
        awaited = awaited.filter(client=client)
    return DeliverablesPage(
        rows=rows[:MOST],
        more=len(rows) > MOST,
        awaited=list(awaited.select_related("client", "asked_of", "asking")[:MOST]),
        rate=_rate(seen.standing(), today),
        today=today,
    )


def _rate(seen: object, today: dt.date) -> KeptRate:
    """Due in the last three months, by the date first promised, and today at the latest. One query."""
    kept = Q(delivered_on__lte=F("first_due_on"))
    moved = Q(delivered_on__gt=F("first_due_on"), delivered_on__lte=F("due_on"))
    late = Q(delivered_on__gt=F("due_on")) | Q(delivered_on=None, due_on__lt=today)
    within = seen.filter(first_due_on__range=(today - dt.timedelta(days=SINCE), today))  # type: ignore[attr-defined]
    counts = within.aggregate(
        kept=Count("pk", filter=kept),
        moved=Count("pk", filter=moved & ~kept),
        late=Count("pk", filter=late & ~kept & ~moved),
    )
    return KeptRate(counts["kept"], counts["moved"], counts["late"])
