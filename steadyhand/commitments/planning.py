"""The planner: keeps the ledger equal to what the playbook asks for, over a rolling horizon (S2).

It commits in small steps and says in `ClientPlan` how far it got, so it may be killed at any moment and
run again. It makes, changes, withdraws and revives only promises that are still to come and that nobody
has touched; it never deletes one, and the database refuses it a second one of the same period.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from steadyhand.clients.models import Client, Stage
from steadyhand.commitments.drafting import Draft
from steadyhand.commitments.equalising import Ledger, PlanRun, Step
from steadyhand.commitments.facts import load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.core.models import Agency
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from steadyhand.playbook.evaluation import agency_promises
from steadyhand.playbook.promises import dated

#: The worker's duty of keeping every plan up to date.
PLANNING = "commitments.plan"

#: Rules of what the agency owes itself.
AGENCY_RULES = ("surprise-vote",)

#: One transaction covers at most this many clients, and the next is smaller when it took too long.
STEP = 200
STEP_SECONDS = 0.25


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
    plan_agency(ground, run)
    run.behind = behind(ground).count()
    return run


@transaction.atomic
def plan_agency(ground: Ground, run: PlanRun) -> None:
    """What the agency owes itself, without a client (B9), for the head of client services to see done."""
    head = Member.objects.here().filter(role=Role.HEAD).order_by("pk").first()
    agency = Agency.objects.select_for_update().get(pk=1)
    drafts = [
        Draft(promise, None, head.pk, agency.zone, period, period_ends, due_on)
        for promise in (agency_promises(ground.policy) if head is not None else ())
        for period, period_ends, due_on in dated(
            promise, window=(ground.as_of, ground.until), days=ground.calendar.days()
        )
        if head is not None
    ]
    standing: Ledger = {
        (None, row.rule, row.period, row.slot): row
        for row in Commitment.objects.filter(engagement=None, rule__in=AGENCY_RULES, due_on__gte=ground.as_of)
    }
    step = Step(ground, run, {})
    step.compare(standing, drafts, client_id=None)
    for row in standing.values():
        step.withdraw(row)
    step.write()


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


def behind_among(client_ids: Iterable[int]) -> list[int]:
    """Those of these clients for whom something changed that is not planned yet."""
    plans = ClientPlan.objects.filter(~Q(wanted=F("planned")), client__in=list(client_ids))
    return list(plans.values_list("client_id", flat=True))


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
    step = Step(ground, run, plans)
    step.take(load_clients(plans, ground.around, raised))
    step.write()
