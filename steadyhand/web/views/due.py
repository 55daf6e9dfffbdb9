"""How much waits for you, for the rail: read again when promises change."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.context import due_for


@require_GET
@require(Capability.KEEP_PROMISES)
def due(request: StaffRequest) -> HttpResponse:
    """`/due/`: the number beside “Today”, empty for none."""
    return render(request, "ui/rail_count.html", {"count": due_for(request.member)})
