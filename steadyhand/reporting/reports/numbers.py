"""How a figure is written, the same in a page, a PDF, a mail and a sentence."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from steadyhand.core.money import show
from steadyhand.reporting.metrics.definitions import Metric

#: Amounts from here on are written without pence.
WITHOUT_PENCE = 100


def shown(metric: Metric, value: Decimal | None, currency: str = "") -> str:
    """“12,431”, “£2,400”, “3.1 %”, “4.2”; a dash where nothing was measured."""
    if value is None:
        return "–"
    if metric.percent:
        return f"{_rounded(value * 100, max(metric.decimals - 1, 1)):,} %"
    if metric.money:
        whole = abs(value) >= WITHOUT_PENCE
        return show(_rounded(value, 0 if whole else 2), currency) if currency else f"{_rounded(value, 2):,}"
    return f"{_rounded(value, metric.decimals):,}"


def percent(share: Decimal) -> str:
    """“8 %” of 0.0812 or −0.0812; “0.4 %” where whole ones would say nothing."""
    hundred = abs(share) * 100
    return f"{_rounded(hundred, 0 if hundred >= 1 else 1):,} %"


def change_words(share: Decimal | None) -> str:
    """“up 8 %”, “down 3 %”, “level”; empty where there is nothing to compare with."""
    if share is None:
        return ""
    if abs(share) < Decimal("0.0005"):
        return "level"
    return f"{'up' if share > 0 else 'down'} {percent(share)}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
