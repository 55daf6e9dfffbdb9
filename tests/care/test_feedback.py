"""What colleagues tell an account manager: signed, kept, and read by few (L4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.care.feedback import give_feedback, restore_feedback, withdraw_feedback
from steadyhand.care.models import Feedback
from steadyhand.core.models import Audience, Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


def test_they_their_manager_and_hr_read_it_and_nobody_else(northwind: Cast) -> None:
    members.change_member(northwind.jody, by=SYSTEM, line_manager=northwind.keiran)
    boss = cast.joined("Bridget Vale", Role.MANAGING_DIRECTOR)
    ana = cast.joined("Ana Ruiz", Role.HEAD_OF_OPERATIONS)
    given = give_feedback(northwind.jody, "Briefs are clearer now.", by=northwind.sam.actor)
    for reader in (northwind.jody, northwind.sam, northwind.keiran, boss):
        assert list(Feedback.objects.visible_to(reader.actor)) == [given], reader
    assert not Feedback.objects.visible_to(ana.actor).exists()


def test_its_words_stand_in_no_event(northwind: Cast) -> None:
    given = give_feedback(
        northwind.jody, "Late briefs cost us Fridays.", by=northwind.sam.actor, client=northwind.halden
    )
    event = Event.objects.get(verb="feedback.given")
    assert (event.audience, event.client_id, event.subject_id) == (Audience.PEOPLE, None, given.pk)
    assert "Fridays" not in str(event.data)


def test_only_whoever_gave_it_takes_it_back(northwind: Cast) -> None:
    given = give_feedback(northwind.jody, "Thank you for October.", by=northwind.sam.actor)
    with pytest.raises(Refusal, match="Only whoever gave it"):
        withdraw_feedback(given, by=northwind.jody.actor)
    withdraw_feedback(given, by=northwind.sam.actor)
    assert not Feedback.objects.standing().exists()
    restore_feedback(given, by=northwind.sam.actor)
    assert Feedback.objects.standing().exists()


def test_what_is_no_feedback_is_refused(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="comes from others"):
        give_feedback(northwind.sam, "I am great.", by=northwind.sam.actor)
    with pytest.raises(Refusal, match="what helps"):
        give_feedback(northwind.jody, "  ", by=northwind.sam.actor)
    with pytest.raises(Refusal, match="account team"):
        give_feedback(northwind.jody, "Slow.", by=northwind.sam.actor, client=northwind.orbit)
    assert not Feedback.objects.exists()
