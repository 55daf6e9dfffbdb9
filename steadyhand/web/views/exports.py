"""Taking everything along."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from steadyhand.core.models import Agency
from steadyhand.exchange.exporting import SHEETS, export_zip
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, require


@require_http_methods(["GET", "POST"])
@require(Capability.EXPORT)
def index(request: StaffRequest) -> HttpResponse | FileResponse:
    """What an export holds; POST gives it."""
    if request.method == "POST":
        name = f"steadyhand {Agency.get().today():%Y-%m-%d}.zip"
        return FileResponse(export_zip(by=request.actor), as_attachment=True, filename=name)
    return render(request, "web/imports/export.html", {"sheets": SHEETS})
