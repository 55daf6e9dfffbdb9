"""What somebody at a client sees first: what waits on them, what we do and when, who is who (F1, C3).

Nothing here is shared by being looked at. Of promises the client reads the words a calendar feed would have;
of requests, the ones they were asked; of meetings, those they were invited to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from steadyhand.clients.models import Assignment, Contact, Position, Service
from steadyhand.commitments.feed_file import words_to_client
from steadyhand.commitments.keeping import AD_HOC
from steadyhand.commitments.models import Commitment
from steadyhand.comms.meetings.links_in_mail import may_decline
from steadyhand.comms.models import Answer, Attendee
from steadyhand.core import clock
from steadyhand.core.models import Agency
from steadyhand.delivery.models import Deliverable
from steadyhand.desk.portal_waiting import Paper, Waiting, papers_of, waiting_on
from steadyhand.onboarding.escalation import Rung, escalation_path
from steadyhand.playbook.models import Version
from steadyhand.playbook.policy import ServiceLevels

#: How far ahead the plan is shown, and how much of it on the first page.
AHEAD = dt.timedelta(weeks=13)
SOON = dt.timedelta(weeks=4)
FIRST = 6

#: What a place on the account team is called to the client, the accountable one first.
PLACES = {
    Position.LEAD: "your account manager",
    Position.SUPPORT: "helps your account manager",
    Position.DELIVERY: "does the work",
    Position.SPONSOR: "your executive sponsor",
}


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
    first: list[Planned]
    papers: list[Paper]

    @property
    def has_more(self) -> bool:
        """Whether the plan goes on beyond what is shown first."""
        return len(self.planned) > len(self.first)


def portal_home(contact: Contact) -> PortalHome:
    """Everything of the first page, in a number of queries that no client's history changes."""
    planned = plan_for(contact, SOON)
    waiting = waiting_on(contact)
    awaited = {(one.kind, one.pk) for one in waiting}
    return PortalHome(
        waiting=waiting,
        planned=planned,
        meetings=meetings_of(contact),
        services=services_of(contact),
        first=planned[:FIRST],
        papers=[one for one in papers_of(contact) if (one.kind, one.pk) not in awaited],
    )


def plan_for(contact: Contact, ahead: dt.timedelta = AHEAD) -> list[Planned]:
    """What is still to come of what we promised this client, in the words of their calendar feed.

    The set-up of a service names it: on a page, unlike in a calendar, several stand side by side.
    """
    agency = Agency.get()
    now = clock.now()
    owed = Commitment.objects.filter(client=contact.client_id).for_client_eyes().open()
    shared = owed.exclude(rule=AD_HOC).filter(due_at__gte=now, due_at__lt=now + ahead)
    rows = shared.select_related("owner").order_by("due_at", "pk").defer("version")
    names = {
        (one.engagement_id, one.number): one.name
        for one in Service.objects.filter(engagement__client=contact.client_id)
    }
    planned = [
        Planned(
            _words(row, names, agency),
            row.due_on,
            row.starts_at,
            row.owner.name if row.owner else "",
            row.zone,
        )
        for row in rows
    ]
    promised = Deliverable.objects.shared_with(contact).owed().select_related("promised_by")
    planned += [
        Planned(one.title, one.due_on, None, one.promised_by_name, contact.client.zone)
        for one in promised.filter(due_on__lt=(now + ahead).date())
    ]
    return sorted(planned, key=lambda one: one.on)


def _words(row: Commitment, names: Mapping[tuple[int, int], str], agency: Agency) -> str:
    name = names.get((row.engagement_id or 0, row.slot)) if row.rule == "service-setup" else None
    return f"Set-up of {name}" if name else words_to_client(row.kind, row.rule, agency)


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
