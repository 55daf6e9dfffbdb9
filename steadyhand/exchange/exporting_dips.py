"""Dips, and what they turned out to be, as tables of an export."""

from __future__ import annotations

from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.reporting.models import Incident

SHEETS_OF_DIPS = (
    Sheet(
        "dips",
        (
            *("client", "metric", "first day", "last day", "expected", "observed", "score", "p"),
            *("counting suspected", "state", "cause", "explanation", "noticed", "explained", "told"),
            *("told before they asked", "closed", "closed by"),
        ),
        rows_of(
            lambda by: Incident.objects.visible_to(by),
            *("client__ref", "metric", "first_day", "last_day", "expected", "observed", "score", "p"),
            *("tracking_suspected", "state", "cause", "explanation", "noticed_at", "explained_at"),
            *("told_at", "told_first", "closed_at", "closed_by__email"),
        ),
    ),
)
