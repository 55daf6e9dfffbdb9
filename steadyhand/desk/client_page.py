"""The page of one client: who they are, people on both sides, what we owe, what happened, what is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from steadyhand.clients.models import (
    Assignment,
    Client,
    Contact,
    Engagement,
    EngagementKind,
    Lift,
    Pause,
    Position,
)
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import ClientPlan, Commitment, PlanState
from steadyhand.commitments.models.commitment import CommitmentQuerySet
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.money import show
from steadyhand.core.statements import Records, SeenRecords, Slot, Statement
from steadyhand.desk.call_time import minutes_used, month_of
from steadyhand.desk.timeline import Entry, timeline
from steadyhand.desk.today import Line, Looking, line, short_day
from steadyhand.desk.today_parts import Part
from steadyhand.playbook.bands import band_words, edges, index_in
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy, Pot, allowance_minutes, entertainment_budget

MOST_OVERDUE = 10
NEXT = 5
RECENT = 8
MOST_CONTACTS = 12

#: Lead first, then who helps, then who sponsors.
PLACES = {Position.LEAD: 0, Position.SUPPORT: 1, Position.DELIVERY: 2, Position.SPONSOR: 3}


@dataclass(frozen=True, slots=True)
class CallTime:
    """The call time of the client's calendar month, in minutes (B4)."""

    month: dt.date
    allowed: int
    used: int
    planned: int

    @property
    def label(self) -> str:
        return f"Call time in {self.month:%B}"

    @property
    def goes_over(self) -> bool:
        """Whether what is still planned does not fit into what is left."""
        return self.used + self.planned > self.allowed

    @property
    def over_by(self) -> int:
        return self.used + self.planned - self.allowed


@dataclass(slots=True)
class EngagementCard:
    """One engagement as the page shows it."""

    engagement: Engagement
    pause: Pause | None

    @property
    def price(self) -> str:
        """“£3,000 a month”, or the worth of a project."""
        amount = show(self.engagement.amount, self.engagement.currency)
        return f"{amount} a month" if self.engagement.kind == EngagementKind.RETAINER else amount


@dataclass(slots=True)
class ClientPage:
    """Everything on the overview."""

    client: Client
    plan: ClientPlan | None
    tier_words: str
    tier_why: str
    kicker: list[str]
    team: list[Assignment]
    contacts: list[Contact]
    more_contacts: int
    running: list[EngagementCard]
    past: list[Engagement]
    owed: list[Line]
    happened: list[Entry]
    call_time: CallTime | None
    entertainment: Pot | None
    band: str
    currency: str
    needs_rate: str
    is_bespoke: bool
    asks_to_read: bool

    @property
    def lead(self) -> Assignment | None:
        return next((a for a in self.team if a.position == Position.LEAD), None)


PLAN = Records(lambda: ClientPlan.objects.filter(client=Slot("client")))
TEAM = Records(lambda: Assignment.objects.filter(client=Slot("client"), until=None).select_related("member"))
CONTACTS = Records(lambda: Contact.objects.filter(client=Slot("client"), left_on=None)[: MOST_CONTACTS + 1])
LATE = SeenRecords[Commitment](
    lambda actor: _promised(actor).overdue(cast(dt.datetime, Slot("now")))[:MOST_OVERDUE]
)
COMING = SeenRecords[Commitment](lambda actor: _promised(actor).open().filter(due_at__gte=Slot("now"))[:NEXT])
CALLS_TO_COME = Statement(
    lambda: (
        Commitment.objects.filter(
            client=Slot("client"),
            kind=Kind.CALL,
            state=State.OPEN,
            due_at__gte=Slot("since"),
            due_at__lt=Slot("until"),
        )
        .order_by()
        .values_list("minutes")
    )
)


def _promised(actor: Actor) -> CommitmentQuerySet:
    owed = Commitment.objects.visible_to(actor).filter(client=Slot("client"))
    return owed.select_related("owner").order_by("due_at", "pk")


