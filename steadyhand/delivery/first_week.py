"""When a new engagement's first week ends, and how far its services are by then (O6, B10). Reads only.

The week counts from the engagement's start, as the playbook in force says; website builds are excepted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from steadyhand.clients.models import Engagement, Service
from steadyhand.delivery.models import ServiceSetup
from steadyhand.playbook.models import Version

A_DAY = dt.timedelta(days=1)
#: A kickoff later than this day of the engagement is warned of.
KICKOFF_BY = 5
#: An engagement that began longer ago than this when it was written down is not being set up any more.
NEW_FOR = 31


class Standing(StrEnum):
    """How far a set-up is on a day."""

    CONFIRMED = "confirmed"
    READY = "ready"
    MISSING = "missing"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class FirstWeek:
    """The playbook's first week."""

    days: int = 7
    except_website_builds: bool = True

    def ends_on(self, engagement: Engagement) -> dt.date:
        """Its last day."""
        return engagement.starts_on + (self.days - 1) * A_DAY

    def last_day(self, service: Service) -> dt.date | None:
        """By when this service runs; None for what the rule does not bind."""
        if service.website_build and self.except_website_builds:
            return None
        return self.ends_on(service.engagement)

    def standing(self, setup: ServiceSetup, day: dt.date) -> Standing:
        """Late is what lacks something after its last day, or starts after it without a reason."""
        if setup.confirmed_at is not None:
            return Standing.CONFIRMED
        last = self.last_day(setup.service)
        starts_late = last is not None and setup.starts_on is not None and setup.starts_on > last
        if (last is not None and day > last) or (starts_late and not setup.reason):
            return Standing.LATE
        return Standing.MISSING if missing(setup) else Standing.READY


def first_week() -> FirstWeek:
    """As the playbook in force has it; seven days where there is none."""
    version = Version.live()
    if version is None:
        return FirstWeek()
    rule = version.policy.first_month
    return FirstWeek(rule.setup_within_days, rule.except_website_builds)


def missing(setup: ServiceSetup) -> list[str]:
    """What this service still lacks, in words. Reads `service.tasks`, preloaded where there are many."""
    lacks = (
        ("a deliverable manager", setup.manager_id is None),
        ("tasks", not setup.service.tasks.all()),
        ("a start date", setup.starts_on is None),
    )
    return [words for words, is_missing in lacks if is_missing]
