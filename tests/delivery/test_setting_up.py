"""Every service of a new engagement is set up inside its first week (O6, B10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from steadyhand.clients import book, engagements, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Access, Client, EngagementKind, Level, Position
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.delivery import setting_up
from steadyhand.delivery.first_week import Standing, first_week, missing
from steadyhand.delivery.models import ServiceSetup
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ben(northwind: Cast) -> Member:
    return cast.joined("Ben Ash", Role.DELIVERABLE_MANAGER)


def won(lead: Member | None, starts_on: dt.date = TODAY) -> Client:
    client = book.add_client("Zinnia", by=SYSTEM)
    engagements.begin_engagement(
        client,
        EngagementKind.RETAINER,
        by=SYSTEM,
        amount=Decimal(2000),
        currency="GBP",
        starts_on=starts_on,
        services=[ServiceLine("SEO"), ServiceLine("Paid search"), ServiceLine("Website build")],
    )
    if lead is not None:
        team.assign(client, lead, Position.LEAD, by=SYSTEM)
    return client


def complete(setup: ServiceSetup, ben: Member, lead: Member) -> ServiceSetup:
    setting_up.plan_setup(setup, by=lead.actor, manager=ben, starts_on=TODAY + dt.timedelta(days=2))
    setting_up.add_task(setup, "Read the statistics", by=lead.actor, due_on=TODAY)
    return ServiceSetup.objects.get(pk=setup.pk)


def test_a_new_engagement_asks_for_each_of_its_services(northwind: Cast) -> None:
    client = won(northwind.jody)
    rows = list(ServiceSetup.objects.filter(client=client))
    assert [row.service.name for row in rows] == ["SEO", "Paid search", "Website build"]
    week = first_week()
    assert week.last_day(rows[0].service) == TODAY + dt.timedelta(days=6)
    assert week.last_day(rows[2].service) is None, "website builds are excepted"
    assert missing(rows[0]) == ["a deliverable manager", "tasks", "a start date"]
    after = TODAY + dt.timedelta(days=7)
    standings = [week.standing(row, after) for row in rows]
    assert standings == [Standing.LATE, Standing.LATE, Standing.MISSING]
    assert not ServiceSetup.objects.filter(client=northwind.halden).exists(), "they began in 2024"


def test_a_service_added_later_is_set_up_too(northwind: Cast) -> None:
    engagement = northwind.halden.engagements.get()
    service = engagements.add_service(engagement, ServiceLine("E-mail"), by=SYSTEM)
    assert ServiceSetup.objects.get(service=service).client == northwind.halden


def test_the_lead_looks_through_the_project_tool_on_the_day_of_assignment(northwind: Cast) -> None:
    client = won(northwind.jody)
    review = Commitment.objects.get(client=client, about_type=setting_up.ABOUT_TOOL)
    assert (review.owner, review.due_on, review.internal) == (northwind.jody, TODAY, True)
    team.assign(client, northwind.sam, Position.LEAD, by=SYSTEM)
    review.refresh_from_db()
    assert review.owner == northwind.sam, "one promise, of whoever leads now"
    assert Commitment.objects.filter(client=client, about_type=setting_up.ABOUT_TOOL).count() == 1


def test_the_manager_comes_to_read_along_and_may_fill_it_in(northwind: Cast, ben: Member) -> None:
    client = won(northwind.jody)
    setup = client.setups.all()[0]
    with pytest.raises(Refusal, match="not on that account team"):
        setting_up.add_task(setup, "Mine", by=ben.actor)
    setting_up.plan_setup(setup, by=northwind.jody.actor, manager=ben, starts_on=TODAY)
    assert Access.objects.get(client=client, member=ben).level == Level.LOOK
    task = setting_up.add_task(setup, "Read the statistics", by=ben.actor)
    assert task.owner == ben
    setting_up.finish_task(task, by=ben.actor)
    setting_up.reopen_task(task, by=ben.actor)
    with pytest.raises(Refusal, match="not on that account team"):
        setting_up.confirm_setup(setup, by=ben.actor)


def test_a_start_after_the_first_week_needs_a_reason(northwind: Cast, ben: Member) -> None:
    client = won(northwind.jody)
    seo, _, website = client.setups.all()
    late, by = TODAY + dt.timedelta(days=9), northwind.jody.actor
    with pytest.raises(Refusal, match="first week ends on 30 November"):
        setting_up.plan_setup(seo, by=by, manager=ben, starts_on=late)
    with pytest.raises(Refusal, match="only begins"):
        setting_up.plan_setup(seo, by=by, manager=ben, starts_on=TODAY - dt.timedelta(days=1))
    setting_up.plan_setup(seo, by=by, manager=ben, starts_on=late, reason="Their site moves first.")
    setting_up.plan_setup(website, by=by, manager=ben, starts_on=late)
    seo.refresh_from_db()
    assert seo.starts_on == late and seo.reason == "Their site moves first."


def test_chasing_promises_what_is_missing_and_logs_the_contact(northwind: Cast, ben: Member) -> None:
    client = won(northwind.jody)
    seo, paid, website = client.setups.all()
    setting_up.plan_setup(seo, by=northwind.jody.actor, manager=ben, starts_on=None)
    made = setting_up.chase([seo, paid, website], by=northwind.jody.actor)
    assert [row.owner for row in made] == [ben, northwind.jody, northwind.jody]
    assert made[0].title == "Set up SEO: tasks and a start date missing"
    assert made[0].due_on == dt.date(2026, 11, 25)
    assert seo.contacts.get().chased and seo.contacts.get().manager == ben
    assert setting_up.chase([seo, paid], by=northwind.jody.actor) == [], "asked already, and still owed"
    assert len({event.batch for event in Event.objects.filter(verb="setup.chased")}) == 1


def test_confirming_keeps_what_was_promised_and_can_be_taken_back(northwind: Cast, ben: Member) -> None:
    client = won(northwind.jody)
    plan_book()
    seo = client.setups.all()[0]
    by = northwind.jody.actor
    planned = Commitment.objects.get(client=client, rule=setting_up.RULE, slot=seo.service.number)
    chased = setting_up.chase([seo], by=by)[0]
    with pytest.raises(Refusal, match="still lacks a deliverable manager, tasks and a start date"):
        setting_up.confirm_setup(seo, by=by)
    complete(seo, ben, northwind.jody)
    setting_up.log_contact(seo, "Ben begins on Thursday", by=by)
    setting_up.confirm_setup(seo, by=by)
    states = [Commitment.objects.get(pk=row.pk).state for row in (planned, chased)]
    assert states == [State.DONE, State.DONE]
    assert first_week().standing(ServiceSetup.objects.get(pk=seo.pk), TODAY) is Standing.CONFIRMED
    setting_up.reopen_setup(seo, by=by)
    states = [Commitment.objects.get(pk=row.pk).state for row in (planned, chased)]
    assert states == [State.OPEN, State.OPEN]


def test_what_a_merged_client_had_goes_along(northwind: Cast) -> None:
    client = won(northwind.jody)
    kept = book.add_client("Zinnia Group", by=SYSTEM)
    book.merge_clients(kept, client, by=SYSTEM)
    assert ServiceSetup.objects.filter(client=kept).count() == 3
