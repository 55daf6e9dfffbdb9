"""The story of a client: everything that happened, as far as one asks for it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from steadyhand.comms.models import Channel
from steadyhand.desk.timeline import people_of, timeline
from steadyhand.desk.timeline_streams import KINDS, SIGHTS, Filters
from steadyhand.web.access import StaffRequest, staff
from steadyhand.web.views.clients import found, tabs


@require_GET
@staff
def history(request: StaffRequest, ref: str) -> HttpResponse:
    """`/clients/<ref>/timeline/`: everything that happened, fifty at a time; its address is the view."""
    client = found(request, ref)
    asked = Filters.read_kindly(request.GET.dict())
    after = request.GET.get("after", "")
    page = timeline(client, request.actor, asked=asked, after=after)
    here = f"{client.get_absolute_url()}timeline/"
    first = f"{here}?{asked.query}" if asked.query else here
    joint = "&" if asked.query else "?"
    context = {
        "client": client,
        "tabs": tabs(client, "Timeline"),
        "page": page,
        "asked": asked,
        "people": people_of(client),
        "kinds": [(key, words[0]) for key, words in KINDS.items()],
        "channels": [(value, label.capitalize()) for value, label in Channel.choices],
        "sights": SIGHTS.items(),
        "here": here,
        "older": f"{first}{joint}{urlencode({'after': page.older})}" if page.older else "",
        "first": first if after else "",
    }
    return render(request, "web/clients/timeline.html", context)
