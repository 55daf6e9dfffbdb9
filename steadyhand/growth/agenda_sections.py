"""What growth gives to the team's own meetings: upsell priorities and wins."""

from __future__ import annotations

import datetime as dt

from steadyhand.comms.agenda_sections import said
from steadyhand.comms.meetings.agenda import ALL_HANDS, REVIEW, WEEKLY, Topic, section
from steadyhand.comms.models import Meeting
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.growth.models import Opportunity, Win

#: Days that a win is news for.
NEWS = 7


@section(
    "upsell",
    "Upsell and cross-sell",
    of=(WEEKLY, REVIEW),
    words=("upsell", "cross-sell", "grow"),
    empty="Nobody has noted an opportunity yet.",
    order=50,
)
def upsell(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Opportunities that stand, the newest first; in a review those of its client alone."""
    rows = Opportunity.objects.visible_to(actor).filter(dropped_at=None)
    if meeting.client_id is not None:
        rows = rows.filter(client=meeting.client_id)
    return [
        Topic(
            f"growth.opportunity:{row.pk}",
            row.client.name,
            row.text,
            url=row.client.get_absolute_url(),
            owner=row.owner.name if row.owner else "",
            when=f"{row.get_kind_display()}, {said(row.made_at.date())}",
            client=row.client,
        )
        for row in rows.select_related("client", "owner").order_by("-made_at", "-pk")
    ]


@section(
    "wins",
    "Wins and great work",
    of=(ALL_HANDS,),
    words=("key things",),
    empty="No win was offered this week. Note one where it happened.",
    order=20,
)
def wins(meeting: Meeting, actor: Actor, at: dt.datetime) -> list[Topic]:
    """Wins offered to the whole agency since a week ago."""
    today = at.astimezone(clock.zone_info(meeting.zone)).date()
    return [told(win) for win in wins_since(actor, today - dt.timedelta(days=NEWS), today)]


def wins_since(actor: Actor, first: dt.date, last: dt.date) -> list[Win]:
    """Wins of these days that may be told to everybody; those of clients one does not see are left out."""
    rows = Win.objects.visible_to(actor).offered().filter(on__range=(first, last))
    return list(rows.select_related("client", "contact", "noted_by"))


def told(win: Win) -> Topic:
    """A win as something to talk about."""
    return Topic(
        f"growth.win:{win.pk}",
        win.client.name,
        win.text,
        url=f"/wins/{win.pk}/",
        owner=win.noted_by.name if win.noted_by else "",
        when=said(win.on),
        client=win.client,
    )
