"""The pitch test, client services’ word, proposals with their time, decks (W1, W3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.files import LARGEST
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.newbusiness import pitching, proposals
from steadyhand.newbusiness.models import Consultation, Deck, Lead, Proposal, Verdict
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out, show_refusal
from steadyhand.web.forms.newbusiness import (
    AnswerForm,
    ConsultForm,
    PaperForm,
    PriceForm,
    ProposalForm,
    TestForm,
)
from steadyhand.web.sheets import asked
from steadyhand.web.views.newbusiness import WINS, found, gone_to

ASK = "web/newbusiness/ask.html"
POINTS = "points_"


@require_http_methods(["GET", "POST"])
@require(WINS)
def test(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/test/`: the playbook's questions, and the decision."""
    lead = found(request, pk)
    rules = pitching.rules()
    form = TestForm(
        request.POST if request.method == "POST" else None,
        questions=rules.pitch_questions,
        initial=_last(lead),
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            decided = pitching.decide_pitch(
                lead,
                form.points(),
                by=request.actor,
                verdict=values["verdict"],
                reason=values["reason"],
                notes=form.notes(),
                decided_by=request.member,
                consult=values["consult"],
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = "Go. Client services is asked." if decided.verdict == Verdict.GO else "No go."
            return toast(request, redirect(lead.get_absolute_url()), f"{decided.score}%: {said}")
    context = {"form": form, "lead": lead, "rules": rules}
    return render(request, "web/newbusiness/test.html", context, status=422 if form.errors else 200)


def _last(lead: Lead) -> dict[str, str]:
    """The answers of the standing test, to begin with."""
    standing = lead.pitch_tests.filter(until=None).prefetch_related("answers").first()
    answers = standing.answers.all() if standing else ()
    points = {f"{POINTS}{answer.question}": str(answer.points) for answer in answers}
    return points | {f"note_{answer.question}": answer.note for answer in answers}


@require_http_methods(["GET", "POST"])
@require(WINS)
def consultations(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/consultations/`: ask somebody of client services."""
    lead = found(request, pk)
    head = pitching.whom_to_consult(lead)
    form = ConsultForm(
        request.POST if request.method == "POST" else None, initial={"member": head.pk if head else None}
    )

    def act(member: Any) -> None:
        pitching.consult(lead, member, by=request.actor)

    heading = f"Ask client services about {lead.client.name}"
    return _asked(request, lead, form, act, "Asked; answering is promised.", "consultations", heading, "Ask")


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES, WINS)
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """`/consultations/<id>/answer/`: what they said, by whoever was asked or whoever asked them."""
    row = _found(Consultation.objects.select_related("lead__client", "member"), request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)

    def act(said: str) -> None:
        pitching.answer_consultation(row, said, by=request.actor)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, gone_to(request, row.lead.get_absolute_url()), "Written down.")
    heading = f"What {row.member.name} makes of pitching to {row.lead.client.name}"
    url = f"/consultations/{row.pk}/answer/"
    return asked(request, ASK, form, url=url, heading=heading, lead=row.lead, button="Write it down")


@require_POST
@require(WINS)
def consultation_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """They need not answer."""
    row = _found(Consultation.objects.select_related("lead", "member"), request, pk)
    said = f"{row.member.name} need not answer."
    act = lambda: pitching.withdraw_consultation(row, by=request.actor)  # noqa: E731
    return do(request, row.lead.get_absolute_url(), act, said)


# --- proposals


@require_http_methods(["GET", "POST"])
@require(WINS)
def new_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/proposals/`: draft one; the playbook prices its client-services time."""
    lead = found(request, pk)
    initial = {"amount": lead.value, "currency": lead.currency, "services": lead.services}
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(**values: Any) -> None:
        proposals.draft_proposal(lead, by=request.actor, **values)

    return _asked(request, lead, form, act, "Drafted.", "proposals", "Draft a proposal", "Draft it")


@require_http_methods(["GET", "POST"])
@require(WINS)
def price(request: StaffRequest, pk: int) -> HttpResponse:
    """`/proposals/<id>/price/`: client-services time by hand, with who agreed it."""
    row = _proposal(request, pk)
    initial = {"minutes": row.service_minutes, "fee": row.service_fee, "agreed_with": row.agreed_with_id}
    form = PriceForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(minutes: int, fee: Any, agreed_with: Any, reason: str) -> None:
        proposals.price_by_hand(row, minutes, fee, agreed_with=agreed_with, reason=reason, by=request.actor)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, gone_to(request, row.lead.get_absolute_url()), "Priced by hand.")
    heading = f"Client-services time of proposal {row.number}"
    url = f"/proposals/{row.pk}/price/"
    return asked(request, ASK, form, url=url, heading=heading, lead=row.lead, button="Price it")


@require_POST
@require(WINS)
def matrix(request: StaffRequest, pk: int) -> HttpResponse:
    """Take its client-services time from the playbook."""
    return _on_proposal(request, pk, proposals.price_by_matrix, "Priced by the playbook.")


@require_POST
@require(WINS)
def sending(request: StaffRequest, pk: int) -> HttpResponse:
    """It went out."""
    return _on_proposal(request, pk, proposals.mark_sent, "Sent.")


@require_POST
@require(WINS)
def sending_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It has not gone out after all."""
    return _on_proposal(request, pk, proposals.take_back_sending, "It has not gone out.")


@require_POST
@require(WINS)
def proposal_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It does not stand any more."""
    return _on_proposal(request, pk, proposals.withdraw_proposal, "Withdrawn.")


@require_http_methods(["GET", "POST"])
@require(WINS)
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """`/proposals/<id>/paper/`: keep the document."""
    row = _proposal(request, pk)
    url = f"/proposals/{row.pk}/paper/"
    attach = proposals.attach_paper
    return _uploaded(request, row.lead, url, lambda *sent: attach(row, *sent, by=request.actor))


@require_GET
@staff
def proposal_file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/proposals/<id>/file/`: the document."""
    file = _proposal(request, pk).file
    if file is None:
        raise Http404("No document is kept with this proposal.")
    return file_answer(request, file.digest, file.name, file.media_type)


@require_http_methods(["GET", "POST"])
@require(WINS)
def decks(request: StaffRequest, pk: int) -> HttpResponse:
    """`/leads/<id>/decks/`: attach the pitch deck."""
    lead = found(request, pk)
    url = f"{lead.get_absolute_url()}decks/"
    attach = proposals.attach_deck
    return _uploaded(request, lead, url, lambda *sent: attach(lead, *sent, by=request.actor))


@require_GET
@staff
def deck(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/decks/<id>/`: the deck itself."""
    file = _found(Deck.objects.select_related("file"), request, pk).file
    return file_answer(request, file.digest, file.name, file.media_type)


@require_POST
@require(WINS)
def deck_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it away."""
    row = _found(Deck.objects.select_related("lead"), request, pk)
    url = row.lead.get_absolute_url()
    return do(request, url, lambda: proposals.remove_deck(row, by=request.actor), "The deck is gone.")


def _uploaded(
    request: StaffRequest, lead: Lead, url: str, attach: Callable[[str, bytes], object]
) -> HttpResponse:
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            attach(sent.name, sent.read(LARGEST + 1))
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            return toast(request, redirect(lead.get_absolute_url()), f"“{sent.name}” is kept.")
    context = {"form": form, "lead": lead, "url": url}
    status = 422 if form.errors else 200
    return render(request, "web/newbusiness/upload.html", context, status=status)


def _asked(
    request: StaffRequest,
    lead: Lead,
    form: Any,
    act: Callable[..., None],
    said: str,
    part: str,
    heading: str,
    button: str,
) -> HttpResponse:
    """A form about a lead, in the dialog or on a page of its own."""
    if request.method == "POST" and carried_out(form, act):
        return toast(request, gone_to(request, lead.get_absolute_url()), said)
    url = f"{lead.get_absolute_url()}{part}/"
    return asked(request, ASK, form, url=url, heading=heading, lead=lead, button=button)


def _on_proposal(request: StaffRequest, pk: int, verb: Callable[..., Proposal], said: str) -> HttpResponse:
    row = _proposal(request, pk)
    return do(request, row.lead.get_absolute_url(), lambda: verb(row, by=request.actor), said)


def _proposal(request: StaffRequest, pk: int) -> Proposal:
    row: Proposal = _found(Proposal.objects.select_related("lead__client", "file"), request, pk)
    return row


def _found(rows: Any, request: StaffRequest, pk: int) -> Any:
    row = rows.visible_to(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404("It is not there, or belongs to a lead you are not named on.")
    return row
