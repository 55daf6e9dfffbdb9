"""Two years of figures for three of the demo's clients, with what is said and agreed beside them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

from steadyhand.exchange.demo.world import A_DAY, SEED, World, lead_of
from steadyhand.reporting.metrics import dashboards, periods, receiving, remarks, targets
from steadyhand.reporting.metrics.store import Observation

YEARS = 2
SITE = "site-statistics"
ADVERTISING = "advertising"
#: Slices of sessions are kept for so many days.
SLICED_DAYS = 150
CHANNELS = (("Organic search", 0.42), ("Direct", 0.23), ("Paid search", 0.2), ("E-mail", 0.15))


@dataclass(frozen=True, slots=True)
class Business:
    """What a client's days look like: visits, how many buy, for how much, and what is spent on them.

    `drift` is by what share a year these change: conversion rate, impressions a visit, conversions an
    advertisement's click. `found` is the share of orders that comes by unpaid search.
    """

    name: str
    sessions: float
    rate: float
    basket: float
    growth: float
    weekend: float
    summer: float
    spend: float
    target: tuple[str, int]
    said: str
    thought: str
    happened: str
    source: tuple[str, str] = (SITE, "Site statistics")
    sliced: bool = True
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    found: float = 0.42


BUSINESSES = (
    Business(
        *("Castellan Hotels", 2100, 0.021, 184.0, 0.14, 1.25, 0.25, 260.0, ("conversions", 1500)),
        "Direct bookings keep growing; the pages in German brought the first enquiries from Austria.",
        "They will ask about Sundays: the restaurant's own numbers are not counted yet.",
        "Booking pages in German went live",
        drift=(0.15, -0.27, 0.5),
    ),
    Business(
        *("Verity Skincare", 3400, 0.0296, 64.0, 0.08, 1.25, -0.08, 310.0, ("revenue", 190000)),
        "More people come back for a second order; paid social costs more for each of them than last year.",
        "Cost for each conversion wears out with the pictures. Propose three new ones at the review.",
        "New pictures in every advertisement",
        # The story of its dip goes on with these.
        source=("shop-analytics", "Shop analytics"),
        sliced=False,
    ),
    Business(
        *("Kestrel Outdoor", 980, 0.018, 77.0, 0.05, 1.3, 0.35, 120.0, ("sessions", 30000)),
        "The series of welcome letters pays off: every sixth order now begins with a mail.",
        "Search lost places for tents since the competitor's guide came out. Find out before they ask.",
        "The shop moved to faster pages",
        found=0.58,
    ),
)


def tell(world: World) -> None:
    """Plan it: the history came with the first of this month, the days since then this morning."""
    first = world.today.replace(day=1)
    for business in BUSINESSES:
        world.plan(world.moment(first, "05:10"), partial(_arrive, world, business, first - A_DAY, None))
        world.plan(
            world.now - dt.timedelta(hours=3), partial(_arrive, world, business, world.today - A_DAY, first)
        )
        world.plan(world.now - dt.timedelta(hours=2), partial(_say, world, business))


def _arrive(world: World, business: Business, last: dt.date, since: dt.date | None) -> None:
    """What the sources sent by then: everything, or the days since one."""
    client = world.clients[business.name]
    by = lead_of(client).actor
    site, spent = (
        [seen for seen in days(business, world.today - A_DAY) if since is None or seen.day >= since]
        for days in (_site, _advertising)
    )
    site = [seen for seen in site if seen.day <= last]
    spent = [seen for seen in spent if seen.day <= last]
    complete = last - A_DAY
    key, label = business.source
    receiving.receive(client, key, site, by=by, label=label, rank=10, complete_until=complete)
    receiving.receive(client, ADVERTISING, spent, by=by, label="Advertising", rank=20)


def _say(world: World, business: Business) -> None:
    """What was said and agreed by this morning."""
    client = world.clients[business.name]
    by = lead_of(client).actor
    dashboards.share(client, by=by)
    month = periods.before(periods.month_of(world.today))
    remarks.comment(client, month.key, business.said, by=by, shown=True)
    remarks.comment(client, month.key, business.thought, by=by)
    remarks.annotate(client, "site", month.start + 11 * A_DAY, business.happened, by=by, shown=True)
    metric, amount = business.target
    people = world.contacts.get(business.name, [])
    contact = people[0] if people else None
    started = periods.shifted(month, -3).start
    targets.agree_target(client, metric, Decimal(amount), started, by=by, contact=contact)
    targets.agree_tracking(
        client,
        "Visits and what they lead to\nAdvertising: cost, clicks, conversions",
        max(started, client.since or started),
        by=by,
        left_out="Telephone calls: they would need call tracking, from £150 a month",
        contact=contact,
    )


def _site(business: Business, last: dt.date) -> Iterator[Observation]:
    key = business.source[0]
    random = Random(f"{SEED} {business.name} site")  # noqa: S311  # invented figures
    for day, level in _days(business, last, random):
        sessions = round(business.sessions * level)
        rate, seen = (_drifted(change, day, last) for change in business.drift[:2])
        conversions = round(sessions * business.rate * rate * random.uniform(0.85, 1.15))
        impressions = round(sessions * 14 * seen * random.uniform(0.95, 1.05))
        clicks = round(sessions * 0.42)
        revenue = round(conversions * business.basket * random.uniform(0.9, 1.1), 2)
        values = (
            *(("sessions", sessions), ("conversions", conversions), ("revenue", revenue)),
            *(("impressions", impressions), ("clicks", clicks)),
        )
        for metric, value in values:
            yield Observation(key, metric, day, float(value))
        place = round(8.5 - 2.2 * level + random.uniform(-0.2, 0.2), 1)
        yield Observation(key, "position", day, place, place * impressions, float(impressions))
        if business.sliced and day > last - SLICED_DAYS * A_DAY:
            left = sessions
            for name, share in CHANNELS[:-1]:
                part = min(left, round(sessions * share * random.uniform(0.93, 1.07)))
                left -= part
                yield Observation(key, "sessions", day, float(part), dims=f"channel={name}")
            yield Observation(key, "sessions", day, float(left), dims=f"channel={CHANNELS[-1][0]}")
            left = conversions
            others = (1 - business.found) / (1 - CHANNELS[0][1])
            for name, share in CHANNELS[:-1]:
                mine = business.found if name == CHANNELS[0][0] else share * others
                part = min(left, round(conversions * mine))
                left -= part
                yield Observation(key, "conversions", day, float(part), dims=f"channel={name}")
            yield Observation(key, "conversions", day, float(left), dims=f"channel={CHANNELS[-1][0]}")


def _advertising(business: Business, last: dt.date) -> Iterator[Observation]:
    random = Random(f"{SEED} {business.name} advertising")  # noqa: S311  # invented figures
    for day, level in _days(business, last, random):
        cost = round(business.spend * (0.6 + 0.4 * level) * random.uniform(0.95, 1.05), 2)
        clicks = round(cost / 1.35 * random.uniform(0.94, 1.06))
        drifted = _drifted(business.drift[2], day, last)
        conversions = round(clicks * business.rate * 1.4 * drifted * random.uniform(0.8, 1.2))
        values = (
            *(("cost", cost), ("ad_clicks", clicks), ("ad_impressions", clicks * 31)),
            *(("ad_conversions", conversions), ("ad_revenue", round(conversions * business.basket, 2))),
        )
        for metric, value in values:
            yield Observation(ADVERTISING, metric, day, float(value))


def _drifted(change: float, day: dt.date, last: dt.date) -> float:
    return float((1 + change) ** ((day - last).days / 365))


def _days(business: Business, last: dt.date, random: Random) -> Iterator[tuple[dt.date, float]]:
    """Each day of the years with its level: growth, season, weekday, chance."""
    first = last - dt.timedelta(days=365 * YEARS + 30)
    for number in range((last - first).days + 1):
        day = first + number * A_DAY
        season = 1 + business.summer * math.cos((day.timetuple().tm_yday - 200) / 365 * 2 * math.pi)
        weekday = business.weekend if day.weekday() >= 5 else 1.0
        growth = (1 + business.growth) ** ((day - last).days / 365)
        yield day, season * weekday * growth * random.uniform(0.92, 1.08)
