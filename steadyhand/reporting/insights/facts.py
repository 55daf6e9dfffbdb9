"""What the rules read: the last whole month of a client beside the month and the year before (R8).

Everything comes from one reading of the client's file, the same for the night, the call brief and the
signals, so that only the first of them asks a child process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from steadyhand.clients.models import Client
from steadyhand.core import clock
from steadyhand.core.recurrence import Period
from steadyhand.reporting.metrics import periods, store, wording
from steadyhand.reporting.metrics.definitions import METRICS
from steadyhand.reporting.metrics.reading import Book, Figure, change, reach

type Against = Literal["month", "year"]

#: Which metrics are read slice by slice, by the name of the dimension.
SLICED: Mapping[str, tuple[str, ...]] = {"channel": ("conversions",), "brand": ("clicks",)}


@dataclass(frozen=True, slots=True)
class Number:
    """One number behind a prompt, in words: value now, then, change, and where it comes from."""

    label: str
    now: str
    then: str = ""
    change: str = ""
    tone: str = ""
    period: str = ""
    compared: str = ""
    source: str = ""
    sampled: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept with the prompt and answered by the API."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Move:
    """A figure beside what it was a month or a year before. `share` 0.12 is 12% more."""

    figure: Figure
    against: Against
    now: Decimal
    then: Decimal
    share: Decimal

    def up(self, by: str) -> bool:
        """Whether it rose by at least that share."""
        return self.share >= Decimal(by)

    def down(self, by: str) -> bool:
        """Whether it fell by at least that share."""
        return self.share <= -Decimal(by)

    def level(self, within: str) -> bool:
        """Whether it moved by no more than that share."""
        return abs(self.share) <= Decimal(within)

    @property
    def size(self) -> Decimal:
        """How far it moved, without its direction."""
        return abs(self.share)

    @property
    def percent(self) -> str:
        """“12%” of 0.12 or −0.12."""
        return f"{abs(self.share) * 100:.0f}%"

    @property
    def compared(self) -> str:
        """The period it is beside, in words."""
        earlier = periods.year_before if self.against == "year" else periods.before
        return periods.said(earlier(self.figure.period))

    @property
    def number(self) -> Number:
        """In words."""
        metric, currency = self.figure.metric, self.figure.currency
        return Number(
            label=metric.label,
            now=wording.value(metric, self.now, currency),
            then=wording.value(metric, self.then, currency),
            change=wording.change(self.share),
            tone=wording.tone(metric, self.share),
            period=periods.said(self.figure.period),
            compared=self.compared,
            source=self.figure.source,
            sampled=self.figure.sampled,
        )


@dataclass(frozen=True, slots=True)
class Assist:
    """What share of a period's conversions a channel took part in, and what share it closed."""

    channel: str
    helped: Decimal
    closed: Decimal
    conversions: Decimal
    period: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a client when the rules are asked.

    `figures` are of `period`, by metric; `months` are sums of a metric by the first day of the month, a year
    and a month back; `channels` conversions by channel; `brand` clicks of searches with the client's name as
    a share of all, now and a year before.
    """

    period: Period
    today: dt.date
    figures: Mapping[str, Figure]
    months: Mapping[str, Mapping[dt.date, Decimal]] = field(default_factory=dict)
    channels: Mapping[str, Decimal] = field(default_factory=dict)
    brand: tuple[Decimal, Decimal] | None = None
    assists: tuple[Assist, ...] = ()

    def final(self, key: str) -> Figure | None:
        """A figure that will not change any more by itself; provisional ones say nothing."""
        figure = self.figures.get(key)
        return None if figure is None or figure.provisional or figure.value is None else figure

    def move(self, key: str, against: Against = "year") -> Move | None:
        """How it moved; None where it is provisional or there is nothing to compare it with."""
        figure = self.final(key)
        if figure is None or figure.value is None:
            return None
        then = figure.year_before if against == "year" else figure.month_before
        share = change(figure.value, then)
        return None if share is None or then is None else Move(figure, against, figure.value, then, share)


def last_month(client: Client) -> Period:
    """The last whole month by the client's calendar."""
    return periods.before(periods.month_of(clock.today(client.zone)))


def read_facts(client: Client) -> Facts | None:
    """What the client's figures say of the last whole month. No file: nothing, and no child process."""
    if not store.file_of(client.pk).is_file():
        return None
    period = last_month(client)
    book, slices = Book.with_slices(client, list(METRICS), *reach(period), SLICED)
    measured = (book.figure(METRICS[key], period) for key in METRICS if key in _measurable(book))
    return Facts(
        period=period,
        today=clock.today(client.zone),
        figures={figure.metric.key: figure for figure in measured if figure.value is not None},
        months={key: _by_month(book, key, period) for key in ("conversions", "revenue", "leads")},
        channels=_by_slice(slices["channel"], "conversions", period),
        brand=_brand_shares(slices["brand"], period),
    )


def _measurable(book: Book) -> set[str]:
    """Metrics with days of their own, or with both parts of a ratio."""
    return {
        key
        for key, metric in METRICS.items()
        if key in book.rows or (metric.numerator in book.rows and metric.denominator in book.rows)
    }


def _by_month(book: Book, key: str, period: Period) -> dict[dt.date, Decimal]:
    months = [periods.shifted(period, -back) for back in range(12, -1, -1)]
    values = {month.start: book.value(METRICS[key], month) for month in months}
    return {start: value for start, value in values.items() if value is not None}


def _by_slice(book: Book, key: str, period: Period) -> dict[str, Decimal]:
    """The sum of each slice, by what follows the sign of equality; "" is nobody's."""
    found: dict[str, Decimal] = {}
    for row in book.rows.get(key, ()):
        if period.start <= row.day <= period.end and row.value is not None:
            name = row.dims.partition("=")[2]
            found[name] = found.get(name, Decimal(0)) + Decimal(repr(row.value))
    return found


def _brand_shares(book: Book, period: Period) -> tuple[Decimal, Decimal] | None:
    shares = [_brand_share(_by_slice(book, "clicks", one)) for one in (period, periods.year_before(period))]
    now, then = shares
    return None if now is None or then is None else (now, then)


def _brand_share(clicks: Mapping[str, Decimal]) -> Decimal | None:
    total = sum(clicks.values(), Decimal(0))
    named = sum((n for name, n in clicks.items() if name.casefold() in {"brand", "yes"}), Decimal(0))
    return (named / total).quantize(Decimal("0.0001")) if total >= 300 and 0 < named < total else None
