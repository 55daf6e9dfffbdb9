"""Taking the playbook on: what ticks itself, what a hand ticks, and who may (B15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import team
from steadyhand.clients.models import Position
from steadyhand.comms.meetings import holding
from steadyhand.comms.meetings.agenda import ALL_HANDS, WASH_UP, WEEKLY, sections_of
from steadyhand.comms.meetings.agenda_items import agenda_of
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.meetings.team_meetings import set_up_series
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.models import Event
from steadyhand.core.recurrence import Cadence
from steadyhand.core.refusals import Refusal
from steadyhand.delivery.models import SignOff
from steadyhand.delivery.strategies import write_strategy
from steadyhand.desk import adoption as desk
from steadyhand.desk.adoption import PLACES, READS, Step, adoption
from steadyhand.playbook.adoption import SESSION, tick_step, untick_step
from steadyhand.playbook.content import shipped_content
from steadyhand.playbook.models import AdoptionTick
from tests import cast
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build()


def step(world: Cast, key: str) -> Step:
    found = adoption(world.keiran.actor)
    assert found is not None
    return next(one for one in found.steps if one.entry.key == key)


def held(world: Cast, key: str, day: dt.date) -> Meeting:
    meeting = plan_meeting(
        None, key, by=SYSTEM, day=day, time=dt.time(15), led_by=world.keiran, agenda_key=key
    )
    with time_machine.travel(meeting.starts_at, tick=False):
        holding.begin_meeting(meeting, by=SYSTEM)
        holding.close_meeting(meeting, by=SYSTEM, minutes=30)
    return meeting


def weekly(world: Cast, key: str) -> None:
    set_up_series(
        key, by=SYSTEM, agenda_key=key, cadence=Cadence.WEEKLY, day="monday", time=dt.time(10),
        led_by=world.keiran, members=[world.jody],
    )  # fmt: skip


def test_every_read_and_place_belongs_to_a_step() -> None:
    keys = {entry.key for entry in shipped_content("framework").adoption_steps}
    assert len(keys) == 20
    assert set(READS) <= keys and set(PLACES) <= keys


def test_no_playbook_no_steps() -> None:
    assert adoption(SYSTEM) is None


def test_twenty_steps_in_their_order_and_what_the_data_shows(world: Cast) -> None:
    found = adoption(world.keiran.actor)
    assert found is not None and [one.entry.number for one in found.steps] == list(range(1, 21))
    assert step(world, "reporting-matrix").by_itself
    assert not step(world, "nps-and-feedback").done and step(world, "nps-and-feedback").shown is None


def test_sponsors_are_named_once_most_clients_have_one(world: Cast) -> None:
    sponsors = step(world, "sponsors")
    assert sponsors.shown is not None and "1 of 4 live clients" in sponsors.shown.words
    assert not sponsors.done
    for client in (world.orbit, world.lumen):
        team.assign(client, world.keiran, Position.SPONSOR, by=SYSTEM)
    assert step(world, "sponsors").by_itself


def test_every_client_has_a_tier_once_planned(world: Cast) -> None:
    assert step(world, "client-tiers").by_itself


def test_new_business_and_handovers_show_where_they_stand(world: Cast) -> None:
    assert step(world, "pricing-matrix").by_itself
    pitching = step(world, "pitch-process").shown
    assert pitching is not None and pitching.words == "Client services had its say on 0 pitches."
    onboarding = step(world, "onboarding").shown
    assert (
        onboarding is not None
        and onboarding.words.startswith("0 handovers under way")
        and not onboarding.done
    )


def test_planning_needs_a_leader_and_a_strategy_that_a_client_agreed_to(world: Cast) -> None:
    weekly(world, "monthly-planning")
    assert "led by Keiran Reid; 0 strategies are signed off" in str(step(world, "planning-process").shown)
    version = write_strategy(world.halden, "Own the phrase cargo bike.", by=world.jody.actor)
    SignOff.objects.create(version=version, name="Ola Brandt", at=cast.NOW)
    assert step(world, "planning-process").by_itself


def test_a_step_waits_for_the_one_before_it(world: Cast) -> None:
    structure = step(world, "structure-in-force")
    assert structure.shown is not None and structure.shown.done and not structure.done
    assert structure.after == ("Agree and share the structure",)
    tick_step("structure-shared", by=world.keiran.actor, note="Shown on Friday")
    assert step(world, "structure-in-force").by_itself


def test_the_all_hands_has_begun_when_held_twice_on_one_weekday(world: Cast) -> None:
    held(world, ALL_HANDS, dt.date(2026, 11, 24))
    assert not step(world, "all-hands").done
    held(world, ALL_HANDS, dt.date(2026, 11, 25))
    assert not step(world, "all-hands").done
    held(world, ALL_HANDS, dt.date(2026, 12, 1))
    assert step(world, "all-hands").by_itself


def test_the_new_meetings_are_set_up_and_held(world: Cast) -> None:
    framework = step(world, "meeting-framework")
    assert framework.shown is not None and framework.shown.words.startswith("Not set up: weekly")
    for key in desk.NAMES:
        weekly(world, key)
    held(world, WEEKLY, dt.date(2026, 11, 25))
    shown = step(world, "meeting-framework").shown
    assert shown is not None and shown.words == "Not held yet: monthly planning, wash-up." and not shown.done
    held(world, WASH_UP, dt.date(2026, 11, 26))
    held(world, "monthly-planning", dt.date(2026, 11, 27))
    assert step(world, "meeting-framework").by_itself


def test_ticked_once_and_taken_back(world: Cast) -> None:
    keiran = world.keiran.actor
    tick = tick_step("people-plan", by=keiran, note="  In the handbook ")
    assert tick_step("people-plan", by=keiran).pk == tick.pk
    assert (tick.note, tick.by_name, tick.at) == ("In the handbook", "Keiran Reid", cast.NOW)
    assert step(world, "people-plan").done and not step(world, "people-plan").by_itself
    untick_step("people-plan", by=keiran)
    untick_step("people-plan", by=keiran)
    assert not step(world, "people-plan").done
    assert tick_step("people-plan", by=keiran).pk != tick.pk
    verbs = list(
        Event.objects.filter(verb__startswith="adoption.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["adoption.step_ticked", "adoption.step_unticked", "adoption.step_ticked"]


def test_only_who_edits_the_playbook_ticks_its_steps(world: Cast) -> None:
    with pytest.raises(Refusal, match="Your role does not tick"):
        tick_step("people-plan", by=world.jody.actor)
    with pytest.raises(Refusal, match="no such step"):
        tick_step("juggling", by=world.keiran.actor)
    with pytest.raises(Refusal, match="300 characters"):
        tick_step("people-plan", by=world.keiran.actor, note="x" * 301)
    assert not AdoptionTick.objects.exists()


def test_a_session_goes_through_what_is_open(world: Cast) -> None:
    tick_step("people-plan", by=world.keiran.actor)
    agenda = agenda_of(SESSION)
    assert agenda is not None and agenda.minutes == 60
    meeting = plan_meeting(
        None, agenda.title, by=world.keiran.actor, day=dt.date(2026, 11, 26), time=dt.time(15),
        led_by=world.keiran, agenda_key=SESSION,
    )  # fmt: skip
    assert meeting.agenda.filter(filling__section="adoption").count() == 1
    (section,) = sections_of(meeting, world.keiran.actor, clock.now())
    keys = {topic.key for topic in section.topics}
    assert "adoption:nps-and-feedback" in keys
    assert not {"adoption:people-plan", "adoption:reporting-matrix"} & keys
