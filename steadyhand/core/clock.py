"""The only clock. Nothing else asks the operating system for the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from steadyhand.core.refusals import Refusal

_standing: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)


def now() -> dt.datetime:
    """This moment, in UTC. `STEADYHAND_CLOCK` (tests only) replaces it."""
    fixed: dt.datetime | None = _standing.get() or getattr(settings, "CLOCK", None)
    return fixed or dt.datetime.now(dt.UTC)


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Within this block it is that moment (aware): so the demo agency gets a past by the ordinary verbs."""
    token = _standing.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _standing.reset(token)


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
