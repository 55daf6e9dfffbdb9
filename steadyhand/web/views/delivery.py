"""What the pages of delivery have in common, and a client's delivery at a glance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.commitments.keeping import may_act_for
from steadyhand.delivery.models import Introduction, Strategy
from steadyhand.desk.deliverables import deliverables_page
from steadyhand.desk.set_up import set_up_page
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.views.clients import found, tabs

ROOMS = (
    ("Deliverables", "/deliverables/"),
    ("Set-up", "/set-up/"),
    ("Approvals", "/approvals/"),
    ("Introductions", "/introductions/"),
    ("Glossary", "/glossary/"),
)
#: Introductions shown on a client's page.
MOST = 20


def rooms(current: str) -> list[dict[str, Any]]:
    """The parts of delivery, across all clients."""
    return [{"label": label, "url": url, "current": label == current} for label, url in ROOMS]


@require_GET
@staff
def of_client(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/delivery/`: set-up, what is promised, the strategy, introductions."""
    client = found(request, ref)
    strategy = (
        Strategy.objects.visible_to(request.actor)
        .filter(client=client)
        .select_related("owner")
        .prefetch_related("versions__sign_off")
        .first()
    )
    introductions = Introduction.objects.visible_to(request.actor).standing().filter(client=client)
    context = {
        "client": client,
        "tabs": tabs(client, "Delivery"),
        "setting_up": set_up_page(request.actor, request.member.zone, client=client),
        "owed": deliverables_page(request.actor, request.member.zone, client=client),
        "strategy": strategy,
        "version": strategy.versions.all()[0] if strategy else None,
        "introductions": introductions.select_related("partner")[:MOST],
        "may_act": may_act_for(client.pk, request.actor),
        "here": request.path,
    }
    return render(request, "web/delivery/client.html", context)
