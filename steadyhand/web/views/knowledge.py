"""What we know about a client: the page, and noting, correcting and taking away what stands on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from steadyhand.clients import discovery, expectations, personal, working
from steadyhand.clients.models import (
    Client,
    Contact,
    DetailKind,
    Knowledge,
    PersonalDetail,
    WorkingKind,
    WorkingNote,
)
from steadyhand.core.refusals import Refusal
from steadyhand.desk import knowledge as desk
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.knowledge import AnswerForm, DetailForm, SaidForm, WorkingForm
from steadyhand.web.sheets import asked, in_sheet
from steadyhand.web.views.clients import found, permissions, tabs

LABEL = "What we know"

#: The parts of the page that read themselves again, by the id they have on it.
PARTS: dict[str, Callable[[Client, StaffRequest], dict[str, Any]]] = {
    "people": lambda client, request: people_part(client, request, only=_only(client, request)),
    "discovery": lambda client, request: {"asked": desk.discovery(client)},
    "expectations": lambda client, request: {"to_say": desk.to_say(client)},
}


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/knowledge/`: everything we know; one part of it where htmx asks for that."""
    client = found(request, ref)
    target = request.headers.get("HX-Target", "")
    context: dict[str, Any] = {"client": client, "tabs": tabs(client, LABEL), **permissions(request)}
    context["may_note"] = request.actor.may(C.KEEP_PROMISES) and _in_full(request, client)
    context["contacts"] = list(client.contacts.filter(left_on=None)[: desk.MOST_CONTACTS])
    parts = {target: PARTS[target]} if target in PARTS else PARTS
    for compose in parts.values():
        context |= compose(client, request)
    if target not in PARTS:
        context["sector"] = desk.sector(client)
    page = "web/clients/knowledge.html"
    answer = render(request, f"{page}#{target}" if target in PARTS else page, context)
    patch_vary_headers(answer, ["HX-Request", "HX-Target"])
    return answer


def people_part(client: Client, request: StaffRequest, *, only: Contact | None = None) -> dict[str, Any]:
    """What the list of people needs, or the card of one."""
    sees = personal.keeps_details(client.pk, request.actor)
    return {
        "people": desk.people(client, request.actor, only=only),
        "sees_details": sees,
        "team": [] if sees else desk.team_names(client),
        "levels": Knowledge.choices,
        "working_kinds": WorkingKind.choices,
    }


def _only(client: Client, request: StaffRequest) -> Contact | None:
    """The one person that a contact's own page asks for."""
    pk = request.GET.get("contact", "")
    return contact_of(client, int(pk)) if pk.isdigit() else None


def _in_full(request: StaffRequest, client: Client) -> bool:
    return Client.objects.in_full(request.actor).filter(pk=client.pk).exists()


# --- personal details


