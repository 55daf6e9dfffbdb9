"""The planner keeps the ledger equal to what the playbook asks for (S2)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients import book, engagements, plans, team
from steadyhand.clients.models import Client, Engagement, EngagementKind, Position
from steadyhand.commitments import equalising, keeping, planning, reactions
from steadyhand.commitments.ground import horizon_end
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment, PlanState
from steadyhand.commitments.planning import plan_book, plan_client
from steadyhand.core import agency, duties
from steadyhand.core.business_days import WorkingDays
from steadyhand.people import members
from steadyhand.people.models import Member
from steadyhand.playbook.models import Version
from tests.cast import NOW, SYSTEM, build, joined, published, retained

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ground():
    agency.found(by=SYSTEM)
    published()


@pytest.fixture
def jody(ground) -> Member:
    return members.add_member("jody@northwind.test", by=SYSTEM)


def kinds(client: Client, **only) -> Counter:
    return Counter(
        client.commitments.exclude(state=State.WITHDRAWN).filter(**only).values_list("kind", flat=True)
    )


def rules(client: Client) -> set[str]:
    return set(client.commitments.exclude(state=State.WITHDRAWN).values_list("rule", flat=True))


def snapshot() -> list[tuple]:
    names = [f.attname for f in Commitment._meta.fields if f.attname != "id"]
    return sorted(map(repr, Commitment.objects.values_list(*names)))


# What is made


@pytest.mark.parametrize(
    ("amount", "calls", "reports", "dashboards"),
    [
        ("0", 3, 3, 0),
        ("1000", 3, 3, 0),
        ("1000.01", 6, 3, 0),
        ("1499.99", 6, 3, 0),
        ("1500", 13, 3, 1),
        ("3000", 13, 3, 1),
        ("3000.01", 13, 13, 1),
        ("5999.99", 13, 13, 1),
        ("6000", 0, 0, 0),
    ],
)
def test_the_reporting_matrix_becomes_dated_promises(ground, amount, calls, reports, dashboards):
    client = retained("Halden", 1, lead=None, starts_on=MONDAY)
    engagements.change_spend(client.engagements.get(), Decimal(amount), by=SYSTEM)
    plan_book(MONDAY)
    made = kinds(client)
    assert (made[Kind.CALL], made[Kind.REPORT], made[Kind.DASHBOARD]) == (calls, reports, dashboards)


def test_thirteen_weeks_end_on_the_thirteenth_sunday(ground):
    assert horizon_end(MONDAY, 13) == dt.date(2027, 2, 21)
    assert horizon_end(dt.date(2026, 11, 29), 13) == dt.date(2027, 2, 21)
    retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    due = Commitment.objects.filter(rule="call").order_by("due_on").values_list("due_on", flat=True)
    assert due[0] == dt.date(2026, 11, 27)
    assert due[len(due) - 1] == dt.date(2027, 2, 19)


def test_nothing_due_before_the_day_is_made(ground):
    retained("Halden", 3000, lead=None)
    plan_book(dt.date(2027, 5, 29))  # a Saturday: this week's Friday is over
    assert not Commitment.objects.filter(due_on__lt=dt.date(2027, 5, 29)).exists()
    assert Commitment.objects.filter(rule="call", period="2027-W21").count() == 0


def test_weekends_and_both_countries_holidays_are_free(jody):
    client = retained("Berlin Bikes", 5000, lead=jody)
    book.change_client(client, by=SYSTEM, country="DE", subdivision="BE", zone="Europe/Berlin")
    plan_book(MONDAY)
    days = WorkingDays.of("GB", ("DE", "BE"))
    due = list(Commitment.objects.values_list("due_on", flat=True))
    assert due and all(days.is_working(day) for day in due)
    assert Commitment.objects.get(rule="call", period="2026-W53").due_on == dt.date(2026, 12, 31)


def test_the_first_month_has_a_meeting_in_each_started_week(ground):
    client = retained("Halden", 900, lead=None, starts_on=MONDAY)
    plan_book(MONDAY)
    meetings = client.commitments.filter(kind=Kind.MEETING).order_by("due_on")
    assert [m.period for m in meetings] == [f"first-month-{n}" for n in range(1, 6)]
    assert meetings.last().due_on <= dt.date(2026, 12, 22)


def test_a_project_opens_calls_weekly_closes_and_ends(ground):
    client = book.add_client("Fernhill", by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.PROJECT,
        by=SYSTEM,
        amount=Decimal(5000),
        currency="GBP",
        starts_on=MONDAY,
        ends_on=dt.date(2026, 12, 31),
    )
    plan_book(MONDAY)
    made = kinds(client)
    assert made[Kind.CALL] == 1 + 6  # the opening call and one in each week
    assert made[Kind.REPORT] == 1
    assert made[Kind.SETUP] == 1
    closing = client.commitments.get(kind=Kind.REPORT)
    assert (closing.rule, closing.due_on) == ("closing-report", dt.date(2026, 12, 31))
    assert not client.commitments.filter(due_on__gt=dt.date(2026, 12, 31)).exists()


def test_above_the_top_band_nothing_is_invented(ground):
    client = retained("Nike", 6000, lead=None)
    plan_book(MONDAY)
    made = client.commitments.get()
    assert (made.kind, made.due_on) == (Kind.PLAN_AGREEMENT, dt.date(2026, 11, 30))
    assert client.plan.state == PlanState.BESPOKE


def test_the_plan_agreement_stays_where_it_was_raised(ground):
    client = retained("Nike", 6000, lead=None)
    plan_book(MONDAY)
    engagements.change_spend(client.engagements.get(), Decimal(7000), by=SYSTEM)
    plan_book(MONDAY + dt.timedelta(days=2))
    assert client.commitments.get().due_on == dt.date(2026, 11, 30)


def test_agreed_departures_are_the_bespoke_plan(ground):
    client = retained("Nike", 6000, lead=None)
    plans.depart(client.engagements.get(), "call", by=SYSTEM, cadence="weekly", reason="They asked for it.")
    plan_book(MONDAY)
    assert kinds(client) == {Kind.CALL: 13}


def test_retainers_side_by_side_count_together_and_are_called_once(ground):
    client = retained("Halden", 1000, lead=None)
    engagements.begin_engagement(
        client, EngagementKind.RETAINER, by=SYSTEM, amount=Decimal(1000), currency="GBP", starts_on=MONDAY
    )
    plan_book(MONDAY)
    assert kinds(client)[Kind.CALL] == 13
    assert client.plan.monthly_spend == 2000


def test_another_currency_converts_at_the_rate_of_the_day(ground):
    client = retained("Boston", 2000, lead=None, currency="USD")
    run = plan_book(MONDAY)
    assert run.needs_rate == ["USD"]
    assert client.plan.state == PlanState.NEEDS_RATE and not client.commitments.exists()
    agency.set_rate("USD", Decimal("0.5"), dt.date(2026, 1, 1), by=SYSTEM)
    agency.set_rate("USD", Decimal("0.9"), dt.date(2027, 1, 1), by=SYSTEM)
    plan_book(MONDAY)
    client.plan.refresh_from_db()
    assert client.plan.monthly_spend == 1000
    assert kinds(client)[Kind.CALL] == 3


def test_every_promise_names_its_rule_and_version(ground):
    retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    version = Version.live()
    assert version is not None
    assert not Commitment.objects.exclude(version=version).exists()
    assert not Commitment.objects.filter(rule="").exists()


# Owners


def test_the_responsibility_matrix_names_the_owner_and_the_lead_stands_in(ground):
    cast_lead = members.add_member("jody@northwind.test", by=SYSTEM)
    sponsor = members.add_member("keiran@northwind.test", by=SYSTEM, role="head_of_client_services")
    client = retained("Halden", 3000, lead=cast_lead)
    team.assign(client, sponsor, Position.SPONSOR, by=SYSTEM)
    plan_book(MONDAY)
    owners = dict(Commitment.objects.values_list("rule", "owner__email"))
    assert owners["sponsor-call"] == "keiran@northwind.test"
    assert owners["call"] == "jody@northwind.test"
    assert "survey" not in owners  # the sponsor asks


def test_a_new_lead_takes_over_what_is_to_come_but_not_what_was_moved(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    moved = client.commitments.filter(rule="call").order_by("due_on").first()
    keeping.move(moved, MONDAY + dt.timedelta(days=2), by=jody.actor)
    sam = members.add_member("sam@northwind.test", by=SYSTEM)
    team.assign(client, sam, Position.LEAD, by=SYSTEM)
    plan_book(MONDAY)
    owners = set(client.commitments.filter(rule="call").exclude(pk=moved.pk).values_list("owner", flat=True))
    assert owners == {sam.pk}
    moved.refresh_from_db()
    assert moved.owner == jody


def test_absence_lends_promises_to_the_cover_and_gives_them_back(jody):
    client = retained("Halden", 3000, lead=jody)
    cover = members.add_member("sam@northwind.test", by=SYSTEM)
    plan_book(MONDAY)
    absence = members.go_absent(jody, dt.date(2026, 12, 1), dt.date(2026, 12, 14), cover, by=SYSTEM)
    plan_book(MONDAY)
    lent = client.commitments.filter(owner=cover)
    assert set(lent.filter(rule="call").values_list("period", flat=True)) == {"2026-W49", "2026-W50"}
    assert all(dt.date(2026, 12, 1) <= row.due_on <= dt.date(2026, 12, 14) for row in lent)
    members.cancel_absence(absence, by=SYSTEM)
    plan_book(MONDAY)
    assert not client.commitments.filter(owner=cover).exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_on_more_clients_than_are_planned_at_once_wakes_the_planner(jody):
    clients = [retained(f"Client {number}", 900, lead=jody) for number in range(reactions.AT_ONCE + 1)]
    cover = members.add_member("sam@northwind.test", by=SYSTEM)
    duties.schedule()
    duties.run_due("worker")
    assert not duties.run_due("worker")
    with reactions.planning_at_once():
        members.go_absent(jody, dt.date(2026, 12, 1), dt.date(2026, 12, 14), cover, by=SYSTEM)
    assert duties.run_due("worker") == 1
    assert all(client.commitments.filter(owner=cover).exists() for client in clients)


# Repeating and changing


def test_running_twice_changes_nothing():
    build()
    before = snapshot()
    again = plan_book()
    assert (again.clients, again.made, again.changed) == (0, 0, 0)
    planning.want(Client.objects.values_list("pk", flat=True))
    run = plan_book()
    assert (run.made, run.changed, run.withdrawn, run.revived) == (0, 0, 0, 0)
    assert snapshot() == before


def test_one_that_nobody_asks_for_any_more_is_withdrawn_and_revived_as_the_same_row(ground):
    client = retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    before = {row.period: row.pk for row in client.commitments.filter(rule="call")}
    engagements.change_spend(client.engagements.get(), Decimal(900), by=SYSTEM)
    plan_book(MONDAY)
    assert client.commitments.filter(rule="call", period__contains="W", state=State.OPEN).count() == 0
    withdrawn = client.commitments.get(rule="call", period="2026-W50")
    assert (withdrawn.state, withdrawn.sequence) == (State.WITHDRAWN, 1)
    engagements.change_spend(client.engagements.get(), Decimal(3000), by=SYSTEM)
    plan_book(MONDAY)
    open_calls = client.commitments.filter(rule="call", state=State.OPEN)
    assert {row.period: row.pk for row in open_calls} == before


def test_what_somebody_touched_fills_its_period(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    calls = list(client.commitments.filter(rule="call").order_by("due_on")[:3])
    keeping.complete(calls[0], by=jody.actor)
    keeping.waive(calls[1], by=jody.actor, reason="They are at a fair.")
    keeping.move(calls[2], calls[2].due_on + dt.timedelta(days=30), by=jody.actor)
    plans.agree_time(client.engagements.get(), "call", by=SYSTEM, weekday=1, time=dt.time(10))
    plan_book(MONDAY)
    assert client.commitments.filter(rule="call").count() == 13
    calls[2].refresh_from_db()
    assert calls[2].due_time is None and calls[2].moved_from == calls[2].due_on - dt.timedelta(days=30)
    rest = client.commitments.filter(rule="call").exclude(pk__in=[c.pk for c in calls])
    assert {(row.due_on.weekday(), row.due_time) for row in rest} == {(1, dt.time(10))}


def test_an_undone_move_gives_the_row_back_to_the_planner(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    call = client.commitments.filter(rule="call").order_by("due_on").last()
    keeping.move(call, call.due_on - dt.timedelta(days=1), by=jody.actor)
    plans.agree_time(client.engagements.get(), "call", by=SYSTEM, weekday=2)
    plan_book(MONDAY)
    keeping.unmove(call, by=jody.actor)
    plan_book(MONDAY)
    call.refresh_from_db()
    assert call.due_on.weekday() == 2 and call.moved_from is None


def test_a_pause_owes_nothing_and_resuming_brings_it_back(ground):
    client = retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    engagement = client.engagements.get()
    engagements.pause_engagement(engagement, from_day=dt.date(2026, 12, 7), by=SYSTEM)
    plan_book(MONDAY)
    still = client.commitments.filter(state=State.OPEN)
    assert still.exists() and not still.filter(due_on__gte=dt.date(2026, 12, 7)).exists()
    engagements.resume_engagement(engagement, on=dt.date(2026, 12, 21), by=SYSTEM)
    plan_book(MONDAY)
    due = set(client.commitments.filter(state=State.OPEN, rule="call").values_list("period", flat=True))
    assert {"2026-W50", "2026-W51"}.isdisjoint(due) and {"2026-W49", "2026-W53"} <= due


def test_ending_a_client_withdraws_what_is_to_come_and_keeps_what_was(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    done = client.commitments.filter(rule="call").order_by("due_on").first()
    keeping.complete(done, by=jody.actor)
    book.end_client(client, on=dt.date(2026, 11, 24), reason="Bought by a competitor", by=SYSTEM)
    plan_book(MONDAY)
    assert kinds(client) == {Kind.CALL: 1}


def test_a_closed_day_moves_what_fell_on_it(ground):
    client = retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    agency.close_day(dt.date(2026, 11, 27), "Move to the new office", by=SYSTEM)
    plan_book(MONDAY)
    call = client.commitments.get(rule="call", period="2026-W48")
    assert (call.due_on, call.sequence) == (dt.date(2026, 11, 26), 1)


def test_a_moved_zone_moves_the_instant_not_the_wall_time(ground):
    client = retained("Halden", 3000, lead=None)
    plans.agree_time(client.engagements.get(), "call", by=SYSTEM, weekday=3, time=dt.time(10))
    plan_book(MONDAY)
    before = client.commitments.get(rule="call", period="2026-W49")
    book.change_client(client, by=SYSTEM, zone="America/New_York")
    plan_book(MONDAY)
    after = Commitment.objects.get(pk=before.pk)
    assert after.due_time == dt.time(10)
    assert after.starts_at - before.starts_at == dt.timedelta(hours=5)


def test_a_new_version_keeps_what_stays_and_names_itself_on_what_changes(ground):
    client = retained("Halden", 1200, lead=None)
    plan_book(MONDAY)
    old = Version.live()
    policy = old.policy.model_dump(mode="json")
    policy["retainer_matrix"][1]["call"]["cadence"] = "weekly"
    new = Version.objects.create(
        playbook=old.playbook,
        number=2,
        document="",
        content=policy,
        digest="2" * 64,
        published_at=NOW,
        published_by="tests",
    )
    plan_book(MONDAY)
    assert client.commitments.filter(rule="call", state=State.OPEN).count() == 13
    assert set(
        client.commitments.filter(rule="call", state=State.OPEN).values_list("version", flat=True)
    ) == {new.pk}
    assert set(client.commitments.filter(rule="report").values_list("version", flat=True)) == {old.pk}


def test_the_horizon_rolls_forward_without_touching_what_stands(ground):
    client = retained("Halden", 3000, lead=None)
    plan_book(MONDAY)
    before = set(client.commitments.values_list("pk", "sequence"))
    run = plan_book(MONDAY + dt.timedelta(days=7))
    assert run.changed == run.withdrawn == 0
    assert before < set(client.commitments.values_list("pk", "sequence"))
    assert client.commitments.filter(rule="call").count() == 14


def test_tiers_follow_spend_and_the_history_says_so(ground):
    from steadyhand.core.models import Event

    client = retained("Halden", 900, lead=None)
    plan_book(MONDAY)
    low = client.plan.tier
    engagements.change_spend(client.engagements.get(), Decimal(5900), by=SYSTEM)
    plan_book(MONDAY)
    client.plan.refresh_from_db()
    assert client.plan.tier < low
    told = Event.objects.get(verb="client.tiered")
    assert (told.data["before"], told.data["after"]) == (low, client.plan.tier)


# Timed calls


def test_an_owners_timed_calls_never_overlap(jody):
    for n in range(4):
        client = retained(f"Client {n}", 3000, lead=jody)
        plans.agree_time(client.engagements.get(), "call", by=SYSTEM, weekday=3, time=dt.time(10))
    plan_book(MONDAY)
    calls = list(
        Commitment.objects.filter(rule="call", owner=jody, starts_at__isnull=False).order_by("starts_at")
    )
    assert len(calls) == 4 * 13
    for earlier, later in itertools.pairwise(calls):
        assert earlier.due_at <= later.starts_at
    before = snapshot()
    planning.want(Client.objects.values_list("pk", flat=True))
    plan_book(MONDAY)
    assert snapshot() == before


# Being killed


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_killed_at_any_step_it_loses_nothing_and_makes_nothing_twice(ground, monkeypatch, after):
    for n in range(6):
        retained(f"Client {n}", 3000, lead=None)
    monkeypatch.setattr(planning, "STEP", 1)
    plan_book(MONDAY)
    whole = snapshot()
    Commitment.objects.all().delete()
    for client in Client.objects.all():
        client.plan.delete()
    real, calls = equalising.rewrite, []

    def dying(*args, **kwargs):
        calls.append(1)
        real(*args, **kwargs)
        if len(calls) == after:
            raise Killed

    monkeypatch.setattr(equalising, "rewrite", dying)
    with pytest.raises(Killed):
        plan_book(MONDAY)
    monkeypatch.setattr(equalising, "rewrite", real)
    run = plan_book(MONDAY)
    assert run.behind == 0
    assert snapshot() == whole


def test_a_change_made_while_planning_is_not_taken_for_done(ground, monkeypatch):
    client = retained("Halden", 900, lead=None)
    plan_book(MONDAY)
    engagement = Engagement.objects.get()
    real = equalising.rewrite

    def meanwhile(model, rows, fields):
        real(model, rows, fields)
        if model.__name__ == "ClientPlan" and engagement.amount == 900:
            engagement.amount = Decimal(3000)
            engagements.change_spend(engagement, Decimal(3000), by=SYSTEM)

    planning.want([client.pk])
    monkeypatch.setattr(equalising, "rewrite", meanwhile)
    plan_client(client.pk, MONDAY)
    monkeypatch.setattr(equalising, "rewrite", real)
    client.plan.refresh_from_db()
    assert client.plan.is_behind
    plan_book(MONDAY)
    assert kinds(client, rule="call", state=State.OPEN) == {Kind.CALL: 13}


def test_a_prospect_is_outside_the_planner(ground):
    from steadyhand.clients.models import Stage

    client = retained("Maybe Ltd", 3000, lead=None)
    Client.objects.filter(pk=client.pk).update(stage=Stage.PROSPECT)
    plan_book(MONDAY)
    assert not client.commitments.exists()


def test_who_can_sign_in_owns_promises_too():
    cast = build()
    assert joined("Ana Silva", "account_manager").state == "active"
    assert cast.halden.commitments.filter(owner=cast.jody, rule="call").count() == 13


def test_what_a_leaver_had_moved_goes_to_the_new_lead(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    moved = client.commitments.filter(rule="call").order_by("due_on").last()
    keeping.move(moved, moved.due_on - dt.timedelta(days=1), by=jody.actor)
    sam = members.add_member("sam@northwind.test", by=SYSTEM)
    members.leave(jody, by=SYSTEM)
    moved.refresh_from_db()
    assert moved.owner == jody  # nobody leads the client yet
    team.assign(client, sam, Position.LEAD, by=SYSTEM)
    plan_book(MONDAY)
    assert set(client.commitments.filter(state=State.OPEN).values_list("owner", flat=True)) == {sam.pk}


def test_who_grows_into_a_dashboard_gets_it_set_up_from_that_day_and_once(ground):
    client = retained("Halden", 900, lead=None)
    plan_book()
    engagement = client.engagements.get()
    engagements.change_spend(engagement, Decimal(2000), by=SYSTEM)
    plan_book()
    dashboard = client.commitments.get(kind=Kind.DASHBOARD)
    assert dashboard.due_on == dt.date(2026, 12, 8)  # ten working days after today
    engagements.change_spend(engagement, Decimal(2500), by=SYSTEM)
    plan_book()
    again = client.commitments.get(kind=Kind.DASHBOARD)
    assert (again.state, again.due_on) == (State.OPEN, dashboard.due_on)


def test_who_had_a_dashboard_is_not_given_another(ground):
    client = retained("Halden", 2000, lead=None)
    engagements.change_spend(client.engagements.get(), Decimal(2500), by=SYSTEM)
    plan_book()
    assert not client.commitments.filter(kind=Kind.DASHBOARD).exists()


def test_absence_lends_what_people_touched_and_one_offs_too(jody):
    client = retained("Halden", 3000, lead=jody)
    plan_book(MONDAY)
    cover = members.add_member("sam@northwind.test", by=SYSTEM)
    day = dt.date(2026, 12, 2)
    once = keeping.promise(client, "Send the minutes", by=jody.actor, owner=jody, due_on=day)
    moved = client.commitments.get(rule="call", period="2026-W49")
    keeping.move(moved, day, by=jody.actor)
    later = keeping.promise(client, "Ring Maya", by=jody.actor, owner=jody, due_on=dt.date(2026, 12, 22))
    absence = members.go_absent(jody, dt.date(2026, 12, 1), dt.date(2026, 12, 14), cover, by=SYSTEM)
    owners = {row.pk: row.owner for row in Commitment.objects.filter(pk__in=[once.pk, moved.pk, later.pk])}
    assert owners == {once.pk: cover, moved.pk: cover, later.pk: jody}
    members.cancel_absence(absence, by=SYSTEM)
    assert set(Commitment.objects.filter(pk__in=owners).values_list("owner", flat=True)) == {jody.pk}
