"""Which days are worked for a promise: the agency's week, less the holidays of client and owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from steadyhand.clients.models import Client
from steadyhand.core.business_days import WorkingDays
from steadyhand.core.models import Agency, ClosedDay
from steadyhand.people.models import Member


@dataclass(frozen=True, slots=True)
class AgencyCalendar:
    """The agency's part of every calendar, read once for many promises."""

    week: frozenset[int]
    closed: frozenset[dt.date]
    country: tuple[str, str]

    @classmethod
    def load(cls) -> Self:
        """From the agency's settings and closed days."""
        agency = Agency.get()
        return cls(
            week=agency.weekdays,
            closed=frozenset(ClosedDay.objects.values_list("day", flat=True)),
            country=(agency.country, agency.subdivision),
        )

    def days(self, *places: tuple[str, str]) -> WorkingDays:
        """Working days where the holidays of all these (country, region) are off."""
        return _days(self, places or (self.country,))


@lru_cache(maxsize=1024)
def _days(calendar: AgencyCalendar, places: tuple[tuple[str, str], ...]) -> WorkingDays:
    return WorkingDays.of(*places, week=calendar.week, closed=calendar.closed)


def working_days(client: Client | None, owner: Member | None = None) -> WorkingDays:
    """The working days of one promise."""
    places = [(who.country, who.subdivision) for who in (client, owner) if who is not None]
    return AgencyCalendar.load().days(*places)
