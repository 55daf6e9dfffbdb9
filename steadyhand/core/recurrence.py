"""When a repeated promise is due: calendar periods, one day chosen in each, moved off holidays.

Pure and cached: a planner asks the same few questions for thousands of engagements, so what varies
without effect (a start long before the window) is normalised away before the cache.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from steadyhand.core.business_days import ONE_DAY, WorkingDays
from steadyhand.core.clock import zone_info

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
FORTNIGHT_EPOCH = dt.date(1970, 1, 5)  # a Monday; fortnights are counted from it for ever


class Cadence(StrEnum):
    """How often. Periods are the calendar's own, whatever day an engagement started on."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    __hash__ = str.__hash__  # an enumeration's own is written in Python; these are the keys of hot caches

    @property
    def words(self) -> str:
        """The cadence as a reader sees it: “half-yearly”."""
        return self.value.replace("_", "-")

    @property
    def times_a_year(self) -> float:
        return TIMES_A_YEAR[self]


TIMES_A_YEAR = {
    Cadence.ONCE: 0,
    Cadence.WEEKLY: 365.2425 / 7,
    Cadence.FORTNIGHTLY: 365.2425 / 14,
    Cadence.MONTHLY: 12,
    Cadence.QUARTERLY: 4,
    Cadence.HALF_YEARLY: 2,
    Cadence.YEARLY: 1,
}
MONTHS_IN_PERIOD = {
    Cadence.MONTHLY: 1,
    Cadence.QUARTERLY: 3,
    Cadence.HALF_YEARLY: 6,
    Cadence.YEARLY: 12,
}


class Period(NamedTuple):
    """A calendar period, both days included. Keys of one cadence are unique and sort by time.

    "2026-W48", "2026-W48+49" (a fortnight, named by its first ISO week), "2026-11", "2026-Q4",
    "2026-H2", "2026", "once".
    """

    key: str
    start: dt.date
    end: dt.date


class Occurrence(NamedTuple):
    """One due day: which period it fills, when that period ends, and the day itself."""

    period_key: str
    period_end: dt.date
    due_on: dt.date


class DayChoice(StrEnum):
    """The ways to choose a day in a period."""

    LAST_WORKING = "last_working"
    NTH_WORKING = "nth_working"
    WEEKDAY = "weekday"
    DAY_OF_MONTH = "day_of_month"
    NTH_WEEKDAY = "nth_weekday"

    __hash__ = str.__hash__


class Preference(NamedTuple):
    """Which day of a period. Written and read as words: see `parse`.

    Where a period has several such days (a weekday in a fortnight, a day of the month in a quarter)
    the last of them counts, as a promise is due at the end of its period unless said otherwise.
    """

    choice: DayChoice = DayChoice.LAST_WORKING
    number: int = 0
    nth: int = 0

    @classmethod
    def parse(cls, text: str) -> Preference:
        """Read "last working day", "first working day", "working day 5", "tuesday", "day 15", "last friday".

        ValueError, with what may be written, for anything else.
        """
        words = " ".join(text.lower().split())
        if words == "last working day":
            return cls()
        if words == "first working day":
            return cls(DayChoice.NTH_WORKING, 1)
        if words in WEEKDAYS:
            return cls(DayChoice.WEEKDAY, WEEKDAYS.index(words))
        if match := re.fullmatch(r"working day (\d{1,2})", words):
            return cls(DayChoice.NTH_WORKING, _within(int(match[1]), 1, 23, text))
        if match := re.fullmatch(r"day (\d{1,2})", words):
            return cls(DayChoice.DAY_OF_MONTH, _within(int(match[1]), 1, 31, text))
        ordinal, _, weekday = words.partition(" ")
        if ordinal in ORDINALS and weekday in WEEKDAYS:
            return cls(DayChoice.NTH_WEEKDAY, WEEKDAYS.index(weekday), ORDINALS[ordinal])
        raise ValueError(
            f"“{text}” is not a day we can find in a calendar. Write “last working day”, “working day 3”, "
            "“tuesday”, “day 15” or “second tuesday”."
        )

    def __str__(self) -> str:
        match self.choice:
            case DayChoice.LAST_WORKING:
                return "last working day"
            case DayChoice.NTH_WORKING:
                return "first working day" if self.number == 1 else f"working day {self.number}"
            case DayChoice.WEEKDAY:
                return WEEKDAYS[self.number]
            case DayChoice.DAY_OF_MONTH:
                return f"day {self.number}"
            case DayChoice.NTH_WEEKDAY:
                ordinal = next(word for word, nth in ORDINALS.items() if nth == self.nth)
                return f"{ordinal} {WEEKDAYS[self.number]}"

    @property
    def needs_months(self) -> bool:
        """Whether it only makes sense in periods made of months."""
        return self.choice in {DayChoice.DAY_OF_MONTH, DayChoice.NTH_WEEKDAY}


