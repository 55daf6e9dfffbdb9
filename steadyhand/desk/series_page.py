"""The team's meetings that come back: what is set up, what could be, which were held and which were not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from steadyhand.care.models import Flag
from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.comms.meetings.agenda import ALL_HANDS, PLANNING, SPONSOR_SYNC, WASH_UP, WEEKLY
from steadyhand.comms.meetings.agenda_items import agendas
from steadyhand.comms.models import Meeting, Series
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import WEEKDAYS, Cadence
from steadyhand.people.models import Member

#: How often, when and on which day each of the playbook's meetings usually comes (S9): ours, to be changed.
USUAL: dict[str, tuple[Cadence, str, dt.time, int]] = {
    WEEKLY: (Cadence.WEEKLY, "monday", dt.time(14), 60),
    PLANNING: (Cadence.MONTHLY, "working day 2", dt.time(9, 30), 420),
    WASH_UP: (Cadence.MONTHLY, "last thursday", dt.time(15), 90),
    ALL_HANDS: (Cadence.WEEKLY, "friday", dt.time(9, 30), 30),
    SPONSOR_SYNC: (Cadence.WEEKLY, "wednesday", dt.time(16), 15),
}

#: Meetings of a series shown: held or not lately, and the next.
LATELY, NEXT = 8, 4


def day_words(day: str) -> str:
    """A day as it is read, not as it is stored: “Monday”, “last Thursday”, “working day 2”."""
    return " ".join(word.capitalize() if word in WEEKDAYS else word for word in day.split())


@dataclass(frozen=True, slots=True)
class Offer:
    """A meeting of the playbook nobody has set up yet."""

    key: str
    title: str
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One series with its next meeting; `lapsed` are those lately not held."""

    series: Series
    next_one: Meeting | None
    lapsed: list[Meeting]

    @property
    def rhythm(self) -> str:
        """“weekly, Monday at 14:00, 60 minutes”."""
        row = self.series
        cadence = Cadence(row.cadence).words
        return f"{cadence}, {day_words(row.day)} at {row.time:%H:%M}, {row.minutes} minutes"

    @property
    def url(self) -> str:
        """Its page."""
        return f"/meetings/series/{self.series.pk}/"

    @property
    def next_day(self) -> str:
        """“Mon 30 Nov 14:00”; “not planned” where every day ahead is off."""
        return (
            f"{self.next_one.local:%a} {self.next_one.local.day} {self.next_one.local:%b %H:%M}"
            if (self.next_one)
            else "not planned"
        )

    @property
    def note(self) -> str:
        """Who leads it, and how often of late it was not held."""
        led = f"{self.series.led_by.name} leads" if self.series.led_by else "Nobody leads it"
        count = len(self.lapsed)
        return f"{led} · {count} of late not held" if count else led


@dataclass(slots=True)
class SeriesPage:
    """The list."""

    running: list[Card] = field(default_factory=list)
    ended: list[Series] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


def page(actor: Actor) -> SeriesPage:
    """What one may see, and what the playbook asks for and nobody has set up. Six queries."""
    at = clock.now()
    rows = list(Series.objects.visible_to(actor).select_related("led_by"))
    since = at - dt.timedelta(days=31)
    meetings = Meeting.objects.filter(
        occurrence__series__in=[row.pk for row in rows if row.ended_at is None], starts_at__gte=since
    ).select_related("occurrence", "led_by")
    of: dict[int, list[Meeting]] = {}
    for meeting in meetings.order_by("starts_at"):
        of.setdefault(meeting.occurrence.series_id, []).append(meeting)
    found = SeriesPage(ended=[row for row in rows if row.ended_at is not None])
    for row in rows:
        if row.ended_at is None:
            found.running.append(_card(row, of.get(row.pk, []), at))
    found.offers = _offers({row.agenda_key for row in rows if row.ended_at is None})
    return found


@dataclass(frozen=True, slots=True)
class History:
    """One series: the meetings to come, and those of late."""

    coming: list[Meeting]
    lately: list[Meeting]


def history(series: Series) -> History:
    """The next meetings, skipped ones among them, and the latest that are over. Two queries."""
    at = clock.now()
    rows = Meeting.objects.filter(occurrence__series=series).select_related("led_by")
    coming = rows.filter(starts_at__gte=at, closed_at=None).order_by("starts_at")[:NEXT]
    over = rows.filter(Q(starts_at__lt=at) | Q(closed_at__isnull=False)).order_by("-starts_at")
    return History(list(coming), list(over[:LATELY]))


@dataclass(frozen=True, slots=True)
class Pair:
    """A lead and an executive sponsor whose clients call for a weekly sync."""

    lead: Member
    sponsor: Member
    clients: int

    @property
    def url(self) -> str:
        """The form, filled in."""
        return f"/meetings/series/new/?agenda={SPONSOR_SYNC}&lead={self.lead.pk}&with={self.sponsor.pk}"


def pairs_without_sync(actor: Actor) -> list[Pair]:
    """Leads and sponsors who share a client of tier 1 or with an open flag, and have no weekly sync.

    MISSION: the sync is on by default only for tier 1 and clients that are not well. Four queries.
    """
    flagged = Flag.objects.visible_to(actor).open().values("client")
    clients = Client.objects.visible_to(actor).live()
    places = Assignment.objects.filter(until=None, client__in=clients)
    urgent = places.filter(Q(client__plan__tier=1) | Q(client__in=flagged)).select_related("member")
    leads = {row.client_id: row.member for row in urgent.filter(position=Position.LEAD)}
    counted: dict[tuple[int, int], tuple[Member, Member, int]] = {}
    for row in urgent.filter(position=Position.SPONSOR):
        lead = leads.get(row.client_id)
        if lead is not None and lead.pk != row.member_id:
            count = counted.get((lead.pk, row.member_id), (lead, row.member, 0))[2]
            counted[lead.pk, row.member_id] = lead, row.member, count + 1
    syncs = Series.objects.running().filter(agenda_key=SPONSOR_SYNC).prefetch_related("members")
    known = [{member.pk for member in sync.members.all()} for sync in syncs]
    found = [Pair(*one) for key, one in counted.items() if not any(set(key) <= members for members in known)]
    return sorted(found, key=lambda pair: (pair.lead.name, pair.sponsor.name))


def _card(row: Series, meetings: list[Meeting], at: dt.datetime) -> Card:
    coming = [one for one in meetings if one.is_open and one.ends_at >= at]
    lapsed = [one for one in meetings if one.ends_at < at and one.closed_at is None]
    return Card(row, coming[0] if coming else None, lapsed)


def _offers(known: set[str]) -> list[Offer]:
    return [
        Offer(one.key, one.title, one.purpose, f"/meetings/series/new/?agenda={one.key}")
        for one in agendas()
        if one.key in USUAL and one.key != SPONSOR_SYNC and one.key not in known
    ]
