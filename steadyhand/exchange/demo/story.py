"""What happened at the demo agency besides the daily work: clients come, grow, rest and leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from steadyhand.clients import book, engagements, team
from steadyhand.clients.models import Position
from steadyhand.commitments import agreeing
from steadyhand.commitments.planning import plan_book
from steadyhand.exchange.demo import playbook
from steadyhand.exchange.demo import team as team_story
from steadyhand.exchange.demo.book import BOOK
from steadyhand.exchange.demo.sketch import BESPOKE_NEW, ENDED, LEADERLESS, PAUSED, WITHOUT_REPORT
from steadyhand.exchange.demo.taking_on import starts_on, take_on
from steadyhand.exchange.demo.world import World
from steadyhand.people import members


def tell(world: World) -> None:
    """Put the story's acts into the past; each is followed by the planner."""
    _clients_come(world)
    _spend_changes(world)
    _plans_depart(world)
    _clients_go(world)
    _people_are_away(world)
    _playbook_grows(world)
    team_story.tell(world)


def _on(world: World, offset: int, time: str, act: Callable[[], object]) -> None:
    def and_plan() -> None:
        act()
        plan_book()

    world.plan(world.moment(world.working(offset), time), and_plan)


def _clients_come(world: World) -> None:
    for sketch in BOOK:
        day = starts_on(world, sketch) - dt.timedelta(days=4)
        if day >= world.begins:
            offset = (day - world.today).days
            _on(world, offset, "15:40", lambda sketch=sketch: take_on(world, sketch))  # type: ignore[misc]


def _spend_changes(world: World) -> None:
    changes = (
        (-44, "Northfield Solar", 2950, "A third channel from this month on.", "grace"),
        (-33, "Corvid Records", 1100, "Two releases fewer this year.", "tomasz"),
        (-19, "Kestrel Outdoor", 3400, "They add e-mail.", "hannah"),
        (-2, BESPOKE_NEW, 6800, "The commuter line is added to the weekend trains.", "dominic"),
    )
    for offset, name, after, reason, who in changes:

        def change(name: str = name, after: int = after, reason: str = reason, who: str = who) -> None:
            engagements.change_spend(
                world.engagements[name], Decimal(after), by=world.team[who].actor, reason=reason
            )

        _on(world, offset, "11:20", change)


def _plans_depart(world: World) -> None:
    def no_report() -> None:
        agreeing.depart(
            world.engagements[WITHOUT_REPORT],
            "report",
            by=world.team["priya"].actor,
            cadence="",
            reason="Nell looks at the figures herself and would rather have us write one more newsletter.",
        )

    def longer_calls() -> None:
        agreeing.depart(
            world.engagements["Larkspur Interiors"],
            "call",
            by=world.team["grace"].actor,
            cadence="fortnightly",
            minutes=45,
            reason="Phoebe travels every other week; one long call suits her better.",
        )

    _on(world, -65, "10:05", no_report)
    _on(world, -40, "14:30", longer_calls)


def _clients_go(world: World) -> None:
    def pause() -> None:
        engagements.pause_engagement(
            world.engagements[PAUSED],
            from_day=world.working(-20),
            by=world.team["hannah"].actor,
            reason="The café is closed while the roof is mended.",
        )

    def end() -> None:
        book.end_client(
            world.clients[ENDED],
            on=world.working(-17),
            reason="The forecourts were sold; the buyer has an agency.",
            by=world.team["imogen"].actor,
        )

    def lose_lead() -> None:
        lead = world.clients[LEADERLESS].team.filter(position=Position.LEAD, until=None).get()
        team.unassign(lead, by=world.team["imogen"].actor)

    _on(world, -20, "09:50", pause)
    _on(world, -17, "17:05", end)
    _on(world, -3, "16:45", lose_lead)


def _people_are_away(world: World) -> None:
    away = (
        (-41, -30, -36, "amira", "leo", "Holiday"),
        (-27, -24, -22, "dominic", "priya", "Conference"),
        (-9, -2, 4, "leo", "amira", "Holiday"),
        (-6, 8, 12, "hannah", "priya", "Moving house"),
    )
    for said, first, last, who, cover, reason in away:

        def go(
            first: int = first, last: int = last, who: str = who, cover: str = cover, reason: str = reason
        ) -> None:
            begins = world.working(first)
            members.go_absent(
                world.team[who],
                begins,
                max(begins, world.today + dt.timedelta(days=last)),
                world.team[cover],
                by=world.team["imogen"].actor,
                reason=reason,
            )

        _on(world, said, "12:40", go)


def _playbook_grows(world: World) -> None:
    head, currency = world.team["imogen"].actor, world.agency.currency

    def revise() -> None:
        world.versions.append(playbook.revise(currency, by=head).pk)

    def draft() -> None:
        playbook.draft_next(playbook.latest(), currency, by=head)

    _on(world, -35, "11:00", revise)
    world.plan(world.moment(world.working(-4), "17:15"), draft)
