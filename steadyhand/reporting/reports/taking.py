"""Taking the figures of a report: read once, frozen as JSON with the moment of the cut-off (R4, R5).

What stands in a report's `content` afterwards is all that its page, its PDF, its mails and the API show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from steadyhand.clients.models import Client, EngagementKind, Service
from steadyhand.core import clock
from steadyhand.core.money import show
from steadyhand.core.recurrence import Period
from steadyhand.reporting.metrics import periods as spans
from steadyhand.reporting.metrics.definitions import BY_CHANNEL, METRICS, Good, Metric, by_service
from steadyhand.reporting.metrics.reading import Book, Figure, Wish, better, reach
from steadyhand.reporting.models import ReportKind, ReportRules, Target
from steadyhand.reporting.reports.numbers import change_words, shown
from steadyhand.reporting.reports.periods import named
from steadyhand.reporting.reports.plotting import frozen_charts
from steadyhand.reporting.reports.work_done import against_plan

Content = dict[str, Any]

#: What money came of it, the most telling first; and what stands for it where no money is counted.
REVENUE = ("revenue", "ad_revenue")
RESULTS = (*REVENUE, "leads", "conversions", "ad_conversions", "sessions")
#: What a report begins with, where the services do not say otherwise.
FIRST = ("revenue", "leads", "conversions", "sessions")
#: What we count as leads, the nearest to a person's name first.
LEADS = ("leads", "ad_conversions")
#: Compared channel by channel, those of them that are there.
BY_CHANNEL_KEYS = ("sessions", "conversions", "leads", "revenue", "cost")
#: A smaller change is neither good nor bad news: it bears no colour.
TELLING = Decimal("0.03")
#: Rows of a table of slices.
MOST_SLICES = 12
#: Days of a month, on the average, for a fee of part of one.
MONTH = Decimal("30.4369")


def wish_of(client: Client, kind: str, period: Period) -> Wish:
    """What is read for such a report."""
    keys = [*(metric.key for metric in _metrics_of(client, kind)), *REVENUE, "cost", "leads"]
    sliced = {"channel": BY_CHANNEL_KEYS} if kind != ReportKind.PAID_SEARCH else {}
    return Wish(client, tuple(dict.fromkeys(keys)), *reach(period), sliced, period.start)


def take(client: Client, kind: str, period: Period) -> Content:
    """Everything such a report shows of the client's figures, as of now. One child run at most."""
    at = clock.now()
    wanted = [metric.key for metric in _metrics_of(client, kind)]
    before, year = spans.before(period), spans.year_before(period)
    wish = wish_of(client, kind, period)
    book, slices = wish.books()
    read = {key: book.figure(METRICS[key], period) for key in wish.keys}
    targets = {
        one.metric: one.amount for one in Target.objects.filter(client=client).on(period.start, period.end)
    }
    currency = next((figure.currency for figure in read.values() if figure.currency), "")
    measured = [METRICS[key] for key in wanted if read[key].value is not None]
    return {
        "compared": {"month": named(before.start, before.end), "year": named(year.start, year.end)},
        "figures": [
            {**frozen(read[key]), "target": against_target(read[key], targets.get(key))}
            for key in (metric.key for metric in measured)
        ],
        "charts": frozen_charts(book, measured, period),
        "slices": [
            *(_slices(slices["channel"], currency) if "channel" in slices else []),
            *(against_plan(client, period) if kind == ReportKind.FIGURES else []),
        ],
        "short": short_of(read, client, period, ReportRules.of(client)),
        "leads": _whole(_first_figure(read, LEADS)),
        "missing": [METRICS[key].label for key in wanted if read[key].value is None],
        "taken_at": at.isoformat(),
    }


def frozen(figure: Figure) -> dict[str, Any]:
    """A figure as it stays: its own JSON, and the very words every face shows."""
    metric, currency = figure.metric, figure.currency
    return {
        **figure.as_json(),
        "shown": shown(metric, figure.value, currency),
        "month": _comparison(metric, figure.month_before, figure.month_change, currency),
        "year": _comparison(metric, figure.year_before, figure.year_change, currency),
    }


def against_target(figure: Figure, amount: Decimal | None) -> dict[str, str]:
    """How a figure stands against the amount a month agreed with the client; empty where none was."""
    if amount is None or figure.value is None:
        return {}
    metric = figure.metric
    wanted = amount * months_in(figure.period) if metric.summed else amount
    reached = figure.value >= wanted if metric.good is Good.UP else figure.value <= wanted
    missing = shown(metric, abs(figure.value - wanted), figure.currency)
    beyond = ("above" if figure.value > wanted else "below") if figure.value != wanted else ""
    return {
        "shown": shown(metric, wanted, figure.currency),
        "words": f"{missing} {beyond} target" if beyond else "on target",
        "tone": "well" if reached else "act",
    }


