"""What the ledger and the book of clients give to the team's own meetings (S9, S20)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q

from steadyhand.clients.discovery import questions
from steadyhand.clients.models import Client, Discovery, Engagement, Stage
from steadyhand.commitments.kinds import OWED, Kind, State
from steadyhand.commitments.models import Commitment, Waiver
from steadyhand.commitments.models.commitment import CommitmentQuerySet
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
from steadyhand.comms.models import Action, Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.roles import Role

#: Days ahead in which a contract that ends is talked about.
CONTRACTS_WITHIN = 90
#: Days that the review looks back, and that a lost client stays on the wash-up's agenda.
QUARTER, MONTH = 92, 31
#: Actions of meetings longer ago than this were talked about often enough.
ACTIONS_SINCE = 92

A_DAY = dt.timedelta(days=1)


@section(
    "actions",
    "Last time's actions",
    of=(WEEKLY, PLANNING, WASH_UP, SPONSOR_SYNC),
    words=("action", "lessons", "how the last month went"),
    empty="Nothing is left from last time.",
    order=10,
)
def actions(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """What earlier meetings of this kind agreed: late first, then open, then done since the last one."""
    held = Meeting.objects.visible_to(actor).filter(
        agenda_key=meeting.agenda_key,
        client=meeting.client_id,
        starts_at__lt=meeting.starts_at,
        starts_at__gte=meeting.starts_at - dt.timedelta(days=ACTIONS_SINCE),
        closed_at__isnull=False,
    )
    if meeting.agenda_key == SPONSOR_SYNC:
        held = held.filter(occurrence__series__occurrences__meeting=meeting)
    last = held.order_by("-starts_at").values_list("closed_at", flat=True).first()
    agreed = Action.objects.filter(meeting__in=held, dropped_at=None, commitment__isnull=False)
    rows = agreed.select_related("commitment__owner", "commitment__client").order_by("commitment__due_at")
    found = [row.commitment for row in rows if row.commitment is not None]
    shown = [row for row in found if row.state in OWED or (last is not None and row.changed_at >= last)]
    shown.sort(key=lambda row: (row.state not in OWED, not row.is_overdue(at), row.due_at))
    return [promised(row, at) for row in shown]


@section(
    "contracts",
    "Contracts due",
    of=(WEEKLY,),
    words=("contract", "renewal"),
    empty="No contract ends in the next three months.",
    order=30,
)
def contracts(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Engagements that end within ninety days, the nearest first."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    ending = (
        Engagement.objects.visible_to(actor)
        .filter(ends_on__range=(today, today + dt.timedelta(days=CONTRACTS_WITHIN)), client__stage=Stage.LIVE)
        .select_related("client")
        .order_by("ends_on", "pk")
    )
    return [
        Topic(
            f"clients.engagement:{row.pk}",
            row.client.name,
            row.title,
            url=f"{row.client.get_absolute_url()}engagements/{row.pk}/",
            when=f"ends {said(row.ends_on)}" if row.ends_on else "",
            late=row.ends_on is not None and row.ends_on - today <= dt.timedelta(days=30),
            client=row.client,
        )
        for row in ending
    ]


@section(
    "entertainment",
    "Entertainment and surprises",
    of=(WEEKLY,),
    words=("entertain", "surprise"),
    empty="Nothing is planned this month.",
    order=40,
)
def entertainment(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """What is planned to please clients, this week and this month; what is late stands first."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    month_ends = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - A_DAY
    last = max(month_ends, today + dt.timedelta(days=7))
    rows = _owed(actor).filter(Q(kind=Kind.ENTERTAINMENT) | Q(rule="surprise-vote"), due_on__lte=last)
    return [promised(row, at) for row in rows.order_by("due_at", "pk")]


