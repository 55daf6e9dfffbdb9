"""How times, durations and names are written, everywhere the same. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from django.utils import dateformat

type Length = Literal["short", "long", "day", "time"]

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def duration(value: dt.timedelta | float | None) -> str:
    """“1 h 40 m” from minutes or a timedelta; rounded to the minute; empty for None."""
    if value is None:
        return ""
    minutes = round(value.total_seconds() / MINUTE if isinstance(value, dt.timedelta) else float(value))
    sign = "−" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    parts = [f"{hours} h" if hours else "", f"{rest} m" if rest or not hours else ""]
    return sign + " ".join(part for part in parts if part)


def initials(name: str) -> str:
    """Two capitals from a person's name (“Jody Marsh” → “JM”), one where there is one word."""
    local = name.strip().partition("@")[0]
    words = [word for word in re.split(r"[\s._]+", re.sub(r"\(.*?\)", "", local)) if word[:1].isalnum()]
    letters = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in letters).upper() or "?"


def relative_day(day: dt.date, today: dt.date) -> str:
    """“today”, “in 3 days”, “2 weeks ago”: whole calendar days, no clock involved."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    size = abs(days)
    if size < 14:
        return _ago(size, "day", days)
    if size < 60:
        return _ago(size // 7, "week", days)
    if size < 730:
        return _ago(round(size / 30.44), "month", days)
    return _ago(round(size / 365.25), "year", days)


def relative(moment: dt.datetime, now: dt.datetime, today: dt.date, zone: dt.tzinfo) -> str:
    """“in 20 minutes”, “3 hours ago”; from a day away it counts calendar days in the reader's zone."""
    seconds = int((moment - now).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return "now"
    if size < HOUR:
        return _ago(size // MINUTE, "minute", seconds)
    if size < DAY:
        return _ago(size // HOUR, "hour", seconds)
    return relative_day(moment.astimezone(zone).date(), today)


def _ago(count: int, unit: str, direction: int) -> str:
    words = f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"in {words}" if direction > 0 else f"{words} ago"


def day_text(day: dt.date, today: dt.date, length: Length = "short") -> str:
    """“Thu 26 Nov”, with the year where it is not this one; long: “Thursday 26 November 2026”."""
    if length == "long":
        return dateformat.format(day, "l j F Y")
    return dateformat.format(day, "D j M" if day.year == today.year else "j M Y")


def moment_text(moment: dt.datetime, today: dt.date, length: Length = "short") -> str:
    """“Thu 26 Nov, 10:00” of a moment that is already in the reader's zone; `time` leaves only the clock."""
    clock = moment.strftime("%H:%M")
    if length == "time":
        return clock
    day = day_text(moment.date(), today, length)
    return day if length == "day" else f"{day}, {clock}"


def place(zone: dt.tzinfo) -> str:
    """The city of a zone as people say it: “New York” for America/New_York."""
    name = str(getattr(zone, "key", None) or zone)
    return name.rpartition("/")[2].replace("_", " ")
