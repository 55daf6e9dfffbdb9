"""Meetings: the list, planning one, its page, and the acts that move, hold and close it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings import first_month, holding
from steadyhand.comms.meetings.agenda_items import agenda_of
from steadyhand.comms.meetings.agenda_sending import send_agenda
from steadyhand.comms.meetings.inviting import send_invitations
from steadyhand.comms.meetings.itip import accept_proposal, decline_proposal
from steadyhand.comms.meetings.minutes import call_back, circulate_minutes, file_name
from steadyhand.comms.meetings.planning import (
    cancel_meeting,
    change_meeting,
    move_meeting,
    plan_meeting,
    revive_meeting,
)
from steadyhand.comms.models import Booking, Meeting, Preparation, TimeProposal
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk import meeting_page, meetings_list
from steadyhand.desk.minutes_pdf import minutes_pdf
from steadyhand.desk.today import short_day
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.meetings import (
    ActionForm,
    AttendeeForm,
    BookingForm,
    CancelForm,
    CloseForm,
    DecisionForm,
    DepartmentForm,
    DetailsForm,
    FirstMonthForm,
    ItemForm,
    MoveForm,
    PlanForm,
)
from steadyhand.web.sheets import asked, next_page

keeps = require(Capability.KEEP_PROMISES)


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/meetings/`: those that come (`?which=past` those that were), mine (`?whose=all` everybody's)."""
    data = request.GET
    which = meetings_list.Which(data["which"]) if data.get("which") in set(meetings_list.Which) else "coming"
    whom = data.get("whom", "")
    number = data.get("page", "1")
    wanted = meetings_list.Asked(
        which=meetings_list.Which(which),
        everybody=data.get("whose") == "all",
        whom=meetings_list.With(whom) if whom in set(meetings_list.With) else meetings_list.With.ALL,
        page=max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1,
    )
    page = meetings_list.page(wanted, request.actor, request.member)

    def address(**changes: object) -> str:
        query = request.GET.copy()
        for name, value in changes.items():
            query[name] = str(value)
        return f"/meetings/?{query.urlencode()}"

    tabs = [
        {"label": label, "url": address(which=value, page=1), "current": wanted.which == value}
        for label, value in (("Coming", "coming"), ("Past", "past"))
    ]
    context = {
        "page": page,
        "asked": wanted,
        "tabs": tabs,
        "newer": address(page=wanted.page - 1) if wanted.page > 1 else "",
        "older": address(page=wanted.page + 1) if page.more else "",
        "may_plan": request.actor.may(Capability.KEEP_PROMISES),
    }
    return render(request, "web/meetings/list.html", context)


@require_http_methods(["GET", "POST"])
@keeps
def new(request: StaffRequest) -> HttpResponse:
    """`/meetings/new/` asks (`?client=`, `?keeps=`, `?agenda=`); POST plans one."""
    form = PlanForm(
        request.POST if request.method == "POST" else None, actor=request.actor, initial=_about(request)
    )
    made: list[Meeting] = []

    def plan(**values: Any) -> None:
        made.append(plan_meeting(values.pop("client"), values.pop("title"), by=request.actor, **values))

    if request.method == "POST" and carried_out(form, plan):
        meeting = made[0]
        said = f"“{meeting.title}” is planned for {short_day(meeting.local.date())}. Nobody is invited yet."
        return toast(request, redirect(f"/meetings/{meeting.pk}/"), said)
    context = {"form": form, "next": next_page(request)}
    return render(request, "web/meetings/new.html", context, status=422 if form.errors else 200)


@require_GET
@keeps
def choices(request: StaffRequest) -> HttpResponse:
    """`/meetings/choices/?client=`: the fields that depend on the client, for the form on the page."""
    form = PlanForm(actor=request.actor, initial=request.GET.dict())
    return render(request, "web/meetings/new.html#choices", {"form": form})


