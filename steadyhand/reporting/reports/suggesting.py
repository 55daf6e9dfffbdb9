"""Sentences a report could say, made of its own figures by plain rules; nobody's until accepted (R4, R8).

Each names the numbers behind it. The strongest changes come first, bad news before good: that is what a
client asks about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from steadyhand.reporting.metrics.definitions import Good, Metric
from steadyhand.reporting.metrics.reading import Figure
from steadyhand.reporting.reports.numbers import percent, shown

#: Sentences of one report.
MOST = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, why it is there, and how much it weighs."""

    text: str
    why: str
    weight: Decimal


def sentences(content: Mapping[str, Any]) -> list[Sentence]:
    """What rose, what fell, month on month and year on year, and what it is against what was expected."""
    figures = [Figure.of_json(kept) for kept in content.get("figures", [])]
    compared = content.get("compared", {})
    found: list[Sentence] = []
    for figure in figures:
        found += _changes(figure, compared.get("month", ""), compared.get("year", ""))
    found += _against(figures, content.get("figures", []))
    found += _together({figure.metric.key: figure for figure in figures})
    return sorted(found, key=lambda one: -one.weight)[:MOST]


def _changes(figure: Figure, month: str, year: str) -> Iterator[Sentence]:
    """One sentence a metric: on the month before, with the year before beside it where that says more."""
    metric, value = figure.metric, figure.value
    by_month, by_year = figure.month_change, figure.year_change
    if value is None:
        return
    month_tells = _tells(metric, by_month, value, figure.month_before)
    year_tells = _tells(metric, by_year, value, figure.year_before)
    now = shown(metric, value, figure.currency)
    if month_tells and by_month is not None:
        text = f"{metric.label} {_moved(by_month)} on {month}, to {now}"
        if by_year is not None and year_tells:
            joint = "and" if (by_year > 0) == (by_month > 0) else "but"
            text += f", {joint} {_moved(by_year)} on {year}"
        why = f"{now} against {shown(metric, figure.month_before, figure.currency)} in {month}"
        yield Sentence(f"{text}.", why, _weight(metric, by_month))
    elif year_tells and by_year is not None:
        why = f"{now} against {shown(metric, figure.year_before, figure.currency)} in {year}"
        yield Sentence(
            f"{metric.label} {_moved(by_year)} on {year}, to {now}.", why, _weight(metric, by_year)
        )


def _tells(metric: Metric, share: Decimal | None, now: Decimal, then: Decimal | None) -> bool:
    """Whether a change is large enough to be spoken of: the metric's own least effect, and units."""
    if share is None or then is None:
        return False
    return abs(share) >= metric.min_effect and abs(now - then) >= metric.min_units


def _together(figures: Mapping[str, Figure]) -> Iterator[Sentence]:
    """What two figures say together, ending in a question for the client (R8)."""
    rate, shown_to = figures.get("conversion_rate"), figures.get("impressions")
    if rate is not None and shown_to is not None:
        up, down = rate.month_change, shown_to.year_change
        if up is not None and down is not None and up > 0 and down <= Decimal("-0.1"):
            yield Sentence(
                f"More of those who come convert, yet {percent(down)} fewer people saw us in search than a "
                "year ago: is the brand as well known as it was?",
                "conversion rate up on the month, impressions down on the year",
                Decimal("0.5"),
            )
    cost, won = figures.get("cost"), figures.get("ad_conversions")
    if cost is not None and won is not None:
        dearer, fewer = cost.month_change, won.month_change
        if dearer is not None and fewer is not None and dearer > 0 > fewer:
            yield Sentence(
                f"We spent {percent(dearer)} more and won {percent(fewer)} fewer conversions: we look at "
                "where the money goes before we spend it again.",
                "cost up and conversions down on the period before",
                Decimal("0.9"),
            )


def _against(figures: Sequence[Figure], kept: Sequence[Mapping[str, Any]]) -> Iterator[Sentence]:
    for figure, row in zip(figures, kept, strict=True):
        if target := row.get("target"):
            now = shown(figure.metric, figure.value, figure.currency)
            text = f"{figure.metric.label} came to {now}: {target['words']}."
            weight = Decimal("0.7") if target["tone"] == "act" else Decimal("0.3")
            yield Sentence(text, f"{now} against {target['shown']} agreed", weight)


def _moved(share: Decimal) -> str:
    return f"{'rose' if share > 0 else 'fell'} {percent(share)}"


def _weight(metric: Metric, share: Decimal) -> Decimal:
    bad = (share > 0) != (metric.good is Good.UP)
    return min(abs(share), Decimal(2)) + (Decimal("0.25") if bad else Decimal(0))
