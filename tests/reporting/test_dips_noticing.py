"""The night's duty: one incident for each dip, with an owner; taken back by itself; answers teach."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.reporting.dips import closing
from steadyhand.reporting.dips.noticing import notice_dips, take_in
from steadyhand.reporting.metrics.store import Observation, file_of, write
from steadyhand.reporting.models import Cause, Incident, IncidentState, Shock, Source
from tests.cast import NOW, SYSTEM, Cast, build

pytestmark = pytest.mark.django_db
LAST = NOW.date() - dt.timedelta(days=1)
DAYS = 150


def figures(
    client: Client, metric: str, mean: float, *, dip: int = 0, left: float = 1.0, seed: int = 1
) -> None:
    """Days up to yesterday; the last `dip` have only a share `left`, and all of that is missing on mobile."""
    chance = random.Random(f"{metric}{seed}")
    rows = []
    for back in range(DAYS):
        day = LAST - dt.timedelta(days=back)
        whole = chance.gauss(mean, mean * 0.05) * (0.6 if day.weekday() > 4 else 1)
        lost = whole * (1 - left) if back < dip else 0
        parts = {"desktop": whole * 0.3, "mobile": whole * 0.7 - lost}
        rows.append(Observation("upload", metric, day, round(whole - lost)))
        rows += [
            Observation("upload", metric, day, round(value), dims=f"device={name}")
            for name, value in parts.items()
        ]
    write(client.pk, rows, at=clock.now())
    Source.objects.get_or_create(
        client=client,
        key="upload",
        defaults={
            "label": "Upload",
            "zone": "Europe/London",
            "complete_until": LAST,
            "last_day": LAST,
            "first_day": LAST - dt.timedelta(days=DAYS - 1),
        },
    )


@pytest.fixture
def people() -> Cast:
    with time_machine.travel(NOW, tick=False):
        return build(planned=False)


@time_machine.travel(NOW, tick=False)
def test_a_dip_is_one_incident_with_an_owner_and_the_same_night_again_changes_nothing(people: Cast) -> None:
    figures(people.halden, "sessions", 900, dip=4, left=0.5)
    figures(people.halden, "pageviews", 2500, dip=4, left=0.5)
    figures(people.orbit, "sessions", 300)
    assert notice_dips() == 1
    incident = Incident.objects.get()
    assert (incident.client, incident.state) == (people.halden, IncidentState.OPEN)
    assert incident.first_day == LAST - dt.timedelta(days=3)
    assert {incident.metric, *(one["metric"] for one in incident.also)} == {"sessions", "pageviews"}
    assert -0.6 < incident.change < -0.4
    assert incident.drivers[0]["where"] == [["device", "mobile"]]
    assert incident.picture[-1][0] == LAST.isoformat()
    promise = Commitment.objects.get(about_type=closing.ABOUT, about_id=incident.pk)
    assert (promise.owner, promise.internal, promise.state) == (people.jody, True, State.OPEN)
    assert promise.title == f"Look at the dip in {incident.label.lower()}"
    events = Event.objects.count()
    file_of(people.halden.pk).touch()
    assert notice_dips() == 0
    assert (Incident.objects.count(), Event.objects.count()) == (1, events)


@time_machine.travel(NOW, tick=False)
def test_a_revision_takes_the_dip_back_and_nobody_needs_to_look(people: Cast) -> None:
    figures(people.halden, "sessions", 900, dip=4, left=0.5)
    notice_dips()
    figures(people.halden, "sessions", 900)
    assert notice_dips() == 0
    assert Incident.objects.get().state == IncidentState.CLEARED
    promise = Commitment.objects.get(about_type=closing.ABOUT)
    assert (promise.state, promise.waivers.get().note) == (State.WAIVED, "Later figures show no dip.")


@time_machine.travel(NOW, tick=False)
def test_conversions_at_zero_with_visits_as_before_looks_like_counting_that_broke(people: Cast) -> None:
    figures(people.halden, "sessions", 900)
    figures(people.halden, "conversions", 60, dip=4, left=0.0)
    notice_dips()
    incident = Incident.objects.get()
    assert incident.tracking_suspected
    assert "conversions" in {incident.metric, *(one["metric"] for one in incident.also)}


@time_machine.travel(NOW, tick=False)
def test_what_all_clients_share_is_one_notice_to_the_head(people: Cast) -> None:
    told = {"first_day": "2026-11-20", "last_day": "2026-11-21", "change": -0.25, "series": 400}
    for _ in range(2):
        assert take_in({"incidents": [], "shocks": [told]}) == 0
    promise = Commitment.objects.get(about_type="reporting.shock")
    assert (promise.owner, promise.client) == (people.keiran, None)
    assert Shock.objects.get().change == -0.25


@time_machine.travel(NOW, tick=False)
def test_one_that_was_explained_while_it_went_on_is_told_to_its_end(people: Cast) -> None:
    found = {"client": people.halden.pk, "metric": "sessions", "first_day": "2026-11-19", "last_day": None}
    found |= {"noticed_on": "2026-11-20", "expected": 900.0, "observed": 300.0, "score": 9.0, "p": 1e-9}
    found |= {"tracking": False, "drivers": [], "picture": []}
    take_in({"incidents": [found], "shocks": []})
    closing.settle(Incident.objects.get(), Cause.REAL, "A competitor's sale.", by=SYSTEM)
    over = found | {"last_day": "2026-11-21", "expected": 2700.0, "observed": 1100.0}
    for told in (over, over | {"expected": 9.0}):
        assert take_in({"incidents": [told], "shocks": []}) == 0
    incident = Incident.objects.get()
    assert (incident.state, incident.last_day) == (IncidentState.SETTLED, dt.date(2026, 11, 21))
    assert (incident.expected, incident.observed) == (2700, 1100)


@time_machine.travel(NOW, tick=False)
def test_ten_clients_dips_on_one_day_are_one_notice(people: Cast) -> None:
    for number in range(10):
        client = book.add_client(f"Client {number}", by=SYSTEM)
        figures(client, "sessions", 300 + 90 * number, dip=2, left=0.55, seed=number)
        figures(client, "conversions", 40 + 5 * number, dip=2, left=0.55, seed=number)
    assert notice_dips() == 0
    assert not Incident.objects.exists()
    shock = Shock.objects.get()
    assert (shock.first_day, shock.last_day) == (LAST - dt.timedelta(days=1), LAST)
    assert -0.5 < shock.change < -0.4
    assert Commitment.objects.get(about_type="reporting.shock").owner == people.keiran


@time_machine.travel(NOW, tick=False)
def test_the_answer_keeps_the_promise_and_teaches_that_view_only(people: Cast) -> None:
    figures(people.halden, "sessions", 900, dip=4, left=0.5)
    notice_dips()
    incident = Incident.objects.get()
    with pytest.raises(Refusal, match="Say in a sentence"):
        closing.settle(incident, Cause.REAL, " ", by=SYSTEM)
    closing.settle(incident, Cause.FALSE_ALARM, "They moved the shop to another address.", by=SYSTEM)
    assert Commitment.objects.get(about_type=closing.ABOUT).state == State.DONE
    assert closing.strictness() == {f"{people.halden.pk}:sessions": 1.25}
    assert notice_dips() == 0  # it goes on, and somebody has said what it is
    assert Incident.objects.get().state == IncidentState.SETTLED
    closing.reopen(incident, by=SYSTEM)
    assert Commitment.objects.get(about_type=closing.ABOUT).state == State.OPEN
    assert closing.strictness() == {}
