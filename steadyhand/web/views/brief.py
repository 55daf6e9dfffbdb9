"""The account brief: the client on one page to print, and saying that one has read it (O8)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from steadyhand.clients.briefs import asks_to_read, read_brief, unread_brief
from steadyhand.desk.brief import brief
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.views.clients import found, permissions, tabs


@require_GET
@staff
def show(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/brief/`: everything one must know, on one page."""
    client = found(request, ref)
    context = {
        "client": client,
        "brief": brief(client),
        "asks": asks_to_read(client, request.member),
        "has_read": client.readings.filter(member=request.member).exists(),
        "tabs": tabs(client, "Brief"),
        **permissions(request),
    }
    return render(request, "web/clients/brief.html", context)


@require_http_methods(["POST", "DELETE"])
@staff
def reading(request: StaffRequest, ref: str) -> HttpResponse:
    """Say that one has read the brief, or take it back."""
    client = found(request, ref)
    here = f"{client.get_absolute_url()}brief/"
    if request.method == "DELETE" or request.POST.get("back"):
        unread_brief(client, request.member, by=request.actor)
        return toast(request, redirect(here), "Taken back: you have not read it.")
    read_brief(client, request.member, by=request.actor)
    said = f"You have read the brief of {client.name}."
    return toast(request, redirect(here), said)
