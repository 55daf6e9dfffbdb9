"""The renewal pack: year to date and quarters in fewer than five figures, what next and why (R9).

It starts from what they hired us for. Months are whole ones: the one that runs is not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.reporting.metrics import periods as spans
from steadyhand.reporting.metrics.definitions import METRICS, Metric
from steadyhand.reporting.metrics.reading import Book, change
from steadyhand.reporting.reports.numbers import change_words, shown
from steadyhand.reporting.reports.periods import named
from steadyhand.reporting.reports.plotting import frozen_charts
from steadyhand.reporting.reports.taking import RESULTS

#: Beside what they earn of it, as far as it is measured; with the rest fewer than five figures.
BESIDE = ("new_customers", "leads", "conversions")
#: Months looked at for growth; fewer than the second number say nothing.
LAST, FEWEST = 12, 3
A_DAY = dt.timedelta(days=1)


def take_renewal(client: Client, period: Period) -> dict[str, Any]:
    """The year's figures, frozen: to date against the year before, by quarter, by month. One child run."""
    year = whole_months(period)
    before = Period("", _year_earlier(year.start), _year_earlier(year.end))
    keys = list(dict.fromkeys([*RESULTS, *BESIDE]))
    months = _months(max(before.start, year.end - dt.timedelta(days=31 * (LAST + 1))), year.end)
    book = Book.open(client, keys, min(before.start, months[0].start), year.end)
    measured = [METRICS[key] for key in keys if book.value(METRICS[key], year) is not None]
    metrics = _chosen(measured)
    sold = [_totals(book, metric, year, before) for metric in metrics]
    return {
        "renewal": {
            "goals": client.goals.strip(),
            "tables": [
                {
                    "title": "Year to date",
                    "head": [
                        "Figure",
                        named(year.start, year.end),
                        named(before.start, before.end),
                        "Change",
                    ],
                    "rows": sold,
                },
                _quarters(book, metrics, year),
            ]
            if metrics
            else [],
            "words": [word for metric in metrics for word in _grown(book, metric, months)],
            "months": _by_month(book, metrics, months),
            "next": [],
        },
        "charts": frozen_charts(book, metrics[:1], Period("", months[0].start, months[-1].end)),
        "figures": [],
        "short": {"figures": [_headline(book, metric, year, before) for metric in metrics], "return": None},
        "taken_at": clock.now().isoformat(),
    }


def whole_months(period: Period) -> Period:
    """The period without the month that has only begun, where another is left."""
    end = period.end if (period.end + A_DAY).day == 1 else period.end.replace(day=1) - A_DAY
    return Period(period.key, period.start, end if end >= period.start else period.end)


def _chosen(measured: Sequence[Metric]) -> list[Metric]:
    """What they earn of it, or the best stand-in for it, and one or two beside: three at most."""
    if not measured:
        return []
    first = measured[0]
    beside = [metric for metric in measured[1:] if metric.key in BESIDE]
    beside.sort(key=lambda metric: BESIDE.index(metric.key))
    return [first, *beside[:2]]


def _totals(book: Book, metric: Metric, year: Period, before: Period) -> list[str]:
    now, then = book.value(metric, year), book.value(metric, before)
    money = book.currency if metric.money else ""
    changed = change_words(change(now, then)) or "–"
    return [metric.label, shown(metric, now, money), shown(metric, then, money), changed]


def _headline(book: Book, metric: Metric, year: Period, before: Period) -> dict[str, str]:
    now, then = book.value(metric, year), book.value(metric, before)
    words = change_words(change(now, then))
    label = f"{metric.label}, year to date"
    note = f"{words} on the year before" if words else ""
    return {"label": label, "shown": shown(metric, now, book.currency if metric.money else ""), "note": note}


def _quarters(book: Book, metrics: Sequence[Metric], year: Period) -> dict[str, Any]:
    quarters = []
    start = year.start
    while start <= year.end:
        quarter = spans.parse(f"{start.year}-Q{(start.month - 1) // 3 + 1}")
        quarters.append(Period(quarter.key, quarter.start, min(quarter.end, year.end)))
        start = quarter.end + A_DAY
    head = [f"{one.key[-2:]}" + ("" if (one.end + A_DAY).month % 3 == 1 else " so far") for one in quarters]
    rows = []
    for metric in metrics:
        money = book.currency if metric.money else ""
        rows.append([metric.label, *(shown(metric, book.value(metric, one), money) for one in quarters)])
    return {"title": "By quarter", "head": ["Figure", *head], "rows": rows}


def _grown(book: Book, metric: Metric, months: Sequence[Period]) -> list[str]:
    """In how many of the last months it rose; a month's average of new customers and how that grew."""
    values = [book.value(metric, one) for one in months]
    following = pairwise(values)
    pairs = [(then, now) for then, now in following if then is not None and now is not None]
    words = []
    if len(pairs) >= FEWEST:
        rose = sum(now > then for then, now in pairs)
        words.append(f"{metric.label} rose in {rose} of the last {len(pairs)} months.")
    if metric.key == "new_customers":
        half = [value for value in values if value is not None]
        middle = len(half) // 2
        if middle:
            early, late = sum(half[:middle]) / middle, sum(half[-middle:]) / middle
            grown = change_words(change(Decimal(late), Decimal(early)))
            a_month = shown(metric, Decimal(late), "")
            words.append(f"New customers: {a_month} a month of late, {grown} on the months before those.")
    return words


def _by_month(book: Book, metrics: Sequence[Metric], months: Sequence[Period]) -> dict[str, Any]:
    """The first figure month by month, as numbers a chart draws."""
    if not metrics:
        return {}
    metric = metrics[0]
    values = [book.value(metric, one) for one in months]
    known = [(one, value) for one, value in zip(months, values, strict=True) if value is not None]
    return {
        "label": metric.label,
        "names": [f"{one.start:%b %Y}" for one, _ in known],
        "values": [str(value) for _, value in known],
    }


def _months(start: dt.date, end: dt.date) -> list[Period]:
    found: list[Period] = []
    one = spans.month_of(end)
    while one.end >= start and len(found) <= LAST:
        found.append(one)
        one = spans.before(one)
    return found[::-1]


def _year_earlier(day: dt.date) -> dt.date:
    last = (day + A_DAY).day == 1
    month = spans.month(day.year - 1, day.month)
    return month.end if last else dt.date(day.year - 1, day.month, min(day.day, month.end.day))
