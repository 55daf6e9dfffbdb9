"""Handovers under way, and the path of one: each step with its next click (W5)."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.files import DOCUMENTS, PICTURES, keep_file
from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.comms.mail.letters import in_words
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.desk.handovers import handover_list
from steadyhand.onboarding import handover as verbs
from steadyhand.onboarding.enclosing import enclose_papers
from steadyhand.onboarding.handover import latest_of, path_of
from steadyhand.onboarding.models import Handover
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.handover import CallForm, ClosingForm, DeckForm
from steadyhand.web.views.clients import found as client_found

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/handovers/`: those under way, who is late first; `?closed` those that are over."""
    closed = "closed" in request.GET
    page = handover_list(request.actor, closed=closed)
    tabs = [
        {"label": "Under way", "url": "/handovers/", "current": not closed},
        {"label": "Closed", "url": "/handovers/?closed", "current": closed},
    ]
    return render(request, "web/onboarding/handovers.html", {"page": page, "tabs": tabs, "closed": closed})


@require_GET
@staff
def by_number(request: StaffRequest, pk: int) -> HttpResponse:
    """`/handovers/<id>/`: to its client's page, where the path is."""
    row = Handover.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such handover, or it is not yours to see.")
    return redirect(f"{row.client.get_absolute_url()}handover/")


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/handover/`: the path from the win to a client who is set up."""
    client = client_found(request, ref)
    row = latest_of(client)
    return _page(request, client, row)


@require_POST
@require(KEEPS)
def call(request: StaffRequest, ref: str) -> HttpResponse:
    """The good news was answered on the telephone."""
    row = found(request, ref)
    form = CallForm(request.POST)

    def act(minutes: int | None, note: str) -> None:
        verbs.answer_by_call(row, by=request.actor, member=request.member, minutes=minutes, note=note)

    if carried_out(form, act):
        said = "Kept: you answered by telephone. The introduction still goes out."
        return toast(request, redirect(_here(row)), said)
    return _page(request, row.client, row, call_form=form)


@require_http_methods(["GET", "POST"])
@staff
def deck(request: StaffRequest, ref: str) -> HttpResponseBase:
    """`/clients/<ref>/handover/deck/`: the file; POST attaches another."""
    row = found(request, ref)
    if request.method == "GET":
        if row.deck is None:
            raise Http404("No deck is attached.")
        return file_answer(request, row.deck.digest, row.deck.name, row.deck.media_type, inline=True)
    demand(request, KEEPS)
    form = DeckForm(request.POST, request.FILES)

    def act(deck: UploadedFile[bytes]) -> None:
        verbs.locked(row, request.actor)
        kinds = DOCUMENTS | PICTURES
        kept = keep_file(row.client, deck.name or "deck", deck.read(), by=request.actor, kinds=kinds)
        verbs.attach_deck(row, kept, by=request.actor)

    if carried_out(form, act):
        return toast(request, redirect(_here(row)), "The deck is attached.")
    return _page(request, row.client, row, deck_form=form)


@require_POST
@require(KEEPS)
def deck_removal(request: StaffRequest, ref: str) -> HttpResponse:
    """It was the wrong one."""
    row = found(request, ref)
    return do(request, _here(row), lambda: verbs.remove_deck(row, by=request.actor), "The deck is taken off.")


@require_POST
@require(KEEPS)
def papers(request: StaffRequest, ref: str) -> HttpResponse:
    """The forms and the agreement are put into the reply, which opens to be read and sent."""
    row = found(request, ref)
    try:
        enclosed = enclose_papers(row, by=request.actor)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{_here(row)}#papers")
    for why in enclosed.missing:
        messages.warning(request, why)
    said = f"Enclosed: {in_words(enclosed.papers)}. Read the reply, and send it."
    return toast(request, redirect(f"/messages/{enclosed.reply.pk}/"), said)


@require_POST
@require(KEEPS)
def closing(request: StaffRequest, ref: str) -> HttpResponse:
    """The client is set up."""
    row = found(request, ref)
    form = ClosingForm(request.POST)

    def act(reason: str) -> None:
        verbs.close_handover(row, by=request.actor, reason=reason)

    if carried_out(form, act):
        undo = f"{_here(row)}closing/removal/"
        return toast(request, redirect(_here(row)), "The handover is closed.", undo=undo)
    return _page(request, row.client, row, closing_form=form)


@require_POST
@require(KEEPS)
def closing_removal(request: StaffRequest, ref: str) -> HttpResponse:
    """It is not over after all."""
    row = found(request, ref)
    said = "The handover is under way again."
    return do(request, _here(row), lambda: verbs.reopen_handover(row, by=request.actor), said)


def found(request: StaffRequest, ref: str) -> Handover:
    """The client's latest handover; 404 where there is none, or it is not theirs to see."""
    row = latest_of(client_found(request, ref))
    if row is None:
        raise Http404("This client was not handed over here.")
    return row


def _here(row: Handover) -> str:
    return f"{row.client.get_absolute_url()}handover/"


def _page(
    request: StaffRequest,
    client: Client,
    row: Handover | None,
    *,
    call_form: CallForm | None = None,
    deck_form: DeckForm | None = None,
    closing_form: ClosingForm | None = None,
) -> HttpResponse:
    refused = call_form or deck_form or closing_form
    context = {
        "client": client,
        "handover": row,
        "path": path_of(row) if row is not None else None,
        "call_form": call_form or CallForm(auto_id="call_%s"),
        "deck_form": deck_form or DeckForm(auto_id="deck_%s"),
        "closing_form": closing_form or ClosingForm(auto_id="closing_%s"),
        "opened": "call" if call_form else "closing" if closing_form else "",
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "here": f"{client.get_absolute_url()}handover/",
    }
    return render(request, "web/onboarding/handover.html", context, status=422 if refused else 200)
