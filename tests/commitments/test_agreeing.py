"""Agreeing a plan: rules and cadences that exist, hours that are free, bespoke plans that become plans."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Departure, Engagement
from steadyhand.commitments import agreeing
from steadyhand.commitments.agreeing import Line
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import ClientPlan, Commitment, PlanState
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from steadyhand.core.refusals import Conflict, Refusal
from tests.cast import NOW, SYSTEM, Cast, build, retained

pytestmark = pytest.mark.django_db
TEN = dt.time(10)


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build()


def of(client: object) -> Engagement:
    return Engagement.objects.select_related("client").get(client=client)


def test_an_agreed_time_is_when_the_calls_are_and_one_event(cast: Cast):
    before = Event.objects.count()
    agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, weekday=1, time=TEN)
    assert Event.objects.count() == before + 1
    plan_book()
    calls = Commitment.objects.filter(client=cast.halden, rule="call", state=State.OPEN)
    assert {(c.due_on.weekday(), c.due_time) for c in calls} == {(1, TEN)}


def test_an_hour_the_owner_has_promised_to_somebody_else_is_refused_with_a_free_one(cast: Cast):
    agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, weekday=1, time=TEN)
    plan_book()
    other = retained("Quarry Tools", 2000, lead=cast.jody)
    with pytest.raises(Refusal) as refused:
        agreeing.agree_time(of(other), "call", by=SYSTEM, weekday=1, time=dt.time(10, 15))
    assert "Jody Marsh has “Weekly call” with Halden Bikes" in refused.value.sentence
    assert refused.value.remedy == "09:00 is free on all of these days."
    assert refused.value.field == "time"
    agreeing.agree_time(of(other), "call", by=SYSTEM, weekday=1, time=dt.time(9))


def test_the_clock_of_another_zone_is_the_same_hour(cast: Cast):
    agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, weekday=1, time=TEN)
    plan_book()
    other = retained("Kreuzberg Räder", 2000, lead=cast.jody)
    book.change_client(other, by=SYSTEM, zone="Europe/Berlin")
    with pytest.raises(Refusal, match="Halden Bikes"):
        agreeing.agree_time(of(other), "call", by=SYSTEM, weekday=1, time=dt.time(11))
    agreeing.agree_time(of(other), "call", by=SYSTEM, weekday=1, time=TEN)


def test_ones_own_hour_may_be_agreed_again(cast: Cast):
    for time in (TEN, dt.time(10, 15)):
        agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, weekday=1, time=time)
        plan_book()


def test_a_time_that_is_no_longer_agreed_is_taken_back(cast: Cast):
    agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, weekday=1, time=TEN)
    agreeing.agree_time(of(cast.halden), "call", by=SYSTEM)
    assert not of(cast.halden).agreed_times.exists()


@pytest.mark.parametrize(
    ("rule", "values", "says"),
    [
        ("paid-search-report", {"weekday": 1}, "no paid-search report in its plan"),
        ("made-up", {"weekday": 1}, "no made-up in its plan"),
        ("call", {"day_of_month": 3}, "no day of the month"),
        ("dashboard", {"weekday": 1}, "happens once"),
        ("report", {"weekday": 1, "day_of_month": 3}, "seldom agree"),
    ],
)
def test_what_cannot_be_agreed_is_refused(cast: Cast, rule: str, values: dict[str, int], says: str):
    with pytest.raises(Refusal, match=says):
        agreeing.agree_time(of(cast.halden), rule, by=SYSTEM, **values)
    assert not of(cast.halden).agreed_times.exists()


@pytest.mark.parametrize(
    ("rule", "cadence", "says"),
    [
        ("made-up", "weekly", "nothing a plan can name"),
        ("surprise-vote", "", "nothing a plan can name"),
        ("call", "hourly", "not how often"),
        ("call", "once", "more than once"),
        ("dashboard", "weekly", "happens once"),
    ],
)
def test_what_cannot_depart_is_refused(cast: Cast, rule: str, cadence: str, says: str):
    with pytest.raises(Refusal, match=says):
        agreeing.depart(of(cast.halden), rule, by=SYSTEM, cadence=cadence, reason="They asked")
    assert not Departure.objects.exists()


def test_two_people_in_one_plan_get_a_conflict(cast: Cast):
    seen = of(cast.halden).client.plan_revision
    agreeing.depart(of(cast.halden), "call", by=SYSTEM, cadence="monthly", reason="Travel", revision=seen)
    with pytest.raises(Conflict):
        agreeing.agree_time(of(cast.halden), "call", by=SYSTEM, day_of_month=3, revision=seen)


def test_a_bespoke_plan_that_is_agreed_becomes_the_plan_and_keeps_its_promise(cast: Cast):
    client = retained("Meridian Hotels", 9000, lead=cast.jody)
    plan_book()
    assert ClientPlan.objects.get(client=client).state == PlanState.BESPOKE
    asked = Commitment.objects.get(client=client, kind=Kind.PLAN_AGREEMENT)
    lines = [Line("call", "weekly", 60), Line("report", "fortnightly")]
    revision = of(client).client.plan_revision
    agreeing.agree_bespoke(of(client), lines, by=cast.jody.actor, reason="As agreed", revision=revision)
    plan_book()
    asked.refresh_from_db()
    assert asked.state == State.DONE
    assert ClientPlan.objects.get(client=client).state == PlanState.PLANNED
    made = Commitment.objects.filter(client=client, state=State.OPEN).exclude(kind=Kind.SETUP)
    assert set(made.values_list("rule", flat=True)) == {"call", "report"}


def test_a_bespoke_plan_without_lines_or_with_a_wrong_one_changes_nothing(cast: Cast):
    client = retained("Meridian Hotels", 9000, lead=cast.jody)
    plan_book()
    for lines in ([], [Line("call", "weekly"), Line("report", "hourly")]):
        with pytest.raises(Refusal):
            agreeing.agree_bespoke(of(client), lines, by=cast.jody.actor, reason="As agreed")
    assert not Departure.objects.exists()
    assert Commitment.objects.get(client=client, kind=Kind.PLAN_AGREEMENT).state == State.OPEN
