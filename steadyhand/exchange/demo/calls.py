"""Calls held on the call’s page of the demo agency: notes, two months of ratings, flags, opportunities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from steadyhand.care.flags import agree_action, raise_flag, settle_flag
from steadyhand.care.models import FlagSource
from steadyhand.care.ratings import due_for_rating, rate
from steadyhand.comms.actions import add_action
from steadyhand.comms.asking.finding_out import find_out
from steadyhand.comms.calls.holding import begin_call, end_call
from steadyhand.comms.calls.notes import save_note
from steadyhand.comms.models import Call
from steadyhand.exchange.demo.world import World, lead_of
from steadyhand.growth.models import OpportunityKind
from steadyhand.growth.opportunities import note_opportunity
from steadyhand.people.models import Member

KEYS = ("communication", "strategy", "results", "proactivity", "partnership")


@dataclass(frozen=True, slots=True)
class Held:
    """A call: days ago, time, minutes, its line, notes by part, and what was captured in it."""

    client: str
    offset: int
    time: str
    minutes: int
    summary: str
    notes: dict[str, str]
    scores: tuple[int, ...] = ()
    said_with_it: str = ""
    actions: tuple[str, ...] = ()
    question: str = ""
    flag: str = ""
    agreed: str = ""
    settled: str = ""
    opportunities: tuple[tuple[str, OpportunityKind], ...] = field(default=())


HELD = (
    Held(
        "Castellan Hotels",
        -38,
        "10:00",
        24,
        "Sundays are the problem, not search",
        {
            "rapport": "The choir begins on the Messiah this week.",
            "delivery": "Search pages for Bath are live. Photographs still with Nadia.",
            "commercial": "Piers wants the restaurants full on Sundays before anything else.",
        },
        scores=(5, 4, 4, 4, 5),
        actions=("Sketch a Sunday lunch campaign for the three restaurants",),
        opportunities=(("Sunday lunches, one campaign a restaurant", OpportunityKind.CROSS_SELL),),
    ),
    Held(
        "Castellan Hotels",
        -9,
        "10:00",
        31,
        "Sunday lunches are booked; sign-off is slow",
        {
            "rapport": "Her younger boy is home from Bath for the weekend.",
            "delivery": "Lunches: 41 booked in the first week. Two texts wait for Piers since Monday.",
            "strategy": "Still right. Look again when the winter rates are out.",
        },
        scores=(4, 5, 5, 4, 5),
        actions=("Send Helena the lunch figures each Monday",),
        question="Can the newsletter show the Sunday menus of all three houses?",
    ),
    Held(
        "Verity Skincare",
        -33,
        "14:30",
        19,
        "Content with the month, asks for more ideas",
        {
            "delivery": "Sign-ups up by a fifth after the quiz.",
            "commercial": "A shop-in-shop in Manchester is being talked about.",
        },
        scores=(4, 4, 4, 3, 4),
        opportunities=(("Local pages for the shop in Manchester", OpportunityKind.UPSELL),),
    ),
    Held(
        "Verity Skincare",
        -5,
        "14:30",
        27,
        "Two orders were answered late; she is cross",
        {
            "rapport": "Back from Accra next week, then the fair.",
            "delivery": "Two questions from customers stood for four days. Said sorry, said what changes.",
            "strategy": "Spring range first, the quiz after.",
        },
        scores=(2, 4, 3, 3, 4),
        said_with_it="I had to ask twice.",
        actions=("Answer every question of a customer within a working day",),
        flag="Two customers' questions stood unanswered for four days",
        agreed="Tell her every Friday how long answers took",
    ),
    Held(
        "Marlow Instruments",
        -26,
        "11:15",
        22,
        "The dairy list is complete",
        {"delivery": "List of dairies is in. Pages for six of them by the 20th."},
        scores=(4, 4, 3, 4, 4),
        flag="Their works manager does not believe in online enquiries",
        settled="He came to the October call and saw three orders that began on the dairy pages.",
    ),
)


def hold(world: World) -> None:
    """Plan the calls into the past; what lies before the demo's first day is left out."""
    for held in HELD:
        day = world.working(held.offset)
        if day < world.begins:
            continue
        began = world.moment(day, held.time)
        rung: list[Call] = []

        def ring(held: Held = held, rung: list[Call] = rung) -> None:
            rung.append(_rung(world, held))

        def over(held: Held = held, rung: list[Call] = rung) -> None:
            lead = lead_of(rung[0].client)
            end_call(rung[0], by=lead.actor, minutes=held.minutes, summary=held.summary)

        world.plan(began, ring)
        world.plan(began + dt.timedelta(minutes=held.minutes), over)


def _rung(world: World, held: Held) -> Call:
    """The call with everything written and captured in it."""
    client = world.clients[held.client]
    lead, contact = lead_of(client), world.contact(client)
    call = begin_call(client, by=lead.actor, member=lead, contact=contact)
    for part, text in held.notes.items():
        save_note(call, part, text, by=lead.actor)
    for text in held.actions:
        add_action(call, text, by=lead.actor, owner=lead)
    if held.question:
        find_out(client, held.question, by=lead.actor, owner=lead, contact=contact, call=call)
    if held.scores and due_for_rating(client):
        scores = dict(zip(KEYS, held.scores, strict=True))
        rate(
            client, scores, by=lead.actor, call=call, contact=contact, member=lead, comment=held.said_with_it
        )
    if held.flag:
        _flag(world, held, call, lead)
    for text, kind in held.opportunities:
        note_opportunity(client, text, by=lead.actor, kind=kind, owner=lead, contact=contact, call=call)
    return call


def _flag(world: World, held: Held, call: Call, lead: Member) -> None:
    flag = raise_flag(
        call.client,
        held.flag,
        by=lead.actor,
        source=FlagSource.CALL,
        member=lead,
        contact=call.contact,
        call=call,
    )
    day = world.after(world.working(held.offset), 5)
    if held.agreed:
        agree_action(flag, held.agreed, by=lead.actor, owner=lead, due_on=day)
    if held.settled:
        settle = world.moment(day, "16:20")
        world.plan(settle, lambda: settle_flag(flag, held.settled, by=lead.actor))
