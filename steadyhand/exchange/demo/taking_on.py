"""Taking a demo client on: record, people, engagement, account team, agreed days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from steadyhand.clients import book, briefs, engagements, plans, team
from steadyhand.clients.engagements import ServiceLine
from steadyhand.clients.models import Client, ClientGroup, Engagement, EngagementKind, Position
from steadyhand.commitments import agreeing
from steadyhand.commitments.agreeing import Line
from steadyhand.exchange.demo.sketch import BESPOKE_AGREED, NEEDS_RATE, PLACES, Sketch
from steadyhand.exchange.demo.world import World, chance, first_name

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def take_on(world: World, sketch: Sketch) -> Client:
    """The client as the agency knows it on the first day; its plan is still to be made."""
    by = world.team["callum"].actor
    country, zone = PLACES.get(sketch.place, ("", ""))
    client = book.add_client(
        sketch.name,
        by=by,
        domain=sketch.domain,
        country=country,
        zone=zone,
        industry=sketch.industry,
        group=_group(world, sketch.group),
        website=f"https://www.{sketch.domain}/",
        business=sketch.business,
        goals=sketch.goals,
        propensity=sketch.propensity,
        lift=sketch.lift,
    )
    world.clients[sketch.name], world.sketches[client.pk] = client, sketch
    _meet(world, client, sketch)
    engagement = engagements.begin_engagement(
        client,
        EngagementKind.PROJECT if sketch.project else EngagementKind.RETAINER,
        by=by,
        amount=Decimal(sketch.amount),
        currency=currency_of(world, sketch),
        starts_on=_start(world, sketch),
        ends_on=world.after(world.today, sketch.ends_in) if sketch.ends_in else None,
        services=[ServiceLine(name) for name in sketch.services.split(", ")],
    )
    world.engagements[sketch.name] = engagement
    _staff(world, client, sketch)
    if sketch.name == BESPOKE_AGREED:
        _agree_bespoke(world, engagement)
    if sketch.name != NEEDS_RATE:
        agree_days(world, engagement, sketch)
    client.refresh_from_db()
    return client


def currency_of(world: World, sketch: Sketch) -> str:
    """The client's currency, or another where the agency counts in that one itself."""
    own = world.agency.currency
    if not sketch.currency:
        return own
    spare = {"EUR": "GBP", "USD": "CAD"}
    return spare[sketch.currency] if sketch.currency == own else sketch.currency


def _group(world: World, name: str) -> ClientGroup | None:
    if not name:
        return None
    group, is_new = ClientGroup.objects.get_or_create(name=name)
    if is_new:
        world.groups.append(group)
    return group


def _start(world: World, sketch: Sketch) -> dt.date:
    if sketch.starts_in is None:
        return world.begins - dt.timedelta(days=round(sketch.years * 365))
    day = world.today + dt.timedelta(days=sketch.starts_in)
    return day - dt.timedelta(days=day.weekday())


def starts_on(world: World, sketch: Sketch) -> dt.date:
    """The first day of what the client bought."""
    return _start(world, sketch)


def _meet(world: World, client: Client, sketch: Sketch) -> None:
    people = [person.strip().split(", ", 1) for person in sketch.people.split(";")]
    contacts = []
    for place, (name, job) in enumerate(people):
        first = first_name(name).lower().replace("ü", "ue")
        contacts.append(
            book.add_contact(
                client,
                name,
                by=world.team["callum"].actor,
                email=f"{first}@{sketch.domain}",
                job_title=job,
                phone=f"020 7946 0{chance(name).randrange(100, 1000)}",
                day_to_day=place == 0,
                decides=place == 1 or len(people) == 1,
            )
        )
    world.contacts[client.name] = contacts


def _staff(world: World, client: Client, sketch: Sketch) -> None:
    head = world.team["imogen"].actor
    places = (
        (sketch.lead, Position.LEAD),
        (sketch.support, Position.SUPPORT),
        (sketch.delivery, Position.DELIVERY),
        (sketch.sponsor, Position.SPONSOR),
    )
    for key, position in places:
        if key:
            team.assign(client, world.team[key], position, by=head)
    if chance(client.name, "brief").random() < 0.8:
        reader = world.team[sketch.lead]
        briefs.read_brief(client, reader, by=reader.actor)


def _agree_bespoke(world: World, engagement: Engagement) -> None:
    lines = [
        Line("call", "weekly", 60),
        Line("report", "fortnightly", 90),
        Line("review", "monthly", 90),
        Line("sponsor-call", "quarterly", 30),
    ]
    reason = "Above our bands. Agreed with Helena and Piers: one long call instead of two short ones."
    agreeing.agree_bespoke(engagement, lines, by=world.team["dominic"].actor, reason=reason)


def agree_days(world: World, engagement: Engagement, sketch: Sketch) -> None:
    """Settle the days and hours of calls and reports. The hours are chosen so that owners are free."""
    by = world.team["imogen"].actor
    if sketch.call:
        rule = "project-call" if sketch.project else "call"
        day, time = sketch.call.split()
        weekday, day_of_month = _day(day)
        plans.agree_time(
            engagement,
            rule,
            by=by,
            weekday=weekday,
            day_of_month=day_of_month,
            time=dt.time.fromisoformat(time),
        )
    if sketch.report:
        weekday, day_of_month = _day(sketch.report)
        plans.agree_time(engagement, "report", by=by, weekday=weekday, day_of_month=day_of_month)


def _day(text: str) -> tuple[int | None, int | None]:
    """Weekday or day of the month: “tue”, “12”."""
    return (None, int(text)) if text.isdigit() else (WEEKDAYS.index(text), None)
