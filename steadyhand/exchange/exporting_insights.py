"""Prompts, and what became of them, as tables of an export."""

from __future__ import annotations

from steadyhand.exchange.sheets import Sheet, rows_of
from steadyhand.reporting.models import Insight

SHEETS_OF_INSIGHTS = (
    Sheet(
        "prompts",
        (
            *("client", "rule", "period", "question", "says", "advice", "service", "numbers", "page"),
            *("weight", "state", "call", "reason", "quiet until", "settled", "made"),
        ),
        rows_of(
            lambda by: Insight.objects.visible_to(by),
            *("client__ref", "rule", "period", "question", "says", "advice", "service", "numbers", "page"),
            *("weight", "state", "call_id", "reason", "quiet_until", "settled_at", "made_at"),
        ),
    ),
)
