"""Figures in words: how a value is shown, and what a change says."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from steadyhand.core.money import show
from steadyhand.reporting.metrics.definitions import Metric
from steadyhand.reporting.metrics.reading import Figure, better

NOT_MEASURED = "not measured"
#: Amounts from here on are written without pence.
WITHOUT_PENCE = 100


def value(metric: Metric, amount: Decimal | None, currency: str = "") -> str:
    """“12,345”, “£2,400”, “3.1%”, “4.2”; “not measured” where there is nothing: that is not zero."""
    if amount is None:
        return NOT_MEASURED
    if metric.percent:
        return f"{_rounded(amount * 100, metric.decimals):,}%"
    if metric.money:
        places = 0 if currency and abs(amount) >= WITHOUT_PENCE else 2
        return show(_rounded(amount, places), currency) if currency else f"{_rounded(amount, places):,}"
    return f"{_rounded(amount, metric.decimals):,}"


def change(share: Decimal | None) -> str:
    """“+12%”, “−3%”, “no change”; "" where there is nothing to compare with."""
    if share is None:
        return ""
    percent = (share * 100).quantize(Decimal(1) if abs(share) >= Decimal("0.1") else Decimal("0.1"))
    if not percent:
        return "no change"
    return f"{'+' if percent > 0 else '−'}{abs(percent):,}%"


def tone(metric: Metric, share: Decimal | None) -> str:
    """“well” for good news, “act” for bad news, "" for neither: which way is good depends on the metric."""
    good = better(metric, share)
    return "" if good is None else "well" if good else "act"


def sentence(figure: Figure, period: str) -> str:
    """“Sessions in October 2026: 12,345, 12% more than the month before, 3% less than the year before.”"""
    said = f"{figure.metric.label} in {period}: {value(figure.metric, figure.value, figure.currency)}"
    parts = [
        _compared(figure.month_change, "the period before"),
        _compared(figure.year_change, "a year before"),
    ]
    return f"{', '.join([said, *(part for part in parts if part)])}."


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _compared(share: Decimal | None, what: str) -> str:
    if share is None:
        return ""
    words = change(share)
    if words == "no change":
        return f"the same as {what}"
    return f"{words[1:]} {'more' if share > 0 else 'less'} than {what}"
