"""Should we pitch? Scored answers, go or no go, client services asked, how answers turned out (W1)."""

from __future__ import annotations

import datetime as dt

import pytest

from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.refusals import Refusal
from steadyhand.newbusiness import leads, pairing, pitching
from steadyhand.newbusiness.models import Consultation, Lead, LeadStage, PitchTest, Verdict
from steadyhand.newbusiness.outcomes import outcomes
from steadyhand.people.models import Member
from tests.cast import Cast


def answers(points: int, **others: int) -> dict[str, int]:
    named = {key.replace("_", "-"): value for key, value in others.items()}
    return {question.key: points for question in pitching.rules().pitch_questions} | named


def test_the_score_is_weighted(fennel: Lead) -> None:
    questions = pitching.rules().pitch_questions
    assert [pitching.score(questions, answers(points)) for points in (0, 2, 4)] == [0, 50, 100]
    heavy, light = answers(0, right_work=4), answers(0, time_to_pitch=4)
    assert (pitching.score(questions, heavy), pitching.score(questions, light)) == (23, 8)


def test_on_go_we_pitch_and_client_services_is_asked_at_once(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    test = pitching.decide_pitch(fennel, answers(3), by=callum.actor, decided_by=callum)
    fennel.refresh_from_db()
    assert (test.verdict, test.score, fennel.stage) == (Verdict.GO, 75, LeadStage.PITCHING)
    assert test.answers.count() == len(pitching.rules().pitch_questions)
    asked = Consultation.objects.get()
    assert asked.promise is not None
    assert (asked.member, asked.promise.owner) == (northwind.keiran, northwind.keiran)
    assert (asked.promise.due_on, asked.promise.internal) == (dt.date(2026, 11, 25), True)
    with pytest.raises(Refusal, match="kept by what it is about"):
        keeping.complete(asked.promise, by=northwind.keiran.actor)
    pitching.answer_consultation(asked, "Yes, Jody has time from March.", by=northwind.keiran.actor)
    asked.refresh_from_db()
    assert asked.promise is not None
    assert (asked.promise.state, asked.said) == (State.DONE, "Yes, Jody has time from March.")


def test_whoever_is_proposed_for_them_is_asked(northwind: Cast, callum: Member, fennel: Lead) -> None:
    pairing.propose_pairing(fennel, northwind.jody, "Both ride.", by=callum.actor)
    pitching.decide_pitch(fennel, answers(4), by=callum.actor)
    asked = Consultation.objects.get()
    assert asked.member == northwind.jody
    with pytest.raises(Refusal, match="do not work on the lead"):
        pitching.answer_consultation(asked, "Fine", by=northwind.sam.actor)
    pitching.answer_consultation(asked, "She said yes on the phone.", by=callum.actor)
    assert Commitment.objects.get(pk=asked.promise_id).state == State.DONE


def test_deciding_against_the_score_needs_a_reason(callum: Member, fennel: Lead) -> None:
    with pytest.raises(Refusal, match="The score is 25%, and go begins at 60%") as refused:
        pitching.decide_pitch(fennel, answers(1), by=callum.actor, verdict=Verdict.GO)
    assert refused.value.field == "reason"
    test = pitching.decide_pitch(
        fennel, answers(1), by=callum.actor, verdict=Verdict.GO, reason="They know our head."
    )
    assert test.is_against_score
    again = pitching.decide_pitch(fennel, answers(1), by=callum.actor)
    fennel.refresh_from_db()
    assert (again.verdict, fennel.stage) == (Verdict.NO_GO, LeadStage.OPEN)
    assert list(PitchTest.objects.filter(until=None)) == [again]


@pytest.mark.parametrize("points", [5, -1, None])
def test_every_question_is_answered_from_0_to_4(callum: Member, fennel: Lead, points: int | None) -> None:
    given = answers(3)
    if points is None:
        del given["field"]
    else:
        given["field"] = points
    with pytest.raises(Refusal, match="How crowded is the pitch") as refused:
        pitching.decide_pitch(fennel, given, by=callum.actor)
    assert refused.value.field == "field"
    assert not PitchTest.objects.exists()


def test_what_was_asked_is_waived_when_the_lead_ends_and_unpromised_by_mistake(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    pitching.decide_pitch(fennel, answers(4), by=callum.actor)
    pitching.withdraw_consultation(Consultation.objects.get(), by=callum.actor)
    assert Commitment.objects.get().state == State.WITHDRAWN
    asked = pitching.consult(fennel, northwind.jody, by=callum.actor)
    with pytest.raises(Refusal, match="asked already"):
        pitching.consult(fennel, northwind.jody, by=callum.actor)
    leads.lose_lead(fennel, "Too dear", by=callum.actor)
    assert Commitment.objects.get(pk=asked.promise_id).state == State.WAIVED


def test_past_answers_are_counted_by_how_they_turned_out(
    northwind: Cast, callum: Member, fennel: Lead
) -> None:
    pitching.decide_pitch(fennel, answers(3, field=0), by=callum.actor)
    leads.mark_won(fennel, by=callum.actor)
    lost = leads.add_lead("Quince", by=callum.actor, owner=callum, source="Fair", value=fennel.value)
    pitching.decide_pitch(lost, answers(0), by=callum.actor, verdict=Verdict.GO, reason="Try it.")
    leads.lose_lead(lost, "Too many pitched.", by=callum.actor)
    bare = leads.add_lead("Rowan", by=callum.actor, owner=callum, source="Fair", value=fennel.value)
    leads.withdraw_lead(bare, "Not ours.", by=callum.actor)
    found = outcomes(callum.actor)
    assert [(tally.won, tally.lost) for tally in found.scores] == [(0, 1), (0, 0), (1, 0), (0, 0)]
    by_key = {question.key: question for question in found.questions}
    assert [(t.won, t.lost) for t in by_key["field"].tallies] == [(1, 1), (0, 0), (0, 0)]
    assert [t.rate for t in by_key["right-work"].tallies] == [0, None, 100]
    assert (found.against.lost, found.untested.withdrawn) == (1, 1)
    assert outcomes(northwind.sam.actor).is_empty
