"""Deliverables and their honest timelines: the list, one of them, and what one does about it (S17)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.delivery import deliverables as verbs
from steadyhand.delivery import timelines
from steadyhand.delivery.models import Deliverable, Timeline
from steadyhand.desk.deliverables import deliverables_page
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.delivery import (
    AnswerForm,
    HandingOverForm,
    MoveForm,
    PromiseForm,
    ReasonForm,
    TimelineForm,
    WhichClientForm,
)
from steadyhand.web.sheets import asked, changed, in_sheet, next_page
from steadyhand.web.views.delivery import rooms

KEEPS = Capability.KEEP_PROMISES
STATES = (("Owed", "owed"), ("Delivered", "delivered"), ("Dropped", "dropped"))
A_DAY = dt.timedelta(days=1)


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/deliverables/?client=&state=`: owed by date, delivered, or dropped; and how promises were kept."""
    client = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", "")).first()
    state = request.GET.get("state", "owed")
    of = f"&client={client.ref}" if client else ""
    filters = [
        {"label": label, "url": f"/deliverables/?state={key}{of}", "current": key == state}
        for label, key in STATES
    ]
    context = {
        "page": deliverables_page(request.actor, request.member.zone, client=client, state=state),
        "client": client,
        "state": state,
        "rooms": rooms("Deliverables"),
        "filters": filters,
        "keeps": request.actor.may(KEEPS),
        "here": request.get_full_path(),
    }
    return render(request, "web/delivery/deliverables.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new(request: StaffRequest) -> HttpResponse:
    """`/deliverables/new/?client=&timeline=`: promise one. Without a client, asks which."""
    client = _named(request)
    if client is None:
        return _which(request, "Promise a deliverable", "/deliverables/new/")
    given = Timeline.objects.visible_to(request.actor).given().filter(client=client)
    chosen = given.filter(pk=_number(request.GET.get("timeline", ""))).first()
    initial: dict[str, Any] = {"due_on": clock.today(client.zone) + 7 * A_DAY}
    if chosen is not None:
        initial = {
            "timeline": chosen.pk,
            "title": chosen.title,
            "due_on": chosen.ready_on,
            "service": chosen.service_id,
        }
    data = request.POST if request.method == "POST" else None
    form = PromiseForm(data, actor=request.actor, client=client, initial=initial)
    made: list[Deliverable] = []

    def act(**values: Any) -> None:
        made.append(verbs.promise_deliverable(client, by=request.actor, **values))

    if request.method == "POST" and carried_out(form, act):
        said = f"Promised to {client.name} for {made[0].due_on:%-d %B}."
        return _done(request, f"/deliverables/{made[0].pk}/", said)
    words = {"heading": "Promise a deliverable", "button": "Promise it", "subject": client}
    return asked(
        request, "web/delivery/ask.html", form, url=f"/deliverables/new/?client={client.ref}", **words
    )


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One deliverable: its date, who promised it on whose word, what moved it."""
    row = _found(request, pk)
    context = {
        "row": row,
        "moves": list(row.moves.all()),
        "today": clock.today(request.member.zone),
        "may_act": _may_act(request, row),
        "here": f"/deliverables/{pk}/",
    }
    return render(request, "web/delivery/deliverable.html", context)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """`/deliverables/<pk>/moves/`: another date, and what moved it."""
    row = _found(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, initial={"to_day": row.due_on})
    if request.method == "POST" and carried_out(
        form, lambda **values: verbs.move_deliverable(row, by=request.actor, **values)
    ):
        return _done(request, _address(row), f"Promised for {form.cleaned_data['to_day']:%-d %B} now.")
    return _asked(request, form, row, "Move it", "Move it")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def delivery(request: StaffRequest, pk: int) -> HttpResponse:
    """`/deliverables/<pk>/delivery/`: they have it."""
    row = _found(request, pk)
    form = HandingOverForm(
        request.POST if request.method == "POST" else None, initial={"on": clock.today(row.client.zone)}
    )
    if request.method == "POST" and carried_out(
        form, lambda **values: verbs.deliver(row, by=request.actor, **values)
    ):
        return _done(request, _address(row), "They have it.", undo=f"{_address(row)}delivery/removal/")
    return _asked(request, form, row, "Handed over", "They have it")


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`/deliverables/<pk>/dropping/`: it will not be delivered."""
    row = _found(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda reason: verbs.drop_deliverable(row, by=request.actor, reason=reason)
    ):
        return _done(request, _address(row), "Dropped.", undo=f"{_address(row)}restoration/")
    return _asked(request, form, row, "It will not be delivered", "Drop it")


@require_POST
@require(KEEPS)
def delivery_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """They do not have it after all."""
    row = _found(request, pk)
    said = "It is owed again."
    return do(request, _address(row), lambda: verbs.take_back_delivery(row, by=request.actor), said)


@require_POST
@require(KEEPS)
def restoration(request: StaffRequest, pk: int) -> HttpResponse:
    """It is owed after all."""
    row = _found(request, pk)
    said = "It is owed again."
    return do(request, _address(row), lambda: verbs.restore_deliverable(row, by=request.actor), said)


@require_POST
@require(KEEPS)
def sharing(request: StaffRequest, pk: int) -> HttpResponse:
    """Show it to the client."""
    row = _found(request, pk)
    said = f"{row.client.name} sees it on their own pages."
    return do(request, _address(row), lambda: verbs.share_deliverable(row, by=request.actor), said)


@require_POST
@require(KEEPS)
def sharing_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep it to ourselves again."""
    row = _found(request, pk)
    said = "It is internal again."
    return do(
        request, _address(row), lambda: verbs.share_deliverable(row, by=request.actor, shared=False), said
    )


# --- timelines


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def new_timeline(request: StaffRequest) -> HttpResponse:
    """`/timelines/new/?client=`: ask a channel lead when it can be ready, or write down what they said."""
    client = _named(request)
    if client is None:
        return _which(request, "Ask for a timeline", "/timelines/new/")
    form = TimelineForm(
        request.POST if request.method == "POST" else None, actor=request.actor, client=client
    )

    def act(title: str, asked_of: Member, ready_on: dt.date | None, note: str, service: Any = None) -> None:
        if ready_on is None:
            timelines.ask_for_timeline(client, title, by=request.actor, asked_of=asked_of, service=service)
            return
        timelines.give_timeline(
            client, title, ready_on=ready_on, given_by=asked_of, by=request.actor, service=service, note=note
        )

    if request.method == "POST" and carried_out(form, act):
        whose = form.cleaned_data["asked_of"].name
        given = form.cleaned_data["ready_on"]
        said = f"{whose} says {given:%-d %B}. You can promise it now." if given else f"Asked {whose}."
        return _done(request, f"{client.get_absolute_url()}delivery/", said)
    words = {"heading": "An honest timeline", "button": "Keep it", "subject": client}
    return asked(request, "web/delivery/ask.html", form, url=f"/timelines/new/?client={client.ref}", **words)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def timeline(request: StaffRequest, pk: int) -> HttpResponse:
    """`/timelines/<pk>/`: say when it can be ready."""
    row = _timeline(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(
        form, lambda **values: timelines.answer_timeline(row, by=request.actor, **values)
    ):
        said = f"Ready on {form.cleaned_data['ready_on']:%-d %B}: kept."
        return _done(request, next_page(request), said)
    if row.given_at is not None and request.method == "GET":
        return redirect(f"/deliverables/new/?client={row.client.ref}&timeline={row.pk}")
    words = {
        "heading": f"When can it be ready: {row.title}",
        "button": "That is honest",
        "subject": row.client,
    }
    return asked(request, "web/delivery/ask.html", form, url=f"/timelines/{pk}/", **words)


@require_POST
@require(KEEPS)
def timeline_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /timelines/<pk>/removal/`: nobody needs to know any more."""
    row = _timeline(request, pk)
    reason = request.POST.get("reason", "") or "Not needed any more."
    back = f"{row.client.get_absolute_url()}delivery/"
    said = "Nobody is asked any more."
    return do(request, back, lambda: timelines.drop_timeline(row, by=request.actor, reason=reason), said)


def _done(request: StaffRequest, back: str, said: str, undo: str = "") -> HttpResponse:
    return toast(request, changed() if in_sheet(request) else redirect(back), said, undo=undo)


def _asked(request: StaffRequest, form: Any, row: Deliverable, heading: str, button: str) -> HttpResponse:
    words = {"heading": f"{heading}: {row.title}", "button": button, "subject": row.client}
    return asked(request, "web/delivery/ask.html", form, url=request.path, **words)


def _which(request: StaffRequest, heading: str, url: str) -> HttpResponse:
    """Ask for the client first; POST leads to the form of that client."""
    form = WhichClientForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{url}?client={form.cleaned_data['client'].ref}")
    return asked(request, "web/delivery/which.html", form, heading=heading, button="Go on", url=url)


def _named(request: StaffRequest) -> Client | None:
    seen = Client.objects.visible_to(request.actor).live()
    return seen.filter(ref=request.GET.get("client", "")).first()


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _may_act(request: StaffRequest, row: Deliverable) -> bool:
    owns = row.commitment is not None and row.commitment.owner_id == request.member.pk
    return request.actor.may(KEEPS) and (owns or may_act_for(row.client_id, request.actor))


def _address(row: Deliverable) -> str:
    return f"/deliverables/{row.pk}/"


def _found(request: StaffRequest, pk: int) -> Deliverable:
    rows = Deliverable.objects.visible_to(request.actor)
    related = ("client", "service", "commitment__owner", "timeline__given_by", "promised_by")
    row = rows.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such deliverable, or you are not on that client's account team.")
    return row


def _timeline(request: StaffRequest, pk: int) -> Timeline:
    row = (
        Timeline.objects.visible_to(request.actor).select_related("client", "asked_of").filter(pk=pk).first()
    )
    if row is None:
        raise Http404("There is no such timeline, or you are not on that client's account team.")
    return row
