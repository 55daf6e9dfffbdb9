"""Review before sending: looking at a colleague's mail; who is under review, and releasing them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.commitments.keeping import NotYours
from steadyhand.comms.mail import reviewing, supervising
from steadyhand.comms.mail import rules as mail_rules
from steadyhand.comms.models import MailRules, Review
from steadyhand.core.refusals import Refusal
from steadyhand.desk.messages import message_page, review_page
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.messages import DraftForm, MailRulesForm, ReviewerForm
from steadyhand.web.views.messages import WITH_FRAME

TEAM = "/team/reviews/"


@require_GET
@csp_override(WITH_FRAME)
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/reviews/<id>/`: the mail to look at, to change, to approve or to return."""
    review = _review(request, pk)
    return _page(request, review, DraftForm.of(review.message))


@require_POST
@csp_override(WITH_FRAME)
@staff
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /reviews/<id>/approval/`: it leaves, with the words that stand here."""
    review = _review(request, pk)
    form = DraftForm.of(review.message, request.POST)
    words = form.words if form.is_valid() and "text" in request.POST else {}
    words.pop("important", None)
    try:
        sent = reviewing.approve(review, by=request.actor, comment=request.POST.get("comment", ""), **words)
    except NotYours:
        raise
    except Refusal as refusal:
        show_refusal(form, refusal)
        return _page(request, review, form)
    said = f"Approved. “{sent.subject}” is on its way."
    return toast(request, redirect("/messages/"), said, undo=f"/messages/{sent.pk}/removal/")


@require_POST
@staff
def returning(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /reviews/<id>/return/`: back to its writer, with the reason."""
    review = _review(request, pk)
    message = reviewing.send_back(review, by=request.actor, comment=request.POST.get("comment", ""))
    who = review.member.name
    return toast(request, redirect("/messages/"), f"“{message.subject}” is back with {who}, and says why.")


@require_http_methods(["GET", "POST"])
@staff
def people(request: StaffRequest) -> HttpResponse:
    """`/team/reviews/`: who is under review, by whom and since when; POST puts somebody under."""
    page = review_page(request.actor)
    form = ReviewerForm(request.POST or None, others=page.others)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            supervising.put_under_review(values["member"], by=request.actor, reviewer=values["reviewer"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"{values['member'].name}'s important mail is reviewed before it leaves."
            undo = f"{TEAM}{values['member'].pk}/release/"
            return toast(request, redirect(TEAM), said, undo=undo)
    context = {"reviews": page, "form": form}
    return render(request, "web/messages/reviews.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def release(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /team/reviews/<member>/release/`: they send by themselves from now on."""
    member = _member(request, pk)
    supervising.release(member, by=request.actor)
    said = f"{member.name} is released from review."
    return toast(request, redirect(TEAM), said, undo=f"{TEAM}{pk}/release/removal/")


@require_POST
@staff
def release_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /team/reviews/<member>/release/removal/`: under review as before."""
    member = _member(request, pk)
    supervising.take_back_release(member, by=request.actor)
    return toast(request, redirect(TEAM), f"{member.name} is under review as before.")


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def rules(request: StaffRequest) -> HttpResponse:
    """`/settings/messages/`: the delay, our own domains, review of newcomers."""
    form = MailRulesForm.of(MailRules.current(), request.POST if request.method == "POST" else None)

    def act(**values: Any) -> None:
        mail_rules.change_rules(by=request.actor, **values)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, redirect("/settings/"), "Saved. It holds for every mail from now on.")
    return render(request, "web/settings/messages.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: StaffRequest, review: Review, form: DraftForm) -> HttpResponse:
    page = message_page(review.message, request.actor)
    if review.verdict or not page.may_review:
        return redirect(f"/messages/{review.message.pk}/")
    context = {"page": page, "message": page.message, "client": page.client, "review": review, "form": form}
    return render(request, "web/messages/review.html", context, status=422 if form.errors else 200)


def _review(request: StaffRequest, pk: int) -> Review:
    related = (
        "message__client",
        "message__contact",
        "message__member",
        "message__outbox",
        "member",
        "reviewer",
    )
    seen = Review.objects.visible_to(request.actor).select_related(*related)
    review = seen.filter(pk=pk, message__client__isnull=False).first()
    if review is None:
        raise Http404("There is no such review, or the mail is not yours to read.")
    return review


def _member(request: StaffRequest, pk: int) -> Member:
    member = Member.objects.visible_to(request.actor).here().filter(pk=pk).first()
    if member is None:
        raise Http404("There is no such colleague.")
    return member
