"""The chart of one metric: its days, the same days a year before, marks and the target, as Vega-Lite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from steadyhand.core.recurrence import Period
from steadyhand.reporting.charts import INK, MUTED, SERIES
from steadyhand.reporting.metrics import wording
from steadyhand.reporting.metrics.definitions import Metric
from steadyhand.reporting.metrics.reading import Daily
from steadyhand.reporting.models import Annotation

WIDTH, HEIGHT = 600, 190


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table beneath a chart."""

    day: dt.date
    value: str
    year_before: str
    provisional: bool


def day_chart(
    metric: Metric,
    period: Period,
    now: Sequence[Daily],
    before: Mapping[dt.date, Daily],
    *,
    annotations: Sequence[Annotation] = (),
    target: Decimal | None = None,
) -> dict[str, Any]:
    """A line for the period, a dashed one for the same days a year before, marks with their letters.

    `before` names the rows of the year before by the day of this period they stand for; `target` is a day's.
    """
    lines = [{"day": row.day.isoformat(), "value": row.value} for row in now]
    older = [{"day": day.isoformat(), "value": row.value} for day, row in sorted(before.items())]
    layers: list[dict[str, Any]] = []
    if older:
        dashed = {"type": "line", "color": MUTED, "strokeDash": [4, 3], "strokeWidth": 1.5}
        layers.append(_layer(dashed, older, metric, period))
    solid = {"type": "line", "color": SERIES[0], "strokeWidth": 2.25, "point": len(lines) < 3}
    layers.append(_layer(solid, lines, metric, period))
    if target is not None:
        rule = {"type": "rule", "color": SERIES[1], "strokeDash": [8, 3]}
        encoding = {"y": {"field": "value", "type": "quantitative"}}
        layers.append({"mark": rule, "data": {"values": [{"value": float(target)}]}, "encoding": encoding})
    layers += _marks(annotations, period)
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def month_chart(
    metric: Metric, months: Sequence[dt.date], now: Sequence[float | None], before: Sequence[float | None]
) -> dict[str, Any]:
    """A bar for each month, a dash where the same month stood a year before; `months` by their first day."""
    names = [f"{day:%b %Y}" for day in months]
    axis = {"title": None, "grid": False, "ticks": False, "labelAngle": 0, "labelOverlap": True}
    across = {"field": "month", "type": "ordinal", "sort": names, "axis": axis}
    scale = {"zero": metric.summed, "reverse": metric.kind == "rank"}
    up = {"field": "value", "type": "quantitative", "axis": _amounts(metric), "scale": scale}

    def layer(mark: dict[str, Any], values: Sequence[float | None]) -> dict[str, Any]:
        rows = [{"month": name, "value": value} for name, value in zip(names, values, strict=True)]
        measured = [row for row in rows if row["value"] is not None]
        return {"mark": mark, "data": {"values": measured}, "encoding": {"x": across, "y": up}}

    layers = [layer({"type": "bar", "color": SERIES[0], "width": {"band": 0.6}}, now)]
    if any(value is not None for value in before):
        layers.append(layer({"type": "tick", "color": INK, "thickness": 2, "width": {"band": 0.8}}, before))
    return {"layer": layers}


def table(
    metric: Metric, now: Sequence[Daily], before: Mapping[dt.date, Daily], *, currency: str
) -> list[Row]:
    """The same numbers, a line a day."""
    mine = {row.day: row for row in now}
    return [
        Row(
            day,
            _said(metric, mine.get(day), currency),
            _said(metric, before.get(day), currency),
            day in mine and mine[day].provisional,
        )
        for day in sorted({*mine, *before})
    ]


def letter(number: int) -> str:
    """How the number-th mark is named: A, B … Z, then 27 on."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def _layer(
    mark: Mapping[str, Any], values: Sequence[Mapping[str, Any]], metric: Metric, period: Period
) -> dict[str, Any]:
    lowest = {"zero": metric.summed, "reverse": metric.kind == "rank"}
    days = {"format": "%-d %b", "title": None, "tickCount": 6, "grid": False}
    domain = [period.start.isoformat(), period.end.isoformat()]
    return {
        "mark": mark,
        "data": {"values": values},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "axis": days, "scale": {"domain": domain}},
            "y": {"field": "value", "type": "quantitative", "axis": _amounts(metric), "scale": lowest},
        },
    }


def _amounts(metric: Metric) -> dict[str, Any]:
    """The axis that says how much."""
    said = ".1~%" if metric.percent else "~s" if metric.summed else ",.2~f"
    label = f"format(datum.value, '{said}')"
    return {"title": None, "tickCount": 4, "domain": False, "ticks": False, "labelExpr": label}


def _marks(annotations: Sequence[Annotation], period: Period) -> list[dict[str, Any]]:
    inside = [
        {"day": max(one.day, period.start).isoformat(), "letter": letter(number)}
        for number, one in enumerate(annotations)
    ]
    if not inside:
        return []
    place = {"x": {"field": "day", "type": "temporal"}}
    words = {"type": "text", "y": 0, "dy": -6, "color": INK, "fontSize": 12, "fontWeight": "bold"}
    return [
        {
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 2]},
            "data": {"values": inside},
            "encoding": place,
        },
        {"mark": words, "data": {"values": inside}, "encoding": {**place, "text": {"field": "letter"}}},
    ]


def _said(metric: Metric, row: Daily | None, currency: str) -> str:
    if row is None or row.value is None:
        return ""
    return wording.value(metric, Decimal(repr(row.value)), currency)
