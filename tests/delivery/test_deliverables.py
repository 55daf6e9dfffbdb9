"""A timeline first, then a promise; what moves it stays readable (S17, O4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from steadyhand.clients import book
from steadyhand.clients.models import Contact
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import State
from steadyhand.commitments.models import Commitment
from steadyhand.core.refusals import Refusal
from steadyhand.delivery import timelines
from steadyhand.delivery.deliverables import (
    deliver,
    drop_deliverable,
    move_deliverable,
    promise_deliverable,
    restore_deliverable,
    share_deliverable,
    take_back_delivery,
)
from steadyhand.delivery.models import Deliverable, Timeline
from steadyhand.people.roles import Role
from tests import cast
from tests.cast import NOW, SYSTEM, Cast

pytestmark = pytest.mark.django_db
READY = dt.date(2026, 12, 9)


@pytest.fixture
def northwind() -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield cast.build(planned=False)


def audit(northwind: Cast, **options: object) -> Deliverable:
    values = {"due_on": READY, "by": northwind.jody.actor, "reason": "They insist."} | options
    return promise_deliverable(northwind.halden, "SEO audit", **values)  # type: ignore[arg-type]


def test_nothing_is_promised_before_somebody_who_knows_said_when(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="Nobody who leads the channel has said"):
        audit(northwind, reason="")
    ben = cast.joined("Ben Ash", Role.DEPARTMENT_LEAD)
    asked = timelines.ask_for_timeline(northwind.halden, "SEO audit", by=northwind.jody.actor, asked_of=ben)
    assert asked.asking is not None and (asked.asking.owner, asked.asking.due_on.day) == (ben, 25)
    given = timelines.answer_timeline(asked, READY, by=ben.actor, note="If we get access this week.")
    asked.asking.refresh_from_db()
    assert asked.asking.state == State.DONE and given.given_by == ben
    with pytest.raises(Refusal, match="Ben Ash expects it to be ready on 9 December 2026"):
        audit(northwind, reason="", timeline=given, due_on=READY - dt.timedelta(days=1))
    row = audit(northwind, reason="", timeline=given)
    assert row.commitment is not None
    assert (row.commitment.owner, row.commitment.due_on) == (northwind.jody, READY)
    assert (row.promised_by, row.timeline, row.reason) == (northwind.jody, given, "")


def test_a_reason_goes_before_a_timeline_and_stays(northwind: Cast) -> None:
    assert audit(northwind).reason == "They insist."


def test_a_timeline_of_another_client_carries_nothing(northwind: Cast) -> None:
    given = timelines.give_timeline(
        northwind.orbit, "Audit", ready_on=READY, given_by=northwind.sam, by=northwind.jody.actor
    )
    with pytest.raises(Refusal, match="another client"):
        audit(northwind, timeline=given)
    assert list(Timeline.objects.given()) == [given]


def test_what_moved_it_stays_readable_wherever_it_was_moved(northwind: Cast) -> None:
    row = audit(northwind)
    by = northwind.jody.actor
    with pytest.raises(Refusal, match="Say what moved it"):
        move_deliverable(row, READY + dt.timedelta(days=2), by=by, reason=" ")
    move_deliverable(row, READY + dt.timedelta(days=2), by=by, reason="No access to the site yet.")
    assert row.commitment is not None
    keeping.move(row.commitment, READY + dt.timedelta(days=5), by=by, reason="Still none.")
    row.refresh_from_db()
    assert (row.first_due_on, row.due_on) == (READY, READY + dt.timedelta(days=5))
    assert [(move.from_day.day, move.to_day.day, move.reason) for move in row.moves.all()] == [
        (9, 11, "No access to the site yet."),
        (11, 14, "Still none."),
    ]


def test_delivering_keeps_the_promise_and_can_be_taken_back(northwind: Cast) -> None:
    row = audit(northwind)
    with pytest.raises(Refusal, match="kept by what it is about"):
        keeping.complete(Commitment.objects.get(deliverable=row), by=northwind.jody.actor)
    with time_machine.travel(NOW + dt.timedelta(days=16), tick=False):
        deliver(row, by=northwind.jody.actor, on=READY, note="Handed over on the call")
        row.refresh_from_db()
        assert row.kept_first_date and not row.is_late
        assert Commitment.objects.get(deliverable=row).state == State.DONE
        take_back_delivery(row, by=northwind.jody.actor)
        assert Commitment.objects.get(deliverable=row).state == State.OPEN
        deliver(row, by=northwind.jody.actor)
        row.refresh_from_db()
        assert row.is_late and Commitment.objects.get(deliverable=row).state == State.DONE_LATE


def test_a_waived_promise_is_a_dropped_deliverable(northwind: Cast) -> None:
    row = audit(northwind)
    drop_deliverable(row, by=northwind.jody.actor, reason="They sold the shop.")
    assert Commitment.objects.get(deliverable=row).state == State.WAIVED
    restore_deliverable(row, by=northwind.jody.actor)
    keeping.waive(Commitment.objects.get(deliverable=row), by=northwind.jody.actor, reason="After all not.")
    row.refresh_from_db()
    assert row.drop_reason == "After all not."
    with pytest.raises(Refusal, match="was dropped"):
        deliver(row, by=northwind.jody.actor)


def test_the_client_sees_it_once_it_is_shared(northwind: Cast) -> None:
    row = audit(northwind)
    maya = Contact.objects.get(name="Maya Lind")
    stranger = book.add_contact(northwind.orbit, "Otto", by=SYSTEM)
    seen = Commitment.objects.for_client_eyes().filter(deliverable=row)
    assert not Deliverable.objects.shared_with(maya).exists() and not seen.exists()
    share_deliverable(row, by=northwind.jody.actor)
    assert list(Deliverable.objects.shared_with(maya)) == [row] and seen.exists()
    assert not Deliverable.objects.shared_with(stranger).exists()
    share_deliverable(row, by=northwind.jody.actor, shared=False)
    assert not Deliverable.objects.shared_with(maya).exists() and not seen.exists()


def test_strangers_promise_nothing(northwind: Cast) -> None:
    with pytest.raises(Refusal, match="not on that account team"):
        promise_deliverable(
            northwind.orbit, "Audit", due_on=READY, by=northwind.sam.actor, reason="I would like to."
        )
