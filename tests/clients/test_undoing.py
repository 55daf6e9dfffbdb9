"""Every act on a client can be taken back by its batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import time_machine
from django.forms.models import model_to_dict

from steadyhand.clients import book, engagements, plans, team, undoing
from steadyhand.clients.models import AgreedTime, Assignment, Departure, Engagement, Pause, Position
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from tests.cast import NOW, Cast, build

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def cast():
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


def picture(cast: Cast) -> list[object]:
    """Everything that may be taken back, as it is now."""
    client = type(cast.halden).objects.get(pk=cast.halden.pk)
    return [
        model_to_dict(client, exclude=["plan_revision"]),
        [model_to_dict(c) for c in client.contacts.order_by("pk")],
        [model_to_dict(e) for e in client.engagements.all()],
        list(Pause.objects.values_list("from_day", "to_day")),
        list(AgreedTime.objects.values_list("rule", "weekday", "day_of_month", "time")),
        list(Departure.objects.values_list("rule", "cadence", "minutes", "reason")),
        sorted(Assignment.objects.filter(until=None).values_list("client", "member", "position")),
    ]


type Act = Callable[[Cast, Engagement, Actor, UUID], object]
ACTS: dict[str, Act] = {
    "details": lambda c, e, by, b: book.change_client(
        c.halden, by=by, batch=b, since=dt.date(2020, 1, 1), name="Halden"
    ),
    "contact left": lambda c, e, by, b: book.change_contact(
        c.halden.contacts.get(name="Maya Lind"), by=by, batch=b, left_on=TODAY, decides=True
    ),
    "dates": lambda c, e, by, b: engagements.change_engagement(
        e, by=by, batch=b, ends_on=dt.date(2027, 1, 1)
    ),
    "spend": lambda c, e, by, b: engagements.change_spend(e, Decimal(2500), by=by, batch=b, currency="EUR"),
    "end": lambda c, e, by, b: engagements.end_engagement(e, on=TODAY, by=by, batch=b),
    "pause": lambda c, e, by, b: engagements.pause_engagement(e, from_day=TODAY, by=by, batch=b),
    "time": lambda c, e, by, b: plans.agree_time(e, "call", by=by, batch=b, weekday=1, time=dt.time(10)),
    "departure": lambda c, e, by, b: plans.depart(
        e, "call", by=by, batch=b, cadence="monthly", reason="They travel"
    ),
    "lead": lambda c, e, by, b: team.assign(c.halden, c.sam, Position.LEAD, by=by, batch=b),
    "off the team": lambda c, e, by, b: team.unassign(
        c.halden.team.get(position=Position.SPONSOR), by=by, batch=b
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_taken_back_leaves_everything_as_it_was(cast: Cast, act: Act):
    before, batch, by = picture(cast), uuid4(), cast.keiran.actor
    act(cast, cast.halden.engagements.get(), by, batch)
    assert picture(cast) != before
    undoing.undo(cast.halden, batch, by=by)
    assert picture(cast) == before


def test_a_departure_over_another_is_taken_back_to_the_first(cast: Cast):
    engagement, by, batch = cast.halden.engagements.get(), cast.keiran.actor, uuid4()
    plans.depart(engagement, "call", by=by, cadence="fortnightly", reason="First")
    before = picture(cast)
    plans.depart(engagement, "call", by=by, cadence="monthly", minutes=20, reason="Second", batch=batch)
    undoing.undo(cast.halden, batch, by=by)
    assert picture(cast) == before


def test_what_changed_since_is_not_overwritten(cast: Cast):
    by, batch = cast.keiran.actor, uuid4()
    book.change_client(cast.halden, by=by, batch=batch, industry="Cycling")
    book.change_client(cast.halden, by=by, industry="Sport")
    with pytest.raises(Refusal, match="changed again"):
        undoing.undo(cast.halden, batch, by=by)
    cast.halden.refresh_from_db()
    assert cast.halden.industry == "Sport"


def test_only_ones_own_acts_are_taken_back(cast: Cast):
    batch = uuid4()
    book.change_client(cast.halden, by=cast.keiran.actor, batch=batch, industry="Cycling")
    with pytest.raises(Refusal, match="nothing left"):
        undoing.undo(cast.halden, batch, by=cast.jody.actor)
