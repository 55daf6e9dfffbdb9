"""What every page of a client knows: the agency, who is reading, where they can go, who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from steadyhand.clients.models import Position
from steadyhand.clients.portal_access import PORTAL
from steadyhand.core.models import Agency
from steadyhand.people.models import Member
from steadyhand.portal.visiting import Visitor

#: What somebody who is signed in can go to: label, name of the page. Only pages that exist.
PLACES: tuple[tuple[str, str], ...] = (
    ("Today", "portal:home"),
    ("Plan", "portal:plan"),
    ("Figures", "portal:figures"),
    ("Work", "portal:work"),
    ("Reports", "portal:reports"),
    ("People", "portal:people"),
)

#: In this order they are asked first.
ANSWERING = (Position.LEAD, Position.SUPPORT)


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the header."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Frame:
    """What surrounds a page; each part is read when the page shows it."""

    path: str
    visitor: Visitor | None

    @cached_property
    def agency(self) -> Agency:
        """Whose mark the page carries."""
        return Agency.get()

    @property
    def home(self) -> str:
        """Where the mark leads: to their own page, or, with a link alone, to where they are."""
        return self.path if self.visitor and not self.visitor.signed_in else PORTAL

    @property
    def places(self) -> list[Place]:
        """The pages in the header; none for somebody with a link to one thing."""
        if self.visitor is None or not self.visitor.signed_in:
            return []
        return [Place(label, reverse(name), reverse(name) == self.path) for label, name in PLACES]

    @cached_property
    def people(self) -> list[Member]:
        """Who answers their questions: the lead, or whoever helps."""
        if self.visitor is None:
            return []
        team = self.visitor.client.team.filter(until=None, position__in=ANSWERING).select_related("member")
        for position in ANSWERING:
            found = [place.member for place in team if place.position == position]
            if found:
                return found[:2]
        return []


def frame(request: HttpRequest) -> dict[str, Any]:
    """`portal` for pages of clients, and the zone their times are in; nothing for other pages."""
    if not request.path.startswith(PORTAL):
        return {}
    visitor = getattr(request, "visitor", None)
    zone = {"reader_zone": visitor.client.zone} if visitor is not None else {}
    return {"portal": Frame(request.path, visitor), **zone}
