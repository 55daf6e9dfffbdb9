"""Introductions to our network, and the network itself (S18)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.delivery import introductions as verbs
from steadyhand.delivery import network
from steadyhand.delivery.models import Introduction, IntroductionOutcome, Partner
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.delivery import ReasonForm, WhichClientForm
from steadyhand.web.forms.glossary import IntroducedForm, NeedForm, OutcomeForm, PartnerForm
from steadyhand.web.sheets import asked, changed, in_sheet
from steadyhand.web.views.delivery import rooms

KEEPS = Capability.KEEP_PROMISES
MOST = 100


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/introductions/?state=`: open ones, or closed; beside them the network by trade."""
    closed = request.GET.get("state") == "closed"
    rows = Introduction.objects.visible_to(request.actor).select_related("client", "partner", "owner")
    rows = rows.exclude(settled_at=None, dropped_at=None) if closed else rows.open()
    partners: dict[str, list[Partner]] = defaultdict(list)
    for partner in Partner.objects.visible_to(request.actor).standing():
        partners[partner.trade].append(partner)
    found = list(rows[: MOST + 1])
    context = {
        "rooms": rooms("Introductions"),
        "introductions": found[:MOST],
        "more": len(found) > MOST,
        "closed": closed,
        "filters": [
            {"label": "Open", "url": "/introductions/", "current": not closed},
            {"label": "Closed", "url": "/introductions/?state=closed", "current": closed},
        ],
        "partners": dict(partners),
        "keeps": request.actor.may(KEEPS),
        "here": request.get_full_path(),
    }
    return render(request, "web/delivery/introductions.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new(request: StaffRequest) -> HttpResponse:
    """`/introductions/new/?client=`: they need something that is not ours to do."""
    seen = Client.objects.visible_to(request.actor).live()
    client = seen.filter(ref=request.GET.get("client", "")).first()
    if client is None:
        which = WhichClientForm(request.POST if request.method == "POST" else None, actor=request.actor)
        if request.method == "POST" and which.is_valid():
            return redirect(f"/introductions/new/?client={which.cleaned_data['client'].ref}")
        words = {"heading": "Who needs something", "button": "Go on", "url": "/introductions/new/"}
        return asked(request, "web/delivery/which.html", which, **words)
    form = NeedForm(request.POST if request.method == "POST" else None, actor=request.actor, client=client)
    made: list[Introduction] = []
    if request.method == "POST" and carried_out(
        form, lambda **values: made.append(verbs.note_need(client, by=request.actor, **values))
    ):
        return _done(request, made[0], "Introducing them is promised.")
    words = {"heading": "A need outside our scope", "button": "Promise it"}
    url = f"/introductions/new/?client={client.ref}"
    return asked(request, "web/delivery/ask.html", form, subject=client, url=url, **words)


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One introduction."""
    row = _found(request, pk)
    may_act = request.actor.may(KEEPS) and may_act_for(row.client_id, request.actor)
    is_open = row.settled_at is None and row.dropped_at is None
    context = {"row": row, "may_act": may_act and is_open, "here": f"/introductions/{pk}/"}
    return render(request, "web/delivery/introduction.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def making(request: StaffRequest, pk: int) -> HttpResponse:
    """`/introductions/<pk>/making/`: they know each other now."""
    row = _found(request, pk)
    form = IntroducedForm(
        request.POST if request.method == "POST" else None, initial={"partner": row.partner_id}
    )
    if request.method == "POST" and carried_out(
        form, lambda partner: verbs.introduce(row, partner, by=request.actor)
    ):
        return _done(request, row, "Introduced. Asking what came of it is promised.")
    return _asked(request, form, row, "Introduced", "They know each other")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    """`/introductions/<pk>/outcome/`: what came of it."""
    row = _found(request, pk)
    form = OutcomeForm(request.POST if request.method == "POST" else None)

    def act(outcome: str, note: str) -> None:
        verbs.settle_introduction(row, IntroductionOutcome(outcome), by=request.actor, note=note)

    if request.method == "POST" and carried_out(form, act):
        return _done(request, row, "Kept: what came of it.")
    return _asked(request, form, row, "What came of it", "Keep it")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`/introductions/<pk>/dropping/`: no introduction after all."""
    row = _found(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda reason: verbs.drop_introduction(row, by=request.actor, reason=reason)
    ):
        return _done(request, row, "Dropped.")
    return _asked(request, form, row, "No introduction", "Drop it")


# --- the network


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def partner_new(request: StaffRequest) -> HttpResponse:
    """`/network/new/`: somebody we trust."""
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda **values: network.add_partner(by=request.actor, **values)
    ):
        answer = changed() if in_sheet(request) else redirect("/introductions/#network")
        return toast(request, answer, f"{form.cleaned_data['name']} is in our network.")
    words = {"heading": "Add somebody to our network", "button": "Add them", "url": "/network/new/"}
    return asked(request, "web/delivery/which.html", form, **words)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def partner(request: StaffRequest, pk: int) -> HttpResponse:
    """`/network/<pk>/`: their details, and whom we sent there."""
    row = _partner(request, pk)
    form = PartnerForm.of(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda **values: network.change_partner(row, by=request.actor, **values)
    ):
        return toast(request, redirect("/introductions/#network"), f"The details of {row.name} are kept.")
    sent = Introduction.objects.visible_to(request.actor).standing().filter(partner=row)
    context = {
        "partner": row,
        "form": form,
        "introductions": sent.filter(introduced_at__isnull=False).select_related("client")[:MOST],
    }
    return render(request, "web/delivery/partner.html", context, status=422 if form.errors else 200)


@require_POST
@require(KEEPS)
def partner_retirement(request: StaffRequest, pk: int) -> HttpResponse:
    """We no longer send clients there."""
    row = _partner(request, pk)
    said = f"{row.name} is no longer recommended."
    return do(request, f"/network/{pk}/", lambda: network.retire_partner(row, by=request.actor), said)


@require_POST
@require(KEEPS)
def partner_restoration(request: StaffRequest, pk: int) -> HttpResponse:
    """We recommend them again."""
    row = _partner(request, pk)
    said = f"{row.name} is recommended again."
    return do(
        request, f"/network/{pk}/", lambda: network.retire_partner(row, by=request.actor, retired=False), said
    )


def _done(request: StaffRequest, row: Introduction, said: str) -> HttpResponse:
    answer = changed() if in_sheet(request) else redirect(f"/introductions/{row.pk}/")
    return toast(request, answer, said)


def _asked(request: StaffRequest, form: Any, row: Introduction, heading: str, button: str) -> HttpResponse:
    words = {"heading": f"{heading}: {row.need}", "button": button, "subject": row.client}
    return asked(request, "web/delivery/ask.html", form, url=request.path, **words)


def _found(request: StaffRequest, pk: int) -> Introduction:
    rows = Introduction.objects.visible_to(request.actor)
    related = ("client", "contact", "partner", "owner", "making", "following")
    row = rows.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such introduction, or you are not on that client's account team.")
    return row


def _partner(request: StaffRequest, pk: int) -> Partner:
    row = Partner.objects.visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404("Nobody in our network has this number.")
    return row
