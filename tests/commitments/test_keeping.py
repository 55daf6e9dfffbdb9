"""Keeping promises: each act is a row and exactly one event, each undo ends that row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
import time_machine

from steadyhand.clients import team
from steadyhand.clients.models import Position
from steadyhand.commitments import keeping
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.keeping import NotYours
from steadyhand.commitments.kinds import Kind, State
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import plan_book
from steadyhand.core.models import Event
from steadyhand.core.refusals import Refusal
from steadyhand.people import members
from steadyhand.people.models import Member
from steadyhand.people.roles import Role
from tests import cast as casting
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)  # a Tuesday
FRIDAY = dt.date(2026, 11, 27)


@pytest.fixture
def world() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield casting.build(planned=False)


@pytest.fixture
def row(world: Cast) -> Commitment:
    """Jody owes Halden an answer today."""
    return keeping.promise(world.halden, "Answer Maya", by=SYSTEM, owner=world.jody, due_on=TODAY)


def call(world: Cast, time: dt.time | None, *, owner: Member | None = None, minutes: int = 30) -> Commitment:
    return keeping.promise(
        world.orbit,
        "Call Orbit",
        by=SYSTEM,
        owner=owner or world.jody,
        due_on=FRIDAY,
        due_time=time,
        kind=Kind.CALL,
        minutes=minutes,
    )


@contextmanager
def records(*verbs: str) -> Iterator[None]:
    """Exactly these events are written inside the block."""
    before = Event.objects.count()
    yield
    written = list(Event.objects.order_by("pk").values_list("verb", flat=True)[before:])
    assert written == [*verbs]


def again(row: Commitment) -> Commitment:
    return Commitment.objects.get(pk=row.pk)


def test_done_in_time(world: Cast, row: Commitment) -> None:
    with records("commitment.done"):
        made = keeping.complete(row, by=world.jody.actor, note=" rang back ")
    assert (again(row).state, made.late, made.note, made.by_id) == (
        State.DONE,
        False,
        "rang back",
        world.jody.pk,
    )


def test_done_is_in_time_until_the_day_ends_in_the_clients_zone(world: Cast) -> None:
    world.orbit.zone = "America/New_York"
    row = call(world, dt.time(10))
    with time_machine.travel(dt.datetime(2026, 11, 28, 4, 30, tzinfo=dt.UTC), tick=False):
        assert not keeping.complete(row, by=world.jody.actor).late  # 23:30 on Friday over there
    keeping.reopen(row, by=world.jody.actor)
    with time_machine.travel(dt.datetime(2026, 11, 28, 5, 1, tzinfo=dt.UTC), tick=False):
        assert keeping.complete(row, by=world.jody.actor).late


def test_done_late_stays_distinguishable(world: Cast, row: Commitment) -> None:
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        keeping.complete(row, by=world.jody.actor)
    assert again(row).state == State.DONE_LATE


def test_done_twice_is_refused(world: Cast, row: Commitment) -> None:
    keeping.complete(row, by=world.jody.actor)
    with records(), pytest.raises(Refusal, match="is done and cannot be marked as done"):
        keeping.complete(row, by=world.jody.actor)


def test_reopening_ends_the_completion_and_can_be_repeated_only_after_another(
    world: Cast, row: Commitment
) -> None:
    keeping.complete(row, by=world.jody.actor)
    with records("commitment.reopened"):
        keeping.reopen(row, by=world.jody.actor)
    assert again(row).state == State.OPEN
    assert row.completions.get().undone_at is not None
    with pytest.raises(Refusal, match="not marked as done"):
        keeping.reopen(row, by=world.jody.actor)


def test_waiving_needs_a_reason_that_stays(world: Cast, row: Commitment) -> None:
    with records(), pytest.raises(Refusal) as refused:
        keeping.waive(row, by=world.jody.actor, reason="  ")
    assert refused.value.field == "reason"
    with records("commitment.waived"):
        keeping.waive(row, by=world.jody.actor, reason="They asked us not to")
    assert again(row).state == State.WAIVED
    with records("commitment.unwaived"):
        keeping.unwaive(row, by=world.jody.actor)
    assert again(row).state == State.OPEN
    assert row.waivers.get().note == "They asked us not to"


def test_moving_remembers_the_first_day_and_undo_goes_back_step_by_step(world: Cast, row: Commitment) -> None:
    with records("commitment.moved"):
        keeping.move(row, FRIDAY, by=world.jody.actor, reason="Maya is away")
    keeping.move(row, FRIDAY + dt.timedelta(days=3), by=world.jody.actor)
    assert again(row).moved_from == TODAY
    sequence = again(row).sequence
    with records("commitment.unmoved"):
        keeping.unmove(row, by=world.jody.actor)
    assert (again(row).due_on, again(row).moved_from) == (FRIDAY, TODAY)
    keeping.unmove(row, by=world.jody.actor)
    assert (again(row).due_on, again(row).moved_from) == (TODAY, None)
    assert again(row).sequence == sequence + 2, "a calendar hears of every change"
    with pytest.raises(Refusal, match="has not been moved"):
        keeping.unmove(row, by=world.jody.actor)


def test_a_day_that_is_over_is_refused(world: Cast, row: Commitment) -> None:
    with records(), pytest.raises(Refusal, match="is over") as refused:
        keeping.move(row, TODAY - dt.timedelta(days=1), by=world.jody.actor)
    assert refused.value.field == "to_day"


def test_a_move_keeps_the_hour_only_when_asked(world: Cast) -> None:
    row = call(world, dt.time(10))
    keeping.move(row, FRIDAY + dt.timedelta(days=3), by=world.jody.actor, keep_time=True)
    assert again(row).due_time == dt.time(10)
    keeping.move(row, FRIDAY, by=world.jody.actor)
    assert again(row).due_time is None
    assert again(row).starts_at is None


@pytest.mark.parametrize("time", [dt.time(9, 45), dt.time(10), dt.time(10, 29)])
def test_an_owner_is_never_in_two_calls_at_once(world: Cast, time: dt.time) -> None:
    call(world, dt.time(10))
    other = call(world, None)
    with records(), pytest.raises(Refusal, match="from 10:00 to 10:30") as refused:
        keeping.move(other, FRIDAY, by=world.jody.actor, to_time=time)
    assert "10:30" in refused.value.remedy
    assert again(other).due_time is None


def test_one_call_may_begin_when_another_ends(world: Cast) -> None:
    call(world, dt.time(10))
    other = call(world, None)
    keeping.move(other, FRIDAY, by=world.jody.actor, to_time=dt.time(10, 30))
    assert again(other).due_time == dt.time(10, 30)


def test_a_handover_may_not_put_the_heir_in_two_calls(world: Cast) -> None:
    call(world, dt.time(10))
    theirs = call(world, dt.time(10, 15), owner=world.sam)
    with records(), pytest.raises(Refusal, match="Jody Marsh has"):
        keeping.hand_over(theirs, world.jody, by=world.keiran.actor)
    assert again(theirs).owner == world.sam


def test_promising_at_a_taken_hour_is_refused(world: Cast) -> None:
    call(world, dt.time(10))
    with records(), pytest.raises(Refusal):
        call(world, dt.time(10))


def test_handing_over_and_taking_back(world: Cast, row: Commitment) -> None:
    with records("commitment.handed_over"):
        keeping.hand_over(row, world.sam, by=world.jody.actor, note="Maya knows")
    assert again(row).owner == world.sam
    with records("commitment.taken_back"):
        keeping.take_back(row, by=world.jody.actor)
    assert again(row).owner == world.jody


def test_nobody_who_left_and_nobody_who_has_it_takes_over(world: Cast, row: Commitment) -> None:
    with pytest.raises(Refusal, match="already owns"):
        keeping.hand_over(row, world.jody, by=world.jody.actor)
    members.leave(world.sam, by=SYSTEM)
    world.sam.refresh_from_db()
    with records(), pytest.raises(Refusal, match="has left"):
        keeping.hand_over(row, world.sam, by=world.jody.actor)


def test_waiting_on_the_client_and_hearing_from_them(world: Cast, row: Commitment) -> None:
    with records("commitment.waiting"):
        keeping.wait_on_client(row, by=world.jody.actor, note="the budget")
    assert again(row).waiting_since == NOW
    with records(), pytest.raises(Refusal, match="already waiting"):
        keeping.wait_on_client(row, by=world.jody.actor)
    with records("commitment.waiting_ended"):
        keeping.stop_waiting(row, by=world.jody.actor)
    assert again(row).waiting_since is None
    assert row.waits.get().ended_at == NOW


def test_doing_it_ends_the_wait(world: Cast, row: Commitment) -> None:
    keeping.wait_on_client(row, by=world.jody.actor)
    keeping.complete(row, by=world.jody.actor)
    assert again(row).waiting_since is None
    assert row.waits.get().ended_at is not None


def test_taking_back_that_it_was_done_gives_the_wait_back(world: Cast, row: Commitment) -> None:
    for act, undo in ((keeping.complete, keeping.reopen), (ACTS[1], keeping.unwaive)):
        wait = keeping.wait_on_client(row, by=world.jody.actor)
        act(row, by=world.jody.actor)
        undo(row, by=world.jody.actor)
        assert again(row).waiting_since == wait.at
        keeping.stop_waiting(row, by=world.jody.actor)


def test_what_is_done_is_not_moved_back_or_taken_back(world: Cast, row: Commitment) -> None:
    keeping.move(row, FRIDAY, by=world.jody.actor)
    keeping.hand_over(row, world.sam, by=world.jody.actor)
    keeping.complete(row, by=world.sam.actor)
    for undo in (keeping.unmove, keeping.take_back):
        with records(), pytest.raises(Refusal, match="is done"):
            undo(row, by=world.jody.actor)
    assert again(row).due_on == FRIDAY


def test_moving_back_into_a_taken_hour_is_refused(world: Cast) -> None:
    first = call(world, dt.time(10))
    keeping.move(first, FRIDAY, by=world.jody.actor, to_time=dt.time(15))
    call(world, dt.time(10))
    with records(), pytest.raises(Refusal, match="from 10:00"):
        keeping.unmove(first, by=world.jody.actor)


def test_no_client_can_be_waited_for_where_there_is_none(world: Cast) -> None:
    row = keeping.promise(None, "Tidy up", by=SYSTEM, owner=world.jody, due_on=TODAY)
    with records(), pytest.raises(Refusal, match="no client"):
        keeping.wait_on_client(row, by=world.jody.actor)


def test_promising_asks_for_words_and_a_day_to_come(world: Cast) -> None:
    with records("commitment.promised"):
        keeping.promise(world.halden, "Send it", by=world.jody.actor, owner=world.jody, due_on=TODAY)
    for title, day, field in (("  ", TODAY, "title"), ("Send", TODAY - dt.timedelta(days=1), "due_on")):
        with records(), pytest.raises(Refusal) as refused:
            keeping.promise(world.halden, title, by=world.jody.actor, owner=world.jody, due_on=day)
        assert refused.value.field == field


def test_a_one_off_is_missed_ten_working_days_after_it_was_due(world: Cast, row: Commitment) -> None:
    assert row.period_ends == dt.date(2026, 12, 8)
    with time_machine.travel(dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC), tick=False):
        assert stamp_missed() == 0
    with time_machine.travel(dt.datetime(2026, 12, 9, 12, tzinfo=dt.UTC), tick=False):
        with records("commitment.missed"):
            assert stamp_missed() == 1
        with records():
            assert stamp_missed() == 0
        assert (again(row).state, again(row).missed_at) == (
            State.MISSED,
            dt.datetime(2026, 12, 9, 12, tzinfo=dt.UTC),
        )


def test_a_missed_promise_may_be_made_good_and_stays_missed_in_the_record(
    world: Cast, row: Commitment
) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 9, 12, tzinfo=dt.UTC), tick=False):
        stamp_missed()
        keeping.complete(row, by=world.jody.actor)
        assert again(row).state == State.DONE_LATE
        assert again(row).missed_at is not None
        keeping.reopen(row, by=world.jody.actor)
        assert again(row).state == State.MISSED


def test_a_missed_promise_moved_to_a_new_day_is_owed_until_then(world: Cast, row: Commitment) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 9, 12, tzinfo=dt.UTC), tick=False):
        stamp_missed()
        keeping.move(row, dt.date(2026, 12, 11), by=world.jody.actor)
        assert again(row).state == State.OPEN
        assert stamp_missed() == 0
        stamp = again(row).missed_at
        keeping.unmove(row, by=world.jody.actor)
        assert (again(row).state, again(row).missed_at) == (State.MISSED, stamp)


def test_a_period_that_ends_unkept_is_missed(world: Cast) -> None:
    plan_book()
    weekly = Commitment.objects.filter(client=world.halden, rule="call").order_by("due_at").first()
    assert weekly is not None and weekly.period_ends is not None
    day = weekly.period_ends + dt.timedelta(days=2)
    with time_machine.travel(dt.datetime.combine(day, dt.time(9), dt.UTC), tick=False):
        stamp_missed()
    assert again(weekly).state == State.MISSED


ACTS: list[Callable[..., object]] = [
    keeping.complete,
    lambda row, *, by: keeping.waive(row, by=by, reason="they said so"),
    lambda row, *, by: keeping.move(row, FRIDAY, by=by),
    lambda row, *, by: keeping.hand_over(row, Member.objects.get(name="Sam Okafor"), by=by),
    keeping.wait_on_client,
]


@pytest.mark.parametrize("act", ACTS)
def test_who_may_act_on_somebodys_promise(world: Cast, row: Commitment, act: Callable[..., object]) -> None:
    stranger = casting.joined("Tom Bell", Role.MANAGER)
    reader = casting.joined("Rita Desk", Role.DELIVERABLE_MANAGER)
    team.assign(world.halden, reader, Position.DELIVERY, by=SYSTEM)
    money = casting.joined("Fay Books", Role.FINANCE)
    for somebody in (stranger, reader, money):
        with records(), pytest.raises(NotYours):
            act(row, by=somebody.actor)
    director = casting.joined("Dana Director", Role.DIRECTOR)
    for somebody in (world.jody, world.keiran, director):
        assert keeping.may_act(row, somebody.actor)
    helper = casting.joined("Hal Help", Role.EXECUTIVE)
    assert not keeping.may_act(row, helper.actor)
    team.assign(world.halden, helper, Position.SUPPORT, by=SYSTEM)
    act(row, by=helper.actor)


def test_an_internal_promise_is_its_owners(world: Cast) -> None:
    row = keeping.promise(None, "Tidy up", by=SYSTEM, owner=world.jody, due_on=TODAY)
    with pytest.raises(NotYours):
        keeping.complete(row, by=world.sam.actor)
    keeping.complete(row, by=world.jody.actor)


def test_what_nobody_touches_any_more_goes_back_to_the_planner(world: Cast) -> None:
    plan_book()
    planned = Commitment.objects.filter(client=world.halden, rule="report").order_by("due_at").first()
    assert planned is not None and planned.touched_at is None
    keeping.move(planned, planned.due_on + dt.timedelta(days=1), by=world.jody.actor)
    keeping.hand_over(planned, world.keiran, by=world.jody.actor)
    keeping.unmove(planned, by=world.jody.actor)
    assert again(planned).touched_at is not None
    keeping.take_back(planned, by=world.jody.actor)
    assert again(planned).touched_at is None


def test_a_batch_is_shared(world: Cast, row: Commitment) -> None:
    batch = uuid4()
    keeping.complete(row, by=world.jody.actor, batch=batch)
    assert Event.objects.get(batch=batch).verb == "commitment.done"
