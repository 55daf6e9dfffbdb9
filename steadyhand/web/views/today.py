"""Today: what you promised, and the next click that keeps it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from steadyhand.clients.models import Client
from steadyhand.desk import today as desk
from steadyhand.desk.today import Count, Looking
from steadyhand.desk.today_parts import PAGE, Part
from steadyhand.people.colleagues import others
from steadyhand.people.models import Member
from steadyhand.people.roles import Capability
from steadyhand.web.access import StaffRequest, staff

EVERYONE = "everyone"

#: The tabs: label, the address's word, the parts it shows.
TABS = (
    ("Now", "now", (Part.OVERDUE, Part.TODAY)),
    ("This week", "week", (Part.WEEK,)),
    ("Waiting on clients", "waiting", (Part.WAITING,)),
    ("Later", "later", (Part.LATER,)),
    ("Missed", "missed", (Part.MISSED,)),
)

EMPTY = {
    "now": "Everything due by today is done.",
    "week": "Nothing more is due this week.",
    "waiting": "No client keeps you waiting. A promise that needs their answer first is put here.",
    "later": "Nothing is planned beyond this week.",
    "missed": "Nothing was missed that is not made good.",
}
EMPTY_AT_WEEKENDS = {"week": "Nothing is due next week.", "later": "Nothing is planned beyond next week."}


@require_GET
@staff
def today(request: StaffRequest) -> HttpResponse:
    """`/`, with `?tab=`, `?of=` another member or everyone, and `?part=…&after=key` for what follows."""
    of = request.GET.get("of", "")
    looking = Looking(request.actor, _whose(request, of), request.member.zone)
    tab, parts = _tab(request.GET.get("tab", ""), request.GET.get("part", ""))
    after = request.GET.get("after", "") if len(parts) == 1 else ""
    sections = [desk.section(looking, part, after) for part in parts]
    day = desk.day(looking, sections)
    context = {
        "heading": desk.heading(day),
        "day": day,
        "looking": looking,
        "is_mine": looking.owner == request.member,
        "tabs": _tabs(day, tab, of, looking),
        "sections": [part for part in sections if part.lines],
        "empty": EMPTY_AT_WEEKENDS.get(tab, EMPTY[tab]) if looking.is_weekend else EMPTY[tab],
        "of": of,
        "query": urlencode({"of": of}) if of else "",
        "here": request.get_full_path(),
        "back": quote(request.get_full_path()),
        "colleagues": _colleagues(request),
        "may_act": request.actor.may(Capability.KEEP_PROMISES),
    }
    if tab == "now" and not any(section.lines for section in sections):
        context["first_step"] = _first_step(request)
    part = "#board" if request.headers.get("HX-Request") else ""
    response = render(request, f"web/today/page.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _first_step(request: StaffRequest) -> tuple[str, str, str] | None:
    """What an empty day leads to while one sees no client: a sentence, a button's words and its address."""
    if Client.objects.visible_to(request.actor).listed().exists():
        return None
    if request.actor.may(Capability.IMPORT):
        said = "What you promised stands here each morning, as soon as your clients are in the book."
        return said, "Import your clients", "/imports/"
    if request.actor.may(Capability.EDIT_CLIENTS):
        said = "What you promised stands here each morning, as soon as you look after a client."
        return said, "Add a client", "/clients/new/"
    return "What you promised stands here each morning, as soon as you are on an account team.", "", ""


def _whose(request: StaffRequest, of: str) -> Member | None:
    """Mine; somebody else's or everyone's where the role sees the team."""
    if not of or of == str(request.member.pk):
        return request.member
    if not request.actor.may(Capability.SEE_TEAM):
        raise Http404("Only who sees the team reads somebody else's day.")
    if of == EVERYONE:
        return None
    found = Member.objects.visible_to(request.actor).filter(pk=of).first() if of.isdigit() else None
    if found is None:
        raise Http404("There is no such member.")
    return found


def _colleagues(request: StaffRequest) -> list[tuple[int, str]]:
    return others(request.actor) if request.actor.may(Capability.SEE_TEAM) else []


def _tab(tab: str, part: str) -> tuple[str, tuple[Part, ...]]:
    """Which tab is open, and the parts to show: one alone when the address names it."""
    for _, word, parts in TABS:
        if part in parts:
            return word, (Part(part),)
    return next(((word, parts) for _, word, parts in TABS if word == tab), ("now", TABS[0][2]))


def _tabs(day: desk.Day, current: str, of: str, looking: Looking) -> list[dict[str, object]]:
    shown = []
    for label, word, parts in TABS:
        counts = [day.counts.get(part, Count(0)) for part in parts]
        if word == "missed" and not counts[0] and current != word:
            continue
        total = sum(count.number for count in counts)
        said = f"{PAGE}+" if any(c.capped for c in counts) else total
        address = {key: value for key, value in (("tab", "" if word == "now" else word), ("of", of)) if value}
        shown.append(
            {
                "label": "Next week" if word == "week" and looking.is_weekend else label,
                "url": f"/?{urlencode(address)}" if address else "/",
                "current": word == current,
                "count": None if word == "later" else said,
            }
        )
    return shown
