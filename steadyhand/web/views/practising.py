"""Rehearsing the hard questions of a coming call with a colleague (P5)."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from steadyhand.clients.models import Client
from steadyhand.commitments.models import Commitment
from steadyhand.comms.calls.practising import practise
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.desk.call_page import checklist
from steadyhand.desk.today import short_day
from steadyhand.people.roles import Capability as C
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms import show_refusal
from steadyhand.web.forms.calls import PracticeForm
from steadyhand.web.sheets import asked, changed, in_sheet, next_page
from steadyhand.web.views.clients import found

ONE_DAY = dt.timedelta(days=1)


@require_http_methods(["GET", "POST"])
@require(C.KEEP_PROMISES)
def new(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/practice/?before=`: asks with whom and when; POST promises it for both."""
    client = found(request, ref)
    before = _before(request, client)
    today = clock.today(client.zone)
    form = PracticeForm(
        request.POST if request.method == "POST" else None,
        member=request.member,
        initial={"on": today if before is None else max(today, before.due_on - ONE_DAY)},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            mine, _ = practise(
                client,
                by=request.actor,
                member=request.member,
                colleague=values["colleague"],
                on=values["on"],
                before=before,
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            answer = changed() if in_sheet(request) else redirect(next_page(request))
            whom, day = values["colleague"].name, short_day(mine.due_on)
            said = f"You practise with {whom} on {day}; it is on both your lists."
            return toast(request, answer, said)
    return asked(
        request,
        "web/calls/practice.html",
        form,
        client=client,
        before=before,
        checklist=checklist(),
        url=f"{client.get_absolute_url()}practice/",
    )


def _before(request: StaffRequest, client: Client) -> Commitment | None:
    """The call it prepares: the one that is named."""
    named = (request.POST if request.method == "POST" else request.GET).get("before", "")
    rows = Commitment.objects.visible_to(request.actor).filter(client=client)
    return rows.filter(pk=named).first() if named.isdecimal() else None