@require_GET
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/`: everything about one meeting."""
    meeting = found(request, pk)
    page = meeting_page.page(meeting, request.actor)
    context = {
        "page": page,
        "meeting": meeting,
        "url": f"/meetings/{meeting.pk}/",
        "may_run": page.may_run and request.actor.may(Capability.KEEP_PROMISES),
        "attendee_form": AttendeeForm(meeting=meeting, actor=request.actor),
        "item_form": ItemForm(auto_id="item_%s"),
        "department_form": DepartmentForm(actor=request.actor),
        "booking_form": BookingForm(auto_id="booking_%s"),
        "action_form": ActionForm(meeting=meeting, actor=request.actor),
        "decision_form": DecisionForm(auto_id="decision_%s"),
    }
    return render(request, "web/meetings/show.html", context)


@require_http_methods(["GET", "POST"])
@keeps
def moves(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/moves/`: another time; those who were invited hear of it."""
    meeting = found(request, pk)
    form = MoveForm(request.POST if request.method == "POST" else None, meeting=meeting)

    def move(**values: Any) -> None:
        move_meeting(meeting, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, move):
        meeting.refresh_from_db()
        return _back(request, meeting, f"Moved to {short_day(meeting.local.date())}, {meeting.local:%H:%M}.")
    return _asked(request, meeting, form, "Move the meeting", "Move", "moves")


@require_http_methods(["GET", "POST"])
@keeps
def details(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/details/`: title and place."""
    meeting = found(request, pk)
    form = DetailsForm(request.POST if request.method == "POST" else None, meeting=meeting)

    def change(**values: Any) -> None:
        change_meeting(meeting, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, change):
        return _back(request, meeting, "Changed.")
    return _asked(request, meeting, form, "Change the meeting", "Save", "details")


@require_http_methods(["GET", "POST"])
@keeps
def cancellation(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/cancellation/`: call it off, for a reason; those who were invited hear of it."""
    meeting = found(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None, auto_id="cancel_%s")

    def cancel(**values: Any) -> None:
        cancel_meeting(meeting, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, cancel):
        return _back(request, meeting, "Called off.", undo=f"/meetings/{meeting.pk}/cancellation/removal/")
    return _asked(request, meeting, form, "Call the meeting off", "Call it off", "cancellation")


@require_http_methods(["GET", "POST"])
@keeps
def closing(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/closing/` asks how long it took; POST logs it and makes its actions promises."""
    meeting = found(request, pk)
    ran = clock.now() - meeting.began_at if meeting.began_at else None
    minutes = round(ran.total_seconds() / 60) if ran else meeting.minutes
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        auto_id="close_%s",
        initial={"minutes": minutes if minutes <= 480 else meeting.minutes, "summary": meeting.title},
    )

    def close(**values: Any) -> None:
        holding.close_meeting(meeting, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, close):
        said = "Closed: its promise is kept, its actions are promises now."
        return _back(request, meeting, said, undo=f"/meetings/{meeting.pk}/closing/removal/")
    return _asked(request, meeting, form, "Close the meeting", "Close it", "closing")


def button(
    verb: Callable[[Meeting, StaffRequest], object], said: str, undo: str = "", anchor: str = ""
) -> Callable[..., Any]:
    """An act on a meeting that needs no form; a refusal is said on the page it came from."""

    def view(request: StaffRequest, pk: int) -> HttpResponse:
        meeting = found(request, pk)
        try:
            verb(meeting, request)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(f"/meetings/{meeting.pk}/{anchor}")
        return _back(
            request, meeting, said, undo=f"/meetings/{meeting.pk}/{undo}" if undo else "", anchor=anchor
        )

    return require_POST(keeps(view))


beginning = button(lambda meeting, request: holding.begin_meeting(meeting, by=request.actor), "It has begun.")
reopening = button(
    lambda meeting, request: holding.reopen_meeting(meeting, by=request.actor),
    "Open again; nothing is logged.",
)
revival = button(
    lambda meeting, request: revive_meeting(meeting, by=request.actor), "It is held after all.", ""
)
invitations = button(
    lambda meeting, request: send_invitations(meeting, by=request.actor),
    "Invitations are on their way.",
    anchor="#people",
)
agenda_sending = button(
    lambda meeting, request: send_agenda(meeting, by=request.actor),
    "The agenda is on its way.",
    anchor="#agenda",
)


@require_POST
@keeps
def circulation(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /meetings/<id>/circulation/`: minutes and actions to everybody, as a mail and a PDF."""
    meeting = found(request, pk)
    try:
        pdf = minutes_pdf(meeting) if meeting.closed_at else None
        circulate_minutes(meeting, by=request.actor, pdf=pdf)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"/meetings/{meeting.pk}/#minutes")
    undo = f"/meetings/{meeting.pk}/circulation/removal/"
    return _back(request, meeting, "The minutes are on their way.", undo=undo, anchor="#minutes")


def _call_back(meeting: Meeting, request: StaffRequest) -> None:
    last = meeting.circulations.filter(undone_at=None).first()
    if last is None:
        raise Refusal("Its minutes have not been circulated.")
    call_back(last, by=request.actor)


circulation_removal = button(_call_back, "The minutes stay here.", anchor="#minutes")


@require_GET
@staff
def minutes_file(request: StaffRequest, pk: int) -> HttpResponse:
    """`/meetings/<id>/minutes.pdf`: as they are circulated, for those who see the meeting."""
    meeting = found(request, pk)
    answer = HttpResponse(minutes_pdf(meeting), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(meeting)}"'
    return answer


