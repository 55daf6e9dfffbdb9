"""`/api/dips`: what fell in clients' figures, and what it turned out to be."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.care import Limit
from steadyhand.reporting.models import Incident, IncidentState

router = Router(tags=["dips"])


class DipRow(Schema):
    """A dip. `expected` and `observed` are sums over its days, of a ratio or a rank the mean.

    `p` is how often chance does as much; `drivers` are the slices that bear the loss.
    """

    id: int
    client: str
    metric: str
    first_day: dt.date
    last_day: dt.date | None
    expected: float
    observed: float
    lost: float
    score: float
    p: float
    also: list[dict[str, Any]]
    drivers: list[dict[str, Any]]
    tracking_suspected: bool
    state: str
    cause: str
    explanation: str
    noticed_at: dt.datetime
    explained_at: dt.datetime | None
    told_at: dt.datetime | None
    closed_at: dt.datetime | None


@router.get("/dips", response=list[DipRow], summary="Dips in clients' figures, newest first")
def dips(
    request: ApiRequest,
    state: Literal["open", "closed", "all"] = "open",
    client: str = "",
    limit: Limit = 50,
) -> HttpResponse:
    """`state` is open, closed or all; `client` is a short name."""
    rows = Incident.objects.visible_to(request.auth).select_related("client").defer("picture")
    if state != "all":
        is_open = state == "open"
        rows = rows.filter(state=IncidentState.OPEN) if is_open else rows.settled()
    if client:
        rows = rows.filter(client__ref=client)
    return answer(request, [row.as_data() for row in rows[:limit]])
