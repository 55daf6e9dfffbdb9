"""`/api/meetings/<id>` and `/api/clients/<ref>/meetings`: meetings with their people, agenda and actions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.clients.models import Client
from steadyhand.comms.models import Meeting
from steadyhand.desk.meeting_page import Page, meeting_of, page

router = Router(tags=["meetings"])
of_client = Router(tags=["meetings"])

Limit = Annotated[int, Query(ge=1, le=200)]


class MeetingRow(Schema):
    """A meeting. `state` is planned, held or called_off; `starts_at` an instant, `zone` its wall clock."""

    id: int
    title: str
    client: str | None
    led_by: str | None
    starts_at: dt.datetime
    zone: str
    minutes: int
    place: str
    in_person: bool
    state: str


class AttendeeRow(Schema):
    """Somebody who is expected. `answer` is needs-action, accepted, tentative or declined."""

    name: str
    email: str
    ours: bool
    answer: str


class PointRow(Schema):
    """One point of the agenda and what was said under it."""

    title: str
    minutes: int
    asked_by: str | None
    said: str


class AgreedRow(Schema):
    """An action; `owner` is the client's name where they do it."""

    text: str
    owner: str
    due_on: dt.date | None
    internal: bool


class MeetingFull(MeetingRow):
    """The whole meeting."""

    attendees: list[AttendeeRow]
    agenda: list[PointRow]
    decisions: list[str]
    actions: list[AgreedRow]


@of_client.get("/{ref}/meetings", response=list[MeetingRow], summary="Meetings with a client, newest first")
def index(request: ApiRequest, ref: str, limit: Limit = 50) -> HttpResponse:
    """Those planned, held and called off."""
    client = Client.objects.visible_to(request.auth).filter(ref=ref).first()
    if client is None:
        raise Http404
    found = Meeting.objects.visible_to(request.auth).filter(client=client).preloaded()
    return answer(request, [_row(one) for one in found.order_by("-starts_at", "-pk")[:limit]])


@router.get("/{pk}", response=MeetingFull, summary="One meeting", url_name="meeting-api")
def show(request: ApiRequest, pk: int) -> HttpResponse:
    """With who comes, agenda, decisions and actions."""
    meeting = meeting_of(pk, request.auth)
    if meeting is None:
        raise Http404
    return answer(request, _full(page(meeting, request.auth)))


def _row(meeting: Meeting) -> dict[str, Any]:
    state = "called_off" if meeting.cancelled_at else "held" if meeting.closed_at else "planned"
    return {
        "id": meeting.pk,
        "title": meeting.title,
        "client": meeting.client.ref if meeting.client else None,
        "led_by": meeting.led_by.email if meeting.led_by else None,
        "starts_at": meeting.starts_at,
        "zone": meeting.zone,
        "minutes": meeting.minutes,
        "place": meeting.place,
        "in_person": meeting.in_person,
        "state": state,
    }


def _full(read: Page) -> dict[str, Any]:
    return _row(read.meeting) | {
        "attendees": [
            {
                "name": guest.attendee.shown_name,
                "email": guest.attendee.address,
                "ours": guest.attendee.is_ours,
                "answer": str(guest.attendee.answer),
            }
            for guest in [*read.ours, *read.theirs]
        ],
        "agenda": [
            {
                "title": point.item.title,
                "minutes": point.item.minutes,
                "asked_by": point.item.asked_by.shown_name if point.item.asked_by else None,
                "said": point.entry.text if point.entry else "",
            }
            for point in read.points
        ],
        "decisions": [decision.text for decision in read.decisions],
        "actions": [
            {
                "text": one.action.text,
                "owner": one.whose,
                "due_on": one.action.due_on,
                "internal": one.action.internal,
            }
            for one in read.actions
        ],
    }
