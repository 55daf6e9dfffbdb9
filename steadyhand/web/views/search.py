"""Find or do anything: the palette's answer, the same as a page, and names for a form to choose from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from steadyhand.desk import search as desk
from steadyhand.desk.search import Found, Group
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.context import ROOMS, exists

C = Capability

#: What one may do from anywhere: label, address, icon, capabilities (one of them is needed), other words.
ACTIONS: tuple[tuple[str, str, str, tuple[Capability, ...], str], ...] = (
    ("Add a promise", "/commitments/new/", "plus", (C.KEEP_PROMISES,), "new commitment follow-up action"),
    (
        "Log a call, e-mail or note",
        "/interactions/new/",
        "chat-bubble-left-right",
        (C.KEEP_PROMISES,),
        "write down add meeting mail interaction",
    ),
    ("Add a client", "/clients/new/", "plus", (C.EDIT_CLIENTS,), "new"),
    ("Add somebody to the agency", "/team/people/new/", "plus", (C.MANAGE_PEOPLE,), "new member invite"),
    ("Waiting on clients", "/?tab=waiting", "clock", (), "today"),
    ("Everyone's day", "/?of=everyone", "sun", (C.SEE_TEAM,), "today team"),
    ("People", "/team/people/", "user-group", (), "members colleagues absence holiday"),
    ("Who may do what", "/team/roles/", "user-group", (), "roles permissions"),
    ("Your account", "/account/", "user", (), "password passkey settings theme"),
    ("Your calendar feed", "/calendar/feeds/", "calendar-days", (), "subscribe ics"),
)


@require_GET
@staff
def search(request: StaffRequest) -> HttpResponse:
    """`/search/?q=`: groups of at most eight; a fragment where htmx asks."""
    query = desk.cleaned(request.GET.get("q", ""))
    groups = desk.search(query, request.actor)
    pages = _pages(request, query)
    if pages:
        groups.append(Group("Pages and acts" if query else "Go to", pages))
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "ui/palette_results.html" if is_fragment else "web/search/page.html"
    response = render(request, template, {"query": query, "groups": groups})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@staff
def clients(request: StaffRequest) -> HttpResponse:
    """`/search/clients/`: options of a form's client field, by what is typed there."""
    query = desk.cleaned(request.GET.get("q", "") or request.GET.get("client", ""))
    found = desk.clients_called(query, request.actor)
    return render(request, "web/search/clients.html", {"clients": found})


def _pages(request: StaffRequest, query: str) -> list[Found]:
    """Rooms and acts that this role may open, whose words begin like the query; all of them without one."""
    rooms = ((label, url, icon, needs, "") for label, url, icon, needs in ROOMS)
    found = []
    for label, url, icon, needs, words in (*rooms, *ACTIONS):
        known = f" {label} {words}".lower()
        may = not needs or any(request.actor.may(need) for need in needs)
        if may and exists(url.partition("?")[0]) and f" {query.lower()}" in known:
            found.append(Found(label, url, icon=icon))
    return found[: desk.MOST]
