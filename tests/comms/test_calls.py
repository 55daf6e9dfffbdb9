"""A call: begun or joined, typed in by two, ended once, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.comms.actions import add_action
from steadyhand.comms.calls import holding as calls
from steadyhand.comms.calls.notes import save_note
from steadyhand.comms.models import Call, Interaction
from steadyhand.core import clock
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.desk.call_time import minutes_used
from steadyhand.people.roles import Role
from tests.cast import NOW, Cast, build
from tests.cast import joined as person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield build(planned=False)


@pytest.fixture
def promise(cast: Cast) -> Commitment:
    """Today's half-hour call, Jody's."""
    return keeping.promise(
        cast.halden,
        "Weekly call",
        by=cast.jody.actor,
        owner=cast.jody,
        due_on=NOW.date(),
        due_time=dt.time(10),
        kind=Kind.CALL,
        minutes=30,
    )


@pytest.fixture
def call(cast: Cast, promise: Commitment) -> Call:
    maya = Contact.objects.get(name="Maya Lind")
    return calls.begin_call(
        cast.halden, by=cast.jody.actor, member=cast.jody, contact=maya, commitment=promise
    )


def test_one_promise_has_one_open_call_that_the_team_joins(cast: Cast, call: Call) -> None:
    joined = calls.begin_call(cast.halden, by=cast.sam.actor, member=cast.sam, commitment=call.commitment)
    assert joined == call
    stranger = person("Nils Berg", Role.EXECUTIVE)
    with pytest.raises(Refusal, match="account team"):
        calls.begin_call(cast.halden, by=stranger.actor, member=stranger, commitment=call.commitment)


def test_begun_twice_without_a_promise_is_one_call(cast: Cast) -> None:
    first, again = (calls.begin_call(cast.orbit, by=cast.jody.actor, member=cast.jody) for _ in range(2))
    assert first == again and first.commitment is None


def test_ending_logs_once_keeps_the_promise_and_counts_its_minutes_once(cast: Cast, call: Call) -> None:
    save_note(call, "strategy", "Still right.", by=cast.sam.actor)
    save_note(call, "rapport", "Lisbon was warm.", by=cast.jody.actor)
    add_action(call, "Send the deck", by=cast.jody.actor, owner=cast.sam, due_on=NOW.date())
    with time_machine.travel(NOW + dt.timedelta(minutes=24, seconds=5), tick=False):
        said = calls.end_call(call, by=cast.jody.actor, summary="Leads are back")
        assert calls.end_call(call, by=cast.sam.actor) == said
    assert (said.minutes, said.summary, said.at) == (25, "Leads are back", NOW)
    assert said.body == "Catch up\nLisbon was warm.\n\nStrategy\nStill right."
    kept = Commitment.objects.get(kind=Kind.CALL)
    assert kept.state == State.DONE and kept.completions.get().evidence_id == said.pk
    action = Commitment.objects.get(about_type="comms.action")
    assert (action.owner, action.due_on) == (cast.sam, NOW.date())
    assert minutes_used([cast.halden.pk], NOW.date(), "Europe/London") == {cast.halden.pk: 25}
    assert Event.objects.filter(verb="interaction.logged").count() == 1


def test_a_promise_ticked_off_meanwhile_does_not_count_its_minutes_again(
    cast: Cast, call: Call, promise: Commitment
) -> None:
    keeping.complete(promise, by=cast.sam.actor)
    calls.end_call(call, by=cast.jody.actor, minutes=20)
    assert minutes_used([cast.halden.pk], NOW.date(), "Europe/London") == {cast.halden.pk: 20}


def test_ending_is_all_or_nothing(cast: Cast, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Refusal("No.")

    monkeypatch.setattr(calls, "promise_actions", fails)
    with pytest.raises(Refusal):
        calls.end_call(call, by=cast.jody.actor)
    assert not Interaction.objects.exists() and Call.objects.get().is_open
    assert Commitment.objects.get().state == State.OPEN


def test_taking_back_the_ending_leaves_the_call_as_it_was(cast: Cast, call: Call) -> None:
    save_note(call, "rapport", "Hello", by=cast.jody.actor)
    add_action(call, "Send the deck", by=cast.jody.actor, owner=cast.sam)
    add_action(call, "Ring Ola", by=cast.jody.actor, owner=cast.jody)
    calls.end_call(call, by=cast.jody.actor)
    ring = Commitment.objects.get(title="Ring Ola")
    keeping.complete(ring, by=cast.jody.actor)
    calls.take_back_ending(call, by=cast.jody.actor)
    assert not Interaction.objects.exists()
    assert Commitment.objects.get(title="Weekly call").state == State.OPEN
    assert Commitment.objects.get(title="Send the deck").state == State.WITHDRAWN
    calls.end_call(call, by=cast.jody.actor)
    assert Interaction.objects.count() == 1
    owed = Commitment.objects.filter(title="Send the deck", state=State.OPEN)
    assert owed.count() == 1 and Commitment.objects.filter(title="Ring Ola").count() == 1


def test_one_opened_by_mistake_is_dropped_unless_something_is_written(cast: Cast, call: Call) -> None:
    save_note(call, "rapport", "Hm", by=cast.jody.actor)
    with pytest.raises(Refusal, match="Something is written"):
        calls.drop_call(call, by=cast.jody.actor)
    save_note(call, "rapport", "", by=cast.jody.actor, revision=1, base="Hm")
    calls.drop_call(call, by=cast.jody.actor)
    again = calls.begin_call(cast.halden, by=cast.jody.actor, member=cast.jody, commitment=call.commitment)
    with pytest.raises(Refusal, match="has been begun since"):
        calls.take_back_dropping(call, by=cast.jody.actor)
    calls.drop_call(again, by=cast.jody.actor)
    assert calls.take_back_dropping(call, by=cast.jody.actor).is_open


def test_a_recording_needs_consent(cast: Cast, call: Call) -> None:
    with pytest.raises(Refusal, match="who agreed"):
        calls.attach_recording(call, "https://zoom.test/r/1", "", by=cast.jody.actor)
    with pytest.raises(Refusal, match="web address"):
        calls.attach_recording(call, "javascript:alert(1)", "Maya", by=cast.jody.actor)
    calls.attach_recording(call, "https://zoom.test/r/1", "Maya, at the start", by=cast.jody.actor)
    assert Call.objects.get().recording_consent == "Maya, at the start"


def test_two_typists_and_a_lost_answer(cast: Cast, call: Call) -> None:
    def save(who: str, text: str, revision: int, base: str) -> str:
        note = save_note(call, "delivery", text, by=cast.jody.actor, revision=revision, base=base, page=who)
        return note.text

    assert save("a", "Leads fell", 0, "") == "Leads fell"
    assert save("b", "Budget", 0, "") == "Budget Leads fell"
    # The answer to a's first save never arrived: the page sends again what it has by now.
    assert save("a", "Leads fell by half", 0, "") == "Budget Leads fell by half"
    assert save("a", "Leads fell by half", 0, "") == "Budget Leads fell by half"
    assert Event.objects.filter(subject_type="comms.callnote").count() == 0


def test_what_is_typed_after_the_end_is_refused_in_a_sentence(cast: Cast, call: Call) -> None:
    calls.end_call(call, by=cast.jody.actor)
    with pytest.raises(Refusal, match="ended meanwhile"):
        save_note(call, "rapport", "late", by=cast.jody.actor)


def test_a_forgotten_call_is_as_long_as_may_be_written_down(cast: Cast, call: Call) -> None:
    assert calls.minutes_so_far(call, clock.now() + dt.timedelta(days=2)) == calls.LONGEST
