"""Account teams: who is put on the team of one client or of many, and taken off it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from steadyhand.clients import team
from steadyhand.clients.models import Assignment, Client, Position, Stage
from steadyhand.core.refusals import Refusal
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms.clients import PlaceForm
from steadyhand.web.views.clients import LIST, MOST_AT_ONCE, found, listed, undo_address


@require_POST
@require(C.MANAGE_ACCOUNT_TEAMS)
def places(request: StaffRequest) -> HttpResponse:
    """`/clients/team/`: put somebody on the teams of all the clients picked, in one batch."""
    picked = [pk for pk in request.POST.getlist("pick") if pk.isdigit()][:MOST_AT_ONCE]
    back = redirect(listed(request.POST.get("query", "")))
    form = PlaceForm(request.POST)
    if not picked:
        raise Refusal("No client is picked.", remedy="Tick the clients first, then say who takes them.")
    if not form.is_valid():
        raise Refusal("Nobody is chosen.", remedy="Choose who takes them, and as what.")
    member, position = form.cleaned_data["member"], Position(form.cleaned_data["position"])
    batch = uuid4()
    chosen = Client.objects.in_full(request.actor).filter(pk__in=picked, stage=Stage.LIVE).order_by("name")
    clients = list(chosen)
    with transaction.atomic():
        for client in clients:
            team.assign(client, member, position, by=request.actor, batch=batch)
    said = _said_of(clients, member, position)
    if len(clients) < len(picked):
        said += f" {len(picked) - len(clients)} could not be changed: they have ended or are not yours."
    return toast(request, back, said, undo=f"{LIST}team/undoing/{batch}/")


def _said_of(clients: list[Client], member: Member, position: Position) -> str:
    verb = {Position.LEAD: "leads", Position.SPONSOR: "sponsors"}.get(position, f"is {position.label} of")
    whom = clients[0].name if len(clients) == 1 else f"{len(clients)} clients"
    return f"{member.name} now {verb} {whom}."


@require_POST
@require(C.MANAGE_ACCOUNT_TEAMS)
def places_undoing(request: StaffRequest, batch: UUID) -> HttpResponse:
    """Take a bulk change of teams back."""
    count = team.take_back(batch, by=request.actor)
    back = redirect(request.headers.get("Referer") or LIST)
    return toast(request, back, f"Taken back for {count} client{'' if count == 1 else 's'}.")


@require_POST
@staff
def place(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/team/`: put somebody on the account team."""
    client = found(request, ref, C.MANAGE_ACCOUNT_TEAMS)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise Refusal("Nobody is chosen.", remedy="Choose somebody, and what they are to this client.")
    member, position = form.cleaned_data["member"], Position(form.cleaned_data["position"])
    batch = uuid4()
    team.assign(client, member, position, by=request.actor, batch=batch)
    back = redirect(client.get_absolute_url())
    return toast(request, back, _said_of([client], member, position), undo=undo_address(client, batch))


@require_POST
@staff
def place_removal(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Take somebody off the account team."""
    client = found(request, ref, C.MANAGE_ACCOUNT_TEAMS)
    running = Assignment.objects.filter(client=client, until=None).select_related("member")
    assignment = running.filter(pk=pk).first()
    if assignment is None:
        raise Refusal("They are not on this account team any more.", remedy="Reload the page.")
    batch = uuid4()
    team.unassign(assignment, by=request.actor, batch=batch)
    said = f"{assignment.member.name} is no longer {assignment.get_position_display()} of {client.name}."
    return toast(request, redirect(client.get_absolute_url()), said, undo=undo_address(client, batch))
