"""What care gives to the team's own meetings: flags, ratings, and feedback to the account manager."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Count

from steadyhand.care.models import Feedback, Flag, Rating
from steadyhand.clients.models import Assignment, Client, Position, Stage
from steadyhand.commitments.models import ClientPlan
from steadyhand.comms.agenda_sections import said
from steadyhand.comms.meetings.agenda import (
    ALL_HANDS,
    PLANNING,
    REVIEW,
    SPONSOR_SYNC,
    WASH_UP,
    WEEKLY,
    Topic,
    section,
)
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.core.recurrence import local_instant
from steadyhand.people.models import Member
from steadyhand.people.roles import Role

#: By when account managers have their flags in: Monday noon of the meeting's week (C2).
IN_BY = dt.time(12)
MANAGERS = (Role.MANAGER, Role.SENIOR_MANAGER)
#: Days that a settled flag is talked about, and that ratings are looked back at.
SETTLED_WITHIN, RATED_WITHIN = 31, 100


@section(
    "flags",
    "Flags",
    of=(WEEKLY, SPONSOR_SYNC),
    words=("flag", "worrying"),
    empty="No flag is open.",
    order=20,
)
def flags(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Open flags by account manager, and in the weekly meeting those whose flags are not in yet."""
    rows = Flag.objects.visible_to(actor).open().select_related("client", "raised_by")
    if meeting.agenda_key == SPONSOR_SYNC:
        rows = rows.filter(client__in=_shared_clients(meeting, actor))
    found = list(rows)
    leads = leads_of({flag.client_id for flag in found})
    topics = [_flag(flag, leads.get(flag.client_id, "")) for flag in found]
    topics.sort(key=lambda topic: topic.owner)
    return topics + (_not_in(meeting, at) if meeting.agenda_key == WEEKLY else [])


