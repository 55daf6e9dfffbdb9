import datetime as dt
import itertools
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core import recurrence
from steadyhand.core.business_days import MONDAY_TO_FRIDAY, Place, WorkingDays
from steadyhand.core.recurrence import (
    LAST_WORKING_DAY,
    Cadence,
    DayChoice,
    Preference,
    end_of_day,
    local_instant,
    occurrences,
    on_day,
    on_weekday,
    period_of,
    periods,
)

EVERY_DAY = WorkingDays(week=frozenset(range(7)))
WEEKDAYS_ONLY = WorkingDays(week=MONDAY_TO_FRIDAY)
ENGLAND = WorkingDays.of("GB")
REPEATING = [cadence for cadence in Cadence if cadence is not Cadence.ONCE]
MONTHLY_ONES = [cadence for cadence in REPEATING if cadence.times_a_year <= 12]

days = st.dates(dt.date(2024, 1, 1), dt.date(2036, 12, 31))
preferences = st.one_of(
    st.just(Preference()),
    st.builds(Preference, st.just(DayChoice.NTH_WORKING), st.integers(1, 10), st.just(0)),
    st.builds(on_weekday, st.integers(0, 6)),
    st.builds(on_day, st.integers(1, 31)),
    st.builds(
        Preference, st.just(DayChoice.NTH_WEEKDAY), st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1])
    ),
)
calendars = st.sampled_from(
    [EVERY_DAY, WEEKDAYS_ONLY, ENGLAND, WorkingDays(places=(Place("AE"), Place("US")))]
)


@st.composite
def windows(draw):
    first = draw(days)
    return first, first + dt.timedelta(days=draw(st.integers(0, 500)))


@st.composite
def bounds(draw, window):
    start = window[0] + dt.timedelta(days=draw(st.integers(-60, 200)))
    end = draw(st.none() | st.integers(0, 400).map(lambda length: start + dt.timedelta(days=length)))
    return start, end


# --- against dateutil -------------------------------------------------------------------------------


def dateutil_rule(cadence, preference):
    """The same rule in iCalendar's terms; None where iCalendar cannot say it."""
    n, weekdays = preference.number, [rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR]
    if cadence in (Cadence.WEEKLY, Cadence.FORTNIGHTLY):
        rule = {"freq": rrule.WEEKLY, "interval": 2 if cadence is Cadence.FORTNIGHTLY else 1}
        start = dt.datetime(1970, 1, 5 if cadence is Cadence.WEEKLY else 12)
        match preference.choice:
            case DayChoice.WEEKDAY:
                return rrule.rrule(dtstart=start, byweekday=n, **rule)
            case DayChoice.LAST_WORKING:
                return rrule.rrule(dtstart=start, byweekday=rrule.FR, **rule)
            case DayChoice.NTH_WORKING if cadence is Cadence.WEEKLY:
                return rrule.rrule(dtstart=start, byweekday=min(n, 5) - 1, **rule)
        return None
    length = recurrence.MONTHS_IN_PERIOD[cadence]
    months = [month for month in range(1, 13) if month % length == 0]
    rule = {"freq": rrule.MONTHLY, "bymonth": months, "dtstart": dt.datetime(1970, 1, 1)}
    match preference.choice:
        case DayChoice.DAY_OF_MONTH:
            return rrule.rrule(bymonthday=range(min(n, 28), n + 1), bysetpos=-1, **rule)
        case DayChoice.NTH_WEEKDAY:
            return rrule.rrule(byweekday=rrule.weekday(n, preference.nth), **rule)
        case DayChoice.WEEKDAY:
            return rrule.rrule(byweekday=rrule.weekday(n, -1), **rule)
        case DayChoice.LAST_WORKING:
            return rrule.rrule(byweekday=weekdays, bysetpos=-1, **rule)
        case DayChoice.NTH_WORKING:
            rule["bymonth"] = [month - length + 1 for month in months]
            return rrule.rrule(byweekday=weekdays, bysetpos=n, **rule)


@settings(deadline=None)
@given(st.sampled_from(REPEATING), preferences, windows())
def test_due_days_are_those_of_dateutil(cadence, preference, window):
    rule = dateutil_rule(cadence, preference)
    if rule is None:
        return
    counts_working = preference.choice in (DayChoice.LAST_WORKING, DayChoice.NTH_WORKING)
    calendar = WEEKDAYS_ONLY if counts_working else EVERY_DAY
    ours = occurrences(cadence, preference, window=window, bounds=(dt.date(2000, 1, 1), None), days=calendar)
    first, last = (dt.datetime.combine(day, dt.time()) for day in window)
    assert [o.due_on for o in ours] == [day.date() for day in rule.between(first, last, inc=True)]


