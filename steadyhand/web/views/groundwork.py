"""Brief, objective and plan: what must be on file before an engagement starts."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Engagement
from steadyhand.core.refusals import Refusal
from steadyhand.desk import agreements as desk
from steadyhand.onboarding.agreements import groundwork
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.agreements import GroundworkForm, ReasonForm
from steadyhand.web.sheets import asked


@require_GET
@staff
def starts(request: StaffRequest) -> HttpResponse:
    """`/starts/`: engagements that begin without their brief, objective and plan."""
    return render(request, "web/agreements/starts.html", {"starts": desk.starts(request.actor)})


@require_http_methods(["GET", "POST"])
@staff
def papers(request: StaffRequest, pk: int) -> HttpResponse:
    """`/engagements/<id>/groundwork/`: what is on file; POST puts one of the three there."""
    engagement = _engagement(request, pk)
    form, status = None, 200
    if request.method == "POST":
        demand(request, C.EDIT_CLIENTS)
        form = GroundworkForm(request.POST)
        if form.is_valid():
            try:
                groundwork.file_groundwork(engagement, by=request.actor, **form.cleaned_data)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                return toast(request, redirect(request.path), "It is on file.")
        status = 422
    filed, waiver = desk.groundwork_of(engagement)
    rows = [
        {
            "kind": kind,
            "paper": paper,
            "form": form
            if form is not None and form["kind"].value() == kind
            else GroundworkForm(
                initial={"kind": kind, "text": paper.text if paper else ""}, auto_id=f"{kind}_%s"
            ),
        }
        for kind, paper in filed
    ]
    context = {
        "engagement": engagement,
        "rows": rows,
        "waiver": waiver,
        "lacking": any(paper is None for _, paper in filed),
        "may_file": request.actor.may(C.EDIT_CLIENTS),
        "may_waive": request.actor.may(C.AGREE_PLANS),
    }
    return render(request, "web/agreements/groundwork.html", context, status=status)


@require_http_methods(["GET", "POST"])
@require(C.AGREE_PLANS)
def waiver(request: StaffRequest, pk: int) -> HttpResponse:
    """`…/groundwork/waiver/` asks why it may start without, POST lets it."""
    engagement = _engagement(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            groundwork.waive_groundwork(engagement, by=request.actor, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            undo = f"/engagements/{pk}/groundwork/waiver/removal/"
            answer = redirect(f"/engagements/{pk}/groundwork/")
            return toast(request, answer, f"{engagement.title} may start without.", undo=undo)
    words = {"heading": "Let it start without", "button": "It may start without", "kind": "do"}
    return asked(request, "web/agreements/act.html", form, engagement=engagement, **words)


@require_POST
@require(C.AGREE_PLANS)
def waiver_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST …/groundwork/waiver/removal/`: it may not start without after all."""
    groundwork.unwaive_groundwork(_engagement(request, pk), by=request.actor)
    return toast(request, redirect(f"/engagements/{pk}/groundwork/"), "It may not start without.")


def _engagement(request: StaffRequest, pk: int) -> Engagement:
    found = Engagement.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such engagement, or you are not on that client's account team.")
    return found
