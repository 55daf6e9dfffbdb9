"""Success in their own words, side by side; goals that are SMART, or stand with a reason (O5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from steadyhand.comms.meetings.agenda import REVIEW, sections_of
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding import goals
from steadyhand.onboarding.goals import VagueGoal
from steadyhand.onboarding.models import Goal, GoalState, SuccessWords
from steadyhand.onboarding.smart import Wording, doubts
from tests import cast
from tests.cast import Cast

TODAY = cast.NOW.date()

SMART = Wording(
    text="Trade enquiries by the web form in the United Kingdom",
    measure="40 a month, read in their CRM",
    achievable="They have 22 today without any advertising",
    relevant="Trade is where their margin is",
    due_on=dt.date(2027, 6, 30),
)


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def letters(goal: Wording) -> list[str]:
    return [one.letter for one in doubts(goal, TODAY)]


def test_a_smart_goal_raises_no_doubt() -> None:
    assert not letters(SMART)


@pytest.mark.parametrize(
    ("changed", "letter"),
    [
        ({"text": "More visibility for the brand online"}, "Specific"),
        ({"text": "More leads"}, "Specific"),
        ({"measure": "a lot, in the CRM"}, "Measurable"),
        ({"achievable": "sure"}, "Achievable"),
        ({"relevant": ""}, "Relevant"),
        ({"due_on": None}, "Time-bound"),
        ({"due_on": TODAY}, "Time-bound"),
        ({"due_on": dt.date(2032, 1, 1)}, "Time-bound"),
        ({"text": "Trade enquiries by the web form, as soon as possible"}, "Time-bound"),
    ],
)
def test_each_letter_is_checked_by_itself(changed: dict[str, object], letter: str) -> None:
    assert letters(replace(SMART, **changed)) == [letter]  # type: ignore[arg-type]


def test_a_loose_word_stands_beside_a_figure() -> None:
    assert not letters(replace(SMART, text="Increase trade enquiries from 22 to 40"))


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_whatever_is_typed_gets_a_sentence_for_its_field(text: str, measure: str) -> None:
    for one in doubts(Wording(text=text, measure=measure), TODAY):
        assert one.sentence.endswith(".") and one.field in {
            "text",
            "measure",
            "achievable",
            "relevant",
            "due_on",
        }


@pytest.mark.django_db
def test_a_vague_goal_is_refused_letter_by_letter_and_stands_with_a_reason(northwind: Cast) -> None:
    vague = Wording(text="Grow the brand")
    with pytest.raises(VagueGoal, match=r"Specific: .*Measurable: .*Time-bound: ") as refused:
        goals.set_goal(northwind.halden, vague, by=northwind.jody.actor)
    assert [one.letter for one in refused.value.doubts][-1] == "Time-bound"
    assert not Goal.objects.exists()
    kept = goals.set_goal(northwind.halden, vague, by=northwind.jody.actor, override="Maya insists.")
    assert kept.override == "Maya insists."
    good = goals.set_goal(northwind.halden, SMART, by=northwind.jody.actor, override="Not needed.")
    assert good.override == "", "a reason is kept only where there was something to overlook"


@pytest.mark.django_db
def test_a_goal_is_settled_opened_again_and_dropped(northwind: Cast) -> None:
    goal = goals.set_goal(northwind.halden, SMART, by=northwind.jody.actor)
    goals.settle_goal(goal, by=northwind.jody.actor, reached=True, outcome="43 in May")
    with pytest.raises(Refusal, match="is reached"):
        goals.settle_goal(goal, by=northwind.jody.actor, reached=False)
    goals.reopen_goal(goal, by=northwind.jody.actor)
    goals.drop_goal(goal, by=northwind.jody.actor)
    goal.refresh_from_db()
    assert goal.state == GoalState.DROPPED and not Goal.objects.standing().exists()


@pytest.mark.django_db
def test_success_is_asked_again_each_quarter_and_the_answers_stand_side_by_side(northwind: Cast) -> None:
    client, jody = northwind.halden, northwind.jody
    assert goals.asks_again(client, TODAY)
    goals.hear_success(client, "A full order book in spring.", by=jody.actor, on=dt.date(2026, 8, 20))
    assert goals.asks_again(client, TODAY)
    latest = goals.hear_success(
        client, "Half of it from trade.", by=jody.actor, contact=client.contacts.get(name="Maya Lind")
    )
    assert not goals.asks_again(client, TODAY)
    meeting = plan_meeting(
        client, "Review", by=jody.actor, day=dt.date(2026, 12, 9), time=dt.time(15), agenda_key=REVIEW
    )
    found = {one.key: one for one in sections_of(meeting, jody.actor, cast.NOW)}
    said = [topic.title for topic in found["success"].topics]
    assert said == ["“Half of it from trade.”", "“A full order book in spring.”"]
    goals.unhear_success(latest, by=jody.actor)
    assert SuccessWords.objects.standing().count() == 1
    with pytest.raises(Refusal, match="still to come"):
        goals.hear_success(client, "x", by=jody.actor, on=dt.date(2027, 1, 1))


@pytest.mark.django_db
def test_strangers_set_no_goals(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="account team"):
        goals.set_goal(northwind.orbit, SMART, by=northwind.sam.actor)
    with pytest.raises(Refusal, match="account team"):
        goals.hear_success(northwind.orbit, "More.", by=northwind.sam.actor)