LAST_WORKING_DAY = Preference()
FIRST_WORKING_DAY = Preference(DayChoice.NTH_WORKING, 1)


def on_weekday(weekday: int) -> Preference:
    """Every period on that weekday (Monday is 0)."""
    return Preference(DayChoice.WEEKDAY, weekday)


def on_day(day_of_month: int) -> Preference:
    """On that day of the month, or the month's last when it is shorter."""
    return Preference(DayChoice.DAY_OF_MONTH, day_of_month)


@lru_cache(maxsize=65536)
def period_of(cadence: Cadence, day: dt.date) -> Period:
    """The period of a repeating cadence that holds a day. ValueError for `once`, which has no calendar."""
    if cadence is Cadence.WEEKLY:
        start = day - dt.timedelta(days=day.weekday())
        year, week, _ = start.isocalendar()
        return Period(f"{year:04d}-W{week:02d}", start, start + dt.timedelta(days=6))
    if cadence is Cadence.FORTNIGHTLY:
        start = day - dt.timedelta(days=(day - FORTNIGHT_EPOCH).days % 14)
        year, week, _ = start.isocalendar()
        second = (start + dt.timedelta(days=7)).isocalendar().week
        return Period(f"{year:04d}-W{week:02d}+{second:02d}", start, start + dt.timedelta(days=13))
    if cadence is Cadence.ONCE:
        raise ValueError("A thing done once belongs to no calendar period.")
    length = MONTHS_IN_PERIOD[cadence]
    number = (day.month - 1) // length  # from 0 within the year
    start = dt.date(day.year, number * length + 1, 1)
    return Period(
        _month_key(cadence, day.year, number + 1), start, _month_end(day.year, (number + 1) * length)
    )


@lru_cache(maxsize=8192)
def periods(cadence: Cadence, first: dt.date, last: dt.date) -> tuple[Period, ...]:
    """The calendar periods that overlap the days from first to last, in order."""
    if first > last:
        return ()
    if cadence is Cadence.ONCE:
        return (Period("once", first, last),)
    found = [period_of(cadence, first)]
    while found[-1].end < last:
        found.append(period_of(cadence, found[-1].end + ONE_DAY))
    return tuple(found)


def occurrences(
    cadence: Cadence,
    preference: Preference = LAST_WORKING_DAY,
    *,
    window: tuple[dt.date, dt.date],
    bounds: tuple[dt.date, dt.date | None],
    days: WorkingDays,
) -> tuple[Occurrence, ...]:
    """One due day for each calendar period that overlaps both the window and the bounds.

    The day is chosen within the part of the period inside the bounds (an engagement's start and end,
    both included), and moved off a day that is not worked: to the next working day of that part, else
    to the working day before. A due day that falls outside the window or the bounds is not given.
    """
    first, last = window
    start, end = bounds
    if first > last or start > last or (end is not None and end < max(first, start)):
        return ()
    if cadence is Cadence.ONCE:
        return _once(preference, first, last, start, end, days)
    inner_start = start if start > period_of(cadence, first).start else None
    inner_end = end if end is not None and end < period_of(cadence, last).end else None
    return _repeated(cadence, preference, first, last, inner_start, inner_end, days)


@lru_cache(maxsize=65536)
def _repeated(
    cadence: Cadence,
    preference: Preference,
    first: dt.date,
    last: dt.date,
    start: dt.date | None,
    end: dt.date | None,
    days: WorkingDays,
) -> tuple[Occurrence, ...]:
    earliest = max(first, start) if start else first
    latest = min(last, end) if end else last
    found = []
    for period in periods(cadence, earliest, latest):
        part_start = max(period.start, start) if start else period.start
        part_end = min(period.end, end) if end else period.end
        due_on = days.settle(_nominal_day(preference, part_start, part_end, days), part_start, part_end)
        if earliest <= due_on <= latest:
            found.append(Occurrence(period.key, period.end, due_on))
    return tuple(found)


