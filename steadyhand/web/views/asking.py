"""Asking a client for something, by telephone first; and promising to find something out for them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.comms.asking import chasing, finding_out
from steadyhand.comms.models import Attempt, Channel, Chase, OpenQuestion, Outcome
from steadyhand.core.refusals import Refusal
from steadyhand.desk.asking import chase_page
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.asking import AnswerForm, AttemptForm, ChaseForm, NoLongerForm, QuestionForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new_chase(request: StaffRequest) -> HttpResponse:
    """`/chases/new/?client=` asks, POST begins the thread; without the sheet it opens its page."""
    form = ChaseForm(_sent(request), actor=request.actor, initial=_about(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            chase = chasing.ask_client(
                values["client"],
                values["text"],
                by=request.actor,
                owner=values["owner"] or request.member,
                contact=values["contact"],
                ring_on=values["ring_on"],
                wanted_by=values["wanted_by"],
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(f"/chases/{chase.pk}/")
            return toast(request, answer, f"Asked of {chase.client.name}: {chase.text}. Ring them first.")
    return asked(request, "web/asking/new.html", form, url="/chases/", **CHASE_WORDS)


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new_question(request: StaffRequest) -> HttpResponse:
    """`/questions/new/?client=` asks, POST promises to come back with the answer."""
    form = QuestionForm(_sent(request), actor=request.actor, initial=_about(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            question = finding_out.find_out(
                values["client"],
                values["text"],
                by=request.actor,
                owner=values["owner"] or request.member,
                contact=values["contact"],
                due_on=values["due_on"],
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            day = f"{question.commitment.due_on:%A %-d %B}" if question.commitment else ""
            return toast(request, answer, f"Promised: an answer for {question.client.name} by {day}.")
    return asked(request, "web/asking/new.html", form, url="/questions/", **QUESTION_WORDS)


CHASE_WORDS = {
    "heading": "Ask a client for something",
    "lead": "It starts as a call: you ring them, and ring again until they have answered.",
    "button": "Put it on the list",
}
QUESTION_WORDS = {
    "heading": "Let me find out",
    "lead": "Look quickly at what we know first. What you cannot answer now is promised by a day.",
    "button": "Promise to find out",
}


@require_GET
@staff
def chase(request: StaffRequest, pk: int) -> HttpResponse:
    """`/chases/<id>/`: the whole thread, and how ringing them went in one click."""
    row = _chase(request, pk)
    page = chase_page(row, request.actor)
    form = AttemptForm(auto_id="try_%s")
    return render(request, "web/asking/chase.html", {"page": page, "form": form, "here": request.path})


@require_POST
@require(Capability.KEEP_PROMISES)
def attempts(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /chases/<id>/attempts/`: no answer, a voicemail, or reached."""
    row = _chase(request, pk)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        raise Refusal("Say how it went.", remedy="No answer, a voicemail, or you reached them.")
    values = form.cleaned_data
    made = chasing.tried(
        row,
        Outcome(values["outcome"]),
        by=request.actor,
        member=request.member,
        note=values["note"],
        next_on=values["next_on"],
    )
    day = f"{made.next_on:%a %-d %b}" if made.next_on else ""
    said = f"{made.get_outcome_display().capitalize()}. Next attempt {day}."
    return toast(request, redirect(f"/chases/{pk}/"), said, undo=f"/chases/{pk}/attempts/{made.pk}/removal/")


@require_POST
@require(Capability.KEEP_PROMISES)
def attempt_removal(request: StaffRequest, pk: int, attempt_pk: int) -> HttpResponse:
    """`POST /chases/<id>/attempts/<id>/removal/`: it was written down by mistake."""
    row = _chase(request, pk)
    attempt = Attempt.objects.filter(chase=row, pk=attempt_pk, undone_at=None).select_related("chase").first()
    if attempt is None:
        raise Http404("That attempt is no longer written down.")
    chasing.untry(attempt, by=request.actor)
    return toast(request, redirect(f"/chases/{pk}/"), "Taken back.")


