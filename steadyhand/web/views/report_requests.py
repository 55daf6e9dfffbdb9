"""Reports asked of departments: the list, asking for one, handing it in (S11)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.comms.meetings.report_requests import (
    ask_for_report,
    drop_report,
    hand_in_report,
    take_back_report,
)
from steadyhand.comms.models import Meeting, ReportRequest
from steadyhand.core import clock
from steadyhand.desk import report_requests as desk
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.meetings import CancelForm, HandInForm, ReportForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/requests/`: what one owes and what one asked for (`?whose=all`: everybody's one may see)."""
    everybody = request.GET.get("whose") == "all"
    page = desk.page(request.actor, request.member, everybody=everybody)
    context = {
        "page": page,
        "everybody": everybody,
        "may_ask": request.actor.may(Capability.KEEP_PROMISES),
    }
    return render(request, "web/meetings/requests.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new(request: StaffRequest) -> HttpResponse:
    """`/requests/new/` asks (`?client=`, `?meeting=`); POST asks the head of a department."""
    form = ReportForm(
        request.POST if request.method == "POST" else None, actor=request.actor, initial=_about(request)
    )
    made: list[ReportRequest] = []

    def ask(**values: Any) -> None:
        made.append(ask_for_report(values.pop("client"), values.pop("wanted"), by=request.actor, **values))

    if request.method == "POST" and carried_out(form, ask):
        owes = made[0].asked_of.name if made[0].asked_of else ""
        answer = changed() if in_sheet(request) else redirect(next_page(request))
        return toast(request, answer, f"{owes} owes the report now.")
    return asked(request, "web/meetings/ask_report.html", form, url="/requests/new/")


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/requests/<id>/`: one request; its report is handed in here."""
    row = _found(request, pk)
    owes = request.member.pk in (row.asked_of_id, row.asked_by_id)
    context = {
        "row": desk.row_of(row, clock.now()),
        "report": row,
        "url": f"/requests/{row.pk}/",
        "form": HandInForm(auto_id="hand_%s"),
        "may_act": request.actor.may(Capability.KEEP_PROMISES)
        and (owes or Client.objects.in_full(request.actor).filter(pk=row.client_id).exists()),
        "sees_client": Client.objects.visible_to(request.actor).filter(pk=row.client_id).exists(),
    }
    return render(request, "web/meetings/request.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def handing_in(request: StaffRequest, pk: int) -> HttpResponse:
    """`/requests/<id>/handing-in/`: where the report is; that keeps the promise."""
    row = _found(request, pk)
    url = f"/requests/{row.pk}/"
    form = HandInForm(request.POST if request.method == "POST" else None, auto_id="hand_%s")

    def hand_in(**values: Any) -> None:
        hand_in_report(row, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, hand_in):
        answer = changed() if in_sheet(request) else redirect(url)
        return toast(request, answer, "Handed in.", undo=f"{url}handing-in/removal/")
    return asked(request, "web/meetings/hand_in.html", form, report=row, url=f"{url}handing-in/")


@require_POST
@require(Capability.KEEP_PROMISES)
def handing_in_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /requests/<id>/handing-in/removal/`: it was not handed in after all."""
    row = _found(request, pk)
    take_back_report(row, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(f"/requests/{row.pk}/")
    return toast(request, answer, "It is owed again.")


@require_POST
@require(Capability.KEEP_PROMISES)
def dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /requests/<id>/dropping/`: it is not needed, for a reason."""
    row = _found(request, pk)
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    drop_report(row, by=request.actor, reason=reason)
    return toast(request, redirect(f"/requests/{row.pk}/"), "Not needed any more.")


def _found(request: StaffRequest, pk: int) -> ReportRequest:
    row = ReportRequest.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such request, or it is neither yours nor your client's.")
    return row


def _about(request: StaffRequest) -> dict[str, Any]:
    number = request.GET.get("meeting", "")
    seen = Meeting.objects.visible_to(request.actor).filter(client__isnull=False)
    meeting = seen.select_related("client").filter(pk=number).first() if number.isdecimal() else None
    if meeting is not None and meeting.client is not None:
        return {"client": meeting.client.ref, "meeting": meeting.pk}
    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    return {"client": known.values_list("ref", flat=True).first() or ""}
