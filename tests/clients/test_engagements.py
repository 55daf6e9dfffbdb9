"""Engagements and plans: begin, change, pause, end; agree times and depart from the playbook."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients import engagements, plans
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Engagement, EngagementKind, SpendChange
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


@pytest.fixture
def retainer(cast: Cast) -> Engagement:
    return cast.halden.engagements.get()


def begin(cast: Cast, **changed: object) -> Engagement:
    values = {"amount": Decimal(500), "currency": "gbp", "starts_on": TODAY} | changed
    return engagements.begin_engagement(cast.orbit, EngagementKind.RETAINER, by=SYSTEM, **values)  # type: ignore[arg-type]


def verbs(since: int) -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))[since:]


def test_an_engagement_begins_with_its_services_and_says_so_once(cast: Cast):
    since = Event.objects.count()
    lines = [ServiceLine("Google Ads"), ServiceLine("Website build"), ServiceLine("Consulting", "pr")]
    engagement = begin(cast, services=lines)
    assert [verb for verb in verbs(since) if verb.startswith("engagement.")] == ["engagement.begun"]
    assert (engagement.ref, engagement.currency) == ("orbit-dental-2", "GBP")
    assert [(s.number, s.channel, s.website_build) for s in engagement.services.all()] == [
        (1, "paid-search", False),
        (2, "website", True),
        (3, "pr", False),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal(10) ** 11}, "amount"),
        ({"currency": "ZZZ"}, "currency"),
        ({"ends_on": TODAY - dt.timedelta(days=1)}, "end"),
    ],
)
def test_what_cannot_be_bought_is_refused_at_its_field(cast: Cast, values: dict[str, object], field: str):
    with pytest.raises(Refusal) as refused:
        begin(cast, **values)
    assert refused.value.field == field
    assert cast.orbit.engagements.count() == 1


def test_a_changed_spend_keeps_what_it_was(retainer: Engagement):
    since = Event.objects.count()
    engagements.change_spend(retainer, Decimal(3500), by=SYSTEM, reason="Added content")
    engagements.change_spend(retainer, Decimal(3500), by=SYSTEM)
    assert verbs(since) == ["engagement.spend_changed"]
    change = SpendChange.objects.get()
    assert (change.before, change.after, change.reason) == (Decimal(3000), Decimal(3500), "Added content")
    with pytest.raises(Refusal, match="below zero"):
        engagements.change_spend(retainer, Decimal(-5), by=SYSTEM)


def test_dates_change_and_an_end_before_the_start_is_refused(retainer: Engagement):
    engagements.change_engagement(retainer, by=SYSTEM, ends_on=dt.date(2027, 6, 30), title="Search")
    retainer.refresh_from_db()
    assert (retainer.ends_on, retainer.title) == (dt.date(2027, 6, 30), "Search")
    with pytest.raises(Refusal, match="before it starts"):
        engagements.change_engagement(retainer, by=SYSTEM, ends_on=dt.date(2020, 1, 1))


def test_a_pause_stops_and_a_resumption_starts_again(retainer: Engagement):
    since = Event.objects.count()
    engagements.pause_engagement(retainer, from_day=TODAY, by=SYSTEM, reason="Budget")
    with pytest.raises(Refusal, match="already paused"):
        engagements.pause_engagement(retainer, from_day=TODAY, by=SYSTEM)
    engagements.resume_engagement(retainer, on=TODAY + dt.timedelta(days=7), by=SYSTEM)
    assert retainer.pauses.get().to_day == TODAY + dt.timedelta(days=6)
    with pytest.raises(Refusal, match="within that time"):
        engagements.pause_engagement(retainer, from_day=TODAY + dt.timedelta(days=3), by=SYSTEM)
    with pytest.raises(Refusal, match="ends before"):
        engagements.pause_engagement(retainer, from_day=TODAY, to_day=TODAY - dt.timedelta(days=1), by=SYSTEM)
    assert verbs(since) == ["engagement.paused", "engagement.resumed"]


def test_a_pause_that_never_began_is_gone(retainer: Engagement):
    engagements.pause_engagement(retainer, from_day=TODAY, by=SYSTEM)
    engagements.resume_engagement(retainer, on=TODAY, by=SYSTEM)
    assert not retainer.pauses.exists()
    with pytest.raises(Refusal, match="is not paused"):
        engagements.resume_engagement(retainer, on=TODAY, by=SYSTEM)


def test_an_end_is_a_day_not_before_the_start(retainer: Engagement):
    since = Event.objects.count()
    engagements.end_engagement(retainer, on=TODAY, by=SYSTEM, reason="In house")
    retainer.refresh_from_db()
    assert retainer.ends_on == TODAY
    assert verbs(since) == ["engagement.ended"]
    with pytest.raises(Refusal, match="before it starts"):
        engagements.end_engagement(retainer, on=dt.date(2020, 1, 1), by=SYSTEM)


def test_a_service_is_there_once_and_has_a_name(retainer: Engagement):
    since = Event.objects.count()
    assert engagements.add_service(retainer, ServiceLine(" Content "), by=SYSTEM).number == 2
    for name in ("Content", "  "):
        with pytest.raises(Refusal) as refused:
            engagements.add_service(retainer, ServiceLine(name), by=SYSTEM)
        assert refused.value.field == "service"
    assert verbs(since) == ["engagement.service_added"]


def test_a_departure_has_a_reason_and_raises_the_revision(retainer: Engagement):
    since, revision = Event.objects.count(), retainer.client.plan_revision
    with pytest.raises(Refusal, match="why"):
        plans.depart(retainer, "call", by=SYSTEM, cadence="monthly", reason=" ")
    with pytest.raises(Refusal, match="480"):
        plans.depart(retainer, "call", by=SYSTEM, cadence="monthly", reason="Travel", minutes=500)
    plans.depart(retainer, "call", by=SYSTEM, cadence="monthly", reason="Travel")
    plans.return_to_playbook(retainer, "call", by=SYSTEM)
    with pytest.raises(Refusal, match="already follows"):
        plans.return_to_playbook(retainer, "call", by=SYSTEM)
    retainer.client.refresh_from_db()
    assert retainer.client.plan_revision == revision + 2
    assert verbs(since) == ["plan.departed", "plan.returned"]


@pytest.mark.parametrize(("name", "value"), [("weekday", 7), ("day_of_month", 32)])
def test_a_day_that_is_none_is_refused(retainer: Engagement, name: str, value: int):
    with pytest.raises(Refusal) as refused:
        plans.agree_time(retainer, "call", by=SYSTEM, **{name: value})
    assert refused.value.field == name
