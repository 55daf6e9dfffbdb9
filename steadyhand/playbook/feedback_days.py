"""On which day feedback is asked: never in the week of the monthly ratings (MISSION L1, L2)."""

from __future__ import annotations

from functools import lru_cache

from steadyhand.core.recurrence import Cadence, DayChoice, Preference

SHORTEST_MONTH_AT_A_PERIOD_END = 30  # quarters and half-years end in months of 30 or 31 days
HOLIDAYS_MOVE = 4  # the most days that Easter or Christmas moves a day forward
# Feedback may move forward over a weekend itself, so the ratings after it need one day more of distance.
DAYS_SINCE_RATINGS, DAYS_UNTIL_RATINGS = 8, 9


@lru_cache(maxsize=1024)
def feedback_day(days: tuple[int, ...], cadence: Cadence, preference: Preference) -> int:
    """The first of the days of the month that lies a week away from each month's first call.

    Where none does, the one that lies furthest.
    """
    first, last = _first_call_between(cadence, preference)
    return next((day for day in days if _spare(day, first, last) >= 0), None) or max(
        days, key=lambda day: _spare(day, first, last)
    )


def _spare(day: int, first: int, last: int) -> int:
    """By how many days a day is further than it need be from calls between first and last."""
    if first <= day <= last:
        return -SHORTEST_MONTH_AT_A_PERIOD_END
    since = (day - last) % SHORTEST_MONTH_AT_A_PERIOD_END
    until = (first - day) % SHORTEST_MONTH_AT_A_PERIOD_END
    return min(since - DAYS_SINCE_RATINGS, until - DAYS_UNTIL_RATINGS)


def _first_call_between(cadence: Cadence, preference: Preference) -> tuple[int, int]:
    """Between which days of a month its first call falls."""
    if cadence is Cadence.WEEKLY:
        return 1, 7
    if cadence is Cadence.FORTNIGHTLY:
        return 1, 14
    match preference.choice:
        case DayChoice.DAY_OF_MONTH:
            return preference.number, preference.number + HOLIDAYS_MOVE
        case DayChoice.NTH_WORKING:
            return preference.number, preference.number * 7 // 5 + HOLIDAYS_MOVE
        case DayChoice.NTH_WEEKDAY if preference.nth > 0:
            return preference.nth * 7 - 6, preference.nth * 7
        case _:
            return 24, 31
