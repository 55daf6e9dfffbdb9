"""The brief before a call: on a page, to print, and where the call starts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.clients.models import Client
from steadyhand.commitments.models import Commitment
from steadyhand.desk.call_brief import call_brief
from steadyhand.people.roles import Capability
from steadyhand.playbook.models import Version
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.context import exists
from steadyhand.web.views.clients import found, permissions, tabs


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/call-brief/`, with `?call=` the promise it prepares for (else the next call)."""
    client = Client.objects.select_related("plan").get(pk=found(request, ref).pk)
    context = {
        "client": client,
        "brief": call_brief(client, request.actor, version=Version.live(), call=_call(request, client)),
        "tabs": tabs(client, "Call brief"),
        "starts": exists("/calls/") and request.actor.may(Capability.KEEP_PROMISES),
        "here": request.get_full_path(),
        "insights": f"{client.get_absolute_url()}insights/",
        "may_plan": request.actor.may(Capability.KEEP_PROMISES),
        **permissions(request),
    }
    return render(request, "web/call_brief/page.html", context)


def _call(request: StaffRequest, client: Client) -> Commitment | None:
    pk = request.GET.get("call", "")
    rows = Commitment.objects.visible_to(request.actor).filter(client=client).select_related("owner")
    return rows.filter(pk=pk).first() if pk.isdigit() and len(pk) < 19 else None
