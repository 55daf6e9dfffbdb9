"""Phone first: a request is one thread of attempts until it is answered; its promise is the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import State
from steadyhand.comms.asking import chasing
from steadyhand.comms.models import Channel, Chase, Interaction, MessageState, Outcome
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from tests import cast as casting
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


@pytest.fixture
def chase(world: Cast) -> Chase:
    maya = world.halden.contacts.get(name="Maya Lind")
    return chasing.ask_client(
        world.halden, "the October lead list", by=world.jody.actor, owner=world.jody, contact=maya
    )


def due(chase: Chase) -> dt.date:
    chase.refresh_from_db()
    assert chase.commitment is not None
    chase.commitment.refresh_from_db()
    return chase.commitment.due_on


def test_asking_promises_a_call_today(world: Cast, chase: Chase) -> None:
    assert chase.commitment is not None
    assert chase.commitment.title == "Ring Maya Lind for the October lead list"
    assert due(chase) == NOW.date()
    assert list(Chase.objects.visible_to(world.jody.actor).open()) == [chase]
    with pytest.raises(Refusal, match="not by a tick"):
        keeping.complete(chase.commitment, by=world.jody.actor)


@pytest.mark.parametrize(
    ("outcome", "day"),
    [
        (Outcome.NO_ANSWER, dt.date(2026, 11, 25)),
        (Outcome.VOICEMAIL, dt.date(2026, 11, 26)),
        (Outcome.REACHED, dt.date(2026, 11, 27)),
    ],
)
def test_each_outcome_is_logged_once_and_dates_the_next_attempt(
    world: Cast, chase: Chase, outcome: Outcome, day: dt.date
) -> None:
    chasing.tried(chase, outcome, by=world.jody.actor, member=world.jody)
    assert due(chase) == day
    said = Interaction.objects.get(client=world.halden)
    assert (said.channel, said.direction, said.outcome) == ("call", "out", str(outcome))
    assert Event.objects.filter(verb="chase.tried").count() == 1


def test_an_attempt_is_taken_back_whole(world: Cast, chase: Chase) -> None:
    first = chasing.tried(chase, Outcome.NO_ANSWER, by=world.jody.actor)
    second = chasing.tried(chase, Outcome.VOICEMAIL, by=world.jody.actor)
    with pytest.raises(Refusal, match="latest"):
        chasing.untry(first, by=world.jody.actor)
    chasing.untry(second, by=world.jody.actor)
    assert due(chase) == dt.date(2026, 11, 25)
    chasing.untry(first, by=world.jody.actor)
    assert due(chase) == NOW.date()
    assert not Interaction.objects.exists()


def test_a_day_somebody_chose_since_is_kept_when_an_attempt_is_taken_back(world: Cast, chase: Chase) -> None:
    attempt = chasing.tried(chase, Outcome.NO_ANSWER, by=world.jody.actor)
    assert chase.commitment is not None
    keeping.move(chase.commitment, dt.date(2026, 12, 1), by=world.jody.actor)
    chasing.untry(attempt, by=world.jody.actor)
    assert due(chase) == dt.date(2026, 12, 1)


def test_the_answer_closes_the_thread_and_can_be_taken_back(world: Cast, chase: Chase) -> None:
    chasing.tried(chase, Outcome.REACHED, by=world.jody.actor)
    chasing.take_answer(chase, "She mailed the list.", by=world.jody.actor, how=Channel.EMAIL)
    chase.refresh_from_db()
    assert chase.commitment is not None and chase.commitment.state == State.DONE
    with pytest.raises(Refusal, match="closed already"):
        chasing.tried(chase, Outcome.REACHED, by=world.jody.actor)
    chasing.reopen_chase(chase, by=world.jody.actor)
    chase.refresh_from_db()
    assert chase.answer == "" and chase.commitment.state == State.OPEN


def test_a_voicemail_drafts_the_letter_that_repeats_the_request_once(world: Cast, chase: Chase) -> None:
    chasing.tried(chase, Outcome.VOICEMAIL, by=world.jody.actor)
    draft = chasing.draft_letter(chase, by=world.jody.actor, member=world.jody)
    assert draft.state == MessageState.DRAFT and draft.to == ["maya@haldenbikes.test"]
    assert "the October lead list" in draft.subject and "Thursday 26 November" in draft.text
    assert chasing.draft_letter(chase, by=world.jody.actor, member=world.jody).pk == draft.pk


def test_giving_up_needs_a_reason_and_waives_the_promise(world: Cast, chase: Chase) -> None:
    with pytest.raises(Refusal, match="why"):
        chasing.drop_chase(chase, by=world.jody.actor, reason=" ")
    chasing.drop_chase(chase, by=world.jody.actor, reason="They sent it already.")
    chase.refresh_from_db()
    assert chase.commitment is not None and chase.commitment.state == State.WAIVED


def test_only_the_account_team_asks(world: Cast) -> None:
    with pytest.raises(NotYours):
        chasing.ask_client(world.orbit, "their figures", by=world.sam.actor)
