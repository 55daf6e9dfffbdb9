"""The planner as a state machine: edits, pauses, touches, undos, kills and clock jumps against a model.

After every run of the planner the ledger is what the playbook asks for from today on, except for rows
somebody touched, which are exactly as people left them; and the past never changes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from steadyhand.clients import book, engagements, plans, team
from steadyhand.clients.models import Client, Engagement, EngagementKind, Position
from steadyhand.commitments import ageing, equalising, keeping, planning
from steadyhand.commitments.drafting import drafts_of
from steadyhand.commitments.facts import load_clients
from steadyhand.commitments.ground import Ground
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.core import agency, clock
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.playbook.evaluation import promises
from tests.cast import NOW, SYSTEM, published

AMOUNTS = st.sampled_from(["0", "900", "1000.01", "1500", "3000.01", "5999.99", "6000", "9000"])
PLANNED = ("due_on", "due_time", "zone", "owner_id", "minutes", "internal", "kind", "title", "period_ends")


class Killed(BaseException):
    """The process is gone, mid-transaction."""


class PlannerMachine(RuleBasedStateMachine):
    """Every rule is something a person, the calendar or an unplugged machine does."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.travel = time_machine.travel(NOW, tick=False)
        self.clock = self.travel.start()
        self.at = NOW
        self.settled: dict[int, tuple] = {}

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        agency.found(by=SYSTEM)
        published()
        self.people = [members.add_member(f"m{n}@northwind.test", by=SYSTEM) for n in range(2)]
        self.people.append(members.add_member("us@northwind.test", by=SYSTEM))
        members.change_member(self.people[2], by=SYSTEM, country="US")
        for n, amount in enumerate((900, 3000)):
            client = book.add_client(f"Client {n}", by=SYSTEM)
            engagements.begin_engagement(
                client,
                EngagementKind.RETAINER,
                by=SYSTEM,
                amount=Decimal(amount),
                currency="GBP",
                starts_on=dt.date(2026, 11, 10),
                services=[engagements.ServiceLine("SEO"), engagements.ServiceLine("PPC")],
            )
            team.assign(client, self.people[n], Position.LEAD, by=SYSTEM)
        self.plan()

    # What people do

    def engagement(self, n: int) -> Engagement:
        return Engagement.objects.order_by("pk")[n % Engagement.objects.count()]

    @rule(n=st.integers(0, 5), amount=AMOUNTS)
    def change_spend(self, n: int, amount: str) -> None:
        engagements.change_spend(self.engagement(n), Decimal(amount), by=SYSTEM)

    @rule(n=st.integers(0, 5), weekday=st.integers(0, 6), hour=st.none() | st.integers(9, 16))
    def agree(self, n: int, weekday: int, hour: int | None) -> None:
        time = dt.time(hour) if hour is not None else None
        plans.agree_time(self.engagement(n), "call", by=SYSTEM, weekday=weekday, time=time)

    @rule(n=st.integers(0, 5), cadence=st.sampled_from(["", "weekly", "monthly"]))
    def depart(self, n: int, cadence: str) -> None:
        plans.depart(self.engagement(n), "call", by=SYSTEM, cadence=cadence, reason="They asked.")

    @rule(n=st.integers(0, 5), days=st.integers(0, 40), length=st.none() | st.integers(0, 30))
    def pause_or_resume(self, n: int, days: int, length: int | None) -> None:
        engagement = self.engagement(n)
        day = clock.today("Europe/London") + dt.timedelta(days=days)
        try:
            to_day = day + dt.timedelta(days=length) if length is not None else None
            engagements.pause_engagement(engagement, from_day=day, to_day=to_day, by=SYSTEM)
        except Refusal:
            engagements.resume_engagement(engagement, on=day, by=SYSTEM)

    @rule(n=st.integers(0, 5), days=st.integers(0, 120))
    def end(self, n: int, days: int) -> None:
        engagement = self.engagement(n)
        on = max(engagement.starts_on, clock.today("Europe/London") + dt.timedelta(days=days))
        engagements.end_engagement(engagement, on=on, by=SYSTEM)

    @rule(n=st.integers(0, 1), who=st.integers(0, 2))
    def new_lead(self, n: int, who: int) -> None:
        team.assign(Client.objects.order_by("pk")[n], self.people[who], Position.LEAD, by=SYSTEM)

    @rule(n=st.integers(0, 1), zone=st.sampled_from(["Europe/London", "Asia/Tokyo", "America/New_York"]))
    def move_zone(self, n: int, zone: str) -> None:
        book.change_client(Client.objects.order_by("pk")[n], by=SYSTEM, zone=zone)

    @rule(days=st.integers(0, 60))
    def close_a_day(self, days: int) -> None:
        agency.close_day(clock.today("Europe/London") + dt.timedelta(days=days), "Closed", by=SYSTEM)

    @rule(who=st.integers(0, 1), days=st.integers(0, 30), length=st.integers(0, 20))
    def go_away(self, who: int, days: int, length: int) -> None:
        start = clock.today("Europe/London") + dt.timedelta(days=days)
        with contextlib.suppress(Refusal):
            members.go_absent(
                self.people[who], start, start + dt.timedelta(days=length), self.people[2], by=SYSTEM
            )

    @rule(n=st.integers(0, 200), act=st.sampled_from(["done", "waived", "moved", "handed", "undo"]))
    def touch(self, n: int, act: str) -> None:
        rows = Commitment.objects.exclude(state=State.WITHDRAWN).order_by("pk")
        row = rows[n % rows.count()] if rows.exists() else None
        if row is None:
            return
        by = self.people[0].actor
        try:
            if act == "done":
                keeping.complete(row, by=by)
            elif act == "waived":
                keeping.waive(row, by=by, reason="Not needed.")
            elif act == "moved":
                keeping.move(row, clock.today(row.zone) + dt.timedelta(days=n % 20), by=by)
            elif act == "handed":
                keeping.hand_over(row, self.people[2], by=by)
            else:
                {
                    State.DONE: keeping.reopen,
                    State.DONE_LATE: keeping.reopen,
                    State.WAIVED: keeping.unwaive,
                }.get(State(row.state), keeping.unmove)(row, by=by)
        except Refusal:
            return
        self.remember(row.pk)

    @rule(days=st.integers(0, 20))
    def let_time_pass(self, days: int) -> None:
        self.at += dt.timedelta(days=days)
        self.clock.move_to(self.at)
        ageing.stamp_missed()

    # What the planner does

    @rule()
    def plan(self) -> None:
        run = planning.plan_book()
        assert run.behind == 0
        self.check()

    @rule(step=st.integers(0, 3))
    def be_killed_while_planning(self, step: int) -> None:
        real, count = equalising.rewrite, [0]

        def dying(*args, **kwargs):
            real(*args, **kwargs)
            count[0] += 1
            if count[0] > step:
                raise Killed

        equalising.rewrite, planning.STEP = dying, 1
        try:
            planning.plan_book()
        except Killed:
            pass
        finally:
            equalising.rewrite, planning.STEP = real, 200

    @precondition(lambda self: ClientPlan.objects.exists())
    @rule()
    def plan_again(self) -> None:
        self.plan()
        before = list(Commitment.objects.order_by("pk").values_list())
        planning.want(Client.objects.values_list("pk", flat=True), afresh=True)
        run = planning.plan_book()
        assert (run.made, run.changed, run.withdrawn, run.revived) == (0, 0, 0, 0)
        assert list(Commitment.objects.order_by("pk").values_list()) == before

    # What must hold

    def remember(self, pk: int) -> None:
        row = Commitment.objects.get(pk=pk)
        if row.touched_at is None:
            self.settled.pop(pk, None)
        else:
            self.settled[pk] = (row.state, row.due_on, row.due_time, row.owner_id)

    def check(self) -> None:
        today = clock.today("Europe/London")
        ground = Ground.survey()
        assert ground is not None
        raised = dict(ClientPlan.objects.values_list("client_id", "raised_on"))
        wanted, once = {}, set()
        for facts in load_clients(raised, ground.around, raised):
            for draft in drafts_of(facts, ground, today):
                wanted[draft.key] = draft
            for engagement in facts.engagements:
                if not engagement.pauses:
                    owed = promises(ground.policy, engagement.facts)
                    once |= {(engagement.engagement_id, promise.rule) for promise in owed}
        for row in Commitment.objects.filter(engagement__isnull=False, touched_at=None):
            key = (row.engagement_id, row.rule, row.period, row.slot)
            draft = wanted.pop(key, None)
            if row.due_on < today or row.state in (State.MISSED,):
                continue
            if row.state == State.WITHDRAWN:
                assert draft is None
                continue
            if draft is None and row.period == keeping.ONCE and (row.engagement_id, row.rule) in once:
                continue  # counted anew its day would be over; it stays where it was put
            assert draft is not None, f"{row} is not asked for"
            timed = row.due_time is not None or draft.due_time is not None
            for name in PLANNED:
                if not (timed and name == "due_time"):
                    assert getattr(row, name) == getattr(draft, name), name
        for key in wanted:
            filled = Commitment.objects.filter(
                engagement=key[0], rule=key[1], period=key[2], slot=key[3], touched_at__isnull=False
            )
            assert filled.exists(), f"{key} is lost"

    @invariant()
    def what_people_settled_stays(self) -> None:
        for row in Commitment.objects.filter(pk__in=self.settled, state__in=[State.DONE, State.WAIVED]):
            state, due_on, due_time, owner_id = self.settled[row.pk]
            assert (row.state, row.due_on, row.due_time, row.owner_id) == (state, due_on, due_time, owner_id)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        if ClientPlan.objects.filter(planning.Q(wanted__gt=planning.F("planned"))).exists():
            return
        timed = Commitment.objects.filter(state=State.OPEN, starts_at__isnull=False, kind="call")
        rows = list(timed.order_by("owner_id", "starts_at").values_list("owner_id", "starts_at", "due_at"))
        for (one, _, ends), (other, starts, _) in itertools.pairwise(rows):
            assert one is None or one != other or ends <= starts


@pytest.mark.django_db
def test_the_planner_against_a_model():
    """A short campaign; `bin/soak` runs a long one (SOAK_EXAMPLES)."""
    examples = int(os.environ.get("SOAK_EXAMPLES", "12"))
    run_state_machine_as_test(
        PlannerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )
