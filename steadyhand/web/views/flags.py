"""Flags: the list, one flag, and what one does about it. Opportunities of a client are dropped here too."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.care import flags
from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk.flags_page import Worry, flags_page, worry
from steadyhand.desk.today import short_day
from steadyhand.growth.models import Opportunity
from steadyhand.growth.opportunities import drop_opportunity
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.flags import AgreedForm, FlagForm, SettleForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page

#: Days until an agreed action is due where nobody says another day.
WITHIN = dt.timedelta(days=7)


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/flags/?of=mine&state=closed`: open flags of clients one sees; of mine, or settled ones."""
    page = flags_page(
        request.actor,
        request.member,
        mine=request.GET.get("of") == "mine",
        closed=request.GET.get("state") == "closed",
    )
    parts = (
        ("Open", "/flags/", page.is_open and not page.is_mine),
        ("Open, mine", "/flags/?of=mine", page.is_open and page.is_mine),
        ("Settled", "/flags/?state=closed", not page.is_open),
    )
    tabs = [{"label": label, "url": url, "current": current} for label, url, current in parts]
    may_keep = request.actor.may(C.KEEP_PROMISES)
    context = {"page": page, "tabs": tabs, "may_keep": may_keep, "here": request.get_full_path()}
    return render(request, "web/flags/list.html", context)


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def new(request: StaffRequest) -> HttpResponse:
    """`/flags/new/?client=` asks, POST raises it."""
    named = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    initial = {"client": named.values_list("ref", flat=True).first() or ""}
    form = FlagForm(request.POST if request.method == "POST" else None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            flag = flags.raise_flag(
                values["client"],
                values["text"],
                by=request.actor,
                member=request.member,
                contact=values["contact"],
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(f"/flags/{flag.pk}/")
            undo = f"/flags/{flag.pk}/withdrawal/"
            return toast(request, answer, f"Flag raised about {flag.client.name}.", undo=undo)
    return asked(request, "web/flags/new.html", form, url="/flags/new/")


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/flags/<id>/`: one flag and what is done about it."""
    context = {
        "worry": _worry(request, pk),
        "may_keep": request.actor.may(C.KEEP_PROMISES),
        "here": request.path,
    }
    part = "#flag" if request.headers.get("HX-Request") else ""
    return render(request, f"web/flags/page.html{part}", context)


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def settlement(request: StaffRequest, pk: int) -> HttpResponse:
    """`/flags/<id>/settlement/` asks how, POST settles it."""
    flag = _worry(request, pk).flag
    form = SettleForm(request.POST if request.method == "POST" else None, auto_id="settle_%s")
    if request.method == "POST" and form.is_valid():
        try:
            flags.settle_flag(flag, form.cleaned_data["how"], by=request.actor)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            return toast(request, answer, "Settled. It stays readable.", undo=f"/flags/{pk}/reopening/")
    words = {"heading": "Settle the flag", "button": "It is settled", "url": request.path}
    return asked(request, "web/flags/act.html", form, flag=flag, **words)


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def actions(request: StaffRequest, pk: int) -> HttpResponse:
    """`/flags/<id>/actions/` asks what is done about it, POST promises it."""
    flag = _worry(request, pk).flag
    form = AgreedForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={"due_on": clock.today(flag.client.zone) + WITHIN},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        owner = values["owner"] or request.member
        try:
            row = flags.agree_action(
                flag, values["text"], by=request.actor, owner=owner, due_on=values["due_on"]
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            return toast(request, answer, f"Agreed: {owner.name} does it by {short_day(row.due_on)}.")
    words = {"heading": "Agree an action", "button": "Promise it", "url": request.path}
    return asked(request, "web/flags/act.html", form, flag=flag, **words)


@require_POST
@require(C.KEEP_PROMISES)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /flags/<id>/withdrawal/`: it was raised by mistake."""
    flags.withdraw_flag(_worry(request, pk).flag, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect("/flags/")
    return toast(request, answer, "Taken back: no flag.", undo=f"/flags/{pk}/reopening/")


@require_POST
@require(C.KEEP_PROMISES)
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /flags/<id>/reopening/`: the worry stands again."""
    flags.reopen_flag(_worry(request, pk).flag, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(f"/flags/{pk}/")
    return toast(request, answer, "The flag stands again.")


@require_POST
@require(C.KEEP_PROMISES)
def opportunity_dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /opportunities/<id>/dropping/`: it was noted by mistake, or is none any more."""
    row = Opportunity.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such opportunity.")
    drop_opportunity(row, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(row.client.get_absolute_url())
    return toast(request, answer, "Opportunity dropped.")


def _worry(request: StaffRequest, pk: int) -> Worry:
    found = worry(pk, request.actor)
    if found is None:
        raise Http404("There is no such flag, or you are not on that client's account team.")
    return found
