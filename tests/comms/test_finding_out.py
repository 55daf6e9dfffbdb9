"""“Let me find out”: dated at once, kept only by an answer, never forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.comms.asking import finding_out
from steadyhand.comms.models import Channel, OpenQuestion
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
def question(world: Cast) -> OpenQuestion:
    return finding_out.find_out(
        world.halden, "Why did leads dip in October?", by=world.jody.actor, owner=world.jody
    )


def test_it_is_promised_within_two_working_days(question: OpenQuestion) -> None:
    assert question.commitment is not None
    assert question.commitment.due_on == dt.date(2026, 11, 26)
    assert question.commitment.title == "Answer: Why did leads dip in October?"


def test_only_an_answer_keeps_it(world: Cast, question: OpenQuestion) -> None:
    assert question.commitment is not None
    with pytest.raises(Refusal):
        keeping.complete(question.commitment, by=world.jody.actor, note="done")
    with pytest.raises(Refusal, match="no answer"):
        finding_out.give_answer(question, "I don't know", by=world.jody.actor, how=Channel.CALL)
    finding_out.give_answer(question, "The tag was missing.", by=world.jody.actor, how=Channel.CALL)
    question.commitment.refresh_from_db()
    assert question.commitment.state == State.DONE
    assert not OpenQuestion.objects.unanswered().exists()
    assert Event.objects.filter(verb="question.answered").count() == 1


def test_the_answer_taken_back_is_owed_again(world: Cast, question: OpenQuestion) -> None:
    finding_out.give_answer(question, "The tag was missing.", by=world.jody.actor, how=Channel.CALL)
    finding_out.take_back_answer(question, by=world.jody.actor)
    assert question.commitment is not None
    question.commitment.refresh_from_db()
    assert question.commitment.state == State.OPEN


def test_closing_it_without_an_answer_needs_a_reason(world: Cast, question: OpenQuestion) -> None:
    with pytest.raises(Refusal):
        finding_out.drop_question(question, by=world.jody.actor, reason="")
    question.refresh_from_db()
    assert question.dropped_at is None
    finding_out.drop_question(question, by=world.jody.actor, reason="She found it herself.")
    assert question.commitment is not None
    question.commitment.refresh_from_db()
    assert question.commitment.state == State.WAIVED
