"""From a client's facts to dated drafts: what the ledger should hold, before anything is compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from steadyhand.clients.models import Position
from steadyhand.commitments.facts import ClientFacts, TeamMate
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.kinds import TIMED
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.timing import length
from steadyhand.core.business_days import WorkingDays
from steadyhand.core.recurrence import end_of_day, local_instant
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.policy import Policy
from steadyhand.playbook.promises import Promise, dated

#: Falls to the client's executive sponsor, whatever the sponsor's role.
SPONSORSHIP = "sponsorship"


class Draft:
    """A promise with a date and an owner, not yet in the ledger."""

    __slots__ = (
        "due_at",
        "due_on",
        "due_time",
        "engagement_id",
        "internal",
        "kind",
        "minutes",
        "owner_id",
        "period",
        "period_ends",
        "rule",
        "slot",
        "starts_at",
        "title",
        "zone",
    )

    def __init__(
        self,
        promise: Promise,
        engagement_id: int | None,
        owner_id: int | None,
        zone: str,
        period: str,
        period_ends: dt.date,
        due_on: dt.date,
    ) -> None:
        self.engagement_id = engagement_id
        self.rule = promise.rule
        self.slot = promise.slot
        self.kind: str = promise.kind
        self.title = promise.title
        self.minutes = promise.minutes
        self.internal = promise.internal
        self.owner_id = owner_id
        self.zone = zone
        self.period = period
        self.period_ends = period_ends
        self.set_time(due_on, promise.time)

    def set_time(self, due_on: dt.date, time: dt.time | None) -> None:
        """Due on this day, at this wall time or within the day."""
        self.due_on, self.due_time = due_on, time
        if time is None:
            self.starts_at: dt.datetime | None = None
            self.due_at = end_of_day(due_on, self.zone)
        else:
            self.starts_at = local_instant(due_on, time, self.zone)
            self.due_at = self.starts_at + dt.timedelta(minutes=length(self.kind, self.minutes))

    @property
    def key(self) -> tuple[int | None, str, str, int]:
        """The key it has in the ledger."""
        return self.engagement_id, self.rule, self.period, self.slot

    @property
    def is_timed(self) -> bool:
        """Whether it takes up its owner's time at an agreed hour."""
        return self.starts_at is not None and self.kind in TIMED

    def build(self, client_id: int | None, version_id: int, now: dt.datetime) -> Commitment:
        """The row it becomes."""
        return Commitment(
            client_id=client_id,
            engagement_id=self.engagement_id,
            version_id=version_id,
            rule=self.rule,
            slot=self.slot,
            kind=self.kind,
            title=self.title,
            minutes=self.minutes,
            internal=self.internal,
            owner_id=self.owner_id,
            zone=self.zone,
            period=self.period,
            period_ends=self.period_ends,
            due_on=self.due_on,
            due_time=self.due_time,
            due_at=self.due_at,
            starts_at=self.starts_at,
            changed_at=now,
        )


def drafts_of(facts: ClientFacts, ground: Ground, first: dt.date) -> Iterator[Draft]:
    """Everything this client is owed from a day to the horizon's end, engagement by engagement."""
    policy = ground.policy
    window = (first, ground.until)
    owners: dict[str, tuple[int | None, WorkingDays]] = {}
    for engagement in facts.engagements:
        for promise in promises(policy, engagement.facts):
            last = promise.bounds[1]
            if last is not None and last < first:
                continue
            duty = promise.responsibility
            if duty not in owners:
                owner_id = owner_of(duty, facts.team, policy)
                owners[duty] = owner_id, days_for(facts, owner_id, ground)
            owner_id, days = owners[duty]
            for period, period_ends, due_on in dated(promise, window=window, days=days):
                if engagement.pauses and engagement.paused_on(due_on):
                    continue
                keeper = ground.around.keeper(owner_id, due_on) if owner_id is not None else None
                yield Draft(
                    promise, engagement.engagement_id, keeper, facts.zone, period, period_ends, due_on
                )


def days_for(facts: ClientFacts, owner_id: int | None, ground: Ground) -> WorkingDays:
    """Working days of the client's and the owner's country."""
    place = ground.around.places.get(owner_id) if owner_id is not None else None
    return ground.calendar.days(facts.place, place or facts.place)


def owner_of(responsibility: str, team: tuple[TeamMate, ...], policy: Policy) -> int | None:
    """Who on the account team owns what falls to a responsibility (P1); the lead where nobody holds it.

    Several of one role: the lead first, then whoever joined first.
    """
    lead = next((mate.member_id for mate in team if mate.position == Position.LEAD), None)
    if responsibility == SPONSORSHIP:
        sponsor = next((mate.member_id for mate in team if mate.position == Position.SPONSOR), None)
        return sponsor if sponsor is not None else lead
    able = [mate for mate in team if mate.position in (Position.LEAD, Position.SUPPORT)]
    for role in policy.responsibilities.owner_roles(responsibility):
        holders = [mate.member_id for mate in able if mate.role == role]
        if holders:
            return lead if lead in holders else holders[0]
    return lead
