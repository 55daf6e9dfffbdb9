"""The client's own pages: what waits on them, what we do for them and when, who is who."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from steadyhand.clients.portal_access import PORTAL
from steadyhand.comms.meetings.links import decline_meeting
from steadyhand.comms.models import Attendee
from steadyhand.desk import portal_home
from steadyhand.portal.items import PAGES, page_of
from steadyhand.portal.visiting import VisitorRequest, visitors


@require_safe
@visitors()
def home(request: VisitorRequest) -> HttpResponse:
    """`/portal/`: what waits on them first."""
    page = portal_home.portal_home(request.visitor.contact)
    waiting = [
        {"one": one, "url": page_of(f"{one.kind}:{one.pk}") if one.kind in PAGES else ""}
        for one in page.waiting
    ]
    papers = [
        {"words": one.words, "url": page_of(f"{one.kind}:{one.pk}")}
        for one in page.papers
        if one.kind in PAGES
    ]
    return render(request, "portal/home.html", {"page": page, "waiting": waiting, "papers": papers})


@require_safe
@visitors()
def plan(request: VisitorRequest) -> HttpResponse:
    """`/portal/plan/`: what we do for them in the next three months, and the meetings."""
    contact = request.visitor.contact
    context = {
        "planned": portal_home.plan_for(contact),
        "meetings": portal_home.meetings_of(contact),
        "services": portal_home.services_of(contact),
    }
    return render(request, "portal/plan.html", context)


@require_safe
@visitors()
def people(request: VisitorRequest) -> HttpResponse:
    """`/portal/people/`: who looks after them, whom they turn to next, how soon we answer."""
    return render(request, "portal/people.html", {"page": portal_home.portal_people(request.visitor.contact)})


@require_POST
@visitors()
def declining(request: VisitorRequest, attendee_pk: int) -> HttpResponse:
    """`POST /portal/meetings/<attendee_pk>/declining/`: they do without this meeting of their first month."""
    asked = Attendee.objects.select_related("meeting__client", "meeting__commitment__version", "contact")
    mine = asked.filter(contact=request.visitor.contact, removed_at=None, invited_sequence__isnull=False)
    attendee = get_object_or_404(mine, pk=attendee_pk)
    decline_meeting(attendee, by=request.visitor.actor)
    return redirect(f"{PORTAL}plan/")
