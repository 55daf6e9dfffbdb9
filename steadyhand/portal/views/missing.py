"""What is at no address: a client reads it in the agency's look, a member in ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from steadyhand.clients.portal_access import PORTAL
from steadyhand.portal.visiting import missing


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for 404, wherever nobody has answered."""
    return missing(request) if request.path.startswith(PORTAL) else page_not_found(request, exception)
