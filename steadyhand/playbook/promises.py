"""A promise: one row of a client's plan, and the due days it comes to."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from steadyhand.core.business_days import ONE_DAY, WorkingDays
from steadyhand.core.recurrence import (
    Cadence,
    DayChoice,
    Occurrence,
    Preference,
    occurrences,
    on_day,
    on_weekday,
)
from steadyhand.playbook.facts import Agreed
from steadyhand.playbook.rules import Kind

Dated = Occurrence
"""A due day of a promise: `period_key`, `period_end`, `due_on`."""


class Promise(NamedTuple):
    """What the playbook asks for one engagement, before it has dates.

    `bounds` are the first and last day it may fall on; `anchor` is a fixed due day of something done once,
    before it is moved off a holiday; `period` names the period of something done once. `because` says why it
    is asked, `source` whether by the playbook, a departure or a lift. `minutes` is the time each takes.
    """

    rule: str
    slot: int
    kind: Kind
    title: str
    cadence: Cadence
    preference: Preference
    time: dt.time | None
    minutes: int
    responsibility: str
    internal: bool
    bounds: tuple[dt.date, dt.date | None]
    anchor: dt.date | None
    because: str
    source: str
    period: str = "once"


def dated(promise: Promise, *, window: tuple[dt.date, dt.date], days: WorkingDays) -> tuple[Dated, ...]:
    """The due days of a promise within the window, both days included, off weekends and holidays."""
    if promise.cadence is not Cadence.ONCE:
        return occurrences(
            promise.cadence, promise.preference, window=window, bounds=promise.bounds, days=days
        )
    start, end = promise.bounds
    named = promise.period != "once"
    due_on = _due_once(promise.preference, start, end, promise.anchor, named, days)
    if due_on is None or not window[0] <= due_on <= window[1]:
        return ()
    period_end = end if named and end is not None else due_on
    return (Dated(promise.period, period_end, due_on),)


@lru_cache(maxsize=65536)
def _due_once(
    preference: Preference,
    start: dt.date,
    end: dt.date | None,
    anchor: dt.date | None,
    named: bool,
    days: WorkingDays,
) -> dt.date | None:
    """A thing done once is never lost: with no working day in its bounds it falls on the next one after.

    Only a named period (a week of the first month) without a working day asks for nothing.
    """
    if anchor is not None:
        due_on = days.settle(anchor, start, anchor)
    elif end is None:
        count = preference.number if preference.choice is DayChoice.NTH_WORKING else 1
        due_on = days.add_working(days.next_working(start), count - 1)
    else:
        found = occurrences(Cadence.ONCE, preference, window=(start, end), bounds=(start, end), days=days)
        due_on = found[0].due_on if found else start - ONE_DAY
    if due_on >= start:
        return due_on
    return None if named else days.next_working(start)


def with_agreed_time(promise: Promise, agreed: Agreed) -> Promise:
    """The promise on the day and at the time agreed with the client."""
    return promise._replace(preference=_agreed_day(promise, agreed), time=agreed.time or promise.time)


def _agreed_day(promise: Promise, agreed: Agreed) -> Preference:
    if promise.cadence is Cadence.ONCE and promise.period == "once":
        return promise.preference
    in_months = promise.cadence not in (Cadence.WEEKLY, Cadence.FORTNIGHTLY, Cadence.ONCE)
    if agreed.day_of_month is not None and in_months:
        return on_day(agreed.day_of_month)
    if agreed.weekday is not None:
        return on_weekday(agreed.weekday)
    return promise.preference


def minutes_a_month(promise: Promise) -> float:
    """How many minutes a month the promise takes on average; what is done once takes none."""
    return promise.minutes * promise.cadence.times_a_year / 12
