"""What success is to a client, answers side by side, and the goals agreed with them (O5)."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients.models import Client, Contact
from steadyhand.commitments.keeping import may_act_for
from steadyhand.core import clock
from steadyhand.desk.handovers import success_of
from steadyhand.onboarding import goals as verbs
from steadyhand.onboarding.models import Goal, SuccessWords
from steadyhand.onboarding.smart import Wording
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, demand, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.handover import GoalForm, OutcomeForm, SuccessForm
from steadyhand.web.views.clients import found, tabs

KEEPS = Capability.KEEP_PROMISES


@require_http_methods(["GET", "POST"])
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/goals/`: POST agrees a goal."""
    client = found(request, ref)
    if request.method == "GET":
        return _page(request, client)
    demand(request, KEEPS)
    form = GoalForm(request.POST, auto_id="goal_%s")

    def act(override: str, **parts: object) -> None:
        verbs.set_goal(client, Wording(**parts), by=request.actor, override=override)  # type: ignore[arg-type]

    if carried_out(form, act):
        return toast(request, redirect(_here(client)), "The goal is agreed.")
    return _page(request, client, goal_form=form)


@require_POST
@require(KEEPS)
def success(request: StaffRequest, ref: str) -> HttpResponse:
    """What they said success is."""
    client = found(request, ref)
    form = SuccessForm(request.POST, client=client, auto_id="success_%s")
    made: list[SuccessWords] = []

    def act(words: str, contact: Contact | None, said_on: dt.date) -> None:
        made.append(verbs.hear_success(client, words, by=request.actor, contact=contact, on=said_on))

    if carried_out(form, act):
        undo = f"{_here(client)}success/{made[0].pk}/removal/"
        return toast(request, redirect(_here(client)), "Their words are kept.", undo=undo)
    return _page(request, client, success_form=form)


@require_POST
@require(KEEPS)
def success_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """They did not say that."""
    client = found(request, ref)
    row = SuccessWords.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if row is None:
        raise Http404("Nothing of that kind was written down.")
    return do(request, _here(client), lambda: verbs.unhear_success(row, by=request.actor), "Taken back.")


@require_POST
@require(KEEPS)
def outcome(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """A goal was reached, or missed."""
    client = found(request, ref)
    goal = _goal(request, client, pk)
    form = OutcomeForm(request.POST)

    def act(reached: str, outcome: str) -> None:
        verbs.settle_goal(goal, by=request.actor, reached=reached == "yes", outcome=outcome)

    if carried_out(form, act):
        undo = f"{_here(client)}{pk}/outcome/removal/"
        return toast(request, redirect(_here(client)), "Kept with the goal.", undo=undo)
    return _page(request, client, refused=" ".join(str(e) for errors in form.errors.values() for e in errors))


@require_POST
@require(KEEPS)
def outcome_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It is still to be reached."""
    client = found(request, ref)
    goal = _goal(request, client, pk)
    said = "The goal is open again."
    return do(request, _here(client), lambda: verbs.reopen_goal(goal, by=request.actor), said)


@require_POST
@require(KEEPS)
def removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """It was no goal of theirs."""
    client = found(request, ref)
    goal = _goal(request, client, pk)
    verbs.drop_goal(goal, by=request.actor)
    undo = f"{_here(client)}{pk}/outcome/removal/"
    return toast(request, redirect(_here(client)), "The goal is taken back.", undo=undo)


def _goal(request: StaffRequest, client: Client, pk: int) -> Goal:
    goal = Goal.objects.visible_to(request.actor).filter(client=client, pk=pk).first()
    if goal is None:
        raise Http404("There is no such goal.")
    return goal


def _here(client: Client) -> str:
    return f"{client.get_absolute_url()}goals/"


def _page(
    request: StaffRequest,
    client: Client,
    *,
    goal_form: GoalForm | None = None,
    success_form: SuccessForm | None = None,
    refused: str = "",
) -> HttpResponse:
    today = clock.today(client.zone)
    said = success_of(client)
    new_words = SuccessForm(client=client, auto_id="success_%s", initial={"said_on": today})
    context = {
        "client": client,
        "tabs": tabs(client, "Goals"),
        "said": said,
        "asks_again": verbs.asks_again(client, today),
        "goals": Goal.objects.visible_to(request.actor).standing().filter(client=client),
        "today": today,
        "goal_form": goal_form or GoalForm(auto_id="goal_%s"),
        "success_form": success_form or new_words,
        "outcome_form": OutcomeForm(auto_id=False),
        "opened": "goal" if goal_form else "success" if success_form else "",
        "refused": refused,
        "may_act": request.actor.may(KEEPS) and may_act_for(client.pk, request.actor),
        "here": _here(client),
    }
    wrong = goal_form or success_form or refused
    return render(request, "web/onboarding/goals.html", context, status=422 if wrong else 200)
