"""Figures, and what is said and agreed about them, as tables of an export."""

from __future__ import annotations

import datetime as dt

from steadyhand.clients.models import Client
from steadyhand.core.actor import Actor
from steadyhand.exchange.sheets import Rows, Sheet, rows_of
from steadyhand.reporting.metrics import store
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.models import (
    Annotation,
    Commentary,
    Dashboard,
    Source,
    Target,
    TrackingAgreement,
)

EPOCH = dt.date(1970, 1, 1)


def _days(by: Actor) -> Rows:
    """Every value that stands, of every client with figures: one child run a client."""
    clients = Client.objects.visible_to(by).filter(figure_sources__isnull=False).distinct().order_by("pk")
    question = {
        "do": "daily",
        "metrics": sorted(METRICS),
        "start": "2000-01-01",
        "end": "2999-12-31",
        "dims": "*",
        "as_of": None,
    }
    for client in clients:
        currency = next(
            iter(client.figure_sources.exclude(currency="").values_list("currency", flat=True)), ""
        )
        for key, dims, source, days, values, tops, bottoms, _ in store.answer(client.pk, question):
            money = currency if METRICS[key].money else ""
            for day, value, top, bottom in zip(days, values, tops, bottoms, strict=True):
                yield (
                    *(client.ref, source, key, dims, EPOCH + dt.timedelta(days=day)),
                    *(value, top, bottom, money),
                )


SHEETS_OF_FIGURES = (
    Sheet(
        "figures",
        ("client", "source", "metric", "dimensions", "date", "value", "numerator", "denominator", "currency"),
        _days,
    ),
    Sheet(
        "figure_sources",
        ("client", "source", "name", "zone", "currency", "values", "from", "to", "came", "failed", "error"),
        rows_of(
            lambda by: Source.objects.visible_to(by),
            *("client__ref", "key", "label", "zone", "currency", "rows", "first_day", "last_day"),
            *("succeeded_at", "failed_at", "error"),
        ),
    ),
    Sheet(
        "dashboards",
        ("client", "metrics", "elsewhere", "address", "shared", "shared by"),
        rows_of(
            lambda by: Dashboard.objects.visible_to(by),
            *("client__ref", "keys", "outside_name", "outside_url", "shared_at", "shared_by"),
        ),
    ),
    Sheet(
        "commentary",
        ("client", "period", "metric", "text", "by", "at", "shown", "taken back"),
        rows_of(
            lambda by: Commentary.objects.visible_to(by),
            *("client__ref", "period", "metric", "text", "by_name", "at", "shown_at", "dropped_at"),
        ),
    ),
    Sheet(
        "annotations",
        ("client", "kind", "day", "until", "text", "by", "at", "shown", "taken back"),
        rows_of(
            lambda by: Annotation.objects.visible_to(by),
            *("client__ref", "kind", "day", "until", "text", "by_name", "at", "shown_at", "dropped_at"),
        ),
    ),
    Sheet(
        "targets",
        ("client", "metric", "a month", "from", "until", "agreed with", "goal", "by", "at", "taken back"),
        rows_of(
            lambda by: Target.objects.visible_to(by),
            *("client__ref", "metric", "amount", "from_day", "until", "contact__email", "goal__text"),
            *("by_name", "at", "dropped_at"),
        ),
    ),
    Sheet(
        "tracking",
        ("client", "tracked", "left out", "spend", "currency", "agreed with", "agreed on", "by", "at"),
        rows_of(
            lambda by: TrackingAgreement.objects.visible_to(by),
            *("client__ref", "tracked", "left_out", "spend", "currency", "contact__email", "agreed_on"),
            *("by_name", "at"),
        ),
    ),
)
