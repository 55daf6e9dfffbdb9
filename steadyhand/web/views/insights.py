"""What the figures say: questions to ask a client, signals, leads as we count and they experience them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.commitments.keeping import may_act_for
from steadyhand.core.refusals import Refusal
from steadyhand.desk.insights import insights_page
from steadyhand.growth.opportunities import open_opportunity
from steadyhand.people.roles import Capability
from steadyhand.reporting.insights import saying
from steadyhand.reporting.models import Insight
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.sheets import next_page
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/insights/`: prompts with their numbers, signals, our leads beside theirs."""
    return _page(request, ref)


@require_POST
@require(KEEPS)
def agenda(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Say it on the next call."""
    row = _row(request, ref, pk)
    return _do(
        request,
        ref,
        lambda: saying.plan_insight(row, by=request.actor),
        "It stands on the page of the next call.",
        undo="agenda/removal/",
        pk=pk,
    )


@require_POST
@require(KEEPS)
def agenda_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Not on the next call."""
    row = _row(request, ref, pk)
    return _do(request, ref, lambda: saying.unplan_insight(row, by=request.actor), "Not on the next call.")


@require_POST
@require(KEEPS)
def dismissal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Not worth saying, and why."""
    row = _row(request, ref, pk)
    try:
        saying.dismiss_insight(row, request.POST.get("reason", ""), by=request.actor)
    except Refusal as refusal:
        return _page(request, ref, refused=refusal, refused_at=pk)
    undo = f"{row.client.get_absolute_url()}insights/{pk}/dismissal/removal/"
    said = "Dismissed. That rule says nothing here for half a year."
    return toast(request, redirect(_back(request, ref)), said, undo=undo)


@require_POST
@require(KEEPS)
def dismissal_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It may be said after all: it was dismissed by mistake, or not said in that call."""
    row = _row(request, ref, pk)
    return _do(request, ref, lambda: saying.reopen_insight(row, by=request.actor), "It may be said again.")


@require_POST
@require(KEEPS)
def opportunity(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """What the figures suggest becomes an opportunity."""
    row = _row(request, ref, pk)
    return _do(
        request,
        ref,
        lambda: open_opportunity(row, by=request.actor, owner=request.member),
        "It is an opportunity now.",
    )


def _do(
    request: StaffRequest, ref: str, act: Callable[[], object], said: str, *, undo: str = "", pk: int = 0
) -> HttpResponse:
    taken_back = f"/clients/{ref}/insights/{pk}/{undo}" if undo else ""
    return do(request, _back(request, ref), act, said, undo=taken_back)


def _page(
    request: StaffRequest, ref: str, *, refused: Refusal | None = None, refused_at: int = 0
) -> HttpResponse:
    client = found(request, ref)
    context = {
        "client": client,
        "tabs": tabs(client, "Figures"),
        "page": insights_page(client, request.actor),
        "here": f"{client.get_absolute_url()}insights/",
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "refused": refused,
        "refused_at": refused_at,
    }
    return render(request, "web/insights/page.html", context, status=422 if refused else 200)


def _row(request: StaffRequest, ref: str, pk: int) -> Insight:
    client = found(request, ref, KEEPS)
    rows = Insight.objects.visible_to(request.actor).select_related("client")
    row = rows.filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("There is no such prompt, or it is not yours to see.")
    return row


def _back(request: StaffRequest, ref: str) -> str:
    """Where the button was: the call brief says so, else the page of prompts."""
    return next_page(request) if request.POST.get("next") else f"/clients/{ref}/insights/"
