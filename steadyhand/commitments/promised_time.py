"""How much of somebody's time is promised already, for whoever is about to give them more (O4, W2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version

#: Weeks ahead over which promised hours are counted.
WEEKS = 4


@dataclass(frozen=True, slots=True)
class PromisedTime:
    """Hours owed over the next four weeks, overdue ones too, of the hours there are for accounts by then."""

    hours: float
    works: float

    @property
    def share(self) -> int:
        """Per cent promised; 100 for who has no time for accounts at all."""
        return round(100 * self.hours / self.works) if self.works else 100

    @property
    def words(self) -> str:
        """“31 h of 150 h promised for the next four weeks”."""
        return f"{self.hours:.0f} h of {self.works:.0f} h promised for the next four weeks"


def promised_time(
    members: Iterable[Member], among: CommitmentQuerySet | None = None
) -> dict[int, PromisedTime]:
    """Of each, by id; counted over all promises, or only `among` these. Two queries."""
    people = {member.pk: member for member in members}
    rows = Commitment.objects.all() if among is None else among
    until = clock.now() + dt.timedelta(weeks=WEEKS)
    rows = rows.filter(owner__in=people, state__in=OWED, due_at__lt=until)
    minutes: dict[int | None, int] = dict(rows.order_by().values_list("owner").annotate(Sum("minutes")))
    live = Version.live()
    shares = live.policy.role_shares if live is not None else {}
    found = {}
    for pk, member in people.items():
        share = shares.get(member.role)  # type: ignore[call-overload]
        works = float(member.weekly_hours) * WEEKS * (share.accounts / 100 if share else 1)
        found[pk] = PromisedTime((minutes.get(pk) or 0) / 60, works)
    return found