@require_POST
@require(Capability.KEEP_PROMISES)
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /chases/<id>/letter/`: the e-mail that says we rang, drafted, on its own page."""
    draft = chasing.draft_letter(_chase(request, pk), by=request.actor, member=request.member)
    return redirect(f"/messages/{draft.pk}/")


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def chase_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """`/chases/<id>/answer/`: what they gave us; closes the thread."""
    row = _chase(request, pk)
    form = AnswerForm(_sent(request))
    form.fields["how"].label = "How it reached us"
    if request.method == "POST" and form.is_valid():
        try:
            chasing.take_answer(row, form.cleaned_data["answer"], by=request.actor, how=_how(form))
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(f"/chases/{pk}/")
            return toast(request, answer, f"Answered: {row.text}.", undo=f"/chases/{pk}/answer/removal/")
    words = {"heading": "They answered", "subject": row.text, "button": "They answered"}
    return asked(request, "web/asking/answer.html", form, url=request.path, row=row, **words)


@require_POST
@require(Capability.KEEP_PROMISES)
def chase_reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /chases/<id>/answer/removal/`: the answer, or giving up, is taken back."""
    row = _chase(request, pk)
    chasing.reopen_chase(row, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(f"/chases/{pk}/")
    return toast(request, answer, f"Still needed: {row.text}.")


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def chase_ending(request: StaffRequest, pk: int) -> HttpResponse:
    """`/chases/<id>/ending/`: we no longer need it, for a reason."""
    row = _chase(request, pk)
    form = NoLongerForm(_sent(request), auto_id="end_%s")
    if request.method == "POST" and form.is_valid():
        try:
            chasing.drop_chase(row, by=request.actor, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(f"/chases/{pk}/")
            return toast(
                request, answer, f"No longer needed: {row.text}.", undo=f"/chases/{pk}/answer/removal/"
            )
    words = {"heading": "We no longer need it", "subject": row.text, "button": "Stop asking"}
    return asked(request, "web/asking/answer.html", form, url=request.path, row=row, **words)


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def question_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """`/questions/<id>/answer/`: the answer we gave; keeps the promise."""
    row = _question(request, pk)
    form = AnswerForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            finding_out.give_answer(row, form.cleaned_data["answer"], by=request.actor, how=_how(form))
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            undo = f"/questions/{pk}/answer/removal/"
            return toast(request, answer, f"Answered: “{row.text}”", undo=undo)
    words = {"heading": "Answer their question", "subject": row.text, "button": "They have heard it"}
    return asked(request, "web/asking/answer.html", form, url=request.path, row=row, **words)


@require_POST
@require(Capability.KEEP_PROMISES)
def question_reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /questions/<id>/answer/removal/`: they have not heard it after all."""
    row = _question(request, pk)
    finding_out.take_back_answer(row, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(row.client.get_absolute_url())
    return toast(request, answer, f"Still to be answered: “{row.text}”")


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def question_ending(request: StaffRequest, pk: int) -> HttpResponse:
    """`/questions/<id>/ending/`: they no longer need to know, for a reason."""
    row = _question(request, pk)
    form = NoLongerForm(_sent(request), auto_id="end_%s")
    if request.method == "POST" and form.is_valid():
        try:
            finding_out.drop_question(row, by=request.actor, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            return toast(request, answer, f"Closed without an answer: “{row.text}”")
    words = {"heading": "Close it without an answer", "subject": row.text, "button": "Close it"}
    return asked(request, "web/asking/answer.html", form, url=request.path, row=row, **words)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _about(request: StaffRequest) -> dict[str, Any]:
    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    return {"client": known.values_list("ref", flat=True).first() or ""}


def _how(form: AnswerForm) -> Channel:
    return Channel(form.cleaned_data["how"])


def _chase(request: StaffRequest, pk: int) -> Chase:
    rows = Chase.objects.visible_to(request.actor).select_related("client", "contact", "commitment__owner")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such request, or you are not on that client's account team.")
    return row


def _question(request: StaffRequest, pk: int) -> OpenQuestion:
    rows = OpenQuestion.objects.visible_to(request.actor).select_related("client", "contact", "commitment")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such question, or you are not on that client's account team.")
    return row
