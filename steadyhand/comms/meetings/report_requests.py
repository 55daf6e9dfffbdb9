"""Asking the head of a department for a report before a client is met (S11)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.comms.models import Meeting, ReportRequest
from steadyhand.core import clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member, MemberState

#: What the promise of a report is about, and the only evidence that keeps it.
ABOUT = "comms.reportrequest"


@transaction.atomic
def ask_for_report(
    client: Client,
    wanted: str,
    *,
    by: Actor,
    asked_of: Member,
    due_on: dt.date,
    meeting: Meeting | None = None,
) -> ReportRequest:
    """What is wanted, from whom and by when (`due_on`, in the client's zone): their promise from now on."""
    if not may_act_for(client.pk, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")
    if not wanted.strip():
        raise Refusal("Say which report is wanted.", remedy="A line is enough.", field="wanted")
    if asked_of.state == MemberState.LEFT:
        raise Refusal(
            f"{asked_of.name} has left.", remedy="Choose a colleague who is here.", field="asked_of"
        )
    if meeting is not None and meeting.client_id != client.pk:
        raise Refusal("That meeting is with another client.", field="meeting")
    batch = uuid4()
    request = ReportRequest.objects.create(
        client=client,
        meeting=meeting,
        wanted=wanted.strip()[:300],
        asked_of=asked_of,
        asked_by_id=by.member_id,
        asked_at=clock.now(),
    )
    request.commitment = keeping.promise(
        client,
        f"Report: {request.wanted}"[:200],
        by=by,
        owner=asked_of,
        due_on=due_on,
        kind=Kind.ACTION,
        internal=True,
        about=(ABOUT, request.pk),
        closes_with=ABOUT,
        batch=batch,
    )
    request.save(update_fields=["commitment"])
    _record("report.asked", request, by=by, batch=batch, asked_of=asked_of.name, due_on=due_on)
    return request


@transaction.atomic
def hand_in_report(request: ReportRequest, *, by: Actor, found_at: str = "") -> ReportRequest:
    """Here it is: `found_at` says where (an address, a folder). Whoever asked sees it at once."""
    row = _locked(request, by)
    if row.handed_in_at is not None or row.dropped_at is not None:
        raise Refusal("That request is settled already.")
    if not found_at.strip():
        raise Refusal("Say where the report is.", remedy="A link, or the folder it is in.", field="found_at")
    batch = uuid4()
    row.handed_in_at, row.found_at = clock.now(), found_at.strip()[:500]
    row.save(update_fields=["handed_in_at", "found_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.complete(row.commitment, by=by, evidence=(ABOUT, row.pk), note=row.found_at, batch=batch)
    _record("report.handed_in", row, by=by, batch=batch, found_at=row.found_at)
    return row


@transaction.atomic
def take_back_report(request: ReportRequest, *, by: Actor) -> ReportRequest:
    """It was not handed in after all: it is owed again."""
    row = _locked(request, by)
    if row.handed_in_at is None:
        raise Refusal("That report has not been handed in.")
    batch = uuid4()
    row.handed_in_at, row.found_at = None, ""
    row.save(update_fields=["handed_in_at", "found_at"])
    if row.commitment is not None and row.commitment.state not in OWED:
        keeping.reopen(row.commitment, by=by, batch=batch)
    _record("report.reopened", row, by=by, batch=batch)
    return row


@transaction.atomic
def drop_report(request: ReportRequest, *, by: Actor, reason: str) -> ReportRequest:
    """It is not needed any more, for a reason."""
    row = _locked(request, by)
    if row.handed_in_at is not None or row.dropped_at is not None:
        raise Refusal("That request is settled already.")
    if not reason.strip():
        raise Refusal("Say why it is not needed.", remedy="One sentence.", field="reason")
    batch = uuid4()
    row.dropped_at = clock.now()
    row.save(update_fields=["dropped_at"])
    if row.commitment is not None and row.commitment.state in OWED:
        keeping.waive(row.commitment, by=by, reason=reason, batch=batch)
    _record("report.dropped", row, by=by, batch=batch, reason=reason.strip())
    return row


def _locked(request: ReportRequest, by: Actor) -> ReportRequest:
    row = (
        ReportRequest.objects.select_for_update(of=("self",))
        .select_related("client", "commitment", "asked_of")
        .get(pk=request.pk)
    )
    if by.member_id is not None and by.member_id in (row.asked_of_id, row.asked_by_id):
        return row
    if not may_act_for(row.client_id, by):
        raise NotYours("That report is not yours to settle.", remedy="Ask whoever owes it.")
    return row


def _record(verb: str, row: ReportRequest, *, by: Actor, batch: UUID, **data: Any) -> None:
    events.record(
        verb,
        by=by,
        client_id=row.client_id,
        subject=row,
        batch=batch,
        wanted=row.wanted,
        **data,
    )
