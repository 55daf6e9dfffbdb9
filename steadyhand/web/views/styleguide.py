"""The style guide: every component in all of its states, for whoever builds pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.ui.samples import samples
from steadyhand.web.access import StaffRequest, staff


@require_GET
@staff
def styleguide(request: StaffRequest) -> HttpResponse:
    """`/styleguide/`"""
    return render(request, "ui/styleguide.html", samples())
