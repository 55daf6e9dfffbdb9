"""The page behind a link in a mail about a meeting. Opening it only looks: mail scanners open links too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steadyhand.comms.meetings import links as meeting_links
from steadyhand.comms.meetings.agenda_items import add_point
from steadyhand.comms.meetings.links_in_mail import may_decline
from steadyhand.comms.models import Attendee
from steadyhand.core.models import Agency
from steadyhand.core.refusals import Refusal

REFUSED = 409


@require_safe
@never_cache
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """`/meet/<secret>/`: the day, the place, titles and minutes of the agenda; nothing of ours."""
    attendee = meeting_links.attendee_of(secret)
    return _page(request, secret, attendee) if attendee is not None else _gone(request)


@require_POST
@never_cache
def points(request: HttpRequest, secret: str) -> HttpResponse:
    """`POST /meet/<secret>/points/`: something they would like to talk about."""
    attendee = meeting_links.attendee_of(secret)
    if attendee is None:
        return _gone(request)
    try:
        add_point(attendee, request.POST.get("title", ""), by=meeting_links.actor_of(attendee))
    except Refusal as refusal:
        return _page(request, secret, attendee, refused=str(refusal))
    return redirect(f"/meet/{secret}/?added=1")


@require_POST
@never_cache
def declining(request: HttpRequest, secret: str) -> HttpResponse:
    """`POST /meet/<secret>/declining/`: they do without this meeting of their first month."""
    attendee = meeting_links.attendee_of(secret)
    if attendee is None:
        return _gone(request)
    try:
        meeting_links.decline_meeting(attendee, by=meeting_links.actor_of(attendee))
    except Refusal as refusal:
        return _page(request, secret, attendee, refused=str(refusal))
    return redirect(f"/meet/{secret}/")


def _page(request: HttpRequest, secret: str, attendee: Attendee, refused: str = "") -> HttpResponse:
    meeting = attendee.meeting
    context = {
        "attendee": attendee,
        "meeting": meeting,
        "agenda": list(meeting.agenda.all()),
        "agency": Agency.get(),
        "url": f"/meet/{secret}/",
        "may_add": meeting.is_open,
        "may_decline": may_decline(meeting),
        "added": "added" in request.GET,
        "refused": refused,
    }
    return render(request, "web/meetings/link.html", context, status=REFUSED if refused else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "web/meetings/link_gone.html", status=410)
