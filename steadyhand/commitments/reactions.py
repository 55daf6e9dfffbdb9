"""What makes a plan out of date, and getting it right again at once where somebody is looking."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from steadyhand.clients.models import Assignment, Position
from steadyhand.commitments import brief_readings
from steadyhand.commitments.lending import give_back, lend
from steadyhand.commitments.models import Commitment
from steadyhand.commitments.planning import PLANNING, behind_among, plan_client, want
from steadyhand.commitments.rescuing import rescue
from steadyhand.core.duties import wake
from steadyhand.core.events import react, react_in_bulk
from steadyhand.core.models import Event
from steadyhand.people.models import Absence, MemberState

log = logging.getLogger(__name__)

#: More clients than this in one act are left to the worker, which is woken for them.
AT_ONCE = 3

_at_once: ContextVar[bool] = ContextVar("plan_at_once", default=False)
_pending = threading.local()


@contextmanager
def planning_at_once() -> Iterator[None]:
    """Within this block a change to a client's plan is planned as soon as it is committed.

    The faces people look at use it; scripts and imports leave planning to the planner.
    """
    token = _at_once.set(True)
    try:
        yield
    finally:
        _at_once.reset(token)


@react_in_bulk(
    "client.added",
    "client.won",
    "client.unwon",
    "client.changed",
    "client.ended",
    "client.team_changed",
    "engagement.*",
    "plan.*",
)
def client_changed(events: list[Event]) -> None:
    """Something these clients' plans depend on has changed."""
    _want({event.client_id for event in events if event.client_id is not None})


@react(
    "commitment.reopened",
    "commitment.unwaived",
    "commitment.unmoved",
    "commitment.taken_back",
    "commitment.waiting_ended",
)
def promise_given_back(event: Event) -> None:
    """A row that people had touched may be the planner's again."""
    if event.client_id is not None:
        _want({event.client_id}, afresh=True)


@react("client.merged")
def clients_merged(event: Event) -> None:
    """The husk's promises belong to the client that is kept."""
    assert event.client_id is not None  # noqa: S101
    Commitment.objects.filter(client=event.data["husk_id"]).update(client=event.client_id)
    _want({event.client_id}, afresh=True)


@react("member.role_changed", "member.changed", "member.absent", "member.absence_cancelled", "member.left")
def member_changed(event: Event) -> None:
    """What falls to a member depends on role, country and absence."""
    member_id = event.data.get("member_id") or event.subject_id
    on_team = Assignment.objects.filter(member=member_id, until=None)
    _want(set(on_team.values_list("client_id", flat=True)))


@react("member.absent")
def somebody_goes_away(event: Event) -> None:
    """The cover keeps what falls due meanwhile."""
    lend(_absence(event))


@react("member.absence_cancelled")
def somebody_stays(event: Event) -> None:
    """What the cover had been lent goes back."""
    give_back(_absence(event))


def _absence(event: Event) -> Absence:
    return Absence.objects.select_related("member", "cover").get(pk=event.subject_id or 0)


@react("member.left")
def somebody_left(event: Event) -> None:
    """Whatever they still own, and the planner may not touch, goes to the leads of its clients."""
    rescue(Commitment.objects.filter(owner=event.subject_id))


@react_in_bulk("client.team_changed")
def leads_changed(events: list[Event]) -> None:
    """Clients without a lead have one again: promises left lying are theirs."""
    led = {e.client_id for e in events if e.data["position"] == Position.LEAD and e.data["member_id"]}
    if led:
        rescue(Commitment.objects.filter(client__in=led, owner__state=MemberState.LEFT))


react("client.team_changed")(brief_readings.client_was_taken_over)
react("client.brief_read")(brief_readings.brief_was_read)
react("client.brief_unread")(brief_readings.brief_was_not_read)


def _want(client_ids: set[int], *, afresh: bool = False) -> None:
    if not client_ids:
        return
    want(client_ids, afresh=afresh)
    if _at_once.get():
        waiting: set[int] = _pending.__dict__.setdefault("clients", set())
        waiting |= client_ids
        transaction.on_commit(_catch_up, robust=True)


def _catch_up() -> None:
    """After the commit. A failure here is only a delay: the rows say what is wanted.

    What a rolled-back transaction left waiting is not behind, and so is passed over.
    """
    waiting: set[int] = _pending.__dict__.pop("clients", set())
    due = sorted(behind_among(waiting)) if waiting else []
    if len(due) > AT_ONCE:
        wake(PLANNING)
        return
    for client_id in due:
        plan_client(client_id)
