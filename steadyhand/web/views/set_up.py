"""Set-up verification: all services that lack something on one page, and each client's own (O6, B10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.clients.models import Client, Engagement
from steadyhand.core.actor import Actor
from steadyhand.delivery import setting_up as verbs
from steadyhand.delivery.models import ServiceSetup, Task
from steadyhand.desk.set_up import Card, Line, set_up_page
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.delivery import ContactForm, SetupForm, TaskForm
from steadyhand.web.views.clients import found, tabs
from steadyhand.web.views.delivery import rooms

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/set-up/?of=mine`: services that are not set up yet; of clients one leads, or of all one sees."""
    mine = request.GET.get("of") == "mine"
    page = set_up_page(request.actor, request.member.zone, member=request.member if mine else None)
    filters = [
        {"label": "Every client", "url": "/set-up/", "current": not mine},
        {"label": "Clients I lead", "url": "/set-up/?of=mine", "current": mine},
    ]
    context = {
        "page": page,
        "rooms": rooms("Set-up"),
        "filters": filters,
        "mine": mine,
        "here": request.get_full_path(),
    }
    return render(request, "web/delivery/set_up.html", context)


@require_GET
@staff
def of_client(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/set-up/`: their services, each with its manager, tasks, start and contacts."""
    return _client_page(request, found(request, ref))


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/set-up/<pk>/`: where this service stands on its client's page."""
    return redirect(f"{_address(_found(request, pk))}#setup-{pk}")


@require_GET
@staff
def of_engagement(request: StaffRequest, pk: int) -> HttpResponse:
    """`/set-up/engagements/<pk>/`: the set-up of the client who bought it."""
    rows = Engagement.objects.visible_to(request.actor).select_related("client")
    engagement = rows.filter(pk=pk).first()
    if engagement is None:
        raise Http404("There is no such engagement, or you are not on that client's account team.")
    return redirect(f"{engagement.client.get_absolute_url()}set-up/")


@require_POST
@require(KEEPS)
def chase_all(request: StaffRequest) -> HttpResponse:
    """`POST /set-up/chasing/`: ask for everything that is missing on the page, in one click."""
    mine = request.POST.get("of") == "mine"
    page = set_up_page(request.actor, request.member.zone, member=request.member if mine else None)
    made = verbs.chase(page.wanted, by=request.actor)
    said = f"Asked for {len(made)}: each is a promise now, due on the next working day."
    back = "/set-up/?of=mine" if mine else "/set-up/"
    return toast(request, redirect(back), said if made else "Everything has been asked for already.")


@require_POST
@require(KEEPS)
def chasing(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /set-up/<pk>/chasing/`: ask for what one service lacks."""
    setup = _found(request, pk)
    back = request.POST.get("next") or _address(setup)
    back = back if back in ("/set-up/", "/set-up/?of=mine") else _address(setup)
    said = f"Asked for what {setup.service.name} of {setup.client.name} lacks."
    return do(request, back, lambda: verbs.chase([setup], by=request.actor), said)


@require_POST
@require(KEEPS)
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /set-up/<pk>/plan/`: who delivers it and when the work begins."""
    setup = _found(request, pk)
    form = SetupForm.of(setup, request.actor, request.POST)

    def act(**values: Any) -> None:
        verbs.plan_setup(setup, by=request.actor, **values)

    return _kept(request, setup, form, act, f"{setup.service.name} is planned.", "plan_form")


@require_POST
@require(KEEPS)
def tasks(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /set-up/<pk>/tasks/`: another task."""
    setup = _found(request, pk)
    form = TaskForm.of(setup, request.POST)

    def act(**values: Any) -> None:
        verbs.add_task(setup, by=request.actor, **values)

    return _kept(request, setup, form, act, "The task is added.", "task_form")


@require_POST
@require(KEEPS)
def contacts(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /set-up/<pk>/contacts/`: what the deliverable manager said."""
    setup = _found(request, pk)
    form = ContactForm.of(setup, request.POST)

    def act(note: str) -> None:
        verbs.log_contact(setup, note, by=request.actor)

    return _kept(request, setup, form, act, "Written down.", "contact_form")


@require_POST
@require(KEEPS)
def confirmation(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /set-up/<pk>/confirmation/`: you looked, and everything is there."""
    setup = _found(request, pk)
    said = f"{setup.service.name} is set up."
    return do(request, _address(setup), lambda: verbs.confirm_setup(setup, by=request.actor), said)


@require_POST
@require(KEEPS)
def confirmation_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It is not set up after all."""
    setup = _found(request, pk)
    said = f"{setup.service.name} is not set up."
    return do(request, _address(setup), lambda: verbs.reopen_setup(setup, by=request.actor), said)


@require_POST
@require(KEEPS)
def task_completion(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /tasks/<pk>/completion/`: it is done."""
    task = _task(request, pk)
    return do(
        request, _address(task), lambda: verbs.finish_task(task, by=request.actor), f"Done: “{task.title}”."
    )


@require_POST
@require(KEEPS)
def task_completion_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It is not done after all."""
    task = _task(request, pk)
    said = f"Not done: “{task.title}”."
    return do(request, _address(task), lambda: verbs.reopen_task(task, by=request.actor), said)


@require_POST
@require(KEEPS)
def task_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """It was written down by mistake."""
    task = _task(request, pk)
    said = f"Taken out: “{task.title}”."
    return do(request, _address(task), lambda: verbs.remove_task(task, by=request.actor), said)


def _kept(
    request: StaffRequest,
    setup: ServiceSetup,
    form: BaseForm,
    act: Callable[..., None],
    said: str,
    which: str,
) -> HttpResponse:
    """Back to the client's page with a sentence, or the page with the form that was refused."""
    if carried_out(form, act):
        return toast(request, redirect(f"{_address(setup)}#setup-{setup.pk}"), said)
    return _client_page(request, setup.client, {(setup.pk, which): form}, status=422)


def _client_page(
    request: StaffRequest,
    client: Client,
    refused: dict[tuple[int, str], BaseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = set_up_page(request.actor, request.member.zone, client=client)
    here = Member.objects.visible_to(request.actor).here()
    colleagues = list(here.values_list("pk", "name")) if page.cards else []
    context = {
        "client": client,
        "tabs": tabs(client, "Delivery"),
        "cards": [(card, _forms(card, request.actor, colleagues, refused or {})) for card in page.cards],
        "has_any": bool(page.cards),
    }
    return render(request, "web/delivery/client_set_up.html", context, status=status)


def _forms(
    card: Card, actor: Actor, colleagues: list[tuple[int, str]], refused: dict[tuple[int, str], BaseForm]
) -> list[tuple[Line, bool, dict[str, BaseForm]]]:
    """Each service with whether one may change it, and its three forms."""
    made = []
    for line in card.lines:
        may = card.may_act or (actor.member_id is not None and line.setup.manager_id == actor.member_id)
        forms: dict[str, BaseForm] = {}
        if may and actor.may(KEEPS):
            forms = {
                "plan_form": SetupForm.of(line.setup, actor, colleagues=colleagues),
                "task_form": TaskForm.of(line.setup),
                "contact_form": ContactForm.of(line.setup),
            }
            forms |= {which: form for (pk, which), form in refused.items() if pk == line.setup.pk}
        made.append((line, bool(forms), forms))
    return made


def _found(request: StaffRequest, pk: int) -> ServiceSetup:
    rows = ServiceSetup.objects.visible_to(request.actor).select_related("client", "service__engagement")
    setup = rows.filter(pk=pk).first()
    if setup is None:
        raise Http404("There is no such service, or you are not on that client's account team.")
    return setup


def _task(request: StaffRequest, pk: int) -> Task:
    task = Task.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if task is None:
        raise Http404("There is no such task, or you are not on that client's account team.")
    return task


def _address(row: ServiceSetup | Task) -> str:
    return f"{row.client.get_absolute_url()}set-up/"
