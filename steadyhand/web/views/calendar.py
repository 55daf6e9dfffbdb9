"""The calendar: a month, a week, a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.desk import calendar as desk
from steadyhand.people.colleagues import others
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, staff

EVERYONE = "everyone"

#: As many of one's own clients as the box suggests.
SUGGESTED = 200


@require_safe
@staff
def now(request: StaffRequest) -> HttpResponse:
    """`/calendar/`: this month."""
    today = clock.today(request.member.zone)
    return _month(request, today.year, today.month)


@require_safe
@staff
def month(request: StaffRequest, year: str, month: str) -> HttpResponse:
    """`/calendar/2026-11/`"""
    return _month(request, int(year), int(month))


@require_safe
@staff
def week(request: StaffRequest, year: str, week: str) -> HttpResponse:
    """`/calendar/2026-W48/`"""
    scope, context = _scope(request)
    try:
        shown = desk.week(scope, int(year), int(week), query=context["query"])
        before, after = shown.first - dt.timedelta(days=7), shown.first + dt.timedelta(days=7)
        context |= {"previous": _week_path(before), "following": _week_path(after)}
    except (ValueError, OverflowError):
        raise Http404("There is no such week.") from None
    context |= {
        "week": shown,
        "here": request.path,
        "as_month": f"/calendar/{shown.first + dt.timedelta(days=3):%Y-%m}/",
        "as_week": request.path,
        "today": _week_path(clock.today(scope.zone)),
    }
    return render(request, "web/calendar/week.html", context)


@require_safe
@staff
def day(request: StaffRequest, day: dt.date) -> HttpResponse:
    """`/calendar/2026-11-27/`, the first fifty; `?after=` what follows."""
    scope, context = _scope(request)
    try:
        shown = desk.day_of(scope, day, after=request.GET.get("after", ""))
        before, following = day - desk.ONE_DAY, day + desk.ONE_DAY
    except OverflowError:
        raise Http404("There is no such day.") from None
    rest = shown.entries[desk.ON_A_PAGE :]
    shown.entries = shown.entries[: desk.ON_A_PAGE]
    if rest:
        asked = context["asked"] | {"after": shown.entries[-1].key}
        context["older"] = f"{request.path}?{urlencode(asked)}"
    context |= {
        "day": shown,
        "here": request.path,
        "previous": f"/calendar/{before}/",
        "following": f"/calendar/{following}/",
        "as_month": f"/calendar/{day:%Y-%m}/",
        "as_week": _week_path(day),
        "today": f"/calendar/{clock.today(scope.zone)}/",
    }
    return render(request, "web/calendar/day.html", context)


def _month(request: StaffRequest, year: int, number: int) -> HttpResponse:
    scope, context = _scope(request)
    try:
        shown = desk.month(scope, year, number, query=context["query"])
        context |= {
            "previous": f"/calendar/{shown.previous:%Y-%m}/",
            "following": f"/calendar/{shown.following:%Y-%m}/",
        }
    except (ValueError, OverflowError):
        raise Http404("There is no such month.") from None
    today = clock.today(scope.zone)
    is_this = (today.year, today.month) == (year, number)
    context |= {
        "month": shown,
        "here": f"/calendar/{shown.first:%Y-%m}/",
        "as_month": f"/calendar/{shown.first:%Y-%m}/",
        "as_week": _week_path(today if is_this else shown.first),
        "today": "/calendar/",
    }
    return render(request, "web/calendar/month.html", context)


def _scope(request: StaffRequest) -> tuple[desk.Scope, dict[str, Any]]:
    """Whose calendar `?of=` and `?client=` ask for. Other people's need the role; clients must be seen."""
    of, named = request.GET.get("of", ""), request.GET.get("client", "").strip()
    client = desk.find_client(request.actor, named) if named else None
    member = _member(request, of, bool(client))
    scope = desk.Scope(request.actor, request.member.zone, member, client)
    asked = {"of": of} if of else {}
    if client is not None:
        asked["client"] = client.ref
    sees_team = request.actor.may(Capability.SEE_TEAM)
    return scope, {
        "scope": scope,
        "of": of,
        "client_asked": client.name if client else named,
        "no_such_client": bool(named) and client is None,
        "asked": asked,
        "query": f"?{urlencode(asked)}" if asked else "",
        "sees_team": sees_team,
        "colleagues": others(request.actor) if sees_team else [],
        "own_clients": Client.objects.visible_to(request.actor)
        .live()
        .filter(accesses__member=request.member)
        .only("name", "ref")[:SUGGESTED],
    }


def _member(request: StaffRequest, of: str, has_client: bool) -> Member | None:
    """Mine by default; everybody's where a client is asked for."""
    if not of:
        return None if has_client else request.member
    if of == EVERYONE and (has_client or request.actor.may(Capability.SEE_TEAM)):
        return None
    if of == str(request.member.pk):
        return request.member
    if not request.actor.may(Capability.SEE_TEAM) or not of.isdigit():
        raise Http404("There is no such calendar.")
    return get_object_or_404(Member.objects.visible_to(request.actor).here(), pk=of)


def _week_path(day: dt.date) -> str:
    year, number, _ = day.isocalendar()
    return f"/calendar/{year:04}-W{number:02}/"
