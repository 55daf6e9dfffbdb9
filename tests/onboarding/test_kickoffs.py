"""Our own kickoff comes before the client's, whose actions leave the same day (O4, O5, C3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import team
from steadyhand.clients.models import Position, WorkingNote
from steadyhand.commitments.models import Commitment
from steadyhand.comms.actions import add_action
from steadyhand.comms.meetings import holding, minutes, planning
from steadyhand.comms.models import Meeting, Message
from steadyhand.core.refusals import Refusal
from steadyhand.onboarding import kickoffs
from steadyhand.onboarding.escalation import escalation_path
from steadyhand.onboarding.kickoffs import actions_of
from steadyhand.onboarding.models import Handover, PitchPromise
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import SYSTEM, Cast, joined
from tests.onboarding.test_winning import prospect, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(cast.NOW, tick=False):
        yield cast.build(planned=False)


@pytest.fixture
def ana(northwind: Cast) -> Member:
    return joined("Ana Costa", Role.NEW_BUSINESS)


@pytest.fixture
def handover(northwind: Cast, ana: Member) -> Handover:
    return won(prospect()[0], ana, northwind.jody)


def held(meeting: Meeting | None) -> Meeting:
    assert meeting is not None
    with time_machine.travel(meeting.ends_at, tick=False):
        return holding.close_meeting(meeting, by=SYSTEM)


def test_the_client_is_not_met_before_our_own_people(handover: Handover) -> None:
    with pytest.raises(Refusal, match="our own has not been held"):
        held(handover.client_kickoff)
    assert handover.client_kickoff is not None
    handover.client_kickoff.refresh_from_db()
    assert handover.client_kickoff.closed_at is None, "nothing of it was written"
    held(handover.internal_kickoff)
    assert held(handover.client_kickoff).closed_at is not None


def test_a_reason_lets_the_client_come_first(handover: Handover, northwind: Cast) -> None:
    with pytest.raises(Refusal, match="Say why"):
        kickoffs.waive_internal_kickoff(handover, by=SYSTEM, reason=" ")
    kickoffs.waive_internal_kickoff(handover, by=northwind.jody.actor, reason="They are here only today.")
    assert held(handover.client_kickoff).closed_at is not None


def test_neither_kickoff_passes_the_other(handover: Handover) -> None:
    ours, theirs = handover.internal_kickoff, handover.client_kickoff
    assert ours is not None and theirs is not None
    with pytest.raises(Refusal, match="lie before the internal one"):
        planning.move_meeting(theirs, dt.date(2026, 11, 24), dt.time(12), by=SYSTEM)
    with pytest.raises(Refusal, match="lie before the internal one"):
        planning.move_meeting(ours, dt.date(2026, 12, 4), dt.time(12), by=SYSTEM)
    theirs.refresh_from_db()
    assert theirs.starts_at > ours.starts_at
    planning.move_meeting(theirs, dt.date(2026, 12, 4), dt.time(12), by=SYSTEM)


def test_what_was_agreed_is_drafted_and_promised_for_the_same_day(
    handover: Handover, northwind: Cast
) -> None:
    team.assign(handover.client, northwind.keiran, Position.SPONSOR, by=SYSTEM)
    held(handover.internal_kickoff)
    meeting = handover.client_kickoff
    assert meeting is not None
    minutes.decide(meeting, "A call every Tuesday at ten", by=SYSTEM)
    add_action(meeting, "Set up tracking", by=SYSTEM, owner=northwind.jody)
    add_action(meeting, "Send the brand files", by=SYSTEM, theirs=True)
    add_action(meeting, "Check their credit", by=SYSTEM, internal=True)
    held(meeting)
    letter = actions_of(handover)
    assert letter is not None and letter.member == northwind.jody
    assert "A call every Tuesday at ten" in letter.text
    assert "- Jody: Set up tracking, by" in letter.text
    assert "- Brightwater Spa: Send the brand files" in letter.text
    assert "Check their credit" not in letter.text
    assert "1. Jody Marsh, your account manager: within 4 working hours" in letter.text
    assert "2. Keiran Reid, head of client services" in letter.text
    owed = Commitment.objects.get(about_type="comms.message", about_id=letter.pk)
    assert (owed.owner, owed.due_on) == (northwind.jody, meeting.local.date())
    with time_machine.travel(meeting.ends_at, tick=False):
        holding.reopen_meeting(meeting, by=SYSTEM)
        holding.close_meeting(meeting, by=SYSTEM)
    assert Message.objects.filter(template="kickoff-actions").count() == 1


def test_the_path_names_nobody_twice(handover: Handover, northwind: Cast) -> None:
    team.assign(handover.client, northwind.keiran, Position.SPONSOR, by=SYSTEM)
    assert [rung.member for rung in escalation_path(handover.client)] == [northwind.jody, northwind.keiran]
    boss = joined("Bo Field", Role.SPONSOR)
    team.assign(handover.client, boss, Position.SPONSOR, by=SYSTEM)
    path = escalation_path(handover.client)
    assert [rung.member for rung in path] == [northwind.jody, northwind.keiran, boss]
    assert path[2].answers == "by the end of the next working day"


def test_what_the_pitch_promised_is_written_down_and_taken_back(handover: Handover, ana: Member) -> None:
    made = kickoffs.note_pitch_promise(handover, "A named contact in Leeds", by=ana.actor)
    with pytest.raises(Refusal, match="Say what was promised"):
        kickoffs.note_pitch_promise(handover, "  ", by=ana.actor)
    kickoffs.drop_pitch_promise(made, by=ana.actor)
    assert not PitchPromise.objects.standing().exists()


def test_how_they_like_to_be_dealt_with_is_kept_with_the_contact(handover: Handover) -> None:
    assert handover.contact is not None
    kickoffs.note_ways(
        handover.contact,
        {"reached": "by telephone before noon", "decides": "", "bad_news": "at once, with a way out"},
        by=SYSTEM,
    )
    said = WorkingNote.objects.filter(contact=handover.contact).values_list("text", flat=True)
    assert set(said) == {"To talk to us: by telephone before noon", "Bad news: at once, with a way out"}
    with pytest.raises(Refusal, match="at least one"):
        kickoffs.note_ways(handover.contact, {"reached": " "}, by=SYSTEM)
