"""The stretches of days figures are read for, and what each is compared with."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from dateutil.relativedelta import relativedelta

from steadyhand.core.recurrence import Period
from steadyhand.core.refusals import Refusal

_MONTH = re.compile(r"(\d{4})-(\d{2})$")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])$")
_YEAR = re.compile(r"(\d{4})$")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")


def month(year: int, number: int) -> Period:
    """A calendar month, “2026-10”."""
    return _months(f"{year:04}-{number:02}", dt.date(year, number, 1), 1)


def month_of(day: dt.date) -> Period:
    """The calendar month a day lies in."""
    return month(day.year, day.month)


def days(start: dt.date, end: dt.date) -> Period:
    """Any days, both included, “2026-10-01..2026-10-15”."""
    if end < start:
        raise Refusal("The period ends before it starts.", remedy="Put the later day last.", field="period")
    return Period(f"{start:%Y-%m-%d}..{end:%Y-%m-%d}", start, end)


def parse(text: str) -> Period:
    """The period somebody wrote: “2026-10”, “2026-Q3”, “2026” or “2026-10-01..2026-10-15”."""
    text = text.strip()
    try:
        if found := _MONTH.match(text):
            return month(int(found[1]), int(found[2]))
        if found := _QUARTER.match(text):
            return _months(text, dt.date(int(found[1]), int(found[2]) * 3 - 2, 1), 3)
        if found := _YEAR.match(text):
            return _months(text, dt.date(int(found[1]), 1, 1), 12)
        if found := _DAYS.match(text):
            return days(dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2]))
    except (ValueError, OverflowError):
        pass
    raise Refusal(
        f"“{text[:40]}” is not a period we can read.",
        remedy="Write 2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15.",
        field="period",
    )


def before(period: Period) -> Period:
    """The one before: for whole months as many months, else the same days of the month before."""
    return shifted(period, -(whole_months(period) or 1))


def year_before(period: Period) -> Period:
    """The same period a year earlier."""
    return shifted(period, -12)


def shifted(period: Period, months: int) -> Period:
    """The period so many months later; one of whole months stays one of whole months."""
    count = whole_months(period)
    start = period.start + relativedelta(months=months)
    if count == 1:
        return month_of(start)
    if count:
        return days(start, start + relativedelta(months=count) - dt.timedelta(days=1))
    return days(start, period.end + relativedelta(months=months))


def _months(key: str, start: dt.date, count: int) -> Period:
    return Period(key, start, start + relativedelta(months=count) - dt.timedelta(days=1))


def whole_months(period: Period) -> int:
    """How many whole calendar months the period is; 0 where it is not."""
    last = calendar.monthrange(period.end.year, period.end.month)[1]
    if period.start.day != 1 or period.end.day != last:
        return 0
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def months_in(period: Period) -> int:
    """How many months a step to the next such period is: its whole months, else one."""
    return whole_months(period) or 1


def said(period: Period) -> str:
    """“October 2026”, “2026-Q3” as “July to September 2026”, else its days."""
    start, end = period.start, period.end
    months = whole_months(period)
    if months == 1:
        return f"{start:%B %Y}"
    if months == 12 and start.month == 1:
        return f"{start:%Y}"
    if months:
        first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
        return f"{first} to {end:%B %Y}"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"
