"""The demo agency on days with traps, and twice on one day."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from steadyhand.commitments.models import Commitment
from steadyhand.core.models import Event
from steadyhand.exchange import demo
from tests.cast import NOW, SYSTEM
from tests.exchange.test_demo import head, rows

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
