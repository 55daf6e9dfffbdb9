"""Who may act on what we deliver, and to whom a promise falls when nobody is named."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Assignment, Client, Position
from steadyhand.commitments.calendars import working_days
from steadyhand.commitments.keeping import NotYours, may_act_for
from steadyhand.core import clock
from steadyhand.core.actor import Actor
from steadyhand.people.models import Member


def refuse_strangers(client_id: int, by: Actor) -> None:
    """Only whoever looks after the client, or whose role sees the team, acts on it."""
    if not may_act_for(client_id, by):
        raise NotYours("You are not on that account team.", remedy="Ask their lead to put you on it.")


def lead_of(client: Client) -> Member | None:
    """The client's account lead, where there is one."""
    running = Assignment.objects.filter(client=client, position=Position.LEAD, until=None)
    place = running.select_related("member").first()
    return place.member if place else None


def in_working_days(client: Client | None, count: int, zone: str = "") -> dt.date:
    """So many working days from today, on the client's calendar (the agency's where there is none)."""
    today = clock.today(client.zone if client else zone or "UTC")
    return working_days(client).add_working(today, count)