def proposal(verb: Callable[..., object], said: str) -> Callable[..., Any]:
    """An act on another time that somebody asked for."""

    def view(request: StaffRequest, pk: int, proposal_pk: int) -> HttpResponse:
        meeting = found(request, pk)
        row = TimeProposal.objects.filter(attendee__meeting=meeting, pk=proposal_pk).first()
        if row is None:
            raise Http404("Nobody asked for that time.")
        try:
            verb(row, by=request.actor)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(f"/meetings/{meeting.pk}/")
        return _back(request, meeting, said)

    return require_POST(keeps(view))


proposal_acceptance = proposal(accept_proposal, "Moved; everybody is asked again.")
proposal_declining = proposal(decline_proposal, "It stays where it is; they are told.")


@require_http_methods(["GET", "POST"])
@keeps
def first_month_page(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/first-month/`: the weekly meetings of the first month, planned and sent at once."""
    client = Client.objects.in_full(request.actor).filter(ref=ref).first()
    if client is None:
        raise Http404("There is no such client, or you are not on its account team.")
    form = FirstMonthForm(request.POST if request.method == "POST" else None, client=client)
    made: list[Meeting] = []

    def plan(**values: Any) -> None:
        made.extend(first_month.plan_first_month(client, by=request.actor, **values))

    if request.method == "POST" and carried_out(form, plan):
        return toast(request, redirect("/meetings/"), f"{len(made)} meetings planned and sent.")
    context = {"form": form, "client": client, "owed": first_month.owed(client)}
    return render(request, "web/meetings/first_month.html", context, status=422 if form.errors else 200)


@require_GET
@staff
def of_preparation(request: StaffRequest, pk: int) -> HttpResponse:
    """`/preparations/<id>/`: to the meeting it prepares."""
    return _to_meeting_of(
        request, Preparation.objects.filter(pk=pk).values_list("meeting", flat=True).first()
    )


@require_GET
@staff
def of_booking(request: StaffRequest, pk: int) -> HttpResponse:
    """`/bookings/<id>/`: to the meeting it is for."""
    return _to_meeting_of(request, Booking.objects.filter(pk=pk).values_list("meeting", flat=True).first())


def _to_meeting_of(request: StaffRequest, pk: int | None) -> HttpResponse:
    return redirect(f"/meetings/{found(request, pk or 0).pk}/#ready")


def found(request: StaffRequest, pk: int) -> Meeting:
    """The meeting, or 404."""
    meeting = meeting_page.meeting_of(pk, request.actor)
    if meeting is None:
        raise Http404("There is no such meeting, or you neither attend it nor look after that client.")
    return meeting


def _back(
    request: StaffRequest, meeting: Meeting, said: str, *, undo: str = "", anchor: str = ""
) -> HttpResponse:
    address = f"/meetings/{meeting.pk}/"
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204, headers={"HX-Redirect": address})
        messages.success(request, said, extra_tags=f"undo:post:{undo}" if undo else "")
        return answer
    return toast(request, HttpResponseRedirect(f"{address}{anchor}"), said, undo=undo)


def _asked(
    request: StaffRequest, meeting: Meeting, form: Any, asks: str, button_words: str, noun: str
) -> HttpResponse:
    return asked(
        request,
        "web/meetings/act.html",
        form,
        meeting=meeting,
        asks=asks,
        button=button_words,
        url=f"/meetings/{meeting.pk}/{noun}/",
        hears=meeting.invited_at is not None,
    )


def _about(request: StaffRequest) -> dict[str, Any]:
    """The client, the agenda, or the promise this meeting is to keep, as the address says."""
    named = request.GET.get("keeps", "")
    visible = Commitment.objects.visible_to(request.actor).select_related("client")
    row = visible.filter(pk=named).first() if named.isdigit() else None
    if row is not None and row.client is not None:
        is_review = row.rule == "review"
        return {
            "client": row.client.ref,
            "commitment": row.pk,
            "title": row.title,
            "day": row.due_on,
            "time": row.due_time,
            "minutes": row.minutes or 60,
            "led_by": row.owner_id,
            "agenda_key": "quarterly-review" if is_review else "",
            "prepare": is_review,
        }
    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    about = {"client": known.values_list("ref", flat=True).first() or ""}
    agenda = agenda_of(request.GET.get("agenda", ""))
    if agenda is None:
        return about
    minutes = agenda.minutes or 60
    return about | {"agenda_key": agenda.key, "title": agenda.title, "minutes": minutes}
