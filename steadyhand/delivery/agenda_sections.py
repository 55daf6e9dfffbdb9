"""What delivery gives to the team's own meetings: set-ups, deliverables due, strategies (O6, S17, S19)."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Client
from steadyhand.comms.agenda_sections import said
from steadyhand.comms.meetings.agenda import ALL_HANDS, PLANNING, REVIEW, WEEKLY, Topic, section
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.delivery.approvals.waiting import days_waited, days_waited_on
from steadyhand.delivery.first_week import Standing, first_week, missing
from steadyhand.delivery.models import Bundle, Deliverable, ServiceSetup, Strategy, StrategyVersion

A_DAY = dt.timedelta(days=1)
#: Days ahead in which a deliverable is talked about.
DUE_WITHIN = 14
#: Days in which waiting is counted for a review.
QUARTER = 91


@section(
    "set-up",
    "Services not set up yet",
    of=(WEEKLY,),
    words=("set-up", "new client"),
    empty="Every service that was bought is set up.",
    order=32,
)
def set_up(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Services that lack something, the late ones first."""
    today, week = _today(meeting, at), first_week()
    rows = ServiceSetup.objects.visible_to(actor).standing(today).unconfirmed().preloaded()
    topics = []
    for row in rows:
        last = week.last_day(row.service)
        topics.append(
            Topic(
                f"delivery.servicesetup:{row.pk}",
                f"{row.client.name}: {row.service.name}",
                ", ".join(missing(row)) + " missing" if missing(row) else "to be confirmed",
                url=f"/clients/{row.client.ref}/set-up/",
                owner=row.manager.name if row.manager else "",
                when=f"first week ends {said(last)}" if last else "",
                late=week.standing(row, today) is Standing.LATE,
                client=row.client,
            )
        )
    return sorted(topics, key=lambda topic: not topic.late)


@section(
    "deliverables",
    "Deliverables due",
    of=(PLANNING, REVIEW),
    words=("deliver",),
    empty="Nothing that was promised is due in the next two weeks.",
    order=22,
)
def deliverables(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Owed within two weeks or overdue; in a review those of its client alone."""
    today = _today(meeting, at)
    rows = Deliverable.objects.visible_to(actor).owed().filter(due_on__lte=today + DUE_WITHIN * A_DAY)
    if meeting.client_id is not None:
        rows = rows.filter(client=meeting.client_id)
    return [
        Topic(
            f"delivery.deliverable:{row.pk}",
            row.client.name,
            row.title,
            url=f"/deliverables/{row.pk}/",
            owner=row.promised_by_name,
            when=f"promised for {said(row.due_on)}",
            late=row.due_on < today,
            client=row.client,
        )
        for row in rows.select_related("client")
    ]


@section(
    "strategies",
    "Is each strategy still right?",
    of=(PLANNING,),
    words=("strateg",),
    empty="Every client has a strategy, and none is due for a look.",
    order=12,
)
def strategies(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Live clients whose strategy is due for a look this month, or who have none (S14, S19)."""
    today = _today(meeting, at)
    month_ends = (today.replace(day=1) + 32 * A_DAY).replace(day=1) - A_DAY
    live = Client.objects.visible_to(actor).live()
    topics = [
        Topic(
            f"delivery.strategy:{row.pk}",
            row.client.name,
            "is it still right?",
            url=f"/clients/{row.client.ref}/strategy/",
            owner=row.owner.name if row.owner else "",
            when=f"review {said(row.review_on)}" if row.review_on else "no review set",
            late=row.review_on is not None and row.review_on < today,
            client=row.client,
        )
        for row in Strategy.objects.due(month_ends).filter(client__in=live).select_related("client", "owner")
    ]
    topics += [
        Topic(
            f"clients.client:{client.pk}:strategy",
            client.name,
            "has no strategy yet",
            url=f"/clients/{client.ref}/strategy/",
            client=client,
        )
        for client in live.filter(strategy=None)
    ]
    return sorted(topics, key=lambda topic: not topic.late)


@section(
    "new-strategies",
    "Strategies made or refreshed",
    of=(ALL_HANDS,),
    words=("strateg",),
    empty="No strategy waits to be presented.",
    order=35,
)
def to_present(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Newest versions that the agency has not heard yet."""
    return [
        Topic(
            f"delivery.strategyversion:{row.pk}",
            row.strategy.client.name,
            "first strategy" if row.number == 1 else f"strategy refreshed, version {row.number}",
            url=f"/clients/{row.strategy.client.ref}/strategy/",
            owner=row.strategy.owner.name if row.strategy.owner else "",
            when=said(row.made_at.date()),
            client=row.strategy.client,
        )
        for row in strategies_to_present(actor)
    ]


def strategies_to_present(actor: Actor) -> list[StrategyVersion]:
    """The newest version of each strategy one may see that has not been presented inside. One query."""
    rows = StrategyVersion.objects.filter(strategy__in=Strategy.objects.visible_to(actor))
    newest: dict[int, StrategyVersion] = {}
    for row in rows.select_related("strategy__client", "strategy__owner").defer("text", "business"):
        newest.setdefault(row.strategy_id, row)
    return [row for row in newest.values() if row.presented_at is None]


def _today(meeting: Meeting, at: dt.datetime) -> dt.date:
    return at.astimezone(clock.zone_info(meeting.zone)).date()


@section(
    "approvals",
    "Approvals and what we waited for",
    of=(WEEKLY, REVIEW),
    words=("approv", "waiting on"),
    empty="No client keeps us waiting for an approval.",
    order=24,
)
def approvals(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Bundles that wait on clients, the longest first; in a review the days of the last quarter too (S16)."""
    rows = Bundle.objects.visible_to(actor).waiting().preloaded()
    if meeting.client_id is not None:
        rows = rows.filter(client=meeting.client_id)
    found = list(rows.order_by("commitment__waiting_since", "pk"))
    waited, today = days_waited(found), _today(meeting, at)
    topics = [
        Topic(
            f"delivery.bundle:{row.pk}",
            row.client.name,
            f"{row.title}: {_days(len(waited[row.pk]))} waited",
            url=row.get_absolute_url(),
            owner=row.owner.name if row.owner else "",
            when=f"needed by {said(row.due_on)}",
            late=row.due_on < today,
            client=row.client,
        )
        for row in found
    ]
    return [*_waited_in_a_quarter(meeting, today), *topics]


def _waited_in_a_quarter(meeting: Meeting, today: dt.date) -> list[Topic]:
    client = meeting.client
    days = days_waited_on(client.pk, first=today - QUARTER * A_DAY, last=today) if client else 0
    if client is None or not days:
        return []
    words = f"We waited for approvals on {_days(days)} of the last quarter."
    url = f"/approvals/?client={client.ref}"
    return [Topic(f"clients.client:{client.pk}:waited", client.name, words, url=url, client=client)]


def _days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"
