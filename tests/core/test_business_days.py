import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.core.business_days import Place, WorkingDays, public_holidays

ENGLAND = WorkingDays.of("GB")
days = st.dates(dt.date(2024, 1, 1), dt.date(2037, 12, 31))
calendars = st.builds(
    WorkingDays,
    week=st.frozensets(st.integers(0, 6), min_size=1),
    places=st.sampled_from([(), (Place("GB"),), (Place("AE"), Place("US")), (Place("IN"),)]),
    closed=st.frozensets(days, max_size=5),
)


def test_a_british_client_has_the_bank_holidays_of_england_unless_a_region_is_named():
    easter_monday, august = dt.date(2026, 4, 6), dt.date(2026, 8, 31)
    assert not ENGLAND.is_working(easter_monday)
    assert not ENGLAND.is_working(august)
    assert WorkingDays.of(("GB", "SCT")).is_working(august)


def test_days_off_are_those_of_the_clients_and_of_the_owners_country():
    thanksgiving, boxing_day = dt.date(2026, 11, 26), dt.date(2025, 12, 26)
    both = WorkingDays.of("GB", "US")
    assert ENGLAND.is_working(thanksgiving)
    assert not both.is_working(thanksgiving)
    assert not both.is_working(boxing_day)
    assert both == WorkingDays.of("US", "GB", "GB")
    assert hash(both) == hash(WorkingDays.of("US", "GB"))


def test_a_country_or_region_nobody_knows_takes_no_days_off():
    assert public_holidays((Place("ZZ"),), 2026) == frozenset()
    assert public_holidays((Place("GB", "NOWHERE"),), 2026) == public_holidays((Place("GB", ""),), 2026) - (
        public_holidays((Place("GB", "ENG"),), 2026) - public_holidays((Place("GB", "NOWHERE"),), 2026)
    )
    assert WorkingDays.of("ZZ", "").is_working(dt.date(2026, 12, 25))


def test_the_agencys_own_closed_days_and_working_week_count():
    calendar = WorkingDays.of(week=[6, 0, 1, 2, 3], closed=[dt.date(2026, 11, 22)])
    assert not calendar.is_working(dt.date(2026, 11, 20))  # Friday
    assert not calendar.is_working(dt.date(2026, 11, 22))  # a Sunday, closed
    assert calendar.is_working(dt.date(2026, 11, 29))


def test_counting_working_days_around_christmas():
    assert ENGLAND.next_working(dt.date(2026, 12, 25)) == dt.date(2026, 12, 29)
    assert ENGLAND.previous_working(dt.date(2026, 12, 28)) == dt.date(2026, 12, 24)
    assert ENGLAND.add_working(dt.date(2026, 12, 24), 1) == dt.date(2026, 12, 29)
    assert ENGLAND.add_working(dt.date(2026, 12, 29), -2) == dt.date(2026, 12, 23)
    assert ENGLAND.add_working(dt.date(2026, 12, 26), 0) == dt.date(2026, 12, 29)
    december = dt.date(2026, 12, 1), dt.date(2026, 12, 31)
    assert ENGLAND.first_working(*december) == dt.date(2026, 12, 1)
    assert ENGLAND.last_working(*december) == dt.date(2026, 12, 31)
    assert ENGLAND.nth_working(*december, 19) == dt.date(2026, 12, 29)
    assert ENGLAND.nth_working(*december, 30) == dt.date(2026, 12, 31)
    assert ENGLAND.nth_working(dt.date(2026, 12, 25), dt.date(2026, 12, 28), 1) is None


def test_a_day_off_moves_forward_inside_the_period_else_back():
    week = dt.date(2026, 12, 21), dt.date(2026, 12, 27)
    assert ENGLAND.settle(dt.date(2026, 12, 22), *week) == dt.date(2026, 12, 22)
    assert ENGLAND.settle(dt.date(2026, 12, 25), *week) == dt.date(2026, 12, 24)
    assert ENGLAND.settle(dt.date(2026, 12, 25), week[0], dt.date(2026, 12, 31)) == dt.date(2026, 12, 29)
    saturday_alone = dt.date(2026, 12, 26)
    assert ENGLAND.settle(saturday_alone, saturday_alone, saturday_alone) == dt.date(2026, 12, 24)


def test_a_calendar_that_never_opens_ends_its_search():
    never = WorkingDays(week=frozenset())
    assert never.next_working(dt.date(2026, 1, 1)) == dt.date(2026, 1, 1)
    assert never.last_working(dt.date(2026, 1, 1), dt.date(2026, 1, 31)) is None
    assert never.settle(dt.date(2026, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 1, 3)) == dt.date(2026, 1, 1)


def test_the_fingerprint_changes_with_what_it_covers_only():
    base = ENGLAND.fingerprint(2026, 2027)
    assert base == WorkingDays.of("GB").fingerprint(2026, 2027)
    closed_then = WorkingDays.of("GB", closed=[dt.date(2026, 12, 24)])
    closed_later = WorkingDays.of("GB", closed=[dt.date(2029, 12, 24)])
    assert closed_then.fingerprint(2026, 2027) != base
    assert closed_later.fingerprint(2026, 2027) == base
    assert WorkingDays.of("GB", week=range(6)).fingerprint(2026, 2027) != base
    assert WorkingDays.of("GB", "FR").fingerprint(2026, 2027) != base


@settings(deadline=None)
@given(calendars, days, st.integers(0, 60))
def test_settling_follows_the_rule(calendar, day, length):
    start, end = day - dt.timedelta(days=length // 2), day + dt.timedelta(days=length - length // 2)
    inside = [start + dt.timedelta(days=n) for n in range(length + 1)]
    later = [d for d in inside if d >= day and calendar.is_working(d)]
    settled = calendar.settle(day, start, end)
    if later:
        assert settled == later[0]
    else:
        assert settled < day
        assert calendar.is_working(settled)
        between = (end - settled).days
        assert not any(
            calendar.is_working(settled + dt.timedelta(days=n))
            for n in range(1, between + 1)
            if settled + dt.timedelta(days=n) <= day
        )


@settings(deadline=None)
@given(calendars, days, st.integers(-40, 40))
def test_adding_working_days_counts_them(calendar, day, count):
    reached = calendar.add_working(day, count)
    low, high = min(day, reached), max(day, reached)
    walked = [low + dt.timedelta(days=n) for n in range((high - low).days + 1)]
    worked = sum(calendar.is_working(d) for d in walked if d != day)
    assert calendar.is_working(reached)
    assert worked == (abs(count) if count else int(reached != day))
