"""Feedback from colleagues: given in a few sentences, read by few (L4)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.care import feedback as verbs
from steadyhand.care.models import Feedback
from steadyhand.people.models import Member
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.wins import FeedbackForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page

PAGE = 50
HERE = "/team/feedback/"


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/team/feedback/?about=`: what one may read, the latest first."""
    everything = Feedback.objects.visible_to(request.actor).standing()
    rows = everything.select_related("about", "given_by", "client")
    wanted = request.GET.get("about", "")
    person = Member.objects.visible_to(request.actor).filter(pk=wanted).first() if wanted.isdigit() else None
    if person is not None:
        rows = rows.filter(about=person)
    found = list(rows[: PAGE + 1])
    context = {"rows": found[:PAGE], "more": len(found) > PAGE, "person": person, "me": request.member.pk}
    return render(request, "web/feedback/index.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """`/team/feedback/new/?about=&meeting=`: give some."""
    made: list[Feedback] = []

    def act(**values: Any) -> None:
        made.append(verbs.give_feedback(by=request.actor, **values))

    initial = {name: request.GET.get(name, "") for name in ("about", "meeting")}
    form = FeedbackForm(
        request.POST if request.method == "POST" else None, actor=request.actor, initial=initial
    )
    if request.method == "POST" and carried_out(form, act):
        row = made[0]
        answer = changed() if in_sheet(request) else redirect(_back(request))
        return toast(request, answer, f"{row.about.name} can read it now.", undo=f"{HERE}{row.pk}/removal/")
    return asked(request, "web/feedback/new.html", form, url=f"{HERE}new/")


@require_POST
@staff
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one's own words back."""
    row = _found(request, pk)
    verbs.withdraw_feedback(row, by=request.actor)
    return toast(request, redirect(HERE), "Taken back; nobody reads it any more.", undo=f"{HERE}{pk}/return/")


@require_POST
@staff
def restoring(request: StaffRequest, pk: int) -> HttpResponse:
    """Say it after all."""
    row = _found(request, pk)
    return do(request, HERE, lambda: verbs.restore_feedback(row, by=request.actor), "It can be read again.")


def _back(request: StaffRequest) -> str:
    back = next_page(request)
    return HERE if back == "/" else back


def _found(request: StaffRequest, pk: int) -> Feedback:
    """One's own words: nobody else takes them back."""
    own = Feedback.objects.visible_to(request.actor).filter(given_by=request.member)
    row = own.select_related("about").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such feedback, or it is not yours.")
    return row
