"""Loading the demo agency: founded where there is none, staffed, and given ten weeks of past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.db import transaction

from steadyhand.clients.models import Client, ClientGroup
from steadyhand.commitments.ageing import stamp_missed
from steadyhand.commitments.planning import plan_book
from steadyhand.core import agency, clock, events
from steadyhand.core.actor import Actor
from steadyhand.core.models import Agency, Event, ExchangeRate
from steadyhand.core.refusals import Refusal
from steadyhand.exchange.demo import (
    agreements,
    approvals,
    asking,
    calls,
    delivery,
    dips,
    figures,
    forms,
    handing_over,
    history,
    insights,
    learned,
    letters,
    mail,
    meetings,
    pipeline,
    playbook,
    reports,
    story,
    touches,
    visitors,
    work,
)
from steadyhand.exchange.demo.book import BOOK
from steadyhand.exchange.demo.people import AGENCY_NAME, hire
from steadyhand.exchange.demo.taking_on import currency_of, starts_on, take_on
from steadyhand.exchange.demo.world import A_DAY, World
from steadyhand.exchange.models import DemoLoad
from steadyhand.people.models import Member
from steadyhand.playbook.models import Playbook, Version

EURO_RATE = Decimal("0.86")

Progress = Callable[[int, int], None]


def current() -> DemoLoad | None:
    """The demo agency that is loaded, if one is."""
    return DemoLoad.objects.filter(pk=1).first()


def refuse_load() -> None:
    """Refuse where the demo agency would stand among real clients, or is there already."""
    if current() is not None:
        raise Refusal("The demo agency is loaded already.", remedy="Remove it first.")
    if Client.objects.exists():
        raise Refusal(
            "There are clients here already, and the demo's would stand among them.",
            remedy="Try it on an installation of its own: name another data folder in STEADYHAND_DATA.",
        )


@transaction.atomic
def load(*, by: Actor, at: dt.datetime | None = None, progress: Progress | None = None) -> DemoLoad:
    """Load the demo agency with its past up to `at` (now), in one piece; mails nobody.

    Founds the agency where there is none, else keeps the one there is. Refuses where there are clients.
    Some fifteen seconds; `progress` hears how many of how many steps are done.
    """
    now = at or clock.now()
    refuse_load()
    founded = Agency.current() is None
    record, is_new = DemoLoad.objects.get_or_create(
        pk=1, defaults={"loaded_at": now, "by_name": by.name, "founded": founded}
    )
    if not is_new:
        refuse_load()
    before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    world = _bring_about(by, now, progress or (lambda done, total: None))
    with clock.standing_at(now):
        events.record("demo.loaded", by=by, clients=len(world.clients), members=len(world.team))
    record.first_event = before + 1
    record.last_event = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    record.made = world.made | {
        Member._meta.label_lower: [member.pk for member in world.team.values()],
        Client._meta.label_lower: [
            *(client.pk for client in world.clients.values()),
            *world.made.get(Client._meta.label_lower, []),
        ],
        ClientGroup._meta.label_lower: [group.pk for group in world.groups],
        Version._meta.label_lower: world.versions,
    }
    record.save()
    return record


def _bring_about(by: Actor, now: dt.datetime, progress: Progress) -> World:
    world = World(_agency(by, now), now, by)
    days = [world.begins + A_DAY * n for n in range((world.today - world.begins).days + 1)]
    old = [sketch for sketch in BOOK if starts_on(world, sketch) - 4 * A_DAY < world.begins]
    total = len(old) + len(days)
    with clock.standing_at(world.moment(world.founded_on, "09:30")):
        world.team = hire(by=by)
        _adopt_playbook(world)
        _set_rate(world)
    for number, sketch in enumerate(old, start=1):
        with clock.standing_at(world.moment(world.founded_on, "10:00") + number * dt.timedelta(minutes=9)):
            take_on(world, sketch)
        progress(number, total)
    story.tell(world)
    letters.arrive(world)
    mail.tell(world)
    learned.remember(world)
    calls.hold(world)
    meetings.tell(world)
    agreements.tell(world)
    asking.tell(world)
    handing_over.tell(world)
    forms.tell(world)
    figures.tell(world)
    work.tell(world)
    pipeline.tell(world)
    delivery.tell(world)
    approvals.tell(world)
    reports.tell(world)
    visitors.tell(world)
    playbook.take_on(world)
    history.make_promises_of_this_week(world)
    for number, day in enumerate(days, start=len(old) + 1):
        world.live_through(world.moment(day, "05:00"))
        history.begin_day(world, day)
        world.live_through(min(world.moment(day + A_DAY, "00:00"), now))
        progress(number, total)
    with clock.standing_at(now):
        stamp_missed(world.today)
        plan_book()
    dips.fall(world)
    touches.tell(world)
    insights.tell(world)
    return world


def _agency(by: Actor, now: dt.datetime) -> Agency:
    present = Agency.current()
    if present is not None:
        return present
    usual = World(Agency(pk=1), now, by)
    with clock.standing_at(usual.moment(usual.founded_on, "09:00")):
        return agency.found(by=by, name=AGENCY_NAME)


def _adopt_playbook(world: World) -> None:
    is_new = not Playbook.objects.filter(name=playbook.NAME).exists()
    version = playbook.adopt(world.agency.currency, by=world.team["imogen"].actor)
    if is_new:
        world.made[Playbook._meta.label_lower] = [version.playbook_id]
    world.versions.append(version.pk)


def _set_rate(world: World) -> None:
    """The euro (or pound) has a rate; the dollar is left without one, so that its client says so."""
    code = next(currency_of(world, sketch) for sketch in BOOK if sketch.currency == "EUR")
    if not ExchangeRate.objects.filter(currency=code).exists():
        rate = agency.set_rate(code, EURO_RATE, world.begins - 30 * A_DAY, by=world.team["bridget"].actor)
        world.made[ExchangeRate._meta.label_lower] = [rate.pk]
