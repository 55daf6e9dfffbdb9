"""Running a meeting from a shared screen: point by point, ticks, minutes, actions, the end."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms import actions
from steadyhand.comms.meetings import agenda_items, holding, minutes, team_meetings
from steadyhand.comms.meetings.rights import may_run
from steadyhand.comms.models import Action, AgendaItem, Decision, Meeting
from steadyhand.core.refusals import Refusal
from steadyhand.desk import running as desk
from steadyhand.people import colleagues
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.running import ActionForm, EndForm, NoteForm

KEEPS = Capability.KEEP_PROMISES


@require_GET
@require(KEEPS)
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/run/?point=`: one point at a time."""
    meeting = _found(request, pk)
    if not meeting.is_open:
        return redirect(f"/meetings/{pk}/")
    return _page(request, meeting)


@require_POST
@require(KEEPS)
def beginning(request: StaffRequest, pk: int) -> HttpResponse:
    """The clock runs from now on."""
    meeting = _found(request, pk)
    here = f"/meetings/{pk}/run/"
    return do(request, here, lambda: holding.begin_meeting(meeting, by=request.actor), "It has begun.")


@require_POST
@require(KEEPS)
def topics(request: StaffRequest, pk: int) -> HttpResponse:
    """Tick a topic, or take its tick away (`ticked` empty)."""
    meeting = _found(request, pk)
    topic = request.POST.get("topic", "")
    if request.POST.get("ticked"):
        team_meetings.tick(meeting, topic, by=request.actor)
    else:
        team_meetings.untick(meeting, topic, by=request.actor)
    return _again(request, meeting)


@require_POST
@require(KEEPS)
def point(request: StaffRequest, pk: int, item_pk: int) -> HttpResponse:
    """The whole point has been talked about (`discussed`), or not after all; then the next one."""
    meeting = _found(request, pk)
    item = _item(meeting, item_pk)
    discussed = bool(request.POST.get("discussed"))
    agenda_items.tick_item(item, by=request.actor, discussed=discussed)
    after = request.POST.get("after", "")
    if discussed and after.startswith(f"/meetings/{pk}/run/"):
        return redirect(after)
    return redirect(_here(request, meeting))


@require_POST
@require(KEEPS)
def notes(request: StaffRequest, pk: int, item_pk: int) -> HttpResponse:
    """Keep the minutes of a point as they are typed; what somebody else typed meanwhile is merged in."""
    meeting = _found(request, pk)
    item = _item(meeting, item_pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Refusal("That is longer than minutes can be.", remedy="Shorten it, or begin another point.")
    sent = form.cleaned_data["text"].replace("\r\n", "\n")
    entry = minutes.write_minutes(
        meeting,
        sent,
        by=request.actor,
        item=item,
        revision=form.cleaned_data["revision"],
        base=form.cleaned_data["base"],
    )
    if not request.headers.get("HX-Request"):
        return redirect(_here(request, meeting))
    context = {"entry": entry, "merged": entry.text != sent, "item": item, "meeting": meeting}
    return render(request, "web/running/page.html#kept", context)


@require_POST
@require(KEEPS)
def add_action(request: StaffRequest, pk: int) -> HttpResponse:
    """An action under a topic or a point."""
    meeting = _found(request, pk)
    form = ActionForm(request.POST, meeting=meeting, actor=request.actor)

    def act(**values: Any) -> None:
        actions.add_action(meeting, by=request.actor, **values)

    if carried_out(form, act):
        return _again(request, meeting)
    return _page(request, meeting, form)


@require_POST
@require(KEEPS)
def action_removal(request: StaffRequest, pk: int, action_pk: int) -> HttpResponse:
    """It was noted by mistake."""
    meeting = _found(request, pk)
    found: Action = get_object_or_404(meeting.actions, pk=action_pk)
    actions.drop_action(found, by=request.actor)
    return _again(request, meeting)


@require_POST
@require(KEEPS)
def decisions(request: StaffRequest, pk: int, item_pk: int) -> HttpResponse:
    """What was decided under a point."""
    meeting = _found(request, pk)
    minutes.decide(meeting, request.POST.get("text", ""), by=request.actor, item=_item(meeting, item_pk))
    return _again(request, meeting)


@require_POST
@require(KEEPS)
def decision_removal(request: StaffRequest, pk: int, decision_pk: int) -> HttpResponse:
    """It was noted by mistake."""
    meeting = _found(request, pk)
    found: Decision = get_object_or_404(meeting.decisions, pk=decision_pk)
    minutes.drop_decision(found, by=request.actor)
    return _again(request, meeting)


@require_http_methods(["GET", "POST"])
@require(KEEPS)
def ending(request: StaffRequest, pk: int) -> HttpResponse:
    """What it leaves behind; POST closes it, and its actions become promises."""
    meeting = _found(request, pk)
    if not meeting.is_open:
        return redirect(f"/meetings/{pk}/")
    left = desk.ending(meeting)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"minutes": left.minutes})

    def act(minutes: int) -> None:
        holding.close_meeting(meeting, by=request.actor, minutes=minutes)

    if request.method == "POST" and carried_out(form, act):
        count = len(left.actions)
        promised = f" {count} action{'' if count == 1 else 's'} promised." if count else ""
        return toast(request, redirect(f"/meetings/{pk}/"), f"“{meeting.title}” is closed.{promised}")
    context = {"left": left, "form": form, "meeting": meeting}
    return render(request, "web/running/ending.html", context, status=422 if form.errors else 200)


def _page(request: StaffRequest, meeting: Meeting, form: ActionForm | None = None) -> HttpResponse:
    page = desk.running(meeting, request.actor, _number(request))
    context = {
        "page": page,
        "meeting": meeting,
        "form": form,
        "wrong": form.data.get("topic", "") if form else "",
        "everybody": colleagues.everybody(request.actor),
        "may_run": may_run(meeting, request.actor),
        "here": _here(request, meeting),
    }
    part = "#matters" if request.headers.get("HX-Request") and request.method == "POST" else ""
    return render(request, f"web/running/page.html{part}", context, status=422 if form else 200)


def _again(request: StaffRequest, meeting: Meeting) -> HttpResponse:
    """The point as it stands now: its part where htmx asked, else the page."""
    if request.headers.get("HX-Request"):
        return _page(request, meeting)
    return redirect(_here(request, meeting))


def _here(request: StaffRequest, meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/run/?point={_number(request)}"


def _number(request: StaffRequest) -> int:
    said = request.POST.get("point") or request.GET.get("point", "")
    return int(said) if said.isdigit() and len(said) < 4 else 1


def _found(request: StaffRequest, pk: int) -> Meeting:
    found = Meeting.objects.visible_to(request.actor).preloaded().filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such meeting, or you are not in it.")
    return found


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    found: AgendaItem = get_object_or_404(meeting.agenda, pk=pk)
    return found
