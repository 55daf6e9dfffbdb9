"""Which days a report is about."""

from __future__ import annotations

import datetime as dt
import re

from steadyhand.core.recurrence import Cadence, Period, period_of
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.metrics.periods import parse as parse_months

A_DAY = dt.timedelta(days=1)
#: From the first to the last day of a week, and of a fortnight.
WEEKS = (6, 13)
WEEK = re.compile(r"(\d{4})-W(\d{2})(?:\+\d{2})?$")

CADENCES = (
    (re.compile(r"\d{4}-W\d{2}\+\d{2}$"), Cadence.FORTNIGHTLY),
    (re.compile(r"\d{4}-W\d{2}$"), Cadence.WEEKLY),
    (re.compile(r"\d{4}-\d{2}$"), Cadence.MONTHLY),
    (re.compile(r"\d{4}-Q\d$"), Cadence.QUARTERLY),
    (re.compile(r"\d{4}-H\d$"), Cadence.HALF_YEARLY),
    (re.compile(r"\d{4}$"), Cadence.YEARLY),
)


def covered(period: str, due_on: dt.date, *, begins: dt.date) -> Period:
    """What a promised report is about: the calendar period that ends nearest to the day it is due.

    Due on 30 November it is November; due on 5 December it is November too. One that is owed once, at the
    end of a project, is about all of it, from `begins`.
    """
    cadence = next((cadence for shape, cadence in CADENCES if shape.fullmatch(period)), None)
    if cadence is None:
        return Period(period, min(begins, due_on), due_on)
    own = period_of(cadence, due_on)
    before = period_of(cadence, own.start - A_DAY)
    return own if own.end - due_on <= due_on - before.end else before


def until(period: Period, cut_off: dt.date) -> Period:
    """The part of it whose days were over at the cut-off.

    A week (or two) that is not over gives as many days up to the cut-off, so that every weekday is in it;
    a month of which no day is over, the one before.
    """
    last, length = min(period.end, cut_off - A_DAY), period.end - period.start
    if last == period.end:
        return period
    if length.days in WEEKS:
        return Period(period.key, last - length, last)
    if last < period.start:
        return Period(period.key, period.start - A_DAY - length, period.start - A_DAY)
    return Period(period.key, period.start, last)


def parse(text: str) -> Period:
    """The period somebody wrote: a week as “2026-W47”, else as `metrics.periods.parse` reads it."""
    if (found := WEEK.match(text.strip())) is not None:
        try:
            monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError as error:
            raise Refusal(f"{text.strip()} is no week of that year.", field="period") from error
        return period_of(Cadence.FORTNIGHTLY if "+" in text else Cadence.WEEKLY, monday)
    return parse_months(text)


def named(first: dt.date, last: dt.date) -> str:
    """“November 2026”, “2026”, “16 to 22 November 2026”, “28 September to 4 October 2026”."""
    whole = first.day == 1 and (last + A_DAY).day == 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if whole and months == 1:
        return f"{first:%B %Y}"
    if whole and months == 12 and first.month == 1:
        return f"{first.year}"
    if whole:
        start = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
        return f"{start} to {last:%B %Y}"
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B %Y}"
    start = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
    return f"{start} to {last.day} {last:%B %Y}"
