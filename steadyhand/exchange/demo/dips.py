"""One client's figures of half a year with two dips in them, which the detector itself finds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.delivery.rights import lead_of
from steadyhand.exchange.demo.world import A_DAY, World, chance
from steadyhand.reporting.dips.closing import note_told, settle
from steadyhand.reporting.dips.noticing import notice_dips
from steadyhand.reporting.metrics.receiving import receive
from steadyhand.reporting.metrics.remarks import annotate
from steadyhand.reporting.metrics.store import Observation
from steadyhand.reporting.models import AnnotationKind, Cause, Incident

CLIENT, KEY = "Verity Skincare", "shop-analytics"
DAYS, FALLS = 200, 6
#: Weeks before, a consent banner kept orders from being counted for three days: explained, and told.
UNCOUNTED = range(24, 27)
#: The new checkout lost them on telephones.
LEFT_ON_MOBILE = 0.15
DEVICES = {"desktop": 0.34, "mobile": 0.6, "tablet": 0.06}
ORDER = 64.0


def fall(world: World) -> None:
    """The shop's figures come in up to yesterday, a mark says what changed, and the night's look notices."""
    client = world.clients[CLIENT]
    with clock.standing_at(world.now):
        receive(client, KEY, _days(world.today), by=world.by, label="Shop analytics")
        first = world.today - FALLS * A_DAY
        annotate(client, AnnotationKind.SITE, first, "New checkout went live", by=world.by)
    _explain_the_first(world, client)
    with clock.standing_at(world.now):
        notice_dips()


def _explain_the_first(world: World, client: Client) -> None:
    noticed = world.now - (UNCOUNTED.stop - 2) * A_DAY
    with clock.standing_at(noticed):
        notice_dips()
    lead = lead_of(client)
    if lead is None:
        return
    for dip in Incident.objects.open().filter(client=client):
        with clock.standing_at(noticed + dt.timedelta(hours=3)):
            note_told(dip, by=lead.actor, first=True)
        with clock.standing_at(noticed + dt.timedelta(hours=27)):
            why = "Their new consent banner kept orders from being counted; they came in all the same."
            settle(dip, Cause.TRACKING, why, by=lead.actor, member=lead)


def _days(today: dt.date) -> Iterator[Observation]:
    dice = chance("shop figures")
    for back in range(DAYS, 0, -1):
        day = today - back * A_DAY
        weekend = 1.25 if day.weekday() > 4 else 1.0
        season = 1 + 0.12 * math.sin(day.timetuple().tm_yday / 58)
        visits = 3400 * weekend * season * dice.gauss(1, 0.05)
        ordered = 0.0
        for device, share in DEVICES.items():
            rate = 0.021 if device == "mobile" else 0.034
            if device == "mobile" and back <= FALLS:
                rate *= LEFT_ON_MOBILE
            came = round(visits * share)
            bought = round(came * rate * dice.gauss(1, 0.08)) if back not in UNCOUNTED else 0
            ordered += bought
            yield Observation(KEY, "sessions", day, came, dims=f"device={device}")
            yield Observation(KEY, "conversions", day, bought, dims=f"device={device}")
        yield Observation(KEY, "sessions", day, sum(round(visits * share) for share in DEVICES.values()))
        yield Observation(KEY, "conversions", day, ordered)
        yield Observation(KEY, "revenue", day, round(ordered * ORDER * dice.gauss(1, 0.05), 2))
