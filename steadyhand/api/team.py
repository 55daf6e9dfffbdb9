"""`/api/wins` and `/api/series`: what went well, and which meetings of the team come back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.schemas import SeriesRow, WinPage
from steadyhand.comms.models import Meeting, Series
from steadyhand.core import clock
from steadyhand.growth.models import Win

wins_router = Router(tags=["clients"])
series_router = Router(tags=["meetings"])

Limit = Annotated[int, Query(ge=1, le=200)]


@wins_router.get("", response=WinPage, summary="What went well, the latest first")
def wins(
    request: ApiRequest, client: str = "", untold: bool = False, after: str = "", limit: Limit = 50
) -> HttpResponse:
    """`client` is a ref; `untold` leaves those their client has not heard of."""
    rows = Win.objects.visible_to(request.auth).standing().select_related("client", "noted_by")
    if client:
        rows = rows.filter(client__ref=client)
    if untold:
        rows = rows.untold()
    on, _, pk = after.partition("~")
    if pk.isdigit() and (day := _day(on)) is not None:
        rows = rows.filter(on__lte=day).exclude(on=day, pk__gte=int(pk))
    found = list(rows.order_by("-on", "-pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    page = {"items": [_win(row) for row in found[:limit]], "next": f"{last.on}~{last.pk}" if last else None}
    return answer(request, page)


@series_router.get("", response=list[SeriesRow], summary="The team's meetings that come back")
def series(request: ApiRequest) -> HttpResponse:
    """Those you lead or attend, or all of them for roles that see every client; with the next of each."""
    rows = list(Series.objects.visible_to(request.auth).running().select_related("led_by"))
    coming = Meeting.objects.filter(
        occurrence__series__in=rows, cancelled_at=None, closed_at=None, starts_at__gte=clock.now()
    ).select_related("occurrence")
    following: dict[int, dt.datetime] = {}
    for meeting in coming.order_by("-starts_at"):
        following[meeting.occurrence.series_id] = meeting.starts_at
    return answer(request, [_series(row, following.get(row.pk)) for row in rows])


def _win(row: Win) -> Data:
    return {
        "id": row.pk,
        "client": row.client.ref,
        "text": row.text,
        "source": row.source,
        "on": row.on,
        "noted_by": row.noted_by.name if row.noted_by else None,
        "told_at": row.told_at,
        "told_how": row.told_how or None,
        "offered": row.offered_at is not None,
    }


def _series(row: Series, following: dt.datetime | None) -> Data:
    return {
        "id": row.pk,
        "title": row.title,
        "agenda": row.agenda_key,
        "cadence": row.cadence,
        "day": row.day,
        "time": row.time.isoformat("minutes"),
        "zone": row.zone,
        "minutes": row.minutes,
        "led_by": row.led_by.email if row.led_by else None,
        "next_at": following,
    }


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
