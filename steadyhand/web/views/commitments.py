"""One promise: its page, why it is here, and the acts that keep it. POST does, DELETE undoes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from steadyhand.clients.models import Client
from steadyhand.commitments import keeping
from steadyhand.commitments.kinds import OWED, Kind
from steadyhand.commitments.models import Commitment
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.refusals import Refusal
from steadyhand.desk import why as desk
from steadyhand.desk.today import short_day
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, View, require, staff
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.promises import (
    ActForm,
    DoneForm,
    HandoverForm,
    MoveForm,
    PromiseForm,
    WaitForm,
    WaiverForm,
)
from steadyhand.web.sheets import asked, changed, from_row, in_sheet, next_page


@dataclass(frozen=True)
class Deed:
    """Something one does to a promise: its form, its verbs, and what is said of it afterwards."""

    noun: str
    asks: str
    button: str
    form: type[ActForm]
    do: Callable[..., Any]
    undo: Callable[..., Commitment]
    said: Callable[[Commitment, dict[str, Any]], str]
    undone: str

    def url(self, row: Commitment) -> str:
        """Where it is done and undone."""
        return f"/commitments/{row.pk}/{self.noun}/"


def _moved_words(row: Commitment, values: dict[str, Any]) -> str:
    time: dt.time | None = values["time"]
    at = f" at {time:%H:%M}" if time else ""
    return f"Moved “{row.title}” to {short_day(values['to_day'])}{at}."


def _move(row: Commitment, *, by: Actor, to_day: dt.date, time: dt.time | None, reason: str) -> None:
    keeping.move(row, to_day, by=by, to_time=time, reason=reason)


COMPLETION = Deed(
    "completion",
    "Mark as done",
    "Done",
    DoneForm,
    keeping.complete,
    keeping.reopen,
    lambda row, _: f"Done: “{row.title}”.",
    "is owed again",
)
MOVE = Deed(
    "moves", "Move", "Move", MoveForm, _move, keeping.unmove, _moved_words, "is due when it was before"
)
HANDOVER = Deed(
    "handover",
    "Hand over",
    "Hand over",
    HandoverForm,
    keeping.hand_over,
    keeping.take_back,
    lambda row, values: f"{values['to'].name} now keeps “{row.title}”.",
    "is back with whom it was before",
)
WAIVER = Deed(
    "waiver",
    "Waive",
    "Waive",
    WaiverForm,
    keeping.waive,
    keeping.unwaive,
    lambda row, _: f"Waived “{row.title}”.",
    "is owed again",
)
WAIT = Deed(
    "wait",
    "Wait for the client",
    "Wait",
    WaitForm,
    keeping.wait_on_client,
    keeping.stop_waiting,
    lambda row, _: f"“{row.title}” waits on the client.",
    "is ours again",
)


def act(deed: Deed) -> Callable[..., HttpResponseBase]:
    """The view of a deed: GET asks, POST does, DELETE undoes; so does POST to `removal/` below it."""

    def view(request: StaffRequest, pk: int) -> HttpResponse:
        row = _found(request, pk)
        if request.method == "DELETE":
            deed.undo(row, by=request.actor)
            return toast(request, changed(), f"“{row.title}” {deed.undone}.")
        form = deed.form(request.POST if request.method == "POST" else None, row=row, actor=request.actor)
        if request.method == "POST" and form.is_valid():
            try:
                deed.do(row, by=request.actor, **form.cleaned_data)
            except Refusal as refusal:
                if from_row(request):
                    raise
                show_refusal(form, refusal)
            else:
                answer = changed() if request.headers.get("HX-Request") else redirect(next_page(request))
                said = deed.said(row, form.cleaned_data)
                if request.headers.get("HX-Request"):
                    return toast(request, answer, said, undo=deed.url(row), method="delete")
                return toast(request, answer, said, undo=f"{deed.url(row)}removal/")
        return asked(request, "web/promise/act.html", form, row=row, deed=deed, url=deed.url(row))

    guarded: View[[int]] = view
    return require_http_methods(["GET", "POST", "DELETE"])(require(Capability.KEEP_PROMISES)(guarded))


def removal(deed: Deed) -> Callable[..., HttpResponseBase]:
    """The undoing of a deed as a page without JavaScript can ask for it: by POST."""

    def view(request: StaffRequest, pk: int) -> HttpResponse:
        row = _found(request, pk)
        deed.undo(row, by=request.actor)
        back = next_page(request) if "next" in request.POST else f"/commitments/{pk}/"
        answer = changed() if request.headers.get("HX-Request") else redirect(back)
        return toast(request, answer, f"“{row.title}” {deed.undone}.")

    guarded: View[[int]] = view
    return require_http_methods(["POST"])(require(Capability.KEEP_PROMISES)(guarded))


DEEDS = (COMPLETION, MOVE, HANDOVER, WAIVER, WAIT)
completion, moves, handover, waiver, wait = (act(deed) for deed in DEEDS)
removals = {deed.noun: removal(deed) for deed in DEEDS}


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/commitments/<id>/`: the promise with its whole history."""
    row = _found(request, pk)
    context = {
        "row": row,
        "number": str(row.pk),
        "is_owed": row.state in OWED,
        "why": desk.why(row),
        "facts": desk.standing(row, clock.now()),
        "history": desk.history(row, request.actor),
        "may_act": keeping.may_act(row, request.actor),
        "here": request.get_full_path(),
    }
    part = "#promise" if request.headers.get("HX-Request") else ""
    return render(request, f"web/promise/page.html{part}", context)


@require_GET
@staff
def why(request: StaffRequest, pk: int) -> HttpResponse:
    """`/commitments/<id>/why/`: the drawer “Why is this here?”; its page where there is no JavaScript."""
    row = _found(request, pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"/commitments/{pk}/#why")
    return render(request, "web/promise/why.html", {"row": row, "why": desk.why(row)})


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new(request: StaffRequest) -> HttpResponse:
    """`/commitments/new/` asks, `POST /commitments/` makes a promise. `?client=` says whom it is for."""
    made: list[Commitment] = []

    def promise(**values: Any) -> None:
        kind = Kind(values.pop("kind"))
        made.append(keeping.promise(by=request.actor, kind=kind, **values))

    form = PromiseForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        initial={"due_on": clock.today(request.member.zone), "client": _client_named(request)},
    )
    if request.method == "POST" and carried_out(form, promise):
        answer = changed() if in_sheet(request) else redirect(next_page(request))
        return toast(request, answer, f"Promised: “{made[0].title}” by {short_day(made[0].due_on)}.")
    return asked(request, "web/promise/new.html", form, url="/commitments/")


def _found(request: StaffRequest, pk: int) -> Commitment:
    row = Commitment.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such promise, or you are not on its account team.")
    return row


def _client_named(request: StaffRequest) -> str:
    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    return known.values_list("name", flat=True).first() or ""
