"""How a report writes its figures and changes; a figure is spelled as on every page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from steadyhand.reporting.metrics import wording
from steadyhand.reporting.metrics.definitions import Metric


def shown(metric: Metric, value: Decimal | None, currency: str = "") -> str:
    """“12,431”, “£2,400”, “3.1%”, “4.2”; a dash where nothing was measured."""
    return "–" if value is None else wording.value(metric, value, currency)


def percent(share: Decimal) -> str:
    """“8%” of 0.0812 or −0.0812; “0.4%” where whole ones would say nothing."""
    hundred = abs(share) * 100
    places = Decimal(1) if hundred >= 1 else Decimal("0.1")
    return f"{hundred.quantize(places, ROUND_HALF_UP):,}%"


def change_words(share: Decimal | None) -> str:
    """“up 8%”, “down 3%”, “level”; empty where there is nothing to compare with."""
    if share is None:
        return ""
    if abs(share) < Decimal("0.0005"):
        return "level"
    return f"{'up' if share > 0 else 'down'} {percent(share)}"
