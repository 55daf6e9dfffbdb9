"""Taking the playbook on: the steps, what the data shows of them, and ticking the others by hand (B15)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.desk.adoption import adoption
from steadyhand.people.roles import Capability
from steadyhand.playbook.adoption import LONGEST_NOTE, SESSION, tick_step, untick_step
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do

HOME = "/adoption/"
edits = require(Capability.EDIT_PLAYBOOK)


@require_GET
@edits
def index(request: StaffRequest) -> HttpResponse:
    """`/adoption/`: every step in its order."""
    context = {
        "adoption": adoption(request.actor),
        "session": SESSION,
        "longest": LONGEST_NOTE,
        "may_plan": request.actor.may(Capability.KEEP_PROMISES),
    }
    return render(request, "web/adoption/page.html", context)


@require_POST
@edits
def tick(request: StaffRequest, slug: str) -> HttpResponse:
    """`/adoption/<step>/tick/`: it is done, with a line on how."""
    note = request.POST.get("note", "")
    return do(request, _at(slug), lambda: tick_step(slug, by=request.actor, note=note), "Ticked.")


@require_POST
@edits
def tick_removal(request: StaffRequest, slug: str) -> HttpResponse:
    """`/adoption/<step>/tick/removal/`: it is not done after all."""
    return do(request, _at(slug), lambda: untick_step(slug, by=request.actor), "The tick is taken back.")


def _at(slug: str) -> str:
    return f"{HOME}#{slug}"