@section(
    "missed",
    "What we missed, and why",
    of=(WASH_UP,),
    words=("serious issue",),
    empty="Nothing was missed in the last month.",
    order=20,
)
def missed(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Promises to clients missed since a month ago, with the last word anybody left on them."""
    rows = (
        Commitment.objects.visible_to(actor)
        .filter(missed_at__gte=at - dt.timedelta(days=MONTH), missed_at__lte=at)
        .filter(state__in=[State.MISSED, State.OPEN, State.DONE_LATE, State.WAIVED])
        .preloaded()
        .prefetch_related("moves", "waits")
        .order_by("client__name", "due_at", "pk")
    )
    return [promised(row, at, note=_last_word(row)) for row in rows]


@section(
    "waived",
    "What we waived",
    of=(WASH_UP,),
    empty="Nothing was waived in the last month.",
    order=22,
)
def waived(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Promises waived since a month ago, each with its reason."""
    waivers = (
        Waiver.objects.filter(undone_at=None, at__gte=at - dt.timedelta(days=MONTH), at__lte=at)
        .filter(commitment__in=Commitment.objects.visible_to(actor).filter(state=State.WAIVED))
        .select_related("commitment__client", "commitment__owner")
        .order_by("-at")
    )
    return [promised(waiver.commitment, at, note=waiver.note) for waiver in waivers]


@section(
    "lost",
    "Clients we lost",
    of=(WASH_UP, ALL_HANDS),
    words=("lost", "we lost"),
    empty="No client has left us.",
    order=60,
)
def lost(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Clients who left in the last month, and why."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    gone = Client.objects.visible_to(actor).filter(
        stage=Stage.ENDED, ended_on__range=(today - dt.timedelta(days=MONTH), today)
    )
    return [
        Topic(
            f"clients.client:{client.pk}",
            client.name,
            client.end_reason,
            url=client.get_absolute_url(),
            when=f"left {said(client.ended_on)}" if client.ended_on else "",
            client=client,
        )
        for client in gone.order_by("-ended_on", "name")
    ]


@section(
    "book",
    "Client by client",
    of=(PLANNING,),
    words=("this month's work", "strategy still sound"),
    empty="Nobody owes anything to a client this month.",
    order=20,
)
def book(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Each client with what was kept and missed last month, and what is promised this month."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    this = today.replace(day=1)
    last = (this - A_DAY).replace(day=1)
    following = (this + dt.timedelta(days=32)).replace(day=1)
    rows = Commitment.objects.visible_to(actor).filter(
        client__stage=Stage.LIVE, due_on__gte=last, due_on__lt=following
    )
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pk, due_on, state, missed_at in rows.order_by().values_list("client", "due_on", "state", "missed_at"):
        if state in (State.WITHDRAWN, State.WAIVED):
            continue
        if due_on >= this:
            counts[pk]["owed"] += state in OWED
        else:
            counts[pk]["kept"] += state in (State.DONE, State.DONE_LATE)
            counts[pk]["missed"] += missed_at is not None
    clients = Client.objects.filter(pk__in=list(counts)).order_by("name")
    return [_month(client, counts[client.pk], f"{last:%B}") for client in clients]


@section(
    "leaders",
    "Who leads",
    of=(REVIEW,),
    words=("people",),
    empty="An account director leads this review.",
    order=5,
)
def leaders(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """The account director attends and leads every review; where none does, that is said first."""
    if meeting.led_by is not None and meeting.led_by.role == Role.DIRECTOR:
        return []
    coming = meeting.attendees.filter(removed_at=None, member__role=Role.DIRECTOR).select_related("member")
    director = coming.first()
    name = director.shown_name if director else ""
    text = f"{name} comes, but does not lead it" if name else "no account director is coming"
    who = meeting.led_by.name if meeting.led_by else "Nobody"
    return [
        Topic(
            f"comms.meeting:{meeting.pk}",
            f"{who} leads the review",
            text,
            note="The account director attends and leads the strategy every time; change who leads.",
            url=f"/meetings/{meeting.pk}/",
            late=True,
        )
    ]


@section(
    "success",
    "Success, in their words",
    of=(REVIEW,),
    words=("success",),
    empty="They have not told us yet what success looks like. Ask.",
    order=20,
)
def success(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """What they said they want from us: their goals, and their answers to the questions about goals."""
    client = meeting.client
    if client is None or not Client.objects.visible_to(actor).filter(pk=client.pk).exists():
        return []
    asked = {question.key: question.text for question in questions() if question.kind == "goals"}
    answers = Discovery.objects.filter(client=client, question_key__in=asked).standing()
    topics = [
        Topic(f"clients.discovery:{row.pk}", asked[row.question_key], row.answer, client=client)
        for row in answers
    ]
    if client.goals:
        topics.insert(
            0, Topic(f"clients.client:{client.pk}", "Their goals", client.goals, url=_brief(client))
        )
    return topics


@section(
    "kept",
    "What we promised and kept",
    of=(REVIEW,),
    words=("results", "strategy"),
    empty="Nothing was due in the last quarter.",
    order=10,
)
def kept(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Kind by kind: how many promises of the last quarter were kept, and how many of them late or missed."""
    rows = Commitment.objects.visible_to(actor).filter(
        client=meeting.client_id,
        internal=False,
        due_at__gte=at - dt.timedelta(days=QUARTER),
        due_at__lt=at,
    )
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, state, missed_at in rows.order_by("kind").values_list("kind", "state", "missed_at"):
        if state not in (State.WITHDRAWN, State.WAIVED):
            counts[kind]["all"] += 1
            counts[kind]["kept"] += state == State.DONE
            counts[kind]["missed"] += missed_at is not None
    return [
        Topic(
            f"kind:{kind}",
            str(Kind(kind).label).capitalize(),
            f"{found['kept']} of {found['all']} kept on time",
            note=f"{found['missed']} missed" if found["missed"] else "",
            late=found["missed"] > 0,
        )
        for kind, found in counts.items()
    ]


@section(
    "next-week",
    "Next week's meetings",
    of=(ALL_HANDS,),
    words=("client update",),
    empty="No meeting stands in the diary for next week.",
    order=50,
)
def next_week(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Meetings of the coming week with clients, and our own."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    monday = today + dt.timedelta(days=7 - today.weekday())
    return meetings_between(actor, monday, monday + dt.timedelta(days=7), meeting.zone)


def meetings_between(actor: Actor, first: dt.date, end: dt.date, zone: str) -> list[Topic]:
    """Meetings that stand in the diary from the first day up to the end, by hour."""
    rows = Meeting.objects.visible_to(actor).filter(
        cancelled_at=None,
        starts_at__gte=clock.midnight(first, zone),
        starts_at__lt=clock.midnight(end, zone),
    )
    return [
        Topic(
            f"comms.meeting:{row.pk}",
            row.client.name if row.client else row.title,
            row.title if row.client else "",
            url=f"/meetings/{row.pk}/",
            owner=row.led_by.name if row.led_by else "",
            when=f"{row.starts_at.astimezone(clock.zone_info(zone)):%a %H:%M}",
            client=row.client,
        )
        for row in rows.preloaded().order_by("starts_at", "pk")
    ]


def promised(row: Commitment, at: dt.datetime, note: str = "") -> Topic:
    """A promise as something to talk about."""
    done = row.state in (State.DONE, State.DONE_LATE)
    late = row.is_overdue(at) or row.state == State.MISSED
    return Topic(
        f"commitments.commitment:{row.pk}",
        row.client.name if row.client else row.title,
        row.title if row.client else "",
        note,
        url=f"/commitments/{row.pk}/",
        owner=row.owner.name if row.owner else "nobody yet",
        when="done" if done else f"due {said(row.due_on)}",
        late=late and not done,
        done=done,
        client=row.client,
    )


def said(day: dt.date) -> str:
    """“Tue 3 Nov”."""
    return f"{day:%a} {day.day} {day:%b}"


def _owed(actor: Actor) -> CommitmentQuerySet:
    return Commitment.objects.visible_to(actor).filter(state__in=OWED).preloaded()


def _last_word(row: Commitment) -> str:
    acts = [act for act in (*row.moves.all(), *row.waits.all()) if act.undone_at is None and act.note]
    last = max(acts, key=lambda act: act.at, default=None)
    if last is not None:
        return f"{last.by_name}: {last.note}"
    return "It was waiting on the client." if row.waiting_since else "Nobody said why."


def _month(client: Client, found: dict[str, int], month: str) -> Topic:
    parts = [f"{found['kept']} kept in {month}"]
    if found["missed"]:
        parts.append(f"{found['missed']} missed")
    parts.append(f"{found['owed']} still owed this month")
    return Topic(
        f"clients.client:{client.pk}",
        client.name,
        ", ".join(parts),
        url=f"{client.get_absolute_url()}plan/",
        late=found["missed"] > 0,
        client=client,
    )


def _brief(client: Client) -> str:
    return f"{client.get_absolute_url()}details/"
