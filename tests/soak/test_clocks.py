"""Every five minutes of every day on which any clock changes, 2024 to 2037."""

import datetime as dt
from zoneinfo import available_timezones

import pytest

from tests.core.test_recurrence import check_clock_changes

pytestmark = pytest.mark.soak
FIVE_MINUTES = [dt.time(minute // 60, minute % 60) for minute in range(0, 1440, 5)]


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_every_clock_at_every_time_of_day(name):
    check_clock_changes(name, lambda wall: FIVE_MINUTES)