def short_of(read: dict[str, Figure], client: Client, period: Period, rules: ReportRules) -> dict[str, Any]:
    """For a C-level reader: revenue, growth and cash, and the return against what was expected (R5).

    Cash is revenue less advertising and our fee; the return is revenue for each unit of both. Without
    revenue, what is counted in its place leads, and cash and return are left out.
    """
    result = _first_figure(read, RESULTS)
    if result is None:
        return {"figures": [], "return": None}
    told = [
        {"label": result.metric.label, "shown": shown(result.metric, result.value, result.currency)},
        *_growth(result),
    ]
    money = result.value if result.metric.key in REVENUE else None
    fee = fee_of(client, period, result.currency) if money is not None else None
    if money is None or fee is None:
        return {"figures": told, "return": None}
    cost = (read["cost"].value or Decimal(0)) if "cost" in read else Decimal(0)
    spent = cost + fee
    told.append(
        {
            "label": "Cash",
            "shown": show((money - spent).quantize(Decimal(1)), result.currency),
            "note": f"after {show(spent.quantize(Decimal(1)), result.currency)} of advertising and our fee",
        }
    )
    return {"figures": told, "return": _return(money, spent, rules.expected_return, result.currency)}


def fee_of(client: Client, period: Period, currency: str) -> Decimal | None:
    """What the retainers that ran cost them in the period; None where one is in another currency."""
    total, length = Decimal(0), months_in(period)
    rows = client.engagements.filter(kind=EngagementKind.RETAINER, starts_on__lte=period.end)
    for engagement in rows.running(period.start):
        if engagement.currency != currency:
            return None
        total += engagement.amount * length
    return total


def months_in(period: Period) -> Decimal:
    """How many months long: whole ones where it is made of them."""
    if period.start.day == 1 and (period.end + dt.timedelta(days=1)).day == 1:
        return Decimal((period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1)
    return Decimal((period.end - period.start).days + 1) / MONTH


def _growth(result: Figure) -> list[dict[str, Any]]:
    for share, against in ((result.year_change, "a year before"), (result.month_change, "the period before")):
        if share is not None:
            return [{"label": "Growth", "shown": change_words(share), "note": f"on {against}"}]
    return []


def _return(money: Decimal, spent: Decimal, expected: Decimal | None, currency: str) -> dict[str, Any] | None:
    if not spent:
        return None
    got = (money / spent).quantize(Decimal("0.01"))
    words = f"{show(got, currency)} came back for each {show(Decimal(1), currency)} spent."
    if expected is not None:
        stand = "as expected by now" if got == expected else "ahead" if got > expected else "behind"
        wanted = show(expected, currency)
        words += f" {wanted} was expected by now: {stand}." if got != expected else f" That is {stand}."
    return {"value": str(got), "expected": str(expected) if expected is not None else None, "words": words}


def _metrics_of(client: Client, kind: str) -> Sequence[Metric]:
    if kind == ReportKind.PAID_SEARCH:
        return [METRICS[key] for key in (*BY_CHANNEL["paid-search"], "leads", "cost_per_lead")]
    day = clock.today(client.zone)
    services = Service.objects.filter(
        engagement__client=client, engagement__in=client.engagements.running(day)
    )
    channels = list(services.order_by("engagement", "number").values_list("channel", "name"))
    named_channels = [channel or _as_channel(name) for channel, name in channels]
    metrics = by_service(named_channels)
    more = [METRICS[key] for key in ("leads", "revenue", "cost") if METRICS[key] not in metrics]
    first = [METRICS[key] for key in FIRST if METRICS[key] in (*metrics, *more)]
    return list(dict.fromkeys([*first, *metrics, *more]))


def _as_channel(name: str) -> str:
    return "-".join(name.lower().split())


def _comparison(metric: Metric, then: Decimal | None, share: Decimal | None, currency: str) -> dict[str, Any]:
    good = better(metric, share) if share is not None and abs(share) >= TELLING else None
    return {
        "shown": shown(metric, then, currency),
        "words": change_words(share),
        "tone": "" if good is None else "well" if good else "act",
    }


def _slices(book: Book, currency: str) -> list[dict[str, Any]]:
    """Channel by channel, for the marketer; empty where nothing is known of channels."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in (row for key in BY_CHANNEL_KEYS for row in book.rows.get(key, ())):
        line = sums.setdefault(row.dims.removeprefix("channel="), {})
        line[row.metric] = line.get(row.metric, Decimal(0)) + Decimal(repr(row.value or 0.0))
    keys = [key for key in BY_CHANNEL_KEYS if any(key in line for line in sums.values())]
    if not keys:
        return []
    order = sorted(sums, key=lambda name: (-sums[name].get(keys[0], Decimal(0)), name))[:MOST_SLICES]
    return [
        {
            "title": "Channel by channel",
            "head": ["Channel", *(METRICS[key].label for key in keys)],
            "rows": [[name, *_cells(keys, sums[name], currency)] for name in order],
        }
    ]


def _cells(keys: Iterable[str], line: dict[str, Decimal], currency: str) -> list[str]:
    return [shown(METRICS[key], line.get(key), currency if METRICS[key].money else "") for key in keys]


def _first_figure(read: Mapping[str, Figure], keys: Iterable[str]) -> Figure | None:
    """The first of these that was measured."""
    return next((read[key] for key in keys if key in read and read[key].value is not None), None)


def _whole(figure: Figure | None) -> int | None:
    return None if figure is None or figure.value is None else int(figure.value)
