"""Both kickoffs on one page: what our own people hear first, then what the client tells us (O4, O5)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from steadyhand.clients import team as teams
from steadyhand.clients.models import Contact, Position
from steadyhand.commitments.keeping import may_act_for
from steadyhand.desk.handovers import kickoff_page
from steadyhand.onboarding import kickoffs as verbs
from steadyhand.onboarding.loads import loads_of
from steadyhand.onboarding.models import Handover, PitchPromise
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.context import exists
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.handover import PitchPromiseForm, ReasonForm, TeamForm, WaysForm
from steadyhand.web.views.handover import found

KEEPS = Capability.KEEP_PROMISES


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/kickoff/`."""
    return _page(request, found(request, ref))


@require_POST
@require(KEEPS)
def promises(request: StaffRequest, ref: str) -> HttpResponse:
    """Something the pitch promised."""
    row = found(request, ref)
    form = PitchPromiseForm(request.POST, auto_id="pitch_%s")
    made: list[PitchPromise] = []

    def act(text: str) -> None:
        made.append(verbs.note_pitch_promise(row, text, by=request.actor))

    if carried_out(form, act):
        undo = f"{_here(row)}promises/{made[0].pk}/removal/"
        return toast(request, redirect(_here(row)), f"Noted: “{made[0].text}”.", undo=undo)
    return _page(request, row, promise_form=form)


@require_POST
@require(KEEPS)
def promise_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Nobody promised that."""
    row = found(request, ref)
    promise = PitchPromise.objects.filter(client=row.client, pk=pk).select_related("handover").first()
    if promise is None:
        raise Http404("Nothing of that kind was noted.")
    return do(request, _here(row), lambda: verbs.drop_pitch_promise(promise, by=request.actor), "Taken back.")


@require_POST
@require(Capability.MANAGE_ACCOUNT_TEAMS)
def team(request: StaffRequest, ref: str) -> HttpResponse:
    """Somebody else works on this client."""
    row = found(request, ref)
    form = TeamForm(request.POST, loads=loads_of(Member.objects.visible_to(request.actor).here()))

    def act(member: Member, position: str) -> None:
        teams.assign(row.client, member, Position(position), by=request.actor)

    if carried_out(form, act):
        return toast(request, redirect(f"{_here(row)}#team"), "They are on the team.")
    return _page(request, row, team_form=form)


@require_POST
@require(KEEPS)
def waiver(request: StaffRequest, ref: str) -> HttpResponse:
    """The client may be met first, and why."""
    row = found(request, ref)
    form = ReasonForm(request.POST, auto_id="waiver_%s")

    def act(reason: str) -> None:
        verbs.waive_internal_kickoff(row, by=request.actor, reason=reason)

    if carried_out(form, act):
        undo = f"{_here(row)}waiver/removal/"
        return toast(request, redirect(_here(row)), "The client may be met first.", undo=undo)
    return _page(request, row, waiver_form=form)


@require_POST
@require(KEEPS)
def waiver_removal(request: StaffRequest, ref: str) -> HttpResponse:
    """Our own people hear first again."""
    row = found(request, ref)
    said = "The internal kickoff comes first again."
    return do(request, _here(row), lambda: verbs.unwaive_internal_kickoff(row, by=request.actor), said)


@require_POST
@require(KEEPS)
def ways(request: StaffRequest, ref: str) -> HttpResponse:
    """How they like to be dealt with."""
    row = found(request, ref)
    form = WaysForm(request.POST, client=row.client)

    def act(contact: Contact, **said: str) -> None:
        verbs.note_ways(contact, said, by=request.actor)

    if carried_out(form, act):
        return toast(request, redirect(f"{_here(row)}#ways"), "Kept with what we know of them.")
    return _page(request, row, ways_form=form)


def _here(row: Handover) -> str:
    return f"{row.client.get_absolute_url()}kickoff/"


def _page(
    request: StaffRequest,
    row: Handover,
    *,
    promise_form: PitchPromiseForm | None = None,
    team_form: TeamForm | None = None,
    waiver_form: ReasonForm | None = None,
    ways_form: WaysForm | None = None,
) -> HttpResponse:
    refused = promise_form or team_form or waiver_form or ways_form
    may_act = request.actor.may(KEEPS) and may_act_for(row.client_id, request.actor)
    may_assign = may_act and request.actor.may(Capability.MANAGE_ACCOUNT_TEAMS)
    loads = loads_of(Member.objects.visible_to(request.actor).here()) if may_assign else {}
    context = {
        "client": row.client,
        "handover": row,
        "page": kickoff_page(row),
        "promise_form": promise_form or PitchPromiseForm(auto_id="pitch_%s"),
        "team_form": team_form or TeamForm(loads=loads),
        "waiver_form": waiver_form or ReasonForm(auto_id="waiver_%s"),
        "ways_form": ways_form or WaysForm(client=row.client, initial={"contact": row.contact_id}),
        "opened": "team" if team_form else "waiver" if waiver_form else "ways" if ways_form else "",
        "may_act": may_act,
        "asks_timelines": may_act and exists("/timelines/new/"),
        "may_assign": may_assign,
        "here": _here(row),
    }
    return render(request, "web/onboarding/kickoff.html", context, status=422 if refused else 200)
