"""How much somebody carries, shown before more is given to them (O4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments.promised_time import PromisedTime, promised_time
from steadyhand.people.models import Member


@dataclass(frozen=True, slots=True)
class Load:
    """What one member has: clients they lead, and how much of their time is promised."""

    member: Member
    leads: int
    time: PromisedTime

    @property
    def is_full(self) -> bool:
        """Whether all the time they have for accounts is promised."""
        return self.time.share >= 100

    @property
    def words(self) -> str:
        """“leads 4 clients, 31 h of 150 h promised for the next four weeks”."""
        return f"leads {self.leads} client{'' if self.leads == 1 else 's'}, {self.time.words}"


def loads_of(members: Iterable[Member]) -> dict[int, Load]:
    """The load of each, by id. Three queries, however many members and however large the book."""
    people = {member.pk: member for member in members}
    leads: dict[int, int] = dict(
        Assignment.objects.filter(member__in=people, position=Position.LEAD, until=None)
        .order_by()
        .values_list("member")
        .annotate(Count("pk"))
    )
    time = promised_time(people.values())
    return {pk: Load(member, leads.get(pk, 0), time[pk]) for pk, member in people.items()}
