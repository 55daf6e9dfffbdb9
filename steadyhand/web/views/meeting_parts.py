"""The parts of a meeting: who comes, the agenda, what is prepared and booked, minutes, decisions, actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from steadyhand.comms.actions import add_action, drop_action
from steadyhand.comms.meetings import agenda_items, attending, booking, minutes, preparing
from steadyhand.comms.models import Meeting
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms.meetings import (
    ActionForm,
    AnswerForm,
    AttendeeForm,
    BookingForm,
    DecisionForm,
    DepartmentForm,
    ItemForm,
    ReferenceForm,
)
from steadyhand.web.views.meetings import found

type Making = Callable[[StaffRequest, Meeting, Any], object]
type Doing = Callable[[StaffRequest, Any, Any], object]


def adding(form: Callable[[StaffRequest, Meeting], forms.Form], make: Making, anchor: str, said: str) -> Any:
    """`POST /meetings/<id>/<parts>/`: one more, from a line on the page."""

    def view(request: StaffRequest, pk: int) -> HttpResponse:
        meeting = found(request, pk)
        filled = form(request, meeting)
        return _answer(request, meeting, filled, lambda values: make(request, meeting, values), anchor, said)

    return require_POST(require(Capability.KEEP_PROMISES)(view))


def acting(
    name: str,
    do: Doing,
    anchor: str,
    said: str,
    form: Callable[[StaffRequest], forms.Form] | None = None,
) -> Any:
    """`POST /meetings/<id>/<parts>/<id>/<act>/`: something done to one part. `name` is the relation."""

    def view(request: StaffRequest, pk: int, part_pk: int) -> HttpResponse:
        meeting = found(request, pk)
        part: Model | None = getattr(meeting, name).filter(pk=part_pk).first()
        if part is None:
            raise Http404("That is not part of this meeting.")
        part.meeting = meeting  # type: ignore[attr-defined]  # read already, with its client and leader
        filled = form(request) if form else forms.Form({})
        return _answer(request, meeting, filled, lambda values: do(request, part, values), anchor, said)

    return require_POST(require(Capability.KEEP_PROMISES)(view))


attendees = adding(
    lambda request, meeting: AttendeeForm(request.POST, meeting=meeting, actor=request.actor),
    lambda request, meeting, values: attending.add_attendee(meeting, by=request.actor, **values),
    "people",
    "Expected.",
)
attendee_removal = acting(
    "attendees",
    lambda request, part, _: attending.remove_attendee(part, by=request.actor),
    "people",
    "Not expected any more.",
)
attendee_answer = acting(
    "attendees",
    lambda request, part, values: attending.note_answer(part, values["answer"], by=request.actor),
    "people",
    "Their answer is noted.",
    form=lambda request: AnswerForm(request.POST),
)
agreement = adding(
    lambda request, meeting: forms.Form(request.POST),
    lambda request, meeting, _: attending.agree_attendees(meeting, by=request.actor),
    "people",
    "Who comes is agreed.",
)


def _minutes(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"minutes": values.get("minutes") or 0}


items = adding(
    lambda request, meeting: ItemForm(request.POST),
    lambda request, meeting, values: agenda_items.add_item(meeting, by=request.actor, **_minutes(values)),
    "agenda",
    "On the agenda.",
)
item = acting(
    "agenda",
    lambda request, part, values: agenda_items.change_item(part, by=request.actor, **_minutes(values)),
    "agenda",
    "Changed.",
    form=lambda request: ItemForm(request.POST),
)
item_removal = acting(
    "agenda",
    lambda request, part, _: agenda_items.remove_item(part, by=request.actor),
    "agenda",
    "Off the agenda.",
)


class PlaceForm(forms.Form):
    """Which place on the agenda, from 1."""

    position = forms.IntegerField(min_value=1, max_value=1000)


item_place = acting(
    "agenda",
    lambda request, part, values: agenda_items.place_item(part, values["position"], by=request.actor),
    "agenda",
    "Moved on the agenda.",
    form=lambda request: PlaceForm(request.POST),
)
preparations = adding(
    lambda request, meeting: forms.Form(request.POST),
    lambda request, meeting, _: preparing.prepare_meeting(meeting, by=request.actor),
    "ready",
    "The preparations have their days.",
)
departments = adding(
    lambda request, meeting: DepartmentForm(request.POST, actor=request.actor),
    lambda request, meeting, values: preparing.ask_department(
        meeting, values["member"], values["what"], by=request.actor, due_on=values["due_on"]
    ),
    "ready",
    "They know of it, and what to prepare.",
)
bookings = adding(
    lambda request, meeting: BookingForm(request.POST),
    lambda request, meeting, values: booking.need_booking(meeting, by=request.actor, **values),
    "ready",
    "To be booked.",
)
booking_confirmation = acting(
    "bookings",
    lambda request, part, values: booking.confirm_booking(part, values["reference"], by=request.actor),
    "ready",
    "Booked.",
    form=lambda request: ReferenceForm(request.POST),
)
booking_unconfirmation = acting(
    "bookings",
    lambda request, part, _: booking.unconfirm_booking(part, by=request.actor),
    "ready",
    "Not booked after all.",
)
booking_removal = acting(
    "bookings",
    lambda request, part, _: booking.drop_booking(part, by=request.actor),
    "ready",
    "Not needed.",
)
decisions = adding(
    lambda request, meeting: DecisionForm(request.POST),
    lambda request, meeting, values: minutes.decide(meeting, values["text"], by=request.actor),
    "minutes",
    "Decided.",
)
decision_removal = acting(
    "decisions",
    lambda request, part, _: minutes.drop_decision(part, by=request.actor),
    "minutes",
    "Taken off.",
)
actions = adding(
    lambda request, meeting: ActionForm(request.POST, meeting=meeting, actor=request.actor),
    lambda request, meeting, values: add_action(meeting, values.pop("text"), by=request.actor, **values),
    "actions",
    "Noted; it is promised when the meeting is closed.",
)
action_removal = acting(
    "actions", lambda request, part, _: drop_action(part, by=request.actor), "actions", "Dropped."
)


@require_POST
@require(Capability.KEEP_PROMISES)
def entries(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /meetings/<id>/minutes/`: keep what is typed under a point (`item`), in general, or for us alone.

    Answers a script with the text as it stands now and its revision; a form with the page.
    """
    meeting = found(request, pk)
    data = request.POST
    number, revision = data.get("item", ""), data.get("revision", "")
    point = meeting.agenda.filter(pk=number).first() if number.isdecimal() else None
    if number and point is None:
        raise Http404("That is not on this agenda.")
    entry = minutes.write_minutes(
        meeting,
        data.get("text", ""),
        by=request.actor,
        item=point,
        internal=bool(data.get("internal")),
        revision=int(revision) if revision.isdecimal() else 0,
        base=data.get("base", ""),
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"text": entry.text, "revision": entry.revision})
    return redirect(f"/meetings/{meeting.pk}/#minutes")


def _answer(
    request: StaffRequest,
    meeting: Meeting,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    anchor: str,
    said: str,
) -> HttpResponse:
    back = f"/meetings/{meeting.pk}/#{anchor}"
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return redirect(back)
    try:
        act(form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return toast(request, redirect(back), said)


def _first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label or name.replace("_", " ").capitalize() if name in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])
