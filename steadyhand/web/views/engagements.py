"""What a client buys: beginning it, changing spend and dates, pausing, ending, adding services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients import engagements
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, Engagement, EngagementKind, Stage
from steadyhand.clients.winning import win_client
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency
from steadyhand.core.money import show as money
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.clients import (
    DatesForm,
    EndForm,
    EngagementForm,
    PauseForm,
    ServiceForm,
    SpendForm,
)
from steadyhand.web.views.clients import found, permissions, undo_address


@require_http_methods(["GET", "POST"])
@staff
def begin(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/engagements/new/`: the client buys something; a prospect becomes a client by it."""
    client = found(request, ref, C.EDIT_CLIENTS)
    initial = {"currency": Agency.get().currency, "starts_on": clock.today(client.zone)}
    form = EngagementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            engagement = _begin(client, form.cleaned_data, request.actor)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{engagement.title} has begun. The plan follows from it."
            return toast(request, redirect(f"{client.get_absolute_url()}plan/"), said)
    context = {"client": client, "form": form}
    return render(request, "web/clients/engagement_new.html", context, status=422 if form.errors else 200)


def _begin(client: Client, values: dict[str, Any], by: Actor) -> Engagement:
    names = [line.strip() for line in values["services"].splitlines() if line.strip()]
    engagement = engagements.begin_engagement(
        client,
        EngagementKind(values["kind"]),
        by=by,
        amount=values["amount"],
        currency=values["currency"],
        starts_on=values["starts_on"],
        ends_on=values["end"],
        title=values["title"],
        services=[ServiceLine(name) for name in dict.fromkeys(names)],
    )
    if client.stage == Stage.PROSPECT:
        win_client(client, by=by)
    return engagement


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to an engagement: its form, the verb, and what is said afterwards."""

    form: Callable[[Engagement, Any], forms.Form]
    act: Callable[[Engagement, dict[str, Any], Actor, UUID], object]
    said: Callable[[Engagement, dict[str, Any]], str]


def _change_dates(engagement: Engagement, v: dict[str, Any], by: Actor, batch: UUID) -> object:
    return engagements.change_engagement(
        engagement, by=by, starts_on=v["starts_on"], ends_on=v["end"], title=v["title"], batch=batch
    )


def _add_service(engagement: Engagement, v: dict[str, Any], by: Actor, batch: UUID) -> object:
    line = ServiceLine(v["service"], v["channel"])
    return engagements.add_service(engagement, line, by=by, batch=batch)


CHANGES: dict[str, Change] = {
    "spend": Change(
        SpendForm.of,
        lambda e, v, by, batch: engagements.change_spend(e, by=by, batch=batch, **v),
        lambda e, v: f"{e.title} is now {money(v['amount'], v['currency'])}. The plan follows.",
    ),
    "dates": Change(DatesForm.of, _change_dates, lambda e, v: f"The dates of {v['title']} are kept."),
    "pause": Change(
        lambda e, data: PauseForm(data),
        lambda e, v, by, batch: engagements.pause_engagement(e, by=by, batch=batch, **v),
        lambda e, v: f"{e.title} is paused from {v['from_day'].day} {v['from_day']:%B}.",
    ),
    "end": Change(
        lambda e, data: EndForm(data),
        lambda e, v, by, batch: engagements.end_engagement(e, by=by, batch=batch, **v),
        lambda e, v: f"{e.title} ends on {v['on'].day} {v['on']:%B %Y}.",
    ),
    "services": Change(
        lambda e, data: ServiceForm(data),
        _add_service,
        lambda e, v: f"{v['service']} is now part of {e.title}.",
    ),
}
UNDOABLE = {"spend", "dates", "pause", "end"}


@require_GET
@staff
def show(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/engagements/<pk>/`: one engagement and what can be done to it."""
    client = found(request, ref)
    return _page(request, client, _engagement(client, pk))


@require_POST
@staff
def change(request: StaffRequest, ref: str, pk: int, what: str) -> HttpResponse:
    """Do one thing to an engagement."""
    client = found(request, ref, C.EDIT_CLIENTS)
    engagement = _engagement(client, pk)
    if what not in CHANGES:
        raise Http404("There is no such change.")
    how = CHANGES[what]
    form = how.form(engagement, request.POST)
    if form.is_valid():
        batch = uuid4()
        try:
            how.act(engagement, form.cleaned_data, request.actor, batch)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            undo = undo_address(client, batch) if what in UNDOABLE else ""
            back = redirect(f"{client.get_absolute_url()}engagements/{pk}/")
            return toast(request, back, how.said(engagement, form.cleaned_data), undo=undo)
    return _page(request, client, engagement, wrong=(what, form))


@require_POST
@staff
def resumption(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The pause is over from today."""
    client = found(request, ref, C.EDIT_CLIENTS)
    engagement = _engagement(client, pk)
    batch = uuid4()
    engagements.resume_engagement(engagement, on=clock.today(client.zone), by=request.actor, batch=batch)
    back = redirect(f"{client.get_absolute_url()}engagements/{pk}/")
    said = f"{engagement.title} goes on from today."
    return toast(request, back, said, undo=undo_address(client, batch))


def _page(
    request: StaffRequest, client: Client, engagement: Engagement, wrong: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    today = clock.today(client.zone)
    shown = {what: how.form(engagement, None) for what, how in CHANGES.items()}
    if wrong is not None:
        shown[wrong[0]] = wrong[1]
    for what, form in shown.items():
        form.auto_id = f"{what}_%s"
    pauses = [p for p in engagement.pauses.all() if p.to_day is None or p.to_day >= today]
    context = {
        "client": client,
        "engagement": engagement,
        "here": f"{client.get_absolute_url()}engagements/{engagement.pk}/",
        "services": engagement.services.all(),
        "spend_changes": engagement.spend_changes.all()[:20],
        "pauses": pauses,
        "has_ended": engagement.ends_on is not None and engagement.ends_on < today,
        "forms": shown,
        "wrong": wrong[0] if wrong else "",
        **permissions(request),
    }
    return render(request, "web/clients/engagement.html", context, status=422 if wrong else 200)


def _engagement(client: Client, pk: int) -> Engagement:
    engagement = client.engagements.select_related("client").filter(pk=pk).first()
    if engagement is None:
        raise Http404("There is no such engagement.")
    return engagement
