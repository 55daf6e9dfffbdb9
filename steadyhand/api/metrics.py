"""`/api/clients/<ref>/metrics`, `…/figures`, `…/figures/days`: sending figures, reading what pages show."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import Http404, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steadyhand.api.answers import answer
from steadyhand.api.authentication import ApiRequest
from steadyhand.api.commitments import ReadsOnly
from steadyhand.api.idempotency import once
from steadyhand.clients.models import Client, Stage
from steadyhand.core import clock
from steadyhand.core.refusals import Refusal
from steadyhand.people.roles import Capability
from steadyhand.reporting.metrics import page, periods, receiving, rows
from steadyhand.reporting.metrics.dashboards import metrics_of
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.reading import currency_of, daily, figures
from steadyhand.reporting.models import Dashboard, Source

router = Router(tags=["figures"])

#: Values of one request; more comes in several.
MOST = 20_000
Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]


class ValueIn(Schema):
    """One value: `value`, or `numerator` and `denominator`. `dimensions` are channel, device and the like."""

    date: dt.date
    metric: str = Field(max_length=60)
    value: Finite | None = None
    numerator: Finite | None = None
    denominator: Finite | None = None
    currency: str = Field(default="", max_length=3)
    dimensions: dict[str, str] = Field(default_factory=dict, max_length=8)


class BatchIn(Schema):
    """Values of one source. Those that cannot be taken are told, the rest is taken in."""

    source: str = Field(default="API", min_length=1, max_length=40)
    values: list[ValueIn] = Field(min_length=1, max_length=MOST)


class RefusedRow(Schema):
    """A value that was left out: its place in the batch, from 1, and why."""

    line: int
    sentence: str


class ReceivedRow(Schema):
    """What a batch did."""

    source: str
    new: int
    replaced: int
    unchanged: int
    refused: list[RefusedRow]


class FigureRow(Schema):
    """A figure as every page shows it; amounts are text, `null` is not measured."""

    metric: str
    label: str
    period: str
    from_: dt.date = Field(alias="from")
    to: dt.date
    value: str | None
    month_before: str | None
    year_before: str | None
    currency: str
    source: str
    cut_off: dt.datetime
    zone: str
    provisional: bool
    sampled: bool
    until: dt.date | None


class DayRow(Schema):
    """One day of a metric."""

    metric: str
    dimensions: str
    date: dt.date
    value: float | None
    numerator: float | None
    denominator: float | None
    source: str
    provisional: bool


@router.post("/{ref}/metrics", response={201: ReceivedRow}, summary="Send figures")
def send(request: ApiRequest, ref: str, sent: BatchIn) -> HttpResponse:
    """The same value again changes nothing; another value of the same day replaces it."""
    if not request.auth.may(Capability.KEEP_PROMISES):
        raise ReadsOnly("This token or role sends nothing.", remedy="Use a token with the scope “write”.")
    client = _client(request, ref)
    if not Client.objects.in_full(request.auth).filter(pk=client.pk).exists():
        raise ReadsOnly(f"You see {client.name} to read only.", remedy="Ask for a place on the account team.")

    def act() -> HttpResponse:
        names = sorted({name for value in sent.values for name in value.dimensions})
        headings = ["date", "metric", "value", "numerator", "denominator", "currency", *names]
        checked = rows.check(
            headings,
            ((number, _cells(value, names)) for number, value in enumerate(sent.values, start=1)),
            [*headings[:6], *["dimension"] * len(names)],
            source=receiving.key_of(sent.source),
            today=clock.today(client.zone),
            currency=currency_of(Source.objects.filter(client=client)),
        )
        if not checked.observations:
            raise Refusal(checked.refused[0].sentence, remedy="Nothing was taken in.", field="values")
        received = receiving.receive(
            client,
            receiving.key_of(sent.source),
            checked.observations,
            by=request.auth,
            label=sent.source,
            currency=checked.currency,
        )
        done = received.written
        told = {
            "source": received.source.label,
            "new": done.new,
            "replaced": done.replaced,
            "unchanged": done.unchanged,
            "refused": [{"line": one.line, "sentence": one.sentence} for one in checked.refused],
        }
        return answer(request, told, 201)

    return once(request, act)


@router.get("/{ref}/figures", response=list[FigureRow], summary="The figures of a period")
def read(request: ApiRequest, ref: str, period: str = "", metrics: str = "") -> HttpResponse:
    """`period`: 2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15; `metrics`: keys with commas between."""
    client = _client(request, ref)
    chosen = periods.parse(period) if period else page.usual_period(client)
    return answer(request, [figure.as_json() for figure in figures(client, _keys(client, metrics), chosen)])


@router.get("/{ref}/figures/days", response=list[DayRow], summary="Figures day by day")
def days(
    request: ApiRequest, ref: str, metrics: str = "", period: str = "", dimension: str = ""
) -> HttpResponse:
    """`dimension` (channel, device …) gives the slices of one; without it the totals."""
    client = _client(request, ref)
    chosen = periods.parse(period) if period else page.usual_period(client)
    found = daily(client, _keys(client, metrics), chosen.start, chosen.end, dimension.strip().lower() or None)
    return answer(
        request,
        [
            {
                "metric": row.metric,
                "dimensions": row.dims,
                "date": row.day,
                "value": row.value,
                "numerator": row.numerator,
                "denominator": row.denominator,
                "source": row.source,
                "provisional": row.provisional,
            }
            for row in found
        ],
    )


def _cells(value: ValueIn, names: list[str]) -> list[str]:
    numbers = (value.value, value.numerator, value.denominator)
    said = ["" if number is None else repr(number) for number in numbers]
    return [
        value.date.isoformat(),
        value.metric,
        *said,
        value.currency,
        *(value.dimensions.get(name, "") for name in names),
    ]


def _keys(client: Client, text: str) -> list[str]:
    """What was asked for, else what the client's dashboard shows."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    unknown = [key for key in keys if key not in METRICS]
    if unknown:
        raise Refusal(
            f"“{unknown[0][:40]}” is not a metric we know.",
            remedy=f"Some that are: {', '.join(list(METRICS)[:8])}.",
            field="metrics",
        )
    if not keys:
        dashboard = Dashboard.objects.filter(client=client).first()
        keys = [metric.key for metric in metrics_of(client, dashboard)]
    return keys


def _client(request: ApiRequest, ref: str) -> Client:
    client = Client.objects.visible_to(request.auth).exclude(stage=Stage.MERGED).filter(ref=ref).first()
    if client is None:
        raise Http404("There is no such client, or it is not yours to see.")
    return client
