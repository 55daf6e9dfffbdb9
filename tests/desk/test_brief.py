"""The account brief: everything one must know of a client, on one page (O8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from steadyhand.clients import book, team
from steadyhand.clients.briefs import read_brief
from steadyhand.clients.models import Position
from steadyhand.delivery.deliverables import move_deliverable, promise_deliverable
from steadyhand.delivery.strategies import write_strategy
from steadyhand.desk.brief import MOST_DELIVERABLES, MOST_OF_STRATEGY, brief
from steadyhand.onboarding.goals import drop_goal, hear_success, set_goal
from steadyhand.onboarding.smart import Wording
from tests import cast
from tests.cast import SYSTEM, Cast, user_of
from tests.onboarding.agreeing import both_sign, ready

pytestmark = pytest.mark.django_db

SPRING = dt.date(2027, 3, 31)


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def page(world: Cast) -> str:
    browser = Browser()
    browser.force_login(user_of(world.jody))
    answer = browser.get("/clients/halden-bikes/brief/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_success_goals_strategy_and_promises(world: Cast) -> None:
    jody, halden = world.jody.actor, world.halden
    hear_success(halden, "The phone rings & we can pick", by=jody, contact=halden.contacts.earliest("pk"))
    set_goal(halden, Wording("400 enquiries a month", due_on=SPRING), by=jody, override="As they put it")
    gone = set_goal(halden, Wording("Fame"), by=jody, override="As they put it")
    drop_goal(gone, by=jody)
    write_strategy(halden, "Own the phrase cargo bike. " * 40, by=jody)
    made = promise_deliverable(halden, "Landing page", due_on=SPRING, by=jody, reason="Agreed in the pitch")
    move_deliverable(made, SPRING + dt.timedelta(days=7), by=jody, reason="They changed the range")
    found = brief(halden)
    assert found.success is not None and [goal.text for goal in found.goals] == ["400 enquiries a month"]
    assert found.direction is not None and found.direction.is_cut
    assert len(found.direction.text) <= MOST_OF_STRATEGY + 2 and not found.direction.signed
    shown = page(world)
    for words in (
        "The phone rings &amp; we can pick",
        "by 31 Mar 2027",
        "Landing page</b> by 7 Apr 2027, first promised for 31 Mar",
        "not signed off yet",
        "Keiran Reid, head of client services: the same working day",
        "within 4 working hours",
        "No signed agreement is on file here.",
    ):
        assert words in shown, words
    assert "Fame" not in shown


def test_what_does_not_fit_is_counted(world: Cast) -> None:
    for number in range(MOST_DELIVERABLES + 2):
        promise_deliverable(
            world.halden, f"Page {number}", due_on=SPRING, by=world.jody.actor, reason="Agreed in the pitch"
        )
    for number in range(12):
        book.add_contact(world.halden, f"Contact {number}", by=SYSTEM)
    found = brief(world.halden)
    assert (len(found.deliverables), found.more_deliverables, found.more_contacts) == (
        MOST_DELIVERABLES,
        2,
        2,
    )
    assert "2 more</a>" in page(world)


def test_an_agreement_in_force_says_its_dates(world: Cast) -> None:
    engagement = world.halden.engagements.get()
    row = ready(world, engagement=engagement, begins_on=dt.date(2026, 12, 1), ends_on=dt.date(2027, 11, 30))
    assert not brief(world.halden).terms  # nobody has signed it
    both_sign(row, world)
    (terms,) = brief(world.halden).terms
    assert (terms.ends_on, terms.notice_by) == (dt.date(2027, 11, 30), dt.date(2027, 10, 31))
    assert "ends 30 Nov 2027, notice by 31 Oct 2027" in page(world)


def test_the_lead_has_read_it_until_somebody_else_leads(world: Cast) -> None:
    read_brief(world.halden, world.jody, by=world.jody.actor)
    assert "Read by Jody Marsh, who leads" in page(world)
    team.assign(world.halden, world.sam, Position.LEAD, by=SYSTEM)
    assert brief(world.halden).lead_has_read is None
    assert "Not read yet by whoever leads." in page(world)
