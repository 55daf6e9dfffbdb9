"""What only several rooms together can give to the team's own meetings."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum

from steadyhand.clients.models import Client
from steadyhand.commitments.kinds import OWED
from steadyhand.commitments.models import Commitment
from steadyhand.comms.agenda_sections import said
from steadyhand.comms.meetings.agenda import ALL_HANDS, PLANNING, WASH_UP, Topic, section
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.desk.adoption import adoption
from steadyhand.desk.anniversaries import anniversaries
from steadyhand.desk.call_time import minutes_left
from steadyhand.people.models import Member
from steadyhand.playbook.adoption import SESSION

A_DAY = dt.timedelta(days=1)
WEEK = 7


@section(
    "overrun",
    "Call time overrun",
    of=(WASH_UP,),
    empty="No client had more call time than they pay for.",
    order=26,
)
def overrun(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Clients who had more call time last month than their spend buys, the most first (B4)."""
    this = at.astimezone(clock.zone_info(meeting.zone)).date().replace(day=1)
    last = this - A_DAY
    clients = {client.pk: client for client in Client.objects.visible_to(actor).live()}
    left = minutes_left(clients, last, meeting.zone)
    over = sorted((minutes, pk) for pk, minutes in left.items() if minutes < 0)
    return [
        Topic(
            f"clients.client:{pk}:calls",
            clients[pk].name,
            f"{-minutes} minutes over in {last:%B}",
            url=clients[pk].get_absolute_url(),
            client=clients[pk],
        )
        for minutes, pk in over
    ]


@section(
    "capacity",
    "Capacity",
    of=(PLANNING,),
    words=("capacity",),
    empty="Nobody has promised any time this month.",
    order=40,
)
def capacity(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Hours that each colleague still owes this month, beside the hours they work in what is left of it."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    following = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    rows = Commitment.objects.visible_to(actor).filter(
        state__in=OWED, due_on__lt=following, owner__isnull=False
    )
    minutes = dict(rows.order_by().values_list("owner").annotate(Sum("minutes")))
    weeks = ((following - today).days) / WEEK
    topics = []
    for member in Member.objects.visible_to(actor).here().filter(pk__in=minutes):
        owed, works = minutes[member.pk] / 60, float(member.weekly_hours) * weeks
        if owed:
            topics.append(
                Topic(
                    f"people.member:{member.pk}",
                    member.name,
                    f"{owed:.0f} h promised of {works:.0f} h left this month",
                    url=f"/?of={member.pk}&tab=later",
                    late=owed > works,
                )
            )
    return sorted(topics, key=lambda topic: not topic.late)


@section(
    "anniversaries",
    "Birthdays and anniversaries",
    of=(ALL_HANDS,),
    words=("good news",),
    empty="Nobody has a day to celebrate this week.",
    order=10,
)
def to_congratulate(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Birthdays and years at the agency, from today to a week on."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    return [
        Topic(f"people.member:{one.member.pk}:{one.said}", one.member.name, one.said, when=said(one.on))
        for one in anniversaries(actor, today, today + WEEK * A_DAY)
    ]


@section(
    "new-clients",
    "New clients",
    of=(ALL_HANDS,),
    empty="No client has come this week.",
    order=42,
)
def new_clients(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Clients whose first engagement began in the last week."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    return [
        Topic(
            f"clients.client:{client.pk}:new",
            client.name,
            client.business,
            url=client.get_absolute_url(),
            client=client,
        )
        for client in come_since(actor, today - WEEK * A_DAY, today)
    ]


def come_since(actor: Actor, first: dt.date, last: dt.date) -> list[Client]:
    """Live clients whose first engagement began in these days. One query."""
    rows = Client.objects.visible_to(actor).live()
    begun = rows.filter(engagements__starts_on__range=(first, last))
    return list(begun.exclude(engagements__starts_on__lt=first).distinct().order_by("name"))


@section(
    "adoption",
    "Open steps",
    of=(SESSION,),
    words=("open steps",),
    empty="Every step of taking the playbook on is done.",
    order=10,
)
def open_steps(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """The steps still to do, with what the data shows of each (B15)."""
    found = adoption(actor)
    return [
        Topic(
            f"adoption:{step.entry.key}",
            f"{step.entry.number}. {step.entry.title}",
            step.entry.done_when,
            note=step.shown.words if step.shown else "",
            url=f"/adoption/#{step.entry.key}",
        )
        for step in (found.open if found else [])
    ]
