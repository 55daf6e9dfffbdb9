"""The demo agency on days with traps, twice on one day, and beside an agency that was there."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.commitments.models import ClientPlan, Commitment
from steadyhand.commitments.models.plan import PlanState
from steadyhand.core import agency
from steadyhand.core.models import Agency, Event
from steadyhand.exchange import demo
from steadyhand.people.roles import Role
from steadyhand.playbook import publishing
from steadyhand.playbook.models import Version
from tests.cast import NOW, SYSTEM, joined
from tests.exchange.test_demo import head, rows, signed_in

pytestmark = [pytest.mark.soak, pytest.mark.django_db]


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 11, 22, 0, 5, tzinfo=dt.UTC),
        dt.datetime(2027, 1, 1, 12, 0, tzinfo=dt.UTC),
        dt.datetime(2027, 3, 29, 6, 0, tzinfo=dt.UTC),
        dt.datetime(2028, 2, 29, 16, 0, tzinfo=dt.UTC),
    ],
    ids=["a Sunday night", "New Year", "Easter Monday after the clocks change", "a leap day"],
)
def test_it_loads_on_any_day_and_leaves_nothing(moment: dt.datetime) -> None:
    before = rows()
    with time_machine.travel(moment, tick=False):
        demo.load(by=SYSTEM)
        assert Commitment.objects.owned_by(head()).open().filter(due_at__lt=moment).exists()
        demo.remove(by=SYSTEM)
    assert rows() == before


@time_machine.travel(NOW, tick=False)
def test_the_same_day_gives_the_same_past() -> None:
    def told() -> list[object]:
        return list(Event.objects.order_by("pk").values_list("at", "verb", "actor_name"))

    demo.load(by=SYSTEM)
    first = told()
    demo.remove(by=SYSTEM)
    demo.load(by=SYSTEM)
    assert told() == first


@time_machine.travel(dt.datetime(2027, 1, 1, 23, 30, tzinfo=dt.UTC), tick=False)
def test_an_agency_that_was_there_is_as_it_was() -> None:
    agency.found(by=SYSTEM, name="Dunder", currency="EUR", country="DE", zone="Europe/Berlin")
    browser = signed_in(joined("David Wallace", Role.ADMINISTRATOR))
    publishing.adopt_shipped("framework", "EUR", by=SYSTEM)
    before, live = rows(), Version.live()
    assert "Load the demo agency" in browser.get("/settings/demo/").content.decode()
    assert browser.post("/settings/demo/")["Location"] == "/clients/"
    page = browser.get("/settings/demo/").content.decode()
    assert "44 invented clients" in page and "signed out" not in page
    assert Agency.get().name == "Dunder"
    assert ClientPlan.objects.filter(state=PlanState.NEEDS_RATE).count() == 1
    assert browser.post("/settings/demo/removal/")["Location"] == "/settings/"
    assert rows() == before
    assert Version.live() == live
