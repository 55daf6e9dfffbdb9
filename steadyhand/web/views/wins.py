"""Wins: noted, told to the client, offered to the agency, taken as a moment to ask for more (S21)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.models import Channel
from steadyhand.core import clock
from steadyhand.growth import wins as verbs
from steadyhand.growth.models import Win, WinSource
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.wins import TellingForm, WinForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page

KEEPS = Capability.KEEP_PROMISES
PAGE = 50


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/wins/?client=`: the latest first; `?untold` those their client has not heard of."""
    rows = Win.objects.visible_to(request.actor).standing().select_related("client", "noted_by", "telling")
    client = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", "")).first()
    untold = "untold" in request.GET
    if client is not None:
        rows = rows.filter(client=client)
    if untold:
        rows = rows.untold()
    of = f"client={client.ref}" if client else ""
    tabs = [
        {"label": "All", "url": f"/wins/?{of}", "current": not untold},
        {"label": "Not told yet", "url": f"/wins/?untold&{of}", "current": untold},
    ]
    found = list(rows[: PAGE + 1])
    context = {
        "wins": found[:PAGE],
        "more": len(found) > PAGE,
        "client": client,
        "tabs": tabs,
        "untold": untold,
        "keeps": request.actor.may(KEEPS),
    }
    return render(request, "web/wins/index.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new(request: StaffRequest) -> HttpResponse:
    """`/wins/new/?client=`: note one."""
    made: list[Win] = []

    def act(**values: Any) -> None:
        source = WinSource(values.pop("source"))
        made.append(verbs.note_win(by=request.actor, source=source, member=request.member, **values))

    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    form = WinForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={
            "on": clock.today(request.member.zone),
            "client": known.values_list("name", flat=True).first() or "",
        },
    )
    if request.method == "POST" and carried_out(form, act):
        win = made[0]
        answer = changed() if in_sheet(request) else redirect(f"/wins/{win.pk}/")
        told = "" if win.told_at else " Telling them is promised."
        return toast(request, answer, f"Noted: “{win.text}”.{told}", undo=f"/wins/{win.pk}/removal/")
    return asked(request, "web/wins/new.html", form, url="/wins/new/")


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One win: who knows, and what comes next."""
    win = _found(request, pk)
    context = {
        "win": win,
        "form": TellingForm(),
        "may_act": request.actor.may(KEEPS) and may_act_for(win.client_id, request.actor),
        "here": f"/wins/{pk}/",
    }
    return render(request, "web/wins/show.html", context)


@require_POST
@require(KEEPS)
def telling(request: StaffRequest, pk: int) -> HttpResponse:
    """They have heard of it."""
    win = _found(request, pk)
    form = TellingForm(request.POST)

    def act(how: str) -> None:
        verbs.tell_client(win, by=request.actor, how=Channel(how))

    if carried_out(form, act):
        said = f"{win.client.name} has heard of it."
        return toast(request, redirect(next_page_or(request, win)), said, undo=f"/wins/{pk}/telling/removal/")
    context = {"win": win, "form": form, "may_act": True, "here": f"/wins/{pk}/"}
    return render(request, "web/wins/show.html", context, status=422)


@require_POST
@require(KEEPS)
def telling_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """They have not heard of it after all."""
    win = _found(request, pk)
    said = "They have not heard of it."
    return do(request, f"/wins/{pk}/", lambda: verbs.take_back_telling(win, by=request.actor), said)


@require_POST
@require(KEEPS)
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Put it before the whole agency."""
    win = _found(request, pk)
    said = "It stands on the all-hands page."
    return do(request, f"/wins/{pk}/", lambda: verbs.offer_win(win, by=request.actor), said)


@require_POST
@require(KEEPS)
def offer_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep it with the account team."""
    win = _found(request, pk)
    said = "It stays with the account team."
    return do(request, f"/wins/{pk}/", lambda: verbs.offer_win(win, by=request.actor, offered=False), said)


@require_POST
@require(KEEPS)
def referral(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it as the moment to ask who else we could help."""
    win = _found(request, pk)
    said = "Asking who else we could help is promised."
    return do(request, f"/wins/{pk}/", lambda: verbs.ask_for_referral(win, by=request.actor), said)


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    win = _found(request, pk)
    verbs.drop_win(win, by=request.actor)
    return toast(request, redirect("/wins/"), f"Taken back: “{win.text}”.", undo=f"/wins/{pk}/return/")


@require_POST
@require(KEEPS)
def come_back(request: StaffRequest, pk: int) -> HttpResponse:
    """It stands after all."""
    win = _found(request, pk)
    return do(request, f"/wins/{pk}/", lambda: verbs.restore_win(win, by=request.actor), "It stands again.")


def next_page_or(request: StaffRequest, win: Win) -> str:
    """Where the button said to go back to; else the win's own page."""
    return next_page(request) if "next" in request.POST else f"/wins/{win.pk}/"


def _found(request: StaffRequest, pk: int) -> Win:
    rows = Win.objects.visible_to(request.actor).select_related("client", "noted_by", "telling", "asking")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such win, or you are not on that client's account team.")
    return found
