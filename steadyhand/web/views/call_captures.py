"""Quick capture during a call: a line typed while one listens is saved at once where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from steadyhand.care.flags import raise_flag, withdraw_flag
from steadyhand.care.models import Flag, FlagSource, Rating, RatingSkip
from steadyhand.care.ratings import rate, rating_questions, skip_ratings, take_back_ratings
from steadyhand.clients import discovery, expectations, personal
from steadyhand.clients.models import DetailKind, Discovery, ExpectationSaid, PersonalDetail
from steadyhand.comms.actions import add_action, drop_action
from steadyhand.comms.asking.finding_out import drop_question, find_out
from steadyhand.comms.calls.shorthand import Shorthand, read_day, read_shorthand
from steadyhand.comms.models import Action, Call, OpenQuestion
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk.call_page import SOURCE, colleagues, contacts_of
from steadyhand.growth.models import Opportunity, OpportunityKind
from steadyhand.growth.opportunities import drop_opportunity, note_opportunity
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability as C
from steadyhand.reporting.insights.saying import reopen_insight, use_insight
from steadyhand.reporting.models import Insight
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms.calls import (
    THEM,
    CaptureForm,
    DetailForm,
    OpportunityForm,
    OwnedForm,
    RatingsForm,
)
from steadyhand.web.views.calls import address, found


@dataclass(frozen=True)
class Capture:
    """How one kind is made and taken back. `part` shows it on the page; `make` answers with its id."""

    part: str
    make: Callable[[StaffRequest, Call], int]
    undo: Callable[[StaffRequest, Call, int], object]
    said: str


def _checked[F: CaptureForm | RatingsForm](form: F) -> F:
    """A form in which something is wrong is refused in its first sentence."""
    if form.is_valid():
        return form
    field, errors = next(iter(form.errors.items()))
    if field == "text":
        raise Refusal("Write it in a line, up to 500 characters.", field="text")
    raise Refusal(f"{field.replace('_', ' ').capitalize()}: {errors[0]}", field=field)


def _meant(form: OwnedForm, request: StaffRequest, call: Call) -> Shorthand:
    """Owner and day as the line says them, else as the fields do."""
    ours = colleagues(request.actor)
    said = read_shorthand(
        form.cleaned_data["text"],
        today=clock.today(call.client.zone),
        members=ours,
        theirs=[contact.name for contact in contacts_of(call.client)],
    )
    chosen = form.cleaned_data["owner"]
    named = said.owner is not None or said.theirs
    owner = said.owner if named else next((m for m in ours if str(m.pk) == chosen), request.member)
    theirs = said.theirs or (not named and chosen == THEM)
    return Shorthand(said.text, None if theirs else owner, theirs, said.due_on or form.cleaned_data["due_on"])


def _action(request: StaffRequest, call: Call) -> int:
    said = _meant(_checked(OwnedForm(request.POST)), request, call)
    return add_action(
        call, said.text, by=request.actor, owner=said.owner, due_on=said.due_on, theirs=said.theirs
    ).pk


def _question(request: StaffRequest, call: Call) -> int:
    said = _meant(_checked(OwnedForm(request.POST)), request, call)
    owner: Member = said.owner or request.member
    return find_out(
        call.client,
        said.text,
        by=request.actor,
        owner=owner,
        due_on=said.due_on,
        contact=call.contact,
        call=call,
    ).pk


def _flag(request: StaffRequest, call: Call) -> int:
    form = _checked(CaptureForm(request.POST))
    return raise_flag(
        call.client,
        form.cleaned_data["text"],
        by=request.actor,
        source=FlagSource.CALL,
        member=request.member,
        contact=call.contact,
        call=call,
    ).pk


def _opportunity(request: StaffRequest, call: Call) -> int:
    form = _checked(OpportunityForm(request.POST))
    return note_opportunity(
        call.client,
        form.cleaned_data["text"],
        by=request.actor,
        kind=OpportunityKind(form.cleaned_data["kind"] or OpportunityKind.UPSELL),
        owner=request.member,
        contact=call.contact,
        call=call,
    ).pk


def _detail(request: StaffRequest, call: Call) -> int:
    form = _checked(DetailForm(request.POST, client=call.client))
    values = form.cleaned_data
    kind, text = DetailKind(values["kind"]), values["text"]
    born: dict[str, Any] = {}
    if kind is DetailKind.BIRTHDAY:
        day = read_day(text, clock.today(call.client.zone))
        if day is None:
            raise Refusal("Write the birthday as “3 December”.", remedy="Leave the year out.", field="text")
        born, text = {"day": day.day, "month": day.month}, ""
    return personal.note_detail(values["contact"], kind, text, by=request.actor, **born).pk


def _rating(request: StaffRequest, call: Call) -> int:
    if "reason" in request.POST:
        return skip_ratings(call.client, request.POST["reason"], by=request.actor, call=call).pk
    form = _checked(RatingsForm(request.POST, questions=rating_questions()))
    kept = rate(
        call.client,
        form.scores,
        by=request.actor,
        call=call,
        contact=call.contact,
        member=request.member,
        comment=form.cleaned_data["comment"],
    )
    return kept[0].pk


def _answer(request: StaffRequest, call: Call) -> int:
    return discovery.answer_question(
        call.client,
        request.POST.get("question", ""),
        request.POST.get("text", ""),
        by=request.actor,
        contact=call.contact,
        source=(SOURCE, call.pk),
    ).pk


def _said(request: StaffRequest, call: Call) -> int:
    return expectations.say_expectation(
        call.client,
        request.POST.get("expectation", ""),
        by=request.actor,
        member=request.member,
        contact=call.contact,
        source=(SOURCE, call.pk),
    ).pk


def _asked(request: StaffRequest, call: Call) -> int:
    number = request.POST.get("insight", "")
    row = _row(_insights(request, call), int(number) if number.isdecimal() and len(number) < 19 else 0)
    return use_insight(row, call, by=request.actor).pk


def _insights(request: StaffRequest, call: Call) -> QuerySet[Insight]:
    return Insight.objects.visible_to(request.actor).filter(client=call.client_id)


def _take_back_ratings(request: StaffRequest, call: Call, pk: int) -> None:
    ours = Rating.objects.filter(call=call).exists() or RatingSkip.objects.filter(call=call).exists()
    if not ours:
        raise Http404("No ratings were given in this call.")
    take_back_ratings(call.client, by=request.actor)


def _row[T](rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404("That is no longer here.")
    return row


CAPTURES: dict[str, Capture] = {
    "actions": Capture(
        "captured",
        _action,
        lambda request, call, pk: drop_action(_row(Action.objects.filter(call=call), pk), by=request.actor),
        "Action noted; it is promised when you end the call.",
    ),
    "questions": Capture(
        "captured",
        _question,
        lambda request, call, pk: drop_question(
            _row(OpenQuestion.objects.filter(call=call), pk), by=request.actor, reason="noted by mistake"
        ),
        "Promised: you come back with an answer.",
    ),
    "flags": Capture(
        "captured",
        _flag,
        lambda request, call, pk: withdraw_flag(_row(Flag.objects.filter(call=call), pk), by=request.actor),
        "Flag raised.",
    ),
    "opportunities": Capture(
        "captured",
        _opportunity,
        lambda request, call, pk: drop_opportunity(
            _row(Opportunity.objects.filter(call=call), pk), by=request.actor
        ),
        "Opportunity noted.",
    ),
    "details": Capture(
        "captured",
        _detail,
        lambda request, call, pk: personal.retire_detail(
            _row(
                PersonalDetail.objects.visible_to(request.actor)
                .filter(contact__client=call.client_id)
                .select_related("contact"),
                pk,
            ),
            by=request.actor,
        ),
        "Noted.",
    ),
    "ratings": Capture("ratings", _rating, _take_back_ratings, "It is kept."),
    "answers": Capture(
        "ask",
        _answer,
        lambda request, call, pk: discovery.take_back_answer(
            _row(Discovery.objects.filter(client=call.client_id), pk), by=request.actor
        ),
        "Their answer is kept.",
    ),
    "said": Capture(
        "say",
        _said,
        lambda request, call, pk: expectations.take_back_said(
            _row(ExpectationSaid.objects.filter(client=call.client_id), pk), by=request.actor
        ),
        "Counted as said.",
    ),
    "insights": Capture(
        "insights",
        _asked,
        lambda request, call, pk: reopen_insight(
            _row(_insights(request, call).filter(call=call), pk), by=request.actor
        ),
        "Counted as asked. That rule is quiet for ninety days.",
    ),
}


@require_POST
@require(C.KEEP_PROMISES)
def capture(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """`POST /calls/<id>/<kind>/`: save it; what shows it reads itself again."""
    call, kind = found(request, pk), _kind(what)
    if not call.is_open:
        raise Refusal("This call is over.", remedy="Undo its ending, or write it down on the client’s page.")
    made = kind.make(request, call)
    return _done(request, call, what, kind.said, undo=f"{address(call)}{what}/{made}/removal/")


@require_POST
@require(C.KEEP_PROMISES)
def removal(request: StaffRequest, pk: int, what: str, item: int) -> HttpResponse:
    """`POST /calls/<id>/<kind>/<id>/removal/`: it was captured by mistake."""
    call, kind = found(request, pk), _kind(what)
    kind.undo(request, call, item)
    return _done(request, call, what, "Taken away.")


def _kind(what: str) -> Capture:
    if what not in CAPTURES:
        raise Http404("A call has nothing of that kind.")
    return CAPTURES[what]


def _done(request: StaffRequest, call: Call, what: str, said: str, *, undo: str = "") -> HttpResponse:
    part = CAPTURES[what].part
    if request.headers.get("HX-Request") != "true":
        return toast(request, redirect(f"{address(call)}#{part}"), said, undo=undo)
    answer = HttpResponse(status=204)
    for shown in {part, "captured"}:
        trigger_client_event(answer, f"call-{shown}", {})
    return answer