def _once(
    preference: Preference,
    first: dt.date,
    last: dt.date,
    start: dt.date,
    end: dt.date | None,
    days: WorkingDays,
) -> tuple[Occurrence, ...]:
    """Without an end there is no period to choose in: the first working day from the start."""
    if end is None:
        due_on = days.next_working(start)
    else:
        due_on = days.settle(_nominal_day(preference, start, end, days), start, end)
    if not first <= due_on <= last:
        return ()
    return (Occurrence("once", due_on if end is None else end, due_on),)


def _nominal_day(preference: Preference, start: dt.date, end: dt.date, days: WorkingDays) -> dt.date:
    """The day wished for, before it is moved off a holiday.

    A span without such a day (a client that starts on a Thursday and has its calls on Tuesdays) falls
    back to its last working day.
    """
    day = _wished_day(preference, start, end, days)
    return day or days.last_working(start, end) or end


def _wished_day(preference: Preference, start: dt.date, end: dt.date, days: WorkingDays) -> dt.date | None:
    match preference.choice:
        case DayChoice.LAST_WORKING:
            return None
        case DayChoice.NTH_WORKING:
            return days.nth_working(start, end, preference.number)
        case DayChoice.WEEKDAY:
            day = end - dt.timedelta(days=(end.weekday() - preference.number) % 7)
        case DayChoice.DAY_OF_MONTH:
            day = _latest_in_month(end, lambda y, m: _clipped(y, m, preference.number))
        case DayChoice.NTH_WEEKDAY:
            day = _latest_in_month(end, lambda y, m: nth_weekday(y, m, preference.number, preference.nth))
    return day if day >= start else None


def _latest_in_month(end: dt.date, day_in: Callable[[int, int], dt.date]) -> dt.date:
    """The latest such day up to the end; it may lie before the start, which the caller checks."""
    day = day_in(end.year, end.month)
    if day <= end:
        return day
    before = end.replace(day=1) - ONE_DAY
    return day_in(before.year, before.month)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> dt.date:
    """The nth such weekday of a month; -1, or more than there are, is the last one."""
    length = calendar.monthrange(year, month)[1]
    first = 1 + (weekday - dt.date(year, month, 1).weekday()) % 7
    in_month = range(first, length + 1, 7)
    return dt.date(year, month, in_month[-1] if nth < 0 or nth > len(in_month) else in_month[nth - 1])


def _clipped(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _month_key(cadence: Cadence, year: int, number: int) -> str:
    match cadence:
        case Cadence.MONTHLY:
            return f"{year:04d}-{number:02d}"
        case Cadence.QUARTERLY:
            return f"{year:04d}-Q{number}"
        case Cadence.HALF_YEARLY:
            return f"{year:04d}-H{number}"
        case _:
            return f"{year:04d}"


def _within(number: int, low: int, high: int, text: str) -> int:
    if not low <= number <= high:
        raise ValueError(f"“{text}” is out of range: the number goes from {low} to {high}.")
    return number


@lru_cache(maxsize=65536)
def local_instant(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """When that wall time (whole seconds) comes on that day in an IANA zone, in UTC.

    A time that a clock change skips comes at the gap's end; one that it repeats, the first time.
    """
    tz = zone_info(zone)
    wall = dt.datetime.combine(day, time.replace(microsecond=0, tzinfo=None, fold=0))
    before = wall.replace(tzinfo=tz).utcoffset() or dt.timedelta()
    after = wall.replace(tzinfo=tz, fold=1).utcoffset() or dt.timedelta()
    instant = (wall - before).replace(tzinfo=dt.UTC)
    if after <= before:
        return instant
    # Skipped: `before` is the offset that ended, so the change came at most one gap before this instant.
    low, high = instant - (after - before), instant
    while high - low > dt.timedelta(seconds=1):
        middle = low + dt.timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=65536)
def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """The last second of that day in an IANA zone, in UTC."""
    return local_instant(day + ONE_DAY, dt.time(), zone) - dt.timedelta(seconds=1)
