"""One step of the planner: the ledger rows of some clients are made equal to what the playbook asks for.

Runs inside the step's transaction, with the clients' plans locked. Rows somebody touched, and rows whose
day has come, are left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Model, Q

from steadyhand.commitments.drafting import Draft, drafts_of
from steadyhand.commitments.facts import ClientFacts
from steadyhand.commitments.ground import Ground, digest
from steadyhand.commitments.keeping import ONCE
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import ClientPlan, Commitment, PlanState
from steadyhand.commitments.placing import Diary
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.playbook.evaluation import promises
from steadyhand.playbook.policy import tier_of

#: The rule that asks for a bespoke plan to be agreed.
PLAN_AGREEMENT = "plan-agreement"

PLANNER = Actor.system("planner")

#: Rows by (engagement, rule, period, slot).
Ledger = dict[tuple[int | None, str, str, int], Commitment]

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


class Step:
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
        return digest(self.ground.rules, facts.fingerprint, places, away)

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
        standing: dict[int, Ledger] = {pk: {} for pk in ids}
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
            self.compare(ledger, drafts, client_id=facts.client_id)
            for row in ledger.values() if whole else ():
                if not self._still_promised(row, facts):
                    self.withdraw(row)

    def compare(self, ledger: Ledger, drafts: Iterable[Draft], *, client_id: int | None) -> None:
        """Set drafts against the rows that stand; what nobody asked for is left in `ledger`."""
        for draft in drafts:
            row: Commitment | None = ledger.pop(draft.key, None)
            if row is None:
                self.made.append(draft.build(client_id, self.ground.version.pk, self.now))
            elif row.touched_at is None and row.due_on >= self.ground.as_of:
                self._equalise(row, draft)

    def _still_promised(self, row: Commitment, facts: ClientFacts) -> bool:
        """Whether a thing promised once stays where it was put.

        Counted anew its day may lie before today, so that no draft asks for it.
        """
        if row.period != ONCE:
            return False
        return any(
            promise.rule == row.rule
            and promise.slot == row.slot
            and (promise.bounds[1] is None or row.due_on <= promise.bounds[1])
            for engagement in facts.engagements
            if engagement.engagement_id == row.engagement_id and not engagement.paused_on(row.due_on)
            for promise in promises(self.ground.policy, engagement.facts)
        )

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

    def withdraw(self, row: Commitment) -> None:
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
        rewrite(Commitment, self.changed, [*DRAFT_FIELDS, "state", "version", "sequence", "changed_at"])
        rewrite(ClientPlan, self.plans.values(), PLAN_FIELDS)


def rewrite[Row: Model](model: type[Row], rows: Iterable[Row], fields: Sequence[str]) -> None:
    """Save these fields of rows that exist and are locked, many at a time.

    An upsert on the primary key: Django's `bulk_update` builds a CASE for each value, which costs
    more than the planning itself.
    """
    model._default_manager.bulk_create(
        list(rows), batch_size=1000, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
