"""What every page knows: the rail, and who is looking."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from steadyhand.desk.today import Count, Looking
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.web.access import member_of

C = Capability

#: label, address, icon, and the capabilities of which one is needed (none: everybody).
ROOMS: tuple[tuple[str, str, str, tuple[Capability, ...]], ...] = (
    ("Today", "/", "sun", ()),
    ("Clients", "/clients/", "building-office-2", ()),
    ("Calendar", "/calendar/", "calendar-days", ()),
    ("Meetings", "/meetings/", "presentation-chart-bar", ()),
    ("Messages", "/messages/", "envelope", ()),
    ("New business", "/leads/", "funnel", (C.WIN_CLIENTS, C.SEE_ALL_LEADS)),
    ("Delivery", "/deliverables/", "cube", ()),
    ("Reports", "/reports/", "chart-bar", ()),
    ("Team", "/team/", "user-group", (C.SEE_TEAM,)),
    ("Playbook", "/playbook/", "book-open", ()),
    ("Import", "/imports/", "arrow-up-tray", (C.IMPORT,)),
    ("Settings", "/settings/", "cog-6-tooth", (C.MANAGE_SETTINGS, C.MANAGE_PEOPLE)),
)

#: Addresses that belong to a room though they do not begin with its own.
ALSO = {
    "/deliverables/": (
        "/approvals/",
        "/set-up/",
        "/introductions/",
        "/network/",
        "/glossary/",
        "/timelines/",
    ),
    "/reports/": ("/dips/",),
    "/leads/": ("/pairings/", "/consultations/", "/proposals/"),
}

READER_LINKS = (
    {"label": "Your account", "url": "/account/"},
    {"label": "Sign out", "url": "/account/logout/", "post": True},
)
SEARCH = "/search/"
#: Where the rail's count of what is due is read again.
DUE = "/due/"

#: What is added from anywhere: label, address, icon, key, the capability it needs, and whether its form
#: opens in the dialog.
QUICK_ADD = (
    ("A promise", "/commitments/new/", "check-circle", "p", C.KEEP_PROMISES, True),
    ("A call, e-mail or note", "/interactions/new/", "chat-bubble-left-right", "c", C.KEEP_PROMISES, True),
    ("A question to find out", "/questions/new/", "question-mark-circle", "q", C.KEEP_PROMISES, True),
    ("A request to a client", "/chases/new/", "phone-arrow-up-right", "", C.KEEP_PROMISES, True),
    ("A word you did not know", "/glossary/new/", "book-open", "", C.KEEP_PROMISES, True),
    ("A win", "/wins/new/", "trophy", "", C.KEEP_PROMISES, True),
    ("A client", "/clients/new/", "building-office-2", "", C.EDIT_CLIENTS, False),
    ("A lead", "/leads/new/", "funnel", "", C.WIN_CLIENTS, False),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """`rail` (label, url, icon, current, count), `member`, `actor`, `zone` and more for `ui/frame.html`.

    Only rooms that exist and that the member's role may enter are in the rail. Somebody who is not
    signed in has an empty one.
    """
    member = member_of(request) if hasattr(request, "user") else None
    if member is None:
        return {"rail": [], "member": None, "actor": None}
    rail = [
        {"label": label, "url": url, "icon": icon, "current": _is_in(request.path, url)}
        for label, url, icon, needs in ROOMS
        if (not needs or any(member.may(need) for need in needs)) and exists(url)
    ]
    if member.may(C.KEEP_PROMISES):
        rail[0] |= {"count": SimpleLazyObject(lambda: due_for(member)), "counted_at": DUE}
    return {
        "rail": rail,
        "member": member,
        "actor": member.actor,
        "zone": member.zone,
        "reader_links": READER_LINKS,
        "search_url": SEARCH if exists(SEARCH) else "",
        "quick_add": [
            {"label": label, "url": url, "icon": icon, "key": key, "in_sheet": in_sheet}
            for label, url, icon, key, needs, in_sheet in QUICK_ADD
            if member.may(needs) and exists(url)
        ],
    }


def due_for(member: Member) -> Count:
    """How many promises wait for them today, the overdue ones among them. One query."""
    return Looking(member.actor, member, member.zone).count_due()


def _is_in(path: str, room: str) -> bool:
    return path == room if room == "/" else path.startswith((room, *ALSO.get(room, ())))


@cache
def exists(url: str) -> bool:
    """Whether a page lives at this address."""
    try:
        resolve(url)
    except Resolver404:
        return False
    return True
