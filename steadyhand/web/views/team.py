"""The team: who is behind, which clients hear nothing, what was promised and what was kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from steadyhand.core import clock
from steadyhand.desk import team_view as desk
from steadyhand.desk.team_view import Period
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, require

C = Capability

#: The tabs of promised against delivered.
BY = (("By person", "member"), ("By client", "client"), ("By rule", "rule"))


@require_GET
@require(C.SEE_TEAM)
def team(request: StaffRequest) -> HttpResponse:
    """`/team/`: who is behind comes first; then the silent clients."""
    everybody = desk.standings(request.actor, request.member.zone)
    silent, more = desk.silent_clients(request.actor)
    context = {
        "everybody": everybody,
        "heading": desk.heading(everybody, silent, more),
        "silent": silent,
        "more_silent": more,
        "silent_after": desk.SILENT_AFTER,
        "missed_within": desk.MISSED_WITHIN,
        "kept_within": desk.KEPT_WITHIN,
        "sees_all": request.actor.may(C.SEE_ALL_CLIENTS),
        "may_manage": request.actor.may(C.MANAGE_PEOPLE),
        "may_act": request.actor.may(C.KEEP_PROMISES),
    }
    return render(request, "web/team/page.html", context)


@require_GET
@require(C.SEE_TEAM)
def delivered(request: StaffRequest) -> HttpResponse:
    """`/team/delivered/?by=&from=&to=`: promised against delivered, by person, client or rule."""
    period = Period.read(
        request.GET.get("from", ""), request.GET.get("to", ""), clock.today(request.member.zone)
    )
    by = request.GET.get("by", "member")
    by = by if by in desk.BY else "member"
    span = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    context = {
        "period": period,
        "by": by,
        "span": span,
        "tabs": [
            {
                "label": label,
                "url": f"/team/delivered/?{urlencode({'by': word, **span})}",
                "current": word == by,
            }
            for label, word in BY
        ],
        "ledger": desk.promised_and_delivered(request.actor, period, by),
        "sees_all": request.actor.may(C.SEE_ALL_CLIENTS),
    }
    return render(request, "web/team/delivered.html", context)
