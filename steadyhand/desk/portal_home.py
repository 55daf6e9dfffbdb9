"""What somebody at a client sees first: what waits on them, what we do and when, who is who (F1, C3).

Nothing here is shared by being looked at. Of promises the client reads the words a calendar feed would have;
of requests, the ones they were asked; of meetings, those they were invited to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from steadyhand.clients.models import Assignment, Contact, Position, Service
from steadyhand.commitments.feed_file import words_to_client
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.links_in_mail import may_decline
from steadyhand.comms.models import Answer, Attendee, Chase
from steadyhand.core import clock
from steadyhand.core.models import Agency
from steadyhand.onboarding.escalation import Rung, escalation_path
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import ServiceLevels

#: How far ahead the plan is shown, and how much of it on the first page.
AHEAD = dt.timedelta(weeks=13)
SOON = dt.timedelta(weeks=4)
FIRST = 6

HELD_UP = "We go on once we hear from you."

#: What a place on the account team is called to the client, the accountable one first.
PLACES = {
    Position.LEAD: "your account manager",
    Position.SUPPORT: "helps your account manager",
    Position.DELIVERY: "does the work",
    Position.SPONSOR: "your executive sponsor",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits on the client: what, why, until when, and the page to do it on.

    `kind` and `pk` name the item as a link does; without a page there is only something to be told.
    """

    words: str
    kind: str = ""
    pk: int = 0
    verb: str = ""
    note: str = ""
    due: dt.date | None = None
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """Something we do for them, in the words meant for them. `at` is set where an hour is agreed."""

    words: str
    on: dt.date
    at: dt.datetime | None
    who: str
    zone: str

    @property
    def month(self) -> str:
        """“December 2026”."""
        return f"{self.on:%B %Y}"


@dataclass(frozen=True, slots=True)
class Invited:
    """A meeting they were asked to."""

    attendee: Attendee
    may_decline: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of ours, by the place they have for this client."""

    place: Assignment
    words: str


@dataclass(frozen=True, slots=True)
class PortalHome:
    """The first page of a contact."""

    waiting: list[Waiting]
    planned: list[Planned]
    meetings: list[Invited]
    services: list[Service]
    has_more: bool
    first: list[Planned] = field(default_factory=list)


#: Everything that can wait on a client: each says, for a contact, what of its kind does. Most pressing first.
Source = Callable[[Contact], Sequence[Waiting]]


def portal_home(contact: Contact) -> PortalHome:
    """Everything of the first page, in a number of queries that no client's history changes."""
    planned = plan_for(contact, SOON)
    return PortalHome(
        waiting=waiting_on(contact),
        planned=planned,
        meetings=meetings_of(contact),
        services=services_of(contact),
        has_more=len(planned) > FIRST,
        first=planned[:FIRST],
    )


def waiting_on(contact: Contact) -> list[Waiting]:
    """What waits on them: by the day it is wanted, what has none last."""
    found = [one for source in SOURCES for one in source(contact)]
    return sorted(found, key=lambda one: (one.due is None, one.due or dt.date.max))


def requests(contact: Contact) -> list[Waiting]:
    """What they, or anybody at the client, were asked for and have not answered (S7)."""
    asked = Chase.objects.open().filter(Q(contact=contact) | Q(contact=None), client=contact.client_id)
    return [Waiting(one.text, "request", one.pk, due=one.wanted_by, since=one.began_at) for one in asked]


def promises_held_up(contact: Contact) -> list[Waiting]:
    """Promises of ours that cannot go on without them. What is a request already is not said twice."""
    agency = Agency.get()
    held = Commitment.objects.filter(client=contact.client_id, chase=None).for_client_eyes().waiting()
    return [
        Waiting(words_to_client(one.kind, one.rule, agency), note=HELD_UP, since=one.waiting_since)
        for one in held.exclude(rule=AD_HOC).order_by("due_at", "pk")
    ]


SOURCES: list[Source] = [requests, promises_held_up]


def plan_for(contact: Contact, ahead: dt.timedelta = AHEAD) -> list[Planned]:
    """What is still to come of what we promised this client, in the words of their calendar feed."""
    agency = Agency.get()
    now = clock.now()
    owed = Commitment.objects.filter(client=contact.client_id).for_client_eyes().open()
    shared = owed.exclude(rule=AD_HOC).filter(due_at__gte=now, due_at__lt=now + ahead)
    rows = shared.select_related("owner").order_by("due_at", "pk").defer("version")
    return [
        Planned(
            words_to_client(row.kind, row.rule, agency),
            row.due_on,
            row.starts_at,
            row.owner.name if row.owner else "",
            row.zone,
        )
        for row in rows
    ]


def meetings_of(contact: Contact) -> list[Invited]:
    """Meetings to come that they were asked to, and have not declined."""
    asked = Attendee.objects.filter(
        contact=contact,
        removed_at=None,
        invited_sequence__isnull=False,
        meeting__closed_at=None,
        meeting__cancelled_at=None,
        meeting__starts_at__gte=clock.now(),
    ).exclude(answer=Answer.DECLINED)
    related = ("meeting__led_by", "meeting__commitment__version")
    long = ("meeting__commitment__version__document", "meeting__commitment__version__content")
    rows = asked.select_related(*related).defer(*long).order_by("meeting__starts_at", "pk")
    return [Invited(row, may_decline(row.meeting)) for row in rows]


def services_of(contact: Contact) -> list[Service]:
    """What they have bought and we still do."""
    today = clock.today(contact.client.zone)
    running = contact.client.engagements.running(today)
    return list(Service.objects.filter(engagement__in=running).order_by("engagement", "number"))


@dataclass(frozen=True, slots=True)
class PortalPeople:
    """Who looks after them, whom they turn to, and how soon we answer."""

    colleagues: list[Colleague]
    path: list[Rung]
    levels: ServiceLevels | None


def portal_people(contact: Contact) -> PortalPeople:
    """The people on our side, the path of escalation with its response times (C3), and the service levels."""
    team = contact.client.team.filter(until=None).select_related("member")
    order = list(PLACES)
    places = sorted(team, key=lambda one: (order.index(Position(one.position)), one.member.name))
    seen: set[int] = set()
    colleagues = []
    for place in places:
        if place.member_id not in seen:
            seen.add(place.member_id)
            colleagues.append(Colleague(place, PLACES[Position(place.position)]))
    version = Version.live()
    levels = version.policy.service_levels if version is not None else None
    return PortalPeople(colleagues, escalation_path(contact.client), levels)
