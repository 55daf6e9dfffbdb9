"""The agency's logo and colour on its clients' pages."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from steadyhand.core import brand, contrast
from steadyhand.core.models import Agency
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require
from steadyhand.web.forms import carried_out
from steadyhand.web.forms.branding import BrandForm


@require_http_methods(["GET", "POST"])
@require(Capability.MANAGE_SETTINGS)
def branding(request: StaffRequest) -> HttpResponse:
    """`/settings/looks/`: choose them, and read what became of the colour."""
    agency = Agency.get()
    if request.method == "POST":
        form = BrandForm.of(agency, request.POST, request.FILES)
        if carried_out(form, partial(brand.brand, by=request.actor)):
            return toast(request, redirect(request.path), "Your clients' pages look like this from now on.")
    else:
        form = BrandForm.of(agency)
    agency = Agency.get()
    context = {"form": form, "agency": agency, "readable": _readable(agency.accent) if agency.accent else ()}
    return render(request, "web/settings/looks.html", context, status=422 if form.errors else 200)


def _readable(accent: str) -> list[tuple[str, str, bool]]:
    """Ground, the colour that is read there, and whether that is the one that was chosen."""
    pairs = (("light", contrast.readable_on_light(accent)), ("dark", contrast.readable_on_dark(accent)))
    return [(ground, colour, colour == accent) for ground, colour in pairs]
