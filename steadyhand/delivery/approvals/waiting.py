"""How long we waited for a client: working days on which the next move was theirs, today not counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from steadyhand.commitments.calendars import AgencyCalendar
from steadyhand.commitments.models.acts import Wait
from steadyhand.core import clock
from steadyhand.delivery.approvals.following import ABOUT
from steadyhand.delivery.models import Bundle

A_DAY = dt.timedelta(days=1)
#: Nobody waits longer than this; a forgotten bundle does not make a page slow.
LONGEST = 3 * 366


def days_waited(bundles: Iterable[Bundle]) -> dict[int, frozenset[dt.date]]:
    """By bundle, the working days (of the client's calendar) on which we waited.

    Those after the day it became their turn, up to the day they answered; answered the same day is none. Two
    queries, however many bundles.
    """
    found = {bundle.pk: bundle for bundle in bundles}
    waits = Wait.objects.filter(
        commitment__about_type=ABOUT, commitment__about_id__in=found, undone_at=None
    ).values_list("commitment__about_id", "at", "ended_at")
    stretches = list(waits) if found else []
    if not stretches:
        return {pk: frozenset() for pk in found}
    calendar, days = AgencyCalendar.load(), defaultdict[int, set[dt.date]](set)
    for about, began, ended in stretches:
        pk = about or 0
        client = found[pk].client
        zone = clock.zone_info(client.zone)
        working = calendar.days((client.country, client.subdivision))
        first = began.astimezone(zone).date() + A_DAY
        last = (ended or clock.now()).astimezone(zone).date()
        span = min((last - first).days + 1, LONGEST)
        days[pk].update(day for n in range(span) if working.is_working(day := first + n * A_DAY))
    return {pk: frozenset(days[pk]) for pk in found}


def days_waited_on(client_id: int, *, first: dt.date, last: dt.date) -> int:
    """Working days between two days, both included, on which at least one bundle waited on this client."""
    rows = Bundle.objects.filter(client=client_id, asked_at__isnull=False).select_related("client")
    waited: set[dt.date] = set().union(*days_waited(rows).values())
    return sum(first <= day <= last for day in waited)
