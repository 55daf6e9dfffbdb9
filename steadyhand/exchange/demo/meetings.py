"""Meetings with the demo agency's clients: one held, with minutes and actions; one to come, being prepared.

Nobody is invited by mail: the addresses of the demo are nobody's.
"""

from __future__ import annotations

import datetime as dt

from steadyhand.comms import actions
from steadyhand.comms.meetings import attending, holding, minutes, report_requests
from steadyhand.comms.meetings.agenda_items import add_point
from steadyhand.comms.meetings.planning import plan_meeting
from steadyhand.comms.models import Host, Meeting
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.demo.world import World

CLIENT = "Castellan Hotels"
SAID = (
    "Bookings by search are up a fifth on last autumn; a booking costs £11 less.",
    "Success for Piers: full restaurants on Sundays without discounts.",
    "Stay with the houses' own pages. Add the restaurants, each with its own menu.",
)


def tell(world: World) -> None:
    """One three weeks ago, one a fortnight ahead."""
    held = world.working(-21)
    if held >= world.begins:
        planned = world.moment(world.working(-30), "11:20")
        kept: list[Meeting] = []
        world.plan(planned, lambda: _plan(world, held, "07:30", kept))
        world.plan(world.moment(held, "08:35"), lambda: _hold(world, kept))
    world.plan(world.moment(world.working(-4), "16:45"), lambda: _prepare(world))


def _plan(world: World, day: dt.date, time: str, kept: list[Meeting]) -> None:
    client, contact = world.clients[CLIENT], world.contact(world.clients[CLIENT])
    lead = client.team.filter(until=None, position="lead").select_related("member").first()
    if lead is None or contact is None:
        return
    try:
        meeting = plan_meeting(
            client,
            "Autumn review with the hotels",
            by=lead.member.actor,
            day=day,
            time=dt.time.fromisoformat(time),
            led_by=lead.member,
            contacts=[contact],
            agenda_key="quarterly-review",
            place="The boardroom in Bath",
            in_person=True,
            host=Host.THEM,
        )
    except Refusal:
        return  # whoever leads has something else at that hour of this demo
    kept.append(meeting)


def _hold(world: World, kept: list[Meeting]) -> None:
    for meeting in kept:
        if meeting.led_by is None:
            return
        by = meeting.led_by.actor
        for item, said in zip(meeting.agenda.all(), SAID, strict=False):
            minutes.write_minutes(meeting, said, by=by, item=item)
        minutes.decide(meeting, "A page for each restaurant before Easter", by=by)
        actions.add_action(meeting, "Draft the three restaurant pages", by=by)
        actions.add_action(meeting, "Send the Sunday menus", by=by, theirs=True)
        holding.close_meeting(meeting, by=by, minutes=65)


def _prepare(world: World) -> None:
    kept: list[Meeting] = []
    _plan(world, world.working(14), "07:30", kept)
    for meeting in kept:
        if meeting.led_by is None:
            return
        by = meeting.led_by.actor
        attending.agree_attendees(meeting, by=by)
        guest = meeting.attendees.filter(contact__isnull=False).first()
        if guest is not None:
            add_point(guest, "What Easter costs us if we begin late", by=by)
        report_requests.ask_for_report(
            world.clients[CLIENT],
            "Search terms of the three restaurants",
            by=by,
            asked_of=world.team["marcus"],
            due_on=world.working(9),
            meeting=meeting,
        )
