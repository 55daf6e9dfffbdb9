"""The all-hands page of the week (P6)."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.core import clock
from steadyhand.desk import all_hands as desk
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, staff


@require_GET
@staff
def show(request: StaffRequest) -> HttpResponse:
    """`/team/all-hands/?week=`: the week that holds a day, this one where none is given."""
    today = clock.today(request.member.zone)
    try:
        day = dt.date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = today
    if not 1990 <= day.year <= 2200:
        day = today
    page = desk.all_hands(request.actor, day, request.member.zone)
    context = {
        "page": page,
        "is_now": page.monday <= today <= page.sunday,
        "sees_all": request.actor.may(Capability.SEE_ALL_CLIENTS),
        "keeps": request.actor.may(Capability.KEEP_PROMISES),
    }
    return render(request, "web/team/all_hands.html", context)
