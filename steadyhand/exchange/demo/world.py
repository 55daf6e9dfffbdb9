"""The demo agency while it is being brought about: who is who, and what to do when."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from steadyhand.clients.models import Client, ClientGroup, Contact, Engagement, Position
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.exchange.demo.sketch import Sketch
from steadyhand.people.models import Member

SEED = "northwind"
WEEKS = 10
A_DAY = dt.timedelta(days=1)

Act = Callable[[], object]


@dataclass(slots=True)
class World:
    """Everybody by name, the span of the past, and the acts still to come in it."""

    agency: Agency
    now: dt.datetime
    by: Actor
    team: dict[str, Member] = field(default_factory=dict)
    sketches: dict[int, Sketch] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    engagements: dict[str, Engagement] = field(default_factory=dict)
    contacts: dict[str, list[Contact]] = field(default_factory=dict)
    groups: list[ClientGroup] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    made: dict[str, list[int]] = field(default_factory=dict)
    _to_come: list[tuple[dt.datetime, int, Act]] = field(default_factory=list)
    _number: int = 0

    @property
    def today(self) -> dt.date:
        """The agency's date."""
        return self.now.astimezone(clock.zone_info(self.agency.zone)).date()

    @property
    def begins(self) -> dt.date:
        """The Monday on which the past begins."""
        return self.today - dt.timedelta(days=self.today.weekday(), weeks=WEEKS)

    @property
    def founded_on(self) -> dt.date:
        """The Friday before, on which agency and book are set up."""
        return self.begins - 3 * A_DAY

    def moment(self, day: dt.date, time: str | dt.time) -> dt.datetime:
        """A wall time of the agency's, as an instant."""
        wall = dt.time.fromisoformat(time) if isinstance(time, str) else time
        zone = clock.zone_info(self.agency.zone)
        return dt.datetime.combine(day, wall, zone).astimezone(dt.UTC)

    def working(self, offset: int) -> dt.date:
        """A weekday so many days from today: weekends give the Friday before, to come the Monday after."""
        day = self.today + offset * A_DAY
        if day.weekday() < 5:
            return day
        return day - (day.weekday() - 4) * A_DAY if offset < 0 else day + (7 - day.weekday()) * A_DAY

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """So many weekdays later."""
        while working_days:
            day += A_DAY
            working_days -= day.weekday() < 5
        return day

    def plan(self, moment: dt.datetime, act: Act) -> None:
        """Do this at that moment; what lies beyond now is left undone."""
        if moment <= self.now:
            self._number += 1
            heapq.heappush(self._to_come, (moment, self._number, act))

    def live_through(self, until: dt.datetime) -> None:
        """Do everything planned up to a moment, each act standing at its own time."""
        while self._to_come and self._to_come[0][0] <= until:
            moment, _, act = heapq.heappop(self._to_come)
            with clock.standing_at(moment):
                act()

    def sketch(self, client_id: int | None) -> Sketch | None:
        """What we know of a client of ours."""
        return self.sketches.get(client_id or 0)

    def contact(self, client: Client | None) -> Contact | None:
        """Whom one speaks to there day by day."""
        people = self.contacts.get(client.name, []) if client else []
        return people[0] if people else None


def lead_of(client: Client) -> Member:
    """Whoever leads the client as the story stands."""
    return client.team.filter(position=Position.LEAD, until=None).select_related("member").get().member


def first_name(name: str) -> str:
    """“Dr Ruth Engel” is Ruth to us."""
    return name.removeprefix("Dr ").removeprefix("Captain ").split()[0]


def chance(*key: object) -> Random:
    """Always the same dice for the same thing."""
    return Random(":".join([SEED, *map(str, key)]))  # noqa: S311 - an invented past, no secret
