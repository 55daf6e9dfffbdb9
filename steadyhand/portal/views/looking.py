"""A member who looked at the pages as a client sees them goes back to their own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from steadyhand.clients.models import Contact
from steadyhand.clients.portal_access import LOOKING_AS
from steadyhand.portal.visiting import member_of, missing


@require_POST
def ending(request: HttpRequest) -> HttpResponse:
    """`POST /portal/looking/ending/`."""
    if member_of(request) is None:
        return missing(request)
    contact = Contact.objects.select_related("client").filter(pk=request.session.pop(LOOKING_AS, 0)).first()
    return redirect(contact.client.get_absolute_url() if contact is not None else "/")
