"""The list of meetings: those that come and those that were, mine or everybody's, with clients or our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q

from steadyhand.comms.models import Answer, Attendee, Meeting
from steadyhand.comms.models.meeting import MeetingQuerySet
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member

PAGE = 50


class Which(StrEnum):
    """Coming or past."""

    COMING = "coming"
    PAST = "past"


class With(StrEnum):
    """Whom the meetings are with."""

    ALL = ""
    CLIENTS = "clients"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    which: Which = Which.COMING
    everybody: bool = False
    whom: With = With.ALL
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A meeting as a row says it."""

    meeting: Meeting
    note: str
    tag: str

    @property
    def url(self) -> str:
        """Its page."""
        return f"/meetings/{self.meeting.pk}/"

    @property
    def is_off(self) -> bool:
        """Called off."""
        return self.meeting.cancelled_at is not None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `more` says that others follow."""

    asked: Asked
    rows: list[Row]
    more: bool


def page(asked: Asked, actor: Actor, member: Member) -> Page:
    """The meetings asked for, nearest first."""
    now = clock.now()
    found = Meeting.objects.visible_to(actor)
    if not asked.everybody:
        found = of_member(found, member)
    if asked.whom is not With.ALL:
        found = found.filter(client__isnull=asked.whom is With.TEAM)
    if asked.which is Which.COMING:
        found = found.coming(now).order_by("starts_at", "pk")
    else:
        found = found.past(now).order_by("-starts_at", "-pk")
    expected = Q(attendees__removed_at=None, attendees__member=None)
    counted = found.preloaded().annotate(
        theirs=Count("attendees", filter=expected),
        accepted=Count("attendees", filter=expected & Q(attendees__answer=Answer.ACCEPTED)),
        declined=Count("attendees", filter=expected & Q(attendees__answer=Answer.DECLINED)),
    )
    first = (asked.page - 1) * PAGE
    rows = list(counted[first : first + PAGE + 1])
    return Page(asked, [Row(row, _note(row, now), _tag(row, now)) for row in rows[:PAGE]], len(rows) > PAGE)


def of_member(meetings: MeetingQuerySet, member: Member) -> MeetingQuerySet:
    """Those one leads or attends."""
    attends = Exists(Attendee.objects.filter(meeting=OuterRef("pk"), member=member, removed_at=None))
    return meetings.filter(Q(led_by=member) | attends)


def _note(row: Meeting, now: dt.datetime) -> str:
    parts = [row.client.name if row.client else "Our own"]
    if row.led_by is not None:
        parts.append(f"led by {row.led_by.name}")
    if row.place:
        parts.append(row.place)
    theirs, accepted, declined = (getattr(row, name) for name in ("theirs", "accepted", "declined"))
    if row.is_open and row.client is not None and row.starts_at > now:
        if row.invited_at is None:
            parts.append("nobody invited yet")
        else:
            parts.append(f"{accepted} of {theirs} coming" + (f", {declined} not" if declined else ""))
    return " · ".join(parts)


def _tag(row: Meeting, now: dt.datetime) -> str:
    if row.cancelled_at is not None:
        return "called off"
    if row.closed_at is not None:
        return "held"
    if row.began_at is not None:
        return "going on"
    return "to be closed" if row.ends_at < now else ""
