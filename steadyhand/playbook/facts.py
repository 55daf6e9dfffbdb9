"""What a playbook needs to know about an engagement to say what is promised. Values only, no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from steadyhand.core.recurrence import Cadence

EngagementKind = Literal["retainer", "project"]
LiftReason = Literal["", "room_to_grow", "lifetime_value"]
PropensityName = Literal["low", "medium", "high"]


class ServiceFact(NamedTuple):
    """A service the client bought. `number` tells the services of one engagement apart, for ever."""

    number: int
    name: str
    channel: str = ""
    website_build: bool = False


class Departure(NamedTuple):
    """Where a client departs from the playbook; on a bespoke plan, the plan itself.

    Cadence None is “not at all”; minutes None keeps the playbook's.
    """

    rule: str
    cadence: Cadence | None
    minutes: int | None = None
    reason: str = ""


class Agreed(NamedTuple):
    """The day and wall time agreed with the client for a rule; what is None is not agreed yet."""

    rule: str
    weekday: int | None = None
    day_of_month: int | None = None
    time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One engagement as the playbook sees it.

    `spend` is the monthly amount of all the client's retainers, or the project's value; `tier_spend` the
    client's monthly spend; both in the playbook's currency. Only the client's `leading` retainer carries
    the rows that belong to the client (matrix, review, survey, entertainment). `raised_on` is the day from
    which a promise that depends on "now" counts. `changed_on` is the day the spend last changed, and
    `spend_before` what it was until then: what a client has grown into is set up from that day.
    """

    kind: EngagementKind
    spend: Decimal
    leading: bool
    start: dt.date
    end: dt.date | None
    raised_on: dt.date
    tier_spend: Decimal = Decimal(0)
    has_sponsor: bool = False
    lift: LiftReason = ""
    propensity: PropensityName = "low"
    services: tuple[ServiceFact, ...] = ()
    departures: tuple[Departure, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    changed_on: dt.date | None = None
    spend_before: Decimal | None = None
