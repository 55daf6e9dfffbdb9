"""Who would look after whom, the pitch they join, pairings that look strained, one’s own style (W2, W4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from steadyhand.desk.newbusiness_pairings import strained
from steadyhand.newbusiness import pairing as verbs
from steadyhand.newbusiness.matching import suggest
from steadyhand.newbusiness.models import Style
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.newbusiness import PairingForm, PitchForm, StyleForm
from steadyhand.web.sheets import asked
from steadyhand.web.views.newbusiness import WINS, found, gone_to, tabs

MOST = 8


@require_http_methods(["GET", "POST"])
@require(WINS)
def pairing(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/pairing/`: propose somebody; the system's reasons stand beside it."""
    lead = found(request, pk)
    suggestions = suggest(lead, request.actor)
    first = lead.client.contacts.filter(left_on=None).first()
    form = PairingForm(
        request.POST if request.method == "POST" else None,
        lead=lead,
        initial={"contact": first, "member": request.GET.get("member", "")},
    )

    def act(member: Any, reason: str, contact: Any) -> None:
        verbs.propose_pairing(lead, member, reason, by=request.actor, contact=contact)

    if request.method == "POST" and carried_out(form, act):
        named = form.cleaned_data["member"].name
        return toast(request, redirect(lead.get_absolute_url()), f"{named} is proposed.")
    context = {"form": form, "lead": lead, "contact": first, "suggestions": suggestions[:MOST]}
    return render(request, "web/newbusiness/pairing.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@require(WINS)
def pitches(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/pitches/`: put the pitch in the diary."""
    lead = found(request, pk)
    form = PitchForm(
        request.POST if request.method == "POST" else None, initial={"led_by": request.member.pk}
    )

    def act(**values: Any) -> None:
        contacts = lead.client.contacts.filter(left_on=None)[:6]
        verbs.plan_pitch(lead, by=request.actor, contacts=contacts, **values)

    if request.method == "POST" and carried_out(form, act):
        said = "The pitch is in the diary. Nobody is invited by mail yet."
        return toast(request, gone_to(request, lead.get_absolute_url()), said)
    earmarked = verbs.paired(lead)
    joins = earmarked is not None and verbs.joins_pitch(lead)
    note = f"{earmarked.name} is put down too: face to face, and worth it." if joins and earmarked else ""
    url = f"{lead.get_absolute_url()}pitches/"
    return asked(
        request,
        "web/newbusiness/ask.html",
        form,
        url=url,
        heading=f"Plan the pitch to {lead.client.name}",
        lead=lead,
        button="Plan it",
        note=note,
    )


@require_GET
@require(Capability.SEE_TEAM, WINS)
def strains(request: StaffRequest) -> HttpResponse:
    """`/pairings/`: today's pairings that look strained, with why."""
    context = {"pairs": strained(request.actor), "tabs": tabs("pairings", request.actor)}
    return render(request, "web/newbusiness/strains.html", context)


@require_http_methods(["GET", "POST"])
@staff
def style(request: StaffRequest) -> HttpResponse:
    """`/pairings/style/`: how one works, in one's own words."""
    own = Style.objects.filter(member=request.member).first()
    initial = {"works": own.works, "suits": own.suits, "interests": own.interests} if own else {}
    form = StyleForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(**values: Any) -> None:
        verbs.describe_style(request.member, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, redirect("/pairings/style/"), "Kept.")
    return render(request, "web/newbusiness/style.html", {"form": form}, status=422 if form.errors else 200)
