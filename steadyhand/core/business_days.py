"""Which days are working days: a working week, public holidays of one or two countries, closed days.

A `WorkingDays` is a small hashable value, so everything computed from it can be cached on it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import warnings
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import holidays

MONDAY_TO_FRIDAY = frozenset(range(5))
ONE_DAY = dt.timedelta(days=1)

# Some calendars are known for a few decades only; years beyond simply have no holidays yet.
warnings.filterwarnings("ignore", message="Requested Holidays are available only")

# Where a country named without a region would lose days that nearly everybody there has off:
# the United Kingdom's common list lacks Easter Monday and the August bank holiday.
DEFAULT_REGION = {"GB": "ENG"}

# No working calendar has a longer closure; a search that finds nothing in it gives the day itself.
LONGEST_CLOSURE_DAYS = 366


class Place(NamedTuple):
    """A country (ISO 3166-1 alpha-2) and, where holidays differ within it, its region (ISO 3166-2 part)."""

    country: str
    region: str = ""


@lru_cache(maxsize=4096)
def public_holidays(places: tuple[Place, ...], year: int) -> frozenset[dt.date]:
    """Every public holiday of a year in any of the places. A place nobody knows has none."""
    return frozenset(day for place in places for day in _holidays_of(place, year))


@lru_cache(maxsize=4096)
def _holidays_of(place: Place, year: int) -> frozenset[dt.date]:
    return frozenset(holiday_names(place, year))


def holiday_names(place: Place, year: int) -> dict[dt.date, str]:
    """Every public holiday of a year, with what it is called there. A place nobody knows has none."""
    country = place.country.strip().upper()
    region = place.region.strip().upper() or DEFAULT_REGION.get(country)
    for subdivision in dict.fromkeys((region, None)):
        try:
            return dict(holidays.country_holidays(country, subdiv=subdivision, years=year))
        except NotImplementedError:  # the library's word for "no such country or region"
            continue
    return {}


class WorkingDays(NamedTuple):
    """A business calendar. `week` holds weekdays (Monday is 0), `closed` the agency's own days off."""

    week: frozenset[int] = MONDAY_TO_FRIDAY
    places: tuple[Place, ...] = ()
    closed: frozenset[dt.date] = frozenset()

    @classmethod
    def of(
        cls,
        *countries: str | tuple[str, str] | Place,
        week: Iterable[int] = MONDAY_TO_FRIDAY,
        closed: Iterable[dt.date] = (),
    ) -> WorkingDays:
        """A calendar for countries given as codes or (country, region); order and repeats do not matter."""
        places = {_place(country) for country in countries if country}
        return cls(frozenset(week), tuple(sorted(places)), frozenset(closed))

    def is_working(self, day: dt.date) -> bool:
        return (
            day.weekday() in self.week
            and day not in self.closed
            and day not in public_holidays(self.places, day.year)
        )

    def next_working(self, day: dt.date) -> dt.date:
        """The day itself if it is a working day, else the first one after it."""
        return self._walk(day, ONE_DAY)

    def previous_working(self, day: dt.date) -> dt.date:
        """The day itself if it is a working day, else the last one before it."""
        return self._walk(day, -ONE_DAY)

    def add_working(self, day: dt.date, count: int) -> dt.date:
        """`count` working days after the day (before it when negative); 0 is `next_working`."""
        if not count:
            return self.next_working(day)
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day = self._walk(day + step, step)
        return day

    def first_working(self, start: dt.date, end: dt.date) -> dt.date | None:
        """The first working day from start to end, both included; None when there is none."""
        day = self.next_working(start)
        return day if self.is_working(day) and day <= end else None

    def last_working(self, start: dt.date, end: dt.date) -> dt.date | None:
        """The last working day from start to end, both included; None when there is none."""
        day = self.previous_working(end)
        return day if self.is_working(day) and day >= start else None

    def nth_working(self, start: dt.date, end: dt.date, nth: int) -> dt.date | None:
        """The nth working day (from 1) of the span; its last one when it has fewer; None when it has none."""
        day = self.first_working(start, end)
        for _ in range(nth - 1):
            following = day and self.first_working(day + ONE_DAY, end)
            if not following:
                break
            day = following
        return day

    def settle(self, day: dt.date, period_start: dt.date, period_end: dt.date) -> dt.date:
        """Move a day off a holiday: the next working day inside the period, else the working day before it.

        The day before may lie before the period when the period has no working day at all.
        """
        following = self.next_working(max(day, period_start))
        return following if following <= period_end else self.previous_working(min(day, period_end))

    def fingerprint(self, first_year: int, last_year: int) -> str:
        """A short text that differs when the working days of those years could differ."""
        return _fingerprint(self, first_year, last_year)

    def _walk(self, day: dt.date, step: dt.timedelta) -> dt.date:
        reached = day
        for _ in range(LONGEST_CLOSURE_DAYS):
            if self.is_working(reached):
                return reached
            reached += step
        return day


def _place(country: str | tuple[str, str] | Place) -> Place:
    if isinstance(country, Place):
        return country
    return Place(country) if isinstance(country, str) else Place(*country)


@lru_cache(maxsize=4096)
def _fingerprint(days: WorkingDays, first_year: int, last_year: int) -> str:
    off = {
        day
        for year in range(first_year, last_year + 1)
        for day in public_holidays(days.places, year) | {day for day in days.closed if day.year == year}
    }
    text = f"{sorted(days.week)} {sorted(day.isoformat() for day in off)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
