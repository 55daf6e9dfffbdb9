"""Forms for clients: sending, following, reading and taking over (O1, O2)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.core.refusals import Refusal
from steadyhand.core.serving import file_answer
from steadyhand.desk import onboarding_forms as desk
from steadyhand.onboarding.forms import returning, sending
from steadyhand.onboarding.forms import taking_over as taking
from steadyhand.onboarding.forms.letter import bring_form
from steadyhand.onboarding.models import SentForm
from steadyhand.people.roles import Capability as C
from steadyhand.playbook.form_questions import Form, Readers
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.answers import do
from steadyhand.web.views.clients import found as client_found
from steadyhand.web.views.clients import tabs

SENDS = (C.KEEP_PROMISES, C.SEE_FINANCE)


@require_GET
@staff
def index(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/forms/`: what is out, what came back, what they told us."""
    client = client_found(request, ref)
    context = {
        "client": client,
        "page": desk.forms_of(client, request.actor),
        "may_send": _may_send(request, client),
        "tabs": tabs(client, "Forms"),
    }
    return render(request, "web/onboarding/forms/index.html", context)


@require_http_methods(["GET", "POST"])
@require(*SENDS)
def new(request: StaffRequest, ref: str, form: str) -> HttpResponse:
    """`/clients/<ref>/forms/new/<key>/`: whom it goes to, and what stands in it already; POST makes it."""
    client = client_found(request, ref)
    try:
        _, asked = sending.form_of(form)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
    if request.method == "GET":
        return _new_page(request, client, asked)
    try:
        sent = sending.send_form(
            client,
            form,
            to=_contact(request, client),
            by=request.actor,
            filled_in=request.POST.getlist("known"),
        )
        return _bring(request, sent)
    except Refusal as refusal:
        return _new_page(request, client, asked, str(refusal), 422)


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/forms/<id>/`: how far it is, and the answers for whoever may read them."""
    sent = _found(request, pk)
    context = {
        "sent": sent,
        "page": desk.form_page(sent, request.actor),
        "may_send": _may_send(request, sent.client, sent.readers),
        "contacts": _reachable(sent.client),
        "here": f"/forms/{pk}/",
        "looking": f"{sent.client.get_absolute_url()}contacts/{sent.contact_id}/looking/",
    }
    return render(request, "web/onboarding/forms/show.html", context)


@require_http_methods(["GET", "POST"])
@staff
def taking_over(request: StaffRequest, pk: int) -> HttpResponse:
    """`/forms/<id>/taking-over/`: what the answers would change, beside what we know; POST takes it over."""
    sent = _found(request, pk)
    demand(request, C.SEE_FINANCE if sent.is_finance else C.EDIT_CLIENTS)
    if request.method == "GET":
        return _proposals(request, sent)
    try:
        taking.take_over(sent, request.POST.getlist("take"), by=request.actor)
    except NotYours:
        raise
    except Refusal as refusal:
        return _proposals(request, sent, str(refusal), request.POST.getlist("take"), 422)
    return toast(request, redirect(f"/forms/{pk}/"), f"“{sent.title}” is on the record.")


@require_POST
@require(*SENDS)
def link(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /forms/<id>/link/`: a fresh link, to whoever has it or to somebody else (`to`)."""
    sent = _found(request, pk)
    to = _contact(request, sent.client) if request.POST.get("to") else None
    return _bring(request, sending.send_form_again(sent, by=request.actor, to=to))


@require_POST
@require(*SENDS)
def renewal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /forms/<id>/renewal/`: ask the questions of the version in force."""
    sent = _found(request, pk)
    said = "It asks the questions of the playbook in force. Nothing they wrote is lost."
    return do(request, f"/forms/{pk}/", lambda: sending.renew_form(sent, by=request.actor), said)


@require_POST
@require(*SENDS)
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /forms/<id>/reopening/`: let the client write in it again."""
    sent = _found(request, pk)
    said = f"{sent.client.name} can write in it again."
    return do(request, f"/forms/{pk}/", lambda: returning.reopen_form(sent, by=request.actor), said)


@require_POST
@require(*SENDS)
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /forms/<id>/withdrawal/`: it is not needed after all."""
    sent = _found(request, pk)
    said = f"“{sent.title}” opens for nobody any more."
    return do(request, f"/forms/{pk}/", lambda: sending.withdraw_form(sent, by=request.actor), said)


@require_GET
@staff
def file(request: StaffRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """`/forms/<id>/files/<id>/`: a file that came with an answer."""
    sent = _found(request, pk)
    added = sent.files.select_related("file").filter(pk=file_pk).first()
    if added is None or not sent.is_readable_by(request.actor):
        raise Http404("There is no such file.")
    return file_answer(request, added.file.digest, added.file.name, added.file.media_type)


def _found(request: StaffRequest, pk: int) -> SentForm:
    sent = SentForm.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if sent is None:
        raise Http404("There is no such form, or you are not on that client's account team.")
    return sent


def _may_send(request: StaffRequest, client: Client, readers: str = Readers.FINANCE) -> bool:
    """Whether they may send one at all (of finance's, where `readers` says nothing else)."""
    is_finances = readers == Readers.FINANCE and request.actor.may(C.SEE_FINANCE)
    return may_act_for(client.pk, request.actor) or is_finances


def _contact(request: StaffRequest, client: Client) -> Contact:
    number = request.POST.get("to", "")
    found = _reachable(client).filter(pk=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise Refusal("Choose who fills it in.", remedy="Somebody with an e-mail address.", field="to")
    return found


def _reachable(client: Client) -> QuerySet[Contact]:
    return client.contacts.filter(left_on=None).exclude(email="")


def _bring(request: StaffRequest, sent: SentForm) -> HttpResponse:
    """To the letter that brings the link; where it left by itself, to the form."""
    letter = bring_form(sent, by=request.actor, member=request.member)
    who = sent.contact.name if sent.contact else sent.client.name
    if letter is None:
        return toast(request, redirect(f"/forms/{sent.pk}/"), f"{who} gets the link by mail.")
    return toast(request, redirect(f"/messages/{letter.pk}/"), f"The link stands in this draft to {who}.")


def _new_page(
    request: StaffRequest, client: Client, form: Form, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "client": client,
        "form": form,
        "known": desk.filled_in_already(client, form, request.actor),
        "chosen": request.POST.getlist("known") if request.method == "POST" else None,
        "contacts": _reachable(client),
        "to": request.POST.get("to", ""),
        "refused": refused,
    }
    return render(request, "web/onboarding/forms/new.html", context, status=status)


def _proposals(
    request: StaffRequest,
    sent: SentForm,
    refused: str = "",
    chosen: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = taking.proposals(sent, by=request.actor)
    context = {
        "sent": sent,
        "page": desk.form_page(sent, request.actor),
        "new": [one for one in found if one.is_new],
        "different": [one for one in found if not one.is_new and not one.is_same],
        "same": [one for one in found if one.is_same],
        "refused": refused,
        "chosen": chosen,
    }
    return render(request, "web/onboarding/forms/taking_over.html", context, status=status)