@section(
    "settled",
    "Flags settled",
    of=(WASH_UP,),
    empty="No flag was settled in the last month.",
    order=24,
)
def settled(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """What was a serious worry and is none any more: how it was settled."""
    rows = Flag.objects.visible_to(actor).filter(
        settled_at__gte=at - dt.timedelta(days=SETTLED_WITHIN), settled_at__lte=at
    )
    found = list(rows.select_related("client", "raised_by").order_by("-settled_at"))
    leads = leads_of({flag.client_id for flag in found})
    return [_flag(flag, leads.get(flag.client_id, ""), note=flag.settled_how) for flag in found]


@section(
    "lows",
    "Lows",
    of=(ALL_HANDS,),
    empty="No client worries us this week.",
    order=46,
)
def lows(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Clients with an open flag: their names, not the words of the flag."""
    return clients_with_flags(actor)


@section(
    "sponsored",
    "How the client feels",
    of=(SPONSOR_SYNC,),
    words=("feels",),
    empty="None of your shared clients is of tier 1 or has an open flag.",
    order=15,
)
def sponsored(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """The clients this pair talks about: tier 1, or with an open flag."""
    clients = _shared_clients(meeting, actor)
    tiers = dict(ClientPlan.objects.filter(client__in=clients).values_list("client", "tier"))
    open_flags = dict(
        Flag.objects.filter(client__in=clients).open().order_by().values_list("client").annotate(Count("pk"))
    )
    topics = []
    for client in clients:
        tier, flagged = tiers.get(client.pk), open_flags.get(client.pk, 0)
        if tier == 1 or flagged:
            said_of = [f"tier {tier}"] if tier else []
            said_of += [f"{flagged} open flag{'s' if flagged > 1 else ''}"] if flagged else []
            topics.append(
                Topic(
                    f"clients.client:{client.pk}",
                    client.name,
                    ", ".join(said_of),
                    url=client.get_absolute_url(),
                    late=bool(flagged),
                    client=client,
                )
            )
    return topics


@section(
    "ratings",
    "How they rate us",
    of=(REVIEW,),
    empty="They have not rated us in the last quarter.",
    order=25,
)
def ratings(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """The monthly answers of the last quarter, question by question, oldest month first."""
    rows = Rating.objects.visible_to(actor).filter(
        client=meeting.client_id, month__gte=(at - dt.timedelta(days=RATED_WITHIN)).date()
    )
    by_question: dict[str, list[Rating]] = {}
    for row in rows.order_by("month"):
        by_question.setdefault(row.question, []).append(row)
    return [
        Topic(
            f"care.rating:{answers[-1].pk}",
            question.replace("-", " ").capitalize(),
            ", ".join(f"{one.month:%b} {one.score}" for one in answers),
            note=answers[-1].comment,
            late=answers[-1].score <= 2,
        )
        for question, answers in by_question.items()
    ]


@section(
    "feedback",
    "Feedback to the account managers",
    of=(WEEKLY, PLANNING, WASH_UP),
    words=("feedback",),
    empty="No account manager is expected.",
    order=80,
)
def feedback(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Each account manager who comes, and how many colleagues have told them something here. The words
    are theirs to read, never on a shared screen."""
    managers = [
        one.member
        for one in meeting.attendees.filter(removed_at=None, member__role__in=MANAGERS).select_related(
            "member"
        )
        if one.member is not None
    ]
    given = Counter(Feedback.objects.standing().filter(meeting=meeting).values_list("about", flat=True))
    return [
        Topic(
            f"people.member:{member.pk}",
            member.name,
            "what helps, what would help?",
            url=f"/team/feedback/new/?about={member.pk}&meeting={meeting.pk}",
            when=f"{given[member.pk]} given" if given[member.pk] else "none given yet",
        )
        for member in managers
    ]


def clients_with_flags(actor: Actor) -> list[Topic]:
    """Live clients with an open flag, by name."""
    flagged = Flag.objects.visible_to(actor).open().values("client")
    clients = Client.objects.visible_to(actor).live().filter(pk__in=flagged).order_by("name")
    return [
        Topic(f"clients.client:{client.pk}", client.name, url=client.get_absolute_url(), client=client)
        for client in clients
    ]


def leads_of(clients: set[int]) -> dict[int, str]:
    """Who leads each of these clients, by name. One query."""
    places = Assignment.objects.filter(client__in=clients, position=Position.LEAD, until=None)
    return dict(places.values_list("client", "member__name"))


def _flag(flag: Flag, lead: str, note: str = "") -> Topic:
    raised = f"raised by {flag.raised_by.name}" if flag.raised_by else "raised"
    return Topic(
        f"care.flag:{flag.pk}",
        flag.client.name,
        flag.text,
        note,
        url=flag.client.get_absolute_url(),
        owner=lead or "nobody leads them",
        when=f"{raised} {said(flag.raised_at.date())}",
        client=flag.client,
    )


def _not_in(meeting: Meeting, at: dt.datetime) -> list[Topic]:
    """Managers who have raised none this week once Monday noon is over, and lead a client."""
    local = meeting.starts_at.astimezone(clock.zone_info(meeting.zone)).date()
    monday = local - dt.timedelta(days=local.weekday())
    if at < local_instant(monday, IN_BY, meeting.zone):
        return []
    since = clock.midnight(monday - dt.timedelta(days=7), meeting.zone)
    leading = Assignment.objects.filter(
        position=Position.LEAD, until=None, client__stage=Stage.LIVE, member__role__in=MANAGERS
    )
    raised = Flag.objects.filter(raised_at__gte=since, raised_by__isnull=False).values("raised_by")
    silent = Member.objects.here().filter(pk__in=leading.values("member")).exclude(pk__in=raised)
    return [
        Topic(
            f"people.member:{member.pk}:flags",
            member.name,
            "has no flag in; is there truly none?",
            when="due Monday noon",
            late=True,
        )
        for member in silent
    ]


def _shared_clients(meeting: Meeting, actor: Actor) -> list[Client]:
    """Clients that one attendee sponsors and another leads."""
    here = meeting.attendees.filter(removed_at=None, member__isnull=False).values("member")
    places = Assignment.objects.filter(until=None, member__in=here)
    return list(
        Client.objects.visible_to(actor)
        .live()
        .filter(pk__in=places.filter(position=Position.SPONSOR).values("client"))
        .filter(pk__in=places.filter(position=Position.LEAD).values("client"))
        .order_by("name")
    )
