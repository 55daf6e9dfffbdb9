"""A client's plan: reading it, agreeing days and times, departing from the playbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.clients import plans
from steadyhand.clients.models import Client, Engagement, Stage
from steadyhand.commitments import agreeing
from steadyhand.core.recurrence import Cadence
from steadyhand.core.refusals import Conflict, Refusal
from steadyhand.desk.plan_page import Line, PlanPage, plan_page
from steadyhand.people.roles import Capability as C
from steadyhand.playbook.rules import RULES
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.plans import REPEATING, AdditionForm, DepartureForm, TimeForm
from steadyhand.web.views.clients import found, permissions, tabs, undo_address

#: What a bespoke plan is usually made of, in the order it is talked through.
BESPOKE = (
    "call",
    "report",
    "dashboard",
    "review",
    "sponsor-call",
    "survey",
    "entertainment",
    "upsell-review",
)


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/plan/`: the plan; `?for=client` is the one to print for them."""
    client = found(request, ref)
    if request.GET.get("for") == "client":
        page = plan_page(client, for_client=True)
        return render(request, "web/clients/plan_for_client.html", {"client": client, "page": page})
    return _page(request, client)


def _page(
    request: StaffRequest,
    client: Client,
    *,
    wrong: tuple[str, forms.Form] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The plan with its forms; `wrong` is the one that was refused, by its place on the page."""
    page = plan_page(client)
    times, departures = {}, {}
    for section in page.sections:
        for line in section.lines:
            if line.engagement is None:
                continue
            if (line.has_time or line.has_weekday) and not line.is_gone:
                times[line.anchor] = TimeForm.of(line)
            if line.may_depart:
                departures[line.anchor] = DepartureForm.of(line)
    additions = {pk: AdditionForm(rules) for pk, rules in page.addable.items() if rules}
    opened = ""
    if wrong is not None:
        opened, form = wrong
        place, _, kind = opened.partition(":")
        if kind == "time":
            times[place] = form  # type: ignore[assignment]
        elif kind == "departure":
            departures[place] = form  # type: ignore[assignment]
        elif kind == "addition":
            additions[int(place)] = form  # type: ignore[assignment]
    context = {
        "client": client,
        # a refused form is answered at its own address, so relative ones would lead astray
        "here": f"{client.get_absolute_url()}plan/",
        "adding": f"{client.get_absolute_url()}engagements/new/",
        "page": page,
        "tabs": tabs(client, "Plan"),
        "times": times,
        "departures": departures,
        "additions": additions,
        "opened": opened,
        "refusal": refusal,
        "bespoke_rules": [(key, RULES[key].noun.capitalize(), RULES[key].once) for key in BESPOKE],
        "repeating": REPEATING,
        "posted": request.POST,
        **permissions(request),
    }
    return render(request, "web/clients/plan.html", context, status=422 if wrong or refusal else 200)


@require_POST
@staff
def time(request: StaffRequest, ref: str, pk: int, rule: str) -> HttpResponse:
    """`/clients/<ref>/plan/<engagement>/times/<rule>/`: settle on a day and time, or on none."""
    client, engagement = _agreed_by(request, ref, pk)
    line = _line(plan_page(client), pk, rule)
    form = TimeForm.of(line, request.POST)
    batch = uuid4()

    def agree(values: dict[str, Any]) -> None:
        agreeing.agree_time(
            engagement, rule, by=request.actor, revision=_revision(request), batch=batch, **values
        )

    said = f"{line.title}: the day and time are kept."
    return _carry_out(request, client, line, form, "time", agree, said, undo_address(client, batch))


@require_POST
@staff
def departure(request: StaffRequest, ref: str, pk: int, rule: str) -> HttpResponse:
    """`/clients/<ref>/plan/<engagement>/departures/<rule>/`: something else than the playbook says."""
    client, engagement = _agreed_by(request, ref, pk)
    line = _line(plan_page(client), pk, rule)
    form = DepartureForm.of(line, request.POST)
    batch = uuid4()

    def depart(values: dict[str, Any]) -> None:
        agreeing.depart(
            engagement, rule, by=request.actor, revision=_revision(request), batch=batch, **values
        )

    said = f"{line.title}: {client.name} departs from the playbook."
    return _carry_out(request, client, line, form, "departure", depart, said, undo_address(client, batch))


@require_POST
@staff
def return_to_playbook(request: StaffRequest, ref: str, pk: int, rule: str) -> HttpResponse:
    """Take a departure back: the playbook's rule holds again."""
    client, engagement = _agreed_by(request, ref, pk)
    batch = uuid4()
    try:
        plans.return_to_playbook(engagement, rule, by=request.actor, revision=_revision(request), batch=batch)
    except Conflict as conflict:
        line = _line(plan_page(client), pk, rule)
        return _conflict(request, client, line, conflict, [("Departure", "none: as the playbook says")])
    noun = RULES[rule].noun if rule in RULES else rule
    back = redirect(f"{client.get_absolute_url()}plan/")
    return toast(request, back, f"The {noun} follows the playbook again.", undo=undo_address(client, batch))


@require_POST
@staff
def departures(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """`/clients/<ref>/plan/<engagement>/departures/`: add what the playbook does not give this client."""
    client, engagement = _agreed_by(request, ref, pk)
    rules = plan_page(client).addable.get(pk, [])
    form = AdditionForm(rules, request.POST)
    if form.is_valid():
        batch = uuid4()
        values = form.cleaned_data
        if RULES[values["rule"]].once:
            values["cadence"] = Cadence.ONCE
        try:
            agreeing.depart(engagement, by=request.actor, revision=_revision(request), batch=batch, **values)
        except Conflict as conflict:
            wanted = [("Added", RULES[values["rule"]].noun), ("How often", str(values["cadence"]))]
            return _conflict(request, client, None, conflict, wanted)
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            said = f"The {RULES[values['rule']].noun} is part of this plan."
            back = redirect(f"{client.get_absolute_url()}plan/")
            return toast(request, back, said, undo=undo_address(client, batch))
    return _page(request, client, wrong=(f"{pk}:addition", form))


@require_POST
@staff
def bespoke(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/plan/bespoke/`: the plan of a client above the top band, agreed as a whole."""
    client = found(request, ref, C.AGREE_PLANS)
    engagement = plan_page(client).bespoke
    if engagement is None:
        raise Refusal("This plan needs no agreeing as a whole.", remedy="Change its lines one by one.")
    lines = []
    for rule in BESPOKE:
        cadence = request.POST.get(f"{rule}-cadence", "")
        minutes = request.POST.get(f"{rule}-minutes", "").strip()
        if cadence:
            lines.append(agreeing.Line(rule, cadence, int(minutes) if minutes.isdigit() else None))
    reason = request.POST.get("reason", "").strip() or "Agreed with the client"
    try:
        agreeing.agree_bespoke(
            engagement, lines, by=request.actor, reason=reason, revision=_revision(request)
        )
    except Conflict as conflict:
        wanted = [(RULES[line.rule].noun.capitalize(), line.cadence) for line in lines]
        return _conflict(request, client, None, conflict, wanted)
    except Refusal as refusal:
        return _page(request, client, refusal=refusal)
    back = redirect(f"{client.get_absolute_url()}plan/")
    return toast(request, back, f"The plan of {client.name} is agreed and planned.")


def _carry_out(
    request: StaffRequest,
    client: Client,
    line: Line,
    form: forms.Form,
    kind: str,
    act: Callable[[dict[str, Any]], None],
    said: str,
    undo: str,
) -> HttpResponse:
    """Do it and go back; a refusal is shown in the form, a conflict with both sides."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Conflict as conflict:
            return _conflict(request, client, line, conflict, _words_of(form))
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            back = redirect(f"{client.get_absolute_url()}plan/#{line.anchor}")
            return toast(request, back, said, undo=undo)
    return _page(request, client, wrong=(f"{line.anchor}:{kind}", form))


def _words_of(form: forms.Form) -> list[tuple[str, str]]:
    """What somebody entered, as they read it on the form."""
    words = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        choices = dict(getattr(field, "choices", []))
        said = choices.get(str(value), value) if value is not None else ""
        words.append((str(form[name].label), str(said) if said not in ("", None) else "nothing"))
    return words


def _conflict(
    request: StaffRequest,
    client: Client,
    line: Line | None,
    conflict: Conflict,
    wanted: list[tuple[str, str]],
) -> HttpResponse:
    """Both sides: what was entered, and the plan as somebody else has made it meanwhile."""
    client.refresh_from_db()
    page = plan_page(client)
    now = page.line(line.engagement.pk, line.rule) if line and line.engagement else None
    context = {
        "client": client,
        "conflict": conflict,
        "wanted": wanted,
        "page": page,
        "now": now,
        "title": line.title if line else "The plan",
        "again": [
            (name, value)
            for name, value in request.POST.items()
            if name not in {"csrfmiddlewaretoken", "revision"}
        ],
        "address": request.path,
    }
    return render(request, "web/clients/plan_conflict.html", context, status=409)


def _agreed_by(request: StaffRequest, ref: str, pk: int) -> tuple[Client, Engagement]:
    client = found(request, ref, C.AGREE_PLANS)
    if client.stage != Stage.LIVE:
        raise Refusal(f"{client.name} is not a live client.", remedy="There is no plan to agree.")
    engagement = client.engagements.select_related("client").filter(pk=pk).first()
    if engagement is None:
        raise Http404("There is no such engagement.")
    return client, engagement


def _line(page: PlanPage, pk: int, rule: str) -> Line:
    line = page.line(pk, rule)
    if line is None:
        noun = RULES[rule].noun if rule in RULES else rule
        raise Refusal(f"There is no {noun} in this plan any more.", remedy="Look at the plan as it is now.")
    return line


def _revision(request: StaffRequest) -> int | None:
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdigit() else None
