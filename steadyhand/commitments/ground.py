"""What a run of the planner stands on: the day, the horizon, the playbook, the calendar, the people."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from importlib.metadata import version as version_of

from steadyhand.commitments.calendars import AgencyCalendar
from steadyhand.commitments.facts import Surroundings
from steadyhand.core.models import Agency
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy


def horizon_end(as_of: dt.date, weeks: int) -> dt.date:
    """The Sunday that ends the last week of the horizon, the week of `as_of` being the first."""
    return as_of - dt.timedelta(days=as_of.weekday()) + dt.timedelta(days=7 * weeks - 1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a run plans on: the day, the horizon, the playbook, the calendar, the people.

    `rules` is what every client's plan depends on, in one short text; `basis` adds the exchange rates,
    which reach a client only through its spend. A changed basis makes everybody due for a look.
    """

    as_of: dt.date
    until: dt.date
    version: Version
    policy: Policy
    calendar: AgencyCalendar
    around: Surroundings
    day_ends: dt.time
    rules: str
    basis: str

    @classmethod
    def survey(cls, as_of: dt.date | None = None) -> Ground | None:
        """Read it all once; None while no playbook is published."""
        agency = Agency.get()
        version = Version.live()
        if version is None:
            return None
        day = as_of or agency.today()
        calendar = AgencyCalendar.load()
        around = Surroundings.load(day)
        rules = digest(
            version.digest,
            sorted(calendar.week),
            sorted(day.isoformat() for day in calendar.closed),
            agency.day_ends,
            version_of("holidays"),
        )
        rates = sorted((code, str(rate.normalize())) for code, rate in around.rates.items())
        return cls(
            as_of=day,
            until=horizon_end(day, agency.horizon_weeks),
            version=version,
            policy=version.policy,
            calendar=calendar,
            around=around,
            day_ends=agency.day_ends,
            rules=rules,
            basis=digest(rules, rates),
        )


def digest(*parts: object) -> str:
    """A short text that is the same for the same parts, in whatever process."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