@require_http_methods(["GET", "POST"])
@staff
def note(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/contacts/<pk>/personal/?kind=`: note a personal detail."""
    client = found(request, ref, C.KEEP_PROMISES)
    personal.demand_team(client, request.actor)
    contact = contact_of(client, pk)
    kind = _detail_kind(request)
    form = DetailForm(kind, request.POST if request.method == "POST" else None)
    context = {"client": client, "contact": contact, "kind": kind, "here": request.path}
    if request.method == "POST":
        made: list[PersonalDetail] = []
        if carried_out(
            form,
            lambda **values: made.append(personal.note_detail(contact, kind, by=request.actor, **values)),
        ):
            undo = f"{client.get_absolute_url()}personal/{made[0].pk}/retirement/"
            if made[0].corrects_id:
                undo = f"{client.get_absolute_url()}personal/{made[0].corrects_id}/restoration/"
            return _done(request, client, "people", f"Noted about {contact.name}.", undo)
    return asked(request, "web/clients/personal.html", form, **context)


@require_http_methods(["GET", "POST"])
@staff
def correct(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/personal/<pk>/`: say a personal detail better."""
    client = found(request, ref, C.KEEP_PROMISES)
    detail = _detail(request, client, pk)
    kind = DetailKind(detail.kind)
    form = DetailForm(kind, request.POST if request.method == "POST" else None, of=detail)
    if request.method == "POST" and carried_out(
        form, lambda **values: personal.correct_detail(detail, by=request.actor, **values)
    ):
        undo = f"{client.get_absolute_url()}personal/{pk}/restoration/" if form.has_changed() else ""
        return _done(request, client, "people", f"Corrected: {kind.label.lower()}.", undo)
    context = {"client": client, "contact": detail.contact, "kind": kind, "detail": detail}
    return asked(request, "web/clients/personal.html", form, here=request.path, **context)


@require_POST
@staff
def retire(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It does not hold any more."""
    client = found(request, ref, C.KEEP_PROMISES)
    detail = personal.retire_detail(_detail(request, client, pk), by=request.actor)
    undo = f"{client.get_absolute_url()}personal/{pk}/restoration/"
    return _done(request, client, "people", f"Taken away: {detail.get_kind_display().lower()}.", undo)


@require_POST
@staff
def restore(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It holds after all."""
    client = found(request, ref, C.KEEP_PROMISES)
    personal.restore_detail(_detail(request, client, pk), by=request.actor)
    return _done(request, client, "people", "It stands as it was.")


def _detail_kind(request: StaffRequest) -> DetailKind:
    data = request.POST if request.method == "POST" else request.GET
    named = data.get("kind", "")
    return DetailKind(named) if named in DetailKind.values else DetailKind.OTHER


def _detail(request: StaffRequest, client: Client, pk: int) -> PersonalDetail:
    personal.demand_team(client, request.actor)
    rows = PersonalDetail.objects.visible_to(request.actor).filter(contact__client=client)
    detail = rows.select_related("contact").filter(pk=pk).first()
    if detail is None:
        raise Http404("There is no such detail.")
    return detail


# --- how to work with them


@require_POST
@staff
def judge(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/contacts/<pk>/marketing/`: how much marketing they know; an empty `level`: no view."""
    client = found(request, ref, C.KEEP_PROMISES)
    contact = contact_of(client, pk)
    before = contact.marketing_knowledge.standing().values_list("level", flat=True).first() or ""
    level = request.POST.get("level", request.GET.get("level", ""))
    working.judge_knowledge(contact, level, by=request.actor)
    said = f"{contact.name}: {Knowledge(level).label.lower() if level else 'no view any more'}."
    undo = f"{request.path}?level={before}"
    return _done(request, client, "people", said, undo if "level" in request.POST else "")


@require_http_methods(["GET", "POST"])
@staff
def note_working(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/contacts/<pk>/working/?kind=`: note how to work with somebody."""
    client = found(request, ref, C.KEEP_PROMISES)
    contact = contact_of(client, pk)
    data = request.POST if request.method == "POST" else request.GET
    named = data.get("kind", "")
    kind = WorkingKind(named) if named in WorkingKind.values else WorkingKind.CARES_FOR
    form = WorkingForm(kind, request.POST if request.method == "POST" else None)
    made: list[WorkingNote] = []
    if request.method == "POST" and carried_out(
        form,
        lambda **values: made.append(working.note_working(contact, kind, by=request.actor, **values)),
    ):
        undo = f"{client.get_absolute_url()}working/{made[0].pk}/retirement/"
        return _done(request, client, "people", f"Noted on working with {contact.name}.", undo)
    context = {"client": client, "contact": contact, "kind": kind, "here": request.path}
    return asked(request, "web/clients/working.html", form, **context)


@require_POST
@staff
def retire_working(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The note does not hold any more."""
    client = found(request, ref, C.KEEP_PROMISES)
    working.retire_working(_working(client, pk), by=request.actor)
    undo = f"{client.get_absolute_url()}working/{pk}/restoration/"
    return _done(request, client, "people", "The note is taken away.", undo)


@require_POST
@staff
def restore_working(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The note holds after all."""
    client = found(request, ref, C.KEEP_PROMISES)
    working.restore_working(_working(client, pk), by=request.actor)
    return _done(request, client, "people", "It stands as it was.")


def _working(client: Client, pk: int) -> WorkingNote:
    rows = WorkingNote.objects.filter(contact__client=client).select_related("contact")
    note = rows.filter(pk=pk).first()
    if note is None:
        raise Http404("There is no such note.")
    return note


# --- discovery and expectations


@require_POST
@staff
def answer(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/discovery/`: keep what they answered to a question of the bank."""
    client = found(request, ref, C.KEEP_PROMISES)
    form = AnswerForm(client, request.POST)
    if not form.is_valid():
        raise Refusal("That is not a question of ours, or nobody there.", remedy="Reload the page.")
    values = form.cleaned_data
    row = discovery.answer_question(
        client, values["question"], values["answer"], by=request.actor, contact=values["contact"]
    )
    undo = f"{client.get_absolute_url()}discovery/{row.pk}/removal/"
    return _done(request, client, "discovery", "Their answer is kept.", undo, at=row.question_key)


@require_POST
@staff
def take_back_answer(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """They did not say so."""
    client = found(request, ref, C.KEEP_PROMISES)
    row = client.discovery.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such answer.")
    discovery.take_back_answer(row, by=request.actor)
    return _done(request, client, "discovery", "The answer is taken back.", at=row.question_key)


@require_POST
@staff
def say(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/expectations/`: you have said it to them, now."""
    client = found(request, ref, C.KEEP_PROMISES)
    form = SaidForm(client, request.POST)
    if not form.is_valid():
        raise Refusal("That is not an expectation of ours, or nobody there.", remedy="Reload the page.")
    values = form.cleaned_data
    said = expectations.say_expectation(
        client, values["expectation"], by=request.actor, contact=values["contact"]
    )
    undo = f"{client.get_absolute_url()}expectations/{said.pk}/removal/"
    return _done(request, client, "expectations", "Counted as said today.", undo)


@require_POST
@staff
def unsay(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It was not said after all."""
    client = found(request, ref, C.KEEP_PROMISES)
    said = client.expectations_said.filter(pk=pk).first()
    if said is None:
        raise Http404("That was never said.")
    expectations.take_back_said(said, by=request.actor)
    return _done(request, client, "expectations", "Not counted any more.")


def contact_of(client: Client, pk: int) -> Contact:
    """Somebody at the client; 404 for everybody else."""
    contact = client.contacts.select_related("client").filter(pk=pk).first()
    if contact is None:
        raise Http404("There is no such contact.")
    return contact


def _done(
    request: StaffRequest, client: Client, part: str, said: str, undo: str = "", *, at: str = ""
) -> HttpResponse:
    """Where htmx asked, the part that shows it reads itself again; else the page stands at that part."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        if in_sheet(request):
            trigger_client_event(response, "close-dialog", {})
        trigger_client_event(response, f"know-{part}", {})
    else:
        response = redirect(f"{client.get_absolute_url()}knowledge/#{at or part}")
    return toast(request, response, said, undo=undo)
