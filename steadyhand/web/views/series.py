"""The team's own meetings that come back: set up once, changed, ended, skipped with a reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.comms.meetings import planning as meetings
from steadyhand.comms.meetings import team_meetings
from steadyhand.comms.meetings.agenda import SPONSOR_SYNC
from steadyhand.comms.meetings.agenda_items import agenda_of
from steadyhand.comms.models import Meeting, Series
from steadyhand.core.recurrence import Cadence
from steadyhand.desk import series_page as desk
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff
from steadyhand.web.answers import do
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.series import NewSeriesForm, SeriesForm, SkipForm

LIST = "/meetings/series/"
C = Capability


@require_GET
@staff
def index(request: StaffRequest) -> HttpResponse:
    """`/meetings/series/`: what comes back, what was not held, what the playbook asks for besides."""
    may = team_meetings.may_organise(request.actor)
    context = {
        "page": desk.page(request.actor),
        "pairs": desk.pairs_without_sync(request.actor) if may else [],
        "may_organise": may,
    }
    return render(request, "web/series/index.html", context)


@require_http_methods(["GET", "POST"])
@require(C.SEE_TEAM)
def new(request: StaffRequest) -> HttpResponse:
    """Set up a meeting once; `?agenda=` says which of the playbook's."""
    made: list[Series] = []

    def act(**values: Any) -> None:
        values["cadence"] = Cadence(values["cadence"])
        made.append(team_meetings.set_up_series(by=request.actor, **values))

    form = NewSeriesForm(
        request.POST if request.method == "POST" else None, actor=request.actor, initial=_usual(request)
    )
    if request.method == "POST" and carried_out(form, act):
        said = f"“{made[0].title}” comes {Cadence(made[0].cadence).words} from now on."
        return toast(request, redirect(f"{LIST}{made[0].pk}/"), said, undo=f"{LIST}{made[0].pk}/ending/")
    agenda = agenda_of(str(form["agenda_key"].value() or ""))
    context = {"form": form, "agenda": agenda}
    return render(request, "web/series/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One series: its next meetings, those of late, and how it is set up."""
    row = _found(request, pk)
    form = SeriesForm.of(row, request.POST if request.method == "POST" else None, actor=request.actor)

    def act(**values: Any) -> None:
        team_meetings.change_series(row, by=request.actor, **values)

    if request.method == "POST" and carried_out(form, act):
        return toast(request, redirect(f"{LIST}{pk}/"), "Changed; the meetings to come have followed.")
    return _page(request, row, form)


@require_POST
@staff
def ending(request: StaffRequest, pk: int) -> HttpResponse:
    """It comes no more."""
    row = _found(request, pk)
    team_meetings.end_series(row, by=request.actor)
    said = f"“{row.title}” comes no more."
    return toast(request, redirect(f"{LIST}{pk}/"), said, undo=f"{LIST}{pk}/return/")


@require_POST
@staff
def come_again(request: StaffRequest, pk: int) -> HttpResponse:
    """It comes again after all."""
    row = _found(request, pk)
    here = f"{LIST}{pk}/"
    return do(
        request,
        here,
        lambda: team_meetings.resume_series(row, by=request.actor),
        f"“{row.title}” comes again.",
    )


@require_POST
@staff
def skip(request: StaffRequest, pk: int) -> HttpResponse:
    """One meeting is not held, for a reason that stays readable."""
    row = _found(request, pk)
    form = SkipForm(request.POST, series=row)

    def act(meeting: Meeting, reason: str) -> None:
        meetings.cancel_meeting(meeting, by=request.actor, reason=reason)

    if carried_out(form, act):
        undo = f"{LIST}{pk}/skips/{form.cleaned_data['meeting'].pk}/removal/"
        return toast(request, redirect(f"{LIST}{pk}/"), "It is not held; everybody is told.", undo=undo)
    return _page(request, row, SeriesForm.of(row, actor=request.actor), form)


@require_POST
@staff
def skip_removal(request: StaffRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """It is held after all."""
    row = _found(request, pk)
    meeting = get_object_or_404(Meeting, pk=meeting_pk, occurrence__series=row)
    return do(
        request,
        f"{LIST}{pk}/",
        lambda: meetings.revive_meeting(meeting, by=request.actor),
        "It is held after all.",
    )


def _page(
    request: StaffRequest, row: Series, form: SeriesForm, skip_form: SkipForm | None = None
) -> HttpResponse:
    found = desk.history(row)
    context = {
        "series": row,
        "card": desk.Card(row, None, []),
        "history": found,
        "form": form,
        "skip_form": skip_form or SkipForm(series=row),
        "may_change": team_meetings.may_lead(row, request.actor),
        "here": f"{LIST}{row.pk}/",
    }
    wrong = form.errors or (skip_form is not None and skip_form.errors)
    return render(request, "web/series/show.html", context, status=422 if wrong else 200)


def _usual(request: StaffRequest) -> dict[str, Any]:
    """What the playbook and our own habits propose for this agenda."""
    key = request.GET.get("agenda", "")
    agenda = agenda_of(key)
    if agenda is None or key not in desk.USUAL:
        return {"led_by": request.member.pk, "minutes": 60, "cadence": Cadence.WEEKLY.value}
    cadence, day, time, minutes = desk.USUAL[key]
    everybody = Member.objects.visible_to(request.actor).here()
    leader = everybody.filter(role=str(agenda.led_by)).first()
    attends = [str(agenda.led_by), *(str(role) for role in agenda.attends)]
    coming = everybody.values_list("pk", flat=True)
    if key == SPONSOR_SYNC:
        given = [request.GET.get(name, "") for name in ("lead", "with")]
        chosen = coming.filter(pk__in=[pk for pk in given if pk.isdigit()])
        leader = everybody.filter(pk=given[0]).first() if given[0].isdigit() else leader
    else:
        chosen = coming if key == "all-hands" else coming.filter(role__in=attends)
    return {
        "agenda_key": key,
        "title": agenda.title,
        "cadence": cadence.value,
        "day": desk.day_words(day),
        "time": time,
        "minutes": agenda.minutes or minutes,
        "led_by": leader.pk if leader else request.member.pk,
        "members": list(chosen),
    }


def _found(request: StaffRequest, pk: int) -> Series:
    found = Series.objects.visible_to(request.actor).select_related("led_by").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such meeting, or you do not come to it.")
    return found
