"""Hours at which the people a meeting needs have nothing else, spread over several days (W5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from steadyhand.commitments.kinds import TIMED, State
from steadyhand.commitments.models import Commitment
from steadyhand.core.business_days import ONE_DAY, WorkingDays
from steadyhand.core.clock import zone_info
from steadyhand.core.recurrence import local_instant
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member

#: When we offer to meet, on the agency's clock; each day begins with the next, so that choices differ.
HOURS = (dt.time(10), dt.time(14), dt.time(11, 30), dt.time(15, 30))
#: Waking hours at the client's, for one in another part of the world.
EARLIEST, LATEST = dt.time(8), dt.time(18)
#: Days ahead in which an opening must be found.
LOOK_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """A day and hour on the wall clock of `zone`."""

    day: dt.date
    time: dt.time
    zone: str

    @property
    def starts_at(self) -> dt.datetime:
        """The instant."""
        return local_instant(self.day, self.time, self.zone)

    def on_clock_of(self, zone: str) -> Opening:
        """The same instant as people in another zone read it."""
        local = self.starts_at.astimezone(zone_info(zone))
        return Opening(local.date(), local.time(), zone)

    @property
    def words(self) -> str:
        """“Wednesday 2 December, 10:00”."""
        return f"{self.day:%A} {self.day.day} {self.day:%B}, {self.time:%H:%M}"


def openings(
    people: Collection[Member],
    days: WorkingDays,
    *,
    first: dt.date,
    minutes: int,
    zone: str,
    client_zone: str = "",
    count: int = 1,
) -> list[Opening]:
    """The first `count` openings from that day on, one a day, each in the waking hours of `client_zone`.

    One query, whatever the size of the book. Refuses when nobody is free within thirty days.
    """
    until = first + LOOK_AHEAD * ONE_DAY
    busy = _busy(people, local_instant(first, dt.time(), zone), local_instant(until, dt.time(), zone))
    length = dt.timedelta(minutes=minutes)
    found: list[Opening] = []
    working = (first + n * ONE_DAY for n in range(LOOK_AHEAD) if days.is_working(first + n * ONE_DAY))
    for number, day in enumerate(working):
        turn = number % len(HOURS)
        possible = (Opening(day, hour, zone) for hour in (*HOURS[turn:], *HOURS[:turn]))
        fitting = (one for one in possible if _is_free(one, length, busy) and _awake(one, client_zone))
        found += islice(fitting, 1)
        if len(found) == count:
            return found
    if not found:
        names = " and ".join(person.name for person in people)
        raise Refusal(
            f"{names} have no hour together until {until:%-d %B}.",
            remedy="Name somebody else, or free an hour in their calendar.",
            field="lead_person",
        )
    return found


def _busy(
    people: Collection[Member], first: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    rows = Commitment.objects.filter(
        owner__in=[person.pk for person in people],
        state=State.OPEN,
        kind__in=TIMED,
        starts_at__gte=first - ONE_DAY,
        starts_at__lt=until,
    )
    spans = rows.order_by().values_list("starts_at", "due_at")
    return [(start, end) for start, end in spans if start is not None]


def _is_free(one: Opening, length: dt.timedelta, busy: list[tuple[dt.datetime, dt.datetime]]) -> bool:
    starts, ends = one.starts_at, one.starts_at + length
    return not any(begin < ends and end > starts for begin, end in busy)


def _awake(one: Opening, zone: str) -> bool:
    if not zone:
        return True
    return EARLIEST <= one.on_clock_of(zone).time <= LATEST
