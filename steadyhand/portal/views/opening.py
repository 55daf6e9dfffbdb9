"""Links in mails. Opening one remembers in this browser what it opens, and shows it; it does nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from steadyhand.clients.item_links import find_link
from steadyhand.portal.items import page_of
from steadyhand.portal.visiting import LINKS

#: Links remembered in one browser; the oldest are forgotten.
MOST = 20


@never_cache
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Go to the page of the item; 410 where the link opens nothing any more."""
    grant = find_link(secret)
    if grant is None:
        return render(request, "portal/spent.html", status=410)
    kept = [number for number in request.session.get(LINKS, []) if number != grant.pk]
    request.session[LINKS] = [*kept, grant.pk][-MOST:]
    return redirect(page_of(grant.scope))
