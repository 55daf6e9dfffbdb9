"""The people of the agency: who is here, what they do, when they are away, how they join and leave."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients import leaving
from steadyhand.clients.models import Assignment, Position
from steadyhand.core import clock
from steadyhand.people import invitations, members
from steadyhand.people.models import Absence, Member, MemberState
from steadyhand.people.roles import CAPABILITY_WORDS, CATALOGUE, Capability, Role
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.people import AbsenceForm, LeavingForm, NewMemberForm, RoleForm

PEOPLE = "/team/people/"
INVITE: dict[str, str] = {MemberState.NOT_INVITED: "Invite", MemberState.INVITED: "Invite again"}


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """Everybody who is here, or everybody who has left."""
    left = "left" in request.GET
    everybody = Member.objects.visible_to(request.actor)
    shown = everybody.filter(state=MemberState.LEFT) if left else everybody.here()
    tabs = [
        {"label": "Here", "url": PEOPLE, "current": not left},
        {"label": "Left", "url": f"{PEOPLE}?left", "current": left},
    ]
    people = list(shown)
    led = _clients_led()
    away = {absence.member_id: absence for absence in _absences_now(request.member.zone)}
    rows = [
        {
            "member": member,
            "led": led.get(member.pk, 0),
            "away": away.get(member.pk),
            "invite": INVITE.get(member.state, ""),
            "invite_url": f"{PEOPLE}{member.pk}/invitation/",
        }
        for member in people
    ]
    context = {"rows": rows, "tabs": tabs, "left": left, "may_manage": _may_manage(request)}
    return render(request, "web/people/index.html", context)


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_PEOPLE)
def add(request: StaffRequest) -> HttpResponse:
    """Add a colleague, and invite them at once if asked to."""
    form = NewMemberForm(request.POST if request.method == "POST" else None)
    invite = "invite" in request.POST

    def act(**values: str) -> None:
        member = members.add_member(by=request.actor, **values)
        if invite:
            invitations.invite(member, by=request.actor)

    if request.method == "POST" and carried_out(form, act):
        said = f"Added {form.cleaned_data['email']}" + (" and invited them." if invite else ".")
        return toast(request, redirect(PEOPLE), said)
    return render(request, "web/people/add.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One colleague."""
    return _page(request, _member(request, pk))


@require_POST
@require(Capability.MANAGE_PEOPLE)
def role(request: StaffRequest, pk: int) -> HttpResponse:
    """Give somebody another role."""
    member = _member(request, pk)
    form = RoleForm(request.POST)
    if carried_out(form, partial(members.change_role, member, by=request.actor)):
        label = Role(form.cleaned_data["role"]).label.lower()
        return toast(request, redirect(f"{PEOPLE}{pk}/"), f"{member.name} is {label} now.")
    return _page(request, member, role_form=form)


@require_POST
@require(Capability.MANAGE_PEOPLE)
def invitation(request: StaffRequest, pk: int) -> HttpResponse:
    """Send an invitation; an older one stops working."""
    member = _member(request, pk)
    return do(
        request,
        f"{PEOPLE}{pk}/",
        lambda: invitations.invite(member, by=request.actor),
        f"Invitation to {member.email} is on its way. It works for 7 days.",
    )


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_PEOPLE)
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody leaves: say who takes over, then every way in closes at once."""
    member = _member(request, pk)
    led = leaving.clients_led(member)
    form = LeavingForm(member, led > 0, request.POST if request.method == "POST" else None)
    if request.method == "POST" and carried_out(form, partial(leaving.leave, member, by=request.actor)):
        return toast(request, redirect(PEOPLE), f"{member.name} has left and can no longer get in.")
    context = {"person": member, "form": form, "led": led}
    return render(request, "web/people/leave.html", context, status=422 if form.errors else 200)


@require_POST
@require(Capability.MANAGE_PEOPLE)
def come_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody who left works here again."""
    member = _member(request, pk)
    said = f"{member.name} is back. Invite them, so that they can sign in."
    return do(request, f"{PEOPLE}{pk}/", lambda: members.come_back(member, by=request.actor), said)


@require_POST
@staff
def absences(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody will be away: themselves, or whoever manages people, says so."""
    member = _member(request, pk)
    _own_or_manager(request, member)
    form = AbsenceForm(member, request.POST)
    if carried_out(form, partial(members.go_absent, member, by=request.actor)):
        cover = form.cleaned_data["cover"].name
        return toast(request, redirect(f"{PEOPLE}{pk}/"), f"{cover} covers for {member.name}.")
    return _page(request, member, absence_form=form)


@require_POST
@staff
def absence_cancellation(request: StaffRequest, pk: int, absence_pk: int) -> HttpResponse:
    """Somebody is here after all."""
    member = _member(request, pk)
    _own_or_manager(request, member)
    absence = get_object_or_404(Absence, pk=absence_pk, member=member)
    said = f"{member.name} is here after all; what nobody touched comes back to them."
    return do(request, f"{PEOPLE}{pk}/", lambda: members.cancel_absence(absence, by=request.actor), said)


@require_GET
@staff
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do."""
    table = [
        {"words": words, "granted": [capability in granted for granted in CATALOGUE.values()]}
        for capability, words in CAPABILITY_WORDS.items()
    ]
    return render(request, "web/people/roles.html", {"roles": list(CATALOGUE), "table": table})


def _page(
    request: StaffRequest,
    member: Member,
    *,
    role_form: RoleForm | None = None,
    absence_form: AbsenceForm | None = None,
) -> HttpResponse:
    wrong = bool(role_form or absence_form)
    today = clock.today(request.member.zone)
    context = {
        "person": member,
        "is_self": member.pk == request.member.pk,
        "may_manage": _may_manage(request),
        "invite": INVITE.get(member.state, ""),
        "here": f"{PEOPLE}{member.pk}/",
        "may_be_away": member.state != MemberState.LEFT
        and (member.pk == request.member.pk or _may_manage(request)),
        "role_form": role_form or RoleForm(initial={"role": member.role}),
        "absence_form": absence_form or AbsenceForm(member),
        "absences": member.absences.filter(cancelled_at=None, ends_on__gte=today).select_related("cover"),
        "led": leaving.clients_led(member),
        "may_do": [words for c, words in CAPABILITY_WORDS.items() if member.may(c)],
    }
    return render(request, "web/people/show.html", context, status=422 if wrong else 200)


def _member(request: StaffRequest, pk: int) -> Member:
    return get_object_or_404(Member.objects.visible_to(request.actor), pk=pk)


def _may_manage(request: StaffRequest) -> bool:
    return request.actor.may(Capability.MANAGE_PEOPLE)


def _own_or_manager(request: StaffRequest, member: Member) -> None:
    if member.pk != request.member.pk and not _may_manage(request):
        raise PermissionDenied(f"Only {member.name}, or whoever manages people, says when they are away.")


def _clients_led() -> dict[int, int]:
    """How many clients each member leads, in one query."""
    leads = Assignment.objects.filter(until=None, position=Position.LEAD)
    return dict(leads.order_by().values_list("member_id").annotate(clients=Count("pk")))


def _absences_now(zone: str) -> QuerySet[Absence]:
    today = clock.today(zone)
    running = Absence.objects.filter(cancelled_at=None, starts_on__lte=today, ends_on__gte=today)
    return running.select_related("cover")
