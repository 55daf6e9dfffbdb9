"""The charts of a report: the course of its main figures, frozen with the draft, drawn when looked at (R4).

What is frozen is numbers and the words of the table beneath, never a picture: page, PDF and API show the same
numbers, and a picture is drawn once from what was frozen. Figures that come later are in none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from steadyhand.core.recurrence import Period
from steadyhand.reporting import charts
from steadyhand.reporting.metrics import drawing
from steadyhand.reporting.metrics import periods as spans
from steadyhand.reporting.metrics.definitions import METRICS, Metric
from steadyhand.reporting.metrics.reading import Book, Daily
from steadyhand.reporting.models import Report
from steadyhand.reporting.reports.numbers import shown
from steadyhand.reporting.reports.periods import named

#: Figures of a report that are drawn.
DRAWN = 4
#: Days from which on a period is drawn by month, and told by month on paper; tables of so many rows stay.
LONG, LONG_ON_PAPER, SHORT_TABLE = 100, 40, 14
#: Fewer points than these make no course.
FEWEST = 2
A_DAY, A_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
#: A chart's own size, in pixels, beside another or alone: readable on half and on all of a page's width.
HALF, WHOLE = {"width": 380, "height": 175}, {"width": 560, "height": 200}

#: How the table calls what it counts by.
STEPS = {"day": "Day", "month": "Month"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as every face tells it: what it shows in a sentence, and its numbers.

    `rows` has each point that is drawn: its day or month, the value and, where there is one, that of the year
    before. `brief` is what paper shows: the same, by week or month where that would be long.
    """

    label: str
    step: str
    sentence: str
    now: str
    then: str
    rows: list[list[str]]
    brief: list[list[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its drawing (SVG); empty where it could not be drawn."""

    chart: Chart
    svg: str


def frozen_charts(book: Book, metrics: Sequence[Metric], period: Period) -> list[dict[str, Any]]:
    """The course of the first metrics that have one, as JSON: what a report keeps."""
    by_month = (period.end - period.start).days >= LONG
    courses = (_by_month(book, one, period) if by_month else _by_day(book, one, period) for one in metrics)
    return list(islice((course for course in courses if len(course["points"]) >= FEWEST), DRAWN))


def charts_of(content: Mapping[str, Any]) -> list[Chart]:
    """The charts of a report's content, in words."""
    return [_chart(kept) for kept in content.get("charts", [])]


def pictures_of(report: Report, told: Sequence[Chart]) -> list[Picture]:
    """The charts that a reading tells. Drawing one takes a process: never inside a transaction."""
    if not told:
        return []
    try:
        drawn = charts.charts(_specs(report))
    except charts.Undrawn:
        drawn = [""] * len(told)
    return [Picture(chart, svg) for chart, svg in zip(told, drawn, strict=True)]


def draw_ahead(reports: Sequence[Report]) -> None:
    """Draw the charts of these reports in one process, so that nobody waits for them later."""
    charts.charts([spec for report in reports for spec in _specs(report)])


def _by_day(book: Book, metric: Metric, period: Period) -> dict[str, Any]:
    now = book.days(metric, period)
    before = {_a_year_on(row.day): row for row in book.days(metric, spans.year_before(period))}
    before = {day: row for day, row in before.items() if period.start <= day <= period.end}
    mine = {row.day: row for row in now}
    days = sorted({*mine, *before}) if mine else []
    rows = [[_day(day), *_said(metric, book.currency, mine.get(day), before.get(day))] for day in days]
    steps = _months(period) if (period.end - period.start).days >= LONG_ON_PAPER else _weeks(period)
    brief = rows if len(rows) <= SHORT_TABLE else [_total(book, metric, step) for step in steps]
    points = [[day.isoformat(), _value(mine.get(day)), _value(before.get(day))] for day in days]
    return _kept(metric, "day", period, points, rows, brief)


def _by_month(book: Book, metric: Metric, period: Period) -> dict[str, Any]:
    points: list[list[Any]] = []
    rows: list[list[str]] = []
    for month in _months(period):
        now, before = book.value(metric, month), book.value(metric, spans.year_before(month))
        if now is not None:
            points.append(
                [month.start.isoformat(), *(None if x is None else float(x) for x in (now, before))]
            )
            rows.append(_total(book, metric, month))
    return _kept(metric, "month", period, points, rows, rows)


def _kept(
    metric: Metric,
    step: str,
    period: Period,
    points: list[list[Any]],
    rows: list[list[str]],
    brief: list[list[str]],
) -> dict[str, Any]:
    return {
        "metric": metric.key,
        "step": step,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "points": points,
        "rows": rows,
        "brief": brief,
    }


def _total(book: Book, metric: Metric, step: Period) -> list[str]:
    """A row of some days together, beside the same days a year before."""
    now, before = book.value(metric, step), book.value(metric, spans.year_before(step))
    return [_days_words(step), *_words(metric, book.currency, now, before)]


def _chart(kept: Mapping[str, Any]) -> Chart:
    metric, days = METRICS[kept["metric"]], _days_of(kept)
    period = named(days.start, days.end)
    compared = any(before is not None for _, _, before in kept["points"])
    by = STEPS[kept["step"]].lower()
    return Chart(
        label=metric.label,
        step=STEPS[kept["step"]],
        sentence=f"{metric.label} {by} by {by}, {period}: {_course(kept)}.",
        now=period,
        then="the year before" if compared else "",
        rows=[row if compared else row[:2] for row in kept["rows"]],
        brief=[row if compared else row[:2] for row in kept["brief"]],
    )


def _course(kept: Mapping[str, Any]) -> str:
    """“highest 480 on 5 October, lowest 320 on 11 October”, with the words of the table."""
    word = "on" if kept["step"] == "day" else "in"
    measured = [
        (point[1], row)
        for point, row in zip(kept["points"], kept["rows"], strict=True)
        if point[1] is not None
    ]
    top, bottom = max(measured, key=_amount)[1], min(measured, key=_amount)[1]
    if top[1] == bottom[1]:
        return f"{top[1]} throughout"
    return f"highest {top[1]} {word} {top[0]}, lowest {bottom[1]} {word} {bottom[0]}"


def _amount(one: tuple[float, list[str]]) -> float:
    return one[0]


def _specs(report: Report) -> list[dict[str, Any]]:
    kept = report.content.get("charts", [])
    size = HALF if len(kept) > 1 else WHOLE
    within = {"autosize": {"type": "fit", "contains": "padding"}}
    return [{**_spec(one), **size, **within} for one in kept]


def _spec(kept: Mapping[str, Any]) -> dict[str, Any]:
    metric = METRICS[kept["metric"]]
    points = [(dt.date.fromisoformat(day), now, before) for day, now, before in kept["points"]]
    if kept["step"] == "month":
        days, now, before = zip(*points, strict=True)
        return drawing.month_chart(metric, days, now, before)
    mine = [_point(metric, day, value) for day, value, _ in points if value is not None]
    older = {day: _point(metric, day, value) for day, _, value in points if value is not None}
    return drawing.day_chart(metric, _days_of(kept), mine, older)


def _days_of(kept: Mapping[str, Any]) -> Period:
    return Period("", dt.date.fromisoformat(kept["from"]), dt.date.fromisoformat(kept["to"]))


def _point(metric: Metric, day: dt.date, value: float) -> Daily:
    return Daily(metric.key, "", day, value, None, None, "", provisional=False)


def _months(period: Period) -> list[Period]:
    """Its calendar months, the last as far as it goes."""
    found = []
    start = period.start
    while start <= period.end:
        month = spans.month_of(start)
        found.append(Period(month.key, start, min(month.end, period.end)))
        start = month.end + A_DAY
    return found


def _weeks(period: Period) -> list[Period]:
    """Seven days at a time from its first."""
    days = range(0, (period.end - period.start).days + 1, 7)
    starts = [period.start + dt.timedelta(days=number) for number in days]
    return [spans.days(start, min(start + A_WEEK - A_DAY, period.end)) for start in starts]


def _a_year_on(day: dt.date) -> dt.date:
    return spans.shifted(spans.days(day, day), 12).start


def _value(row: Daily | None) -> float | None:
    return row.value if row is not None else None


def _said(metric: Metric, currency: str, *rows: Daily | None) -> list[str]:
    values = (_value(row) for row in rows)
    return _words(metric, currency, *(None if value is None else Decimal(repr(value)) for value in values))


def _words(metric: Metric, currency: str, *values: Decimal | None) -> list[str]:
    return [shown(metric, value, currency if metric.money else "") for value in values]


def _day(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _days_words(step: Period) -> str:
    """“October 2026”, “1 to 7 Oct”, “29 Sep to 4 Oct”."""
    first, last = step.start, step.end
    if spans.whole_months(step):
        return named(first, last)
    if first == last:
        return f"{last.day} {last:%b}"
    begins = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{begins} to {last.day} {last:%b}"
