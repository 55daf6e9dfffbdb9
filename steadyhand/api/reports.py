"""`/api/clients/<ref>/reports`, `/api/reports/<pk>`: what is reported to clients."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema

from steadyhand.api.answers import Data, answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.clients.models import Client, Stage
from steadyhand.reporting.models import Reading, Report
from steadyhand.reporting.reports.composing import composed

of_client = Router(tags=["clients"])
router = Router(tags=["reports"])

Limit = Annotated[int, Query(ge=1, le=200)]


class ReportRow(Schema):
    """A report; `opened_by` names those at the client who opened its page."""

    id: int
    title: str
    kind: str
    period: str
    first_day: dt.date
    last_day: dt.date
    state: str
    cut_off: dt.datetime
    due_on: dt.date | None
    sent_at: dt.datetime | None
    opened_by: list[str]


class ReportWhole(ReportRow):
    """With its figures as they were frozen, and the very words every other face shows (`seen`)."""

    client: str
    figures: list[dict[str, Any]]
    seen: dict[str, Any]


@of_client.get("/{ref}/reports", response=list[ReportRow], summary="Reports to a client, newest first")
def reports(request: ApiRequest, ref: str, state: str = "all", limit: Limit = 50) -> HttpResponse:
    """`state` is draft, asked, approved, sent or all."""
    rows = Report.objects.visible_to(request.auth).filter(client=_client(request, ref))
    if state != "all":
        rows = rows.filter(state=state)
    found = rows.select_related("commitment").prefetch_related("openings").defer("content")
    return answer(request, [_row(row) for row in found[:limit]])


@router.get("/{int:pk}", response=ReportWhole, summary="One report")
def report(request: ApiRequest, pk: int, reading: Reading = Reading.DETAIL) -> HttpResponse:
    """`reading` is detail or short."""
    rows = Report.objects.visible_to(request.auth).preloaded().prefetch_related("openings")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    seen = composed(row, reading).as_json()
    whole = {**_row(row), "client": row.client.ref, "figures": row.figures, "seen": seen}
    return answer(request, whole)


def _client(request: ApiRequest, ref: str) -> Client:
    seen = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED)
    found = seen.filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _row(row: Report) -> Data:
    return {
        "id": row.pk,
        "title": row.title,
        "kind": row.kind,
        "period": row.period,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "state": row.state,
        "cut_off": row.cut_off,
        "due_on": row.commitment.due_on if row.commitment else None,
        "sent_at": row.sent_at,
        "opened_by": [one.name for one in row.openings.all()],
    }
