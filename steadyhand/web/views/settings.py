"""The agency's settings: itself, days it is closed, what other currencies are worth."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.core import agency as agency_verbs
from steadyhand.core.models import Agency, ClosedDay, ExchangeRate, OutboxMessage
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do
from steadyhand.web.context import exists
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.agency import AgencyForm, ClosedDayForm, RateForm

HOME = "/settings/"
DEMO = "/settings/demo/"


@require_GET
@require(Capability.MANAGE_SETTINGS, Capability.MANAGE_PEOPLE)
def index(request: StaffRequest) -> HttpResponse:
    """Everything that can be set, with what it is now."""
    agency = Agency.get()
    context = {
        "agency": agency,
        "closed_ahead": ClosedDay.objects.filter(day__gte=agency.today()).count(),
        "rated": ExchangeRate.objects.values("currency").distinct().count(),
        "stuck": OutboxMessage.objects.visible_to(request.actor).stuck().count(),
        "people": Member.objects.here().count(),
        "may_set": request.actor.may(Capability.MANAGE_SETTINGS),
        "may_adopt": request.actor.may(Capability.EDIT_PLAYBOOK),
        "demo": DEMO if exists(DEMO) else "",
    }
    return render(request, "web/settings/index.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def agency(request: StaffRequest) -> HttpResponse:
    """The agency itself."""
    form = AgencyForm.of(Agency.get(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, partial(agency_verbs.change, by=request.actor)):
        return toast(request, redirect(HOME), "Saved. Commitments that nobody touched move with it.")
    context = {"form": form, "agency": Agency.get()}
    return render(request, "web/settings/agency.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def closed_days(request: StaffRequest) -> HttpResponse:
    """Days the agency does not work, beyond weekends and public holidays."""
    form = ClosedDayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, partial(agency_verbs.close_day, by=request.actor)):
        said = f"Closed on {form.cleaned_data['day']:%d %B %Y}."
        return toast(request, redirect(f"{HOME}closed-days/"), said)
    days = ClosedDay.objects.filter(day__gte=Agency.get().today() - dt.timedelta(days=365))
    context = {"form": form, "days": days}
    return render(request, "web/settings/closed_days.html", context, status=422 if form.errors else 200)


@require_POST
@require(Capability.MANAGE_SETTINGS)
def reopening(request: StaffRequest, day: dt.date) -> HttpResponse:
    """Work on that day after all."""
    back = f"{HOME}closed-days/"
    said = f"Open on {day:%d %B %Y}."
    return do(request, back, lambda: agency_verbs.reopen_day(day, by=request.actor), said)


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def rates(request: StaffRequest) -> HttpResponse:
    """What other currencies are worth, from a day on."""
    form = RateForm(
        request.POST if request.method == "POST" else None, initial={"from_day": Agency.get().today()}
    )
    if request.method == "POST" and carried_out(form, partial(agency_verbs.set_rate, by=request.actor)):
        code = form.cleaned_data["currency"]
        return toast(request, redirect(f"{HOME}rates/"), f"The rate of {code} is set.")
    known = [(row, f"{row.rate:f}".rstrip("0").rstrip(".")) for row in ExchangeRate.objects.all()]
    context = {"form": form, "agency": Agency.get(), "rates": known}
    return render(request, "web/settings/rates.html", context, status=422 if form.errors else 200)
