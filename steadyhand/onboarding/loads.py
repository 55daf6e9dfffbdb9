"""How much somebody carries, shown before more is given to them (O4, W2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Sum

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.people.models import Member

#: Weeks ahead over which promised hours are counted.
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Load:
    """What one member has: clients they lead, hours promised over the next four weeks, hours they work."""

    member: Member
    leads: int
    hours: float
    works: float

    @property
    def share(self) -> int:
        """Per cent of their working hours that are promised already."""
        return round(100 * self.hours / self.works) if self.works else 0

    @property
    def is_full(self) -> bool:
        """Whether everything they work is promised."""
        return self.hours >= self.works

    @property
    def words(self) -> str:
        """“leads 4 clients, 31 h of 150 h promised for the next four weeks”."""
        clients = f"leads {self.leads} client{'' if self.leads == 1 else 's'}"
        return f"{clients}, {self.hours:.0f} h of {self.works:.0f} h promised for the next four weeks"


def loads_of(members: Iterable[Member]) -> dict[int, Load]:
    """The load of each, by id. Two queries, however many members and however large the book."""
    people = {member.pk: member for member in members}
    now = clock.now()
    leads: dict[int, int] = dict(
        Assignment.objects.filter(member__in=people, position=Position.LEAD, until=None)
        .order_by()
        .values_list("member")
        .annotate(Count("pk"))
    )
    minutes: dict[int | None, int] = dict(
        Commitment.objects.filter(
            owner__in=people,
            state=State.OPEN,
            due_at__gte=now,
            due_at__lt=now + dt.timedelta(weeks=WEEKS),
        )
        .order_by()
        .values_list("owner")
        .annotate(Sum("minutes"))
    )
    return {
        pk: Load(member, leads.get(pk, 0), (minutes.get(pk) or 0) / 60, float(member.weekly_hours) * WEEKS)
        for pk, member in people.items()
    }
