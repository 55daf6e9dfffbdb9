"""The demo agency: load it to look around, remove it again."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from steadyhand.clients.models import Client
from steadyhand.core.models import Agency
from steadyhand.exchange import demo
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require

#: The demo's own head of client services may remove it, too: that is who a first start signs in.
MAY = (Capability.MANAGE_SETTINGS, Capability.MANAGE_PEOPLE)


@require_http_methods(["GET", "POST"])
@require(*MAY)
def page(request: StaffRequest) -> HttpResponse:
    """What the demo is, and whether it is here; POST loads it."""
    if request.method == "POST":
        demo.load(by=request.actor)
        return toast(request, redirect("/clients/"), "The demo agency is loaded. Remove it under Settings.")
    loaded = demo.current()
    context = {
        "loaded": loaded,
        "agency": Agency.get(),
        "people": len(loaded.ids(Member)) if loaded else 0,
        "clients": len(loaded.ids(Client)) if loaded else 0,
        "own_clients": Client.objects.exclude(pk__in=loaded.ids(Client) if loaded else ()).count(),
        "is_in_it": loaded is not None and request.member.pk in loaded.ids(Member),
    }
    return render(request, "web/demo/page.html", context)


@require_POST
@require(*MAY)
def removal(request: StaffRequest) -> HttpResponse:
    """Remove the demo; whoever was part of it is signed out."""
    removed = demo.remove(by=request.actor)
    if not Member.objects.filter(pk=request.member.pk).exists():
        logout(request)
        return redirect("/")
    return toast(request, redirect("/settings/"), str(removed))