# --- what always holds ------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.data(), st.sampled_from(REPEATING), preferences, windows(), calendars)
def test_one_due_day_for_each_period_in_window_and_bounds(data, cadence, preference, window, calendar):
    limits = data.draw(bounds(window))
    start, end = limits
    found = occurrences(cadence, preference, window=window, bounds=limits, days=calendar)
    keys = [o.period_key for o in found]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)
    assert [o.due_on for o in found] == sorted(o.due_on for o in found)
    for occurrence in found:
        assert window[0] <= occurrence.due_on <= window[1]
        assert start <= occurrence.due_on
        assert end is None or occurrence.due_on <= end
        assert calendar.is_working(occurrence.due_on)
    # Whoever looks through a much wider window sees the same days, and one in every period
    # whose part inside the bounds holds a working day.
    wide = (dt.date(2023, 1, 1), dt.date(2039, 12, 31))
    everything = occurrences(cadence, preference, window=wide, bounds=limits, days=calendar)
    within = [o for o in everything if window[0] <= o.due_on <= window[1]]
    overlapping = {p.key for p in periods(cadence, *window)}
    assert [o for o in within if o.period_key in overlapping] == list(found)
    last = end or wide[1]
    for period in periods(cadence, start, last) if start <= last else ():
        part = max(period.start, start), min(period.end, last)
        if calendar.last_working(*part) and (end or period.end <= last):
            assert period.key in {o.period_key for o in everything}


@settings(deadline=None)
@given(st.data(), st.sampled_from(REPEATING), preferences, windows(), calendars)
def test_leaving_out_bounds_without_effect_changes_nothing(data, cadence, preference, window, calendar):
    start, end = data.draw(bounds(window))
    plain = recurrence._repeated.__wrapped__(cadence, preference, *window, start, end, calendar)
    expected = () if start > window[1] or (end and end < max(window[0], start)) else plain
    assert occurrences(cadence, preference, window=window, bounds=(start, end), days=calendar) == expected


@settings(deadline=None)
@given(st.sampled_from(REPEATING), days)
def test_periods_tile_the_calendar(cadence, day):
    period = period_of(cadence, day)
    assert period.start <= day <= period.end
    following = period_of(cadence, period.end + dt.timedelta(days=1))
    assert following.start == period.end + dt.timedelta(days=1)
    assert following.key > period.key


@settings(deadline=None)
@given(preferences)
def test_a_day_reads_back_as_it_is_written(preference):
    assert Preference.parse(str(preference)) == preference


# --- known days -------------------------------------------------------------------------------------


def due(
    cadence,
    preference=LAST_WORKING_DAY,
    *,
    first="2026-11-23",
    last="2027-02-21",
    start="2020-01-01",
    end=None,
):
    read = dt.date.fromisoformat
    found = occurrences(
        cadence,
        preference,
        window=(read(first), read(last)),
        bounds=(read(start), read(end) if end else None),
        days=ENGLAND,
    )
    return {o.period_key: o.due_on.isoformat() for o in found}


def test_names_of_periods():
    day = dt.date(2026, 11, 23)
    assert [period_of(cadence, day).key for cadence in REPEATING] == [
        "2026-W48",
        "2026-W48+49",
        "2026-11",
        "2026-Q4",
        "2026-H2",
        "2026",
    ]
    assert period_of(Cadence.WEEKLY, dt.date(2027, 1, 1)).key == "2026-W53"
    assert period_of(Cadence.FORTNIGHTLY, dt.date(2026, 1, 1)).key == "2025-W52+01"
    with pytest.raises(ValueError, match="no calendar period"):
        period_of(Cadence.ONCE, day)


def test_month_ends_of_a_winter():
    assert due(Cadence.MONTHLY) == {"2026-11": "2026-11-30", "2026-12": "2026-12-31", "2027-01": "2027-01-29"}


def test_a_friday_that_is_a_holiday_moves_back_as_no_day_follows_in_its_week():
    fridays = due(Cadence.WEEKLY, on_weekday(4))
    assert len(fridays) == 13
    assert fridays["2026-W52"] == "2026-12-24"  # Christmas Day
    assert fridays["2026-W53"] == "2026-12-31"  # New Year's Day
    assert fridays["2027-W01"] == "2027-01-08"


def test_a_monday_that_is_a_holiday_moves_to_the_next_day_of_its_week():
    assert due(Cadence.WEEKLY, on_weekday(0), first="2026-08-31", last="2026-09-06") == {
        "2026-W36": "2026-09-01"
    }


def test_a_day_the_month_does_not_have_is_its_last():
    assert due(Cadence.MONTHLY, on_day(31), first="2027-02-01", last="2027-02-28") == {
        "2027-02": "2027-02-26"
    }
    assert due(Cadence.QUARTERLY, on_day(15), first="2026-10-01", last="2027-03-31") == {
        "2026-Q4": "2026-12-15",
        "2027-Q1": "2027-03-15",
    }


