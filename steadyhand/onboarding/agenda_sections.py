"""What onboarding gives to the client review: what success was to them, and the goals (O5, S20)."""

from __future__ import annotations

import datetime as dt

from steadyhand.comms.meetings.agenda import REVIEW, Topic, section
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.onboarding.models import Goal, GoalState, SuccessWords


@section(
    "success",
    "Success, in their words",
    of=(REVIEW,),
    words=("success",),
    empty="Nobody has asked them yet what success is: ask today, and write it down word for word.",
    order=30,
)
def success(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Every answer they gave, the latest first, to put today's beside."""
    rows = SuccessWords.objects.visible_to(actor).standing().filter(client=meeting.client_id)
    return [
        Topic(
            key=f"onboarding.successwords:{row.pk}",
            title=f"“{row.words}”",
            note=row.contact.name if row.contact else "",
            when=f"{row.said_on:%-d %b %Y}",
            url=f"/clients/{row.client.ref}/goals/",
        )
        for row in rows.select_related("client", "contact")
    ]


@section(
    "goals",
    "Goals",
    of=(REVIEW,),
    words=("result", "target"),
    empty="No goal is agreed with them yet.",
    order=20,
)
def goals(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Those that are open, and those settled, each with its figure and day."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    rows = Goal.objects.visible_to(actor).standing().filter(client=meeting.client_id).select_related("client")
    return [
        Topic(
            key=f"onboarding.goal:{row.pk}",
            title=row.text,
            text=row.measure,
            note=row.outcome,
            when=f"by {row.due_on:%-d %b %Y}" if row.due_on else "",
            late=row.state == GoalState.OPEN and row.due_on is not None and row.due_on < today,
            done=row.state != GoalState.OPEN,
            url=f"/clients/{row.client.ref}/goals/",
        )
        for row in rows
    ]
