"""Links in mails. Opening one remembers in this browser what it opens, and shows it; it does nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steadyhand.clients.item_links import contact_of, find_link, renew_link, spent_link
from steadyhand.clients.portal_access import actor_of, may_visit
from steadyhand.portal import limits
from steadyhand.portal.items import page_of
from steadyhand.portal.visiting import LINKS, member_of

#: Links remembered in one browser; the oldest are forgotten.
MOST = 20
GONE = 410
TOO_OFTEN = 429


@never_cache
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Go to the page of the item; 410 where the link opens nothing any more.

    A member is told how to look as a client: their links stay with those they were made for.
    """
    if member_of(request) is not None:
        return render(request, "portal/not_for_members.html", status=GONE)
    if not limits.is_open(request, "wrong-link", ""):
        return render(request, "portal/too_often.html", status=TOO_OFTEN)
    grant = find_link(secret)
    contact = contact_of(grant) if grant is not None else None
    if grant is None or contact is None or not may_visit(contact):
        limits.is_within(request, "wrong-link", "")
        return render(request, "portal/spent.html", {"secret": secret}, status=GONE)
    kept = [number for number in request.session.get(LINKS, []) if number != grant.pk]
    request.session[LINKS] = [*kept, grant.pk][-MOST:]
    return redirect(page_of(grant.scope))


@never_cache
@require_POST
def fresh_link(request: HttpRequest, secret: str) -> HttpResponse:
    """`POST /portal/open/<secret>/fresh/`: mail a new link to whom the old one was for.

    The answer is the same for a link that nobody made, for one that was shut, and beyond the limit.
    """
    grant = spent_link(secret)
    if limits.is_within(request, "fresh-link", str(grant.holder_id) if grant else "nobody") and grant:
        contact = contact_of(grant)
        if contact is not None and contact.email and may_visit(contact):
            renew_link(grant, contact, by=actor_of(contact))
    return render(request, "portal/fresh.html")
