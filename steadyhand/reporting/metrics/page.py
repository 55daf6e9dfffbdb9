"""A client's dashboard put together: the same for our page, the client's page and the API (R2).

Everything comes from one reading of the client's file. What the client may see is a narrower page made by
`for_client=True`: shown commentary and marks only, no failures of sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.reporting import charts
from steadyhand.reporting.metrics import drawing, periods, store, wording
from steadyhand.reporting.metrics.dashboards import metrics_of
from steadyhand.reporting.metrics.definitions import METRICS, Metric
from steadyhand.reporting.metrics.reading import Book, Figure, reach
from steadyhand.reporting.metrics.targets import Progress, progress
from steadyhand.reporting.models import (
    Annotation,
    Commentary,
    Dashboard,
    Source,
    Target,
    TrackingAgreement,
)

#: The few numbers that matter, and how many of them are drawn; the others fold away beneath.
HEADLINE = 8
CHARTED = 4

#: A page of a period that ended longer ago does not look for newer data by itself.
FRESH_DAYS = 31


@dataclass(slots=True)
class Card:
    """One metric: its figure in words, and how far it is from its target."""

    figure: Figure
    progress: Progress | None = None
    commentary: list[Commentary] = field(default_factory=list)
    spec: dict[str, Any] | None = None
    svg: str = ""
    rows: list[drawing.Row] = field(default_factory=list)
    sentence: str = ""

    @property
    def metric(self) -> Metric:
        return self.figure.metric

    @property
    def said(self) -> str:
        return wording.value(self.metric, self.figure.value, self.figure.currency)

    @property
    def month(self) -> tuple[str, str]:
        """The change on the period before in words, and whether it is good news."""
        share = self.figure.month_change
        return wording.change(share), wording.tone(self.metric, share)

    @property
    def year(self) -> tuple[str, str]:
        """The change on the year before in words, and whether it is good news."""
        share = self.figure.year_change
        return wording.change(share), wording.tone(self.metric, share)

    @property
    def target(self) -> str:
        """The target in words, for as many months as the period has."""
        if self.progress is None:
            return ""
        return wording.value(self.metric, self.progress.amount, self.figure.currency)


@dataclass(slots=True)
class Page:
    """All a dashboard shows for one period."""

    client: Client
    dashboard: Dashboard | None
    period: Period
    title: str
    earlier: Period
    later: Period | None
    cards: list[Card]
    charted: list[Card]
    unmeasured: list[Metric]
    commentary: list[Commentary]
    annotations: list[tuple[str, Annotation]]
    tracking: TrackingAgreement | None
    sources: list[Source]
    currency: str
    cut_off: dt.datetime | None
    version: str
    refreshes: bool

    @property
    def is_empty(self) -> bool:
        """Whether no figure ever came in."""
        return not self.sources

    @property
    def headline(self) -> list[Card]:
        """The few that matter."""
        return self.cards[:HEADLINE]

    @property
    def more(self) -> list[Card]:
        """The others."""
        return self.cards[HEADLINE:]

    @property
    def drawn(self) -> bool:
        """Whether every chart is there."""
        return all(card.svg for card in self.charted)


def usual_period(client: Client) -> Period:
    """The month that is worth looking at today: this one from its tenth day on, else the one before."""
    return periods.month_of(clock.today(client.zone) - dt.timedelta(days=10))


def compose(client: Client, period: Period, *, for_client: bool = False, draw: bool = False) -> Page:
    """The page for a period. `draw` draws what was never drawn, in one child run; else it is left out."""
    dashboard = Dashboard.objects.filter(client=client).first()
    targets = {one.metric: one for one in Target.objects.on(period.start, period.end).filter(client=client)}
    wanted = _agreed_first(metrics_of(client, dashboard), targets)
    book = Book.open(client, [metric.key for metric in wanted], *reach(period))
    noted = _commentary(client, period, for_client)
    marks = _annotations(client, period, for_client)
    cards = [_card(book.figure(metric, period), targets.get(metric.key), noted) for metric in wanted]
    measured = [card for card in cards if card.figure.value is not None]
    charted = measured[:CHARTED]
    for card in charted:
        _plot(card, book, period, marks)
    _put_pictures(charted, draw=draw)
    today = clock.today(client.zone)
    later = periods.shifted(period, periods.months_in(period))
    sources = sorted(book.sources.values(), key=lambda source: (source.rank, source.label))
    return Page(
        client=client,
        dashboard=dashboard,
        period=period,
        title=periods.said(period),
        earlier=periods.before(period),
        later=later if later.start <= today else None,
        cards=measured,
        charted=charted,
        unmeasured=[card.metric for card in cards if card.figure.value is None],
        commentary=[one for one in noted if not one.metric],
        annotations=[(drawing.letter(number), one) for number, one in enumerate(marks)],
        tracking=TrackingAgreement.objects.filter(client=client).select_related("contact").first(),
        sources=sources,
        currency=book.currency,
        cut_off=max((card.figure.cut_off for card in measured), default=None),
        version=store.digest(client.pk) if sources else "",
        refreshes=bool(sources) and (today - period.end).days <= FRESH_DAYS,
    )


def _agreed_first(metrics: list[Metric], targets: Mapping[str, Target]) -> list[Metric]:
    """What was agreed with the client comes before the rest, chosen or not."""
    agreed = [metric for key, metric in METRICS.items() if key in targets]
    return [*agreed, *(metric for metric in metrics if metric.key not in targets)]


def _card(figure: Figure, target: Target | None, noted: list[Commentary]) -> Card:
    return Card(
        figure=figure,
        progress=progress(target, figure) if target else None,
        commentary=[one for one in noted if one.metric == figure.metric.key],
        sentence=wording.sentence(figure, periods.said(figure.period)),
    )


def _plot(card: Card, book: Book, period: Period, marks: list[Annotation]) -> None:
    now = book.days(card.metric, period)
    older = book.days(card.metric, periods.year_before(period))
    moved = {same_day: row for row in older if (same_day := _a_year_on(row.day)) <= period.end}
    currency = card.figure.currency
    a_day = None
    if card.progress is not None:
        days = (period.end - period.start).days + 1
        a_day = card.progress.amount / days if card.metric.summed else card.progress.amount
    card.spec = drawing.day_chart(card.metric, period, now, moved, annotations=marks, target=a_day)
    card.rows = drawing.table(card.metric, now, moved, currency=currency)


def _put_pictures(cards: list[Card], *, draw: bool) -> None:
    specs = [card.spec or {} for card in cards]
    drawn = charts.charts(specs) if draw else charts.already_drawn(specs)
    for card, svg in zip(cards, drawn or [], strict=False):
        card.svg = svg


def _a_year_on(day: dt.date) -> dt.date:
    return periods.shifted(periods.days(day, day), 12).start


def _commentary(client: Client, period: Period, for_client: bool) -> list[Commentary]:
    rows = Commentary.objects.shown() if for_client else Commentary.objects.standing()
    return list(rows.filter(client=client, period=period.key))


def _annotations(client: Client, period: Period, for_client: bool) -> list[Annotation]:
    rows = Annotation.objects.shown() if for_client else Annotation.objects.standing()
    lasting = Q(until__isnull=False, until__gte=period.start) | Q(day__gte=period.start)
    return list(rows.filter(lasting, client=client, day__lte=period.end))
