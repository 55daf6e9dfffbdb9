"""The only clock. Nothing else asks the operating system for the time."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from steadyhand.core.refusals import Refusal


def now() -> dt.datetime:
    """This moment, in UTC. `STEADYHAND_CLOCK` (tests only) replaces it."""
    fixed: dt.datetime | None = getattr(settings, "CLOCK", None)
    return fixed or dt.datetime.now(dt.UTC)


def today(zone: str) -> dt.date:
    """The calendar date it is in an IANA zone."""
    return now().astimezone(zone_info(zone)).date()


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """The first instant of a day in an IANA zone, in UTC."""
    return dt.datetime.combine(day, dt.time(), zone_info(zone)).astimezone(dt.UTC)


@lru_cache(maxsize=1024)
def zone_info(name: str) -> ZoneInfo:
    """The zone of that IANA name; refuses a name that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, IsADirectoryError) as error:
        raise Refusal(
            f"“{name}” is not a time zone we know.",
            remedy="Write it as Area/City, for instance Europe/London.",
            field="zone",
        ) from error
