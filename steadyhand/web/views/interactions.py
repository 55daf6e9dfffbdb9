"""Writing down a call, an e-mail, a meeting or a note; and striking it out again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import Kind
from steadyhand.commitments.models import Commitment
from steadyhand.comms.interactions import Said
from steadyhand.comms.models import Channel, Interaction
from steadyhand.comms.writing_down import strike_out, write_down
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.interactions import LogForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page


@require_http_methods(["GET", "POST"])
@require(Capability.KEEP_PROMISES)
def new(request: StaffRequest) -> HttpResponse:
    """`/interactions/new/` asks (`?client=` or `?keeps=` say about whom), `POST /interactions/` writes."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            interaction = write_down(_said(form, request), by=request.actor, keeps=form.cleaned_data["keeps"])
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            undo = f"/interactions/{interaction.pk}/removal/"
            return toast(request, answer, _told(interaction, form.cleaned_data["keeps"]), undo=undo)
    return asked(request, "web/interactions/new.html", form)


@require_GET
@require(Capability.KEEP_PROMISES)
def choices(request: StaffRequest) -> HttpResponse:
    """`/interactions/choices/?client=`: the fields that depend on the client, for the form on the page."""
    form = LogForm(actor=request.actor, zone=request.member.zone, initial=request.GET.dict())
    return render(request, "web/interactions/new.html#choices", {"form": form})


@require_POST
@require(Capability.KEEP_PROMISES)
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    """`POST /interactions/<id>/removal/`: it was written down by mistake."""
    found = Interaction.objects.visible_to(request.actor).select_related("client").filter(pk=pk).first()
    if found is None:
        raise Http404("It is no longer written down, or you are not on that client's account team.")
    back = found.client.get_absolute_url()
    strike_out(found, by=request.actor)
    answer = changed() if request.headers.get("HX-Request") else redirect(back)
    return toast(request, answer, f"Struck out: “{found.summary}”.")


def _form(request: StaffRequest) -> LogForm:
    now = clock.now().astimezone(clock.zone_info(request.member.zone))
    initial: dict[str, Any] = {"on": now.date(), "at": now.time().replace(second=0, microsecond=0)}
    initial |= _about(request)
    data = request.POST if request.method == "POST" else None
    return LogForm(data, actor=request.actor, zone=request.member.zone, initial=initial)


def _about(request: StaffRequest) -> dict[str, Any]:
    """The client, or the promise this keeps, as the address says."""
    keeps = request.GET.get("keeps", "")
    visible = Commitment.objects.visible_to(request.actor).select_related("client")
    row = visible.filter(pk=keeps, client__isnull=False).first() if keeps.isdigit() else None
    if row is not None and row.client is not None:
        channel = Channel.CALL if row.kind in {Kind.CALL, Kind.SPONSOR_CALL} else Channel.MEETING
        return {"client": row.client.ref, "keeps": row.pk, "channel": channel, "minutes": row.minutes}
    known = Client.objects.visible_to(request.actor).filter(ref=request.GET.get("client", ""))
    return {"client": known.values_list("ref", flat=True).first() or ""}


def _said(form: LogForm, request: StaffRequest) -> Said:
    values = form.cleaned_data
    return Said(
        values["client"],
        Channel(values["channel"]),
        form.moment,
        contact=values["contact"],
        member=request.member,
        summary=values["summary"],
        body=values["body"],
        minutes=values["minutes"],
    )


def _told(interaction: Interaction, keeps: Commitment | None) -> str:
    kept = f" It keeps “{keeps.title}”." if keeps else ""
    return (
        f"{interaction.get_channel_display().capitalize()} with {interaction.client.name} written down.{kept}"
    )
