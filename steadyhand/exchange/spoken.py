"""What tables say of a call, an e-mail or a meeting: how long it took, who began it, what it was, when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from steadyhand.comms.models import Channel, Direction
from steadyhand.core.refusals import Refusal

CHANNELS = {
    "call": Channel.CALL,
    "phone": Channel.CALL,
    "phone call": Channel.CALL,
    "telephone": Channel.CALL,
    "email": Channel.EMAIL,
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "meeting": Channel.MEETING,
    "visit": Channel.MEETING,
    "note": Channel.NOTE,
}
DIRECTIONS = {
    **dict.fromkeys(("in", "inbound", "incoming", "received", "incoming email"), Direction.IN),
    **dict.fromkeys(("out", "outbound", "outgoing", "sent", "email"), Direction.OUT),
}
#: What somebody may have spoken at one go; more is a slip or another unit.
MOST_MINUTES = 24 * 60

_MINUTES = {"milliseconds": 1 / 60_000, "seconds": 1 / 60, "minutes": 1.0, "hours": 60.0}
_HEADING_UNITS = (
    ("milliseconds", re.compile(r"\b(ms|msec|milliseconds?)\b")),
    ("seconds", re.compile(r"\b(s|secs?|seconds?)\b")),
    ("minutes", re.compile(r"\b(m|mins?|minutes?)\b")),
    ("hours", re.compile(r"\b(h|hrs?|hours?)\b")),
)
_NUMBER = re.compile(r"^\d{1,12}([.,]\d{1,6})?$")
_CLOCK = re.compile(r"^(\d{1,4}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$")
_WORDS = re.compile(
    r"^(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?\s*(?:(\d+)\s*s(?:ec(?:ond)?s?)?)?\.?$",
    re.IGNORECASE,
)
_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DurationColumn:
    """How a column writes how long something took: the unit of a bare number, and what 0:25 means."""

    heading: str
    unit: str = "minutes"
    hours_first: bool = True
    whys: tuple[str, ...] = ()

    @classmethod
    def of(cls, heading: str, cells: Iterable[tuple[int, str]]) -> Self:
        """Decide from the heading and every cell of the column (with its line)."""
        numbers: list[float] = []
        shorts: list[tuple[int, int, str]] = []
        for line, cell in cells:
            if _NUMBER.match(cell):
                numbers.append(float(cell.replace(",", ".")))
            elif (match := _CLOCK.match(cell)) and match[3] is None:
                shorts.append((int(match[1]), line, cell))
        unit, why = _unit_of(heading, [number for number in numbers if number])
        whys = [why] if why else []
        longest, line, cell = max(shorts, default=(0, 0, ""))
        if shorts and longest >= 4:
            whys.append(f"{cell} (line {line}) as minutes and seconds: few calls take {longest} hours")
        elif shorts:
            whys.append(f"{cell} (line {line}) as hours and minutes")
        return cls(heading, unit, longest < 4, tuple(whys))

    def read(self, cell: str) -> int | None:
        """Whole minutes, at least one of anything that took time; None for an empty cell and for none."""
        if not cell:
            return None
        minutes = self._minutes(cell)
        if minutes is None:
            raise Refusal(
                f"“{cell[:60]}” does not say how long it took.",
                remedy="Write minutes, for instance 25, or 0:25:00.",
                field=self.heading,
            )
        if minutes > MOST_MINUTES:
            raise Refusal(
                f"“{cell[:60]}” is more than a day, read in {self.unit}.",
                remedy="Write minutes, for instance 25.",
                field=self.heading,
            )
        return max(1, round(minutes)) if minutes else None

    def _minutes(self, cell: str) -> float | None:
        if _NUMBER.match(cell):
            return float(cell.replace(",", ".")) * _MINUTES[self.unit]
        if match := _CLOCK.match(cell):
            first, second = int(match[1]), int(match[2])
            if match[3] is not None:
                return first * 60 + second + int(match[3]) / 60
            return first * 60 + second if self.hours_first else first + second / 60
        if match := _WORDS.match(cell):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return hours * 60 + minutes + seconds / 60
        return None


def _unit_of(heading: str, numbers: list[float]) -> tuple[str, str]:
    """The unit of bare numbers, and why, where the heading does not say it."""
    plain = re.sub(r"[^a-z]+", " ", heading.casefold())
    for unit, words in _HEADING_UNITS:
        if words.search(plain):
            return unit, ""
    if not numbers:
        return "minutes", ""
    least, most = min(numbers), max(numbers)
    if least >= 1000 or most > 36_000:
        return "milliseconds", f"in milliseconds, because they go up to {most:,.0f}"
    if most > 240:
        return "seconds", f"in seconds, because they go up to {most:,.0f}"
    return "minutes", f"in minutes, because they go up to {most:,.0f}"


def read_channel(cell: str, heading: str) -> Channel:
    """Call, e-mail, meeting or note."""
    channel = CHANNELS.get(" ".join(cell.casefold().split()))
    if channel is None:
        raise Refusal(
            f"“{cell[:60]}” is not call, email, meeting or note.", remedy="Correct the type.", field=heading
        )
    return channel


def read_direction(cell: str, heading: str) -> Direction:
    """Who began it; an empty cell does not say."""
    if not cell:
        return Direction.UNKNOWN
    direction = DIRECTIONS.get(" ".join(cell.casefold().replace("_", " ").split()))
    if direction is None:
        raise Refusal(
            f"“{cell[:60]}” is neither inbound nor outbound.",
            remedy="Write in where the client began it, out where we did.",
            field=heading,
        )
    return direction


def read_time(cell: str, heading: str) -> dt.time | None:
    """A time of day, 14:30 or 2:30 pm; None for an empty cell."""
    if not cell:
        return None
    match = _TIME.match(cell.strip())
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour < 24 and minute < 60:
            return dt.time(hour, minute)
    raise Refusal(f"“{cell[:60]}” is not a time of day.", remedy="Write it as 14:30.", field=heading)