def test_bounds_clip_the_period_they_fall_in():
    assert due(Cadence.MONTHLY, start="2026-12-30", end="2027-01-05") == {
        "2026-12": "2026-12-31",
        "2027-01": "2027-01-05",
    }
    # Starts on a Thursday, calls on Tuesdays: the first week's is its last working day.
    assert due(Cadence.WEEKLY, on_weekday(1), start="2026-11-26", last="2026-12-06") == {
        "2026-W48": "2026-11-27",
        "2026-W49": "2026-12-01",
    }


def test_a_part_of_a_period_without_a_working_day_before_the_start_asks_for_nothing():
    assert due(Cadence.WEEKLY, start="2026-11-28", last="2026-12-06") == {"2026-W49": "2026-12-04"}


def test_nothing_due_before_the_window_or_after_it():
    assert due(Cadence.WEEKLY, on_weekday(0), first="2026-11-24", last="2026-11-29") == {}
    assert due(Cadence.MONTHLY, first="2026-11-23", last="2026-11-29") == {}
    assert due(Cadence.WEEKLY, first="2026-12-06", last="2026-12-01") == {}
    assert due(Cadence.WEEKLY, start="2026-12-06", end="2026-12-01") == {}


def test_once_is_done_within_its_bounds_or_at_their_start():
    assert due(Cadence.ONCE, start="2026-11-28", end="2026-12-31") == {"once": "2026-12-31"}
    assert due(Cadence.ONCE, start="2026-11-28") == {"once": "2026-11-30"}
    assert due(Cadence.ONCE, start="2026-01-01") == {}


@pytest.mark.parametrize("text", ["", "someday", "day 32", "working day 0", "sixth friday", "day -1"])
def test_a_day_that_is_none_is_refused_with_examples(text):
    with pytest.raises(ValueError, match=r"Write|from 1"):
        Preference.parse(text)


# --- clocks -----------------------------------------------------------------------------------------

FIRST, LAST = dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2038, 1, 1, tzinfo=dt.UTC)


def transitions(zone):
    """Every instant in 2024–2037 at which the zone's offset changes."""
    probe, step = FIRST, dt.timedelta(days=7)
    offset = zone.utcoffset(probe.astimezone(zone))
    while probe < LAST:
        following = probe + step
        changed = following.astimezone(zone).utcoffset()
        if changed != offset:
            low, high = probe, following
            while high - low > dt.timedelta(seconds=1):
                middle = low + dt.timedelta(seconds=(high - low).total_seconds() // 2)
                if middle.astimezone(zone).utcoffset() == offset:
                    low = middle
                else:
                    high = middle
            yield high
        probe, offset = following, changed


def times_around(wall):
    around = [wall + dt.timedelta(minutes=minutes) for minutes in (-60, -30, -1, 0, 1, 30, 59, 60)]
    return [dt.time(), dt.time(9), dt.time(23, 59), *(moment.time() for moment in around)]


def check_clock_changes(name, times_of=times_around):
    """Around every change of a zone's clock: one instant for each due day, the first of a repeated time,
    the gap's end for a skipped one, and a last second that belongs to the day."""
    zone = ZoneInfo(name)
    for change in transitions(zone):
        wall = change.astimezone(zone).replace(tzinfo=None)
        due_days = [wall.date() + dt.timedelta(days=n) for n in (-1, 0, 1)]
        for time in times_of(wall):
            instants = [local_instant.__wrapped__(day, time, name) for day in due_days]
            assert len(set(instants)) == len(due_days), (name, change, time)
            for day, instant in zip(due_days, instants, strict=True):
                local = instant.astimezone(zone)
                if local.replace(tzinfo=None) == dt.datetime.combine(day, time):
                    assert local.fold == 0, (name, change, time)
                else:  # skipped
                    assert instant == change, (name, change, time)
        ends = [end_of_day.__wrapped__(day, name).astimezone(zone).date() for day in due_days]
        assert ends == due_days, (name, change)


@pytest.mark.parametrize("letter", sorted({name[0] for name in available_timezones()}))
def test_every_change_of_every_clock_gives_one_instant_for_each_due_day(letter):
    for name in available_timezones():
        if name[0] == letter:
            check_clock_changes(name)


def test_the_two_kinds_of_sunday_in_london():
    def utc(day, hour, minute=0):
        return local_instant(dt.date.fromisoformat(day), dt.time(hour, minute), "Europe/London").isoformat()

    assert utc("2026-03-29", 1, 30) == "2026-03-29T01:00:00+00:00"  # skipped: the gap's end
    assert utc("2026-10-25", 1, 30) == "2026-10-25T00:30:00+00:00"  # repeated: the first
    assert utc("2026-07-01", 9) == "2026-07-01T08:00:00+00:00"


def test_minutes_go_forward_through_every_day_of_a_change():
    zone = "America/New_York"
    for day in (dt.date(2026, 3, 8), dt.date(2026, 11, 1)):
        instants = [local_instant(day, dt.time(m // 60, m % 60), zone) for m in range(0, 1440, 15)]
        assert all(one <= other for one, other in itertools.pairwise(instants))
