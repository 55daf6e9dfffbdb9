"""Calendar feeds: the secret address itself, and the pages where one is made, renewed and revoked."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steadyhand.clients.models import Client
from steadyhand.commitments import feeds
from steadyhand.commitments.feed_file import client_feed, member_feed
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.ui.toasts import toast
from steadyhand.web.access import StaffRequest, require, staff


@require_safe
def file(request: HttpRequest, secret: str) -> HttpResponse:
    """`/feeds/<secret>.ics`: no sign-in; 404 for an address nobody made, 410 for one that was revoked."""
    grant = feeds.grant_of(secret)
    if grant is None:
        raise Http404("There is no calendar at this address.")
    holder = feeds.holder_of(grant)
    if holder is None:
        gone = "This calendar has been revoked. Ask whoever gave you the address for a new one.\n"
        return HttpResponse(gone, status=410, content_type="text/plain; charset=utf-8")
    if isinstance(holder, Member):
        made = member_feed(holder, base_url=settings.BASE_URL)
    else:
        made = client_feed(holder)
    feeds.note_fetched(grant)
    headers = {
        "ETag": made.etag,
        "Last-Modified": format_datetime(made.changed_at, usegmt=True),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="steadyhand.ics"',
        "X-Robots-Tag": "noindex",
    }
    # Only the tag is believed: a name or a number may change without any commitment changing.
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if made.etag in known:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(made.body, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@never_cache
@staff
def own(request: StaffRequest) -> HttpResponse:
    """`/calendar/feeds/`: the member's own; POST makes it, DELETE revokes it."""
    return _feed(request, request.member, "/calendar/feeds/")


@require_POST
@never_cache
@staff
def own_renewal(request: StaffRequest) -> HttpResponse:
    """A new address for the member's own."""
    return _shown(request, request.member, "/calendar/feeds/", feeds.renew)


@require_POST
@staff
def own_revocation(request: StaffRequest) -> HttpResponse:
    """The member's own gives nothing from now on."""
    return _revoked(request, request.member, "/calendar/feeds/")


def _of_client(view: Callable[[StaffRequest, Client, str], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Find the client of the address, among those the member sees."""

    def found(request: StaffRequest, ref: str) -> HttpResponse:
        client = get_object_or_404(Client.objects.visible_to(request.actor).listed(), ref=ref)
        return view(request, client, f"/clients/{client.ref}/feed/")

    return require(Capability.EDIT_CLIENTS)(found)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@never_cache
@_of_client
def of_client(request: StaffRequest, client: Client, here: str) -> HttpResponse:
    """`/clients/<ref>/feed/`: what the client may see; POST makes it, DELETE revokes it."""
    return _feed(request, client, here)


@require_POST
@never_cache
@_of_client
def client_renewal(request: StaffRequest, client: Client, here: str) -> HttpResponse:
    """A new address for the client's."""
    return _shown(request, client, here, feeds.renew)


@require_POST
@_of_client
def client_revocation(request: StaffRequest, client: Client, here: str) -> HttpResponse:
    """The client's gives nothing from now on."""
    return _revoked(request, client, here)


def _feed(request: StaffRequest, holder: feeds.Holder, here: str) -> HttpResponse:
    if request.method == "POST":
        return _shown(request, holder, here, feeds.open_feed)
    if request.method == "DELETE":
        return _revoked(request, holder, here)
    return _page(request, holder, here)


def _shown(request: StaffRequest, holder: feeds.Holder, here: str, issue: Callable[..., str]) -> HttpResponse:
    """The page with the address, this once: it is in no link, no log and no session."""
    secret = issue(holder, by=request.actor)
    return _page(request, holder, here, address=f"{settings.BASE_URL}/feeds/{secret}.ics")


def _revoked(request: StaffRequest, holder: feeds.Holder, here: str) -> HttpResponse:
    feeds.revoke(holder, by=request.actor)
    return toast(request, redirect(here), "The address gives nothing any more.")


def _page(request: StaffRequest, holder: feeds.Holder, here: str, address: str = "") -> HttpResponse:
    context = {
        "holder": holder,
        "client": holder if isinstance(holder, Client) else None,
        "grant": feeds.feed_of(holder),
        "address": address,
        "subscribe": f"webcal://{address.partition('://')[2]}" if address else "",
        "here": here,
    }
    return render(request, "web/calendar/feed.html", context)