def client_page(
    client: Client, actor: Actor, *, version: Version | None, asks_to_read: bool, zone: str = ""
) -> ClientPage:
    """The overview of a client the actor may see, on the reader's clock. A fixed number of queries."""
    today = clock.today(client.zone)
    plan = PLAN.one(client=client.pk)
    policy = version.policy if version else None
    engagements = list(client.engagements.prefetch_related("services", "pauses"))
    running = [e for e in engagements if e.ends_on is None or e.ends_on >= today]
    contacts = CONTACTS.found(client=client.pk)
    spend = plan.monthly_spend if plan else Decimal(0)
    retained = any(e.kind == EngagementKind.RETAINER for e in running)
    tier_words, tier_why = _tier(client, plan, policy)
    return ClientPage(
        client=client,
        plan=plan,
        tier_words=tier_words,
        tier_why=tier_why,
        kicker=_kicker(client, running, spend, policy),
        team=account_team(client),
        contacts=contacts[:MOST_CONTACTS],
        more_contacts=max(len(contacts) - MOST_CONTACTS, 0),
        running=[EngagementCard(e, _pause_of(e, today)) for e in running],
        past=[e for e in engagements if e not in running],
        owed=_owed(client, Looking(actor, None, zone or client.zone)),
        happened=timeline(client, actor, most=RECENT).entries,
        call_time=call_time(client, spend, policy) if policy and retained else None,
        entertainment=(
            entertainment_budget(policy, spend, client.propensity) if policy and retained else None
        ),
        band=_band(policy, spend) if policy and retained else "",
        currency=policy.currency if policy else "",
        needs_rate=plan.missing_currency if plan and plan.state == PlanState.NEEDS_RATE else "",
        is_bespoke=plan is not None and plan.state == PlanState.BESPOKE,
        asks_to_read=asks_to_read,
    )


def _owed(client: Client, looking: Looking) -> list[Line]:
    """What is late and what comes next, as rows that need not name the client."""
    late = LATE.found(looking.actor, client=client.pk, now=looking.now)
    coming = COMING.found(looking.actor, client=client.pk, now=looking.now)
    parts = ((Part.OVERDUE, late), (Part.TODAY, coming))
    return [_dated(line(row, looking, part), looking.zone) for part, rows in parts for row in rows]


def _dated(said: Line, zone: str) -> Line:
    """With its date in full, as everything else on the page has it."""
    starts = said.row.starts_at.astimezone(clock.zone_info(zone)) if said.row.starts_at else None
    when = f"{short_day(starts.date())}, {starts:%H:%M}" if starts else short_day(said.row.due_on)
    return replace(said, when=when, names_client=False)


def account_team(client: Client) -> list[Assignment]:
    """Who looks after the client today: lead, support, delivery, sponsor."""
    return sorted(TEAM.found(client=client.pk), key=lambda a: (PLACES[Position(a.position)], a.pk))


def call_time(client: Client, spend: Decimal, policy: Policy) -> CallTime:
    """Minutes that spend buys this month against those of calls held and calls still planned (B4)."""
    today = clock.today(client.zone)
    month = month_of(today, client.zone)
    calls = CALLS_TO_COME.rows(client=client.pk, since=month[0], until=month[1])
    return CallTime(
        month=today.replace(day=1),
        allowed=allowance_minutes(policy, spend),
        used=minutes_used([client.pk], today, client.zone).get(client.pk, 0),
        planned=sum(minutes for (minutes,) in calls),
    )


def _tier(client: Client, plan: ClientPlan | None, policy: Policy | None) -> tuple[str, str]:
    """“Tier 2”, and why."""
    if plan is None or plan.tier is None or policy is None:
        return "", ""
    tier = next((t for t in policy.tiers if t.number == plan.tier), None)
    if tier is None:
        return f"Tier {plan.tier}", ""
    from_spend = show(tier.at_least, policy.currency)
    larger = [t for t in policy.tiers if t.number < tier.number]
    until = f" and less than {show(larger[-1].at_least, policy.currency)}" if larger else ""
    title = tier.title.partition(":")[2].strip() or tier.title
    why = f"{title[:1].upper()}{title[1:]}, because their work is worth {from_spend} or more{until} a month"
    return f"Tier {tier.number}", why


def _kicker(client: Client, running: list[Engagement], spend: Decimal, policy: Policy | None) -> list[str]:
    parts = []
    retainers = [e for e in running if e.kind == EngagementKind.RETAINER]
    if retainers and policy and spend:
        parts.append(f"retainer {show(spend, policy.currency)} a month")
    elif retainers:
        parts.append(f"retainer {show(retainers[0].amount, retainers[0].currency)} a month")
    elif running:
        parts.append(f"project of {show(running[0].amount, running[0].currency)}")
    if client.lift != Lift.NONE:
        parts.append(f"lifted for {client.get_lift_display()}")
    if client.since:
        parts.append(f"with us since {client.since:%B %Y}")
    return parts


def _band(policy: Policy, spend: Decimal) -> str:
    """The band of the reporting matrix that the spend falls into."""
    bands = policy.retainer_matrix
    return band_words(bands, index_in(edges(bands), spend), policy.currency)


def _pause_of(engagement: Engagement, today: dt.date) -> Pause | None:
    """The pause the engagement is in, or the next one."""
    pauses = [p for p in engagement.pauses.all() if p.to_day is None or p.to_day >= today]
    return pauses[0] if pauses else None
