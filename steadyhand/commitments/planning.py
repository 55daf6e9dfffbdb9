"""The planner: keeps the ledger equal to what the playbook asks for, over a rolling horizon (S2).

It commits in small steps and says in `ClientPlan` how far it got, so it may be killed at any moment and
run again. It makes, changes, withdraws and revives only promises that are still to come and that nobody
has touched; it never deletes one, and the database refuses it a second one of the same period.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.metadata import version as version_of
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.calendars import AgencyCalendar
from steadyhand.commitments.drafting import Draft, drafts_of
from steadyhand.commitments.facts import ClientFacts, Surroundings, load_clients
from steadyhand.commitments.keeping import ONCE
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import ClientPlan, Commitment, PlanState
from steadyhand.commitments.placing import Diary
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import Policy, tier_of

#: The rule that asks for a bespoke plan to be agreed.
PLAN_AGREEMENT = "plan-agreement"

PLANNER = Actor.system("planner")

#: One transaction covers at most this many clients, and the next is smaller when it took too long.
STEP = 200
STEP_SECONDS = 0.25

DRAFT_FIELDS = (
    "kind",
    "title",
    "owner_id",
    "due_on",
    "due_time",
    "zone",
    "due_at",
    "starts_at",
    "minutes",
    "internal",
    "period_ends",
)


PLAN_FIELDS = (
    "planned",
    "fingerprint",
    "basis",
    "until",
    "state",
    "version",
    "tier",
    "monthly_spend",
    "missing_currency",
    "raised_on",
    "planned_at",
)


@dataclass(slots=True)
class PlanRun:
    """What one run of the planner did."""

    clients: int = 0
    made: int = 0
    changed: int = 0
    withdrawn: int = 0
    revived: int = 0
    behind: int = 0
    until: dt.date | None = None
    needs_rate: list[str] = field(default_factory=list)


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
        rules = _digest(
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
            basis=_digest(rules, rates),
        )


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def plan_book(as_of: dt.date | None = None, *, progress: Callable[[int, int], None] | None = None) -> PlanRun:
    """Bring every client's plan up to date that is behind; cheap where nothing changed.

    `as_of` stands for today (its midnight in the agency's zone): nothing due earlier is made.
    """
    ensure_plans()
    ground = Ground.survey(as_of)
    run = PlanRun()
    if ground is None:
        return run
    run.until = ground.until
    waiting = list(behind(ground).values_list("client_id", flat=True))
    size, position = STEP, 0
    while position < len(waiting):
        began = time.perf_counter()
        ids = waiting[position : position + size]
        plan_clients(ids, ground, run)
        position += len(ids)
        if progress is not None:
            progress(position, len(waiting))
        took = time.perf_counter() - began
        size = min(STEP, max(10, int(len(ids) * STEP_SECONDS / max(took, 0.001))))
    run.behind = behind(ground).count()
    return run


def plan_client(client_id: int, as_of: dt.date | None = None) -> PlanRun:
    """Bring one client's plan up to date."""
    ensure_plans([client_id])
    run = PlanRun()
    ground = Ground.survey(as_of)
    if ground is not None:
        run.until = ground.until
        plan_clients([client_id], ground, run)
    return run


def behind(ground: Ground) -> QuerySet[ClientPlan]:
    """The plans that need a look: something changed for the client, for everybody, or a week has passed."""
    return ClientPlan.objects.filter(
        ~Q(wanted=F("planned")) | ~Q(basis=ground.basis) | Q(until=None) | Q(until__lt=ground.until)
    ).order_by("client_id")


def want(client_ids: Iterable[int], *, afresh: bool = False) -> None:
    """Something these clients' plans depend on has changed.

    `afresh`: what changed is the ledger itself (a touched row was given back), so that it is compared
    even where the facts are the same as before.
    """
    ids = list(client_ids)
    changes: dict[str, Any] = {"wanted": F("wanted") + 1} | ({"fingerprint": ""} if afresh else {})
    if ClientPlan.objects.filter(client__in=ids).update(**changes) < len(ids):
        ensure_plans(ids)


def ensure_plans(client_ids: list[int] | None = None) -> None:
    """Every client that is looked after has a plan row."""
    missing = Client.objects.filter(plan=None, stage__in=[Stage.LIVE, Stage.ENDED])
    if client_ids is not None:
        missing = missing.filter(pk__in=client_ids)
    rows = [ClientPlan(client_id=pk) for pk in missing.values_list("pk", flat=True)]
    if rows:
        ClientPlan.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


@transaction.atomic
def plan_clients(client_ids: list[int], ground: Ground, run: PlanRun) -> None:
    """One step: these clients' rows are locked, compared with what the playbook asks for, and made equal."""
    plans = {
        plan.client_id: plan
        for plan in ClientPlan.objects.select_for_update().filter(client__in=client_ids)
        if plan.wanted != plan.planned
        or plan.basis != ground.basis
        or plan.until is None
        or plan.until < ground.until
    }
    if not plans:
        return
    raised = {pk: plan.raised_on for pk, plan in plans.items()}
    step = _Step(ground, run, plans)
    step.take(load_clients(plans, ground.around, raised))
    step.write()


class _Step:
    """The work of one transaction."""

    def __init__(self, ground: Ground, run: PlanRun, plans: dict[int, ClientPlan]) -> None:
        self.ground = ground
        self.run = run
        self.plans = plans
        self.now = clock.now()
        self.full: list[tuple[ClientFacts, list[Draft]]] = []
        self.longer: list[tuple[ClientFacts, list[Draft]]] = []
        self.made: list[Commitment] = []
        self.changed: list[Commitment] = []

    def take(self, clients: list[ClientFacts]) -> None:
        """Draft what each client is owed, and compare with what stands in the ledger."""
        for facts in clients:
            plan = self.plans[facts.client_id]
            print_of_facts = self._fingerprint(facts)
            same = plan.fingerprint == print_of_facts
            if not (same and plan.until is not None and plan.until >= self.ground.until):
                first = self.ground.as_of
                if same and plan.until is not None:
                    first = max(first, plan.until + dt.timedelta(days=1))
                drafts = list(drafts_of(facts, self.ground, first))
                (self.longer if same else self.full).append((facts, drafts))
            self._note(plan, facts, print_of_facts)
        everybody = self.full + self.longer
        Diary.open(everybody, self.ground).place(everybody)
        self._compare(self.full, whole=True)
        self._compare(self.longer, whole=False)

    def _fingerprint(self, facts: ClientFacts) -> str:
        around = self.ground.around
        places = [around.places.get(mate.member_id) for mate in facts.team]
        away = [
            (a.member_id, a.cover_id, a.starts_on, a.ends_on)
            for mate in facts.team
            for a in around.absences.get(mate.member_id, ())
        ]
        return _digest(self.ground.rules, facts.fingerprint, places, away)

    def _note(self, plan: ClientPlan, facts: ClientFacts, fingerprint: str) -> None:
        """Write down how far this client's plan has got."""
        policy = self.ground.policy
        before = plan.tier
        plan.planned, plan.fingerprint, plan.basis = plan.wanted, fingerprint, self.ground.basis
        plan.until, plan.version, plan.planned_at = self.ground.until, self.ground.version, self.now
        plan.monthly_spend, plan.missing_currency = facts.monthly_spend, facts.missing_currency
        worth = max((e.facts.tier_spend for e in facts.engagements), default=Decimal(0))
        plan.tier = tier_of(policy, worth).number
        if facts.missing_currency:
            plan.state = PlanState.NEEDS_RATE
            self.run.needs_rate.append(facts.missing_currency)
        elif not facts.engagements:
            plan.state = PlanState.NOTHING
        elif any(p.rule == PLAN_AGREEMENT for e in facts.engagements for p in promises(policy, e.facts)):
            plan.state = PlanState.BESPOKE
        else:
            plan.state = PlanState.PLANNED
        plan.raised_on = (plan.raised_on or self.ground.as_of) if plan.state == PlanState.BESPOKE else None
        if before is not None and before != plan.tier and facts.engagements:
            events.record(
                "client.tiered",
                by=PLANNER,
                client_id=facts.client_id,
                before=before,
                after=plan.tier,
                spend=facts.monthly_spend,
                version=self.ground.version.number,
            )
        self.run.clients += 1

    def _compare(self, clients: list[tuple[ClientFacts, list[Draft]]], *, whole: bool) -> None:
        """Make, change, revive or withdraw, client by client.

        Where only the horizon grew (not `whole`) nothing before its old end is looked at, and nothing
        is withdrawn.
        """
        if not clients:
            return
        ids = [facts.client_id for facts, _ in clients]
        standing: dict[int, dict[tuple[int, str, str, int], Commitment]] = {pk: {} for pk in ids}
        rows = Commitment.objects.filter(client__in=ids, engagement__isnull=False)
        if whole:
            day = self.ground.as_of
            rows = rows.filter(Q(due_on__gte=day) | Q(period_ends__gte=day) | Q(period=ONCE))
        else:
            first = min((draft.due_at for _, drafts in clients for draft in drafts), default=self.now)
            rows = rows.filter(due_at__gte=first)
        for row in rows.select_for_update():
            assert row.client_id is not None and row.engagement_id is not None  # noqa: S101
            standing[row.client_id][row.engagement_id, row.rule, row.period, row.slot] = row
        for facts, drafts in clients:
            ledger = standing[facts.client_id]
            for draft in drafts:
                standing_row = ledger.pop(draft.key, None)
                if standing_row is None:
                    self.made.append(draft.build(facts.client_id, self.ground.version.pk, self.now))
                elif standing_row.touched_at is None and standing_row.due_on >= self.ground.as_of:
                    self._equalise(standing_row, draft)
            for row in ledger.values() if whole else ():
                self._withdraw(row)

    def _equalise(self, row: Commitment, draft: Draft) -> None:
        different = [name for name in DRAFT_FIELDS if getattr(row, name) != getattr(draft, name)]
        revive = row.state == State.WITHDRAWN
        if row.state not in (State.OPEN, State.WITHDRAWN) or not (different or revive):
            return
        for name in different:
            setattr(row, name, getattr(draft, name))
        row.state, row.version = State.OPEN, self.ground.version
        row.sequence += 1
        row.changed_at = self.now
        self.changed.append(row)
        if revive:
            self.run.revived += 1
        else:
            self.run.changed += 1

    def _withdraw(self, row: Commitment) -> None:
        ours = row.touched_at is None and row.state == State.OPEN and row.due_on >= self.ground.as_of
        if ours:
            row.state = State.WITHDRAWN
            row.sequence += 1
            row.changed_at = self.now
            self.changed.append(row)
            self.run.withdrawn += 1

    def write(self) -> None:
        """Everything this step found, in three statements or so."""
        # A period that was filled out of sight (moved to before the old horizon) stays as it is.
        Commitment.objects.bulk_create(self.made, batch_size=2000, ignore_conflicts=True)
        self.run.made += len(self.made)
        _rewrite(Commitment, self.changed, [*DRAFT_FIELDS, "state", "version", "sequence", "changed_at"])
        _rewrite(ClientPlan, self.plans.values(), PLAN_FIELDS)


def _rewrite[Row: Model](model: type[Row], rows: Iterable[Row], fields: Sequence[str]) -> None:
    """Save these fields of rows that exist and are locked, many at a time.

    An upsert on the primary key: Django's `bulk_update` builds a CASE for each value, which costs
    more than the planning itself.
    """
    model._default_manager.bulk_create(
        list(rows), batch_size=1000, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
